//! Who may be the same person: everything two people have in common, and everything that speaks against it, weighed in
//! bits after Fellegi and Sunter (1969).
//!
//! A sign that two records share is worth the logarithm of how much likelier it is between two records of one person than
//! between any two: a rare family name tells more than a frequent one. Two people of one household share a name, an address
//! and a telephone, so these count for nothing where the given names or the dates of birth say that there are two.

use std::collections::HashMap;

use super::dictionary::Dictionary;
use super::distance::{Cost, Pattern, by_letters, by_sound};
use super::document::{BirthDate, Document, GroupKind, Telephone, head, tail};
use super::expand::{BITS_A_COST, expand, information};
use super::find::Closeness;
use super::fold::normalise;
use super::keys::Term;
use super::letters::{letters, script};
use super::query::{Item, ItemKind};
use super::sound::sounds;
use super::words::{self, Class};
use super::{IndexRead, SearchError, postings};

/// People whose records are compared in full with one person's.
pub const CANDIDATES_MAX: usize = 48;
/// What two people have to share, by the index alone, to be compared in full: a little less than a date of birth.
const BLOCK_BITS_MIN: f32 = 13.0;
/// People who may have something for it to be followed to them; of more, other signs tell enough.
const BLOCK_PEOPLE_MAX: usize = 2_000;
/// People who are asked for at most, whether they are wanted.
const ASKED_MAX: usize = 1_000;
/// Words that a name may have been misspelt from, whose people are looked at.
const SPELLINGS_MAX: usize = 24;

/// In an office with fewer people, chance is reckoned as if there were so many: its next citizen is one of a town.
const PEOPLE_MIN: u64 = 65_536;
/// How much likelier than not two people have to be the same: eight to one.
const ODDS_BITS: f32 = 3.0;
/// How frequent a name is taken to be before anybody was counted: one in a thousand.
const NAME_ONE_IN: u64 = 1_000;

const DATE_SAME_BITS: f32 = 14.8;
const DATE_TURNED_BITS: f32 = 9.0;
const DATE_DIGIT_BITS: f32 = 7.0;
const MONTH_SAME_BITS: f32 = 9.9;
const YEAR_SAME_BITS: f32 = 6.3;
const YEAR_ONLY_BITS: f32 = -2.0;
const DATE_OTHER_BITS: f32 = -12.0;
const ID_SAME_BITS: f32 = 24.0;
/// Numbers are given in order, so that two of one family are near each other, too.
const ID_NEAR_BITS: f32 = 7.0;
const ID_OTHER_BITS: f32 = -7.0;
const ID_OTHER_VERIFIED_BITS: f32 = -16.0;
const TELEPHONE_SAME_BITS: f32 = 12.0;
const TELEPHONE_NEAR_BITS: f32 = 5.0;
const ADDRESS_SAME_BITS: f32 = 8.0;
const ADDRESS_NEAR_BITS: f32 = 3.0;
const RELATIVES_BITS: f32 = 4.0;
const SEX_OTHER_BITS: f32 = -6.0;
/// Somebody has written both into one household or named one as the other's relative, so they know that there are two.
const KIN_BITS: f32 = -30.0;
const GIVEN_OTHER_BITS: f32 = -14.0;
const FAMILY_OTHER_BITS: f32 = -8.0;
/// The most that a name tells of two people who are not one by something else.
const NAME_SHARED_BITS_MAX: f32 = 16.0;
const NAME_SURPLUS_BITS: f32 = -1.0;
const NAME_SURPLUS_MAX: u8 = 3;
/// Many names are spelt nearly alike, so that one that is off by something says less than its own rarity.
const NAME_OFF_BITS: f32 = -1.5;
const NAME_SHORT_BITS: f32 = 1.0;
/// Letters that two names have to begin with alike for one to be a short form of the other.
const NAME_SHORT_LETTERS: usize = 3;
/// Digits that a number needs for one wrong digit to mean anything.
const NEAR_DIGITS_MIN: usize = 6;
/// Frequencies of words that are kept while people are compared.
const FREQUENCIES_MAX: usize = 8_192;

