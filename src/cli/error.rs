//! Decides, in one place, who is to blame, what helps, and with which code the program ends.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::account::SystemUser;
use super::output::{self, Output};
use crate::config::ConfigError;
use crate::desk::{DeskError, PURPOSE_NEEDED};
use crate::domain::{CaseId, PersonId, Refusal};
use crate::exchange::ExchangeError;
use crate::link::LinkError;
use crate::store::{BackupError, StoreError};
use crate::text::{safe_block, with_sources};
use crate::tui::TuiError;

/// It was refused, or something wrong was found.
const EXIT_REFUSED: u8 = 1;
/// The command line is wrong.
const EXIT_USAGE: u8 = 2;
/// Another program holds the database.
const EXIT_HELD: u8 = 5;

/// The program may be started again at once, as sysexits has it (`EX_TEMPFAIL`): its database had stopped.
pub(super) const EXIT_AGAIN: u8 = 75;

/// Why a subcommand did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The desk said no, or could not.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The store does not open.
    #[error(transparent)]
    Store(StoreError),
    /// Another program holds the database, and does not let others in.
    #[error("the database {path} is held by {holder}")]
    Held {
        /// The data directory.
        path: String,
        /// Who has it.
        holder: String,
    },
    /// The office's daemon does not answer.
    #[error("the office's daemon does not answer at {}", socket.display())]
    Daemon {
        /// Where it listens.
        socket: PathBuf,
        /// What was met there.
        #[source]
        source: LinkError,
    },
    /// No directory, or bad preferences.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An import could not begin or go on.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The conversation with whoever has the database failed.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Something else of the system failed.
    #[error("cannot {action}")]
    System {
        /// What was attempted.
        action: String,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// Nobody reads what is written.
    #[error("cannot write the answer")]
    Output(#[source] io::Error),
    /// The terminal program could not begin or go on.
    #[error(transparent)]
    Terminal(#[from] TuiError),
    /// There is no backup, or nothing was restored.
    #[error(transparent)]
    Backup(BackupError),
    /// An answer is no JSON.
    #[error("cannot write the answer as JSON")]
    Json(#[from] serde_json::Error),
    /// The command for the office as it was is wrong: what clap says of it.
    #[error("the command line is wrong")]
    Usage(Box<clap::Error>),
    /// Something wrong was found, and has been said already.
    #[error("something wrong was found")]
    Found,
}

impl CliError {
    /// A refusal of the command line's own.
    pub(super) fn refused(code: &str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Desk(DeskError::Refused(Refusal::new(code, what, hint)))
    }

    /// A function that says what failed.
    pub(super) fn failed_to(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let action = action.into();
        move |source| Self::System { action, source }
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Output(source) if source.kind() == ErrorKind::BrokenPipe => 0,
            Self::Held { .. } | Self::Store(StoreError::Held { .. }) => EXIT_HELD,
            Self::Usage(_) | Self::Config(_) | Self::Exchange(ExchangeError::NoMapping { .. }) => {
                EXIT_USAGE
            }
            Self::Desk(_)
            | Self::Store(_)
            | Self::Exchange(_)
            | Self::Link(_)
            | Self::Daemon { .. }
            | Self::System { .. }
            | Self::Output(_)
            | Self::Json(_)
            | Self::Terminal(_)
            | Self::Backup(_)
            | Self::Found => EXIT_REFUSED,
        }
    }

    fn code(&self) -> String {
        match self {
            Self::Desk(DeskError::Refused(refusal)) => refusal.code.clone(),
            Self::Desk(DeskError::Changed { .. }) => "changed".to_owned(),
            Self::Desk(DeskError::NotFound(_)) => "not-found".to_owned(),
            Self::Desk(DeskError::Closed(_)) => "closed".to_owned(),
            Self::Desk(DeskError::ReadOnly(_)) => "read-only".to_owned(),
            Self::Desk(DeskError::Broken(_)) => "broken".to_owned(),
            Self::Desk(DeskError::Lost(_) | DeskError::GivenUp) | Self::Link(_) => {
                "lost".to_owned()
            }
            Self::Store(StoreError::Damaged { .. }) => "damaged".to_owned(),
            Self::Held { .. } | Self::Store(StoreError::Held { .. }) => "held".to_owned(),
            Self::Daemon { .. } => "daemon".to_owned(),
            Self::Config(_) => "config".to_owned(),
            Self::Exchange(_) => "import".to_owned(),
            Self::Backup(error) => backup_words(error).0.to_owned(),
            Self::Store(_)
            | Self::System { .. }
            | Self::Output(_)
            | Self::Json(_)
            | Self::Terminal(_) => "system".to_owned(),
            Self::Usage(_) => "usage".to_owned(),
            Self::Found => "found".to_owned(),
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Desk(DeskError::Refused(refusal)) if refusal.code == PURPOSE_NEEDED => {
                format!("{} Here: --purpose CODE.", refusal.hint)
            }
            Self::Desk(DeskError::Refused(refusal)) => refusal.hint.clone(),
            Self::Desk(DeskError::Changed { .. }) => "Look at it again, then repeat.".to_owned(),
            Self::Desk(DeskError::Closed(behind)) => format!(
                "Have somebody else do it. In an emergency, `casedesk office emergency {behind} --reason WORDS` opens it for \
                 an hour; others are told at once, and somebody else reviews it."
            ),
            Self::Desk(DeskError::NotFound(what)) if is_number_of_the_register(what) => {
                "`casedesk find WORDS` finds people and cases with their numbers; what you may not see is answered as if it \
                 were not there."
                    .to_owned()
            }
            Self::Desk(DeskError::ReadOnly(_)) => {
                "What was acknowledged before is safe. Look at the disk, then close casedesk and open it again."
                    .to_owned()
            }
            Self::Held { .. } | Self::Store(StoreError::Held { .. }) => {
                "Close that program, or give another --data DIR.".to_owned()
            }
            Self::Daemon { .. } => {
                "This machine works with the office's daemon (/etc/casedesk/config.toml), and no private database is \
                 opened in its place. Try again in a moment; if it stays away, whoever runs the system starts it: \
                 systemctl start casedesk."
                    .to_owned()
            }
            Self::Store(StoreError::Engine { .. }) => {
                "Open casedesk again: a database that does not work is set aside and made anew from the journal."
                    .to_owned()
            }
            Self::Store(StoreError::Damaged { .. }) | Self::Desk(DeskError::Broken(_)) => {
                "Keep the directory as it is. `casedesk verify` shows everything that is damaged; `casedesk --data NEW \
                 restore BACKUP` brings the newest backup back beside it."
                    .to_owned()
            }
            Self::Exchange(ExchangeError::Desk { .. } | ExchangeError::Broken { .. }) => {
                "What was taken stays; the same command goes on from there.".to_owned()
            }
            Self::Backup(error) => backup_words(error).1.to_owned(),
            Self::Desk(DeskError::NotFound(_) | DeskError::Lost(_) | DeskError::GivenUp)
            | Self::Store(_)
            | Self::Config(_)
            | Self::Exchange(_)
            | Self::Link(_)
            | Self::System { .. }
            | Self::Output(_)
            | Self::Json(_)
            | Self::Terminal(_)
            | Self::Usage(_)
            | Self::Found => String::new(),
        }
    }

    /// The message and what helps, in one paragraph.
    pub(super) fn in_full(&self) -> String {
        format!("{}. {}", self.message(), self.hint()).trim_end().to_owned()
    }

    /// The message, with those of its sources behind it.
    pub(super) fn message(&self) -> String {
        if let Self::Desk(DeskError::Refused(refusal)) = self {
            return refusal.what.clone();
        }
        with_sources(self)
    }
}

/// Whether it is the number of a person or of a case, as P-1.
fn is_number_of_the_register(what: &str) -> bool {
    what.parse::<PersonId>().is_ok() || what.parse::<CaseId>().is_ok()
}

/// The refusal where there is a directory that the user may not read; `owner` is the daemon's user, where a daemon has it.
pub(super) fn unreadable(data: &Path, owner: Option<&str>) -> CliError {
    let what = format!("`{}` may not read {}", SystemUser::current().account, data.display());
    let Some(owner) = owner else {
        let hint = "It belongs to another user, who has the office; give your own: --data DIR.";
        return CliError::refused("data.unreadable", format!("{what}."), hint);
    };
    CliError::refused(
        "data.unreadable",
        format!("{what}: it is the office's data, which the daemon of this machine keeps."),
        format!(
            "Whoever runs the system does it as the daemon's user: `runuser -u {owner} -- casedesk verify`, and so with \
             doctor, backup, replay and audit verify. They work beside the daemon; only what verify says of the database \
             itself, verify --deep, verify --anchors and reindex want it stopped: systemctl stop casedesk.socket casedesk."
        ),
    )
}

/// The refusal where there is no database; `owner` is the daemon's user, where a daemon is to have it.
pub(super) fn no_database(data: &Path, owner: Option<&str>, code: &str) -> CliError {
    let what = format!("There is no database in {}.", data.display());
    let hint = match owner {
        None => "Give its directory: --data DIR. `casedesk` alone makes a new office.",
        Some(_) => {
            "The office's daemon makes it when it starts first: systemctl start casedesk. `data` in the configuration says \
             where it lies."
        }
    };
    CliError::refused(code, what, hint)
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Held { path, holder } => Self::Held { path, holder },
            other @ (StoreError::Io { .. }
            | StoreError::Damaged { .. }
            | StoreError::Engine { .. }
            | StoreError::Closed
            | StoreError::Copy(_)) => Self::Store(other),
        }
    }
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => error.into(),
            other @ (BackupError::Exists { .. }
            | BackupError::NotOurs { .. }
            | BackupError::Busy { .. }
            | BackupError::NoRoom { .. }
            | BackupError::Bad { .. }
            | BackupError::Key { .. }
            | BackupError::Unproved { .. }
            | BackupError::Stopped) => Self::Backup(other),
        }
    }
}

