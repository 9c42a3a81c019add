//! What the shell does itself, on every screen: going places, palette and help, claim, undo.

use super::calibrate;
use super::contact;
use super::emergency;
use super::habits::{self, MacroForm, Picked};
use super::help::Pages;
use super::model::{Asker, Errand, Model, Overlay};
use super::opening;
use super::palette::{Chosen, Palette};
use super::place::Place;
use super::promises::next_ring;
use super::screen::{Effect, Go, Handled, Status, Towards};
use super::screens;
use super::slip;
use super::status::key_of;
use super::tutor::Next;
use super::update::{keys, load, on_screen, remember};
use super::view::ROWS_BELOW;
use super::whereabouts;
use crate::desk::{
    Ask as _, AskMacros, AskWhy, Command, DraftForm, DraftKey, Macro, Query, View, ViewKind,
};
use crate::domain::{EntityId, PersonId};
use crate::keymap::{Action, Key};

/// Carries out an action: what lies over the screen takes it first, then the screen, then the shell.
pub(super) fn perform(model: &mut Model, action: Action, key: Key, effects: &mut Vec<Effect>) {
    let size = model.shared.size;
    let rows = usize::from(size.1.saturating_sub(ROWS_BELOW + 2));
    if action == Action::Refresh && !matches!(model.overlay, Overlay::Nothing) {
        // What lies over the screen stays as it is; nothing of it is read.
        effects.push(Effect::Redraw);
        return;
    }
    match &mut model.overlay {
        Overlay::Lesson(pages) => {
            if pages.act(action, size) == Handled::No {
                lesson(model, Next::End, effects);
            }
        }
        Overlay::Pages(pages) => {
            if pages.act(action, size) == Handled::No {
                model.overlay = Overlay::Nothing;
            }
        }
        Overlay::Picker(picker) => {
            let choice = picker.act(action, key, rows);
            pick(model, choice, effects);
        }
        Overlay::Macro(form) => match (form.act(action), action) {
            (Handled::Yes, _) | (Handled::No, Action::StartAnew) => {}
            (Handled::No, Action::Send) => match form.filled() {
                Ok(filled) => run(model, Errand::KeepMacro, Command::KeepMacro(filled), effects),
                Err(why) => refuse(model, why),
            },
            (Handled::No, _) => {
                model.overlay = Overlay::Nothing;
                model.status = Some(Status::Done("The macro is not kept.".to_owned()));
            }
        },
        Overlay::Palette(palette) => match palette.act(action, rows) {
            Chosen::Handled => {}
            Chosen::Nothing => {
                model.overlay = Overlay::Nothing;
                if action == Action::OpenHelp {
                    perform(model, action, key, effects);
                }
            }
            Chosen::Action(info) => {
                model.overlay = Overlay::Nothing;
                if info.takes_digit {
                    let keys = model.shared.keymap.keys_for(keys(model), info.action).join(", ");
                    refuse(model, format!("Which one is said by its digit: press {keys}."));
                } else {
                    perform(model, info.action, key, effects);
                }
            }
        },
        Overlay::Contact(_) => contact::act(model, action, key, effects),
        Overlay::Nothing => {
            if is_motion(action) {
                model.shared.is_rested = false;
            } else {
                model.status = None;
            }
            let handled =
                on_screen(model, effects, |screen, context| screen.act(action, key, context));
            if handled == Handled::No {
                globally(model, action, key, effects);
            }
        }
    }
}

/// Shows what the tutor has to say of its lesson.
pub(super) fn explain(model: &mut Model) {
    if let Some(coach) = &mut model.coach {
        coach.begin_anew();
        model.overlay = Overlay::Lesson(coach.pages(&model.shared));
    }
}

/// What a key means to the tutor, while its pages are open or a lesson is done.
pub(super) fn lesson(model: &mut Model, next: Next, effects: &mut Vec<Effect>) {
    let Some(coach) = &mut model.coach else { return };
    let is_explained = matches!(model.overlay, Overlay::Lesson(_));
    // What was begun on the page is not gone on with in the lesson.
    model.pending.clear();
    match next {
        Next::End => effects.push(Effect::Quit),
        Next::On if coach.is_over() => effects.push(Effect::Quit),
        Next::On if is_explained => {
            let start = coach.start(&model.shared);
            model.status = None;
            navigate(model, start, effects);
        }
        Next::On | Next::Skip => {
            coach.advance();
            explain(model);
        }
    }
}

