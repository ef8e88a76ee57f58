//! The end of the ring: messages of every length around a limit, from every unit of the ring on.

use myelon_tests::course::{Course, UNIT};
use myelon_tests::over_every_location;

/// Rings, and lengths around what changes in them: units, records, fragments, half the ring, the ring.
const RINGS: [(u64, &[u64]); 2] = [
    (256, &[0, 1, 15, 16, 17, 31, 32, 33, 64, 65, 96, 97, 128, 129, 200, 256, 300, 900]),
    (
        1024,
        &[
            0, 1, 16, 17, 100, 207, 208, 209, 223, 224, 225, 448, 449, 512, 513, 672, 673, 896, 1024, 1500,
            3000,
        ],
    ),
];

/// Lengths of messages, one after the other, so that one of each length begins at each unit.
fn every_length_everywhere(capacity: u64, lengths: &[u64]) -> (Vec<u64>, u64) {
    let units = capacity / UNIT;
    let mut course = Course::new(capacity);
    let mut left: Vec<Vec<u64>> = (0..units).map(|_| lengths.to_vec()).collect();
    let mut all = Vec::new();
    while left.iter().any(|left| !left.is_empty()) {
        let begins = course.at() % units;
        let len = left[begins as usize].pop().unwrap_or(0);
        course.publish(len);
        all.push(len);
    }
    (all, course.at())
}

over_every_location! {
    fn every_length_from_every_unit_on(arena) {
        for (capacity, lengths) in RINGS {
            let (all, end) = every_length_everywhere(capacity, lengths);
            let (n, len) = (all.len(), all.iter().map(u64::to_string).collect::<Vec<_>>().join(","));
            // The first form lies as planned; the others move records by what they claim too much.
            for form in ["value", "mixed"] {
                let spot = arena.spot(&format!("{capacity}{form}"));
                let at = spot.text();
                let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type=Log at={at} cap={capacity}"));
                rx.ask(format!("attach type=Log at={at} id=a"));
                other.ask(format!("attach type=Log at={at} id=b"));
                rx.tell(format!("receive form=lease len={len}"));
                other.tell(format!("receive form=mixed limit=any len={len}"));
                tx.ask_beside(format!("publish n={n} form={form} len={len}"), &mut [&mut rx, &mut other]);
                if form == "value" {
                    assert_eq!(spot.bytes().published(), end, "each began where it was meant to");
                }
                tx.leave();
                for consumer in [&mut rx, &mut other] {
                    let seen = consumer.expect();
                    assert_eq!((seen.num("got"), seen.num("closed")), (n as u64, 1));
                    consumer.leave();
                }
            }
        }
    }
}
