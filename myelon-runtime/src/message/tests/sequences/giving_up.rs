//! Messages that are given up in the middle of their fragments, from every offset, with every amount of room.

use super::ops::{Edge, Exit, Form, From, Len, Op, Take};
use super::places::fill;
use super::world::World;

const LENS: [Len; 5] = [
    Len::Near(Edge::Record, 1),
    Len::Near(Edge::HalfRing, 0),
    Len::Near(Edge::HalfRing, 1),
    Len::Near(Edge::Ring, -16),
    Len::Part(1700),
];

/// What happens after a message was given up, or was not.
fn afterwards(world: &mut World, offset: u64, held: u64, len: Len) {
    let next = if held % 3 == 0 { len } else { Len::Small(held as usize) };
    match (offset + held) % 6 {
        // The next one at once, as far as there is room.
        0 => world.step(Op::Publish(Form::Try, next, fill(offset))),
        // What is left of it is received, and the next one follows.
        1 => {
            world.receive_all(0);
            world.step(Op::Publish(Form::Timeout, next, fill(offset)));
        }
        // Its consumer goes, and comes back in the middle.
        2 => {
            world.receive_all(0);
            world.step(Op::Return(0, Exit::Detach));
        }
        // It goes before it received anything.
        3 => world.step(Op::Return(0, Exit::Die)),
        // Somebody comes who can only see its end, and one who sees more of it.
        4 => {
            world.attach(1, From::Latest, false);
            world.visit(2, From::Oldest);
            world.receive(0, Take::Lease);
            world.step(Op::Publish(Form::Kind(5), next, fill(offset)));
            world.receive_all(0);
            world.receive_all(1);
            world.leave(1, Exit::Close);
        }
        // Twice in a row.
        _ => {
            world.receive(0, Take::Lease);
            world.step(Op::Publish(Form::Timeout, len, fill(offset)));
        }
    }
    world.receive_all(0);
    world.step(Op::Publish(Form::Try, Len::Small(7), fill(held)));
    world.visit(1, From::Oldest);
    world.receive_all(0);
}

fn with_every_room(ring_bytes: usize, timestamps: bool, len: Len, stride: usize) {
    let mut world = World::new(ring_bytes, timestamps);
    world.attach(0, From::Oldest, false);
    let (capacity, quantum) = (world.model.capacity, world.model.quantum());
    for offset in 0..capacity {
        for held in (offset as usize % stride..=capacity as usize).step_by(stride) {
            let held = held as u64;
            world.go_to((offset + capacity - held) % capacity);
            while world.model.published - world.gate() + quantum <= held {
                world.publish_units(quantum / 2);
            }
            world.step(Op::Publish(Form::Timeout, len, fill(offset + held)));
            afterwards(&mut world, offset, held, len);
        }
    }
    world.finish();
}

#[test]
fn from_every_offset_with_every_room_in_the_smallest_ring() {
    for timestamps in [false, true] {
        for len in LENS {
            with_every_room(256, timestamps, len, 1);
        }
    }
}

#[test]
fn from_every_offset_in_a_larger_ring() {
    for (len, timestamps) in LENS.into_iter().zip([false, true].into_iter().cycle()) {
        with_every_room(1024, timestamps, len, 7);
    }
}
