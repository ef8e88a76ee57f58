//! Building into slots of every length, with what was there before; and verifying what is no table.

use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use ::flatbuffers::WIPOffset;
use proptest::prelude::*;

use super::{Built, Family, Scratch, TableBuilder, has_root, root, verify};

#[rustfmt::skip]
#[path = "../../../testdata/bestiary_generated.rs"]
#[allow(warnings, missing_docs, missing_debug_implementations, clippy::all, clippy::pedantic, reason = "generated")]
#[allow(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block, clippy::unwrap_used, reason = "generated")]
#[allow(clippy::missing_safety_doc, clippy::indexing_slicing, clippy::allow_attributes_without_reason, reason = "generated")]
mod generated;

pub(crate) use generated::bestiary::{Colour, Monster, MonsterArgs, Place, Weapon, WeaponArgs};

pub(crate) enum Monsters {}

impl Family for Monsters {
    type Table<'a> = Monster<'a>;
}

/// What a monster is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) hp: i16,
    pub(crate) weapons: Vec<(String, i16)>,
    pub(crate) path: Vec<(f32, f64)>,
    pub(crate) raw: Vec<u8>,
    pub(crate) parents: usize,
}

pub(crate) fn model() -> impl Strategy<Value = Model> {
    let weapons = prop::collection::vec((".{0,9}", any::<i16>()), 0..5);
    let path = prop::collection::vec((-1e3_f32..1e3, -1e9..1e9), 0..5);
    let raw = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::collection::vec(any::<u8>(), 2000..4000)
    ];
    (".{0,20}", any::<i16>(), weapons, path, raw, 0_usize..4)
        .prop_map(|(name, hp, weapons, path, raw, parents)| Model { name, hp, weapons, path, raw, parents })
}

impl Model {
    /// Of which the message is about `len` bytes long.
    pub(crate) fn of_len(len: usize) -> Self {
        let name = "a monster".to_owned();
        Self { name, hp: 1, weapons: Vec::new(), path: Vec::new(), raw: vec![7; len], parents: 0 }
    }

    pub(crate) fn build<'b>(&self, fbb: &mut TableBuilder<'b>) -> WIPOffset<Monster<'b>> {
        self.generation(fbb, self.parents)
    }

    fn generation<'b>(&self, fbb: &mut TableBuilder<'b>, parents: usize) -> WIPOffset<Monster<'b>> {
        let parent = parents.checked_sub(1).map(|parents| self.generation(fbb, parents));
        let name = fbb.create_shared_string(&self.name);
        let mut weapons = Vec::new();
        for (name, damage) in &self.weapons {
            let name = fbb.create_shared_string(name);
            weapons.push(Weapon::create(fbb, &WeaponArgs { name: Some(name), damage: *damage }));
        }
        let weapons = fbb.create_vector(&weapons);
        let path: Vec<_> = self.path.iter().map(|(x, z)| Place::new(*x, 0.5, *z)).collect();
        let path = fbb.create_vector(&path);
        let raw = fbb.create_vector(&self.raw);
        let args = MonsterArgs {
            name: Some(name),
            hp: self.hp,
            seen_ns: 1 << 40,
            at: Some(&Place::new(1.0, 2.0, 3.0)),
            colour: Colour::Green,
            weapons: Some(weapons),
            path: Some(path),
            raw: Some(raw),
            parent,
            brood: None,
        };
        Monster::create(fbb, &args)
    }

    pub(crate) fn read(monster: Monster<'_>) -> Self {
        assert_eq!(monster.seen_ns(), 1 << 40);
        assert_eq!(monster.at(), Some(&Place::new(1.0, 2.0, 3.0)));
        assert_eq!(monster.colour(), Colour::Green);
        let weapons = monster.weapons().unwrap();
        let path = monster.path().unwrap();
        Self {
            name: monster.name().to_owned(),
            hp: monster.hp(),
            weapons: weapons
                .iter()
                .map(|weapon| (weapon.name().unwrap().to_owned(), weapon.damage()))
                .collect(),
            path: path.iter().map(|place| (place.x(), place.z())).collect(),
            raw: monster.raw().unwrap().bytes().to_vec(),
            parents: core::iter::successors(monster.parent(), Monster::parent).count(),
        }
    }
}

/// A slot as the ring lends it: its end aligned to 16 bytes, and full of what was there before.
pub(crate) struct Slot(Vec<u128>, usize);

