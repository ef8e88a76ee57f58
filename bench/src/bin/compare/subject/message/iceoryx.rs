//! iceoryx2 with slices of bytes, without loss: see the subject for events.

use iceoryx2::port::publisher::Publisher;
use iceoryx2::port::subscriber::Subscriber;
use iceoryx2::prelude::{
    Alignment, BackpressureStrategy, LogLevel, Node, NodeBuilder, ServiceName, ipc, set_log_level,
};
use iceoryx2::service::port_factory::publish_subscribe::PortFactory;

use super::{Carrier, Place, Receiver, Sender};

#[derive(Debug)]
pub(crate) enum Slices {}

type Service = PortFactory<ipc::Service, [u8], ()>;

pub(crate) struct Producer {
    publisher: Publisher<ipc::Service, [u8], ()>,
    _service: Service,
    _node: Node<ipc::Service>,
}

pub(crate) struct Consumer {
    subscriber: Subscriber<ipc::Service, [u8], ()>,
    _service: Service,
    _node: Node<ipc::Service>,
}

fn service(place: &Place, channel: &str) -> (Node<ipc::Service>, Service) {
    set_log_level(LogLevel::Error);
    let node = NodeBuilder::new().create::<ipc::Service>().expect("a node");
    let name = ServiceName::new(&format!("{}/{channel}", place.token)).expect("a name");
    let service = node
        .service_builder(&name)
        .publish_subscribe::<[u8]>()
        .payload_alignment(Alignment::new(16).expect("a power of two"))
        .max_publishers(1)
        .max_subscribers(1)
        .max_nodes(2)
        .subscriber_max_buffer_size(place.in_flight)
        .enable_safe_overflow(false)
        .open_or_create()
        .expect("a service");
    (node, service)
}

impl Carrier for Slices {
    type Sender = Producer;
    type Receiver = Consumer;

    fn create(place: &Place, channel: &str) -> Producer {
        let (node, service) = service(place, channel);
        let publisher = service
            .publisher_builder()
            .initial_max_slice_len(place.lengths.longest())
            .backpressure_strategy(BackpressureStrategy::RetryUntilDelivered)
            .create()
            .expect("a publisher");
        Producer { publisher, _service: service, _node: node }
    }

    fn attach(place: &Place, channel: &str) -> Consumer {
        let (node, service) = service(place, channel);
        let buffer = place.in_flight;
        let subscriber = service.subscriber_builder().buffer_size(buffer).create().expect("a subscriber");
        Consumer { subscriber, _service: service, _node: node }
    }
}

impl Sender for Producer {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        let sample = self.publisher.loan_slice_uninit(message.len()).expect("room").write_from_slice(message);
        sample.send().expect("a connection");
    }
}

impl Receiver for Consumer {
    #[inline(always)]
    fn next<R>(&mut self, mut look: impl FnMut(&[u8]) -> R) -> R {
        loop {
            if let Some(sample) = self.subscriber.receive().expect("a connection") {
                return look(sample.payload());
            }
            std::hint::spin_loop();
        }
    }

    #[inline(always)]
    fn all(&mut self, mut look: impl FnMut(&[u8])) {
        while let Some(sample) = self.subscriber.receive().expect("a connection") {
            look(sample.payload());
        }
        std::hint::spin_loop();
    }
}
