//! The ways by which a reply can go.

use crate::desk::{CaseFileAnswer, PartyLine};
use crate::domain::PersonId;
use crate::domain::cases::Channel;

/// Somebody, and a way to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) person: PersonId,
    pub(super) name: String,
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
                channel: *channel,
                address: address.clone(),
            })
        })
        .collect()
}