/// From how many bits on two people are likely the same, in an office of so many people: as many bits as it takes to tell
/// one from all, and [`ODDS_BITS`] more.
#[must_use]
pub fn likely_bits(people: u64) -> f32 {
    information(people.max(PEOPLE_MIN), 0) + ODDS_BITS
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

/// How to look for whoever may be the same.
#[derive(Clone, Copy)]
pub struct AlikeOptions<'a> {
    /// Whether names that are only spelt or sound alike are followed, which takes some milliseconds a name.
    pub is_thorough: bool,
    /// Whether a person may be among them; asked in the order of promise until there are enough.
    pub is_wanted: &'a dyn Fn(u64) -> bool,
}

impl std::fmt::Debug for AlikeOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AlikeOptions")
            .field("is_thorough", &self.is_thorough)
            .finish_non_exhaustive()
    }
}

/// The people who are worth comparing with a person, the most promising first, at most [`CANDIDATES_MAX`]: those who share
/// the ends of an id or telephone, the date of birth (also turned), or rare words of a name.
///
/// # Errors
/// If the store fails, or a record of the index is damaged.
pub fn candidates(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    document: &Document,
    options: &AlikeOptions<'_>,
) -> Result<Vec<u64>, SearchError> {
    let mut sums: HashMap<u64, (f32, u64)> = HashMap::new();
    for (place, terms) in (0_u32..64).zip(blocks(dictionary, read, document, options)?) {
        let mut left = BLOCK_PEOPLE_MAX;
        for term in terms {
            let mut people = Vec::new();
            postings::each(read, term, left.max(1), &mut |person| people.push(person))?;
            let count = u64::try_from(people.len()).unwrap_or(u64::MAX);
            if people.len() > left {
                continue;
            }
            left -= people.len();
            let bits = information(dictionary.people().max(PEOPLE_MIN), count);
            for person in people {
                let sum = sums.entry(person).or_default();
                if sum.1 & (1 << place) == 0 {
                    *sum = (sum.0 + bits, sum.1 | (1 << place));
                }
            }
        }
    }
    let mut ranked: Vec<(f32, u64)> = sums
        .into_iter()
        .filter(|&(person, (bits, _))| bits >= BLOCK_BITS_MIN && person != document.person)
        .map(|(person, (bits, _))| (bits, person))
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let wanted = ranked.into_iter().take(ASKED_MAX).map(|(_, person)| person);
    Ok(wanted.filter(|&person| (options.is_wanted)(person)).take(CANDIDATES_MAX).collect())
}

/// The terms by which people may be the same, each kind of sign with the terms that stand for it.
fn blocks(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    document: &Document,
    options: &AlikeOptions<'_>,
) -> Result<Vec<Vec<Term>>, SearchError> {
    let mut blocks: Vec<Vec<Term>> = Vec::new();
    for id in document.id_numbers() {
        blocks
            .extend([head(&id).map(Term::IdHead), tail(&id).map(Term::IdTail)].map(Vec::from_iter));
    }
    for telephone in document.telephone_numbers() {
        blocks.push(tail(&telephone.digits).map(Term::TelephoneTail).into_iter().collect());
        blocks.push(head(telephone.national()).map(Term::TelephoneHead).into_iter().collect());
    }
    if let Some(BirthDate { year, month: Some(month), day: Some(day) }) = document.birth_date {
        blocks.push(vec![Term::Date(year, month, day)]);
        if day <= 12 && day != month {
            blocks.push(vec![Term::Date(year, day, month)]);
        }
    }
    let mut seen: Vec<String> = Vec::new();
    for group in document.groups() {
        if !matches!(group.kind, GroupKind::Name | GroupKind::OtherName) {
            continue;
        }
        for text in group.words {
            if !seen.contains(&text) {
                blocks.push(name_terms(dictionary, read, &text, options.is_thorough)?);
                seen.push(text);
            }
        }
    }
    Ok(blocks)
}

