//! Changes other than more kinds at the end, and those too where the channel does not say `evolves`: refused both ways, with
//! the lines that differ.

use myelon::AttachError;
use myelon_tests::channels::{Words24, Words56};
use myelon_tests::messages::Order;
use myelon_tests::over_every_location;

use crate::newer;

macro_rules! changed {
    ($($name:ident { $($variants:tt)* } $(, $option:ident = $value:literal)*;)*) => {$(
        #[myelon::channel(capacity = "4 KiB", evolves = true $(, $option = $value)*)]
        enum $name { $($variants)* }
    )*};
}

// What `Story` is not: `Tick(Words24), #[codec(postcard)] Order(Order), Note([u8])`.
changed! {
    Swapped { Tick(Words24), Note([u8]), #[codec(postcard)] Order(Order) };
    Retyped { Tick(Words56), #[codec(postcard)] Order(Order), Note([u8]) };
    Recoded { Tick(Words24), #[codec(bincode)] Order(Order), Note([u8]) };
    Inserted { Tick(Words24), Memo([u8]), #[codec(postcard)] Order(Order), Note([u8]) };
    Removed { Tick(Words24), Note([u8]) };
    Renamed { Tick(Words24), #[codec(postcard)] Bid(Order), Note([u8]) };
    Newer { Tick(Words24), #[codec(postcard)] Order(Order), Note([u8]) }, version = 3;
}

const CHANGES: [&str; 7] = ["Swapped", "Retyped", "Recoded", "Inserted", "Removed", "Renamed", "Newer"];

/// The lines of an error that the other side does not have: of what this program expects, and of what the segment holds.
fn marked(error: &str) -> (String, String) {
    let (ours, theirs) = error.split_once("the segment holds").unwrap();
    let ours = ours.split_once("this program expects").unwrap().1;
    let marked =
        |text: &str| text.lines().filter(|line| line.starts_with("  > ")).collect::<Vec<_>>().join("\n");
    (marked(ours), marked(theirs))
}

const STORY: [&str; 3] = [
    "kind   0  Tick: Words24 as event",
    "kind   1  Order: Order as postcard",
    "kind   2  Note: [u8] as bytes",
];

over_every_location! {
    fn what_is_not_added_at_the_end_is_refused_both_ways_with_what_differs(arena) {
        let story = arena.spot("story");
        let mut tx = arena.peer();
        tx.ask(format!("create type=Story at={}", story.text()));
        // Before the helper that is to inherit them.
        let spots = CHANGES.map(|what| arena.spot(what));
        let mut rx = arena.peer();
        /// The channel, what differs on its side, and what on the other's.
        macro_rules! refuse {
            ($($name:ident: $expects:expr, $holds:expr;)*) => {$(
                let what = stringify!($name);
                let error = $name::attach(story.location(), "a").unwrap_err();
                assert!(matches!(error, AttachError::LayoutMismatch { .. }), "{what}: {error:?}");
                let (ours, theirs) = marked(&error.to_string());
                for (part, lines) in [($expects, &ours), ($holds, &theirs)] {
                    assert!(lines.contains(part), "{what}: `{part}` is not marked in {error}");
                }
                // And the other way round.
                let spot = &spots[CHANGES.iter().position(|change| *change == what).unwrap()];
                let changed = $name::create(spot.location()).unwrap();
                let error = rx.refuse(format!("attach type=Story at={} id=a", spot.text()), &["LayoutMismatch"]);
                let (ours, theirs) = marked(&error);
                for (part, lines) in [($holds, &ours), ($expects, &theirs)] {
                    assert!(lines.contains(part), "{what}: `{part}` is not marked in {error}");
                }
                assert_eq!(changed.consumers(), 0);
                changed.close();
            )*};
        }
        refuse! {
            Swapped: "kind   1  Note: [u8] as bytes", STORY[1];
            Retyped: "kind   0  Tick: Words56 as event", STORY[0];
            Recoded: "kind   1  Order: Order as bincode", STORY[1];
            Inserted: "kind   1  Memo: [u8] as bytes", STORY[1];
            Removed: "kind   1  Note: [u8] as bytes", STORY[1];
            Renamed: "kind   1  Bid: Order as postcard", STORY[1];
            Newer: "version 3", "version 0";
        }
        // Nobody noticed.
        assert_eq!(tx.ask("ask-tx").num("attached"), 0);
        tx.leave();
        rx.leave();
    }

    fn more_kinds_are_refused_both_ways_where_the_channel_does_not_say_that_it_evolves(arena) {
        let added = ["kind   3  Book: Book as rkyv", "kind   4  Memo: [u8] as bytes"];
        let at = arena.spot("old").text();
        let (mut tx, mut rx) = (arena.peer(), newer());
        tx.ask(format!("create type=Fixed at={at}"));
        let error = rx.refuse(format!("attach type=Fixed at={at} id=a"), &["LayoutMismatch"]);
        let (ours, theirs) = marked(&error);
        assert!(added.iter().all(|line| ours.contains(line)) && theirs.is_empty(), "{error}");
        assert!(STORY.iter().all(|line| !ours.contains(line)), "what is the same is not marked: {error}");
        tx.leave();
        rx.leave();
        let at = arena.spot("new").text();
        let (mut tx, mut rx) = (newer(), arena.peer());
        tx.ask(format!("create type=Fixed at={at}"));
        let error = rx.refuse(format!("attach type=Fixed at={at} id=a"), &["LayoutMismatch"]);
        let (ours, theirs) = marked(&error);
        assert!(added.iter().all(|line| theirs.contains(line)) && ours.is_empty(), "{error}");
        // One of its own age is welcome.
        let mut same = newer();
        same.ask(format!("attach type=Fixed at={at} id=a"));
        same.tell("receive form=mixed len=10,3000");
        tx.ask_beside("publish n=30 form=mixed len=10,3000", &mut [&mut same]);
        tx.leave();
        assert_eq!(same.expect().num("got"), 30);
        same.leave();
        rx.leave();
    }
}
