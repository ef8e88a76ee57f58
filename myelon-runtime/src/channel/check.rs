//! Values of channel options that are constants of the program: checked while compiling.

use super::Channel;
use crate::event::{RingEvent, Text};

/// The largest number of slots in a ring.
pub const MAX_CAPACITY: u64 = 1 << 32;
/// The smallest and largest ring of a channel of messages, in bytes: room for a few records, and for a length of 32 bits.
pub const MIN_MESSAGE_CAPACITY: u64 = 256;
/// See [`MIN_MESSAGE_CAPACITY`].
pub const MAX_MESSAGE_CAPACITY: u64 = 8 << 30;

/// Whether a ring of messages can have that many bytes.
pub const fn is_message_capacity(bytes: u64) -> bool {
    bytes.is_power_of_two() && bytes >= MIN_MESSAGE_CAPACITY && bytes <= MAX_MESSAGE_CAPACITY
}

/// The largest number of consumers of a channel.
pub const MAX_CONSUMERS: u64 = 256;

/// `capacity`, if a ring can have that many slots.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn capacity(channel: &str, capacity: u64) -> u64 {
    let text = Text::new("capacity of channel `").text(channel).text("` ");
    if capacity == 0 {
        text.text("must be at least 1").panic();
    }
    if capacity > MAX_CAPACITY {
        text.text("must be at most ").number(MAX_CAPACITY).text(", not ").number(capacity).panic();
    }
    if !capacity.is_power_of_two() {
        text.text("must be a power of two; ")
            .number(capacity)
            .text(" is not, the next one is ")
            .number(capacity.next_power_of_two())
            .panic();
    }
    capacity
}

/// `consumers`, if a channel can have room for that many.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn max_consumers(channel: &str, consumers: u64) -> u32 {
    if consumers == 0 || consumers > MAX_CONSUMERS {
        Text::new("max_consumers of channel `")
            .text(channel)
            .text("` must be from 1 to ")
            .number(MAX_CONSUMERS)
            .text(", not ")
            .number(consumers)
            .panic();
    }
    consumers as u32
}

/// Holds for every ring event; carries the sentence for a payload that is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event, so this channel cannot carry it",
    label = "not a ring event",
    note = "to make it one, add `#[derive(RingEvent, Clone, Copy)]`, with `#[repr(C)]` for a struct or `#[repr(u8)]` \
            for a field-less enum",
    note = "data of variable length or with pointers will need a zero-copy channel, \
            `#[myelon::channel(zero_copy = rkyv)]`, or a codec, `codec = postcard`: both are planned, not there yet"
)]
pub trait Payload {
    /// Asks.
    const IS_EVENT: bool = true;
}
#[diagnostic::do_not_recommend]
impl<E: RingEvent> Payload for E {}

/// `T`, if the constant beside it can be evaluated: `Carried<Tick, IS_EVENT>`, where
/// `const IS_EVENT: bool = <Tick as Payload>::IS_EVENT`.
///
/// A payload that is no event is told once, by the constant. The type is then unknown to the compiler, which
/// says nothing more about it, however many items mention it.
pub type Carried<T, const IS_EVENT: bool> = <Gate<IS_EVENT> as Through<T>>::Event;

/// The condition of [`Carried`].
#[derive(Debug)]
pub enum Gate<const OPEN: bool> {}

/// What comes through an open [`Gate`].
pub trait Through<T> {
    /// The same type.
    type Event;
}
impl<T> Through<T> for Gate<true> {
    type Event = T;
}

/// Evaluates what the event's own constants prove, and refuses an event without bytes (`[u8; 0]`).
///
/// # Panics
/// At compile time, with the reason.
#[track_caller]
pub const fn event<C: Channel>(channel: &str) {
    if <C::Event as RingEvent>::SCHEMA.size == 0 {
        Text::new("the event of channel `").text(channel).text("` has no bytes").panic();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_up_to_the_limit_pass() {
        assert_eq!(capacity("C", 1), 1);
        assert_eq!(capacity("C", MAX_CAPACITY), MAX_CAPACITY);
        assert_eq!(max_consumers("C", 256), 256);
    }

    #[test]
    #[should_panic(
        expected = "capacity of channel `C` must be a power of two; 1000 is not, the next one is 1024"
    )]
    fn another_capacity_names_the_next_one() {
        capacity("C", 1000);
    }

    #[test]
    #[should_panic(expected = "must be at most 4294967296, not 4294967297")]
    fn too_large_a_capacity_names_the_limit() {
        capacity("C", MAX_CAPACITY + 1);
    }

    #[test]
    #[should_panic(expected = "must be from 1 to 256, not 257")]
    fn too_many_consumers_name_the_range() {
        max_consumers("C", 257);
    }
}
