//! A mapping: which columns of another system's file mean what, as a TOML file says it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::ExchangeError;
use super::error::did_you_mean;
use super::histories::EventColumns;
use super::rules::{Choice, Outcomes, Words};
use super::shipped::{self, SHIPPED};
use crate::domain::cases::{Channel, Nature, OutcomeCode};
use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::time::Zone;
use crate::text::line_at;

/// The most bytes that a mapping has.
const MAPPING_BYTES_MAX: u64 = 64 * 1024;

/// The format of mappings that this program reads.
const FORMAT: i64 = 1;

/// Which columns of a file of requests mean what.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The system that the file comes from, as `nyc-council`.
    pub source: String,
    pub(super) zone: Zone,
    pub(super) delimiter: u8,
    pub(super) is_cleaned: bool,
    pub(super) blank: Vec<String>,
    pub(super) dates: Vec<String>,
    pub(super) columns: Columns,
    pub(super) channel: Choice<Channel>,
    pub(super) nature: Choice<Nature>,
    pub(super) outcome: Outcomes,
    pub(super) skip: Vec<Skip>,
    pub(super) verdict: Option<Verdict>,
    pub(super) events: Option<EventColumns>,
}

/// What the other system itself said of a case: whether it was in time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verdict {
    /// The column.
    pub(super) column: String,
    /// What it says of cases that were in time, or are not late yet.
    pub(super) on_time: Vec<String>,
    /// What it says of the others.
    pub(super) late: Vec<String>,
}

/// The columns by name.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) reference: String,
    pub(super) received: String,
    pub(super) ended: Option<String>,
    pub(super) due: Option<String>,
    pub(super) status: Option<String>,
    pub(super) subject: Words,
    pub(super) asks: Words,
    pub(super) place: Words,
    pub(super) area: Words,
}

/// Rows that are not wanted: those with one of these values in this column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    pub(super) column: String,
    pub(super) values: Vec<String>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: Spanned<i64>,
    source: Spanned<String>,
    zone: Spanned<String>,
    dates: Vec<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    #[serde(default)]
    clean: bool,
    #[serde(default)]
    blank: Vec<String>,
    columns: WrittenColumns,
    subject: Words,
    #[serde(default)]
    asks: Words,
    #[serde(default)]
    place: Words,
    #[serde(default)]
    area: Words,
    channel: WrittenChoice,
    nature: WrittenChoice,
    outcome: WrittenChoice,
    #[serde(default)]
    skip: Vec<Skip>,
    verdict: Option<Verdict>,
    events: Option<EventColumns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumns {
    reference: String,
    received: String,
    ended: Option<String>,
    due: Option<String>,
    status: Option<String>,
}

/// A choice out of one of our own lists: by a column's value, by words, or the default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChoice {
    column: Option<String>,
    default: Option<Spanned<String>>,
    #[serde(default)]
    values: toml::map::Map<String, toml::Value>,
    #[serde(default)]
    when: Vec<WrittenWhen>,
    #[serde(default)]
    words: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWhen {
    contains: Vec<String>,
    is: Spanned<String>,
}

