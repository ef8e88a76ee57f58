//! Options that take one of a few words.

use proc_macro2::{Ident, TokenStream};
use syn::Lit;
use syn::ext::IdentExt;
use syn::parse::Parser;

use crate::diag::{nearest, one_of};

pub(crate) const WAITS: [&str; 4] = ["spin", "yield", "park", "adaptive"];
pub(crate) const OPTIMIZE: [&str; 2] = ["latency", "throughput"];
const TRUTH: [&str; 2] = ["true", "false"];

/// One of `words`.
pub(crate) fn word(value: &TokenStream, key: &str, words: &[&'static str]) -> syn::Result<&'static str> {
    let text = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(text)) if words.contains(&text.value().as_str()) => {
            return Err(syn::Error::new(
                text.span(),
                format!("write it without quotes: `{key} = {}`", text.value()),
            ));
        }
        Ok(Lit::Str(text)) => text.value(),
        _ => match Ident::parse_any.parse2(value.clone()) {
            Ok(ident) => ident.unraw().to_string(),
            Err(_) => value.to_string(),
        },
    };
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Ok(word);
    }
    let lower = text.to_lowercase();
    let all = one_of(words.iter().copied());
    Err(syn::Error::new_spanned(
        value,
        match nearest(&lower, words.iter().copied()) {
            Some(meant) => format!("`{text}` is no value of `{key}`; did you mean `{meant}`? It takes {all}"),
            None => format!("`{text}` is no value of `{key}`; it takes {all}"),
        },
    ))
}

/// `true` or `false`.
pub(crate) fn truth(value: &TokenStream, key: &str) -> syn::Result<bool> {
    word(value, key, &TRUTH).map(|word| word == "true")
}
