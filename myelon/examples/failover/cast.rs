//! The other processes, as the script sees them: started, killed, stopped, and heard. Every wait has a deadline.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use crate::Result;
use crate::desk::word;
use crate::trade::Trades;

/// Says that this is one of the other processes.
pub(crate) const ROLE: &str = "--as";
/// How long anything may take that ought to happen: long, since machines are busy.
const DEADLINE: Duration = Duration::from_secs(20);
/// Of a line, for what is said.
const COLUMNS: usize = 92;

/// The processes of one act, and their channel. Whatever happened: nothing of them stays.
pub(crate) struct Cast {
    pub(crate) channel: String,
    pub(crate) folder: PathBuf,
    rate: u64,
    members: Vec<Member>,
    lines: Receiver<Line>,
    says: Sender<Line>,
    /// Since the last act of the script.
    heard: Vec<Line>,
    opened: Instant,
    acted: Instant,
}

struct Member {
    role: &'static str,
    child: Child,
    orders: Option<ChildStdin>,
    /// Its last words were heard.
    gone: bool,
}

/// What one of them said.
struct Line {
    role: &'static str,
    pid: u32,
    /// `None` after the last one.
    said: Option<String>,
}

impl Line {
    /// The first word, and the place in the stream.
    fn parts(&self) -> Option<(&str, u64, &str)> {
        let (word, rest) = self.said.as_deref()?.split_once(' ')?;
        let (place, text) = rest.split_once(' ')?;
        Some((word, place.parse().ok()?, text))
    }
}

impl Cast {
    pub(crate) fn new(act: &str, rate: u64) -> Result<Self> {
        let (says, lines) = channel();
        let channel = format!("failover-{act}-{}", std::process::id());
        let folder = std::env::temp_dir().join(&channel);
        std::fs::create_dir(&folder)?;
        let (members, heard, now) = (Vec::new(), Vec::new(), Instant::now());
        Ok(Self { channel, folder, rate, members, lines, says, heard, opened: now, acted: now })
    }

    /// Prints what the script does next; times and what is heard count from here.
    pub(crate) fn act(&mut self, what: impl Display) -> Result {
        while let Ok(line) = self.lines.try_recv() {
            self.take(line)?;
        }
        self.heard.clear();
        self.acted = Instant::now();
        let seconds = self.opened.elapsed().as_secs_f64();
        Ok(writeln!(std::io::stdout(), "{seconds:6.2} s  {what}")?)
    }

    /// Starts this program once more.
    pub(crate) fn start(&mut self, role: &'static str) -> Result {
        let mut child = Command::new(std::env::current_exe()?)
            .args([ROLE, role, &self.channel])
            .arg(&self.folder)
            .arg(self.rate.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A group of its own: ^C is for this process, and the others end when they have no orders any more.
            .process_group(0)
            .spawn()?;
        let pid = child.id();
        let (out, orders, says) = (child.stdout.take(), child.stdin.take(), self.says.clone());
        std::thread::spawn(move || {
            let lines = out.into_iter().flat_map(|out| BufReader::new(out).lines());
            for said in lines.map_while(std::io::Result::ok).map(Some).chain([None]) {
                let _ = says.send(Line { role, pid, said });
            }
        });
        self.members.push(Member { role, child, orders, gone: false });
        Ok(())
    }

    fn member(&mut self, role: &str) -> Result<&mut Member> {
        let found = self.members.iter_mut().find(|member| member.role == role);
        found.ok_or_else(|| format!("there is no {role}").into())
    }

    pub(crate) fn order(&mut self, role: &str, order: impl Display) -> Result {
        let orders = self.member(role)?.orders.as_mut().ok_or("it cannot hear")?;
        Ok(writeln!(orders, "{order}")?)
    }

    /// SIGKILL: no handler, no destructor. It is gone when this returns.
    pub(crate) fn kill(&mut self, role: &str) -> Result {
        let index = self.members.iter().position(|member| member.role == role);
        let mut member = self.members.remove(index.ok_or_else(|| format!("there is no {role}"))?);
        member.child.kill()?;
        member.child.wait()?;
        Ok(())
    }

    /// SIGSTOP: as if its machine had been asleep. It stands still when this returns.
    pub(crate) fn stop(&mut self, role: &str) -> Result {
        let pid = Pid::from_child(&self.member(role)?.child);
        kill_process(pid, Signal::STOP)?;
        match waitpid(Some(pid), WaitOptions::UNTRACED)? {
            Some((_, status)) if status.stopped() => Ok(()),
            _ => Err(format!("the {role} ended").into()),
        }
    }

    /// SIGCONT.
    pub(crate) fn go_on(&mut self, role: &str) -> Result {
        Ok(kill_process(Pid::from_child(&self.member(role)?.child), Signal::CONT)?)
    }

    /// Waits until it has said `word` since the last act. Returns the place in the stream that it named.
    pub(crate) fn hear(&mut self, role: &str, word: &str) -> Result<u64> {
        let until = Instant::now() + DEADLINE;
        loop {
            let lines = self.heard.iter().filter(|line| line.role == role);
            let found = lines.filter_map(Line::parts).find(|(said, ..)| *said == word);
            if let Some((_, place, _)) = found {
                return Ok(place);
            }
            if self.member(role)?.gone {
                return Err(format!("the {role} ended, and did not say that it {word}").into());
            }
            if !self.listen(until)? {
                let seconds = DEADLINE.as_secs();
                return Err(format!("the {role} did not say within {seconds} s that it {word}").into());
            }
        }
    }

    /// Waits until it has ended; fails unless it ended well.
    pub(crate) fn await_end(&mut self, role: &str) -> Result {
        let until = Instant::now() + DEADLINE;
        while !self.member(role)?.gone {
            if !self.listen(until)? {
                return Err(format!("the {role} did not end").into());
            }
        }
        let status = self.member(role)?.child.wait()?;
        self.members.retain(|member| member.role != role);
        if status.success() { Ok(()) } else { Err(format!("the {role} failed: {status}").into()) }
    }

    /// Takes one line; false if none came in time.
    fn listen(&mut self, until: Instant) -> Result<bool> {
        match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => self.take(line).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    fn take(&mut self, line: Line) -> Result {
        let after = self.acted.elapsed().as_millis();
        if let Some((.., text)) = line.parts().filter(|(said, ..)| *said != word::PASSED) {
            let text = wrapped(text);
            writeln!(std::io::stdout(), "  {after:>6} ms     {:9} {text}", line.role)?;
        }
        if let Some(member) = self.members.iter_mut().find(|member| member.child.id() == line.pid) {
            member.gone |= line.said.is_none();
            self.heard.push(line);
        }
        Ok(())
    }
}

/// In lines that fit a terminal, below each other.
fn wrapped(text: &str) -> String {
    let (mut lines, mut column) = (String::new(), 0);
    for word in text.split_inclusive(' ') {
        if column + word.len() > COLUMNS {
            lines.truncate(lines.trim_end().len());
            lines.push_str("\n                          ");
            column = 0;
        }
        lines.push_str(word);
        column += word.len();
    }
    lines
}

impl Drop for Cast {
    fn drop(&mut self) {
        for Member { child, .. } in &mut self.members {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = Trades::remove(self.channel.as_str());
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
