//! Words of one script, class and length side by side, sifted for those that a typed word may stand for.
//!
//! Nearly all words fall through the sieve, so it decides how long a key press takes: each test is a plain loop over one
//! flat array, which compilers turn into vector instructions on any machine.

use super::letters::{Letter, Script};
use super::sound::{self, Sound};
use super::words::Class;

/// Words that are sifted at once.
const LOT: usize = 64;

/// Which tests a word passed: one bit each.
pub(super) const NEAR: u8 = 1;
/// The word begins with the letters that were typed, as far as the first four tell.
pub(super) const START: u8 = 2;
/// The word is longer, begins with the same letter and has nearly all letters that were typed.
pub(super) const START_NEAR: u8 = 4;
/// The word has the same consonants.
pub(super) const SOUND: u8 = 8;

/// What all words of a shelf have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) script: Script,
    pub(super) class: Class,
    pub(super) length: usize,
}

/// The words with one label, in the order in which they came.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) label: Label,
    /// The number of each.
    words: Vec<u32>,
    letter_masks: Vec<u32>,
    firsts: Vec<u32>,
    sound_masks: Vec<u16>,
    /// All letters, of each word as many as the label says.
    letters: Vec<Letter>,
    sounds: Vec<Sound>,
    sound_ends: Vec<u32>,
}

/// A word that passed a test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sifted<'a> {
    pub(super) word: u32,
    /// The tests that it passed.
    pub(super) passed: u8,
    pub(super) letters: &'a [Letter],
    shelf: &'a Shelf,
    place: usize,
}

impl<'a> Sifted<'a> {
    /// How the word sounds.
    pub(super) fn sounds(&self) -> &'a [Sound] {
        let end = |place: Option<usize>| {
            let end = place.and_then(|place| self.shelf.sound_ends.get(place));
            end.and_then(|&end| usize::try_from(end).ok()).unwrap_or_default()
        };
        let (from, to) = (end(self.place.checked_sub(1)), end(Some(self.place)));
        self.shelf.sounds.get(from..to).unwrap_or_default()
    }
}

/// What is asked of the words of one shelf; a test that is not there passes nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sieve {
    /// The typed letters, one bit each.
    pub(super) letters: u32,
    /// The typed first letters.
    pub(super) firsts: u32,
    /// The typed consonants, one bit for each group.
    pub(super) sounds: u16,
    /// How many typed letters the word may lack, and how many the typed word may.
    pub(super) near: Option<(u32, u32)>,
    /// How many of the first four letters count.
    pub(super) start: Option<u32>,
    /// How many typed letters a longer word may lack.
    pub(super) start_near: Option<u32>,
    /// How many groups of consonants may be in only one of the two, each way.
    pub(super) sound: Option<u32>,
}

impl Shelf {
    pub(super) fn new(label: Label) -> Self {
        Self {
            label,
            words: Vec::new(),
            letter_masks: Vec::new(),
            firsts: Vec::new(),
            sound_masks: Vec::new(),
            letters: Vec::new(),
            sounds: Vec::new(),
            sound_ends: Vec::new(),
        }
    }

    /// Puts a word at the end; it has as many letters as the label says.
    pub(super) fn push(&mut self, word: u32, letters: &[Letter], sounds: &[Sound]) {
        self.words.push(word);
        self.letter_masks.push(mask(letters));
        self.firsts.push(firsts(letters));
        self.sound_masks.push(sound::mask(sounds));
        self.letters.extend_from_slice(letters);
        self.sounds.extend_from_slice(sounds);
        self.sound_ends.push(u32::try_from(self.sounds.len()).unwrap_or(u32::MAX));
    }

    /// About how many bytes the words take.
    pub(super) fn bytes(&self) -> usize {
        let fixed = 4 + 4 + 4 + 2 + 4;
        self.words.len() * fixed + self.letters.len() + self.sounds.len()
    }

    /// Gives back what was reserved for more words.
    pub(super) fn settle(&mut self) {
        self.words.shrink_to_fit();
        self.letter_masks.shrink_to_fit();
        self.firsts.shrink_to_fit();
        self.sound_masks.shrink_to_fit();
        self.letters.shrink_to_fit();
        self.sounds.shrink_to_fit();
        self.sound_ends.shrink_to_fit();
    }

    /// Calls `visit` with every word that passes a test.
    pub(super) fn sift<'a>(&'a self, sieve: &Sieve, mut visit: impl FnMut(Sifted<'a>)) {
        let masks = self.letter_masks.chunks(LOT).zip(self.sound_masks.chunks(LOT));
        for (lot, ((letters, sounds), firsts)) in masks.zip(self.firsts.chunks(LOT)).enumerate() {
            let passed = sieve.passed(letters, firsts, sounds);
            for (eight, passed) in passed.chunks(8).enumerate() {
                // Eight words at a time, because hardly any of them passed.
                if passed.iter().all(|&passed| passed == 0) {
                    continue;
                }
                for (one, &passed) in passed.iter().enumerate().filter(|(_, passed)| **passed != 0)
                {
                    let place = lot * LOT + eight * 8 + one;
                    let from = place * self.label.length;
                    let letters = self.letters.get(from..from + self.label.length);
                    if let (Some(&word), Some(letters)) = (self.words.get(place), letters) {
                        visit(Sifted { word, passed, letters, shelf: self, place });
                    }
                }
            }
        }
    }
}

impl Sieve {
    /// Which tests each of up to 64 words passes.
    fn passed(&self, letters: &[u32], firsts: &[u32], sounds: &[u16]) -> [u8; LOT] {
        let mut passed = [0_u8; LOT];
        if let Some((lacking_max, surplus_max)) = self.near {
            for (passed, &letters) in passed.iter_mut().zip(letters) {
                let is_near = (self.letters & !letters).count_ones() <= lacking_max
                    && (letters & !self.letters).count_ones() <= surplus_max;
                *passed |= u8::from(is_near) * NEAR;
            }
        }
        if let Some(count) = self.start {
            let counted = u32::MAX << (32 - 8 * count.clamp(1, 4));
            for (passed, &firsts) in passed.iter_mut().zip(firsts) {
                *passed |= u8::from((firsts ^ self.firsts) & counted == 0) * START;
            }
        }
        if let Some(lacking_max) = self.start_near {
            for ((passed, &letters), &firsts) in passed.iter_mut().zip(letters).zip(firsts) {
                let is_near = (firsts ^ self.firsts) >> 24 == 0
                    && (self.letters & !letters).count_ones() <= lacking_max;
                *passed |= u8::from(is_near) * START_NEAR;
            }
        }
        if let Some(off_max) = self.sound {
            for (passed, &sounds) in passed.iter_mut().zip(sounds) {
                let is_alike = (self.sounds & !sounds).count_ones() <= off_max
                    && (sounds & !self.sounds).count_ones() <= off_max;
                *passed |= u8::from(is_alike) * SOUND;
            }
        }
        passed
    }
}

/// One bit for each letter; some letters share a bit, so it only ever rules out.
pub(super) fn mask(letters: &[Letter]) -> u32 {
    letters.iter().fold(0, |mask, letter| mask | 1 << (letter % 32))
}

/// The first four letters, a byte each, none for a letter that is not there.
pub(super) fn firsts(letters: &[Letter]) -> u32 {
    let letter = |place: usize| letters.get(place).map_or(0, |&letter| letter.wrapping_add(1));
    u32::from_be_bytes([letter(0), letter(1), letter(2), letter(3)])
}
