//! What has to hold after any fault: what was acknowledged is there, whole, once, and nothing is there that nobody asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use casedesk::desk::{AskCaseFile, CaseFileAnswer, Checks, Desk, DeskError, LocalDesk};
use casedesk::domain::time::Instant;
use casedesk::domain::{CaseId, CaseworkerId};
use casedesk::store::{CommitId, JournalReader, Sequence, SledStore, SystemDisk};

use super::logbook::{Ask, Entry, Told, path, read};
use super::writers::{BULK_CASES, MORNING, WRITERS, desk, options};

/// The caseworkers before the first writer: the founder.
const CASEWORKERS_BEFORE: u64 = 1;

/// What was found to be there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Survived {
    /// Requests that were answered as done.
    pub(super) acknowledged: u64,
    /// Requests whose answer was lost for ever.
    pub(super) unanswered: u64,
    /// Requests that were answered, made again, and answered alike.
    pub(super) repeated: u64,
    /// Requests whose answer was lost, that were made again and had been done.
    pub(super) done_already: u64,
    /// Claims that were won, and claims that were refused because somebody else had won.
    pub(super) claims: (u64, u64),
    pub(super) commits: u64,
    pub(super) cases: u64,
}

impl std::ops::AddAssign for Survived {
    fn add_assign(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.unanswered += other.unanswered;
        self.repeated += other.repeated;
        self.done_already += other.done_already;
        self.claims.0 += other.claims.0;
        self.claims.1 += other.claims.1;
        self.commits += other.commits;
        self.cases += other.cases;
    }
}

/// Opens the store and holds all of it against the logbooks.
pub(super) fn check(data: &Path, logs: &Path) -> Survived {
    let store = SledStore::open(data, options(Arc::new(SystemDisk)), &|_| {}).unwrap();
    assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
    let store = Arc::new(store);
    // What is read is opened first, with ids that are no writer's.
    let desk = desk(&store, u64::from(u32::MAX) - 1, MORNING);
    let found = desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
    let cases = Cases::read(&desk);
    let commits = commits(data);
    let mut survived = Survived {
        commits: commits.len() as u64,
        cases: cases.files.len() as u64,
        ..Survived::default()
    };
    let mut asked = BTreeSet::new();
    for writer in 0..WRITERS {
        for (id, entry) in read(&path(logs, writer)) {
            cases.hold(writer, &entry);
            let committed = commits.get(&CommitId(id)).copied();
            survived.add(&entry, id, committed);
            asked.insert(id);
        }
    }
    let is_writers = |id: &u128| {
        (1..=u128::from(WRITERS)).contains(&(id >> 64))
            && *id & 0xFFFF_FFFF == *id & u128::from(u64::MAX)
    };
    for CommitId(id) in commits.keys() {
        assert!(!is_writers(id) || asked.contains(id), "nobody asked for {id:x}");
    }
    drop(desk);
    store.close().unwrap();
    survived
}

/// The commits of the journal by their ids, of which none is there twice.
fn commits(data: &Path) -> BTreeMap<CommitId, u64> {
    let mut commits = BTreeMap::new();
    for frame in JournalReader::open(data, Sequence(1)).unwrap() {
        let frame = frame.unwrap();
        let before = commits.insert(frame.id, frame.sequence.0);
        assert_eq!(
            before, None,
            "{:?} was committed twice, again as {:?}",
            frame.id, frame.sequence
        );
    }
    commits
}

impl Survived {
    fn add(&mut self, entry: &Entry, id: u128, committed: Option<u64>) {
        // Whoever was told that the disk is full asked again later, and only then something was done.
        let lasting = entry.told.iter().filter(|told| !told.is_for_now());
        let mut answers = lasting.map(|told| match told {
            Told::Done { sequence, .. } => Some(*sequence),
            Told::Refused(_) => None,
        });
        let Some(first) = answers.next() else {
            self.unanswered += 1;
            assert!(entry.told.is_empty() || committed.is_none(), "{id:x} was refused: {entry:?}");
            return;
        };
        assert_eq!(
            first, committed,
            "{id:x} was answered otherwise than it was committed: {entry:?}"
        );
        for again in answers {
            assert_eq!(again, first, "{id:x} was answered differently when it was asked again");
            self.repeated += u64::from(again.is_some());
        }
        self.done_already += u64::from(entry.was_done_already);
        self.acknowledged += u64::from(first.is_some());
        if matches!(entry.ask, Ask::Claim(_)) {
            self.claims.0 += u64::from(first.is_some());
            self.claims.1 += u64::from(first.is_none());
        }
    }
}

