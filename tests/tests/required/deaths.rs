//! The kernel says that it is dead: known at the next check, and then as its policy says.

use core::time::Duration;
use std::time::Instant;

use myelon::{AlertKind, Loss, LostWhy, OnDeath, PublishError, Required};
use myelon_tests::over_every_location;

use crate::for_each_kind;
use crate::stage::{Act, Stage, attach, expect, story};

const MS: Duration = Duration::from_millis(1);
/// Nobody waits for a stall here.
const SLOW: Required = Required::DEFAULT.stall(Duration::from_secs(3600)).check(Duration::from_millis(5));

const fn wait(time: Duration, then: Loss) -> OnDeath {
    OnDeath::Wait { time: Some(time), then }
}

over_every_location! {
    fn a_dead_one_that_may_be_let_go_is_and_learns_what_it_missed(arena) {
        for_each_kind!(arena, at, {
            let mut stage = Stage::<C>::new(at.location(), &[("risk", SLOW.on_death(OnDeath::At(Loss::Evict)))]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            risk.ask("receive n=3 len=16 form=lease");
            assert_eq!(stage.fill(), 3);
            risk.kill();
            let since = Instant::now();
            for _ in 0..20 {
                stage.publish().unwrap();
            }
            assert!(since.elapsed() < Duration::from_secs(60), "not after a stall");
            assert_eq!(stage.said(), [AlertKind::Died, AlertKind::Evicted]);
            let mut back = arena.peer();
            let attach = format!("attach type={KIND} at={} id=risk", at.text());
            let why = ["died at 3 (on_death: evict), says the producer", "evicted at 3 (on_death: evict), says the"];
            back.refuse(&attach, &["Evicted", "id: \"risk\"", "at: 3", "missed: ", why[0], why[1]]);
            // It may start anew, and is required again from then on.
            assert_eq!(back.ask(format!("{attach} start=latest")).num("next"), 31);
            back.ask("close what=rx");
            assert_eq!(stage.fill(), 8);
            assert_eq!(back.ask(attach).num("next"), 31);
            drop(stage);
            back.ask("receive len=16");
            back.leave();
        });
    }

    fn a_dead_one_without_which_there_is_no_stream_ends_it(arena) {
        for_each_kind!(arena, at, {
            for on_death in [OnDeath::At(Loss::Shutdown), wait(50 * MS, Loss::Shutdown)] {
                let at = arena.spot(&format!("{KIND}{}", usize::from(on_death == OnDeath::At(Loss::Shutdown))));
                let mut stage = Stage::<C>::new(at.location(), &[("risk", SLOW.on_death(on_death))]);
                let mut risk = attach(arena, KIND, &at.text(), "risk");
                let mut other = attach(arena, KIND, &at.text(), "other");
                stage.fill();
                risk.kill();
                other.tell("receive len=16");
                let Err(PublishError::RequiredLost(lost)) = stage.publish() else { panic!("it goes on") };
                assert_eq!((lost.id.as_str(), lost.pid, lost.why), ("risk", risk.pid(), LostWhy::Died));
                assert_eq!((lost.at, lost.lag), (0, 8));
                let why = if matches!(on_death, OnDeath::At(_)) { "shutdown" } else { "wait, then shutdown" };
                let died = format!("died (on_death: {why}) risk");
                assert_eq!(story(&at, "risk", ("risk", risk.pid())), ["attached risk", &died]);
                let own = story(&at, "producer", ("tx", std::process::id()));
                assert_eq!(own, ["attached tx", &format!("closed (on_death: {why}) tx")]);
                other.expect_error(&["RequiredLost", "`risk`", "died"]);
                // It may come back for what it did not read, and is told too.
                let mut back = attach(arena, KIND, &at.text(), "risk");
                assert_eq!(back.ask("receive n=8 len=16").num("next"), 8);
                back.refuse("receive len=16", &["RequiredLost", &format!("pid: {}", risk.pid())]);
                drop(stage);
                back.leave();
                other.leave();
            }
            let _ = at;
        });
    }

    fn one_that_comes_back_in_time_goes_on_where_it_stopped(arena) {
        for_each_kind!(arena, at, {
            let policy = SLOW.on_death(wait(Duration::from_secs(3600), Loss::Shutdown));
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            risk.ask("receive n=3 len=16 form=lease");
            stage.fill();
            risk.kill();
            std::thread::scope(|scope| {
                let Stage { tx, next, alerts } = &mut stage;
                let publishing = scope.spawn(move || C::publish(tx, *next));
                assert_eq!(expect(alerts, AlertKind::Died, "risk", risk.pid()).lag, 8);
                let mut back = arena.peer();
                assert_eq!(back.ask(format!("attach type={KIND} at={} id=risk", at.text())).num("next"), 3);
                expect(alerts, AlertKind::Resumed, "risk", back.pid());
                assert_eq!(back.ask("receive n=9 len=16").num("next"), 12);
                publishing.join().unwrap().unwrap();
                back.ask("close what=rx");
            });
            assert_eq!(stage.said(), []);
            let told = story(&at, "risk", ("risk", risk.pid()));
            assert_eq!(told[..2], ["attached risk", "died (on_death: wait, then shutdown) risk"]);
            assert!(told[2].starts_with("resumed "), "{told:?}");
        });
    }

    fn one_that_does_not_come_back_in_time_is_let_go_if_its_policy_says_so(arena) {
        for_each_kind!(arena, at, {
            let mut stage = Stage::<C>::new(at.location(), &[("risk", SLOW.on_death(wait(60 * MS, Loss::Evict)))]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            risk.kill();
            let since = Instant::now();
            stage.publish().unwrap();
            assert!(since.elapsed() >= 60 * MS);
            assert_eq!(stage.said(), [AlertKind::Died, AlertKind::Evicted]);
            let why = "(on_death: wait, then evict) risk";
            let told = ["attached risk", &format!("died {why}"), &format!("evicted {why}")];
            assert_eq!(story(&at, "risk", ("risk", risk.pid())), told);
        });
    }

    fn a_check_finds_a_death_before_anybody_is_in_the_way(arena) {
        for_each_kind!(arena, at, {
            let mut stage = Stage::<C>::new(at.location(), &[("risk", SLOW)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.publish().unwrap();
            stage.check().unwrap();
            assert_eq!(stage.said(), []);
            risk.kill();
            myelon_tests::process::wait_until("the check tells", || {
                stage.check().unwrap();
                stage.said() == [AlertKind::Died]
            });
            // Another policy by a successor: the check ends the stream.
            let kept = stage.next;
            C::detach(stage.tx);
            let policy = SLOW.on_death(OnDeath::At(Loss::Shutdown));
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            stage.next = kept;
            let Err(PublishError::RequiredLost(lost)) = stage.check() else { panic!("it goes on") };
            assert_eq!((lost.id.as_str(), lost.why, lost.lag), ("risk", LostWhy::Died, 1));
            assert!(matches!(stage.publish(), Err(PublishError::RequiredLost(_))), "also where there is room");
            let mut back = attach(arena, KIND, &at.text(), "risk");
            back.ask("receive n=1 len=16");
            drop(stage);
            back.leave();
        });
    }

    fn a_death_in_the_way_of_one_who_waits_for_events_to_be_read_is_found_too(arena) {
        for kind in crate::stage::KINDS {
            let at = arena.spot(kind).text();
            let mut tx = arena.peer();
            tx.ask(format!("create type={kind} at={at} required=risk death=shutdown"));
            let mut risk = attach(arena, kind, &at, "risk");
            tx.ask("publish n=2 len=16 form=value");
            tx.tell("ask-tx consumed=1");
            tx.is_silent_for(Duration::from_millis(20));
            risk.kill();
            tx.expect_error(&["RequiredLost", &format!("pid: {}", risk.pid()), "Died"]);
            let mut back = attach(arena, kind, &at, "risk");
            back.ask("receive n=2 len=16");
            tx.leave();
            back.leave();
        }
    }
}
