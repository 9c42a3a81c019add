//! The state of a person's file on the screen, and what its keys do.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, Ask, AskPersonFile, CaseRow, Change, Command, DeskError, Disclosure, DraftForm,
    MAY_NOT_ASK, NOT_VERIFIED, PURPOSE_NEEDED, PersonFileAnswer, Receipt, Whose,
};
use crate::domain::cases::EachAct;
use crate::domain::office::Purpose;
use crate::domain::{CaseId, EntityId, PersonId, Refusal};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::paint::Paper;

use super::super::casework::Casework;
use super::super::field::Choice;
use super::super::promises::{About, Line};
use super::super::purposes;
use super::super::status::{STAYS_CLOSED, in_place, in_place_of_open};
use super::super::{Context, Go, Handled, Screen, Shared, Status, Ticket, Towards, Whereabouts};
use super::draw;
use super::edit::Editing;
use super::sections::{Stop, stay_on, stop_of_digit, stops, target};

/// What the keys mean now.
#[derive(Debug, Clone)]
pub(super) enum Mode {
    /// Moving over the file.
    Reading,
    /// A purpose is asked for, before what is masked is shown.
    Purpose,
    /// A purpose is asked for, before the file is opened: the caller may not ask about this person, or nothing tells one.
    OpeningPurpose {
        /// Whether the caller may not ask, so that it is opened in spite of that.
        is_in_spite: bool,
    },
    /// The fields are edited.
    Editing(Box<Editing>),
}

/// A person's file on the screen.
#[derive(Debug)]
pub struct PersonScreen {
    pub(super) person: PersonId,
    pub(super) file: Option<PersonFileAnswer>,
    pub(super) refused: Option<String>,
    pub(super) disclosed: Option<(Purpose, Disclosure)>,
    pub(super) mode: Mode,
    pub(super) choice: Choice,
    asked: Option<Ticket>,
    opening: Option<Ticket>,
    is_opened: bool,
    /// Whether it is closed to whoever asks: coming back asks whether it opens by now, which is no attempt on it.
    is_closed: bool,
    revealing: Option<(Ticket, Purpose)>,
    /// Whether the key that shows what is masked was pressed for a caller who is not verified, so that once more does it.
    is_warned: bool,
    /// The inline editors of the case under the cursor.
    pub(super) casework: Casework,
}

impl PersonScreen {
    /// The file of this person.
    #[must_use]
    pub fn new(person: PersonId) -> Self {
        Self {
            person,
            file: None,
            refused: None,
            disclosed: None,
            mode: Mode::Reading,
            choice: Choice::default(),
            asked: None,
            opening: None,
            is_opened: false,
            is_closed: false,
            revealing: None,
            is_warned: false,
            casework: Casework::new(),
        }
    }

    /// Whose file it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The row under the cursor.
    pub(super) fn stop(&self) -> Option<Stop> {
        let stops = stops(self.file.as_ref()?);
        stops.get(self.choice.at(stops.len())).copied()
    }

    /// The case under the cursor.
    fn case(&self) -> Option<&CaseRow> {
        match self.stop()? {
            Stop::Case(place) => self.file.as_ref()?.cases.get(place),
            Stop::Kin(_) | Stop::Contact(_) => None,
        }
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        self.asked = Some(context.ask(AskPersonFile { person: self.person }));
    }

    fn step(&mut self, by: isize) {
        let rows = self.file.as_ref().map_or(0, |file| stops(file).len());
        self.choice.step(by, rows);
    }

    fn open_row(&self, context: &mut Context<'_>) {
        let to = self.file.as_ref().zip(self.stop()).and_then(|(file, stop)| target(file, stop));
        match to {
            Some(to) => context.go(to),
            None => context.say(Status::Refused("This line leads nowhere further.".to_owned())),
        }
    }

    fn hop(&mut self, digit: u8, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        let to = stop_of_digit(file, usize::from(digit)).and_then(|stop| target(file, stop));
        match to {
            Some(to) => context.go(to),
            None => {
                context.say(Status::Refused(format!("There is no {digit} on this file.")));
            }
        }
    }

    /// Moves the cursor to the first row of the next or previous section that has any.
    fn section(&mut self, by: isize) {
        let Some(file) = &self.file else { return };
        let stops = stops(file);
        let group = |stop: &Stop| match stop {
            Stop::Kin(_) => 0_usize,
            Stop::Case(_) => 1,
            Stop::Contact(_) => 2,
        };
        let Some(here) = self.stop().map(|stop| group(&stop)) else { return };
        let mut to = here;
        for _ in 0..3 {
            to = (to + if by > 0 { 1 } else { 2 }) % 3;
            if let Some(place) = stops.iter().position(|stop| group(stop) == to) {
                self.choice.set(place);
                return;
            }
        }
    }

