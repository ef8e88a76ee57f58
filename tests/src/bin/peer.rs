//! The other process of every conformance test; see `myelon_tests::peer`.

fn main() {
    myelon_tests::peer::serve(&[]);
}
