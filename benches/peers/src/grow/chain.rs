//! A chain of letters: it learns how words are spelt, and spells others alike.

use std::collections::HashMap;

use super::chance::Chance;

/// How many letters before it decide on a letter.
const ORDER: usize = 3;
/// Words that came out shorter or longer are spelt again.
const WORD_CHARS: std::ops::RangeInclusive<usize> = 3..=16;
const TRIES: usize = 50;

type Context = [char; ORDER];
const BEGIN: Context = ['\0'; ORDER];
const END: char = '\0';

/// What follows on each three letters, as often as it was seen.
#[derive(Debug, Default)]
pub(crate) struct Chain(HashMap<Context, Vec<(char, u32)>>);

impl Chain {
    /// Learns a word.
    pub(crate) fn learn(&mut self, word: &str) {
        let mut context = BEGIN;
        for letter in word.chars().chain([END]) {
            let next = self.0.entry(context).or_default();
            match next.iter_mut().find(|(known, _)| *known == letter) {
                Some((_, times)) => *times += 1,
                None => next.push((letter, 1)),
            }
            context = follow(context, letter);
        }
    }

    /// Spells a word for which `is_wanted`; none if the chain knows nothing else.
    pub(crate) fn spell(
        &self,
        chance: &mut Chance,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<String> {
        (0..TRIES).find_map(|_| {
            let mut word = String::new();
            let mut context = BEGIN;
            let mut length = 0;
            while length <= *WORD_CHARS.end() {
                let letter = choose(self.0.get(&context)?, chance)?;
                if letter == END {
                    break;
                }
                word.push(letter);
                length += 1;
                context = follow(context, letter);
            }
            (WORD_CHARS.contains(&length) && is_wanted(&word)).then_some(word)
        })
    }
}

fn follow([_, second, third]: Context, letter: char) -> Context {
    [second, third, letter]
}

fn choose(next: &[(char, u32)], chance: &mut Chance) -> Option<char> {
    let all = next.iter().map(|&(_, times)| u64::from(times)).sum();
    let mut left = chance.below(all);
    next.iter()
        .find(|&&(_, times)| {
            let is_it = left < u64::from(times);
            left = left.saturating_sub(u64::from(times));
            is_it
        })
        .map(|&(letter, _)| letter)
}
