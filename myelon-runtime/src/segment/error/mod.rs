//! Why a channel could not be created, attached to or removed: one enum for each operation.

mod attach;
mod create;
mod remove;

pub use attach::AttachError;
pub use create::CreateError;
pub use remove::RemoveError;

use core::fmt;

/// A pid in an error text, if it is known.
struct Pid(Option<u32>);

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => write!(f, "pid {pid}"),
            None => f.write_str("pid not known yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_an_error<E: std::error::Error + Send + Sync + 'static>() -> usize {
        size_of::<E>()
    }

    #[test]
    fn errors_can_be_sent_and_are_small_enough_to_return() {
        assert!(is_an_error::<CreateError>() <= 128);
        assert!(is_an_error::<AttachError>() <= 128);
        assert!(is_an_error::<RemoveError>() <= 128);
    }
}
