//! The helper process: one producer, one consumer and one tap, and a line for everything they can do.
//!
//! A line is a verb and `key=value` pairs; the answer is `ok` and pairs, or `err` and the text of the error, as
//! `Debug` and as `Display`. Verbs that hold something (`hold`) take their next line themselves.

mod consumer;
mod crash;
mod create;
mod glance;
mod message;
pub mod points;
mod producer;
mod publish;
mod receive;
mod tap;

use std::io::{BufRead, Write};

use myelon::Error;

use crate::line::{Line, escape};
use crate::messages::TestMessages;
use crate::system;
use consumer::Consuming;
use producer::Producing;
use tap::Tapping;

/// What a verb gives: the pairs of the answer, or the text of an error.
type Told = Result<String, String>;

/// Any error of the library as the answer has it.
fn told(error: impl Into<Error>) -> String {
    let error = error.into();
    format!("{} | {error}", fields(&error))
}

/// The variant of an error with its fields. (`Debug` of the common error is its text.)
fn fields(error: &Error) -> String {
    match error {
        Error::Create(error) => format!("{error:?}"),
        Error::Attach(error) => format!("{error:?}"),
        Error::Remove(error) => format!("{error:?}"),
        Error::Location(error) => format!("{error:?}"),
        Error::Publish(error) => format!("{error:?}"),
        Error::TryPublish(error) => format!("{error:?}"),
        Error::PublishTimeout(error) => format!("{error:?}"),
        Error::WaitConsumers(error) => format!("{error:?}"),
        Error::Recv(error) => format!("{error:?}"),
        Error::TryRecv(error) => format!("{error:?}"),
        Error::RecvTimeout(error) => format!("{error:?}"),
        Error::Tap(error) => format!("{error:?}"),
        Error::Slice { published, source } => {
            format!("Slice {{ published: {published}, {} }}", fields(source))
        }
        other => format!("{other:?}"),
    }
}

/// A channel of messages, as a helper makes its ends.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    name: &'static str,
    producer: fn(&Line) -> Result<Box<dyn Producing>, String>,
    consumer: fn(&Line) -> Result<Box<dyn Consuming>, String>,
    lossy: fn(&Line) -> Result<Box<dyn Consuming>, String>,
    tap: fn(&Line) -> Result<Box<dyn Tapping>, String>,
}

impl Kind {
    /// The channel `C`, under its own name.
    pub const fn of<C: TestMessages>() -> Self {
        Self {
            name: C::CONFIG.name,
            producer: message::producer::<C>,
            consumer: message::consumer::<C>,
            lossy: glance::messages::<C>,
            tap: tap::messages::<C>,
        }
    }
}

#[derive(Default)]
struct Session {
    /// Channels of messages that only this helper knows.
    kinds: Vec<Kind>,
    tx: Option<Box<dyn Producing>>,
    rx: Option<Box<dyn Consuming>>,
    tap: Option<Box<dyn Tapping>>,
}

/// Obeys until the standard input ends. `kinds` are channels of messages that this helper knows beside those that all
/// know, or instead of those of the same name.
pub fn serve(kinds: &[Kind]) {
    system::die_with_parent();
    let mut session = Session { kinds: kinds.to_vec(), ..Session::default() };
    while let Some(line) = next_line() {
        answer(session.obey(&line));
    }
}

/// The next line of the test; `None` when there are no more.
fn next_line() -> Option<Line> {
    let mut text = String::new();
    let length = std::io::stdin().lock().read_line(&mut text).unwrap();
    (length > 0).then(|| Line::parse(text.trim_end()))
}

fn answer(told: Told) {
    let line = match told {
        Ok(pairs) => format!("ok {pairs}\n"),
        Err(error) => format!("err {}\n", error.replace('%', "%25").replace('\n', "%0A")),
    };
    let mut out = std::io::stdout().lock();
    // The test may be gone already.
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}

/// A pair of the answer.
fn pair(key: &str, value: impl std::fmt::Display) -> String {
    format!("{key}={} ", escape(&value.to_string()))
}

impl Session {
    fn tx(&mut self) -> Result<&mut dyn Producing, String> {
        Ok(self.tx.as_deref_mut().ok_or("no producer")?)
    }

    fn rx(&mut self) -> Result<&mut dyn Consuming, String> {
        Ok(self.rx.as_deref_mut().ok_or("no consumer")?)
    }

