//! Both ends of a channel of messages, killed at random moments again and again: every message is received or told as lost,
//! none twice but those that were in hand, and nothing needs cleaning up.

use core::time::Duration;

use myelon_tests::journal::{Journal, Word};
use myelon_tests::{Arena, Peer, Random, over_every_location};

/// Room for every message that a producer could publish in the time.
const ROOM: u64 = 64 << 20;
/// Channels, rings and lengths: from messages of a unit to some that are longer than the ring.
const STREAMS: [(&str, u64, &str); 2] = [("Log", 1024, "mix:3000:1"), ("Feed", 4096, "mix:900:2")];
const FORMS: [&str; 4] = ["lease", "drain", "batch", "mixed"];

fn journal(arena: &Arena, name: &str) -> (Journal, String) {
    let path = arena.path(name);
    (Journal::open(&path, ROOM), path.display().to_string())
}

/// Lets some time pass in which `peer` is at work and has nothing to say.
fn at_a_random_moment(peer: &mut Peer, random: &mut Random) {
    peer.is_silent_for(random.moment(Duration::from_millis(4)));
}

/// The next incarnation of a consumer that was killed: where it begins again.
fn come_back(journal: &Journal, resumed: u64) {
    let (handled, in_hand) = (journal.get(Word::Handled), journal.get(Word::InHand).max(1));
    assert!(resumed <= handled, "lost {handled}..{resumed}");
    assert!(handled - resumed <= in_hand, "{resumed}..{handled} comes twice, {in_hand} were in hand");
    assert_eq!(journal.get(Word::Torn), 0, "torn or out of order");
    journal.set(Word::Handled, resumed);
}

over_every_location! {
    fn a_producer_is_followed_in_sequence(arena) {
        for (kind, capacity, len) in STREAMS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"));
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={capacity}");
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(create.clone());
            rx.ask(format!("attach type={kind} at={at} id=a start=oldest"));
            other.ask(format!("attach type={kind} at={at} id=b start=oldest"));
            rx.tell(format!("receive form=mixed limit=any tolerate=died,incomplete len={len}"));
            other.tell(format!("receive form=drain tolerate=died,incomplete len={len}"));
            for _ in 0..40 {
                tx.tell(format!("publish until=400000000 form=mixed run=17 journal={path} len={len}"));
                at_a_random_moment(&mut tx, &mut random);
                tx.kill();
                tx = arena.peer();
                let next = tx.ask(create.clone()).num("next");
                let (done, tried) = (journal.get(Word::Published), journal.get(Word::Attempted));
                assert!(done <= next, "{next}..{done} was published and is lost");
                assert!(next <= tried.max(done), "{tried}..{next} was never published");
            }
            let end = tx.ask(format!("publish n=100 form=mixed len={len}")).num("next");
            tx.ask("close");
            let seen = [rx.expect(), other.expect()];
            for seen in &seen {
                assert_eq!((seen.num("got") + seen.num("incomplete"), seen.num("closed")), (end, 1));
                assert!(seen.num("died") <= 40 && seen.num("incomplete") <= 40, "each is told once");
            }
            assert_eq!(seen[0].text("skipped"), seen[1].text("skipped"), "the same ones for everybody");
            rx.leave();
            other.leave();
        }
    }

    fn a_consumer_that_is_held_for_ever_loses_nothing_unheard(arena) {
        for (kind, capacity, len) in STREAMS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"));
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity} policy=forever"));
            rx.ask(format!("attach type={kind} at={at} id=victim start=oldest"));
            let enough = arena.path(&format!("{kind}.enough"));
            tx.tell(format!("publish until=60000000 form=mixed run=11 len={len} till={}", enough.display()));
            for _ in 0..40 {
                let form = random.pick(&FORMS);
                rx.tell(format!("receive form={form} journal={path} tolerate=incomplete len={len}"));
                at_a_random_moment(&mut rx, &mut random);
                rx.kill();
                rx = arena.peer();
                let resumed = rx.ask(format!("attach type={kind} at={at} id=victim")).num("next");
                come_back(&journal, resumed);
            }
            std::fs::write(enough, "").unwrap();
            rx.tell(format!("receive journal={path} tolerate=incomplete len={len}"));
            let end = tx.expect().num("next");
            tx.ask("close");
            assert_eq!(rx.expect().num("closed"), 1);
            rx.leave();
            let told = |sequence| journal.times(sequence) >= 1 || journal.is_lost(sequence);
            assert!((0..end).all(told), "a message is missing");
            assert!((0..end).filter(|sequence| journal.is_lost(*sequence)).count() <= 40);
        }
    }

    fn either_end(arena) {
        for (kind, capacity, len) in STREAMS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"));
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={capacity} policy=forever");
            let attach = format!("attach type={kind} at={at} id=victim");
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(create.clone());
            rx.ask(format!("{attach} start=oldest"));
            let publish = format!("publish until=60000000 form=mixed run=7 len={len}");
            tx.tell(publish.clone());
            let receive = format!("receive form=mixed journal={path} tolerate=died,incomplete len={len}");
            rx.tell(receive.clone());
            for _ in 0..40 {
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
                    let resumed = rx.ask(attach.clone()).num("next");
                    come_back(&journal, resumed);
                    rx.tell(receive.clone());
                }
                if which != 1 {
                    tx = arena.peer();
                    tx.ask(create.clone());
                    tx.tell(publish.clone());
                }
            }
            tx.kill();
            tx = arena.peer();
            let end = tx.ask(create).num("next");
            tx.ask("close");
            let seen = rx.expect();
            assert_eq!((seen.num("next"), seen.num("closed")), (end, 1));
            let told = |sequence| journal.times(sequence) >= 1 || journal.is_lost(sequence);
            assert!((0..end).all(told), "a message is missing");
            rx.leave();
        }
    }
}
