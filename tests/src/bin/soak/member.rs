//! A consumer: one process after the other under one id, and the accounts of each.

use core::time::Duration;
use std::time::Instant;

use myelon_tests::journal::{Journal, Word};
use myelon_tests::{Peer, Reply};

use crate::ledger::{Began, Ended, Eviction, Span, seam};
use crate::scene::{ROOM, Scene, halted, next_in, sure};
use crate::script::Held;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Required,
    Reliable,
    Lossy,
}

/// Why nobody has its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Never,
    Killed,
    /// Its place is remembered.
    Detached,
    /// It is forgotten, unless it is required.
    Dropped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Here,
    Stopped,
    Away(Left),
}

/// A consumer, or the lack of it.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) id: &'static str,
    pub(crate) role: Role,
    pub(crate) state: State,
    /// Since when it is away.
    since: Instant,
    /// When it is to go on, or come back.
    pub(crate) back: Instant,
    live: Option<Live>,
    pub(crate) spans: Vec<Span>,
}

#[derive(Debug)]
struct Live {
    peer: Peer,
    journal: Journal,
    from: u64,
}

impl Live {
    /// Where it began, as far as it knows that by now.
    fn began(&self) -> u64 {
        let began = self.journal.get(Word::Began).checked_sub(1);
        began.filter(|began| *began < self.journal.get(Word::Handled)).unwrap_or(self.from)
    }
}

impl Member {
    pub(crate) fn new(id: &'static str, role: Role, back: Instant) -> Self {
        let since = Instant::now();
        Self { id, role, state: State::Away(Left::Never), since, back, live: None, spans: Vec::new() }
    }

    /// Whether it holds the producer back while it is there.
    pub(crate) fn gates(&self) -> bool {
        self.role != Role::Lossy
    }

    /// For how long its place is kept when it dies.
    pub(crate) fn held(&self, scene: &Scene<'_>) -> Held {
        match self.role {
            Role::Required => scene.script.required,
            Role::Reliable => scene.script.held,
            Role::Lossy => Held::Not,
        }
    }

    /// Whether a producer waits for it now, be it for a while.
    pub(crate) fn blocks(&self, scene: &Scene<'_>) -> bool {
        match self.state {
            State::Here => false,
            State::Stopped => self.gates(),
            State::Away(_) if self.role == Role::Required => true,
            State::Away(left) => left == Left::Killed && self.held(scene) != Held::Not,
        }
    }

