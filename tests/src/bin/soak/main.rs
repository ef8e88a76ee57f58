//! A long run by chance: channels of events and of messages, with required, reliable and lossy consumers, whose ends are
//! killed, stopped, continued, detached, joined and succeeded at random by a seed. Every event is accounted for.
//!
//! ```text
//! cargo run --release -p myelon-tests --bin soak -- --for 60s --seed 7
//! ```
//!
//! It goes in acts of a few seconds. Each has a channel of its own, which is created, goes through trouble, and ends:
//! closed, superseded, or because a required consumer was lost. Ends are processes of their own (this program again). What
//! a consumer received, or was told that it missed, stands in a journal that outlives it; what a producer was about to
//! publish and had published, in another. Whenever one is gone its accounts are closed (`ledger`); between two of the same
//! id nothing may be missing or come again but what its end explains.
//!
//! What took how long is read from the same journals: from the signal or call on until whoever is concerned has moved.
//!
//! The same seed plans the same, but not with the same moments: what is found once may take several runs to be found again.

#![allow(clippy::print_stdout, reason = "a program that tells what it found")]

mod act;
mod args;
mod chief;
mod ending;
mod faults;
mod ledger;
mod log;
mod member;
mod scene;
mod script;
mod times;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use myelon_tests::Random;

use crate::act::Totals;
use crate::args::{Plan, Request};
use crate::log::Log;
use crate::times::Times;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == scene::HELPER) {
        myelon_tests::peer::serve(&[]);
        return ExitCode::SUCCESS;
    }
    match args::parse(&arguments) {
        Ok(Request::Run(plan)) => run(&plan),
        Ok(Request::Usage) => {
            println!("{}", args::USAGE);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            println!("soak: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(plan: &Plan) -> ExitCode {
    println!("soak: seed {}, {:?}", plan.seed, plan.time);
    let (mut random, mut times, mut totals, mut log) =
        (Random::seeded(plan.seed), Times::default(), Totals::default(), Log::new());
    myelon_tests::system::note_interrupts();
    // Without a trace of calls: the trace of events says more.
    std::panic::set_hook(Box::new(|panic| println!("\nsoak: {panic}")));
    let since = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        while let Some(left) = plan.time.checked_sub(since.elapsed()).filter(|left| !left.is_zero()) {
            act::play(plan, left, &mut random, &mut times, &mut totals, &mut log);
        }
    }));
    if outcome.is_err() {
        println!(
            "\nsoak FAILED in act {} of seed {}. What happened in it:\n{log}",
            totals.acts + 1,
            plan.seed
        );
        println!("to run it again: soak --for {}s --seed {}", plan.time.as_secs(), plan.seed);
        return ExitCode::FAILURE;
    }
    let Totals { acts, faults, published, received, missed, cut } = totals;
    println!("{times}");
    println!(
        "{acts} channels, {faults} faults; {published} events published, {received} received, all accounted for:"
    );
    println!("  {missed} told as missed to lossy consumers, {cut} cut off by the end of their producer");
    println!("soak passed: seed {}", plan.seed);
    ExitCode::SUCCESS
}
