//! Notes: what a note of 200 letters on a case costs on the disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use casedesk::cli::{CounterEntropy, SystemClock};
use casedesk::desk::{Clock as _, Command, Desk as _, Entropy as _, LocalDesk, Request};
use casedesk::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use casedesk::domain::{CaseId, EntityId, SubjectCode, UnitId};
use casedesk::store::{JournalReader, OpenOptions, Sequence, SledStore, Store, Write};

use super::bytes::{mega, on_disk, ratio, written};
use super::load::Failure;
use super::variable;

const LETTERS: usize = 200;

/// Writes notes at the office of `data`: one caseworker, then eight at once, each on a case of their own.
pub(crate) fn measure(data: &Path) -> Result<(), Failure> {
    let notes: usize = variable("NOTES", "2000").parse()?;
    let store = Arc::new(SledStore::open(data, OpenOptions::default(), &|_| {})?);
    let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let entropy = Arc::new(CounterEntropy::from_system()?);
    let desk = LocalDesk::open(shared, Arc::new(SystemClock), entropy.clone())?;
    let founder = desk.accounts().into_iter().next().ok_or("the office has no caseworker")?;
    let founder = Worker { desk, account: founder, entropy };
    for writers in [1, 8] {
        let workers: Vec<Worker> =
            (0..writers).map(|number| founder.colleague(number)).collect::<Result<_, _>>()?;
        write(data, &store, &workers, notes / writers)?;
    }
    drop(founder);
    Ok(store.close()?)
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn write(
    data: &Path,
    store: &SledStore,
    workers: &[Worker],
    notes_each: usize,
) -> Result<(), Failure> {
    let cases: Vec<CaseId> = workers.iter().map(Worker::take_in).collect::<Result<_, _>>()?;
    store.checkpoint()?;
    let before = store.statistics()?;
    let (sled, io, begun) = (on_disk(&data.join("sled"))?, written()?, Instant::now());
    thread::scope(|scope| {
        let each = workers.iter().zip(&cases);
        let threads: Vec<_> =
            each.map(|(worker, case)| scope.spawn(|| worker.note(*case, notes_each))).collect();
        let mut joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined.try_for_each(|outcome| outcome.map_err(|_panic| "a writer panicked")?)
    })?;
    let took = begun.elapsed();
    store.checkpoint()?;
    let (io, sled) = (written()? - io, on_disk(&data.join("sled"))?.saturating_sub(sled));
    let journal = store.statistics()?.journal_bytes - before.journal_bytes;
    let notes = (workers.len() * notes_each) as u64;
    println!(
        "notes of {LETTERS} letters, {} at once: {notes} in {took:.1?}; a note is {} bytes of journal, and {} bytes written \
         in all until the checkpoint ({} times its letters); sled grew by {}",
        workers.len(),
        journal / notes,
        io / notes,
        ratio(io, notes * LETTERS as u64),
        mega(sled)
    );
    let mut kinds: BTreeMap<char, u64> = BTreeMap::new();
    for frame in JournalReader::open(data, Sequence(before.sequence.0 + 1))? {
        for write in frame?.writes {
            let (key, value) = match write {
                Write::Put(key, value) => (key, value.len()),
                Write::Delete(key) => (key, 0),
            };
            let kind = key.first().map_or(' ', |tag| char::from(*tag));
            *kinds.entry(kind).or_default() += (key.len() + value) as u64;
        }
    }
    let shares: Vec<String> =
        kinds.iter().map(|(kind, bytes)| format!("{kind:?} {}", bytes / notes)).collect();
    println!(
        "    bytes of a note's keys and values by the tag of their key: {}",
        shares.join(", ")
    );
    Ok(())
}

/// Somebody who takes matters in and writes notes.
struct Worker {
    desk: Arc<LocalDesk>,
    account: String,
    entropy: Arc<CounterEntropy>,
}

impl Worker {
    /// A colleague with grants of their own, who is enrolled where nobody has done so yet.
    fn colleague(&self, number: usize) -> Result<Self, Failure> {
        let account = format!("note-writer-{number}");
        if !self.desk.accounts().contains(&account) {
            let grants = [Role::Clerk, Role::Screener, Role::Caseworker].map(|role| Grant {
                role,
                unit: None,
                confidentiality_max: Confidentiality::Confidential,
                expires: None,
            });
            self.execute(Command::Enrol(NewCaseworker {
                account: account.clone(),
                name: format!("Note Writer {number}"),
                unit: UnitId(1),
                grants: grants.to_vec(),
            }))?;
        }
        Ok(Self { desk: Arc::clone(&self.desk), account, entropy: Arc::clone(&self.entropy) })
    }

    fn take_in(&self) -> Result<CaseId, Failure> {
        let intake = Intake {
            channel: Channel::Telephone,
            registry_number: None,
            received_at: SystemClock.now(),
            nature: Nature::Complaint,
            subject: Some(SubjectCode("HOU-1".into())),
            asked_by: None,
            about: About::Same,
            addressee: None,
            place: CasePlace { text: "Azadi 12".to_owned(), area: "W7".to_owned() },
            says: "The wall of the stairs is wet again.".to_owned(),
            same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
        };
        match self.execute(Command::RegisterCase(intake))?.first() {
            Some(EntityId::Case(case)) => Ok(*case),
            _ => Err("a matter was taken in, and no case came of it".into()),
        }
    }

    fn note(&self, case: CaseId, notes: usize) -> Result<(), Failure> {
        for number in 0..notes {
            let words = format!("Note {number} on {case}: the neighbour above was asked, and ");
            let text: String = words.chars().cycle().take(LETTERS).collect();
            self.execute(Command::Case { case, version: None, act: CaseAct::Note { text } })?;
        }
        Ok(())
    }

    fn execute(&self, command: Command) -> Result<Vec<EntityId>, Failure> {
        let session = self.desk.sign_in(&self.account, None)?;
        let id = u128::from_be_bytes(self.entropy.draw());
        Ok(session.execute(Request { id, command })?.created)
    }
}
