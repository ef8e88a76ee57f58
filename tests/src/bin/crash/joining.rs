//! A consumer is struck while it attaches: as somebody new, or as one that was there before.

use myelon_tests::Peer;

use crate::consuming::comes_back;
use crate::stage::{Blow, Flow, Stage, leave, says};

/// What is expected of the attach that is struck, should it get to its end, and of the same id after a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It begins anywhere.
    Joins,
    /// Here, also if it was struck: nothing is lost.
    Resumes(u64),
    /// An error of this name.
    Refused(&'static str),
}

/// A new id.
pub(crate) fn attach(stage: &mut Stage, flow: &Flow, options: &str) {
    let (tx, rx) = stage.pair(flow);
    joins(stage, flow, tx, rx, options, End::Joins);
}

/// A new id, in the place of another one that has left.
pub(crate) fn attach_after_another(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = stage.pair(flow);
    let mut other = stage.peer();
    other.ask(stage.attach(flow, "other") + " start=oldest");
    other.ask(format!("receive n=4 form=lease {}", flow.len));
    other.ask("close what=rx");
    joins(stage, flow, tx, rx, "", End::Joins);
}

/// The same, and the stream goes on before the id comes back.
pub(crate) fn attach_and_be_let_go(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    Stage::receives(&mut rx, flow);
    let mut victim = stage.peer();
    let line = stage.attach(flow, "v");
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    if blow == Blow::Stopped {
        tx.tell(format!("publish n=40 form=value {}", flow.len));
        stage.leave_it_stopped();
        victim.cont();
        victim.expect();
        Stage::receives(&mut victim, flow);
        tx.expect_beside(&mut [&mut rx, &mut victim]);
        stage.note("never overrun; joins");
        return stage.goes_on(flow, tx, vec![rx, victim]);
    }
    tx.ask_beside(format!("publish n=40 form=value {}", flow.len), &mut [&mut rx]);
    stage.in_time();
    let (mut back, next) = comes_back(stage, flow);
    stage.note(if next.is_some() { "the others go on; joins anew" } else { "let go; told so" });
    Stage::receives(&mut back, flow);
    stage.goes_on(flow, tx, vec![rx, back]);
}

/// Of five events two were received by `v`, which then went away.
fn with_a_past(stage: &Stage, flow: &Flow, ends: impl FnOnce(&mut Peer)) -> (Peer, Peer) {
    let (tx, rx) = stage.pair(flow);
    let mut v = stage.peer();
    v.ask(stage.attach(flow, "v") + " start=oldest");
    v.ask(format!("receive n=2 form=lease {}", flow.len));
    ends(&mut v);
    (tx, rx)
}

/// Its place was kept when it died.
pub(crate) fn resume(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = with_a_past(stage, flow, Peer::kill);
    joins(stage, flow, tx, rx, "", End::Resumes(2));
}

/// It wants to begin elsewhere.
pub(crate) fn resume_elsewhere(stage: &mut Stage, flow: &Flow, options: &str) {
    let (tx, rx) = with_a_past(stage, flow, Peer::kill);
    joins(stage, flow, tx, rx, options, End::Joins);
}

/// It wants to begin where there is nothing yet.
pub(crate) fn resume_nowhere(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = with_a_past(stage, flow, Peer::kill);
    joins(stage, flow, tx, rx, "start=at:999", End::Refused("Ahead"));
}

/// It left to come back.
pub(crate) fn come_back(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = with_a_past(stage, flow, |v| drop(v.ask("detach what=rx")));
    joins(stage, flow, tx, rx, "", End::Resumes(2));
}

/// And the stream has gone over its place.
pub(crate) fn come_back_too_late(stage: &mut Stage, flow: &Flow, options: &str) {
    let (mut tx, mut rx) = with_a_past(stage, flow, |v| drop(v.ask("detach what=rx")));
    let n = if flow.is_of_messages() { 200 } else { 40 };
    rx.tell(format!("receive n={n} form=lease {}", flow.len));
    tx.ask_beside(format!("publish n={n} form=value {}", flow.len), &mut [&mut rx]);
    rx.expect();
    if options.is_empty() {
        joins(stage, flow, tx, rx, "", End::Refused("Evicted"));
    } else {
        stage.peer().refuse(stage.attach(flow, "v"), &["Evicted"]);
        joins(stage, flow, tx, rx, options, End::Refused("Gone"));
    }
}

/// A ring that was gone round in.
fn full(stage: &Stage, flow: &Flow) -> (Peer, Peer) {
    let (mut tx, mut rx) = stage.pair(flow);
    rx.tell(format!("receive n=200 form=lease {}", flow.len));
    tx.ask_beside(format!("publish n=200 form=value {}", flow.len), &mut [&mut rx]);
    rx.expect();
    (tx, rx)
}

/// A new id, where the oldest is somewhere in the middle of the ring.
pub(crate) fn attach_to_a_full_ring(stage: &mut Stage, flow: &Flow, options: &str) {
    let (tx, rx) = full(stage, flow);
    joins(stage, flow, tx, rx, options, End::Joins);
}

