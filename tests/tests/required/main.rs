//! Required consumers, between real processes, over every kind of location, for events and messages: their places are kept
//! from the first event on, and what follows when one is missing, stalls or dies is what its policy says.

mod deaths;
mod places;
mod several;
mod stage;
mod stalls;
mod starts;
