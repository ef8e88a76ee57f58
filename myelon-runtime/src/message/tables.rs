//! Messages of a FlatBuffers schema: neither encoded from a value nor decoded into one, and read through a view that is
//! passed by value.

use core::marker::PhantomData;

use super::format::{Format, Lane, Trust};
use crate::codec::DecodeError;
use crate::codec::flatbuffers::{Family, has_root, root, verify};
use crate::event::Schema;

/// Messages whose root table is that of `F`: `zero_copy = flatbuffers`, with the feature `flatbuffers`.
///
/// A message is built in the ring, by a closure that gets FlatBuffers' own builder, and read there after it was verified. The
/// code that `flatc --rust` generates names the crate `flatbuffers`: programs depend on it themselves, in the version of
/// [`myelon::flatbuffers`](::flatbuffers).
///
/// A table can be named more than once in a message. One that has a consumer look at more tables than it has bytes is
/// refused, as is one in which tables are nested more than 64 deep.
///
/// FlatBuffers checks no offset that it is given: a closure that returns one of another message, or one that it made up,
/// publishes a message that consumers refuse. Those that were built to trust their producer do not look, and must not be
/// used with such a one.
#[derive(Debug)]
pub struct Tables<F, const KIND: u16 = 0>(PhantomData<fn() -> F>);

/// The bytes of a message whose root table can be read.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a>(&'a [u8]);

impl<F: Family, const KIND: u16> Format for Tables<F, KIND> {
    type Held<'a> = Verified<'a>;
    type Ref<'a> = F::Table<'a>;
    const READ_WHOLE: bool = false;

    #[inline]
    fn hold(_: u16, bytes: &[u8], trust: Trust) -> Result<Verified<'_>, DecodeError> {
        let found = if trust.is_full() { has_root(bytes) } else { verify::<F>(bytes) };
        found.map(|()| Verified(bytes))
    }

    // A table knows its lifetime, and its type does not say that it can be shortened: so it is found anew.
    #[inline]
    fn show<'s, 'a: 's>(held: &'s Verified<'a>) -> F::Table<'s> {
        // SAFETY: (1) `hold` verified it; or found a root, and who made its trust promised the rest.
        unsafe { root::<F>(held.0) }
    }
}

impl<F: Family, const KIND: u16> Lane for Tables<F, KIND> {
    const KIND: u16 = KIND;
    const CODEC: &'static str = "flatbuffers";
    const BUILT_IN: bool = true;
    /// The generation of the crate: what its bytes mean has not changed since the first.
    const FORMAT: u64 = 25;
    const LAYOUT: Option<&'static Schema> = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Scratch;
    use crate::codec::flatbuffers::tests::{Model, Monsters, Slot, built};

    #[test]
    fn a_table_is_shown_for_as_long_as_it_is_held() {
        let model = Model { weapons: vec![("a".into(), 1)], ..Model::of_len(10) };
        let bytes = built(&mut Scratch::new(), Slot::new(1024).bytes(), &model);
        // SAFETY: (1) built just now.
        for trust in [Trust::NONE, unsafe { Trust::full() }] {
            let held = <Tables<Monsters>>::hold(0, &bytes, trust).unwrap();
            assert_eq!(Model::read(<Tables<Monsters>>::show(&held)), model);
            assert!(<Tables<Monsters>>::hold(0, &bytes[..3], trust).is_err());
            assert!(<Tables<Monsters>>::hold(0, &[], trust).is_err());
            // A root that lies outside.
            assert!(<Tables<Monsters>>::hold(0, &[9, 0, 0, 0, 0, 0, 0, 0], trust).is_err());
            assert!(<Tables<Monsters>>::hold(0, &[255; 8], trust).is_err());
        }
    }
}
