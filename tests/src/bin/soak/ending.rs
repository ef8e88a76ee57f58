//! How a channel ends, and that everybody sees the same end.

use std::time::Instant;

use crate::act::{Act, required};
use crate::ledger::succession;
use crate::member::{Left, Role, State};
use crate::scene::{Scene, next_in, sure};
use crate::script::Ending;

impl Act<'_> {
    /// Ends the channel. Everybody is there.
    pub(crate) fn end(&mut self) {
        self.scene.log.note(format!("the end: {:?}", self.scene.script.ending));
        let end = match self.scene.script.ending {
            Ending::Closed => self.close(),
            Ending::Superseded => self.supersede(),
            Ending::RequiredLost => self.lose_required(),
        };
        for member in &self.members {
            let to = member.spans.last().map(|span| span.to);
            assert_eq!(to, Some(end), "{} did not see the end", member.id);
        }
        self.totals.published += end;
    }

    fn close(&mut self) -> u64 {
        let end = self.chief.halt(&mut self.scene);
        self.chief.finish("close");
        for member in &mut self.members {
            member.drained(end, &mut self.scene);
        }
        end
    }

    /// The producer dies, and the next one wants a channel of its own.
    fn supersede(&mut self) -> u64 {
        self.chief.kill(&mut self.scene);
        let (done, tried) = (self.chief.published(), self.chief.tried());
        let create = format!("{} fresh", self.create());
        let mut next = Scene::helper();
        assert_eq!(next.ask(create).num("next"), 0);
        let mut ends = Vec::new();
        for member in &mut self.members {
            ends.push(member.was_told(&["Superseded"], &mut self.scene));
        }
        let end = ends[0];
        sure("the end", succession(done, tried, end));
        assert!(ends.iter().all(|other| *other == end), "they see different ends: {ends:?}");
        // The new one begins as if there had not been another.
        let kind = self.scene.script.kind;
        next.ask("publish n=3 form=value len=9");
        for id in required(&self.members) {
            let mut rx = Scene::helper();
            assert_eq!(rx.ask(format!("attach type={kind} at={} id={id}", self.scene.at)).num("next"), 0);
            assert_eq!(rx.ask("receive n=3 len=9").num("next"), 3);
            rx.leave();
        }
        next.ask("close");
        next.leave();
        end
    }

    /// A required consumer dies, and its producer was told that there is to be no stream without it.
    fn lose_required(&mut self) -> u64 {
        self.chief.detach(&mut self.scene);
        let create = self.scene.script.create_with(&self.scene.at, &required(&self.members), "shutdown");
        self.chief.rise(&mut self.scene, &create);
        let lost = self.members.iter().position(|member| member.role == Role::Required).unwrap();
        self.members[lost].kill(&mut self.scene);
        let id = self.members[lost].id;
        let told = self.chief.peer().expect_error(&["RequiredLost", id]);
        let (end, tried) = (next_in(&told), self.chief.tried());
        self.scene.cut(end, tried);
        self.scene.log.note(format!("the producer was told that {id} is lost, and ends at {end}"));
        self.chief.finish("drop");
        for member in self.members.iter_mut().filter(|member| member.state != State::Away(Left::Killed)) {
            assert_eq!(member.was_told(&["RequiredLost", id], &mut self.scene), end, "{}", member.id);
        }
        // It may come back for the rest.
        self.members[lost].back = Instant::now();
        self.members[lost].join(&mut self.scene);
        assert_eq!(self.members[lost].was_told(&["RequiredLost", id], &mut self.scene), end);
        end
    }
}
