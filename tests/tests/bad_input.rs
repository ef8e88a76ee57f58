//! Bad input gets a typed error that says what to do, and leaves nothing behind.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use myelon::{AttachError, CreateError, Location, LocationError, Snapshot, Tap};
use myelon_tests::arena::shm_directory;
use myelon_tests::channels::{D256, Few, L8, L24, TestEvent, Words24};
use myelon_tests::segment::{BYTE_ORDER_AT, FORMAT_AT, HEADER};
use myelon_tests::{Arena, Backend, Peer, over_every_location, system};

/// Channels that are almost the one under test, `L24`: `units: [u64; 3]`, stamped, version 0.
mod almost {
    use myelon::RingEvent;

    macro_rules! almost {
        ($($name:ident($event:ident { $field:ident: $ty:ty }) $($option:ident = $value:tt),*;)*) => {$(
            #[derive(RingEvent, Clone, Copy)]
            #[repr(C)]
            pub(crate) struct $event { pub(crate) $field: $ty }

            #[myelon::channel(capacity = 64, $($option = $value),*)]
            pub(crate) struct $name($event);
        )*};
    }

    almost! {
        Same(SameUnits { units: [u64; 3] }) optimize = latency;
        Renamed(RenamedUnits { things: [u64; 3] }) optimize = latency;
        Retyped(RetypedUnits { units: [i64; 3] }) optimize = latency;
        Shorter(ShorterUnits { units: [u64; 2] }) optimize = latency;
        Newer(NewerUnits { units: [u64; 3] }) optimize = latency, version = 7;
        Denser(DenserUnits { units: [u64; 3] }) optimize = throughput;
    }
}

/// What a test does with every channel that is almost `L24`.
macro_rules! for_almost {
    ($channel:ident => $body:expr) => {{
        {
            type $channel = almost::Renamed;
            $body
        }
        {
            type $channel = almost::Retyped;
            $body
        }
        {
            type $channel = almost::Shorter;
            $body
        }
        {
            type $channel = almost::Newer;
            $body
        }
        {
            type $channel = almost::Denser;
            $body
        }
    }};
}

