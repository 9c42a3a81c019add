//! Decides when what is being typed is kept: after a rest of a second, and every ten seconds of typing.

use crate::desk::{Command, Draft, DraftKey};
use crate::domain::time::Instant;
use crate::tui::screen::{Context, Ticket};

/// The longest that typing without a rest goes unkept, in milliseconds.
const UNKEPT_MS_MAX: i64 = 10_000;

/// A draft on its way to the desk; none where it is dropped there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keeping {
    pub(super) ticket: Ticket,
    pub(super) draft: Option<Draft>,
}

/// What is known about the draft of one editor.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftKeeper {
    unkept_since: Option<Instant>,
    is_resting: bool,
    saving: Option<(Ticket, Instant)>,
    kept_at: Option<Instant>,
    is_there: bool,
    is_failing: bool,
}

impl DraftKeeper {
    /// When the draft was last kept.
    pub(super) fn kept_at(&self) -> Option<Instant> {
        self.kept_at
    }

    /// Whether the last try to keep it failed.
    pub(super) fn is_failing(&self) -> bool {
        self.is_failing
    }

    /// Whether something was typed that is not kept.
    pub(super) fn is_unkept(&self) -> bool {
        self.unkept_since.is_some()
    }

    /// A draft was found and put back.
    pub(super) fn found(&mut self, saved_at: Instant) {
        self.is_there = true;
        self.kept_at = Some(saved_at);
    }

    /// Something was typed.
    pub(super) fn typed(&mut self, now: Instant) {
        self.unkept_since.get_or_insert(now);
        self.is_resting = false;
    }

    /// Whether it is time to keep what was typed; called about once a second.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let Some(since) = self.unkept_since else { return false };
        let was_resting = std::mem::replace(&mut self.is_resting, true);
        was_resting || now.milliseconds() - since.milliseconds() >= UNKEPT_MS_MAX
    }

    /// Keeps the fields, or drops the draft where there is nothing left to keep.
    pub(super) fn keep(
        &mut self,
        key: DraftKey,
        fields: Vec<(String, String)>,
        focus: &str,
        base_version: u64,
        context: &mut Context<'_>,
    ) -> Option<Keeping> {
        self.unkept_since = None;
        if fields.is_empty() {
            return self.drop_draft(key, context);
        }
        let now = context.shared.now;
        let draft = Draft { key, fields, focus: focus.to_owned(), base_version, saved_at: now };
        let ticket = context.execute(Command::SaveDraft(draft.clone()));
        self.saving = Some((ticket, now));
        self.is_there = true;
        Some(Keeping { ticket, draft: Some(draft) })
    }

    /// Drops the draft, if there is one.
    pub(super) fn drop_draft(
        &mut self,
        key: DraftKey,
        context: &mut Context<'_>,
    ) -> Option<Keeping> {
        self.unkept_since = None;
        self.kept_at = None;
        std::mem::take(&mut self.is_there)
            .then(|| Keeping { ticket: context.execute(Command::DropDraft(key)), draft: None })
    }

    /// The desk has kept the draft, or has not; whether the ticket was this keeper's.
    pub(super) fn executed(&mut self, ticket: Ticket, is_kept: bool) -> bool {
        match self.saving {
            Some((saving, at)) if saving == ticket => {
                self.saving = None;
                self.is_failing = !is_kept;
                if is_kept {
                    self.kept_at = Some(at);
                }
                true
            }
            Some(_) | None => false,
        }
    }
}
