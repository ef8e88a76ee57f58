use super::*;
use crate::liveness::{DeclaredConsumer, Lost, LostWhy, Required, Role};
use crate::os::lock::{LockByte, try_lock};
use crate::ring::entry;
use crate::segment::page::ConsumerId;
use crate::sync::Ordering;

fn require(ids: &[&str]) -> Vec<RequiredConsumer> {
    let one = |id: &&str| RequiredConsumer { id: ConsumerId::new(id).unwrap(), policy: Required::DEFAULT };
    ids.iter().map(one).collect()
}

/// A producer that requires these, for dead ones of which all places are kept.
fn requires(site: &Site, ids: &[&str]) -> Result<Tx, CreateError> {
    Tx::with(&CreateRequest { required: require(ids), ..held(site) })
}

fn named(tx: &Tx) -> Vec<String> {
    let mut named: Vec<_> = tx.segment.required().map(|one| one.id.to_string()).collect();
    named.sort();
    named
}

/// Leaves as an end does.
#[allow(clippy::needless_pass_by_value, reason = "what it leaves is not used any more")]
fn leave(joined: Joined, how: Leave) {
    joined.segment.leave(joined.entry, how);
}

/// What a consumer does that has read everything below `at`.
fn read_to(joined: &Joined, at: u64) {
    joined.segment.consumer_page(joined.entry).cursor().store(at, Ordering::Release);
}

#[test]
fn a_place_is_there_from_the_first_event_on_whether_somebody_is_in_it_or_not() {
    for site in Site::all() {
        let mut tx = requires(&site, &["journal", "risk"]).unwrap();
        assert_eq!([0, 1, 2].map(|entry| tx.state(entry)), [State::Reserved, State::Reserved, State::Free]);
        assert_eq!(tx.publish(100), CAPACITY, "nobody attached, and nothing is written over");
        let journal = join(&site, "journal");
        assert_eq!((journal.entry, journal.start, journal.resumed), (0, 0, false));
        read_to(&journal, 3);
        assert_eq!(tx.publish(100), 0, "the other one is waited for");
        let risk = attach_with(&site, "risk", Some(Start::Resume)).unwrap();
        assert_eq!((risk.entry, risk.start), (1, 0));
        read_to(&risk, 5);
        assert_eq!(tx.publish(100), 3);
    }
}

#[test]
fn another_start_may_be_asked_for_and_one_that_cannot_be_had_costs_no_place() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &["journal"]).unwrap();
    tx.publish(CAPACITY);
    assert!(matches!(attach_with(&site, "journal", Some(Start::At(20))), Err(AttachError::Ahead { .. })));
    assert_eq!(
        (tx.segment.place_of(0), tx.state(0)),
        (Some(0), State::Reserved),
        "nobody was in it, and nobody died"
    );
    let journal = attach_with(&site, "journal", Some(Start::Latest)).unwrap();
    assert_eq!((journal.start, journal.resumed), (CAPACITY, false));
    assert_eq!(tx.publish(100), CAPACITY);
}

#[test]
fn whoever_leaves_keeps_its_place_however_it_leaves() {
    for how in [Leave::Forget, Leave::Detach] {
        let site = Site::anonymous();
        let mut tx = requires(&site, &["journal"]).unwrap();
        tx.publish(4);
        let journal = join(&site, "journal");
        read_to(&journal, 2);
        leave(journal, how);
        assert_eq!(tx.state(0), State::Reserved);
        assert_eq!(tx.publish(100), CAPACITY - 2);
        assert_eq!(join(&site, "journal").start, 2);
        let other = join(&site, "other");
        let entry = other.entry;
        leave(other, how);
        assert_ne!(tx.state(entry), State::Reserved, "nobody requires that one");
    }
}

#[test]
fn nobody_else_gets_a_place_that_is_kept() {
    let site = Site::anonymous();
    // Dead ones are let go, but not the required one.
    let tx = Tx::with(&CreateRequest { required: require(&["a", "b"]), ..request(&site) }).unwrap();
    let (_x, a) = (join(&site, "x"), join(&site, "a"));
    drop(a);
    assert!(matches!(
        attach_with(&site, "y", None),
        Err(AttachError::NoFreeEntry { max_consumers: ENTRIES })
    ));
    assert_eq!([tx.state(0), tx.state(1)], [State::Active, State::Reserved]);
    assert_eq!(join(&site, "a").entry, 0);
}

