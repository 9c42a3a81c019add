//! When a draft is kept, and what is said about it.

use crate::desk::{Command, Draft, DraftKey};
use crate::domain::time::{Instant, Zone};

use super::super::when::clock_time;
use super::super::{Context, Ticket};

/// The longest that typing without a rest goes unkept, in milliseconds.
const UNKEPT_MS_MAX: i64 = 10_000;

/// A draft on its way to the desk; none where it is dropped there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// Whose receipt says whether it got there.
    pub ticket: Ticket,
    /// The words.
    pub draft: Option<Draft>,
}

/// Keeps the draft of one form or editor: after a rest of a second, every ten seconds of typing, and when it is left.
#[derive(Debug, Clone)]
pub struct DraftKeeper {
    key: DraftKey,
    /// Since when there are words that were not kept.
    unkept_since: Option<Instant>,
    is_resting: bool,
    saving: Option<(Ticket, Instant)>,
    kept_at: Option<Instant>,
    /// Whether the desk may have a draft to be dropped.
    is_there: bool,
    is_failing: bool,
}

impl DraftKeeper {
    /// A keeper that has kept nothing yet.
    #[must_use]
    pub fn new(key: DraftKey) -> Self {
        Self {
            key,
            unkept_since: None,
            is_resting: false,
            saving: None,
            kept_at: None,
            is_there: false,
            is_failing: false,
        }
    }

    /// Which draft.
    #[must_use]
    pub fn key(&self) -> &DraftKey {
        &self.key
    }

    /// Something was typed.
    pub fn typed(&mut self, now: Instant) {
        self.unkept_since.get_or_insert(now);
        self.is_resting = false;
    }

    /// Whether it is time to keep what was typed; called about once a second.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let Some(since) = self.unkept_since else { return false };
        let was_resting = std::mem::replace(&mut self.is_resting, true);
        was_resting || now.milliseconds() - since.milliseconds() >= UNKEPT_MS_MAX
    }

    /// Whether there are words that were not kept.
    #[must_use]
    pub fn is_unkept(&self) -> bool {
        self.unkept_since.is_some()
    }

    /// Has the desk keep the fields, or drop the draft where there is nothing left to keep.
    pub fn keep(
        &mut self,
        fields: Vec<(String, String)>,
        focus: &str,
        base_version: u64,
        context: &mut Context<'_>,
    ) -> Option<Keeping> {
        self.unkept_since = None;
        if fields.is_empty() {
            return self.drop_draft(context);
        }
        let now = context.shared.now;
        let (key, focus) = (self.key.clone(), focus.to_owned());
        let draft = Draft { key, fields, focus, base_version, saved_at: now };
        let ticket = context.execute(Command::SaveDraft(draft.clone()));
        self.saving = Some((ticket, now));
        self.is_there = true;
        Some(Keeping { ticket, draft: Some(draft) })
    }

    /// Takes the receipt of a draft; whether it was one of this keeper's.
    pub fn executed(&mut self, ticket: Ticket, is_kept: bool) -> bool {
        let Some((_, at)) = self.saving.take_if(|(saving, _)| *saving == ticket) else {
            return false;
        };
        self.is_failing = !is_kept;
        if is_kept {
            self.kept_at = Some(at);
        } else {
            // What could not be kept is tried again after the next rest.
            self.unkept_since.get_or_insert(at);
            self.is_resting = false;
        }
        true
    }

    /// A draft from before was found.
    pub fn found(&mut self, saved_at: Instant) {
        self.is_there = true;
        self.kept_at = Some(saved_at);
    }

    /// Has the desk forget the draft, if it can have one.
    pub fn drop_draft(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        self.unkept_since = None;
        self.saving = None;
        self.kept_at = None;
        self.is_failing = false;
        std::mem::take(&mut self.is_there).then(|| {
            let command = Command::DropDraft(self.key.clone());
            Keeping { ticket: context.execute(command), draft: None }
        })
    }

    /// `draft kept 09:18:44`, once it is, and that it is not where the last try failed.
    #[must_use]
    pub fn label(&self, zone: &Zone) -> Option<String> {
        if self.is_failing {
            return Some("draft NOT kept".to_owned());
        }
        self.kept_at.map(|at| format!("draft kept {}", clock_time(at, zone)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::DraftForm;
    use crate::tui::bench::{day, shared};

    #[test]
    fn what_could_not_be_kept_is_said_and_tried_again_after_a_rest() {
        let shared = shared("UTC", day(2026, 8, 21));
        let (mut ticket, now) = (Ticket::default(), shared.now);
        let mut context = Context::new(&shared, &mut ticket);
        let mut keeper = DraftKeeper::new(DraftKey { form: DraftForm::Intake, target: None });
        keeper.typed(now);
        let fields = vec![("says".to_owned(), "it is late".to_owned())];
        let keeping = keeper.keep(fields.clone(), "says", 0, &mut context).unwrap();
        assert!(keeper.executed(keeping.ticket, false));
        assert_eq!(keeper.label(&shared.zone).as_deref(), Some("draft NOT kept"));
        assert_eq!([keeper.is_due(now), keeper.is_due(now)], [false, true]);
        let keeping = keeper.keep(fields, "says", 0, &mut context).unwrap();
        assert!(keeper.executed(keeping.ticket, true));
        assert_eq!(keeper.label(&shared.zone).as_deref(), Some("draft kept 09:14:00"));
        assert!(!keeper.is_unkept());
    }
}
