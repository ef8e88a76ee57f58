//! Tables of flatbuffers, alone and as a kind of several.
#![deny(warnings)]

use myelon::Location;

#[rustfmt::skip]
#[allow(warnings)]
#[path = "../../myelon-runtime/testdata/bestiary_generated.rs"]
mod generated;

use generated::bestiary::{self, Monster, MonsterArgs};

#[myelon::channel(zero_copy = flatbuffers, capacity = "64 KiB")]
struct Monsters(Monster<'_>);

#[myelon::channel(capacity = "64 KiB")]
enum Zoo {
    Count(u64),
    #[zero_copy(flatbuffers)]
    Monster(bestiary::Monster<'_>),
}

fn main() {
    let at = Location::anonymous().unwrap();
    let mut tx = Monsters::create(&at).unwrap();
    let mut rx = Monsters::attach(&at, "reader").unwrap();
    tx.publish_with(|fbb| {
        let name = fbb.create_string("orc");
        Monster::create(fbb, &MonsterArgs { name: Some(name), hp: 80, ..Default::default() })
    })
    .unwrap();
    let lease = rx.recv().unwrap().unwrap();
    assert_eq!((lease.get().name(), lease.get().hp()), ("orc", 80));

    let at = Location::anonymous().unwrap();
    let mut tx = Zoo::create(&at).unwrap();
    let mut rx = Zoo::attach(&at, "reader").unwrap();
    tx.monster()
        .publish_with(|fbb| {
            let name = fbb.create_string("imp");
            Monster::create(fbb, &MonsterArgs { name: Some(name), hp: 7, ..Default::default() })
        })
        .unwrap();
    match rx.recv().unwrap().unwrap().get() {
        ZooRef::Monster(monster) => assert_eq!(monster.hp(), 7),
        ZooRef::Count(_) => unreachable!(),
    }
    drop(tx.count().publish(&1));
}
