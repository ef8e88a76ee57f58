//! Where the compiler says what it has to say about generated tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The place of the user's token, with the names of the macro.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The same tokens at the place of `user`, from its first token to its last.
pub(crate) fn over(tokens: TokenStream, user: TokenStream) -> TokenStream {
    let mut user = user.into_iter();
    let first = user.next().map_or_else(Span::call_site, |token| token.span());
    let last = user.last().map_or(first, |token| token.span());
    let mut tokens: Vec<TokenTree> = respan(tokens, first).into_iter().collect();
    if let Some(token) = tokens.last_mut() {
        token.set_span(last);
    }
    tokens.into_iter().collect()
}

/// The same tokens, all at `span`: what the compiler says of any of them, it says there.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| {
            let mut token = match token {
                TokenTree::Group(group) => {
                    TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), span)))
                }
                other => other,
            };
            token.set_span(span);
            token
        })
        .collect()
}
