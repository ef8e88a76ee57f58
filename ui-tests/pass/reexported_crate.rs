//! The macros come through somebody else's crate or module, also from inside a `macro_rules!`.

mod framework {
    pub mod deep {
        pub use myelon as rings;
    }

    #[macro_export]
    macro_rules! declare {
        ($event:ident, $field:ty, $channel:ident) => {
            #[derive($crate::framework::deep::rings::RingEvent, Clone, Copy)]
            #[myelon(crate = $crate::framework::deep::rings)]
            #[repr(C)]
            struct $event {
                value: $field,
            }

            #[$crate::framework::deep::rings::channel(
                capacity = 64,
                crate = $crate::framework::deep::rings,
            )]
            struct $channel($event);
        };
    }
}

declare!(Level, u64, Levels);

mod inner {
    use super::framework::deep::rings::RingEvent;

    #[derive(RingEvent, Clone, Copy)]
    #[myelon(crate = super::framework::deep::rings)]
    #[repr(C)]
    pub struct Depth {
        pub value: u64,
    }

    #[super::framework::deep::rings::channel(capacity = 64, crate = super::framework::deep::rings)]
    pub struct Depths(Depth);
}

fn main() {
    use framework::deep::rings::Channel;
    assert_eq!(Levels::CONFIG.name, "Levels");
    assert_eq!(inner::Depths::CONFIG.name, "Depths");
}
