//! Asking a caller who they are: which facts of the file are asked for, and when the answers are enough (R47).
//!
//! Two questions make a try, and both answers have to be right. A second try asks for two others. Of two questions at most
//! one is about something that stands on the letters that the office sends, for whoever opened a letter knows all of that.

use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;

use super::contact::Verification;

/// Questions of one try.
pub const QUESTIONS_OF_TRY: usize = 2;
/// Tries of one contact.
pub const TRIES_MAX: usize = 2;

/// A fact that a caller is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerFact {
    /// The day of birth.
    BirthDate,
    /// The end of a telephone number, which is not the one that calls.
    Telephone,
    /// Whom they live with or belong to, and as what.
    Relative,
    /// Where they live.
    Address,
    /// When they were last in touch, and by which way.
    LastContact,
    /// What they received last.
    LastService,
    /// The end of an identity number; never the number.
    Identity,
}

impl CallerFact {
    /// Every one, in the order in which they are preferred.
    pub const ALL: [Self; 7] = [
        Self::BirthDate,
        Self::Telephone,
        Self::Relative,
        Self::Address,
        Self::LastContact,
        Self::LastService,
        Self::Identity,
    ];

    /// The name under which a contact records that it was asked for.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BirthDate => "birth date",
            Self::Telephone => "end of a telephone number",
            Self::Relative => "a relative",
            Self::Address => "address",
            Self::LastContact => "last contact",
            Self::LastService => "last service",
            Self::Identity => "end of an id number",
        }
    }

    /// What the clerk asks.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::BirthDate => "When were you born?",
            Self::Telephone => "What are the last four digits of a telephone number of yours?",
            Self::Relative => "Who belongs to your family or household, and as what?",
            Self::Address => "Where do you live?",
            Self::LastContact => "When were you last in touch with us, and how?",
            Self::LastService => "What did you receive from us last?",
            Self::Identity => "What are the last three characters of your id number?",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.code() == code)
    }

    /// Whether the letters of the office tell it.
    fn is_on_letters(self) -> bool {
        matches!(self, Self::Address | Self::LastService)
    }
}

/// The two facts of the next try, of those that the file knows. `turn` goes round, so that somebody who calls often is
/// not asked the same every time.
///
/// # Errors
/// The caller is verified already, both tries failed, or the file knows too little.
pub fn next_questions(
    known: &[CallerFact],
    before: Option<&Verification>,
    turn: u64,
) -> Result<[CallerFact; QUESTIONS_OF_TRY], Refusal> {
    check_may_try(before)?;
    let asked = |fact: &CallerFact| {
        before.is_some_and(|before| before.questions.iter().any(|(name, _)| name == fact.code()))
    };
    let left: Vec<CallerFact> = known.iter().copied().filter(|fact| !asked(fact)).collect();
    let size = u64::try_from(left.len()).unwrap_or(1).max(1);
    let first = usize::try_from(turn % size).unwrap_or(0);
    let mut turned = left.iter().cycle().skip(first).take(left.len()).copied();
    let pair = turned.next().and_then(|one| {
        let is_fit = |other: &CallerFact| !(one.is_on_letters() && other.is_on_letters());
        turned.find(is_fit).map(|other| [one, other])
    });
    pair.ok_or_else(|| {
        Refusal::new(
            "verify.facts",
            "The file knows too little to ask for.",
            "Have a document shown or sent, or call back on a number of the file.",
        )
    })
}

