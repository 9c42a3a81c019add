//! Notes: what a note of 200 letters on a case costs on the disk.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use casedesk::cli::{CounterEntropy, SystemClock};
use casedesk::desk::{Clock as _, Command, Desk as _, Entropy as _, LocalDesk, Request};
use casedesk::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use casedesk::domain::{CaseId, EntityId, SubjectCode};
use casedesk::store::{OpenOptions, SledStore, Store};

use super::bytes::{mega, on_disk, ratio, written};
use super::load::Failure;
use super::variable;

const LETTERS: usize = 200;

/// Writes notes at the office of `data`, alone and with eight writers.
pub(crate) fn measure(data: &Path) -> Result<(), Failure> {
    let notes: usize = variable("NOTES", "2000").parse()?;
    let store = Arc::new(SledStore::open(data, OpenOptions::default(), &|_| {})?);
    let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let entropy = Arc::new(CounterEntropy::from_system()?);
    let desk = LocalDesk::open(shared, Arc::new(SystemClock), entropy.clone())?;
    let account = desk.accounts().into_iter().next().ok_or("the office has no caseworker")?;
    let worker = Worker { desk, account, entropy };
    for writers in [1, 8] {
        write(data, &store, &worker, writers, notes / writers)?;
    }
    drop(worker);
    Ok(store.close()?)
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn write(
    data: &Path,
    store: &SledStore,
    worker: &Worker,
    writers: usize,
    notes_each: usize,
) -> Result<(), Failure> {
    let cases: Vec<CaseId> = (0..writers).map(|_| worker.take_in()).collect::<Result<_, _>>()?;
    store.checkpoint()?;
    let journal = store.statistics()?.journal_bytes;
    let (sled, io, begun) = (on_disk(&data.join("sled"))?, written()?, Instant::now());
    thread::scope(|scope| {
        let threads: Vec<_> =
            cases.iter().map(|case| scope.spawn(|| worker.note(*case, notes_each))).collect();
        let mut joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined.try_for_each(|outcome| outcome.map_err(|_panic| "a writer panicked")?)
    })?;
    let took = begun.elapsed();
    store.checkpoint()?;
    let (io, sled) = (written()? - io, on_disk(&data.join("sled"))?.saturating_sub(sled));
    let journal = store.statistics()?.journal_bytes - journal;
    let notes = (writers * notes_each) as u64;
    println!(
        "notes of {LETTERS} letters, {writers} writers: {notes} in {took:.1?}; a note is {} bytes of journal, and {} bytes \
         written in all until the checkpoint ({} times its letters); sled grew by {}",
        journal / notes,
        io / notes,
        ratio(io, notes * LETTERS as u64),
        mega(sled)
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
    fn take_in(&self) -> Result<CaseId, Failure> {
        let intake = Intake {
            channel: Channel::Telephone,
            registry_number: None,
            received_at: SystemClock.now(),
            nature: Nature::Complaint,
            subject: Some(SubjectCode("HOU-1".to_owned())),
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
