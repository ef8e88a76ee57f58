//! FlatBuffers: tables that are built in the ring and read where they lie.
//!
//! What a schema generates is no value that is encoded, but a view of bytes and code that writes them from the end to the
//! front. So this is neither a [`Codec`](super::Codec) nor a [`ZeroCopy`](super::ZeroCopy): [`Family`] names the root
//! table of a schema, [`Scratch`] builds one into a slot of the ring ([`SlotAllocator`]), and [`verify`] checks one.

mod allocator;
mod scratch;
#[cfg(test)]
pub(crate) mod tests;

use ::flatbuffers::{FlatBufferBuilder, Follow, Verifiable, VerifierOptions, root_unchecked, root_with_opts};

pub use allocator::SlotAllocator;
pub use scratch::{Built, Scratch};

use super::DecodeError;

/// The root table of a schema, with any lifetime: `zero_copy = flatbuffers` on a channel implements it for what it
/// carries.
///
/// ```ignore
/// enum Monsters {}
/// impl Family for Monsters {
///     type Table<'a> = Monster<'a>;
/// }
/// ```
pub trait Family: 'static {
    /// The table, as `flatc --rust` generates it.
    type Table<'a>: Follow<'a, Inner = Self::Table<'a>> + Verifiable + Copy + 'a;
}

/// What a message is built with: FlatBuffers' own builder, writing into the ring. For the signatures of functions:
/// `fn monster<'b>(fbb: &mut TableBuilder<'b>) -> WIPOffset<Monster<'b>>`.
pub type TableBuilder<'b> = FlatBufferBuilder<'b, SlotAllocator<'b>>;

/// How much work a message may make of verifying it, by its length: tables can be referred to more than once, so that a
/// few bytes describe a tree without end.
fn limits(len: usize) -> VerifierOptions {
    let usual = VerifierOptions::default();
    VerifierOptions {
        // A table takes more than a byte, and so does each reference to one.
        max_tables: len.min(usual.max_tables),
        max_apparent_size: len.saturating_mul(64).saturating_add(1 << 20).min(usual.max_apparent_size),
        ..usual
    }
}

/// Verifies the root table of a message.
pub(crate) fn verify<F: Family>(bytes: &[u8]) -> Result<(), DecodeError> {
    match root_with_opts::<F::Table<'_>>(&limits(bytes.len()), bytes) {
        Ok(_) => Ok(()),
        Err(refused) => Err(DecodeError::caused("is no table of its schema", refused)),
    }
}

/// Looks only whether a root table could lie inside of a message.
pub(crate) fn has_root(bytes: &[u8]) -> Result<(), DecodeError> {
    let table = bytes.first_chunk().and_then(|root| bytes.get(u32::from_le_bytes(*root) as usize..));
    match table {
        Some(table) if table.len() >= size_of::<u32>() => Ok(()),
        _ => Err(DecodeError::new("is shorter than a table")),
    }
}

/// The root table of a message.
///
/// # Safety
/// 1. [`verify`] found it to be one; or [`has_root`] did, and it was built by a [`Scratch`] for the same schema, with
///    nothing but offsets that its builder returned for this message.
#[inline]
pub(crate) unsafe fn root<F: Family>(bytes: &[u8]) -> F::Table<'_> {
    // SAFETY: (1).
    unsafe { root_unchecked::<F::Table<'_>>(bytes) }
}
