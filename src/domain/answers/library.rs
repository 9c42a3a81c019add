//! Every template and module that an office can use: those that come with casedesk, and its own over them.

use crate::domain::cases::Channel;

use super::language::Language;
use super::shipped::shipped;
use super::template::{ENGLISH, Template, TextModule, primary};

/// Templates, text modules and languages, in the order in which editors list them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Library {
    /// The templates.
    pub templates: Vec<Template>,
    /// The text modules.
    pub modules: Vec<TextModule>,
    /// The languages.
    pub languages: Vec<Language>,
}

impl Library {
    /// Takes a template in, in the place of the one that it replaces.
    pub fn put_template(&mut self, template: Template) {
        let key = template.key();
        match self.templates.iter_mut().find(|known| known.key() == key) {
            Some(known) => *known = template,
            None => self.templates.push(template),
        }
    }

    /// Takes a module in, in the place of the one that it replaces.
    pub fn put_module(&mut self, module: TextModule) {
        match self.modules.iter_mut().find(|known| known.code == module.code) {
            Some(known) => *known = module,
            None => self.modules.push(module),
        }
    }

    /// Takes an office's own template out; the shipped one that it had replaced is there again.
    pub fn withdraw_template(&mut self, key: &str) {
        let shipped = shipped().templates.iter().find(|known| known.key() == key);
        match shipped {
            Some(shipped) => self.put_template(shipped.clone()),
            None => self.templates.retain(|known| known.key() != key),
        }
    }

    /// Takes an office's own module out; the shipped one that it had replaced is there again.
    pub fn withdraw_module(&mut self, code: &str) {
        let shipped = shipped().modules.iter().find(|known| known.code == code);
        match shipped {
            Some(shipped) => self.put_module(shipped.clone()),
            None => self.modules.retain(|known| known.code != code),
        }
    }

    /// The codes of the templates, each once, with the label of the English one where there is one.
    #[must_use]
    pub fn codes(&self) -> Vec<(String, String)> {
        codes_of(self.templates.iter())
    }

    /// The template of a code for a reader: in their language and for the channel, else in English for the channel, else
    /// in their language for any channel, else any. A text message is not made of a letter.
    #[must_use]
    pub fn choose(&self, code: &str, language: &str, channel: Channel) -> Option<&Template> {
        let language = primary(language);
        let of_code = || {
            self.templates.iter().filter(|template| template.code == code && !template.is_withdrawn)
        };
        let fits = |template: &&Template| template.channels.contains(&channel);
        let is_long = |template: &&Template| {
            channel != Channel::Sms && !template.channels.contains(&Channel::Sms)
        };
        let speaks = |wanted: &str| {
            let wanted = wanted.to_owned();
            move |template: &&Template| template.language == wanted
        };
        of_code()
            .filter(fits)
            .find(speaks(language))
            .or_else(|| of_code().filter(fits).find(speaks(ENGLISH)))
            .or_else(|| of_code().filter(is_long).find(speaks(language)))
            .or_else(|| of_code().filter(is_long).find(speaks(ENGLISH)))
            .or_else(|| of_code().find(fits))
    }

    /// What there is to know about a language, or about English where there is nothing about it.
    #[must_use]
    pub fn language(&self, tag: &str) -> Option<&Language> {
        let of = |wanted: &str| self.languages.iter().find(|known| known.code == wanted);
        of(primary(tag)).or_else(|| of(ENGLISH))
    }
}

/// As [`Library::codes`], of some templates.
#[must_use]
pub fn codes_of<'t>(templates: impl Iterator<Item = &'t Template>) -> Vec<(String, String)> {
    let mut codes: Vec<(String, String)> = Vec::new();
    for template in templates.filter(|template| !template.is_withdrawn) {
        match codes.iter_mut().find(|(code, _)| *code == template.code) {
            Some((_, label)) if template.language == ENGLISH => {
                label.clone_from(&template.label);
            }
            Some(_) => {}
            None => codes.push((template.code.clone(), template.label.clone())),
        }
    }
    codes
}
