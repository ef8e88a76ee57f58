//! Consumers without which a producer does not go on: whoever makes their places, takes them, leaves them, lets them go, or
//! ends the stream because of one, is struck.

use myelon_tests::Peer;
use myelon_tests::process::wait_until;

use crate::consuming::{comes_back, held_back};
use crate::making::{make, succeed};
use crate::producing::number;
use crate::stage::{Blow, Flow, Stage, leave, says};

/// `create` that requires two of whom one waits for it. The other comes when something was published, and gets that.
pub(crate) fn create(stage: &mut Stage, flow: &Flow) {
    let (mut victim, mut rx) = (stage.peer(), stage.peer());
    rx.tell(stage.attach(flow, "stays") + " start=oldest timeout=60000");
    let line = stage.create(flow);
    let Some((mut tx, rx)) = make(stage, flow, &mut victim, rx, &line) else { return };
    tx.ask(format!("publish n=3 form=value {}", flow.len));
    let v = comes_to(stage, flow, "v", 0);
    stage.goes_on(flow, tx, vec![rx, v]);
}

/// A required consumer comes, finds its place where it has to be, and receives.
fn comes_to(stage: &Stage, flow: &Flow, id: &str, at: u64) -> Peer {
    let mut peer = stage.peer();
    assert_eq!(peer.ask(stage.attach(flow, id)).num("next"), at, "where the place of `{id}` is");
    Stage::receives(&mut peer, flow);
    peer
}

/// A successor requires one who stays, one who left (in a ring that was gone round `since`), and one that nobody knows; its
/// predecessor required another one, who never came.
pub(crate) fn take_over(stage: &mut Stage, flow: &Flow, old: &'static str) {
    let (mut first, mut rx) = stage.pair(&Flow { make: old, ..*flow });
    let mut w = stage.peer();
    w.ask(stage.attach(flow, "w") + " start=oldest");
    w.ask(format!("receive n=2 form=lease {}", flow.len));
    w.ask("detach what=rx");
    let is_long_ago = !old.contains("required=");
    if is_long_ago {
        rx.tell(format!("receive n=40 form=lease {}", flow.len));
        first.ask_beside(format!("publish n=40 form=value {}", flow.len), &mut [&mut rx]);
        rx.expect();
    }
    first.kill();
    let begins = if is_long_ago { 45 } else { 5 };
    let victim = stage.peer();
    let Some(mut tx) = succeed(stage, flow, victim, &mut rx, begins) else { return };
    tx.ask(format!("publish n=3 form=value {}", flow.len));
    let v = comes_to(stage, flow, "v", begins);
    if is_long_ago {
        w.refuse(stage.attach(flow, "w"), &["Evicted"]);
        w.ask(stage.attach(flow, "w") + " start=oldest");
        Stage::receives(&mut w, flow);
    } else {
        w = comes_to(stage, flow, "w", 2);
    }
    stage.goes_on(flow, tx, vec![rx, v, w]);
}

/// A successor requires one more than there is room for, and has to undo what it did.
pub(crate) fn take_over_without_room(stage: &mut Stage, flow: &Flow) {
    let old = Flow { make: "type=Few cap=16", ..*flow };
    let (mut first, mut rx) = stage.pair(&old);
    first.kill();
    rx.refuse("receive", &["ProducerDied"]);
    Stage::receives(&mut rx, flow);
    let mut victim = stage.peer();
    let line = stage.create(flow);
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut tx = stage.peer();
    tx.tell(stage.create(&old));
    let answer = tx.answer();
    match blow {
        Blow::Killed => {
            assert_eq!(answer.unwrap().num("next"), 5);
            stage.in_time();
            stage.note("taken over at once");
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            victim.cont();
            if answer.is_ok() {
                victim.expect_error(&["AlreadyExists"]);
                stage.note("another takes it over; refused");
            } else {
                says(&answer, &["AlreadyExists"]);
                victim.expect_error(&["NoPlace"]);
                assert_eq!(tx.ask(stage.create(&old)).num("next"), 5);
                stage.note("others refused; told why; taken over");
            }
        }
    }
    // There is room for one more.
    stage.goes_on(flow, tx, vec![rx]);
}

