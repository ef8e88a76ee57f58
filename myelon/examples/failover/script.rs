//! What is done to the others, in which order, and what has to be heard of it.

use std::fmt::Display;
use std::io::Write;

use myelon::AttachError;

use crate::cast::Cast;
use crate::desk::{END, PASS, word};
use crate::trade::Trades;
use crate::{Result, compare, journal};

const PRODUCER: &str = "producer";
const JOURNAL: &str = "journal";
const RISK: &str = "risk";
const DASH: &str = "dash";
const CONSUMERS: [&str; 3] = [JOURNAL, RISK, DASH];
/// Further than the ring reaches back.
const FAR: u64 = 3 * 4096;

pub(crate) fn run(rate: u64) -> Result {
    first_act(rate)?;
    second_act(rate)
}

fn first_act(rate: u64) -> Result {
    let mut cast = Cast::new("first", rate)?;
    tell("Act one: everybody fails once, and nothing is lost.\n")?;
    opening(&mut cast)?;
    journal_is_killed(&mut cast)?;
    risk_is_stopped(&mut cast)?;
    dash_is_stopped(&mut cast)?;
    producer_is_killed(&mut cast)?;
    closing(&mut cast)
}

/// What is published before anybody is there is not lost to those who are required.
fn opening(cast: &mut Cast) -> Result {
    cast.act("The producer starts, and nobody else.")?;
    cast.start(PRODUCER)?;
    cast.hear(PRODUCER, word::WAITS)?;
    cast.act("The others start.")?;
    for role in CONSUMERS {
        cast.start(role)?;
    }
    for role in CONSUMERS {
        let place = cast.hear(role, word::READY)?;
        if role != DASH && place != 0 {
            return Err(format!("the {role} begins with trade {place}, and not with the first one").into());
        }
    }
    cast.hear(PRODUCER, word::GOES_ON)?;
    Ok(())
}

fn journal_is_killed(cast: &mut Cast) -> Result {
    flow(cast, &CONSUMERS)?;
    cast.act("The journal is killed.")?;
    cast.kill(JOURNAL)?;
    cast.hear(PRODUCER, word::DIED)?;
    let full = cast.hear(PRODUCER, word::WAITS)?;
    cast.act("The journal starts again.")?;
    cast.start(JOURNAL)?;
    let place = cast.hear(JOURNAL, word::READY)?;
    cast.hear(PRODUCER, word::RESUMED)?;
    cast.hear(PRODUCER, word::GOES_ON)?;
    if place > full {
        return Err(format!("the journal resumed at {place}, but no more than {full} were published").into());
    }
    Ok(())
}

fn risk_is_stopped(cast: &mut Cast) -> Result {
    flow(cast, &CONSUMERS)?;
    cast.act("The risk check is stopped.")?;
    cast.stop(RISK)?;
    cast.hear(PRODUCER, word::STALLED)?;
    cast.act("How the channel is, as any process can ask:")?;
    show(Trades::health(cast.channel.as_str())?)?;
    cast.act("The risk check goes on, before its time is up.")?;
    cast.go_on(RISK)?;
    cast.hear(PRODUCER, word::RECOVERED)?;
    cast.hear(PRODUCER, word::GOES_ON)?;
    Ok(())
}

fn dash_is_stopped(cast: &mut Cast) -> Result {
    flow(cast, &CONSUMERS)?;
    cast.act("The dashboard is stopped.")?;
    cast.stop(DASH)?;
    let place = flow(cast, &[PRODUCER, JOURNAL, RISK])?;
    cast.act(format_args!("Nobody cares: the others are past trade {place}. The dashboard goes on."))?;
    cast.go_on(DASH)?;
    let missed = cast.hear(DASH, word::LAGGED)?;
    if missed == 0 || missed > place {
        return Err(format!("the dashboard cannot have missed {missed} of {place} trades").into());
    }
    Ok(())
}

fn producer_is_killed(cast: &mut Cast) -> Result {
    flow(cast, &CONSUMERS)?;
    cast.act("The producer is killed.")?;
    cast.kill(PRODUCER)?;
    let mut places = Vec::new();
    for role in CONSUMERS {
        places.push((role, cast.hear(role, word::ORPHANED)?));
    }
    cast.act("Another producer starts.")?;
    cast.start(PRODUCER)?;
    let next = cast.hear(PRODUCER, word::READY)?;
    for (role, place) in places {
        // One who is lossy may have missed the last ones.
        if place != next && (role != DASH || place > next) {
            return Err(
                format!("the stream goes on with trade {next}, but the {role} waits for {place}").into()
            );
        }
    }
    flow(cast, &CONSUMERS)?;
    Ok(())
}

fn closing(cast: &mut Cast) -> Result {
    cast.act(
        "The last records of the channel, as any process can read them, also after all have died (UTC):",
    )?;
    show(Trades::history(cast.channel.as_str())?)?;
    cast.act("The producer is asked to end.")?;
    cast.order(PRODUCER, END)?;
    let published = cast.hear(PRODUCER, word::ENDED)?;
    for role in CONSUMERS {
        cast.hear(role, word::ENDED)?;
    }
    curtain(cast, published)
}

/// One that stalls for longer than its policy bears ends the stream, and all are told who and why.
fn second_act(rate: u64) -> Result {
    let mut cast = Cast::new("second", rate)?;
    tell("\nAct two: the risk check stalls, and its time runs out.\n")?;
    cast.act("All start.")?;
    cast.start(PRODUCER)?;
    cast.hear(PRODUCER, word::READY)?;
    for role in CONSUMERS {
        cast.start(role)?;
    }
    for role in CONSUMERS {
        cast.hear(role, word::READY)?;
    }
    flow(&mut cast, &CONSUMERS)?;
    cast.act("The risk check is stopped.")?;
    cast.stop(RISK)?;
    cast.hear(PRODUCER, word::STALLED)?;
    let published = cast.hear(PRODUCER, word::LOST)?;
    for role in [JOURNAL, DASH] {
        cast.hear(role, word::LOST)?;
    }
    cast.act("The risk check goes on, too late.")?;
    cast.go_on(RISK)?;
    cast.hear(RISK, word::LOST)?;
    curtain(&mut cast, published)
}

/// Lets the stream flow, until all of these are past what fits the ring. Returns where that is.
fn flow(cast: &mut Cast, roles: &[&str]) -> Result<u64> {
    let place = Trades::health(cast.channel.as_str())?.snapshot.producer.published + FAR;
    for role in roles {
        cast.order(role, format_args!("{PASS} {place}"))?;
    }
    for role in roles {
        cast.hear(role, word::PASSED)?;
    }
    Ok(place)
}

/// All leave, and what the journal wrote is compared with what was published.
fn curtain(cast: &mut Cast, published: u64) -> Result {
    for role in [PRODUCER, JOURNAL, RISK, DASH] {
        cast.await_end(role)?;
    }
    compare::check(&journal::path(&cast.folder, &cast.channel), published)?;
    cast.act(format_args!("The journal's file has all {published} trades that were published, in order."))?;
    match Trades::health(cast.channel.as_str()) {
        Err(AttachError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Err("all have left, and the channel is still there".into()),
    }
}

fn tell(text: &str) -> Result {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// Prints what the library tells about the channel, indented.
fn show(what: impl Display) -> Result {
    for line in what.to_string().lines() {
        tell(&format!("                {line}"))?;
    }
    Ok(())
}
