//! The one function that fills a template in for a case and a reader.

use crate::domain::ids::CaseId;
use crate::domain::time::Day;

use super::language::Language;
use super::placeholder::{Piece, Placeholder, pieces};
use super::template::Template;

/// Days for an objection, counted from the day of writing: six weeks, as the usual general administrative law acts say.
const APPEAL_DAYS: i32 = 42;
/// What a paragraph ends with, in the scripts of the shipped languages.
const SENTENCE_ENDS: [char; 7] = ['.', '!', '?', ':', ';', '\u{61f}', '\u{61b}'];
/// Days that a citizen is given for an answer.
const REPLY_DAYS: i32 = 14;

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The case.
    pub case: CaseId,
    /// Its subject's label; empty where it has none yet.
    pub subject: String,
    /// Who writes.
    pub caseworker: String,
    /// The unit that answers.
    pub unit: String,
    /// The office.
    pub office: String,
    /// The day of writing, in the office's zone.
    pub today: Day,
    /// The day on which the matter was received.
    pub received: Day,
    /// The next day by which the citizen is owed an answer; nothing where every such day has passed.
    pub answer_by: Option<Day>,
    /// The day by which it is decided, while that is owed and still to come.
    pub decide_by: Option<Day>,
    /// Why the office says no; empty until it does.
    pub reasons: String,
}

/// Who reads a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reader {
    /// Given names.
    pub given: String,
    /// Family names.
    pub family: String,
    /// How to address them; empty where nobody has said.
    pub form_of_address: String,
    /// Where they live, line by line; empty where it is not known.
    pub postal_address: String,
    /// The language that they prefer.
    pub language: String,
}

/// A template that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text; a placeholder that nothing is known for stands in it as it is.
    pub text: String,
    /// The placeholders that nothing is known for, each once, in the order of the text.
    pub missing: Vec<Placeholder>,
}

impl Filled {
    /// The text where nothing is missing.
    ///
    /// # Errors
    /// What is missing.
    pub fn whole(self) -> Result<String, Vec<Placeholder>> {
        if self.missing.is_empty() { Ok(self.text) } else { Err(self.missing) }
    }
}

/// Fills a template in for a case and a reader. Values are put in once: one that looks like a placeholder stays as it is.
#[must_use]
pub fn fill(template: &Template, language: &Language, matter: &Matter, reader: &Reader) -> Filled {
    let mut filled =
        Filled { text: String::with_capacity(template.text.len()), missing: Vec::new() };
    put(&template.text, language, matter, reader, &mut filled);
    filled.text = tidy(&filled.text);
    filled
}

fn put(text: &str, language: &Language, matter: &Matter, reader: &Reader, filled: &mut Filled) {
    // A text that was not checked, which no file brings in, is left as it is.
    for piece in pieces(text).unwrap_or_else(|_unchecked| vec![Piece::Words(text)]) {
        match piece {
            Piece::Words(words) => filled.text.push_str(words),
            // The greeting has placeholders of its own, but never itself.
            Piece::Place(Placeholder::Salutation) => {
                let greeting = language.greeting(&reader.form_of_address).to_owned();
                if !greeting.contains("{salutation}") {
                    put(&greeting, language, matter, reader, filled);
                }
            }
            Piece::Place(place) => {
                if let Some(value) = value(place, language, matter, reader) {
                    filled.text.push_str(&value);
                    continue;
                }
                filled.text.push_str(&place.to_string());
                if !filled.missing.contains(&place) {
                    filled.missing.push(place);
                }
            }
        }
    }
}

/// What stands in a place; nothing where nobody knows.
fn value(
    place: Placeholder,
    language: &Language,
    matter: &Matter,
    reader: &Reader,
) -> Option<String> {
    let known = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let day = |day: Day| Some(language.day(day));
    let full_name = format!("{} {}", reader.given, reader.family);
    let family = known(&reader.family).or_else(|| known(&reader.given));
    match place {
        Placeholder::Address => Some(reader.form_of_address.trim().to_owned()),
        Placeholder::Name if reader.form_of_address.trim().is_empty() => known(&full_name),
        Placeholder::Name | Placeholder::Family => family,
        Placeholder::FullName => known(&full_name),
        // A letter to somebody whose address is not known is handed over at the counter.
        Placeholder::PostalAddress => Some(reader.postal_address.clone()),
        Placeholder::Case => Some(matter.case.to_string()),
        Placeholder::Subject => known(&matter.subject),
        Placeholder::Caseworker => known(&matter.caseworker),
        Placeholder::Unit => known(&matter.unit),
        Placeholder::Office => known(&matter.office),
        Placeholder::Today => day(matter.today),
        Placeholder::Received => day(matter.received),
        Placeholder::AnswerBy => matter.answer_by.and_then(day),
        Placeholder::DecideBy => matter.decide_by.and_then(day),
        Placeholder::ReplyBy => day(matter.today.plus_days(REPLY_DAYS)),
        Placeholder::AppealUntil => day(matter.today.plus_days(APPEAL_DAYS)),
        Placeholder::Reasons => known(&matter.reasons),
        Placeholder::Salutation
        | Placeholder::Papers
        | Placeholder::Promised
        | Placeholder::Details => None,
    }
}

/// Takes out what empty places leave behind: blanks in a row, blanks at the ends of lines, and empty lines in a row.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let is_second_gap = line.is_empty() && lines.last().is_none_or(String::is_empty);
        if !is_second_gap {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// Where words are to go into a filled text, in characters: at the first open placeholder, else at the end of the last
/// paragraph before the closing formula and the signature.
///
/// The signature is the last block. A closing formula is a block that ends no sentence, as `Yours sincerely,` does in any
/// language; a text of one block, as an SMS is, goes on at its end.
#[must_use]
pub fn writing_place(text: &str) -> usize {
    if let Some((at, _)) = first_open_placeholder(text) {
        return at;
    }
    let Some((body, _signature)) = text.rsplit_once("\n\n") else { return text.chars().count() };
    let body = match body.rsplit_once("\n\n") {
        Some((before, closing)) if !closing.trim_end().ends_with(SENTENCE_ENDS) => before,
        Some(_) | None => body,
    };
    body.trim_end().chars().count()
}

/// The first placeholder that still stands in a text, and where it begins, in characters.
#[must_use]
pub fn first_open_placeholder(text: &str) -> Option<(usize, Placeholder)> {
    let mut at = 0;
    let mut rest = text;
    while let Some((words, from)) = rest.split_once('{') {
        at += words.chars().count();
        let name = from.split_once('}').map(|(name, _)| name);
        if let Some(place) = name.and_then(Placeholder::named) {
            return Some((at, place));
        }
        at += 1;
        rest = from;
    }
    None
}
