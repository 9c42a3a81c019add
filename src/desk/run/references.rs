//! Receipt slips and PINs: a citizen follows a case with its reference and a PIN that is printed once.
//!
//! A PIN is made when a slip is printed, and only what it comes to with its salt is kept. So nobody reads a PIN out of the
//! database, no PIN exists that nobody has, and a slip that is lost is printed again with another PIN, after which the old
//! one is worth nothing. Six digits can be tried by whoever has the database; they have the case itself then. Whoever asks
//! at the door is slowed and turned away.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::codec::encode_record;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::ReferencePin;
use crate::desk::work::{Why, broken};
use crate::domain::answers::{Language, StageText};
use crate::domain::cases::{Case, Lane, Stage};
use crate::domain::office::{Action, Resource};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, EntityId, Event, Refusal};
use crate::text::{safe_block, safe_line, wrap};

use super::{Done, Run};

/// Columns of a slip printer.
const SLIP_COLUMNS: usize = 40;
/// Lines of one paragraph of a slip.
const ROWS_MAX: usize = 12;
/// Characters of what was asked that a slip shows.
const ASKED_CHARS_MAX: usize = 240;
/// Rounds of the hash of a PIN: some milliseconds, so that trying all takes hours.
const ROUNDS: u32 = 20_000;
/// Wrong PINs in a row before each next one has to wait.
const FREE_TRIES: u32 = 3;
/// Minutes to wait after the first wrong PIN that is one too many; each further one doubles them.
const WAIT_MINUTES: i64 = 1;
/// The longest wait, which the tenth wrong PIN comes to.
const WAIT_MINUTES_MAX: i64 = 60;
/// Cases that stand for each other in a row, at most.
const HOPS_MAX: usize = 8;

