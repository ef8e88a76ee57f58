//! P2: a process may be killed at any instruction. The others go on or are told, and nothing needs cleaning up.

use core::time::Duration;

use myelon_tests::journal::Word;
use myelon_tests::killing::{self, Script, at_a_random_moment, come_back, follow, journal, kill_either_end};
use myelon_tests::process::wait_until;
use myelon_tests::system::signal;
use myelon_tests::{Backend, Random, over_every_location};
use rustix::process::Signal;

/// Room for every event that a producer could publish in the time.
const ROOM: u64 = 512 << 20;
const KINDS: [&str; 2] = ["L24", "D8"];
/// Ways to receive.
const FORMS: [&str; 5] = ["lease", "drain", "batch", "slices", "mixed"];

over_every_location! {
    fn a_consumer_killed_at_random_and_held_for_ever_loses_nothing(arena) {
        for kind in KINDS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap=64 policy=forever"));
            tx.ask("stop-on-signal what=tx");
            tx.tell("publish until=400000000 form=mixed run=11");
            for round in 0..60 {
                let mut rx = arena.peer();
                if round == 0 {
                    // Before there is a consumer, the producer runs ahead.
                    let joined = rx.ask(format!("attach type={kind} at={at} id=victim start=oldest"));
                    journal.set(Word::Handled, joined.num("next"));
                    journal.set(Word::Beat, joined.num("next"));
                } else {
                    let resumed = rx.ask(format!("attach type={kind} at={at} id=victim")).num("next");
                    come_back(&journal, resumed);
                }
                rx.tell(format!("receive form={} journal={path}", random.pick(&FORMS)));
                at_a_random_moment(&mut rx, &mut random);
                rx.kill();
                assert_eq!(journal.get(Word::Torn), 0, "torn or out of order");
            }
            // The dead one holds the producer: it waits, until it is told to stop.
            signal(tx.pid(), Signal::USR1);
            let error = tx.expect_error(&["Stopped", "next="]);
            let end: u64 = error.rsplit("next=").next().unwrap().trim().parse().unwrap();
            let mut rx = arena.peer();
            rx.ask(format!("attach type={kind} at={at} id=victim"));
            rx.ask(format!("receive until={end} journal={path}"));
            tx.ask("close");
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
            let first = journal.get(Word::Beat);
            assert!((first..end).all(|sequence| journal.times(sequence) >= 1), "an event is missing");
        }
    }

    fn what_an_evicted_consumer_received_and_missed_adds_up(arena) {
        for kind in KINDS {
            let mut random = Random::new();
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap=64 policy=evict"));
            let (progress, progress_path) = killing::journal(arena, &format!("{kind}.progress"), ROOM);
            tx.tell(format!("publish until=400000000 form=mixed run=5 slow=150 journal={progress_path}"));
            // What it handled, in order: from, to.
            let mut spans: Vec<(u64, u64)> = Vec::new();
            let mut evicted = 0;
            for _ in 0..50 {
                let mut rx = arena.peer();
                rx.tell(format!("attach type={kind} at={at} id=victim"));
                let answer = rx.answer();
                let was_told = answer.is_err();
                let from = match answer {
                    Ok(joined) => joined.num("next"),
                    Err(error) => {
                        assert!(error.contains("Evicted"), "{error}");
                        evicted += 1;
                        let number = |key: &str| -> u64 {
                            let text = error.split(key).nth(1).unwrap();
                            text.split([',', ' ']).next().unwrap().parse().unwrap()
                        };
                        let (stopped, missed) = (number("at: "), number("missed: "));
                        let (_, handled) = spans.last().unwrap();
                        assert!(stopped <= *handled && missed > 0, "{error}");
                        assert!(handled - stopped <= journal.get(Word::InHand).max(1), "{error}");
                        let from = rx.ask(format!("attach type={kind} at={at} id=victim start=oldest")).num("next");
                        assert!(from >= stopped + missed, "it missed {missed} from {stopped} on, and got {from}");
                        from
                    }
                };
                if let Some((_, handled)) = spans.last() {
                    assert!(from <= *handled || was_told, "missed {handled}..{from} without a word");
                }
                journal.set(Word::Handled, from);
                rx.tell(format!("receive form={} journal={path}", random.pick(&FORMS)));
                at_a_random_moment(&mut rx, &mut random);
                rx.kill();
                assert_eq!(journal.get(Word::Torn), 0, "torn or out of order");
                let handled = journal.get(Word::Handled);
                spans.push((from, handled));
                if random.below(2) == 0 {
                    // Back too late, else perhaps in time.
                    wait_until("the producer goes on", || progress.get(Word::Published) > handled + 64);
                }
            }
            assert!(evicted > 0, "nobody was ever let go");
            tx.kill();
            let mut next = arena.peer();
            next.ask(format!("create type={kind} at={at} cap=64 policy=evict"));
            next.ask("close");
            for pair in spans.windows(2) {
                let ((from, to), (back, _)) = (pair[0], pair[1]);
                assert!((from..to).all(|sequence| journal.times(sequence) > 0), "received {from}..{to}");
                assert!((to..back).all(|sequence| journal.times(sequence) == 0), "missed {to}..{back}");
            }
        }
        arena.sweep();
    }

    fn a_producer_killed_at_random_is_followed_in_sequence(arena) {
        for kind in KINDS {
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let spot = arena.spot(kind);
            let at = spot.text();
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            let create = format!("create type={kind} at={at} cap=64");
            tx.ask(&create);
            rx.ask(format!("attach type={kind} at={at} id=a start=oldest"));
            other.ask(format!("attach type={kind} at={at} id=b start=oldest"));
            rx.tell("receive form=mixed limit=any tolerate=died");
            other.tell("receive form=drain tolerate=died");
            let publish = format!("publish until=400000000 form=mixed run=17 journal={path}");
            follow(arena, &mut tx, &journal, &create, &publish, 60);
            let end = tx.ask("publish n=100 form=mixed").num("next");
            tx.ask("close");
            for consumer in [&mut rx, &mut other] {
                let seen = consumer.expect();
                assert_eq!((seen.num("got"), seen.num("closed")), (end, 1));
                assert!(seen.num("died") <= 60, "a death is told once");
                consumer.leave();
            }
        }
    }

    fn either_end_killed_at_random_again_and_again(arena) {
        for kind in KINDS {
            let (journal, path) = journal(arena, &format!("{kind}.journal"), ROOM);
            let at = arena.spot(kind).text();
            let script = Script {
                create: format!("create type={kind} at={at} cap=32 policy=forever"),
                attach: format!("attach type={kind} at={at} id=victim"),
                publish: "publish until=400000000 form=mixed run=7".into(),
                receive: format!("receive form=mixed journal={path} tolerate=died"),
            };
            let end = kill_either_end(arena, &journal, &script, 60);
            assert!((0..end).all(|sequence| journal.times(sequence) >= 1), "an event is missing");
        }
    }

    fn killed_while_it_creates_attaches_or_leaves(arena) {
        let mut random = Random::new();
        let kind = *random.pick(&KINDS);
        // Memory without a name ends with its channel: a new one for each round.
        let rounds = 80;
        let per_round = arena.backend() == Backend::Anonymous;
        let spots: Vec<_> = (0..if per_round { rounds } else { 1 }).map(|n| arena.spot(&format!("s{n}"))).collect();
        let mut checker = arena.peer();
        for round in 0..rounds {
            let at = spots[round % spots.len()].text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            for peer in [&mut tx, &mut rx] {
                peer.ask("names path=/nowhere");
            }
            tx.tell(format!("create type={kind} at={at} cap=16"));
            tx.tell("publish n=40 form=mixed limit=try");
            rx.tell(format!("attach type={kind} at={at} id=a timeout=60000"));
            rx.tell(format!("{} what=rx", random.pick(&["close", "detach", "drop"])));
            tx.tell(*random.pick(&["close", "detach", "drop"]));
            // The moment is drawn from what it all takes.
            let moment = random.moment(Duration::from_millis(3));
            let since = std::time::Instant::now();
            while since.elapsed() < moment {
                core::hint::spin_loop();
            }
            if random.below(2) == 0 {
                rx.kill();
                tx.kill();
            } else {
                tx.kill();
                rx.kill();
            }
            // Whatever state that is: the next ones need no cleaning up.
            checker.tell(format!("create type={kind} at={at} cap=16"));
            match checker.answer() {
                Ok(_) => {
                    checker.ask(format!("attach type={kind} at={at} id=a start=latest"));
                    checker.ask("publish n=5 limit=try form=value");
                    checker.ask("receive n=5 form=drain");
                    checker.ask("close what=rx");
                    checker.ask("close what=tx");
                }
                // It was closed before it was killed.
                Err(error) => assert!(per_round && error.contains("CannotReplace"), "{error}"),
            }
        }
        arena.sweep();
        if arena.backend() == Backend::File {
            let names = myelon_tests::arena::names_in(arena.path("s0").parent().unwrap());
            assert_eq!(names, ["s0"], "only the file itself is kept");
        }
    }

    fn a_producer_that_waits_for_a_dead_consumer_goes_on_within_t_detect(arena) {
        // T_detect is 100 ms; a busy machine may be late now and then, but not each time.
        let mut best = Duration::MAX;
        for round in 0..6 {
            let at = arena.spot(&format!("r{round}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=D8 at={at} cap=8"));
            rx.ask(format!("attach type=D8 at={at} id=dies"));
            tx.tell("publish n=20");
            tx.is_silent_for(Duration::from_millis(20));
            rx.kill();
            let since = std::time::Instant::now();
            tx.expect();
            best = best.min(since.elapsed());
            tx.leave();
        }
        assert!(best < Duration::from_millis(150), "{best:?}");
        arena.sweep();
    }

    fn a_consumer_that_waits_is_told_of_a_dead_producer_within_t_detect(arena) {
        let mut best = Duration::MAX;
        for round in 0..6 {
            let at = arena.spot(&format!("r{round}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=D8 at={at} cap=8"));
            rx.ask(format!("attach type=D8 at={at} id=waits"));
            rx.tell("receive");
            rx.is_silent_for(Duration::from_millis(20));
            tx.kill();
            let since = std::time::Instant::now();
            rx.expect_error(&["ProducerDied"]);
            best = best.min(since.elapsed());
            let mut next = arena.peer();
            next.ask(format!("create type=D8 at={at} cap=8"));
            next.leave();
            rx.leave();
        }
        assert!(best < Duration::from_millis(150), "{best:?}");
    }

    fn consumer_that_dies_holding_something_is_evicted_and_the_producer_continues(arena) {
        for (place, how) in [("lease", "abort"), ("lease", "exit"), ("drain", "kill"), ("batch", "abort")] {
            let at = arena.spot(&format!("{place}{how}")).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=L24 at={at} cap=16"));
            rx.ask(format!("attach type=L24 at={at} id=dies"));
            tx.ask("publish n=10");
            rx.tell(format!("crash what=rx in={place} at=2 how={how}"));
            rx.ended();
            tx.ask("publish n=17 form=value");
            let told = tx.ask("ask-tx");
            assert_eq!((told.num("attached"), told.num("lag")), (0, 0));
            let mut again = arena.peer();
            again.refuse(format!("attach type=L24 at={at} id=dies"), &["Evicted", "at: 0, missed: 15"]);
            again.ask(format!("attach type=L24 at={at} id=dies start=at:15"));
            tx.leave();
            assert_eq!(again.ask("receive").num("got"), 12);
            again.leave();
        }
    }

    fn a_consumer_dropped_in_a_panic_has_died_and_keeps_its_place(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16 policy=forever"));
            rx.ask(format!("attach type={kind} at={at} id=panics"));
            tx.ask("publish n=16");
            rx.ask("receive n=5 form=lease");
            rx.ask("unwind what=rx");
            assert_eq!(tx.ask("ask-tx").num("attached"), 0);
            tx.refuse("publish n=9 form=value limit=try", &["Full", "next=21"]);
            assert_eq!(rx.ask(format!("attach type={kind} at={at} id=panics")).num("next"), 5);
            tx.leave();
            assert_eq!(rx.ask("receive").num("got"), 16);
            rx.leave();
        }
    }

    fn a_place_is_held_for_the_time_that_the_policy_says(arena) {
        let at = arena.spot("held").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=D8 at={at} cap=8 policy=hold:2000"));
        rx.ask(format!("attach type=D8 at={at} id=held"));
        tx.ask("publish n=8");
        rx.kill();
        // For a while it waits: the dead one may come back.
        tx.refuse("publish n=1 limit=within:150", &["TimedOut", "alive: false", "`held`"]);
        let mut back = arena.peer();
        assert_eq!(back.ask(format!("attach type=D8 at={at} id=held")).num("next"), 0);
        back.ask("receive n=2 form=lease");
        tx.ask("publish n=2 limit=try form=value");
        back.kill();
        // And then it goes on without.
        tx.ask("publish n=20 form=value");
        back = arena.peer();
        back.refuse(format!("attach type=D8 at={at} id=held"), &["Evicted", "at: 2"]);
        tx.leave();
        back.leave();
    }
}
