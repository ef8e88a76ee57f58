//! From what was declared and chosen to an end of a channel.

use core::time::Duration;

use super::builder::{ConsumerOptions, ProducerOptions};
use super::{Channel, LossyOptions, MessageChannel, check};
use crate::consumer::onlooker::Onlooker;
use crate::consumer::{Consumer, LossyConsumer};
use crate::event::RingEvent;
use crate::liveness::{Required, StartWhen, Watch};
use crate::message::{Format, Glances, Kinds, MessageLossyConsumer, RecordConsumer, RecordProducer, Trusted};
use crate::os;
use crate::producer::{Producer, WaitConsumersError};
use crate::ring::publisher::{Implausible, Publisher};
use crate::ring::reader::Reader;
use crate::ring::records::{RecordRing, UNIT, standing, standing_of_reader};
use crate::ring::{Discipline, Records, Ring, Start, Unit};
use crate::segment::page::ConsumerId;
use crate::segment::{
    self, AttachError, AttachRequest, Contract, CreateError, CreateRequest, RequiredConsumer, Span,
};
use crate::wait::pace;

/// The producer of a channel of events.
///
/// # Errors
/// [`CreateError`]; nothing is left behind.
pub fn producer<C: Channel>(options: ProducerOptions) -> Result<C::Producer, CreateError> {
    let config = C::CONFIG;
    let contract = Contract::of::<C::Event, C::Slots>(config.version);
    let (when, timeout) = (options.start_when, options.start_timeout);
    let mut producer = create::<C::Event, C::Slots>(options, config.name, contract, config.max_consumers)?;
    producer.segment.note_producer();
    if let Err(error) = start(&mut producer, when, timeout) {
        give_up(producer);
        return Err(error);
    }
    Ok(producer.into())
}

/// A consumer of a channel of events.
///
/// # Errors
/// [`AttachError`]; nothing is left behind.
pub fn consumer<C: Channel>(options: ConsumerOptions) -> Result<C::Consumer, AttachError> {
    let contract = Contract::of::<C::Event, C::Slots>(C::CONFIG.version);
    let (consumer, resumed) = attach::<C::Event, C::Slots>(options, contract)?;
    consumer.segment.note_consumer(resumed);
    Ok(consumer.into())
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
    let (when, timeout) = (options.start_when, options.start_timeout);
    let core = create::<Unit, Records>(options, config.name, contract, config.max_consumers)?;
    let ring = core.publisher.ring();
    let published = core.publisher.next();
    let Ok(standing) = standing(ring, published, published) else {
        let location = core.location().to_string();
        core.abandon();
        return Err(CreateError::Implausible { location, published });
    };
    let mut producer = RecordProducer::new(core, standing, max_message, config.timestamps, config.packing);
    if let Err(error) = start(&mut producer.core, when, timeout) {
        give_up(producer.core);
        return Err(error);
    }
    Ok(producer.into())
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
    Ok(RecordConsumer::new(core, standing, resumed, max_message, trusted, C::Format::READ_WHOLE, kinds)
        .into())
}

/// A lossy consumer of a channel of events.
///
/// # Errors
/// [`AttachError`].
pub fn lossy<C: Channel>(options: LossyOptions) -> Result<LossyConsumer<C::Event, C::Slots>, AttachError> {
    let contract = Contract::of::<C::Event, C::Slots>(C::CONFIG.version);
    let look = observe(options, &contract, |ring: &Ring<_, _>, start, published| match start {
        Some(Start::Oldest) => ring.oldest(published),
        Some(Start::At(sequence)) => sequence,
        _ => published,
    })?;
    Ok(LossyConsumer::new(look))
}

/// A lossy consumer of a channel of messages.
///
/// # Errors
/// [`AttachError`].
pub fn message_lossy<C: MessageChannel>(
    options: LossyOptions,
) -> Result<MessageLossyConsumer<C::Format>, AttachError> {
    let config = C::CONFIG;
    let contract = Contract::of_messages(C::SCHEMA, config.version, config.evolves);
    let max_message = options.max_message.unwrap_or(config.max_message);
    let start = options.start;
    let look = observe(options, &contract, |ring: &RecordRing, start, published| match start {
        Some(Start::Oldest | Start::At(_)) => ring.boundary_after_lap(published, 0),
        _ => published,
    })?;
    Ok(Glances::new(look, start, max_message, Kinds::new(C::LANES, config.evolves)).into())
}

