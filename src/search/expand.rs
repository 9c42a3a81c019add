//! A typed word compared with every word of the dictionary: which words it may stand for, and what each is worth.

use std::cmp::Ordering;
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::distance::{Cost, Pattern, by_letters, by_sound};
use super::find::Closeness;
use super::letters::{self, Letter, Script};
use super::query::{Item, ItemKind};
use super::shelf::{self, Label, Shelf, Sieve, Sifted};
use super::sound::{self, Sound};
use super::words::Class;

/// Words of one class that a typed word may stand for.
const NAME_WORDS_MAX: usize = 400;
const ADDRESS_WORDS_MAX: usize = 60;
/// Words that only people have whom not everybody may find, of all classes together.
const UNCOUNTED_WORDS_MAX: usize = 100;
/// What a reading of two words as one, or of one as two, takes away.
const READING_BITS: f32 = 3.0;
/// What it takes away that another keyboard has to be supposed: less than nothing, since as typed the word is no name, and
/// there it is one.
const LAYOUT_BITS: f32 = -3.0;
/// Letters that have to be typed before one of them may be wrong at the beginning of a word.
const START_OFF_MIN: usize = 4;
/// Letters that a word needs to have a sound that tells more than its letters.
const SOUND_MIN: usize = 4;
/// Letters that two words read as one need to be compared by sound.
const READING_SOUND_MIN: usize = 5;
/// People that an office counts as at least: what evidence is worth was fitted on large registers, and a name tells as much
/// where few are registered yet.
const PEOPLE_MIN: u64 = 65_536;
/// What is left of the information of a word: names of one person go together, so the second tells less than the first.
const NAME_SHARE: f32 = 0.75;
const ADDRESS_SHARE: f32 = 0.65;

/// What it takes away that two words are not the same, in hundredths of a bit.
pub(super) type Penalty = u16;

/// The word is not complete: while it is typed, and where another follows.
const START_LAST: Penalty = 30;
const START: Penalty = 40;
/// A wrong first letter is less likely than any other.
const FIRST_LETTER: Penalty = 110;
/// Words that only sound alike, before what differs is counted.
const SOUND: Penalty = 130;
const SCRIPT: Penalty = 50;
/// One, two or three letters off, beside what the letters themselves cost.
const OFF: [Penalty; 3] = [0, 50, 90];
/// A beginning that is one letter off.
const START_OFF: Penalty = 60;
/// A letter that differs between words that sound alike.
const SOUND_EDIT: Penalty = 49;
/// Tenths of a hundredth of a bit for each hundredth that two words cost: as letters, as beginnings, by their sound, and by
/// their sound in two scripts.
const LETTERS_RATE: Penalty = 21;
const START_RATE: Penalty = 28;
const SOUND_RATE: Penalty = 41;
const SCRIPT_RATE: Penalty = 50;

/// A word that a typed word may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expansion {
    pub(super) word: u32,
    pub(super) class: Class,
    pub(super) frequency: u32,
    /// What it takes away that the words are not the same.
    pub(super) penalty: Penalty,
    /// How much it says that a person has this word, before the field's own discount.
    pub(super) bits: f32,
    pub(super) closeness: Closeness,
}

/// Everything that one typed word may stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Expansions {
    /// The nearest words of each class, the most telling first.
    pub(super) nearest: Vec<Expansion>,
    /// The nearest of the words that no frequency counts: nobody has them, or only people have whom not everybody may find.
    /// They are considered only for whoever may find one of those (`Asker::admit`), and change nothing for the others.
    pub(super) uncounted: Vec<Expansion>,
    /// Bits of a name, and of an address, that only begins with the typed word, also where there were too many to list.
    pub(super) start_bits: Option<f32>,
    pub(super) start_bits_address: Option<f32>,
}

impl Expansions {
    /// Words that were looked up, and are the same as what was typed.
    pub(super) fn of(
        counts: &dyn WordCounts,
        class: Class,
        words: impl IntoIterator<Item = u32>,
    ) -> Self {
        let known = words.into_iter().map(|word| {
            let frequency = counts.frequency(word);
            Expansion {
                word,
                class,
                frequency,
                penalty: 0,
                bits: share(class) * rarity(counts.people(), frequency.max(1).into()),
                closeness: Closeness::Exact,
            }
        });
        let (nearest, uncounted) = known.partition(|known: &Expansion| known.frequency > 0);
        Self { nearest, uncounted, ..Self::default() }
    }
}

