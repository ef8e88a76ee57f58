//! All scenes.

use crate::stage::{Flow, Stage};
use crate::{consuming, glancing, joining, making, producing, requiring};

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
            Some("evict") => ["evict", "tend", "place", "reserve", "note"].contains(&group),
            Some("set") => ["evict", "tend", "place", "set back"].contains(&group),
            Some("shut") => ["tend", "shut", "reason", "id"].contains(&group),
            Some("put") => group == "put back",
            // The same in all variants of a scene.
            _ if group == "note" => !self.name.contains(','),
            _ if self.name.contains("requir")
                && ["write", "identity", "producer", "replace"].contains(&group) =>
            {
                false
            }
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
/// In fragments, of which the ring keeps all of the last message.
const LONG: Flow = Flow { make: "type=Log cap=4096", join: "type=Log", len: "len=1500" };
/// Of several kinds, which may become more.
const STORY: Flow = Flow { make: "type=Story cap=65536", join: "type=Story", len: "len=40,16" };

/// One who stays and one whom nobody sees for a while are required.
const TWO: Flow = Flow { make: "type=L24 cap=16 required=stays,v", ..Flow::STAMPED };
const THREE: Flow = Flow { make: "type=L24 cap=16 required=stays,v,w", ..Flow::STAMPED };
/// One is, and is waited for when it is dead.
const NEEDED: Flow = Flow { make: "type=L24 cap=16 required=v death=shutdown:60000", ..Flow::STAMPED };
const NEEDED_BYTES: Flow = Flow { make: "type=Log cap=4096 required=v", ..Flow::BYTES };
/// It is said when it stalls.
const WATCHED: Flow =
    Flow { make: "type=L24 cap=16 required=v stall=50 failure=alert death=shutdown:60000", ..Flow::STAMPED };
const WATCHED_BYTES: Flow =
    Flow { make: "type=Log cap=4096 required=v stall=50 failure=alert death=shutdown:60000", ..Flow::BYTES };
/// It is let go when it is dead.
const DISPENSABLE: Flow = Flow { make: "type=L24 cap=16 required=dead death=evict", ..Flow::STAMPED };
const LET_GO: Flow = Flow { make: "type=L24 cap=16 required=v death=evict", ..Flow::STAMPED };
/// There is no stream without it.
const FATAL: Flow = Flow { make: "type=L24 cap=16 required=v death=shutdown", ..Flow::STAMPED };
const FATAL_BYTES: Flow = Flow { make: "type=Log cap=1024 required=v death=shutdown", ..WIDE };
/// There is room for two consumers.
const FEW: Flow = Flow { make: "type=Few cap=16", join: "type=Few", len: "" };
const FEW_NEED_ONE: Flow = Flow { make: "type=Few cap=16 required=v", ..FEW };
const FEW_NEED_TWO: Flow = Flow { make: "type=Few cap=16 required=v,w", ..FEW };

