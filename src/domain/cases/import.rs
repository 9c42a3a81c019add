//! Cases of another system: one event each, with that system's dates and outcome.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, QueueId, SubjectCode, Ulid};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::refusal::Refusal;
use crate::domain::time::{Clock, ClockKind, Instant};

use super::act::CaseEvent;
use super::case::{
    Case, CaseOrigin, CasePlace, Outcome, Party, PartyRole, RoleOnCase, SameCheck, SameChoice,
};
use super::decide::{CaseContext, check_text};
use super::general::{clocks_for, general_version};
use super::kinds::{Channel, Nature, OutcomeCode, Stage};

/// A case as a row of another system states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseImport {
    /// The system, as `nyc-council`.
    pub source: String,
    /// Its own reference there; source and reference are unique together (zrc-002).
    pub reference: String,
    /// Nature, as the mapping says.
    pub nature: Nature,
    /// Subject.
    pub subject: SubjectCode,
    /// The subject's label.
    pub subject_label: String,
    /// What is asked.
    pub asks: String,
    /// Where.
    pub place: CasePlace,
    /// How it came.
    pub channel: Channel,
    /// When it was received.
    pub received_at: Instant,
    /// When the source wants it done.
    pub due_at: Option<Instant>,
    /// When it ended and how, where it did: the outcome and the source's own words for it.
    pub ended: Option<(Instant, OutcomeCode, String)>,
}

/// What a row that was imported before means now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportChange {
    /// It says the same.
    Unchanged,
    /// It says something new, and nobody here has changed the case.
    Update(Box<CaseEvent>),
    /// It says something new, and somebody here has changed the case: the case stays as it is.
    Conflict,
}

impl CaseImport {
    /// A digest of all that the row says (FNV-1a, 64 bits): equal digests are taken for an unchanged row.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let due = self.due_at.map_or(0, Instant::milliseconds).to_be_bytes();
        let (ended, code, words) = self
            .ended
            .as_ref()
            .map_or((0, "", ""), |(at, code, words)| (at.milliseconds(), code.code(), words));
        let received = self.received_at.milliseconds().to_be_bytes();
        let parts: [&[u8]; 12] = [
            self.nature.code().as_bytes(),
            self.subject.0.as_bytes(),
            self.subject_label.as_bytes(),
            self.asks.as_bytes(),
            self.place.text.as_bytes(),
            self.place.area.as_bytes(),
            self.channel.code().as_bytes(),
            &received,
            &due,
            &ended.to_be_bytes(),
            code.as_bytes(),
            words.as_bytes(),
        ];
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for part in parts {
            for byte in part.iter().chain(&[0xff]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }

    fn check(&self) -> Result<(), Refusal> {
        check_text("the source", &self.source, CODE_BYTES_MAX, false)?;
        check_text("the reference", &self.reference, CODE_BYTES_MAX, false)?;
        check_text("the subject", &self.subject_label, LINE_BYTES_MAX, false)?;
        check_text("the subject", &self.subject.0, CODE_BYTES_MAX, false)?;
        let words = self.ended.as_ref().map_or("", |(_, _, words)| words);
        check_text("the outcome", words, TEXT_BYTES_MAX, true)?;
        check_text("the text", &self.asks, TEXT_BYTES_MAX, true)?;
        check_text("the place", &self.place.text, LINE_BYTES_MAX, false)?;
        check_text("the area", &self.place.area, LINE_BYTES_MAX, false)?;
        if self.reference.trim().is_empty() {
            return Err(Refusal::new(
                "import.reference",
                "The row has no reference.",
                "Each row needs the source's own key.",
            ));
        }
        if self.ended.as_ref().is_some_and(|(at, _, _)| *at < self.received_at) {
            return Err(Refusal::new(
                "import.dates",
                "The case ended before it was received.",
                "Correct one of the two dates at the source.",
            ));
        }
        Ok(())
    }
}

/// The event that brings a row into the office: its dates and outcome are the source's, and the closing rules apply to
/// what happens afterwards.
///
/// # Errors
/// A field is too long, or the dates contradict each other.
pub fn imported(
    row: &CaseImport,
    id: CaseId,
    ulid: Ulid,
    inbox: QueueId,
    context: &CaseContext<'_>,
) -> Result<CaseEvent, Refusal> {
    Ok(CaseEvent::Imported(Box::new(state(row, id, ulid, inbox, context)?)))
}

/// What a row means for a case that was imported from it before.
///
/// # Errors
/// As [`imported`].
pub fn import_change(
    case: &Case,
    row: &CaseImport,
    inbox: QueueId,
    context: &CaseContext<'_>,
) -> Result<ImportChange, Refusal> {
    let CaseOrigin::Imported { digest, is_touched, .. } = &case.origin else {
        return Ok(ImportChange::Conflict);
    };
    if *digest == row.digest() {
        return Ok(ImportChange::Unchanged);
    }
    if *is_touched {
        return Ok(ImportChange::Conflict);
    }
    let mut next = state(row, case.id, case.ulid, inbox, context)?;
    next.created_by = case.created_by;
    next.created_at = case.created_at;
    next.registered_at = case.registered_at;
    Ok(ImportChange::Update(Box::new(CaseEvent::ImportUpdated(Box::new(next)))))
}

fn state(
    row: &CaseImport,
    id: CaseId,
    ulid: Ulid,
    inbox: QueueId,
    context: &CaseContext<'_>,
) -> Result<Case, Refusal> {
    row.check()?;
    let zone = context.calendar.zone();
    let received = zone.day(row.received_at);
    let mut clocks = match row.due_at {
        Some(due_at) => vec![Clock::imported(&row.source, received, due_at)],
        None => clocks_for(row.nature, received, context.calendar),
    };
    // The source screened it before it came here.
    clocks.retain(|clock| clock.kind != ClockKind::Screen);
    if let Some((at, _, _)) = &row.ended {
        for clock in &mut clocks {
            clock.stop(*at);
        }
    }
    let outcome = row.ended.as_ref().map(|(at, code, words)| Outcome {
        code: *code,
        source_text: words.clone(),
        reasons: String::new(),
        by: None,
        at: *at,
        not_notified: None,
    });
    let is_open = outcome.is_none();
    Ok(Case {
        id,
        ulid,
        version: 1,
        created_by: context.actor,
        created_at: context.at,
        confidentiality: Confidentiality::CaseConfidential,
        purpose: Purpose("casework".to_owned()),
        case_type: general_version(),
        nature: row.nature,
        subjects: vec![row.subject.clone()],
        subject_label: row.subject_label.clone(),
        roles: vec![RoleOnCase {
            party: Party::Anonymous,
            role: PartyRole::Initiator,
            from: received,
            to: None,
        }],
        household: None,
        asks: row.asks.clone(),
        place: row.place.clone(),
        channel: row.channel,
        registry_number: None,
        received_at: row.received_at,
        registered_at: context.at,
        stage: if is_open { Stage::Queued } else { Stage::Closed },
        unit: context.unit,
        queue: is_open.then_some(inbox),
        owner: None,
        last_handler: None,
        clocks,
        tasks: Vec::new(),
        hold: None,
        escalations: Vec::new(),
        messages: Vec::new(),
        contacts: Vec::new(),
        closed_at: outcome.as_ref().map(|outcome| outcome.at),
        outcome,
        reopened: 0,
        links: Vec::new(),
        origin: CaseOrigin::Imported {
            source: row.source.clone(),
            reference: row.reference.clone(),
            digest: row.digest(),
            is_touched: false,
        },
        same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
    })
}
