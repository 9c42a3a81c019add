//! Reads one keymap file, line by line as far as possible: what is wrong is reported, and the rest is kept.

use super::actions::{ACTIONS, Action};
use super::advice::is_character;
use super::context::Context;
use super::key::{Key, parse_sequence};
use super::problem::ProblemKind;
use crate::text::{Lines, nearest};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// The format that this program reads.
const FORMAT: i64 = 1;

/// The value that unbinds a key.
const NONE: &str = "none";

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct File {
    /// The preset that the file is laid over, with its line.
    pub(super) extends: Option<(String, usize)>,
    /// The key behind which single characters of what it extends lie outside text.
    pub(super) leader: Option<Key>,
    /// Keyboards.
    pub(super) layouts: Vec<LayoutLines>,
    /// The contexts in the order of the file.
    pub(super) sections: Vec<Section>,
    /// Lines that were skipped, and why.
    pub(super) problems: Vec<(usize, ProblemKind)>,
}

/// What a file says about one keyboard.
#[derive(Debug)]
pub(super) struct LayoutLines {
    pub(super) name: String,
    /// What a key types there, and what it types on a Latin keyboard.
    pub(super) keys: Vec<(char, char)>,
}

/// What a file says about one context.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) context: Context,
    /// The context that is asked when a key means nothing in this one, with its line.
    pub(super) parent: Option<(Context, usize)>,
    pub(super) entries: Vec<Entry>,
}

/// One line: keys, and what they mean; nothing, if they are unbound.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) keys: Vec<Key>,
    pub(super) action: Option<Action>,
    pub(super) line: usize,
}

/// Lines that are taken out of one file because they are no TOML; what comes after so many is not read.
const LINES_TAKEN_OUT_MAX: usize = 200;

/// What the parser says of a key or a table that is there twice; it has kept everything else.
const DUPLICATE: &str = "duplicate key";

/// Reads the text of a keymap file. After a line that is no TOML the parser is lost to the end of the file, so that such a
/// line is made blank, in as many bytes, and the parser begins again.
pub(super) fn read(text: &str) -> File {
    let mut reader = Reader { lines: Lines::of(text), file: File::default(), skipped: Vec::new() };
    let mut readable = text.to_owned();
    for left in (0..=LINES_TAKEN_OUT_MAX).rev() {
        let (table, errors) = DeTable::parse_recoverable(&readable);
        let lost = errors.iter().find_map(|error| lost_line(error, &readable)).filter(|_| left > 0);
        let Some((line, message)) = lost else {
            reader.errors(&errors);
            reader.top(table.get_ref());
            break;
        };
        reader.problem(reader.lines.at(line.start), ProblemKind::Syntax(message));
        drop((table, errors));
        readable.replace_range(line.clone(), &" ".repeat(line.len()));
    }
    reader.file
}

/// The line at which the parser was lost, and what it says of it; nothing where it lost no more than that line.
fn lost_line(error: &toml::de::Error, text: &str) -> Option<(Range<usize>, String)> {
    if error.message().contains(DUPLICATE) {
        return None;
    }
    let before = text.get(..error.span()?.start)?;
    let begins = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = text.get(begins..)?;
    let line = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
    let is_written = !line.trim().is_empty();
    is_written.then(|| (begins..begins + line.len(), first_line(error.message())))
}

/// The action most likely meant: its name with a slip, or what is left of its name without the subject.
fn meant(written: &str) -> Option<&'static str> {
    let whole = nearest(written, ACTIONS.iter().map(|info| info.name));
    let verb = |name: &'static str| name.rsplit_once('.').map_or(name, |(_, verb)| verb);
    whole.or_else(|| {
        let near = nearest(written, ACTIONS.iter().map(|info| verb(info.name)))?;
        ACTIONS.iter().map(|info| info.name).find(|name| verb(name) == near)
    })
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("not TOML").to_owned()
}

struct Reader {
    lines: Lines,
    file: File,
    skipped: Vec<usize>,
}

