//! The board as a screen: chooses lists, moves in them, asks for what they show.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, Ask as _, AskBoard, AskCasePreview, AskCases, BoardAnswer, CasePreviewAnswer, Change,
    DeskError, Narrowing, PromiseFilter, Receipt, RowPerson, Undoable, View, ViewKind, Whose,
};
use crate::domain::cases::EachAct;
use crate::domain::{CaseId, EntityId, PersonId, UnitId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit_right, safe_line, wrap};

use super::super::casework::Casework;
use super::super::header::header;
use super::super::others;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::plain::say;
use super::super::promises::{About, Line, PromiseList};
use super::super::screen::{Context, Go, Handled, Screen, Shared, Ticket, Towards};
use super::super::view::ROWS_BELOW;
use super::super::when;
use super::super::whereabouts::Whereabouts;
use super::draw::{self, Layout, NEWS_ROWS_MIN};
use super::list::{CaseList, Leaving};
use super::marks::Marks;
use super::narrow::{Narrow, Wish};
use super::told::Told;
use super::{flow, narrow, news, preview, strip};

/// The most lines that one line of the preview is wrapped to on a tall terminal.
const PREVIEW_WRAP_MAX: usize = 4;

/// The board.
pub(crate) struct Board {
    unit: UnitId,
    pub(super) list: CaseList,
    strip: Option<BoardAnswer>,
    strip_asked: Option<Ticket>,
    preview: Option<CasePreviewAnswer>,
    preview_asked: Option<(Ticket, CaseId)>,
    /// The case whose preview could not be had, so that it is not asked for for ever.
    preview_failed: Option<CaseId>,
    /// Whether something changed while answers were under way, and what becomes of a row under the cursor that is gone.
    stale: Option<Leaving>,
    /// Whether somebody else's change was met: what it did to the row under the cursor is looked at next.
    was_refused: bool,
    /// Whether the preview has to be asked for again though it is there.
    is_preview_stale: bool,
    /// Whether some of the rows may not be seen any more: until they have come again, nothing is asked about one.
    rows_are_doubtful: bool,
    /// The minute of the last counts, as some of them depend on the time.
    minute: Option<(i8, i8)>,
    /// The inline editors, which open below the list.
    pub(super) casework: Casework,
    /// What limits and orders the list, which opens below it, too.
    narrow: Narrow,
    pub(super) marks: Marks,
    /// All rows, asked for to be marked.
    pub(super) all_asked: Option<Ticket>,
    /// What is promised, while that is the list.
    calls: Option<PromiseList>,
    /// Rows of the strip and of news that were drawn: whatever somebody else's change adds to them has to do with these, so
    /// that no row of the list moves. Nothing where the caseworker has just opened or limited the list.
    head: Option<(usize, usize)>,
    /// Whether the counts that are asked for are those of a board that was just opened.
    is_opening: bool,
}

/// What stands between header and heading.
struct Above {
    strip: Vec<String>,
    news: Vec<(String, Meaning)>,
    flow: Option<String>,
}

impl Board {
    /// The board of a unit, with nothing on it yet.
    pub(crate) fn new(unit: UnitId) -> Self {
        Self {
            unit,
            list: CaseList::new(View { kind: ViewKind::Mine, unit }),
            strip: None,
            strip_asked: None,
            preview: None,
            preview_asked: None,
            preview_failed: None,
            stale: None,
            was_refused: false,
            is_preview_stale: false,
            rows_are_doubtful: false,
            minute: None,
            casework: Casework::new(),
            narrow: Narrow::default(),
            marks: Marks::default(),
            all_asked: None,
            calls: None,
            head: None,
            is_opening: true,
        }
    }

    fn ask_strip(&mut self, context: &mut Context<'_>) {
        self.minute = Some(context.shared.zone.hour_minute(context.shared.now));
        self.strip_asked = Some(context.ask(AskBoard { unit: self.unit }));
    }

    fn ask_all(&mut self, leaving: Leaving, context: &mut Context<'_>) {
        self.stale = None;
        self.ask_strip(context);
        self.list.refresh(leaving, context);
        if let Some(calls) = &mut self.calls {
            match leaving {
                Leaving::Stays => calls.refresh(context),
                Leaving::Goes => calls.load(context),
            }
        }
    }

