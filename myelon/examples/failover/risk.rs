//! The risk check, a required consumer: adds up what each account holds, and sees that no trade is missing.

use std::collections::BTreeMap;

use crate::Result;
use crate::desk::{Desk, LOOK_UP, say, word};
use crate::follow::{close, follow};
use crate::trade::{Trade, Trades};

pub(crate) fn run(desk: &Desk, channel: &str) -> Result {
    let mut trades = Trades::attach_risk(channel)?;
    let mut next = trades.sequence();
    say(word::READY, next, format_args!("begins with trade {next}"))?;

    let (mut held, mut most) = (BTreeMap::<u32, i64>::new(), (0, 0));
    let end = follow(desk, || {
        let mut wrong = None;
        let received = trades.drain_timeout(
            |trade, meta| {
                if meta.sequence != next || *trade != Trade::of(next) {
                    wrong.get_or_insert(meta.sequence);
                }
                next = meta.sequence + 1;
                let holds = held.entry(trade.account).or_default();
                *holds += i64::from(trade.quantity);
                most = most.max((holds.abs(), trade.account));
            },
            LOOK_UP,
        )?;
        if let Some(place) = wrong {
            return Err(format!("what came as trade {place} is another one").into());
        }
        Ok((received > 0).then_some(next))
    })?;
    let (most, account) = most;
    close(
        end,
        next,
        format_args!("saw all {next} trades; the most that was at risk is {most}, of account {account}"),
    )
}
