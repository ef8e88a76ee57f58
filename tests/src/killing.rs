//! Ends that are killed at random moments, again and again: what the tests of events and of messages have in common.

use core::time::Duration;

use crate::journal::{Journal, Word};
use crate::{Arena, Peer, Random};

/// A journal of the test's own with room for so many sequences, and its path as a peer is told it.
pub fn journal(arena: &Arena, name: &str, room: u64) -> (Journal, String) {
    let path = arena.path(name);
    (Journal::open(&path, room), path.display().to_string())
}

/// Lets some time pass in which `peer` is at work and has nothing to say.
pub fn at_a_random_moment(peer: &mut Peer, random: &mut Random) {
    peer.is_silent_for(random.moment(Duration::from_millis(4)));
}

/// The next incarnation of a consumer that was killed: where it begins again.
pub fn come_back(journal: &Journal, resumed: u64) {
    let (handled, in_hand) = (journal.get(Word::Handled), journal.get(Word::InHand).max(1));
    assert!(resumed <= handled, "lost {handled}..{resumed}");
    assert!(handled - resumed <= in_hand, "{resumed}..{handled} comes twice, {in_hand} were in hand");
    assert_eq!(journal.get(Word::Torn), 0, "torn or out of order");
    // Those that come twice are counted from here on again.
    journal.set(Word::Handled, resumed);
}

/// Has producers publish, kills each, and has the next one go on in sequence: no sooner than what was published, no later
/// than what was tried.
pub fn follow(arena: &Arena, tx: &mut Peer, journal: &Journal, create: &str, publish: &str, rounds: u32) {
    let mut random = Random::new();
    for _ in 0..rounds {
        tx.tell(publish);
        at_a_random_moment(tx, &mut random);
        tx.kill();
        *tx = arena.peer();
        let next = tx.ask(create).num("next");
        let (done, tried) = (journal.get(Word::Published), journal.get(Word::Attempted));
        assert!(done <= next, "{next}..{done} was published and is lost");
        assert!(next <= tried.max(done), "{tried}..{next} was never published");
    }
}

/// What both ends are told, each time that one begins.
#[derive(Debug)]
pub struct Script {
    pub create: String,
    pub attach: String,
    pub publish: String,
    pub receive: String,
}

/// Kills the consumer, the producer or both, so many times; closes, and returns how many were published. The consumer that
/// was there last has then seen the end.
pub fn kill_either_end(arena: &Arena, journal: &Journal, script: &Script, rounds: u32) -> u64 {
    let Script { create, attach, publish, receive } = script;
    let mut random = Random::new();
    let (mut tx, mut rx) = (arena.peer(), arena.peer());
    tx.ask(create);
    rx.ask(format!("{attach} start=oldest"));
    tx.tell(publish);
    rx.tell(receive);
    for _ in 0..rounds {
        at_a_random_moment(&mut tx, &mut random);
        let which = random.below(3);
        if which != 0 {
            rx.kill();
        }
        if which != 1 {
            tx.kill();
        }
        if which != 0 {
            rx = arena.peer();
            let resumed = rx.ask(attach).num("next");
            come_back(journal, resumed);
            rx.tell(receive);
        }
        if which != 1 {
            tx = arena.peer();
            tx.ask(create);
            tx.tell(publish);
        }
    }
    tx.kill();
    tx = arena.peer();
    let end = tx.ask(create).num("next");
    tx.ask("close");
    let seen = rx.expect();
    assert_eq!((seen.num("next"), seen.num("closed")), (end, 1));
    rx.leave();
    end
}