    /// Asks for the list again where its count is another one: time alone makes a case late.
    fn follow_counts(&mut self, context: &mut Context<'_>) {
        let shown = self.list.view().kind;
        let count = self.counts().into_iter().find(|(kind, _)| *kind == shown);
        let is_other = count.and_then(|(_, count)| count).is_some_and(|c| c != self.list.total());
        let is_plain = self.list.narrowing().is_plain() && self.calls.is_none();
        if is_other && is_plain && self.list.is_known() && !self.list.is_asking() {
            self.list.refresh(Leaving::Stays, context);
        }
    }

    /// Asks for everything again; where answers are under way, once they are here.
    fn refresh(&mut self, leaving: Leaving, context: &mut Context<'_>) {
        self.stale = self.stale.max(Some(leaving));
        if self.strip_asked.is_none() && !self.list.is_asking() {
            self.preview_failed = None;
            // What others did to the case under the cursor is told by its name.
            self.is_preview_stale |= leaving == Leaving::Goes;
            let leaving = self.stale.unwrap_or(leaving);
            self.ask_all(leaving, context);
            self.narrow.refresh(context);
        }
    }

    /// Asks for the preview of the row under the cursor once one rests there, unless an answer is under way: then the next
    /// one follows it. What became of a row that is gone is asked at once.
    fn ask_preview(&mut self, context: &mut Context<'_>) {
        if self.rows_are_doubtful || !context.shared.is_rested && self.list.gone().is_none() {
            return;
        }
        let Some(case) = self.list.current().map(|row| row.id) else { return };
        let is_here = self.preview.as_ref().is_some_and(|preview| preview.row.id == case);
        if self.preview_asked.is_some()
            || (is_here && !self.is_preview_stale)
            || self.preview_failed == Some(case)
        {
            return;
        }
        self.is_preview_stale = false;
        self.preview_asked = Some((context.ask(AskCasePreview { case }), case));
    }

    fn choose(&mut self, view: View, context: &mut Context<'_>) {
        if view.unit != self.unit {
            self.unit = view.unit;
            self.strip = None;
            self.is_opening = true;
            self.ask_strip(context);
        }
        self.forget_marks(context);
        self.preview = None;
        self.preview_failed = None;
        self.list.choose(view, context);
        self.calls = (view.kind == ViewKind::Calls)
            .then(|| PromiseList::new(Whose::Mine, PromiseFilter::Open));
        if let Some(calls) = &mut self.calls {
            calls.load(context);
        }
    }

    /// What an action means on a promise of the list, where promises are what it shows.
    fn act_on_call(
        &mut self,
        action: Action,
        room: usize,
        context: &mut Context<'_>,
    ) -> Option<Handled> {
        let calls = self.calls.as_mut()?;
        if calls.moved(action, room.saturating_sub(1).max(1)) {
            return Some(Handled::Yes);
        }
        if action == Action::ChooseQueue {
            return None;
        }
        let Some(row) = calls.current().cloned() else { return Some(Handled::No) };
        let case = row.case.and_then(|case| self.list.row_of(case)).cloned();
        match action {
            Action::OpenRow => context.go(calls.target()?),
            Action::EndPromise => {
                let line = Line::end_one(row, context);
                self.casework.open_promise(line, case.as_ref(), context);
            }
            Action::Promise => {
                let (person, name) = row.person;
                let line = Line::make(About { person, name, case: row.case }, context);
                self.casework.open_promise(line, case.as_ref(), context);
            }
            _ => {
                return Some(
                    case.map_or(Handled::No, |case| self.casework.act(action, &case, context)),
                );
            }
        }
        Some(Handled::Yes)
    }

    /// The list that a digit means: pressed again, the digit of the steps before routing goes through those in which
    /// anything waits, one by one.
    fn step_after(&self, kind: ViewKind) -> ViewKind {
        let steps = self.strip.as_ref().map_or(&[][..], |strip| strip.steps.as_slice());
        let mut waiting = steps.iter().filter(|(_, count)| *count > 0).map(|(step, _)| *step);
        let next = match self.list.view().kind {
            _ if kind != ViewKind::Screening || steps.len() < 2 => None,
            ViewKind::Screening => waiting.next(),
            ViewKind::Step(shown) => waiting.find(|step| *step > shown),
            _ => None,
        };
        next.map_or(kind, ViewKind::Step)
    }

