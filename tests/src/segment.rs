//! A segment seen as bytes: what a test needs to know of its format, to spoil it.
