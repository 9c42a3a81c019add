//! A daemon of a measurement's own, and the sessions at it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::event::{Timespec, epoll};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::mix::Matter;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::desk::{Anchor, Ask, AskCases, AskWho, Narrowing, RowPerson, View, ViewKind};
use crate::domain::CaseworkerId;
use crate::link::{Driven, Place, SOCKET_NAME};

/// Cases of a unit that its sessions work with.
const CASES: u32 = 200;
/// Sockets that one look says something of.
const EVENTS: usize = 256;

/// What a thread says that panics.
const PANICKED: &str = "panicked at";

/// What the daemon says once it listens.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    /// How many accounts the calls are given in turn.
    pub(super) accounts: usize,
}

/// A daemon of one's own; it ends with whoever started it.
pub(super) struct Daemon {
    child: Child,
    data: PathBuf,
    /// Threads of it that panicked, as it has said by now.
    panics: Arc<AtomicUsize>,
}

impl Daemon {
    /// Starts one on a data directory, and waits until it listens.
    pub(super) fn start(data: &Path, sessions: usize) -> Result<Self, CliError> {
        let mut daemon = Self::spawn(data, sessions)?;
        daemon.wait()?;
        Ok(daemon)
    }

    /// Starts one, and waits for nothing.
    pub(super) fn spawn(data: &Path, sessions: usize) -> Result<Self, CliError> {
        let mut child = program(data, &["bench", "daemon", &sessions.to_string()])?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(CliError::failed_to("start the daemon"))?;
        let panics: Arc<AtomicUsize> = Arc::default();
        if let Some(words) = child.stderr.take() {
            let counted = Arc::clone(&panics);
            let pass_on = move || {
                for line in BufReader::new(words).lines().map_while(Result::ok) {
                    counted.fetch_add(usize::from(line.contains(PANICKED)), Ordering::SeqCst);
                    output::tell(&line);
                }
            };
            let passing = std::thread::Builder::new().name("words".to_owned()).spawn(pass_on);
            passing.map_err(CliError::failed_to("hear the daemon"))?;
        }
        Ok(Self { child, data: data.to_owned(), panics })
    }

    /// Waits until it listens.
    pub(super) fn wait(&mut self) -> Result<(), CliError> {
        let mut said = String::new();
        if let Some(stdout) = self.child.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut said)
                .map_err(CliError::failed_to("start the daemon"))?;
        }
        let ready: Ready = serde_json::from_str(&said).map_err(|_no_word| {
            CliError::refused(
                "bench.daemon",
                "The daemon did not start.",
                "What it said stands above.",
            )
        })?;
        if ready.accounts == 0 {
            let what = "Nobody of this office works cases.";
            return Err(CliError::refused("bench.nobody", what, "Take another office: --data."));
        }
        Ok(())
    }

    /// Ends it as a machine that fails ends it: at once, whatever it is doing.
    pub(super) fn kill(&mut self) -> Result<(), CliError> {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        ended.map(drop).map_err(CliError::failed_to("kill the daemon"))
    }

    /// How many of its threads have panicked.
    pub(super) fn panics(&self) -> usize {
        self.panics.load(Ordering::SeqCst)
    }

    /// Its process.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Its socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.data.join(SOCKET_NAME)
    }

    /// Where it listens.
    pub(super) fn place(&self) -> Place {
        Place::of_data(&self.data)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // The end of its input is its end.
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

/// This program once more, on a data directory.
fn program(data: &Path, arguments: &[&str]) -> Result<Process, CliError> {
    let program = std::env::current_exe().map_err(CliError::failed_to("find this program"))?;
    let mut process = Process::new(program);
    process.arg("--data").arg(data).args(arguments);
    Ok(process)
}

/// What a subcommand of this program answers in JSON, whatever it ends with.
pub(super) fn answer_of(data: &Path, arguments: &[&str]) -> Result<serde_json::Value, CliError> {
    let ran = program(data, arguments)?.arg("--json").stdin(Stdio::null()).output();
    let ran = ran.map_err(CliError::failed_to("run this program once more"))?;
    Ok(serde_json::from_slice(&ran.stdout)?)
}

/// A session at the daemon.
pub(super) struct Session {
    /// Its conversation.
    pub(super) driven: Driven,
    /// Whose it is.
    pub(super) caseworker: CaseworkerId,
    /// What its caseworker has before them.
    pub(super) matter: Arc<Matter>,
}

/// Opens so many sessions, each as the next of these accounts while there are any, and learns what each has before them.
pub(super) fn sit_down(
    daemon: &Daemon,
    sessions: usize,
    accounts: &[String],
) -> Result<Vec<Session>, CliError> {
    let mut known: BTreeMap<CaseworkerId, Arc<Matter>> = BTreeMap::new();
    let mut seated = Vec::with_capacity(sessions);
    for number in 0..sessions {
        let account = accounts.get(number).map(String::as_str);
        let mut driven = Driven::connect(&daemon.place(), account)?;
        let who = ask(&mut driven, AskWho {})?;
        let matter = if let Some(matter) = known.get(&who.caseworker.id) {
            Arc::clone(matter)
        } else {
            let matter = Arc::new(matter_of(&mut driven, who.unit.id)?);
            known.insert(who.caseworker.id, Arc::clone(&matter));
            matter
        };
        seated.push(Session { driven, caseworker: who.caseworker.id, matter });
    }
    Ok(seated)
}

fn matter_of(driven: &mut Driven, unit: crate::domain::UnitId) -> Result<Matter, CliError> {
    let view = View { kind: ViewKind::Inbox, unit };
    let narrowing = Narrowing::default();
    let page = AskCases { view, anchor: Anchor::First, before: 0, after: CASES, narrowing };
    let mut matter = Matter { unit, cases: Vec::new(), names: Vec::new() };
    for row in ask(driven, page)?.rows {
        matter.cases.push(row.id);
        if let RowPerson::Person(_, name) = row.person {
            matter.names.push(name.into());
        }
    }
    Ok(matter)
}

/// Asks, and waits for the answer.
pub(super) fn ask<Q: Ask>(driven: &mut Driven, question: Q) -> Result<Q::Answer, CliError> {
    Ok(Q::expect(driven.ask(question.into_query())??)?)
}

/// The sockets of many sessions, watched at once.
pub(super) struct Watch {
    epoll: OwnedFd,
    events: Vec<MaybeUninit<epoll::Event>>,
}

impl Watch {
    /// Watches what comes at these sessions.
    pub(super) fn over(sessions: &[Session]) -> Result<Self, CliError> {
        let failed = || |errno: Errno| CliError::failed_to("wait for many sessions")(errno.into());
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(failed())?;
        for (place, session) in (0_u64..).zip(sessions) {
            let data = epoll::EventData::new_u64(place);
            epoll::add(&epoll, &session.driven, data, epoll::EventFlags::IN).map_err(failed())?;
        }
        Ok(Self { epoll, events: vec![MaybeUninit::uninit(); EVENTS] })
    }

    /// Waits for so long until something has come; the places of the sessions where it has.
    pub(super) fn wait(&mut self, at_most: Duration) -> Result<Vec<usize>, CliError> {
        let timeout = Timespec::try_from(at_most).ok();
        match epoll::wait(&self.epoll, self.events.as_mut_slice(), timeout.as_ref()) {
            Ok((ready, _)) => Ok(ready
                .iter()
                .filter_map(|event| usize::try_from(event.data.u64()).ok())
                .collect()),
            Err(Errno::INTR) => Ok(Vec::new()),
            Err(errno) => Err(CliError::failed_to("wait for many sessions")(errno.into())),
        }
    }
}
