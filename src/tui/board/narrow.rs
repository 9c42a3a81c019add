//! Everything that limits and orders the board's list: what is open below the list for it, and what holds.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, CaseRow, DeskError, Narrowing, Receipt, RowPerson, View, ViewKind};
use crate::domain::cases::filter::{Filter, Flag, Sort, Term, Test, Value};
use crate::keymap::{self, Action, Key};
use crate::tui::field::Picture;
use crate::tui::paint::Paper;

use super::super::screen::{Context, Ticket};
use super::frequencies::FrequencyTable;
use super::limit_editor::LimitEditor;
use super::list::CaseList;
use super::saved_views::SavedViewsPanel;
use super::sort_picker::SortPicker;

/// Limits of this session that Up brings back.
const PAST_LIMITS_MAX: usize = 20;

/// What came of a key in what is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing that the list has to know.
    Nothing,
    /// The key means nothing here.
    NotTaken,
    /// What is open has served its purpose.
    Close,
    /// The list is to be narrowed like this; what is open closes, or waits for the rows.
    Narrow(Narrowing),
    /// Another list is to be shown, narrowed like this.
    Show(ViewKind, Narrowing),
}

/// What is open below the list.
#[derive(Debug)]
enum Panel {
    Limit(Box<LimitEditor>),
    Frequencies(FrequencyTable),
    Sort(SortPicker),
    Views(Box<SavedViewsPanel>),
}

/// What narrows the board's list.
#[derive(Debug, Default)]
pub(super) struct Narrow {
    open: Option<Panel>,
    past: Vec<String>,
    /// What was shown before only what is alike was, and what is shown since then.
    alike: Option<(View, Narrowing, Narrowing)>,
}

impl Narrow {
    /// Whether something is open and has the focus.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Where the focus is, for the keymap.
    pub(super) fn keys(&self) -> Option<keymap::Context> {
        Some(match self.open.as_ref()? {
            Panel::Limit(_) => keymap::Context::Limit,
            Panel::Frequencies(_) | Panel::Sort(_) | Panel::Views(_) => keymap::Context::Line,
        })
    }

    /// Whether keys have to wait for what is open to know what it shows.
    pub(super) fn is_waiting(&self) -> bool {
        match &self.open {
            Some(Panel::Views(views)) => views.is_waiting(),
            Some(Panel::Frequencies(table)) => table.is_waiting(),
            Some(Panel::Limit(_) | Panel::Sort(_)) | None => false,
        }
    }

    /// Opens what an action asks for; what the list is to do at once.
    pub(super) fn begin(
        &mut self,
        action: Action,
        list: &CaseList,
        context: &mut Context<'_>,
    ) -> Option<Wish> {
        let panel = match action {
            Action::OpenLimit => {
                let (view, narrowing) = (list.view(), list.narrowing());
                Panel::Limit(Box::new(LimitEditor::new(view, narrowing, &self.past, context)))
            }
            Action::OpenFrequencies => {
                let limit = list.narrowing().limit.clone();
                Panel::Frequencies(FrequencyTable::new(list.view(), limit, context))
            }
            Action::OrderRows => Panel::Sort(SortPicker::new(list.narrowing().sort)),
            Action::OpenViews => Panel::Views(Box::new(SavedViewsPanel::new(context))),
            Action::OnlyAlike => return Some(self.only_alike(list)),
            _ => return None,
        };
        self.open = Some(panel);
        Some(Wish::Nothing)
    }

    /// Carries out an action while something is open.
    pub(super) fn action(
        &mut self,
        action: Action,
        key: Key,
        list: &CaseList,
        context: &mut Context<'_>,
    ) -> Wish {
        if action == Action::Leave {
            self.open = None;
            return Wish::Close;
        }
        let wish = match &mut self.open {
            Some(Panel::Limit(editor)) => editor.action(action, key, context),
            Some(Panel::Frequencies(table)) => table.action(action, list.narrowing()),
            // Only letters pick; Enter leaves the order as it is.
            Some(Panel::Sort(_)) if action == Action::Send => Wish::Close,
            Some(Panel::Views(views)) => views.action(action, list, context),
            Some(Panel::Sort(_)) | None => Wish::NotTaken,
        };
        if wish == Wish::Close {
            self.open = None;
        }
        wish
    }

    /// Takes a key that means no action.
    pub(super) fn key(&mut self, key: Key, list: &CaseList, context: &mut Context<'_>) -> Wish {
        match &mut self.open {
            Some(Panel::Limit(editor)) => editor.key(key, context),
            Some(Panel::Frequencies(table)) => table.key(key, context),
            Some(Panel::Sort(picker)) => picker.key(key, list.narrowing()),
            Some(Panel::Views(views)) => views.key(key, list, context),
            None => Wish::NotTaken,
        }
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        match &mut self.open {
            Some(Panel::Limit(editor)) => editor.paste(text, context),
            Some(Panel::Views(views)) => views.paste(text),
            Some(Panel::Frequencies(_) | Panel::Sort(_)) | None => {}
        }
    }

