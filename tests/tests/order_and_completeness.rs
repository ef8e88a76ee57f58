//! P1: nothing lost, reordered, duplicated or torn, whatever the form of publishing and receiving.
//!
//! The helpers compare every byte of every event with what its sequence says, and every sequence with the one
//! before it.

use myelon_tests::{channels, over_every_location};

over_every_location! {
    fn every_consumer_sees_every_event_in_order_in_every_form(arena) {
        for kind in channels::ALL {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=64"));
            rx.ask(format!("attach type={kind} at={at} id=every-form start=oldest"));
            other.ask(format!("attach type={kind} at={at} id=drains start=oldest"));
            rx.tell("receive form=mixed limit=any");
            other.tell("receive form=drain");
            tx.ask("ask-tx consumers=2");
            let sent = tx.ask("publish n=40000 form=mixed limit=any run=23");
            assert_eq!(sent.num("next"), 40_000);
            tx.ask("close");
            for consumer in [&mut rx, &mut other] {
                let seen = consumer.expect();
                assert_eq!((seen.num("got"), seen.num("next"), seen.num("closed")), (40_000, 40_000, 1), "{kind}");
                consumer.leave();
            }
        }
    }

    fn millions_of_events_arrive_whole(arena) {
        for (kind, run) in [("L8", 1), ("D8", 64), ("L56", 64), ("D64", 1)] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=4096"));
            rx.ask(format!("attach type={kind} at={at} id=all start=oldest"));
            rx.tell("receive form=drain");
            let form = if run == 1 { "value" } else { "batch" };
            tx.ask(format!("publish n=500000 form={form} run={run}"));
            tx.ask("close");
            assert_eq!(rx.expect().num("got"), 500_000, "{kind}");
            rx.leave();
        }
    }

    fn the_smallest_rings_wrap_around(arena) {
        for kind in ["L24", "D3", "LChecked", "D64"] {
            for capacity in [1, 2, 4, 8] {
                let at = arena.spot(&format!("{kind}-{capacity}")).text();
                let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type={kind} at={at} cap={capacity}"));
                assert_eq!(tx.ask("ask-tx").num("capacity"), capacity);
                rx.ask(format!("attach type={kind} at={at} id=a start=oldest"));
                other.ask(format!("attach type={kind} at={at} id=b start=oldest"));
                rx.tell("receive form=mixed limit=any");
                other.tell("receive form=mixed");
                tx.ask("publish n=1500 form=mixed limit=any run=5");
                tx.ask("close");
                for consumer in [&mut rx, &mut other] {
                    assert_eq!(consumer.expect().num("got"), 1500, "{kind}, capacity {capacity}");
                    consumer.leave();
                }
            }
        }
    }

    fn sixteen_consumers_see_the_same_stream(arena) {
        let at = arena.spot("many").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=L24 at={at} cap=256"));
        let mut consumers: Vec<_> = (0..16).map(|_| arena.peer()).collect();
        for (index, rx) in consumers.iter_mut().enumerate() {
            rx.ask(format!("attach type=L24 at={at} id=consumer-{index}"));
            rx.tell("receive form=mixed");
        }
        tx.ask("ask-tx consumers=16");
        tx.ask("publish n=20000 form=mixed run=40");
        tx.ask("close");
        for rx in &mut consumers {
            assert_eq!(rx.expect().num("got"), 20_000);
            rx.leave();
        }
    }
}
