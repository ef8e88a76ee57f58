//! A stopper ends a wait whenever it comes, and never touches the place where its end slept once that is gone.

use core::time::Duration;
use std::sync::Arc;

use loom::thread;

use super::{PREEMPTIONS, check};
use crate::sync::{AtomicBool, Ordering};
use crate::wait::stopper::StopFlag;
use crate::wait::word::{WaitWord, waiter_bit};

const BOUND: Duration = Duration::from_secs(1);

/// Memory that can be unmapped while others hold its address; loom reports who still uses it.
struct Mapping(*mut WaitWord);

impl Mapping {
    fn new() -> Self {
        Self(Box::into_raw(Box::new(WaitWord::new())))
    }

    fn word(&self) -> &WaitWord {
        // SAFETY: freed by `drop` only.
        unsafe { &*self.0 }
    }

    fn unmap(&self) {
        // SAFETY: not freed yet; loom reports a use at the same time.
        unsafe { &mut *self.0 }.unmap();
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: made by `new`, and every other thread of the model has ended.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

#[test]
fn a_parked_end_is_stopped() {
    check(PREEMPTIONS, || {
        let bed = Mapping::new();
        // SAFETY: unmapped after it is dropped.
        let flag = unsafe { StopFlag::new(bed.word()) };
        let stopper = flag.stopper();
        let thread = thread::spawn(move || {
            stopper.stop();
            assert!(stopper.is_stopped());
        });
        while !flag.is_stopped() {
            bed.word().sleep(waiter_bit(0), 0, BOUND, || flag.is_stopped());
        }
        drop(flag);
        bed.unmap();
        thread.join().unwrap();
    });
}

fn ends_meanwhile(order: fn(StopFlag, &Mapping)) {
    check(PREEMPTIONS, move || {
        let bed = Mapping::new();
        // SAFETY: unmapped after it is dropped, or loom reports it.
        let flag = unsafe { StopFlag::new(bed.word()) };
        let threads = [(); 2].map(|()| {
            let stopper = flag.stopper();
            thread::spawn(move || stopper.stop())
        });
        order(flag, &bed);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_stopper_outlives_its_end() {
    ends_meanwhile(|flag, bed| {
        drop(flag);
        bed.unmap();
    });
}

/// Broken: the mapping goes before the flag.
#[test]
#[should_panic(expected = "Causality violation")]
fn unmapped_too_early() {
    ends_meanwhile(|flag, bed| {
        bed.unmap();
        drop(flag);
    });
}

/// Broken: wakes the end before it raises the flag.
#[test]
#[should_panic(expected = "deadlock")]
fn woken_before_the_flag_is_up() {
    check(PREEMPTIONS, || {
        let bed = Arc::new(WaitWord::new());
        let stopped = Arc::new(AtomicBool::new(false));
        let thread = {
            let (bed, stopped) = (bed.clone(), stopped.clone());
            thread::spawn(move || {
                bed.wake_now();
                stopped.store(true, Ordering::Release);
            })
        };
        while !stopped.load(Ordering::Relaxed) {
            bed.sleep(waiter_bit(0), 0, BOUND, || stopped.load(Ordering::Relaxed));
        }
        thread.join().unwrap();
    });
}
