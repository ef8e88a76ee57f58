//! Paused is not dead: a stopped process keeps its place, for however long.

use core::time::Duration;

use myelon_tests::over_every_location;

over_every_location! {
    fn a_stopped_consumer_is_not_evicted_and_nothing_is_overwritten(arena) {
        for (kind, policy) in [("L24", "evict"), ("D8", "hold:1")] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=8 policy={policy}"));
            rx.ask(format!("attach type={kind} at={at} id=paused"));
            tx.ask("publish n=8");
            rx.ask("hold what=rx form=batch take=3");
            rx.stop();
            // Longer than any time-out in the library.
            let error = tx.refuse("publish n=1 limit=within:700", &["TimedOut", "alive: true", "`paused`"]);
            assert!(error.contains(&rx.pid().to_string()), "{error}");
            tx.tell("publish n=8 form=value");
            tx.is_silent_for(Duration::from_millis(700));
            let mut twin = arena.peer();
            twin.refuse(format!("attach type={kind} at={at} id=paused"), &["IdInUse", &rx.pid().to_string()]);
            rx.cont();
            assert_eq!(rx.ask("release").num("next"), 3);
            assert_eq!(rx.ask("receive n=13 form=lease").num("next"), 16);
            tx.expect();
            tx.leave();
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }

    fn a_consumer_stopped_in_the_middle_of_a_stream_loses_nothing(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=64"));
            rx.ask(format!("attach type={kind} at={at} id=paused"));
            rx.tell("receive form=mixed");
            // Some times what goes through in the 25 ms in which neither is stopped, however fast the ring is.
            tx.tell("publish n=3000000 form=mixed run=9");
            for _ in 0..5 {
                rx.is_silent_for(Duration::from_millis(5));
                rx.stop();
                rx.is_silent_for(Duration::from_millis(150));
                rx.cont();
            }
            tx.expect();
            tx.leave();
            assert_eq!(rx.expect().num("got"), 3_000_000);
            rx.leave();
        }
    }

    fn a_stopped_producer_is_not_reported_as_dead(arena) {
        let at = arena.spot("paused").text();
        let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=8"));
        rx.ask(format!("attach type=L24 at={at} id=waits"));
        tx.ask("publish n=3");
        tx.stop();
        rx.ask("receive n=3 form=lease");
        rx.refuse("receive limit=within:500", &["TimedOut"]);
        other.refuse(format!("create type=L24 at={at} cap=8"), &["AlreadyExists", &tx.pid().to_string()]);
        rx.tell("receive n=3 form=lease");
        rx.is_silent_for(Duration::from_millis(500));
        tx.cont();
        tx.ask("publish n=3");
        assert_eq!(rx.expect().num("next"), 6);
        tx.leave();
        assert_eq!(rx.ask("receive").num("closed"), 1);
        rx.leave();
    }

    fn a_producer_stopped_in_the_middle_of_a_stream_goes_on(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=64"));
            rx.ask(format!("attach type={kind} at={at} id=waits"));
            rx.tell("receive form=mixed");
            tx.tell("publish n=3000000 form=mixed run=9");
            for _ in 0..5 {
                tx.is_silent_for(Duration::from_millis(5));
                tx.stop();
                rx.is_silent_for(Duration::from_millis(150));
                tx.cont();
            }
            tx.expect();
            tx.leave();
            let seen = rx.expect();
            assert_eq!((seen.num("got"), seen.num("died")), (3_000_000, 0));
            rx.leave();
        }
    }
}
