//! Items inside functions, blocks and methods; two of the same name in two functions.
#![deny(warnings)]

use myelon::{Channel, RingEvent};

fn one() -> u64 {
    #[derive(RingEvent, Clone, Copy)]
    #[repr(C)]
    struct Tick {
        side: Side,
    }

    #[derive(RingEvent, Clone, Copy)]
    #[repr(u8)]
    enum Side {
        Bid,
        Ask,
    }

    #[myelon::channel(capacity = 8)]
    struct Ticks(Tick);

    assert!(matches!(Tick::BLANK.side, Side::Bid));
    fn takes(_: TicksProducer, _: TicksConsumer) {}
    let _ = takes;
    Ticks::CONFIG.capacity
}

fn two() -> u64 {
    #[derive(RingEvent, Clone, Copy)]
    #[repr(C)]
    struct Tick<const N: usize> {
        text: [u8; N],
    }

    #[myelon::channel(capacity = 16)]
    struct Ticks(Tick<4>);

    #[myelon::channel(capacity = "1 KiB")]
    enum Feed {
        Tick(Tick<4>),
        Note([u8]),
    }
    fn reads(message: FeedRef<'_>) -> bool {
        matches!(message, FeedRef::Tick(_) | FeedRef::Note(_))
    }
    let _ = (reads, Feed::remove("in-function-none"));

    let _ = Tick::<4>::BLANK.text;
    Ticks::CONFIG.capacity
}

struct Somewhere;

impl Somewhere {
    fn else_() -> u64 {
        if true {
            const STALL: std::time::Duration = std::time::Duration::from_secs(1);
            #[myelon::channel(capacity = 32, consumers(journal(required(stall = STALL))))]
            struct Ticks(u64);
            let _ = (Ticks::attach_journal("in-function-none"), TicksConsumerId::Journal);
            return Ticks::CONFIG.capacity;
        }
        0
    }
}

fn main() {
    assert_eq!((one(), two(), Somewhere::else_()), (8, 16, 32));
}