#[test]
fn a_successor_reserves_what_is_missing_from_what_is_published_and_keeps_what_there_is() {
    for site in Site::all() {
        let mut tx = requires(&site, &["a"]).unwrap();
        tx.publish(6);
        let b = join(&site, "b");
        read_to(&b, 6);
        leave(b, Leave::Detach);
        drop(tx);
        let mut tx = requires(&site, &["a", "b", "c"]).unwrap();
        assert_eq!(named(&tx), ["a", "b", "c"]);
        assert_eq!([0, 1, 2].map(|entry| tx.segment.place_of(entry)), [Some(0), Some(6), Some(6)]);
        assert_eq!([0, 1, 2].map(|entry| tx.state(entry)), [State::Reserved; 3]);
        assert_eq!(tx.publish(100), 2);
        for (id, start) in [("c", 6), ("b", 6), ("a", 0)] {
            assert_eq!(join(&site, id).start, start, "{id}");
        }
    }
}

#[test]
fn a_successor_that_requires_others_waits_for_nobody_else() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &["a", "b"]).unwrap();
    tx.publish(5);
    let b = join(&site, "b");
    drop(tx);
    let mut tx = requires(&site, &["c"]).unwrap();
    assert_eq!(named(&tx), ["c"]);
    assert_eq!([0, 1, 2].map(|entry| tx.state(entry)), [State::Free, State::Active, State::Reserved]);
    leave(b, Leave::Forget);
    assert_eq!(tx.state(1), State::Free);
    let c = join(&site, "c");
    assert_eq!(c.start, 5);
    read_to(&c, 5);
    assert_eq!(tx.publish(100), CAPACITY);
    assert_eq!(join(&site, "b").start, 5 + CAPACITY, "as new");
}

#[test]
fn a_place_that_nobody_requires_any_more_is_remembered_if_somebody_was_in_it() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &["came", "never"]).unwrap();
    tx.publish(4);
    let came = join(&site, "came");
    read_to(&came, 2);
    leave(came, Leave::Forget);
    drop(tx);
    let mut tx = requires(&site, &[]).unwrap();
    assert_eq!([0, 1].map(|entry| tx.state(entry)), [State::Detached, State::Free]);
    tx.publish(1);
    assert_eq!(join(&site, "came").start, 2);
    assert_eq!(join(&site, "never").start, 5, "as new");
}

#[test]
fn one_that_left_and_fell_behind_is_told_when_it_comes() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &[]).unwrap();
    leave(join(&site, "late"), Leave::Detach);
    tx.publish(CAPACITY);
    tx.publish(CAPACITY);
    drop(tx);
    let tx = requires(&site, &["late"]).unwrap();
    assert_eq!(tx.state(0), State::Evicted);
    assert!(matches!(attach_with(&site, "late", None), Err(AttachError::Evicted { at: 0, .. })));
    let late = attach_with(&site, "late", Some(Start::Oldest)).unwrap();
    leave(late, Leave::Forget);
    assert_eq!(tx.state(0), State::Reserved, "from then on it is waited for again");
}

#[test]
fn without_an_entry_for_one_nothing_is_changed() {
    let site = Site::anonymous();
    drop(requires(&site, &["a"]).unwrap());
    let (_x, y) = (join(&site, "x"), join(&site, "y"));
    let Err(CreateError::NoPlace { id, max_consumers }) = requires(&site, &["a", "b"]) else { panic!() };
    assert_eq!((id.as_str(), max_consumers), ("b", ENTRIES));
    leave(y, Leave::Forget);
    let Err(CreateError::NoPlace { id, .. }) = requires(&site, &["b", "c"]) else { panic!() };
    assert_eq!(id, "c");
    let tx = requires(&site, &["a"]).unwrap();
    assert_eq!(named(&tx), ["a"]);
    assert_eq!([0, 1, 2].map(|entry| tx.state(entry)), [State::Reserved, State::Active, State::Free]);
    assert!(matches!(
        requires(&Site::anonymous(), &["a", "b", "c", "d"]),
        Err(CreateError::TooManyRequired { required: 4, max_consumers: ENTRIES })
    ));
}

