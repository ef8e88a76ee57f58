use super::*;

#[test]
fn a_new_id_begins_at_the_latest_event_and_gates() {
    for site in Site::all() {
        let mut tx = Tx::new(&site);
        assert_eq!(tx.publish(20), 20, "nobody gates");
        let rx = join(&site, "risk");
        assert_eq!((rx.entry, rx.start), (0, 20));
        assert_eq!(tx.state(0), State::Active);
        assert_eq!(tx.publish(20), CAPACITY);
        assert!(tx.segment.is_alive(0).unwrap());
        assert_eq!(tx.segment.consumer_identity(0).id, "risk");
        assert_eq!(tx.segment.consumer_identity(0).pid, std::process::id());
    }
}

#[test]
fn each_start_begins_where_it_says_or_tells_why_not() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    tx.publish(20);
    // The oldest that is certainly there: 20 + q - capacity.
    for (start, at) in [(Start::Oldest, 14), (Start::Latest, 20), (Start::At(17), 17), (Start::At(20), 20)] {
        let rx = attach_with(&site, "risk", Some(start)).unwrap();
        assert_eq!(rx.start, at, "{start:?}");
        rx.leave(Leave::Forget);
    }
    let error = attach_with(&site, "risk", Some(Start::At(3))).unwrap_err();
    assert!(matches!(error, AttachError::Gone { at: 3, missed: 11, oldest: 14 }), "{error:?}");
    let error = attach_with(&site, "risk", Some(Start::At(21))).unwrap_err();
    assert!(matches!(error, AttachError::Ahead { at: 21, published: 20 }), "{error:?}");
    let error = attach_with(&site, "risk", Some(Start::Resume)).unwrap_err();
    assert!(matches!(error, AttachError::NotKnown { .. }), "{error:?}");
    assert_eq!(tx.state(0), State::Free, "a refused one leaves nothing");
    assert_eq!(tx.publish(50), 50);
}

#[test]
fn a_live_id_is_refused_with_its_pid() {
    for site in Site::all() {
        let _tx = Tx::new(&site);
        let rx = join(&site, "risk");
        match attach_with(&site, "risk", None) {
            Err(AttachError::IdInUse { id, pid }) => {
                assert_eq!((id.as_str(), pid), ("risk", Some(std::process::id())));
            }
            other => panic!("{other:?}"),
        }
        rx.leave(Leave::Forget);
        join(&site, "risk");
    }
}

#[test]
fn a_dead_consumer_resumes_where_it_stopped_and_nothing_was_written_over() {
    for site in Site::all() {
        let mut tx = Tx::new(&site);
        let rx = join(&site, "risk");
        tx.publish(6);
        rx.read_to(2);
        drop(rx);
        assert!(!tx.segment.is_alive(0).unwrap());
        assert_eq!(tx.publish(20), 4, "a whole ring past where it stopped");
        for start in [None, Some(Start::Resume)] {
            let rx = attach_with(&site, "risk", start).unwrap();
            assert_eq!((rx.entry, rx.start), (0, 2));
            assert_eq!(tx.publish(1), 0);
        }
    }
}

#[test]
fn a_dead_consumer_may_come_back_elsewhere_and_a_refusal_costs_it_nothing() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    drop(join(&site, "risk"));
    tx.publish(4);
    assert!(matches!(attach_with(&site, "risk", Some(Start::At(9))), Err(AttachError::Ahead { .. })));
    assert_eq!(tx.state(0), State::Active, "its place is kept");
    assert_eq!(join(&site, "risk").start, 0);
    assert_eq!(attach_with(&site, "risk", Some(Start::Latest)).unwrap().start, 4);
    assert_eq!(tx.publish(20), CAPACITY);
}

