//! A named pipe, as large as the system lets anybody make one.

use std::fs::File;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::pipe::fcntl_setpipe_size;

use super::prefixed::{Reader, write};
use super::{Carrier, Place, Sender};

#[derive(Debug)]
pub(crate) enum Pipe {}

/// What a process without privileges may ask for, unless the system was told otherwise.
const PIPE_BYTES: usize = 1 << 20;

#[derive(Debug)]
pub(crate) struct Producer(File);

/// Where the driver removes what is left.
fn path(place: &Place, channel: &str) -> String {
    format!("/dev/shm/{}-{channel}", place.token)
}

impl Carrier for Pipe {
    type Sender = Producer;
    type Receiver = Reader<File>;

    fn create(place: &Place, channel: &str) -> Producer {
        let path = path(place, channel);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        // To write only would wait for the reader.
        let pipe = File::options().read(true).write(true).open(path).expect("the pipe");
        fcntl_setpipe_size(&pipe, PIPE_BYTES).expect("a large pipe");
        Producer(pipe)
    }

    fn attach(place: &Place, channel: &str) -> Reader<File> {
        let pipe = File::open(path(place, channel)).expect("the pipe");
        Reader::new(pipe, place.lengths.longest())
    }
}

impl Sender for Producer {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        write(&mut self.0, message);
    }
}