#[test]
fn one_that_dies_on_its_way_to_another_start_has_a_place_from_what_is_published() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &["journal"]).unwrap();
    tx.publish(5);
    let word = tx.segment.entry_word(0).unwrap();
    word.store(Word { state: State::Joining, epoch: 9 }.encode(), Relaxed::Release);
    assert!(tx.segment.evict_unseated(0, tx.publisher.next()).unwrap());
    assert_eq!((tx.state(0), tx.segment.place_of(0)), (State::Reserved, Some(5)));
    assert_eq!(join(&site, "journal").start, 5);
}

/// Dies on its way back to an older event, as `join::relocate` leaves the entry then.
#[allow(clippy::needless_pass_by_value, reason = "it dies")]
fn die_on_the_way_back(joined: Joined, kept: u64, sunk: u64) {
    let page = joined.segment.consumer_page(joined.entry);
    read_to(&joined, kept);
    page.set_kept(Some(kept));
    let word = joined.segment.entry_word(joined.entry).unwrap();
    let now = entry::read(word).unwrap();
    entry::open(word, now).unwrap();
    page.cursor().store(sunk, Ordering::Release);
}

#[test]
fn one_that_dies_on_its_way_back_has_the_place_that_it_had() {
    for found_by in ["the producer", "itself", "a successor", "a successor that has no room"] {
        let site = Site::anonymous();
        let mut tx = requires(&site, &["journal"]).unwrap();
        tx.publish(5);
        die_on_the_way_back(join(&site, "journal"), 3, 0);
        let (_x, _y) = (join(&site, "x"), join(&site, "y"));
        assert!(matches!(attach_with(&site, "z", None), Err(AttachError::NoFreeEntry { .. })), "it is kept");
        match found_by {
            "the producer" => assert!(tx.segment.evict_unseated(0, tx.publisher.next()).unwrap()),
            "itself" => {}
            "a successor" => {
                drop(tx);
                tx = requires(&site, &["journal"]).unwrap();
            }
            _ => {
                drop(tx);
                assert!(matches!(requires(&site, &["journal", "z"]), Err(CreateError::NoPlace { .. })));
                tx = requires(&site, &["journal"]).unwrap();
            }
        }
        if found_by != "itself" {
            assert_eq!((tx.state(0), tx.segment.place_of(0)), (State::Active, Some(3)), "{found_by}");
        }
        let back = join(&site, "journal");
        assert_eq!((back.start, back.resumed), (3, true), "{found_by}");
    }
}

#[test]
fn one_that_dies_before_its_place_on_the_way_back_is_found_by_whoever_wants_it_elsewhere() {
    for (start, expected) in [(Start::Oldest, 2), (Start::At(3), 3), (Start::Latest, 10)] {
        let site = Site::anonymous();
        let mut tx = requires(&site, &["journal"]).unwrap();
        tx.publish(CAPACITY);
        let journal = join(&site, "journal");
        read_to(&journal, 2);
        assert_eq!(tx.publish(100), 2, "it is full again, and two are overwritten");
        die_on_the_way_back(journal, 2, 1);
        assert_eq!(attach_with(&site, "journal", Some(start)).unwrap().start, expected);
    }
}

#[test]
fn one_that_nobody_requires_is_judged_as_any_dead_one_if_it_dies_on_its_way_back() {
    let site = Site::anonymous();
    let mut tx = Tx::with(&CreateRequest { required: require(&[]), ..request(&site) }).unwrap();
    let journal = join(&site, "journal");
    tx.publish(5);
    die_on_the_way_back(journal, 3, 0);
    assert!(tx.segment.evict_unseated(0, tx.publisher.next()).unwrap());
    assert_eq!(tx.segment.place_of(0), Some(3));
    assert!(tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap());
    die_on_the_way_back(attach_with(&site, "journal", Some(Start::Latest)).unwrap(), 4, 1);
    // A newcomer that needs the entry may have it.
    let (_x, _y, z) = (join(&site, "x"), join(&site, "y"), join(&site, "z"));
    assert_eq!(z.entry, 0);
}

