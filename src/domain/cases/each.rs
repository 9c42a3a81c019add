//! One act on many cases: what is done with each of them.

use serde::{Deserialize, Serialize};

use crate::domain::limits::{EACH_ACTS_MAX, EACH_CASES_MAX, TEXT_BYTES_MAX};
use crate::domain::refusal::Refusal;

use super::act::CaseAct;
use super::decide::check_text;

/// What is done with each of many cases. Each is decided by the rules that hold for it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EachAct {
    /// These acts, in this order, each only after the one before it; a case on which one is refused keeps none of them.
    Acts(Vec<CaseAct>),
    /// A letter to whoever gets the letters of the case, or asked for it, by the way that they prefer; filled for them.
    Letter {
        /// The template that it begins from, by its code.
        template: Option<String>,
        /// Words instead of the template's, with the same placeholders.
        text: Option<String>,
    },
}

impl EachAct {
    /// Refuses what cannot be done with so many cases at all.
    ///
    /// # Errors
    /// No case, too many of them, no act, too many, or one that is about one case only: a letter to one person, or a
    /// merge, which is parted as a whole and not case by case.
    pub fn check(&self, cases: usize) -> Result<(), Refusal> {
        if cases == 0 {
            return Err(Refusal::new("each.none", "No case is chosen.", "Mark some first."));
        }
        if cases > EACH_CASES_MAX {
            return Err(Refusal::new(
                "each.many",
                format!("One act takes {EACH_CASES_MAX} cases, and these are {cases}."),
                "Do it with fewer, and then with the rest.",
            ));
        }
        match self {
            Self::Acts(acts) => {
                let is_for_one =
                    |act: &CaseAct| matches!(act, CaseAct::Reply { .. } | CaseAct::Merge { .. });
                if acts.is_empty() || acts.len() > EACH_ACTS_MAX || acts.iter().any(is_for_one) {
                    return Err(Refusal::new(
                        "each.act",
                        format!(
                            "Many cases take one to {EACH_ACTS_MAX} acts, and no merge or letter to one person."
                        ),
                        "Do it with one case at a time.",
                    ));
                }
                Ok(())
            }
            Self::Letter { text, .. } => {
                check_text("the letter", text.as_deref().unwrap_or_default(), TEXT_BYTES_MAX, true)
            }
        }
    }
}
