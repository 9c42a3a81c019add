//! Who has which case or person open: known by session, in memory only, and gone with the session.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::domain::{CaseworkerId, EntityId};

use super::command::{DraftForm, Receipt, Undoable};
use super::error::DeskError;
use super::local::{LocalDesk, lock};
use super::opened::{OpenFile, OpenFiles};
use super::read::Reader;
use super::session::Session;

/// How long a lease on composing lasts, in seconds of the desk's clock.
pub const LEASE_SECONDS: i64 = 90;

/// Seconds after which an open editor renews its lease: two renewals may get lost before it lapses.
pub const LEASE_RENEWED_SECONDS: i64 = 30;

/// Files of which is known that a session asked to open them; beyond that the oldest is forgotten.
const ASKED_FOR_MAX: usize = 256;

/// Sessions that one answer lists.
const OPEN_MAX: usize = 16;

/// Somebody who has a case or person open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoOpen {
    /// Who.
    pub caseworker: CaseworkerId,
    /// Their short name.
    pub name: String,
    /// In which session: the number under which it keeps its place.
    pub session: u64,
    /// The form that they have open on it.
    pub form: Option<DraftForm>,
    /// Since when it is open.
    pub since: Instant,
}

/// Somebody composes a form on a case or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseLine {
    /// Which form.
    pub form: DraftForm,
    /// Who.
    pub caseworker: CaseworkerId,
    /// Their short name.
    pub name: String,
    /// In which session.
    pub session: u64,
    /// Since when.
    pub since: Instant,
    /// When the lease lapses, unless it is renewed.
    pub until: Instant,
}

/// Who has a case or person open, and who composes on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceAnswer {
    /// The case or person: of a number that was merged, the one that goes on.
    pub about: EntityId,
    /// Who has it open, whoever opened it first before.
    pub open: Vec<AlsoOpen>,
    /// Who composes on it, in the order of the forms.
    pub leases: Vec<LeaseLine>,
}

/// A lease as it is kept outside the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lease {
    pub(super) form: DraftForm,
    pub(super) caseworker: CaseworkerId,
    pub(super) session: u64,
    pub(super) since: Instant,
    pub(super) until: Instant,
}

/// Tokens so far, so that each has a number of its own.
static TOKENS: AtomicU64 = AtomicU64::new(0);

/// Lives as long as a session does; with it ends what the session has open.
#[derive(Debug)]
pub(super) struct Token {
    number: u64,
    desk: Weak<LocalDesk>,
    at: Mutex<Option<EntityId>>,
    /// What the session asked to open, whether it was opened or not, the newest last.
    asked_for: Mutex<VecDeque<EntityId>>,
    /// What it has opened, and so reads on.
    opened: Mutex<OpenFiles>,
    /// Held while the desk opens a file for a question.
    pub(super) opening: Mutex<()>,
}

impl Token {
    pub(super) fn of(desk: &Arc<LocalDesk>) -> Arc<Self> {
        let number = TOKENS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self {
            number,
            desk: Arc::downgrade(desk),
            at: Mutex::default(),
            asked_for: Mutex::default(),
            opened: Mutex::default(),
            opening: Mutex::default(),
        })
    }

    /// Notes that the session asked to open it. What it asks of that later is a screen's own question.
    pub(super) fn note_asked_for(&self, about: &EntityId) {
        let mut asked_for = lock(&self.asked_for);
        asked_for.retain(|known| known != about);
        asked_for.push_back(about.clone());
        if asked_for.len() > ASKED_FOR_MAX {
            asked_for.pop_front();
        }
    }

    /// Whether the session has asked to open it.
    pub(super) fn has_asked_for(&self, about: &EntityId) -> bool {
        lock(&self.asked_for).contains(about)
    }

    /// Notes that the session has opened it: its opening is durable.
    pub(super) fn note_opened(&self, file: OpenFile) {
        lock(&self.opened).note(file);
    }

    /// Whether the session has opened it.
    pub(super) fn has_opened(&self, file: &OpenFile) -> bool {
        lock(&self.opened).has(file)
    }

    /// Whether the session has it open.
    pub(super) fn has_open(&self, about: &EntityId) -> bool {
        lock(&self.at).as_ref() == Some(about)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let at = lock(&self.at).take();
        if let (Some(at), Some(desk)) = (at, self.desk.upgrade()) {
            lock(&desk.attendance).leave(self.number, &at);
            desk.tell_attended(&[at]);
        }
    }
}