impl Reader {
    /// Reports what the parser found wrong without being lost.
    fn errors(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let line = error.span().map_or(0, |span| self.lines.at(span.start));
            self.skipped.push(line);
            self.problem(line, ProblemKind::Syntax(first_line(error.message())));
        }
    }

    fn problem(&mut self, line: usize, kind: ProblemKind) {
        self.file.problems.push((line, kind));
    }

    fn top(&mut self, table: &DeTable<'_>) {
        let format = table.get("format").map(Spanned::get_ref);
        let written = format.and_then(DeValue::as_integer).map(DeInteger::as_str);
        if written != Some(FORMAT.to_string().as_str()) {
            let line = table.get("format").map_or(0, |value| self.lines.at(value.span().start));
            self.problem(line, ProblemKind::Format { expected: FORMAT });
            return;
        }
        for (name, value, line) in self.in_order(table) {
            match (name.as_str(), value) {
                ("format", _) | ("name", DeValue::String(_)) => {}
                ("extends", DeValue::String(preset)) => {
                    self.file.extends = Some((preset.to_string(), line));
                }
                ("leader", DeValue::String(key)) => match Key::parse(key) {
                    Ok(key) if !is_character(key) => self.file.leader = Some(key),
                    Ok(key) => self.problem(line, ProblemKind::LeaderTyped(key.to_string())),
                    Err(error) => self.problem(line, ProblemKind::UnknownKey(error)),
                },
                ("layout", DeValue::Table(layouts)) => {
                    for (name, value, line) in self.in_order(layouts) {
                        if let DeValue::Table(keys) = value {
                            self.layout(name, keys);
                        } else {
                            self.problem(line, ProblemKind::Setting(format!("layout.{name}")));
                        }
                    }
                }
                (_, DeValue::Table(section)) => self.section(&name, section, line),
                _ => self.problem(line, ProblemKind::Setting(name)),
            }
        }
    }

    /// The entries of a table in the order of the file, without those of lines that are not TOML. A table whose heading
    /// is there twice is kept, for the parser has put the lines of both into it.
    fn in_order<'t, 'i>(&self, table: &'t DeTable<'i>) -> Vec<(String, &'t DeValue<'i>, usize)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        entries
            .into_iter()
            .map(|(name, value)| {
                (name.get_ref().to_string(), value.get_ref(), self.lines.at(name.span().start))
            })
            .filter(|(_, value, line)| value.is_table() || !self.skipped.contains(line))
            .collect()
    }

    fn layout(&mut self, name: String, table: &DeTable<'_>) {
        let mut keys = Vec::new();
        for (typed, value, line) in self.in_order(table) {
            match (only(&typed), value.as_str().and_then(only)) {
                (Some(typed), Some(latin)) if latin.is_ascii_graphic() => keys.push((typed, latin)),
                _ => self.problem(line, ProblemKind::NoPosition(typed)),
            }
        }
        self.file.layouts.push(LayoutLines { name, keys });
    }

    fn section(&mut self, name: &str, table: &DeTable<'_>, line: usize) {
        let mut section = Context::named(name).map(|context| Section {
            context,
            parent: None,
            entries: Vec::new(),
        });
        let mut is_only_outer = !table.is_empty();
        for (key, value, line) in self.in_order(table) {
            if let DeValue::Table(inner) = value {
                self.section(&format!("{name}.{key}"), inner, line);
                continue;
            }
            is_only_outer = false;
            let Some(section) = &mut section else { continue };
            let Some(word) = value.as_str() else {
                self.problem(line, ProblemKind::Setting(key));
                continue;
            };
            if key == "parent" {
                match Context::named(word) {
                    Some(parent) => section.parent = Some((parent, line)),
                    None => self.problem(line, unknown_context(word)),
                }
                continue;
            }
            match entry(&key, word, line, section) {
                Ok(entry) => section.entries.push(entry),
                Err(kind) => self.problem(line, kind),
            }
        }
        match section {
            Some(section) => self.file.sections.push(section),
            None if is_only_outer => {}
            None => self.problem(line, unknown_context(name)),
        }
    }
}

/// The character of a text that has no other.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn entry(keys: &str, action: &str, line: usize, section: &Section) -> Result<Entry, ProblemKind> {
    let parsed = parse_sequence(keys).map_err(ProblemKind::UnknownKey)?;
    if section.entries.iter().any(|entry| entry.keys == parsed) {
        return Err(ProblemKind::DuplicateKey(keys.to_owned()));
    }
    let action = match Action::named(action) {
        None if action == NONE => None,
        None => {
            let suggestion = meant(action);
            return Err(ProblemKind::UnknownAction { name: action.to_owned(), suggestion });
        }
        known => known,
    };
    Ok(Entry { keys: parsed, action, line })
}

fn unknown_context(name: &str) -> ProblemKind {
    let suggestion = nearest(name, Context::ALL.iter().map(|context| context.name()));
    ProblemKind::UnknownContext { name: name.to_owned(), suggestion }
}
