//! A producer of another age takes a channel that `evolves` over from one that was killed: consumers of both stay
//! attached, and go on in sequence.

use myelon_tests::messages::story::{NEW, OLD};
use myelon_tests::{Backend, over_every_location};

use crate::{kinds, newer};

const SIZES: &str = "40,0,700,3000,16";

over_every_location! {
    fn a_newer_producer_and_then_an_old_one_again_take_over_and_consumers_go_on(arena) {
        let at = arena.spot("ages").text();
        let (mut first, mut second, mut third) = (arena.peer(), newer(), arena.peer());
        let (mut old, mut new) = (arena.peer(), newer());
        first.ask(format!("create type=Story at={at}"));
        old.ask(format!("attach type=Story at={at} id=old"));
        new.ask(format!("attach type=Story at={at} id=new"));
        let mut from = 0;
        for (tx, lanes, until) in [(&mut first, OLD, 60), (&mut second, NEW, 150), (&mut third, OLD, 200)] {
            if from > 0 {
                assert_eq!(tx.ask(format!("create type=Story at={at}")).num("next"), from);
            }
            for rx in [&mut old, &mut new] {
                rx.tell(format!("receive until={until} form=wait len={SIZES}"));
            }
            let publish = format!("publish until={until} form=mixed run=3 len={SIZES}");
            tx.ask_beside(publish, &mut [&mut old, &mut new]);
            for rx in [&mut old, &mut new] {
                assert_eq!(rx.expect().text("kinds"), Some(&*kinds(from..until, lanes)), "from {from}");
            }
            if until < 200 {
                tx.kill();
                for rx in [&mut old, &mut new] {
                    rx.refuse("receive", &[&format!("ProducerDied {{ sequence: {until}")]);
                }
            }
            from = until;
        }
        third.leave();
        for mut rx in [old, new] {
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }

    fn who_attaches_after_it_was_taken_over_reads_what_both_published(arena) {
        let at = arena.spot("after").text();
        let (mut first, mut second, mut old, mut new) = (arena.peer(), newer(), arena.peer(), newer());
        first.ask(format!("create type=Story at={at} cap=65536"));
        first.ask("publish n=20 form=mixed len=40,16");
        first.kill();
        assert_eq!(second.ask(format!("create type=Story at={at} cap=65536")).num("next"), 20);
        second.ask("publish n=20 form=mixed len=40,16");
        // Each part is seen as its producer wrote it.
        for (rx, id) in [(&mut old, "old"), (&mut new, "new")] {
            assert_eq!(rx.ask(format!("attach type=Story at={at} id={id} start=oldest")).num("next"), 0);
            let seen = rx.ask("receive n=20 form=wait len=40,16");
            assert_eq!(seen.text("kinds"), Some(&*kinds(0..20, OLD)), "{id}");
            let seen = rx.ask("receive n=20 form=wait len=40,16");
            assert_eq!(seen.text("kinds"), Some(&*kinds(20..40, NEW)), "{id}");
        }
        second.leave();
        old.leave();
        new.leave();
    }

    fn without_evolves_a_newer_producer_starts_anew_and_consumers_learn_of_it(arena) {
        let at = arena.spot("fixed").text();
        let (mut first, mut second, mut rx) = (arena.peer(), newer(), arena.peer());
        first.ask(format!("create type=Fixed at={at}"));
        rx.ask(format!("attach type=Fixed at={at} id=old"));
        first.ask("publish n=3 len=16");
        first.kill();
        let create = format!("create type=Fixed at={at}");
        if arena.backend() == Backend::Anonymous {
            second.refuse(create, &["CannotReplace"]);
            let mut same = arena.peer();
            assert_eq!(same.ask(format!("create type=Fixed at={at}")).num("next"), 3);
            same.leave();
            assert_eq!(rx.ask("receive len=16").num("got"), 3);
        } else {
            assert_eq!(second.ask(create).num("next"), 0);
            // First what it had coming.
            assert_eq!(rx.ask("receive n=3 form=lease len=16").num("next"), 3);
            rx.refuse("receive", &["Superseded"]);
            rx.refuse(format!("attach type=Fixed at={at} id=again"), &["LayoutMismatch"]);
        }
        second.leave();
        rx.leave();
    }
}
