//! Compares channels between processes: myelon, its peers, and bare rings without any check as the limit.
//!
//! ```text
//! cargo run --release -p myelon-bench --features peers --bin compare -- roundtrip stream --rounds 7
//! ```
//!
//! Each side of a measurement is a process of its own (this program again, as `compare --side ..`), pinned to its
//! own core. The rounds are interleaved (subject A, B, C, A, B, C ..), because the machine changes under a
//! benchmark; figures of two subjects are divided round by round, and the median, least and greatest of those
//! ratios are told. Every byte of every event is written by the producer and checked by the consumer, with the
//! same few instructions for all subjects. Before each measurement the same two processes send one bare cache
//! line there and back, so that rounds on near and on far cores can be told apart.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a program that prints figures, and stops at the first thing that is not as it should be"
)]

mod allocations;
mod cli;
mod clock;
mod control;
mod driver;
mod figure;
mod json;
mod measure;
mod report;
mod side;
mod spin;
mod subject;
mod table;
mod task;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == side::FLAG) {
        arguments.remove(0);
        side::run(&arguments);
        return ExitCode::SUCCESS;
    }
    match cli::parse(&arguments) {
        Ok(cli::Request::Run(plan)) => driver::run(&plan),
        Ok(cli::Request::Show(text)) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("compare: {problem}");
            ExitCode::from(2)
        }
    }
}
