//! Two people side by side: from which of them each field is taken, before they become one record.

use ratatui::layout::{Position, Rect};
use std::collections::BTreeMap;

use crate::desk::{
    Answer, Ask as _, AskPersonMerge, Change, Command, DeskError, MergeFieldLine, MergeSide,
    PersonMergeAnswer, Receipt,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::people::{PersonField, Side};
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::text::{fit, safe_line};

use super::field::TextField;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};

/// Cells of a field's name.
const LABEL_CELLS: usize = 11;
/// Cells of a side's value.
const VALUE_CELLS: usize = 31;
/// Rows above the first field.
const ROWS_ABOVE: usize = 3;
/// Rows below the last one: a blank one, two for the field under the cursor, what happens, reason and keys.
const ROWS_BELOW: usize = 6;

/// The screen.
pub(super) struct MergePeopleScreen {
    survivor: PersonId,
    merged: PersonId,
    answer: Option<PersonMergeAnswer>,
    /// The sides that were chosen here.
    chosen: BTreeMap<PersonField, Side>,
    cursor: usize,
    reason: TextField,
    has_reason_focus: bool,
    asked: Option<Ticket>,
    merging: Option<Ticket>,
    failed: Option<DeskError>,
}

impl MergePeopleScreen {
    /// The screen of two people, with nothing asked yet.
    pub(super) fn new(survivor: PersonId, merged: PersonId) -> Self {
        Self {
            survivor,
            merged,
            answer: None,
            chosen: BTreeMap::new(),
            cursor: 0,
            reason: TextField::line(LINE_BYTES_MAX),
            has_reason_focus: false,
            asked: None,
            merging: None,
            failed: None,
        }
    }

    fn fields(&self) -> &[MergeFieldLine] {
        self.answer.as_ref().map_or(&[], |answer| &answer.fields)
    }

    fn field(&self) -> Option<&MergeFieldLine> {
        self.fields().get(self.cursor)
    }

    fn side(&self, line: &MergeFieldLine) -> Side {
        self.chosen.get(&line.field).copied().unwrap_or(line.side)
    }

    fn choose(&mut self, side: Side, context: &mut Context<'_>) {
        let Some(line) = self.field() else { return };
        if side == Side::Both && !line.field.is_list() {
            let words = format!("There is one {} only: take 1 or 2.", line.field.label());
            context.say(Status::Refused(words));
            return;
        }
        let field = line.field;
        self.chosen.insert(field, side);
    }

    /// The other record goes on: what was chosen stays chosen.
    fn turn_round(&mut self, context: &mut Context<'_>) {
        std::mem::swap(&mut self.survivor, &mut self.merged);
        for side in self.chosen.values_mut() {
            *side = match side {
                Side::Survivor => Side::Merged,
                Side::Merged => Side::Survivor,
                Side::Both => Side::Both,
            };
        }
        self.ask(context);
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        let (survivor, merged) = (self.survivor, self.merged);
        self.asked = Some(context.ask(AskPersonMerge { survivor, merged }));
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(answer) = self.answer.as_ref().filter(|_| self.merging.is_none()) else { return };
        let command = Command::MergePeople {
            survivor: answer.survivor.person,
            merged: answer.merged.person,
            versions: Some((answer.survivor.version, answer.merged.version)),
            chosen: self.chosen.iter().map(|(field, side)| (*field, *side)).collect(),
            reason: self.reason.text(),
        };
        self.merging = Some(context.execute(command));
    }

    fn draw_field(&self, canvas: &mut Canvas<'_>, row: usize, place: usize, line: &MergeFieldLine) {
        let marker = if place == self.cursor && !self.has_reason_focus { '>' } else { ' ' };
        let side = self.side(line);
        let mark = |of: Side| if side == of || side == Side::Both { '*' } else { ' ' };
        let value = |words: &str| fit(&safe_line(words), VALUE_CELLS);
        let other = if line.is_same { "the same".to_owned() } else { line.values.1.clone() };
        let words = format!(
            "{marker}{} {}{} {}{}",
            fit(line.field.label(), LABEL_CELLS),
            mark(Side::Survivor),
            value(&line.values.0),
            if line.is_same { ' ' } else { mark(Side::Merged) },
            value(&other),
        );
        canvas.put(row, 0, words.trim_end(), Meaning::Plain);
        canvas.list(row, place, self.fields().len());
        canvas.say(row, || {
            let taken = |of| if side == of || side == Side::Both { ", taken" } else { "" };
            let (one, two) = (taken(Side::Survivor), taken(Side::Merged));
            let (first, label) = (&line.values.0, line.field.label());
            if line.is_same {
                return format!("{label}: {first}, the same");
            }
            format!("{label}: 1 {first}{one}; 2 {other}{two}")
        });
    }

    /// Source and day of the field under the cursor, in full where the columns cut it.
    fn draw_detail(&self, canvas: &mut Canvas<'_>, row: usize) {
        let Some(line) = self.field() else { return };
        for (at, (value, note)) in
            [(&line.values.0, &line.notes.0), (&line.values.1, &line.notes.1)].iter().enumerate()
        {
            let value = if value.is_empty() { "nothing" } else { value.as_str() };
            let note = if note.is_empty() { String::new() } else { format!("   {note}") };
            let words = format!("{} {}{note}", at + 1, safe_line(value));
            canvas.line(row + at, &words);
        }
    }
}

