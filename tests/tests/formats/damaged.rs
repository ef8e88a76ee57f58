//! Payloads that another program has scribbled over, in the ring: what cannot be written by mistake, since two builds
//! agree on the layouts of events. Headers that are no headers are another matter, and end the stream.

use myelon_tests::messages::feed::{LANES, lane_of};
use myelon_tests::messages::story::OLD;
use myelon_tests::over_every_location;
use myelon_tests::segment::{Number, Segment};

/// Where in a header the length, the kind, and the lead in its upper bits stand.
const LEN: u64 = 8;
const KIND: u64 = 12;
const FLAGS: u64 = 14;
/// Bytes of a header.
const HEADER: u64 = 16;

/// Where the record of the message `number` begins: a ring that was filled from its start, and not wrapped around.
fn record(bytes: &Segment, number: u64) -> u64 {
    let mut at = bytes.number(Number::Slots);
    loop {
        let (found, rest) = (bytes.word(at), bytes.word(at + 8));
        let (len, flags) = (rest & 0xffff_ffff, rest >> 48);
        assert_eq!(flags & 0xf, 0, "one record for each message, and no padding");
        assert!(found <= number, "{found} where {number} was looked for");
        if found == number {
            return at;
        }
        let (slack, lead) = ((flags >> 4) & 0xff, flags >> 12);
        at += HEADER + (lead + len).div_ceil(16) * 16 + slack * 16;
    }
}

fn set_len(bytes: &Segment, number: u64, len: u32) {
    bytes.set(record(bytes, number) + LEN, &len.to_ne_bytes());
}

/// The payload begins `lead` bytes later than it could.
fn set_lead(bytes: &Segment, number: u64, lead: u16) {
    bytes.set(record(bytes, number) + FLAGS, &(lead << 12).to_ne_bytes());
}

fn set_byte(bytes: &Segment, number: u64, at: u64, byte: u8) {
    bytes.set(record(bytes, number) + HEADER + at, &[byte]);
}

const FORMS: [&str; 5] = ["lease", "wait", "drain", "drain_while", "batch"];

over_every_location! {
    fn slices_that_are_none_are_told_and_the_stream_goes_on(arena) {
        for form in FORMS.iter().chain(&["value"]) {
            let spot = arena.spot(form);
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Bars at={}", spot.text()));
            rx.ask(format!("attach type=Bars at={} id=careful", spot.text()));
            // Two events in each.
            tx.ask("publish n=9 form=mixed run=2 len=32");
            let bytes = spot.bytes();
            // No whole number of events, one way and the other; a side that is none; not aligned.
            set_len(&bytes, 1, 31);
            set_len(&bytes, 2, 17);
            set_byte(&bytes, 4, 12, 0);
            set_byte(&bytes, 5, 16 + 12, 77);
            set_len(&bytes, 8, 16);
            set_lead(&bytes, 8, 4);
            let seen = rx.ask(format!("receive n=9 form={form} limit=any len=32 tolerate=undecodable"));
            assert_eq!((seen.text("skipped"), seen.num("got")), (Some("1,2,4,5,8"), 4), "{form}");
            tx.ask("publish n=9 len=32");
            assert_eq!(rx.ask(format!("receive n=9 form={form} len=32")).num("got"), 9);
            tx.leave();
            rx.leave();
        }
    }

    fn events_that_are_none_are_told_with_their_kind(arena) {
        let of = |lane| (0..200).filter(move |at| lane_of(*at, LANES) == lane).collect::<Vec<_>>();
        let (ticks, fills) = (of(0), of(4));
        for form in FORMS {
            let spot = arena.spot(form);
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Feed at={} cap=262144", spot.text()));
            rx.ask(format!("attach type=Feed at={} id=careful", spot.text()));
            tx.ask("publish n=200 form=mixed run=2 len=40");
            let bytes = spot.bytes();
            let mut skipped = Vec::new();
            for (number, len) in ticks.iter().zip([17, 23, 25, 32]) {
                set_len(&bytes, *number, len);
                skipped.push(*number);
            }
            // A side, a `bool` and a `char` that are none; and a length.
            for (number, (at, byte)) in fills.iter().zip([(8, 0), (9, 2), (14, 0x11)]) {
                set_byte(&bytes, *number, at, byte);
                skipped.push(*number);
            }
            set_len(&bytes, fills[3], 20);
            skipped.push(fills[3]);
            skipped.sort_unstable();
            let seen = rx.ask(format!("receive n=200 form={form} limit=any len=40 tolerate=undecodable"));
            let skipped: Vec<_> = skipped.iter().map(u64::to_string).collect();
            assert_eq!(seen.text("skipped"), Some(&*skipped.join(",")), "{form}");
            tx.leave();
            rx.leave();
        }
    }

    fn the_error_of_a_slice_or_an_event_says_what_it_is(arena) {
        let spot = arena.spot("slices");
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Bars at={}", spot.text()));
        rx.ask(format!("attach type=Bars at={} id=careful", spot.text()));
        tx.ask("publish n=3 len=32");
        let bytes = spot.bytes();
        set_len(&bytes, 0, 31);
        set_byte(&bytes, 1, 12, 0);
        set_len(&bytes, 2, 16);
        set_lead(&bytes, 2, 4);
        rx.refuse("receive form=lease", &["Undecodable { sequence: 0, kind: 0", "message 0", "holds a part of an event"]);
        rx.refuse("receive form=lease", &["Undecodable { sequence: 1", "no valid value of its event"]);
        rx.refuse("receive form=lease", &["Undecodable { sequence: 2", "not aligned for its events"]);
        tx.leave();
        rx.leave();
    }

    fn a_kind_that_nobody_declared_is_an_error_unless_kinds_may_be_added(arena) {
        for (kind, evolves) in [("Story", true), ("Fixed", false)] {
            let spot = arena.spot(kind);
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={}", spot.text()));
            rx.ask(format!("attach type={kind} at={} id=careful", spot.text()));
            let note = (0..1000).find(|at| lane_of(*at, OLD) == 2).unwrap();
            tx.ask(format!("publish n={} len=20", note + 2));
            let bytes = spot.bytes();
            bytes.set(record(&bytes, note) + KIND, &4_u16.to_ne_bytes());
            rx.ask(format!("receive until={note} form=lease len=20"));
            if evolves {
                // Shown with its bytes, in which the other program of these tests would see one of its own.
                rx.tell("receive n=1 form=lease len=20");
                let told = rx.answer();
                let kinds = told.as_ref().ok().and_then(|seen| seen.text("kinds").map(str::to_owned));
                let is_wrong = told.as_ref().is_err_and(|error| error.contains("WRONG") && error.contains("kind: 4"));
                assert!(kinds.as_deref() == Some("4:1") || is_wrong, "{told:?}");
            } else {
                rx.refuse("receive form=lease len=20", &[&format!("Undecodable {{ sequence: {note}, kind: 4"), "(kind 4)"]);
            }
            assert_eq!(rx.ask("receive n=1 len=20").num("got"), 1);
            tx.leave();
            rx.leave();
        }
    }
}
