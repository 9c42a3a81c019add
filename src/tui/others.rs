//! Tells the desk what is open here and composed on it, and knows who else has it open.

use crate::desk::{
    Answer, Ask as _, AskAttendance, AttendanceAnswer, Change, Command, DeskError, DraftForm,
    LEASE_RENEWED_SECONDS,
};
use crate::domain::EntityId;
use crate::domain::time::Instant;
use crate::tui::text::safe_line;

use super::model::{Errand, Model};
use super::place::Place;
use super::screen::{Effect, Shared, Status};
use super::shell::{ask, run};
use super::update::on_screen;
use super::when;

/// Names of others that one line says.
const NAMED_MAX: usize = 4;

/// What was told and asked of others.
#[derive(Debug, Clone, Default)]
pub(super) struct Others {
    /// What the desk was told is open here, and with which form.
    told: Option<(EntityId, Option<DraftForm>)>,
    /// Whose attendance was asked for last.
    asked: Option<EntityId>,
    /// Ticks since the desk was told last.
    ticks: i64,
    /// Who composes what is open here, as it was known last.
    holder: Option<String>,
}

/// Follows what is on the screen: what is open is told, a form that was opened takes its lease and one that was closed gives
/// it back. Nothing is told of a screen that keeps no place.
pub(super) fn follow(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(session) = model.place.as_ref().map(super::whereabouts::PlaceKeeper::session) else {
        return;
    };
    let (open, shown) = at(model);
    if model.others.told != open {
        let was = std::mem::replace(&mut model.others.told, open.clone());
        if let Some((about, Some(form))) = was.filter(|was| Some(was) != open.as_ref()) {
            let released = Command::ReleaseLease { about, form, session };
            run(model, Errand::Place, released, effects);
        }
        tell(model, session, effects);
        warn(model, effects);
    }
    if model.others.asked != shown {
        model.others.asked = shown;
        ask_again(model, effects);
    }
}

/// A second has passed: what is open is told again every so often, and a lease that has lapsed is taken.
pub(super) fn tick(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(session) = model.place.as_ref().map(super::whereabouts::PlaceKeeper::session) else {
        return;
    };
    model.others.ticks += 1;
    let now = model.shared.now;
    let has_lapsed = lease_of_other(model).is_some_and(|(_, until)| until <= now);
    if model.others.told.is_some() && (has_lapsed || model.others.ticks >= LEASE_RENEWED_SECONDS) {
        tell(model, session, effects);
        // A desk whose feed is broken says nothing of it.
        ask_again(model, effects);
    }
}

/// Everything may have changed, or the desk may be another one: it is told and asked again.
pub(super) fn anew(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(session) = model.place.as_ref().map(super::whereabouts::PlaceKeeper::session) {
        tell(model, session, effects);
        ask_again(model, effects);
    }
}

/// Asks again where the change names what is shown.
pub(super) fn changed(model: &mut Model, change: &Change, effects: &mut Vec<Effect>) {
    let Change::Attended(attended) = change else { return };
    let shown = model.shared.others.as_ref().map(|others| &others.about);
    let shown = shown.or(model.others.asked.as_ref());
    if shown.is_some_and(|shown| attended.contains(shown)) {
        ask_again(model, effects);
    }
}

/// Takes who else is there. What may not be seen has nobody.
pub(super) fn answered(
    model: &mut Model,
    answer: Result<Answer, DeskError>,
    effects: &mut Vec<Effect>,
) {
    let session = model.place.as_ref().map(super::whereabouts::PlaceKeeper::session);
    let mut answer = answer.and_then(AskAttendance::expect).ok();
    if let Some(answer) = &mut answer {
        answer.open.retain(|open| Some(open.session) != session);
        answer.leases.retain(|lease| Some(lease.session) != session);
    }
    model.outdate_if(model.shared.others != answer);
    model.shared.others = answer;
    warn(model, effects);
}

/// Says what is open, and takes or renews the lease of its form.
fn tell(model: &mut Model, session: u64, effects: &mut Vec<Effect>) {
    model.others.ticks = 0;
    let (about, form) = model.others.told.clone().unzip();
    let form = form.flatten();
    let attend = Command::Attend { session, about: about.clone(), form };
    run(model, Errand::Place, attend, effects);
    if let (Some(about), Some(form)) = (about, form) {
        run(model, Errand::Place, Command::TakeLease { about, form, session }, effects);
    }
}

