//! The slowest consumer holds the producer back, also in the middle of a message: nothing is overwritten, who gives up uses up
//! one number, and whoever is in the way is named, in messages and bytes.

use myelon_tests::course::{Course, UNIT, wait_until_published};
use myelon_tests::over_every_location;

use crate::halt::{EMPTY, LONG, RING};

const FORMS: [&str; 6] = ["value", "with", "slice", "batch", "claim", "kind"];
const LIMITS: [&str; 2] = ["within:30", "by:30"];

over_every_location! {
    fn a_full_ring_refuses_every_form_and_takes_what_becomes_free(arena) {
        let at = arena.spot("full").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=slow"));
        // Four units each: sixteen of them.
        tx.ask("publish n=16 form=mixed len=48");
        for form in FORMS {
            let full = "Full { gating: 0, lag: 16, lag_bytes: 1024 }";
            tx.refuse(format!("publish n=1 form={form} limit=try len=0"), &[full, "next=16"]);
            for limit in LIMITS {
                let named = ["TimedOut", "`slow`", "lag: 16, lag_bytes: 1024", "16 behind (1024 bytes)", "next=16"];
                tx.refuse(format!("publish n=1 form={form} limit={limit} len=0"), &named);
            }
        }
        for round in 0..40 {
            let some = 1 + round % 16;
            rx.ask(format!("receive n={some} form=lease len=48"));
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("lag"), told.num("free")), (16 - some, some * 64));
            tx.ask(format!("publish n={some} form=value limit=try len=48"));
            tx.refuse("publish n=1 limit=try len=0", &["Full"]);
        }
        tx.ask("close");
        assert_eq!(rx.ask("receive form=drain len=48").num("got"), 16);
        rx.leave();
    }

    fn one_who_does_not_wait_begins_no_message_that_does_not_fit(arena) {
        let spot = arena.spot("fits");
        let at = spot.text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=slow"));
        // The longest that fits: from every start, so that padding counts too.
        let mut course = Course::new(RING);
        for sequence in 0..EMPTY {
            let begins = course.at();
            let fits = |len: &u64| {
                let mut longer = course.clone();
                longer.publish(*len);
                longer.at() <= begins + RING / UNIT
            };
            let most = (1..RING).rev().find(fits).unwrap();
            assert!(most > course.largest(), "cut");
            let next = format!("next={}", 2 * sequence);
            for len in [most + 1, RING, 3 * RING] {
                for form in FORMS {
                    tx.refuse(format!("publish n=1 form={form} limit=try len={len}"), &["Full", "lag: 0", &next]);
                }
                assert_eq!(spot.bytes().published(), begins, "nothing was written");
            }
            tx.ask(format!("publish n=1 form={} limit=try len={most}", FORMS[sequence as usize % FORMS.len()]));
            course.publish(most);
            assert_eq!(spot.bytes().published(), course.at());
            rx.ask(format!("receive n=1 form=lease len={most}"));
            // On to the next start.
            tx.ask("publish n=1 form=value limit=try len=0");
            course.publish(0);
            rx.ask("receive n=1 form=lease len=0");
        }
        tx.leave();
        assert_eq!(rx.ask("receive").num("got"), 0);
        rx.leave();
    }

    fn who_gives_up_inside_of_a_message_uses_up_its_number(arena) {
        for form in ["value", "with", "slice", "batch", "kind"] {
            for limit in LIMITS {
                let spot = arena.spot(&format!("{form}{}", limit.replace(':', "")));
                let at = spot.text();
                let (mut tx, mut quick, mut slow) = (arena.peer(), arena.peer(), arena.peer());
                tx.ask(format!("create type=Log at={at} cap={RING}"));
                quick.ask(format!("attach type=Log at={at} id=quick"));
                slow.ask(format!("attach type=Log at={at} id=slow"));
                tx.ask("publish n=2 form=value len=10");
                quick.ask("receive n=2 form=lease len=10");
                quick.tell(format!("receive form=mixed tolerate=incomplete len=10,10,{LONG},10,10"));
                let parts = ["TimedOut", "`slow`", "alive: true", "next=3"];
                tx.refuse(format!("publish n=1 form={form} limit={limit} len={LONG}"), &parts);
                // Another one: it is the same as long as nothing moves, but no message was begun.
                let short = tx.refuse("publish n=1 form=value limit=try len=200", &["Full { gating: 1, lag: 3", "next=3"]);
                assert!(!short.contains("Incomplete"));
                tx.tell("publish n=2 form=value len=10");
                let seen = slow.ask(format!("receive n=5 form=mixed tolerate=incomplete len=10,10,{LONG},10,10"));
                assert_eq!((seen.num("got"), seen.text("skipped"), seen.num("next")), (4, Some("2"), 5));
                tx.expect();
                tx.leave();
                let seen = quick.expect();
                assert_eq!((seen.num("got"), seen.text("skipped"), seen.num("closed")), (2, Some("2"), 1));
                assert_eq!(slow.ask("receive").num("closed"), 1);
                quick.leave();
                slow.leave();
            }
        }
    }

    fn a_slice_that_stops_inside_of_a_message_says_how_many_went_in(arena) {
        let at = arena.spot("slice").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=slow"));
        let run = format!("n=4 run=4 len=10,10,{LONG},10");
        tx.refuse(format!("publish form=slice limit=within:30 {run}"), &["published: 2", "TimedOut", "next=3"]);
        rx.ask("receive n=2 form=lease len=10");
        rx.tell("receive n=1 len=10");
        tx.ask("publish n=1 form=value len=10");
        rx.expect_error(&["Incomplete { sequence: 2 }"]);
        tx.leave();
        assert_eq!(rx.ask("receive len=10").num("got"), 1);
        rx.leave();
    }

    fn a_waiting_producer_goes_on_when_room_appears(arena) {
        for len in [200, 400, LONG] {
            let spot = arena.spot(&format!("goes{len}"));
            let at = spot.text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap={RING}"));
            rx.ask(format!("attach type=Log at={at} id=slow"));
            tx.tell(format!("publish n=30 form=value len={len}"));
            let mut course = Course::new(RING);
            for _ in 0..30 {
                course.publish(len);
            }
            wait_until_published(&spot, course.stall(0));
            for _ in 0..30 {
                rx.ask(format!("receive n=1 form=lease len={len}"));
            }
            tx.expect();
            assert_eq!(spot.bytes().published(), course.at());
            tx.leave();
            rx.leave();
        }
    }

    fn without_consumers_nobody_is_waited_for(arena) {
        let at = arena.spot("alone").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        tx.ask(format!("publish n=5000 form=mixed limit=try run=3 len=0,100,{LONG},224,225"));
        let told = tx.ask("ask-tx");
        assert_eq!((told.num("lag"), told.num("free"), told.num("attached")), (0, RING, 0));
        tx.leave();
    }

    fn the_slowest_of_three_gates_and_both_ends_tell_by_how_much(arena) {
        let at = arena.spot("three").text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        let mut consumers = [arena.peer(), arena.peer(), arena.peer()];
        for (index, rx) in consumers.iter_mut().enumerate() {
            rx.ask(format!("attach type=Log at={at} id=c{index}"));
        }
        // Three units each.
        tx.ask("publish n=10 form=mixed len=30");
        for (received, rx) in [10, 3, 7].into_iter().zip(&mut consumers) {
            rx.ask(format!("receive n={received} form=lease len=30"));
            let told = rx.ask("ask-rx");
            let (lag, bytes) = (10 - received, (10 - received) * 48);
            assert_eq!((told.num("next"), told.num("lag"), told.num("lag_bytes")), (received, lag, bytes));
            assert_eq!((told.num("free"), told.num("capacity")), (RING - bytes, RING));
        }
        let told = tx.ask("ask-tx");
        assert_eq!((told.num("lag"), told.num("lag_bytes"), told.num("free")), (7, 7 * 48, RING - 7 * 48));
        assert!(!told.has("blocker"), "there is room, so nobody is in the way");
        tx.refuse("publish n=100 form=value limit=try len=30", &["gating: 1", "lag_bytes: 10"]);
        // The slowest leaves: the next one gates.
        consumers[1].ask("close what=rx");
        tx.refuse("publish n=100 form=value limit=try len=30", &["gating: 2", "lag_bytes: 10"]);
        tx.ask("close");
        for rx in [0, 2] {
            consumers[rx].ask("receive len=30");
            consumers[rx].leave();
        }
    }

    fn a_lease_or_a_batch_in_hand_is_never_written_over(arena) {
        let at = arena.spot("holds").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING}"));
        rx.ask(format!("attach type=Log at={at} id=holds"));
        // Fourteen units each, and padding: four go in.
        tx.ask("publish n=3 form=value len=200");
        rx.ask("hold what=rx len=200");
        tx.refuse("publish n=100 limit=try form=value len=200", &["Full", "next=4"]);
        // The helper compares the leased message again here.
        assert_eq!(rx.ask("release").num("next"), 1);
        tx.refuse("publish n=100 limit=try form=value len=200", &["Full", "next=5"]);
        // A batch that yields two of its messages gives back those two.
        let held = rx.ask("hold what=rx form=batch take=2 len=200");
        assert_eq!(held.num("first"), 1);
        tx.refuse("publish n=100 limit=try form=value len=200", &["Full", "next=5"]);
        assert_eq!(rx.ask("release").num("next"), 3);
        tx.refuse("publish n=100 limit=try form=value len=200", &["Full", "next=7"]);
        // What is forgotten is released by the next receive.
        rx.ask("hold what=rx len=200");
        rx.ask("forget");
        tx.refuse("publish n=1 limit=try form=value len=200", &["Full", "next=7"]);
        rx.ask("hold what=rx form=batch take=2 len=200");
        rx.ask("forget");
        rx.ask("receive n=1 form=lease len=200");
        tx.refuse("publish n=100 limit=try form=value len=200", &["Full", "next=11"]);
        tx.ask("close");
        assert_eq!(rx.ask("receive len=200").num("next"), 11);
        rx.leave();
    }
}
