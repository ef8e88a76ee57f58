//! Messages of every length at which something changes: units, records, fragments, the ring, the longest message.

use myelon_tests::over_every_location;

/// Ring sizes, and the longest message over each.
const RINGS: [(u64, u64); 3] = [(256, 5_000), (4096, 20_000), (1 << 20, 3 << 20)];

/// Every length around a limit of a ring of `capacity` bytes.
fn lengths(capacity: u64, most: u64) -> Vec<u64> {
    // A record spans a quarter of the ring, with two units for its header.
    let record = capacity / 4 - 32;
    let limits = [
        // Units and lines.
        vec![0, 1, 8, 16, 32, 48, 64, 128],
        // Records, and messages of that many full fragments.
        (1..=5).map(|fragments| fragments * record).collect(),
        // What can stay in the ring while it is joined, the ring, several rings.
        vec![capacity / 4, capacity / 2, capacity, 2 * capacity, 3 * capacity],
        vec![most],
    ];
    let around = limits.concat().into_iter().flat_map(|limit| limit.saturating_sub(1)..=limit + 1);
    let mut lengths: Vec<_> = around.filter(|length| *length <= most).collect();
    lengths.sort_unstable();
    lengths.dedup();
    // Not in order: long ones between short ones.
    let half = lengths.len() / 2;
    let (short, long) = lengths.split_at(half);
    short.iter().zip(long).flat_map(|(short, long)| [*short, *long]).chain(long.last().copied()).collect()
}

over_every_location! {
    fn every_length_around_every_limit_arrives_whole_in_every_form(arena) {
        for (capacity, most) in RINGS {
            let at = arena.spot(&format!("c{capacity}")).text();
            let lengths = lengths(capacity, most);
            assert!(lengths.len() > 30 && lengths.contains(&most), "{lengths:?}");
            let len = lengths.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap={capacity} max={most}"));
            rx.ask(format!("attach type=Log at={at} id=every-form max={most}"));
            other.ask(format!("attach type=Log at={at} id=leases max={most}"));
            let told = tx.ask("ask-tx consumers=2");
            let record = capacity / 4 - 32;
            assert_eq!((told.num("max_record"), told.num("max_message")), (record, most));
            rx.tell(format!("receive form=mixed limit=any len={len}"));
            other.tell(format!("receive form=lease len={len}"));
            // Each length in each form, and more often: the number of forms and of lengths may have a common factor.
            let n = lengths.len() as u64 * if capacity > 1 << 16 { 7 } else { 60 };
            tx.ask_beside(format!("publish n={n} form=mixed limit=any run=5 len={len}"), &mut [&mut rx, &mut other]);
            tx.ask("close");
            let fragmented = lengths.iter().filter(|length| **length > record).count() as u64;
            for consumer in [&mut rx, &mut other] {
                let seen = consumer.expect();
                assert_eq!((seen.num("got"), seen.num("closed")), (n, 1), "{capacity}");
                assert_eq!(seen.num("joined"), fragmented * (n / lengths.len() as u64), "only what is too long is cut");
                consumer.leave();
            }
        }
    }

    fn one_byte_more_than_the_longest_is_refused_and_nothing_is_published(arena) {
        for (capacity, most) in RINGS {
            let at = arena.spot(&format!("c{capacity}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap={capacity} max={most}"));
            rx.ask(format!("attach type=Log at={at} id=a max={most}"));
            let refused = format!("TooLarge {{ len: {}, max: {most} }}", most + 1);
            for form in ["value", "with", "slice", "batch", "kind"] {
                for limit in ["block", "try", "within:9", "by:9"] {
                    tx.refuse(
                        format!("publish n=1 form={form} limit={limit} len={}", most + 1),
                        &[&refused, "next=0"],
                    );
                }
            }
            // A claim is in one piece.
            let record = capacity / 4 - 32;
            let refused = format!("TooLarge {{ len: {}, max: {record} }}", record + 1);
            tx.refuse(format!("hold max={}", record + 1), &[&refused]);
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("lag_bytes"), told.num("next")), (0, 0), "nothing was written");
            rx.refuse("receive limit=try", &["Empty"]);
            // And the channel is as good as new.
            tx.tell(format!("publish n=2 len={most}"));
            assert_eq!(rx.ask(format!("receive n=2 form=lease len={most}")).num("next"), 2);
            tx.expect();
            tx.leave();
            rx.leave();
        }
    }

    fn a_longest_message_below_a_record_bounds_that_too(arena) {
        let at = arena.spot("short").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap=4096 max=100"));
        rx.ask(format!("attach type=Log at={at} id=a max=100"));
        assert_eq!(tx.ask("ask-tx").num("max_record"), 100);
        tx.refuse("publish n=1 len=101", &["TooLarge { len: 101, max: 100 }"]);
        tx.refuse("hold max=101", &["TooLarge { len: 101, max: 100 }"]);
        tx.ask("publish n=6 form=mixed len=99,100");
        assert_eq!(rx.ask("receive n=6 form=mixed len=99,100").num("joined"), 0);
        tx.leave();
        rx.leave();
    }

    fn a_consumer_that_takes_less_is_told_of_longer_messages_and_goes_on(arena) {
        let at = arena.spot("less").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap=1024 max=5000"));
        rx.ask(format!("attach type=Log at={at} id=frugal max=1500"));
        rx.tell("receive form=mixed tolerate=toolong len=10,1501,300,5000,1500,4000,4000");
        tx.ask("publish n=70 form=mixed len=10,1501,300,5000,1500,4000,4000");
        tx.ask("close");
        let seen = rx.expect();
        assert_eq!((seen.num("got"), seen.num("toolong"), seen.num("joined")), (30, 40, 20));
        let skipped: Vec<_> = (0..70_u64).filter(|at| [1, 3, 5, 6].contains(&(at % 7))).map(|at| at.to_string()).collect();
        assert_eq!(seen.text("skipped"), Some(&*skipped.join(",")));
        rx.leave();
        // The text says what to do.
        let at = arena.spot("told").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap=4096 max=5000"));
        rx.ask(format!("attach type=Log at={at} id=frugal max=1500"));
        tx.ask("publish n=1 len=2000");
        rx.refuse("receive len=2000", &["TooLong { sequence: 0, len: 2000, max: 1500 }", "`max_message`"]);
        tx.leave();
        rx.leave();
    }
}
