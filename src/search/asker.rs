//! What the words of the index are to somebody who asks, as if there were nobody in it whom they may not find.
//!
//! Four things see to that. Nobody is counted who is restricted, so no weight tells of them. A word that nobody has who is
//! counted is considered only for whoever may find one of those who have it. The few people whose files are closed to this
//! asker alone are taken out of the counts where what was typed resembles one of their words. Whoever is found by the name
//! of one of those as well is weighed, counted and found without that name. What is taken out is exact; what it is taken out of
//! is as of the dictionary's last reading of frequencies, for everybody alike.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::document::{self, FoundWithout, GroupKind, KinName, Record};
use super::expand::{
    Expansion, Expansions, WordCounts, by_telling, compare_all, expand, resembles,
};
use super::find::FindOptions;
use super::keys::{self, Term};
use super::letters;
use super::query::Item;
use super::shelf::{Label, Shelf};
use super::sound;
use super::words::{self, Class};
use super::{IndexRead, SearchError, postings};

/// Somebody who asks, with what they may find.
pub(super) struct Asker<'a> {
    pub(super) dictionary: &'a Dictionary,
    pub(super) read: &'a dyn IndexRead,
    pub(super) options: &'a FindOptions<'a>,
    /// For how many people who are counted a word does not count here: they are closed, or have it of somebody closed alone.
    left_out: HashMap<u32, u32>,
    /// Those words, to be compared with what was typed.
    shelves: Vec<Shelf>,
    /// How many people are counted and closed.
    closed_people: u64,
    /// The records of people who are found by the name of somebody closed as well, without those names.
    without: HashMap<u64, Record>,
    /// For the words that went with those names, the people who have them of nobody else, by number.
    lost: HashMap<u32, Vec<u64>>,
}

