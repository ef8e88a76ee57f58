//! rkyv: values of any shape, read where they lie.

use core::cell::Cell;
use core::fmt;
use core::num::NonZeroUsize;
use std::error::Error;

use ::rkyv::api::high::{HighDeserializer, HighSerializer, HighValidator};
use ::rkyv::api::{access_with_context, serialize_using};
use ::rkyv::bytecheck::CheckBytes;
use ::rkyv::primitive::{ArchivedU64, ArchivedUsize};
use ::rkyv::rancor::{BoxedError, Source, Trace};
use ::rkyv::ser::allocator::{Arena, ArenaHandle};
use ::rkyv::ser::sharing::Share;
use ::rkyv::ser::{Positional, Serializer, Writer};
use ::rkyv::validation::Validator;
use ::rkyv::validation::archive::ArchiveValidator;
use ::rkyv::validation::shared::SharedValidator;
use ::rkyv::{Archive, Deserialize, Serialize, access_unchecked};

use super::room::Room;
use super::{ALIGN, DecodeError, EncodeError, Restore, ZeroCopy};

/// The [rkyv](https://rkyv.org) format: `zero_copy = rkyv`, with the feature `rkyv`.
///
/// Values are serialised straight into the ring, and readers see `&Archived<T>` there, validated before it is lent.
/// Neither side allocates for a message, except for the shared pointers (`Rc`, `Arc`) in it, and for what an owned
/// value needs.
///
/// Pointers inside of a message may be nested 128 deep; deeper ones are written, but refused by readers, whose
/// stack is bounded. Nothing in a message may be aligned to more than 16 bytes: a type that is does not compile; one that
/// only points to such a thing is refused by readers, and by those that trust their producer it must not be read at all.
///
/// An owned value that is made of a message is not bounded by its length where elements take no bytes in the archive (all
/// fields skipped, or none there): a producer that is broken can then ask for any amount of memory.
///
/// The features of `rkyv` that change its format (`big_endian`, `unaligned`, `pointer_width_64` ..) hold for a whole
/// program. They are part of the fingerprint of the channel: two programs that differ in them refuse each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rkyv {}

/// How deep pointers may be nested in what is validated: each level takes some of the reader's stack.
const DEPTH: NonZeroUsize = NonZeroUsize::MIN.saturating_add(128);

/// What a channel can carry with `zero_copy = rkyv`: every type with the derives of rkyv.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not written and read by rkyv",
    label = "`zero_copy = rkyv` carries types that derive rkyv's `Archive` and `Serialize`",
    note = "write `#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]` on `{Self}` and on what it consists of",
    note = "without an own dependency on rkyv: `use myelon::rkyv;` and `#[rkyv(crate = myelon::rkyv)]` on the type"
)]
pub trait Archivable:
    Archive<Archived: for<'a> CheckBytes<HighValidator<'a, BoxedError>> + 'static>
    + for<'a> Serialize<HighSerializer<Output<'a>, ArenaHandle<'a>, Refused>>
{
}

#[diagnostic::do_not_recommend]
impl<T> Archivable for T
where
    T: for<'a> Serialize<HighSerializer<Output<'a>, ArenaHandle<'a>, Refused>>,
    T::Archived: for<'a> CheckBytes<HighValidator<'a, BoxedError>> + 'static,
{
}

/// Of which rkyv makes owned values.
#[diagnostic::on_unimplemented(
    message = "no owned `{Self}` can be made of what rkyv wrote",
    label = "this type does not derive rkyv's `Deserialize`",
    note = "write `#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]` on `{Self}` and on what it consists of"
)]
pub trait Restorable: Archive<Archived: Deserialize<Self, HighDeserializer<BoxedError>>> + Sized {}

#[diagnostic::do_not_recommend]
impl<T: Archive> Restorable for T where T::Archived: Deserialize<T, HighDeserializer<BoxedError>> {}

/// What rkyv writes into.
#[derive(Debug)]
pub struct Output<'a>(Room<'a>);

/// Why rkyv stopped writing.
#[derive(Debug)]
pub enum Refused {
    /// What it writes into is full.
    Full,
    /// The value cannot be written.
    Failed(BoxedError),
}

