//! The office as it was: it is what the events up to then make of it, it shows what was known then, with the rights of
//! today, and nothing changes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use casedesk::cli::{CounterEntropy, SystemClock};
use casedesk::codec::{Record, decode_record};
use casedesk::desk::{
    Act, AskCaseFile, AskClosedFiles, AskPersonFile, AskQueues, AskWho, Checks, Command, Desk,
    DeskError, Draft, DraftForm, DraftKey, LocalDesk, Session, Until, View, ViewKind, WhoAnswer,
    find_past,
};
use casedesk::domain::cases::{
    CaseAct, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode, Stage,
};
use casedesk::domain::office::{CaseworkerState, Confidentiality, Grant, Purpose, Role};
use casedesk::domain::people::{NewPerson, PersonChange};
use casedesk::domain::rules::Publication;
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{
    AccessId, CaseId, CaseworkerId, Entity, EntityId, Event, EventRecord, Past, PersonId, Refusal,
    SubjectCode, UnitId, fold,
};
use casedesk::domain::{ContactId, HouseholdId, MessageId, PromiseId, QueueId, ServiceId};
use casedesk::link::{SignIn, serve};
use casedesk::made::{Plan, make};
use casedesk::store::{
    Commit, CommitError, CommitId, Direction, Health, JournalReader, KeyRange, Latest, OpenOptions,
    REPLICA_PREFIX, Replica, Sequence, SledStore, Store, Versioned, Write,
    remove_replicas_left_behind,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::TestScreen;
use crate::office::{Counted, Office, TestClock};

/// An office whose journal lies in a directory.
struct Kept {
    office: Office,
    store: Arc<SledStore>,
    data: TempDir,
}

impl Kept {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(data.path(), options(), &|_| {}).unwrap());
        Self { office: Office::over(store.clone()), store, data }
    }

    /// The commit that was the last one until now.
    fn now(&self) -> u64 {
        self.store.sequence().0
    }

    fn find(&self, until: Until) -> Result<Past, DeskError> {
        let journal = JournalReader::open(self.data.path(), Sequence(1)).unwrap();
        let who = self.who("karimi");
        find_past(journal, until, who.at, &who.office.calendar.zone(), &|_, _| {})
    }

    fn who(&self, account: &str) -> WhoAnswer {
        let session = self.office.sign_in(account).unwrap();
        let desk: &dyn Desk = &session;
        desk.ask(AskWho {}).unwrap()
    }

    /// The store as it was, with the directory that it lies in.
    fn replica(&self, commit: u64) -> (Arc<Replica>, TempDir) {
        let scratch = tempfile::tempdir().unwrap();
        let (data, until) = (self.data.path(), Sequence(commit));
        let replica =
            Replica::build(data, scratch.path(), until, "it is over", &options(), &|_| {});
        (Arc::new(replica.unwrap()), scratch)
    }

    /// The office as it was, with somebody signed in at it as they are today.
    fn back(&self, past: Past, account: &str) -> (Session, TempDir) {
        let (replica, scratch) = self.replica(past.commit);
        let clock = Arc::new(TestClock::at(past.at.milliseconds()));
        let entropy = Arc::new(Counted::from(1));
        let who = self.who(account);
        let session = self.office.sign_in(account).unwrap();
        let desk: &dyn Desk = &session;
        let closed = desk.ask(AskClosedFiles {}).map(|answer| answer.people).unwrap_or_default();
        let who = (&who, closed.as_slice());
        (LocalDesk::open_past(replica, clock, entropy, past, who).unwrap(), scratch)
    }

    fn journal(&self) -> Vec<Vec<u8>> {
        let directory = fs::read_dir(self.data.path().join("journal")).unwrap();
        let mut paths: Vec<_> = directory.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
    }
}

fn options() -> OpenOptions {
    OpenOptions { cache_bytes: 8 * 1024 * 1024, ..OpenOptions::default() }
}