fn is_motion(action: Action) -> bool {
    matches!(
        action,
        Action::ListDown
            | Action::ListUp
            | Action::PageDown
            | Action::PageUp
            | Action::ListFirst
            | Action::ListLast
    )
}

fn globally(model: &mut Model, action: Action, key: Key, effects: &mut Vec<Effect>) {
    match action {
        Action::OpenPalette => {
            let shared = &model.shared;
            let palette = Palette::new(&shared.keymap, keys(model), &shared.who);
            model.overlay = Overlay::Palette(palette);
        }
        Action::OpenHelp => {
            let shared = &model.shared;
            let pages = Pages::of_keys(&shared.keymap, keys(model), &shared.who);
            model.overlay = Overlay::Pages(match &model.notice {
                Some(notice) => pages.behind(notice),
                None => pages,
            });
        }
        Action::OpenFind => navigate(model, Go::Find(String::new()), effects),
        Action::NewCase => {
            // Nobody chose the person of the row under the cursor: a matter is for whoever's file or case is open.
            let current = model.history.current();
            let is_chosen = matches!(current.place, Place::Person(_) | Place::Case(_));
            let person = current.screen.subject().1.filter(|_| is_chosen);
            let contact = model.shared.presence.contact.as_ref();
            let caller = contact.and_then(|contact| contact.person.as_ref());
            let person = person.or(caller.map(|(person, _)| *person));
            navigate(model, Go::Intake(person, String::new()), effects);
        }
        Action::ClaimNext => match model.history.board().screen.view() {
            Some(view) => run(model, Errand::Claim, Command::ClaimNext(view), effects),
            None => refuse(model, "There is no list to claim from.".to_owned()),
        },
        Action::Undo => run(model, Errand::Undo, Command::Undo, effects),
        Action::Why => why(model, effects),
        Action::PrintSlip => slip::print(model, effects),
        Action::Repeat => repeat(model, effects),
        Action::GoPlaces => habits::show_places(model),
        Action::CalibrateBidi => calibrate::show(model),
        Action::RecordMacro => habits::record(model, key),
        Action::PlayMacro if habits::is_playing(model) => {
            refuse(model, "A macro plays no macro.".to_owned());
        }
        Action::PlayMacro => ask_macros(model, effects),
        Action::Count => habits::begin_count(model, key),
        Action::Contact => contact::open(model, effects),
        Action::VerifyCaller => contact::verify(model, effects),
        Action::Forward => navigate(model, Go::Forward, effects),
        Action::GoBoard => navigate(model, Go::Board, effects),
        Action::GoOverdue => navigate(model, Go::Overdue, effects),
        Action::GoLedger => navigate(model, Go::Ledger, effects),
        Action::GoDuplicates => navigate(model, Go::Duplicates, effects),
        Action::GoNews => navigate(model, Go::News, effects),
        Action::GoDay => navigate(model, Go::Day, effects),
        Action::GoColleagues => navigate(model, Go::Colleagues, effects),
        Action::GoDrafts => navigate(model, Go::Drafts, effects),
        Action::GoPromises => navigate(model, Go::Promises, effects),
        Action::GoMail => {
            let view = View { kind: ViewKind::Mail, unit: model.shared.who.unit.id };
            navigate(model, Go::List(view), effects);
        }
        Action::Emergency => emergency::open(model, effects),
        Action::GoAccesses => navigate(model, Go::Accesses, effects),
        Action::GoSignings => navigate(model, Go::Signings, effects),
        Action::GoUnrouted => {
            let view = View { kind: ViewKind::Unrouted, unit: model.shared.who.unit.id };
            navigate(model, Go::List(view), effects);
        }
        Action::GoRing => match next_ring(&model.shared.presence, &model.history.current().place) {
            Some(to) => navigate(model, to, effects),
            None => refuse(model, "No promise rings.".to_owned()),
        },
        Action::Refresh => {
            load(model, effects);
            effects.push(Effect::Redraw);
            model.status = Some(Status::Done("Read again.".to_owned()));
        }
        Action::Leave if model.history.is_home() => {
            let quit = key_of(&model.shared, keys(model), Action::Quit);
            let hint = quit.map(|quit| format!(" {quit} ends casedesk.")).unwrap_or_default();
            model.status = Some(Status::Done(format!("This is the board.{hint}")));
        }
        Action::Back | Action::Leave => navigate(model, Go::Back, effects),
        Action::Quit if model.history.is_home() && model.coach.is_some() => explain(model),
        Action::Quit if model.history.is_home() => {
            on_screen(model, effects, |screen, context| screen.put_away(context));
            whereabouts::forget(model, effects);
            effects.push(Effect::Quit);
        }
        Action::Quit => {
            navigate(model, Go::Board, effects);
            let said = "Back on the board; the same key once more ends casedesk.";
            model.status = Some(Status::Done(said.to_owned()));
        }
        Action::NextCase => neighbour(model, Towards::Next, effects),
        Action::PreviousCase => neighbour(model, Towards::Previous, effects),
        _ => {
            let label = action.info().label;
            refuse(model, format!("There is nothing to \"{label}\" here."));
        }
    }
}

