//! A producer that writes and writes and never comes to a message: every call of its readers ends all the same.

use core::time::Duration;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::{Frames, Site, payload};
use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::message::MessageProducer;
use crate::message::producer::{Plan, Slot};
use crate::producer::TryPublishError;
use crate::ring::Start;
use crate::ring::records::{Header, flag};
use crate::wait::patience::Now;

type Tx = Box<MessageProducer<Frames>>;

/// One unit of padding, if there is room.
fn pad(tx: &mut Tx) {
    tx.core.room_for(1).scan();
    if tx.core.publisher.room() == 0 {
        return;
    }
    let header = Header::padding(tx.sequence(), 1, false);
    // SAFETY: (1) there is room for one.
    unsafe { tx.core.publisher.put_header(0, header) };
    // SAFETY: (1) that one is written.
    unsafe { tx.core.publisher.publish(1) };
}

/// One more fragment of a message, and never the last, if there is room.
fn go_on(tx: &mut Tx) {
    let slot: Result<Slot, TryPublishError> = tx.open(1, false, &mut Now);
    let Ok(slot) = slot else { return };
    tx.seal(slot, 0, 1, Plan { kind: 0, flags: flag::CONTINUED | flag::MORE, total: 0 });
    tx.flush();
}

/// While a thread writes one of these after the other, a reader reads.
fn amid(mut tx: Tx, write: fn(&mut Tx), read: impl FnOnce()) {
    /// Whatever happens.
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Relaxed);
        }
    }
    let done = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _done = Done(done);
        scope.spawn(move || {
            while !done.load(Relaxed) {
                write(&mut tx);
            }
        });
        read();
    });
}

const SHORT: Duration = Duration::from_millis(1);

#[test]
fn nothing_but_padding_is_an_error_after_a_lap() {
    let site = Site::new();
    let tx = site.create(256);
    let (mut rx, mut lossy) = (site.attach("r"), *site.lossy().start(Start::Oldest).build().unwrap());
    let is_told = |error: &RecvError| {
        matches!(error, RecvError::CorruptRecord { what: "there is padding all around the ring", .. })
    };
    amid(tx, pad, || {
        // A call that finds less than that at once sees no more than nothing.
        let mut seen = [false; 2];
        while seen != [true; 2] {
            match rx.try_recv().map(drop) {
                Err(TryRecvError::Failed(error)) if is_told(&error) => seen[0] = true,
                other => assert_eq!(other, Err(TryRecvError::Empty)),
            }
            let error = rx.recv().map(drop).unwrap_err();
            assert!(is_told(&error), "{error:?}");
            match lossy.try_recv().map(drop) {
                Err(TryRecvError::Failed(error)) if is_told(&error) => seen[1] = true,
                Err(TryRecvError::Empty | TryRecvError::Failed(RecvError::Lagged { .. })) => seen[1] = true,
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn fragments_without_end_keep_nobody_longer_than_it_may_wait() {
    let site = Site::new();
    let mut tx = site.create(256);
    let gate = site.attach("gate");
    tx.publish_timeout(&payload(0, 1000), Duration::ZERO).unwrap_err();
    drop(gate);
    // They belong to the message that was not finished.
    tx.number -= 1;
    let mut rx = site.consumer("r").start(Start::Latest).build().unwrap();
    let mut lossy = *site.lossy().start(Start::Latest).build().unwrap();
    amid(tx, go_on, || {
        for _ in 0..100 {
            assert_eq!(rx.try_recv().map(drop), Err(TryRecvError::Empty));
            assert!(lossy.try_recv().is_err());
        }
        assert_eq!(rx.recv_timeout(SHORT).map(drop), Err(RecvTimeoutError::TimedOut));
        while !matches!(lossy.recv_timeout(SHORT).map(drop), Err(RecvTimeoutError::TimedOut)) {}
        for stopper in [rx.stopper(), lossy.stopper()] {
            stopper.stop();
        }
        assert_eq!(rx.recv().map(drop), Err(RecvError::Stopped));
        while !matches!(lossy.recv().map(drop), Err(RecvError::Stopped)) {}
        // One that only tries waits for nothing, so it has nothing to stop.
        assert_eq!(rx.try_recv().map(drop), Err(TryRecvError::Empty));
    });
}
