//! Consumers that die on their way in, between any two stores: what the page of their entry says is theirs, and what they
//! are told of when they come back.

use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;

use super::{Frames, Site, payload};
use crate::channel::testing::die;
use crate::consumer::{RecvError, TryRecvError};
use crate::liveness::Required;
use crate::message::{MessageConsumer, MessageProducer};
use crate::ring::Start;
use crate::segment::AttachError;
use crate::sync::Ordering;
use crate::sync::fuse::{dies_after, dies_amid, dies_at};

type Shared = Rc<RefCell<Box<MessageProducer<Frames>>>>;

/// Leaves a message without its end.
fn lose_one(site: &Site, tx: &mut MessageProducer<Frames>) {
    let _gate = site.attach("gate");
    tx.publish_timeout(&payload(0, 5000), Duration::ZERO).unwrap_err();
}

fn publish_some(tx: &Shared, count: u64) -> impl FnMut() + use<> {
    let tx = tx.clone();
    move || {
        for number in 0..count {
            tx.borrow_mut().publish(&payload(number, 10)).unwrap();
        }
    }
}

/// Receives what is there.
fn drain(rx: &mut MessageConsumer<Frames>) -> Result<u64, RecvError> {
    let mut count = 0;
    loop {
        match rx.try_recv() {
            Ok(_) => count += 1,
            Err(TryRecvError::Empty) => return Ok(count),
            Err(TryRecvError::Failed(error)) => return Err(error),
        }
    }
}

/// An entry's former owner had noted any number. Who takes it dies at the n-th point; at another one a message is published.
/// False if it came in.
fn dies_coming_in(stale: u64, (start, loses): (Start, bool), points: u32, published_at: u32) -> bool {
    let site = Site::new();
    let tx: Shared = Rc::new(RefCell::new(site.create(1024)));
    publish_some(&tx, 8)();
    let former = site.attach("former");
    let entry = former.core.reader.entry();
    former.core.segment.consumer_page(entry).message().store(stale, Ordering::Relaxed);
    former.into_shared().close();
    if loses {
        lose_one(&site, &mut tx.borrow_mut());
    }
    let enter = || site.consumer("new").start(start).build().unwrap();
    let mut publish = publish_some(&tx, 1);
    let mut at = 0..;
    let meanwhile = move |_: &str| {
        if at.next() == Some(published_at) {
            publish();
        }
    };
    let came = dies_amid(points, meanwhile, enter);
    let died = came.is_none();
    if let Some(rx) = came {
        die(rx);
    }
    let mut rx = match site.consumer("new").build() {
        Ok(rx) => rx,
        // Its place was written over before its entry held anything.
        Err(AttachError::Evicted { .. }) if died => return true,
        Err(error) => panic!("{error}"),
    };
    publish_some(&tx, 1)();
    let received = drain(&mut rx);
    assert!(
        matches!(received, Ok(1..)),
        "{received:?} after {points} points from {start:?}, where {stale} was noted, and one published at {published_at}"
    );
    died
}

#[test]
fn who_died_on_its_way_in_is_told_of_nothing_that_a_former_owner_of_its_entry_noted() {
    for begin in [
        (Start::Latest, false),
        (Start::Latest, true),
        (Start::Oldest, false),
        (Start::At(5), false),
        (Start::At(8), false),
    ] {
        for (stale, published_at) in
            [0, 8, 9].into_iter().flat_map(|stale| (1..20).map(move |at| (stale, at)))
        {
            let came = (0..99).find(|points| !dies_coming_in(stale, begin, *points, published_at)).unwrap();
            assert!(came > 4, "only {came} points");
        }
    }
}

