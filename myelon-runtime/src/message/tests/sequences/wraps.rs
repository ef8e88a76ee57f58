//! Every length from every offset in the ring, across its end too.

use super::ops::{Edge, Exit, Form, From, Len, Op, Take};
use super::places::{LONG, SHORT, fill};
use super::world::World;

/// One message of each way to publish.
fn forms(len: Len, seed: u64) -> [Op; 6] {
    let fill = fill(seed);
    [
        Op::Publish(Form::Try, len, fill),
        Op::Publish(Form::Kind(9), len, fill),
        Op::Publish(Form::With, len, fill),
        Op::Claim(len, Some(Len::Small(seed as usize % 40)), fill),
        Op::Front(len, Len::Small(seed as usize % 37), fill),
        Op::Slice(vec![(len, fill), (Len::Small(1), fill), (len, fill)]),
    ]
}

fn from_every_offset(ring_bytes: usize, timestamps: bool, each: impl Fn(&mut World, u64)) {
    let mut world = World::new(ring_bytes, timestamps);
    world.attach(0, From::Oldest, false);
    for offset in 0..world.model.capacity {
        world.go_to(offset);
        each(&mut world, offset);
    }
    world.finish();
}

#[test]
fn every_short_length_in_every_form_from_every_offset() {
    for (ring_bytes, timestamps) in [(256, false), (256, true), (1024, false), (1024, true)] {
        for len in SHORT {
            from_every_offset(ring_bytes, timestamps, |world, offset| {
                for form in forms(len, offset) {
                    world.go_to(offset);
                    world.step(form);
                    world.step(Op::Publish(Form::Try, Len::Small(3), fill(offset)));
                    world.receive_all(0);
                }
            });
        }
    }
}

#[test]
fn every_long_length_that_fits_the_ring_from_every_offset() {
    for (ring_bytes, timestamps) in [(256, false), (512, true), (1024, false)] {
        for len in LONG {
            from_every_offset(ring_bytes, timestamps, |world, offset| {
                world.step(Op::Publish(Form::Try, len, fill(offset)));
                world.step(Op::Publish(Form::Kind(3), Len::Small(3), fill(offset + 1)));
                world.receive(0, Take::Hold);
                world.receive_all(0);
                world.step(Op::Publish(Form::Timeout, len, fill(offset + 2)));
                world.step(Op::Drain(0, Some(1)));
                world.step(Op::Batched(0, 1));
                world.step(Op::Publish(Form::With, len, fill(offset + 3)));
                world.step(Op::Wait(0));
                world.receive_all(0);
            });
        }
    }
}

/// Nobody waits for the messages, so longer ones than the ring go through; who comes then sees what is left of them.
#[test]
fn messages_longer_than_the_ring_from_every_offset_when_nobody_is_there() {
    for (ring_bytes, timestamps) in [(256, false), (512, true)] {
        for len in [Len::Near(Edge::Ring, -16), Len::Near(Edge::Ring, 1), Len::Part(2300)] {
            from_every_offset(ring_bytes, timestamps, |world, offset| {
                world.leave(0, Exit::Close);
                world.step(Op::Publish(Form::Try, len, fill(offset)));
                for start in [From::Latest, From::Oldest, From::Behind(1), From::Behind(0)] {
                    world.visit(1, start);
                }
                world.step(Op::Publish(Form::Try, Len::Small(8), fill(offset + 1)));
                world.visit(1, From::Oldest);
                world.attach(0, From::Latest, false);
            });
        }
    }
}
