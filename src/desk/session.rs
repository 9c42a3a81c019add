//! Somebody signed in at a local desk: the door that everything else goes through.

use std::sync::Arc;

use crate::domain::{CaseworkerId, EntityId, Event, Refusal};
use crate::store::CommitId;

use super::Desk;
use super::attendance::Token;
use super::command::{Command, Receipt, Request};
use super::error::DeskError;
use super::feed::{Change, Feed};
use super::local::{Act, LocalDesk};
use super::opened::named_in;
use super::query::{Answer, Query};
use super::read::Reader;
use super::run::is_of_rule;

/// Somebody signed in at a local desk.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) desk: Arc<LocalDesk>,
    pub(super) actor: CaseworkerId,
    pub(super) on_behalf_of: Option<String>,
    /// Lives as long as the session does.
    pub(super) token: Arc<Token>,
}

impl Session {
    /// The desk that the session is at.
    #[must_use]
    pub fn desk(&self) -> &Arc<LocalDesk> {
        &self.desk
    }
}

impl Desk for Session {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        check_is_for_sessions(&request.command)?;
        if let Command::KeepPlace(place) = &request.command {
            self.take_seat(place.session);
        }
        if let Command::Attend { session, about, form } = &request.command {
            // Whoever comes back to a desk that was started again sits where they sat.
            self.take_seat(*session);
            return self.attend(*session, about.as_ref(), *form);
        }
        if self.desk.past.is_none() {
            if let Command::ForEach { cases, act } = &request.command {
                return self.for_each(request.id, cases, act);
            }
            if request.command == Command::Undo {
                return self.undo(request.id).map_err(|error| self.name_changer(error));
            }
        }
        let news = attended_by(&request.command, self.actor);
        // Leases and drafts are kept by a screen, with nobody at its keys.
        let is_kept_by_screen = news.is_some();
        let opened = opened_by(&request.command);
        let act = Act { actor: self.actor, at: self.desk.clock.now(), command: request.command };
        let acts = Arc::new(vec![(act, self.on_behalf_of.clone())]);
        if let Some(past) = &self.desk.past {
            return self.desk.execute_in_past(past, &acts);
        }
        let results = self.desk.commit(CommitId(request.id), &acts, true)?;
        match news {
            Some(own @ EntityId::Caseworker(_)) => {
                self.desk.tell_own(self.actor, &Change::Attended(vec![own]));
            }
            Some(about) => self.desk.tell_attended(&[about]),
            None => {}
        }
        let result = results
            .into_iter()
            .next()
            .unwrap_or_else(|| Err(DeskError::Lost("it gave no result".to_owned())));
        let closed = if let Err(DeskError::Closed(on)) = &result { Some(on) } else { None };
        if let Some(opened) = &opened {
            let subject = result.as_ref().ok().and_then(|receipt| receipt.subject.as_ref());
            let asked_for = [Some(opened), subject, closed];
            asked_for.into_iter().flatten().for_each(|about| self.token.note_asked_for(about));
            if result.is_ok() {
                // What cannot be read now is opened anew when it is read.
                let _noted = self.note_opened(opened);
            }
        }
        if is_kept_by_screen { result } else { self.flag(result) }
            .map_err(|error| self.name_changer(error))
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.query_unless(query, &|| false)
    }

    fn query_unless(
        &self,
        query: Query,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, DeskError> {
        let reader = Reader::new(&self.desk, self.actor)?;
        let is_beside = is_beside(&query);
        let files = named_in(&query);
        let answer = reader.answer(query, is_cancelled);
        let answer = answer.map_err(|error| reader.told_from_missing(error));
        if let Ok(answer) = &answer {
            self.open_what_is_shown(&reader, files, answer)?;
        }
        // A screen reads again what it was opened for, and what lies under the cursor: nobody tried to open anything.
        if let Err(DeskError::Closed(on)) = &answer
            && (is_beside || self.token.has_asked_for(on))
        {
            return answer;
        }
        self.flag(answer)
    }

    fn watch(&self) -> Feed {
        self.desk.feed_of(self.actor)
    }
}

