//! Every bit of every header, extension, anchor and cursor that a consumer is about to read, flipped while it reads: it gets
//! an error, or messages that lie where messages may lie; never a panic, a read outside of the ring, or more memory than the
//! longest message takes. That the bytes and numbers of messages are those that were written is not promised then, nor that
//! who attaches begins where a record does: an anchor is believed if there may be a record.

use core::ops::Range;

use super::{Site, payload};
use crate::consumer::{RecvError, TryRecvError};
use crate::message::producer::{Plan, Slot};
use crate::message::{Frames, MessageConsumer, MessageLossyConsumer, MessageMeta, MessageProducer};
use crate::producer::TryPublishError;
use crate::ring::Start;
use crate::ring::records::ANCHORS;
use crate::sync::{AtomicU64, Ordering};
use crate::wait::patience::Now;

type Tx = Box<MessageProducer<Frames>>;
type Rx = Box<MessageConsumer<Frames>>;
type Lossy = MessageLossyConsumer<Frames>;

const RING: usize = 1024;
/// Of these consumers.
const MAX_MESSAGE: u64 = 2000;

/// What is in the ring before a bit of it flips.
#[derive(Debug, Clone, Copy)]
struct Scene {
    timestamps: bool,
    /// Empty messages that were published and received before.
    empties: u64,
}

const SCENES: [Scene; 3] = [
    Scene { timestamps: false, empties: 0 },
    Scene { timestamps: true, empties: 9 },
    // Across the end of the ring.
    Scene { timestamps: false, empties: 40 },
];

impl Scene {
    /// Whole messages, one with something in front, fragments, and padding.
    fn fill(self, site: &Site) -> (Tx, Rx) {
        let mut tx = site.create(RING as u64);
        tx.timestamps = self.timestamps;
        let mut rx = site.consumer("r").start(Start::Oldest).max_message(MAX_MESSAGE).build().unwrap();
        for _ in 0..self.empties {
            tx.publish(&[]).unwrap();
            drop(rx.recv().unwrap());
        }
        for len in [5, 33] {
            tx.publish(&payload(len, len as usize)).unwrap();
        }
        let extended = tx.extended();
        let slot: Result<Slot, TryPublishError> = tx.open(100, extended, &mut Now);
        tx.seal(slot.unwrap(), 37, 63, Plan::whole(3));
        tx.flush();
        for len in [400, 0, 1] {
            tx.publish(&payload(len, len as usize)).unwrap();
        }
        (tx, rx)
    }

    /// One who begins with the same.
    fn glance(self, site: &Site) -> Lossy {
        let start = Start::At(self.empties);
        *site.lossy().start(start).max_message(MAX_MESSAGE).build().unwrap()
    }

    /// Where the records begin that the consumer has before it.
    fn headers(self) -> Vec<u64> {
        let site = Site::new();
        let (tx, rx) = self.fill(&site);
        let ring = tx.core.publisher.ring();
        let mut at = rx.core.reader.next();
        let mut headers = Vec::new();
        while at < tx.core.publisher.next() {
            headers.push(at);
            at += ring.header(at).units();
        }
        headers
    }
}

/// A word of the ring, as the producer can write it.
fn word(tx: &Tx, position: u64, word: usize) -> &AtomicU64 {
    let unit = tx.core.publisher.ring().bytes(position).cast::<AtomicU64>();
    // SAFETY: a unit has two words.
    let at = unsafe { unit.add(word) };
    // SAFETY: in the ring, aligned, and mapped as long as the producer is there.
    unsafe { at.as_ref() }
}

fn flip(word: &AtomicU64, bit: u32) {
    word.store(word.load(Ordering::Relaxed) ^ (1 << bit), Ordering::Relaxed);
}

/// Whether the bytes of a message lie where they may.
fn check(ring: &Range<usize>, bytes: &[u8], meta: MessageMeta) {
    let at = bytes.as_ptr().addr();
    if meta.reassembled {
        assert!(bytes.len() as u64 <= MAX_MESSAGE);
    } else {
        assert!(at >= ring.start && at + bytes.len() <= ring.end, "a message outside of the ring");
    }
}

/// One receive, in one of four forms.
fn receive(rx: &mut Rx, form: usize) -> Result<(), TryRecvError> {
    let start = rx.core.reader.ring().bytes(0).as_ptr().addr();
    let ring = start..start + RING;
    match form {
        0 => {
            let lease = rx.try_recv()?.unwrap();
            check(&ring, &lease, lease.meta());
        }
        1 => assert_ne!(rx.try_drain(|bytes, meta| check(&ring, bytes, meta))?, 0),
        2 => {
            let mut batch = rx.try_batch()?.unwrap();
            let mut left = batch.len();
            while let Some((bytes, meta)) = batch.next_with_meta() {
                check(&ring, bytes, meta);
                left -= 1;
            }
            assert_eq!(left, 0);
        }
        _ => {
            assert!(rx.try_wait()?);
            let lease = rx.try_recv()?.unwrap();
            check(&ring, &lease, lease.meta());
        }
    }
    Ok(())
}

