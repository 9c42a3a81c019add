//! Editing a person's record in place: every field with its source and day, one opened at a time.

use ratatui::layout::Position;

use crate::desk::{
    Answer, Ask, AskDraft, ChangedField, Command, DeskError, Draft, DraftForm, DraftKey,
    PersonFileAnswer, Receipt,
};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::domain::people::{ContactPointState, PersonChange};
use crate::domain::time::{Instant, Zone};
use crate::domain::{EntityId, PersonId};
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::text;

use super::super::field::{Choice, DraftKeeper, Form, Side};
use super::super::paint::{Canvas, Meaning};
use super::super::status::changed;
use super::super::when::{day, day_in_column, time};
use super::super::{Context, Handled, Shared, Status, Ticket};
use super::fields::{EditRow, Target, USUAL_SOURCE, command_of, form_of, is_stale, rows_of};

/// A field that is open.
#[derive(Debug, Clone)]
struct Opened {
    label: String,
    target: Target,
    form: Form,
    is_from_draft: bool,
    /// The field as it was when it was opened.
    was: EditRow,
    /// The record's version then.
    version: u64,
    /// The field as somebody else has left it since, for whoever types to choose.
    theirs: Option<EditRow>,
    /// Whose changes the last save met: digits choose until one types on. Where they were of another field, it is sent again.
    met: Option<Vec<ChangedField>>,
}

/// Words of a field that were typed and not sent.
#[derive(Debug, Clone)]
struct HalfTyped {
    label: String,
    words: Vec<(String, String)>,
    focus: String,
}

