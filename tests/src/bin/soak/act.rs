//! One channel, from its creation to its end, and what happens to its ends meanwhile.

use core::time::Duration;
use std::time::Instant;

use myelon_tests::Random;
use myelon_tests::system::interrupted;

use crate::args::Plan;
use crate::chief::Chief;
use crate::ledger::{Began, agree};
use crate::log::Log;
use crate::member::{Member, Role, State};
use crate::scene::{ROOM, Scene, sure};
use crate::script::Script;
use crate::times::{Times, Who};

/// How long anything may take to go on when nothing is in its way: long, since machines are busy.
const LIMIT: Duration = Duration::from_secs(30);
/// How often is looked.
const LOOK: Duration = Duration::from_micros(200);
/// After this much trouble everybody comes back, and has to move.
const TROUBLE: Duration = Duration::from_millis(1500);

/// What all acts come to.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) acts: u64,
    pub(crate) faults: u64,
    pub(crate) published: u64,
    pub(crate) received: u64,
    pub(crate) missed: u64,
    pub(crate) cut: u64,
}

pub(crate) struct Act<'a> {
    pub(crate) scene: Scene<'a>,
    pub(crate) chief: Chief,
    pub(crate) members: Vec<Member>,
    pub(crate) times: &'a mut Times,
    pub(crate) totals: &'a mut Totals,
}

/// Plays one act, for no longer than `most`.
pub(crate) fn play(
    plan: &Plan,
    most: Duration,
    random: &mut Random,
    times: &mut Times,
    totals: &mut Totals,
    log: &mut Log,
) {
    log.clear();
    let mut script = Script::draw(plan, random);
    script.time = script.time.min(most);
    log.note(format!("{script:?}"));
    let mut scene = Scene::new(script, random.word(), plan.plant, log);
    let mut members = vec![
        Member::new("journal", Role::Required, Instant::now()),
        Member::new("a", Role::Reliable, Instant::now()),
        Member::new("dash", Role::Lossy, Instant::now()),
    ];
    for (id, role) in [("risk", Role::Required), ("b", Role::Reliable), ("late", Role::Lossy)] {
        if scene.random.one_in(2) {
            members.push(Member::new(id, role, scene.soon(300)));
        }
    }
    let create = scene.script.create(&scene.at, &required(&members));
    let chief = Chief::first(&mut scene, &create);
    let mut act = Act { scene, chief, members, times, totals };
    act.run();
    act.end();
    let Act { scene, members, totals, .. } = act;
    account(&members, totals);
    // Somebody may have died who never came back for the rest.
    scene.arena.sweep();
}

/// The ids of those that the producer is to require.
pub(crate) fn required(members: &[Member]) -> Vec<&'static str> {
    members.iter().filter(|member| member.role == Role::Required).map(|member| member.id).collect()
}

fn account(members: &[Member], totals: &mut Totals) {
    let spans: Vec<_> =
        members.iter().flat_map(|member| member.spans.iter().map(|span| (member.id, span))).collect();
    totals.cut += sure("the consumers", agree(&spans));
    totals.received += spans.iter().map(|(_, span)| span.seen).sum::<u64>();
    totals.missed += spans.iter().map(|(_, span)| span.missed).sum::<u64>();
    totals.acts += 1;
}

