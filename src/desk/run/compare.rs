//! Saving what was composed while others worked on: compared field by field, and refused only where somebody else has
//! changed the very field.

use crate::codec::decode_record;
use crate::desk::command::FilledField;
use crate::desk::error::{ChangedField, DeskError};
use crate::desk::keys;
use crate::desk::records::TimelinePage;
use crate::desk::work::broken;
use crate::domain::cases::{Case, CaseAct, changed_fields, masked, rests_on, typed_again};
use crate::domain::people::{Person, PersonChange, changed_field, is_changed_by};
use crate::domain::{CaseId, Entity, EntityId, Event, EventRecord};
use crate::store::Direction;

use super::cases::action_of;
use super::{Done, Run};

/// Pages of a timeline that are looked through for what happened since; of what is older than those, nothing is known.
const PAGES_MAX: usize = 4;

impl Run<'_> {
    /// Refuses an act that rests on what somebody else has changed of the case since it was shown.
    pub(super) fn compare_case(
        &mut self,
        case: &Case,
        shown: Option<u64>,
        act: &CaseAct,
    ) -> Result<(), DeskError> {
        let rests = rests_on(act);
        self.compare(&EntityId::Case(case.id), case.version, shown, &|record| {
            let Event::Case(event) = &record.event else { return None };
            let changed = changed_fields(event).into_iter().filter(|field| rests.contains(field));
            Some(changed.map(|field| field.to_string()).collect())
        })
    }

    /// Refuses a change of a field that somebody else has changed since the record was shown.
    pub(super) fn compare_person(
        &mut self,
        person: &Person,
        shown: Option<u64>,
        change: &PersonChange,
    ) -> Result<(), DeskError> {
        let field = changed_field(change);
        self.compare(&EntityId::Person(person.id), person.version, shown, &|record| {
            let Event::Person(event) = &record.event else { return None };
            let changed = field.iter().filter(|field| is_changed_by(field, event));
            Some(changed.cloned().collect())
        })
    }

    /// Looks through the events since a version: `changed` names the fields that one changed of those that matter, or says
    /// that it is none that counts as a version.
    fn compare(
        &mut self,
        id: &EntityId,
        version: u64,
        shown: Option<u64>,
        changed: &dyn Fn(&EventRecord) -> Option<Vec<String>>,
    ) -> Result<(), DeskError> {
        let Some(shown) = shown.filter(|shown| *shown != version) else { return Ok(()) };
        let unknown = DeskError::Changed {
            entity: id.clone(),
            by: "somebody".to_owned(),
            at: self.doer.at,
            fields: Vec::new(),
        };
        let Some(mut left) = version.checked_sub(shown) else { return Err(unknown) };
        // What this commit itself has done before lies in no page yet.
        let own = self.work.events.iter().filter(|record| record.entity == *id);
        left = left.saturating_sub(own.filter(|record| changed(record).is_some()).count() as u64);
        let mut fields: Vec<ChangedField> = Vec::new();
        let page = self.work.scan(&keys::timeline(id).range(), PAGES_MAX, Direction::Backward)?;
        'pages: for (_, found) in &page.rows {
            let page: TimelinePage = decode_record(&found.value).map_err(broken)?;
            for record in page.records.iter().rev() {
                if left == 0 {
                    break 'pages;
                }
                let Some(names) = changed(record) else { continue };
                left -= 1;
                if record.actor != self.doer.actor {
                    fields.extend(names.into_iter().map(|field| ChangedField {
                        field,
                        by: self.work.directory.short_name(record.actor),
                        at: record.at,
                    }));
                }
            }
        }
        if left > 0 {
            return Err(unknown);
        }
        match fields.first().cloned() {
            None => Ok(()),
            Some(newest) => {
                let mut named = Vec::new();
                fields.retain(|field| {
                    let is_first = !named.contains(&field.field);
                    named.push(field.field.clone());
                    is_first
                });
                let ChangedField { by, at, .. } = newest;
                Err(DeskError::Changed { entity: id.clone(), by, at, fields })
            }
        }
    }

    /// Fills in a form: a field that somebody has filled in otherwise since it was shown is not written over.
    pub(super) fn fill_in(
        &mut self,
        id: CaseId,
        filled: &[FilledField],
    ) -> Result<Done, DeskError> {
        let to_typed = |field: &FilledField| (field.code.clone(), field.value.clone());
        let act = CaseAct::SetFields { fields: filled.iter().map(to_typed).collect() };
        let case = self.authorise_case(action_of(&act), id)?;
        let case_type = self.work.directory.rules.case_type(&case.case_type, case.nature);
        if let Some(Entity::Plan(plan)) = self.work.entity(&EntityId::Plan(id))? {
            let mut fields = Vec::new();
            for field in filled {
                let rule = case_type.fields.iter().find(|rule| rule.code == field.code);
                let (Some(held), Some(rule)) = (plan.field(&field.code), rule) else { continue };
                let typed = typed_again(&held.value);
                let shown = if rule.is_personal { masked(&held.value) } else { typed.clone() };
                if shown != field.original && typed != field.value {
                    let by = self.work.directory.short_name(held.by);
                    fields.push(ChangedField { field: field.code.clone(), by, at: held.at });
                }
            }
            if let Some(newest) = fields.iter().max_by_key(|field| field.at).cloned() {
                let ChangedField { by, at, .. } = newest;
                return Err(DeskError::Changed { entity: EntityId::Case(id), by, at, fields });
            }
        }
        self.case_act(id, None, &act)
    }
}
