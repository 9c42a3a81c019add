//! Changes the model by what came in, and says what is to be done about it. No I/O happens here.

use std::collections::BTreeMap;

use crate::desk::{
    Answer, Ask as _, AskHealth, AskMacros, AskPresence, AskWho, AskWhy, Change, Command,
    DeskError, Receipt, Undoable,
};
use crate::domain::office::Action as Right;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap::{self, Action, Key, KeyCode, Modifiers, Resolution};

use super::contact;
use super::habits::{self, Picker};
use super::header;
use super::help::Pages;
use super::here;
use super::history::ScreenId;
use super::model::{
    ASKED_MAX, Asker, Errand, HELD_MAX, HELD_TICKS_MAX, Model, NOTICE_TICKS, Outdated, Overlay,
    TOLD_MAX,
};
use super::opening::{self, Asked};
use super::others;
use super::promises::is_new;
use super::screen::{Context, Effect, Go, Handled, Msg, Screen, Status, Ticket};
use super::shell;
use super::slip;
use super::small;
use super::status;
use super::tutor::{Next, skip_key};
use super::whereabouts;

/// What is said of a paste, or of a burst of letters that can be nothing else, where no text has the focus.
const NO_TEXT_FOR_PASTE: &str =
    "That came like a paste, and no text is open: nothing was done. Open a text first.";

/// Takes a message, and with it whatever was typed ahead and need not wait any longer.
///
/// A key acts on the record that was drawn when it was pressed. So what the desk tells is put by until [`take_in`], which
/// is called before a frame is drawn, unless keys wait for it: those were typed ahead, and mean what is to come.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match &msg {
        Msg::Key(key) => habits::hear(model, *key),
        // What is refused is not recorded either, or playing it would press its letters.
        Msg::Paste(text) if has_to_wait(model) || takes_paste(model, &mut effects) => {
            habits::hear_paste(model, text);
        }
        Msg::Tick(_) => habits::wait(model),
        Msg::Paste(_)
        | Msg::Resized(..)
        | Msg::Answered(..)
        | Msg::Executed(..)
        | Msg::Changed(_)
        | Msg::Rested
        | Msg::NotTaken(_) => {}
    }
    if matches!(msg, Msg::Answered(..) | Msg::Executed(..) | Msg::Changed(_)) {
        model.told.push_back(msg);
    } else {
        take(model, msg, &mut effects);
    }
    go_on(model, &mut effects);
    others::follow(model, &mut effects);
    heed(model, &effects);
    effects
}

/// Takes in what the desk told since the last frame. The driver calls it before each frame, when no key waits.
pub fn take_in(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(told) = model.told.pop_front() {
        take(model, told, &mut effects);
        go_on(model, &mut effects);
    }
    others::follow(model, &mut effects);
    heed(model, &effects);
    effects
}

/// Takes what keys wait for, and then the keys.
fn go_on(model: &mut Model, effects: &mut Vec<Effect>) {
    loop {
        habits::go_on(model, effects);
        let is_awaited = has_to_wait(model) || habits::is_playing(model);
        if is_awaited || model.told.len() > TOLD_MAX {
            let Some(told) = model.told.pop_front() else { return };
            take(model, told, effects);
        } else if let Some(action) = model.resume.take() {
            whereabouts::resume(model, action, effects);
        } else if let Some(held) = model.held.pop_front() {
            take(model, held, effects);
        } else {
            return;
        }
    }
}

fn heed(model: &mut Model, effects: &[Effect]) {
    if let Some(coach) = &mut model.coach {
        coach.sent(effects);
        coach.is_at(&model.history.current().place, model.shared.now);
    }
}

/// Asks for what the first screen shows.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.shared.who.may(Right::ReadCase) {
        load(model, &mut effects);
    } else {
        shell::navigate(model, Go::Colleagues, &mut effects);
        let words =
            "You see units and colleagues; your rights include no cases and no people's files.";
        model.status = Some(Status::Done(words.to_owned()));
    }
    ask_health(model, &mut effects);
    ask_presence(model, &mut effects);
    here::note(model, &mut effects);
    effects
}

