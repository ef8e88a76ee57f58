//! Channels that evolve, over one segment: ends of builds that know more or fewer kinds of messages come and go.

use myelon::{AttachError, CreateError, Location, RecvError};

/// What the others grew from.
mod old {
    #[myelon::channel(capacity = "4 KiB", evolves = true)]
    pub(crate) enum Feed {
        Note([u8]),
        Count(u64),
    }
}

mod new {
    #[myelon::channel(capacity = "4 KiB", evolves = true)]
    pub(crate) enum Feed {
        Note([u8]),
        Count(u64),
        Sum(u32),
    }
}

mod newest {
    #[myelon::channel(capacity = "4 KiB", evolves = true)]
    pub(crate) enum Feed {
        Note([u8]),
        Count(u64),
        Sum(u32),
        #[codec(postcard)]
        Name(String),
    }
}

/// Grown as well, but into something else.
mod other {
    #[myelon::channel(capacity = "4 KiB", evolves = true)]
    pub(crate) enum Feed {
        Note([u8]),
        Count(u64),
        Share(f32),
    }
}

/// Does not say that it evolves.
mod fixed {
    #[myelon::channel(capacity = "4 KiB")]
    pub(crate) enum Feed {
        Note([u8]),
        Count(u64),
        Sum(u32),
    }
}

/// What a consumer says of the next message, with its sequence.
macro_rules! next {
    ($rx:expr) => {
        $rx.try_recv().map(|lease| lease.map(|lease| (lease.sequence(), format!("{:?}", lease.get()))))
    };
}

fn seen(sequence: u64, message: &str) -> Option<(u64, String)> {
    Some((sequence, message.to_owned()))
}

#[test]
fn a_grown_producer_takes_the_channel_over_and_everybody_goes_on() {
    let at = Location::anonymous().unwrap();
    let mut tx = old::Feed::create(&at).unwrap();
    let mut before = old::Feed::attach(&at, "old").unwrap();
    let mut ahead = new::Feed::attach(&at, "new").unwrap();
    tx.count().publish(&1).unwrap();
    tx.detach();
    let mut tx = new::Feed::create(&at).unwrap();
    assert_eq!(tx.sequence(), 1, "it goes on");
    let mut newest = newest::Feed::attach(&at, "newest").unwrap();
    tx.sum().publish(&2).unwrap();
    tx.note().publish(b"three").unwrap();
    assert_eq!(next!(before).unwrap(), seen(0, "Count(..)"));
    assert_eq!(next!(before).unwrap(), seen(1, "Unknown { kind: 2, len: 4 }"));
    assert_eq!(next!(before).unwrap(), seen(2, "Note(..)"));
    assert_eq!(next!(ahead).unwrap(), seen(0, "Count(..)"));
    let mut values = Vec::new();
    ahead
        .drain(|message, _| {
            if let new::FeedRef::Sum(sum) = message {
                values.push(*sum);
            }
        })
        .unwrap();
    assert_eq!(values, [2]);
    let mut batch = newest.batch().unwrap().unwrap();
    assert!(matches!(batch.next(), Some(newest::FeedRef::Sum(2))));
    assert!(matches!(batch.next(), Some(newest::FeedRef::Note(b"three"))));
    drop(batch);

    // And once more; and back to the first build.
    tx.detach();
    let mut tx = newest::Feed::create(&at).unwrap();
    tx.name().publish(&"four".to_owned()).unwrap();
    tx.detach();
    let mut tx = old::Feed::create(&at).unwrap();
    tx.count().publish(&5).unwrap();
    assert_eq!(next!(newest).unwrap(), seen(3, "Name(..)"));
    assert_eq!(next!(newest).unwrap(), seen(4, "Count(..)"));
    assert_eq!(next!(ahead).unwrap(), seen(3, "Unknown { kind: 3, len: 5 }"));
    assert_eq!(next!(ahead).unwrap(), seen(4, "Count(..)"));
    drop(tx);
    assert!(next!(before).is_ok() && next!(before).is_ok());
    assert_eq!(next!(before).unwrap(), None, "closed");
}

/// The layout in the segment is that of its creator, and fits both.
#[test]
fn builds_that_grew_apart_never_read_each_others_messages() {
    let at = Location::anonymous().unwrap();
    let tx = old::Feed::create(&at).unwrap();
    let mut early = other::Feed::attach(&at, "early").unwrap();
    tx.detach();
    let mut tx = new::Feed::create(&at).unwrap();
    let error = other::Feed::attach(&at, "late").unwrap_err();
    let AttachError::LayoutMismatch { .. } = error else { panic!("{error}") };
    let text = error.to_string();
    assert!(text.contains("> kind   2  Share: f32"), "{text}");
    assert!(text.contains("> kind   2  added by another build"), "{text}");

    // Who was there before the two came to differ.
    tx.note().publish(b"zero").unwrap();
    for number in 0..3 {
        tx.sum().publish(&number).unwrap();
    }
    tx.note().publish(b"four").unwrap();
    assert_eq!(next!(early).unwrap(), seen(0, "Note(..)"));
    let error = early.recv().unwrap_err();
    assert!(matches!(error, RecvError::Undecodable { sequence: 1, kind: 2, .. }), "{error}");
    assert!(error.to_string().contains("declares otherwise"), "{error}");
    assert!(early.batch().is_err());
    assert!(early.drain(|_, _| ()).is_err());
    assert_eq!(next!(early).unwrap(), seen(4, "Note(..)"));

    // The others' kind stays declared, whoever is the producer now.
    tx.detach();
    let tx = old::Feed::create(&at).unwrap();
    tx.detach();
    let error = other::Feed::create(&at).unwrap_err();
    assert!(matches!(error, CreateError::CannotReplace { .. }), "{error}");
    assert!(other::Feed::attach(&at, "late").is_err());
    assert!(new::Feed::attach(&at, "late").is_ok());
    assert!(new::Feed::create(&at).is_ok());
}

#[test]
fn what_cannot_be_taken_over_is_replaced_and_its_consumers_learn_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::file(folder.path().join("feed"));
    let tx = old::Feed::create(&at).unwrap();
    let mut rx = new::Feed::attach(&at, "new").unwrap();
    tx.detach();
    let tx = new::Feed::create(&at).unwrap();
    tx.detach();
    let mut tx = other::Feed::create(&at).unwrap();
    assert_eq!(tx.sequence(), 0);
    tx.share().publish(&1.0).unwrap();
    assert!(matches!(rx.recv(), Err(RecvError::Superseded)));
}

#[test]
fn without_evolves_a_grown_producer_does_not_go_on() {
    let at = Location::anonymous().unwrap();
    let tx = old::Feed::create(&at).unwrap();
    tx.detach();
    let error = fixed::Feed::create(&at).unwrap_err();
    assert!(matches!(error, CreateError::CannotReplace { .. }), "{error}");
    assert!(matches!(fixed::Feed::attach(&at, "r"), Err(AttachError::LayoutMismatch { .. })));
}
