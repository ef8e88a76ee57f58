//! Collects errors, so that a person sees all of them at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The errors found so far. Must end in [`Errors::into_tokens`].
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// An error that underlines `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, text: impl core::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, text));
    }

    /// An error at `span`.
    pub(crate) fn at(&mut self, span: Span, text: impl core::fmt::Display) {
        self.0.push(syn::Error::new(span, text));
    }

    /// An error that `syn` made.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, as `compile_error!`s.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        std::mem::take(&mut self.0).into_iter().map(syn::Error::into_compile_error).collect()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(
            self.0.is_empty() || std::thread::panicking(),
            "errors were collected and not reported"
        );
    }
}

/// The option in `known` that `word` was most likely meant to be.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, inserted, removed or swapped with their neighbour to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let get = |row: &Vec<usize>, at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (get(&row, j) + 1).min(get(&above, j + 1) + 1).min(get(&above, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(get(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(a.len())
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_option() {
        let known = ["capacity", "optimize", "wait", "max_consumers", "version", "crate"];
        for (word, meant) in
            [("capcity", "capacity"), ("optimise", "optimize"), ("wiat", "wait"), ("cap", "")]
        {
            assert_eq!(nearest(word, known).unwrap_or(""), meant, "{word}");
        }
        assert_eq!(distance("wiat", "wait"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(one_of(["a"]), "`a`");
    }
}
