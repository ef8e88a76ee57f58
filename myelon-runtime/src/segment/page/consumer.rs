//! A consumer's page: written by the owner of that entry alone.

use super::{APP_COUNTERS, AppCounter, ConsumerId, Counters, Identity};
use crate::lifecycle::log::Log;
use crate::os;
use crate::sync::{AtomicU64, Ordering};
use crate::wait::word::WaitWord;

/// One consumer's page.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct ConsumerPage {
    cursor: Cursor,
    /// For waiting on several channels at once, later.
    pub(crate) wait: WaitWord,
    identity: Identity,
    left_at: AtomicU64,
    pub(super) id_len: AtomicU64,
    pub(super) id: [AtomicU64; ConsumerId::LONGEST / 8],
    start: AtomicU64,
    first_message: AtomicU64,
    /// Where a consumer stood that goes back from there, one higher; 0 if it was nowhere. Means something while the entry is
    /// joining.
    kept: AtomicU64,
    pub(crate) counters: Counters,
    pub(crate) app: [AppCounter; APP_COUNTERS],
    /// What happened to this participant, and what it found out about others.
    pub(crate) log: Log,
}

/// The cursor, alone on its line; the ring says how it is ordered.
#[repr(C, align(64))]
#[derive(Debug)]
struct Cursor {
    cursor: AtomicU64,
    /// Of a channel of messages: the number of the message at the cursor. For people and counters.
    message: AtomicU64,
}

impl ConsumerPage {
    pub(crate) fn cursor(&self) -> &AtomicU64 {
        &self.cursor.cursor
    }

    /// The number of the message at the cursor.
    pub(crate) fn message(&self) -> &AtomicU64 {
        &self.cursor.message
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whose page it is; `None` if nobody's, or if what is there cannot be an id.
    pub(crate) fn id(&self) -> Option<ConsumerId> {
        let len = usize::try_from(self.id_len.load(Ordering::Relaxed)).ok()?;
        let mut bytes = [0; ConsumerId::LONGEST];
        super::read_bytes(&self.id, &mut bytes);
        ConsumerId::of_bytes(bytes, len)
    }

    /// Removes the id, so that nobody takes what follows for a memory of it.
    pub(crate) fn forget_id(&self) {
        self.id_len.store(0, Ordering::Relaxed);
    }

    /// This process is the consumer `id` from now on.
    pub(crate) fn enter(&self, id: &ConsumerId) {
        self.identity.write_own();
        crate::sync::point!("page: named");
        self.left_at.store(0, Ordering::Relaxed);
        crate::sync::point!("page: there");
        self.counters.clear();
        self.app.iter().for_each(AppCounter::clear);
        self.write_id(id);
    }

    /// Keeps this page for the consumer `id`, which is not attached. The caller holds the entry's lock.
    pub(crate) fn reserve(&self, id: &ConsumerId) {
        self.identity.forget();
        crate::sync::point!("reserve: nobody");
        self.left_at.store(0, Ordering::Relaxed);
        crate::sync::point!("reserve: there");
        self.counters.clear();
        self.app.iter().for_each(AppCounter::clear);
        crate::sync::point!("reserve: cleared");
        self.start.store(self.cursor().load(Ordering::Relaxed), Ordering::Relaxed);
        self.first_message.store(self.message().load(Ordering::Relaxed), Ordering::Relaxed);
        crate::sync::point!("reserve: started");
        self.write_id(id);
    }

    fn write_id(&self, id: &ConsumerId) {
        super::write_bytes(&self.id, id.bytes());
        crate::sync::point!("page: id");
        self.id_len.store(id.as_str().len() as u64, Ordering::Relaxed);
    }

    /// Says where the entry gated from before it is joining; `None` if it did not. To be told before it is.
    pub(crate) fn set_kept(&self, at: Option<u64>) {
        self.kept.store(at.map_or(0, |at| at.saturating_add(1)), Ordering::Relaxed);
    }

    /// Where the one stood that is joining now, and from where on all is in the ring; or where it decided to start.
    pub(crate) fn kept(&self) -> Option<u64> {
        let at = self.kept.load(Ordering::Relaxed).checked_sub(1)?;
        Some(at.max(self.cursor().load(Ordering::Relaxed)))
    }

    /// The number of the message that this incarnation began with.
    pub(crate) fn first_message(&self) -> &AtomicU64 {
        &self.first_message
    }

    /// Where this incarnation began to read: what it received is its cursor less this.
    pub(crate) fn start(&self) -> u64 {
        self.start.load(Ordering::Relaxed)
    }

    pub(crate) fn set_start(&self, start: u64) {
        self.start.store(start, Ordering::Relaxed);
    }

    /// Notes that the consumer leaves now: of those that left, the first is forgotten first.
    pub(crate) fn note_leaving(&self) {
        self.left_at.store(os::process::now_ns(), Ordering::Relaxed);
    }

    /// When the consumer left on its own, on the clock that starts at boot; 0 if it did not.
    pub(crate) fn left_at(&self) -> u64 {
        self.left_at.load(Ordering::Relaxed)
    }
}