    /// Shows what is masked: under the contact that runs, or for a purpose that is asked for.
    fn show(&mut self, context: &mut Context<'_>) {
        if context.shared.presence.contact.is_none() {
            self.mode = Mode::Purpose;
            return;
        }
        let command = Command::RevealUnderContact {
            person: self.person,
            is_confirmed: std::mem::take(&mut self.is_warned),
        };
        self.revealing = Some((context.execute(command), Purpose::contact()));
    }

    /// What was not shown under the contact is shown once more for whoever insists, or for a purpose of one's own.
    fn not_shown(&mut self, refusal: &Refusal) {
        match refusal.code.as_str() {
            NOT_VERIFIED => self.is_warned = true,
            MAY_NOT_ASK => self.mode = Mode::Purpose,
            _ => {}
        }
    }

    fn open(&mut self, purpose: Purpose, context: &mut Context<'_>) {
        let command = Command::OpenPerson { person: self.person, purpose };
        self.opening = Some(context.execute(command));
        self.mode = Mode::Reading;
    }

    fn purpose_chosen(&mut self, digit: u8, context: &mut Context<'_>) {
        let Some(purpose) = purposes::chosen(Some(digit), context.shared) else {
            context.say(Status::Refused(purposes::PICK.to_owned()));
            return;
        };
        if matches!(self.mode, Mode::OpeningPurpose { .. }) {
            self.open(purpose, context);
        } else {
            self.reveal(purpose, context);
        }
    }

    fn reveal(&mut self, purpose: Purpose, context: &mut Context<'_>) {
        let command = Command::RevealPerson { person: self.person, purpose: purpose.clone() };
        self.revealing = Some((context.execute(command), purpose));
        self.mode = Mode::Reading;
    }

    /// Promises something to the person of the file, about the case under the cursor if it is open.
    fn promise(&mut self, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        let row = self.case().filter(|row| row.stage.is_open()).cloned();
        let (name, case) = (file.name.clone(), row.as_ref().map(|row| row.id));
        let line = Line::make(About { person: self.person, name, case }, context);
        self.casework.open_promise(line, row.as_ref(), context);
    }

    fn edit(&mut self, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        self.mode = Mode::Editing(Box::new(Editing::open(file, context)));
    }

    /// Takes the newest merge apart, or that of the number which was opened.
    fn take_apart(&self, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        let asked = EntityId::Person(self.person);
        let own = file.merges.iter().find(|line| line.is_direct && line.merged == asked);
        let newest = || file.merges.iter().find(|line| line.is_direct);
        if let Some(line) = own.or_else(newest) {
            let (merge, reason) = (line.merge, String::new());
            context.execute(Command::Unmerge { merge, reason });
        } else {
            let words = format!("Nobody was merged into {}.", file.person);
            context.say(Status::Refused(words));
        }
    }

    fn leave(&mut self, context: &mut Context<'_>) -> Handled {
        match &mut self.mode {
            Mode::Reading => {
                // What was disclosed was for this look alone; whoever comes back asks again.
                self.disclosed = None;
                Handled::No
            }
            Mode::Purpose => {
                self.mode = Mode::Reading;
                Handled::Yes
            }
            Mode::OpeningPurpose { .. } => Handled::No,
            Mode::Editing(editing) => {
                if !editing.leave(context) {
                    self.mode = Mode::Reading;
                }
                Handled::Yes
            }
        }
    }
}

