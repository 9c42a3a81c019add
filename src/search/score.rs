//! How much the evidence for one person comes to, in bits, when each typed word is given to at most one thing that the
//! person has.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::dictionary::Dictionary;
use super::document::{BirthDate, GroupKind, Record};
use super::expand::{Expansion, Expansions, rarity};
use super::figures::{TELEPHONE_HEAD_BITS, birth_bits, nearness, number_bits, written};
use super::find::{Closeness, Evidence, Field, Hit};
use super::query::{Item, ItemKind};
use super::roles::Role;
use super::words::Class;

const WRONG_DATE_BITS: f32 = -4.0;
const UNMATCHED_NUMBER_BITS: f32 = -5.5;
const UNMATCHED_WORD_BITS: f32 = -3.0;
const UNMATCHED_SHORT_BITS: f32 = -1.5;
const SURPLUS_NAME_BITS: f32 = -2.1;
const SURPLUS_NAMES_MAX: u8 = 2;
/// The most that a house number tells.
const HOUSE_NUMBER_BITS_MAX: f32 = 3.0;
const RELATED_BITS: f32 = -2.5;
const ADDRESS_BITS: f32 = -1.7;
/// A word of an address that is not the same: there are so many that one is always near.
const ADDRESS_NEAR_BITS: f32 = -3.8;
/// Nearly every question has a name in it, so an address alone is hardly what was meant by words.
const NO_NAME_BITS: f32 = -3.5;
/// Letters in a row that tell something wherever they stand.
const RUN_MIN: usize = 3;
/// What the first letter of a name tells, where the words that begin with it were not counted.
const INITIAL_BITS: f32 = 2.5;
/// What it tells that somebody is to the one who is named what was said: more than that name was expected to tell.
const ROLE_BITS: f32 = 4.0;
/// What it takes away that somebody is something else to the one who is named.
const OTHER_ROLE_BITS: f32 = -2.0;

/// What an expansion is worth in the field that its class mostly stands for.
pub(super) fn word_bits(expansion: &Expansion) -> f32 {
    let field = match expansion.class {
        Class::Name => 0.0,
        Class::Related => RELATED_BITS,
        Class::Address => address_bits(expansion.closeness),
    };
    expansion.bits + field
}

/// The items that may stand for a word, nearly always one.
type ItemsOfWord<'a> = SmallVec<[(usize, &'a Expansion); 1]>;

/// The question, prepared for scoring many people.
pub(super) struct Scorer<'a> {
    dictionary: &'a Dictionary,
    items: &'a [(Item, Arc<Expansions>)],
    /// For each word, the items that may stand for it.
    by_word: FxHashMap<u32, ItemsOfWord<'a>>,
    /// For each word that was met, the other items that have letters in a row in common with it: people share their names
    /// and streets.
    resembling: RefCell<Resemblances>,
    /// Room for the pairs of one person after the other.
    room: RefCell<Vec<Pair>>,
    people_bits: f32,
    has_role: bool,
}

/// An item that has letters in a row in common with a word, what that tells, and how close it is.
type Resembling = (usize, f32, Closeness);

/// Words for which room is made before any is compared: those of a few hundred people.
const COMPARED_EXPECTED: usize = 896;

/// What was found for words, one behind the other, and where that of each word begins and ends.
struct Resemblances {
    all: Vec<Resembling>,
    of_word: FxHashMap<u32, (usize, usize)>,
}

impl Default for Resemblances {
    fn default() -> Self {
        let of_word = FxHashMap::with_capacity_and_hasher(COMPARED_EXPECTED, FxBuildHasher);
        Self { all: Vec::new(), of_word }
    }
}

/// A typed word laid against one thing that the person has.
struct Pair {
    bits: f32,
    item: usize,
    slot: usize,
    field: Field,
    matched: Matched,
    closeness: Closeness,
}

/// What was matched, as text only where it is shown in the end.
enum Matched {
    Word(u32),
    Text(String),
}

/// The slot of the date of birth; words have their place as slot.
const BIRTH_SLOT: usize = usize::MAX;
/// Slots that are remembered without more memory: more than the words of nearly every question.
const SLOTS: usize = 16;
/// The first slot of telephones and ids.
const NUMBER_SLOT: usize = usize::MAX / 2;

