//! What of an act can be done again with another case.

use crate::domain::cases::{CaseAct, EachAct, ScreeningOutcome};

/// The acts as they can be done with another case: a letter is filled anew from its template, everything else says the same.
///
/// # Errors
/// Why it cannot be done again, in a sentence.
pub(super) fn repeatable(acts: Vec<CaseAct>) -> Result<EachAct, String> {
    for act in &acts {
        let why = match act {
            CaseAct::Reply { template: Some(reference), .. } => {
                // The reference names version and language, too, and the next reader may have another one.
                let code = reference.split('@').next().map(str::to_owned);
                return Ok(EachAct::Letter { template: code, text: None });
            }
            CaseAct::Reply { template: None, .. } => {
                "That reply was in your own words, for its reader: begin from a template (r)."
            }
            CaseAct::SetTask { .. } => {
                "A step is not ticked off again: other cases have other steps (s)."
            }
            CaseAct::AnswerEscalation { .. } => "An answer is for its own question: answer it (e).",
            CaseAct::Screen(ScreeningOutcome::DuplicateOf(_)) => {
                "That was a duplicate of one case: compare this one, too (s)."
            }
            CaseAct::Review { .. } | CaseAct::Classify(_) | CaseAct::Index { .. } => {
                "That was settled of one case: look at this one, too (s)."
            }
            _ => continue,
        };
        return Err(why.to_owned());
    }
    Ok(EachAct::Acts(acts))
}
