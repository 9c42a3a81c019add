//! Templates and text modules, as the editors and scripts ask for them.

use crate::desk::answer::{
    FilledAnswer, LibraryAnswer, ModuleLine, ModulesAnswer, TemplateLine, TemplatesAnswer,
};
use crate::desk::answers::{Writing, reader_of};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{AskFilled, AskModules};
use crate::domain::answers::{
    Audience, Binding, Reader as Addressee, Template, TextModule, primary, shipped,
};
use crate::domain::cases::Case;
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, Refusal, UnitId};
use crate::store::Direction;

use super::Reader;

/// Modules that one answer lists.
const MODULES_MAX: usize = 100;
/// Messages of the outbox that are looked at for a count.
const WAITING_MAX: usize = 500;

impl Reader<'_> {
    fn writing<'w>(&'w self) -> Writing<'w> {
        Writing {
            directory: &self.directory,
            by: self.actor.id,
            zone: &self.zone,
            today: self.today,
        }
    }

    pub(super) fn templates(&self, case: CaseId) -> Result<TemplatesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(case)?;
        let library = &self.directory.library;
        let fits = |code: &str| {
            let mut of_code = library.templates.iter().filter(|held| held.code == code);
            of_code.any(|held| held.binding.fits(case.nature, case.stage))
        };
        let lines = library.codes().into_iter().filter(|(code, _)| fits(code));
        let templates = lines.map(|(code, label)| TemplateLine { code, label }).collect();
        Ok(TemplatesAnswer { templates })
    }

    pub(super) fn filled(&self, question: &AskFilled) -> Result<FilledAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(question.case)?;
        let person = self.visible_person(question.addressee)?;
        let person =
            person.filter(|person| case.people().contains(&person.id)).ok_or_else(|| {
                Refusal::new(
                    "reply.party",
                    format!("{} is not on this case.", question.addressee),
                    "Write to somebody who is.",
                )
            })?;
        self.writing().filled(&case, &person, question.channel, &question.template)
    }

    pub(super) fn modules(&self, question: &AskModules) -> Result<ModulesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = question.case.map(|case| self.visible_case(case)).transpose()?;
        let asker = case.as_ref().and_then(Case::initiator);
        let asker = asker.map(|person| self.visible_person(person)).transpose()?.flatten();
        let addressee = asker.as_ref().map(reader_of).unwrap_or_default();
        let own = case.as_ref().and_then(|case| case.subjects.first());
        let subject = question.subject.as_ref().or(own);
        let words: Vec<String> = question.text.split_whitespace().map(str::to_lowercase).collect();
        let mut lines = Vec::new();
        for module in self.directory.library.modules.iter().filter(|module| !module.is_withdrawn) {
            let is_of_subject = subject.is_some_and(|subject| module.subjects.contains(subject));
            if !module.subjects.is_empty() && !is_of_subject && words.is_empty() {
                continue;
            }
            if !words.iter().all(|word| says(module, word)) {
                continue;
            }
            let mut line = self.module_line(module, question, case.as_ref(), &addressee)?;
            line.is_of_subject = is_of_subject;
            lines.push(line);
        }
        lines.sort_by_key(|line| (!line.is_of_subject, std::cmp::Reverse(line.uses)));
        lines.truncate(MODULES_MAX);
        Ok(ModulesAnswer { modules: lines })
    }

    fn module_line(
        &self,
        module: &TextModule,
        question: &AskModules,
        case: Option<&Case>,
        addressee: &Addressee,
    ) -> Result<ModuleLine, DeskError> {
        let found = module.text_in(&question.language);
        let (language, title, text) = found.map_or_else(
            || (String::new(), module.code.clone(), String::new()),
            |found| (found.language.clone(), found.title.clone(), found.text.clone()),
        );
        // A passage is filled in as a template of its own would be.
        let as_template = Template {
            code: module.code.clone(),
            version: module.version,
            language: language.clone(),
            channels: Vec::new(),
            label: title.clone(),
            binding: Binding::default(),
            text,
            is_withdrawn: false,
        };
        let text = match case {
            Some(case) => self.writing().fill(&as_template, case, addressee).text,
            None => as_template.text,
        };
        let uses = self.get(&keys::uses_of(&module.code))?;
        Ok(ModuleLine {
            code: module.code.clone(),
            title,
            text,
            language,
            uses: uses.map_or(0, |bytes| keys::last_number(&bytes)),
            is_of_subject: false,
            is_for_citizens: module.audience == Audience::Citizens,
        })
    }

    pub(super) fn library(&self, language: Option<&str>) -> Result<LibraryAnswer, DeskError> {
        let library = &self.directory.library;
        let speaks = |tag: &str| language.is_none_or(|wanted| primary(wanted) == tag);
        let templates = library.templates.iter().filter(|held| speaks(&held.language));
        let modules = library.modules.iter().map(|held| {
            let mut held = held.clone();
            held.texts.retain(|text| speaks(&text.language));
            let is_own = !shipped()
                .modules
                .iter()
                .any(|known| known.version == held.version && known.code == held.code);
            (held, is_own)
        });
        Ok(LibraryAnswer {
            templates: templates
                .map(|held| (held.clone(), !shipped().templates.contains(held)))
                .collect(),
            modules: modules.filter(|(held, _)| !held.texts.is_empty()).collect(),
            recall_minutes: self.desk.recall_minutes(),
        })
    }

    /// How many messages of a unit can still be recalled.
    pub(super) fn waiting_in(&self, unit: UnitId) -> Result<u64, DeskError> {
        let range = keys::mail(unit).byte(2).range();
        let page = self.scan(&range, WAITING_MAX, Direction::Forward)?;
        Ok(u64::try_from(page.rows.len()).unwrap_or(u64::MAX))
    }
}

/// Whether a module has a word in its code, titles or passages.
fn says(module: &TextModule, word: &str) -> bool {
    let mut texts = module.texts.iter();
    module.code.contains(word)
        || texts.any(|text| {
            text.title.to_lowercase().contains(word) || text.text.to_lowercase().contains(word)
        })
}
