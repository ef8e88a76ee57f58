//! The first process: reads, publishes, starts the others, and compares at the end.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::lines::{Lines, LinesProducer, Totals, kind};
use crate::options::Options;
use crate::source::{self, Source};
use crate::stop::Stop;
use crate::{Result, compare, copy};

/// Says that this is one of the other processes.
pub(crate) const ROLE: &str = "--as-consumer-of";
/// How long to wait for those to start.
const START: Duration = Duration::from_secs(10);

pub(crate) fn run(options: &Options) -> Result {
    let channel = format!("logship-{}", std::process::id());
    let mut lines = Lines::create(channel.as_str())?;
    let longest = lines.max_message() as usize;
    let mut sources =
        options.files.iter().map(|file| Source::open(file, longest)).collect::<Result<Vec<_>>>()?;
    let folder = Folder::new(options.copy.as_deref())?;
    let show = options.show.to_string();
    let consumers = [
        start(&channel, [OsStr::new("filter"), options.pattern.as_ref(), show.as_ref()])?,
        start(&channel, [OsStr::new("count")])?,
        start(&channel, [OsStr::new("copy"), folder.path.as_ref(), folder.kept().as_ref()])?,
    ];
    // Without this the first lines would go to nobody: a new consumer begins with what comes after it.
    lines.wait_for_consumers(consumers.len(), START)?;

    let stop = Stop::new(options.limit, lines.stopper())?;
    let mut shipping = Shipping { lines, totals: Totals::default(), current: None };
    let started = Instant::now();
    shipping.all(&mut sources, options.follow, &stop)?;
    let totals = shipping.end()?;
    let mut failed = 0;
    for mut consumer in consumers {
        failed += u32::from(!consumer.wait()?.success());
    }
    let seconds = started.elapsed().as_secs_f64();

    let (lines, bytes) = (totals.lines as f64 / seconds / 1e6, totals.bytes as f64 / seconds / 1e6);
    let mut out = std::io::stdout();
    writeln!(out, "shipped {totals} to 3 processes in {seconds:.2} s")?;
    if !options.follow {
        writeln!(out, "        {lines:.2} million lines/s, {bytes:.0} MB/s, until all three were done")?;
    }
    if failed > 0 {
        return Err(format!("{failed} of the other processes failed").into());
    }
    for (index, source) in sources.iter().enumerate() {
        compare::check(source, &copy::path(&folder.path, index, source.path()))?;
    }
    writeln!(out, "        every copy is byte for byte what was read")?;
    Ok(())
}

/// Starts this program once more.
fn start<const N: usize>(channel: &str, role: [&OsStr; N]) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    // A group of its own: ^C is for this process, and the others end with the stream.
    Ok(command
        .arg(ROLE)
        .arg(channel)
        .args(role)
        .stdin(std::process::Stdio::null())
        .process_group(0)
        .spawn()?)
}

/// The folder of the copies; a temporary one goes in the end.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn new(wanted: Option<&Path>) -> Result<Self> {
        let name = format!("logship-{}", std::process::id());
        let path = wanted.map_or_else(|| std::env::temp_dir().join(name), Path::to_path_buf);
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, temporary: wanted.is_none() })
    }

    /// For the one that writes to it.
    fn kept(&self) -> &'static str {
        if self.temporary { "temporary" } else { "kept" }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The stream, and what went into it.
struct Shipping {
    lines: LinesProducer,
    totals: Totals,
    /// The file that the consumers think lines are from.
    current: Option<usize>,
}

impl Shipping {
    fn all(&mut self, sources: &mut [Source], follow: bool, stop: &Stop) -> Result {
        // Also the empty ones get a copy.
        for (index, source) in sources.iter().enumerate() {
            self.announce(index, source)?;
        }
        while sources.iter().any(|source| !source.is_ended()) && !stop.is_due() {
            let mut moved = false;
            for (index, source) in sources.iter_mut().enumerate() {
                while !stop.is_due() && source.read(follow)? {
                    moved = true;
                    self.lines(index, source)?;
                }
            }
            if !moved {
                source::wait(sources)?;
            }
        }
        // What has no newline, and will get none.
        for (index, source) in sources.iter_mut().enumerate() {
            if !source.pending().is_empty() {
                self.piece(kind::LINE, index, source)?;
            }
        }
        Ok(())
    }

    /// Publishes the whole lines that were read, all at once.
    fn lines(&mut self, index: usize, source: &mut Source) -> Result {
        let (whole, _) = source.pending().split_at(source.whole_lines());
        if !whole.is_empty() {
            self.announce(index, source)?;
            let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
            // As one run, as far as a run goes; waits where the slowest consumer leaves no room.
            self.lines.publish_slice(&lines)?;
            for line in lines {
                self.totals.add(kind::LINE, line);
            }
        }
        let shipped = whole.len();
        source.pass(shipped);
        if source.is_too_long() { self.piece(kind::PART, index, source) } else { Ok(()) }
    }

    /// Publishes all that was read, as one message.
    fn piece(&mut self, kind: u16, index: usize, source: &mut Source) -> Result {
        self.announce(index, source)?;
        self.lines.publish_kind(kind, source.pending())?;
        self.totals.add(kind, source.pending());
        source.pass(source.pending().len());
        Ok(())
    }

    /// Says that what follows is from this file, unless it goes without saying.
    fn announce(&mut self, index: usize, source: &Source) -> Result {
        if self.current.replace(index) != Some(index) {
            self.lines.publish_kind(kind::FILE, source.path().as_os_str().as_bytes())?;
        }
        Ok(())
    }

    /// Ends the stream.
    fn end(mut self) -> Result<Totals> {
        self.lines.publish_kind(kind::END, &self.totals.to_bytes())?;
        self.lines.close();
        Ok(self.totals)
    }
}
