//! The life of a name: when it appears, when it goes, and who may remove it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use myelon::{RemoveError, remove};
use myelon_tests::arena::shm_directory;
use myelon_tests::{Arena, Backend, over_every_location};

over_every_location! {
    fn the_last_to_leave_a_closed_channel_takes_its_name_along(arena) {
        // Who leaves last: the producer, a consumer that drains, one that does not, one that detaches.
        for last in ["tx", "close", "drop", "detach"] {
            let at = arena.spot(last).text();
            let file = arena.file_of(last);
            let named = || file.as_ref().is_some_and(|file| file.exists());
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type=L24 at={at} cap=16"));
            rx.ask(format!("attach type=L24 at={at} id=a"));
            tx.ask("publish n=5");
            let anonymous = arena.backend() == Backend::Anonymous;
            assert!(named() || anonymous);
            if last == "tx" {
                rx.ask("close what=rx");
                assert!(named() || anonymous);
                tx.ask("close");
            } else {
                tx.ask("close");
                assert!(named() || anonymous, "somebody still drains it");
                rx.ask("receive n=5");
                rx.ask(format!("{last} what=rx"));
            }
            assert_eq!(named(), arena.backend() == Backend::File, "only a file is kept");
        }
    }

    fn a_known_id_drains_a_closed_channel_that_it_died_in(arena) {
        let at = arena.spot("drained").text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
        rx.ask(format!("attach type=L24 at={at} id=known"));
        tx.ask("publish n=9");
        rx.ask("receive n=4 form=lease");
        rx.kill();
        tx.leave();
        let mut other = arena.peer();
        // A sweep keeps it: the place of the dead one is held.
        arena.sweep();
        other.refuse(format!("attach type=L24 at={at} id=unknown"), &["NotFound"]);
        let mut back = arena.peer();
        assert_eq!(back.ask(format!("attach type=L24 at={at} id=known")).num("next"), 4);
        assert_eq!(back.ask("receive").num("got"), 5);
        back.leave();
    }

    fn remove_refuses_what_is_in_use(arena) {
        let spot = arena.spot("removed");
        let at = spot.text();
        let (mut tx, mut rx) = (arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
        rx.ask(format!("attach type=L24 at={at} id=a"));
        tx.ask("publish n=3");
        if arena.backend() == Backend::Anonymous {
            assert!(matches!(remove(spot.location()).unwrap_err(), RemoveError::Unnamed { .. }));
            tx.leave();
            rx.leave();
            return;
        }
        let in_use_by = |pid: u32| match remove(spot.location()).unwrap_err() {
            RemoveError::InUse { pid: found, .. } => assert_eq!(found, Some(pid)),
            other => panic!("{other:?}"),
        };
        in_use_by(tx.pid());
        tx.kill();
        in_use_by(rx.pid());
        rx.stop();
        in_use_by(rx.pid());
        rx.cont();
        assert_eq!(rx.ask("receive n=3").num("got"), 3);
        rx.kill();
        // Dead, with a consumer that is held for ever: only this removes it.
        arena.sweep();
        assert!(arena.file_of("removed").unwrap().exists());
        remove(spot.location()).unwrap();
        assert!(!arena.file_of("removed").unwrap().exists());
        assert!(matches!(remove(spot.location()).unwrap_err(), RemoveError::Location(_)));
    }
}

#[test]
fn create_sweeps_away_what_nobody_can_resume() {
    let arena = Arena::shm();
    let file = |name: &str| arena.file_of(name).unwrap();
    // Died alone, with nobody attached: nobody could resume.
    let mut alone = arena.peer();
    alone.ask(format!("create type=L24 at={}", arena.spot("alone").text()));
    // Died together with its consumer, which would be evicted.
    let (mut tx, mut rx) = (arena.peer(), arena.peer());
    let both = arena.spot("both").text();
    tx.ask(format!("create type=L24 at={both}"));
    rx.ask(format!("attach type=L24 at={both} id=a"));
    // The same, but the consumer is held for ever.
    let (mut held_tx, mut held_rx) = (arena.peer(), arena.peer());
    let held = arena.spot("held").text();
    held_tx.ask(format!("create type=L24 at={held} policy=forever"));
    held_rx.ask(format!("attach type=L24 at={held} id=a"));
    // The producer died, the consumer lives.
    let (mut dead_tx, mut live_rx) = (arena.peer(), arena.peer());
    let half = arena.spot("half").text();
    dead_tx.ask(format!("create type=L24 at={half}"));
    live_rx.ask(format!("attach type=L24 at={half} id=a"));
    // Everybody lives.
    let mut live = arena.peer();
    live.ask(format!("create type=L24 at={}", arena.spot("live").text()));
    // Everybody is stopped.
    let mut stopped = arena.peer();
    stopped.ask(format!("create type=L24 at={}", arena.spot("stopped").text()));
    stopped.stop();
    // And something that is not ours.
    fs::write(file("other"), "a note").unwrap();

    for peer in [&mut alone, &mut tx, &mut rx, &mut held_tx, &mut held_rx, &mut dead_tx] {
        peer.kill();
    }
    arena.sweep();
    for gone in ["alone", "both"] {
        assert!(!file(gone).exists(), "{gone}");
    }
    for kept in ["held", "half", "live", "stopped", "other"] {
        assert!(file(kept).exists(), "{kept}");
    }

    stopped.cont();
    stopped.leave();
    live.leave();
    let mut next = arena.peer();
    next.ask(format!("create type=L24 at={half}"));
    next.leave();
    live_rx.ask("receive");
    live_rx.leave();
    remove(arena.name("held")).unwrap();
    fs::remove_file(file("other")).unwrap();
}

/// A sweep locks what it looks at for a moment. Whoever comes back at that moment must not notice.
#[test]
fn a_sweep_never_gets_in_the_way_of_those_who_come_back() {
    let arena = Arena::shm();
    let at = arena.spot("back").text();
    let (mut tx, mut rx) = (arena.peer(), arena.peer());
    tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
    rx.ask(format!("attach type=L24 at={at} id=a"));
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sweeper = || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                arena.sweep();
            }
        };
        scope.spawn(sweeper);
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..60 {
                tx.kill();
                rx.kill();
                (tx, rx) = (arena.peer(), arena.peer());
                tx.ask(format!("create type=L24 at={at} cap=16 policy=forever"));
                rx.ask(format!("attach type=L24 at={at} id=a"));
                tx.ask("publish n=5");
                rx.ask("receive n=5");
            }
        }));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Err(panic) = run {
            std::panic::resume_unwind(panic);
        }
    });
    tx.leave();
    rx.leave();
}

#[test]
fn what_is_made_belongs_to_its_user_alone() {
    let arena = Arena::shm();
    let mut tx = arena.peer();
    tx.ask(format!("create type=L24 at={}", arena.spot("mine").text()));
    let directory = fs::symlink_metadata(shm_directory()).unwrap();
    assert!(directory.is_dir());
    assert_eq!(directory.permissions().mode() & 0o7777, 0o700);
    let file = fs::symlink_metadata(arena.file_of("mine").unwrap()).unwrap();
    assert!(file.is_file());
    assert_eq!((file.permissions().mode() & 0o7777, file.nlink()), (0o600, 1));
    assert_eq!(
        (file.uid(), directory.uid()),
        (rustix::process::geteuid().as_raw(), rustix::process::geteuid().as_raw())
    );
    tx.leave();
}
