//! One line that orders the list: a letter picks by what, the same letter again the other way round.

use crate::desk::Narrowing;
use crate::domain::cases::filter::{Sort, SortField};
use crate::keymap::Key;
use crate::tui::field::Picture;

use super::narrow::Wish;

/// The picker.
#[derive(Debug)]
pub(super) struct SortPicker {
    sort: Sort,
}

impl SortPicker {
    pub(super) fn new(sort: Sort) -> Self {
        Self { sort }
    }

    pub(super) fn key(&mut self, key: Key, narrowing: &Narrowing) -> Wish {
        let field = |letter| SortField::ALL.into_iter().find(|field| field.key() == letter);
        let Some(field) = key.typed().and_then(field) else { return Wish::NotTaken };
        let is_descending = field == self.sort.field && !self.sort.is_descending;
        let sort = Sort { field, is_descending };
        Wish::Narrow(Narrowing { limit: narrowing.limit.clone(), sort })
    }

    pub(super) fn show(&self, name: &str, cells: usize, picture: &mut Picture) {
        picture.rows.push(format!("-- SORT {name}, now by {}", self.sort));
        let fields: Vec<(String, bool)> = SortField::ALL
            .into_iter()
            .map(|field| (format!("{} {}", field.key(), field.word()), field == self.sort.field))
            .collect();
        picture.choices("by", &fields, true, cells);
        picture.words("", "the letter of what it is sorted by already turns it round", cells, 1);
    }
}
