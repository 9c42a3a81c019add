//! A name that somebody types where one letter picks: it goes to who asks, and picks nothing.

use crate::domain::cases::{Channel, Nature};

use super::super::{Context, Status};
use super::fields::{Asker, Field};
use super::moment::begins_a_day;
use super::screen::IntakeScreen;

/// Letters that were typed in one go while nobody was named yet, and what was picked before the first of them.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedOn {
    letters: String,
    via: Option<Channel>,
    nature: Option<Nature>,
    received: String,
}

impl IntakeScreen {
    /// Notes what a key writes where it may be of a name; any other key ends the letters that are looked at.
    pub(super) fn note_letter(&mut self, written: Option<char>) {
        let may_be_name = matches!(self.focus, Field::Via | Field::Received | Field::Nature)
            && self.fields.asker == Asker::Open
            && self.fields.asker_text.is_blank();
        let Some(letter) = written.filter(|letter| may_be_name && is_of_name(*letter)) else {
            self.typed_on = TypedOn::default();
            return;
        };
        if self.typed_on.letters.is_empty() {
            self.typed_on = TypedOn {
                letters: String::new(),
                via: self.fields.via,
                nature: self.fields.nature,
                received: self.fields.received.text(),
            };
        }
        self.typed_on.letters.push(letter);
    }

    /// Takes the letters as the name of whoever asks, and takes back what they picked; whether there were any.
    pub(super) fn take_name(&mut self, context: &mut Context<'_>) -> bool {
        let typed = std::mem::take(&mut self.typed_on);
        if typed.letters.is_empty() {
            return false;
        }
        self.fields.via = typed.via;
        self.fields.nature = typed.nature;
        self.fields.received.set(&typed.received);
        self.fields.asker_text.set(&typed.letters);
        self.focus = Field::AskedBy;
        self.ask_similar(context);
        context.say(Status::Done(
            "That is taken as the name of who asks: type on, and Enter looks for them.".to_owned(),
        ));
        true
    }

    /// Takes the letters typed so far as a name once what stands in the received field begins no day.
    pub(super) fn look_for_name(&mut self, context: &mut Context<'_>) {
        let day = self.fields.received.text();
        if day.chars().all(is_of_name) && !begins_a_day(&day) {
            self.take_name(context);
        }
    }

    /// Goes on from who asks: back to what stands above and is still needed, for a name may have come first.
    pub(super) fn go_on_from_asker(&mut self) {
        let above = [Field::Via, Field::Nature];
        match above.into_iter().find(|field| !self.fields.is_passed_by(*field, None)) {
            Some(field) => self.focus = field,
            None => self.advance(),
        }
    }
}

/// Whether a name may have it.
fn is_of_name(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, ' ' | '-' | '\'' | '\u{200c}')
}