impl<'a> Scorer<'a> {
    /// Prepares a question that is asked of so many people.
    pub(super) fn new(
        dictionary: &'a Dictionary,
        people: u64,
        items: &'a [(Item, Arc<Expansions>)],
    ) -> Self {
        let words = items.iter().map(|(_, expansions)| expansions.nearest.len()).sum();
        let mut by_word: FxHashMap<u32, ItemsOfWord<'_>> = FxHashMap::default();
        by_word.reserve(words);
        for (place, (_, expansions)) in items.iter().enumerate() {
            for expansion in &expansions.nearest {
                by_word.entry(expansion.word).or_default().push((place, expansion));
            }
        }
        let has_role = items.iter().any(|(item, _)| matches!(item.kind, ItemKind::Role(_)));
        let people_bits = rarity(people, 0);
        let resembling = RefCell::default();
        let room = RefCell::default();
        Self { dictionary, items, by_word, resembling, room, people_bits, has_role }
    }

    /// What the evidence for somebody comes to; nothing where it tells too little for them to be meant.
    pub(super) fn bits(&self, record: &Record) -> Option<f32> {
        let mut pairs = self.room.take();
        let bits = self.weigh(record, &mut pairs);
        self.room.replace(pairs);
        bits
    }

    /// Somebody with the evidence in words, in the order in which it was typed; nothing where [`Self::bits`] says so.
    pub(super) fn hit(&self, person: u64, record: &Record) -> Option<Hit> {
        let mut taken = Vec::new();
        let bits = self.weigh(record, &mut taken)?;
        taken.sort_by_key(|pair| self.items.get(pair.item).map_or(0, |(item, _)| item.span));
        let evidence = taken.into_iter().filter_map(|pair| self.evidence(pair)).collect();
        Some(Hit { person, score_bits: bits, evidence })
    }

    /// Adds up the evidence for somebody, and leaves in `pairs` what it is made of.
    fn weigh(&self, record: &Record, pairs: &mut Vec<Pair>) -> Option<f32> {
        pairs.clear();
        self.pair_words(record, pairs);
        for (place, (item, _)) in self.items.iter().enumerate() {
            self.pair_birth_date(place, item, record.birth_date, pairs);
            if item.is_numbered() {
                self.pair_numbers(place, item, record, pairs);
            }
        }
        pairs.sort_by(|one, other| other.bits.total_cmp(&one.bits));
        let (mut covered, mut slots) = (0_u64, SmallVec::<[usize; SLOTS]>::new());
        pairs.retain(|pair| {
            let span = self.items.get(pair.item).map_or(u64::MAX, |(item, _)| item.span);
            let is_free = covered & span == 0
                && (pair.slot >= NUMBER_SLOT && pair.slot != BIRTH_SLOT
                    || !slots.contains(&pair.slot));
            if is_free {
                covered |= span;
                slots.push(pair.slot);
            }
            is_free
        });
        let bits = pairs.iter().map(|pair| pair.bits).sum::<f32>()
            + self.unmatched_bits(covered, record)
            + self.no_name_bits(pairs)
            + if self.is_one_word() { 0.0 } else { surplus_bits(record, pairs) };
        // A house number may support a name, but nobody is meant by one alone.
        let is_telling = |pair: &Pair| {
            let item = self.items.get(pair.item);
            item.is_some_and(|(item, _)| {
                pair.field != Field::Address || !is_short_number(&item.text)
            })
        };
        pairs.iter().any(is_telling).then_some(bits)
    }

    /// What it takes away that words were typed, and none of them is a name.
    fn no_name_bits(&self, taken: &[Pair]) -> f32 {
        let is_named = |field| matches!(field, Field::Name | Field::OtherName | Field::Related);
        let has_words = self.items.iter().any(|(item, _)| item.kind == ItemKind::Word);
        if !has_words || taken.iter().any(|pair| is_named(pair.field)) { 0.0 } else { NO_NAME_BITS }
    }

