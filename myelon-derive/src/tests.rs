//! Whole expansions, as text. After a change that is meant: `UPDATE_EXPECT=1 cargo test -p myelon-derive`.

use expect_test::expect_file;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse_quote;

fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

/// Every identifier, in brackets too.
fn idents(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Group(group) => idents(group.stream()),
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn a_struct() {
    let tokens = crate::event::derive(&parse_quote! {
        #[repr(C)]
        pub struct Tick {
            pub ts_ns: u64,
            pub side: Side,
            pub _pad: [u8; 7],
        }
    });
    expect_file!["../tests/expanded/struct.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn a_struct_with_const_parameters() {
    let tokens = crate::event::derive(&parse_quote! {
        #[repr(C)]
        pub struct Text<const N: usize> {
            len: u8,
            bytes: [u8; N],
        }
    });
    expect_file!["../tests/expanded/const_parameters.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn an_enum() {
    let tokens = crate::event::derive(&parse_quote! {
        #[repr(u8)]
        pub enum Side {
            Bid = 1,
            Ask,
        }
    });
    expect_file!["../tests/expanded/enum.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn a_channel() {
    let tokens = crate::channel::channel(
        quote!(capacity = SLOTS, wait = park),
        quote! {
            /// Every trade of the day.
            #[cfg(unix)]
            #[expect(unreachable_pub)]
            pub struct Ticks(Tick);
        },
    );
    expect_file!["../tests/expanded/channel.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn with_another_path_nothing_is_named_myelon() {
    let path = quote!(some::path);
    let event = crate::event::derive(&parse_quote! {
        #[myelon(crate = #path)]
        #[repr(C)]
        struct Text<const N: usize> {
            len: u8,
            bytes: [u8; N],
            side: Side,
        }
    });
    let variants = crate::event::derive(&parse_quote! {
        #[myelon(crate = #path)]
        #[repr(u8)]
        enum Side {
            Bid,
        }
    });
    let refused = crate::event::derive(&parse_quote! {
        #[myelon(crate = #path)]
        struct Text {
            len: usize,
        }
    });
    let channel = crate::channel::channel(
        quote!(capacity = SLOTS, max_consumers = MOST, version = VERSION, crate = #path),
        quote!(
            struct Ticks(Tick);
        ),
    );
    for tokens in [event, variants, refused, channel] {
        let idents = idents(tokens);
        assert!(idents.iter().any(|ident| ident == "some"));
        assert!(!idents.iter().any(|ident| ident == "myelon" || ident == "std"), "{idents:?}");
    }
}
