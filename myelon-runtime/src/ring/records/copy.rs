//! How a payload gets into the ring.

use core::ptr::NonNull;

use super::UNIT;
use crate::ring::slots::LINE;

/// Copies a payload into the ring. What is left of its last unit may be written too.
///
/// Unit by unit, upwards (on x86-64; elsewhere as the compiler likes): no store straddles two lines, as the wide ones of a
/// `memcpy` to an odd place do, and no line is returned to. Such a store waits for both of its lines, and nothing overtakes it;
/// a `memcpy` besides begins with a message's ends. A round trip of 1 KiB takes a tenth to a fifth less (measured: see the
/// benchmark).
///
/// # Safety
/// 1. All units that the payload takes, from `to` on, are the caller's to write (R2), and `to` is where a unit begins.
#[inline(always)]
pub(crate) unsafe fn copy_in_units(from: &[u8], to: NonNull<u8>) {
    let mut whole = from.chunks_exact(UNIT);
    let mut unit = to.cast::<Store>();
    for bytes in whole.by_ref().filter_map(<[u8]>::first_chunk::<UNIT>) {
        // SAFETY: (1): aligned, and one of the payload's units.
        unsafe { store(unit, bytes) };
        // SAFETY: at most one behind the last whole unit.
        unit = unsafe { unit.add(1) };
    }
    let rest = whole.remainder();
    if !rest.is_empty() {
        let mut bytes = [0; UNIT];
        for (to, from) in bytes.iter_mut().zip(rest) {
            *to = *from;
        }
        // SAFETY: (1): the payload's last unit.
        unsafe { store(unit, &bytes) };
    }
}

/// What one store writes.
#[cfg(target_arch = "x86_64")]
type Store = core::arch::x86_64::__m128i;
#[cfg(not(target_arch = "x86_64"))]
type Store = u128;

/// One store of a unit. Volatile, where that is one instruction: else the compiler may make a `memcpy` of a loop of them.
///
/// # Safety
/// 1. The unit is the caller's to write (R2).
#[inline(always)]
unsafe fn store(unit: NonNull<Store>, bytes: &[u8; UNIT]) {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: sixteen bytes of what is borrowed, at any address.
        let bytes = unsafe { core::arch::x86_64::_mm_loadu_si128(bytes.as_ptr().cast()) };
        // SAFETY: (1), and aligned as units are.
        unsafe { unit.write_volatile(bytes) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    // SAFETY: (1), and aligned as units are.
    unsafe {
        unit.write(u128::from_ne_bytes(*bytes));
    }
}

/// Payloads from here on are worth a `memcpy`, where nobody waits for each.
pub(crate) const WIDE: usize = 1024;

/// The same in the widest stores that the processor has, by `memcpy`. The bytes then take fewer places in the queue in which
/// stores wait for their lines, so that more lines are on their way at a time: streams between near cores are a tenth faster, but
/// round trips take longer (measured: see the benchmark).
///
/// # Safety
/// 1. As for [`copy_in_units`].
#[inline(always)]
pub(crate) unsafe fn copy_wide(from: &[u8], to: NonNull<u8>) {
    // SAFETY: (1): the payload's units, and no part of what is borrowed: nobody else has a reference to them (R2).
    unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_ptr(), from.len()) };
}

/// Payloads from here on may go past the caches.
pub(crate) const PAST_CACHES: usize = 2048;

/// The same, past the caches, for readers that are far: a line that is fetched from memory, many at a time, is there sooner
/// than one that this core has to give up. The bytes are on their way when it returns, before any later store is seen.
///
/// # Safety
/// 1. As for [`copy_in_units`].
#[cold]
#[inline(never)]
pub(crate) unsafe fn copy_past_caches(from: &[u8], to: NonNull<u8>) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use core::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_sfence, _mm_stream_si128};
        let until_line = to.as_ptr().addr().wrapping_neg() % LINE;
        let (head, rest) = from.split_at(until_line.min(from.len()));
        let (lines, tail) = rest.split_at(rest.len() - rest.len() % LINE);
        // SAFETY: (1).
        unsafe { copy_in_units(head, to) };
        // SAFETY: the payload is at least that long.
        let mut line = unsafe { to.add(head.len()) };
        for from in lines.chunks_exact(LINE) {
            for part in 0..LINE / UNIT {
                // SAFETY: inside of the line's bytes.
                let at = unsafe { from.as_ptr().add(part * UNIT) };
                // SAFETY: sixteen bytes of private memory, at any address.
                let unit: __m128i = unsafe { _mm_loadu_si128(at.cast()) };
                // SAFETY: inside of the line in the ring.
                let at = unsafe { line.as_ptr().add(part * UNIT) };
                // SAFETY: (1), at a multiple of 16. No other store of this thread to it is under way.
                unsafe { _mm_stream_si128(at.cast(), unit) };
            }
            // SAFETY: at most the end of the payload.
            line = unsafe { line.add(LINE) };
        }
        // SAFETY: the instruction is there on every x86-64. The stores above are ordered by nothing else, also not by the
        // release of the published cursor.
        unsafe { _mm_sfence() };
        // SAFETY: (1).
        unsafe { copy_in_units(tail, line) };
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    // SAFETY: (1).
    unsafe {
        copy_in_units(from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_copy_copies_all_of_it_and_nothing_else() {
        #[repr(align(64))]
        struct Ring([u8; 8192]);
        let from: Vec<u8> = (0..6000u32).map(|n| (n * 7 + n / 251) as u8).collect();
        for units in 0..8 {
            let start = 64 + units * UNIT;
            for len in (0..300).chain([1023, 2047, 2048, 2049, 2063, 4095, 4096, 4111, 5999]) {
                for odd in [0, 1, 7] {
                    let from = &from[odd.min(len)..len];
                    for copy in [copy_in_units, copy_wide, copy_past_caches] {
                        let mut ring = Ring([0xee; 8192]);
                        let to = NonNull::new(ring.0[start..].as_mut_ptr()).unwrap();
                        // SAFETY: (1) the ring is this test's, and larger.
                        unsafe { copy(from, to) };
                        let end = start + from.len();
                        assert_eq!(ring.0[start..end], *from, "{units} {len} {odd}");
                        let unit = start + from.len().next_multiple_of(UNIT);
                        assert!(ring.0[..start].iter().chain(&ring.0[unit..]).all(|byte| *byte == 0xee));
                    }
                }
            }
        }
    }
}