#[test]
fn what_a_killed_replay_left_behind_goes_and_what_is_looked_at_stays() {
    let kept = Kept::new();
    let data = kept.data.path();
    let at = |name: &str| data.join(format!("{REPLICA_PREFIX}{name}"));
    let build =
        |name| Replica::build(data, &at(name), Sequence(1), "", &options(), &|_| {}).unwrap();
    drop(build("killed"));
    let looked_at = build("looked-at");
    fs::create_dir(at("just-made")).unwrap();
    remove_replicas_left_behind(data).unwrap();
    assert!(!at("killed").exists() && at("looked-at").exists() && at("just-made").exists());
    assert!(looked_at.get(b"O").is_ok_and(|office| office.is_some()), "and can be read");
    assert!(data.join("journal").exists() && data.join("sled").exists());
}

/// A page of a timeline, as the journal has it.
#[derive(Serialize, Deserialize)]
struct Page {
    records: Vec<EventRecord>,
}

impl Record for Page {
    const TYPE: u8 = b't';
    const VERSION: u8 = 1;
}

/// The events of the journal up to a commit, in their order.
fn events(data: &Path, commit: u64) -> Vec<EventRecord> {
    let mut events: BTreeMap<u64, EventRecord> = BTreeMap::new();
    for frame in JournalReader::open(data, Sequence(1)).unwrap().map(Result::unwrap) {
        for write in frame.writes.into_iter().filter(|_| frame.sequence.0 <= commit) {
            // Readings have pages of their own.
            if let Write::Put(key, value) = write
                && matches!(key[0], b't' | b'7')
            {
                let page: Page = decode_record(&value).unwrap();
                events.extend(page.records.into_iter().map(|record| (record.sequence, record)));
            }
        }
    }
    events.into_values().collect()
}

/// What all events of the journal up to a commit make of each record.
fn folded(data: &Path, commit: u64) -> BTreeMap<EntityId, Entity> {
    let mut entities: BTreeMap<EntityId, Entity> = BTreeMap::new();
    for (place, record) in (1..).zip(&events(data, commit)) {
        assert_eq!(place, record.sequence, "no event is missing");
        let before = entities.remove(&record.entity);
        if let Some(after) = fold(before, record) {
            entities.insert(record.entity.clone(), after);
        }
    }
    entities
}

/// Every record of a store.
fn records(store: &dyn Store) -> BTreeMap<EntityId, Entity> {
    let mut entities = BTreeMap::new();
    for (key, row) in rows(store) {
        let number = key.last_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let value = &row.value;
        let (id, entity) = match key[0] {
            b'O' => (EntityId::Office, Entity::Office(decode_record(value).unwrap())),
            b'U' => (EntityId::Unit(UnitId(number)), Entity::Unit(decode_record(value).unwrap())),
            b'Q' => {
                (EntityId::Queue(QueueId(number)), Entity::Queue(decode_record(value).unwrap()))
            }
            b'W' => (
                EntityId::Caseworker(CaseworkerId(number)),
                Entity::Caseworker(decode_record(value).unwrap()),
            ),
            b'B' => {
                let code = String::from_utf8(key[1..key.len() - 1].to_vec()).unwrap();
                let subject = decode_record(value).unwrap();
                (EntityId::Subject(SubjectCode(code.into())), Entity::Subject(subject))
            }
            b'P' => (
                EntityId::Person(PersonId(number)),
                Entity::Person(Arc::new(decode_record(value).unwrap())),
            ),
            b'A' => (
                EntityId::Plan(CaseId(number)),
                Entity::Plan(Arc::new(decode_record(value).unwrap())),
            ),
            b'Y' => {
                let publication: Publication = decode_record(value).unwrap();
                let name = publication.name.clone();
                (EntityId::Publication(name), Entity::Publication(Box::new(publication)))
            }
            b'H' => (
                EntityId::Household(HouseholdId(number)),
                Entity::Household(decode_record(value).unwrap()),
            ),
            b'C' => (
                EntityId::Case(CaseId(number)),
                Entity::Case(Arc::new(decode_record(value).unwrap())),
            ),
            b'K' => (
                EntityId::Contact(ContactId(number)),
                Entity::Contact(decode_record(value).unwrap()),
            ),
            b'M' => (
                EntityId::Message(MessageId(number)),
                Entity::Message(decode_record(value).unwrap()),
            ),
            b'S' => (
                EntityId::Service(ServiceId(number)),
                Entity::Service(decode_record(value).unwrap()),
            ),
            b'R' => (
                EntityId::Promise(PromiseId(number)),
                Entity::Promise(decode_record(value).unwrap()),
            ),
            b'V' if key[1] == 0 => (
                EntityId::Rights(CaseworkerId(number)),
                Entity::Rights(decode_record(value).unwrap()),
            ),
            b'V' => {
                let name = String::from_utf8(key[2..key.len() - 1].to_vec()).unwrap();
                (EntityId::Group(name), Entity::Group(decode_record(value).unwrap()))
            }
            b'X' => {
                (EntityId::Access(AccessId(number)), Entity::Access(decode_record(value).unwrap()))
            }
            b'6' => {
                let code = String::from_utf8(key[1..key.len() - 1].to_vec()).unwrap();
                (EntityId::Purpose(code), Entity::Purpose(decode_record(value).unwrap()))
            }
            b'F' => (
                EntityId::UnitProfile(UnitId(number)),
                Entity::UnitProfile(decode_record(value).unwrap()),
            ),
            _ => continue,
        };
        entities.insert(id, entity);
    }
    entities
}

