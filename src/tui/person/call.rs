//! What the file says of the contact that runs: whether the caller is verified, how often they were here, how to greet them.

use crate::desk::{KinLine, PersonFileAnswer, RunningContact};
use crate::domain::cases::Direction;
use crate::domain::people::OF_AGE_YEARS;
use crate::keymap::{self, Action};

use super::super::Shared;
use super::super::paint::Meaning;
use super::super::when::{day_and_time, day_in_column};

/// Contacts in one month from which on they are worth a word.
const REPEATED_MIN: u64 = 2;
/// Children whom the greeting names.
const CHILDREN_NAMED: usize = 4;

/// `CALLER NOT VERIFIED: V asks 2 of 4   purpose: this call   3rd contact in Aug`; nothing where there is nothing to say.
pub(super) fn call_line(file: &PersonFileAnswer, shared: &Shared) -> Option<(String, Meaning)> {
    let mut parts = Vec::new();
    let mut meaning = Meaning::Plain;
    if let Some(contact) = &shared.presence.contact {
        let (words, means) = caller(contact, file, shared);
        parts.push(words);
        meaning = means;
        let person = contact.person.as_ref().map(|(person, _)| *person);
        if person.is_none_or(|person| person == file.person) {
            parts.push("purpose: this call".to_owned());
        }
    }
    if file.contacts_month >= REPEATED_MIN {
        let month = shared.zone.day(shared.now).date().strftime("%b");
        parts.push(format!("{} contact in {month}", ordinal(file.contacts_month)));
    }
    (!parts.is_empty()).then(|| (parts.join("   "), meaning))
}

fn caller(contact: &RunningContact, file: &PersonFileAnswer, shared: &Shared) -> (String, Meaning) {
    let is_caller = contact.person.as_ref().is_some_and(|(person, _)| *person == file.person);
    let is_live_in = contact.direction == Direction::In && contact.channel.is_live();
    match (&contact.person, is_caller) {
        (Some((_, name)), false) => (format!("NOT THE CALLER, who is {name}"), Meaning::Alarm),
        _ if contact.is_verified => ("caller verified 2 of 4".to_owned(), Meaning::Done),
        _ if contact.is_failed => {
            ("CALLER FAILED: nothing is shown to them".to_owned(), Meaning::Alarm)
        }
        _ if is_live_in => {
            let verify = shared.keymap.key(keymap::Context::Person, Action::VerifyCaller);
            (format!("CALLER NOT VERIFIED: {verify} asks 2 of 4"), Meaning::Alarm)
        }
        _ => ("contact with this person".to_owned(), Meaning::Plain),
    }
}

/// `Mrs Mohammadi   last 08-20 letter   promise Fri 14:00   Nika 6`: what one says first, and knows before one asks.
pub(super) fn greeting(file: &PersonFileAnswer, shared: &Shared) -> String {
    let family = file.name.split_once(", ").map_or(file.name.as_str(), |(family, _)| family);
    let address = format!("{} {family}", file.form_of_address);
    let today = shared.zone.day(shared.now);
    let last = file.contacts.iter().find(|contact| !contact.is_running).map_or_else(
        || "first contact".to_owned(),
        |last| {
            let on = day_in_column(shared.zone.day(last.at), today);
            format!("last {on} {} {}", last.channel.label(), last.direction)
        },
    );
    let promise = match file.promises.first() {
        Some(next) => format!("promise {}", day_and_time(next.due_at, shared.now, &shared.zone)),
        None => "no promise open".to_owned(),
    };
    let children: Vec<String> = children(file).take(CHILDREN_NAMED).collect();
    let parts = [address.trim().to_owned(), last, promise, children.join(", ")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("   ")
}

/// The children with their ages: `Nika 6`.
fn children(file: &PersonFileAnswer) -> impl Iterator<Item = String> {
    let is_child = |kin: &&KinLine| matches!(kin.relation.as_str(), "child" | "ward");
    file.kin.iter().filter(is_child).filter_map(|kin| {
        let age = kin.age.filter(|age| (0..OF_AGE_YEARS).contains(age))?;
        let given = kin.name.split_once(", ").map_or(kin.name.as_str(), |(_, given)| given);
        Some(format!("{given} {age}"))
    })
}

fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn numbers_are_counted_as_they_are_said() {
        let said = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal);
        assert_eq!(
            said,
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th"]
        );
    }
}
