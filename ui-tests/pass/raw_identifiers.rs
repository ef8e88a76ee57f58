//! Names that are keywords lose their `r#` in texts and in generated names.
#![allow(non_camel_case_types)]

use myelon::{Channel, Kind, RingEvent};

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct r#struct {
    r#type: u32,
    r#match: r#enum,
    r#fn: [u8; 3],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum r#enum {
    r#in = 1,
    r#for = 2,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
#[allow(non_upper_case_globals)]
struct r#dyn<const r#const: usize> {
    r#loop: [u8; r#const],
}

#[myelon::channel(capacity = 8)]
struct r#async(r#struct);

#[myelon::channel(capacity = "1 KiB")]
struct r#loop([u8]);

#[myelon::channel(capacity = "1 KiB")]
enum r#yield {
    r#type(r#struct),
    Match(r#enum),
    r#gen([u8]),
    Async([u8]),
}

fn main() {
    assert_eq!(r#struct::SCHEMA.name, "struct");
    let Kind::Struct(fields) = r#struct::SCHEMA.kind else { panic!() };
    assert_eq!(fields.iter().map(|field| field.name).collect::<Vec<_>>(), ["type", "match", "fn"]);
    let Kind::Enum { variants, .. } = r#enum::SCHEMA.kind else { panic!() };
    assert_eq!(variants.iter().map(|variant| variant.name).collect::<Vec<_>>(), ["in", "for"]);
    assert!(matches!(r#enum::BLANK, r#enum::r#in));
    let _ = (r#enum::r#for, r#dyn::<3>::BLANK);
    assert_eq!(r#async::CONFIG.name, "async");
    fn takes(_: asyncProducer, _: asyncConsumer) {}
    let _ = takes;
    assert_eq!(<r#loop as myelon::MessageChannel>::CONFIG.name, "loop");
    let lanes = <r#yield as myelon::MessageChannel>::LANES;
    assert_eq!(lanes.iter().map(|lane| lane.name).collect::<Vec<_>>(), ["type", "Match", "gen", "Async"]);
    assert_eq!(lanes[0].payload, "struct");
    fn kinds(tx: &mut yieldProducer, message: yieldRef<'_>) {
        let _ = (tx.r#type().sequence(), tx.r#match().sequence(), tx.r#gen().sequence(), tx.r#async().sequence());
        match message {
            yieldRef::r#type(_) | yieldRef::Match(_) | yieldRef::r#gen(_) | yieldRef::Async(_) => {}
        }
    }
    let _ = kinds;
}
