//! What happens to the ends of a channel.

use std::time::Instant;

use crate::act::Act;
use crate::member::{Left, Role, State};
use crate::script::Held;
use crate::times::Who;

/// For how long somebody is stopped or away at most, in milliseconds.
const AWAY: u64 = 500;

impl Act<'_> {
    /// Something happens to somebody.
    pub(crate) fn fault(&mut self) {
        let here: Vec<_> = self.here().collect();
        let one = if here.is_empty() { None } else { Some(*self.scene.random.pick(&here)) };
        let done = match (self.scene.random.below(100), one) {
            (0..28, Some(one)) => self.kill(one),
            (28..52, Some(one)) => self.stop(one),
            (52..68, Some(one)) => self.leave(one),
            (68..80, _) => self.kill_chief(),
            (80..88, _) => self.stop_chief(),
            (88..92, _) => self.detach_chief(),
            (92..96, _) => self.usurp(),
            (96.., _) => self.kill_all(),
            _ => false,
        };
        self.totals.faults += u64::from(done);
    }

    /// Whether a channel without a producer is kept although `but` does not live: a sweep takes away what nobody can go on
    /// with, and another program may sweep at any time.
    fn is_kept_without(&self, but: Option<usize>) -> bool {
        let keeps = |index: usize| {
            let member = &self.members[index];
            let is_alive = !matches!(member.state, State::Away(_)) && Some(index) != but;
            match member.role {
                Role::Lossy => false,
                Role::Reliable => is_alive,
                Role::Required => is_alive || self.scene.script.required == Held::Forever,
            }
        };
        (0..self.members.len()).any(keeps)
    }

    fn may_go(&self, index: usize) -> bool {
        !self.chief.is_away() || self.is_kept_without(Some(index))
    }

    fn kill(&mut self, index: usize) -> bool {
        if !self.may_go(index) {
            return false;
        }
        self.times.disturb();
        let published = self.chief.published();
        let since = Instant::now();
        self.members[index].kill(&mut self.scene);
        self.members[index].back = self.scene.soon(AWAY);
        if self.members[index].gates() {
            self.expect_lap("consumer killed and let go: the producer a lap on", since, published);
        }
        true
    }

    /// Expects that the producer goes once around the ring, if nobody is waited for.
    fn expect_lap(&mut self, what: &'static str, since: Instant, published: u64) {
        if !self.is_blocked() {
            self.times.expect(what, since, vec![(Who::Producer, published + self.scene.script.lap)]);
        }
    }

    fn stop(&mut self, index: usize) -> bool {
        self.times.disturb();
        self.members[index].stop(&mut self.scene);
        self.members[index].back = self.scene.soon(AWAY);
        true
    }

    fn leave(&mut self, index: usize) -> bool {
        if !self.may_go(index) {
            return false;
        }
        self.times.disturb();
        let left = *self.scene.random.pick(&[Left::Detached, Left::Dropped]);
        let published = self.chief.published();
        let since = Instant::now();
        self.members[index].leave(left, &mut self.scene);
        self.members[index].back = self.scene.soon(AWAY);
        if self.members[index].gates() {
            self.expect_lap("consumer left: the producer a lap on", since, published);
        }
        true
    }

    fn kill_chief(&mut self) -> bool {
        if self.chief.is_away() || !self.is_kept_without(None) {
            return false;
        }
        self.times.disturb();
        let told: Vec<_> = self.here().map(|index| (Who::Told(index), self.members[index].told())).collect();
        let since = Instant::now();
        self.chief.kill(&mut self.scene);
        self.chief.back = self.scene.soon(AWAY);
        self.times.expect("producer killed: everybody is told", since, told);
        true
    }

    fn stop_chief(&mut self) -> bool {
        if !self.chief.is_here() {
            return false;
        }
        self.times.disturb();
        self.chief.stop(&mut self.scene);
        self.chief.back = self.scene.soon(AWAY);
        true
    }

    fn detach_chief(&mut self) -> bool {
        if !self.chief.is_here() || !self.is_kept_without(None) {
            return false;
        }
        self.times.disturb();
        self.chief.detach(&mut self.scene);
        self.chief.back = self.scene.soon(AWAY);
        true
    }

    /// Somebody wants to take the place of a producer that is stopped. That is refused; once it is dead, it is not.
    fn usurp(&mut self) -> bool {
        if !self.stop_chief() {
            return false;
        }
        let create = self.create();
        self.chief.usurp(&mut self.scene, &create);
        if self.scene.random.one_in(2) && self.is_kept_without(None) {
            self.chief.kill(&mut self.scene);
            self.chief.back = Instant::now();
        }
        true
    }

    /// Nobody is left but those that are stopped.
    fn kill_all(&mut self) -> bool {
        if self.scene.script.required != Held::Forever || !self.chief.is_here() {
            return false;
        }
        self.times.disturb();
        let mut all: Vec<_> = self.here().map(Some).chain([None]).collect();
        while !all.is_empty() {
            let next = self.scene.random.below(all.len() as u64) as usize;
            if let Some(index) = all.swap_remove(next) {
                self.members[index].kill(&mut self.scene);
                self.members[index].back = self.scene.soon(50);
            } else {
                self.chief.kill(&mut self.scene);
                self.chief.back = self.scene.soon(50);
            }
        }
        true
    }
}
