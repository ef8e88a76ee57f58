//! Whom the start waits for, and who is missing.

use myelon::{AttachError, ConsumerBuilder, CreateError, Declared, Location, ProducerBuilder};
use myelon_tests::over_every_location;

use crate::stage::{KINDS, attach, capacity};

#[myelon::channel(capacity = 8, consumers(journal(required), dash(lossy)), declared_only)]
struct Ticks(u64);

#[myelon::channel(capacity = 256, consumers(journal(required), dash(lossy)), declared_only)]
struct Notes([u8]);

/// One that is declared lossy would never come as one that holds the producer back.
fn a_lossy_one_is_not_waited_for<C: Declared>(at: &Location) {
    let builder = || ProducerBuilder::<C>::new(at).required(["worker", "dash"]);
    let Err(error) = builder().build().map(drop) else { panic!("it would wait for ever") };
    assert!(matches!(&error, CreateError::DeclaredLossy { id } if id == "dash"), "{error:?}");
    let text = error.to_string();
    assert!(["\"dash\" as lossy", "for ever", "`required`"].iter().all(|part| text.contains(part)), "{text}");
    let consumer = |id| ConsumerBuilder::<C>::new(at, id).build().map(drop);
    assert!(matches!(consumer("worker"), Err(AttachError::NotFound { .. })), "nothing is left of it");
    let tx = ProducerBuilder::<C>::new(at).required(["worker"]).build().unwrap();
    let Err(AttachError::NotDeclared { declared, .. }) = consumer("stranger") else {
        panic!("nobody knows it")
    };
    assert_eq!(declared, ["journal", "worker"], "the lossy one attaches in another way");
    drop(tx);
}

over_every_location! {
    fn one_that_is_declared_lossy_cannot_be_required(arena) {
        a_lossy_one_is_not_waited_for::<Ticks>(arena.spot("ticks").location());
        a_lossy_one_is_not_waited_for::<Notes>(arena.spot("notes").location());
    }

    fn whoever_is_missing_for_too_long_is_named_by_the_publish_that_needs_room(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} cap={} required=here,gone,lost startup=50", capacity(kind)));
            let mut here = attach(arena, kind, &at, "here");
            tx.ask("publish n=8 len=16 form=value limit=try");
            here.ask("receive n=8 len=16");
            let missing = ["StartupTimeout", "missing: [\"gone\", \"lost\"]", "`gone`, `lost`", "next=8"];
            tx.refuse("publish n=1 len=16 form=value", &missing);
            tx.refuse("publish n=1 len=16 form=value limit=within:60000", &missing[..1]);
            // The stream is open: they may still come.
            let (mut gone, mut lost) = (attach(arena, kind, &at, "gone"), attach(arena, kind, &at, "lost"));
            for rx in [&mut gone, &mut lost] {
                assert_eq!(rx.ask("receive n=8 len=16").num("next"), 8);
            }
            tx.ask("publish n=8 len=16 form=value");
            tx.leave();
            for rx in [&mut here, &mut gone, &mut lost] {
                assert_eq!(rx.ask("receive len=16").num("got"), 8);
                rx.leave();
            }
        }
    }

    fn a_start_may_wait_for_consumers_and_names_those_that_do_not_come(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, mut a, mut b) = (arena.peer(), arena.peer(), arena.peer());
            let create = format!("create type={kind} at={at} cap={} required=a,b", capacity(kind));
            // Whoever attached meanwhile sees a stream that ended.
            for (start, wanted) in [("start=all", "wanted: 2"), ("start=1", "wanted: 1")] {
                let missing = ["NotAttached", wanted, "attached: 0", "missing: [\"a\", \"b\"]"];
                if arena.backend() == myelon_tests::Backend::Anonymous {
                    // Memory without a name can not be given another channel.
                    break;
                }
                tx.refuse(format!("{create} {start} within=20"), &missing);
            }
            tx.tell(format!("{create} start=all within=60000"));
            let attach = |id| format!("attach type={kind} at={at} id={id} timeout=60000");
            a.ask(attach("a"));
            tx.is_silent_for(core::time::Duration::from_millis(20));
            b.ask(attach("b"));
            tx.expect();
            assert_eq!(tx.ask("ask-tx required").text("missing"), Some(""));
            tx.leave();
            for rx in [&mut a, &mut b] {
                assert_eq!(rx.ask("receive len=16").num("closed"), 1);
                rx.leave();
            }
        }
    }

    fn a_start_that_fails_leaves_what_it_took_over_to_the_next(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={} required=a", capacity(kind));
            let (mut first, mut second) = (arena.peer(), arena.peer());
            first.ask(&create);
            first.ask("publish n=5 len=16 form=value");
            first.kill();
            second.refuse(format!("{create} start=all within=20"), &["NotAttached", "missing: [\"a\"]"]);
            assert_eq!(second.ask(&create).num("next"), 5);
            let mut a = attach(arena, kind, &at, "a");
            second.leave();
            assert_eq!(a.ask("receive len=16").num("next"), 5);
            a.leave();
        }
    }
}