/// A new id that asks for what is gone.
pub(crate) fn attach_too_late(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = full(stage, flow);
    joins(stage, flow, tx, rx, "start=at:0", End::Refused("Gone"));
}

/// What it asks for is there when it looks, and gone when it joins. With `leaves` its id was there before.
pub(crate) fn attach_just_too_late(stage: &mut Stage, flow: &Flow, leaves: &str) {
    let (mut tx, mut rx) =
        if leaves.is_empty() { stage.pair(flow) } else { with_a_past(stage, flow, |v| drop(v.ask(leaves))) };
    let mut victim = stage.peer();
    let line = stage.attach(flow, "v") + " start=at:5";
    let blow = stage.strike_after(&mut victim, &line, "enter: claimed", || {
        rx.tell(format!("receive n=40 form=lease {}", flow.len));
        tx.ask_beside(format!("publish n=40 form=value {}", flow.len), &mut [&mut rx]);
        rx.expect();
    });
    let Some(blow) = blow else { return };
    if blow == Blow::Stopped {
        stage.leave_it_stopped();
        victim.cont();
        victim.expect_error(&["Gone"]);
    }
    let (mut back, next) = comes_back(stage, flow);
    if blow == Blow::Killed {
        stage.in_time();
    }
    // One that dies on the way to another start may have given up where it stopped.
    let remembers = blow == Blow::Stopped && !leaves.is_empty();
    assert!(!remembers || next.is_none(), "told what it missed since it left");
    stage.note(if blow == Blow::Killed { "the id joins again" } else { "told so; the id joins again" });
    Stage::receives(&mut back, flow);
    Stage::receives(&mut rx, flow);
    stage.goes_on(flow, tx, vec![rx, back]);
}

/// A required consumer comes for the first time, to the place that is kept for it.
pub(crate) fn attach_to_a_kept_place(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = stage.pair(flow);
    joins(stage, flow, tx, rx, "", End::Resumes(0));
}

fn joins(stage: &mut Stage, flow: &Flow, mut tx: Peer, mut rx: Peer, options: &str, end: End) {
    let mut victim = stage.peer();
    let line = stage.attach(flow, "v") + " " + options;
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut consumers = vec![];
    match blow {
        Blow::Killed => {
            let (mut back, next) = comes_back(stage, flow);
            stage.in_time();
            if let End::Resumes(at) = end {
                assert_eq!(next, Some(at), "where it stopped");
            }
            stage.note(match (next, end) {
                (Some(_), End::Resumes(_)) => "resumes; nothing lost",
                (Some(_), _) => "joins at once",
                (None, _) => "told what it missed",
            });
            Stage::receives(&mut back, flow);
            consumers.push(back);
        }
        Blow::Stopped => {
            stage.peer().refuse(stage.attach(flow, "v"), &["IdInUse"]);
            // The stream does not stand still, unless it has to wait for one who came back to what is gone: alive, that one
            // is believed until it finds out.
            tx.tell(format!("publish n=3 form=value {}", flow.len));
            let waits = matches!(end, End::Refused("Evicted" | "Gone"));
            if !waits {
                tx.expect();
            }
            stage.leave_it_stopped();
            victim.cont();
            let answer = victim.answer();
            if waits {
                tx.expect();
            }
            match end {
                End::Refused(error) => {
                    says(&answer, &[error]);
                    stage.note("its id refused; told so");
                }
                End::Resumes(at) => {
                    assert_eq!(answer.unwrap().num("next"), at);
                    stage.note("its id refused; resumes");
                }
                End::Joins => {
                    answer.unwrap();
                    stage.note("its id refused; joins");
                }
            }
            if matches!(end, End::Refused(_)) {
                // What its id remembers is as it was.
                leave(victim);
                victim = comes_back(stage, flow).0;
            }
            Stage::receives(&mut victim, flow);
            consumers.push(victim);
        }
    }
    Stage::receives(&mut rx, flow);
    consumers.push(rx);
    stage.goes_on(flow, tx, consumers);
}

/// It comes back to a channel that was closed, and has received everything.
pub(crate) fn come_back_to_the_end(stage: &mut Stage, flow: &Flow) {
    let (mut tx, rx) = stage.pair(flow);
    let mut v = stage.peer();
    v.ask(stage.attach(flow, "v") + " start=oldest");
    v.ask(format!("receive n=5 form=lease {}", flow.len));
    v.kill();
    tx.ask("close what=tx");
    let mut victim = stage.peer();
    let line = stage.attach(flow, "v");
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut back = stage.peer();
    match blow {
        Blow::Killed => {
            back.refuse(line, &["NotFound"]);
            stage.in_time();
            stage.note("nothing to come back to");
        }
        Blow::Stopped => {
            back.refuse(line, &["IdInUse"]);
            stage.leave_it_stopped();
            victim.cont();
            victim.expect_error(&["NotFound"]);
            stage.note("its id refused; told so");
        }
    }
    leave(rx);
    leave(tx);
    let mut next = stage.peer();
    assert_eq!(next.ask(stage.create(flow)).num("next"), 0);
    stage.goes_on(flow, next, Vec::new());
}
