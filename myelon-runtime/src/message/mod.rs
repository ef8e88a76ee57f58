//! Messages of any length: records in a ring of bytes, and channels of them.

mod batch;
mod buffer;
#[cfg(feature = "flatbuffers")]
mod build;
mod claim;
mod consumer;
mod distance;
mod ends;
mod fill;
mod follow;
mod format;
mod fragment;
mod glance;
mod joint;
mod kinds;
mod lap;
mod lease;
mod lossy;
mod meta;
mod producer;
mod publish;
mod receive;
mod route;
mod spacing;
#[cfg(feature = "flatbuffers")]
mod tables;
#[cfg(test)]
mod tests;
mod value;

pub use batch::MessageBatch;
pub use claim::MessageClaim;
pub use consumer::RecordConsumer;
pub(crate) use format::Trusted;
pub use format::{Encode, Format, Give, GiveCopy, GivesCopy, InPlace, Lane, Owned, Single, Trust};
pub use glance::{LossyMessage, MessageLossyConsumer};
pub(crate) use kinds::Kinds;
pub use lease::MessageLease;
pub(crate) use lossy::Glances;
pub use meta::MessageMeta;
pub use producer::RecordProducer;
pub use publish::{ANY_KIND, Frames, MessageProducer};
pub use receive::MessageConsumer;
pub use spacing::Packing;
#[cfg(feature = "flatbuffers")]
pub use tables::{Tables, Verified};
