//! `codec = bincode`: the bytes of version 1, without that crate.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use myelon::codec::{Bincode, Codec};
use serde::{Deserialize, Serialize};

use crate::owned::{Shown, decoded, encoded};
use crate::values::{Level, Note, Nothing};

/// `value` is written as these bytes, and read back from them.
fn same<T: PartialEq + fmt::Debug>(value: T, hex: &str)
where
    Bincode: Codec<T>,
{
    let digits = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(digits).collect();
    assert_eq!(encoded::<Bincode, _>(&value), bytes, "{value:?}");
    assert_eq!(decoded::<Bincode, T>(&bytes).unwrap(), value);
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Newtype(u32);

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Pair {
    None,
    Both(u8, u16),
}

/// What `bincode::serialize` of version 1.3.3 made of these values.
#[test]
fn the_bytes_are_those_of_bincode_1() {
    same::<u8>(0x12_u8, "12");
    same::<i8>(-2_i8, "fe");
    same::<u16>(0x1234_u16, "3412");
    same::<i16>(-2_i16, "feff");
    same::<u32>(0x1234_5678_u32, "78563412");
    same::<i32>(-2_i32, "feffffff");
    same::<u64>(0x0123_4567_89ab_cdef_u64, "efcdab8967452301");
    same::<i64>(i64::MIN, "0000000000000080");
    same::<u128>(1_u128 << 120 | 5, "05000000000000000000000000000001");
    same::<i128>(-2_i128, "feffffffffffffffffffffffffffffff");
    same::<usize>(300_usize, "2c01000000000000");
    same::<f32>(1.5_f32, "0000c03f");
    same::<f64>(-0.1_f64, "9a9999999999b9bf");
    same::<bool>(true, "01");
    same::<char>('a', "61");
    same::<char>('é', "c3a9");
    same::<char>('€', "e282ac");
    same::<char>('🦀', "f09fa680");
    same::<()>((), "");
    same::<String>(String::from("héllo"), "060000000000000068c3a96c6c6f");
    same::<String>(String::new(), "0000000000000000");
    same::<Option<u32>>(None, "00");
    same::<Option<u32>>(Some(7), "0107000000");
    same::<Option<Option<u8>>>(Some(None), "0100");
    same::<(u8, char, String)>((1, 'x', String::from("y")), "0178010000000000000079");
    same::<[u16; 3]>([1, 2, 3], "010002000300");
    same::<Vec<u32>>(vec![1, 2], "02000000000000000100000002000000");
    same::<Vec<u64>>(vec![], "0000000000000000");
    same::<BTreeMap<String, u8>>(
        BTreeMap::from([("a".into(), 1), ("bc".into(), 2)]),
        "0200000000000000010000000000000061010200000000000000626302",
    );
    same::<IpAddr>("127.0.0.1".parse().unwrap(), "000000007f000001");
    same::<IpAddr>("::1".parse().unwrap(), "0100000000000000000000000000000000000001");
    same::<Duration>(Duration::from_millis(1500), "01000000000000000065cd1d");
    same::<Result<u8, String>>(Ok(3), "0000000003");
    same::<Nothing>(Nothing, "");
    same::<Level>(Level { price: 2.5, qty: 3, flag: -1 }, "000000000000044003000000ff");
    same::<Note>(Note::Nothing, "00000000");
    same::<Note>(Note::Text("t".into()), "01000000010000000000000074");
    same::<Note>(Note::Range { from: -1, to: Some(2) }, "02000000ffffffffffffffff010200000000000000");
    same::<Note>(
        Note::Many(vec![vec![1], vec![]]),
        "030000000200000000000000010000000000000001000000000000000000",
    );
    same::<Newtype>(Newtype(9), "09000000");
    same::<Pair>(Pair::Both(1, 2), "01000000010200");
    same::<Shown>(Shown("shown".into()), "050000000000000073686f776e");
}

#[test]
fn what_no_value_looks_like_is_refused() {
    fn refused<T: fmt::Debug>(bytes: &[u8], why: &str)
    where
        Bincode: Codec<T>,
    {
        let error = decoded::<Bincode, T>(bytes).unwrap_err();
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), why);
    }
    refused::<bool>(&[2], "2 is neither 0 nor 1");
    refused::<Option<u8>>(&[255, 1], "255 is neither 0 nor 1");
    refused::<char>(&[0x80], "there is no such character");
    refused::<char>(&[0xff], "there is no such character");
    refused::<char>(&[0xed, 0xa0, 0x80], "there is no such character");
    refused::<char>(&[0xe2, 0x82], "the bytes end inside of the value");
    refused::<String>(&[1, 0, 0, 0, 0, 0, 0, 0, 0xff], "a text is not UTF-8");
    refused::<String>(&[255; 9], "the bytes end inside of the value");
    refused::<Pair>(&[9, 0, 0, 0], "invalid value: integer `9`, expected variant index 0 <= i < 2");
}

/// Serialises itself without saying how long it is.
#[derive(Deserialize, Debug)]
struct Endless;

impl Serialize for Endless {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..3).filter(|_| true))
    }
}

#[test]
fn a_sequence_of_unknown_length_is_not_written() {
    let error = Bincode::encode(&Endless, &mut [0; 64]).unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(why, "the length of a sequence must be known before it is written");
}
