//! A desk on the other side of a socket, which may go and come back.

use std::net::Shutdown;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{Builder, park_timeout};
use std::time::{Duration, Instant};

use super::LinkError;
use super::away;
use super::connection::{Connection, Place, Told, frame, wait_for_news};
use super::limits::{
    HEALTH_LOOK, PIPELINED_BYTES_MAX, PIPELINED_MAX, RETRY_FIRST, RETRY_MAX, SENDINGS_MAX,
    SILENCE_MAX, SLOW, STACK_BYTES,
};
use super::status::ServerStatus;
use super::wire::{FromDesk, ToDesk};
use crate::desk::{
    Answer, Change, Desk, DeskError, Feed, FeedSender, HealthAnswer, Query, Receipt, Request,
};

/// The desk of another process. Requests of several threads take turns; a conversation that broke is begun again with the
/// same request, which the desk does not carry out twice.
pub struct RemoteDesk {
    line: Arc<Line>,
}

/// Opens the desk in the caller's own process where whoever had it has gone, so that it can be called at the same place.
pub type Heir = Arc<dyn Fn() + Send + Sync>;

/// The way to the desk.
struct Line {
    place: Place,
    account: Option<String>,
    /// How long a desk is looked for that has gone.
    patience: Duration,
    state: Mutex<State>,
    /// The conversation has begun again, or the line is closed.
    is_changed: Condvar,
    /// How things are while the desk is away: it is asked without waiting for anybody.
    away: Mutex<Option<HealthAnswer>>,
    heir: Option<Heir>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// Whether the desk may be taken over when it goes: each one so far might, and none was a daemon's, for which whoever
    /// has been at it waits, whoever has its place meanwhile.
    has_heirs: bool,
    feeds: Vec<FeedSender>,
    /// Whether a thread tells them what comes between requests.
    is_watching: bool,
    is_closed: bool,
    /// Conversations that were begun.
    begun: u64,
}

impl State {
    fn tell(&mut self, change: &Change) {
        self.feeds.retain(|feed| feed.send(change.clone()));
    }
}

impl RemoteDesk {
    /// Begins a conversation with whoever has the data directory, as the user's own account or as another one.
    ///
    /// # Errors
    /// Nobody listens, it is another program or protocol, or the desk does not take the session.
    pub fn connect(data: &Path, account: Option<&str>) -> Result<Self, LinkError> {
        Self::connect_to(Place::of_data(data), account, Duration::ZERO)
    }

    /// Begins a conversation with the desk at this place. Where it goes away later, a request looks for it for so long
    /// before it fails.
    ///
    /// # Errors
    /// As [`RemoteDesk::connect`]; nothing is tried a second time here.
    pub fn connect_to(
        place: Place,
        account: Option<&str>,
        patience: Duration,
    ) -> Result<Self, LinkError> {
        Self::connect_or_inherit(place, account, patience, None)
    }

    /// As [`RemoteDesk::connect_to`]; where nobody listens any more later, and the desk was none of a daemon, the heir is
    /// asked to take it over.
    ///
    /// # Errors
    /// As [`RemoteDesk::connect`].
    pub fn connect_or_inherit(
        place: Place,
        account: Option<&str>,
        patience: Duration,
        heir: Option<Heir>,
    ) -> Result<Self, LinkError> {
        let connection = Connection::open(&place, account)?;
        let has_heirs = connection.has_heirs;
        let connection = Some(connection);
        let state = Mutex::new(State { connection, has_heirs, begun: 1, ..State::default() });
        let account = account.map(str::to_owned);
        let (is_changed, away) = (Condvar::new(), Mutex::new(None));
        let line = Line { place, account, patience, state, is_changed, away, heir };
        Ok(Self { line: Arc::new(line) })
    }

    /// Asks questions one behind the other without waiting for each answer; the answers come in the order of the questions.
    ///
    /// # Errors
    /// The desk cannot be reached, or a question does not fit into a frame.
    pub fn query_all(
        &self,
        queries: Vec<Query>,
    ) -> Result<Vec<Result<Answer, DeskError>>, DeskError> {
        let mut answers = Vec::with_capacity(queries.len());
        let (mut frames, mut count) = (Vec::new(), 0);
        for query in queries {
            let next = frame(&ToDesk::Query(query)).map_err(|error| lost(&error))?;
            if count >= PIPELINED_MAX
                || (count > 0 && frames.len() + next.len() > PIPELINED_BYTES_MAX)
            {
                answers.extend(self.line.ask(&frames, count, SILENCE_MAX)?);
                frames.clear();
                count = 0;
            }
            frames.extend_from_slice(&next);
            count += 1;
        }
        if count > 0 {
            answers.extend(self.line.ask(&frames, count, SILENCE_MAX)?);
        }
        answers.into_iter().map(|answer| Ok(answered(answer))).collect()
    }

    /// How many conversations were begun so far: where it is more after a request than before, that was sent again.
    #[must_use]
    pub fn conversations(&self) -> u64 {
        self.line.state().begun
    }

