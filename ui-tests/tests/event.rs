//! What a derived event says of itself when the program runs.

use core::num::NonZeroU32;

use myelon::{Fingerprint, Kind, Primitive, RingEvent, Schema};

#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Tick {
    ts_ns: u64,
    price: f64,
    qty: u32,
    side: Side,
    halted: bool,
    venue: [u8; 2],
    initial: char,
    order: Option<NonZeroU32>,
}

#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Side {
    Bid = 1,
    Ask = 200,
}

#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(i16)]
enum Level {
    Low = -300,
    Even = 0,
    High = 300,
}

#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
struct Price(i64);

#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
struct Book<const N: usize> {
    prices: [Price; N],
    sides: [Side; N],
    rest: [u8; 7],
}

/// The kinds of the fields of a struct: name, offset, size, kind of the primitive.
fn fields(schema: &'static Schema) -> Vec<(&'static str, u64, u64, Option<Primitive>)> {
    let Kind::Struct(fields) = schema.kind else { return Vec::new() };
    let primitive = |kind| match kind {
        Kind::Primitive(primitive) => Some(primitive),
        _ => None,
    };
    fields
        .iter()
        .map(|field| (field.name, field.offset, field.schema.size, primitive(field.schema.kind)))
        .collect()
}

/// Whether these bytes are a valid `E`.
fn is_valid<E: RingEvent>(bytes: &[u8]) -> bool {
    assert_eq!(bytes.len(), size_of::<E>());
    let mut place = core::mem::MaybeUninit::<E>::uninit();
    let at = place.as_mut_ptr();
    // SAFETY: both places hold `size_of::<E>()` bytes, and they are two.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), at.cast::<u8>(), bytes.len()) };
    // SAFETY: (1) the place is aligned, its bytes were just written, and nobody else knows it.
    unsafe { E::is_valid(at) }
}

/// The bytes of a valid event.
fn bytes<E: RingEvent>(event: &E) -> Vec<u8> {
    let at = core::ptr::from_ref(event).cast::<u8>();
    // SAFETY: an event has no padding (E1), so each of its bytes may be read.
    unsafe { core::slice::from_raw_parts(at, size_of::<E>()) }.to_vec()
}

#[test]
fn the_schema_lists_fields_in_the_order_of_their_offsets() {
    assert_eq!((Tick::SCHEMA.name, Tick::SCHEMA.size, Tick::SCHEMA.align), ("Tick", 32, 8));
    assert_eq!(
        fields(Tick::SCHEMA),
        [
            ("ts_ns", 0, 8, Some(Primitive::U64)),
            ("price", 8, 8, Some(Primitive::F64)),
            ("qty", 16, 4, Some(Primitive::U32)),
            ("side", 20, 1, None),
            ("halted", 21, 1, Some(Primitive::Bool)),
            ("venue", 22, 2, None),
            ("initial", 24, 4, Some(Primitive::Char)),
            ("order", 28, 4, Some(Primitive::OptU32)),
        ]
    );
    assert_eq!(fields(Price::SCHEMA), [("0", 0, 8, Some(Primitive::I64))]);
}

#[test]
fn the_schema_lists_variants_with_their_discriminants() {
    let variants = |schema: &'static Schema| match schema.kind {
        Kind::Enum { repr, variants } => {
            (repr, variants.iter().map(|variant| (variant.name, variant.discriminant)).collect::<Vec<_>>())
        }
        _ => panic!("{schema:?} is no enum"),
    };
    assert_eq!(variants(Side::SCHEMA), (Primitive::U8, vec![("Bid", 1), ("Ask", 200)]));
    assert_eq!(variants(Level::SCHEMA), (Primitive::I16, vec![("Low", -300), ("Even", 0), ("High", 300)]));
}

#[test]
fn the_schema_of_const_arguments_is_that_of_the_instance() {
    assert_eq!(
        fields(Book::<1>::SCHEMA).iter().map(|field| (field.1, field.2)).collect::<Vec<_>>(),
        [(0, 8), (8, 1), (9, 7)]
    );
    assert_eq!(Book::<9>::SCHEMA.size, 88);
    assert_ne!(Book::<1>::SCHEMA.fingerprint(), Book::<9>::SCHEMA.fingerprint());
}

#[test]
fn a_blank_event_is_zero_where_zero_is_valid() {
    assert_eq!(Level::BLANK, Level::Even);
    assert_eq!(Side::BLANK, Side::Bid);
    assert_eq!(
        Tick::BLANK,
        Tick {
            ts_ns: 0,
            price: 0.0,
            qty: 0,
            side: Side::Bid,
            halted: false,
            venue: [0; 2],
            initial: '\0',
            order: None
        }
    );
    assert!(is_valid::<Tick>(&bytes(&Tick::BLANK)));
    assert!(is_valid::<Book<9>>(&bytes(&Book::<9>::BLANK)));
}

#[test]
fn only_events_with_invalid_patterns_are_checked() {
    const { assert!(Tick::CHECKED && Side::CHECKED && Book::<1>::CHECKED) };
    const { assert!(!Price::CHECKED) };
    assert!(is_valid::<Price>(&[0xff; 8]));
}

