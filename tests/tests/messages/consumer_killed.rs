//! A consumer of messages is killed in every place where that could hurt: whoever comes back under its id gets what it held
//! again, and is told of what cannot be had again; the producer goes on.

use myelon_tests::{Peer, over_every_location};

use crate::halt::{EMPTY, Halted, KEPT, LONG, after_each_fragment, in_the_middle};

/// Receives the message after the one that is halted in.
const ONE_AFTER: &str = "receive n=1 until=66 form=lease tolerate=incomplete len=3";

/// A consumer that was told to do that was told of the one before, once.
fn is_told_once(consumer: &mut Peer) {
    let seen = consumer.expect();
    assert_eq!((seen.num("got"), seen.text("skipped"), seen.num("next")), (1, Some("64"), EMPTY + 2));
}

/// The quick consumer is killed while it waits inside of the message.
fn kill_quick(halted: &mut Halted, len: u64) {
    halted.quick.tell(format!("receive len={len}"));
    halted.quick.is_silent_for(core::time::Duration::from_millis(5));
    halted.quick.kill();
}

over_every_location! {
    fn what_it_held_comes_again(arena) {
        for kind in ["Log", "Feed"] {
            for place in ["lease", "batch", "drain"] {
                let at = arena.spot(&format!("{kind}{place}")).text();
                let (mut tx, mut rx, mut back) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type={kind} at={at} cap=8192"));
                rx.ask(format!("attach type={kind} at={at} id=victim"));
                tx.ask("publish n=20 form=mixed len=0..60");
                rx.ask("receive n=5 form=lease len=0..60");
                rx.tell(format!("crash what=rx in={place} at=8 how=kill"));
                rx.ended();
                // A lease is of one; of a batch nothing is given back before its end, of a drain not so soon.
                assert_eq!(back.ask(format!("attach type={kind} at={at} id=victim")).num("next"), 5);
                assert_eq!(back.ask("receive n=15 form=mixed len=0..60").num("got"), 15);
                tx.leave();
                assert_eq!(back.ask("receive").num("closed"), 1);
                back.leave();
            }
        }
    }

    fn in_a_long_drain_only_the_last_run_comes_again(arena) {
        let at = arena.spot("drain").text();
        let (mut tx, mut rx, mut back) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap=65536"));
        rx.ask(format!("attach type=Log at={at} id=victim"));
        tx.ask("publish n=1000 form=mixed len=16");
        rx.tell("crash what=rx in=drain at=700 how=kill");
        rx.ended();
        let next = back.ask(format!("attach type=Log at={at} id=victim")).num("next");
        // Each takes two units, and a drain gives back runs of 256.
        assert!((700 - 128..=700).contains(&next), "{next}");
        tx.leave();
        assert_eq!(back.ask("receive form=mixed len=16").num("next"), 1000);
        back.leave();
    }

    fn a_joined_message_that_was_held_comes_again_if_it_fits_half_the_ring(arena) {
        for form in ["lease", "batch take=1"] {
            for len in [KEPT, LONG] {
                let at = arena.spot(&format!("{}{len}", form.len())).text();
                let (mut tx, mut rx, mut back) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type=Log at={at} cap=1024 policy=forever"));
                rx.ask(format!("attach type=Log at={at} id=victim"));
                tx.ask("publish n=2 len=3");
                rx.ask("receive n=2 form=lease len=3");
                rx.tell(format!("hold what=rx form={form} len={len}"));
                tx.ask(format!("publish n=1 form=value len={len}"));
                rx.expect();
                rx.kill();
                tx.ask("publish n=1 form=value len=3");
                let next = back.ask(format!("attach type=Log at={at} id=victim")).num("next");
                if len == KEPT {
                    assert_eq!(next, 2);
                    assert_eq!(back.ask(format!("receive n=1 form=lease len={len}")).num("joined"), 1);
                } else {
                    // The beginning had to be given back for the rest to fit.
                    assert_eq!(next, 3);
                    back.refuse("receive", &["Incomplete { sequence: 2 }"]);
                }
                assert_eq!(back.ask("receive n=1 form=lease len=3").num("next"), 4);
                tx.leave();
                assert_eq!(back.ask("receive").num("closed"), 1);
                back.leave();
            }
        }
    }

    fn inside_of_a_message_that_fits_half_the_ring_it_is_received_whole(arena) {
        for policy in ["forever", "evict"] {
            after_each_fragment(arena, KEPT, &format!("policy={policy}"), |mut halted| {
                kill_quick(&mut halted, KEPT);
                halted.tx.cont();
                halted.slow_receives_what_is_before();
                Halted::receive_whole(&mut halted.slow, KEPT);
                halted.tx.expect();
                // It fits the ring, so nobody had to be let go for it.
                let mut back = arena.peer();
                assert_eq!(back.ask(format!("attach type=Log at={} id=quick", halted.at())).num("next"), EMPTY);
                Halted::receive_whole(&mut back, KEPT);
                Halted::goes_on(halted.tx, &mut [&mut back, &mut halted.slow]);
            });
        }
    }

    fn inside_of_a_longer_one_it_is_told_once_and_goes_on(arena) {
        for (start, dies_again) in [("", false), ("start=resume", true)] {
            after_each_fragment(arena, LONG, "policy=forever", |mut halted| {
                kill_quick(&mut halted, LONG);
                let attach = format!("attach type=Log at={} id=quick {start}", halted.at());
                let mut back = arena.peer();
                assert_eq!(back.ask(attach.clone()).num("next"), EMPTY + 1);
                if dies_again {
                    // Before it was told: the next incarnation is.
                    back.kill();
                    back = arena.peer();
                    assert_eq!(back.ask(attach).num("next"), EMPTY + 1);
                }
                halted.tx.cont();
                back.tell(ONE_AFTER);
                if halted.way.rounds == 0 {
                    halted.slow_receives_what_is_before();
                }
                Halted::receive_whole(&mut halted.slow, LONG);
                halted.tx.expect();
                halted.tx.ask("publish n=1 form=value len=3");
                is_told_once(&mut back);
                halted.slow.ask("receive n=1 form=lease len=3");
                Halted::goes_on(halted.tx, &mut [&mut back, &mut halted.slow]);
            });
        }
    }

    fn inside_of_a_message_whose_producer_dies_too(arena) {
        for len in [KEPT, LONG] {
            let mut halted = in_the_middle(arena, len, "policy=forever");
            kill_quick(&mut halted, len);
            halted.tx.kill();
            let at = halted.at();
            let (mut back, mut next) = (arena.peer(), arena.peer());
            back.ask(format!("attach type=Log at={at} id=quick"));
            back.refuse(format!("receive len={len}"), &["ProducerDied"]);
            assert_eq!(next.ask(format!("create type=Log at={at} cap=1024")).num("next"), EMPTY + 1);
            halted.slow.kill();
            let mut slow = arena.peer();
            slow.ask(format!("attach type=Log at={at} id=slow"));
            if halted.way.rounds == 0 {
                slow.ask(format!("receive until={EMPTY} len=0"));
            }
            for consumer in [&mut back, &mut slow] {
                consumer.tell(ONE_AFTER);
            }
            next.ask("publish n=1 len=3");
            is_told_once(&mut back);
            is_told_once(&mut slow);
            next.leave();
            for consumer in [&mut back, &mut slow] {
                assert_eq!(consumer.ask("receive").num("closed"), 1);
                consumer.leave();
            }
        }
    }

    fn the_producer_goes_on_without_it(arena) {
        after_each_fragment(arena, LONG, "", |mut halted| {
            kill_quick(&mut halted, LONG);
            halted.tx.cont();
            if halted.way.rounds == 0 {
                halted.slow_receives_what_is_before();
            }
            Halted::receive_whole(&mut halted.slow, LONG);
            halted.tx.expect();
            halted.tx.tell("publish n=20 form=mixed len=300");
            halted.slow.ask("receive n=20 form=mixed len=300");
            halted.tx.expect();
            assert_eq!(halted.tx.ask("ask-tx").num("attached"), 1);
            let attach = format!("attach type=Log at={} id=quick", halted.at());
            let mut back = arena.peer();
            let error = back.refuse(attach.clone(), &["Evicted", "at: 64, missed: "]);
            assert!(!error.contains("missed: 0"), "{error}");
            back.ask(format!("{attach} start=latest"));
            let mut consumers = [&mut back, &mut halted.slow];
            halted.tx.tell("publish n=9 form=mixed len=300");
            for consumer in &mut consumers {
                consumer.tell("receive n=9 form=mixed len=300");
            }
            for consumer in &mut consumers {
                assert_eq!(consumer.expect().num("next"), EMPTY + 30);
            }
            halted.tx.expect();
            halted.tx.leave();
            for consumer in consumers {
                assert_eq!(consumer.ask("receive").num("closed"), 1);
                consumer.leave();
            }
        });
    }

    fn holding_something_while_the_producer_waits(arena) {
        for place in ["form=lease", "form=batch take=2"] {
            let at = arena.spot(&format!("p{}", place.len())).text();
            let (mut tx, mut rx): (Peer, Peer) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap=1024"));
            rx.ask(format!("attach type=Log at={at} id=dies"));
            tx.ask("publish n=3 form=value len=200");
            rx.ask(format!("hold what=rx {place} len=200"));
            tx.refuse("publish n=50 limit=try form=value len=200", &["Full { gating: 0, lag: 4"]);
            tx.tell(format!("publish n=50 form=mixed run=3 len=200,{LONG}"));
            tx.is_silent_for(core::time::Duration::from_millis(20));
            rx.kill();
            tx.expect();
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("attached"), told.num("lag"), told.num("lag_bytes")), (0, 0, 0));
            let mut back = arena.peer();
            back.refuse(format!("attach type=Log at={at} id=dies"), &["Evicted", "at: 0"]);
            tx.leave();
        }
    }
}
