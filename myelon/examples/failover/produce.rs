//! The producer: publishes trades at a steady rate, and says who keeps it from it.

use std::time::{Duration, Instant};

use myelon::{Alert, AlertKind, PublishError, PublishTimeoutError};

use crate::Result;
use crate::desk::{Desk, LOOK_UP, say, word};
use crate::trade::{Trade, Trades, TradesConsumerId, TradesProducer};

/// How often to publish.
const STEPS_PER_SECOND: u64 = 1000;
/// After how long without room to say so.
const IMPATIENCE: Duration = Duration::from_millis(20);

pub(crate) fn run(desk: &Desk, channel: &str, rate: u64) -> Result {
    let mut trades = Trades::producer(channel).on_alert(tell).build()?;
    let start = trades.sequence();
    let how = if start == 0 { "opens the stream" } else { "takes the stream over" };
    say(word::READY, start, format_args!("{how}, and begins with trade {start}"))?;

    let lost = loop {
        if desk.is_alone() || desk.is_to_end() {
            break None;
        }
        let step = (0..rate.div_ceil(STEPS_PER_SECOND)).try_for_each(|_| publish(desk, &mut trades));
        // Required consumers are looked after while this waits for room; this asks for it at other times, too.
        let step = step.and_then(|()| Ok(trades.check_health()?));
        if let Err(error) = step {
            match *error.downcast::<PublishError>()? {
                lost @ PublishError::RequiredLost(_) => break Some(lost),
                other => return Err(other.into()),
            }
        }
        desk.is_at(trades.sequence())?;
        std::thread::park_timeout(Duration::from_secs(1) / STEPS_PER_SECOND as u32);
    };
    let published = trades.sequence();
    if let Some(lost) = lost {
        // The stream is closed already.
        return say(word::LOST, published, format_args!("{published} trades were published; {lost}"));
    }
    trades.close();
    say(word::ENDED, published, format_args!("closes the stream after {published} trades"))
}

/// Publishes the next trade; says so if that takes long.
fn publish(desk: &Desk, trades: &mut TradesProducer) -> Result {
    let place = trades.sequence();
    let trade = Trade::of(place);
    let began = Instant::now();
    let mut patience = IMPATIENCE;
    loop {
        match trades.publish_timeout(trade, patience) {
            Ok(_) if patience == IMPATIENCE => return Ok(()),
            Ok(_) => {
                let waited = began.elapsed().as_millis();
                return say(word::GOES_ON, place, format_args!("goes on; trade {place} waited {waited} ms"));
            }
            Err(PublishTimeoutError::TimedOut(blocker)) => {
                if let Some(blocker) = blocker.filter(|_| patience == IMPATIENCE) {
                    say(word::WAITS, place, format_args!("has no room for trade {place}: {blocker}"))?;
                }
                patience = LOOK_UP;
                if desk.is_alone() {
                    return Ok(());
                }
            }
            Err(PublishTimeoutError::Failed(error)) => return Err(error.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// What the library says about consumers that matter.
fn tell(alert: &Alert) {
    let word = match alert.kind {
        AlertKind::Died => word::DIED,
        AlertKind::Resumed => word::RESUMED,
        AlertKind::Stalled => word::STALLED,
        AlertKind::Recovered => word::RECOVERED,
        _ => word::EVICTED,
    };
    let matters = match alert.id.parse() {
        Ok(TradesConsumerId::Journal) => "nothing goes unrecorded, so this waits",
        Ok(TradesConsumerId::Risk) => "nothing goes unchecked, so this waits for a while",
        Ok(TradesConsumerId::Dash) | Err(_) => "nobody waits for it",
    };
    let bad = matches!(alert.kind, AlertKind::Died | AlertKind::Stalled);
    let matters = if bad { format!(" ({matters})") } else { String::new() };
    // Whether somebody hears it is not for this place to care.
    let _ = say(word, alert.lag, format_args!("alert: {alert}{matters}"));
}
