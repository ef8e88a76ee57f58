//! How messages are written and read: what `codec` and `zero_copy` may say.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Lit, Type};

use super::item::bare;
use crate::diag::nearest;

/// Which of the two was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Decoded into owned values.
    Codec,
    /// Read where they lie.
    ZeroCopy,
}

/// Where it was written, which decides how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// As an option of the channel.
    Channel,
    /// As an attribute of a variant.
    Variant,
}

/// A format of messages.
#[derive(Clone)]
pub(crate) enum Format {
    Bytes,
    Event,
    Pod,
    Rkyv,
    Flatbuffers,
    Postcard,
    Bincode,
    /// The user's own implementation of `Codec`.
    Codec(Box<Type>),
    /// The user's own implementation of `ZeroCopy`.
    ZeroCopy(Box<Type>),
}

/// A format that was asked for, and the words that did.
#[derive(Clone)]
pub(crate) struct Chosen {
    pub(crate) key: Key,
    pub(crate) word: TokenStream,
    pub(crate) format: Format,
}

const WORDS: [(&str, Key, Format); 6] = [
    ("rkyv", Key::ZeroCopy, Format::Rkyv),
    ("flatbuffers", Key::ZeroCopy, Format::Flatbuffers),
    ("postcard", Key::Codec, Format::Postcard),
    ("bincode", Key::Codec, Format::Bincode),
    ("pod", Key::Codec, Format::Pod),
    ("bytes", Key::Codec, Format::Bytes),
];

impl Format {
    /// The feature that brings it, if it is not always there.
    pub(crate) fn feature(&self) -> Option<&'static str> {
        match self {
            Self::Rkyv => Some("rkyv"),
            Self::Flatbuffers => Some("flatbuffers"),
            Self::Postcard => Some("postcard"),
            Self::Bincode => Some("bincode"),
            _ => None,
        }
    }
}

impl Key {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Codec => "codec",
            Self::ZeroCopy => "zero_copy",
        }
    }

    /// All that it takes, as a sentence.
    fn takes(self) -> &'static str {
        match self {
            Self::Codec => {
                "`codec` takes `postcard`, `bincode`, `pod`, or the path of a type that implements `myelon::codec::Codec`"
            }
            Self::ZeroCopy => {
                "`zero_copy` takes `rkyv`, `flatbuffers`, or the path of a type that implements `myelon::codec::ZeroCopy`"
            }
        }
    }
}

impl Place {
    /// How one asks for a format here.
    pub(crate) fn example(self, key: Key, word: &str) -> String {
        match self {
            Self::Channel => format!("`{} = {word}`", key.name()),
            Self::Variant => format!("`#[{}({word})]`", key.name()),
        }
    }
}

impl Chosen {
    /// Reads a word or a path.
    pub(crate) fn parse(key: Key, value: TokenStream, place: Place) -> syn::Result<Self> {
        let error = |text: String| Err(syn::Error::new_spanned(&value, text));
        if let Ok(Lit::Str(text)) = syn::parse2::<Lit>(value.clone()) {
            return error(format!("write it without quotes: {}", place.example(key, &text.value())));
        }
        let Ok(ty) = syn::parse2::<Type>(value.clone()) else { return error(key.takes().to_owned()) };
        let Type::Path(path) = bare(&ty) else { return error(key.takes().to_owned()) };
        let own = || match key {
            Key::Codec => Format::Codec(Box::new(ty.clone())),
            Key::ZeroCopy => Format::ZeroCopy(Box::new(ty.clone())),
        };
        let Some(word) = path.path.get_ident().map(ToString::to_string) else {
            return Ok(Self { key, format: own(), word: value });
        };
        let known = |word: &str| WORDS.iter().find(|(known, ..)| *known == word);
        match known(&word) {
            Some((_, right, format)) if *right == key => {
                Ok(Self { key, format: format.clone(), word: value })
            }
            Some((_, right, format)) => {
                let how = match format {
                    Format::Rkyv | Format::Flatbuffers => "is read in place",
                    Format::Pod | Format::Bytes => "has no other form in the ring than in memory",
                    _ => "is decoded into an owned value",
                };
                error(format!("`{word}` {how}: write {}", place.example(*right, &word)))
            }
            None => {
                let lower = word.starts_with(|c: char| c.is_lowercase());
                let meant = nearest(&word, WORDS.map(|(word, ..)| word)).filter(|_| lower);
                match meant.and_then(known) {
                    Some((meant, right, _)) => error(format!(
                        "unknown format `{word}`; did you mean `{meant}`? Write {}",
                        place.example(*right, meant)
                    )),
                    None => Ok(Self { key, format: own(), word: value }),
                }
            }
        }
    }

    /// How it was asked for.
    pub(crate) fn written(&self, place: Place) -> String {
        place.example(self.key, &self.word.to_token_stream().to_string())
    }
}
