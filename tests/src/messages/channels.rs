//! The declarations: one for each format.

use myelon::{Error, Give, MessageConsumer, MessageMeta, PublishError, Sequence};

use super::content::{Bar, Book, Order, Seen, TestPayload, Wide, kind_of};
use super::formats::{self, Backward, Packet, Summed};
use super::put::Crash;
use super::{Claim, Messages, Put, See, Shown, Sizes, TestMessages, put};
use crate::form::{Publish, Receive};
use crate::limit::{Limit, call};
use crate::schema::Monster;

/// Bytes.
#[myelon::channel(capacity = "4 KiB", max_message = "1 MiB")]
pub struct Log([u8]);

/// Bytes that tell when they were published.
#[myelon::channel(capacity = "4 KiB", max_message = "1 MiB", timestamps = true)]
pub struct Timed([u8]);

/// Archived structures.
#[myelon::channel(zero_copy = rkyv, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Books(Book);

/// Tables.
#[myelon::channel(zero_copy = flatbuffers, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Monsters(Monster<'_>);

/// Structures that are decoded.
#[myelon::channel(codec = postcard, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Orders(Order);

/// The same in another format.
#[myelon::channel(codec = bincode, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Bills(Order);

/// Archived structures that have to be aligned as much as any may, and tell when they were published.
#[myelon::channel(zero_copy = rkyv, capacity = "4 KiB", max_message = "64 KiB", timestamps = true)]
pub struct Wides(Wide);

/// Slices.
#[myelon::channel(codec = pod, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Bars([Bar]);

/// A format of the program's own that is read in place.
#[myelon::channel(zero_copy = Summed, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Sums(Packet);

/// A format of the program's own that is decoded.
#[myelon::channel(codec = Backward, capacity = "4 KiB", max_message = "64 KiB")]
pub struct Backwards(Vec<u8>);

const BYTES: &[Publish] =
    &[Publish::Value, Publish::With, Publish::Slice, Publish::Batch, Publish::Claim, Publish::Kind];
const VALUES: &[Publish] = &[Publish::Value, Publish::Slice, Publish::Batch];
const TABLES: &[Publish] = &[Publish::With, Publish::Batch];

/// How messages of every format can be received.
pub const SHOWN: &[Receive] =
    &[Receive::Lease, Receive::Wait, Receive::Drain, Receive::DrainWhile, Receive::Batch];
/// The same for those of which there are owned values.
const GIVEN: &[Receive] =
    &[Receive::Lease, Receive::Value, Receive::Wait, Receive::Drain, Receive::DrainWhile, Receive::Batch];
/// The same for those that are decoded.
const DECODED: &[Receive] = &[
    Receive::Lease,
    Receive::Value,
    Receive::Into,
    Receive::Wait,
    Receive::Drain,
    Receive::DrainWhile,
    Receive::Batch,
];

/// Receives an owned value.
fn owned<F: Give<Owned: Seen>>(
    rx: &mut MessageConsumer<F>,
    limit: Limit,
    sizes: &Sizes,
    see: See<'_>,
) -> Result<bool, Error> {
    let Some(lease) = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())? else {
        return Ok(false);
    };
    let meta = lease.meta();
    let owned = lease.into_owned()?;
    see(meta, owned.is_made(meta.sequence, sizes.at(meta.sequence)));
    Ok(true)
}

/// Receives into a value.
fn into<F: Give<Owned: Seen + TestPayload<Made = F::Owned>>>(
    rx: &mut MessageConsumer<F>,
    limit: Limit,
    sizes: &Sizes,
    see: See<'_>,
) -> Result<bool, Error> {
    // What it held before must not shine through.
    let mut value = <F::Owned as TestPayload>::made(77, 100);
    let meta =
        call!(rx, limit, (recv_into, try_recv_into, recv_into_timeout, recv_into_deadline)(&mut value))?;
    Ok(meta.map(|meta| see(meta, value.is_made(meta.sequence, sizes.at(meta.sequence)))).is_some())
}

