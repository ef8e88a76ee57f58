//! A consumer joins a running stream at any start, and sees everything from there on (R6).

use myelon_tests::{Random, over_every_location};

over_every_location! {
    fn every_start_is_where_it_says(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            let attach = |id: &str, start: &str| format!("attach type={kind} at={at} id={id} start={start}");
            assert_eq!(rx.ask(attach("a", "oldest")).num("next"), 0, "an empty stream");
            rx.ask("close what=rx");
            tx.ask("publish n=5");
            assert_eq!(rx.ask(attach("b", "oldest")).num("next"), 0, "nothing is overwritten yet");
            assert_eq!(rx.ask("receive n=5 form=lease").num("next"), 5);
            rx.ask("close what=rx");
            tx.ask("publish n=95");
            // 100 published, 16 slots, and a quarter of them may be under way.
            let oldest = 100 + 4 - 16;
            assert_eq!(rx.ask(attach("c", "oldest")).num("next"), oldest);
            assert_eq!(rx.ask("receive n=12 form=lease").num("next"), 100);
            rx.ask("close what=rx");
            assert_eq!(rx.ask(attach("d", "latest")).num("next"), 100);
            rx.ask("close what=rx");
            assert_eq!(rx.ask(format!("attach type={kind} at={at} id=e")).num("next"), 100, "a new id starts at the latest");
            rx.ask("close what=rx");
            for sequence in [oldest, 95, 100] {
                assert_eq!(rx.ask(attach("f", &format!("at:{sequence}"))).num("next"), sequence);
                if sequence < 100 {
                    rx.ask(format!("receive n={} form=mixed", 100 - sequence));
                }
                rx.ask("close what=rx");
            }
            rx.refuse(attach("g", "at:80"), &["Gone { at: 80, missed: 8, oldest: 88 }"]);
            rx.refuse(attach("h", "at:101"), &["Ahead { at: 101, published: 100 }"]);
            rx.refuse(attach("i", "resume"), &["NotKnown"]);
            // Nothing is left of the refused ones.
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            tx.ask("publish n=100 limit=try form=value");
            tx.leave();
            rx.leave();
        }
    }

    fn a_detached_consumer_resumes_where_it_stopped_or_learns_what_it_missed(arena) {
        for kind in ["L24", "D8"] {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16"));
            rx.ask(format!("attach type={kind} at={at} id=back"));
            tx.ask("publish n=10");
            rx.ask("receive n=7 form=lease");
            rx.ask("detach what=rx");
            for start in ["", "start=resume"] {
                assert_eq!(rx.ask(format!("attach type={kind} at={at} id=back {start}")).num("next"), 7);
                rx.ask("detach what=rx");
            }
            // It does not hold the producer back meanwhile.
            tx.ask("publish n=90 limit=try form=value");
            for start in ["", "start=resume"] {
                let error = rx.refuse(format!("attach type={kind} at={at} id=back {start}"), &["Evicted", "at: 7"]);
                assert!(error.contains("missed: 81"), "7 + 81 = 88, the oldest that is left: {error}");
            }
            assert_eq!(rx.ask(format!("attach type={kind} at={at} id=back start=oldest")).num("next"), 88);
            rx.ask("receive n=12 form=mixed");
            rx.leave();
            // It left for good: nothing is known of it.
            let mut rx = arena.peer();
            rx.refuse(format!("attach type={kind} at={at} id=back start=resume"), &["NotKnown"]);
            tx.leave();
        }
    }

    fn joining_under_load_never_misses_nor_tears_anything(arena) {
        for kind in ["L24", "D8", "L256"] {
            let mut random = Random::new();
            let at = arena.spot(kind).text();
            let (mut tx, mut steady, mut rx) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=32"));
            steady.ask(format!("attach type={kind} at={at} id=steady"));
            steady.tell("receive form=drain");
            let enough = arena.path(&format!("{kind}.enough"));
            tx.tell(format!("publish until=400000000 form=mixed run=7 till={}", enough.display()));
            let mut last = 0;
            for round in 0..200 {
                let start = random.pick(&["latest", "oldest", "at:0", "near"]);
                let start = match *start {
                    // A guess that is sometimes gone, sometimes ahead and sometimes right.
                    "near" => format!("at:{}", last + random.below(64)),
                    start => start.to_owned(),
                };
                rx.tell(format!("attach type={kind} at={at} id=guest-{} start={start}", round % 5));
                match rx.answer() {
                    Ok(_) => {
                        let some = 1 + random.below(200);
                        last = rx.ask(format!("receive n={some} form=mixed")).num("next");
                        rx.ask(*random.pick(&["close what=rx", "drop what=rx"]));
                    }
                    Err(error) if start.starts_with("at:") => {
                        assert!(error.contains("Gone") || error.contains("Ahead"), "{error}");
                        if let Some(published) = error.split("published: ").nth(1) {
                            last = published.split(' ').next().unwrap().parse().unwrap();
                        }
                    }
                    Err(error) => panic!("{start}: {error}"),
                }
            }
            std::fs::write(enough, "").unwrap();
            let end = tx.expect().num("next");
            tx.ask("close");
            assert_eq!(steady.expect().num("got"), end);
            steady.leave();
        }
    }

    fn a_consumer_waits_for_a_channel_that_is_not_there_yet(arena) {
        let at = arena.spot("later").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        rx.refuse(format!("attach type=L24 at={at} id=a"), &["NotFound", "attach_timeout"]);
        rx.refuse(format!("attach type=L24 at={at} id=a timeout=30"), &["NotFound", "within"]);
        rx.tell(format!("attach type=L24 at={at} id=a timeout=60000"));
        rx.is_silent_for(core::time::Duration::from_millis(30));
        tx.ask(format!("create type=L24 at={at}"));
        assert_eq!(rx.expect().num("next"), 0);
        tx.ask("publish n=3");
        tx.ask("close");
        assert_eq!(rx.ask("receive").num("got"), 3);
        rx.leave();
    }
}
