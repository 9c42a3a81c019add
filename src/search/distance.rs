//! How far a typed word is from a written one: by letters and by sound.

use super::keys::WORD_CHARS_MAX;
use super::letters::{Letter, is_alike, is_breath, is_vowel};
use super::sound::{Sound, confusion, omission};

/// A cost in hundredths of a wrong letter.
pub(super) type Cost = u16;

/// More than any word costs.
const FAR: Cost = 10_000;

const CELLS: usize = WORD_CHARS_MAX + 2;

/// What it costs to write one word for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Distance {
    /// Between the whole words.
    pub(super) whole: Cost,
    /// Between the typed word and the best beginning of the other.
    pub(super) start: Cost,
}

const NOWHERE: Distance = Distance { whole: FAR, start: FAR };

/// A typed word, prepared for the count of unit edits against many others.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// For each letter, the places where the typed word has it.
    places: Vec<u64>,
    length: usize,
}

impl Pattern {
    /// Prepares `typed`.
    pub(super) fn new(typed: &[Letter]) -> Self {
        let mut places = vec![0; 256];
        for (place, &letter) in typed.iter().take(64).enumerate() {
            if let Some(bits) = places.get_mut(usize::from(letter)) {
                *bits |= 1 << place;
            }
        }
        Self { places, length: typed.len().min(64) }
    }

    /// The number of letters written wrongly, left out, added, or swapped with a neighbour (the restricted
    /// Damerau distance), by Hyyrö's bit-parallel method (2003).
    pub(super) fn edits(&self, word: &[Letter]) -> usize {
        if self.length == 0 {
            return word.len();
        }
        let last = 1_u64 << (self.length - 1);
        let (mut ups, mut downs) = (u64::MAX, 0_u64);
        let (mut diagonal_before, mut found_before) = (0_u64, 0_u64);
        let mut edits = self.length;
        for &letter in word {
            let found = self.places.get(usize::from(letter)).copied().unwrap_or_default();
            let swapped = ((!diagonal_before & found) << 1) & found_before;
            let diagonal = (((found & ups).wrapping_add(ups)) ^ ups) | found | downs | swapped;
            let mut rights = downs | !(diagonal | ups);
            let mut lefts = diagonal & ups;
            if rights & last != 0 {
                edits += 1;
            } else if lefts & last != 0 {
                edits -= 1;
            }
            rights = (rights << 1) | 1;
            lefts <<= 1;
            ups = lefts | !(diagonal | rights);
            downs = diagonal & rights;
            (diagonal_before, found_before) = (diagonal, found);
        }
        edits
    }
}

/// What it costs to write `typed` for `word`, if that is at most `limit`: vowels, doubled letters, h, letters that look
/// or sound alike and swapped neighbours cost less than a letter that is simply wrong.
pub(super) fn by_letters(typed: &[Letter], word: &[Letter], limit: Cost) -> Distance {
    let mut rows = Rows::new(word.len());
    let mut before: Option<Letter> = None;
    for (place, column) in columns(word) {
        let cost = rows.above(place) + omitted(column, before);
        rows.set_above(place + 1, cost);
        before = Some(column);
    }
    let mut typed_before: Option<Letter> = None;
    for &letter in typed {
        let first = rows.above(0) + omitted(letter, typed_before);
        rows.set(0, first);
        let mut best = first;
        let mut before: Option<Letter> = None;
        for (place, column) in columns(word) {
            let replaced = rows.above(place) + replaced(letter, column);
            let left_out = rows.left(place) + omitted(column, before);
            let added = rows.above(place + 1) + omitted(letter, typed_before);
            let mut cost = replaced.min(left_out).min(added);
            if place > 0 && before == Some(letter) && typed_before == Some(column) {
                cost = cost.min(rows.two_above(place - 1) + SWAPPED);
            }
            rows.set(place + 1, cost);
            best = best.min(cost);
            before = Some(column);
        }
        if best > limit {
            return NOWHERE;
        }
        rows.next();
        typed_before = Some(letter);
    }
    rows.result(word.len())
}

