//! What happened to the plan of a case, in words.

use std::sync::Arc;

use crate::desk::answer::TimelineEntry;
use crate::desk::error::DeskError;
use crate::desk::timeline;
use crate::domain::cases::{PlanEvent, PlanItemState, TypeVersion, masked, typed_again};
use crate::domain::rules::{CaseType, FieldValue, Labels, TableUse};
use crate::domain::time::ClockKind;
use crate::domain::{CaseId, EntityId};

use super::Reader;
use super::words::first_line;

type Words = (String, String, String);

impl Reader<'_> {
    /// The entries of a case's plan, newest first.
    pub(super) fn plan_entries(
        &self,
        case: CaseId,
        looked_at_max: usize,
    ) -> Result<Vec<TimelineEntry>, DeskError> {
        let (records, _) = timeline::newest(self.store, &EntityId::Plan(case), looked_at_max)?;
        Ok(records.iter().filter_map(|record| self.entry(record)).collect())
    }

    /// The name of a type with its version: `objection, objection@2`.
    pub(super) fn type_words(&self, id: &TypeVersion) -> String {
        let held = self.directory.rules.case_type(id, crate::domain::cases::Nature::Request);
        let label = held.labels.english();
        let name = format!("{}@{}", id.code, id.version);
        if label == id.code { name } else { format!("{label}, {name}") }
    }

    /// A word for what it is, one line, and the text behind it; nothing for what the case's own events tell.
    pub(super) fn plan_words(&self, id: &EntityId, event: &PlanEvent) -> Option<Words> {
        let case_type = self.type_of_plan(id)?;
        let (kind, words, text) = match event {
            PlanEvent::StageEntered { stage } => {
                ("stage", stage_words(&case_type, stage), String::new())
            }
            PlanEvent::StageLeft { stage, state } => {
                let how = match state {
                    PlanItemState::Terminated => "broken off",
                    PlanItemState::Completed | PlanItemState::Active => "done",
                };
                ("stage", format!("{}: {how}", stage_words(&case_type, stage)), String::new())
            }
            PlanEvent::MilestoneReached { milestone } => {
                let known = case_type.milestones.iter().find(|rule| rule.code == *milestone);
                let label = known.map_or(milestone.as_str(), |rule| rule.labels.english());
                ("mark", format!("reached: {label}"), String::new())
            }
            PlanEvent::FieldSet { field, value, .. } => {
                ("field", field_words(&case_type, field, value.as_ref()), String::new())
            }
            PlanEvent::Indexed { terms, object } => {
                let terms: Vec<&str> = terms.iter().map(|term| term.0.as_str()).collect();
                let object = if object.is_empty() { String::new() } else { format!("; {object}") };
                ("index", format!("{}{object}", terms.join(", ")), String::new())
            }
            PlanEvent::Fired(fired) => {
                let use_word = match fired.decides {
                    TableUse::Classify => "type",
                    TableUse::Route => "route",
                    TableUse::Clocks => "terms",
                    TableUse::Confidentiality => "seen by",
                };
                let outputs: Vec<String> =
                    fired.outputs.iter().map(|(_, value)| value.clone()).collect();
                let source = if fired.table == "type" {
                    format!("guard of {}@{}", fired.row, fired.version)
                } else {
                    format!("{}@{}/{}", fired.table, fired.version, fired.row)
                };
                let words = if fired.row.is_empty() {
                    format!("{use_word}: no row of {}@{} fits", fired.table, fired.version)
                } else {
                    format!("{use_word}: {} by {source}", outputs.join(", "))
                };
                ("rule", words, String::new())
            }
            PlanEvent::Reviewed { note } => {
                ("review", format!("reviewed: {}", first_line(note)), note.clone())
            }
            PlanEvent::Suggested(suggested) => {
                let is_so = if suggested.is_accepted { "accepted" } else { "not taken" };
                let (subject, percent) = (&suggested.subject, suggested.percent);
                ("class", format!("suggested {subject}, {percent} %: {is_so}"), String::new())
            }
            PlanEvent::Decided(decision) => {
                let known = case_type.outcomes.iter().find(|rule| rule.code == decision.outcome);
                let label = known.map_or(decision.kind.label(), |rule| rule.labels.english());
                let because = first_line(&decision.reasons);
                let because =
                    if because.is_empty() { String::new() } else { format!(": {because}") };
                let ground = if decision.ground.is_empty() {
                    String::new()
                } else {
                    format!("\n\nGround: {}", decision.ground)
                };
                let text = format!("{label}. {}{ground}", decision.reasons);
                ("decide", format!("{label}{because}"), text)
            }
            PlanEvent::Transferred => ("give", "to another unit".to_owned(), String::new()),
            PlanEvent::RungClimbed { rung } => ("escal", format!("rung {rung}"), String::new()),
            PlanEvent::Reopened { .. } => {
                ("decide", "what was decided before is open again".to_owned(), String::new())
            }
            PlanEvent::InfoAwaited(wait) => {
                let day = self.zone.day(wait.due_at);
                ("screen", format!("an answer is waited for until {day}"), String::new())
            }
            PlanEvent::InfoReminded => {
                ("screen", "no answer came: a reminder is due".to_owned(), String::new())
            }
            PlanEvent::HistoryTaken { activities, is_end_legal } => {
                let (words, text) = self.history_words(activities, *is_end_legal);
                ("import", words, text)
            }
            // The case tells that its type was set, that a step was added, who screened it, and what was put back.
            PlanEvent::Begun { .. }
            | PlanEvent::TaskPlanned(_)
            | PlanEvent::Screened
            | PlanEvent::Watched(_)
            | PlanEvent::InfoEnded
            | PlanEvent::Reverted(_)
            | PlanEvent::Annulled => return None,
        };
        Some((kind.to_owned(), words, text))
    }

    fn type_of_plan(&self, id: &EntityId) -> Option<Arc<CaseType>> {
        let EntityId::Plan(case) = id else { return None };
        let nature = self.case(*case).ok()?.nature;
        let plan = self.kept_plan(*case).ok()??;
        Some(self.directory.rules.case_type(&plan.case_type, nature))
    }
}

/// Clocks that began or were met, in one line.
pub(super) fn clock_words(begun: &[ClockKind], met: &[ClockKind]) -> String {
    let listed = |word: &str, kinds: &[ClockKind]| {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
        (!kinds.is_empty()).then(|| format!("{word}: {}", kinds.join(", ")))
    };
    let parts = [listed("ended", met), listed("began", begun)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn stage_words(case_type: &CaseType, code: &str) -> String {
    let known = case_type.stages.iter().find(|rule| rule.code == code);
    known.map_or(code, |rule| rule.labels.english()).to_owned()
}

/// A field that says who somebody is stands masked in the timeline, as everywhere; so does one that the type has no more.
fn field_words(case_type: &CaseType, code: &str, value: Option<&FieldValue>) -> String {
    let rule = case_type.fields.iter().find(|rule| rule.code == code);
    let label = rule.map_or(code, |rule| Labels::english(&rule.labels));
    match value {
        None => format!("{label}: emptied"),
        Some(value) if rule.is_some_and(|rule| !rule.is_personal) => {
            format!("{label}: {}", typed_again(value))
        }
        Some(value) => format!("{label}: {}", masked(value)),
    }
}
