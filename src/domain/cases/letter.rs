//! A letter from a template: its placeholders filled for one reader, or the refusal that names what is missing.

use crate::domain::people::Person;
use crate::domain::refusal::Refusal;

use super::general::{ReplyTemplate, templates};
use super::kinds::Channel;

/// Ways by which a letter can go, in the order in which they are tried for somebody who prefers none.
const WAYS: [Channel; 4] = [Channel::Letter, Channel::Email, Channel::Sms, Channel::Fax];

/// What the placeholders of a template stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterFacts<'a> {
    /// How to address the reader; empty where nobody has said.
    pub form_of_address: &'a str,
    /// The reader's name as listed: `Mohammadi, Sara`.
    pub listed: &'a str,
    /// The case's number.
    pub case: &'a str,
    /// The subject's label.
    pub subject: &'a str,
    /// Who writes.
    pub caseworker: &'a str,
}

/// The ways that reach somebody, their preferred one first.
#[must_use]
pub fn ways_to(person: &Person) -> Vec<Channel> {
    let mut ways: Vec<Channel> =
        WAYS.into_iter().filter(|way| !person.address_by(*way).is_empty()).collect();
    ways.sort_by_key(|channel| Some(*channel) != person.preferred_channel);
    ways
}

/// The template of a code.
///
/// # Errors
/// There is none of that code.
pub fn template_of(code: &str) -> Result<&'static ReplyTemplate, Refusal> {
    templates().iter().find(|template| template.code == code).ok_or_else(|| {
        Refusal::new(
            "letter.template",
            format!("There is no template {code}."),
            "Pick one of the list.",
        )
    })
}

/// The words filled for one reader, and where in them (in characters) there is something to add.
#[must_use]
pub fn fill_letter(words: &str, facts: &LetterFacts<'_>) -> (String, Option<usize>) {
    let (family, given) = facts.listed.split_once(", ").unwrap_or((facts.listed, ""));
    let name = if facts.form_of_address.is_empty() && !given.is_empty() {
        format!("{given} {family}")
    } else {
        family.to_owned()
    };
    let values = [
        ("{address}", facts.form_of_address),
        ("{name}", name.as_str()),
        ("{case}", facts.case),
        ("{subject}", facts.subject),
        ("{caseworker}", facts.caseworker),
    ];
    let text = replaced(words, &values).replace("Dear  ", "Dear ").replace("Dear ,", "Good day,");
    let gap =
        text.find(": \n").map(|at| text.char_indices().take_while(|(i, _)| *i < at + 2).count());
    (text, gap)
}

/// A letter as one of many readers gets it: of a template, or of words with the same placeholders. Nobody looks it over
/// before it goes, so that nothing may be missing in it.
///
/// # Errors
/// There is no such template, its words leave something to be added, or a placeholder of them is none.
pub fn letter_for_each(
    template: Option<&str>,
    text: Option<&str>,
    facts: &LetterFacts<'_>,
) -> Result<String, Refusal> {
    let words = match (text, template) {
        (Some(text), _) => text,
        (None, Some(code)) => template_of(code)?.text,
        (None, None) => "",
    };
    if let Some(unknown) = unknown_placeholder(words) {
        return Err(Refusal::new(
            "letter.placeholder",
            format!("{unknown} stands for nothing."),
            "Use {address}, {name}, {case}, {subject} or {caseworker}.",
        ));
    }
    match fill_letter(words, facts) {
        (_, Some(_)) => Err(Refusal::new(
            "letter.gap",
            "The letter has a place where something is to be added.",
            "Add it to the words first.",
        )),
        (text, None) => Ok(text),
    }
}

/// The first thing in braces that no placeholder is called.
fn unknown_placeholder(words: &str) -> Option<String> {
    let known = ["address", "name", "case", "subject", "caseworker"];
    let mut rest = words;
    while let Some((_, from)) = rest.split_once('{') {
        let (name, after) = from.split_once('}')?;
        let is_word = !name.is_empty() && name.chars().all(char::is_alphanumeric);
        if is_word && !known.contains(&name) {
            return Some(format!("{{{name}}}"));
        }
        rest = after;
    }
    None
}

/// Puts values in the places of their names, in one pass: a value that looks like a name is left alone.
fn replaced(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let found = values.iter().find_map(|(name, value)| {
            let after = from.strip_prefix(name.strip_prefix('{')?)?;
            Some((value, after))
        });
        if let Some((value, after)) = found {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = from;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: LetterFacts<'static> = LetterFacts {
        form_of_address: "Ms",
        listed: "Mohammadi, Sara",
        case: "C-1",
        subject: "Rent",
        caseworker: "L. Karimi",
    };

    #[test]
    fn a_name_that_looks_like_a_placeholder_stays_a_name() {
        let values = [("{name}", "{case}"), ("{case}", "C-1")];
        assert_eq!(
            replaced("Dear {name}, {case} {other} {", &values),
            "Dear {case}, C-1 {other} {"
        );
    }

    #[test]
    fn a_letter_that_nobody_looks_over_has_nothing_missing_in_it() {
        let done = letter_for_each(Some("done@1"), None, &FACTS).unwrap();
        assert!(done.starts_with("Dear Ms Mohammadi,\n"), "{done}");
        let code = |template, text| letter_for_each(template, text, &FACTS).unwrap_err().code;
        assert_eq!(code(Some("papers@1"), None), "letter.gap");
        assert_eq!(code(Some("nothing@1"), None), "letter.template");
        assert_eq!(code(None, Some("Dear {nmae},")), "letter.placeholder");
        assert!(letter_for_each(None, Some("{case}: it is {not a placeholder}"), &FACTS).is_ok());
    }
}
