//! One line of the protocol between a test and its helper: a verb and `key=value` pairs.

use core::fmt::Debug;
use core::str::FromStr;
use std::collections::BTreeMap;

/// A verb and its arguments.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub verb: String,
    pub values: BTreeMap<String, String>,
}

impl Line {
    /// Reads `verb key=value ..`; a word without `=` is a key with an empty value.
    pub fn parse(text: &str) -> Self {
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let verb = words.next().unwrap_or_default().to_owned();
        let pair = |word: &str| match word.split_once('=') {
            Some((key, value)) => (key.to_owned(), unescape(value)),
            None => (word.to_owned(), String::new()),
        };
        Self { verb, values: words.map(pair).collect() }
    }

    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// The number `key`.
    pub fn num(&self, key: &str) -> u64 {
        self.maybe(key).unwrap_or_else(|| panic!("no number `{key}` in {self:?}"))
    }

    pub fn maybe<T: FromStr<Err: Debug>>(&self, key: &str) -> Option<T> {
        self.text(key).map(|text| text.parse().unwrap_or_else(|e| panic!("`{key}={text}`: {e:?}")))
    }
}

/// A value without blanks and line ends.
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '%' => out.push_str("%25"),
            '\n' => out.push_str("%0A"),
            '\r' => out.push_str("%0D"),
            other => out.push(other),
        }
    }
    out
}

pub fn unescape(value: &str) -> String {
    let plain = value.replace("%20", " ").replace("%0A", "\n").replace("%0D", "\r");
    plain.replace("%25", "%")
}
