//! How casedesk works on this machine, for everybody on it: the file that whoever runs the system writes.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::preferences::{
    CACHE_MIB, FREE_SPACE_MIB, RECALL_MINUTES, SEARCH_MEMORY_MIB, syntax, text_of, whole,
};
use crate::text::line_at;

/// Where the file lies. No variable of the environment moves it.
pub const SYSTEM_FILE: &str = "/etc/casedesk/config.toml";

/// What `sessions` may be: a thread each.
const SESSIONS: std::ops::RangeInclusive<u64> = 1..=10_000;

/// What is said of a field that does not exist.
const NO_FIELD: &str = "is nothing that is set here; there are `mode`, `socket`, `socket_mode`, `socket_group`, `owner`, `data`, `sessions`, `sessions_a_user`, `free_space_mib`, `cache_mib`, `search_memory_mib` and `recall_minutes`";

/// Who has the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Each user a desk of their own, in their own directory.
    #[default]
    Desk,
    /// One daemon that all users call; nobody has a database beside it.
    Daemon,
}

/// How casedesk works on this machine, with the defaults for what the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemConfig {
    /// `mode`: `desk` or `daemon`.
    pub mode: Mode,
    /// `socket`: where the daemon listens.
    pub socket: PathBuf,
    /// `socket_mode`: the permissions of the socket, as `"0660"`.
    pub socket_mode: u32,
    /// `socket_group`: the group whose members may call, where the daemon makes the socket.
    pub socket_group: Option<String>,
    /// `owner`: the user as whom the daemon runs; whoever else listens at the socket is not talked to, root excepted.
    pub owner: String,
    /// `data`: the directory of the office's data.
    pub data: Option<PathBuf>,
    /// `sessions`: sessions at once.
    pub sessions: Option<usize>,
    /// `sessions_a_user`: sessions at once of one user.
    pub sessions_a_user: Option<usize>,
    /// `free_space_mib`, as among the preferences; the daemon has none of its own.
    pub free_space_mib: Option<u64>,
    /// `cache_mib`, likewise.
    pub cache_mib: Option<u64>,
    /// `search_memory_mib`, likewise.
    pub search_memory_mib: Option<u64>,
    /// `recall_minutes`, likewise.
    pub recall_minutes: Option<u32>,
}

impl Default for SystemConfig {
    fn default() -> Self {
        Self {
            mode: Mode::Desk,
            socket: PathBuf::from("/run/casedesk/desk.sock"),
            socket_mode: 0o660,
            socket_group: None,
            owner: "casedesk".to_owned(),
            data: None,
            sessions: None,
            sessions_a_user: None,
            free_space_mib: None,
            cache_mib: None,
            search_memory_mib: None,
            recall_minutes: None,
        }
    }
}

impl SystemConfig {
    /// Reads the machine's file; where there is none, each user has a desk of their own. `asked_for` is another file, which
    /// has to be there.
    ///
    /// # Errors
    /// Every variant of [`ConfigError`] that names a file; the first thing wrong in it is the one reported.
    pub fn read(asked_for: Option<&Path>) -> Result<Self, ConfigError> {
        let file = asked_for.unwrap_or(Path::new(SYSTEM_FILE));
        match text_of(file)? {
            Some(text) => Self::parse(file, &text),
            None if asked_for.is_some() => Err(ConfigError::Unreadable {
                file: file.to_owned(),
                source: std::io::ErrorKind::NotFound.into(),
            }),
            None => Ok(Self::default()),
        }
    }