fn name_terms(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    text: &str,
    is_thorough: bool,
) -> Result<Vec<Term>, SearchError> {
    if !is_thorough {
        let word = words::number_stored(read, Class::Name, text)?;
        return Ok(word.map(Term::Word).into_iter().collect());
    }
    let item = Item { text: text.to_owned(), kind: ItemKind::Word, span: 1, is_last: false };
    let expansions = expand(dictionary, &item);
    let alike = expansions.nearest.iter().filter(|near| {
        near.class == Class::Name
            && matches!(
                near.closeness,
                Closeness::Exact | Closeness::Off(_) | Closeness::Sound | Closeness::Script
            )
    });
    Ok(alike.take(SPELLINGS_MAX).map(|near| Term::Word(near.word)).collect())
}

/// Compares people in full. It keeps the frequencies of the words that it met.
pub struct Comparer<'a> {
    dictionary: &'a Dictionary,
    read: &'a dyn IndexRead,
    frequencies: HashMap<String, u32>,
}

impl std::fmt::Debug for Comparer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparer").field("words", &self.frequencies.len()).finish_non_exhaustive()
    }
}

/// A word of one name beside one of another.
struct WordPair {
    here: usize,
    there: usize,
    bits: f32,
    sign: Sign,
}

/// How two names fit together.
struct NameFit {
    bits: f32,
    signs: Vec<Weighed>,
    is_other_given: bool,
}

impl<'a> Comparer<'a> {
    /// A comparer over an index.
    #[must_use]
    pub fn new(dictionary: &'a Dictionary, read: &'a dyn IndexRead) -> Self {
        Self { dictionary, read, frequencies: HashMap::new() }
    }

