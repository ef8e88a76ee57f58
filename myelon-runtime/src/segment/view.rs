//! A mapped segment and the typed words in it.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, Range};
use core::ptr::NonNull;
use std::io;
use std::sync::Arc;

use super::carries_messages;
use super::geometry::Geometry;
use super::page::{
    CONTROL_ENTRIES, ConsumerId, ConsumerPage, ControlPage, PRODUCER_LAGS, ProducerPage, Reason, Terms,
};
use crate::liveness::Required;
use crate::os::fork::Description;
use crate::os::map::{Access, Map};
use crate::ring::Parts;
use crate::sync::AtomicU64;

/// What may be viewed in a segment.
///
/// # Safety
/// 1. Every field is an atomic integer, so that any bytes are a valid value and any process may write them at
///    any time (S3); the alignment is at most 64.
pub(super) unsafe trait Words {}

// SAFETY: (1) an atomic integer.
unsafe impl Words for AtomicU64 {}
// SAFETY: (1) wait words and flags: atomic integers. The reserved half of a wait word is never read or written.
unsafe impl Words for ControlPage {}
// SAFETY: (1) atomic integers in structs and arrays.
unsafe impl Words for ProducerPage {}
// SAFETY: (1) as `ControlPage` and `ProducerPage`.
unsafe impl Words for ConsumerPage {}
// SAFETY: (1) as `ControlPage` and `ProducerPage`.
unsafe impl Words for Reason {}
// SAFETY: (1) as `ControlPage` and `ProducerPage`.
unsafe impl Words for Terms {}

/// A mapping of one segment, through one description.
///
/// The geometry is a private copy that was checked against the length of the file; every access is checked
/// against that copy, so nothing that stands in the segment can lead outside of it (P6).
#[derive(Debug)]
pub(crate) struct View {
    // L2: unmapped before the description closes and gives back its locks. (Fields drop in this order.)
    map: Map,
    file: Description,
    geometry: Geometry,
    carries_messages: bool,
}

impl View {
    /// Maps a whole segment for loads. The caller checked the geometry against the length of the file.
    pub(super) fn new(file: Description, geometry: Geometry, kind: u32) -> io::Result<Self> {
        let map = Map::read_only(&file, geometry.total as usize)?;
        let view = Self { map, file, geometry, carries_messages: carries_messages(kind) };
        // A forked child gets zero pages here, so that its copies of the ends find something harmless.
        view.map.keep_in_child(view.bytes(geometry.control..geometry.slots))?;
        Ok(view)
    }

    pub(super) fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Whether positions count units of records, and messages are counted by themselves.
    pub(super) fn carries_messages(&self) -> bool {
        self.carries_messages
    }

    pub(super) fn file(&self) -> &Description {
        &self.file
    }

    pub(super) fn map(&self) -> &Map {
        &self.map
    }

    /// As a range of the mapping; a region ends where the next one begins.
    #[allow(clippy::unused_self, reason = "ranges of one view are not those of another")]
    pub(super) fn bytes(&self, region: Range<u64>) -> Range<usize> {
        region.start as usize..region.end as usize
    }

    pub(super) fn control_region(&self) -> Range<usize> {
        self.bytes(self.geometry.control..self.geometry.producer)
    }

    pub(super) fn producer_region(&self) -> Range<usize> {
        self.bytes(self.geometry.producer..self.geometry.consumers)
    }

    pub(super) fn slots_region(&self) -> Range<usize> {
        self.bytes(self.geometry.slots..self.geometry.total)
    }

    /// Allows stores to some pages, for those who own them, or who asked for it. The file must be open for writing.
    pub(super) fn own(&self, pages: Range<usize>) -> io::Result<()> {
        self.map.protect(pages, Access::ReadWrite)
    }

    /// Allows stores to the page of an entry.
    pub(super) fn own_consumer(&self, entry: u32) -> io::Result<()> {
        let Some(at) = self.geometry.consumer(entry) else { return Err(outside()) };
        self.own(self.bytes(at..at + self.geometry.shape.stride))
    }

    /// Forbids stores to the page of an entry again.
    pub(super) fn disown_consumer(&self, entry: u32) -> io::Result<()> {
        let Some(at) = self.geometry.consumer(entry) else { return Err(outside()) };
        self.map.protect(self.bytes(at..at + self.geometry.shape.stride), Access::Read)
    }

    /// Where some words lie, if they do.
    fn locate<T: Words>(&self, offset: u64) -> Option<NonNull<T>> {
        let end = offset.checked_add(size_of::<T>() as u64)?;
        if end > self.map.len() as u64 || offset % align_of::<T>() as u64 != 0 {
            return None;
        }
        // SAFETY: `offset < end <= len`, inside the mapping (O1).
        let at = unsafe { self.map.base().add(offset as usize) };
        Some(at.cast())
    }

    fn words<T: Words>(&self, offset: u64) -> Option<&T> {
        // SAFETY: located inside the mapping, which lives as long as `self` (S4) and was inside the file when
        // it was made (O2); aligned, because the mapping begins at a page; `T` is atomics only (S3), so the
        // reference claims nothing about who writes.
        self.locate(offset).map(|at| unsafe { at.as_ref() })
    }

