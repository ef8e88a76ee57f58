//! A line whenever a process passes a limit, and another when it is back.

use std::collections::HashMap;
use std::io::Write;

use crate::Result;
use crate::event::ProcSample;
use crate::follow::{News, follow};
use crate::options::Options;

pub(crate) fn run(options: &Options) -> Result {
    let limits = Limits { cpu: options.number("cpu")?, rss: options.number("rss")? };
    if limits.cpu.is_none() && limits.rss.is_none() {
        return Err("give a limit: --cpu PCT, --rss MIB, or both".into());
    }
    let mut out = std::io::stdout();
    let mut over = HashMap::new();
    // Without a start: after a restart this goes on where it was, so that no alert is missed.
    follow(options, "alert", None, |news| {
        match news {
            News::Note(note) => writeln!(out, "note: {note}")?,
            News::Sample(_, sample) => {
                let (pid, name) = (sample.pid, sample.name());
                let exceeded = limits.exceeded(sample);
                let now = Seen { round: sample.time_ns, over: exceeded.is_some() };
                let was_over = over.insert(pid, now).is_some_and(|before| before.over);
                match exceeded {
                    Some(what) if !was_over => writeln!(out, "ALERT pid {pid} {name}: {what}")?,
                    None if was_over => writeln!(out, "fine again: pid {pid} {name}")?,
                    _ => {}
                }
                if sample.left == 0 {
                    // Who was not in this round is gone.
                    over.retain(|_, seen| seen.round == sample.time_ns);
                }
            }
        }
        Ok(())
    })
}

struct Limits {
    cpu: Option<f64>,
    rss: Option<f64>,
}

struct Seen {
    round: u64,
    over: bool,
}

impl Limits {
    fn exceeded(&self, sample: &ProcSample) -> Option<String> {
        let (cpu, rss) = (sample.cpu_percent(), sample.rss_mib());
        if let Some(limit) = self.cpu.filter(|limit| cpu > *limit) {
            return Some(format!("{cpu:.1} % of a processor, the limit is {limit} %"));
        }
        self.rss.filter(|limit| rss > *limit).map(|limit| format!("{rss:.1} MiB, the limit is {limit} MiB"))
    }
}
