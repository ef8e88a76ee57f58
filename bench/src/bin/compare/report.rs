//! Medians, spread, and ratios round by round.

use std::fmt;

use crate::figure::{Figure, aim, figures};
use crate::subject::expects::plain_of;
use crate::subject::{self, is_ours};
use crate::task::Mode;

/// A line there and back in less than this: the two cores are near each other. Nanoseconds.
const NEAR_BELOW: f64 = 300.0;

/// How near each other the two cores were. A machine that is shared may move them while a measurement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    Near,
    Far,
    /// Near before the measurement and far after it, or the other way round: it is told, and not compared.
    Moved,
}

impl Cores {
    pub(crate) const ALL: [Self; 3] = [Self::Near, Self::Far, Self::Moved];
    /// Where figures can be compared.
    pub(crate) const STEADY: [Self; 2] = [Self::Near, Self::Far];
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Near => "near",
            Self::Far => "far",
            Self::Moved => "moved",
        })
    }
}

/// What one measurement of one subject gave.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) subject: &'static str,
    pub(crate) round: usize,
    pub(crate) figures: Vec<(String, f64)>,
}

impl Sample {
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn cores(&self) -> Cores {
        let near = |line| self.figure(line).map(|nanoseconds| nanoseconds < NEAR_BELOW);
        match (near("line"), near("line_after")) {
            (Some(before), Some(after)) if before != after => Cores::Moved,
            (Some(false), _) => Cores::Far,
            _ => Cores::Near,
        }
    }
}

/// A sample and what it is a sample of.
#[derive(Debug)]
pub(crate) struct Labelled {
    pub(crate) mode: Mode,
    pub(crate) size: usize,
    pub(crate) variant: u64,
    pub(crate) cores: Cores,
    pub(crate) sample: Sample,
}

/// All samples of one mode, size and variant.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) mode: Mode,
    pub(crate) size: usize,
    pub(crate) variant: u64,
    samples: Vec<Sample>,
}

/// The middle, least and greatest of some numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) middle: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let (&least, &most) = (numbers.first()?, numbers.last()?);
        let half = numbers.len() / 2;
        let middle = if numbers.len() % 2 == 1 {
            numbers[half]
        } else {
            f64::midpoint(numbers[half - 1], numbers[half])
        };
        Some(Self { middle, least, most })
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { middle, least, most } = self;
        let digits = if middle.abs() < 20.0 { 2 } else { 0 };
        f.pad(&format!("{middle:.digits$} [{least:.digits$}..{most:.digits$}]"))
    }
}

impl Report {
    pub(crate) fn new(mode: Mode, size: usize, variant: u64) -> Self {
        Self { mode, size, variant, samples: Vec::new() }
    }

    pub(crate) fn add(&mut self, sample: Sample) {
        self.samples.push(sample);
    }

    pub(crate) fn into_samples(self) -> impl Iterator<Item = Labelled> {
        let Self { mode, size, variant, samples } = self;
        samples.into_iter().map(move |sample| Labelled { mode, size, variant, cores: sample.cores(), sample })
    }

    /// Whether ratios of the two are told. A bare ring neither waits nor has a header, so it is no limit to what these cost.
    pub(crate) fn compares(&self, mine: &str, other: &str) -> bool {
        if matches!(self.mode, Mode::Required | Mode::MessageRequired) {
            return plain_of(mine) == Some(other);
        }
        let bare_is_a_limit = !matches!(self.mode, Mode::Idle | Mode::Size);
        is_ours(mine) && (subject::is_peer(other) || (bare_is_a_limit && subject::is_bare(other)))
    }

    pub(crate) fn subjects(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for sample in &self.samples {
            if !names.contains(&sample.subject) {
                names.push(sample.subject);
            }
        }
        names
    }

