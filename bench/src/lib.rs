//! What the benchmarks of this package share: the events and messages they send, how each byte of one is checked, and the
//! channels that carry them.

pub mod channel;
pub mod message;

/// An event of `8 * W` bytes.
pub type Words<const W: usize> = [u64; W];

/// Word `index` of the event with sequence `sequence`. Cheap, and every byte of it depends on both.
#[inline(always)]
const fn word(sequence: u64, index: usize) -> u64 {
    sequence.wrapping_add((index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// The event with sequence `sequence`.
#[inline(always)]
pub fn event<const W: usize>(sequence: u64) -> Words<W> {
    core::array::from_fn(|index| word(sequence, index))
}

/// Zero if `event` is what [`event`] makes for `sequence`, else the bits that differ in any of its words. Looks at
/// every byte.
#[inline(always)]
pub fn difference<const W: usize>(event: &Words<W>, sequence: u64) -> u64 {
    let mut bits = 0;
    for (index, found) in event.iter().enumerate() {
        bits |= found ^ word(sequence, index);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{difference, event};

    #[test]
    fn a_change_of_any_byte_is_seen() {
        let whole = event::<4>(77);
        assert_eq!(difference(&whole, 77), 0, "an event agrees with itself");
        assert_ne!(difference(&whole, 78), 0, "another sequence is another event");
        for index in 0..32 {
            let mut changed = whole;
            changed[index / 8] ^= 1 << (index % 8 * 8);
            assert_ne!(difference(&changed, 77), 0, "byte {index} was changed");
        }
    }
}
