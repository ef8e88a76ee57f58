//! Who makes, replaces, takes over, removes or sweeps a channel is struck.

use std::os::unix::fs::PermissionsExt;

use myelon_tests::{Peer, Reply};

use crate::stage::{Blow, Flow, Stage, says};

/// `create` of a channel that is not there yet, while a consumer waits for it.
pub(crate) fn create(stage: &mut Stage, flow: &Flow) {
    let (mut victim, mut rx) = (stage.peer(), stage.peer());
    rx.tell(stage.attach(flow, "stays") + " start=oldest timeout=60000");
    let line = stage.create(flow);
    if let Some((tx, rx)) = make(stage, flow, &mut victim, rx, &line) {
        stage.goes_on(flow, tx, vec![rx]);
    }
}

/// The same where files cannot be without a name.
pub(crate) fn create_with_a_temporary_name(stage: &mut Stage, flow: &Flow) {
    let (mut victim, mut rx) = (stage.peer(), stage.peer());
    victim.ask("arm named");
    rx.tell(stage.attach(flow, "stays") + " start=oldest timeout=60000");
    let line = stage.create(flow);
    if let Some((tx, rx)) = make(stage, flow, &mut victim, rx, &line) {
        stage.goes_on(flow, tx, vec![rx]);
    }
}

/// `create` beside what dead processes left: a temporary file, and in shared memory a channel that nobody needs.
pub(crate) fn sweep(stage: &mut Stage, flow: &Flow) {
    let (mut victim, mut rx) = (stage.peer(), stage.peer());
    rx.tell(stage.attach(flow, "stays") + " start=oldest timeout=60000");
    let file = stage.arena.file_of("x").unwrap();
    let temporary = format!(".{}.tmp-999999-7", file.file_name().unwrap().to_str().unwrap());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let temporary = file.with_file_name(temporary);
    std::fs::write(&temporary, "").unwrap();
    std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o600)).unwrap();
    if stage.is_shm() {
        let mut old = stage.peer();
        old.ask(stage.create(flow).replace(&stage.at(), &stage.arena.spot("dead").text()));
        old.kill();
    }
    let line = stage.create(flow);
    if let Some((tx, rx)) = make(stage, flow, &mut victim, rx, &line) {
        stage.goes_on(flow, tx, vec![rx]);
    }
}

/// The victim makes the channel that `rx` waits for. Who is the producer then, and `rx`, which receives.
pub(crate) fn make(
    stage: &mut Stage,
    flow: &Flow,
    victim: &mut Peer,
    mut rx: Peer,
    line: &str,
) -> Option<(Peer, Peer)> {
    let blow = stage.strike(victim, line)?;
    let mut next = stage.peer();
    next.tell(stage.create(flow));
    let answer = next.answer();
    match blow {
        Blow::Killed => {
            assert_eq!(answer.unwrap().num("next"), 0);
            rx.expect();
            stage.in_time();
            stage.note("made at once");
        }
        Blow::Stopped => {
            after(stage, victim, &mut next, answer, 0);
            rx.expect();
        }
    }
    Stage::receives(&mut rx, flow);
    Some((next, rx))
}

/// Somebody else tries the same while the victim is stopped; `other` is the producer afterwards.
fn rivals(stage: &mut Stage, victim: &mut Peer, other: &mut Peer, line: &str, begins: u64) {
    other.tell(line);
    let answer = other.answer();
    after(stage, victim, other, answer, begins);
}

/// Somebody else tried, and was told this.
fn after(stage: &mut Stage, victim: &mut Peer, other: &mut Peer, answer: Result<Reply, String>, begins: u64) {
    stage.leave_it_stopped();
    victim.cont();
    if answer.is_ok() {
        says(&victim.answer(), &["AlreadyExists", &format!("pid: Some({})", other.pid())]);
        stage.note("another makes it; refused");
    } else {
        says(&answer, &["AlreadyExists", "pid: Some("]);
        assert_eq!(victim.expect().num("next"), begins);
        core::mem::swap(victim, other);
        stage.note("others refused; goes on");
    }
}

