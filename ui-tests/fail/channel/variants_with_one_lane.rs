#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    HttpReq([u8]),
    HTTPReq([u8]),
}

fn main() {}
