//! The matrix as a text, and whether all is well.

use core::fmt::Write;
use core::time::Duration;
use std::collections::BTreeSet;
use std::path::PathBuf;

use myelon_tests::Backend;
use myelon_tests::points::POINTS;

use crate::run::{Asked, BACKENDS, Cell, Row};
use crate::scenes::SCENES;
use crate::stage::Blow;

/// Half of all who go on or are told do so in this time, which is what the library promises; and nine of ten, on a busy machine, in that.
const HALF: Duration = Duration::from_millis(100);
const MOST: Duration = Duration::from_secs(1);

const HEAD: &str = "\
# The crash matrix

Written by `target/crash/myelon-crash-matrix --write` after `bash .ci/run crash`; do not edit.

Each line is one crash point of the library, in one scene that gets there: a real process is killed at that point with
SIGKILL, or stops itself with SIGSTOP and goes on after longer than any time-out; each of that over shared memory and over a
file. A point says what was done last. `(first)` and `(last)` are the times that a scene passes it. The cells say what became of
it; in each of them

- nobody received anything torn, foreign, twice or out of order, and who stayed received all of it;
- those who stayed went on, or got the error that names the one it is about, half of all within 100 ms, nine of ten within
  a second; no paused process was taken for a dead one;
- the same name was created, and the same id attached, at once and without cleaning up;
- who went on after a stop finished what it did, or was refused, and harmed nobody;
- after a further ring of events, another consumer and a clean end nothing was left behind.

";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("CRASH_MATRIX.md")
}

/// Prints, compares or writes; false if anything is wrong.
pub(crate) fn judge(asked: &Asked, cells: &[Cell]) -> bool {
    let mut good = true;
    let text = text(cells);
    println!("{text}");
    for cell in cells {
        good &= cell.outcome.is_ok();
    }
    let mut times: Vec<_> = cells.iter().flat_map(|cell| cell.times.iter().copied()).collect();
    times.sort();
    if let Some(all) = times.last() {
        let [half, most, nearly] = [50, 90, 99].map(|percent| times[times.len() * percent / 100]);
        println!("from a death to going on or being told:");
        println!("  half in {half:.1?}, 90 % in {most:.1?}, 99 % in {nearly:.1?}, all in {all:.1?}");
        if half > HALF || most > MOST {
            println!("FAILED: half of them are to be within {HALF:?}, and 90 % within {MOST:?}");
            good = false;
        }
    }
    let slowest = cells.iter().max_by_key(|cell| cell.took());
    let slowest =
        slowest.map(|cell| format!("{:.1?} at {}", cell.took(), cell.row.point)).unwrap_or_default();
    println!("{} cells; the slowest took {slowest}", cells.len());
    if asked.is_whole() {
        good &= is_complete(cells);
        if asked.write {
            std::fs::write(path(), text).unwrap();
        } else if certain(&std::fs::read_to_string(path()).unwrap_or_default()) != certain(&text) {
            println!("FAILED: tests/CRASH_MATRIX.md is another one; `--write` writes it");
            good = false;
        }
    }
    good
}

/// The matrix without what another run may not have: whether somebody sleeps and has to be woken, and who sees a death
/// first, is chance in some scenes, so those points are reached there or not; and how many lines that makes.
fn certain(text: &str) -> Vec<&str> {
    let is_chance = |line: &&str| {
        line.contains(" points in ")
            || ["| wake:", "| sleep:", "| tend:"].iter().any(|by| line.starts_with(by))
    };
    text.lines().filter(|line| !is_chance(line)).collect()
}

/// Whether each point is reached by some scene.
fn is_complete(cells: &[Cell]) -> bool {
    let reached: BTreeSet<_> = cells.iter().map(|cell| &*cell.row.point).collect();
    let missing: Vec<_> = POINTS.iter().filter(|point| !reached.contains(*point)).collect();
    if !missing.is_empty() {
        println!("FAILED: no scene gets to {missing:?}");
    }
    missing.is_empty()
}

fn text(cells: &[Cell]) -> String {
    let mut text = HEAD.to_owned();
    let mut rows: Vec<_> = cells.iter().map(|cell| &cell.row).collect();
    rows.dedup();
    let points: BTreeSet<_> = rows.iter().map(|row| &row.point).collect();
    writeln!(text, "{} points in {} lines, {} cells.", points.len(), rows.len(), cells.len()).unwrap();
    for (index, scene) in SCENES.iter().enumerate() {
        let rows: Vec<_> = rows.iter().filter(|row| row.scene == index).collect();
        if rows.is_empty() {
            continue;
        }
        let head = format!("\n## {}\n\n| after | killed | stopped, then on |\n|---|---|---|", scene.name);
        writeln!(text, "{head}").unwrap();
        for row in rows {
            let nth = match (row.once, row.nth) {
                (true, _) => "",
                (false, 1) => " (first)",
                (false, _) => " (last)",
            };
            let cell = |blow| told(cells, row, blow);
            writeln!(text, "| {}{nth} | {} | {} |", row.point, cell(Blow::Killed), cell(Blow::Stopped))
                .unwrap();
        }
    }
    text
}

/// What became of a line with one blow, over both kinds of memory.
fn told(cells: &[Cell], row: &Row, blow: Blow) -> String {
    let one = |backend: Backend| -> Option<&str> {
        let cell =
            cells.iter().find(|cell| cell.row == *row && cell.blow == blow && cell.backend == backend)?;
        Some(cell.outcome.as_deref().unwrap_or("FAILED"))
    };
    match BACKENDS.map(one) {
        [Some(shm), Some(file)] if shm == file => shm.to_owned(),
        [Some(only), None] => format!("shm: {only}"),
        [None, only] => format!("file: {}", only.unwrap_or_default()),
        [Some(shm), Some(file)] => format!("shm: {shm}; file: {file}"),
    }
}
