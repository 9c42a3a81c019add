//! The command line: what is asked for, one file a subcommand, and one place for blame, hint and exit code.

mod accesses;
mod account;
mod answer;
mod attendance;
mod audit;
mod backup;
mod bench;
mod board;
mod calendar;
mod call;
mod case;
mod clock;
mod clocks;
mod completions;
mod contact;
mod demo;
mod doctor;
mod duplicates;
mod entropy;
mod error;
mod evaluate;
mod fairness;
mod find;
mod help;
mod import;
mod import_events;
mod install;
mod keys;
mod linking;
mod log;
mod long;
mod merge;
mod message;
mod names;
mod notify;
mod office;
mod office_purposes;
mod office_rights;
mod office_roster;
mod office_units;
mod open;
mod output;
mod person;
mod plain;
mod probe;
mod promise;
mod publish;
mod queue;
mod receipt;
mod reception;
mod reconcile;
mod register;
mod reindex;
mod rejects;
mod replay;
mod restore;
mod reveal;
mod serve;
mod signatures;
mod status;
mod sweep;
mod tables;
mod templates;
mod terminal;
mod tutor;
mod types;
mod verify;
mod watch;

pub use clock::{OffsetClock, SystemClock};
pub use entropy::CounterEntropy;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{
    Environment, Mode, Preferences, SystemConfig, data_directory, preferences_file,
};
use crate::store::OpenOptions;
use error::CliError;
use output::Output;

/// Bytes of a MiB.
const MIB: u64 = 1024 * 1024;

/// Where a daemon's data lies if its configuration does not say.
const DAEMON_DATA: &str = "/var/lib/casedesk";

/// Casework from the keyboard: requests come in, are found, worked, escalated and closed.
///
/// Without a subcommand it opens the terminal program on the data directory; the first opening makes the office.
///
/// The program ends with 0 when it did what was asked (rows that an import rejected included), 1 when it was refused or
/// found something wrong, 2 when the command line is wrong, and 5 when another program holds the database.
#[derive(Debug, Parser)]
#[command(name = "casedesk", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    plain: plain::Plain,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options that every subcommand takes, before or after its name.
#[derive(Debug, Clone, Args)]
struct Global {
    /// The data directory [default: `CASEDESK_DATA`, or the platform's directory for data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Act as another account of the office; every event says who was signed in
    // Its name within clap is its own: a subcommand's ACCOUNT would be taken for it otherwise.
    #[arg(id = "acting_as", long = "as", value_name = "ACCOUNT", global = true)]
    account: Option<String>,
    /// Read how casedesk works on this machine from here [default: /etc/casedesk/config.toml]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Print exactly one line of JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Import(import::Import),
    Find(find::Find),
    Duplicates(duplicates::Duplicates),
    Call(call::Call),
    Case(case::CaseCommand),
    Person(person::PersonCommand),
    Contact(contact::ContactCommand),
    Promise(promise::PromiseCommand),
    Queue(queue::QueueCommand),
    Office(office::OfficeCommand),
    Reconcile(reconcile::Reconcile),
    Fairness(fairness::Fairness),
    Reindex(reindex::Reindex),
    Verify(verify::Verify),
    Replay(replay::Replay),
    Tutor(tutor::Tutor),
    Doctor(doctor::Doctor),
    Evaluate(evaluate::EvaluateCommand),
    Bench(bench::BenchCommand),
    Audit(audit::AuditCommand),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Keys(keys::Keys),
    Templates(templates::TemplatesCommand),
    Types(types::TypesCommand),
    Tables(tables::TablesCommand),
    Calendar(calendar::CalendarCommand),
    Clocks(clocks::ClocksCommand),
    Message(message::MessageCommand),
    Receipt(receipt::Receipt),
    Status(status::Status),
    Sweep(sweep::Sweep),
    Install(install::Install),
    Serve(serve::Serve),
    Completions(completions::Completions),
    #[command(hide = true)]
    Probe(probe::Probe),
}

/// What every subcommand works with.
struct Context {
    global: Global,
    plain: plain::Plain,
    environment: Environment,
    /// How casedesk works on this machine.
    system: SystemConfig,
    output: Output,
    /// Whether the program is somebody's login shell, so that there is no other way in for them.
    is_login_shell: bool,
    /// A desk that is open already, for the one command that is to ask it.
    prepared: RefCell<Option<open::Opened>>,
}

impl Context {
    /// The same context, with a desk that is open already.
    fn prepared(&self, opened: open::Opened) -> Self {
        Self {
            global: self.global.clone(),
            plain: self.plain,
            environment: self.environment.clone(),
            system: self.system.clone(),
            output: self.output,
            is_login_shell: self.is_login_shell,
            prepared: RefCell::new(Some(opened)),
        }
    }