    /// How the server is that the desk is at.
    ///
    /// # Errors
    /// The desk cannot be reached.
    pub fn status(&self) -> Result<ServerStatus, DeskError> {
        match self.line.ask_one(&ToDesk::Status)? {
            FromDesk::Status(status) => Ok(*status),
            FromDesk::Executed(_)
            | FromDesk::Answered(_)
            | FromDesk::Changed(_)
            | FromDesk::Working => Err(mixed_up()),
        }
    }
}

impl Desk for RemoteDesk {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        match self.line.ask_one(&ToDesk::Execute(Box::new(request)))? {
            FromDesk::Executed(outcome) => outcome,
            FromDesk::Answered(Err(error)) => Err(error),
            FromDesk::Answered(Ok(_))
            | FromDesk::Changed(_)
            | FromDesk::Status(_)
            | FromDesk::Working => Err(mixed_up()),
        }
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        if matches!(query, Query::Health(_)) {
            return self.line.ask_health(query);
        }
        answered(self.line.ask_one(&ToDesk::Query(query))?)
    }

    /// A feed over the same conversation. Where that breaks, the feed says that the health is another one; when it has
    /// begun again, that all is to be read again.
    fn watch(&self) -> Feed {
        let (sender, feed) = Feed::channel();
        let mut state = self.line.state();
        state.feeds.retain(FeedSender::is_heard);
        state.feeds.push(sender);
        let is_first = !std::mem::replace(&mut state.is_watching, true);
        if let Some(connection) = &state.connection {
            // A conversation that has broken is begun again below, and watches then.
            let _asked = connection.watch();
        }
        drop(state);
        if is_first {
            let line = Arc::clone(&self.line);
            let started = Builder::new()
                .name("watch".to_owned())
                .stack_size(STACK_BYTES)
                .spawn(move || line.keep_watch());
            // Without the thread the feed tells what comes with answers, and the next one tries again.
            if started.is_err() {
                self.line.state().is_watching = false;
            }
        }
        feed
    }
}

