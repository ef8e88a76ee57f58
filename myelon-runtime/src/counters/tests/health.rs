//! What is written down over the lives of ends, and what others read of it. Dropping an end as a thread that panics would
//! is, to everybody else, its death.

use core::time::Duration;

use crate::channel::testing::{Site, die};
use crate::consumer::RecvError;
use crate::counters::Health;
use crate::lifecycle::{History, LifecycleEvent, LifecycleRecord, Participant, Whom};
use crate::liveness::{Loss, LostWhy, OnConsumerDeath, OnDeath, OnFailure, Required, Role};
use crate::location::Location;
use crate::producer::PublishError;
use crate::ring::{Dense, Stamped, Start};
use crate::segment::AttachError;
use crate::sync::Ordering;

/// `who event sequence by`, one a line.
fn story(location: &Location) -> Vec<String> {
    let name = |who: &Participant| match who {
        Participant::Producer => "tx".to_owned(),
        Participant::Consumer { id, .. } => id.clone(),
    };
    let line = |record: &LifecycleRecord| {
        assert_eq!(record.pid, Some(std::process::id()));
        let by = if record.by == record.who { String::new() } else { format!(" by {}", name(&record.by)) };
        format!("{} {} {}{by}", name(&record.who), record.event, record.sequence)
    };
    History::take(location).unwrap().records.iter().map(line).collect()
}

#[test]
fn who_comes_and_goes_is_written_down() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.create(4);
    let mut rx = site.attach("risk");
    tx.publish_slice(&[1, 2, 3]).unwrap();
    assert_eq!(rx.recv().unwrap().as_deref(), Some(&1));
    rx.detach();
    site.attach("dash").close();
    let rx = site.consumer("risk").build().unwrap();
    tx.detach();
    let tx = site.create(4);
    drop(rx);
    tx.close();
    assert_eq!(
        story(&site.location),
        [
            "tx attached 0",
            "risk attached 0",
            "risk detached 1",
            "dash attached 0",
            "dash left 0",
            "risk resumed 1",
            "tx detached 3",
            "tx resumed 3",
            "risk left 1",
            "tx closed 3",
        ]
    );
}

/// Drops an end as if its process had been killed: it tells nothing.
macro_rules! kill {
    ($end:expr) => {{
        let mut end = $end;
        assert!(end.segment.end_once());
        drop(end);
    }};
}

#[test]
fn deaths_are_written_down_by_whoever_finds_them_once() {
    let site = Site::<u64, Dense>::new();
    let holds = site.producer().on_consumer_death(OnConsumerDeath::HoldForever);
    let mut tx = holds.capacity(4).build().unwrap();
    let rx = site.attach("risk");
    tx.publish_slice(&[1, 2, 3, 4]).unwrap();
    let look_often = Duration::from_millis(60);
    kill!(rx);
    tx.publish_timeout(5, look_often).unwrap_err();
    // It comes back, and tells of its end itself: that is not told again.
    die(site.consumer("risk").build().unwrap());
    tx.publish_timeout(5, look_often).unwrap_err();
    // It came and went before anybody looked: whoever takes its place finds out.
    kill!(site.consumer("risk").build().unwrap());
    let mut rx = site.consumer("risk").build().unwrap();
    kill!(tx);
    let _ = rx.drain(|_, _| {});
    for _ in 0..3 {
        rx.recv_timeout(look_often).unwrap_err();
    }
    let expected = [
        "tx attached 0",
        "risk attached 0",
        "risk died 0 by tx",
        "risk resumed 0",
        "risk died 0",
        "risk resumed 0",
        "risk died 0",
        "risk resumed 0",
        "tx died 4 by risk",
    ];
    assert_eq!(story(&site.location), expected);
    let _tx = site.create(4);
    let more = ["tx died 4", "tx resumed 4"];
    assert_eq!(story(&site.location), [&expected[..], &more].concat());
}

/// It has no page of its own, and maps the others' for loads only.
#[test]
fn one_who_only_looks_writes_nothing_down() {
    let site = Site::<u64, Stamped>::new();
    let tx = site.create(4);
    let mut rx = site.lossy().build().unwrap();
    kill!(tx);
    assert!(matches!(rx.recv(), Err(RecvError::ProducerDied { sequence: 0, .. })));
    assert_eq!(story(&site.location), ["tx attached 0"]);
}

