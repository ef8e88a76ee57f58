//! The variants of an `enum` channel: each is a kind of message.

use syn::ext::IdentExt;
use syn::{Attribute, Expr, Fields, Ident, Meta, Type, Variant, Visibility};

use super::check::check_names;
use super::format::{Chosen, Format, Key, Place};
use super::item::Item;
use super::model::Names;
use super::options::Options;
use super::{payload, snake};
use crate::attributes::is_forwarded_to_part;
use crate::diag::Errors;

/// The kind is one of a record's header; more than this many nobody reads in one `match`.
pub(crate) const MOST: usize = 256;

pub(crate) fn check(item: &Item, variants: &[Variant], options: &Options, errors: &mut Errors) {
    let name = item.ident.unraw();
    if variants.is_empty() {
        errors.at(
            item.ident.span(),
            format!(
                "channel `{name}` needs the kinds of messages that it carries: `enum {name} {{ Note([u8]) }}`"
            ),
        );
    }
    if let Some(first) = variants.get(MOST) {
        errors.on(&first.ident, format!("a channel has at most {MOST} kinds of messages; this one is more"));
    }
    let names = Names::of(item, options);
    for (at, variant) in variants.iter().enumerate() {
        check_attributes(variant, errors);
        check_name(variant, variants.get(..at).unwrap_or_default(), options.evolves, errors);
        check_fields(variant, &names, errors);
        if options.owned {
            check_owned(variant, errors);
        }
        if let Some((_, number)) = &variant.discriminant {
            errors.on(
                number,
                "kinds are numbered by their places: the first is 0; remove the number, and add new kinds at the end",
            );
        }
    }
}

/// Tables are views of bytes, and of nothing that could be kept.
fn check_owned(variant: &Variant, errors: &mut Errors) {
    let Ok(Some(chosen)) = chosen(variant) else { return };
    let is_table = carried(variant)
        .and_then(|ty| payload::format(ty, Some(&chosen), Place::Variant).ok())
        .is_some_and(|format| matches!(format, Format::Flatbuffers));
    if is_table {
        errors.on(
            chosen.word,
            "tables of flatbuffers have no owned values, which `owned = true` asks of every kind; remove that, and keep \
             what you need of each message",
        );
    }
}

/// What a variant carries, if it names one thing at least.
pub(crate) fn carried(variant: &Variant) -> Option<&Type> {
    match &variant.fields {
        Fields::Unnamed(fields) => fields.unnamed.first().map(|field| &field.ty),
        _ => None,
    }
}

