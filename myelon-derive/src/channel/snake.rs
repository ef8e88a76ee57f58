//! Names of functions: those of lanes are the variant's in small letters, `BookUpdate` to `book_update`.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// What the producer of an `enum` channel has as methods of its own, the runtime's `RecordProducer`: a lane of that name
/// would hide it.
pub(crate) const TAKEN: [&str; 24] = [
    "blocker",
    "capacity",
    "check_health",
    "close",
    "consumers",
    "counter",
    "detach",
    "free_bytes",
    "health",
    "into_shared",
    "is_consumed",
    "lag",
    "lag_bytes",
    "lane",
    "location",
    "max_message",
    "max_record",
    "missing",
    "placement",
    "sequence",
    "stopper",
    "wait_consumed",
    "wait_for_consumers",
    "wait_for_required",
];

/// Methods that every type or every end has from a trait, which takes it by value or by shared reference: the compiler finds
/// those before a lane, which takes the producer by unique reference. `into` and `try_into` are in the prelude; the others
/// come with a `use` of their trait.
pub(crate) const HIDING: [&str; 6] = ["borrow", "deref", "fmt", "into", "try_into", "type_id"];

/// The name of the lane of a variant, without `r#`.
pub(crate) fn name(variant: &Ident) -> String {
    of(&variant.unraw().to_string())
}

/// Any name in small letters.
pub(crate) fn of(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
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
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use proc_macro2::{Delimiter, TokenStream, TokenTree};

    use super::*;

    /// Public functions in `impl RecordProducer { .. }`, and in those of a `macro_rules!` that is used for it.
    fn methods(tokens: TokenStream, of: &[&str], found: &mut BTreeSet<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let words: Vec<String> = tokens.iter().map(ToString::to_string).collect();
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let is_impl = of.iter().any(|of| words[..at].join("").ends_with(&format!("impl{of}")));
            if group.delimiter() == Delimiter::Brace && is_impl {
                let inside: Vec<String> = group.stream().into_iter().map(|token| token.to_string()).collect();
                let public = inside.windows(3).filter(|three| three[0] == "pub" && three[1] == "fn");
                found.extend(public.map(|three| three[2].clone()));
            }
            methods(group.stream(), of, found);
        }
    }

    #[test]
    fn every_method_of_the_producer_is_taken() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../myelon-runtime/src/message");
        let mut found = BTreeSet::new();
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let forwarded = text.contains("!(RecordProducer");
                let of: &[&str] = if forwarded { &["RecordProducer", "$end"] } else { &["RecordProducer"] };
                methods(text.parse().unwrap(), of, &mut found);
            }
        }
        let taken: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
        assert_eq!(taken, found);
    }

    /// Compiles because none of the calls is that of the lane.
    #[test]
    #[allow(
        clippy::useless_conversion,
        clippy::explicit_deref_methods,
        reason = "which method is called is the point"
    )]
    fn a_lane_of_a_name_that_is_refused_would_be_hidden() {
        use std::any::{Any as _, TypeId};
        use std::borrow::Borrow as _;
        use std::convert::Infallible;
        use std::fmt::{self, Debug as _};
        use std::ops::Deref;

        #[derive(Debug)]
        struct End;
        impl Deref for End {
            type Target = u8;
            fn deref(&self) -> &u8 {
                &7
            }
        }
        macro_rules! lanes {
            ($($lane:ident)*) => {
                impl End {
                    $(#[allow(dead_code, clippy::wrong_self_convention, reason = "as a lane is")]
                    fn $lane(&mut self) {})*
                }
                assert_eq!(HIDING, [$(stringify!($lane)),*]);
            };
        }
        lanes!(borrow deref fmt into try_into type_id);
        let end = End;
        let _: &End = end.borrow();
        let _: &u8 = end.deref();
        let _ = |f: &mut fmt::Formatter<'_>| -> fmt::Result { end.fmt(f) };
        let _: TypeId = end.type_id();
        let end: End = end.into();
        let _: Result<End, Infallible> = end.try_into();
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
            assert_eq!(name(&syn::parse_str(variant).unwrap()), lane, "{variant}");
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
