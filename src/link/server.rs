//! Lets others work at a desk: a thread a session that listens, a crew that does what they hear, one that lets callers in for
//! each socket, and one that tells of changes.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::LinkError;
use super::conversation::{Reception, Seated, converse};
use super::frame::{append, send_all};
use super::guest::Guest;
use super::hall::{Hall, ServerOptions};
use super::limits::{ACCEPT_REST, DRAIN, FROM_DESK_BYTES_MAX, STACK_BYTES};
use super::peer::Peer;
use super::socket::{self, SocketRights};
use super::wire::{Welcome, greeting};
use crate::desk::{AskWho, Desk, DeskError};

/// Opens the door for a session of the same user: the account to act as, where the caller names one.
pub type SignIn = Arc<dyn Fn(Option<&str>) -> Result<Arc<dyn Desk>, DeskError> + Send + Sync>;

/// A place where a server listens.
pub struct Entrance {
    listener: UnixListener,
    /// The socket that is taken away at the end, where this server has made it.
    path: Option<PathBuf>,
    takes_others: bool,
    reception: Reception,
}

/// A listening desk; dropping it ends every session and takes its sockets away.
pub struct Server {
    hall: Arc<Hall>,
    /// Both ends are kept: closing one of them wakes whoever waits for callers.
    bell: Option<UnixStream>,
    threads: Vec<JoinHandle<()>>,
    sockets: Vec<PathBuf>,
}

impl Entrance {
    /// `DATA/desk.sock`, for the user alone as whom this process runs. The caller has the lock of the data directory.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn of_data(data: &Path, reception: Reception) -> Result<Self, LinkError> {
        let path = socket::of_data(data);
        let failed = LinkError::failed_to("listen at the desk's socket");
        let listener = socket::listen(&path).map_err(&failed)?;
        Ok(Self { listener, path: Some(path), takes_others: false, reception })
    }

    /// A socket at any path, for whoever its permissions let in.
    ///
    /// # Errors
    /// The socket cannot be made, or somebody listens there.
    pub fn of_office(
        path: &Path,
        rights: &SocketRights,
        reception: Reception,
    ) -> Result<Self, LinkError> {
        let failed = LinkError::failed_to("listen at the daemon's socket");
        let listener = socket::listen_as(path, rights).map_err(&failed)?;
        Ok(Self { listener, path: Some(path.to_owned()), takes_others: true, reception })
    }

    /// A socket that somebody else has made and listens at, as systemd does; it stays when the server ends, and callers
    /// wait there for the next one.
    #[must_use]
    pub fn handed_over(listener: UnixListener, reception: Reception) -> Self {
        Self { listener, path: None, takes_others: true, reception }
    }
}

/// Listens at `DATA/desk.sock` for the same user. The caller has the lock of the data directory.
///
/// # Errors
/// The socket cannot be made.
pub fn serve(data: &Path, sign_in: SignIn) -> Result<Server, LinkError> {
    let reception: Reception = Arc::new(move |caller| {
        let desk = sign_in(caller.account.as_deref())?;
        // Whose desk it is, it says itself; one that cannot just now is listed without a name.
        let account = desk.ask(AskWho {}).map(|who| who.caseworker.account).unwrap_or_default();
        Ok(Seated { desk, account, sees_sessions: true })
    });
    serve_at(vec![Entrance::of_data(data, reception)?], ServerOptions::of_one_user())
}

/// Listens at every entrance, under the same limits.
///
/// # Errors
/// A thread cannot be started, or a socket cannot be waited at.
pub fn serve_at(entrances: Vec<Entrance>, options: ServerOptions) -> Result<Server, LinkError> {
    let failed = LinkError::failed_to("wait for callers");
    let hall = Arc::new(Hall::new(options));
    let (bell, heard) = UnixStream::pair().map_err(&failed)?;
    let sockets = entrances.iter().filter_map(|entrance| entrance.path.clone()).collect();
    let mut server =
        Server { hall: Arc::clone(&hall), bell: Some(bell), threads: Vec::new(), sockets };
    for entrance in entrances {
        let (hall, heard) = (Arc::clone(&hall), heard.try_clone().map_err(&failed)?);
        entrance.listener.set_nonblocking(true).map_err(&failed)?;
        let run = move || let_in(&entrance, &heard, &hall);
        server.threads.push(thread("link", run).map_err(&failed)?);
    }
    server.threads.push(thread("feeds", move || hall.cry()).map_err(&failed)?);
    Ok(server)
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).stack_size(STACK_BYTES).spawn(run)
}

/// Lets callers in until the bell rings.
fn let_in(entrance: &Entrance, bell: &UnixStream, hall: &Arc<Hall>) {
    loop {
        let mut watched =
            [PollFd::new(&entrance.listener, PollFlags::IN), PollFd::new(bell, PollFlags::IN)];
        match poll(&mut watched, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        let [_, rung] = &watched;
        if !rung.revents().is_empty() {
            return;
        }
        match entrance.listener.accept() {
            // A caller who gave up before being heard is nobody's loss.
            Ok((stream, _)) => {
                let _admitted = admit(stream, entrance, hall);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => {
                let rest = Timespec::try_from(ACCEPT_REST).ok();
                // The bell ends the rest as well; the next turn sees that.
                let _rested = poll(&mut [PollFd::new(bell, PollFlags::IN)], rest.as_ref());
            }
        }
    }
}

/// Gives a caller a thread; whoever finds no place hears why, and nobody waits for them.
fn admit(stream: UnixStream, entrance: &Entrance, hall: &Arc<Hall>) -> Result<(), LinkError> {
    let failed = LinkError::failed_to("begin a session");
    stream.set_nonblocking(false).map_err(&failed)?;
    let peer = Peer::of(&stream)?;
    if !entrance.takes_others && !peer.is_same_user() {
        return Err(LinkError::OtherUser);
    }
    let guest = match hall.admit(stream, peer) {
        Ok(guest) => guest,
        Err((stream, why)) => return refuse(&stream, why),
    };
    let (stay, reception) =
        (Stay { hall: Arc::clone(hall), guest }, Arc::clone(&entrance.reception));
    let started = thread("session", move || {
        // A conversation that fails ends; the caller sees that, and nobody else is concerned.
        let _ended = converse(&stay.hall, &stay.guest, &reception);
    });
    started.map(drop).map_err(failed)
}

/// A guest's stay. However it ends, by a panic too, the socket is closed and the place is somebody else's.
struct Stay {
    hall: Arc<Hall>,
    guest: Arc<Guest>,
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.guest.cut();
        self.hall.leave(&self.guest);
    }
}

/// Says why not, and nothing else. The caller's own greeting is not waited for.
fn refuse(stream: &UnixStream, why: DeskError) -> Result<(), LinkError> {
    let mut said = greeting();
    append(&mut said, &Welcome::Refused(why), FROM_DESK_BYTES_MAX)?;
    send_all(stream, &said, Instant::now())
}

impl Server {
    /// Ends: nobody is let in any more, requests that are being carried out are finished within so long, and everybody is
    /// told of what has changed until now. Dropping the server does the same.
    pub fn end_within(mut self, patience: Duration) {
        self.end(patience);
    }

    fn end(&mut self, patience: Duration) {
        // Sockets first, so that whoever calls from now on finds nobody rather than a refusal.
        for path in self.sockets.drain(..) {
            // Where the directory is gone, nobody can call any more.
            let _removed = socket::remove(&path);
        }
        self.bell = None;
        self.hall.end(patience);
        for thread in self.threads.drain(..) {
            // A thread that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(DRAIN);
    }
}
