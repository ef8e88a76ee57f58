use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capcity = 1024)]
struct Ticks(Tick);

#[myelon::channel(capacity = 1024)]
struct Log([u8]);

#[myelon::channel(capacity = 1024)]
enum Feed {
    Tick(Tick),
}

fn main() {
    let mut tx: TicksProducer = Ticks::create("ticks").unwrap();
    let _: TicksConsumer = Ticks::attach("ticks", "risk").unwrap();
    let _ = tx.try_publish(Tick { price: 1 });
    let log: LogProducer = Log::create("log").unwrap();
    log.close();
    let feed: FeedConsumer = Feed::attach("feed", "risk").unwrap();
    feed.detach();
}
