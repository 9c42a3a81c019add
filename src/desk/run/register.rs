//! The register of purposes: adding one, saying it otherwise, and retiring it.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::check_text;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{
    PURPOSE_LANGUAGES_MAX, PURPOSES_IN_FORCE_MAX, PURPOSES_MAX, Purpose, PurposeEvent,
};
use crate::domain::rules::Labels;
use crate::domain::time::Day;
use crate::domain::{EntityId, Event, Refusal};

use super::office::check_code;
use super::{Done, Run};

/// Letters of a language's code.
const LANGUAGE_LETTERS: std::ops::RangeInclusive<usize> = 2..=3;

impl Run<'_> {
    /// Adds a purpose, says one otherwise, or takes up again one that was retired.
    pub(super) fn set_purpose(
        &mut self,
        code: &str,
        words: &Labels,
        legal_basis: &str,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_office()?;
        let why = given_reason(reason)?;
        check_code("purpose", code)?;
        if Purpose::RESERVED.contains(&code) {
            let what = format!("`{code}` is what the trail calls something of its own.");
            return Err(Refusal::new("purpose.reserved", what, "Choose another code.").into());
        }
        check_words(words)?;
        check_text("the legal basis", legal_basis, LINE_BYTES_MAX, false)?;
        if legal_basis.trim().is_empty() {
            let what = "A purpose has a legal basis.";
            return Err(Refusal::new("purpose.basis", what, "Name the law: --basis.").into());
        }
        let register = &self.work.directory.purposes;
        let is_known = register.get(code).is_some();
        if !is_known && register.count() >= PURPOSES_MAX {
            let what = format!("The register has {PURPOSES_MAX} purposes, which is all it takes.");
            let advice = "Say one of them otherwise.";
            return Err(Refusal::new("purpose.many", what, advice).into());
        }
        let Some(digit) = register.digit_for(code, self.today) else {
            let what = format!(
                "{PURPOSES_IN_FORCE_MAX} purposes are in force: each is chosen with one digit."
            );
            let advice = "Retire one first; its digit is free from that day on.";
            return Err(Refusal::new("purpose.digits", what, advice).into());
        };
        let (words, legal_basis) = (words.clone(), legal_basis.trim().to_owned());
        let id = self.purpose_event(code, PurposeEvent::Set { digit, words, legal_basis }, why)?;
        let label = if is_known {
            format!("Purpose {code} is set, in force, on the digit {digit}.")
        } else {
            format!("Purpose {code} is added, on the digit {digit}.")
        };
        Ok(Done::new(label).about(id).not_undoable("set it again, or retire it"))
    }

    /// Has nothing read for a purpose from a day on.
    pub(super) fn retire_purpose(
        &mut self,
        code: &str,
        from: Day,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_office()?;
        let why = given_reason(reason)?;
        let register = &self.work.directory.purposes;
        let Some(held) = register.get(code).cloned() else {
            let what = format!("There is no purpose `{code}`.");
            let advice = format!("There are {}.", register.codes(self.today));
            return Err(Refusal::new("purpose.unknown", what, advice).into());
        };
        if Purpose::ALWAYS.contains(&code) {
            let what = format!("`{code}` stays: casedesk itself records it.");
            let advice = "Everything under a contact and on one's own cases is read for it.";
            return Err(Refusal::new("purpose.always", what, advice).into());
        }
        if let Some(since) = held.retired_from.filter(|since| *since <= self.today) {
            let what = format!("Nothing is read for `{code}` since {since} already.");
            return Err(Refusal::new("purpose.retired", what, "Leave it as it is.").into());
        }
        if from < self.today {
            let what = "What was read until today was read for it.";
            return Err(Refusal::new("purpose.past", what, "Name today or a later day.").into());
        }
        if held.version == 0 {
            // What casedesk brings may be said otherwise one day: what is retired is what the office's own events say.
            let (digit, words) = (held.digit, held.words);
            let set = PurposeEvent::Set { digit, words, legal_basis: held.legal_basis };
            self.purpose_event(code, set, why.clone())?;
        }
        let id = self.purpose_event(code, PurposeEvent::RetiredFrom(from), why)?;
        let label = format!("Nothing is read for {code} from {from} on.");
        Ok(Done::new(label).about(id).not_undoable("set it again instead"))
    }

    fn purpose_event(
        &mut self,
        code: &str,
        event: PurposeEvent,
        why: Why,
    ) -> Result<EntityId, DeskError> {
        let id = EntityId::Purpose(code.to_owned());
        self.work.happen(&self.doer.clone(), id.clone(), Event::Purpose(event), why)?;
        Ok(id)
    }
}

fn check_words(words: &Labels) -> Result<(), DeskError> {
    let refused = |what: String, advice: &str| -> DeskError {
        Refusal::new("purpose.words", what, advice).into()
    };
    if !(1..=PURPOSE_LANGUAGES_MAX).contains(&words.0.len()) {
        let what = format!("A purpose is said in 1 to {PURPOSE_LANGUAGES_MAX} languages.");
        return Err(refused(what, "Say what it means: --words \"en=a study of the council\"."));
    }
    for (place, (language, text)) in words.0.iter().enumerate() {
        let is_code = LANGUAGE_LETTERS.contains(&language.len())
            && language.bytes().all(|letter| letter.is_ascii_lowercase());
        if !is_code {
            let what = format!("`{language}` is no code of a language.");
            return Err(refused(what, "Name one as en, nb or fa."));
        }
        if words.0.iter().take(place).any(|(before, _)| before == language) {
            let what = format!("It is said twice in `{language}`.");
            return Err(refused(what, "Say it once in each language."));
        }
        check_text("what it means", text, LINE_BYTES_MAX, false)?;
        if text.trim().is_empty() {
            let what = format!("Nothing is said in `{language}`.");
            return Err(refused(what, "Say what it means in a few words."));
        }
    }
    Ok(())
}

fn given_reason(reason: &str) -> Result<Why, DeskError> {
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    if reason.trim().is_empty() {
        let what = "A change of the register has a reason.";
        let advice = "Say why in a few words: --reason.";
        return Err(Refusal::new("purpose.reason", what, advice).into());
    }
    Ok(Why::reason(reason.trim()))
}