/// A successor puts one that it requires in the place of a dead one.
pub(crate) fn take_over_over_the_dead(stage: &mut Stage, flow: &Flow) {
    let (mut first, rx) = stage.pair(&Flow { make: "type=Few cap=16", ..*flow });
    with_a_dead_one(stage, flow);
    first.kill();
    let (victim, mut rx) = (stage.peer(), rx);
    let Some(tx) = succeed(stage, flow, victim, &mut rx, 5) else { return };
    let v = comes_to(stage, flow, "v", 5);
    // Its place is needed for the next one.
    rx.kill();
    stage.goes_on(flow, tx, vec![v]);
}

fn with_a_dead_one(stage: &Stage, flow: &Flow) {
    let mut dead = stage.peer();
    dead.ask(stage.attach(flow, "dead"));
    dead.kill();
}

/// Another one joins in the place of a dead one.
pub(crate) fn attach_over_the_dead(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    with_a_dead_one(stage, flow);
    let mut victim = stage.peer();
    let line = stage.attach(flow, "v");
    let Some(blow) = stage.strike(&mut victim, &line) else { return };
    let mut v = if blow == Blow::Killed {
        let back = comes_back(stage, flow).0;
        stage.in_time();
        stage.note("joins at once");
        back
    } else {
        tx.ask("publish n=3 form=value");
        stage.leave_it_stopped();
        victim.cont();
        victim.expect();
        stage.note("joins");
        victim
    };
    Stage::receives(&mut v, flow);
    Stage::receives(&mut rx, flow);
    // Its place is needed for the next one.
    rx.kill();
    stage.goes_on(flow, tx, vec![v]);
}

/// A required consumer leaves: its place is kept, and the producer waits.
pub(crate) fn leaves(stage: &mut Stage, flow: &Flow, line: &str) {
    let (mut tx, mut rx, mut v) = held_back(stage, flow);
    v.ask(format!("receive n=2 form=lease {}", flow.len));
    let Some(blow) = stage.strike(&mut v, line) else { return };
    if blow == Blow::Stopped {
        stage.leave_it_stopped();
        v.cont();
        v.expect();
        leave(v);
    }
    let v = comes_to(stage, flow, "v", 2);
    if blow == Blow::Killed {
        stage.in_time();
    }
    stage.note("comes back; nothing lost");
    let mut v = v;
    tx.expect_beside(&mut [&mut rx, &mut v]);
    stage.goes_on(flow, tx, vec![rx, v]);
}

/// A required consumer is struck while it receives, and whoever waits for it says that it stalls and recovers, or that it is
/// dead and came back.
pub(crate) fn stalls(stage: &mut Stage, flow: &Flow, form: &str) {
    let (mut tx, mut rx, mut v) = held_back(stage, flow);
    let line = format!("receive n=12 form={form} {}", flow.len);
    let Some(blow) = stage.strike(&mut v, &line) else { return };
    let [bad, good] = match blow {
        Blow::Killed => ["v:Died", "v:Resumed"],
        Blow::Stopped => ["v:Stalled", "v:Recovered"],
    };
    stage.leave_it_stopped();
    let mut v = match blow {
        Blow::Killed => {
            let (back, next) = comes_back(stage, flow);
            assert!(next.is_some(), "its place is kept");
            back
        }
        Blow::Stopped => {
            v.cont();
            v.expect();
            v
        }
    };
    Stage::receives(&mut v, flow);
    tx.expect_beside(&mut [&mut rx, &mut v]);
    let mut alerts = String::new();
    // Who is alive again was perhaps not looked at since.
    wait_until("both are told", || {
        let told = tx.ask("ask-tx health");
        alerts += told.text("alerts").unwrap();
        alerts += ",";
        alerts.rsplit_once(bad).is_some_and(|(_, after)| after.contains(good))
    });
    assert!(alerts.split(',').all(|alert| alert.is_empty() || alert.starts_with("v:")), "{alerts}");
    stage.note(match blow {
        Blow::Killed => "told of; resumes; nothing lost",
        Blow::Stopped => "stalled; recovered",
    });
    stage.goes_on(flow, tx, vec![rx, v]);
}

