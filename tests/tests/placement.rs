//! Where the pages lie: reserved at create (P3), brought in at once, locked, writable or not, and threads pinned to a core.

use std::fs;
use std::os::unix::fs::MetadataExt;

use myelon::{AttachError, CreateError, Granted, Placement, PlacementReport};
use myelon_tests::channels::{D256, L24, TestEvent, Words24, Words256};
use myelon_tests::{DEADLINE, over_every_location};

/// Messages, most of them in one piece.
#[myelon::channel(capacity = "32 KiB", max_message = "1 MiB")]
pub struct Notes([u8]);

fn granted(report: PlacementReport) -> (String, String, String) {
    (format!("{:?}", report.prefault), format!("{:?}", report.lock), format!("{:?}", report.huge))
}

/// Kilobytes of the line `key` in a file of /proc.
fn kilobytes(file: &str, key: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What this process may do with the parts of the mapping that an address lies in, from the first byte of the file on, as
/// the system tells it: `r` or `rw`. And with the part that the address is in.
fn allowed<T: ?Sized>(at: *const T) -> (Vec<String>, String) {
    let at = at.cast::<u8>().addr();
    let hex = |text: &str| usize::from_str_radix(text, 16).unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let (mut parts, mut file, mut here) = (Vec::new(), String::new(), None);
    // Such as `7f00-7f10 rw-s 00000000 00:01 12 /dev/shm/x`.
    for line in maps.lines() {
        let [range, access, offset, device, inode] =
            line.split_whitespace().take(5).collect::<Vec<_>>().try_into().unwrap();
        let of = format!("{device} {inode}");
        if of != file || hex(offset) == 0 {
            if here.is_some() {
                break;
            }
            parts.clear();
            file = of;
        }
        let access = access.replace(['-', 's'], "");
        let (from, to) = range.split_once('-').unwrap();
        if (hex(from)..hex(to)).contains(&at) {
            here = Some(access.clone());
        }
        if parts.last() != Some(&access) {
            parts.push(access);
        }
    }
    (parts, here.unwrap())
}

/// Whether a consumer has the ring, where something that it received lies, as it asked for, and nothing else but its own.
fn assert_allowed<T: ?Sized>(at: *const T, writable: bool) {
    // Header and layout, the control page, the producer's page, the consumer's own, those of others and the ring.
    let all = if writable { "r rw r rw r rw" } else { "r rw r rw r" };
    let ring = if writable { "rw" } else { "r" };
    let (parts, here) = allowed(at);
    assert_eq!((parts.join(" ").as_str(), here.as_str()), (all, ring));
}

/// Both settings, and what the report says of each.
fn both() -> [(Placement, Granted); 2] {
    let default = Placement::default();
    [(default, Granted::NotAsked), (default.writable_ring(), Granted::Yes)]
}

over_every_location! {
    fn the_ring_is_mapped_for_a_consumer_as_it_asks(arena) {
        let spot = arena.spot("ring");
        let mut tx = L24::producer(spot.location()).placement(Placement::default().writable_ring()).build().unwrap();
        assert_eq!(tx.placement().writable, Granted::NotAsked);
        for (index, (placement, granted)) in both().into_iter().enumerate() {
            // Each in the same entry, the first one, of which the pattern of pages speaks.
            let id = format!("c{index}");
            for placement in [placement, placement.lazy()] {
                let mut rx = L24::consumer(spot.location(), &id).placement(placement).build().unwrap();
                assert_eq!(rx.placement().writable, granted);
                tx.publish(Words24::make(0)).unwrap();
                let lease = rx.recv().unwrap().unwrap();
                assert_allowed(&raw const *lease, granted == Granted::Yes);
                drop(lease);
            }
        }
        tx.close();
    }

    fn the_ring_of_messages_is_mapped_for_a_consumer_as_it_asks(arena) {
        let spot = arena.spot("messages");
        let mut tx = Notes::create(spot.location()).unwrap();
        for (placement, granted) in both() {
            let mut rx = Notes::consumer(spot.location(), "c").placement(placement).build().unwrap();
            assert_eq!(rx.placement().writable, granted);
            tx.publish(b"something").unwrap();
            let lease = rx.recv().unwrap().unwrap();
            assert_allowed(lease.as_ptr(), granted == Granted::Yes);
            drop(lease);
        }
        tx.close();
    }

    fn a_channel_works_alike_whether_its_ring_is_writable_or_not(arena) {
        const EVENTS: u64 = 5000;
        let spot = arena.spot("alike");
        let mut tx = D256::producer(spot.location()).capacity(64).build().unwrap();
        let consumers = both().map(|(placement, granted)| {
            let id = format!("{granted:?}");
            D256::consumer(spot.location(), &id).placement(placement).build().unwrap()
        });
        std::thread::scope(|scope| {
            for mut rx in consumers {
                scope.spawn(move || {
                    for sequence in 0..EVENTS {
                        assert_eq!(*rx.recv_timeout(DEADLINE).unwrap().unwrap(), Words256::make(sequence));
                    }
                    assert!(rx.recv_timeout(DEADLINE).unwrap().is_none());
                });
            }
            for sequence in 0..EVENTS {
                tx.publish_timeout(Words256::make(sequence), DEADLINE).unwrap();
            }
            tx.close();
        });
    }

    fn messages_arrive_alike_whether_the_ring_is_writable_or_not(arena) {
        let spot = arena.spot("messages alike");
        let message = |index: usize| vec![index as u8; index * 37 % 20_000];
        let mut tx = Notes::create(spot.location()).unwrap();
        let consumers = both().map(|(placement, granted)| {
            let id = format!("{granted:?}");
            Notes::consumer(spot.location(), &id).placement(placement).build().unwrap()
        });
        std::thread::scope(|scope| {
            for mut rx in consumers {
                scope.spawn(move || {
                    for index in 0..1000 {
                        assert_eq!(*rx.recv_timeout(DEADLINE).unwrap().unwrap(), message(index)[..]);
                    }
                    assert!(rx.recv_timeout(DEADLINE).unwrap().is_none());
                });
            }
            for index in 0..1000 {
                tx.publish_timeout(&message(index), DEADLINE).unwrap();
            }
            tx.close();
        });
    }

    fn the_whole_segment_is_reserved_when_it_is_created(arena) {
        let spot = arena.spot("reserved");
        let tx = D256::producer(spot.location()).capacity(4096).placement(Placement::default().lazy()).build().unwrap();
        assert_eq!(granted(tx.placement()).0, "NotAsked");
        if let Some(file) = arena.file_of("reserved") {
            let facts = fs::metadata(file).unwrap();
            assert!(facts.len() >= 4096 * 256);
            assert!(facts.blocks() * 512 >= facts.len(), "a hole would be a signal later");
        }
        tx.close();
    }

    fn wishes_are_reported_and_never_fail(arena) {
        let spot = arena.spot("placed");
        let mut tx = L24::producer(spot.location())
            .placement(Placement::default().locked().huge_pages())
            .build()
            .unwrap();
        let mut rx = L24::consumer(spot.location(), "a").placement(Placement::default().locked()).build().unwrap();
        let (prefault, lock, huge) = granted(tx.placement());
        assert_eq!(prefault, "Yes");
        assert!(lock == "Yes" || lock.starts_with("No"), "{lock}");
        assert!(huge == "Yes" || huge.starts_with("No"), "{huge}");
        if lock == "Yes" {
            assert!(kilobytes("/proc/self/status", "VmLck:") > 0);
        }
        assert_eq!(granted(rx.placement()).2, "NotAsked");
        tx.publish(Words24::make(0)).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), Words24::make(0));
        tx.close();
    }

    fn a_thread_is_pinned_to_the_core_that_its_builder_names(arena) {
        let spot = arena.spot("pinned");
        let here = std::thread::scope(|scope| {
            scope.spawn(|| {
                let allowed = rustix::thread::sched_getaffinity(None).unwrap();
                let core = (0..1024).find(|core| allowed.is_set(*core)).unwrap();
                let tx = L24::producer(spot.location()).pin(core).build().unwrap();
                let now = rustix::thread::sched_getaffinity(None).unwrap();
                assert_eq!((now.count(), now.is_set(core)), (1, true));
                let error = L24::consumer(spot.location(), "a").pin(100_000).build().unwrap_err();
                assert!(matches!(error, AttachError::Pin { core: 100_000, .. }), "{error:?}");
                tx.close();
            }).join()
        });
        here.unwrap();
        let error = L24::producer(arena.spot("nowhere").location()).pin(100_000).build().unwrap_err();
        assert!(matches!(error, CreateError::Pin { core: 100_000, .. }), "{error:?}");
    }
}
