#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[allow(non_camel_case_types)]
    SELF([u8]),
}

fn main() {}
