//! `codec = postcard`.

use std::collections::BTreeMap;
use std::fmt;

use myelon::codec::{Codec, DecodeError, EncodeError, Postcard};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Book, Nothing, book};

fn encoded<T>(value: &T) -> Vec<u8>
where
    Postcard: Codec<T>,
{
    let mut out = vec![0xa5; 4096];
    let len = Postcard::encode(value, &mut out).unwrap();
    out.truncate(len);
    out
}

fn decoded<T>(bytes: &[u8]) -> Result<T, DecodeError>
where
    Postcard: Codec<T>,
{
    Postcard::decode(bytes)
}

proptest! {
    #[test]
    fn what_is_written_comes_back(value in book()) {
        let bytes = encoded(&value);
        prop_assert_eq!(&decoded::<Book>(&bytes).unwrap(), &value);
        // The same bytes as everybody else's postcard.
        let mut out = [0; 4096];
        prop_assert_eq!(&*myelon::postcard::to_slice(&value, &mut out).unwrap(), &bytes[..]);
    }

    #[test]
    fn a_room_that_is_too_short_is_full_at_every_length(value in book()) {
        let mut out = encoded(&value);
        for len in 0..out.len() {
            prop_assert_eq!(Postcard::encode(&value, &mut out[..len]), Err(EncodeError::Full));
        }
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_refused(value in book(), more in 0_u8..) {
        let mut bytes = encoded(&value);
        for len in 0..bytes.len() {
            prop_assert!(decoded::<Book>(&bytes[..len]).is_err());
        }
        bytes.push(more);
        prop_assert_eq!(decoded::<Book>(&bytes).unwrap_err().what(), "goes on after its value");
    }

    #[test]
    fn bytes_that_are_anything_are_refused_or_a_value(value in book(), at: prop::sample::Index, to: u8, noise: Vec<u8>) {
        let mut bytes = encoded(&value);
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = decoded::<Book>(&bytes);
        let _ = decoded::<Book>(&noise);
    }
}

#[test]
fn a_value_without_bytes_is_an_empty_payload() {
    assert_eq!(Postcard::encode(&Nothing, &mut []), Ok(0));
    assert_eq!(decoded::<Nothing>(&[]), Ok(Nothing));
    assert!(decoded::<u8>(&[]).is_err());
}

#[test]
fn a_value_can_be_read_into_one_that_is_there() {
    let mut into = BTreeMap::from([(1_u8, String::from("old"))]);
    let new = BTreeMap::from([(2_u8, String::from("new"))]);
    Postcard::decode_into(&encoded(&new), &mut into).unwrap();
    assert_eq!(into, new);
}

/// A serialises itself through its text, and postcard then hides what went wrong.
#[derive(Debug)]
struct Shown(&'static str);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("cannot be read"))
    }
}

#[test]
fn a_text_that_does_not_fit_is_full_and_not_an_error_of_the_format() {
    let mut out = [0; 6];
    assert_eq!(Postcard::encode(&Shown("hello"), &mut out), Ok(6));
    assert_eq!(&out, b"\x05hello");
    for len in 0..6 {
        assert_eq!(Postcard::encode(&Shown("hello"), &mut out[..len]), Err(EncodeError::Full));
    }
}

/// A type whose values cannot all be written.
#[derive(Debug, Deserialize)]
struct Fussy;

impl Serialize for Fussy {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("never"))
    }
}

#[test]
fn what_the_type_refuses_is_an_error_with_its_cause() {
    let error = Postcard::encode(&Fussy, &mut [0; 8]).unwrap_err();
    assert!(matches!(error, EncodeError::Failed(_)), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    let error = decoded::<Shown>(&[]).unwrap_err();
    assert_eq!(error.to_string(), "the payload is no value of its type");
    assert!(std::error::Error::source(&error).is_some());
}
