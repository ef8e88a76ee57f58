use core::mem::MaybeUninit;
use core::time::Duration;
use std::time::SystemTime;

use proptest::prelude::*;

use super::log::{KEPT, Log};
use super::*;
use crate::sync::{AtomicU64, Ordering};

fn empty() -> Box<Log> {
    // SAFETY: a log consists of atomic integers only, for which all zero is a valid value.
    Box::new(unsafe { MaybeUninit::zeroed().assume_init() })
}

/// All words of a log, as anybody who maps it sees them.
fn words(log: &Log) -> &[AtomicU64; KEPT * 8] {
    const { assert!(size_of::<Log>() == KEPT * 64) };
    // SAFETY: a log is that many atomic words, one after the other.
    unsafe { &*core::ptr::from_ref(log).cast() }
}

fn note(sequence: u64) -> Note {
    let whom = Whom::Entry(3);
    Note { at: 5, what: LifecycleEvent::Died.into(), whom, pid: 77, sequence, label: Label::of("risk") }
}

fn sequences(log: &Log) -> Vec<u64> {
    log.notes().iter().map(|note| note.sequence).collect()
}

#[test]
fn the_last_sixteen_are_kept_in_order() {
    let log = empty();
    assert_eq!(log.notes(), []);
    for sequence in 0..40 {
        log.write(&note(sequence));
        let first = (sequence + 1).saturating_sub(KEPT as u64);
        assert_eq!(sequences(&log), (first..=sequence).collect::<Vec<_>>());
    }
    assert_eq!(log.notes()[0], note(24));
}

#[test]
fn a_record_whose_writer_died_in_it_is_passed_over_and_written_over() {
    let log = empty();
    (0..20).for_each(|sequence| log.write(&note(sequence)));
    // The next one, number 21, goes into slot 5: its number is gone, and some words are written.
    words(&log)[5 * 8].store(0, Ordering::Relaxed);
    words(&log)[5 * 8 + 3].store(99, Ordering::Relaxed);
    assert_eq!(sequences(&log), (5..20).collect::<Vec<_>>());
    log.write(&note(20));
    assert_eq!(sequences(&log), (5..21).collect::<Vec<_>>());
}

#[test]
fn numbers_that_nobody_counts_to_do_not_stop_the_log() {
    for number in [u64::MAX, 1 << 48, (1 << 48) + 7] {
        let log = empty();
        log.write(&note(1));
        words(&log)[7 * 8].store(number, Ordering::Relaxed);
        log.write(&note(2));
        log.write(&note(3));
        assert_eq!(sequences(&log), [2, 3]);
    }
}

#[test]
fn an_id_is_cut_where_a_character_begins_and_recognised() {
    let long = format!("x{}", "ö".repeat(20));
    let cut = Label::of(&long);
    assert!(cut.is_cut() && cut.fits(&long) && !cut.fits("x"));
    assert_eq!(cut.bytes(), format!("x{}", "ö".repeat(15)).as_bytes());
    let whole = Label::of("risk");
    assert!(!whole.is_cut() && whole.fits("risk") && !whole.fits("risky"));
    assert_eq!((whole.bytes(), Label::NONE.bytes()), (&b"risk"[..], &b""[..]));
}

#[test]
fn moments_are_told_in_utc() {
    let told = |seconds: u64, micros: u64| {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(micros);
        Utc(at).to_string()
    };
    assert_eq!(told(0, 0), "1970-01-01 00:00:00.000000 UTC");
    assert_eq!(told(951_782_399, 999_999), "2000-02-28 23:59:59.999999 UTC");
    assert_eq!(told(951_782_400, 0), "2000-02-29 00:00:00.000000 UTC");
    assert_eq!(told(951_868_800, 0), "2000-03-01 00:00:00.000000 UTC");
    assert_eq!(told(4_107_542_399, 0), "2100-02-28 23:59:59.000000 UTC");
    assert_eq!(told(4_107_542_400, 0), "2100-03-01 00:00:00.000000 UTC");
    assert_eq!(told(1_795_276_961, 5), "2026-11-21 16:02:41.000005 UTC");
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(Utc(before).to_string(), "before 1970");
}

fn record(seconds: u64, sequence: u64) -> LifecycleRecord {
    LifecycleRecord {
        at: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
        event: LifecycleEvent::Died,
        cause: None,
        who: Participant::Consumer { entry: 1, id: "risk".to_owned() },
        pid: Some(7),
        sequence,
        by: Participant::Producer,
    }
}