/// A producer ends the stream because one is dead whom it requires.
pub(crate) fn shut_down(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    let mut v = stage.peer();
    assert_eq!(v.ask(stage.attach(flow, "v")).num("next"), 0);
    v.kill();
    rx.tell(format!("receive form=mixed {}", flow.len));
    let Some(blow) = stage.strike(&mut tx, &format!("publish n=200 form=value {}", flow.len)) else { return };
    let (mut next, mut v) = (stage.peer(), stage.peer());
    if blow == Blow::Stopped {
        next.refuse(stage.create(flow), &["AlreadyExists", &format!("pid: Some({})", tx.pid())]);
        stage.leave_it_stopped();
        tx.cont();
        tx.expect_error(&["RequiredLost", "`v`"]);
    }
    let told = rx.expect_error(&[]);
    let seen = number::<u64>(&told, "next=");
    if blow == Blow::Killed {
        stage.in_time();
    }
    if told.contains("ProducerDied") {
        assert_eq!(blow, Blow::Killed);
        // Whoever succeeds it waits for nobody who is there.
        assert_eq!(v.ask(stage.attach(flow, "v")).num("next"), 0);
        assert_eq!(next.ask(stage.create(flow)).num("next"), seen);
        Stage::receives(&mut v, flow);
        Stage::receives(&mut rx, flow);
        stage.note("told of its death; taken over");
        return stage.goes_on(flow, next, vec![rx, v]);
    }
    says(&Err(told), &["RequiredLost", "`v`", "Died"]);
    // It may receive what is left, and is told as well.
    assert_eq!(v.ask(stage.attach(flow, "v")).num("next"), 0);
    let told = v.refuse(format!("receive {}", flow.len), &["RequiredLost", "`v`"]);
    assert_eq!(number::<u64>(&told, "next="), seen, "all of it");
    if blow == Blow::Stopped {
        leave(tx);
    }
    leave(rx);
    leave(v);
    stage.nothing_is_left(true);
    stage.note("told why; made anew");
    assert_eq!(next.ask(stage.create(flow)).num("next"), 0);
    let v = comes_to(stage, flow, "v", 0);
    stage.goes_on(flow, next, vec![v]);
}

/// A producer finds that somebody died on the way in; with a place that is kept, if it is required.
pub(crate) fn unseated(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    let is_required = flow.make.contains("required=");
    if is_required {
        let mut v = stage.peer();
        v.ask(stage.attach(flow, "v"));
        v.ask(format!("receive n=5 form=lease {}", flow.len));
        v.kill();
    }
    let is_let_go = flow.make.contains("death=evict");
    if is_let_go {
        rx.tell(format!("receive n=40 form=lease {}", flow.len));
        tx.ask_beside(format!("publish n=40 form=value {}", flow.len), &mut [&mut rx]);
        rx.expect();
    }
    // Back to older events, or somewhere else.
    let (point, start) =
        if is_required && !is_let_go { ("relocate:%20sunk", "oldest") } else { ("join:%20open", "latest") };
    let mut v = stage.peer();
    v.ask(format!("arm point={point} nth=1 how=kill"));
    v.tell(stage.attach(flow, "v") + " start=" + start);
    assert!(!v.is_struck());
    Stage::receives(&mut rx, flow);
    let publish = format!("publish n=40 form=value {}", flow.len);
    let blow = stage.strike_with(&mut tx, &publish, |stage| {
        if is_required {
            stage.until_asleep(true);
            let mut v = stage.peer();
            v.ask(stage.attach(flow, "v"));
            Stage::receives(&mut v, flow);
            stage.helpers.push(v);
        }
    });
    let Some(blow) = blow else { return };
    let mut tx = match blow {
        Blow::Killed => {
            let mut next = stage.peer();
            next.ask(stage.create(flow));
            next.tell(publish);
            next
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            tx.cont();
            tx
        }
    };
    let mut back = comes_back(stage, flow).0;
    Stage::receives(&mut back, flow);
    tx.expect_beside(&mut [&mut rx, &mut back]);
    if blow == Blow::Killed {
        stage.in_time();
    }
    stage.note(if is_required { "comes to its place; goes on" } else { "let go; goes on" });
    stage.goes_on(flow, tx, vec![rx, back]);
}
