//! One act on many cases: each decided as if it were alone, and a refused one takes nothing with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::desk::answers::{Writing, reader_of};
use crate::desk::command::{RowResult, Undoable};
use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::records::Touched;
use crate::domain::answers::{Binding, Filled, Template, check_placeholders, primary};
use crate::domain::cases::{
    Case, CaseAct, EachAct, GiveTo, OutcomeCode, PartyRole, ReplyAddress, ScreeningOutcome, ways_to,
};
use crate::domain::office::Action;
use crate::domain::people::{Person, PersonState};
use crate::domain::{CaseId, EntityId, Refusal};

use super::{Done, Run, is_ending_act};

impl Run<'_> {
    pub(super) fn for_each(
        &mut self,
        cases: &[(CaseId, Option<u64>)],
        act: &EachAct,
    ) -> Result<Done, DeskError> {
        act.check(cases.len())?;
        let (mut rows, mut touched, mut created) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        let mut last: Option<Done> = None;
        for (id, version) in cases {
            let result = if seen.insert(*id) {
                self.one_of_many(*id, *version, act)
            } else {
                Err(Refusal::new("each.twice", format!("{id} is named twice."), "").into())
            };
            rows.push(match result {
                Ok((mut done, changes)) => {
                    if done.undo == Undoable::Yes {
                        touched.push(changes);
                    }
                    created.append(&mut done.created);
                    last = Some(done);
                    RowResult::Updated(EntityId::Case(*id))
                }
                Err(error) => RowResult::Refused(EntityId::Case(*id), refusal_of(error)?),
            });
        }
        let done = rows.iter().filter(|row| matches!(row, RowResult::Updated(_))).count();
        let label = match &last {
            Some(last) if rows.len() == 1 => last.label.clone(),
            _ => each_label(&self.work.directory, act, done, rows.len()),
        };
        let undo = match last {
            _ if !touched.is_empty() => Undoable::Yes,
            Some(last) => last.undo,
            None => Undoable::Nothing,
        };
        let subject = cases.first().map(|(id, _)| EntityId::Case(*id));
        Ok(Done { created, subject, undo, rows, touched, ..Done::new(label) })
    }

    /// Does it with one case, or leaves nothing behind.
    fn one_of_many(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        act: &EachAct,
    ) -> Result<(Done, Touched), DeskError> {
        let begun = self.work.begin_part();
        let is_ending = matches!(act, EachAct::Acts(acts) if acts.iter().all(is_ending_act));
        let result = self.act_on_one(id, version, act).and_then(|done| {
            self.watch_since(&begun)?;
            self.work.check_sizes(&begun, is_ending)?;
            Ok(done)
        });
        match result {
            Ok(done) => Ok((done, self.work.part_changes(&begun))),
            Err(error) => {
                self.work.roll_back(&begun);
                if let DeskError::Closed(on) = &error {
                    self.flag_attempt(on)?;
                }
                Err(error)
            }
        }
    }

    fn act_on_one(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        act: &EachAct,
    ) -> Result<Done, DeskError> {
        match act {
            EachAct::Letter { template, text } => {
                self.letter_on(id, version, template.as_deref(), text.as_deref())
            }
            EachAct::Acts(acts) => {
                let mut version = version;
                let mut whole: Option<Done> = None;
                for act in acts {
                    let done = self.case_act(id, version.take(), act)?;
                    // What cannot be undone of one act cannot be of all of them.
                    let undo =
                        whole.map(|before| before.undo).filter(|undo| *undo != Undoable::Yes);
                    whole = Some(Done { undo: undo.unwrap_or(done.undo.clone()), ..done });
                }
                whole.ok_or_else(|| Refusal::new("each.act", "There is nothing to do.", "").into())
            }
        }
    }

    /// Writes to the reader of a case, in words filled for them.
    fn letter_on(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        template: Option<&str>,
        text: Option<&str>,
    ) -> Result<Done, DeskError> {
        // Nobody looks these letters over one by one: what is no placeholder must not go out as it stands.
        if let Err(error) = check_placeholders(text.unwrap_or_default()) {
            let what = format!("The words cannot be filled in: {error}.");
            return Err(Refusal::new("letter.placeholder", what, "Set them right.").into());
        }
        let case = self.authorise_case(Action::WorkCase, id)?;
        let reader = self.reader_of(&case)?;
        let Some(channel) = ways_to(&reader).first().copied() else {
            return Err(Refusal::new(
                "reply.address",
                format!("There is no way to reach {}.", reader.name().listed()),
                "Add an address to the file first.",
            )
            .into());
        };
        let (template, text, missing) = match (text, template) {
            (Some(text), _) => {
                let Filled { text, missing } = self.filled_words(&case, &reader, text)?;
                (None, text, missing.into_iter().map(|place| place.name().to_owned()).collect())
            }
            (None, code) => {
                let code = code.unwrap_or_default();
                let filled = self.filled(&case, &reader, channel, code)?;
                (Some(filled.template), filled.text, filled.missing)
            }
        };
        let missing: Vec<String> = missing;
        if !missing.is_empty() {
            let what = format!("What belongs in {{{}}} is not known.", missing.join("}, {"));
            return Err(Refusal::new(
                "letter.missing",
                what,
                "Write it by itself (r), or in own words.",
            )
            .into());
        }
        let to = ReplyAddress { addressee: reader.id, channel };
        self.case_act(id, version, &CaseAct::Reply { to, template, text })
    }

    /// Words of the actor's own, with placeholders, filled for a case and a reader.
    fn filled_words(&self, case: &Case, reader: &Person, text: &str) -> Result<Filled, DeskError> {
        let zone = self.calendar()?.zone();
        let writing = Writing {
            directory: &self.work.directory,
            by: self.doer.actor,
            zone: &zone,
            today: self.today,
        };
        let reader = reader_of(reader);
        let template = Template {
            code: String::new(),
            version: 1,
            language: primary(&reader.language).to_owned(),
            channels: Vec::new(),
            label: String::new(),
            binding: Binding::default(),
            text: text.to_owned(),
            is_withdrawn: false,
        };
        Ok(writing.fill(&template, case, &reader))
    }

    /// Whoever gets the letters of a case, else whoever asked, else whom it is about; of those whom the actor may see.
    fn reader_of(&mut self, case: &Case) -> Result<Arc<Person>, DeskError> {
        for role in [PartyRole::Addressee, PartyRole::Initiator, PartyRole::About] {
            let Some(person) = case.party(role) else { continue };
            let person = self.current_person(person)?;
            let person = self.work.person(person)?;
            let is_seen = self.sight_of(&self.actor()?).person(&person);
            if is_seen && person.state != PersonState::Annulled {
                return Ok(person);
            }
        }
        Err(Refusal::new(
            "reply.nobody",
            "There is nobody to write to: the case is anonymous.",
            "Note what was done (a), then close.",
        )
        .into())
    }
}

