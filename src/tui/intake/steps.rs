//! What a key does in each field of the form, and where the focus goes then.

use crate::desk::{AskSimilar, AskSubjects};
use crate::domain::cases::{About, Channel, Nature, SameChoice};
use crate::keymap::{Key, KeyCode};

use super::super::field::{TextField, person_number};
use super::super::when::{time, weekday_and_time};
use super::super::{Context, Go, Handled, Status};
use super::fields::{Asker, Field, Fields};
use super::screen::{IntakeScreen, Wait};

/// Subjects that are shown for what was typed.
const SUBJECTS_SHOWN: u32 = 5;

impl IntakeScreen {
    /// Takes a key that picks or types in the field with the focus.
    pub(super) fn key_in_field(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.choose_beside(key, context) {
            return Handled::Yes;
        }
        let typed = key.typed();
        match self.focus {
            Field::Via => self.pick(typed.and_then(Channel::from_key), context, |fields, via| {
                fields.via = Some(via);
            }),
            Field::Nature => {
                let nature = typed.and_then(Nature::from_key);
                let handled = self.pick(nature, context, |fields, nature| {
                    fields.nature = Some(nature);
                });
                if nature.is_some() {
                    self.ask_similar(context);
                }
                handled
            }
            Field::Received => {
                let handled = self.fields.received.key(key).into();
                self.look_for_name(context);
                handled
            }
            Field::Subject => self.key_in_subject(key, context),
            Field::AskedBy => {
                if typed == Some('a') && self.fields.asker_text.is_blank() {
                    self.set_asker(Asker::Anonymous, context);
                    self.go_on_from_asker();
                    return Handled::Yes;
                }
                self.fields.asker_text.key(key).into()
            }
            Field::About => self.key_in_about(key, context),
            Field::Addressee => self.fields.addressee_text.key(key).into(),
            Field::Place => {
                let before = self.fields.place.text();
                let handled = self.fields.place.key(key).into();
                if self.fields.place.text() != before {
                    self.fields.place_of_file = None;
                }
                handled
            }
            Field::Same => self.key_in_same(key, context),
            Field::Says => self.fields.says.key(key).into(),
            Field::Promise => self.fields.promise.key(key).into(),
        }
    }

    /// Sets a field that one letter picks, and goes on; another letter begins a name, or is said to mean nothing where it is
    /// known who asks.
    fn pick<T>(
        &mut self,
        picked: Option<T>,
        context: &mut Context<'_>,
        set: impl FnOnce(&mut Fields, T),
    ) -> Handled {
        match picked {
            Some(value) => {
                set(&mut self.fields, value);
                self.advance();
            }
            None if self.take_name(context) => {}
            None => context.say(Status::Refused(
                "Pick with one of the letters shown, or with Left and Right.".to_owned(),
            )),
        }
        Handled::Yes
    }

    fn key_in_subject(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        let before = self.fields.subject_text.text();
        let handled = self.fields.subject_text.key(key).into();
        let words = self.fields.subject_text.text();
        if words != before {
            self.fields.subject = None;
            self.fields.same = None;
            self.options.clear();
            self.option_choice.set(0);
            self.asked_subjects = (!words.trim().is_empty())
                .then(|| context.ask(AskSubjects { text: words, limit: SUBJECTS_SHOWN }));
        }
        handled
    }

    fn key_in_about(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if !self.fields.about_text.is_blank() || matches!(key.typed(), Some('P' | 'p')) {
            return self.fields.about_text.key(key).into();
        }
        let about = match (key.typed(), key.digit()) {
            (Some('s'), _) => Some(About::Same),
            (Some('h'), _) => match self.file.as_ref().and_then(|file| file.household) {
                Some(household) => Some(About::Household(household)),
                None if self.needs_file() => return self.wait_for_file(key),
                None => None,
            },
            (Some('/'), _) => {
                context.go(Go::FindFor(String::new()));
                return Handled::Yes;
            }
            (_, Some(digit)) => {
                if self.needs_file() {
                    return self.wait_for_file(key);
                }
                let place = usize::from(digit).checked_sub(1);
                let kin = place.and_then(|place| self.file.as_ref()?.kin.get(place));
                kin.map(|kin| About::Person(kin.person))
            }
            // A name begins with any other letter.
            _ => return self.fields.about_text.key(key).into(),
        };
        match about {
            Some(about) => {
                self.fields.about = about;
                self.advance();
            }
            None => context.say(Status::Refused(
                "There is nobody by that: s is the same, / finds another person.".to_owned(),
            )),
        }
        Handled::Yes
    }

