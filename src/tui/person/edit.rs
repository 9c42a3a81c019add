//! Editing a person's record in place: every field with its source and day, one opened at a time.

use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};

use crate::desk::{
    Answer, Ask, AskDraft, Command, DeskError, Draft, DraftForm, DraftKey, PersonFileAnswer,
    Receipt,
};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::domain::people::{ContactPointState, PersonChange};
use crate::domain::time::{Instant, Zone};
use crate::domain::{EntityId, PersonId};
use crate::keymap::{Action, Key, KeyCode};
use crate::text;

use super::super::field::{Choice, DraftKeeper, Form};
use super::super::paint::Canvas;
use super::super::when::day_in_column;
use super::super::{Context, Handled, Status, Ticket};
use super::fields::{EditRow, Target, command_of, form_of, rows_of};

/// A field that is open.
#[derive(Debug, Clone)]
struct Opened {
    label: String,
    target: Target,
    form: Form,
}

/// The record being edited.
#[derive(Debug, Clone)]
pub(super) struct Editing {
    person: PersonId,
    version: u64,
    rows: Vec<EditRow>,
    choice: Choice,
    opened: Option<Opened>,
    keeper: DraftKeeper,
    asked_draft: Option<Ticket>,
    saving: Option<Ticket>,
}

impl Editing {
    /// Begins to edit, and asks whether there are words from before.
    pub(super) fn open(file: &PersonFileAnswer, context: &mut Context<'_>) -> Self {
        let key = DraftKey { form: DraftForm::Person, target: Some(EntityId::Person(file.person)) };
        let asked_draft = Some(context.ask(AskDraft { key: key.clone() }));
        Self {
            person: file.person,
            version: file.version,
            rows: rows_of(file),
            choice: Choice::default(),
            opened: None,
            keeper: DraftKeeper::new(key),
            asked_draft,
            saving: None,
        }
    }

    /// Takes the record as it is now; an open field keeps its words.
    pub(super) fn refresh(&mut self, file: &PersonFileAnswer) {
        self.version = file.version;
        self.rows = rows_of(file);
    }

