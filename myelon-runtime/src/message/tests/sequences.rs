//! What may happen to a channel of messages, against the model: random interleavings of everything, and from every place in
//! the ring what depends on the place.

mod attaching;
mod consuming;
mod deaths;
mod giving_up;
mod glancing;
mod model;
mod ops;
mod places;
mod producing;
mod starts;
mod walk;
mod world;
mod wraps;

use proptest::prelude::*;

use super::Site;
use crate::message::producer::Plan;
use crate::message::{Frames, MessageConsumer, MessageMeta, MessageProducer};
use crate::ring::records::UNIT;
use ops::{Op, ops};
use world::World;

type Tx = Box<MessageProducer<Frames>>;
type Rx = Box<MessageConsumer<Frames>>;

/// How many consumers there may be.
const CONSUMERS: usize = 3;

/// Compares everything after so many steps.
fn run(ring_bytes: usize, timestamps: bool, ops: &[Op], every: usize) {
    let mut world = World::new(ring_bytes, timestamps);
    for (op, index) in ops.iter().zip(1..) {
        world.act(op.clone());
        if index % every == 0 {
            world.check();
        }
    }
    world.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn in_small_rings(ops in ops(), shift in 8..12_u32, timestamps: bool, every in 1..9_usize) {
        run(1 << shift, timestamps, &ops, every);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn in_larger_rings(ops in ops(), shift in 12..17_u32, timestamps: bool, every in 1..9_usize) {
        run(1 << shift, timestamps, &ops, every);
    }
}
