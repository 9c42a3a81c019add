//! Below a new person's form: whoever is likely the one in it, asked again as the form is filled.

use crate::desk::{Alike, Answer, Ask as _, AskAlike, DeskError};
use crate::domain::PersonId;
use crate::domain::limits::SHOWN_MAX;
use crate::domain::people::NewPerson;
use crate::keymap::{Action, Key};
use crate::tui::text::safe_line;

use super::super::paint::{Canvas, Meaning};
use super::super::{Context, Ticket};

/// People who are shown.
const PEOPLE_SHOWN: u32 = 5;

/// The people, and what was said of them.
#[derive(Debug, Clone, Default)]
pub(super) struct AlikePane {
    asked: Option<Ticket>,
    /// What was asked about last.
    question: Option<NewPerson>,
    people: Vec<Alike>,
    /// Everybody who was ever shown here.
    shown: Vec<PersonId>,
    told_apart: Vec<PersonId>,
    cursor: usize,
    has_focus: bool,
}

/// What a key came to in the list.
pub(super) enum Picked {
    /// It means nothing here.
    Nothing,
    /// The list has changed, or the focus.
    Moved,
    /// The file is to be opened; the form stays.
    Opens(PersonId),
    /// The person is the one: nobody is registered.
    Uses(PersonId),
}

impl AlikePane {
    pub(super) fn has_focus(&self) -> bool {
        self.has_focus
    }

    pub(super) fn has_people(&self) -> bool {
        !self.people.is_empty()
    }

    pub(super) fn waits_for(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// Moves into the list, if anybody is in it.
    pub(super) fn focus(&mut self) -> bool {
        self.has_focus = self.has_people();
        self.has_focus
    }

    /// Asks about the form as it is now, unless it was asked already or an answer is under way: that one asks again.
    pub(super) fn look(&mut self, form: NewPerson, context: &mut Context<'_>) {
        if self.asked.is_none() && self.question.as_ref() != Some(&form) {
            self.question = Some(form.clone());
            self.asked =
                Some(context.ask(AskAlike { person: Box::new(form), limit: PEOPLE_SHOWN }));
        }
    }

    pub(super) fn answered(
        &mut self,
        answer: Result<Answer, DeskError>,
        form: NewPerson,
        context: &mut Context<'_>,
    ) {
        self.asked = None;
        // A form that could not be compared is compared again with its next letter.
        if let Ok(answer) = answer.and_then(AskAlike::expect) {
            self.people = answer.people;
            self.people.retain(|alike| !self.told_apart.contains(&alike.side.person));
            for alike in &self.people {
                if !self.shown.contains(&alike.side.person) {
                    self.shown.push(alike.side.person);
                }
            }
            self.settle();
        }
        self.look(form, context);
    }

    /// Everybody who was shown before the person is registered, those of a search first.
    pub(super) fn shown_with(&self, found: &[PersonId]) -> Vec<PersonId> {
        let own = self.shown.iter().filter(|person| !found.contains(person));
        found.iter().chain(own).copied().take(SHOWN_MAX).collect()
    }

    pub(super) fn told_apart(&self) -> Vec<PersonId> {
        self.told_apart.iter().copied().take(SHOWN_MAX).collect()
    }

    pub(super) fn act(&mut self, action: Action, key: Key) -> Picked {
        let at = match (action, key.digit()) {
            (Action::OpenAlike, Some(digit)) => usize::from(digit).saturating_sub(1),
            _ => self.cursor,
        };
        let person = self.people.get(at).map(|alike| alike.side.person);
        match (action, person) {
            (Action::ListDown, _) => self.cursor += 1,
            (Action::ListUp, _) => self.cursor = self.cursor.saturating_sub(1),
            (Action::OpenRow | Action::OpenAlike, Some(person)) => return Picked::Opens(person),
            (Action::UseAlike, Some(person)) => return Picked::Uses(person),
            (Action::NotSame, Some(person)) => {
                self.told_apart.push(person);
                self.people.remove(at);
            }
            (Action::Leave | Action::Back | Action::NextSection | Action::PreviousSection, _) => {
                self.has_focus = false;
            }
            _ => return Picked::Nothing,
        }
        self.settle();
        Picked::Moved
    }

    fn settle(&mut self) {
        self.cursor = self.cursor.min(self.people.len().saturating_sub(1));
        self.has_focus &= self.has_people();
    }

    /// Draws the list, or its first line where the focus is in the form; gives the row with the focus.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, top: usize) -> Option<usize> {
        if self.people.is_empty() {
            if !self.told_apart.is_empty() {
                let many = self.told_apart.len();
                canvas
                    .line(top, &format!("not the same: {many}, remembered with the registration"));
            }
            return None;
        }
        canvas.put(top, 0, "LIKELY THE SAME", Meaning::Strong);
        for (place, (row, alike)) in (top + 1..).zip(&self.people).enumerate() {
            if row >= canvas.height() {
                break;
            }
            let marker = if self.has_focus && place == self.cursor { '>' } else { ' ' };
            let side = &alike.side;
            let words: Vec<&str> = alike.evidence.iter().map(|(words, _)| words.as_str()).collect();
            let line = format!(
                "{marker}{} {} {} {}: {} ({:.0} bits)",
                place + 1,
                side.person,
                safe_line(&side.name),
                side.born,
                words.join(", "),
                alike.bits
            );
            canvas.put(row, 0, &line, Meaning::Plain);
        }
        self.has_focus.then_some(top + 1 + self.cursor)
    }
}