#[test]
fn each_invalid_field_makes_the_event_invalid() {
    let good = bytes(&Tick { side: Side::Ask, halted: true, initial: '\u{10ffff}', ..Tick::BLANK });
    assert!(is_valid::<Tick>(&good));
    for (offset, bad) in [(20, 0), (20, 2), (20, 201), (21, 2), (21, 0xff), (27, 1), (26, 0x11)] {
        let mut bytes = good.clone();
        bytes[offset] = bad;
        assert!(!is_valid::<Tick>(&bytes), "byte {offset} = {bad}");
    }
    // A surrogate.
    let mut bytes = good;
    bytes[24..28].copy_from_slice(&0xd800_u32.to_ne_bytes());
    assert!(!is_valid::<Tick>(&bytes));
}

#[test]
fn an_enum_accepts_its_discriminants_and_no_other_integer() {
    for value in 0..=u8::MAX {
        assert_eq!(is_valid::<Side>(&[value]), value == 1 || value == 200, "{value}");
    }
    for value in i16::MIN..=i16::MAX {
        assert_eq!(is_valid::<Level>(&value.to_ne_bytes()), [-300, 0, 300].contains(&value), "{value}");
    }
}

#[test]
fn the_last_element_of_an_array_is_checked() {
    let mut bytes = bytes(&Book::<9>::BLANK);
    assert!(is_valid::<Book<9>>(&bytes));
    bytes[72 + 8] = 3;
    assert!(!is_valid::<Book<9>>(&bytes));
}

/// The fingerprint of an event called `Event`.
macro_rules! fingerprint {
    ($($item:tt)*) => {{
        #[derive(RingEvent, Clone, Copy)]
        $($item)*
        const FINGERPRINT: Fingerprint = Event::SCHEMA.fingerprint();
        let _ = Event::BLANK;
        FINGERPRINT
    }};
}

#[rustfmt::skip]
#[test]
fn the_fingerprint_changes_with_everything_that_peers_must_agree_on() {
    let base = fingerprint!(#[repr(C)] struct Event { bid: u32, ask: u32 });
    for (what, other) in [
        ("swapped", fingerprint!(#[repr(C)] struct Event { ask: u32, bid: u32 })),
        ("renamed", fingerprint!(#[repr(C)] struct Event { bid: u32, offer: u32 })),
        ("retyped", fingerprint!(#[repr(C)] struct Event { bid: u32, ask: i32 })),
        ("shorter", fingerprint!(#[repr(C)] struct Event { bid: u32 })),
        ("array", fingerprint!(#[repr(C)] struct Event { bid: u32, ask: [u32; 1] })),
        ("wider", fingerprint!(#[repr(C)] struct Event { bid: u32, ask: u32, more: u64 })),
        ("tuple", fingerprint!(#[repr(C)] struct Event(u32, u32);)),
        ("aligned", fingerprint!(#[repr(C, align(8))] struct Event { bid: u32, ask: u32 })),
    ] {
        assert_ne!(base, other, "{what}");
    }
    assert_eq!(base, fingerprint!(#[repr(C)] struct Event { r#bid: u32, ask: u32 }), "raw");
}

#[rustfmt::skip]
#[test]
fn the_fingerprint_of_an_enum_covers_its_variants_and_its_integer() {
    let base = fingerprint!(#[repr(u8)] enum Event { Bid, Ask });
    for (what, other) in [
        ("swapped", fingerprint!(#[repr(u8)] enum Event { Ask, Bid })),
        ("discriminant", fingerprint!(#[repr(u8)] enum Event { Bid, Ask = 2 })),
        ("integer", fingerprint!(#[repr(i8)] enum Event { Bid, Ask })),
        ("more", fingerprint!(#[repr(u8)] enum Event { Bid, Ask, None })),
    ] {
        assert_ne!(base, other, "{what}");
    }
    assert_eq!(base, fingerprint!(#[repr(u8)] enum Event { Bid = 0, Ask = 1 }), "written out");
}

/// The type's own name takes no part: two programs may call it differently.
#[test]
fn the_name_of_the_type_is_not_in_the_fingerprint() {
    #[derive(RingEvent, Clone, Copy)]
    #[repr(transparent)]
    struct Cents(i64);
    assert_eq!(Cents::SCHEMA.fingerprint(), Price::SCHEMA.fingerprint());
    assert_ne!(Cents::SCHEMA.name, Price::SCHEMA.name);
    let _ = Cents::BLANK.0;
}

#[test]
fn a_plain_event_goes_through_bytemuck() {
    #[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
    #[repr(C)]
    struct Plain {
        price: Price,
        qty: u32,
        order: Option<NonZeroU32>,
    }
    let event = Plain { price: Price(-1), qty: 7, order: NonZeroU32::new(9) };
    let bytes = bytemuck::bytes_of(&event);
    assert_eq!(bytemuck::pod_read_unaligned::<Plain>(bytes), event);
    assert_eq!(<Plain as bytemuck::Zeroable>::zeroed(), Plain::BLANK);
}
