//! The command line.

use crate::subject;
use crate::task::Mode;

/// What to measure, and how often.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) modes: Vec<Mode>,
    pub(crate) subjects: Vec<&'static str>,
    /// Empty: those of each mode.
    pub(crate) sizes: Vec<usize>,
    pub(crate) rounds: usize,
    /// Every measurement is this many times shorter.
    pub(crate) haste: u64,
    pub(crate) json: Option<String>,
    /// Whether the ratios are printed once more as tables in Markdown.
    pub(crate) table: bool,
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Request {
    Run(Plan),
    Show(String),
}

const USAGE: &str = "\
usage: compare [MODE..] [--rounds N] [--sizes N,N..] [--subjects NAME,NAME..] [--quick] [--table] [--json FILE] [--list]

  --rounds N       interleaved rounds of each measurement (7)
  --sizes N,..     bytes of an event or message; each mode has sizes of its own otherwise
  --subjects N,..  what to compare; --list tells what there is
  --quick          three rounds, a fifth of the events
  --table          prints the ratios of each mode as tables in Markdown, too
  --json FILE      write every single figure to FILE

modes (all of them, if none is given):";

fn usage() -> String {
    let modes = Mode::ALL.map(|mode| format!("\n  {:<16} {}", mode.name(), mode.about()));
    USAGE.to_owned() + &modes.concat()
}

pub(crate) fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut plan = Plan {
        modes: Vec::new(),
        subjects: Vec::new(),
        sizes: Vec::new(),
        rounds: 0,
        haste: 1,
        json: None,
        table: false,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Request::Show(usage())),
            "--list" => return Ok(Request::Show(subject::names().join("\n"))),
            "--table" => plan.table = true,
            "--quick" => plan.haste = 5,
            "--rounds" => plan.rounds = number(value()?)?,
            "--json" => plan.json = Some(value()?.clone()),
            "--sizes" => plan.sizes = value()?.split(',').map(size).collect::<Result<_, _>>()?,
            "--subjects" => plan.subjects = value()?.split(',').map(name).collect::<Result<_, _>>()?,
            mode => plan
                .modes
                .push(mode.parse().map_err(|()| format!("there is no mode `{mode}`\n\n{}", usage()))?),
        }
    }
    if plan.modes.is_empty() {
        plan.modes = Mode::ALL.to_vec();
    }
    if plan.subjects.is_empty() {
        plan.subjects = subject::names();
    }
    if plan.rounds == 0 {
        plan.rounds = if plan.haste > 1 { 3 } else { 7 };
    }
    Ok(Request::Run(plan))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("`{text}` is not a number above 0"))
}

fn size(text: &str) -> Result<usize, String> {
    let bytes = number(text)?;
    if Mode::ALL.iter().any(|mode| mode.has_size(bytes)) {
        Ok(bytes)
    } else {
        Err(format!("no mode has events or messages of {bytes} bytes"))
    }
}

fn name(text: &str) -> Result<&'static str, String> {
    subject::names().into_iter().find(|name| *name == text).ok_or_else(|| {
        format!("there is no subject `{text}` in this build (peers come with --features all-peers); there are: {}", subject::names().join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::{Request, parse};
    use crate::task::Mode;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn modes_and_options_come_in_any_order() {
        let Ok(Request::Run(plan)) = parse(&words("--rounds 9 stream --sizes 8,256 batch --quick")) else {
            panic!("a valid line")
        };
        assert_eq!(plan.modes, [Mode::Stream, Mode::Batch]);
        assert_eq!((plan.rounds, plan.haste, plan.sizes), (9, 5, vec![8, 256]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, part) in
            [("--rounds 0", "above 0"), ("--sizes 12", "12 bytes"), ("fast", "fast"), ("--json", "--json")]
        {
            let told = parse(&words(line)).expect_err(line);
            assert!(told.contains(part), "`{line}` said: {told}");
        }
    }
}
