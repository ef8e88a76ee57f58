//! Consumers that trust their producer skip validation, and get the same.

use myelon_tests::over_every_location;

use crate::ALL;

/// In the ring, and in fragments.
const SIZES: &str = "0,40,700,15,3000";

over_every_location! {
    fn who_trusts_a_good_producer_sees_the_same_as_who_does_not(arena) {
        for kind in ALL {
            let at = arena.spot(kind).text();
            let (mut tx, mut careful, mut trusting) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type={kind} at={at}"));
            careful.ask(format!("attach type={kind} at={at} id=careful"));
            trusting.ask(format!("attach type={kind} at={at} id=trusting trusting"));
            for rx in [&mut careful, &mut trusting] {
                rx.tell(format!("receive form=mixed limit=any len={SIZES}"));
            }
            tx.ask_beside(
                format!("publish n=100 form=mixed limit=any run=3 len={SIZES}"),
                &mut [&mut careful, &mut trusting],
            );
            tx.ask("close");
            let seen = [careful.expect(), trusting.expect()];
            for key in ["got", "next", "closed", "joined", "kinds"] {
                assert_eq!(seen[0].text(key), seen[1].text(key), "{kind} {key}");
            }
            assert_eq!((seen[0].num("got"), seen[0].num("closed")), (100, 1), "{kind}");
            careful.leave();
            trusting.leave();
        }
    }
}
