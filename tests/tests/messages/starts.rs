//! Joining a stream of messages at every start, also in the middle of a message, and coming back.

use myelon_tests::over_every_location;

use crate::halt::{EMPTY, Halted, KEPT, LONG, RING, after_each_fragment, in_the_middle};

over_every_location! {
    fn every_start_is_where_it_says(arena) {
        // Short ones, and one that is cut; those take most of the ring.
        for (kind, len, fewest) in [("Log", "30", 12), ("Timed", "30", 8), ("Log", "30,400", 2)] {
            let at = arena.spot(&format!("{kind}{}", len.len())).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={RING}"));
            let attach = |id: &str, start: &str| format!("attach type={kind} at={at} id={id} start={start}");
            assert_eq!(rx.ask(attach("a", "oldest")).num("next"), 0, "an empty stream");
            rx.ask("close what=rx");
            tx.ask(format!("publish n=3 form=value len={len}"));
            assert_eq!(rx.ask(attach("b", "oldest")).num("next"), 0, "nothing is overwritten yet");
            assert_eq!(rx.ask(format!("receive n=3 form=lease len={len}")).num("next"), 3);
            rx.ask("close what=rx");
            tx.ask(format!("publish n=97 form=value len={len}"));
            let oldest = rx.ask(attach("c", "oldest")).num("next");
            assert!((100 - 21..=100 - fewest).contains(&oldest), "{oldest}");
            let seen = rx.ask(format!("receive until=100 form=mixed len={len}"));
            assert_eq!((seen.num("next"), seen.num("incomplete")), (100, 0));
            rx.ask("close what=rx");
            for newest in [attach("d", "latest"), format!("attach type={kind} at={at} id=e")] {
                assert_eq!(rx.ask(newest).num("next"), 100);
                rx.ask("close what=rx");
            }
            for sequence in oldest..=100 {
                assert_eq!(rx.ask(attach("f", &format!("at:{sequence}"))).num("next"), sequence);
                let seen = rx.ask(format!("receive until=100 form=mixed len={len}"));
                assert_eq!(seen.num("got"), 100 - sequence);
                rx.ask("close what=rx");
            }
            let gone = format!("Gone {{ at: {}, missed: 1, oldest: {oldest} }}", oldest - 1);
            rx.refuse(attach("g", &format!("at:{}", oldest - 1)), &[&gone]);
            rx.refuse(attach("h", "at:101"), &["Ahead { at: 101, published: 100 }"]);
            rx.refuse(attach("i", "resume"), &["NotKnown"]);
            // Nothing is left of the refused ones.
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            tx.ask(format!("publish n=100 limit=try form=value len={len}"));
            tx.leave();
            rx.leave();
        }
    }

    fn in_the_middle_of_a_message_a_newcomer_begins_with_the_next_one(arena) {
        after_each_fragment(arena, LONG, "", |mut halted| {
            let at = halted.at();
            let (mut late, mut exact) = (arena.peer(), arena.peer());
            assert_eq!(late.ask(format!("attach type=Log at={at} id=late start=latest")).num("next"), EMPTY + 1);
            // Where the beginning is still there, this very message can be had.
            exact.tell(format!("attach type=Log at={at} id=exact start=at:{EMPTY}"));
            let exact_begins = exact.answer();
            halted.tx.cont();
            // What is left of a message that it does not want is passed, and not told.
            late.tell("receive n=1 form=lease len=3");
            halted.quick.tell(format!("receive n=1 form=lease len={LONG}"));
            match &exact_begins {
                Ok(begins) => {
                    assert_eq!(begins.num("next"), EMPTY);
                    exact.tell(format!("receive n=1 form=lease len={LONG}"));
                }
                Err(error) => assert!(error.contains("Gone") && halted.fragments > 2, "{error}"),
            }
            if halted.way.rounds == 0 {
                halted.slow_receives_what_is_before();
            }
            Halted::receive_whole(&mut halted.slow, LONG);
            halted.tx.expect();
            assert_eq!(halted.quick.expect().num("joined"), 1);
            if exact_begins.is_ok() {
                assert_eq!(exact.expect().num("joined"), 1);
                exact.leave();
            }
            halted.tx.ask("publish n=1 form=value len=3");
            assert_eq!(late.expect().num("next"), EMPTY + 2);
            for consumer in [&mut halted.quick, &mut halted.slow] {
                consumer.ask("receive n=1 form=lease len=3");
            }
            Halted::goes_on(halted.tx, &mut [&mut late, &mut halted.quick, &mut halted.slow]);
        });
    }

    fn one_who_detaches_inside_of_a_message_comes_back_to_it_or_is_told(arena) {
        for len in [KEPT, LONG] {
            let mut halted = in_the_middle(arena, len, "");
            halted.quick.ask("detach what=rx");
            let attach = format!("attach type=Log at={} id=quick", halted.at());
            let next = halted.quick.ask(attach).num("next");
            halted.tx.cont();
            assert_eq!(next, EMPTY);
            if len == KEPT {
                halted.quick.tell(format!("receive n=1 form=lease len={len}"));
            } else {
                halted.quick.tell("receive until=66 form=lease tolerate=incomplete len=3");
            }
            if halted.way.rounds == 0 {
                halted.slow_receives_what_is_before();
            }
            Halted::receive_whole(&mut halted.slow, len);
            halted.tx.expect();
            halted.tx.ask("publish n=1 form=value len=3");
            let seen = halted.quick.expect();
            if len == KEPT {
                assert_eq!((seen.num("got"), seen.num("joined")), (1, 1));
                halted.quick.ask("receive n=1 form=lease len=3");
            } else {
                assert_eq!((seen.num("got"), seen.text("skipped")), (1, Some("64")));
            }
            halted.slow.ask("receive n=1 form=lease len=3");
            Halted::goes_on(halted.tx, &mut [&mut halted.quick, &mut halted.slow]);
        }
    }

    fn a_detached_consumer_resumes_where_it_stopped_or_learns_what_it_missed(arena) {
        let at = arena.spot("back").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=back"));
        tx.ask("publish n=10 form=value len=30");
        rx.ask("receive n=7 form=lease len=30");
        rx.ask("detach what=rx");
        for start in ["", "start=resume"] {
            assert_eq!(rx.ask(format!("attach type=Log at={at} id=back {start}")).num("next"), 7);
            rx.ask("detach what=rx");
        }
        // It does not hold the producer back meanwhile.
        tx.ask("publish n=90 limit=try form=value len=30");
        let mut missed = 0;
        for start in ["", "start=resume"] {
            let error = rx.refuse(format!("attach type=Log at={at} id=back {start}"), &["Evicted", "at: 7"]);
            missed = error.split("missed: ").nth(1).unwrap().split([',', ' ']).next().unwrap().parse().unwrap();
        }
        let oldest = rx.ask(format!("attach type=Log at={at} id=back start=oldest")).num("next");
        assert_eq!(oldest, 7 + missed, "what is left begins where what it missed ends");
        rx.ask("receive until=100 form=mixed len=30");
        rx.leave();
        tx.leave();
    }
}
