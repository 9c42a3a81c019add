//! `casedesk person register`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use crate::desk::{Command, Heard};
use crate::domain::people::identity::canonical;
use crate::domain::people::{
    BirthDate, ContactPoint, ContactPointKind, Name, NameKind, NewPerson, PersonChange,
};
use crate::domain::{EntityId, PersonId};

/// Registers a person who is not there yet. Look first: casedesk find.
///
///   casedesk person register --given Ingrid --family Solberg --born 1974
///   casedesk person register --family Solberg --telephone "+47 900 00 000" --shown P-12 --shown P-40
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Register {
    /// Given names, as on the document
    #[arg(long, default_value = "")]
    given: String,
    /// Family names, as on the document
    #[arg(long, default_value = "")]
    family: String,
    /// Birth date: 1986, 1986-03 or 1986-03-02
    #[arg(long)]
    born: Option<String>,
    /// Telephone number
    #[arg(long)]
    telephone: Option<String>,
    /// E-mail address
    #[arg(long)]
    email: Option<String>,
    /// An identity number with its scheme, as no-fnr=15108695088; mx-curp, mx-rfc, tr-tckn, no-fnr, ir-code, gb-nino, es-dni
    /// and us-ssn are checked
    #[arg(long, value_name = "SCHEME=NUMBER")]
    identity: Vec<String>,
    /// A note for whoever opens the file next
    #[arg(long)]
    note: Option<String>,
    /// Where this is known from
    #[arg(long, default_value = "told by telephone")]
    source: String,
    /// Somebody who was found and is not the one; kept in the trail
    #[arg(long, value_name = "PERSON")]
    shown: Vec<PersonId>,
}

#[derive(Serialize)]
struct Registered {
    person: Option<String>,
    label: String,
}

impl Register {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let new = self.person()?;
        let opened = context.open()?;
        let receipt = opened.execute(Command::RegisterPerson(new))?;
        let person = receipt.created.iter().find_map(|made| {
            if let EntityId::Person(person) = made { Some(*person) } else { None }
        });
        if let (Some(person), Some(note)) = (person, &self.note) {
            opened.execute(Command::ChangePerson {
                person,
                version: None,
                change: PersonChange::Note(note.clone()),
                source: "written on the file".to_owned(),
                is_verified: false,
            })?;
        }
        let person = person.map(|person| person.to_string());
        let registered = Registered { person, label: receipt.label };
        context.output.show(&registered, |registered| vec![registered.label.clone()])
    }

    fn person(&self) -> Result<NewPerson, CliError> {
        let wrong = |field: &str, hint: &str| {
            CliError::refused("person.field", format!("The {field} cannot be read."), hint)
        };
        let born = self.born.as_deref().map(|text| {
            BirthDate::parse(text)
                .ok_or_else(|| wrong("birth date", "It is like 1986, 1986-03 or 1986-03-02."))
        });
        let point = |kind, raw: &Option<String>| {
            let parsed = raw.as_deref().map(|raw| ContactPoint::parse(kind, raw));
            parsed.transpose().map_err(|why| CliError::refused("person.field", why, ""))
        };
        let telephone = point(ContactPointKind::Telephone, &self.telephone)?;
        let email = point(ContactPointKind::Email, &self.email)?;
        let identities = self.identity.iter().map(|stated| {
            stated
                .split_once('=')
                .map(|(scheme, value)| canonical(scheme, value))
                .ok_or_else(|| wrong("identity number", "It is like no-fnr=15108695088."))
        });
        let name = Name {
            kind: NameKind::Official,
            given: self.given.clone(),
            family: self.family.clone(),
        };
        Ok(NewPerson {
            names: vec![name],
            birth_date: born.transpose()?,
            contact_points: telephone.into_iter().chain(email).collect(),
            identities: identities.collect::<Result<_, _>>()?,
            source: self.source.clone(),
            shown: self.shown.clone(),
            ..NewPerson::default()
        })
    }
}

/// The command line that registers somebody of whom this was heard.
pub(super) fn command_for(heard: &Heard) -> String {
    let beside = [&heard.form_of_address, &heard.postcode, &heard.area, &heard.rest];
    let beside = beside.map(String::as_str).into_iter().filter(|words| !words.is_empty());
    let note = beside.collect::<Vec<_>>().join(" ");
    let options = [
        ("given", &heard.given),
        ("family", &heard.family),
        ("born", &heard.born),
        ("telephone", &heard.telephone),
        ("email", &heard.email),
        ("note", &note),
    ];
    let filled = options.iter().filter(|(_, words)| !words.is_empty());
    let words = filled.map(|(option, words)| format!(" --{option} {}", quoted(words)));
    format!("casedesk person register{}", words.collect::<String>())
}

/// A word as a shell takes it whole.
fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|letter| letter.is_alphanumeric() || "-+.@_".contains(letter));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_one_word_of_a_shell_each() {
        let heard = Heard {
            given: "Luz Marina".to_owned(),
            family: "O'Brien".to_owned(),
            born: "1986".to_owned(),
            ..Heard::default()
        };
        assert_eq!(
            command_for(&heard),
            r"casedesk person register --given 'Luz Marina' --family 'O'\''Brien' --born 1986"
        );
    }
}
