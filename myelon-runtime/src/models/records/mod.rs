//! M1 to M5: records in a ring of units, as the ends of a channel of messages write, read and find them.
//!
//! [`Writer`] and [`Follower`] do what those ends do, in the same order, with the same calls of the ring; what they leave
//! away is bytes of less than a unit, waiting, and memory of their own. Payloads are images of headers, so that one who
//! takes the middle of a record for its beginning finds something plausible there, and a wrong number.
//!
//! | | shown by | and fails where |
//! |---|---|---|
//! | M1 | `stream`: runs, padding, claims that were dropped, batches | a record is shown early, without its end, across the end of the ring, behind a gap, or is read beyond the cursor |
//! | M2 | `join`: a start at the oldest, latest, n-th message while the producer goes round; `takeover` | an anchor lies inside a record, is believed before its run is published, is found before the entry gates, is left by nobody; a successor moves one |
//! | M3 | `join`: every start knows its number; `fragments`: inside of messages | padding has the number before; the last record is looked for while it is written over |
//! | M4 | `fragments`: whole, given up, orphaned, found in their middle; `takeover` | a successor uses the number of a torso again, or fragments of two messages mix |
//! | M5 | `stream`: a payload that was built from the end of its slot | the slot's beginning is no record (that is M1) |
//!
//! And R7 of records: `lossy` fails where a header or a payload is believed without a second look, or where a reader that was
//! overtaken goes on at no anchor.
//!
//! The alignment of M5 is arithmetic and has no interleavings: an assertion beside [`Unit`] and the tests of the ends
//! show it.

mod follow;
mod fragments;
mod join;
mod lossy;
mod stream;
mod takeover;
mod write;

use std::sync::Arc;

use super::{FREE, Heap, Model};
use crate::event::RingEvent;
use crate::ring::entry;
use crate::ring::join::{self as ring_join, Refused, Start};
use crate::ring::records::{ANCHORS, Header};
use crate::ring::slots::DenseSlot;
use crate::ring::{Records, Unit};
use follow::Follower;
use write::Writer;

impl Model for Records {
    const ANCHORS: usize = ANCHORS;

    fn blank<E: RingEvent>() -> DenseSlot<E> {
        <crate::ring::Dense as Model>::blank()
    }
}

type Units = Heap<Records, Unit>;

/// The kind of messages, unless a model tells two authors apart.
const KIND: u16 = 1;

/// No message of a model has a number as high as this; payloads have.
const PAYLOAD: u64 = 1000;

/// A unit of a payload: an image of a header.
fn payload(header: Header, index: u64) -> Unit {
    let number = PAYLOAD + 100 * header.number + 10 * u64::from(header.flags) + index;
    Header { number, len: 0, kind: header.kind, flags: 0, slack: 0, lead: 0 }.encode()
}

/// Joins as a consumer that attaches does, and finds out which message comes next.
fn attach(heap: &Arc<Units>, start: Start) -> Result<Follower, Refused> {
    let ring = heap.ring();
    let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
    ring_join::provisional(&ring, &heap.cursors[0], start).unwrap();
    let (word, at) = ring_join::finish(&ring, &heap.entries[0], claimed, &heap.cursors[0], start, |_| ());
    word.unwrap();
    at.map(|at| Follower::at(heap, at))
}
