//! Closing the day: what must not stay overnight, each with its key, and what the day was.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, AskDay, Change, Command, DayFigures, DeskError, DraftForm, LeftOver, LeftOverLine,
    Receipt,
};
use crate::domain::cases::CaseAct;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, safe_line, width};

use super::asking::Asking;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::status::key_of;
use super::stay::Stay;
use super::stepping::{page, stepped, top};
use super::when;

/// Rows above the first item, and below the last: an empty one, a heading, the figures.
const ROWS_ABOVE: usize = 2;
const ROWS_BELOW_LIST: usize = 5;
/// Cells for the kind, for when, and for the case.
const KIND_CELLS: usize = 11;
const WHEN_CELLS: usize = 13;
const CASE_CELLS: usize = 8;
/// Minutes of work below which cases an hour say nothing.
const RATE_MINUTES_MIN: i64 = 30;

/// The screen.
pub(super) struct DayScreen {
    day: Asking<AskDay>,
    cursor: Stay,
    /// Whether the row goes if it is not in the list any more: an act of one's own took it away, or it may not be seen.
    has_acted: bool,
    /// The place of the draft that the key would drop if pressed once more: its words would be gone for good.
    dropping: Option<usize>,
    /// What is under way, and then the list without it.
    doing: Option<Ticket>,
}

impl DayScreen {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self {
            day: Asking::new(AskDay {}),
            cursor: Stay::default(),
            has_acted: false,
            dropping: None,
            doing: None,
        }
    }

    fn lines(&self) -> &[LeftOverLine] {
        self.day.answer().map_or(&[], |answer| answer.left_over.as_slice())
    }

    fn open(&self, context: &mut Context<'_>) -> Handled {
        let Some(line) = self.lines().get(self.cursor.at()) else { return Handled::No };
        let form = line.draft.as_ref().map(|draft| draft.form);
        match (line.case, line.person) {
            (Some((case, _)), _) => context.go(Go::Case(case)),
            (None, Some(person)) => context.go(Go::Person(person)),
            (None, None) if form == Some(DraftForm::Intake) => {
                context.go(Go::Intake(None, String::new()));
            }
            (None, None) => return Handled::No,
        }
        Handled::Yes
    }

    /// Deals with the row under the cursor, where one key can.
    fn settle(&mut self, context: &mut Context<'_>) -> Handled {
        let Some(line) = self.lines().get(self.cursor.at()).cloned() else { return Handled::No };
        let act = |act| {
            let (case, version) = line.case?;
            Some(Command::Case { case, version: Some(version), act })
        };
        let command = match line.kind {
            LeftOver::Claim => act(CaseAct::Release),
            LeftOver::Escalation => act(CaseAct::AcknowledgeEscalation),
            LeftOver::Draft if self.dropping == Some(self.cursor.at()) => {
                line.draft.map(Command::DropDraft)
            }
            LeftOver::Draft => {
                self.dropping = Some(self.cursor.at());
                let words = "The words of a draft cannot be had back: the same key drops them.";
                context.say(Status::Done(words.to_owned()));
                return Handled::Yes;
            }
            LeftOver::Contact(_) => {
                let key = context.shared.keymap.key(keymap::Context::Day, Action::Contact);
                context
                    .say(Status::Refused(format!("How it ended is said by {key} and a letter.")));
                return Handled::Yes;
            }
            LeftOver::Promise | LeftOver::Message => None,
        };
        self.dropping = None;
        if let Some(command) = command {
            self.doing = Some(context.execute(command));
        } else {
            let key = context.shared.keymap.key(keymap::Context::Day, Action::OpenRow);
            context.say(Status::Refused(format!("This takes more than a key: {key} opens it.")));
        }
        Handled::Yes
    }
}

/// Whether two lines are about one thing.
fn is_same(one: &LeftOverLine, other: &LeftOverLine) -> bool {
    let thing = |line: &LeftOverLine| (line.kind, line.case.map(|(id, _)| id), line.person);
    thing(one) == thing(other) && one.draft == other.draft
}

fn kind_word(kind: LeftOver) -> &'static str {
    match kind {
        LeftOver::Contact(_) => "contact",
        LeftOver::Promise => "! promise",
        LeftOver::Escalation => "escalation",
        LeftOver::Message => "message",
        LeftOver::Claim => "claim",
        LeftOver::Draft => "\" draft",
    }
}

/// What the key of the row does, after the key.
fn remedy(kind: LeftOver) -> &'static str {
    match kind {
        LeftOver::Contact(_) => "ends",
        LeftOver::Claim => "releases",
        LeftOver::Draft => "drops",
        LeftOver::Escalation => "seen",
        LeftOver::Promise | LeftOver::Message => "opens",
    }
}

