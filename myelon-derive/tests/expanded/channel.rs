/// Every trade of the day.
#[cfg(unix)]
#[expect(unreachable_pub)]
/**

A channel between processes: every consumer sees every event, in order. No value of this type exists; [`create`](Self::create) makes the channel and its [`TicksProducer`], [`attach`](Self::attach) makes a [`TicksConsumer`].

| declared | |
|---|---|
| event | `Tick` |
| capacity | `SLOTS` events, unless `producer(..).capacity(n)` says otherwise |
| optimize | by the size of the event |
| wait | park |
| max_consumers | 16 |
| version | 0 |
*/
pub enum Ticks {}
#[cfg(unix)]
#[allow(unreachable_pub)]
/**The producer of [`Ticks`]: one at a time, made by `create`.

Its methods are those of the generic producer that it dereferences to. Dropping it ends the stream.*/
pub struct TicksProducer(
    ::myelon::__private::Producer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[cfg(unix)]
#[allow(unreachable_pub)]
/**A consumer of [`Ticks`], made by `attach` under an id of its own.

Its methods are those of the generic consumer that it dereferences to. Dropping it stops holding the producer back.*/
pub struct TicksConsumer(
    ::myelon::__private::Consumer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[cfg(unix)]
#[allow(unreachable_pub)]
/**A lossy consumer of [`Ticks`], made by `lossy`: it holds nobody back, and is told how much it missed.

Its methods are those of the generic one that it dereferences to.*/
pub struct TicksLossyConsumer(
    ::myelon::__private::LossyConsumer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[cfg(unix)]
#[allow(unreachable_pub)]
const _: () = {
    const _: () = ::myelon::__private::check::capacity(
        "Ticks",
        (SLOTS) as ::myelon::__private::core::primitive::u64,
    );
    const __MYELON_BY_SIZE: ::myelon::__private::core::primitive::bool = ::myelon::__private::default_latency::<
        Tick,
    >();
    const __MYELON_IS_EVENT: ::myelon::__private::core::primitive::bool = <Tick as ::myelon::__private::check::Payload>::IS_EVENT;
    const _: () = ::myelon::__private::check::event::<Ticks>("Ticks");
    #[automatically_derived]
    impl ::myelon::__private::Channel for Ticks {
        #[cfg(doc)]
        type Event = Tick;
        #[cfg(not(doc))]
        type Event = ::myelon::__private::check::Carried<Tick, __MYELON_IS_EVENT>;
        type Slots = <::myelon::__private::ByOptimize<
            __MYELON_BY_SIZE,
        > as ::myelon::__private::Select>::Slots;
        type Producer = TicksProducer;
        type Consumer = TicksConsumer;
        const CONFIG: ::myelon::__private::ChannelConfig = ::myelon::__private::ChannelConfig {
            name: "Ticks",
            capacity: (SLOTS) as ::myelon::__private::core::primitive::u64,
            max_consumers: 16,
            version: 0,
            wait: ::myelon::__private::WaitStrategy::Park,
        };
    }
    ::myelon::__private::marker!(
        Ticks, pub, TicksProducer, TicksConsumer, TicksLossyConsumer, {}
    );
    ::myelon::__private::producer!(TicksProducer, pub, Ticks);
    ::myelon::__private::consumer!(TicksConsumer, pub, Ticks);
    ::myelon::__private::end!(
        TicksLossyConsumer, ::myelon::__private::LossyConsumer < < Ticks as
        ::myelon::__private::Channel > ::Event, < Ticks as ::myelon::__private::Channel >
        ::Slots, >
    );
};
