//! Reads a file of answers: templates and text modules of one language, each checked, with file, line and field in errors.

use serde::Deserialize;
use toml::Spanned;

use crate::domain::cases::{Channel, Nature, OutcomeCode, Stage};
use crate::domain::ids::SubjectCode;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, SUBJECTS_MAX, TEXT_BYTES_MAX};
use crate::text::{accept_block, accept_line};

use super::day::{DayCalendar, DayForm};
use super::language::{Greeting, Language, SLIP_WORDS, SlipWords, StageText};
use super::placeholder::pieces;
use super::template::{Audience, Binding, ModuleText, Template, TextModule, primary};

/// The format that this program reads.
const FORMAT: i64 = 1;
/// Bytes of a file of answers.
const FILE_BYTES_MAX: usize = 256 * 1_024;
/// Templates or modules of one file.
const ENTRIES_MAX: usize = 500;

/// What a file of answers says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerFile {
    /// What it says of its language; only the shipped files do.
    pub language: Option<Language>,
    /// Its templates.
    pub templates: Vec<Template>,
    /// Its text modules, each with its text in the file's language alone.
    pub modules: Vec<TextModule>,
}

/// Something in a file of answers that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: `{field}` {what}")]
pub struct AnswerFileError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field.
    pub field: String,
    /// What is the matter with it.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: Spanned<i64>,
    language: Spanned<String>,
    dates: Option<WrittenDates>,
    salutation: Option<WrittenGreetings>,
    status: Option<toml::Table>,
    slip: Option<toml::Table>,
    #[serde(default)]
    template: Vec<WrittenTemplate>,
    #[serde(default)]
    module: Vec<WrittenModule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDates {
    calendar: Spanned<String>,
    form: String,
    digits: Spanned<String>,
    months: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGreetings {
    plain: Spanned<String>,
    other: Spanned<String>,
    #[serde(default)]
    rule: Vec<WrittenGreeting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGreeting {
    forms: Vec<String>,
    text: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTemplate {
    code: Spanned<String>,
    #[serde(default = "first")]
    version: u64,
    channels: Spanned<Vec<String>>,
    label: Spanned<String>,
    natures: Option<Spanned<Vec<String>>>,
    stages: Option<Spanned<Vec<String>>>,
    outcomes: Option<Spanned<Vec<String>>>,
    text: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenModule {
    code: Spanned<String>,
    #[serde(default = "first")]
    version: u64,
    #[serde(default)]
    subjects: Vec<String>,
    audience: Option<Spanned<String>>,
    title: Spanned<String>,
    text: Spanned<String>,
}

fn first() -> u64 {
    1
}

/// Reads a file of answers; `name` is its place, for errors.
///
/// # Errors
/// The first thing in it that cannot be used.
pub fn read_answer_file(name: &str, text: &str) -> Result<AnswerFile, AnswerFileError> {
    let reader = FileReader { name, text };
    if text.len() > FILE_BYTES_MAX {
        return Err(reader.wrong(0, "file", format!("has more than {FILE_BYTES_MAX} bytes")));
    }
    let written: Written = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let what = error.message().lines().next().unwrap_or("is not TOML").to_owned();
        reader.wrong(at, "file", format!("cannot be read: {what}"))
    })?;
    reader.read(&written)
}

struct FileReader<'f> {
    name: &'f str,
    text: &'f str,
}

impl FileReader<'_> {
    fn wrong(&self, byte: usize, field: &str, what: impl Into<String>) -> AnswerFileError {
        let line = self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1;
        self.wrong_on(line, field, what)
    }

    fn wrong_on(&self, line: usize, field: &str, what: impl Into<String>) -> AnswerFileError {
        AnswerFileError {
            file: self.name.to_owned(),
            line,
            field: field.to_owned(),
            what: what.into(),
        }
    }

    fn read(&self, written: &Written) -> Result<AnswerFile, AnswerFileError> {
        if *written.format.get_ref() != FORMAT {
            let at = written.format.span().start;
            return Err(self.wrong(at, "format", format!("must be {FORMAT}")));
        }
        let language = primary(written.language.get_ref()).to_owned();
        if language.is_empty() || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            let at = written.language.span().start;
            return Err(self.wrong(at, "language", "must be a language tag, as \"en\""));
        }
        if written.template.len().max(written.module.len()) > ENTRIES_MAX {
            return Err(self.wrong(0, "file", format!("has more than {ENTRIES_MAX} entries")));
        }
        let mut file =
            AnswerFile { language: self.language(&language, written)?, ..AnswerFile::default() };
        for written in &written.template {
            let template = self.template(&language, written)?;
            if file.templates.iter().any(|known| known.key() == template.key()) {
                let what = format!("is there twice: {}", template.key());
                return Err(self.wrong(written.code.span().start, "code", what));
            }
            file.templates.push(template);
        }
        for written in &written.module {
            let module = self.module(&language, written)?;
            if file.modules.iter().any(|known| known.code == module.code) {
                let what = format!("is there twice: {}", module.code);
                return Err(self.wrong(written.code.span().start, "code", what));
            }
            file.modules.push(module);
        }
        Ok(file)
    }

    fn template(
        &self,
        language: &str,
        written: &WrittenTemplate,
    ) -> Result<Template, AnswerFileError> {
        let channels = self.listed(
            &written.channels,
            "channels",
            Channel::from_code,
            &codes(Channel::ALL, Channel::code),
        )?;
        if channels.is_empty() {
            return Err(self.wrong(
                written.channels.span().start,
                "channels",
                "must name one channel at least",
            ));
        }
        self.placeholders(&written.text, "text")?;
        Ok(Template {
            code: self.code(&written.code)?,
            version: written.version.max(1),
            language: language.to_owned(),
            channels,
            label: self.line(&written.label, "label")?,
            binding: Binding {
                natures: self.bound(
                    written.natures.as_ref(),
                    "natures",
                    Nature::from_code,
                    &codes(Nature::ALL, Nature::code),
                )?,
                stages: self.bound(
                    written.stages.as_ref(),
                    "stages",
                    Stage::from_code,
                    &codes(Stage::ALL, Stage::code),
                )?,
                outcomes: self.bound(
                    written.outcomes.as_ref(),
                    "outcomes",
                    OutcomeCode::from_code,
                    &codes(OutcomeCode::ALL, OutcomeCode::code),
                )?,
            },
            text: self.block(&written.text, "text")?,
            is_withdrawn: false,
        })
    }

    fn module(
        &self,
        language: &str,
        written: &WrittenModule,
    ) -> Result<TextModule, AnswerFileError> {
        let audience = match &written.audience {
            None => Audience::Citizens,
            Some(word) => match word.get_ref().as_str() {
                "citizens" => Audience::Citizens,
                "office" => Audience::Office,
                _ => {
                    return Err(self.wrong(
                        word.span().start,
                        "audience",
                        "must be \"citizens\" or \"office\"",
                    ));
                }
            },
        };
        if written.subjects.len() > SUBJECTS_MAX {
            let what = format!("has more than {SUBJECTS_MAX} subjects");
            return Err(self.wrong(written.code.span().start, "subjects", what));
        }
        self.placeholders(&written.text, "text")?;
        Ok(TextModule {
            code: self.code(&written.code)?,
            version: written.version.max(1),
            subjects: written
                .subjects
                .iter()
                .map(|code| SubjectCode(code.as_str().into()))
                .collect(),
            audience,
            texts: vec![ModuleText {
                language: language.to_owned(),
                title: self.line(&written.title, "title")?,
                text: self.block(&written.text, "text")?,
            }],
            is_withdrawn: false,
        })
    }

    /// Refuses braces that stand around no placeholder, on the line on which they stand.
    fn placeholders(&self, written: &Spanned<String>, field: &str) -> Result<(), AnswerFileError> {
        pieces(written.get_ref()).map(drop).map_err(|(byte, error)| {
            let start = written.span().start;
            // A text of several lines begins below its quotes.
            let is_below = self.text.get(start..).is_some_and(|rest| rest.starts_with("\"\"\"\n"));
            let above = written.get_ref().bytes().take(byte).filter(|byte| *byte == b'\n').count();
            let line = self.text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            self.wrong_on(line + usize::from(is_below) + above, field, format!("is wrong: {error}"))
        })
    }

    fn code(&self, written: &Spanned<String>) -> Result<String, AnswerFileError> {
        let code = written.get_ref();
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if code.is_empty() || code.len() > CODE_BYTES_MAX || !code.bytes().all(is_plain) {
            let what = format!("must be 1 to {CODE_BYTES_MAX} of a-z, 0-9 and -");
            return Err(self.wrong(written.span().start, "code", what));
        }
        Ok(code.clone())
    }

    fn line(&self, written: &Spanned<String>, field: &str) -> Result<String, AnswerFileError> {
        let text = written.get_ref().trim();
        if text.is_empty() || accept_line(text, LINE_BYTES_MAX).is_err() {
            let what = format!("must be one line of 1 to {LINE_BYTES_MAX} bytes");
            return Err(self.wrong(written.span().start, field, what));
        }
        Ok(text.to_owned())
    }

    fn block(&self, written: &Spanned<String>, field: &str) -> Result<String, AnswerFileError> {
        let text = written.get_ref().trim();
        let is_stray = |letter: char| matches!(letter, '\t' | '\r');
        let is_refused = accept_block(text, TEXT_BYTES_MAX).is_err();
        if text.is_empty() || is_refused || text.contains(is_stray) {
            let what =
                format!("must be text of 1 to {TEXT_BYTES_MAX} bytes, without tabs and the like");
            return Err(self.wrong(written.span().start, field, what));
        }
        Ok(text.to_owned())
    }

    fn bound<T>(
        &self,
        written: Option<&Spanned<Vec<String>>>,
        field: &str,
        from_code: impl Fn(&str) -> Option<T>,
        known: &str,
    ) -> Result<Vec<T>, AnswerFileError> {
        written
            .map_or_else(|| Ok(Vec::new()), |written| self.listed(written, field, from_code, known))
    }

    fn listed<T>(
        &self,
        written: &Spanned<Vec<String>>,
        field: &str,
        from_code: impl Fn(&str) -> Option<T>,
        known: &str,
    ) -> Result<Vec<T>, AnswerFileError> {
        let read = |word: &String| {
            from_code(word).ok_or_else(|| {
                let what = format!("has no `{word}`; there are {known}");
                self.wrong(written.span().start, field, what)
            })
        };
        written.get_ref().iter().map(read).collect()
    }

    /// What a shipped file says of its language; an office's own says none of it.
    fn language(&self, code: &str, written: &Written) -> Result<Option<Language>, AnswerFileError> {
        let (Some(dates), Some(greetings), Some(status), Some(slip)) =
            (&written.dates, &written.salutation, &written.status, &written.slip)
        else {
            return Ok(None);
        };
        for text in [&greetings.plain, &greetings.other]
            .into_iter()
            .chain(greetings.rule.iter().map(|rule| &rule.text))
        {
            self.placeholders(text, "salutation")?;
        }
        let word = |table: &toml::Table, field: &str, name: &str| {
            let text = table.get(name).and_then(toml::Value::as_str);
            text.map(str::to_owned).ok_or_else(|| self.wrong(0, field, format!("has no `{name}`")))
        };
        let stages =
            StageText::ALL.iter().map(|(stage, name)| Ok((*stage, word(status, "status", name)?)));
        let words =
            SLIP_WORDS.iter().map(|name| Ok(((*name).to_owned(), word(slip, "slip", name)?)));
        let greetings_of = greetings
            .rule
            .iter()
            .map(|rule| Greeting { forms: rule.forms.clone(), text: rule.text.get_ref().clone() });
        Ok(Some(Language {
            code: code.to_owned(),
            days: self.days(dates)?,
            greeting_plain: greetings.plain.get_ref().clone(),
            greeting_other: greetings.other.get_ref().clone(),
            greetings: greetings_of.collect(),
            status: stages.collect::<Result<_, AnswerFileError>>()?,
            slip: SlipWords { words: words.collect::<Result<_, AnswerFileError>>()? },
        }))
    }

    fn days(&self, dates: &WrittenDates) -> Result<DayForm, AnswerFileError> {
        let calendar = match dates.calendar.get_ref().as_str() {
            "gregorian" => DayCalendar::Gregorian,
            "persian" => DayCalendar::Persian,
            _ => {
                return Err(self.wrong(
                    dates.calendar.span().start,
                    "calendar",
                    "must be \"gregorian\" or \"persian\"",
                ));
            }
        };
        let digits: Vec<char> = dates.digits.get_ref().chars().collect();
        if digits.len() != 10 {
            return Err(self.wrong(
                dates.digits.span().start,
                "digits",
                "must be the ten digits from zero",
            ));
        }
        if dates.months.get_ref().len() != 12 {
            return Err(self.wrong(dates.months.span().start, "months", "must be twelve names"));
        }
        Ok(DayForm {
            calendar,
            form: dates.form.clone(),
            months: dates.months.get_ref().clone(),
            digits,
        })
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|listed| code(*listed)).collect::<Vec<_>>().join(", ")
}
