//! `codec = postcard`.

use myelon::codec::{Codec, Postcard};
use proptest::prelude::*;

use crate::owned::encoded;
use crate::values::book;

proptest! {
    #[test]
    fn the_bytes_are_those_of_everybody_elses_postcard(value in book()) {
        let mut out = [0; 4096];
        prop_assert_eq!(&*myelon::postcard::to_slice(&value, &mut out).unwrap(), encoded::<Postcard, _>(&value));
    }
}

#[test]
fn many_sequences_of_nothing_share_one_budget() {
    // 300 sequences that each say that they have 65535 elements, which take no bytes.
    let mut bytes = vec![0xac, 0x02];
    bytes.extend([0xff, 0xff, 0x03].repeat(300));
    assert!(<Postcard as Codec<Vec<Vec<()>>>>::decode(&bytes).is_err());
    // One of them is within it.
    bytes.truncate(2 + 3);
    bytes.splice(..2, [1]);
    assert_eq!(<Postcard as Codec<Vec<Vec<()>>>>::decode(&bytes).unwrap(), [vec![(); 65535]]);
}
