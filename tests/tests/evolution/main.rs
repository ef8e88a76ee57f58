//! Channels of several kinds between programs that were compiled on their own, of which one knows more kinds.

mod grown;
mod refused;
mod taken_over;

use myelon_tests::Peer;
use myelon_tests::messages::feed::lane_of;

/// A helper that knows more kinds than all the others.
fn newer() -> Peer {
    Peer::spawn_as("myelon-test-evolved")
}

/// How many there are of each kind among these messages, as a helper tells it, if the producer knows so many kinds.
fn kinds(messages: core::ops::Range<u64>, lanes: u64) -> String {
    let count = |kind: u16| messages.clone().filter(|at| lane_of(*at, lanes) == kind).count();
    let counts = (0..lanes as u16).map(|kind| (kind, count(kind))).filter(|(_, count)| *count > 0);
    counts.map(|(kind, count)| format!("{kind}:{count}")).collect::<Vec<_>>().join(",")
}
