//! The past of a case that was worked in another system, as it was taken over.

use crate::desk::answer::HistoryAnswer;
use crate::desk::error::DeskError;
use crate::desk::timeline;
use crate::domain::cases::{PastActivity, PlanEvent};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, EntityId, Event};

use super::Reader;

/// Events of a plan among which the one that took its past over is looked for; it is one of the first.
const EVENTS_MAX: usize = 10_000;

impl Reader<'_> {
    pub(super) fn history(&self, id: CaseId) -> Result<HistoryAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let (records, _) = timeline::newest(self.store, &EntityId::Plan(case.id), EVENTS_MAX)?;
        let taken = records.into_iter().find_map(|record| {
            let Event::Plan(PlanEvent::HistoryTaken { activities, is_end_legal }) = record.event
            else {
                return None;
            };
            Some(HistoryAnswer { activities, is_end_legal })
        });
        Ok(taken.unwrap_or_else(|| HistoryAnswer { activities: Vec::new(), is_end_legal: true }))
    }

    /// One line about a past, and its activities below each other.
    pub(super) fn history_words(
        &self,
        activities: &[PastActivity],
        is_end_legal: bool,
    ) -> (String, String) {
        let odd = activities.iter().filter(|activity| !activity.is_legal).count();
        let mut words = format!("{} activities of another system", activities.len());
        if odd > 0 {
            words = format!("{words}, {odd} not as the type has it");
        }
        if !is_end_legal {
            words.push_str("; the type would not have ended there");
        }
        let line = |activity: &PastActivity| {
            let (day, (hour, minute)) =
                (self.zone.day(activity.at), self.zone.hour_minute(activity.at));
            let mark = if activity.is_legal { "" } else { " (not as the type has it)" };
            format!(
                "{day} {hour:02}:{minute:02} {}, {}{mark}",
                activity.activity, activity.resource
            )
        };
        (words, activities.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}
