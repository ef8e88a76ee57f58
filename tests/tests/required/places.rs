//! A place is there before its consumer is, and stays when it leaves.

use myelon_tests::over_every_location;

use crate::stage::{KINDS, attach, capacity};

over_every_location! {
    fn the_first_event_waits_for_whoever_is_required(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap={} required=journal,risk", capacity(kind)));
            tx.refuse("publish n=100 len=16 form=value limit=try", &["Full", "next=8"]);
            let mut journal = attach(arena, kind, &at, "journal");
            assert_eq!(journal.ask("receive n=8 len=16").num("next"), 8);
            tx.refuse("publish n=1 len=16 form=value limit=try", &["Full", "next=8"]);
            let told = tx.ask("ask-tx");
            assert_eq!((told.text("id"), told.num("alive"), told.text("missing")), (Some("risk"), 0, Some("risk")));
            assert!(told.text("blocker").unwrap().contains("not attached"));
            let mut risk = attach(arena, kind, &at, "risk");
            assert_eq!(risk.ask("receive n=8 len=16").num("next"), 8);
            tx.ask("publish n=8 len=16 form=value limit=try");
            tx.ask("close");
            for rx in [&mut journal, &mut risk] {
                assert_eq!(rx.ask("receive len=16").num("got"), 8);
                rx.leave();
            }
        }
    }

    fn whoever_leaves_goes_on_where_it_stopped(arena) {
        for kind in KINDS {
            for end in ["close", "detach", "drop"] {
                let at = arena.spot(&format!("{kind}{end}")).text();
                let mut tx = arena.peer();
                tx.ask(format!("create type={kind} at={at} cap={} required=journal", capacity(kind)));
                tx.ask("publish n=8 len=16 form=value limit=try");
                let mut journal = attach(arena, kind, &at, "journal");
                journal.ask("receive n=3 len=16 form=lease");
                journal.ask(format!("{end} what=rx"));
                tx.ask("publish n=3 len=16 form=value limit=try");
                tx.refuse("publish n=1 len=16 form=value limit=try", &["Full", "next=11"]);
                let mut again = arena.peer();
                assert_eq!(again.ask(format!("attach type={kind} at={at} id=journal")).num("next"), 3);
                tx.ask("close");
                assert_eq!(again.ask("receive len=16").num("next"), 11);
                again.leave();
            }
        }
    }

    fn whoever_asks_for_another_start_may_have_all_that_its_place_kept(arena) {
        for kind in KINDS {
            for (start, next) in [("oldest", 0), ("at:0", 0), ("at:1", 1), ("latest", 8)] {
                let at = arena.spot(&format!("{kind}{}", start.replace(':', ""))).text();
                let (mut tx, mut journal) = (arena.peer(), arena.peer());
                tx.ask(format!("create type={kind} at={at} cap={} required=journal", capacity(kind)));
                tx.ask("publish n=8 len=16 form=value limit=try");
                // The ring is full: to anybody else the first ones are gone.
                let mut other = arena.peer();
                other.refuse(format!("attach type={kind} at={at} id=other start=at:0"), &["Gone"]);
                let attach = format!("attach type={kind} at={at} id=journal start=");
                assert_eq!(journal.ask(format!("{attach}{start}")).num("next"), next, "{kind} {start}");
                assert_eq!(journal.ask("receive until=8 len=16 form=lease").num("next"), 8);
                tx.ask("publish n=8 len=16 form=value limit=try");
                journal.ask("receive n=3 len=16 form=lease");
                tx.ask("publish n=3 len=16 form=value limit=try");
                journal.kill();
                let mut again = arena.peer();
                again.refuse(format!("{attach}at:10"), &["Gone { at: 10, missed: 1, oldest: 11 }"]);
                assert_eq!(again.ask(format!("{attach}oldest")).num("next"), 11, "{kind} {start}");
                tx.leave();
                assert_eq!(again.ask("receive len=16").num("next"), 19);
                again.leave();
                other.leave();
            }
        }
    }

    fn a_killed_one_is_waited_for_and_goes_on_where_it_stopped(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap={} required=journal", capacity(kind)));
            tx.ask("publish n=8 len=16 form=value limit=try");
            let mut journal = attach(arena, kind, &at, "journal");
            journal.ask("receive n=3 len=16 form=lease");
            journal.kill();
            tx.tell("publish n=100 len=16 form=value");
            tx.is_silent_for(core::time::Duration::from_millis(100));
            let mut again = arena.peer();
            assert_eq!(again.ask(format!("attach type={kind} at={at} id=journal")).num("next"), 3);
            assert_eq!(again.ask("receive n=105 len=16").num("next"), 108);
            tx.expect();
            tx.leave();
            assert_eq!(again.ask("receive len=16").num("closed"), 1);
            again.leave();
        }
    }

    fn a_successor_keeps_the_places_and_makes_those_that_are_missing(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={}", capacity(kind));
            let (mut first, mut second) = (arena.peer(), arena.peer());
            first.ask(format!("{create} required=journal"));
            first.ask("publish n=5 len=16 form=value");
            first.kill();
            assert_eq!(second.ask(format!("{create} required=journal,risk")).num("next"), 5);
            second.refuse("publish n=100 len=16 form=value limit=try", &["Full", "next=8"]);
            let mut journal = attach(arena, kind, &at, "journal");
            assert_eq!(journal.ask("receive n=8 len=16").num("next"), 8);
            second.ask("publish n=5 len=16 form=value limit=try");
            second.refuse("publish n=1 len=16 form=value limit=try", &["Full", "next=13"]);
            let mut risk = arena.peer();
            assert_eq!(risk.ask(format!("attach type={kind} at={at} id=risk")).num("next"), 5);
            second.leave();
            for rx in [&mut journal, &mut risk] {
                assert_eq!(rx.ask("receive len=16").num("next"), 13);
                rx.leave();
            }
        }
    }

    fn a_killed_producer_costs_nobody_a_place_and_a_successor_may_require_nobody(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={}", capacity(kind));
            let (mut first, mut second) = (arena.peer(), arena.peer());
            first.ask(format!("{create} required=journal,risk"));
            let mut journal = attach(arena, kind, &at, "journal");
            first.ask("publish n=5 len=16 form=value");
            first.kill();
            journal.refuse("receive len=16", &["ProducerDied", &format!("pid: {}", first.pid())]);
            second.ask(&create);
            journal.ask("close what=rx");
            second.ask("publish n=100 len=16 form=value limit=try");
            second.leave();
        }
    }
}
