//! P6: whatever stands in the shared words, no peer panics, hangs or crashes.
//!
//! The helpers are built with overflow checks and debug assertions, so that every slip is a panic, which ends
//! them; the harness fails then.

use core::time::Duration;

use myelon::{Health, Snapshot};
use myelon_tests::segment::{Number, RECORDS, RECORDS_AT, Segment};
use myelon_tests::{Arena, Backend, Peer, Random, over_every_location};

/// A value that hurts.
fn poison(random: &mut Random) -> u64 {
    match random.below(8) {
        0 => 0,
        1 => u64::MAX,
        2 => 1 << random.below(64),
        3 => (1 << 62) + random.below(3) - 1,
        4 => u64::MAX - random.below(100),
        5 => random.below(200),
        6 => random.below(1 << 20),
        _ => random.word(),
    }
}

/// Writes into the pages that participants share: of one kind, or of all.
fn scribble(bytes: &Segment, random: &mut Random, regions: &[(u64, u64)]) {
    let (from, to) = *random.pick(regions);
    // Mostly where something stands.
    let length = if random.below(4) == 0 { to - from } else { (to - from).min(384) };
    bytes.set_word(from + 8 * random.below(length / 8), poison(random));
}

/// Takes any answer: only silence and death are wrong.
fn any(peer: &mut Peer, line: &str) {
    peer.tell(line);
    let _ = peer.answer();
}

/// The answer of a receive may be that events are wrong (somebody wrote into them), but never a crash.
fn run(arena: &Arena, kind: &str, rounds: u64, regions: impl Fn(&Segment) -> Vec<(u64, u64)>) {
    run_with(arena, kind, rounds, "", regions);
}

/// The same with more to be said to whoever creates.
fn run_with(
    arena: &Arena,
    kind: &str,
    rounds: u64,
    terms: &str,
    regions: impl Fn(&Segment) -> Vec<(u64, u64)>,
) {
    let mut random = Random::new();
    // Of a channel of messages, in bytes.
    let cap = if kind == "Log" { 65536 } else { 16 };
    for trial in 0..rounds {
        let spot = arena.spot(&format!("{kind}{trial}"));
        let at = spot.text();
        let (mut tx, mut rx, mut guest, mut tap) = (arena.peer(), arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!(
            "create type={kind} at={at} cap={cap} {terms} policy={}",
            random.pick(&["evict", "forever", "hold:1"])
        ));
        rx.ask(format!("attach type={kind} at={at} id=a"));
        tap.ask(format!("tap type={kind} at={at}"));
        tx.ask("publish n=10");
        let bytes = spot.bytes();
        let regions = regions(&bytes);
        let mut dead = arena.peer();
        for step in 0..40 {
            for _ in 0..=random.below(4) {
                scribble(&bytes, &mut random, &regions);
            }
            any(&mut tx, "publish n=3 limit=try form=mixed");
            any(&mut rx, "receive n=2 limit=try form=mixed tolerate=invalid,died");
            any(&mut tap, "read-tap n=5 now");
            match step % 8 {
                0 => any(&mut tx, "publish n=2 limit=within:2 form=slice run=5"),
                1 => any(&mut rx, "receive n=1 limit=within:2 form=batch tolerate=invalid,died"),
                2 => any(&mut tx, "ask-tx consumers=1 consumed=1 ms=2"),
                3 => any(&mut rx, "ask-rx"),
                4 => {
                    any(
                        &mut guest,
                        &format!(
                            "attach type={kind} at={at} id=b start={}",
                            random.pick(&["oldest", "latest", "resume"])
                        ),
                    );
                    any(&mut guest, "receive n=1 limit=try");
                    any(&mut guest, "detach what=rx");
                }
                5 => {
                    drop(Snapshot::take(spot.location()).map(|seen| seen.to_string()));
                    drop(Health::take(spot.location()).map(|seen| seen.to_string()));
                }
                6 => any(&mut guest, &format!("create type={kind} at={at} cap={cap}")),
                _ => {
                    any(&mut dead, &format!("attach type={kind} at={at} id=c"));
                    dead.kill();
                    dead = arena.peer();
                }
            }
        }
        // Its successor and those who come back meet the same.
        tx.kill();
        rx.kill();
        any(&mut guest, &format!("attach type={kind} at={at} id=a"));
        any(&mut guest, &format!("create type={kind} at={at} cap={cap} {terms}"));
        any(&mut guest, "publish n=3 limit=within:2");
        any(&mut guest, "receive n=3 limit=within:2 tolerate=invalid,died");
        any(&mut guest, "close what=rx");
        any(&mut guest, "close what=tx");
        guest.leave();
        if let Some(file) = arena.file_of(&format!("{kind}{trial}")) {
            let _ = std::fs::remove_file(file);
        }
    }
}

