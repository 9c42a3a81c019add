//! Opens the desk of a data directory, or joins whoever has it.

use std::fs::metadata;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::account::{SystemUser, group_name, user_number};
use super::clock::SystemClock;
use super::entropy::CounterEntropy;
use super::error::CliError;
use super::log::LogFile;
use super::long::progress_bar;
use super::output::{self, Output};
use super::watch::Watch;
use crate::config::SystemConfig;
use crate::desk::{
    ANCHOR_FILE, AnchorFile, Anchors, Ask, Clock, Command, Desk, Entropy, Folder, Founding,
    IndexStep, Level, LocalDesk, Log, Outbox, Receipt, Reindexed, Renewal, Request, SYSLOG_SOCKET,
    Syslog,
};
use crate::domain::time::Instant;
use crate::link::{Heir, LinkError, Place, RECONNECT_MAX, RemoteDesk, Server, SignIn, serve};
use crate::store::{OpenOptions, OpenProgress, Probe, SledStore, Store, StoreError};
use crate::text::with_sources;

/// The currency of an office until it is set.
const CURRENCY: &str = "EUR";

/// Bytes of the journal from which on replaying them may take a second.
const SHOWN_BYTES_MIN: u64 = 4 * 1024 * 1024;

/// How often a bar that measures nothing shows that it lives.
const TICK: Duration = Duration::from_millis(200);

/// A desk that is signed in, with what keeps it going.
pub(super) struct Opened {
    /// The door.
    pub(super) desk: Arc<dyn Desk>,
    /// The data directory.
    pub(super) data: PathBuf,
    /// The store and the desk, where they are in this process.
    pub(super) local: Option<(Arc<SledStore>, Arc<LocalDesk>)>,
    /// The way to the desk, where it is in another process.
    pub(super) remote: Option<Arc<RemoteDesk>>,
    /// Time and random bytes.
    pub(super) means: Means,
    /// Dropped last of all.
    _house: Option<House>,
    /// What this process has taken over from whoever left.
    _inherited: Arc<Mutex<Option<House>>>,
}

/// A desk of this process with all that keeps it going; dropping it ends everything in order.
pub(super) struct House {
    /// The store.
    pub(super) store: Arc<SledStore>,
    /// The desk.
    pub(super) desk: Arc<LocalDesk>,
    server: Option<Server>,
    outbox: Option<Outbox>,
    anchors: Option<Anchors>,
    /// Goes last: the last checkpoint writes to the database as well.
    _watch: Watch,
}

impl Opened {
    /// A desk that nobody else joins: one of another process, or one of this process that only this command knows.
    pub(super) fn apart(desk: Arc<dyn Desk>, data: &Path, means: Means) -> Self {
        Self {
            desk,
            data: data.to_owned(),
            local: None,
            remote: None,
            means,
            _house: None,
            _inherited: Arc::default(),
        }
    }

    /// A desk of another process.
    pub(super) fn remote(desk: RemoteDesk, data: &Path, means: Means) -> Self {
        let remote = Arc::new(desk);
        let desk = Arc::clone(&remote) as Arc<dyn Desk>;
        Self { remote: Some(remote), ..Self::apart(desk, data, means) }
    }

    /// Bounds the memory that finding people takes, where the desk is in this process.
    pub(super) fn within(self, search_bytes: u64) -> Self {
        if let Some((_, desk)) = &self.local {
            desk.bound_search_memory(search_bytes);
        }
        self
    }

    /// Has replies wait so many minutes where the office has not set it and the desk is in this process.
    pub(super) fn holding(self, recall_minutes: u32) -> Self {
        if let Some((_, desk)) = &self.local {
            desk.hold_replies(recall_minutes);
        }
        self
    }

    /// An idempotency key.
    pub(super) fn id(&self) -> u128 {
        u128::from_be_bytes(self.means.entropy.draw())
    }

    /// Carries out a command.
    pub(super) fn execute(&self, command: Command) -> Result<Receipt, CliError> {
        Ok(self.desk.execute(Request { id: self.id(), command })?)
    }

    /// Asks a question.
    pub(super) fn ask<Q: Ask>(&self, question: Q) -> Result<Q::Answer, CliError> {
        Ok(self.desk.ask(question)?)
    }
}

