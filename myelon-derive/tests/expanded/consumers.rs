/// Every trade of the day.
#[expect(unreachable_pub)]
/**

A channel between processes: every consumer sees every event, in order. No value of this type exists; [`create`](Self::create) makes the channel and its [`TicksProducer`], [`attach`](Self::attach) makes a [`TicksConsumer`].

| consumer | attached by | |
|---|---|---|
| `journal` | [`attach_journal`](Self::attach_journal) | required, attached or not |
| `risk` | [`attach_risk`](Self::attach_risk) | required, attached or not; must attach within 10 s; stalled after `limits::STALL`, and 1500 ms after that the channel is shut down; dead it is waited for 5 s, then it is let go; looked for every 100 us |
| `plain` | [`attach_plain`](Self::attach_plain) | holds the producer back while it is attached and alive |
| `dash` | [`attach_dash`](Self::attach_dash) | lossy, holds nobody back and may miss something |

Nobody else may attach.

| declared | |
|---|---|
| event | `Tick` |
| capacity | 1024 events, unless `producer(..).capacity(n)` says otherwise |
| optimize | by the size of the event |
| wait | adaptive |
| max_consumers | `ROOM` |
| version | 0 |
*/
pub enum Ticks {}
#[allow(unreachable_pub)]
/**The producer of [`Ticks`]: one at a time, made by `create`.

Its methods are those of the generic producer that it dereferences to. Dropping it ends the stream.*/
pub struct TicksProducer(
    ::myelon::__private::Producer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[allow(unreachable_pub)]
/**A consumer of [`Ticks`], made by `attach` under an id of its own.

Its methods are those of the generic consumer that it dereferences to. Dropping it stops holding the producer back.*/
pub struct TicksConsumer(
    ::myelon::__private::Consumer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[allow(unreachable_pub)]
/**A lossy consumer of [`Ticks`], made by `lossy`: it holds nobody back, and is told how much it missed.

Its methods are those of the generic one that it dereferences to.*/
pub struct TicksLossyConsumer(
    ::myelon::__private::LossyConsumer<
        <Ticks as ::myelon::__private::Channel>::Event,
        <Ticks as ::myelon::__private::Channel>::Slots,
    >,
);
#[allow(unreachable_pub)]
///A declared consumer of [`Ticks`]: what an id in an error or an alert is parsed into.
#[derive(
    ::myelon::__private::core::clone::Clone,
    ::myelon::__private::core::marker::Copy,
    ::myelon::__private::core::fmt::Debug,
    ::myelon::__private::core::cmp::PartialEq,
    ::myelon::__private::core::cmp::Eq,
    ::myelon::__private::core::cmp::PartialOrd,
    ::myelon::__private::core::cmp::Ord,
    ::myelon::__private::core::hash::Hash,
)]
pub enum TicksConsumerId {
    ///The consumer `journal`: required, attached or not.
    Journal,
    ///The consumer `risk`: required, attached or not; must attach within 10 s; stalled after `limits::STALL`, and 1500 ms after that the channel is shut down; dead it is waited for 5 s, then it is let go; looked for every 100 us.
    Risk,
    ///The consumer `plain`: holds the producer back while it is attached and alive.
    Plain,
    ///The consumer `dash`: lossy, holds nobody back and may miss something.
    Dash,
}
#[allow(unreachable_pub)]
const _: () = {
    const _: () = ::myelon::__private::check::max_consumers(
        "Ticks",
        (ROOM) as ::myelon::__private::core::primitive::u64,
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
            capacity: 1024,
            max_consumers: (ROOM) as ::myelon::__private::core::primitive::u32,
            version: 0,
            wait: ::myelon::__private::WaitStrategy::Adaptive,
        };
    }
    ::myelon::__private::marker!(
        Ticks, pub, TicksProducer, TicksConsumer, TicksLossyConsumer, { const CONSUMERS :
        & 'static [::myelon::__private::DeclaredConsumer] = &
        [::myelon::__private::DeclaredConsumer::new("journal",
        ::myelon::__private::Role::Required(::myelon::__private::Required::DEFAULT)),
        ::myelon::__private::DeclaredConsumer::new("risk",
        ::myelon::__private::Role::Required(::myelon::__private::Required::DEFAULT
        .startup(::myelon::__private::core::time::Duration::from_secs(10))
        .stall(__MYELON_STALL1)
        .grace(::myelon::__private::core::time::Duration::from_millis(1500))
        .check(::myelon::__private::core::time::Duration::from_micros(100))
        .on_failure(::myelon::__private::OnFailure::Shutdown)
        .on_death(::myelon::__private::OnDeath::Wait { time :
        ::myelon::__private::core::option::Option::Some(::myelon::__private::core::time::Duration::from_secs(5)),
        then : ::myelon::__private::Loss::Evict }))),
        ::myelon::__private::DeclaredConsumer::new("plain",
        ::myelon::__private::Role::Reliable),
        ::myelon::__private::DeclaredConsumer::new("dash",
        ::myelon::__private::Role::Lossy)]; const DECLARED_ONLY :
        ::myelon::__private::core::primitive::bool = true; }
    );
    ::myelon::__private::producer!(TicksProducer, pub, Ticks);
    ::myelon::__private::consumer!(TicksConsumer, pub, Ticks);
    ::myelon::__private::end!(
        TicksLossyConsumer, ::myelon::__private::LossyConsumer < < Ticks as
        ::myelon::__private::Channel > ::Event, < Ticks as ::myelon::__private::Channel >
        ::Slots, >
    );
    const _: () = ::myelon::__private::check::required_consumers(
        "Ticks",
        2,
        (ROOM) as ::myelon::__private::core::primitive::u64,
    );
    const __MYELON_STALL1: ::myelon::__private::core::time::Duration = limits::STALL;
    const _: () = ::myelon::__private::check::time(
        "Ticks",
        "risk",
        "stall",
        __MYELON_STALL1,
    );
    const _: () = ::myelon::__private::check::no_longer(
        "Ticks",
        "risk",
        ::myelon::__private::core::time::Duration::from_micros(100),
        "stall",
        __MYELON_STALL1,
    );
    ::myelon::__private::consumer_ids!(
        TicksConsumerId, pub, Ticks, Journal = "journal", Risk = "risk", Plain = "plain",
        Dash = "dash"
    );
    ::myelon::__private::declared_consumer!(
        Ticks, pub, TicksConsumer, attach_journal, consumer_journal,
        ConsumerBuilder("journal"),
        "Attaches to the channel at `at` as the consumer `journal`: required, attached or not.\n\nIt resumes where it stopped; the first time that is with the first event since the channel expected it. [`consumer_journal`](Self::consumer_journal) has what can be chosen when the program runs, of which this is the short form.\n\n# Errors\nSee `AttachError`.",
        "Everything that can be chosen about the consumer `journal` when the program runs."
    );
    ::myelon::__private::declared_consumer!(
        Ticks, pub, TicksConsumer, attach_risk, consumer_risk, ConsumerBuilder("risk"),
        "Attaches to the channel at `at` as the consumer `risk`: required, attached or not; must attach within 10 s; stalled after `limits::STALL`, and 1500 ms after that the channel is shut down; dead it is waited for 5 s, then it is let go; looked for every 100 us.\n\nIt resumes where it stopped; the first time that is with the first event since the channel expected it. [`consumer_risk`](Self::consumer_risk) has what can be chosen when the program runs, of which this is the short form.\n\n# Errors\nSee `AttachError`.",
        "Everything that can be chosen about the consumer `risk` when the program runs."
    );
    ::myelon::__private::declared_consumer!(
        Ticks, pub, TicksConsumer, attach_plain, consumer_plain,
        ConsumerBuilder("plain"),
        "Attaches to the channel at `at` as the consumer `plain`: holds the producer back while it is attached and alive.\n\nThe first time it starts with what is published next; after that it resumes where it stopped. [`consumer_plain`](Self::consumer_plain) has what can be chosen when the program runs, of which this is the short form.\n\n# Errors\nSee `AttachError`.",
        "Everything that can be chosen about the consumer `plain` when the program runs."
    );
    ::myelon::__private::declared_consumer!(
        Ticks, pub, TicksLossyConsumer, attach_dash, consumer_dash, LossyBuilder(),
        "Attaches to the channel at `at` as the consumer `dash`: lossy, holds nobody back and may miss something.\n\nIt starts with what is published next. [`consumer_dash`](Self::consumer_dash) has what can be chosen when the program runs, of which this is the short form.\n\n# Errors\nSee `AttachError`.",
        "Everything that can be chosen about the consumer `dash` when the program runs."
    );
};