/// What `item` may stand for, by comparison with every word.
pub(super) fn expand(dictionary: &Dictionary, item: &Item) -> Arc<Expansions> {
    dictionary.recall(item, || compare_all(dictionary, dictionary, item))
}

/// What `item` may stand for, where people are counted so.
pub(super) fn compare_all(
    dictionary: &Dictionary,
    counts: &dyn WordCounts,
    item: &Item,
) -> Expansions {
    let typed = Typed::new(item);
    let mut found: Vec<Expansion> = Vec::new();
    typed.each_near(dictionary.shelves(), |class, word, penalty, closeness| {
        let frequency = counts.frequency(word);
        found.push(Expansion { word, class, frequency, penalty, bits: 0.0, closeness });
    });
    weigh(dictionary, counts, found, &typed)
}

/// Whether `item` may stand for any of these words.
pub(super) fn resembles(shelves: &[Shelf], item: &Item) -> bool {
    let mut is_near = false;
    if !shelves.is_empty() {
        Typed::new(item).each_near(shelves, |_, _, _, _| is_near = true);
    }
    is_near
}

/// How many people there are, and have a word, of those who are counted.
pub(super) trait WordCounts {
    /// All of them.
    fn people(&self) -> u64;

    /// Those who have a word.
    fn frequency(&self, word: u32) -> u32;
}

impl WordCounts for Dictionary {
    fn people(&self) -> u64 {
        Self::people(self)
    }

    fn frequency(&self, word: u32) -> u32 {
        Self::frequency(self, word)
    }
}

/// How many bits it says that somebody is among `people_with` of `people`.
pub(super) fn information(people: u64, people_with: u64) -> f32 {
    let ratio = float(people + 1) / (float(people_with) + 0.5);
    ratio.log2().max(0.0)
}

/// What is left of the information of a word.
fn share(class: Class) -> f32 {
    match class {
        Class::Name | Class::Related => NAME_SHARE,
        Class::Address => ADDRESS_SHARE,
    }
}

/// The same, where what follows was fitted on large registers.
pub(super) fn rarity(people: u64, people_with: u64) -> f32 {
    information(people.max(PEOPLE_MIN), people_with)
}

/// A count as a float; the last digits of a count beyond 16 million do not matter to its logarithm.
#[expect(clippy::cast_precision_loss, reason = "only its logarithm is used")]
fn float(count: u64) -> f32 {
    count as f32
}

/// Gives each word its bits: people who have a word at least this near count against it.
fn weigh(
    dictionary: &Dictionary,
    counts: &dyn WordCounts,
    mut found: Vec<Expansion>,
    typed: &Typed<'_>,
) -> Expansions {
    let people = counts.people();
    let mut expansions = Expansions::default();
    for class in [Class::Name, Class::Related, Class::Address] {
        let mut own: Vec<&mut Expansion> =
            found.iter_mut().filter(|expansion| expansion.class == class).collect();
        own.sort_unstable_by_key(|expansion| expansion.penalty);
        let mut people_with = 0_u64;
        let mut rest = own.as_mut_slice();
        while let Some(penalty) = rest.first().map(|expansion| expansion.penalty) {
            let (same, after) =
                rest.split_at_mut(rest.partition_point(|expansion| expansion.penalty == penalty));
            people_with += same.iter().map(|expansion| u64::from(expansion.frequency)).sum::<u64>();
            let bits = share(class) * rarity(people, people_with.min(people));
            let uncounted_bits = share(class) * rarity(people, people_with + 1);
            for expansion in same {
                let bits = if expansion.frequency == 0 { uncounted_bits } else { bits };
                expansion.bits = bits - f32::from(penalty) / 100.0 - typed.reading_bits();
                if expansion.closeness == Closeness::Start && expansion.frequency > 0 {
                    let start_bits = match class {
                        Class::Address => &mut expansions.start_bits_address,
                        Class::Name | Class::Related => &mut expansions.start_bits,
                    };
                    start_bits.get_or_insert(expansion.bits);
                }
            }
            rest = after;
        }
    }
    let (counted, uncounted): (Vec<Expansion>, Vec<Expansion>) =
        found.into_iter().partition(|expansion| expansion.frequency > 0);
    expansions.uncounted = most_telling(dictionary, uncounted, UNCOUNTED_WORDS_MAX);
    // Only the nearest of each class are put in order: of one typed letter there are thousands.
    let mut nearest = Vec::new();
    for class in [Class::Name, Class::Related, Class::Address] {
        let count_max = if class == Class::Address { ADDRESS_WORDS_MAX } else { NAME_WORDS_MAX };
        let own = counted.iter().filter(|expansion| expansion.class == class).copied().collect();
        nearest.extend(most_telling(dictionary, own, count_max));
    }
    nearest.sort_unstable_by(|one, other| by_telling(dictionary, one, other));
    expansions.nearest = nearest;
    expansions
}

