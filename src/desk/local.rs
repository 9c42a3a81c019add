//! The desk over a store in this process.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::codec::decode_record;
use crate::domain::limits::{RECALL_MINUTES_MAX, UNDO_ACTS_MAX};
use crate::domain::office::CaseworkerState;
use crate::domain::time::{Instant, Zone};
use crate::domain::{CaseworkerId, Entity, EntityId, Past, PersonId, Refusal};
use crate::store::{Commit, CommitError, CommitId, Committed, Latest, Store, StoreError, Write};

use super::attendance::{Attendance, Token};
use super::behind::Behind;
use super::chain::touches_directory;
use super::command::{Command, Receipt, RowResult, Undoable};
use super::commit;
use super::cover_watch::Looked;
use super::directory::{Directory, directory_key};
use super::error::DeskError;
use super::feed::{Change, FEED_CHANGES_MAX, Feed, FeedSender};
use super::finding::Finding;
use super::health::Care;
use super::kept::{Kept, Moved};
use super::one_scan::OneScan;
use super::place::Seats;
use super::read::Reader;
use super::records::{ChainHead, UndoEntry};
use super::renew::{Renewal, is_of_older_layout, renew};
use super::run::{Done, UndoAct, is_decided_in_turn, is_on_many, keep_many, paged, run, undo_slot};
use super::session::Session;
use super::suggest::Suggester;
use super::touched::Touches;
use super::trails::Trails;
use super::turnstile::Turnstile;
use super::work::{Doer, Numbers, Work, broken};

/// How often a command is decided again after what it rests on has changed; then it is refused as too busy.
const ATTEMPTS_MAX: usize = 32;

/// Where a desk's time comes from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

/// Where a desk's random bytes come from: salts, and keys for commands that come without one.
pub trait Entropy: Send + Sync {
    /// Sixteen bytes that nobody could have guessed (or, for a made office, that its seed gives).
    fn draw(&self) -> [u8; 16];
}

/// The desk of one data directory.
pub struct LocalDesk {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    directory: RwLock<Arc<Directory>>,
    pub(super) finding: Finding,
    /// Lets one scan of all timelines run at a time.
    pub(super) scan: OneScan,
    /// Whoever watches, each with whose session it is.
    pub(super) feeds: Mutex<Vec<(CaseworkerId, FeedSender)>>,
    /// Told whenever a message was queued.
    pub(super) outbox: Mutex<Option<std::sync::mpsc::SyncSender<()>>>,
    /// Where the desk shows the office as it was: which past it is. Nothing is written then.
    pub(super) past: Option<Past>,
    /// Its condition, and whom it tells of it.
    pub(super) care: Care,
    /// How many minutes a reply waits where the office has not set it.
    recall_minutes: AtomicU32,
    /// Whether a purpose is asked for where neither a contact nor an own case tells one.
    asks_purposes: AtomicBool,
    /// Takes the places of the chain that are to be anchored.
    pub(super) anchors: Mutex<Option<std::sync::mpsc::SyncSender<ChainHead>>>,
    /// The sessions that keep a place on the screen.
    pub(super) seats: Mutex<Seats>,
    /// What closed cases suggest for new ones.
    pub(super) suggester: Suggester,
    /// Who has which case or person open.
    pub(super) attendance: Mutex<Attendance>,
    /// With what the owners of cases were last looked through.
    pub(super) looked_over: Mutex<Option<Looked>>,
    /// What was read and has not changed since.
    pub(super) kept: Kept,
    turnstile: Turnstile,
    /// Readings of the audit trail that may go on.
    pub(super) trails: Trails,
}

impl std::fmt::Debug for LocalDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalDesk").finish_non_exhaustive()
    }
}

/// A command with who does it and when, for whoever may say so: the made offices, and the desk's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub actor: CaseworkerId,
    /// When.
    pub at: Instant,
    /// What.
    pub command: Command,
}

/// An act with whoever is behind the actor.
pub(super) type Signed = (Act, Option<String>);

/// What the acts of a commit came to.
pub(super) type Results = Vec<Result<Done, DeskError>>;

