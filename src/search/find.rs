//! Finds people by what a caseworker types, and says why.

use std::sync::Arc;

use super::asker::Asker;
use super::candidates::gather;
use super::dictionary::Dictionary;
use super::document::{self, FoundWithout, Record};
use super::expand::{Expansions, Penalty, WordCounts as _};
use super::keys;
use super::query::{self, Item, ItemKind};
use super::readings;
use super::score::Scorer;
use super::words::{self, Class};
use super::{IndexRead, IndexValue, SearchError};

/// Candidates whose evidence is weighed in full: with 1,500 no more questions of the tuning half were answered.
const CANDIDATES_MAX: usize = 250;
/// A word this short is not read as two.
const SPLIT_BYTES_MIN: usize = 6;
/// A postcode this short is not read as two groups.
const CODE_BYTES_MIN: usize = 5;
/// The shortest half of a word that is read as two.
const HALF_CHARS_MIN: usize = 2;

/// What the name of a relative is worth more where a relation was named beside it.
const THROUGH_RELATION_BITS: f32 = 3.5;
/// A word of fewer letters says nothing about the keyboard.
const LAYOUT_LETTERS_MIN: usize = 3;
/// What the nearest word has to cost before another keyboard is thought of, and may cost on that one.
const LAYOUT_PENALTY_MIN: Penalty = 95;
const LAYOUT_PENALTY_MAX: Penalty = 42;
/// What it counts that no word is near.
const FAR_PENALTY: Penalty = 900;

/// How to search, and for whom.
#[derive(Clone, Copy)]
pub struct FindOptions<'a> {
    /// The most hits wanted; there are never more than candidates.
    pub limit: usize,
    /// The most candidates whose evidence is weighed in full; at least one is.
    pub candidates: usize,
    /// Whether whoever asks may know of a person. Somebody who is not visible is neither ranked nor counted, so the
    /// answer is the one of an index without them. It is asked once for each person considered: it has to be quick.
    pub is_visible: &'a dyn Fn(u64) -> bool,
    /// People of whom whoever asks alone may not know, none of them visible: what words are worth is counted without them.
    pub closed: &'a [u64],
    /// People who are found by the name of somebody closed as well, with the names by which whoever asks may find them:
    /// the answer is the one of an index that names no others beside them. None of them is closed.
    pub found_without: &'a [FoundWithout],
    /// Whether whoever asks may find any of the people who are restricted; without it they are not even looked for.
    pub finds_restricted: bool,
    /// Whether the answer is not wanted any more; asked before each comparison with all words, each list and each person.
    pub is_cancelled: &'a dyn Fn() -> bool,
}

impl Default for FindOptions<'_> {
    fn default() -> Self {
        Self {
            limit: 10,
            candidates: CANDIDATES_MAX,
            is_visible: &|_| true,
            closed: &[],
            found_without: &[],
            finds_restricted: true,
            is_cancelled: &|| false,
        }
    }
}

impl std::fmt::Debug for FindOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FindOptions")
            .field("limit", &self.limit)
            .field("candidates", &self.candidates)
            .finish_non_exhaustive()
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// The people, the best first; people of equal evidence by number.
    pub hits: Vec<Hit>,
    /// How many people had any part of the evidence and were considered.
    pub considered: usize,
}

/// A person found, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The person's number.
    pub person: u64,
    /// All evidence together, in bits: one more means twice as likely to be meant.
    pub score_bits: f32,
    /// What each typed word matched, in the order typed; a typed word that matched nothing is not here.
    pub evidence: Vec<Evidence>,
}

/// What one typed word (or two read as one, or half of one) says for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The typed word, folded.
    pub typed: String,
    /// Where it matched.
    pub field: Field,
    /// What it matched there: a folded word, a date as `1986-03-02`, or the digits of a number. It discloses the field's
    /// content, so whoever shows it masks what has to be masked.
    pub matched: String,
    /// How near the two are.
    pub closeness: Closeness,
    /// What it is worth.
    pub bits: f32,
}