impl Mapping {
    /// The shipped mapping of this name, or else the one in this file.
    ///
    /// # Errors
    /// There is neither, or the file says what cannot be: named with file, line and field.
    pub fn load(name: &str) -> Result<Self, ExchangeError> {
        if let Some(text) = shipped::text(name) {
            return Self::parse(name, text);
        }
        let path = Path::new(name);
        if !path.exists() {
            let names = SHIPPED.map(|(name, _)| name);
            let hint = match did_you_mean(name, names) {
                hint if hint.is_empty() => format!(": give a TOML file, or {}", names.join(", ")),
                hint => hint,
            };
            return Err(ExchangeError::NoMapping { name: name.to_owned(), hint });
        }
        let failed = |source| ExchangeError::Io { action: "read", file: name.to_owned(), source };
        let mut text = String::new();
        let file = File::open(path).map_err(failed)?;
        file.take(MAPPING_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?;
        if text.len() as u64 > MAPPING_BYTES_MAX {
            let what = format!("a mapping has at most {MAPPING_BYTES_MAX} bytes");
            return Err(ExchangeError::Mapping { file: name.to_owned(), line: 1, what });
        }
        Self::parse(name, &text)
    }

    /// Reads the text of a mapping; `file` names it in errors.
    ///
    /// # Errors
    /// [`ExchangeError::Mapping`]; the first thing wrong in it is the one reported.
    pub fn parse(file: &str, text: &str) -> Result<Self, ExchangeError> {
        let wrong = |byte: usize, what: String| ExchangeError::Mapping {
            file: file.to_owned(),
            line: line_at(text, byte),
            what,
        };
        let written: Written = toml::from_str(text).map_err(|error| {
            wrong(error.span().map_or(0, |span| span.start), explained(error.message()))
        })?;
        if *written.format.get_ref() != FORMAT {
            return Err(wrong(written.format.span().start, format!("`format` must be {FORMAT}")));
        }
        let source = written.source.get_ref().trim().to_owned();
        if source.is_empty() || source.len() > CODE_BYTES_MAX {
            let what = format!("`source` must be a word of at most {CODE_BYTES_MAX} bytes");
            return Err(wrong(written.source.span().start, what));
        }
        let zone = Zone::named(written.zone.get_ref())
            .map_err(|error| wrong(written.zone.span().start, format!("`zone`: {error}")))?;
        for format in &written.dates {
            if let Err(error) = check_date_format(format.get_ref()) {
                return Err(wrong(format.span().start, format!("`dates`: {error}")));
            }
        }
        let delimiter = match &written.delimiter {
            None => b',',
            Some(delimiter) => match delimiter.get_ref().as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => *byte,
                _ => {
                    let what = "`delimiter` must be one character, as \",\" or \"\\t\"";
                    return Err(wrong(delimiter.span().start, what.to_owned()));
                }
            },
        };
        let channels = |code: &str| Channel::from_code(code);
        let natures = |word: &str| Nature::ALL.iter().copied().find(|n| n.label() == word);
        let outcomes = |code: &str| match code {
            "open" => Some(None),
            _ => OutcomeCode::from_code(code).map(Some),
        };
        let listed = Listed { text, wrong: &wrong };
        let channel_codes = codes(Channel::ALL, Channel::code);
        let channel = listed.choice("channel", &written.channel, &channel_codes, channels)?;
        let nature_words = codes(Nature::ALL, Nature::label);
        let nature = listed.choice("nature", &written.nature, &nature_words, natures)?;
        let mut outcome_codes = codes(OutcomeCode::ALL, OutcomeCode::code);
        outcome_codes.push("open");
        let outcome = listed.choice("outcome", &written.outcome, &outcome_codes, outcomes)?;
        Ok(Self {
            source,
            zone,
            delimiter,
            is_cleaned: written.clean,
            blank: written.blank,
            dates: written.dates.into_iter().map(Spanned::into_inner).collect(),
            columns: Columns {
                reference: written.columns.reference,
                received: written.columns.received,
                ended: written.columns.ended,
                due: written.columns.due,
                status: written.columns.status,
                subject: written.subject,
                asks: written.asks,
                place: written.place,
                area: written.area,
            },
            channel,
            nature,
            outcome: Outcomes { choice: outcome, words: written.outcome.words },
            skip: written.skip,
            verdict: written.verdict,
            events: written.events,
        })
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

/// Reads the choices of a mapping, and says where one is not of our lists.
struct Listed<'a> {
    text: &'a str,
    wrong: &'a dyn Fn(usize, String) -> ExchangeError,
}

impl Listed<'_> {
    fn choice<T: Copy>(
        &self,
        field: &str,
        written: &WrittenChoice,
        known: &[&'static str],
        named: impl Fn(&str) -> Option<T>,
    ) -> Result<Choice<T>, ExchangeError> {
        let one = |byte: usize, word: &str| {
            named(word).ok_or_else(|| {
                let hint = match did_you_mean(word, known.iter().copied()) {
                    hint if hint.is_empty() => format!("; there are {}", known.join(", ")),
                    hint => hint,
                };
                (self.wrong)(byte, format!("`{field}` cannot be `{word}`{hint}"))
            })
        };
        let default = match &written.default {
            Some(word) => Some(one(word.span().start, word.get_ref())?),
            None => None,
        };
        let mut values = Vec::new();
        for (value, word) in &written.values {
            let byte = self.text.find(&format!("{value:?}")).unwrap_or_default();
            let Some(word) = word.as_str() else {
                return Err((self.wrong)(byte, format!("`{field}.values` must be text in quotes")));
            };
            values.push((value.to_lowercase(), one(byte, word)?));
        }
        let mut when = Vec::new();
        for rule in &written.when {
            let words = rule.contains.iter().map(|word| word.to_lowercase()).collect();
            when.push((words, one(rule.is.span().start, rule.is.get_ref())?));
        }
        Ok(Choice { column: written.column.clone(), default, values, when })
    }
}

/// The reader's message in one line, with the field that was most likely meant where it names one that does not exist.
fn explained(message: &str) -> String {
    let first = message.lines().next().unwrap_or("this is not TOML");
    let mut quoted = first.split('`').skip(1).step_by(2);
    let hint = match quoted.next() {
        Some(field) if first.starts_with("unknown field") => did_you_mean(field, quoted),
        Some(_) | None => String::new(),
    };
    format!("{first}{hint}")
}

fn check_date_format(format: &str) -> Result<(), jiff::Error> {
    let example = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    jiff::fmt::strtime::format(format, &example).map(drop)
}

#[cfg(test)]
mod tests {
    use super::Mapping;
    use crate::exchange::SHIPPED;

