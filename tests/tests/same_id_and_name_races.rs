//! Two processes do the same thing at the same moment: exactly one of them succeeds, and the other is told who.

use myelon_tests::{Backend, Peer, Random, over_every_location};

/// Tells both the same and returns who succeeded; the other has to fail with one of `errors`.
fn race<'a>(
    a: &'a mut Peer,
    b: &'a mut Peer,
    line: &str,
    errors: &[&str],
    round: usize,
) -> (&'a mut Peer, &'a mut Peer) {
    // Who is told first takes turns.
    let (a, b) = if round % 2 == 0 { (a, b) } else { (b, a) };
    a.tell(line);
    b.tell(line);
    match (a.answer(), b.answer()) {
        (Ok(_), Err(error)) => {
            assert!(errors.iter().any(|part| error.contains(part)), "{error}");
            (a, b)
        }
        (Err(error), Ok(_)) => {
            assert!(errors.iter().any(|part| error.contains(part)), "{error}");
            (b, a)
        }
        both => panic!("exactly one succeeds: {both:?}"),
    }
}

over_every_location! {
    fn of_two_that_create_the_same_name_one_succeeds(arena) {
        let spots: Vec<_> = (0..60).map(|n| arena.spot(&format!("s{n}"))).collect();
        let (mut a, mut b, mut rx) = (arena.peer(), arena.peer(), arena.peer());
        for (round, spot) in spots.iter().enumerate() {
            let at = spot.text();
            let create = format!("create type=L24 at={at} cap=16");
            let (winner, loser) = race(&mut a, &mut b, &create, &["AlreadyExists"], round);
            rx.ask(format!("attach type=L24 at={at} id=a"));
            winner.ask("publish n=5");
            // Again, now that the pid is known.
            loser.refuse(create, &[&format!("pid: Some({})", winner.pid())]);
            winner.ask("close");
            assert_eq!(rx.ask("receive").num("got"), 5);
            rx.ask("close what=rx");
        }
    }

    fn of_two_that_take_over_the_same_channel_one_succeeds(arena) {
        let at = arena.spot("heir").text();
        let mut rx = arena.peer();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=16"));
        rx.ask(format!("attach type=D8 at={at} id=a"));
        let mut end = 0;
        for round in 0..40 {
            rx.tell("receive n=5 tolerate=died");
            end = tx.ask("publish n=5").num("next");
            rx.expect();
            tx.kill();
            let (mut a, mut b) = (arena.peer(), arena.peer());
            let create = format!("create type=D8 at={at} cap=16");
            race(&mut a, &mut b, &create, &["AlreadyExists"], round);
            let a_won = a.has_producer();
            tx = if a_won { a } else { b };
            assert_eq!(tx.ask("ask-tx").num("next"), end);
        }
        tx.leave();
        let last = rx.ask("receive tolerate=died");
        assert_eq!((last.num("next"), last.num("closed")), (end, 1));
        rx.leave();
    }

    fn of_two_that_replace_a_dead_channel_one_succeeds(arena) {
        if arena.backend() == Backend::Anonymous {
            return;
        }
        let at = arena.spot("replaced").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=16"));
        for round in 0..40 {
            tx.kill();
            let (mut a, mut b) = (arena.peer(), arena.peer());
            let capacity = if round % 2 == 0 { 32 } else { 16 };
            race(&mut a, &mut b, &format!("create type=D8 at={at} cap={capacity}"), &["AlreadyExists"], round);
            let a_won = a.has_producer();
            tx = if a_won { a } else { b };
            assert_eq!(tx.ask("ask-tx").num("capacity"), capacity);
            tx.ask("publish n=5");
        }
        tx.leave();
    }

    fn of_two_that_attach_the_same_id_one_succeeds(arena) {
        let mut random = Random::new();
        let at = arena.spot("id").text();
        let (mut tx, mut a, mut b) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        for round in 0..100 {
            let attach = format!("attach type=L24 at={at} id=twin");
            let (winner, loser) = race(&mut a, &mut b, &attach, &["IdInUse"], round);
            loser.refuse(attach, &["IdInUse", &format!("pid: Some({})", winner.pid())]);
            assert_eq!(tx.ask("ask-tx").num("attached"), 1);
            let some = 1 + random.below(16);
            tx.ask(format!("publish n={some} limit=try form=value"));
            winner.ask(format!("receive n={some} form=mixed"));
            winner.ask(*random.pick(&["close what=rx", "detach what=rx", "drop what=rx"]));
        }
        a.leave();
        b.leave();
        tx.leave();
    }

    fn of_two_that_resume_a_dead_consumer_one_succeeds(arena) {
        let at = arena.spot("resume").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
        rx.ask(format!("attach type=L24 at={at} id=twin"));
        for round in 0..40 {
            tx.ask("publish n=9 limit=try form=value");
            rx.ask("receive n=4 form=lease");
            rx.kill();
            let (mut a, mut b) = (arena.peer(), arena.peer());
            race(&mut a, &mut b, &format!("attach type=L24 at={at} id=twin"), &["IdInUse"], round);
            rx = if a.has_consumer() { a } else { b };
            assert_eq!(rx.ask("receive n=5 form=lease").num("next"), 9 * (round as u64 + 1));
        }
        tx.leave();
        rx.leave();
    }

    fn the_last_entry_goes_to_one_of_two(arena) {
        let at = arena.spot("last").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=16"));
        let mut others: Vec<_> = (0..15).map(|_| arena.peer()).collect();
        for (index, rx) in others.iter_mut().enumerate() {
            rx.ask(format!("attach type=D8 at={at} id=c{index}"));
        }
        let (mut a, mut b) = (arena.peer(), arena.peer());
        for _ in 0..50 {
            a.tell(format!("attach type=D8 at={at} id=a"));
            b.tell(format!("attach type=D8 at={at} id=b"));
            let (one, two) = (a.answer(), b.answer());
            assert!(one.is_ok() != two.is_ok(), "{one:?}, {two:?}");
            let error = one.as_ref().err().or(two.as_ref().err()).unwrap();
            assert!(error.contains("NoFreeEntry"), "{error}");
            let winner = if one.is_ok() { &mut a } else { &mut b };
            winner.ask("close what=rx");
        }
        tx.leave();
        others.iter_mut().for_each(Peer::leave);
    }
}
