//! Const parameters of several kinds, with bounds and defaults; nested in others.

use myelon::{Kind, RingEvent};

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Text<const N: usize = 8> {
    bytes: [u8; N],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Table<const ROWS: usize, const COLUMNS: usize>
where
    [u32; ROWS]: Sized,
{
    cells: [[u32; COLUMNS]; ROWS],
    checked: [bool; ROWS],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Versioned<const VERSION: u32, const STRICT: bool> {
    value: u64,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Outer {
    text: Text,
    table: Table<4, 1>,
    four: Text<4>,
    versioned: Versioned<3, true>,
    more: Text,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Wrapper<const N: usize> {
    text: Text<N>,
}

#[myelon::channel(capacity = 8)]
struct Texts(Text<16>);

fn main() {
    assert_eq!(Text::<5>::SCHEMA.size, 5);
    assert_eq!(Wrapper::<5>::SCHEMA.size, 5);
    assert!(Table::<4, 2>::CHECKED && !Text::<4>::CHECKED);
    let Kind::Struct(fields) = Outer::SCHEMA.kind else { panic!() };
    assert_eq!(fields.iter().map(|field| field.offset).collect::<Vec<_>>(), [0, 8, 28, 32, 40]);
    let _ = (Outer::BLANK, Texts::remove("const-generics-none"));
}