fn take(model: &mut Model, msg: Msg, effects: &mut Vec<Effect>) {
    match msg {
        Msg::Key(key) if small::is_too_small(model) => small::pressed(model, key, effects),
        // Nobody sees where it would go.
        Msg::Paste(_) if small::is_too_small(model) => {}
        Msg::Key(key) => take_key(model, key, effects),
        Msg::Paste(text) => {
            model.outdate();
            if has_to_wait(model) || habits::is_playing(model) {
                hold(model, Msg::Paste(text));
                return;
            }
            if !takes_paste(model, effects) {
                model.status = Some(Status::Refused(NO_TEXT_FOR_PASTE.to_owned()));
                return;
            }
            match &mut model.overlay {
                Overlay::Nothing => on_screen(model, effects, |screen, cx| screen.paste(&text, cx)),
                Overlay::Palette(palette) => palette.paste(&text),
                Overlay::Macro(form) => form.paste(&text),
                Overlay::Pages(_) | Overlay::Lesson(_) | Overlay::Picker(_) => {}
                Overlay::Contact(_) => contact::paste(model, &text),
            }
        }
        Msg::NotTaken(why) => {
            model.outdate();
            model.status = Some(Status::Refused(why));
        }
        Msg::Resized(columns, rows) => {
            model.outdate();
            model.fit((columns, rows));
        }
        Msg::Answered(ticket, answer) => answered(model, ticket, *answer, effects),
        Msg::Executed(ticket, receipt) => executed(model, ticket, &receipt, effects),
        Msg::Changed(Change::Resync) => {
            on_screen(model, effects, |screen, cx| screen.changed(&Change::Resync, cx));
            ask_health(model, effects);
            ask_presence(model, effects);
            others::anew(model, effects);
        }
        Msg::Changed(Change::Sight) => {
            // No screen that one can go back to shows what may not be seen any more either.
            let screens: Vec<_> = model.history.entries_mut().map(|entry| entry.id).collect();
            for id in screens {
                let change = &Change::Sight;
                with_screen(model, id, false, effects, |screen, cx| screen.changed(change, cx));
            }
            ask_presence(model, effects);
            shell::ask(model, Errand::Who, AskWho {}.into_query(), effects);
        }
        Msg::Changed(Change::Health) => ask_health(model, effects),
        Msg::Changed(change) => {
            if is_about_presence(&change) {
                ask_presence(model, effects);
            }
            let me = EntityId::Caseworker(model.shared.who.caseworker.id);
            if matches!(&change, Change::Changed(entities) if entities.contains(&me)) {
                shell::ask(model, Errand::Who, AskWho {}.into_query(), effects);
            }
            others::changed(model, &change, effects);
            on_screen(model, effects, |screen, cx| screen.changed(&change, cx));
        }
        Msg::Rested => {
            let was_rested = std::mem::replace(&mut model.shared.is_rested, true);
            model.outdate();
            model.pending_rests = model.pending_rests.saturating_add(1);
            if was_rested {
                return;
            }
            on_screen(model, effects, |screen, cx| screen.rested(cx));
        }
        Msg::Tick(now) => {
            let minute = |at| model.shared.zone.hour_minute(at);
            let is_new_minute = minute(now) != minute(model.shared.now);
            // Only the seconds of the contact change on the screen then, and only their cells are sent.
            model.outdate_if(is_new_minute || header::counts_seconds(&model.shared));
            model.shared.now = now;
            // The tutor counts seconds.
            model.outdate_if(model.coach.is_some());
            if is_new_minute {
                // A promise begins to ring although nobody has done anything.
                ask_presence(model, effects);
            }
            here::note(model, effects);
            model.held_ticks = if has_to_wait(model) { model.held_ticks + 1 } else { 0 };
            on_screen(model, effects, |screen, cx| screen.tick(cx));
            ask_whether_trouble_lasts(model, effects);
            whereabouts::tick(model, effects);
            others::tick(model, effects);
        }
    }
}

