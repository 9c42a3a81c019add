//! The line between a session and its desk: what it keeps, how long it waits, and what it says while nobody answers.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use casedesk::desk::{
    Answer, Ask as _, AskCaseFile, AskHealth, AskOffice, Change, Command, Desk, DeskError, Feed,
    Query, Receipt, Request,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::link::{
    Driven, Framed, Place, RECONNECT_MAX, RemoteDesk, SILENCE_MAX, SOCKET_NAME, Server, SignIn,
    serve,
};
use tempfile::TempDir;

use crate::link_remote::Listening;
use crate::office::Office;
use crate::serve::until;

/// How often somebody begins to watch.
const WATCHES: usize = 50;

#[test]
fn a_session_that_asks_to_watch_again_and_again_has_one_feed() {
    let listening = Listening::new();
    let place = Place::of_data(listening.data());
    let mut driven = Driven::connect(&place, None).unwrap();
    for _ in 0..WATCHES {
        driven.watch().unwrap();
    }
    // Each is answered by a change, so that everything is to be read again.
    let mut told = 0;
    while told < WATCHES {
        driven.hear().unwrap();
        while driven.outcome().unwrap().is_some() {
            told += 1;
        }
    }
    assert_eq!(listening.office.desk.feeds(), 1);
    drop(driven);
    let desk = Arc::new(listening.remote());
    let feeds: Vec<_> = (0..WATCHES).map(|_| desk.watch()).collect();
    for feed in &feeds {
        assert_eq!(feed.wait(), Some(Change::Resync));
    }
    assert!((desk.as_ref() as &dyn Desk).ask(AskOffice {}).is_ok());
    assert!(listening.office.desk.feeds() <= 2, "{}", listening.office.desk.feeds());
}

#[test]
fn what_nobody_hears_any_more_is_not_kept() {
    let office = Office::new();
    for _ in 0..WATCHES {
        drop(office.karimi().watch());
    }
    assert_eq!(office.desk.feeds(), 1, "the last one goes with the next");
    // Whoever sees nothing of what changes is let go, too, once they are gone.
    let (desk, karimi) = (&office.desk, office.karimi());
    let blind = office.enrol("dal", "O. Dal", &[]);
    let (_heard, unheard) = (karimi.watch(), blind.watch());
    assert_eq!(desk.feeds(), 2);
    drop(unheard);
    office.case(None, Nature::Report, "no light");
    assert_eq!(desk.feeds(), 1);
}

/// A way to a desk that lets nothing through while it is shut, as if the desk had been stopped.
struct Gate {
    directory: TempDir,
    is_shut: Arc<(Mutex<bool>, Condvar)>,
}

impl Gate {
    fn before(desk: PathBuf) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(directory.path().join(SOCKET_NAME)).unwrap();
        let is_shut = Arc::new((Mutex::new(false), Condvar::new()));
        let shut = Arc::clone(&is_shut);
        thread::spawn(move || {
            for near in listener.incoming() {
                let (Ok(near), Ok(far)) = (near, UnixStream::connect(&desk)) else { return };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let shut = Arc::clone(&shut);
                    thread::spawn(move || carry(from, to, &shut));
                }
            }
        });
        Self { directory, is_shut }
    }

    fn call(&self) -> RemoteDesk {
        let place = Place::of_data(self.directory.path());
        RemoteDesk::connect_to(place, None, RECONNECT_MAX).unwrap()
    }

    fn set(&self, is_shut: bool) {
        *self.is_shut.0.lock().unwrap() = is_shut;
        self.is_shut.1.notify_all();
    }
}

fn carry(mut from: UnixStream, mut to: UnixStream, is_shut: &(Mutex<bool>, Condvar)) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let shut = is_shut.0.lock().unwrap();
        drop(is_shut.1.wait_while(shut, |shut| *shut).unwrap());
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ended = to.shutdown(Shutdown::Write);
}

/// What every screen says of the desk.
fn heading(desk: &RemoteDesk) -> Option<String> {
    let health = (desk as &dyn Desk).ask(AskHealth {}).unwrap();
    health.notice.map(|notice| notice.heading)
}

fn note(text: &str) -> Request {
    let act = CaseAct::Note { text: text.to_owned() };
    let case = casedesk::domain::CaseId(1);
    Request { id: 1 << 90, command: Command::Case { case, version: None, act } }
}

#[test]
fn a_desk_that_says_nothing_is_slow_then_away_and_what_was_asked_is_done_once_when_it_is_back() {
    let listening = Listening::new();
    let case = listening.office.case(None, Nature::Report, "no light");
    let gate = Gate::before(listening.data().join(SOCKET_NAME));
    let desk = Arc::new(gate.call());
    let feed = desk.watch();
    assert_eq!(feed.wait(), Some(Change::Resync));
    assert_eq!(heading(&desk), None);
    gate.set(true);
    let writer = Arc::clone(&desk);
    let writing = thread::spawn(move || writer.execute(note("while it was stopped")));
    // While the writer waits, whoever asks how things are hears it, and is told that there is something to ask.
    until("the answer is slow", || feed.next() == Some(Change::Health));
    until("every screen says so", || heading(&desk).is_some());
    until("the desk is away", || heading(&desk).as_deref() == Some("DESK AWAY"));
    gate.set(false);
    writing.join().unwrap().unwrap();
    assert_eq!(heading(&desk), None);
    assert!(desk.conversations() > 1);
    let file = (desk.as_ref() as &dyn Desk).ask(AskCaseFile { case, entries: 99 }).unwrap();
    assert_eq!(file.timeline.iter().filter(|entry| entry.kind == "note").count(), 1);
}

