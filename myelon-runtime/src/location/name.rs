//! Names of channels in shared memory, and the file names that they become.

use std::borrow::Cow;

use super::{DESCRIPTOR_PREFIX, FILE_PREFIX, LocationError};
use crate::event::Fnv128;

/// The longest name that is used as it is: leaves room for what a temporary file adds, within 255 bytes.
pub(super) const LONGEST_PLAIN: usize = 150;
/// How much of another name stays readable.
const READABLE: usize = 80;

/// Whether any channel may have this name.
pub(super) fn check(name: &str) -> Result<(), LocationError> {
    if name.is_empty() {
        return Err(LocationError::NameEmpty);
    }
    if name.contains('/') {
        return Err(LocationError::NameHasSlash { name: name.into() });
    }
    if name.contains('\0') {
        return Err(LocationError::NameHasNul { name: name.into() });
    }
    match [FILE_PREFIX, DESCRIPTOR_PREFIX].into_iter().find(|prefix| name.starts_with(prefix)) {
        Some(prefix) => Err(LocationError::NameReserved { name: name.into(), prefix }),
        None => Ok(()),
    }
}

/// The file name of a channel: the name itself where that is portable, else a readable part and a hash.
///
/// Two names never become one file name: `~` is in no portable name, and in the others stands the hash of the
/// whole name.
pub(super) fn portable(name: &str) -> Cow<'_, str> {
    if name.len() <= LONGEST_PLAIN && !name.starts_with('.') && name.bytes().all(is_plain) {
        return name.into();
    }
    // One `_` for each character, not for each of its bytes.
    let plain = |c: char| if c.is_ascii() && is_plain(c as u8) { c } else { '_' };
    let mut readable: String = name.chars().take(READABLE).map(plain).collect();
    if readable.starts_with('.') {
        readable.replace_range(..1, "_");
    }
    format!("{readable}~{}", hash(name.as_bytes())).into()
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// 32 hexadecimal digits, the same in every build.
pub(super) fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", Fnv128::new().bytes(bytes).finish())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_PLAIN, portable};
    use proptest::prelude::*;

    #[test]
    fn plain_names_stay_and_others_become_portable() {
        for plain in ["ticks", "a", "feed-1.v2_x", &"n".repeat(LONGEST_PLAIN)] {
            assert_eq!(portable(plain), plain);
        }
        // The published FNV-1a of these three bytes: another build must find the same file.
        assert_eq!(portable("a b"), "a_b~a68d62c6038b5822836dbc79780dff7a");
        assert!(portable(".hidden").starts_with("_hidden~"));
        assert!(portable("größe").starts_with("gr__e~"));
    }

    #[test]
    fn long_names_that_differ_only_at_the_end_stay_apart() {
        let (a, b) = (format!("{}a", "n".repeat(1000)), format!("{}b", "n".repeat(1000)));
        assert_ne!(portable(&a), portable(&b));
        assert_eq!(portable(&a).len(), 80 + 1 + 32);
    }

    proptest! {
        #[test]
        fn every_name_becomes_a_short_portable_file_name(name in "\\PC{1,300}") {
            let file = portable(&name);
            prop_assert!(file.len() <= LONGEST_PLAIN);
            prop_assert!(!file.starts_with('.'));
            let legal = |b: u8| b.is_ascii_alphanumeric() || b"._-~".contains(&b);
            prop_assert!(file.bytes().all(legal));
            prop_assert_eq!(file.contains('~'), file != name);
        }

        #[test]
        fn two_names_never_share_a_file(a in "[a-c ~é]{1,6}", b in "[a-c ~é]{1,6}") {
            prop_assert_eq!(portable(&a) == portable(&b), a == b);
        }
    }
}
