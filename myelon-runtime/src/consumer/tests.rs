use core::mem;
use core::ops::ControlFlow;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::*;
use crate::channel::testing::{Site, die};
use crate::os::testing::soon;
use crate::ring::{Dense, Stamped};
use crate::segment::{self, Contract, CreateRequest, Placement};
use crate::sync::Ordering;

const ALL: [WaitStrategy; 4] =
    [WaitStrategy::Spin, WaitStrategy::Yield, WaitStrategy::Park, WaitStrategy::Adaptive];

#[test]
fn who_waits_for_moments_or_only_tries_learns_of_a_death_too() {
    for strategy in ALL {
        for wait in [None, Some(Duration::ZERO), Some(Duration::from_millis(1))] {
            let site = Site::<u64, Stamped>::new();
            let mut tx = site.create(4);
            let mut rx = site.consumer("r").wait(strategy).build().unwrap();
            tx.publish(7).unwrap();
            die(tx);
            assert_eq!(*rx.recv().unwrap().unwrap(), 7, "what was published before is delivered first");
            let told = soon(|| match wait {
                None => matches!(rx.try_recv(), Err(TryRecvError::Failed(RecvError::ProducerDied { .. }))),
                Some(wait) => matches!(
                    rx.recv_timeout(wait),
                    Err(RecvTimeoutError::Failed(RecvError::ProducerDied { sequence: 1, .. }))
                ),
            });
            assert!(told, "{strategy:?}, waiting for {wait:?}");
        }
    }
}

#[test]
fn a_producer_that_died_before_it_was_one_is_reported_and_not_taken_for_detached() {
    let site = Site::<u64, Stamped>::new();
    let unborn = segment::create(&CreateRequest {
        location: site.location.clone(),
        channel: "Tested",
        contract: Contract::of::<u64, Stamped>(0),
        capacity: 4,
        max_consumers: 4,
        fresh: false,
        on_consumer_death: crate::liveness::OnConsumerDeath::Evict,
        required: Vec::new(),
        placement: Placement::default(),
    })
    .unwrap();
    let mut rx = site.attach("r");
    assert!(matches!(rx.try_recv(), Err(TryRecvError::Empty)), "it may still become one");
    drop(unborn);
    let told = soon(|| {
        matches!(
            rx.recv_timeout(Duration::from_millis(1)),
            Err(RecvTimeoutError::Failed(RecvError::ProducerDied { sequence: 0, .. }))
        )
    });
    assert!(told);
    site.create(4).publish(7).unwrap();
    assert_eq!(*rx.recv().unwrap().unwrap(), 7, "and then its successor is heard");
}

#[test]
fn a_producer_that_detached_is_waited_for_in_silence() {
    let site = Site::<u64, Stamped>::new();
    let tx = site.create(4);
    let mut rx = site.attach("r");
    tx.detach();
    assert!(matches!(rx.recv_timeout(Duration::from_millis(120)), Err(RecvTimeoutError::TimedOut)));
    let mut successor = site.create(4);
    successor.publish(7).unwrap();
    assert_eq!(*rx.recv().unwrap().unwrap(), 7);
    die(successor);
    let told = soon(|| matches!(rx.try_recv(), Err(TryRecvError::Failed(RecvError::ProducerDied { .. }))));
    assert!(told, "its successor did not detach");
}

