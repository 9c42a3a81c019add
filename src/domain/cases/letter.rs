//! By which ways a letter reaches somebody.

use crate::domain::people::Person;

use super::kinds::Channel;

/// Ways by which a letter can go, in the order in which they are tried for somebody who prefers none.
const WAYS: [Channel; 4] = [Channel::Letter, Channel::Email, Channel::Sms, Channel::Fax];

/// The ways that reach somebody, their preferred one first. A telephone number is not said to be a fax, so that only
/// whoever prefers one is written to by it.
#[must_use]
pub fn ways_to(person: &Person) -> Vec<Channel> {
    let mut ways: Vec<Channel> =
        WAYS.into_iter().filter(|way| !person.address_by(*way).is_empty()).collect();
    ways.retain(|way| *way != Channel::Fax || person.preferred_channel == Some(Channel::Fax));
    ways.sort_by_key(|channel| Some(*channel) != person.preferred_channel);
    ways
}
