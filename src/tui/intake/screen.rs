//! The state of the intake form, its questions to the desk, and what is kept back while it waits for an answer.

use ratatui::layout::{Position, Rect};
use std::collections::VecDeque;

use crate::desk::{
    Answer, Ask, AskDraft, AskPersonFile, AskSimilar, AskSubjects, AskSuggestion, Change, Command,
    DeskError, Draft, DraftForm, DraftKey, IntakePromise, PersonFileAnswer, Receipt,
    RunningContact, SimilarAnswer, SuggestedSubject, TakeIn,
};
use crate::domain::cases::{About, Channel, SameChoice};
use crate::domain::knowledge::Subject;
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::paint::Paper;

use super::super::field::{Choice, DraftKeeper, KEPT_BACK_MAX, say_left_out};
use super::super::slip;
use super::super::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::draft::{draft_fields, set_field};
use super::draw;
use super::fields::{Asker, Field, Fields};
use super::name::TypedOn;

/// Rows of the terminal that everything but the cases of the SAME? line takes.
const ROWS_BESIDE_SAME: usize = 20;
/// Cases that are shown in any case.
const SAME_ROWS_MIN: usize = 3;

/// The field of a draft that says when the form was opened.
const OPENED_AT: &str = "opened at";

/// An answer without which the next key has no meaning yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// The words kept from before.
    Draft,
    /// The subjects for what was typed.
    Subjects,
    /// The file of whoever asks.
    File,
    /// The cases that may be the same.
    Similar,
    /// The registration.
    Registered,
}

/// Something that came while the form waited.
#[derive(Debug, Clone)]
enum KeptBack {
    Act(Action, Key),
    Key(Key),
    Paste(String),
}

/// The intake form.
#[derive(Debug, Clone)]
pub struct IntakeScreen {
    person: Option<PersonId>,
    words: String,
    pub(super) fields: Fields,
    pub(super) focus: Field,
    pub(super) typed_on: TypedOn,
    pub(super) options: Vec<Subject>,
    pub(super) option_choice: Choice,
    pub(super) file: Option<PersonFileAnswer>,
    pub(super) file_refused: Option<String>,
    pub(super) similar: Option<SimilarAnswer>,
    pub(super) similar_question: Option<AskSimilar>,
    pub(super) keeper: DraftKeeper,
    pub(super) opened_at: Option<Instant>,
    pub(super) asked_subjects: Option<Ticket>,
    pub(super) asked_similar: Option<Ticket>,
    /// What closed cases suggest for the words that it was asked for.
    pub(super) suggested: Option<SuggestedSubject>,
    pub(super) suggested_for: String,
    pub(super) asked_suggestion: Option<Ticket>,
    asked_file: Option<Ticket>,
    asked_draft: Option<Ticket>,
    registering: Option<Ticket>,
    /// The matter is registered: there is nothing to come back to.
    is_done: bool,
    waiting: Option<Wait>,
    kept_back: VecDeque<KeptBack>,
}

impl IntakeScreen {
    /// A form for this person, if it is known who asks, with these words as what they say.
    #[must_use]
    pub fn new(person: Option<PersonId>, words: &str) -> Self {
        let key = DraftKey { form: DraftForm::Intake, target: person.map(EntityId::Person) };
        Self {
            person,
            words: words.to_owned(),
            fields: Fields::new(person, words),
            focus: Field::Via,
            typed_on: TypedOn::default(),
            options: Vec::new(),
            option_choice: Choice::default(),
            file: None,
            file_refused: None,
            similar: None,
            similar_question: None,
            keeper: DraftKeeper::new(key),
            opened_at: None,
            asked_subjects: None,
            asked_similar: None,
            suggested: None,
            suggested_for: String::new(),
            asked_suggestion: None,
            asked_file: None,
            asked_draft: None,
            registering: None,
            is_done: false,
            waiting: None,
            kept_back: VecDeque::new(),
        }
    }

    /// When the office received it, if what was typed says so.
    pub(super) fn received_at(&self, shared: &Shared) -> Option<Instant> {
        let opened_at = self.opened_at.unwrap_or(shared.now);
        self.fields.received_at(opened_at, shared.now, &shared.zone)
    }

    /// Whether the file of whoever asks is still on its way.
    pub(super) fn needs_file(&self) -> bool {
        self.asked_file.is_some()
    }