/// Every case that there is, and what is in it.
struct Cases {
    files: BTreeMap<CaseId, CaseFileAnswer>,
    by_words: HashMap<String, CaseId>,
    by_note: HashMap<String, CaseId>,
    bulks: HashMap<String, u64>,
}

impl Cases {
    fn read(desk: &Arc<LocalDesk>) -> Self {
        let session = desk.sign_in("karimi", None).unwrap();
        let door: &dyn Desk = &session;
        let (mut files, mut bulks) = (BTreeMap::new(), HashMap::new());
        let (mut by_words, mut by_note) = (HashMap::new(), HashMap::new());
        for case in (1..).map(CaseId) {
            let file = match door.ask(AskCaseFile { case, entries: 999 }) {
                Ok(file) => file,
                Err(DeskError::NotFound(_)) => break,
                Err(error) => unreachable!("{case}: {error}"),
            };
            let words = file.case.asks.clone();
            if let Some((bulk, _)) = words.split_once(" place ") {
                *bulks.entry(bulk.to_owned()).or_default() += 1;
            }
            let twice = by_words.insert(words, case);
            assert_eq!(twice, None, "{case} is there twice");
            assert_eq!(file.timeline.len() as u64, file.timeline_total, "{case}");
            let claims = file.timeline.iter().filter(|entry| entry.kind == "claim").count();
            assert!(claims <= 1, "{case} was claimed {claims} times");
            assert!(file.timeline.is_sorted_by(|newer, older| newer.sequence > older.sequence));
            for note in file.timeline.iter().filter(|entry| entry.kind == "note") {
                let twice = by_note.insert(note.text.clone(), case);
                assert_eq!(twice, None, "{case} has a note twice");
            }
            files.insert(case, file);
        }
        Self { files, by_words, by_note, bulks }
    }

    /// Holds what is there against what a writer was told about it.
    fn hold(&self, writer: u64, entry: &Entry) {
        let done = entry.told.iter().find_map(|told| match told {
            Told::Done { case, due, .. } => Some((CaseId(*case), *due)),
            Told::Refused(_) => None,
        });
        let is_refused = matches!(entry.told.last(), Some(Told::Refused(_)));
        match &entry.ask {
            Ask::Register(words) => {
                let there = self.by_words.get(words).copied();
                if let Some((case, due)) = done {
                    assert_eq!(there, Some(case), "{words}");
                    let due_now = self.files[&case].row.due_at.map_or(0, Instant::milliseconds);
                    assert_eq!(due_now, due, "{case} is due at another time");
                }
                assert!(!is_refused || there.is_none(), "{words} was refused and is there");
            }
            Ask::Note(case, words) => {
                let there = self.by_note.get(words).copied();
                assert!(there.is_none_or(|there| there == *case), "{words} is on {there:?}");
                assert!(done.is_none() || there.is_some(), "{words} is lost");
                assert!(!is_refused || there.is_none(), "{words} was refused and is there");
            }
            Ask::Claim(case) => {
                let owner = self.files.get(case).and_then(|file| file.case.owner);
                let is_own = owner == Some(CaseworkerId(writer + 1 + CASEWORKERS_BEFORE));
                assert!(done.is_none() || is_own, "{case} was won by {writer}, {owner:?} has it");
                assert!(!is_refused || !is_own, "{case} was refused {writer}, who has it");
                let taken = Told::Refused("claim.taken".to_owned());
                let is_taken = entry.told.contains(&taken);
                assert!(!is_taken || owner.is_some(), "{case} was said to be taken, nobody has it");
            }
            Ask::Bulk(words) => {
                let there = self.bulks.get(words).copied().unwrap_or(0);
                assert!([0, BULK_CASES].contains(&there), "{words}: {there} cases");
                assert!(done.is_none() || there > 0, "{words} is lost");
                assert!(!is_refused || there == 0, "{words} was refused and is there");
            }
        }
    }
}
