//! The macros of myelon.
#![forbid(unsafe_code)]

mod diag;
mod event;
mod path;
mod types;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a type a ring event.
#[proc_macro_derive(RingEvent, attributes(myelon))]
pub fn derive_ring_event(input: TokenStream) -> TokenStream {
    event::derive(&parse_macro_input!(input as DeriveInput)).into()
}
/// x
#[proc_macro_attribute]
pub fn channel(_: TokenStream, item: TokenStream) -> TokenStream { item }
