//! Where messages come to lie in a ring of bytes, one after the other, and so how far a producer gets that is held back:
//! what a test needs to stop or kill it between two fragments. As written in the runtime's `ring::records`, packed.

use crate::arena::Spot;
use crate::process::wait_until;

/// Bytes of a unit.
pub const UNIT: u64 = 16;

/// The records of a stream, in units from its beginning.
#[derive(Debug, Clone)]
pub struct Course {
    capacity: u64,
    /// Where each record ends, padding too.
    ends: Vec<u64>,
}

impl Course {
    /// Of a new ring of so many bytes.
    pub fn new(bytes: u64) -> Self {
        Self { capacity: bytes / UNIT, ends: vec![0] }
    }

    /// Where the stream ends.
    pub fn at(&self) -> u64 {
        self.ends[self.ends.len() - 1]
    }

    /// Bytes of payload in the largest record.
    pub fn largest(&self) -> u64 {
        (self.capacity / 4 - 2) * UNIT
    }

    /// One more message of `len` bytes; gives where each of its records ends.
    pub fn publish(&mut self, len: u64) -> Vec<u64> {
        let is_cut = len > self.largest();
        let mut ends = Vec::new();
        let mut left = len;
        loop {
            let payload = left.min(self.largest());
            let extension = u64::from(is_cut && left == len);
            ends.push(self.record(1 + extension + payload.div_ceil(UNIT)));
            left -= payload;
            if left == 0 {
                return ends;
            }
        }
    }

    fn record(&mut self, units: u64) -> u64 {
        let until_wrap = self.capacity - self.at() % self.capacity;
        if units > until_wrap {
            self.ends.push(self.at() + until_wrap);
        }
        self.ends.push(self.at() + units);
        self.at()
    }

    /// How far the producer gets while a consumer has released nothing from `gate` on.
    pub fn stall(&self, gate: u64) -> u64 {
        let ends = self.ends.iter().copied();
        ends.take_while(|end| *end <= gate + self.capacity).last().unwrap_or(0)
    }
}

/// Waits until the producer got there. It is held back, so it goes no further.
#[track_caller]
pub fn wait_until_published(spot: &Spot, position: u64) {
    let bytes = spot.bytes();
    wait_until("the producer is held back where it ought to be", || bytes.published() == position);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_that_of_the_ring() {
        let mut course = Course::new(1024);
        assert_eq!(course.largest(), 224);
        assert_eq!(course.publish(0), [1]);
        assert_eq!(course.publish(224), [16]);
        assert_eq!(course.publish(225), [32, 34]);
        // The last fragment but one would cross the end of the ring.
        assert_eq!(course.publish(500), [50, 79, 84]);
        assert_eq!((course.stall(0), course.stall(14), course.stall(15)), (64, 64, 79));
    }
}