    /// Takes an answer; whether it was for what is open.
    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        match &mut self.open {
            Some(Panel::Limit(editor)) => editor.answered(ticket, answer, context),
            Some(Panel::Frequencies(table)) => table.answered(ticket, answer),
            Some(Panel::Views(views)) => views.answered(ticket, answer),
            Some(Panel::Sort(_)) | None => false,
        }
    }

    /// Takes a receipt; whether it was for what is open.
    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        match &mut self.open {
            Some(Panel::Views(views)) => views.executed(ticket, receipt, context),
            Some(Panel::Limit(_) | Panel::Frequencies(_) | Panel::Sort(_)) | None => false,
        }
    }

    /// The list has its rows under a limit, or could not have them: the editor keeps its words then.
    pub(super) fn settled(&mut self, list: &CaseList, is_done: bool) {
        if is_done {
            self.open = None;
            self.remember(&list.narrowing().limit);
        }
    }

    /// Asks again for what depends on cases.
    pub(super) fn refresh(&mut self, context: &mut Context<'_>) {
        match &mut self.open {
            Some(Panel::Frequencies(table)) => table.ask(context),
            Some(Panel::Limit(editor)) => editor.count(context),
            Some(Panel::Sort(_) | Panel::Views(_)) | None => {}
        }
    }

    /// Rows that what is open would like to have.
    pub(super) fn height(&self, width: u16) -> Option<u16> {
        self.open.as_ref()?;
        let rows = self.picture(None, usize::from(width)).rows.len().saturating_sub(1);
        Some(u16::try_from(rows).unwrap_or(u16::MAX))
    }

    /// Draws what is open, and says where the cursor is to stand.
    pub(super) fn draw(&self, list: &CaseList, area: Rect, paper: &mut Paper<'_>) -> Position {
        self.picture(Some(list), usize::from(area.width)).draw(area, paper)
    }

    fn picture(&self, list: Option<&CaseList>, cells: usize) -> Picture {
        let mut picture = Picture::default();
        let name = list.map_or("", |list| list.view().kind.label());
        match &self.open {
            Some(Panel::Limit(editor)) => editor.show(name, cells, &mut picture),
            Some(Panel::Frequencies(table)) => table.show(name, cells, &mut picture),
            Some(Panel::Sort(picker)) => picker.show(name, cells, &mut picture),
            Some(Panel::Views(views)) => {
                let is_narrowed =
                    list.is_some_and(|list| *list.narrowing() != Narrowing::default());
                views.show(is_narrowed, cells, &mut picture);
            }
            None => {}
        }
        picture
    }

    /// What the footer shows while something is open.
    pub(super) fn hints(&self) -> Option<Vec<Action>> {
        Some(match self.open.as_ref()? {
            Panel::Limit(_) | Panel::Frequencies(_) | Panel::Views(_) => {
                vec![Action::Send, Action::Leave]
            }
            Panel::Sort(_) => vec![Action::Leave],
        })
    }

    /// What the footer calls an action here.
    pub(super) fn hint_label(&self, action: Action) -> Option<&'static str> {
        match (self.open.as_ref()?, action) {
            (Panel::Limit(_), Action::Send) => Some("limit"),
            (Panel::Frequencies(_), Action::Send) => Some("only these"),
            (Panel::Views(views), Action::Send) => Some(views.send_label()),
            (_, Action::Leave) => Some("as it was"),
            _ => None,
        }
    }

    fn remember(&mut self, limit: &Filter) {
        if limit.is_empty() {
            return;
        }
        let text = limit.to_string();
        self.past.retain(|past| *past != text);
        self.past.push(text);
        if self.past.len() > PAST_LIMITS_MAX {
            self.past.remove(0);
        }
    }

    /// Only what is alike to the row under the cursor; again, what was there before.
    fn only_alike(&mut self, list: &CaseList) -> Wish {
        if let Some((view, before, since)) = self.alike.take()
            && since == *list.narrowing()
        {
            return Wish::Show(view.kind, before);
        }
        let Some(row) = list.current() else { return Wish::NotTaken };
        let narrowing = Narrowing { limit: alike(row), sort: list.narrowing().sort };
        let view = list.view();
        self.alike = Some((view, list.narrowing().clone(), narrowing.clone()));
        // What is alike stands in the unit's whole inbox, of which these lists are a part.
        let is_whole = view.kind.is_queue();
        Wish::Show(if is_whole { view.kind } else { ViewKind::Inbox }, narrowing)
    }
}

/// What leaves the cases that could be answered together with this one.
fn alike(row: &CaseRow) -> Filter {
    let subject = row.subject_code.as_ref();
    let subject = subject.map_or(Value::None, |code| Value::Text(code.to_string()));
    let mut limit =
        Filter::from(vec![Test::Subject(vec![subject]), Test::Nature(vec![row.nature])]);
    if row.alike > 0 {
        limit.terms.push(Test::Owner(vec![Value::None, Value::Me]).into());
    }
    if let RowPerson::Person(..) = row.person {
        limit.terms.push(Term { is_not: true, test: Test::Flags(vec![Flag::Anonymous]) });
    }
    limit
}

/// What narrows a list, in words, with how much of it is left; nothing for a list that is whole.
pub(super) fn words(list: &CaseList) -> Option<String> {
    let Narrowing { limit, sort } = list.narrowing();
    let mut words = Vec::new();
    if list.is_cut() {
        words.push("too long, its end was not looked at".to_owned());
    }
    if *sort != Sort::default() {
        words.push(format!("by {sort}"));
    }
    if !limit.is_empty() {
        words.push(format!("{} of {} only {limit}", list.total(), list.of()));
    }
    (!words.is_empty()).then(|| words.join("   "))
}