/// A part of what is known of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A documented name.
    Name,
    /// A name that the person is also called.
    OtherName,
    /// The name of a relative, or of somebody in the household.
    Related,
    /// The year of birth.
    BirthYear,
    /// The date of birth.
    BirthDate,
    /// A telephone number.
    Telephone,
    /// An id.
    Id,
    /// A street, place, postcode or area.
    Address,
}

/// How near a typed word is to what it matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closeness {
    /// The same.
    Exact,
    /// The other begins with what was typed.
    Start,
    /// The other begins with something about this many letters off.
    StartOff(u8),
    /// The other ends with what was typed; of a year, its last two digits.
    End,
    /// What was typed stands within the other.
    Inside,
    /// This many letters or digits off.
    Off(u8),
    /// Only this many first letters are the same, as of a short form of a name.
    Begin(u8),
    /// Only this many letters in a row are the same.
    Part(u8),
    /// It sounds alike.
    Sound,
    /// It sounds alike in another script.
    Script,
    /// Day and month, or digits, changed places or differ by one.
    Turned,
    /// The other is this many years later.
    Years(i8),
    /// It is what the same keys give on another keyboard, or near it; the typed word is given as it would be there.
    Layout,
}

/// Finds the people whom `text` may mean: words in any order and script, misspelt or without accents, the last one
/// perhaps not yet complete; years and dates of birth; telephones and ids from either end; streets and places.
///
/// Any text answers, if perhaps with nobody; beyond named maxima it is not read.
///
/// # Errors
/// If the store fails, a record of the index is damaged, or the answer is not wanted any more
/// ([`SearchError::Cancelled`]).
pub fn find(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    text: &str,
    options: &FindOptions<'_>,
) -> Result<Found, SearchError> {
    let asker = Asker::new(dictionary, read, options)?;
    let items = understood(&asker, text)?;
    let candidates = gather(&asker, &items)?;
    let scorer = Scorer::new(dictionary, asker.people(), &items);
    let has_number = items.iter().any(|(item, _)| item.is_numbered());
    let mut documents = Documents::new(&asker, has_number);
    let mut by_block = candidates.people;
    by_block.sort_unstable();
    let mut weighed: Vec<(f32, u64)> = Vec::with_capacity(by_block.len());
    for person in by_block {
        going_on(options)?;
        // The record may be gone since the posting was read: then the person is, too.
        let bits = documents.read(person)?.and_then(|record| scorer.bits(record));
        weighed.extend(bits.map(|bits| (bits, person)));
    }
    weighed
        .sort_unstable_by(|(one, left), (other, right)| other.total_cmp(one).then(left.cmp(right)));
    // Where everybody was weighed, whoever turned out to have none of it was not found.
    let is_all = candidates.considered <= options.candidates.max(1);
    let considered = if is_all { weighed.len() } else { candidates.considered };
    weighed.truncate(options.limit);
    let mut hits = Vec::with_capacity(weighed.len());
    for (_, person) in weighed {
        // Of what many were found by, only that of those who are shown is put into words.
        hits.extend(documents.read(person)?.and_then(|record| scorer.hit(person, record)));
    }
    Ok(Found { hits, considered })
}

/// Reads the records of people, those of one block at once. Hundreds are weighed for one question: one after the other takes
/// the same room.
struct Documents<'a> {
    asker: &'a Asker<'a>,
    has_number: bool,
    /// The block that was read last, by its number.
    block: Option<(u64, IndexValue)>,
    record: Record,
    /// Rooms for words that no group of the record needs.
    spare: Vec<Vec<u32>>,
}

impl<'a> Documents<'a> {
    fn new(asker: &'a Asker<'a>, has_number: bool) -> Self {
        Self { asker, has_number, block: None, record: Record::default(), spare: Vec::new() }
    }

