//! The macros of myelon, which re-exports them; use them from there.
//!
//! Each goes through the same stages, one file each: parse (keeps spans, invents nothing), check (the only place
//! with rules; all of them run, all errors are told), model (defaults filled in), expand (cannot fail). What syntax
//! cannot know is asked of the compiler by probes whose tokens lie on the user's own; their sentences stand in
//! the runtime, in `event::layout` and `channel::check`. After an error the expansion is still there, with impls
//! that do nothing, so that one mistake is one message.
#![forbid(unsafe_code)]

mod attributes;
mod channel;
mod diag;
mod event;
mod path;
mod spans;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct or a field-less enum a ring event: fixed-size plain data that processes share byte for byte.
///
/// ```
/// use myelon::RingEvent;
///
/// #[derive(RingEvent, Clone, Copy, Debug)]
/// #[repr(C)]
/// pub struct Tick {
///     pub ts_ns: u64,
///     pub price: f64,
///     pub qty: u32,
///     pub side: Side,
///     pub _pad: [u8; 3],
/// }
///
/// #[derive(RingEvent, Clone, Copy, Debug)]
/// #[repr(u8)]
/// pub enum Side {
///     Bid = 1,
///     Ask = 2,
/// }
///
/// assert_eq!(Tick { qty: 7, ..Tick::BLANK }.price, 0.0);
/// assert_eq!(Tick::SCHEMA.size, 24);
/// ```
///
/// # What it accepts
/// - structs with `#[repr(C)]`, also with `align(N)`, or `#[repr(transparent)]`;
/// - enums without data, with `#[repr(u8)]`, `u16`, `u32`, `u64` or one of `i8` to `i64`;
/// - fields that are integers of fixed size, floats, `bool`, `char`, `Option<NonZero..>`, arrays of these, and other
///   ring events;
/// - const parameters: `struct Text<const N: usize> { bytes: [u8; N] }`. Whether such a type has padding is decided
///   where it is used, for the arguments that it is used with;
/// - types that are `Copy`: write `#[derive(RingEvent, Clone, Copy)]`.
///
/// Padding is refused, at its field and with the bytes to declare, because it is uninitialised memory:
/// `_pad: [u8; 3]`. So are pointers, references and everything that owns memory, `usize` and `isize`, type parameters,
/// enums with data, unions, `packed`, and types without bytes.
///
/// # What it generates
/// - `unsafe impl RingEvent`, with
///   - `BLANK`: the value of a claimed slot, made of those of the fields: zero, `false`, `'\0'`, `None`; an enum's
///     variant that is zero, or else its first one;
///   - `SCHEMA`: names, types, offsets and sizes, from which the 128-bit fingerprint is made that two processes compare;
///   - `CHECKED` and `is_valid`: whether some bytes are no valid value (`bool`, `char`, enums), and the check, which reads
///     integers only. Events whose every bit pattern is valid cost nothing to read;
/// - `unsafe impl bytemuck::Zeroable`, where every field is (an enum, if its first variant is zero);
/// - `unsafe impl bytemuck::Pod`, where every field is. With const parameters only if all fields are made of the same
///   number, since then no argument can lead to padding.
///
/// No `unsafe` of the user's is involved: it works under `#![forbid(unsafe_code)]`.
///
/// # Options
/// `#[myelon(crate = path::to::myelon)]` where the crate is renamed or re-exported.
#[proc_macro_derive(RingEvent, attributes(myelon))]
pub fn derive_ring_event(input: TokenStream) -> TokenStream {
    event::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Declares a channel between processes: a name, the event that it carries, and what both ends must agree on.
///
/// ```
/// # use myelon::RingEvent;
/// # #[derive(RingEvent, Clone, Copy, Debug)]
/// # #[repr(C)]
/// # pub struct Tick { pub price: u64 }
/// /// Every trade of the day.
/// #[myelon::channel(capacity = 65_536)]
/// pub struct Ticks(Tick);
///
/// # fn main() -> Result<(), myelon::Error> {
/// let at = myelon::Location::anonymous()?; // or a name, for several processes: "ticks"
/// let mut tx: TicksProducer = Ticks::create(&at)?;
/// let mut rx: TicksConsumer = Ticks::attach(&at, "risk")?;
/// tx.publish(Tick { price: 7 })?;
/// assert_eq!(rx.recv()?.map(|tick| tick.price), Some(7));
/// # Ok(()) }
/// ```
///
/// # What it generates
/// In place of the struct, as visible as it was:
///
/// | item | what it is |
/// |---|---|
/// | `enum Ticks {}` | the channel as a type, without values |
/// | `Ticks::create(at)` | makes the channel, or takes over from a producer that died: `Result<TicksProducer, CreateError>` |
/// | `Ticks::attach(at, id)` | attaches the consumer of that id: `Result<TicksConsumer, AttachError>` |
/// | `Ticks::producer(at)` | everything that can be chosen at run time, then `.build()`: `ProducerBuilder<Ticks>` |
/// | `Ticks::consumer(at, id)` | the same for a consumer: `ConsumerBuilder<Ticks>` |
/// | `Ticks::tap(at)` | a read-only observer: `Result<Tap<Ticks>, AttachError>` |
/// | `Ticks::remove(at)` | removes a channel that nobody uses: `Result<(), RemoveError>` |
/// | `impl Channel for Ticks` | `Event`, `Slots`, `Producer`, `Consumer`, `CONFIG`: for code that is generic over `C: Channel` |
/// | `struct TicksProducer` | `publish` and all else through `Deref` to `Producer`; `close(self)`, `detach(self)`; `Debug`, `Send` |
/// | `struct TicksConsumer` | `recv` and all else through `Deref` to `Consumer`; `close(self)`, `detach(self)`; `Debug`, `Send` |
///
/// Docs go to the marker, `cfg` and lint attributes to every generated item. Other attributes, such as derives, are
/// refused: the struct that was written is not there any more. One real expansion is rendered in `myelon::example`.
///
/// # Options
/// | option | value | otherwise |
/// |---|---|---|
/// | `capacity` | how many events the ring holds: a power of two up to 2^32; the default for `create` | required |
/// | `optimize` | `latency`: a stamp beside each event; `throughput`: nothing but events in the ring | by the event's size |
/// | `wait` | `spin`, `yield`, `park` or `adaptive`; both ends, unless their builders say otherwise | `adaptive` |
/// | `max_consumers` | how many can be attached at the same time, 1 to 256 | 16 |
/// | `version` | part of the fingerprint: raise it when an event's meaning changes and its layout does not | 0 |
/// | `crate` | the path of the crate `myelon`, where it is renamed or re-exported | `::myelon` |
///
/// Numbers may be literals or constant expressions (`capacity = limits::SLOTS`), which are checked where they are
/// evaluated, at compile time too.
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}
