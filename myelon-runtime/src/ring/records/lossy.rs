//! Reading records without holding them where they are (R7).
//!
//! A lossy reader may be overtaken at any moment, and what it reads then is anything. So whatever it reads, it asks
//! afterwards whether that was still there, and before that relies on none of it: a header is copied and its numbers are
//! checked before it is known to be one (so that no read leaves the ring), and they count only after. It knows that a record
//! begins where the one before it ended; after a lap, only an anchor or the published cursor tells (M2). That also holds of
//! those that belong to a later lap than the published cursor that it saw: an anchor is a former published cursor.

use super::{Flaw, Record, RecordRing, UNIT};

/// What a look at a place where a record may begin gave.
#[derive(Debug)]
pub(crate) enum Sight {
    /// A record; its payload may be overwritten by now.
    Record(Record),
    /// Nothing is published there yet.
    NotYet,
    /// Overwritten.
    Lapped,
    /// It was there, and is no record.
    Flawed(Flaw),
    /// The shared cursor is not one that a producer of ours wrote.
    Implausible { published: u64 },
}

impl RecordRing {
    /// Looks at the record that begins at `at`.
    pub(crate) fn sight(&self, at: u64) -> Sight {
        let published = match self.plausible() {
            // It only grows, and this reader has seen it at `at`.
            Ok(published) if published >= at => published,
            Ok(published) | Err(published) => return Sight::Implausible { published },
        };
        if at == published {
            return Sight::NotYet;
        }
        if at < self.oldest(published) {
            return Sight::Lapped;
        }
        let record = Record::at(self, at, published - at);
        crate::sync::point!("glance: sighted");
        match (self.still_there(at, published), record) {
            (Err(_), _) => Sight::Lapped,
            (Ok(()), Ok(record)) => Sight::Record(record),
            (Ok(()), Err(flaw)) => Sight::Flawed(flaw),
        }
    }

    /// Copies the payload of the record that was seen at `at` into `to`, which is as long. False: what is there now is no
    /// longer that.
    #[must_use]
    pub(crate) fn copy_payload(&self, at: u64, record: &Record, to: &mut [u8]) -> bool {
        let mut position = at + (record.payload / UNIT) as u64;
        // The unit in which it begins holds `lead` other bytes before.
        let (first, rest) = to.split_at_mut(((UNIT - record.payload % UNIT) % UNIT).min(to.len()));
        if !first.is_empty() {
            let unit = self.unit(position).bytes();
            copy(unit.iter().skip(record.payload % UNIT), first);
            position += 1;
        }
        let mut whole = rest.chunks_exact_mut(UNIT);
        for to in whole.by_ref().filter_map(<[u8]>::first_chunk_mut::<UNIT>) {
            *to = self.unit(position).bytes();
            position += 1;
        }
        let last = whole.into_remainder();
        if !last.is_empty() {
            copy(self.unit(position).bytes().iter(), last);
        }
        crate::sync::point!("glance: taken");
        // Published up to its end at least: `sight` saw that.
        self.still_there(at, at + record.units).is_ok()
    }

    /// Where one goes on that was overtaken `laps` times in a row: where a record begins.
    pub(crate) fn boundary_after_lap(&self, published: u64, laps: u32) -> u64 {
        self.boundary(self.after_lap(published, laps), published)
    }
}

fn copy<'a>(from: impl Iterator<Item = &'a u8>, to: &mut [u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