/// What is open, by case and person. Each session has at most one open.
#[derive(Debug, Default)]
pub(super) struct Attendance(BTreeMap<EntityId, Vec<Attending>>);

#[derive(Debug, Clone, Copy)]
struct Attending {
    token: u64,
    session: u64,
    caseworker: CaseworkerId,
    form: Option<DraftForm>,
    since: Instant,
}

impl Attendance {
    fn enter(&mut self, about: EntityId, attending: Attending) {
        self.0.entry(about).or_default().push(attending);
    }

    fn leave(&mut self, token: u64, about: &EntityId) -> Option<Attending> {
        let there = self.0.get_mut(about)?;
        let place = there.iter().position(|attending| attending.token == token)?;
        let left = there.remove(place);
        if there.is_empty() {
            self.0.remove(about);
        }
        Some(left)
    }
}

impl LocalDesk {
    /// Who has it open, whoever opened it first before.
    pub(super) fn who_has_open(&self, about: &EntityId) -> Vec<AlsoOpen> {
        let there = lock(&self.attendance).0.get(about).cloned().unwrap_or_default();
        let directory = self.directory();
        let line = |attending: Attending| AlsoOpen {
            caseworker: attending.caseworker,
            name: directory.short_name(attending.caseworker),
            session: attending.session,
            form: attending.form,
            since: attending.since,
        };
        there.into_iter().take(OPEN_MAX).map(line).collect()
    }
}

impl Session {
    /// Notes what this session has open, and with which form, and tells whoever watches where that is news.
    pub(super) fn attend(
        &self,
        session: u64,
        about: Option<&EntityId>,
        form: Option<DraftForm>,
    ) -> Result<Receipt, DeskError> {
        let reader = Reader::new(&self.desk, self.actor)?;
        let about = about.map(|about| reader.attendable(about)).transpose()?;
        let mut told = BTreeSet::new();
        {
            let mut at = lock(&self.token.at);
            let mut attendance = lock(&self.desk.attendance);
            let was = at.take().and_then(|was| {
                let left = attendance.leave(self.token.number, &was)?;
                Some((was, left))
            });
            let stays = was.as_ref().filter(|(was, _)| Some(was) == about.as_ref());
            let is_news = stays.is_none_or(|(_, left)| left.form != form);
            let since = stays.map_or_else(|| self.desk.clock.now(), |(_, left)| left.since);
            if let Some(about) = &about {
                let (token, caseworker) = (self.token.number, self.actor);
                attendance
                    .enter(about.clone(), Attending { token, session, caseworker, form, since });
            }
            if is_news {
                told.extend(was.map(|(was, _)| was).into_iter().chain(about.clone()));
            }
            *at = about;
        }
        if !told.is_empty() {
            self.desk.tell_attended(&told.into_iter().collect::<Vec<_>>());
        }
        Ok(Receipt {
            sequence: 0,
            label: String::new(),
            created: Vec::new(),
            subject: None,
            undo: Undoable::Nothing,
            disclosed: None,
            rows: Vec::new(),
            text: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::encode_record;

    #[test]
    fn a_lease_is_the_bytes_that_databases_hold() {
        let (since, until) = (Instant::from_milliseconds(1_000), Instant::from_milliseconds(2_000));
        let (form, caseworker) = (DraftForm::Reply, CaseworkerId(3));
        let record = encode_record(&Lease { form, caseworker, session: 9, since, until }).unwrap();
        assert_eq!(record[..2], [b'3', 1]);
        assert_eq!(record[7..], [2, 3, 9, 0xfb, 0xd0, 0x07, 0xfb, 0xa0, 0x0f]);
    }
}
