//! The form that registers a new person, filled with the words that found nobody.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, Ask, AskDraft, Change, Command, DeskError, DraftForm, DraftKey, Heard, Receipt,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, Name, NameKind, NewPerson, PersonChange,
};
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};

use super::super::field::{DraftKeeper, Form};
use super::super::header::header;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::alike::{AlikePane, Picked};
use super::fields::USUAL_SOURCE;

const LABELS: [(&str, &str); 12] = [
    ("given names", "as on the document"),
    ("family name", "as on the document"),
    ("born", "1986, 1986-03 or 1986-03-02"),
    ("telephone", "as +98 912 555 4411"),
    ("e-mail", "name@example.org"),
    ("street", "and number"),
    ("postcode", ""),
    ("place", "town"),
    ("area", "ward"),
    ("address as", "Mrs, Mr, Dr"),
    ("source", "where this is known from"),
    ("note", "for whoever opens the file next"),
];

/// The form of a new person.
#[derive(Debug, Clone)]
pub struct NewPersonScreen {
    words: String,
    shown: Vec<PersonId>,
    form: Form,
    keeper: DraftKeeper,
    is_filled: bool,
    asked_draft: Option<Ticket>,
    /// Whether words from a draft were put back.
    is_from_draft: bool,
    registering: Option<Ticket>,
    /// Whoever is likely the one in the form.
    alike: AlikePane,
    /// The note of the person who is registered already is being kept.
    noting: Option<(Ticket, PersonId)>,
    /// The person is registered: there is nothing to come back to.
    is_done: bool,
}

impl NewPersonScreen {
    /// A form filled from the words of a search, after these candidates were shown.
    #[must_use]
    pub fn new(words: &str, shown: Vec<PersonId>) -> Self {
        let key = DraftKey { form: DraftForm::Person, target: None };
        Self {
            words: words.to_owned(),
            shown,
            form: Form::new(&LABELS, LINE_BYTES_MAX),
            keeper: DraftKeeper::new(key),
            is_filled: false,
            asked_draft: None,
            is_from_draft: false,
            registering: None,
            alike: AlikePane::default(),
            noting: None,
            is_done: false,
        }
    }

    /// Fills the form from the words of the search; it needs the day, for a year of two digits.
    fn fill(&mut self, context: &Context<'_>) {
        let known = Heard::of(&self.words, context.shared.zone.day(context.shared.now));
        for (label, words) in [
            ("given names", &known.given),
            ("family name", &known.family),
            ("born", &known.born),
            ("telephone", &known.telephone),
            ("e-mail", &known.email),
            ("postcode", &known.postcode),
            ("area", &known.area),
            ("address as", &known.form_of_address),
            ("note", &known.rest),
        ] {
            self.form.set(label, words);
        }
        self.form.set("source", USUAL_SOURCE);
        let first_empty = LABELS.iter().find(|(label, _)| self.form.text(label).is_empty());
        if let Some((label, _)) = first_empty.filter(|_| !self.words.is_empty()) {
            self.form.focus_on(label);
        }
    }

    fn person(&self) -> Result<NewPerson, String> {
        let form = &self.form;
        let name = Name {
            kind: NameKind::Official,
            given: form.text("given names"),
            family: form.text("family name"),
        };
        if name.listed().is_empty() {
            return Err("A person needs a name: type at least one word as it was said.".to_owned());
        }
        let born = form.filled("born").map(|words| {
            BirthDate::parse(&words)
                .ok_or("A birth date is a year, a month or a day: 1986, 1986-03, 1986-03-02.")
        });
        let point = |label: &str, kind| {
            form.filled(label).map(|raw| ContactPoint::parse(kind, &raw)).transpose()
        };
        let telephone = point("telephone", ContactPointKind::Telephone)?;
        let email = point("e-mail", ContactPointKind::Email)?;
        let address = Address {
            street: form.text("street"),
            postcode: form.text("postcode"),
            place: form.text("place"),
            area: form.text("area"),
        };
        Ok(NewPerson {
            names: vec![name],
            birth_date: born.transpose()?,
            contact_points: telephone.into_iter().chain(email).collect(),
            address: (address != Address::default()).then_some(address),
            form_of_address: form.filled("address as"),
            source: form.filled("source").unwrap_or_else(|| USUAL_SOURCE.to_owned()),
            shown: self.alike.shown_with(&self.shown),
            told_apart: self.alike.told_apart(),
            ..NewPerson::default()
        })
    }