/// The code of an error of backups, and what helps.
fn backup_words(error: &BackupError) -> (&'static str, &'static str) {
    match error {
        BackupError::Store(_) => ("system", ""),
        BackupError::Exists { .. } => ("backup.exists", "Give a name that nothing has."),
        BackupError::NotOurs { .. } => {
            ("backup.leftover", "Look at what is in it, and move it away or remove it.")
        }
        BackupError::Busy { .. } => ("backup.busy", "Wait for it to end, or give another name."),
        BackupError::NoRoom { .. } => ("backup.room", "Make room there, or give another disk."),
        BackupError::Bad { .. } => {
            ("backup.bad", "Keep this backup as it is, and restore another one.")
        }
        BackupError::Key { .. } => {
            ("backup.key", "Give the recipient or the identity as `age-keygen` writes it.")
        }
        BackupError::Unproved { .. } => (
            "backup.unproved",
            "Run `casedesk verify` to see what is wrong, and keep older backups.",
        ),
        BackupError::Stopped => ("stopped", ""),
    }
}

#[derive(Serialize)]
struct Failure<'a> {
    ok: bool,
    code: &'a str,
    error: &'a str,
    hint: &'a str,
}

/// Says what the matter is and gives the program's exit code.
pub(super) fn exit_for(error: &CliError, output: Output) -> ExitCode {
    if let CliError::Usage(message) = error {
        return exit_for_usage(message, output.is_json());
    }
    let code = error.exit_code();
    if code != 0 && !matches!(error, CliError::Found) {
        let (message, hint) = (error.message(), error.hint());
        output::tell(&format!("casedesk: {message}"));
        if !hint.is_empty() {
            output::tell(&hint);
        }
        if output.is_json() {
            let failure = Failure { ok: false, code: &error.code(), error: &message, hint: &hint };
            // Where stdout is gone, the exit code still says that it failed.
            let _written = output::json(&failure);
        }
    }
    ExitCode::from(code)
}