/// At most so many words, the nearest ones, in no order.
fn most_telling(
    dictionary: &Dictionary,
    mut words: Vec<Expansion>,
    count_max: usize,
) -> Vec<Expansion> {
    if words.len() > count_max {
        words.select_nth_unstable_by(count_max, |one, other| by_telling(dictionary, one, other));
        words.truncate(count_max);
    }
    words
}

/// The nearest first, of equals the most frequent; the text decides last, so that the order never rests on numbers that
/// depend on who was indexed first.
pub(super) fn by_telling(dictionary: &Dictionary, one: &Expansion, other: &Expansion) -> Ordering {
    one.penalty
        .cmp(&other.penalty)
        .then(other.frequency.cmp(&one.frequency))
        .then_with(|| dictionary.text(one.word).cmp(dictionary.text(other.word)))
}

struct Typed<'a> {
    item: &'a Item,
    letters: Vec<Letter>,
    sounds: Vec<Sound>,
    pattern: Pattern,
    sound_mask: u16,
    script: Script,
    edits_max: u32,
    cost_max: Cost,
}

impl<'a> Typed<'a> {
    fn new(item: &'a Item) -> Self {
        let letters = letters::letters(&item.text);
        let sounds = sound::sounds(&item.text);
        let (edits_max, cost_max) = match (&item.kind, letters.len()) {
            // Of many keyboards the right one shows by a name that stands there as it is.
            (
                ItemKind::Number
                | ItemKind::Date(_)
                | ItemKind::Courtesy
                | ItemKind::Role(_)
                | ItemKind::Layout,
                _,
            )
            | (_, 0..=2) => (0, 0),
            (ItemKind::Reading, 3..) => (1, 65),
            (_, 3) => (1, 100),
            (_, 4) => (2, 130),
            (_, 5..=6) => (2, 200),
            (_, 7..) => (3, 260),
        };
        Self {
            item,
            pattern: Pattern::new(&letters),
            sound_mask: sound::mask(&sounds),
            script: letters::script(&item.text),
            letters,
            sounds,
            edits_max,
            cost_max,
        }
    }

    /// Calls `visit` with every word that may be meant, what that takes away and how near it is.
    fn each_near(&self, shelves: &[Shelf], mut visit: impl FnMut(Class, u32, Penalty, Closeness)) {
        for shelf in shelves {
            let Some(sieve) = self.sieve(&shelf.label) else { continue };
            shelf.sift(&sieve, |sifted| {
                if let Some((penalty, closeness)) = self.compare(&shelf.label, &sifted) {
                    visit(shelf.label.class, sifted.word, penalty, closeness);
                }
            });
        }
    }

    /// What words of a shelf have to pass, if any of them may be meant.
    fn sieve(&self, label: &Label) -> Option<Sieve> {
        let sound = self.sound_off_max(label);
        if label.script != self.script {
            return sound.map(|off| Sieve {
                sounds: self.sound_mask,
                sound: Some(off),
                ..Sieve::default()
            });
        }
        let typed = self.letters.len();
        let edits_max = usize::try_from(self.edits_max).unwrap_or_default();
        // A longer word has letters more, so it may lack fewer of those that were typed, and the other way round.
        let lacking_max = edits_max.checked_sub(label.length.saturating_sub(typed));
        let surplus_max = edits_max.checked_sub(typed.saturating_sub(label.length));
        let near = lacking_max.zip(surplus_max).filter(|_| edits_max > 0);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let is_longer = label.length > typed;
        Some(Sieve {
            letters: shelf::mask(&self.letters),
            firsts: shelf::firsts(&self.letters),
            sounds: self.sound_mask,
            near: near.map(|(lacking, surplus)| (count(lacking), count(surplus))),
            start: (label.length >= typed).then(|| count(typed)),
            start_near: (is_longer && typed >= START_OFF_MIN && self.may_start())
                .then_some(self.edits_max.min(1)),
            sound,
        })
    }

