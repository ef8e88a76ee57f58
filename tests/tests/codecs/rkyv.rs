//! `zero_copy = rkyv`.

use std::rc::Rc;

use myelon::codec::{ALIGN, DecodeError, EncodeError, Restore, Rkyv, ZeroCopy};
use myelon::rkyv::rancor::{Fallible, Source, Trace};
use myelon::rkyv::{Archive, Archived, Deserialize, Place, Serialize};
use proptest::prelude::*;

use crate::values::{Book, Level, Memory, Nothing, book};

fn written<T>(value: &T, filled: u8) -> (Memory, usize)
where
    Rkyv: ZeroCopy<T>,
{
    let mut memory = Memory::new(8192, filled);
    let len = Rkyv::encode(value, memory.bytes()).unwrap();
    (memory, len)
}

fn view<T: Archive>(bytes: &[u8]) -> Result<&Archived<T>, DecodeError>
where
    Rkyv: ZeroCopy<T, Target = Archived<T>>,
{
    <Rkyv as ZeroCopy<T>>::view(bytes)
}

fn trusted<T: Archive>(bytes: &[u8]) -> Result<&Archived<T>, DecodeError>
where
    Rkyv: ZeroCopy<T, Target = Archived<T>>,
{
    // SAFETY: (1) only called with what was written just before, or with too little to be looked at.
    unsafe { <Rkyv as ZeroCopy<T>>::view_trusted(bytes) }
}

fn restored<T: Archive>(archived: &Archived<T>) -> Result<T, DecodeError>
where
    Rkyv: Restore<T, Owned = T, Target = Archived<T>>,
{
    <Rkyv as Restore<T>>::restore(archived)
}

