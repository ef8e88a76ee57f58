//! What the conformance tests share: channels of events of every size and both disciplines ([`channels`]) and of messages
//! in every format ([`messages`]), a helper process that obeys line by line ([`peer`]), and the harness that starts, kills,
//! stops and questions it ([`process`]).
//!
//! Nothing here sleeps: one side waits for a line of the other, and every wait has a deadline.

pub mod arena;
pub mod channels;
pub mod course;
pub mod forks;
pub mod form;
pub mod journal;
pub mod killing;
pub mod limit;
pub mod line;
pub mod messages;
pub mod peer;
pub mod points;
pub mod process;
pub mod random;
pub mod schema;
pub mod segment;
pub mod sources;
pub mod system;

pub use arena::{Arena, Backend, Spot};
pub use process::{DEADLINE, Peer, Reply};
pub use random::Random;