fn ask_again(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.others.asked.clone() {
        Some(about) => {
            ask(model, Errand::Attendance, AskAttendance { about }.into_query(), effects);
        }
        None => model.shared.others = None,
    }
}

/// What is open with its form, and whose attendance is shown: of the board the row on which the cursor rests.
fn at(model: &mut Model) -> (Option<(EntityId, Option<DraftForm>)>, Option<EntityId>) {
    let is_rested = model.shared.is_rested;
    let entry = model.history.current_mut();
    let form = entry.screen.whereabouts().editing.filter(|form| *form != DraftForm::Intake);
    let edited = entry.screen.casework().and_then(|casework| casework.case()).map(EntityId::Case);
    let place = match &entry.place {
        Place::Case(case) => Some(EntityId::Case(*case)),
        Place::Person(person) => Some(EntityId::Person(*person)),
        _ => None,
    };
    let place = place.filter(|_| entry.screen.is_shown());
    let open = edited.filter(|_| form.is_some()).or(place.clone());
    let row = || entry.screen.subject().0.filter(|_| is_rested).map(EntityId::Case);
    let shown = open.clone().or_else(row);
    (open.map(|open| (open, form)), shown)
}

/// Who composes the form that is open here, and until when.
fn lease_of_other(model: &Model) -> Option<(String, Instant)> {
    let (_, form) = model.others.told.as_ref()?;
    let others = model.shared.others.as_ref()?;
    let lease = others.leases.iter().find(|lease| Some(lease.form) == *form)?;
    let since = when::time(lease.since, &model.shared.zone);
    let words = if lease.caseworker == model.shared.who.caseworker.id {
        format!("You have been writing this in another session since {since}")
    } else {
        format!("{} has been writing this since {since}", safe_line(&lease.name))
    };
    Some((words, lease.until))
}

/// Has the open editor say who writes the same, and the status line that they do no more.
fn warn(model: &mut Model, effects: &mut Vec<Effect>) {
    let holder = lease_of_other(model).map(|(words, _)| words);
    if holder == model.others.holder {
        return;
    }
    let is_editing = model.others.told.as_ref().is_some_and(|(_, form)| form.is_some());
    let was = std::mem::replace(&mut model.others.holder, holder.clone());
    if was.is_some() && holder.is_none() && is_editing {
        let words = "Nobody else is writing this any more: it is yours now.";
        model.status = Some(Status::Done(words.to_owned()));
    }
    let words = holder
        .map(|holder| format!("{holder}. Read on, or write: what you both change is compared."));
    on_screen(model, effects, |screen, _| {
        if let Some(casework) = screen.casework() {
            casework.note_lease(words);
        }
    });
    model.outdate();
}

/// Who else has a case or person open, as `also: Berg (reply), Moe`; nothing where nobody has, or where that is not known.
pub(super) fn words(shared: &Shared, about: &EntityId) -> Option<String> {
    let others = shared.others.as_ref().filter(|others| others.about == *about)?;
    let mut names = named(others, shared);
    if names.len() > NAMED_MAX {
        let more = names.len() - NAMED_MAX;
        names.truncate(NAMED_MAX);
        names.push(format!("{more} more"));
    }
    (!names.is_empty()).then(|| format!("also: {}", names.join(", ")))
}

fn named(others: &AttendanceAnswer, shared: &Shared) -> Vec<String> {
    let me = shared.who.caseworker.id;
    let named = |caseworker, name: &str, form: Option<DraftForm>| {
        let name = if caseworker == me { "you, in another session" } else { name };
        let form = form.map(|form| format!(" ({})", form.words())).unwrap_or_default();
        format!("{}{form}", safe_line(name))
    };
    let open = others.open.iter().map(|open| named(open.caseworker, &open.name, open.form));
    // Whoever composed and was cut off is not there, and their lease is until it lapses.
    let is_there = |session: u64, form| {
        others.open.iter().any(|open| open.session == session && open.form == form)
    };
    let gone = others.leases.iter().filter(|lease| !is_there(lease.session, Some(lease.form)));
    let gone = gone.map(|lease| named(lease.caseworker, &lease.name, Some(lease.form)));
    open.chain(gone).collect()
}