/// Asks for a start that is gone when its turn comes, and dies at the n-th point. False if it did not.
fn dies_being_refused(points: u32) -> bool {
    let site = Site::new();
    let tx: Shared = Rc::new(RefCell::new(site.create(1024)));
    publish_some(&tx, 8)();
    let mut rx = site.consumer("r").start(Start::Latest).build().unwrap();
    tx.borrow_mut().publish_timeout(&payload(0, 600), Duration::ZERO).unwrap();
    // It stops behind the first fragment, and leaves without being told.
    assert!(dies_at("settle: numbered", 1, || rx.try_recv().map(drop)).is_none());
    die(rx);
    let rx = site.consumer("r").build().unwrap();
    rx.into_shared().detach();
    // By then its beginning is written over, and the place where it stopped is not.
    let mut publish = publish_some(&tx, 4);
    let meanwhile = move |point: &str| {
        if point == "enter: claimed" {
            publish();
        }
    };
    let refused = dies_amid(points, meanwhile, || site.consumer("r").start(Start::At(8)).build());
    let died = refused.is_none();
    let mut rx = match refused {
        Some(refused) => {
            assert!(matches!(refused, Err(AttachError::Gone { .. })), "{refused:?}");
            site.consumer("r").build().unwrap()
        }
        // One that died on its way elsewhere may have forgotten.
        None => site.consumer("r").build().unwrap(),
    };
    match rx.try_recv().map(drop) {
        Err(TryRecvError::Failed(RecvError::Incomplete { sequence: 8 })) => {
            let count = drain(&mut rx).unwrap();
            assert!(count == 4 || died && count == 0, "{count} after it");
        }
        other => assert!(died, "{other:?} is all that it is told"),
    }
    died
}

#[test]
fn who_was_refused_another_start_is_told_where_it_stopped() {
    let refused = (0..99).find(|points| !dies_being_refused(*points)).unwrap();
    assert!(refused > 5, "only {refused} points");
}

/// Stopped behind `read` messages, wants to begin at another one, and dies at the n-th point. False if it did not.
fn dies_moving(read: u64, to: u64, points: u32) -> bool {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    for number in 0..10 {
        tx.publish(&payload(number, 10)).unwrap();
    }
    for _ in 0..read {
        drop(rx.recv().unwrap());
    }
    die(rx);
    let moved = dies_after(points, || site.consumer("r").start(Start::At(to)).build().unwrap());
    let died = moved.is_none();
    if let Some(rx) = moved {
        die(rx);
    }
    let mut rx = site.consumer("r").build().unwrap();
    let at = rx.sequence();
    assert!(at == to || died && at == read, "at {at} after {points} points from {read} to {to}");
    assert_eq!(drain(&mut rx), Ok(10 - at), "after {points} points from {read} to {to}");
    died
}

#[test]
fn who_died_on_its_way_elsewhere_is_told_of_nothing_that_it_received_or_left_out() {
    for (read, to) in (0..11).flat_map(|read| (0..11).map(move |to| (read, to))) {
        let moved = (0..99).find(|points| !dies_moving(read, to, *points)).unwrap();
        assert!(moved > 1, "only {moved} points");
    }
}

#[test]
fn who_comes_to_a_place_whose_maker_died_making_it_is_told_of_nothing_before() {
    let mut points = 0;
    loop {
        let site = Site::new();
        let mut tx = site.create(1024);
        lose_one(&site, &mut tx);
        die(tx);
        let requires = || site.producer().require("r", Required::DEFAULT).build().unwrap();
        let made = dies_after(points, requires);
        let is_made = made.is_some();
        let mut rx = match site.consumer("r").start(Start::Resume).build() {
            Ok(rx) => rx,
            // It died before it got to that.
            Err(AttachError::NotKnown { .. }) if !is_made => site.attach("r"),
            Err(error) => panic!("{error}"),
        };
        let mut tx = made.unwrap_or_else(|| site.create(1024));
        tx.publish(b"next").unwrap();
        assert_eq!(drain(&mut rx), Ok(1), "after {points} points");
        if is_made {
            break;
        }
        points += 1;
    }
    assert_ne!(points, 0);
}
