//! Events with invalid bit patterns: bytes that are no value are told and skipped, never formed (P6).

use myelon::{Snapshot, Tap, TapError};
use myelon_tests::channels::{Checked, LChecked, TestEvent};
use myelon_tests::over_every_location;

/// Where in the event, what to put there.
const BAD: [(u64, u64, &[u8]); 6] = [
    // The first, two in a row, and the last.
    (0, 8, &[0]),
    (3, 9, &[2]),
    (4, 12, &0xd800_u32.to_ne_bytes()),
    (7, 20, &5_i32.to_ne_bytes()),
    (9, 12, &0x0011_0000_u32.to_ne_bytes()),
    (15, 8, &[255]),
];

over_every_location! {
    fn what_is_no_value_is_told_and_the_stream_goes_on(arena) {
        for kind in ["LChecked", "DChecked"] {
            for form in ["lease", "value", "drain", "drain_while", "batch", "slices", "mixed"] {
                for limit in ["block", "any"] {
                    let spot = arena.spot(&format!("{kind}{form}{limit}"));
                    let at = spot.text();
                    let (mut tx, mut rx) = (arena.peer(), arena.peer());
                    tx.ask(format!("create type={kind} at={at} cap=16"));
                    rx.ask(format!("attach type={kind} at={at} id=careful"));
                    tx.ask("publish n=16 form=mixed");
                    let bytes = spot.bytes();
                    for (sequence, offset, bad) in BAD {
                        bytes.set(bytes.slot(sequence) + offset, bad);
                    }
                    let seen = rx.ask(format!("receive form={form} limit={limit} n=16 tolerate=invalid"));
                    assert_eq!((seen.num("invalid"), seen.num("got"), seen.num("next")), (6, 10, 16), "{kind} {form}");
                    let counted = Snapshot::take(spot.location()).unwrap().consumers[0].invalid;
                    assert_eq!(counted, 6);
                    // What is written over them is whole again.
                    tx.ask("publish n=16 form=mixed");
                    assert_eq!(rx.ask(format!("receive form={form} n=16")).num("got"), 16);
                    tx.leave();
                    rx.leave();
                }
            }
        }
    }

    fn the_error_names_the_event(arena) {
        let spot = arena.spot("named");
        let at = spot.text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=LChecked at={at} cap=16"));
        rx.ask(format!("attach type=LChecked at={at} id=careful"));
        tx.ask("publish n=8");
        let bytes = spot.bytes();
        bytes.set(bytes.slot(5) + 8, &[77]);
        rx.refuse("receive form=lease", &["Invalid { sequence: 5 }", "event 5", "next=6", "got=5"]);
        assert_eq!(rx.ask("receive n=2").num("got"), 2);

        let mut tap = Tap::<LChecked>::attach(spot.location()).unwrap();
        for sequence in 0..8 {
            match tap.try_next() {
                Ok(Some((found, event))) => assert_eq!((found, event), (sequence, Checked::make(sequence))),
                other => assert_eq!((other, sequence), (Err(TapError::Invalid { sequence: 5 }), 5)),
            }
        }
        assert_eq!(tap.try_next(), Ok(None));
        tx.leave();
        rx.leave();
    }
}
