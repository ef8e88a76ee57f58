//! Forks of either end: the child's copies refuse to work, and neither keep the parent alive nor harm it.

use myelon_tests::{forks, over_every_location, system};

over_every_location! {
    fn the_copies_in_a_forked_child_refuse_and_the_parent_goes_on(arena) {
        for kind in ["L24", "D8"] {
            forks::copies_refuse(arena, kind, 16);
        }
    }

    fn the_death_of_a_producer_is_seen_while_its_child_lives(arena) {
        let at = arena.spot("orphan").text();
        let (mut tx, mut rx, mut next) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=stays"));
        tx.ask("publish n=3");
        let child = tx.ask("fork").num("child") as u32;
        tx.kill();
        rx.ask("receive n=3 form=lease");
        rx.refuse("receive", &["ProducerDied { sequence: 3", &format!("pid: {}", tx.pid())]);
        assert_eq!(next.ask(format!("create type=L24 at={at} cap=16")).num("next"), 3);
        assert!(system::lives(child), "the child outlived all of that");
        next.leave();
        assert_eq!(rx.ask("receive").num("closed"), 1);
        rx.leave();
    }

    fn the_death_of_a_consumer_is_seen_while_its_child_lives(arena) {
        let at = arena.spot("orphan").text();
        let (mut tx, mut rx, mut back) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=D8 at={at} cap=8"));
        rx.ask(format!("attach type=D8 at={at} id=dies"));
        tx.ask("publish n=8");
        let child = rx.ask("fork").num("child") as u32;
        rx.kill();
        // Its place is free for the same id, and then for the producer.
        assert_eq!(back.ask(format!("attach type=D8 at={at} id=dies")).num("next"), 0);
        back.ask("receive n=8 form=lease");
        tx.ask("publish n=8 form=value");
        back.kill();
        tx.ask("publish n=8 form=value");
        assert!(system::lives(child), "the child outlived all of that");
        tx.leave();
        arena.sweep();
    }

    fn a_tap_refuses_in_a_forked_child(arena) {
        let at = arena.spot("tapped").text();
        let (mut tx, mut tap) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        tx.ask("publish n=3");
        tap.ask(format!("tap type=L24 at={at}"));
        assert!(tap.ask("fork").text("told").unwrap().contains("Forked"));
        assert_eq!(tap.ask("read-tap n=3").num("seen"), 3);
        tx.leave();
    }

    fn a_child_may_have_channels_of_its_own(arena) {
        // Ends that are made after a fork belong to the process that made them: the helper forks before.
        let at = arena.spot("own").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        rx.ask("fork");
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=own"));
        rx.ask("fork");
        tx.ask("publish n=3");
        tx.leave();
        assert_eq!(rx.ask("receive").num("got"), 3);
        rx.leave();
    }
}
