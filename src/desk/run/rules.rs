//! Texts of rules: proposed by one person, published by another, and unchanged from then on.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::office::{Action, Decision, Resource};
use crate::domain::rules::{
    Flaw, PUBLICATION_BYTES_MAX, Publication, PublicationEvent, PublicationKind, PublicationName,
    PublicationState, RulesText,
};
use crate::domain::time::Day;
use crate::domain::{CaseworkerId, Entity, EntityId, Event, Refusal};

use super::{Done, Run};

/// What stands in the trail where somebody publishes what they proposed themselves, or has no right to it of their own.
const NOBODY_ELSE: &str = "nobody else is here who may publish";

impl Run<'_> {
    pub(super) fn propose_rules(
        &mut self,
        kind: PublicationKind,
        code: &str,
        text: &str,
        from: Option<Day>,
    ) -> Result<Done, DeskError> {
        self.authorise(Action::ProposeRules, &Resource::office())?;
        if text.len() > PUBLICATION_BYTES_MAX {
            let what = format!("A text of rules has {PUBLICATION_BYTES_MAX} bytes at the most.");
            return Err(Refusal::new("rules.size", what, "Shorten it, or divide it.").into());
        }
        let read = RulesText::read(kind, text).map_err(|flaws| flawed(&flaws))?;
        let is_named = read.code().map_or_else(|| is_code(code), |held| held == code);
        if !is_named {
            let what = format!("The text does not call itself `{code}`.");
            return Err(Refusal::new("rules.code", what, "Give the code that stands in it.").into());
        }
        if let RulesText::Table(table) = &read {
            self.check_table(table)?;
        }
        let name = PublicationName { kind, code: code.to_owned(), version: read.version() };
        let from = from.unwrap_or(self.today);
        let id = EntityId::Publication(name.clone());
        if let Some(Entity::Publication(held)) = self.work.entity(&id)? {
            check_unpublished(&held)?;
            if held.state == PublicationState::Proposed && held.text == text && held.from == from {
                let label = format!("{name} is proposed already.");
                return Ok(Done::new(label).about(id).leaves_nothing());
            }
        }
        self.check_is_newest(&name, from)?;
        let proposed = PublicationEvent::Proposed { text: text.to_owned(), from };
        self.happen_to_rules(&name, proposed, Why::default())?;
        let who = match self.who_publishes(&name)?.as_slice() {
            [] => "publish it".to_owned(),
            [who, ..] => format!("{who} can publish it"),
        };
        Ok(Done::new(format!("{name} is proposed, in force from {from}: {who}.")).made(vec![id]))
    }

    pub(super) fn publish_rules(&mut self, name: &PublicationName) -> Result<Done, DeskError> {
        let others = self.publishers();
        let is_one = others.contains(&self.doer.actor);
        if !is_one {
            // The right that is missing is named, where nobody has it that of proposing.
            let is_held = others.iter().any(|id| self.holds(*id, Action::PublishRules));
            let right = if is_held { Action::PublishRules } else { Action::ProposeRules };
            self.authorise(right, &Resource::whole_office())?;
        }
        let id = EntityId::Publication(name.clone());
        let Some(Entity::Publication(held)) = self.work.entity(&id)? else {
            return Err(DeskError::NotFound(name.to_string()));
        };
        check_unpublished(&held)?;
        if held.state == PublicationState::Withdrawn {
            let what = format!("The proposal of {name} was taken back.");
            return Err(Refusal::new("rules.withdrawn", what, "Propose it again.").into());
        }
        let is_own = held.proposed_by == self.doer.actor;
        if is_own && let [who, ..] = self.who_publishes(name)?.as_slice() {
            let what = format!("You proposed {name} yourself; a second person publishes it.");
            let hint = format!("{who} can.");
            return Err(Refusal::new("rules.second-person", what, hint).into());
        }
        let read = RulesText::read(name.kind, &held.text).map_err(|flaws| flawed(&flaws))?;
        if let RulesText::Table(table) = &read {
            self.check_table(table)?;
            self.table_published(table)?;
        }
        self.check_is_newest(name, held.from)?;
        let has_right = self.holds(self.doer.actor, Action::PublishRules);
        let why = if is_own || !has_right { Why::reason(NOBODY_ELSE) } else { Why::default() };
        self.happen_to_rules(name, PublicationEvent::Published, why)?;
        let mut label = format!("{name} is published, in force from {}.", held.from);
        if is_own {
            label.push_str(" Nobody else was here to do it.");
        }
        Ok(Done::new(label)
            .about(id)
            .not_undoable("a published version stays: publish a newer one in its place"))
    }

    pub(super) fn withdraw_rules(&mut self, name: &PublicationName) -> Result<Done, DeskError> {
        self.authorise(Action::ProposeRules, &Resource::office())?;
        let id = EntityId::Publication(name.clone());
        let Some(Entity::Publication(held)) = self.work.entity(&id)? else {
            return Err(DeskError::NotFound(name.to_string()));
        };
        check_undo(&held)?;
        if held.state == PublicationState::Withdrawn {
            let label = format!("The proposal of {name} was taken back already.");
            return Ok(Done::new(label).about(id).leaves_nothing());
        }
        self.happen_to_rules(name, PublicationEvent::Withdrawn, Why::default())?;
        Ok(Done::new(format!("The proposal of {name} is taken back."))
            .about(id)
            .not_undoable("propose it again instead"))
    }

    /// A version comes after all that were published, and begins no earlier than the last of them did.
    fn check_is_newest(&self, name: &PublicationName, from: Day) -> Result<(), DeskError> {
        let newest = self.work.directory.rules.newest(name.kind, &name.code);
        let Some((version, begun)) = newest else { return Ok(()) };
        let PublicationName { kind, code, .. } = name;
        let kind = kind.label();
        if name.version <= version {
            let what = format!("{kind} {code}@{version} is published, which is newer.");
            let hint = format!("Write `version = {}` for what is new.", version + 1);
            return Err(Refusal::new("rules.older", what, hint).into());
        }
        if from < begun {
            let what = format!("{kind} {code}@{version} is in force only from {begun} on.");
            let hint = format!("Let {code}@{} begin then or later.", name.version);
            return Err(Refusal::new("rules.earlier", what, hint).into());
        }
        Ok(())
    }

    /// Whoever may publish and is here; where nobody has that right, whoever may propose.
    fn publishers(&self) -> Vec<CaseworkerId> {
        let holders = |action| {
            let all = self.work.directory.caseworkers.keys();
            let here = all.filter(|id| self.work.directory.is_here(**id, self.today));
            here.filter(|id| self.holds(**id, action)).copied().collect::<Vec<_>>()
        };
        let publishing = holders(Action::PublishRules);
        if publishing.is_empty() { holders(Action::ProposeRules) } else { publishing }
    }

    fn holds(&self, id: CaseworkerId, action: Action) -> bool {
        let caseworker = self.work.directory.caseworkers.get(&id);
        caseworker.is_some_and(|caseworker| {
            let directory = &self.work.directory;
            let whole = Resource::whole_office();
            let decision = directory.permit(caseworker, action, &whole, self.today);
            !matches!(decision, Decision::Deny(_))
        })
    }

    /// The names of those who may publish a text beside whoever proposed it.
    fn who_publishes(&mut self, name: &PublicationName) -> Result<Vec<String>, DeskError> {
        let proposed_by = match self.work.entity(&EntityId::Publication(name.clone()))? {
            Some(Entity::Publication(held)) => Some(held.proposed_by),
            _ => None,
        };
        let others = self.publishers().into_iter().filter(|id| Some(*id) != proposed_by);
        others.map(|id| Ok(self.work.directory.caseworker(id)?.name.clone())).collect()
    }

    fn happen_to_rules(
        &mut self,
        name: &PublicationName,
        event: PublicationEvent,
        why: Why,
    ) -> Result<(), DeskError> {
        let id = EntityId::Publication(name.clone());
        self.work.happen(&self.doer.clone(), id, Event::Publication(event), why)
    }
}

