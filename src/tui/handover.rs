//! What a colleague has, by due time, to be handed over: one thing, what is marked, or all.
use std::collections::BTreeSet;

use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, AskColleagues, AskHandover, Change, Colleague, Command, DeskError, HandTo, Handed,
    HandoverLine, Receipt,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, safe_line, wrap};

use super::asking::Asking;
use super::away::fits_letters;
use super::field::{Choice, Picture, TextField};
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::stepping::{page, stepped};
use super::when;

/// Rows above the list: header, heading.
const ROWS_ABOVE: usize = 2;
/// Rows that the line for a colleague or a reason takes.
const ROWS_OF_LINE: usize = 4;
/// Things that one act hands over; what is beyond goes with the next.
const HANDED_MAX: usize = 56;
/// Cells for a moment, for a number and for whoever has it.
const WHEN_CELLS: usize = 12;
const NUMBER_CELLS: usize = 8;
const WITH_CELLS: usize = 10;

/// What is typed in the line below the list.
enum Typing {
    /// Letters of the colleague who takes it.
    Colleague(TextField),
    /// Why a draft is taken over.
    Reason(TextField),
}

/// The screen.
pub(super) struct HandoverScreen {
    caseworker: CaseworkerId,
    /// What they have, and what was handed over just now.
    work: Asking<AskHandover>,
    colleagues: Asking<AskColleagues>,
    choice: Choice,
    marked: BTreeSet<Handed>,
    typing: Option<Typing>,
    sent: Option<Ticket>,
}

impl HandoverScreen {
    /// The screen of a colleague, with nothing on it yet.
    pub(super) fn new(caseworker: CaseworkerId, also: Vec<EntityId>) -> Self {
        Self {
            caseworker,
            work: Asking::new(AskHandover { caseworker, also }),
            colleagues: Asking::new(AskColleagues {}),
            choice: Choice::default(),
            marked: BTreeSet::new(),
            typing: None,
            sent: None,
        }
    }

    fn lines(&self) -> &[HandoverLine] {
        self.work.answer().map_or(&[], |answer| answer.lines.as_slice())
    }

    fn current(&self) -> Option<&HandoverLine> {
        self.lines().get(self.choice.at(self.lines().len()))
    }

    /// What an act is on: what is marked, or the row under the cursor. Drafts are taken over one at a time, and left out.
    fn chosen(&self) -> Vec<Handed> {
        let is_draft = |what: &Handed| matches!(what, Handed::Draft(_));
        let marked = self.lines().iter().filter(|line| self.marked.contains(&line.what));
        let mut chosen: Vec<Handed> = marked.map(|line| line.what.clone()).collect();
        if chosen.is_empty() {
            chosen.extend(self.current().map(|line| line.what.clone()));
        }
        chosen.retain(|what| !is_draft(what));
        chosen.truncate(HANDED_MAX);
        chosen
    }

    fn hand(&mut self, to: HandTo, context: &mut Context<'_>) {
        if self.sent.is_some() {
            return;
        }
        let what = self.chosen();
        if what.is_empty() {
            let key = context.shared.keymap.key(keymap::Context::Handover, Action::TakeDraft);
            let words = format!(
                "A draft is private: whoever leads the unit takes it over ({key}), with a reason."
            );
            return context.say(Status::Refused(words));
        }
        let (from, why) = (self.caseworker, String::new());
        self.sent = Some(context.execute(Command::HandOver { from, what, to, why }));
    }

    fn begin_reason(&mut self, context: &mut Context<'_>) {
        let is_draft = |line: &&HandoverLine| matches!(line.what, Handed::Draft(_));
        if self.current().as_ref().is_none_or(|x| !is_draft(x)) {
            let words = "Only a draft is taken over so; cases and promises are handed over.";
            return context.say(Status::Refused(words.to_owned()));
        }
        self.typing = Some(Typing::Reason(TextField::line(LINE_BYTES_MAX)));
    }

    /// The first who fits the letters, and those after.
    fn fitting<'a>(&'a self, letters: &'a str) -> impl Iterator<Item = &'a Colleague> {
        let is_other = |held: &&Colleague| held.is_here && held.id != self.caseworker;
        let units = self.colleagues.answer().map_or(&[][..], |answer| answer.units.as_slice());
        let colleagues = units.iter().flat_map(|unit| &unit.colleagues);
        colleagues.filter(is_other).filter(move |held| fits_letters(held, letters))
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(typing) = &self.typing else { return };
        match typing {
            Typing::Colleague(field) => {
                let letters = field.text();
                let Some(id) = self.fitting(&letters).next().map(|held| held.id) else {
                    let words = "Nobody who is here is called that: type other letters.";
                    return context.say(Status::Refused(words.to_owned()));
                };
                self.hand(HandTo::Colleague(id), context);
            }
            Typing::Reason(field) => {
                let reason = field.text().trim().to_owned();
                let Some(Handed::Draft(key)) = self.current().map(|line| line.what.clone()) else {
                    return;
                };
                let from = self.caseworker;
                self.sent = Some(context.execute(Command::TakeDraft { from, key, reason }));
            }
        }
    }

