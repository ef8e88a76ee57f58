//! One side of a measurement: a process that the driver started.
//!
//! It talks with the driver in lines: `@ready` when it has done a step, and then waits for a line; at the end
//! `@result name=value ..`. What a subject prints by itself has no `@`, and the driver passes over it.

use std::fs::File;
use std::io::{BufRead, Write};

use crate::clock::Rate;
use crate::control::Control;
use crate::measure;
use crate::subject::expects::Expects;
use crate::subject::{self, Place};
use crate::task::Task;

/// What makes this program a side: `compare --side <me> <core> <fd> <task..>`.
pub(crate) const FLAG: &str = "--side";
pub(crate) const READY: &str = "@ready";
pub(crate) const RESULT: &str = "@result";

/// What a side needs beside its subject.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) task: Task,
    pub(crate) me: usize,
    pub(crate) rate: Rate,
    pub(crate) control: Control,
    pub(crate) place: Place,
}

impl Context {
    /// Tells the driver that a step is done and waits for its word to go on.
    pub(crate) fn step() {
        println!("{READY}");
        std::io::stdout().flush().expect("the driver reads");
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).expect("the driver writes");
        assert!(read > 0, "the driver is gone");
    }
}

/// Named figures.
pub(crate) type Figures = Vec<(&'static str, f64)>;

pub(crate) fn run(arguments: &[String]) {
    let [me, core, descriptor, task @ ..] = arguments else { panic!("a side is started by the driver") };
    let me: usize = me.parse().expect("a number");
    let task = Task::from_arguments(task).expect("a task");
    pin(core.parse().expect("a core"));
    let file = File::options()
        .read(true)
        .write(true)
        .open(format!("/proc/self/fd/{descriptor}"))
        .expect("the memory that the driver shares");
    let context = Context {
        me,
        rate: Rate::from_bits(task.rate),
        control: Control::new(&file, me, task.consumers() + 1),
        place: Place {
            token: task.token.clone(),
            consumers: task.consumers(),
            lengths: task.lengths(),
            in_flight: task.in_flight(),
            expects: Expects::of(&task.subject),
            memory: file,
        },
        task,
    };
    let figures = subject::dispatch(context);
    let told: Vec<String> = figures.iter().map(|(name, value)| format!("{name}={value}")).collect();
    println!("{RESULT} {}", told.join(" "));
}

fn pin(core: usize) {
    let mut set = rustix::thread::CpuSet::new();
    set.set(core);
    rustix::thread::sched_setaffinity(None, &set).expect("a core of this machine");
}

/// Runs the side's part for a subject.
pub(crate) fn play<E: subject::Ends>(context: Context) -> Figures {
    if context.me == 0 { measure::produce::<E>(context) } else { measure::consume::<E>(context) }
}
