//! What the processes of this machine do, as a stream of events that any number of programs can follow.
//!
//! ```text
//! procwatch sample [--rate HZ]               reads /proc and publishes a sample of every process
//! procwatch top [--rows N]                   a live table of the busiest; plain lines where there is no terminal
//! procwatch alert [--cpu PCT] [--rss MIB]    a line whenever a process passes a limit, and when it is back
//! procwatch demo [--seconds N]               runs the three, kills each and starts it again, and checks the rest
//! ```
//! Start them in any order, each in a terminal of its own, and kill and restart whichever you like: the others go on.
//! `--channel NAME` keeps several sets apart, `--id NAME` several tops, `--seconds N` ends by itself.

#![allow(clippy::print_stderr, reason = "a program, not the library")]
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "figures for people")]

mod alert;
mod demo;
mod event;
mod follow;
mod options;
mod processes;
mod sample;
mod top;

use std::io::ErrorKind;
use std::process::ExitCode;

use options::Options;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: procwatch sample [--rate HZ]
       procwatch top [--rows N]
       procwatch alert [--cpu PCT] [--rss MIB]
       procwatch demo [--seconds N]
options of all: --channel NAME, --seconds N; of top and alert: --id NAME";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let outcome = Options::parse(arguments).and_then(|options| match command.as_str() {
        "sample" => sample::run(&options),
        "top" => top::run(&options),
        "alert" => alert::run(&options),
        "demo" => demo::run(&options),
        demo::HOG => demo::hog(&options),
        _ => Err(USAGE.into()),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // `procwatch top | head`: whoever read this has enough.
        Err(error) if error.downcast_ref().map(std::io::Error::kind) == Some(ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("procwatch: {error}");
            ExitCode::FAILURE
        }
    }
}