/// The format that a variant asks for.
pub(crate) fn chosen(variant: &Variant) -> Result<Option<Chosen>, Vec<syn::Error>> {
    let (mut chosen, mut errors): (Option<Chosen>, Vec<syn::Error>) = (None, Vec::new());
    for attribute in &variant.attrs {
        let Some(key) = key(attribute) else { continue };
        match word(attribute, key) {
            Err(error) => errors.push(error),
            Ok(next) => match &chosen {
                Some(first) if first.key == next.key => errors.push(syn::Error::new_spanned(
                    attribute,
                    format!("`#[{}(..)]` is given twice; remove one", key.name()),
                )),
                Some(_) => errors.push(syn::Error::new_spanned(
                    attribute,
                    "messages are decoded (`codec`) or read in place (`zero_copy`), not both; remove one",
                )),
                None => chosen = Some(next),
            },
        }
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}

/// Whether the attribute says how a variant is written.
pub(crate) fn key(attribute: &Attribute) -> Option<Key> {
    [Key::Codec, Key::ZeroCopy].into_iter().find(|key| attribute.path().is_ident(key.name()))
}

fn word(attribute: &Attribute, key: Key) -> syn::Result<Chosen> {
    let example = if key == Key::Codec { "postcard" } else { "rkyv" };
    match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => {
            Chosen::parse(key, list.tokens.clone(), Place::Variant)
        }
        Meta::NameValue(pair) => {
            let word = match &pair.value {
                Expr::Path(path) => quote::quote!(#path).to_string(),
                _ => example.to_owned(),
            };
            Err(syn::Error::new_spanned(
                attribute,
                format!("on a variant write {}", Place::Variant.example(key, &word)),
            ))
        }
        _ => Err(syn::Error::new_spanned(
            attribute,
            format!("`{}` needs a word: {}", key.name(), Place::Variant.example(key, example)),
        )),
    }
}

fn check_attributes(variant: &Variant, errors: &mut Errors) {
    for attribute in &variant.attrs {
        if key(attribute).is_some() || is_forwarded_to_part(&attribute.meta) {
            continue;
        }
        let name = attribute.path().segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let text = match name.as_str() {
            "cfg" | "cfg_attr" => {
                "a variant that is there in one build and not in another would give other kinds its number, and the two \
                 builds would misread each other; remove the condition, or put it on the whole channel"
                    .to_owned()
            }
            "codec" | "zero_copy" => format!("write `#[{name}(..)]`, without a path"),
            _ => format!(
                "only docs, lint attributes, `codec` and `zero_copy` can be put on a kind of message, and `{name}` is \
                 none of them"
            ),
        };
        errors.on(attribute, text);
    }
}

fn check_name(variant: &Variant, before: &[Variant], evolves: bool, errors: &mut Errors) {
    let ident = &variant.ident;
    let lane = snake::name(ident);
    if let Some(text) = name_taken(ident, before, evolves) {
        errors.on(ident, text);
    } else if snake::ident(&lane, ident.span()).is_none() {
        errors.on(
            ident,
            format!(
                "the lane of `{ident}` would be called `{lane}`, which no function can be; rename the variant"
            ),
        );
    }
}

/// Why the name of a variant, or that of its lane, cannot be given to it.
fn name_taken(ident: &Ident, before: &[Variant], evolves: bool) -> Option<String> {
    let lane = snake::name(ident);
    if before.iter().any(|other| other.ident == *ident) {
        return Some(format!("there are two kinds of messages called `{ident}`; rename one"));
    }
    if evolves && ident.unraw() == "Unknown" {
        return Some(
            "`Unknown` is how a channel with `evolves` shows messages of kinds that this build does not know; rename \
             the variant"
                .to_owned(),
        );
    }
    if let Some(other) = before.iter().find(|other| snake::name(&other.ident) == lane) {
        return Some(format!(
            "the lanes of `{}` and `{ident}` would both be called `{lane}`; rename one",
            other.ident
        ));
    }
    let whose = if snake::TAKEN.contains(&lane.as_str()) {
        "that the producer has"
    } else if snake::HIDING.contains(&lane.as_str()) {
        "of a trait, which would be called instead"
    } else {
        return None;
    };
    Some(format!("the lane of `{ident}` would be called `{lane}`, as a method {whose}; rename the variant"))
}

/// Whether a variant can be one of what is generated, and whether it can have a lane.
pub(crate) fn usable(variant: &Variant, before: &[Variant], evolves: bool) -> (bool, bool) {
    let unique = before.iter().all(|other| other.ident != variant.ident)
        && !(evolves && variant.ident.unraw() == "Unknown");
    (unique, name_taken(&variant.ident, before, evolves).is_none())
}

fn check_fields(variant: &Variant, names: &Names, errors: &mut Errors) {
    let name = &variant.ident;
    match &variant.fields {
        Fields::Named(fields) => errors.on(
            fields,
            format!("a kind of message names its type and has no fields: `{name}(Type)`, with these fields in a struct"),
        ),
        Fields::Unit => errors.at(
            name.span(),
            format!(
                "`{name}` needs the type of its messages: `{name}(Type)`; if the kind says it all, `{name}([u8])`, \
                 published empty"
            ),
        ),
        Fields::Unnamed(fields) => {
            if fields.unnamed.is_empty() {
                errors.on(fields, format!("`{name}` needs the type of its messages: `{name}(Type)`"));
            }
            for field in fields.unnamed.iter().skip(1) {
                errors.on(&field.ty, "a kind of message has one type; put these together in one struct");
            }
            for field in &fields.unnamed {
                if !matches!(field.vis, Visibility::Inherited) {
                    errors.on(&field.vis, "what a channel carries has no visibility here; remove it");
                }
                for attribute in &field.attrs {
                    errors.on(attribute, "the type is only named here; put attributes before the variant");
                }
            }
        }
    }
    let Some(ty) = carried(variant) else { return };
    check_names(names, ty, errors);
    match chosen(variant) {
        Err(wrong) => wrong.into_iter().for_each(|error| errors.push(error)),
        Ok(chosen) => {
            if let Err(refusal) = payload::format(ty, chosen.as_ref(), Place::Variant) {
                errors.on(refusal.tokens, refusal.text);
            }
        }
    }
}
