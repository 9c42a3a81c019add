//! Two people beside each other: every sign that they are one or two, with its weight.

use super::super::dictionary::Dictionary;
use super::super::distance::Pattern;
use super::super::document::{BirthDate, Document, GroupKind, Telephone};
use super::super::fold::normalise;
use super::super::letters::letters;
use super::super::{IndexRead, SearchError};
use super::names::Names;
use super::sign::{Profile, Sign, Weighed};

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
/// The most that a name tells of two people who are not one by something else.
const NAME_SHARED_BITS_MAX: f32 = 16.0;
/// Digits that a number needs for one wrong digit to mean anything.
const NEAR_DIGITS_MIN: usize = 6;

/// Compares people in full, many of them one after the other.
pub struct Comparer<'a> {
    names: Names<'a>,
}

impl std::fmt::Debug for Comparer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparer").finish_non_exhaustive()
    }
}

impl<'a> Comparer<'a> {
    /// A comparer over an index.
    #[must_use]
    pub fn new(dictionary: &'a Dictionary, read: &'a dyn IndexRead) -> Self {
        Self { names: Names::new(dictionary, read) }
    }

    /// Everything that speaks for or against two people being one, what tells most first. It is the same whichever of the
    /// two comes first.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub fn compare(&mut self, one: &Profile, other: &Profile) -> Result<Vec<Weighed>, SearchError> {
        let name = self.names.names(&one.document, &other.document)?;
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
