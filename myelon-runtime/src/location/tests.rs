use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use super::place::Place;
use super::{FileKind, IntoLocation, Kind, Location, LocationError};
use crate::os::facts::FileFacts;
use crate::os::fd::{memfd, reopen_number};

fn descriptor(location: &Location) -> FileFacts {
    match &location.0 {
        Kind::Descriptor(_, facts) => *facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_location_prints_is_parsed_back() {
    let anonymous = Location::anonymous().unwrap();
    for location in [
        Location::name("ticks").unwrap(),
        Location::name("größe 3:x").unwrap(),
        Location::file("/a/b c"),
        anonymous,
    ] {
        let text = location.to_string();
        assert_eq!(text.parse::<Location>().unwrap(), location, "{text}");
        assert_eq!((&text).into_location().unwrap(), location);
        assert_eq!(text.into_location().unwrap(), location);
        assert_eq!((&location).into_location().unwrap(), location);
    }
    assert_eq!("ticks".into_location().unwrap(), Location::name("ticks").unwrap());
    assert_ne!(Location::name("a").unwrap(), Location::file("a"));
    assert_ne!(Location::anonymous().unwrap(), Location::anonymous().unwrap());
}

#[test]
fn names_that_are_none_are_refused_with_what_to_do() {
    let refused = |text: &str| text.parse::<Location>().unwrap_err();
    assert!(matches!(refused(""), LocationError::NameEmpty));
    for path in ["/abs", "./x", "a/b"] {
        let error = refused(path);
        assert!(matches!(&error, LocationError::NameHasSlash { name } if name == path));
        assert!(error.to_string().contains("Location::file("), "{error}");
    }
    assert!(matches!(refused("a\0"), LocationError::NameHasNul { .. }));
    for (name, hint) in [("file:x", "Location::file"), ("fd:3", "another name")] {
        let error = Location::name(name).unwrap_err();
        assert!(matches!(error, LocationError::NameReserved { .. }));
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn text_that_names_no_descriptor_is_refused_and_nothing_else_happens() {
    for text in ["fd:", "fd:x", "fd:-1", "fd:+3", "fd: 3", "fd:99999999999999"] {
        let error = text.parse::<Location>().unwrap_err();
        assert!(matches!(error, LocationError::BadDescriptor { source: None, .. }), "{text}: {error}");
    }
    let closed = "fd:1000000".parse::<Location>().unwrap_err();
    assert!(matches!(closed, LocationError::BadDescriptor { source: Some(_), .. }));
    assert!(closed.to_string().contains("to_inheritable"), "{closed}");
    let (socket, _other) = UnixStream::pair().unwrap();
    let text = format!("fd:{}", socket.as_raw_fd());
    assert!(text.parse::<Location>().unwrap_err().to_string().contains("a socket"));
    let error = Location::from_fd(OwnedFd::from(socket)).unwrap_err();
    assert!(matches!(error, LocationError::NotARegularFile { kind: FileKind::Socket, .. }));
}

#[test]
fn a_descriptor_received_from_elsewhere_is_a_location() {
    let memory = memfd("myelon-test", false).unwrap();
    let facts = FileFacts::of(&memory).unwrap();
    let location = Location::from_fd(memory).unwrap();
    let opened = Place::open(&location, false).unwrap().open_existing(true).unwrap();
    assert!(FileFacts::of(opened).unwrap().same_file(&facts));
}

#[test]
fn a_child_opens_the_memory_that_it_inherited_and_only_that() {
    let location = Location::anonymous().unwrap();
    let inheritable = location.to_inheritable().unwrap();
    let text = inheritable.to_string();
    assert_ne!(text, location.to_string(), "a descriptor of its own");
    assert_eq!(text.parse::<Location>().unwrap(), location);

    // The child is a shell: it shows what it inherited under that number.
    let number = text.strip_prefix("fd:").unwrap().to_string();
    let shows = |number: &str| {
        let script = format!("stat -L -c %i /proc/self/fd/{number} || echo none");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_string()
    };
    assert_eq!(shows(&number), descriptor(&location).ino.to_string());
    assert_ne!(shows(&location.to_string()[3..]), descriptor(&location).ino.to_string());

    let facts = FileFacts::of(inheritable.descriptor().unwrap()).unwrap();
    assert!(facts.same_file(&descriptor(&location)));
    drop(inheritable);
    let number = number.parse().unwrap();
    let gone = reopen_number(number, true).map(|fd| FileFacts::of(fd).unwrap());
    assert!(!gone.is_ok_and(|now| now.same_file(&facts)), "open after its drop");
}

#[test]
fn locations_with_a_name_are_inherited_as_their_text() {
    for location in [Location::name("ticks").unwrap(), Location::file("/a/b")] {
        let inheritable = location.to_inheritable().unwrap();
        assert_eq!(inheritable.to_string(), location.to_string());
        assert!(inheritable.descriptor().is_none());
    }
}

#[test]
fn attaching_to_shared_memory_makes_no_directory_and_a_missing_channel_is_not_found() {
    let name = format!("myelon-unit-test-absent-{}", std::process::id());
    let found =
        Place::open(&Location::name(&name).unwrap(), false).and_then(|place| place.open_existing(true));
    match found.unwrap_err() {
        LocationError::NotFound { path } => assert_eq!(path.file_name(), Some(Path::new(&name).as_os_str())),
        other => panic!("{other}"),
    }
}

#[test]
fn errors_can_be_sent_and_are_small() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<LocationError>();
    sendable::<Location>();
    assert!(size_of::<LocationError>() <= 64, "{}", size_of::<LocationError>());
}