    /// How many groups of consonants may differ where the sound may tell.
    fn sound_off_max(&self, label: &Label) -> Option<u32> {
        let is_name = self.sound_mask != 0 && label.class != Class::Address;
        let is_typed = matches!(self.item.kind, ItemKind::Word | ItemKind::Mixed);
        if label.script == self.script {
            return (is_name && is_typed && self.letters.len() >= SOUND_MIN).then_some(0);
        }
        // Where one script writes two words and the other one, the sound is all that tells.
        let is_read =
            self.item.kind == ItemKind::Reading && self.letters.len() >= READING_SOUND_MIN;
        (is_name && (is_typed || is_read)).then_some(1)
    }

    /// What it takes away that the word is not one that was typed, but one of many readings that could be tried.
    fn reading_bits(&self) -> f32 {
        match self.item.kind {
            ItemKind::Reading => READING_BITS,
            ItemKind::Layout => LAYOUT_BITS,
            ItemKind::Word
            | ItemKind::Number
            | ItemKind::Mixed
            | ItemKind::Date(_)
            | ItemKind::Courtesy
            | ItemKind::Role(_) => 0.0,
        }
    }

    fn compare(&self, label: &Label, sifted: &Sifted<'_>) -> Option<(Penalty, Closeness)> {
        if label.script != self.script {
            return self.compare_scripts(sifted.sounds());
        }
        let letters = sifted.letters;
        if sifted.passed & shelf::START != 0 && letters.starts_with(&self.letters) {
            if letters.len() == self.letters.len() {
                return Some((0, Closeness::Exact));
            }
            return self.may_start().then(|| (self.start_penalty(), Closeness::Start));
        }
        if self.edits_max == 0 {
            return None;
        }
        let by_letters = self.compare_letters(letters, sifted.passed);
        let by_sound = if sifted.passed & shelf::SOUND == 0 {
            None
        } else {
            self.compare_sounds(sifted.sounds(), letters)
        };
        [by_letters, by_sound].into_iter().flatten().min_by_key(|&(penalty, _)| penalty)
    }

    /// Digits are no beginning of a longer number while more words follow: "12" is not "1286".
    fn may_start(&self) -> bool {
        self.item.is_last || matches!(self.item.kind, ItemKind::Word | ItemKind::Layout)
    }

    fn start_penalty(&self) -> Penalty {
        if self.item.is_last { START_LAST } else { START }
    }

    fn first_letter_penalty(&self, letters: &[Letter]) -> Penalty {
        if self.letters.first() == letters.first() { 0 } else { FIRST_LETTER }
    }

    fn compare_letters(&self, letters: &[Letter], passed: u8) -> Option<(Penalty, Closeness)> {
        if passed & shelf::NEAR != 0 {
            let edits = self.pattern.edits(letters);
            if edits <= usize::try_from(self.edits_max).unwrap_or_default() {
                let cost = by_letters(&self.letters, letters, self.cost_max).whole;
                if cost <= self.cost_max {
                    let off = edits.checked_sub(1).and_then(|place| OFF.get(place)).copied();
                    let penalty = (cost * LETTERS_RATE / 10).max(10)
                        + off.unwrap_or_default()
                        + self.first_letter_penalty(letters);
                    return Some((penalty, Closeness::Off(u8::try_from(edits).unwrap_or(u8::MAX))));
                }
            }
        }
        if passed & shelf::START_NEAR != 0 {
            let beginning = letters.get(..=self.letters.len()).unwrap_or(letters);
            let cost = by_letters(&self.letters, beginning, 100).start;
            if cost <= 100 {
                let penalty = cost * START_RATE / 10 + START_OFF + self.start_penalty();
                return Some((penalty, Closeness::StartOff(1)));
            }
        }
        None
    }

    /// In one script the vowels and the spelling tell as well, so every letter that differs costs a little.
    fn compare_sounds(&self, sounds: &[Sound], letters: &[Letter]) -> Option<(Penalty, Closeness)> {
        let cost = by_sound(&self.sounds, sounds, 90).whole;
        let edits = Cost::try_from(self.pattern.edits(letters)).unwrap_or(Cost::MAX).min(20);
        (cost <= 90).then(|| {
            let penalty = cost * SOUND_RATE / 10
                + SOUND_EDIT * edits
                + SOUND
                + self.first_letter_penalty(letters);
            (penalty, Closeness::Sound)
        })
    }

    fn compare_scripts(&self, sounds: &[Sound]) -> Option<(Penalty, Closeness)> {
        if sounds.is_empty() {
            return None;
        }
        let limit = 25 + Cost::try_from(self.sounds.len()).unwrap_or(10).min(8) * 10;
        let cost = by_sound(&self.sounds, sounds, limit).whole;
        (cost <= limit).then(|| (cost * SCRIPT_RATE / 10 + SCRIPT, Closeness::Script))
    }
}
