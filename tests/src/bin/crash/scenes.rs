//! All scenes.

use crate::stage::{Flow, Stage};
use crate::{consuming, joining, making, producing};

/// Something that one process does, and what is around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) play: fn(&mut Stage),
}

impl Scene {
    /// Whether a point that it gets to is a line of it. What there is to sweep in shared memory, anybody may have left; who
    /// sleeps for a moment elsewhere, does so by chance.
    pub(crate) fn counts(&self, point: &str) -> bool {
        let group = point.split(':').next().unwrap_or_default();
        match self.name.split([' ', ',']).next() {
            Some("wait") => group == "sleep",
            Some("evict") => group == "evict",
            _ if group == "sweep" => self.name.contains("sweep"),
            _ => !["", "sleep"].contains(&group),
        }
    }
}

macro_rules! scenes {
    ($($name:literal: $module:ident::$play:ident($flow:expr $(, $option:literal)?);)*) => {
        pub(crate) const SCENES: &[Scene] = &[
            $(Scene { name: $name, play: |stage| $module::$play(stage, &$flow $(, $option)?) },)*
        ];
    };
}

/// Dead consumers keep their places.
const KEPT: Flow = Flow { make: "type=L24 cap=16 policy=forever", ..Flow::STAMPED };
const KEPT_DENSE: Flow = Flow { make: "type=D8 cap=16 policy=forever", ..Flow::DENSE };
const KEPT_BYTES: Flow = Flow { make: "type=Log cap=4096 policy=forever", ..Flow::BYTES };
const KEPT_CUT: Flow = Flow { make: "type=Log cap=1024 policy=forever", ..Flow::CUT };
/// With a time in each.
const TIMED: Flow = Flow { make: "type=Timed cap=4096", join: "type=Timed", ..Flow::BYTES };
/// Built backwards; a short one after a long one, so that it has room left in front of it.
const TABLES: Flow = Flow { make: "type=Monsters cap=8192", join: "type=Monsters", len: "len=3,3,3,3,200,3" };
/// Five of them fill the ring, but for less than a sixth needs.
const WIDE: Flow = Flow { make: "type=Log cap=1024", join: "type=Log", len: "len=150" };
/// Of several kinds, which may become more.
const STORY: Flow = Flow { make: "type=Story cap=65536", join: "type=Story", len: "len=40,16" };

scenes! {
    "create": making::create(Flow::STAMPED);
    "create, files have names from the start": making::create_with_a_temporary_name(Flow::DENSE);
    "create, and sweep what the dead left": making::sweep(Flow::STAMPED);
    "create, in the place of another channel": making::replace(Flow::DENSE);
    "take over": making::take_over(Flow::STAMPED);
    "take over, messages": making::take_over(Flow::BYTES);
    "take over, with more kinds of messages": making::take_over_newer(STORY);
    "take over, in the middle of a message": making::take_over_inside(Flow::CUT);
    "remove": making::remove(KEPT_DENSE);

    "publish, stamped": producing::publish(Flow::STAMPED, "publish n=1 form=value");
    "publish, dense": producing::publish(Flow::DENSE, "publish n=1 form=value");
    "publish in place": producing::publish(Flow::STAMPED, "publish n=1 form=with");
    "claim and publish": producing::publish(Flow::DENSE, "publish n=1 form=claim");
    "batch, stamped": producing::publish(Flow::STAMPED, "publish n=7 form=batch run=7");
    "batch, dense": producing::publish(Flow::DENSE, "publish n=7 form=batch run=7");
    "publish a message": producing::publish(Flow::BYTES, "publish n=1 form=value");
    "publish a message in place": producing::publish(TIMED, "publish n=1 form=with");
    "publish a message with a time": producing::publish(TIMED, "publish n=1 form=value");
    "build a table": producing::publish(TABLES, "publish n=1 form=with");
    "claim and commit a message": producing::publish(Flow::BYTES, "publish n=1 form=claim");
    "batch of messages": producing::publish(Flow::BYTES, "publish n=4 form=batch run=4");
    "publish a message in fragments": producing::publish(Flow::CUT, "publish n=1 form=value");
    "publish across the end of the ring": producing::publish(WIDE, "publish n=1 form=value");
    "wait for room": producing::wait_for_room(Flow::STAMPED);
    "evict": producing::evict(Flow::STAMPED);
    "evict, messages": producing::evict(WIDE);
    "close": producing::close(Flow::STAMPED);
    "close, nobody reads": producing::close_as_the_last(Flow::DENSE);
    "detach": producing::detach(Flow::STAMPED);

    "attach": joining::attach(Flow::STAMPED, "");
    "attach, at the oldest": joining::attach(Flow::BYTES, "start=oldest");
    "attach, and the stream goes on": joining::attach_and_be_let_go(Flow::DENSE);
    "attach, at the oldest of a full ring": joining::attach_to_a_full_ring(Flow::BYTES, "start=oldest");
    "attach, at what is gone": joining::attach_too_late(Flow::BYTES);
    "resume": joining::resume(KEPT);
    "resume, messages": joining::resume(KEPT_BYTES);
    "resume, but elsewhere": joining::resume_elsewhere(KEPT, "start=oldest");
    "resume, where nothing is": joining::resume_nowhere(KEPT_DENSE);
    "come back": joining::come_back(Flow::DENSE);
    "come back too late": joining::come_back_too_late(Flow::STAMPED, "");
    "come back too late, at what is gone": joining::come_back_too_late(Flow::BYTES, "start=at:0");
    "come back to the end": joining::come_back_to_the_end(KEPT);

    "receive, stamped": consuming::receive(KEPT, "lease");
    "receive, dense": consuming::receive(KEPT_DENSE, "drain");
    "receive a message": consuming::receive(KEPT_BYTES, "lease");
    "receive fragments": consuming::receive(KEPT_CUT, "lease");
    "receive, and be let go": consuming::receive_and_be_let_go(Flow::STAMPED, "batch");
    "receive messages, and be let go": consuming::receive_and_be_let_go(Flow::BYTES, "drain");
    "wait for events": consuming::wait(Flow::STAMPED);
    "wait for messages": consuming::wait(Flow::BYTES);
    "leave": consuming::leaves(Flow::STAMPED, "close what=rx");
    "leave, to come back": consuming::leaves(Flow::DENSE, "detach what=rx");
    "leave, as the last of a closed channel": consuming::leave_as_the_last(Flow::STAMPED);
}
