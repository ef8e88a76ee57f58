use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::{wait, wake_all};
use crate::os::fd::{memfd, page_size};
use crate::os::map::Map;
use crate::os::process::now_ns;
use crate::os::testing::fork;

const FOREVER: Duration = Duration::from_secs(20);

fn word(map: &Map) -> &AtomicU32 {
    // SAFETY: page-aligned, mapped as long as the borrow, accessed atomically by everyone.
    unsafe { AtomicU32::from_ptr(map.base().as_ptr().cast()) }
}

fn shared_page() -> std::os::fd::OwnedFd {
    let file = memfd("myelon-test", false).unwrap();
    rustix::fs::ftruncate(&file, page_size() as u64).unwrap();
    file
}

/// Adds one and wakes; then sleeps until the other side has done the same. `rounds` times.
fn play(word: &AtomicU32, even: bool, rounds: u32) -> bool {
    for _ in 0..rounds {
        loop {
            let seen = word.load(Ordering::Acquire);
            if (seen % 2 == 0) == even {
                word.fetch_add(1, Ordering::Release);
                wake_all(word);
                break;
            }
            let before = now_ns();
            wait(word, seen, FOREVER);
            if now_ns() - before > FOREVER.as_nanos() as u64 / 2 {
                return false; // nobody woke us
            }
        }
    }
    true
}

#[test]
fn two_mappings_at_different_addresses_are_one_word() {
    let file = shared_page();
    let (a, b) = (Map::read_write(&file, page_size()).unwrap(), Map::read_write(&file, page_size()).unwrap());
    assert_ne!(a.base(), b.base());
    std::thread::scope(|scope| {
        let other = scope.spawn(|| play(word(&b), false, 2000));
        assert!(play(word(&a), true, 2000));
        assert!(other.join().unwrap());
    });
    assert_eq!(word(&a).load(Ordering::Relaxed), 4000);
}

#[test]
fn two_processes_wake_each_other() {
    let file = shared_page();
    let ours = Map::read_write(&file, page_size()).unwrap();
    let mut child = fork(|| {
        let theirs = Map::read_write(&file, page_size());
        theirs.map_or(2, |map| u8::from(play(word(&map), false, 2000)))
    });
    assert!(play(word(&ours), true, 2000));
    assert_eq!(child.said(), 1);
    assert_eq!(word(&ours).load(Ordering::Relaxed), 4000);
}

#[test]
fn a_sleeper_may_have_the_word_mapped_read_only() {
    let file = shared_page();
    let (writer, reader) =
        (Map::read_write(&file, page_size()).unwrap(), Map::read_only(&file, page_size()).unwrap());
    std::thread::scope(|scope| {
        let sleeper = scope.spawn(|| {
            let before = now_ns();
            while word(&reader).load(Ordering::Acquire) == 0 {
                wait(word(&reader), 0, FOREVER);
            }
            now_ns() - before
        });
        word(&writer).store(1, Ordering::Release);
        wake_all(word(&writer));
        assert!(sleeper.join().unwrap() < FOREVER.as_nanos() as u64 / 2);
    });
}

#[test]
fn a_sleep_ends_at_once_for_another_value_and_in_time_for_none() {
    let word = AtomicU32::new(5);
    let before = now_ns();
    wait(&word, 4, FOREVER);
    assert!(now_ns() - before < FOREVER.as_nanos() as u64 / 2);
    wait(&word, 5, Duration::from_millis(3));
    assert!(now_ns() - before >= 2_000_000);
    wait(&word, 4, Duration::MAX);
}
