//! Bringing a producer to a halt between any two fragments of a message, by back-pressure alone.

use myelon_tests::course::{Course, wait_until_published};
use myelon_tests::{Arena, Peer, Spot};

/// Bytes of the ring: 64 units, records of up to 16.
pub(crate) const RING: u64 = 1024;
/// A message of nine fragments, longer than the ring.
pub(crate) const LONG: u64 = 2000;
/// The longest message that stays in the ring while it is joined: three fragments.
pub(crate) const KEPT: u64 = RING / 2;
/// Empty messages before it: a unit each, so that a consumer can hold the producer back anywhere. Also the number of the
/// message that is halted in.
pub(crate) const EMPTY: u64 = 64;

/// How many of the empty messages the slow consumer receives, and how often both then receive all that is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) empty: u64,
    pub(crate) rounds: u64,
}

/// A producer that is stopped between two fragments, where it could not go on anyhow. The quick consumer has received
/// everything up to there, and is inside of the message; the slow one has not.
pub(crate) struct Halted {
    pub(crate) tx: Peer,
    pub(crate) quick: Peer,
    pub(crate) slow: Peer,
    pub(crate) way: Way,
    /// How many fragments are published.
    pub(crate) fragments: usize,
    spot: Spot,
    len: u64,
}

/// The stream up to the message; where its records end.
fn course(len: u64) -> (Course, Vec<u64>) {
    let mut course = Course::new(RING);
    for _ in 0..EMPTY {
        course.publish(0);
    }
    let ends = course.publish(len);
    (course, ends)
}

/// A way to each number of fragments of a message of `len` bytes, but for none and all.
fn ways(len: u64) -> Vec<(usize, Way)> {
    let (course, ends) = course(len);
    let all = || (0..3).flat_map(|rounds| (0..=EMPTY).map(move |empty| Way { empty, rounds }));
    let reached = |way: &Way| {
        let stall = (0..way.rounds).fold(course.stall(way.empty), |gate, _| course.stall(gate));
        ends.iter().filter(|end| **end <= stall).count()
    };
    let way = |count| all().find(|way| reached(way) == count).expect("a way to each fragment");
    (1..ends.len()).map(|count| (count, way(count))).collect()
}

/// Halts a producer after each fragment of a message of `len` bytes, each time on a new channel; `options` are those of its
/// `create`.
pub(crate) fn after_each_fragment(arena: &Arena, len: u64, options: &str, mut then: impl FnMut(Halted)) {
    for (fragments, way) in ways(len) {
        then(halt(arena, len, options, fragments, way));
    }
}

/// The same after one of them, in the middle.
pub(crate) fn in_the_middle(arena: &Arena, len: u64, options: &str) -> Halted {
    let ways = ways(len);
    let (fragments, way) = ways[ways.len() / 2];
    halt(arena, len, options, fragments, way)
}

fn halt(arena: &Arena, len: u64, options: &str, fragments: usize, way: Way) -> Halted {
    let spot = arena.spot(&format!("{len}-{fragments}"));
    let at = spot.text();
    let [mut tx, mut quick, mut slow] = [arena.peer(), arena.peer(), arena.peer()];
    tx.ask(format!("create type=Log at={at} cap={RING} {options}"));
    quick.ask(format!("attach type=Log at={at} id=quick"));
    slow.ask(format!("attach type=Log at={at} id=slow"));
    tx.ask(format!("publish n={EMPTY} form=value len=0"));
    quick.ask(format!("receive n={EMPTY} form=lease len=0"));
    slow.ask(format!("receive n={} form=lease len=0", way.empty));
    tx.tell(format!("publish n=1 form=value len={len}"));
    let mut halted = Halted { tx, quick, slow, way, fragments, spot, len };
    let (course, _) = course(len);
    let mut position = course.stall(way.empty);
    wait_until_published(&halted.spot, position);
    halted.tx.stop();
    for round in 0..way.rounds {
        if round == 0 {
            halted.slow_receives_what_is_before();
        }
        halted.receive_fragments(|halted| &mut halted.slow);
        halted.receive_fragments(|halted| &mut halted.quick);
        halted.tx.cont();
        position = course.stall(position);
        wait_until_published(&halted.spot, position);
        halted.tx.stop();
    }
    halted.receive_fragments(|halted| &mut halted.quick);
    halted
}

impl Halted {
    pub(crate) fn at(&self) -> String {
        self.spot.text()
    }

    /// The empty messages that it has not received.
    pub(crate) fn slow_receives_what_is_before(&mut self) {
        self.slow.ask(format!("receive until={EMPTY} form=lease len=0"));
    }

    /// A consumer takes in the fragments that are there, and has no message.
    pub(crate) fn receive_fragments(&mut self, who: impl FnOnce(&mut Self) -> &mut Peer) {
        let len = self.len;
        let error = who(self).refuse(format!("receive limit=try len={len}"), &["Empty"]);
        assert!(error.contains(&format!("next={EMPTY} got=0")), "{error}");
    }

    /// The slow consumer has received as much as the quick one.
    pub(crate) fn slow_catches_up(&mut self) {
        if self.way.rounds == 0 {
            self.slow_receives_what_is_before();
        }
        self.receive_fragments(|halted| &mut halted.slow);
    }

    /// A consumer receives the message, which is whole.
    pub(crate) fn receive_whole(consumer: &mut Peer, len: u64) {
        let seen = consumer.ask(format!("receive n=1 form=lease len={len}"));
        assert_eq!((seen.num("next"), seen.num("joined"), seen.num("died")), (EMPTY + 1, 1, 0));
    }

    /// The stream goes on behind the message, through all forms and lengths, and is closed; nothing more is told.
    pub(crate) fn goes_on(mut tx: Peer, consumers: &mut [&mut Peer]) {
        let run = format!("n=40 form=mixed len=700,{LONG},0,9");
        tx.tell(format!("publish {run}"));
        for consumer in &mut *consumers {
            consumer.tell(format!("receive {run}"));
        }
        let next = tx.expect().num("next");
        tx.leave();
        for consumer in consumers {
            consumer.expect();
            let end = consumer.ask("receive");
            assert_eq!((end.num("got"), end.num("closed"), end.num("next")), (0, 1, next));
            consumer.leave();
        }
    }
}
