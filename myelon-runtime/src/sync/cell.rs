//! The cell that holds one event of a ring.
//!
//! In a build that ships it is an `UnsafeCell` and its pointers are plain. In a model it is loom's cell, which
//! reports every access that could overlap with a write.

#[cfg(not(loom))]
mod imp {
    use core::cell::UnsafeCell;
    use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};

    /// Memory of one event, written by the producer and read by consumers under the ring's rules.
    #[repr(transparent)]
    pub struct Cell<T>(UnsafeCell<T>);

    /// A read access; the protocol keeps writers away while it lives.
    pub(crate) struct ConstPtr<T>(*const T);

    /// A write access; the protocol keeps everybody else away while it lives.
    pub(crate) struct MutPtr<T>(*mut T);

    impl<T> Cell<T> {
        #[inline(always)]
        pub(crate) fn read(&self) -> ConstPtr<T> {
            ConstPtr(self.0.get())
        }

        #[inline(always)]
        pub(crate) fn write(&self) -> MutPtr<T> {
            MutPtr(self.0.get())
        }

        /// Copies the bytes while a writer may be changing them: word by word, through relaxed atomic loads,
        /// so that the copy may be torn but is not a data race on this side (R7). The caller decides
        /// afterwards whether it is whole.
        #[inline]
        #[allow(clippy::cast_ptr_alignment, reason = "only where `T` is aligned to 8")]
        pub(crate) fn copy_racing(&self, to: &mut core::mem::MaybeUninit<T>) {
            let from = self.0.get().cast::<u8>();
            let to = to.as_mut_ptr().cast::<u8>();
            let size = size_of::<T>();
            let mut at = 0;
            if align_of::<T>() >= 8 {
                while at + 8 <= size {
                    // SAFETY: `at + 8 <= size`, inside the event.
                    let word = unsafe { from.add(at) }.cast::<u64>();
                    // SAFETY: aligned for 8 bytes because `T` is and `at` is a multiple of 8; E1: the bytes
                    // are initialised and may be read as an integer; atomic, so a racing write is no race here.
                    let value = unsafe { AtomicU64::from_ptr(word) }.load(Ordering::Relaxed);
                    // SAFETY: `at + 8 <= size`, inside `to`.
                    let target = unsafe { to.add(at) }.cast::<u64>();
                    // SAFETY: `to` is private memory of `size` bytes and as aligned as `T`.
                    unsafe { target.write(value) };
                    at += 8;
                }
            }
            while at < size {
                // SAFETY: `at < size`, inside the event.
                let byte = unsafe { from.add(at) };
                // SAFETY: as above, for one byte.
                let value = unsafe { AtomicU8::from_ptr(byte) }.load(Ordering::Relaxed);
                // SAFETY: `at < size`, inside `to`.
                let target = unsafe { to.add(at) };
                // SAFETY: `to` is private memory of `size` bytes.
                unsafe { target.write(value) };
                at += 1;
            }
        }
    }

    impl<T> ConstPtr<T> {
        #[inline(always)]
        pub(crate) fn as_ptr(&self) -> *const T {
            self.0
        }
    }

    impl<T> MutPtr<T> {
        #[inline(always)]
        pub(crate) fn as_ptr(&self) -> *mut T {
            self.0
        }

        /// Writes the whole event.
        ///
        /// # Safety
        /// 1. The slot is the caller's to write (R2) until it publishes.
        #[inline(always)]
        pub(crate) unsafe fn put(&self, value: T) {
            // SAFETY: by (1) nobody else accesses the slot; the cell is aligned and in bounds (S1, S2).
            unsafe { self.0.write(value) };
        }
    }
}

#[cfg(loom)]
mod imp {
    use core::mem::MaybeUninit;

    use crate::sync::model::may_be_read_while_written;
    use loom::sync::atomic::{AtomicU64, Ordering};

    /// A model's cell: loom's, plus atomic words that stand for the bytes that a lossy reader may race with.
    pub struct Cell<T> {
        inner: loom::cell::UnsafeCell<T>,
        /// None where loom shall report such a reader.
        racing: Box<[AtomicU64]>,
    }

    pub(crate) struct ConstPtr<T>(loom::cell::ConstPtr<T>);
    pub(crate) struct MutPtr<T>(loom::cell::MutPtr<T>, *const [AtomicU64]);

    impl<T> Cell<T> {
        /// A lossy reader reads events of one word in every model, and units in those that say so.
        pub(crate) fn new(value: T) -> Self {
            let words = size_of::<T>() / 8;
            let words = if words == 1 || may_be_read_while_written() { words } else { 0 };
            let racing = (0..words).map(|_| AtomicU64::new(0)).collect();
            Self { inner: loom::cell::UnsafeCell::new(value), racing }
        }

        pub(crate) fn read(&self) -> ConstPtr<T> {
            ConstPtr(self.inner.get())
        }

        pub(crate) fn write(&self) -> MutPtr<T> {
            MutPtr(self.inner.get_mut(), &raw const *self.racing)
        }

        /// Where there are no racing words this reads where the protocol keeps writers away, and loom reports it
        /// where it does not.
        pub(crate) fn copy_racing(&self, to: &mut MaybeUninit<T>) {
            if self.racing.is_empty() {
                // SAFETY: the cell holds a value, and loom reports a writer.
                self.inner.with(|cell| unsafe { to.as_mut_ptr().copy_from_nonoverlapping(cell, 1) });
                return;
            }
            for (index, word) in self.racing.iter().enumerate() {
                let word = word.load(Ordering::Relaxed);
                // SAFETY: `T` is as many words as there are in `racing`, in every model.
                unsafe { to.as_mut_ptr().cast::<u64>().add(index).write(word) };
            }
        }
    }

    impl<T> ConstPtr<T> {
        pub(crate) fn as_ptr(&self) -> *const T {
            self.0.with(|pointer| pointer)
        }
    }

    impl<T> MutPtr<T> {
        pub(crate) fn as_ptr(&self) -> *mut T {
            self.0.with(|pointer| pointer)
        }

        /// # Safety
        /// 1. The slot is the caller's to write (R2) until it publishes.
        pub(crate) unsafe fn put(&self, value: T) {
            // SAFETY: the cell that this access belongs to outlives it in every model.
            let racing = unsafe { &*self.1 };
            for (index, to) in racing.iter().enumerate() {
                // SAFETY: `T` is as many words as there are in `racing`, in every model.
                let word = unsafe { (&raw const value).cast::<u64>().add(index).read() };
                to.store(word, Ordering::Relaxed);
            }
            // SAFETY: by (1); loom reports a violation.
            unsafe { self.0.with(|pointer| pointer.write(value)) };
        }
    }
}

pub(crate) use imp::{Cell, ConstPtr, MutPtr};

impl<T> core::fmt::Debug for Cell<T> {
    /// The contents may be changing, so they are not shown.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Cell").finish_non_exhaustive()
    }
}