/// Whether keys are about something that is not on the screen yet: they were typed ahead, and mean what is to come.
pub(super) fn has_to_wait(model: &Model) -> bool {
    let entry = model.history.current();
    // A digit of the contact's prompt means a text that has to come first, and a macro's form goes once it is kept.
    let is_over = match &model.overlay {
        Overlay::Contact(prompt) => prompt.asks_purpose(),
        Overlay::Nothing | Overlay::Macro(_) => false,
        _ => true,
    };
    let errand = |asker: &Asker| {
        matches!(
            asker,
            Asker::Shell(
                Errand::Claim
                    | Errand::Undo
                    | Errand::Macros
                    | Errand::KeepMacro
                    | Errand::Contact
                    | Errand::ContactPresence
                    | Errand::Verify
                    | Errand::Articles
                    | Errand::Slip(_)
                    | Errand::Opening
            )
        )
    };
    model.held_ticks < HELD_TICKS_MAX
        && !is_over
        && (!entry.loading.is_empty()
            || entry.screen.is_waiting()
            || model.asked.values().any(errand))
}

/// Takes a key for the screen, or for what lies over it.
fn take_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let (outdated, status, was_bare) = (model.outdated, model.status.clone(), is_bare(model));
    model.outdate();
    model.here.pressed();
    if habits::is_playing(model) && habits::is_end(key) {
        return habits::stop(model, "you stopped it.", effects);
    }
    if key.code() == KeyCode::Esc {
        model.held.clear();
        habits::leave_count(model);
    } else if has_to_wait(model) || habits::is_playing(model) {
        hold(model, Msg::Key(key));
        return;
    }
    let (screen, subject) = focused(model);
    model.has_moved = false;
    pressed(model, key, effects);
    let now = focused(model);
    let is_same = now.0 == screen && model.status == status;
    if model.has_moved && is_same && was_bare && is_bare(model) {
        model.outdated = outdated.max(Outdated::Cursor);
    }
    if now.0 == screen && now.1 != subject {
        model.shared.is_rested = false;
    }
}

/// Whether what stands around the screen does not go by the keys before.
fn is_bare(model: &Model) -> bool {
    matches!(model.overlay, Overlay::Nothing)
        && model.pending.is_empty()
        && model.coach.is_none()
        && habits::is_idle(model)
}

/// The screen that one is on, and what its cursor is on.
fn focused(model: &Model) -> (ScreenId, (Option<CaseId>, Option<PersonId>)) {
    let entry = model.history.current();
    (entry.id, entry.screen.subject())
}

/// Whether a paste would be put in somewhere.
fn takes_paste(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    match model.overlay {
        Overlay::Nothing => on_screen(model, effects, |screen, _| screen.takes_paste()),
        _ => keys(model).is_text(),
    }
}

fn hold(model: &mut Model, msg: Msg) {
    if model.held.len() < HELD_MAX {
        model.held.push_back(msg);
    }
}

