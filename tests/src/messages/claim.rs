//! Room for a message, of whichever lane.

use std::ops::DerefMut;

use myelon::{MessageClaim, PublishError, Sequence};

/// A claim of bytes.
pub trait Claim: DerefMut<Target = [u8]> {
    fn sequence(&self) -> Sequence;
    fn commit(self, len: usize) -> Result<Sequence, PublishError>;
}

impl<L> Claim for MessageClaim<'_, L> {
    fn sequence(&self) -> Sequence {
        self.sequence()
    }

    fn commit(self, len: usize) -> Result<Sequence, PublishError> {
        self.commit(len)
    }
}

/// Of a channel that has none.
pub(super) fn none<'a>() -> Result<MessageClaim<'a>, PublishError> {
    panic!("not a form of this channel")
}
