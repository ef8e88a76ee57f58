//! Several at once: each is judged by its own policy, whoever stands in front.

use core::time::Duration;

use myelon::{AlertKind, Loss, LostWhy, OnDeath, OnFailure, PublishError, Required};
use myelon_tests::over_every_location;

use crate::for_each_kind;
use crate::stage::{Act, Stage, attach, expect};

const MS: Duration = Duration::from_millis(1);
const QUICK: Required = Required::DEFAULT.check(Duration::from_millis(5));

over_every_location! {
    fn one_that_may_block_for_ever_does_not_hide_one_that_may_not(arena) {
        for_each_kind!(arena, at, {
            let patient = QUICK.stall(40 * MS).on_failure(OnFailure::AlertOnly);
            let strict = QUICK.stall(80 * MS).on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("patient", patient), ("strict", strict)]);
            let mut one = attach(arena, KIND, &at.text(), "patient");
            let mut two = attach(arena, KIND, &at.text(), "strict");
            stage.fill();
            one.stop();
            two.stop();
            let Err(PublishError::RequiredLost(lost)) = stage.publish() else { panic!("it goes on") };
            assert_eq!((lost.id.as_str(), lost.pid, lost.why), ("strict", two.pid(), LostWhy::Stalled));
            assert_eq!(stage.said(), [AlertKind::Stalled, AlertKind::Stalled]);
            drop(stage);
            for rx in [&mut one, &mut two] {
                rx.cont();
                assert_eq!(rx.ask("receive n=8 len=16").num("next"), 8);
                rx.refuse("receive len=16", &["RequiredLost", "`strict`"]);
                rx.leave();
            }
        });
    }

    fn a_death_a_stall_and_an_absence_at_once(arena) {
        for_each_kind!(arena, at, {
            let policies = [
                ("dead", QUICK.on_death(OnDeath::At(Loss::Evict))),
                ("stopped", QUICK.stall(30 * MS).on_failure(OnFailure::AlertOnly)),
                ("absent", QUICK),
            ];
            let mut stage = Stage::<C>::new(at.location(), &policies);
            let mut dead = attach(arena, KIND, &at.text(), "dead");
            let mut stopped = attach(arena, KIND, &at.text(), "stopped");
            let (dead_pid, stopped_pid) = (dead.pid(), stopped.pid());
            stage.fill();
            dead.kill();
            stopped.stop();
            std::thread::scope(|scope| {
                let Stage { tx, next, alerts } = &mut stage;
                let publishing = scope.spawn(move || C::publish(tx, *next));
                expect(alerts, AlertKind::Died, "dead", dead_pid);
                expect(alerts, AlertKind::Evicted, "dead", dead_pid);
                expect(alerts, AlertKind::Stalled, "stopped", stopped_pid);
                let mut absent = attach(arena, KIND, &at.text(), "absent");
                assert_eq!(absent.ask("receive n=8 len=16").num("next"), 8);
                assert!(!publishing.is_finished(), "for the stopped one");
                stopped.tell("receive n=9 len=16");
                stopped.cont();
                expect(alerts, AlertKind::Recovered, "stopped", stopped_pid);
                publishing.join().unwrap().unwrap();
                absent.ask("receive n=1 len=16");
                absent.ask("close what=rx");
            });
            stopped.expect();
            drop(stage);
            stopped.leave();
        });
    }

    fn a_stopped_producer_is_not_dead_and_a_killed_one_leaves_its_terms_behind(arena) {
        for kind in crate::stage::KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            let cap = crate::stage::capacity(kind);
            let create = format!("create type={kind} at={at} cap={cap} required=risk,journal");
            tx.ask(&create);
            let mut risk = attach(arena, kind, &at, "risk");
            let mut journal = attach(arena, kind, &at, "journal");
            tx.ask("publish n=4 len=16 form=value");
            risk.ask("receive n=4 len=16");
            tx.stop();
            risk.tell("receive len=16");
            risk.is_silent_for(Duration::from_millis(150));
            // Meanwhile one is killed, and one leaves.
            journal.ask("receive n=1 len=16 form=lease");
            journal.ask("close what=rx");
            risk.kill();
            tx.kill();
            let mut second = arena.peer();
            assert_eq!(second.ask(create).num("next"), 4);
            second.refuse("publish n=100 len=16 form=value limit=try", &["Full"]);
            let mut risk = attach(arena, kind, &at, "risk");
            assert_eq!(journal.ask(format!("attach type={kind} at={at} id=journal")).num("next"), 1);
            second.leave();
            for rx in [&mut risk, &mut journal] {
                assert_eq!(rx.ask("receive len=16").num("next"), 9);
                rx.leave();
            }
        }
    }

    fn whoever_holds_a_lease_is_never_written_over_whatever_its_policy(arena) {
        for_each_kind!(arena, at, {
            let policy = QUICK.stall(20 * MS).on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            risk.ask("hold what=rx len=16");
            assert!(matches!(stage.publish(), Err(PublishError::RequiredLost(_))));
            assert!(matches!(stage.publish(), Err(PublishError::RequiredLost(_))));
            // It compares what it holds.
            assert_eq!(risk.ask("release").num("next"), 1);
            assert_eq!(risk.ask("receive n=7 len=16").num("next"), 8);
            drop(stage);
            risk.refuse("receive len=16", &["RequiredLost"]);
            risk.leave();
            for (name, on_failure) in [("block", OnFailure::Block), ("alert", OnFailure::AlertOnly)] {
                let at = arena.spot(&format!("{KIND}{name}"));
                let policy = QUICK.stall(20 * MS).on_failure(on_failure);
                let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
                let mut risk = attach(arena, KIND, &at.text(), "risk");
                stage.fill();
                risk.ask("hold what=rx len=16");
                std::thread::scope(|scope| {
                    let Stage { tx, next, alerts } = &mut stage;
                    let publishing = scope.spawn(move || C::publish(tx, *next));
                    expect(alerts, AlertKind::Stalled, "risk", risk.pid());
                    risk.is_silent_for(60 * MS);
                    assert!(!publishing.is_finished());
                    assert_eq!(risk.ask("release").num("next"), 1);
                    publishing.join().unwrap().unwrap();
                });
                drop(stage);
                assert_eq!(risk.ask("receive len=16").num("next"), 9);
                risk.leave();
            }
        });
    }

    fn a_producer_and_its_consumers_fail_at_once_and_nobody_loses_anything(arena) {
        for kind in crate::stage::KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            let create = format!("create type={kind} at={at} cap={} required=a,b,c,d", crate::stage::capacity(kind));
            tx.ask(&create);
            let [mut a, mut b, mut c] = ["a", "b", "c"].map(|id| attach(arena, kind, &at, id));
            tx.ask("publish n=8 len=16 form=value limit=try");
            a.ask("receive n=2 len=16 form=lease");
            b.ask("receive n=3 len=16 form=lease");
            c.tell("receive len=16");
            b.stop();
            a.kill();
            tx.kill();
            c.expect_error(&["ProducerDied", &format!("pid: {}", tx.pid())]);
            let mut second = arena.peer();
            assert_eq!(second.ask(&create).num("next"), 8);
            second.tell("publish n=1 len=16 form=value");
            // One after the other comes back, or comes at all; the producer waits for the last one.
            let (mut back, mut d) = (arena.peer(), arena.peer());
            assert_eq!(back.ask(format!("attach type={kind} at={at} id=a")).num("next"), 2);
            back.tell("receive len=16");
            b.cont();
            b.tell("receive len=16");
            c.tell("receive len=16");
            second.is_silent_for(60 * MS);
            assert_eq!(d.ask(format!("attach type={kind} at={at} id=d start=oldest")).num("next"), 0);
            d.tell("receive len=16");
            assert_eq!(second.expect().num("next"), 9);
            second.leave();
            for rx in [&mut back, &mut b, &mut c, &mut d] {
                assert_eq!(rx.expect().num("next"), 9);
                rx.leave();
            }
        }
    }

    fn a_new_stream_in_the_place_of_a_dead_ones_is_kept_for_them_from_its_first_event(arena) {
        if arena.backend() == myelon_tests::Backend::Anonymous {
            // Memory without a name can not be given another channel.
            return;
        }
        for kind in crate::stage::KINDS {
            let at = arena.spot(kind).text();
            let create = format!("create type={kind} at={at} cap={} required=risk,journal", crate::stage::capacity(kind));
            let (mut first, mut second) = (arena.peer(), arena.peer());
            first.ask(&create);
            let mut risk = attach(arena, kind, &at, "risk");
            first.ask("publish n=5 len=16 form=value");
            risk.ask("receive n=5 len=16");
            risk.tell("receive len=16");
            risk.stop();
            first.kill();
            assert_eq!(second.ask(format!("{create} fresh")).num("next"), 0);
            second.refuse("publish n=100 len=16 form=value limit=try", &["Full", "next=8"]);
            risk.cont();
            risk.expect_error(&["Superseded"]);
            risk.ask("close what=rx");
            assert_eq!(risk.ask(format!("attach type={kind} at={at} id=risk")).num("next"), 0);
            let mut journal = attach(arena, kind, &at, "journal");
            second.leave();
            for rx in [&mut risk, &mut journal] {
                assert_eq!(rx.ask("receive len=16").num("next"), 8);
                rx.leave();
            }
        }
    }
}
