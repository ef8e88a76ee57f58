use super::*;
use crate::os::process::{nap, now_ns};

/// Runs `body` over and over in a process of its own and kills that at some moment.
fn killed_somewhere(after: Duration, body: impl Fn()) {
    // SAFETY: the child takes no lock of another thread (`fork` puts the C library's `malloc` in order) and ends by
    // a signal.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork: {}", std::io::Error::last_os_error());
    if pid == 0 {
        loop {
            let _ = std::panic::catch_unwind(core::panic::AssertUnwindSafe(&body));
        }
    }
    nap(after);
    // SAFETY: a child of this process that nobody has waited for yet.
    unsafe { libc::kill(pid, libc::SIGKILL) };
    // SAFETY: the same child; nothing is written.
    let reaped = unsafe { libc::waitpid(pid, core::ptr::null_mut(), 0) };
    assert_eq!(reaped, pid);
}

/// One life of a channel, with most of what can happen in it. Nothing in it prints.
fn live(site: &Site, fresh: bool) {
    let Ok(mut tx) = Tx::with(&CreateRequest { fresh, ..held(site) }) else { return };
    tx.publish(3);
    let [first, second] = ["a", "b"].map(|id| attach_with(site, id, Some(Start::Oldest)));
    tx.publish(3);
    if let Ok(rx) = second {
        rx.read_to(tx.publisher.next());
        rx.leave(if fresh { Leave::Forget } else { Leave::Detach });
    }
    if let Ok(rx) = first {
        rx.read_to(tx.publisher.next());
        if fresh {
            tx.close();
            rx.leave(Leave::Forget);
        }
    }
}

#[test]
fn whoever_is_killed_at_any_moment_leaves_nothing_to_clean_up() {
    for site in Site::named() {
        let mut moment = now_ns();
        for round in 0..60 {
            // Some moment in the first milliseconds.
            moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let after = Duration::from_micros((moment >> 33) % 3_000);
            killed_somewhere(after, || live(&site, round % 2 == 0));

            let mut tx = Tx::with(&held(&site)).unwrap_or_else(|error| panic!("round {round}: {error}"));
            for id in ["a", "b", "c"] {
                // What was away for too long is told so, once.
                let joined = match attach_with(&site, id, None) {
                    Err(AttachError::Evicted { .. }) => attach_with(&site, id, Some(Start::Latest)),
                    other => other,
                };
                joined.unwrap_or_else(|error| panic!("round {round}: {error}")).leave(Leave::Forget);
            }
            assert_eq!(tx.publish(20), 20, "round {round}: somebody dead still gates");
            let names = Place::open(&site.location, false).unwrap();
            let leftovers = names.list().unwrap().into_iter().filter(|name| names.is_leftover(name));
            if site.dir.is_some() {
                assert_eq!(leftovers.count(), 0, "round {round}");
            }
        }
    }
}