impl House {
    /// Keeps a desk going: its outbox, its sweeps and its anchors.
    pub(super) fn open(store: Arc<SledStore>, desk: Arc<LocalDesk>, data: &Path) -> Self {
        let outbox = Outbox::start(&desk, Box::new(Folder::new(data.join("outbox"))));
        let anchors = Some(keep_anchors(&desk, data));
        let watch = Watch::over(&store, &desk);
        Self { store, desk, server: None, outbox: Some(outbox), anchors, _watch: watch }
    }

    /// Lets others in, until the end.
    pub(super) fn listen(&mut self, server: Server) {
        self.server = Some(server);
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Guests first, then the store, which a session that is just ending may still share.
        self.server = None;
        if let Some(outbox) = self.outbox.take() {
            outbox.stop(&self.desk);
        }
        if let Some(anchors) = self.anchors.take() {
            anchors.stop(&self.desk);
        }
        // What was acknowledged is in the journal, whatever became of the last checkpoint.
        match self.store.close() {
            Ok(()) => {
                self.desk.note(Level::Info, "closed");
                if self.store.has_to_settle() && Output::new(false).is_watched() {
                    output::tell("Much was written: the database is put in order...");
                }
            }
            Err(error) => self.desk.note(
                Level::Error,
                &format!("closed without a last checkpoint: {}", with_sources(&error)),
            ),
        }
    }
}

/// What a desk in this process is opened with.
pub(super) struct Means {
    /// Its time.
    pub(super) clock: Arc<dyn Clock>,
    /// Its random bytes.
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Means {
    /// The system's time and random bytes.
    pub(super) fn of_system() -> Result<Self, CliError> {
        let entropy =
            CounterEntropy::from_system().map_err(CliError::failed_to("draw random bytes"))?;
        Ok(Self { clock: Arc::new(SystemClock), entropy: Arc::new(entropy) })
    }
}

/// Opens the desk of `data`, makes the office where there is none, and signs in; where another process has the
/// database, joins it.
pub(super) fn open_desk(
    data: &Path,
    account: Option<&str>,
    options: OpenOptions,
    output: Output,
) -> Result<Opened, CliError> {
    let means = Means::of_system()?;
    match open_store(data, &means, options.clone(), output) {
        Err(StoreError::Held { path, holder }) => {
            let user = SystemUser::current();
            let place = Seat { data, own: &user.account, account };
            join(&place, (path, holder), means, options)
        }
        Err(error) => Err(error.into()),
        Ok(store) => {
            let store = Arc::new(store);
            let desk = open_local(&store, &means)?;
            found_where_new(&desk, data, &means)?;
            let user = SystemUser::current();
            heal_index(&desk, data, output);
            let place = Seat { data, own: &user.account, account };
            seat(&place, store, desk, means)
        }
    }
}

/// Makes the office where there is none, and says whether it did; whoever runs this process is its first caseworker.
pub(super) fn found_where_new(
    desk: &LocalDesk,
    data: &Path,
    means: &Means,
) -> Result<bool, CliError> {
    if !desk.is_new()? {
        return Ok(false);
    }
    let user = SystemUser::current();
    let founder = desk.found(&founding(&user, means.clock.now()))?;
    let data = data.display();
    output::tell(&format!("A new office is open in {data}; you are {founder}, {}.", user.name));
    Ok(true)
}

/// The store of a data directory. What was found and done about it is said on stderr and kept in the log, and a bar is
/// drawn where somebody watches and it takes its time.
pub(super) fn open_store(
    data: &Path,
    means: &Means,
    options: OpenOptions,
    output: Output,
) -> Result<SledStore, StoreError> {
    open_store_hearing(data, means, options, output, &|_| {})
}

/// As [`open_store`], for whoever wants to hear what was found as well.
pub(super) fn open_store_hearing(
    data: &Path,
    means: &Means,
    options: OpenOptions,
    output: Output,
    hear: &dyn Fn(&OpenProgress),
) -> Result<SledStore, StoreError> {
    let log = LogFile::of(data);
    let note = |level, words: &str| log.note(means.clock.now(), level, words);
    let options = OpenOptions { probe: probe(data), ..options };
    let bar = if output.is_watched() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let tell = |progress: OpenProgress| {
        hear(&progress);
        if let Some(words) = progress.words() {
            note(Level::Warning, &words);
            bar.suspend(|| output::tell(&words));
        }
        match progress {
            OpenProgress::Probing => wait(&bar, "Comparing the database with the journal"),
            OpenProgress::Sealing { done_bytes, total_bytes } => {
                show(&bar, "Sealing the journal", done_bytes, total_bytes);
            }
            OpenProgress::Replaying { done_bytes, total_bytes } => {
                show(&bar, "Replaying the journal", done_bytes, total_bytes);
            }
            OpenProgress::Rebuilding { done_bytes, total_bytes } => {
                show(&bar, "Making the database anew", done_bytes, total_bytes);
            }
            OpenProgress::Opening
            | OpenProgress::SetAside { .. }
            | OpenProgress::Rebuilt(_)
            | OpenProgress::CutTorn { .. }
            | OpenProgress::Noted(_) => {}
        }
    };
    let opened = SledStore::open(data, options, &tell);
    bar.finish_and_clear();
    match &opened {
        Ok(store) => {
            let (build, process) = (env!("CARGO_PKG_VERSION"), std::process::id());
            let commit = store.sequence().0;
            let words =
                format!("opened by casedesk {build}, process {process}, at commit {commit}");
            note(Level::Info, &words);
        }
        // Whoever has it writes the log; that somebody else came by is nothing to note.
        Err(StoreError::Held { .. }) => {}
        Err(error) => note(Level::Error, &format!("not opened: {}", with_sources(error))),
    }
    opened
}

/// This program itself, which probes a database before this process relies on it.
fn probe(data: &Path) -> Option<Probe> {
    let program = std::env::current_exe().ok()?;
    let data = std::path::absolute(data).ok()?;
    Some(Probe::new(program, vec!["--data".into(), data.into(), "probe".into()]))
}

/// Draws how far something has come, where it is long enough to be looked at.
fn show(bar: &ProgressBar, what: &'static str, done_bytes: u64, total_bytes: u64) {
    if total_bytes >= SHOWN_BYTES_MIN {
        bar.set_style(style("{msg} {bar:30} {bytes} of {total_bytes}, {eta} left"));
        bar.set_message(what);
        bar.set_length(total_bytes);
        bar.set_position(done_bytes);
    }
}

/// Shows that something goes on that does not say how far it has come.
fn wait(bar: &ProgressBar, what: &'static str) {
    bar.set_style(style("{spinner} {msg}, {elapsed}"));
    bar.set_message(what);
    bar.enable_steady_tick(TICK);
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_bad_template| ProgressStyle::default_bar())
}

