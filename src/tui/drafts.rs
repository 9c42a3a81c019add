//! What the caseworker was typing and has not sent: what it is about, its first words, how old it is.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, AskDrafts, Change, Command, DeskError, Draft, DraftKey, Receipt};
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, fit_right, safe_line, wrap};

use super::asking::Asking;
use super::field::Choice;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::view::ROWS_BELOW;
use super::when;

/// Days for which a draft is kept; then it is shown once more, and dropped when this list is left.
const DAYS_KEPT: i64 = 30;
/// Days before that from which on the list says how long is left.
const DAYS_WARNED: i64 = 7;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;
/// Rows above the first draft.
const ROWS_ABOVE: usize = 2;
/// Dropped drafts that can be taken back.
const DROPPED_MAX: usize = 20;

/// The screen.
pub(super) struct DraftsScreen {
    list: Asking<AskDrafts>,
    choice: Choice,
    /// What was dropped here, the newest last.
    dropped: Vec<Draft>,
    /// What is being dropped or taken back, after which the list is read again.
    doing: Option<Ticket>,
    /// The draft that is gone to, which is to be there however old it is.
    opened: Option<DraftKey>,
}

impl DraftsScreen {
    /// The screen, with nothing asked yet.
    pub(super) fn new() -> Self {
        Self {
            list: Asking::new(AskDrafts {}),
            choice: Choice::default(),
            dropped: Vec::new(),
            doing: None,
            opened: None,
        }
    }

    fn rows(&self) -> &[Draft] {
        self.list.answer().map_or(&[], |answer| answer.drafts.as_slice())
    }

    /// What a draft is about, by its place.
    fn about(&self, place: usize) -> &str {
        self.list.answer().and_then(|answer| answer.about.get(place)).map_or("", String::as_str)
    }

    fn current(&self) -> Option<&Draft> {
        self.rows().get(self.choice.at(self.rows().len()))
    }

    /// Has the cursor stay with its draft, wherever that is now.
    fn stay_on(&mut self, was: Option<&DraftKey>) {
        let now = self.rows().iter().position(|draft| Some(&draft.key) == was);
        let (at, rows) = (self.choice.at(self.rows().len()), self.rows().len());
        let place = |at: usize| isize::try_from(at).unwrap_or_default();
        if let Some(now) = now {
            self.choice.step(place(now) - place(at), rows);
        }
    }

    fn drop_current(&mut self, context: &mut Context<'_>) {
        let Some(draft) = self.current().cloned().filter(|_| self.doing.is_none()) else { return };
        self.doing = Some(context.execute(Command::DropDraft(draft.key.clone())));
        let words = format!("Dropped the draft of {}.", name_of(&draft.key));
        let undo = context.shared.keymap.key(keymap::Context::Drafts, Action::Undo);
        context.say(Status::Done(format!("{words}   {undo} takes it back")));
        if self.dropped.len() >= DROPPED_MAX {
            self.dropped.remove(0);
        }
        self.dropped.push(draft);
    }

    fn take_back(&mut self, context: &mut Context<'_>) -> Handled {
        let Some(draft) = self.dropped.pop() else { return Handled::No };
        context.say(Status::Done(format!("The draft of {} is back.", name_of(&draft.key))));
        self.doing = Some(context.execute(Command::SaveDraft(draft)));
        Handled::Yes
    }

    fn line(draft: &Draft, about: &str, shared: &Shared, cells: usize) -> String {
        let age = age(draft, shared.now);
        let left = DAYS_KEPT - shared.now.minutes_since(draft.saved_at) / DAY_MINUTES;
        let end = match left {
            left if left <= 0 => "EXPIRED".to_owned(),
            left if left <= DAYS_WARNED => format!("{left}d left"),
            _ => String::new(),
        };
        let target = draft.key.target.as_ref().map(ToString::to_string).unwrap_or_default();
        let front = format!(
            "{} {} {} {}",
            fit_right(&age, 4),
            fit(draft.key.form.words(), 10),
            fit(&target, 8),
            fit(&safe_line(about), 20),
        );
        let room = cells.saturating_sub(crate::tui::text::width(&front) + 9);
        format!("{front} {} {}", fit(&safe_line(draft.first_words()), room), fit(&end, 7))
    }

    /// A draft as it is heard.
    fn heard(draft: &Draft, about: &str, shared: &Shared) -> String {
        let at = when::day_and_time(draft.saved_at, shared.now, &shared.zone);
        let about = if about.is_empty() { String::new() } else { format!(", {about}") };
        format!("{}{about}; kept {at}; {}", name_of(&draft.key), draft.first_words())
    }
}

/// What a draft is of, in words: `reply on C-20931`.
fn name_of(key: &DraftKey) -> String {
    match &key.target {
        Some(target) => format!("{} on {target}", key.form.words()),
        None => key.form.words().to_owned(),
    }
}

