//! The command line.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use myelon_tests::Backend;

/// What is to be run, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) time: Duration,
    pub(crate) seed: u64,
    pub(crate) raw: bool,
    pub(crate) messages: bool,
    pub(crate) places: Vec<Backend>,
    /// A mistake that consumers are told to make.
    pub(crate) plant: Option<&'static str>,
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Request {
    Run(Plan),
    Usage,
}

pub(crate) const USAGE: &str = "\
usage: soak [--for TIME] [--seed N|random] [--raw|--messages] [--location shm|file|both] [--break lost|twice|torn]

  --for TIME       how long, such as 90s or 15m (60s)
  --seed N         of everything that happens by chance (random); told at the start, and when something fails
  --raw            only channels of events
  --messages       only channels of messages
  --location L     names in shared memory, files, or both (both)
  --break HOW      has consumers lose an event, count one twice, or take one for torn: this run has to fail";

/// What `--break` may be.
const BREAKS: [&str; 3] = ["lost", "twice", "torn"];

pub(crate) fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut plan = Plan {
        time: Duration::from_secs(60),
        seed: by_the_clock(),
        raw: true,
        messages: true,
        places: vec![Backend::Shm, Backend::File],
        plant: None,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Request::Usage),
            "--for" => plan.time = time(value()?)?,
            "--seed" => plan.seed = seed(value()?)?,
            "--raw" => plan.messages = false,
            "--messages" => plan.raw = false,
            "--location" => plan.places = places(value()?)?,
            "--break" => plan.plant = Some(one_of(&BREAKS, value()?)?),
            other => return Err(format!("there is no option `{other}`\n\n{USAGE}")),
        }
    }
    if !plan.raw && !plan.messages {
        return Err("--raw and --messages together leave nothing to run; give neither for both".into());
    }
    Ok(Request::Run(plan))
}

fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit = match &text[digits.len()..] {
        "s" | "" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(format!("`{text}` is no time such as 90s, 15m or 2h")),
    };
    let count: u64 = digits.parse().map_err(|_| format!("`{text}` is no time such as 90s, 15m or 2h"))?;
    Ok(Duration::from_secs(count * unit))
}

fn seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        return Ok(by_the_clock());
    }
    text.parse().map_err(|_| format!("`{text}` is no seed: a number, or `random`"))
}

fn by_the_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_nanos() as u64 % 1_000_000_007)
}

fn places(text: &str) -> Result<Vec<Backend>, String> {
    match one_of(&["shm", "file", "both"], text)? {
        "shm" => Ok(vec![Backend::Shm]),
        "file" => Ok(vec![Backend::File]),
        _ => Ok(vec![Backend::Shm, Backend::File]),
    }
}

fn one_of(names: &[&'static str], text: &str) -> Result<&'static str, String> {
    let named = names.iter().find(|name| **name == text);
    named.copied().ok_or_else(|| format!("`{text}` is none of {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{Request, parse};
    use core::time::Duration;
    use myelon_tests::Backend;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_come_in_any_order() {
        let Ok(Request::Run(plan)) = parse(&words("--location shm --seed 7 --for 2m --raw --break torn"))
        else {
            panic!("a valid line")
        };
        assert_eq!((plan.seed, plan.time), (7, Duration::from_secs(120)));
        assert_eq!((plan.raw, plan.messages, plan.plant), (true, false, Some("torn")));
        assert_eq!(plan.places, [Backend::Shm]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, part) in [
            ("--for soon", "soon"),
            ("--for 3d", "3d"),
            ("--seed x", "`x`"),
            ("--location ram", "shm, file, both"),
            ("--break all", "lost, twice, torn"),
            ("--raw --messages", "nothing to run"),
            ("--fast", "--fast"),
            ("--seed", "--seed"),
        ] {
            let told = parse(&words(line)).expect_err(line);
            assert!(told.contains(part), "`{line}` said: {told}");
        }
    }
}
