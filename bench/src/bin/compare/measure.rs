//! What the producer and the consumers do in each mode.

use std::hint::black_box;

use crate::allocations::allocations;
use crate::clock::{processor_time, ticks};
use crate::control::MOST_CONSUMERS;
use crate::side::{Context, Figures};
use crate::subject::{Ends, Rx, Tx};
use crate::task::Mode;
use myelon_bench::channel::CAPACITY;

/// Events in a batch.
const BATCH: u64 = 64;
/// So many round trips first, which are not counted: twice around the ring, so that every line of it is where it
/// will be.
const WARM_UP: u64 = 2 * CAPACITY;
/// How long a consumer waits in vain, nanoseconds.
const IDLE: f64 = 2e9;
/// Between two events for a consumer that is to have parked, nanoseconds.
const GAP: f64 = 2e6;

const PING: &str = "ping";
const PONG: &str = "pong";

pub(crate) fn produce<E: Ends>(mut context: Context) -> Figures {
    let mut tx = E::create(&context.place, PING);
    Context::step();
    tx.ready();
    let mut back = context.task.mode.is_there_and_back().then(|| E::attach(&context.place, PONG, 0));
    if context.task.mode == Mode::MessageMemory {
        // All before the first is received: then the driver looks how much memory that takes.
        publish(&mut tx, context.task.count);
    }
    Context::step();
    context.control.meet();
    let mut figures = vec![];
    if let Some(line) = context.control.line() {
        figures.push(("line", context.rate.nanoseconds(line)));
    }
    context.control.meet();
    let count = context.task.count;
    match context.task.mode {
        Mode::RoundTrip | Mode::MessageRoundTrip => {
            let back = back.as_mut().expect("the way back");
            figures.extend(round_trips(&context, &mut tx, back));
        }
        Mode::Stream
        | Mode::Consumers
        | Mode::Required
        | Mode::MessageStream
        | Mode::MessageBulk
        | Mode::MessageRequired => {
            context.control.begin(ticks());
            publish(&mut tx, count);
        }
        Mode::MessageRkyv => {
            context.control.begin(ticks());
            let before = allocations();
            publish(&mut tx, count);
            figures.push(("allocations_tx", (allocations() - before) as f64 / count as f64));
        }
        Mode::Batch => {
            context.control.begin(ticks());
            for batch in 0..count / BATCH {
                tx.publish_batch(batch * BATCH, BATCH);
            }
        }
        Mode::Rate => paced(&context, &mut tx),
        Mode::Idle => rarely(&context, &mut tx),
        Mode::Size | Mode::MessageMemory => {}
    }
    // Nobody leaves while another still reads.
    context.control.meet();
    if let Some(line) = context.control.line() {
        figures.push(("line_after", context.rate.nanoseconds(line)));
    }
    figures
}

fn publish<T: Tx>(tx: &mut T, count: u64) {
    for sequence in 0..count {
        tx.publish(sequence);
    }
}

fn round_trips<T: Tx, R: Rx>(context: &Context, tx: &mut T, back: &mut R) -> Figures {
    let mut times = Vec::with_capacity(context.task.count as usize);
    let mut wrong = 0;
    let mut before = ticks();
    for sequence in 0..WARM_UP + context.task.count {
        tx.publish(sequence);
        wrong |= back.recv(sequence);
        let now = ticks();
        if sequence >= WARM_UP {
            times.push(now - before);
        }
        before = now;
    }
    check(wrong);
    percentiles(context, times, "p50", "p99")
}

/// Publishes at a fixed rate; one that is late does not wait for the next.
fn paced<T: Tx>(context: &Context, tx: &mut T) {
    let first = ticks() + context.rate.ticks(1e6);
    context.control.begin(first);
    for sequence in 0..context.task.count {
        let due = due(context, first, sequence);
        while ticks() < due {}
        tx.publish(sequence);
    }
}

fn due(context: &Context, first: u64, sequence: u64) -> u64 {
    first + context.rate.ticks(sequence as f64 * 1e9 / context.task.variant as f64)
}

/// Lets the consumer wait in vain, and then publishes so rarely that it has to be woken.
fn rarely<T: Tx>(context: &Context, tx: &mut T) {
    let mut next = ticks() + context.rate.ticks(IDLE);
    for sequence in 0..=context.task.count {
        while ticks() < next {
            std::hint::spin_loop();
        }
        context.control.send(ticks());
        tx.publish(sequence);
        next = ticks() + context.rate.ticks(GAP);
    }
}

