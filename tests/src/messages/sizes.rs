//! How long each message of a stream is: a function of its number, so that both ends know it.

use crate::channels::mix;
use crate::line::Line;

/// `len=` of a line.
#[derive(Debug, Clone)]
pub enum Sizes {
    /// `len=5,100,0`: these, one after the other and from the start again. `len=7` is all the same.
    Cycle(Vec<u64>),
    /// `len=3..90`: each of these, one after the other and from the start again; the last one too.
    Range(u64, u64),
    /// `len=mix:5000:7`: anything up to the first, small ones as often as large ones; the second is a seed.
    Mix { most: u64, seed: u64 },
}

impl Sizes {
    /// What a line says; a mix of short ones otherwise.
    pub(crate) fn of(line: &Line) -> Self {
        line.text("len").map_or(Self::Mix { most: 300, seed: 0 }, Self::parse)
    }

    pub fn parse(text: &str) -> Self {
        let number = |text: &str| -> u64 { text.parse().unwrap_or_else(|_| panic!("no length `{text}`")) };
        if let Some(mix) = text.strip_prefix("mix:") {
            let (most, seed) = mix.split_once(':').unwrap_or((mix, "0"));
            Self::Mix { most: number(most), seed: number(seed) }
        } else if let Some((from, to)) = text.split_once("..") {
            Self::Range(number(from), number(to))
        } else {
            Self::Cycle(text.split(',').map(number).collect())
        }
    }

    /// Of the message `sequence`.
    pub fn at(&self, sequence: u64) -> u64 {
        match self {
            Self::Cycle(sizes) => sizes[(sequence % sizes.len() as u64) as usize],
            Self::Range(from, to) => from + sequence % (to - from + 1),
            Self::Mix { most, seed } => {
                let random = mix(sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mix(seed + 1));
                let bits = random % (u64::from(most.ilog2()) + 2);
                (mix(random) & ((1 << bits) - 1)).min(*most)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_text_and_the_number() {
        assert_eq!([0, 1, 2, 3].map(|at| Sizes::parse("5,0,7").at(at)), [5, 0, 7, 5]);
        assert_eq!([0, 1, 2, 3].map(|at| Sizes::parse("3..5").at(at)), [3, 4, 5, 3]);
        let sizes = Sizes::parse("mix:1000:7");
        let seen: Vec<_> = (0..10_000).map(|at| sizes.at(at)).collect();
        assert!(seen.contains(&0) && seen.contains(&1) && seen.contains(&1000), "{seen:?}");
        assert!(seen.iter().all(|size| *size <= 1000));
        assert_ne!(seen, (0..10_000).map(|at| Sizes::parse("mix:1000:8").at(at)).collect::<Vec<_>>());
    }
}
