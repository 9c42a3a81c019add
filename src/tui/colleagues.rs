//! Colleagues and cover: who is here, who is away and until when, who stands in, and how much each has: of oneself, and of
//! whom one leads, by name, so that nobody is ranked.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, AskColleagues, Change, Colleague, Command, DeskError, Receipt, UnitCover,
};
use crate::domain::office::{Action as Right, CaseworkerState, Cover};
use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, fit_right, safe_line};

use super::asking::Asking;
use super::away::AwayEditor;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::stepping::{page, stepped, top};
use super::when;

/// Rows above the list: header, empty, heading.
const ROWS_ABOVE: usize = 3;
/// Cells for a name and for each count.
const NAME_CELLS: usize = 20;
const COUNT_CELLS: usize = 5;
/// What stands for a count of cases that the reader may not see: a zero would say that there are none.
const NOT_TOLD: &str = "-";
/// Why nothing is counted for whoever reads no case.
const READS_NO_CASE: &str =
    "You read no cases, so none are counted here (-); you see who is here and who stands in.";

/// A row of the list: a unit's line, or a colleague below it.
#[derive(Clone, Copy)]
enum Row<'a> {
    Unit(&'a UnitCover),
    Colleague(&'a UnitCover, &'a Colleague),
}

/// The screen.
pub(super) struct ColleaguesScreen {
    list: Asking<AskColleagues>,
    /// Who is under the cursor, so that it stays with them.
    chosen: Option<CaseworkerId>,
    editor: Option<AwayEditor>,
}

