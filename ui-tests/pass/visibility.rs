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

        #[myelon::channel(capacity = 8)]
        pub struct Public(Tick);

        #[myelon::channel(capacity = 8)]
        pub(crate) struct InCrate(Tick);

        #[myelon::channel(capacity = 8)]
        pub(in crate::outer) struct InOuter(Tick);

        #[myelon::channel(capacity = 8)]
        pub(super) struct InSuper(Tick);

        #[myelon::channel(capacity = 8)]
        struct Private(Side);

        pub fn private() {
            let _ = Private::remove("visibility-none");
            fn takes(_: PrivateProducer, _: PrivateConsumer) {}
            let _ = takes;
        }
    }

    pub fn test() {
        use inner::{InOuter, InOuterConsumer, InOuterProducer, InSuper, InSuperConsumer, InSuperProducer};
        fn takes(_: InOuterProducer, _: InOuterConsumer, _: InSuperProducer, _: InSuperConsumer) {}
        let _ = takes;
        let _ = (InOuter::remove("visibility-none"), InSuper::remove("visibility-none"));
    }
}

use outer::inner::{InCrate, InCrateConsumer, InCrateProducer, Public, PublicConsumer, PublicProducer, Tick};

fn takes(_: PublicProducer, _: PublicConsumer, _: InCrateProducer, _: InCrateConsumer) {}

fn main() {
    let _ = takes;
    let _ = (Public::remove("visibility-none"), InCrate::remove("visibility-none"));
    outer::test();
    outer::inner::private();
    assert!(!Tick::ask().is_bid());
}
