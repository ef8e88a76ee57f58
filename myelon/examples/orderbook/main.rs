//! An order book, published as changes and snapshots on one channel:
//! `cargo run --release -p myelon --features rkyv --example orderbook`.
//!
//! ```text
//! orderbook [FEED.csv]   publishes the changes of a file with lines such as `bid,99.98,300` (side, price, and the quantity
//!                        that is there now; 0 takes the price away); without one, changes that are made up
//!   --deltas N           how many of those
//!   --seed N             which ones
//!   --every N            how many changes there are between two snapshots
//!   --rate N             how many a second, instead of as many as possible
//! ```
//! Three other processes keep a book of their own. Each begins with the first snapshot that it sees (one of them joins
//! when half of a made-up feed is over), applies every change to it, and compares it with every later snapshot, where that
//! lies in shared memory. One prints the best bid and offer.

#![allow(clippy::print_stderr, reason = "a program, not the library")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

mod book;
mod feed;
mod follow;
mod options;
mod publish;
mod source;

use std::io::ErrorKind;
use std::process::ExitCode;

use options::Options;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: orderbook [FEED.csv] [--deltas N] [--seed N] [--every N] [--rate N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The other processes are this same program, started again with a hidden argument.
    let outcome = match arguments.as_slice() {
        [role, channel, id] if role == publish::ROLE => follow::run(channel, id),
        _ => Options::parse(arguments).and_then(|options| publish::run(&options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // `orderbook | head`: whoever read this has enough.
        Err(error) if error.downcast_ref().map(std::io::Error::kind) == Some(ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("orderbook: {error}");
            ExitCode::FAILURE
        }
    }
}