#[test]
fn the_place_of_one_that_died_on_its_way_is_left_to_whoever_comes_back_with_its_id() {
    let site = Site::anonymous();
    let mut tx = requires(&site, &["journal"]).unwrap();
    tx.publish(5);
    let word = tx.segment.entry_word(0).unwrap();
    word.store(Word { state: State::Joining, epoch: 9 }.encode(), Relaxed::Release);
    // It has locked its id and got no further.
    let other = join(&site, "other");
    let id = LockByte::Id(ConsumerId::new("journal").unwrap().hash());
    assert!(try_lock(&other.segment, id).unwrap());
    assert!(!tx.segment.evict_unseated(0, tx.publisher.next()).unwrap());
    assert_eq!(tx.state(0), State::Joining);
    drop(other);
    assert!(tx.segment.evict_unseated(0, tx.publisher.next()).unwrap());
    assert_eq!(join(&site, "journal").start, 5);
}

#[test]
fn a_producer_waits_a_moment_for_one_that_is_on_its_way_and_then_goes_on() {
    let site = Site::anonymous();
    let tx = requires(&site, &[]).unwrap();
    let id = ConsumerId::new("stopped").unwrap();
    // It has locked its id and got no further.
    let other = join(&site, "other");
    assert!(try_lock(&other.segment, LockByte::Id(id.hash())).unwrap());
    drop(tx);
    let tx = requires(&site, &["stopped"]).unwrap();
    assert_eq!((tx.state(1), named(&tx)), (State::Free, vec!["stopped".to_owned()]));
    drop(other);
    leave(join(&site, "stopped"), Leave::Forget);
    assert_eq!(tx.state(1), State::Reserved);
}

#[test]
fn a_closed_channel_keeps_a_place_for_what_is_left_to_read_and_the_last_one_takes_the_name_along() {
    let site = Site::shm();
    let mut tx = requires(&site, &["journal", "risk"]).unwrap();
    tx.publish(3);
    let risk = join(&site, "risk");
    read_to(&risk, 3);
    leave(risk, Leave::Forget);
    tx.close();
    assert!(site.path().exists(), "the journal may still come");
    let journal = join(&site, "journal");
    assert_eq!(journal.start, 0);
    read_to(&journal, 3);
    leave(journal, Leave::Forget);
    assert!(!site.path().exists());
}

#[test]
fn why_a_stream_ended_is_told_to_whoever_finds_it_closed() {
    let site = Site::anonymous();
    let tx = requires(&site, &["journal"]).unwrap();
    let journal = join(&site, "journal");
    assert_eq!(journal.segment.close_reason(), None);
    let idle = Duration::from_millis(1234);
    let lost = Lost { id: "journal".to_owned(), pid: 77, why: LostWhy::Died, at: 5, lag: 3, idle };
    tx.segment.note_reason(&lost);
    assert_eq!(journal.segment.close_reason(), Some(lost));
}

#[test]
fn why_a_dead_producer_was_about_to_close_its_stream_is_nothing_to_its_successor() {
    let site = Site::anonymous();
    let tx = requires(&site, &["journal"]).unwrap();
    let journal = join(&site, "journal");
    let idle = Duration::ZERO;
    tx.segment.note_reason(&Lost {
        id: "journal".to_owned(),
        pid: 77,
        why: LostWhy::Died,
        at: 5,
        lag: 3,
        idle,
    });
    drop(tx);
    requires(&site, &["journal"]).unwrap().close();
    assert_eq!(journal.segment.close_reason(), None);
}

#[test]
fn only_those_declared_or_required_may_attach_where_a_channel_says_so() {
    const DECLARED: &[DeclaredConsumer] =
        &[DeclaredConsumer::new("risk", Role::Reliable), DeclaredConsumer::new("dash", Role::Lossy)];
    let site = Site::anonymous();
    let _tx = requires(&site, &["worker_7"]).unwrap();
    let attach = |id: &str| {
        attach::<u64, Stamped>(&AttachRequest {
            location: site.location.clone(),
            id: id.to_owned(),
            contract: Contract::of::<u64, Stamped>(1),
            start: None,
            timeout: Duration::ZERO,
            declared_only: Some(DECLARED),
            placement: Placement::default(),
        })
    };
    for refused in ["dash", "stranger"] {
        let Err(AttachError::NotDeclared { id, declared }) = attach(refused) else { panic!("{refused}") };
        assert_eq!((id.as_str(), declared), (refused, vec!["risk".to_owned(), "worker_7".to_owned()]));
    }
    let (risk, worker) = (attach("risk").unwrap(), attach("worker_7").unwrap());
    assert_eq!((risk.start, worker.start), (0, 0));
}
