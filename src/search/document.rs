//! What the search knows of one person: as it is handed in, and as a record of the index.

use std::sync::Arc;

use super::SearchError;
use super::fold::{normalise, words};
use super::keys::{
    GROUP_WORDS_MAX, GROUPS_MAX, NUMBER_CHARS_MAX, NUMBER_CHARS_MIN, NUMBERS_MAX, NumberEnd,
    PEOPLE_A_BLOCK, Term, WORD_CHARS_MAX,
};
use super::packing::{Packed, put_bytes, put_number};
use super::roles::Relative;
use super::words::Class;
use crate::text::country_digits;

const RECORD: &str = "document record";

/// A date of birth, as much of it as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BirthDate {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, 1 to 31; means nothing without a month.
    pub day: Option<u8>,
}

/// Everything that one person is found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The person's number.
    pub person: u64,
    /// Whole names as documented, in any script.
    pub names: Vec<String>,
    /// Names that the person is also called.
    pub other_names: Vec<String>,
    /// The date of birth.
    pub birth_date: Option<BirthDate>,
    /// Values of national ids and the like.
    pub ids: Vec<String>,
    /// Telephone numbers, with the country code after a `+` or as bare digits.
    pub telephones: Vec<String>,
    /// Streets, places, postcodes, areas; one text an address.
    pub addresses: Vec<String>,
    /// Relatives and the household, and what the person is to each of them.
    pub related_names: Vec<Relative>,
    /// Whether not everybody who searches may find the person. What words are worth is counted among the others alone, so
    /// that no weight, and no order, tells of somebody who is hidden.
    pub is_restricted: bool,
}

/// What a group of words in a record is; also the order in which evidence prefers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GroupKind {
    Name,
    OtherName,
    Related,
    Address,
}

impl GroupKind {
    /// Which words the group is made of.
    pub(super) fn class(self) -> Class {
        match self {
            Self::Name | Self::OtherName => Class::Name,
            Self::Related => Class::Related,
            Self::Address => Class::Address,
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::Name => 0,
            Self::OtherName => 1,
            Self::Related => 2,
            Self::Address => 3,
        }
    }

    fn from_number(number: u8) -> Result<Self, SearchError> {
        match number {
            0 => Ok(Self::Name),
            1 => Ok(Self::OtherName),
            2 => Ok(Self::Related),
            3 => Ok(Self::Address),
            _ => Err(SearchError::Damaged { record: RECORD }),
        }
    }
}

/// The words of one name or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group<Word> {
    pub(super) kind: GroupKind,
    pub(super) words: Vec<Word>,
}

/// The name of a relative with what the person is to them, folded as the index has it; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KinName(Arc<[String]>);

impl KinName {
    /// Folds the name of a relative.
    #[must_use]
    pub fn of(relative: &Relative) -> Self {
        Self(related_words(relative).into())
    }

    /// The words, the role first.
    pub(super) fn words(&self) -> &[String] {
        &self.0
    }
}

/// Somebody whose record names a relative of whom whoever asks may not know, with what they are found by without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundWithout {
    /// The person's number.
    pub person: u64,
    /// The relatives whose names may be told.
    pub kin: Vec<KinName>,
}

/// A telephone number, digits only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telephone {
    pub(super) digits: String,
    /// How many of the first digits are the country code; 0 if it has none.
    pub(super) country_digits: usize,
}

impl Telephone {
    /// The digits after the country code.
    pub(super) fn national(&self) -> &str {
        self.digits.get(self.country_digits..).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let is_international = text.trim_start().starts_with('+');
        let digits = number_chars(text, |letter| letter.is_ascii_digit());
        if digits.len() < NUMBER_CHARS_MIN {
            return None;
        }
        let country_digits = if is_international { country_digits(&digits) } else { 0 };
        Some(Self { digits, country_digits })
    }
}

/// A person as the index keeps it: words by their number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    pub(super) birth_date: Option<BirthDate>,
    pub(super) groups: Vec<Group<u32>>,
    pub(super) telephones: Vec<Telephone>,
    pub(super) ids: Vec<String>,
    /// Whether no count has the person in it.
    pub(super) is_restricted: bool,
}

/// The bits of a record's first byte.
const HAS_BIRTH_DATE: u8 = 1;
const IS_RESTRICTED: u8 = 2;

