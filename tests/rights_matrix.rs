//! The golden matrix: what each role gets of every command and every question, by really doing and asking it. One that is
//! in no row fails, and so does one whose right changes without its row.
//!
//! `y`: it is authorised; `r`: with a purpose or reason, and refused without one; `-`: it is not, or what it asks for looks
//! as if it were not there. To write the rows anew: `CASEDESK_GOLDEN=1 cargo test --test desk rights_matrix`, then read them.

use std::fmt::Write as _;
use std::sync::Arc;

use casedesk::desk::{
    Clock as _, Command, Desk, DeskError, LocalDesk, PromiseWish, Query, Request, RowResult,
    Session,
};
use casedesk::domain::cases::{CaseAct, Channel, EachAct, Keeps, Nature, ReplyAddress};
use casedesk::domain::office::Role;
use casedesk::domain::people::{FamilyRole, NewHousehold};
use casedesk::domain::{CaseId, EntityId, PersonId};
use casedesk::store::{Commit, CommitId, Direction, KeyRange, MemoryStore, Store, Write as Put};

use crate::harness::sample::{Sample, variants};
use crate::office::{Counted, Office, TestClock};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/rights.txt");

/// What asks for a record that the office does not have: not finding it is told to whoever may ask.
const NOT_THERE: [&str; 13] = [
    "PublishRules",
    "WithdrawRules",
    "CountUse",
    "DropView",
    "DropMacro",
    "ask RulesText",
    "ask Draft",
    "ask Calendar",
    "TakeDraft",
    "ask Attendance",
    "EndEmergency",
    "ReviewAccess",
    "ask AccessReadings",
];

/// What nobody does who is signed in: the desk's own.
const DESK_OWN: [&str; 12] = [
    "DeliverMessage",
    "ReturnHeld",
    "ReleaseMessage",
    "MarkLate",
    "ForEachOn",
    "UndoOn",
    "Sweep",
    "RemindAsked",
    "SignIn",
    "FlagAttempt",
    "WatchCover",
    "ReturnWork",
];

/// A small office with one of everything, and somebody of each role whose account is the role's name.
fn base() -> (Arc<MemoryStore>, i64) {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let karimi = office.karimi();
    for role in Role::ALL {
        office.enrol(role.label(), role.label(), &[role]);
    }
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let ali = office.person("Ali", "Mohammadi", "1984-01-02", "+989121234412");
    let members = vec![(sara, FamilyRole::Head), (ali, FamilyRole::Partner)];
    office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
    for words in ["Subsidy", "Damp", "Damp again"] {
        let case = office.case(Some(sara), Nature::Complaint, words);
        office.on(&karimi, case, CaseAct::Claim).unwrap();
    }
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    let reply = CaseAct::Reply { to, template: None, text: "Done.".to_owned() };
    office.on(&karimi, CaseId(1), reply).unwrap();
    let merge =
        CaseAct::Merge { other: CaseId(3), keeps: Keeps::This, reason: "the same".to_owned() };
    office.on(&karimi, CaseId(2), merge).unwrap();
    let wish = PromiseWish {
        to: sara,
        case: Some(CaseId(1)),
        what: "ring back".to_owned(),
        channel: Channel::Telephone,
        due_at: office.clock.now().plus_minutes(120),
        owner: None,
    };
    office.act(&karimi, Command::MakePromise(wish)).unwrap();
    (store, office.clock.now().milliseconds())
}

/// The same office once more, for one who may change it.
fn copy(base: &MemoryStore, at: i64) -> Arc<LocalDesk> {
    let all = KeyRange { from: Vec::new(), to: None };
    let page = base.scan(&all, usize::MAX, Direction::Forward).unwrap();
    let rows =
        page.rows.into_iter().map(|(key, found)| Put::Put(key, found.value.to_vec())).collect();
    let store = Arc::new(MemoryStore::new());
    let stamp = Box::new(move |_: &dyn casedesk::store::Latest| Ok(rows));
    store.commit(Commit { id: CommitId(u128::MAX), reads: Vec::new(), stamp }).unwrap();
    LocalDesk::open(store, Arc::new(TestClock::at(at)), Arc::new(Counted::from(9_000))).unwrap()
}

/// Somebody of each role, at an office that is as it was at the beginning.
struct Stage<'b> {
    base: &'b MemoryStore,
    at: i64,
    role: Role,
    session: Session,
    done: u128,
}

impl<'b> Stage<'b> {
    fn new(base: &'b MemoryStore, at: i64, role: Role) -> Self {
        let session = copy(base, at).sign_in(role.label(), None).unwrap();
        Self { base, at, role, session, done: 0 }
    }

