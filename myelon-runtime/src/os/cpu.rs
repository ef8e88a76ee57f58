//! Where the calling thread runs.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The cores that the calling thread may run on, in ascending order.
pub(crate) fn allowed_cores() -> io::Result<Vec<usize>> {
    let set = sched_getaffinity(None)?;
    Ok((0..CpuSet::MAX_CPU).filter(|&core| set.is_set(core)).collect())
}

/// Keeps the calling thread, and threads that it starts later, on one core.
///
/// # Errors
/// `InvalidInput` if the system does not let this thread run on `core`; names those that it runs on now.
pub fn pin_current_thread(core: usize) -> io::Result<()> {
    let refused = |source: io::Error| {
        // The cores of now: a thread that is pinned already may still move to others.
        let allowed = allowed_cores().unwrap_or_default();
        let text = format!(
            "the system does not let this thread run on core {core} ({source}); it runs on {allowed:?}"
        );
        io::Error::new(io::ErrorKind::InvalidInput, text)
    };
    if core >= CpuSet::MAX_CPU {
        return Err(refused(io::ErrorKind::InvalidInput.into()));
    }
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).map_err(|error| refused(error.into()))
}

#[cfg(test)]
mod tests {
    use super::{allowed_cores, pin_current_thread};

    #[test]
    fn a_pinned_thread_runs_on_its_core_and_nowhere_else() {
        // In a thread of its own: the pin ends with it.
        let pinned = std::thread::spawn(|| {
            let core = *allowed_cores().unwrap().last().unwrap();
            pin_current_thread(core).unwrap();
            assert_eq!(rustix::thread::sched_getcpu(), core);
            assert_eq!(allowed_cores().unwrap(), [core]);
        });
        pinned.join().unwrap();
    }

    #[test]
    fn a_core_that_is_not_there_is_refused_with_those_that_are() {
        let error = pin_current_thread(usize::MAX).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(error.to_string().contains("it runs on ["), "{error}");
    }
}
