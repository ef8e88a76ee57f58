//! Lossy consumers: they hold nobody back whatever becomes of them, see nothing torn, know what they missed, and learn how a
//! stream ends.

use core::time::Duration;

use myelon_tests::process::Peer;
use myelon_tests::{over_every_location, system};

/// Every form of channel, with what `publish` is to be told beside.
const KINDS: [(&str, &str, u32); 7] = [
    ("L24", "form=mixed run=3", 16),
    ("D8", "form=mixed run=3", 16),
    ("D256", "form=mixed run=3", 8),
    ("Log", "form=mixed run=3 len=mix:700:1", 4096),
    ("Books", "form=mixed run=3 len=mix:700:1", 4096),
    ("Orders", "form=mixed run=3 len=mix:700:1", 4096),
    ("Monsters", "form=mixed run=3 len=mix:700:1", 4096),
];

fn lengths(how: &str) -> &str {
    how.split(' ').find(|word| word.starts_with("len=")).unwrap_or("")
}

/// Receives to the end; what it saw and what it missed are all there were.
fn expect_all(rx: &mut Peer, all: u64) {
    let told = rx.expect();
    assert_eq!(told.num("got") + told.num("missed"), all);
    assert_eq!((told.num("next"), told.num("closed")), (all, 1));
}

over_every_location! {
    fn seen_and_missed_are_all_there_is(arena) {
        for (kind, how, capacity) in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut fast, mut slow) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity}"));
            fast.ask(format!("glance type={kind} at={at} start=oldest"));
            slow.ask(format!("glance type={kind} at={at} wait=park"));
            assert_eq!(tx.ask("ask-tx").num("attached"), 0, "nobody knows of them");
            let lens = lengths(how);
            fast.tell(format!("receive form=mixed tolerate=lagged {lens}"));
            slow.tell(format!("receive form=mixed tolerate=lagged slow=3000 {lens}"));
            tx.ask(format!("publish n=20000 {how}"));
            tx.leave();
            expect_all(&mut fast, 20_000);
            expect_all(&mut slow, 20_000);
        }
    }

    fn one_that_is_stopped_or_killed_holds_nobody_back(arena) {
        for (kind, how, capacity) in [KINDS[0], KINDS[3]] {
            let at = arena.spot(kind).text();
            let (mut tx, mut stopped) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity}"));
            stopped.ask(format!("glance type={kind} at={at}"));
            stopped.tell(format!("receive form=mixed tolerate=lagged {}", lengths(how)));
            tx.ask(format!("publish n=100 {how}"));
            stopped.stop();
            let mut killed = arena.peer();
            killed.ask(format!("glance type={kind} at={at}"));
            killed.tell(format!("receive form=mixed tolerate=lagged {}", lengths(how)));
            tx.ask(format!("publish n=1000 {how}"));
            killed.kill();
            tx.ask(format!("publish n=1000 {how}"));
            stopped.cont();
            tx.leave();
            expect_all(&mut stopped, 2100);
        }
    }

    fn an_idle_one_uses_no_cpu_to_speak_of(arena) {
        for kind in ["D8", "Log"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            rx.ask(format!("glance type={kind} at={at}"));
            rx.tell("receive n=1 len=9");
            rx.is_silent_for(Duration::from_millis(50));
            let before = system::cpu_time(rx.pid());
            rx.is_silent_for(Duration::from_secs(1));
            let used = system::cpu_time(rx.pid()).saturating_sub(before);
            assert!(used <= Duration::from_millis(20), "{used:?} of a second");
            tx.ask("publish n=1 len=9");
            assert_eq!(rx.expect().num("got"), 1);
            tx.leave();
        }
    }

    fn it_is_told_of_a_death_and_follows_the_successor(arena) {
        for kind in ["L24", "Log"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx, mut keeps) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            rx.ask(format!("glance type={kind} at={at}"));
            // A lossy consumer keeps no channel: without another one, the next `create` beside it would sweep this one up.
            keeps.ask(format!("attach type={kind} at={at} id=keeps"));
            tx.ask("publish n=3 len=9");
            assert_eq!(rx.ask("receive n=3 len=9").num("got"), 3);
            rx.tell("receive len=9");
            tx.kill();
            rx.expect_error(&["ProducerDied", "sequence: 3"]);
            rx.tell("receive n=2 len=9");
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at}"));
            tx.ask("publish n=2 len=9");
            assert_eq!(rx.expect().num("got"), 2);
            // Replaced, where there is a name: attach again.
            if !at.starts_with("fd:") {
                tx.kill();
                tx = arena.peer();
                tx.ask(format!("create type={kind} at={at} fresh"));
                rx.refuse("receive len=9", &["Superseded"]);
            }
            tx.leave();
        }
    }

    fn a_forked_copy_refuses_to_work(arena) {
        for kind in ["L24", "Log"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            rx.ask(format!("glance type={kind} at={at}"));
            let told = rx.ask("fork");
            assert!(told.text("told").unwrap().contains("lossy:forked"), "{told:?}");
            tx.ask("publish n=2 len=9");
            assert_eq!(rx.ask("receive n=2 len=9").num("got"), 2);
            tx.leave();
        }
    }
}
