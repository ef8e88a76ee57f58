//! Peers that disagree on what a channel carries never talk (P5), and are told both sides; what need not agree is taken
//! from the segment.

use myelon::AttachError;
use myelon::codec::{DecodeError, EncodeError, ZeroCopy};
use myelon_tests::messages::Sums;
use myelon_tests::messages::formats::Packet;
use myelon_tests::over_every_location;

/// Channels, and what of each the other side is told.
const ALL: [(&str, &str); 11] = [
    ("Log", "[u8] as bytes"),
    ("Books", "Book as rkyv"),
    ("Wides", "Wide as rkyv"),
    ("Monsters", "Monster<'_> as flatbuffers"),
    ("Orders", "Order as postcard"),
    ("Bills", "Order as bincode"),
    ("Bars", "[Bar] as pod"),
    ("Sums", "Packet as summed"),
    ("Backwards", "Vec<u8> as backward"),
    ("Feed", "Words24 as event"),
    // Of events.
    ("L24", "units: [u64; 3]"),
];

/// In another version of the format.
enum Summed {}

impl ZeroCopy<Packet> for Summed {
    type Target = [u8];
    const NAME: &'static str = "summed";
    const FORMAT: u64 = 8;

    fn encode(_: &Packet, _: &mut [u8]) -> Result<usize, EncodeError> {
        Err(EncodeError::failed("is only read"))
    }

    fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
        Ok(bytes)
    }
}

/// The channel that the helpers know, but for that.
mod generation {
    #[myelon::channel(zero_copy = super::Summed, capacity = "4 KiB", max_message = "64 KiB")]
    pub(super) struct Sums(super::Packet);
}

/// The same, with another meaning.
mod version {
    #[myelon::channel(zero_copy = myelon_tests::messages::formats::Summed, capacity = "4 KiB", version = 7)]
    pub(super) struct Sums(super::Packet);
}

/// The lines of a text that the other side does not have.
fn marked(text: &str) -> String {
    text.lines().filter(|line| line.starts_with("  > ")).collect::<Vec<_>>().join("\n")
}

over_every_location! {
    fn channels_that_carry_different_things_refuse_each_other_and_tell_both(arena) {
        for (kind, holds) in ALL {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            for (other, expects) in ALL.iter().filter(|(other, _)| *other != kind) {
                let error = rx.refuse(format!("attach type={other} at={at} id=a"), &["LayoutMismatch"]);
                let (ours, theirs) = error.split_once("the segment holds").unwrap();
                let ours = ours.split_once("this program expects").unwrap().1;
                assert!(marked(ours).contains(expects), "{kind} {other}: {error}");
                assert!(marked(theirs).contains(holds), "{kind} {other}: {error}");
            }
            // Nobody noticed.
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            rx.ask(format!("attach type={kind} at={at} id=a"));
            tx.leave();
            rx.leave();
        }
    }

    fn another_generation_of_a_format_or_version_of_a_channel_is_refused(arena) {
        let spot = arena.spot("generation");
        let mut tx = arena.peer();
        tx.ask(format!("create type=Sums at={}", spot.text()));
        let error = generation::Sums::attach(spot.location(), "a").unwrap_err();
        assert!(matches!(error, AttachError::LayoutMismatch { .. }), "{error:?}");
        let lines = marked(&error.to_string());
        assert!(lines.contains("Packet as summed, format 0x8") && lines.contains("format 0x7"), "{error}");
        let error = version::Sums::attach(spot.location(), "a").unwrap_err();
        assert!(matches!(error, AttachError::LayoutMismatch { .. }), "{error:?}");
        let lines = marked(&error.to_string());
        assert!(lines.contains("version 7") && lines.contains("version 0"), "{error}");
        assert!(!lines.contains("summed"), "what is the same is not marked: {error}");
        tx.leave();
        // And the other way round.
        let spot = arena.spot("other");
        let tx = version::Sums::create(spot.location()).unwrap();
        let mut rx = arena.peer();
        rx.refuse(format!("attach type=Sums at={} id=a", spot.text()), &["LayoutMismatch", "> version 7", "> version 0"]);
        tx.close();
        rx.leave();
    }

    fn capacity_and_the_longest_message_need_not_agree(arena) {
        for capacity in [256, 4096, 1 << 20] {
            let spot = arena.spot(&format!("c{capacity}"));
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Sums at={} cap={capacity}", spot.text()));
            rx.ask(format!("attach type=Sums at={} id=a max=100000", spot.text()));
            assert_eq!(rx.ask("ask-rx").num("capacity"), capacity);
            let here = Sums::attach(spot.location(), "here").unwrap();
            assert_eq!(here.capacity(), capacity);
            here.close();
            rx.tell("receive len=0,90,1000");
            tx.ask("publish n=30 len=0,90,1000");
            tx.leave();
            assert_eq!(rx.expect().num("got"), 30);
            rx.leave();
        }
    }
}