    /// The person as far as the form says something of them.
    fn so_far(&self) -> NewPerson {
        let form = &self.form;
        let telephone = form
            .filled("telephone")
            .and_then(|raw| ContactPoint::parse(ContactPointKind::Telephone, &raw).ok());
        let address = Address {
            street: form.text("street"),
            postcode: form.text("postcode"),
            place: form.text("place"),
            area: form.text("area"),
        };
        NewPerson {
            names: vec![Name {
                kind: NameKind::Official,
                given: form.text("given names"),
                family: form.text("family name"),
            }],
            birth_date: form.filled("born").and_then(|words| BirthDate::parse(&words)),
            contact_points: telephone.into_iter().collect(),
            address: (address != Address::default()).then_some(address),
            ..NewPerson::default()
        }
    }

    fn register(&mut self, context: &mut Context<'_>) {
        if self.is_waiting() {
            return;
        }
        match self.person() {
            Ok(person) => {
                self.registering = Some(context.execute(Command::RegisterPerson(person)));
            }
            Err(problem) => context.say(Status::Refused(problem)),
        }
    }

    /// Empties the form but for the words of the search, and drops what was kept of it.
    fn start_anew(&mut self, context: &mut Context<'_>) {
        self.asked_draft = None;
        self.is_from_draft = false;
        self.keeper.drop_draft(context);
        self.form = Form::new(&LABELS, LINE_BYTES_MAX);
        self.fill(context);
    }

    fn save_draft(&mut self, context: &mut Context<'_>) {
        self.keeper.keep(self.form.words(), self.form.focus(), 0, context);
    }
}