/// Words that no producer writes end in an error or in silence: at once, every time, in every form.
fn corrupt<D: Discipline>(
    scribble: impl Fn(&crate::ring::Ring<u64, D>),
    expected: fn(Option<RecvError>) -> bool,
) {
    let site = Site::<u64, D>::new();
    let tx = site.create(4);
    let mut rx = site.attach("r");
    scribble(tx.ring());
    let moment = Duration::from_millis(1);
    for _ in 0..3 {
        let failed = |error: RecvTimeoutError| match error {
            RecvTimeoutError::TimedOut => None,
            RecvTimeoutError::Failed(failed) => Some(failed),
        };
        assert!(expected(rx.recv_timeout(moment).map(drop).map_err(failed).unwrap_err()));
        assert!(expected(rx.batch_timeout(moment).map(drop).map_err(failed).unwrap_err()));
        assert!(expected(rx.drain_timeout(|_, _| {}, moment).map(drop).map_err(failed).unwrap_err()));
        assert!(expected(rx.wait_timeout(moment).map(drop).map_err(failed).unwrap_err()));
        assert!(rx.try_recv().is_err());
        let _ = (rx.lag(), rx.free_slots(), rx.sequence());
    }
}

#[test]
fn corrupt_words_end_in_errors() {
    let is_corrupt = |error| matches!(error, Some(RecvError::Corrupt { sequence: 0, .. }));
    for found in [5, 1 << 62, u64::MAX] {
        corrupt::<Dense>(|ring| ring.published().store(found, Ordering::Release), is_corrupt);
    }
    corrupt::<Stamped>(|ring| ring.published().store(u64::MAX, Ordering::Release), |error| error.is_none());
    corrupt::<Dense>(|ring| ring.closed_at().store(9, Ordering::Release), |error| error.is_none());
    corrupt::<Stamped>(|ring| ring.closed_at().store(1 << 63, Ordering::Release), |error| error.is_none());
}

/// Publishes 0, 1, 2, .. `count` and takes them back with `receive`, which is called until all came.
fn through<D: Discipline>(capacity: u64, receive: impl Fn(&mut Consumer<u64, D>, &mut Vec<u64>)) {
    let site = Site::<u64, D>::new();
    let mut tx = site.create(capacity);
    let mut rx = site.attach("r");
    let mut got = Vec::new();
    for event in 0..40 {
        while tx.try_publish(event).is_err() {
            receive(&mut rx, &mut got);
        }
    }
    tx.close();
    for _ in 0..200 {
        receive(&mut rx, &mut got);
    }
    assert_eq!(got, (0..40).collect::<Vec<_>>(), "capacity {capacity}");
    assert!(rx.recv().unwrap().is_none());
    assert_eq!(rx.drain(|_, _| {}), Ok(0));
    assert_eq!(rx.wait(), Ok(false));
}

fn through_all(
    dense: impl Fn(&mut Consumer<u64, Dense>, &mut Vec<u64>),
    stamped: impl Fn(&mut Consumer<u64, Stamped>, &mut Vec<u64>),
) {
    for capacity in [1, 2, 4, 8] {
        through(capacity, &dense);
        through(capacity, &stamped);
    }
}

fn forgets_leases<D: Discipline>(rx: &mut Consumer<u64, D>, got: &mut Vec<u64>) {
    if let Ok(Some(lease)) = rx.try_recv() {
        got.push(*lease);
        mem::forget(lease);
    }
    // Released by the next one that receives.
    let _ = rx.try_wait();
}

fn forgets_batches<D: Discipline>(rx: &mut Consumer<u64, D>, got: &mut Vec<u64>) {
    if let Ok(Some(mut batch)) = rx.try_batch() {
        let most = batch.len().div_ceil(2);
        got.extend((&mut batch).into_iter().take(most));
        mem::forget(batch);
    }
    let _ = rx.try_wait();
}

fn panics_in_drains<D: Discipline>(rx: &mut Consumer<u64, D>, got: &mut Vec<u64>) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _ = rx.try_drain(|event, meta| {
            assert_eq!(meta.sequence, *event);
            got.push(*event);
            if *event % 3 == 0 {
                resume_unwind(Box::new(()));
            }
        });
    }));
    let broke = rx.try_drain_while(|event, _| {
        got.push(*event);
        ControlFlow::Break(())
    });
    assert!(!broke.is_ok_and(|count| count > 1));
}

