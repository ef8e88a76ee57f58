//! A consumer is struck while it receives, waits or leaves.

use myelon_tests::Peer;
use myelon_tests::journal::{Journal, Word};

use crate::stage::{Blow, Flow, Stage, leave, says};

/// More than any ring of these scenes holds.
const MANY: &str = "publish n=200 form=value";

/// A producer that waits for room which `v` does not give, and a consumer that keeps up.
pub(crate) fn held_back(stage: &Stage, flow: &Flow) -> (Peer, Peer, Peer) {
    let (mut tx, mut rx, mut v) = (stage.peer(), stage.peer(), stage.peer());
    tx.ask(stage.create(flow));
    rx.ask(stage.attach(flow, "stays") + " start=oldest");
    v.ask(stage.attach(flow, "v") + " start=oldest");
    Stage::receives(&mut rx, flow);
    tx.tell(format!("{MANY} {}", flow.len));
    stage.until_asleep(true);
    (tx, rx, v)
}

/// The id of a dead consumer comes back: where it was, or with what it missed told.
pub(crate) fn comes_back(stage: &mut Stage, flow: &Flow) -> (Peer, Option<u64>) {
    let mut back = stage.peer();
    back.tell(stage.attach(flow, "v"));
    match back.answer() {
        Ok(joined) => {
            let next = joined.num("next");
            (back, Some(next))
        }
        evicted => {
            says(&evicted, &["Evicted"]);
            back.ask(stage.attach(flow, "v") + " start=oldest");
            (back, None)
        }
    }
}

/// Dead consumers keep their place: nothing is lost, and the producer waits.
pub(crate) fn receive(stage: &mut Stage, flow: &Flow, form: &str) {
    let (mut tx, mut rx, mut v) = held_back(stage, flow);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = Journal::open(&path, 1 << 16);
    let line = format!("receive n=12 form={form} journal={} {}", path.display(), flow.len);
    let Some(blow) = stage.strike(&mut v, &line) else { return };
    let mut v = match blow {
        Blow::Killed => {
            let (mut back, next) = comes_back(stage, flow);
            stage.in_time();
            let next = next.expect("its place is kept");
            let (handled, in_hand) = (journal.get(Word::Handled), journal.get(Word::InHand).max(1));
            assert!(next <= handled && handled - next <= in_hand, "{next}, {handled}, {in_hand} in hand");
            stage.note("resumes; nothing lost");
            Stage::receives(&mut back, flow);
            back
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            let lag = stage.published() - stage.cursor(1);
            assert!(lag <= stage.capacity(), "overrun: {lag}");
            v.cont();
            v.expect();
            stage.note("never overrun; goes on");
            Stage::receives(&mut v, flow);
            v
        }
    };
    assert_eq!(journal.get(Word::Torn), 0);
    tx.expect_beside(&mut [&mut rx, &mut v]);
    stage.goes_on(flow, tx, vec![rx, v]);
}

/// Dead consumers are let go: the producer goes on in time.
pub(crate) fn receive_and_be_let_go(stage: &mut Stage, flow: &Flow, form: &str) {
    let (tx, rx, v) = held_back(stage, flow);
    let line = format!("receive n=12 form={form} {}", flow.len);
    is_let_go(stage, flow, tx, rx, v, &line);
}

/// A consumer that holds the producer back leaves, for good or to come back.
pub(crate) fn leaves(stage: &mut Stage, flow: &Flow, line: &str) {
    let (tx, rx, v) = held_back(stage, flow);
    is_let_go(stage, flow, tx, rx, v, line);
}

fn is_let_go(stage: &mut Stage, flow: &Flow, mut tx: Peer, mut rx: Peer, mut v: Peer, line: &str) {
    let Some(blow) = stage.strike(&mut v, line) else { return };
    match blow {
        Blow::Killed => {
            tx.expect_beside(&mut [&mut rx]);
            stage.in_time();
            let (mut back, next) = comes_back(stage, flow);
            stage.note(if next.is_some() { "the others go on; joins anew" } else { "let go; told so" });
            Stage::receives(&mut back, flow);
            stage.goes_on(flow, tx, vec![rx, back]);
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            v.cont();
            v.expect();
            if line.starts_with("receive") {
                Stage::receives(&mut v, flow);
                tx.expect_beside(&mut [&mut rx, &mut v]);
                stage.goes_on(flow, tx, vec![rx, v]);
            } else {
                tx.expect_beside(&mut [&mut rx]);
                leave(v);
                // Who left to come back does so; else it would have a part of the closed channel left to receive.
                let mut back = comes_back(stage, flow).0;
                Stage::receives(&mut back, flow);
                stage.goes_on(flow, tx, vec![rx, back]);
            }
            stage.note("waited for; goes on");
        }
    }
}

/// A consumer goes to sleep because nothing is there.
pub(crate) fn wait(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    let mut v = stage.peer();
    v.ask(stage.attach(flow, "v"));
    let line = format!("receive n=1 form=lease {}", flow.len);
    let publish = format!("publish n=3 form=value {}", flow.len);
    let blow = stage.strike_with(&mut v, &line, |stage| {
        stage.until_asleep(false);
        tx.ask(publish.as_str());
    });
    let Some(blow) = blow else { return };
    match blow {
        Blow::Killed => {
            Stage::receives(&mut rx, flow);
            tx.ask_beside(format!("{MANY} {}", flow.len), &mut [&mut rx]);
            stage.in_time();
            let (mut back, next) = comes_back(stage, flow);
            assert_eq!(next, None);
            stage.note("let go; told so");
            Stage::receives(&mut back, flow);
            stage.goes_on(flow, tx, vec![rx, back]);
        }
        Blow::Stopped => {
            tx.ask(publish);
            stage.leave_it_stopped();
            v.cont();
            v.expect();
            stage.note("goes on");
            Stage::receives(&mut v, flow);
            Stage::receives(&mut rx, flow);
            stage.goes_on(flow, tx, vec![rx, v]);
        }
    }
}

/// The last one to leave a closed channel, which takes its name in shared memory along.
pub(crate) fn leave_as_the_last(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    tx.ask("close what=tx");
    assert_eq!(rx.ask("receive").num("closed"), 1);
    let Some(blow) = stage.strike(&mut rx, "close what=rx") else { return };
    let mut next = stage.peer();
    next.tell(stage.create(flow));
    let answer = next.answer();
    match blow {
        Blow::Killed => {
            assert_eq!(answer.unwrap().num("next"), 0, "a closed channel is never opened again");
            stage.in_time();
            stage.note("made anew");
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            rx.cont();
            rx.expect();
            if answer.is_err() {
                says(&answer, &["AlreadyExists"]);
                next.ask(stage.create(flow));
                stage.note("others refused; leaves");
            } else {
                stage.note("made anew; leaves");
            }
        }
    }
    leave(tx);
    stage.goes_on(flow, next, Vec::new());
}