    /// The data directory that is meant.
    fn data(&self) -> Result<PathBuf, CliError> {
        if self.is_daemons() {
            refuse_choice("--data", self.global.data.is_some())?;
            let configured = self.system.data.clone();
            return Ok(configured.unwrap_or_else(|| PathBuf::from(DAEMON_DATA)));
        }
        Ok(data_directory(self.global.data.as_deref(), &self.environment)?)
    }

    /// Whether this machine works with a daemon. What a client's environment says counts for nothing then.
    fn is_daemons(&self) -> bool {
        self.system.mode == Mode::Daemon
    }

    /// Whether the office's files lie behind its daemon, out of this user's reach.
    fn is_desk_alone(&self) -> bool {
        let journal = |data: PathBuf| std::fs::read_dir(data.join("journal")).is_ok();
        self.is_daemons() && !self.data().is_ok_and(journal)
    }

    /// The data directory that is meant, where there is a database in it; a refusal of this code where there is none.
    fn existing_data(&self, code: &'static str) -> Result<PathBuf, CliError> {
        let data = self.data()?;
        let owner = self.is_daemons().then_some(self.system.owner.as_str());
        match std::fs::metadata(data.join("journal")) {
            Ok(journal) if journal.is_dir() => Ok(data),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                Err(error::unreadable(&data, owner))
            }
            Ok(_) | Err(_) => Err(error::no_database(&data, owner, code)),
        }
    }

    /// Opens the desk of the data directory, or joins whoever has it. A directory without an office is refused: it is one
    /// that is mistyped, or not mounted.
    fn open(&self) -> Result<open::Opened, CliError> {
        if let Some(opened) = self.prepared.take() {
            return Ok(opened);
        }
        if !self.is_daemons() {
            self.existing_data("office.none")?;
        }
        self.open_or_found()
    }

    /// As [`Context::open`], and makes the office where there is none.
    fn open_or_found(&self) -> Result<open::Opened, CliError> {
        if let Some(opened) = self.prepared.take() {
            return Ok(opened);
        }
        let account = self.global.account.as_deref();
        if self.is_daemons() {
            refuse_choice("--data", self.global.data.is_some())?;
            refuse_choice("--as", account.is_some())?;
            return open::call_daemon(&self.system);
        }
        let opened = open::open_desk(&self.data()?, account, self.store_options()?, self.output)?;
        Ok(opened.within(self.search_bytes()?).holding(self.recall_minutes()?))
    }

    /// Bytes that finding people may take, as the preferences have it.
    fn search_bytes(&self) -> Result<u64, CliError> {
        Ok(self.system.search_memory_mib.unwrap_or(self.preferences()?.search_memory_mib) * MIB)
    }

    /// How long a sent reply waits where the office has not set it.
    fn recall_minutes(&self) -> Result<u32, CliError> {
        Ok(self.system.recall_minutes.unwrap_or(self.preferences()?.recall_minutes))
    }

    /// What the caseworker prefers.
    fn preferences(&self) -> Result<Preferences, CliError> {
        Ok(match preferences_file(&self.environment) {
            Some(path) => Preferences::read(&path)?,
            None => Preferences::default(),
        })
    }

    /// What a store is opened with, as the preferences have it.
    fn store_options(&self) -> Result<OpenOptions, CliError> {
        let preferences = self.preferences()?;
        Ok(OpenOptions {
            cache_bytes: self.system.cache_mib.unwrap_or(preferences.cache_mib) * MIB,
            free_bytes_min: self.system.free_space_mib.unwrap_or(preferences.free_space_mib) * MIB,
            ..OpenOptions::default()
        })
    }

    /// The same for a daemon: what many sessions read over and over lies in memory.
    fn office_store_options(&self) -> Result<OpenOptions, CliError> {
        let families_in_memory = crate::desk::FAMILIES_IN_MEMORY;
        Ok(OpenOptions { families_in_memory, ..self.store_options()? })
    }
}

/// Refuses what a caseworker may not choose where the daemon decides it.
fn refuse_choice(option: &str, is_chosen: bool) -> Result<(), CliError> {
    if !is_chosen {
        return Ok(());
    }
    Err(CliError::refused(
        "daemon.choice",
        format!("On this machine the office's daemon decides that: {option} counts for nothing."),
        format!(
            "Leave {option} out; whoever runs the system sets it in /etc/casedesk/config.toml."
        ),
    ))
}

/// What a panic says: one sentence that no terminal obeys, for the words of a panic quote the text that it stumbled over.
///
/// sled panics on a damaged file. The store makes an error of it that says what to do, so that panic itself says nothing.
fn say_panics_harmlessly() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if place.contains("/sled-") {
            return;
        }
        let payload = panic.payload();
        let words = payload.downcast_ref::<&str>().copied();
        let words = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let words = words.unwrap_or("without a word");
        output::tell(&format!("casedesk: a fault of the program itself at {place}: {words}"));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            trace.to_string().lines().for_each(output::tell);
        }
    }));
}

