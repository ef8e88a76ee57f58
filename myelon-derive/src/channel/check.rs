//! The rules for the item. Each `check_*` reports all it finds; none stops another.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Fields, Visibility};

use super::item::{Item, Shape};
use super::model::Names;
use crate::attributes::is_forwarded;
use crate::diag::Errors;
use crate::types;

pub(crate) fn check(item: &Item, errors: &mut Errors) {
    check_attributes(item, errors);
    check_generics(item, errors);
    match &item.shape {
        Shape::Struct(fields) => check_fields(item, fields, errors),
        Shape::Enum(span) => errors.at(
            *span,
            "channels of several kinds of messages, declared as an enum, are planned and not there yet; declare one \
             channel for each: `struct Ticks(Tick);`",
        ),
        Shape::Union(span) => {
            errors.at(*span, "a channel is declared as a struct that names its event: `struct Ticks(Tick);`");
        }
    }
}

/// Docs, `cfg` and lints go to every generated item; nothing else can mean anything there.
fn check_attributes(item: &Item, errors: &mut Errors) {
    for attribute in &item.attributes {
        let path = attribute.path();
        if is_forwarded(&attribute.meta) {
            continue;
        }
        let event = "the item becomes a marker without values, so this has nothing to apply to";
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let text = match name.as_str() {
            "derive" => format!("{event}; put `#[derive(..)]` on the event"),
            "repr" => format!("{event}; put `#[repr(..)]` on the event"),
            "cfg_attr" => {
                "only docs, `cfg` and lints may be conditional here: they go to every generated item; put \
                           the others on the event"
                    .to_owned()
            }
            "channel" => "`#[myelon::channel]` is given twice; remove one".to_owned(),
            _ => format!(
                "only docs, `cfg` and lint attributes can be put on a channel, and `{name}` is none of them"
            ),
        };
        errors.on(attribute, text);
    }
}

fn check_generics(item: &Item, errors: &mut Errors) {
    if !item.generics.params.is_empty() {
        errors.on(
            &item.generics.params,
            "a channel is one concrete type: name the event's arguments, `struct Ticks(Event<16>);`; code for any \
             channel is generic over `C: myelon::Channel`",
        );
    }
    if let Some(clause) = &item.generics.where_clause {
        errors.on(clause, "a channel is one concrete type, so it has no bounds; remove them");
    }
}

fn check_fields(item: &Item, fields: &Fields, errors: &mut Errors) {
    let name = item.ident.unraw();
    match fields {
        Fields::Named(fields) => {
            errors
                .on(fields, format!("a channel names its event and has no fields: `struct {name}(Event);`"));
        }
        Fields::Unit => errors.at(
            item.ident.span(),
            format!("channel `{name}` needs the event that it carries: `struct {name}(Event);`"),
        ),
        Fields::Unnamed(fields) => {
            if fields.unnamed.is_empty() {
                errors.on(
                    fields,
                    format!("channel `{name}` needs the event that it carries: `struct {name}(Event);`"),
                );
            }
            for field in fields.unnamed.iter().skip(1) {
                errors.on(
                    &field.ty,
                    "a channel carries one type of event; put these together in one struct with \
                     `#[derive(RingEvent, Clone, Copy)]` and `#[repr(C)]`",
                );
            }
            for field in &fields.unnamed {
                if !matches!(field.vis, Visibility::Inherited) {
                    errors.on(
                        &field.vis,
                        "a channel has no fields, so its event has no visibility here; remove it",
                    );
                }
                for attribute in &field.attrs {
                    errors.on(
                        attribute,
                        "the event is only named here; put attributes on the channel or on the event",
                    );
                }
            }
            if let Some(field) = fields.unnamed.first() {
                if let Some(refusal) = types::refusal(&field.ty) {
                    errors.on(refusal.tokens, refusal.text);
                }
                check_names(item, field.ty.to_token_stream(), errors);
            }
        }
    }
}

/// The payload must not be called like an item that is about to be generated.
fn check_names(item: &Item, payload: TokenStream, errors: &mut Errors) {
    let names = Names::of(&item.ident);
    for token in payload {
        match token {
            TokenTree::Ident(ident)
                if [&names.marker, &names.producer, &names.consumer].contains(&&ident) =>
            {
                errors.at(
                    ident.span(),
                    format!("`{ident}` is the name of an item that this channel generates; rename the event or the channel"),
                );
            }
            TokenTree::Group(group) => check_names(item, group.stream(), errors),
            _ => {}
        }
    }
}
