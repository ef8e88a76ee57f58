//! What the random sequences found, each in its smallest form.

use core::time::Duration;

use super::{Frames, Site, payload};
use crate::channel::testing::die;
use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::message::MessageProducer;
use crate::producer::{PublishTimeoutError, TryPublishError};
use crate::sync::fuse::dies_at;

#[test]
fn who_leaves_too_little_room_is_named_as_well_as_one_who_leaves_none() {
    let site = Site::new();
    let mut tx = site.create(256);
    let rx = site.attach("r");
    for _ in 0..15 {
        tx.publish(b"").unwrap();
    }
    assert_eq!((tx.free_bytes(), tx.blocker()), (16, None));
    let Err(PublishTimeoutError::TimedOut(Some(blocker))) = tx.publish_timeout(b"x", Duration::ZERO) else {
        panic!("nobody was named");
    };
    assert_eq!((blocker.id, blocker.lag), (rx.id(), 15));
}

#[test]
fn a_message_longer_than_the_ring_waits_for_nobody_where_there_is_nobody() {
    let site = Site::new();
    let mut tx = site.create(256);
    assert_eq!(tx.try_publish(&payload(0, 5000)), Ok(0));
    let _rx = site.attach("r");
    assert!(matches!(tx.try_publish(&payload(1, 5000)), Err(TryPublishError::Full(_))));
    assert_eq!(tx.sequence(), 1, "nothing of it went out");
}

#[test]
fn a_batch_of_which_nothing_was_yielded_is_received_again() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    for len in [3, 300, 4] {
        tx.publish(&payload(len, len as usize)).unwrap();
        for forgotten in [false, true] {
            let batch = rx.batch().unwrap().unwrap();
            assert_eq!(batch.len(), 1);
            if forgotten {
                core::mem::forget(batch);
            }
        }
        assert_eq!(rx.lag(), 1);
        let mut batch = rx.batch().unwrap().unwrap();
        assert_eq!(batch.next().unwrap(), payload(len, len as usize));
        drop(batch);
        assert_eq!((rx.lag(), rx.lag_bytes()), (0, 0));
    }
    assert_eq!(rx.try_recv().unwrap_err(), TryRecvError::Empty);
}

/// The beginning of a message was received and given back; then its consumer went away, and its producer gave up.
fn resumed_inside(rest: &[u8], closes: bool) {
    let site = Site::new();
    let mut tx = site.create(256);
    let mut rx = site.attach("r");
    tx.publish_timeout(&payload(0, 1000), Duration::ZERO).unwrap_err();
    assert_eq!(rx.try_recv().unwrap_err(), TryRecvError::Empty);
    rx.into_shared().detach();
    let mut rx = site.consumer("r").build().unwrap();
    assert_eq!((rx.sequence(), rx.lag_bytes()), (0, 0));
    if !closes {
        tx.publish(rest).unwrap();
    }
    tx.into_shared().close();
    assert_eq!(rx.recv().unwrap_err(), RecvError::Incomplete { sequence: 0 });
    if !closes {
        assert_eq!(rx.recv().unwrap().unwrap().into_owned().unwrap(), rest);
    }
    assert!(rx.recv().unwrap().is_none());
}

#[test]
fn a_message_that_lost_its_end_is_told_to_one_who_resumes_in_it_whatever_follows() {
    resumed_inside(b"one record", false);
    resumed_inside(&payload(1, 150), false);
    resumed_inside(b"", true);
}

#[test]
fn a_message_that_lost_its_end_is_told_to_one_who_resumes_after_others_followed_it() {
    let site = Site::new();
    let mut tx = site.create(256);
    let mut rx = site.attach("r");
    tx.publish_timeout(&payload(0, 1000), Duration::ZERO).unwrap_err();
    assert_eq!(rx.try_recv().unwrap_err(), TryRecvError::Empty);
    // Where it stopped, the next message begins now; and it may go away again before it is told.
    rx.into_shared().detach();
    tx.publish(b"next").unwrap();
    for _ in 0..2 {
        let rx = site.consumer("r").build().unwrap();
        assert_eq!((rx.sequence(), rx.lag()), (0, 2));
        rx.into_shared().detach();
    }
    let mut rx = site.consumer("r").build().unwrap();
    assert_eq!(rx.recv().unwrap_err(), RecvError::Incomplete { sequence: 0 });
    // But once told, it is told; noted by whatever it does next.
    assert_eq!((rx.sequence(), rx.lag()), (1, 2));
    rx.into_shared().detach();
    let mut rx = site.consumer("r").build().unwrap();
    assert_eq!(rx.recv().unwrap().unwrap().into_owned().unwrap(), b"next");
}

