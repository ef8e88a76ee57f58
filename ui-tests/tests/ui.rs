//! The programs of `pass/` compile and run; those of `fail/` are refused with the text beside them.

/// The compiler's own words around ours change from release to release, so the texts are those of one.
#[rustversion::attr(not(stable(1.95)), ignore = "the texts are those of Rust 1.95")]
#[test]
fn mistakes_are_refused_where_they_are_made() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/event/*.rs");
    cases.compile_fail("fail/channel/*.rs");
}

#[test]
fn macros_work_wherever_they_are_used() {
    trybuild::TestCases::new().pass("pass/*.rs");
}
