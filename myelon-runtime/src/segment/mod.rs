//! One file per channel: from bytes to typed views, and who takes part.
//!
//! # Layout
//! All regions begin at a multiple of the page stride `P` (4096, or the creator's page size if that is more), so
//! that the hardware enforces who writes what. Numbers are in native byte order; the header says which that is.
//!
//! ```text
//!          0  +--------------------------------------------------------------------------------+
//!             | header: magic, byte order, format; geometry; fingerprint, boot id, device,     |
//!             | inode; creator; names; checksum           written once, read-only for everyone |
//!          P  +--------------------------------------------------------------------------------+
//!             | schema: the layout of an event (layout::bytes)                       read-only |
//!    control  +--------------------------------------------------------------------------------+
//!             |   0 data wait word |  64 room wait word | 128 superseded         participants, |
//!             | 192 entry words, 8 bytes each: state, epoch                       by the locks |
//!   producer  +--------------------------------------------------------------------------------+
//!             |   0 published | 64 closed-at, epoch, detached epoch, death policy     producer |
//!             | 128 identity | 192 counters | 320 anchors | 384 application counters           |
//!             | 896 lifecycle records | 1920 largest lags, 8 bytes each; after them kinds, 8   |
//!             | bytes each; after them, 128 bytes each: why it ended, whom it requires and how |
//!  consumers  +--------------------------------------------------------------------------------+
//!             |   0 cursor, message | 64 wait word | 128 identity, left at, id, start      one consumer |
//!             | 256 counters | 384 application counters | 896 lifecycle records                |
//!   + entry*P +--------------------------------------------------------------------------------+
//!      slots  +--------------------------------------------------------------------------------+
//!             | capacity slots of the stride that the discipline says                 producer |
//!      total  +--------------------------------------------------------------------------------+
//! ```
//! Lifecycle records ([`lifecycle`](crate::lifecycle)) are 16 in each page, of 64 bytes: number (0 while it is written), time,
//! event | length of the id | entry | pid, sequence, 32 bytes of the id.
//!
//! # Invariants
//! - **S1** Every region lies inside the mapping, at a multiple of the page stride, and so does every word that a
//!   view hands out, aligned for its type: offsets come from a private [`Geometry`](geometry::Geometry) that was
//!   checked against the length of the file.
//! - **S2** The slots region holds `capacity` slots of the stride; `capacity` is a power of two.
//! - **S3** Outside of the slots, whatever several processes access is an atomic integer; every bit pattern of it
//!   is a valid value, and none decides where memory is accessed.
//! - **S4** The mapping lives as long as the [`Segment`], and as long as anything that was handed out of it.
//! - **S5** A process stores only to the control page and to pages of its own: a producer to its page and the
//!   slots, a consumer to its page, an observer to nothing. The others are mapped read-only, but for the slots of a
//!   consumer that asked for it ([`Placement::writable_ring`]), and that stores nothing there either. The producer stores to a
//!   consumer's page too where it keeps that for one who is not attached, and only under the entry's lock. Whose the
//!   producer's page is, its lock says: who replaces a segment holds that, and notes it there.
//! - **S6** Header and schema are complete before the file can be found, and never written again.
//!
//! L1 to L3 are those of [`os::lock`](crate::os::lock); with them, here:
//! - **L4** A consumer locks its id first, for life, then an entry, then moves the entry's word, then writes its
//!   page; active is the last store. ([`registry`])
//! - **L5** After any lock: does the name still lead to this file? Only the holder of the producer lock on the
//!   file that the name leads to replaces it or removes its name. (in `create`, `leaving` and `sweep`)
//! - **L6** Evidence first, then look again: lock seen free, acquire fence, read once more, decide.

mod attach;
mod build;
mod codec;
mod contract;
mod create;
mod error;
pub(crate) mod geometry;
pub(crate) mod header;
pub(crate) mod layout;
mod leaving;
mod notes;
mod opened;
pub(crate) mod page;
mod placement;
mod registry;
mod remove;
mod required;
#[allow(clippy::module_inception, reason = "the type that the module is about")]
mod segment;
mod sweep;
mod view;

#[cfg(test)]
pub(crate) use attach::Joined;
pub(crate) use attach::{AttachRequest, attach, described, inspect, observe, observe_open};
pub(crate) use contract::{Contract, carries_messages, discipline_name};
pub(crate) use create::{CreateRequest, create};
pub use error::{AttachError, CreateError, RemoveError};
pub use header::HeaderError;
pub use layout::{LayoutDiff, OwnedField, OwnedKind, OwnedLane, OwnedSchema, OwnedVariant, Side};
pub use placement::{Granted, Placement, PlacementReport};
pub(crate) use remove::remove;
pub(crate) use required::{RequiredConsumer, Span};
pub(crate) use segment::{Leave, Named, Segment};
pub(crate) use view::Held;

#[cfg(test)]
mod tests;
