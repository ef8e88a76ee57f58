//! A channel that `evolves`: a program with more kinds of messages and one with fewer go on with each other.

use myelon_tests::messages::story::{NEW, OLD};
use myelon_tests::{Arena, Peer, over_every_location};

use crate::{kinds, newer};

const FORMS: [&str; 6] = ["lease", "wait", "drain", "drain_while", "batch", "mixed"];
/// In the ring, and in fragments.
const SIZES: &str = "40,0,700,3000,16";
const COUNT: u64 = 200;

/// What a producer with so many kinds publishes, in every form: a consumer that is old and one that is new get all of it.
fn read_by_old_and_new(arena: &Arena, producer: &dyn Fn() -> Peer, lanes: u64) {
    for form in FORMS {
        let at = arena.spot(form).text();
        let (mut tx, mut old, mut new) = (producer(), arena.peer(), newer());
        tx.ask(format!("create type=Story at={at}"));
        old.ask(format!("attach type=Story at={at} id=old"));
        new.ask(format!("attach type=Story at={at} id=new"));
        for rx in [&mut old, &mut new] {
            rx.tell(format!("receive form={form} limit=any len={SIZES}"));
        }
        let publish = format!("publish n={COUNT} form=mixed limit=any run=3 len={SIZES}");
        tx.ask_beside(publish, &mut [&mut old, &mut new]);
        tx.ask("close");
        for mut rx in [old, new] {
            let seen = rx.expect();
            assert_eq!((seen.num("got"), seen.num("closed")), (COUNT, 1), "{form}");
            assert_eq!(seen.text("kinds"), Some(&*kinds(0..COUNT, lanes)), "{form}");
            rx.leave();
        }
    }
}

over_every_location! {
    fn an_old_consumer_sees_new_kinds_as_unknown_with_their_bytes_and_all_else_as_before(arena) {
        read_by_old_and_new(arena, &newer, NEW);
    }

    fn a_new_consumer_reads_an_old_producer(arena) {
        read_by_old_and_new(arena, &|| arena.peer(), OLD);
    }

    fn a_consumer_resumes_where_one_of_another_age_stopped(arena) {
        for is_new in [true, false] {
            let at = arena.spot(if is_new { "new" } else { "old" }).text();
            let peer = |is_new| if is_new { newer() } else { arena.peer() };
            let (mut tx, mut first, mut second) = (peer(is_new), peer(false), peer(true));
            let lanes = if is_new { NEW } else { OLD };
            tx.ask(format!("create type=Story at={at} cap=65536"));
            first.ask(format!("attach type=Story at={at} id=same"));
            tx.ask(format!("publish n=60 form=mixed run=3 len={SIZES}"));
            // Each in its turn, the last time after a kill.
            let seen = first.ask(format!("receive n=20 form=lease len={SIZES}"));
            assert_eq!(seen.text("kinds"), Some(&*kinds(0..20, lanes)));
            first.ask("detach what=rx");
            assert_eq!(second.ask(format!("attach type=Story at={at} id=same")).num("next"), 20);
            assert_eq!(second.ask(format!("receive n=20 form=wait len={SIZES}")).num("next"), 40);
            second.kill();
            assert_eq!(first.ask(format!("attach type=Story at={at} id=same")).num("next"), 40);
            tx.ask("close");
            let seen = first.ask(format!("receive form=mixed len={SIZES}"));
            assert_eq!((seen.num("got"), seen.num("closed")), (20, 1));
            first.leave();
            tx.leave();
        }
    }

    fn who_trusts_a_newer_producer_sees_the_same(arena) {
        let at = arena.spot("trusting").text();
        let (mut tx, mut rx) = (newer(), arena.peer());
        tx.ask(format!("create type=Story at={at}"));
        rx.ask(format!("attach type=Story at={at} id=old trusting"));
        rx.tell(format!("receive form=mixed limit=any len={SIZES}"));
        tx.ask_beside(format!("publish n={COUNT} form=mixed run=3 len={SIZES}"), &mut [&mut rx]);
        tx.ask("close");
        assert_eq!(rx.expect().text("kinds"), Some(&*kinds(0..COUNT, NEW)));
        rx.leave();
    }
}
