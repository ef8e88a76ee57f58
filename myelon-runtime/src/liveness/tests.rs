use proptest::prelude::*;

use super::*;

const AT_7: Gate = Gate { cursor: 7, entry: Some(3) };
const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

/// One consumer in the producer's way, and the time.
struct Scene {
    watch: Watch,
    now: Instant,
    id: &'static str,
    owner: u32,
    cursor: u64,
    awaited: bool,
}

impl Scene {
    fn of(policy: OnConsumerDeath) -> Self {
        Self::with(policy, Vec::new())
    }

    fn required(policy: Required) -> Self {
        Self::with(
            OnConsumerDeath::Evict,
            vec![("other".to_owned(), Required::DEFAULT), ("risk".to_owned(), policy)],
        )
    }

    fn with(policy: OnConsumerDeath, required: Vec<(String, Required)>) -> Self {
        let watch = Watch::new(policy, required);
        Self { watch, now: Instant::now(), id: "risk", owner: 1, cursor: 7, awaited: true }
    }

    /// What follows from that evidence, this much later.
    fn after(&mut self, time: Duration, evidence: Evidence) -> (Verdict, Option<AlertKind>) {
        let found = self.find(time, evidence).expect("it is time to look");
        (found.verdict, found.news)
    }

    fn find(&mut self, time: Duration, evidence: Evidence) -> Option<Finding> {
        self.now += time;
        let sight = Sight { cursor: self.cursor, evidence, awaited: self.awaited };
        self.watch.judge((3, self.owner), self.id, self.now, |_| Some(sight))
    }
}

const WAITS: (Verdict, Option<AlertKind>) = (Verdict::Wait, None);

fn news(kind: AlertKind) -> (Verdict, Option<AlertKind>) {
    (Verdict::Wait, Some(kind))
}

#[test]
fn a_live_consumer_is_never_let_go_however_long_it_stands_still() {
    let mut scene = Scene::of(OnConsumerDeath::Evict);
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(86_400 * SECOND, Evidence::Alive), WAITS);
}

#[test]
fn hold_counts_from_the_moment_of_knowing() {
    let mut scene = Scene::of(OnConsumerDeath::Hold(5 * SECOND));
    assert_eq!(scene.after(60 * SECOND, Evidence::Dead), WAITS);
    assert_eq!(scene.after(4_999 * MS, Evidence::Dead), WAITS);
    assert_eq!(scene.after(MS * 10, Evidence::Dead).0, Verdict::Evict);
}

#[test]
fn hold_starts_anew_when_the_consumer_came_back_in_between() {
    let mut scene = Scene::of(OnConsumerDeath::Hold(5 * SECOND));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Dead), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), WAITS);
    assert_eq!(scene.after(5 * SECOND, Evidence::Dead), WAITS);
    assert_eq!(scene.after(5 * SECOND, Evidence::Dead).0, Verdict::Evict);
}

#[test]
fn hold_forever_never_evicts_and_evict_does_at_once() {
    let mut scene = Scene::of(OnConsumerDeath::HoldForever);
    assert_eq!(scene.after(Duration::ZERO, Evidence::Dead), WAITS);
    assert_eq!(scene.after(86_400 * SECOND, Evidence::Dead), WAITS);
    assert_eq!(Scene::of(OnConsumerDeath::Evict).after(Duration::ZERO, Evidence::Dead).0, Verdict::Evict);
}

#[test]
fn the_kernel_is_asked_about_one_and_the_same_consumer_no_more_often_than_it_has_to_be() {
    let mut scene = Scene::of(OnConsumerDeath::HoldForever);
    assert!(scene.find(Duration::ZERO, Evidence::Dead).is_some());
    assert!(scene.find(9 * MS, Evidence::Dead).is_none());
    assert!(scene.find(MS, Evidence::Dead).is_some());
    let mut scene = Scene::required(Required::DEFAULT.check(SECOND));
    assert!(scene.find(Duration::ZERO, Evidence::Dead).is_some());
    assert!(scene.find(999 * MS, Evidence::Dead).is_none());
    assert!(scene.find(MS, Evidence::Dead).is_some());
}

