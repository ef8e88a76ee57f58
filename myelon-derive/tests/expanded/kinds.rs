/// All that happens.
/**

A channel between processes: every consumer sees every message, in order. No value of this type exists; [`create`](Self::create) makes the channel and its [`FeedProducer`], [`attach`](Self::attach) makes a [`FeedConsumer`].

| kind | | lane | message |
|---|---|---|---|
| 0 | `Tick` | `tick()` | `Tick`, a ring event, read in place |
| 1 | `Book` | `book()` | `BookSnapshot`, archived by rkyv, read in place |
| 2 | `Monster` | `monster()` | `Monster<'_>`, a table of flatbuffers, read in place |
| 3 | `Note` | `note()` | `[u8]`, bytes as they are |

| declared | |
|---|---|
| capacity | 8 MiB, unless `producer(..).capacity(bytes)` says otherwise |
| max_message | 8 MiB |
| optimize | latency while consumers keep up, else throughput |
| timestamps | no |
| evolves | yes: consumers see kinds of newer builds as `Unknown` |
| wait | adaptive |
| max_consumers | 16 |
| version | 3 |
*/
pub enum Feed {}
/**The producer of [`Feed`]: one at a time, made by `create`.

Each kind of message has a lane, the method of its name, and all methods that publish are there; the others are those of the generic producer that this one dereferences to. Dropping it ends the stream.*/
pub struct FeedProducer(::myelon::__private::RecordProducer);
/**A consumer of [`Feed`], made by `attach` under an id of its own.

Its methods are those of the generic consumer that it dereferences to. Dropping it stops holding the producer back.*/
pub struct FeedConsumer(::myelon::__private::MessageConsumer<Feed>);
/**A lossy consumer of [`Feed`], made by `lossy`: it holds nobody back, and is told how much it missed.

Its methods are those of the generic one that it dereferences to.*/
pub struct FeedLossyConsumer(::myelon::__private::MessageLossyConsumer<Feed>);
/**One message of [`Feed`], where it lies: what a lease shows, to be matched on.

It borrows the lease, and costs nothing to copy.*/
pub enum FeedRef<'a> {
    /// One trade.
    #[expect(unused)]
    /**

A message of the kind `Tick`: `Tick`, a ring event, read in place.*/
    Tick(&'a Tick),
    /**

A message of the kind `Book`: `BookSnapshot`, archived by rkyv, read in place.*/
    Book(
        &'a <<Feed as ::myelon::__private::check::LaneOf<
            1,
        >>::Lane as ::myelon::__private::Single>::Target,
    ),
    /**

A message of the kind `Monster`: `Monster<'_>`, a table of flatbuffers, read in place.*/
    Monster(Monster<'a>),
    /**

A message of the kind `Note`: `[u8]`, bytes as they are.*/
    Note(&'a [u8]),
    /// A message of a kind that this build does not know: its producer is of a newer one.
    Unknown {
        /// The number of the kind.
        kind: ::myelon::__private::core::primitive::u16,
        /// The message as it was written.
        bytes: &'a [::myelon::__private::core::primitive::u8],
    },
}
#[automatically_derived]
impl ::myelon::__private::core::marker::Copy for FeedRef<'_> {}
#[automatically_derived]
impl ::myelon::__private::core::clone::Clone for FeedRef<'_> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl ::myelon::__private::core::fmt::Debug for FeedRef<'_> {
    fn fmt(
        &self,
        f: &mut ::myelon::__private::core::fmt::Formatter<'_>,
    ) -> ::myelon::__private::core::fmt::Result {
        match self {
            Self::Tick(message) => ::myelon::__private::show_message(f, "Tick", message),
            Self::Book(message) => ::myelon::__private::show_message(f, "Book", message),
            Self::Monster(message) => {
                ::myelon::__private::show_message(f, "Monster", message)
            }
            Self::Note(message) => ::myelon::__private::show_message(f, "Note", message),
            Self::Unknown { kind, bytes } => {
                ::myelon::__private::show_unknown(f, *kind, bytes)
            }
        }
    }
}
const _: () = {
    type __MyelonLane0 = ::myelon::__private::InPlace<
        Tick,
        ::myelon::__private::codec::Event,
        0,
    >;
    const __MYELON_IS_LANE0: ::myelon::__private::core::primitive::bool = <Tick as ::myelon::__private::check::IsEvent<
        __MyelonLane0,
    >>::YES;
    const _: () = ::myelon::__private::check::aligned::<Tick>("Feed");
    impl ::myelon::__private::check::LaneOf<0> for Feed {
        type Lane = ::myelon::__private::check::Carried<
            __MyelonLane0,
            __MYELON_IS_LANE0,
        >;
    }
    type __MyelonLane1 = ::myelon::__private::needs_rkyv!(
        of::myelon::__private::InPlace < BookSnapshot, ::myelon::__private::codec::Rkyv,
        1 >
    );
    const __MYELON_IS_LANE1: ::myelon::__private::core::primitive::bool = ::myelon::__private::needs_rkyv!(
        ask < BookSnapshot as ::myelon::__private::check::IsArchived < __MyelonLane1 > >
        ::YES
    );
    impl ::myelon::__private::check::LaneOf<1> for Feed {
        type Lane = ::myelon::__private::check::Carried<
            __MyelonLane1,
            __MYELON_IS_LANE1,
        >;
    }
    pub enum __MyelonFamily2 {}
    impl ::myelon::__private::Family for __MyelonFamily2 {
        #[cfg(doc)]
        type Table<'a> = Monster<'a>;
        #[cfg(not(doc))]
        type Table<'a> = ::myelon::__private::check::Carried<
            Monster<'a>,
            __MYELON_IS_LANE2,
        >;
    }
    type __MyelonLane2 = ::myelon::__private::needs_flatbuffers!(
        of::myelon::__private::Tables < __MyelonFamily2, 2 >
    );
    const __MYELON_IS_LANE2: ::myelon::__private::core::primitive::bool = ::myelon::__private::needs_flatbuffers!(
        ask < Monster < 'static > as ::myelon::__private::check::IsTable < __MyelonLane2
        > > ::YES
    );
    impl ::myelon::__private::check::LaneOf<2> for Feed {
        type Lane = ::myelon::__private::check::Carried<
            __MyelonLane2,
            __MYELON_IS_LANE2,
        >;
    }
    type __MyelonLane3 = ::myelon::__private::InPlace<
        [u8],
        ::myelon::__private::codec::Bytes,
        3,
    >;
    impl ::myelon::__private::check::LaneOf<3> for Feed {
        type Lane = __MyelonLane3;
    }
    pub enum __MyelonHeld<'a> {
        V0(
            <<Feed as ::myelon::__private::check::LaneOf<
                0,
            >>::Lane as ::myelon::__private::Format>::Held<'a>,
        ),
        V1(
            <<Feed as ::myelon::__private::check::LaneOf<
                1,
            >>::Lane as ::myelon::__private::Format>::Held<'a>,
        ),
        V2(
            <<Feed as ::myelon::__private::check::LaneOf<
                2,
            >>::Lane as ::myelon::__private::Format>::Held<'a>,
        ),
        V3(
            <<Feed as ::myelon::__private::check::LaneOf<
                3,
            >>::Lane as ::myelon::__private::Format>::Held<'a>,
        ),
        Unknown {
            kind: ::myelon::__private::core::primitive::u16,
            bytes: &'a [::myelon::__private::core::primitive::u8],
        },
    }
    #[automatically_derived]
    impl ::myelon::__private::Format for Feed {
        type Held<'a> = __MyelonHeld<'a>;
        type Ref<'a> = FeedRef<'a>;
        const READ_WHOLE: ::myelon::__private::core::primitive::bool = false
            || <<Feed as ::myelon::__private::check::LaneOf<
                0,
            >>::Lane as ::myelon::__private::Format>::READ_WHOLE
            || <<Feed as ::myelon::__private::check::LaneOf<
                1,
            >>::Lane as ::myelon::__private::Format>::READ_WHOLE
            || <<Feed as ::myelon::__private::check::LaneOf<
                2,
            >>::Lane as ::myelon::__private::Format>::READ_WHOLE
            || <<Feed as ::myelon::__private::check::LaneOf<
                3,
            >>::Lane as ::myelon::__private::Format>::READ_WHOLE;
        #[inline(always)]
        fn hold(
            kind: ::myelon::__private::core::primitive::u16,
            bytes: &[::myelon::__private::core::primitive::u8],
            trust: ::myelon::__private::Trust,
        ) -> ::myelon::__private::core::result::Result<
            __MyelonHeld<'_>,
            ::myelon::__private::DecodeError,
        > {
            match kind {
                0 => {
                    <<Feed as ::myelon::__private::check::LaneOf<
                        0,
                    >>::Lane as ::myelon::__private::Format>::hold(kind, bytes, trust)
                        .map(__MyelonHeld::V0)
                }
                1 => {
                    <<Feed as ::myelon::__private::check::LaneOf<
                        1,
                    >>::Lane as ::myelon::__private::Format>::hold(kind, bytes, trust)
                        .map(__MyelonHeld::V1)
                }
                2 => {
                    <<Feed as ::myelon::__private::check::LaneOf<
                        2,
                    >>::Lane as ::myelon::__private::Format>::hold(kind, bytes, trust)
                        .map(__MyelonHeld::V2)
                }
                3 => {
                    <<Feed as ::myelon::__private::check::LaneOf<
                        3,
                    >>::Lane as ::myelon::__private::Format>::hold(kind, bytes, trust)
                        .map(__MyelonHeld::V3)
                }
                _ => {
                    ::myelon::__private::core::result::Result::Ok(__MyelonHeld::Unknown {
                        kind,
                        bytes,
                    })
                }
            }
        }
        #[inline(always)]
        fn show<'s, 'a: 's>(held: &'s __MyelonHeld<'a>) -> FeedRef<'s> {
            match held {
                __MyelonHeld::V0(held) => {
                    FeedRef::Tick(
                        <<Feed as ::myelon::__private::check::LaneOf<
                            0,
                        >>::Lane as ::myelon::__private::Format>::show(held),
                    )
                }
                __MyelonHeld::V1(held) => {
                    FeedRef::Book(
                        <<Feed as ::myelon::__private::check::LaneOf<
                            1,
                        >>::Lane as ::myelon::__private::Format>::show(held),
                    )
                }
                __MyelonHeld::V2(held) => {
                    FeedRef::Monster(
                        <<Feed as ::myelon::__private::check::LaneOf<
                            2,
                        >>::Lane as ::myelon::__private::Format>::show(held),
                    )
                }
                __MyelonHeld::V3(held) => {
                    FeedRef::Note(
                        <<Feed as ::myelon::__private::check::LaneOf<
                            3,
                        >>::Lane as ::myelon::__private::Format>::show(held),
                    )
                }
                __MyelonHeld::Unknown { kind, bytes } => {
                    FeedRef::Unknown {
                        kind: *kind,
                        bytes,
                    }
                }
            }
        }
    }
    #[automatically_derived]
    impl ::myelon::__private::MessageChannel for Feed {
        type Format = Self;
        type Producer = FeedProducer;
        type Consumer = FeedConsumer;
        const CONFIG: ::myelon::__private::MessageConfig = ::myelon::__private::MessageConfig {
            name: "Feed",
            capacity: 8388608,
            max_consumers: 16,
            version: 3,
            wait: ::myelon::__private::WaitStrategy::Adaptive,
            max_message: 8388608,
            packing: ::myelon::__private::Packing::Adaptive,
            timestamps: false,
            evolves: true,
        };
        const LANES: &'static [::myelon::__private::LaneShape] = &[
            ::myelon::__private::LaneShape::of::<
                <Feed as ::myelon::__private::check::LaneOf<0>>::Lane,
            >("Tick", "Tick"),
            ::myelon::__private::LaneShape::of::<
                <Feed as ::myelon::__private::check::LaneOf<1>>::Lane,
            >("Book", "BookSnapshot"),
            ::myelon::__private::LaneShape::of::<
                <Feed as ::myelon::__private::check::LaneOf<2>>::Lane,
            >("Monster", "Monster<'_>"),
            ::myelon::__private::LaneShape::of::<
                <Feed as ::myelon::__private::check::LaneOf<3>>::Lane,
            >("Note", "[u8]"),
        ];
    }
    impl FeedProducer {
        #[cfg(doc)]
        /// One trade.
        #[allow(unused)]
        /**

The lane of `Tick`: publishes messages of kind 0, `Tick`, a ring event, read in place.*/
        #[inline(always)]
        pub fn tick(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            ::myelon::__private::InPlace<Tick, ::myelon::__private::codec::Event, 0>,
        > {
            self.0.lane()
        }
        #[cfg(not(doc))]
        /// One trade.
        #[allow(unused)]
        /**

The lane of `Tick`: publishes messages of kind 0, `Tick`, a ring event, read in place.*/
        #[inline(always)]
        pub fn tick(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            <Feed as ::myelon::__private::check::LaneOf<0>>::Lane,
        > {
            self.0.lane()
        }
        #[cfg(doc)]
        /**

The lane of `Book`: publishes messages of kind 1, `BookSnapshot`, archived by rkyv, read in place.*/
        #[inline(always)]
        pub fn book(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            ::myelon::__private::needs_rkyv!(
                of::myelon::__private::InPlace < BookSnapshot,
                ::myelon::__private::codec::Rkyv, 1 >
            ),
        > {
            self.0.lane()
        }
        #[cfg(not(doc))]
        /**

The lane of `Book`: publishes messages of kind 1, `BookSnapshot`, archived by rkyv, read in place.*/
        #[inline(always)]
        pub fn book(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            <Feed as ::myelon::__private::check::LaneOf<1>>::Lane,
        > {
            self.0.lane()
        }
        #[cfg(doc)]
        /**

The lane of `Monster`: publishes messages of kind 2, `Monster<'_>`, a table of flatbuffers, read in place.*/
        #[inline(always)]
        pub fn monster(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            ::myelon::__private::needs_flatbuffers!(
                of::myelon::__private::Tables < __MyelonFamily2, 2 >
            ),
        > {
            self.0.lane()
        }
        #[cfg(not(doc))]
        /**

The lane of `Monster`: publishes messages of kind 2, `Monster<'_>`, a table of flatbuffers, read in place.*/
        #[inline(always)]
        pub fn monster(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            <Feed as ::myelon::__private::check::LaneOf<2>>::Lane,
        > {
            self.0.lane()
        }
        #[cfg(doc)]
        /**

The lane of `Note`: publishes messages of kind 3, `[u8]`, bytes as they are.*/
        #[inline(always)]
        pub fn note(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            ::myelon::__private::InPlace<[u8], ::myelon::__private::codec::Bytes, 3>,
        > {
            self.0.lane()
        }
        #[cfg(not(doc))]
        /**

The lane of `Note`: publishes messages of kind 3, `[u8]`, bytes as they are.*/
        #[inline(always)]
        pub fn note(
            &mut self,
        ) -> &mut ::myelon::__private::MessageProducer<
            <Feed as ::myelon::__private::check::LaneOf<3>>::Lane,
        > {
            self.0.lane()
        }
    }
    ::myelon::__private::message_marker!(
        Feed, pub, FeedProducer, FeedConsumer, FeedLossyConsumer, {}
    );
    ::myelon::__private::message_enum_producer!(FeedProducer, pub, Feed);
    ::myelon::__private::message_consumer!(FeedConsumer, pub, Feed);
    ::myelon::__private::end!(
        FeedLossyConsumer, ::myelon::__private::MessageLossyConsumer < Feed >
    );
};