    pub(crate) fn handled(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.journal.get(Word::Handled))
    }

    pub(crate) fn told(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.journal.get(Word::Told))
    }

    /// It is at work and has nothing to say.
    pub(crate) fn is_silent(&mut self) {
        if let Some(live) = &mut self.live {
            live.peer.is_silent_for(Duration::ZERO);
        }
    }

    pub(crate) fn peer(&mut self) -> &mut Peer {
        &mut self.live.as_mut().expect("it is there").peer
    }

    /// It attaches, and begins to receive. Since when, how, and from where on.
    pub(crate) fn join(&mut self, scene: &mut Scene<'_>) -> (Instant, Began, u64) {
        let State::Away(left) = self.state else { panic!("{} is there", self.id) };
        let mut peer = Scene::helper();
        let start = self.start(left, scene);
        let waits = *scene.random.pick(&["adaptive", "adaptive", "park", "yield"]);
        let (verb, kind, at, id) = (self.verb(), scene.script.kind, &scene.at, self.id);
        let line = |start: &str| {
            let start = if start.is_empty() { String::new() } else { format!(" start={start}") };
            format!("{verb} type={kind} at={at} id={id} wait={waits}{start}")
        };
        let since = Instant::now();
        peer.tell(line(start));
        let is_new = self.is_new(left);
        let (from, began, told) = match peer.answer() {
            Ok(told) if start.is_empty() && !is_new => (told.num("next"), Began::Resumed, None),
            Ok(told) if is_new => (told.num("next"), Began::New, None),
            Ok(told) => {
                (told.num("next"), if start == "resume" { Began::Resumed } else { Began::Asked }, None)
            }
            Err(error) => {
                let told = Eviction::read(&error).filter(|_| self.may_be_let_go(left, scene));
                let told = told.unwrap_or_else(|| panic!("{id} could not attach: {error}"));
                let anew = *scene.random.pick(&["latest", "oldest"]);
                (peer.ask(line(anew)).num("next"), Began::Asked, Some(told))
            }
        };
        let how = told.map_or(format!("{began:?}"), |told| format!("{told:?}"));
        scene.log.note(format!("{id} {} attached at {from}: {how}", peer.pid()));
        let last = self.spans.last();
        if let Some((told, last)) = told.zip(last) {
            sure(id, told.is_right(last, from));
        } else {
            sure(id, seam(last, began, from, self.role == Role::Required));
        }
        self.receive(peer, from, scene);
        (since, began, from)
    }

    fn verb(&self) -> &'static str {
        if self.role == Role::Lossy { "glance" } else { "attach" }
    }

    /// Whether there is no place under its id.
    fn is_new(&self, left: Left) -> bool {
        match self.role {
            Role::Lossy => true,
            Role::Reliable => matches!(left, Left::Never | Left::Dropped),
            Role::Required => left == Left::Never,
        }
    }

    /// Where it asks to begin; one who is required wants it all.
    fn start(&self, left: Left, scene: &mut Scene<'_>) -> &'static str {
        let starts: &[&'static str] = match self.role {
            Role::Required if left == Left::Never => &[""],
            Role::Required => &["", "resume"],
            _ if self.is_new(left) => &["", "latest", "oldest"],
            _ => &["", "", "", "resume", "latest", "oldest"],
        };
        scene.random.pick::<&str>(starts)
    }

    fn may_be_let_go(&self, left: Left, scene: &Scene<'_>) -> bool {
        match (left, self.held(scene)) {
            (Left::Killed, Held::Not) => true,
            (Left::Killed, Held::For(time)) => self.since.elapsed() >= time,
            (Left::Killed, Held::Forever) | (Left::Never | Left::Dropped, _) => false,
            // Its place is remembered, and holds nobody back.
            (Left::Detached, _) => self.role == Role::Reliable,
        }
    }

    fn receive(&mut self, mut peer: Peer, from: u64, scene: &mut Scene<'_>) {
        let (journal, path) = scene.journal(from, ROOM);
        let form = if self.role == Role::Lossy {
            *scene.random.pick(&["drain", "mixed"])
        } else {
            *scene.random.pick(&["lease", "drain", "batch", "mixed", "mixed"])
        };
        let (limit, slow) = (*scene.random.pick(&["block", "any"]), *scene.random.pick(&[0, 0, 0, 20, 200]));
        let lagged = if self.role == Role::Lossy { ",lagged" } else { "" };
        // Where one of messages begins it may not know yet.
        let anywhere = if self.role == Role::Lossy && !scene.script.is_raw { " begins-anywhere" } else { "" };
        let plant = scene.plant.map_or(String::new(), |plant| format!(" plant={plant}:100"));
        peer.ask("stop-on-signal what=rx");
        peer.tell(format!(
            "receive till-signal form={form} limit={limit} slow={slow} journal={path} tolerate=died,incomplete{lagged} len={}{plant}{anywhere}",
            scene.script.len
        ));
        self.live = Some(Live { peer, journal, from });
        self.state = State::Here;
    }

    pub(crate) fn kill(&mut self, scene: &mut Scene<'_>) {
        let mut live = self.live.take().expect("it is there");
        live.peer.kill();
        let at = live.journal.get(Word::Handled);
        scene.log.note(format!("{} {} killed at {at}", self.id, live.peer.pid()));
        let from = live.began();
        self.end(live.journal, from, Ended::Killed, scene);
        self.go(Left::Killed);
    }

    fn go(&mut self, left: Left) {
        self.state = State::Away(left);
        self.since = Instant::now();
    }

    fn end(&mut self, journal: Journal, from: u64, ended: Ended, scene: &mut Scene<'_>) {
        let audit =
            Span::audit(journal, from, ended, self.role == Role::Lossy, |sequence| scene.was_cut(sequence));
        self.spans.push(sure(self.id, audit));
    }

    pub(crate) fn stop(&mut self, scene: &mut Scene<'_>) {
        self.peer().stop();
        self.state = State::Stopped;
        scene.log.note(format!("{} stopped at {}", self.id, self.handled()));
    }

    pub(crate) fn cont(&mut self, scene: &mut Scene<'_>) {
        scene.log.note(format!("{} continued at {}", self.id, self.handled()));
        self.state = State::Here;
        self.peer().cont();
    }

    /// It leaves without harm.
    pub(crate) fn leave(&mut self, left: Left, scene: &mut Scene<'_>) {
        let next = halted(self.peer());
        let word = if left == Left::Detached { "detach" } else { *scene.random.pick(&["close", "drop"]) };
        scene.log.note(format!("{} left at {next}: {word}", self.id));
        self.ended_at(next, Ended::Left, word, scene);
        self.go(left);
    }

    /// It has received everything up to the end of the stream.
    pub(crate) fn drained(&mut self, end: u64, scene: &mut Scene<'_>) {
        let said = self.peer().expect();
        assert_eq!(said.num("closed"), 1, "{}: {said:?}", self.id);
        assert!(said.num("died") <= scene.deaths, "{}: each death is told once: {said:?}", self.id);
        let from = self.live.as_ref().unwrap().began();
        assert_eq!(sum(&said), end - from, "{} began at {from}, of {end}: {said:?}", self.id);
        scene.log.note(format!("{} drained", self.id));
        self.ended_at(end, Ended::Drained, "close", scene);
    }

    /// The same, where the stream ends with an error. Where that is.
    pub(crate) fn was_told(&mut self, parts: &[&str], scene: &mut Scene<'_>) -> u64 {
        let told = self.peer().expect_error(parts);
        let end = next_in(&told);
        scene.log.note(format!("{} was told: {}", self.id, told.split(" | ").next().unwrap_or_default()));
        self.ended_at(end, Ended::Drained, "close", scene);
        end
    }

    fn ended_at(&mut self, end: u64, ended: Ended, word: &str, scene: &mut Scene<'_>) {
        let mut live = self.live.take().expect("it is there");
        let handled = live.journal.get(Word::Handled);
        // What a lossy one has missed last is told by the call that it does not make any more.
        let may_be_ahead = self.role == Role::Lossy && ended == Ended::Left;
        let is_right = handled == end || (may_be_ahead && handled < end);
        assert!(is_right, "{}: it says that it stands at {end}, and came to {handled}", self.id);
        live.peer.ask(format!("{word} what=rx"));
        live.peer.leave();
        let from = live.began();
        self.end(live.journal, from, ended, scene);
        self.go(Left::Dropped);
    }
}

/// All that a consumer was shown, or told that it was not.
fn sum(said: &Reply) -> u64 {
    said.num("got") + said.num("missed") + said.num("incomplete")
}
