//! Carries a desk across a socket where the stories are told so: what a test asks and does is then encoded, sent, carried
//! out by a server's thread, and sent back.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::os::unix::net::UnixListener;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use casedesk::desk::{Answer, Change, Desk, DeskError, Feed, Query, Receipt, Request};
use casedesk::link::{
    Entrance, Reception, RemoteDesk, SOCKET_NAME, Seated, Server, ServerOptions, serve_at,
};
use tempfile::TempDir;

/// The variable of the environment with which the stories are told across a socket.
pub(crate) const OVER_SOCKET: &str = "CASEDESK_STORIES_OVER_SOCKET";

/// How long a change may take from one end of the socket to the other.
const CHANGE_MAX: Duration = Duration::from_secs(30);

/// How long a conversation may take to end once nobody holds its other end.
const LEAVING_MAX: Duration = Duration::from_secs(2);

/// How often it is looked whether what is waited for has come.
const LOOK: Duration = Duration::from_millis(1);

/// Sessions of all stories at once.
const SESSIONS_MAX: usize = 10_000;

thread_local! {
    /// Whether this thread serves a conversation, so that what it asks has crossed the socket already.
    static IS_SERVING: Cell<bool> = const { Cell::new(false) };
}

/// Whether the stories are told across a socket.
pub(crate) fn is_over_socket() -> bool {
    static IS_TOLD: OnceLock<bool> = OnceLock::new();
    *IS_TOLD.get_or_init(|| std::env::var_os(OVER_SOCKET).is_some())
}

/// Whether what this thread asks has to cross the socket.
pub(crate) fn is_carried_here() -> bool {
    is_over_socket() && !IS_SERVING.get()
}

/// The one socket of this process, and the desks behind it by the name under which they are asked for.
struct Exchange {
    room: TempDir,
    desks: Mutex<(u64, HashMap<String, Arc<Behind>>)>,
    _server: Server,
}

/// A desk behind the socket; it is held by whoever carries it and by each thread that serves it.
struct Behind(Arc<dyn Desk>);

impl Desk for Behind {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        self.0.execute(request)
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.0.query(query)
    }

    fn watch(&self) -> Feed {
        self.0.watch()
    }
}

fn exchange() -> &'static Exchange {
    static EXCHANGE: OnceLock<Exchange> = OnceLock::new();
    EXCHANGE.get_or_init(|| {
        let room = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(room.path().join(SOCKET_NAME)).unwrap();
        let reception: Reception = Arc::new(|caller| {
            IS_SERVING.set(true);
            let account = caller.account.clone().unwrap_or_default();
            let desks = exchange().desks.lock().unwrap_or_else(PoisonError::into_inner);
            let desk = desks.1.get(&account).map(Arc::clone);
            let desk = desk.ok_or_else(|| DeskError::Lost("nobody carries it".to_owned()))?;
            Ok(Seated { desk: desk as Arc<dyn Desk>, account, sees_sessions: true })
        });
        let options = ServerOptions {
            sessions_max: SESSIONS_MAX,
            sessions_a_user_max: SESSIONS_MAX,
            ..ServerOptions::default()
        };
        let server = serve_at(vec![Entrance::handed_over(listener, reception)], options).unwrap();
        Exchange { room, desks: Mutex::default(), _server: server }
    })
}

/// A desk across the socket. Once it is dropped, nobody holds the desk behind it any more.
pub(crate) struct Carried {
    name: String,
    behind: Arc<Behind>,
    far: Option<RemoteDesk>,
}

impl Carried {
    pub(crate) fn new(desk: Arc<dyn Desk>) -> Self {
        let behind = Arc::new(Behind(desk));
        let exchange = exchange();
        let name = {
            let mut desks = exchange.desks.lock().unwrap();
            desks.0 += 1;
            let name = desks.0.to_string();
            desks.1.insert(name.clone(), Arc::clone(&behind));
            name
        };
        let far = RemoteDesk::connect(exchange.room.path(), Some(&name)).unwrap();
        Self { name, behind, far: Some(far) }
    }

    fn far(&self) -> &RemoteDesk {
        self.far.as_ref().unwrap()
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        let mut desks = exchange().desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks.1.remove(&self.name);
        drop(desks);
        // The end of the conversation is what its thread waits for.
        self.far = None;
        let deadline = Instant::now() + LEAVING_MAX;
        while Arc::strong_count(&self.behind) > 1 && Instant::now() < deadline {
            park_timeout(LOOK);
        }
    }
}

impl Desk for Carried {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        self.far().execute(request)
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.far().query(query)
    }

    fn watch(&self) -> Feed {
        self.far().watch()
    }
}

/// A feed; across the socket it is one that has caught up with the desk whenever it is asked.
pub(crate) struct Heard {
    near: Feed,
    far: Option<Feed>,
    /// What came across so far: a change may come together with others, or in parts.
    across: RefCell<Vec<Change>>,
}

impl Heard {
    /// What the desk tells from now on, directly and, where it is carried, from the other end.
    pub(crate) fn of(near: &dyn Desk, carried: Option<&dyn Desk>) -> Self {
        let far = carried.map(|desk| {
            let feed = desk.watch();
            // A conversation begins by saying that everything is to be read, as a screen that opens does anyway.
            assert_eq!(feed.wait(), Some(Change::Resync));
            feed
        });
        Self { near: near.watch(), far, across: RefCell::default() }
    }

    /// The next change, if there is one by now.
    pub(crate) fn next(&self) -> Option<Change> {
        let near = self.near.next()?;
        let Some(far) = &self.far else { return Some(near) };
        if near == Change::Resync {
            while far.next().is_some() {}
            return Some(near);
        }
        let deadline = Instant::now() + CHANGE_MAX;
        while Instant::now() < deadline {
            match far.next() {
                Some(Change::Resync) => return Some(Change::Resync),
                Some(Change::Sight) => {
                    self.across.borrow_mut().push(Change::Sight);
                    return Some(Change::Sight);
                }
                Some(change) => self.across.borrow_mut().push(change),
                None => park_timeout(LOOK),
            }
            if has_come(&near, &self.across.borrow()) {
                return Some(near);
            }
        }
        unreachable!("{near:?} did not come across the socket");
    }
}

/// Whether all that a change names is in what came across, or in what has everything read again.
fn has_come(change: &Change, across: &[Change]) -> bool {
    if across.contains(&Change::Sight) {
        return true;
    }
    match change {
        Change::Changed(ids) => ids.iter().all(|id| {
            across.iter().any(|came| matches!(came, Change::Changed(named) if named.contains(id)))
        }),
        Change::Attended(ids) => ids.iter().all(|id| {
            across.iter().any(|came| matches!(came, Change::Attended(named) if named.contains(id)))
        }),
        Change::Lists(units) => units.iter().all(|unit| {
            across.iter().any(|came| matches!(came, Change::Lists(named) if named.contains(unit)))
        }),
        Change::Health | Change::Resync | Change::Sight => across.contains(change),
    }
}

/// The desk as a screen sees it, and what it hears from it.
pub(crate) fn seen(desk: Arc<dyn Desk>) -> (Arc<dyn Desk>, Heard) {
    if !is_carried_here() {
        let heard = Heard::of(desk.as_ref(), None);
        return (desk, heard);
    }
    let carried = Arc::new(Carried::new(Arc::clone(&desk)));
    let heard = Heard::of(desk.as_ref(), Some(carried.as_ref()));
    (carried, heard)
}