impl Run<'_> {
    pub(super) fn print_slip(&mut self, id: CaseId) -> Result<Done, DeskError> {
        self.authorise_note(id)?;
        let case = self.work.case(id)?;
        let drawn = u128::from_be_bytes(self.work.draw()) % 1_000_000;
        let pin = format!("{drawn:06}");
        let salt = self.work.draw();
        let kept = ReferencePin { salt, hash: hash(&salt, id, &pin), wrong: 0, closed_until: None };
        let is_again = self.work.get(&keys::pin_of(id))?.is_some();
        self.keep_pin(id, &kept)?;
        self.work.happen(
            &self.doer.clone(),
            EntityId::Case(id),
            Event::SlipPrinted,
            Why::default(),
        )?;
        let label = if is_again {
            format!("A slip for {id} with a new PIN: the one before is worth nothing now.")
        } else {
            format!("A slip for {id}.")
        };
        let mut done = Done::new(label)
            .about(EntityId::Case(id))
            .not_undoable("print the slip again: the PIN on the old one is worth nothing then");
        done.text = Some(self.slip(&case, &pin)?);
        Ok(done)
    }

    fn slip(&mut self, case: &Arc<Case>, pin: &str) -> Result<String, DeskError> {
        let calendar = self.calendar()?;
        let office = self.work.directory.office()?.name.clone();
        let language = self.language_of(case)?;
        let survivor = self.survivor(case)?;
        let received = language.day(calendar.zone().day(case.received_at));
        let asks: String = case.asks.chars().take(ASKED_CHARS_MAX).collect();
        let mut rows: Vec<String> = Vec::new();
        let mut paragraph = |text: &str| {
            if text.is_empty() {
                rows.push(String::new());
                return;
            }
            rows.extend(wrap(&safe_line(text), SLIP_COLUMNS, ROWS_MAX));
        };
        paragraph(&office);
        paragraph(language.slip("title"));
        paragraph("");
        paragraph(&format!("{}: {}", language.slip("reference"), case.id));
        paragraph(&format!("{}: {pin}", language.slip("pin")));
        paragraph(&format!("{}: {received}", language.slip("received")));
        paragraph("");
        paragraph(&format!("{}:", language.slip("asked")));
        for line in safe_block(&asks) {
            paragraph(&line);
        }
        paragraph("");
        paragraph(&format!("{}:", language.slip("stage")));
        paragraph(&status_of(&survivor, &language));
        if let Some(due) = self.due_day(&survivor)? {
            paragraph(&format!("{}: {}", language.slip("answer_by"), language.day(due)));
        }
        paragraph("");
        paragraph(language.slip("how"));
        paragraph("");
        paragraph(language.slip("keep"));
        Ok(rows.join("\n"))
    }

    pub(super) fn ask_status(&mut self, id: CaseId, pin: &str) -> Result<Done, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let key = keys::pin_of(id);
        let Some(mut kept) = self.work.state_record::<ReferencePin>(&key)? else {
            return Err(Refusal::new(
                "status.wrong",
                "There is no matter with this reference and PIN.",
                "Look at the receipt slip again; a counter prints a new one.",
            )
            .into());
        };
        if let Some(until) = kept.closed_until.filter(|until| *until > self.doer.at) {
            return Err(self.turned_away(until)?);
        }
        let is_right = hash(&kept.salt, id, &digits(pin)) == kept.hash;
        if is_right {
            kept.wrong = 0;
            kept.closed_until = None;
        } else {
            kept.wrong = kept.wrong.saturating_add(1);
            let over = kept.wrong.saturating_sub(FREE_TRIES);
            let minutes =
                WAIT_MINUTES.checked_shl(over.saturating_sub(1)).unwrap_or(WAIT_MINUTES_MAX);
            let minutes = minutes.clamp(WAIT_MINUTES, WAIT_MINUTES_MAX);
            kept.closed_until = (over > 0).then(|| self.doer.at.plus_minutes(minutes));
        }
        self.keep_pin(id, &kept)?;
        self.work.happen(
            &self.doer.clone(),
            EntityId::Case(id),
            Event::StatusAsked { is_right },
            Why::default(),
        )?;
        if !is_right {
            let label = match kept.closed_until {
                Some(until) => self.turned_away(until)?.to_string(),
                None => "There is no matter with this reference and PIN.".to_owned(),
            };
            return Ok(Done::new(label).leaves_nothing());
        }
        let case = self.work.case(id)?;
        let language = self.language_of(&case)?;
        let survivor = self.survivor(&case)?;
        let mut text = status_of(&survivor, &language);
        if survivor.id != case.id {
            text = format!("{} {text}", language.status(StageText::Merged));
        }
        if let Some(due) = self.due_day(&survivor)? {
            text = format!("{text} {}: {}.", language.slip("answer_by"), language.day(due));
        }
        let mut done = Done::new(format!("The status of {id} was told.")).leaves_nothing();
        done.text = Some(text);
        Ok(done)
    }

    fn turned_away(&self, until: Instant) -> Result<DeskError, DeskError> {
        let (hour, minute) = self.calendar()?.zone().hour_minute(until);
        Ok(Refusal::new(
            "status.closed",
            format!("There were too many wrong PINs; the next one is looked at from {hour:02}:{minute:02} on."),
            "A counter prints a new slip.",
        )
        .into())
    }

    fn keep_pin(&mut self, id: CaseId, kept: &ReferencePin) -> Result<(), DeskError> {
        let value = encode_record(kept).map_err(broken)?;
        self.work.put_state(keys::pin_of(id), Some(value));
        Ok(())
    }

    /// The language of whoever asked, else English.
    fn language_of(&mut self, case: &Case) -> Result<Language, DeskError> {
        let tag = match case.initiator() {
            Some(person) => self.work.person(person)?.languages.first().cloned(),
            None => None,
        };
        let library = &self.work.directory.library;
        let language = library.language(tag.as_deref().unwrap_or_default()).cloned();
        language.ok_or_else(|| DeskError::NotFound("a language".to_owned()))
    }

    /// The case in which this one goes on: the one that it was merged into, or found to be the same as when it was screened.
    fn survivor(&mut self, case: &Arc<Case>) -> Result<Arc<Case>, DeskError> {
        let mut survivor = Arc::clone(case);
        for _ in 0..HOPS_MAX {
            let Some(next) = self.next_case(&survivor)? else { break };
            survivor = self.work.case(next)?;
        }
        Ok(survivor)
    }

    fn next_case(&mut self, case: &Case) -> Result<Option<CaseId>, DeskError> {
        let current = self.current_case(case.id)?;
        if current != case.id || case.stage != Stage::DuplicateOf {
            return Ok(Some(current).filter(|current| *current != case.id));
        }
        for link in case.links.iter().rev() {
            // What was merged into it is linked, too, and leads back here.
            if self.current_case(*link)? != case.id {
                return Ok(Some(*link));
            }
        }
        Ok(None)
    }

    fn due_day(&self, case: &Case) -> Result<Option<Day>, DeskError> {
        Ok(case.next_owed_day(&self.calendar()?.zone(), self.today, |_any| true))
    }
}

fn status_of(case: &Case, language: &Language) -> String {
    language.status(StageText::of(case.stage, case.lane() == Lane::Waiting)).to_owned()
}

/// The digits of a PIN as it was typed, in whichever digits.
fn digits(pin: &str) -> String {
    let digit = |letter: char| match letter {
        '0'..='9' => Some(letter),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(letter) - 0x6f0, 10),
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(letter) - 0x660, 10),
        _ => None,
    };
    pin.chars().filter_map(digit).collect()
}

/// What a PIN comes to with its salt.
fn hash(salt: &[u8; 16], case: CaseId, pin: &str) -> [u8; 32] {
    let first = Sha256::new().chain_update(salt).chain_update(case.0.to_be_bytes());
    let mut hash: [u8; 32] = first.chain_update(pin).finalize().into();
    for _ in 0..ROUNDS {
        hash = Sha256::new().chain_update(salt).chain_update(hash).finalize().into();
    }
    hash
}