    fn obey(&mut self, line: &Line) -> Told {
        let what = line.text("what").unwrap_or("tx");
        match line.verb.as_str() {
            "create" => {
                let tx = create::producer(line, &self.kinds)?;
                let next = tx.sequence();
                self.tx = Some(tx);
                Ok(pair("next", next) + &pair("pid", std::process::id()))
            }
            "attach" => {
                let rx = create::consumer(line, &self.kinds)?;
                let next = rx.sequence();
                self.rx = Some(rx);
                Ok(pair("next", next))
            }
            // A lossy consumer in the place of the other one.
            "glance" => {
                let rx = create::lossy(line, &self.kinds)?;
                let next = rx.sequence();
                self.rx = Some(rx);
                Ok(pair("next", next))
            }
            "tap" => {
                self.tap = Some(create::tap(line, &self.kinds)?);
                Ok(String::new())
            }
            "remove" => create::remove(line),
            "publish" => publish::publish(self.tx()?, line),
            "ask-tx" => self.tx()?.questions(line),
            "receive" => receive::receive(self.rx()?, line),
            "ask-rx" => self.rx()?.questions(line),
            "read-tap" => self.tap.as_deref_mut().expect("a tap").read(line),
            "hold" if what == "tx" => self.tx()?.hold(line),
            "hold" => self.rx()?.hold(line),
            "arm" => points::arm(line),
            "crash" if what == "tx" => self.tx()?.crash(line),
            "crash" => self.rx()?.crash(line),
            // The end is dropped while its thread panics: that is a death, not a clean end.
            "unwind" if what == "tx" => ended(self.tx.take().map(crash::unwind)),
            "unwind" => ended(self.rx.take().map(crash::unwind)),
            "close" if what == "tx" => ended(self.tx.take().map(Producing::close)),
            "close" => ended(self.rx.take().map(Consuming::close)),
            "detach" if what == "tx" => ended(self.tx.take().map(Producing::detach)),
            "detach" => ended(self.rx.take().map(Consuming::detach)),
            "drop" if what == "tx" => ended(self.tx.take().map(drop)),
            "drop" => ended(self.rx.take().map(drop)),
            "stop-on-signal" => {
                let stopper = if what == "tx" { self.tx()?.stopper() } else { self.rx()?.stopper() };
                system::stop_on_signal(stopper);
                Ok(String::new())
            }
            "fork" => Ok(self.fork()),
            "become" => {
                system::become_user(line.num("uid") as u32);
                Ok(String::new())
            }
            "tmpfs" => match system::private_tmpfs(line.text("path").unwrap(), line.num("size")) {
                Ok(()) => Ok(String::new()),
                Err(error) => Err(error.to_string()),
            },
            "prepare" => {
                prepare(line);
                Ok(String::new())
            }
            "names" => {
                Ok(pair("names", crate::arena::names_in(line.text("path").unwrap().as_ref()).join(",")))
            }
            "exit" => std::process::exit(0),
            other => panic!("no verb `{other}`"),
        }
    }

    /// Forks; the copy tries everything on its copies of the ends, then drops them, and lingers.
    fn fork(&mut self) -> String {
        let (pid, told) = system::fork(|| {
            let mut told = String::new();
            if let Some(mut tx) = self.tx.take() {
                told.push_str(&tx.try_as_copy());
                drop(tx);
            }
            if let Some(mut rx) = self.rx.take() {
                told.push_str(&rx.try_as_copy());
                drop(rx);
            }
            if let Some(mut tap) = self.tap.take() {
                told.push_str(&tap.read(&Line::parse("read-tap n=1")).unwrap_or_else(|error| error));
            }
            told
        });
        pair("child", pid) + &pair("told", told)
    }
}

/// `prepare path= dir|link=|remove mode= owner=`: something for the library to find.
fn prepare(line: &Line) {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    let path = std::path::Path::new(line.text("path").unwrap());
    if line.has("dir") {
        std::fs::create_dir(path).unwrap();
    }
    if line.has("remove") {
        std::fs::remove_file(path).or_else(|_| std::fs::remove_dir_all(path)).unwrap();
    }
    if let Some(target) = line.text("link") {
        symlink(target, path).unwrap();
    }
    if let Some(mode) = line.text("mode") {
        let mode = u32::from_str_radix(mode, 8).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    if let Some(owner) = line.maybe("owner") {
        chown(path, Some(owner), Some(owner)).unwrap();
    }
}

fn ended(done: Option<()>) -> Told {
    done.map(|()| String::new()).ok_or_else(|| "no such end".to_owned())
}
