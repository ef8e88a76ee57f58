//! Every single figure as JSON, for other programs.

use crate::report::Labelled;

/// An array of objects, one for each measurement.
pub(crate) fn text(samples: &[Labelled]) -> String {
    let objects: Vec<String> = samples.iter().map(object).collect();
    format!("[\n{}\n]\n", objects.join(",\n"))
}

fn object(labelled: &Labelled) -> String {
    let Labelled { mode, size, variant, cores, sample } = labelled;
    let mut members = vec![
        format!(r#""mode":"{mode}""#),
        format!(r#""size":{size}"#),
        format!(r#""variant":{variant}"#),
        format!(r#""subject":"{}""#, sample.subject),
        format!(r#""round":{}"#, sample.round),
        format!(r#""cores":"{cores}""#),
    ];
    // Names of subjects, modes and figures need no escapes; JSON knows no infinities.
    let figures = sample.figures.iter().filter(|(_, value)| value.is_finite());
    members.extend(figures.map(|(name, value)| format!(r#""{name}":{value}"#)));
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::report::{Cores, Labelled, Sample};
    use crate::task::Mode;

    #[test]
    fn figures_become_members() {
        let sample = Sample { subject: "ours", round: 2, figures: vec![("p50".into(), 1.5)] };
        let labelled = Labelled { mode: Mode::RoundTrip, size: 8, variant: 0, cores: Cores::Near, sample };
        let told = text(&[labelled]);
        assert_eq!(
            told,
            "[\n{\"mode\":\"roundtrip\",\"size\":8,\"variant\":0,\"subject\":\"ours\",\"round\":2,\"cores\":\"near\",\"p50\":1.5}\n]\n"
        );
    }
}
