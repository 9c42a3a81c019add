//! A table of a text of rules, read with all its flaws: whatever is asked of it and is not there, or is there and was not
//! asked for, is noted with its line and field.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::rules::{Flaw, Labels};
use crate::text::{Lines, accept_line, nearest};

/// Flaws told of one text; more of them help nobody.
const FLAWS_MAX: usize = 100;

/// What was found wrong in a text, and where its parts stand.
pub(super) struct Flaws {
    lines: Lines,
    found: RefCell<Vec<Flaw>>,
    places: RefCell<BTreeMap<String, u32>>,
}

impl Flaws {
    pub(super) fn of(text: &str) -> Self {
        Self { lines: Lines::of(text), found: RefCell::default(), places: RefCell::default() }
    }

    pub(super) fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.lines.at(byte)).unwrap_or(u32::MAX)
    }

    pub(super) fn add(
        &self,
        line: u32,
        field: impl Into<String>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let mut found = self.found.borrow_mut();
        if found.len() < FLAWS_MAX {
            let (field, what, hint) = (field.into(), what.into(), hint.into());
            found.push(Flaw { line, field, what, hint });
        }
    }

    /// A flaw of a part that was read, as `task.hear`, on the line on which the part begins.
    pub(super) fn at(&self, path: &str, what: impl Into<String>, hint: impl Into<String>) {
        let line = self.line_of(path);
        self.add(line, path, what, hint);
    }

    pub(super) fn line_of(&self, path: &str) -> u32 {
        let places = self.places.borrow();
        let mut path = path;
        loop {
            if let Some(line) = places.get(path) {
                return *line;
            }
            match path.rsplit_once('.') {
                Some((above, _)) => path = above,
                None => return 0,
            }
        }
    }

    /// Whether this was noted of that part already.
    pub(super) fn has(&self, path: &str, what: &str) -> bool {
        self.found.borrow().iter().any(|flaw| flaw.field == path && flaw.what == what)
    }

    pub(super) fn is_none(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All of them, in the order of their lines.
    pub(super) fn sorted(self) -> Vec<Flaw> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|flaw| flaw.line);
        found
    }
}

/// Words with the line on which they stand.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) words: String,
    pub(super) line: u32,
}

/// A table.
pub(super) struct Part<'p> {
    pub(super) flaws: &'p Flaws,
    table: &'p DeTable<'p>,
    pub(super) path: String,
    pub(super) line: u32,
    asked: RefCell<Vec<&'static str>>,
}

impl<'p> Part<'p> {
    pub(super) fn new(flaws: &'p Flaws, table: &'p DeTable<'p>, path: String, line: u32) -> Self {
        flaws.places.borrow_mut().entry(path.clone()).or_insert(line);
        Self { flaws, table, path, line, asked: RefCell::default() }
    }

    /// The name of one of its keys, as flaws say it.
    pub(super) fn field(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn flaw(
        &self,
        line: u32,
        key: &str,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.flaws.add(line, self.field(key), what, hint);
    }

    fn value(&self, key: &'static str) -> Option<(&'p DeValue<'p>, u32)> {
        self.asked.borrow_mut().push(key);
        let value: &Spanned<DeValue<'p>> = self.table.get(key)?;
        Some((value.get_ref(), self.flaws.line(value.span().start)))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// One line of text, where it is there.
    pub(super) fn text(&self, key: &'static str, bytes_max: usize) -> Option<Said> {
        let (value, line) = self.value(key)?;
        let Some(words) = value.as_str() else {
            self.flaw(line, key, "This is a text.", "Put it in quotes.");
            return None;
        };
        self.checked(key, words, line, bytes_max)
    }

    fn checked(&self, key: &str, words: &str, line: u32, bytes_max: usize) -> Option<Said> {
        if words.trim().is_empty() {
            self.flaw(line, key, "It is empty.", "Fill it in, or take the line out.");
            return None;
        }
        match accept_line(words, bytes_max) {
            Ok(words) => Some(Said { words: words.trim().to_owned(), line }),
            Err(refusal) => {
                self.flaw(line, key, format!("Not one line to show: {refusal}."), "");
                None
            }
        }
    }

    /// One line of text that has to be there.
    pub(super) fn required(&self, key: &'static str, bytes_max: usize) -> Option<Said> {
        if !self.has(key) {
            self.asked.borrow_mut().push(key);
            self.flaw(self.line, key, "It is missing.", "");
        }
        self.text(key, bytes_max)
    }

    /// A code that has to be there; an empty one where it is none.
    pub(super) fn code(&self, key: &'static str) -> String {
        let Some(said) = self.required(key, CODE_BYTES_MAX) else { return String::new() };
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !said.words.bytes().all(is_plain) {
            let what = format!("`{}` is no code.", said.words);
            self.flaw(said.line, key, what, "Write it with a-z, 0-9 and -.");
            return String::new();
        }
        said.words
    }

    pub(super) fn flag(&self, key: &'static str) -> bool {
        let Some((value, line)) = self.value(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.flaw(line, key, "This is true or false.", "Write it without quotes.");
            false
        })
    }

    /// A whole number within bounds, where it is there.
    pub(super) fn number(&self, key: &'static str, min: i64, max: i64) -> Option<i64> {
        let (value, line) = self.value(key)?;
        let digits = value.as_integer().map(DeInteger::as_str);
        let number = digits.and_then(|digits| digits.replace('_', "").parse::<i64>().ok());
        let number = number.filter(|number| (min..=max).contains(number));
        if number.is_none() {
            let what = format!("This is a whole number from {min} to {max}.");
            self.flaw(line, key, what, "Write it without quotes.");
        }
        number
    }

    /// A list of texts, empty where it is not there.
    pub(super) fn words(&self, key: &'static str, bytes_max: usize) -> Vec<Said> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.flaw(line, key, "This is a list.", "Put it in brackets: [\"…\"].");
            return Vec::new();
        };
        let mut said = Vec::new();
        for element in list {
            let line = self.flaws.line(element.span().start);
            match element.get_ref().as_str() {
                Some(words) => said.extend(self.checked(key, words, line, bytes_max)),
                None => self.flaw(line, key, "Each of the list is a text.", "Put it in quotes."),
            }
        }
        said
    }

