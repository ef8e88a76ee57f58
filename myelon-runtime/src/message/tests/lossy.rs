//! Reading messages without holding them up: what there is comes whole and in order, and what is gone is counted.

use core::ops::ControlFlow;
use core::time::Duration;

use super::{Site, payload};
use crate::channel::testing::die;
use crate::channel::testing_messages::MessageSite;
use crate::codec::{DecodeError, EncodeError, ZeroCopy};
use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::message::{Frames, InPlace, MessageLossyConsumer, MessageProducer};
use crate::ring::Start;

type Lossy = MessageLossyConsumer<Frames>;

/// The message that comes next, or why there is none.
fn next(rx: &mut Lossy) -> Result<(u64, Vec<u8>), TryRecvError> {
    let message = rx.try_recv()?.expect("not the end");
    Ok((message.sequence(), message.into_owned().unwrap()))
}

fn lagged(missed: u64) -> Result<(u64, Vec<u8>), TryRecvError> {
    Err(TryRecvError::Failed(RecvError::Lagged { missed }))
}

const EMPTY: Result<(u64, Vec<u8>), TryRecvError> = Err(TryRecvError::Empty);

#[test]
fn one_that_keeps_up_sees_every_message_of_every_length() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().start(Start::Oldest).build().unwrap();
    for number in 0..400 {
        // In one record, and in fragments that fit the part of the ring that is not about to be overwritten.
        let bytes = payload(number, number as usize);
        tx.publish(&bytes).unwrap();
        assert_eq!(rx.sequence(), number);
        let message = rx.recv().unwrap().unwrap();
        assert_eq!((&*message, message.sequence()), (&bytes[..], number));
        assert_eq!(message.meta().reassembled, bytes.len() > tx.max_record());
        assert_eq!((message.encoded_len(), message.as_ptr().addr() % 16), (bytes.len(), 0));
        assert_eq!(next(&mut rx), EMPTY);
    }
    assert_eq!((rx.missed(), rx.lag(), tx.consumers()), (0, 0, 0));
    tx.into_shared().close();
    assert!(rx.recv().unwrap().is_none() && rx.recv().unwrap().is_none());
}

#[test]
fn what_was_overwritten_is_counted_and_reading_goes_on_at_an_anchor() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().start(Start::Oldest).build().unwrap();
    // Two units each: 32 in the ring, of which 8 are about to be overwritten.
    for number in 0..100 {
        tx.publish(&payload(number, 16)).unwrap();
    }
    assert_eq!(next(&mut rx), lagged(76));
    assert_eq!((rx.sequence(), rx.lag()), (76, 24));
    for number in 76..100 {
        assert_eq!(next(&mut rx), Ok((number, payload(number, 16))));
    }
    assert_eq!(next(&mut rx), EMPTY);
    assert_eq!(rx.missed(), 76);
    // Overtaken again and again, it keeps more and more away from the oldest.
    let mut gaps = Vec::new();
    let mut expected = 100;
    for number in 100..400 {
        for each in 0..40 {
            tx.publish(&payload(number * 40 + each - 3900, 16)).unwrap();
        }
        match next(&mut rx) {
            Err(TryRecvError::Failed(RecvError::Lagged { missed })) => {
                expected += missed;
                gaps.push(tx.sequence() - expected);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(gaps[0] == 24 && gaps[1] < 16 && gaps[9] == 0, "{gaps:?}");
    assert_eq!(rx.missed() + 24, rx.sequence());
}

#[test]
fn it_begins_at_the_oldest_the_latest_or_a_number() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let begin = |start: Option<Start>| site.lossy().start(start).build().unwrap();
    let mut early = begin(Some(Start::At(5)));
    for number in 0..100 {
        tx.publish(&payload(number, 16)).unwrap();
    }
    let mut oldest = begin(Some(Start::Oldest));
    let mut latest = begin(None);
    let mut resumed = begin(Some(Start::Resume));
    let mut at = begin(Some(Start::At(90)));
    let mut gone = begin(Some(Start::At(10)));
    let mut ahead = begin(Some(Start::At(102)));
    assert_eq!((oldest.sequence(), latest.sequence(), at.sequence()), (76, 100, 90));
    assert_eq!(next(&mut early), lagged(71));
    assert_eq!(next(&mut oldest).unwrap().0, 76);
    assert_eq!((next(&mut latest), next(&mut resumed)), (EMPTY, EMPTY));
    assert_eq!(next(&mut at), Ok((90, payload(90, 16))));
    assert_eq!(next(&mut gone), lagged(66));
    assert_eq!(next(&mut gone).unwrap().0, 76);
    assert_eq!(next(&mut ahead), EMPTY);
    for number in 100..103 {
        tx.publish(&payload(number, 3)).unwrap();
    }
    assert_eq!((next(&mut latest).unwrap().0, next(&mut resumed).unwrap().0), (100, 100));
    assert_eq!(next(&mut ahead), Ok((102, payload(102, 3))));
}

#[test]
fn a_message_longer_than_the_ring_is_joined_while_it_is_written_or_else_counted() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().start(Start::Oldest).build().unwrap();
    tx.publish(b"before").unwrap();
    tx.publish(&payload(1, 5000)).unwrap();
    tx.publish(b"behind").unwrap();
    assert_eq!(next(&mut rx), lagged(2));
    assert_eq!(next(&mut rx).unwrap(), (2, b"behind".to_vec()));
}

