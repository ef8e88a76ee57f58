//! Whoever waits is told for whom: the id, the process, whether it lives, how far behind, since when.

use core::time::Duration;

use myelon::{Full, PublishTimeoutError, TryPublishError};
use myelon_tests::channels::{L24, TestEvent, Words24};
use myelon_tests::over_every_location;

over_every_location! {
    fn full_is_copy_and_blocker_tells_the_rest(arena) {
        let at = arena.spot("full");
        let (mut quick, mut slow) = (arena.peer(), arena.peer());
        let mut tx = L24::producer(at.location()).capacity(8).build().unwrap();
        quick.ask(format!("attach type=L24 at={} id=quick", at.text()));
        slow.ask(format!("attach type=L24 at={} id=the%20slow%20one", at.text()));
        assert!(tx.blocker().is_none(), "there is room");
        for sequence in 0..8 {
            tx.try_publish(Words24::make(sequence)).unwrap();
        }
        quick.ask("receive n=8");
        slow.ask("receive n=1 form=lease");
        tx.try_publish(Words24::make(8)).unwrap();
        let TryPublishError::Full(full) = tx.try_publish(Words24::make(9)).unwrap_err() else { panic!("not full") };
        let copy: Full = full;
        assert_eq!((full.gating, copy.lag), (1, 8));

        let blocker = tx.blocker().expect("somebody is in the way");
        assert_eq!((blocker.id.as_str(), blocker.pid, blocker.alive), ("the slow one", slow.pid(), true));
        assert_eq!((blocker.lag, blocker.entry), (8, full.gating));
        let text = blocker.to_string();
        for part in ["`the slow one`", &format!("pid {}", slow.pid()), "alive", "8 behind"] {
            assert!(text.contains(part), "{part} is not in: {text}");
        }

        // The longer it does not move, the longer it is idle.
        let limit = Duration::from_millis(40);
        let error = tx.publish_timeout(Words24::make(9), limit).unwrap_err();
        let PublishTimeoutError::TimedOut(Some(named)) = &error else { panic!("{error:?}") };
        assert_eq!((named.id.as_str(), named.pid, named.alive, named.lag), ("the slow one", slow.pid(), true, 8));
        assert!(named.idle >= limit && named.idle > blocker.idle, "{named:?}");
        assert!(error.to_string().contains("`the slow one`"), "{error}");

        // It moves: it is not in the way any more, and later its time begins anew.
        slow.ask("receive n=8 form=lease");
        quick.ask("receive n=1");
        assert!(tx.blocker().is_none());
        tx.close();
        quick.leave();
        slow.leave();
    }

    fn a_dead_one_is_told_to_be_dead(arena) {
        let at = arena.spot("dead");
        let mut rx = arena.peer();
        let mut tx = L24::producer(at.location())
            .capacity(4)
            .on_consumer_death(myelon::OnConsumerDeath::HoldForever)
            .build()
            .unwrap();
        rx.ask(format!("attach type=L24 at={} id=victim", at.text()));
        for sequence in 0..4 {
            tx.publish(Words24::make(sequence)).unwrap();
        }
        assert!(tx.blocker().unwrap().alive);
        rx.stop();
        assert!(tx.blocker().unwrap().alive, "paused is not dead");
        rx.cont();
        rx.kill();
        let blocker = tx.blocker().unwrap();
        assert_eq!((blocker.id.as_str(), blocker.pid, blocker.alive), ("victim", rx.pid(), false));
        let error = tx.publish_timeout(Words24::make(4), Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("dead"), "{error}");
        let error = tx.wait_consumed(3, Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("`victim`"), "{error}");
        let mut back = arena.peer();
        back.ask(format!("attach type=L24 at={} id=victim", at.text()));
        tx.close();
        assert_eq!(back.ask("receive").num("got"), 4);
        back.leave();
    }
}
