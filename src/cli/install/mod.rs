//! What a server needs so that an office works on it: systemd units, accounts, `sshd`'s part and the configuration.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Context;
use super::error::CliError;

/// What systems expect of such files: everybody may read them, and only root changes them.
const FILE_MODE: u32 = 0o644;
/// The same of directories.
const DIRECTORY_MODE: u32 = 0o755;

/// What is left to do once the files are there.
const NEXT: &str = "Next: systemd-sysusers, systemd-tmpfiles --create, systemctl daemon-reload, systemctl enable --now casedesk.socket casedesk, and the line of `casedesk install --print --only shells`. `casedesk install --help` says how caseworkers get in.";

/// Print the files that a server needs: systemd units with hardening, accounts, `sshd`'s part, the configuration
///
/// Nothing is changed on this machine unless --into says where. Read them, then:
///
///   casedesk install --print                       all files, each below its path
///   casedesk install --print --only sshd           one of them
///   sudo casedesk install --into /                 write them where they belong; what is there is never overwritten
///   sudo systemd-sysusers && sudo systemd-tmpfiles --create
///   sudo systemctl daemon-reload && sudo systemctl enable --now casedesk.socket casedesk
///   sudo systemctl reload ssh
///
/// A caseworker is an account of the group `casedesk-users` whose login shell is casedesk:
///
///   sudo useradd --create-home --groups casedesk-users --shell /usr/bin/casedesk anna
///   sudo -u casedesk casedesk office enrol anna "Anna Berg" --unit office --role caseworker
///
/// The account casedesk has founded the office; it enrols whoever is to run it, and they the others.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Install {
    /// Print the files, each below its path
    #[arg(long, required_unless_present = "into")]
    print: bool,
    /// Only this one
    #[arg(long, value_name = "FILE")]
    only: Option<Part>,
    /// Write the files below this directory: `/`, or a package's root. A file that is there already stays as it is
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

/// One of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The daemon's unit.
    Service,
    /// Its socket's unit.
    Socket,
    /// Account and group.
    Sysusers,
    /// Directories.
    Tmpfiles,
    /// The configuration.
    Config,
    /// `sshd`'s part.
    Sshd,
    /// The line for /etc/shells, which other packages share: it is printed and never written.
    Shells,
}

impl Part {
    const ALL: [Self; 7] = [
        Self::Service,
        Self::Socket,
        Self::Sysusers,
        Self::Tmpfiles,
        Self::Config,
        Self::Sshd,
        Self::Shells,
    ];

    /// Where it belongs.
    fn path(self) -> &'static str {
        match self {
            Self::Service => "/usr/lib/systemd/system/casedesk.service",
            Self::Socket => "/usr/lib/systemd/system/casedesk.socket",
            Self::Sysusers => "/usr/lib/sysusers.d/casedesk.conf",
            Self::Tmpfiles => "/usr/lib/tmpfiles.d/casedesk.conf",
            Self::Config => "/etc/casedesk/config.toml",
            Self::Sshd => "/etc/ssh/sshd_config.d/50-casedesk.conf",
            Self::Shells => "/etc/shells",
        }
    }

    /// What it says.
    fn text(self) -> &'static str {
        match self {
            Self::Service => include_str!("casedesk.service"),
            Self::Socket => include_str!("casedesk.socket"),
            Self::Sysusers => include_str!("sysusers.conf"),
            Self::Tmpfiles => include_str!("tmpfiles.conf"),
            Self::Config => include_str!("config.toml"),
            Self::Sshd => include_str!("sshd_config.conf"),
            Self::Shells => include_str!("shells"),
        }
    }

    /// What makes it count once it is there.
    fn next(self) -> Option<&'static str> {
        match self {
            Self::Service | Self::Socket => Some("Next: systemctl daemon-reload."),
            Self::Sysusers => Some("Next: systemd-sysusers."),
            Self::Tmpfiles => Some("Next: systemd-tmpfiles --create."),
            Self::Config => {
                Some("It counts from the daemon's next start: systemctl restart casedesk.")
            }
            Self::Sshd => Some("Next: systemctl reload ssh."),
            Self::Shells => None,
        }
    }

    /// Whether it is a file of its own rather than a line in one that is shared.
    fn is_whole(self) -> bool {
        self != Self::Shells
    }
}

#[derive(Serialize)]
struct Printed {
    files: Vec<PrintedFile>,
}

#[derive(Serialize)]
struct PrintedFile {
    path: &'static str,
    text: &'static str,
}

#[derive(Serialize)]
struct Written {
    written: Vec<String>,
    kept: Vec<String>,
}

impl Install {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let wanted = |part: &Part| self.only.is_none_or(|only| only == *part);
        let parts: Vec<Part> = Part::ALL.into_iter().filter(wanted).collect();
        if let Some(root) = &self.into {
            let next = self.only.map_or(Some(NEXT), Part::next);
            return context.output.show(&write_all(&parts, root)?, |written| written.lines(next));
        }
        let files =
            parts.iter().map(|part| PrintedFile { path: part.path(), text: part.text() }).collect();
        context.output.show(&Printed { files }, |_| self.lines(&parts))
    }

    /// The files as they are printed; one alone without a heading, so that it can be piped to its place.
    fn lines(&self, parts: &[Part]) -> Vec<String> {
        let heading = |part: &Part| {
            let note = if part.is_whole() { "" } else { " (add this line)" };
            self.only.is_none().then(|| format!("# ==== {}{note}", part.path()))
        };
        let text = |part: &Part| part.text().lines().map(str::to_owned);
        parts.iter().flat_map(|part| heading(part).into_iter().chain(text(part))).collect()
    }
}

impl Written {
    fn lines(&self, next: Option<&str>) -> Vec<String> {
        let wrote = self.written.iter().map(|path| format!("Wrote {path}."));
        let kept =
            self.kept.iter().map(|path| format!("{path} is there already and stays as it is."));
        wrote.chain(kept).chain(next.map(str::to_owned)).collect()
    }
}

/// Writes the files below a root. Nothing that is there already is changed.
fn write_all(parts: &[Part], root: &Path) -> Result<Written, CliError> {
    let (mut written, mut kept) = (Vec::new(), Vec::new());
    for part in parts.iter().filter(|part| part.is_whole()) {
        let path = root.join(part.path().trim_start_matches('/'));
        let shown = path.display().to_string();
        if let Some(directory) = path.parent() {
            let mut maker = DirBuilder::new();
            maker.recursive(true).mode(DIRECTORY_MODE);
            let failed = CliError::failed_to(format!("make {}", directory.display()));
            maker.create(directory).map_err(failed)?;
        }
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&path);
        match file {
            Ok(mut file) => {
                let failed = CliError::failed_to(format!("write {shown}"));
                // The program's mask keeps what it makes to its owner; these are for everybody to read.
                file.write_all(part.text().as_bytes())
                    .and_then(|()| file.set_permissions(Permissions::from_mode(FILE_MODE)))
                    .map_err(failed)?;
                written.push(shown);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => kept.push(shown),
            Err(error) => return Err(CliError::failed_to(format!("make {shown}"))(error)),
        }
    }
    Ok(Written { written, kept })
}