impl Screen for NewPersonScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        if self.is_done {
            // Going back from the file passes by the form that made it, which must not make it twice.
            context.go(Go::Back);
            return;
        }
        if self.is_filled {
            return;
        }
        self.is_filled = true;
        self.fill(context);
        self.alike.look(self.so_far(), context);
        // Words that were typed into an older form are not lost to a newer search.
        let key = self.keeper.key().clone();
        self.asked_draft = Some(context.ask(AskDraft { key }));
    }

    fn keys(&self) -> keymap::Context {
        if self.alike.has_focus() { keymap::Context::Alike } else { keymap::Context::Intake }
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.alike.has_focus() {
            match self.alike.act(action, key) {
                Picked::Nothing => return Handled::No,
                Picked::Moved => {}
                Picked::Opens(person) => context.go(Go::Person(person)),
                Picked::Uses(person) => {
                    self.is_done = true;
                    self.keeper.drop_draft(context);
                    context.go(Go::Person(person));
                }
            }
            return Handled::Yes;
        }
        match action {
            Action::StartAnew => self.start_anew(context),
            Action::NextField => {
                self.form.go_next();
            }
            Action::PreviousField => {
                self.form.go_previous();
            }
            Action::ShowAlike => {
                if !self.alike.focus() {
                    context.say(Status::Done("Nobody here is likely the same.".to_owned()));
                }
            }
            Action::Register | Action::Send => self.register(context),
            Action::Leave => {
                self.put_away(context);
                return Handled::No;
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        let handled = self.form.key(key);
        if handled == Handled::Yes {
            // A draft from before must not replace what is being typed.
            self.asked_draft = None;
            self.keeper.typed(context.shared.now);
            self.alike.look(self.so_far(), context);
        }
        handled
    }

    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        self.asked_draft = None;
        self.form.paste(text);
        self.keeper.typed(context.shared.now);
        self.alike.look(self.so_far(), context);
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.alike.waits_for(ticket) {
            self.alike.answered(answer, self.so_far(), context);
            return;
        }
        if self.asked_draft != Some(ticket) {
            return;
        }
        self.asked_draft = None;
        if let Ok(Some(draft)) = answer.and_then(AskDraft::expect) {
            for (label, words) in &draft.fields {
                self.form.set(label, words);
            }
            self.form.focus_on(&draft.focus);
            self.is_from_draft = true;
            self.keeper.found(draft.saved_at);
            self.alike.look(self.so_far(), context);
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.keeper.executed(ticket, receipt.is_ok()) {
            return;
        }
        if let Some((_, person)) = self.noting.take_if(|(noting, _)| *noting == ticket) {
            // Whether or not the note was taken, which the status line says, the person is there.
            context.go(Go::Person(person));
            return;
        }
        if self.registering != Some(ticket) {
            return;
        }
        self.registering = None;
        let Ok(receipt) = receipt else { return };
        self.is_done = true;
        self.keeper.drop_draft(context);
        let made = receipt.created.iter().find_map(|entity| match entity {
            EntityId::Person(person) => Some(*person),
            _ => None,
        });
        match (made, self.form.filled("note")) {
            (Some(person), Some(note)) => {
                let command = Command::ChangePerson {
                    person,
                    version: None,
                    change: PersonChange::Note(note),
                    source: "written on the file".to_owned(),
                    is_verified: false,
                };
                self.noting = Some((context.execute(command), person));
            }
            (made, _) => context.go(made.map_or(Go::Back, Go::Person)),
        }
    }

    fn changed(&mut self, _change: &Change, _context: &mut Context<'_>) {}

    fn tick(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_due(context.shared.now) {
            self.save_draft(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header("NEW PERSON", "", shared, cells), Meaning::Strong);
        let kept = self.keeper.label(&shared.zone);
        let shown = match self.shown.as_slice() {
            [] => "nobody was found".to_owned(),
            [one] => format!("none of the person shown: {one}"),
            many => format!("none of the {} people shown", many.len()),
        };
        let typed = if self.is_from_draft {
            let words = if self.words.is_empty() { "anew" } else { self.words.as_str() };
            let anew = shared.keymap.key(self.keys(), Action::StartAnew);
            format!("the form that was left; {anew} drops it and starts {words}")
        } else if self.words.is_empty() {
            "Search first where you can: the person may be here already.".to_owned()
        } else {
            format!("searched for \"{}\", {shown}", self.words)
        };
        canvas.line(1, &kept.map_or(typed.clone(), |kept| format!("{typed}   {kept}")));
        let rows = canvas.height().saturating_sub(3);
        let (row, column) = self.form.draw(&mut canvas, 3, rows);
        let last = 3 + self.form.len();
        let missing = if self.form.filled("family name").is_none()
            && self.form.filled("given names").is_none()
        {
            "still needed: a name"
        } else {
            "nothing is missing; what nobody checked is marked ? on the file"
        };
        if last < canvas.height() {
            canvas.line(last, missing);
        }
        match self.alike.draw(&mut canvas, last + 2) {
            Some(row) => canvas.position(row, 0),
            None => canvas.position(row, column),
        }
    }

    fn hints(&self) -> Vec<Action> {
        if self.alike.has_focus() {
            let open = [Action::OpenRow, Action::UseAlike, Action::NotSame, Action::Leave];
            return open.to_vec();
        }
        let mut hints =
            vec![Action::NextField, Action::PreviousField, Action::Register, Action::Leave];
        if self.alike.has_people() {
            hints.insert(2, Action::ShowAlike);
        }
        hints
    }

    fn is_waiting(&self) -> bool {
        self.registering.is_some() || self.noting.is_some()
    }

    fn put_away(&mut self, context: &mut Context<'_>) {
        if self.keeper.is_unkept() && !self.is_done && !self.is_waiting() {
            self.save_draft(context);
        }
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}
