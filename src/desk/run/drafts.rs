//! Drafts: private, outside the chain, and never lost by a change of what they are about.

use crate::codec::encode_record;
use crate::desk::command::{Draft, DraftKey};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::{CaseworkerId, Refusal};

use super::{Done, Run};

/// Bytes of all fields of a draft together; a form's texts are at most a third of it.
const DRAFT_BYTES_MAX: usize = 12_000;

/// Bytes that a field takes beside its name and text.
const FIELD_BYTES: usize = 16;

/// Where a draft lives.
pub(in crate::desk) fn draft_key(caseworker: CaseworkerId, key: &DraftKey) -> Vec<u8> {
    let mut bytes = keys::drafts_of(caseworker).byte(key.form as u8).done();
    if let Some(target) = &key.target {
        bytes.extend(keys::entity(target));
    }
    bytes
}

impl Run<'_> {
    pub(super) fn save_draft(&mut self, draft: &Draft) -> Result<Done, DeskError> {
        let fields: usize = draft.fields.iter().map(|(name, text)| name.len() + text.len()).sum();
        let bytes = fields + draft.focus.len() + draft.fields.len() * FIELD_BYTES;
        if bytes > DRAFT_BYTES_MAX {
            return Err(Refusal::new(
                "draft.long",
                format!("The draft has {bytes} bytes, and {DRAFT_BYTES_MAX} is the most that can be kept."),
                "Shorten it before you leave.",
            )
            .into());
        }
        let kept = Draft { saved_at: self.doer.at, ..draft.clone() };
        let value = encode_record(&kept).map_err(broken)?;
        let own = draft_key(self.doer.actor, &draft.key);
        // What an editor on the survivor began with were the words on what was merged into it: they are kept here now.
        if self.work.get(&own)?.is_none()
            && let Some((behind, since)) = self.drafts_behind(&draft.key)?.into_iter().next()
            && draft.base_version >= since
        {
            self.work.put_state(draft_key(self.doer.actor, &behind), None);
        }
        self.work.put_state(own, Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }

    /// Drops a draft: the own one, or the one of what was merged into its target that was offered in its place. A second
    /// one stays, and is offered next.
    pub(super) fn drop_draft(&mut self, key: &DraftKey) -> Result<Done, DeskError> {
        let own = draft_key(self.doer.actor, key);
        let offered = if self.work.get(&own)?.is_some() {
            own
        } else {
            let behind = self.drafts_behind(key)?.into_iter().next();
            behind.map_or(own, |(behind, _)| draft_key(self.doer.actor, &behind))
        };
        self.work.put_state(offered, None);
        Ok(Done::new(String::new()).leaves_nothing())
    }
}
