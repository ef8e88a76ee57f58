//! Three processes and two kinds of channel: `cargo run --release -p myelon --example quickstart`.
//!
//! This process streams events to two consumers, each in a process of its own, which check every byte of every
//! event. Then one of them sends single numbers back, to see how long a round trip takes. The other two processes
//! are this same program, started again with a hidden argument.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program, not the library")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use std::io::{IsTerminal, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use myelon::RingEvent;

/// The event: plain data of a fixed size. The derive checks at compile time that it has no padding and no pointers.
#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
struct Tick {
    id: u64,
    time_ns: u64,
    price: f64,
    qty: u32,
    venue: u32,
}

/// A channel of ticks: generates `TicksProducer`, `TicksConsumer`, `Ticks::create` and `Ticks::attach`.
#[myelon::channel(capacity = 65_536)]
struct Ticks(Tick);

/// A channel of numbers, to be sent there on one and back on another.
#[myelon::channel(capacity = 1024)]
struct Numbers(u64);

const EVENTS: u64 = 10_000_000;
const ROUND_TRIPS: u64 = 500_000;
/// A slow machine streams fewer events, not longer; the same for the round trips.
const STREAM_AT_MOST: Duration = Duration::from_secs(5);
const ROUND_TRIPS_AT_MOST: Duration = Duration::from_secs(3);
/// How long to wait for another process to start.
const START: Duration = Duration::from_secs(10);

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match *arguments.as_slice() {
        [] => run(&Names::of(&std::process::id().to_string())),
        ["consume", id, run] => {
            let names = Names::of(run);
            consume(&names, id).inspect_err(|_| names.remove())
        }
        _ => Err("no arguments, please".into()),
    };
    outcome.map_or_else(
        |error| {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

/// The channels of one run: a second run at the same time has others.
struct Names {
    run: String,
    ticks: String,
    there: String,
    back: String,
}

impl Names {
    fn of(run: &str) -> Self {
        let name = |channel| format!("quickstart-{run}-{channel}");
        Self { run: run.to_owned(), ticks: name("ticks"), there: name("there"), back: name("back") }
    }

    /// After the death of the first process: whoever leaves last takes the channels along. Only for tidiness: the
    /// next `create` of any channel would sweep them away.
    fn remove(&self) {
        let _ = (Ticks::remove(&self.ticks), Numbers::remove(&self.there), Numbers::remove(&self.back));
    }
}

// --- the first process ---------------------------------------------------------------------------------------------

fn run(names: &Names) -> Result<()> {
    let mut ticks = Ticks::create(&names.ticks)?;
    let mut there = Numbers::create(&names.there)?;
    let journal = start("journal", names)?;
    let risk = start("risk", names)?;
    // Without this the first events would go to nobody: a new consumer begins with what comes after it.
    ticks.wait_for_consumers(2, START)?;
    println!(
        "streaming {} million events of {} bytes to two other processes, one publish each ..",
        EVENTS / 1_000_000,
        size_of::<Tick>()
    );

    let progress = Progress::new();
    let (mut published, mut sum, mut last) = (0, 0, 0);
    let started = Instant::now();
    while published < EVENTS && started.elapsed() < STREAM_AT_MOST {
        for _ in 0..50_000 {
            let tick = Tick::number(published);
            sum = tick.add_to(sum);
            last = ticks.publish(tick)?;
            published += 1;
        }
        progress.show(published, EVENTS);
    }
    ticks.wait_consumed(last, START)?;
    let took = started.elapsed();
    ticks.close();
    progress.clear();

    let mut trips = round_trips(names, &mut there)?;
    there.close();
    trips.sort_unstable();

    let seconds = took.as_secs_f64();
    let rate = published as f64 / seconds / 1e6;
    println!("  stream      {rate:.1} million events per second, all of them to both ({seconds:.2} s)");
    let at = |permille: usize| trips.get(trips.len() * permille / 1000).map_or(0.0, |ns| *ns as f64 / 1e3);
    println!(
        "  round trip  p50 {:.2} us, p99 {:.2} us, p99.9 {:.2} us (of {})",
        at(500),
        at(990),
        at(999),
        trips.len()
    );
    if at(500) > 20.0 {
        println!(
            "              (this machine is busy with something else: the processes had to wait for a core)"
        );
    }
    println!("  this        {published:>9} published       checksum {sum:016x}");
    let mut agree = true;
    for (id, child) in [("journal", journal), ("risk", risk)] {
        let output = child.wait_with_output()?;
        let report = String::from_utf8(output.stdout)?;
        println!("  {id:<11} {report}");
        let right = Report { received: published, wrong: 0, sum };
        agree &= output.status.success() && report == right.to_string();
    }
    if !agree {
        return Err("not every consumer received what was published".into());
    }
    println!("every byte of every event arrived; all checksums agree");
    Ok(())
}

/// Starts this program once more, as the consumer `id`.
fn start(id: &str, names: &Names) -> Result<Child> {
    Ok(Command::new(std::env::current_exe()?)
        .args(["consume", id, &names.run])
        .stdout(Stdio::piped())
        .spawn()?)
}

/// Sends a number there and waits for it to come back, again and again: how long each took, in nanoseconds.
fn round_trips(names: &Names, there: &mut NumbersProducer) -> Result<Vec<u64>> {
    // The other process creates the channel for the way back; it may not be there yet.
    let mut back = Numbers::consumer(&names.back, "quickstart").attach_timeout(START).build()?;
    there.wait_for_consumers(1, START)?;
    let mut trips = Vec::with_capacity(ROUND_TRIPS as usize);
    let started = Instant::now();
    let mut sent = started;
    for number in 0..ROUND_TRIPS {
        there.publish(number)?;
        let echo = *back.recv()?.ok_or("the other process closed its channel")?;
        if echo != number {
            return Err(format!("{echo} came back instead of {number}").into());
        }
        let now = Instant::now();
        trips.push((now - sent).as_nanos() as u64);
        if now - started > ROUND_TRIPS_AT_MOST {
            break;
        }
        sent = now;
    }
    Ok(trips)
}

// --- the second and the third --------------------------------------------------------------------------------------

/// Receives every tick until the channel is closed, and prints what came.
fn consume(names: &Names, id: &str) -> Result<()> {
    let mut report = Report::default();
    // The capacity and the layout come from the channel itself; another layout would be refused.
    let mut ticks = Ticks::attach(&names.ticks, id)?;
    // All that is there, at least one; 0 once the channel is closed and drained.
    while ticks.drain(|tick, _| report.add(tick))? > 0 {}
    drop(ticks);

    if id == "risk" {
        let mut back = Numbers::create(&names.back)?;
        let mut there = Numbers::consumer(&names.there, id).attach_timeout(START).build()?;
        while let Some(number) = there.recv()? {
            back.publish(*number)?;
        }
    }
    print!("{report}");
    Ok(())
}

/// What one consumer received.
#[derive(Default)]
struct Report {
    received: u64,
    wrong: u64,
    sum: u64,
}

impl Report {
    fn add(&mut self, tick: &Tick) {
        self.wrong += u64::from(tick.words() != Tick::number(self.received).words());
        self.received += 1;
        self.sum = tick.add_to(self.sum);
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>9} received, {} wrong, checksum {:016x}", self.received, self.wrong, self.sum)
    }
}

// --- the contents of the events ------------------------------------------------------------------------------------

impl Tick {
    /// The event with this number, so that whoever receives it knows what each byte must be.
    fn number(id: u64) -> Self {
        let mixed = id.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let price = (mixed >> 44) as f64 / 100.0;
        Self { id, time_ns: id * 1000, price, qty: mixed as u32, venue: (mixed >> 32) as u32 }
    }

    /// Every byte of the event.
    fn words(&self) -> [u64; 4] {
        [self.id, self.time_ns, self.price.to_bits(), u64::from(self.qty) << 32 | u64::from(self.venue)]
    }

    fn add_to(&self, sum: u64) -> u64 {
        self.words().iter().fold(sum, |sum, word| (sum ^ word).wrapping_mul(0x0000_0100_0000_01B3))
    }
}

/// A line that is written over, if there is a terminal to write it to.
struct Progress(bool);

impl Progress {
    fn new() -> Self {
        Self(std::io::stderr().is_terminal())
    }

    fn show(&self, done: u64, all: u64) {
        if self.0 {
            eprint!("\r  {:>3} %", done * 100 / all);
            let _ = std::io::stderr().flush();
        }
    }

    fn clear(&self) {
        if self.0 {
            eprint!("\r\x1b[K");
        }
    }
}
