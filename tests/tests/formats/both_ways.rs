//! Every format both ways between two processes, in every form of publishing and of receiving.

use myelon_tests::over_every_location;

use crate::ALL;

/// From nothing to several times the ring of 4 KiB, fragments after wholes.
const SIZES: &str = "0,1,16,100,700,33,1500,5000,15,20000";

over_every_location! {
    fn every_format_goes_from_one_to_the_other_and_back(arena) {
        for kind in ALL {
            let ways = ["there", "back"].map(|way| arena.spot(&format!("{kind}-{way}")).text());
            let (mut from, mut to) = (arena.peer(), arena.peer());
            for way in &ways {
                from.ask(format!("create type={kind} at={way}"));
                to.ask(format!("attach type={kind} at={way} id=other"));
                core::mem::swap(&mut from, &mut to);
            }
            // In turn: each writes, reads what the other wrote, and writes again.
            for until in [1, 2, 30, 60] {
                for _ in &ways {
                    to.tell(format!("receive until={until} form=mixed limit=any len={SIZES}"));
                    let publish = format!("publish until={until} form=mixed limit=any run=2 len={SIZES}");
                    from.ask_beside(publish, &mut [&mut to]);
                    assert_eq!(to.expect().num("next"), until, "{kind}");
                    core::mem::swap(&mut from, &mut to);
                }
            }
            for peer in [&mut from, &mut to] {
                peer.ask("close");
            }
            for mut peer in [from, to] {
                let seen = peer.ask("receive");
                assert_eq!((seen.num("got"), seen.num("closed")), (0, 1), "{kind}");
                peer.leave();
            }
        }
    }

    fn every_form_of_a_format_has_all_four_limits(arena) {
        for kind in ALL {
            let at = arena.spot(kind).text();
            let (mut tx, mut rx) = (arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at} cap=16384"));
            rx.ask(format!("attach type={kind} at={at} id=a"));
            for limit in ["block", "try", "within:60000", "by:60000"] {
                // As many as there are forms, or more; all of them fit the ring.
                let next = tx.ask(format!("publish n=9 form=mixed limit={limit} run=2 len=0,77,200")).num("next");
                let seen = rx.ask(format!("receive until={next} form=mixed limit={limit} len=0,77,200"));
                assert_eq!(seen.num("next"), next, "{kind} {limit}");
            }
            // And each form by its name, where there is nothing.
            for form in ["lease", "wait", "drain", "drain_while", "batch"] {
                rx.refuse(format!("receive form={form} limit=try"), &["Empty"]);
                rx.refuse(format!("receive form={form} limit=within:1"), &["TimedOut"]);
                rx.refuse(format!("receive form={form} limit=by:1"), &["TimedOut"]);
            }
            tx.leave();
            assert_eq!(rx.ask("receive").num("closed"), 1);
            rx.leave();
        }
    }
}
