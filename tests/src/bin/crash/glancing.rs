//! A lossy consumer is struck: nobody else notices.

use myelon_tests::Peer;

use crate::stage::{Blow, Flow, Stage, leave};

/// While it attaches.
pub(crate) fn attach(stage: &mut Stage, flow: &Flow) {
    let (tx, rx) = stage.pair(flow);
    let victim = stage.peer();
    let line = stage.glance(flow);
    is_overtaken(stage, flow, tx, rx, victim, &line);
}

/// While it copies as many events or messages, and the stream goes over them.
pub(crate) fn receive(stage: &mut Stage, flow: &Flow, how: &str) {
    let (tx, rx) = stage.pair(flow);
    let mut victim = stage.peer();
    victim.ask(stage.glance(flow) + " start=oldest");
    let line = format!("receive {how} tolerate=lagged {}", flow.len);
    is_overtaken(stage, flow, tx, rx, victim, &line);
}

fn is_overtaken(stage: &mut Stage, flow: &Flow, mut tx: Peer, mut rx: Peer, mut victim: Peer, line: &str) {
    let Some(blow) = stage.strike(&mut victim, line) else { return };
    Stage::receives(&mut rx, flow);
    let n = if flow.is_of_messages() { 200 } else { 40 };
    tx.ask_beside(format!("publish n={n} form=value {}", flow.len), &mut [&mut rx]);
    stage.in_time();
    match blow {
        Blow::Killed => stage.note("nobody notices"),
        Blow::Stopped => {
            stage.leave_it_stopped();
            victim.cont();
            let told = victim.expect();
            if line.starts_with("receive") {
                assert!(told.num("missed") > 0, "{told:?}");
                stage.note("nobody notices; told what it missed");
            } else {
                stage.note("nobody notices");
            }
            // It goes on, too.
            victim.tell(format!("receive form=mixed tolerate=lagged {}", flow.len));
        }
    }
    let mut another = stage.peer();
    another.ask(stage.glance(flow));
    another.tell(format!("receive form=mixed tolerate=lagged {}", flow.len));
    stage.goes_on(flow, tx, vec![rx]);
    let ends = |mut one: Peer| {
        assert_eq!(one.expect().num("closed"), 1);
        leave(one);
    };
    ends(another);
    if blow == Blow::Stopped {
        ends(victim);
    }
}