pub(super) fn pressed(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if matches!(model.status, Some(Status::Refused(_))) {
        model.status = None;
    }
    let context = keys(model);
    let (key, resolution) = model.shared.keymap.meant(context, &model.pending, key);
    if habits::take_counted(model, key) {
        return;
    }
    if let Some(next) = for_the_tutor(model, key) {
        return shell::lesson(model, next, effects);
    }
    if let Some(coach) = &mut model.coach
        && !matches!(model.overlay, Overlay::Lesson(_))
    {
        let is_letter = matches!(resolution, Resolution::Unbound) && key.typed().is_some();
        coach.pressed(context, is_letter, model.shared.now);
    }
    match resolution {
        Resolution::Action(action) => {
            model.pending.clear();
            shell::perform(model, action, key, effects);
        }
        Resolution::Pending(continuations) => {
            if model.pending.is_empty() {
                model.pending_rests = 0;
            }
            model.pending.push(key);
            model.continuations = continuations;
        }
        Resolution::Unbound if !model.pending.is_empty() && !key.modifiers().alt => {
            let begun = std::mem::take(&mut model.pending);
            let leaves =
                model.shared.keymap.resolve(context, &[], key) == Resolution::Action(Action::Leave);
            if key.code() != KeyCode::Esc && !leaves {
                let keys = model.shared.keymap.print(&[begun.as_slice(), &[key]].concat());
                model.status = Some(Status::Refused(format!("{keys} means nothing here.")));
            }
        }
        // A terminal sends Alt as an Esc before the key, and so does whoever presses Esc and types on.
        Resolution::Unbound if key.modifiers().alt => {
            pressed(model, Key::plain(KeyCode::Esc), effects);
            let modifiers = Modifiers { alt: false, ..key.modifiers() };
            pressed(model, Key::new(key.code(), modifiers), effects);
            // The Esc did more.
            model.has_moved = false;
        }
        Resolution::Unbound => {
            let handled = match &mut model.overlay {
                Overlay::Nothing => {
                    model.shared.is_rested = false;
                    on_screen(model, effects, |screen, cx| screen.key(key, cx))
                }
                Overlay::Palette(palette) => palette.key(key),
                Overlay::Macro(form) => form.key(key),
                Overlay::Pages(_) | Overlay::Lesson(_) | Overlay::Picker(_) => Handled::No,
                Overlay::Contact(_) => contact::key(model, key, effects),
            };
            if handled == Handled::No && is_offered_undo(model, key) {
                shell::perform(model, Action::Undo, key, effects);
            } else if handled == Handled::No {
                let help = status::key_of(&model.shared, context, Action::OpenHelp);
                let hint = help.map(|help| format!("; {help} shows the keys")).unwrap_or_default();
                model.status = Some(Status::Refused(format!("{key} means nothing here{hint}.")));
            }
        }
    }
}

/// Whether a key that means nothing on the screen is the one that undoes, and the status line offers it: it does so wherever
/// one is, also where letters are typed and no text is open.
fn is_offered_undo(model: &Model, key: Key) -> bool {
    let (_, everywhere) = model.shared.keymap.meant(keymap::Context::Everywhere, &[], key);
    matches!(model.overlay, Overlay::Nothing)
        && status::offers_undo(model.status.as_ref(), &model.shared)
        && everywhere == Resolution::Action(Action::Undo)
}

/// What a key means to the tutor: its pages are open, or a lesson is done and Enter goes on.
fn for_the_tutor(model: &Model, key: Key) -> Option<Next> {
    let coach = model.coach.as_ref()?;
    let is_explained = matches!(model.overlay, Overlay::Lesson(_));
    if key.code() == KeyCode::Enter && (is_explained || coach.is_done()) {
        return Some(Next::On);
    }
    let skip = skip_key(&model.shared.keymap);
    let is_skip = key == skip || model.shared.keymap.by_position(key) == Some(skip);
    (is_explained && is_skip && !coach.is_over()).then_some(Next::Skip)
}

/// Asks whether anything can be changed.
fn ask_health(model: &mut Model, effects: &mut Vec<Effect>) {
    model.notice_ticks = 0;
    model.next_ticket.0 += 1;
    let ticket = model.next_ticket;
    remember(&mut model.asked, ticket, Asker::Shell(Errand::Health));
    effects.push(Effect::Ask(ticket, AskHealth {}.into_query()));
}

/// Asks what goes on wherever the caseworker is.
fn ask_presence(model: &mut Model, effects: &mut Vec<Effect>) {
    shell::ask(model, Errand::Presence, AskPresence {}.into_query(), effects);
}

fn is_about_presence(change: &Change) -> bool {
    matches!(change, Change::Changed(entities) if entities.iter().any(|entity| {
        matches!(
            entity,
            EntityId::Contact(_)
                | EntityId::Access(_)
                | EntityId::Promise(_)
                | EntityId::Signing(_)
                | EntityId::Purpose(_)
        )
    }))
}

/// Takes what goes on. A desk that does not answer is no news: what it said last stands.
fn is_present(model: &mut Model, answer: Result<Answer, DeskError>, effects: &mut Vec<Effect>) {
    let Ok(presence) = answer.and_then(AskPresence::expect) else { return };
    if is_new(&presence, &mut model.rung) && model.has_bell {
        effects.push(Effect::Bell);
    }
    model.outdate_if(presence != model.shared.presence);
    model.shared.presence = presence;
    if !model.is_presence_known {
        model.is_presence_known = true;
        let key = status::key_of(&model.shared, keymap::Context::Everywhere, Action::Contact);
        let greeting = contact::greet(&model.shared, key.as_deref().unwrap_or("ending it"));
        if model.status.is_none() {
            model.status = greeting.map(Status::Done);
        }
    }
}