over_every_location! {
    fn peers_that_disagree_never_talk_and_see_both_layouts(arena) {
        let spot = arena.spot("mismatch");
        let mut tx = arena.peer();
        tx.ask(format!("create type=L24 at={}", spot.text()));
        let text = |error: AttachError| {
            let AttachError::LayoutMismatch { .. } = &error else { panic!("{error:?}") };
            error.to_string()
        };
        for_almost!(C => {
            let attach = text(C::attach(spot.location(), "a").unwrap_err());
            assert_eq!(attach, text(Tap::<C>::attach(spot.location()).unwrap_err()));
            assert!(attach.contains("this program expects") && attach.contains("the segment holds"), "{attach}");
        });
        // The lines that differ are marked, the others are not.
        let marked = |error: String, marked: &[&str], same: &[&str]| {
            for (mark, parts) in [('>', marked), (' ', same)] {
                for part in parts {
                    let line = error.lines().find(|line| line.contains(part));
                    let line = line.unwrap_or_else(|| panic!("`{part}` is not in: {error}"));
                    assert_eq!(line.chars().nth(2), Some(mark), "{part}: {error}");
                }
            }
        };
        marked(
            text(almost::Renamed::attach(spot.location(), "a").unwrap_err()),
            &["things: [u64; 3]", "units: [u64; 3]"],
            &["version 0", "stamped slots of 32 bytes"],
        );
        marked(
            text(almost::Retyped::attach(spot.location(), "a").unwrap_err()),
            &["units: [i64; 3]", "units: [u64; 3]"],
            &["version 0", "stamped"],
        );
        marked(
            text(almost::Newer::attach(spot.location(), "a").unwrap_err()),
            &["version 7", "version 0"],
            &["units: [u64; 3]", "stamped"],
        );
        marked(
            text(almost::Denser::attach(spot.location(), "a").unwrap_err()),
            &["dense slots of 24 bytes", "stamped slots of 32 bytes"],
            &["units: [u64; 3]", "version 0"],
        );
        // Nobody noticed. The type's own name takes no part.
        assert_eq!(tx.ask("ask-tx").num("attached"), 0);
        let mut rx = almost::Same::attach(spot.location(), "a").unwrap();
        tx.ask("publish n=1");
        assert_eq!(rx.recv().unwrap().unwrap().units, Words24::make(0).units);
        tx.leave();
    }

    fn a_capacity_that_cannot_be_is_refused_with_the_next_one_that_can(arena) {
        let spot = arena.spot("capacity");
        let refused = |capacity| L24::producer(spot.location()).capacity(capacity).build().unwrap_err();
        for (given, next) in [(0, Some(1)), (3, Some(4)), (1000, Some(1024)), ((1 << 32) - 1, Some(1 << 32))] {
            let error = refused(given);
            assert!(matches!(error, CreateError::InvalidCapacity { given: g, next: n } if (g, n) == (given, next)), "{error:?}");
            assert!(error.to_string().contains(&next.unwrap().to_string()), "{error}");
        }
        for given in [1 << 33, (1 << 32) + 1, u64::MAX] {
            let error = refused(given);
            assert!(matches!(error, CreateError::InvalidCapacity { given: g, next: None } if g == given), "{error:?}");
        }
        // Nothing is there.
        let error = L24::attach(spot.location(), "a").unwrap_err();
        assert!(matches!(error, AttachError::NotFound { .. }), "{error:?}");
        L24::producer(spot.location()).capacity(1).build().unwrap().close();
    }

    fn a_ring_larger_than_memory_is_refused_and_leaves_nothing(arena) {
        if arena.backend() == Backend::Anonymous {
            return;
        }
        let spot = arena.spot("huge");
        // A tebibyte.
        let error = D256::producer(spot.location()).capacity(1 << 32).build().unwrap_err();
        let CreateError::NoSpace { needed, free, .. } = &error else { panic!("{error:?}") };
        assert!(*needed > 1 << 40 && free.is_none_or(|free| free < *needed), "{error:?}");
        assert!(error.to_string().contains("choose a smaller capacity"), "{error}");
        assert!(!arena.file_of("huge").unwrap().exists());
        assert!(arena.left_in_shm().is_empty());
    }

    fn no_free_entry_is_told_with_how_many_there_are(arena) {
        let spot = arena.spot("few");
        let tx = Few::create(spot.location()).unwrap();
        let first = Few::attach(spot.location(), "a").unwrap();
        let second = Few::attach(spot.location(), "b").unwrap();
        let error = Few::attach(spot.location(), "c").unwrap_err();
        assert!(matches!(error, AttachError::NoFreeEntry { max_consumers: 2 }), "{error:?}");
        assert!(error.to_string().contains("max_consumers"), "{error}");
        drop(first);
        Few::attach(spot.location(), "c").unwrap().close();
        drop((second, tx));
    }

    fn an_id_has_1_to_64_bytes(arena) {
        let spot = arena.spot("ids");
        let tx = L24::create(spot.location()).unwrap();
        for (id, len) in [("", 0), (&*"x".repeat(65), 65), (&*"é".repeat(33), 66)] {
            let error = L24::attach(spot.location(), id).unwrap_err();
            assert!(matches!(error, AttachError::InvalidId { len: found } if found == len), "{error:?}");
            assert!(error.to_string().contains("1 to 64 bytes"), "{error}");
        }
        for id in ["x", &"x".repeat(64), &"é".repeat(32), "a/b", "日本", "\u{1}", "with blank"] {
            let rx = L24::attach(spot.location(), id).unwrap();
            let error = L24::attach(spot.location(), id).unwrap_err();
            assert!(matches!(error, AttachError::IdInUse { .. }), "{error:?}");
            rx.close();
        }
        assert_eq!(tx.consumers(), 0);
        tx.close();
    }

    fn any_byte_of_the_header_that_is_flipped_is_noticed(arena) {
        let spot = arena.spot("flipped");
        let mut tx = L24::create(spot.location()).unwrap();
        let mut rx = L24::attach(spot.location(), "a").unwrap();
        let bytes = spot.bytes();
        for at in 0..HEADER {
            let bits = 1 << (at % 8);
            bytes.flip(at, bits);
            if let Ok(found) = L24::attach(spot.location(), "b") {
                panic!("byte {at}: {found:?}");
            }
            if at % 16 == 0 {
                Tap::<L24>::attach(spot.location()).unwrap_err();
                Snapshot::take(spot.location()).unwrap_err();
                L24::create(spot.location()).unwrap_err();
            }
            bytes.flip(at, bits);
        }
        // Those who are in never look there again.
        tx.publish(Words24::make(0)).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), Words24::make(0));
        L24::attach(spot.location(), "b").unwrap().close();
        tx.close();
    }

    fn another_format_or_byte_order_is_told_as_such(arena) {
        let spot = arena.spot("other");
        let mut tx = arena.peer();
        tx.ask(format!("create type=L24 at={}", spot.text()));
        let bytes = spot.bytes();
        let unreadable = |part: &str| {
            for error in [
                L24::attach(spot.location(), "b").unwrap_err().to_string(),
                Tap::<L24>::attach(spot.location()).unwrap_err().to_string(),
                Snapshot::take(spot.location()).unwrap_err().to_string(),
                L24::create(spot.location()).unwrap_err().to_string(),
            ] {
                assert!(error.contains(part), "{error}");
            }
        };
        bytes.set(FORMAT_AT, &4_u32.to_ne_bytes());
        unreadable("format version 4, this program knows version 3");
        bytes.set(FORMAT_AT, &3_u32.to_ne_bytes());
        bytes.set(BYTE_ORDER_AT, &0x0102_0304_u32.swap_bytes().to_ne_bytes());
        unreadable("byte order");
        bytes.set(BYTE_ORDER_AT, &0x0102_0304_u32.to_ne_bytes());
        bytes.flip(0, 0x80);
        unreadable("not a segment");
        bytes.flip(0, 0x80);
        // Also one that nobody lives in is never written over.
        bytes.set(FORMAT_AT, &4_u32.to_ne_bytes());
        tx.kill();
        let error = L24::create(spot.location()).unwrap_err();
        assert!(matches!(error, CreateError::Unreadable { .. }), "{error:?}");
        bytes.set(FORMAT_AT, &3_u32.to_ne_bytes());
        if arena.backend() != Backend::Shm {
            // (In shared memory any other test sweeps it.)
            L24::create(spot.location()).unwrap().close();
        }
        arena.sweep();
        arena.remove_left();
    }

    fn a_truncated_segment_is_told_as_such_and_not_touched(arena) {
        let spot = arena.spot("cut");
        let mut tx = arena.peer();
        tx.ask(format!("create type=L24 at={}", spot.text()));
        let bytes = spot.bytes();
        tx.kill();
        let whole = bytes.length();
        if arena.backend() == Backend::Anonymous {
            // Nobody can: its length is sealed.
            assert!(bytes.cut(100).is_err());
            L24::create(spot.location()).unwrap().close();
            return;
        }
        for length in [whole - 1, whole / 2, HEADER + 1, HEADER, HEADER - 1, 100, 8] {
            bytes.cut(length).unwrap();
            let error = L24::attach(spot.location(), "a").unwrap_err();
            let text = error.to_string();
            assert!(text.contains("truncated"), "{length}: {text}");
            if length < HEADER {
                assert!(text.contains(&format!("{length} of 4096 bytes")), "{text}");
            } else {
                assert!(text.contains(&format!("{length} of {whole} bytes")), "{text}");
            }
            let text = L24::create(spot.location()).unwrap_err().to_string();
            assert!(text.contains("truncated"), "{length}: {text}");
            assert_eq!(bytes.length(), length);
        }
        arena.remove_left();
    }

    fn a_file_that_was_deleted_under_live_peers_does_not_stop_them(arena) {
        let Some(file) = arena.file_of("deleted") else { return };
        let at = arena.spot("deleted").text();
        let (mut tx, mut rx, mut late) = (arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=a"));
        tx.ask("publish n=5");
        fs::remove_file(&file).unwrap();
        late.refuse(format!("attach type=L24 at={at} id=late"), &["NotFound"]);
        tx.ask("publish n=11 limit=try form=value");
        tx.refuse("publish n=1 limit=within:200", &["TimedOut"]);
        assert_eq!(rx.ask("receive n=16").num("next"), 16);
        tx.ask("publish n=3");
        // Nobody new can come, which whoever waits for consumers is told.
        tx.refuse("ask-tx consumers=2", &["Removed", "create the channel again"]);
        rx.ask("receive n=3");
        tx.kill();
        rx.refuse("receive", &["Removed", "attach again"]);
        rx.leave();
    }

    fn a_file_that_was_replaced_under_live_peers_is_told_when_they_wait(arena) {
        let Some(file) = arena.file_of("replaced") else { return };
        let at = arena.spot("replaced").text();
        let (mut tx, mut rx, mut other, mut late) = (arena.peer(), arena.peer(), arena.peer(), arena.peer());
        tx.ask(format!("create type=L24 at={at} cap=16"));
        rx.ask(format!("attach type=L24 at={at} id=a"));
        fs::remove_file(&file).unwrap();
        // Its lock lies on a file that has no name: the name is free.
        other.ask(format!("create type=L24 at={at} cap=16"));
        late.ask(format!("attach type=L24 at={at} id=a"));
        tx.ask("publish n=16 form=value limit=try");
        other.ask("publish n=2");
        tx.refuse("publish n=1", &["Superseded", "create the channel again"]);
        assert_eq!(late.ask("receive n=2").num("next"), 2);
        assert_eq!(rx.ask("receive n=16").num("next"), 16);
        tx.leave();
        assert_eq!(rx.ask("receive").num("closed"), 1, "a clean end is a clean end");
        rx.leave();
        // And the leaving of the old ones took nothing from the new ones.
        assert!(file.exists());
        other.leave();
        assert_eq!(late.ask("receive").num("closed"), 1);
        late.leave();
    }
}

