//! The texts of the office's knowledge that a digit of the prompt answers with (R92).

use crate::desk::{Answer, Ask as _, AskModules, DeskError, Query};
use crate::domain::CaseId;

/// Texts that have a digit.
const DIGITS: usize = 9;

/// A text of the office's knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Article {
    /// Its code, as the contact records it.
    pub(in crate::tui) code: String,
    /// What it is called.
    pub(in crate::tui) title: String,
}

/// Asks for the texts that are about a case, or about anything.
pub(super) fn question(case: Option<CaseId>) -> Query {
    AskModules { case, subject: None, text: String::new(), language: String::new() }.into_query()
}

/// The texts that were found, the likeliest first, at most as many as there are digits; none where they cannot be read.
pub(super) fn articles(answer: Result<Answer, DeskError>) -> Vec<Article> {
    let found = answer.and_then(AskModules::expect).map(|found| found.modules);
    let lines = found.unwrap_or_default().into_iter();
    lines.map(|line| Article { code: line.code, title: line.title }).take(DIGITS).collect()
}