impl Act<'_> {
    fn run(&mut self) {
        let since = Instant::now();
        let (mut next, mut calm) = (Instant::now(), Instant::now() + TROUBLE);
        // Whether the next thing happens only when everybody has recovered from the last one.
        let mut waits = false;
        while since.elapsed() < self.scene.script.time && self.chief.published() < ROOM / 2 {
            self.look();
            self.return_those(Instant::now());
            if Instant::now() >= calm {
                self.calm();
                calm = Instant::now() + TROUBLE;
            }
            if Instant::now() >= next && !(waits && (self.is_blocked() || self.times.is_pending())) {
                self.fault();
                next = self.scene.soon(120);
                waits = !self.scene.random.one_in(3);
            }
        }
        self.calm();
    }

    /// Looks who has moved, and that nobody says what it should not.
    pub(crate) fn look(&mut self) {
        assert!(!interrupted(), "interrupted");
        self.chief.is_silent();
        self.members.iter_mut().for_each(Member::is_silent);
        let (chief, members) = (&self.chief, &self.members);
        self.times.look(|who| progress(chief, members, who));
        if let Some(pending) = Instant::now().checked_sub(LIMIT).and_then(|then| self.times.overdue(then)) {
            panic!("not within {LIMIT:?}: {pending:?}");
        }
        pause();
    }

    /// Continues or brings back all whose time has come.
    pub(crate) fn return_those(&mut self, due: Instant) {
        if self.chief.back <= due {
            self.return_chief();
        }
        for index in 0..self.members.len() {
            if self.members[index].back <= due {
                self.return_member(index);
            }
        }
    }

    fn return_chief(&mut self) {
        if self.chief.is_here() {
            return;
        }
        if self.chief.is_stopped {
            let published = self.chief.published();
            let since = Instant::now();
            self.chief.cont(&mut self.scene);
            if !self.is_blocked() {
                let what = "producer continued: publishes";
                self.times.expect(what, since, vec![(Who::Producer, published)]);
            }
            return;
        }
        self.times.disturb();
        let create = self.create();
        let (since, next) = self.chief.rise(&mut self.scene, &create);
        if !self.is_blocked() {
            self.times.expect("producer succeeded: publishes", since, vec![(Who::Producer, next)]);
            let here = self.here().map(|index| (Who::Consumer(index), next)).collect();
            self.times.expect("producer succeeded: everybody receives", since, here);
        }
    }

    /// What makes a producer.
    pub(crate) fn create(&self) -> String {
        self.scene.script.create(&self.scene.at, &required(&self.members))
    }

    fn return_member(&mut self, index: usize) {
        let member = &mut self.members[index];
        let (since, from, what) = match member.state {
            State::Here => return,
            State::Stopped => {
                let (since, from) = (Instant::now(), member.handled());
                let published = self.chief.published();
                member.cont(&mut self.scene);
                let (what, gates) = match member.role {
                    Role::Lossy => ("lossy consumer continued: receives", false),
                    Role::Reliable => ("reliable consumer continued: receives", true),
                    Role::Required => ("required consumer continued: receives", true),
                };
                if gates && !self.is_blocked() {
                    let what = "consumer continued: the producer publishes";
                    self.times.expect(what, since, vec![(Who::Producer, published)]);
                }
                (since, from, what)
            }
            State::Away(_) => {
                let (since, began, from) = member.join(&mut self.scene);
                let what = match (member.role, began) {
                    (Role::Lossy, _) => "lossy consumer attached: receives",
                    (Role::Required, Began::Resumed) => "required consumer back at its place: receives",
                    (Role::Reliable, Began::Resumed) => "reliable consumer back at its place: receives",
                    (_, Began::New) => "new consumer attached: receives",
                    (_, Began::Asked) => "consumer that asked for a start attached: receives",
                };
                let tried = self.chief.tried();
                assert!(from <= tried, "{} begins at {from}, of {tried}", self.members[index].id);
                (since, from, what)
            }
        };
        if !self.is_blocked() {
            self.times.expect(what, since, vec![(Who::Consumer(index), from)]);
        }
    }

    /// Who is attached and not stopped.
    pub(crate) fn here(&self) -> impl Iterator<Item = usize> {
        let here = |index: &usize| self.members[*index].state == State::Here;
        (0..self.members.len()).filter(here)
    }

    /// Whether the stream stands still, or will, until somebody is back.
    pub(crate) fn is_blocked(&self) -> bool {
        !self.chief.is_here() || self.members.iter().any(|member| member.blocks(&self.scene))
    }

    /// Brings everybody back; then each has to move.
    pub(crate) fn calm(&mut self) {
        self.times.disturb();
        let forever = Instant::now() + Duration::from_secs(3600);
        self.return_those(forever);
        let mut goals: Vec<_> =
            (0..self.members.len()).map(Who::Consumer).chain([Who::Producer]).collect::<Vec<_>>();
        let before: Vec<_> = goals.iter().map(|who| self.progress(*who)).collect();
        let mut goals: Vec<_> = goals.drain(..).zip(before).collect();
        let since = Instant::now();
        while !goals.is_empty() || self.times.is_pending() {
            self.look();
            goals.retain(|(who, above)| self.progress(*who) <= *above);
            if since.elapsed() > LIMIT {
                let stuck: Vec<_> =
                    goals.iter().map(|(who, above)| format!("{} at {above}", self.name(*who))).collect();
                panic!("everybody is back, and these do not move within {LIMIT:?}: {}", stuck.join(", "));
            }
        }
        self.scene.log.note("all are well");
    }

    fn name(&self, who: Who) -> &'static str {
        match who {
            Who::Producer => "the producer",
            Who::Consumer(index) | Who::Told(index) => self.members[index].id,
        }
    }

    fn progress(&self, who: Who) -> u64 {
        progress(&self.chief, &self.members, who)
    }
}

fn progress(chief: &Chief, members: &[Member], who: Who) -> u64 {
    match who {
        Who::Producer => chief.published(),
        Who::Consumer(index) => members[index].handled(),
        Who::Told(index) => members[index].told(),
    }
}

/// Until the next look at words that change without a sign.
#[allow(clippy::disallowed_methods, reason = "how often words are looked at whose writers do not know of it")]
fn pause() {
    std::thread::sleep(LOOK);
}
