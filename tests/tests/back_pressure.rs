//! The slowest consumer holds the producer back; nothing is overwritten and nothing is lost.

use core::time::Duration;

use myelon_tests::over_every_location;

const KINDS: [&str; 2] = ["L24", "D8"];

over_every_location! {
    fn a_full_ring_refuses_and_takes_as_many_as_become_free(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=8"));
            rx.ask(format!("attach type={kind} at={at} id=slow"));
            tx.ask("publish n=8 form=mixed");
            for form in ["value", "with", "slice", "batch", "claim", "uninit"] {
                tx.refuse(format!("publish n=1 form={form} limit=try"), &["Full", "gating: 0, lag: 8", "next=8"]);
                tx.refuse(format!("publish n=1 form={form} limit=within:10"), &["TimedOut", "`slow`", "next=8"]);
                tx.refuse(format!("publish n=1 form={form} limit=by:10"), &["TimedOut", "`slow`", "next=8"]);
            }
            for round in 0..40 {
                let some = 1 + round % 8;
                rx.ask(format!("receive n={some} form=lease"));
                tx.ask(format!("publish n={some} form=value limit=try"));
                tx.refuse("publish n=1 limit=try", &["Full"]);
            }
            tx.ask("close");
            assert_eq!(rx.ask("receive form=drain").num("got"), 8);
            rx.leave();
        }
    }

    fn a_waiting_producer_goes_on_when_room_appears(arena) {
        for (kind, capacity) in [("L24", 1), ("D8", 1), ("L24", 64), ("D8", 64)] {
            let at = arena.spot(&format!("{kind}{capacity}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap={capacity}"));
            rx.ask(format!("attach type={kind} at={at} id=slow"));
            tx.ask(format!("publish n={capacity}"));
            for _ in 0..5 {
                tx.tell("publish n=1");
                tx.is_silent_for(Duration::from_millis(20));
                rx.ask("receive n=1 form=lease");
                tx.expect();
            }
            tx.ask("close");
            assert_eq!(rx.ask("receive").num("got"), capacity);
            rx.leave();
        }
    }

    fn a_slice_goes_in_as_far_as_there_is_room_and_says_how_far(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=slow"));
            tx.refuse("publish n=100 form=slice run=100 limit=try", &["published: 16", "Full", "next=16"]);
            rx.ask("receive n=5 form=lease");
            tx.refuse("publish n=100 form=batch run=100 limit=within:10", &["published: 5", "TimedOut", "next=21"]);
            // One that waits goes in while the consumer reads, although it is many times the ring.
            tx.tell("publish n=1000 form=slice run=1000");
            assert_eq!(rx.ask("receive n=1000 form=lease").num("next"), 1005);
            assert_eq!(tx.expect().num("next"), 1021);
            tx.ask("close");
            assert_eq!(rx.ask("receive").num("got"), 16);
            rx.leave();
        }
    }

    fn without_consumers_nobody_is_waited_for(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap=4"));
            tx.ask("publish n=10000 form=mixed limit=try run=3");
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("lag"), told.num("free"), told.num("attached")), (0, 4, 0));
            tx.leave();
        }
    }

    fn the_slowest_of_three_gates_and_both_ends_tell_by_how_much(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap=16"));
            let mut consumers = [arena.peer(), arena.peer(), arena.peer()];
            for (index, rx) in consumers.iter_mut().enumerate() {
                rx.ask(format!("attach type={kind} at={at} id=c{index}"));
            }
            tx.ask("publish n=10");
            for (received, rx) in [10, 3, 7].into_iter().zip(&mut consumers) {
                rx.ask(format!("receive n={received} form=lease"));
                let told = rx.ask("ask-rx");
                assert_eq!((told.num("next"), told.num("lag"), told.num("free")), (received, 10 - received, 6 + received));
                assert_eq!(told.num("capacity"), 16);
            }
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("lag"), told.num("free"), told.num("attached")), (7, 9, 3));
            assert!(!told.has("blocker"), "there is room, so nobody is in the way");
            tx.ask("publish n=9 limit=try form=value");
            assert_eq!(tx.ask("ask-tx").text("id"), Some("c1"));
            tx.refuse("publish n=1 limit=try", &["gating: 1, lag: 16"]);
            // The slowest leaves: the next one gates.
            consumers[1].ask("close what=rx");
            tx.ask("publish n=4 limit=try form=value");
            assert_eq!(tx.ask("ask-tx").text("id"), Some("c2"));
            tx.leave();
            for rx in [0, 2] {
                consumers[rx].ask("receive");
                consumers[rx].leave();
            }
        }
    }

    fn a_lease_or_a_batch_in_hand_is_never_written_over(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=8"));
            rx.ask(format!("attach type={kind} at={at} id=holds"));
            tx.ask("publish n=3");
            rx.ask("hold what=rx");
            tx.refuse("publish n=100 limit=try form=value", &["Full", "next=8"]);
            // The helper compares the leased event again here.
            assert_eq!(rx.ask("release").num("next"), 1);
            tx.refuse("publish n=100 limit=try form=value", &["Full", "next=9"]);
            // A batch that yields two of its events gives back those two.
            let held = rx.ask("hold what=rx form=batch take=2");
            assert_eq!((held.num("first"), held.num("left")), (1, 6));
            tx.refuse("publish n=100 limit=try form=value", &["Full", "next=9"]);
            assert_eq!(rx.ask("release").num("next"), 3);
            tx.refuse("publish n=100 limit=try form=value", &["Full", "next=11"]);
            tx.ask("close");
            assert_eq!(rx.ask("receive").num("got"), 8);
            rx.leave();
        }
    }

    fn a_forgotten_lease_or_batch_is_released_by_the_next_receive(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=4"));
            rx.ask(format!("attach type={kind} at={at} id=forgets"));
            tx.ask("publish n=4");
            rx.ask("hold what=rx");
            assert_eq!(rx.ask("forget").num("next"), 1);
            tx.refuse("publish n=1 limit=try", &["Full"]);
            rx.ask("hold what=rx form=batch take=2");
            assert_eq!(rx.ask("forget").num("next"), 3);
            tx.ask("publish n=1 limit=try");
            assert_eq!(rx.ask("receive n=2 form=lease").num("next"), 5);
            tx.ask("publish n=4 limit=try form=value");
            tx.leave();
            assert_eq!(rx.ask("receive").num("got"), 4);
            rx.leave();
        }
    }

    fn a_claim_that_is_dropped_or_forgotten_publishes_nothing(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=4"));
            rx.ask(format!("attach type={kind} at={at} id=sees"));
            for (claimed, end, next) in [(0, "release", 0), (0, "forget", 0), (0, "publish", 1), (1, "release", 1)] {
                assert_eq!(tx.ask("hold").num("claimed"), claimed);
                assert_eq!(tx.ask(end).num("next"), next);
            }
            tx.ask("publish n=2");
            tx.leave();
            assert_eq!(rx.ask("receive form=lease").num("got"), 3);
            rx.leave();
        }
    }

    fn a_panic_in_a_closure_publishes_nothing_and_harms_nothing(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=sees"));
            for place in ["with", "claim", "uninit"] {
                assert_eq!(tx.ask(format!("crash in={place} how=panic")).num("next"), 0);
            }
            // In a batch of 12, panicking at index 6: what went in before are whole runs, a quarter of the ring each
            // at most, and not the run of that index.
            let next = tx.ask("crash in=batch n=12 index=6 how=panic").num("next");
            assert!((3..=6).contains(&next), "{next}");
            tx.ask("publish until=16 limit=try form=value");
            // A drain whose handler panics: the event it panicked at counts as received.
            assert_eq!(rx.ask("crash what=rx in=drain at=5 how=panic").num("next"), 6);
            assert_eq!(rx.ask("crash what=rx in=lease how=panic").num("next"), 7);
            assert_eq!(rx.ask("crash what=rx in=batch at=8 how=panic").num("next"), 9);
            tx.ask("close");
            assert_eq!(rx.ask("receive").num("got"), 7);
            rx.leave();
        }
    }
}