    fn layout(&self, shared: &Shared, area: Rect) -> (Layout, Above) {
        let above = self.above(shared, usize::from(area.width));
        let editor = self.casework.is_open().then(|| self.casework.height(area.width));
        let editor = editor.or_else(|| self.narrow.height(area.width));
        let (strip, news) = (above.strip.len(), above.news.len());
        (Layout::new(area.height, strip, news, above.flow.is_some(), editor), above)
    }

    fn above(&self, shared: &Shared, cells: usize) -> Above {
        let mut strip = strip::rows(&self.counts(), self.list.view().kind, cells);
        let mut news =
            self.strip.as_ref().map(|board| news::lines(board, shared, cells)).unwrap_or_default();
        if let Some(words) = narrow::words(&self.list) {
            news::add_limit(&mut news, &words, cells);
        }
        if let Some((strip_rows, news_rows)) = self.head {
            strip.resize(strip.len().max(strip_rows), String::new());
            news::fit_into(&mut news, news_rows);
        }
        let flow = self.strip.as_ref().and_then(|board| flow::line(board, shared, cells));
        Above { strip, news, flow }
    }

    /// Has the head of the board keep its rows, unless it was just opened.
    fn keep_head(&mut self, shared: &Shared) {
        let above = self.above(shared, usize::from(shared.size.0.saturating_sub(1)));
        let news = above.news.len().max(usize::from(NEWS_ROWS_MIN));
        self.head = (!std::mem::take(&mut self.is_opening)).then_some((above.strip.len(), news));
    }

    fn narrow_list(&mut self, narrowing: Narrowing, context: &mut Context<'_>) {
        self.head = None;
        self.list.narrow(self.list.view().kind, narrowing, context);
    }

    /// Does to the list what came of a key in what narrows it.
    fn follow(&mut self, wish: Wish, context: &mut Context<'_>) -> Handled {
        match wish {
            Wish::Nothing | Wish::Close => {}
            Wish::NotTaken => return Handled::No,
            Wish::Narrow(narrowing) => self.narrow_list(narrowing, context),
            Wish::Show(kind, narrowing) => {
                self.head = None;
                self.list.narrow(kind, narrowing, context);
            }
        }
        Handled::Yes
    }

    /// Rows that the list has on the screen, as far as one can know before drawing.
    fn room(&self, shared: &Shared) -> usize {
        let (columns, rows) = shared.size;
        let area = Rect::new(0, 0, columns.saturating_sub(1), rows.saturating_sub(ROWS_BELOW));
        usize::from(self.layout(shared, area).0.list)
    }

    fn counts(&self) -> Vec<(ViewKind, Option<u64>)> {
        let known = |kind| {
            let views = &self.strip.as_ref()?.views;
            views.iter().find(|(view, _)| view.kind == kind).map(|(_, count)| *count)
        };
        let mut counts: Vec<_> =
            ViewKind::BOARD.into_iter().map(|kind| (kind, known(kind))).collect();
        let chosen = self.list.view().kind;
        // A step stands where its digit is.
        if let ViewKind::Step(step) = chosen {
            let waiting = self.strip.iter().flat_map(|strip| &strip.steps);
            let count = waiting.into_iter().find(|(known, _)| *known == step);
            let place = counts.iter_mut().find(|(kind, _)| *kind == ViewKind::Screening);
            if let Some(place) = place {
                *place = (chosen, count.map(|(_, count)| *count));
            }
        }
        if matches!(chosen, ViewKind::Mail | ViewKind::Unrouted) {
            counts.push((chosen, Some(self.list.total()).filter(|_| self.list.is_known())));
        }
        counts
    }

    fn rows_in_all(&self) -> usize {
        usize::try_from(self.list.total()).unwrap_or(usize::MAX)
    }

