//! The crash matrix: at every crash point of the library, in every scene that gets there, a real process is killed, or
//! stopped for longer than any time-out and let go on; over shared memory and over a file. What is checked is in
//! `stage` and in the scenes. Prints the matrix, and fails if a scene does, if a point is reached by no scene, or if
//! the matrix in `tests/CRASH_MATRIX.md` is another one but for chance.
//!
//! ```sh
//! bash .ci/run crash            # all of it, as the gate does
//! target/crash/myelon-crash-matrix --write       # and write the file
//! target/crash/myelon-crash-matrix take          # only scenes whose names begin so
//! target/crash/myelon-crash-matrix --part 2/5    # every fifth line, beginning with the second
//! ```

mod consuming;
mod glancing;
mod joining;
mod making;
mod matrix;
mod producing;
mod requiring;
mod run;
mod scenes;
mod stage;

use std::process::ExitCode;

use myelon_tests::peer::points::COMPILED_IN;

fn main() -> ExitCode {
    if !COMPILED_IN {
        eprintln!(
            "compile it with RUSTFLAGS=\"--cfg myelon_crash\", and its helpers: see `bash .ci/run crash`"
        );
        return ExitCode::FAILURE;
    }
    let asked = run::Asked::parse(std::env::args().skip(1));
    let cells = run::run(&asked);
    if matrix::judge(&asked, &cells) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
