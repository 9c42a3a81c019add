//! Where the caseworker is, kept at the desk while it changes and when the terminal goes, and gone back to afterwards.

use crate::desk::{Command, DraftForm, KeptPlace, KeptScreen, PLACE_SCREENS_MAX, View};
use crate::domain::CaseId;
use crate::domain::time::Instant;
use crate::keymap::{Action, Key};

use super::history::Entry;
use super::model::{Errand, Model};
use super::place::Place;
use super::screen::{Effect, Status};
use super::screens;
use super::shell::{perform, run};
use super::update::{load, on_screen};

/// Ticks between two keepings: what is lost of where one was is as little as of what one typed.
const TICKS: u8 = 2;

/// Days after which nobody wants to go on where they were cut off.
const DAYS_MAX: i32 = 7;

/// What there is to come back to on a screen, beside the place itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whereabouts {
    /// The list that it shows.
    pub view: Option<View>,
    /// The case under its cursor.
    pub row: Option<CaseId>,
    /// The form that is open on it.
    pub editing: Option<DraftForm>,
    /// What is typed, where that is what the screen is about.
    pub text: Option<String>,
}

/// Keeps the place of one session.
#[derive(Debug, Clone)]
pub(super) struct PlaceKeeper {
    session: u64,
    kept: Option<KeptPlace>,
    ticks: u8,
}

impl PlaceKeeper {
    /// The number of the session.
    pub(super) fn session(&self) -> u64 {
        self.session
    }
}

impl Model {
    /// Begins to keep where the caseworker is, as a session of this number; or goes on as the newest of the sessions that
    /// were cut off, if it was cut off today: there, and otherwise on the board with the way there as `>`.
    pub fn remember(&mut self, session: u64, cut_off: Vec<KeptPlace>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let today = self.shared.zone.day(self.shared.now);
        let days = |at: Instant| today.number() - self.shared.zone.day(at).number();
        let newest = cut_off.into_iter().find(|place| days(place.kept_at) <= DAYS_MAX);
        self.place = Some(PlaceKeeper { session, kept: None, ticks: 0 });
        if let Some(place) = newest {
            let is_today = days(place.kept_at) == 0;
            self.place = Some(PlaceKeeper { session: place.session, kept: None, ticks: 0 });
            go_back(self, &place, is_today, &mut effects);
        }
        keep(self, &mut effects);
        effects
    }

    /// Keeps what was typed and where the caseworker is, before the terminal is gone.
    pub fn put_away(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        on_screen(self, &mut effects, |screen, context| screen.put_away(context));
        keep(self, &mut effects);
        effects
    }
}

/// A second has passed: keeps the place, if it is another one and was not kept just now.
pub(super) fn tick(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(keeper) = &mut model.place else { return };
    keeper.ticks = keeper.ticks.saturating_add(1);
    if keeper.ticks >= TICKS {
        keep(model, effects);
    }
}

/// Forgets the place: the caseworker leaves as one should.
pub(super) fn forget(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(keeper) = model.place.take() {
        run(model, Errand::Place, Command::ForgetPlace { session: keeper.session }, effects);
    }
}

fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(mut keeper) = model.place.take() else { return };
    let place = place_of(model, keeper.session);
    if keeper.kept.as_ref() != Some(&place) {
        keeper.ticks = 0;
        keeper.kept = Some(place.clone());
        run(model, Errand::Place, Command::KeepPlace(place), effects);
    }
    model.place = Some(keeper);
}

/// The place as it is kept; the oldest screens after the board are left out where there are too many.
fn place_of(model: &mut Model, session: u64) -> KeptPlace {
    let depth = model.history.depth();
    let mut screens: Vec<(bool, KeptScreen)> = Vec::new();
    for (at, entry) in model.history.entries_mut().enumerate() {
        screens.push((at <= depth, kept(entry)));
    }
    let surplus = screens.len().saturating_sub(PLACE_SCREENS_MAX);
    screens.drain(1..=surplus);
    let behind = screens.iter().filter(|(is_behind, _)| *is_behind).count();
    KeptPlace {
        session,
        screens: screens.into_iter().map(|(_, screen)| screen).collect(),
        shown: u32::try_from(behind.saturating_sub(1)).unwrap_or(0),
        // The desk says when; a place that only grew older is the same place.
        kept_at: Instant::from_milliseconds(0),
    }
}