    /// Whether a single word was typed: whoever begins with one has not said yet how many names there are.
    fn is_one_word(&self) -> bool {
        let is_said = |item: &Item| item.is_typed && item.kind != ItemKind::Courtesy;
        self.items.iter().filter(|(item, _)| is_said(item)).count() == 1
    }

    fn evidence(&self, pair: Pair) -> Option<Evidence> {
        let (item, _) = self.items.get(pair.item)?;
        Some(Evidence {
            typed: item.text.clone(),
            field: pair.field,
            matched: match pair.matched {
                Matched::Word(word) => self.dictionary.text(word).to_owned(),
                Matched::Text(text) => text,
            },
            closeness: if item.kind == ItemKind::Layout {
                Closeness::Layout
            } else {
                pair.closeness
            },
            bits: pair.bits,
        })
    }

    fn pair_words(&self, record: &Record, pairs: &mut Vec<Pair>) {
        let mut slot = 0;
        for group in &record.groups {
            let field = field_of(group.kind);
            let mut words = group.words.as_slice();
            let before = pairs.len();
            let role_slot = slot;
            if let (GroupKind::Related, Some((_, names))) = (group.kind, words.split_first()) {
                words = names;
                slot += 1;
            }
            for &word in words {
                let listed = self.by_word.get(&word).map(SmallVec::as_slice).unwrap_or_default();
                for &(item, expansion) in listed {
                    let bits = expansion.bits + field_bits(group.kind, expansion.closeness);
                    let bits = match self.items.get(item) {
                        Some((item, _)) if is_house_number(group.kind, &item.text) => {
                            bits.min(HOUSE_NUMBER_BITS_MAX)
                        }
                        _ => bits,
                    };
                    let matched = Matched::Word(word);
                    let closeness = expansion.closeness;
                    pairs.push(Pair { bits, item, slot, field, matched, closeness });
                }
                self.pair_starts(word, slot, group.kind, listed, pairs);
                slot += 1;
            }
            if self.has_role && group.kind == GroupKind::Related && pairs.len() > before {
                self.pair_role(&group.words, role_slot, before, pairs);
            }
        }
    }

    /// What the person is to a relative of whose name something was typed; `pairs` holds that from `before` on.
    fn pair_role(&self, words: &[u32], slot: usize, before: usize, pairs: &mut Vec<Pair>) {
        let Some((token, names)) = words.split_first() else { return };
        let mut listed = self.by_word.get(token).into_iter().flatten();
        let is_role = |place: usize| {
            matches!(self.items.get(place), Some((Item { kind: ItemKind::Role(_), .. }, _)))
        };
        let Some(&(item, _)) = listed.find(|(place, _)| is_role(*place)) else {
            for pair in pairs.iter_mut().skip(before) {
                pair.bits += OTHER_ROLE_BITS;
            }
            return;
        };
        let label = Role::of_token(self.dictionary.text(*token)).map_or("relative", Role::label);
        let names: Vec<&str> = names.iter().map(|&word| self.dictionary.text(word)).collect();
        let matched = Matched::Text(format!("{label} of {}", names.join(" ")));
        let (field, closeness) = (Field::Related, Closeness::Exact);
        pairs.push(Pair { bits: ROLE_BITS, item, slot, field, matched, closeness });
    }

    /// Words that begin with what was typed are too many to list when little was typed.
    fn pair_starts(
        &self,
        word: u32,
        slot: usize,
        kind: GroupKind,
        listed: &[(usize, &Expansion)],
        pairs: &mut Vec<Pair>,
    ) {
        let mut known = self.resembling.borrow_mut();
        let (begin, end) = self.compared(&mut known, word, listed);
        for &(place, bits, closeness) in known.all.get(begin..end).unwrap_or_default() {
            let Some((_, expansions)) = self.items.get(place) else { continue };
            let start_bits = match kind {
                GroupKind::Address => expansions.start_bits_address,
                GroupKind::Name | GroupKind::OtherName | GroupKind::Related => {
                    expansions.start_bits
                }
            };
            let bits =
                if closeness == Closeness::Start { start_bits.unwrap_or(bits) } else { bits };
            let is_named = matches!(kind, GroupKind::Name | GroupKind::OtherName);
            if is_named || closeness == Closeness::Start {
                pairs.push(Pair {
                    bits: bits + field_bits(kind, closeness),
                    item: place,
                    slot,
                    field: field_of(kind),
                    matched: Matched::Word(word),
                    closeness,
                });
            }
        }
    }

