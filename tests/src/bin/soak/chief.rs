//! The producer: one process after the other.

use std::time::Instant;

use myelon_tests::Peer;
use myelon_tests::journal::{Journal, Word};

use crate::ledger::succession;
use crate::scene::{Scene, halted, sure};

/// The producer, or the lack of one.
#[derive(Debug)]
pub(crate) struct Chief {
    peer: Option<Peer>,
    pub(crate) is_stopped: bool,
    journal: Journal,
    /// When it is to go on, or be succeeded.
    pub(crate) back: Instant,
}

impl Chief {
    /// The first one; `create` makes it.
    pub(crate) fn first(scene: &mut Scene<'_>, create: &str) -> Self {
        let (journal, _) = scene.journal(0, 0);
        let mut chief = Self { peer: None, is_stopped: false, journal, back: Instant::now() };
        let (_, next) = chief.rise(scene, create);
        assert_eq!(next, 0, "a new channel begins at 0");
        chief
    }

    pub(crate) fn is_here(&self) -> bool {
        self.peer.is_some() && !self.is_stopped
    }

    pub(crate) fn is_away(&self) -> bool {
        self.peer.is_none()
    }

    pub(crate) fn published(&self) -> u64 {
        self.journal.get(Word::Published)
    }

    pub(crate) fn tried(&self) -> u64 {
        self.journal.get(Word::Attempted).max(self.published())
    }

    pub(crate) fn peer(&mut self) -> &mut Peer {
        self.peer.as_mut().expect("a producer is there")
    }

    /// It is at work and has nothing to say.
    pub(crate) fn is_silent(&mut self) {
        if let Some(peer) = &mut self.peer {
            peer.is_silent_for(core::time::Duration::ZERO);
        }
    }

    /// Another one takes over, or the first one begins. Since when, and from where on it publishes.
    pub(crate) fn rise(&mut self, scene: &mut Scene<'_>, create: &str) -> (Instant, u64) {
        let mut peer = Scene::helper();
        let since = Instant::now();
        let next = peer.ask(create).num("next");
        scene.log.note(format!("producer {} created, and goes on at {next}", peer.pid()));
        sure("the successor", succession(self.published(), self.tried(), next));
        self.peer = Some(peer);
        self.publish(scene, next);
        (since, next)
    }

    fn publish(&mut self, scene: &mut Scene<'_>, next: u64) {
        let (journal, path) = scene.journal(next, 0);
        self.journal = journal;
        let random = &mut scene.random;
        let (run, slow) = (1 + random.below(20), *random.pick(&[20, 200, 2000]));
        let limit = *random.pick(&["block", "any"]);
        let len = &scene.script.len;
        let peer = self.peer.as_mut().unwrap();
        peer.ask("stop-on-signal what=tx");
        peer.tell(format!(
            "publish till-signal until={} form=mixed run={run} slow={slow} limit={limit} journal={path} len={len}",
            u64::MAX / 2
        ));
    }

    pub(crate) fn kill(&mut self, scene: &mut Scene<'_>) {
        let mut peer = self.peer.take().expect("a producer is there");
        peer.kill();
        self.is_stopped = false;
        scene.deaths += 1;
        let (done, tried) = (self.published(), self.tried());
        scene.cut(done, tried);
        scene.log.note(format!("producer {} killed: {done} published, {tried} tried", peer.pid()));
    }

    pub(crate) fn stop(&mut self, scene: &mut Scene<'_>) {
        self.peer().stop();
        self.is_stopped = true;
        let published = self.published();
        scene.log.note(format!("producer {} stopped: {published} published", self.peer().pid()));
    }

    pub(crate) fn cont(&mut self, scene: &mut Scene<'_>) {
        scene.log.note(format!("producer {} continued", self.peer().pid()));
        self.is_stopped = false;
        self.peer().cont();
    }

    /// Somebody else wants its place, and is refused: it lives.
    pub(crate) fn usurp(&mut self, scene: &mut Scene<'_>, create: &str) {
        let pid = self.peer().pid();
        let how = *scene.random.pick(&["", " fresh"]);
        Scene::helper().refuse(format!("{create}{how}"), &["AlreadyExists", &format!("pid {pid}")]);
        scene.log.note(format!("producer {pid} could not be replaced"));
    }

    /// It stops publishing, wherever that may be; it is still the producer. Where it stands.
    pub(crate) fn halt(&mut self, scene: &mut Scene<'_>) -> u64 {
        let next = halted(self.peer());
        let tried = self.tried();
        scene.cut(next, tried);
        scene.log.note(format!("producer {} halted at {next}", self.peer().pid()));
        sure("the producer", succession(self.published(), tried, next));
        next
    }

    /// It lays down its place, and its channel goes on without it.
    pub(crate) fn detach(&mut self, scene: &mut Scene<'_>) {
        let next = self.halt(scene);
        // A successor has to begin right there.
        self.journal.set(Word::Attempted, next);
        self.journal.set(Word::Published, next);
        self.finish("detach");
    }

    /// Its last word, and its end.
    pub(crate) fn finish(&mut self, word: &str) {
        let mut peer = self.peer.take().expect("a producer is there");
        peer.ask(word);
        peer.leave();
    }
}
