use std::os::unix::fs::FileExt;

use super::*;
use crate::ring::Dense;

fn write(site: &Site, at: u64, bytes: &[u8]) {
    let file = std::fs::OpenOptions::new().write(true).open(site.path()).unwrap();
    file.write_all_at(bytes, at).unwrap();
}

#[test]
fn another_layout_is_refused_with_both_printed() {
    let site = Site::anonymous();
    let _tx = Tx::new(&site);
    let refused = |result: Result<Segment, AttachError>| match result {
        Err(error @ AttachError::LayoutMismatch { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let text = refused(observe(&site.location, &Contract::of::<[u32; 2], Stamped>(1)));
    assert!(text.contains("> u64: 8 bytes, aligned to 8"), "{text}");
    assert!(text.contains("> [u32; 2]: 8 bytes, aligned to 4"), "{text}");
    let text = refused(observe(&site.location, &Contract::of::<u64, Stamped>(7)));
    assert!(text.contains("> version 7") && text.contains("> version 1"), "{text}");
    let text = refused(observe(&site.location, &Contract::of::<u64, Dense>(1)));
    assert!(text.contains("> dense slots of 8") && text.contains("> stamped slots of 16"), "{text}");
}

#[test]
fn a_damaged_or_truncated_segment_is_refused_by_all_and_can_be_removed() {
    type Damage = (&'static str, fn(&Site));
    let damages: [Damage; 4] = [
        ("is truncated", |site| {
            let file = std::fs::OpenOptions::new().write(true).open(site.path()).unwrap();
            file.set_len(5000).unwrap();
        }),
        ("is damaged", |site| write(site, 100, &[1; 8])),
        ("other byte order", |site| write(site, 8, &0x0102_0304_u32.swap_bytes().to_ne_bytes())),
        ("format version 9", |site| write(site, 12, &9_u32.to_ne_bytes())),
    ];
    for (what, damage) in damages {
        let site = Site::file();
        drop(Tx::new(&site));
        damage(&site);
        let error = create(&request(&site)).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
        let error = attach_with(&site, "risk", None).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
        remove(&site.location).unwrap();
        Tx::new(&site);
    }
}

#[test]
fn a_missing_channel_names_the_way_to_wait_for_it() {
    for site in Site::all() {
        let error = attach_with(&site, "risk", None).unwrap_err();
        assert!(matches!(error, AttachError::NotFound { .. }), "{error:?}");
        assert!(error.to_string().contains("attach_timeout"), "{error}");
    }
}

#[test]
fn ids_that_are_empty_or_too_long_are_refused() {
    let site = Site::anonymous();
    let _tx = Tx::new(&site);
    for id in [String::new(), "x".repeat(65)] {
        match attach_with(&site, &id, None) {
            Err(AttachError::InvalidId { len }) => assert_eq!(len, id.len()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(join(&site, &"x".repeat(64)).entry, 0);
}

#[test]
fn cursors_that_make_no_sense_are_errors() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    tx.publish(3);
    drop(join(&site, "risk"));
    let page = tx.segment.consumer_page(0);
    let cursor = page.cursor();
    // The page of a consumer is read-only for a producer.
    tx.segment.view.own_consumer(0).unwrap();
    for wrong in [100, u64::MAX] {
        cursor.store(wrong, Relaxed::Relaxed);
        let error = attach_with(&site, "risk", None).unwrap_err();
        assert!(matches!(error, AttachError::Implausible { found, .. } if found == wrong), "{error:?}");
    }
    cursor.store(3, Relaxed::Relaxed);
    tx.segment.producer_page().published().store(u64::MAX - 1, Relaxed::Relaxed);
    for (id, start) in [("risk", None), ("new", None), ("other", Some(Start::Oldest))] {
        let error = attach_with(&site, id, start).unwrap_err();
        assert!(matches!(error, AttachError::Implausible { .. }), "{error:?}");
    }
    drop((page, tx));
    assert!(matches!(create(&request(&site)), Err(CreateError::Implausible { .. })));
}

#[test]
fn entry_words_that_make_no_sense_are_nobodys_and_do_no_harm() {
    let site = Site::anonymous();
    let mut tx = Tx::new(&site);
    for entry in 0..ENTRIES {
        tx.segment.entry_word(entry).unwrap().store(u64::MAX - u64::from(entry), Relaxed::Relaxed);
    }
    assert_eq!(tx.publish(20), 20);
    assert!(matches!(attach_with(&site, "risk", None), Err(AttachError::NoFreeEntry { .. })));
    assert!(!tx.segment.evict(0, tx.publisher.next(), LET_GO).unwrap());
    tx.segment.leave(0, Leave::Forget);
    tx.close();
}

#[test]
fn a_link_a_directory_and_a_foreign_mode_are_refused_by_name() {
    let site = Site::file();
    let elsewhere = Site::file();
    drop(Tx::new(&elsewhere));
    std::os::unix::fs::symlink(elsewhere.path(), site.path()).unwrap();
    let error = create(&request(&site)).unwrap_err();
    assert!(error.to_string().contains("symbolic link"), "{error}");
    std::fs::remove_file(site.path()).unwrap();
    std::fs::create_dir(site.path()).unwrap();
    let error = attach_with(&site, "risk", None).unwrap_err();
    assert!(error.to_string().contains("is a directory"), "{error}");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(elsewhere.path(), mode).unwrap();
    let error = attach_with(&elsewhere, "risk", None).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

#[test]
fn a_consumer_of_a_new_build_waits_until_its_producer_replaces_what_the_old_one_left() {
    let site = Site::file();
    let left = Tx::with(&held(&site)).unwrap();
    let new = |timeout| {
        attach::<[u32; 2], Stamped>(&AttachRequest {
            location: site.location.clone(),
            id: "risk".to_owned(),
            contract: Contract::of::<[u32; 2], Stamped>(1),
            start: None,
            timeout,
            declared_only: None,
            placement: Placement::default(),
        })
    };
    let long = Duration::from_secs(20);
    // Not while the old one is in use.
    assert!(matches!(new(long), Err(AttachError::LayoutMismatch { .. })));
    drop(left);
    assert!(matches!(new(Duration::ZERO), Err(AttachError::LayoutMismatch { .. })));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| new(long));
        crate::os::process::nap(Duration::from_millis(5));
        let contract = Contract::of::<[u32; 2], Stamped>(1);
        let _tx = create(&CreateRequest { contract, ..request(&site) }).unwrap();
        assert_eq!(waiting.join().unwrap().unwrap().start, 0);
    });
}

#[test]
fn a_descriptor_of_a_file_of_value_is_refused_even_if_that_begins_with_zeroes() {
    let site = Site::file();
    // As an image of a disk does.
    let value = [vec![0; 4096], b"valuable".to_vec()].concat();
    std::fs::write(site.path(), &value).unwrap();
    std::fs::set_permissions(site.path(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let file = std::fs::OpenOptions::new().read(true).write(true).open(site.path()).unwrap();
    let location = Location::from_fd(file.into()).unwrap();
    let error = create(&CreateRequest { location, ..request(&site) }).unwrap_err();
    assert!(matches!(error, CreateError::Unreadable { source: HeaderError::NotASegment, .. }), "{error:?}");
    assert_eq!(std::fs::read(site.path()).unwrap(), value);
}