    /// Keeps this key and all that come after it back until an answer is here.
    pub(super) fn wait(&mut self, wait: Wait, key: Option<Key>) {
        self.waiting = Some(wait);
        if let Some(key) = key {
            let again = if key.code() == KeyCode::Enter {
                KeptBack::Act(Action::NextField, key)
            } else {
                KeptBack::Key(key)
            };
            // What the form was doing goes before what was typed since.
            self.kept_back.push_front(again);
        }
    }

    pub(super) fn ask_file(&mut self, context: &mut Context<'_>) {
        self.asked_file = self.fields.person().map(|person| context.ask(AskPersonFile { person }));
    }

    fn keep_back(&mut self, input: KeptBack) {
        if self.kept_back.len() < KEPT_BACK_MAX {
            self.kept_back.push_back(input);
        }
    }

    /// The answer is here: takes up what was kept back, until the form has to wait again.
    fn go_on(&mut self, wait: Wait, context: &mut Context<'_>) {
        if self.waiting != Some(wait) {
            return;
        }
        self.waiting = None;
        while self.waiting.is_none()
            && let Some(input) = self.kept_back.pop_front()
        {
            match input {
                KeptBack::Act(action, key) => {
                    self.act_now(action, key, context);
                }
                KeptBack::Key(key) => {
                    self.key_now(key, context);
                }
                KeptBack::Paste(words) => self.paste_now(&words, context),
            }
        }
    }

    /// The answer did not come: what was kept back was meant for something else, so it is not typed into the form.
    fn give_up(&mut self, wait: Wait, error: &DeskError, context: &mut Context<'_>) {
        if self.waiting == Some(wait) {
            self.waiting = None;
            self.kept_back.clear();
        }
        context.say(Status::Refused(error.to_string()));
    }

    /// Fills in what is known of a contact that runs, and begins at the first field that has anything to settle.
    fn begin(&mut self, shared: &Shared) {
        self.opened_at = Some(shared.now);
        if let Some(contact) = self.contact(shared) {
            self.fields.via = Some(contact.channel);
            self.opened_at = Some(contact.started_at);
        }
        self.focus = Field::Via;
        while self.fields.is_passed_by(self.focus, None) && self.focus != Field::Says {
            self.focus = self.focus.next();
        }
    }

