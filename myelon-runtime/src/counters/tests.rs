mod health;

use super::*;
use crate::event::RingEvent;
use crate::liveness::OnConsumerDeath;
use crate::location::Location;
use crate::ring::Dense;
use crate::segment::{AttachRequest, Contract, CreateRequest, Placement, attach, create};

fn channel(location: &Location) -> (Segment, crate::segment::Joined) {
    let segment = create(&CreateRequest {
        location: location.clone(),
        channel: "Numbers",
        contract: Contract::of::<[u16; 4], Dense>(3),
        capacity: 8,
        max_consumers: 4,
        fresh: false,
        on_consumer_death: OnConsumerDeath::HoldForever,
        required: Vec::new(),
        placement: Placement::default(),
    })
    .unwrap();
    segment.producer_ready();
    let joined = attach::<[u16; 4], Dense>(&AttachRequest {
        location: location.clone(),
        id: "risk".to_owned(),
        contract: Contract::of::<[u16; 4], Dense>(3),
        start: None,
        timeout: core::time::Duration::ZERO,
        declared_only: None,
        placement: Placement::default(),
    })
    .unwrap();
    (segment, joined)
}

#[test]
fn what_the_ends_count_a_snapshot_shows() {
    let location = Location::anonymous().unwrap();
    let (segment, joined) = channel(&location);
    let producer = ProducerCounters::of(&segment);
    producer.full.add(2);
    producer.evictions.add(1);
    producer.note_lag(0, 5);
    producer.note_lag(0, 3);
    producer.note_lag(99, 3);
    producer.app("orders").unwrap().add(7);
    producer.app("orders").unwrap().add(1);
    let consumer = ConsumerCounters::of(&joined.segment, joined.entry);
    consumer.parks.add(4);
    consumer.app("depth").unwrap().set(40);
    segment.producer_page().published().store(6, Ordering::Release);
    joined.segment.consumer_page(0).cursor().store(4, Ordering::Release);

    let seen = Snapshot::take(&location).unwrap();
    assert_eq!((seen.channel.as_str(), seen.version, seen.capacity), ("Numbers", 3, 8));
    assert_eq!(seen.layout, Some(<[u16; 4]>::SCHEMA.into()));
    assert_eq!(seen.on_consumer_death, OnConsumerDeath::HoldForever);
    assert_eq!(seen.closed_at, None);
    let tx = &seen.producer;
    assert_eq!((tx.alive, tx.pid, tx.full, tx.evictions), (true, Some(std::process::id()), 2, 1));
    assert_eq!((tx.published, tx.bytes), (6, 48));
    assert_eq!((tx.app[0].label.as_str(), tx.app[0].value, tx.app.len()), ("orders", 8, 1));
    let [rx] = &*seen.consumers else { panic!("{seen:?}") };
    assert_eq!((rx.id.as_str(), rx.state, rx.alive), ("risk", ConsumerState::Attached, true));
    assert_eq!((rx.cursor, rx.lag, rx.largest_lag, rx.received, rx.bytes), (4, 2, 5, 4, 32));
    assert_eq!((rx.parks, rx.app[0].value), (4, 40));
    let text = seen.to_string();
    for part in ["Numbers", "8 events of 8 bytes", "risk", "attached", "alive", "orders: 8", "depth: 40"] {
        assert!(text.contains(part), "{part}: {text}");
    }

    drop(joined);
    drop(consumer);
    let seen = Snapshot::take(&location).unwrap();
    assert!(!seen.consumers[0].alive);
    assert!(seen.producer.alive);
}

#[test]
fn counters_keep_the_mapping_alive_and_the_participant_with_it() {
    let location = Location::anonymous().unwrap();
    let (segment, joined) = channel(&location);
    let consumer = ConsumerCounters::of(&joined.segment, joined.entry);
    drop(joined);
    consumer.waits.add(1);
    assert!(segment.is_alive(0).unwrap(), "L2: what maps the segment is alive");
    drop(consumer);
    assert!(!segment.is_alive(0).unwrap());
}

#[test]
fn an_application_has_sixteen_counters_and_labels_of_any_kind() {
    let location = Location::anonymous().unwrap();
    let (segment, _joined) = channel(&location);
    let counters = ProducerCounters::of(&segment);
    assert!(counters.app("").is_none());
    let long = "a\u{7}".repeat(30);
    counters.app(&long).unwrap().add(1);
    counters.app(&long).unwrap().add(1);
    for index in 1..16 {
        counters.app(&index.to_string()).unwrap().add(1);
    }
    assert!(counters.app("one too many").is_none());
    assert_eq!(counters.app(&long).unwrap().get(), 2);
}
