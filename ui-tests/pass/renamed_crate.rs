//! The crate has another name here; `crate` says which.

extern crate myelon as rings;

use rings::RingEvent;

/// Shadows the real name: nothing may go through it.
#[allow(dead_code)]
mod myelon {}

#[derive(RingEvent, Clone, Copy)]
#[myelon(crate = rings)]
#[repr(C)]
struct Tick {
    price: u64,
    side: Side,
    _pad: [u8; 7],
}

#[derive(RingEvent, Clone, Copy)]
#[myelon(crate = rings)]
#[repr(u8)]
enum Side {
    Bid,
    Ask,
}

#[derive(RingEvent, Clone, Copy)]
#[myelon(crate = rings)]
#[repr(C)]
struct Text<const N: usize> {
    bytes: [u8; N],
}

#[rings::channel(capacity = 1024, crate = rings)]
struct Ticks(Tick);

#[rings::channel(crate = rings, capacity = 2 * 512, max_consumers = 4 + 4)]
struct Texts(Text<8>);

#[rings::channel(codec = postcard, capacity = 2 * 512, max_message = 4 + 4, crate = rings)]
struct Numbers(u64);

#[rings::channel(capacity = "1 KiB", evolves = true, crate = rings)]
enum Feed {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Number(u64),
    Note([u8]),
}

fn main() {
    assert_eq!(Tick::BLANK.price, 0);
    assert!(matches!(Side::BLANK, Side::Bid));
    let _ = Side::Ask;
    assert_eq!(<Ticks as rings::Channel>::CONFIG.capacity, 1024);
    assert_eq!(<Numbers as rings::MessageChannel>::CONFIG.max_message, 8);
    assert_eq!(<Feed as rings::MessageChannel>::LANES.len(), 3);
    fn read(message: FeedRef<'_>) {
        match message {
            FeedRef::Tick(_) | FeedRef::Number(_) | FeedRef::Note(_) | FeedRef::Unknown { .. } => {}
        }
    }
    let _ = read;
    assert_eq!(<Texts as rings::Channel>::CONFIG.max_consumers, 8);
}
