//! A producer is struck while it publishes, waits, lets somebody go, or ends.

use crate::stage::{Blow, Flow, Stage, leave, says};

/// A producer does what `line` says, while a consumer sleeps that waits for what comes.
pub(crate) fn publish(stage: &mut Stage, flow: &Flow, line: &str) {
    let (mut tx, mut rx) = stage.pair(flow);
    rx.tell(format!("receive form=mixed {}", flow.len));
    stage.until_asleep(false);
    let before = stage.published();
    let Some(blow) = stage.strike(&mut tx, &format!("{line} {}", flow.len)) else { return };
    match blow {
        Blow::Killed => {
            let error = rx.expect_error(&["ProducerDied"]);
            stage.in_time();
            let seen: u64 = number(&error, "next=");
            let mut next = stage.peer();
            let begins = next.ask(stage.create(flow)).num("next");
            // One more if a message was begun: its number is used up.
            assert!(begins == seen || flow.is_of_messages() && begins == seen + 1, "{begins}, {seen}");
            let shown = if stage.published() > before { "something" } else { "nothing" };
            stage.note(format!("told; {shown} published; taken over"));
            Stage::receives(&mut rx, flow);
            stage.goes_on(flow, next, vec![rx]);
        }
        Blow::Stopped => {
            let refused = ["AlreadyExists", &format!("pid: Some({})", tx.pid())];
            stage.peer().refuse(stage.create(flow), &refused);
            stage.leave_it_stopped();
            tx.cont();
            tx.expect();
            stage.note("waited for; goes on");
            // It never stopped receiving, and tells of no death in the end.
            stage.goes_on(flow, tx, vec![rx]);
        }
    }
}

/// A producer sleeps until there is room, which a consumer does not give.
pub(crate) fn wait_for_room(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    let line = format!("publish n=20 form=value {}", flow.len);
    let receive = format!("receive form=mixed {}", flow.len);
    let blow = stage.strike_with(&mut tx, &line, |stage| {
        stage.until_asleep(true);
        rx.tell(receive.as_str());
    });
    let Some(blow) = blow else { return };
    match blow {
        Blow::Killed => {
            rx.tell(receive);
            let error = rx.expect_error(&["ProducerDied"]);
            stage.in_time();
            let mut next = stage.peer();
            assert_eq!(next.ask(stage.create(flow)).num("next"), number::<u64>(&error, "next="));
            stage.note("told; taken over");
            Stage::receives(&mut rx, flow);
            stage.goes_on(flow, next, vec![rx]);
        }
        Blow::Stopped => {
            rx.tell(receive);
            stage.leave_it_stopped();
            tx.cont();
            tx.expect();
            stage.note("waited for; goes on");
            stage.goes_on(flow, tx, vec![rx]);
        }
    }
}

/// A producer needs the room of a dead consumer.
pub(crate) fn evict(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    let mut dead = stage.peer();
    dead.ask(stage.attach(flow, "dead"));
    dead.kill();
    Stage::receives(&mut rx, flow);
    let Some(blow) = stage.strike(&mut tx, &format!("publish n=20 form=value {}", flow.len)) else { return };
    let mut back = stage.peer();
    match blow {
        Blow::Killed => {
            let mut next = stage.peer();
            next.ask(stage.create(flow));
            next.ask_beside(format!("publish n=20 form=value {}", flow.len), &mut [&mut rx]);
            stage.in_time();
            back.refuse(stage.attach(flow, "dead"), &["Evicted"]);
            back.ask(stage.attach(flow, "dead") + " start=oldest");
            Stage::receives(&mut back, flow);
            stage.note("the next one lets it go");
            stage.goes_on(flow, next, vec![rx, back]);
        }
        Blow::Stopped => {
            back.tell(stage.attach(flow, "dead"));
            let early = back.answer();
            stage.leave_it_stopped();
            tx.cont();
            match &early {
                Ok(_) => stage.note("the dead one comes back; goes on"),
                Err(error) => {
                    assert!(["Contended", "Evicted"].iter().any(|part| error.contains(part)), "{error}");
                    back.ask(stage.attach(flow, "dead") + " start=oldest");
                    stage.note("lets it go");
                }
            }
            Stage::receives(&mut back, flow);
            tx.expect_beside(&mut [&mut rx, &mut back]);
            stage.goes_on(flow, tx, vec![rx, back]);
        }
    }
}

