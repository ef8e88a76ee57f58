//! The first process: builds the book, publishes what happens to it, and asks the others at the end.

use std::io::Write;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::Result;
use crate::book::Book;
use crate::feed::{BookSnapshot, Delta, Feed, FeedProducer};
use crate::options::Options;
use crate::source::Source;

/// Says that this is one of the other processes.
pub(crate) const ROLE: &str = "--as-consumer-of";
/// How long to wait for those to start.
const START: Duration = Duration::from_secs(10);
/// With a rate: how often to publish.
const STEPS_PER_SECOND: u32 = 50;

pub(crate) fn run(options: &Options) -> Result {
    let channel = format!("orderbook-{}", std::process::id());
    let mut source = Source::new(options)?;
    let mut desk = Desk::new(Feed::create(channel.as_str())?, options);
    let mut others = vec![start(&channel, "quotes")?, start(&channel, "audit")?];
    // Without this the first messages would go to nobody: a new consumer begins with what comes after it.
    desk.feed.wait_for_consumers(others.len(), START)?;

    let (latecomer, started) = (source.latecomer(options), Instant::now());
    desk.note(&format!("the market opens: {}", source.describe()))?;
    desk.snapshot(false)?;
    while let Some(delta) = source.next(&desk.book)? {
        desk.change(delta)?;
        if desk.deltas == latecomer {
            let there = desk.feed.consumers();
            others.push(start(&channel, "late")?);
            desk.feed.wait_for_consumers(there + 1, START)?;
            desk.note("another process joins")?;
        }
    }
    desk.snapshot(true)?;
    desk.note("the market closes")?;
    let Desk { feed, book, deltas, snapshots, .. } = desk;
    feed.close();

    let count = others.len();
    let mut failed = 0;
    for mut other in others {
        failed += u32::from(!other.wait()?.success());
    }
    let seconds = started.elapsed().as_secs_f64();
    let mut out = std::io::stdout();
    writeln!(out, "this    {deltas} changes, {snapshots} snapshots: {}", book.best())?;
    if options.rate.is_none() {
        let rate = deltas as f64 / seconds / 1e6;
        writeln!(out, "        {rate:.2} million changes/s, until all were done ({seconds:.2} s)")?;
    }
    if failed > 0 {
        return Err(format!("{failed} of {count} processes had another book").into());
    }
    writeln!(out, "        all {count} processes agreed with every snapshot they saw")?;
    Ok(())
}

/// Starts this program once more.
fn start(channel: &str, id: &str) -> Result<Child> {
    Ok(Command::new(std::env::current_exe()?).args([ROLE, channel, id]).spawn()?)
}

/// The book, and those who are told of it.
struct Desk {
    feed: FeedProducer,
    book: Book,
    deltas: u64,
    snapshots: u64,
    /// Changes that were not published yet.
    batch: Vec<Delta>,
    /// How many go out together.
    together: usize,
    every: u64,
    /// When the next ones may go out, and how long each change takes.
    pace: Option<(Instant, Duration)>,
    snapshot: BookSnapshot,
}

impl Desk {
    fn new(feed: FeedProducer, options: &Options) -> Self {
        let step = options.rate.map_or(usize::MAX, |rate| rate.div_ceil(STEPS_PER_SECOND) as usize);
        Self {
            feed,
            book: Book::default(),
            deltas: 0,
            snapshots: 0,
            batch: Vec::new(),
            together: options.every.min(step),
            every: options.every as u64,
            pace: options.rate.map(|rate| (Instant::now(), Duration::from_secs(1) / rate)),
            snapshot: BookSnapshot::default(),
        }
    }

    fn change(&mut self, delta: Delta) -> Result {
        self.book.apply(&delta);
        self.deltas += 1;
        self.batch.push(delta);
        let due = self.deltas % self.every == 0;
        if due || self.batch.len() >= self.together {
            self.flush()?;
        }
        if due { self.snapshot(false) } else { Ok(()) }
    }

    /// Publishes the changes that are waiting, as one run.
    fn flush(&mut self) -> Result {
        if let Some((due, each)) = &mut self.pace {
            *due += *each * self.batch.len() as u32;
            // A parked thread may wake early.
            while let Some(left) = due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
                std::thread::park_timeout(left);
            }
        }
        self.feed.delta().publish_slice(&self.batch)?;
        self.batch.clear();
        Ok(())
    }

    /// Publishes the whole book, after what led to it. It is written straight into the ring.
    fn snapshot(&mut self, is_last: bool) -> Result {
        self.flush()?;
        self.book.describe(self.deltas, is_last, &mut self.snapshot);
        self.feed.book().publish(&self.snapshot)?;
        self.snapshots += 1;
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result {
        self.flush()?;
        self.feed.note().publish(text.as_bytes())?;
        Ok(())
    }
}
