//! The layout of a channel's events as it is stored in the segment: a tool can decode any live channel without
//! its source, and two peers that disagree can be told where.

mod bytes;
mod diff;
mod display;

pub(crate) use bytes::{decode, encode};
pub use diff::{LayoutDiff, Side};

use crate::event::{Kind, LaneShape, Primitive, Schema};

/// A layout that was read from a segment: what [`Schema`] is, but owned.
///
/// `Display` prints it field by field: offset, size, name and type, nested fields indented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedSchema {
    /// The type's own name, for display only.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Alignment in bytes.
    pub align: u64,
    /// What it is made of.
    pub kind: OwnedKind,
}

/// What a type is made of: what [`Kind`] is, but owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedKind {
    /// A number, `bool`, `char` or `Option<NonZero..>`.
    Primitive(Primitive),
    /// `[element; len]`.
    Array {
        /// How many elements.
        len: u64,
        /// The layout of one.
        element: Box<OwnedSchema>,
    },
    /// A struct; the fields in the order of their offsets.
    Struct(Vec<OwnedField>),
    /// A field-less enum.
    Enum {
        /// The integer that holds the discriminant.
        repr: Primitive,
        /// The variants in the order of declaration.
        variants: Vec<OwnedVariant>,
    },
    /// What a channel of messages carries: its kinds, in order.
    Lanes(Vec<OwnedLane>),
}

/// One kind of message of a channel: what [`LaneShape`] is, but owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedLane {
    /// Its name in the declaration.
    pub name: String,
    /// Its number.
    pub kind: u16,
    /// The name of its format.
    pub codec: String,
    /// Whether that is a format of the library, and not the program's own.
    pub built_in: bool,
    /// What of that format can differ between builds.
    pub format: u64,
    /// The payload's type, as it was written.
    pub payload: String,
    /// The layout of the payload, where it is that of a ring event.
    pub layout: Option<OwnedSchema>,
}

impl OwnedLane {
    /// One of which nothing is known but that it is there.
    pub(crate) fn unknown(kind: u16) -> Self {
        Self {
            name: "added by another build".to_owned(),
            kind,
            codec: "?".to_owned(),
            built_in: true,
            format: 0,
            payload: "?".to_owned(),
            layout: None,
        }
    }

    /// The same without the names of types inside of its payload, which are for display only.
    pub(crate) fn nameless(mut self) -> Self {
        if let Some(layout) = &mut self.layout {
            layout.forget_names();
        }
        self
    }
}

impl OwnedSchema {
    /// Leaves the names of fields and variants, which two builds must agree on, and takes those of types.
    fn forget_names(&mut self) {
        self.name.clear();
        match &mut self.kind {
            OwnedKind::Primitive(_) | OwnedKind::Enum { .. } => {}
            OwnedKind::Array { element, .. } => element.forget_names(),
            OwnedKind::Struct(fields) => fields.iter_mut().for_each(|field| field.schema.forget_names()),
            OwnedKind::Lanes(lanes) => {
                lanes.iter_mut().filter_map(|lane| lane.layout.as_mut()).for_each(Self::forget_names);
            }
        }
    }
}

impl From<&LaneShape> for OwnedLane {
    fn from(lane: &LaneShape) -> Self {
        Self {
            name: lane.name.to_owned(),
            kind: lane.kind,
            codec: lane.codec.to_owned(),
            built_in: lane.built_in,
            format: lane.format,
            payload: lane.payload.to_owned(),
            layout: lane.layout.map(OwnedSchema::from),
        }
    }
}

/// One field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedField {
    /// Its name; the index for a tuple struct.
    pub name: String,
    /// Bytes from the start of the struct.
    pub offset: u64,
    /// Its layout.
    pub schema: OwnedSchema,
}

/// One variant of a field-less enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedVariant {
    /// Its name.
    pub name: String,
    /// Its discriminant.
    pub discriminant: i128,
}

impl From<&Schema> for OwnedSchema {
    fn from(schema: &Schema) -> Self {
        let kind = match schema.kind {
            Kind::Primitive(primitive) => OwnedKind::Primitive(primitive),
            Kind::Array { len, element } => OwnedKind::Array { len, element: Box::new(element.into()) },
            Kind::Lanes(lanes) => OwnedKind::Lanes(lanes.iter().map(OwnedLane::from).collect()),
            Kind::Struct(fields) => OwnedKind::Struct(
                fields
                    .iter()
                    .map(|field| OwnedField {
                        name: field.name.to_owned(),
                        offset: field.offset,
                        schema: field.schema.into(),
                    })
                    .collect(),
            ),
            Kind::Enum { repr, variants } => OwnedKind::Enum {
                repr,
                variants: variants
                    .iter()
                    .map(|variant| OwnedVariant {
                        name: variant.name.to_owned(),
                        discriminant: variant.discriminant,
                    })
                    .collect(),
            },
        };
        Self { name: schema.name.to_owned(), size: schema.size, align: schema.align, kind }
    }
}

#[cfg(test)]
pub(crate) mod tests;