    fn in_line(&mut self, action: Action, context: &mut Context<'_>) -> Handled {
        match action {
            Action::Send => self.send(context),
            Action::Leave => self.typing = None,
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn mark(&mut self) {
        let rows = self.lines().len();
        if let Some(what) = self.current().map(|line| line.what.clone())
            && !self.marked.remove(&what)
        {
            self.marked.insert(what);
        }
        self.choice.step(1, rows);
    }

    fn row(&self, line: &HandoverLine, has_cursor: bool, shared: &Shared, cells: usize) -> String {
        let marker = if has_cursor { '>' } else { ' ' };
        let mark = if self.marked.contains(&line.what) { '*' } else { ' ' };
        let due = due_words(line, shared);
        let kind = kind_word(&line.what);
        let case = line.case.map(|case| case.to_string()).unwrap_or_default();
        let front = format!(
            "{marker}{mark}{} {kind:<7} {} ",
            fit(&due, WHEN_CELLS),
            fit(&case, NUMBER_CELLS)
        );
        let with = line.with.as_ref().map_or("in queue", |(_, name)| name.as_str());
        let room = cells.saturating_sub(crate::tui::text::width(&front) + WITH_CELLS + 1);
        format!(
            "{front}{} {}",
            fit(&safe_line(&line.words), room),
            fit(&safe_line(with), WITH_CELLS)
        )
    }

    fn title(&self) -> String {
        let Some(answer) = self.work.answer() else { return "HAND OVER".to_owned() };
        let stand_in = match &answer.stand_in {
            Some((_, name)) => format!("{} stands in", safe_line(name)),
            None => "nobody stands in".to_owned(),
        };
        let marked = match self.marked.len() {
            0 => String::new(),
            count => format!("  {count} marked"),
        };
        let more = if answer.has_more { "+" } else { "" };
        let count = answer.lines.len();
        format!("WORK OF {}  {count}{more}  {stand_in}{marked}", safe_line(&answer.name))
    }
}

fn kind_word(what: &Handed) -> &'static str {
    match what {
        Handed::Case(_) => "case",
        Handed::Promise(_) => "promise",
        Handed::Draft(_) => "draft",
    }
}

fn due_words(line: &HandoverLine, shared: &Shared) -> String {
    let Some(at) = line.due_at else { return String::new() };
    match line.what {
        Handed::Draft(_) => format!("kept {}", when::time(at, &shared.zone)),
        Handed::Case(_) | Handed::Promise(_) => when::day_and_time(at, shared.now, &shared.zone),
    }
}

impl Screen for HandoverScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.work.ask(context);
        self.colleagues.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        if self.typing.is_some() { keymap::Context::Line } else { keymap::Context::Handover }
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        if self.typing.is_some() {
            return self.in_line(action, context);
        }
        let rows = self.lines().len();
        let page = page(context.shared, ROWS_ABOVE);
        if let Some(to) = stepped(action, self.choice.at(rows), rows, page) {
            self.choice.set(to);
            return Handled::Yes;
        }
        match action {
            Action::Mark => self.mark(),
            Action::MarkAll => {
                self.marked = self.lines().iter().map(|line| line.what.clone()).collect();
            }
            Action::UnmarkAll => self.marked.clear(),
            Action::HandToSubstitute => self.hand(HandTo::Substitute, context),
            Action::HandToQueue => self.hand(HandTo::Queue, context),
            Action::HandToColleague => {
                self.typing = Some(Typing::Colleague(TextField::line(LINE_BYTES_MAX)));
            }
            Action::TakeDraft => self.begin_reason(context),
            Action::OpenRow => match self.current().and_then(|line| line.case) {
                Some(case) => context.go(Go::Case(case)),
                None => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, _context: &mut Context<'_>) -> Handled {
        match &mut self.typing {
            Some(Typing::Colleague(field) | Typing::Reason(field)) => field.key(key).into(),
            None => Handled::No,
        }
    }

    fn paste(&mut self, text: &str, _context: &mut Context<'_>) {
        if let Some(Typing::Colleague(field) | Typing::Reason(field)) = &mut self.typing {
            field.paste(text);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        let marked = &mut self.marked;
        let is_work = self.work.answered(ticket, answer.clone(), context, |_, answer| {
            marked.retain(|what| answer.lines.iter().any(|line| line.what == *what));
            answer
        });
        if !is_work {
            self.colleagues.answered(ticket, answer, context, |_, answer| answer);
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.sent.take_if(|sent| *sent == ticket).is_some()
            && let Ok(receipt) = receipt
        {
            // What was handed over stays on the list, with whoever has it now: it can go on from there.
            let also = &mut self.work.question_mut().also;
            for id in crate::desk::handed_ids(&receipt.rows) {
                if !also.contains(&id) {
                    also.push(id);
                }
            }
            self.typing = None;
            self.marked.clear();
        }
        self.load(context);
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => entities.iter().any(|entity| {
                matches!(entity, EntityId::Caseworker(_) | EntityId::Case(_) | EntityId::Promise(_))
            }),
        };
        self.work.changed(is_touched, context);
        self.colleagues.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header(&self.title(), "", shared, cells), Meaning::Strong);
        let lines = self.lines();
        if lines.is_empty() {
            let none = "Nothing waits for them: no case, no promise, nothing begun.";
            let words = self.work.instead().unwrap_or(none);
            for (row, line) in (ROWS_ABOVE..).zip(wrap(&safe_line(words), cells, 2)) {
                canvas.line(row, &line);
            }
            return canvas.position(ROWS_ABOVE, 0);
        }
        let head =
            format!("  {} {:<7} {} what", fit("by", WHEN_CELLS), "", fit("case", NUMBER_CELLS));
        let with = fit("with", WITH_CELLS);
        let room = cells.saturating_sub(WITH_CELLS);
        canvas.line(1, &format!("{}{with}", fit(&head, room)));
        canvas.say(1, String::new);
        let below = self.typing.as_ref().map_or(0, |_| ROWS_OF_LINE);
        let seen = canvas.height().saturating_sub(ROWS_ABOVE + below).max(1);
        let first = self.choice.first_seen(lines.len(), seen);
        let chosen = self.choice.at(lines.len());
        for (place, line) in lines.iter().enumerate().skip(first).take(seen) {
            let at = ROWS_ABOVE + place - first;
            let words = self.row(line, place == chosen, shared, cells);
            let is_late = line.due_at.is_some_and(|due| due < shared.now)
                && !matches!(line.what, Handed::Draft(_));
            let style = if is_late { Meaning::Alarm } else { Meaning::Plain };
            canvas.put(at, 0, &words, style);
            canvas.list(at, place, lines.len());
            canvas.say(at, || {
                let with = line.with.as_ref().map_or("in its queue", |(_, name)| name.as_str());
                let due = due_words(line, shared);
                format!("{} {}; {due}; with {with}", kind_word(&line.what), line.words)
            });
        }
        let Some(typing) = &self.typing else {
            return canvas.position(ROWS_ABOVE + chosen - first, 0);
        };
        let above = u16::try_from(ROWS_ABOVE + lines.len().min(seen)).unwrap_or(u16::MAX);
        let y = area.y.saturating_add(above).min(area.bottom());
        let below = Rect { y, height: area.bottom() - y, ..area };
        let cells = usize::from(area.width);
        let picture = match typing {
            Typing::Colleague(field) => {
                let count = self.chosen().len();
                let mut picture = Picture::titled(format!("-- GIVE {count}"));
                picture.field("to", field, true, cells, 1);
                let letters = field.text();
                let names: Vec<String> =
                    self.fitting(&letters).take(4).map(|held| held.name.clone()).collect();
                let said = match names.split_first() {
                    Some((first, [])) => format!("{} takes it", safe_line(first)),
                    Some((first, others)) => format!(
                        "{} takes it; more letters: {}",
                        safe_line(first),
                        safe_line(&others.join(", "))
                    ),
                    None => "letters of whoever takes it".to_owned(),
                };
                picture.words("", &said, cells, 1);
                picture
            }
            Typing::Reason(field) => {
                let mut picture = Picture::titled("-- TAKE OVER THE DRAFT".to_owned());
                picture.field("why", field, true, cells, 1);
                let said = "They are told, and the trail keeps the reason; they keep their draft.";
                picture.words("", said, cells, 1);
                picture
            }
        };
        picture.draw(below, paper)
    }

    fn is_waiting(&self) -> bool {
        self.sent.is_some() || self.work.is_under_way()
    }

    fn hints(&self) -> Vec<Action> {
        if self.typing.is_some() {
            return vec![Action::Send, Action::Leave];
        }
        if self.lines().is_empty() {
            return vec![Action::Undo, Action::GoColleagues, Action::Leave];
        }
        vec![
            Action::HandToSubstitute,
            Action::HandToColleague,
            Action::HandToQueue,
            Action::TakeDraft,
            Action::Mark,
            Action::MarkAll,
            Action::Undo,
        ]
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        (action == Action::Send && self.typing.is_some()).then_some("do it")
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (self.current().and_then(|line| line.case), None)
    }
}
