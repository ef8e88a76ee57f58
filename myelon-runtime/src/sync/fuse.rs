//! Deaths between two stores, in unit tests: a thread dies at one of the points that it comes to, and nothing that it would
//! have stored after that is.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    static FUSE: Cell<Option<Fuse>> = const { Cell::new(None) };
    /// What others do at each point.
    static MEANWHILE: RefCell<Option<Meanwhile>> = const { RefCell::new(None) };
}

type Meanwhile = Box<dyn FnMut(&str)>;

/// Where this thread dies.
#[derive(Clone, Copy)]
struct Fuse {
    /// `None` for any point.
    point: Option<&'static str>,
    /// How many of them it still passes.
    left: u32,
}

struct Died;

/// A point is reached.
pub(crate) fn reached(point: &'static str) {
    // What others do reaches points as well: those count for nobody.
    let fuse = FUSE.take();
    if let Some(mut meanwhile) = MEANWHILE.take() {
        meanwhile(point);
        MEANWHILE.set(Some(meanwhile));
    }
    let counts = fuse.is_some_and(|fuse| fuse.point.is_none_or(|wanted| wanted == point));
    FUSE.set(match fuse {
        // Not `panic!`: nobody wants to read of it.
        Some(Fuse { left: 0, .. }) if counts => resume_unwind(Box::new(Died)),
        Some(Fuse { point, left }) if counts => Some(Fuse { point, left: left - 1 }),
        fuse => fuse,
    });
}

/// What `act` gives; `None` if it died, at the first point after so many others.
pub(crate) fn dies_after<T>(points: u32, act: impl FnOnce() -> T) -> Option<T> {
    burn(Fuse { point: None, left: points }, act)
}

/// The same where only this point counts.
pub(crate) fn dies_at<T>(point: &'static str, passed: u32, act: impl FnOnce() -> T) -> Option<T> {
    burn(Fuse { point: Some(point), left: passed }, act)
}

fn burn<T>(fuse: Fuse, act: impl FnOnce() -> T) -> Option<T> {
    FUSE.set(Some(fuse));
    let done = catch_unwind(AssertUnwindSafe(act));
    FUSE.set(None);
    match done {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Died>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

/// The same, while at each point that it comes to something happens.
pub(crate) fn dies_amid<T>(
    points: u32,
    meanwhile: impl FnMut(&str) + 'static,
    act: impl FnOnce() -> T,
) -> Option<T> {
    MEANWHILE.set(Some(Box::new(meanwhile)));
    let done = dies_after(points, act);
    MEANWHILE.set(None);
    done
}
