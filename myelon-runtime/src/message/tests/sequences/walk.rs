//! What a consumer should see of the model, from where it began.

use super::UNIT;
use super::model::{Model, Part};

/// What a receive should tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Message(u64),
    Incomplete(u64),
    TooLong(u64),
    Nothing,
}

/// A consumer between two receives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk {
    pos: u64,
    /// The next message that begins.
    number: u64,
    /// What is left of it is passed.
    torso: Option<u64>,
    /// Whether the torso is told.
    tell: bool,
    /// Begun, and not whole.
    joint: Option<u64>,
    /// Bytes of the longest message that it joins.
    max: usize,
    /// What the last receive told in place of a message. Who dies before the next one may have told nobody.
    told: Option<Outcome>,
}

impl Walk {
    /// `owed`: a message that it was to be told of when it stopped, if it resumes.
    pub(super) fn begin(model: &Model, at: u64, owed: Option<u64>, max: usize) -> Self {
        let standing = model.standing(at);
        // Unless it is received again from its beginning.
        let lost = owed.filter(|owed| owed + 1 == standing.number);
        let (torso, tell) = (lost.or(standing.torso), lost.is_some());
        Self { pos: at, number: standing.number, torso, tell, joint: None, max, told: None }
    }

    /// What the next receive should tell.
    pub(super) fn next(&mut self, model: &Model) -> Outcome {
        let outcome = self.go_on(model);
        self.tells(outcome)
    }

    fn tells(&mut self, outcome: Outcome) -> Outcome {
        self.told = Some(outcome).filter(|told| matches!(told, Outcome::Incomplete(_) | Outcome::TooLong(_)));
        outcome
    }

    fn go_on(&mut self, model: &Model) -> Outcome {
        while let Some(record) = model.at(self.pos) {
            let number = record.number;
            if matches!(record.part, Part::Pad { inside: false } | Part::Whole | Part::First) {
                if let Some(begun) = self.joint.take() {
                    return Outcome::Incomplete(begun);
                }
                if let Some(torso) = self.torso.take().filter(|_| core::mem::take(&mut self.tell)) {
                    return Outcome::Incomplete(torso);
                }
                self.tell = false;
            }
            match record.part {
                Part::Pad { .. } => {}
                Part::Whole | Part::First => {
                    assert_eq!(number, self.number, "every message once, in order");
                    self.number += 1;
                    if record.part == Part::Whole {
                        self.pos = record.end();
                        return Outcome::Message(number);
                    }
                    if model.messages[number as usize].bytes.len() > self.max {
                        self.torso = Some(number);
                        self.pos = record.end();
                        return Outcome::TooLong(number);
                    }
                    self.joint = Some(number);
                }
                Part::Middle | Part::Last => {
                    if self.joint.is_none() {
                        assert_eq!(self.torso, Some(number));
                        if core::mem::take(&mut self.tell) {
                            self.pos = record.end();
                            return Outcome::Incomplete(number);
                        }
                    } else if record.part == Part::Last {
                        self.joint = None;
                        self.pos = record.end();
                        return Outcome::Message(number);
                    }
                }
            }
            self.pos = record.end();
        }
        Outcome::Nothing
    }

    /// What is told when the stream ends here.
    pub(super) fn end(&mut self) -> Outcome {
        let torso = self.torso.take().filter(|_| core::mem::take(&mut self.tell));
        let outcome = self.joint.take().or(torso).map_or(Outcome::Nothing, Outcome::Incomplete);
        self.tells(outcome)
    }

    /// Where the cursor stands: a message that fits half the ring keeps it at its first fragment until it is whole, and one
    /// that is too long until that is sure to be known.
    pub(super) fn cursor(&self, model: &Model) -> u64 {
        if let Some(Outcome::TooLong(number)) = self.told {
            return model.messages[number as usize].begin;
        }
        match self.joint.map(|number| &model.messages[number as usize]) {
            Some(begun) if begun.bytes.len() <= model.capacity as usize * UNIT / 2 => begun.begin,
            _ => self.pos,
        }
    }

    /// The number of the message at the cursor, or of one before that is to be told.
    pub(super) fn released(&self) -> u64 {
        self.untold().unwrap_or(self.number)
    }

    /// What was told last is noted.
    pub(super) fn forget_told(&mut self) {
        self.told = None;
    }

    /// A message that is told if nothing more comes of it.
    pub(super) fn untold(&self) -> Option<u64> {
        self.joint.or(self.torso.filter(|_| self.tell))
    }

    /// The same, if what was told last may have been told to nobody.
    pub(super) fn owed(&self) -> Option<u64> {
        match self.told {
            Some(Outcome::Incomplete(number)) => Some(number),
            _ => self.untold(),
        }
    }
}
