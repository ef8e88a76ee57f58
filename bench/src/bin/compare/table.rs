//! The ratios of a mode as tables in Markdown, as they stand in `FIGURES.md`.

use std::fmt;

use crate::figure::{Better, Figure, aim, family, figures};
use crate::report::{Cores, Report, Spread};
use crate::subject::is_ours;

/// One table for each figure of the mode that all of these reports are of.
#[derive(Debug)]
pub(crate) struct Tables<'a>(pub(crate) &'a [Report]);

impl fmt::Display for Tables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.0.first() else { return Ok(()) };
        for figure in figures(first.mode).iter().filter(|figure| figure.better != Better::Told) {
            writeln!(f, "\n### {}, {}\n", first.mode, figure.name)?;
            self.table(f, *figure)?;
        }
        Ok(())
    }
}

impl Tables<'_> {
    fn table(&self, f: &mut fmt::Formatter<'_>, figure: Figure) -> fmt::Result {
        let peers = self.peers();
        writeln!(f, "| bytes | subject | cores | rounds | measured | {} |", peers.join(" | "))?;
        writeln!(f, "|{}", "---|".repeat(5 + peers.len()))?;
        for report in self.0 {
            let subjects = report.subjects();
            for name in subjects.iter().filter(|it| is_ours(it)) {
                for cores in Cores::STEADY {
                    row(f, report, name, cores, figure, &peers)?;
                }
            }
        }
        Ok(())
    }

    /// All that ours are measured against, each family once, in the order in which they were measured.
    fn peers(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for report in self.0 {
            let subjects = report.subjects();
            for name in &subjects {
                let (compared, name) = (subjects.iter().any(|it| report.compares(it, name)), family(name));
                if compared && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

fn row(
    f: &mut fmt::Formatter<'_>,
    report: &Report,
    mine: &str,
    cores: Cores,
    figure: Figure,
    peers: &[&str],
) -> fmt::Result {
    let rounds = report.samples_of(mine, cores).count();
    let Some(measured) =
        Spread::of(report.samples_of(mine, cores).filter_map(|it| it.figure(figure.key)).collect())
    else {
        return Ok(());
    };
    let variant = report.mode.variant_name(report.variant);
    let comma = if variant.is_empty() { "" } else { ", " };
    write!(
        f,
        "| {}{comma}{variant} | `{mine}` | {cores} | {rounds} | {} |",
        report.size,
        digits(measured.middle)
    )?;
    for peer in peers {
        match Spread::of(ratios_to_best(report, mine, peer, cores, figure)) {
            Some(Spread { middle, least, most }) => {
                write!(f, " {} [{}, {}]", digits(middle), digits(least), digits(most))?;
                if let Some(aim) = aim(report.mode, report.size, peer) {
                    write!(f, " of {aim}")?;
                }
                write!(f, " |")?;
            }
            None => write!(f, " |")?,
        }
    }
    writeln!(f)
}

/// How many times better `mine` was than the best of a family, in the rounds where all of them had equal cores.
fn ratios_to_best(report: &Report, mine: &str, peer: &str, cores: Cores, figure: Figure) -> Vec<f64> {
    let members: Vec<_> =
        report.subjects().into_iter().filter(|it| family(it) == peer && report.compares(mine, it)).collect();
    let mut best = Vec::new();
    for sample in report.samples_of(mine, cores) {
        let ratios = members.iter().map(|member| {
            let against = report.samples_of(member, cores).find(|it| it.round == sample.round)?;
            figure.better.ratio(sample.figure(figure.key)?, against.figure(figure.key)?)
        });
        if let Some(ratios) = ratios.collect::<Option<Vec<_>>>() {
            best.extend(ratios.into_iter().min_by(f64::total_cmp));
        }
    }
    best
}

fn digits(number: f64) -> String {
    let digits = if number.abs() < 20.0 { 2 } else { 0 };
    format!("{number:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::Tables;
    use crate::report::{Report, Sample};
    use crate::task::Mode;

    #[test]
    fn the_best_of_a_family_counts_in_each_round() {
        let mut report = Report::new(Mode::MessageStream, 64, 0);
        for (round, ours, fitting, large) in [(0, 8.0, 4.0, 2.0), (1, 9.0, 2.0, 3.0)] {
            for (subject, rate) in [("myelon", ours), ("myelon-alpha", fitting), ("myelon-alpha-64k", large)]
            {
                let figures = vec![("line".into(), 100.0), ("rate".into(), rate)];
                report.add(Sample { subject, round, figures });
            }
        }
        let told = Tables(&[report]).to_string();
        assert!(told.ends_with("| 64 | `myelon` | near | 2 | 8.50 | 2.50 [2.00, 3.00] of 2 |\n"), "{told}");
    }
}