impl Screen for PersonScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.disclosed = None;
        self.refused = None;
        if self.is_opened || self.is_closed {
            self.ask(context);
        } else if self.opening.is_none() {
            self.open(Purpose::unasked(), context);
        }
    }

    fn keys(&self) -> keymap::Context {
        match &self.mode {
            Mode::Reading => self.casework.keys().unwrap_or(keymap::Context::Person),
            Mode::Purpose | Mode::OpeningPurpose { .. } | Mode::Editing(_) => keymap::Context::Line,
        }
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.casework.is_open() {
            return self.casework.action(action, key, context);
        }
        if action == Action::Leave {
            return self.leave(context);
        }
        self.is_warned &= action == Action::Reveal;
        match &mut self.mode {
            Mode::Purpose | Mode::OpeningPurpose { .. } => return Handled::Yes,
            Mode::Editing(editing) => return editing.act(action, key, context),
            Mode::Reading => {}
        }
        match action {
            Action::ListDown => self.step(1),
            Action::ListUp => self.step(-1),
            Action::PageDown => self.step(5),
            Action::PageUp => self.step(-5),
            Action::ListFirst => self.choice.set(0),
            Action::ListLast => self.choice.set(usize::MAX),
            Action::OpenRow => self.open_row(context),
            Action::NextSection => self.section(1),
            Action::PreviousSection => self.section(-1),
            Action::HopOnPerson => self.hop(key.digit().unwrap_or(0), context),
            Action::Reveal => self.show(context),
            Action::EditPerson => self.edit(context),
            // The file is the person's: two cases are merged from a list or from one of them.
            Action::DuplicatesOf | Action::Merge => context.go(Go::DuplicatesOf(self.person)),
            Action::Unmerge => self.take_apart(context),
            Action::NewCase => context.go(Go::Intake(Some(self.person), String::new())),
            Action::Promise => self.promise(context),
            Action::EndPromise => {
                let line = Line::end(Whose::To(self.person), context);
                let row = self.case().cloned();
                self.casework.open_promise(line, row.as_ref(), context);
            }
            _ => {
                return match self.case().cloned() {
                    Some(row) => self.casework.act(action, &row, context),
                    None => Handled::No,
                };
            }
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        match &mut self.mode {
            Mode::Reading => self.casework.key(key, context),
            Mode::OpeningPurpose { .. } if purposes::goes_to_find(key, context) => Handled::Yes,
            Mode::Purpose | Mode::OpeningPurpose { .. } => {
                self.purpose_chosen(key.digit().unwrap_or(0), context);
                Handled::Yes
            }
            Mode::Editing(editing) => editing.key(key, context),
        }
    }

    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        match &mut self.mode {
            Mode::Editing(editing) => editing.paste(text, context),
            Mode::Reading => self.casework.paste(text, context),
            Mode::Purpose | Mode::OpeningPurpose { .. } => {}
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.casework.answered(ticket, &answer, context) {
            return;
        }
        if self.asked != Some(ticket) {
            if let Mode::Editing(editing) = &mut self.mode {
                editing.answered(ticket, answer, context);
            }
            return;
        }
        self.asked = None;
        match answer.and_then(AskPersonFile::expect) {
            // It opens by now: the reading is recorded before it is shown.
            Ok(_) if std::mem::take(&mut self.is_closed) => self.open(Purpose::unasked(), context),
            Ok(mut file) => {
                if let Mode::Editing(editing) = &mut self.mode {
                    editing.refresh(&file, context);
                }
                if self.file.is_none() && !file.cases.is_empty() {
                    // One opens a file for its cases; the newest open one is the first of them.
                    self.choice.set(file.kin.len());
                }
                if let Some((before, stop)) = self.file.as_ref().zip(self.stop()) {
                    let stop = stay_on(before, stop, &mut file);
                    let place = stops(&file).iter().position(|other| *other == stop);
                    self.choice.set(place.unwrap_or_default());
                }
                self.file = Some(file);
                self.refused = None;
            }
            Err(error) => {
                let was_open = self.file.is_some();
                // What was shown stays, but for a file that may no longer be seen.
                if error.is_denied() {
                    self.file = None;
                    self.is_opened = false;
                    self.is_closed = matches!(error, DeskError::Closed(_));
                }
                let why = if was_open { in_place_of_open } else { in_place };
                self.refused = Some(why(&error, context.shared));
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.casework.executed(ticket, receipt, context) {
            return;
        }
        if self.opening == Some(ticket) {
            self.opening = None;
            match receipt {
                Ok(_) => {
                    self.is_opened = true;
                    self.ask(context);
                }
                Err(DeskError::Refused(refusal)) if refusal.code == MAY_NOT_ASK => {
                    // Why stands above the purposes; the status line does not say it once more over the footer.
                    self.refused = Some(refusal.to_string());
                    self.mode = Mode::OpeningPurpose { is_in_spite: true };
                    let words = "The caller may not ask about this file: pick a purpose, or leave.";
                    context.say(Status::Refused(words.to_owned()));
                }
                Err(DeskError::Refused(refusal)) if refusal.code == PURPOSE_NEEDED => {
                    self.refused = Some(refusal.what.clone());
                    self.mode = Mode::OpeningPurpose { is_in_spite: false };
                    let words =
                        "Pick the purpose with its digit; it is asked once a day for each person.";
                    context.say(Status::Refused(words.to_owned()));
                }
                Err(error) => {
                    self.is_closed = matches!(error, DeskError::Closed(_));
                    self.refused = Some(in_place(error, context.shared));
                    if self.is_closed {
                        context.say(Status::Refused(STAYS_CLOSED.to_owned()));
                    }
                }
            }
            return;
        }
        if let Some((_, purpose)) = self.revealing.take_if(|(waiting, _)| *waiting == ticket) {
            match receipt {
                Ok(receipt) => {
                    self.disclosed = receipt.disclosed.clone().map(|shown| (purpose, shown));
                }
                Err(DeskError::Refused(refusal)) => self.not_shown(refusal),
                Err(_) => {}
            }
            return;
        }
        if let Mode::Editing(editing) = &mut self.mode
            && editing.executed(ticket, receipt, context)
        {
            self.ask(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        let is_shown = |entity: &EntityId| match entity {
            EntityId::Person(person) => {
                [self.person, file.person].contains(person)
                    || file.kin.iter().any(|kin| kin.person == *person)
            }
            EntityId::Case(case) => file.cases.iter().any(|row| row.id == *case),
            EntityId::Household(household) => file.household == Some(*household),
            _ => false,
        };
        let is_touched = match change {
            Change::Changed(entities) => entities.iter().any(is_shown),
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
        };
        if is_touched {
            self.ask(context);
        }
    }

    fn tick(&mut self, context: &mut Context<'_>) {
        self.casework.tick(context);
        if let Mode::Editing(editing) = &mut self.mode {
            editing.tick(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        draw::draw(self, shared, area, paper)
    }

    fn is_shown(&self) -> bool {
        self.file.is_some()
    }

    fn hints(&self) -> Vec<Action> {
        match &self.mode {
            Mode::Reading if self.is_closed => vec![Action::Emergency, Action::Leave],
            Mode::Reading => self.casework.hints().unwrap_or_else(|| {
                vec![
                    Action::HopOnPerson,
                    Action::OpenRow,
                    Action::NewCase,
                    Action::Contact,
                    Action::VerifyCaller,
                    Action::Promise,
                    Action::EndPromise,
                    Action::Reveal,
                    Action::EditPerson,
                    Action::NextSection,
                    Action::Back,
                ]
            }),
            Mode::Purpose | Mode::OpeningPurpose { .. } => vec![Action::Leave],
            Mode::Editing(_) => {
                vec![Action::Send, Action::NextField, Action::PreviousField, Action::Leave]
            }
        }
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        match &self.mode {
            Mode::Editing(editing) if action == Action::Send => editing.send_label(),
            _ => self.casework.hint_label(action),
        }
    }

    fn casework(&mut self) -> Option<&mut Casework> {
        Some(&mut self.casework)
    }

    fn whereabouts(&mut self) -> Whereabouts {
        let editing = match &self.mode {
            Mode::Editing(_) => Some(DraftForm::Person),
            Mode::Reading | Mode::Purpose | Mode::OpeningPurpose { .. } => self.casework.editing(),
        };
        Whereabouts { editing, ..Whereabouts::default() }
    }

    fn put_away(&mut self, context: &mut Context<'_>) {
        self.casework.put_away(context);
        if let Mode::Editing(editing) = &mut self.mode {
            editing.put_away(context);
        }
    }

    fn repeat(&mut self, act: &EachAct, context: &mut Context<'_>) -> Handled {
        let Some(row) = self.case().cloned() else { return Handled::No };
        self.casework.repeat(act, &row, context)
    }

    fn about(&self) -> String {
        self.file.as_ref().map(|file| file.name.clone()).unwrap_or_default()
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        let open = self.casework.case();
        let person = self.file.as_ref().map_or(self.person, |file| file.person);
        (open.or_else(|| self.case().map(|case| case.id)), Some(person))
    }

    fn neighbour(&mut self, case: CaseId, towards: Towards) -> Option<CaseId> {
        let file = self.file.as_ref()?;
        let place = file.cases.iter().position(|row| row.id == case)?;
        let to = match towards {
            Towards::Next => place.checked_add(1)?,
            Towards::Previous => place.checked_sub(1)?,
        };
        let neighbour = file.cases.get(to)?.id;
        self.choice.set(file.kin.len() + to);
        Some(neighbour)
    }
}
