use std::os::fd::AsFd;
use std::path::Path;

use super::{
    LockByte, is_held_by_other, is_held_with_all, probe_conflicts, try_lock, try_lock_all, unlock, unlock_all,
};
use crate::os::fd::{memfd, open_existing, reopen};
use crate::os::fork::Description;

fn open(path: &Path) -> Description {
    Description::open(|| open_existing(None, path, true)).unwrap()
}

const BYTES: [LockByte; 6] = [
    LockByte::Producer,
    LockByte::Entry(0),
    LockByte::Entry(u32::MAX),
    LockByte::Id(0),
    LockByte::Id(1),
    LockByte::Id((1 << 61) - 1),
];

#[test]
fn every_participant_has_a_byte_of_its_own() {
    let mut offsets = BYTES.map(LockByte::offset).to_vec();
    offsets.sort_unstable();
    offsets.dedup();
    assert_eq!(offsets.len(), BYTES.len());
    assert!(offsets.iter().all(|&offset| offset >= super::ID_BASE));
    assert_eq!(
        LockByte::Id(u64::MAX).offset(),
        LockByte::Id((1 << 61) - 1).offset(),
        "61 bits of a hash count"
    );
}

#[test]
fn a_lock_is_seen_and_refused_to_others_until_it_is_given_back() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (a, b) = (open(file.path()), open(file.path()));
    for byte in BYTES {
        assert!(!is_held_by_other(&b, byte).unwrap());
        assert!(try_lock(&a, byte).unwrap());
        assert!(try_lock(&a, byte).unwrap(), "taken again by its holder");
        assert!(is_held_by_other(&b, byte).unwrap());
        assert!(!is_held_by_other(&a, byte).unwrap(), "its own lock");
        assert!(!try_lock(&b, byte).unwrap());
        unlock(&a, byte).unwrap();
        assert!(try_lock(&b, byte).unwrap());
        unlock(&b, byte).unwrap();
    }
}

#[test]
fn an_observer_that_cannot_write_sees_who_is_alive() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let a = open(file.path());
    let observer = open_existing(None, file.path(), false).unwrap();
    assert!(!is_held_by_other(&observer, LockByte::Producer).unwrap());
    assert!(try_lock(&a, LockByte::Producer).unwrap());
    assert!(is_held_by_other(&observer, LockByte::Producer).unwrap());
}

#[test]
fn all_is_refused_while_anybody_lives_and_keeps_everybody_out() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (a, b) = (open(file.path()), open(file.path()));
    for byte in BYTES {
        assert!(try_lock(&a, byte).unwrap());
        assert!(!try_lock_all(&b).unwrap());
        unlock(&a, byte).unwrap();
    }
    assert!(try_lock_all(&b).unwrap());
    for byte in BYTES {
        assert!(!try_lock(&a, byte).unwrap());
        assert!(is_held_with_all(&a, byte).unwrap());
    }
    unlock_all(&b).unwrap();
    assert!(!is_held_with_all(&a, LockByte::Producer).unwrap());
    assert!(try_lock(&b, LockByte::Producer).unwrap());
    assert!(!is_held_with_all(&a, LockByte::Producer).unwrap(), "that is a participant");
    unlock(&b, LockByte::Producer).unwrap();
    assert!(try_lock_all(&a).unwrap());
}

#[test]
fn dropping_a_description_gives_its_locks_back() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let b = open(file.path());
    let a = open(file.path());
    assert!(try_lock(&a, LockByte::Entry(7)).unwrap());
    drop(a);
    assert!(try_lock(&b, LockByte::Entry(7)).unwrap());
}

#[test]
fn the_probe_tells_two_descriptions_from_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (a, b) = (open(file.path()), open(file.path()));
    assert!(probe_conflicts(&a, &b).unwrap());
    let duplicate = a.as_fd().try_clone_to_owned().unwrap();
    assert!(!probe_conflicts(&a, &duplicate).unwrap(), "a duplicate shares the lock");

    let memory = memfd("myelon-test", false).unwrap();
    assert!(probe_conflicts(&memory, reopen(memory.as_fd(), true).unwrap()).unwrap());
}

#[test]
fn a_descriptor_that_takes_no_locks_is_an_error_and_not_a_refusal() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let observer = open_existing(None, file.path(), false).unwrap();
    assert!(try_lock(&observer, LockByte::Producer).is_err(), "a write lock needs a file opened for writing");
}
