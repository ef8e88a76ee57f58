//! Channels of messages as types: what `#[myelon::channel]` leaves of a struct that carries bytes or values of a format,
//! and of an `enum`.

use core::fmt;
use core::ops::DerefMut;

use super::Declared;
use crate::event::{Fingerprint, Kind, LaneShape, Schema};
use crate::message::{Format, Lane, MessageConsumer, MessageLossyConsumer, Packing, RecordProducer};
use crate::ring::records::UNIT;
use crate::ring::{Discipline, Records};
use crate::wait::WaitStrategy;

/// A channel of messages of any length that `#[myelon::channel]` declared.
pub trait MessageChannel:
    Declared<
        Tx = <Self as MessageChannel>::Producer,
        Rx = <Self as MessageChannel>::Consumer,
        Lossy: DerefMut<Target = MessageLossyConsumer<<Self as MessageChannel>::Format>>,
    >
{
    /// How its messages are read.
    type Format: Format;
    /// The generated producer.
    type Producer: From<RecordProducer> + fmt::Debug + Send + 'static;
    /// The generated consumer.
    type Consumer: From<crate::message::RecordConsumer>
        + DerefMut<Target = MessageConsumer<Self::Format>>
        + fmt::Debug
        + Send
        + 'static;
    /// What the attribute said.
    const CONFIG: MessageConfig;
    /// Its kinds of messages, in order.
    const LANES: &'static [LaneShape];

    /// All its kinds of messages as one layout: what two builds compare.
    #[doc(hidden)]
    const SCHEMA: &'static Schema = &Schema::new("messages", UNIT, UNIT, Kind::Lanes(Self::LANES));
    /// The digest of everything that two peers must agree on.
    const FINGERPRINT: Fingerprint =
        Self::SCHEMA.channel_fingerprint(<Records as Discipline>::CODE, Self::CONFIG.version);
}

/// What the attribute of a channel of messages said, with the defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageConfig {
    /// The name of the channel's type, for display.
    pub name: &'static str,
    /// Bytes of the ring: the default for `create`; consumers take it from the segment.
    pub capacity: u64,
    /// Bytes of the longest message.
    pub max_message: u64,
    /// How many consumers can be attached at the same time.
    pub max_consumers: u32,
    /// Part of the fingerprint: to be raised when the meaning of a message changes and its declaration does not.
    pub version: u64,
    /// How both ends wait, unless their builders say otherwise.
    pub wait: WaitStrategy,
    /// How records lie in the ring: `optimize`.
    pub packing: Packing,
    /// Whether the time of publishing rides along.
    pub timestamps: bool,
    /// Whether peers may know more or fewer kinds of messages, at the end.
    pub evolves: bool,
}

impl LaneShape {
    /// The lane `L`, as it is called in the declaration, with its payload as it was written there.
    pub const fn of<L: Lane>(name: &'static str, payload: &'static str) -> Self {
        Self {
            name,
            kind: L::KIND,
            codec: L::CODEC,
            built_in: L::BUILT_IN,
            format: L::FORMAT,
            payload,
            layout: L::LAYOUT,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::channel::MessageChannel;
    use crate::channel::testing_messages::{Carries, MessageSite};
    use crate::codec::{Bytes, DecodeError, EncodeError, ZeroCopy};
    use crate::message::InPlace;
    use crate::segment::AttachError;

    /// Bytes, backwards, under a name that is taken.
    #[derive(Debug)]
    enum Backwards {}

    impl ZeroCopy<[u8]> for Backwards {
        type Target = [u8];
        const NAME: &'static str = <Bytes as ZeroCopy<[u8]>>::NAME;

        fn encode(value: &[u8], out: &mut [u8]) -> Result<usize, EncodeError> {
            let out = out.get_mut(..value.len()).ok_or(EncodeError::Full)?;
            out.copy_from_slice(value);
            out.reverse();
            Ok(value.len())
        }

        fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
            Ok(bytes)
        }
    }

    type Ours = InPlace<[u8], Bytes>;
    type Theirs = InPlace<[u8], Backwards>;

    #[test]
    fn a_format_that_is_called_like_one_of_the_librarys_is_not_taken_for_it() {
        assert_ne!(Carries::<Ours>::FINGERPRINT, Carries::<Theirs>::FINGERPRINT);
        let site = MessageSite::<Theirs>::new();
        let _tx = site.create(1024);
        let same = MessageSite::<Ours>::at(&site.location);
        let error = same.consumer("r").build().unwrap_err();
        assert!(matches!(error, AttachError::LayoutMismatch { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("Tested: tested as bytes,"), "{text}");
        assert!(text.contains("Tested: tested as the program's bytes,"), "{text}");
        assert!(site.consumer("r").build().is_ok());
    }
}
