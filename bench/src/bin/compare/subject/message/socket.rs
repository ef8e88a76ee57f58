//! A Unix stream socket, whose name is abstract and leaves nothing behind.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

use super::prefixed::{Reader, write};
use super::{Carrier, Place, Sender};

#[derive(Debug)]
pub(crate) enum Socket {}

/// Listens until the other side is there.
#[derive(Debug)]
pub(crate) struct Producer {
    listener: UnixListener,
    stream: Option<UnixStream>,
}

fn address(place: &Place, channel: &str) -> SocketAddr {
    SocketAddr::from_abstract_name(format!("{}-{channel}", place.token)).expect("a short name")
}

impl Carrier for Socket {
    type Sender = Producer;
    type Receiver = Reader<UnixStream>;

    fn create(place: &Place, channel: &str) -> Producer {
        let listener = UnixListener::bind_addr(&address(place, channel)).expect("a socket");
        Producer { listener, stream: None }
    }

    fn attach(place: &Place, channel: &str) -> Reader<UnixStream> {
        let stream = UnixStream::connect_addr(&address(place, channel)).expect("the socket");
        Reader::new(stream, place.lengths.longest())
    }
}

impl Sender for Producer {
    fn ready(&mut self) {
        let (stream, _) = self.listener.accept().expect("a connection");
        self.stream = Some(stream);
    }

    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        write(self.stream.as_mut().expect("a connection"), message);
    }
}
