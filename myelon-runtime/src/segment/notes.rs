//! What happened to those who take part: written into the page of whoever did it or found out, read from all pages.
//!
//! Records are for people and decide nothing (L3), so a page that changes while it is described does no harm: at worst a
//! record names whoever came next.

use core::iter;

use super::attach::inspect;
use super::error::AttachError;
use super::page::{ConsumerPage, Counter, Identity, ProducerPage, readable};
use super::segment::Segment;
use super::view::View;
use crate::lifecycle::log::Log;
use crate::lifecycle::{
    History, Label, LifecycleCause, LifecycleEvent, LifecycleRecord, Note, Participant, What, Whom,
};
use crate::location::IntoLocation;
use crate::os;
use crate::sync::Ordering;

/// How many records an error tells.
const TOLD: usize = 3;

impl Segment {
    /// Notes in this end's own page what happened to `whom`. One who only looks has no page, and notes nothing.
    pub(crate) fn note(&self, what: impl Into<What>, whom: Whom) {
        if let Some(by) = self.own {
            self.view.note(by, self.view.describe(what, whom));
        }
    }

    /// The same, of this end itself.
    pub(crate) fn note_own(&self, event: LifecycleEvent) {
        if let Some(own) = self.own {
            self.note(event, own);
        }
    }

    /// The same, the first time: for what is found again at each look, such as a death.
    pub(crate) fn note_once(&self, what: impl Into<What>, whom: Whom) {
        if let Some(by) = self.own {
            self.view.note_once(by, what, whom);
        }
    }

    /// The same, of a dead consumer that was let go. While its lock is held, so that the page still says who it was. True.
    pub(super) fn note_evicted(&self, entry: u32, cause: LifecycleCause) -> bool {
        self.note(LifecycleEvent::Evicted.by(cause), Whom::Entry(entry));
        true
    }

    /// Notes that this end begins as a consumer.
    pub(crate) fn note_consumer(&self, resumed: bool) {
        self.note_own(if resumed { LifecycleEvent::Resumed } else { LifecycleEvent::Attached });
    }

    /// Notes that this end begins as the producer.
    pub(crate) fn note_producer(&self) {
        let first = self.producer.epoch() == 1;
        self.note_own(if first { LifecycleEvent::Attached } else { LifecycleEvent::Resumed });
    }

    /// All records that are there.
    pub(crate) fn history(&self) -> History {
        self.view.history()
    }

    /// The last record about the consumer that an entry is, or was last.
    pub(crate) fn last_of(&self, entry: u32) -> Option<LifecycleRecord> {
        self.view.last_of(entry).pop()
    }
}

impl History {
    /// Reads the records of the channel at `at`, whatever it carries and whoever lives.
    ///
    /// # Errors
    /// [`AttachError`], as far as it applies to one who only looks.
    pub fn take(at: impl IntoLocation) -> Result<Self, AttachError> {
        let (segment, ..) = inspect(&at.into_location()?)?;
        Ok(segment.history())
    }
}

impl View {
    fn log(&self, of: Whom) -> Option<&Log> {
        match of {
            Whom::Producer => self.producer_page().map(|page| &page.log),
            Whom::Entry(entry) => self.consumer(entry).map(|page| &page.log),
        }
    }

    /// Into the page of `by`, which the caller owns and may store to (S5).
    pub(super) fn note(&self, by: Whom, note: Note) {
        if let Some(log) = self.log(by) {
            log.write(&note);
        }
    }

    /// The same of somebody, unless it stands there already, or where the producer or that one itself notes things.
    pub(super) fn note_once(&self, by: Whom, what: impl Into<What>, whom: Whom) {
        let note = self.describe(what, whom);
        // The same may have happened to a former one with the same pid: in a container it often has.
        let since = self.identity(whom).map_or(0, |identity| identity.read().since);
        let same = |old: &Note| old.at >= since && old.repeats(&note);
        let known = |page| self.log(page).is_some_and(|log| log.notes().iter().any(same));
        if ![by, whom, Whom::Producer].into_iter().any(known) {
            self.note(by, note);
        }
    }

