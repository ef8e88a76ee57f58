use super::*;

/// Something that never comes, and counts how it was asked.
#[derive(Default)]
struct Never {
    looks: u32,
    since_glance: u32,
    most_between_glances: u32,
    checks: u32,
}

impl Await for Never {
    type Output = ();

    fn look(&mut self) -> Option<()> {
        self.looks += 1;
        // The first looks are made without any glance.
        if self.looks > TIGHT_LOOKS {
            self.since_glance += 1;
        }
        None
    }

    fn glance(&mut self) -> Option<()> {
        self.most_between_glances = self.most_between_glances.max(self.since_glance);
        self.since_glance = 0;
        None
    }

    fn check(&mut self, _: Instant) -> Option<()> {
        self.checks += 1;
        None
    }
}

fn wait_for(strategy: WaitStrategy, timeout: Duration, checked: &mut Checked) -> (Never, Spent) {
    let mut never = Never::default();
    let mut spent = Spent::default();
    let word = WaitWord::unused();
    let bed = Bed { word: &word, bit: word::waiter_bit(0), strategy };
    let deadline = Instant::now() + timeout;
    assert_eq!(wait(bed, Some(deadline), checked, &mut spent, &mut never), None);
    assert!(Instant::now() >= deadline, "gave up before the time");
    (never, spent)
}

const ALL: [WaitStrategy; 4] =
    [WaitStrategy::Spin, WaitStrategy::Yield, WaitStrategy::Park, WaitStrategy::Adaptive];

#[test]
fn calls_that_wait_for_a_moment_check_as_often_as_one_that_waits_for_long() {
    for strategy in ALL {
        let mut checked = Checked::default();
        let begun = Instant::now();
        let mut checks = 0;
        while begun.elapsed() < CHECK_EVERY * 2 {
            checks += wait_for(strategy, Duration::from_millis(1), &mut checked).0.checks;
        }
        assert!((2..=3).contains(&checks), "{strategy:?}: {checks} checks in two periods");
    }
}

#[test]
fn a_call_whose_time_is_up_checks_too_if_that_is_due() {
    for strategy in ALL {
        assert_eq!(wait_for(strategy, Duration::ZERO, &mut Checked::default()).0.checks, 1, "{strategy:?}");
    }
}

#[test]
fn a_sleep_ends_when_the_next_check_is_due() {
    let last = Instant::now();
    let mut checked = Checked::default();
    assert!(checked.is_due(last));
    let later = last + Duration::from_millis(49);
    assert!(!checked.is_due(later));
    assert_eq!(checked.until_due(later, CHECK_EVERY), Duration::from_millis(1));
    assert!(checked.is_due(last + CHECK_EVERY));
}

#[test]
fn who_gives_its_core_away_reads_the_clock_often() {
    let (never, _) = wait_for(WaitStrategy::Yield, Duration::from_millis(5), &mut Checked::default());
    assert!(never.most_between_glances <= YIELDS_PER_CLOCK, "{} yields", never.most_between_glances);
}

#[test]
fn only_sleeps_are_counted_as_sleeps() {
    /// Comes at the last look before the sleep.
    struct Late(u32);
    impl Await for Late {
        type Output = ();

        fn look(&mut self) -> Option<()> {
            self.0 += 1;
            (self.0 == 2).then_some(())
        }

        fn glance(&mut self) -> Option<()> {
            None
        }

        fn check(&mut self, _: Instant) -> Option<()> {
            None
        }
    }
    let mut spent = Spent::default();
    let word = WaitWord::unused();
    let bed = Bed { word: &word, bit: word::waiter_bit(0), strategy: WaitStrategy::Park };
    assert_eq!(wait(bed, None, &mut Checked::default(), &mut spent, &mut Late(0)), Some(()));
    assert_eq!(spent.parks, 0);
}
