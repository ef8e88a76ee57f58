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

/// Types and variants that come as pieces of another macro.
macro_rules! messages {
    ($channel:ident, $payload:ty, $codec:ident, $feed:ident { $($kind:ident($of:ty)),* }, $number:ident) => {
        #[$crate::framework::deep::rings::channel(
            codec = $codec,
            capacity = $crate::BYTES,
            crate = $crate::framework::deep::rings,
        )]
        struct $channel($payload);

        #[$crate::framework::deep::rings::channel(
            capacity = "4 KiB",
            crate = $crate::framework::deep::rings,
        )]
        enum $feed {
            $($kind($of),)*
            #[codec($codec)]
            $number(u64),
            #[codec($crate::Own)]
            Own($crate::Level),
        }
    };
}

const BYTES: usize = 4096;

enum Own {}

impl framework::deep::rings::codec::Codec<Level> for Own {
    const NAME: &'static str = "own";

    fn encode(_: &Level, _: &mut [u8]) -> Result<usize, framework::deep::rings::codec::EncodeError> {
        Ok(0)
    }

    fn decode(_: &[u8]) -> Result<Level, framework::deep::rings::codec::DecodeError> {
        Ok(Level { value: 0 })
    }
}

messages!(Texts, String, postcard, Feed { Note([u8]), Level(Level) }, Number);

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
    use framework::deep::rings::MessageChannel;
    assert_eq!((Texts::CONFIG.capacity, Texts::LANES[0].payload), (4096, "String"));
    assert_eq!(Feed::LANES.iter().map(|lane| lane.payload).collect::<Vec<_>>(), ["[u8]", "Level", "u64", "Level"]);
    fn send(tx: &mut FeedProducer) {
        let _ = (tx.note().sequence(), tx.level().sequence(), tx.number().sequence(), tx.own().sequence());
    }
    let _ = send;
    assert_eq!(Levels::CONFIG.name, "Levels");
    assert_eq!(inner::Depths::CONFIG.name, "Depths");
}
