//! Consumers come and go while the producer runs: entries are used again, nobody is disturbed.

use std::fs;

use myelon_tests::{Random, over_every_location};

over_every_location! {
    fn consumers_come_and_go_while_the_producer_runs(arena) {
        let mut random = Random::new();
        let at = arena.spot("busy").text();
        let (mut tx, mut steady) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=64"));
        let joined = steady.ask(format!("attach type=L24 at={at} id=steady")).num("next");
        steady.tell("receive form=mixed");
        tx.ask("ask-tx consumers=1");
        let enough = arena.path("enough");
        tx.tell(format!("publish until=400000000 form=mixed run=9 till={}", enough.display()));
        let mut guests: Vec<_> = (0..4).map(|_| arena.peer()).collect();
        for _ in 0..60 {
            for (index, guest) in guests.iter_mut().enumerate() {
                guest.tell(format!("attach type=L24 at={at} id=guest-{index}"));
            }
            for (index, guest) in guests.iter_mut().enumerate() {
                if let Err(error) = guest.answer() {
                    // It had detached, and was away for too long: an explicit start begins anew.
                    assert!(error.contains("Evicted"), "{error}");
                    guest.ask(format!("attach type=L24 at={at} id=guest-{index} start=latest"));
                }
            }
            for guest in &mut guests {
                // None is left inside while another one still reads: it would hold the producer back.
                guest.tell(format!("receive n={} form=mixed", 1 + random.below(2000)));
                guest.tell(format!("{} what=rx", random.pick(&["close", "drop", "detach"])));
            }
            for guest in &mut guests {
                guest.expect();
                guest.expect();
            }
        }
        fs::write(enough, "").unwrap();
        let end = tx.expect().num("next");
        tx.ask("close");
        let seen = steady.expect();
        assert_eq!(seen.num("got") + joined, end);
        steady.leave();
        // Those that detached and did not come back are not waited for.
        arena.sweep();
    }

    fn the_entries_of_those_who_left_are_used_again(arena) {
        let at = arena.spot("entries").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=16"));
        let mut consumers: Vec<_> = (0..16).map(|_| arena.peer()).collect();
        let mut late = arena.peer();
        for round in 0..4 {
            for (index, rx) in consumers.iter_mut().enumerate() {
                rx.ask(format!("attach type=D8 at={at} id=r{round}-c{index} start=latest"));
            }
            late.refuse(format!("attach type=D8 at={at} id=late"), &["NoFreeEntry { max_consumers: 16 }"]);
            assert_eq!(tx.ask("ask-tx").num("attached"), 16);
            tx.ask("publish n=10 form=value limit=try");
            for rx in &mut consumers {
                rx.ask("receive n=10 form=drain");
                // Each way of leaving frees the entry for another id, in the end.
                rx.ask(["close what=rx", "drop what=rx", "detach what=rx", "close what=rx"][round]);
            }
        }
        late.ask(format!("attach type=D8 at={at} id=late"));
        late.leave();
        tx.leave();
    }
}