    fn header(&self, shared: &Shared, cells: usize) -> String {
        let unit = self.strip.as_ref().map_or(&shared.who.unit.name, |strip| &strip.unit.name);
        let left = format!(
            "{}  {}  {}",
            unit.to_uppercase(),
            when::date_and_time(shared.now, &shared.zone),
            shared.who.caseworker.name,
        );
        let drafts = self.strip.as_ref().map_or(0, |strip| strip.drafts);
        let presence = &shared.presence;
        let made = if shared.who.office.is_made { "made office" } else { "" };
        let drafts = if drafts > 0 { news::counted(drafts, "draft") } else { String::new() };
        let call = if presence.contact.is_none() { "no call" } else { "" };
        let parts = [made, call, drafts.as_str()].into_iter().filter(|part| !part.is_empty());
        header(&left, &parts.collect::<Vec<_>>().join("  "), shared, cells)
    }

    fn draw_list(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        if let Some(calls) = &self.calls {
            return calls.draw(shared, area, paper, &draw::invitation(ViewKind::Calls, shared));
        }
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let (rows, cursor) = self.list.visible(canvas.height());
        for (at, case) in rows.iter().enumerate() {
            if self.list.gone() == Some(case.id) {
                let became = preview::gone(case, self.preview.as_ref(), shared);
                canvas.put(at, 1, &draw::gone_row(case, &became, cells), Meaning::Faint);
            } else {
                let (line, urgency) = draw::row(case, self.marks.has(case.id), shared, cells);
                canvas.put(at, 1, &line, Meaning::Plain);
                canvas.mean_cells(at, draw::DUE_COLUMNS, urgency);
            }
            // The marker is plain whatever its row is: that it moves on costs no more than itself.
            canvas.put(at, 0, if at == cursor { ">" } else { " " }, Meaning::Plain);
            let place = self.list.position() + at as u64 - cursor as u64;
            canvas.list(at, usize::try_from(place).unwrap_or(at), self.rows_in_all());
            canvas.say(at, || say::case(case, self.marks.has(case.id), shared));
        }
        if rows.is_empty() && self.list.is_known() {
            let words = match narrow::words(&self.list) {
                Some(_) => draw::invitation_under_limit(&self.list.narrowing().limit, shared),
                None => draw::invitation(self.list.view().kind, shared),
            };
            for (row, line) in (1..).zip(wrap(&words, cells.saturating_sub(6), 3)) {
                canvas.put(row, 3, &line, Meaning::Plain);
            }
        }
        canvas.position(cursor, 0)
    }

    fn draw_lower(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) {
        if let Some(calls) = &self.calls {
            let Some(row) = calls.current() else { return };
            let mut canvas = Canvas::new(area, paper);
            canvas.rule(0, &calls.title(row, shared, area.width));
            for (at, line) in (1..).zip(calls.detail(shared)) {
                canvas.line(at, &line);
            }
            return;
        }
        let mut canvas = Canvas::new(area, paper);
        let Some(row) = self.list.current() else { return };
        // A list that is none of the nine is named here.
        let list = match self.list.view().kind {
            ViewKind::Aged(age) => format!("   late {}", age.label()),
            _ => String::new(),
        };
        let all = self.list.is_whole().then(|| self.list.rows());
        let marks = self.marks.line(all, self.list.gone());
        let total = self.list.total().to_string();
        // No number follows the cursor: where it is is told once it rests.
        let position = (self.list.position() + 1).to_string();
        let is_told = shared.is_rested && self.list.gone().is_none();
        let position = if is_told { position.as_str() } else { "" };
        let position = fit_right(position, total.len());
        let of_list = format!("{position} of {total}{list}{marks}");
        canvas.rule(0, &preview::title(row, &of_list, canvas.width()));
        let mut lines = Vec::new();
        if let Some(why) = self.marks.why(row.id) {
            lines.push(format!("NOT   done: {why}"));
        }
        let shown = self.preview.as_ref().filter(|preview| preview.row.id == row.id);
        lines.push(if self.list.gone().is_some() {
            format!("gone  {}", preview::gone(row, shown, shared))
        } else {
            preview::having(row, shared)
        });
        let also = others::words(shared, &EntityId::Case(row.id));
        lines.extend(also.map(|also| format!("open  {also}")));
        let is_rested = shared.is_rested || self.list.gone().is_some();
        if let Some(shown) = shown.filter(|_| is_rested) {
            lines.extend(preview::lines(shown, shared));
        }
        let room = canvas.height().saturating_sub(1);
        // Lines are wrapped only as far as every one of them still has its own row.
        let mut spare = room.saturating_sub(lines.len());
        let mut at = 1;
        for line in lines.iter().take(room) {
            let wrapped = wrap(&safe_line(line), canvas.width(), (spare + 1).min(PREVIEW_WRAP_MAX));
            spare = spare.saturating_sub(wrapped.len().saturating_sub(1));
            let first = at;
            for part in wrapped {
                canvas.line(at, &part);
                canvas.say(at, String::new);
                at += 1;
            }
            canvas.say(first, || preview::heard(shown, line));
        }
    }
}

