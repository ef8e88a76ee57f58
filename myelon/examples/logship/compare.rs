//! Whether a copy is what was read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::Result;
use crate::source::Source;

/// Of bytes that go by, for what cannot be read twice: FNV-1a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum(u64);

impl Default for Sum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Sum {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0 =
            bytes.iter().fold(self.0, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }
}

/// Fails unless `copy` holds what was shipped of the source, byte for byte, and nothing else.
pub(crate) fn check(source: &Source, copy: &Path) -> Result {
    let told = |error: io::Error| format!("{}: {error}", copy.display());
    let mut copied = BufReader::with_capacity(1 << 16, File::open(copy).map_err(told)?);
    if source.is_file() {
        let input =
            File::open(source.path()).map_err(|error| format!("{}: {error}", source.path().display()))?;
        let input = BufReader::with_capacity(1 << 16, input);
        // It may have grown since.
        return match first_difference(input.take(source.shipped), copied).map_err(told)? {
            Some(at) => Err(format!("the copy of {} differs at byte {at}", source.path().display()).into()),
            None => Ok(()),
        };
    }
    let (mut sum, mut len) = (Sum::default(), 0);
    loop {
        let bytes = copied.fill_buf().map_err(told)?;
        if bytes.is_empty() {
            break;
        }
        sum.add(bytes);
        let read = bytes.len();
        len += read as u64;
        copied.consume(read);
    }
    if (sum, len) != (source.sum, source.shipped) {
        return Err(format!("the copy of standard input differs: {len} bytes, not {}", source.shipped).into());
    }
    Ok(())
}

fn first_difference(mut a: impl BufRead, mut b: impl BufRead) -> io::Result<Option<u64>> {
    let mut at = 0;
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let len = left.len().min(right.len());
        let differs = left.iter().zip(right).position(|(left, right)| left != right);
        if let Some(within) = differs.or((len == 0 && left.len() != right.len()).then_some(0)) {
            return Ok(Some(at + within as u64));
        }
        if len == 0 {
            return Ok(None);
        }
        at += len as u64;
        a.consume(len);
        b.consume(len);
    }
}
