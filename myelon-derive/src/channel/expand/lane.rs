//! The format of one kind of message as a type, and what the compiler is asked about it.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::super::format::Format;
use super::super::item::bare;
use super::super::model::{Channel, Message};
use super::super::text;
use crate::spans::{at, call, parentheses, respan};

/// One kind of message, and where it stands in its channel.
pub(super) struct Lane<'a> {
    channel: &'a Channel<'a>,
    message: &'a Message,
    /// `None` in a channel of one kind.
    kind: Option<usize>,
}

impl<'a> Lane<'a> {
    pub(super) fn new(channel: &'a Channel<'a>, message: &'a Message, kind: Option<usize>) -> Self {
        Self { channel, message, kind }
    }

    /// The format, without any question whether the payload has it.
    pub(super) fn format(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let payload = &self.message.payload;
        let kind = self.kind.map(|kind| {
            let kind = Literal::usize_unsuffixed(kind);
            quote!(, #kind)
        });
        let codec = |name: &str| {
            let name = Ident::new(name, Span::call_site());
            quote!(#private::codec::#name)
        };
        match &self.message.format {
            // Where nothing else travels, the program says the kind.
            Format::Bytes if self.kind.is_none() => quote!(#private::Frames),
            Format::Bytes => in_place(&private, payload, &codec("Bytes"), kind),
            Format::Event => in_place(&private, payload, &codec("Event"), kind),
            Format::Pod => in_place(&private, payload, &codec("Pod"), kind),
            Format::ZeroCopy(own) => in_place(&private, payload, &own.to_token_stream(), kind),
            Format::Codec(own) => quote!(#private::Owned<#payload, #own #kind>),
            Format::Rkyv => self.needs("rkyv", in_place(&private, payload, &codec("Rkyv"), kind)),
            Format::Postcard => {
                let codec = codec("Postcard");
                self.needs("postcard", quote!(#private::Owned<#payload, #codec #kind>))
            }
            Format::Bincode => {
                let codec = codec("Bincode");
                self.needs("bincode", quote!(#private::Owned<#payload, #codec #kind>))
            }
            Format::Flatbuffers => {
                let family = self.named("__MyelonFamily");
                self.needs("flatbuffers", quote!(#private::Tables<#family #kind>))
            }
        }
    }

    /// The type, if the feature of its name is on; else one sentence, at the word that asked for it.
    fn needs(&self, feature: &str, ty: TokenStream) -> TokenStream {
        let private = self.channel.krate.private();
        let place =
            self.message.word.clone().into_iter().next().map_or_else(Span::call_site, |word| at(word.span()));
        let feature = format_ident!("needs_{feature}", span = place);
        let bang = respan(quote!(!), place);
        let arguments = parentheses(ty, place);
        quote!(#private::#feature #bang #arguments)
    }

    /// Everything in the hidden block that [`checked`](Self::checked) names.
    pub(super) fn declarations(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let (format, alias, is_lane) = (self.format(), self.alias(), self.is_lane());
        let family = self.family();
        let question = self
            .question()
            .map(|question| quote!(const #is_lane: #private::core::primitive::bool = #question;));
        let alignment = self.alignment();
        quote! {
            #family
            type #alias = #format;
            #question
            #alignment
        }
    }

    /// The format, if the payload has it; else a type that the compiler knows nothing of, and says nothing about.
    pub(super) fn checked(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let (alias, is_lane) = (self.alias(), self.is_lane());
        match self.question() {
            Some(_) => quote!(#private::check::Carried<#alias, #is_lane>),
            None => alias.to_token_stream(),
        }
    }

    /// The format for documentation, which shows what it is and not how it was checked.
    pub(super) fn shown(&self) -> TokenStream {
        self.format()
    }

    /// `LaneShape::of::<..>(name, payload)`.
    pub(super) fn shape(&self, lane: &TokenStream, name: &str) -> TokenStream {
        let private = self.channel.krate.private();
        let payload = text::name(self.message.payload.to_token_stream());
        quote!(#private::LaneShape::of::<#lane>(#name, #payload))
    }

    /// What a lease shows of the message, for as long as `'a`. `lane` is the format as others name it.
    pub(super) fn reference(&self, lane: &TokenStream) -> TokenStream {
        let private = self.channel.krate.private();
        let payload = &self.message.payload;
        match &self.message.format {
            Format::Flatbuffers => with_lifetime(payload.to_token_stream(), "a"),
            Format::Rkyv | Format::ZeroCopy(_) => quote!(&'a <#lane as #private::Single>::Target),
            _ => quote!(&'a #payload),
        }
    }

    /// What the compiler is asked: whether the payload can be written in the format. Its answer, if it is no, is one
    /// sentence at the payload.
    fn question(&self) -> Option<TokenStream> {
        let private = self.channel.krate.private();
        let (payload, alias) = (&self.message.payload, self.alias());
        let of = |subject: &TokenStream, question: &str| {
            let question = Ident::new(question, Span::call_site());
            Some(quote!(<#subject as #private::check::#question<#alias>>::YES))
        };
        let whole = payload.to_token_stream();
        match &self.message.format {
            // Nothing to ask.
            Format::Bytes => None,
            Format::Event => of(&whole, "IsEvent"),
            Format::Pod => of(&element(payload), "IsElement"),
            Format::Rkyv => of(&whole, "IsArchived"),
            Format::Flatbuffers => of(&with_lifetime(whole, "static"), "IsTable"),
            Format::Postcard | Format::Bincode => of(&whole, "IsSerde"),
            Format::Codec(own) => Some(quote!(<#own as #private::check::IsCodec<#payload, #alias>>::YES)),
            Format::ZeroCopy(own) => {
                Some(quote!(<#own as #private::check::IsZeroCopy<#payload, #alias>>::YES))
            }
        }
    }

    /// Events begin where payloads do, which may not be enough for them.
    fn alignment(&self) -> Option<TokenStream> {
        let private = self.channel.krate.private();
        let event = match &self.message.format {
            Format::Event => self.message.payload.to_token_stream(),
            Format::Pod => element(&self.message.payload),
            _ => return None,
        };
        let name = &self.channel.name;
        let ask = call(quote!(#private::check::aligned::<#event>), quote!(#name), event.clone());
        Some(quote!(const _: () = #ask;))
    }

    /// The tables of a flatbuffers type, for every lifetime.
    fn family(&self) -> Option<TokenStream> {
        if !matches!(self.message.format, Format::Flatbuffers) {
            return None;
        }
        let private = self.channel.krate.private();
        let (family, is_lane) = (self.named("__MyelonFamily"), self.is_lane());
        let table = with_lifetime(self.message.payload.to_token_stream(), "a");
        Some(quote! {
            pub enum #family {}
            impl #private::Family for #family {
                #[cfg(doc)]
                type Table<'a> = #table;
                #[cfg(not(doc))]
                type Table<'a> = #private::check::Carried<#table, #is_lane>;
            }
        })
    }

    fn alias(&self) -> Ident {
        self.named("__MyelonLane")
    }

    fn is_lane(&self) -> Ident {
        self.named("__MYELON_IS_LANE")
    }

    fn named(&self, name: &str) -> Ident {
        match self.kind {
            Some(kind) => format_ident!("{name}{kind}"),
            None => format_ident!("{name}"),
        }
    }
}

fn in_place(
    private: &TokenStream,
    payload: &Type,
    format: &TokenStream,
    kind: Option<TokenStream>,
) -> TokenStream {
    quote!(#private::InPlace<#payload, #format #kind>)
}

/// The element of a slice.
fn element(payload: &Type) -> TokenStream {
    match bare(payload) {
        Type::Slice(slice) => slice.elem.to_token_stream(),
        other => other.to_token_stream(),
    }
}

/// The type with a lifetime in place of `'_`.
fn with_lifetime(tokens: TokenStream, lifetime: &str) -> TokenStream {
    let mut tick = false;
    tokens
        .into_iter()
        .map(|token| {
            let after_tick = std::mem::replace(
                &mut tick,
                matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\''),
            );
            match token {
                TokenTree::Ident(ident) if after_tick && ident == "_" => {
                    TokenTree::Ident(Ident::new(lifetime, ident.span()))
                }
                TokenTree::Group(group) => {
                    let inside = with_lifetime(group.stream(), lifetime);
                    TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inside))
                }
                other => other,
            }
        })
        .collect()
}
