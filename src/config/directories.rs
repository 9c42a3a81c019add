//! Finds the data directory and the preferences file.

use super::ConfigError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The directory's name below the directories of the platform.
const NAME: &str = "casedesk";

/// What casedesk asks of the process's environment; nothing else of it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `CASEDESK_DATA`: the data directory.
    pub casedesk_data: Option<PathBuf>,
    /// `HOME`: the home directory.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`: the directory for data of programs.
    pub xdg_data_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`: the directory for settings of programs.
    pub xdg_config_home: Option<PathBuf>,
}

impl Environment {
    /// The environment that a look-up of variables gives, such as `std::env::var_os`. An empty variable counts as unset,
    /// and so does a relative path in `HOME` or an XDG variable, as the XDG base directory specification wants it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let path = |name: &str| lookup(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
        Self {
            casedesk_data: path("CASEDESK_DATA"),
            home: absolute("HOME"),
            xdg_data_home: absolute("XDG_DATA_HOME"),
            xdg_config_home: absolute("XDG_CONFIG_HOME"),
        }
    }
}

/// The data directory: the one asked for, else `CASEDESK_DATA`, else the platform's directory for data of programs.
///
/// # Errors
/// [`ConfigError::NoDataDirectory`] where nothing names one.
pub fn data_directory(
    asked_for: Option<&Path>,
    environment: &Environment,
) -> Result<PathBuf, ConfigError> {
    let in_home =
        if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    asked_for
        .map(Path::to_path_buf)
        .or_else(|| environment.casedesk_data.clone())
        .or_else(|| environment.xdg_data_home.as_ref().map(|data| data.join(NAME)))
        .or_else(|| environment.home.as_ref().map(|home| home.join(in_home).join(NAME)))
        .ok_or(ConfigError::NoDataDirectory)
}

/// The caseworker's preferences file, `config.toml` in the directory for settings of programs, whether it exists or not.
#[must_use]
pub fn preferences_file(environment: &Environment) -> Option<PathBuf> {
    let settings = environment
        .xdg_config_home
        .clone()
        .or_else(|| environment.home.as_ref().map(|home| home.join(".config")))?;
    Some(settings.join(NAME).join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::{Environment, data_directory, preferences_file};
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_data_directory_is_asked_for_then_set_then_the_platforms() {
        let mut variables =
            vec![("CASEDESK_DATA", "desk"), ("XDG_DATA_HOME", "/data"), ("HOME", "/home/kari")];
        let all = environment(&variables);
        let asked_for = data_directory(Some(Path::new("here")), &all).unwrap();
        assert_eq!(asked_for, PathBuf::from("here"));
        assert_eq!(data_directory(None, &all).unwrap(), PathBuf::from("desk"));
        variables.remove(0);
        let platform = data_directory(None, &environment(&variables)).unwrap();
        assert_eq!(platform, PathBuf::from("/data/casedesk"));
        variables.remove(0);
        let home = data_directory(None, &environment(&variables)).unwrap();
        assert!(home.starts_with("/home/kari") && home.ends_with("casedesk"), "{}", home.display());
    }

    #[test]
    fn an_empty_or_relative_variable_counts_as_unset() {
        let odd = environment(&[
            ("CASEDESK_DATA", ""),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "settings"),
        ]);
        let refusal = data_directory(None, &odd).unwrap_err().to_string();
        assert!(refusal.contains("--data"), "{refusal}");
        assert_eq!(preferences_file(&odd), None);
    }

    #[test]
    fn preferences_lie_in_the_directory_for_settings() {
        let home = environment(&[("HOME", "/home/kari")]);
        let in_home = PathBuf::from("/home/kari/.config/casedesk/config.toml");
        assert_eq!(preferences_file(&home), Some(in_home));
        let set = environment(&[("HOME", "/home/kari"), ("XDG_CONFIG_HOME", "/settings")]);
        assert_eq!(preferences_file(&set), Some(PathBuf::from("/settings/casedesk/config.toml")));
    }
}