    /// A table, where it is there.
    pub(super) fn part(&self, key: &'static str) -> Option<Part<'p>> {
        let (value, line) = self.value(key)?;
        let DeValue::Table(table) = value else {
            self.flaw(line, key, "This is a table.", "Write it in braces: { … }.");
            return None;
        };
        Some(Self::new(self.flaws, table, self.field(key), self.begins(table, line)))
    }

    /// The tables of a list, each named by its own `name` key where it has one.
    pub(super) fn parts(
        &self,
        key: &'static str,
        named_by: Option<&str>,
        most: usize,
    ) -> Vec<Part<'p>> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.flaw(line, key, "There can be several.", format!("Write [[{key}]] or [{{ … }}]."));
            return Vec::new();
        };
        if list.len() > most {
            let what = format!("There are {}, and {most} is the most.", list.len());
            self.flaw(line, key, what, "");
        }
        let mut parts = Vec::new();
        for (index, element) in list.iter().enumerate().take(most) {
            let line = self.flaws.line(element.span().start);
            let DeValue::Table(table) = element.get_ref() else {
                self.flaw(line, key, "Each of the list is a table.", "Write it in braces: { … }.");
                continue;
            };
            let name = named_by.and_then(|named_by| table.get(named_by)?.get_ref().as_str());
            let name = name.map_or_else(|| (index + 1).to_string(), str::to_owned);
            let path = format!("{}.{name}", self.field(key));
            parts.push(Self::new(self.flaws, table, path, self.begins(table, line)));
        }
        parts
    }

    /// The line on which a table begins: its heading's, or its first key's where that stands above.
    fn begins(&self, table: &DeTable<'p>, line: u32) -> u32 {
        let first = table.iter().map(|(key, _)| self.flaws.line(key.span().start)).min();
        first.map_or(line, |first| first.min(line))
    }

    /// A text in several languages, in the order of the file; a plain text is English.
    pub(super) fn labels(&self, key: &'static str, bytes_max: usize) -> Labels {
        let Some((value, line)) = self.value(key) else { return Labels::default() };
        if let Some(words) = value.as_str() {
            let words = self.checked(key, words, line, bytes_max);
            return Labels(words.into_iter().map(|said| ("en".to_owned(), said.words)).collect());
        }
        let DeValue::Table(table) = value else {
            self.flaw(line, key, "This is a text.", "Write \"…\", or { en = \"…\", es = \"…\" }.");
            return Labels::default();
        };
        let mut written: Vec<_> = table.iter().collect();
        written.sort_by_key(|(tag, _)| tag.span().start);
        let mut labels = Labels::default();
        for (tag, value) in written {
            let line = self.flaws.line(value.span().start);
            let tag = tag.get_ref().to_string();
            let of = format!("{key}.{tag}");
            if !is_language(&tag) {
                let what = format!("`{tag}` is no language.");
                self.flaw(line, &of, what, "Write its tag, as en, es or nb.");
            }
            match value.get_ref().as_str() {
                Some(words) => {
                    let said = self.checked(&of, words, line, bytes_max);
                    labels.0.extend(said.map(|said| (tag, said.words)));
                }
                None => self.flaw(line, &of, "This is a text.", "Put it in quotes."),
            }
        }
        if !labels.0.iter().any(|(tag, _)| tag == "en") {
            self.flaw(line, key, "English is missing.", "Add en = \"…\".");
        }
        labels
    }

    /// A text in several languages that has to be there.
    pub(super) fn name(&self, bytes_max: usize) -> Labels {
        if !self.has("name") {
            self.flaw(self.line, "name", "It is missing.", "");
        }
        self.labels("name", bytes_max)
    }

    /// What a word of a closed list means.
    pub(super) fn pick<T: Copy>(
        &self,
        key: &str,
        said: &Said,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let found = choices.iter().find(|(word, _)| *word == said.words);
        if found.is_none() {
            let what = format!("There is no `{}` here.", said.words);
            self.flaw(said.line, key, what, meant(&said.words, choices.iter().map(|(w, _)| *w)));
        }
        found.map(|(_, value)| *value)
    }

    /// As [`Part::pick`], of a key that is there or not.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let said = self.text(key, CODE_BYTES_MAX)?;
        self.pick(key, &said, choices)
    }

    /// As [`Part::choice`], of a key that has to be there.
    pub(super) fn required_choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let said = self.required(key, CODE_BYTES_MAX)?;
        self.pick(key, &said, choices)
    }

    /// Notes every key that nobody asked for.
    pub(super) fn done(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                let line = self.flaws.line(key.span().start);
                let hint = meant(name, asked.iter().copied());
                self.flaw(line, name, "There is no such field.", hint);
            }
        }
    }
}

/// Which of the words was probably meant, or which there are.
pub(super) fn meant<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.collect();
    match nearest(word, words.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if words.is_empty() => String::new(),
        None => format!("There are {}.", words.join(", ")),
    }
}

/// Whether it looks as BCP 47 spells a language.
fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let is_first = |tag: &str| {
        (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let is_further = |tag: &str| {
        (2..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    subtags.next().is_some_and(is_first) && subtags.all(is_further)
}
