//! How a stream ends: closed, dropped, left open.

use core::time::Duration;

use myelon_tests::{Backend, over_every_location};

over_every_location! {
    fn consumers_drain_what_is_there_and_then_see_the_end(arena) {
        for (kind, end) in [("L24", "close"), ("D8", "close"), ("L24", "drop"), ("D8", "drop")] {
            let at = arena.spot(&format!("{kind}{end}")).text();
            let (mut tx, mut rx, mut late) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=64"));
            rx.ask(format!("attach type={kind} at={at} id=a"));
            late.ask(format!("attach type={kind} at={at} id=b"));
            tx.ask("publish n=50");
            rx.ask("receive n=20 form=lease");
            tx.ask(end);
            // Also when the producer's process is gone.
            tx.leave();
            let seen = rx.ask("receive form=lease");
            assert_eq!((seen.num("got"), seen.num("closed"), seen.num("died")), (30, 1, 0));
            for form in ["lease", "value", "wait", "drain", "drain_while", "batch", "slices"] {
                for limit in ["block", "try", "within:60000", "by:60000"] {
                    let again = rx.ask(format!("receive form={form} limit={limit}"));
                    assert_eq!((again.num("got"), again.num("closed")), (0, 1), "the end stays the end");
                }
            }
            assert_eq!(late.ask("receive form=batch").num("got"), 50);
            rx.leave();
            late.leave();
        }
    }

    fn a_close_wakes_those_who_wait(arena) {
        for wait in ["spin", "yield", "park", "adaptive"] {
            let at = arena.spot(wait).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=L24 at={at}"));
            rx.ask(format!("attach type=L24 at={at} id=waits wait={wait}"));
            rx.tell("receive");
            rx.is_silent_for(Duration::from_millis(20));
            tx.ask("close");
            assert_eq!(rx.expect().num("closed"), 1);
            rx.leave();
        }
    }

    fn a_consumer_that_leaves_makes_room(arena) {
        for end in ["close", "drop", "detach"] {
            let at = arena.spot(end).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=D8 at={at} cap=4"));
            rx.ask(format!("attach type=D8 at={at} id=leaves"));
            tx.ask("publish n=4");
            tx.tell("publish n=4");
            tx.is_silent_for(Duration::from_millis(20));
            rx.ask(format!("{end} what=rx"));
            tx.expect();
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            tx.leave();
        }
        // The one that detached might have come back for the rest; a sweep does not wait for it.
        arena.sweep();
    }

    fn detach_leaves_the_stream_open_for_a_successor(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=stays"));
            tx.ask("publish n=5");
            tx.ask("detach");
            assert_eq!(rx.ask("receive n=5 form=lease").num("next"), 5);
            // No death is told: it waits.
            rx.tell("receive n=5 form=lease");
            rx.is_silent_for(Duration::from_millis(200));
            assert_eq!(next.ask(format!("create type={kind} at={at} cap=16")).num("next"), 5);
            next.ask("publish n=5");
            let seen = rx.expect();
            assert_eq!((seen.num("next"), seen.num("died")), (10, 0));
            next.ask("close");
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }

    fn what_is_consumed_can_be_waited_for(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            tx.refuse("ask-tx consumers=1 ms=10", &["TimedOut { wanted: 1, attached: 0 }"]);
            tx.tell("ask-tx consumers=1");
            tx.is_silent_for(Duration::from_millis(20));
            rx.ask(format!("attach type={kind} at={at} id=reads"));
            tx.expect();
            tx.ask("publish n=10");
            assert_eq!(tx.ask("ask-tx").num("all_consumed"), 0);
            rx.ask("receive n=9 form=lease");
            tx.ask("ask-tx consumed=8");
            let error = tx.refuse("ask-tx consumed=9 ms=10", &["TimedOut", "`reads`"]);
            assert!(error.contains(&rx.pid().to_string()), "{error}");
            tx.tell("ask-tx consumed=9");
            tx.is_silent_for(Duration::from_millis(20));
            rx.ask("receive n=1 form=lease");
            assert_eq!(tx.expect().num("all_consumed"), 1);
            rx.leave();
            tx.leave();
        }
    }

    fn a_closed_channel_is_not_found_by_new_ids_and_not_gone_on_with(arena) {
        let at = arena.spot("closed").text();
        let (mut tx, mut rx, mut new) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=known"));
        tx.ask("publish n=7");
        tx.ask("close");
        new.refuse(format!("attach type=L24 at={at} id=new"), &["NotFound"]);
        if arena.backend() == Backend::Anonymous {
            new.refuse(format!("create type=L24 at={at} cap=16"), &["CannotReplace"]);
        } else {
            assert_eq!(new.ask(format!("create type=L24 at={at} cap=16")).num("next"), 0, "a new stream");
        }
        // The known one still drains the old stream.
        assert_eq!(rx.ask("receive").num("got"), 7);
        rx.leave();
        new.leave();
    }
}
