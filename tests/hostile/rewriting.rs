//! Puts hostile text into every string of any value that serde knows, as it crosses the socket.

use std::cell::Cell;

use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};
use serde::{Serialize, Serializer, de::DeserializeOwned};

/// The texts that strings are replaced by, one after the other.
pub(super) struct Words {
    texts: Vec<String>,
    next: Cell<usize>,
}

impl Words {
    /// These texts, beginning with one of them.
    pub(super) fn of(texts: Vec<String>, first: usize) -> Self {
        Self { texts, next: Cell::new(first) }
    }

    /// How many strings were replaced so far.
    pub(super) fn used(&self) -> usize {
        self.next.get()
    }

    /// The next one: a hostile piece in front, where a narrow column shows it, and the original behind it.
    fn next(&self, original: &str) -> String {
        let turn = self.next.get();
        self.next.set(turn + 1);
        format!("{}{original}", self.texts[turn % self.texts.len()])
    }

    /// A value with hostile text in each of its strings.
    pub(super) fn spoil<T: Serialize + DeserializeOwned>(&self, value: &T) -> T {
        let configuration = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(Hostile(value, self), configuration).unwrap();
        bincode::serde::decode_from_slice(&bytes, configuration).unwrap().0
    }
}

/// A value as it is serialised with hostile strings.
struct Hostile<'v, T: ?Sized>(&'v T, &'v Words);

impl<T: Serialize + ?Sized> Serialize for Hostile<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Through { to, words: self.1 })
    }
}

/// A serialiser that another one stands behind.
struct Through<'w, S> {
    to: S,
    words: &'w Words,
}

macro_rules! as_they_are {
    ($($name:ident: $kind:ty,)*) => {
        $(fn $name(self, value: $kind) -> Result<S::Ok, S::Error> { self.to.$name(value) })*
    };
}

macro_rules! of_many {
    ($($name:ident($($word:ident: $kind:ty),*) -> $many:ident;)*) => {
        $(fn $name(self, $($word: $kind),*) -> Result<Self::$many, S::Error> {
            Ok(Through { to: self.to.$name($($word),*)?, words: self.words })
        })*
    };
}

impl<'w, S: Serializer> Serializer for Through<'w, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Through<'w, S::SerializeSeq>;
    type SerializeTuple = Through<'w, S::SerializeTuple>;
    type SerializeTupleStruct = Through<'w, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Through<'w, S::SerializeTupleVariant>;
    type SerializeMap = Through<'w, S::SerializeMap>;
    type SerializeStruct = Through<'w, S::SerializeStruct>;
    type SerializeStructVariant = Through<'w, S::SerializeStructVariant>;

    as_they_are! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_bytes: &[u8],
    }

    fn serialize_str(self, value: &str) -> Result<S::Ok, S::Error> {
        self.to.serialize_str(&self.words.next(value))
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.to.serialize_some(&Hostile(value, self.words))
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_newtype_struct(name, &Hostile(value, self.words))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_newtype_variant(name, index, variant, &Hostile(value, self.words))
    }

    of_many! {
        serialize_seq(length: Option<usize>) -> SerializeSeq;
        serialize_tuple(length: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> SerializeTupleVariant;
        serialize_map(length: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, length: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> SerializeStructVariant;
    }

    fn is_human_readable(&self) -> bool {
        self.to.is_human_readable()
    }
}

macro_rules! each_of {
    ($($many:ident: $($name:ident),*;)*) => {
        $(impl<S: $many> $many for Through<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;
            $(fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.to.$name(&Hostile(value, self.words))
            })*
            fn end(self) -> Result<S::Ok, S::Error> {
                self.to.end()
            }
        })*
    };
}

each_of! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
    SerializeMap: serialize_key, serialize_value;
}

macro_rules! each_named {
    ($($many:ident;)*) => {
        $(impl<S: $many> $many for Through<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), S::Error> {
                self.to.serialize_field(name, &Hostile(value, self.words))
            }
            fn end(self) -> Result<S::Ok, S::Error> {
                self.to.end()
            }
        })*
    };
}

each_named! {
    SerializeStruct;
    SerializeStructVariant;
}