/// A producer closes, while a consumer sleeps.
pub(crate) fn close(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    rx.tell(format!("receive form=mixed {}", flow.len));
    stage.until_asleep(false);
    let Some(blow) = stage.strike(&mut tx, "close what=tx") else { return };
    let mut next = stage.peer();
    match blow {
        Blow::Killed => match rx.answer() {
            Ok(seen) => {
                assert_eq!((seen.num("closed"), seen.num("next")), (1, 5));
                stage.in_time();
                leave(rx);
                stage.nothing_is_left(true);
                assert_eq!(
                    next.ask(stage.create(flow)).num("next"),
                    0,
                    "a closed channel is never opened again"
                );
                stage.note("closed; made anew");
                stage.goes_on(flow, next, Vec::new());
            }
            died => {
                says(&died, &["ProducerDied"]);
                stage.in_time();
                assert_eq!(next.ask(stage.create(flow)).num("next"), 5);
                stage.note("told; taken over");
                Stage::receives(&mut rx, flow);
                stage.goes_on(flow, next, vec![rx]);
            }
        },
        Blow::Stopped => {
            next.tell(stage.create(flow));
            let early = next.answer();
            stage.leave_it_stopped();
            tx.cont();
            tx.expect();
            assert_eq!(rx.expect().num("closed"), 1);
            leave(rx);
            if early.is_err() {
                says(&early, &["AlreadyExists"]);
                stage.nothing_is_left(true);
                next.ask(stage.create(flow));
                stage.note("others refused; closes");
            } else {
                stage.note("made anew; closes");
            }
            stage.goes_on(flow, next, Vec::new());
        }
    }
}

/// A producer closes a channel that nobody reads: the name in shared memory goes with it.
pub(crate) fn close_as_the_last(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut next) = (stage.peer(), stage.peer());
    tx.ask(stage.create(flow));
    let Some(blow) = stage.strike(&mut tx, "close what=tx") else { return };
    next.tell(stage.create(flow));
    let answer = next.answer();
    match blow {
        Blow::Killed => {
            answer.unwrap();
            stage.in_time();
            stage.note("made anew");
        }
        Blow::Stopped => {
            stage.leave_it_stopped();
            tx.cont();
            tx.expect();
            if answer.is_err() {
                says(&answer, &["AlreadyExists"]);
                next.ask(stage.create(flow));
                stage.note("others refused; closes");
            } else {
                stage.note("made anew; closes");
            }
        }
    }
    stage.goes_on(flow, next, Vec::new());
}

/// A producer leaves the stream open, while a consumer sleeps.
pub(crate) fn detach(stage: &mut Stage, flow: &Flow) {
    let (mut tx, mut rx) = stage.pair(flow);
    Stage::receives(&mut rx, flow);
    stage.until_asleep(false);
    let Some(blow) = stage.strike(&mut tx, "detach what=tx") else { return };
    let mut next = stage.peer();
    if blow == Blow::Stopped {
        next.refuse(stage.create(flow), &["AlreadyExists"]);
        stage.leave_it_stopped();
        tx.cont();
        tx.expect();
    }
    assert_eq!(next.ask(stage.create(flow)).num("next"), 5);
    if blow == Blow::Killed {
        stage.in_time();
    }
    stage.note("taken over");
    stage.goes_on(flow, next, vec![rx]);
}

/// The number behind `key` in a text.
pub(crate) fn number<T: core::str::FromStr>(text: &str, key: &str) -> T {
    let rest = text.rsplit_once(key).unwrap_or_else(|| panic!("no `{key}` in {text}")).1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number behind `{key}` in {text}"))
}
