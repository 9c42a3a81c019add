//! An office's own templates and text modules, how long its replies wait, and a message filled in for many.

use crate::desk::answer::FilledAnswer;
use crate::desk::answers::Writing;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::answers::{
    AnswerEvent, ModuleText, RecallTime, Template, TextModule, check_module, check_template,
};
use crate::domain::cases::{Case, Channel};
use crate::domain::limits::RECALL_MINUTES_MAX;
use crate::domain::office::{Action, Resource};
use crate::domain::people::Person;
use crate::domain::{Entity, EntityId, Event, Refusal};

use super::{Done, Run};

/// Templates and modules that one command sets.
const SET_MAX: usize = 1_000;

impl Run<'_> {
    /// A template filled in for a case and somebody on it: the text, or what is missing. One act that writes to many asks
    /// this for each.
    pub(super) fn filled(
        &self,
        case: &Case,
        person: &Person,
        channel: Channel,
        code: &str,
    ) -> Result<FilledAnswer, DeskError> {
        let zone = self.calendar()?.zone();
        let writing = Writing {
            directory: &self.work.directory,
            by: self.doer.actor,
            zone: &zone,
            today: self.today,
        };
        writing.filled(case, person, channel, code)
    }

    pub(super) fn set_answers(
        &mut self,
        templates: &[Template],
        modules: &[TextModule],
    ) -> Result<Done, DeskError> {
        self.authorise(Action::RunOffice, &Resource::whole_office())?;
        if templates.len() + modules.len() > SET_MAX || templates.len() + modules.len() == 0 {
            let what = format!("One command sets 1 to {SET_MAX} templates and modules.");
            return Err(Refusal::new("answers.count", what, "Divide the file.").into());
        }
        let mut made = Vec::new();
        for template in templates {
            check_template(template)?;
            let key = template.key();
            let id = EntityId::Template(key.clone());
            // One that was withdrawn is no longer in the library, and its numbers are not given twice.
            let stored = self.work.entity(&id)?.map_or(0, |held| held.version());
            let mut known = self.work.directory.library.templates.iter();
            let known = known.find(|held| held.key() == key).map_or(0, |held| held.version);
            let version = known.max(stored) + 1;
            let set = Template { version, is_withdrawn: false, ..template.clone() };
            self.answer(&id, AnswerEvent::TemplateSet(Box::new(set)))?;
            made.push(id);
        }
        for module in modules {
            check_module(module)?;
            let id = EntityId::TextModule(module.code.clone());
            let stored = self.work.entity(&id)?.map_or(0, |held| held.version());
            let mut known = self.work.directory.library.modules.iter();
            let known = known.find(|held| held.code == module.code);
            let kept = known.into_iter().flat_map(|held| &held.texts);
            let mut texts = module.texts.clone();
            let is_new =
                |old: &&ModuleText| module.texts.iter().all(|new| new.language != old.language);
            texts.extend(kept.filter(is_new).cloned());
            let version = known.map_or(0, |held| held.version).max(stored) + 1;
            let set = TextModule { version, is_withdrawn: false, texts, ..module.clone() };
            self.answer(&id, AnswerEvent::ModuleSet(Box::new(set)))?;
            made.push(id);
        }
        let label =
            format!("{} templates and {} text modules are set.", templates.len(), modules.len());
        Ok(Done::new(label).made(made))
    }

    pub(super) fn set_recall_time(&mut self, minutes: Option<u32>) -> Result<Done, DeskError> {
        self.authorise(Action::RunOffice, &Resource::whole_office())?;
        if minutes.is_some_and(|minutes| minutes > RECALL_MINUTES_MAX) {
            let what = format!("A reply waits {RECALL_MINUTES_MAX} minutes at most.");
            return Err(Refusal::new("recall.long", what, "Choose fewer.").into());
        }
        self.answer(&EntityId::RecallTime, AnswerEvent::RecallSet(minutes))?;
        let label = match minutes {
            None => "Replies wait as long as each program's settings say.".to_owned(),
            Some(0) => "Replies are handed over at once, and cannot be recalled.".to_owned(),
            Some(minutes) => format!("Replies wait {minutes} min, and can be recalled until then."),
        };
        Ok(Done::new(label).about(EntityId::RecallTime))
    }

    pub(super) fn count_use(&mut self, module: &str) -> Result<Done, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        if !self.work.directory.library.modules.iter().any(|held| held.code == module) {
            return Err(DeskError::NotFound(format!("text module {module}")));
        }
        let key = keys::uses_of(module);
        let uses = self.work.get(&key)?.map_or(0, |bytes| keys::last_number(&bytes));
        self.work.put_state(key, Some(uses.saturating_add(1).to_be_bytes().to_vec()));
        Ok(Done::new(String::new()).leaves_nothing())
    }

    fn answer(&mut self, id: &EntityId, event: AnswerEvent) -> Result<(), DeskError> {
        self.work.happen(&self.doer.clone(), id.clone(), Event::Answer(event), Why::default())
    }
}

/// Puts a template, a module or the waiting time back as it was before an act.
pub(super) fn answer_before(before: Option<Entity>, now: Entity) -> Option<AnswerEvent> {
    Some(match (before, now) {
        (Some(Entity::Template(to)), Entity::Template(now)) => {
            AnswerEvent::TemplateSet(Box::new(Template { version: now.version + 1, ..to }))
        }
        (None, Entity::Template(now)) => AnswerEvent::TemplateSet(Box::new(Template {
            version: now.version + 1,
            is_withdrawn: true,
            ..now
        })),
        (Some(Entity::TextModule(to)), Entity::TextModule(now)) => {
            AnswerEvent::ModuleSet(Box::new(TextModule { version: now.version + 1, ..to }))
        }
        (None, Entity::TextModule(now)) => AnswerEvent::ModuleSet(Box::new(TextModule {
            version: now.version + 1,
            is_withdrawn: true,
            ..now
        })),
        (Some(Entity::RecallTime(RecallTime { minutes, .. })), Entity::RecallTime(_)) => {
            AnswerEvent::RecallSet(minutes)
        }
        (None, Entity::RecallTime(_)) => AnswerEvent::RecallSet(None),
        _ => return None,
    })
}