#[test]
fn an_evicted_consumer_learns_what_it_missed_until_it_asks_for_another_start() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    let rx = join(&site, "risk");
    rx.read_to(1);
    tx.publish(CAPACITY);
    assert!(!tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap(), "alive");
    drop(rx);
    assert!(tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap());
    assert!(!tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap(), "gone already");
    tx.publish(12);
    for start in [None, Some(Start::Resume), None] {
        match attach_with(&site, "risk", start) {
            Err(AttachError::Evicted { at: 1, missed: 13, .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tx.publish(1), 1, "it does not gate");
    let rx = attach_with(&site, "risk", Some(Start::Oldest)).unwrap();
    assert_eq!((rx.entry, rx.start), (0, 15));
    drop(rx);
    assert_eq!(join(&site, "risk").start, 15, "known again");
}

#[test]
fn a_detached_consumer_resumes_if_the_ring_still_holds_its_place() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    let rx = join(&site, "risk");
    tx.publish(4);
    rx.read_to(3);
    rx.leave(Leave::Detach);
    assert_eq!(tx.state(0), State::Detached);
    let rx = join(&site, "risk");
    assert_eq!(rx.start, 3);
    rx.leave(Leave::Detach);
    assert_eq!(tx.publish(20), 20, "it does not gate");
    assert!(matches!(attach_with(&site, "risk", None), Err(AttachError::Evicted { at: 3, missed: 15, .. })));
    assert_eq!(tx.state(0), State::Evicted);
    assert_eq!(tx.publish(20), 20, "nor does what remembers it");
}

#[test]
fn one_that_died_while_joining_is_cleared_away_or_comes_back() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    for state in [State::Claiming, State::Joining] {
        drop(join(&site, "risk"));
        let word = tx.segment.entry_word(0).unwrap();
        word.store(Word { state, epoch: 9 }.encode(), Relaxed::Release);
        assert_eq!(join(&site, "risk").start, tx.publisher.next());
        word.store(Word { state, epoch: 9 }.encode(), Relaxed::Release);
        let other = join(&site, "other");
        assert_eq!(other.entry, 1, "a free one first");
        let third = join(&site, "third");
        let fourth = join(&site, "fourth");
        assert_eq!((third.entry, fourth.entry), (2, 0));
        for rx in [other, third, fourth] {
            rx.leave(Leave::Forget);
        }
        tx.publish(1);
    }
    tx.segment
        .entry_word(1)
        .unwrap()
        .store(Word { state: State::Joining, epoch: 1 }.encode(), Relaxed::Release);
    assert!(
        tx.segment.evict(1, tx.publisher.next(), LET_GO).unwrap(),
        "a dead one that joins gates, and can be let go"
    );
}

#[test]
fn only_one_that_died_while_joining_is_let_go_where_places_are_kept() {
    let site = Site::anonymous();
    let tx = Tx::new(&site);
    drop(join(&site, "risk"));
    assert!(!tx.segment.evict_unseated(0, tx.publisher.next()).unwrap(), "it has a place");
    assert_eq!(tx.state(0), State::Active);
    let word = tx.segment.entry_word(0).unwrap();
    word.store(Word { state: State::Joining, epoch: 9 }.encode(), Relaxed::Release);
    assert!(tx.segment.evict_unseated(0, tx.publisher.next()).unwrap());
    assert_eq!(tx.state(0), State::Free);
}

#[test]
fn entries_are_given_to_new_ids_in_order_of_the_least_loss() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    let [first, second, third] = ["a", "b", "c"].map(|id| join(&site, id));
    assert!(matches!(
        attach_with(&site, "d", None),
        Err(AttachError::NoFreeEntry { max_consumers: ENTRIES })
    ));
    tx.publish(2);
    // Dead: evicted by policy, the furthest behind first.
    first.read_to(2);
    second.read_to(1);
    drop(first);
    drop(second);
    let d = join(&site, "d");
    assert_eq!(d.entry, 1);
    // Left: before any dead one.
    third.leave(Leave::Detach);
    let e = join(&site, "e");
    assert_eq!(e.entry, 2);
    // Evicted: before any that left.
    e.leave(Leave::Detach);
    assert!(tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap());
    assert_eq!(join(&site, "f").entry, 0);
}

