//! What happened to those who take part is written down, and can be read by anybody, also when all of them are dead.

use core::time::Duration;
use std::time::Instant;

use myelon::{Health, History, LifecycleEvent, LifecycleRecord, Participant, Role};
use myelon_tests::segment::{Number, RECORDS, RECORDS_AT};
use myelon_tests::{Random, Spot, over_every_location};

/// A channel, the capacity at which eight of its events or messages fill the ring, and how its ends are asked for such.
const KINDS: [(&str, u64, &str); 3] = [("L24", 8, ""), ("D8", 8, ""), ("Log", 512, "len=40")];

/// `who event sequence by`, with pids that were given names.
fn story(records: &[LifecycleRecord], pids: &[(u32, &str)]) -> Vec<String> {
    let name = |who: &Participant| match who {
        Participant::Consumer { id, .. } => id.clone(),
        _ => "producer".to_owned(),
    };
    let line = |record: &LifecycleRecord| {
        let pid = record.pid.expect("who it was");
        let who = pids.iter().find(|(known, _)| *known == pid).expect("a process of this test").1;
        let by = if record.by == record.who { String::new() } else { format!(" by {}", name(&record.by)) };
        format!("{} {who} {} {}{by}", name(&record.who), record.event, record.sequence)
    };
    records.iter().map(line).collect()
}

fn take(spot: &Spot) -> History {
    History::take(spot.location()).unwrap()
}

over_every_location! {
    fn all_are_dead_and_their_story_is_told(arena) {
        for (kind, capacity, size) in KINDS {
            let spot = arena.spot(kind);
            let at = spot.text();
            let (mut tx, mut rx, mut dash) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity} policy=forever"));
            rx.ask(format!("attach type={kind} at={at} id=risk"));
            dash.ask(format!("attach type={kind} at={at} id=dash"));
            tx.ask(format!("publish n=8 form=value {size}"));
            rx.ask(format!("receive n=3 form=lease {size}"));
            dash.ask(format!("receive n=8 form=lease {size}"));
            dash.ask("detach what=rx");
            dash.ask(format!("attach type={kind} at={at} id=dash"));
            dash.ask("close what=rx");
            rx.kill();
            // The producer finds out where the dead one is in its way, and says what it knows.
            let wait = format!("publish n=8 form=value limit=within:100 {size}");
            tx.refuse(wait.as_str(), &["TimedOut", "`risk`", "; it died 2"]);
            tx.refuse(wait.as_str(), &["TimedOut"]);
            let published = tx.ask("ask-tx").num("next");
            assert!(tx.ask("ask-tx").text("health").unwrap().contains("(pid "));
            tx.kill();
            dash.kill();
            let pids = [(tx.pid(), "tx"), (rx.pid(), "rx"), (dash.pid(), "dash")];
            let dead = take(&spot);
            let expected = [
                "producer tx attached 0".to_owned(),
                "risk rx attached 0".to_owned(),
                "dash dash attached 0".to_owned(),
                "dash dash detached 8".to_owned(),
                "dash dash resumed 8".to_owned(),
                "dash dash left 8".to_owned(),
                "risk rx died 3 by producer".to_owned(),
            ];
            assert_eq!(story(&dead.records, &pids), expected, "{kind}");
            assert!(dead.records.is_sorted_by_key(|record| record.at));
            let health = Health::take(spot.location()).unwrap();
            assert_eq!(health.history, dead);
            let slowest = health.slowest().unwrap();
            assert_eq!((slowest.id.as_str(), slowest.alive, slowest.role), ("risk", false, Role::Reliable));
            assert_eq!(slowest.lag, published - 3);
            assert!(slowest.idle.is_some(), "its last record tells");
            let text = health.to_string();
            for part in ["risk", "reliable", "attached", "dead", "slowest: `risk`", "died at 3 (on_consumer_death: hold for ever), says the producer"] {
                assert!(text.contains(part), "{part} is not in:\n{text}");
            }

            // Those who come next write on, after what they found.
            let (mut next, mut back) = (arena.peer(), arena.peer());
            next.ask(format!("create type={kind} at={at} cap={capacity}"));
            back.ask(format!("attach type={kind} at={at} id=risk"));
            next.ask("close");
            let after = take(&spot);
            let more = [
                format!("producer tx died {published}"),
                format!("producer next resumed {published}"),
                "risk back resumed 3".to_owned(),
                format!("producer next closed {published}"),
            ];
            let pids = [&pids[..], &[(next.pid(), "next"), (back.pid(), "back")]].concat();
            assert_eq!(story(&after.records, &pids), [&expected[..], &more].concat(), "{kind}");
            let left = published - 3;
            back.ask(format!("receive n={left} form=lease {size}"));
            back.leave();
            if let Some(file) = arena.file_of(kind) {
                // A file stays, and with it what is written in it.
                if file.exists() {
                    assert_eq!(take(&spot).records.last().unwrap().event, LifecycleEvent::Left);
                }
            }
        }
    }

    fn who_was_let_go_is_told_when_and_by_whom(arena) {
        for (kind, capacity, size) in KINDS {
            let spot = arena.spot(kind);
            let at = spot.text();
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity}"));
            rx.ask(format!("attach type={kind} at={at} id=risk"));
            rx.kill();
            tx.ask(format!("publish n=30 form=value {size}"));
            other.refuse(
                format!("attach type={kind} at={at} id=risk"),
                &["Evicted", "died at 0 (on_consumer_death: evict), says the", "evicted at 0 (on_consumer_death: evict), says the"],
            );
            other.ask(format!("attach type={kind} at={at} id=risk start=latest"));
            tx.kill();
            other.refuse("receive", &["ProducerDied"]);
            let pids = [(tx.pid(), "tx"), (rx.pid(), "rx"), (other.pid(), "other")];
            let told = story(&take(&spot).records, &pids);
            assert_eq!(told[told.len() - 2..], ["risk other attached 30", "producer tx died 30 by risk"], "{kind}");
            other.kill();
        }
        arena.sweep();
    }

    fn a_writer_killed_at_any_moment_leaves_whole_records(arena) {
        let mut random = Random::new();
        let spot = arena.spot("busy");
        let at = spot.text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=8 policy=forever"));
        let bytes = spot.bytes();
        let page = bytes.number(Number::Consumers) + RECORDS_AT;
        let mut pids = vec![(tx.pid(), "tx")];
        for round in 0..20 {
            let mut rx = arena.peer();
            pids.push((rx.pid(), "rx"));
            rx.ask(format!("attach type=D8 at={at} id=a start=latest"));
            // Comes and goes, and each time writes a record.
            for _ in 0..4 {
                rx.tell("detach what=rx");
                rx.tell(format!("attach type=D8 at={at} id=a"));
            }
            let (since, moment) = (Instant::now(), random.moment(Duration::from_millis(2)));
            while since.elapsed() < moment {
                core::hint::spin_loop();
            }
            rx.kill();
            // At most one record of the page is not finished, and all others are whole.
            let seen = take(&spot);
            story(&seen.records, &pids);
            let unfinished = (0..RECORDS / 64).filter(|slot| bytes.word(page + 64 * slot) == 0).count();
            assert_eq!(seen.of_consumer("a").count() + unfinished, 16);
            assert!(unfinished <= 1 || round < 8, "{unfinished} after {round} lives");
        }
        tx.leave();
    }
}
