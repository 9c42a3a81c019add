//! A list of cases, of which only a window is here: the cursor is a case, and stays with it while the list changes.

use crate::desk::{Anchor, AskCaseIds, AskCases, CaseRow, CasesAnswer, Narrowing, View, ViewKind};
use crate::domain::CaseId;
use crate::domain::limits::EACH_CASES_MAX;

use super::super::screen::{Context, Ticket, Towards};
use super::super::stay;

/// Rows that are asked for on either side of the cursor.
const ROWS_AROUND: u32 = 120;

/// With fewer rows than this between the cursor and an end of the window, more are asked for.
const ROWS_AHEAD: usize = 60;

/// A list, as far as it is here.
pub(super) struct CaseList {
    view: View,
    /// Which of its rows are wanted, and in which order.
    narrowing: Narrowing,
    rows: Vec<CaseRow>,
    /// The place of the first row in the whole list.
    first: u64,
    total: u64,
    /// How many there are without the limit.
    of: u64,
    is_cut: bool,
    /// What held before the rows that are being asked for; it holds again where they cannot be had.
    narrowed_from: Option<(View, Narrowing)>,
    /// The cursor's place among the rows here.
    cursor: usize,
    /// The place in the whole list of the row on top of the screen.
    top: u64,
    asked: Option<Asked>,
    is_known: bool,
    /// The case on which the cursor begins.
    begin_at: Option<CaseId>,
    /// The case that left the list under the cursor, and where the cursor went.
    left: Option<(CaseId, CaseId)>,
    /// Whether the cursor goes back to the case that left, once that is here again.
    goes_back: bool,
    /// The case under the cursor, where it is not in the list any more though nobody here took it away.
    gone: Option<CaseId>,
}

/// What becomes of the row under the cursor where the list does not have it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leaving {
    /// It stays until the cursor leaves it: somebody else took it away.
    Stays,
    /// It goes, and the cursor is on the next one: that is what came of the caseworker's own act.
    Goes,
}

/// Rows that were asked for.
struct Asked {
    ticket: Ticket,
    anchor: Anchor,
    landing: Landing,
    leaving: Leaving,
}

/// Where the cursor goes once they are here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Landing {
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// It stays on its case, or goes to the one after it.
    Same,
    /// So many rows from its case.
    Moved(i64),
}

impl CaseList {
    /// A list of which nothing is here yet.
    pub(super) fn new(view: View) -> Self {
        Self {
            view,
            narrowing: Narrowing::default(),
            rows: Vec::new(),
            first: 0,
            total: 0,
            of: 0,
            is_cut: false,
            narrowed_from: None,
            cursor: 0,
            top: 0,
            asked: None,
            is_known: false,
            begin_at: None,
            left: None,
            goes_back: false,
            gone: None,
        }
    }

    /// A list of which nothing is here yet, with the cursor on a case, or where it would be.
    pub(super) fn beginning_at(view: View, case: Option<CaseId>) -> Self {
        Self { begin_at: case, ..Self::new(view) }
    }

    /// Which list.
    pub(super) fn view(&self) -> View {
        self.view
    }

    /// How many rows the whole list has.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// How many rows it has without its limit.
    pub(super) fn of(&self) -> u64 {
        self.of
    }

    /// Whether it is too long to look at all of it.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Which of its rows are shown, and in which order.
    pub(super) fn narrowing(&self) -> &Narrowing {
        &self.narrowing
    }

    /// Shows only some rows of this or another list, or in another order; the cursor stays with its case as long as that
    /// is among them. Where the rows cannot be had, all is as it was before.
    pub(super) fn narrow(
        &mut self,
        kind: ViewKind,
        narrowing: Narrowing,
        context: &mut Context<'_>,
    ) {
        let before = (self.view, std::mem::replace(&mut self.narrowing, narrowing));
        self.narrowed_from.get_or_insert(before);
        self.view.kind = kind;
        match self.current().map(|row| row.id) {
            Some(case) => self.ask(Anchor::Case(case), Landing::Moved(0), context),
            None => self.ask(Anchor::First, Landing::First, context),
        }
    }

