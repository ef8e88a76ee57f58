//! The payload of a record that is being written: where it lies, and how bytes get there.

use core::ptr::NonNull;
use std::time::Instant;

use super::producer::{RecordProducer, Slot};
use super::route::PIECE;
use crate::ring::records::{PAST_CACHES, WIDE, copy_in_units, copy_past_caches, copy_wide};

impl RecordProducer {
    /// The payload of a record that is being written.
    #[inline(always)]
    pub(super) fn payload(&mut self, slot: Slot) -> &mut [u8] {
        let at = self.payload_at(slot);
        // SAFETY: `len` bytes in one piece, in units that were reserved and not published since (R2): this producer's
        // until then, and whatever they hold is initialised, because shared memory is. The borrow of `self` keeps it
        // from publishing.
        unsafe { core::slice::from_raw_parts_mut(at.as_ptr(), slot.len) }
    }

    /// Copies a payload into its slot.
    #[inline(always)]
    pub(super) fn fill(&mut self, slot: Slot, bytes: &[u8]) {
        debug_assert!(bytes.len() <= slot.len, "a payload lies inside its slot");
        let at = self.payload_at(slot);
        if bytes.len() >= PAST_CACHES && self.distance.is_far() {
            // SAFETY: (1) the slot's units are free; a unit begins where its payload does (M5).
            unsafe { self.fill_far(at, bytes) };
        } else {
            // SAFETY: (1) as above.
            unsafe { self.fill_through(at, bytes) };
        }
    }

    /// Copies a long payload for a consumer that is far: through the caches or past them, whichever was faster lately, and finds
    /// that out.
    ///
    /// # Safety
    /// 1. As for [`copy_in_units`].
    #[inline(never)]
    unsafe fn fill_far(&mut self, at: NonNull<u8>, bytes: &[u8]) {
        let mut at = at;
        for piece in bytes.chunks(PIECE) {
            if piece.len() < PAST_CACHES {
                // Too short to tell anything.
                // SAFETY: (1), the payload's end.
                return unsafe { self.fill_through(at, piece) };
            }
            let way = self.route.next(piece.len());
            let begun = way.timed.then(Instant::now);
            if way.past {
                // SAFETY: (1): whole units, but for the last piece.
                unsafe { copy_past_caches(piece, at) };
            } else {
                // SAFETY: (1), as above.
                unsafe { self.fill_through(at, piece) };
            }
            if let Some(begun) = begun {
                self.route.took(way, piece.len(), begun.elapsed().as_nanos());
            }
            // SAFETY: at most where the payload ends.
            at = unsafe { at.add(piece.len()) };
        }
    }

    /// Copies through the caches: unit by unit what is short, or where a reader waits for this message, else, and in fragments,
    /// by `memcpy`.
    ///
    /// # Safety
    /// 1. As for [`copy_in_units`].
    #[inline(always)]
    unsafe fn fill_through(&self, at: NonNull<u8>, bytes: &[u8]) {
        if bytes.len() < WIDE || self.spacing.is_wanted() {
            // SAFETY: (1).
            unsafe { copy_in_units(bytes, at) };
        } else {
            // SAFETY: (1).
            unsafe { copy_wide(bytes, at) };
        }
    }

    #[inline(always)]
    pub(super) fn payload_at(&self, slot: Slot) -> NonNull<u8> {
        let position = self.publisher().next() + slot.offset + 1 + u64::from(slot.extended);
        // A record without payload may end where the ring does; what is made of this address is then empty.
        self.publisher().ring().bytes(position)
    }
}
