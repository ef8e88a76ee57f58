//! What the compiler is asked about the event of a channel.

use super::super::Channel;
use crate::event::{RingEvent, Text};

/// Holds for every ring event; carries the sentence for a payload that is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event, so this channel cannot carry it",
    label = "not a ring event",
    note = "to make it one, add `#[derive(RingEvent, Clone, Copy)]`, with `#[repr(C)]` for a struct or `#[repr(u8)]` \
            for a field-less enum",
    note = "data of variable length or with pointers needs a codec, `#[myelon::channel(codec = postcard, ..)]`, or a \
            format that is read in place, `zero_copy = rkyv`; bytes are `struct Log([u8]);`"
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
