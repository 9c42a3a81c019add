//! What the shell does about contacts: opens the prompt, hands it keys, and has its commands carried out.

use crate::desk::{Answer, Ask as _, AskVerification, Command, DeskError};
use crate::domain::cases::Channel;
use crate::domain::office::Behind;
use crate::domain::{CaseId, PersonId};
use crate::keymap::{Action, Key};

use super::super::model::{Errand, Model, Overlay};
use super::super::opening;
use super::super::place::Place;
use super::super::screen::{Effect, Handled, Shared, Status};
use super::super::shell::{ask, navigate, perform, run};
use super::super::when;
use super::answers;
use super::prompt::{Prompt, Step};
use super::verifying::Verifying;

/// Seconds for which a contact that runs when the program begins was begun for that.
const JUST_BEGUN_SECONDS: i64 = 60;

/// Opens the prompt.
pub(in crate::tui) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let (case, person) = open_now(model);
    let prompt = Prompt::open(&model.shared, case, person);
    if let Some(question) = prompt.wants_articles() {
        ask(model, Errand::Articles, question, effects);
    }
    model.overlay = Overlay::Contact(Box::new(prompt));
}

/// Opens the prompt that asks why a closed file is to be opened.
pub(in crate::tui) fn ask_why(model: &mut Model, behind: Behind) {
    model.overlay = Overlay::Contact(Box::new(Prompt::emergency(behind)));
}

/// Takes the texts that a digit answers with.
pub(in crate::tui) fn articles(model: &mut Model, answer: Result<Answer, DeskError>) {
    if let Overlay::Contact(prompt) = &mut model.overlay {
        prompt.take_articles(answers::articles(answer));
    }
}

/// The case and the person that are open: nobody chose those of the row under the cursor.
fn open_now(model: &Model) -> (Option<CaseId>, Option<PersonId>) {
    let current = model.history.current();
    let (case, person) = current.screen.subject();
    match current.place {
        Place::Case(_) => (case, person),
        Place::Person(_) => (None, person),
        _ => (None, None),
    }
}

/// Takes a key that the keymap does not bind.
pub(in crate::tui) fn key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) -> Handled {
    let Overlay::Contact(prompt) = &mut model.overlay else { return Handled::No };
    let step = prompt.key(key, &model.shared);
    follow(model, step, key, effects);
    Handled::Yes
}

/// Takes an action while the prompt is open.
pub(in crate::tui) fn act(model: &mut Model, action: Action, key: Key, effects: &mut Vec<Effect>) {
    let Overlay::Contact(prompt) = &mut model.overlay else { return };
    let step = match action {
        Action::Leave => Step::Close,
        Action::Send => prompt.send(&model.shared),
        _ => Step::Stay,
    };
    follow(model, step, key, effects);
}

/// Takes a pasted text.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) {
    if let Overlay::Contact(prompt) = &mut model.overlay {
        prompt.paste(text);
    }
}

fn follow(model: &mut Model, step: Step, key: Key, effects: &mut Vec<Effect>) {
    match step {
        Step::Stay => {}
        Step::Refuse(why) => {
            // What was typed ahead counted on its being taken.
            model.held.clear();
            model.status = Some(Status::Refused(why));
        }
        Step::Close => {
            model.overlay = Overlay::Nothing;
            opening::give_up(model, effects);
        }
        Step::Open(purpose) => opening::open(model, purpose, effects),
        Step::Do(command) => {
            model.overlay = Overlay::Nothing;
            model.status = None;
            run(model, Errand::Contact, *command, effects);
        }
        Step::Emergency(behind, reason) => {
            model.overlay = Overlay::Nothing;
            model.status = None;
            run(model, Errand::Emergency, Command::OpenEmergency { behind, reason }, effects);
        }
        Step::Go(to) => navigate(model, to, effects),
        Step::Act(action) => {
            model.overlay = Overlay::Nothing;
            perform(model, action, key, effects);
        }
    }
}

/// Asks for the questions that prove who the caller is.
pub(in crate::tui) fn verify(model: &mut Model, effects: &mut Vec<Effect>) {
    ask(model, Errand::Verify, AskVerification {}.into_query(), effects);
}

/// Opens the prompt with the questions.
pub(in crate::tui) fn verifying(model: &mut Model, answer: Result<Answer, DeskError>) {
    if let Ok(asked) = answer.and_then(AskVerification::expect) {
        model.overlay = Overlay::Contact(Box::new(Prompt::verifying(Verifying::new(asked))));
    }
}

/// What is said of a contact that runs when the program begins; nothing where it was begun just now.
pub(in crate::tui) fn greet(shared: &Shared, contact_key: &str) -> Option<String> {
    let contact = shared.presence.contact.as_ref()?;
    let ran = (shared.now.milliseconds() - contact.started_at.milliseconds()).div_euclid(1_000);
    if ran < JUST_BEGUN_SECONDS {
        return None;
    }
    let what = match contact.channel {
        Channel::Telephone => "A call",
        Channel::WalkIn => "A visit",
        Channel::Letter => "A letter",
        _ => "A contact",
    };
    let (today, day) = (shared.zone.day(shared.now), shared.zone.day(contact.started_at));
    let on = if day == today { String::new() } else { format!("{}, ", when::day(day, today)) };
    let since = when::time(contact.started_at, &shared.zone);
    Some(format!("{what} of yours has been running since {on}{since}: {contact_key} ends it."))
}