/// What a try came to, with what the tries before it asked for.
///
/// # Errors
/// As [`next_questions`], or these are not two facts that make a try.
pub fn tried(
    questions: &[(String, bool)],
    before: Option<&Verification>,
    at: Instant,
) -> Result<Verification, Refusal> {
    check_may_try(before)?;
    let mut asked = before.map(|before| before.questions.clone()).unwrap_or_default();
    let facts: Vec<CallerFact> =
        questions.iter().filter_map(|(name, _)| CallerFact::from_code(name)).collect();
    let is_new = facts.iter().all(|fact| asked.iter().all(|(name, _)| name != fact.code()));
    let is_try = match (facts.as_slice(), questions.len() == QUESTIONS_OF_TRY) {
        ([one, other], true) => {
            one != other && is_new && !(one.is_on_letters() && other.is_on_letters())
        }
        _ => false,
    };
    if !is_try {
        return Err(Refusal::new(
            "verify.questions",
            "These are not two questions that prove who somebody is.",
            "Ask again: V shows the questions.",
        ));
    }
    asked.extend(questions.iter().cloned());
    let is_passed = questions.iter().all(|(_, is_right)| *is_right);
    Ok(Verification { questions: asked, is_passed, at })
}

fn check_may_try(before: Option<&Verification>) -> Result<(), Refusal> {
    match before {
        Some(before) if before.is_passed => {
            Err(Refusal::new("verify.passed", "The caller is verified already.", ""))
        }
        Some(before) if before.is_failed() => Err(Refusal::new(
            "verify.failed",
            "Both tries failed: nothing is shown to this caller.",
            "Ask for a document, or call back on a number of the file.",
        )),
        _ => Ok(()),
    }
}

impl Verification {
    /// How many tries there were.
    #[must_use]
    pub fn tries(&self) -> usize {
        self.questions.len().div_ceil(QUESTIONS_OF_TRY)
    }

    /// Whether no try is left, and none passed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        !self.is_passed && self.tries() >= TRIES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Instant {
        Instant::from_milliseconds(0)
    }

    fn answers(facts: [CallerFact; 2], right: [bool; 2]) -> Vec<(String, bool)> {
        facts.into_iter().map(CallerFact::code).map(str::to_owned).zip(right).collect()
    }

    #[test]
    fn two_right_answers_prove_it_and_two_tries_are_all_there_are() {
        let facts = CallerFact::ALL;
        let first = next_questions(&facts, None, 0).unwrap();
        let failed = tried(&answers(first, [true, false]), None, at()).unwrap();
        assert!(!failed.is_passed && !failed.is_failed());
        let second = next_questions(&facts, Some(&failed), 0).unwrap();
        assert!(second.iter().all(|fact| !first.contains(fact)), "{first:?} {second:?}");
        let passed = tried(&answers(second, [true, true]), Some(&failed), at()).unwrap();
        assert!(passed.is_passed);
        assert_eq!(passed.questions.len(), 4, "what was asked before is not forgotten");
        assert!(next_questions(&facts, Some(&passed), 0).is_err(), "it is proved already");
        let lost = tried(&answers(second, [false, false]), Some(&failed), at()).unwrap();
        assert!(lost.is_failed());
        assert_eq!(next_questions(&facts, Some(&lost), 0).unwrap_err().code, "verify.failed");
    }

    #[test]
    fn no_two_questions_are_about_what_a_letter_tells_whoever_turn_it_is() {
        let letters = [CallerFact::Address, CallerFact::LastService];
        for turn in 0..20 {
            let pair = next_questions(&CallerFact::ALL, None, turn).unwrap();
            assert!(!letters.iter().all(|fact| pair.contains(fact)), "{turn}: {pair:?}");
            assert_ne!(pair[0], pair[1]);
        }
        assert_eq!(next_questions(&letters, None, 0).unwrap_err().code, "verify.facts");
        assert!(tried(&answers(letters, [true, true]), None, at()).is_err());
    }

    #[test]
    fn a_try_is_two_different_known_facts() {
        let twice = answers([CallerFact::BirthDate; 2], [true, true]);
        assert!(tried(&twice, None, at()).is_err());
        assert!(tried(&twice[..1], None, at()).is_err());
        let unknown = [("shoe size".to_owned(), true), ("birth date".to_owned(), true)];
        assert!(tried(&unknown, None, at()).is_err());
    }
}
