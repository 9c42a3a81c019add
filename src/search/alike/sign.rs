//! What two records can have in common, and what is compared of each.

use super::super::document::Document;
use super::super::expand::rarity;

/// How much likelier than not two people have to be the same: eight to one.
const ODDS_BITS: f32 = 3.0;

/// From how many bits on two people are likely the same, in an office of so many people: as many bits as it takes to tell
/// one from all, and three more, so that it is eight to one.
#[must_use]
pub fn likely_bits(people: u64) -> f32 {
    rarity(people, 0) + ODDS_BITS
}

/// What is compared of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// What they are found by; a person who is not registered yet has the number 0.
    pub document: Document,
    /// Their ids, each with its scheme and whether somebody checked it.
    pub ids: Vec<(String, String, bool)>,
    /// Their sex as documented; empty where it is not.
    pub sex: String,
    /// The household that they are in.
    pub household: Option<u64>,
    /// The people who are stated as their relatives.
    pub relatives: Vec<u64>,
}

/// What two records share, or what parts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// The same name.
    SameName,
    /// The same words of a name in another order, as when given and family name were swapped.
    SwappedName,
    /// A name so many letters off.
    NameOff(u8),
    /// A name that sounds alike, or the short form of it.
    NameAlike,
    /// The same name in another script.
    NameInScript,
    /// Other given names.
    OtherGiven,
    /// Another family name.
    OtherFamily,
    /// The same date of birth.
    SameDate,
    /// Day and month changed places.
    TurnedDate,
    /// A date of birth with one digit off.
    DateOff,
    /// The same year and month of birth, where no more is known.
    SameMonth,
    /// The same year of birth, where no more is known.
    SameYear,
    /// Another day of the same year.
    OtherDay,
    /// Another date of birth.
    OtherDate,
    /// The same id.
    SameId,
    /// An id with one digit off, or two turned.
    IdOff,
    /// Another id of the same scheme.
    OtherId,
    /// Another id of the same scheme, both checked.
    OtherCheckedId,
    /// The same telephone.
    SameTelephone,
    /// A telephone with one digit off, or two turned.
    TelephoneOff,
    /// The same address.
    SameAddress,
    /// An address that is mostly the same.
    AddressAlike,
    /// Relatives of the same names.
    SameRelatives,
    /// Another sex.
    OtherSex,
    /// They are relatives, or in one household.
    Kin,
}

/// A sign and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// The sign.
    pub sign: Sign,
    /// Its bits; below 0 it speaks against.
    pub bits: f32,
}
