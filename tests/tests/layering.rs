//! The rules that the runtime's sources keep: who may use whom, where `unsafe` stands, what is not called (P7).

use std::collections::BTreeSet;

use myelon_tests::sources::{Source, code_of, sources};

/// Each module may use only those before it; those of one line do not use each other.
const LAYERS: &[&[&str]] = &[
    &["sync"],
    &["event"],
    &["error"],
    &["codec"],
    &["os"],
    &["location"],
    &["ring"],
    &["wait"],
    &["lifecycle"],
    &["liveness"],
    &["segment"],
    &["counters"],
    &["producer", "consumer"],
    &["message"],
    &["channel"],
];

/// Modules outside of the order: models of the ring, and what the macros name.
const OUTSIDE: &[&str] = &["models", "__private", "lib"];

/// Where `unsafe` may stand; everywhere else it is a mistake.
const UNSAFE: &[&str] = &[
    "event",
    "codec/event.rs",
    "codec/flatbuffers",
    "codec/mod.rs",
    "codec/pod.rs",
    "codec/rkyv.rs",
    "sync",
    "os",
    "ring",
    "wait/stopper.rs",
    "segment",
    "producer/claim.rs",
    "producer/mod.rs",
    "producer/publish.rs",
    "consumer/batch.rs",
    "consumer/lease.rs",
    "consumer/mod.rs",
    "consumer/receive.rs",
    "message/batch.rs",
    "message/buffer.rs",
    "message/claim.rs",
    "message/consumer.rs",
    "message/consumer/intake.rs",
    "message/fill.rs",
    "message/format.rs",
    "message/lease.rs",
    "message/producer.rs",
    "message/publish.rs",
    "message/receive.rs",
    "message/tables.rs",
    "channel/builder.rs",
    "channel/open.rs",
    "models",
];

/// The modules of this crate that a file names, as `crate::x` or in `use crate::{x, y}`.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            // The first name of each item of the group.
            let (mut depth, mut fresh, mut name) = (1, true, String::new());
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => fresh = true,
                    ':' if depth == 1 => fresh = false,
                    c if fresh && (c.is_alphanumeric() || c == '_') => name.push(c),
                    _ => {}
                }
                let ends = depth == 0 || !c.is_alphanumeric() && c != '_';
                if ends && !name.is_empty() {
                    found.insert(std::mem::take(&mut name));
                    fresh = c == ',' && depth == 1;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn a_module_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let module = source.module();
        if OUTSIDE.contains(&module) {
            continue;
        }
        let own = layer(module).unwrap_or_else(|| panic!("{} is in no layer", source.path));
        for other in used(&source.code) {
            if other == module || other.is_empty() {
                continue;
            }
            match layer(&other) {
                Some(of_other) if of_other < own => {}
                Some(_) => wrong.push(format!("{} uses {other}", source.path)),
                // Something that the crate's root names: a macro, or what it exports again.
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_parser_of_this_test_sees_what_it_has_to_see() {
    let code = code_of(
        "use crate::os::fd; // crate::channel\nuse crate::{ring::{Ring, x}, wait, event::Y};\nlet a = crate::sync::z(\"crate::no\");",
    );
    let found: Vec<_> = used(&code).into_iter().collect();
    assert_eq!(found, ["event", "os", "ring", "sync", "wait"]);
}

#[test]
fn unsafe_stands_only_where_it_may() {
    let allowed =
        |path: &str| UNSAFE.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")));
    for source in sources() {
        let words = || source.code.split(|c: char| !c.is_alphanumeric() && c != '_');
        if words().any(|word| word == "unsafe") {
            assert!(allowed(&source.path), "`unsafe` in {}", source.path);
        }
    }
    // And the list has nothing that is not needed.
    for place in UNSAFE {
        let needs = |source: &Source| {
            (source.path == *place || source.path.starts_with(&format!("{place}/")))
                && source.code.contains("unsafe")
        };
        assert!(sources().iter().any(needs), "{place} has no `unsafe`");
    }
}

/// P7: it never prints and never reads an environment variable. System calls and atomics have one door each.
#[test]
fn what_the_runtime_does_not_call() {
    let rules: &[(&[&str], &[&str])] = &[
        (&["println!", "print!", "eprintln!", "eprint!", "dbg!", "io::stdout", "io::stderr"], &[]),
        (&["env::var", "env::args", "getenv"], &[]),
        (&["thread::sleep"], &["wait"]),
        (&["libc::", "rustix::"], &["os"]),
        (&["sync::atomic::"], &["sync", "os"]),
        (&["Instant::now", "SystemTime::now"], &["wait", "producer", "consumer", "message", "segment", "os"]),
    ];
    for source in sources().iter().filter(|source| source.module() != "models") {
        for (names, places) in rules {
            for name in *names {
                let here = places.contains(&source.module());
                assert!(here || !source.code.contains(name), "`{name}` in {}", source.path);
            }
        }
    }
}
