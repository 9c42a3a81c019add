//! An office to test in: a desk over a store in memory, a clock that stands still until it is moved, and the acts that
//! stories are told with.

mod seat;
pub(crate) mod story;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use casedesk::desk::{Clock, Command, DeskError, Entropy, Founding, LocalDesk, Receipt, Request};
use casedesk::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use casedesk::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, Name, NameKind, NewPerson,
};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{CaseId, EntityId, PersonId, SubjectCode, UnitId};
use casedesk::store::{MemoryStore, Store};

pub(crate) use seat::{Seat, Seated};

/// A clock that a test sets.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn at(milliseconds: i64) -> Self {
        Self(AtomicI64::new(milliseconds))
    }
}

impl TestClock {
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant::from_milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Random bytes that count up.
pub(crate) struct Counted(AtomicU64);

impl From<u64> for Counted {
    fn from(first: u64) -> Self {
        Self(AtomicU64::new(first))
    }
}

impl Entropy for Counted {
    fn draw(&self) -> [u8; 16] {
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        bytes
    }
}

/// An office on Friday, 21 August 2026, 09:14 in Oslo, with Karimi who leads it.
pub(crate) struct Office {
    pub(crate) desk: Arc<LocalDesk>,
    pub(crate) clock: Arc<TestClock>,
    ids: AtomicU64,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()))
    }

    pub(crate) fn over(store: Arc<dyn Store>) -> Self {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let at = zone.instant(Day::from_parts(2026, 8, 21).unwrap(), 9, 14);
        let clock = Arc::new(TestClock(AtomicI64::new(at.milliseconds())));
        let desk =
            LocalDesk::open(store, clock.clone(), Arc::new(Counted(AtomicU64::new(1)))).unwrap();
        if desk.is_new().unwrap() {
            let founding = Founding {
                office: "Town of Testing".to_owned(),
                zone: "Europe/Oslo".to_owned(),
                currency: "NOK".to_owned(),
                is_made: false,
                unit: ("housing".to_owned(), "Housing".to_owned()),
                account: "karimi".to_owned(),
                name: "L. Karimi".to_owned(),
                at,
            };
            desk.found(&founding).unwrap();
        }
        Self { desk, clock, ids: AtomicU64::new(1) }
    }

    pub(crate) fn karimi(&self) -> Seat {
        self.sign_in("karimi").unwrap()
    }

    /// Signs somebody in: at the desk itself, or across the socket where the stories are told so.
    pub(crate) fn sign_in(&self, account: &str) -> Result<Seat, DeskError> {
        Ok(Seat::of(self.desk.sign_in(account, None)?))
    }

    pub(crate) fn clock_now(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    pub(crate) fn request(&self, command: Command) -> Request {
        Request { id: u128::from(self.ids.fetch_add(1, Ordering::SeqCst)), command }
    }

    pub(crate) fn act(
        &self,
        by: &(impl Seated + ?Sized),
        command: Command,
    ) -> Result<Receipt, DeskError> {
        by.door().execute(self.request(command))
    }

    /// Enrols a colleague in Housing with these roles.
    pub(crate) fn enrol(&self, account: &str, name: &str, roles: &[Role]) -> Seat {
        let grants = roles.iter().map(|role| Grant {
            role: *role,
            unit: None,
            confidentiality_max: Confidentiality::Confidential,
            expires: None,
        });
        let new = NewCaseworker {
            account: account.to_owned(),
            name: name.to_owned(),
            unit: UnitId(1),
            grants: grants.collect(),
        };
        self.act(&self.karimi(), Command::Enrol(new)).unwrap();
        self.sign_in(account).unwrap()
    }

    pub(crate) fn person(
        &self,
        given: &str,
        family: &str,
        born: &str,
        telephone: &str,
    ) -> PersonId {
        let new = NewPerson {
            names: vec![Name {
                kind: NameKind::Official,
                given: given.to_owned(),
                family: family.to_owned(),
            }],
            birth_date: BirthDate::parse(born),
            contact_points: ContactPoint::parse(ContactPointKind::Telephone, telephone)
                .into_iter()
                .collect(),
            address: Some(Address {
                street: "Azadi 12".to_owned(),
                postcode: "0184".to_owned(),
                place: "Oslo".to_owned(),
                area: "W7".to_owned(),
            }),
            source: "told by telephone".to_owned(),
            ..NewPerson::default()
        };
        let receipt = self.act(&self.karimi(), Command::RegisterPerson(new)).unwrap();
        match receipt.created.first() {
            Some(EntityId::Person(person)) => *person,
            other => unreachable!("a person was registered, and the receipt says {other:?}"),
        }
    }

    pub(crate) fn intake(
        person: Option<PersonId>,
        nature: Nature,
        subject: &str,
        says: &str,
        at: Instant,
    ) -> Intake {
        Intake {
            channel: Channel::Telephone,
            registry_number: None,
            received_at: at,
            nature,
            subject: Some(SubjectCode(subject.into())),
            asked_by: person,
            about: About::Same,
            addressee: None,
            place: CasePlace { text: "Azadi 12".to_owned(), area: "W7".to_owned() },
            says: says.to_owned(),
            same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
        }
    }

    pub(crate) fn case(&self, person: Option<PersonId>, nature: Nature, says: &str) -> CaseId {
        let intake = Self::intake(person, nature, "HOU-1", says, self.clock.now());
        let receipt = self.act(&self.karimi(), Command::RegisterCase(intake)).unwrap();
        match receipt.created.first() {
            Some(EntityId::Case(case)) => *case,
            other => unreachable!("a case was registered, and the receipt says {other:?}"),
        }
    }

    pub(crate) fn on(
        &self,
        by: &(impl Seated + ?Sized),
        case: CaseId,
        act: CaseAct,
    ) -> Result<Receipt, DeskError> {
        self.act(by, Command::Case { case, version: None, act })
    }
}
