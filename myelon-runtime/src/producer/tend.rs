//! Looking after the consumers that are in the way: what [`Watch`](crate::liveness::Watch) decides is done here, with the
//! evidence that it asks for. Only while the producer waits, or when it is asked to.

use core::time::Duration;
use std::time::Instant;

use super::PublishError;
use super::room::Room;
use crate::event::RingEvent;
use crate::lifecycle::{LifecycleEvent, Whom};
use crate::liveness::{Alert, AlertKind, Evidence, Finding, Lost, LostWhy, Sight, Terms, Verdict};
use crate::ring::Discipline;
use crate::ring::entry::{self, State, Word};
use crate::segment::Segment;
use crate::segment::page::ConsumerId;
use crate::sync::{Ordering, fence};

/// Whose health to look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// Those that are in the way.
    InTheWay,
    /// The required ones too, wherever they are.
    All,
}

/// A consumer that gates.
#[derive(Debug, Clone, Copy)]
struct Gating {
    entry: u32,
    cursor: u64,
}

impl<E: RingEvent, D: Discipline> Room<'_, E, D> {
    /// Judges them one by one and does what follows. True if somebody was let go.
    ///
    /// # Errors
    /// The stream ends, or the time of one that is missing is up.
    pub(super) fn tend(&mut self, round: Round, now: Instant) -> Result<bool, PublishError> {
        self.watch.probes(now);
        let mut gating = Vec::new();
        self.publisher.scan(|entry, cursor| gating.push(Gating { entry, cursor }));
        let mut gone = false;
        let mut late = None;
        for one in gating {
            if round == Round::InTheWay && one.cursor >= self.below {
                continue;
            }
            let Some(word) = self.word(one.entry) else { continue };
            if self.is_unseated(one.entry, word) {
                self.segment.note_once(LifecycleEvent::Died, Whom::Entry(one.entry));
                crate::sync::point!("tend: found dead");
                gone |= self.segment.evict_unseated(one.entry, self.publisher.next()).unwrap_or(false);
                continue;
            }
            let id = self.segment.consumer_id(one.entry);
            let id = id.as_ref().map_or("", ConsumerId::as_str);
            let awaited = one.cursor < self.below;
            let segment = self.segment;
            let look = |terms: &Terms| {
                let wanted = awaited || matches!(terms, Terms::Required(_));
                let evidence = wanted.then(|| evidence(segment, one.entry, word)).flatten()?;
                if evidence == Evidence::Dead {
                    segment.note_once(LifecycleEvent::Died.by(terms.of_death()), Whom::Entry(one.entry));
                    crate::sync::point!("tend: death noted");
                }
                Some(Sight { cursor: one.cursor, evidence, awaited })
            };
            let Some(finding) = self.watch.judge((one.entry, word.epoch), id, now, look) else { continue };
            if let Some(kind) = finding.news {
                self.tell(one, kind, finding.lasted);
            }
            let terms = self.watch.terms(id).0;
            match finding.verdict {
                Verdict::Wait => {}
                Verdict::Evict => gone |= self.let_go(one, terms, finding),
                Verdict::Release => gone |= self.segment.release(one.entry).unwrap_or(false),
                Verdict::Missing => late = Some(finding.lasted),
                Verdict::Shutdown(why) => return Err(self.shut(one, why, terms, finding.lasted)),
            }
        }
        match late {
            Some(waited) if !gone => Err(PublishError::StartupTimeout { missing: self.absent(), waited }),
            _ => Ok(gone),
        }
    }

    /// There is room again: says who recovered.
    pub(crate) fn settle(&mut self) {
        if !self.watch.has_cases() {
            return;
        }
        let ring = *self.publisher.ring();
        let cursor = |entry: u32| {
            let gates = ring.entry(entry).and_then(entry::read).is_some_and(Word::gates);
            ring.cursor(entry).filter(|_| gates).map(|at| at.load(Ordering::Acquire))
        };
        for (entry, stalled_for) in self.watch.settle(Instant::now(), cursor) {
            let cursor = cursor(entry).unwrap_or_else(|| self.publisher.next());
            self.tell(Gating { entry, cursor }, AlertKind::Recovered, stalled_for);
        }
    }

    fn word(&self, entry: u32) -> Option<Word> {
        self.publisher.ring().entry(entry).and_then(entry::read)
    }

    /// Whether its owner died before it was told where it starts: nobody waits for such a one, whatever the policy.
    fn is_unseated(&self, entry: u32, word: Word) -> bool {
        word.state == State::Joining && !self.segment.is_alive(entry).unwrap_or(true)
    }

    /// The required ones whose places are kept and empty.
    fn absent(&self) -> Vec<String> {
        let entries = 0..self.publisher.ring().entry_count();
        let reserved = entries.filter(|entry| self.segment.is_reserved(*entry));
        let ids = reserved.filter_map(|entry| self.segment.consumer_id(entry));
        let required = ids.filter(|id| matches!(self.watch.terms(id.as_str()).0, Terms::Required(_)));
        required.map(|id| id.to_string()).collect()
    }

    fn let_go(&mut self, one: Gating, terms: Terms, finding: Finding) -> bool {
        // Takes the lock itself and looks again before it lets go (L3, L6).
        let (published, cause) = (self.publisher.next(), terms.of_death());
        let gone = self.segment.evict(one.entry, published, cause).unwrap_or(false);
        if gone {
            crate::sync::point!("tend: let go");
            self.counters.evictions.add(1);
            self.tell(one, AlertKind::Evicted, finding.lasted);
        }
        gone
    }

    fn tell(&mut self, one: Gating, kind: AlertKind, stalled_for: Duration) {
        // What else there is to tell was noted by whoever did it, or found the death.
        match kind {
            AlertKind::Stalled => self.segment.note(LifecycleEvent::Stalled, Whom::Entry(one.entry)),
            AlertKind::Recovered => self.segment.note(LifecycleEvent::Recovered, Whom::Entry(one.entry)),
            AlertKind::Died | AlertKind::Resumed | AlertKind::Evicted => {}
        }
        let who = self.segment.consumer_identity(one.entry);
        let (_, lag) = self.at_and_lag(one);
        let Some(call) = self.on_alert else { return };
        call.call(&Alert { id: who.id, pid: who.pid, lag, stalled_for, kind });
    }

    /// Where it is and how far behind, in events or messages.
    fn at_and_lag(&self, one: Gating) -> (u64, u64) {
        let noted = self.segment.message_at(one.entry).unwrap_or(0);
        let at = D::sequence(one.cursor, noted);
        let next = D::sequence(self.publisher.next(), self.segment.messages());
        (at, next.saturating_sub(at))
    }

    /// Ends the stream because of one.
    fn shut(&mut self, one: Gating, why: LostWhy, terms: Terms, idle: Duration) -> PublishError {
        let who = self.segment.consumer_identity(one.entry);
        let (at, lag) = self.at_and_lag(one);
        let lost = Box::new(Lost { id: who.id, pid: who.pid, why, at, lag, idle });
        self.segment.note_reason(&lost);
        crate::sync::point!("shut: reason");
        self.publisher.close();
        crate::sync::point!("shut: closed");
        self.segment.note_once(LifecycleEvent::Closed.by(terms.of_loss(why)), Whom::Producer);
        crate::sync::point!("shut: noted");
        self.segment.data_wait().wake_now();
        crate::sync::point!("shut: told");
        *self.lost = Some(lost.clone());
        PublishError::RequiredLost(lost)
    }
}

/// How the consumer of an entry is, which said `word` before; `None` if that changed meanwhile.
fn evidence(segment: &Segment, entry: u32, word: Word) -> Option<Evidence> {
    if word.state == State::Reserved {
        return Some(Evidence::Absent);
    }
    // What cannot be told is taken for alive: only evidence takes anything away.
    if segment.is_alive(entry).unwrap_or(true) {
        return Some(Evidence::Alive);
    }
    // L6: it may have left, or come back, since.
    fence(Ordering::Acquire);
    let now = segment.entry_word(entry).and_then(entry::read);
    (now == Some(word)).then_some(Evidence::Dead)
}