over_every_location! {
    fn random_words_in_the_control_page_never_panic(arena) {
        for kind in ["L24", "D8"] {
            run(arena, kind, 3, |bytes| vec![(bytes.number(Number::Control), bytes.number(Number::Producer))]);
        }
    }

    fn random_words_in_the_pages_of_consumers_never_panic(arena) {
        for kind in ["L24", "D8"] {
            run(arena, kind, 3, |bytes| {
                let (first, end) = (bytes.number(Number::Consumers), bytes.number(Number::Slots));
                let page = (end - first) / bytes.number(Number::MaxConsumers);
                (0..3).map(|index| (first + index * page, first + (index + 1) * page)).collect()
            });
        }
    }

    fn random_words_in_the_page_of_the_producer_never_panic(arena) {
        for kind in ["L24", "D8"] {
            run(arena, kind, 3, |bytes| vec![(bytes.number(Number::Producer), bytes.number(Number::Consumers))]);
        }
    }

    fn random_words_in_lifecycle_records_never_panic(arena) {
        for kind in ["L24", "Log"] {
            run(arena, kind, 2, |bytes| {
                let (first, end) = (bytes.number(Number::Consumers), bytes.number(Number::Slots));
                let page = (end - first) / bytes.number(Number::MaxConsumers);
                let pages = (0..3).map(|index| first + index * page).chain([bytes.number(Number::Producer)]);
                pages.map(|page| (page + RECORDS_AT, page + RECORDS_AT + RECORDS)).collect()
            });
        }
    }

    fn random_words_in_the_terms_of_required_consumers_never_panic(arena) {
        for (kind, policy) in [("L24", "stall=2 grace=1 failure=shutdown"), ("Log", "startup=2 death=evict")] {
            let terms = format!("required=a,c check=1 {policy}");
            run_with(arena, kind, 2, &terms, |bytes| {
                // Rows begin with the length of an id and its bytes; before the first one is why the stream ended.
                let rows = (bytes.number(Number::Producer)..bytes.number(Number::Consumers)).step_by(8);
                let is_row = |at: &u64| bytes.word(*at) == 1 && bytes.word(at + 8) == u64::from(b'a');
                let first = rows.clone().find(is_row).expect("the row of `a`");
                vec![(first - 128, first), (first, first + 256)]
            });
        }
    }

    fn random_words_anywhere_never_panic(arena) {
        for kind in ["L24", "D8", "LChecked", "DChecked"] {
            run(arena, kind, 2, |bytes| {
                let at = |number| bytes.number(number);
                vec![
                    (at(Number::Schema), at(Number::Control)),
                    (at(Number::Control), at(Number::Producer)),
                    (at(Number::Producer), at(Number::Consumers)),
                    (at(Number::Consumers), at(Number::Slots)),
                    (at(Number::Slots), at(Number::Total)),
                ]
            });
        }
    }

    fn a_consumer_page_that_is_scribbled_hurts_only_its_owner(arena) {
        let spot = arena.spot("owner");
        let at = spot.text();
        let (mut tx, mut victim, mut rx) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=D8 at={at} cap=16"));
        victim.ask(format!("attach type=D8 at={at} id=victim"));
        rx.ask(format!("attach type=D8 at={at} id=other"));
        tx.ask("publish n=8");
        let bytes = spot.bytes();
        // Its cursor claims what it has not read: it may be overrun, and nobody else is.
        for cursor in [u64::MAX, 1 << 62, 9] {
            bytes.set_word(bytes.number(Number::Consumers), cursor);
            assert_eq!(tx.ask("ask-tx").num("lag"), 8, "the other one is behind");
        }
        tx.refuse("publish n=100 limit=try form=value", &["gating: 1, lag: 16"]);
        assert_eq!(rx.ask("receive n=16").num("got"), 16);
        // A cursor that is far too low leaves no room, and is not taken for anything else.
        bytes.set_word(bytes.number(Number::Consumers), 0);
        tx.refuse("publish n=1 limit=within:10", &["TimedOut", "`victim`"]);
        victim.kill();
        tx.ask("publish n=1");
        tx.leave();
        rx.leave();
        if arena.backend() == Backend::Shm {
            arena.sweep();
        }
    }

    fn a_stream_that_makes_no_sense_is_an_error_and_not_a_spin(arena) {
        for kind in ["L24", "D8"] {
            let spot = arena.spot(kind);
            let at = spot.text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=a"));
            let bytes = spot.bytes();
            if kind == "L24" {
                // A stamp from the future, in the slot that is looked at next.
                bytes.set_word(bytes.slot(0) + 24, 1000);
            } else {
                bytes.set_word(bytes.number(Number::Producer), 1000);
            }
            rx.tell("receive");
            rx.expect_error(&["Corrupt { sequence: 0, found: 1000 }"]);
            rx.is_silent_for(Duration::from_millis(1));
            rx.leave();
            tx.kill();
            if let Some(file) = arena.file_of(kind) {
                let _ = std::fs::remove_file(file);
            }
        }
    }
}