/// Publishes until there is room for one fragment and not for four, then gives up in the middle of a message of that
/// length; `rx` keeps up. Returns its number.
fn give_up(tx: &mut MessageProducer<Frames>, rx: &mut Lossy) -> u64 {
    while tx.free_bytes() > 33 * 16 {
        tx.publish(b"short").unwrap();
        assert_eq!(next(rx).unwrap().1, b"short");
    }
    let number = tx.sequence();
    assert!(tx.publish_timeout(&payload(number, 700), Duration::from_millis(1)).is_err());
    assert_eq!((next(rx), rx.sequence()), (EMPTY, number));
    number
}

#[test]
fn what_nobody_completes_is_told_and_dropped() {
    let site = Site::new();
    let mut tx = site.create(1024);
    // Whoever holds the ring up makes the producer give up in the middle.
    let mut holds = site.attach("holds");
    let mut rx = site.lossy().build().unwrap();
    let lost = give_up(&mut tx, &mut rx);
    let mut short = site.lossy().start(Start::At(lost)).max_message(500).build().unwrap();
    let too_long = RecvError::TooLong { sequence: lost, len: 700, max: 500 };
    assert_eq!(next(&mut short), Err(TryRecvError::Failed(too_long)));
    // One who begins in its middle does not count it as missed.
    let mut late = site.lossy().build().unwrap();
    assert_eq!(late.sequence(), lost + 1);
    while holds.try_recv().is_ok() {}
    tx.publish(b"two").unwrap();
    assert_eq!(next(&mut rx), Err(TryRecvError::Failed(RecvError::Incomplete { sequence: lost })));
    for rx in [&mut rx, &mut short, &mut late] {
        assert_eq!(next(rx), Ok((lost + 1, b"two".to_vec())));
        assert_eq!(rx.missed(), 0);
    }
    while holds.try_recv().is_ok() {}
    let lost = give_up(&mut tx, &mut rx);
    tx.into_shared().close();
    assert_eq!(rx.recv().unwrap_err(), RecvError::Incomplete { sequence: lost });
    assert!(rx.recv().unwrap().is_none());
    assert_eq!(rx.missed(), 0);
}