/// `create` with another capacity over what a dead producer left.
pub(crate) fn replace(stage: &mut Stage, flow: &Flow) {
    let (mut old, mut rx) = stage.pair(flow);
    old.kill();
    rx.refuse("receive", &["ProducerDied"]);
    rx.tell(format!("receive form=mixed tolerate=died {}", flow.len));
    let mut victim = stage.peer();
    let line = stage.create(flow) + " cap=64";
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut tx = stage.peer();
    match blow {
        Blow::Killed => {
            assert_eq!(tx.ask(line).num("next"), 0);
            let error = rx.expect_error(&[]);
            // A third one may sweep the new file between the two, as nobody lives in it.
            assert!(["Superseded", "Removed"].iter().any(|part| error.contains(part)), "{error}");
            stage.in_time();
            stage.note("replaced at once");
        }
        Blow::Stopped => {
            rivals(stage, &mut victim, &mut tx, &line, 0);
            rx.expect_error(&["Superseded"]);
        }
    }
    rx.ask("drop what=rx");
    rx.ask(stage.attach(flow, "stays") + " start=oldest");
    Stage::receives(&mut rx, flow);
    stage.goes_on(flow, tx, vec![rx]);
}

/// `create` of a channel whose producer is dead.
pub(crate) fn take_over(stage: &mut Stage, flow: &Flow) {
    let (mut old, rx) = stage.pair(flow);
    old.kill();
    let victim = stage.peer();
    goes_on_after(stage, flow, victim, rx, 5);
}

/// The same with more kinds of messages.
pub(crate) fn take_over_newer(stage: &mut Stage, flow: &Flow) {
    let (mut old, rx) = stage.pair(flow);
    old.kill();
    let victim = Peer::spawn_as("myelon-test-evolved");
    goes_on_after(stage, flow, victim, rx, 5);
}

/// The same while the dead one was in the middle of a message.
pub(crate) fn take_over_inside(stage: &mut Stage, flow: &Flow) {
    let (mut old, rx) = stage.pair(flow);
    old.ask("arm point=fragment:%20out nth=1 how=kill");
    old.tell(format!("publish n=1 form=value {}", flow.len));
    assert!(!old.is_struck());
    let victim = stage.peer();
    goes_on_after(stage, flow, victim, rx, 6);
}

fn goes_on_after(stage: &mut Stage, flow: &Flow, victim: Peer, mut rx: Peer, begins: u64) {
    if let Some(tx) = succeed(stage, flow, victim, &mut rx, begins) {
        stage.goes_on(flow, tx, vec![rx]);
    }
}

/// The victim takes the channel over that `rx` receives from. Who is the producer then.
pub(crate) fn succeed(
    stage: &mut Stage,
    flow: &Flow,
    mut victim: Peer,
    rx: &mut Peer,
    begins: u64,
) -> Option<Peer> {
    rx.refuse(format!("receive {}", flow.len), &["ProducerDied"]);
    Stage::receives(rx, flow);
    let line = stage.create(flow);
    let blow = stage.strike(&mut victim, &line)?;
    let mut tx = stage.peer();
    match blow {
        Blow::Killed => {
            assert_eq!(tx.ask(line).num("next"), begins);
            stage.in_time();
            stage.note("taken over at once");
        }
        Blow::Stopped => {
            rivals(stage, &mut victim, &mut tx, &line, begins);
        }
    }
    Some(tx)
}

/// `remove` of a channel that nobody uses.
pub(crate) fn remove(stage: &mut Stage, flow: &Flow) {
    // Its place is kept: else anybody may sweep what is left.
    let (mut old, mut rx) = stage.pair(flow);
    old.kill();
    rx.kill();
    let mut victim = stage.peer();
    let line = format!("remove at={}", stage.at());
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut tx = stage.peer();
    match blow {
        Blow::Killed => {
            tx.ask(stage.create(flow));
            stage.in_time();
            stage.note("made at once");
        }
        Blow::Stopped => {
            tx.tell(stage.create(flow));
            stage.leave_it_stopped();
            victim.cont();
            let (removed, made) = (victim.answer(), tx.answer());
            if made.is_ok() {
                stage.note("another waits and makes it");
            } else {
                says(&made, &["AlreadyExists"]);
                removed.unwrap();
                tx.ask(stage.create(flow));
                stage.note("others refused; goes on");
            }
        }
    }
    let mut back = stage.peer();
    back.ask(stage.attach(flow, "stays"));
    Stage::receives(&mut back, flow);
    stage.goes_on(flow, tx, vec![back]);
}
