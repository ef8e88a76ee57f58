//! Channels of messages, between real processes, over every kind of location: bytes of any length, values in every
//! format, several kinds on one ring. What holds of events too is tested with them; here is what messages add.

mod back_pressure;
mod consumer_killed;
mod halt;
mod lengths;
mod looks;
mod mixes;
mod producer_killed;
mod several;
mod starts;
mod stopped;
mod waits;
mod wrap;