    fn key_in_same(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.asked_similar.is_some() {
            // The answer on screen may be about another subject; the key is taken once the newest is here.
            self.wait(Wait::Similar, Some(key));
            return Handled::Yes;
        }
        let cases = self.similar.as_ref().map_or(&[][..], |similar| similar.cases.as_slice());
        let choice = match (key.typed(), key.digit()) {
            (Some('n'), _) => Some(SameChoice::New),
            (_, Some(digit)) => usize::from(digit)
                .checked_sub(1)
                .and_then(|place| cases.get(place))
                .map(|case| SameChoice::AddedTo(case.row.id)),
            _ => None,
        };
        let chosen = |id| cases.iter().find(|case| case.row.id == id);
        if let Some(SameChoice::AddedTo(id)) = choice
            && chosen(id).is_some_and(|case| !case.row.stage.is_open())
        {
            context.say(Status::Refused(format!(
                "{id} has ended, so nothing is added to it: n starts a new case."
            )));
            return Handled::Yes;
        }
        match choice {
            Some(choice) => {
                self.fields.same = Some(choice);
                self.advance();
            }
            // Whoever writes on already is not stopped: the words go where words go, and SAME? is asked at the end.
            None if key.typed().is_some_and(char::is_alphabetic) => {
                self.focus = Field::Says;
                return self.fields.says.key(key).into();
            }
            None => context.say(Status::Refused(
                "A digit adds this to the case shown, n starts a new one.".to_owned(),
            )),
        }
        Handled::Yes
    }

    /// Enter: settles the field and goes on to the next that has anything to settle.
    pub(super) fn enter(&mut self, context: &mut Context<'_>) {
        let problem = match self.focus {
            Field::Subject => return self.enter_subject(context),
            Field::Received => {
                let at = self.received_at(context.shared);
                match at {
                    // A name whose first letter picked a way by which something was received before.
                    None if self.take_name(context) => {
                        return look_for(&self.fields.asker_text, context);
                    }
                    None => {
                        Some("A day is typed as 14.8, 2026-08-14 or yesterday, a time as 9:30.")
                    }
                    Some(at) if at > context.shared.now && !self.fields.received.is_blank() => {
                        Some("That lies in the future: type when the office received it.")
                    }
                    Some(_) => None,
                }
            }
            Field::AskedBy if is_name(&self.fields.asker_text) => {
                return look_for(&self.fields.asker_text, context);
            }
            Field::AskedBy => match self.enter_asker(context) {
                None => return self.go_on_from_asker(),
                problem => problem,
            },
            Field::About if is_name(&self.fields.about_text) => {
                return look_for(&self.fields.about_text, context);
            }
            Field::Addressee if is_name(&self.fields.addressee_text) => {
                return look_for(&self.fields.addressee_text, context);
            }
            Field::About if !self.fields.about_text.is_blank() => {
                match person_number(&self.fields.about_text.text()) {
                    Some(person) => {
                        self.fields.about = About::Person(person);
                        self.fields.about_text.set("");
                        None
                    }
                    None => Some("Type the other person's number, as P-4711."),
                }
            }
            Field::Addressee => {
                let words = self.fields.addressee_text.text();
                self.fields.addressee = person_number(&words);
                (self.fields.addressee.is_none() && !words.trim().is_empty())
                    .then_some("Type the number of whoever letters go to, as P-4711.")
            }
            Field::Place => {
                if self.needs_file() && self.fields.place.is_blank() {
                    self.wait(Wait::File, Some(Key::plain(KeyCode::Enter)));
                    return;
                }
                self.ask_similar(context);
                None
            }
            Field::Promise => return self.enter_promise(context),
            Field::Via | Field::Nature | Field::About | Field::Same | Field::Says => None,
        };
        match problem {
            Some(problem) => context.say(Status::Refused(problem.to_owned())),
            None => self.advance(),
        }
    }

    fn enter_subject(&mut self, context: &mut Context<'_>) {
        if self.asked_subjects.is_some() {
            self.wait(Wait::Subjects, Some(Key::plain(KeyCode::Enter)));
            return;
        }
        let chosen = self.option_choice.at(self.options.len());
        if self.is_suggested() {
            self.settle_suggested(context);
        } else if let Some(subject) = self.options.get(chosen) {
            if self.fields.subject.as_ref().is_none_or(|(code, _)| *code != subject.code) {
                self.fields.same = None;
            }
            self.fields.subject = Some((subject.code.clone(), subject.label.clone()));
            self.fields.subject_text.set(&subject.code.0);
            self.options.clear();
            self.ask_similar(context);
        } else if self.fields.subject.is_none() && !self.fields.subject_text.is_blank() {
            context.say(Status::Refused(
                "No subject is like that: empty it to leave it to screening.".to_owned(),
            ));
            return;
        }
        self.advance();
    }

