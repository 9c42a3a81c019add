//! What was learned, and what it suggests for a text.

use std::collections::HashMap;

/// Words of one text that are looked at, each once; the first ones.
pub const WORDS_READ_MAX: usize = 200;
/// Deciding words that a suggestion names.
pub const WORDS_SHOWN: usize = 5;
/// What is added to every count, so that a word that a class never had does not exclude it (Lidstone).
pub(super) const SMOOTHING: f64 = 0.3;
/// A threshold that no suggestion reaches.
pub(super) const NEVER: f64 = 2.0;

/// A class that is likely, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The class.
    pub class: String,
    /// How likely, in per cent of all classes together.
    pub percent: u8,
    /// The words without which it would be less likely, the weightiest first.
    pub words: Vec<String>,
}

/// A class that the model knows.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: String,
    /// The logarithm of its share of the cases.
    pub(super) prior: f64,
    /// The logarithm of the chance of a word that it never had.
    pub(super) unseen: f64,
}

/// Multinomial naive Bayes over the words of a text, each counted once.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub(super) classes: Vec<Known>,
    /// The words that are known, each with the classes that had it and by how much it is likelier there than unseen.
    pub(super) words: HashMap<String, Vec<(usize, f64)>>,
    /// By how much evidence is taken back: words of one text are not independent, so that their sum says too much.
    pub(super) temper: f64,
    /// How likely a class has to be before it is suggested, from 0 to 1.
    pub(super) threshold: f64,
    /// Cases that it was learned from.
    pub(super) cases: usize,
}

impl Model {
    /// Cases that it was learned from.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// Words that it knows.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.words.len()
    }

    /// Classes that it knows.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// How likely a class has to be before it is suggested, in per cent; above 100 where nothing is ever suggested.
    #[must_use]
    pub fn threshold_percent(&self) -> u8 {
        percent(self.threshold)
    }

    /// Whether a word is known, and so may be named.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The class that a text most likely has, unless that is too unsure or nothing in the text is known.
    #[must_use]
    pub fn suggest<S: AsRef<str>>(&self, words: &[S]) -> Option<Suggestion> {
        let known = self.known(words);
        if known.is_empty() {
            return None;
        }
        let sums = self.sums(&known);
        let (best, chance) =
            self.chances(&sums).into_iter().enumerate().fold((0, 0.0), |best, (class, chance)| {
                if chance > best.1 { (class, chance) } else { best }
            });
        if chance < self.threshold {
            return None;
        }
        Some(Suggestion {
            class: self.classes.get(best)?.name.clone(),
            percent: percent(chance),
            words: self.deciding(&known, &sums, best),
        })
    }

    /// The classes that a text most likely has, the likeliest first, whether or not they are sure enough to be suggested.
    #[must_use]
    pub fn rank<S: AsRef<str>>(&self, words: &[S], limit: usize) -> Vec<(&str, f64)> {
        let chances = self.chances(&self.sums(&self.known(words)));
        let mut ranked: Vec<(&str, f64)> =
            self.classes.iter().map(|class| class.name.as_str()).zip(chances).collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
        ranked.truncate(limit);
        ranked
    }

    /// The evidence for a class against all others together, as a logarithm of odds; nothing for a class that is unknown.
    #[must_use]
    pub fn score<S: AsRef<str>>(&self, words: &[S], class: &str) -> Option<f64> {
        let place = self.classes.iter().position(|known| known.name == class)?;
        Some(odds(&self.sums(&self.known(words)), place))
    }

    /// The known words of a text, each once.
    fn known<'w, S: AsRef<str>>(&self, words: &'w [S]) -> Vec<&'w str> {
        let mut known: Vec<&str> = Vec::new();
        for word in words.iter().map(AsRef::as_ref).take(WORDS_READ_MAX) {
            if self.words.contains_key(word) && !known.contains(&word) {
                known.push(word);
            }
        }
        known
    }

    fn sums(&self, known: &[&str]) -> Vec<f64> {
        #[expect(clippy::cast_precision_loss, reason = "it is WORDS_READ_MAX at most")]
        let length = known.len() as f64;
        let mut sums: Vec<f64> =
            self.classes.iter().map(|class| class.prior + length * class.unseen).collect();
        for word in known {
            for (class, bonus) in self.words.get(*word).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*class) {
                    *sum += bonus;
                }
            }
        }
        sums
    }

    fn chances(&self, sums: &[f64]) -> Vec<f64> {
        let highest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> =
            sums.iter().map(|sum| ((sum - highest) / self.temper).exp()).collect();
        let all: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / all).collect()
    }

    /// The words whose removal makes a class less likely, the one that does so most first.
    fn deciding(&self, known: &[&str], sums: &[f64], class: usize) -> Vec<String> {
        let with_all = odds(sums, class);
        let mut falls: Vec<(f64, &str)> = Vec::new();
        for word in known {
            let mut without: Vec<f64> =
                sums.iter().zip(&self.classes).map(|(sum, class)| sum - class.unseen).collect();
            for (class, bonus) in self.words.get(*word).into_iter().flatten() {
                if let Some(sum) = without.get_mut(*class) {
                    *sum -= bonus;
                }
            }
            let fall = with_all - odds(&without, class);
            if fall > 0.0 {
                falls.push((fall, word));
            }
        }
        falls.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
        falls.into_iter().take(WORDS_SHOWN).map(|(_, word)| word.to_owned()).collect()
    }
}

/// The logarithm of the odds of one class against the others together.
fn odds(sums: &[f64], class: usize) -> f64 {
    let own = sums.get(class).copied().unwrap_or(f64::NEG_INFINITY);
    let others = || sums.iter().enumerate().filter(|(at, _)| *at != class).map(|(_, sum)| *sum);
    let highest = others().fold(f64::NEG_INFINITY, f64::max);
    if highest == f64::NEG_INFINITY {
        return f64::INFINITY;
    }
    let together: f64 = others().map(|sum| (sum - highest).exp()).sum();
    own - highest - together.ln()
}

/// A chance in whole per cent, rounded down, so that nothing but certainty is 100.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 0 and 255 here"
)]
fn percent(chance: f64) -> u8 {
    (chance * 100.0).clamp(0.0, 255.0) as u8
}
