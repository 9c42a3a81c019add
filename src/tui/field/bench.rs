//! The desk behind the people screens under test: it finds the same people and knows one file.

use crate::desk::{
    Answer, CaseRow, Command, DeskError, Draft, FindAnswer, FindHit, KinLine, PersonFileAnswer,
    Query, Receipt, SimilarAnswer, SubjectsAnswer, Undoable,
};
use crate::domain::cases::{Channel, SameChoice, Stage};
use crate::domain::knowledge::Subject;
use crate::domain::people::PersonState;
use crate::domain::time::Zone;
use crate::domain::{CaseId, ContactId, EntityId, HouseholdId, PersonId, SubjectCode};
use crate::tui::Screen;
use crate::tui::bench::{self, TestDesk, day, shared};

/// What the desk answers.
pub(in crate::tui) struct PeopleDesk {
    pub(in crate::tui) draft: Option<Draft>,
    pub(in crate::tui) similar: SimilarAnswer,
}

/// A screen in front of it.
pub(in crate::tui) type Bench<S> = bench::Bench<S, PeopleDesk>;

impl<S: Screen> Bench<S> {
    pub(in crate::tui) fn open(screen: S) -> Self {
        Self::with_draft(screen, None)
    }

    pub(in crate::tui) fn with_draft(screen: S, draft: Option<Draft>) -> Self {
        let similar =
            SimilarAnswer { cases: Vec::new(), answer_by: None, answer_source: String::new() };
        Self::at(screen, shared("UTC", day(2026, 8, 21)), PeopleDesk { draft, similar })
    }
}

