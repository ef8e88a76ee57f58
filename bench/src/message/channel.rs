//! The channels that carry them, as a program would declare them.

use super::book::Book;

/// Bytes, as they are.
#[myelon::channel(capacity = "4 MiB")]
pub struct Log([u8]);

/// The same, where a short way matters more than how many go it.
#[myelon::channel(capacity = "4 MiB", optimize = latency)]
pub struct Urgent([u8]);

/// The same, with records that are always packed.
#[myelon::channel(capacity = "4 MiB", optimize = throughput)]
pub struct Packed([u8]);

/// A structure that is read where it lies.
#[myelon::channel(zero_copy = rkyv, capacity = "4 MiB")]
pub struct Books(Book);

/// A structure that is encoded and decoded.
#[myelon::channel(codec = postcard, capacity = "4 MiB")]
pub struct Orders(Book);
