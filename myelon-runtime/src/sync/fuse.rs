//! Deaths between two stores, in unit tests: a thread dies at one of the points that it comes to, and nothing that it would
//! have stored after that is.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    /// How many points this thread still passes.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    /// What others do at each point.
    static MEANWHILE: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
}

struct Died;

/// A point is reached.
pub(crate) fn reached() {
    if let Some(mut meanwhile) = MEANWHILE.take() {
        meanwhile();
        MEANWHILE.set(Some(meanwhile));
    }
    match LEFT.get() {
        Some(0) => {
            LEFT.set(None);
            // Not `panic!`: nobody wants to read of it.
            resume_unwind(Box::new(Died));
        }
        left => LEFT.set(left.map(|left| left - 1)),
    }
}

/// What `act` gives; `None` if it died, at the first point after so many others.
pub(crate) fn dies_after<T>(points: u32, act: impl FnOnce() -> T) -> Option<T> {
    LEFT.set(Some(points));
    let done = catch_unwind(AssertUnwindSafe(act));
    LEFT.set(None);
    match done {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Died>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

/// The same, while at each point that it comes to something happens.
pub(crate) fn dies_amid<T>(
    points: u32,
    meanwhile: impl FnMut() + 'static,
    act: impl FnOnce() -> T,
) -> Option<T> {
    MEANWHILE.set(Some(Box::new(meanwhile)));
    let done = dies_after(points, act);
    MEANWHILE.set(None);
    done
}
