//! Clearing away what dead processes left: at `create`, in the directory of the channel, as a courtesy.
//!
//! In shared memory every segment that nobody lives in and nobody can go on with; anywhere, temporary files whose
//! creators died. Whatever is not understood stays. To remove is to hold every lock of the file while the name
//! still leads to it (L5), so nobody can be joining.

use std::ffi::OsStr;

use super::opened::{Content, read_header};
use super::segment::map;
use crate::location::place::Place;
use crate::os::facts::FileFacts;
use crate::os::lock::{LockByte, is_held_by_other, try_lock_all};
use crate::os::process::now_ns;

/// How many files one `create` looks into.
const MOST: usize = 256;

/// Removes what nobody needs any more from the directory of `own`. Errors end the attempt on that file.
pub(super) fn sweep(own: &Place) {
    let Ok(names) = own.list() else { return };
    // Where there are more than one call looks at, each call begins elsewhere.
    let (before, after) = names.split_at(now_ns() as usize % names.len().max(1));
    let others = after.iter().chain(before).filter(|name| own.file_name() != Some(name.as_os_str()));
    let candidates = others.filter(|name| own.is_shm() || own.is_leftover(name));
    for name in candidates.take(MOST) {
        let _ = sweep_one(own, name);
        crate::sync::point!("sweep: next");
    }
}

/// `None` if it stays.
fn sweep_one(own: &Place, name: &OsStr) -> Option<()> {
    let place = own.sibling(name)?;
    let file = place.open_existing(true).ok()?;
    // Cheaper, and does not get in the way of anyone: most segments are alive.
    if is_held_by_other(&file, LockByte::Producer).ok()? || !try_lock_all(&file).ok()? {
        return None;
    }
    crate::sync::point!("sweep: locked");
    let facts = FileFacts::of(&file).ok()?;
    if !place.still_names(&facts).ok()? {
        return None;
    }
    crate::sync::point!("sweep: named");
    if own.is_leftover(name) {
        return place.unlink().ok();
    }
    let Content::Segment(header) = read_header(&file, &facts).ok()? else { return None };
    // Keeps the file open and its locks held until the name is gone.
    let segment = map(file, header.geometry, header.kind).ok()?;
    if segment.is_kept() {
        return None;
    }
    crate::sync::point!("sweep: unneeded");
    place.unlink().ok()
}