/// Every way to something at a location has to give the same refusal.
fn refused(location: &Location, right: impl Fn(&LocationError) -> bool, part: &str) {
    let check = |error: &LocationError| {
        assert!(right(error), "{error:?}");
        assert!(error.to_string().contains(part), "{error}");
    };
    match L24::create(location).unwrap_err() {
        CreateError::Location(error) => check(&error),
        other => panic!("{other:?}"),
    }
    for error in [
        L24::attach(location, "a").unwrap_err(),
        Tap::<L24>::attach(location).map(drop).unwrap_err(),
        Snapshot::take(location).map(drop).unwrap_err(),
    ] {
        match error {
            AttachError::Location(error) => check(&error),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_no_segment_is_never_written_over() {
    let arena = Arena::file();
    let path = arena.path("note");
    let location = Location::file(&path);
    for contents in [&b""[..], b"a", b"a note that somebody needs", &[0; 5000], &[7; 5000], b"\x89myelon\r\n"]
    {
        fs::write(&path, contents).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let error = L24::create(&location).unwrap_err();
        assert!(matches!(error, CreateError::Unreadable { .. }), "{error:?}");
        assert!(error.to_string().contains("not a segment"), "{error}");
        let error = L24::attach(&location, "a").unwrap_err();
        assert!(matches!(error, AttachError::Unreadable { .. }), "{error:?}");
        Tap::<L24>::attach(&location).unwrap_err();
        Snapshot::take(&location).unwrap_err();
        let error = myelon::remove(&location).unwrap_err();
        assert!(error.to_string().contains("not a segment"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), contents);
    }
}

#[test]
fn a_directory_a_link_a_socket_are_refused() {
    use LocationError as E;
    for arena in [Arena::file(), Arena::shm()] {
        L24::create(&*arena.name("first")).unwrap().close();
        let file = |name: &str| arena.file_of(name).unwrap();
        let spot = |name: &str| arena.spot(name).location().clone();
        fs::create_dir(file("directory")).unwrap();
        refused(&spot("directory"), |e| matches!(e, E::IsADirectory { .. }), "is a directory");
        fs::remove_dir(file("directory")).unwrap();

        let mut tx = arena.peer();
        tx.ask(format!("create type=L24 at={}", arena.spot("real").text()));
        symlink(file("real"), file("link")).unwrap();
        refused(&spot("link"), |e| matches!(e, E::SymbolicLink { .. }), "symbolic link");
        fs::remove_file(file("link")).unwrap();
        symlink(file("nowhere"), file("dangling")).unwrap();
        refused(&spot("dangling"), |e| matches!(e, E::SymbolicLink { .. }), "symbolic link");
        assert!(!file("nowhere").exists());
        fs::remove_file(file("dangling")).unwrap();
        fs::hard_link(file("real"), file("twin")).unwrap();
        refused(&spot("twin"), |e| matches!(e, E::ManyLinks { links: 2, .. }), "2 names");
        fs::remove_file(file("twin")).unwrap();
        tx.leave();

        let listener = UnixListener::bind(file("socket")).unwrap();
        refused(&spot("socket"), |e| matches!(e, E::NotARegularFile { .. }), "not a regular file");
        drop(listener);
        fs::remove_file(file("socket")).unwrap();

        // A pipe that nobody writes to: opening it must not wait.
        let status = std::process::Command::new("mkfifo").arg(file("pipe")).status().unwrap();
        assert!(status.success());
        let mut peer = arena.peer();
        peer.refuse(format!("create type=L24 at={}", arena.spot("pipe").text()), &["NotARegularFile"]);
        peer.refuse(format!("attach type=L24 at={} id=a", arena.spot("pipe").text()), &["NotARegularFile"]);
        fs::remove_file(file("pipe")).unwrap();
    }
}

#[test]
fn a_missing_directory_is_told() {
    let arena = Arena::file();
    let location = Location::file(arena.path("no/such/file"));
    let error = L24::create(&location).unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
    fs::write(arena.path("plain"), "").unwrap();
    let error = L24::create(Location::file(arena.path("plain/file"))).unwrap_err();
    assert!(error.to_string().contains("not a directory"), "{error}");
}

#[test]
fn a_file_that_others_may_use_is_refused() {
    for arena in [Arena::file(), Arena::shm()] {
        let spot = arena.spot("open");
        let mut tx = L24::create(spot.location()).unwrap();
        let file = arena.file_of("open").unwrap();
        for mode in [0o644, 0o660, 0o606, 0o666] {
            fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            let right =
                |e: &LocationError| matches!(e, LocationError::WrongMode { mode: m, .. } if *m == mode);
            refused(spot.location(), right, "chmod 600");
        }
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let mut rx = L24::attach(spot.location(), "a").unwrap();
        tx.publish(Words24::make(0)).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), Words24::make(0));
    }
}

/// Says why a test did nothing.
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

#[test]
fn a_file_of_another_user_is_refused() {
    use LocationError as E;
    const OTHER: u32 = 65534;
    if !system::is_root() {
        return skipped("only root can make files of another user");
    }
    let arena = Arena::file();
    let spot = arena.spot("theirs");
    L24::create(spot.location()).unwrap().close();
    std::os::unix::fs::chown(arena.path("theirs"), Some(OTHER), Some(OTHER)).unwrap();
    refused(
        spot.location(),
        |e| matches!(e, E::WrongOwner { found: OTHER, expected: 0, .. }),
        "belongs to user 65534",
    );
    std::os::unix::fs::chown(arena.path("theirs"), Some(0), Some(0)).unwrap();

    // The other way round: another user meets a file of root's, and a directory that is not its own.
    let open = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    let directory = arena.path("theirs").parent().unwrap().to_owned();
    fs::set_permissions(&directory, open(0o755)).unwrap();
    let mut other = arena.peer();
    other.ask(format!("become uid={OTHER}"));
    other.refuse(
        format!("attach type=L24 at={} id=a", spot.text()),
        &["WrongOwner { path: ", "found: 0, expected: 65534", "same user"],
    );
    other.refuse(format!("create type=L24 at={}", spot.text()), &["WrongOwner"]);
    other.refuse(format!("create type=L24 at={}", arena.spot("new").text()), &["ermission denied"]);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing was left behind");
}

/// A helper with a shared memory of its own, of `size` bytes; `None` where that cannot be had.
fn with_own_shm(arena: &Arena, size: u64) -> Option<Peer> {
    if !system::is_root() {
        skipped("only root can mount a file system");
        return None;
    }
    let mut peer = arena.peer();
    peer.tell(format!("tmpfs path=/dev/shm size={size}"));
    match peer.answer() {
        Ok(_) => Some(peer),
        Err(error) => {
            skipped(&format!("this system does not let root mount a file system of its own: {error}"));
            None
        }
    }
}

#[test]
fn a_shared_memory_that_is_too_small_is_an_error_at_create_and_never_later() {
    let arena = Arena::new(Backend::Anonymous);
    let Some(mut peer) = with_own_shm(&arena, 512 << 10) else { return };
    let big = "create type=D256 at=big cap=4096";
    let error = peer.refuse(big, &["NoSpace", "--shm-size", "smaller capacity", "Location::file"]);
    let number = |key: &str| -> u64 {
        let digits = error.split(key).nth(1).unwrap();
        digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    assert!(number("needed: ") > 1 << 20, "{error}");
    assert!(number("free: Some(") <= 512 << 10, "{error}");
    let directory = shm_directory().display().to_string();
    assert_eq!(peer.ask(format!("names path={directory}")).text("names"), Some(""));
    // What fits can be filled to the last byte.
    peer.ask("create type=D256 at=small cap=1024");
    peer.ask("attach type=D256 at=small id=a");
    peer.ask("publish n=1024 form=value limit=try");
    assert_eq!(peer.ask("receive n=1024").num("got"), 1024);
    peer.ask("close what=rx");
    // Full by now: a file on the same file system has another way out.
    let error =
        peer.refuse("create type=D256 at=file:/dev/shm/file cap=1024", &["NoSpace", "another file system"]);
    assert!(!error.contains("--shm-size"), "{error}");
    peer.ask("publish n=5000 form=value limit=try");
    peer.ask("close what=tx");
    assert_eq!(peer.ask(format!("names path={directory}")).text("names"), Some(""));
    assert_eq!(
        peer.ask("names path=/dev/shm").text("names"),
        Some(&*format!("myelon-{}", rustix::process::geteuid().as_raw()))
    );
}

#[test]
fn a_directory_of_shared_memory_that_is_not_ours_alone_is_refused() {
    let arena = Arena::new(Backend::Anonymous);
    let Some(mut peer) = with_own_shm(&arena, 4 << 20) else { return };
    let directory = shm_directory().display().to_string();
    let tries = |peer: &mut Peer, parts: &[&str]| {
        peer.refuse("create type=L24 at=ticks", parts);
        peer.refuse("attach type=L24 at=ticks id=a", parts);
        peer.refuse("tap type=L24 at=ticks", parts);
        peer.ask(format!("prepare path={directory} remove"));
    };
    for mode in ["0755", "0777", "0770"] {
        peer.ask(format!("prepare path={directory} dir mode={mode}"));
        tries(&mut peer, &["WrongMode", "chmod 700"]);
    }
    peer.ask(format!("prepare path={directory} dir mode=0700 owner=65534"));
    tries(&mut peer, &["WrongOwner { found: 65534, expected: 0 }"]);
    peer.ask("prepare path=/dev/shm/elsewhere dir mode=0700");
    peer.ask(format!("prepare path={directory} link=/dev/shm/elsewhere"));
    tries(&mut peer, &["SymbolicLink"]);
    // And without all that it is made as it has to be.
    peer.ask("create type=L24 at=ticks");
}

#[test]
fn errors_keep_their_cause_and_say_what_to_do() {
    use std::error::Error;
    let arena = Arena::file();
    let error = myelon::Error::from(L8::attach(Location::file(arena.path("none")), "a").unwrap_err());
    assert!(error.to_string().contains("attach_timeout"), "{error}");
    fs::write(arena.path("note"), "text").unwrap();
    fs::set_permissions(arena.path("note"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let error = L8::attach(Location::file(arena.path("note")), "a").unwrap_err();
    assert!(error.source().is_some_and(|cause| cause.to_string().contains("not a segment")));
    let _: Box<dyn Error + Send + Sync> = error.into();
}