/// What became of a commit.
pub(super) enum Settled {
    /// It was made, with what each act came to; its place is 0 where there was nothing to write.
    New {
        /// Its place.
        sequence: u64,
        /// What each act came to.
        results: Results,
    },
    /// It had been made before.
    Repeated {
        /// Its place.
        sequence: u64,
        /// What is still known of each act.
        receipts: Vec<Result<Receipt, DeskError>>,
    },
}

/// When the acts of a commit are decided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// Before its turn. What they rest on is checked then, and nothing but their numbers is made anew.
    Before,
    /// Before its turn, and again in it over what was read: acts on many have to know their place to be undone as one.
    AgainInTurn,
    /// In its turn alone, over the newest state. The first run only says what will be read, nothing is checked, and so no
    /// commit conflicts with another one over it: of many who ask for the next case at once, each gets the next. What is
    /// refused there is answered, and nothing is written.
    ///
    /// It is for one act that many do to the same thing at once. Its second run must read little, for everybody waits for it.
    InTurn,
}

/// Reads that an act may miss when its turn has come and what it rests on has changed since its first run.
const MISSED_READS_MAX: usize = 256;

/// What the stamp tells of the run that counted.
#[derive(Default)]
struct Told {
    results: Results,
    /// The records that it changed.
    changed: Vec<EntityId>,
    /// What else it touched.
    touches: Touches,
    /// What that moved of what is kept beside records.
    moved: Moved,
    /// What stands behind them.
    behind: Behind,
    /// The places of the chain that are to be anchored.
    anchored: Vec<ChainHead>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A holder that panicked left data that is rebuilt from the store or only pushed to: it can be used.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LocalDesk {
    /// The desk over a store.
    ///
    /// # Errors
    /// The store cannot be read, or its records are of a newer program.
    pub fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Arc<Self>, DeskError> {
        Self::open_telling(store, clock, entropy, &|_| {})
    }

    /// As [`Self::open`], telling how far the rows of a database of an older layout have been made anew.
    ///
    /// # Errors
    /// As there, or the store cannot write them; the next opening begins again.
    #[expect(clippy::needless_pass_by_value, reason = "as `open` takes them")]
    pub fn open_telling(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        progress: &dyn Fn(Renewal),
    ) -> Result<Arc<Self>, DeskError> {
        let directory = load(store.as_ref())?;
        let zone = directory.office.as_ref().map_or_else(Zone::utc, |it| it.calendar.zone());
        let desk = Self::over(Arc::clone(&store), clock, entropy, directory, None);
        if is_of_older_layout(store.as_ref())? {
            renew(store.as_ref(), &zone, &mut |writes| desk.write_index(writes), progress)?;
        }
        Ok(desk)
    }

    pub(super) fn over(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        directory: Directory,
        past: Option<Past>,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            entropy,
            directory: RwLock::new(Arc::new(directory)),
            finding: Finding::default(),
            scan: OneScan::default(),
            feeds: Mutex::new(Vec::new()),
            outbox: Mutex::new(None),
            past,
            care: Care::default(),
            recall_minutes: AtomicU32::new(0),
            asks_purposes: AtomicBool::new(false),
            anchors: Mutex::new(None),
            seats: Mutex::default(),
            suggester: Suggester::default(),
            attendance: Mutex::default(),
            looked_over: Mutex::default(),
            kept: Kept::default(),
            turnstile: Turnstile::default(),
            trails: Trails::default(),
        })
    }

    /// Has replies wait so many minutes in the outbox, where they can be recalled, unless the office has set another time.
    /// A desk that nobody has told has them handed over at once.
    pub fn hold_replies(&self, minutes: u32) {
        self.recall_minutes.store(minutes.min(RECALL_MINUTES_MAX), Ordering::Relaxed);
    }

    /// Has the desk ask for a purpose wherever neither the running contact nor an own case tells one, once a person and day:
    /// for an office of many. Without it, what nobody was asked for is opened for casework.
    pub fn ask_for_purposes(&self) {
        self.asks_purposes.store(true, Ordering::Relaxed);
    }

    /// How many minutes a reply waits before it is handed over.
    pub(super) fn recall_minutes(&self) -> u32 {
        let own = self.directory().recall_minutes;
        own.unwrap_or_else(|| self.recall_minutes.load(Ordering::Relaxed))
    }

    /// Whether there is no office yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_new(&self) -> Result<bool, DeskError> {
        Ok(self.directory().office.is_none())
    }

    pub(super) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The accounts of all caseworkers who have not left, in the order in which they were enrolled.
    #[must_use]
    pub fn accounts(&self) -> Vec<String> {
        let directory = self.directory();
        let here =
            directory.caseworkers.values().filter(|held| held.state != CaseworkerState::Left);
        here.map(|held| held.account.clone()).collect()
    }

    /// Signs somebody in. `behind` is the account of the operating system where that is another one; every event says so.
    ///
    /// # Errors
    /// There is no such account, or they have left.
    pub fn sign_in(
        self: &Arc<Self>,
        account: &str,
        behind: Option<&str>,
    ) -> Result<Session, DeskError> {
        // Whoever looks back signs in today, where their rights are those of today.
        if let Some(past) = &self.past {
            return Err(self.is_past(past));
        }
        let directory = self.directory();
        let known: Vec<&str> = directory
            .caseworkers
            .values()
            .map(|caseworker| caseworker.account.as_str())
            .take(12)
            .collect();
        let caseworker = directory.by_account(account).ok_or_else(|| {
            Refusal::new(
                "account.unknown",
                format!("There is no caseworker with the account `{account}`."),
                format!(
                    "Act as one who is there, --as ACCOUNT, or enrol them: casedesk office enrol. Some who are there: {}.",
                    known.join(", ")
                ),
            )
        })?;
        if caseworker.state == CaseworkerState::Left {
            return Err(
                Refusal::new("account.left", format!("{} has left.", caseworker.name), "").into()
            );
        }
        Ok(Session {
            desk: Arc::clone(self),
            actor: caseworker.id,
            on_behalf_of: behind.map(str::to_owned),
            token: Token::of(self),
        })
    }

    /// Carries out many commands in one commit, one after the other; a refused one leaves nothing behind and does not
    /// stop the others. They cannot be undone.
    ///
    /// # Errors
    /// The store cannot read or write; nothing was done.
    pub fn execute_all(
        &self,
        acts: Vec<Act>,
    ) -> Result<Vec<Result<Receipt, DeskError>>, DeskError> {
        let signed: Vec<Signed> = acts.into_iter().map(|act| (act, None)).collect();
        let id = CommitId(u128::from_be_bytes(self.entropy.draw()));
        self.commit(id, &Arc::new(signed), false)
    }

    pub(super) fn commit(
        &self,
        id: CommitId,
        acts: &Arc<Vec<Signed>>,
        is_undoable: bool,
    ) -> Result<Vec<Result<Receipt, DeskError>>, DeskError> {
        Ok(match self.settle(id, acts, is_undoable)? {
            Settled::New { sequence, results } => results
                .into_iter()
                .map(|result| result.map(|done| done.receipt(sequence)))
                .collect(),
            Settled::Repeated { receipts, .. } => receipts,
        })
    }

    /// As [`Self::commit`], with what each act came to rather than its receipt.
    pub(super) fn settle(
        &self,
        id: CommitId,
        acts: &Arc<Vec<Signed>>,
        is_undoable: bool,
    ) -> Result<Settled, DeskError> {
        if let Some(past) = &self.past {
            return Err(self.is_past(past));
        }
        let decided = match acts.as_slice() {
            [(act, _)] if is_undoable && is_decided_in_turn(&act.command) => Decided::InTurn,
            [(act, _)] if is_undoable && is_on_many(&act.command) => Decided::AgainInTurn,
            _ => Decided::Before,
        };
        for _ in 0..ATTEMPTS_MAX {
            let place = self.turnstile.enter();
            let seed = self.entropy.draw();
            let mut work = Work::new(Arc::clone(&self.store), self.directory(), seed)?;
            work.recall_minutes = self.recall_minutes();
            work.asks_purposes = self.asks_purposes.load(Ordering::Relaxed);
            if is_undoable {
                work.alikes = self.alikes(acts)?;
            }
            let results = run_all(&mut work, acts, is_undoable, 0);
            if decided != Decided::InTurn && work.events.is_empty() && work.state.is_empty() {
                // A retry meets what its first try has done: it may look refused, and was not.
                if is_undoable
                    && results.iter().any(is_refused)
                    && let Some(sequence) = self.find_commit(id)?
                {
                    return self.repeated(acts, sequence);
                }
                return Ok(Settled::New { sequence: 0, results });
            }
            let reads = work.reads(decided == Decided::InTurn);
            let told: Arc<Mutex<Told>> = Arc::default();
            let teller = Arc::clone(&told);
            let acts_again = Arc::clone(acts);
            let stamp = Box::new(move |latest: &dyn Latest| {
                stamp(work, results, (&acts_again, is_undoable), decided, &teller, latest)
            });
            let committed = self.store.commit(Commit { id, reads, stamp });
            drop(place);
            match committed {
                Ok(Committed::New(sequence)) => {
                    let Told { results, changed, touches, moved, behind, anchored } =
                        std::mem::take(&mut *lock(&told));
                    self.kept.changed(&changed, &moved);
                    self.anchor(anchored);
                    self.after(&changed, touches, &behind, &results);
                    self.look_after_success();
                    return Ok(Settled::New { sequence: sequence.0, results });
                }
                Ok(Committed::Repeated(sequence)) => {
                    return self.repeated(acts, sequence.0);
                }
                Err(CommitError::Conflict) => self.follow_directory()?,
                Err(error) => {
                    // It may have been made all the same.
                    self.kept.forget();
                    // What was decided in its turn may have come to nothing that is to be written.
                    let results = std::mem::take(&mut lock(&told).results);
                    if matches!(error, CommitError::Refused(_)) && !results.is_empty() {
                        return Ok(Settled::New { sequence: 0, results });
                    }
                    return Err(self.commit_failed(error));
                }
            }
        }
        Err(DeskError::Lost("too many people change the same thing just now; try again".to_owned()))
    }

    /// Whom a registration looks like, whether its actor may know of them or not. It is asked of every registration, so that
    /// the time that one takes tells nothing either.
    fn alikes(&self, acts: &[Signed]) -> Result<Vec<PersonId>, DeskError> {
        match acts {
            [(Act { actor, command: Command::RegisterPerson(new), .. }, _)] => {
                Reader::new(self, *actor)?.registered_alikes(new)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The commit that had this id, if there was one: a commit that refuses itself is answered with the one before it.
    fn find_commit(&self, id: CommitId) -> Result<Option<u64>, DeskError> {
        let stamp = Box::new(|_: &dyn Latest| Err("it was only asked for".to_owned()));
        match self.store.commit(Commit { id, reads: Vec::new(), stamp }) {
            Ok(Committed::Repeated(sequence)) => Ok(Some(sequence.0)),
            // Where the store writes nothing any more, the refusal stands as it was decided.
            Ok(Committed::New(_))
            | Err(CommitError::Refused(_) | CommitError::NoSpace { .. } | CommitError::Fatal(_)) => {
                Ok(None)
            }
            Err(error) => Err(self.commit_failed(error)),
        }
    }

    /// The receipts of acts that were done already: what is kept for undoing them still knows what they were.
    fn repeated(&self, acts: &[Signed], sequence: u64) -> Result<Settled, DeskError> {
        let mut receipts = Vec::with_capacity(acts.len());
        for (act, _) in acts {
            let entry = self.kept_act(act.actor, sequence)?;
            let label = entry.as_ref().map(|entry| entry.label.clone());
            let undo = if entry.is_some() { Undoable::Yes } else { Undoable::Nothing };
            let touched = entry.map(|entry| entry.touched).unwrap_or_default();
            let is_made = |(id, _, before): &(EntityId, u64, Option<Entity>)| {
                before.is_none().then(|| id.clone())
            };
            receipts.push(Ok(Receipt {
                sequence,
                label: label.unwrap_or_else(|| "It was done already.".to_owned()),
                created: touched.iter().filter_map(is_made).collect(),
                subject: touched.first().map(|(id, _, _)| id.clone()),
                undo,
                disclosed: None,
                rows: Vec::new(),
                text: None,
            }));
        }
        Ok(Settled::Repeated { sequence, receipts })
    }

    /// What is kept for undoing somebody's act of this commit.
    pub(super) fn kept_act(
        &self,
        actor: CaseworkerId,
        sequence: u64,
    ) -> Result<Option<UndoEntry>, DeskError> {
        for slot in 0..u64::try_from(UNDO_ACTS_MAX).unwrap_or(0) {
            let Some(found) = self.store.get(&undo_slot(actor, slot)).map_err(broken)? else {
                return Ok(None);
            };
            let entry: UndoEntry = decode_record(&found.value).map_err(broken)?;
            if entry.sequence == sequence {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Hands places of the chain on once they are durable. Where too many wait already, a later anchor covers them.
    fn anchor(&self, places: Vec<ChainHead>) {
        if let Some(sender) = lock(&self.anchors).as_ref() {
            for place in places {
                let _ = sender.try_send(place);
            }
        }
    }

    /// After a commit: the directory is read again where it was touched, watchers hear of it, and the outbox looks.
    fn after(&self, changed: &[EntityId], touches: Touches, behind: &Behind, results: &Results) {
        let mut ids: BTreeSet<EntityId> = changed.iter().cloned().collect();
        // What was only read looks on no other screen as if it had changed.
        for done in results.iter().flatten().filter(|_| !changed.is_empty()) {
            ids.extend(done.created.iter().chain(&done.subject).cloned());
        }
        self.finding.follow(self.store.as_ref(), changed);
        // Where it cannot be read now, whoever acts next reads it, or is refused.
        let _read = if ids.iter().any(touches_directory) {
            self.renew_directory(|_| Directory::load(self.store.as_ref()))
        } else if self.directory().conflicts.hang_on(self.store.as_ref(), changed) {
            self.renew_directory(|held| {
                let mut directory = held.clone();
                directory.load_conflicts(self.store.as_ref()).map(|()| directory)
            })
        } else {
            Ok(())
        };
        if ids.iter().any(|id| matches!(id, EntityId::Message(_)))
            && let Some(sender) = lock(&self.outbox).as_ref()
        {
            // A full channel means that the outbox is going to look anyway.
            let _ = sender.try_send(());
        }
        ids.extend(touches.about.into_keys());
        if ids.len() > FEED_CHANGES_MAX {
            return self.tell(&Change::Resync);
        }
        // What lies outside the chain, a draft or a place on the screen, is nobody else's news.
        if ids.is_empty() {
            return;
        }
        let (ids, units): (Vec<_>, Vec<_>) =
            (ids.into_iter().collect(), touches.units.into_iter().collect());
        self.tell_seen(behind, &ids, |seen, feed| {
            feed.send(Change::Changed(seen))
                && (units.is_empty() || feed.send(Change::Lists(units.clone())))
        });
    }

    /// Puts another directory in the place of the one that is held, and tells those whom it concerns.
    fn renew_directory(
        &self,
        renewed: impl FnOnce(&Directory) -> Result<Directory, DeskError>,
    ) -> Result<(), DeskError> {
        let (before, now) = {
            // It is read while nobody else can put an older one in its place.
            let mut held = self.directory.write().unwrap_or_else(PoisonError::into_inner);
            let now = Arc::new(renewed(&held)?);
            (std::mem::replace(&mut *held, Arc::clone(&now)), now)
        };
        // What was read meanwhile was read by rights that are not those of now.
        self.kept.forget();
        self.tell_affected(&before, &now);
        Ok(())
    }

    /// Reads the directory where somebody has changed it, and has not put the newer one into its place yet.
    fn follow_directory(&self) -> Result<(), DeskError> {
        if Directory::version_of(self.store.as_ref())? == self.directory().version {
            return Ok(());
        }
        self.renew_directory(|_| Directory::load(self.store.as_ref()))
    }

    /// A feed for one of somebody's sessions. Those that nobody hears any more go with every new one.
    pub(super) fn feed_of(&self, caseworker: CaseworkerId) -> Feed {
        let (sender, feed) = Feed::channel();
        let mut feeds = lock(&self.feeds);
        feeds.retain(|(_, feed)| feed.is_heard());
        feeds.push((caseworker, sender));
        feed
    }

    /// How many feeds are kept: those that somebody hears, and those that nobody has heard since the last change or watcher.
    #[must_use]
    pub fn feeds(&self) -> usize {
        lock(&self.feeds).len()
    }

    /// Tells everybody who watches of a change.
    pub(super) fn tell(&self, change: &Change) {
        lock(&self.feeds).retain(|(_, feed)| feed.send(change.clone()));
    }

    /// Tells those of one caseworker's sessions that watch.
    pub(super) fn tell_own(&self, caseworker: CaseworkerId, change: &Change) {
        lock(&self.feeds).retain(|(whose, feed)| {
            feed.is_heard() && (*whose != caseworker || feed.send(change.clone()))
        });
    }

    /// Tells everybody who may see any of these records, and of those alone. Whoever watches and may see nothing of them
    /// hears nothing; that they are gone shows with the next change.
    fn tell_seen(
        &self,
        behind: &Behind,
        ids: &[EntityId],
        send: impl Fn(Vec<EntityId>, &FeedSender) -> bool,
    ) {
        let directory = self.directory();
        let zone = directory.office.as_ref().map_or_else(Zone::utc, |it| it.calendar.zone());
        let at = self.clock.now();
        let today = zone.day(at);
        lock(&self.feeds).retain(|(whose, feed)| {
            feed.is_heard() && {
                let seen = behind.seen_by(&directory, *whose, (today, at), ids);
                seen.is_empty() || send(seen, feed)
            }
        });
    }

    /// Tells everybody who may see them that who has these open, or composes on them, is not as it was.
    pub(super) fn tell_attended(&self, about: &[EntityId]) {
        let behind = Behind::of_kept(self.store.as_ref(), about);
        self.tell_seen(&behind, about, |seen, feed| feed.send(Change::Attended(seen)));
    }
}

/// Whether an act was refused, or one on many cases for each of them.
fn is_refused(result: &Result<Done, DeskError>) -> bool {
    let refused = |row: &RowResult| matches!(row, RowResult::Refused(..));
    result.as_ref().map_or(true, |done| !done.rows.is_empty() && done.rows.iter().all(refused))
}

/// The directory of a database that this program can read.
pub(super) fn load(store: &dyn Store) -> Result<Directory, DeskError> {
    check_layout(store)?;
    Directory::load(store)
}

/// The layout of keys and records that this program writes.
pub const LAYOUT: u64 = 2;

/// Refuses a database that a newer program wrote. The layout is written with an office's first commit.
fn check_layout(store: &dyn Store) -> Result<(), DeskError> {
    let found = store
        .get(&layout_key())
        .map_err(broken)?
        .map(|found| super::keys::last_number(&found.value));
    match found {
        Some(layout) if layout > LAYOUT => Err(DeskError::Broken(format!(
            "it has layout {layout}, and this program knows {LAYOUT}: open it with the newer program"
        ))),
        _ => Ok(()),
    }
}

pub(super) fn layout_key() -> Vec<u8> {
    super::keys::Key::new(super::keys::tag::LAYOUT).done()
}

/// Carries out the acts on a work, and keeps what undoing the last of them takes.
pub(super) fn run_all(
    work: &mut Work,
    acts: &[Signed],
    is_undoable: bool,
    sequence: u64,
) -> Results {
    let mut results = Vec::with_capacity(acts.len());
    for (act, behind) in acts {
        let unit = work.directory.caseworkers.get(&act.actor).map(|caseworker| caseworker.unit);
        let doer = Doer {
            actor: act.actor,
            on_behalf_of: behind.clone(),
            unit: unit.unwrap_or(crate::domain::UnitId(0)),
            at: act.at,
            contact: None,
        };
        let mut result = run(work, doer, &act.command);
        if is_undoable && let Ok(done) = &mut result {
            keep_for_undo(work, act, done, sequence);
        }
        results.push(result);
    }
    results
}

fn keep_for_undo(work: &mut Work, act: &Act, done: &mut Done, sequence: u64) {
    if done.undo != Undoable::Yes {
        return;
    }
    if is_on_many(&act.command) {
        return keep_many(work, act, done, sequence);
    }
    let (mut touched, label) = (work.act_changes(), done.label.clone());
    // A merge knows itself how to part what it joined, and does so also after others have changed it.
    if let Some(merge) = touched
        .iter()
        .find(|(id, _, before)| matches!(id, EntityId::Merge(_)) && before.is_none())
        .cloned()
    {
        touched = vec![merge];
    }
    // Its place is known in the commit's turn, and takes no more bytes than this one.
    let entry =
        UndoEntry { sequence: u64::MAX, at: act.at, label, touched, is_undone: false, many: None };
    if paged(entry.clone()).is_none() {
        done.undo = Undoable::No("it changed too much at once".to_owned());
        return;
    }
    work.undo = Some(UndoAct { actor: act.actor, entry });
}

/// The commit's stamp: where the acts have taken no number that somebody else has taken meanwhile, they are what they were
/// decided to be; else they are decided again over what was read.
fn stamp(
    mut work: Work,
    mut results: Results,
    (acts, is_undoable): (&[Signed], bool),
    decided: Decided,
    told: &Mutex<Told>,
    latest: &dyn Latest,
) -> Result<Vec<Write>, String> {
    let numbers = Numbers::read(|key| latest.latest(key)).map_err(|error| error.to_string())?;
    if decided == Decided::InTurn {
        (work, results) = decide_in_turn(work, numbers, acts, latest)?;
        if work.events.is_empty() && work.state.is_empty() {
            lock(told).results = results;
            return Err("there is nothing to write".to_owned());
        }
    } else if decided == Decided::AgainInTurn
        || numbers != work.numbers_before && work.numbers != work.numbers_before
    {
        work = work.again(numbers);
        results = run_all(&mut work, acts, is_undoable, latest.sequence().0);
        if let Some(Err(DeskError::Lost(why))) =
            results.iter().find(|result| matches!(result, Err(DeskError::Lost(_))))
        {
            return Err(why.clone());
        }
    }
    let (mut changed, mut moved) = (Vec::new(), Moved::default());
    for (id, slot) in work.slots.iter().filter(|(_, slot)| slot.was != slot.is) {
        changed.push(id.clone());
        moved.add(slot.was.as_ref(), slot.is.as_ref());
    }
    let touches = Touches::of(&work, latest);
    let behind = Behind::of(&work, &touches.about, latest);
    let commit::Written { mut writes, anchored } = commit::writes(&mut work, latest)?;
    if work.slots.iter().any(|(id, slot)| slot.was != slot.is && touches_directory(id)) {
        writes.push(Write::Put(directory_key(), latest.sequence().0.to_be_bytes().to_vec()));
    }
    if latest.latest(&layout_key()).map_err(|error| error.to_string())?.is_none() {
        writes.push(Write::Put(layout_key(), LAYOUT.to_be_bytes().to_vec()));
    }
    *lock(told) = Told { results, changed, touches, moved, behind, anchored };
    Ok(writes)
}

/// Decides acts over the newest state. What their first run has not read is read as they ask for it, and they begin again.
fn decide_in_turn(
    mut work: Work,
    numbers: Numbers,
    acts: &[Signed],
    latest: &dyn Latest,
) -> Result<(Work, Results), String> {
    let text = |error: StoreError| error.to_string();
    work.refresh(latest).map_err(text)?;
    for _ in 0..MISSED_READS_MAX {
        work = work.again(numbers);
        let results = run_all(&mut work, acts, true, latest.sequence().0);
        if !work.read_missed(latest).map_err(text)? {
            return Ok((work, results));
        }
    }
    Err("it rests on too much that has changed meanwhile; try again".to_owned())
}
