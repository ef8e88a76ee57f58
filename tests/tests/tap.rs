//! The tap: a lossy look that takes no part, never tears, and says what it missed (R7).

use myelon_tests::{Random, over_every_location};

over_every_location! {
    fn a_tap_sees_whole_events_and_counts_what_it_missed(arena) {
        for kind in ["L24", "D8", "L256", "D256", "LChecked"] {
            let mut random = Random::new();
            let at = arena.spot(kind).text();
            let (mut tx, mut tap) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            tap.ask(format!("tap type={kind} at={at}"));
            tx.tell("publish n=200000 form=mixed run=5");
            let mut next = 0;
            for _ in 0..20 {
                if next + 3000 > 200_000 {
                    break;
                }
                // The helper checks that seen and missed together are where it stands.
                next = tap.ask(format!("read-tap n={} now", 1 + random.below(500))).num("next");
            }
            tx.expect();
            let rest = tap.ask("read-tap until=200000");
            assert_eq!(rest.num("next"), 200_000);
            tx.leave();
        }
    }

    fn a_tap_sees_whole_messages_and_counts_what_it_missed(arena) {
        for kind in ["Log", "Timed", "Books", "Monsters", "Feed"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut tap) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            tap.ask(format!("tap type={kind} at={at}"));
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            tx.tell("publish n=20000 form=mixed run=5 len=mix:900:3");
            for _ in 0..20 {
                tap.ask("read-tap n=100 now len=mix:900:3");
            }
            tx.expect();
            let rest = tap.ask("read-tap now len=mix:900:3");
            assert_eq!(rest.num("next"), 20_000);
            tx.leave();
        }
    }

    fn a_tap_that_is_lapped_in_the_middle_of_a_copy_notices(arena) {
        for (kind, capacity) in [("D256", 4), ("L256", 4), ("D256", 1), ("D64", 2)] {
            let at = arena.spot(&format!("{kind}{capacity}")).text();
            let (mut tx, mut tap) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity}"));
            tap.ask(format!("tap type={kind} at={at}"));
            tap.tell("read-tap until=1500000");
            tx.ask("publish n=1500000 form=with");
            assert_eq!(tap.expect().num("next"), 1_500_000);
            tx.leave();
        }
    }

    fn a_tap_holds_nobody_back_and_nobody_knows_of_it(arena) {
        let at = arena.spot("unseen").text();
        let (mut tx, mut tap) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        tx.ask("publish n=10");
        tap.ask(format!("tap type=L24 at={at}"));
        assert_eq!(tx.ask("ask-tx").num("attached"), 0);
        tx.ask("publish n=90 limit=try form=value");
        // From the oldest: ten were read by nobody, and most of the others are overwritten.
        let seen = tap.ask("read-tap until=100");
        assert_eq!((seen.num("first"), seen.num("missed"), seen.num("seen")), (0, 88, 12));
        // It sees the channel end, and does not keep it.
        tx.leave();
        let seen = tap.ask("read-tap now");
        assert_eq!(seen.num("seen"), 0);
    }

    fn a_tap_may_be_killed_or_stopped(arena) {
        let at = arena.spot("killed").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=D8 at={at} cap=16"));
        rx.ask(format!("attach type=D8 at={at} id=reliable"));
        rx.tell("receive form=mixed");
        tx.tell("publish n=200000 form=mixed");
        for _ in 0..5 {
            let mut tap = arena.peer();
            tap.ask(format!("tap type=D8 at={at}"));
            tap.tell("read-tap");
            tap.is_silent_for(core::time::Duration::from_millis(1));
            tap.stop();
            tap.kill();
        }
        tx.expect();
        tx.leave();
        assert_eq!(rx.expect().num("got"), 200_000);
        rx.leave();
    }
}
