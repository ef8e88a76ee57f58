//! The state word of a registry entry: who takes part and who gates.
//!
//! Every change of an entry that others may act upon is made by somebody who holds that entry's lock (L3), so
//! the compare-and-swap below never fails among cooperating peers. It is a swap and not a store so that a
//! participant that is not what it believes to be (a stale copy after a fork) is told instead of obeyed.
//!
//! The epoch counts the owners of an entry; a word with an older epoch is a stale memory of it.

use crate::sync::{AtomicU64, Ordering};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// Nobody's.
    Free = 0,
    /// A required consumer's, which is not attached: it did not come yet, or left. Gates from its cursor. Nobody holds
    /// its lock but for a moment.
    Reserved = 1,
    /// Being set up; does not gate yet. Found with its lock free: its owner died on the way.
    Claiming = 2,
    /// A consumer; gates. Found with its lock free: a dead one whose place is kept until it is evicted.
    Active = 3,
    /// A dead consumer that was let go; its cursor tells where it stopped. Does not gate.
    Evicted = 4,
    /// A consumer that left and may come back; its cursor tells where it stopped. Does not gate.
    Detached = 5,
    /// Gates from a provisional cursor while its owner finds out where it may start (R6). Found with its lock
    /// free: its owner died there. What lies at its cursor may be overwritten, so nobody adopts it: it is
    /// claimed and joins anew, or set back to where it had gated from.
    Joining = 6,
}

/// A decoded state word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) state: State,
    pub(crate) epoch: u32,
}

impl Word {
    pub(crate) const fn encode(self) -> u64 {
        (self.state as u64) | ((self.epoch as u64) << 8)
    }

    /// `None` for bits that no version of ours wrote: such an entry is nobody's and never gates.
    pub(crate) const fn decode(bits: u64) -> Option<Self> {
        let state = match bits & 0xff {
            0 => State::Free,
            1 => State::Reserved,
            2 => State::Claiming,
            3 => State::Active,
            4 => State::Evicted,
            5 => State::Detached,
            6 => State::Joining,
            _ => return None,
        };
        if bits >> 40 != 0 {
            return None;
        }
        Some(Self { state, epoch: (bits >> 8) as u32 })
    }

    pub(crate) const fn gates(self) -> bool {
        matches!(self.state, State::Active | State::Reserved | State::Joining)
    }

    const fn next_owner(self, state: State) -> Self {
        Self { state, epoch: self.epoch.wrapping_add(1) }
    }

    const fn now(self, state: State) -> Self {
        Self { state, ..self }
    }
}

/// The entry was not what the caller took it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved;

fn change(word: &AtomicU64, from: Word, to: Word) -> Result<Word, Moved> {
    // PAIR(joining consumer): `Joining` and `Active` are acquired in `Publisher::scan`. Acquire as well, so that what the
    // entry's former owner wrote is seen by its next one.
    match word.compare_exchange(from.encode(), to.encode(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(to),
        Err(_) => Err(Moved),
    }
}

/// Reads an entry; `None` for an unintelligible word.
pub(crate) fn read(word: &AtomicU64) -> Option<Word> {
    Word::decode(word.load(Ordering::Acquire))
}

/// Takes an entry that is nobody's any more. The caller holds the entry's lock and saw `from` since.
pub(crate) fn claim(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    change(word, from, from.next_owner(State::Claiming))
}

/// Opens a claimed entry: from here on it gates. The page and the provisional cursor are written before.
pub(crate) fn open(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    change(word, from, from.now(State::Joining))
}

/// The last store of joining (L4): the cursor is where the consumer starts, and all from there on is in the
/// ring for as long as the entry gates. Also that of setting back an entry whose owner died on its way to an older event, by
/// one who holds the entry's lock: the cursor stands again where the entry gated from.
pub(crate) fn activate(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    change(word, from, from.now(State::Active))
}

/// Keeps the place of a required consumer that is not attached: it gates from its cursor. The caller holds the entry's
/// lock and is the producer, or the consumer that leaves.
pub(crate) fn reserve(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    change(word, from, from.now(State::Reserved))
}

/// Takes over the entry of a dead consumer with the same id, or the place that is kept for it: it never stops gating. The
/// caller holds the entry's lock and the id's lock and saw `from` since.
pub(crate) fn adopt(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    if !matches!(from.state, State::Active | State::Reserved) {
        return Err(Moved);
    }
    change(word, from, from.next_owner(State::Active))
}

/// Lets a dead consumer go (R8). The caller holds the entry's lock, so its owner is dead (L1), and saw `from`
/// after it got the lock (L6).
pub(crate) fn evict(word: &AtomicU64, from: Word) -> Result<Word, Moved> {
    change(word, from, from.next_owner(State::Evicted))
}

/// The owner leaves: `Free` forgets it, `Detached` remembers its place without gating.
pub(crate) fn leave(word: &AtomicU64, from: Word, to: State) -> Result<Word, Moved> {
    change(word, from, from.now(to))
}
