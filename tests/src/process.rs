//! The test's side of a helper process: start it, question it, stop and kill it. Every wait has a deadline.

use core::time::Duration;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rustix::process::{Pid, Signal, WaitOptions, waitpid};

use crate::line::{Line, unescape};
use crate::system;

/// How long anything may take that ought to happen at once: long, since machines are busy.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A helper process. Killed when dropped; what it wrote to its standard error then has to be nothing.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    /// Lines that were read before they were asked for.
    early: VecDeque<String>,
    noise: Arc<Mutex<String>>,
    reader: Option<std::thread::JoinHandle<()>>,
    /// The last line it was told, for error messages.
    asked: String,
    gone: bool,
}

/// What a helper answered: named values.
pub type Reply = Line;

impl Peer {
    pub fn spawn() -> Self {
        Self::spawn_as("myelon-test-peer")
    }

    /// A helper that was compiled on its own, with channels of its own.
    pub fn spawn_as(name: &str) -> Self {
        let mut program = std::env::current_exe().unwrap();
        program.pop();
        if program.ends_with("deps") {
            program.pop();
        }
        program.push(name);
        Self::start(Command::new(program))
    }

    /// This program again, as a helper: it has to [`serve`](crate::peer::serve) when this is its only argument.
    pub fn spawn_self(argument: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(argument);
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("cannot start {command:?}: {e}"));
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let noise = Arc::new(Mutex::new(String::new()));
        let mut stderr = child.stderr.take().unwrap();
        let heard = Arc::clone(&noise);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut bytes) {
                heard.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        let stdin = child.stdin.take();
        Self {
            child,
            stdin,
            lines,
            early: VecDeque::new(),
            noise,
            reader: Some(reader),
            asked: String::new(),
            gone: false,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Says a line without waiting for the answer.
    #[track_caller]
    pub fn tell(&mut self, line: impl Into<String>) {
        self.asked = line.into();
        let stdin = self.stdin.as_mut().expect("the helper can still hear");
        if writeln!(stdin, "{}", self.asked).is_err() {
            self.fail("is gone");
        }
    }

    /// The next answer: `Err` with the text of an error that it met.
    #[track_caller]
    pub fn answer(&mut self) -> Result<Reply, String> {
        match self.next_line(DEADLINE) {
            Ok(line) => match line.split_once(' ').unwrap_or((&line, "")) {
                ("ok", _) => Ok(Line::parse(&line)),
                ("err", text) => Err(unescape(text)),
                _ => self.fail(&format!("said something strange: {line}")),
            },
            Err(RecvTimeoutError::Timeout) => self.fail("did not answer in time"),
            Err(RecvTimeoutError::Disconnected) => self.fail("ended"),
        }
    }

    fn next_line(&mut self, time: Duration) -> Result<String, RecvTimeoutError> {
        self.early.pop_front().map_or_else(|| self.lines.recv_timeout(time), Ok)
    }

    /// Says a line; the answer has to be a good one.
    #[track_caller]
    pub fn ask(&mut self, line: impl Into<String>) -> Reply {
        self.tell(line);
        self.expect()
    }

    /// The same, while `others` are at work on what they were told: one that fails meanwhile is told at once, and not
    /// that this one waits for it.
    #[track_caller]
    pub fn ask_beside(&mut self, line: impl Into<String>, others: &mut [&mut Self]) -> Reply {
        self.tell(line);
        self.expect_beside(others)
    }

    /// The next answer has to be a good one, as in [`ask_beside`](Self::ask_beside).
    #[track_caller]
    pub fn expect_beside(&mut self, others: &mut [&mut Self]) -> Reply {
        let since = Instant::now();
        loop {
            match self.lines.recv_timeout(Duration::from_millis(50)) {
                Ok(line) => self.early.push_back(line),
                Err(RecvTimeoutError::Timeout) if since.elapsed() < DEADLINE => {}
                // Told by what follows.
                Err(_) => return self.expect(),
            }
            if !self.early.is_empty() {
                return self.expect();
            }
            for other in others.iter_mut() {
                other.early.extend(other.lines.try_recv());
                if other.early.back().is_some_and(|line| line.starts_with("err ")) {
                    other.expect();
                }
            }
        }
    }

    /// The next answer has to be a good one.
    #[track_caller]
    pub fn expect(&mut self) -> Reply {
        match self.answer() {
            Ok(reply) => reply,
            Err(error) => self.fail(&format!("failed: {error}")),
        }
    }

    /// Says a line; the answer has to be an error whose text holds all of `parts`.
    #[track_caller]
    pub fn refuse(&mut self, line: impl Into<String>, parts: &[&str]) -> String {
        self.tell(line);
        self.expect_error(parts)
    }

    /// The next answer has to be an error whose text holds all of `parts`.
    #[track_caller]
    pub fn expect_error(&mut self, parts: &[&str]) -> String {
        match self.answer() {
            Ok(reply) => self.fail(&format!("succeeded: {reply:?}")),
            Err(error) => {
                for part in parts {
                    assert!(
                        error.contains(part),
                        "`{part}` is not in the error of `{}`: {error}",
                        self.asked
                    );
                }
                error
            }
        }
    }

    /// Whether it has a producer.
    #[track_caller]
    pub fn has_producer(&mut self) -> bool {
        self.tell("ask-tx");
        self.answer().is_ok()
    }

    /// Whether it has a consumer.
    #[track_caller]
    pub fn has_consumer(&mut self) -> bool {
        self.tell("ask-rx");
        self.answer().is_ok()
    }

    /// Whether it says nothing for that long: for what must go on waiting.
    #[track_caller]
    pub fn is_silent_for(&mut self, time: Duration) {
        match self.next_line(time) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(line) => self.fail(&format!("should still wait, and said: {line}")),
            Err(RecvTimeoutError::Disconnected) => self.fail("ended"),
        }
    }

    /// Kills it with no chance to clean up, and waits until it is gone.
    pub fn kill(&mut self) {
        self.kill_unreaped();
        self.child.wait().unwrap();
        self.gone = true;
    }

    /// Kills it, and leaves the zombie.
    pub fn kill_unreaped(&mut self) {
        system::signal(self.pid(), Signal::KILL);
        let state = || system::stat(self.pid(), 3);
        wait_until("the helper is dead", || state().is_none_or(|state| state == "Z"));
    }

    /// Stops it, and waits until it is stopped.
    pub fn stop(&mut self) {
        system::signal(self.pid(), Signal::STOP);
        let pid = Pid::from_raw(self.pid() as i32);
        let (_, status) = waitpid(pid, WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "{status:?}");
    }

    /// Waits until it has killed or stopped itself, instead of an answer; true if it is only stopped.
    #[track_caller]
    pub fn is_struck(&mut self) -> bool {
        let since = Instant::now();
        let pid = Pid::from_raw(self.pid() as i32);
        while since.elapsed() < DEADLINE {
            match waitpid(pid, WaitOptions::UNTRACED | WaitOptions::NOHANG).unwrap() {
                Some((_, status)) if status.stopped() => return true,
                Some((_, status)) => {
                    assert_eq!(status.terminating_signal(), Some(Signal::KILL.as_raw()), "{status:?}");
                    self.gone = true;
                    return false;
                }
                None => {}
            }
            if let Ok(line) = self.next_line(Duration::from_micros(200)) {
                self.fail(&format!("was to be struck, and said: {line}"));
            }
        }
        self.fail("was to be struck, and is silent")
    }

    /// Lets it go on.
    pub fn cont(&mut self) {
        system::signal(self.pid(), Signal::CONT);
    }

    /// Waits until it ends on its own.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let since = Instant::now();
        // Its standard output closes when it ends.
        loop {
            let left = DEADLINE.saturating_sub(since.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => self.fail("does not end"),
            }
        }
        self.gone = true;
        self.child.wait().unwrap()
    }

    /// Closes its standard input: it ends after what it is doing, dropping its ends.
    #[track_caller]
    pub fn leave(&mut self) {
        self.stdin = None;
        assert!(self.ended().success());
    }

    #[track_caller]
    fn fail(&mut self, what: &str) -> ! {
        let noise = self.noise.lock().unwrap().clone();
        let pid = self.pid();
        panic!(
            "the helper {pid} {what}\n  the last line to it: {}\n  its standard error: {noise}",
            self.asked
        );
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stdin = None;
        if !self.gone {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if let Some(reader) = self.reader.take().filter(|_| !std::thread::panicking()) {
            // A forked child of it may hold the pipe for a moment longer: it ends with the standard input.
            reader.join().unwrap();
            let noise = self.noise.lock().unwrap();
            assert!(noise.is_empty(), "P7: the helper wrote to its standard error: {noise}");
        }
    }
}

/// Looks again and again until it is so; for what no event tells.
#[track_caller]
pub fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !so() {
        assert!(since.elapsed() < DEADLINE, "not in time: {what}");
        std::thread::yield_now();
    }
}
