//! Lossy readers beside all that may happen to a channel: what they see is what the model has, in order and whole, and what
//! they are told to have missed was overwritten, or about to be.

use proptest::prelude::*;

use super::ops::{Op, ops};
use super::world::World;
use crate::consumer::{RecvError, TryRecvError};
use crate::message::{Frames, MessageLossyConsumer};
use crate::ring::Start;

/// How a reader was made.
#[derive(Debug, Clone, Copy)]
enum Begin {
    Oldest,
    Latest,
    /// So many after the next one, or before it.
    At(i64),
}

/// What happens between the steps of a channel.
#[derive(Debug, Clone)]
enum Glance {
    Begin(Begin),
    Read(usize),
    Drain,
}

struct Glancer {
    rx: MessageLossyConsumer<Frames>,
    expected: u64,
    /// Whether it was not overtaken just before: then it goes on at the oldest that is there.
    fresh: bool,
}

impl Glancer {
    fn begin(world: &World, begin: Begin) -> Self {
        let next = world.model.number();
        let start = match begin {
            Begin::Oldest => Start::Oldest,
            Begin::Latest => Start::Latest,
            Begin::At(by) => Start::At(next.saturating_add_signed(by)),
        };
        let rx = world.site.lossy().start(start).build().unwrap();
        let at = rx.glances().look.next;
        let expected = match start {
            Start::At(number) => number,
            _ => world.model.standing(at).number,
        };
        Self { rx: *rx, expected, fresh: true }
    }

    /// At most as many are missed as are not there from the first anchor on that is.
    fn miss(&mut self, world: &World, missed: u64) {
        assert_ne!(missed, 0);
        let (oldest, messages) = (world.model.oldest(), &world.model.messages);
        self.expected += missed;
        if self.fresh {
            let last = &messages[self.expected as usize - 1];
            let close = oldest + world.model.capacity / 8 + world.model.quantum();
            assert!(last.begin < close, "{} at {} was missed of {oldest}", self.expected - 1, last.begin);
        }
    }

    /// What one call said; false if there is nothing.
    fn take(&mut self, world: &World, outcome: Result<(), TryRecvError>) -> bool {
        match outcome {
            Ok(()) => {}
            Err(TryRecvError::Failed(RecvError::Lagged { missed })) => self.miss(world, missed),
            Err(TryRecvError::Failed(RecvError::Incomplete { sequence })) => {
                assert_eq!(sequence, self.expected);
                assert!(!world.model.messages[sequence as usize].whole);
                self.expected += 1;
            }
            Err(TryRecvError::Empty) => {
                let number = world.model.number();
                let unfinished = self.expected + 1 == number && !world.model.messages.last().unwrap().whole;
                assert!(self.expected >= number || unfinished, "{} of {number}", self.expected);
                return false;
            }
            Err(other) => panic!("{other}"),
        }
        true
    }

    fn see(expected: &mut u64, world: &World, number: u64, kind: u16, bytes: &[u8]) {
        assert_eq!(number, *expected);
        let message = &world.model.messages[number as usize];
        assert!(message.whole && message.bytes == bytes && message.kind == kind, "message {number}");
        *expected += 1;
    }

    fn read(&mut self, world: &World) -> bool {
        self.fresh = self.rx.glances().look.laps() == 0;
        let outcome = self.rx.try_recv().map(|message| {
            let message = message.expect("nobody closed");
            Self::see(&mut self.expected, world, message.sequence(), message.meta().kind, &message);
        });
        let outcome = self.take(world, outcome);
        assert!(self.rx.sequence() == self.expected || !outcome, "what it says comes next");
        outcome
    }

    fn drain(&mut self, world: &World) -> bool {
        self.fresh = self.rx.glances().look.laps() == 0;
        let mut last = false;
        let outcome = self.rx.try_drain(|bytes, meta| {
            assert!(!last);
            last = meta.end_of_batch;
            Self::see(&mut self.expected, world, meta.sequence, meta.kind, bytes);
        });
        assert_eq!(last, outcome.is_ok());
        self.take(world, outcome.map(|_| ()))
    }
}

fn glances() -> impl Strategy<Value = Glance> {
    prop_oneof![
        1 => prop_oneof![
            Just(Begin::Oldest),
            Just(Begin::Latest),
            (-40..4_i64).prop_map(Begin::At)
        ]
        .prop_map(Glance::Begin),
        4 => (1..6_usize).prop_map(Glance::Read),
        1 => Just(Glance::Read(usize::MAX)),
        2 => Just(Glance::Drain),
    ]
}

fn run(mut world: World, steps: Vec<Op>, glances: &[Glance]) {
    let mut reader = Glancer::begin(&world, Begin::Oldest);
    for (op, glance) in steps.into_iter().zip(glances.iter().cycle()) {
        world.act(op);
        match *glance {
            Glance::Begin(begin) => reader = Glancer::begin(&world, begin),
            Glance::Read(most) => {
                for _ in 0..most {
                    if !reader.read(&world) {
                        break;
                    }
                }
            }
            Glance::Drain => {
                reader.drain(&world);
            }
        }
    }
    while reader.read(&world) {}
    let memory = reader.rx.glances().memory();
    assert!(memory as u64 <= reader.rx.max_message().max(reader.rx.capacity() / 4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn beside_all_that_may_happen(
        ops in ops(),
        glances in prop::collection::vec(glances(), 1..40),
        shift in 8..13_u32,
        timestamps: bool,
    ) {
        run(World::new(1 << shift, timestamps), ops, &glances);
    }
}
