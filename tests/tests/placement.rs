//! Where the pages lie: reserved at create (P3), brought in at once, locked, and threads pinned to a core.

use std::fs;
use std::os::unix::fs::MetadataExt;

use myelon::PlacementReport;
use myelon::{AttachError, CreateError, Placement};
use myelon_tests::channels::{D256, L24, TestEvent, Words24};
use myelon_tests::over_every_location;

fn granted(report: PlacementReport) -> (String, String, String) {
    (format!("{:?}", report.prefault), format!("{:?}", report.lock), format!("{:?}", report.huge))
}

/// Kilobytes of the line `key` in a file of /proc.
fn kilobytes(file: &str, key: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

over_every_location! {
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