impl TestDesk for PeopleDesk {
    fn answer(&mut self, query: Query) -> Result<Answer, DeskError> {
        match query {
            Query::Find(ask) => Ok(Answer::Find(Box::new(found(&ask.text, ask.limit)))),
            Query::PersonFile(ask) => Ok(Answer::PersonFile(Box::new(file(ask.person)))),
            Query::Subjects(ask) => Ok(Answer::Subjects(Box::new(subjects(&ask.text)))),
            Query::Similar(_) => Ok(Answer::Similar(Box::new(self.similar.clone()))),
            Query::Draft(_) => Ok(Answer::Draft(Box::new(self.draft.clone()))),
            other => Err(DeskError::NotFound(format!("{other:?}"))),
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<Receipt, DeskError> {
        Ok(receipt_of(command))
    }
}

fn receipt_of(command: &Command) -> Receipt {
    let created = match command {
        Command::RegisterPerson(_) => vec![EntityId::Person(PersonId(90_001))],
        Command::TakeIn(matter) => match matter.intake.same.choice {
            SameChoice::AddedTo(case) => {
                vec![EntityId::Contact(ContactId(9)), EntityId::Case(case)]
            }
            SameChoice::New | SameChoice::NothingShown => vec![EntityId::Case(CaseId(21_100))],
        },
        _ => Vec::new(),
    };
    let disclosed = match command {
        Command::RevealPerson { person, .. } => Some(crate::desk::Disclosure {
            about: EntityId::Person(*person),
            fields: vec![("telephone".to_owned(), "+98 912 555 4411".to_owned())],
        }),
        _ => None,
    };
    Receipt {
        sequence: 1,
        label: "Done.".to_owned(),
        created,
        subject: None,
        undo: Undoable::Nothing,
        disclosed,
        rows: Vec::new(),
        text: None,
    }
}

fn found(text: &str, limit: u32) -> FindAnswer {
    let names = ["Mohammadi, Sara", "Mohammadi, Zara", "Mohammadi, Reza"];
    let hit = |(place, name): (usize, &&str)| FindHit {
        person: Some(PersonId(4_711 + u64::try_from(place).unwrap())),
        name: (*name).to_owned(),
        marked: vec![0, 1, 2, 11],
        born: "1986-03-02".to_owned(),
        area: "Azadi, W7".to_owned(),
        open_cases: 3,
        due_at: None,
        why: "1 off, year".to_owned(),
        evidence: "mohamedi = Mohammadi (m, a for e)   1986 = year".to_owned(),
        household: "Reza (husband), Nika 6".to_owned(),
        last_contact: None,
        case: None,
        also: None,
        is_closed: false,
    };
    let is_case = text.trim() == "c-20931";
    let hits: Vec<FindHit> = match text.trim() {
        "nobody" => Vec::new(),
        _ if is_case => {
            let mut hit = hit((0, &names[0]));
            hit.case = Some(case_row(20_931));
            vec![hit]
        }
        "many" => names.iter().cycle().enumerate().map(hit).take(30.min(limit as usize)).collect(),
        _ => names.iter().enumerate().map(hit).take(usize::try_from(limit).unwrap()).collect(),
    };
    FindAnswer {
        text: text.to_owned(),
        matched: if hits.is_empty() { 0 } else { 31 },
        hits,
        people: 500_000,
        understood: "names sara, mohamedi   born 1986".to_owned(),
    }
}

fn subjects(text: &str) -> SubjectsAnswer {
    let known = [
        ("RENT-2", "rent subsidy, late or missing"),
        ("RENT-1", "rent subsidy, apply"),
        ("PARK-4", "rental parking place"),
    ];
    let subjects = known
        .iter()
        .filter(|(code, label)| format!("{code} {label}").to_lowercase().contains(text))
        .map(|(code, label)| Subject {
            code: SubjectCode((*code).into()),
            version: 1,
            label: (*label).to_owned(),
            synonyms: Vec::new(),
            parent: None,
            is_retired: false,
        })
        .collect();
    SubjectsAnswer { subjects }
}

/// A row of Sara's, due on 19 August.
pub(in crate::tui) fn case_row(id: u64) -> CaseRow {
    bench::case_row(id, Zone::utc().instant(day(2026, 8, 19), 16, 0))
}

/// A file with three kin, three open cases and a past one.
pub(in crate::tui) fn file(person: PersonId) -> PersonFileAnswer {
    let kin = [
        ("husband", "Mohammadi, Reza"),
        ("daughter", "Mohammadi, Nika"),
        ("mother", "Ahmadi, Zahra"),
    ];
    let kin = kin.iter().enumerate().map(|(place, (relation, name))| KinLine {
        person: PersonId(5_001 + u64::try_from(place).unwrap()),
        relation: (*relation).to_owned(),
        name: (*name).to_owned(),
        born: Some(1984),
        age: None,
        open_cases: 1,
        is_household: true,
        may_ask: "may not ask: no proxy".to_owned(),
    });
    let mut past = case_row(19_402);
    past.stage = Stage::Closed;
    past.closed_at = past.due_at;
    PersonFileAnswer {
        promises: Vec::new(),
        merges: Vec::new(),
        also_known_to: Vec::new(),
        person,
        version: 7,
        name: "Mohammadi, Sara".to_owned(),
        other_names: Vec::new(),
        state: PersonState::Provisional,
        born: Some("1986-03-02".to_owned()),
        age: Some(40),
        form_of_address: "Mrs".to_owned(),
        languages: vec!["fa".to_owned()],
        preferred_channel: Some(Channel::Sms),
        fields: vec![crate::desk::FieldLine {
            field: "born".to_owned(),
            value: "1986-03-02".to_owned(),
            source: "identity card".to_owned(),
            on: day(2026, 8, 11),
            is_verified: true,
        }],
        contact_points: vec![crate::desk::ContactPointLine {
            index: 0,
            kind: crate::domain::people::ContactPointKind::Telephone,
            value: "+98 912 ***4411".to_owned(),
            state: crate::domain::people::ContactPointState::Unverified,
            is_primary: true,
            on: day(2026, 8, 11),
        }],
        address: "Azadi 12/3, W7".to_owned(),
        area: "W7".to_owned(),
        needs: Vec::new(),
        household: Some(HouseholdId(1_190)),
        kin: kin.collect(),
        cases: vec![case_row(20_931), case_row(21_007), case_row(21_044), past],
        cases_open: 3,
        cases_total: 11,
        services: vec![crate::desk::ServiceLine {
            on: day(2026, 6, 1),
            service: "rent subsidy".to_owned(),
            amount: Some(crate::domain::money::Money {
                minor: 420_000_000,
                currency: "NOK".to_owned(),
            }),
            quantity: None,
            case: Some(CaseId(19_870)),
            recipient: None,
        }],
        services_year: vec![crate::domain::money::Money {
            minor: 840_000_000,
            currency: "NOK".to_owned(),
        }],
        contacts: vec![crate::desk::ContactLine {
            at: Zone::utc().instant(day(2026, 8, 20), 9, 0),
            channel: Channel::Letter,
            direction: "in".to_owned(),
            handler: "registry".to_owned(),
            summary: "lease sent again \u{1b}]0;x".to_owned(),
            case: Some(CaseId(20_931)),
            cases_more: 0,
            minutes: None,
            is_running: false,
            outcome: None,
        }],
        contacts_total: 14,
        next: vec!["Mon decision C-21007 (Hansen)".to_owned()],
        notes: vec![(
            Zone::utc().instant(day(2026, 7, 30), 9, 0),
            "Rahimi".to_owned(),
            "mornings best".to_owned(),
        )],
        last_handler: None,
        contacts_month: 1,
        relations: Vec::new(),
        origin: None,
    }
}
