use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use super::*;
use crate::segment::header::HEADER_LEN;

#[test]
fn a_new_channel_is_reserved_as_a_whole_and_private() {
    for site in Site::named() {
        let tx = Tx::new(&site);
        let facts = std::fs::metadata(site.path()).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
        assert!(facts.blocks() * 512 >= facts.len(), "{} of {} bytes", facts.blocks() * 512, facts.len());
        assert_eq!(tx.segment.published(), 0);
        assert_eq!(tx.segment.producer_state().pid, std::process::id());
        assert_eq!(tx.segment.producer_state().epoch, 1);
    }
}

#[test]
fn a_second_producer_is_told_who_the_first_is() {
    for site in Site::all() {
        let _tx = Tx::new(&site);
        match create(&request(&site)) {
            Err(CreateError::AlreadyExists { pid, .. }) => assert_eq!(pid, Some(std::process::id())),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_dead_producers_channel_is_gone_on_with_in_sequence_and_its_consumers_stay() {
    for site in Site::all() {
        let mut tx = Tx::new(&site);
        let rx = join(&site, "risk");
        assert_eq!(tx.publish(5), 5);
        let epoch = tx.segment.producer_state().epoch;
        drop(tx);
        assert!(!rx.segment.producer_is_alive().unwrap());
        let mut tx = Tx::new(&site);
        assert!(rx.segment.producer_is_alive().unwrap());
        assert_eq!(tx.publisher.next(), 5);
        assert_eq!(tx.publish(CAPACITY), CAPACITY - 5, "the consumer still gates");
        assert_eq!(rx.segment.published(), CAPACITY);
        assert_eq!(rx.segment.producer_state().epoch, epoch + 1);
        assert_eq!(rx.segment.still_named(), Named::Yes);
    }
}

#[test]
fn what_the_dead_producer_made_visible_last_is_gone_on_after() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    tx.publish(2);
    // Killed between the stamps of a batch of two and the cursor.
    tx.publish(2);
    tx.segment.producer_page().published().store(2, Relaxed::Relaxed);
    drop(tx);
    assert_eq!(Tx::new(&site).publisher.next(), 4);
}

#[test]
fn another_capacity_or_layout_or_fresh_replaces_the_channel_and_survivors_learn_of_it() {
    let changes: [fn(&mut CreateRequest); 4] = [
        |request| request.capacity = 16,
        |request| request.max_consumers = 4,
        |request| request.contract = Contract::of::<u64, Stamped>(2),
        |request| request.fresh = true,
    ];
    for change in changes {
        for site in Site::named() {
            let mut tx = Tx::new(&site);
            let rx = join(&site, "risk");
            tx.publish(3);
            drop(tx);
            let mut request = request(&site);
            change(&mut request);
            let tx = Tx::with(&request).unwrap();
            assert_eq!(tx.publisher.next(), 0);
            assert_eq!(rx.segment.still_named(), Named::Replaced);
            assert_eq!(rx.segment.published(), 3, "the old one is as it was");
        }
        let site = Site::anonymous();
        drop(Tx::new(&site));
        let mut request = request(&site);
        change(&mut request);
        assert!(matches!(create(&request), Err(CreateError::CannotReplace { .. })));
    }
}

#[test]
fn nothing_is_left_behind_by_a_create_that_fails_or_succeeds() {
    let site = Site::file();
    let tx = Tx::new(&site);
    assert_eq!(site.files(), 1);
    assert!(create(&request(&site)).is_err());
    assert_eq!(site.files(), 1);
    drop(tx);
    drop(Tx::with(&CreateRequest { fresh: true, ..request(&site) }).unwrap());
    assert_eq!(site.files(), 1);
}

#[test]
fn impossible_requests_say_what_would_do() {
    let site = Site::file();
    let refused = |change: fn(&mut CreateRequest)| {
        let mut request = request(&site);
        change(&mut request);
        create(&request).unwrap_err()
    };
    let error = refused(|request| request.capacity = 3);
    assert!(matches!(error, CreateError::InvalidCapacity { given: 3, next: Some(4) }), "{error}");
    let error = refused(|request| request.capacity = 0);
    assert!(matches!(error, CreateError::InvalidCapacity { given: 0, next: Some(1) }), "{error}");
    let error = refused(|request| request.capacity = u64::MAX);
    assert!(matches!(error, CreateError::InvalidCapacity { next: None, .. }), "{error}");
    let error = refused(|request| request.max_consumers = 0);
    assert!(matches!(error, CreateError::InvalidMaxConsumers { given: 0 }), "{error}");
    let error = refused(|request| {
        request.contract = Contract::of::<[u64; 1 << 20], Stamped>(1);
        request.capacity = 1 << 32;
    });
    assert!(matches!(error, CreateError::TooLarge { .. }), "{error}");
    assert_eq!(site.files(), 0);
}

#[test]
fn more_than_there_is_room_for_is_an_error_that_names_the_way_out() {
    let site = Site::shm();
    let error = create(&CreateRequest { capacity: 1 << 32, ..request(&site) }).unwrap_err();
    let CreateError::NoSpace { needed, free: Some(free), shared_memory: true, .. } = error else {
        panic!("{error:?}")
    };
    assert!(needed > free);
    assert!(error.to_string().contains("--shm-size"), "{error}");
    assert!(!site.path().exists());
}

#[test]
fn a_file_that_is_not_a_segment_is_never_touched() {
    let site = Site::file();
    for text in ["", "valuable\n", &"valuable\n".repeat(1000)] {
        std::fs::write(site.path(), text).unwrap();
        std::fs::set_permissions(site.path(), PermissionsExt::from_mode(0o600)).unwrap();
        let error = create(&request(&site)).unwrap_err();
        assert!(
            matches!(error, CreateError::Unreadable { source: HeaderError::NotASegment, .. }),
            "{error:?}"
        );
        assert!(matches!(
            attach_with(&site, "a", None),
            Err(AttachError::Unreadable { source: HeaderError::NotASegment, .. })
        ));
        assert!(matches!(remove(&site.location), Err(RemoveError::NotASegment { .. })));
        assert_eq!(std::fs::read_to_string(site.path()).unwrap(), text);
    }
}

#[test]
fn a_copy_of_a_segment_is_replaced_and_never_joined() {
    let (site, copy) = (Site::file(), Site::file());
    let mut tx = Tx::new(&site);
    tx.publish(3);
    drop(tx);
    std::fs::copy(site.path(), copy.path()).unwrap();
    assert!(matches!(attach_with(&copy, "risk", None), Err(AttachError::Stale { .. })));
    assert_eq!(Tx::new(&copy).publisher.next(), 0);
    join(&copy, "risk");
}

#[test]
fn a_creator_that_died_in_memory_without_a_name_is_written_over() {
    let site = Site::anonymous();
    // The mark of a segment is written last; here its creator never came to that.
    let memory = site.location.to_inheritable().unwrap();
    let file = std::fs::File::from(memory.descriptor().unwrap().try_clone_to_owned().unwrap());
    file.write_all_at(&vec![0xff; 3 * HEADER_LEN], 8).unwrap();
    assert!(matches!(attach_with(&site, "a", None), Err(AttachError::NotFound { .. })));
    let mut tx = Tx::new(&site);
    assert_eq!(tx.publish(1), 1);
    assert_eq!(join(&site, "a").start, 1);
    assert_eq!(tx.state(1), State::Free);
}

#[test]
fn what_was_asked_of_memory_is_reported() {
    let site = Site::anonymous();
    let placement = Placement::default().huge_pages().locked();
    let tx = Tx::with(&CreateRequest { placement, ..request(&site) }).unwrap();
    let report = tx.segment.placement();
    assert_eq!(report.prefault, Granted::Yes);
    assert_ne!(report.lock, Granted::NotAsked);
    assert_ne!(report.huge, Granted::NotAsked);
    let site = Site::anonymous();
    let tx = Tx::with(&CreateRequest { placement: Placement::default().lazy(), ..request(&site) }).unwrap();
    assert_eq!(tx.segment.placement().prefault, Granted::NotAsked);
}

#[test]
fn a_ring_that_cannot_be_made_writable_is_reported() {
    let site = Site::anonymous();
    let tx = Tx::new(&site);
    let wish = Placement::default().lazy().writable_ring();
    assert_eq!(
        wish.apply(&tx.segment.view, true).writable,
        Granted::NotAsked,
        "a producer's is writable anyway"
    );
    assert_eq!(wish.apply(&join(&site, "a").segment.view, false).writable, Granted::Yes);
    // Whoever only looks has the file open for loads.
    let (seen, ..) = inspect(&site.location).unwrap();
    assert_eq!(wish.apply(&seen.view, false).writable, Granted::No { errno: libc::EACCES });
}

/// Fills this process's table of mappings, and gives back the last few of them.
fn mappings_until_there_are_no_more() -> Vec<*mut libc::c_void> {
    let mut filled = Vec::with_capacity(1 << 17);
    loop {
        // Neighbours differ in what they allow, so that the kernel does not join them.
        let access = if filled.len() % 2 == 0 { libc::PROT_NONE } else { libc::PROT_READ };
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: new memory wherever the kernel has room.
        let at = unsafe { libc::mmap(core::ptr::null_mut(), 4096, access, flags, -1, 0) };
        if at == libc::MAP_FAILED || filled.len() == filled.capacity() {
            return filled;
        }
        filled.push(at);
    }
}

#[test]
fn a_replacement_that_fails_half_way_leaves_the_old_channel_as_it_was() {
    let limit = std::fs::read_to_string("/proc/sys/vm/max_map_count").unwrap();
    if limit.trim().parse::<usize>().unwrap() > 100_000 {
        return; // too many to use up
    }
    let site = Site::file();
    let mut tx = Tx::new(&site);
    tx.publish(3);
    drop(tx);
    let old = std::fs::metadata(site.path()).unwrap().ino();
    let change = CreateRequest { fresh: true, ..request(&site) };
    let mut child = crate::os::testing::fork(|| {
        let filled = mappings_until_there_are_no_more();
        let mut failures = 0;
        for at in filled.into_iter().rev() {
            // SAFETY: one of the mappings made above, used for nothing.
            unsafe { libc::munmap(at, 4096) };
            match create(&change) {
                Ok(_) => return failures,
                Err(_) if site.path().metadata().is_ok_and(|now| now.ino() == old) => failures += 1,
                Err(_) => return u8::MAX,
            }
        }
        0
    });
    let failures = child.said();
    assert_ne!(failures, u8::MAX, "the old channel is gone, and there is no new one");
    assert!(failures > 2, "nothing failed half-way: {failures}");
}

#[test]
fn more_than_the_machine_has_is_refused_before_memory_without_a_name_fills_it() {
    let site = Site::anonymous();
    let contract = Contract::of::<[u64; 1 << 10], Stamped>(1);
    let error = create(&CreateRequest { contract, capacity: 1 << 31, ..request(&site) }).unwrap_err();
    assert!(matches!(error, CreateError::NoSpace { .. }), "{error:?}");
    Tx::new(&site);
}

#[test]
fn a_limit_on_the_length_of_files_is_an_error_and_not_the_end_of_the_process() {
    let site = Site::file();
    let mut child = crate::os::testing::fork(|| {
        let limit = libc::rlimit { rlim_cur: 16 << 10, rlim_max: 16 << 10 };
        // SAFETY: a limit of this process, read from a good reference.
        unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) };
        u8::from(matches!(create(&request(&site)), Err(CreateError::TooLarge { .. })))
    });
    assert_eq!(child.said(), 1);
    assert_eq!(site.files(), 0);
}

