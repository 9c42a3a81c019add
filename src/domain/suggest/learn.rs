//! Learns from cases one after the other, in bounded memory, and finds out how sure it has to be before it says anything.

use std::collections::HashMap;

use super::model::{Known, Model, NEVER, SMOOTHING};

/// Different people who have to have used a word before it is known: so that names do not get in.
pub const ASKERS_MIN: usize = 5;
/// Cases that a class has to have before it is suggested.
pub const CLASS_CASES_MIN: u32 = 3;
/// Classes that are learned; further ones are not.
const CLASSES_MAX: usize = 1_000;
/// Words that are counted at once. Where more come, those that one person used are forgotten.
const WORDS_COUNTED_MAX: usize = 100_000;
/// Words that a model keeps, those of the most cases.
const WORDS_KEPT_MAX: usize = 20_000;
/// A word that stands in more than this share of all cases says nothing of any.
const COMMON_SHARE: f64 = 0.4;
/// How much more often than by chance a word stands in a class that it belongs to.
const OWN_TIMES: f64 = 1.5;
/// Cases from which on words are told to be too common.
const COMMON_CASES_MIN: usize = 50;
/// One case of so many is held out to find the threshold, and learned from after that.
const HELD_OUT_EVERY: usize = 10;
/// Cases that are held out at most.
const HELD_OUT_MAX: usize = 2_000;
/// Cases held out without which nothing is known of how often a suggestion is right.
const HELD_OUT_MIN: usize = 20;
/// How often a suggestion has to be right.
const WANTED_RIGHT: f64 = 0.8;
/// The threshold of an office that has too few cases to find its own.
const THRESHOLD_OF_FEW: f64 = 0.8;
/// The lowest threshold: what is less likely than not is not suggested.
const THRESHOLD_MIN: u32 = 50;
/// By how much evidence may be taken back; the one under which the chances of the cases held out come true is taken.
const TEMPERS: [f64; 8] = [1.0, 1.3, 1.7, 2.2, 3.0, 4.0, 6.0, 9.0];

/// How often a word was used, and by whom first.
#[derive(Debug, Clone, Default)]
struct Counted {
    cases: u32,
    askers: [u64; ASKERS_MIN],
    askers_known: usize,
    of_class: Vec<(usize, u32)>,
}

/// Counts words and classes.
#[derive(Debug, Clone, Default)]
pub struct Learner {
    classes: HashMap<String, usize>,
    cases_of_class: Vec<u32>,
    words: HashMap<String, Counted>,
    cases: usize,
    held_out: Vec<(Vec<String>, String, u64)>,
}

