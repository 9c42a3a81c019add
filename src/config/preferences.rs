//! Reads the caseworker's preferences file.

use super::ConfigError;
use crate::text::line_at;
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The most bytes that a preferences file may have.
const PREFERENCES_BYTES_MAX: u64 = 64 * 1024;

/// What `free_space_mib` may be: something, for a disk that is full to the last byte loses what comes next.
pub(super) const FREE_SPACE_MIB: RangeInclusive<u64> = 1..=1_048_576;

/// The languages in which times are understood, all of them where nothing else is chosen.
const LANGUAGES: [&str; 5] = ["en", "es", "tr", "nb", "fa"];

/// What `cache_mib` may be.
pub(super) const CACHE_MIB: RangeInclusive<u64> = 8..=65_536;

/// What `search_memory_mib` may be.
pub(super) const SEARCH_MEMORY_MIB: RangeInclusive<u64> = 8..=65_536;

/// Room for the words of some ten million people of mixed origin, at about 50 bytes a word.
const SEARCH_MEMORY_MIB_DEFAULT: u64 = 256;

/// What `theme` may be.
const THEMES: [&str; 3] = ["default", "mono", "high-contrast"];

/// What `bidi` may be.
const BIDI: [&str; 4] = ["auto", "app", "terminal", "off"];

/// What `also_calendar` may be.
const ALSO_CALENDARS: [&str; 3] = ["none", "jalali", "hijri"];

/// What `lines` may be.
const LINES: [&str; 4] = ["auto", "ascii", "dec", "utf-8"];

/// What `colours` may be.
const COLOURS: [&str; 5] = ["auto", "none", "16", "256", "true"];

/// What `escape_delay_ms` may be: up to what a satellite's line takes a sequence apart.
const ESCAPE_DELAY_MS: RangeInclusive<u64> = 0..=2_000;

/// What `recall_minutes` may be: up to a day.
pub(super) const RECALL_MINUTES: RangeInclusive<u64> = 0..=1_440;

/// What is said of a field that does not exist.
const NO_PREFERENCE: &str = "is no preference; there are `keymap`, `keymap_file`, `layout`, `theme`, `colours`, `lines`, `bidi`, `charts`, `escape_delay_ms`, `plain`, `languages`, `also_calendar`, `bell`, `recall_minutes`, `free_space_mib`, `cache_mib` and `search_memory_mib`";

/// What charts are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartSigns {
    /// Blocks where the locale says UTF-8, and letters elsewhere.
    #[default]
    Auto,
    /// Blocks of eight heights.
    Blocks,
    /// Letters and signs of every terminal.
    Ascii,
}

impl ChartSigns {
    /// Whether charts are drawn with blocks, where the terminal's locale says so.
    #[must_use]
    pub fn are_blocks(self, is_utf8: bool) -> bool {
        match self {
            Self::Auto => is_utf8,
            Self::Blocks => true,
            Self::Ascii => false,
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "blocks" => Some(Self::Blocks),
            "ascii" => Some(Self::Ascii),
            _ => None,
        }
    }
}

/// What a caseworker has chosen, with the defaults for what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// `keymap`: the name of a preset.
    pub keymap: String,
    /// `keymap_file`: the caseworker's own keys, laid over the preset; a relative path is one beside the preferences.
    pub keymap_file: Option<PathBuf>,
    /// `layout`: the keyboard whose keys are looked up by their place, `auto` or `off`.
    pub layout: String,
    /// `free_space_mib`: the smallest free space, in MiB, at which changes are accepted where the data lies.
    pub free_space_mib: u64,
    /// `cache_mib`: memory for the database's pages, in MiB.
    pub cache_mib: u64,
    /// `charts`: what charts are drawn with.
    pub charts: ChartSigns,
    /// `search_memory_mib`: memory for the words by which people are found, in MiB.
    pub search_memory_mib: u64,
    /// `recall_minutes`: how long a sent reply waits, and can be recalled, where the office has not set it.
    pub recall_minutes: u32,
    /// `languages`: the languages in which times are understood, the office's own first.
    pub languages: Vec<String>,
    /// `bell`: whether the terminal's bell rings for promises.
    pub bell: bool,
    /// `also_calendar`: the calendar in which a case's days are said, too: `none`, `jalali` or `hijri` (the civil one).
    pub also_calendar: String,
    /// `theme`: the colours of meanings.
    pub theme: String,
    /// `bidi`: who puts right-to-left text into the order in which it is read.
    pub bidi: String,
    /// `lines`: what lines are drawn with.
    pub lines: String,
    /// `colours`: how many colours the terminal has.
    pub colours: String,
    /// `escape_delay_ms`: how long after an Esc the rest of a key's sequence may come, in milliseconds.
    pub escape_delay_ms: u64,
    /// `plain`: whether the office is shown in numbered lines rather than on the full screen.
    pub plain: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            keymap: "default".to_owned(),
            keymap_file: None,
            layout: "auto".to_owned(),
            free_space_mib: 256,
            cache_mib: 64,
            charts: ChartSigns::Auto,
            search_memory_mib: SEARCH_MEMORY_MIB_DEFAULT,
            recall_minutes: 2,
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            bell: false,
            also_calendar: "none".to_owned(),
            theme: "default".to_owned(),
            bidi: "auto".to_owned(),
            lines: "auto".to_owned(),
            colours: "auto".to_owned(),
            escape_delay_ms: 25,
            plain: false,
        }
    }
}

