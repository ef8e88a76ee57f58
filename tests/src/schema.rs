//! A schema of FlatBuffers, compiled: what `bestiary.fbs` beside it says.

#[rustfmt::skip]
#[path = "../../myelon-runtime/testdata/bestiary_generated.rs"]
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[allow(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block, reason = "generated")]
#[allow(clippy::allow_attributes_without_reason, reason = "generated")]
mod bestiary_generated;

pub use bestiary_generated::bestiary::*;
