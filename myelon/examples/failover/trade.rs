//! The event, and the channel with the consumers that matter.

use myelon::RingEvent;

/// A trade that is made up. All of it follows from its number, which is its place in the stream: so whoever sees one knows
/// whether it is the right one, and a producer that takes over knows what to go on with.
#[derive(RingEvent, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Trade {
    pub(crate) number: u64,
    /// In hundredths.
    pub(crate) price: u64,
    pub(crate) account: u32,
    /// Sold, where it is below zero.
    pub(crate) quantity: i32,
}

/// All trades. Nothing goes on without the journal, for as long as it takes. The risk check may be away, but for a limited
/// time. Whoever looks at the dashboard gets what there is.
#[myelon::channel(
    capacity = 4096,
    consumers(
        journal(required),
        risk(required(
            startup = "10 s",
            stall = "300 ms",
            grace = "2 s",
            check = "5 ms",
            on_failure = shutdown,
            on_death = wait("10 s"),
        )),
        dash(lossy),
    ),
    declared_only,
)]
pub(crate) struct Trades(Trade);

impl Trade {
    /// Of one in the journal's file.
    pub(crate) const BYTES: usize = 24;
    const ACCOUNTS: u64 = 8;

    pub(crate) fn of(number: u64) -> Self {
        // Splitmix64.
        let mixed = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ mixed >> 31;
        Self {
            number,
            price: 9_000 + (mixed >> 32) % 2_000,
            account: (mixed % Self::ACCOUNTS) as u32,
            quantity: 100 - i32::from(mixed.to_le_bytes()[1]),
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let parts = self.number.to_le_bytes().into_iter().chain(self.price.to_le_bytes());
        let parts = parts.chain(self.account.to_le_bytes()).chain(self.quantity.to_le_bytes());
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        bytes
    }
}