#[test]
fn what_nobody_completes_is_told_before_the_end_of_a_channel_that_was_replaced_or_removed() {
    let directory = std::env::temp_dir().join(format!("myelon-torsos-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let file = directory.join("channel");
    for is_replaced in [true, false] {
        let site = Site::at(&crate::location::Location::file(&file));
        let mut tx = site.producer().capacity(1024).fresh().build().unwrap();
        let mut reliable = site.attach("r");
        let mut rx = site.lossy().build().unwrap();
        let number = give_up(&mut tx, &mut rx);
        while reliable.try_recv().is_ok() {}
        die(tx);
        assert!(
            matches!(reliable.recv(), Err(RecvError::ProducerDied { sequence, .. }) if sequence == number)
        );
        let next = is_replaced.then(|| site.producer().capacity(1024).fresh().build().unwrap());
        if next.is_none() {
            std::fs::remove_file(&file).unwrap();
        }
        let ending = if is_replaced { RecvError::Superseded } else { RecvError::Removed };
        assert_eq!(reliable.recv().unwrap_err(), RecvError::Incomplete { sequence: number });
        assert_eq!(reliable.recv().unwrap_err(), ending);
        assert_eq!(rx.recv().unwrap_err(), RecvError::Incomplete { sequence: number });
        assert_eq!(rx.recv().unwrap_err(), ending);
        assert_eq!((reliable.sequence(), rx.sequence()), (number + 1, number + 1));
    }
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn it_is_told_of_a_death_waits_for_the_successor_and_learns_that_it_was_replaced() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().build().unwrap();
    tx.publish(b"zero").unwrap();
    die(tx);
    assert_eq!(next(&mut rx).unwrap().0, 0);
    assert!(matches!(rx.recv(), Err(RecvError::ProducerDied { sequence: 1, .. })));
    let soon = Duration::from_millis(60);
    assert!(matches!(rx.recv_timeout(soon), Err(RecvTimeoutError::TimedOut)));
    let mut tx = site.create(1024);
    tx.publish(b"one").unwrap();
    assert_eq!(next(&mut rx).unwrap(), (1, b"one".to_vec()));
    let stopper = rx.stopper();
    let stopping = std::thread::spawn(move || stopper.stop());
    assert_eq!(rx.recv().unwrap_err(), RecvError::Stopped);
    stopping.join().unwrap();
}

#[test]
fn a_closed_channel_is_not_found_but_for_a_tap() {
    let directory = std::env::temp_dir().join(format!("myelon-lossy-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let location = crate::location::Location::file(directory.join("channel"));
    let site = Site::at(&location);
    let mut tx = site.create(1024);
    tx.publish(b"zero").unwrap();
    tx.into_shared().close();
    let error = site.lossy().start(Start::Oldest).build().unwrap_err();
    let mut tap =
        crate::channel::MessageTap::<crate::channel::testing_messages::Carries<Frames>>::attach(&location)
            .unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(matches!(error, crate::segment::AttachError::NotFound { .. }), "{error}");
    assert_eq!(&*tap.try_next().unwrap().unwrap(), b"zero");
    assert!(tap.try_next().unwrap().is_none());
}

#[test]
fn drains_hand_out_all_that_is_there_and_mark_the_last() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().build().unwrap();
    assert!(matches!(rx.try_drain(|_, _| ()), Err(TryRecvError::Empty)));
    for number in 0..5 {
        tx.publish(&payload(number, 30)).unwrap();
    }
    let mut seen = Vec::new();
    let mut each = |bytes: &[u8], meta: crate::message::MessageMeta| {
        assert_eq!(bytes, payload(meta.sequence, 30));
        seen.push((meta.sequence, meta.end_of_batch));
    };
    let broken = rx.drain_while(|bytes, meta| {
        each(bytes, meta);
        if meta.sequence == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((broken.unwrap(), rx.sequence()), (2, 2));
    // A handler that panics loses the message that it had, and no other.
    let panicked = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| {
        rx.drain(|_, _| std::panic::resume_unwind(Box::new(())))
    }));
    assert!(panicked.is_err());
    assert_eq!(rx.drain(each).unwrap(), 2);
    assert_eq!(seen, [(0, false), (1, false), (3, false), (4, true)]);
    // What is gone ends a drain that has something, and is told by the next.
    for number in 5..8 {
        tx.publish(&payload(number, 30)).unwrap();
    }
    let drained = rx.drain(|_, meta| {
        if meta.sequence == 5 {
            // It has read the next one already.
            for number in 8..108 {
                tx.publish(&payload(number, 30)).unwrap();
            }
        }
    });
    assert_eq!(drained.unwrap(), 2);
    assert!(matches!(rx.try_drain(|_, _| ()), Err(TryRecvError::Failed(RecvError::Lagged { .. }))));
}

/// Bytes that are not to begin with 7.
#[derive(Debug)]
enum NotSeven {}

impl ZeroCopy<[u8]> for NotSeven {
    type Target = [u8];
    const NAME: &'static str = "not seven";

    fn encode(value: &[u8], out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..value.len()).ok_or(EncodeError::Full)?.copy_from_slice(value);
        Ok(value.len())
    }

    fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
        if bytes.first() == Some(&7) { Err(DecodeError::new("is seven")) } else { Ok(bytes) }
    }
}

#[test]
fn a_message_that_cannot_be_read_is_told_and_the_next_one_comes() {
    let site = MessageSite::<InPlace<[u8], NotSeven>>::new();
    let mut tx = site.create(1024);
    let mut rx = site.lossy().build().unwrap();
    for bytes in [&[7_u8, 1][..], &[1], &[7], &[2], &[7]] {
        tx.publish(bytes).unwrap();
    }
    assert!(matches!(rx.recv(), Err(RecvError::Undecodable { sequence: 0, .. })));
    assert_eq!(&*rx.recv().unwrap().unwrap(), [1]);
    assert!(matches!(rx.drain(|_, _| ()), Err(RecvError::Undecodable { sequence: 2, .. })));
    assert_eq!(rx.drain(|bytes, _| assert_eq!(bytes, [2])).unwrap(), 1);
    assert!(matches!(rx.drain(|_, _| ()), Err(RecvError::Undecodable { sequence: 4, .. })));
    assert!(matches!(rx.try_recv(), Err(TryRecvError::Empty)));
}

/// While another thread writes as fast as it can: all that is seen is whole, and seen and missed are all there is.
#[test]
fn nothing_is_torn_while_the_ring_is_written() {
    let len = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize >> 7;
    for (ring_bytes, most, messages) in [(256, 60, 60_000), (1024, 700, 60_000), (1 << 16, 3000, 60_000)] {
        let site = Site::new();
        let mut tx = site.create(ring_bytes);
        let mut rx = site.lossy().start(Start::Oldest).build().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let bytes = payload(0, most);
                let mut scratch = vec![0; most];
                for number in 0..messages {
                    let len = len(number) % most;
                    // Each byte follows from the number, cheaply.
                    for (to, from) in scratch.iter_mut().zip(&bytes).take(len) {
                        *to = from ^ number as u8;
                    }
                    tx.publish(&scratch[..len]).unwrap();
                    if number % 512 == 0 {
                        std::thread::yield_now();
                    }
                }
                tx.into_shared().close();
            });
            let bytes = payload(0, most);
            let (mut expected, mut seen) = (0, 0_u64);
            loop {
                match rx.recv() {
                    Ok(Some(message)) => {
                        let number = message.sequence();
                        assert_eq!(number, expected);
                        let right = bytes.iter().map(|byte| byte ^ number as u8).take(len(number) % most);
                        assert!(message.iter().copied().eq(right), "message {number}");
                        (expected, seen) = (number + 1, seen + 1);
                    }
                    Ok(None) => break,
                    Err(RecvError::Lagged { missed }) => expected += missed,
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!((expected, rx.missed()), (messages, messages - seen));
        });
    }
}
