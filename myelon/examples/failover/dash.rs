//! The dashboard, a lossy consumer: nobody waits for it, and it is told what it missed.

use crate::Result;
use crate::desk::{Desk, LOOK_UP, say, word};
use crate::follow::{close, follow};
use crate::trade::{Trade, Trades};

pub(crate) fn run(desk: &Desk, channel: &str) -> Result {
    let mut trades = Trades::attach_dash(channel)?;
    let start = trades.sequence();
    say(word::READY, start, format_args!("begins with trade {start}"))?;

    let (mut seen, mut next) = (0, start);
    let end = follow(desk, || {
        let mut wrong = None;
        let received = trades.drain_timeout(
            |trade, meta| {
                // There may be gaps, but what comes is whole, and in its place.
                if meta.sequence < next || trade != Trade::of(meta.sequence) {
                    wrong.get_or_insert(meta.sequence);
                }
                next = meta.sequence + 1;
            },
            LOOK_UP,
        )?;
        if let Some(place) = wrong {
            return Err(format!("what came as trade {place} is another one").into());
        }
        seen += received;
        Ok((received > 0).then_some(next))
    })?;
    let missed = trades.missed();
    if start + seen + missed != trades.sequence() {
        return Err(format!(
            "from {start} on it saw {seen} and missed {missed}, but is at {}",
            trades.sequence()
        )
        .into());
    }
    close(end, trades.sequence(), format_args!("saw {seen} trades since number {start}, and missed {missed}"))
}