    pub(crate) fn samples_of(&self, subject: &str, cores: Cores) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| sample.subject == subject && sample.cores() == cores)
    }

    /// How many times better `subject` was than `other`, in the rounds where both had cores that were equally near.
    fn ratios(&self, subject: &str, other: &str, cores: Cores, figure: Figure) -> Vec<f64> {
        let mut ratios = Vec::new();
        for sample in self.samples_of(subject, cores) {
            let against = self.samples_of(other, cores).find(|it| it.round == sample.round);
            let theirs = against.and_then(|it| it.figure(figure.key));
            if let (Some(mine), Some(theirs)) = (sample.figure(figure.key), theirs) {
                ratios.extend(figure.better.ratio(mine, theirs));
            }
        }
        ratios
    }

    fn write_figures(&self, f: &mut fmt::Formatter<'_>, subject: &str, cores: Cores) -> fmt::Result {
        let count = self.samples_of(subject, cores).count();
        if count == 0 {
            return Ok(());
        }
        write!(f, "  {subject:<24} {cores:<5} {count:>3}")?;
        for figure in figures(self.mode) {
            let told =
                Spread::of(self.samples_of(subject, cores).filter_map(|it| it.figure(figure.key)).collect());
            write!(f, "  {:<24}", told.map_or_else(String::new, |it| it.to_string()))?;
        }
        writeln!(f)
    }

    fn write_ratios(
        &self,
        f: &mut fmt::Formatter<'_>,
        subject: &str,
        other: &str,
        cores: Cores,
    ) -> fmt::Result {
        let mut told = Vec::new();
        let mut count = 0;
        for &figure in figures(self.mode) {
            let ratios = self.ratios(subject, other, cores, figure);
            count = count.max(ratios.len());
            if let Some(spread) = Spread::of(ratios) {
                told.push(format!("{} {spread}", figure.name));
            }
        }
        if told.is_empty() {
            return Ok(());
        }
        if let Some(aim) = aim(self.mode, self.size, other) {
            told.push(format!("(aim {aim})"));
        }
        writeln!(f, "  {subject:<24} {cores:<5} {count:>3}  x better than {other:<20} {}", told.join("  "))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variant = self.mode.variant_name(self.variant);
        writeln!(
            f,
            "\n## {}, {} B{}{variant}",
            self.mode,
            self.size,
            if variant.is_empty() { "" } else { ", " }
        )?;
        let lines = Spread::of(self.samples.iter().filter_map(|it| it.figure("line")).collect());
        if let Some(lines) = lines {
            writeln!(f, "  a bare line there and back: {lines} ns")?;
        }
        write!(f, "  {:<24} {:<5} {:>3}", "", "", "n")?;
        for Figure { name, .. } in figures(self.mode) {
            write!(f, "  {name:<24}")?;
        }
        writeln!(f)?;
        let subjects = self.subjects();
        for subject in &subjects {
            for cores in Cores::ALL {
                self.write_figures(f, subject, cores)?;
            }
        }
        for subject in &subjects {
            for other in subjects.iter().filter(|it| self.compares(subject, it)) {
                for cores in Cores::STEADY {
                    self.write_ratios(f, subject, other, cores)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cores, Report, Sample, Spread};
    use crate::figure::figures;
    use crate::task::Mode;

    fn sample(subject: &'static str, round: usize, line: f64, rate: f64) -> Sample {
        Sample { subject, round, figures: vec![("line".into(), line), ("rate".into(), rate)] }
    }

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        let spread = Spread::of(vec![4.0, 1.0, 2.0, 3.0]).expect("numbers");
        assert_eq!((spread.middle, spread.least, spread.most), (2.5, 1.0, 4.0));
    }

    #[test]
    fn cores_that_were_moved_meanwhile_are_neither_near_nor_far() {
        let mut moved = sample("ours", 0, 200.0, 1.0);
        assert_eq!(moved.cores(), Cores::Near);
        moved.figures.push(("line_after".into(), 400.0));
        assert_eq!(moved.cores(), Cores::Moved);
        assert_eq!(sample("ours", 0, 400.0, 1.0).cores(), Cores::Far);
    }

    #[test]
    fn ratios_pair_the_same_round_and_the_same_cores() {
        let mut report = Report::new(Mode::Stream, 8, 0);
        report.add(sample("ours", 0, 200.0, 30.0));
        report.add(sample("peer", 0, 200.0, 10.0));
        report.add(sample("ours", 1, 200.0, 30.0));
        report.add(sample("peer", 1, 500.0, 5.0));
        report.add(sample("peer", 2, 200.0, 1.0));
        let ratios = report.ratios("ours", "peer", Cores::Near, figures(Mode::Stream)[0]);
        assert_eq!(ratios, [3.0], "only in round 0 were both near");
    }
}