    /// Whether rows were asked for under another limit than the one that the rows here are under.
    pub(super) fn is_narrowing(&self) -> bool {
        self.narrowed_from.is_some()
    }

    /// Whether rows have come at all.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    /// Whether rows were asked for and have not come.
    pub(super) fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether the cursor is on its way to rows that have not come.
    pub(super) fn is_waiting(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.landing != Landing::Same)
    }

    /// The rows that are here.
    pub(super) fn rows(&self) -> &[CaseRow] {
        &self.rows
    }

    /// Whether all rows of the list are here.
    pub(super) fn is_whole(&self) -> bool {
        self.is_known && self.first == 0 && self.has_end()
    }

    /// Asks for as many cases of the whole list as one act takes, from its first.
    pub(super) fn ask_all(&self, context: &mut Context<'_>) -> Ticket {
        let most = u32::try_from(EACH_CASES_MAX).unwrap_or(u32::MAX);
        context.ask(AskCaseIds { view: self.view, narrowing: self.narrowing.clone(), most })
    }

    /// The row under the cursor.
    pub(super) fn current(&self) -> Option<&CaseRow> {
        self.rows.get(self.cursor)
    }

    /// The case under the cursor, where the list does not have it any more.
    pub(super) fn gone(&self) -> Option<CaseId> {
        self.gone
    }

    /// The row of a case, where it is here.
    pub(super) fn row_of(&self, case: CaseId) -> Option<&CaseRow> {
        self.rows.iter().find(|row| row.id == case)
    }

    /// The cursor's place in the whole list, from 0.
    pub(super) fn position(&self) -> u64 {
        self.first.saturating_add(self.cursor as u64)
    }

    /// The rows on the screen where it has room for so many, and which of them has the cursor. The cursor is among them
    /// whatever the room.
    pub(super) fn visible(&self, room: usize) -> (&[CaseRow], usize) {
        let room = room.max(1);
        let top = usize::try_from(self.top.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let top = top.clamp((self.cursor + 1).saturating_sub(room), self.cursor);
        let end = self.rows.len().min(top.saturating_add(room));
        (self.rows.get(top..end).unwrap_or_default(), self.cursor - top)
    }

    /// Chooses another list, from its first row.
    pub(super) fn choose(&mut self, view: View, context: &mut Context<'_>) {
        *self = Self::new(view);
        self.ask(Anchor::First, Landing::First, context);
    }

    /// Asks for the rows again.
    pub(super) fn refresh(&mut self, leaving: Leaving, context: &mut Context<'_>) {
        let (anchor, landing) = match (&self.asked, self.current()) {
            (Some(asked), _) => (asked.anchor, asked.landing),
            (None, Some(row)) => (Anchor::Case(row.id), Landing::Same),
            (None, None) => match self.begin_at.take() {
                Some(case) => (Anchor::Case(case), Landing::Moved(0)),
                None => (Anchor::First, Landing::First),
            },
        };
        self.ask(anchor, landing, context);
        if let Some(asked) = &mut self.asked {
            asked.leaving = leaving;
        }
    }

    /// Has the cursor go back to the case that left the list under it, if it has not moved since: what took the case away
    /// was undone.
    pub(super) fn go_back(&mut self) {
        let here = self.current().map(|row| row.id);
        self.goes_back = self.left.is_some_and(|(_, landed)| here == Some(landed));
    }

    /// Goes to the first row.
    pub(super) fn go_first(&mut self, room: usize, context: &mut Context<'_>) {
        if self.first == 0 {
            self.cursor = 0;
            self.let_go();
            self.follow(room);
        } else {
            self.ask(Anchor::First, Landing::First, context);
        }
    }

    /// Goes to the last row.
    pub(super) fn go_last(&mut self, room: usize, context: &mut Context<'_>) {
        if self.has_end() {
            self.cursor = self.rows.len().saturating_sub(1);
            self.let_go();
            self.follow(room);
        } else {
            self.ask(Anchor::Last, Landing::Last, context);
        }
    }

    /// Moves by so many rows, as far as the list goes.
    pub(super) fn step(&mut self, by: i64, room: usize, context: &mut Context<'_>) {
        let left = self.move_within(by);
        if by != 0 {
            self.let_go();
        }
        self.follow(room);
        let Some(row) = self.current() else { return };
        let anchor = Anchor::Case(row.id);
        if left != 0 {
            self.ask(anchor, Landing::Moved(left), context);
        } else if self.asked.is_none() && self.is_near_an_end(by) {
            self.ask(anchor, Landing::Same, context);
        }
    }

    /// The case after or before this one, with the cursor there. Where the case has left the list, the one under the
    /// cursor has taken its place.
    pub(super) fn neighbour(&mut self, case: CaseId, towards: Towards) -> Option<CaseId> {
        let at = self.rows.iter().position(|row| row.id == case);
        let next = match (at, towards) {
            (Some(at), Towards::Next) => at.checked_add(1)?,
            (Some(at), Towards::Previous) => at.checked_sub(1)?,
            (None, Towards::Next) => self.cursor,
            (None, Towards::Previous) => self.cursor.checked_sub(1)?,
        };
        let id = self.rows.get(next)?.id;
        self.cursor = next;
        self.let_go();
        Some(id)
    }

    /// Whether this is the ticket that rows are waited for with.
    pub(super) fn expects(&self, ticket: Ticket) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.ticket == ticket)
    }

    /// Gives up waiting: the desk could not answer.
    pub(super) fn failed(&mut self) {
        self.asked = None;
        self.is_known = true;
        if let Some(before) = self.narrowed_from.take() {
            (self.view, self.narrowing) = before;
        }
    }

    /// Takes the rows that were asked for.
    pub(super) fn take(&mut self, mut answer: CasesAnswer, room: usize) {
        let Some(asked) = self.asked.take() else { return };
        self.gone = None;
        if asked.landing == Landing::Same && asked.leaving == Leaving::Stays && !self.goes_back {
            let (rows, cursor, is_gone) =
                stay::keep(&self.rows, self.cursor, answer.rows, |one, other| one.id == other.id);
            self.gone = rows.get(cursor).filter(|_| is_gone).map(|row| row.id);
            answer.rows = rows;
        }
        let line_on_screen = self.position().saturating_sub(self.top);
        let cursor = match asked.landing {
            Landing::First => 0,
            Landing::Last => answer.rows.len().saturating_sub(1),
            Landing::Same | Landing::Moved(_) => match asked.anchor {
                // Nothing was here yet: the cursor begins on the case that was asked for.
                Anchor::Case(case) if self.rows.is_empty() => {
                    answer.rows.iter().position(|row| row.id == case).unwrap_or(0)
                }
                Anchor::Case(_) | Anchor::First | Anchor::Last => self.place_in(&answer),
            },
        };
        let from = self.current().map(|row| row.id);
        let place = |id: CaseId| answer.rows.iter().position(|row| row.id == id);
        let back = self.left.filter(|_| self.goes_back).and_then(|(gone, _)| place(gone));
        let gone = from.filter(|id| back.is_none() && place(*id).is_none());
        let cursor = back.unwrap_or(cursor);
        self.goes_back = false;
        self.rows = answer.rows;
        self.first = answer.first;
        self.total = answer.total;
        self.of = answer.of;
        self.is_cut = answer.is_cut;
        self.narrowed_from = None;
        self.cursor = cursor.min(self.rows.len().saturating_sub(1));
        self.is_known = true;
        if let (Some(gone), Some(landed)) = (gone, self.current()) {
            self.left = Some((gone, landed.id));
        }
        match asked.landing {
            Landing::First | Landing::Last => {}
            Landing::Same => self.top = self.position().saturating_sub(line_on_screen),
            Landing::Moved(by) => {
                self.top = self.position().saturating_sub(line_on_screen);
                self.move_within(by);
            }
        }
        self.follow(room);
    }

    /// Where the cursor's case is among new rows; else the next one that is still there, else the one before, else
    /// whatever is in its place now.
    fn place_in(&self, answer: &CasesAnswer) -> usize {
        let place = |id: CaseId| answer.rows.iter().position(|row| row.id == id);
        let after = self.rows.iter().skip(self.cursor);
        let before = self.rows.iter().take(self.cursor).rev();
        after.chain(before).find_map(|row| place(row.id)).unwrap_or_else(|| {
            usize::try_from(self.position().saturating_sub(answer.first)).unwrap_or(usize::MAX)
        })
    }

    /// Takes the row of a case away at once, if it is the one that has left the list.
    pub(super) fn forget(&mut self, case: CaseId) {
        if self.gone == Some(case) {
            self.let_go();
        }
    }

    /// Takes all rows away: the list may not be seen any more.
    pub(super) fn forget_all(&mut self) {
        self.rows.clear();
        (self.first, self.total, self.of, self.cursor) = (0, 0, 0, 0);
        (self.gone, self.left) = (None, None);
    }

    /// Lets go of the row that has left the list, now that the cursor leaves it; at an end of the list it cannot go anywhere
    /// before the row is let go of.
    fn let_go(&mut self) {
        let Some(gone) = self.gone.take() else { return };
        let Some(place) = self.rows.iter().position(|row| row.id == gone) else { return };
        self.rows.remove(place);
        if place < self.cursor {
            self.cursor -= 1;
        }
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    /// Rows that the list has, and the one that has left it and is still shown.
    fn shown(&self) -> u64 {
        self.total.saturating_add(u64::from(self.gone.is_some()))
    }

    /// Moves inside the window; what is left to move beyond it, where the list goes on there.
    fn move_within(&mut self, by: i64) -> i64 {
        let at = i64::try_from(self.cursor).unwrap_or(i64::MAX);
        let last = i64::try_from(self.rows.len()).unwrap_or(i64::MAX).saturating_sub(1).max(0);
        let target = at.saturating_add(by);
        let reached = target.clamp(0, last);
        self.cursor = usize::try_from(reached).unwrap_or_default();
        let goes_on = if by < 0 { self.first > 0 } else { !self.has_end() };
        if goes_on { target - reached } else { 0 }
    }

    fn has_end(&self) -> bool {
        self.first.saturating_add(self.rows.len() as u64) >= self.shown()
    }

    fn is_near_an_end(&self, by: i64) -> bool {
        if by < 0 {
            self.first > 0 && self.cursor < ROWS_AHEAD
        } else {
            !self.has_end() && self.rows.len() - self.cursor < ROWS_AHEAD
        }
    }

    /// Scrolls so that the cursor is on the screen, and no row is wasted at its end.
    fn follow(&mut self, room: usize) {
        let room = room.max(1) as u64;
        let position = self.position();
        let top_max = self.shown().saturating_sub(room);
        self.top = self.top.clamp((position + 1).saturating_sub(room), position).min(top_max);
    }

    fn ask(&mut self, anchor: Anchor, landing: Landing, context: &mut Context<'_>) {
        let (before, after) = match anchor {
            Anchor::First => (0, ROWS_AROUND * 2),
            Anchor::Last => (ROWS_AROUND * 2, 1),
            Anchor::Case(_) => (ROWS_AROUND, ROWS_AROUND),
        };
        let ticket = context.ask(AskCases {
            view: self.view,
            anchor,
            before,
            after,
            narrowing: self.narrowing.clone(),
        });
        self.asked = Some(Asked { ticket, anchor, landing, leaving: Leaving::Stays });
    }
}