fn ask_whether_trouble_lasts(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.notice.as_ref().is_some_and(|notice| notice.is_trouble) {
        model.notice_ticks += 1;
        if model.notice_ticks >= NOTICE_TICKS {
            ask_health(model, effects);
        }
    }
}

/// Shows what every screen is to show. A desk that does not answer is no news: what it said last stands.
fn healthy(model: &mut Model, answer: Result<Answer, DeskError>, effects: &mut Vec<Effect>) {
    let Ok(health) = answer.and_then(AskHealth::expect) else { return };
    if health.notice == model.notice {
        return;
    }
    let was_trouble = model.notice.as_ref().is_some_and(|notice| notice.is_trouble);
    let is_over = was_trouble && health.notice.is_none();
    model.notice = health.notice;
    model.outdate();
    model.fit(model.terminal);
    if is_over {
        let refused = std::mem::take(&mut model.was_refused);
        let again = if refused { " Do once more what was refused." } else { "" };
        model.status = Some(Status::Done(format!("Changes are saved again.{again}")));
        // A file that could not be opened opens now.
        load(model, effects);
    }
}

/// Where the focus is, for the keymap.
pub(super) fn keys(model: &Model) -> keymap::Context {
    match &model.overlay {
        Overlay::Nothing => model.history.current().screen.keys(),
        Overlay::Palette(_) => keymap::Context::Palette,
        Overlay::Picker(_) => keymap::Context::Picker,
        Overlay::Pages(_) | Overlay::Lesson(_) => keymap::Context::Help,
        Overlay::Contact(_) | Overlay::Macro(_) => keymap::Context::Line,
    }
}

fn answered(
    model: &mut Model,
    ticket: Ticket,
    answer: Result<Answer, DeskError>,
    effects: &mut Vec<Effect>,
) {
    let Some((asker, is_loading)) = asker_of(model, ticket) else { return };
    if asker == Asker::Shell(Errand::Health) {
        return healthy(model, answer, effects);
    }
    if matches!(asker, Asker::Shell(Errand::Presence | Errand::ContactPresence)) {
        return is_present(model, answer, effects);
    }
    if asker == Asker::Shell(Errand::Who) {
        if let Ok(who) = answer.and_then(AskWho::expect) {
            model.outdate_if(model.shared.who != who);
            model.shared.who = who;
        }
        return;
    }
    if asker == Asker::Shell(Errand::Attendance) {
        return others::answered(model, answer, effects);
    }
    model.outdate();
    let question = model.questions.remove(&ticket);
    let put = Asked { ticket, asker, is_loading, question };
    let Some(answer) = opening::unless_purpose_is_asked(model, put, answer) else { return };
    if let Err(error) = &answer {
        model.status = Some(match error {
            // A question is no attempt on it, and the screen says why in its place.
            DeskError::Closed(_) => Status::Refused(status::STAYS_CLOSED.to_owned()),
            error => status::of_error(error, &model.shared),
        });
    }
    match asker {
        Asker::Screen(id) | Asker::Draft(id) => {
            with_screen(model, id, is_loading, effects, |screen, cx| {
                screen.answered(ticket, answer, cx);
            });
        }
        Asker::Shell(Errand::Why(case)) => {
            if let Ok(why) = answer.and_then(AskWhy::expect) {
                let lines = match why.lines() {
                    lines if lines.is_empty() => vec!["Nothing is known about it.".to_owned()],
                    lines => lines,
                };
                model.overlay = Overlay::Pages(Pages::new(format!("WHY  {case}"), lines));
            }
        }
        Asker::Shell(Errand::Macros) => {
            if let Ok(macros) = answer.and_then(AskMacros::expect) {
                let record =
                    model.shared.keymap.key(keymap::Context::Everywhere, Action::RecordMacro);
                model.overlay = Overlay::Picker(Picker::of_macros(macros.macros, &record));
            }
        }
        Asker::Shell(Errand::Verify) => contact::verifying(model, answer),
        Asker::Shell(Errand::Articles) => contact::articles(model, answer),
        Asker::Shell(
            Errand::Claim
            | Errand::Undo
            | Errand::Health
            | Errand::Presence
            | Errand::Contact
            | Errand::ContactPresence
            | Errand::Emergency
            | Errand::Here
            | Errand::Place
            | Errand::Attendance
            | Errand::Who
            | Errand::KeepMacro
            | Errand::Slip(_)
            | Errand::Opening,
        ) => {}
    }
}

