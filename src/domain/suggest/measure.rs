//! How often a model is right on cases that it has not seen.

use std::collections::BTreeMap;

use super::learn::count;
use super::model::Model;

/// Figures of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassFigures {
    /// Cases that have it.
    pub cases: usize,
    /// Of them, those for which it stood first.
    pub found: usize,
    /// How often it was suggested, at the threshold.
    pub suggested: usize,
    /// Of those, how often rightly.
    pub right: usize,
}

/// Figures of all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Cases that were asked about.
    pub cases: usize,
    /// Those whose class stood first.
    pub first: usize,
    /// Those whose class stood among the first three.
    pub among_three: usize,
    /// Those for which something was suggested, at the threshold.
    pub suggested: usize,
    /// Of those, the right ones.
    pub right: usize,
    /// Those of the class that was most frequent in what was learned: who always said it would be right so often.
    pub most_frequent: usize,
    /// By class.
    pub classes: BTreeMap<String, ClassFigures>,
}

impl Figures {
    /// A part of all cases, from 0 to 1.
    #[must_use]
    pub fn share(&self, cases: usize) -> f64 {
        count(cases) / count(self.cases.max(1))
    }

    /// How often a suggestion was right, from 0 to 1.
    #[must_use]
    pub fn precision(&self) -> f64 {
        count(self.right) / count(self.suggested.max(1))
    }
}

/// Asks a model about cases whose class is known.
pub fn measure(model: &Model, cases: impl Iterator<Item = (Vec<String>, String)>) -> Figures {
    let mut figures = Figures::default();
    let best_prior = model.classes.iter().max_by(|one, other| one.prior.total_cmp(&other.prior));
    let most_frequent = best_prior.map(|class| class.name.as_str());
    for (words, class) in cases {
        let ranked = model.rank(&words, 3);
        let is_first = ranked.first().is_some_and(|(name, _)| *name == class);
        let suggestion = model.suggest(&words);
        figures.cases += 1;
        figures.first += usize::from(is_first);
        figures.among_three += usize::from(ranked.iter().any(|(name, _)| *name == class));
        figures.most_frequent += usize::from(most_frequent == Some(class.as_str()));
        if let Some(suggestion) = suggestion {
            let is_right = suggestion.class == class;
            figures.suggested += 1;
            figures.right += usize::from(is_right);
            let of_class = figures.classes.entry(suggestion.class).or_default();
            of_class.suggested += 1;
            of_class.right += usize::from(is_right);
        }
        let of_class = figures.classes.entry(class).or_default();
        of_class.cases += 1;
        of_class.found += usize::from(is_first);
    }
    figures
}
