//! The ways by which a reply can go, and the words of a template filled in for one of them.

use crate::desk::{CaseFileAnswer, PartyLine};
use crate::domain::PersonId;
use crate::domain::cases::{Channel, LetterFacts, ReplyTemplate, fill_letter};

use super::editor::Scene;

/// Somebody, and a way to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) form_of_address: String,
    pub(super) channel: Channel,
    pub(super) address: String,
}

/// Every way, that to whom letters go first, then that to who asked.
pub(super) fn ways(file: &CaseFileAnswer) -> Vec<Way> {
    let mut parties: Vec<&PartyLine> = file.parties.iter().collect();
    parties.sort_by_key(|party| {
        let is_role = |role: &str| !party.role.contains(role);
        (is_role("letters"), is_role("asked"))
    });
    parties
        .into_iter()
        .flat_map(|party| {
            party.reply.iter().map(|(channel, address)| Way {
                person: party.person,
                name: party.name.clone(),
                form_of_address: party.form_of_address.clone(),
                channel: *channel,
                address: address.clone(),
            })
        })
        .collect()
}

/// A template's words for this case and person, and where in them (in characters) there is something to add.
pub(super) fn fill(
    template: &ReplyTemplate,
    way: Option<&Way>,
    scene: &Scene,
) -> (String, Option<usize>) {
    let facts = LetterFacts {
        form_of_address: way.map_or("", |way| way.form_of_address.as_str()),
        listed: way.map_or("", |way| way.name.as_str()),
        case: &scene.row.id.to_string(),
        subject: &scene.row.subject,
        caseworker: &scene.who.caseworker.name,
    };
    fill_letter(template.text, &facts)
}