fn age(draft: &Draft, now: Instant) -> String {
    match now.minutes_since(draft.saved_at).max(0) {
        minutes if minutes < 60 => format!("{minutes}m"),
        minutes if minutes < DAY_MINUTES => format!("{}h", minutes / 60),
        minutes => format!("{}d", minutes / DAY_MINUTES),
    }
}

impl Screen for DraftsScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.list.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Drafts
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        let rows = self.rows().len();
        let page = usize::from(context.shared.size.1.saturating_sub(ROWS_BELOW));
        let page = isize::try_from(page.saturating_sub(ROWS_ABOVE).max(1)).unwrap_or(1);
        match action {
            Action::ListDown => self.choice.step(1, rows),
            Action::ListUp => self.choice.step(-1, rows),
            Action::PageDown => self.choice.step(page, rows),
            Action::PageUp => self.choice.step(-page, rows),
            Action::ListFirst => self.choice.set(0),
            Action::ListLast => self.choice.set(rows.saturating_sub(1)),
            Action::OpenDraft | Action::OpenRow => {
                let Some(key) = self.current().map(|draft| draft.key.clone()) else {
                    return Handled::No;
                };
                self.opened = Some(key.clone());
                context.go(Go::Draft(key));
            }
            Action::DropDraft => self.drop_current(context),
            Action::Undo => return self.take_back(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        let was = self.current().map(|draft| draft.key.clone());
        if self.list.answered(ticket, answer, context, |_, answer| answer) {
            self.stay_on(was.as_ref());
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.doing.take_if(|doing| *doing == ticket).is_none() {
            return;
        }
        if let Err(error) = receipt {
            context.say(Status::Refused(error.to_string()));
        }
        self.load(context);
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Changed(_) | Change::Health | Change::Lists(_) => false,
            Change::Attended(attended) => {
                attended.contains(&EntityId::Caseworker(context.shared.who.caseworker.id))
            }
        };
        // What is being dropped or taken back has the list read again by itself.
        self.list.changed(is_touched && self.doing.is_none(), context);
    }

    fn put_away(&mut self, context: &mut Context<'_>) {
        let opened = self.opened.take();
        // They were shown as expired: that was the notice.
        let expired = |draft: &Draft| {
            context.shared.now.minutes_since(draft.saved_at) >= DAYS_KEPT * DAY_MINUTES
        };
        let gone: Vec<DraftKey> = self
            .rows()
            .iter()
            .filter(|draft| expired(draft) && opened.as_ref() != Some(&draft.key))
            .map(|draft| draft.key.clone())
            .collect();
        for key in gone {
            context.execute(Command::DropDraft(key));
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let rows = self.rows();
        let count = if rows.is_empty() { String::new() } else { format!("  {}", rows.len()) };
        canvas.put(0, 0, &header(&format!("DRAFTS{count}"), "", shared, cells), Meaning::Strong);
        if rows.is_empty() {
            let none = "Nothing waits to be sent. What you type in any form is kept here until you send it.";
            let words = self.list.instead().unwrap_or(none);
            for (row, line) in (ROWS_ABOVE..).zip(wrap(&safe_line(words), cells, 2)) {
                canvas.line(row, &line);
            }
            return canvas.position(ROWS_ABOVE, 0);
        }
        canvas.line(1, " age  form       about                         first words");
        canvas.say(1, String::new);
        let seen = canvas.height().saturating_sub(ROWS_ABOVE).max(1);
        let first = self.choice.first_seen(rows.len(), seen);
        let chosen = self.choice.at(rows.len());
        for (place, draft) in rows.iter().enumerate().skip(first).take(seen) {
            let marker = if place == chosen { '>' } else { ' ' };
            let about = self.about(place);
            let line = Self::line(draft, about, shared, cells.saturating_sub(1));
            canvas.put(ROWS_ABOVE + place - first, 0, &format!("{marker}{line}"), Meaning::Plain);
            canvas.list(ROWS_ABOVE + place - first, place, rows.len());
            canvas.say(ROWS_ABOVE + place - first, || Self::heard(draft, about, shared));
        }
        canvas.position(ROWS_ABOVE + chosen - first, 0)
    }

    fn is_waiting(&self) -> bool {
        self.doing.is_some() || self.list.is_under_way()
    }

    fn hints(&self) -> Vec<Action> {
        if self.rows().is_empty() {
            return vec![Action::Undo, Action::Leave, Action::GoBoard];
        }
        vec![Action::OpenDraft, Action::DropDraft, Action::Undo, Action::Leave]
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        (action == Action::Undo && !self.dropped.is_empty()).then_some("take back")
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        match self.current().and_then(|draft| draft.key.target.as_ref()) {
            Some(EntityId::Case(case)) => (Some(*case), None),
            Some(EntityId::Person(person)) => (None, Some(*person)),
            _ => (None, None),
        }
    }
}
