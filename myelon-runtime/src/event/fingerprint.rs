//! The 128-bit digest of a layout, computed at compile time.
//!
//! FNV-1a over an unambiguous byte string (every variable part is preceded by its length). It tells builds
//! apart; it is no defence against somebody who wants a collision, and need not be (see SECURITY.md).

use core::fmt;

use super::{Kind, LaneShape, Schema};

/// The digest of everything that two peers must agree on. Equal layouts, equal fingerprints, in every build.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u128);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#034x}", self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// 128-bit FNV-1a with the published offset basis and prime; ours, so that no two builds ever differ.
#[derive(Clone, Copy)]
pub(crate) struct Fnv128(u128);

impl Fnv128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    pub(crate) const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    pub(crate) const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u128).wrapping_mul(Self::PRIME))
    }

    pub(crate) const fn bytes(mut self, mut bytes: &[u8]) -> Self {
        while let [first, rest @ ..] = bytes {
            self = self.byte(*first);
            bytes = rest;
        }
        self
    }

    pub(crate) const fn number(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    pub(crate) const fn text(self, text: &str) -> Self {
        self.number(text.len() as u64).bytes(text.as_bytes())
    }

    pub(crate) const fn finish(self) -> u128 {
        self.0
    }

    const fn schema(self, schema: &Schema) -> Self {
        let hash = self.number(schema.size).number(schema.align);
        match schema.kind {
            Kind::Primitive(primitive) => hash.byte(b'p').byte(primitive as u8),
            Kind::Array { len, element } => hash.byte(b'a').number(len).schema(element),
            Kind::Struct(fields) => {
                let mut hash = hash.byte(b's').number(fields.len() as u64);
                let mut rest = fields;
                while let [field, tail @ ..] = rest {
                    hash = hash.text(field.name).number(field.offset).schema(field.schema);
                    rest = tail;
                }
                hash
            }
            Kind::Enum { repr, variants } => {
                let mut hash = hash.byte(b'e').byte(repr as u8).number(variants.len() as u64);
                let mut rest = variants;
                while let [variant, tail @ ..] = rest {
                    hash = hash.text(variant.name).bytes(&variant.discriminant.to_le_bytes());
                    rest = tail;
                }
                hash
            }
            Kind::Lanes(lanes) => {
                let mut hash = hash.byte(b'm').number(lanes.len() as u64);
                let mut rest = lanes;
                while let [lane, tail @ ..] = rest {
                    hash = hash.lane(lane);
                    rest = tail;
                }
                hash
            }
        }
    }

    const fn lane(self, lane: &LaneShape) -> Self {
        let hash = self.text(lane.name).number(lane.kind as u64).text(lane.codec).number(lane.format);
        let hash = hash.byte(lane.built_in as u8).text(lane.payload);
        match lane.layout {
            Some(layout) => hash.byte(1).schema(layout),
            None => hash.byte(0),
        }
    }
}

impl LaneShape {
    /// The digest of this kind of message alone; never 0.
    pub(crate) const fn digest(&self) -> u64 {
        let digest = Fnv128::new().lane(self).finish();
        match (digest >> 64) as u64 ^ digest as u64 {
            0 => 1,
            other => other,
        }
    }
}

impl Schema {
    /// Its kinds of messages, if it is that of a channel of messages.
    pub(crate) const fn lanes(&self) -> &'static [LaneShape] {
        match self.kind {
            Kind::Lanes(lanes) => lanes,
            _ => &[],
        }
    }

    /// The digest of this layout alone.
    pub const fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Fnv128::new().schema(self).finish())
    }

    /// The digest of a channel: this layout, how slots are laid out, and the declared version.
    pub const fn channel_fingerprint(&self, discipline: u32, version: u64) -> Fingerprint {
        Fingerprint(Fnv128::new().schema(self).number(discipline as u64).number(version).finish())
    }
}
