//! The other way round: every entry of an index is explained by a record.
//!
//! All entries that records have were found there, each by its own key. So an index with just as many keys holds nothing
//! else, and its keys are looked at one by one only where it has more.

use crate::desk::derive::derive;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::records::decode_entity;
use crate::domain::{
    CaseId, ContactId, EntityId, MergeId, MessageId, PersonId, PromiseId, ServiceId,
};
use crate::store::KeyRange;
use crate::text::hexadecimal;

use super::{Check, Expected, REBUILD};

/// Indexes that follow from records, with what they are of.
pub(super) const INDEXES: [(u8, &str); 20] = [
    (tag::IN_QUEUE, "cases of queues"),
    (tag::OF_OWNER, "cases of owners"),
    (tag::ESCALATED, "escalations"),
    (tag::MAIL, "messages that wait or failed"),
    (tag::OF_PERSON, "cases of people"),
    (tag::HELD_UNTIL, "holds by day"),
    (tag::RESTRICTED, "restricted people"),
    (tag::RELATED, "relationships"),
    (tag::SERVICE_OF, "services of people"),
    (tag::CONTACT_OF, "contacts of people"),
    (tag::OF_SUBJECT, "cases of subjects"),
    (tag::ORIGIN, "references of other systems"),
    (tag::OUTBOX, "messages that can be recalled"),
    (tag::RUNNING, "contacts that run"),
    (tag::PROMISED, "promises by time"),
    (tag::PROMISE_TO, "promises to people"),
    (tag::MERGED, "what was merged"),
    (tag::WATCHED, "cases by next escalation"),
    (tag::TO_SIGN, "signatures that wait"),
    (tag::ASKED, "cases by next reminder"),
];

/// What an index is of.
pub(super) fn index_name(index: u8) -> &'static str {
    INDEXES.iter().find(|(known, _)| *known == index).map_or("unknown", |(_, name)| name)
}

impl Check<'_> {
    pub(super) fn indexes(&mut self, expected: &Expected) -> Result<(), DeskError> {
        for (index, name) in INDEXES {
            let mut rows = 0_u64;
            self.rows(KeyRange::prefix(&[index]), |_, _, _| {
                rows += 1;
                Ok(())
            })?;
            self.found.index_keys += rows;
            let wanted = expected.keys.get(&index).copied().unwrap_or_default();
            if rows == wanted {
                continue;
            }
            let letter = char::from(index);
            let what = format!(
                "index {letter} ({name}) has {rows} keys, and records have {wanted} entries in it"
            );
            self.find(what, REBUILD);
            self.rows(KeyRange::prefix(&[index]), |check, key, value| {
                if !check.is_explained(key, value)? {
                    let what = format!(
                        "no record explains key {} of index {letter} ({name})",
                        hexadecimal(key)
                    );
                    check.find(what, REBUILD);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Whether the record that an index entry names has that entry.
    fn is_explained(&self, key: &[u8], value: &[u8]) -> Result<bool, DeskError> {
        let Some(id) = record_of(key, value) else { return Ok(false) };
        let Some(bytes) = self.get(&keys::entity(&id))? else { return Ok(false) };
        // A record that cannot be read was found as such already, and explains nothing.
        let Ok(entity) = decode_entity(&id, &bytes) else { return Ok(false) };
        let keys = derive(&entity, &self.zone).keys;
        Ok(keys.iter().any(|(known, held)| known == key && held == value))
    }
}

/// The record that an index entry is of.
fn record_of(key: &[u8], value: &[u8]) -> Option<EntityId> {
    let number = keys::last_number(key);
    Some(match *key.first()? {
        tag::IN_QUEUE
        | tag::OF_OWNER
        | tag::ESCALATED
        | tag::OF_PERSON
        | tag::HELD_UNTIL
        | tag::OF_SUBJECT => EntityId::Case(CaseId(number)),
        tag::WATCHED | tag::ASKED => EntityId::Plan(CaseId(number)),
        tag::TO_SIGN => EntityId::Signing(CaseId(number)),
        tag::MAIL | tag::OUTBOX => EntityId::Message(MessageId(number)),
        tag::RESTRICTED | tag::RELATED => EntityId::Person(PersonId(number)),
        tag::SERVICE_OF => EntityId::Service(ServiceId(number)),
        tag::CONTACT_OF | tag::RUNNING => EntityId::Contact(ContactId(number)),
        tag::PROMISED | tag::PROMISE_TO => EntityId::Promise(PromiseId(number)),
        tag::MERGED if key.get(1) == Some(&0) => EntityId::Merge(MergeId(keys::last_number(value))),
        tag::MERGED => EntityId::Merge(MergeId(number)),
        tag::ORIGIN if key.get(1) == Some(&tag::CASE) => {
            EntityId::Case(CaseId(keys::last_number(value)))
        }
        tag::ORIGIN => EntityId::Person(PersonId(keys::last_number(value))),
        _ => return None,
    })
}
