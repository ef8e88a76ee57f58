//! Messages over a stream of bytes: each behind its length, which takes 8 bytes.

use std::io::{IoSlice, Read, Write};

/// A length.
const PREFIX: usize = size_of::<u64>();
/// What is read at once, if it is there: a multiple of what the kernel hands over at once.
const AT_ONCE: usize = 256 << 10;

/// Writes a message and its length, in one system call if the stream takes it all.
#[inline(always)]
pub(super) fn write(stream: &mut impl Write, message: &[u8]) {
    let prefix = (message.len() as u64).to_ne_bytes();
    let whole = PREFIX + message.len();
    let slices = [IoSlice::new(&prefix), IoSlice::new(message)];
    let written = stream.write_vectored(&slices).expect("an open stream");
    if written < whole {
        let rest = message.get(written.wrapping_sub(PREFIX)..).expect("a prefix is not split");
        stream.write_all(rest).expect("an open stream");
    }
}

/// Reads as much as there is and cuts it into messages.
#[derive(Debug)]
pub(crate) struct Reader<S> {
    stream: S,
    buffer: Vec<u8>,
    /// What was read and not yet shown.
    from: usize,
    to: usize,
}

impl<S: Read> Reader<S> {
    pub(super) fn new(stream: S, longest: usize) -> Self {
        Self { stream, buffer: vec![0; PREFIX + longest + AT_ONCE], from: 0, to: 0 }
    }

    /// The next message, if it was read as a whole.
    #[inline(always)]
    fn cut(&mut self) -> Option<(usize, usize)> {
        let (prefix, rest) = self.buffer[self.from..self.to].split_first_chunk()?;
        let length = u64::from_ne_bytes(*prefix) as usize;
        if rest.len() < length {
            return None;
        }
        let first = self.from + PREFIX;
        self.from = first + length;
        Some((first, self.from))
    }

    /// Waits for more.
    fn read(&mut self) {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        let read = self.stream.read(&mut self.buffer[self.to..]).expect("an open stream");
        assert!(read > 0, "the other side is gone");
        self.to += read;
    }
}

impl<S: Read> super::Receiver for Reader<S> {
    #[inline(always)]
    fn next<R>(&mut self, mut look: impl FnMut(&[u8]) -> R) -> R {
        loop {
            if let Some((first, end)) = self.cut() {
                return look(&self.buffer[first..end]);
            }
            self.read();
        }
    }

    #[inline(always)]
    fn all(&mut self, mut look: impl FnMut(&[u8])) {
        self.read();
        while let Some((first, end)) = self.cut() {
            look(&self.buffer[first..end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Receiver;
    use super::{Reader, write};

    /// Gives a few bytes at a time.
    struct Slowly(Vec<u8>);

    impl std::io::Read for Slowly {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(5).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn messages_come_out_as_they_went_in() {
        let messages: [&[u8]; 4] = [b"one", b"", b"a longer one", b"x"];
        let mut stream = Vec::new();
        for message in messages {
            write(&mut stream, message);
        }
        let mut reader = Reader::new(Slowly(stream), 12);
        for message in messages {
            assert_eq!(reader.next(<[u8]>::to_vec), message);
        }
    }
}
