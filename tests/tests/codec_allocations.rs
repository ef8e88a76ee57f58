//! Messages read in place cost no heap memory, on either side. A file of its own: it counts what its process allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use myelon::codec::{Built, Family, Rkyv, Scratch, ZeroCopy};
use myelon::rkyv::{Archive, Archived, Serialize};
use myelon_tests::schema::{Monster, MonsterArgs, Place};

/// The system's allocator, counting what each thread asks for.
struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as promised by the caller.
        unsafe { System.realloc(memory, layout, len) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations `run` makes.
fn allocations(run: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    run();
    COUNT.get() - before
}

#[derive(Archive, Serialize)]
#[rkyv(crate = myelon::rkyv)]
struct Book {
    venue: String,
    levels: Vec<(f64, u32)>,
    notes: Vec<String>,
    names: Vec<Option<Box<str>>>,
}

fn book() -> Book {
    Book {
        venue: "a venue whose name does not fit into its pointer".into(),
        levels: (0..200).map(|at| (f64::from(at), at)).collect(),
        notes: (0..100).map(|at| format!("note number {at}, longer than a pointer")).collect(),
        names: vec![Some("a name that is long enough".into()), None],
    }
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(7)))), 1);
}

#[test]
fn rkyv_allocates_nothing_for_a_message_on_either_side() {
    let book = book();
    let mut memory = vec![0_u128; 4096];
    let out: &mut [u8] = bytemuck::cast_slice_mut(&mut memory);
    let mut message = || {
        let len = Rkyv::encode(&book, out).unwrap();
        // Too little room at first is no error, and does not cost memory either.
        assert!(Rkyv::encode(&book, &mut out[..len - 1]).is_err());
        let len = Rkyv::encode(&book, out).unwrap();
        let seen: &Archived<Book> = <Rkyv as ZeroCopy<Book>>::view(&out[..len]).unwrap();
        assert_eq!(seen.notes.len(), 100);
    };
    // The first messages bring this thread's scratch memory to its size.
    message();
    message();
    assert_eq!(allocations(|| (0..100).for_each(|_| message())), 0);
}

#[myelon::channel(zero_copy = rkyv, capacity = "1 MiB")]
struct Books(Book);

/// The whole way through a channel: both ends are in this thread, so that both are counted.
#[test]
fn a_message_costs_no_memory_on_its_way_through_a_channel() {
    let at = myelon::Location::anonymous().unwrap();
    let mut tx = Books::create(&at).unwrap();
    let mut rx = Books::attach(&at, "reader").unwrap();
    let book = book();
    let mut message = || {
        tx.publish(&book).unwrap();
        let seen = rx.recv().unwrap().unwrap();
        assert_eq!(seen.levels.len(), 200);
    };
    // Until both ends know how long such a message is, and the ring was gone through once.
    (0..500).for_each(|_| message());
    assert_eq!(allocations(|| (0..500).for_each(|_| message())), 0);
}

#[myelon::channel(capacity = "64 KiB")]
struct Log([u8]);

#[myelon::channel(codec = pod, capacity = "64 KiB")]
struct Bars([u64]);

/// Owned values that are received into the same `Vec`: it grows to the longest message, and that is all.
#[test]
fn what_is_received_into_a_value_uses_its_memory_again() {
    let at = myelon::Location::anonymous().unwrap();
    let mut tx = Log::create(&at).unwrap();
    let mut rx = Log::attach(&at, "reader").unwrap();
    let mut line = Vec::with_capacity(1000);
    let mut lines = |lens: core::ops::Range<usize>| {
        for len in lens {
            tx.publish(&[7; 1000][..len]).unwrap();
            rx.recv_into(&mut line).unwrap().unwrap();
            assert_eq!(line, [7; 1000][..len]);
        }
    };
    lines(0..100);
    assert_eq!(allocations(|| lines(0..1000)), 0);

    let at = myelon::Location::anonymous().unwrap();
    let mut tx = Bars::create(&at).unwrap();
    let mut rx = Bars::attach(&at, "reader").unwrap();
    let mut bars = vec![1, 2, 3];
    let mut message = |len: usize| {
        tx.publish(&[9; 50][..len]).unwrap();
        rx.recv_into(&mut bars).unwrap().unwrap();
        assert_eq!(bars, [9; 50][..len]);
    };
    message(50);
    assert_eq!(allocations(|| (0..50).for_each(&mut message)), 0);
}

