//! What holds of every format of serde types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use myelon::codec::{Bincode, Codec, DecodeError, EncodeError, Postcard};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Book, Nothing, book};

pub(crate) fn encoded<C: Codec<T>, T>(value: &T) -> Vec<u8> {
    let mut out = vec![0xa5; 4096];
    let len = C::encode(value, &mut out).unwrap();
    out.truncate(len);
    out
}

pub(crate) fn decoded<C: Codec<T>, T>(bytes: &[u8]) -> Result<T, DecodeError> {
    C::decode(bytes)
}

/// Serialises itself through its text, in which formats tend to hide what went wrong.
#[derive(Deserialize, Debug, PartialEq)]
pub(crate) struct Shown(pub(crate) String);

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A type whose values cannot be written or read.
#[derive(Debug)]
struct Fussy;

impl Serialize for Fussy {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("never"))
    }
}

impl<'de> Deserialize<'de> for Fussy {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("never"))
    }
}

/// As deep as one likes.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Tree {
    Leaf,
    Branch(Vec<Tree>),
    Chain { next: Option<Box<Tree>> },
}

fn cut_off_or_going_on<C: Codec<Book>>(value: &Book, more: u8) {
    let mut bytes = encoded::<C, _>(value);
    for len in 0..bytes.len() {
        assert_eq!(C::encode(value, &mut vec![0; len]), Err(EncodeError::Full), "{len}");
        assert!(decoded::<C, Book>(&bytes[..len]).is_err(), "{len}");
    }
    bytes.push(more);
    assert_eq!(decoded::<C, Book>(&bytes).unwrap_err().what(), "goes on after its value");
}

fn nested<C: Codec<Tree>>(wrap: fn(Tree) -> Tree) {
    // A hundred levels are fine.
    let tree = (0..100).fold(Tree::Leaf, |tree, _| wrap(tree));
    assert_eq!(decoded::<C, Tree>(&encoded::<C, _>(&tree)).unwrap(), tree);
    // A million are no value of any program, but easily written.
    let (leaf, one) = (encoded::<C, _>(&Tree::Leaf), encoded::<C, _>(&wrap(Tree::Leaf)));
    let level = &one[..one.len() - leaf.len()];
    let bytes = [level.repeat(1_000_000), leaf].concat();
    assert!(decoded::<C, Tree>(&bytes).is_err());
}

fn sequences_of_nothing<C: Codec<Vec<()>> + Codec<u64> + Codec<BTreeSet<()>> + Codec<Vec<u8>>>() {
    assert_eq!(decoded::<C, Vec<()>>(&encoded::<C, _>(&vec![(); 60_000])).unwrap().len(), 60_000);
    // As many as there are bytes, and no more.
    let long = vec![7_u8; 100_000];
    let mut bytes = vec![0; 100_008];
    let len = C::encode(&long, &mut bytes).unwrap();
    assert_eq!(decoded::<C, Vec<u8>>(&bytes[..len]).unwrap(), long);
    // A length is written as a number is.
    assert!(decoded::<C, Vec<()>>(&encoded::<C, _>(&u64::MAX)).is_err());
    assert!(decoded::<C, BTreeSet<()>>(&encoded::<C, _>(&(1_u64 << 40))).is_err());
}

fn texts<C: Codec<Shown> + Codec<String>>() {
    let text = Shown("hello".into());
    let bytes = encoded::<C, _>(&text);
    assert_eq!(bytes, encoded::<C, _>(&text.0));
    for len in 0..bytes.len() {
        assert_eq!(C::encode(&text, &mut vec![0; len]), Err(EncodeError::Full));
    }
}

fn refused<C: Codec<Fussy> + Codec<Nothing> + Codec<u8>>() {
    let error = C::encode(&Fussy, &mut [0; 8]).unwrap_err();
    assert!(matches!(error, EncodeError::Failed(_)), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    let error = decoded::<C, Fussy>(&[]).unwrap_err();
    assert_eq!(error.to_string(), "the payload is no value of its type");
    assert!(std::error::Error::source(&error).is_some());
    // A value without bytes is an empty payload.
    assert_eq!(C::encode(&Nothing, &mut []), Ok(0));
    assert_eq!(decoded::<C, Nothing>(&[]), Ok(Nothing));
    assert!(decoded::<C, u8>(&[]).is_err());
}

fn into_one_that_is_there<C: Codec<BTreeMap<u8, String>>>() {
    let mut into = BTreeMap::from([(1_u8, String::from("old"))]);
    let new = BTreeMap::from([(2_u8, String::from("new"))]);
    C::decode_into(&encoded::<C, _>(&new), &mut into).unwrap();
    assert_eq!(into, new);
    assert!(C::decode_into(&[7], &mut into).is_err());
}

fn show(value: &dyn fmt::Debug) {
    assert!(!format!("{value:?}").is_empty());
}

macro_rules! formats {
    ($($name:ident: $codec:ty,)*) => {$(
        mod $name {
            use super::*;

            proptest! {
                #[test]
                fn what_is_written_comes_back(value in book()) {
                    let bytes = encoded::<$codec, _>(&value);
                    prop_assert_eq!(&decoded::<$codec, Book>(&bytes).unwrap(), &value);
                }

                #[test]
                fn too_little_room_is_full_and_too_few_or_many_bytes_are_refused(value in book(), more: u8) {
                    cut_off_or_going_on::<$codec>(&value, more);
                }

                #[test]
                fn bytes_that_are_anything_are_refused_or_a_value(
                    value in book(),
                    at: prop::sample::Index,
                    to: u8,
                    noise: Vec<u8>,
                ) {
                    let mut bytes = encoded::<$codec, _>(&value);
                    let at = at.index(bytes.len());
                    bytes[at] = to;
                    show(&decoded::<$codec, Book>(&bytes));
                    show(&decoded::<$codec, Book>(&noise));
                }
            }

            #[test]
            fn what_is_nested_too_deep_for_a_stack_is_refused() {
                nested::<$codec>(|tree| Tree::Branch(vec![tree]));
                nested::<$codec>(|tree| Tree::Chain { next: Some(Box::new(tree)) });
            }

            #[test]
            fn a_sequence_without_end_is_refused() {
                sequences_of_nothing::<$codec>();
            }

            #[test]
            fn a_text_that_does_not_fit_is_full_and_not_an_error_of_the_format() {
                texts::<$codec>();
            }

            #[test]
            fn what_the_type_refuses_is_an_error_with_its_cause() {
                refused::<$codec>();
            }

            #[test]
            fn a_value_can_be_read_into_one_that_is_there() {
                into_one_that_is_there::<$codec>();
            }
        }
    )*};
}

formats! {
    bincode: Bincode,
    postcard: Postcard,
}
