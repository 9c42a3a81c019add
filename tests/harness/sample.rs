//! A plain value of any type that can be read: numbers are 1, texts are one given word, lists are empty, options have
//! nothing, and enums take their first variant unless another one is asked for. So a new command needs no sample of its own.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

/// How a value is made.
pub(crate) struct Sample<'s> {
    /// What stands in every text.
    pub(crate) text: &'s str,
    /// Of the enums with these names, these variants.
    pub(crate) chosen: &'s [(&'s str, &'s str)],
}

impl Sample<'_> {
    /// A value.
    pub(crate) fn make<'de, T: Deserialize<'de>>(&self) -> T {
        T::deserialize(Maker { sample: self, seen: None }).unwrap()
    }
}

/// The variants of an enum, by their names in the source.
pub(crate) fn variants<'de, T: Deserialize<'de>>() -> Vec<&'static str> {
    let seen = RefCell::new(None);
    let sample = Sample { text: "", chosen: &[] };
    let _ = T::deserialize(Maker { sample: &sample, seen: Some(&seen) });
    seen.into_inner().unwrap().to_vec()
}

/// What stopped it.
#[derive(Debug)]
pub(crate) struct Stopped(String);

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stopped {}

impl serde::de::Error for Stopped {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self(words.to_string())
    }
}

#[derive(Clone, Copy)]
struct Maker<'s> {
    sample: &'s Sample<'s>,
    /// Where only the variants of the outermost enum are wanted.
    seen: Option<&'s RefCell<Option<&'static [&'static str]>>>,
}

struct Fields<'s> {
    maker: Maker<'s>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Stopped;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stopped> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.maker).map(Some)
    }
}

struct Variant<'s> {
    maker: Maker<'s>,
    name: &'s str,
}

impl<'de, 's> EnumAccess<'de> for Variant<'s> {
    type Error = Stopped;
    type Variant = Maker<'s>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Maker<'s>), Stopped> {
        Ok((seed.deserialize(StrDeserializer::new(self.name))?, self.maker))
    }
}

impl<'de> VariantAccess<'de> for Maker<'_> {
    type Error = Stopped;

    fn unit_variant(self) -> Result<(), Stopped> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Stopped> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: len })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: fields.len() })
    }
}

macro_rules! ones {
    ($($name:ident => $visit:ident($($value:expr)?),)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stopped> {
            visitor.$visit($($value)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Maker<'_> {
    type Error = Stopped;

    ones! {
        deserialize_bool => visit_bool(true),
        deserialize_i8 => visit_i8(1), deserialize_i16 => visit_i16(1), deserialize_i32 => visit_i32(1),
        deserialize_i64 => visit_i64(1), deserialize_i128 => visit_i128(1), deserialize_u8 => visit_u8(1),
        deserialize_u16 => visit_u16(1), deserialize_u32 => visit_u32(1), deserialize_u64 => visit_u64(1),
        deserialize_u128 => visit_u128(1), deserialize_f32 => visit_f32(1.0), deserialize_f64 => visit_f64(1.0),
        deserialize_char => visit_char('x'), deserialize_option => visit_none(),
        deserialize_unit => visit_unit(),
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Stopped> {
        Err(Stopped::custom("a type that does not say what it is"))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stopped> {
        visitor.visit_str(self.sample.text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stopped> {
        visitor.visit_str(self.sample.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stopped> {
        visitor
            .visit_map(serde::de::value::MapDeserializer::new(std::iter::empty::<(&str, &str)>()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: len })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: len })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        visitor.visit_seq(Fields { maker: self, left: fields.len() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stopped> {
        if let Some(seen) = self.seen {
            *seen.borrow_mut() = Some(variants);
            return Err(Stopped::custom("seen"));
        }
        let chosen = self.sample.chosen.iter().find(|(of, _)| *of == name);
        let name = chosen.map_or(variants[0], |(_, variant)| *variant);
        visitor.visit_enum(Variant { maker: self, name })
    }

    forward_to_deserialize_any! { bytes byte_buf unit_struct identifier ignored_any }
}