    /// The contact that runs, if the form is about it: it is with whoever asks, or nobody knows with whom.
    pub(super) fn contact<'s>(&self, shared: &'s Shared) -> Option<&'s RunningContact> {
        let contact = shared.presence.contact.as_ref()?;
        let with = contact.person.as_ref().map(|(person, _)| *person);
        let is_same =
            with.is_none() || self.fields.person().is_none_or(|asker| with == Some(asker));
        is_same.then_some(contact)
    }

    fn act_now(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let is_enter = key.code() == KeyCode::Enter;
        match (action, self.focus) {
            (Action::Register | Action::Send, _) => self.register(context),
            (Action::NextField, Field::Says) if is_enter => {
                // The key was resolved while another field had the focus; in the text it is a new line.
                self.fields.says.key(key);
                self.touch(context);
            }
            (Action::NextField, _) if is_enter => {
                self.enter(context);
                self.typed_on = TypedOn::default();
                self.touch(context);
            }
            (Action::NextField, Field::Subject) if self.options.len() > 1 => {
                self.option_choice.step(1, self.options.len());
            }
            (Action::PreviousField, Field::Subject)
                if self.option_choice.at(self.options.len()) > 0 =>
            {
                self.option_choice.step(-1, self.options.len());
            }
            // Words that are no subject yet must not be left behind as if they said something.
            (Action::NextField, Field::Subject) if self.fields.is_subject_unsettled() => {
                self.enter(context);
                self.touch(context);
            }
            (Action::StartAnew, _) => self.start_anew(context),
            (Action::TakeSuggested, _) => {
                self.take_suggested(context);
                self.touch(context);
            }
            (Action::NextField, _) => self.go_to(self.focus.next()),
            (Action::PreviousField, _) => self.go_to(self.focus.previous()),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn go_to(&mut self, field: Field) {
        self.focus = field;
        self.typed_on = TypedOn::default();
    }

    fn key_now(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        let picks = matches!(self.focus, Field::Via | Field::Nature | Field::Same);
        if picks && key.code() == KeyCode::Delete && self.waiting.is_none() {
            self.start_anew(context);
            return Handled::Yes;
        }
        self.note_letter(key.typed());
        // Where a letter picks, no text has the focus.
        let latin = context.shared.keymap.by_position(key).filter(|_| picks);
        let key =
            latin.filter(|_| key.typed().is_some_and(|typed| !typed.is_ascii())).unwrap_or(key);
        let handled = self.key_in_field(key, context);
        if handled == Handled::Yes {
            self.touch(context);
        } else if self.focus == Field::Says && key.code() == KeyCode::Up {
            self.focus = self.focus.previous();
            return Handled::Yes;
        }
        handled
    }

    fn paste_now(&mut self, words: &str, context: &mut Context<'_>) {
        let left_out = match self.focus {
            Field::Received => self.fields.received.paste_keepable(words),
            Field::Subject => {
                for letter in words.chars().filter(|letter| !letter.is_control()) {
                    self.key_in_field(Key::char(letter), context);
                }
                0
            }
            Field::AskedBy => self.fields.asker_text.paste_keepable(words),
            Field::About => self.fields.about_text.paste_keepable(words),
            Field::Addressee => self.fields.addressee_text.paste_keepable(words),
            Field::Place => {
                self.fields.place_of_file = None;
                self.fields.place.paste_keepable(words)
            }
            // A pasted text is what the citizen wrote, whichever letter-picked field happens to have the focus.
            Field::Via | Field::Nature | Field::Same | Field::Says => {
                self.fields.says.paste_keepable(words)
            }
            Field::Promise => self.fields.promise.paste_keepable(words),
        };
        say_left_out(left_out, context);
        self.touch(context);
    }

    fn touch(&mut self, context: &Context<'_>) {
        self.keeper.typed(context.shared.now);
    }

    /// Empties the form, and drops what was kept of it.
    fn start_anew(&mut self, context: &mut Context<'_>) {
        self.keeper.drop_draft(context);
        self.fields = Fields::new(self.person, &self.words);
        self.options.clear();
        self.begin(context.shared);
        self.similar = None;
        self.similar_question = None;
        self.file = None;
        self.ask_file(context);
        self.ask_similar(context);
    }

    fn register(&mut self, context: &mut Context<'_>) {
        if self.asked_similar.is_some() {
            self.waiting = Some(Wait::Similar);
            self.kept_back.push_front(KeptBack::Act(Action::Register, Key::control('d')));
            return;
        }
        if self.registering.is_some() {
            return;
        }
        let now = context.shared.now;
        if self.fields.is_subject_unsettled() {
            self.focus = Field::Subject;
            let take = context.shared.keymap.key(keymap::Context::Intake, Action::NextField);
            context.say(Status::Refused(format!(
                "No subject is picked: {take} takes the marked one; empty it to leave it to screening."
            )));
            return;
        }
        let missing = self.fields.missing(self.similar.as_ref());
        if !missing.is_empty() {
            self.focus_on_missing(&missing);
            let missing = missing.join(", ");
            let end = if missing.ends_with('?') { "" } else { "." };
            context.say(Status::Refused(format!("Still needed: {missing}{end}")));
            return;
        }
        let Some(received_at) = self.received_at(context.shared) else {
            self.focus = Field::Received;
            context.say(Status::Refused(
                "The received day is not understood: type it as 14.8 or 2026-08-14.".to_owned(),
            ));
            return;
        };
        let promise = match self.fields.promised(now, &context.shared.who.calendar) {
            Ok(said) => said.map(|said| IntakePromise {
                what: String::new(),
                channel: Channel::Telephone,
                due_at: said.at,
            }),
            Err(problem) => {
                self.focus = Field::Promise;
                context.say(Status::Refused(problem));
                return;
            }
        };
        let intake = self.fields.intake(received_at.min(now), self.similar.as_ref());
        if let Some(intake) = intake {
            let suggested = self.suggestion_kept();
            let matter = TakeIn { intake, promise, suggested };
            self.registering = Some(context.execute(Command::TakeIn(Box::new(matter))));
            self.waiting = Some(Wait::Registered);
        } else {
            let refresh = context.shared.keymap.key(keymap::Context::Intake, Action::Refresh);
            context.say(Status::Refused(format!(
                "Whether this is here already could not be looked up: {refresh} asks again."
            )));
        }
    }

    fn focus_on_missing(&mut self, missing: &[&str]) {
        let field = match missing.first().copied() {
            Some("via") => Field::Via,
            Some("nature") => Field::Nature,
            Some("asked by") => Field::AskedBy,
            Some("SAME?") => Field::Same,
            _ => Field::Says,
        };
        self.focus = field;
    }

    fn registered(&mut self, receipt: &Receipt, context: &mut Context<'_>) {
        self.is_done = true;
        self.keeper.drop_draft(context);
        let made = receipt.created.iter().chain(&receipt.subject).find_map(|entity| match entity {
            EntityId::Case(case) => Some(*case),
            _ => None,
        });
        let added = match self.fields.same {
            Some(SameChoice::AddedTo(case)) => Some(case),
            Some(SameChoice::New | SameChoice::NothingShown) | None => None,
        };
        let Some(case) = added.or(made) else {
            context.go(Go::Back);
            return;
        };
        let reference = case.to_string();
        if !receipt.label.contains(&reference) {
            context.say(Status::Done(format!("{reference}: {}", receipt.label)));
        } else if added.is_none()
            && let Some(said) = slip::of_registration(receipt, context.shared)
        {
            context.say(said);
        }
        context.go(Go::Case(case));
    }

    fn save_draft(&mut self, context: &mut Context<'_>) {
        let mut fields = draft_fields(&self.fields);
        if let Some(at) = self.opened_at {
            fields.push((OPENED_AT.to_owned(), at.milliseconds().to_string()));
        }
        self.keeper.keep(fields, self.focus.name(), 0, context);
    }

    fn put_back(&mut self, draft: &Draft, context: &mut Context<'_>) {
        for (name, words) in &draft.fields {
            set_field(&mut self.fields, name, words);
        }
        // What came on another day came on that day, whenever it is registered.
        let opened_at = draft.fields.iter().find(|(name, _)| name == OPENED_AT);
        let opened_at = opened_at.and_then(|(_, milliseconds)| milliseconds.parse().ok());
        self.opened_at = opened_at.map(Instant::from_milliseconds).or(self.opened_at);
        let focus = Field::ALL.into_iter().find(|field| field.name() == draft.focus);
        self.focus = focus.unwrap_or(Field::Via);
        self.keeper.found(draft.saved_at);
        if self.fields.person() != self.person {
            self.ask_file(context);
        }
        self.ask_similar(context);
    }
}

/// Cases that the SAME? line has room for.
fn same_rows(shared: &Shared) -> usize {
    usize::from(shared.size.1).saturating_sub(ROWS_BESIDE_SAME).max(SAME_ROWS_MIN)
}

impl Screen for IntakeScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        if self.is_done {
            // Going back from the case passes by the form that made it, which must not make it twice.
            context.go(Go::Back);
            return;
        }
        if self.opened_at.is_none() {
            self.begin(context.shared);
            let key = self.keeper.key().clone();
            self.asked_draft = Some(context.ask(AskDraft { key }));
            self.waiting = Some(Wait::Draft);
        }
        self.ask_file(context);
        self.similar_question = None;
        self.ask_similar(context);
        self.ask_suggestion(context);
    }

    fn keys(&self) -> keymap::Context {
        match self.focus {
            Field::Says => keymap::Context::Editor,
            _ => keymap::Context::Intake,
        }
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if action == Action::Leave {
            self.put_away(context);
            return Handled::No;
        }
        if self.waiting.is_some() {
            let is_ours = matches!(
                action,
                Action::NextField
                    | Action::PreviousField
                    | Action::Register
                    | Action::Send
                    | Action::StartAnew
                    | Action::TakeSuggested
            );
            if is_ours {
                self.keep_back(KeptBack::Act(action, key));
                return Handled::Yes;
            }
            return Handled::No;
        }
        self.act_now(action, key, context)
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.waiting.is_some() {
            self.keep_back(KeptBack::Key(key));
            return Handled::Yes;
        }
        self.key_now(key, context)
    }

    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        if self.waiting.is_some() {
            self.keep_back(KeptBack::Paste(text.to_owned()));
        } else {
            self.paste_now(text, context);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.asked_draft.take_if(|waiting| *waiting == ticket).is_some() {
            if let Ok(Some(draft)) = answer.and_then(AskDraft::expect) {
                self.put_back(&draft, context);
            }
            // Without its draft the form is merely empty, so it goes on.
            self.go_on(Wait::Draft, context);
        } else if self.asked_file.take_if(|waiting| *waiting == ticket).is_some() {
            match answer.and_then(AskPersonFile::expect) {
                Ok(file) => {
                    self.fields.place_from(&file);
                    self.file = Some(file);
                    self.ask_similar(context);
                    self.go_on(Wait::File, context);
                }
                Err(error) => {
                    self.file_refused = Some(error.to_string());
                    self.give_up(Wait::File, &error, context);
                }
            }
        } else if self.asked_subjects.take_if(|waiting| *waiting == ticket).is_some() {
            match answer.and_then(AskSubjects::expect) {
                Ok(found) => {
                    self.options = found.subjects;
                    self.go_on(Wait::Subjects, context);
                }
                Err(error) => self.give_up(Wait::Subjects, &error, context),
            }
        } else if self.asked_suggestion.take_if(|waiting| *waiting == ticket).is_some() {
            // Without a suggestion the subject is picked as ever.
            self.suggested = answer.and_then(AskSuggestion::expect).ok().and_then(|it| it.subject);
        } else if self.asked_similar.take_if(|waiting| *waiting == ticket).is_some() {
            match answer.and_then(AskSimilar::expect) {
                Ok(mut similar) => {
                    // What is recorded as shown is what there is room to show.
                    similar.cases.truncate(same_rows(context.shared));
                    let shown = |similar: &SimilarAnswer| {
                        similar.cases.iter().map(|case| case.row.id).collect::<Vec<CaseId>>()
                    };
                    if self.similar.as_ref().map(&shown) != Some(shown(&similar)) {
                        // Other cases are shown than the ones that the choice was made among.
                        self.fields.same = None;
                    }
                    self.similar = Some(similar);
                    if self.waiting == Some(Wait::Similar) {
                        self.pass_same();
                    }
                    self.go_on(Wait::Similar, context);
                }
                Err(error) => {
                    self.similar_question = None;
                    self.give_up(Wait::Similar, &error, context);
                }
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.keeper.executed(ticket, receipt.is_ok()) || self.registering != Some(ticket) {
            return;
        }
        self.registering = None;
        self.waiting = None;
        self.kept_back.clear();
        if let Ok(receipt) = receipt {
            self.registered(receipt, context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Changed(entities) => {
                entities.iter().any(|entity| matches!(entity, EntityId::Case(_)))
            }
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
        };
        if is_touched && self.asked_similar.is_none() && self.registering.is_none() {
            self.similar_question = None;
            self.ask_similar(context);
        }
    }

    fn tick(&mut self, context: &mut Context<'_>) {
        self.ask_suggestion(context);
        if self.keeper.is_due(context.shared.now) && self.registering.is_none() {
            self.save_draft(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        draw::draw(self, shared, area, paper)
    }

    fn hints(&self) -> Vec<Action> {
        match self.focus {
            Field::Says if self.is_suggested() => {
                vec![Action::Send, Action::TakeSuggested, Action::PreviousField, Action::Leave]
            }
            Field::Says => {
                vec![Action::Send, Action::PreviousField, Action::NextField, Action::Leave]
            }
            _ => vec![Action::NextField, Action::PreviousField, Action::Register, Action::Leave],
        }
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        (action == Action::Send).then_some("register")
    }

    fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    fn put_away(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_unkept() && !self.is_done && self.registering.is_none() {
            self.save_draft(context);
        }
    }

    fn take_person(&mut self, person: PersonId, context: &mut Context<'_>) {
        match self.focus {
            Field::About => {
                self.fields.about = About::Person(person);
                self.fields.about_text.set("");
            }
            Field::Addressee => {
                self.fields.addressee = Some(person);
                self.fields.addressee_text.set(&person.to_string());
            }
            _ => {
                self.fields.asker_text.set("");
                self.set_asker(Asker::Person(person), context);
                self.focus = Field::AskedBy;
                self.touch(context);
                self.go_on_from_asker();
                return;
            }
        }
        self.touch(context);
        self.advance();
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, self.fields.person())
    }
}
