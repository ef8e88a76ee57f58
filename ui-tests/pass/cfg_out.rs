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

#[myelon::channel(capacity = 256)]
#[cfg(any())]
enum Gone {
    Nothing(NoSuchType),
}

#[myelon::channel(capacity = 256)]
#[cfg(all())]
enum HereThree {
    #[cfg_attr(all(), doc = "A note.")]
    Note([u8]),
}

// The names are free.
struct GoneRef;
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
    let _ = GoneRef;
    assert_eq!(<HereThree as myelon::MessageChannel>::LANES.len(), 1);
    let _ = (Gone, GoneProducer, GoneConsumer, Side::Ask);
    assert_eq!(Event::SCHEMA.size, 2);
    assert_eq!((Here::CONFIG.name, HereToo::CONFIG.name), ("Here", "HereToo"));
}