#[test]
fn whoever_is_in_the_way_is_looked_after_every_ten_milliseconds_or_as_often_as_a_policy_says() {
    let start = Instant::now();
    let mut watch = Watch::new(OnConsumerDeath::Evict, Vec::new());
    assert!(!watch.is_due(start), "nobody gates");
    watch.observe(AT_7, || start);
    assert!(watch.is_due(start));
    watch.probes(start);
    assert!(!watch.is_due(start + 9 * MS));
    assert!(watch.is_due(start + 10 * MS));
    watch.observe(Gate { cursor: 7, entry: Some(4) }, || start);
    assert!(watch.is_due(start), "another consumer gates now");
    assert_eq!(watch.check_every(), None);
    let check = |check| ("x".to_owned(), Required::DEFAULT.check(check));
    let watch = Watch::new(OnConsumerDeath::Evict, vec![check(SECOND), check(3 * MS)]);
    assert_eq!(watch.check_every(), Some(3 * MS));
    assert_eq!(Watch::new(OnConsumerDeath::Evict, vec![check(Duration::ZERO)]).check_every(), Some(MS));
}

#[test]
fn the_clock_is_read_only_when_the_gate_changed() {
    let start = Instant::now();
    let mut watch = Watch::new(OnConsumerDeath::Evict, Vec::new());
    watch.observe(AT_7, || start);
    watch.observe(AT_7, || panic!("nothing changed"));
    watch.observe(Gate { cursor: 8, ..AT_7 }, || start + SECOND);
    assert_eq!(watch.idle(start + 3 * SECOND), 2 * SECOND);
}

#[test]
fn a_required_consumer_that_does_not_attach_is_waited_for_as_long_as_its_policy_says() {
    let mut scene = Scene::required(Required::DEFAULT.startup(5 * SECOND));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Absent), WAITS);
    assert_eq!(scene.after(4_999 * MS, Evidence::Absent), WAITS);
    assert_eq!(scene.after(10 * MS, Evidence::Absent).0, Verdict::Missing);
    assert_eq!(scene.after(SECOND, Evidence::Alive), WAITS, "it came");
    assert_eq!(scene.after(SECOND, Evidence::Absent), WAITS, "and left: from now on");
    assert_eq!(scene.after(5 * SECOND, Evidence::Absent).0, Verdict::Missing);
    let mut scene = Scene::required(Required::DEFAULT);
    assert_eq!(scene.after(Duration::ZERO, Evidence::Absent), WAITS);
    assert_eq!(scene.after(86_400 * SECOND, Evidence::Absent), WAITS, "for ever");
}

#[test]
fn only_the_time_that_the_producer_waits_counts_for_one_that_stalls_or_is_missing() {
    let policy = Required::DEFAULT.startup(SECOND).stall(SECOND).on_failure(OnFailure::Shutdown);
    for evidence in [Evidence::Absent, Evidence::Alive] {
        let mut scene = Scene::required(policy);
        scene.awaited = false;
        assert_eq!(scene.after(Duration::ZERO, evidence), WAITS);
        assert_eq!(scene.after(60 * SECOND, evidence), WAITS);
        scene.awaited = true;
        assert_eq!(scene.after(999 * MS, evidence), WAITS);
        assert_ne!(scene.after(10 * MS, evidence), WAITS);
    }
}

#[test]
fn a_stall_is_told_once_and_so_is_that_it_is_over() {
    let mut scene =
        Scene::required(Required::DEFAULT.stall(SECOND).grace(SECOND).on_failure(OnFailure::Shutdown));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    assert_eq!(scene.after(999 * MS, Evidence::Alive), WAITS, "once");
    scene.cursor = 8;
    assert_eq!(scene.after(10 * MS, Evidence::Alive), news(AlertKind::Recovered));
    assert_eq!(scene.after(999 * MS, Evidence::Alive), WAITS, "counted anew");
    assert_eq!(scene.after(10 * MS, Evidence::Alive), news(AlertKind::Stalled));
    assert_eq!(scene.after(SECOND, Evidence::Alive), (Verdict::Shutdown(LostWhy::Stalled), None));
}

#[test]
fn one_that_moves_slowly_does_not_stall() {
    let mut scene = Scene::required(Required::DEFAULT.stall(SECOND).on_failure(OnFailure::Shutdown));
    for _ in 0..100 {
        scene.cursor += 1;
        assert_eq!(scene.after(900 * MS, Evidence::Alive), WAITS);
    }
}