impl Drop for RemoteDesk {
    fn drop(&mut self) {
        let mut state = self.line.state();
        // Whoever still listens hears what comes, until they listen no more.
        state.feeds.retain(FeedSender::is_heard);
        if !state.feeds.is_empty() {
            return;
        }
        state.is_closed = true;
        if let Some(connection) = state.connection.take() {
            let _ended = connection.stream().shutdown(Shutdown::Both);
        }
        drop(state);
        self.line.is_changed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whoever panicked left a conversation that the next request finds broken.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn ask_one(&self, question: &ToDesk) -> Result<FromDesk, DeskError> {
        let frame = frame(question).map_err(|error| lost(&error))?;
        self.ask(&frame, 1, SILENCE_MAX)?.pop().ok_or_else(mixed_up)
    }

    /// How things are. While the desk is away or slow this end alone can say it, whoever else waits for an answer; a desk
    /// that says nothing to this question counts as away at once, for nothing is lost with it.
    fn ask_health(&self, query: Query) -> Result<Answer, DeskError> {
        let frame = frame(&ToDesk::Query(query)).map_err(|error| lost(&error))?;
        let mut state = loop {
            if let Some(health) = lock(&self.away).clone() {
                return Ok(Answer::Health(Box::new(health)));
            }
            match self.state.try_lock() {
                Ok(state) => break state,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                // Somebody waits for an answer; they say so when it is slow.
                Err(TryLockError::WouldBlock) => park_timeout(HEALTH_LOOK),
            }
        };
        // A conversation that has broken meanwhile is begun again once.
        for _ in 0..2 {
            if state.connection.is_none() && self.open(&mut state).is_err() {
                break;
            }
            match self.exchange(&mut state, &frame, 1, SLOW) {
                Ok(mut answers) => return answered(answers.pop().ok_or_else(mixed_up)?),
                Err(LinkError::Silent { .. }) => break,
                Err(_broken) => {}
            }
        }
        drop(state);
        let away = lock(&self.away).clone();
        away.map(|health| Answer::Health(Box::new(health))).ok_or_else(|| lost(&LinkError::Ended))
    }

    /// Sends frames over an open conversation and waits for as many answers. Whoever watches is told when they are slow, and
    /// when that is over; a conversation that has broken is gone.
    fn exchange(
        &self,
        state: &mut State,
        frames: &[u8],
        count: usize,
        silence: Duration,
    ) -> Result<Vec<FromDesk>, LinkError> {
        let State { connection, feeds, .. } = state;
        let Some(open) = connection else { return Err(LinkError::Ended) };
        let mut is_slow = false;
        let mut tell = |told: Told| {
            let change = match told {
                Told::Change(change) => change,
                Told::Slow => {
                    is_slow = true;
                    *lock(&self.away) = Some(away::slow());
                    Change::Health
                }
            };
            feeds.retain(|feed| feed.send(change.clone()));
        };
        let answers = open.exchange(frames, count, silence, &mut tell);
        if answers.is_err() {
            // Whoever waits for news of it waits no longer, and the desk sees that nobody listens.
            let _ended = open.stream().shutdown(Shutdown::Both);
            *connection = None;
        }
        if let Err(error @ LinkError::Silent { .. }) = &answers {
            self.miss(state, error);
        } else if is_slow {
            *lock(&self.away) = None;
            state.tell(&Change::Health);
        }
        answers
    }

    /// Notes why the desk is away, and tells whoever watches where that is news.
    fn miss(&self, state: &mut State, error: &LinkError) {
        let health = Some(away::health(error));
        let before = std::mem::replace(&mut *lock(&self.away), health.clone());
        if before != health {
            state.tell(&Change::Health);
        }
    }

    /// Sends frames and waits for as many answers, in as many conversations as it takes. A desk that says nothing for as
    /// long as `silence` counts as away.
    fn ask(
        &self,
        frames: &[u8],
        count: usize,
        silence: Duration,
    ) -> Result<Vec<FromDesk>, DeskError> {
        let mut state = self.state();
        let mut looked = Looked::default();
        for _ in 0..SENDINGS_MAX {
            state = self.reach(state, &mut looked).map_err(|error| lost(&error))?;
            match self.exchange(&mut state, frames, count, silence) {
                Ok(answers) => return Ok(answers),
                Err(error @ (LinkError::TooLong { .. } | LinkError::Codec(_))) => {
                    // The frame itself is at fault, and would be again.
                    return Err(lost(&error));
                }
                Err(_broken) => {}
            }
        }
        Err(DeskError::Lost(
            "every conversation breaks at this request: whether it was carried out shows when you look again"
                .to_owned(),
        ))
    }

    /// Has a conversation, an open one or a new one, and looks for the desk as long as the patience lasts. Others use the
    /// line between two tries.
    fn reach<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        looked: &mut Looked,
    ) -> Result<MutexGuard<'a, State>, LinkError> {
        while state.connection.is_none() {
            if state.is_closed {
                return Err(LinkError::Ended);
            }
            let Err(error) = self.open(&mut state) else { break };
            let is_over = looked.since.get_or_insert_with(Instant::now).elapsed() >= self.patience;
            if is_over || !error.may_pass() {
                return Err(error);
            }
            let waited = self.is_changed.wait_timeout(state, looked.next_pause());
            state = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
        }
        Ok(state)
    }

    /// Begins the conversation again, and watches in it where somebody does.
    fn open(&self, state: &mut State) -> Result<(), LinkError> {
        let call = || Connection::open(&self.place, self.account.as_deref());
        let opened = match (call(), &self.heir) {
            (Err(LinkError::Io { .. } | LinkError::Ended), Some(inherit)) if state.has_heirs => {
                inherit();
                call()
            }
            (opened, _) => opened,
        };
        let opened = opened.and_then(|connection| {
            if !state.feeds.is_empty() {
                connection.watch()?;
            }
            Ok(connection)
        });
        match opened {
            Ok(connection) => {
                *lock(&self.away) = None;
                state.has_heirs &= connection.has_heirs;
                state.connection = Some(connection);
                state.begun += 1;
                self.is_changed.notify_all();
                Ok(())
            }
            Err(error) => {
                self.miss(state, &error);
                Err(error)
            }
        }
    }

    /// Tells the feeds what comes between requests, and begins the conversation again whenever it breaks, until nobody
    /// listens any more.
    fn keep_watch(&self) {
        let mut looked = Looked::default();
        loop {
            let mut state = self.state();
            if state.is_closed || state.feeds.is_empty() {
                state.is_watching = false;
                return;
            }
            if state.connection.is_none() && self.open(&mut state).is_err() {
                let waited = self.is_changed.wait_timeout(state, looked.next_pause());
                drop(waited);
                continue;
            }
            looked = Looked::default();
            let Some(stream) = state.connection.as_ref().map(Connection::stream) else { continue };
            drop(state);
            wait_for_news(&stream);
            let mut state = self.state();
            let State { connection, feeds, .. } = &mut *state;
            if let Some(open) = connection.as_mut().filter(|open| open.is_over(&stream)) {
                let mut tell = |change: Change| feeds.retain(|feed| feed.send(change.clone()));
                if open.hear(&mut tell).is_err() {
                    *connection = None;
                }
            }
        }
    }
}

/// How long the desk was looked for, and how long to wait before the next try.
#[derive(Default)]
struct Looked {
    since: Option<Instant>,
    pause: Option<Duration>,
}

impl Looked {
    fn next_pause(&mut self) -> Duration {
        let pause = self.pause.map_or(RETRY_FIRST, |pause| (pause * 2).min(RETRY_MAX));
        self.pause = Some(pause);
        pause
    }
}

fn answered(answer: FromDesk) -> Result<Answer, DeskError> {
    match answer {
        FromDesk::Answered(outcome) => outcome,
        FromDesk::Executed(Err(error)) => Err(error),
        FromDesk::Executed(Ok(_))
        | FromDesk::Changed(_)
        | FromDesk::Status(_)
        | FromDesk::Working => Err(mixed_up()),
    }
}

fn lost(error: &LinkError) -> DeskError {
    DeskError::Lost(crate::text::with_sources(error))
}

fn mixed_up() -> DeskError {
    DeskError::Lost("it answered something else".to_owned())
}
