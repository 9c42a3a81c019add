//! What somebody else does between the moment when an act is decided and the moment when it is written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use casedesk::desk::{Command, Desk, DeskError, Holder, Receipt, Request, View, ViewKind};
use casedesk::domain::UnitId;
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::{Confidentiality, NewCaseworker, Role, ScopedGrant};
use casedesk::store::{
    Commit, CommitError, Committed, Direction, KeyRange, MemoryStore, Page, Sequence, Store,
    StoreError, Versioned,
};

use crate::office::{Office, Seat};

type Meanwhile = Box<dyn FnOnce() + Send>;

/// A store before whose next commit something else happens.
#[derive(Default)]
struct Overtaken {
    store: MemoryStore,
    meanwhile: Mutex<Option<Meanwhile>>,
    conflicts: AtomicU64,
}

impl Store for Overtaken {
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
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
        let outcome = self.store.commit(commit);
        if matches!(outcome, Err(CommitError::Conflict)) {
            self.conflicts.fetch_add(1, Ordering::SeqCst);
        }
        outcome
    }

    fn sequence(&self) -> Sequence {
        self.store.sequence()
    }
}

/// An office, and what overtakes its acts.
fn office() -> (Arc<Overtaken>, Office) {
    let store = Arc::new(Overtaken::default());
    let office = Office::over(Arc::clone(&store) as Arc<dyn Store>);
    (store, office)
}

impl Overtaken {
    /// Has `who` do this before the next commit; what came of it is looked at by the answer.
    fn by(&self, who: &Seat, request: Request) -> Arc<OnceLock<Result<Receipt, DeskError>>> {
        let (who, came): (Seat, Arc<OnceLock<_>>) = (who.clone(), Arc::default());
        let told = Arc::clone(&came);
        let act = move || told.set(who.execute(request)).unwrap();
        *self.meanwhile.lock().unwrap() = Some(Box::new(act));
        came
    }
}

fn code(result: Result<Receipt, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn an_act_stands_by_the_rights_of_when_it_is_written() {
    let (store, office) = office();
    let karimi = office.karimi();
    let new = NewCaseworker {
        account: "kaya".to_owned(),
        name: "N. Kaya".to_owned(),
        unit: UnitId(1),
        grants: Vec::new(),
    };
    office.act(&karimi, Command::Enrol(new)).unwrap();
    let kaya = office.sign_in("kaya").unwrap();
    let who = (&kaya as &dyn Desk).ask(casedesk::desk::AskWho {}).unwrap().caseworker.id;
    let right = ScopedGrant {
        role: Role::Caseworker,
        verbs: Vec::new(),
        unit: Some(UnitId(1)),
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: Vec::new(),
        from: None,
        expires: None,
    };
    let holder = Holder::Caseworker(who);
    let words = "stands in".to_owned();
    let give = |right: &ScopedGrant| Command::GiveRight {
        to: holder.clone(),
        right: Box::new(right.clone()),
        reason: words.clone(),
    };
    let take = |right: &ScopedGrant| Command::TakeRight {
        from: holder.clone(),
        right: Box::new(right.clone()),
        reason: words.clone(),
    };
    let case = office.case(None, Nature::Complaint, "Damp walls");
    let next = Command::ClaimNext(View { kind: ViewKind::Inbox, unit: UnitId(1) });
    let note = CaseAct::Note { text: "Rang back".to_owned() };
    let note = Command::Case { case, version: None, act: note };
    // What is decided before its turn, and what is decided in it.
    for act in [note, next] {
        office.act(&karimi, give(&right)).unwrap();
        let taken = store.by(&karimi, office.request(take(&right)));
        assert_eq!(code(office.act(&kaya, act.clone())), "permit.no-grant", "{act:?}");
        assert!(taken.get().unwrap().is_ok());
        // A right that comes meanwhile is no reason to refuse what stands by one that was there, either.
        office.act(&karimi, give(&right)).unwrap();
        let other = ScopedGrant { role: Role::Reviewer, ..right.clone() };
        let given = store.by(&karimi, office.request(give(&other)));
        office.act(&kaya, act).unwrap();
        assert!(given.get().unwrap().is_ok());
        office.act(&karimi, take(&other)).unwrap();
        office.act(&karimi, take(&right)).unwrap();
    }
}

#[test]
fn two_sessions_of_one_caseworker_do_not_stand_in_each_others_way() {
    let (store, office) = office();
    let karimi = office.karimi();
    let cases = ["Damp walls", "The lift is out of order"]
        .map(|says| office.case(None, Nature::Complaint, says));
    let note = |text: &str| CaseAct::Note { text: text.to_owned() };
    let [here, there] = cases;
    let elsewhere = Command::Case { case: there, version: None, act: note("there") };
    let done = store.by(&office.karimi(), office.request(elsewhere));
    let before = store.conflicts.load(Ordering::SeqCst);
    office.on(&karimi, here, note("here")).unwrap();
    assert!(done.get().unwrap().is_ok());
    assert_eq!(store.conflicts.load(Ordering::SeqCst), before, "neither was decided again");
    // Each has its own place among what can be undone: the newest comes first.
    for case in [here, there] {
        let undone = office.act(&karimi, Command::Undo).unwrap();
        assert!(undone.label.contains(&case.to_string()), "{}", undone.label);
    }
}
