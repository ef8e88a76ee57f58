//! Dying at a crash point of the library: in helpers that were compiled with `--cfg myelon_crash`.

use super::Told;
use crate::line::Line;

/// Whether this program was compiled with crash points.
pub const COMPILED_IN: bool = cfg!(myelon_crash);

#[cfg(not(myelon_crash))]
pub(super) fn arm(_: &Line) -> Told {
    Err("this helper has no crash points: compile it with RUSTFLAGS=\"--cfg myelon_crash\"".to_owned())
}

#[cfg(myelon_crash)]
pub(super) use armed::arm;

#[cfg(myelon_crash)]
mod armed {
    use std::sync::Mutex;

    use myelon::__private::{at_each_point, only_named_files};
    use rustix::process::{Signal, getpid, kill_process};

    use super::super::pair;
    use super::{Line, Told};

    #[derive(Debug, Default)]
    struct Plan {
        /// A point at which it stops on the way, once.
        pause: Option<String>,
        /// The point that was chosen, how often it is passed before, and what happens then.
        end: Option<(String, u64, Signal)>,
        /// The points that were passed since the last time that somebody asked.
        passed: Vec<&'static str>,
    }

    static PLAN: Mutex<Plan> = Mutex::new(Plan { pause: None, end: None, passed: Vec::new() });

    /// `arm point= nth= how=kill|stop`: at the point, for the `nth` time from now on. Without `point`, nothing happens
    /// there. Tells what was passed since the last time. `named`: as if there were no files without a name. `pause=`: a
    /// point at which it stops before.
    #[allow(clippy::unnecessary_wraps, reason = "without crash points it is an error")]
    pub(in super::super) fn arm(line: &Line) -> Told {
        at_each_point(reached);
        if line.has("named") {
            only_named_files();
        }
        let mut plan = PLAN.lock().unwrap();
        plan.pause = line.text("pause").map(str::to_owned);
        plan.end = line.text("point").map(|point| {
            let how = match line.text("how") {
                Some("kill") => Signal::KILL,
                Some("stop") => Signal::STOP,
                other => panic!("no way to end `{other:?}`"),
            };
            (point.to_owned(), line.num("nth"), how)
        });
        Ok(pair("passed", std::mem::take(&mut plan.passed).join(",")))
    }

    fn reached(name: &'static str) {
        let mut plan = PLAN.lock().unwrap();
        plan.passed.push(name);
        if plan.pause.as_deref() == Some(name) {
            plan.pause = None;
            drop(plan);
            return kill_process(getpid(), Signal::STOP).unwrap();
        }
        let Some((_, left, how)) = plan.end.as_mut().filter(|(point, ..)| point == name) else { return };
        *left -= 1;
        if *left != 0 {
            return;
        }
        let how = *how;
        plan.end = None;
        drop(plan);
        kill_process(getpid(), how).unwrap();
    }
}
