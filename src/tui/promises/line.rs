//! The line of a promise, whichever it is: one that is being made, or one of which is said what became of it.

use crate::desk::{Answer, Command, DeskError, DraftForm, PromiseRow, Receipt, Whose};
use crate::domain::CaseId;
use crate::keymap::{self, Action, Key};
use crate::tui::field::{Keeping, Picture};
use crate::tui::screen::{Context, Status, Ticket};
use crate::tui::text::{fit, safe_line, width};

use super::ending::{Ended, Ending};
use super::making::{About, Making};

/// A line that is open.
#[derive(Debug)]
pub(in crate::tui) enum Line {
    /// Something is being promised.
    Making(Box<Making>),
    /// It is being said what became of a promise.
    Ending(Box<Ending>),
}

/// What a key or an answer came to.
#[derive(Debug)]
pub(in crate::tui) enum After {
    /// The line stays.
    Stay,
    /// It was sent, with this ticket; an apology is written once it is done.
    Sent(Ticket, bool),
    /// It has nothing to say, and closes.
    Close,
}

impl Line {
    /// Promises something.
    pub(in crate::tui) fn make(about: About, context: &mut Context<'_>) -> Self {
        Self::Making(Box::new(Making::new(about, context)))
    }

    /// Says what became of what is promised on a case or to a person.
    pub(in crate::tui) fn end(whose: Whose, context: &mut Context<'_>) -> Self {
        Self::Ending(Box::new(Ending::of(whose, context)))
    }

    /// Says what became of this promise.
    pub(in crate::tui) fn end_one(row: PromiseRow, context: &Context<'_>) -> Self {
        Self::Ending(Box::new(Ending::with(vec![row], context)))
    }

    /// What the editor's row is headed by.
    pub(in crate::tui) fn case(&self) -> Option<CaseId> {
        match self {
            Self::Making(making) => making.about.case,
            Self::Ending(_) => None,
        }
    }

    /// Takes a key that means no action.
    pub(in crate::tui) fn key(&mut self, key: Key, context: &mut Context<'_>) -> After {
        match self {
            Self::Making(making) => {
                making.key(key, context);
                After::Stay
            }
            Self::Ending(ending) => {
                let ended = ending.key(key, context);
                follow(ended, context)
            }
        }
    }

    /// Takes pasted text.
    pub(in crate::tui) fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        match self {
            Self::Making(making) => making.paste(text, context),
            Self::Ending(ending) => ending.paste(text, context),
        }
    }

    /// Moves the focus on or back.
    pub(in crate::tui) fn turn(&mut self, by: isize, key: Key) {
        match self {
            Self::Making(making) => making.turn(by, key),
            Self::Ending(ending) => ending.turn(by, key),
        }
    }

    /// Has it done, if nothing is missing.
    pub(in crate::tui) fn send(&mut self, key: Key, context: &mut Context<'_>) -> After {
        let ended = match self {
            Self::Making(making) => {
                making.compose(key, context).map_or(Ended::Not, |made| Ended::Do(Box::new(made)))
            }
            Self::Ending(ending) => ending.send(key, context),
        };
        follow(ended, context)
    }

    /// Takes an answer; nothing where the line did not wait for it.
    pub(in crate::tui) fn answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> Option<After> {
        let answer = answer.as_ref().ok();
        match self {
            Self::Making(making) => making.answered(ticket, answer).then_some(After::Stay),
            Self::Ending(ending) => {
                let ended = ending.answered(ticket, answer)?;
                Some(follow(ended, context))
            }
        }
    }

    /// Says why the desk refused it; what was typed is still here.
    pub(in crate::tui) fn refused(&mut self, error: &DeskError) {
        let words = Some(safe_line(&error.to_string()).into_owned());
        match self {
            Self::Making(making) => making.refusal = words,
            Self::Ending(ending) => ending.refusal = words,
        }
    }

    /// Takes the receipt of a draft; whether it was this line's.
    pub(in crate::tui) fn draft_executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
    ) -> bool {
        match self {
            Self::Making(making) => making.draft_executed(ticket, receipt.is_ok()),
            Self::Ending(_) => false,
        }
    }

    /// Keeps what was typed.
    pub(in crate::tui) fn keep(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        match self {
            Self::Making(making) => making.keep(context),
            Self::Ending(_) => None,
        }
    }

    /// Drops what was kept, since it is done.
    pub(in crate::tui) fn drop_draft(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        match self {
            Self::Making(making) => making.drop_draft(context),
            Self::Ending(_) => None,
        }
    }

    /// A second has passed.
    pub(in crate::tui) fn tick(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Making(making) => making.tick(context),
            Self::Ending(ending) => ending.tick(context),
        }
    }

    /// Its rows.
    pub(in crate::tui) fn picture(&self, cells: usize) -> Picture {
        let mut picture = match self {
            Self::Making(making) => making.picture(cells),
            Self::Ending(ending) => ending.picture(cells),
        };
        for row in &mut picture.rows {
            if width(row) > cells {
                *row = fit(row, cells);
            }
        }
        picture
    }

    /// Which draft keeps its fields.
    pub(in crate::tui) fn form(&self) -> Option<DraftForm> {
        matches!(self, Self::Making(_)).then_some(DraftForm::Promise)
    }

    /// What the footer shows.
    pub(in crate::tui) fn hints() -> Vec<Action> {
        vec![Action::Send, Action::NextField, Action::PreviousField, Action::Leave]
    }
}

fn follow(ended: Ended, context: &mut Context<'_>) -> After {
    match ended {
        Ended::Not => After::Stay,
        Ended::Do(command) => {
            let is_apology = Ending::is_apology(&command);
            After::Sent(send(*command, context), is_apology)
        }
        Ended::Nothing => {
            let key = context.shared.keymap.key(keymap::Context::Row, Action::Promise);
            let words = format!("Nothing is promised here and open; {key} promises something.");
            context.say(Status::Refused(words));
            After::Close
        }
    }
}

fn send(command: Command, context: &mut Context<'_>) -> Ticket {
    context.execute(command)
}
