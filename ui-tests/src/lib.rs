//! Tests of what `#[derive(RingEvent)]` and `#[myelon::channel]` accept and refuse; see `tests/`.
//!
//! `pass/` holds programs that must compile and run, one for each promise about hygiene; `fail/` holds one
//! mistake a file, named after it, with what the compiler says beside it.
