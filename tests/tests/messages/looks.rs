//! Who looks from outside: forked copies, which refuse, and snapshots, of the living and the dead.

use myelon::Snapshot;
use myelon_tests::{forks, over_every_location};

use crate::halt::{Halted, LONG, RING, in_the_middle};

over_every_location! {
    fn the_copies_in_a_forked_child_refuse_and_the_parent_goes_on(arena) {
        for kind in ["Log", "Feed"] {
            forks::copies_refuse(arena, kind, 4096);
        }
    }

    fn a_copy_of_a_consumer_inside_of_a_message_refuses_and_the_consumer_does_not_lose_its_place(arena) {
        let mut halted = in_the_middle(arena, LONG, "");
        let forked = halted.quick.ask("fork");
        assert_eq!(forked.text("told"), Some("rx:forked "));
        halted.tx.cont();
        halted.quick.tell(format!("receive n=1 form=lease len={LONG}"));
        if halted.way.rounds == 0 {
            halted.slow_receives_what_is_before();
        }
        Halted::receive_whole(&mut halted.slow, LONG);
        assert_eq!(halted.quick.expect().num("joined"), 1);
        halted.tx.expect();
        Halted::goes_on(halted.tx, &mut [&mut halted.quick, &mut halted.slow]);
    }

    fn a_snapshot_counts_messages_and_bytes(arena) {
        let spot = arena.spot("seen");
        let at = spot.text();
        let (mut tx, mut rx, mut slow) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=Log at={at} cap={RING} policy=forever wait=park"));
        rx.ask(format!("attach type=Log at={at} id=reader wait=park"));
        slow.ask(format!("attach type=Log at={at} id=slow"));
        rx.tell("receive n=8 form=lease len=30");
        rx.is_silent_for(core::time::Duration::from_millis(20));
        // Three units each.
        tx.ask("publish n=8 form=value len=30");
        rx.expect();
        slow.ask("receive n=3 form=lease len=30");
        tx.refuse("publish n=1 limit=try form=value len=1000", &["Full"]);

        let seen = Snapshot::take(spot.location()).unwrap();
        assert_eq!((seen.channel.as_str(), seen.capacity, seen.event_size), ("Log", RING, 0));
        assert_eq!((seen.max_consumers, seen.version, seen.closed_at), (16, 0, None));
        assert_eq!((seen.producer.pid, seen.producer.alive), (Some(tx.pid()), true));
        assert_eq!((seen.producer.published, seen.producer.bytes), (8, 8 * 48));
        assert!(seen.producer.full >= 1 && seen.producer.wakes >= 1, "{seen:?}");
        let find = |seen: &Snapshot, id: &str| seen.consumers.iter().find(|consumer| consumer.id == id).unwrap().clone();
        let reader = find(&seen, "reader");
        assert_eq!((reader.pid, reader.alive, reader.lag, reader.lag_bytes), (Some(rx.pid()), true, 0, 0));
        assert_eq!((reader.received, reader.bytes, reader.invalid), (8, 8 * 48, 0));
        assert!(reader.waits >= 1 && reader.parks >= 1 && reader.empty_looks >= 1, "{reader:?}");
        let behind = find(&seen, "slow");
        assert_eq!((behind.lag, behind.lag_bytes, behind.received), (5, 5 * 48, 3));
        assert!(behind.largest_lag >= 5 * 48, "{behind:?}");

        // All are dead, and it can still be read.
        slow.kill();
        rx.kill();
        tx.kill();
        let seen = Snapshot::take(spot.location()).unwrap();
        assert_eq!((seen.producer.alive, seen.producer.published), (false, 8));
        assert!(seen.consumers.iter().all(|consumer| !consumer.alive));
        assert_eq!((find(&seen, "slow").lag, find(&seen, "reader").lag), (5, 0));
        let table = seen.to_string();
        for part in ["Log", "reader", "slow", &rx.pid().to_string()] {
            assert!(table.contains(part), "{part} is not in:\n{table}");
        }

        // A resumed one counts anew; a successor goes on counting.
        let (mut next, mut back) = (arena.peer(), arena.peer());
        next.ask(format!("create type=Log at={at} cap={RING}"));
        back.ask(format!("attach type=Log at={at} id=slow"));
        back.ask("receive n=5 form=lease len=30");
        next.ask("publish n=1 form=value len=30");
        let seen = Snapshot::take(spot.location()).unwrap();
        assert_eq!((seen.producer.pid, seen.producer.published), (Some(next.pid()), 9));
        let resumed = find(&seen, "slow");
        assert_eq!((resumed.alive, resumed.received, resumed.lag), (true, 5, 1));
        next.ask("close");
        assert_eq!(Snapshot::take(spot.location()).unwrap().closed_at, Some(9));
        back.ask("receive len=30");
        back.leave();
        arena.sweep();
    }
}
