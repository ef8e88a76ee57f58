//! `#[derive(RingEvent)]`: parse, check, model, expand.

mod check;
mod expand;
mod model;
mod parse;
mod repr;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diag::Errors;

/// The whole derive.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let ast = parse::parse(input, &mut errors);
    check::check(&ast, &mut errors);
    let event = model::Event::of(&ast, errors.is_empty());
    let mut tokens = errors.into_tokens();
    tokens.extend(expand::expand(&event));
    tokens
}
