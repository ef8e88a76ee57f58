use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capcity = 1024)]
struct Ticks(Tick);

#[myelon::channel(capacity = "1 MiB")]
struct Log(str);

#[myelon::channel(capacity = "1 MB")]
enum Feed {
    Tick(Tick),
    Note(str),
}

fn main() {
    let mut tx: TicksProducer = Ticks::create("ticks").unwrap();
    let _: TicksConsumer = Ticks::attach("ticks", "risk").unwrap();
    let _ = tx.try_publish(Tick { price: 1 });
    let log: LogProducer = Log::create("log").unwrap();
    log.close();
    let mut out = Feed::create("feed").unwrap();
    let _ = out.tick().try_publish(&Tick { price: 1 });
    let _ = out.note().try_publish(b"note");
    let mut feed: FeedConsumer = Feed::attach("feed", "risk").unwrap();
    if let Ok(lease) = feed.try_recv().map(Option::unwrap) {
        match lease.get() {
            FeedRef::Tick(tick) => assert_eq!(tick.price, 1),
            FeedRef::Note(_) => {}
        }
    }
    feed.detach();
}
