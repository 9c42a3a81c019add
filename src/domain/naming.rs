//! Which cases and people an event names beside the record that it happened to.
//!
//! Whoever shows what an event says has to know, for it may tell of a record that is hidden from the reader. The types of
//! the numbers themselves are looked for, in whatever the event holds, so that no new event can be forgotten here.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde::ser::{
    Error as SerdeError, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::event::{EntityId, EventRecord};
use super::ids::{CaseId, PersonId};

impl EventRecord {
    /// The cases and people that the event names, but for its own record; nothing where that cannot be told, because it holds
    /// something that is no plain data, which no event does.
    #[must_use]
    pub fn named(&self) -> Option<BTreeSet<EntityId>> {
        let mut names = Names::default();
        self.event.serialize(&mut names).ok()?;
        names.found.remove(&self.entity);
        Some(names.found)
    }
}

/// Collects numbers by the names of their types.
#[derive(Debug, Default)]
struct Names {
    found: BTreeSet<EntityId>,
    /// What the next number is one of.
    kind: Option<fn(u64) -> EntityId>,
}

/// What was to be looked through is no plain data.
#[derive(Debug)]
struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain data")
    }
}

impl std::error::Error for NotPlain {}

impl SerdeError for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Looked = Result<(), NotPlain>;

/// Values that name nobody.
macro_rules! plain {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, _: $type) -> Looked { Ok(()) })*
    };
}

impl Serializer for &mut Names {
    type Ok = ();
    type Error = NotPlain;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    plain!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_i128: i128, serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_str: &str,
        serialize_bytes: &[u8], serialize_unit_struct: &'static str
    );

    fn serialize_u64(self, number: u64) -> Looked {
        self.found.extend(self.kind.take().map(|kind| kind(number)));
        Ok(())
    }

    fn serialize_none(self) -> Looked {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Looked {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Looked {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Looked {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Looked {
        self.kind = match name {
            "CaseId" => Some(|number| EntityId::Case(CaseId(number))),
            "PersonId" => Some(|number| EntityId::Person(PersonId(number))),
            _ => None,
        };
        value.serialize(&mut *self)?;
        self.kind = None;
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Looked {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NotPlain> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotPlain> {
        Ok(self)
    }
}

/// Collections, whose parts are looked through one by one.
macro_rules! parts {
    ($($of:ident: $part:ident),*) => {
        $(impl $of for &mut Names {
            type Ok = ();
            type Error = NotPlain;

            fn $part<T: Serialize + ?Sized>(&mut self, value: &T) -> Looked {
                value.serialize(&mut **self)
            }

            fn end(self) -> Looked {
                Ok(())
            }
        })*
    };
}

parts!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

/// Structs, whose fields have names.
macro_rules! fields {
    ($($of:ident),*) => {
        $(impl $of for &mut Names {
            type Ok = ();
            type Error = NotPlain;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Looked {
                value.serialize(&mut **self)
            }

            fn end(self) -> Looked {
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for &mut Names {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Looked {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Looked {
        value.serialize(&mut **self)
    }

    fn end(self) -> Looked {
        Ok(())
    }
}