impl Preferences {
    /// Reads a preferences file; one that does not exist gives the defaults.
    ///
    /// # Errors
    /// Every variant of [`ConfigError`] that names a file; the first thing wrong in it is the one reported.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        match text_of(file)? {
            Some(text) => Self::parse(file, &text),
            None => Ok(Self::default()),
        }
    }

    /// Reads the text of a preferences file; `file` is its place, for relative paths and for errors.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] and [`ConfigError::Field`].
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| syntax(file, text, &error))?;
        let mut preferences = Self::default();
        for (field, value) in table.get_ref() {
            let wrong = |what| ConfigError::Field {
                file: file.to_path_buf(),
                line: line_at(text, field.span().start),
                field: field.get_ref().to_string(),
                what,
            };
            let word = |value: &DeValue<'_>| {
                value.as_str().map(str::to_owned).ok_or_else(|| wrong("must be text in quotes"))
            };
            match field.get_ref().as_ref() {
                "keymap" => preferences.keymap = word(value.get_ref())?,
                "keymap_file" => {
                    let beside = file.parent().unwrap_or(Path::new(""));
                    preferences.keymap_file = Some(beside.join(word(value.get_ref())?));
                }
                "layout" => preferences.layout = word(value.get_ref())?,
                "free_space_mib" => {
                    preferences.free_space_mib = whole(value.get_ref(), FREE_SPACE_MIB)
                        .ok_or_else(|| wrong("must be a whole number from 1 to 1048576"))?;
                }
                "cache_mib" => {
                    preferences.cache_mib = whole(value.get_ref(), CACHE_MIB)
                        .ok_or_else(|| wrong("must be a whole number from 8 to 65536"))?;
                }
                "charts" => {
                    let named = value.get_ref().as_str().and_then(ChartSigns::named);
                    preferences.charts =
                        named.ok_or_else(|| wrong("must be `auto`, `blocks` or `ascii`"))?;
                }
                "search_memory_mib" => {
                    preferences.search_memory_mib = whole(value.get_ref(), SEARCH_MEMORY_MIB)
                        .ok_or_else(|| wrong("must be a whole number from 8 to 65536"))?;
                }
                "recall_minutes" => {
                    preferences.recall_minutes = whole(value.get_ref(), RECALL_MINUTES)
                        .and_then(|minutes| u32::try_from(minutes).ok())
                        .ok_or_else(|| wrong("must be a whole number from 0 to 1440"))?;
                }

                "languages" => {
                    preferences.languages = languages(value.get_ref()).ok_or_else(|| {
                        wrong(
                            "must be a list of languages, as [\"nb\", \"en\"]: en, es, tr, nb, fa",
                        )
                    })?;
                }
                "bell" => {
                    preferences.bell =
                        value.get_ref().as_bool().ok_or_else(|| wrong("must be true or false"))?;
                }
                "also_calendar" => {
                    preferences.also_calendar = one_of(value.get_ref(), &ALSO_CALENDARS)
                        .ok_or_else(|| wrong("must be `none`, `jalali` or `hijri` (civil)"))?;
                }
                "theme" => {
                    preferences.theme = one_of(value.get_ref(), &THEMES)
                        .ok_or_else(|| wrong("must be `default`, `mono` or `high-contrast`"))?;
                }
                "bidi" => {
                    preferences.bidi = one_of(value.get_ref(), &BIDI)
                        .ok_or_else(|| wrong("must be `auto`, `app`, `terminal` or `off`"))?;
                }
                "lines" => {
                    preferences.lines = one_of(value.get_ref(), &LINES)
                        .ok_or_else(|| wrong("must be `auto`, `ascii`, `dec` or `utf-8`"))?;
                }
                "colours" => {
                    preferences.colours = one_of(value.get_ref(), &COLOURS).ok_or_else(|| {
                        wrong("must be `auto`, `none`, `16`, `256` or `true`, in quotes")
                    })?;
                }
                "escape_delay_ms" => {
                    preferences.escape_delay_ms = whole(value.get_ref(), ESCAPE_DELAY_MS)
                        .ok_or_else(|| wrong("must be a whole number from 0 to 2000"))?;
                }
                "plain" => {
                    preferences.plain =
                        value.get_ref().as_bool().ok_or_else(|| wrong("must be true or false"))?;
                }
                _ => {
                    return Err(wrong(NO_PREFERENCE));
                }
            }
        }
        Ok(preferences)
    }
}

