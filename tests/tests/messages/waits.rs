//! What ends of a channel of messages wait for beside messages and room, what ends their waits, and what waiting costs.

use core::time::Duration;

use myelon_tests::course::{Course, wait_until_published};
use myelon_tests::{over_every_location, system};
use rustix::process::Signal;

use crate::halt::{Halted, KEPT, LONG, RING, in_the_middle};

over_every_location! {
    fn for_consumers(arena) {
        let at = arena.spot("consumers").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        tx.refuse("ask-tx consumers=1 ms=30", &["TimedOut { wanted: 1, attached: 0 }"]);
        tx.tell("ask-tx consumers=1");
        tx.is_silent_for(Duration::from_millis(20));
        rx.ask(format!("attach type=Log at={at} id=a"));
        assert_eq!(tx.expect().num("attached"), 1);
        tx.leave();
        rx.leave();
    }

    fn for_messages_to_be_consumed(arena) {
        for len in [0, 100, LONG] {
            let at = arena.spot(&format!("consumed{len}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap=4096 policy=forever"));
            tx.ask(format!("publish n=1 form=value len={len}"));
            tx.ask("ask-tx consumed=0 ms=0");
            rx.ask(format!("attach type=Log at={at} id=slow"));
            tx.ask(format!("publish n=1 form=value len={len}"));
            tx.ask("publish n=1 form=value len=7");
            let held = rx.ask(format!("hold what=rx len={len}"));
            assert_eq!(held.num("joined"), u64::from(len == LONG));
            tx.ask("ask-tx consumed=0 ms=0");
            tx.refuse("ask-tx consumed=1 ms=30", &["TimedOut", "`slow`", "alive: true, attached: true, lag: 2,"]);
            tx.tell("ask-tx consumed=1");
            tx.is_silent_for(Duration::from_millis(20));
            rx.ask("release");
            let told = tx.expect();
            assert_eq!((told.num("lag"), told.num("all_consumed")), (1, 0));
            tx.refuse("ask-tx consumed=2 ms=30", &["TimedOut", "lag: 1,"]);
            tx.refuse("ask-tx consumed=3 ms=30", &["TimedOut"]);
            rx.ask("receive n=1 form=lease len=7");
            assert_eq!(tx.ask("ask-tx consumed=2 ms=0").num("all_consumed"), 1);
            // A dead one is waited for as the policy says.
            tx.ask("publish n=1 form=value len=7");
            rx.kill();
            tx.refuse("ask-tx consumed=3 ms=30", &["TimedOut", "alive: false, attached: true, lag: 1,"]);
            let mut back = arena.peer();
            assert_eq!(back.ask(format!("attach type=Log at={at} id=slow")).num("next"), 3);
            back.ask("receive n=1 form=lease len=7");
            tx.ask("ask-tx consumed=3 ms=0");
            tx.leave();
            back.leave();
        }
    }

    fn a_stopper_ends_the_wait_of_a_producer_inside_of_a_message(arena) {
        let spot = arena.spot("stopped");
        let at = spot.text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=slow"));
        tx.ask("stop-on-signal what=tx");
        tx.tell(format!("publish n=1 form=value len={LONG}"));
        let mut course = Course::new(RING);
        course.publish(LONG);
        wait_until_published(&spot, course.stall(0));
        system::signal(tx.pid(), Signal::USR1);
        tx.expect_error(&["Stopped", "next=1"]);
        rx.refuse(format!("receive limit=try len={LONG}"), &["Empty"]);
        // What needs no wait still goes.
        tx.ask("publish n=3 form=value len=5");
        let seen = rx.ask("receive until=4 form=lease tolerate=incomplete len=5");
        assert_eq!((seen.num("got"), seen.text("skipped")), (3, Some("0")));
        tx.leave();
        assert_eq!(rx.ask("receive").num("closed"), 1);
        rx.leave();
    }

    fn a_stopper_ends_the_wait_of_a_consumer_inside_of_a_message(arena) {
        let mut halted = in_the_middle(arena, KEPT, "");
        halted.quick.ask("stop-on-signal what=rx");
        halted.quick.tell(format!("receive len={KEPT}"));
        halted.quick.is_silent_for(Duration::from_millis(20));
        system::signal(halted.quick.pid(), Signal::USR1);
        halted.quick.expect_error(&["Stopped", "next=64 got=0"]);
        halted.quick.refuse("receive", &["Stopped"]);
        halted.tx.cont();
        halted.slow_receives_what_is_before();
        Halted::receive_whole(&mut halted.slow, KEPT);
        halted.tx.expect();
        // What is there is still delivered.
        Halted::receive_whole(&mut halted.quick, KEPT);
        halted.quick.refuse("receive", &["Stopped"]);
        halted.tx.leave();
        assert_eq!(halted.slow.ask("receive").num("closed"), 1);
        halted.slow.leave();
        halted.quick.leave();
    }

    fn ends_that_wait_inside_of_a_message_use_no_cpu_to_speak_of(arena) {
        let mut halted = in_the_middle(arena, LONG, "");
        halted.tx.cont();
        halted.quick.tell(format!("receive n=1 form=lease len={LONG}"));
        let pids = [halted.tx.pid(), halted.quick.pid()];
        halted.quick.is_silent_for(Duration::from_millis(50));
        let before = pids.map(system::cpu_time);
        halted.quick.is_silent_for(Duration::from_secs(1));
        for (pid, before) in pids.into_iter().zip(before) {
            let used = system::cpu_time(pid).saturating_sub(before);
            assert!(used <= Duration::from_millis(20), "{used:?} of a second");
        }
        // And both still wake.
        if halted.way.rounds == 0 {
            halted.slow_receives_what_is_before();
        }
        Halted::receive_whole(&mut halted.slow, LONG);
        halted.tx.expect();
        halted.quick.expect();
        Halted::goes_on(halted.tx, &mut [&mut halted.quick, &mut halted.slow]);
    }

    fn every_strategy_works_with_every_other(arena) {
        for mine in ["spin", "yield", "park", "adaptive"] {
            for theirs in ["spin", "yield", "park", "adaptive"] {
                let at = arena.spot(&format!("{mine}-{theirs}")).text();
                let (mut tx, mut rx) = (arena.peer(), arena.peer());
                tx.ask(format!("create type=Log at={at} cap={RING} wait={mine}"));
                rx.ask(format!("attach type=Log at={at} id=a wait={theirs}"));
                rx.tell(format!("receive form=mixed len=0,100,{LONG}"));
                tx.ask(format!("publish n=300 form=mixed run=3 len=0,100,{LONG}"));
                tx.leave();
                assert_eq!(rx.expect().num("got"), 300);
                rx.leave();
            }
        }
    }
}
