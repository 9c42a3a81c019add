//! The board as a screen: chooses lists, moves in them, asks for what they show. What it draws is in `picture`.
use std::cell::Cell;

use ratatui::layout::{Position, Rect, Size};

use crate::desk::{
    Answer, Ask as _, AskBoard, AskCasePreview, AskCases, BoardAnswer, CasePreviewAnswer, Change,
    DeskError, Narrowing, PromiseFilter, Receipt, RowPerson, Undoable, View, ViewKind, Whose,
};
use crate::domain::cases::EachAct;
use crate::domain::office::Action as Right;
use crate::domain::time::Instant;
use crate::domain::{CaseId, PersonId, UnitId};
use crate::keymap;
use crate::keymap::{Action, Key};

use super::super::casework::Casework;
use super::super::paint::Paper;
use super::super::promises::{About, Line, PromiseList};
use super::super::screen::{Context, Go, Handled, Screen, Shared, Ticket, Towards};
use super::super::view::ROWS_BELOW;
use super::super::whereabouts::Whereabouts;
use super::draw::{Layout, NEWS_ROWS_MIN};
use super::list::{CaseList, Leaving};
use super::marks::Marks;
use super::narrow::{Narrow, Wish};
use super::told::Told;

/// How the board was drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    /// The desk's time as it was then.
    pub(super) at: Instant,
    pub(super) size: Size,
    /// The height of the editor that was open.
    pub(super) editor: Option<u16>,
    pub(super) layout: Layout,
    /// Rows of the whole list before the first that was drawn.
    pub(super) before: u64,
}

/// The board.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own of what is shown, and none excludes another"
)]
pub(crate) struct Board {
    unit: UnitId,
    pub(super) list: CaseList,
    pub(super) strip: Option<BoardAnswer>,
    strip_asked: Option<Ticket>,
    pub(super) preview: Option<CasePreviewAnswer>,
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
    pub(super) narrow: Narrow,
    pub(super) marks: Marks,
    /// All rows, asked for to be marked.
    pub(super) all_asked: Option<Ticket>,
    /// What is promised, while that is the list.
    pub(super) calls: Option<PromiseList>,
    /// Rows of the strip and of news that were drawn: whatever somebody else's change adds to them has to do with these, so
    /// that no row of the list moves. Nothing where the caseworker has just opened or limited the list.
    pub(super) head: Option<(usize, usize)>,
    /// How the board was drawn last.
    pub(super) drawn: Cell<Option<Drawn>>,
    /// Whether the counts that are asked for are those of a board that was just opened.
    is_opening: bool,
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
            drawn: Cell::default(),
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
        if !context.shared.who.may(Right::ReadCase) {
            // There is no list for them, and asking for one would only be refused.
            return;
        }
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

    /// What an action means that moves no cursor: for the list, or for the row under it.
    fn act_on_list(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        match action {
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

    /// How the board was drawn last in such an area, if what lies below the list has the same height still.
    pub(super) fn drawn_in(&self, area: Rect) -> Option<Drawn> {
        self.drawn.get().filter(|drawn| {
            drawn.size == area.as_size() && drawn.editor == self.editor_height(area.width)
        })
    }

    /// Rows that the list has on the screen: as it was drawn, or else as far as one can know before drawing.
    fn room(&self, shared: &Shared) -> usize {
        let (columns, rows) = shared.size;
        let area = Rect::new(0, 0, columns.saturating_sub(1), rows.saturating_sub(ROWS_BELOW));
        let known = self.drawn_in(area).map(|drawn| drawn.layout);
        usize::from(known.unwrap_or_else(|| self.layout(shared, area).0).list)
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
        // A row that has left the list goes with the cursor.
        let is_whole = self.list.gone().is_none();
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
            _ => return self.act_on_list(action, key, context),
        }
        if is_whole {
            context.only_moved();
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
        self.picture(shared, area, paper)
    }

    fn draw_moved(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Option<Position> {
        self.picture_of_cursor(shared, area, paper)
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
