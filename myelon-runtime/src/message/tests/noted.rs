//! What the registry knows of consumers: where they stopped, and what their pages say from the moment they are attached.

use core::time::Duration;

use super::{Frames, Site, payload};
use crate::channel::MessageChannel;
use crate::channel::testing_messages::Carries;
use crate::ring::{Records, Start, Unit};
use crate::segment::{self, AttachRequest, Contract, Placement};
use crate::sync::Ordering;

/// Attaches as far as it concerns the segment, and leaves at once, as a killed process does: the numbers of the message
/// at the cursor and of the first one.
fn numbers(site: &Site, id: &str, start: Option<Start>) -> (u64, u64) {
    let config = Carries::<Frames>::CONFIG;
    let request = AttachRequest {
        location: site.location.clone(),
        id: id.into(),
        contract: Contract::of_messages(Carries::<Frames>::SCHEMA, config.version, config.evolves),
        start,
        timeout: Duration::ZERO,
        declared_only: None,
        placement: Placement::default(),
    };
    let joined = segment::attach::<Unit, Records>(&request).unwrap();
    let page = joined.segment.consumer_page(joined.entry);
    (page.message().load(Ordering::Relaxed), page.first_message().load(Ordering::Relaxed))
}

#[test]
fn a_page_tells_where_its_consumer_stands_as_soon_as_that_is_attached() {
    let site = Site::new();
    let mut tx = site.create(1024);
    for number in 0..500 {
        tx.publish(&payload(number, (number % 50) as usize)).unwrap();
    }
    let oldest = site.attach("other").sequence();
    // All in the entry of others before.
    assert_eq!(numbers(&site, "new", Some(Start::Oldest)), (oldest, oldest));
    assert_eq!(numbers(&site, "new", Some(Start::At(498))), (498, 498));
    assert_eq!(numbers(&site, "new", None), (498, 498));
    assert_eq!(numbers(&site, "new", Some(Start::Latest)), (500, 500));
    let mut rx = site.consumer("newer").start(Start::At(497)).build().unwrap();
    drop(rx.recv().unwrap());
    rx.into_shared().detach();
    assert_eq!(numbers(&site, "newer", None), (498, 498));
    // And one who comes after all of them finds its place.
    assert_eq!(site.consumer("newer").build().unwrap().sequence(), 498);
}

#[test]
fn a_start_that_is_not_to_be_had_costs_nobody_the_place() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut all: Vec<_> = (0..4).map(|index| site.attach(&index.to_string())).collect();
    for number in 0..500 {
        tx.publish(&payload(number, (number % 50) as usize)).unwrap();
        for rx in &mut all {
            rx.drain(|_, _| ()).unwrap();
        }
    }
    // Of four entries three are in use, and one remembers who is away.
    all.pop().unwrap().into_shared().detach();
    tx.publish(b"more").unwrap();
    for (at, text) in [(3, "Gone"), (502, "Ahead"), (u64::MAX, "Ahead")] {
        let refused = site.consumer("new").start(Start::At(at)).build().unwrap_err();
        assert!(format!("{refused:?}").starts_with(text), "{refused:?}");
    }
    let mut back = site.consumer("3").start(Start::Resume).build().unwrap();
    assert_eq!((back.sequence(), &*back.recv().unwrap().unwrap()), (500, &b"more"[..]));
}
