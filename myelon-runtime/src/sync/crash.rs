//! What a crash point does, in builds that have them: it calls what the test's helper process gave.
//!
//! Which point to die at, and how, is the helper's business: nothing here ends a process, and nothing here reads the
//! environment.

use std::sync::OnceLock;

use super::{AtomicBool, Ordering};

static HOOK: OnceLock<fn(&'static str)> = OnceLock::new();
static ONLY_NAMED_FILES: AtomicBool = AtomicBool::new(false);

/// Has `hook` called at each crash point, with the name of the point, for as long as this process lives. The first one
/// stays.
pub fn at_each_point(hook: fn(&'static str)) {
    let _ = HOOK.set(hook);
}

/// The point `name` is reached.
pub(crate) fn reached(name: &'static str) {
    if let Some(hook) = HOOK.get() {
        hook(name);
    }
}

/// From now on this process takes every file system for one that has no files without a name.
pub fn only_named_files() {
    ONLY_NAMED_FILES.store(true, Ordering::Relaxed);
}

/// Whether it does.
pub(crate) fn has_only_named_files() -> bool {
    ONLY_NAMED_FILES.load(Ordering::Relaxed)
}
