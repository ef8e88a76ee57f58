use super::*;

const AT_7: Gate = Gate { cursor: 7, entry: Some(3) };

fn watch(policy: OnConsumerDeath, start: Instant) -> Watch {
    let mut watch = Watch::new(policy);
    watch.observe(AT_7, || start);
    watch
}

#[test]
fn a_live_consumer_is_never_let_go_however_long_it_stands_still() {
    let start = Instant::now();
    let mut watch = watch(OnConsumerDeath::Evict, start);
    let much_later = start + Duration::from_secs(86_400);
    assert_eq!(watch.judge(Evidence::Alive, much_later), Verdict::Wait);
    assert_eq!(watch.idle(much_later), Duration::from_secs(86_400));
}

#[test]
fn hold_counts_from_the_moment_of_knowing() {
    let start = Instant::now();
    let mut watch = watch(OnConsumerDeath::Hold(Duration::from_secs(5)), start);
    let found_dead = start + Duration::from_secs(60);
    assert_eq!(watch.judge(Evidence::Dead, found_dead), Verdict::Wait);
    assert_eq!(watch.judge(Evidence::Dead, found_dead + Duration::from_millis(4_999)), Verdict::Wait);
    assert_eq!(watch.judge(Evidence::Dead, found_dead + Duration::from_secs(5)), Verdict::Evict);
}

#[test]
fn hold_starts_anew_when_the_consumer_came_back_in_between() {
    let start = Instant::now();
    let mut watch = watch(OnConsumerDeath::Hold(Duration::from_secs(5)), start);
    assert_eq!(watch.judge(Evidence::Dead, start), Verdict::Wait);
    assert_eq!(watch.judge(Evidence::Alive, start + Duration::from_secs(1)), Verdict::Wait);
    assert_eq!(watch.judge(Evidence::Dead, start + Duration::from_secs(6)), Verdict::Wait);
}

#[test]
fn hold_forever_never_evicts_and_evict_does_at_once() {
    let start = Instant::now();
    let later = start + Duration::from_secs(86_400);
    assert_eq!(watch(OnConsumerDeath::HoldForever, start).judge(Evidence::Dead, later), Verdict::Wait);
    assert_eq!(watch(OnConsumerDeath::Evict, start).judge(Evidence::Dead, start), Verdict::Evict);
}

#[test]
fn the_kernel_is_asked_at_most_every_ten_milliseconds_about_the_same_consumer() {
    let start = Instant::now();
    let mut watch = watch(OnConsumerDeath::HoldForever, start);
    assert!(watch.probe_is_due(start));
    watch.judge(Evidence::Dead, start);
    assert!(!watch.probe_is_due(start + Duration::from_millis(9)));
    assert!(watch.probe_is_due(start + Duration::from_millis(10)));
    watch.observe(Gate { cursor: 7, entry: Some(4) }, || start);
    assert!(watch.probe_is_due(start), "another consumer gates now");
}

#[test]
fn the_clock_is_read_only_when_the_gate_changed() {
    let start = Instant::now();
    let mut watch = watch(OnConsumerDeath::Evict, start);
    watch.observe(AT_7, || panic!("nothing changed"));
    watch.observe(Gate { cursor: 8, ..AT_7 }, || start + Duration::from_secs(1));
    assert_eq!(watch.idle(start + Duration::from_secs(3)), Duration::from_secs(2));
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
}
