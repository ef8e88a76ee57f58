//! How an end waits: spin, yield, park, or first the one and then the other.
//!
//! [`word`] has the protocol of sleeping and waking, [`stopper`] the way to end a wait from outside, and this
//! file the loop that both ends use. A loop spins on [`Await::look`]; now and then it takes a
//! [`glance`](Await::glance) at what is cheap to see (closed, stopped), and every 50 ms or more often, counted over all
//! calls of an end, it makes a [`check`](Await::check) with the system calls that tell whether a peer died.

pub(crate) mod pace;
pub(crate) mod patience;
pub(crate) mod stopper;
pub(crate) mod word;

use core::time::Duration;
use std::time::Instant;

use pace::Pace;
use word::WaitWord;

pub use stopper::Stopper;

#[cfg(all(test, not(loom)))]
mod tests;

/// How an end waits for its peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum WaitStrategy {
    /// Polls without pause: a core for the least latency.
    Spin,
    /// Polls, and offers the core to other threads between two looks.
    Yield,
    /// Sleeps in the kernel at once: no CPU while idle, tens of microseconds to wake.
    Park,
    /// Spins for some tens of microseconds, then parks: as fast as spinning on a busy channel, and no CPU to
    /// speak of on an idle one.
    #[default]
    Adaptive,
}

/// Looks without any clock in between, before anything else: some microseconds.
pub(crate) const TIGHT_LOOKS: u32 = 256;
/// Looks between two readings of the clock.
const LOOKS_PER_CLOCK: u32 = 64;
/// How long `Adaptive` spins. Longer than a `membarrier` and a wake-up together cost.
const SPIN_WINDOW: Duration = Duration::from_micros(50);
/// Looks of `Yield` between two readings of the clock: where many threads want the core, each gives it away for
/// milliseconds.
const YIELDS_PER_CLOCK: u32 = 4;
/// The time between two checks for dead peers; half of what is promised (100 ms).
const CHECK_EVERY: Duration = Duration::from_millis(50);

/// How long one naps who is not woken, as a share of the time that it has waited: what comes is seen with a delay of at
/// most an eighth of that.
const NAP_SHARE: u32 = 8;
const SHORTEST_NAP: Duration = Duration::from_micros(50);
/// Two hundred naps a second are no CPU to speak of.
const LONGEST_NAP: Duration = Duration::from_millis(5);

/// What one waits for.
pub(crate) trait Await {
    type Output;
    /// One cheap look at the word that brings the news.
    fn look(&mut self) -> Option<Self::Output>;
    /// A look at what ends a wait and is cheap to see.
    fn glance(&mut self) -> Option<Self::Output>;
    /// A look for dead, replaced or removed peers: system calls. At least every 50 ms.
    fn check(&mut self, now: Instant) -> Option<Self::Output>;
    /// How often at least there has to be a check.
    fn check_every(&self) -> Duration {
        CHECK_EVERY
    }
    /// The cursor at which a wake-up is wanted; 0 = any news.
    fn wanted(&self) -> u64 {
        0
    }
}

/// When an end last made the checks that take system calls. Kept from call to call, so that an end whose calls wait
/// for a moment, or only try, learns of a death as soon as one that waits for long.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Checked(Option<Instant>);

impl Checked {
    /// Whether it is time for a check; the caller then makes it.
    pub(crate) fn is_due(&mut self, now: Instant) -> bool {
        self.is_due_every(now, CHECK_EVERY)
    }

    fn is_due_every(&mut self, now: Instant, every: Duration) -> bool {
        let due = self.until_due(now, every).is_zero();
        if due {
            self.0 = Some(now);
        }
        due
    }

    /// How long the next check can wait.
    fn until_due(self, now: Instant, every: Duration) -> Duration {
        self.0.map_or(Duration::ZERO, |last| every.saturating_sub(now.saturating_duration_since(last)))
    }
}

/// What a wait cost; the caller adds it to its counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) looks: u64,
    pub(crate) parks: u64,
}

/// Where and how an end sleeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bed<'a> {
    pub(crate) word: &'a WaitWord,
    /// The bit to announce oneself with, or [`word::UNSEEN`].
    pub(crate) bit: u64,
    pub(crate) strategy: WaitStrategy,
}

impl Bed<'_> {
    /// Sleeps unless `ready` says yes; for no longer than is right `since` it began to wait.
    fn sleep(&self, wanted: u64, bound: Duration, since: Duration, ready: impl FnOnce() -> bool) -> bool {
        if self.bit == word::UNSEEN {
            self.word.nap(bound.min((since / NAP_SHARE).clamp(SHORTEST_NAP, LONGEST_NAP)), ready)
        } else {
            self.word.sleep(self.bit, wanted, bound, ready)
        }
    }
}

/// Waits until `what` has something to say; `None` if `deadline` passes first, after a last look. Checks are made
/// also by a call whose time is up, if they are due.
#[inline(never)]
pub(crate) fn wait<A: Await>(
    bed: Bed<'_>,
    deadline: Option<Instant>,
    checked: &mut Checked,
    spent: &mut Spent,
    what: &mut A,
) -> Option<A::Output> {
    let pace = Pace::current();
    let every = what.check_every().min(CHECK_EVERY);
    let tight = if bed.strategy == WaitStrategy::Park { 1 } else { TIGHT_LOOKS };
    for _ in 0..tight {
        if let Some(news) = what.look() {
            return Some(news);
        }
        pace.between_looks();
    }
    spent.looks += u64::from(tight);
    let started = Instant::now();
    let mut now = started;
    loop {
        if let Some(news) = what.glance() {
            return Some(news);
        }
        if checked.is_due_every(now, every) {
            if let Some(news) = what.check(now) {
                return Some(news);
            }
        }
        if deadline.is_some_and(|deadline| now >= deadline) {
            return what.look();
        }
        let sleeps = match bed.strategy {
            WaitStrategy::Park => true,
            WaitStrategy::Adaptive => now.duration_since(started) >= SPIN_WINDOW,
            WaitStrategy::Spin | WaitStrategy::Yield => false,
        };
        if sleeps {
            let next_check = checked.until_due(now, every);
            let bound = deadline.map_or(next_check, |deadline| deadline.duration_since(now).min(next_check));
            let wanted = what.wanted();
            let mut news = None;
            let slept = !bed.sleep(wanted, bound, now.duration_since(started), || {
                news = what.look().or_else(|| what.glance());
                news.is_some()
            });
            spent.parks += u64::from(slept);
            if let Some(news) = news.or_else(|| what.look()) {
                return Some(news);
            }
        } else {
            let yields = bed.strategy == WaitStrategy::Yield;
            let looks = if yields { YIELDS_PER_CLOCK } else { LOOKS_PER_CLOCK };
            spent.looks += u64::from(looks);
            for _ in 0..looks {
                if let Some(news) = what.look() {
                    return Some(news);
                }
                if yields {
                    std::thread::yield_now();
                } else {
                    pace.between_looks();
                }
            }
        }
        now = Instant::now();
    }
}

/// Waits a moment where there is nothing to wait on: a segment that has no name yet.
#[allow(clippy::disallowed_methods, reason = "the one bounded poll: no event tells that a name appears")]
pub(crate) fn pause(moment: Duration) {
    std::thread::sleep(moment);
}
