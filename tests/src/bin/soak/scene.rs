//! What everybody in an act needs: where it plays, what was decided by chance, and what has happened.

use std::time::Instant;

use myelon_tests::journal::{Journal, Word};
use myelon_tests::system::signal;
use myelon_tests::{Arena, Peer, Random};

use rustix::process::Signal;

use crate::log::Log;
use crate::script::Script;

/// The argument that makes this program a helper.
pub(crate) const HELPER: &str = "--helper";

/// No act has more events: journals have no room for them.
pub(crate) const ROOM: u64 = 1 << 26;

/// One act's place, luck and memory.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) script: Script,
    pub(crate) arena: Arena,
    pub(crate) at: String,
    pub(crate) random: Random,
    pub(crate) plant: Option<&'static str>,
    pub(crate) log: &'a mut Log,
    journals: u64,
    /// Between which messages a producer ended: those may be told as lost.
    cuts: Vec<(u64, u64)>,
    /// How many producers died.
    pub(crate) deaths: u64,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(script: Script, seed: u64, plant: Option<&'static str>, log: &'a mut Log) -> Self {
        let arena = Arena::new(script.backend);
        let at = arena.spot("soak").text();
        let random = Random::seeded(seed);
        Self { script, arena, at, random, plant, log, journals: 0, cuts: Vec::new(), deaths: 0 }
    }

    /// A helper that is up.
    pub(crate) fn helper() -> Peer {
        let mut peer = Peer::spawn_self(HELPER);
        peer.ask("names path=/nowhere");
        peer
    }

    /// A journal that begins there, and its path.
    pub(crate) fn journal(&mut self, from: u64, room: u64) -> (Journal, String) {
        self.journals += 1;
        let path = self.arena.path(&format!("journal{}", self.journals));
        let journal = Journal::open(&path, room);
        for word in [Word::Handled, Word::Attempted, Word::Published] {
            journal.set(word, from);
        }
        (journal, path.display().to_string())
    }

    /// Notes that a producer ended that had published what lies below `done`, and begun what lies below `tried`.
    pub(crate) fn cut(&mut self, done: u64, tried: u64) {
        self.cuts.push((done.saturating_sub(1), tried.max(done)));
    }

    /// Whether a message may be one that a producer did not end.
    pub(crate) fn was_cut(&self, sequence: u64) -> bool {
        self.cuts.iter().any(|(from, to)| (*from..=*to).contains(&sequence))
    }

    /// A moment within the next so many milliseconds.
    pub(crate) fn soon(&mut self, millis: u64) -> Instant {
        Instant::now() + self.random.moment(core::time::Duration::from_millis(millis))
    }
}

/// What is to be true of someone; ends the run otherwise.
#[track_caller]
pub(crate) fn sure<T>(who: &str, outcome: Result<T, String>) -> T {
    outcome.unwrap_or_else(|error| panic!("{who}: {error}"))
}

/// Where an end stands that is told to stop: it may be told so by a wait, or look itself.
#[track_caller]
pub(crate) fn halted(peer: &mut Peer) -> u64 {
    signal(peer.pid(), Signal::USR1);
    match peer.answer() {
        Ok(said) => said.num("next"),
        Err(error) if error.contains("Stopped") => next_in(&error),
        Err(error) => panic!("{} was told to stop, and says: {error}", peer.pid()),
    }
}

/// The number after `next=` that an error of a helper ends with.
pub(crate) fn next_in(error: &str) -> u64 {
    let text = error.rsplit_once("next=").expect("a place").1;
    text.split(' ').next().unwrap().parse().unwrap()
}
