use proptest::prelude::*;

use super::bytes::SchemaTooLarge;
use super::*;
use crate::event::{Field, Fingerprint, Variant};

const F64: &Schema = &Schema::new("f64", 8, 8, Kind::Primitive(Primitive::F64));
const U32: &Schema = &Schema::new("u32", 4, 4, Kind::Primitive(Primitive::U32));
const U8X4: &Schema = &Schema::new("array", 4, 1, Kind::Array { len: 4, element: U8 });
const U8: &Schema = &Schema::new("u8", 1, 1, Kind::Primitive(Primitive::U8));
const SIDE: &Schema = &Schema::new(
    "Side",
    1,
    1,
    Kind::Enum {
        repr: Primitive::U8,
        variants: &[Variant { name: "Bid", discriminant: 1 }, Variant { name: "Ask", discriminant: 2 }],
    },
);
const LEVEL: &Schema = &Schema::new(
    "Level",
    16,
    8,
    Kind::Struct(&[
        Field { name: "price", offset: 0, schema: F64 },
        Field { name: "qty", offset: 8, schema: U32 },
        Field { name: "_pad", offset: 12, schema: U8X4 },
    ]),
);
/// A layout with all there is.
pub(crate) const BOOK: &Schema = &Schema::new(
    "Book",
    40,
    8,
    Kind::Struct(&[
        Field {
            name: "levels",
            offset: 0,
            schema: &Schema::new("array", 32, 8, Kind::Array { len: 2, element: LEVEL }),
        },
        Field { name: "side", offset: 32, schema: SIDE },
        Field {
            name: "_pad",
            offset: 33,
            schema: &Schema::new("array", 7, 1, Kind::Array { len: 7, element: U8 }),
        },
    ]),
);
const OTHER: &Schema = &Schema::new(
    "Book",
    40,
    8,
    Kind::Struct(&[
        Field {
            name: "levels",
            offset: 0,
            schema: &Schema::new("array", 32, 8, Kind::Array { len: 4, element: F64 }),
        },
        Field { name: "side", offset: 32, schema: SIDE },
        Field {
            name: "_pad",
            offset: 33,
            schema: &Schema::new("array", 7, 1, Kind::Array { len: 7, element: U8 }),
        },
    ]),
);

#[test]
fn a_layout_survives_the_segment() {
    let bytes = encode(BOOK).unwrap();
    assert_eq!(decode(&bytes).unwrap(), OwnedSchema::from(BOOK));
    assert_eq!(decode(&bytes[..bytes.len() - 1]), None, "cut short");
    assert_eq!(decode(&[bytes, vec![0]].concat()), None, "too long");
}

/// Peers of other builds read these bytes: whatever changes them is another format version.
#[test]
fn the_bytes_of_a_layout_stay_as_they_are() {
    let bytes = encode(SIDE).unwrap();
    let mut expected = b"\x04\0Side".to_vec();
    for number in [1_u64, 1] {
        expected.extend(number.to_le_bytes());
    }
    expected.extend([4, 1, 2, 0, 0, 0]);
    for (name, discriminant) in [("Bid", 1_i128), ("Ask", 2)] {
        expected.extend([3, 0]);
        expected.extend(name.as_bytes());
        expected.extend(discriminant.to_le_bytes());
    }
    assert_eq!(bytes, expected);
}

#[test]
fn a_layout_is_printed_field_by_field() {
    let text = OwnedSchema::from(BOOK).to_string();
    assert_eq!(
        text,
        "Book: 40 bytes, aligned to 8\
       \n     0     32  levels: [Level; 2]\
       \n     0      8    price: f64\
       \n     8      4    qty: u32\
       \n    12      4    _pad: [u8; 4]\
       \n    32      1  side: Side as u8 { Bid = 1, Ask = 2 }\
       \n    33      7  _pad: [u8; 7]"
    );
}

#[test]
fn a_difference_shows_both_layouts_with_the_differing_lines_marked() {
    let side = |schema: &Schema, version| diff::Side {
        fingerprint: Fingerprint(0),
        version,
        discipline: "dense".to_owned(),
        slot_stride: 40,
        schema: Some(schema.into()),
    };
    let text = LayoutDiff { expected: side(BOOK, 1), found: side(OTHER, 2) }.to_string();
    let marked: Vec<_> = text.lines().filter(|line| line.starts_with("  >")).map(str::trim_end).collect();
    assert_eq!(
        marked,
        [
            "  > version 1",
            "  >      0     32  levels: [Level; 2]",
            "  >      0      8    price: f64",
            "  >      8      4    qty: u32",
            "  >     12      4    _pad: [u8; 4]",
            "  > version 2",
            "  >      0     32  levels: [f64; 4]",
        ]
    );
    assert_eq!(text.matches("side: Side").count(), 2, "{text}");
}

#[test]
fn what_nobody_could_read_is_not_written() {
    let mut deep = U8;
    for _ in 0..16 {
        deep = Box::leak(Box::new(Schema::new("array", 1, 1, Kind::Array { len: 1, element: deep })));
    }
    assert_eq!(encode(deep), Err(SchemaTooLarge));
    let long: &'static str = Box::leak("x".repeat(70_000).into_boxed_str());
    assert_eq!(encode(&Schema::new(long, 1, 1, U8.kind)), Err(SchemaTooLarge));
    let name: &'static str = Box::leak("x".repeat(1000).into_boxed_str());
    let variants = (0..100).map(|discriminant| Variant { name, discriminant }).collect::<Vec<_>>();
    let kind = Kind::Enum { repr: Primitive::U8, variants: Box::leak(variants.into_boxed_slice()) };
    assert_eq!(encode(&Schema::new("E", 1, 1, kind)), Err(SchemaTooLarge));
}

#[test]
fn names_with_control_characters_are_refused() {
    let bytes = encode(&Schema::new("a\u{1b}[2J", 1, 1, U8.kind)).unwrap();
    assert_eq!(decode(&bytes), None);
}

#[test]
fn a_bottomless_layout_ends() {
    // Arrays of arrays, as many as fit.
    let level = [&[0_u8; 18][..], &[2], &[0; 8]].concat();
    let bytes = level.repeat(2000);
    assert_eq!(decode(&bytes), None);
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes).map(|schema| schema.to_string());
    }

    #[test]
    fn a_changed_byte_is_refused_or_gives_a_layout_that_can_be_printed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = encode(BOOK).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Some(schema) = decode(&bytes) {
            prop_assert!(!schema.to_string().contains(char::is_control) || schema.to_string().contains('\n'));
        }
    }
}