fn rows(store: &dyn Store) -> Vec<(Vec<u8>, Versioned)> {
    let all = KeyRange { from: Vec::new(), to: None };
    store.scan(&all, usize::MAX - 1, Direction::Forward).unwrap().rows
}

fn close() -> CaseAct {
    CaseAct::Close {
        outcome: Some(OutcomeCode::Refused),
        reasons: "Not on the list.".to_owned(),
        not_notified: Some("anonymous".to_owned()),
    }
}

/// Does every step of a case and closes it.
fn end(office: &Office, session: &Session, case: CaseId) {
    let steps = {
        let desk: &dyn Desk = session;
        desk.ask(AskCaseFile { case, entries: 0 }).unwrap().case.tasks.len()
    };
    for index in 0..u32::try_from(steps).unwrap() {
        office.on(session, case, CaseAct::SetTask { index, is_done: true }).unwrap();
    }
    office.on(session, case, close()).unwrap();
}

fn hold() -> CaseAct {
    let until = Day::from_parts(2026, 9, 1).unwrap();
    CaseAct::Hold { reason: HoldReason::Citizen, until, words: "lease".to_owned() }
}

fn escalate() -> CaseAct {
    CaseAct::Escalate {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::OverLimit,
        ask: "May I?".to_owned(),
    }
}

fn note(text: &str) -> CaseAct {
    CaseAct::Note { text: text.to_owned() }
}

/// A story with undo, escalation, holds and closings; gives the commits at which its chapters ended.
fn story(kept: &Kept) -> Vec<u64> {
    let office = &kept.office;
    let mut chapters = vec![kept.now()];
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    chapters.push(kept.now());
    office.pass_minutes(30);
    office.on(&moe, case, CaseAct::Claim).unwrap();
    office.on(&moe, case, note("rang her")).unwrap();
    office.act(&moe, Command::Undo).unwrap();
    office.on(&moe, case, escalate()).unwrap();
    chapters.push(kept.now());
    office.pass_minutes(60);
    office.on(&karimi, case, CaseAct::AnswerEscalation { answer: "Yes.".to_owned() }).unwrap();
    office.on(&moe, case, hold()).unwrap();
    chapters.push(kept.now());
    office.on(&moe, case, CaseAct::Resume).unwrap();
    let wrong = office.case(None, Nature::Report, "Lamp");
    office.act(&karimi, Command::Undo).unwrap();
    office.pass_minutes(24 * 60);
    let lift = office.case(None, Nature::Complaint, "Lift");
    office.on(&moe, lift, CaseAct::Claim).unwrap();
    end(office, &moe, lift);
    assert_ne!(wrong, lift);
    chapters.push(kept.now());
    chapters
}

