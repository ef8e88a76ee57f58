//! The channel with all defaults filled in.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Fields, Visibility};

use super::item::{Item, Shape};
use super::options::{Number, Options};
use crate::attributes::is_forwarded;
use crate::path::CratePath;
use crate::types;

/// Every name that an expansion introduces.
pub(crate) struct Names {
    pub(crate) marker: Ident,
    pub(crate) producer: Ident,
    pub(crate) consumer: Ident,
}

impl Names {
    pub(crate) fn of(marker: &Ident) -> Self {
        let name = marker.unraw();
        Self {
            marker: marker.clone(),
            producer: format_ident!("{name}Producer", span = marker.span()),
            consumer: format_ident!("{name}Consumer", span = marker.span()),
        }
    }
}

/// How slots are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimize {
    Latency,
    Throughput,
    BySize,
}

/// What is generated.
pub(crate) struct Channel<'a> {
    pub(crate) names: Names,
    /// Without `r#`.
    pub(crate) name: String,
    pub(crate) vis: &'a Visibility,
    /// Docs, `cfg` and lints, for every item.
    pub(crate) attributes: Vec<&'a Attribute>,
    /// What it carries; `None` if that was refused.
    pub(crate) event: Option<TokenStream>,
    pub(crate) capacity: Number,
    pub(crate) optimize: Optimize,
    pub(crate) wait: &'static str,
    pub(crate) max_consumers: Number,
    pub(crate) version: Number,
    pub(crate) krate: CratePath,
}

impl<'a> Channel<'a> {
    pub(crate) fn of(item: &'a Item, options: &Options) -> Self {
        Self {
            names: Names::of(&item.ident),
            name: item.ident.unraw().to_string(),
            vis: &item.vis,
            attributes: item.attributes.iter().filter(|attribute| is_forwarded(&attribute.meta)).collect(),
            event: event(item),
            capacity: options.capacity.clone().unwrap_or(Number::Literal(1)),
            optimize: match options.optimize {
                Some("latency") => Optimize::Latency,
                Some(_) => Optimize::Throughput,
                None => Optimize::BySize,
            },
            wait: options.wait.unwrap_or("adaptive"),
            max_consumers: options.max_consumers.clone().unwrap_or(Number::Literal(16)),
            version: options.version.clone().unwrap_or(Number::Literal(0)),
            krate: options.krate.clone(),
        }
    }

    /// The event, or one that every channel can carry if it was refused.
    pub(crate) fn event(&self) -> TokenStream {
        let private = self.krate.private();
        self.event.clone().unwrap_or_else(|| quote!(#private::core::primitive::u8))
    }
}

fn event(item: &Item) -> Option<TokenStream> {
    let Shape::Struct(Fields::Unnamed(fields)) = &item.shape else { return None };
    let names = Names::of(&item.ident);
    let own = [names.marker.to_string(), names.producer.to_string(), names.consumer.to_string()];
    let field = fields.unnamed.first().filter(|_| item.generics.params.is_empty())?;
    let refused = types::refusal(&field.ty).is_some()
        || field.ty.to_token_stream().into_iter().any(|token| own.contains(&token.to_string()));
    (!refused).then(|| field.ty.to_token_stream())
}
