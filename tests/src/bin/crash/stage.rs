//! One scene: a channel of its own, the processes at it, and the moment at which one of them is struck.

use core::time::Duration;
use std::time::Instant;

use myelon_tests::arena::names_in;
use myelon_tests::process::wait_until;
use myelon_tests::segment::Number;
use myelon_tests::{Arena, Backend, Peer, Reply, Spot};

/// For how long a process stays stopped: longer than any time after which others look whether it lives, or give up what it
/// has locked.
const STOPPED: Duration = Duration::from_millis(250);
/// The same for one that holds all locks of a file at once, whom others give five seconds.
const STOPPED_WITH_ALL_LOCKS: Duration = Duration::from_millis(5500);
/// The most that anybody may take to go on or to be told: 100 ms are promised, and machines are busy. That most of them are
/// much quicker is looked at over the whole matrix.
const BOUND: Duration = Duration::from_secs(10);

/// What happens to a process at a crash point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    Killed,
    Stopped,
}

/// Where and how a process is struck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) point: String,
    /// The how-manieth time that it gets there.
    pub(crate) nth: u64,
    pub(crate) blow: Blow,
}

impl Strike {
    /// What its victim is told.
    fn arm(&self) -> String {
        let how = if self.blow == Blow::Killed { "kill" } else { "stop" };
        format!("arm point={} nth={} how={how}", self.point.replace(' ', "%20"), self.nth)
    }
}

/// The way a channel is declared and used in one scene.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow {
    /// `type=.. cap=..` and options of a producer.
    pub(crate) make: &'static str,
    /// `type=..` and options of a consumer.
    pub(crate) join: &'static str,
    /// Lengths of messages; empty for events.
    pub(crate) len: &'static str,
}

impl Flow {
    pub(crate) const STAMPED: Self = Self { make: "type=L24 cap=16", join: "type=L24", len: "" };
    pub(crate) const DENSE: Self = Self { make: "type=D8 cap=16", join: "type=D8", len: "" };
    pub(crate) const BYTES: Self = Self { make: "type=Log cap=4096", join: "type=Log", len: "len=0..300" };
    pub(crate) const CUT: Self = Self { make: "type=Log cap=1024", join: "type=Log", len: "len=700" };

    fn is_in_fragments(&self) -> bool {
        self.len == Self::CUT.len
    }

    pub(crate) fn is_of_messages(&self) -> bool {
        !self.len.is_empty()
    }
}

#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) arena: Arena,
    spot: Spot,
    strike: Option<Strike>,
    /// What the victim passed, if nobody strikes it.
    pub(crate) passed: Vec<String>,
    /// What became of it, in words.
    pub(crate) outcome: Vec<String>,
    /// Those who help until a scene is over in which nobody is struck.
    pub(crate) helpers: Vec<Peer>,
    since: Option<Instant>,
    /// How long others took to go on or to be told.
    pub(crate) times: Vec<Duration>,
}

impl Stage {
    /// With nobody to be struck if there is no `strike`: then the points are counted.
    pub(crate) fn new(backend: Backend, strike: Option<Strike>) -> Self {
        let arena = Arena::new(backend);
        let spot = arena.spot("x");
        Self {
            arena,
            spot,
            strike,
            passed: Vec::new(),
            outcome: Vec::new(),
            helpers: Vec::new(),
            since: None,
            times: Vec::new(),
        }
    }

    pub(crate) fn peer(&self) -> Peer {
        self.arena.peer()
    }

    pub(crate) fn is_shm(&self) -> bool {
        self.arena.backend() == Backend::Shm
    }

    pub(crate) fn create(&self, flow: &Flow) -> String {
        format!("create {} at={} wait=park", flow.make, self.spot.text())
    }

    pub(crate) fn attach(&self, flow: &Flow, id: &str) -> String {
        format!("attach {} at={} id={id} wait=park", flow.join, self.spot.text())
    }

    pub(crate) fn glance(&self, flow: &Flow) -> String {
        format!("glance {} at={} wait=park", flow.join, self.spot.text())
    }

    pub(crate) fn at(&self) -> String {
        self.spot.text()
    }

    /// A producer, and a consumer that has received five events or messages, and waits for more.
    pub(crate) fn pair(&self, flow: &Flow) -> (Peer, Peer) {
        let (mut tx, mut rx) = (self.peer(), self.peer());
        tx.ask(self.create(flow));
        rx.ask(self.attach(flow, "stays") + " start=oldest");
        rx.tell(format!("receive n=5 form=lease {}", flow.len));
        tx.ask_beside(format!("publish n=5 form=value {}", flow.len), &mut [&mut rx]);
        rx.expect();
        (tx, rx)
    }

    /// Receives until the end of the stream, and tolerates what a death brings along.
    pub(crate) fn receives(rx: &mut Peer, flow: &Flow) {
        rx.tell(format!("receive form=mixed tolerate=died,incomplete {}", flow.len));
    }

    /// Waits until consumers, or the producer, said that they sleep and want to be woken.
    pub(crate) fn until_asleep(&self, producer: bool) {
        let bytes = self.spot.bytes();
        let bits = bytes.number(Number::Control) + 64 * u64::from(producer) + 8;
        wait_until("somebody sleeps", || bytes.word(bits) != 0);
    }

    pub(crate) fn published(&self) -> u64 {
        self.spot.bytes().published()
    }

    /// In slots.
    pub(crate) fn capacity(&self) -> u64 {
        self.spot.bytes().number(Number::Capacity)
    }

