#[allow(warnings)]
#[path = "../../../myelon-runtime/testdata/bestiary_generated.rs"]
mod generated;

use generated::bestiary::Monster;

#[myelon::channel(capacity = "1 MiB", owned = true)]
enum Feed {
    Note([u8]),
    #[zero_copy(flatbuffers)]
    Monster(Monster<'_>),
}

fn main() {}
