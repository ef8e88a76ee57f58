//! Nothing is found by way of the prelude, and no name of the user's is taken for one of ours.
#![no_implicit_prelude]
#![forbid(unsafe_code)]

#[derive(::myelon::RingEvent, ::core::clone::Clone, ::core::marker::Copy)]
#[repr(C)]
pub struct Tick {
    pub price: ::core::primitive::u64,
    pub ask: ::core::primitive::bool,
    pub rest: [::core::primitive::u8; 7],
}

#[derive(::myelon::RingEvent, ::core::clone::Clone, ::core::marker::Copy)]
#[repr(u8)]
pub enum Side {
    Bid,
    Ask,
}

#[derive(::myelon::RingEvent, ::core::clone::Clone, ::core::marker::Copy)]
#[repr(C)]
pub struct Text<const N: ::core::primitive::usize> {
    pub bytes: [::core::primitive::u8; N],
}

#[::myelon::channel(capacity = 1024, wait = park, optimize = latency)]
pub struct Ticks(Tick);

#[::myelon::channel(
    capacity = 8,
    consumers(some(required(stall = "1 s", on_death = wait("5 s", evict))), ok(required(startup = LONG)), none(lossy), err),
    declared_only,
)]
pub struct Watched(Tick);

const LONG: ::core::time::Duration = ::core::time::Duration::MAX;

const SLOTS: ::core::primitive::u64 = 8;

#[::myelon::channel(capacity = SLOTS)]
pub struct Texts(Text<16>);

#[::myelon::channel(capacity = "4 KiB", max_message = SLOTS)]
pub struct Log([::core::primitive::u8]);

#[::myelon::channel(codec = postcard, capacity = "4 KiB")]
pub struct Numbers(::core::primitive::u64);

#[::myelon::channel(capacity = "4 KiB", evolves = true)]
pub enum Feed {
    Tick(Tick),
    #[codec(pod)]
    Ticks([Tick]),
    #[codec(postcard)]
    Some(::core::primitive::u64),
    #[zero_copy(rkyv)]
    Ok(::core::primitive::u32),
    None([::core::primitive::u8]),
}

// Everything that an expansion might mean by these names, it must not find here.
#[allow(dead_code)]
mod traps {
    pub struct Option;
    pub struct Result;
    pub struct Channel;
    pub struct Producer;
    pub struct Schema;
    pub struct Field;
    pub struct Format;
    pub struct MessageProducer;
    pub struct InPlace;
    pub struct String;
    pub struct Clone;
    pub struct Debug;
    pub struct Duration;
    #[allow(non_camel_case_types)]
    pub struct u16;
    #[allow(non_camel_case_types)]
    pub struct str;
    #[allow(non_camel_case_types)]
    pub struct bool;
    pub mod core {}
    pub mod std {}
    pub mod bytemuck {}
}
#[allow(unused_imports)]
use traps::*;

fn main() {
    let _: ::core::result::Result<TicksProducer, ::myelon::__private::CreateError> =
        Ticks::create("no-implicit-prelude/../no");
    let _: ::core::result::Result<FeedProducer, ::myelon::__private::CreateError> =
        Feed::create("no-implicit-prelude/../no");
    let _: ::core::result::Result<WatchedConsumer, ::myelon::__private::AttachError> =
        Watched::attach_some("no-implicit-prelude/../no");
    let _ = WatchedConsumerId::Some;
    let _ = Side::Ask;
}
