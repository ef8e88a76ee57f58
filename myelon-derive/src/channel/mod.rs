//! `#[myelon::channel(..)]`: parse the options and the item, check, model, expand.

mod args;
mod check;
mod docs;
mod expand;
mod item;
mod model;
mod options;

use proc_macro2::TokenStream;

use crate::diag::Errors;

/// The whole attribute.
pub(crate) fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(args, &mut errors);
    let options = options::Options::of(&args, &mut errors);
    let Some(item) = item::Item::parse(item.clone(), &mut errors) else {
        // Not a type: there is no marker to put in its place.
        let mut tokens = errors.into_tokens();
        tokens.extend(item);
        return tokens;
    };
    check::check(&item, &mut errors);
    let channel = model::Channel::of(&item, &options);
    let mut tokens = errors.into_tokens();
    tokens.extend(expand::expand(&channel));
    tokens
}
