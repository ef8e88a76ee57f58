//! What both ends of a channel of messages have in common with those of events: where it lies, who they are, how they
//! end.

use super::consumer::RecordConsumer;
use super::producer::RecordProducer;
use crate::counters::{AppTally, Health};
use crate::location::Location;
use crate::ring::Sequence;
use crate::ring::records::UNIT;
use crate::segment::{AttachError, PlacementReport};
use crate::wait::Stopper;

/// Forwards to the end of the ring of units.
macro_rules! forward {
    ($end:ident $(, $mutable:tt)?) => {
        impl $end {
            /// How the channel is: everybody who takes part, who holds it up, and what happened last. Asks the kernel for
            /// each: not for the hot path.
            ///
            /// # Errors
            /// [`AttachError::Unreadable`] if somebody wrote over the head of the segment; in a forked child always some
            /// error.
            pub fn health(&$($mutable)? self) -> Result<Health, AttachError> {
                self.core.health()
            }

            /// How the segment was placed in memory: what was asked for and what the system gave.
            pub fn placement(&self) -> PlacementReport {
                self.core.placement()
            }

            /// A counter of the application's own, which every tool that looks at the channel shows: the one of that
            /// label, or a new one. A label is cut to 24 bytes. `None` if it is empty, or if 16 others are in use.
            pub fn counter(&mut self, label: &str) -> Option<AppTally<'_>> {
                self.core.counter(label)
            }

            /// Where the channel lies.
            pub fn location(&self) -> &Location {
                self.core.location()
            }

            /// A handle that ends waits of this end from another thread or a signal handler. A call that does not have
            /// to wait does not see it ([`Stopper`]).
            pub fn stopper(&self) -> Stopper {
                self.core.stopper()
            }
        }
    };
}

forward!(RecordProducer, mut);
forward!(RecordConsumer);

impl RecordProducer {
    /// Ends the stream: consumers drain what is there and then see the end. The same as drop.
    pub fn close(self) {
        self.core.close();
    }

    /// Leaves the stream open for a successor: the next `create` of this channel goes on in sequence with the consumers
    /// that are attached. They wait for it without being told of a death.
    pub fn detach(self) {
        self.core.detach();
    }
}

impl RecordConsumer {
    /// The sequence of the next message.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.next_number()
    }

    /// How many messages are published and not yet released by this consumer.
    pub fn lag(&self) -> u64 {
        self.core.segment.messages().saturating_sub(self.released_number())
    }

    /// Bytes of the ring that this consumer has not released yet, with headers and padding.
    pub fn lag_bytes(&self) -> u64 {
        self.core.segment.published().saturating_sub(self.core.reader.settled()).saturating_mul(UNIT as u64)
    }

    /// Bytes of the ring. A message takes a header of 16 bytes and its own, rounded up to 16; 16 more with `timestamps`;
    /// and a distance to the next one where [`Packing`](super::Packing) says so.
    #[inline]
    pub fn capacity(&self) -> u64 {
        self.core.capacity() * UNIT as u64
    }

    /// Bytes that the producer could still publish, headers and padding included, before this consumer would hold it back.
    pub fn free_bytes(&self) -> u64 {
        self.capacity().saturating_sub(self.lag_bytes())
    }

    /// The id that this consumer attached with.
    pub fn id(&self) -> String {
        self.core.id()
    }

    /// Leaves for good: the producer stops waiting for this consumer. The same as drop.
    pub fn close(mut self) {
        self.give_back();
        self.core.close();
    }

    /// Leaves, and remembers the place: the same id resumes there if the ring still holds it. Does not hold the producer
    /// back meanwhile.
    pub fn detach(mut self) {
        self.give_back();
        self.core.detach();
    }
}
