//! A channel with one producer and some consumers, in one thread, and what the model says of them. After a step everything
//! that anybody can ask is compared.

use super::model::Model;
use super::ops::{Fill, From, Op, Take};
use super::walk::Walk;
use super::{CONSUMERS, Rx, Site, Tx, UNIT};
use crate::liveness::OnConsumerDeath;
use crate::ring::records::{RecordRing, standing};
use crate::sync::Ordering;

pub(super) struct World {
    pub(super) site: Site,
    pub(super) ring_bytes: usize,
    pub(super) timestamps: bool,
    pub(super) tx: Option<Tx>,
    pub(super) model: Model,
    pub(super) seats: Vec<Seat>,
}

/// A place in the ring: of one who left it, or was taken from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    pub(super) entry: u32,
    pub(super) cursor: u64,
    /// The message there, as it was noted.
    pub(super) number: u64,
    /// A message that is told to one who resumes here, unless it is received again.
    pub(super) owes: Option<u64>,
}

/// What the channel knows of one id.
pub(super) enum Seat {
    Unknown,
    Live(Live),
    /// Gates until it is evicted.
    Dead(Left),
    Detached(Left),
    Evicted(Left),
}

pub(super) struct Live {
    pub(super) rx: Rx,
    pub(super) walk: Walk,
    pub(super) holds: Holds,
}

/// What was received and is not given back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    Nothing,
    /// Waited for; how it was before, and its number.
    Ready(Walk, u64),
    /// A lease that was forgotten.
    Forgotten(Walk, u64),
}

impl World {
    pub(super) fn new(ring_bytes: usize, timestamps: bool) -> Self {
        let mut world = Self {
            site: Site::new(),
            ring_bytes,
            timestamps,
            tx: None,
            model: Model::new((ring_bytes / UNIT) as u64, timestamps),
            seats: (0..CONSUMERS).map(|_| Seat::Unknown).collect(),
        };
        world.create();
        world
    }

    /// Makes the channel, or goes on in it.
    pub(super) fn create(&mut self) {
        let builder = self.site.producer().capacity(self.ring_bytes as u64);
        let mut tx = builder.on_consumer_death(OnConsumerDeath::HoldForever).build().unwrap();
        tx.timestamps = self.timestamps;
        self.tx = Some(tx);
    }

    pub(super) fn tx(&mut self) -> &mut Tx {
        self.tx.as_mut().unwrap()
    }

    pub(super) fn ring(&self) -> RecordRing {
        *self.tx.as_ref().unwrap().core.publisher.ring()
    }

    /// Where an entry stands, as the producer sees it.
    pub(super) fn cursor(&self, entry: u32) -> u64 {
        self.ring().cursor(entry).unwrap().load(Ordering::Relaxed)
    }

    /// The entries that hold the producer back.
    pub(super) fn gating(&self) -> impl Iterator<Item = u32> {
        self.seats.iter().filter_map(|seat| match seat {
            Seat::Live(live) => Some(live.rx.core.reader.entry()),
            Seat::Dead(left) => Some(left.entry),
            Seat::Unknown | Seat::Detached(_) | Seat::Evicted(_) => None,
        })
    }

    /// The cursor of the slowest; above all others if there is none.
    pub(super) fn gate(&self) -> u64 {
        self.gating().map(|entry| self.cursor(entry)).min().unwrap_or(u64::MAX)
    }

    /// The bytes of a message.
    pub(super) fn bytes(&self, len: usize, fill: Fill) -> Vec<u8> {
        let next = self.model.number();
        let unit = |index: u64| -> [u64; 2] {
            match fill {
                Fill::Pattern(seed) => {
                    let word = (seed ^ (next << 32) ^ index).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    [word, !word]
                }
                Fill::Headers(seed) => {
                    let mix = (seed ^ index).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    let number = (next + mix % 4).saturating_sub(1);
                    let len = (mix >> 8) % (2 * self.ring_bytes as u64 / 4 + 1);
                    let flags =
                        [0, 1, 3, 4, 6, 2, 8, 12][(mix >> 40) as usize % 8] | (((mix >> 44) % 4) << 12);
                    [number, len | flags << 48]
                }
                Fill::Old(from) => {
                    let unit = self.ring().bytes((from % self.model.capacity + index) % self.model.capacity);
                    // SAFETY: a unit of the ring, two words, aligned; nobody writes while this thread reads.
                    unsafe { unit.cast().read() }
                }
                Fill::Words(seed) => [self.model.published + (seed ^ index) % 64, next + index % 8],
            }
        };
        let units = (0..).flat_map(unit).flat_map(u64::to_ne_bytes);
        units.take(len).collect()
    }

