//! Learns from closed cases and keeps what was learned: at once in a small office, in a thread beside the desk in a large one.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::desk::class::Class;
use crate::desk::keys::{self, tag};
use crate::desk::local::lock;
use crate::desk::records::decode_entity;
use crate::domain::cases::{Case, OutcomeCode};
use crate::domain::office::Confidentiality;
use crate::domain::suggest::{Learner, Model};
use crate::domain::{CaseId, Entity, EntityId};
use crate::store::{Direction, KeyRange, Store};

use super::words::asked_words;

/// Cases up to which an office learns while somebody waits for the answer.
const AT_ONCE_MAX: u64 = 3_000;
/// Cases that are learned from, the newest ones: what an office did long ago says little of what it does now.
const LEARNED_MAX: usize = 60_000;
/// Records that are looked at for them.
const LOOKED_AT_MAX: usize = 400_000;
/// Records read at once.
const PAGE_ROWS: usize = 500;
/// So many more closed cases, and at least a twentieth, and it is learned again.
const LEARNED_AGAIN_MIN: u64 = 20;

/// What was learned of subjects and of natures.
#[derive(Debug, Default)]
pub(in crate::desk) struct Models {
    pub(in crate::desk) subject: Model,
    pub(in crate::desk) nature: Model,
    /// What it was learned from: it is told to whoever may see all of that.
    pub(in crate::desk) classes: BTreeSet<Class>,
    /// The numbers of those cases.
    pub(in crate::desk) cases: BTreeSet<u64>,
}

#[derive(Default)]
struct Kept {
    models: Option<Arc<Models>>,
    /// Closed cases that there were when it was learned.
    closed: u64,
    learning: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Room {
    kept: Mutex<Kept>,
    is_stopping: AtomicBool,
}

/// Keeps what was learned.
#[derive(Default)]
pub(in crate::desk) struct Suggester {
    room: Arc<Room>,
}

impl Suggester {
    /// What was learned, and whether more is being learned. `closed` and `all` say how many cases there are: where many
    /// were closed since, it is learned again, and what was known before is answered until then.
    pub(in crate::desk) fn models(
        &self,
        store: &Arc<dyn Store>,
        closed: u64,
        all: u64,
    ) -> (Option<Arc<Models>>, bool) {
        let mut kept = lock(&self.room.kept);
        if let Some(done) = kept.learning.take_if(|learning| learning.is_finished()) {
            // A thread that panicked has learned nothing, which is no reason to answer nothing else.
            let _ = done.join();
        }
        let is_old = closed >= kept.closed + LEARNED_AGAIN_MIN.max(kept.closed / 20);
        let is_due = kept.models.is_none() || is_old;
        if !is_due || kept.learning.is_some() {
            return (kept.models.clone(), kept.learning.is_some());
        }
        kept.closed = closed;
        if all <= AT_ONCE_MAX {
            let models = Arc::new(learn(store.as_ref(), &self.room.is_stopping));
            kept.models = Some(Arc::clone(&models));
            return (Some(models), false);
        }
        let (room, store) = (Arc::clone(&self.room), Arc::clone(store));
        kept.learning = Some(std::thread::spawn(move || {
            let models = Arc::new(learn(store.as_ref(), &room.is_stopping));
            lock(&room.kept).models = Some(models);
        }));
        (kept.models.clone(), true)
    }
}

impl Drop for Suggester {
    /// The thread reads the store: it ends before the store may be opened again.
    fn drop(&mut self) {
        self.room.is_stopping.store(true, Ordering::Relaxed);
        let learning = lock(&self.room.kept).learning.take();
        if let Some(learning) = learning {
            let _ = learning.join();
        }
    }
}

/// Learns from the newest closed cases. What cannot be read is left out: a suggestion rests on many cases.
fn learn(store: &dyn Store, is_stopping: &AtomicBool) -> Models {
    let (mut subject, mut nature) = (Learner::new(), Learner::new());
    let (mut classes, mut cases) = (BTreeSet::new(), BTreeSet::new());
    let mut range = KeyRange::prefix(&[tag::CASE]);
    let mut looked_at = 0;
    while looked_at < LOOKED_AT_MAX
        && subject.cases() < LEARNED_MAX
        && !is_stopping.load(Ordering::Relaxed)
    {
        let Ok(page) = store.scan(&range, PAGE_ROWS, Direction::Backward) else { break };
        for (key, row) in &page.rows {
            let id = EntityId::Case(CaseId(keys::last_number(key)));
            if let Ok(Entity::Case(case)) = decode_entity(&id, &row.value)
                && add(&case, &mut subject, &mut nature)
            {
                classes.insert(Class::of(&case));
                cases.insert(case.id.0);
            }
        }
        looked_at += page.rows.len();
        let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { break };
        range.to = Some(last.clone());
    }
    Models { subject: subject.finish(), nature: nature.finish(), classes, cases }
}

/// A case teaches where it is closed, was one at all, and is no more confidential than cases are by themselves.
/// Says whether it taught.
fn add(case: &Case, subject: &mut Learner, nature: &mut Learner) -> bool {
    let was_one =
        case.outcome.as_ref().is_some_and(|outcome| outcome.code != OutcomeCode::RegisteredInError);
    if case.is_open() || !was_one || case.confidentiality > Confidentiality::CaseConfidential {
        return false;
    }
    let Some(code) = case.subjects.first() else { return false };
    let words = asked_words(&case.asks);
    if words.is_empty() {
        return false;
    }
    // Whoever is not known counts as somebody else each time.
    let asker = case.initiator().map_or(case.id.0 | 1 << 63, |person| person.0);
    nature.add(words.clone(), case.nature.code(), asker);
    subject.add(words, &code.0, asker);
    true
}