#[test]
fn block_alerts_again_and_alert_only_does_not_and_neither_ever_gives_up() {
    let mut scene = Scene::required(Required::DEFAULT.stall(SECOND).on_failure(OnFailure::Block));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    for _ in 0..3 {
        assert_eq!(scene.after(500 * MS, Evidence::Alive), WAITS);
        assert_eq!(scene.after(500 * MS, Evidence::Alive), news(AlertKind::Stalled));
    }
    let mut scene = Scene::required(Required::DEFAULT.stall(SECOND).on_failure(OnFailure::AlertOnly));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    for _ in 0..3 {
        assert_eq!(scene.after(60 * SECOND, Evidence::Alive), WAITS);
    }
}

#[test]
fn a_death_is_known_at_the_next_check_and_not_after_a_stall() {
    let policy = Required::DEFAULT.stall(60 * SECOND);
    for (on_death, verdict) in [
        (OnDeath::At(Loss::Evict), Verdict::Evict),
        (OnDeath::At(Loss::Shutdown), Verdict::Shutdown(LostWhy::Died)),
        (OnDeath::Wait { time: None, then: Loss::Shutdown }, Verdict::Wait),
    ] {
        let mut scene = Scene::required(policy.on_death(on_death));
        assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
        assert_eq!(scene.after(10 * MS, Evidence::Dead), (verdict, Some(AlertKind::Died)));
    }
}

#[test]
fn a_dead_one_may_come_back_for_as_long_as_its_policy_says_also_while_nobody_waits_for_it() {
    for (then, verdict) in [(Loss::Evict, Verdict::Evict), (Loss::Shutdown, Verdict::Shutdown(LostWhy::Died))]
    {
        let mut scene =
            Scene::required(Required::DEFAULT.on_death(OnDeath::Wait { time: Some(5 * SECOND), then }));
        scene.awaited = false;
        assert_eq!(scene.after(Duration::ZERO, Evidence::Dead), news(AlertKind::Died));
        assert_eq!(scene.after(4_999 * MS, Evidence::Dead), WAITS);
        assert_eq!(scene.after(10 * MS, Evidence::Alive), news(AlertKind::Resumed));
        assert_eq!(scene.after(SECOND, Evidence::Dead), news(AlertKind::Died));
        assert_eq!(scene.after(5 * SECOND, Evidence::Dead), (verdict, None));
    }
}

#[test]
fn one_that_came_back_unseen_and_died_again_is_waited_for_anew() {
    let policy = OnDeath::Wait { time: Some(SECOND), then: Loss::Evict };
    let mut scene = Scene::required(Required::DEFAULT.on_death(policy));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Dead), news(AlertKind::Died));
    // The producer had room all the time that it was there.
    scene.owner += 1;
    assert_eq!(scene.after(2 * SECOND, Evidence::Dead), news(AlertKind::Died));
    assert_eq!(scene.after(999 * MS, Evidence::Dead), WAITS);
    assert_eq!(scene.after(20 * MS, Evidence::Dead).0, Verdict::Evict);
}

#[test]
fn a_stall_is_not_that_of_the_one_who_was_there_before() {
    let policy = Required::DEFAULT.stall(SECOND).on_failure(OnFailure::Shutdown);
    let mut scene = Scene::required(policy);
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    scene.owner += 1;
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Recovered));
    assert_eq!(scene.after(999 * MS, Evidence::Alive), WAITS);
    assert_eq!(scene.after(20 * MS, Evidence::Alive), news(AlertKind::Stalled));
}

#[test]
fn a_stall_that_ends_in_death_is_judged_as_a_death() {
    let policy =
        Required::DEFAULT.stall(SECOND).on_failure(OnFailure::Shutdown).on_death(OnDeath::At(Loss::Evict));
    let mut scene = Scene::required(policy.grace(60 * SECOND));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    assert_eq!(scene.after(SECOND, Evidence::Dead), (Verdict::Evict, Some(AlertKind::Died)));
}

#[test]
fn a_place_that_is_kept_for_nobody_is_given_up() {
    let mut scene = Scene::of(OnConsumerDeath::HoldForever);
    assert_eq!(scene.after(Duration::ZERO, Evidence::Absent).0, Verdict::Release);
}

