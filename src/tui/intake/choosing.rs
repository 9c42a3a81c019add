//! Chooses with Left and Right what a letter or a digit picks, for hands and keymaps that press no single characters.

use crate::domain::cases::{About, Channel, Nature, SameChoice};
use crate::keymap::{Key, KeyCode, Modifiers};

use super::super::Context;
use super::super::field::place_beside;
use super::fields::{Asker, Field};
use super::screen::{IntakeScreen, Wait};

impl IntakeScreen {
    /// Takes an arrow where one of a few is picked: the one beside what is chosen is chosen then, and the focus stays, so
    /// that one can go on to the next. Whether the key was one.
    pub(super) fn choose_beside(&mut self, key: Key, context: &mut Context<'_>) -> bool {
        let step = match key.code() {
            KeyCode::Left => -1,
            KeyCode::Right => 1,
            _ => return false,
        };
        if key.modifiers() != Modifiers::default() {
            return false;
        }
        match self.focus {
            Field::Via => {
                self.fields.via = beside(&Channel::ALL, self.fields.via.as_ref(), step);
            }
            Field::Nature => {
                self.fields.nature = beside(&Nature::ALL, self.fields.nature.as_ref(), step);
                self.ask_similar(context);
            }
            Field::AskedBy if self.fields.asker_text.is_blank() => {
                self.set_asker(Asker::Anonymous, context);
            }
            Field::About if self.fields.about_text.is_blank() => {
                let offered = self.offered_about();
                let about = beside(&offered, Some(&self.fields.about), step);
                self.fields.about = about.unwrap_or(About::Same);
            }
            Field::Same if self.asked_similar.is_some() => self.wait(Wait::Similar, Some(key)),
            Field::Same => {
                self.fields.same = beside(&self.offered_same(), self.fields.same.as_ref(), step);
            }
            _ => return false,
        }
        true
    }

    /// Whom it may be about, in the order of the screen; somebody else is found by name.
    fn offered_about(&self) -> Vec<About> {
        let mut offered = vec![About::Same];
        if let Some(file) = &self.file {
            offered.extend(file.kin.iter().take(9).map(|kin| About::Person(kin.person)));
            offered.extend(file.household.map(About::Household));
        }
        offered
    }

    /// The cases that it can be added to, and after them a new one.
    fn offered_same(&self) -> Vec<SameChoice> {
        let cases = self.similar.iter().flat_map(|similar| &similar.cases);
        let open = cases.filter(|case| case.row.stage.is_open());
        open.map(|case| SameChoice::AddedTo(case.row.id)).chain([SameChoice::New]).collect()
    }
}

fn beside<T: Clone + PartialEq>(all: &[T], chosen: Option<&T>, step: isize) -> Option<T> {
    let chosen = chosen.and_then(|chosen| all.iter().position(|one| one == chosen));
    all.get(place_beside(all.len(), chosen, step)?).cloned()
}