/// What it costs to hear `typed` for `word`, if that is at most `limit`.
pub(super) fn by_sound(typed: &[Sound], word: &[Sound], limit: Cost) -> Distance {
    let mut rows = Rows::new(word.len());
    for (place, column) in columns(word) {
        let cost = rows.above(place) + omission(column);
        rows.set_above(place + 1, cost);
    }
    for &sound in typed {
        let first = rows.above(0) + omission(sound);
        rows.set(0, first);
        let mut best = first;
        for (place, column) in columns(word) {
            let replaced = rows.above(place) + confusion(sound, column);
            let left_out = rows.left(place) + omission(column);
            let added = rows.above(place + 1) + omission(sound);
            let cost = replaced.min(left_out).min(added);
            rows.set(place + 1, cost);
            best = best.min(cost);
        }
        if best > limit {
            return NOWHERE;
        }
        rows.next();
    }
    rows.result(word.len())
}

const SWAPPED: Cost = 60;

fn columns(word: &[u8]) -> impl Iterator<Item = (usize, u8)> + '_ {
    word.iter().copied().take(WORD_CHARS_MAX).enumerate()
}

fn replaced(one: Letter, other: Letter) -> Cost {
    if one == other {
        0
    } else if is_vowel(one) && is_vowel(other) {
        45
    } else if is_alike(one, other) {
        55
    } else {
        100
    }
}

fn omitted(letter: Letter, before: Option<Letter>) -> Cost {
    if before == Some(letter) {
        30
    } else if is_breath(letter) {
        45
    } else if is_vowel(letter) {
        // A second vowel beside the first is mostly spelling: oe for ö, ei for i.
        if before.is_some_and(is_vowel) { 40 } else { 65 }
    } else {
        100
    }
}

/// Three rows of the table of costs; column 0 stands before the first letter.
struct Rows {
    two_above: [Cost; CELLS],
    above: [Cost; CELLS],
    here: [Cost; CELLS],
    cells: usize,
}

impl Rows {
    fn new(columns: usize) -> Self {
        Self {
            two_above: [FAR; CELLS],
            above: [0; CELLS],
            here: [FAR; CELLS],
            cells: (columns + 1).min(CELLS),
        }
    }

    fn above(&self, cell: usize) -> Cost {
        self.above.get(cell).copied().unwrap_or(FAR)
    }

    fn two_above(&self, cell: usize) -> Cost {
        self.two_above.get(cell).copied().unwrap_or(FAR)
    }

    fn left(&self, cell: usize) -> Cost {
        self.here.get(cell).copied().unwrap_or(FAR)
    }

    fn set(&mut self, cell: usize, cost: Cost) {
        if let Some(place) = self.here.get_mut(cell) {
            *place = cost.min(FAR);
        }
    }

    fn set_above(&mut self, cell: usize, cost: Cost) {
        if let Some(place) = self.above.get_mut(cell) {
            *place = cost.min(FAR);
        }
    }

    fn next(&mut self) {
        std::mem::swap(&mut self.two_above, &mut self.above);
        std::mem::swap(&mut self.above, &mut self.here);
    }

    /// After the last row: its last cell, and its best.
    fn result(&self, columns: usize) -> Distance {
        let start = self.above.iter().take(self.cells).copied().min().unwrap_or(FAR);
        Distance { whole: self.above(columns.min(WORD_CHARS_MAX)), start }
    }
}

#[cfg(test)]
mod tests {
    use super::super::letters::letters;
    use super::super::sound::sounds;
    use super::*;

    #[test]
    fn edits_count_swapped_neighbours_once() {
        let edits = |typed, word| Pattern::new(&letters(typed)).edits(&letters(word));
        assert_eq!(edits("mohamedi", "mohammadi"), 2);
        assert_eq!(edits("blkae", "blake"), 1);
        assert_eq!(edits("sara", "sara"), 0);
        assert_eq!(edits("", "sara"), 4);
        assert_eq!(edits("kitten", "sitting"), 3);
    }

    #[test]
    fn a_likely_slip_costs_less_than_a_wrong_letter() {
        let cost = |typed, word| by_letters(&letters(typed), &letters(word), 500).whole;
        assert_eq!(cost("blake", "blake"), 0);
        assert!(cost("blkae", "blake") < cost("blxke", "blake"));
        assert!(cost("mohamed", "mohammed") < cost("mohabmed", "mohammed"));
        assert!(cost("moeller", "moller") < cost("moxller", "moller"));
        assert_eq!(by_letters(&letters("moham"), &letters("mohammadi"), 500).start, 0);
    }

    #[test]
    fn a_name_is_near_by_sound_in_another_script() {
        let cost = |typed, word| by_sound(&sounds(typed), &sounds(word), 500).whole;
        assert!(cost("محمد", "mohammed") < 60);
        assert!(cost("حسین", "hossein") < 60);
        assert!(cost("محمد", "hossein") > 100);
    }
}
