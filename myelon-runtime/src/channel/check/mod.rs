//! Values of channel options that are constants of the program: checked while compiling.

mod message;
mod payload;

pub use message::{IsArchived, IsCodec, IsElement, IsEvent, IsSerde, IsTable, IsZeroCopy, LaneOf, aligned};
pub use payload::{Carried, Gate, Payload, Through, event};

use core::time::Duration;

use crate::event::Text;

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

/// Refuses a `capacity` that no ring has.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn capacity(channel: &str, capacity: u64) {
    in_range(channel, "` ", capacity, 1, MAX_CAPACITY);
}

/// Refuses a ring of records that cannot be that long, in bytes.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn message_capacity(channel: &str, bytes: u64) {
    in_range(channel, "`, in bytes, ", bytes, MIN_MESSAGE_CAPACITY, MAX_MESSAGE_CAPACITY);
}

#[track_caller]
const fn in_range(channel: &str, unit: &str, capacity: u64, least: u64, most: u64) {
    let text = Text::new("capacity of channel `").text(channel).text(unit);
    if capacity < least {
        text.text("must be at least ").number(least).text(", not ").number(capacity).panic();
    }
    if capacity > most {
        text.text("must be at most ").number(most).text(", not ").number(capacity).panic();
    }
    if !capacity.is_power_of_two() {
        text.text("must be a power of two; ")
            .number(capacity)
            .text(" is not, the next one is ")
            .number(capacity.next_power_of_two())
            .panic();
    }
}

/// Refuses a length that no message has.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn max_message(channel: &str, bytes: u64) {
    if bytes == 0 {
        Text::new("max_message of channel `").text(channel).text("` must be at least 1, in bytes").panic();
    }
}

/// Refuses a number of consumers that no channel has room for.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn max_consumers(channel: &str, consumers: u64) {
    if consumers == 0 || consumers > MAX_CONSUMERS {
        Text::new("max_consumers of channel `")
            .text(channel)
            .text("` must be from 1 to ")
            .number(MAX_CONSUMERS)
            .text(", not ")
            .number(consumers)
            .panic();
    }
}

/// Refuses a channel that has no room for all consumers that it requires.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn required_consumers(channel: &str, required: u64, room: u64) {
    if required > room {
        Text::new("channel `")
            .text(channel)
            .text("` requires ")
            .number(required)
            .text(" consumers, and max_consumers has room for ")
            .number(room)
            .text("; make it at least as many")
            .panic();
    }
}

/// Refuses no time at all, where that means nothing.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn time(channel: &str, consumer: &str, what: &str, time: Duration) {
    if time.is_zero() {
        Text::new("`")
            .text(what)
            .text("` of consumer `")
            .text(consumer)
            .text("` of channel `")
            .text(channel)
            .text("` must be longer than nothing")
            .panic();
    }
}

/// Refuses to look for something more seldom than it is to be found.
///
/// # Panics
/// At compile time, with the way out.
#[track_caller]
pub const fn no_longer(channel: &str, consumer: &str, check: Duration, what: &str, time: Duration) {
    if check.as_nanos() > time.as_nanos() {
        Text::new("`check` of consumer `")
            .text(consumer)
            .text("` of channel `")
            .text(channel)
            .text("` must be at most as long as its `")
            .text(what)
            .text("`, which would be found too late")
            .panic();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_up_to_the_limit_pass() {
        capacity("C", 1);
        capacity("C", MAX_CAPACITY);
        max_consumers("C", 1);
        max_consumers("C", 256);
        message_capacity("C", MIN_MESSAGE_CAPACITY);
        message_capacity("C", MAX_MESSAGE_CAPACITY);
        max_message("C", 1);
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
    #[should_panic(expected = "channel `C` requires 5 consumers, and max_consumers has room for 4; make it")]
    fn more_required_consumers_than_there_is_room_for_are_counted() {
        required_consumers("C", 4, 4);
        required_consumers("C", 5, 4);
    }

    #[test]
    #[should_panic(
        expected = "`check` of consumer `risk` of channel `C` must be at most as long as its `stall`"
    )]
    fn what_is_looked_for_too_seldom_is_refused() {
        no_longer("C", "risk", Duration::from_secs(1), "stall", Duration::from_secs(1));
        no_longer("C", "risk", Duration::from_secs(2), "stall", Duration::from_secs(1));
    }

    #[test]
    #[should_panic(expected = "`stall` of consumer `risk` of channel `C` must be longer than nothing")]
    fn no_time_at_all_is_refused() {
        time("C", "risk", "stall", Duration::from_nanos(1));
        time("C", "risk", "stall", Duration::ZERO);
    }

    #[test]
    #[should_panic(expected = "must be from 1 to 256, not 257")]
    fn too_many_consumers_name_the_range() {
        max_consumers("C", 257);
    }

    #[test]
    #[should_panic(
        expected = "capacity of channel `C`, in bytes, must be a power of two; 1000 is not, the next one is 1024"
    )]
    fn a_capacity_in_bytes_names_the_next_one_too() {
        message_capacity("C", 1000);
    }

    #[test]
    #[should_panic(expected = "in bytes, must be at least 256, not 128")]
    fn a_ring_of_records_has_a_least_length() {
        message_capacity("C", 128);
    }

    #[test]
    #[should_panic(expected = "in bytes, must be at most 8589934592, not 17179869184")]
    fn a_ring_of_records_has_a_greatest_length() {
        message_capacity("C", 16 << 30);
    }

    #[test]
    #[should_panic(expected = "max_message of channel `C` must be at least 1, in bytes")]
    fn messages_without_any_length_are_refused() {
        max_message("C", 0);
    }
}
