//! Writes answers to stdout, for people or as one line of JSON, and everything else to stderr.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use serde::Serialize;

use super::error::CliError;
use crate::text::safe_line;

/// Where and how a subcommand says what it found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    is_json: bool,
    is_watched: bool,
}

impl Output {
    pub(super) fn new(is_json: bool) -> Self {
        Self { is_json, is_watched: io::stderr().is_terminal() }
    }

    /// Whether stdout takes JSON.
    pub(super) fn is_json(self) -> bool {
        self.is_json
    }

    /// Whether somebody watches stderr, and so progress is worth drawing.
    pub(super) fn is_watched(self) -> bool {
        self.is_watched
    }

    /// Prints an answer: as one line of JSON, or as lines for people, each made safe to show.
    pub(super) fn show<T: Serialize>(
        self,
        answer: &T,
        lines: impl FnOnce(&T) -> Vec<String>,
    ) -> Result<(), CliError> {
        if self.is_json {
            return json(answer);
        }
        let mut text = String::new();
        for line in lines(answer) {
            text.push_str(&safe_line(&line));
            text.push('\n');
        }
        write(&text)
    }
}

/// Prints a value as one line of JSON.
pub(super) fn json<T: Serialize>(answer: &T) -> Result<(), CliError> {
    write(&json_line(answer)?)
}

/// A value as one line of JSON, with its line break.
pub(super) fn json_line<T: Serialize>(answer: &T) -> Result<String, CliError> {
    let mut line = harmless(&serde_json::to_string(answer)?);
    line.push('\n');
    Ok(line)
}

/// Prints a text as it is: our own, as a script for a shell.
pub(super) fn raw(text: &str) -> Result<(), CliError> {
    write(text)
}

/// Where lines go that [`json_line`] made, one after the other, for an answer that is too long to be held at once.
pub(super) fn stream() -> impl Write {
    BufWriter::new(io::stdout().lock())
}

/// Tells whoever watches, not whoever reads stdout.
pub(super) fn tell(text: &str) {
    // There is nobody left to tell that stderr is gone.
    let _written = writeln!(io::stderr(), "{}", safe_line(text));
}

fn write(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.map_err(CliError::Output)
}

/// JSON whose strings hold nothing that a terminal would obey: such characters, which can stand in strings only, become
/// `\u` escapes of the same meaning.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut buffer = [0; 4];
    let mut units = [0; 2];
    let mut was_joiner = false;
    for letter in json.chars() {
        // One joiner belongs to Persian; a flood of them hides what comes after it.
        let is_joiner = matches!(letter, '\u{200c}' | '\u{200d}');
        let is_flood = is_joiner && was_joiner;
        was_joiner = is_joiner;
        let is_plain = (' '..='~').contains(&letter)
            || (!letter.is_ascii()
                && !is_flood
                && safe_line(letter.encode_utf8(&mut buffer)).len() == letter.len_utf8());
        if is_plain {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a String cannot fail; its signature says so only by returning a result.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn json_keeps_its_meaning_and_loses_what_a_terminal_would_obey() {
        let hostile = "a\u{1b}[2J\u{7f}\u{9b}1m\u{202e}é\u{e0041}\nسارا";
        let line = harmless(&serde_json::to_string(hostile).unwrap());
        assert!(line.chars().all(|letter| !letter.is_control() && letter != '\u{202e}'), "{line}");
        assert!(line.contains("سارا") && line.contains('é'), "{line}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), hostile);
    }
}