impl Document {
    /// The folded words of every name and address, within the limits.
    pub(super) fn groups(&self) -> Vec<Group<String>> {
        let texts = |kind, texts: &[String]| -> Vec<(GroupKind, Vec<String>)> {
            texts.iter().take(GROUPS_MAX).map(|text| (kind, group_words(text))).collect()
        };
        let related = self.related_names.iter().take(GROUPS_MAX);
        let related = related.map(|relative| (GroupKind::Related, related_words(relative)));
        let kinds = texts(GroupKind::Name, &self.names)
            .into_iter()
            .chain(texts(GroupKind::OtherName, &self.other_names))
            .chain(related)
            .chain(texts(GroupKind::Address, &self.addresses));
        let mut groups: Vec<Group<String>> = Vec::new();
        for (kind, words) in kinds {
            let group = Group { kind, words };
            let is_said = groups
                .iter()
                .any(|other| other.kind.class() == kind.class() && other.words == group.words);
            if !group.words.is_empty() && !is_said {
                groups.push(group);
            }
        }
        groups
    }

    /// The telephones within the limits.
    pub(super) fn telephone_numbers(&self) -> Vec<Telephone> {
        self.telephones.iter().filter_map(|text| Telephone::parse(text)).take(NUMBERS_MAX).collect()
    }

    /// The ids within the limits, folded and without what parts them.
    pub(super) fn id_numbers(&self) -> Vec<String> {
        self.ids
            .iter()
            .map(|text| number_chars(text, char::is_alphanumeric))
            .filter(|id| !id.is_empty())
            .take(NUMBERS_MAX)
            .collect()
    }
}

impl Record {
    /// Everything that the person is found by, each once.
    pub(super) fn terms(&self) -> Vec<Term> {
        let mut terms: Vec<Term> = self
            .groups
            .iter()
            .flat_map(|group| group.words.iter().copied().map(Term::Word))
            .collect();
        if let Some(date) = self.birth_date {
            terms.push(Term::Year(date.year));
            if let (Some(month), Some(day)) = (date.month, date.day) {
                terms.push(Term::Date(date.year, month, day));
            }
        }
        for telephone in &self.telephones {
            terms.extend(head(&telephone.digits).map(Term::TelephoneHead));
            terms.extend(head(telephone.national()).map(Term::TelephoneHead));
            terms.extend(tail(&telephone.digits).map(Term::TelephoneTail));
        }
        for id in &self.ids {
            terms.extend(head(id).map(Term::IdHead));
            terms.extend(tail(id).map(Term::IdTail));
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// The terms by which the person is counted: none of somebody who is restricted.
    pub(super) fn counted_terms(&self) -> Vec<Term> {
        if self.is_restricted { Vec::new() } else { self.terms() }
    }

    /// The record's bytes, for its block or for a scratch space.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        let restricted = if self.is_restricted { IS_RESTRICTED } else { 0 };
        match self.birth_date {
            None => bytes.push(restricted),
            Some(date) => {
                bytes.push(HAS_BIRTH_DATE | restricted);
                bytes.extend_from_slice(&date.year.to_be_bytes());
                bytes.push(date.month.unwrap_or_default());
                bytes.push(date.day.unwrap_or_default());
            }
        }
        put_number(&mut bytes, self.groups.len() as u64);
        for group in &self.groups {
            bytes.push(group.kind.number());
            put_number(&mut bytes, group.words.len() as u64);
            for &word in &group.words {
                put_number(&mut bytes, u64::from(word));
            }
        }
        put_number(&mut bytes, self.telephones.len() as u64);
        for telephone in &self.telephones {
            put_number(&mut bytes, telephone.country_digits as u64);
            put_bytes(&mut bytes, telephone.digits.as_bytes());
        }
        put_number(&mut bytes, self.ids.len() as u64);
        for id in &self.ids {
            put_bytes(&mut bytes, id.as_bytes());
        }
        bytes
    }

    /// The record that these bytes are.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, SearchError> {
        let mut record = Self::default();
        record.read(bytes, true, &mut Vec::new())?;
        Ok(record)
    }

