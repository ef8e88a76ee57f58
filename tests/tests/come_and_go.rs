//! Consumers come and go while the producer runs: entries are used again, nobody is disturbed.

use myelon_tests::{Random, over_every_location};

over_every_location! {
    fn consumers_come_and_go_while_the_producer_runs(arena) {
        let mut random = Random::new();
        let at = arena.spot("busy").text();
        let (mut tx, mut steady) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=64"));
        steady.ask(format!("attach type=L24 at={at} id=steady"));
        steady.tell("receive form=mixed");
        tx.ask("ask-tx consumers=1");
        tx.tell("publish until=300000 form=mixed run=9");
        let mut guests: Vec<_> = (0..4).map(|_| arena.peer()).collect();
        for _ in 0..40 {
            for (index, guest) in guests.iter_mut().enumerate() {
                guest.tell(format!("attach type=L24 at={at} id=guest-{index}"));
            }
            let mut inside = Vec::new();
            for (index, guest) in guests.iter_mut().enumerate() {
                match guest.answer() {
                    Ok(joined) => inside.push((index, joined.num("next"))),
                    // It had detached, and was away for too long: an explicit start begins anew.
                    Err(error) => {
                        assert!(error.contains("Evicted"), "{error}");
                        let joined = guest.ask(format!("attach type=L24 at={at} id=guest-{index} start=latest"));
                        inside.push((index, joined.num("next")));
                    }
                }
            }
            for (index, next) in &inside {
                // None is left inside while another one still reads: it would hold the producer back.
                let some = if next + 400 < 300_000 { 1 + random.below(300) } else { 0 };
                guests[*index].tell(format!("receive n={some} form=mixed"));
                guests[*index].tell(format!("{} what=rx", random.pick(&["close", "drop", "detach"])));
            }
            for (index, _) in &inside {
                guests[*index].expect();
                guests[*index].expect();
            }
        }
        tx.expect();
        tx.ask("close");
        assert_eq!(steady.expect().num("got"), 300_000);
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
