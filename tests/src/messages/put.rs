//! Publishing messages in every form and with every limit.

use core::borrow::Borrow;

use flatbuffers::WIPOffset;
use myelon::codec::{Bytes, Family, TableBuilder};
use myelon::{Encode, Error, Frames, InPlace, MessageClaim, MessageProducer, Sequence, Tables};

use super::content::monster;
use super::{Sizes, TestPayload, fill, kind_of};
use crate::form::Publish;
use crate::limit::{Limit, call};
use crate::schema::{Monster, MonsterArgs, Weapon, WeaponArgs};

/// What is to be published.
#[derive(Debug)]
pub struct Put<'a> {
    pub form: Publish,
    pub limit: Limit,
    /// The sequence of the first message.
    pub first: u64,
    /// How many messages, where the form takes several.
    pub run: u64,
    pub sizes: &'a Sizes,
}

impl Put<'_> {
    /// The messages, of any kind.
    fn made<T: TestPayload + ?Sized>(&self, sequence: u64) -> T::Made {
        T::made(sequence, self.sizes.at(sequence))
    }

    fn len(&self, sequence: u64) -> usize {
        self.sizes.at(sequence) as usize
    }
}

/// Messages that are made of values.
pub fn values<L: Encode<Item: TestPayload>>(
    tx: &mut MessageProducer<L>,
    put: &Put<'_>,
) -> Result<Sequence, Error> {
    let &Put { form, limit, first, run, .. } = put;
    let make = |sequence| put.made::<L::Item>(sequence);
    match form {
        Publish::Slice => {
            let many: Vec<_> = (first..first + run).map(make).collect();
            call!(
                tx,
                limit,
                (publish_slice, try_publish_slice, publish_slice_timeout, publish_slice_deadline)(&many)
            )
        }
        Publish::Batch => batch(tx, limit, run, |index| make(first + index)),
        _ => {
            let made = make(first);
            call!(tx, limit, (publish, try_publish, publish_timeout, publish_deadline)(made.borrow()))
        }
    }
}

/// The limit of a batch comes after a type, which [`call!`] cannot write.
fn batch<L: Encode, B: Borrow<L::Item>>(
    tx: &mut MessageProducer<L>,
    limit: Limit,
    run: u64,
    mut make: impl FnMut(u64) -> B,
) -> Result<Sequence, Error> {
    let make = |index: usize| make(index as u64);
    call!(
        tx,
        limit,
        (publish_batch, try_publish_batch, publish_batch_timeout, publish_batch_deadline)(run as usize, make)
    )
}

/// Messages of bytes.
pub fn bytes<const KIND: u16>(
    tx: &mut MessageProducer<InPlace<[u8], Bytes, KIND>>,
    put: &Put<'_>,
) -> Result<Sequence, Error> {
    written(tx, put, |_| ())
}

/// Messages of bytes, with kinds of the program's own.
pub fn frames(tx: &mut MessageProducer<Frames>, put: &Put<'_>) -> Result<Sequence, Error> {
    let &Put { form, limit, first, .. } = put;
    if form == Publish::Kind {
        let message = put.made::<[u8]>(first);
        let kind = kind_of(first);
        return call!(
            tx,
            limit,
            (publish_kind, try_publish_kind, publish_kind_timeout, publish_kind_deadline)(kind, &message)
        );
    }
    written(tx, put, |claim| claim.set_kind(kind_of(first)))
}

