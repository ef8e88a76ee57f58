//! Producers that die between any two records, and who goes on after them.

use super::model::Put;
use super::ops::{Edge, Exit, Form, From, How, Len, Op, Take};
use super::places::fill;
use super::world::{Seat, World};
use super::{Plan, UNIT};
use crate::message::producer::Slot;
use crate::producer::TryPublishError;
use crate::ring::records::flag;
use crate::wait::patience::Now;

impl World {
    /// Publishes the first fragments of a message, as far as there is room, as a producer does that is not to live longer.
    fn publish_some(&mut self, bytes: &[u8], count: usize) {
        let gate = self.gate();
        let tx = self.tx();
        let fragments = bytes.len().div_ceil(tx.largest());
        assert!(count <= fragments && fragments > 1);
        let mut out = 0;
        for (index, fragment) in bytes.chunks(tx.largest()).enumerate().take(count) {
            let first = index == 0;
            let slot: Result<Slot, TryPublishError> = tx.open(fragment.len(), first, &mut Now);
            let Ok(slot) = slot else { break };
            out += 1;
            tx.payload(slot).copy_from_slice(fragment);
            let flags = if first { 0 } else { flag::CONTINUED };
            let flags = flags | if index + 1 == fragments { 0 } else { flag::MORE };
            tx.seal(slot, 0, fragment.len(), Plan { kind: 6, flags, total: bytes.len() as u64 });
            tx.flush();
        }
        let put = self.model.cut(6, bytes, gate, count);
        assert_eq!(put, if out == fragments { Put::Done } else { Put::GaveUp });
    }

    /// What the successor finds, and what everybody sees of it.
    fn after_a_death(&mut self, seed: u64, len: Len) {
        let how = [How::Die, How::DieWriting(seed * 5 + 1), How::Detach][seed as usize % 3];
        self.step(Op::Succeed(how));
        match seed % 5 {
            // Nothing new yet.
            0 => self.receive_all(0),
            1 => self.step(Op::Publish(Form::Try, Len::Small(seed as usize % 90), fill(seed))),
            2 => self.step(Op::Publish(Form::Try, len, fill(seed))),
            // The next one dies at once.
            3 => self.step(Op::Succeed(How::DieWriting(seed))),
            _ => self.step(Op::Claim(Len::Near(Edge::Record, 0), Some(Len::Small(3)), fill(seed))),
        }
        self.visit(1, From::Oldest);
        self.visit(1, From::Behind(seed % 4));
        self.receive_all(0);
        self.step(Op::Publish(Form::Kind(8), Len::Small(2), fill(seed)));
        self.attach(2, From::Default, false);
        if matches!(self.seats[2], Seat::Evicted(_)) {
            self.attach(2, From::Oldest, false);
        }
        self.receive_all(2);
        self.receive_all(0);
    }
}

/// Of a message that is cut and fits the ring, as many fragments go out as there can be.
fn at_every_fragment(ring_bytes: usize, timestamps: bool, len: Len) {
    let mut world = World::new(ring_bytes, timestamps);
    world.attach(0, From::Oldest, false);
    let bytes = len.of(ring_bytes);
    let fragments = bytes.div_ceil(world.model.largest());
    let mut seed = 0;
    for offset in 0..world.model.capacity {
        for count in 1..=fragments {
            // Whether the consumers are in the middle of it when its producer dies.
            for reads in [false, true] {
                seed += 1;
                world.leave(2, if seed % 2 == 0 { Exit::Detach } else { Exit::Close });
                world.go_to(offset);
                world.attach(2, From::Default, false);
                if matches!(world.seats[2], Seat::Evicted(_)) {
                    world.attach(2, From::Latest, false);
                }
                world.receive_all(2);
                let payload = world.bytes(bytes, fill(seed));
                world.publish_some(&payload, count);
                if reads {
                    world.receive_all(0);
                    world.receive_all(2);
                }
                world.leave(2, Exit::Detach);
                world.after_a_death(seed, len);
            }
        }
    }
    world.finish();
}

#[test]
fn at_every_fragment_from_every_offset() {
    for (ring_bytes, timestamps) in [(256, true), (512, false)] {
        for len in [
            Len::Near(Edge::Record, 1),
            Len::Near(Edge::HalfRing, 0),
            Len::Near(Edge::HalfRing, 1),
            Len::Near(Edge::Records(2), 16),
        ] {
            at_every_fragment(ring_bytes, timestamps, len);
        }
    }
}

/// Of a message that is longer than the ring, with nobody there or with one who goes away in the middle of it.
#[test]
fn at_every_fragment_of_a_message_longer_than_the_ring() {
    for (ring_bytes, timestamps) in [(256, false), (512, true)] {
        let mut world = World::new(ring_bytes, timestamps);
        let bytes = ring_bytes * 2 + UNIT;
        for offset in 0..world.model.capacity {
            for count in 1..=bytes.div_ceil(world.model.largest()) {
                world.attach(0, From::Oldest, false);
                world.go_to(offset);
                world.leave(0, Exit::Close);
                let payload = world.bytes(bytes, fill(offset));
                world.publish_some(&payload, count);
                world.attach(0, From::Oldest, false);
                world.receive(0, Take::Lease);
                world.after_a_death(offset + count as u64, Len::Near(Edge::Record, 1));
                world.leave(0, Exit::Close);
                world.leave(2, Exit::Detach);
            }
        }
        world.finish();
    }
}

#[test]
fn at_every_record_of_streams_of_whole_messages() {
    for (ring_bytes, timestamps) in [(256, false), (1024, true)] {
        let mut world = World::new(ring_bytes, timestamps);
        world.attach(0, From::Oldest, false);
        for seed in 0..6 * world.model.capacity {
            let len = [Len::Small(seed as usize % 50), Len::Part(170), Len::Near(Edge::Record, 0)];
            world.step(Op::Publish(Form::Try, len[seed as usize % 3], fill(seed)));
            world.after_a_death(seed, Len::Near(Edge::Record, 1));
            world.leave(2, Exit::Detach);
        }
        world.finish();
    }
}