    /// The head of the control page.
    pub(super) fn control(self: &Arc<Self>) -> Option<Held<ControlPage>> {
        Held::new(self, self.geometry.control)
    }

    /// The head of the producer's page.
    pub(super) fn producer(self: &Arc<Self>) -> Option<Held<ProducerPage>> {
        Held::new(self, self.geometry.producer)
    }

    /// The head of the producer's page, for a moment.
    pub(super) fn producer_page(&self) -> Option<&ProducerPage> {
        self.words(self.geometry.producer)
    }

    /// The page of an entry's consumer; `None` past the last entry.
    pub(super) fn consumer(&self, entry: u32) -> Option<&ConsumerPage> {
        self.words(self.geometry.consumer(entry)?)
    }

    /// The page of an entry's consumer, for longer.
    pub(super) fn hold_consumer(self: &Arc<Self>, entry: u32) -> Option<Held<ConsumerPage>> {
        Held::new(self, self.geometry.consumer(entry)?)
    }

    /// The state word of an entry; `None` past the last entry.
    pub(super) fn entry(&self, entry: u32) -> Option<&AtomicU64> {
        let within = entry < self.geometry.shape.max_consumers;
        within.then(|| self.words(self.geometry.control + CONTROL_ENTRIES + 8 * u64::from(entry)))?
    }

    /// The largest lag that the producer saw of an entry; `None` past the last entry.
    pub(super) fn largest_lag(self: &Arc<Self>, entry: u32) -> Option<Held<AtomicU64>> {
        let within = entry < self.geometry.shape.max_consumers;
        within.then(|| Held::new(self, self.geometry.producer + PRODUCER_LAGS + 8 * u64::from(entry)))?
    }

    /// What producers declare of a kind of messages; `None` past the last one that has room.
    pub(super) fn kind(&self, kind: u16) -> Option<&AtomicU64> {
        self.words(self.geometry.kind(kind)?)
    }

    /// Why the stream ended before its producer was done.
    pub(super) fn reason(&self) -> Option<&Reason> {
        self.words(self.geometry.reason())
    }

    /// On which terms consumers are required, and room for more of them.
    pub(super) fn terms(&self) -> impl Iterator<Item = &Terms> {
        (0..self.geometry.shape.max_consumers).filter_map(|row| self.words(self.geometry.terms(row)?))
    }

    /// What the producer requires of a consumer, if it does.
    pub(super) fn required(&self, id: &ConsumerId) -> Option<Required> {
        self.terms().find_map(|row| row.read().filter(|(known, _)| known == id)).map(|(_, policy)| policy)
    }

    /// Whether whoever has this entry is required.
    pub(super) fn is_required(&self, entry: u32) -> bool {
        let id = self.consumer(entry).and_then(ConsumerPage::id);
        id.is_some_and(|id| self.required(&id).is_some())
    }

    /// Where the ring's words and slots lie: what S1, S2 and S4 say of them, the ring may rely on.
    pub(super) fn ring_parts(&self) -> Option<Parts> {
        let Geometry { shape, control, consumers, slots, .. } = self.geometry;
        let page = self.producer_page()?;
        // SAFETY: by S2 the slots lie inside the mapping.
        let slots = unsafe { self.map.base().add(slots as usize) };
        Some(Parts {
            published: page.published().into(),
            closed_at: page.closed_at().into(),
            entries: self.locate(control + CONTROL_ENTRIES)?,
            cursors: self.locate::<AtomicU64>(consumers)?,
            cursor_stride: shape.stride as usize,
            entry_count: shape.max_consumers,
            slots,
            capacity: shape.capacity,
            anchors: NonNull::from(page.anchors()).cast(),
        })
    }
}

fn outside() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "no such entry in the registry")
}

/// Words of a segment together with the mapping that they lie in.
pub(crate) struct Held<T> {
    at: NonNull<T>,
    view: Arc<View>,
    words: PhantomData<T>,
}

#[allow(private_bounds, reason = "only words of this module can be held")]
impl<T: Words> Held<T> {
    fn new(view: &Arc<View>, offset: u64) -> Option<Self> {
        Some(Self { at: view.locate(offset)?, view: Arc::clone(view), words: PhantomData })
    }

    /// A part of it.
    pub(crate) fn part<U: Words>(&self, choose: impl FnOnce(&T) -> &U) -> Held<U> {
        Held { at: choose(self).into(), view: Arc::clone(&self.view), words: PhantomData }
    }
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { at: self.at, view: Arc::clone(&self.view), words: PhantomData }
    }
}

impl<T: Words> Deref for Held<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: located in a mapping that `view` keeps alive (S4); atomics only (S3).
        unsafe { self.at.as_ref() }
    }
}

// SAFETY: `T` is atomics only (S3), so it may be used from any thread; the mapping is no thread's own.
unsafe impl<T: Words> Send for Held<T> {}
// SAFETY: as for `Send`; sharing a `Held` shares only `&T`.
unsafe impl<T: Words> Sync for Held<T> {}

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.at).finish()
    }
}
