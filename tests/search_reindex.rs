//! The index of all people is made anew, whole or not at all, and says so while it is not whole.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use casedesk::desk::{
    AskFind, Checks, Command, Desk, DeskError, IndexStep, Receipt, Reindexed, RowResult,
};
use casedesk::domain::people::{Identity, Name, NameKind, NewPerson};
use casedesk::store::{
    Commit, CommitError, CommitId, Committed, Direction, KeyRange, MemoryStore, OpenOptions, Page,
    Sequence, SledStore, Store, StoreError, Versioned, Write,
};

use crate::harness::program;
use crate::office::Office;

/// A store in memory that takes so many commits more.
struct Failing {
    store: MemoryStore,
    commits_left: AtomicU64,
    /// Whether it takes them again once one has failed.
    recovers: AtomicBool,
}

impl Store for Failing {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.store.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.store.scan(range, limit, direction)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let left = self.commits_left.load(Ordering::SeqCst);
        if left == 0 {
            if self.recovers.load(Ordering::SeqCst) {
                self.commits_left.store(u64::MAX, Ordering::SeqCst);
            }
            return Err(CommitError::Fatal(StoreError::Closed));
        }
        self.commits_left.store(left - 1, Ordering::SeqCst);
        self.store.commit(commit)
    }

    fn sequence(&self) -> Sequence {
        self.store.sequence()
    }
}

struct Town {
    office: Office,
    store: Arc<Failing>,
}

impl Town {
    fn new() -> Self {
        let store = Arc::new(Failing {
            store: MemoryStore::new(),
            commits_left: AtomicU64::new(u64::MAX),
            recovers: AtomicBool::new(false),
        });
        let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
        Self { office: Office::over(shared), store }
    }

    /// Takes in so many people with names that differ.
    fn import(&self, from: u32, to: u32) {
        let rows: Vec<NewPerson> = (from..to)
            .map(|number| NewPerson {
                names: vec![Name {
                    kind: NameKind::Official,
                    given: format!("Given{}", letters(number % 700)),
                    family: format!("Family{}", letters(number / 3)),
                }],
                identities: vec![Identity {
                    scheme: "national-id".to_owned(),
                    value: format!("{:020}", u64::from(number) * 7_654_321_987_654),
                }],
                origin: Some(("register".to_owned(), number.to_string())),
                ..NewPerson::default()
            })
            .collect();
        for some in rows.chunks(200) {
            let command = Command::ImportPeople(some.to_vec());
            let receipt = self.office.act(&self.office.karimi(), command).unwrap();
            assert!(receipt.rows.iter().all(|row| matches!(row, RowResult::Created(_))));
        }
    }

    fn find(&self, text: &str) -> Result<usize, DeskError> {
        let session = self.office.karimi();
        let door: &dyn Desk = &session;
        Ok(door.ask(AskFind { text: text.to_owned(), limit: 10 })?.hits.len())
    }

    fn reindex(
        &self,
        stop: &AtomicBool,
        stop_at: Option<IndexStep>,
    ) -> Result<Reindexed, DeskError> {
        let directory = tempfile::tempdir().unwrap();
        self.office.desk.reindex(directory.path(), stop, &|progress| {
            assert!(progress.done <= progress.total, "{progress:?}");
            stop.fetch_or(stop_at == Some(progress.step), Ordering::SeqCst);
        })
    }

    /// Registers somebody, who may need no index.
    fn register(&self) -> Result<Receipt, DeskError> {
        let name =
            Name { kind: NameKind::Official, given: "Late".to_owned(), family: "Comer".to_owned() };
        let new = NewPerson { names: vec![name], ..NewPerson::default() };
        self.office.act(&self.office.karimi(), Command::RegisterPerson(new))
    }

    fn findings(&self) -> Vec<String> {
        self.office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings
    }

    fn is_whole(&self) -> bool {
        self.office.desk.index_fault().unwrap().is_none()
    }

