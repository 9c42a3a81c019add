//! The different words of a register, and Heaps' law for their number.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use casedesk::search::words;

use casedesk_peers::people::Failure;

/// Words by their hash: among two million, a collision of 64 bits is not to be expected.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    seen: HashSet<u64>,
    /// How many words there were at so many people.
    marks: Vec<(u64, usize)>,
    exponent: f64,
}

impl Vocabulary {
    /// Takes in the words of a text, without numbers.
    pub(crate) fn take(&mut self, text: &str) {
        for word in words(text).iter().filter(|word| !is_number(word)) {
            self.seen.insert(hash(word));
        }
    }

    /// Whether every word of a text is known.
    pub(crate) fn knows(&self, text: &str) -> bool {
        words(text).iter().all(|word| self.seen.contains(&hash(word)))
    }

    /// Remembers the number of words at so many people.
    pub(crate) fn mark(&mut self, people: u64) {
        self.marks.push((people, self.seen.len()));
    }

    /// Measures the exponent between the newest mark and the first at a tenth of its people or more.
    pub(crate) fn measure(&mut self) -> Result<(), Failure> {
        let (people, words) = self.marks.last().copied().unwrap_or_default();
        let tenth = self.marks.iter().find(|(at, _)| at * 10 >= people).copied();
        let (tenth_people, tenth_words) = tenth.unwrap_or_default();
        if tenth_people == 0 || tenth_people == people {
            return Err("too few people to measure how their words grow: give a thousand".into());
        }
        self.exponent = (number(words as u64) / number(tenth_words as u64)).ln()
            / (number(people) / number(tenth_people)).ln();
        Ok(())
    }

    /// Whether there are fewer words than Heaps' law has at so many people.
    pub(crate) fn is_behind(&self, people: u64) -> bool {
        let Some(&(measured, words)) = self.marks.last() else { return false };
        let wanted = number(words as u64) * (number(people) / number(measured)).powf(self.exponent);
        number(self.seen.len() as u64) < wanted
    }

    /// The number of different words, and the exponent of their growth.
    pub(crate) fn figures(&self) -> (usize, f64) {
        (self.seen.len(), self.exponent)
    }
}

fn hash(word: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(word)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Counts here are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of people and words are far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}
