//! Names of any alphabet and length, and those that are refused, with the rule.

use myelon::{CreateError, Location, LocationError};
use myelon_tests::channels::{L24, TestEvent, Words24};
use myelon_tests::{Arena, line};

#[test]
fn a_name_may_have_any_alphabet_and_length() {
    let arena = Arena::shm();
    let long = "n".repeat(5000);
    let almost = format!("{}é", "n".repeat(4999));
    let names = [
        "plain",
        "with blank",
        "größe",
        "価格",
        "🦀🦀",
        "tab\tand\nline",
        ".hidden",
        "..",
        "~tilde~",
        "*?[a]",
        "a=b%20",
        "-dash",
        "quote\"'`",
        "\u{7f}\u{1}",
        "fd7",
        "file",
        &long,
        &almost,
    ];
    let mut open = Vec::new();
    for (number, name) in names.iter().enumerate() {
        // The part that is ours stands behind the name, so that the name keeps its start.
        let name = format!("{name}{}", arena.name(""));
        let mut rx = arena.peer();
        let mut tx = L24::create(name.as_str()).unwrap_or_else(|e| panic!("{name}: {e}"));
        rx.ask(format!("attach type=L24 at={} id=a", line::escape(&name)));
        for sequence in 0..number as u64 {
            tx.publish(Words24::make(sequence)).unwrap();
        }
        assert_eq!(tx.location().to_string(), name);
        assert_eq!(name.parse::<Location>().unwrap(), *tx.location());
        open.push((tx, rx));
    }
    // Each is a channel of its own.
    for (number, (tx, mut rx)) in open.into_iter().enumerate() {
        tx.close();
        assert_eq!(rx.ask("receive").num("got"), number as u64);
        rx.leave();
    }
}

#[test]
fn a_name_that_is_none_is_refused_with_the_rule() {
    let refused = |name: &str| match L24::create(name).unwrap_err() {
        CreateError::Location(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused(""), LocationError::NameEmpty));
    for name in ["a/b", "/a", "/dev/shm/x", "../x"] {
        let error = refused(name);
        assert!(matches!(error, LocationError::NameHasSlash { .. }), "{error:?}");
        assert!(error.to_string().contains("Location::file"), "{error}");
    }
    assert!(matches!(refused("a\0b"), LocationError::NameHasNul { .. }));
    for text in ["fd:", "fd:x", "fd:-1", "fd:999999", "fd: 1"] {
        assert!(matches!(refused(text), LocationError::BadDescriptor { .. }), "{text}");
    }
    assert!(matches!(Location::name("fd:7").unwrap_err(), LocationError::NameReserved { .. }));
    assert!(matches!(Location::name("file:x").unwrap_err(), LocationError::NameReserved { .. }));
}

#[test]
fn text_means_the_same_place_for_everybody() {
    let arena = Arena::file();
    let path = arena.path("a channel");
    let text = format!("file:{}", path.display());
    let mut rx = arena.peer();
    let mut tx = L24::create(Location::file(&path)).unwrap();
    assert_eq!(tx.location().to_string(), text);
    rx.ask(format!("attach type=L24 at={} id=a", line::escape(&text)));
    tx.publish(Words24::make(0)).unwrap();
    tx.close();
    assert_eq!(rx.ask("receive").num("got"), 1);
    rx.leave();
    assert!(path.exists(), "a file is kept");
}
