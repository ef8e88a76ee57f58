//! What may happen to a channel of messages, in random order.

use proptest::prelude::*;

use super::{CONSUMERS, UNIT};

/// A length, told by what it is near to, so that it means the same in rings of every size.
#[derive(Debug, Clone, Copy)]
pub(super) enum Len {
    Small(usize),
    Near(Edge, isize),
    /// Thousandths of the ring.
    Part(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Edge {
    Record,
    Records(usize),
    HalfRing,
    Ring,
}

impl Len {
    /// In a ring of so many bytes.
    pub(super) fn of(self, ring: usize) -> usize {
        let record = ring / 4 - 2 * UNIT;
        match self {
            Self::Small(len) => len,
            Self::Near(edge, by) => {
                let edge = match edge {
                    Edge::Record => record,
                    Edge::Records(count) => count * record,
                    Edge::HalfRing => ring / 2,
                    Edge::Ring => ring,
                };
                edge.saturating_add_signed(by)
            }
            Self::Part(part) => ring * part / 1000,
        }
    }

    /// The same, in one record.
    pub(super) fn in_record(self, ring: usize) -> usize {
        self.of(ring) % (ring / 4 - 2 * UNIT + 1)
    }
}

/// What the payload is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fill {
    Pattern(u64),
    /// Headers that a producer could write about now, one after the other.
    Headers(u64),
    /// What lies in the ring, from this unit on: old headers among it.
    Old(u64),
    /// Cursors and numbers.
    Words(u64),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Try,
    Kind(u16),
    With,
    WithPanic,
    Timeout,
}

#[derive(Debug, Clone)]
pub(super) enum Op {
    Publish(Form, Len, Fill),
    Slice(Vec<(Len, Fill)>),
    /// The second: at which message the closure panics.
    Batch(Vec<(Len, Fill)>, Option<usize>),
    /// Claims the first, commits the second.
    Claim(Len, Option<Len>, Fill),
    /// A slot of the first, in which what comes after the second is the message.
    Front(Len, Len, Fill),
    Succeed(How),
    Attach {
        who: usize,
        start: From,
        short: bool,
    },
    Receive(usize, Take),
    Drain(usize, Option<u64>),
    Batched(usize, usize),
    Wait(usize),
    Leave(usize, Exit),
    /// Leaves, and the next one with that id comes at once.
    Return(usize, Exit),
    Evict(usize),
}

/// How a producer is followed by the next.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Detach,
    Die,
    /// It had left an anchor, and written headers that it did not publish.
    DieWriting(u64),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    Default,
    Latest,
    Oldest,
    Resume,
    /// This many behind the next.
    Behind(u64),
    Ahead,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Take {
    Lease,
    Owned,
    /// Held while the producer fills the ring.
    Hold,
    Forget,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Exit {
    Close,
    Detach,
    Die,
    /// Between the two stores that give back what was received.
    DieSettling,
}

fn len() -> impl Strategy<Value = Len> {
    let edge = prop_oneof![
        4 => Just(Edge::Record),
        2 => (2..5_usize).prop_map(Edge::Records),
        1 => Just(Edge::HalfRing),
        1 => Just(Edge::Ring),
    ];
    prop_oneof![
        6 => (0..80_usize).prop_map(Len::Small),
        3 => (edge, -18..18_isize).prop_map(|(edge, by)| Len::Near(edge, by)),
        2 => (0..1200_usize).prop_map(Len::Part),
    ]
}

fn fill() -> impl Strategy<Value = Fill> {
    prop_oneof![
        any::<u64>().prop_map(Fill::Pattern),
        any::<u64>().prop_map(Fill::Headers),
        any::<u64>().prop_map(Fill::Old),
        any::<u64>().prop_map(Fill::Words),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        4 => Just(Form::Try),
        2 => any::<u16>().prop_map(Form::Kind),
        2 => Just(Form::With),
        1 => Just(Form::WithPanic),
        2 => Just(Form::Timeout),
    ]
}

fn from() -> impl Strategy<Value = From> {
    prop_oneof![
        4 => Just(From::Default),
        1 => Just(From::Latest),
        2 => Just(From::Oldest),
        1 => Just(From::Resume),
        3 => (0..40_u64).prop_map(From::Behind),
        1 => Just(From::Ahead),
    ]
}

fn take() -> impl Strategy<Value = Take> {
    prop_oneof![4 => Just(Take::Lease), 1 => Just(Take::Owned), 2 => Just(Take::Hold), 1 => Just(Take::Forget)]
}

pub(super) fn ops() -> impl Strategy<Value = Vec<Op>> {
    let who = 0..CONSUMERS;
    let several = || prop::collection::vec((len(), fill()), 0..8);
    let how = prop_oneof![Just(How::Detach), Just(How::Die), (0..100_u64).prop_map(How::DieWriting)];
    let stay = || prop_oneof![Just(Exit::Detach), Just(Exit::Die), Just(Exit::DieSettling)];
    let exit = prop_oneof![1 => Just(Exit::Close), 6 => stay()];
    let op = prop_oneof![
        12 => (form(), len(), fill()).prop_map(|(form, len, fill)| Op::Publish(form, len, fill)),
        // Most of these stop half-way.
        2 => (500..1500_usize, fill()).prop_map(|(part, fill)| Op::Publish(Form::Timeout, Len::Part(part), fill)),
        3 => several().prop_map(Op::Slice),
        2 => (several(), prop::option::of(0..8_usize)).prop_map(|(several, panic)| Op::Batch(several, panic)),
        3 => (len(), prop::option::of(len()), fill()).prop_map(|(max, len, fill)| Op::Claim(max, len, fill)),
        3 => (len(), len(), fill()).prop_map(|(slot, front, fill)| Op::Front(slot, front, fill)),
        2 => how.prop_map(Op::Succeed),
        6 => (who.clone(), from(), prop::bool::weighted(0.2))
            .prop_map(|(who, start, short)| Op::Attach { who, start, short }),
        16 => (who.clone(), take()).prop_map(|(who, take)| Op::Receive(who, take)),
        5 => (who.clone(), prop::option::of(1..5_u64)).prop_map(|(who, stop)| Op::Drain(who, stop)),
        5 => (who.clone(), 0..6_usize).prop_map(|(who, count)| Op::Batched(who, count)),
        2 => who.clone().prop_map(Op::Wait),
        3 => (who.clone(), exit).prop_map(|(who, exit)| Op::Leave(who, exit)),
        3 => (who.clone(), stay()).prop_map(|(who, exit)| Op::Return(who, exit)),
        1 => who.prop_map(Op::Evict),
    ];
    prop::collection::vec(op, 1..120)
}