#[test]
fn every_record_of_a_replica_is_what_its_events_fold_to() {
    let kept = Kept::new();
    let chapters = story(&kept);
    for commit in [&[1], chapters.as_slice()].concat() {
        let (replica, _scratch) = kept.replica(commit);
        let (folded, records) = (folded(kept.data.path(), commit), records(&*replica));
        assert_eq!(folded.keys().collect::<Vec<_>>(), records.keys().collect::<Vec<_>>());
        for (id, record) in &records {
            assert_eq!(Some(record), folded.get(id), "{id} after commit {commit}");
        }
        // Indexes, counters, search and chain are those of then too.
        let (session, _scratch) = kept.back(kept.find(Until::Commit(commit)).unwrap(), "karimi");
        let verified = session.desk().verify(Checks::deep(), &|_| {}).unwrap();
        assert!(verified.is_sound() && verified.records > 0, "{verified:?}");
    }
}

#[test]
fn a_made_office_folds_to_itself_and_its_replicas_are_the_database_row_by_row() {
    let data = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(data.path(), options(), &|_| {}).unwrap());
    let (clock, entropy) = (Arc::new(TestClock::at(1_787_000_000_000)), Arc::new(Counted::from(1)));
    let desk = LocalDesk::open(store.clone(), clock, entropy).unwrap();
    let today = Instant::from_milliseconds(1_787_000_000_000);
    make(&desk, &Plan { people: 60, cases: 90, seed: 3, today }, &|_, _| {}).unwrap();
    let end = store.sequence().0;
    assert_eq!(folded(data.path(), end), records(&*store));
    let build = |until| {
        let scratch = tempfile::tempdir().unwrap();
        let until = Sequence(until);
        let replica = Replica::build(data.path(), scratch.path(), until, "", &options(), &|_| {});
        rows(&replica.unwrap())
    };
    assert_eq!(build(end), rows(&*store), "the end is now");
    let middle = build(end / 2);
    assert_eq!(middle, build(end / 2), "the same past twice is the same");
    assert_ne!(middle, build(end / 2 + 1));
    assert!(middle.iter().all(|(_, row)| row.version.0 <= end / 2));
}

#[test]
fn a_case_is_shown_as_it_was_before_what_came_later() {
    let kept = Kept::new();
    let office = &kept.office;
    let karimi = office.karimi();
    let case = office.case(None, Nature::Complaint, "Damp");
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    office.on(&karimi, case, note("rang the landlord")).unwrap();
    let past = kept.find(Until::Commit(kept.now())).unwrap();
    office.pass_minutes(40 * 24 * 60);
    end(office, &karimi, case);
    let (session, _scratch) = kept.back(past, "karimi");
    let (then, now): (&dyn Desk, &dyn Desk) = (&session, &karimi);
    let file = |desk: &dyn Desk| desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
    assert_eq!((file(then).case.stage, file(now).case.stage), (Stage::InProgress, Stage::Closed));
    assert_eq!(file(then).timeline[0].text, "rang the landlord");
    assert_eq!(then.ask(AskWho {}).unwrap().at, past.at, "the clock stands at then");
    let late = |desk: &dyn Desk| {
        let queues = desk.ask(AskQueues {}).unwrap().queues;
        queues.iter().find(|queue| queue.view.kind == ViewKind::Late).map(|queue| queue.cases)
    };
    assert_eq!(late(then), Some(0), "it was not late then");
}

#[test]
fn an_event_means_its_whole_commit_and_a_moment_what_came_before_it() {
    let kept = Kept::new();
    let founded = kept.find(Until::Commit(1)).unwrap();
    assert!(founded.event > 10, "an office is founded in one commit of many events");
    assert_eq!(kept.find(Until::Event(3)), Ok(founded), "and none of them stands alone");
    kept.office.pass_minutes(10);
    let before = kept.office.karimi();
    let draft = Draft {
        key: DraftKey { form: DraftForm::Intake, target: None },
        fields: vec![("says".to_owned(), "half".to_owned())],
        focus: "says".to_owned(),
        base_version: 0,
        saved_at: Instant::default(),
    };
    kept.office.act(&before, Command::SaveDraft(draft)).unwrap();
    let case = kept.office.case(None, Nature::Report, "Lamp");
    let at = kept.who("karimi").at;
    let registered = kept.find(Until::Moment(at)).unwrap();
    assert_eq!((registered.commit, registered.at), (3, at));
    let earlier = Instant::from_milliseconds(at.milliseconds() - 1);
    let drafted = kept.find(Until::Moment(earlier)).unwrap();
    assert_eq!((drafted.commit, drafted.event), (2, founded.event), "a draft has no event");
    assert_eq!(kept.find(Until::Event(registered.event)), Ok(registered));
    assert_eq!(kept.find(Until::Commit(2)).unwrap().at, founded.at);
    let (session, _scratch) = kept.back(drafted, "karimi");
    let desk: &dyn Desk = &session;
    let missing = desk.ask(AskCaseFile { case, entries: 1 });
    assert_eq!(missing, Err(DeskError::NotFound("C-1".to_owned())));
}

