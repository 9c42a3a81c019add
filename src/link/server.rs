//! Lets others of the same user work at a desk: a thread a session.

use std::io;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use super::LinkError;
use super::frame::{Patience, receive, send};
use super::limits::{FROM_DESK_BYTES_MAX, HELLO, SESSIONS_MAX, STACK_BYTES, TO_DESK_BYTES_MAX};
use super::peer::check_same_user;
use super::socket;
use super::wire::{FromDesk, Hello, ToDesk, Welcome, build, greet};
use crate::desk::{Answer, Change, Desk, DeskError, Receipt};

/// Opens the door for a session: the account to act as, where the caller names one.
pub type SignIn = Arc<dyn Fn(Option<&str>) -> Result<Arc<dyn Desk>, DeskError> + Send + Sync>;

/// A listening desk; dropping it ends every session and takes the socket away.
pub struct Server {
    data: PathBuf,
    hall: Arc<Hall>,
    thread: Option<JoinHandle<()>>,
}

/// The sessions that are on.
struct Hall {
    is_ending: AtomicBool,
    next: AtomicU64,
    sessions: Mutex<Vec<(u64, UnixStream)>>,
}

/// Listens at `DATA/desk.sock`. The caller has the lock of the data directory.
///
/// # Errors
/// The socket cannot be made.
pub fn serve(data: &Path, sign_in: SignIn) -> Result<Server, LinkError> {
    let failed = LinkError::failed_to("listen at the desk's socket");
    let listener = socket::listen(data).map_err(&failed)?;
    let hall = Arc::new(Hall {
        is_ending: AtomicBool::new(false),
        next: AtomicU64::new(0),
        sessions: Mutex::new(Vec::new()),
    });
    let inside = Arc::clone(&hall);
    let thread = Builder::new()
        .name("link".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || accept(&listener, &inside, &sign_in))
        .map_err(&failed)?;
    Ok(Server { data: data.to_owned(), hall, thread: Some(thread) })
}

/// Holds one conversation, until the other side ends it.
///
/// # Errors
/// What ended it, if that was not the other side's good-bye.
pub fn serve_stream(mut stream: UnixStream, sign_in: &SignIn) -> Result<(), LinkError> {
    check_same_user(&stream)?;
    greet(&mut stream)?;
    let hello: Hello = receive(&mut stream, TO_DESK_BYTES_MAX, Patience::Within(HELLO))?;
    let desk = match sign_in(hello.account.as_deref()) {
        Ok(desk) => desk,
        Err(refused) => {
            return send(&mut stream, &Welcome::Refused(refused), FROM_DESK_BYTES_MAX);
        }
    };
    send(&mut stream, &Welcome::Open { build: build() }, FROM_DESK_BYTES_MAX)?;
    loop {
        match receive(&mut stream, TO_DESK_BYTES_MAX, Patience::Idle) {
            Ok(ToDesk::Execute(request)) => {
                answer(&mut stream, &FromDesk::Executed(desk.execute(*request)))?;
            }
            Ok(ToDesk::Query(query)) => {
                answer(&mut stream, &FromDesk::Answered(desk.query(query)))?;
            }
            Ok(ToDesk::Watch) => return watch(&mut stream, desk),
            Err(LinkError::Ended) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Sends an answer; one that does not fit becomes an error that does, so that the session goes on.
fn answer(stream: &mut UnixStream, answer: &FromDesk) -> Result<(), LinkError> {
    match send(stream, answer, FROM_DESK_BYTES_MAX) {
        Err(LinkError::Codec(error)) => {
            let lost = DeskError::Lost(format!("its answer cannot be sent: {error}"));
            let short = match answer {
                FromDesk::Executed(_) => FromDesk::Executed(Err::<Receipt, _>(lost)),
                FromDesk::Answered(_) | FromDesk::Changed(_) => {
                    FromDesk::Answered(Err::<Answer, _>(lost))
                }
            };
            send(stream, &short, FROM_DESK_BYTES_MAX)
        }
        sent => sent,
    }
}

/// Tells of changes until the watcher is gone. It is found to be gone at the next change; until then it takes a place.
fn watch(stream: &mut UnixStream, desk: Arc<dyn Desk>) -> Result<(), LinkError> {
    let feed = desk.watch();
    // The feed ends with the desk, which therefore must not live in here.
    drop(desk);
    // What changed while the call was on its way is not in the feed.
    send(stream, &FromDesk::Changed(Change::Resync), FROM_DESK_BYTES_MAX)?;
    while let Some(change) = feed.wait_rested() {
        match send(stream, &FromDesk::Changed(change), FROM_DESK_BYTES_MAX) {
            Ok(()) => {}
            Err(LinkError::Ended) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn accept(listener: &UnixListener, hall: &Arc<Hall>, sign_in: &SignIn) {
    for stream in listener.incoming() {
        if hall.is_ending.load(Ordering::Acquire) {
            return;
        }
        // A caller who gave up before being heard is nobody's loss, and neither is one for whom there is no thread.
        let Ok(stream) = stream else { continue };
        let _started = admit(stream, hall, sign_in);
    }
}

fn admit(stream: UnixStream, hall: &Arc<Hall>, sign_in: &SignIn) -> io::Result<()> {
    let number = hall.next.fetch_add(1, Ordering::Relaxed);
    {
        let mut sessions = hall.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSIONS_MAX {
            let full = DeskError::Lost(format!("{SESSIONS_MAX} sessions are open already"));
            // The caller learns it from the end of the conversation as well.
            let _told = refuse(stream, full);
            return Ok(());
        }
        sessions.push((number, stream.try_clone()?));
    }
    let (inside, sign_in) = (Arc::clone(hall), Arc::clone(sign_in));
    let started =
        Builder::new().name("session".to_owned()).stack_size(STACK_BYTES).spawn(move || {
            // A conversation that fails ends; the caller sees that, and nobody else is concerned.
            let _ended = serve_stream(stream, &sign_in);
            inside.leave(number);
        });
    started.map(drop).inspect_err(|_| hall.leave(number))
}

/// Says why not, and nothing else.
fn refuse(mut stream: UnixStream, why: DeskError) -> Result<(), LinkError> {
    greet(&mut stream)?;
    send(&mut stream, &Welcome::Refused(why), FROM_DESK_BYTES_MAX)
}

impl Hall {
    fn leave(&self, number: u64) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|(other, _)| *other != number);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.hall.is_ending.store(true, Ordering::Release);
        // One more caller wakes the thread that waits for callers.
        // Where the directory is gone, nobody can call any more, and the thread ends with the process.
        let is_woken = socket::connect(&self.data).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| is_woken) {
            let _ended = thread.join();
        }
        let _removed = socket::remove(&self.data);
        let sessions = self.hall.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, stream) in sessions.iter() {
            let _ended = stream.shutdown(Shutdown::Both);
        }
    }
}
