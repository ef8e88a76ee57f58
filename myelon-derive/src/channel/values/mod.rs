//! The values of options: numbers, sizes, times, words.

mod number;
mod size;
mod time;
mod word;

pub(crate) use number::{MAX_CONSUMERS, Number, Range, number};
pub(crate) use size::written as written_size;
pub(crate) use time::{Time, time, written as written_time};
pub(crate) use word::{OPTIMIZE, WAITS, truth, word};
