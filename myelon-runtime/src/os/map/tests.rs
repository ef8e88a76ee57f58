use std::io::ErrorKind;
use std::os::fd::OwnedFd;

use super::{Access, Map};
use crate::os::fd::{fallocate, memfd, page_size};
use crate::os::testing::fork;

fn memory(pages: usize) -> (OwnedFd, usize, usize) {
    let file = memfd("myelon-test", false).unwrap();
    fallocate(&file, (pages * page_size()) as u64).unwrap();
    (file, pages * page_size(), page_size())
}

fn get(map: &Map, at: usize) -> u8 {
    assert!(at < map.len());
    // SAFETY: inside the mapping.
    let byte = unsafe { map.base().add(at) };
    // SAFETY: mapped for loads.
    unsafe { byte.read_volatile() }
}

fn set(map: &Map, at: usize, value: u8) {
    assert!(at < map.len());
    // SAFETY: inside the mapping.
    let byte = unsafe { map.base().add(at) };
    // SAFETY: mapped for stores; if not, the test ends here.
    unsafe { byte.write_volatile(value) };
}

#[test]
fn two_mappings_of_a_file_are_the_same_bytes() {
    let (file, len, page) = memory(3);
    let (a, b) = (Map::read_write(&file, len).unwrap(), Map::read_only(&file, len).unwrap());
    set(&a, 2 * page + 5, 42);
    assert_eq!(get(&b, 2 * page + 5), 42);
    assert_eq!(a.len(), len);
}

#[test]
fn nothing_is_mapped_beyond_the_end_of_a_file() {
    let (file, len, _) = memory(1);
    for wrong in [0, len + 1, usize::MAX] {
        assert_eq!(Map::read_write(&file, wrong).unwrap_err().kind(), ErrorKind::InvalidInput, "{wrong}");
    }
}

#[test]
fn a_range_that_is_not_whole_pages_of_the_mapping_is_refused() {
    let (file, len, page) = memory(2);
    let map = Map::read_write(&file, len).unwrap();
    for wrong in [1..page, 0..page + 1, 0..len + page, page..0, usize::MAX - page + 1..len] {
        let refused = [
            map.protect(wrong.clone(), Access::Read).unwrap_err(),
            map.prefault(wrong.clone(), false).unwrap_err(),
            map.lock(wrong.clone()).unwrap_err(),
            map.keep_in_child(wrong.clone()).unwrap_err(),
        ];
        assert!(refused.iter().all(|error| error.kind() == ErrorKind::InvalidInput), "{wrong:?}");
        assert_eq!(map.huge_bytes(wrong), None);
    }
}

#[test]
fn the_last_page_may_be_partly_beyond_the_end() {
    let (file, len, page) = memory(2);
    let map = Map::read_write(&file, len - 10).unwrap();
    map.prefault(0..len - 10, true).unwrap();
    map.protect(page..len - 10, Access::Read).unwrap();
}

#[test]
fn a_store_to_a_protected_page_kills_the_process_and_not_before() {
    let (file, len, page) = memory(2);
    let status = |at: usize| {
        // A child of its own: the map is made there, because a child does not inherit one.
        let mut child = fork(|| {
            let Ok(map) = Map::read_write(&file, len) else { return 9 };
            if map.protect(0..page, Access::Read).is_err() {
                return 9;
            }
            // SAFETY: resets what happens on a fault; the child ends then.
            unsafe { libc::signal(libc::SIGSEGV, libc::SIG_DFL) };
            set(&map, at, 1);
            1
        });
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| child.said())).ok()
    };
    assert_eq!(status(page), Some(1));
    assert_eq!(status(0), None, "the child lived on after a store to a page it may only read");
    let map = Map::read_write(&file, len).unwrap();
    map.protect(0..len, Access::Read).unwrap();
    map.protect(0..page, Access::ReadWrite).unwrap();
    set(&map, 0, 3);
    assert_eq!((get(&map, 0), get(&map, page)), (3, 1));
}

#[test]
fn prefaulting_changes_no_byte_whichever_way_it_is_done() {
    let (file, len, page) = memory(4);
    let map = Map::read_write(&file, len).unwrap();
    set(&map, page, 77);
    map.prefault(0..len, true).unwrap();
    map.prefault(page..2 * page, false).unwrap();
    map.touch(0..len, true);
    map.touch(0..len, false);
    assert_eq!(get(&map, page), 77);
    let resident = Map::read_only(&file, len).unwrap();
    resident.prefault(0..len, false).unwrap();
    assert!(resident.prefault(0..len, true).is_err(), "made ready for stores that are not allowed");
}

#[test]
fn huge_pages_are_reported_as_the_kernel_counts_them() {
    let (file, len, _) = memory(1024);
    let map = Map::read_write(&file, len).unwrap();
    assert_eq!(map.base().addr().get() % super::HUGE, 0);
    let advised = map.advise_huge(0..len);
    map.prefault(0..len, true).unwrap();
    let huge = map.huge_bytes(0..len).unwrap();
    assert!(huge <= len as u64);
    if advised.is_err() {
        assert_eq!(huge, 0);
    }
}

#[test]
fn locking_pages_works_or_is_refused_by_the_limit() {
    let (file, len, _) = memory(1);
    let map = Map::read_write(&file, len).unwrap();
    if let Err(error) = map.lock(0..len) {
        assert!(matches!(error.kind(), ErrorKind::OutOfMemory | ErrorKind::PermissionDenied), "{error}");
    }
}

#[test]
fn dropping_a_map_unmaps_it() {
    let (file, len, _) = memory(600);
    let base = Map::read_write(&file, len).unwrap().base().addr().get();
    let lines = std::fs::read_to_string("/proc/self/maps").unwrap();
    assert!(
        !lines.lines().any(|line| line.starts_with(&format!("{base:x}-")) && line.contains("myelon-test"))
    );
}