/// Shared memory of this process's own. False where even root may not do that.
fn private_shared_memory(options: &core::ffi::CStr) -> bool {
    // SAFETY: this process has one thread.
    if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
        return false;
    }
    let (none, flags) = (core::ptr::null(), libc::MS_REC | libc::MS_PRIVATE);
    // SAFETY: good texts, and no data.
    let apart = unsafe { libc::mount(none, c"/".as_ptr(), none, flags, none.cast()) };
    let (kind, at) = (c"tmpfs".as_ptr(), c"/dev/shm".as_ptr());
    // SAFETY: good texts.
    apart == 0 && unsafe { libc::mount(kind, at, kind, 0, options.as_ptr().cast()) } == 0
}

#[test]
fn what_dead_processes_left_makes_room_before_a_create_fails_for_want_of_it() {
    let mut child = crate::os::testing::fork(|| {
        if !private_shared_memory(c"size=256k,mode=1777") {
            return 2;
        }
        let (dead, new) = (Site::shm(), Site::shm());
        let capacity = 8192; // 128 KiB of slots
        let Ok(tx) = Tx::with(&CreateRequest { capacity, ..request(&dead) }) else { return 3 };
        drop(tx);
        u8::from(Tx::with(&CreateRequest { capacity, ..request(&new) }).is_ok())
    });
    assert!([1, 2].contains(&child.said()));
}
