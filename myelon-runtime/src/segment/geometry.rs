//! Where everything lies in a segment: computed once by the creator, written into the header, and computed
//! again by everyone who attaches. Nothing of it is ever read from shared memory a second time (P6).

use super::page::{CONTROL_ENTRIES, ConsumerPage, PRODUCER_LAGS, Reason, Terms};
use crate::ring;

/// The least distance between pages of different owners; more where the system's pages are larger.
pub(crate) const MIN_STRIDE: u64 = 4096;
/// A stride above this is not one that a system of ours has.
const MAX_STRIDE: u64 = 1 << 21;
/// The largest ring.
pub(crate) const MAX_CAPACITY: u64 = 1 << 32;
/// The largest number of registry entries.
pub(crate) const MAX_CONSUMERS: u32 = 4096;
/// How many kinds of messages of a channel are told apart by builds that know more or fewer of them.
pub(crate) const MAX_KINDS: u16 = 256;
/// The longest schema, in bytes.
pub(crate) const MAX_SCHEMA: u64 = 64 << 10;
/// The largest segment, in bytes: what an address space of 47 bits can hold with room to spare.
pub(crate) const MAX_TOTAL: u64 = 1 << 46;

/// Bytes of the words behind the kinds of messages.
const REASON: u64 = size_of::<Reason>() as u64;
const TERMS: u64 = size_of::<Terms>() as u64;

/// Where the producer's pages go on behind largest lags and kinds, in bytes from their start.
fn behind_kinds(max_consumers: u32) -> u64 {
    let kinds = PRODUCER_LAGS + 8 * u64::from(max_consumers) + 8 * u64::from(MAX_KINDS);
    kinds.next_multiple_of(align_of::<Reason>() as u64)
}

/// What the creator of a segment decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Slots in the ring.
    pub(crate) capacity: u64,
    /// Bytes of one event.
    pub(crate) event_size: u64,
    /// Bytes from one slot to the next.
    pub(crate) slot_stride: u64,
    /// Entries in the registry.
    pub(crate) max_consumers: u32,
    /// Bytes of the stored schema.
    pub(crate) schema_len: u64,
    /// Bytes from one page to the next: a power of two, a multiple of the creator's page size.
    pub(crate) stride: u64,
}

/// A shape that no segment can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShapeError {
    /// Not a power of two, zero, or above [`MAX_CAPACITY`].
    Capacity,
    /// Zero, or above [`MAX_CONSUMERS`].
    Consumers,
    /// The event has no bytes, or more than its slot.
    Event,
    /// Not a power of two between [`MIN_STRIDE`] and 2 MiB.
    Stride,
    /// Longer than [`MAX_SCHEMA`].
    Schema,
    /// More than [`MAX_TOTAL`] bytes in all.
    Total,
}

/// Offsets of all regions, in bytes from the start of the file. A private copy: the segment may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) shape: Shape,
    pub(crate) quantum: u64,
    pub(crate) schema: u64,
    pub(crate) control: u64,
    pub(crate) producer: u64,
    pub(crate) consumers: u64,
    pub(crate) slots: u64,
    pub(crate) total: u64,
}

impl Geometry {
    /// Lays out the regions one after the other, each at a multiple of the stride (S1, S2).
    pub(crate) fn of(shape: Shape) -> Result<Self, ShapeError> {
        let Shape { capacity, event_size, slot_stride, max_consumers, schema_len, stride } = shape;
        if !capacity.is_power_of_two() || capacity > MAX_CAPACITY {
            return Err(ShapeError::Capacity);
        }
        if max_consumers == 0 || max_consumers > MAX_CONSUMERS {
            return Err(ShapeError::Consumers);
        }
        if event_size == 0 || event_size > slot_stride {
            return Err(ShapeError::Event);
        }
        if !stride.is_power_of_two() || !(MIN_STRIDE..=MAX_STRIDE).contains(&stride) {
            return Err(ShapeError::Stride);
        }
        if schema_len > MAX_SCHEMA {
            return Err(ShapeError::Schema);
        }
        let entries = u64::from(max_consumers);
        let control_len = CONTROL_ENTRIES + 8 * entries;
        let producer_len = behind_kinds(max_consumers) + REASON + TERMS * entries;
        const { assert!(size_of::<ConsumerPage>() as u64 <= MIN_STRIDE, "one page for each consumer") };

        // None of these sums can wrap: each term is below 2^34.
        let schema = stride;
        let control = schema + schema_len.next_multiple_of(stride);
        let producer = control + control_len.next_multiple_of(stride);
        let consumers = producer + producer_len.next_multiple_of(stride);
        let slots = consumers + entries * stride;
        let total = capacity
            .checked_mul(slot_stride)
            .and_then(|len| len.checked_next_multiple_of(stride))
            .and_then(|len| len.checked_add(slots))
            .filter(|total| *total <= MAX_TOTAL)
            .ok_or(ShapeError::Total)?;
        let quantum = ring::quantum(capacity);
        Ok(Self { shape, quantum, schema, control, producer, consumers, slots, total })
    }

