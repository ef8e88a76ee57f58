//! The accounts: what each incarnation of a consumer received, judged by its journal, and whether one begins where it may
//! after the one before. Nothing here knows of processes.

use myelon_tests::journal::{Journal, Word};

/// How an incarnation of a consumer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// In the middle of anything.
    Killed,
    /// It was told to stop, and said where it stood.
    Left,
    /// At the end of the stream.
    Drained,
}

/// What an incarnation received: from, to, all of it but what it was told is lost.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) journal: Journal,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) ended: Ended,
    pub(crate) seen: u64,
    /// Told as lost one by one: messages that were never whole. (Of a lossy consumer, how many.)
    pub(crate) lost: Vec<u64>,
    pub(crate) missed: u64,
}

/// Why an incarnation begins where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Began {
    /// Nobody had its id.
    New,
    /// It was not asked, so at its place.
    Resumed,
    /// It was asked to begin there.
    Asked,
}

/// How far beyond both ends of a span is looked for what ought not to be there.
const MARGIN: u64 = 256;

impl Span {
    /// Closes the accounts of an incarnation that began at `from`. A lossy one may have lost anything, as long as it said
    /// so; others only messages that were never whole: those that `was_cut` says, and the one it resumed in.
    pub(crate) fn audit(
        journal: Journal,
        from: u64,
        ended: Ended,
        is_lossy: bool,
        was_cut: impl Fn(u64) -> bool,
    ) -> Result<Self, String> {
        let torn = journal.get(Word::Torn);
        if torn != 0 {
            return Err(format!("event {} was torn, foreign or out of order", torn - 1));
        }
        let to = journal.get(Word::Handled);
        if to < from {
            return Err(format!("it began at {from} and came to {to}"));
        }
        let mut span = Self { journal, from, to, ended, seen: 0, lost: Vec::new(), missed: 0 };
        for sequence in from..to {
            match (span.journal.times(sequence), span.journal.is_lost(sequence)) {
                (1, false) => span.seen += 1,
                (0, true) if is_lossy => span.missed += 1,
                (0, true) if sequence == from || was_cut(sequence) => span.lost.push(sequence),
                (0, true) => {
                    return Err(format!("event {sequence} of {from}..{to} was told as lost for no reason"));
                }
                (0, false) => return Err(format!("event {sequence} of {from}..{to} is lost without a word")),
                (times, lost) => {
                    let lost = if lost { " and told as lost" } else { "" };
                    return Err(format!("event {sequence} of {from}..{to} came {times} times{lost}"));
                }
            }
        }
        // One that is killed may have counted the event that it did not note as handled any more.
        let beyond = if ended == Ended::Killed { to + 1 } else { to };
        let outside = (from.saturating_sub(MARGIN)..from).chain(beyond..beyond + MARGIN);
        match outside.into_iter().find(|sequence| span.knows(*sequence)) {
            Some(sequence) => Err(format!("event {sequence} is in the journal of one who had {from}..{to}")),
            None => Ok(span),
        }
    }

    fn knows(&self, sequence: u64) -> bool {
        self.journal.times(sequence) > 0 || self.journal.is_lost(sequence)
    }

    /// How many events it may see again when it resumes: those that it had in hand when it was killed.
    fn in_hand(&self) -> u64 {
        if self.ended == Ended::Killed { self.journal.get(Word::InHand).max(1) } else { 0 }
    }

    /// Whether a place `at` is that of this span, which was the last one of its id.
    fn is_place(&self, at: u64) -> Result<(), String> {
        let to = self.to;
        if at > to {
            return Err(format!("{to}..{at} are lost: it had come to {to}, and its place is {at}"));
        }
        if to - at > self.in_hand() {
            return Err(format!("{at}..{to} come twice, and {} were in hand", self.in_hand()));
        }
        Ok(())
    }
}

/// Whether an incarnation may begin `from` there, after `last`.
pub(crate) fn seam(last: Option<&Span>, began: Began, from: u64, is_required: bool) -> Result<(), String> {
    match (began, last) {
        (Began::New, _) if is_required && from != 0 => {
            Err(format!("0..{from} are lost of one who is required"))
        }
        (Began::Resumed, Some(last)) => last.is_place(from),
        (Began::Resumed, None) => Err(format!("it resumed at {from} and was never there")),
        (Began::New | Began::Asked, _) => Ok(()),
    }
}

/// What an attach says to one who was let go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eviction {
    pub(crate) at: u64,
    pub(crate) missed: u64,
}

impl Eviction {
    /// `Evicted { .. at: .., missed: ..` in the text of an error.
    pub(crate) fn read(error: &str) -> Option<Self> {
        let number = |key: &str| {
            let text = error.split_once("Evicted {")?.1.split_once(key)?.1;
            text.split([',', ' ']).next()?.parse().ok()
        };
        Some(Self { at: number(" at: ")?, missed: number(" missed: ")? })
    }

    /// Whether that is true of the one who had `last`, and then began `from` where it asked to.
    pub(crate) fn is_right(self, last: &Span, from: u64) -> Result<(), String> {
        let Self { at, missed } = self;
        last.is_place(at)?;
        // At least so many: it may be back between the moment that it was let go and the first event that is overwritten.
        if from < at + missed {
            return Err(format!("it was told that {missed} are missed from {at} on, and began at {from}"));
        }
        Ok(())
    }
}

/// Whether a producer may go on at `next` after one that had published what lies below `done` and was about to publish what
/// lies below `tried`.
pub(crate) fn succession(done: u64, tried: u64, next: u64) -> Result<(), String> {
    if next < done {
        return Err(format!("{next}..{done} was published and is lost"));
    }
    if next > tried.max(done) {
        return Err(format!("{tried}..{next} was never published"));
    }
    Ok(())
}

/// Whether all consumers agree on which messages were never whole; each comes with its name.
pub(crate) fn agree(spans: &[(&str, &Span)]) -> Result<u64, String> {
    let mut all: Vec<u64> = Vec::new();
    for (name, span) in spans {
        // The one that it began with may be cut for this consumer alone.
        for lost in span.lost.iter().filter(|lost| **lost != span.from) {
            let others = spans.iter().filter(|(_, other)| (other.from..other.to).contains(lost));
            if let Some((other, _)) = others.clone().find(|(_, other)| other.journal.times(*lost) > 0) {
                return Err(format!("message {lost} was whole for {other}, and was told as lost to {name}"));
            }
            all.push(*lost);
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all.len() as u64)
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
