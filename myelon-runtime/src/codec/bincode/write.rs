//! Values to bytes.

use core::fmt::{self, Write};

use serde::{Serialize, Serializer, ser};

use super::error::Refused;
use crate::codec::room::Room;

/// Appends values to a room.
pub(super) struct Writer<'r, 'a> {
    room: &'r mut Room<'a>,
}

impl<'r, 'a> Writer<'r, 'a> {
    #[inline]
    pub(super) fn new(room: &'r mut Room<'a>) -> Self {
        Self { room }
    }

    #[inline]
    fn again(&mut self) -> Writer<'_, 'a> {
        Writer { room: self.room }
    }

    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        if self.room.write(bytes) { Ok(()) } else { Err(Refused::Full) }
    }

    #[inline]
    fn put_len(&mut self, len: usize) -> Result<(), Refused> {
        self.put(&(len as u64).to_le_bytes())
    }

    #[inline]
    fn put_text(mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.put_len(bytes.len())?;
        self.put(bytes)
    }

    /// What holds several values: its number of elements, or its variant, stands before them.
    #[inline]
    fn compound(mut self, head: &[u8]) -> Result<Self, Refused> {
        self.put(head)?;
        Ok(self)
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty,)*) => {$(
        #[inline]
        fn $method(mut self, value: $type) -> Result<(), Refused> {
            self.put(&value.to_le_bytes())
        }
    )*};
}

impl Serializer for Writer<'_, '_> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64,
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn serialize_bool(mut self, value: bool) -> Result<(), Refused> {
        self.put(&[u8::from(value)])
    }

    #[inline]
    fn serialize_char(mut self, value: char) -> Result<(), Refused> {
        self.put(value.encode_utf8(&mut [0; 4]).as_bytes())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Refused> {
        self.put_text(value.as_bytes())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Refused> {
        self.put_text(value)
    }

    /// Formats it twice, as its length stands before it: that allocates nothing.
    fn collect_str<T: fmt::Display + ?Sized>(mut self, value: &T) -> Result<(), Refused> {
        let refused = |fmt::Error| ser::Error::custom("a value refused to be shown");
        let mut count = Count(0);
        write!(count, "{value}").map_err(refused)?;
        self.put_len(count.0)?;
        let before = self.room.len();
        write!(self, "{value}").map_err(refused)?;
        if self.room.len() - before == count.0 {
            return Ok(());
        }
        Err(ser::Error::custom("a value shows itself differently the second time"))
    }

    #[inline]
    fn serialize_none(mut self) -> Result<(), Refused> {
        self.put(&[0])
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Result<(), Refused> {
        self.put(&[1])?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), Refused> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(
        mut self,
        _: &'static str,
        variant: u32,
        _: &'static str,
    ) -> Result<(), Refused> {
        self.put(&variant.to_le_bytes())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.put(&variant.to_le_bytes())?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Refused> {
        let len = len.ok_or(Refused::NoLength)?;
        self.compound(&(len as u64).to_le_bytes())
    }

    #[inline]
    fn serialize_map(self, len: Option<usize>) -> Result<Self, Refused> {
        self.serialize_seq(len)
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        self.compound(&variant.to_le_bytes())
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        self.compound(&variant.to_le_bytes())
    }
}

/// The fields and elements of what holds several: one after the other, without anything between or after them.
macro_rules! compounds {
    ($($trait:ident { $($method:ident($($name:ident: $type:ty)?))* })*) => {$(
        impl ser::$trait for Writer<'_, '_> {
            type Ok = ();
            type Error = Refused;
            $(
                #[inline]
                fn $method<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), Refused> {
                    value.serialize(self.again())
                }
            )*
            #[inline]
            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        }
    )*};
}

compounds! {
    SerializeSeq { serialize_element() }
    SerializeTuple { serialize_element() }
    SerializeTupleStruct { serialize_field() }
    SerializeTupleVariant { serialize_field() }
    SerializeMap { serialize_key() serialize_value() }
    SerializeStruct { serialize_field(_key: &'static str) }
    SerializeStructVariant { serialize_field(_key: &'static str) }
}

impl Write for Writer<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// How many bytes something shows.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}