    const SMALL: &str = "format = 1
source = \"town\"
zone = \"Europe/Oslo\"
dates = [\"%Y-%m-%d\"]
[columns]
reference = \"id\"
received = \"in\"
[subject]
columns = [\"kind\"]
[channel]
default = \"online\"
[nature]
default = \"request\"
[outcome]
default = \"answered\"
";

    fn mistake(from: &str, to: &str) -> String {
        assert!(SMALL.contains(from), "{from}");
        Mapping::parse("town.toml", &SMALL.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_what_was_most_likely_meant() {
        assert!(Mapping::parse("town.toml", SMALL).is_ok());
        for (from, to, said) in [
            ("format = 1", "format = 2", "town.toml:1: `format` must be 1"),
            (
                "Europe/Oslo",
                "Europe/Olso",
                "town.toml:3: `zone`: there is no time zone `Europe/Olso`",
            ),
            (
                "\"online\"",
                "\"onlin\"",
                "town.toml:11: `channel` cannot be `onlin`; did you mean `online`?",
            ),
            (
                "\"request\"",
                "\"wish\"",
                "town.toml:13: `nature` cannot be `wish`; there are complaint,",
            ),
            (
                "\"answered\"",
                "\"answred\"",
                "town.toml:15: `outcome` cannot be `answred`; did you mean",
            ),
            ("received =", "recieved =", "town.toml:7: unknown field `recieved`"),
            ("source = \"town\"", "source = town", "town.toml:2: "),
            ("%Y-%m-%d", "%Y-%!", "town.toml:4: `dates`: "),
        ] {
            let found = mistake(from, to);
            assert!(found.starts_with(said), "{found}");
        }
        assert!(mistake("received =", "recieved =").ends_with("did you mean `received`?"));
        assert!(
            mistake("[columns]\n", "delimiter = \"ab\"\n[columns]\n").contains(":5: `delimiter`")
        );
    }

    #[test]
    fn every_shipped_mapping_is_sound_and_bears_a_name_that_is_found() {
        for (name, _) in SHIPPED {
            let mapping = Mapping::load(name).unwrap();
            assert_eq!(mapping.source, name);
        }
        let missing = Mapping::load("nyc-counsil").unwrap_err().to_string();
        assert!(missing.ends_with("did you mean `nyc-council`?"), "{missing}");
    }
}
