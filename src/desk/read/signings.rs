//! What waits for a second signature: for whoever may give it, and for whoever gave the first.

use crate::desk::answer::{SigningLine, SigningsAnswer, TimelineEntry};
use crate::desk::error::DeskError;
use crate::desk::{keys, timeline};
use crate::domain::cases::{
    Case, ClosedEdit, SignedAct, Signing, SigningEvent, SigningState, amount_words,
};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, Entity, EntityId};
use crate::store::{Direction, KeyRange};

use super::Reader;
use super::words::first_line;

/// Signatures on one list, the oldest.
const LINES_MAX: usize = 500;
/// The most that the count beside the clock says.
const COUNTED_MAX: usize = 50;
/// Rows of the index that are read at once.
const PAGE_ROWS: usize = 200;

impl Reader<'_> {
    pub(super) fn signings(&self) -> Result<SigningsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let is_meant = |line: &SigningLine| line.may_sign || line.is_own;
        let mut lines = self.waiting(LINES_MAX, is_meant)?;
        lines.sort_by_key(|line| !line.may_sign);
        let sent_back = keys::sent_back_to(self.actor.id).range();
        lines.extend(self.signing_lines(&sent_back, LINES_MAX, |_| true)?);
        Ok(SigningsAnswer { lines })
    }

    /// How many signatures wait for the actor's own.
    pub(super) fn signings_due(&self) -> Result<u64, DeskError> {
        let may = |action| self.sight().may(action, &Resource::office());
        if !may(Action::ReadCase) || !(may(Action::Decide) || may(Action::ForceEdit)) {
            return Ok(0);
        }
        let due = self.waiting(COUNTED_MAX, |line| line.may_sign)?.len();
        Ok(u64::try_from(due).unwrap_or(u64::MAX))
    }

    /// What was signed last on a case.
    pub(super) fn signing_on(&self, case: &Case) -> Result<Option<SigningLine>, DeskError> {
        let Some(Entity::Signing(signing)) = self.entity(&EntityId::Signing(case.id))? else {
            return Ok(None);
        };
        Ok(Some(self.signing_line(case, &signing)))
    }

    /// Whether a case waits for a second signature; one that cannot be read is said where it is read itself.
    pub(super) fn waits_for_signature(&self, case: &Case) -> bool {
        let held = self.entity(&EntityId::Signing(case.id));
        matches!(held, Ok(Some(Entity::Signing(signing))) if signing.waits())
    }

    fn waiting(
        &self,
        most: usize,
        is_meant: impl Fn(&SigningLine) -> bool,
    ) -> Result<Vec<SigningLine>, DeskError> {
        self.signing_lines(&keys::to_sign().range(), most, is_meant)
    }

    /// The oldest signatures that the actor sees and that are meant. The limit is one of lines and not of rows: what waits in
    /// other units keeps nothing off the list.
    fn signing_lines(
        &self,
        range: &KeyRange,
        most: usize,
        is_meant: impl Fn(&SigningLine) -> bool,
    ) -> Result<Vec<SigningLine>, DeskError> {
        let (mut range, mut lines) = (range.clone(), Vec::new());
        loop {
            let page = self.scan(&range, PAGE_ROWS, Direction::Forward)?;
            for (key, _) in &page.rows {
                if let Some(line) = self.line_of(CaseId(keys::last_number(key)))?.filter(&is_meant)
                {
                    lines.push(line);
                }
                if lines.len() >= most {
                    return Ok(lines);
                }
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else {
                return Ok(lines);
            };
            range = range.beyond(last.clone(), Direction::Forward);
        }
    }

    /// What was signed on a case, where the actor may see it.
    fn line_of(&self, id: CaseId) -> Result<Option<SigningLine>, DeskError> {
        match self.visible_case(id) {
            // What was merged since is decided on the case that goes on.
            Ok(case) if case.id == id => self.signing_on(&case),
            Ok(_) | Err(DeskError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn signing_line(&self, case: &Case, signing: &Signing) -> SigningLine {
        let (what, amount, reasons) = self.signed_words(case, &signing.what);
        let ended_by = match &signing.state {
            SigningState::InForce(by) | SigningState::SentBack { by, .. } => {
                self.directory.short_name(by.by)
            }
            SigningState::Waiting | SigningState::Withdrawn | SigningState::Lapsed => String::new(),
        };
        let may_sign = signing.waits()
            && self.directory.may_sign_second(&self.actor, case, signing, self.today);
        SigningLine {
            case: case.id,
            subject: case.subject_label.clone(),
            what,
            amount,
            reasons,
            by: self.directory.short_name(signing.first.by),
            ended_by,
            may_sign,
            is_own: signing.first.by == self.actor.id,
            at: signing.first.at,
            version: signing.version,
            state: signing.state.clone(),
            decision_reasons: match &signing.what {
                SignedAct::Decision { decision, .. } => decision.reasons.clone(),
                SignedAct::Edit { .. } => String::new(),
            },
        }
    }

    /// What was signed, what it is about, and why. A field that says who somebody is stands masked, as everywhere.
    fn signed_words(&self, case: &Case, what: &SignedAct) -> (String, String, String) {
        let case_type = self.type_of(case);
        match what {
            SignedAct::Decision { decision, amount } => {
                let known = case_type.outcomes.iter().find(|rule| rule.code == decision.outcome);
                let label = known.map_or(decision.kind.label(), |rule| rule.labels.english());
                let reasons = [decision.reasons.trim(), decision.ground.trim()];
                let reasons: Vec<&str> =
                    reasons.into_iter().filter(|words| !words.is_empty()).collect();
                (label.to_owned(), amount_words(amount), reasons.join("; "))
            }
            SignedAct::Edit { edit, reason } => {
                let words = match edit {
                    ClosedEdit::Subject(code) => format!("subject {code}"),
                    ClosedEdit::Field { code, value } => {
                        let rule = case_type.fields.iter().find(|rule| rule.code == *code);
                        let label = rule.map_or(code.as_str(), |rule| rule.labels.english());
                        let is_told = rule.is_some_and(|rule| !rule.is_personal);
                        let value = if is_told { first_line(value) } else { "***".to_owned() };
                        format!("{label}: {value}")
                    }
                };
                (words, String::new(), reason.clone())
            }
        }
    }

    /// The entries of a case's signatures, newest first.
    pub(super) fn signing_entries(
        &self,
        case: CaseId,
        looked_at_max: usize,
    ) -> Result<Vec<TimelineEntry>, DeskError> {
        let (records, _) = timeline::newest(self.store, &EntityId::Signing(case), looked_at_max)?;
        Ok(records.iter().filter_map(|record| self.entry(record)).collect())
    }

    /// A word for what became of a signature, one line, and the text behind it.
    pub(super) fn signing_words(
        &self,
        id: &EntityId,
        event: &SigningEvent,
    ) -> Option<(String, String, String)> {
        let EntityId::Signing(case) = id else { return None };
        let (words, text) = match event {
            SigningEvent::Signed(what) => {
                let case = self.case(*case).ok()?;
                let (what, amount, reasons) = self.signed_words(&case, what);
                let amount = if amount.is_empty() { amount } else { format!(", {amount}") };
                (format!("signed first: {what}{amount}"), reasons)
            }
            SigningEvent::Countersigned => {
                ("signed second: it is in force".to_owned(), String::new())
            }
            SigningEvent::SentBack { reason } => {
                (format!("not signed: {}", first_line(reason)), reason.clone())
            }
            SigningEvent::Withdrawn => ("first signature taken back".to_owned(), String::new()),
            SigningEvent::Lapsed => {
                ("first signature lapsed: the case went on without it".to_owned(), String::new())
            }
            SigningEvent::Reverted(_) => ("signature put back".to_owned(), String::new()),
        };
        Some(("sign".to_owned(), words, text))
    }
}
