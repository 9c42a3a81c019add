//! Whose telephone number it is: a number that is matched as a whole, however it is written.

use crate::desk::answer::CallAnswer;
use crate::desk::error::DeskError;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{ContactPointKind, ContactPointState, Person, is_same_telephone};
use crate::domain::{PersonId, Refusal};
use crate::search::{self, FindOptions};

use super::Reader;

/// People who are looked at: those who share four digits at either end of a number, at ten million people.
const CANDIDATES_MAX: usize = 20_000;
/// People of one number who are told; more share the number of an institution.
const CALLERS_MAX: usize = 50;
/// Digits of a number that is whole.
const DIGITS_MIN: usize = 5;

impl Reader<'_> {
    pub(super) fn call(
        &self,
        number: &str,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<CallAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let digits: String =
            search::normalise(number).chars().filter(char::is_ascii_digit).collect();
        if digits.len() < DIGITS_MIN {
            return Err(Refusal::new(
                "call.number",
                format!(
                    "\"{number}\" is no whole telephone number: it has {} digits.",
                    digits.len()
                ),
                "Give the number as the telephone shows it; `casedesk find` takes a part of one.",
            )
            .into());
        }
        let options = FindOptions {
            limit: CANDIDATES_MAX,
            candidates: CANDIDATES_MAX,
            is_cancelled,
            ..FindOptions::default()
        };
        // Without the international prefix, which no number in the index has.
        let asked = digits.strip_prefix("00").unwrap_or(&digits);
        let (found, _) = self.search(asked, options)?;
        let mut candidates = Vec::new();
        // The digits may fit an id or a date better; whose number it is, the person's record alone says.
        for hit in &found.hits {
            let Some(person) = self.visible_person(PersonId(hit.person))? else { continue };
            if has_number(&person, number) {
                candidates.push(self.person_hit(&person, &hit.evidence)?);
            }
            if candidates.len() == CALLERS_MAX {
                break;
            }
        }
        candidates.sort_by_key(|hit| hit.person);
        let person = match candidates.as_slice() {
            [only] => only.person,
            _ => None,
        };
        Ok(CallAnswer { person, candidates })
    }
}

/// Whether a number is one of a person's that reaches them, as far as anybody knows.
fn has_number(person: &Person, number: &str) -> bool {
    person.contact_points.iter().map(|fact| &fact.value).any(|point| {
        point.kind == ContactPointKind::Telephone
            && !matches!(point.state, ContactPointState::Wrong | ContactPointState::Retired)
            && is_same_telephone(number, &point.normalised)
    })
}
