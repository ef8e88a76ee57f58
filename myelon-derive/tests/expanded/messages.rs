/// Every order of the day.
#[allow(unused)]
/**

A channel between processes: every consumer sees every message, in order. No value of this type exists; [`create`](Self::create) makes the channel and its [`OrdersProducer`], [`attach`](Self::attach) makes a [`OrdersConsumer`].

| declared | |
|---|---|
| message | `proto::Order`, written by postcard, decoded |
| capacity | `limits::BYTES` bytes, unless `producer(..).capacity(bytes)` says otherwise |
| max_message | 64 MiB |
| optimize | latency while consumers keep up, else throughput |
| timestamps | yes |
| wait | adaptive |
| max_consumers | 16 |
| version | 0 |
*/
pub enum Orders {}
#[allow(unused)]
/**The producer of [`Orders`]: one at a time, made by `create`.

Its methods are those of the generic producer that it dereferences to. Dropping it ends the stream.*/
pub struct OrdersProducer(
    ::myelon::__private::MessageProducer<
        <Orders as ::myelon::__private::MessageChannel>::Format,
    >,
);
#[allow(unused)]
/**A consumer of [`Orders`], made by `attach` under an id of its own.

Its methods are those of the generic consumer that it dereferences to. Dropping it stops holding the producer back.*/
pub struct OrdersConsumer(
    ::myelon::__private::MessageConsumer<
        <Orders as ::myelon::__private::MessageChannel>::Format,
    >,
);
#[allow(unused)]
/**A lossy consumer of [`Orders`], made by `lossy`: it holds nobody back, and is told how much it missed.

Its methods are those of the generic one that it dereferences to.*/
pub struct OrdersLossyConsumer(
    ::myelon::__private::MessageLossyConsumer<
        <Orders as ::myelon::__private::MessageChannel>::Format,
    >,
);
#[allow(unused)]
const _: () = {
    const _: () = ::myelon::__private::check::message_capacity(
        "Orders",
        (limits::BYTES) as ::myelon::__private::core::primitive::u64,
    );
    type __MyelonLane = ::myelon::__private::needs_postcard!(
        of::myelon::__private::Owned < proto::Order, ::myelon::__private::codec::Postcard
        >
    );
    const __MYELON_IS_LANE: ::myelon::__private::core::primitive::bool = ::myelon::__private::needs_postcard!(
        ask < proto::Order as ::myelon::__private::check::IsSerde < __MyelonLane > >
        ::YES
    );
    #[automatically_derived]
    impl ::myelon::__private::MessageChannel for Orders {
        #[cfg(doc)]
        type Format = ::myelon::__private::needs_postcard!(
            of::myelon::__private::Owned < proto::Order,
            ::myelon::__private::codec::Postcard >
        );
        #[cfg(not(doc))]
        type Format = ::myelon::__private::check::Carried<
            __MyelonLane,
            __MYELON_IS_LANE,
        >;
        type Producer = OrdersProducer;
        type Consumer = OrdersConsumer;
        const CONFIG: ::myelon::__private::MessageConfig = ::myelon::__private::MessageConfig {
            name: "Orders",
            capacity: (limits::BYTES) as ::myelon::__private::core::primitive::u64,
            max_consumers: 16,
            version: 0,
            wait: ::myelon::__private::WaitStrategy::Adaptive,
            max_message: 67108864,
            packing: ::myelon::__private::Packing::Adaptive,
            timestamps: true,
            evolves: false,
        };
        const LANES: &'static [::myelon::__private::LaneShape] = &[
            ::myelon::__private::LaneShape::of::<Self::Format>("Orders", "Order"),
        ];
    }
    ::myelon::__private::message_marker!(
        Orders, pub, OrdersProducer, OrdersConsumer, OrdersLossyConsumer, {}
    );
    #[cfg(doc)]
    ::myelon::__private::message_producer!(
        OrdersProducer, pub,
        ::myelon::__private::needs_postcard!(of::myelon::__private::Owned < proto::Order,
        ::myelon::__private::codec::Postcard >)
    );
    #[cfg(doc)]
    ::myelon::__private::message_consumer!(
        OrdersConsumer, pub,
        ::myelon::__private::needs_postcard!(of::myelon::__private::Owned < proto::Order,
        ::myelon::__private::codec::Postcard >)
    );
    #[cfg(doc)]
    ::myelon::__private::end!(
        OrdersLossyConsumer, ::myelon::__private::MessageLossyConsumer <
        ::myelon::__private::needs_postcard!(of::myelon::__private::Owned < proto::Order,
        ::myelon::__private::codec::Postcard >) >
    );
    #[cfg(not(doc))]
    ::myelon::__private::message_producer!(
        OrdersProducer, pub, < Orders as ::myelon::__private::MessageChannel > ::Format
    );
    #[cfg(not(doc))]
    ::myelon::__private::message_consumer!(
        OrdersConsumer, pub, < Orders as ::myelon::__private::MessageChannel > ::Format
    );
    #[cfg(not(doc))]
    ::myelon::__private::end!(
        OrdersLossyConsumer, ::myelon::__private::MessageLossyConsumer < < Orders as
        ::myelon::__private::MessageChannel > ::Format >
    );
};