/// Whether a message tells when it was published if its channel says so, and nothing if not.
pub(super) fn time_is_right(meta: MessageMeta, timed: bool) -> bool {
    match (meta.latency(), meta.published_at()) {
        (Some(latency), Some(at)) => {
            timed && latency < crate::DEADLINE && at.elapsed().is_ok_and(|age| age < crate::DEADLINE)
        }
        (None, None) => !timed,
        _ => false,
    }
}

macro_rules! frames {
    ($($name:ident, timed $timed:literal;)*) => {$(
        impl TestMessages for $name {
            const PUBLISH: &'static [Publish] = BYTES;
            const RECEIVE: &'static [Receive] = GIVEN;

            fn put(tx: &mut Self::Producer, put: &Put<'_>) -> Result<Sequence, Error> {
                put::frames(tx, put)
            }

            fn claim(tx: &mut Self::Producer, max: usize) -> Result<impl Claim, PublishError> {
                tx.claim(max)
            }

            fn crash(tx: &mut Self::Producer, crash: &Crash<'_>) {
                put::crash(tx, crash);
            }

            fn is_right(meta: MessageMeta, size: u64, message: &[u8]) -> bool {
                message.is_made(meta.sequence, size)
                    && message.as_ptr().addr() % 16 == 0
                    && (meta.kind == 0 || meta.kind == kind_of(meta.sequence))
                    && time_is_right(meta, $timed)
            }

            fn owned(rx: &mut Messages<Self>, limit: Limit, sizes: &Sizes, see: See<'_>) -> Result<bool, Error> {
                owned(rx, limit, sizes, see)
            }

            crate::test_ends!();
        }
    )*};
}

frames! {
    Log, timed false;
    Timed, timed true;
}

macro_rules! values {
    ($($name:ident $(timed $timed:literal)? $(into $into:ident)? $(crash $crash:ident)?;)*) => {$(
        impl TestMessages for $name {
            const PUBLISH: &'static [Publish] = VALUES;
            const RECEIVE: &'static [Receive] = values!(@forms $($into)?);

            fn put(tx: &mut Self::Producer, put: &Put<'_>) -> Result<Sequence, Error> {
                put::values(tx, put)
            }

            fn is_right(meta: MessageMeta, size: u64, message: Shown<'_, Self>) -> bool {
                let timed = false $(|| $timed)?;
                message.is_made(meta.sequence, size) && meta.kind == 0 && time_is_right(meta, timed)
            }

            fn owned(rx: &mut Messages<Self>, limit: Limit, sizes: &Sizes, see: See<'_>) -> Result<bool, Error> {
                owned(rx, limit, sizes, see)
            }

            $(fn into(rx: &mut Messages<Self>, limit: Limit, sizes: &Sizes, see: See<'_>) -> Result<bool, Error> {
                $into(rx, limit, sizes, see)
            })?

            $(fn crash(tx: &mut Self::Producer, crash: &Crash<'_>) {
                $crash(tx, crash);
            })?

            crate::test_ends!();
        }
    )*};
    (@forms) => { GIVEN };
    (@forms into) => { DECODED };
}

values! {
    Books;
    Bars;
    Sums;
    Wides timed true;
    Orders into into;
    Bills into into;
    Backwards into into crash encoding;
}

/// Ends in the middle of encoding a value: the format panics.
fn encoding(tx: &mut BackwardsProducer, crash: &Crash<'_>) {
    let mut value = formats::PANICS.to_vec();
    value.resize(crash.len, 0);
    drop(tx.publish(&value));
}

impl TestMessages for Monsters {
    const PUBLISH: &'static [Publish] = TABLES;
    const RECEIVE: &'static [Receive] = SHOWN;

    fn put(tx: &mut Self::Producer, put: &Put<'_>) -> Result<Sequence, Error> {
        put::monsters(tx, put)
    }

    fn crash(tx: &mut Self::Producer, crash: &Crash<'_>) {
        let built = tx.publish_with(|fbb| {
            fbb.create_vector(&vec![0_u8; crash.len]);
            (crash.now)();
            unreachable!("it crashed")
        });
        drop(built);
    }

    fn is_right(meta: MessageMeta, size: u64, message: Monster<'_>) -> bool {
        message.is_made(meta.sequence, size) && meta.kind == 0 && time_is_right(meta, false)
    }

    crate::test_ends!();
}
