use super::*;

#[test]
fn a_channel_that_is_closed_without_readers_loses_its_name_and_a_file_keeps_it() {
    let site = Site::shm();
    Tx::new(&site).close();
    assert!(!site.path().exists());
    let site = Site::file();
    Tx::new(&site).close();
    assert!(site.path().exists());
}

#[test]
fn the_last_reader_of_a_closed_channel_takes_the_name_along() {
    let site = Site::shm();
    let tx = Tx::new(&site);
    let [first, second] = ["a", "b"].map(|id| join(&site, id));
    tx.close();
    assert!(site.path().exists());
    assert_eq!(first.segment.still_named(), Named::Yes);
    first.leave(Leave::Forget);
    assert!(site.path().exists());
    second.leave(Leave::Forget);
    assert!(!site.path().exists());
}

#[test]
fn the_name_goes_with_the_last_reader_also_while_the_producer_is_slow_to_end() {
    let site = Site::shm();
    let mut tx = Tx::new(&site);
    let [first, second] = ["a", "b"].map(|id| join(&site, id));
    tx.publisher.close();
    tx.segment.producer_closed();
    // Its process still unmaps the ring, or does not get to run; so does the first reader's.
    first.segment.leave(first.entry, Leave::Forget);
    second.leave(Leave::Forget);
    assert!(!site.path().exists());
    drop((tx, first));
}

#[test]
fn a_closed_channel_is_not_found_by_new_ids_and_drained_by_those_behind() {
    for site in Site::all() {
        let mut tx = Tx::with(&held(&site)).unwrap();
        let [behind, done, detached] = ["behind", "done", "detached"].map(|id| join(&site, id));
        tx.publish(5);
        done.read_to(5);
        drop(behind);
        drop(done);
        detached.leave(Leave::Detach);
        tx.close();
        assert!(matches!(attach_with(&site, "new", None), Err(AttachError::NotFound { .. })));
        assert!(matches!(attach_with(&site, "done", None), Err(AttachError::NotFound { .. })));
        assert_eq!(join(&site, "detached").start, 0);
        let behind = join(&site, "behind");
        assert_eq!(behind.start, 0);
        assert!(!behind.segment.producer_is_alive().unwrap());
    }
}

#[test]
fn a_dead_reader_that_is_behind_keeps_a_closed_channel() {
    let site = Site::shm();
    let mut tx = Tx::with(&held(&site)).unwrap();
    let [dead, alive] = ["dead", "alive"].map(|id| join(&site, id));
    tx.publish(1);
    drop(dead);
    tx.close();
    alive.leave(Leave::Forget);
    assert!(site.path().exists());
    let dead = join(&site, "dead");
    dead.read_to(1);
    dead.leave(Leave::Forget);
    assert!(!site.path().exists());
}

#[test]
fn a_closed_channel_is_replaced_by_the_next_create_while_it_is_still_drained() {
    for site in Site::named() {
        let mut tx = Tx::new(&site);
        let old = join(&site, "risk");
        tx.publish(2);
        tx.close();
        let tx = Tx::new(&site);
        assert_eq!(tx.publisher.next(), 0);
        let new = join(&site, "risk");
        assert_eq!(old.segment.published(), 2);
        old.leave(Leave::Forget);
        assert!(site.path().exists(), "the last one to leave the old channel took the new one's name");
        assert_eq!(new.segment.still_named(), Named::Yes);
    }
}

#[test]
fn a_detached_producer_is_not_mourned_and_its_successor_goes_on() {
    for site in Site::all() {
        let mut tx = Tx::new(&site);
        let rx = join(&site, "risk");
        tx.publish(3);
        tx.segment.producer_detached();
        drop(tx);
        let state = rx.segment.producer_state();
        assert!(state.detached);
        assert_eq!(Tx::new(&site).publisher.next(), 3);
        let successor = rx.segment.producer_state();
        assert!(!successor.detached);
        assert_eq!(successor.epoch, state.epoch + 1);
    }
}

#[test]
fn a_removed_or_replaced_name_is_noticed_by_those_inside() {
    for site in Site::named() {
        let tx = Tx::new(&site);
        let rx = join(&site, "risk");
        std::fs::remove_file(site.path()).unwrap();
        assert_eq!(tx.segment.still_named(), Named::Gone);
        assert_eq!(rx.segment.still_named(), Named::Gone);
        let _new = Tx::new(&site);
        assert_eq!(tx.segment.still_named(), Named::Replaced);
        assert_eq!(rx.segment.still_named(), Named::Replaced);
        // Neither may touch a name that is another's now.
        tx.close();
        rx.leave(Leave::Forget);
        assert!(site.path().exists());
    }
}

#[test]
fn remove_refuses_live_ones_and_takes_dead_ones_away() {
    for site in Site::named() {
        let tx = Tx::with(&held(&site)).unwrap();
        match remove(&site.location) {
            Err(RemoveError::InUse { pid, what, .. }) => {
                assert_eq!((pid, what), (Some(std::process::id()), "its producer"));
            }
            other => panic!("{other:?}"),
        }
        let rx = join(&site, "risk");
        drop(tx);
        match remove(&site.location) {
            Err(RemoveError::InUse { pid, what, .. }) => {
                assert_eq!((pid, what), (Some(std::process::id()), "a consumer"));
            }
            other => panic!("{other:?}"),
        }
        drop(rx);
        remove(&site.location).unwrap();
        assert!(!site.path().exists());
        assert!(matches!(remove(&site.location), Err(RemoveError::Location(_))));
    }
    assert!(matches!(remove(&Site::anonymous().location), Err(RemoveError::Unnamed { .. })));
}

#[test]
fn one_who_only_looks_takes_no_lock_and_stores_nothing() {
    for site in [Site::file(), Site::anonymous()] {
        let mut tx = Tx::new(&site);
        tx.publish(3);
        let tap = observe(&site.location, &Contract::of::<u64, Stamped>(1)).unwrap();
        assert_eq!(tap.published(), 3);
        assert!(tap.producer_is_alive().unwrap());
        drop(tx);
        assert!(!tap.producer_is_alive().unwrap());
        drop(Tx::new(&site));
        if !site.location.to_string().starts_with("fd:") {
            remove(&site.location).unwrap();
            assert_eq!(tap.still_named(), Named::Gone);
        }
    }
}
