//! `#[myelon::channel(..)]`: parse the options and the item, check, model, expand.

mod args;
mod check;
mod consumers;
mod docs;
mod expand;
mod format;
mod item;
mod model;
mod options;
mod payload;
mod snake;
mod text;
mod values;
mod variants;

use proc_macro2::TokenStream;

use crate::diag::Errors;

/// The whole attribute.
pub(crate) fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::Args::parse(args, &mut errors);
    let parsed = item::Item::parse(item.clone());
    let carries = item::Carries::of(&args, parsed.as_ref().ok());
    let options = options::Options::of(&args, carries, &mut errors);
    match parsed {
        Ok(parsed) => {
            check::check(&parsed, carries, &options, &mut errors);
            let channel = model::Channel::of(&parsed, carries, &options);
            let mut tokens = errors.into_tokens();
            tokens.extend(expand::expand(&channel));
            tokens
        }
        Err(error) => {
            // Not a type: there is no marker to put in its place.
            errors.push(error);
            let mut tokens = errors.into_tokens();
            tokens.extend(item);
            tokens
        }
    }
}
