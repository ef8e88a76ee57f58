//! What is known of a message beside its payload.

use core::time::Duration;
use std::time::SystemTime;

use crate::os::process;
use crate::ring::Sequence;
use crate::ring::records::Record;

/// What a receive tells beside a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageMeta {
    /// The number of the message in its channel, from 0.
    pub sequence: Sequence,
    /// Its kind: the variant of an `enum` channel, or what the producer of a framed one said.
    pub kind: u16,
    /// Whether it came in fragments and was joined in memory of this process. It is then not in the ring any more.
    pub reassembled: bool,
    /// Of a drain or batch: whether this is the last message that it hands out; a good moment to flush. A lease does not look
    /// what comes after it, and says false.
    pub end_of_batch: bool,
    /// When it was published, on the monotonic clock in nanoseconds; 0 unknown.
    pub(crate) time: u64,
}

impl MessageMeta {
    /// Of a message in one record.
    #[inline(always)]
    pub(super) fn of(record: &Record) -> Self {
        Self {
            sequence: record.header.number,
            kind: record.header.kind,
            reassembled: false,
            end_of_batch: false,
            time: record.extension.map_or(0, |extension| extension.time),
        }
    }

    /// How long ago the message was published: its one-way latency, if asked right after it was received. `None` unless
    /// the channel has `timestamps = true`.
    ///
    /// It is measured with the clock that only goes forward (`CLOCK_MONOTONIC`), which all processes of a machine share
    /// unless they are in different time namespaces. It stands still while the machine sleeps. The clocks of two cores may
    /// differ by some nanoseconds, and reading one takes some tens on either side, which are part of what is measured; a
    /// message is never told as younger than 0.
    pub fn latency(&self) -> Option<Duration> {
        (self.time != 0).then(|| Duration::from_nanos(process::now_ns().saturating_sub(self.time)))
    }

    /// When the message was published. `None` unless the channel has `timestamps = true`.
    ///
    /// Told in wall clock time as it is now: a clock that was set since does not move messages against each other. What
    /// the machine slept since is missing.
    pub fn published_at(&self) -> Option<SystemTime> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_nanos(process::realtime_ns());
        now.checked_sub(self.latency()?)
    }
}
