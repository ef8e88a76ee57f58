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
fn a_channel_of_messages() {
    let tokens = crate::channel::channel(
        quote!(codec = postcard, capacity = limits::BYTES, max_message = "64 MiB", timestamps = true),
        quote! {
            /// Every order of the day.
            #[allow(unused)]
            pub struct Orders(proto::Order);
        },
    );
    expect_file!["../tests/expanded/messages.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn a_channel_of_several_kinds() {
    let tokens = crate::channel::channel(
        quote!(capacity = "8 MiB", evolves = true, version = 3),
        quote! {
            /// All that happens.
            pub enum Feed {
                /// One trade.
                #[expect(unused)]
                Tick(Tick),
                #[zero_copy(rkyv)]
                Book(BookSnapshot),
                #[zero_copy(flatbuffers)]
                Monster(Monster<'_>),
                Note([u8]),
            }
        },
    );
    expect_file!["../tests/expanded/kinds.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn a_channel_of_several_kinds_with_owned_values() {
    let tokens = crate::channel::channel(
        quote!(capacity = "8 MiB", evolves = true, owned = true),
        quote! {
            pub enum Feed {
                /// One trade.
                Tick(Tick),
                Note([u8]),
            }
        },
    );
    expect_file!["../tests/expanded/owned.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn a_channel_with_declared_consumers() {
    let tokens = crate::channel::channel(
        quote!(
            capacity = 1024,
            max_consumers = ROOM,
            consumers(
                journal(required),
                risk(required(
                    startup = "10 s",
                    stall = limits::STALL,
                    grace = "1500 ms",
                    check = "100 us",
                    on_failure = shutdown,
                    on_death = wait("5 s", evict),
                )),
                plain,
                dash(lossy),
            ),
            declared_only,
        ),
        quote! {
            /// Every trade of the day.
            #[expect(unreachable_pub)]
            pub struct Ticks(Tick);
        },
    );
    expect_file!["../tests/expanded/consumers.rs"].assert_eq(&pretty(tokens));
}

#[test]
fn more_kinds_than_there_may_be_are_refused() {
    let kinds = |count: usize| {
        let kinds = (0..count).map(|kind| quote::format_ident!("K{kind}"));
        let tokens =
            crate::channel::channel(quote!(capacity = "1 KiB"), quote!(enum Feed { #(#kinds([u8])),* }));
        idents(tokens).iter().filter(|ident| *ident == "compile_error").count()
    };
    assert_eq!((kinds(256), kinds(257)), (0, 1));
}

#[test]
fn more_required_consumers_than_a_channel_has_room_for_are_refused() {
    let told = |count: usize, role: &str| {
        let ids = (0..count).map(|id| quote::format_ident!("c{id}"));
        let role = quote::format_ident!("{role}");
        let tokens = crate::channel::channel(
            quote!(capacity = 8, max_consumers = 256, consumers(#(#ids(#role)),*)),
            quote!(
                struct Ticks(u64);
            ),
        );
        let tokens = tokens.to_string();
        (tokens.matches("compile_error").count(), tokens.contains("a channel has room for 256 at most"))
    };
    assert_eq!(told(256, "required"), (0, false));
    assert_eq!(told(257, "required"), (1, true));
    assert_eq!(told(257, "lossy"), (0, false));
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
        quote!(
            capacity = SLOTS,
            max_consumers = MOST,
            version = VERSION,
            consumers(journal(required(startup = LONG, on_death = wait("5 s"))), dash),
            crate = #path,
        ),
        quote!(
            struct Ticks(Tick);
        ),
    );
    let messages = crate::channel::channel(
        quote!(zero_copy = rkyv, capacity = BYTES, max_message = LONGEST, crate = #path),
        quote!(
            struct Books(Book);
        ),
    );
    let kinds = crate::channel::channel(
        quote!(capacity = "4 KiB", evolves = true, crate = #path),
        quote!(
            enum Feed {
                Tick(Tick),
                #[zero_copy(flatbuffers)]
                Monster(Monster<'_>),
                #[codec(pod)]
                Bars([Bar]),
                #[codec(bincode)]
                Order(Order),
                #[zero_copy(own::Format)]
                Text(str),
                Note([u8]),
            }
        ),
    );
    let owned = crate::channel::channel(
        quote!(capacity = "4 KiB", evolves = true, owned = true, crate = #path),
        quote!(
            enum Feed {
                Tick(Tick),
                #[codec(bincode)]
                Order(Order),
                Note([u8]),
            }
        ),
    );
    for tokens in [event, variants, refused, channel, messages, kinds, owned] {
        let idents = idents(tokens);
        assert!(idents.iter().any(|ident| ident == "some"));
        assert!(!idents.iter().any(|ident| ident == "myelon" || ident == "std"), "{idents:?}");
    }
}