    /// The offset of what producers declare of a kind of messages; `None` past the last one that has room.
    pub(crate) fn kind(&self, kind: u16) -> Option<u64> {
        let first = self.producer + PRODUCER_LAGS + 8 * u64::from(self.shape.max_consumers);
        (kind < MAX_KINDS).then(|| first + 8 * u64::from(kind))
    }

    /// The offset of the reason why the stream ended.
    pub(crate) fn reason(&self) -> u64 {
        self.producer + behind_kinds(self.shape.max_consumers)
    }

    /// The offset of the terms on which a consumer is required: as many rows as there are entries; `None` past the last.
    pub(crate) fn terms(&self, row: u32) -> Option<u64> {
        (row < self.shape.max_consumers).then(|| self.reason() + REASON + u64::from(row) * TERMS)
    }

    /// The offset of a consumer's page; `None` past the last entry.
    pub(crate) fn consumer(&self, entry: u32) -> Option<u64> {
        (entry < self.shape.max_consumers).then(|| self.consumers + u64::from(entry) * self.shape.stride)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHAPE: Shape = Shape {
        capacity: 4096,
        event_size: 64,
        slot_stride: 128,
        max_consumers: 16,
        schema_len: 100,
        stride: 4096,
    };

    #[test]
    fn a_default_segment_of_4096_events_of_64_bytes_fits_768_kib() {
        let geometry = Geometry::of(SHAPE).unwrap();
        assert!(geometry.total <= 768 << 10, "{} bytes", geometry.total);
        assert_eq!(geometry.quantum, 1024);
        assert_eq!(geometry.consumer(15).unwrap() + 4096, geometry.slots);
        assert_eq!(geometry.consumer(16), None);
        assert_eq!(geometry.kind(255).unwrap() + 8, geometry.reason());
        assert_eq!(geometry.reason() + 128, geometry.terms(0).unwrap());
        assert_eq!(geometry.terms(15).unwrap() + 128, geometry.producer + 4096 + 128 + 16 * 128);
        assert_eq!(geometry.terms(16), None);
        assert_eq!(geometry.consumers, geometry.producer + 2 * 4096, "two pages for the producer");
        assert_eq!(geometry.kind(256), None);
    }

    #[test]
    fn every_impossible_shape_has_its_own_error() {
        let refused = |shape| Geometry::of(shape).unwrap_err();
        for capacity in [0, 3, 1 << 33] {
            assert_eq!(refused(Shape { capacity, ..SHAPE }), ShapeError::Capacity);
        }
        assert_eq!(refused(Shape { max_consumers: 0, ..SHAPE }), ShapeError::Consumers);
        assert_eq!(refused(Shape { event_size: 129, ..SHAPE }), ShapeError::Event);
        assert_eq!(refused(Shape { stride: 2048, ..SHAPE }), ShapeError::Stride);
        assert_eq!(refused(Shape { schema_len: MAX_SCHEMA + 1, ..SHAPE }), ShapeError::Schema);
        assert_eq!(refused(Shape { slot_stride: u64::MAX, ..SHAPE }), ShapeError::Total);
        assert_eq!(refused(Shape { capacity: 1 << 32, slot_stride: 1 << 15, ..SHAPE }), ShapeError::Total);
    }

    proptest! {
        #[test]
        fn regions_are_aligned_disjoint_and_inside_the_file(
            capacity in 0_u32..=32,
            event_size in 1_u64..5000,
            gap in 0_u64..128,
            max_consumers in 1_u32..=MAX_CONSUMERS,
            schema_len in 0..=MAX_SCHEMA,
            stride in 12_u32..=16,
        ) {
            let shape = Shape {
                capacity: 1 << capacity, event_size, slot_stride: event_size + gap, max_consumers, schema_len,
                stride: 1 << stride,
            };
            let Ok(geometry) = Geometry::of(shape) else { return Ok(()) };
            let regions = [
                (0, shape.stride),
                (geometry.schema, schema_len),
                (geometry.control, CONTROL_ENTRIES + 8 * u64::from(max_consumers)),
                (geometry.producer, PRODUCER_LAGS + 8 * u64::from(max_consumers) + 8 * u64::from(MAX_KINDS)),
                (geometry.reason(), REASON),
                (geometry.terms(0).unwrap(), TERMS * u64::from(max_consumers)),
                (geometry.consumers, shape.stride * u64::from(max_consumers)),
                (geometry.slots, shape.capacity * shape.slot_stride),
                (geometry.total, 0),
            ];
            for pair in regions.windows(2) {
                prop_assert!(pair[0].0 + pair[0].1 <= pair[1].0);
            }
            let inner = [geometry.reason(), geometry.terms(0).unwrap()];
            prop_assert!(inner.iter().all(|at| at % 64 == 0));
            let mut pages = regions.iter().filter(|(at, _)| !inner.contains(at));
            prop_assert!(pages.all(|(at, _)| at % shape.stride == 0));
        }
    }
}