/// Goes somewhere, and has the screen there ask for what it shows.
pub(super) fn navigate(model: &mut Model, go: Go, effects: &mut Vec<Effect>) {
    model.outdate();
    model.overlay = Overlay::Nothing;
    model.resume = None;
    opening::give_up(model, effects);
    on_screen(model, effects, |screen, context| screen.put_away(context));
    if let Some(person) = looked_for(model, &go) {
        return bring_back(model, person, effects);
    }
    habits::note_place(model);
    let place = match go {
        Go::Board => return home(model, effects),
        Go::List(view) => {
            model.history.home();
            return on_screen(model, effects, |screen, context| screen.show(view, context));
        }
        Go::Back => return step(model, Towards::Previous, effects),
        Go::Forward => return step(model, Towards::Next, effects),
        Go::Overdue => Place::Overdue,
        Go::Ledger => Place::Ledger,
        Go::Duplicates => Place::Duplicates,
        Go::News => Place::News,
        Go::Day => Place::Day,
        Go::Colleagues => Place::Colleagues,
        Go::Handover(caseworker, also) => Place::Handover(caseworker, also),
        Go::DuplicatesOf(person) => Place::DuplicatesOf(person),
        Go::MergePeople(survivor, merged) => Place::MergePeople(survivor, merged),
        Go::Promises => Place::Promises,
        Go::Find(text) => Place::Find(text),
        Go::Person(person) => Place::Person(person),
        Go::Case(case) => Place::Case(case),
        Go::Intake(person, words) => Place::Intake(person, words),
        Go::NewPerson(words, shown) => Place::NewPerson(words, shown),
        Go::Drafts => Place::Drafts,
        Go::Accesses => Place::Accesses,
        Go::Signings => Place::Signings,
        Go::FindFor(text) => {
            let sender = model.history.current().id;
            open(model, Place::Find(text), effects);
            model.looking_for = Some(sender);
            return;
        }
        Go::Draft(key) => return to_draft(model, &key, effects),
    };
    open(model, place, effects);
}

/// Opens a place, unless one is there, and has it ask for what it shows.
fn open(model: &mut Model, place: Place, effects: &mut Vec<Effect>) {
    if model.history.current().place != place {
        let screen = screens::make(&place, &model.shared);
        model.history.open(place, screen);
        // However long the one before was waited for, this one has just begun to load.
        model.held_ticks = 0;
    }
    load(model, effects);
}

/// The person who was looked for in the name of a form, once one is chosen or registered.
fn looked_for(model: &mut Model, go: &Go) -> Option<PersonId> {
    model.looking_for?;
    let is_looking = matches!(model.history.current().place, Place::Find(_) | Place::NewPerson(..));
    match go {
        Go::Person(person) if is_looking => Some(*person),
        Go::NewPerson(..) if is_looking => None,
        _ => {
            // Whoever goes anywhere else looks for nobody any more.
            model.looking_for = None;
            None
        }
    }
}

/// Does what was picked of a list over the screen.
fn pick(model: &mut Model, picked: Picked, effects: &mut Vec<Effect>) {
    if !matches!(picked, Picked::Handled) {
        model.overlay = Overlay::Nothing;
    }
    match picked {
        Picked::Handled | Picked::Nothing => {}
        Picked::Place(Place::Board) => navigate(model, Go::Board, effects),
        Picked::Place(place) => {
            model.resume = None;
            // Whoever goes anywhere else looks for nobody any more.
            model.looking_for = None;
            on_screen(model, effects, |screen, context| screen.put_away(context));
            habits::note_place(model);
            open(model, place, effects);
        }
        Picked::Order(bidi) => calibrate::choose(model, bidi),
        Picked::Play(recorded) => habits::play(model, &recorded, effects),
        Picked::Edit(Macro { name, keys }) => {
            model.overlay = Overlay::Macro(MacroForm::new(&name, &keys));
        }
        Picked::Drop(Macro { name, .. }) => {
            run(model, Errand::KeepMacro, Command::DropMacro(name), effects);
        }
    }
}

