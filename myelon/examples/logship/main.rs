//! Lines of files, shipped to three processes: `cargo run --release -p myelon --example logship -- /var/log/syslog`.
//!
//! ```text
//! logship [FILE ..]     publishes each line of the files; `-` is standard input, and so is no file at all if something
//!                       is piped in. Without any, it ships its own program, whose bytes are as odd as they come
//!   --follow            goes on with what is appended, until ^C (which does not lose what was read; a second one does)
//!   --for SECONDS       ends by itself
//!   --grep PATTERN      what the filter looks for, a regular expression
//!   --show N            how many lines the filter prints, the first ones
//!   --copy FOLDER       where the copies go, to be kept
//! ```
//! One process prints the lines that match, one counts them by level, one writes a copy of every file. Lines are bytes of
//! any length, and nothing is lost: at the end the copies are compared with what was read.

#![allow(clippy::print_stderr, reason = "a program, not the library")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

mod compare;
mod copy;
mod count;
mod filter;
mod lines;
mod options;
mod receive;
mod ship;
mod source;
mod stop;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use options::Options;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str =
    "usage: logship [FILE ..] [--follow] [--for SECONDS] [--grep PATTERN] [--show N] [--copy FOLDER]";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // `logship .. | head`: whoever read this has enough.
        Err(error) if error.downcast_ref().map(std::io::Error::kind) == Some(ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("logship: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[OsString]) -> Result {
    // The other processes are this same program, started again with a hidden argument.
    match arguments {
        [role, channel, rest @ ..] if role == ship::ROLE => {
            let channel = channel.to_str().ok_or(USAGE)?;
            match rest {
                [what, pattern, show] if what == "filter" => {
                    filter::run(channel, pattern.to_str().ok_or(USAGE)?, show.to_str().ok_or(USAGE)?)
                }
                [what] if what == "count" => count::run(channel),
                [what, folder, kept] if what == "copy" => copy::run(channel, folder.as_ref(), kept == "kept"),
                _ => Err(USAGE.into()),
            }
        }
        _ => ship::run(&Options::parse(arguments)?),
    }
}
