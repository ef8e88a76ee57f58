//! Mistakes that are planted into the accounts, one by one: each is found.

use myelon_tests::journal::{Journal, Word};

use super::{Began, Ended, Eviction, Span, agree, seam, succession};

/// A journal of one who handled these, and then has come to `to`.
fn journal(handled: impl IntoIterator<Item = u64>, to: u64) -> Journal {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal"), 10_000);
    handled.into_iter().for_each(|sequence| journal.handle(sequence));
    journal.set(Word::Handled, to);
    journal
}

fn audit(journal: Journal, ended: Ended, is_lossy: bool) -> Result<Span, String> {
    Span::audit(journal, 10, ended, is_lossy, |sequence| sequence == 15)
}

fn span(ended: Ended, in_hand: u64) -> Span {
    let journal = journal(10..20, 20);
    journal.set(Word::InHand, in_hand);
    audit(journal, ended, false).unwrap()
}

#[track_caller]
fn is_told<T: core::fmt::Debug>(outcome: Result<T, String>, part: &str) {
    let told = outcome.unwrap_err();
    assert!(told.contains(part), "{told}");
}

#[test]
fn whole_accounts_are_right() {
    let span = audit(journal(10..20, 20), Ended::Left, false).unwrap();
    assert_eq!((span.to, span.seen, span.missed, span.lost.len()), (20, 10, 0, 0));
    assert_eq!(audit(journal([], 10), Ended::Drained, false).unwrap().seen, 0);
}

#[test]
fn one_that_is_lost_is_found() {
    for lost in [10, 14, 19] {
        let handled = (10..20).filter(|sequence| *sequence != lost);
        is_told(
            audit(journal(handled, 20), Ended::Killed, false),
            &format!("event {lost} of 10..20 is lost"),
        );
        let handled = (10..20).filter(|sequence| *sequence != lost);
        is_told(audit(journal(handled, 20), Ended::Left, true), "without a word");
    }
}

#[test]
fn one_that_comes_twice_is_found() {
    is_told(audit(journal((10..20).chain([12]), 20), Ended::Left, false), "event 12 of 10..20 came 2 times");
    is_told(audit(journal((10..20).chain([12]), 20), Ended::Left, true), "came 2 times");
}

#[test]
fn one_that_is_torn_is_found() {
    let journal = journal(10..20, 20);
    journal.set(Word::Torn, 13);
    is_told(audit(journal, Ended::Left, true), "event 12 was torn");
}

#[test]
fn one_that_nobody_should_have_is_found() {
    is_told(audit(journal(9..20, 20), Ended::Killed, false), "event 9 is in the journal");
    is_told(audit(journal(10..21, 20), Ended::Left, false), "event 20 is in the journal");
    // A kill may come between the two.
    audit(journal(10..21, 20), Ended::Killed, false).unwrap();
    is_told(audit(journal(10..22, 20), Ended::Killed, false), "event 21 is in the journal");
    is_told(audit(journal([], 3), Ended::Left, false), "came to 3");
}

#[test]
fn only_what_was_cut_may_be_told_as_lost_and_to_everybody() {
    let lose = |lost: u64| {
        let journal = journal((10..20).filter(|sequence| *sequence != lost), 20);
        journal.lose(lost);
        journal.set(Word::Handled, 20);
        journal
    };
    let cut = audit(lose(15), Ended::Left, false).unwrap();
    assert_eq!((cut.seen, cut.lost.as_slice()), (9, [15].as_slice()));
    assert_eq!(agree(&[("a", &cut), ("b", &cut)]).unwrap(), 1);
    is_told(agree(&[("a", &cut), ("b", &span(Ended::Left, 1))]), "message 15 was whole for b");
    // The one that it resumed in.
    assert_eq!(audit(lose(10), Ended::Left, false).unwrap().lost, [10]);
    is_told(audit(lose(16), Ended::Left, false), "event 16 of 10..20 was told as lost for no reason");
    // A lossy one may lose anything.
    let lossy = audit(lose(16), Ended::Left, true).unwrap();
    assert_eq!((lossy.seen, lossy.missed), (9, 1));
    let both = lose(16);
    both.handle(16);
    both.set(Word::Handled, 20);
    is_told(audit(both, Ended::Left, true), "came 1 times and told as lost");
}

#[test]
fn a_gap_or_too_much_again_between_two_incarnations_is_found() {
    let killed = span(Ended::Killed, 4);
    for from in 16..=20 {
        seam(Some(&killed), Began::Resumed, from, true).unwrap();
    }
    is_told(seam(Some(&killed), Began::Resumed, 21, true), "20..21 are lost");
    is_told(seam(Some(&killed), Began::Resumed, 15, false), "15..20 come twice, and 4 were in hand");
    let left = span(Ended::Left, 4);
    seam(Some(&left), Began::Resumed, 20, false).unwrap();
    is_told(seam(Some(&left), Began::Resumed, 19, false), "19..20 come twice");
    seam(None, Began::New, 0, true).unwrap();
    seam(None, Began::New, 5, false).unwrap();
    is_told(seam(None, Began::New, 5, true), "0..5 are lost of one who is required");
}

#[test]
fn an_eviction_has_to_say_what_is_true() {
    let text = "Evicted { id: \"a\", at: 18, missed: 30, last: [..] } | ..";
    let eviction = Eviction::read(text).unwrap();
    assert_eq!((eviction.at, eviction.missed), (18, 30));
    let killed = span(Ended::Killed, 4);
    eviction.is_right(&killed, 48).unwrap();
    is_told(eviction.is_right(&killed, 47), "began at 47");
    is_told(Eviction { at: 21, ..eviction }.is_right(&killed, 100), "20..21 are lost");
}

#[test]
fn a_successor_goes_on_between_what_was_published_and_what_was_tried() {
    for next in 5..=8 {
        succession(5, 8, next).unwrap();
    }
    is_told(succession(5, 8, 4), "4..5 was published and is lost");
    is_told(succession(5, 8, 9), "8..9 was never published");
    succession(5, 3, 5).unwrap();
}
