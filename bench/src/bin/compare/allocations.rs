//! Counts what a thread allocates, for the modes that tell how often a message costs an allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    // Without a destructor and not lazy: it may be used in the allocator.
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// How often this thread has allocated, or had something allocated grow.
pub(crate) fn allocations() -> u64 {
    COUNT.get()
}

/// The system's allocator, and a count.
#[derive(Debug)]
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count() {
    COUNT.set(COUNT.get() + 1);
}

// SAFETY: each call is one of the system's allocator, with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::allocations;

    #[test]
    fn what_is_allocated_and_what_grows_is_counted() {
        let before = allocations();
        let mut vector = vec![1_u8];
        vector.extend_from_slice(std::hint::black_box(&[2; 100]));
        std::hint::black_box(&vector);
        assert_eq!(allocations() - before, 2, "one for the vector and one for its growth");
    }
}
