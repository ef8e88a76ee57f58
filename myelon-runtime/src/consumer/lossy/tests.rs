//! A lossy consumer of events: what it sees, what it misses, what ends it.

use super::*;
use crate::channel::testing::{Site, die};
use crate::event::RingEvent;
use crate::ring::{Dense, Stamped, Start};
use core::time::Duration;
use std::time::Instant;

fn both(test: impl Fn(Site<u64, Stamped>), dense: impl Fn(Site<u64, Dense>)) {
    test(Site::new());
    dense(Site::new());
}

fn lags_and_goes_on<D: Discipline>(site: &Site<u64, D>) {
    let mut tx = site.create(16);
    let mut rx = site.lossy().build().unwrap();
    let mut at = site.lossy().start(Start::At(93)).build().unwrap();
    for event in 0..100 {
        tx.publish(event).unwrap();
    }
    assert_eq!(tx.consumers(), 0);
    assert_eq!(rx.recv(), Err(RecvError::Lagged { missed: 88 }));
    let mut seen = Vec::new();
    assert_eq!(rx.drain(|event, meta| seen.push((event, meta.sequence, meta.end_of_batch))), Ok(12));
    assert!(seen.into_iter().eq((88..100).map(|number| (number, number, number == 99))));
    assert_eq!((rx.missed(), rx.sequence(), rx.lag()), (88, 100, 0));
    assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
    assert_eq!(rx.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::TimedOut));
    assert_eq!(at.recv(), Ok(Some(93)));
    assert_eq!(at.drain_while(|_, _| ControlFlow::Break(())), Ok(1));
    assert_eq!((at.recv(), at.sequence()), (Ok(Some(95)), 96));
    die(tx);
    assert!(matches!(rx.recv(), Err(RecvError::ProducerDied { sequence: 100, .. })));
    let tx = site.create(16);
    drop(tx);
    assert_eq!((rx.recv(), rx.try_recv()), (Ok(None), Ok(None)));
}

#[test]
fn it_lags_and_goes_on_and_sees_what_ends_the_stream() {
    both(|site| lags_and_goes_on(&site), |site| lags_and_goes_on(&site));
}

/// A position is told to a stopper, a successor's event and a new segment as well as to one who is woken.
#[test]
fn one_that_waits_long_still_sees_what_comes() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.create(16);
    let mut rx = site.lossy().build().unwrap();
    let since = Instant::now();
    let waiting = std::thread::spawn(move || (rx.recv(), rx));
    // Long enough for the longest nap.
    while since.elapsed() < Duration::from_millis(60) {
        std::thread::yield_now();
    }
    tx.publish(7).unwrap();
    let (event, mut rx) = waiting.join().unwrap();
    assert_eq!(event, Ok(Some(7)));
    let stopper = rx.stopper();
    let waiting = std::thread::spawn(move || rx.recv());
    stopper.stop();
    assert_eq!(waiting.join().unwrap(), Err(RecvError::Stopped));
}

#[test]
fn an_event_that_is_no_value_is_told_and_the_next_one_comes() {
    let site = Site::<bool, Dense>::new();
    let mut tx = site.create(16);
    let mut rx = site.lossy().build().unwrap();
    for number in 0..5 {
        tx.publish(true).unwrap();
        if number % 2 == 0 {
            let slot = tx.ring().cell(number).write();
            // SAFETY: a slot of the ring has this byte; what reads it checks it first.
            unsafe { slot.as_ptr().cast::<u8>().write(7) };
        }
    }
    const { assert!(bool::CHECKED) };
    assert_eq!(rx.recv(), Err(RecvError::Invalid { sequence: 0 }));
    let mut seen = 0;
    assert_eq!(rx.drain(|_, meta| seen += u64::from(meta.end_of_batch)), Ok(1));
    assert_eq!((seen, rx.recv()), (1, Err(RecvError::Invalid { sequence: 2 })));
    assert_eq!((rx.recv(), rx.recv()), (Ok(Some(true)), Err(RecvError::Invalid { sequence: 4 })));
}