#[test]
fn what_is_too_early_or_too_late_is_refused_with_what_there_is() {
    let kept = Kept::new();
    let said = |until| match kept.find(until) {
        Err(DeskError::Refused(Refusal { code, what, hint })) => format!("{code} {what} {hint}"),
        other => format!("{other:?}"),
    };
    for until in [Until::Event(0), Until::Commit(0), Until::Moment(Instant::default())] {
        let words = said(until);
        assert_eq!(
            words,
            "past.earlier There was no office yet. It began with event 1, on 2026-08-21 09:14."
        );
    }
    let (event, later) = (said(Until::Event(999)), said(Until::Commit(2)));
    assert!(
        event.starts_with("past.later There is no event 999 yet. The last is event "),
        "{event}"
    );
    assert!(later.contains("no commit 2 yet") && later.contains("in commit 1"), "{later}");
    let tomorrow = kept.who("karimi").at.plus_minutes(24 * 60);
    assert_eq!(
        said(Until::Moment(tomorrow)),
        "past.later 2026-08-22 09:14 has not come yet. It is 2026-08-21 09:14."
    );
}

#[test]
fn a_clock_that_was_wrong_shows_nothing_that_is_stamped_later_than_asked() {
    let kept = Kept::new();
    let office = &kept.office;
    let year = 365 * 24 * 60;
    let stamp = |words| {
        office.case(None, Nature::Report, words);
        (kept.now(), kept.who("karimi").at)
    };
    office.pass_minutes(60);
    let (right, at_right) = stamp("right");
    office.pass_minutes(10 * year);
    let (ahead, at_ahead) = stamp("ten years ahead");
    office.pass_minutes(-10 * year + 60);
    let (again, at_again) = stamp("right again");
    office.pass_minutes(-10 * year);
    let (behind, at_behind) = stamp("ten years behind");
    office.pass_minutes(20 * year);
    let commit = |at| kept.find(Until::Moment(at)).unwrap().commit;
    assert_eq!(commit(at_right), right);
    assert_eq!(commit(at_ahead), behind, "whatever was done after it is stamped earlier");
    assert_eq!(commit(at_again), right, "the clock that ran ahead ends what a moment can say");
    assert!(kept.find(Until::Moment(at_behind)).is_err(), "there was no office ten years before");
    let last = kept.find(Until::Commit(again)).unwrap();
    assert_eq!(kept.find(Until::Event(last.event)).unwrap().commit, again, "a number reaches it");
    assert_eq!(last.at, at_again);
    assert!(ahead < again);
}

