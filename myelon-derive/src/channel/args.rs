//! `key = value, ..` into pieces with their spans. A piece that makes no sense does not spoil the next one.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use crate::diag::Errors;

/// One option, as it was written.
pub(crate) struct Arg {
    pub(crate) key: Ident,
    /// What follows the `=`; `None` for `key` and `key(..)`.
    pub(crate) value: Option<TokenStream>,
}

/// All options, as they were written.
pub(crate) struct Args {
    pub(crate) args: Vec<Arg>,
    /// Some piece made no sense, so that nobody knows what is missing.
    pub(crate) broken: bool,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let (mut args, mut broken) = (Vec::new(), false);
        for piece in split(tokens) {
            match one(&piece) {
                Ok(arg) => args.push(arg),
                Err(error) => {
                    errors.push(error);
                    broken = true;
                }
            }
        }
        Self { args, broken }
    }
}

/// Splits at commas outside brackets.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut pieces = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => pieces.push(Vec::new()),
            _ => {
                if let Some(piece) = pieces.last_mut() {
                    piece.push(token);
                }
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn one(piece: &[TokenTree]) -> syn::Result<Arg> {
    match piece {
        [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
            Ok(Arg { key: key.clone(), value: Some(value.iter().cloned().collect()) })
        }
        [TokenTree::Ident(key)] => Ok(Arg { key: key.clone(), value: None }),
        [TokenTree::Ident(key), TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            Ok(Arg { key: key.clone(), value: None })
        }
        [TokenTree::Literal(number)] => {
            Err(syn::Error::new(number.span(), format!("write which option this is: `capacity = {number}`")))
        }
        [first, rest @ ..] => {
            let all: TokenStream = [first].into_iter().chain(rest).cloned().collect();
            Err(syn::Error::new_spanned(
                all,
                "expected an option: `name = value`, for example `capacity = 65_536`",
            ))
        }
        [] => Err(syn::Error::new(Span::call_site(), "expected an option")),
    }
}
