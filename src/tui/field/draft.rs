//! When a draft is kept, and what is said about it.

use crate::desk::{Command, Draft, DraftKey};
use crate::domain::time::{Instant, Zone};

use super::super::when::clock_time;
use super::super::{Context, Ticket};

/// Milliseconds after which typing without a pause is kept.
const TYPING_KEPT_MS: i64 = 10_000;

/// Keeps the draft of one form: after a pause of a second, every ten seconds of typing, and when the form is left.
#[derive(Debug, Clone)]
pub struct DraftKeeper {
    key: DraftKey,
    /// Since when there are words that were not kept.
    unkept_since: Option<Instant>,
    was_touched: bool,
    saving: Option<Ticket>,
    kept_at: Option<Instant>,
}

impl DraftKeeper {
    /// A keeper that has kept nothing yet.
    #[must_use]
    pub fn new(key: DraftKey) -> Self {
        Self { key, unkept_since: None, was_touched: false, saving: None, kept_at: None }
    }

    /// Which draft.
    #[must_use]
    pub fn key(&self) -> &DraftKey {
        &self.key
    }

    /// Something was typed.
    pub fn touch(&mut self, now: Instant) {
        self.was_touched = true;
        self.unkept_since.get_or_insert(now);
    }

    /// Whether a second's tick finds words to be kept now.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let was_touched = std::mem::take(&mut self.was_touched);
        self.unkept_since.is_some_and(|since| {
            !was_touched || now.milliseconds() - since.milliseconds() >= TYPING_KEPT_MS
        })
    }

    /// Whether there are words that were not kept.
    #[must_use]
    pub fn is_unkept(&self) -> bool {
        self.unkept_since.is_some()
    }

    /// Has the desk keep the words.
    pub fn save(
        &mut self,
        fields: Vec<(String, String)>,
        focus: &str,
        base_version: u64,
        context: &mut Context<'_>,
    ) {
        self.unkept_since = None;
        self.was_touched = false;
        let draft = Draft {
            key: self.key.clone(),
            fields,
            focus: focus.to_owned(),
            base_version,
            saved_at: context.shared.now,
        };
        self.saving = Some(context.execute(Command::SaveDraft(draft)));
    }

    /// Takes the receipt of a save; whether it was one of this keeper's.
    pub fn executed(&mut self, ticket: Ticket, is_done: bool, now: Instant) -> bool {
        if self.saving != Some(ticket) {
            return false;
        }
        self.saving = None;
        if is_done {
            self.kept_at = Some(now);
        } else {
            // What could not be kept is tried again after the next pause.
            self.unkept_since.get_or_insert(now);
        }
        true
    }

    /// A draft from before was put back.
    pub fn found(&mut self, saved_at: Instant) {
        self.kept_at = Some(saved_at);
    }

    /// Has the desk forget the draft, if it can have one.
    pub fn drop_draft(&mut self, context: &mut Context<'_>) {
        if self.kept_at.take().is_some() || self.saving.take().is_some() {
            context.execute(Command::DropDraft(self.key.clone()));
        }
        self.unkept_since = None;
        self.was_touched = false;
    }

    /// `draft kept 09:18:44`, once it is.
    #[must_use]
    pub fn label(&self, zone: &Zone) -> Option<String> {
        self.kept_at.map(|at| format!("draft kept {}", clock_time(at, zone)))
    }
}
