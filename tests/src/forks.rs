//! Forks of a process that has both ends of a channel: what the tests of events and of messages have in common.

use crate::{Arena, system};

/// The copies of both ends in a forked child refuse, and the parent goes on.
pub fn copies_refuse(arena: &Arena, kind: &str, capacity: u64) {
    let at = arena.spot(kind).text();
    let (mut both, mut rx) = (arena.peer(), arena.peer());
    let create = format!("create type={kind} at={at} cap={capacity}");
    both.ask(&create);
    both.ask(format!("attach type={kind} at={at} id=own"));
    rx.ask(format!("attach type={kind} at={at} id=other"));
    both.ask("publish n=5");
    both.ask("receive n=2 form=lease");
    for round in 0..3 {
        let forked = both.ask("fork");
        assert_eq!(forked.text("told"), Some("tx:forked rx:forked "));
        assert!(system::lives(forked.num("child") as u32));
        // The child dropped its copies. Nobody noticed.
        both.ask("publish n=1 limit=try form=value");
        assert_eq!(both.ask("receive n=1 form=lease").num("next"), 3 + round);
        assert_eq!(both.ask("ask-tx").num("attached"), 2);
    }
    let mut late = arena.peer();
    late.refuse(create, &["AlreadyExists", &both.pid().to_string()]);
    late.refuse(format!("attach type={kind} at={at} id=own"), &["IdInUse", &both.pid().to_string()]);
    both.ask("close what=rx");
    both.ask("close what=tx");
    let seen = rx.ask("receive");
    assert_eq!((seen.num("got"), seen.num("closed")), (8, 1));
    rx.leave();
}