/// The text of a file of settings; nothing where there is no such file.
pub(super) fn text_of(file: &Path) -> Result<Option<String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { file: file.to_path_buf(), source };
    let mut text = String::new();
    let opened = match fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    opened.take(PREFERENCES_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > PREFERENCES_BYTES_MAX {
        let max = PREFERENCES_BYTES_MAX;
        return Err(ConfigError::TooLong { file: file.to_path_buf(), max });
    }
    Ok(Some(text))
}

/// What is wrong with a file that is no TOML.
pub(super) fn syntax(file: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    ConfigError::Syntax {
        file: file.to_path_buf(),
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        what: error.message().lines().next().unwrap_or("not TOML").to_owned(),
    }
}

/// Languages by their codes; at least one.
fn languages(value: &DeValue<'_>) -> Option<Vec<String>> {
    let known = |code: &&str| LANGUAGES.contains(code);
    let codes = value.as_array()?.iter().map(|code| code.get_ref().as_str().filter(known));
    let codes: Option<Vec<String>> = codes.map(|code| code.map(str::to_owned)).collect();
    codes.filter(|codes| !codes.is_empty())
}

/// One of a few words.
fn one_of(value: &DeValue<'_>, words: &[&str]) -> Option<String> {
    value.as_str().filter(|word| words.contains(word)).map(str::to_owned)
}

/// A whole number of a range.
pub(super) fn whole(value: &DeValue<'_>, range: RangeInclusive<u64>) -> Option<u64> {
    let written = value.as_integer()?;
    let number = u64::from_str_radix(written.as_str(), written.radix()).ok()?;
    range.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::Preferences;
    use std::fs;
    use std::path::{Path, PathBuf};

    const FILE: &str = "/settings/casedesk/config.toml";

    fn parse(text: &str) -> Result<Preferences, String> {
        Preferences::parse(Path::new(FILE), text).map_err(|error| error.to_string())
    }

    #[test]
    fn preferences_choose_keymap_and_file() {
        let chosen = parse("# mine\nkeymap = \"vim\"\nkeymap_file = \"keys.toml\"\n").unwrap();
        assert_eq!(chosen.keymap, "vim");
        assert_eq!(chosen.keymap_file, Some(PathBuf::from("/settings/casedesk/keys.toml")));
        let elsewhere = parse("keymap_file = \"/etc/keys.toml\"").unwrap();
        assert_eq!(elsewhere.keymap_file, Some(PathBuf::from("/etc/keys.toml")));
        assert_eq!(parse("").unwrap(), Preferences::default());
        let sizes = parse("free_space_mib = 1_024\ncache_mib = 0x10\n").unwrap();
        assert_eq!((sizes.free_space_mib, sizes.cache_mib), (1_024, 16));
        assert_eq!(parse("search_memory_mib = 32").unwrap().search_memory_mib, 32);
        assert_eq!(parse("").unwrap().recall_minutes, 2);
        assert_eq!(parse("recall_minutes = 0").unwrap().recall_minutes, 0);
        assert_eq!(parse("also_calendar = \"jalali\"").unwrap().also_calendar, "jalali");
        assert!(parse("also_calendar = \"julian\"").unwrap_err().contains("`hijri` (civil)"));
        let charts = |text: &str| parse(text).map(|chosen| chosen.charts.are_blocks(true));
        assert_eq!(charts(""), Ok(true));
        assert_eq!(charts("charts = \"ascii\""), Ok(false));
        assert!(charts("charts = \"bars\"").unwrap_err().contains("`auto`, `blocks` or `ascii`"));
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_field() {
        assert_eq!(
            parse("\nkeymap = 3\n").unwrap_err(),
            format!("{FILE}:2: `keymap` must be text in quotes")
        );
        assert_eq!(
            parse("keymap = \"vim\"\nkeymapp = \"vim\"\n").unwrap_err(),
            format!("{FILE}:2: `keymapp` {}", super::NO_PREFERENCE)
        );
        for (wrong, said) in
            [("0", "1 to 1048576"), ("-3", "1 to"), ("\"256\"", "1 to"), ("2.5", "1 to")]
        {
            let refusal = parse(&format!("\n\nfree_space_mib = {wrong}")).unwrap_err();
            assert!(refusal.starts_with(&format!("{FILE}:3: `free_space_mib` must")), "{refusal}");
            assert!(refusal.contains(said), "{refusal}");
        }
        assert!(parse("cache_mib = 4").unwrap_err().contains("from 8 to 65536"));
        let syntax = parse("keymap = \"vim\"\nkeymap_file = keys\n").unwrap_err();
        assert!(syntax.starts_with(&format!("{FILE}:2: ")), "{syntax}");
    }

    #[test]
    fn a_missing_file_gives_the_defaults_and_an_unreadable_one_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("config.toml");
        assert_eq!(Preferences::read(&missing).unwrap(), Preferences::default());
        assert!(Preferences::read(directory.path()).is_err(), "a directory is no file");
        fs::write(&missing, "#".repeat(65 * 1024)).unwrap();
        let refusal = Preferences::read(&missing).unwrap_err().to_string();
        assert!(refusal.contains("more than 65536 bytes"), "{refusal}");
    }
}