    /// Reads the text of the file; `file` is its place, for errors.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] and [`ConfigError::Field`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| syntax(file, text, &error))?;
        let mut config = Self::default();
        for (field, value) in table.get_ref() {
            let set = config.set(field.get_ref(), value.get_ref());
            set.map_err(|what| ConfigError::Field {
                file: file.to_owned(),
                line: line_at(text, field.span().start),
                field: field.get_ref().to_string(),
                what,
            })?;
        }
        Ok(config)
    }

    fn set(&mut self, field: &str, value: &DeValue<'_>) -> Result<(), &'static str> {
        match field {
            "mode" => {
                self.mode = match value.as_str() {
                    Some("desk") => Mode::Desk,
                    Some("daemon") => Mode::Daemon,
                    _ => return Err("must be `desk` or `daemon`, in quotes"),
                };
            }
            "socket" => self.socket = absolute(value)?,
            "socket_mode" => self.socket_mode = permissions(value)?,
            "socket_group" => self.socket_group = Some(name(value)?),
            "owner" => self.owner = name(value)?,
            "data" => self.data = Some(absolute(value)?),
            "sessions" => self.sessions = Some(sessions(value)?),
            "sessions_a_user" => self.sessions_a_user = Some(sessions(value)?),
            "free_space_mib" => {
                let mib = whole(value, FREE_SPACE_MIB);
                self.free_space_mib = Some(mib.ok_or("must be a whole number from 1 to 1048576")?);
            }
            "cache_mib" => {
                let mib = whole(value, CACHE_MIB);
                self.cache_mib = Some(mib.ok_or("must be a whole number from 8 to 65536")?);
            }
            "search_memory_mib" => {
                let mib = whole(value, SEARCH_MEMORY_MIB);
                self.search_memory_mib = Some(mib.ok_or("must be a whole number from 8 to 65536")?);
            }
            "recall_minutes" => {
                let minutes = whole(value, RECALL_MINUTES).and_then(|it| u32::try_from(it).ok());
                self.recall_minutes = Some(minutes.ok_or("must be a whole number from 0 to 1440")?);
            }
            _ => return Err(NO_FIELD),
        }
        Ok(())
    }
}

fn name(value: &DeValue<'_>) -> Result<String, &'static str> {
    let name = value.as_str().filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or("must be a name in quotes")
}

fn absolute(value: &DeValue<'_>) -> Result<PathBuf, &'static str> {
    let path = value.as_str().map(PathBuf::from).filter(|path| path.is_absolute());
    path.ok_or("must be a path in quotes that begins with `/`")
}

/// Permissions of a socket: nobody who may not write to it can call, and executing it means nothing.
fn permissions(value: &DeValue<'_>) -> Result<u32, &'static str> {
    let mode = value.as_str().and_then(|text| u32::from_str_radix(text, 8).ok());
    mode.filter(|mode| *mode <= 0o777 && mode & 0o600 == 0o600)
        .ok_or("must be permissions in quotes that let the owner read and write, as `\"0660\"`")
}

fn sessions(value: &DeValue<'_>) -> Result<usize, &'static str> {
    let count = whole(value, SESSIONS).and_then(|count| usize::try_from(count).ok());
    count.ok_or("must be a whole number from 1 to 10000")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "/etc/casedesk/config.toml";

    fn parse(text: &str) -> Result<SystemConfig, String> {
        SystemConfig::parse(Path::new(FILE), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_says_what_it_says_and_the_rest_is_as_it_is_without() {
        let config = parse("mode = \"daemon\"\ndata = \"/srv/desk\"\nsocket_mode = \"0666\"\n");
        let data = Some(PathBuf::from("/srv/desk"));
        let expected =
            SystemConfig { mode: Mode::Daemon, data, socket_mode: 0o666, ..Default::default() };
        assert_eq!(config.unwrap(), expected);
        assert_eq!(parse("").unwrap(), SystemConfig::default());
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_field() {
        for (text, said) in [
            ("\nmode = \"deamon\"", ":2: `mode` must be `desk` or `daemon`"),
            ("socket = \"desk.sock\"", ":1: `socket` must be a path"),
            ("socket_mode = 660", ":1: `socket_mode` must be permissions"),
            ("socket_mode = \"0066\"", ":1: `socket_mode` must be permissions"),
            ("sessions = 0", ":1: `sessions` must be a whole number from 1 to 10000"),
            ("keymap = \"vim\"", ":1: `keymap` is nothing that is set here"),
            ("mode = daemon", ":1: "),
        ] {
            let refusal = parse(text).unwrap_err();
            assert!(refusal.starts_with(&format!("{FILE}{said}")), "{refusal}");
        }
    }
}
