//! Several consumers of one stream of messages: quick and slow ones, one that comes and goes, some that die.

use myelon_tests::{Peer, over_every_location};

const LEN: &str = "mix:3000:5";

/// Attaches, anew if it was away for too long.
fn attach(rx: &mut Peer, at: &str, id: &str) {
    rx.tell(format!("attach type=Log at={at} id={id}"));
    if let Err(error) = rx.answer() {
        assert!(error.contains("Evicted"), "{error}");
        rx.ask(format!("attach type=Log at={at} id={id} start=latest"));
    }
}

over_every_location! {
    fn each_gets_its_own_while_others_lag_leave_and_die(arena) {
        let at = arena.spot("crowd").text();
        let [mut tx, mut quick, mut slow, mut guest] = [arena.peer(), arena.peer(), arena.peer(), arena.peer()];
        tx.ask(format!("create type=Log at={at} cap=4096"));
        quick.ask(format!("attach type=Log at={at} id=quick"));
        slow.ask(format!("attach type=Log at={at} id=slow"));
        tx.ask("ask-tx consumers=2");
        quick.tell(format!("receive form=mixed len={LEN}"));
        slow.tell(format!("receive form=mixed slow=2000 len={LEN}"));
        let enough = arena.path("enough");
        tx.tell(format!("publish until=400000000 form=mixed run=9 len={LEN} till={}", enough.display()));
        for round in 0..30 {
            attach(&mut guest, &at, "guest");
            guest.ask(format!("receive n={} form=mixed tolerate=incomplete len={LEN}", 1 + round * 7 % 50));
            guest.ask("detach what=rx");
            let mut victim = arena.peer();
            attach(&mut victim, &at, "victim");
            victim.tell(format!("receive form=mixed tolerate=incomplete len={LEN}"));
            victim.is_silent_for(core::time::Duration::from_millis(round % 4));
            victim.kill();
        }
        std::fs::write(enough, "").unwrap();
        let end = tx.expect().num("next");
        tx.leave();
        for consumer in [&mut quick, &mut slow] {
            let seen = consumer.expect();
            assert_eq!((seen.num("got"), seen.num("closed"), seen.num("incomplete")), (end, 1, 0));
            consumer.leave();
        }
        guest.leave();
        arena.sweep();
    }
}
