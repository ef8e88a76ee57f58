//! What is called after a consumer: its functions and its variant in the enum of ids.

use proc_macro2::{Ident, Span};
use quote::format_ident;

use super::super::snake;
use crate::spans::at;

/// Names of the functions begin with a word of ours, so that none is a keyword or one that the channel has already.
pub(crate) struct Names {
    /// `attach_journal`.
    pub(crate) attach: Ident,
    /// `consumer_journal`.
    pub(crate) builder: Ident,
    /// `Journal`.
    pub(crate) variant: Ident,
}

impl Names {
    pub(crate) fn of(id: &str, place: Span) -> Result<Self, String> {
        let place = at(place);
        let snake = snake::of(id);
        let variant = camel(&snake);
        // `Self` is the only keyword that begins with a capital.
        if variant == "Self" || syn::parse_str::<Ident>(&variant).is_err() {
            return Err(format!(
                "consumer `{id}` would be called `{variant}` in the enum of ids, which nothing can be; rename it"
            ));
        }
        Ok(Self {
            attach: format_ident!("attach_{snake}", span = place),
            builder: format_ident!("consumer_{snake}", span = place),
            variant: Ident::new(&variant, place),
        })
    }
}

/// `order_book` to `OrderBook`. Between digits the line stays: `worker_1_2` is not `worker_12`.
fn camel(snake: &str) -> String {
    let mut camel = String::new();
    for word in snake.split('_') {
        let between_digits = |end: Option<char>| end.is_some_and(|letter| letter.is_ascii_digit());
        if between_digits(word.chars().next()) && (camel.is_empty() || between_digits(camel.chars().last())) {
            camel.push('_');
        }
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.extend(letters);
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_after_a_consumer() {
        for (id, attach, variant) in [
            ("journal", "attach_journal", "Journal"),
            ("order_book", "attach_order_book", "OrderBook"),
            ("worker_0", "attach_worker_0", "Worker0"),
            ("worker_1_2", "attach_worker_1_2", "Worker1_2"),
            ("worker_12", "attach_worker_12", "Worker12"),
            ("RiskCheck", "attach_risk_check", "RiskCheck"),
            ("HTTP", "attach_http", "Http"),
            ("type", "attach_type", "Type"),
            ("_1", "attach__1", "_1"),
            ("_a", "attach__a", "A"),
            ("größe", "attach_größe", "Größe"),
            ("日本", "attach_日本", "日本"),
        ] {
            let names = Names::of(id, Span::call_site()).unwrap();
            assert_eq!(
                (names.attach.to_string(), names.variant.to_string()),
                (attach.into(), variant.into())
            );
        }
        for id in ["_", "self", "Self", "__"] {
            assert!(Names::of(id, Span::call_site()).is_err(), "{id}");
        }
    }
}