    fn read(&mut self, person: u64) -> Result<Option<&Record>, SearchError> {
        if let Some(record) = self.asker.record_without(person) {
            return Ok(Some(record));
        }
        let block = keys::block_of(person);
        if self.block.as_ref().is_none_or(|(of, _)| *of != block) {
            self.block = self.asker.read.get(&keys::documents(person))?.map(|bytes| (block, bytes));
        }
        let Some((_, bytes)) = &self.block else { return Ok(None) };
        let Some(packed) = document::bytes_in_block(bytes, person)? else { return Ok(None) };
        self.record.read(packed, self.has_number, &mut self.spare)?;
        Ok(Some(&self.record))
    }
}

/// Fails if the answer is not wanted any more.
pub(super) fn going_on(options: &FindOptions<'_>) -> Result<(), SearchError> {
    if (options.is_cancelled)() { Err(SearchError::Cancelled) } else { Ok(()) }
}

/// A typed word, or a reading of some, with what it may stand for.
type Understood = (Item, Arc<Expansions>);

/// The typed words and their other readings, each with what it may stand for.
fn understood(asker: &Asker<'_>, text: &str) -> Result<Vec<Understood>, SearchError> {
    let typed = query::items(text);
    let mut items: Vec<Understood> = Vec::new();
    for joined in readings::joined(&typed) {
        going_on(asker.options)?;
        let expansions = if joined.is_numbered() {
            same_address(asker, &joined)?
        } else if joined.kind == ItemKind::Reading {
            asker.expand(&joined)?
        } else {
            Arc::default()
        };
        if !expansions.nearest.is_empty() || joined.kind != ItemKind::Reading {
            items.push((joined, expansions));
        }
    }
    let roles = roles_known(asker, &typed)?;
    let mut own: Vec<Understood> = Vec::with_capacity(typed.len());
    for item in typed {
        going_on(asker.options)?;
        let expansions = with_left_out(asker, &item, asker.expand(&item)?)?;
        let is_known = expansions.nearest.iter().any(|near| near.closeness == Closeness::Exact);
        let class = match item.kind {
            ItemKind::Word => Some(Class::Name),
            ItemKind::Mixed => Some(Class::Address),
            ItemKind::Reading
            | ItemKind::Number
            | ItemKind::Date(_)
            | ItemKind::Courtesy
            | ItemKind::Role(_)
            | ItemKind::Layout => None,
        };
        let length_min =
            if item.kind == ItemKind::Mixed { CODE_BYTES_MIN } else { SPLIT_BYTES_MIN };
        if let Some(class) = class.filter(|_| item.text.len() >= length_min && !is_known) {
            items.extend(best_halves(asker, &item, class)?);
        }
        own.push((item, expansions));
    }
    going_on(asker.options)?;
    items.extend(on_other_keyboard(asker, text, &own)?);
    items.extend(own);
    if !roles.is_empty() {
        for (_, expansions) in &mut items {
            *expansions = Arc::new(through_relations(expansions));
        }
        items.extend(roles);
    }
    Ok(items)
}

/// What a typed word may stand for, with the words that the dictionary has no memory for, if they are written so.
fn with_left_out(
    asker: &Asker<'_>,
    item: &Item,
    expansions: Arc<Expansions>,
) -> Result<Arc<Expansions>, SearchError> {
    if !asker.dictionary.leaves_out() {
        return Ok(expansions);
    }
    let mut with = Expansions::clone(&expansions);
    for class in [Class::Name, Class::Related, Class::Address] {
        let word = words::number_stored(asker.read, class, &item.text)?;
        let word = word.filter(|&word| asker.dictionary.is_left_out(word));
        with.nearest.extend_from_slice(&asker.same(class, word)?.nearest);
    }
    Ok(Arc::new(with))
}

/// What was typed in groups, as one word of an address: a postcode.
fn same_address(asker: &Asker<'_>, item: &Item) -> Result<Arc<Expansions>, SearchError> {
    let word = words::number_stored(asker.read, Class::Address, &item.text)?;
    asker.same(Class::Address, word)
}