#[test]
fn what_is_forgotten_or_panics_is_seen_once_and_released() {
    through_all(forgets_leases::<Dense>, forgets_leases::<Stamped>);
    through_all(forgets_batches::<Dense>, forgets_batches::<Stamped>);
    through_all(panics_in_drains::<Dense>, panics_in_drains::<Stamped>);
}

#[test]
fn slices_are_what_the_batch_has_not_yielded() {
    for capacity in [1, 2, 4, 8] {
        through::<Dense>(capacity, |rx, got| {
            let Ok(Some(mut batch)) = rx.try_batch() else { return };
            let first = batch.sequence();
            if first % 2 == 0 {
                got.extend(batch.next());
            }
            let left = batch.len();
            let (head, tail) = batch.slices();
            assert_eq!(head.len() + tail.len(), left);
            got.extend(head.iter().chain(tail));
            assert!(batch.is_empty());
            let (head, tail) = batch.slices();
            assert!(head.is_empty() && tail.is_empty());
        });
    }
}

#[test]
fn an_invalid_event_is_skipped_and_told_once_in_every_form() {
    type Form = fn(&mut Consumer<bool, Stamped>, &mut Vec<bool>) -> Result<bool, RecvError>;
    let forms: [Form; 3] = [
        |rx, got| Ok(rx.recv()?.map(|event| got.push(*event)).is_some()),
        |rx, got| Ok(rx.drain(|event, _| got.push(*event))? != 0),
        |rx, got| Ok(rx.batch()?.map(|mut batch| got.extend(&mut batch)).is_some()),
    ];
    for form in forms {
        let site = Site::<bool, Stamped>::new();
        let mut tx = site.create(16);
        let mut rx = site.attach("r");
        for event in [true, false, true] {
            tx.publish(event).unwrap();
        }
        // SAFETY: (1) nobody reads yet, and this thread alone writes: a byte that no `bool` is.
        unsafe { tx.ring().cell(1).write().as_ptr().cast::<u8>().write(7) };
        tx.close();
        let (mut got, mut invalid) = (Vec::new(), Vec::new());
        loop {
            match form(&mut rx, &mut got) {
                Ok(true) => {}
                Ok(false) => break,
                Err(RecvError::Invalid { sequence }) => invalid.push(sequence),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((got, invalid), (vec![true, true], vec![1]));
    }
}

#[test]
fn a_stopper_ends_waits_and_not_what_is_there() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.create(4);
    for strategy in ALL {
        let mut rx = site.consumer("r").wait(strategy).build().unwrap();
        tx.publish(7).unwrap();
        let stopper = rx.stopper();
        std::thread::scope(|scope| {
            scope.spawn(|| stopper.stop());
            assert_eq!(*rx.recv().unwrap().unwrap(), 7);
            assert_eq!(rx.recv().map(drop), Err(RecvError::Stopped));
            assert_eq!(
                rx.recv_timeout(Duration::from_secs(5)).map(drop),
                Err(RecvTimeoutError::Failed(RecvError::Stopped))
            );
            assert_eq!(rx.try_recv().map(drop), Err(TryRecvError::Empty));
        });
        drop(rx);
        stopper.stop();
    }
}

#[test]
fn an_end_that_does_not_have_to_wait_does_not_see_its_stopper() {
    let site = Site::<u64, Dense>::new();
    let mut tx = site.create(4);
    let mut rx = site.attach("r");
    tx.stopper().stop();
    rx.stopper().stop();
    for event in 0..4 {
        tx.publish(event).unwrap();
    }
    assert_eq!(tx.publish(4).unwrap_err().to_string(), "the wait for room was stopped", "now it has to");
    for event in 0..4 {
        assert_eq!(*rx.recv().unwrap().unwrap(), event);
    }
    assert_eq!(rx.recv().map(drop), Err(RecvError::Stopped), "and so does this one");
    tx.publish(4).unwrap();
    assert_eq!(*rx.recv().unwrap().unwrap(), 4);
}
