//! The id of a consumer: what it is known by when it comes back.

use core::fmt;

use crate::event::Fnv128;

/// A consumer's id: 1 to 64 bytes of UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConsumerId {
    /// Zero behind the first `len` bytes, which are UTF-8.
    bytes: [u8; Self::LONGEST],
    len: usize,
}

impl ConsumerId {
    /// The longest id, in bytes.
    pub(crate) const LONGEST: usize = 64;

    /// `None` if `id` is empty or too long.
    pub(crate) fn new(id: &str) -> Option<Self> {
        let mut bytes = [0; Self::LONGEST];
        bytes.get_mut(..id.len())?.copy_from_slice(id.as_bytes());
        Self::of_bytes(bytes, id.len())
    }

    /// From bytes that anybody may have written.
    pub(crate) fn of_bytes(mut bytes: [u8; Self::LONGEST], len: usize) -> Option<Self> {
        if len == 0 || core::str::from_utf8(bytes.get(..len)?).is_err() {
            return None;
        }
        bytes.get_mut(len..)?.fill(0);
        Some(Self { bytes, len })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Names the lock byte of this id; the same in every build.
    pub(crate) fn hash(&self) -> u64 {
        let digest = Fnv128::new().text(self.as_str()).finish();
        (digest >> 64) as u64 ^ digest as u64
    }
}

impl fmt::Display for ConsumerId {
    /// Shown to people, so without control characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&super::readable(self.as_str().as_bytes()))
    }
}

impl fmt::Debug for ConsumerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