    /// A command that takes more than a plain sample: something that is the role's own, or a list that is not empty.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these are about a contact")]
    fn prepared(&mut self, name: &str, plain: Command) -> Command {
        if matches!(plain, Command::ForEach { .. }) {
            let act = EachAct::Acts(vec![CaseAct::Claim]);
            return Command::ForEach { cases: vec![(CaseId(1), None)], act };
        }
        let of_contact = [
            "SetContactPerson",
            "AddContactCase",
            "EndContact",
            "VerifyCaller",
            "SetContactSummary",
        ];
        if !of_contact.contains(&name) {
            return plain;
        }
        self.done += 1;
        let start = Sample { text: "casework", chosen: &[("Command", "StartContact")] }.make();
        let request = Request { id: self.done, command: start };
        let started = self.session.execute(request).map(|receipt| receipt.created);
        let Ok([EntityId::Contact(contact), ..]) = started.as_deref() else { return plain };
        let contact = *contact;
        match plain {
            Command::SetContactPerson { .. } => {
                Command::SetContactPerson { contact, person: Some(PersonId(1)) }
            }
            Command::AddContactCase { case, .. } => Command::AddContactCase { contact, case },
            Command::EndContact { outcome, summary, article, .. } => {
                Command::EndContact { contact, outcome, summary, article }
            }
            Command::VerifyCaller { questions, .. } => Command::VerifyCaller { contact, questions },
            Command::SetContactSummary { summary, .. } => {
                Command::SetContactSummary { contact, summary }
            }
            other => other,
        }
    }

    /// What the role gets of a command.
    fn does(&mut self, name: &str, chosen: &[(&str, &str)]) -> char {
        let result = |stage: &mut Self, text: &str| {
            let command = stage.prepared(name, Sample { text, chosen }.make());
            stage.done += 1;
            let request = Request { id: stage.done, command };
            let result =
                stage.session.execute(request).and_then(|receipt| match receipt.rows.as_slice() {
                    [RowResult::Refused(_, refusal)] => Err(refusal.clone().into()),
                    _ => Ok(()),
                });
            if result.is_ok() || name.contains("Contact") || name == "VerifyCaller" {
                let fresh = copy(stage.base, stage.at);
                stage.session = fresh.sign_in(stage.role.label(), None).unwrap();
            }
            result
        };
        let answer = result(self, "casework");
        if !is_allowed(name, &answer) {
            return '-';
        }
        let wordless = result(self, "");
        let wants = |error: &DeskError| {
            matches!(error, DeskError::Refused(refusal)
                if refusal.code.contains("purpose") || refusal.code.contains("reason"))
        };
        let before = answer.as_ref().is_err_and(wants);
        if wordless.is_err_and(|error| wants(&error)) && !before { 'r' } else { 'y' }
    }

    fn asks(&self, name: &str, chosen: &[(&str, &str)]) -> char {
        let query: Query = Sample { text: "casework", chosen }.make();
        let answer = self.session.query(query).map(drop);
        if is_allowed(name, &answer) { 'y' } else { '-' }
    }
}

fn is_allowed(name: &str, answer: &Result<(), DeskError>) -> bool {
    match answer {
        Ok(()) | Err(DeskError::Changed { .. }) => true,
        Err(DeskError::Refused(refusal)) => {
            !refusal.code.starts_with("permit.") && refusal.code != "right.beyond"
        }
        Err(DeskError::NotFound(_)) => NOT_THERE.contains(&name),
        Err(error) => unreachable!("{name}: {error}"),
    }
}

/// The rows: every command, every act on a case, every question.
fn matrix() -> String {
    let (base, at) = base();
    let mut stages: Vec<Stage<'_>> =
        Role::ALL.into_iter().map(|role| Stage::new(&base, at, role)).collect();
    let mut text = format!("{:<28}", "");
    for role in Role::ALL {
        write!(text, " {}", role.label()).unwrap();
    }
    text.push('\n');
    let mut row = |name: &str, cell: &mut dyn FnMut(&mut Stage<'_>) -> char| {
        let mut line = format!("{name:<28}");
        for stage in &mut stages {
            write!(line, " {:<width$}", cell(stage), width = stage.role.label().len()).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    for command in variants::<Command>() {
        if command == "Case" {
            for act in variants::<CaseAct>() {
                let chosen = [("Command", command), ("CaseAct", act)];
                row(&format!("Case {act}"), &mut |stage| stage.does(act, &chosen));
            }
        } else {
            let chosen = [("Command", command)];
            row(command, &mut |stage| stage.does(command, &chosen));
        }
    }
    for question in variants::<Query>() {
        let (name, chosen) = (format!("ask {question}"), [("Query", question)]);
        row(&name, &mut |stage| stage.asks(&name, &chosen));
    }
    text
}

#[test]
fn every_command_and_every_question_has_a_row_of_what_each_role_gets() {
    let is = matrix();
    if std::env::var_os("CASEDESK_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &is).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    for line in is.lines() {
        let name = line.get(..28).unwrap().trim();
        let known = golden.lines().find(|row| row.get(..28).is_some_and(|row| row.trim() == name));
        assert_eq!(known, Some(line), "who gets `{name}` is not what its row says");
        let is_nobodys = line.get(28..).unwrap().chars().all(|cell| matches!(cell, ' ' | '-'));
        assert_eq!(is_nobodys, DESK_OWN.contains(&name), "nobody may `{name}`, or the desk alone");
    }
    assert_eq!(is.lines().count(), golden.lines().count(), "a row is of nothing");
}