impl Screen for DayScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.day.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Day
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        let page = page(context.shared, ROWS_ABOVE + ROWS_BELOW_LIST);
        if let Some(to) = stepped(action, self.cursor.at(), self.lines().len(), page) {
            if let Some(answer) = self.day.answer_mut() {
                self.cursor.set(to, &mut answer.left_over);
            }
            self.dropping = None;
            return Handled::Yes;
        }
        match action {
            Action::OpenRow => self.open(context),
            Action::SettleLeftOver => self.settle(context),
            _ => Handled::No,
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        let (cursor, has_acted, dropping) =
            (&mut self.cursor, &mut self.has_acted, &mut self.dropping);
        let is_own = self.day.answered(ticket, answer, context, |was, mut answer| {
            let was = was.map_or_else(Vec::new, |was| was.left_over);
            let has_acted = std::mem::take(has_acted);
            answer.left_over = cursor.take(&was, answer.left_over, has_acted, is_same);
            *dropping = None;
            answer
        });
        if is_own {
            self.doing = None;
        }
    }

    fn executed(
        &mut self,
        _ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        self.has_acted |= receipt.is_ok();
        // The feed tells nothing of drafts.
        self.load(context);
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Changed(_) => false,
            // Whatever is left over for somebody is in a list of their unit, or is a draft of theirs.
            Change::Lists(units) => units.contains(&context.shared.who.unit.id),
            Change::Attended(attended) => {
                attended.contains(&EntityId::Caseworker(context.shared.who.caseworker.id))
            }
        };
        self.has_acted |= *change == Change::Sight;
        self.day.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let lines = self.lines();
        let count = if lines.is_empty() { String::new() } else { format!("  {}", lines.len()) };
        let at = when::date_and_time(shared.now, &shared.zone);
        let title = format!("MUST NOT STAY OVERNIGHT{count}  {at}");
        canvas.put(0, 0, &header(&title, "", shared, cells), Meaning::Strong);
        let Some(answer) = self.day.answer() else { return canvas.position(ROWS_ABOVE, 0) };
        let room = canvas.height().saturating_sub(ROWS_ABOVE + ROWS_BELOW_LIST).max(1);
        let top = top(self.cursor.at(), room);
        let key = key_of(shared, keymap::Context::Day, Action::SettleLeftOver).unwrap_or_default();
        for (row, (place, line)) in
            (ROWS_ABOVE..).zip(lines.iter().enumerate().skip(top).take(room))
        {
            let is_gone = self.cursor.is_gone_at(place);
            let (words, style) = line_words(line, is_gone, &key, shared, cells.saturating_sub(1));
            canvas.put(row, 1, &words, style);
            canvas.marker(row, place == self.cursor.at());
            canvas.list(row, place, lines.len());
        }
        let mut below = ROWS_ABOVE + lines.len().min(room);
        if lines.is_empty() {
            canvas.line(ROWS_ABOVE, "Nothing of yours stays overnight.");
            below += 1;
        } else if answer.has_more {
            canvas.line(below, "  ... and more: deal with these first.");
        }
        canvas.rule(below + 1, "-- how the day was, shown to you alone");
        for (row, line) in (below + 2..).zip(figures(&answer.figures, shared)) {
            canvas.line(row, &line);
        }
        canvas.position(ROWS_ABOVE + self.cursor.at() - top, 0)
    }

    fn is_waiting(&self) -> bool {
        self.doing.is_some()
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::OpenRow, Action::SettleLeftOver, Action::Undo, Action::Leave, Action::GoBoard]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        let line = self.lines().get(self.cursor.at());
        let case = line.and_then(|line| line.case).map(|(id, _)| id);
        (case, line.and_then(|line| line.person))
    }
}

fn line_words(
    line: &LeftOverLine,
    is_gone: bool,
    key: &str,
    shared: &Shared,
    cells: usize,
) -> (String, Meaning) {
    let at = when::day_and_time(line.at, shared.now, &shared.zone);
    let case = line.case.map_or_else(String::new, |(id, _)| id.to_string());
    let remedy = match line.kind {
        _ if is_gone => "gone".to_owned(),
        LeftOver::Claim | LeftOver::Draft | LeftOver::Escalation => {
            format!("{key} {}", remedy(line.kind))
        }
        LeftOver::Contact(_) => {
            let key = shared.keymap.key(keymap::Context::Day, Action::Contact);
            format!("{key} {}", remedy(line.kind))
        }
        LeftOver::Promise | LeftOver::Message => {
            let key = shared.keymap.key(keymap::Context::Day, Action::OpenRow);
            format!("{key} {}", remedy(line.kind))
        }
    };
    let left = format!(
        " {} {} {} {}",
        fit(kind_word(line.kind), KIND_CELLS),
        fit(&at, WHEN_CELLS),
        fit(&case, CASE_CELLS),
        safe_line(&line.words),
    );
    let room = cells.saturating_sub(width(&remedy) + 2);
    let is_loud = line.kind == LeftOver::Promise && line.at < shared.now;
    let style = if is_loud { Meaning::Alarm } else { Meaning::Plain };
    (format!("{}  {remedy}", fit(&left, room)), style)
}

/// The day in figures; nobody else is shown them, and nobody is compared.
fn figures(figures: &DayFigures, shared: &Shared) -> Vec<String> {
    let length = match figures.contact_minutes {
        0 => String::new(),
        minutes if minutes < 60 => format!(", {minutes} min"),
        minutes => format!(", {} h {:02}", minutes / 60, minutes % 60),
    };
    let worked = figures.first_at.map_or(0, |at| shared.now.minutes_since(at));
    let rate = if worked >= RATE_MINUTES_MIN && figures.closed > 0 {
        let tenths = figures.closed.saturating_mul(600) / worked.unsigned_abs();
        format!("   {}.{} cases an hour", tenths / 10, tenths % 10)
    } else {
        String::new()
    };
    vec![
        format!("contacts {}{length}   promises kept {}", figures.contacts, figures.promises_kept),
        format!(
            "cases closed {}   of these in the first contact {}{rate}",
            figures.closed, figures.first_contact
        ),
    ]
}
