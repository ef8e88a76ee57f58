//! Declared consumers: what is called after them, on every kind of channel, and what is expected of each.

use std::time::Duration;

use myelon::{
    AttachError, Declared, DeclaredConsumer, Location, Loss, OnDeath, OnFailure, Required, Role, Start, UnknownConsumer,
};

mod limits {
    use std::time::Duration;

    pub const STALL: Duration = Duration::from_secs(3);
    // For those that are required, whether they come or not, and one more.
    pub const ROOM: u32 = 4;
}

#[myelon::channel(
    capacity = 1024,
    consumers(
        journal(required),
        risk(required(
            startup = "10 s",
            stall = "5 s",
            grace = "2 s",
            check = "100 ms",
            on_failure = shutdown,
            on_death = wait("5 s"),
        )),
        plain,
        dash(lossy),
        screen_2(required(stall = limits::STALL, on_death = evict)),
    ),
    declared_only,
)]
struct Ticks(u64);

const TICKS: &[DeclaredConsumer] = &[
    DeclaredConsumer::new("journal", Role::Required(Required::DEFAULT)),
    DeclaredConsumer::new(
        "risk",
        Role::Required(
            Required::DEFAULT
                .startup(Duration::from_secs(10))
                .stall(Duration::from_secs(5))
                .grace(Duration::from_secs(2))
                .check(Duration::from_millis(100))
                .on_failure(OnFailure::Shutdown)
                .on_death(OnDeath::Wait { time: Some(Duration::from_secs(5)), then: Loss::Shutdown }),
        ),
    ),
    DeclaredConsumer::new("plain", Role::Reliable),
    DeclaredConsumer::new("dash", Role::Lossy),
    DeclaredConsumer::new(
        "screen_2",
        Role::Required(Required::DEFAULT.stall(Duration::from_secs(3)).on_death(OnDeath::At(Loss::Evict))),
    ),
];

#[myelon::channel(
    capacity = "1 KiB",
    max_consumers = limits::ROOM,
    consumers(
        a(required(on_death = shutdown)),
        b(required(on_death = wait)),
        r#type(required(
            startup = Duration::from_secs(60).saturating_mul(2),
            on_death = wait(limits::STALL, evict),
        )),
        self_1,
        tail(lossy),
        error,
        Err,
    ),
)]
struct Log([u8]);

#[myelon::channel(
    capacity = "1 KiB",
    consumers(journal(required(stall = "1 min", on_failure = alert_only)), copy, dash(lossy)),
    declared_only = false,
)]
enum Feed {
    Journal(u64),
    Note([u8]),
}

#[myelon::channel(capacity = 8)]
struct Bare(u64);

macro_rules! made {
    ($name:ident, $id:ident, $role:ident, $stall:literal, $wait:expr) => {
        #[myelon::channel(
            capacity = 8,
            consumers($id($role(stall = $stall, on_death = wait($wait, evict))), other($role(check = "1 ms"))),
        )]
        struct $name(u64);
    };
}

made!(Made, audit, required, "5 s", limits::STALL);

fn main() -> Result<(), myelon::Error> {
    assert_eq!(Ticks::CONSUMERS, TICKS);
    assert!(Ticks::DECLARED_ONLY && !Log::DECLARED_ONLY && !Feed::DECLARED_ONLY && !Bare::DECLARED_ONLY);
    assert!(Bare::CONSUMERS.is_empty());
    let expected = [
        OnDeath::At(Loss::Shutdown),
        OnDeath::Wait { time: None, then: Loss::Shutdown },
        OnDeath::Wait { time: Some(limits::STALL), then: Loss::Evict },
    ];
    for (consumer, expected) in Log::CONSUMERS.iter().zip(expected) {
        let Role::Required(required) = consumer.role else { panic!("{consumer:?}") };
        assert_eq!(required.on_death, expected);
    }

    let Role::Required(required) = Made::CONSUMERS[0].role else { panic!("it is required") };
    assert_eq!(required.stall, Some(Duration::from_secs(5)));
    assert_eq!(required.on_death, OnDeath::Wait { time: Some(limits::STALL), then: Loss::Evict });
    assert!(matches!(Made::attach_audit("consumers-none"), Err(AttachError::NotFound { .. })));

    let ids: Vec<&str> = LogConsumerId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "type", "self_1", "tail", "error", "Err"]);
    let id: TicksConsumerId = "screen_2".parse()?;
    assert_eq!((id, id.to_string().as_str(), id.as_ref()), (TicksConsumerId::Screen2, "screen_2", "screen_2"));
    let unknown: UnknownConsumer = TicksConsumerId::try_from("jurnal").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "`jurnal` is no declared consumer of this channel; declared are `journal`, `risk`, `plain`, `dash` and `screen_2`"
    );
    match id {
        TicksConsumerId::Journal | TicksConsumerId::Risk | TicksConsumerId::Plain | TicksConsumerId::Dash => panic!("another one"),
        TicksConsumerId::Screen2 => {}
    }

    let at = Location::anonymous()?;
    let mut tx = Ticks::create(&at)?;
    let mut journal: TicksConsumer = Ticks::attach_journal(&at)?;
    let _risk: TicksConsumer = Ticks::consumer_risk(&at).attach_timeout(Duration::ZERO).build()?;
    let mut dash: TicksLossyConsumer = Ticks::attach_dash(&at)?;
    let mut late: TicksLossyConsumer = Ticks::consumer_dash(&at).start(Start::Latest).build()?;
    let mut stranger: TicksLossyConsumer = Ticks::lossy(&at).build()?;
    assert!(matches!(Ticks::attach(&at, "dash"), Err(AttachError::DeclaredLossy { .. })));
    assert!(matches!(Ticks::attach(&at, "stranger"), Err(AttachError::NotDeclared { .. })));
    assert_eq!(tx.missing(), ["screen_2"]);
    tx.publish(7)?;
    assert_eq!((dash.recv()?, late.recv()?, stranger.recv()?), (Some(7), Some(7), Some(7)));
    assert_eq!(journal.recv()?.map(|event| *event), Some(7));

    let at = Location::anonymous()?;
    let mut tx = Feed::create(&at)?;
    let mut journal: FeedConsumer = Feed::attach_journal(&at)?;
    let mut dash: FeedLossyConsumer = Feed::attach_dash(&at)?;
    tx.journal().publish(&7)?;
    assert!(dash.recv()?.is_some_and(|message| matches!(message.get(), FeedRef::Journal(7))));
    assert!(matches!(journal.recv()?.map(|lease| matches!(lease.get(), FeedRef::Journal(7))), Some(true)));

    let at = Location::anonymous()?;
    let mut tx = Log::create(&at)?;
    let mut tail: LogLossyConsumer = Log::attach_tail(&at)?;
    tx.publish(b"line")?;
    assert_eq!(tail.recv()?.as_deref(), Some(&b"line"[..]));
    let _type: LogConsumer = Log::attach_type(&at)?;
    let _self: LogConsumer = Log::consumer_self_1(&at).build()?;
    Ok(())
}
