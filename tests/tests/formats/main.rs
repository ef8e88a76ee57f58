//! Every format between real processes: both ways, in every form, aligned, with times, spoilt, trusted, and not agreed on.

mod agreement;
mod both_ways;
mod damaged;
mod spoilt;
mod times;
mod trusted;

/// Every channel of messages that all helpers know.
const ALL: &[&str] =
    &["Log", "Timed", "Books", "Wides", "Monsters", "Orders", "Bills", "Bars", "Sums", "Backwards", "Feed"];
