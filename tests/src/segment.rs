//! A segment seen as bytes: what a test needs to know of its format, to spoil it. The drawing is in the runtime's
//! `segment` module; a test that finds other things where it looks has found a change of the format.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes of the header.
pub const HEADER: u64 = 4096;
/// Where the byte order mark and the format version stand in it.
pub const BYTE_ORDER_AT: u64 = 8;
pub const FORMAT_AT: u64 = 12;

/// Where the lifecycle records stand in each participant's page, and how many bytes they take.
pub const RECORDS_AT: u64 = 896;
pub const RECORDS: u64 = 1024;

/// An open segment file.
#[derive(Debug)]
pub struct Segment {
    file: File,
}

/// Numbers of the header.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    Total = 32,
    Capacity = 40,
    SlotStride = 56,
    MaxConsumers = 64,
    Schema = 96,
    Control = 104,
    Producer = 112,
    Consumers = 120,
    Slots = 128,
}

impl Segment {
    pub fn open(path: &Path) -> Self {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut magic = [0; 8];
        file.read_exact_at(&mut magic, 0).unwrap();
        assert_eq!(magic, *b"\x89myelon\n");
        Self { file }
    }

    /// A number of the header.
    pub fn number(&self, number: Number) -> u64 {
        self.word(number as u64)
    }

    pub fn word(&self, at: u64) -> u64 {
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, at).unwrap();
        u64::from_ne_bytes(bytes)
    }

    pub fn set_word(&self, at: u64, value: u64) {
        self.set(at, &value.to_ne_bytes());
    }

    pub fn set(&self, at: u64, bytes: &[u8]) {
        self.file.write_all_at(bytes, at).unwrap();
    }

    /// Changes a byte, and gives the old one.
    pub fn flip(&self, at: u64, bits: u8) -> u8 {
        let mut byte = [0];
        self.file.read_exact_at(&mut byte, at).unwrap();
        self.set(at, &[byte[0] ^ bits]);
        byte[0]
    }

    /// The published cursor.
    pub fn published(&self) -> u64 {
        self.word(self.number(Number::Producer))
    }

    /// Where the event `sequence` lies.
    pub fn slot(&self, sequence: u64) -> u64 {
        let index = sequence % self.number(Number::Capacity);
        self.number(Number::Slots) + index * self.number(Number::SlotStride)
    }

    pub fn cut(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    pub fn length(&self) -> u64 {
        self.file.metadata().unwrap().len()
    }
}