#[test]
fn a_screen_that_only_asks_how_things_are_learns_that_the_desk_has_stopped() {
    let listening = Listening::new();
    let gate = Gate::before(listening.data().join(SOCKET_NAME));
    let desk = gate.call();
    gate.set(true);
    let begun = Instant::now();
    assert_eq!(heading(&desk).as_deref(), Some("DESK AWAY"));
    assert!(begun.elapsed() < SILENCE_MAX, "{:?}", begun.elapsed());
    gate.set(false);
    assert!((&desk as &dyn Desk).ask(AskOffice {}).is_ok());
    assert_eq!(heading(&desk), None);
}

#[test]
fn a_desk_that_takes_no_calls_is_not_waited_for_for_ever() {
    let directory = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(directory.path().join(SOCKET_NAME)).unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let _waits = UnixStream::connect(directory.path().join(SOCKET_NAME)).unwrap();
    let refusal = RemoteDesk::connect(directory.path(), None).err().unwrap();
    assert!(refusal.may_pass(), "{refusal}");
}

/// A desk that works on every command until it is told to end, and on a question about the office until that is given up.
struct Long {
    inner: Arc<dyn Desk>,
    begun: Arc<AtomicUsize>,
    ends: Mutex<Receiver<()>>,
    given_up: Mutex<Sender<()>>,
}

impl Desk for Long {
    fn execute(&self, _: Request) -> Result<Receipt, DeskError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.ends.lock().unwrap().recv().unwrap();
        Err(DeskError::NotFound("it was long".to_owned()))
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.inner.query(query)
    }

    fn query_unless(
        &self,
        query: Query,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, DeskError> {
        if !matches!(query, Query::Office(_)) {
            return self.query(query);
        }
        self.begun.fetch_add(1, Ordering::SeqCst);
        while !is_cancelled() {
            // Whoever is to cancel it gets the processor meanwhile.
            thread::park_timeout(Duration::from_millis(1));
        }
        self.given_up.lock().unwrap().send(()).unwrap();
        Err(DeskError::GivenUp)
    }

    fn watch(&self) -> Feed {
        self.inner.watch()
    }
}

/// A server whose desk works long, what it has begun, how its commands end, and what it has given up.
struct LongServer {
    _server: Server,
    directory: TempDir,
    begun: Arc<AtomicUsize>,
    end: Sender<()>,
    given_up: Receiver<()>,
}

impl LongServer {
    fn new() -> Self {
        let office = Office::new();
        let inner: Arc<dyn Desk> = Arc::new(office.desk.sign_in("karimi", None).unwrap());
        let begun = Arc::new(AtomicUsize::new(0));
        let (end, ends) = channel();
        let (leaver, given_up) = channel();
        let (ends, leaver) = (Mutex::new(ends), Mutex::new(leaver));
        let long = Long { inner, begun: Arc::clone(&begun), ends, given_up: leaver };
        let long: Arc<dyn Desk> = Arc::new(long);
        let directory = tempfile::tempdir().unwrap();
        let sign_in: SignIn = Arc::new(move |_| Ok(Arc::clone(&long)));
        let server = serve(directory.path(), sign_in).unwrap();
        Self { _server: server, directory, begun, end, given_up }
    }

    fn data(&self) -> &Path {
        self.directory.path()
    }
}

#[test]
fn a_long_act_is_waited_for_and_said_to_be_slow_and_never_begun_again() {
    let server = LongServer::new();
    let desk = Arc::new(RemoteDesk::connect(server.data(), None).unwrap());
    let writer = Arc::clone(&desk);
    let writing = thread::spawn(move || writer.execute(note("an act on many")));
    until("it is under way", || server.begun.load(Ordering::SeqCst) == 1);
    let (since, longest) = (Instant::now(), SILENCE_MAX + Duration::from_secs(2));
    until("it takes longer than any silence may", || {
        let said = heading(&desk);
        assert!(said.is_none_or(|said| said == "DESK SLOW"), "the desk works, and says so");
        since.elapsed() > longest
    });
    server.end.send(()).unwrap();
    assert!(matches!(writing.join().unwrap(), Err(DeskError::NotFound(_))));
    assert_eq!((desk.conversations(), server.begun.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(heading(&desk), None);
}

#[test]
fn a_question_whose_asker_has_hung_up_is_given_up() {
    let server = LongServer::new();
    let mut driven = Driven::connect(&Place::of_data(server.data()), None).unwrap();
    driven.put(&Framed::query(AskOffice {}.into_query()).unwrap());
    assert!(driven.send().unwrap());
    until("it is under way", || server.begun.load(Ordering::SeqCst) == 1);
    drop(driven);
    server.given_up.recv_timeout(Duration::from_secs(60)).unwrap();
}