impl<'a> Asker<'a> {
    /// Reads what the people have who are closed to the asker.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub(super) fn new(
        dictionary: &'a Dictionary,
        read: &'a dyn IndexRead,
        options: &'a FindOptions<'a>,
    ) -> Result<Self, SearchError> {
        let (left_out, shelves) = (HashMap::new(), Vec::new());
        let (without, lost) = (HashMap::new(), HashMap::new());
        let mut asker =
            Self { dictionary, read, options, left_out, shelves, closed_people: 0, without, lost };
        for person in options.closed {
            let record = asker.record(*person)?.filter(|record| !record.is_restricted);
            let Some(record) = record else { continue };
            asker.closed_people += 1;
            for (class, word) in words_of(&record) {
                asker.leave_out(class, word);
            }
        }
        for found in options.found_without {
            asker.leave_out_of(found)?;
        }
        Ok(asker)
    }

    fn record(&self, person: u64) -> Result<Option<Record>, SearchError> {
        let block = self.read.get(&keys::documents(person))?.unwrap_or_default();
        document::in_block(&block, person)
    }

    /// Counts one person fewer who has a word.
    fn leave_out(&mut self, class: Class, word: u32) {
        let count = self.left_out.entry(word).or_default();
        *count += 1;
        if *count == 1 {
            shelve(&mut self.shelves, self.dictionary, class, word);
        }
    }

    /// Takes the names of those who are closed out of a record.
    fn leave_out_of(&mut self, found: &FoundWithout) -> Result<(), SearchError> {
        let Some(mut record) = self.record(found.person)? else { return Ok(()) };
        let had = words_of(&record);
        let mut kept = Vec::with_capacity(record.groups.len());
        for group in std::mem::take(&mut record.groups) {
            if group.kind != GroupKind::Related || self.is_any_of(&found.kin, &group.words)? {
                kept.push(group);
            }
        }
        record.groups = kept;
        let has = words_of(&record);
        for &(class, word) in had.difference(&has) {
            self.lost.entry(word).or_default().push(found.person);
            // Whoever is restricted is in no count.
            if !record.is_restricted {
                self.leave_out(class, word);
            }
        }
        self.without.insert(found.person, record);
        Ok(())
    }

    fn is_any_of(&self, kin: &[KinName], words: &[u32]) -> Result<bool, SearchError> {
        for name in kin {
            if name.words().len() == words.len() && self.is_written(name.words(), words)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_written(&self, name: &[String], words: &[u32]) -> Result<bool, SearchError> {
        for (text, &word) in name.iter().zip(words) {
            // Of a word that came a moment ago, the dictionary has no text yet.
            let is_same = match self.dictionary.text(word) {
                "" => words::number_stored(self.read, Class::Related, text)? == Some(word),
                known => known == text,
            };
            if !is_same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What somebody is found by who is found by the name of somebody closed as well.
    pub(super) fn record_without(&self, person: u64) -> Option<&Record> {
        self.without.get(&person)
    }

    /// Whether whoever asks may find a person, and by a word that the person has.
    pub(super) fn finds_by(&self, person: u64, word: u32) -> bool {
        let is_lost = self.lost.get(&word).is_some_and(|people| people.contains(&person));
        !is_lost && (self.options.is_visible)(person)
    }

    /// What a typed word may stand for.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub(super) fn expand(&self, item: &Item) -> Result<Arc<Expansions>, SearchError> {
        let expansions = if resembles(&self.shelves, item) {
            Arc::new(compare_all(self.dictionary, self, item))
        } else {
            expand(self.dictionary, item)
        };
        self.admit(expansions)
    }

    /// The same with the words that nobody has who is counted, as far as the asker may find one of those who have them.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub(super) fn admit(
        &self,
        expansions: Arc<Expansions>,
    ) -> Result<Arc<Expansions>, SearchError> {
        let finds_some = self.options.finds_restricted || !self.left_out.is_empty();
        if expansions.uncounted.is_empty() || !finds_some {
            return Ok(expansions);
        }
        let mut with = Expansions::clone(&expansions);
        for expansion in std::mem::take(&mut with.uncounted) {
            if self.finds_any_with(expansion.word)? {
                with.nearest.push(Expansion { frequency: 1, ..expansion });
            }
        }
        with.nearest.sort_unstable_by(|one, other| by_telling(self.dictionary, one, other));
        Ok(Arc::new(with))
    }

    /// Words that were looked up, and are the same as what was typed.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub(super) fn same(
        &self,
        class: Class,
        words: impl IntoIterator<Item = u32>,
    ) -> Result<Arc<Expansions>, SearchError> {
        self.admit(Arc::new(Expansions::of(self, class, words)))
    }

    /// Whether the asker may find somebody who has a word.
    fn finds_any_with(&self, word: u32) -> Result<bool, SearchError> {
        let mut is_found = false;
        postings::each(self.read, Term::Word(word), 1, &mut |person| {
            let is_told = self.finds_by(person, word);
            is_found |= is_told;
            is_told
        })?;
        Ok(is_found)
    }
}

impl WordCounts for Asker<'_> {
    fn people(&self) -> u64 {
        self.dictionary.people().saturating_sub(self.closed_people)
    }

    fn frequency(&self, word: u32) -> u32 {
        let closed = self.left_out.get(&word).copied().unwrap_or_default();
        self.dictionary.frequency(word).saturating_sub(closed)
    }
}

/// The words of somebody's names and addresses, each once.
fn words_of(record: &Record) -> BTreeSet<(Class, u32)> {
    let groups = record.groups.iter();
    groups.flat_map(|group| group.words.iter().map(|word| (group.kind.class(), *word))).collect()
}

/// Lays a word out as the dictionary does.
fn shelve(shelves: &mut Vec<Shelf>, dictionary: &Dictionary, class: Class, word: u32) {
    let text = dictionary.text(word);
    let letters = letters::letters(text);
    let label = Label { script: letters::script(text), class, length: letters.len() };
    let place = shelves.iter().position(|shelf| shelf.label == label).unwrap_or_else(|| {
        shelves.push(Shelf::new(label));
        shelves.len() - 1
    });
    if let Some(shelf) = shelves.get_mut(place) {
        shelf.push(word, &letters, &sound::sounds(text));
    }
}
