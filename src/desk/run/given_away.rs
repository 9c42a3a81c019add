//! What is still to be handed on for somebody who is not here: what they have, and what their absence gave to others or back
//! into its queue.

use crate::codec::decode_record;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::TimelinePage;
use crate::desk::work::broken;
use crate::domain::cases::{CaseEvent, claimed_by};
use crate::domain::event::{EventRecord, PromiseEvent};
use crate::domain::{CaseworkerId, EntityId, Event};
use crate::store::Direction;

use super::Run;
use super::absence::RULE;

/// Pages of a timeline, the newest ones, in which the handing over of somebody's work is looked for.
const PAGES_LOOKED_AT: usize = 4;

impl Run<'_> {
    /// Whether what lies with `now` came there from somebody by their absence, which lasts: so that whoever leads their unit
    /// hands it on. A case that was free before was never theirs, nor is one that was claimed or given on since.
    pub(super) fn is_given_away(
        &mut self,
        id: &EntityId,
        from: CaseworkerId,
        now: Option<CaseworkerId>,
    ) -> Result<bool, DeskError> {
        if self.work.directory.is_here(from, self.today) {
            return Ok(false);
        }
        let pages = keys::timeline(id).range();
        let page = self.work.scan(&pages, PAGES_LOOKED_AT, Direction::Backward)?;
        let mut records: Vec<EventRecord> = Vec::new();
        for (_, found) in page.rows {
            let page: TimelinePage = decode_record(&found.value).map_err(broken)?;
            records.extend(page.records.into_iter().rev());
        }
        let changes = records.iter().filter_map(|record| Some((record, holder_after(record)?)));
        // An undo brings back who had it then: how that came about lies further back.
        let mut changes = changes.skip_while(|(record, holder)| is_undo(record) || *holder != now);
        let is_of_absence =
            changes.next().is_some_and(|(record, _)| record.rule.as_deref() == Some(RULE));
        Ok(is_of_absence && changes.next().is_some_and(|(_, before)| before == Some(from)))
    }
}

/// Who has a case or promise after an event of it, where the event says so: nobody, of a free case.
#[expect(clippy::wildcard_enum_match_arm, reason = "most events leave it with whoever has it")]
#[expect(clippy::option_option, reason = "an event may say nothing of it, or that nobody has it")]
fn holder_after(record: &EventRecord) -> Option<Option<CaseworkerId>> {
    if let Event::Case(event) = &record.event {
        return match event {
            CaseEvent::Given { owner, .. } | CaseEvent::Reopened { owner, .. } => Some(*owner),
            CaseEvent::Reverted { to, .. } => Some(to.owner),
            CaseEvent::Released | CaseEvent::StepEntered { .. } => Some(None),
            event => claimed_by(event).map(Some),
        };
    }
    let Event::Promise(event) = &record.event else { return None };
    if let PromiseEvent::Given { owner, .. } = event {
        return Some(Some(*owner));
    }
    if let PromiseEvent::Made(promised) = event {
        return Some(Some(promised.owner));
    }
    if let PromiseEvent::Reverted(to) = event {
        return Some(Some(to.promised.owner));
    }
    None
}

fn is_undo(record: &EventRecord) -> bool {
    matches!(
        record.event,
        Event::Case(CaseEvent::Reverted { .. }) | Event::Promise(PromiseEvent::Reverted(_))
    )
}
