//! The form as its draft holds it: names of fields and their words.

use crate::domain::SubjectCode;
use crate::domain::cases::{About, Channel, Nature};

use super::super::field::person_number;
use super::fields::{Asker, Field, Fields};

/// The form in names and words. What was answered to SAME? is not kept, for other cases may be alike by then.
pub(super) fn draft_fields(fields: &Fields) -> Vec<(String, String)> {
    let asker = match fields.asker {
        Asker::Open => String::new(),
        Asker::Anonymous => "anonymous".to_owned(),
        Asker::Person(person) => person.to_string(),
    };
    let about = match &fields.about {
        About::Same => "same".to_owned(),
        About::Person(person) => person.to_string(),
        About::Household(household) => household.to_string(),
    };
    let (code, label) =
        fields.subject.clone().map(|(code, label)| (code.0, label)).unwrap_or_default();
    let place = if fields.place_of_file.is_some() { String::new() } else { fields.place.text() };
    [
        (Field::Via.name(), fields.via.map_or("", Channel::code).to_owned()),
        (Field::Received.name(), fields.received.text()),
        (Field::Nature.name(), fields.nature.map_or("", Nature::code).to_owned()),
        (Field::Subject.name(), fields.subject_text.text()),
        ("subject code", code.into()),
        ("subject label", label),
        (Field::AskedBy.name(), asker),
        (Field::About.name(), about),
        (Field::Addressee.name(), fields.addressee_text.text()),
        (Field::Place.name(), place),
        (Field::Says.name(), fields.says.text()),
        (Field::Promise.name(), fields.promise.text()),
    ]
    .into_iter()
    .map(|(name, words)| (name.to_owned(), words))
    .collect()
}

/// Puts one field of a draft back; a name that this form does not know is left out.
pub(super) fn set_field(fields: &mut Fields, name: &str, words: &str) {
    match name {
        "via" => fields.via = Channel::from_code(words).or(fields.via),
        "received" => fields.received.set(words),
        "nature" => fields.nature = Nature::from_code(words),
        "subject" => fields.subject_text.set(words),
        "subject code" if !words.is_empty() => {
            fields.subject = Some((SubjectCode(words.into()), String::new()));
        }
        "subject label" => {
            if let Some((_, label)) = &mut fields.subject {
                words.clone_into(label);
            }
        }
        "asked by" if words == "anonymous" => fields.asker = Asker::Anonymous,
        "asked by" => {
            if let Some(person) = person_number(words) {
                fields.asker = Asker::Person(person);
            }
        }
        "about" => {
            fields.about = words
                .parse()
                .map(About::Person)
                .or_else(|_| words.parse().map(About::Household))
                .unwrap_or(About::Same);
        }
        "letters to" => {
            fields.addressee_text.set(words);
            fields.addressee = person_number(words);
        }
        "place" if !words.is_empty() => fields.place.set(words),
        "says" => fields.says.set(words),
        "promise" => fields.promise.set(words),
        _ => {}
    }
}
