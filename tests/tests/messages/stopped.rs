//! Paused is not dead: whoever is stopped in the middle of a message goes on in it, and the others wait.

use core::time::Duration;

use myelon_tests::over_every_location;

use crate::halt::{EMPTY, Halted, KEPT, LONG, RING, after_each_fragment, in_the_middle};

/// Longer than any time-out in the library.
const LONG_TIME: Duration = Duration::from_millis(300);

over_every_location! {
    fn a_producer_between_any_two_fragments(arena) {
        for len in [KEPT, LONG] {
            after_each_fragment(arena, len, "", |mut halted| {
                // It is stopped already.
                halted.quick.refuse(format!("receive limit=within:20 len={len}"), &["TimedOut"]);
                halted.quick.tell(format!("receive n=1 form=lease len={len}"));
                if halted.fragments == 2 {
                    halted.quick.is_silent_for(LONG_TIME);
                    let mut other = arena.peer();
                    let create = format!("create type=Log at={} cap={RING}", halted.at());
                    other.refuse(create, &["AlreadyExists", &halted.tx.pid().to_string()]);
                }
                halted.tx.cont();
                if halted.way.rounds == 0 {
                    halted.slow_receives_what_is_before();
                }
                Halted::receive_whole(&mut halted.slow, len);
                assert_eq!(halted.quick.expect().num("joined"), 1);
                halted.tx.expect();
                Halted::goes_on(halted.tx, &mut [&mut halted.quick, &mut halted.slow]);
            });
        }
    }

    fn a_consumer_between_any_two_fragments(arena) {
        after_each_fragment(arena, LONG, "", |mut halted| {
            halted.quick.tell(format!("receive n=1 form=lease len={LONG}"));
            halted.quick.stop();
            halted.tx.cont();
            if halted.way.rounds == 0 {
                halted.slow_receives_what_is_before();
            }
            if halted.fragments == 3 {
                // It is not let go, and nothing is written over.
                halted.tx.is_silent_for(LONG_TIME);
                let mut twin = arena.peer();
                let attach = format!("attach type=Log at={} id=quick", halted.at());
                twin.refuse(attach, &["IdInUse", &halted.quick.pid().to_string()]);
            }
            halted.quick.cont();
            Halted::receive_whole(&mut halted.slow, LONG);
            let seen = halted.quick.expect();
            assert_eq!((seen.num("next"), seen.num("joined")), (EMPTY + 1, 1));
            halted.tx.expect();
            Halted::goes_on(halted.tx, &mut [&mut halted.quick, &mut halted.slow]);
        });
    }

    fn a_publish_with_a_time_limit_expires_while_a_consumer_is_stopped_inside_of_the_message(arena) {
        let Halted { tx: mut first, mut quick, mut slow, .. } = in_the_middle(arena, KEPT, "");
        first.cont();
        slow.ask(format!("receive until={EMPTY} len=0"));
        Halted::receive_whole(&mut slow, KEPT);
        first.expect();
        quick.stop();
        // One more message fits nowhere as long as the quick one keeps what it is inside of.
        let error = first.refuse("publish n=9 limit=within:150 form=value len=200", &["TimedOut", "alive: true", "`quick`"]);
        assert!(error.contains(&quick.pid().to_string()), "{error}");
        let next: u64 = error.rsplit("next=").next().unwrap().trim().parse().unwrap();
        quick.cont();
        Halted::receive_whole(&mut quick, KEPT);
        first.ask("publish n=1 form=value len=200");
        first.leave();
        for consumer in [&mut quick, &mut slow] {
            let seen = consumer.ask("receive form=mixed len=200");
            assert_eq!((seen.num("next"), seen.num("closed")), (next + 1, 1));
            consumer.leave();
        }
    }

    fn a_consumer_that_holds_a_message(arena) {
        for (place, released) in [("form=lease", 1), ("form=batch take=2", 2)] {
            for policy in ["evict", "hold:1"] {
                let at = arena.spot(&format!("{released}{}", policy.len())).text();
                let (mut tx, mut rx) = (arena.peer(), arena.peer());
                tx.ask(format!("create type=Log at={at} cap={RING} policy={policy}"));
                rx.ask(format!("attach type=Log at={at} id=paused"));
                tx.ask("publish n=4 form=value len=200");
                rx.ask(format!("hold what=rx {place} len=200"));
                rx.stop();
                tx.refuse("publish n=1 limit=within:150 len=200", &["TimedOut", "alive: true", "`paused`", "next=4"]);
                tx.tell(format!("publish n=8 form=value len=200,{LONG}"));
                tx.is_silent_for(LONG_TIME);
                rx.cont();
                assert_eq!(rx.ask("release").num("next"), released, "and it was what it is");
                let rest = 4 - released;
                assert_eq!(rx.ask(format!("receive n={rest} form=lease len=200")).num("next"), 4);
                assert_eq!(rx.ask(format!("receive n=8 form=lease len=200,{LONG}")).num("next"), 12);
                tx.expect();
                tx.leave();
                assert_eq!(rx.ask("receive").num("closed"), 1);
                rx.leave();
            }
        }
    }

    fn a_producer_that_holds_a_claim(arena) {
        for kind in ["Log", "Feed"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={RING}"));
            rx.ask(format!("attach type={kind} at={at} id=waits"));
            tx.ask("publish n=3 len=20");
            tx.ask("hold max=100");
            tx.stop();
            rx.ask("receive n=3 form=lease len=20");
            rx.refuse("receive limit=try", &["Empty"]);
            rx.refuse("receive limit=within:100", &["TimedOut"]);
            other.refuse(format!("create type={kind} at={at} cap={RING}"), &["AlreadyExists"]);
            rx.tell("receive n=2 form=lease len=20");
            rx.is_silent_for(LONG_TIME);
            tx.cont();
            assert_eq!(tx.ask("release").num("next"), 3);
            tx.ask("publish n=2 len=20");
            assert_eq!(rx.expect().num("next"), 5);
            tx.leave();
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }

    fn either_end_in_the_middle_of_a_stream(arena) {
        for which in ["tx", "rx"] {
            let at = arena.spot(which).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap={RING}"));
            rx.ask(format!("attach type=Log at={at} id=waits"));
            rx.tell("receive form=mixed len=mix:3000");
            let enough = arena.path(&format!("{which}.enough"));
            tx.tell(format!("publish until=400000000 form=mixed run=9 len=mix:3000 till={}", enough.display()));
            for _ in 0..5 {
                tx.is_silent_for(Duration::from_millis(5));
                let (stopped, waits) = if which == "tx" { (&mut tx, &mut rx) } else { (&mut rx, &mut tx) };
                stopped.stop();
                waits.is_silent_for(Duration::from_millis(150));
                stopped.cont();
            }
            std::fs::write(enough, "").unwrap();
            let end = tx.expect().num("next");
            tx.leave();
            let seen = rx.expect();
            assert_eq!((seen.num("got"), seen.num("died"), seen.num("closed")), (end, 0, 1));
            rx.leave();
        }
    }
}