fn kept(entry: &mut Entry) -> KeptScreen {
    let about = entry.screen.whereabouts();
    let (name, mut words) = entry.place.words();
    if let Some(text) = about.text {
        words = vec![text];
    }
    KeptScreen {
        name: name.to_owned(),
        about: words,
        view: about.view,
        row: about.row,
        editing: about.editing,
    }
}

/// Opens the screens of a place again, and shows the one that was shown; on another day that one alone is opened, where
/// one key goes forward to it.
fn go_back(model: &mut Model, place: &KeptPlace, is_today: bool, effects: &mut Vec<Effect>) {
    let at = usize::try_from(place.shown).unwrap_or(0);
    let Some(shown) = place.screens.get(at) else { return };
    if let Some(board) = place.screens.first() {
        model.history.put_board_back(&whereabouts(board));
    }
    let mut depth = 0;
    for (place, kept) in place.screens.iter().enumerate().skip(if is_today { 1 } else { at.max(1) })
    {
        // A screen that this casedesk does not have is passed by.
        let Some(to) = Place::of_words(&kept.name, &kept.about) else { continue };
        let mut screen = screens::make(&to, &model.shared);
        screen.put_back(&whereabouts(kept));
        model.history.open(to, screen);
        depth += usize::from(place <= at);
    }
    model.history.go_to(if is_today { depth } else { 0 });
    load(model, effects);
    let words = in_words(shown);
    if is_today && (depth > 0 || shown.editing.is_some()) {
        model.resume = shown.editing.and_then(action_of);
        model.status = Some(Status::Done(format!("Back where you were: {words}.")));
    } else if depth > 0 {
        model.status = Some(Status::Done(format!("You were cut off at {words}: > goes there.")));
    }
}

/// Opens the form that was open, once what it is about is here; what the status line says stays.
pub(super) fn resume(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let said = model.status.take();
    on_screen(model, effects, |screen, _| {
        if let Some(casework) = screen.casework() {
            casework.resume_next();
        }
    });
    perform(model, action, Key::char(' '), effects);
    model.status = model.status.take().or(said);
}

fn whereabouts(kept: &KeptScreen) -> Whereabouts {
    Whereabouts { view: kept.view, row: kept.row, editing: kept.editing, text: None }
}

/// A screen as the status line names it: `C-20931, replying`.
fn in_words(kept: &KeptScreen) -> String {
    let about = kept.row.filter(|_| kept.name == "board").map(|row| row.to_string());
    let about = about.or_else(|| kept.about.first().cloned()).filter(|about| !about.is_empty());
    let place = match (kept.name.as_str(), about) {
        ("case" | "person" | "board", Some(about)) => about,
        (name, Some(about)) => format!("{name} {about}"),
        (name, None) => name.to_owned(),
    };
    match kept.editing {
        Some(form) => format!("{place}, {}", form.words()),
        None => place,
    }
}

/// The action that opens a form on a case or a person's file.
pub(super) fn action_of(form: DraftForm) -> Option<Action> {
    Some(match form {
        DraftForm::Intake => return None,
        DraftForm::Promise => Action::Promise,
        DraftForm::Note => Action::AddNote,
        DraftForm::Reply => Action::Reply,
        DraftForm::Escalation => Action::Escalate,
        DraftForm::Hold => Action::Hold,
        DraftForm::Close => Action::CloseCase,
        DraftForm::Give => Action::Give,
        DraftForm::Reopen => Action::ReopenCase,
        DraftForm::Screening => Action::NextStep,
        DraftForm::Person => Action::EditPerson,
        DraftForm::Merge => Action::Merge,
        DraftForm::Fields => Action::FillIn,
        DraftForm::Decision => Action::Decide,
        DraftForm::Extension => Action::Extend,
        DraftForm::Correction => Action::CorrectClosed,
    })
}
