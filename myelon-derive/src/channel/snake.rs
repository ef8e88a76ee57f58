//! Names of lanes: the variant's in small letters, `BookUpdate` to `book_update`.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// What the producer of an `enum` channel has as methods of its own: a lane of that name would hide it.
pub(crate) const TAKEN: [&str; 2] = ["close", "detach"];

/// The name of the lane of a variant, without `r#`.
pub(crate) fn name(variant: &Ident) -> String {
    let letters: Vec<char> = variant.unraw().to_string().chars().collect();
    let mut name = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        // A word begins after a small letter or a digit, and with the last capital of an acronym: `HTTPReq`.
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                *before != '_' && (!before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()))
            });
        if begins {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The name as an identifier, raw if it is a keyword; `None` for the few that cannot be.
pub(crate) fn ident(name: &str, span: Span) -> Option<Ident> {
    if matches!(name, "crate" | "self" | "super" | "_") {
        return None;
    }
    // `gen` is a keyword of an edition that the parser does not know.
    let is_keyword = name == "gen" || syn::parse_str::<Ident>(name).is_err();
    Some(if is_keyword { Ident::new_raw(name, span) } else { Ident::new(name, span) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variant: &str) -> String {
        name(&syn::parse_str(variant).unwrap())
    }

    #[test]
    fn words_begin_at_capitals() {
        for (variant, lane) in [
            ("Tick", "tick"),
            ("BookUpdate", "book_update"),
            ("XmlDoc", "xml_doc"),
            ("HTTPReq", "http_req"),
            ("HTTP", "http"),
            ("L2Book", "l2_book"),
            ("OrderV2", "order_v2"),
            ("A", "a"),
            ("ABook", "a_book"),
            ("Already_Snake", "already_snake"),
            ("snake_case", "snake_case"),
            ("UPPER_CASE", "upper_case"),
            ("_1", "_1"),
            ("Ärger", "ärger"),
            ("GrößteÜbung", "größte_übung"),
            ("r#type", "type"),
            ("Type", "type"),
        ] {
            assert_eq!(of(variant), lane, "{variant}");
        }
    }

    #[test]
    fn keywords_become_raw_where_that_is_possible() {
        let ident = |name| ident(name, Span::call_site()).map(|ident| ident.to_string());
        assert_eq!(ident("tick").as_deref(), Some("tick"));
        assert_eq!(ident("type").as_deref(), Some("r#type"));
        assert_eq!(ident("gen").as_deref(), Some("r#gen"));
        assert_eq!(ident("self"), None);
        assert_eq!(ident("crate"), None);
    }
}