/// Goes back to the form that a person was looked for, and names them there.
fn bring_back(model: &mut Model, person: PersonId, effects: &mut Vec<Effect>) {
    let sender = model.looking_for.take();
    if sender.is_some_and(|sender| model.history.go_back_to(sender)) {
        load(model, effects);
        on_screen(model, effects, |screen, context| screen.take_person(person, context));
    } else {
        navigate(model, Go::Person(person), effects);
    }
}

/// Goes to what a draft is about, and opens its form there.
fn to_draft(model: &mut Model, key: &DraftKey, effects: &mut Vec<Effect>) {
    let (go, form) = match (key.form, &key.target) {
        (DraftForm::Intake, Some(EntityId::Person(person))) => {
            (Go::Intake(Some(*person), String::new()), None)
        }
        (DraftForm::Intake, _) => (Go::Intake(None, String::new()), None),
        (DraftForm::Person, None) => (Go::NewPerson(String::new(), Vec::new()), None),
        (form, Some(EntityId::Case(case))) => (Go::Case(*case), Some(form)),
        (form, Some(EntityId::Person(person))) => (Go::Person(*person), Some(form)),
        _ => return refuse(model, "What this draft was about is not to be found.".to_owned()),
    };
    navigate(model, go, effects);
    model.resume = form.and_then(whereabouts::action_of);
}

fn ask_macros(model: &mut Model, effects: &mut Vec<Effect>) {
    model.next_ticket.0 += 1;
    let ticket = model.next_ticket;
    remember(&mut model.asked, ticket, Asker::Shell(Errand::Macros));
    effects.push(Effect::Ask(ticket, AskMacros {}.into_query()));
}

fn home(model: &mut Model, effects: &mut Vec<Effect>) {
    model.history.home();
    load(model, effects);
}

fn step(model: &mut Model, towards: Towards, effects: &mut Vec<Effect>) {
    let (moved, said) = match towards {
        Towards::Next => (model.history.forward(), "There is no screen to go forward to."),
        Towards::Previous => (model.history.back(), "There is no screen before this one."),
    };
    if moved {
        load(model, effects);
    } else {
        refuse(model, said.to_owned());
    }
}

/// Opens the next case of the list that the case on the screen was opened from, in its place.
fn neighbour(model: &mut Model, towards: Towards, effects: &mut Vec<Effect>) {
    let Place::Case(case) = model.history.current().place else {
        return refuse(model, "No case is open here.".to_owned());
    };
    habits::note_place(model);
    let previous = model.history.previous_mut();
    let next = previous.and_then(|entry| entry.screen.neighbour(case, towards));
    match next {
        Some(next) => {
            let place = Place::Case(next);
            let screen = screens::make(&place, &model.shared);
            model.history.replace(place, screen);
            load(model, effects);
        }
        None => refuse(model, "The list that this case was opened from ends here.".to_owned()),
    }
}

fn why(model: &mut Model, effects: &mut Vec<Effect>) {
    let (case, _) = model.history.current().screen.subject();
    let Some(case) = case else {
        return refuse(model, "Nothing here has a reason to be shown.".to_owned());
    };
    ask(model, Errand::Why(case), AskWhy { case }.into_query(), effects);
}

/// Asks the desk something for the shell itself.
pub(super) fn ask(model: &mut Model, errand: Errand, query: Query, effects: &mut Vec<Effect>) {
    model.next_ticket.0 += 1;
    let ticket = model.next_ticket;
    remember(&mut model.asked, ticket, Asker::Shell(errand));
    effects.push(Effect::Ask(ticket, query));
}

/// Has the desk do something for the shell itself.
pub(super) fn run(model: &mut Model, errand: Errand, command: Command, effects: &mut Vec<Effect>) {
    model.next_ticket.0 += 1;
    let ticket = model.next_ticket;
    remember(&mut model.asked, ticket, Asker::Shell(errand));
    effects.push(Effect::Execute(ticket, Box::new(command)));
}

/// Does what was done last once more, where one is.
fn repeat(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.last_done.clone() {
        None => refuse(model, "Nothing was done yet that could be done again.".to_owned()),
        Some(Err(why)) => refuse(model, why),
        Some(Ok(act)) => {
            if on_screen(model, effects, |screen, context| screen.repeat(&act, context))
                == Handled::No
            {
                refuse(model, "There is no case here to do it with.".to_owned());
            }
        }
    }
}

pub(super) fn refuse(model: &mut Model, words: String) {
    // What was typed ahead counted on its being done.
    model.held.clear();
    model.status = Some(Status::Refused(words));
}