/// The desk over a store.
pub(super) fn open_local(
    store: &Arc<SledStore>,
    means: &Means,
) -> Result<Arc<LocalDesk>, CliError> {
    let shared: Arc<dyn Store> = Arc::clone(store) as Arc<dyn Store>;
    let (clock, entropy) = (Arc::clone(&means.clock), Arc::clone(&means.entropy));
    let told = std::cell::Cell::new(None);
    let desk = LocalDesk::open_telling(shared, clock, entropy, &|renewal| {
        let Renewal { done, total } = renewal;
        let tenth = Some(done.saturating_mul(10) / total.max(1));
        if told.replace(tenth) != tenth {
            output::tell(&format!("The lists of cases are made anew, once: {done} of {total}."));
        }
    })?;
    desk.lies_in(&store.directory().display().to_string());
    desk.keep_log(Arc::new(LogFile::of(store.directory())));
    Ok(desk)
}

/// Makes the search index anew where it is not whole, before anybody sits down: one of an older casedesk, or one that was
/// being built when the program ended. Where that fails, casework goes on without it, and a search says so.
pub(super) fn heal_index(desk: &LocalDesk, data: &Path, output: Output) {
    let healed = desk.index_fault().map_err(CliError::from).and_then(|fault| {
        let Some(fault) = fault else { return Ok(()) };
        desk.note(Level::Warning, &format!("the search index is made anew: {fault}"));
        output::tell(&format!("The search index is made anew: {fault}."));
        build_index(desk, data, output, &AtomicBool::new(false)).map(drop)
    });
    if let Err(error) = healed {
        desk.note(Level::Error, &format!("there is no search index: {}", error.message()));
        output::tell(&format!("There is no search index: {}", error.in_full()));
    }
}

