//! A producer that writes what its format does not: each such message is told, and the stream goes on at the next.
//!
//! The other program is compiled on its own. It declares the same channels, with types of the same names that write
//! anything; nothing that two builds compare tells them apart.

use myelon_tests::messages::spoilt::{OfBill, OfBook, OfBytes, OfOrder, OfPacket, Wire, is_spoilt};
use myelon_tests::messages::{Sizes, feed};
use myelon_tests::{Arena, Peer, over_every_location, system};

const SIZES: &str = "40,0,700,100,3000,16";
const COUNT: u64 = 240;

/// What a format refuses, by the name of its channel.
fn is_refused(kind: &str, sequence: u64, size: u64) -> bool {
    match kind {
        "Books" => OfBook::is_refused(sequence, size),
        "Orders" => OfOrder::is_refused(sequence, size),
        "Bills" => OfBill::is_refused(sequence, size),
        "Sums" => OfPacket::is_refused(sequence, size),
        "Backwards" => OfBytes::is_refused(sequence, size),
        // What is spoilt there is sure to be no table.
        "Monsters" => is_spoilt(sequence),
        // Several kinds, of which events and bytes cannot be spoilt by who publishes them.
        "Feed" => match feed::lane_of(sequence, feed::LANES) {
            1 => OfBook::is_refused(sequence, size),
            2 => OfOrder::is_refused(sequence, size),
            5 => is_spoilt(sequence),
            6 => OfPacket::is_refused(sequence, size),
            7 => OfBytes::is_refused(sequence, size),
            _ => false,
        },
        other => panic!("no channel `{other}`"),
    }
}

const KINDS: &[&str] = &["Books", "Orders", "Bills", "Sums", "Backwards", "Monsters", "Feed"];

/// The sequences that a consumer has to be told of.
fn refused(kind: &str) -> Vec<u64> {
    let sizes = Sizes::parse(SIZES);
    (0..COUNT).filter(|at| is_refused(kind, *at, sizes.at(*at))).collect()
}

/// A broken producer, and a consumer of a good one.
fn ends(arena: &Arena, kind: &str, name: &str) -> (Peer, Peer) {
    let at = arena.spot(name).text();
    let (mut tx, mut rx) = (Peer::spawn_as("myelon-test-broken"), arena.peer());
    tx.ask(format!("create type={kind} at={at}"));
    rx.ask(format!("attach type={kind} at={at} id=careful"));
    (tx, rx)
}

over_every_location! {
    fn each_is_told_with_its_sequence_and_the_stream_goes_on_in_every_form(arena) {
        for kind in KINDS {
            let refused = refused(kind);
            // Enough of them, two in a row as well, and good ones between.
            assert!(refused.len() > 20 && refused.windows(2).any(|two| two[0] + 1 == two[1]), "{kind}: {refused:?}");
            assert!(refused.len() < COUNT as usize / 2, "{kind}");
            let skipped: Vec<_> = refused.iter().map(u64::to_string).collect();
            let given: &[&str] = match *kind {
                "Monsters" | "Feed" => &[],
                "Books" | "Sums" => &["value"],
                _ => &["value", "into"],
            };
            for form in ["lease", "wait", "drain", "drain_while", "batch", "mixed"].iter().chain(given) {
                let (mut tx, mut rx) = ends(arena, kind, &format!("{kind}-{form}"));
                rx.tell(format!("receive form={form} limit=any len={SIZES} spoilt tolerate=undecodable"));
                tx.ask_beside(format!("publish n={COUNT} form=mixed run=3 len={SIZES}"), &mut [&mut rx]);
                tx.ask("close");
                let seen = rx.expect();
                assert_eq!(seen.text("skipped"), Some(&*skipped.join(",")), "{kind} {form}");
                assert_eq!((seen.num("next"), seen.num("closed")), (COUNT, 1), "{kind} {form}");
                assert_eq!(seen.num("got") + seen.num("undecodable"), COUNT, "{kind} {form}");
                assert!(system::peak_memory(rx.pid()) < 64 << 20, "whatever the lengths in them say");
                tx.leave();
                rx.leave();
            }
        }
    }

    fn the_error_names_the_message_its_kind_and_the_cause(arena) {
        let sizes = Sizes::parse(SIZES);
        for (kind, what) in [
            ("Books", "is no archived value of its type"),
            ("Orders", ""),
            ("Bills", ""),
            ("Sums", "sum"),
            ("Backwards", "is unmarked"),
            ("Monsters", "is no table of its schema"),
            ("Feed", ""),
        ] {
            let (mut tx, mut rx) = ends(arena, kind, kind);
            let first = (0..1000).find(|at| is_refused(kind, *at, sizes.at(*at))).unwrap();
            let lane = if kind == "Feed" { feed::lane_of(first, feed::LANES) } else { 0 };
            rx.tell(format!("receive form=lease len={SIZES} spoilt"));
            tx.ask(format!("publish n={} len={SIZES}", first + 1));
            let undecodable = format!("Undecodable {{ sequence: {first}, kind: {lane}");
            let text = format!("message {first} (kind {lane}) was skipped");
            rx.expect_error(&[&undecodable, &text, what, &format!("next={}", first + 1), &format!("got={first}")]);
            tx.leave();
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }
}
