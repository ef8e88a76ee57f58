//! Which type can travel as a message in which format, as far as its words tell.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use super::format::{Chosen, Format, Key, Place};
use super::item::{bare, is_bytes, is_slice, is_str};
use crate::types::{self, Refusal};

/// What is said of data of variable length where an event is expected, on a variant.
const ON_VARIANT: &str = "or say how this kind of message is written: `#[codec(postcard)]`, `#[zero_copy(rkyv)]`, or \
                          `Note([u8])` for bytes";

/// The format in which messages of `ty` travel, or what is wrong.
pub(crate) fn format(ty: &Type, chosen: Option<&Chosen>, place: Place) -> Result<Format, Refusal> {
    let refuse = |text: String| Err(Refusal::of(ty, text));
    let Some(chosen) = chosen else { return without_word(ty, place) };
    if is_bytes(ty) {
        return match chosen.format {
            Format::Bytes => Ok(Format::Bytes),
            _ => Err(Refusal::of(
                &chosen.word,
                "framed bytes take no codec: `[u8]` is published and read as it is; remove it".to_owned(),
            )),
        };
    }
    let written = chosen.written(place);
    match &chosen.format {
        Format::Bytes => {
            return refuse(format!("{written} is the format of `[u8]`; write that, or another format"));
        }
        Format::Pod => return pod(ty, &written),
        Format::Flatbuffers if !has_elided_lifetime(ty) => {
            return refuse(
                "a table of flatbuffers borrows the message; write its type with the lifetime: `Monster<'_>`"
                    .to_owned(),
            );
        }
        Format::Flatbuffers => return Ok(Format::Flatbuffers),
        Format::ZeroCopy(_) => {}
        _ if is_str(ty) => return refuse(format!("a message of {written} has a size; write `String`")),
        _ if is_slice(ty) => {
            return refuse(format!("a message of {written} has a size; write `Vec<..>` of its elements"));
        }
        _ => {}
    }
    match borrowed(ty.to_token_stream()) {
        Some(borrowed) => Err(Refusal::of(
            borrowed,
            "a message owns what it holds, so its type has no references and no lifetimes; write the owned type, such \
             as `String` or `Vec<u8>`"
                .to_owned(),
        )),
        None => Ok(chosen.format.clone()),
    }
}

fn without_word(ty: &Type, place: Place) -> Result<Format, Refusal> {
    if is_bytes(ty) {
        return Ok(Format::Bytes);
    }
    if is_str(ty) {
        return Err(Refusal::of(
            ty,
            "text travels as bytes: write `[u8]`, publish `text.as_bytes()`".to_owned(),
        ));
    }
    if let Type::Slice(slice) = bare(ty) {
        let element = slice.elem.to_token_stream();
        return Err(Refusal::of(
            ty,
            format!(
                "slices need a word on how they travel; if `{element}` is a ring event, it is {}",
                place.example(Key::Codec, "pod")
            ),
        ));
    }
    match types::refusal(ty, ON_VARIANT) {
        Some(refusal) => Err(refusal),
        None => Ok(Format::Event),
    }
}

fn pod(ty: &Type, written: &str) -> Result<Format, Refusal> {
    match bare(ty) {
        Type::Slice(slice) => match types::refusal(&slice.elem, types::LATER) {
            Some(refusal) => Err(refusal),
            None => Ok(Format::Pod),
        },
        Type::Array(array) => Err(Refusal::of(
            ty,
            format!(
                "{written} carries slices of any length: write `[{}]`, without the number",
                array.elem.to_token_stream()
            ),
        )),
        _ => Err(Refusal::of(
            ty,
            format!(
                "{written} carries slices of a ring event, of any length: write `[{}]`",
                ty.to_token_stream()
            ),
        )),
    }
}

/// Whether `'_` stands somewhere in it.
fn has_elided_lifetime(ty: &Type) -> bool {
    lifetimes(ty.to_token_stream()).iter().any(|lifetime| lifetime.to_string() == "'_")
}

/// The first reference or lifetime in it; `'static` borrows from nobody who matters here.
fn borrowed(tokens: TokenStream) -> Option<TokenStream> {
    let reference = tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Punct(punct) if punct.as_char() == '&' => Some(punct.to_token_stream()),
        // A constant is no type.
        TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => borrowed(group.stream()),
        _ => None,
    });
    reference.or_else(|| {
        lifetimes(tokens)
            .into_iter()
            .find(|lifetime| lifetime.ident != "static")
            .map(ToTokens::into_token_stream)
    })
}

fn lifetimes(tokens: TokenStream) -> Vec<syn::Lifetime> {
    let mut found = Vec::new();
    let mut before = None;
    for token in tokens {
        match &token {
            TokenTree::Ident(ident) => {
                if let Some(TokenTree::Punct(punct)) = &before {
                    if punct.as_char() == '\'' {
                        let mut lifetime = syn::Lifetime::new("'_", punct.span());
                        lifetime.ident = ident.clone();
                        found.push(lifetime);
                    }
                }
            }
            TokenTree::Group(group) => found.extend(lifetimes(group.stream())),
            _ => {}
        }
        before = Some(token);
    }
    found
}