    /// Becomes the record that these bytes are, in the room that it has and with what rooms are spare; telephones and ids only
    /// where they are wanted.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        has_numbers: bool,
        spare: &mut Vec<Vec<u32>>,
    ) -> Result<(), SearchError> {
        let mut packed = Packed::new(bytes, RECORD);
        let marks = packed.byte()?;
        self.is_restricted = marks & IS_RESTRICTED != 0;
        self.birth_date = if marks & HAS_BIRTH_DATE != 0 {
            let year = i16::from_be_bytes([packed.byte()?, packed.byte()?]);
            let (month, day) = (packed.byte()?, packed.byte()?);
            let known = |value: u8| (value > 0).then_some(value);
            Some(BirthDate { year, month: known(month), day: known(day) })
        } else {
            None
        };
        let mut groups = 0;
        for _ in 0..packed.number()? {
            let kind = GroupKind::from_number(packed.byte()?)?;
            if self.groups.len() == groups {
                self.groups.push(Group { kind, words: spare.pop().unwrap_or_default() });
            }
            let Some(group) = self.groups.get_mut(groups) else { break };
            group.kind = kind;
            group.words.clear();
            for _ in 0..packed.number()? {
                group.words.push(packed.small()?);
            }
            groups += 1;
        }
        spare.extend(self.groups.drain(groups..).map(|group| group.words));
        self.telephones.clear();
        self.ids.clear();
        if !has_numbers {
            return Ok(());
        }
        for _ in 0..packed.number()? {
            let country_digits = packed.byte()?.into();
            self.telephones.push(Telephone { digits: packed.text()?.to_owned(), country_digits });
        }
        for _ in 0..packed.number()? {
            self.ids.push(packed.text()?.to_owned());
        }
        Ok(())
    }
}

/// The record of `person` in its block, if there is one.
pub(super) fn in_block(bytes: &[u8], person: u64) -> Result<Option<Record>, SearchError> {
    bytes_in_block(bytes, person)?.map(Record::decode).transpose()
}

/// The bytes of the record of `person` in its block, if there is one.
pub(super) fn bytes_in_block(bytes: &[u8], person: u64) -> Result<Option<&[u8]>, SearchError> {
    let mut packed = Packed::new(bytes, RECORD);
    while !packed.is_empty() {
        let (place, record) = (packed.byte()?, packed.bytes()?);
        if u64::from(place) == person % PEOPLE_A_BLOCK {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The records of a block, each with its place in it.
pub(super) fn all_in_block(bytes: &[u8]) -> Result<Vec<(u8, Record)>, SearchError> {
    let mut packed = Packed::new(bytes, RECORD);
    let mut records = Vec::new();
    while !packed.is_empty() {
        let (place, record) = (packed.byte()?, packed.bytes()?);
        records.push((place, Record::decode(record)?));
    }
    Ok(records)
}

/// The block with the record of `person` changed, or without it; nothing is left of a block without records.
pub(super) fn with_record(
    bytes: &[u8],
    person: u64,
    record: Option<&Record>,
) -> Result<Option<Vec<u8>>, SearchError> {
    let own_place = u8::try_from(person % PEOPLE_A_BLOCK).unwrap_or_default();
    let mut records: Vec<(u8, Vec<u8>)> = Vec::new();
    let mut packed = Packed::new(bytes, RECORD);
    while !packed.is_empty() {
        let (place, other) = (packed.byte()?, packed.bytes()?);
        if place != own_place {
            records.push((place, other.to_vec()));
        }
    }
    records.extend(record.map(|record| (own_place, record.encode())));
    records.sort_unstable_by_key(|&(place, _)| place);
    let mut block = Vec::with_capacity(bytes.len() + 64);
    for (place, record) in &records {
        block.push(*place);
        put_bytes(&mut block, record);
    }
    Ok((!block.is_empty()).then_some(block))
}

/// The beginning of a number, as a key holds it; nothing for a number too short to be found by.
pub(super) fn head(number: &str) -> Option<NumberEnd> {
    number_end(number.len(), number.bytes())
}

/// The ending of a number, as a key holds it: the last byte first.
pub(super) fn tail(number: &str) -> Option<NumberEnd> {
    number_end(number.len(), number.bytes().rev())
}

fn number_end(length: usize, bytes: impl Iterator<Item = u8>) -> Option<NumberEnd> {
    let mut end = NumberEnd::default();
    for (end, byte) in end.iter_mut().zip(bytes) {
        *end = byte;
    }
    (length >= NUMBER_CHARS_MIN).then_some(end)
}

/// Cuts a word to the letters that are indexed.
pub(super) fn cut(word: &str) -> String {
    word.chars().take(WORD_CHARS_MAX).collect()
}

/// The role stands in the group of the name, so that nobody is found as the mother of another one's sister.
fn related_words(relative: &Relative) -> Vec<String> {
    let names = group_words(&relative.name).into_iter().take(GROUP_WORDS_MAX - 1);
    std::iter::once(relative.role.token()).chain(names).collect()
}

fn group_words(text: &str) -> Vec<String> {
    words(text).iter().take(GROUP_WORDS_MAX).map(|word| cut(word)).collect()
}

fn number_chars(text: &str, is_wanted: impl Fn(char) -> bool) -> String {
    normalise(text).chars().filter(|&letter| is_wanted(letter)).take(NUMBER_CHARS_MAX).collect()
}
