//! What the ends count, read by another process without disturbing them.

use core::time::Duration;

use myelon::{OnConsumerDeath, Snapshot};
use myelon_tests::over_every_location;

over_every_location! {
    fn another_process_reads_who_takes_part_and_what_they_counted(arena) {
        for (kind, size) in [("L24", 24), ("D8", 8)] {
            let spot = arena.spot(kind);
            let at = spot.text();
            let (mut tx, mut rx, mut slow) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=8 policy=forever wait=park"));
            rx.ask(format!("attach type={kind} at={at} id=reader wait=park"));
            slow.ask(format!("attach type={kind} at={at} id=slow"));
            rx.tell("receive n=12 form=lease");
            rx.is_silent_for(Duration::from_millis(20));
            tx.ask("publish n=8");
            tx.refuse("publish n=1 limit=try", &["Full"]);
            slow.ask("receive n=4 form=lease");
            tx.ask("publish n=4 form=value");
            tx.tell("publish n=1");
            tx.is_silent_for(Duration::from_millis(20));
            rx.expect();

            let seen = Snapshot::take(spot.location()).unwrap();
            assert_eq!((seen.channel.as_str(), seen.capacity, seen.event_size), (kind, 8, size));
            assert_eq!((seen.max_consumers, seen.version, seen.closed_at), (16, 0, None));
            assert_eq!(seen.on_consumer_death, OnConsumerDeath::HoldForever);
            assert_eq!(seen.creator_pid, u64::from(tx.pid()));
            assert!(seen.layout.as_ref().is_some_and(|layout| layout.to_string().contains("units")));
            assert_eq!((seen.producer.pid, seen.producer.alive), (Some(tx.pid()), true));
            let epoch = seen.producer.epoch;
            assert_eq!((seen.producer.published, seen.producer.bytes), (12, 12 * size));
            assert!(seen.producer.full >= 2 && seen.producer.waits >= 1, "{seen:?}");
            assert!(seen.producer.wakes >= 1, "{seen:?}");
            assert_eq!(seen.producer.evictions, 0);
            assert_eq!(seen.consumers.len(), 2);
            let find = |id: &str| seen.consumers.iter().find(|consumer| consumer.id == id).unwrap();
            let reader = find("reader");
            assert_eq!((reader.pid, reader.alive, reader.cursor, reader.lag), (Some(rx.pid()), true, 12, 0));
            assert_eq!((reader.received, reader.bytes, reader.invalid), (12, 12 * size, 0));
            assert!(reader.waits >= 1 && reader.parks >= 1 && reader.empty_looks >= 1, "{reader:?}");
            let behind = find("slow");
            assert_eq!((behind.cursor, behind.lag, behind.received), (4, 8, 4));
            assert!(behind.largest_lag >= 8, "{behind:?}");

            // Dead, and still there: its place is held.
            slow.kill();
            let seen = Snapshot::take(spot.location()).unwrap();
            let dead = seen.consumers.iter().find(|consumer| consumer.id == "slow").unwrap();
            assert_eq!((dead.alive, dead.lag, dead.pid), (false, 8, Some(slow.pid())));
            let table = seen.to_string();
            for part in [kind, "reader", "slow", &rx.pid().to_string()] {
                assert!(table.contains(part), "{part} is not in:\n{table}");
            }

            // A resumed one counts anew.
            let mut back = arena.peer();
            back.ask(format!("attach type={kind} at={at} id=slow"));
            back.ask("receive n=8 form=lease");
            tx.expect();
            let seen = Snapshot::take(spot.location()).unwrap();
            let resumed = seen.consumers.iter().find(|consumer| consumer.id == "slow").unwrap();
            assert_eq!((resumed.alive, resumed.received, resumed.cursor), (true, 8, 12));
            assert!(seen.producer.parks >= 1, "it slept until there was room: {seen:?}");
            tx.kill();
            let seen = Snapshot::take(spot.location()).unwrap();
            assert!(!seen.producer.alive);
            let mut next = arena.peer();
            next.ask(format!("create type={kind} at={at} cap=8"));
            let seen = Snapshot::take(spot.location()).unwrap();
            assert_eq!((seen.producer.pid, seen.producer.epoch), (Some(next.pid()), epoch + 1));
            assert_eq!(seen.producer.published, 13);
            next.ask("close");
            assert_eq!(Snapshot::take(spot.location()).unwrap().closed_at, Some(13));
            back.ask("receive");
            rx.ask("receive");
            back.leave();
            rx.leave();
        }
    }

    fn an_application_counts_beside_the_library(arena) {
        use myelon_tests::channels::{L24, TestEvent, Words24};
        let spot = arena.spot("own");
        let mut tx = L24::create(spot.location()).unwrap();
        let mut rx = L24::attach(spot.location(), "a").unwrap();
        tx.counter("orders sent").unwrap().add(3);
        rx.counter("alarms").unwrap().add(1);
        rx.counter("alarms").unwrap().add(1);
        for number in 0..15 {
            assert!(tx.counter(&format!("more {number}")).is_some());
        }
        assert!(tx.counter("one too many").is_none());
        let seen = Snapshot::take(spot.location()).unwrap();
        let value = |counts: &[myelon::AppCount], label: &str| {
            counts.iter().find(|count| count.label == label).map(|count| count.value)
        };
        assert_eq!(value(&seen.producer.app, "orders sent"), Some(3));
        assert_eq!(value(&seen.producer.app, "more 14"), Some(0));
        assert_eq!(value(&seen.consumers[0].app, "alarms"), Some(2));
        tx.publish(Words24::make(0)).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), Words24::make(0));
    }

    fn evictions_are_counted(arena) {
        let spot = arena.spot("evicted");
        let at = spot.text();
        let mut tx = arena.peer();
        tx.ask(format!("create type=D8 at={at} cap=8"));
        for round in 0..3 {
            let mut rx = arena.peer();
            rx.ask(format!("attach type=D8 at={at} id=dies-{round}"));
            rx.kill();
            tx.ask("publish n=20 form=value");
        }
        assert_eq!(Snapshot::take(spot.location()).unwrap().producer.evictions, 3);
        tx.leave();
    }
}
