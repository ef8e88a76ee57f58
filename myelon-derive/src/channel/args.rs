//! `key = value, key(..), key` into pieces with their spans. A piece that makes no sense does not spoil the next one.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::diag::Errors;

/// One option, as it was written.
pub(crate) struct Arg {
    pub(crate) key: Ident,
    pub(crate) given: Given,
}

/// What follows the name of an option.
pub(crate) enum Given {
    /// `key`
    Nothing,
    /// `key = value`; the value may be empty.
    Value(TokenStream),
    /// `key(list)`
    List(Group),
}

/// All options, as they were written.
pub(crate) struct Args {
    pub(crate) args: Vec<Arg>,
    /// Some piece made no sense, so that nobody knows what is missing.
    pub(crate) broken: bool,
}

impl Arg {
    /// What follows the `=`.
    pub(crate) fn value(&self) -> Option<&TokenStream> {
        match &self.given {
            Given::Value(value) => Some(value),
            Given::Nothing | Given::List(_) => None,
        }
    }
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let (mut args, mut broken) = (Vec::new(), false);
        for piece in pieces(tokens) {
            match piece {
                Ok(arg) => args.push(arg),
                Err(piece) => {
                    errors.on(&piece, explain(&piece));
                    broken = true;
                }
            }
        }
        Self { args, broken }
    }
}

fn explain(piece: &TokenStream) -> String {
    let mut tokens = piece.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(number)), None) => {
            format!("write which option this is: `capacity = {number}`")
        }
        _ => "expected an option: `name = value`, for example `capacity = 65_536`".to_owned(),
    }
}

/// Splits at commas outside brackets. What has not the form of an option comes back as it is.
pub(crate) fn pieces(tokens: TokenStream) -> Vec<Result<Arg, TokenStream>> {
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
    pieces.into_iter().map(one).collect()
}

fn one(piece: Vec<TokenTree>) -> Result<Arg, TokenStream> {
    let (key, given) = match piece.as_slice() {
        [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
            (key, Given::Value(value.iter().cloned().collect()))
        }
        [TokenTree::Ident(key)] => (key, Given::Nothing),
        [TokenTree::Ident(key), TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            (key, Given::List(group.clone()))
        }
        _ => return Err(piece.into_iter().collect()),
    };
    Ok(Arg { key: key.clone(), given })
}
