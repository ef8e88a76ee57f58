//! What all consumers do.

use std::ops::ControlFlow;

use crate::Result;
use crate::lines::{Lines, Totals, kind};

/// One message, where it lies in the ring.
pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    pub(crate) bytes: &'a [u8],
    /// No other one is there yet: a good moment to flush.
    pub(crate) is_last: bool,
}

/// Hands every message to `take` until the end of the stream, and sees that none was missing.
pub(crate) fn receive(
    channel: &str,
    id: &str,
    mut take: impl FnMut(Message<'_>) -> Result,
) -> Result<Totals> {
    let mut lines = Lines::attach(channel, id)?;
    let (mut got, mut promised) = (Totals::default(), None);
    loop {
        let mut outcome = Ok(());
        let received = lines.drain_while(|bytes, meta| {
            got.add(meta.kind, bytes);
            if meta.kind == kind::END {
                promised = Totals::from_bytes(bytes);
            }
            outcome = take(Message { kind: meta.kind, bytes, is_last: meta.end_of_batch });
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        outcome?;
        match received {
            Ok(0) => break,
            Ok(_) => {}
            Err(died) => {
                // The first process was killed. Only for tidiness: the next `create` of any channel would do it.
                drop(lines);
                let _ = Lines::remove(channel);
                return Err(format!("{id}: {died}").into());
            }
        }
    }
    match promised {
        Some(promised) if promised == got => Ok(got),
        Some(promised) => Err(format!("{id}: received {got}, but {promised} were shipped").into()),
        None => Err(format!("{id}: the stream ended early, after {got}").into()),
    }
}