impl Slot {
    pub(crate) fn new(len: usize) -> Self {
        Self(vec![u128::MAX / 3; len.div_ceil(16)], len)
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut self.0);
        let start = bytes.len() - self.1;
        &mut bytes[start..]
    }
}

const MAX: usize = 1 << 20;

/// Builds `model` and gives its bytes, wherever they came to lie.
pub(crate) fn built(scratch: &mut Scratch, slot: &mut [u8], model: &Model) -> Vec<u8> {
    match scratch.build::<Monsters>(slot, MAX, |fbb| model.build(fbb)) {
        Built::InSlot { head } => {
            assert_eq!(slot[head..].as_ptr().addr() % 16, 0);
            slot[head..].to_vec()
        }
        Built::Spilled => scratch.spilled().to_vec(),
        Built::TooLarge { len } => panic!("{len}"),
    }
}

/// What FlatBuffers makes of it with its own memory, as a whole aligned like a payload: ours is to be the same, byte for byte.
fn expected() -> Vec<u8> {
    let mut fbb = ::flatbuffers::FlatBufferBuilder::new();
    fbb.push(super::scratch::Aligned);
    let name = fbb.create_string("x");
    let raw = fbb.create_vector(&[9_u8; 700]);
    let root = Monster::create(
        &mut fbb,
        &MonsterArgs { name: Some(name), seen_ns: 1, raw: Some(raw), ..Default::default() },
    );
    fbb.finish_minimal(root);
    fbb.finished_data().to_vec()
}

fn read(bytes: &[u8]) -> Model {
    verify::<Monsters>(bytes).unwrap();
    // SAFETY: (1) verified.
    Model::read(unsafe { root::<Monsters>(bytes) })
}

#[test]
fn a_message_is_built_by_a_closure_that_needs_no_types() {
    let mut slot = Slot::new(4096);
    let built = Scratch::new().build::<Monsters>(slot.bytes(), MAX, |fbb| {
        let name = fbb.create_string("x");
        let raw = fbb.create_vector(&[9_u8; 700]);
        Monster::create(
            fbb,
            &MonsterArgs { name: Some(name), seen_ns: 1, raw: Some(raw), ..Default::default() },
        )
    });
    let Built::InSlot { head } = built else { panic!("{built:?}") };
    assert_eq!(slot.bytes()[head..], expected());
    assert_eq!(slot.bytes()[head..].as_ptr().addr() % 16, 0, "it begins as every payload does");
    let untouched = slot.bytes()[..head - 2048].iter().all(|byte| *byte == 0x55);
    assert!(untouched, "a slot is zeroed only as far as it is needed");
}

#[test]
fn a_slot_of_every_length_gives_the_same_message() {
    let model = Model { weapons: vec![("a".into(), 1), ("b".into(), 2)], parents: 2, ..Model::of_len(100) };
    let mut reused = Scratch::new();
    let whole = built(&mut reused, Slot::new(8192).bytes(), &model);
    assert_eq!(read(&whole), model);
    for len in 0..whole.len() + 20 {
        let mut slot = Slot::new(len);
        assert_eq!(built(&mut reused, slot.bytes(), &model), whole, "{len}");
        assert_eq!(built(&mut Scratch::new(), slot.bytes(), &model), whole, "{len}");
    }
}

