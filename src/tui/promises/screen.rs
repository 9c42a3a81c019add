//! What was promised: mine, my unit's or everybody's, by time, and how much of it each unit keeps.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, Ask as _, AskPromiseRates, Change, DeskError, PromiseFilter, PromiseRate, RATE_DAYS,
    Receipt, Whose,
};
use crate::domain::{CaseId, EntityId, PersonId, UnitId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::casework::Casework;
use crate::tui::header::header;
use crate::tui::paint::{Canvas, Meaning, Paper};
use crate::tui::screen::{Context, Handled, Screen, Shared, Ticket};
use crate::tui::text::{fit, fit_right, safe_line, width};
use crate::tui::when;

use super::line::Line;
use super::list::PromiseList;
use super::making::About;

/// Rows above the list: header, choices, heading.
const ROWS_ABOVE: u16 = 3;
/// Rows of the list that are kept however little room there is.
const LIST_ROWS_MIN: u16 = 4;
/// Rows of the chosen promise, with the line above it.
const DETAIL_ROWS: u16 = 5;
/// Units whose rates are shown.
const UNITS_MAX: usize = 40;
/// Cells for a unit, at least so many of them, and for each of its rates.
const UNIT_CELLS: usize = 24;
const UNIT_CELLS_MIN: usize = 12;
const RATE_CELLS: usize = 18;

/// The screen.
pub(in crate::tui) struct PromisesScreen {
    unit: UnitId,
    list: PromiseList,
    rates: Vec<PromiseRate>,
    rates_asked: Option<Ticket>,
    casework: Casework,
}

impl PromisesScreen {
    /// The screen, which begins with what the caseworker of a unit is to keep.
    pub(in crate::tui) fn new(unit: UnitId) -> Self {
        Self {
            unit,
            list: PromiseList::new(Whose::Mine, PromiseFilter::Open),
            rates: Vec::new(),
            rates_asked: None,
            casework: Casework::new(),
        }
    }

    fn choices(&self) -> [(Whose, &'static str); 3] {
        [(Whose::Mine, "mine"), (Whose::Unit(self.unit), "my unit's"), (Whose::All, "all")]
    }

    fn choose(&mut self, whose: Whose, filter: PromiseFilter, context: &mut Context<'_>) {
        self.list = PromiseList::new(whose, filter);
        self.list.load(context);
    }

    fn ask_rates(&mut self, context: &mut Context<'_>) {
        if self.rates_asked.is_none() {
            self.rates_asked = Some(context.ask(AskPromiseRates {}));
        }
    }

    /// The next or previous of mine, the unit's, all.
    fn turn(&mut self, by: usize, context: &mut Context<'_>) {
        let choices = self.choices();
        let at = choices.iter().position(|(whose, _)| *whose == self.list.whose());
        let next = (at.unwrap_or_default() + by) % choices.len();
        if let Some((whose, _)) = choices.get(next) {
            self.choose(*whose, self.list.filter(), context);
        }
    }

    fn strip(&self, shared: &Shared) -> String {
        let marked = |words: &str, is_chosen: bool| {
            if is_chosen { format!("[{words}]") } else { format!(" {words} ") }
        };
        let mut strip = String::new();
        for (digit, filter) in (1..).zip(PromiseFilter::ALL) {
            strip.push_str(&marked(
                &format!("{digit}{}", filter.label()),
                filter == self.list.filter(),
            ));
        }
        strip.push_str("   ");
        strip.push_str(&shared.keymap.key(keymap::Context::Promises, Action::NextSection));
        for (whose, words) in self.choices() {
            strip.push_str(&marked(words, whose == self.list.whose()));
        }
        if self.list.has_more() {
            strip.push_str("  and more");
        }
        strip
    }

    fn empty(&self, shared: &Shared) -> String {
        let words = match self.list.filter() {
            PromiseFilter::Open => {
                let promise = shared.keymap.key(keymap::Context::Row, Action::Promise);
                let whose = shared.keymap.key(keymap::Context::Promises, Action::NextSection);
                return format!(
                    "Nothing is promised and open. On a case or a person's file, {promise} promises something; {whose} \
                     shows whose."
                );
            }
            PromiseFilter::Late => "Nothing is late.",
            PromiseFilter::Kept => "Nothing was kept in the last 30 days.",
            PromiseFilter::Broken => "Nothing was broken in the last 30 days.",
            PromiseFilter::Released => "Nobody let the office off in the last 30 days.",
        };
        let open = shared.keymap.digit_key(keymap::Context::Promises, Action::ChoosePromises, 1);
        format!("{words} {open} shows what is open.")
    }

    fn draw_lower(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) {
        let mut canvas = Canvas::new(area, paper);
        let mut lines = Vec::new();
        if let Some(row) = self.list.current() {
            lines.push((self.list.title(row, shared, area.width), Meaning::Rule));
            lines.extend(self.list.detail(shared).into_iter().map(|line| (line, Meaning::Plain)));
            // What comes below does not move while those lines come and go.
            lines.resize(usize::from(DETAIL_ROWS), (String::new(), Meaning::Plain));
        }
        let cells = canvas.width();
        let spans = RATE_DAYS.iter().map(|days| format!("{days} days"));
        lines.push((rates("-- kept in time", spans, cells), Meaning::Rule));
        let shown = self.rates.iter().take(UNITS_MAX).map(|rate| rate_line(rate, cells));
        lines.extend(shown.map(|line| (line, Meaning::Plain)));
        for (row, (line, meaning)) in lines.iter().enumerate() {
            canvas.put(row, 0, &safe_line(line), *meaning);
        }
    }
}

/// `Housing     9 of 10   90%`, for each span.
fn rate_line(rate: &PromiseRate, cells: usize) -> String {
    let spans = rate.spans.iter().map(|(kept, all)| {
        let percent = kept.saturating_mul(100).checked_div(*all);
        percent
            .map_or_else(|| "none".to_owned(), |percent| format!("{kept} of {all}  {percent:>3}%"))
    });
    rates(&safe_line(&rate.unit.name), spans, cells)
}

/// A unit, and behind it the spans of which the whole fits, the shortest first.
fn rates(unit: &str, spans: impl Iterator<Item = String>, cells: usize) -> String {
    let fitting = cells.saturating_sub(UNIT_CELLS_MIN) / RATE_CELLS;
    let spans: String = spans.take(fitting).map(|span| fit_right(&span, RATE_CELLS)).collect();
    format!("{}{spans}", fit(unit, cells.saturating_sub(width(&spans)).min(UNIT_CELLS)))
}

impl Screen for PromisesScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.list.load(context);
        self.ask_rates(context);
    }

    fn keys(&self) -> keymap::Context {
        self.casework.keys().unwrap_or(keymap::Context::Promises)
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.casework.is_open() {
            return self.casework.action(action, key, context);
        }
        let page = usize::from(context.shared.size.1 / 3).max(1);
        if self.list.moved(action, page) {
            return Handled::Yes;
        }
        match action {
            Action::OpenRow => match self.list.target() {
                Some(to) => context.go(to),
                None => return Handled::No,
            },
            Action::NextSection => self.turn(1, context),
            Action::PreviousSection => self.turn(2, context),
            Action::ChoosePromises => {
                let at = key.digit().and_then(|digit| usize::from(digit).checked_sub(1));
                let filter = at.and_then(|at| PromiseFilter::ALL.get(at));
                let Some(filter) = filter else { return Handled::No };
                self.choose(self.list.whose(), *filter, context);
            }
            Action::EndPromise | Action::Promise => {
                let Some(row) = self.list.current().cloned() else { return Handled::No };
                let line = if action == Action::EndPromise && row.is_open() {
                    Line::end_one(row, context)
                } else {
                    let (person, name) = row.person;
                    Line::make(About { person, name, case: row.case }, context)
                };
                self.casework.open_promise(line, None, context);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn casework(&mut self) -> Option<&mut Casework> {
        Some(&mut self.casework)
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.casework.answered(ticket, &answer, context)
            || self.list.answered(ticket, &answer, context)
        {
            return;
        }
        if self.rates_asked == Some(ticket) {
            self.rates_asked = None;
            if let Ok(answer) = answer.and_then(AskPromiseRates::expect) {
                self.rates = answer.units;
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.casework.executed(ticket, receipt, context) && receipt.is_ok() {
            self.load(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => entities
                .iter()
                .any(|entity| matches!(entity, EntityId::Promise(_) | EntityId::Caseworker(_))),
        };
        if is_touched {
            if *change == Change::Sight {
                self.list.load(context);
            } else {
                self.list.refresh(context);
            }
            self.ask_rates(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let at = when::date_and_time(shared.now, &shared.zone);
        let left = format!("PROMISES  {}  {at}", shared.who.unit.name);
        canvas.put(0, 0, &header(&left, "", shared, cells), Meaning::Strong);
        canvas.line(1, &self.strip(shared));
        canvas.say(1, || self.strip(shared).replace('[', "").replace(']', ", chosen; "));
        canvas.line(2, &PromiseList::heading(cells));
        canvas.say(2, String::new);
        let left = area.height.saturating_sub(ROWS_ABOVE);
        let wanted = if self.casework.is_open() {
            self.casework.height(area.width)
        } else {
            let units = u16::try_from(self.rates.len().min(UNITS_MAX)).unwrap_or(u16::MAX);
            DETAIL_ROWS.saturating_add(1).saturating_add(units)
        };
        let lower = wanted.min(left.saturating_sub(LIST_ROWS_MIN));
        let top = area.y.saturating_add(ROWS_ABOVE.min(area.height));
        let list = Rect { y: top, height: left - lower, ..area };
        let below = Rect { y: list.bottom(), height: lower, ..area };
        let cursor = self.list.draw(shared, list, paper, &self.empty(shared));
        if self.casework.is_open() {
            return self.casework.draw(shared, below, paper);
        }
        self.draw_lower(shared, below, paper);
        cursor
    }

    fn is_waiting(&self) -> bool {
        self.casework.is_waiting() || self.list.is_waiting()
    }

    fn hints(&self) -> Vec<Action> {
        self.casework.hints().unwrap_or_else(|| {
            vec![
                Action::OpenRow,
                Action::EndPromise,
                Action::Promise,
                Action::ChoosePromises,
                Action::NextSection,
                Action::Leave,
            ]
        })
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        self.casework.hint_label(action)
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        let row = self.list.current();
        (row.and_then(|row| row.case), row.map(|row| row.person.0))
    }
}
