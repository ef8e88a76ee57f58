//! The channel with all defaults filled in.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Type, Variant, Visibility};

use super::consumers::Consumer;
use super::format::{Chosen, Format, Place};
use super::item::{Carries, Item, Shape};
use super::options::Options;
use super::values::Number;
use super::{payload, snake, variants};
use crate::attributes::{is_forwarded, is_forwarded_to_part};
use crate::path::CratePath;
use crate::spans::at;
use crate::types;

/// How many consumers have room, unless the attribute says otherwise.
pub(crate) const MAX_CONSUMERS: u64 = 16;

/// Every name that an expansion introduces.
pub(crate) struct Names {
    pub(crate) marker: Ident,
    pub(crate) producer: Ident,
    pub(crate) consumer: Ident,
    pub(crate) lossy: Ident,
    /// What a lease on one of several kinds gives: only an enum has it.
    pub(crate) reference: Option<Ident>,
    /// What is kept of one: only an enum that asks for it has it.
    pub(crate) owned: Option<Ident>,
    /// The ids of declared consumers: only a channel that declares some has it.
    pub(crate) ids: Option<Ident>,
}

impl Names {
    pub(crate) fn of(item: &Item, options: &Options) -> Self {
        let (marker, name) = (&item.ident, item.ident.unraw());
        let kinds = matches!(item.shape, Shape::Enum(_));
        let consumers = options.consumers.as_ref();
        Self {
            marker: marker.clone(),
            producer: format_ident!("{name}Producer", span = marker.span()),
            consumer: format_ident!("{name}Consumer", span = marker.span()),
            lossy: format_ident!("{name}LossyConsumer", span = marker.span()),
            reference: kinds.then(|| format_ident!("{name}Ref", span = marker.span())),
            owned: (kinds && options.owned).then(|| format_ident!("{name}Owned", span = marker.span())),
            // Not for lints: nobody needs to use them.
            ids: consumers.map(|_| format_ident!("{name}ConsumerId", span = at(marker.span()))),
        }
    }

    /// The marker, the producer, the consumer and the lossy one.
    pub(crate) fn ends(&self) -> (&Ident, &Ident, &Ident, &Ident) {
        (&self.marker, &self.producer, &self.consumer, &self.lossy)
    }

    /// Those that stand somewhere in the tokens.
    pub(crate) fn found_in(&self, tokens: TokenStream) -> Vec<Ident> {
        tokens
            .into_iter()
            .flat_map(|token| match token {
                TokenTree::Ident(ident) if self.contain(&ident) => vec![ident],
                TokenTree::Group(group) => self.found_in(group.stream()),
                _ => Vec::new(),
            })
            .collect()
    }

    fn contain(&self, ident: &Ident) -> bool {
        let always = [&self.marker, &self.producer, &self.consumer, &self.lossy];
        let sometimes = [&self.reference, &self.owned, &self.ids];
        always.into_iter().chain(sometimes.into_iter().flatten()).any(|name| name == ident)
    }
}

/// How slots, or records, are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimize {
    Latency,
    Throughput,
    Unsaid,
}

impl Optimize {
    fn of(options: &Options) -> Self {
        match options.optimize {
            Some("latency") => Self::Latency,
            Some(_) => Self::Throughput,
            None => Self::Unsaid,
        }
    }
}

/// What is generated.
pub(crate) struct Channel<'a> {
    pub(crate) names: Names,
    /// Without `r#`.
    pub(crate) name: String,
    pub(crate) vis: &'a Visibility,
    /// Docs, `cfg` and lints, for every item.
    pub(crate) attributes: Vec<&'a Attribute>,
    pub(crate) carried: Carried<'a>,
    pub(crate) capacity: Number,
    pub(crate) wait: &'static str,
    pub(crate) max_consumers: Number,
    pub(crate) version: Number,
    pub(crate) consumers: &'a [Consumer],
    pub(crate) declared_only: bool,
    pub(crate) krate: CratePath,
}

/// What it carries.
pub(crate) enum Carried<'a> {
    Events(Events),
    Messages(Records, Box<Message>),
    Kinds(Records, Vec<Lane<'a>>),
}

/// A ring of events.
pub(crate) struct Events {
    /// `None` if it was refused.
    pub(crate) event: Option<TokenStream>,
    pub(crate) optimize: Optimize,
}

/// A ring of records.
pub(crate) struct Records {
    pub(crate) max_message: Option<Number>,
    pub(crate) optimize: Optimize,
    pub(crate) timestamps: bool,
    pub(crate) evolves: bool,
}

/// One type of message, and how it travels.
pub(crate) struct Message {
    pub(crate) payload: Type,
    pub(crate) format: Format,
    /// The word that asked for the format.
    pub(crate) word: TokenStream,
}

