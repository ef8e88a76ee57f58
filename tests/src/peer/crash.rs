//! Ending badly: in a closure, with something in hand, in every way that a process can.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use rustix::process::{Signal, getpid, kill_process};

/// Ends this process, or only unwinds, here and now.
pub(super) fn now(how: &str) {
    match how {
        "abort" => std::process::abort(),
        "exit" => std::process::exit(3),
        "kill" => kill_process(getpid(), Signal::KILL).unwrap(),
        "panic" => {
            // A panic that is meant is no news.
            set_hook(Box::new(|_| {}));
            panic!("as the test wants it");
        }
        other => panic!("no way to end `{other}`"),
    }
}

/// Runs what may unwind.
pub(super) fn caught(run: impl FnOnce()) {
    let outcome = catch_unwind(AssertUnwindSafe(run));
    drop(std::panic::take_hook());
    assert!(outcome.is_err(), "it was to crash and did not");
}

/// Drops `end` while its thread panics.
pub(super) fn unwind<T: ?Sized + Send + 'static>(end: Box<T>) {
    set_hook(Box::new(|_| {}));
    let outcome = std::thread::spawn(move || {
        let _end = end;
        panic!("as the test wants it");
    })
    .join();
    drop(std::panic::take_hook());
    assert!(outcome.is_err());
}