/// The record being edited.
#[derive(Debug, Clone)]
pub(super) struct Editing {
    person: PersonId,
    version: u64,
    rows: Vec<EditRow>,
    choice: Choice,
    opened: Option<Opened>,
    /// At most one for each field.
    half_typed: Vec<HalfTyped>,
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
            half_typed: Vec::new(),
            keeper: DraftKeeper::new(key),
            asked_draft,
            saving: None,
        }
    }

    /// Takes the record as it is now. An open field keeps its words; where somebody else has changed that very field, what
    /// they wrote is shown beside them. A save that met only a change of another field is sent again.
    pub(super) fn refresh(&mut self, file: &PersonFileAnswer, context: &mut Context<'_>) {
        self.version = file.version;
        self.rows = rows_of(file);
        let Some(opened) = &mut self.opened else { return };
        let now = self.rows.iter().find(|row| row.target == opened.target);
        opened.theirs = now.filter(|now| **now != opened.was).cloned();
        if opened.theirs.is_none() && opened.met.take().is_some() {
            self.send(context);
        }
    }

    /// What the sending key does, where it does not send the open field.
    pub(super) fn send_label(&self) -> Option<&'static str> {
        match &self.opened {
            None => Some("open"),
            Some(opened) if opened.theirs.is_some() => Some("who changed it"),
            Some(opened) => (!is_last(&opened.form)).then_some("go on"),
        }
    }

    /// Leaves the open field, its words kept; whether there was one.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) -> bool {
        self.put_away(context);
        self.opened.take().is_some()
    }

    /// Keeps what was typed and not kept yet; the field stays open.
    pub(super) fn put_away(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_unkept() {
            self.note_half_typed();
            self.save_draft(context);
        }
    }

    pub(super) fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if action == Action::StartAnew {
            self.start_anew(context);
            return Handled::Yes;
        }
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
            // Enter goes on to the source, which is where an edit ends; any other sending key ends it at once. Beside
            // somebody else's words nothing goes on before one has chosen.
            Action::Send
                if key.code() == KeyCode::Enter
                    && opened.theirs.is_none()
                    && !is_last(&opened.form) =>
            {
                opened.form.go_next();
            }
            Action::Send => self.send(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.choose_by(key, context) {
            return Handled::Yes;
        }
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
            Some('b') => ContactPointState::Bounced,
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
        if let Ok(Some(draft)) = answer.and_then(AskDraft::expect) {
            self.half_typed = half_typed_of(&draft);
            self.half_typed.retain(|half| self.rows.iter().any(|row| row.label == half.label));
            self.keeper.found(draft.saved_at);
            // Words that are being typed already go before the ones from before.
            if self.opened.is_some() && !self.keeper.is_unkept() {
                self.open_row();
            }
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
                if let Some(opened) = self.opened.take() {
                    self.half_typed.retain(|half| half.label != opened.label);
                    self.save_draft(context);
                }
                true
            }
            Err(DeskError::Changed { fields, .. }) => {
                if let Some(opened) = &mut self.opened {
                    opened.met = Some(fields.clone());
                    if !fields.is_empty() {
                        let changed = changed(fields, context.shared);
                        context.say(Status::Refused(format!(
                            "{changed}. 1 leaves that, 2 sends what you typed, 3 what was there before."
                        )));
                    }
                }
                true
            }
            Err(_) => false,
        }
    }

    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_due(context.shared.now) {
            self.note_half_typed();
            self.save_draft(context);
        }
    }

    /// Draws the fields from a row on; returns where the cursor is to stand.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, row: usize, shared: &Shared) -> Position {
        let (zone, now) = (&shared.zone, shared.now);
        let key = |action| shared.keymap.key(keymap::Context::Line, action);
        let (open, anew) = (key(Action::Send), key(Action::StartAnew));
        let kept = self.keeper.label(zone).map(|kept| format!("   {kept}")).unwrap_or_default();
        let heading = match (&self.opened, kept.is_empty()) {
            (Some(opened), false) if opened.is_from_draft => {
                format!("-- edit{kept}: its words are here; {anew} starts anew")
            }
            (None, false) if !self.half_typed.is_empty() => {
                format!("-- edit{kept}: {open} on its field has its words; {anew} drops it")
            }
            _ => format!("-- edit{kept}   {open} opens; o ok, w wrong, b came back, x unused"),
        };
        canvas.rule(row, &heading);
        let conflict = self.conflict(shared);
        let form_rows = self.opened.as_ref().map_or(0, |opened| opened.form.len());
        let room = canvas.height().saturating_sub(row + 1);
        let seen = room.saturating_sub(form_rows + conflict.len()).max(1);
        let first = self.choice.first_seen(self.rows.len(), seen);
        let chosen = self.choice.at(self.rows.len());
        let mut at = row + 1;
        let mut cursor = (row, 0);
        for (place, line) in self.rows.iter().enumerate().skip(first).take(seen) {
            let is_chosen = place == chosen;
            let marker = if is_chosen { ">" } else { " " };
            let style =
                if is_chosen && self.opened.is_some() { Meaning::Strong } else { Meaning::Plain };
            let is_half_typed = self.half_typed(&line.label).is_some();
            let words = row_line(line, is_half_typed, zone, now);
            canvas.put(at, 0, &format!("{marker}{words}"), style);
            canvas.list(at, place, self.rows.len());
            canvas.say(at, || row_heard(line, is_half_typed, zone, now));
            if is_chosen {
                cursor = (at, 0);
            }
            at += 1;
            if let Some(opened) = self.opened.as_ref().filter(|_| is_chosen) {
                cursor = opened.form.draw(canvas, at, form_rows.min(room.saturating_sub(1)));
                at += form_rows;
                for line in &conflict {
                    canvas.line(at, line);
                    at += 1;
                }
            }
        }
        canvas.position(cursor.0, cursor.1)
    }

    fn open_row(&mut self) {
        let chosen = self.choice.at(self.rows.len());
        if let Some(row) = self.rows.get(chosen) {
            let mut form = form_of(row);
            let half_typed = self.half_typed(&row.label);
            if let Some(half_typed) = half_typed {
                for (name, words) in &half_typed.words {
                    form.set(name, words);
                }
                form.focus_on(&half_typed.focus);
            }
            let is_from_draft = half_typed.is_some();
            let (label, target) = (row.label.clone(), row.target);
            let (was, version) = (row.clone(), self.version);
            let (theirs, met) = (None, None);
            self.opened =
                Some(Opened { label, target, form, is_from_draft, was, version, theirs, met });
        }
    }

    /// What somebody else wrote into the open field, beside what it was: the words of this caseworker stand above.
    fn conflict(&self, shared: &Shared) -> Vec<String> {
        let Some(opened) = &self.opened else { return Vec::new() };
        let Some(theirs) = &opened.theirs else { return Vec::new() };
        let said = |row: &EditRow| {
            let value = if row.value.is_empty() { "nothing" } else { row.value.as_str() };
            format!("{value}   {}", row.source)
        };
        let by = opened.met.iter().flatten().next().map_or_else(String::new, |met| {
            format!("   {} {}", text::safe_line(&met.by), time(met.at, &shared.zone))
        });
        let ([one, two, three], yours) = if opened.met.is_some() {
            (["1", "2", "3"], "above, as you typed it".to_owned())
        } else {
            let send = shared.keymap.key(keymap::Context::Line, Action::Send);
            let yours =
                format!("above, not sent yet; {send} says who changed it, and has you choose");
            ([" "; 3], yours)
        };
        vec![
            format!("  {one} current  {}{by}", text::safe_line(&said(theirs))),
            format!("  {two} yours    {yours}"),
            format!("  {three} was      {}", text::safe_line(&said(&opened.was))),
        ]
    }

    /// Takes a key of the choice between what somebody else has written and one's own words; whether it was one. Whoever
    /// types on chooses once they send it: the next letter of whoever types fast is no answer to what has just come up.
    fn choose_by(&mut self, key: Key, context: &mut Context<'_>) -> bool {
        let Some(opened) = self.opened.as_mut().filter(|opened| opened.met.is_some()) else {
            return false;
        };
        let Some(side) = Side::of(key) else {
            opened.met.take_if(|_| key.typed().is_some());
            return false;
        };
        let Some(theirs) = opened.theirs.take() else { return false };
        (opened.met, opened.version) = (None, self.version);
        let was = std::mem::replace(&mut opened.was, theirs);
        match side {
            Side::Current => {
                let label = opened.label.clone();
                self.opened = None;
                self.half_typed.retain(|half| half.label != label);
                self.save_draft(context);
            }
            Side::Yours => self.send(context),
            Side::Original => {
                let was_typed = form_of(&was);
                for (label, words) in was_typed.words() {
                    opened.form.set(&label, &words);
                }
                self.send(context);
            }
        }
        true
    }

    /// Sends the open field. While somebody else's words stand beside it, it rests on what was there before them: the desk
    /// refuses it with who wrote them and when, and nothing is written over that nobody has chosen to write over.
    fn send(&mut self, context: &mut Context<'_>) {
        let Some(opened) = self.opened.as_ref().filter(|_| self.saving.is_none()) else { return };
        let version = if opened.theirs.is_some() { opened.version } else { self.version };
        match command_of(self.person, version, opened.target, &opened.form) {
            Ok(command) => self.saving = Some(context.execute(command)),
            Err(problem) => context.say(Status::Refused(problem)),
        }
    }

    fn set_state(&mut self, state: ContactPointState, context: &mut Context<'_>) {
        let chosen = self.choice.at(self.rows.len());
        if let Some(Target::Stated(index)) = self.rows.get(chosen).map(|row| row.target)
            && state == ContactPointState::Retired
        {
            let on = context.shared.zone.day(context.shared.now);
            self.saving = Some(context.execute(Command::ChangePerson {
                person: self.person,
                version: Some(self.version),
                change: PersonChange::RelationshipEnded { index, on },
                source: USUAL_SOURCE.to_owned(),
                is_verified: false,
            }));
            return;
        }
        let change = self.rows.get(chosen).and_then(|row| match row.target {
            Target::ContactPoint(index, _) => {
                Some(PersonChange::ContactPointState { index, state })
            }
            Target::Address => Some(PersonChange::AddressState(state)),
            _ => None,
        });
        let Some(change) = change else {
            context.say(Status::Refused(
                "Only an address, a telephone number or an e-mail address can be marked so."
                    .to_owned(),
            ));
            return;
        };
        self.saving = Some(context.execute(Command::ChangePerson {
            person: self.person,
            version: Some(self.version),
            change,
            source: "tried by the office".to_owned(),
            is_verified: state == ContactPointState::Verified,
        }));
    }

    fn half_typed(&self, label: &str) -> Option<&HalfTyped> {
        self.half_typed.iter().find(|half| half.label == label)
    }

    /// Takes note of the words of the open field.
    fn note_half_typed(&mut self) {
        let Some(opened) = &self.opened else { return };
        let (label, words) = (opened.label.clone(), opened.form.words());
        self.half_typed.retain(|half| half.label != label);
        self.half_typed.push(HalfTyped { label, words, focus: opened.form.focus().to_owned() });
    }

    /// Keeps the words of every field that is half typed; where there is none, the draft is dropped.
    fn save_draft(&mut self, context: &mut Context<'_>) {
        let fields = self.half_typed.iter().flat_map(|half| {
            let label = [(FIELD.to_owned(), half.label.clone())];
            let focus = [(FOCUS.to_owned(), half.focus.clone())];
            label.into_iter().chain(half.words.iter().cloned()).chain(focus)
        });
        let focus = self.half_typed.last().map(|half| half.focus.clone()).unwrap_or_default();
        self.keeper.keep(fields.collect(), &focus, self.version, context);
    }

    /// Forgets the words of the open field and opens it as the record has it; in the list, forgets those of every field.
    fn start_anew(&mut self, context: &mut Context<'_>) {
        match self.opened.take() {
            Some(opened) => {
                self.half_typed.retain(|half| half.label != opened.label);
                self.open_row();
            }
            None => self.half_typed.clear(),
        }
        self.save_draft(context);
    }
}

