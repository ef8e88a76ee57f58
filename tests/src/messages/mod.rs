//! Channels of messages under test: bytes, every format, several kinds on one ring. As with events, a message follows
//! from its number, here together with its length ([`Sizes`]), so that nothing can be lost, cut or torn unseen.

mod channels;
mod claim;
mod content;
pub mod feed;
pub mod formats;
pub mod put;
mod sizes;
pub mod spoilt;
pub mod story;

pub use channels::*;
pub use claim::Claim;
pub use content::{Bar, Book, Order, Seen, TestPayload, Wide, fill, is_filled, kind_of};
pub use feed::Feed;
use put::{Crash, Put};
pub use sizes::Sizes;

use myelon::{Error, Format, MessageChannel, MessageConsumer, MessageMeta, PublishError};
use myelon::{RecordProducer, Sequence};

use crate::form;
use crate::limit::Limit;

/// A message as it is shown.
pub type Shown<'a, C> = <<C as MessageChannel>::Format as Format>::Ref<'a>;

/// A consumer of a channel.
pub type Messages<C> = MessageConsumer<<C as MessageChannel>::Format>;

/// Told of each message, and whether it is the right one for its number.
pub type See<'a> = &'a mut dyn FnMut(MessageMeta, bool);

/// What tests need of a channel of messages beside what [`MessageChannel`] has.
pub trait TestMessages: MessageChannel {
    /// How its messages can be published.
    const PUBLISH: &'static [form::Publish];
    /// How they can be received.
    const RECEIVE: &'static [form::Receive];

    /// Publishes once.
    fn put(tx: &mut Self::Producer, put: &Put<'_>) -> Result<Sequence, Error>;

    /// Whether this is the message `meta.sequence`, made of so many bytes or other parts.
    fn is_right(meta: MessageMeta, size: u64, message: Shown<'_, Self>) -> bool;

    /// Receives an owned value; false at the end of the stream.
    fn owned(_rx: &mut Messages<Self>, _limit: Limit, _sizes: &Sizes, _see: See<'_>) -> Result<bool, Error> {
        panic!("not a form of this channel")
    }

    /// Receives into a value; false at the end of the stream.
    fn into(_rx: &mut Messages<Self>, _limit: Limit, _sizes: &Sizes, _see: See<'_>) -> Result<bool, Error> {
        panic!("not a form of this channel")
    }

    /// Claims so many bytes, where that can be.
    fn claim(_tx: &mut Self::Producer, _max: usize) -> Result<impl Claim, PublishError> {
        claim::none()
    }

    /// Ends badly in the middle of a publish, where that can be.
    fn crash(_tx: &mut Self::Producer, _crash: &Crash<'_>) {
        panic!("not a form of this channel")
    }

    /// What all producers of messages have in common.
    fn records(tx: &mut Self::Producer) -> &mut RecordProducer;
    fn records_ref(tx: &Self::Producer) -> &RecordProducer;
    fn detach_producer(producer: Self::Producer);
    fn detach_consumer(consumer: Self::Consumer);
    fn close_producer(producer: Self::Producer);
    fn close_consumer(consumer: Self::Consumer);
}

/// What all generated ends have.
#[macro_export]
macro_rules! test_ends {
    () => {
        fn records(tx: &mut Self::Producer) -> &mut ::myelon::RecordProducer {
            tx
        }
        fn records_ref(tx: &Self::Producer) -> &::myelon::RecordProducer {
            tx
        }
        fn detach_producer(producer: Self::Producer) {
            producer.detach();
        }
        fn detach_consumer(consumer: Self::Consumer) {
            consumer.detach();
        }
        fn close_producer(producer: Self::Producer) {
            producer.close();
        }
        fn close_consumer(consumer: Self::Consumer) {
            consumer.close();
        }
    };
}