#[test]
fn who_was_let_go_learns_when_and_by_whom() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.create(4);
    let rx = site.attach("risk");
    tx.publish_slice(&[1, 2, 3, 4]).unwrap();
    kill!(rx);
    tx.publish(5).unwrap();
    match site.consumer("risk").build() {
        Err(error @ AttachError::Evicted { .. }) => {
            let text = error.to_string();
            assert!(
                text.contains("\n  20")
                    && text.contains("evicted at 0 (on_consumer_death: evict), says the producer"),
                "{text}"
            );
            let AttachError::Evicted { last, .. } = error else { unreachable!() };
            let events: Vec<_> = last.iter().map(|record| record.event).collect();
            assert_eq!(events, [LifecycleEvent::Attached, LifecycleEvent::Died, LifecycleEvent::Evicted]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_newcomer_that_needs_the_entry_of_a_dead_one_says_whose_it_was() {
    let site = Site::<u64, Stamped>::new();
    let _tx = site.create(4);
    let mut there = ["a", "b", "c", "d"].map(|id| Some(site.attach(id)));
    kill!(there[2].take().unwrap());
    let newcomer = site.attach("e");
    assert_eq!(newcomer.id(), "e");
    let told = story(&site.location);
    assert!(told.contains(&"c evicted 0".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "e attached 0");
}

#[test]
fn whoever_maps_a_replaced_segment_reads_who_replaced_it() {
    let directory = tempfile::tempdir().unwrap();
    let site = Site::<u64, Stamped>::at(Location::file(directory.path().join("channel")));
    kill!(site.create(4));
    let old = site.attach("risk");
    let _tx = site.producer().fresh().build().unwrap();
    assert_eq!(story(&site.location), ["tx attached 0"]);
    let health = old.health().unwrap();
    let last = health.history.records.last().unwrap();
    assert_eq!((last.event, &last.who), (LifecycleEvent::Superseded, &Participant::Producer));
}

#[test]
fn ids_of_any_length_are_whole_as_long_as_their_page_has_them() {
    let site = Site::<u64, Stamped>::new();
    let _tx = site.create(4);
    let long = "ä".repeat(32);
    let rx = site.attach(&long);
    assert_eq!(story(&site.location)[1], format!("{long} attached 0"));
    rx.close();
    let cut = "ä".repeat(16);
    assert_eq!(story(&site.location)[1..], [format!("{cut}… attached 0"), format!("{cut}… left 0")]);
}

#[test]
fn health_tells_who_is_there_and_who_holds_it_up() {
    let site = Site::<u64, Stamped>::new();
    let mut tx = site.producer().capacity(4).on_consumer_death(OnConsumerDeath::HoldForever).build().unwrap();
    let rx = site.attach("risk");
    let mut dash = site.attach("dash");
    tx.publish_slice(&[1, 2, 3, 4]).unwrap();
    dash.drain(|_, _| {}).unwrap();
    kill!(rx);
    let seen = Health::take(&site.location).unwrap();
    let slowest = seen.slowest().unwrap();
    assert_eq!((slowest.id.as_str(), slowest.alive, slowest.lag), ("risk", false, 4));
    assert!(slowest.idle.is_some(), "it stands where it attached");
    assert_eq!(seen.snapshot.consumers[1].idle, None, "nobody knows");
    assert_eq!(slowest.role, Role::Reliable);
    let text = seen.to_string();
    for part in
        ["producer 1", "published 4", "risk", "dead", "dash", "alive", "the ring is full", "died at 0"]
    {
        // Nobody found out yet.
        assert_eq!(text.contains(part), part != "died at 0", "{part}:\n{text}");
    }

    // Two looks tell more than one.
    let later = Health::take(&site.location).unwrap();
    let passed = later.snapshot.taken.duration_since(seen.snapshot.taken).unwrap();
    let compared = later.since(&seen);
    assert!(compared.snapshot.consumers[1].idle.unwrap() >= passed / 2);
    assert!(compared.snapshot.producer.idle.is_some());
    tx.publish_timeout(5, Duration::from_millis(20)).unwrap_err();
    dash.recv_timeout(Duration::ZERO).unwrap_err();

    // The ends see themselves alive, and the producer knows for how long it has waited.
    let own = tx.health().unwrap();
    assert!(own.snapshot.producer.alive);
    assert!(own.slowest().unwrap().idle.unwrap() >= Duration::from_millis(15));
    let own = dash.health().unwrap();
    assert_eq!(own.snapshot.consumers.iter().map(|one| one.alive).collect::<Vec<_>>(), [false, true]);
    let text = own.to_string();
    assert!(
        text.contains("consumer `risk` (pid ")
            && text.contains("died at 0 (on_consumer_death: hold for ever), says the producer"),
        "{text}"
    );
    let blocker = tx.blocker().unwrap();
    assert_eq!(blocker.last.as_ref().map(|record| record.event), Some(LifecycleEvent::Died));
    assert!(blocker.to_string().contains("; it died 20"), "{blocker}");
}

#[test]
fn required_ones_are_shown_with_their_policy() {
    let policy = Required {
        startup: Some(Duration::from_secs(10)),
        stall: Some(Duration::from_secs(5)),
        grace: Duration::from_millis(1500),
        on_failure: OnFailure::Shutdown,
        on_death: OnDeath::Wait { time: Some(Duration::from_secs(5)), then: Loss::Evict },
        ..Required::DEFAULT
    };
    assert_eq!(
        policy.to_string(),
        "startup 10s; stall 5s, grace 1.5s, then shutdown; death: wait 5s, then evict"
    );
    assert_eq!(Required::DEFAULT.to_string(), "startup no limit; death: wait for ever");
    let site = Site::<u64, Stamped>::new();
    let _tx = site.producer().capacity(4).require("risk", policy).build().unwrap();
    let _dash = site.attach("dash");
    for state in ["required reserved", "required attached"] {
        let text = Health::take(&site.location).unwrap().to_string();
        assert!(text.contains(state) && text.contains("      startup 10s; "), "{text}");
        assert_eq!(text.matches("reliable attached").count(), 1, "{text}");
        if state == "required reserved" {
            die(site.attach("risk"));
        }
    }
}

#[test]
fn what_happens_to_a_required_consumer_is_written_down_until_the_stream_ends_for_it() {
    let site = Site::<u64, Stamped>::new();
    let (stall, look_often) = (Duration::from_millis(5), Duration::from_millis(60));
    let policy =
        Required::DEFAULT.check(Duration::from_millis(1)).stall(stall).on_failure(OnFailure::AlertOnly);
    let policy = policy.on_death(OnDeath::Wait { time: Some(look_often), then: Loss::Shutdown });
    let mut tx = site.producer().capacity(4).require("risk", policy).build().unwrap();
    let mut dash = site.lossy().start(Start::Oldest).build().unwrap();
    tx.publish_slice(&[1, 2, 3, 4]).unwrap();
    // The first time it does not come back, whether its place was kept or not; and nobody stalls who is not there.
    site.consumer("risk").build().unwrap().close();
    tx.publish_timeout(5, look_often).unwrap_err();
    let mut rx = site.consumer("risk").build().unwrap();
    tx.publish_timeout(5, look_often).unwrap_err();
    assert_eq!(rx.recv().unwrap().as_deref(), Some(&1));
    tx.publish_timeout(5, look_often).unwrap();
    kill!(rx);
    let Err(PublishError::RequiredLost(lost)) = tx.publish(6) else { panic!("it did not end") };
    assert_eq!((lost.id.as_str(), lost.why, lost.at, lost.lag), ("risk", LostWhy::Died, 1, 4));
    // Told to one who only looks as well, and by health, for as long as there is a segment.
    let _ = dash.drain(|_, _| {});
    let told = loop {
        match dash.recv() {
            Ok(_) | Err(RecvError::Lagged { .. }) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(told, RecvError::RequiredLost(lost.clone()));
    let health = tx.health().unwrap();
    assert_eq!(health.snapshot.lost.as_ref(), Some(&*lost));
    assert!(health.to_string().contains("closed at 5: the required consumer `risk`"), "{health}");
    drop(tx);
    assert_eq!(
        story(&site.location),
        [
            "tx attached 0",
            "risk attached 0",
            "risk detached 0",
            "risk resumed 0",
            "risk stalled 0 by tx",
            "risk recovered 1 by tx",
            "risk died 1 by tx",
            "tx closed 5",
        ]
    );
}

#[test]
fn others_note_what_they_find_out() {
    let site = Site::<u64, Stamped>::new();
    let tx = site.create(4);
    let rx = site.attach("risk");
    tx.segment.note(LifecycleEvent::Stalled, Whom::Entry(0));
    tx.segment.note(LifecycleEvent::Recovered, Whom::Entry(0));
    // Nobody has such an entry, and one who only looks has no page.
    tx.segment.note(LifecycleEvent::Stalled, Whom::Entry(4000));
    let (looks, ..) = crate::segment::inspect(&site.location).unwrap();
    looks.note(LifecycleEvent::Stalled, Whom::Entry(0));
    looks.note_own(LifecycleEvent::Closed);
    let records = History::take(&site.location).unwrap().records;
    let told: Vec<_> = records.iter().map(ToString::to_string).collect();
    assert_eq!(records.len(), 5, "{told:#?}");
    assert!(told[2].ends_with("stalled at 0, says the producer"), "{told:#?}");
    assert!(told[4].contains("consumer in entry 4000 stalled"), "{told:#?}");
    drop(rx);
}

/// Words that hurt, in every place of every record.
#[test]
fn whatever_stands_in_a_record_it_is_shown_or_not() {
    let site = Site::<u64, Stamped>::new();
    let tx = site.create(4);
    let rx = site.attach("risk");
    for round in 0..16 {
        tx.segment.note(LifecycleEvent::Stalled, Whom::Entry(round % 3));
        rx.segment.note(LifecycleEvent::Died, Whom::Producer);
    }
    let pages = (tx.segment.producer_page(), rx.segment.consumer_page(0));
    for log in [&pages.0.log, &pages.1.log] {
        for slot in log.slots() {
            for word in core::iter::once(&slot.number).chain(&slot.words) {
                let was = word.load(Ordering::Relaxed);
                let bits = (0..64).map(|bit| was ^ (1 << bit));
                for value in bits.chain([0, u64::MAX, u64::MAX - 1, 1 << 48, was.wrapping_add(16)]) {
                    word.store(value, Ordering::Relaxed);
                    let health = tx.segment.history();
                    assert!(health.records.len() <= 32);
                    assert!(!health.to_string().contains('\u{7}'));
                }
                word.store(was, Ordering::Relaxed);
            }
        }
    }
    assert_eq!(tx.segment.history().records.len(), 32);
    let text = Health::take(&site.location).unwrap().to_string();
    assert!(text.contains("last of 32 records"), "{text}");
}