#[test]
fn pages_are_merged_by_time_and_each_stays_in_order_though_the_clock_was_set_back() {
    let pages = [vec![record(1, 0), record(9, 1), record(4, 2)], vec![record(5, 3), record(10, 4)], vec![]];
    let merged = History::merge(pages.into_iter());
    let order: Vec<_> = merged.records.iter().map(|record| record.sequence).collect();
    assert_eq!(order, [0, 3, 1, 2, 4]);
    assert_eq!((merged.of_consumer("risk").count(), merged.of_producer().count()), (5, 0));
}

#[test]
fn a_record_is_a_line() {
    let died = record(0, 12);
    let text = "1970-01-01 00:00:00.000000 UTC  consumer `risk` (pid 7) died at 12, says the producer";
    assert_eq!(died.to_string(), text);
    let own = LifecycleRecord { by: died.who.clone(), pid: None, ..died };
    assert_eq!(own.to_string(), "1970-01-01 00:00:00.000000 UTC  consumer `risk` died at 12");
    let why = LifecycleRecord { cause: Some(LifecycleCause::DeathWaitEvict), ..own };
    let text = "1970-01-01 00:00:00.000000 UTC  consumer `risk` died at 12 (on_death: wait, then evict)";
    assert_eq!(why.to_string(), text);
    let nobody = Participant::Consumer { entry: 4, id: String::new() };
    assert_eq!(nobody.to_string(), "consumer in entry 4");
}

#[test]
fn events_have_numbers_of_their_own() {
    for event in LifecycleEvent::ALL {
        assert_eq!(LifecycleEvent::of_code(event.code()), Some(event));
    }
    assert_eq!((LifecycleEvent::of_code(0), LifecycleEvent::of_code(11)), (None, None));
    for cause in LifecycleCause::ALL {
        assert_eq!(LifecycleCause::of_code(cause.code()), Some(cause));
        assert!((1..16).contains(&cause.code()), "four bits");
    }
    assert_eq!((LifecycleCause::of_code(0), LifecycleCause::of_code(12)), (None, None));
}

#[test]
fn a_cause_that_a_reader_does_not_know_costs_nothing_else() {
    let mut words = note(7).encode();
    words[1] |= 15 << 4;
    assert_eq!(Note::decode(words), Some(note(7)));
}

#[test]
fn the_same_that_somebody_else_explains_is_the_same() {
    let died = note(7);
    let explained = Note { what: LifecycleEvent::Died.by(LifecycleCause::DeathWait), at: 9, ..died };
    assert!(explained.repeats(&died) && died.repeats(&explained));
    assert!(!died.repeats(&Note { what: LifecycleEvent::Left.into(), ..died }));
}

proptest! {
    #[test]
    fn what_is_noted_is_read(
        at in any::<u64>(), event in 0_usize..10, cause in proptest::option::of(0_usize..11), entry in proptest::option::of(0_u32..4096),
        pid in any::<u32>(), sequence in any::<u64>(), id in "\\PC{0,20}",
    ) {
        let what = What { event: LifecycleEvent::ALL[event], cause: cause.map(|cause| LifecycleCause::ALL[cause]) };
        let whom = entry.map_or(Whom::Producer, Whom::Entry);
        let note = Note { at, what, whom, pid, sequence, label: Label::of(&id) };
        prop_assert_eq!(Note::decode(note.encode()), Some(note));
    }

    /// Whatever the words hold: at most sixteen records, and the log goes on.
    #[test]
    fn any_words_are_records_or_none(found in proptest::collection::vec(any::<u64>(), KEPT * 8), small in any::<bool>()) {
        let log = empty();
        for (index, (word, value)) in words(&log).iter().zip(found).enumerate() {
            // Numbers and kinds that could be.
            let value = if small && index % 8 < 3 { value % 64 } else { value };
            word.store(value, Ordering::Relaxed);
        }
        prop_assert!(log.notes().len() <= KEPT);
        for sequence in 0..KEPT as u64 {
            log.write(&note(sequence));
            prop_assert_eq!(log.notes().pop(), Some(note(sequence)));
        }
        prop_assert_eq!(sequences(&log), (0..KEPT as u64).collect::<Vec<_>>());
    }

    /// One word that somebody scribbled over costs at most the record that it belongs to, unless it is a number.
    #[test]
    fn one_wrong_word_is_one_wrong_record(at in 0..KEPT, word in 1_usize..8, value in any::<u64>()) {
        let log = empty();
        (0..KEPT as u64).for_each(|sequence| log.write(&note(sequence)));
        words(&log)[at * 8 + word].store(value, Ordering::Relaxed);
        // The first record is number 1.
        let hurt = (at as u64 + KEPT as u64 - 1) % KEPT as u64;
        let found = log.notes();
        for sequence in (0..KEPT as u64).filter(|sequence| *sequence != hurt) {
            prop_assert!(found.contains(&note(sequence)));
        }
    }
}
