use core::time::Duration;

use super::*;
use crate::channel::testing::{Site, die};
use crate::counters::Snapshot;
use crate::os::testing::soon;
use crate::ring::{Dense, Stamped};

/// The ring has room for one event and not for the many that a waiting producer would like: a consumer may hold all
/// others for as long as it wants.
#[test]
fn one_free_slot_is_enough_for_every_strategy() {
    for strategy in [WaitStrategy::Spin, WaitStrategy::Yield, WaitStrategy::Park, WaitStrategy::Adaptive] {
        let site = Site::<u64, Stamped>::new();
        let mut tx = site.producer().capacity(1024).wait(strategy).build().unwrap();
        let mut rx = site.attach("r");
        for event in 0..1024 {
            tx.publish(event).unwrap();
        }
        std::thread::scope(|scope| {
            let publishing = scope.spawn(|| tx.publish_timeout(1024, Duration::from_millis(300)));
            // It counts the wait before it waits.
            assert!(soon(|| Snapshot::take(&site.location).unwrap().producer.waits == 1));
            drop(rx.recv().unwrap());
            assert_eq!(publishing.join().unwrap(), Ok(1024), "{strategy:?}");
        });
    }
}

#[test]
fn all_who_are_dead_and_in_the_way_are_let_go_at_once() {
    let site = Site::<u64, Dense>::new();
    let mut tx = site.create(4);
    let dead: Vec<_> = ["a", "b", "c"].into_iter().map(|id| site.attach(id)).collect();
    for event in 0..4 {
        tx.publish(event).unwrap();
    }
    dead.into_iter().for_each(die);
    assert_eq!(tx.try_publish(4), Ok(4));
}

#[test]
fn waiting_for_a_sequence_that_never_comes_is_a_time_out() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.producer().wait(WaitStrategy::Park).build().unwrap();
    let rx = site.attach("r");
    let waited = tx.wait_consumed(u64::MAX, Duration::from_millis(1));
    assert!(matches!(waited, Err(PublishTimeoutError::TimedOut(Some(blocker))) if blocker.id == "r"));
    drop(rx);
}

#[test]
fn claims_that_are_dropped_publish_nothing() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.create(1);
    let mut rx = site.attach("r");
    for round in 0..3 {
        drop(tx.claim().unwrap());
        tx.claim_uninit().unwrap().slot().write(99);
        let mut claim = tx.claim().unwrap();
        assert_eq!(*claim, 0, "blank, whatever was there");
        *claim = round;
        assert_eq!(claim.publish(), round);
        assert!(tx.try_claim().is_err(), "the ring holds one");
        assert_eq!(*rx.recv().unwrap().unwrap(), round);
        assert!(rx.try_recv().is_err());
    }
}

#[test]
fn slices_that_do_not_fit_say_how_many_went_in() {
    for capacity in [1, 2, 4, 8] {
        let site = Site::<u64, Dense>::new();
        let mut tx = site.create(capacity);
        let mut rx = site.attach("r");
        let events: Vec<u64> = (0..20).collect();
        let error = tx.try_publish_slice(&events).unwrap_err();
        assert_eq!(error.published, capacity);
        assert_eq!(
            error.source,
            TryPublishError::Full(Full { gating: 0, lag: capacity, lag_bytes: 8 * capacity })
        );
        let error = tx.publish_slice_timeout(&events, Duration::ZERO).unwrap_err();
        assert_eq!(error.published, 0);
        assert!(
            matches!(error.source, PublishTimeoutError::TimedOut(Some(blocker)) if blocker.lag == capacity)
        );
        let mut got = Vec::new();
        rx.drain(|event, _| got.push(*event)).unwrap();
        assert_eq!(got, (0..capacity).collect::<Vec<_>>());
        assert_eq!(tx.publish_slice(&[]), Ok(capacity));
    }
}

#[test]
fn a_required_one_that_never_came_is_in_the_way_without_a_pid() {
    let site = Site::<u64, Dense>::new();
    let mut tx = site.producer().capacity(4).required(["journal"]).build().unwrap();
    tx.publish_slice(&[1, 2, 3, 4]).unwrap();
    let told = tx.blocker().unwrap().to_string();
    assert!(told.starts_with("consumer `journal` (required, and not attached) is 4 behind"), "{told}");
}