    /// Everything that speaks for or against two people being one, what tells most first. It is the same whichever of the
    /// two comes first.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub fn compare(&mut self, one: &Profile, other: &Profile) -> Result<Vec<Weighed>, SearchError> {
        let name = self.names(&one.document, &other.document)?;
        let date = dates(one.document.birth_date, other.document.birth_date);
        let is_kin = one.household.is_some() && one.household == other.household
            || one.relatives.contains(&other.document.person)
            || other.relatives.contains(&one.document.person);
        let is_other_date = date.is_some_and(|date| date.sign == Sign::OtherDate);
        let are_two = is_kin || name.is_other_given || is_other_date;
        let mut signs = name.signs;
        if are_two {
            // A family shares its names, however rare they are.
            for shared in &mut signs {
                shared.bits = shared.bits.min(NAME_SHARED_BITS_MAX);
            }
        }
        signs.extend(date);
        signs.extend(ids(one, other));
        if !are_two {
            signs.extend(telephones(&one.document, &other.document));
            signs.extend(addresses(&one.document, &other.document));
            signs.extend(relatives(&one.document, &other.document));
        }
        let sexes = (normalise(&one.sex), normalise(&other.sex));
        let is_known = !sexes.0.is_empty() && !sexes.1.is_empty();
        if is_known && !sexes.0.starts_with(&sexes.1) && !sexes.1.starts_with(&sexes.0) {
            signs.push(Weighed { sign: Sign::OtherSex, bits: SEX_OTHER_BITS });
        }
        if is_kin {
            signs.push(Weighed { sign: Sign::Kin, bits: KIN_BITS });
        }
        signs.sort_by(|one, other| other.bits.total_cmp(&one.bits));
        Ok(signs)
    }

    /// The best fit of a name of one with a name of the other.
    fn names(&mut self, one: &Document, other: &Document) -> Result<NameFit, SearchError> {
        let mut best: Option<NameFit> = None;
        let others = name_groups(other);
        for own in name_groups(one) {
            for theirs in &others {
                let fit = self.fit(&own, theirs)?;
                if best.as_ref().is_none_or(|best| fit.bits > best.bits) {
                    best = Some(fit);
                }
            }
        }
        Ok(best.unwrap_or(NameFit { bits: 0.0, signs: Vec::new(), is_other_given: false }))
    }

    /// Lays the words of two names side by side, each to at most one.
    fn fit(&mut self, own: &[String], theirs: &[String]) -> Result<NameFit, SearchError> {
        let mut pairs: Vec<WordPair> = Vec::new();
        for (here, one) in own.iter().enumerate() {
            for (there, other) in theirs.iter().enumerate() {
                if let Some((bits, sign)) = self.word_pair(one, other)? {
                    pairs.push(WordPair { here, there, bits, sign });
                }
            }
        }
        let place = |pair: &WordPair| pair.here + pair.there;
        pairs.sort_by(|one, other| {
            other.bits.total_cmp(&one.bits).then(place(one).cmp(&place(other)))
        });
        let mut taken: Vec<WordPair> = Vec::new();
        for pair in pairs {
            if taken.iter().all(|other| other.here != pair.here && other.there != pair.there) {
                taken.push(pair);
            }
        }
        taken.sort_by_key(|pair| pair.here);
        let left = (own.len() - taken.len(), theirs.len() - taken.len());
        let surplus = u8::try_from(left.0.abs_diff(left.1)).unwrap_or(u8::MAX);
        let surplus_bits = NAME_SURPLUS_BITS * f32::from(surplus.min(NAME_SURPLUS_MAX));
        let mut signs = Vec::new();
        if !taken.is_empty() {
            let bits = taken.iter().map(|pair| pair.bits).sum::<f32>() + surplus_bits;
            signs.push(Weighed { sign: name_sign(&taken), bits });
        }
        // Given names are spoken first. Where both have a word that the other has nothing for, it is theirs that differ,
        // unless both first words found their like.
        let has_conflict = left.0 > 0 && left.1 > 0;
        let are_first_alike =
            taken.iter().any(|pair| pair.here == 0) && taken.iter().any(|pair| pair.there == 0);
        let is_other_given = has_conflict && !are_first_alike;
        if is_other_given {
            signs.push(Weighed { sign: Sign::OtherGiven, bits: GIVEN_OTHER_BITS });
        } else if has_conflict {
            signs.push(Weighed { sign: Sign::OtherFamily, bits: FAMILY_OTHER_BITS });
        }
        Ok(NameFit { bits: signs.iter().map(|sign| sign.bits).sum(), signs, is_other_given })
    }

    /// What it says that one has this word in a name and the other that one.
    fn word_pair(&mut self, one: &str, other: &str) -> Result<Option<(f32, Sign)>, SearchError> {
        if one == other {
            return Ok(Some((self.rarity(one)?, Sign::SameName)));
        }
        let Some((cost, sign)) = spelling(one, other) else {
            let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
            let is_initial = one.chars().count() == 1 || other.chars().count() == 1;
            let is_short = alike.count() >= if is_initial { 1 } else { NAME_SHORT_LETTERS };
            return Ok(is_short.then_some((NAME_SHORT_BITS, Sign::NameAlike)));
        };
        let rarity = self.rarity(one)?.min(self.rarity(other)?);
        let bits = rarity - BITS_A_COST * f32::from(cost) + NAME_OFF_BITS;
        Ok(Some((bits.max(NAME_SHORT_BITS), sign)))
    }

    /// How much it tells to have a word in one's name. Nobody has been counted much in a young office, so names begin as
    /// frequent as names are.
    fn rarity(&mut self, text: &str) -> Result<f32, SearchError> {
        let frequency = if let Some(frequency) = self.frequencies.get(text) {
            *frequency
        } else {
            let word = words::number_stored(self.read, Class::Name, text)?;
            let frequency = word.map_or(0, |word| self.dictionary.frequency(word));
            if self.frequencies.len() >= FREQUENCIES_MAX {
                self.frequencies.clear();
            }
            self.frequencies.insert(text.to_owned(), frequency);
            frequency
        };
        Ok(information(self.dictionary.people() + NAME_ONE_IN, u64::from(frequency) + 1))
    }
}

/// The words of every name.
fn name_groups(document: &Document) -> Vec<Vec<String>> {
    let groups = document.groups().into_iter();
    let is_name = |kind| matches!(kind, GroupKind::Name | GroupKind::OtherName);
    groups.filter(|group| is_name(group.kind)).map(|group| group.words).collect()
}

