//! iceoryx2: publish and subscribe, without loss: no overflow, and a publisher that retries until delivered.
//!
//! Its subscribers poll; its events, with which one could wait, are another service and a system call each.

use iceoryx2::port::publisher::Publisher;
use iceoryx2::port::subscriber::Subscriber;
use iceoryx2::prelude::{BackpressureStrategy, LogLevel, Node, NodeBuilder, ServiceName, ipc, set_log_level};
use iceoryx2::service::port_factory::publish_subscribe::PortFactory;
use myelon_bench::{Words, difference, event};

use super::{Place, Rx, Subject, Tx};
use crate::control::MOST_CONSUMERS;
use myelon_bench::channel::CAPACITY;

#[derive(Debug)]
pub(crate) enum Iceoryx2 {}

type Service<const W: usize> = PortFactory<ipc::Service, Words<W>, ()>;

pub(crate) struct Producer<const W: usize> {
    publisher: Publisher<ipc::Service, Words<W>, ()>,
    _service: Service<W>,
    _node: Node<ipc::Service>,
}

pub(crate) struct Consumer<const W: usize> {
    subscriber: Subscriber<ipc::Service, Words<W>, ()>,
    _service: Service<W>,
    _node: Node<ipc::Service>,
}

fn service<const W: usize>(place: &Place, channel: &str) -> (Node<ipc::Service>, Service<W>) {
    set_log_level(LogLevel::Error);
    let node = NodeBuilder::new().create::<ipc::Service>().expect("a node");
    let name = ServiceName::new(&format!("{}/{channel}", place.token)).expect("a name");
    let service = node
        .service_builder(&name)
        .publish_subscribe::<Words<W>>()
        .max_publishers(1)
        .max_subscribers(MOST_CONSUMERS)
        .max_nodes(MOST_CONSUMERS + 1)
        .subscriber_max_buffer_size(CAPACITY as usize)
        .enable_safe_overflow(false)
        .open_or_create()
        .expect("a service");
    (node, service)
}

impl Subject for Iceoryx2 {
    type Tx<const W: usize> = Producer<W>;
    type Rx<const W: usize> = Consumer<W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<W> {
        let (node, service) = service(place, channel);
        let publisher = service
            .publisher_builder()
            .backpressure_strategy(BackpressureStrategy::RetryUntilDelivered)
            .create()
            .expect("a publisher");
        Producer { publisher, _service: service, _node: node }
    }

    fn attach<const W: usize>(place: &Place, channel: &str, _: usize) -> Consumer<W> {
        let (node, service) = service(place, channel);
        let subscriber =
            service.subscriber_builder().buffer_size(CAPACITY as usize).create().expect("a subscriber");
        Consumer { subscriber, _service: service, _node: node }
    }
}

impl<const W: usize> Tx for Producer<W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        let sample = self.publisher.loan_uninit().expect("room").write_payload(event(sequence));
        sample.send().expect("a connection");
    }
}

impl<const W: usize> Rx for Consumer<W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        loop {
            if let Some(sample) = self.subscriber.receive().expect("a connection") {
                return difference(sample.payload(), sequence);
            }
            std::hint::spin_loop();
        }
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        while let Some(sample) = self.subscriber.receive().expect("a connection") {
            *wrong |= difference(sample.payload(), sequence);
            sequence += 1;
        }
        std::hint::spin_loop();
        sequence - next
    }
}
