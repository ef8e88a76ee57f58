//! Every format between real processes: both ways, in every form, aligned, with times, spoilt, trusted, and not agreed on.

mod both_ways;
mod spoilt;

/// Every channel of messages that all helpers know.
const ALL: &[&str] =
    &["Log", "Timed", "Books", "Wides", "Monsters", "Orders", "Bills", "Bars", "Sums", "Backwards", "Feed"];
