//! Alive, and not moving: told once, cleared when it is over, and what follows if it is not.

use core::time::Duration;

use myelon::{AlertKind, Loss, LostWhy, OnDeath, OnFailure, PublishError, Required};
use myelon_tests::over_every_location;
use myelon_tests::process::wait_until;

use crate::for_each_kind;
use crate::stage::{KINDS, Stage, attach, capacity, expect, story};

const MS: Duration = Duration::from_millis(1);
const STALL: Required = Required::DEFAULT.stall(Duration::from_millis(60)).check(Duration::from_millis(5));

over_every_location! {
    fn a_stopped_one_is_told_and_when_it_goes_on_so_is_that(arena) {
        for_each_kind!(arena, at, {
            let policy = STALL.grace(Duration::from_secs(60)).on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            assert_eq!(stage.fill(), 8);
            risk.stop();
            let pid = risk.pid();
            std::thread::scope(|scope| {
                let Stage { tx, next, alerts } = &mut stage;
                let publishing = scope.spawn(move || <C as crate::stage::Act>::publish(tx, *next));
                let alert = expect(alerts, AlertKind::Stalled, "risk", pid);
                assert_eq!(alert.lag, 8);
                assert!(alert.stalled_for >= 60 * MS, "{alert}");
                risk.tell("receive n=3 len=16 form=lease");
                risk.cont();
                let alert = expect(alerts, AlertKind::Recovered, "risk", pid);
                assert!(alert.stalled_for >= 60 * MS, "{alert}");
                publishing.join().unwrap().unwrap();
            });
            stage.next += 1;
            assert_eq!(stage.said(), [], "each once");
            assert_eq!(story(&at, "risk", ("risk", pid)), ["attached risk", "stalled risk", "recovered risk"]);
            assert_eq!(risk.expect().num("next"), 3);
            assert_eq!(stage.fill(), 2);
            drop(stage);
            assert_eq!(risk.ask("receive len=16").num("next"), 11);
            risk.leave();
        });
    }

    fn one_that_does_not_recover_ends_the_stream_and_everybody_is_told_who_it_was(arena) {
        for_each_kind!(arena, at, {
            let policy = STALL.grace(30 * MS).on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy), ("journal", Required::DEFAULT)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            let mut journal = attach(arena, KIND, &at.text(), "journal");
            let mut stranger = attach(arena, KIND, &at.text(), "stranger");
            stage.fill();
            journal.ask("receive n=2 len=16 form=lease");
            stranger.ask("receive n=8 len=16");
            stranger.tell("receive len=16");
            risk.stop();
            let error = stage.publish().unwrap_err();
            let PublishError::RequiredLost(lost) = &error else { panic!("{error:?}") };
            assert_eq!((lost.id.as_str(), lost.pid, lost.why), ("risk", risk.pid(), LostWhy::Stalled));
            assert_eq!((lost.at, lost.lag), (0, 8));
            assert!(lost.idle >= 90 * MS, "{lost}");
            assert_eq!(stage.said(), [AlertKind::Stalled]);
            assert_eq!(story(&at, "risk", ("risk", risk.pid())), ["attached risk", "stalled risk"]);
            let own = story(&at, "producer", ("tx", std::process::id()));
            assert_eq!(own, ["attached tx", "closed (on_failure: shutdown) tx"]);
            assert_eq!(stage.publish().unwrap_err(), error, "and so does every other publish");
            assert_eq!(stage.check().unwrap_err(), error);
            // A sleeping one at once, one that is behind after it drained what there is.
            let named = ["RequiredLost", "`risk`", &format!("pid {}", risk.pid()), "stalled"];
            stranger.expect_error(&named);
            assert_eq!(journal.ask("receive n=6 len=16").num("next"), 8);
            for form in ["form=lease", "form=drain limit=try", "form=batch limit=within:60000"] {
                journal.refuse(format!("receive len=16 {form}"), &named);
            }
            // And the one itself, whenever it goes on: what it holds was not touched.
            risk.cont();
            assert_eq!(risk.ask("receive n=8 len=16").num("next"), 8);
            risk.refuse("receive len=16", &named);
            drop(stage);
            for mut rx in [risk, journal, stranger] {
                rx.leave();
            }
        });
    }

    fn after_a_shutdown_the_name_can_be_created_at_once(arena) {
        if arena.backend() == myelon_tests::Backend::Anonymous {
            // Memory without a name can not be given another channel.
            return;
        }
        for_each_kind!(arena, at, {
            let policy = STALL.on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            risk.stop();
            assert!(matches!(stage.publish(), Err(PublishError::RequiredLost(_))));
            drop(stage);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            assert_eq!((stage.next, stage.fill()), (0, 8));
            let mut again = attach(arena, KIND, &at.text(), "risk");
            assert_eq!(again.ask("receive n=8 len=16").num("next"), 8);
            drop(stage);
            risk.cont();
            assert_eq!(risk.ask("receive n=8 len=16").num("next"), 8);
            risk.refuse("receive len=16", &["RequiredLost", "`risk`"]);
            for mut rx in [risk, again] {
                rx.leave();
            }
        });
    }

    fn block_says_it_again_and_alert_only_does_not(arena) {
        for_each_kind!(arena, at, {
            for (name, on_failure) in [("again", OnFailure::Block), ("once", OnFailure::AlertOnly)] {
                let at = arena.spot(&format!("{KIND}{name}"));
                let mut stage = Stage::<C>::new(at.location(), &[("risk", STALL.on_failure(on_failure))]);
                let mut risk = attach(arena, KIND, &at.text(), "risk");
                stage.fill();
                risk.stop();
                let pid = risk.pid();
                std::thread::scope(|scope| {
                    let Stage { tx, next, alerts } = &mut stage;
                    let publishing = scope.spawn(move || <C as crate::stage::Act>::publish(tx, *next));
                    expect(alerts, AlertKind::Stalled, "risk", pid);
                    match on_failure {
                        OnFailure::Block => {
                            let alert = expect(alerts, AlertKind::Stalled, "risk", pid);
                            assert!(alert.stalled_for >= 120 * MS, "{alert}");
                        }
                        _ => assert!(alerts.recv_timeout(300 * MS).is_err(), "once"),
                    }
                    assert!(!publishing.is_finished());
                    risk.tell("receive n=9 len=16");
                    risk.cont();
                    publishing.join().unwrap().unwrap();
                });
                drop(stage);
                risk.expect();
                risk.leave();
            }
            // Not used by this one.
            let _ = at;
        });
    }

    fn nobody_is_looked_after_while_there_is_room(arena) {
        for_each_kind!(arena, at, {
            let policy = STALL.on_failure(OnFailure::Shutdown).on_death(OnDeath::At(Loss::Evict));
            let mut stage = Stage::<C>::new(at.location(), &[("stopped", policy), ("dead", policy)]);
            let mut stopped = attach(arena, KIND, &at.text(), "stopped");
            let mut dead = attach(arena, KIND, &at.text(), "dead");
            let (stopped_pid, dead_pid) = (stopped.pid(), dead.pid());
            stage.publish().unwrap();
            stopped.stop();
            dead.kill();
            // For much longer than a stall takes, and a check.
            for _ in 0..6 {
                stopped.is_silent_for(30 * MS);
                stage.publish().unwrap();
            }
            assert_eq!(stage.said(), []);
            assert_eq!(story(&at, "dead", ("dead", dead_pid)), ["attached dead"]);
            // Who asks is told of the death; that one stands still is nobody's business yet.
            let mut said = Vec::new();
            wait_until("the check tells", || {
                stage.check().unwrap();
                said.extend(stage.said());
                said.len() >= 2
            });
            stopped.is_silent_for(80 * MS);
            stage.check().unwrap();
            said.extend(stage.said());
            assert_eq!(said, [AlertKind::Died, AlertKind::Evicted]);
            assert_eq!(story(&at, "stopped", ("stopped", stopped_pid)), ["attached stopped"]);
            stopped.cont();
            drop(stage);
            assert_eq!(stopped.ask("receive len=16").num("next"), 7);
            stopped.leave();
        });
    }

    fn a_producer_that_was_stopped_itself_gives_everybody_the_whole_grace(arena) {
        for kind in KINDS {
            let at = arena.spot(kind).text();
            let (mut tx, cap) = (arena.peer(), capacity(kind));
            let terms = "required=risk stall=40 grace=60000 check=5 failure=shutdown";
            tx.ask(format!("create type={kind} at={at} cap={cap} {terms}"));
            let mut risk = attach(arena, kind, &at, "risk");
            tx.ask("publish n=8 len=16 form=value limit=try");
            tx.tell("publish n=1 len=16 form=value");
            tx.is_silent_for(10 * MS);
            tx.stop();
            risk.is_silent_for(120 * MS);
            tx.cont();
            // Nor does it print what it has to tell: that would be an answer here.
            tx.is_silent_for(80 * MS);
            risk.ask("receive n=1 len=16 form=lease");
            assert_eq!(tx.expect().num("next"), 9);
            tx.leave();
            assert_eq!(risk.ask("receive len=16").num("next"), 9);
            risk.leave();
        }
    }

    fn one_that_is_slow_but_moves_never_stalls(arena) {
        for_each_kind!(arena, at, {
            let policy = Required::DEFAULT.stall(Duration::from_secs(20)).check(MS).on_failure(OnFailure::Shutdown);
            let mut stage = Stage::<C>::new(at.location(), &[("risk", policy)]);
            let mut risk = attach(arena, KIND, &at.text(), "risk");
            stage.fill();
            for _ in 0..20 {
                risk.tell("receive n=1 len=16 form=lease");
                stage.publish().unwrap();
                risk.expect();
            }
            assert_eq!(stage.said(), []);
            drop(stage);
            risk.ask("receive len=16");
            risk.leave();
        });
    }
}
