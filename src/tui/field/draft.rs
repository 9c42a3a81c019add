//! When a draft is kept, and what is said about it.

use crate::desk::{Command, Draft, DraftKey};
use crate::domain::time::{Instant, Zone};

use super::super::when::clock_time;
use super::super::{Context, Ticket};

/// The longest that something typed goes unkept, in milliseconds and in ticks: whoever types for a minute without a pause
/// costs thirty commits, each of which waits for the one before it, so that a slow disk is asked no faster than it writes.
const UNKEPT_MS_MAX: i64 = 2_000;
const UNKEPT_TICKS_MAX: u8 = 2;

/// A draft on its way to the desk; none where it is dropped there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// Whose receipt says whether it got there.
    pub ticket: Ticket,
    /// The words.
    pub draft: Option<Draft>,
}

/// Keeps the draft of one form or editor: two seconds after it was typed at the latest, and when it is left.
#[derive(Debug, Clone)]
pub struct DraftKeeper {
    key: DraftKey,
    /// Since when there are words that were not kept.
    unkept_since: Option<Instant>,
    /// Ticks since then.
    ticks: u8,
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
            ticks: 0,
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
        if self.unkept_since.is_none() {
            self.unkept_since = Some(now);
            self.ticks = 0;
        }
    }

    /// Whether it is time to keep what was typed; called about once a second.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let Some(since) = self.unkept_since else { return false };
        // `now` is the time of the last tick, so that a word is at most as old as this says, whatever the clock does.
        self.ticks = self.ticks.saturating_add(1);
        let is_old = now.milliseconds() - since.milliseconds() >= UNKEPT_MS_MAX;
        self.saving.is_none() && (is_old || self.ticks >= UNKEPT_TICKS_MAX)
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
            // What could not be kept is tried again, not at once.
            self.unkept_since = Some(at.max(self.unkept_since.unwrap_or(at)));
            self.ticks = 0;
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

    fn second(now: Instant, seconds: i64) -> Instant {
        Instant::from_milliseconds(now.milliseconds() + seconds * 1_000)
    }

    fn fields() -> Vec<(String, String)> {
        vec![("says".to_owned(), "it is late".to_owned())]
    }

    #[test]
    fn what_could_not_be_kept_is_said_and_tried_again_later() {
        let mut shared = shared("UTC", day(2026, 8, 21));
        let (mut ticket, now) = (Ticket::default(), shared.now);
        let mut keeper = DraftKeeper::new(DraftKey { form: DraftForm::Intake, target: None });
        keeper.typed(now);
        let mut context = Context::new(&shared, &mut ticket);
        let keeping = keeper.keep(fields(), "says", 0, &mut context).unwrap();
        assert!(keeper.executed(keeping.ticket, false));
        assert_eq!(keeper.label(&shared.zone).as_deref(), Some("draft NOT kept"));
        assert_eq!([1, 2].map(|at| keeper.is_due(second(now, at))), [false, true]);
        shared.now = second(now, 2);
        let mut context = Context::new(&shared, &mut ticket);
        let keeping = keeper.keep(fields(), "says", 0, &mut context).unwrap();
        assert!(keeper.executed(keeping.ticket, true));
        assert_eq!(keeper.label(&shared.zone).as_deref(), Some("draft kept 09:14:02"));
        assert!(!keeper.is_unkept());
    }

    #[test]
    fn a_minute_of_typing_without_a_pause_costs_thirty_commits_and_never_more_than_two_seconds() {
        let mut shared = shared("UTC", day(2026, 8, 21));
        let (mut ticket, begun) = (Ticket::default(), shared.now);
        let mut keeper = DraftKeeper::new(DraftKey { form: DraftForm::Intake, target: None });
        let (mut commits, mut oldest) = (0, None);
        for at in 1..=60 {
            oldest.get_or_insert(shared.now);
            keeper.typed(shared.now);
            shared.now = second(begun, at);
            if keeper.is_due(shared.now) {
                let age = shared.now.milliseconds() - oldest.take().unwrap().milliseconds();
                assert!(age <= 2_000, "{age}");
                let mut context = Context::new(&shared, &mut ticket);
                let keeping = keeper.keep(fields(), "says", 0, &mut context).unwrap();
                commits += 1;
                assert!(keeper.executed(keeping.ticket, true));
            }
        }
        assert_eq!(commits, 30);
    }

    #[test]
    fn a_disk_that_has_not_written_yet_is_not_asked_again() {
        let shared = shared("UTC", day(2026, 8, 21));
        let (mut ticket, now) = (Ticket::default(), shared.now);
        let mut keeper = DraftKeeper::new(DraftKey { form: DraftForm::Intake, target: None });
        keeper.typed(now);
        let mut context = Context::new(&shared, &mut ticket);
        let keeping = keeper.keep(fields(), "says", 0, &mut context).unwrap();
        keeper.typed(now);
        assert!((1..10).all(|at| !keeper.is_due(second(now, at))));
        assert!(keeper.executed(keeping.ticket, true));
        assert!(keeper.is_due(second(now, 10)));
    }
}