    /// The cursor in an entry.
    pub(crate) fn cursor(&self, entry: u64) -> u64 {
        let bytes = self.spot.bytes();
        bytes.word(bytes.number(Number::Consumers) + entry * 4096)
    }

    /// The victim does what `line` says, and is struck meanwhile. `None` if nobody is to be struck: it has done it, after
    /// `help`, and the scene is over.
    pub(crate) fn strike_with(
        &mut self,
        victim: &mut Peer,
        line: &str,
        help: impl FnOnce(&mut Self),
    ) -> Option<Blow> {
        let Some(strike) = self.strike.clone() else {
            victim.ask("arm");
            victim.tell(line);
            help(self);
            // It may also be refused: that is what some scenes are about.
            let _ = victim.answer();
            self.count(victim);
            return None;
        };
        victim.ask(strike.arm());
        victim.tell(line);
        self.is_struck(victim, strike.blow);
        Some(strike.blow)
    }

    /// The same, but the victim waits for what others do `meanwhile` at the point `pause` before.
    pub(crate) fn strike_after(
        &mut self,
        victim: &mut Peer,
        line: &str,
        pause: &str,
        meanwhile: impl FnOnce(),
    ) -> Option<Blow> {
        let pause = format!(" pause={}", pause.replace(' ', "%20"));
        let strike = self.strike.clone();
        let armed = strike.as_ref().map_or_else(|| "arm".to_owned(), Strike::arm) + &pause;
        victim.ask(armed);
        victim.tell(line);
        assert!(victim.is_struck(), "it waits");
        meanwhile();
        victim.cont();
        let Some(Strike { blow, .. }) = strike else {
            let _ = victim.answer();
            self.count(victim);
            return None;
        };
        self.is_struck(victim, blow);
        Some(blow)
    }

    /// Notes what a victim passed that nobody struck.
    fn count(&mut self, victim: &mut Peer) {
        let passed = victim.ask("arm");
        self.passed.extend(passed.text("passed").unwrap().split(',').map(str::to_owned));
    }

    fn is_struck(&mut self, victim: &mut Peer, blow: Blow) {
        let stopped = victim.is_struck();
        self.since = Some(Instant::now());
        assert_eq!(stopped, blow == Blow::Stopped);
    }

    pub(crate) fn strike(&mut self, victim: &mut Peer, line: &str) -> Option<Blow> {
        self.strike_with(victim, line, |_| ())
    }

    /// Leaves the victim stopped for longer than anybody could take for a moment.
    #[allow(clippy::disallowed_methods, reason = "no event is waited for: the time itself is what is tested")]
    pub(crate) fn leave_it_stopped(&self) {
        let holds_all = |strike: &Strike| {
            strike.point == "remove: all locked"
                || (strike.point.starts_with("sweep: ") && strike.point != "sweep: next")
        };
        let time = if self.strike.as_ref().is_some_and(holds_all) { STOPPED_WITH_ALL_LOCKS } else { STOPPED };
        let left = time.saturating_sub(self.since.unwrap().elapsed());
        std::thread::sleep(left);
    }

    /// Who was affected has gone on, or was told: in time.
    pub(crate) fn in_time(&mut self) {
        let time = self.since.unwrap().elapsed();
        assert!(time < BOUND, "that took {time:?}");
        self.times.push(time);
    }

    pub(crate) fn note(&mut self, word: impl Into<String>) {
        self.outcome.push(word.into());
    }

    /// The end of every scene: the stream goes on by more than a ring, somebody new joins, it is closed, all receive all of
    /// it, everybody leaves, and nothing is left.
    pub(crate) fn goes_on(&mut self, flow: &Flow, mut tx: Peer, consumers: Vec<Peer>) {
        let mut consumers = consumers;
        let mut late = self.peer();
        late.ask(self.attach(flow, "late"));
        Self::receives(&mut late, flow);
        consumers.push(late);
        let mut others: Vec<_> = consumers.iter_mut().collect();
        let next =
            tx.ask_beside(format!("publish n=40 form=mixed run=3 {}", flow.len), &mut others).num("next");
        tx.ask("close what=tx");
        for rx in &mut consumers {
            let seen = rx.expect();
            assert_eq!((seen.num("closed"), seen.num("next")), (1, next), "{seen:?}");
            // Only a message in fragments can lose its end.
            assert!(seen.num("incomplete") == 0 || flow.is_in_fragments(), "{seen:?}");
        }
        tx.leave();
        for rx in consumers {
            leave(rx);
        }
        self.nothing_is_left(true);
    }

    /// `file`: but for the file itself, which is kept where it is a file.
    pub(crate) fn nothing_is_left(&self, file: bool) {
        let left = self.arena.left_in_shm();
        assert!(left.is_empty(), "left in shared memory: {left:?}");
        if !self.is_shm() {
            let names = names_in(self.arena.path("x").parent().unwrap());
            let kept: &[&str] = if file { &["x"] } else { &[] };
            assert_eq!(names, kept, "left in the directory");
        }
    }
}

/// Ends a helper that is not waiting.
pub(crate) fn leave(mut peer: Peer) {
    peer.leave();
}

/// The answer is an error that says all of `parts`.
#[track_caller]
pub(crate) fn says(answer: &Result<Reply, String>, parts: &[&str]) {
    match answer {
        Err(error) if parts.iter().all(|part| error.contains(part)) => {}
        other => panic!("not {parts:?}: {other:?}"),
    }
}