    /// Where the words of the question lie that may not stand for this one and resemble it all the same.
    fn compared(
        &self,
        known: &mut Resemblances,
        word: u32,
        listed: &[(usize, &Expansion)],
    ) -> (usize, usize) {
        if let Some(place) = known.of_word.get(&word) {
            return *place;
        }
        let text = self.dictionary.text(word);
        let items = self.items.iter().enumerate().filter(|(place, (item, _))| {
            item.kind == ItemKind::Word && listed.iter().all(|(other, _)| other != place)
        });
        let begin = known.all.len();
        known.all.extend(items.filter_map(|(place, (item, _))| {
            resemblance(&item.text, text).map(|(bits, closeness)| (place, bits, closeness))
        }));
        let place = (begin, known.all.len());
        known.of_word.insert(word, place);
        place
    }

    #[expect(clippy::unused_self, reason = "one of three ways to pair, called alike")]
    fn pair_birth_date(
        &self,
        place: usize,
        item: &Item,
        birth_date: Option<BirthDate>,
        pairs: &mut Vec<Pair>,
    ) {
        let Some(birth_date) = birth_date else { return };
        let best = birth_bits(item, birth_date)
            .into_iter()
            .filter(|&(bits, ..)| bits > WRONG_DATE_BITS)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((bits, field, closeness)) = best {
            pairs.push(Pair {
                bits,
                item: place,
                slot: BIRTH_SLOT,
                field,
                matched: Matched::Text(written(birth_date)),
                closeness,
            });
        }
    }

    fn pair_numbers(&self, place: usize, item: &Item, record: &Record, pairs: &mut Vec<Pair>) {
        let telephones = record.telephones.iter().map(|telephone| {
            let near = nearness(&item.text, &telephone.digits);
            let digits = item.text.trim_start_matches('0');
            // A zero typed in front is the trunk prefix, which a number with its country code does not have; before
            // the last digits of a number it is a digit like others.
            let national = nearness(digits, telephone.national()).filter(|&(_, closeness)| {
                digits.len() == item.text.len() || closeness != Closeness::End || digits.len() >= 7
            });
            let best = [near, national]
                .into_iter()
                .flatten()
                .max_by(|one, other| one.0.total_cmp(&other.0));
            (best, Field::Telephone, &telephone.digits)
        });
        let ids = record.ids.iter().map(|id| (nearness(&item.text, id), Field::Id, id));
        for (number, (near, field, text)) in telephones.chain(ids).enumerate() {
            let Some((discount, closeness)) = near else { continue };
            let is_head = field == Field::Telephone && closeness == Closeness::Start;
            let discount = if is_head { discount + TELEPHONE_HEAD_BITS } else { discount };
            let bits = number_bits(&item.text, self.people_bits) + discount;
            if bits > 0.0 {
                pairs.push(Pair {
                    bits,
                    item: place,
                    slot: NUMBER_SLOT + number,
                    field,
                    matched: Matched::Text(text.clone()),
                    closeness,
                });
            }
        }
    }

    /// What typed words that fit nothing take away; half of a word takes away half.
    fn unmatched_bits(&self, covered: u64, record: &Record) -> f32 {
        let typed = self.items.iter().filter(|(item, _)| item.is_typed);
        typed
            .map(|(item, _)| {
                let left = item.span & !covered;
                if left == 0 {
                    return 0.0;
                }
                let share = if left == item.span { 1.0 } else { 0.5 };
                let whole = match item.kind {
                    ItemKind::Date(_) if record.birth_date.is_none() => UNMATCHED_SHORT_BITS,
                    ItemKind::Date(_) => WRONG_DATE_BITS,
                    ItemKind::Number if item.text.len() < 4 => UNMATCHED_SHORT_BITS,
                    ItemKind::Number => UNMATCHED_NUMBER_BITS,
                    ItemKind::Courtesy => 0.0,
                    ItemKind::Word
                    | ItemKind::Mixed
                    | ItemKind::Reading
                    | ItemKind::Role(_)
                    | ItemKind::Layout => {
                        let is_short = item.text.chars().nth(2).is_none();
                        if is_short { UNMATCHED_SHORT_BITS } else { UNMATCHED_WORD_BITS }
                    }
                };
                share * whole
            })
            .sum()
    }
}