impl<T: Archivable> ZeroCopy<T> for Rkyv {
    type Target = T::Archived;
    const READ_WHOLE: bool = false;
    const NAME: &'static str = "rkyv";
    const BUILT_IN: bool = true;
    /// Version 0.8 of the format, and those of its features that change it.
    const FORMAT: u64 = format();

    #[inline]
    fn size_hint(_: &T) -> usize {
        // Exact for what is copied as it is; what else hangs on a value is not known before it is written.
        if T::COPY_OPTIMIZATION.is_enabled() { size_of::<T::Archived>() } else { 0 }
    }

    #[inline]
    fn encode(value: &T, out: &mut [u8]) -> Result<usize, EncodeError> {
        const { assert!(align_of::<T::Archived>() <= ALIGN, "what is archived is aligned to at most 16 bytes") };
        with_arena(|arena| {
            let mut serializer = Serializer::new(Output(Room::new(out)), arena.acquire(), Share::new());
            let done = serialize_using::<_, Refused>(value, &mut serializer);
            serializer.writer.0.finish(done.map(drop))
        })
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<&T::Archived, DecodeError> {
        let mut validator =
            Validator::new(ArchiveValidator::with_max_depth(bytes, Some(DEPTH)), SharedValidator::new());
        access_with_context::<T::Archived, _, BoxedError>(bytes, &mut validator)
            .map_err(|refused| DecodeError::caused("is no archived value of its type", refused))
    }

    #[inline]
    unsafe fn view_trusted(bytes: &[u8]) -> Result<&T::Archived, DecodeError> {
        let Some(root) = bytes.len().checked_sub(size_of::<T::Archived>()) else {
            return Err(DecodeError::new("is shorter than its archived type"));
        };
        if !bytes.as_ptr().wrapping_add(root).cast::<T::Archived>().is_aligned() {
            return Err(DecodeError::new("is not aligned for its archived type"));
        }
        // SAFETY: (1) the root of a value that `encode` wrote lies at the end; it fits and is aligned, checked just now.
        Ok(unsafe { access_unchecked::<T::Archived>(bytes) })
    }
}

impl<T: Archivable + Restorable> Restore<T> for Rkyv {
    type Owned = T;

    #[inline]
    fn restore(target: &T::Archived) -> Result<T, DecodeError> {
        ::rkyv::api::high::deserialize::<T, BoxedError>(target)
            .map_err(|refused| DecodeError::caused("holds what its type cannot be made of", refused))
    }
}

/// What features of rkyv make of the format.
const fn format() -> u64 {
    // SAFETY: rend's integers are their bytes in one order or the other, without padding.
    let one: [u8; 8] = unsafe { core::mem::transmute(ArchivedU64::from_native(1)) };
    let [first, .., last] = one;
    let version = 8;
    version << 32
        | (size_of::<ArchivedUsize>() as u64) << 24
        | (align_of::<ArchivedU64>() as u64) << 16
        | (first as u64) << 8
        | last as u64
}

/// Runs `write` with the scratch memory of this thread, so that none is allocated for each message.
fn with_arena<R>(write: impl FnOnce(&mut Arena) -> R) -> R {
    thread_local! {
        static SCRATCH: Cell<Option<Arena>> = const { Cell::new(None) };
    }
    // Taken out, as a value may publish others while it is serialised. A thread that ends has none any more.
    let mut arena = SCRATCH.try_with(Cell::take).ok().flatten().unwrap_or_default();
    let result = write(&mut arena);
    // Not kept if the thread ends.
    let _ = SCRATCH.try_with(|scratch| scratch.set(Some(arena)));
    result
}

impl Positional for Output<'_> {
    #[inline]
    fn pos(&self) -> usize {
        self.0.len()
    }
}

impl Writer<Refused> for Output<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        if self.0.write(bytes) { Ok(()) } else { Err(Refused::Full) }
    }
}

impl Trace for Refused {
    fn trace<R: fmt::Debug + fmt::Display + Send + Sync + 'static>(self, trace: R) -> Self {
        match self {
            Self::Full => Self::Full,
            Self::Failed(error) => Self::Failed(error.trace(trace)),
        }
    }
}

impl Source for Refused {
    #[cold]
    fn new<T: Error + Send + Sync + 'static>(source: T) -> Self {
        Self::Failed(BoxedError::new(source))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("there is no more room"),
            Self::Failed(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Full => None,
            Self::Failed(error) => error.source(),
        }
    }
}
