use core::sync::atomic::{AtomicBool, Ordering};
use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use super::{Description, generation, nodes};
use crate::os::fd::{memfd, open_existing, page_size};
use crate::os::lock::{LockByte, is_held_by_other, try_lock, unlock};
use crate::os::map::Map;
use crate::os::testing::{fork, soon};

fn open(path: &Path) -> Description {
    Description::open(|| open_existing(None, path, true)).unwrap()
}

#[test]
fn a_forked_child_keeps_neither_the_lock_nor_the_descriptor_and_knows_that_it_is_a_copy() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (ours, other) = (open(file.path()), open(file.path()));
    assert!(try_lock(&ours, LockByte::Producer).unwrap());
    let before = generation();

    let mut child = fork(|| {
        let copy = generation() == before + 1 && !ours.is_ours();
        let poisoned = try_lock(&ours, LockByte::Producer).is_err();
        u8::from(copy) + 2 * u8::from(poisoned)
    });
    assert_eq!(child.said(), 3);
    assert_eq!(generation(), before, "the parent is no copy");
    assert!(ours.is_ours());
    assert!(is_held_by_other(&other, LockByte::Producer).unwrap(), "the child took the lock away");

    ours.crash();
    assert!(soon(|| try_lock(&other, LockByte::Producer).unwrap()), "the living child still holds the lock");
}

#[test]
fn without_the_handler_a_child_would_keep_the_lock() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let bare = open_existing(None, file.path(), true).unwrap();
    let other = open(file.path());
    assert!(try_lock(&bare, LockByte::Producer).unwrap());
    let mut child = fork(|| 1);
    assert_eq!(child.said(), 1);
    drop(bare);
    assert!(!try_lock(&other, LockByte::Producer).unwrap());
    drop(child);
    assert!(soon(|| try_lock(&other, LockByte::Producer).unwrap()));
}

#[test]
fn a_child_that_drops_its_copies_leaves_the_parent_alone() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(page_size() as u64).unwrap();
    let (ours, other) = (open(file.path()), open(file.path()));
    let map = Map::read_write(&ours, page_size()).unwrap();
    assert!(try_lock(&ours, LockByte::Entry(3)).unwrap());
    let (mut map, mut ours) = (ManuallyDrop::new(map), ManuallyDrop::new(ours));
    let mut child = fork(|| {
        // SAFETY: the child's copy, not used again; the parent's value is another.
        unsafe { ManuallyDrop::drop(&mut map) };
        // SAFETY: as above.
        unsafe { ManuallyDrop::drop(&mut ours) };
        1
    });
    let (map, _ours) = (ManuallyDrop::into_inner(map), ManuallyDrop::into_inner(ours));
    assert_eq!(child.said(), 1);
    assert!(is_held_by_other(&other, LockByte::Entry(3)).unwrap());
    // SAFETY: the mapping is alive and one page long.
    unsafe { map.base().write_volatile(7) };
}

#[test]
fn in_a_child_the_mapping_is_gone_but_for_the_kept_pages_which_are_its_own_zeros() {
    let page = page_size();
    let file = memfd("myelon-test", false).unwrap();
    rustix::fs::ftruncate(&file, 4 * page as u64).unwrap();
    let map = Map::read_write(&file, 4 * page).unwrap();
    map.keep_in_child(page..2 * page).unwrap();
    map.keep_in_child(3 * page..4 * page).unwrap();
    // SAFETY: inside the mapping.
    let byte = |at: usize| unsafe { map.base().add(at) };
    for at in 0..4 {
        // SAFETY: inside the mapping, which allows stores.
        unsafe { byte(at * page).write_volatile(9) };
    }
    // The kernel answers instead of a signal.
    let readable = |fd: &OwnedFd, at: usize| {
        // SAFETY: the kernel checks the address.
        unsafe { libc::write(fd.as_raw_fd(), byte(at).as_ptr().cast(), 1) == 1 }
    };
    let sink = memfd("myelon-test-sink", false).unwrap();
    let mut child = fork(|| {
        let gone = !readable(&sink, 0) && !readable(&sink, 2 * page);
        if !readable(&sink, page) || !readable(&sink, 3 * page) {
            return 0;
        }
        // SAFETY: readable, as was just found.
        let [a, b] = [page, 3 * page].map(|at| unsafe { byte(at).read_volatile() });
        let zero = a == 0 && b == 0;
        // SAFETY: a kept page may be written.
        unsafe { byte(page).write_volatile(5) };
        u8::from(gone) + 2 * u8::from(zero)
    });
    assert_eq!(child.said(), 3);
    // SAFETY: inside the mapping.
    assert_eq!(unsafe { byte(page).read_volatile() }, 9, "the child wrote into the parent's page");
}

#[test]
fn a_grandchild_is_a_copy_of_a_copy() {
    let page = page_size();
    let file = memfd("myelon-test", false).unwrap();
    rustix::fs::ftruncate(&file, page as u64).unwrap();
    let map = Map::read_write(&file, page).unwrap();
    map.keep_in_child(0..page).unwrap();
    let before = generation();
    let mut child = fork(|| {
        // SAFETY: a kept page may be written.
        unsafe { map.base().write_volatile(5) };
        let mut grandchild = fork(|| {
            // SAFETY: what the child has, the grandchild inherits.
            let seen = unsafe { map.base().read_volatile() };
            u8::from(seen == 5) + 2 * u8::from(generation() == before + 2)
        });
        grandchild.said()
    });
    assert_eq!(child.said(), 3);
}

#[test]
fn what_a_fork_overlapped_is_opened_anew() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut opened = 0;
    let ours = Description::open(|| {
        opened += 1;
        let fd = open_existing(None, file.path(), true)?;
        if opened == 1 {
            drop(fork(|| 0));
        }
        Ok(fd)
    })
    .unwrap();
    assert!(opened >= 2, "opened {opened} times");
    assert!(try_lock(&ours, LockByte::Producer).unwrap());
}

#[test]
fn an_error_while_opening_is_passed_on_and_the_list_does_not_grow_with_use() {
    let missing = Description::open(|| open_existing(None, Path::new("/nonexistent/x"), true));
    assert_eq!(missing.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    let file = tempfile::NamedTempFile::new().unwrap();
    for _ in 0..2000 {
        open(file.path());
    }
    assert!(nodes::count() < 500, "{} nodes", nodes::count());
}

/// One thread opens, locks and crashes while another forks children that live on.
#[test]
fn no_child_of_a_fork_at_any_moment_keeps_a_lock() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let other = open(file.path());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let forks = scope.spawn(|| {
            let mut living = VecDeque::new();
            let mut count = 0;
            while !done.load(Ordering::Relaxed) || count < 30 {
                living.push_back(fork(|| 0));
                count += 1;
                if living.len() > 10 {
                    living.pop_front();
                }
            }
        });
        let round = || {
            let ours = Description::open(|| open_existing(None, file.path(), true))?;
            let taken = try_lock(&ours, LockByte::Producer)?;
            ours.crash();
            let free = soon(|| try_lock(&other, LockByte::Producer).is_ok_and(|taken| taken));
            unlock(&other, LockByte::Producer)?;
            std::io::Result::Ok(taken && free)
        };
        let failed = (0..200).map(|_| round()).find(|round| !matches!(round, Ok(true)));
        done.store(true, Ordering::Relaxed);
        forks.join().unwrap();
        assert!(failed.is_none(), "a living child keeps a lock of its parent: {failed:?}");
    });
}