#[test]
fn nothing_changes_the_office_as_it_was() {
    let kept = Kept::new();
    story(&kept);
    let case = CaseId(1);
    let past = kept.find(Until::Commit(kept.now())).unwrap();
    let (session, _scratch) = kept.back(past, "karimi");
    let before = (kept.journal(), rows(&*kept.store));
    let purpose = Purpose::known("casework").unwrap();
    let on = |act| Command::Case { case, version: None, act };
    let draft = DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) };
    let commands = [
        on(CaseAct::Claim),
        on(note("later")),
        on(hold()),
        on(escalate()),
        on(close()),
        Command::ClaimNext(View { kind: ViewKind::Inbox, unit: UnitId(1) }),
        Command::Undo,
        Command::RegisterPerson(NewPerson::default()),
        Command::ChangePerson {
            person: PersonId(1),
            version: None,
            change: PersonChange::FormOfAddress("Ms".to_owned()),
            source: "told".to_owned(),
            is_verified: false,
        },
        Command::SetGrants { caseworker: CaseworkerId(2), grants: Vec::new() },
        Command::SaveDraft(Draft {
            key: draft.clone(),
            fields: Vec::new(),
            focus: String::new(),
            base_version: 1,
            saved_at: Instant::default(),
        }),
        Command::DropDraft(draft),
        Command::LookBack { past, purpose: purpose.clone() },
    ];
    for command in commands {
        let refused = session.execute(kept.office.request(command.clone()));
        let Err(DeskError::Refused(refusal)) = refused else { unreachable!("{command:?}") };
        assert_eq!(refusal.code, "past.read-only", "{command:?}");
        assert!(
            refusal.what.starts_with("This is the office as it was on 2026-08-22"),
            "{refusal}"
        );
    }
    let act = Act { actor: CaseworkerId(1), at: past.at, command: Command::Undo };
    assert!(session.desk().execute_all(vec![act]).is_err());
    assert!(session.desk().sign_in("karimi", None).is_err(), "nobody goes around today's rights");
    // Opening a file is reading, and is allowed; its fields stay masked.
    let opened =
        session.execute(kept.office.request(Command::OpenCase { case, purpose: purpose.clone() }));
    assert!(opened.is_ok(), "{opened:?}");
    let person = PersonId(1);
    let open = Command::OpenPerson { person, purpose: purpose.clone() };
    assert!(session.execute(kept.office.request(open)).is_ok());
    let reveal = session.execute(kept.office.request(Command::RevealPerson { person, purpose }));
    assert!(matches!(reveal, Err(DeskError::Refused(refusal)) if refusal.code == "past.masked"));
    let desk: &dyn Desk = &session;
    let file = format!("{:?}", desk.ask(AskPersonFile { person }).unwrap());
    assert!(file.contains("4411") && !file.contains("9121234411"), "{file}");
    assert_eq!((kept.journal(), rows(&*kept.store)), before, "today's journal is untouched");
}

#[test]
fn a_replica_refuses_commits_and_says_why() {
    let kept = Kept::new();
    let (replica, _scratch) = kept.replica(1);
    let stamp = Box::new(|_: &dyn Latest| Ok(vec![Write::Put(b"C".to_vec(), Vec::new())]));
    let commit = Commit { id: CommitId(9), reads: Vec::new(), stamp };
    let refused = replica.commit(commit);
    assert!(
        matches!(&refused, Err(CommitError::Fatal(why)) if why.to_string() == "it is over"),
        "{refused:?}"
    );
    assert_eq!(replica.health(), Health::ReadOnly { why: "it is over".to_owned() });
    assert_eq!(replica.sequence(), Sequence(1));
    let scratch = tempfile::tempdir().unwrap();
    let build = |until| {
        Replica::build(kept.data.path(), scratch.path(), until, "", &options(), &|_| {}).map(drop)
    };
    let beyond = build(Sequence(99)).unwrap_err().to_string();
    assert!(beyond.contains("commit 99 was asked for"), "{beyond}");
    let taken = build(Sequence(1)).unwrap_err().to_string();
    assert!(taken.contains("holds a copy already"), "{taken}");
    let no_room = OpenOptions { free_bytes_min: u64::MAX, ..options() };
    let other = tempfile::tempdir().unwrap();
    let big = Replica::build(kept.data.path(), other.path(), Sequence(1), "", &no_room, &|_| {});
    assert!(big.is_err_and(|error| error.to_string().contains("no room")));
}

