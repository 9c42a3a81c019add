//! How far two people's names are one: each word beside its nearest, worth as much as it is rare.

use std::collections::HashMap;

use super::super::dictionary::Dictionary;
use super::super::distance::{Cost, Pattern, by_letters, by_sound};
use super::super::document::{Document, GroupKind};
use super::super::expand::information;
use super::super::letters::{letters, script};
use super::super::sound::sounds;
use super::super::words::{self, Class};
use super::super::{IndexRead, SearchError};
use super::sign::{Sign, Weighed};

/// What a hundredth of a wrong letter takes away, in bits.
const BITS_A_COST: f32 = 0.028;
/// How frequent a name is taken to be before anybody was counted: one in a thousand.
const NAME_ONE_IN: u64 = 1_000;
const GIVEN_OTHER_BITS: f32 = -14.0;
const FAMILY_OTHER_BITS: f32 = -8.0;
const NAME_SURPLUS_BITS: f32 = -1.0;
const NAME_SURPLUS_MAX: u8 = 3;
/// Many names are spelt nearly alike, so that one that is off by something says less than its own rarity.
const NAME_OFF_BITS: f32 = -1.5;
const NAME_SHORT_BITS: f32 = 1.0;
/// Letters that two names have to begin with alike for one to be a short form of the other.
const NAME_SHORT_LETTERS: usize = 3;
/// Frequencies of words that are kept while people are compared.
const FREQUENCIES_MAX: usize = 8_192;

/// A word of one name beside one of another.
struct WordPair {
    here: usize,
    there: usize,
    bits: f32,
    sign: Sign,
}

/// How two names fit together.
pub(super) struct NameFit {
    pub(super) bits: f32,
    pub(super) signs: Vec<Weighed>,
    /// Whether the given names are of two people.
    pub(super) is_other_given: bool,
}

/// Compares names. It keeps the frequencies of the words that it met.
pub(super) struct Names<'a> {
    dictionary: &'a Dictionary,
    read: &'a dyn IndexRead,
    frequencies: HashMap<String, u32>,
}

impl<'a> Names<'a> {
    pub(super) fn new(dictionary: &'a Dictionary, read: &'a dyn IndexRead) -> Self {
        Self { dictionary, read, frequencies: HashMap::new() }
    }

    /// The best fit of a name of one with a name of the other.
    pub(super) fn names(
        &mut self,
        one: &Document,
        other: &Document,
    ) -> Result<NameFit, SearchError> {
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
