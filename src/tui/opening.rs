//! A file that a screen asks about and nobody has named a purpose for: it is asked over the screen, and what was asked is
//! put again once the file is open.

use std::collections::BTreeMap;

use crate::desk::{Answer, Command, DeskError, Query, Receipt};
use crate::domain::EntityId;
use crate::domain::office::Purpose;

use super::contact::Prompt;
use super::model::{ASKED_MAX, Asker, Errand, Model, Overlay};
use super::screen::{Effect, Ticket};
use super::shell::run;
use super::status;
use super::update::{remember, with_screen};

/// A question of a screen or of the shell, as it is answered.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) ticket: Ticket,
    pub(super) asker: Asker,
    /// Whether keys wait for the answer.
    pub(super) is_loading: bool,
    /// What was asked, where that is known.
    pub(super) question: Option<Query>,
}

/// A file that nothing is shown of yet.
#[derive(Debug)]
pub(super) struct Unopened {
    about: EntityId,
    /// What is answered where it is not opened.
    refused: DeskError,
    /// What was asked of it: at most as many as questions are remembered.
    waiting: Vec<(Asked, Query)>,
    /// Whether a purpose was picked, and the desk opens it.
    is_opening: bool,
}

/// Keeps a question until it is answered; the oldest are forgotten where a desk leaves too much unanswered.
pub(super) fn keep(questions: &mut BTreeMap<Ticket, Query>, ticket: Ticket, question: Query) {
    questions.insert(ticket, question);
    if questions.len() > ASKED_MAX {
        questions.pop_first();
    }
}

/// The answer, unless it is that a purpose is needed for a file that the screen in front asks about: then the purpose is
/// asked for, and the question waits.
pub(super) fn unless_purpose_is_asked(
    model: &mut Model,
    asked: Asked,
    answer: Result<Answer, DeskError>,
) -> Option<Result<Answer, DeskError>> {
    let Err(error) = answer else { return Some(answer) };
    let is_in_front = asked.asker == Asker::Screen(model.history.current().id);
    let named = error.needs_purpose_for().filter(|_| is_in_front);
    let (Some(about), Some(question)) = (named, asked.question.clone()) else {
        return Some(Err(error));
    };
    let is_free = matches!(model.overlay, Overlay::Nothing);
    match &mut model.unopened {
        Some(unopened) if unopened.about == about && unopened.waiting.len() < ASKED_MAX => {
            unopened.waiting.push((asked, question));
            // Something else may have come over the prompt, and gone.
            if is_free && !unopened.is_opening {
                ask_purpose(model, &about, &error);
            }
        }
        None if is_free => {
            ask_purpose(model, &about, &error);
            let waiting = vec![(asked, question)];
            model.unopened = Some(Unopened { about, refused: error, waiting, is_opening: false });
        }
        _ => return Some(Err(error)),
    }
    None
}

fn ask_purpose(model: &mut Model, about: &EntityId, error: &DeskError) {
    let why = if let DeskError::Refused(refusal) = error { refusal.what.as_str() } else { "" };
    let prompt = Prompt::purpose(about, why, &model.shared);
    model.overlay = Overlay::Contact(Box::new(prompt));
    // What was typed ahead counted on the file.
    model.held.clear();
}

/// Opens the file for the purpose that was picked.
pub(super) fn open(model: &mut Model, purpose: Purpose, effects: &mut Vec<Effect>) {
    model.overlay = Overlay::Nothing;
    model.status = None;
    let unopened = model.unopened.as_mut().map(|unopened| {
        unopened.is_opening = true;
        &unopened.about
    });
    let command = match unopened {
        Some(EntityId::Case(case)) => Command::OpenCase { case: *case, purpose },
        Some(EntityId::Person(person)) => Command::OpenPerson { person: *person, purpose },
        _ => return,
    };
    run(model, Errand::Opening, command, effects);
}

/// The file is open, so that what waited is asked again; or it is not, and that is the answer.
pub(super) fn opened(
    model: &mut Model,
    receipt: &Result<Receipt, DeskError>,
    effects: &mut Vec<Effect>,
) {
    if let Err(error) = receipt {
        model.status = Some(status::of_error(error, &model.shared));
        if let Some(unopened) = &mut model.unopened {
            unopened.refused = error.clone();
        }
        return give_up(model, effects);
    }
    let waiting = model.unopened.take().map(|unopened| unopened.waiting);
    for (Asked { ticket, asker, is_loading, .. }, question) in waiting.into_iter().flatten() {
        if let Asker::Screen(id) = asker
            && is_loading
            && let Some(entry) = model.history.screen_mut(id)
        {
            entry.loading.push(ticket);
        }
        remember(&mut model.asked, ticket, asker);
        keep(&mut model.questions, ticket, question.clone());
        effects.push(Effect::Ask(ticket, question));
    }
}

/// The file is not opened: whoever asked goes on without it.
pub(super) fn give_up(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Unopened { refused, waiting, .. }) = model.unopened.take() else { return };
    for (Asked { ticket, asker, is_loading, .. }, _) in waiting {
        if let Asker::Screen(id) = asker {
            let answer = Err(refused.clone());
            with_screen(model, id, is_loading, effects, |screen, context| {
                screen.answered(ticket, answer, context);
            });
        }
    }
}