/// Whether a word of an address is a short number. Such a number, typed behind a name, is as likely the end of a year of
/// birth, so it may support a name but not stand for one.
fn is_house_number(kind: GroupKind, typed: &str) -> bool {
    kind == GroupKind::Address && is_short_number(typed)
}

/// Whether these are fewer digits than a year has.
fn is_short_number(typed: &str) -> bool {
    typed.len() < 4 && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// What it tells that two words have letters in a row in common: little, and mostly less than nothing, but better than a
/// word that fits nothing at all, because short forms of names mostly keep some.
fn resemblance(typed: &str, word: &str) -> Option<(f32, Closeness)> {
    if word.starts_with(typed) {
        return Some((INITIAL_BITS, Closeness::Start));
    }
    if typed.len() >= RUN_MIN && word.ends_with(typed) {
        return Some((1.5, Closeness::End));
    }
    if typed.len() >= RUN_MIN && word.contains(typed) {
        return Some((0.5, Closeness::Inside));
    }
    let begin = typed.chars().zip(word.chars()).take_while(|(one, other)| one == other).count();
    let small = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
    if begin >= RUN_MIN {
        return Some((1.0, Closeness::Begin(small(begin))));
    }
    let run = longest_run(typed.as_bytes(), word.as_bytes());
    match (begin, run) {
        (_, 4..) => Some((-0.3, Closeness::Part(small(run)))),
        (2, _) => Some((-1.2, Closeness::Begin(2))),
        (_, RUN_MIN) => Some((-2.2, Closeness::Part(small(run)))),
        _ => None,
    }
}

/// How many bytes in a row two words have in common at most; of letters that take several bytes, nothing.
fn longest_run(one: &[u8], other: &[u8]) -> usize {
    let mut longest = 0;
    let mut rest = one;
    // Behind the last places no longer run has room.
    while rest.len() > longest {
        let mut against = other;
        while against.len() > longest {
            let both = rest.iter().zip(against);
            let run = both.take_while(|(one, other)| one == other && one.is_ascii()).count();
            longest = longest.max(run);
            against = against.get(1..).unwrap_or_default();
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    longest
}

/// The names that nothing typed stands for, in the name that fits best.
fn surplus_bits(record: &Record, taken: &[Pair]) -> f32 {
    let mut slot = 0;
    let mut fewest: Option<usize> = None;
    for group in &record.groups {
        let slots = slot..slot + group.words.len();
        slot = slots.end;
        if !matches!(group.kind, GroupKind::Name | GroupKind::OtherName) {
            continue;
        }
        let fitting = taken.iter().filter(|pair| slots.contains(&pair.slot)).count();
        if fitting > 0 {
            let surplus = slots.len().saturating_sub(fitting);
            fewest = Some(fewest.map_or(surplus, |fewest| fewest.min(surplus)));
        }
    }
    let surplus = u8::try_from(fewest.unwrap_or_default()).unwrap_or(u8::MAX);
    SURPLUS_NAME_BITS * f32::from(surplus.min(SURPLUS_NAMES_MAX))
}

fn field_of(kind: GroupKind) -> Field {
    match kind {
        GroupKind::Name => Field::Name,
        GroupKind::OtherName => Field::OtherName,
        GroupKind::Related => Field::Related,
        GroupKind::Address => Field::Address,
    }
}

fn field_bits(kind: GroupKind, closeness: Closeness) -> f32 {
    match kind {
        GroupKind::Name | GroupKind::OtherName => 0.0,
        GroupKind::Related => RELATED_BITS,
        GroupKind::Address => address_bits(closeness),
    }
}

fn address_bits(closeness: Closeness) -> f32 {
    if closeness == Closeness::Exact { ADDRESS_BITS } else { ADDRESS_NEAR_BITS }
}
