//! A file that was opened and found to be a segment.

use core::time::Duration;
use std::io;

use super::header::{HEADER_LEN, Header, HeaderError};
use super::page::ProducerPage;
use crate::os::facts::FileFacts;
use crate::os::fd::read_at;
use crate::os::fork::Description;
use crate::os::lock::{LockByte, is_held_with_all, try_lock};
use crate::os::process::boot_id;
use crate::wait::pause;

/// How often a lock is tried, this far apart, before it counts as held. Whoever sweeps, evicts or is the last to
/// leave holds other people's locks for some microseconds.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_micros(500);
/// The same for one who holds all locks at once, which tells that it is no participant. On a busy machine it may
/// lose its core in the middle; it is waited for much longer, but not for ever: it may be stopped.
const ALL_TRIES: u32 = 10_000;

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    /// A segment, made for this file since the last boot.
    Segment(Box<Header>),
    /// A segment, but a copy, or one from before the last boot: its cursors and locks mean nothing.
    Stale(Box<Header>),
    /// Nothing yet: no bytes, or, in memory without a name, zeroes where a header will be.
    Blank,
    /// Something else.
    Unreadable(HeaderError),
}

/// Reads the header of a file. Through a system call and not through a mapping: a file that is no segment may be
/// truncated at any time, and reading a hole in a mapping would need memory that may not be there.
pub(super) fn read_header(file: &Description, facts: &FileFacts) -> io::Result<Content> {
    let mut head = vec![0; HEADER_LEN];
    let read = read_at(file, &mut head, 0)?;
    head.truncate(read);
    if head.iter().take(8).all(|byte| *byte == 0) {
        // A file with a name that merely begins with zeroes is somebody's, whatever descriptor leads to it.
        let valuable = facts.nlink != 0 && facts.len != 0;
        return Ok(if valuable { Content::Unreadable(HeaderError::NotASegment) } else { Content::Blank });
    }
    Ok(match Header::decode(&head, facts.len) {
        Ok(header) if header.belongs_to(facts, boot_id()?) => Content::Segment(Box::new(header)),
        Ok(header) => Content::Stale(Box::new(header)),
        Err(error) => Content::Unreadable(error),
    })
}

/// Reads one word of a segment that is not mapped; 0 if it is not there.
fn read_word(file: &Description, offset: u64) -> u64 {
    let mut bytes = [0; 8];
    match read_at(file, &mut bytes, offset) {
        Ok(8) => u64::from_ne_bytes(bytes),
        _ => 0,
    }
}

/// The pid of a segment's producer, if it is written already.
pub(super) fn producer_pid(file: &Description, header: &Header) -> Option<u32> {
    let at = header.geometry.producer + ProducerPage::PID_AT;
    u32::try_from(read_word(file, at)).ok().filter(|pid| *pid != 0)
}

/// Takes a lock that others may hold for a moment. False: somebody holds it for longer.
pub(super) fn lock_patiently(file: &Description, byte: LockByte) -> io::Result<bool> {
    for tries in 1..=ALL_TRIES {
        if try_lock(file, byte)? {
            return Ok(true);
        }
        if tries >= LOCK_TRIES && !is_held_with_all(file, byte)? {
            // Perhaps it was just given back.
            return try_lock(file, byte);
        }
        pause(LOCK_PAUSE);
    }
    Ok(false)
}