/// A row as it is heard: `telephone 1; +98 912 ***4411; not checked; told by telephone; 08-11`.
fn row_heard(row: &EditRow, is_half_typed: bool, zone: &Zone, now: Instant) -> String {
    let on = row.on.map(|on| day(on, zone.day(now))).unwrap_or_default();
    let checked = match (row.is_verified, row.value.is_empty()) {
        (_, true) => "",
        (true, false) => "checked",
        (false, false) => "not checked",
    };
    let value = if row.value.is_empty() { "nothing" } else { row.value.as_str() };
    let draft = if is_half_typed { "a draft, half typed" } else { "" };
    let parts = [row.label.as_str(), value, checked, row.source.as_str(), on.as_str(), draft];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The names under which a draft keeps which field comes next in it, and which part of that field had the focus.
const FIELD: &str = "field";
const FOCUS: &str = "focus";

/// The fields that a draft has words of.
fn half_typed_of(draft: &Draft) -> Vec<HalfTyped> {
    let mut fields: Vec<HalfTyped> = Vec::new();
    for (name, words) in &draft.fields {
        if name == FIELD {
            let (label, focus) = (words.clone(), draft.focus.clone());
            fields.push(HalfTyped { label, words: Vec::new(), focus });
        } else if let Some(half) = fields.last_mut() {
            if name == FOCUS {
                half.focus.clone_from(words);
            } else {
                half.words.push((name.clone(), words.clone()));
            }
        }
    }
    fields
}

/// Whether Enter in this part of the form ends the edit.
fn is_last(form: &Form) -> bool {
    matches!(form.focus(), "source" | "checked" | "note")
}

/// `telephone 1  +98 912 ***4411  ?  told by telephone 08-11`.
fn row_line(row: &EditRow, is_half_typed: bool, zone: &Zone, now: Instant) -> String {
    let today = zone.day(now);
    let on = row.on.map(|on| day_in_column(on, today)).unwrap_or_default();
    let old = if row.on.is_some_and(|on| is_stale(on, today)) { " OLD" } else { "" };
    let checked = match (row.is_verified, row.value.is_empty()) {
        (_, true) => " ",
        (true, false) => "ok",
        (false, false) => "?",
    };
    if is_half_typed {
        let value = text::fit(&text::safe_line(&row.value), 30);
        return format!("{} {value}    DRAFT, half typed", text::fit(&row.label, 16));
    }
    format!(
        "{} {} {} {on}{old} {}",
        text::fit(&row.label, 16),
        text::fit(&text::safe_line(&row.value), 30),
        text::fit(checked, 2),
        text::safe_line(&row.source),
    )
}

/// The most that a field of the record can hold, in bytes; the desk holds each field to its own limit.
pub(super) const FIELD_BYTES_MAX: usize = TEXT_BYTES_MAX / 4;