impl Learner {
    /// Nothing learned yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cases that were added.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.cases + self.held_out.len()
    }

    /// Adds a case: the words of what was asked, each once, the class that it came to have, and a number that tells whoever
    /// asked from others.
    pub fn add(&mut self, words: Vec<String>, class: &str, asker: u64) {
        let is_held_out = self.cases() % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
        if is_held_out && self.held_out.len() < HELD_OUT_MAX {
            self.held_out.push((words, class.to_owned(), asker));
        } else {
            self.count(words, class, asker);
        }
    }

    fn count(&mut self, words: Vec<String>, class: &str, asker: u64) {
        let class = match self.classes.get(class) {
            Some(class) => *class,
            None if self.classes.len() >= CLASSES_MAX => return,
            None => {
                let number = self.classes.len();
                self.classes.insert(class.to_owned(), number);
                self.cases_of_class.push(0);
                number
            }
        };
        if let Some(cases) = self.cases_of_class.get_mut(class) {
            *cases += 1;
        }
        self.cases += 1;
        for word in words {
            self.words.entry(word).or_default().add(class, asker);
        }
        if self.words.len() > WORDS_COUNTED_MAX {
            self.words.retain(|_, counted| counted.askers_known > 1);
        }
        if self.words.len() > WORDS_COUNTED_MAX {
            self.words.retain(|_, counted| counted.askers_known >= ASKERS_MIN);
        }
    }

    /// What was learned.
    #[must_use]
    pub fn finish(mut self) -> Model {
        let mut model = self.model();
        let held_out = std::mem::take(&mut self.held_out);
        let (temper, threshold) = settled(&mut model, &held_out);
        for (words, class, asker) in held_out {
            self.count(words, &class, asker);
        }
        let model = self.model();
        Model { temper, threshold, ..model }
    }

    /// A model of what was counted, without a threshold of its own.
    fn model(&self) -> Model {
        let kept = self.kept_classes();
        let place = |class: usize| kept.iter().position(|(known, _)| *known == class);
        let mut words: Vec<(&String, &Counted)> =
            self.words.iter().filter(|(_, counted)| self.is_telling(counted)).collect();
        words.sort_by(|one, other| other.1.cases.cmp(&one.1.cases).then(one.0.cmp(other.0)));
        words.truncate(WORDS_KEPT_MAX);
        let places: Vec<Option<usize>> = (0..self.cases_of_class.len()).map(place).collect();
        let place = |class: &usize| places.get(*class).copied().flatten();
        let mut totals = vec![0_u32; kept.len()];
        for (_, counted) in &words {
            for (class, cases) in &counted.of_class {
                if let Some(total) = place(class).and_then(|at| totals.get_mut(at)) {
                    *total += cases;
                }
            }
        }
        let vocabulary = count(words.len()).max(1.0);
        let all: u32 = kept.iter().map(|(class, _)| self.cases_in(*class)).sum();
        let classes = kept.iter().zip(&totals).map(|((class, name), total)| Known {
            name: (*name).clone(),
            prior: (f64::from(self.cases_in(*class)) / f64::from(all.max(1))).ln(),
            unseen: SMOOTHING.ln() - (f64::from(*total) + SMOOTHING * vocabulary).ln(),
        });
        let classes = classes.collect();
        let words = words.into_iter().map(|(word, counted)| {
            let of_class = counted.of_class.iter().filter_map(|(class, cases)| {
                Some((place(class)?, (f64::from(*cases) + SMOOTHING).ln() - SMOOTHING.ln()))
            });
            (word.clone(), of_class.collect())
        });
        let words = words.collect();
        Model { classes, words, temper: 1.0, threshold: NEVER, cases: self.cases }
    }

    fn cases_in(&self, class: usize) -> u32 {
        self.cases_of_class.get(class).copied().unwrap_or_default()
    }

    /// The classes of enough cases, by name, so that what is learned does not depend on the order of learning.
    fn kept_classes(&self) -> Vec<(usize, &String)> {
        let mut kept: Vec<(usize, &String)> = self
            .classes
            .iter()
            .filter(|(_, class)| self.cases_in(**class) >= CLASS_CASES_MIN)
            .map(|(name, class)| (*class, name))
            .collect();
        kept.sort_by_key(|(_, name)| *name);
        kept
    }

    fn is_telling(&self, counted: &Counted) -> bool {
        let is_common = self.cases >= COMMON_CASES_MIN
            && f64::from(counted.cases) > COMMON_SHARE * count(self.cases)
            && !self.is_of_one_class(counted);
        counted.askers_known >= ASKERS_MIN && !is_common
    }

    /// Whether a word belongs to one class: where a few classes have most cases, what is plain of one is common in all.
    fn is_of_one_class(&self, counted: &Counted) -> bool {
        let share_of = |class: usize| f64::from(self.cases_in(class)) / count(self.cases.max(1));
        counted.of_class.iter().any(|(class, cases)| {
            let share = f64::from(*cases) / f64::from(counted.cases.max(1));
            share > COMMON_SHARE && share > OWN_TIMES * share_of(*class)
        })
    }
}

impl Counted {
    fn add(&mut self, class: usize, asker: u64) {
        self.cases += 1;
        let known = self.askers.iter().take(self.askers_known).any(|known| *known == asker);
        if !known && let Some(place) = self.askers.get_mut(self.askers_known) {
            *place = asker;
            self.askers_known += 1;
        }
        match self.of_class.iter_mut().find(|(known, _)| *known == class) {
            Some((_, cases)) => *cases += 1,
            None => self.of_class.push((class, 1)),
        }
    }
}

/// By how much evidence is taken back, and the lowest threshold above which suggestions are right often enough.
fn settled(model: &mut Model, held_out: &[(Vec<String>, String, u64)]) -> (f64, f64) {
    if held_out.len() < HELD_OUT_MIN || model.classes.len() < 2 {
        let threshold = if model.classes.len() < 2 { NEVER } else { THRESHOLD_OF_FEW };
        return (2.0, threshold);
    }
    let mut best = (f64::INFINITY, 1.0);
    for temper in TEMPERS {
        model.temper = temper;
        let surprise: f64 = held_out
            .iter()
            .map(|(words, class, _)| {
                let ranked = model.rank(words, usize::MAX);
                let chance = ranked.iter().find(|(name, _)| name == class).map_or(0.0, |it| it.1);
                -chance.max(1e-6).ln()
            })
            .sum();
        if surprise < best.0 {
            best = (surprise, temper);
        }
    }
    model.temper = best.1;
    let said: Vec<(f64, bool)> = held_out
        .iter()
        .filter_map(|(words, class, _)| {
            let (name, chance) = model.rank(words, 1).first().copied()?;
            Some((chance, name == class))
        })
        .collect();
    let is_right_enough = |threshold: &f64| {
        let above = || said.iter().filter(|(chance, _)| chance >= threshold);
        let right = count(above().filter(|(_, is_right)| *is_right).count());
        let all = above().count();
        all >= HELD_OUT_MIN / 2 && right >= WANTED_RIGHT * count(all)
    };
    let thresholds = (THRESHOLD_MIN..100).map(|percent| f64::from(percent) / 100.0);
    let threshold = thresholds.into_iter().find(is_right_enough).unwrap_or(NEVER);
    (best.1, threshold)
}

/// A number of things as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "there are no 2^52 cases")]
pub(super) fn count(things: usize) -> f64 {
    things as f64
}
