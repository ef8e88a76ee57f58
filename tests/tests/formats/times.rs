//! `timestamps = true`: when a message was published, and how long ago.

use core::time::Duration;
use std::time::{Instant, SystemTime};

use myelon_tests::messages::Timed;
use myelon_tests::over_every_location;

/// The channels that the helpers know, each with what the other says of times.
mod other {
    #[myelon::channel(capacity = "4 KiB", max_message = "1 MiB", timestamps = true)]
    pub(super) struct Log([u8]);

    #[myelon::channel(capacity = "4 KiB", max_message = "1 MiB")]
    pub(super) struct Timed([u8]);
}

/// How far a clock may be corrected while a test runs.
const CORRECTION: Duration = Duration::from_secs(1);

over_every_location! {
    fn a_message_tells_when_it_was_published_and_how_long_ago(arena) {
        let spot = arena.spot("timed");
        let mut tx = arena.peer();
        tx.ask(format!("create type=Timed at={}", spot.text()));
        let mut rx = Timed::attach(spot.location(), "clock").unwrap();
        // In one record, and in fragments.
        for len in [10, 3000] {
            let (begun, begun_at) = (Instant::now(), SystemTime::now());
            tx.ask(format!("publish n=1 len={len}"));
            let (done, done_at) = (Instant::now(), SystemTime::now());
            let message = rx.recv().unwrap().unwrap();
            assert_eq!(message.meta().reassembled, len > 1000);
            let soon = done.elapsed();
            let latency = message.meta().latency().unwrap();
            let late = begun.elapsed();
            assert!(soon <= latency && latency <= late, "{soon:?} {latency:?} {late:?}");
            let at = message.meta().published_at().unwrap();
            assert!(begun_at - CORRECTION <= at && at <= done_at + CORRECTION, "{begun_at:?} {at:?} {done_at:?}");
            // It goes on growing while the message is held.
            assert!(message.meta().latency().unwrap() >= latency);
        }
        rx.close();
        tx.leave();
    }

    fn nothing_is_told_of_times_unless_the_producer_says_them(arena) {
        // What is told is what the producer was declared with: both agree on everything else.
        let spot = arena.spot("untimed");
        let mut tx = arena.peer();
        tx.ask(format!("create type=Log at={}", spot.text()));
        let mut rx = other::Log::attach(spot.location(), "clock").unwrap();
        tx.ask("publish n=2 len=10,3000");
        for _ in 0..2 {
            let meta = rx.recv().unwrap().unwrap().meta();
            assert_eq!((meta.latency(), meta.published_at()), (None, None));
        }
        rx.close();
        tx.leave();
        let spot = arena.spot("timed");
        let mut tx = arena.peer();
        tx.ask(format!("create type=Timed at={}", spot.text()));
        let mut rx = other::Timed::attach(spot.location(), "clock").unwrap();
        tx.ask("publish n=2 len=10,3000");
        for _ in 0..2 {
            assert!(rx.recv().unwrap().unwrap().meta().latency().is_some());
        }
        rx.close();
        tx.leave();
    }
}
