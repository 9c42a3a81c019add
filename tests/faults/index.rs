//! The search index through power cuts: whatever was done and cut off, it is what the people of its last commit make of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use casedesk::search::{
    Document, IndexCheck, IndexFound, IndexRead, IndexReadError, IndexValue, IndexWrite, Indexer,
};
use casedesk::store::{
    Commit, CommitId, Committed, Direction, KeyRange, Latest, SledStore, Stamp, Store, StoreError,
    SystemDisk, Value, Versioned, Write,
};

use super::chance::Chance;
use super::image::{Database, build};
use super::recorder::Recorder;
use super::writers::options;
use super::{rounds, tell};
use crate::search_bulk::{built, differences};
use crate::search_index::answers;
use crate::search_office::{Office, chances, person};

/// Changes of one commit.
const CHANGES: u64 = 50;
/// Commits until the power goes.
const COMMITS: u64 = 40;
/// Numbers that people have.
const NUMBERS: u64 = 1_500;
/// What the keys of the index begin with.
const TAG: u8 = b'i';

/// Somebody who is as the document says, or nobody any more.
type Change = (u64, Option<Document>);

/// The index of a store, as one commit or as everybody sees it.
struct Seen<S>(S);

trait See {
    fn value(&self, key: &[u8]) -> Result<Option<Value>, StoreError>;
    fn page(&self, range: &KeyRange, limit: usize)
    -> Result<Vec<(Vec<u8>, Versioned)>, StoreError>;
}

impl See for &dyn Latest {
    fn value(&self, key: &[u8]) -> Result<Option<Value>, StoreError> {
        self.latest(key)
    }

    fn page(
        &self,
        range: &KeyRange,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Versioned)>, StoreError> {
        Ok(self.latest_scan(range, limit, Direction::Forward)?.rows)
    }
}

impl See for &SledStore {
    fn value(&self, key: &[u8]) -> Result<Option<Value>, StoreError> {
        Ok(self.get(key)?.map(|found| found.value))
    }

    fn page(
        &self,
        range: &KeyRange,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Versioned)>, StoreError> {
        Ok(self.scan(range, limit, Direction::Forward)?.rows)
    }
}

fn tagged(key: &[u8]) -> Vec<u8> {
    [&[TAG], key].concat()
}

impl<S: See> IndexRead for Seen<S> {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        self.0.value(&tagged(key)).map_err(|error| IndexReadError(Box::new(error)))
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let to = to.map_or_else(|| KeyRange::prefix(&[TAG]).to, |to| Some(tagged(to)));
        let page = self.0.page(&KeyRange { from: tagged(from), to }, limit);
        let rows = page.map_err(|error| IndexReadError(Box::new(error)))?;
        Ok(rows.into_iter().map(|(key, found)| (key[1..].to_vec(), found.value)).collect())
    }
}

/// Commits changes of people as the desk does: the index is changed in the commit, by what the commit sees.
fn commit(store: &SledStore, id: u128, changes: &[Change]) -> u64 {
    let changes = changes.to_vec();
    let stamp: Stamp = Box::new(move |latest: &dyn Latest| {
        let seen = Seen(latest);
        let mut indexer = Indexer::new(&seen).map_err(|error| error.to_string())?;
        for (number, is) in &changes {
            let outcome = match is {
                Some(document) => indexer.put(document),
                None => indexer.remove(*number),
            };
            outcome.map_err(|error| error.to_string())?;
        }
        let writes = indexer.finish().map_err(|error| error.to_string())?;
        Ok(writes.into_iter().map(written).collect())
    });
    match store.commit(Commit { id: CommitId(id), reads: Vec::new(), stamp }).unwrap() {
        Committed::New(sequence) | Committed::Repeated(sequence) => sequence.0,
    }
}

fn written(write: IndexWrite) -> Write {
    match write {
        IndexWrite::Put(key, value) => Write::Put(tagged(&key), value),
        IndexWrite::Delete(key) => Write::Delete(tagged(&key)),
    }
}

/// Somebody comes or changes, or goes where they are there.
fn change(chance: &mut Chance, people: &BTreeMap<u64, Document>) -> Change {
    let number = 1 + chance.below(NUMBERS);
    let is_leaving = people.contains_key(&number) && chance.percent(45);
    let seed = chance.below(u64::from(u32::MAX));
    (number, (!is_leaving).then(|| person(number, &mut chances(seed))))
}

/// Everything in the index of a store, in memory.
fn copy(store: &SledStore) -> Office {
    let seen = Seen(store);
    Office { store: seen.scan(&[], None, usize::MAX).unwrap().into_iter().collect() }
}

#[test]
fn an_index_after_power_cuts_equals_one_built_of_the_people() {
    let mut chance = Chance::of(3);
    let directory = tempfile::tempdir().unwrap();
    let (cuts, mut changes, mut lost, mut id) = (rounds(10, 100), 0, 0, 0_u128);
    let mut data = directory.path().join("data-0");
    let mut people: BTreeMap<u64, Document> = BTreeMap::new();
    for cut in 1..=cuts {
        let copies = directory.path().join(format!("copies-{cut}"));
        let recorder = Recorder::new(&data, &copies);
        let store = SledStore::open(&data, options(Arc::new(recorder.clone())), &|_| {}).unwrap();
        // The people after each commit of this round.
        let mut history = BTreeMap::from([(store.sequence().0, people.clone())]);
        let before = recorder.events().len();
        recorder.acknowledged(store.sequence().0);
        for _ in 0..COMMITS {
            let mut made = Vec::new();
            for _ in 0..CHANGES {
                let next = change(&mut chance, &people);
                match &next.1 {
                    Some(document) => drop(people.insert(next.0, document.clone())),
                    None => drop(people.remove(&next.0)),
                }
                made.push(next);
            }
            id += 1;
            let sequence = commit(&store, id, &made);
            recorder.acknowledged(sequence);
            history.insert(sequence, people.clone());
        }
        changes += COMMITS * CHANGES;
        drop(store);
        let events = recorder.events();
        let end = before + 1 + chance.place(events.len() - before);
        let database = Database::ALL[chance.place(Database::ALL.len())];
        let image = directory.path().join(format!("data-{cut}"));
        let acknowledged = build(&events[..end], (&data, &image), database, &mut chance);
        data = image;
        let store = SledStore::open(&data, options(Arc::new(SystemDisk)), &|_| {});
        let store = store.unwrap();
        let reached = store.sequence().0;
        assert!(reached >= acknowledged, "cut {cut}: commit {acknowledged} is not there");
        lost += history.keys().filter(|sequence| **sequence > reached).count();
        people = history.remove(&reached).unwrap();
        let seen = Seen(&store);
        let mut compared = IndexCheck::new(&seen).unwrap();
        for is in people.values() {
            compared.see(is).unwrap();
        }
        let words = format!("cut {cut}, database {}", database.words());
        assert_eq!(compared.finish().unwrap(), Vec::<String>::new(), "{words}");
        store.close().unwrap();
        drop(store);
    }
    let store = SledStore::open(&data, options(Arc::new(SystemDisk)), &|_| {});
    let index = copy(&store.unwrap());
    let fresh = built(people.values());
    assert_eq!(differences(&index, people.values()), Vec::<String>::new());
    assert_eq!(answers(&index), answers(&fresh));
    tell(&format!(
        "search index: {changes} changes of people in commits of {CHANGES}, {cuts} power cuts that took {lost} commits \
         away, {} people at the end: equal to an index built of them",
        people.len()
    ));
}
