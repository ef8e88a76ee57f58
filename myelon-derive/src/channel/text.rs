//! Types as a person writes them. The text does not depend on the compiler's own printing, which changes from
//! release to release: two builds compare it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The type as it was written, in one way of spacing.
pub(crate) fn of(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens.into_iter().collect::<Vec<_>>().as_slice(), &mut text);
    text
}

/// The same without the modules that types are in: one program may find them elsewhere than another.
pub(crate) fn name(tokens: TokenStream) -> String {
    of(without_modules(tokens))
}

fn write(tokens: &[TokenTree], text: &mut String) {
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream().into_iter().collect::<Vec<_>>().as_slice(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                sign @ (',' | ';') => text.extend([sign, ' ']),
                sign @ ('+' | '=') => text.extend([' ', sign, ' ']),
                sign => text.push(sign),
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let is_word = matches!(before, Some(TokenTree::Ident(_) | TokenTree::Literal(_)))
                    || is_punct(before, '>') && !text.ends_with(' ');
                if is_word {
                    text.push(' ');
                }
                let word = token.to_string();
                text.push_str(word.strip_prefix("r#").unwrap_or(&word));
            }
        }
    }
    let trimmed = text.trim_end().len();
    text.truncate(trimmed);
}

/// Leaves out `a::b::` before a name.
fn without_modules(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let path_follows = is_punct(tokens.get(at + 1), ':')
            && is_punct(tokens.get(at + 2), ':')
            && !is_punct(tokens.get(at + 3), '<');
        let begins_path =
            is_punct(Some(token), ':') && is_punct(tokens.get(at + 1), ':') && !is_punct(kept.last(), '>');
        match token {
            TokenTree::Ident(_) if path_follows => at += 3,
            TokenTree::Punct(_) if begins_path => at += 2,
            TokenTree::Group(group) => {
                let inside = without_modules(group.stream());
                kept.push(proc_macro2::Group::new(group.delimiter(), inside).into());
                at += 1;
            }
            _ => {
                kept.push(token.clone());
                at += 1;
            }
        }
    }
    kept.into_iter().collect()
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (String, String) {
        let tokens: TokenStream = text.parse().unwrap();
        (of(tokens.clone()), name(tokens))
    }

    #[test]
    fn a_type_is_told_in_one_way_however_it_was_written() {
        for (one, other) in [
            ("[u8]", "[ u8 ]"),
            ("Monster<'_>", "Monster < '_ >"),
            ("HashMap<String, Vec<(u8, Order)>>", "HashMap<String,Vec<(u8,Order)> >"),
            ("Text<{N*2}>", "Text<{ N * 2 }>"),
            ("[[u8; 4]; 2]", "[ [u8;4];2 ]"),
            ("Vec<type>", "Vec<r#type>"),
            ("Box<dyn Send + 'static>", "Box<dyn Send+'static>"),
            ("fn(u8)-> u64", "fn(u8) -> u64"),
            ("<T as Has>::Out", "< T as Has > :: Out"),
        ] {
            assert_eq!(both(other).0, one);
        }
    }

    #[test]
    fn modules_are_no_part_of_a_name() {
        for (text, full, short) in [
            ("crate::proto::Order", "crate::proto::Order", "Order"),
            ("::std::vec::Vec<a::B>", "::std::vec::Vec<a::B>", "Vec<B>"),
            ("[super::Tick]", "[super::Tick]", "[Tick]"),
            ("(a::B, c::D<'static, e::F>)", "(a::B, c::D<'static, e::F>)", "(B, D<'static, F>)"),
            ("<a::T as b::Has<c::D>>::Out", "<a::T as b::Has<c::D>>::Out", "<T as Has<D>>::Out"),
            ("Vec::<a::B>", "Vec::<a::B>", "Vec<B>"),
        ] {
            assert_eq!(both(text), (full.to_owned(), short.to_owned()), "{text}");
        }
    }
}
