//! The binary form of a layout: part of the segment format. Little-endian, every text preceded by its length.
//!
//! ```text
//! schema   text name | u64 size | u64 align | u8 tag | ..
//!   tag 1  u8 primitive
//!   tag 2  u64 length | schema element
//!   tag 3  u32 count | count x (text name | u64 offset | schema)
//!   tag 4  u8 primitive | u32 count | count x (text name | i128 discriminant)
//!   tag 5  u32 count | count x (text name | u16 kind | text codec | u64 format | text payload | u8 flags | schema, if flagged)
//!          flags: 1 a schema follows, 2 the codec is the library's own
//! text     u16 length | bytes, UTF-8
//! ```
//! What is decoded may come from anywhere: the input has at most [`MAX_SCHEMA`] bytes, each node of the tree
//! takes at least 19 of them, and a tree may be [`MAX_DEPTH`] levels deep; so memory and stack are bounded.

use super::{OwnedField, OwnedKind, OwnedLane, OwnedSchema, OwnedVariant};
use crate::event::{Kind, Primitive, Schema};
use crate::segment::geometry::MAX_SCHEMA;

/// How deep a layout may be nested, for peers that read it.
pub(crate) const MAX_DEPTH: u32 = 16;

const PRIMITIVE: u8 = 1;
const ARRAY: u8 = 2;
const STRUCT: u8 = 3;
const ENUM: u8 = 4;
const LANES: u8 = 5;

/// Flags of a lane.
const HAS_LAYOUT: u8 = 1;
const IS_BUILT_IN: u8 = 2;

/// The layout does not fit a segment: too long, or nested too deeply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SchemaTooLarge;

/// The bytes of a layout.
pub(crate) fn encode(schema: &Schema) -> Result<Vec<u8>, SchemaTooLarge> {
    let mut bytes = Vec::new();
    put_schema(&mut bytes, schema, MAX_DEPTH)?;
    if bytes.len() as u64 > MAX_SCHEMA { Err(SchemaTooLarge) } else { Ok(bytes) }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), SchemaTooLarge> {
    let len = u16::try_from(text.len()).map_err(|_| SchemaTooLarge)?;
    bytes.extend(len.to_le_bytes());
    bytes.extend(text.as_bytes());
    Ok(())
}

fn put_count(bytes: &mut Vec<u8>, count: usize) -> Result<(), SchemaTooLarge> {
    bytes.extend(u32::try_from(count).map_err(|_| SchemaTooLarge)?.to_le_bytes());
    Ok(())
}

fn put_schema(bytes: &mut Vec<u8>, schema: &Schema, depth: u32) -> Result<(), SchemaTooLarge> {
    let depth = depth.checked_sub(1).ok_or(SchemaTooLarge)?;
    put_text(bytes, schema.name)?;
    bytes.extend(schema.size.to_le_bytes());
    bytes.extend(schema.align.to_le_bytes());
    match schema.kind {
        Kind::Primitive(primitive) => bytes.extend([PRIMITIVE, primitive as u8]),
        Kind::Array { len, element } => {
            bytes.push(ARRAY);
            bytes.extend(len.to_le_bytes());
            put_schema(bytes, element, depth)?;
        }
        Kind::Struct(fields) => {
            bytes.push(STRUCT);
            put_count(bytes, fields.len())?;
            for field in fields {
                put_text(bytes, field.name)?;
                bytes.extend(field.offset.to_le_bytes());
                put_schema(bytes, field.schema, depth)?;
            }
        }
        Kind::Enum { repr, variants } => {
            bytes.extend([ENUM, repr as u8]);
            put_count(bytes, variants.len())?;
            for variant in variants {
                put_text(bytes, variant.name)?;
                bytes.extend(variant.discriminant.to_le_bytes());
            }
        }
        Kind::Lanes(lanes) => {
            bytes.push(LANES);
            put_count(bytes, lanes.len())?;
            for lane in lanes {
                put_text(bytes, lane.name)?;
                bytes.extend(lane.kind.to_le_bytes());
                put_text(bytes, lane.codec)?;
                bytes.extend(lane.format.to_le_bytes());
                put_text(bytes, lane.payload)?;
                let layout = if lane.layout.is_some() { HAS_LAYOUT } else { 0 };
                let built_in = if lane.built_in { IS_BUILT_IN } else { 0 };
                bytes.push(layout | built_in);
                if let Some(layout) = lane.layout {
                    put_schema(bytes, layout, depth)?;
                }
            }
        }
    }
    Ok(())
}

/// The layout behind these bytes; `None` if they are not one.
pub(crate) fn decode(bytes: &[u8]) -> Option<OwnedSchema> {
    if bytes.len() as u64 > MAX_SCHEMA {
        return None;
    }
    let mut rest = Rest(bytes);
    let schema = rest.schema(MAX_DEPTH)?;
    rest.0.is_empty().then_some(schema)
}

/// What is still to be decoded.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn primitive(&mut self) -> Option<Primitive> {
        let [code] = self.take()?;
        Primitive::from_code(code)
    }

    /// Names are printed, so they hold no control characters.
    fn text(&mut self) -> Option<String> {
        let len = usize::from(u16::from_le_bytes(self.take()?));
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        let text = core::str::from_utf8(text).ok()?;
        (!text.contains(char::is_control)).then(|| text.to_owned())
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = u32::from_le_bytes(self.take()?);
        // Not `with_capacity(count)`: the list grows only as far as there are bytes for it.
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(one(self)?);
        }
        Some(list)
    }

    fn lane(&mut self, depth: u32) -> Option<OwnedLane> {
        let name = self.text()?;
        let kind = u16::from_le_bytes(self.take()?);
        let codec = self.text()?;
        let format = self.number()?;
        let payload = self.text()?;
        let [flags] = self.take()?;
        if flags & !(HAS_LAYOUT | IS_BUILT_IN) != 0 {
            return None;
        }
        let layout = if flags & HAS_LAYOUT == 0 { None } else { Some(self.schema(depth)?) };
        Some(OwnedLane { name, kind, codec, built_in: flags & IS_BUILT_IN != 0, format, payload, layout })
    }

    fn schema(&mut self, depth: u32) -> Option<OwnedSchema> {
        let depth = depth.checked_sub(1)?;
        let name = self.text()?;
        let size = self.number()?;
        let align = self.number()?;
        let [tag] = self.take()?;
        let kind = match tag {
            PRIMITIVE => OwnedKind::Primitive(self.primitive()?),
            ARRAY => OwnedKind::Array { len: self.number()?, element: Box::new(self.schema(depth)?) },
            STRUCT => OwnedKind::Struct(self.list(|rest| {
                Some(OwnedField { name: rest.text()?, offset: rest.number()?, schema: rest.schema(depth)? })
            })?),
            ENUM => OwnedKind::Enum {
                repr: self.primitive()?,
                variants: self.list(|rest| {
                    Some(OwnedVariant { name: rest.text()?, discriminant: i128::from_le_bytes(rest.take()?) })
                })?,
            },
            LANES => OwnedKind::Lanes(self.list(|rest| rest.lane(depth))?),
            _ => return None,
        };
        Some(OwnedSchema { name, size, align, kind })
    }
}