impl ColleaguesScreen {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self { list: Asking::new(AskColleagues {}), chosen: None, editor: None }
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let units = self.list.answer().map_or(&[][..], |answer| answer.units.as_slice());
        // A unit without people and without work has nothing to show.
        let units = units.iter().filter(|unit| !unit.colleagues.is_empty() || unit.open > 0);
        units.flat_map(rows_of).collect()
    }

    fn cursor(&self) -> usize {
        let rows = self.rows();
        let is_chosen =
            |row: &Row<'_>| matches!(row, Row::Colleague(_, held) if Some(held.id) == self.chosen);
        let is_colleague = |row: &Row<'_>| matches!(row, Row::Colleague(..));
        let first = || rows.iter().position(is_colleague);
        rows.iter().position(is_chosen).or_else(first).unwrap_or_default()
    }

    /// Moves by rows that are colleagues: the lines of units are passed over.
    fn choose(&mut self, to: usize) {
        let rows = self.rows();
        let at = self.cursor();
        let id = |row: &Row<'_>| match row {
            Row::Colleague(_, held) => Some(held.id),
            Row::Unit(_) => None,
        };
        let after = || rows.iter().skip(to).find_map(id);
        let before = || rows.iter().take(to + 1).rev().find_map(id);
        let found = if to < at { before().or_else(after) } else { after().or_else(before) };
        self.chosen = found.or(self.chosen);
    }

    fn current(&self) -> Option<(UnitCover, Colleague)> {
        match self.rows().get(self.cursor())? {
            Row::Colleague(unit, held) => Some(((*unit).clone(), (*held).clone())),
            Row::Unit(_) => None,
        }
    }

    /// Everybody who is here and could stand in: of the same unit first.
    fn stand_ins(&self, held: &Colleague) -> Vec<Colleague> {
        let units = self.list.answer().map_or(&[][..], |answer| answer.units.as_slice());
        let is_of = |unit: &&UnitCover| unit.colleagues.iter().any(|other| other.id == held.id);
        let own = units.iter().filter(is_of);
        let others = units.iter().filter(|unit| !is_of(unit));
        let here = |other: &&Colleague| other.is_here && other.id != held.id;
        own.chain(others).flat_map(|unit| &unit.colleagues).filter(here).cloned().collect()
    }

    /// Opens what the colleague has.
    fn open(&self, context: &mut Context<'_>) -> Handled {
        let Some((unit, held)) = self.current() else { return Handled::No };
        if unit.may_set {
            context.go(Go::Handover(held.id, Vec::new()));
        } else {
            let words = format!("What somebody of {} has is for whoever leads it.", unit.name);
            context.say(Status::Refused(words));
        }
        Handled::Yes
    }

    fn begin(&mut self, action: Action, context: &mut Context<'_>) -> Handled {
        let Some((unit, held)) = self.current() else { return Handled::No };
        if !unit.may_set {
            let words = format!("Who of {} is away is said by whoever leads it.", unit.name);
            context.say(Status::Refused(words));
            return Handled::Yes;
        }
        if action == Action::MarkBack {
            let command = Command::SetAttendance {
                caseworker: held.id,
                state: CaseworkerState::Active,
                successor: None,
                why: String::new(),
            };
            context.execute(command);
            return Handled::Yes;
        }
        let stand_ins = self.stand_ins(&held);
        self.editor = Some(AwayEditor::new(held, action == Action::MarkLeft, stand_ins));
        Handled::Yes
    }

    fn in_editor(&mut self, action: Action, context: &mut Context<'_>) -> Handled {
        let Some(editor) = &mut self.editor else { return Handled::No };
        match action {
            Action::NextField => editor.next(),
            Action::PreviousField => editor.previous(),
            Action::Send => editor.send(context),
            Action::Leave => self.editor = None,
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

impl Screen for ColleaguesScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.list.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        if self.editor.is_some() { keymap::Context::Line } else { keymap::Context::Colleagues }
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        if self.editor.is_some() {
            return self.in_editor(action, context);
        }
        let page = page(context.shared, ROWS_ABOVE);
        if let Some(to) = stepped(action, self.cursor(), self.rows().len(), page) {
            self.choose(to);
            return Handled::Yes;
        }
        match action {
            Action::OpenRow => self.open(context),
            Action::MarkAway | Action::MarkBack | Action::MarkLeft => self.begin(action, context),
            _ => Handled::No,
        }
    }

    fn key(&mut self, key: Key, _context: &mut Context<'_>) -> Handled {
        self.editor.as_mut().map_or(Handled::No, |editor| editor.key(key))
    }

    fn paste(&mut self, text: &str, _context: &mut Context<'_>) {
        if let Some(editor) = &mut self.editor {
            editor.paste(text);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        self.list.answered(ticket, answer, context, |_, answer| answer);
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        let is_over = match &mut self.editor {
            Some(editor) if editor.expects(ticket) => editor.executed(receipt, context),
            _ => false,
        };
        if is_over {
            self.editor = None;
        }
        self.load(context);
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => entities.iter().any(|entity| {
                matches!(
                    entity,
                    EntityId::Caseworker(_)
                        | EntityId::Case(_)
                        | EntityId::Promise(_)
                        | EntityId::Unit(_)
                )
            }),
        };
        self.list.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let at = when::date_and_time(shared.now, &shared.zone);
        let title = format!("COLLEAGUES  {}  {at}", shared.who.office.name);
        canvas.put(0, 0, &header(&title, "", shared, cells), Meaning::Strong);
        if !reads_cases(shared) {
            canvas.line(ROWS_ABOVE - 2, READS_NO_CASE);
        }
        let columns = columns(["open", "late", "prom"]);
        canvas.line(ROWS_ABOVE - 1, &format!("  {}{columns}  where", fit("", NAME_CELLS)));
        canvas.say(ROWS_ABOVE - 1, String::new);
        let editor_rows = self.editor.as_ref().map_or(0, |_| AwayEditor::ROWS);
        let room = canvas.height().saturating_sub(ROWS_ABOVE + editor_rows).max(1);
        let rows = self.rows();
        let cursor = self.cursor();
        let top = top(cursor, room);
        for (at, (place, row)) in (ROWS_ABOVE..).zip(rows.iter().enumerate().skip(top).take(room)) {
            let (words, style) = row_words(*row, place == cursor, shared);
            canvas.put(at, 0, &safe_line(&words), style);
            canvas.list(at, place, rows.len());
            canvas.say(at, || row_said(*row, shared));
        }
        let more = self.list.answer().map_or(0, |answer| answer.more);
        if more > 0 && rows.len() < room {
            canvas.line(ROWS_ABOVE + rows.len(), &format!("  ... and {more} more"));
        }
        let Some(editor) = &self.editor else {
            return canvas.position(ROWS_ABOVE + cursor - top, 0);
        };
        let above = u16::try_from(ROWS_ABOVE + rows.len().min(room)).unwrap_or(u16::MAX);
        let y = area.y.saturating_add(above).min(area.bottom());
        let below = Rect { y, height: area.bottom() - y, ..area };
        editor.draw(shared, below, paper)
    }

    fn is_waiting(&self) -> bool {
        self.editor.as_ref().is_some_and(AwayEditor::is_sending)
    }

    fn hints(&self) -> Vec<Action> {
        if self.editor.is_some() {
            return vec![Action::Send, Action::NextField, Action::Leave];
        }
        vec![
            Action::OpenRow,
            Action::MarkAway,
            Action::MarkBack,
            Action::MarkLeft,
            Action::ClaimNext,
            Action::Undo,
            Action::Leave,
            Action::GoBoard,
        ]
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Send if self.editor.is_some() => Some("do it"),
            Action::OpenRow => Some("work"),
            _ => None,
        }
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}

/// Whether whoever looks may see any case at all; figures of nothing would be untrue for anybody else.
fn reads_cases(shared: &Shared) -> bool {
    shared.who.may(Right::ReadCase)
}

