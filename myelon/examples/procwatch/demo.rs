//! The three programs at once; each is killed and started again while the others go on. Used as a test.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::Result;
use crate::event::ProcSamples;
use crate::options::Options;

/// The command of a process that is only there to be noticed.
pub(crate) const HOG: &str = "hog";
const HOG_MIB: u32 = 192;
const LIMIT_MIB: u32 = 160;
/// How often it watches for a while.
const STEPS: u32 = 6;
/// How much longer than planned a step may take before it counts as failed.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) fn run(options: &Options) -> Result {
    let seconds = options.number::<u32>("seconds")?.unwrap_or(8);
    let mut demo = Demo::new(Duration::from_secs(u64::from(seconds)) / STEPS);
    let outcome = demo.play();
    // Whatever happened: nothing stays. All processes of the demo are killed here, none had a chance to tidy up.
    let killed = demo.running.drain(..).try_for_each(Running::kill);
    let removed = ProcSamples::remove(demo.channel.as_str());
    outcome.and(killed)?;
    Ok(removed?)
}

/// Uses memory until it is killed, or the time is up.
pub(crate) fn hog(options: &Options) -> Result {
    let memory = vec![1_u8; options.number("mib")?.unwrap_or(1_usize) << 20];
    let until = options.until()?.ok_or("a hog needs --seconds")?;
    while Instant::now() < until {
        std::thread::park_timeout(until.saturating_duration_since(Instant::now()));
    }
    drop(std::hint::black_box(memory));
    Ok(())
}

struct Demo {
    channel: String,
    /// How long to watch after each change.
    step: Duration,
    running: Vec<Running>,
    lines: Receiver<Line>,
    says: Sender<Line>,
    started: Instant,
}

struct Running {
    role: &'static str,
    child: Child,
}

/// What one of them printed.
struct Line {
    pid: u32,
    text: String,
}

impl Running {
    /// SIGKILL: no handler, no destructor.
    fn kill(mut self) -> Result {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Demo {
    fn new(step: Duration) -> Self {
        let (says, lines) = channel();
        let channel = format!("procwatch-demo-{}", std::process::id());
        Self { channel, step, running: Vec::new(), lines, says, started: Instant::now() }
    }

    fn play(&mut self) -> Result {
        // The consumers first: they wait for the channel to appear.
        let top = self.start("top", &[])?;
        let alert = self.start("alert", &["--rss", &LIMIT_MIB.to_string()])?;
        self.expect(&[(top, "waiting"), (alert, "waiting")], "consumers wait for a sampler")?;
        let first_hog = self.start(HOG, &["--mib", &HOG_MIB.to_string()])?;
        self.start("sample", &["--rate", "20"])?;
        let noticed = format!("ALERT pid {first_hog} ");
        let event = self.expect(&[(top, "event "), (alert, &noticed)], "a sampler came: table and alert")?;

        self.kill("sample")?;
        self.expect(&[(top, "died"), (alert, "died")], "sampler killed: both consumers were told")?;
        self.start("sample", &["--rate", "20"])?;
        let later = self.expect(&[(top, "event ")], "another sampler: the same table goes on")?;
        if later <= event {
            return Err(format!("the stream began anew: event {later} came after event {event}").into());
        }

        self.kill("top")?;
        let top = self.start("top", &[])?;
        let later_yet = self.expect(&[(top, "event ")], "top killed and started again: it goes on")?;
        if later_yet <= later {
            return Err(format!("top went back: event {later_yet} came after event {later}").into());
        }

        self.kill("alert")?;
        self.kill(HOG)?;
        // It is noticed although nobody was there to see it come.
        let hog = self.start(HOG, &["--mib", &HOG_MIB.to_string()])?;
        let alert = self.start("alert", &["--rss", &LIMIT_MIB.to_string()])?;
        let noticed = format!("ALERT pid {hog} ");
        self.expect(&[(top, "event "), (alert, &noticed)], "alert killed and started again: it goes on")?;
        Ok(())
    }

    /// Starts this program as `role`, and collects what it prints.
    fn start(&mut self, role: &'static str, options: &[&str]) -> Result<u32> {
        // Each ends by itself should this process be killed.
        let seconds = ((self.step + GRACE) * STEPS).as_secs().to_string();
        let mut child = Command::new(std::env::current_exe()?)
            .args([role, "--channel", &self.channel, "--seconds", &seconds])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()?;
        let pid = child.id();
        let (out, says) = (child.stdout.take(), self.says.clone());
        std::thread::spawn(move || {
            let lines = out.into_iter().flat_map(|out| BufReader::new(out).lines());
            for text in lines.map_while(std::io::Result::ok) {
                let _ = says.send(Line { pid, text });
            }
        });
        self.running.push(Running { role, child });
        Ok(pid)
    }

    fn kill(&mut self, role: &str) -> Result {
        let all = std::mem::take(&mut self.running).into_iter();
        let (killed, others): (Vec<_>, Vec<_>) = all.partition(|running| running.role == role);
        self.running = others;
        killed.into_iter().try_for_each(Running::kill)
    }

    /// Watches for one step, and until every process in `wanted` has printed a line that contains its text.
    /// Returns the last event that a `top` showed.
    fn expect(&mut self, wanted: &[(u32, &str)], what: &str) -> Result<u64> {
        let began = Instant::now();
        let mut missing = wanted.to_vec();
        let mut event = 0;
        loop {
            let limit = if missing.is_empty() { Duration::ZERO } else { GRACE };
            let left = (began + self.step + limit).saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else { break };
            missing.retain(|(pid, text)| line.pid != *pid || !line.text.contains(text));
            let shown = line.text.strip_prefix("event ").and_then(|rest| rest.split_once(':'));
            if let Some((number, _)) = shown {
                event = number.parse()?;
            }
        }
        if let Some((pid, text)) = missing.first() {
            return Err(format!("{what}: process {pid} did not print `{text}` in time").into());
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let shown = if event > 0 { format!(" (event {event})") } else { String::new() };
        writeln!(std::io::stdout(), "{seconds:6.1} s  {what}{shown}")?;
        Ok(event)
    }
}