proptest! {
    #[test]
    fn what_is_written_is_read_in_place_and_comes_back(value in book()) {
        let (mut memory, len) = written(&value, 0);
        let bytes = &memory.bytes()[..len];
        let seen = view::<Book>(bytes).unwrap();
        prop_assert!(bytes.as_ptr_range().contains(&std::ptr::from_ref(seen).cast()));
        prop_assert_eq!(seen.venue.as_str(), value.venue.as_str());
        prop_assert_eq!(seen.sequence.to_native(), value.sequence);
        prop_assert_eq!(seen.bids.len(), value.bids.len());
        prop_assert_eq!(&restored::<Book>(seen).unwrap(), &value);
        prop_assert_eq!(&restored::<Book>(trusted::<Book>(bytes).unwrap()).unwrap(), &value);
    }

    /// Otherwise what lay in the ring before would be sent again, and two equal values would not look it.
    #[test]
    fn every_byte_of_a_payload_is_written(value in book()) {
        let (mut zeros, len) = written(&value, 0);
        let (mut ones, same) = written(&value, 0xff);
        prop_assert_eq!(len, same);
        prop_assert_eq!(&zeros.bytes()[..len], &ones.bytes()[..len]);
        prop_assert!(ones.bytes()[len..].iter().all(|byte| *byte == 0xff));
    }

    #[test]
    fn a_room_that_is_too_short_is_full_at_every_length(value in book()) {
        let (mut memory, len) = written(&value, 0);
        for short in 0..len {
            prop_assert_eq!(Rkyv::encode(&value, &mut memory.bytes()[..short]), Err(EncodeError::Full));
        }
        prop_assert_eq!(Rkyv::encode(&value, &mut memory.bytes()[..len]), Ok(len));
    }

    /// A cut may leave something valid: the root lies at the end, and an earlier piece can look like one.
    #[test]
    fn what_is_cut_off_is_refused_or_a_value(value in book()) {
        let (mut memory, len) = written(&value, 0);
        for short in 0..len {
            if let Ok(seen) = view::<Book>(&memory.bytes()[..short]) {
                let _ = restored::<Book>(seen);
            }
        }
        for short in 0..size_of::<Archived<Book>>() {
            prop_assert!(view::<Book>(&memory.bytes()[..short]).is_err());
            prop_assert!(trusted::<Book>(&memory.bytes()[..short]).is_err());
        }
    }

    #[test]
    fn bytes_that_are_anything_are_refused_or_a_value(
        value in book(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        noise: Vec<u8>,
    ) {
        let (mut memory, len) = written(&value, 0);
        let bytes = &mut memory.bytes()[..len];
        for (at, to) in flips {
            bytes[at.index(len)] = to;
        }
        for bytes in [bytes, &mut Memory::holding(&noise).bytes()[..noise.len()]] {
            if let Ok(seen) = view::<Book>(bytes) {
                let _ = restored::<Book>(seen);
            }
        }
    }

    #[test]
    fn what_is_not_aligned_is_refused(value in book(), by in 1_usize..ALIGN) {
        let (mut memory, len) = written(&value, 0);
        let mut moved = Memory::new(len + ALIGN, 0);
        moved.bytes()[by..by + len].copy_from_slice(&memory.bytes()[..len]);
        prop_assert!(view::<Book>(&moved.bytes()[by..by + len]).is_err());
        prop_assert!(trusted::<Book>(&moved.bytes()[by..by + len]).is_err());
    }
}

#[test]
fn a_value_without_bytes_is_an_empty_payload() {
    assert_eq!(Rkyv::encode(&Nothing, &mut []), Ok(0));
    let seen = view::<Nothing>(&[]).unwrap();
    assert_eq!(restored::<Nothing>(seen), Ok(Nothing));
    assert!(trusted::<Nothing>(&[]).is_ok());
    assert!(view::<u8>(&[]).is_err());
}

#[test]
fn shared_parts_are_written_once() {
    let part = Rc::new(String::from("a text that does not fit into its pointer"));
    let (mut memory, one) = written(&vec![part.clone()], 0);
    let several = vec![part.clone(), part.clone(), part];
    let len = Rkyv::encode(&several, memory.bytes()).unwrap();
    assert!(len < 2 * one, "{len} {one}");
    let back = restored::<Vec<Rc<String>>>(view::<Vec<Rc<String>>>(&memory.bytes()[..len]).unwrap()).unwrap();
    assert_eq!(back, several);
}

/// A chain as long as one likes.
#[derive(Archive, Serialize, Deserialize, Debug, PartialEq)]
#[rkyv(crate = myelon::rkyv)]
#[rkyv(serialize_bounds(__S: myelon::rkyv::ser::Writer))]
#[rkyv(deserialize_bounds(__D::Error: Source))]
#[rkyv(bytecheck(bounds(__C: myelon::rkyv::validation::ArchiveContext, __C::Error: Source)))]
struct Chain {
    #[rkyv(omit_bounds)]
    next: Option<Box<Chain>>,
}

fn chain(links: usize) -> Chain {
    (1..links).fold(Chain { next: None }, |next, _| Chain { next: Some(Box::new(next)) })
}

#[test]
fn what_is_nested_too_deep_for_a_stack_is_refused() {
    let (mut memory, len) = written(&chain(100), 0);
    let seen = view::<Chain>(&memory.bytes()[..len]).unwrap();
    assert_eq!(restored::<Chain>(seen).unwrap(), chain(100));
    let (mut memory, len) = written(&chain(1000), 0);
    assert!(view::<Chain>(&memory.bytes()[..len]).is_err());
}

#[test]
fn the_size_of_what_is_copied_as_it_is_is_known() {
    assert_eq!(Rkyv::size_hint(&7_u64), 8);
    assert_eq!(Rkyv::size_hint(&[7_u8; 100]), 100);
    assert_eq!(Rkyv::size_hint(&Level { price: 0.0, qty: 0, flag: 0 }), 0);
    assert_eq!(Rkyv::size_hint(&String::new()), 0);
}

#[test]
fn the_number_of_the_format_is_that_of_the_default_features() {
    // Version 8, pointers of 4 bytes, u64 aligned to 8, little-endian.
    assert_eq!(<Rkyv as ZeroCopy<u8>>::FORMAT, 0x08_04_08_01_00);
}

#[test]
fn an_error_of_validation_says_what_is_wrong_in_release_too() {
    let error = view::<bool>(&Memory::holding(&[2]).bytes()[..1]).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("bool"), "{cause}");
}

/// A type whose values cannot all be written.
struct Fussy;

impl Archive for Fussy {
    type Archived = ();
    type Resolver = ();
    fn resolve(&self, (): (), _: Place<()>) {}
}

impl<S: Fallible<Error: Source> + ?Sized> Serialize<S> for Fussy {
    fn serialize(&self, _: &mut S) -> Result<(), S::Error> {
        Err(S::Error::new(std::fmt::Error).trace("never"))
    }
}

#[test]
fn what_the_type_refuses_is_an_error_with_its_cause() {
    let error = Rkyv::encode(&Fussy, &mut []).unwrap_err();
    assert!(matches!(error, EncodeError::Failed(_)), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}