/// Prints help, the version, or what is wrong with the command line; a script that asked for JSON gets its one line too.
pub(super) fn exit_for_usage(message: &clap::Error, is_json: bool) -> ExitCode {
    if is_json && message.use_stderr() {
        let error = message.render().to_string();
        let error = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let failure = Failure { ok: false, code: "usage", error, hint: "Try --help." };
        // Where nobody reads the line, the exit code still tells.
        let _written = output::json(&failure);
    }
    // It quotes the command line, which may have come from anywhere.
    let said = message.render().to_string();
    let lines = safe_block(&said);
    if message.use_stderr() {
        for line in &lines {
            output::tell(line);
        }
    } else {
        // A reader who is gone wants no help.
        let _written = output::raw(&(lines.join("\n") + "\n"));
    }
    if message.use_stderr() { ExitCode::from(EXIT_USAGE) } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EntityId;

    #[test]
    fn data_that_may_not_be_read_is_not_said_to_be_missing_and_the_hint_says_who_may() {
        let data = Path::new("/var/lib/casedesk");
        let daemons = unreadable(data, Some("casedesk")).in_full();
        assert!(daemons.contains("may not read /var/lib/casedesk: it is the office's data"));
        assert!(daemons.contains("`runuser -u casedesk -- casedesk verify`"), "{daemons}");
        assert!(daemons.contains("systemctl stop casedesk.socket casedesk"), "{daemons}");
        let other = unreadable(data, None).in_full();
        assert!(other.contains("It belongs to another user") && !other.contains("runuser"));
        let none = no_database(data, Some("casedesk"), "verify.none").in_full();
        assert!(none.contains("systemctl start casedesk") && !none.contains("--data"), "{none}");
        assert!(no_database(data, None, "verify.none").in_full().contains("--data DIR"));
    }

    #[test]
    fn a_refusal_says_the_next_step() {
        let closed = CliError::Desk(DeskError::Closed(EntityId::Person(PersonId(12))));
        let said = closed.in_full();
        assert!(said.contains("casedesk office emergency P-12 --reason"), "{said}");
        let missing = CliError::Desk(DeskError::NotFound("P-1".to_owned())).in_full();
        assert!(missing.contains("`casedesk find WORDS`"), "{missing}");
        let unit = CliError::Desk(DeskError::NotFound("U-9".to_owned())).in_full();
        assert_eq!(unit, "there is no U-9.");
    }
}
