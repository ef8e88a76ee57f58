//! A producer of messages is killed in every place where that could hurt: consumers get what was published, are told of the
//! one message that was begun, once, and go on with a successor that attaches at once.

use myelon_tests::course::{Course, wait_until_published};
use myelon_tests::{Peer, over_every_location};

use crate::halt::{EMPTY, KEPT, LONG, RING, after_each_fragment, in_the_middle};

/// What is told of the message that was begun.
const INCOMPLETE: &[&str] = &["Incomplete { sequence: 64 }"];
/// And of its producer.
const DIED: &[&str] = &["ProducerDied { sequence: 64"];

/// A successor; it begins behind the message that was begun.
fn succeed(mut next: Peer, at: &str) -> Peer {
    assert_eq!(next.ask(format!("create type=Log at={at} cap={RING}")).num("next"), EMPTY + 1);
    next
}

over_every_location! {
    fn between_any_two_fragments(arena) {
        for len in [LONG, KEPT] {
            after_each_fragment(arena, len, "", |mut halted| {
                let at = halted.at();
                halted.tx.kill();
                halted.quick.refuse("receive", DIED);
                halted.quick.refuse("receive limit=try", &["Empty"]);
                // At once, and with a number that nobody has seen: that of the message that was begun is used up.
                let mut next = succeed(arena.peer(), &at);
                next.tell("publish n=1 form=value len=5");
                halted.quick.tell("receive");
                // The slow one meets all of that later, and may have to make room for it.
                if halted.way.rounds == 0 {
                    halted.slow_receives_what_is_before();
                }
                halted.slow.refuse("receive", INCOMPLETE);
                halted.quick.expect_error(INCOMPLETE);
                next.expect();
                for consumer in [&mut halted.quick, &mut halted.slow] {
                    assert_eq!(consumer.ask("receive n=1 form=lease len=5").num("next"), EMPTY + 2);
                }
                // And nothing is told twice.
                next.leave();
                for consumer in [&mut halted.quick, &mut halted.slow] {
                    let end = consumer.ask("receive");
                    assert_eq!((end.num("got"), end.num("closed")), (0, 1));
                    consumer.leave();
                }
            });
        }
    }

    fn inside_of_a_message_and_the_successor_closes_without_a_word(arena) {
        let mut halted = in_the_middle(arena, LONG, "");
        halted.slow_catches_up();
        halted.tx.kill();
        halted.quick.refuse("receive", DIED);
        succeed(arena.peer(), &halted.at()).leave();
        for consumer in [&mut halted.quick, &mut halted.slow] {
            consumer.refuse("receive", INCOMPLETE);
            assert_eq!(consumer.ask("receive").num("closed"), 1);
            consumer.leave();
        }
    }

    fn inside_of_a_message_and_the_successor_too(arena) {
        let mut halted = in_the_middle(arena, LONG, "");
        let at = halted.at();
        halted.slow_catches_up();
        halted.tx.kill();
        halted.quick.refuse("receive", DIED);
        // This one is held back in a message of its own.
        let mut second = succeed(arena.peer(), &at);
        second.tell(format!("publish n=1 form=value len={LONG}"));
        halted.quick.refuse("receive", INCOMPLETE);
        halted.slow.refuse("receive", INCOMPLETE);
        second.is_silent_for(core::time::Duration::from_millis(20));
        second.kill();
        halted.quick.refuse(format!("receive len={LONG}"), &["ProducerDied { sequence: 65"]);
        halted.slow.refuse(format!("receive len={LONG}"), &["ProducerDied { sequence: 65"]);
        let mut third = arena.peer();
        assert_eq!(third.ask(format!("create type=Log at={at} cap={RING}")).num("next"), EMPTY + 2);
        third.leave();
        for consumer in [&mut halted.quick, &mut halted.slow] {
            consumer.refuse("receive", &["Incomplete { sequence: 65 }"]);
            assert_eq!(consumer.ask("receive").num("closed"), 1);
            consumer.leave();
        }
    }

    fn holding_a_claim(arena) {
        for kind in ["Log", "Timed", "Feed"] {
            for (committed, max) in [(0, 0), (0, 100), (7, 1), (3, 200)] {
                let at = arena.spot(&format!("{kind}{committed}-{max}")).text();
                let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
                let create = format!("create type={kind} at={at} cap=1024");
                tx.ask(create.clone());
                rx.ask(format!("attach type={kind} at={at} id=stays"));
                tx.ask(format!("publish n={committed} form=claim len=0..30"));
                // Half of it is written, nothing of the shortest.
                assert_eq!(tx.ask(format!("hold max={max}")).num("claimed"), committed);
                tx.kill();
                let seen = rx.ask(format!("receive n={committed} form=mixed len=0..30"));
                assert_eq!((seen.num("next"), seen.num("got")), (committed, committed));
                rx.refuse("receive", &[&format!("ProducerDied {{ sequence: {committed}, pid: {}", tx.pid())]);
                assert_eq!(next.ask(create).num("next"), committed, "what was claimed is as if it had never been");
                next.tell("publish n=40 form=mixed run=3 len=0..300");
                rx.ask("receive n=40 form=mixed len=0..300");
                next.expect();
                next.leave();
                assert_eq!(rx.ask("receive").num("closed"), 1);
                rx.leave();
            }
        }
    }

    fn in_the_middle_of_writing_a_message_or_a_batch(arena) {
        let places = [("Log", "with"), ("Monsters", "with"), ("Log", "batch"), ("Timed", "batch")];
        for (kind, place) in places {
            for (len, how) in [(30, "kill"), (30, "exit"), (3000, "kill")] {
                let at = arena.spot(&format!("{kind}{place}{len}{how}")).text();
                let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
                let create = format!("create type={kind} at={at} cap=4096");
                tx.ask(create.clone());
                rx.ask(format!("attach type={kind} at={at} id=stays"));
                rx.tell(format!("receive form=mixed tolerate=died len={len}"));
                tx.ask(format!("publish n=5 len={len}"));
                tx.tell(format!("crash in={place} len={len} n=200 index=30 how={how}"));
                tx.ended();
                // The runs of a batch that were full are there, and nothing of the one that was being filled.
                let published = next.ask(create).num("next");
                match (place, len) {
                    ("with", _) => assert_eq!(published, 5),
                    (_, 30) => assert!((6..35).contains(&published), "{published}"),
                    _ => assert_eq!(published, 35, "each message of several fragments goes out at once"),
                }
                next.ask(format!("publish n=20 form=mixed run=3 len={len}"));
                next.leave();
                let seen = rx.expect();
                assert_eq!((seen.num("got"), seen.num("closed"), seen.num("incomplete")), (published + 20, 1, 0));
                rx.leave();
            }
        }
    }

    fn blocked_by_a_full_ring(arena) {
        for len in [0, 100, 208] {
            let spot = arena.spot(&format!("full{len}"));
            let at = spot.text();
            let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
            let create = format!("create type=Log at={at} cap={RING}");
            tx.ask(create.clone());
            rx.ask(format!("attach type=Log at={at} id=stays"));
            tx.tell(format!("publish n=1000 form=value len={len}"));
            let mut course = Course::new(RING);
            let mut count = 0;
            while course.publish(len)[0] <= RING / 16 {
                count += 1;
            }
            wait_until_published(&spot, course.stall(0));
            tx.kill();
            assert_eq!(next.ask(create).num("next"), count);
            next.tell(format!("publish n=50 form=mixed run=7 len={len}"));
            let seen = rx.ask(format!("receive n={} form=mixed len={len}", count + 50));
            assert_eq!(seen.num("next"), count + 50);
            next.expect();
            next.leave();
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }
}
