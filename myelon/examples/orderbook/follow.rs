//! The other processes: each keeps a book of its own, and compares it with every snapshot.

use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::Result;
use crate::book::{Best, Book};
use crate::feed::{Feed, FeedRef};

/// Best prices change faster than anybody reads.
const TELL_EVERY: Duration = Duration::from_millis(50);

pub(crate) fn run(channel: &str, id: &str) -> Result {
    let mut feed = Feed::attach(channel, id)?;
    let mut follower = Follower { id: id.to_owned(), is_talking: id == "quotes", ..Follower::default() };
    loop {
        let mut outcome = Ok(());
        // All that is there, at least one message; each is lent where it lies.
        let received = feed.drain_while(|message, _| {
            outcome = follower.take(message);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        outcome?;
        match received {
            Ok(0) => return follower.end(),
            Ok(_) => {}
            Err(died) => {
                // The first process was killed. Only for tidiness: the next `create` of any channel would do it.
                drop(feed);
                let _ = Feed::remove(channel);
                return Err(format!("{id}: {died}").into());
            }
        }
    }
}

#[derive(Default)]
struct Follower {
    id: String,
    /// Whether it prints prices and notes.
    is_talking: bool,
    told: Option<Instant>,
    /// None before the first snapshot.
    book: Option<Book>,
    best: Best,
    /// How often the best bid or offer changed.
    moves: u64,
    deltas: u64,
    snapshots: u64,
    is_complete: bool,
}

impl Follower {
    fn take(&mut self, message: FeedRef<'_>) -> Result {
        match (message, &mut self.book) {
            (FeedRef::Delta(delta), Some(book)) => {
                book.apply(delta);
                self.deltas += 1;
                let best = book.best();
                if best != self.best {
                    self.best = best;
                    self.moves += 1;
                    self.quote()?;
                }
            }
            (FeedRef::Book(snapshot), None) => {
                let book = Book::of(snapshot);
                (self.best, self.snapshots, self.is_complete) = (book.best(), 1, snapshot.is_last);
                self.book = Some(book);
            }
            (FeedRef::Book(snapshot), Some(book)) => {
                if !book.agrees(snapshot) {
                    let after = snapshot.deltas;
                    return Err(format!("{}: after {after} changes the books differ", self.id).into());
                }
                self.snapshots += 1;
                self.is_complete = snapshot.is_last;
            }
            (FeedRef::Note(text), _) if self.is_talking => {
                writeln!(std::io::stdout(), "  -- {}", String::from_utf8_lossy(text).escape_debug())?;
            }
            // A note for others, or a change of a book that is not known yet.
            (FeedRef::Note(_) | FeedRef::Delta(_), _) => {}
        }
        Ok(())
    }

    /// Prints the best bid and offer.
    fn quote(&mut self) -> Result {
        if self.is_talking && self.told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            writeln!(std::io::stdout(), "  {:>9}  {}", self.deltas, self.best)?;
            self.told = Some(Instant::now());
        }
        Ok(())
    }

    fn end(self) -> Result {
        let Self { id, deltas, snapshots, moves, best, is_complete, .. } = self;
        if !is_complete {
            return Err(format!("{id}: the feed ended early, after {deltas} changes").into());
        }
        writeln!(
            std::io::stdout(),
            "{id:<7} {deltas} changes, {snapshots} snapshots, {moves} moves: {best}"
        )?;
        Ok(())
    }
}