/// Why nothing was done with one case of many.
///
/// # Errors
/// What is no matter of this case: the desk itself cannot go on.
fn refusal_of(error: DeskError) -> Result<Refusal, DeskError> {
    Ok(match error {
        DeskError::Refused(refusal) => refusal,
        DeskError::Changed { entity, .. } => Refusal::new(
            "each.changed",
            format!("{entity} was changed since it was shown."),
            "Look at it, then do it once more.",
        ),
        error @ DeskError::Closed(_) => {
            Refusal::new("each.closed", format!("{error}."), "Unmark it.")
        }
        DeskError::NotFound(what) => {
            Refusal::new("each.gone", format!("There is no {what}."), "Unmark it.")
        }
        error @ (DeskError::ReadOnly(_)
        | DeskError::Broken(_)
        | DeskError::Lost(_)
        | DeskError::GivenUp) => return Err(error),
    })
}

/// What was done with so many of so many cases, for the status line.
pub(in crate::desk) fn each_label(
    directory: &Directory,
    act: &EachAct,
    done: usize,
    of: usize,
) -> String {
    let cases = if of == 1 { "case" } else { "cases" };
    let many = if done == of { format!("{of} {cases}") } else { format!("{done} of {of} {cases}") };
    let acts = match act {
        EachAct::Letter { .. } => return format!("Letters on {many} are queued."),
        EachAct::Acts(acts) => acts,
    };
    match acts.last() {
        Some(CaseAct::Give { to: GiveTo::Caseworker(to), .. }) => {
            format!("Gave {many} to {}.", directory.short_name(*to))
        }
        Some(CaseAct::Give { to: GiveTo::Unit(unit), .. }) => {
            let unit = directory.units.get(unit).map(|unit| unit.name.clone());
            format!("Gave {many} to {}.", unit.unwrap_or_default())
        }
        Some(CaseAct::Note { .. }) => format!("Noted on {many}."),
        Some(CaseAct::Hold { until, .. }) => format!("Put {many} on hold until {until}."),
        Some(CaseAct::Resume) => format!("Took {many} off hold."),
        Some(CaseAct::Close { outcome, .. }) => {
            format!("Closed {many}: {}.", outcome.map(OutcomeCode::label).unwrap_or_default())
        }
        Some(CaseAct::Claim) => format!("Claimed {many}."),
        Some(CaseAct::Screen(ScreeningOutcome::Accept)) => format!("Accepted {many}."),
        _ => format!("Did it with {many}."),
    }
}