fn executed(
    model: &mut Model,
    ticket: Ticket,
    receipt: &Result<Receipt, DeskError>,
    effects: &mut Vec<Effect>,
) {
    if let Some(coach) = &mut model.coach {
        coach.carried_out(ticket, receipt.is_ok(), model.shared.now);
    }
    let Some((asker, is_loading)) = asker_of(model, ticket) else { return };
    if asker == Asker::Shell(Errand::Here) {
        // Whether it could be noted is no matter of whoever is here.
        return;
    }

    if asker == Asker::Shell(Errand::Place) {
        // Nobody asked for it, and whoever cannot be brought back there begins on the board.
        return;
    }
    let is_screens = matches!(asker, Asker::Screen(_) | Asker::Draft(_));
    model.outdate();
    if asker == Asker::Shell(Errand::Opening) {
        return opening::opened(model, receipt, effects);
    }
    // A draft is kept again by itself.
    model.was_refused |= !matches!(asker, Asker::Draft(_))
        && matches!(receipt, Err(DeskError::ReadOnly(_) | DeskError::Lost(_)));
    match receipt {
        // What leaves no change that anybody sees, as opening a case or keeping a draft, must not talk over what was done.
        Ok(receipt) if is_screens && receipt.undo == Undoable::Nothing => {}
        Ok(receipt) => {
            model.own_acts.note(receipt);
            let done = match asker {
                Asker::Shell(Errand::Undo) => model.own_acts.of_undo(receipt, &model.shared),
                _ => status::of_receipt(receipt, &model.shared),
            };
            if let Some(done) = done {
                model.status = Some(done);
            }
        }
        // The notice has said why, and the editor says that its words are not kept; nothing typed ahead rests on it.
        Err(_) if matches!(asker, Asker::Draft(_)) && model.notice.is_some() => {}
        Err(error) => {
            // What was typed ahead counted on its being done.
            model.held.clear();
            model.status = Some(match asker {
                Asker::Shell(Errand::Undo) => status::of_undo_error(error, &model.shared),
                Asker::Shell(_) | Asker::Screen(_) | Asker::Draft(_) => {
                    status::of_error(error, &model.shared)
                }
            });
        }
    }
    match asker {
        Asker::Screen(id) | Asker::Draft(id) => {
            with_screen(model, id, is_loading, effects, |screen, cx| {
                screen.executed(ticket, receipt, cx);
            });
        }
        Asker::Shell(Errand::Claim) => {
            if let Ok(Receipt { subject: Some(EntityId::Case(case)), .. }) = receipt {
                shell::navigate(model, Go::Case(*case), effects);
            }
        }
        Asker::Shell(Errand::KeepMacro) => {
            // The form stays with its words where the macro could not be kept.
            if receipt.is_ok() {
                model.overlay = Overlay::Nothing;
            }
        }

        Asker::Shell(Errand::Slip(case)) => slip::show(model, case, receipt),
        Asker::Shell(Errand::Emergency) => {
            ask_presence(model, effects);
            if receipt.is_ok() {
                load(model, effects);
            }
        }
        Asker::Shell(Errand::Contact) => {
            let ask = AskPresence {}.into_query();
            shell::ask(model, Errand::ContactPresence, ask, effects);
        }
        Asker::Shell(
            Errand::Undo
            | Errand::Why(_)
            | Errand::Health
            | Errand::Presence
            | Errand::ContactPresence
            | Errand::Verify
            | Errand::Articles
            | Errand::Here
            | Errand::Place
            | Errand::Attendance
            | Errand::Who
            | Errand::Macros
            | Errand::Opening,
        ) => {
            if receipt.is_ok() {
                if asker == Asker::Shell(Errand::Undo) {
                    on_screen(model, effects, |screen, _| screen.undone());
                }
                load(model, effects);
            }
        }
    }
    if matches!(receipt, Err(DeskError::Changed { .. })) {
        load(model, effects);
    }
}