#[test]
fn rights_are_those_of_today_and_looking_back_is_an_event_of_today() {
    let kept = Kept::new();
    let office = &kept.office;
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let who_moe = kept.who("moe").caseworker.id;
    let case = office.case(None, Nature::Report, "Lamp");
    let past = kept.find(Until::Commit(kept.now())).unwrap();
    let purpose = Purpose::known("complaint").unwrap();
    let look = |past| Command::LookBack { past, purpose: purpose.clone() };
    let receipt = office.act(&moe, look(past)).unwrap();
    assert!(receipt.sequence > past.commit, "it is recorded after what it looks at");
    let today = events(kept.data.path(), kept.now());
    let last = today.last().unwrap();
    assert_eq!((&last.event, last.actor), (&Event::LookedBack(past), who_moe));
    assert_eq!(last.purpose, Some(purpose.clone()));
    let unknown = Command::LookBack { past, purpose: Purpose("nosy".to_owned()) };
    assert!(office.act(&moe, unknown).is_err());
    let file = |session: &Session| {
        let desk: &dyn Desk = session;
        desk.ask(AskCaseFile { case, entries: 1 }).map(drop)
    };
    assert_eq!(file(&kept.back(past, "moe").0), Ok(()));
    // Somebody who came later sees what their rights of today let them see of then.
    office.enrol("sato", "A. Sato", &[Role::Auditor]);
    assert_eq!(file(&kept.back(past, "sato").0), Ok(()));
    // A right that is lost today, or has run out today, is not there in the past.
    let until_yesterday = Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max: Confidentiality::Confidential,
        expires: Some(Day::from_parts(2026, 8, 21).unwrap()),
    };
    let set = |grants| Command::SetGrants { caseworker: who_moe, grants };
    office.act(&office.karimi(), set(vec![until_yesterday])).unwrap();
    assert_eq!(file(&kept.back(past, "moe").0), Ok(()));
    office.pass_minutes(24 * 60);
    let refused = file(&kept.back(past, "moe").0);
    assert!(matches!(&refused, Err(DeskError::Refused(why)) if why.code == "permit.no-grant"));
    let denied = office.act(&moe, look(past));
    assert!(matches!(denied, Err(DeskError::Refused(why)) if why.code == "permit.no-grant"));
    let gone = Command::SetCaseworkerState { caseworker: who_moe, state: CaseworkerState::Left };
    office.act(&office.karimi(), gone).unwrap();
    assert!(office.act(&moe, look(past)).is_err(), "whoever has left does not look back");
}

#[test]
fn a_file_that_is_closed_today_is_closed_in_the_past_too() {
    let kept = Kept::new();
    let office = &kept.office;
    office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let who_moe = kept.who("moe").caseworker.id;
    let nora = office.person("Nora", "Solberg", "1970", "+4791234570");
    let case = office.case(Some(nora), Nature::Report, "Lamp");
    let past = kept.find(Until::Commit(kept.now())).unwrap();
    let file = |session: &Session| {
        let desk: &dyn Desk = session;
        desk.ask(AskCaseFile { case, entries: 1 }).map(drop)
    };
    assert_eq!(file(&kept.back(past, "moe").0), Ok(()));
    let link = Command::LinkPerson {
        caseworker: who_moe,
        person: Some(nora),
        reason: "told today".to_owned(),
    };
    office.act(&office.karimi(), link).unwrap();
    assert_eq!(file(&kept.back(past, "moe").0), Err(DeskError::Closed(EntityId::Case(case))));
}