    /// Takes the time of a promise. Where the office is closed then, Enter offers the nearest time at which it is open.
    fn enter_promise(&mut self, context: &mut Context<'_>) {
        let shared = context.shared;
        match self.fields.promised(shared.now, &shared.who.calendar) {
            Err(problem) => context.say(Status::Refused(problem)),
            Ok(None) => self.focus = Field::Says,
            Ok(Some(said)) => match said.closed.and_then(|closed| closed.nearest) {
                None => self.focus = Field::Says,
                Some(nearest) => {
                    let (day, time) = (shared.zone.day(nearest), time(nearest, &shared.zone));
                    self.fields.promise.set(&format!("{day} {time}"));
                    let nearest = weekday_and_time(nearest, shared.now, &shared.zone);
                    context.say(Status::Done(format!(
                        "The office is closed then; now it says {nearest}. Type another time, or register."
                    )));
                }
            },
        }
    }

    fn enter_asker(&mut self, context: &mut Context<'_>) -> Option<&'static str> {
        let words = self.fields.asker_text.text();
        if words.trim().is_empty() {
            return (self.fields.asker == Asker::Open)
                .then_some("Type the person's number, as P-4711, or a for anonymous.");
        }
        let Some(person) = person_number(&words) else {
            return Some("Type the person's number, as P-4711, or a for anonymous.");
        };
        self.fields.asker_text.set("");
        self.set_asker(Asker::Person(person), context);
        None
    }

    pub(super) fn set_asker(&mut self, asker: Asker, context: &mut Context<'_>) {
        if self.fields.asker == asker {
            return;
        }
        self.fields.asker = asker;
        // What was chosen was chosen among the other person's cases.
        self.fields.same = None;
        // Kin and household were the other person's; so was the place, unless it was typed.
        self.fields.about = About::Same;
        if self.fields.place_of_file.take().is_some() {
            self.fields.place.set("");
        }
        self.file = None;
        self.file_refused = None;
        self.ask_file(context);
        self.ask_similar(context);
    }

    /// Asks which cases may be the same; what was chosen before was chosen among others.
    pub(super) fn ask_similar(&mut self, context: &mut Context<'_>) {
        let place = self.fields.case_place();
        let question = AskSimilar {
            person: self.fields.person(),
            nature: self.fields.nature,
            subject: self.fields.subject.as_ref().map(|(code, _)| code.clone()),
            area: place.area,
            place: place.text,
        };
        if self.similar_question.as_ref() != Some(&question) {
            self.similar_question = Some(question.clone());
            self.asked_similar = Some(context.ask(question));
        }
    }

    /// Goes to the next field that has anything to settle.
    pub(super) fn advance(&mut self) {
        let similar = self.similar.as_ref().filter(|_| self.asked_similar.is_none());
        loop {
            let next = self.focus.next();
            if next == self.focus {
                return;
            }
            self.focus = next;
            if next == Field::Same && self.asked_similar.is_some() && self.fields.same.is_none() {
                // Whether there is anything to answer here is known once the newest answer is.
                self.wait(Wait::Similar, None);
                return;
            }
            if !self.fields.is_passed_by(next, similar) {
                return;
            }
        }
    }

    /// The cases are here that the focus waited for on its way over the SAME? field.
    pub(super) fn pass_same(&mut self) {
        let is_empty = self.similar.as_ref().is_some_and(|similar| similar.cases.is_empty());
        if self.focus == Field::Same && is_empty {
            self.focus = Field::Says;
        }
    }

    fn wait_for_file(&mut self, key: Key) -> Handled {
        self.wait(Wait::File, Some(key));
        Handled::Yes
    }
}

/// Whether a name was typed where a number could stand.
fn is_name(line: &TextField) -> bool {
    let words = line.text();
    person_number(&words).is_none() && words.chars().filter(|it| it.is_alphabetic()).count() > 1
}

/// Looks for a name; whoever is chosen or registered there comes back into the field.
fn look_for(line: &TextField, context: &mut Context<'_>) {
    context.go(Go::FindFor(line.text().trim().to_owned()));
}
