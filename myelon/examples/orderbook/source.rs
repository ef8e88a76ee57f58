//! Where changes come from: a file, or a seed.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};

use crate::Result;
use crate::book::Book;
use crate::feed::{Delta, Side};
use crate::options::Options;

/// One change after the other.
pub(crate) enum Source {
    Made(Made),
    Given(Given),
}

/// Made up: a price that wanders, and quantities around it.
pub(crate) struct Made {
    left: u64,
    random: u64,
    /// Bids are below, offers above.
    middle: i64,
}

/// From a file.
pub(crate) struct Given {
    path: String,
    lines: Lines<BufReader<File>>,
    line: u64,
}

impl Source {
    pub(crate) fn new(options: &Options) -> Result<Self> {
        Ok(match &options.file {
            None => Self::Made(Made { left: options.deltas, random: options.seed, middle: 10_000 }),
            Some(path) => {
                let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
                Self::Given(Given { path: path.clone(), lines: BufReader::new(file).lines(), line: 0 })
            }
        })
    }

    /// What it is, for people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Made(made) => format!("{} changes, made up", made.left),
            Self::Given(given) => format!("the changes in {}", given.path),
        }
    }

    /// After how many changes a process joins that was not there from the start: in the middle, if that is known.
    pub(crate) fn latecomer(&self, options: &Options) -> u64 {
        match self {
            Self::Made(_) => options.deltas / 2,
            Self::Given(_) => options.every as u64 * 7 / 2,
        }
    }

    /// The next change of this book; `None` at the end.
    pub(crate) fn next(&mut self, book: &Book) -> Result<Option<Delta>> {
        match self {
            Self::Made(made) => Ok(made.next(book)),
            Self::Given(given) => given.next(),
        }
    }
}

impl Made {
    fn next(&mut self, book: &Book) -> Option<Delta> {
        self.left = self.left.checked_sub(1)?;
        if self.below(8) == 0 {
            self.middle = (self.middle + if self.below(2) == 0 { 1 } else { -1 }).max(100);
        }
        let best = book.best();
        // What the price ran into is traded.
        if let Some((price, _)) = best.bid.filter(|(price, _)| *price >= self.middle) {
            return Some(delta(Side::Bid, price, 0));
        }
        if let Some((price, _)) = best.ask.filter(|(price, _)| *price <= self.middle) {
            return Some(delta(Side::Ask, price, 0));
        }
        // Most of what happens, happens close to the middle.
        let away = 1 + i64::from(self.below(50).min(self.below(50)));
        let (side, price) = if self.below(2) == 0 {
            (Side::Bid, self.middle - away)
        } else {
            (Side::Ask, self.middle + away)
        };
        let goes = self.below(4) == 0 && book.quantity(side, price) > 0;
        Some(delta(side, price, if goes { 0 } else { 100 * u64::from(1 + self.below(50)) }))
    }

    /// A random number, by `SplitMix64`.
    fn below(&mut self, limit: u32) -> u32 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % u64::from(limit)) as u32
    }
}

impl Given {
    fn next(&mut self) -> Result<Option<Delta>> {
        for text in &mut self.lines {
            self.line += 1;
            let text = text?;
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') || self.line == 1 && text.starts_with("side") {
                continue;
            }
            let wrong = || format!("{}, line {}: `{text}` is not `bid,99.98,300`", self.path, self.line);
            return Ok(Some(parse(text).ok_or_else(wrong)?));
        }
        Ok(None)
    }
}

fn parse(text: &str) -> Option<Delta> {
    let mut fields = text.split(',').map(str::trim);
    let (side, price, quantity) = (fields.next()?, fields.next()?, fields.next()?);
    let side = match side {
        "bid" | "buy" => Side::Bid,
        "ask" | "offer" | "sell" => Side::Ask,
        _ => return None,
    };
    let (whole, hundredths) = price.split_once('.').unwrap_or((price, "0"));
    // `99.5` is 99.50.
    let hundredths = match hundredths.len() {
        1 => 10 * i64::from(hundredths.parse::<u8>().ok()?),
        2 => i64::from(hundredths.parse::<u8>().ok()?),
        _ => return None,
    };
    let price = i64::from(whole.parse::<u32>().ok()?) * 100 + hundredths;
    fields.next().is_none().then_some(delta(side, price, quantity.parse().ok()?))
}

fn delta(side: Side, price: i64, quantity: u64) -> Delta {
    Delta { price, quantity, side, _pad: [0; 7] }
}