/// Looks at a segment of `E` in `D`, for which the contract is. `begin` says from where on, given the published cursor.
fn observe<E: RingEvent, D: Discipline>(
    options: LossyOptions,
    contract: &Contract,
    begin: impl FnOnce(&Ring<E, D>, Option<Start>, u64) -> u64,
) -> Result<Onlooker<E, D>, AttachError> {
    let location = options.location?;
    pace::measure();
    let segment = if options.closed_too {
        segment::observe(&location, contract)?
    } else {
        segment::observe_open(&location, contract, options.attach_timeout)?
    };
    // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
    // discipline (fingerprint); the onlooker keeps it for as long as the ring is used (S4).
    let ring = unsafe { Ring::<E, D>::new(segment.ring_parts()) };
    // A cursor that cannot be is told by the first look.
    let next = ring.plausible().map_or(0, |published| begin(&ring, options.start, published));
    Ok(Onlooker::new(ring, segment, next, options.wait))
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
    let required = required(&options.required)?;
    let request = CreateRequest {
        location,
        channel,
        contract,
        capacity: options.capacity,
        max_consumers,
        fresh: options.fresh,
        on_consumer_death: options.on_consumer_death,
        required,
        placement: options.placement,
    };
    let segment = segment::create(&request)?;
    // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
    // discipline (fingerprint); the producer keeps it for as long as the ring is used (S4).
    let ring = unsafe { Ring::<E, D>::new(segment.ring_parts()) };
    let publisher = Publisher::take_over(ring).map_err(|Implausible { published }| {
        CreateError::Implausible { location: segment.location().to_string(), published }
    })?;
    crate::sync::point!("ready: repaired");
    if !segment.is_made_here() {
        let (ring, next) = (publisher.ring(), publisher.next());
        let message = D::number(ring, next).unwrap_or_default();
        segment.require(&request.required, Span { published: next, oldest: ring.oldest(next), message })?;
        crate::sync::point!("ready: required");
    }
    segment.producer_ready();
    crate::sync::point!("ready: entered");
    let watch = Watch::new(options.on_consumer_death, options.required);
    Ok(Producer::new(publisher, segment, options.wait, watch, options.on_alert))
}

fn required(named: &[(String, Required)]) -> Result<Vec<RequiredConsumer>, CreateError> {
    let one = |(id, policy): &(String, Required)| {
        let known = ConsumerId::new(id).ok_or_else(|| CreateError::InvalidId { id: id.clone() })?;
        Ok(RequiredConsumer { id: known, policy: *policy })
    };
    named.iter().map(one).collect()
}

/// Waits for those without whom nothing is to be published.
fn start<E: RingEvent, D: Discipline>(
    producer: &mut Producer<E, D>,
    when: StartWhen,
    timeout: Duration,
) -> Result<(), CreateError> {
    let (wanted, outcome) = match when {
        StartWhen::Now => return Ok(()),
        StartWhen::Attached(wanted) => (wanted, producer.wait_for_consumers(wanted, timeout)),
        StartWhen::AllRequired => (producer.required_count(), producer.wait_for_required(timeout)),
    };
    let Err(error) = outcome else { return Ok(()) };
    let location = producer.location().to_string();
    let (missing, attached) = (producer.missing(), producer.consumers());
    Err(match error {
        WaitConsumersError::TimedOut { .. } | WaitConsumersError::Missing { .. } => {
            CreateError::NotAttached { location, missing, wanted, attached, waited: timeout }
        }
        // It lost its name meanwhile.
        WaitConsumersError::Removed | WaitConsumersError::Failed(_) => CreateError::Contended { location },
    })
}

/// Ends a producer for whom not all came: what was there before goes on with the next one; what was made for it ends with it.
fn give_up<E: RingEvent, D: Discipline>(producer: Producer<E, D>) {
    if producer.segment.is_made_here() {
        producer.close();
    } else {
        producer.detach();
    }
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
        declared_only: options.declared_only,
        placement: options.placement,
    })?;
    // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
    // discipline (fingerprint); the consumer keeps it for as long as the ring is used (S4).
    let ring = unsafe { Ring::<E, D>::new(joined.segment.ring_parts()) };
    let reader = Reader::new(ring, joined.entry, joined.start);
    Ok((Consumer::new(reader, joined.segment, options.wait), joined.resumed))
}