    /// What is to be noted of somebody, as its page tells at this moment.
    pub(super) fn describe(&self, what: impl Into<What>, whom: Whom) -> Note {
        let pid = self.identity(whom).and_then(|identity| identity.read().pid).unwrap_or(0);
        let (sequence, label) = (self.sequence_of(whom), self.label_of(whom));
        Note { at: os::process::realtime_ns(), what: what.into(), whom, pid, sequence, label }
    }

    fn identity(&self, whom: Whom) -> Option<&Identity> {
        match whom {
            Whom::Producer => self.producer_page().map(ProducerPage::identity),
            Whom::Entry(entry) => self.consumer(entry).map(ConsumerPage::identity),
        }
    }

    fn label_of(&self, whom: Whom) -> Label {
        let Whom::Entry(entry) = whom else { return Label::NONE };
        let id = self.consumer(entry).and_then(ConsumerPage::id);
        id.map_or(Label::NONE, |id| Label::of(id.as_str()))
    }

    /// The next event or message that somebody publishes or releases, as its page tells.
    pub(super) fn sequence_of(&self, whom: Whom) -> u64 {
        let word = match (whom, self.carries_messages()) {
            (Whom::Producer, false) => self.producer_page().map(ProducerPage::published),
            (Whom::Producer, true) => self.producer_page().map(|page| page.counters.cell(Counter::Messages)),
            (Whom::Entry(entry), false) => self.consumer(entry).map(ConsumerPage::cursor),
            (Whom::Entry(entry), true) => self.consumer(entry).map(ConsumerPage::message),
        };
        word.map_or(0, |word| word.load(Ordering::Relaxed))
    }

    fn history(&self) -> History {
        let entries = (0..self.geometry().shape.max_consumers).map(Whom::Entry);
        History::merge(iter::once(Whom::Producer).chain(entries).map(|page| self.records(page)))
    }

    /// The last records about the consumer that an entry is, or was last, the oldest first: of the pages where there are some.
    pub(super) fn last_of(&self, entry: u32) -> Vec<LifecycleRecord> {
        let who = self.participant(Whom::Entry(entry), self.label_of(Whom::Entry(entry)));
        let pages = [Whom::Producer, Whom::Entry(entry)].into_iter();
        let mut about = History::merge(pages.map(|page| self.records(page))).records;
        about.retain(|record| record.who == who);
        about.split_off(about.len().saturating_sub(TOLD))
    }

    /// The records in one page, the oldest first.
    fn records(&self, page: Whom) -> Vec<LifecycleRecord> {
        let notes = self.log(page).map(Log::notes).unwrap_or_default();
        // The page may have had several owners. Who wrote what is there before the first record about itself is gone.
        let own = notes.iter().find(|note| note.whom == page);
        let mut by = own.map_or_else(|| self.label_of(page), |note| note.label);
        let record = |note: Note| {
            if note.whom == page {
                by = note.label;
            }
            LifecycleRecord {
                at: LifecycleRecord::time(note.at),
                event: note.what.event,
                cause: note.what.cause,
                who: self.participant(note.whom, note.label),
                pid: Some(note.pid).filter(|pid| *pid != 0),
                sequence: note.sequence,
                by: self.participant(page, by),
            }
        };
        notes.into_iter().map(record).collect()
    }

    fn participant(&self, whom: Whom, label: Label) -> Participant {
        let Whom::Entry(entry) = whom else { return Participant::Producer };
        let mut id = readable(label.bytes());
        if label.is_cut() {
            let known = self.consumer(entry).and_then(ConsumerPage::id);
            let whole = known.filter(|known| label.fits(known.as_str()));
            id = whole.map_or_else(|| id + "…", |whole| whole.to_string());
        }
        Participant::Consumer { entry, id }
    }
}
