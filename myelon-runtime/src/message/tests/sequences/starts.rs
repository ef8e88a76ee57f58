//! Every start, after every message of streams that go several laps, whatever the payloads look like.

use super::Site;
use super::ops::{Edge, Exit, Form, From, Len, Op, Take};
use super::places::fill;
use super::world::{Seat, World};

const TINY: &[Len] = &[Len::Small(0), Len::Small(1), Len::Small(16)];
const MIXED: &[Len] = &[
    Len::Small(40),
    Len::Near(Edge::Record, 0),
    Len::Small(0),
    Len::Part(130),
    Len::Near(Edge::Record, 1),
    Len::Small(5),
];
/// All are cut, and nobody is there for whom the ring would be too small.
const LONG: &[Len] = &[
    Len::Near(Edge::Records(2), 1),
    Len::Near(Edge::HalfRing, 0),
    Len::Near(Edge::Ring, 5),
    Len::Part(2500),
];

/// After every message of a stream of so many laps; `after` gets the number of messages that are out.
fn after_every_message(
    ring_bytes: usize,
    timestamps: bool,
    (lens, laps, seed): (&[Len], u64, u64),
    mut after: impl FnMut(&mut World, u64),
) {
    let mut world = World::new(ring_bytes, timestamps);
    let mut number = 0;
    while world.model.published < laps * world.model.capacity {
        let len = lens[number as usize % lens.len()];
        world.step(Op::Publish(Form::Try, len, fill(seed + number)));
        number += 1;
        after(&mut world, number);
    }
    world.finish();
}

#[test]
fn who_attaches_begins_at_every_start_after_every_message() {
    for (ring_bytes, laps) in [(256, 5), (1024, 3)] {
        for timestamps in [false, true] {
            for lens in [TINY, MIXED, LONG] {
                for seed in 0..4 {
                    after_every_message(ring_bytes, timestamps, (lens, laps, seed), |world, _| {
                        world.visit_everywhere(0);
                    });
                }
            }
        }
    }
}

#[test]
fn every_number_that_is_surely_there_is_a_start_and_no_other_is() {
    let mut had = 0;
    after_every_message(1024, false, (TINY, 4, 0), |world, number| {
        let (oldest, capacity) = (world.model.oldest(), world.model.capacity);
        for (message, at) in world.model.messages.iter().zip(0..) {
            // An anchor is left in every eighth.
            let certain = message.begin >= oldest + capacity / 8 + world.model.quantum();
            assert!(world.has(at) || !certain, "{at} of {number}");
            assert!(!world.has(at) || message.begin >= oldest, "{at} of {number}");
            had += u64::from(world.has(at));
        }
        assert!(world.has(number) && !world.has(number + 1));
    });
    assert!(had > 1000, "{had}");
}

/// Goes away and comes back after `away` messages, again and again. It resumes, or is told what it missed.
fn comes_and_goes(ring_bytes: usize, timestamps: bool, lens: &[Len], away: u64) {
    after_every_message(ring_bytes, timestamps, (lens, 4, away), |world, number| {
        if number % (away + 1) != 0 {
            return;
        }
        world.attach(0, From::Default, false);
        if matches!(world.seats[0], Seat::Evicted(_)) {
            // Until it asks for another start.
            world.attach(0, From::Resume, false);
            world.attach(0, From::Oldest, false);
        }
        // One message, so that it falls behind.
        world.receive(0, Take::Lease);
        world.step(Op::Leave(0, Exit::Detach));
    });
}

#[test]
fn who_detaches_resumes_after_any_number_of_messages() {
    for (ring_bytes, most) in [(256, 20), (1024, 50)] {
        for away in 0..most {
            for lens in [TINY, MIXED, LONG] {
                comes_and_goes(ring_bytes, away % 2 == 1, lens, away);
            }
        }
    }
}

#[test]
fn a_channel_in_which_nothing_was_published_has_one_place() {
    let site = Site::new();
    let tx = site.create(256);
    for start in [crate::ring::Start::Oldest, crate::ring::Start::Latest, crate::ring::Start::At(0)] {
        let rx = site.consumer("r").start(start).build().unwrap();
        assert_eq!((rx.sequence(), rx.lag(), rx.lag_bytes(), rx.free_bytes()), (0, 0, 0, 256));
    }
    assert!(site.consumer("r").start(crate::ring::Start::At(1)).build().is_err());
    assert_eq!(tx.sequence(), 0);
}
