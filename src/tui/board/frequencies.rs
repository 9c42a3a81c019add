//! How often each value of a field occurs in the list, with bars; one of them limits the list to it.

use crate::desk::{
    Answer, Ask as _, AskFrequencies, DeskError, FrequenciesAnswer, Narrowing, View,
};
use crate::domain::cases::filter::{Field, Filter};
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::field::Picture;
use crate::tui::text::{fit, fit_right, safe_line, safe_row};

use super::super::screen::{Context, Ticket};
use super::narrow::Wish;

/// Values that are on the screen at once.
const SHOWN_MAX: usize = 11;
/// Cells of a value's name, of a count, of a share and of the longest bar.
const NAME_CELLS: usize = 40;
const COUNT_CELLS: usize = 7;
const SHARE_CELLS: usize = 5;
const BAR_CELLS: u64 = 22;

/// A table of frequencies.
#[derive(Debug)]
pub(super) struct FrequencyTable {
    view: View,
    limit: Filter,
    field: Field,
    answer: Option<FrequenciesAnswer>,
    asked: Option<Ticket>,
    cursor: usize,
}

impl FrequencyTable {
    /// The table of subjects, which is what most lists are made of.
    pub(super) fn new(view: View, limit: Filter, context: &mut Context<'_>) -> Self {
        let field = Field::Subject;
        let mut table = Self { view, limit, field, answer: None, asked: None, cursor: 0 };
        table.ask(context);
        table
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.asked.is_some() && self.answer.is_none()
    }

    /// Asks for the values of the field.
    pub(super) fn ask(&mut self, context: &mut Context<'_>) {
        let (view, limit, field) = (self.view, self.limit.clone(), self.field);
        self.asked = Some(context.ask(AskFrequencies { view, limit, field }));
    }

    fn choose(&mut self, field: Field, context: &mut Context<'_>) {
        self.field = field;
        self.answer = None;
        self.cursor = 0;
        self.ask(context);
    }

    pub(super) fn action(&mut self, action: Action, narrowing: &Narrowing) -> Wish {
        let values = self.answer.as_ref().map_or(&[][..], |answer| answer.values.as_slice());
        match action {
            Action::NextField => {
                self.cursor = (self.cursor + 1).min(values.len().saturating_sub(1));
            }
            Action::PreviousField => self.cursor = self.cursor.saturating_sub(1),
            Action::Send => {
                if let Some(value) = values.get(self.cursor) {
                    let limit = narrowing.limit.and(&value.drill);
                    return Wish::Narrow(Narrowing { limit, sort: narrowing.sort });
                }
            }
            _ => return Wish::NotTaken,
        }
        Wish::Nothing
    }

    /// A letter chooses its field, the arrows the next one.
    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Wish {
        let at = Field::ALL.iter().position(|field| *field == self.field).unwrap_or_default();
        let count = Field::ALL.len();
        let field = match key.code() {
            KeyCode::Right => Field::ALL.get((at + 1) % count).copied(),
            KeyCode::Left => Field::ALL.get((at + count - 1) % count).copied(),
            _ => key.typed().and_then(Field::from_key),
        };
        let Some(field) = field else { return Wish::NotTaken };
        self.choose(field, context);
        Wish::Nothing
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: &Result<Answer, DeskError>) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        if let Ok(answer) = answer.clone().and_then(AskFrequencies::expect) {
            self.cursor = self.cursor.min(answer.values.len().saturating_sub(1));
            self.answer = Some(answer);
        }
        true
    }

    pub(super) fn show(&self, name: &str, cells: usize, picture: &mut Picture) {
        let total = self.answer.as_ref().map_or(0, |answer| answer.total);
        let limit =
            if self.limit.is_empty() { String::new() } else { format!(", only {}", self.limit) };
        let cut = self.answer.as_ref().is_some_and(|answer| answer.is_cut);
        let cut = if cut { ", its end was not looked at" } else { "" };
        let title = format!("-- COUNT {name} by {}: {total} cases{limit}{cut}", self.field.word());
        picture.rows.push(safe_row(&title).into_owned());
        let fields: Vec<(String, bool)> = Field::ALL
            .iter()
            .map(|field| (format!("{} {}", field.key(), field.word()), *field == self.field))
            .collect();
        picture.choices("of", &fields, false, cells);
        let Some(answer) = &self.answer else {
            picture.rows.push(String::new());
            return;
        };
        if answer.values.is_empty() {
            picture
                .rows
                .push("   nothing to count: the list is empty, or no case has a flag".to_owned());
            return;
        }
        let largest = answer.values.iter().map(|value| value.count).max().unwrap_or(1).max(1);
        let top = (self.cursor + 1).saturating_sub(SHOWN_MAX);
        for (at, value) in answer.values.iter().enumerate().skip(top).take(SHOWN_MAX) {
            let marker = if at == self.cursor { '>' } else { ' ' };
            let share = value.count.saturating_mul(100) / answer.total.max(1);
            // The smallest count has a bar, too.
            let bar = (value.count.saturating_mul(BAR_CELLS) / largest).max(1);
            let bar = "#".repeat(usize::try_from(bar).unwrap_or(0));
            if at == self.cursor {
                picture.cursor = (picture.rows.len(), 0);
            }
            let label = safe_line(&value.label);
            picture.rows.push(format!(
                "{marker}{}{}{}  {bar}",
                fit(&label, NAME_CELLS),
                fit_right(&value.count.to_string(), COUNT_CELLS),
                fit_right(&format!("{share}%"), SHARE_CELLS),
            ));
            let heard = format!("{label}; {}; {share} per cent", value.count);
            picture.list(&heard, at, answer.values.len(), at == self.cursor);
        }
        let below = answer.values.len().saturating_sub(top + SHOWN_MAX);
        let more = u64::try_from(below).unwrap_or(0).saturating_add(answer.others);
        if more > 0 {
            picture.rows.push(format!("   {more} more below"));
        }
    }
}