/// What a name as a whole is to another: the word that is furthest off says it.
fn name_sign(taken: &[WordPair]) -> Sign {
    let off = taken.iter().fold(0_u8, |sum, pair| {
        if let Sign::NameOff(off) = pair.sign { sum.saturating_add(off) } else { sum }
    });
    let has = |sign| taken.iter().any(|pair| pair.sign == sign);
    if has(Sign::NameInScript) {
        Sign::NameInScript
    } else if has(Sign::NameAlike) {
        Sign::NameAlike
    } else if off > 0 {
        Sign::NameOff(off)
    } else if taken.is_sorted_by_key(|pair| pair.there) {
        Sign::SameName
    } else {
        Sign::SwappedName
    }
}

/// What it costs to write one word for another, if it may have happened.
fn spelling(one: &str, other: &str) -> Option<(Cost, Sign)> {
    let sounds = (sounds(one), sounds(other));
    if script(one) != script(other) {
        let length = sounds.0.len().min(sounds.1.len());
        let limit = 25 + Cost::try_from(length).unwrap_or(10).min(8) * 10;
        let cost = by_sound(&sounds.0, &sounds.1, limit).whole;
        return (cost <= limit).then_some((cost + 20, Sign::NameInScript));
    }
    let letters = (letters(one), letters(other));
    let (edits_max, cost_max) = match letters.0.len().min(letters.1.len()) {
        0..=2 => return None,
        3 => (1, 100),
        4 => (2, 130),
        5..=6 => (2, 200),
        7.. => (3, 260),
    };
    let edits = Pattern::new(&letters.0).edits(&letters.1);
    if edits <= edits_max {
        // Which of the two was written first is not known, and the cheaper way is the likelier one.
        let forth = by_letters(&letters.0, &letters.1, cost_max).whole;
        let cost = forth.min(by_letters(&letters.1, &letters.0, cost_max).whole);
        if cost <= cost_max {
            return Some((cost, Sign::NameOff(u8::try_from(edits).unwrap_or(u8::MAX))));
        }
    }
    let cost = by_sound(&sounds.0, &sounds.1, 60).whole;
    (cost <= 60).then_some((cost + 50, Sign::NameAlike))
}

fn dates(one: Option<BirthDate>, other: Option<BirthDate>) -> Option<Weighed> {
    let (one, other) = (one?, other?);
    let (sign, bits) = match ((one.month, one.day), (other.month, other.day)) {
        _ if one == other && one.day.is_some() => (Sign::SameDate, DATE_SAME_BITS),
        ((Some(month), Some(day)), (Some(other_month), Some(other_day))) => {
            let off = digits_off(one, other);
            if one.year == other.year && (month, day) == (other_day, other_month) {
                (Sign::TurnedDate, DATE_TURNED_BITS)
            } else if off == 1 {
                (Sign::DateOff, DATE_DIGIT_BITS)
            } else if one.year == other.year {
                (Sign::OtherDay, YEAR_ONLY_BITS)
            } else {
                (Sign::OtherDate, DATE_OTHER_BITS)
            }
        }
        _ if one.year != other.year => (Sign::OtherDate, DATE_OTHER_BITS),
        ((Some(month), _), (Some(other_month), _)) if month == other_month => {
            (Sign::SameMonth, MONTH_SAME_BITS)
        }
        ((Some(_), _), (Some(_), _)) => (Sign::OtherDay, YEAR_ONLY_BITS),
        _ => (Sign::SameYear, YEAR_SAME_BITS),
    };
    Some(Weighed { sign, bits })
}

/// In how many digits two whole dates differ.
fn digits_off(one: BirthDate, other: BirthDate) -> usize {
    let digits = |date: BirthDate| {
        let (month, day) = (date.month.unwrap_or_default(), date.day.unwrap_or_default());
        format!("{:04}{month:02}{day:02}", date.year)
    };
    digits(one).bytes().zip(digits(other).bytes()).filter(|(one, other)| one != other).count()
}