#[test]
fn the_screen_says_that_it_is_the_past_and_refuses_keys_that_change_something() {
    let kept = Kept::new();
    let case = kept.office.case(None, Nature::Complaint, "Damp in the bedroom");
    let past = kept.find(Until::Commit(kept.now())).unwrap();
    kept.office.on(&kept.office.karimi(), case, CaseAct::Claim).unwrap();
    let (session, _scratch) = kept.back(past, "karimi");
    let mut screen = TestScreen::open(Arc::new(session));
    let banner = "READ-ONLY: the office as it was on 2026-08-21 09:14";
    assert!(screen.rows()[0].starts_with(banner), "{}", screen.text());
    assert!(screen.rows()[2].contains("2Inbox 1"), "nobody had claimed it\n{}", screen.text());
    screen.keys("4.");
    assert!(screen.text().contains("nothing in\nit can be changed"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("Damp in the bedroom"), "a case opens\n{}", screen.text());
    assert!(screen.rows()[0].starts_with(banner), "{}", screen.text());
    screen.keys("u");
    assert!(screen.text().contains("in the office of today"), "{}", screen.text());
    screen.keys("/mohammadi");
    assert!(screen.rows()[0].starts_with(banner), "{}", screen.text());
    let mut today = TestScreen::open(Arc::new(kept.office.karimi()));
    assert!(!today.text().contains("READ-ONLY"), "{}", today.text());
}

/// Runs the program on a data directory; gives its one line of JSON and its exit code.
fn program(data: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = crate::harness::program()
        .args(arguments)
        .env_clear()
        .env("HOME", data)
        .env("CASEDESK_DATA", data.join("office"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = serde_json::from_str(&text);
    let errors = String::from_utf8_lossy(&output.stderr);
    (
        line.unwrap_or_else(|_| unreachable!("{arguments:?}: {text} {errors}")),
        output.status.code().unwrap(),
    )
}

#[test]
fn the_program_answers_as_it_would_have_then_beside_an_open_desk_too() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("office");
    let people = home.path().join("people.csv");
    let row = "1,Sara,Mohammadi,1986-03-02,91234567\n";
    fs::write(&people, format!("id,given,family,birth_date,phone\n{row}")).unwrap();
    let run = |arguments: &[&str]| program(home.path(), arguments);
    let none =
        run(&["replay", "--commit", "1", "--purpose", "casework", "--", "queue", "list", "--json"]);
    assert_eq!((&none.0["code"], none.1), (&"past.none".into(), 1));
    assert!(!data.exists(), "looking back founds no office");
    assert_eq!(run(&["office", "show", "--json"]).1, 0);
    assert_eq!(run(&["import", "people", people.to_str().unwrap(), "--json"]).0["created"], 1);
    let replay = |until: &[&str], inner: &[&str]| {
        let words = [&["replay"], until, &["--purpose", "complaint", "--"], inner, &["--json"]];
        run(&words.concat())
    };
    let shown = |until: &[&str]| replay(until, &["office", "show"]);
    assert_eq!(shown(&["--commit", "1"]).0["people"], 0);
    let (today, code) = shown(&["--until", "2999-01-01"]);
    assert_eq!((&today["code"], code), (&"past.later".into(), 1), "{today}");
    let (after, code) = shown(&["--until", "1"]);
    assert_eq!((&after["people"], code), (&0.into(), 0), "{after}");
    let now = jiff::Timestamp::now().to_string();
    assert_eq!(shown(&["--until", &now]).0["people"], 1);
    let reveal = ["person", "show", "P-1", "--reveal", "--purpose", "contact"];
    let (refused, code) = replay(&["--until", &now], &reveal);
    assert_eq!((&refused["code"], code), (&"past.masked".into(), 1), "{refused}");
    let (refused, code) = replay(&["--until", &now], &["office", "set", "--name", "Elsewhere"]);
    assert_eq!((&refused["code"], code), (&"past.read-only".into(), 1), "{refused}");
    for wrong in [
        &["import", "people", "x"][..],
        &["queue", "list", "--as", "moe"],
        &["replay", "--until", "1", "--purpose", "casework"],
    ] {
        assert_eq!(replay(&["--until", "1"], wrong).0["code"], "past.command", "{wrong:?}");
    }
    assert_eq!(replay(&["--until", "1"], &["queue", "lits"]).1, 2);
    assert_eq!(replay(&["--until", "yesterday"], &["queue", "list"]).1, 2);
    // Beside an open desk the look goes through its socket into its journal.
    let store = Arc::new(SledStore::open(&data, options(), &|_| {}).unwrap());
    let entropy = Arc::new(CounterEntropy::from_seed(1));
    let desk = LocalDesk::open(store.clone(), Arc::new(SystemClock), entropy).unwrap();
    let account = desk.accounts().remove(0);
    let sign_in: SignIn = Arc::new(move |named| {
        Ok(Arc::new(desk.sign_in(named.unwrap_or(&account), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(&data, sign_in).unwrap();
    let before = store.sequence();
    assert_eq!(shown(&["--commit", "1"]).0["people"], 0);
    assert_eq!(store.sequence().0, before.0 + 1);
    let last = events(&data, before.0 + 1).pop().unwrap();
    assert!(matches!(last.event, Event::LookedBack(Past { commit: 1, .. })), "{last:?}");
    let left = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("replica-")).collect();
    assert!(left.is_empty(), "nothing is left of the past: {left:?}");
}
