//! A desk that answers as another one does, with hostile text in every string: what an old database, an import or a
//! remote desk might have.

use std::sync::{Arc, Mutex};

use casedesk::desk::{
    Answer, Clock as _, Command, Desk, DeskError, Entropy, Feed, LocalDesk, Query, Receipt, Request,
};
use casedesk::domain::people::{
    BirthDate, ContactPoint, ContactPointKind, Name, NameKind, NewPerson,
};
use casedesk::domain::time::{Day, Zone};
use casedesk::domain::{EntityId, Refusal};
use casedesk::made::classroom;
use casedesk::store::{MemoryStore, Store};

use super::rewriting::Words;
use crate::office::{Counted, TestClock};

/// Whose desk it is.
const ACCOUNT: &str = "karimi";

/// The desk of the tutor's office, which has some of everything.
pub(super) fn full_desk() -> Arc<dyn Desk> {
    full_desk_over(Arc::new(MemoryStore::new()))
}

/// As [`full_desk`], over a store of the test's own.
pub(super) fn full_desk_over(store: Arc<dyn Store>) -> Arc<dyn Desk> {
    let zone = Zone::named("Europe/Oslo").unwrap();
    let at = zone.instant(Day::from_parts(2026, 8, 21).unwrap(), 9, 14);
    let clock = Arc::new(TestClock::at(at.milliseconds()));
    let entropy: Arc<dyn Entropy> = Arc::new(Counted::from(1));
    let desk = LocalDesk::open(store, clock.clone(), entropy).unwrap();
    classroom(&desk, clock.now()).unwrap();
    // Somebody is there twice, for whoever looks for duplicates: by a colleague, whose acts nobody else undoes.
    let colleague = desk.sign_in("moe", None).unwrap();
    for id in [u128::MAX, u128::MAX - 1] {
        let kind = NameKind::Official;
        let name = Name { kind, given: "Aurelie".to_owned(), family: "Vandersmissen".to_owned() };
        let phone = ContactPoint::parse(ContactPointKind::Telephone, "+32 2 555 4499");
        let new = NewPerson {
            names: vec![name],
            birth_date: Day::from_parts(1974, 4, 9).map(BirthDate::Day),
            contact_points: phone.into_iter().collect(),
            source: "told by telephone".to_owned(),
            ..NewPerson::default()
        };
        colleague.execute(Request { id, command: Command::RegisterPerson(new) }).unwrap();
    }
    Arc::new(desk.sign_in(ACCOUNT, None).unwrap())
}

/// What a hostile desk does with commands and questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mood {
    /// It answers.
    Answers,
    /// It refuses everything, in one way after the other.
    Refuses,
}

/// A desk whose every string is hostile.
pub(super) struct HostileDesk {
    inner: Arc<dyn Desk>,
    words: Mutex<(Words, Mood, usize)>,
}

impl HostileDesk {
    pub(super) fn new(inner: Arc<dyn Desk>, words: Words) -> Self {
        Self { inner, words: Mutex::new((words, Mood::Answers, 0)) }
    }

    /// From now on it does that.
    pub(super) fn set(&self, mood: Mood) {
        self.words.lock().unwrap().1 = mood;
    }

    fn spoilt<T: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        result: Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let (words, mood, turn) = &mut *self.words.lock().unwrap();
        match (result, mood) {
            (Ok(value), Mood::Answers) => Ok(words.spoil(&value)),
            (Err(error), Mood::Answers) => Err(words.spoil(&error)),
            (_, Mood::Refuses) => {
                *turn += 1;
                let text = String::new();
                let error = match *turn % 6 {
                    0 => Refusal::new("code", &text, &text).into(),
                    1 => DeskError::NotFound(text),
                    2 => DeskError::ReadOnly(text),
                    3 => DeskError::Broken(text),
                    4 => DeskError::Lost(text),
                    _ => DeskError::Changed {
                        entity: EntityId::Office,
                        by: text,
                        at: casedesk::domain::time::Instant::from_milliseconds(0),
                        fields: Vec::new(),
                    },
                };
                Err(words.spoil(&error))
            }
        }
    }
}

impl Desk for HostileDesk {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        self.spoilt(self.inner.execute(request))
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.spoilt(self.inner.query(query))
    }

    fn watch(&self) -> Feed {
        self.inner.watch()
    }
}
