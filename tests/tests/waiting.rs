//! Waiting: every strategy at both ends, no CPU to speak of while idle (P8), ends of a wait from outside.

use core::time::Duration;
use std::time::Instant;

use myelon::{RecvError, RecvTimeoutError};
use myelon_tests::channels::{L24, TestEvent, Words24};
use myelon_tests::journal::{Journal, Word};
use myelon_tests::process::wait_until;
use myelon_tests::{DEADLINE, over_every_location, system};
use rustix::process::Signal;

const STRATEGIES: [&str; 4] = ["spin", "yield", "park", "adaptive"];

over_every_location! {
    fn every_strategy_works_with_every_other(arena) {
        for kind in ["L24", "D8"] {
            for mine in STRATEGIES {
                for theirs in STRATEGIES {
                    let at = arena.spot(&format!("{kind}-{mine}-{theirs}")).text();
                    let (mut tx, mut rx) = (arena.peer(), arena.peer());
                    tx.ask(format!("create type={kind} at={at} cap=4 wait={mine}"));
                    rx.ask(format!("attach type={kind} at={at} id=a wait={theirs}"));
                    rx.tell("receive form=mixed");
                    tx.ask("publish n=2000 form=mixed run=3");
                    tx.leave();
                    assert_eq!(rx.expect().num("got"), 2000);
                    rx.leave();
                }
            }
        }
    }

    fn an_idle_consumer_uses_no_cpu_to_speak_of(arena) {
        for wait in ["", "wait=park", "wait=adaptive"] {
            let at = arena.spot(&format!("idle{}", wait.len())).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=D8 at={at}"));
            rx.ask(format!("attach type=D8 at={at} id=idle {wait}"));
            rx.tell("receive n=2 form=lease");
            rx.is_silent_for(Duration::from_millis(50));
            let before = system::cpu_time(rx.pid());
            rx.is_silent_for(Duration::from_secs(1));
            let used = system::cpu_time(rx.pid()).saturating_sub(before);
            assert!(used <= Duration::from_millis(20), "{used:?} of a second");
            // And it still wakes.
            tx.ask("publish n=2");
            rx.expect();
            tx.leave();
            rx.leave();
        }
    }

    fn a_producer_that_waits_for_room_uses_no_cpu_to_speak_of(arena) {
        let at = arena.spot("full").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=D8 at={at} cap=4"));
        rx.ask(format!("attach type=D8 at={at} id=slow"));
        tx.tell("publish n=6");
        tx.is_silent_for(Duration::from_millis(50));
        let before = system::cpu_time(tx.pid());
        tx.is_silent_for(Duration::from_secs(1));
        let used = system::cpu_time(tx.pid()).saturating_sub(before);
        assert!(used <= Duration::from_millis(20), "{used:?} of a second");
        rx.ask("receive n=6 form=lease");
        tx.expect();
        tx.leave();
        rx.leave();
    }

    fn a_parked_consumer_is_woken_and_not_only_found_awake(arena) {
        // The bounded sleep looks again every 50 ms: whoever relied on that would need 25 ms in the middle.
        let at = arena.spot("woken");
        let path = arena.path("journal");
        let journal = Journal::open(&path, 1 << 16);
        let mut rx = arena.peer();
        let mut tx = L24::create(at.location()).unwrap();
        rx.ask(format!("attach type=L24 at={} id=parked wait=park", at.text()));
        rx.tell(format!("receive form=lease journal={}", path.display()));
        let mut times: Vec<_> = (0..41)
            .map(|sequence| {
                rx.is_silent_for(Duration::from_millis(3));
                let since = Instant::now();
                tx.publish(Words24::make(sequence)).unwrap();
                while journal.get(Word::Handled) <= sequence {
                    assert!(since.elapsed() < DEADLINE);
                    core::hint::spin_loop();
                }
                since.elapsed()
            })
            .collect();
        times.sort();
        assert!(times[20] < Duration::from_millis(10), "{times:?}");
        tx.close();
        assert_eq!(rx.expect().num("got"), 41);
        rx.leave();
    }

    fn a_stopper_in_a_signal_handler_ends_a_wait(arena) {
        for wait in STRATEGIES {
            let at = arena.spot(wait).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=L24 at={at} cap=4 wait={wait}"));
            rx.ask(format!("attach type=L24 at={at} id=stopped wait={wait}"));
            rx.ask("stop-on-signal what=rx");
            rx.tell("receive n=4 form=lease");
            rx.is_silent_for(Duration::from_millis(20));
            let since = Instant::now();
            system::signal(rx.pid(), Signal::USR1);
            rx.expect_error(&["Stopped"]);
            assert!(since.elapsed() < DEADLINE / 2);
            // Stopping is for good, and what is there is still delivered.
            rx.refuse("receive", &["Stopped"]);
            tx.ask("publish n=4");
            assert_eq!(rx.ask("receive n=4 form=mixed").num("got"), 4);
            rx.refuse("receive limit=within:60000", &["Stopped"]);

            tx.ask("publish n=4");
            tx.ask("stop-on-signal what=tx");
            tx.tell("publish n=1");
            tx.is_silent_for(Duration::from_millis(20));
            system::signal(tx.pid(), Signal::USR1);
            tx.expect_error(&["Stopped", "next=8"]);
            rx.ask("receive n=4 form=mixed");
            tx.ask("publish n=1");
            tx.leave();
            rx.leave();
        }
    }

    fn a_stopper_in_another_thread_ends_a_wait_and_may_outlive_the_end(arena) {
        let at = arena.spot("thread");
        let tx = L24::create(at.location()).unwrap();
        for round in 0..50 {
            let mut rx = L24::attach(at.location(), "stopped").unwrap();
            let stopper = rx.stopper();
            let other = stopper.clone();
            assert!(!other.is_stopped());
            let thread = std::thread::spawn(move || {
                if round % 2 == 0 {
                    // Sometimes before the other thread waits, sometimes while it does.
                    std::thread::yield_now();
                }
                other.stop();
            });
            assert_eq!(rx.recv().unwrap_err(), RecvError::Stopped);
            drop(rx);
            thread.join().unwrap();
            stopper.stop();
            assert!(stopper.is_stopped());
        }
        tx.close();
    }

    fn a_time_limit_is_kept_and_nothing_is_lost_by_it(arena) {
        let at = arena.spot("limit");
        let mut tx = L24::producer(at.location()).capacity(4).build().unwrap();
        let mut rx = L24::attach(at.location(), "timed").unwrap();
        let time = Duration::from_millis(30);
        let since = Instant::now();
        assert_eq!(rx.recv_timeout(time).unwrap_err(), RecvTimeoutError::TimedOut);
        assert!(since.elapsed() >= time);
        let deadline = Instant::now() + time;
        assert_eq!(rx.wait_deadline(deadline).unwrap_err(), RecvTimeoutError::TimedOut);
        assert!(Instant::now() >= deadline);
        assert_eq!(rx.recv_timeout(Duration::ZERO).unwrap_err(), RecvTimeoutError::TimedOut);
        for sequence in 0..4 {
            tx.publish_timeout(Words24::make(sequence), Duration::MAX).unwrap();
        }
        let since = Instant::now();
        tx.publish_timeout(Words24::make(4), time).unwrap_err();
        assert!(since.elapsed() >= time);
        // What is there comes also when no time is left.
        assert_eq!(*rx.recv_timeout(Duration::ZERO).unwrap().unwrap(), Words24::make(0));
        assert_eq!(*rx.recv_deadline(deadline).unwrap().unwrap(), Words24::make(1));
        assert_eq!(*rx.recv_timeout(Duration::MAX).unwrap().unwrap(), Words24::make(2));
        tx.publish_deadline(Words24::make(4), deadline).unwrap();
        tx.close();
        wait_until("all are received", || rx.recv().unwrap().is_none());
    }
}
