//! A decoder that panics: what was handed out is given back, and what was not comes again. And whoever panics while a message
//! is being cut.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::channel::testing_messages::MessageSite;
use crate::codec::{Codec, DecodeError, EncodeError};
use crate::consumer::{RecvError, TryRecvError};
use crate::message::{Frames, MessageConsumer, MessageProducer, Owned};
use crate::producer::PublishError;
use crate::producer::room::Grace;
use crate::wait::patience::{Limit, Patience};

/// One byte; of those from 100 on the decoder panics.
#[derive(Debug)]
enum Brittle {}

impl Codec<u8> for Brittle {
    const NAME: &'static str = "brittle";

    fn encode(value: &u8, out: &mut [u8]) -> Result<usize, EncodeError> {
        *out.first_mut().ok_or(EncodeError::Full)? = *value;
        Ok(1)
    }

    fn decode(bytes: &[u8]) -> Result<u8, DecodeError> {
        match bytes {
            [value @ ..100] => Ok(*value),
            // Not `panic!`: nobody wants to read of it.
            _ => resume_unwind(Box::new(())),
        }
    }
}

type Format = Owned<u8, Brittle>;
type Ends = (Box<MessageProducer<Format>>, Box<MessageConsumer<Format>>);

/// Both ends, and what was published.
fn ends(values: &[u8]) -> Ends {
    let site = MessageSite::<Format>::new();
    let mut tx = site.create(1024);
    let rx = site.attach("r");
    tx.publish_slice(values).unwrap();
    (tx, rx)
}

/// What one call hands out until it panics.
fn until_panic(receive: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut seen = Vec::new();
    assert!(catch_unwind(AssertUnwindSafe(|| receive(&mut seen))).is_err());
    seen
}

fn drained(rx: &mut MessageConsumer<Format>) -> (Vec<u8>, Vec<bool>) {
    let mut seen = (Vec::new(), Vec::new());
    rx.try_drain(|value, meta| {
        seen.0.push(*value);
        seen.1.push(meta.end_of_batch);
    })
    .unwrap();
    seen
}

#[test]
fn a_drain_gives_back_what_it_handed_out_and_goes_on_with_the_next() {
    for before in 0..20_u8 {
        let values: Vec<u8> = (0..=before).chain([100, 50, 51]).collect();
        let (mut tx, mut rx) = ends(&values);
        let seen = until_panic(|seen| {
            let _ = rx.drain(|value, _| seen.push(*value));
        });
        // The last one before it was not handed out: whether more follows could not be told.
        assert_eq!(seen, values[..usize::from(before)]);
        assert_eq!((rx.sequence(), rx.lag()), (before.into(), 4));
        assert_eq!(tx.lag(), 4);
        assert_eq!(drained(&mut rx), (vec![before], vec![true]));
        assert_eq!(tx.lag(), 3);
        // The one that cannot be decoded is passed, as by every other receive.
        assert_eq!(until_panic(|_| drop(rx.drain(|_, _| ()))), []);
        assert_eq!(drained(&mut rx), (vec![50, 51], vec![false, true]));
        assert_eq!(rx.try_drain(|_, _| ()), Err(TryRecvError::Empty));
        assert_eq!((tx.lag_bytes(), rx.lag_bytes()), (0, 0));
    }
}

#[test]
fn a_drain_whose_handler_panics_has_handed_that_message_out() {
    let (mut tx, mut rx) = ends(&[1, 2, 3]);
    until_panic(|_| {
        let _ = rx.drain(|value, _| {
            if *value == 2 {
                resume_unwind(Box::new(()));
            }
        });
    });
    assert_eq!((tx.lag(), rx.lag()), (1, 1));
    assert_eq!(drained(&mut rx), (vec![3], vec![true]));
}

#[test]
fn a_lease_and_a_batch_pass_one_that_cannot_be_decoded() {
    let (mut tx, mut rx) = ends(&[1, 100, 2]);
    assert_eq!(rx.recv().unwrap().unwrap().into_owned(), Ok(1));
    until_panic(|_| drop(rx.recv()));
    assert_eq!(rx.recv().unwrap().unwrap().into_owned(), Ok(2));
    tx.publish_slice(&[1, 2, 100, 3]).unwrap();
    let seen = until_panic(|seen| {
        let mut batch = rx.batch().unwrap().unwrap();
        while let Some(value) = batch.next() {
            seen.push(*value);
        }
    });
    assert_eq!((seen, tx.lag()), (vec![1, 2], 2));
    until_panic(|_| drop(rx.batch()));
    assert_eq!(rx.recv().unwrap().unwrap().into_owned(), Ok(3));
    assert_eq!(tx.lag_bytes(), 0);
}

#[test]
fn a_message_that_was_being_cut_is_dropped_and_told() {
    /// Looks for room so many times, and then panics.
    struct Impatient(u32);
    impl Patience for Impatient {
        fn limit(&mut self) -> Limit {
            if self.0 == 0 {
                resume_unwind(Box::new(()));
            }
            self.0 -= 1;
            Limit::Forever
        }
    }
    impl Grace for Impatient {
        type Error = PublishError;
    }
    let site = MessageSite::<Frames>::new();
    let (mut tx, mut rx) = (site.create(256), site.attach("r"));
    let torn = catch_unwind(AssertUnwindSafe(|| tx.put_fragments(0, &[7; 1000], &mut Impatient(2)).is_ok()));
    assert!(torn.is_err());
    assert_eq!(tx.sequence(), 1, "its number is used up");
    assert!(matches!(rx.try_recv(), Err(TryRecvError::Empty)), "there is a piece of it");
    tx.publish_with(5, |to| to.copy_from_slice(b"whole")).unwrap();
    assert!(matches!(rx.recv(), Err(RecvError::Incomplete { sequence: 0, .. })));
    assert_eq!(&*rx.recv().unwrap().unwrap(), b"whole");
}