/// Refuses to take back what is published: cases may have begun under it.
pub(super) fn check_undo(held: &Publication) -> Result<(), DeskError> {
    if !held.is_published() {
        return Ok(());
    }
    let what = format!("{} is published, and a published version stays.", held.name);
    let hint =
        "Publish a newer version in its place; cases that began under this one go on under it.";
    Err(Refusal::new("rules.published", what, hint).into())
}

fn check_unpublished(held: &Publication) -> Result<(), DeskError> {
    if !held.is_published() {
        return Ok(());
    }
    let what = format!("{} is published, and a published version never changes.", held.name);
    let hint = format!("Write `version = {}` for what is new.", held.name.version + 1);
    Err(Refusal::new("rules.published", what, hint).into())
}

/// As units spell theirs: it is part of keys, and of names as `housing@2`.
fn is_code(code: &str) -> bool {
    let is_stray = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '@';
    !code.is_empty() && code.len() <= CODE_BYTES_MAX && !code.contains(is_stray)
}

/// The first flaw, and how many more there are.
pub(super) fn flawed(flaws: &[Flaw]) -> DeskError {
    let first = flaws.first().map(|flaw| (flaw.line, &flaw.field, &flaw.what, flaw.hint.as_str()));
    let Some((line, field, what, hint)) = first else {
        return Refusal::new("rules.flaw", "The text cannot be read.", "").into();
    };
    let more = match flaws.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more.)"),
    };
    Refusal::new("rules.flaw", format!("Line {line}, {field}: {what}{more}"), hint).into()
}