/// The roles that were typed and that somebody has.
fn roles_known(asker: &Asker<'_>, typed: &[Item]) -> Result<Vec<Understood>, SearchError> {
    let mut known = Vec::new();
    for item in readings::roles(typed) {
        let ItemKind::Role(role) = item.kind else { continue };
        let mut tokens = Vec::new();
        for accepted in role.accepted() {
            tokens.extend(words::number_stored(asker.read, Class::Related, &accepted.token())?);
        }
        let mut expansions = Arc::unwrap_or_clone(asker.same(Class::Related, tokens)?);
        // So many people are somebody's mother that nobody is looked for by that alone.
        expansions.nearest.iter_mut().for_each(|expansion| expansion.bits = 0.0);
        if !expansions.nearest.is_empty() {
            known.push((item, Arc::new(expansions)));
        }
    }
    Ok(known)
}

/// What a word may stand for where a relation was named beside it: above all the names of relatives.
fn through_relations(expansions: &Expansions) -> Expansions {
    let mut through = expansions.clone();
    for expansion in through.nearest.iter_mut().filter(|word| word.class == Class::Related) {
        expansion.bits += THROUGH_RELATION_BITS;
    }
    through
}

/// The words as they would be on the keyboard on which they fit names best, if they fit none as they were typed.
fn on_other_keyboard(
    asker: &Asker<'_>,
    text: &str,
    own: &[Understood],
) -> Result<Vec<Understood>, SearchError> {
    let is_strange = own.iter().all(|(item, expansions)| {
        item.text.chars().count() < LAYOUT_LETTERS_MIN
            || item.kind != ItemKind::Word
            || nearest_penalty(expansions) > LAYOUT_PENALTY_MIN
    });
    let letters = own.iter().filter(|(item, _)| item.kind == ItemKind::Word);
    if !is_strange
        || letters.map(|(item, _)| item.text.chars().count()).sum::<usize>() < LAYOUT_LETTERS_MIN
    {
        return Ok(Vec::new());
    }
    let mut best: Option<(u32, Vec<Understood>)> = None;
    for reading in readings::on_other_keyboards(text) {
        let mut understood: Vec<Understood> = Vec::with_capacity(reading.len());
        for item in reading {
            let expansions = asker.expand(&item)?;
            understood.push((item, expansions));
        }
        let Ok(words) = u32::try_from(understood.len()) else { continue };
        let penalty: u32 =
            understood.iter().map(|(_, expansions)| u32::from(nearest_penalty(expansions))).sum();
        let is_better = best.as_ref().is_none_or(|(least, _)| penalty < *least);
        if words > 0 && penalty <= words * u32::from(LAYOUT_PENALTY_MAX) && is_better {
            best = Some((penalty, understood));
        }
    }
    Ok(best.map(|(_, understood)| understood).unwrap_or_default())
}

/// What the nearest word costs.
fn nearest_penalty(expansions: &Expansions) -> Penalty {
    expansions.nearest.iter().map(|near| near.penalty).min().unwrap_or(FAR_PENALTY)
}

/// The cut of a word into two known words of which the rarer is as frequent as can be.
fn best_halves(
    asker: &Asker<'_>,
    item: &Item,
    class: Class,
) -> Result<Vec<Understood>, SearchError> {
    // One person may have a postcode alone; a name that only one has is hardly half of a word.
    let too_rare = u32::from(class == Class::Name);
    let mut best: Option<(u32, [Item; 2])> = None;
    let letters = item.text.chars().count();
    let cuts = item.text.char_indices().map(|(at, _)| at).skip(HALF_CHARS_MIN);
    for at in cuts.take((letters + 1).saturating_sub(2 * HALF_CHARS_MIN)) {
        let Some(halves) = readings::halves(item, at) else { continue };
        let mut rarest = u32::MAX;
        for half in &halves {
            let word = words::number_stored(asker.read, class, &half.text)?;
            rarest = rarest.min(word.map_or(0, |word| asker.frequency(word)));
            if rarest == 0 {
                break;
            }
        }
        if rarest > best.as_ref().map_or(too_rare, |(frequency, _)| *frequency) {
            best = Some((rarest, halves));
        }
    }
    let mut understood = Vec::new();
    for half in best.map(|(_, halves)| halves).into_iter().flatten() {
        let expansions = asker.expand(&half)?;
        understood.push((half, expansions));
    }
    Ok(understood)
}
