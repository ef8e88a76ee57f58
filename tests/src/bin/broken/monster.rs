//! Tables that are none: a builder writes whatever offsets it is given.

use flatbuffers::WIPOffset;
use myelon::codec::TableBuilder;
use myelon_tests::channels::mix;
use myelon_tests::messages::put;
use myelon_tests::messages::spoilt::is_spoilt;
use myelon_tests::schema::{Monster, MonsterArgs};

/// How deep tables are nested in what is refused for that: consumers go 64 deep.
const DEEP: usize = 100;

/// The monster of a number, or one that no consumer takes for a monster.
pub(super) fn build<'b>(fbb: &mut TableBuilder<'b>, sequence: u64, size: u64) -> WIPOffset<Monster<'b>> {
    if !is_spoilt(sequence) {
        return put::build(fbb, sequence, size);
    }
    match mix(!sequence) % 6 {
        // A root that lies outside.
        0 => {
            fbb.create_string("what lies inside");
            WIPOffset::new(0)
        }
        // Without a name, which the schema requires.
        1 => {
            let table = fbb.start_table();
            fbb.push_slot_always(Monster::VT_HP, 7_i16);
            WIPOffset::new(fbb.end_table(table).value())
        }
        // A name that is no text.
        2 => {
            let name = fbb.create_byte_string(&[0xff, 0xfe, 0xfd]);
            Monster::create(
                fbb,
                &MonsterArgs { name: Some(WIPOffset::new(name.value())), ..MonsterArgs::default() },
            )
        }
        // A name that lies outside.
        3 => {
            let table = fbb.start_table();
            fbb.push_slot_always(Monster::VT_NAME, 0xffff_fff0_u32);
            WIPOffset::new(fbb.end_table(table).value())
        }
        // Not a table: what it says of its fields would lie at an odd address.
        4 => {
            let numbers: Vec<u32> = (0..=(sequence % 9) * 2).map(|at| mix(at) as u32).collect();
            WIPOffset::new(fbb.create_vector(&numbers).value())
        }
        // Too deep.
        _ => {
            let name = Some(fbb.create_string("deep"));
            let mut deep = Monster::create(fbb, &MonsterArgs { name, ..MonsterArgs::default() });
            for _ in 0..DEEP {
                deep =
                    Monster::create(fbb, &MonsterArgs { name, parent: Some(deep), ..MonsterArgs::default() });
            }
            deep
        }
    }
}