    pub(super) fn step(&mut self, op: Op) {
        self.act(op);
        self.check();
    }

    /// Without a look afterwards: that makes the producer look at its consumers anew.
    pub(super) fn act(&mut self, op: Op) {
        match op {
            Op::Publish(form, len, fill) => self.publish(form, len.of(self.ring_bytes), fill),
            Op::Slice(several) => self.publish_slice(&several),
            Op::Batch(several, panic) => self.publish_batch(&several, panic),
            Op::Claim(max, len, fill) => self.claim(max, len, fill),
            Op::Front(slot, front, fill) => self.front(slot, front, fill),
            Op::Succeed(how) => self.succeed(how),
            Op::Attach { who, start, short } => self.attach(who, start, short),
            Op::Receive(who, take) => drop(self.receive(who, take)),
            Op::Drain(who, stop) => self.drain(who, stop),
            Op::Batched(who, count) => self.batch(who, count),
            Op::Wait(who) => self.wait(who),
            Op::Leave(who, exit) => self.leave(who, exit),
            Op::Return(who, exit) => {
                self.leave(who, exit);
                self.attach(who, From::Default, false);
            }
            Op::Evict(who) => self.evict(who),
        }
    }

    pub(super) fn check(&mut self) {
        let (published, ring) = (self.model.published, self.ring());
        assert_eq!(ring.plausible(), Ok(published));
        assert_eq!(self.tx().sequence(), self.model.number());
        self.check_places(&ring);
        let gate = self.gate();
        let lag = published - gate.min(published);
        let ring_bytes = self.ring_bytes as u64;
        assert_eq!(self.tx().lag_bytes(), lag * UNIT as u64);
        assert_eq!(self.tx().free_bytes(), ring_bytes - lag * UNIT as u64);
        for number in self.model.number().saturating_sub(20)..self.model.number() {
            let end = self.model.messages[number as usize].end;
            assert_eq!(self.tx().is_consumed(number), gate >= end, "message {number}");
        }
        let mut lags = Vec::new();
        for index in 0..CONSUMERS {
            let Seat::Live(live) = &self.seats[index] else { continue };
            let cursor = self.cursor(live.rx.core.reader.entry());
            assert_eq!(live.rx.lag_bytes(), (published - cursor) * UNIT as u64);
            assert_eq!(live.rx.free_bytes(), ring_bytes - live.rx.lag_bytes());
            let number = live.check(&self.model, cursor);
            lags.push((cursor, self.model.number().saturating_sub(number)));
        }
        lags.extend(self.seats.iter().filter_map(|seat| match seat {
            Seat::Dead(left) => Some((left.cursor, self.model.number().saturating_sub(left.number))),
            _ => None,
        }));
        let lag = self.tx().lag();
        assert!(lags.is_empty() || lags.contains(&(gate, lag)), "a lag of {lag} with {lags:?}");
    }

    /// What the ring tells of every place in it where a record begins.
    fn check_places(&self, ring: &RecordRing) {
        let (model, published) = (&self.model, self.model.published);
        let oldest = model.oldest();
        assert_eq!(ring.oldest(published), oldest);
        for at in model.from(oldest).map(|record| record.at).chain([published]) {
            assert_eq!(standing(ring, at, published), Ok(model.standing(at)), "at {at} of {published}");
        }
        let boundary = ring.boundary(oldest, published);
        let close = oldest + model.capacity / 8 + model.quantum();
        assert!(boundary >= oldest && (boundary < close || boundary == published), "{boundary} of {oldest}");
        let number =
            model.at(boundary).map_or_else(|| model.standing(boundary).number, |record| record.number);
        assert_eq!(ring.oldest_number(), number);
        for number in model.number().saturating_sub(20)..model.number() {
            let end = model.messages[number as usize].end.max(boundary);
            assert_eq!(ring.end_of(number, boundary, published), end, "message {number}");
        }
    }

    /// The producer closes: every consumer that is left sees all that is left, and the end.
    pub(super) fn finish(mut self) {
        drop(self.tx.take());
        for who in 0..CONSUMERS {
            while self.receive(who, Take::Lease) {}
        }
    }
}