#[test]
fn another_consumer_in_the_same_entry_is_another_case() {
    let mut scene = Scene::required(Required::DEFAULT.stall(SECOND).on_failure(OnFailure::Shutdown));
    assert_eq!(scene.after(Duration::ZERO, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
    scene.id = "stranger";
    assert_eq!(scene.after(SECOND, Evidence::Alive), WAITS);
    scene.id = "risk";
    assert_eq!(scene.after(SECOND, Evidence::Alive), WAITS);
    assert_eq!(scene.after(SECOND, Evidence::Alive), news(AlertKind::Stalled));
}

#[test]
fn when_there_is_room_whoever_moved_has_recovered_and_is_forgotten() {
    let mut scene = Scene::required(Required::DEFAULT.stall(SECOND));
    assert!(!scene.watch.has_cases());
    scene.after(Duration::ZERO, Evidence::Alive);
    scene.after(SECOND, Evidence::Alive);
    assert_eq!(scene.watch.settle(scene.now, |_| Some(7)), []);
    assert!(scene.watch.has_cases(), "it has not moved");
    let recovered = scene.watch.settle(scene.now + SECOND, |entry| (entry == 3).then_some(8));
    assert_eq!(recovered, [(3, 2 * SECOND)]);
    assert!(!scene.watch.has_cases());
}

#[test]
fn time_in_which_nobody_waits_is_held_against_nobody() {
    const LONG: Duration = Duration::from_secs(60);
    for evidence in [Evidence::Alive, Evidence::Absent] {
        let mut scene = Scene::required(Required::DEFAULT.stall(SECOND).startup(SECOND));
        scene.watch.probes(scene.now);
        assert_eq!(scene.after(Duration::ZERO, evidence), WAITS);
        // There was no call at all for so long.
        scene.watch.probes(scene.now + LONG);
        assert_eq!(scene.after(LONG, evidence), WAITS);
        assert_eq!(scene.after(SECOND / 2, evidence), WAITS);
        // There was room all the time.
        scene.watch.settle(scene.now + LONG, |_| Some(7));
        assert_eq!(scene.after(LONG, evidence), WAITS);
        assert_ne!(scene.after(SECOND, evidence), WAITS);
    }
}

#[test]
fn who_looks_often_leaves_nothing_out() {
    let mut scene = Scene::required(Required::DEFAULT.stall(2 * SECOND));
    for _ in 0..8 {
        scene.watch.probes(scene.now + SECOND / 4);
        assert_eq!(scene.after(SECOND / 4, Evidence::Alive), WAITS);
    }
    assert_eq!(scene.after(SECOND / 4, Evidence::Alive), news(AlertKind::Stalled));
}

#[test]
fn policies_survive_the_segment() {
    for policy in [
        OnConsumerDeath::Evict,
        OnConsumerDeath::Hold(Duration::from_millis(1500)),
        OnConsumerDeath::HoldForever,
    ] {
        assert_eq!(OnConsumerDeath::decode(policy.encode()), policy);
    }
    assert_eq!(
        OnConsumerDeath::decode(OnConsumerDeath::Hold(Duration::ZERO).encode()),
        OnConsumerDeath::Hold(Duration::from_nanos(1))
    );
    let long = Required::DEFAULT.startup(Duration::MAX).encode();
    assert_eq!(Required::decode(long).unwrap().startup, Some(Duration::from_nanos(u64::MAX - 1)));
    assert_eq!(Required::decode([0; 6]), None, "nobody's");
}

proptest! {
    #[test]
    fn terms_survive_the_segment_and_any_words_are_terms_or_none(
        (startup, stall, time) in any::<(Option<u32>, Option<u32>, Option<u32>)>(),
        (grace, check) in any::<(u32, u32)>(),
        failure in prop::sample::select(&[OnFailure::Shutdown, OnFailure::Block, OnFailure::AlertOnly][..]),
        then in prop::sample::select(&[Loss::Evict, Loss::Shutdown][..]),
        at_once in any::<bool>(),
        words in any::<[u64; 6]>(),
    ) {
        let time_of = |time: u32| Duration::from_micros(time.into());
        let on_death = if at_once { OnDeath::At(then) } else { OnDeath::Wait { time: time.map(time_of), then } };
        let policy = Required {
            startup: startup.map(time_of),
            stall: stall.map(time_of),
            grace: time_of(grace),
            check: time_of(check),
            on_failure: failure,
            on_death,
        };
        prop_assert_eq!(Required::decode(policy.encode()), Some(policy));
        if let Some(decoded) = Required::decode(words) {
            prop_assert_eq!(Required::decode(decoded.encode()), Some(decoded));
        }
    }
}
