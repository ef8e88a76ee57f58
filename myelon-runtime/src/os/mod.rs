//! The only module that makes system calls.
//!
//! Everything above it speaks in terms of descriptors, mappings, locks, shared wait words and processes. Linux
//! is what is written here; another system needs these files again, and nothing else.
//!
//! Statics and wait words are `core` atomics, not those of `sync`: what lies on both sides of a system call
//! cannot be modelled by loom, and the models never reach this module.
//!
//! # Invariants
//! - **O1** A [`Map`](map::Map) owns its whole address range from construction to drop: nothing else is mapped
//!   there, in this process or (as far as its fork handler runs, see [`fork`]) in a forked child.
//! - **O2** Every page of a `Map` lay inside the file when the mapping was made. Who truncates the file below
//!   a live mapping breaks the trust model (design promise P4: no part of this library ever does).
//! - **O3** A [`Description`](fork::Description) is shared with no other process that outlives a fork: a
//!   forked child replaces its copy before any of its other code runs.

pub(crate) mod barrier;
pub(crate) mod cpu;
pub(crate) mod facts;
pub(crate) mod fd;
pub(crate) mod fork;
pub(crate) mod futex;
pub(crate) mod lock;
pub(crate) mod map;
pub(crate) mod process;
mod smaps;

pub use facts::FileKind;

#[cfg(test)]
pub(crate) mod testing;