#[test]
fn a_message_that_lost_its_end_does_not_keep_the_room_that_the_next_long_one_needs() {
    let site = Site::new();
    let mut tx = site.create(256);
    let mut rx = site.attach("r");
    let publish = |tx: &mut MessageProducer<Frames>, lens: &[usize]| {
        for len in lens {
            tx.publish(&payload(0, *len)).unwrap();
        }
    };
    // Of a message that half the ring holds there is room for three fragments; they end three units before the ring does.
    publish(&mut tx, &[32, 32, 32, 32, 0]);
    assert_eq!(rx.drain(|_, _| ()), Ok(5));
    publish(&mut tx, &[16, 0, 32]);
    tx.publish_timeout(&payload(8, 128), Duration::ZERO).unwrap_err();
    assert_eq!((tx.sequence(), rx.drain(|_, _| ()), rx.try_recv().is_err()), (9, Ok(3), true));
    // The next one takes four units: padding before it is all that finds room behind what is kept.
    let publishing = std::thread::spawn(move || tx.publish_timeout(&payload(9, 200), Duration::from_secs(9)));
    let limit = Duration::from_secs(9);
    let error = rx.recv_timeout(limit).unwrap_err();
    assert_eq!(error, RecvTimeoutError::Failed(RecvError::Incomplete { sequence: 8 }));
    assert_eq!(rx.recv_timeout(limit).unwrap().unwrap().into_owned().unwrap(), payload(9, 200));
    assert_eq!(publishing.join().unwrap(), Ok(9));
}

/// Its next life, and the one message that was published since; its predecessor is dead.
fn goes_on_after(site: &Site, tx: &mut MessageProducer<Frames>) {
    let number = tx.publish(b"next").unwrap();
    let mut rx = site.consumer("r").build().unwrap();
    let lease = rx.try_recv().unwrap().unwrap();
    assert_eq!((lease.sequence(), &*lease), (number, &b"next"[..]));
}

#[test]
fn a_message_longer_than_the_ring_that_was_received_is_not_told_as_lost_to_one_who_died_giving_it_back() {
    let site = Site::new();
    let mut tx = site.create(256);
    let mut rx = site.attach("r");
    let publishing = std::thread::spawn(move || tx.publish(&payload(0, 1000)).map(|_| tx).unwrap());
    let lease = rx.recv().unwrap().unwrap();
    assert!(dies_at("settle: numbered", 0, || drop(lease)).is_none());
    die(rx);
    goes_on_after(&site, &mut publishing.join().unwrap());
}

#[test]
fn a_message_that_lost_its_end_is_not_told_again_to_one_who_died_passing_the_rest() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    tx.publish_timeout(&payload(0, 5000), Duration::ZERO).unwrap_err();
    // Behind its first fragment.
    assert!(dies_at("settle: numbered", 1, || rx.try_recv().map(drop)).is_none());
    die(rx);
    let mut rx = site.consumer("r").build().unwrap();
    assert_eq!(rx.recv().unwrap_err(), RecvError::Incomplete { sequence: 0 });
    // It comes back for more, and gets to the one before the last.
    assert!(dies_at("settle: numbered", 2, || rx.try_recv().map(drop)).is_none());
    die(rx);
    let rx = site.consumer("r").build().unwrap();
    assert_ne!(rx.lag_bytes(), 0, "it stands inside of the message");
    die(rx);
    goes_on_after(&site, &mut tx);
}

#[test]
fn a_message_of_which_only_the_rest_was_there_to_begin_with_is_never_told() {
    let site = Site::new();
    let mut tx = site.create(256);
    tx.publish(&payload(0, 1000)).unwrap();
    let rx = site.attach("r");
    assert_eq!(rx.sequence(), 1);
    assert_ne!(rx.lag_bytes(), 0, "it begins inside of the message");
    die(rx);
    goes_on_after(&site, &mut tx);
}

#[test]
fn a_message_that_is_too_long_for_one_who_died_before_it_knew_is_told_to_the_next() {
    let site = Site::new();
    let mut tx = site.create(256);
    let attach = || site.consumer("r").max_message(100).build().unwrap();
    drop(attach());
    die(attach());
    tx.publish(&payload(0, 140)).unwrap();
    let too_long = RecvError::TooLong { sequence: 0, len: 140, max: 100 };
    for _ in 0..3 {
        let mut rx = attach();
        assert_eq!(rx.recv().unwrap_err(), too_long);
        die(rx);
    }
    let mut rx = attach();
    assert_eq!(rx.recv().unwrap_err(), too_long);
    // It came back, so it knows.
    assert_eq!(rx.try_recv().unwrap_err(), TryRecvError::Empty);
    die(rx);
    goes_on_after(&site, &mut tx);
}
