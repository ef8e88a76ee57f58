//! The macros of myelon.
#![forbid(unsafe_code)]

mod attributes;
mod channel;
mod diag;
mod event;
mod path;
mod spans;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a type a ring event.
#[proc_macro_derive(RingEvent, attributes(myelon))]
pub fn derive_ring_event(input: TokenStream) -> TokenStream {
    event::derive(&parse_macro_input!(input as DeriveInput)).into()
}
/// Declares a channel.
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}
