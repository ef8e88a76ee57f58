//! From what was declared and chosen to an end of a channel.

use super::builder::{ConsumerOptions, ProducerOptions};
use super::{Channel, MessageChannel, check};
use crate::consumer::Consumer;
use crate::event::RingEvent;
use crate::liveness::Watch;
use crate::message::{Kinds, RecordConsumer, RecordProducer, Trusted};
use crate::os;
use crate::producer::Producer;
use crate::ring::publisher::{Implausible, Publisher};
use crate::ring::reader::Reader;
use crate::ring::records::{UNIT, standing, standing_of_reader};
use crate::ring::{Discipline, Records, Ring, Unit};
use crate::segment::{self, AttachError, AttachRequest, Contract, CreateError, CreateRequest};
use crate::wait::pace;

/// The producer of a channel of events.
///
/// # Errors
/// [`CreateError`]; nothing is left behind.
pub fn producer<C: Channel>(options: ProducerOptions) -> Result<C::Producer, CreateError> {
    let config = C::CONFIG;
    let contract = Contract::of::<C::Event, C::Slots>(config.version);
    Ok(create::<C::Event, C::Slots>(options, config.name, contract, config.max_consumers)?.into())
}

/// A consumer of a channel of events.
///
/// # Errors
/// [`AttachError`]; nothing is left behind.
pub fn consumer<C: Channel>(options: ConsumerOptions) -> Result<C::Consumer, AttachError> {
    let contract = Contract::of::<C::Event, C::Slots>(C::CONFIG.version);
    Ok(attach::<C::Event, C::Slots>(options, contract)?.0.into())
}

/// The producer of a channel of messages.
///
/// # Errors
/// [`CreateError`]; nothing is left behind.
pub fn message_producer<C: MessageChannel>(mut options: ProducerOptions) -> Result<C::Producer, CreateError> {
    let config = C::CONFIG;
    let given = options.capacity;
    if !check::is_message_capacity(given) {
        let next = given.max(check::MIN_MESSAGE_CAPACITY).checked_next_power_of_two();
        let next = next.filter(|next| check::is_message_capacity(*next));
        return Err(CreateError::InvalidCapacity { given, next });
    }
    options.capacity = given / UNIT as u64;
    let max_message = options.max_message.unwrap_or(config.max_message);
    let contract = Contract::of_messages(C::SCHEMA, config.version, config.evolves);
    let core = create::<Unit, Records>(options, config.name, contract, config.max_consumers)?;
    let ring = core.publisher.ring();
    let published = core.publisher.next();
    let Ok(standing) = standing(ring, published, published) else {
        let location = core.location().to_string();
        core.abandon();
        return Err(CreateError::Implausible { location, published });
    };
    Ok(RecordProducer::new(core, standing, max_message, config.timestamps, config.latency).into())
}

/// A consumer of a channel of messages.
///
/// # Errors
/// [`AttachError`]; nothing is left behind.
pub fn message_consumer<C: MessageChannel>(options: ConsumerOptions) -> Result<C::Consumer, AttachError> {
    let config = C::CONFIG;
    let contract = Contract::of_messages(C::SCHEMA, config.version, config.evolves);
    let max_message = options.max_message.unwrap_or(config.max_message);
    let trusted = Trusted::of::<C::Format>(options.trust);
    let (core, resumed) = attach::<Unit, Records>(options, contract)?;
    let Ok(standing) = standing_of_reader(core.reader.ring(), core.reader.next()) else {
        let location = core.location().to_string();
        let found = core.segment.published();
        // Its place stays as it is: nothing was read.
        core.abandon();
        return Err(AttachError::Implausible {
            location,
            what: "what lies before the published cursor",
            found,
        });
    };
    let kinds = Kinds::new(C::LANES, config.evolves);
    Ok(RecordConsumer::new(core, standing, resumed, max_message, trusted, kinds).into())
}

/// Creates or takes over a segment of `E` in `D`, for which the contract is.
fn create<E: RingEvent, D: Discipline>(
    options: ProducerOptions,
    channel: &'static str,
    contract: Contract,
    max_consumers: u32,
) -> Result<Producer<E, D>, CreateError> {
    let location = options.location?;
    pace::measure();
    if let Some(core) = options.pin {
        os::cpu::pin_current_thread(core).map_err(|source| CreateError::Pin { core, source })?;
    }
    let segment = segment::create(&CreateRequest {
        location,
        channel,
        contract,
        capacity: options.capacity,
        max_consumers,
        fresh: options.fresh,
        on_consumer_death: options.on_consumer_death,
        placement: options.placement,
    })?;
    // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
    // discipline (fingerprint); the producer keeps it for as long as the ring is used (S4).
    let ring = unsafe { Ring::<E, D>::new(segment.ring_parts()) };
    let publisher = Publisher::take_over(ring).map_err(|Implausible { published }| {
        CreateError::Implausible { location: segment.location().to_string(), published }
    })?;
    crate::sync::point!("ready: repaired");
    segment.producer_ready();
    crate::sync::point!("ready: entered");
    Ok(Producer::new(publisher, segment, options.wait, Watch::new(options.on_consumer_death)))
}

/// Attaches to a segment of `E` in `D`, for which the contract is. And whether it goes on where this id stopped.
fn attach<E: RingEvent, D: Discipline>(
    options: ConsumerOptions,
    contract: Contract,
) -> Result<(Consumer<E, D>, bool), AttachError> {
    let location = options.location?;
    pace::measure();
    if let Some(core) = options.pin {
        os::cpu::pin_current_thread(core).map_err(|source| AttachError::Pin { core, source })?;
    }
    let joined = segment::attach::<E, D>(&AttachRequest {
        location,
        id: options.id,
        contract,
        start: options.start,
        timeout: options.attach_timeout,
        placement: options.placement,
    })?;
    // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
    // discipline (fingerprint); the consumer keeps it for as long as the ring is used (S4).
    let ring = unsafe { Ring::<E, D>::new(joined.segment.ring_parts()) };
    let reader = Reader::new(ring, joined.entry, joined.start);
    Ok((Consumer::new(reader, joined.segment, options.wait), joined.resumed))
}
