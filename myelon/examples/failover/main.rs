//! Consumers that matter, and what becomes of a stream when its processes are killed and stopped:
//! `cargo run --release -p myelon --example failover`.
//!
//! ```text
//! failover [--rate N]   how many trades a second are published
//! ```
//! Five processes: one publishes trades; a journal writes them to a file, and a risk check adds them up, both required; a
//! dashboard is lossy. The fifth, which you started, kills, stops and starts them again by a fixed script, and tells
//! what each of the others says about it and how long that took. At the end the journal's file is compared with what was
//! published. In a second act the risk check is stopped for longer than its policy bears, which ends the stream.

#![allow(clippy::print_stderr, reason = "a program, not the library")]

mod cast;
mod compare;
mod dash;
mod desk;
mod follow;
mod journal;
mod produce;
mod risk;
mod script;
mod trade;

use std::io::ErrorKind;
use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: failover [--rate N]";
/// Trades a second: the ring is full a tenth of a second after the journal stopped reading.
const RATE: u64 = 40_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => script::run(RATE),
        ["--rate", rate] => match rate.parse() {
            Ok(rate @ 1..) => script::run(rate),
            _ => Err(USAGE.into()),
        },
        // The other processes are this same program, started again with hidden arguments.
        [cast::ROLE, role, channel, folder, rate] => desk::play(role, channel, folder.as_ref(), rate),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // `failover | head`: whoever read this has enough.
        Err(error) if error.downcast_ref().map(std::io::Error::kind) == Some(ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("failover: {error}");
            ExitCode::FAILURE
        }
    }
}
