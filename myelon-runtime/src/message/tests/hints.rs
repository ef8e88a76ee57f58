//! Values whose format says that they may take more than they do.

use crate::channel::testing_messages::MessageSite;
use crate::codec::{Codec, DecodeError, EncodeError};
use crate::message::Owned;
use crate::producer::TryPublishError;

/// Eight bytes that may be two hundred, for all that is known of them.
#[derive(Debug)]
enum Vague {}

impl Codec<u64> for Vague {
    const NAME: &'static str = "vague";

    fn size_hint(_: &u64) -> usize {
        200
    }

    fn encode(value: &u64, out: &mut [u8]) -> Result<usize, EncodeError> {
        *out.first_chunk_mut().ok_or(EncodeError::Full)? = value.to_ne_bytes();
        Ok(8)
    }

    fn decode(bytes: &[u8]) -> Result<u64, DecodeError> {
        bytes.try_into().map(u64::from_ne_bytes).map_err(|_| DecodeError::new("is no number"))
    }
}

type Site = MessageSite<Owned<u64, Vague>>;

#[test]
fn a_value_takes_the_room_that_it_needs_and_not_what_its_format_hints_at() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    for lap in 0..100 {
        // Each value takes two units of 64.
        for number in 0..32 {
            assert_eq!(tx.try_publish(&number), Ok(lap * 32 + number), "in lap {lap}");
        }
        assert_eq!((tx.lag_bytes(), tx.free_bytes()), (1024, 0));
        assert!(matches!(tx.try_publish(&32), Err(TryPublishError::Full(_))));
        let mut next = 0;
        rx.drain(|value, _| {
            assert_eq!(*value, next);
            next += 1;
        })
        .unwrap();
        assert_eq!((next, tx.lag_bytes()), (32, 0), "nothing but values went out");
    }
}

#[test]
fn a_slice_of_such_values_goes_in_as_far_as_there_is_room() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let values: Vec<u64> = (0..40).collect();
    for round in 0..50 {
        let error = tx.try_publish_slice(&values).unwrap_err();
        assert_eq!((error.published, tx.lag_bytes()), (32, 1024), "in round {round}");
        let mut seen = Vec::new();
        rx.drain(|value, _| seen.push(*value)).unwrap();
        assert_eq!(seen, values[..32]);
    }
}