    /// Takes the index away, behind the desk's back.
    fn wipe_index(&self) {
        let rows = self.store.scan(&KeyRange::prefix(b"i"), usize::MAX, Direction::Forward);
        self.write(rows.unwrap().rows.into_iter().map(|(key, _)| Write::Delete(key)).collect());
    }

    /// Puts a value in place of the index's format, behind the desk's back.
    fn set_format(&self, format: u8) {
        self.write(vec![Write::Put(vec![b'i', 0], vec![format])]);
    }

    fn write(&self, writes: Vec<Write>) {
        let id = CommitId(u128::MAX - u128::from(self.store.sequence().0));
        let stamp = Box::new(move |_: &dyn casedesk::store::Latest| Ok(writes));
        self.store.commit(Commit { id, reads: Vec::new(), stamp }).unwrap();
    }
}

/// A number in letters, so that it is part of a name.
fn letters(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

fn is_unfinished<T: std::fmt::Debug>(result: Result<T, DeskError>) -> bool {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code == "search.unfinished",
        other => panic!("{other:?}"),
    }
}

#[test]
fn people_who_came_in_without_the_index_are_found_once_it_is_built() {
    let town = Town::new();
    town.import(0, 300);
    town.office.desk.leave_index_behind().unwrap();
    town.import(300, 900);
    assert!(is_unfinished(town.find("givenfcc")));
    assert!(!town.is_whole());
    assert!(town.findings().iter().any(|finding| finding.contains("not whole")));
    let made = town.reindex(&AtomicBool::new(false), None).unwrap();
    assert_eq!(made.people, 900);
    assert!(town.find("givenfcc").unwrap() > 0, "somebody of the second import is found");
    assert_eq!(town.findings(), Vec::<String>::new());
}

#[test]
fn an_index_that_is_right_is_left_as_it_is() {
    let town = Town::new();
    town.import(0, 400);
    let changed = || town.reindex(&AtomicBool::new(false), None).unwrap().changed_rows;
    assert!(changed() > 0, "words get other numbers");
    assert_eq!(changed(), 0);
}

#[test]
fn a_rebuild_that_fails_at_any_commit_leaves_casework_going_on_without_the_index() {
    let town = Town::new();
    town.office.desk.leave_index_behind().unwrap();
    town.import(0, 12_000);
    town.store.recovers.store(true, Ordering::SeqCst);
    for commits in 0.. {
        town.wipe_index();
        town.store.commits_left.store(commits, Ordering::SeqCst);
        let made = town.reindex(&AtomicBool::new(false), None);
        town.store.commits_left.store(u64::MAX, Ordering::SeqCst);
        if made.is_ok() {
            assert!(commits > 2, "{commits} commits say too little");
            break;
        }
        assert!(!town.is_whole(), "after {commits} commits");
        assert!(is_unfinished(town.find("givenabc")));
        town.register().unwrap();
        town.reindex(&AtomicBool::new(false), None).unwrap();
        assert!(town.is_whole());
    }
    assert_eq!(town.findings(), Vec::<String>::new());
}

#[test]
fn a_rebuild_that_was_killed_is_told_and_nobody_changes_until_it_is_done_again() {
    let town = Town::new();
    town.import(0, 300);
    town.store.commits_left.store(1, Ordering::SeqCst);
    assert!(town.reindex(&AtomicBool::new(false), None).is_err());
    town.store.commits_left.store(u64::MAX, Ordering::SeqCst);
    assert!(!town.is_whole());
    assert!(is_unfinished(town.find("givenabc")));
    assert!(is_unfinished(town.register()));
    town.reindex(&AtomicBool::new(false), None).unwrap();
    assert_eq!(town.findings(), Vec::<String>::new());
}

