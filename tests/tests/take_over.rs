//! A producer that died is replaced by the next `create`, which goes on in sequence with the consumers that are
//! still attached.

use core::time::Duration;

use myelon_tests::segment::Number;
use myelon_tests::{Arena, Backend, Peer, over_every_location};

/// A producer that published ten events and died, and a consumer that has received four of them.
fn orphaned(arena: &Arena, kind: &str, at: &str) -> (Peer, u32) {
    let (mut tx, mut rx) = (arena.peer(), arena.peer());
    tx.ask(format!("create type={kind} at={at} cap=16"));
    rx.ask(format!("attach type={kind} at={at} id=stays"));
    tx.ask("publish n=10");
    rx.ask("receive n=4 form=lease");
    tx.kill();
    (rx, tx.pid())
}

over_every_location! {
    fn a_successor_goes_on_in_sequence(arena) {
        for kind in ["L24", "D8", "DChecked"] {
            let at = arena.spot(kind).text();
            let (mut rx, dead) = orphaned(arena, kind, &at);
            // First what is there, then the death, once; the next receive waits for the successor.
            assert_eq!(rx.ask("receive n=6 form=lease").num("next"), 10);
            rx.refuse("receive", &["ProducerDied { sequence: 10", &format!("pid: {dead}"), &format!("(pid {dead}) died")]);
            rx.refuse("receive limit=within:150", &["TimedOut"]);
            rx.tell("receive n=20 form=mixed");
            rx.is_silent_for(Duration::from_millis(150));
            let mut next = arena.peer();
            assert_eq!(next.ask(format!("create type={kind} at={at} cap=16")).num("next"), 10);
            next.ask("publish n=20 form=mixed");
            assert_eq!(rx.expect().num("next"), 30);
            // Each death is told once.
            next.kill();
            rx.refuse("receive", &["ProducerDied { sequence: 30", &format!("pid: {}", next.pid())]);
            rx.refuse("receive limit=within:150", &["TimedOut"]);
            let mut last = arena.peer();
            assert_eq!(last.ask(format!("create type={kind} at={at} cap=16")).num("next"), 30);
            last.ask("close");
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }

    fn every_form_and_limit_tells_of_the_death(arena) {
        for limit in ["block", "try", "within:60000", "by:60000"] {
            let at = arena.spot(&limit.replace(':', "")).text();
            let (mut rx, dead) = orphaned(arena, "L24", &at);
            rx.ask("receive n=6 form=drain");
            rx.refuse(format!("receive limit={limit}"), &["ProducerDied { sequence: 10", &format!("pid: {dead}")]);
            let mut next = arena.peer();
            next.ask(format!("create type=L24 at={at} cap=16"));
            next.leave();
            rx.leave();
        }
    }

    fn a_successor_meets_full_rings_and_consumers_that_hold(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut rx, _) = orphaned(arena, kind, &at);
            let mut next = arena.peer();
            next.ask(format!("create type={kind} at={at} cap=16"));
            // Four are received: ten more fit.
            next.refuse("publish n=30 form=value limit=try", &["Full { gating: 0, lag: 16,", "next=20"]);
            assert_eq!(next.ask("ask-tx").text("id"), Some("stays"));
            next.leave();
            assert_eq!(rx.ask("receive form=mixed").num("got"), 16);
            rx.leave();
        }
    }

    fn a_live_producer_is_never_replaced(arena) {
        let at = arena.spot("live").text();
        let (mut tx, mut other) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        for options in ["type=L24 cap=16", "type=L24 cap=16 fresh", "type=L24 cap=32", "type=D8 cap=16"] {
            other.refuse(
                format!("create at={at} {options}"),
                &["AlreadyExists", &format!("pid: Some({})", tx.pid()), &format!("pid {}", tx.pid())],
            );
        }
        // Also not by its own process, nor while it is stopped.
        tx.refuse(format!("create type=L24 at={at} cap=16"), &["AlreadyExists"]);
        tx.stop();
        other.refuse(format!("create type=L24 at={at} cap=16"), &["AlreadyExists"]);
        tx.cont();
        tx.ask("publish n=3");
        tx.leave();
    }

    fn fresh_or_another_capacity_or_layout_starts_anew_and_survivors_are_told(arena) {
        for options in ["type=L24 cap=16 fresh", "type=L24 cap=32", "type=D8 cap=16", "type=L8 cap=16"] {
            let at = arena.spot(&options.replace([' ', '='], "")).text();
            let (mut rx, _) = orphaned(arena, "L24", &at);
            let mut next = arena.peer();
            let create = format!("create at={at} {options}");
            if arena.backend() == Backend::Anonymous {
                next.refuse(create, &["CannotReplace"]);
                let mut same = arena.peer();
                same.ask(format!("create type=L24 at={at} cap=16"));
                same.leave();
                assert_eq!(rx.ask("receive").num("got"), 6);
                rx.leave();
                continue;
            }
            assert_eq!(next.ask(create).num("next"), 0);
            next.ask("publish n=3");
            // What the dead one left can still be received; then there is nothing to wait for.
            assert_eq!(rx.ask("receive n=6 form=lease").num("next"), 10);
            rx.refuse("receive", &["Superseded", "attach again"]);
            rx.refuse("receive limit=try", &["Superseded"]);
            rx.ask("close what=rx");
            let kind = options.split([' ', '=']).nth(1).unwrap();
            rx.ask(format!("attach type={kind} at={at} id=stays start=oldest"));
            assert_eq!(rx.ask("receive n=3 form=lease").num("next"), 3);
            next.leave();
            rx.leave();
        }
    }

    fn survivors_that_wait_are_woken_when_they_are_superseded(arena) {
        if arena.backend() == Backend::Anonymous {
            return;
        }
        let at = arena.spot("woken").text();
        let (mut rx, _) = orphaned(arena, "L24", &at);
        rx.ask("receive n=6 form=lease");
        rx.refuse("receive", &["ProducerDied"]);
        rx.tell("receive");
        rx.is_silent_for(Duration::from_millis(100));
        let mut next = arena.peer();
        next.ask(format!("create type=L24 at={at} cap=16 fresh"));
        rx.expect_error(&["Superseded"]);
        rx.leave();
        next.leave();
    }

    fn a_producer_dropped_in_a_panic_has_died(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=stays"));
            tx.ask("publish n=2");
            tx.ask("unwind what=tx");
            // Its process lives on, and even it can take the channel over.
            assert_eq!(rx.ask("receive n=2 form=lease").num("next"), 2);
            rx.refuse("receive", &["ProducerDied { sequence: 2"]);
            assert_eq!(tx.ask(format!("create type={kind} at={at} cap=16")).num("next"), 2);
            tx.ask("publish n=1");
            tx.leave();
            assert_eq!(rx.ask("receive").num("got"), 1);
            rx.leave();
        }
    }

    fn a_producer_that_exits_without_dropping_has_died(arena) {
        for (how, place) in [("exit", "with"), ("abort", "with"), ("kill", "batch"), ("abort", "batch"), ("exit", "claim")] {
            for kind in ["L24", "D8"] {
                let at = arena.spot(&format!("{kind}{how}{place}")).text();
                let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type={kind} at={at} cap=64"));
                rx.ask(format!("attach type={kind} at={at} id=stays"));
                tx.ask("publish n=5");
                tx.tell(format!("crash in={place} n=10 index=3 how={how}"));
                tx.ended();
                // Nothing of what it was doing is seen.
                assert_eq!(rx.ask("receive n=5 form=lease").num("next"), 5);
                rx.refuse("receive", &["ProducerDied { sequence: 5"]);
                assert_eq!(next.ask(format!("create type={kind} at={at} cap=64")).num("next"), 5);
                next.ask("publish n=20 form=mixed");
                next.leave();
                assert_eq!(rx.ask("receive").num("got"), 20);
                rx.leave();
            }
        }
    }

    fn a_successor_repairs_a_cursor_that_is_behind_the_stamps(arena) {
        // A producer that is killed between its last stamp and its cursor leaves just this (R9).
        let spot = arena.spot("stale");
        let at = spot.text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
        rx.ask(format!("attach type=L24 at={at} id=ahead"));
        tx.ask("publish n=10");
        rx.ask("receive n=10 form=lease");
        tx.kill();
        let bytes = spot.bytes();
        bytes.set_word(bytes.number(Number::Producer), 7);
        // Whoever was ahead of it stays so, also when it comes back before the successor.
        rx.refuse("receive", &["ProducerDied { sequence: 10"]);
        rx.kill();
        let mut rx = arena.peer();
        assert_eq!(rx.ask(format!("attach type=L24 at={at} id=ahead")).num("next"), 10);
        let mut late = arena.peer();
        let joined = late.ask(format!("attach type=L24 at={at} id=late start=oldest")).num("next");
        late.tell(format!("receive n={} tolerate=died form=mixed", 20 - joined));
        let mut next = arena.peer();
        assert_eq!(next.ask(format!("create type=L24 at={at} cap=16")).num("next"), 10);
        next.ask("publish n=10 form=mixed");
        assert_eq!(late.expect().num("next"), 20);
        assert_eq!(rx.ask("receive n=10").num("next"), 20);
        next.leave();
        late.leave();
        rx.leave();
    }

    fn a_death_is_seen_while_the_zombie_is_not_reaped(arena) {
        let at = arena.spot("zombie").text();
        let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=stays"));
        tx.kill_unreaped();
        rx.refuse("receive", &["ProducerDied"]);
        next.ask(format!("create type=L24 at={at} cap=16"));
        next.leave();
        assert_eq!(rx.ask("receive").num("closed"), 1);
        rx.leave();
    }
}

#[test]
fn a_copy_of_a_segment_is_replaced_and_never_gone_on_with() {
    let arena = Arena::file();
    let at = arena.spot("copied").text();
    let (mut rx, _) = orphaned(&arena, "L24", &at);
    let path = arena.path("copied");
    std::fs::copy(&path, arena.path("copy")).unwrap();
    std::fs::rename(arena.path("copy"), &path).unwrap();
    let mut late = arena.peer();
    late.refuse(format!("attach type=L24 at={at} id=late"), &["Stale", "copy"]);
    let mut next = arena.peer();
    assert_eq!(next.ask(format!("create type=L24 at={at} cap=16")).num("next"), 0);
    // The survivor of the original is not forgotten.
    rx.ask("receive n=6 form=lease");
    rx.refuse("receive", &["Superseded"]);
    next.leave();
}