    /// Leaves the open field, its words kept; whether there was one.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) -> bool {
        if self.keeper.is_unkept() {
            self.save_draft(context);
        }
        self.opened.take().is_some()
    }

    pub(super) fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let rows = self.rows.len();
        let Some(opened) = &mut self.opened else {
            match action {
                Action::NextField => self.choice.step(1, rows),
                Action::PreviousField => self.choice.step(-1, rows),
                Action::Send => self.open_row(),
                _ => return Handled::No,
            }
            return Handled::Yes;
        };
        match action {
            Action::NextField => {
                opened.form.go_next();
            }
            Action::PreviousField => {
                opened.form.go_previous();
            }
            // Enter goes on to the source, which is where an edit ends; any other sending key ends it at once.
            Action::Send if key.code() == KeyCode::Enter && !is_last(&opened.form) => {
                opened.form.go_next();
            }
            Action::Send => self.send(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if let Some(opened) = &mut self.opened {
            let handled = opened.form.key(key);
            if handled == Handled::Yes {
                self.keeper.typed(context.shared.now);
            }
            return handled;
        }
        let state = match key.typed() {
            Some('w') => ContactPointState::Wrong,
            Some('o') => ContactPointState::Verified,
            Some('x') => ContactPointState::Retired,
            Some('j') => {
                self.choice.step(1, self.rows.len());
                return Handled::Yes;
            }
            Some('k') => {
                self.choice.step(-1, self.rows.len());
                return Handled::Yes;
            }
            _ => return Handled::No,
        };
        self.set_state(state, context);
        Handled::Yes
    }

    pub(super) fn paste(&mut self, words: &str, context: &mut Context<'_>) {
        if let Some(opened) = &mut self.opened {
            opened.form.paste(words);
            self.keeper.typed(context.shared.now);
        }
    }

    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        _context: &mut Context<'_>,
    ) {
        if self.asked_draft != Some(ticket) {
            return;
        }
        self.asked_draft = None;
        // Words that are being typed already go before the ones from before.
        if self.opened.is_none()
            && let Ok(Some(draft)) = answer.and_then(AskDraft::expect)
        {
            self.put_back(&draft);
        }
    }

    /// Takes a receipt; whether the record has changed and is to be read again.
    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.keeper.executed(ticket, receipt.is_ok()) || self.saving != Some(ticket) {
            return false;
        }
        self.saving = None;
        match receipt {
            Ok(_) => {
                self.opened = None;
                self.keeper.drop_draft(context);
                true
            }
            Err(error) => matches!(error, DeskError::Changed { .. }),
        }
    }

    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_due(context.shared.now) && self.opened.is_some() {
            self.save_draft(context);
        }
    }

    /// Draws the fields from a row on; returns where the cursor is to stand.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        row: usize,
        zone: &Zone,
        now: Instant,
    ) -> Position {
        let kept = self.keeper.label(zone).map(|kept| format!("   {kept}")).unwrap_or_default();
        let heading = format!("-- edit{kept}   Enter opens; o ok, w wrong, x not used any more");
        canvas.put(row, 0, &heading, Style::new());
        let form_rows = self.opened.as_ref().map_or(0, |opened| opened.form.len());
        let room = canvas.height().saturating_sub(row + 1);
        let seen = room.saturating_sub(form_rows).max(1);
        let first = self.choice.first_seen(self.rows.len(), seen);
        let chosen = self.choice.at(self.rows.len());
        let mut at = row + 1;
        let mut cursor = (row, 0);
        for (place, line) in self.rows.iter().enumerate().skip(first).take(seen) {
            let is_chosen = place == chosen;
            let marker = if is_chosen { ">" } else { " " };
            let style = if is_chosen && self.opened.is_some() {
                Style::new().add_modifier(Modifier::BOLD)
            } else {
                Style::new()
            };
            canvas.put(at, 0, &format!("{marker}{}", row_line(line, zone, now)), style);
            if is_chosen {
                cursor = (at, 0);
            }
            at += 1;
            if let Some(opened) = self.opened.as_ref().filter(|_| is_chosen) {
                cursor = opened.form.draw(canvas, at, form_rows.min(room.saturating_sub(1)));
                at += form_rows;
            }
        }
        canvas.position(cursor.0, cursor.1)
    }

    fn open_row(&mut self) {
        let chosen = self.choice.at(self.rows.len());
        if let Some(row) = self.rows.get(chosen) {
            let form = form_of(row);
            self.opened = Some(Opened { label: row.label.clone(), target: row.target, form });
        }
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(opened) = self.opened.as_ref().filter(|_| self.saving.is_none()) else { return };
        match command_of(self.person, self.version, opened.target, &opened.form) {
            Ok(command) => self.saving = Some(context.execute(command)),
            Err(problem) => context.say(Status::Refused(problem)),
        }
    }

    fn set_state(&mut self, state: ContactPointState, context: &mut Context<'_>) {
        let chosen = self.choice.at(self.rows.len());
        let index = self.rows.get(chosen).and_then(|row| match row.target {
            Target::ContactPoint(index, _) => Some(index),
            _ => None,
        });
        let Some(index) = index else {
            context.say(Status::Refused(
                "Only a telephone number or e-mail address can be marked so.".to_owned(),
            ));
            return;
        };
        self.saving = Some(context.execute(Command::ChangePerson {
            person: self.person,
            version: Some(self.version),
            change: PersonChange::ContactPointState { index, state },
            source: "tried by the office".to_owned(),
            is_verified: state == ContactPointState::Verified,
        }));
    }

    fn save_draft(&mut self, context: &mut Context<'_>) {
        let Some(opened) = &self.opened else { return };
        let mut fields = vec![("field".to_owned(), opened.label.clone())];
        fields.extend(opened.form.words());
        self.keeper.keep(fields, opened.form.focus(), self.version, context);
    }

    fn put_back(&mut self, draft: &Draft) {
        let label = draft.fields.iter().find(|(name, _)| name == "field");
        let place =
            label.and_then(|(_, label)| self.rows.iter().position(|row| row.label == *label));
        let Some(place) = place else { return };
        self.choice.set(place);
        self.open_row();
        if let Some(opened) = &mut self.opened {
            for (name, words) in &draft.fields {
                opened.form.set(name, words);
            }
            opened.form.focus_on(&draft.focus);
        }
        self.keeper.found(draft.saved_at);
    }
}

/// Whether Enter in this part of the form ends the edit.
fn is_last(form: &Form) -> bool {
    matches!(form.focus(), "source" | "checked" | "note")
}

/// `telephone 1  +98 912 ***4411  ?  told by telephone 08-11`.
fn row_line(row: &EditRow, zone: &Zone, now: Instant) -> String {
    let on = row.on.map(|on| day_in_column(on, zone.day(now))).unwrap_or_default();
    let checked = match (row.is_verified, row.value.is_empty()) {
        (_, true) => " ",
        (true, false) => "ok",
        (false, false) => "?",
    };
    format!(
        "{} {} {} {} {on}",
        text::fit(&row.label, 16),
        text::fit(&text::safe_line(&row.value), 30),
        text::fit(checked, 2),
        text::safe_line(&row.source),
    )
}

/// The most that a field of the record can hold, in bytes; the desk holds each field to its own limit.
pub(super) const FIELD_BYTES_MAX: usize = TEXT_BYTES_MAX / 4;