/// Whose answer this is, and whether their screen waits for it before keys go through; nobody's, where it is old.
fn asker_of(model: &mut Model, ticket: Ticket) -> Option<(Asker, bool)> {
    let asker = model.asked.remove(&ticket)?;
    let (Asker::Screen(id) | Asker::Draft(id)) = asker else { return Some((asker, false)) };
    let entry = model.history.screen_mut(id)?;
    let before = entry.loading.len();
    entry.loading.retain(|waited| *waited != ticket);
    Some((asker, entry.loading.len() < before))
}

/// Has the current screen ask for what it shows; keys wait for it.
pub(super) fn load(model: &mut Model, effects: &mut Vec<Effect>) {
    model.shared.is_rested = true;
    let id = model.history.current().id;
    // What an earlier loading asked for may never be answered now: a newer search takes an older one's place.
    if let Some(entry) = model.history.screen_mut(id) {
        entry.loading.clear();
    }
    with_screen(model, id, true, effects, |screen, cx| screen.load(cx));
}

/// Has the current screen do something.
pub(super) fn on_screen<R: Default>(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    run: impl FnOnce(&mut dyn Screen, &mut Context<'_>) -> R,
) -> R {
    let id = model.history.current().id;
    with_screen(model, id, false, effects, run)
}

/// Has a screen do something, and follows up what it wants. Where it is loading, what it asks for now is waited for, too.
pub(super) fn with_screen<R: Default>(
    model: &mut Model,
    id: ScreenId,
    is_loading: bool,
    effects: &mut Vec<Effect>,
    run: impl FnOnce(&mut dyn Screen, &mut Context<'_>) -> R,
) -> R {
    let is_current = model.history.current().id == id;
    let Some(entry) = model.history.screen_mut(id) else { return R::default() };
    let mut context = Context::new(&model.shared, &mut model.next_ticket);
    let result = run(entry.screen.as_mut(), &mut context);
    let Context { effects: wanted, go, status, done, has_moved, .. } = context;
    model.has_moved = has_moved && is_current && wanted.is_empty() && go.is_none();
    model.last_done = done.or(model.last_done.take());
    for effect in &wanted {
        let (ticket, asker) = match effect {
            Effect::Execute(ticket, command) if is_about_draft(command) => {
                (ticket, Asker::Draft(id))
            }
            Effect::Ask(ticket, _) | Effect::Execute(ticket, _) => (ticket, Asker::Screen(id)),
            Effect::Quit | Effect::Bell | Effect::Redraw => continue,
        };
        if is_loading {
            entry.loading.push(*ticket);
        }
        remember(&mut model.asked, *ticket, asker);
        if let Effect::Ask(ticket, query) = effect {
            opening::keep(&mut model.questions, *ticket, query.clone());
        }
    }
    model.outdate_if(!wanted.is_empty() || status.is_some());
    effects.extend(wanted);
    if status.is_some() {
        model.status = status;
    }
    if let Some(go) = go.filter(|_| is_current) {
        shell::navigate(model, go, effects);
    }
    result
}

fn is_about_draft(command: &Command) -> bool {
    matches!(command, Command::SaveDraft(_) | Command::DropDraft(_))
}

/// Remembers who asked; the oldest are forgotten where a desk leaves too much unanswered.
pub(super) fn remember(asked: &mut BTreeMap<Ticket, Asker>, ticket: Ticket, whose: Asker) {
    asked.insert(ticket, whose);
    if asked.len() > ASKED_MAX {
        asked.pop_first();
    }
}
