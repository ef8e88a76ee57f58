//! `cfg` removes everything that would be generated, before or after the attribute, conditional or not.

#[myelon::channel(capacity = 8)]
#[cfg(any())]
struct Gone(NoSuchType);

#[cfg(any())]
#[myelon::channel(capacity = 8)]
struct Gone(NoSuchType);

#[myelon::channel(capacity = 8)]
#[cfg(all())]
struct Here(Event);

#[myelon::channel(capacity = 8)]
#[cfg_attr(all(), doc = "Here too.")]
#[cfg_attr(any(), derive(NoSuchDerive))]
struct HereToo(Event);

// The names are free.
struct Gone;
struct GoneProducer;
struct GoneConsumer;

#[derive(myelon::RingEvent, Clone, Copy)]
#[repr(C)]
struct Event {
    #[cfg(all())]
    there: u8,
    #[cfg(any())]
    gone: NoSuchType,
    side: Side,
}

#[derive(myelon::RingEvent, Clone, Copy)]
#[repr(u8)]
enum Side {
    Bid,
    #[cfg(any())]
    Gone,
    Ask,
}

fn main() {
    use myelon::{Channel, RingEvent};
    let _ = (Gone, GoneProducer, GoneConsumer, Side::Ask);
    assert_eq!(Event::SCHEMA.size, 2);
    assert_eq!((Here::CONFIG.name, HereToo::CONFIG.name), ("Here", "HereToo"));
}