proptest! {
    /// One after the other through one builder, in slots that are long enough or not.
    #[test]
    fn what_is_built_comes_back(messages in prop::collection::vec((model(), 0_usize..6000), 1..6)) {
        let mut scratch = Scratch::new();
        for (model, len) in messages {
            let bytes = built(&mut scratch, Slot::new(len).bytes(), &model);
            prop_assert_eq!(&read(&bytes), &model);
            prop_assert_eq!(&bytes, &built(&mut Scratch::new(), Slot::new(8192).bytes(), &model));
        }
    }

    #[test]
    fn what_is_cut_off_is_refused_or_a_table(model in model()) {
        let bytes = built(&mut Scratch::new(), &mut [], &model);
        for len in 0..bytes.len().min(600) {
            look_at(&bytes[..len]);
            prop_assert!(has_root(&bytes[..len.min(4)]).is_err());
        }
        prop_assert!(has_root(&bytes).is_ok());
    }

    #[test]
    fn bytes_that_are_anything_are_refused_or_a_table(
        model in model(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        noise: Vec<u8>,
    ) {
        let mut bytes = built(&mut Scratch::new(), &mut [], &model);
        for (at, to) in flips {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        look_at(&bytes);
        look_at(&noise);
        let _ = has_root(&noise);
    }
}

/// Reads everything of what passes for a monster.
fn look_at(bytes: &[u8]) {
    if verify::<Monsters>(bytes).is_ok() {
        // SAFETY: (1) verified.
        let monster = unsafe { root::<Monsters>(bytes) };
        assert!(!format!("{monster:?}").is_empty());
    }
}

#[test]
fn what_is_too_large_is_told_and_leaves_no_memory_behind() {
    let mut scratch = Scratch::new();
    let mut slot = Slot::new(1024);
    for (len, max) in [(5000, 4000), (900, 800)] {
        let model = Model::of_len(len);
        let built = scratch.build::<Monsters>(slot.bytes(), max, |fbb| model.build(fbb));
        assert!(matches!(built, Built::TooLarge { len: told } if told > len), "{built:?}");
        assert!(scratch.spilled().is_empty());
    }
    // The limit itself is allowed.
    let model = Model::of_len(5000);
    let len = built(&mut scratch, slot.bytes(), &model).len();
    assert_eq!(scratch.build::<Monsters>(slot.bytes(), len, |fbb| model.build(fbb)), Built::Spilled);
    assert_eq!(read(scratch.spilled()), model);
    let built = scratch.build::<Monsters>(slot.bytes(), len - 1, |fbb| model.build(fbb));
    assert_eq!(built, Built::TooLarge { len });
}

#[test]
fn a_closure_that_panics_leaves_nothing_for_the_next_message() {
    let mut scratch = Scratch::new();
    let mut slot = Slot::new(1024);
    for model in [Model::of_len(10), Model::of_len(5000)] {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            scratch.build::<Monsters>(slot.bytes(), MAX, |fbb| {
                fbb.force_defaults(true);
                model.build(fbb);
                fbb.start_table();
                panic!("on purpose")
            })
        }));
        assert!(panicked.is_err());
        assert!(scratch.spilled().is_empty());
        assert_eq!(read(&built(&mut scratch, slot.bytes(), &model)), model);
    }
}

#[test]
fn what_a_closure_sets_holds_for_its_message_only() {
    let mut scratch = Scratch::new();
    let mut slot = Slot::new(1024);
    let model = Model::of_len(10);
    let before = built(&mut scratch, slot.bytes(), &model);
    scratch.build::<Monsters>(slot.bytes(), MAX, |fbb| {
        fbb.force_defaults(true);
        model.build(fbb)
    });
    assert_eq!(built(&mut scratch, slot.bytes(), &model), before);
}

/// A few bytes can describe a tree of any size: each monster has the next one twice.
#[test]
fn a_message_that_is_much_work_for_its_length_is_refused() {
    let tree = |depth| {
        let mut scratch = Scratch::new();
        let built = scratch.build::<Monsters>(&mut [], MAX, |fbb| {
            let name = Some(fbb.create_string("x"));
            let mut monster = Monster::create(fbb, &MonsterArgs { name, ..Default::default() });
            for _ in 0..depth {
                let brood = Some(fbb.create_vector(&[monster, monster]));
                monster = Monster::create(fbb, &MonsterArgs { name, brood, ..Default::default() });
            }
            monster
        });
        assert_eq!(built, Built::Spilled);
        scratch.spilled().to_vec()
    };
    assert_eq!(verify::<Monsters>(&tree(3)), Ok(()));
    let bytes = tree(12);
    assert!(bytes.len() < 1000);
    assert!(::flatbuffers::root::<Monster<'_>>(&bytes).is_ok(), "a tree of 8191 monsters");
    let error = verify::<Monsters>(&bytes).unwrap_err();
    assert_eq!(error.what(), "is no table of its schema");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_scratch_can_go_to_another_thread() {
    fn is_send_and_sync<T: Send + Sync>(_: &T) {}
    let mut scratch = Scratch::new();
    is_send_and_sync(&scratch);
    let model = Model::of_len(10);
    let here = built(&mut scratch, &mut [], &model);
    let there = std::thread::spawn(move || built(&mut scratch, Slot::new(512).bytes(), &Model::of_len(10)));
    assert_eq!(there.join().unwrap(), here);
}