#[myelon::channel(capacity = "1 MiB", timestamps = true)]
enum Feed {
    Number(u64),
    #[codec(pod)]
    Numbers([u64]),
    Line([u8]),
    #[zero_copy(rkyv)]
    Book(Book),
    #[zero_copy(flatbuffers)]
    Monster(Monster<'_>),
}

/// Each kind in every form, in one record or in fragments, over and over: nothing but what is kept from one to the next.
#[test]
fn no_kind_of_message_that_is_read_in_place_costs_memory_in_any_form() {
    let at = myelon::Location::anonymous().unwrap();
    let mut tx = Feed::create(&at).unwrap();
    let mut rx = Feed::attach(&at, "reader").unwrap();
    let (book, long) = (book(), vec![7; 300_000]);
    assert!(long.len() > tx.max_record());
    let mut round = || {
        tx.number().publish(&1).unwrap();
        tx.numbers().publish(&[1, 2, 3]).unwrap();
        tx.line().publish_slice(&[b"one".as_slice(), b"two"]).unwrap();
        tx.line().publish_with(9, |bytes| bytes.fill(1)).unwrap();
        tx.line().claim(100).unwrap().commit(1).unwrap();
        tx.book().publish(&book).unwrap();
        tx.monster()
            .publish_with(|fbb| {
                let name = Some(fbb.create_string("orc"));
                Monster::create(fbb, &MonsterArgs { name, ..Default::default() })
            })
            .unwrap();
        assert_eq!(rx.drain(|_, _| ()).unwrap(), 8);
        tx.line().publish(&long).unwrap();
        drop(rx.recv().unwrap());
        tx.line().publish_batch(3, |_| b"three".as_slice()).unwrap();
        let mut batch = rx.batch().unwrap().unwrap();
        while batch.next().is_some() {}
    };
    // Until both ends know how long each is, and the ring was gone through.
    (0..20).for_each(|_| round());
    assert_eq!(allocations(|| (0..200).for_each(|_| round())), 0);
}

#[myelon::channel(capacity = "64 KiB", owned = true)]
enum Story {
    Line([u8]),
    #[codec(pod)]
    Bars([u64]),
}

#[test]
fn what_is_received_into_a_value_of_the_same_kind_uses_its_memory_again() {
    let at = myelon::Location::anonymous().unwrap();
    let mut tx = Story::create(&at).unwrap();
    let mut rx = Story::attach(&at, "reader").unwrap();
    let mut story = StoryOwned::Bars(vec![1]);
    let mut message = |len: usize| {
        tx.line().publish(&[7; 1000][..len]).unwrap();
        rx.recv_into(&mut story).unwrap().unwrap();
        assert!(matches!(&story, StoryOwned::Line(line) if *line == [7; 1000][..len]));
    };
    message(1000);
    assert_eq!(allocations(|| (0..1000).for_each(&mut message)), 0);
    // One of another kind takes its place, and is right as well.
    tx.bars().publish(&[3, 4]).unwrap();
    rx.recv_into(&mut story).unwrap().unwrap();
    assert!(matches!(&story, StoryOwned::Bars(bars) if *bars == [3, 4]));
}

enum Monsters {}

impl Family for Monsters {
    type Table<'a> = Monster<'a>;
}

#[test]
fn flatbuffers_allocates_nothing_for_a_message_that_fits_its_slot() {
    let path: Vec<_> = (0..100_u8).map(|at| Place::new(f32::from(at), 0.0, 1.0)).collect();
    let mut memory = vec![0_u128; 4096];
    let out: &mut [u8] = bytemuck::cast_slice_mut(&mut memory);
    let mut scratch = Scratch::new();
    let mut message = |len| {
        let built = scratch.build::<Monsters>(&mut out[..len], 1 << 20, |fbb| {
            let name = fbb.create_shared_string("a monster");
            let mut parent = Monster::create(fbb, &MonsterArgs { name: Some(name), ..Default::default() });
            for hp in 0..10 {
                let path = fbb.create_vector(&path);
                let args = MonsterArgs {
                    name: Some(name),
                    hp,
                    path: Some(path),
                    parent: Some(parent),
                    ..Default::default()
                };
                parent = Monster::create(fbb, &args);
            }
            parent
        });
        assert_eq!(matches!(built, Built::InSlot { .. }), len > 4096);
    };
    message(65536);
    assert_eq!(allocations(|| (0..100).for_each(|_| message(65536))), 0);
    // What does not fit allocates a little, and keeps the longest part of it.
    message(4096);
    assert!(allocations(|| message(4096)) < 20);
    message(65536);
    assert_eq!(allocations(|| message(65536)), 0);
}
