//! A made office whose index lies in memory.

#![expect(clippy::unwrap_used, reason = "an office that cannot be made fails the test")]

use std::collections::BTreeMap;
use std::ops::Bound;

use casedesk::search::{
    BirthDate, Dictionary, Document, FindOptions, Found, IndexFound, IndexRead, IndexReadError,
    IndexValue, IndexWrite, Indexer, find,
};

/// An index in memory.
#[derive(Default)]
pub(crate) struct Office {
    pub(crate) store: BTreeMap<Vec<u8>, IndexValue>,
}

impl Office {
    pub(crate) fn put(&mut self, is: &Document) {
        self.put_all(std::slice::from_ref(is));
    }

    pub(crate) fn put_all(&mut self, people: &[Document]) {
        let mut indexer = Indexer::new(self).unwrap();
        for is in people {
            indexer.put(is).unwrap();
        }
        let writes = indexer.finish().unwrap();
        self.write(writes);
    }

    pub(crate) fn remove(&mut self, person: u64) {
        let mut indexer = Indexer::new(self).unwrap();
        indexer.remove(person).unwrap();
        let writes = indexer.finish().unwrap();
        self.write(writes);
    }

    pub(crate) fn find(&self, text: &str) -> Found {
        self.find_with(&Dictionary::load(self).unwrap(), text)
    }

    pub(crate) fn find_with(&self, dictionary: &Dictionary, text: &str) -> Found {
        find(dictionary, self, text, &FindOptions::default()).unwrap()
    }

    pub(crate) fn bytes(&self) -> BTreeMap<Vec<u8>, IndexValue> {
        self.store.clone()
    }

    fn write(&mut self, writes: Vec<IndexWrite>) {
        for write in writes {
            match write {
                IndexWrite::Put(key, value) => self.store.insert(key, value.into()),
                IndexWrite::Delete(key) => self.store.remove(&key),
            };
        }
    }
}

impl IndexRead for Office {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        Ok(self.store.get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let upper = to.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.store.range::<[u8], _>((Bound::Included(from), upper));
        Ok(rows.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

/// Numbers below a bound, the same for the same seed.
pub(crate) fn chances(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// A made person in one of five name cultures.
pub(crate) fn person(number: u64, chance: &mut impl FnMut(u64) -> u64) -> Document {
    const GIVEN: [&str; 14] = [
        "Sara",
        "Ada",
        "Reza",
        "Ingrid",
        "Işıl",
        "Bjørn",
        "Luz Marina",
        "محمد",
        "سارا",
        "Gareth",
        "Zoltan",
        "Mehmet Emin",
        "José",
        "Kari-Anne",
    ];
    const FAMILY: [&str; 14] = [
        "Mohammadi",
        "Marrow",
        "Karimi",
        "Solberg",
        "Yıldırım",
        "Ødegård",
        "Hernández Ruiz",
        "محمدی",
        "کریمی",
        "Whitlock",
        "Stone",
        "Demir",
        "O'Brien",
        "Haugen",
    ];
    const STREETS: [&str; 5] =
        ["Stone Street", "Azadi", "Liman Caddesi", "Storgata", "Calle Mayor"];
    let mut pick = |names: &[&str]| {
        let place = chance(names.len() as u64);
        names.iter().cycle().nth(usize::try_from(place).unwrap()).unwrap().to_string()
    };
    let (given, family, street) = (pick(&GIVEN), pick(&FAMILY), pick(&STREETS));
    let other = (chance(5) == 0).then(|| format!("{given} Bell")).into_iter().collect();
    Document {
        person: number,
        names: vec![format!("{given} {family}")],
        other_names: other,
        birth_date: (chance(9) > 0).then(|| BirthDate {
            year: 1930 + i16::try_from(chance(80)).unwrap(),
            month: Some(1 + u8::try_from(chance(12)).unwrap()),
            day: Some(1 + u8::try_from(chance(28)).unwrap()),
        }),
        ids: vec![format!("{:09}", chance(1_000_000_000))],
        telephones: vec![format!("+98912{:07}", chance(10_000_000))],
        addresses: vec![format!("{} {street}", 1 + chance(40))],
        related_names: Vec::new(),
        is_restricted: false,
    }
}