/// Receives until nothing is left or the stream cannot go on.
fn receive_all(rx: &mut Rx, form: usize) {
    // Nothing smaller than a unit is passed by one receive.
    for _ in 0..RING {
        let outcome = receive(rx, form);
        assert!(rx.memory() as u64 <= MAX_MESSAGE);
        rx.lag();
        assert!(rx.free_bytes() <= RING as u64);
        match outcome {
            Ok(()) | Err(TryRecvError::Failed(RecvError::Incomplete { .. } | RecvError::TooLong { .. })) => {}
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Failed(RecvError::CorruptRecord { .. } | RecvError::Corrupt { .. })) => {
                // For good, but for what is left of a message that it began.
                match rx.try_recv().map(|lease| lease.map(|lease| lease.meta())) {
                    Err(TryRecvError::Failed(
                        RecvError::CorruptRecord { .. }
                        | RecvError::Corrupt { .. }
                        | RecvError::Incomplete { .. },
                    )) => return,
                    other => panic!("{other:?} after the stream was corrupt"),
                }
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("a stream without end");
}

/// The same for one who holds nothing up. It finds a way out where a consumer has none: once it is overtaken.
fn glance_all(rx: &mut Lossy, form: usize) {
    for _ in 0..RING {
        let outcome = if form % 2 == 0 {
            rx.try_recv().map(|message| assert!(message.unwrap().len() as u64 <= MAX_MESSAGE))
        } else {
            rx.try_drain(|bytes, _| assert!(bytes.len() as u64 <= MAX_MESSAGE)).map(|_| ())
        };
        assert!(rx.glances().memory() as u64 <= MAX_MESSAGE);
        rx.lag();
        rx.sequence();
        match outcome {
            Ok(())
            | Err(TryRecvError::Failed(
                RecvError::Incomplete { .. } | RecvError::TooLong { .. } | RecvError::Lagged { .. },
            )) => {}
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Failed(RecvError::CorruptRecord { .. } | RecvError::Corrupt { .. })) => {
                let again = rx.try_recv().map(|message| message.map(|message| message.meta()));
                if let Err(TryRecvError::Failed(
                    RecvError::CorruptRecord { .. }
                    | RecvError::Corrupt { .. }
                    | RecvError::Incomplete { .. },
                )) = again
                {
                    return;
                }
                // What it took for a number was none, and it goes on with the right one.
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("a stream without end");
}

/// Everybody goes on with what the ring is now: the consumer, those who attach, and the next producer.
fn go_on(site: &Site, mut tx: Tx, mut rx: Rx, mut glances: Lossy, number: u64, form: usize) {
    glance_all(&mut glances, form);
    receive_all(&mut rx, form);
    for start in [Start::Oldest, Start::At(number), Start::Latest] {
        glance_all(&mut site.lossy().start(start).max_message(MAX_MESSAGE).build().unwrap(), form);
    }
    for start in [Start::Oldest, Start::At(number), Start::Latest] {
        if let Ok(mut rx) = site.consumer("late").start(start).max_message(MAX_MESSAGE).build() {
            receive_all(&mut rx, form);
        }
    }
    tx.is_consumed(number);
    assert!(tx.free_bytes() <= RING as u64);
    tx.lag();
    tx.into_shared().detach();
    if let Ok(mut tx) = site.producer().capacity(RING as u64).build() {
        let _ = tx.try_publish(&[1; 100]);
        receive_all(&mut rx, form);
        glance_all(&mut glances, form);
    }
}

#[test]
fn every_bit_of_every_header_and_extension() {
    for scene in SCENES {
        let headers = scene.headers();
        assert!(headers.len() >= 8);
        for (index, header) in headers.iter().enumerate() {
            for unit in 0..2 {
                for bit in 0..128_u32 {
                    let site = Site::new();
                    let (tx, mut rx) = scene.fill(&site);
                    let mut glances = scene.glance(&site);
                    for _ in 0..bit as usize / 4 % 4 {
                        drop(rx.try_recv().unwrap());
                        let _ = glances.try_recv();
                    }
                    flip(word(&tx, header + unit, bit as usize / 64), bit % 64);
                    go_on(&site, tx, rx, glances, scene.empties + 2, (bit as usize + index) % 4);
                }
            }
        }
    }
}

#[test]
fn every_bit_of_the_published_cursor_and_of_the_anchors() {
    let scene = Scene { timestamps: false, empties: 20 };
    for bit in 0..64 {
        for victim in 0..=ANCHORS {
            for read in [0, 3] {
                let site = Site::new();
                let (tx, mut rx) = scene.fill(&site);
                let mut glances = scene.glance(&site);
                for _ in 0..read {
                    drop(rx.try_recv().unwrap());
                    let _ = glances.try_recv();
                }
                let ring = *tx.core.publisher.ring();
                let word = if victim == ANCHORS { ring.published() } else { ring.anchor(victim as u64) };
                flip(word, bit);
                go_on(&site, tx, rx, glances, scene.empties + 2, bit as usize % 4);
            }
        }
    }
}
