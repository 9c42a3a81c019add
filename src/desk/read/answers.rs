//! Templates and text modules, as the editors and scripts ask for them.

use crate::desk::answer::{
    FilledAnswer, LibraryAnswer, ModuleLine, ModulesAnswer, ReplyKitAnswer, ReplyText, TemplateLine,
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
use crate::domain::people::Person;
use crate::domain::{CaseId, Refusal, UnitId};
use crate::store::Direction;

use super::Reader;
use super::case_file::reply_ways;

/// Modules that one answer lists.
const MODULES_MAX: usize = 60;
/// Templates that a digit picks.
const TEMPLATES_MAX: usize = 9;
/// People for whom a reply is prepared.
const READERS_MAX: usize = 4;
/// Bytes of all texts of one answer, so that it fits into a frame.
const KIT_BYTES_MAX: usize = 100 * 1_024;
/// Messages of a lane of a unit's mail that are counted.
const MAIL_COUNTED_MAX: usize = 500;

impl Reader<'_> {
    fn writing(&self) -> Writing<'_> {
        Writing {
            directory: &self.directory,
            by: self.actor.id,
            zone: &self.zone,
            today: self.today,
        }
    }

    pub(super) fn reply_kit(&self, case: CaseId) -> Result<ReplyKitAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(case)?;
        let library = &self.directory.library;
        let fits = |code: &str| {
            let mut of_code = library.templates.iter().filter(|held| held.code == code);
            of_code.any(|held| held.binding.fits(case.nature, case.stage))
        };
        let lines = library.codes().into_iter().filter(|(code, _)| fits(code)).take(TEMPLATES_MAX);
        let templates = lines.map(|(code, label)| TemplateLine { code, label }).collect();
        let mut kit = ReplyKitAnswer {
            templates,
            texts: Vec::new(),
            modules: Vec::new(),
            recall_minutes: self.desk.recall_minutes(),
        };
        for id in case.people().into_iter().take(READERS_MAX) {
            let Some(person) = self.visible_person(id)? else { continue };
            // Under two numbers of one person stands one reader.
            if kit.modules.iter().any(|(known, _)| *known == person.id) {
                continue;
            }
            let question = AskModules {
                case: Some(case.id),
                subject: None,
                text: String::new(),
                language: person.languages.first().cloned().unwrap_or_default(),
            };
            let modules = self.modules_for(&question, Some(&case), &reader_of(&person))?;
            kit.modules.push((person.id, modules));
            self.put_texts(&mut kit, &case, &person);
        }
        Ok(kit)
    }

    /// Adds the templates for each way to a person, as many as one answer has room for.
    fn put_texts(&self, kit: &mut ReplyKitAnswer, case: &Case, person: &Person) {
        let mut bytes: usize = kit.texts.iter().map(|text| text.filled.text.len()).sum();
        for (channel, _) in reply_ways(person) {
            for line in &kit.templates {
                let filled = self.writing().filled(case, person, channel, &line.code);
                let Ok(filled) = filled else { continue };
                bytes += filled.text.len();
                if bytes <= KIT_BYTES_MAX {
                    let (person, code) = (person.id, line.code.clone());
                    kit.texts.push(ReplyText { person, channel, code, filled });
                }
            }
        }
    }

    pub(super) fn filled(&self, question: &AskFilled) -> Result<FilledAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(question.case)?;
        let not_on_case = || {
            Refusal::new(
                "reply.party",
                format!("{} is not on this case.", question.addressee),
                "Write to somebody who is.",
            )
        };
        let person = self.visible_person(question.addressee)?.ok_or_else(not_on_case)?;
        // The case may know them by a number that was merged into theirs.
        let numbers = self.numbers_of(person.id)?;
        if !case.people().iter().any(|party| numbers.contains(party)) {
            return Err(not_on_case().into());
        }
        self.writing().filled(&case, &person, question.channel, &question.template)
    }

    pub(super) fn modules(&self, question: &AskModules) -> Result<ModulesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = question.case.map(|case| self.visible_case(case)).transpose()?;
        let asker = case.as_ref().and_then(|case| case.initiator());
        let asker = asker.map(|person| self.visible_person(person)).transpose()?.flatten();
        let addressee = asker.as_ref().map(|asker| reader_of(asker)).unwrap_or_default();
        let mut question = question.clone();
        if question.language.is_empty() {
            question.language.clone_from(&addressee.language);
        }
        Ok(ModulesAnswer { modules: self.modules_for(&question, case.as_deref(), &addressee)? })
    }

    /// Modules that match, those of the subject first, then those of all, the most used first.
    fn modules_for(
        &self,
        question: &AskModules,
        case: Option<&Case>,
        addressee: &Addressee,
    ) -> Result<Vec<ModuleLine>, DeskError> {
        let own = case.and_then(|case| case.subjects.first());
        let subject = question.subject.as_ref().or(own);
        let words: Vec<String> = question.text.split_whitespace().map(str::to_lowercase).collect();
        let mut lines = Vec::new();
        for module in &self.directory.library.modules {
            if !words.iter().all(|word| says(module, word)) {
                continue;
            }
            let mut line = self.module_line(module, question, case, addressee)?;
            line.is_of_subject = subject.is_some_and(|subject| module.subjects.contains(subject));
            lines.push((!module.subjects.is_empty() && !line.is_of_subject, line));
        }
        lines.sort_by_key(|(is_of_other, line)| {
            (*is_of_other, !line.is_of_subject, std::cmp::Reverse(line.uses))
        });
        lines.truncate(MODULES_MAX);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
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
        self.authorise(Action::ReadCase, &Resource::office())
            .or_else(|_| self.authorise(Action::RunOffice, &Resource::office()))?;
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

    /// How many messages of a unit lie in a lane of its mail, on cases that the actor may see.
    pub(super) fn mail_in(&self, unit: UnitId, lane: u8) -> Result<u64, DeskError> {
        let range = keys::mail(unit).byte(lane).range();
        let rows = self.seen_in(&range, MAIL_COUNTED_MAX, Direction::Forward, |_| ())?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
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
