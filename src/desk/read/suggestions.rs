//! What closed cases suggest for a new one.

use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::query::AskSuggestion;
use crate::desk::suggest::{SuggestedSubject, SuggestionAnswer, asked_words};
use crate::domain::SubjectCode;
use crate::domain::cases::Nature;
use crate::domain::office::{Action, Resource};

use super::Reader;

impl Reader<'_> {
    pub(super) fn suggestion(
        &self,
        question: &AskSuggestion,
    ) -> Result<SuggestionAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let text = match question.case {
            Some(case) => self.visible_case(case)?.asks.clone(),
            None => question.text.clone(),
        };
        let all = self.count(Counter::Number(tag::CASE))?;
        let open = self.seen_count(keys::open_counters())?;
        let suggester = &self.desk.suggester;
        let (models, is_learning) =
            suggester.models(&self.desk.store, all.saturating_sub(open), all);
        let Some(models) = models else {
            return Ok(SuggestionAnswer { is_learning, ..SuggestionAnswer::default() });
        };
        // Words and shares tell of the cases that taught them.
        if models.classes.iter().any(|class| !self.sight().class(class)) {
            return Ok(SuggestionAnswer::default());
        }
        let words = asked_words(&text);
        let subject = models.subject.suggest(&words).and_then(|suggestion| {
            let code = SubjectCode(suggestion.class.into());
            let known = self.directory.subjects.get(&code).filter(|known| !known.is_retired)?;
            Some(SuggestedSubject {
                label: known.label.clone(),
                code,
                percent: suggestion.percent,
                words: suggestion.words,
            })
        });
        let nature = models.nature.suggest(&words);
        let nature = nature.and_then(|said| Some((Nature::from_code(&said.class)?, said.percent)));
        let cases = models.cases.len().saturating_sub(self.in_conflict(&models.cases)?);
        let cases = u64::try_from(cases).unwrap_or(u64::MAX);
        Ok(SuggestionAnswer { subject, nature, cases, is_learning })
    }
}
