//! What both ends of a channel were compiled for, and what a segment says of that.

use super::header::{Header, MESSAGES, RAW};
use super::layout::{LayoutDiff, OwnedKind, OwnedLane, OwnedSchema, Side, decode};
use crate::event::{Fingerprint, Fnv128, RingEvent, Schema};
use crate::os::fd::read_at;
use crate::os::fork::Description;
use crate::ring::records::UNIT;
use crate::ring::{Dense, Discipline, Records, Stamped};

/// All that peers must agree on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contract {
    /// What kind of channel: `header::RAW` or `header::MESSAGES`.
    pub(crate) kind: u32,
    pub(crate) schema: &'static Schema,
    pub(crate) fingerprint: Fingerprint,
    /// `ring::Discipline::CODE`.
    pub(crate) discipline: u32,
    pub(crate) version: u64,
    /// Bytes from one slot to the next.
    pub(crate) slot_stride: u64,
    /// Whether a segment with more or fewer kinds of messages at the end will do.
    pub(crate) evolves: bool,
}

impl Contract {
    /// Of a channel of such events in such slots.
    pub(crate) fn of<E: RingEvent, D: Discipline>(version: u64) -> Self {
        Self {
            kind: RAW,
            evolves: false,
            schema: E::SCHEMA,
            fingerprint: E::SCHEMA.channel_fingerprint(D::CODE, version),
            discipline: D::CODE,
            version,
            slot_stride: D::stride::<E>() as u64,
        }
    }

    /// Of a channel of messages, with the lanes in its schema.
    pub(crate) fn of_messages(schema: &'static Schema, version: u64, evolves: bool) -> Self {
        Self {
            kind: MESSAGES,
            evolves,
            schema,
            fingerprint: schema.channel_fingerprint(Records::CODE, version),
            discipline: Records::CODE,
            version,
            slot_stride: UNIT as u64,
        }
    }

    /// Its kinds of messages, each with its digest.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (u16, u64)> + use<> {
        self.schema.lanes().iter().map(|lane| (lane.kind, lane.digest()))
    }

    /// Whether a segment was made for the same, or by a build with other kinds of messages at the end, and the same ones
    /// before. The header says what its creator declared; what later producers did, `declared` does.
    pub(super) fn suits(
        &self,
        header: &Header,
        found: Option<&OwnedSchema>,
        declared: impl Fn(u16) -> Option<u64>,
    ) -> bool {
        self.agrees(header)
            || self.grew_from_or_into(header, found)
                && self.kinds().all(
                    |(kind, digest)| matches!(declared(kind), Some(known) if known == 0 || known == digest),
                )
    }

    fn grew_from_or_into(&self, header: &Header, found: Option<&OwnedSchema>) -> bool {
        let shape = &header.geometry.shape;
        let alike = (header.kind, header.discipline, header.version)
            == (self.kind, self.discipline, self.version)
            && (shape.slot_stride, shape.event_size) == (self.slot_stride, self.schema.size);
        let Some(OwnedKind::Lanes(theirs)) = found.map(|found| &found.kind) else { return false };
        self.evolves
            && alike
            && self
                .schema
                .lanes()
                .iter()
                .zip(theirs)
                .all(|(ours, theirs)| OwnedLane::from(ours).nameless() == theirs.clone().nameless())
    }

    /// Whether a segment was made for the same (P5).
    pub(super) fn agrees(&self, header: &Header) -> bool {
        let shape = &header.geometry.shape;
        (header.kind, header.discipline, header.fingerprint, header.version)
            == (self.kind, self.discipline, self.fingerprint.0, self.version)
            && (shape.slot_stride, shape.event_size) == (self.slot_stride, self.schema.size)
    }

    /// Both sides in full, for people.
    pub(super) fn diff(
        &self,
        header: &Header,
        mut found: Option<OwnedSchema>,
        declared: impl Fn(u16) -> Option<u64>,
    ) -> LayoutDiff {
        if let Some(OwnedKind::Lanes(lanes)) = found.as_mut().map(|found| &mut found.kind) {
            // Of what producers added after the creator, the segment knows no more than that it differs.
            let (begin, end) = (lanes.len(), self.schema.lanes().len());
            let others = self.kinds().filter(|(kind, _)| (begin..end).contains(&usize::from(*kind)));
            lanes.extend(others.filter_map(|(kind, digest)| {
                declared(kind)
                    .filter(|known| *known != 0 && *known != digest)
                    .map(|_| OwnedLane::unknown(kind))
            }));
        }
        LayoutDiff {
            expected: Side {
                fingerprint: self.fingerprint,
                version: self.version,
                discipline: discipline_name(self.kind, self.discipline),
                slot_stride: self.slot_stride,
                schema: Some(self.schema.into()),
            },
            found: Side {
                fingerprint: Fingerprint(header.fingerprint),
                version: header.version,
                discipline: discipline_name(header.kind, header.discipline),
                slot_stride: header.geometry.shape.slot_stride,
                schema: found,
            },
        }
    }
}

/// Whether that kind of channel carries messages.
pub(crate) fn carries_messages(kind: u32) -> bool {
    kind == MESSAGES
}

/// A slot discipline, for people. Other programs may be newer than this one.
pub(crate) fn discipline_name(kind: u32, code: u32) -> String {
    match (kind, code) {
        (RAW, Stamped::CODE) => Stamped::NAME.to_owned(),
        (RAW, Dense::CODE) => Dense::NAME.to_owned(),
        (MESSAGES, Records::CODE) => Records::NAME.to_owned(),
        (RAW | MESSAGES, _) => format!("unknown ({code})"),
        _ => format!("of another kind of channel ({kind}, {code})"),
    }
}

/// The digest of a stored schema: it lies outside of the page that the header's checksum covers.
pub(super) fn schema_digest(bytes: &[u8]) -> u128 {
    Fnv128::new().bytes(bytes).finish()
}

/// The layout that is stored in a segment; `None` if it is damaged.
pub(super) fn read_schema(file: &Description, header: &Header) -> Option<OwnedSchema> {
    // At most 64 KiB: the geometry was checked.
    let mut bytes = vec![0; header.geometry.shape.schema_len as usize];
    let read = read_at(file, &mut bytes, header.geometry.schema).ok()?;
    (read == bytes.len() && schema_digest(&bytes) == header.schema_digest).then(|| decode(&bytes))?
}