/// Whose attendance a command changes: a lease that of its case or person, a draft that of its author alone.
#[expect(clippy::wildcard_enum_match_arm, reason = "few commands lie outside the chain")]
fn attended_by(command: &Command, actor: CaseworkerId) -> Option<EntityId> {
    match command {
        Command::TakeLease { about, .. } | Command::ReleaseLease { about, .. } => {
            Some(about.clone())
        }
        Command::SaveDraft(_) | Command::DropDraft(_) => Some(EntityId::Caseworker(actor)),
        _ => None,
    }
}

/// What a command opens by its number: somebody's own act, and an attempt where it is closed.
#[expect(clippy::wildcard_enum_match_arm, reason = "few commands open a file")]
fn opened_by(command: &Command) -> Option<EntityId> {
    match command {
        Command::OpenCase { case, .. } => Some(EntityId::Case(*case)),
        Command::OpenPerson { person, .. } => Some(EntityId::Person(*person)),
        _ => None,
    }
}

/// Whether a screen asks it by itself, of whatever lies under the cursor.
fn is_beside(query: &Query) -> bool {
    matches!(query, Query::CasePreview(_) | Query::Attendance(_))
}

/// Refuses what only the desk itself does, by its rules and its outbox.
fn check_is_for_sessions(command: &Command) -> Result<(), DeskError> {
    let is_part = matches!(command, Command::ForEachOn { .. } | Command::UndoOn { .. });
    if is_part || is_of_rule(command) {
        return Err(Refusal::new(
            "permit.desk",
            "Only the desk itself does this.",
            "It happens by itself while the desk is open.",
        )
        .into());
    }
    Ok(())
}

impl Session {
    /// Notes on a record that somebody was turned away from it, once within a minute. Whoever has it open while it closes,
    /// or had it open and comes back to it, made no attempt: their screen asks by itself.
    fn flag<T>(&self, result: Result<T, DeskError>) -> Result<T, DeskError> {
        if let Err(DeskError::Closed(on)) = &result
            && self.desk.past.is_none()
            && !self.token.has_open(on)
            && !self.was_just_flagged(on)
        {
            let command = Command::FlagAttempt(on.clone());
            let act = Act { actor: self.actor, at: self.desk.clock.now(), command };
            let acts = Arc::new(vec![(act, self.on_behalf_of.clone())]);
            let id = CommitId(u128::from_be_bytes(self.desk.entropy.draw()));
            // It is refused in any case, also where nothing can be written any more.
            let _ = self.desk.commit(id, &acts, false);
        }
        result
    }

    fn was_just_flagged(&self, on: &EntityId) -> bool {
        let newest = super::timeline::newest(self.desk.store.as_ref(), on, 1);
        let newest = newest.ok().and_then(|(records, _)| records.into_iter().next());
        newest.is_some_and(|record| {
            record.event == Event::TurnedAway
                && record.actor == self.actor
                && self.desk.clock.now().minutes_since(record.at) < 1
        })
    }

    /// Says who changed a record meanwhile: the newest event of its timeline knows.
    fn name_changer(&self, error: DeskError) -> DeskError {
        let DeskError::Changed { entity, by, at, fields } = error else { return error };
        if !fields.is_empty() {
            return DeskError::Changed { entity, by, at, fields };
        }
        let newest = super::timeline::newest(self.desk.store.as_ref(), &entity, 1);
        match newest.ok().and_then(|(records, _)| records.into_iter().next()) {
            Some(record) => {
                let by = self.desk.directory().short_name(record.actor);
                DeskError::Changed { entity, by, at: record.at, fields }
            }
            None => DeskError::Changed { entity, by, at, fields },
        }
    }
}
