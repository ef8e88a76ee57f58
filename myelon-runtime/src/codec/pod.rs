//! Slices of a ring event: any number of them in one message.

use super::{ALIGN, DecodeError, EncodeError, Restore, ZeroCopy};
use crate::event::{RingEvent, Schema};

/// The format of `[E]` for a [`RingEvent`]: the events one after the other, read in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pod {}

#[inline(always)]
fn bytes_of<E: RingEvent>(events: &[E]) -> &[u8] {
    // SAFETY: E1: every byte of an event is initialised and may be read as an integer; slices have no padding.
    unsafe { core::slice::from_raw_parts(events.as_ptr().cast(), size_of_val(events)) }
}

impl<E: RingEvent> ZeroCopy<[E]> for Pod {
    type Target = [E];
    const NAME: &'static str = "pod";
    const BUILT_IN: bool = true;
    const LAYOUT: Option<&'static Schema> = Some(E::SCHEMA);

    #[inline(always)]
    fn as_bytes(value: &[E]) -> Option<&[u8]> {
        Some(bytes_of(value))
    }

    #[inline]
    fn encode(value: &[E], out: &mut [u8]) -> Result<usize, EncodeError> {
        let bytes = bytes_of(value);
        out.get_mut(..size_of_val(value)).ok_or(EncodeError::Full)?.copy_from_slice(bytes);
        Ok(size_of_val(value))
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<&[E], DecodeError> {
        const { assert!(align_of::<E>() <= ALIGN, "an event in a message is aligned to at most 16 bytes") };
        let Some(len) = bytes.len().checked_div(size_of::<E>()) else {
            return Err(DecodeError::new("holds events without bytes"));
        };
        if len * size_of::<E>() != bytes.len() {
            return Err(DecodeError::new("holds a part of an event"));
        }
        let events = bytes.as_ptr().cast::<E>();
        if !events.is_aligned() {
            return Err(DecodeError::new("is not aligned for its events"));
        }
        if E::CHECKED {
            for index in 0..len {
                let event = events.wrapping_add(index);
                // SAFETY: (1) `index < len`, inside the bytes, aligned, and borrowed, so nobody writes it.
                if !unsafe { E::is_valid(event) } {
                    return Err(DecodeError::new("holds something that is no valid value of its event"));
                }
            }
        }
        // SAFETY: aligned, `len` of them inside the bytes, and valid values: E2, or checked just now.
        Ok(unsafe { core::slice::from_raw_parts(events, len) })
    }
}

impl<E: RingEvent> Restore<[E]> for Pod {
    type Owned = Vec<E>;

    #[inline]
    fn restore(target: &[E]) -> Result<Vec<E>, DecodeError> {
        Ok(target.to_vec())
    }

    #[inline]
    fn restore_into(target: &[E], into: &mut Vec<E>) -> Result<(), DecodeError> {
        into.clear();
        into.extend_from_slice(target);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_any_length_come_back_in_place() {
        let mut room = [0_u128; 4];
        let out: &mut [u8] = bytemuck::cast_slice_mut(&mut room);
        for events in [&[][..], &[7_u32], &[1, 2, 3, 4, 5]] {
            let len = Pod::encode(events, out).unwrap();
            assert_eq!(<Pod as ZeroCopy<[u32]>>::view(&out[..len]).unwrap(), events);
        }
        assert!(<Pod as ZeroCopy<[u32]>>::view(&out[..6]).is_err());
        assert!(<Pod as ZeroCopy<[u32]>>::view(&out[2..6]).is_err());
        assert_eq!(Pod::encode(&[0_u64; 9][..], out), Err(EncodeError::Full));
        out[..3].copy_from_slice(&[0, 1, 2]);
        assert!(<Pod as ZeroCopy<[bool]>>::view(&out[..3]).is_err());
        assert_eq!(<Pod as ZeroCopy<[bool]>>::view(&out[..2]).unwrap(), [false, true]);
    }
}
