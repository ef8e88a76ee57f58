//! One ring event as a message: a variant of an `enum` channel.

use super::{ALIGN, DecodeError, EncodeError, Restore, ZeroCopy};
use crate::event::{RingEvent, Schema};

/// The format of one [`RingEvent`]: its bytes, read in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {}

/// The bytes of an event.
#[inline(always)]
fn bytes_of<E: RingEvent>(event: &E) -> &[u8] {
    // SAFETY: E1: every byte of an event is initialised and may be read as an integer.
    unsafe { core::slice::from_raw_parts((&raw const *event).cast(), size_of::<E>()) }
}

impl<E: RingEvent> ZeroCopy<E> for Event {
    type Target = E;
    const NAME: &'static str = "event";
    const BUILT_IN: bool = true;
    const LAYOUT: Option<&'static Schema> = Some(E::SCHEMA);

    #[inline(always)]
    fn as_bytes(value: &E) -> Option<&[u8]> {
        Some(bytes_of(value))
    }

    #[inline]
    fn encode(value: &E, out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..size_of::<E>()).ok_or(EncodeError::Full)?.copy_from_slice(bytes_of(value));
        Ok(size_of::<E>())
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<&E, DecodeError> {
        const { assert!(align_of::<E>() <= ALIGN, "an event in a message is aligned to at most 16 bytes") };
        if bytes.len() != size_of::<E>() {
            return Err(DecodeError::new("has not the size of its event"));
        }
        let event = bytes.as_ptr().cast::<E>();
        if !event.is_aligned() {
            return Err(DecodeError::new("is not aligned for its event"));
        }
        // SAFETY: (1) aligned and as long as an event, both checked, and borrowed, so nobody writes it.
        if E::CHECKED && !unsafe { E::is_valid(event) } {
            return Err(DecodeError::new("is not a valid value of its event"));
        }
        // SAFETY: aligned, long enough, and a valid value: E2, or checked just now.
        Ok(unsafe { &*event })
    }
}

impl<E: RingEvent> Restore<E> for Event {
    type Owned = E;

    #[inline]
    fn restore(target: &E) -> Result<E, DecodeError> {
        Ok(*target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_where_it_lies_and_nothing_else_is() {
        let value = 0x0102_0304_0506_0708_u64;
        let mut room = [0_u128; 2];
        let out: &mut [u8] = bytemuck::cast_slice_mut(&mut room);
        assert_eq!(Event::encode(&value, out).unwrap(), 8);
        assert_eq!(<Event as ZeroCopy<u64>>::view(&out[..8]).unwrap(), &value);
        assert!(<Event as ZeroCopy<u64>>::view(&out[..7]).is_err());
        assert!(<Event as ZeroCopy<u64>>::view(&out[..9]).is_err());
        assert!(<Event as ZeroCopy<u64>>::view(&out[1..9]).is_err());
        assert_eq!(Event::encode(&value, &mut out[..7]), Err(EncodeError::Full));
    }

    #[test]
    fn a_bit_pattern_that_is_no_value_is_refused() {
        let room = [0x02_u128];
        let bytes: &[u8] = bytemuck::cast_slice(&room);
        assert!(<Event as ZeroCopy<bool>>::view(&bytes[..1]).is_err());
        assert_eq!(<Event as ZeroCopy<bool>>::view(&bytes[1..2]).unwrap(), &false);
    }
}