/// The sign that ids give: the strongest for, or else against.
fn ids(one: &Profile, other: &Profile) -> Option<Weighed> {
    let bare = |value: &str| {
        normalise(value).chars().filter(|letter| letter.is_alphanumeric()).collect::<String>()
    };
    let mut best: Option<Weighed> = None;
    for (scheme, value, is_checked) in &one.ids {
        for (other_scheme, other_value, is_other_checked) in &other.ids {
            let (value, other_value) = (bare(value), bare(other_value));
            let (sign, bits) = if value == other_value && value.len() >= NEAR_DIGITS_MIN {
                (Sign::SameId, ID_SAME_BITS)
            } else if scheme != other_scheme || value == other_value {
                continue;
            } else if *is_checked && *is_other_checked {
                (Sign::OtherCheckedId, ID_OTHER_VERIFIED_BITS)
            } else if is_one_off(&value, &other_value) {
                (Sign::IdOff, ID_NEAR_BITS)
            } else {
                (Sign::OtherId, ID_OTHER_BITS)
            };
            if best.is_none_or(|best| bits > best.bits) {
                best = Some(Weighed { sign, bits });
            }
        }
    }
    best
}

fn telephones(one: &Document, other: &Document) -> Option<Weighed> {
    let national = |telephone: &Telephone| telephone.national().trim_start_matches('0').to_owned();
    let others: Vec<String> = other.telephone_numbers().iter().map(national).collect();
    let mut best: Option<Weighed> = None;
    for own in one.telephone_numbers().iter().map(national) {
        for theirs in &others {
            if own == *theirs || is_same_ending(&own, theirs) {
                return Some(Weighed { sign: Sign::SameTelephone, bits: TELEPHONE_SAME_BITS });
            }
            if is_one_off(&own, theirs) {
                best = Some(Weighed { sign: Sign::TelephoneOff, bits: TELEPHONE_NEAR_BITS });
            }
        }
    }
    best
}

/// Whether one of two numbers ends with the other: it was written without its country code or area.
fn is_same_ending(one: &str, other: &str) -> bool {
    one.len().min(other.len()) > NEAR_DIGITS_MIN && (one.ends_with(other) || other.ends_with(one))
}

/// Whether two numbers differ in one digit, wrong, missing or added, or in two neighbours that changed places.
fn is_one_off(one: &str, other: &str) -> bool {
    one.len().min(other.len()) >= NEAR_DIGITS_MIN
        && Pattern::new(&letters(one)).edits(&letters(other)) == 1
}

fn group_words(document: &Document, kind: GroupKind) -> Vec<Vec<String>> {
    let groups = document.groups().into_iter();
    groups.filter(|group| group.kind == kind).map(|group| group.words).collect()
}

fn addresses(one: &Document, other: &Document) -> Option<Weighed> {
    let others = group_words(other, GroupKind::Address);
    let mut best: Option<Weighed> = None;
    for own in group_words(one, GroupKind::Address) {
        for theirs in &others {
            let shared = own.iter().filter(|word| theirs.contains(word)).count();
            let longer = own.len().max(theirs.len());
            let (sign, bits) = if shared == longer && longer > 1 {
                (Sign::SameAddress, ADDRESS_SAME_BITS)
            } else if shared > 1 && shared * 3 >= longer * 2 {
                (Sign::AddressAlike, ADDRESS_NEAR_BITS)
            } else {
                continue;
            };
            if best.is_none_or(|best| bits > best.bits) {
                best = Some(Weighed { sign, bits });
            }
        }
    }
    best
}

fn relatives(one: &Document, other: &Document) -> Option<Weighed> {
    let others = group_words(other, GroupKind::Related);
    let own = group_words(one, GroupKind::Related);
    let is_shared = own.iter().any(|name| name.len() > 1 && others.contains(name));
    is_shared.then_some(Weighed { sign: Sign::SameRelatives, bits: RELATIVES_BITS })
}