fn written<const KIND: u16>(
    tx: &mut MessageProducer<InPlace<[u8], Bytes, KIND>>,
    put: &Put<'_>,
    mark: impl FnOnce(&mut MessageClaim<'_, InPlace<[u8], Bytes, KIND>>),
) -> Result<Sequence, Error> {
    let &Put { form, limit, first, .. } = put;
    let len = put.len(first);
    match form {
        Publish::With => call!(
            tx,
            limit,
            (publish_with, try_publish_with, publish_with_timeout, publish_with_deadline)(
                len,
                |room: &mut [u8]| {
                    assert_eq!(room.len(), len);
                    fill(first, room);
                }
            )
        ),
        // A claim is in one piece; and it may be larger than what is committed.
        Publish::Claim if len <= tx.max_record() => {
            let max = (len + first as usize % 40).min(tx.max_record());
            let mut claim = call!(tx, limit, (claim, try_claim, claim_timeout, claim_deadline)(max))?;
            assert_eq!((claim.sequence(), claim.len()), (first, max));
            assert_eq!(claim.as_ptr().addr() % 16, 0, "a payload is aligned");
            fill(first, &mut claim[..len]);
            mark(&mut claim);
            Ok(claim.commit(len)?)
        }
        _ => values(tx, put),
    }
}

/// Messages that are tables.
pub fn monsters<F: for<'a> Family<Table<'a> = Monster<'a>>, const KIND: u16>(
    tx: &mut MessageProducer<Tables<F, KIND>>,
    put: &Put<'_>,
) -> Result<Sequence, Error> {
    tables(tx, put, build)
}

/// Builds the monster of a number and a size.
pub type Build = for<'b> fn(&mut TableBuilder<'b>, u64, u64) -> WIPOffset<Monster<'b>>;

/// Messages that are tables, of this builder.
pub fn tables<F: for<'a> Family<Table<'a> = Monster<'a>>, const KIND: u16>(
    tx: &mut MessageProducer<Tables<F, KIND>>,
    put: &Put<'_>,
    build: Build,
) -> Result<Sequence, Error> {
    let &Put { form, limit, first, run, sizes } = put;
    if form == Publish::Batch {
        call!(
            tx,
            limit,
            (publish_batch, try_publish_batch, publish_batch_timeout, publish_batch_deadline)(
                run as usize,
                |index: usize, fbb| {
                    let sequence = first + index as u64;
                    build(fbb, sequence, sizes.at(sequence))
                }
            )
        )
    } else {
        call!(
            tx,
            limit,
            (publish_with, try_publish_with, publish_with_timeout, publish_with_deadline)(|fbb| build(
                fbb,
                first,
                sizes.at(first)
            ))
        )
    }
}

/// A good one.
pub fn build<'b>(fbb: &mut TableBuilder<'b>, sequence: u64, size: u64) -> WIPOffset<Monster<'b>> {
    let (hp, seen_ns, colour, raw) = monster(sequence, size);
    let name = fbb.create_string(&format!("monster {sequence}"));
    let raw = fbb.create_vector(&raw);
    let weapons: Vec<_> = (0..sequence % 4)
        .map(|at| {
            let name = fbb.create_string(&format!("weapon {at}"));
            Weapon::create(fbb, &WeaponArgs { name: Some(name), damage: at as i16 })
        })
        .collect();
    let weapons = fbb.create_vector(&weapons);
    let parent = Monster::create(fbb, &MonsterArgs { name: Some(name), ..MonsterArgs::default() });
    let args = MonsterArgs {
        name: Some(name),
        hp,
        seen_ns,
        colour,
        raw: Some(raw),
        weapons: Some(weapons),
        parent: Some(parent),
        ..MonsterArgs::default()
    };
    Monster::create(fbb, &args)
}

/// How a producer is to end in the middle of something.
pub struct Crash<'a> {
    pub place: &'a str,
    /// Of the message.
    pub len: usize,
    /// Of a batch: its length, and where it ends.
    pub count: usize,
    pub index: usize,
    pub now: &'a dyn Fn(),
}

/// In the middle of writing bytes.
pub fn crash<const KIND: u16>(tx: &mut MessageProducer<InPlace<[u8], Bytes, KIND>>, crash: &Crash<'_>) {
    let &Crash { place, len, count, index, now } = crash;
    let first = tx.sequence();
    let half = |room: &mut [u8]| {
        fill(!first, &mut room[..len / 2]);
        now();
    };
    match place {
        "with" => drop(tx.publish_with(len, half)),
        "claim" => half(&mut tx.claim(len).unwrap()),
        "batch" => drop(tx.publish_batch(count, |at| {
            if at == index {
                now();
            }
            <[u8]>::made(first + at as u64, len as u64)
        })),
        other => panic!("no place `{other}`"),
    }
}
