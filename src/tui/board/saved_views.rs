//! The caseworker's saved views: a digit shows one, and the list as it is narrowed now can be saved under a name.

use std::sync::Arc;

use crate::desk::{
    Answer, Ask as _, AskViews, Command, DeskError, Narrowing, Receipt, SavedView, ViewKind,
};
use crate::domain::cases::filter::{Filter, Sort};
use crate::domain::limits::CODE_BYTES_MAX;
use crate::keymap::{self, Action, Key, Keymap};
use crate::tui::field::{Picture, TextField};
use crate::tui::text::safe_line;

use super::super::screen::{Context, Status, Ticket};
use super::list::CaseList;
use super::narrow::Wish;

/// The key that saves what is shown.
const SAVE: char = 's';
/// The key that drops the view under the cursor.
const DROP: char = 'x';

/// The saved views, as far as they are here.
#[derive(Debug)]
pub(super) struct SavedViewsPanel {
    views: Option<Vec<SavedView>>,
    asked: Option<Ticket>,
    /// The command that is under way, and what is said once it is done.
    doing: Option<(Ticket, String)>,
    cursor: usize,
    /// The name under which the list is being saved.
    naming: Option<TextField>,
    keymap: Arc<Keymap>,
}

impl SavedViewsPanel {
    pub(super) fn new(context: &mut Context<'_>) -> Self {
        let asked = Some(context.ask(AskViews {}));
        let keymap = Arc::clone(&context.shared.keymap);
        Self { views: None, asked, doing: None, cursor: 0, naming: None, keymap }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.asked.is_some() || self.doing.is_some()
    }

    pub(super) fn send_label(&self) -> &'static str {
        if self.naming.is_some() { "save" } else { "show" }
    }

    fn known(&self) -> &[SavedView] {
        self.views.as_deref().unwrap_or_default()
    }

    pub(super) fn action(
        &mut self,
        action: Action,
        list: &CaseList,
        context: &mut Context<'_>,
    ) -> Wish {
        match action {
            Action::Send if self.naming.is_some() => self.save(list, context),
            Action::Send => return self.show_view(self.cursor, context),
            Action::NextField => {
                self.cursor = (self.cursor + 1).min(self.known().len().saturating_sub(1));
            }
            Action::PreviousField => self.cursor = self.cursor.saturating_sub(1),
            _ => return Wish::NotTaken,
        }
        Wish::Nothing
    }

    pub(super) fn key(&mut self, key: Key, list: &CaseList, context: &mut Context<'_>) -> Wish {
        if let Some(name) = &mut self.naming {
            let _written = name.key(key);
            return Wish::Nothing;
        }
        if let Some(digit) = key.digit() {
            return self.show_view(usize::from(digit).wrapping_sub(1), context);
        }
        match key.typed() {
            Some(SAVE) if list.narrowing().is_plain() => {
                let words =
                    format!("The list is whole: {}, then save it.", narrowing(&self.keymap));
                context.say(Status::Refused(words));
            }
            Some(SAVE) => self.naming = Some(TextField::line(CODE_BYTES_MAX)),
            Some(DROP) => self.drop_view(context),
            _ => return Wish::NotTaken,
        }
        Wish::Nothing
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(name) = &mut self.naming {
            name.paste(text);
        }
    }

    fn show_view(&self, at: usize, context: &mut Context<'_>) -> Wish {
        let Some(view) = self.known().get(at) else {
            context.say(Status::Refused(format!("There is no view {}.", at.wrapping_add(1))));
            return Wish::Nothing;
        };
        let kind = ViewKind::BOARD.into_iter().find(|kind| kind.label() == view.list);
        match (view.limit.parse::<Filter>(), view.sort.parse::<Sort>()) {
            (Ok(limit), Ok(sort)) => {
                Wish::Show(kind.unwrap_or(ViewKind::Inbox), Narrowing { limit, sort })
            }
            (Err(error), _) | (_, Err(error)) => {
                let words = format!("The view cannot be read any more: {error}. {DROP} drops it.");
                context.say(Status::Refused(words));
                Wish::Nothing
            }
        }
    }

    fn save(&mut self, list: &CaseList, context: &mut Context<'_>) {
        let Some(name) = self.naming.as_ref().map(TextField::text) else { return };
        let Narrowing { limit, sort } = list.narrowing();
        let view = SavedView {
            name: name.trim().to_owned(),
            list: list.view().kind.label().to_owned(),
            limit: limit.to_string(),
            sort: sort.to_string(),
        };
        let place = self.known().iter().position(|known| known.name == view.name);
        let digit = place.unwrap_or(self.known().len()) + 1;
        let said = format!("Saved: {digit} in this list shows {}.", view.name);
        self.doing = Some((context.execute(Command::SaveView(view)), said));
    }

    fn drop_view(&mut self, context: &mut Context<'_>) {
        let Some(view) = self.known().get(self.cursor) else { return };
        let said = format!(
            "Dropped {}: it was {} only {} by {}.",
            view.name, view.list, view.limit, view.sort
        );
        self.doing = Some((context.execute(Command::DropView(view.name.clone())), said));
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: &Result<Answer, DeskError>) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        if let Ok(kept) = answer.clone().and_then(AskViews::expect) {
            self.cursor = self.cursor.min(kept.views.len().saturating_sub(1));
            self.views = Some(kept.views);
        }
        true
    }

    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        let Some((_, said)) = self.doing.take_if(|(doing, _)| *doing == ticket) else {
            return false;
        };
        if receipt.is_ok() {
            self.naming = None;
            context.say(Status::Done(safe_line(&said).into_owned()));
            self.asked = Some(context.ask(AskViews {}));
        }
        true
    }

    /// The views; `is_narrowed` where the list is limited or sorted, and so can be saved.
    pub(super) fn show(&self, is_narrowed: bool, cells: usize, picture: &mut Picture) {
        picture.rows.push("-- VIEWS, yours alone".to_owned());
        for (at, view) in self.known().iter().enumerate() {
            let marker = if at == self.cursor { '>' } else { ' ' };
            if at == self.cursor {
                picture.cursor = (picture.rows.len(), 0);
            }
            let limit = if view.limit.is_empty() { "all".into() } else { safe_line(&view.limit) };
            let line = format!(
                "{marker}{} {}   {} only {limit} by {}",
                at + 1,
                safe_line(&view.name),
                safe_line(&view.list),
                view.sort
            );
            picture.rows.push(line);
        }
        match &self.naming {
            Some(name) => picture.field("name", name, true, cells, 1),
            None if self.known().is_empty() && is_narrowed => picture.words(
                "",
                &format!("no view yet: {SAVE} saves the list as it is limited and sorted now"),
                cells,
                1,
            ),
            None if self.known().is_empty() => picture.words(
                "",
                &format!("no view yet: {}, then {SAVE} saves it", narrowing(&self.keymap)),
                cells,
                1,
            ),
            None => picture.words(
                "",
                &format!("a digit shows one, {SAVE} saves the list as it is, {DROP} drops one"),
                cells,
                1,
            ),
        }
    }
}

/// How a list becomes one that is worth saving.
fn narrowing(keymap: &Keymap) -> String {
    let key = |action| keymap.key(keymap::Context::Board, action);
    format!("limit it ({}) or sort it ({})", key(Action::OpenLimit), key(Action::OrderRows))
}