/// One kind of message of several.
pub(crate) struct Lane<'a> {
    pub(crate) ident: &'a Ident,
    /// The method of the producer; `None` if its name was refused.
    pub(crate) method: Option<Ident>,
    /// Docs and lints.
    pub(crate) attributes: Vec<&'a Attribute>,
    pub(crate) message: Message,
}

impl<'a> Channel<'a> {
    pub(crate) fn of(item: &'a Item, carries: Carries, options: &'a Options) -> Self {
        Self {
            names: Names::of(item, options),
            name: plain(&item.ident),
            vis: &item.vis,
            attributes: item.attributes.iter().filter(|attribute| is_forwarded(&attribute.meta)).collect(),
            carried: Carried::of(item, carries, options),
            capacity: options.capacity.clone().unwrap_or(Number::Literal(match carries {
                Carries::Events => 1,
                _ => 1 << 16,
            })),
            wait: options.wait.unwrap_or("adaptive"),
            max_consumers: options.max_consumers.clone().unwrap_or(Number::Literal(MAX_CONSUMERS)),
            version: options.version.clone().unwrap_or(Number::Literal(0)),
            consumers: options.consumers.as_deref().unwrap_or_default(),
            declared_only: options.declared_only,
            krate: options.krate.clone(),
        }
    }
}

impl<'a> Carried<'a> {
    fn of(item: &'a Item, carries: Carries, options: &Options) -> Self {
        let records = Records {
            max_message: options.max_message.clone(),
            optimize: Optimize::of(options),
            timestamps: options.timestamps,
            evolves: options.evolves,
        };
        let payload = item.payload().filter(|_| item.generics.params.is_empty());
        let names = Names::of(item, options);
        match (&item.shape, carries) {
            (Shape::Enum(kinds), _) => {
                let lanes = lanes(kinds, &names, options.evolves);
                // Without a kind there is still something to show: what is not known.
                let evolves = options.evolves || lanes.is_empty();
                Self::Kinds(Records { evolves, ..records }, lanes)
            }
            (_, Carries::Events) => Self::Events(Events {
                event: payload
                    .filter(|ty| {
                        types::refusal(ty, "").is_none() && names.found_in(ty.to_token_stream()).is_empty()
                    })
                    .map(ToTokens::to_token_stream),
                optimize: Optimize::of(options),
            }),
            (_, Carries::Messages | Carries::Kinds) => {
                let payload = payload.filter(|_| !options.unclear);
                let message = Message::of(payload, options.chosen.as_ref(), Place::Channel, &names);
                Self::Messages(records, Box::new(message))
            }
        }
    }
}

impl Events {
    /// The event, or one that every channel can carry if it was refused.
    pub(crate) fn event(&self, krate: &CratePath) -> TokenStream {
        let private = krate.private();
        self.event.clone().unwrap_or_else(|| quote!(#private::core::primitive::u8))
    }
}

impl Message {
    /// The message, or bytes if it was refused.
    fn of(ty: Option<&Type>, chosen: Option<&Chosen>, place: Place, names: &Names) -> Self {
        let ty = ty.filter(|ty| names.found_in(ty.to_token_stream()).is_empty());
        let known =
            ty.and_then(|ty| payload::format(ty, chosen, place).ok().map(|format| (ty.clone(), format)));
        let word = chosen.map(|chosen| chosen.word.clone()).unwrap_or_default();
        match known {
            Some((payload, format)) => Self { payload, format, word },
            None => Self { payload: syn::parse_quote!([u8]), format: Format::Bytes, word },
        }
    }
}

/// A name without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn lanes<'a>(kinds: &'a [Variant], names: &Names, evolves: bool) -> Vec<Lane<'a>> {
    let mut lanes = Vec::new();
    for (place, variant) in kinds.iter().enumerate().take(variants::MOST) {
        let before = kinds.get(..place).unwrap_or_default();
        let (is_usable, has_lane) = variants::usable(variant, before, evolves);
        if !is_usable {
            continue;
        }
        let chosen = variants::chosen(variant);
        let ty = variants::carried(variant).filter(|_| chosen.is_ok());
        let lane = snake::ident(&snake::name(&variant.ident), at(variant.ident.span()));
        lanes.push(Lane {
            ident: &variant.ident,
            method: lane.filter(|_| has_lane),
            attributes: variant
                .attrs
                .iter()
                .filter(|attribute| is_forwarded_to_part(&attribute.meta))
                .collect(),
            message: Message::of(ty, chosen.ok().flatten().as_ref(), Place::Variant, names),
        });
    }
    lanes
}