/// A unit's line, and its people below it.
fn rows_of(unit: &UnitCover) -> impl Iterator<Item = Row<'_>> {
    let below = unit.colleagues.iter().map(move |held| Row::Colleague(unit, held));
    std::iter::once(Row::Unit(unit)).chain(below)
}

fn columns(counts: [&str; 3]) -> String {
    counts.map(|count| fit_right(count, COUNT_CELLS)).join("")
}

fn row_words(row: Row<'_>, has_cursor: bool, shared: &Shared) -> (String, Meaning) {
    match row {
        Row::Unit(unit) => {
            let open =
                if reads_cases(shared) { unit.open.to_string() } else { NOT_TOLD.to_owned() };
            let counts = columns([&open, "", ""]);
            let style = if is_missed(unit) { Meaning::Alarm } else { Meaning::Strong };
            let cover = cover_words(unit, shared);
            let name = fit(&unit.name, NAME_CELLS + 1);
            (format!("- {name}{}  {cover}", counts.get(1..).unwrap_or_default()), style)
        }
        Row::Colleague(_, held) => {
            let marker = if has_cursor { '>' } else { ' ' };
            let figures = [held.open, held.late, held.promises];
            let counts = figures.map(|count| match count {
                _ if !held.has_load => String::new(),
                _ if !reads_cases(shared) => NOT_TOLD.to_owned(),
                0 => ".".to_owned(),
                count => count.to_string(),
            });
            let counts = columns([&counts[0], &counts[1], &counts[2]]);
            let words = format!(
                "{marker} {}{counts}  {}",
                fit(&held.name, NAME_CELLS),
                whereabouts(held, shared)
            );
            (words, Meaning::Plain)
        }
    }
}

/// A unit or somebody of it, as it is heard.
fn row_said(row: Row<'_>, shared: &Shared) -> String {
    match row {
        Row::Unit(unit) if !reads_cases(shared) => {
            format!("unit {}; {}", unit.name, cover_words(unit, shared))
        }
        Row::Unit(unit) => {
            format!("unit {}; {} open; {}", unit.name, unit.open, cover_words(unit, shared))
        }
        Row::Colleague(_, held) if !held.has_load || !reads_cases(shared) => {
            format!("{}; {}", held.name, whereabouts(held, shared))
        }
        Row::Colleague(_, held) => format!(
            "{}; {} open; {} late; {} promised; {}",
            held.name,
            held.open,
            held.late,
            held.promises,
            whereabouts(held, shared)
        ),
    }
}

/// Whether a unit has open work in its hours, and nobody for it.
fn is_missed(unit: &UnitCover) -> bool {
    unit.cover == Cover::Nobody && unit.open > 0
}

/// How a unit is covered: `3 free`, `NOBODY HERE since 08:15: name who stands in`; and its clock, where it is another one.
fn cover_words(unit: &UnitCover, shared: &Shared) -> String {
    let clock = match &unit.other_clock {
        Some((_, time)) => format!("   {time} there"),
        None => String::new(),
    };
    if is_missed(unit) {
        let since = unit.uncovered_since.map_or_else(String::new, |at| {
            format!(" since {}", when::weekday_or_today(at, shared.now, &shared.zone))
        });
        return format!("NOBODY HERE{since}: name who stands in{clock}");
    }
    if !reads_cases(shared) {
        let cover = match unit.cover {
            Cover::By(_) => "",
            Cover::Nobody => "nobody here",
            Cover::Closed => "closed now",
        };
        return format!("{cover}{clock}");
    }
    let closed = if unit.cover == Cover::Closed { ", closed now" } else { "" };
    format!("{} free{closed}{clock}", unit.free)
}

/// Where somebody is: `here`, `ill until Fri 27 Nov, Kaya stands in`.
fn whereabouts(held: &Colleague, shared: &Shared) -> String {
    let interrupted = match held.interruptions {
        0 => String::new(),
        1 => ", interrupted once today".to_owned(),
        times => format!(", interrupted {times} times today"),
    };
    format!("{}{interrupted}", where_is(held, shared))
}

fn where_is(held: &Colleague, shared: &Shared) -> String {
    let CaseworkerState::Absent { until, .. } = held.state else { return "here".to_owned() };
    if held.is_here {
        return "here".to_owned();
    }
    let why = if held.why.is_empty() { "away" } else { &held.why };
    let until = when::weekday_and_day(until, shared.zone.day(shared.now));
    let who = match &held.stand_in {
        Some((_, name)) => format!(", {} stands in", safe_line(name)),
        None => ", nobody stands in".to_owned(),
    };
    format!("{why} until {until}{who}")
}
