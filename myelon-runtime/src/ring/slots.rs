//! The two slot disciplines: how an event lies in the ring and what makes it visible.

use core::fmt;

use super::records::Records;
use crate::event::RingEvent;
use crate::sync::{AtomicU64, Cell};

/// How events lie in the ring and how their readers learn of them. Sealed: [`Stamped`], [`Dense`], and [`Records`] for
/// messages.
///
/// It is part of a channel's fingerprint, so two builds that chose differently never talk.
pub trait Discipline: sealed::Sealed + fmt::Debug + Send + Sync + 'static {
    /// Its number in the segment header and in the fingerprint.
    const CODE: u32;
    /// Its name, for people.
    const NAME: &'static str;
    #[doc(hidden)]
    const STAMPED: bool;
    /// A look of a consumer that finds fewer slots than this may hold back, if the stream is busy.
    #[doc(hidden)]
    const FEW: u64 = 256;
    /// For how many moments it then does so, at most, while more and more come.
    #[doc(hidden)]
    const HOLDS: u32 = 1;
    /// Whether a look in vain may ask for the lines that will be written next, which takes them from the producer.
    #[doc(hidden)]
    const EAGER: bool = false;
    #[doc(hidden)]
    type Slot<E: RingEvent>: sealed::Slot;

    #[doc(hidden)]
    fn stride<E: RingEvent>() -> usize;
    #[doc(hidden)]
    fn cell<E: RingEvent>(slot: &Self::Slot<E>) -> &Cell<E>;
    #[doc(hidden)]
    fn stamp<E: RingEvent>(slot: &Self::Slot<E>) -> &AtomicU64;
}

mod sealed {
    pub trait Sealed: crate::ring::place::Place {}
    pub trait Slot {}
}

/// The sequence lies beside its event, in the same cache line where both fit: one line carries both the news
/// and the event, so the way there and back is shortest. A slot never straddles a line more than it must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamped {}

/// Nothing but events in the slots and one published cursor: the fewest bytes moved, so the fastest stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dense {}

/// An event and, behind it, its sequence + 1 (zero = never written).
#[doc(hidden)]
#[derive(Debug)]
#[repr(C)]
pub struct StampedSlot<E> {
    event: Cell<E>,
    stamp: AtomicU64,
}

#[doc(hidden)]
#[derive(Debug)]
#[repr(transparent)]
pub struct DenseSlot<E> {
    event: Cell<E>,
}

impl<E> sealed::Slot for StampedSlot<E> {}
impl<E> sealed::Slot for DenseSlot<E> {}
impl sealed::Sealed for Stamped {}
impl sealed::Sealed for Dense {}

impl sealed::Sealed for Records {}

/// Bytes of a cache line. Where lines are longer, pairs of slots share one; nothing breaks.
pub(crate) const LINE: usize = 64;

/// The distance between slots of `size` bytes: a power of two within a line and whole lines above, so that no slot
/// straddles a line which it could fit into. Unless that wastes much: two lines are touched either way by a slot of
/// little more than one, and the fewer lines a stream moves the faster it is (measured: 64-byte events, twice).
const fn padded(size: usize, align: usize) -> usize {
    if size <= LINE {
        return size.next_power_of_two();
    }
    let lines = size.next_multiple_of(LINE);
    let packed = size.next_multiple_of(align);
    if (lines - packed) * 5 > lines * 2 { packed } else { lines }
}

impl Discipline for Stamped {
    const CODE: u32 = 1;
    const NAME: &'static str = "stamped";
    const STAMPED: bool = true;
    type Slot<E: RingEvent> = StampedSlot<E>;

    #[inline(always)]
    fn stride<E: RingEvent>() -> usize {
        let size = size_of::<StampedSlot<E>>();
        if cfg!(loom) {
            size
        } else {
            const { padded(size_of::<StampedSlot<E>>(), align_of::<StampedSlot<E>>()) }
        }
    }

    #[inline(always)]
    fn cell<E: RingEvent>(slot: &Self::Slot<E>) -> &Cell<E> {
        &slot.event
    }

    #[inline(always)]
    fn stamp<E: RingEvent>(slot: &Self::Slot<E>) -> &AtomicU64 {
        &slot.stamp
    }
}

impl Discipline for Dense {
    const CODE: u32 = 2;
    const NAME: &'static str = "dense";
    const STAMPED: bool = false;
    type Slot<E: RingEvent> = DenseSlot<E>;

    #[inline(always)]
    fn stride<E: RingEvent>() -> usize {
        size_of::<DenseSlot<E>>()
    }

    #[inline(always)]
    fn cell<E: RingEvent>(slot: &Self::Slot<E>) -> &Cell<E> {
        &slot.event
    }

    #[inline(always)]
    fn stamp<E: RingEvent>(_: &Self::Slot<E>) -> &AtomicU64 {
        // Callers ask `STAMPED` first; in a build the branch that leads here does not exist.
        unreachable!("dense slots have no stamp")
    }
}

impl Discipline for Records {
    const CODE: u32 = 3;
    const NAME: &'static str = "records";
    const STAMPED: bool = false;
    const FEW: u64 = 4096;
    const HOLDS: u32 = 16;
    const EAGER: bool = true;
    type Slot<E: RingEvent> = DenseSlot<E>;

    #[inline(always)]
    fn stride<E: RingEvent>() -> usize {
        <Dense as Discipline>::stride::<E>()
    }

    #[inline(always)]
    fn cell<E: RingEvent>(slot: &Self::Slot<E>) -> &Cell<E> {
        <Dense as Discipline>::cell(slot)
    }

    #[inline(always)]
    fn stamp<E: RingEvent>(slot: &Self::Slot<E>) -> &AtomicU64 {
        <Dense as Discipline>::stamp(slot)
    }
}

#[cfg(loom)]
impl<E> StampedSlot<E> {
    pub(crate) fn new(event: E) -> Self {
        Self { event: Cell::new(event), stamp: AtomicU64::new(0) }
    }
}

#[cfg(loom)]
impl<E> DenseSlot<E> {
    pub(crate) fn new(event: E) -> Self {
        Self { event: Cell::new(event) }
    }
}
