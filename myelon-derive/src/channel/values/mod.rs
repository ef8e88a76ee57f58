//! The values of options: numbers, sizes, words.

mod number;
mod size;
mod word;

pub(crate) use number::{Number, Range, number};
pub(crate) use size::written as written_size;
pub(crate) use word::{OPTIMIZE, WAITS, truth, word};
