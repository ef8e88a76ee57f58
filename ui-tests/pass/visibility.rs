//! Generated items are as visible as the annotated one.
#![deny(warnings, private_interfaces, private_bounds)]

mod outer {
    pub mod inner {
        use myelon::RingEvent;

        #[derive(RingEvent, Clone, Copy)]
        #[repr(C)]
        pub struct Tick {
            price: u64,
            side: Side,
            _pad: [u8; 7],
        }

        // Private, and a private field of a public event.
        #[derive(RingEvent, Clone, Copy)]
        #[repr(u8)]
        enum Side {
            Bid,
            Ask,
        }

        impl Tick {
            pub fn ask() -> Self {
                Self { price: 1, side: Side::Ask, _pad: [0; 7] }
            }

            pub fn is_bid(&self) -> bool {
                matches!(self.side, Side::Bid) && self.price == 0
            }
        }

        #[myelon::channel(capacity = 8, consumers(journal(required), copy, dash(lossy)))]
        pub struct Public(Tick);

        #[myelon::channel(capacity = 8)]
        pub(crate) struct InCrate(Tick);

        #[myelon::channel(capacity = 8)]
        pub(in crate::outer) struct InOuter(Tick);

        #[myelon::channel(capacity = 8, consumers(journal(required), copy))]
        pub(super) struct InSuper(Tick);

        #[myelon::channel(capacity = 8, consumers(journal(required), copy))]
        struct Private(Side);

        #[myelon::channel(capacity = "1 KiB")]
        pub enum PublicFeed {
            Tick(Tick),
            Note([u8]),
        }

        #[myelon::channel(capacity = "1 KiB")]
        pub(super) enum FeedInSuper {
            Tick(Tick),
            #[codec(pod)]
            Ticks([Tick]),
        }

        #[myelon::channel(capacity = "1 KiB")]
        enum PrivateFeed {
            Side(Side),
            #[codec(pod)]
            Sides([Side]),
        }

        #[myelon::channel(codec = pod, capacity = "1 KiB")]
        struct PrivateSides([Side]);

        pub fn private() {
            let _ = (PrivateFeed::remove("visibility-none"), PrivateSides::remove("visibility-none"));
            fn feeds(tx: &mut PrivateFeedProducer, message: PrivateFeedRef<'_>) {
                let _ = tx.side().sequence();
                let PrivateFeedRef::Side(Side::Bid | Side::Ask) = message else { return };
            }
            let _ = feeds;
            let _ = Private::remove("visibility-none");
            fn takes(_: PrivateProducer, _: PrivateConsumer) {}
            let _ = (Private::attach_journal("visibility-none"), PrivateConsumerId::Copy);
            let _ = takes;
        }
    }

    pub fn test() {
        let _ = (inner::InSuper::consumer_copy("visibility-none"), inner::InSuperConsumerId::Journal);
        use inner::{InOuter, InOuterConsumer, InOuterProducer, InSuper, InSuperConsumer, InSuperProducer};
        fn takes(_: InOuterProducer, _: InOuterConsumer, _: InSuperProducer, _: InSuperConsumer) {}
        let _ = takes;
        use inner::{FeedInSuper, FeedInSuperConsumer, FeedInSuperProducer, FeedInSuperRef};
        fn feeds(tx: &mut FeedInSuperProducer, _: FeedInSuperConsumer, _: FeedInSuperRef<'_>) {
            let _ = tx.ticks().sequence();
        }
        let _ = (feeds, FeedInSuper::remove("visibility-none"));
        let _ = (InOuter::remove("visibility-none"), InSuper::remove("visibility-none"));
    }
}

use outer::inner::{InCrate, InCrateConsumer, InCrateProducer, Public, PublicConsumer, PublicProducer, Tick};

use outer::inner::{PublicFeed, PublicFeedConsumer, PublicFeedProducer, PublicFeedRef};

fn feeds(tx: &mut PublicFeedProducer, _: PublicFeedConsumer, message: PublicFeedRef<'_>) -> bool {
    let _ = tx.tick().sequence();
    matches!(message, PublicFeedRef::Tick(tick) if tick.is_bid())
}

fn takes(_: PublicProducer, _: PublicConsumer, _: InCrateProducer, _: InCrateConsumer) {}

fn main() {
    let _ = takes;
    let _: Result<outer::inner::PublicLossyConsumer, _> = Public::attach_dash("visibility-none");
    let _ = (Public::attach_copy("visibility-none"), outer::inner::PublicConsumerId::ALL);
    let _ = (feeds, PublicFeed::remove("visibility-none"));
    let _ = (Public::remove("visibility-none"), InCrate::remove("visibility-none"));
    outer::test();
    outer::inner::private();
    assert!(!Tick::ask().is_bid());
}