/// What is read together from then on.
fn then(merged: &MergeSide, survivor: &MergeSide) -> String {
    let [open, cases, contacts, services] = merged.counts;
    format!(
        "then {}'s cases ({open} open of {cases}), contacts ({contacts}), services ({services}) are read on {}",
        merged.person, survivor.person
    )
}

impl Screen for MergePeopleScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Line
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let is_tab = matches!(key.code(), KeyCode::Tab | KeyCode::BackTab);
        match action {
            Action::Send => self.send(context),
            Action::NextField | Action::PreviousField if is_tab || self.has_reason_focus => {
                self.has_reason_focus = !self.has_reason_focus;
            }
            Action::NextField => {
                self.cursor = (self.cursor + 1).min(self.fields().len().saturating_sub(1));
            }
            Action::PreviousField => self.cursor = self.cursor.saturating_sub(1),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.has_reason_focus {
            return self.reason.key(key).into();
        }
        match (key.code(), key.typed()) {
            (KeyCode::Left, _) | (_, Some('1')) => self.choose(Side::Survivor, context),
            (KeyCode::Right, _) | (_, Some('2')) => self.choose(Side::Merged, context),
            (_, Some('b')) => self.choose(Side::Both, context),
            (_, Some('o')) => self.turn_round(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn paste(&mut self, text: &str, _context: &mut Context<'_>) {
        self.has_reason_focus = true;
        let _written = self.reason.paste(text);
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        _context: &mut Context<'_>,
    ) {
        if self.asked != Some(ticket) {
            return;
        }
        self.asked = None;
        match answer.and_then(AskPersonMerge::expect) {
            Ok(answer) => {
                self.cursor = self.cursor.min(answer.fields.len().saturating_sub(1));
                self.answer = Some(answer);
                self.failed = None;
            }
            Err(error) => {
                if error.is_denied() {
                    self.answer = None;
                }
                self.failed = Some(error);
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.merging.take_if(|merging| *merging == ticket).is_none() {
            return;
        }
        match receipt {
            Ok(_) => context.go(Go::Person(self.survivor)),
            // What was chosen and typed stays, beside the records as they are now.
            Err(_) => self.ask(context),
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let own = [EntityId::Person(self.survivor), EntityId::Person(self.merged)];
        let is_touched = match change {
            Change::Changed(entities) => entities.iter().any(|entity| own.contains(entity)),
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
        };
        if is_touched && self.asked.is_none() && self.merging.is_none() {
            self.ask(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let title = format!("MERGE {} into {}", self.merged, self.survivor);
        let title = header(&title, "", shared, canvas.width());
        let Some(answer) = &self.answer else {
            canvas.put(0, 0, &title, Meaning::Strong);
            let words = self.failed.as_ref().map_or("reading".to_owned(), ToString::to_string);
            canvas.line(1, &words);
            return canvas.position(1, 0);
        };
        let evidence = match answer.evidence.as_str() {
            "" => "nothing but you says that they are one".to_owned(),
            evidence => evidence.to_owned(),
        };
        canvas.put(0, 0, &title, Meaning::Strong);
        canvas.line(1, &evidence);
        let side = |digit: u8, side: &MergeSide| {
            fit(&format!("{digit} {} {}", side.person, safe_line(&side.name)), VALUE_CELLS + 1)
        };
        let (one, two) = (side(1, &answer.survivor), side(2, &answer.merged));
        canvas.line(2, &format!("{} {one} {two}", fit("", LABEL_CELLS + 1)));
        let room = canvas.height().saturating_sub(ROWS_ABOVE + ROWS_BELOW).max(1);
        let first = (self.cursor + 1).saturating_sub(room);
        let mut row = ROWS_ABOVE;
        for (place, line) in answer.fields.iter().enumerate().skip(first).take(room) {
            self.draw_field(&mut canvas, row, place, line);
            row += 1;
        }
        self.draw_detail(&mut canvas, row + 1);
        canvas.line(row + 3, &then(&answer.merged, &answer.survivor));
        let cells = canvas.width().saturating_sub(LABEL_CELLS + 2);
        canvas.line(row + 4, &fit(" reason", LABEL_CELLS + 1));
        let cursor = self.reason.draw_in_row(&mut canvas, row + 4, LABEL_CELLS + 2, cells);
        let reason = shared.keymap.key(self.keys(), Action::NextField);
        let hint = "* is taken: 1 or 2 (Left, Right) a side, b both; o the other goes on;";
        canvas.line(row + 5, &format!("{hint} {reason} reason"));
        if self.has_reason_focus {
            return canvas.position(row + 4, cursor);
        }
        canvas.position(ROWS_ABOVE + self.cursor.saturating_sub(first), 0)
    }

    fn is_waiting(&self) -> bool {
        self.asked.is_some() || self.merging.is_some()
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::NextField, Action::PreviousField, Action::Leave]
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        (action == Action::Send).then_some("merge")
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, Some(self.survivor))
    }
}