#[test]
fn a_held_consumer_keeps_its_entry() {
    let site = Site::anonymous();
    let tx = Tx::with(&held(&site)).unwrap();
    for id in ["a", "b", "c"] {
        drop(join(&site, id));
    }
    assert!(matches!(attach_with(&site, "d", None), Err(AttachError::NoFreeEntry { .. })));
    assert_eq!(join(&site, "b").entry, 1);
    drop(tx);
    // Another producer may have another mind.
    let _tx = Tx::new(&site);
    assert_eq!(join(&site, "d").entry, 0);
}

#[test]
fn two_that_attach_the_same_id_at_once_do_not_both_get_it() {
    for site in Site::all() {
        let _tx = Tx::new(&site);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| attach_with(&site, "risk", None))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let in_use = outcomes.iter().filter(|outcome| matches!(outcome, Err(AttachError::IdInUse { .. })));
        assert_eq!(in_use.count(), 3);
    }
}

#[test]
fn two_that_create_the_same_name_at_once_do_not_both_get_it() {
    for site in Site::all() {
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| create(&request(&site)))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let exists =
            outcomes.iter().filter(|outcome| matches!(outcome, Err(CreateError::AlreadyExists { .. })));
        assert_eq!(exists.count(), 3, "{outcomes:?}");
    }
}

#[test]
fn one_who_waits_for_a_channel_gets_it_when_it_comes() {
    for site in Site::all() {
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                attach::<u64, Stamped>(&AttachRequest {
                    location: site.location.clone(),
                    id: "risk".to_owned(),
                    contract: Contract::of::<u64, Stamped>(1),
                    start: None,
                    timeout: Duration::from_secs(20),
                    declared_only: None,
                    placement: Placement::default(),
                })
            });
            crate::os::process::nap(Duration::from_millis(5));
            let tx = Tx::new(&site);
            assert_eq!(waiting.join().unwrap().unwrap().start, 0);
            assert_eq!(tx.state(0), State::Active);
        });
    }
}

#[test]
fn a_start_that_is_refused_costs_nobody_its_place() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    let [left, gone, dead] = ["left", "gone", "dead"].map(|id| join(&site, id));
    tx.publish(4);
    for (rx, at) in [(&left, 3), (&gone, 2), (&dead, 3)] {
        rx.read_to(at);
    }
    left.leave(Leave::Detach);
    drop(gone);
    assert!(tx.segment.evict(1, tx.publisher.next(), LET_GO).unwrap());
    drop(dead);
    for id in ["left", "gone", "dead", "new"] {
        let error = attach_with(&site, id, Some(Start::At(99))).unwrap_err();
        assert!(matches!(error, AttachError::Ahead { at: 99, published: 4 }), "{id}: {error:?}");
    }
    assert_eq!([0, 1, 2].map(|entry| tx.state(entry)), [State::Detached, State::Evicted, State::Active]);
    assert!(matches!(attach_with(&site, "gone", None), Err(AttachError::Evicted { at: 2, .. })));
    assert_eq!(join(&site, "left").start, 3);
    assert_eq!(join(&site, "dead").start, 3);
}

#[test]
fn an_entry_whose_owner_is_just_leaving_is_waited_for() {
    let site = Site::anonymous();
    let _tx = Tx::new(&site);
    let [leaving, _second, _third] = ["a", "b", "c"].map(|id| join(&site, id));
    leaving.segment.leave(leaving.entry, Leave::Forget);
    let joined = std::thread::scope(|scope| {
        let joining = scope.spawn(|| attach_with(&site, "d", None));
        // It unmaps the ring, and then the kernel gives its locks back.
        crate::os::process::nap(Duration::from_millis(3));
        drop(leaving);
        joining.join().unwrap()
    });
    assert_eq!(joined.unwrap().entry, 0);
}