scenes! {
    "create": making::create(Flow::STAMPED);
    "create, files have names from the start": making::create_with_a_temporary_name(Flow::DENSE);
    "create, and sweep what the dead left": making::sweep(Flow::STAMPED);
    "create, in the place of another channel": making::replace(Flow::DENSE);
    "take over": making::take_over(Flow::STAMPED);
    "take over, messages": making::take_over(Flow::BYTES);
    "take over, with more kinds of messages": making::take_over_newer(STORY);
    "take over, in the middle of a message": making::take_over_inside(Flow::CUT);
    "create, with required consumers": requiring::create(TWO);
    "take over, with required consumers": requiring::take_over(THREE, "type=L24 cap=16 required=stays,gone");
    "take over, with a required one that left long ago": requiring::take_over(THREE, "type=L24 cap=16");
    "take over, with a required one in the place of a dead one": requiring::take_over_over_the_dead(FEW_NEED_ONE);
    "take over, with more required ones than there is room for": requiring::take_over_without_room(FEW_NEED_TWO);
    "remove": making::remove(KEPT_DENSE);

    "publish, stamped": producing::publish(Flow::STAMPED, "publish n=1 form=value");
    "publish, dense": producing::publish(Flow::DENSE, "publish n=1 form=value");
    "publish in place": producing::publish(Flow::STAMPED, "publish n=1 form=with");
    "claim and publish": producing::publish(Flow::DENSE, "publish n=1 form=claim");
    "batch, stamped": producing::publish(Flow::STAMPED, "publish n=7 form=batch run=7");
    "batch, dense": producing::publish(Flow::DENSE, "publish n=7 form=batch run=7");
    "publish a message": producing::publish(Flow::BYTES, "publish n=1 form=value");
    "publish a message in place": producing::publish(Flow::BYTES, "publish n=1 form=with");
    "publish a message with a time, in place": producing::publish(TIMED, "publish n=1 form=with");
    "publish a message with a time": producing::publish(TIMED, "publish n=1 form=value");
    "build a table": producing::publish(TABLES, "publish n=1 form=with");
    "claim and commit a message": producing::publish(Flow::BYTES, "publish n=1 form=claim");
    "claim and commit a message with a time": producing::publish(TIMED, "publish n=1 form=claim");
    "batch of messages": producing::publish(Flow::BYTES, "publish n=4 form=batch run=4");
    "publish a message in fragments": producing::publish(Flow::CUT, "publish n=1 form=value");
    "publish across the end of the ring": producing::publish(WIDE, "publish n=1 form=value");
    "wait for room": producing::wait_for_room(Flow::STAMPED);
    "evict": producing::evict(Flow::STAMPED);
    "evict, messages": producing::evict(WIDE);
    "evict, a required one": producing::evict(DISPENSABLE);
    "evict, one who died while it joined": requiring::unseated(Flow::STAMPED);
    "evict, a required one who died while it joined": requiring::unseated(LET_GO);
    "set back, who died on its way to older events": requiring::unseated(NEEDED);
    "shut down": requiring::shut_down(FATAL);
    "shut down, messages": requiring::shut_down(FATAL_BYTES);
    "close": producing::close(Flow::STAMPED);
    "close, nobody reads": producing::close_as_the_last(Flow::DENSE);
    "detach": producing::detach(Flow::STAMPED);

    "attach": joining::attach(Flow::STAMPED, "");
    "attach, at the oldest": joining::attach(Flow::BYTES, "start=oldest");
    "attach, where another one was": joining::attach_after_another(Flow::BYTES);
    "attach, and the stream goes on": joining::attach_and_be_let_go(Flow::DENSE);
    "attach, at the oldest of a full ring": joining::attach_to_a_full_ring(Flow::BYTES, "start=oldest");
    "attach, at what is gone": joining::attach_too_late(Flow::BYTES);
    "attach, in the place of a dead one": requiring::attach_over_the_dead(FEW);
    "attach, required": joining::attach_to_a_kept_place(NEEDED);
    "attach, required, messages": joining::attach_to_a_kept_place(NEEDED_BYTES);
    "attach, required, but elsewhere": joining::attach(NEEDED, "start=latest");
    "attach, required, to older events": joining::resume_elsewhere(NEEDED, "start=oldest");
    "put back, as somebody new": joining::attach_just_too_late(Flow::STAMPED, "");
    "put back, as one who left": joining::attach_just_too_late(Flow::STAMPED, "detach what=rx");
    "resume": joining::resume(KEPT);
    "resume, messages": joining::resume(KEPT_BYTES);
    "resume, but elsewhere": joining::resume_elsewhere(KEPT, "start=oldest");
    "resume, where nothing is": joining::resume_nowhere(KEPT_DENSE);
    "resume, required": joining::resume(NEEDED);
    "resume, required, messages": joining::resume(NEEDED_BYTES);
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
    "receive, required": requiring::stalls(WATCHED, "lease");
    "receive messages, required": requiring::stalls(WATCHED_BYTES, "drain");
    "wait for events": consuming::wait(Flow::STAMPED);
    "wait for messages": consuming::wait(Flow::BYTES);
    "leave": consuming::leaves(Flow::STAMPED, "close what=rx");
    "leave, required": requiring::leaves(NEEDED, "close what=rx");
    "leave, required, to come back": requiring::leaves(NEEDED_BYTES, "detach what=rx");
    "leave, to come back": consuming::leaves(Flow::DENSE, "detach what=rx");
    "leave, as the last of a closed channel": consuming::leave_as_the_last(Flow::STAMPED);

    "glance": glancing::attach(Flow::STAMPED);
    "glance, receive": glancing::receive(Flow::STAMPED, "n=5 form=value");
    "glance, receive messages": glancing::receive(Flow::BYTES, "n=5 form=lease");
    "glance, receive fragments": glancing::receive(LONG, "n=1 form=lease");
}
