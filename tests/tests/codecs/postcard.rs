//! `codec = postcard`.

use myelon::codec::Postcard;
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
