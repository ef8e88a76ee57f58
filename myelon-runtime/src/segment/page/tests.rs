use core::mem::{MaybeUninit, offset_of};

use proptest::prelude::*;

use super::*;

/// A page of zeroes, as a new file has it.
#[allow(clippy::unnecessary_box_returns, reason = "the page is large")]
fn zeroed<T>() -> Box<T> {
    // SAFETY: every page type consists of atomic integers only, for which all zero is a valid value.
    Box::new(unsafe { MaybeUninit::zeroed().assume_init() })
}

#[test]
fn pages_fit_their_place_and_words_that_are_polled_have_lines_of_their_own() {
    assert!(size_of::<ConsumerPage>() <= 4096);
    assert!(size_of::<ProducerPage>() + 8 * 256 <= 4096, "256 consumers fit one producer page");
    assert_eq!(CONTROL_ENTRIES, 192);
    assert_eq!(align_of::<ControlPage>(), 64);
    assert_eq!((offset_of!(ControlPage, data), offset_of!(ControlPage, room)), (0, 64));
    let page = zeroed::<ProducerPage>();
    let start = core::ptr::from_ref(&*page).addr();
    assert_eq!(core::ptr::from_ref(page.published()).addr() - start, 0);
    assert_eq!(core::ptr::from_ref(page.closed_at()).addr() - start, 64);
    let page = zeroed::<ConsumerPage>();
    assert_eq!(core::ptr::from_ref(page.cursor()).addr() - core::ptr::from_ref(&*page).addr(), 0);
}

/// The drawing in the module `segment`; whatever changes here is another format version.
#[test]
fn everything_lies_where_the_drawing_says() {
    assert_eq!(PRODUCER_LAGS, 1920);
    assert_eq!(ProducerPage::PID_AT, 128);
    assert_eq!(offset_of!(ProducerPage, counters), 192);
    assert_eq!(offset_of!(ProducerPage, anchors), 320);
    assert_eq!(offset_of!(ProducerPage, app), 384);
    assert_eq!(offset_of!(ProducerPage, log), 896);
    assert_eq!(offset_of!(ConsumerPage, wait), 64);
    assert_eq!(offset_of!(ConsumerPage, id_len), 160);
    assert_eq!(offset_of!(ConsumerPage, counters), 256);
    assert_eq!(offset_of!(ConsumerPage, app), 384);
    assert_eq!(offset_of!(ConsumerPage, log), 896);
    assert_eq!(size_of::<ConsumerPage>() - offset_of!(ConsumerPage, log), 16 * 64);
    assert_eq!(size_of::<ConsumerPage>(), 1920);
}

#[test]
fn each_producer_has_its_epoch_and_detaching_is_remembered_until_the_next() {
    let page = zeroed::<ProducerPage>();
    page.begin();
    assert_eq!(page.closed_at().load(Ordering::Relaxed), u64::MAX);
    assert_eq!(page.enter(7), 1);
    assert_eq!((page.epoch(), page.death_policy()), (1, 7));
    assert!(!page.is_detached());
    page.detach();
    assert!(page.is_detached());
    assert_eq!(page.enter(8), 2);
    assert!(!page.is_detached());
    assert_eq!(page.identity().read().pid, Some(os::process::pid()));
}

#[test]
fn a_consumer_page_tells_its_id_until_it_is_forgotten() {
    let page = zeroed::<ConsumerPage>();
    assert_eq!(page.id(), None);
    let id = ConsumerId::new("Börse").unwrap();
    page.enter(&id);
    assert_eq!(page.id(), Some(id));
    page.forget_id();
    assert_eq!(page.id(), None);
}

#[test]
fn foreign_ids_and_pids_that_make_no_sense_are_nobody() {
    let page = zeroed::<ConsumerPage>();
    page.enter(&ConsumerId::new("risk").unwrap());
    page.id_len.store(65, Ordering::Relaxed);
    assert_eq!(page.id(), None);
    page.id_len.store(u64::MAX, Ordering::Relaxed);
    assert_eq!(page.id(), None);
    page.id_len.store(4, Ordering::Relaxed);
    page.id[0].store(u64::MAX, Ordering::Relaxed);
    assert_eq!(page.id(), None);
    page.identity().pid.store(u64::MAX, Ordering::Relaxed);
    assert_eq!(page.identity().read().pid, None);
}

#[test]
fn labels_are_cut_where_a_character_begins_and_shown_without_control_characters() {
    let page = zeroed::<ConsumerPage>();
    page.app[3].name(&format!("x{}", "ö".repeat(20)));
    assert_eq!(page.app[3].label(), format!("x{}", "ö".repeat(11)));
    page.app[3].name("a\u{1b}[31m");
    assert_eq!(page.app[3].label(), "a\u{fffd}[31m");
    assert_eq!(page.app[4].label(), "");
}

#[test]
fn an_id_has_1_to_64_bytes() {
    assert_eq!(ConsumerId::new(""), None);
    assert_eq!(ConsumerId::new(&"x".repeat(65)), None);
    assert_eq!(ConsumerId::new(&"x".repeat(64)).unwrap().as_str(), "x".repeat(64));
    assert_ne!(ConsumerId::new("a").unwrap().hash(), ConsumerId::new("b").unwrap().hash());
}

proptest! {
    #[test]
    fn any_bytes_in_an_id_are_an_id_or_nobody(bytes in any::<[u8; 32]>(), len in 0_usize..80) {
        let mut all = [0; 64];
        all[..32].copy_from_slice(&bytes);
        if let Some(id) = ConsumerId::of_bytes(all, len) {
            prop_assert_eq!(id.as_str().as_bytes(), &all[..len]);
            prop_assert_eq!(ConsumerId::new(id.as_str()), Some(id));
        }
    }
}
