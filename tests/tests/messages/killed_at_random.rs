//! Both ends of a channel of messages, killed at random moments again and again: every message is received or told as lost,
//! none twice but those that were in hand, and nothing needs cleaning up.

use myelon_tests::killing::{Script, at_a_random_moment, come_back, follow, journal, kill_either_end};
use myelon_tests::{Random, over_every_location};

/// Room for every message that a producer could publish in the time.
const ROOM: u64 = 64 << 20;
/// Channels, rings and lengths: from messages of a unit to some that are longer than the ring.
const STREAMS: [(&str, u64, &str); 2] = [("Log", 1024, "mix:3000:1"), ("Feed", 4096, "mix:900:2")];
const FORMS: [&str; 4] = ["lease", "drain", "batch", "mixed"];

over_every_location! {
    fn a_producer_is_followed_in_sequence(arena) {
        for (kind, capacity, len) in STREAMS {
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={capacity}");
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(create.clone());
            rx.ask(format!("attach type={kind} at={at} id=a start=oldest"));
            other.ask(format!("attach type={kind} at={at} id=b start=oldest"));
            rx.tell(format!("receive form=mixed limit=any tolerate=died,incomplete len={len}"));
            other.tell(format!("receive form=drain tolerate=died,incomplete len={len}"));
            let publish = format!("publish until=400000000 form=mixed run=17 journal={path} len={len}");
            follow(arena, &mut tx, &journal, &create, &publish, 40);
            let end = tx.ask(format!("publish n=100 form=mixed len={len}")).num("next");
            tx.ask("close");
            let seen = [rx.expect(), other.expect()];
            for seen in &seen {
                assert_eq!((seen.num("got") + seen.num("incomplete"), seen.num("closed")), (end, 1));
                assert!(seen.num("died") <= 40 && seen.num("incomplete") <= 40, "each is told once");
            }
            assert_eq!(seen[0].text("skipped"), seen[1].text("skipped"), "the same ones for everybody");
            rx.leave();
            other.leave();
        }
    }

    fn a_consumer_that_is_held_for_ever_loses_nothing_unheard(arena) {
        for (kind, capacity, len) in STREAMS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity} policy=forever"));
            rx.ask(format!("attach type={kind} at={at} id=victim start=oldest"));
            let enough = arena.path(&format!("{kind}.enough"));
            tx.tell(format!("publish until=60000000 form=mixed run=11 len={len} till={}", enough.display()));
            for _ in 0..40 {
                let form = random.pick(&FORMS);
                rx.tell(format!("receive form={form} journal={path} tolerate=incomplete len={len}"));
                at_a_random_moment(&mut rx, &mut random);
                rx.kill();
                rx = arena.peer();
                let resumed = rx.ask(format!("attach type={kind} at={at} id=victim")).num("next");
                come_back(&journal, resumed);
            }
            std::fs::write(enough, "").unwrap();
            rx.tell(format!("receive journal={path} tolerate=incomplete len={len}"));
            let end = tx.expect().num("next");
            tx.ask("close");
            assert_eq!(rx.expect().num("closed"), 1);
            rx.leave();
            let told = |sequence| journal.times(sequence) >= 1 || journal.is_lost(sequence);
            assert!((0..end).all(told), "a message is missing");
            assert!((0..end).filter(|sequence| journal.is_lost(*sequence)).count() <= 40);
        }
    }

    fn either_end(arena) {
        for (kind, capacity, len) in STREAMS {
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let script = Script {
                create: format!("create type={kind} at={at} cap={capacity} policy=forever"),
                attach: format!("attach type={kind} at={at} id=victim"),
                publish: format!("publish until=60000000 form=mixed run=7 len={len}"),
                receive: format!("receive form=mixed journal={path} tolerate=died,incomplete len={len}"),
            };
            let end = kill_either_end(arena, &journal, &script, 40);
            let told = |sequence| journal.times(sequence) >= 1 || journal.is_lost(sequence);
            assert!((0..end).all(told), "a message is missing");
        }
    }
}