impl Screen for Board {
    fn load(&mut self, context: &mut Context<'_>) {
        self.is_opening = true;
        self.preview_failed = None;
        self.is_preview_stale = true;
        let was_refused = std::mem::take(&mut self.was_refused);
        self.ask_all(if was_refused { Leaving::Stays } else { Leaving::Goes }, context);
    }

    fn rested(&mut self, context: &mut Context<'_>) {
        self.ask_preview(context);
    }

    fn keys(&self) -> keymap::Context {
        self.casework.keys().or(self.narrow.keys()).unwrap_or(keymap::Context::Board)
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.casework.is_open() {
            return self.casework.action(action, key, context);
        }
        if self.narrow.is_open() {
            let wish = self.narrow.action(action, key, &self.list, context);
            return self.follow(wish, context);
        }
        let room = self.room(context.shared);
        if let Some(handled) = self.act_on_call(action, room, context) {
            return handled;
        }
        if let Some(wish) = self.narrow.begin(action, &self.list, context) {
            return self.follow(wish, context);
        }
        let page = i64::try_from(room.saturating_sub(1).max(1)).unwrap_or(1);
        if let Some(handled) = self.act_on_marks(action, room, context) {
            self.ask_preview(context);
            return handled;
        }
        match action {
            Action::ListDown => self.list.step(1, room, context),
            Action::ListUp => self.list.step(-1, room, context),
            Action::PageDown => self.list.step(page, room, context),
            Action::PageUp => self.list.step(-page, room, context),
            Action::ListFirst => self.list.go_first(room, context),
            Action::ListLast => self.list.go_last(room, context),
            Action::OpenRow => match self.list.current() {
                Some(row) => context.go(Go::Case(row.id)),
                None => return Handled::No,
            },
            Action::ChooseQueue => {
                let kind = key
                    .digit()
                    .and_then(|digit| usize::from(digit).checked_sub(1))
                    .and_then(|at| ViewKind::BOARD.get(at));
                let Some(kind) = kind else { return Handled::No };
                let kind = self.step_after(*kind);
                let unit = self.unit;
                self.choose(View { kind, unit }, context);
            }
            Action::Leave if !self.list.narrowing().is_plain() => {
                self.narrow_list(Narrowing::default(), context);
            }
            _ => {
                return match self.list.current() {
                    Some(row) => {
                        self.casework.merge_beside(&self.marks.cases(), row.id);
                        self.casework.act(action, row, context)
                    }
                    None => Handled::No,
                };
            }
        }
        self.ask_preview(context);
        Handled::Yes
    }

