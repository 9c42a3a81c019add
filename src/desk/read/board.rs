//! The strip of the board, and the preview below its list.

use crate::codec::decode_record;
use crate::desk::answer::{BoardAnswer, CasePreviewAnswer, ClockLine};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{View, ViewKind};
use crate::desk::records::UndoEntry;
use crate::desk::run::{undo_counter, undo_slot};
use crate::desk::timeline;
use crate::desk::work::broken;
use crate::domain::cases::{Case, Stage, Step, TaskState};
use crate::domain::limits::UNDO_HOURS;
use crate::domain::office::{Action, Resource};
use crate::domain::time::{Clock, ClockResult, ClockState};
use crate::domain::{CaseId, EntityId, UnitId};

use super::Reader;

/// Answers to own escalations that the news line counts.
const ANSWERS_MAX: usize = 5;
/// Own cases that are looked through for answers.
const OWN_LOOKED_AT_MAX: usize = 100;
/// Events that are looked through for the newest one that is not a reading.
const NEWEST_LOOKED_AT_MAX: usize = 12;

/// What stands for the words of a free case that was not opened where its unit lists such cases without names.
pub(super) const NAMES_HIDDEN: &str =
    "Listed without names: claim the next one (.), or open it: that is logged.";

impl Reader<'_> {
    pub(super) fn board(&self, unit: UnitId) -> Result<BoardAnswer, DeskError> {
        let held = self.directory.unit(unit)?.clone();
        let may_read = self.authorise(Action::ReadCase, &Resource::office()).is_ok();
        let mut views = Vec::with_capacity(ViewKind::BOARD.len());
        for kind in ViewKind::BOARD {
            let view = View { kind, unit };
            views.push((view, if may_read { self.total(view)? } else { 0 }));
        }
        let unrouted = View { kind: ViewKind::Unrouted, unit };
        let unseen = keys::escalated(self.actor.id).byte(0).range();
        let unseen = self.seen_length(&unseen, OWN_LOOKED_AT_MAX)?;
        Ok(BoardAnswer {
            unit: held,
            views,
            unrouted: if may_read { self.total(unrouted)? } else { 0 },
            drafts: u64::try_from(self.drafts()?.drafts.len()).unwrap_or(u64::MAX),
            escalations_unseen: u64::try_from(unseen).unwrap_or(u64::MAX),
            answers: if may_read { self.fresh_rulings(ANSWERS_MAX)? } else { Vec::new() },
            messages_failed: if may_read { self.mail_in(unit, 1)? } else { 0 },
            undo: self.undo_label()?,
            at: self.at,
            duplicates: self.likely_count()?,
            letters_returned: if may_read { self.mail_in(unit, 3)? } else { 0 },
            messages_waiting: if may_read { self.mail_in(unit, 2)? } else { 0 },
            calls: self.calls_today()?,
            promises_late: self.late_promises_led()?,
            since: self.since()?,
            uncovered: self.uncovered()?,
            flow: if may_read { self.flow(unit)? } else { Vec::new() },
            steps: if may_read { self.steps_waiting(unit)? } else { Vec::new() },
            zone: self.zone_of_board(unit)?,
        })
    }

    /// What `u` would undo.
    fn undo_label(&self) -> Result<Option<String>, DeskError> {
        let acts =
            self.get(&undo_counter(self.actor.id))?.map_or(0, |bytes| keys::last_number(&bytes));
        for act in (acts.saturating_sub(50)..acts).rev() {
            let Some(bytes) = self.get(&undo_slot(self.actor.id, act))? else { continue };
            let entry: UndoEntry = decode_record(&bytes).map_err(broken)?;
            if !entry.is_undone {
                return Ok(
                    (self.at.minutes_since(entry.at) <= UNDO_HOURS * 60).then_some(entry.label)
                );
            }
        }
        Ok(None)
    }

    pub(super) fn preview(&self, id: CaseId) -> Result<CasePreviewAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let (newest, _) =
            timeline::newest(self.store, &EntityId::Case(case.id), NEWEST_LOOKED_AT_MAX)?;
        // The citizen's words, the newest entry and the place tell who it is as a name does.
        let hides_names = self.hides_names_of(&case);
        let newest = if hides_names { Vec::new() } else { newest };
        Ok(CasePreviewAnswer {
            row: self.row(&case)?,
            asks: if hides_names { NAMES_HIDDEN.to_owned() } else { case.asks.clone() },
            last: newest.iter().find_map(|record| self.entry(record)),
            next: self.next_of(&case),
            clocks: clock_lines(&case),
            todo: case
                .tasks
                .iter()
                .map(|task| (task.title.clone(), task.state == TaskState::Done))
                .collect(),
            place: [
                if hides_names { "" } else { case.place.text.as_str() },
                case.place.area.as_str(),
            ]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        })
    }

    /// What comes next on a case, in words.
    pub(super) fn next_of(&self, case: &Case) -> String {
        if let Some(hold) = &case.hold {
            let words =
                if hold.words.is_empty() { String::new() } else { format!(" ({})", hold.words) };
            return format!("waits for {}{words} until {}", hold.reason.label(), hold.until);
        }
        if let Some(open) = case.open_escalation() {
            let state = super::words::escalation_words(&open.state);
            let name = self.directory.short_name(open.to);
            return format!("{name} answers by {} ({state})", self.zone.day(open.due_at));
        }
        if let Some(outcome) = &case.outcome {
            return outcome.code.label().to_owned();
        }
        if let Some(step) = Step::of(case.stage) {
            return self.next_step_of(case, step);
        }
        if self.waits_for_signature(case) {
            return "somebody else signs it second (g s)".to_owned();
        }
        if case.owner.is_none() {
            return "claim it (.)".to_owned();
        }
        if let Some(task) = case.tasks.iter().find(|task| task.state == TaskState::Open) {
            return format!("{} (s)", task.title);
        }
        // What was answered before a case was taken up again is not the answer to what brought it back.
        if case.stage != Stage::Reopened && (case.stage == Stage::Notified || self.is_told(case)) {
            return "close it (x)".to_owned();
        }
        if case.people().is_empty() {
            return "do it, note it (a), then close (x)".to_owned();
        }
        "answer (r), then close (x)".to_owned()
    }

    /// Whether a message tells the citizen: one that came back does not.
    fn is_told(&self, case: &Case) -> bool {
        let tells = |id| self.message(id).is_ok_and(|message| message.tells());
        case.messages.iter().any(|id| tells(*id))
    }
}

/// The clocks of a case, as shown.
pub(super) fn clock_lines(case: &Case) -> Vec<ClockLine> {
    let line = |clock: &Clock| ClockLine {
        kind: clock.kind,
        due_at: clock.due_at,
        state: match clock.state() {
            ClockState::Running => "running",
            ClockState::Paused => "paused",
            ClockState::Ended(ClockResult::Met) => "met",
            ClockState::Ended(ClockResult::Breached) => "breached",
            ClockState::Ended(ClockResult::Waived) => "waived",
        }
        .to_owned(),
        source: clock.explain(),
    };
    case.clocks.iter().map(line).collect()
}