/// Makes the search index anew, with a bar where somebody watches and a line in the log.
pub(super) fn build_index(
    desk: &LocalDesk,
    data: &Path,
    output: Output,
    stop: &AtomicBool,
) -> Result<Reindexed, CliError> {
    let bar = progress_bar(output);
    let made = desk.reindex(data, stop, &|progress| {
        bar.set_message(match progress.step {
            IndexStep::Reading => "people read",
            IndexStep::Writing => "search index written",
        });
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    let made = made?;
    let Reindexed { people, words, .. } = made;
    desk.note(Level::Info, &format!("search index made of {people} people and {words} words"));
    Ok(made)
}

/// Where somebody sits down, and as whom.
pub(super) struct Seat<'a> {
    /// The data directory.
    pub(super) data: &'a Path,
    /// The user's own account.
    pub(super) own: &'a str,
    /// The account to act as, where it is another one.
    pub(super) account: Option<&'a str>,
}

/// Signs in at a desk of this process, and lets others of the same user in.
pub(super) fn seat(
    place: &Seat<'_>,
    store: Arc<SledStore>,
    desk: Arc<LocalDesk>,
    means: Means,
) -> Result<Opened, CliError> {
    let sign_in = sign_in_at(&desk, place.own);
    let session = sign_in(place.account)?;
    let mut house = House::open(Arc::clone(&store), Arc::clone(&desk), place.data);
    match serve(place.data, sign_in) {
        Ok(server) => house.listen(server),
        Err(error) => output::tell(&format!("Other commands cannot join this one: {error}.")),
    }
    let local = Some((store, desk));
    let opened = Opened::apart(session, place.data, means);
    Ok(Opened { local, _house: Some(house), ..opened })
}

/// Anchors of a desk's audit chain, kept in its data directory and in the system's log.
pub(super) fn keep_anchors(desk: &Arc<LocalDesk>, data: &Path) -> Anchors {
    let file = AnchorFile::new(data.join(ANCHOR_FILE));
    let log = Syslog::new(SYSLOG_SOCKET.into(), data);
    Anchors::start(desk, vec![Box::new(file), Box::new(log)])
}

/// The door of the user's own desk: as the user's own account, or as another one that they name.
pub(super) fn sign_in_at(desk: &Arc<LocalDesk>, own: &str) -> SignIn {
    let (desk, own) = (Arc::clone(desk), own.to_owned());
    Arc::new(move |account| {
        let acting = account.unwrap_or(&own);
        let behind = (acting != own).then_some(own.as_str());
        Ok(Arc::new(desk.sign_in(acting, behind)?) as Arc<dyn Desk>)
    })
}

/// Joins whoever has the database: `held` says which it is and who that is. When they leave, the first of those who stay
/// takes it over.
pub(super) fn join(
    place: &Seat<'_>,
    held: (String, String),
    means: Means,
    options: OpenOptions,
) -> Result<Opened, CliError> {
    let (path, holder) = held;
    let house: Arc<Mutex<Option<House>>> = Arc::default();
    let heir: Heir = {
        let (house, clock, entropy) =
            (Arc::clone(&house), Arc::clone(&means.clock), Arc::clone(&means.entropy));
        let (data, own) = (place.data.to_owned(), place.own.to_owned());
        Arc::new(move || {
            let mut house = house.lock().unwrap_or_else(PoisonError::into_inner);
            if house.is_none() {
                let means = Means { clock: Arc::clone(&clock), entropy: Arc::clone(&entropy) };
                *house = inherit(&data, &own, &means, options.clone());
            }
        })
    };
    let desk = RemoteDesk::connect_or_inherit(
        Place::of_data(place.data),
        place.account,
        RECONNECT_MAX,
        Some(heir),
    );
    match desk {
        Ok(desk) => Ok(Opened { _inherited: house, ..Opened::remote(desk, place.data, means) }),
        // Nobody listens: the holder is a program that lets nobody in, or one that is just coming or going.
        Err(LinkError::Io { .. } | LinkError::Ended) => Err(CliError::Held { path, holder }),
        Err(error) => Err(CliError::Link(error)),
    }
}

/// Takes the office over from whoever has left it, in silence, for a screen is open; nothing where somebody still has it.
fn inherit(data: &Path, own: &str, means: &Means, options: OpenOptions) -> Option<House> {
    let log = LogFile::of(data);
    let note = |level, words: &str| log.note(means.clock.now(), level, words);
    let options = OpenOptions { probe: probe(data), ..options };
    let store = SledStore::open(data, options, &|progress| {
        if let Some(words) = progress.words() {
            note(Level::Warning, &words);
        }
    });
    let opened = store.map_err(CliError::from).and_then(|store| {
        let store = Arc::new(store);
        let desk = open_local(&store, means)?;
        let server = serve(data, sign_in_at(&desk, own)).map_err(CliError::Link)?;
        let mut house = House::open(store, desk, data);
        house.listen(server);
        Ok(house)
    });
    match opened {
        Ok(house) => {
            note(Level::Info, &format!("taken over by process {}", std::process::id()));
            Some(house)
        }
        Err(CliError::Held { .. }) => None,
        Err(error) => {
            note(Level::Error, &format!("not taken over: {}", error.message()));
            None
        }
    }
}

/// Calls the office's daemon.
pub(super) fn call_daemon(system: &SystemConfig) -> Result<Opened, CliError> {
    let means = Means::of_system()?;
    let owner = user_number(&system.owner).ok_or_else(|| {
        CliError::refused(
            "daemon.owner",
            format!("The daemon is to run as `{}`, and the system has no such user.", system.owner),
            "Make it (systemd-sysusers), or name the right one as `owner` in the configuration.",
        )
    })?;
    let place = Place::of_office(&system.socket, owner, &system.owner);
    match RemoteDesk::connect_to(place, None, RECONNECT_MAX) {
        Ok(desk) => Ok(Opened::remote(desk, Path::new(""), means)),
        Err(LinkError::Io { source, .. }) if source.kind() == ErrorKind::PermissionDenied => {
            Err(not_in_the_group(system))
        }
        Err(source @ (LinkError::Io { .. } | LinkError::Ended)) => {
            Err(CliError::Daemon { socket: system.socket.clone(), source })
        }
        Err(error) => Err(CliError::Link(error)),
    }
}

/// The refusal of somebody whom the socket's permissions do not let in.
fn not_in_the_group(system: &SystemConfig) -> CliError {
    let found = metadata(&system.socket).ok().and_then(|socket| group_name(socket.gid()));
    CliError::refused(
        "daemon.group",
        format!(
            "`{}` may not call the office's daemon at {}.",
            SystemUser::current().account,
            system.socket.display()
        ),
        group_hint(system.socket_group.as_deref(), found.as_deref(), &system.owner),
    )
}

/// What helps whom the socket does not let in: `named` is the group of the configuration, `found` that of the socket.
fn group_hint(named: Option<&str>, found: Option<&str>, owner: &str) -> String {
    // The daemon's own group lets nobody but the daemon in, and is no group for people.
    let found = found.filter(|group| *group != owner);
    match (named, found) {
        (Some(named), found) if found.is_none_or(|found| found == named) => format!(
            "Whoever runs the system adds you to the group `{named}`; then log in again. If you are in it, the daemon was \
             started before the configuration named it: systemctl restart casedesk."
        ),
        (None | Some(_), Some(found)) => {
            format!("Whoever runs the system adds you to the group `{found}`; then log in again.")
        }
        (_, None) => "The daemon lets only itself in: whoever runs the system sets socket_group = \"casedesk-users\" in \
                      /etc/casedesk/config.toml, adds you to that group and starts the daemon again."
            .to_owned(),
    }
}

/// An office as it begins: with the user's name, the system's zone, and everything else to be set later.
fn founding(user: &SystemUser, at: Instant) -> Founding {
    let zone = jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    Founding {
        office: "Office".to_owned(),
        zone,
        currency: CURRENCY.to_owned(),
        is_made: false,
        unit: ("office".to_owned(), "Office".to_owned()),
        account: user.account.clone(),
        name: user.name.clone(),
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::group_hint;

    #[test]
    fn whom_the_socket_does_not_let_in_hears_of_the_group_for_people_and_never_of_the_daemons_own()
    {
        let hint = |named, found| group_hint(named, found, "casedesk");
        let own = hint(Some("casedesk-users"), Some("casedesk"));
        assert!(
            own.contains("group `casedesk-users`") && own.contains("restart casedesk"),
            "{own}"
        );
        assert!(hint(None, Some("casedesk")).contains("socket_group = \"casedesk-users\""));
        assert!(hint(None, Some("desk")).contains("group `desk`"));
        assert!(hint(Some("casedesk-users"), Some("desk")).contains("group `desk`"));
    }
}