    fn casework(&mut self) -> Option<&mut Casework> {
        Some(&mut self.casework)
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.narrow.is_open() {
            let wish = self.narrow.key(key, &self.list, context);
            return self.follow(wish, context);
        }
        self.casework.key(key, context)
    }

    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        if self.narrow.is_open() {
            self.narrow.paste(text, context);
        } else {
            self.casework.paste(text, context);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.casework.answered(ticket, &answer, context)
            || self.narrow.answered(ticket, &answer, context)
            || self.all_answered(ticket, &answer, context)
            || self.calls.as_mut().is_some_and(|calls| calls.answered(ticket, &answer, context))
        {
            return;
        }
        if self.strip_asked == Some(ticket) {
            self.strip_asked = None;
            match answer.and_then(AskBoard::expect) {
                Ok(strip) => {
                    self.keep_head(context.shared);
                    self.strip = Some(strip);
                    self.follow_counts(context);
                }
                Err(error) if error.is_denied() => self.strip = None,
                Err(_) => {}
            }
        } else if self.list.expects(ticket) {
            self.rows_are_doubtful = false;
            let is_narrowing = self.list.is_narrowing();
            let rows = answer.and_then(AskCases::expect);
            let is_done = rows.is_ok();
            match rows {
                Ok(rows) => {
                    self.list.take(rows, self.room(context.shared));
                    if self.list.gone().is_some() {
                        // What is known of it is from before.
                        self.preview = None;
                    }
                }
                Err(error) => {
                    self.list.failed();
                    if error.is_denied() {
                        self.list.forget_all();
                        self.preview = None;
                    }
                }
            }
            if is_narrowing {
                self.narrow.settled(&self.list, is_done);
            }
        } else if let Some((_, case)) = self.preview_asked.filter(|(asked, _)| *asked == ticket) {
            self.preview_asked = None;
            match answer.and_then(AskCasePreview::expect) {
                Ok(preview) => self.preview = Some(preview),
                Err(error) => {
                    self.preview_failed = Some(case);
                    // A row that has left its list stays under the cursor, but for one that may not be seen any more.
                    if error.is_denied() {
                        self.preview = None;
                        self.list.forget(case);
                    }
                }
            }
        }
        if let Some(leaving) = self.stale {
            self.refresh(leaving, context);
        }
        self.ask_preview(context);
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.narrow.executed(ticket, receipt, context) {
            return;
        }
        // The feed tells of cases and not of drafts, which are nobody else's.
        if self.casework.executed(ticket, receipt, context)
            && let Ok(receipt) = receipt
        {
            // A draft that is kept takes no row away.
            let is_draft = receipt.undo == Undoable::Nothing;
            self.refresh(if is_draft { Leaving::Stays } else { Leaving::Goes }, context);
        }
        self.was_refused = matches!(receipt, Err(DeskError::Changed { .. }));
        if let Some(rows) = self.casework.take_results() {
            self.marks.settle(&rows);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        match self.told_by(change, context.shared) {
            Told::Nothing => {}
            Told::Counts if self.strip_asked.is_some() => {}
            Told::Counts => self.ask_strip(context),
            Told::Row => {
                self.is_preview_stale = true;
                self.ask_preview(context);
            }
            Told::Lists => {
                self.is_preview_stale |= matches!(change, Change::Resync | Change::Sight);
                let is_sight = *change == Change::Sight;
                if is_sight {
                    self.rows_are_doubtful = true;
                    self.preview = None;
                }
                self.refresh(if is_sight { Leaving::Goes } else { Leaving::Stays }, context);
            }
        }
    }

    fn tick(&mut self, context: &mut Context<'_>) {
        self.casework.tick(context);
        let minute = context.shared.zone.hour_minute(context.shared.now);
        if self.minute != Some(minute) && self.strip_asked.is_none() {
            self.ask_strip(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let (layout, above) = self.layout(shared, area);
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &self.header(shared, cells), Meaning::Strong);
        for (row, line) in (1..).zip(&above.strip) {
            canvas.line(row, line);
        }
        let below = 1 + usize::from(layout.strip);
        for (row, (line, style)) in (below..).zip(&above.news).take(usize::from(layout.news)) {
            canvas.put(row, 0, line, *style);
        }
        if let Some(line) = above.flow.filter(|_| layout.flow > 0) {
            let row = below + usize::from(layout.news);
            canvas.line(row, &line);
            canvas.say(row, || self.strip.as_ref().map(flow::heard).unwrap_or_default());
        }
        let heading = layout.heading();
        let columns = match &self.calls {
            Some(_) => PromiseList::heading(cells),
            None => draw::heading(cells),
        };
        canvas.line(usize::from(heading), &columns);
        canvas.say(usize::from(heading), String::new);
        if !above.strip.is_empty() {
            canvas.say(1, || strip::said(&self.counts(), self.list.view().kind));
            for row in 2..=above.strip.len() {
                canvas.say(row, String::new);
            }
        }
        let list = Rect { y: area.y.saturating_add(heading + 1), height: layout.list, ..area };
        let lower = Rect { y: list.bottom(), height: layout.lower, ..area };
        let cursor = self.draw_list(shared, list, paper);
        let Some(heading) = self.casework.heading() else {
            if self.narrow.is_open() {
                return self.narrow.draw(&self.list, lower, paper);
            }
            self.draw_lower(shared, lower, paper);
            return cursor;
        };
        Canvas::new(lower, paper).rule(0, &format!("-- {heading}"));
        let top = lower.y.saturating_add(1).min(lower.bottom());
        let editor = Rect { y: top, height: lower.bottom() - top, ..lower };
        self.casework.draw(shared, editor, paper)
    }

    fn hints(&self) -> Vec<Action> {
        if let Some(hints) = self.casework.hints() {
            return hints;
        }
        if self.calls.is_some() {
            return vec![
                Action::OpenRow,
                Action::EndPromise,
                Action::Promise,
                Action::GoPromises,
                Action::OpenFind,
                Action::NewCase,
                Action::OpenPalette,
            ];
        }
        if let Some(hints) = self.narrow.hints() {
            return hints;
        }
        vec![
            Action::ClaimNext,
            Action::OpenRow,
            Action::OpenFind,
            Action::NewCase,
            Action::Escalate,
            Action::Reply,
            Action::Give,
            Action::CloseCase,
            Action::OpenLimit,
            Action::OpenPalette,
        ]
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        self.casework.hint_label(action).or_else(|| self.narrow.hint_label(action))
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        if let Some(calls) = &self.calls {
            let row = calls.current();
            return (row.and_then(|row| row.case), row.map(|row| row.person.0));
        }
        let row = self.list.current().filter(|_| !self.rows_are_doubtful);
        let person = row.and_then(|row| match &row.person {
            RowPerson::Person(person, _) => Some(*person),
            RowPerson::Anonymous | RowPerson::From(_) | RowPerson::Hidden => None,
        });
        (row.map(|row| row.id), person)
    }

    fn is_waiting(&self) -> bool {
        self.list.is_waiting()
            || self.narrow.is_waiting()
            || self.all_asked.is_some()
            || self.casework.is_waiting_for_many()
    }

    fn marked(&self) -> Vec<CaseId> {
        self.marks.cases()
    }

    fn mark(&mut self, case: CaseId, why: Option<String>) {
        // One more than there is room for was marked a moment ago, so that there is.
        let _ = self.marks.mark(case, why);
    }

    fn unmark_all(&mut self) {
        self.marks.clear();
    }

    fn repeat(&mut self, act: &EachAct, context: &mut Context<'_>) -> Handled {
        self.do_again(act, context)
    }

    fn point_at(&mut self, case: CaseId, context: &mut Context<'_>) -> bool {
        let room = self.room(context.shared);
        let is_here = self.point(case, room, context);
        self.ask_preview(context);
        is_here
    }

    fn undone(&mut self) {
        self.list.go_back();
    }

    fn view(&self) -> Option<View> {
        let View { kind, unit } = self.list.view();
        let kind = match kind {
            ViewKind::Inbox
            | ViewKind::Screening
            | ViewKind::Free
            | ViewKind::Today
            | ViewKind::Late
            | ViewKind::Aged(_)
            | ViewKind::Queue(_)
            | ViewKind::Step(_) => kind,
            // What is in these lists has somebody already, so the next one comes from what nobody has.
            ViewKind::Mine
            | ViewKind::Escalated
            | ViewKind::Waiting
            | ViewKind::Mail
            | ViewKind::Calls
            | ViewKind::Unrouted => ViewKind::Free,
        };
        Some(View { kind, unit })
    }

    fn neighbour(&mut self, case: CaseId, towards: Towards) -> Option<CaseId> {
        self.list.neighbour(case, towards)
    }

    fn whereabouts(&mut self) -> Whereabouts {
        Whereabouts {
            view: Some(self.list.view()),
            row: self.list.current().map(|row| row.id),
            editing: self.casework.editing(),
            text: None,
        }
    }

    fn put_back(&mut self, whereabouts: &Whereabouts) {
        if let Some(view) = whereabouts.view {
            self.unit = view.unit;
            self.list = CaseList::beginning_at(view, whereabouts.row);
        }
    }

    fn show(&mut self, view: View, context: &mut Context<'_>) {
        self.choose(view, context);
        if self.strip_asked.is_none() {
            self.ask_strip(context);
        }
    }
}
