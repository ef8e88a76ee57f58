//! Where the compiler says what it has to say about generated tokens.
//!
//! It underlines from the first token of what is wrong to the last. Only these get places of the user's; all
//! others stay the macro's, so that no lint mistakes them for words of the user's.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The place of the user's token, with the names of the macro.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// A call that fails, if it fails, at the place of `user`, from its first token to its last.
pub(crate) fn call(function: TokenStream, arguments: TokenStream, user: TokenStream) -> TokenStream {
    let mut user = user.into_iter();
    let first = user.next().map_or_else(Span::call_site, |token| token.span());
    let last = user.last().map_or(first, |token| token.span());
    let function = respan(function, first);
    let arguments = parentheses(arguments, last);
    quote!(#function #arguments)
}

/// `type name = ty;`, at the place of `user`: where `ty` is private, the compiler says so there.
pub(crate) fn associated(name: &str, ty: &TokenStream, user: TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    let place = user.into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let (head, end) = (respan(quote!(type #name =), place), respan(quote!(;), place));
    quote!(#head #ty #end)
}

/// The tokens in parentheses that are at `span`; what is inside stays where it is.
pub(crate) fn parentheses(inside: TokenStream, span: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, inside);
    group.set_span(span);
    group
}

/// The same tokens, all at the place of `span`; they mean what they meant (`$crate` too).
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
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}
