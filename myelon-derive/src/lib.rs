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

/// Declares a channel between processes: a name, what it carries, and what both ends must agree on.
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
/// # What can be carried
/// | declared | carries | read as |
/// |---|---|---|
/// | `struct Ticks(Tick);` | ring events, each in a slot of its size | `&Tick`, in place |
/// | `struct Log([u8]);` | bytes of any length | `&[u8]`, in place |
/// | `codec = pod`, `struct Bars([Bar]);` | any number of ring events in one message | `&[Bar]`, in place |
/// | `zero_copy = rkyv`, `struct Books(Book);` | whatever rkyv can archive | `&ArchivedBook`, in place, validated |
/// | `zero_copy = flatbuffers`, `struct Monsters(Monster<'_>);` | a table that `flatc --rust` generated | `Monster<'_>`, in place, verified |
/// | `codec = postcard` or `bincode`, `struct Orders(Order);` | whatever serde can write and read | `&Order`, decoded |
/// | `zero_copy = path`, `codec = path` | what your own `ZeroCopy` or `Codec` of that path writes | as it says |
/// | `enum Feed { .. }` | several of these on one ring, in one order | `FeedRef<'_>`, to match on |
///
/// The first is a channel of events, and the fastest; all others are channels of *messages*, which may have any length up to
/// `max_message`. `rkyv`, `flatbuffers`, `postcard` and `bincode` are features of `myelon`.
///
/// # Several kinds of messages
/// Each variant names one type. Without an attribute that is a ring event, or `[u8]`; `#[zero_copy(..)]` and `#[codec(..)]` say
/// otherwise, with the words above. The producer has a *lane* for each, a method of the variant's name in small letters,
/// and all methods that publish are there.
///
/// ```
/// # use myelon::RingEvent;
/// # #[derive(RingEvent, Clone, Copy, Debug)]
/// # #[repr(C)]
/// # pub struct Tick { pub price: u64 }
/// #[myelon::channel(capacity = "8 MiB")]
/// pub enum Feed {
///     Tick(Tick),
///     #[codec(pod)]
///     History([Tick]),
///     Note([u8]),
/// }
///
/// # fn main() -> Result<(), myelon::Error> {
/// let at = myelon::Location::anonymous()?;
/// let mut tx: FeedProducer = Feed::create(&at)?;
/// let mut rx: FeedConsumer = Feed::attach(&at, "screen")?;
/// tx.tick().publish(&Tick { price: 7 })?;
/// tx.history().publish(&[Tick { price: 5 }, Tick { price: 6 }])?;
/// tx.close();
/// while let Some(lease) = rx.recv()? {
///     match lease.get() {
///         FeedRef::Tick(tick) => println!("{}", tick.price),
///         FeedRef::History(ticks) => println!("{} of them", ticks.len()),
///         FeedRef::Note(bytes) => println!("{}", bytes.escape_ascii()),
///     }
/// }
/// # Ok(()) }
/// ```
///
/// Kinds are numbered by their places, from 0, and the numbers are what travels: add new kinds at the end. With
/// `evolves = true` peers may differ in how many kinds they know, and a consumer sees those of a newer producer as
/// `FeedRef::Unknown { kind, bytes }`; without it they refuse each other. A producer of either build takes the channel over
/// from one of the other. Builds that added different kinds at the same place refuse each other all the same.
///
/// A lease shows a message where it lies, and `FeedRef` borrows from it. To keep messages say `owned = true`: then there is
/// an enum `FeedOwned` as well, of the same variants with owned values in them (a `Vec` for a slice, the type itself for all
/// else), which `into_owned` of a lease and `recv_into` of the consumer give; `to_owned` of a lease gives one without ending
/// that, if the types of all decoded kinds are `Clone`. Formats of your own have owned values if they implement `Restore`;
/// tables of flatbuffers have none, so a channel with such a lane cannot be `owned`: it is read in place.
///
/// # Consumers that matter
/// A consumer holds the producer back while it is attached and alive, and nobody before it came or after it went. Declared
/// ones can do more, or less:
///
/// ```
/// # use myelon::RingEvent;
/// # #[derive(RingEvent, Clone, Copy, Debug)]
/// # #[repr(C)]
/// # pub struct Tick { pub price: u64 }
/// #[myelon::channel(
///     capacity = 65_536,
///     consumers(
///         journal(required),
///         risk(required(startup = "10 s", stall = "5 s", grace = "2 s", on_failure = shutdown, on_death = wait("5 s"))),
///         screen,
///         dash(lossy),
///     ),
/// )]
/// pub struct Ticks(Tick);
///
/// # fn main() -> Result<(), myelon::Error> {
/// let at = myelon::Location::anonymous()?;
/// let mut tx = Ticks::create(&at)?;
/// let mut risk: TicksConsumer = Ticks::attach_risk(&at)?; // a name that is misspelt does not compile
/// let mut dash: TicksLossyConsumer = Ticks::attach_dash(&at)?;
/// tx.publish(Tick { price: 7 })?;
/// assert_eq!(risk.recv()?.map(|tick| tick.price), Some(7)); // read where it lies
/// assert_eq!(dash.recv()?.map(|tick| tick.price), Some(7)); // a copy
/// // An error or an alert names a consumer by its id.
/// match "journal".parse()? {
///     TicksConsumerId::Journal | TicksConsumerId::Risk => println!("somebody who matters"),
///     TicksConsumerId::Screen | TicksConsumerId::Dash => {}
/// }
/// # Ok(()) }
/// ```
///
/// | declared | holds the producer back |
/// |---|---|
/// | `screen` | while it is attached and alive, as consumers do that nobody declared |
/// | `journal(required)` | from the first event or message on, attached or not: nothing is lost to it |
/// | `dash(lossy)` | never. It gets copies, and is told how many it missed |
///
/// What follows when a required consumer fails is said beside it. All times are counted while the producer waits for it; one
/// that is in nobody's way is asked nothing.
///
/// | option of `required` | value | otherwise |
/// |---|---|---|
/// | `startup` | how long it may be away, because it did not come yet or left; then publishing returns an error | as long as it takes |
/// | `stall` | after how long without a move there is an alert | never |
/// | `grace` | how long after that it may recover | not at all |
/// | `on_failure` | what follows if it does not: `shutdown`, of the whole channel, with the reason; `block`: an alert again and again; `alert_only`: nothing more | `block` |
/// | `on_death` | what follows when the kernel says that it is dead: `evict` lets it go; `shutdown`; `wait("5 s")` keeps its place for that long, for the same id to go on where it stopped, and then shuts the channel down; `wait("5 s", evict)` lets it go then; `wait` keeps it | `wait` |
/// | `check` | how often the kernel is asked | `"10 ms"` |
///
/// Times are texts with a unit, `ns`, `us`, `ms`, `s`, `min` or `h`, or constants of type `Duration`. Ids are names, because
/// functions are called after them. Consumers that are known only when the program runs are required by the producer's
/// builder. Consumers that are not declared can attach as well, unless the channel says `declared_only`.
///
/// # What it generates
/// In place of the struct or enum, as visible as it was:
///
/// | item | what it is |
/// |---|---|
/// | `enum Ticks {}` | the channel as a type, without values |
/// | `Ticks::create(at)` | makes the channel, or takes over from a producer that died: `Result<TicksProducer, CreateError>` |
/// | `Ticks::attach(at, id)` | attaches the consumer of that id: `Result<TicksConsumer, AttachError>` |
/// | `Ticks::producer(at)` | everything that can be chosen at run time, then `.build()`: `ProducerBuilder<Ticks>` |
/// | `Ticks::consumer(at, id)` | the same for a consumer: `ConsumerBuilder<Ticks>` |
/// | `Ticks::lossy(at)` | the same for one that holds nobody back: `LossyBuilder<Ticks>` |
/// | `Ticks::attach_journal(at)` .. | the same as `attach`, of each declared consumer; `Result<TicksLossyConsumer, AttachError>` of a lossy one |
/// | `Ticks::consumer_journal(at)` .. | the same as `consumer`, or as `lossy` |
/// | `Ticks::tap(at)` | a read-only observer, for tools: `Result<Tap<Ticks>, AttachError>`; `MessageTap` of messages |
/// | `Ticks::health(at)` | who takes part, how far behind, what is expected of each: `Result<Health, AttachError>` |
/// | `Ticks::history(at)` | what happened to them, also when all are dead: `Result<History, AttachError>` |
/// | `Ticks::remove(at)` | removes a channel that nobody uses: `Result<(), RemoveError>` |
/// | `impl Channel for Ticks` | of events: `Event`, `Slots`, `Producer`, `Consumer`, `CONFIG`: for code that is generic over `C: Channel` |
/// | `impl MessageChannel for Log` | of messages: `Format`, `Producer`, `Consumer`, `CONFIG`, `LANES`: for code that is generic over `C: MessageChannel` |
/// | `struct TicksProducer` | `publish` and all else through `Deref` to `Producer`, `MessageProducer` or `RecordProducer`; `close(self)`, `detach(self)`; `Debug`, `Send` |
/// | `struct TicksConsumer` | `recv` and all else through `Deref` to `Consumer` or `MessageConsumer`; `close(self)`, `detach(self)`; `Debug`, `Send` |
/// | `struct TicksLossyConsumer` | `recv` and all else through `Deref` to `LossyConsumer` or `MessageLossyConsumer`; `Debug`, `Send` |
/// | `enum TicksConsumerId` | the declared consumers: `ALL`, `as_str`; `Display`, `FromStr`, `TryFrom<&str>`, `Copy`, `Eq`, `Ord`, `Hash`, `Debug` |
/// | `FeedProducer::tick(&mut self)` .. | of an enum: the lanes, each `&mut MessageProducer` of its kind |
/// | `enum FeedRef<'_>` | of an enum: one message where it lies; `Copy`, `Debug` |
/// | `enum FeedOwned` | of an enum with `owned = true`: one message to be kept; `Debug` |
///
/// Docs go to the marker, those of variants to `FeedRef` and the lanes, `cfg` and lint attributes to every generated item.
/// Other attributes, such as derives, are refused: the item that was written is not there any more. Real expansions
/// are rendered in `myelon::example`.
///
/// # Options
/// | option | value | otherwise |
/// |---|---|---|
/// | `capacity` | of events: how many the ring holds, a power of two up to 2^32; of messages: its bytes, a power of two from 256 to `"8 GiB"`, also as a size with a unit, `"4 MiB"`. The default for `create` | required |
/// | `optimize` | of events: `latency`: a stamp beside each; `throughput`: nothing but events in the ring | by the event's size |
/// | | of messages: `latency`: records keep their distance in the ring; `throughput`: they are packed | a distance while consumers keep up |
/// | `codec`, `zero_copy` | of messages: how they are written, see above | events, or bytes |
/// | `max_message` | of messages: the longest, in bytes or as a size with a unit; may be longer than the ring | `capacity` |
/// | `timestamps` | of messages: `true` if the time of publishing rides along | `false` |
/// | `evolves` | of an enum: `true` if peers may know more or fewer kinds | `false` |
/// | `owned` | of an enum: `true` for `FeedOwned`, and `into_owned` and `to_owned` of leases. Every kind must have owned values | `false` |
/// | `wait` | `spin`, `yield`, `park` or `adaptive`; both ends, unless their builders say otherwise | `adaptive` |
/// | `max_consumers` | how many can be attached at the same time, 1 to 256 | 16 |
/// | `consumers` | who is declared, and what is expected of each, see above: `consumers(journal(required), dash(lossy))` | nobody |
/// | `declared_only` | no value: only declared consumers may attach | others, too |
/// | `version` | part of the fingerprint: raise it when the meaning changes and the declaration does not | 0 |
/// | `crate` | the path of the crate `myelon`, where it is renamed or re-exported | `::myelon` |
///
/// Of messages two peers compare, for each kind: its name, its format, and the name of its type as it is written in the
/// declaration, without the modules that it is in. So an alias is another type than what it stands for, and the two are
/// refused; and of `[Level; DEPTH]` the name is compared and not what `DEPTH` is. The fields of ring events are compared as
/// well, in slices and in variants; those of other types are not: raise `version` when they, or such a length, change.
/// What is declared of consumers is not compared: it is what the producer's build says.
///
/// Numbers may be literals or constant expressions (`capacity = limits::SLOTS`), which are checked where they are
/// evaluated, at compile time too.
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}
