//! The format of one kind of message as a type, and what the compiler is asked about it.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::super::format::Format;
use super::super::item::bare;
use super::super::model::{Channel, Message};
use super::super::text;
use crate::spans::{associated, at, call, parentheses, respan};

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
    fn format(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let payload = &self.message.payload;
        let kind = self.kind.map(|kind| {
            let kind = Literal::usize_unsuffixed(kind);
            quote!(, #kind)
        });
        let in_place = |format: TokenStream| quote!(#private::InPlace<#payload, #format #kind>);
        let owned = |codec: TokenStream| quote!(#private::Owned<#payload, #codec #kind>);
        match &self.message.format {
            // Where nothing else travels, the program says the kind.
            Format::Bytes if self.kind.is_none() => quote!(#private::Frames),
            Format::Bytes => in_place(quote!(#private::codec::Bytes)),
            Format::Event => in_place(quote!(#private::codec::Event)),
            Format::Pod => in_place(quote!(#private::codec::Pod)),
            Format::Rkyv => in_place(quote!(#private::codec::Rkyv)),
            Format::ZeroCopy(own) => in_place(own.to_token_stream()),
            Format::Postcard => owned(quote!(#private::codec::Postcard)),
            Format::Bincode => owned(quote!(#private::codec::Bincode)),
            Format::Codec(own) => owned(own.to_token_stream()),
            Format::Flatbuffers => {
                let family = self.named("__MyelonFamily");
                quote!(#private::Tables<#family #kind>)
            }
        }
    }

    /// The tokens, if the feature of the format is on. If not, there is no type, and the question is answered by one
    /// sentence at the word that asked for the format.
    fn needing_its_feature(&self, what: &str, tokens: TokenStream) -> TokenStream {
        let Some(feature) = self.message.format.feature() else { return tokens };
        let private = self.channel.krate.private();
        let [feature, what] =
            [format!("needs_{feature}"), what.to_owned()].map(|name| Ident::new(&name, Span::call_site()));
        let place =
            self.message.word.clone().into_iter().next().map_or_else(Span::call_site, |word| word.span());
        let call = respan(quote!(#private::#feature!), place);
        let arguments = parentheses(quote!(#what #tokens), at(place));
        quote!(#call #arguments)
    }

    /// Everything in the hidden block that [`checked`](Self::checked) names.
    pub(super) fn declarations(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let (format, alias, is_lane) = (self.shown(), self.alias(), self.is_lane());
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
    fn checked(&self) -> TokenStream {
        let private = self.channel.krate.private();
        let (alias, is_lane) = (self.alias(), self.is_lane());
        match self.question() {
            Some(_) => quote!(#private::check::Carried<#alias, #is_lane>),
            None => alias.to_token_stream(),
        }
    }

    /// `type name = checked format;`.
    pub(super) fn associated(&self, name: &str) -> TokenStream {
        associated(name, &self.checked(), self.message.payload.to_token_stream())
    }

    /// The format for documentation, which shows what it is and not how it was checked.
    pub(super) fn shown(&self) -> TokenStream {
        self.needing_its_feature("of", self.format())
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
        let (payload, alias) = (self.message.payload.to_token_stream(), self.alias());
        let (alone, with_payload) = (quote!(#alias), quote!(#payload, #alias));
        let question = match &self.message.format {
            // Nothing to ask.
            Format::Bytes => return None,
            Format::Event => self.ask(&payload, "IsEvent", &alone),
            Format::Pod => self.ask(&element(&self.message.payload), "IsElement", &alone),
            Format::Rkyv => self.ask(&payload, "IsArchived", &alone),
            Format::Flatbuffers => self.ask(&with_lifetime(payload, "static"), "IsTable", &alone),
            Format::Postcard | Format::Bincode => self.ask(&payload, "IsSerde", &alone),
            Format::Codec(own) => self.ask(&own.to_token_stream(), "IsCodec", &with_payload),
            Format::ZeroCopy(own) => self.ask(&own.to_token_stream(), "IsZeroCopy", &with_payload),
        };
        Some(self.needing_its_feature("ask", question))
    }

    /// `<subject as Question<arguments>>::YES`, all of it at the subject.
    fn ask(&self, subject: &TokenStream, question: &str, arguments: &TokenStream) -> TokenStream {
        let private = self.channel.krate.private();
        let question = Ident::new(question, Span::call_site());
        let place = subject.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
        let open = respan(quote!(<), place);
        let rest = respan(quote!(as #private::check::#question), place);
        let close = respan(quote!(>::YES), place);
        quote!(#open #subject #rest<#arguments> #close)
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