pub(crate) fn consume<E: Ends>(mut context: Context) -> Figures {
    let mut rx = E::attach(&context.place, PING, context.me - 1);
    // As many as may attach, for the size of what they need.
    let more = if context.task.mode == Mode::Size { MOST_CONSUMERS } else { 0 };
    let others: Vec<_> = (1..more).map(|index| E::attach(&context.place, PING, index)).collect();
    let mut back = context.task.mode.is_there_and_back().then(|| E::create(&context.place, PONG));
    Context::step();
    if let Some(back) = &mut back {
        back.ready();
    }
    context.control.meet();
    context.control.line();
    context.control.meet();
    let count = context.task.count;
    let figures = match context.task.mode {
        Mode::RoundTrip | Mode::MessageRoundTrip => {
            let back = back.as_mut().expect("the way back");
            let mut wrong = 0;
            for sequence in 0..WARM_UP + count {
                wrong |= rx.recv(sequence);
                back.publish(sequence);
            }
            check(wrong);
            vec![]
        }
        Mode::Stream | Mode::Consumers | Mode::Required => {
            let ended = receive(&mut rx, count);
            vec![rate(&context, ended, count)]
        }
        Mode::MessageStream | Mode::MessageBulk | Mode::MessageRequired => {
            let ended = receive(&mut rx, count);
            let (name, million) = rate(&context, ended, count);
            vec![(name, million), ("bytes", million * context.task.size as f64 / 1000.0)]
        }
        Mode::MessageRkyv => {
            let before = allocations();
            let ended = receive(&mut rx, count);
            let allocated = (allocations() - before) as f64 / count as f64;
            vec![rate(&context, ended, count), ("allocations_rx", allocated)]
        }
        Mode::MessageMemory => {
            receive(&mut rx, count);
            vec![]
        }
        Mode::Batch => {
            let count = count / BATCH * BATCH;
            let ended = receive(&mut rx, count);
            vec![rate(&context, ended, count)]
        }
        Mode::Rate => {
            let mut times = Vec::with_capacity(count as usize);
            let (mut wrong, mut first) = (0, 0);
            for sequence in 0..count {
                wrong |= rx.recv(sequence);
                if sequence == 0 {
                    first = context.control.began();
                }
                times.push(ticks().saturating_sub(due(&context, first, sequence)));
            }
            check(wrong);
            percentiles(&context, times, "p50", "p99")
        }
        Mode::Idle => idle(&context, &mut rx),
        Mode::Size => vec![],
    };
    context.control.meet();
    context.control.line();
    black_box(others);
    figures
}

/// Receives so many, and tells when the last one was there.
fn receive<R: Rx>(rx: &mut R, count: u64) -> u64 {
    let (mut next, mut wrong) = (0, 0);
    while next < count {
        next += rx.drain(next, &mut wrong);
    }
    let ended = ticks();
    check(wrong);
    ended
}

/// Million a second, since the producer began.
fn rate(context: &Context, ended: u64, count: u64) -> (&'static str, f64) {
    let elapsed = context.rate.nanoseconds(ended - context.control.began());
    ("rate", count as f64 / elapsed * 1000.0)
}

fn idle<R: Rx>(context: &Context, rx: &mut R) -> Figures {
    let (began, used) = (ticks(), processor_time());
    check(rx.recv_idle(0));
    let elapsed = context.rate.nanoseconds(ticks() - began);
    let busy = (processor_time() - used) as f64 / elapsed * 100.0;
    let mut times = vec![];
    for sequence in 1..=context.task.count {
        check(rx.recv_idle(sequence));
        times.push(ticks().saturating_sub(context.control.sent()));
    }
    let mut figures = percentiles(context, times, "wake_p50", "wake_p99");
    figures.push(("cpu", busy));
    figures
}

fn percentiles(context: &Context, mut times: Vec<u64>, half: &'static str, most: &'static str) -> Figures {
    times.sort_unstable();
    let at = |part: f64| context.rate.nanoseconds(times[((times.len() - 1) as f64 * part) as usize]);
    vec![(half, at(0.5)), (most, at(0.99))]
}

fn check(wrong: u64) {
    assert_eq!(wrong, 0, "what was received is not what was sent");
}