#[test]
fn an_old_index_that_cannot_be_made_anew_stops_nobody_and_a_damaged_record_is_left_out() {
    let town = Town::new();
    town.import(0, 300);
    town.set_format(1);
    assert!(town.register().is_err(), "it cannot be written as it was");
    assert!(town.reindex(&AtomicBool::new(false), Some(IndexStep::Reading)).is_err());
    town.register().unwrap();
    assert!(!town.is_whole());
    town.write(vec![Write::Put([&b"P"[..], &7_u64.to_be_bytes()].concat(), vec![0xff; 3])]);
    assert_eq!(town.reindex(&AtomicBool::new(false), None).unwrap().people, 300);
    assert!(town.find("late comer").unwrap() > 0);
}

#[test]
fn a_rebuild_that_is_stopped_while_people_are_read_leaves_the_index_as_it_was() {
    let town = Town::new();
    town.import(0, 900);
    let found = town.find("givenfcc").unwrap();
    assert!(town.reindex(&AtomicBool::new(false), Some(IndexStep::Reading)).is_err());
    assert_eq!(town.find("givenfcc").unwrap(), found);
    assert_eq!(town.findings(), Vec::<String>::new());
    assert!(town.reindex(&AtomicBool::new(false), Some(IndexStep::Writing)).is_err());
    assert!(is_unfinished(town.find("givenfcc")));
    town.register().unwrap();
    town.reindex(&AtomicBool::new(false), None).unwrap();
    assert_eq!(town.findings(), Vec::<String>::new());
}

#[test]
fn an_index_of_another_format_is_one_to_be_made_anew() {
    let town = Town::new();
    assert!(town.is_whole(), "an office of nobody needs none");
    town.import(0, 300);
    town.set_format(99);
    assert_eq!(
        town.office.desk.index_fault().unwrap().unwrap(),
        format!("it has format 99, and this program writes format {}", casedesk::search::FORMAT)
    );
    assert!(town.find("givenfcc").is_err());
    town.reindex(&AtomicBool::new(false), None).unwrap();
    assert!(town.find("givenac").unwrap() > 0);
    assert_eq!(town.findings(), Vec::<String>::new());
}

/// Runs the program on a directory; gives its exit code, what it said, and its answer.
fn run(data: &Path, arguments: &[&str]) -> (i32, String, serde_json::Value) {
    let output = program()
        .args(["--json", "--data", data.to_str().unwrap()])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned(), answer)
}

#[test]
fn the_program_makes_the_index_anew_when_asked_and_when_it_must() {
    let directory = tempfile::tempdir().unwrap();
    let (data, file) = (directory.path().join("data"), directory.path().join("people.tsv"));
    let rows: Vec<String> =
        (0..40).map(|number| format!("{number}\tSara\tMo{}", letters(number))).collect();
    std::fs::write(&file, format!("id\tgiven\tfamily\n{}\n", rows.join("\n"))).unwrap();
    assert_eq!(run(&data, &["import", "people", file.to_str().unwrap()]).0, 0);
    let (code, said, answer) = run(&data, &["reindex"]);
    assert_eq!((code, &answer["people"]), (0, &40.into()), "{said}");
    assert_eq!(run(&data, &["reindex"]).2["changed_rows"], 0);

    let store = SledStore::open(&data, OpenOptions::default(), &|_| {}).unwrap();
    assert_eq!(run(&data, &["reindex"]).0, 5, "somebody else has the database");
    let writes = vec![Write::Put(vec![b'i', 0], vec![99])];
    let stamp = Box::new(move |_: &dyn casedesk::store::Latest| Ok(writes));
    store.commit(Commit { id: CommitId(1), reads: Vec::new(), stamp }).unwrap();
    drop(store);
    let (code, said, answer) = run(&data, &["find", "sara mobc"]);
    assert!(said.contains("made anew: it has format 99"), "{said}");
    assert_eq!(code, 0, "{said}{answer}");
    assert_eq!(run(&data, &["verify", "--deep"]).0, 0);
}
