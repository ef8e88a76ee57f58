//! The rules for the item. Each `check_*` reports all it finds; none stops another.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Fields, Type, Visibility};

use super::format::Place;
use super::item::{Carries, Item, Shape};
use super::model::Names;
use super::options::Options;
use super::{payload, variants};
use crate::attributes::is_forwarded;
use crate::diag::Errors;
use crate::types;

pub(crate) fn check(item: &Item, carries: Carries, options: &Options, errors: &mut Errors) {
    check_attributes(item, carries, errors);
    check_generics(item, carries, errors);
    match &item.shape {
        Shape::Struct(fields) => {
            check_fields(item, carries, fields, errors);
            if let Some(ty) = item.payload() {
                check_payload(ty, carries, options, errors);
                check_names(&Names::of(item, options), ty, errors);
            }
        }
        Shape::Enum(kinds) => variants::check(item, kinds, options, errors),
        Shape::Union(span) => {
            errors.at(*span, "a channel is declared as a struct that names its event: `struct Ticks(Tick);`");
        }
    }
}

/// Docs, `cfg` and lints go to every generated item; nothing else can mean anything there.
fn check_attributes(item: &Item, carries: Carries, errors: &mut Errors) {
    let what = match carries {
        Carries::Events => "the event",
        Carries::Messages => "the message",
        Carries::Kinds => "the types that it carries",
    };
    for attribute in &item.attributes {
        let path = attribute.path();
        if is_forwarded(&attribute.meta) {
            continue;
        }
        let marker = "the item becomes a marker without values, so this has nothing to apply to";
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let text = match name.as_str() {
            "derive" => format!("{marker}; put `#[derive(..)]` on {what}"),
            "repr" => format!("{marker}; put `#[repr(..)]` on {what}"),
            "cfg_attr" => format!(
                "only docs, `cfg` and lints may be conditional here: they go to every generated item; put the others on \
                 {what}"
            ),
            "channel" => "`#[myelon::channel]` is given twice; remove one".to_owned(),
            "codec" | "zero_copy" if carries == Carries::Kinds => {
                format!("each kind of message says for itself how it is written: put `{name}` on its variant")
            }
            "codec" | "zero_copy" => {
                format!("write it as an option: `#[myelon::channel({name} = .., capacity = \"4 MiB\")]`")
            }
            _ => format!(
                "only docs, `cfg` and lint attributes can be put on a channel, and `{name}` is none of them"
            ),
        };
        errors.on(attribute, text);
    }
}

fn check_generics(item: &Item, carries: Carries, errors: &mut Errors) {
    if !item.generics.params.is_empty() {
        let text = if carries == Carries::Events {
            "a channel is one concrete type: name the event's arguments, `struct Ticks(Event<16>);`; code for any \
             channel is generic over `C: myelon::Channel`"
        } else {
            "a channel is one concrete type: name the arguments of what it carries; code for any channel is generic \
             over `C: myelon::MessageChannel`"
        };
        errors.on(&item.generics.params, text);
    }
    if let Some(clause) = &item.generics.where_clause {
        errors.on(clause, "a channel is one concrete type, so it has no bounds; remove them");
    }
}

fn check_fields(item: &Item, carries: Carries, fields: &Fields, errors: &mut Errors) {
    let name = item.ident.unraw();
    let (what, example) = match carries {
        Carries::Events => ("event", "Event"),
        _ => ("message", "Message"),
    };
    let missing =
        || format!("channel `{name}` needs the {what} that it carries: `struct {name}({example});`");
    match fields {
        Fields::Named(fields) => {
            errors.on(
                fields,
                format!("a channel names its {what} and has no fields: `struct {name}({example});`"),
            );
        }
        Fields::Unit => errors.at(item.ident.span(), missing()),
        Fields::Unnamed(fields) => {
            if fields.unnamed.is_empty() {
                errors.on(fields, missing());
            }
            for field in fields.unnamed.iter().skip(1) {
                errors.on(
                    &field.ty,
                    if carries == Carries::Events {
                        "a channel carries one type of event; put these together in one struct with \
                         `#[derive(RingEvent, Clone, Copy)]` and `#[repr(C)]`, or declare an enum of messages"
                    } else {
                        "a channel carries one type of message; for several kinds declare an enum, \
                         `enum Feed { Tick(Tick), Note([u8]) }`"
                    },
                );
            }
            for field in &fields.unnamed {
                if !matches!(field.vis, Visibility::Inherited) {
                    errors.on(
                        &field.vis,
                        format!("a channel has no fields, so its {what} has no visibility here; remove it"),
                    );
                }
                for attribute in &field.attrs {
                    errors.on(
                        attribute,
                        format!(
                            "the {what} is only named here; put attributes on the channel or on the {what}"
                        ),
                    );
                }
            }
        }
    }
}

fn check_payload(ty: &Type, carries: Carries, options: &Options, errors: &mut Errors) {
    let refusal = match carries {
        Carries::Events => types::refusal(ty, types::LATER),
        _ if options.unclear => None,
        _ => payload::format(ty, options.chosen.as_ref(), Place::Channel).err(),
    };
    if let Some(refusal) = refusal {
        errors.on(refusal.tokens, refusal.text);
    }
}

/// The payload must not be called like an item that is about to be generated.
pub(crate) fn check_names(names: &Names, payload: &Type, errors: &mut Errors) {
    for ident in names.found_in(payload.to_token_stream()) {
        let text =
            format!("`{ident}` is the name of an item that this channel generates; rename it or the channel");
        errors.at(ident.span(), text);
    }
}