/// All that the command line takes, for whoever checks or documents it.
#[must_use]
pub fn command_line() -> clap::Command {
    help::wrapping(Cli::command())
}

/// What a command line says.
fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut known = command_line();
    let matches = known.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut known))
}

/// Whether the program was started as somebody's login shell: `login` and `sshd` put a dash before its name, and hand a
/// command that was asked for over as `-c COMMAND`.
fn is_login_shell(arguments: &[OsString]) -> bool {
    let has_dash = |name: &OsString| name.as_encoded_bytes().starts_with(b"-");
    arguments.first().is_some_and(has_dash)
        || arguments.get(1).is_some_and(|argument| argument == "-c")
}

/// Runs the program with these arguments, the program's own name first.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Everything that is made from here on is for its owner alone.
    let private = rustix::fs::Mode::from_raw_mode(0o077);
    rustix::process::umask(private);
    say_panics_harmlessly();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_login_shell = is_login_shell(&arguments);
    let arguments = if is_login_shell {
        // Whatever was asked for, a caseworker's session is casedesk and nothing else.
        vec![OsString::from("casedesk")]
    } else {
        arguments
    };
    let asked_for_json = arguments.iter().any(|argument| argument == "--json");
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(message) => return error::exit_for_usage(&message, asked_for_json),
    };
    // What a command asks of the office as it was stands behind two dashes, and its failures are the command's own.
    let is_replay = matches!(cli.command, Some(Command::Replay(_)));
    let output = Output::new(cli.global.json || (is_replay && asked_for_json));
    // A measurement has an office of its own, also where a daemon has this machine's.
    let is_measurement = matches!(cli.command, Some(Command::Bench(_)));
    let system = match SystemConfig::read(cli.global.config.as_deref()) {
        _ if is_measurement => SystemConfig::default(),
        Ok(system) => system,
        Err(error) => return error::exit_for(&error.into(), output),
    };
    let context = Context {
        system,
        environment: Environment::from_lookup(|name| std::env::var_os(name)),
        global: cli.global,
        plain: cli.plain,
        output,
        is_login_shell,
        prepared: RefCell::default(),
    };
    if let Some(Command::Probe(probe::Probe {})) = cli.command {
        return probe::Probe::run(&context);
    }
    match carry_out(cli.command, &context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error::exit_for(&error, context.output),
    }
}

/// Does what was asked for.
fn carry_out(command: Option<Command>, context: &Context) -> Result<(), CliError> {
    match command {
        None => board::run(context),
        Some(Command::Demo(command)) => command.run(context),
        Some(Command::Import(command)) => command.run(context),
        Some(Command::Find(command)) => command.run(context),
        Some(Command::Duplicates(command)) => command.run(context),
        Some(Command::Call(command)) => command.run(context),
        Some(Command::Case(command)) => command.run(context),
        Some(Command::Person(command)) => command.run(context),
        Some(Command::Contact(command)) => command.run(context),
        Some(Command::Promise(command)) => command.run(context),
        Some(Command::Queue(command)) => command.run(context),
        Some(Command::Office(command)) => command.run(context),
        Some(Command::Reconcile(reconcile::Reconcile {})) => reconcile::Reconcile::run(context),
        Some(Command::Fairness(command)) => command.run(context),
        Some(Command::Reindex(reindex::Reindex {})) => reindex::Reindex::run(context),
        Some(Command::Sweep(sweep::Sweep {})) => sweep::Sweep::run(context),
        Some(Command::Verify(command)) => command.run(context),
        Some(Command::Audit(command)) => command.run(context),
        Some(Command::Backup(command)) => command.run(context),
        Some(Command::Restore(command)) => command.run(context),
        Some(Command::Replay(command)) => command.run(context),
        Some(Command::Tutor(tutor::Tutor {})) => tutor::Tutor::run(context),
        Some(Command::Doctor(doctor::Doctor {})) => doctor::Doctor::run(context),
        Some(Command::Evaluate(command)) => command.run(context),
        Some(Command::Bench(command)) => command.run(context),
        Some(Command::Keys(command)) => command.run(context),
        Some(Command::Templates(command)) => command.run(context),
        Some(Command::Types(command)) => command.run(context),
        Some(Command::Tables(command)) => command.run(context),
        Some(Command::Calendar(command)) => command.run(context),
        Some(Command::Clocks(command)) => command.run(context),
        Some(Command::Message(command)) => command.run(context),
        Some(Command::Receipt(command)) => command.run(context),
        Some(Command::Status(command)) => command.run(context),
        Some(Command::Install(command)) => command.run(context),
        Some(Command::Serve(command)) => command.run(context),
        Some(Command::Completions(command)) => command.run(context),
        // It answers with an exit code of its own, and is never asked of an opened office.
        Some(Command::Probe(probe::Probe {})) => Ok(()),
    }
}
