//! Whether a table is sound: under U no case hits two rows, every row can fire, and which cases hit none.
//!
//! Exact over what the facts can be: each fact falls into classes that the rows tell apart, and a combination of classes is
//! a case. A case that hits no row is searched among the smallest sets of rows that still hold, fact by fact.

use crate::domain::rules::{DecisionTable, Flaw, HitPolicy, TableRow, TableUse};

use super::classes::{Dimension, RowSet, TooMany, dimensions};
use super::known::Known;

/// Steps that one search may take: about a second on a slow machine.
const STEPS_MAX: usize = 20_000_000;
/// Pairs of rows and examples that are told of one table.
const TOLD_MAX: usize = 20;

/// What the checker found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// What keeps the table from being published.
    pub flaws: Vec<Flaw>,
    /// What whoever publishes it should know.
    pub warnings: Vec<Flaw>,
}

/// Checks a table. Without what the office has, each subject stands alone, and any code may be there.
#[must_use]
pub fn check_table(table: &DecisionTable, known: Option<&Known>) -> Checked {
    let mut checked = Checked::default();
    let dimensions = match dimensions(table, known) {
        Ok(dimensions) => dimensions,
        Err(TooMany(fact)) => {
            checked.flaws.push(too_wide(&format!("It asks for too many values of {fact} at once")));
            return checked;
        }
    };
    let mut search = Search { table, dimensions, steps: 0 };
    if search.run(&mut checked).is_err() {
        checked.flaws.push(too_wide("Its facts can be combined in too many ways"));
    }
    checked
}

fn too_wide(what: &str) -> Flaw {
    Flaw {
        line: 0,
        field: "table".to_owned(),
        what: format!("{what} to prove that no case hits two rows, or none."),
        hint: "Ask fewer facts, or divide it into two tables.".to_owned(),
    }
}

struct Search<'t> {
    table: &'t DecisionTable,
    dimensions: Vec<Dimension>,
    steps: usize,
}

/// The search took more steps than it may.
struct TooLong;

/// One class of each dimension, by its place.
type Combination = Vec<usize>;

impl Search<'_> {
    fn run(&mut self, checked: &mut Checked) -> Result<(), TooLong> {
        let rows = &self.table.rows;
        if self.table.policy == HitPolicy::Unique {
            for (later, row) in rows.iter().enumerate() {
                for (earlier, before) in rows.iter().enumerate().take(later) {
                    if let Some(case) = self.both(earlier, later)?
                        && checked.flaws.len() < TOLD_MAX
                    {
                        checked.flaws.push(overlap(before, row, &self.words(&case)));
                    }
                }
            }
        }
        for (at, row) in rows.iter().enumerate() {
            if self.missing(&RowSet::default(), Some(at))?.is_none() {
                checked.flaws.push(never(row, "No case can fit it", "Take it out."));
            } else if self.table.policy == HitPolicy::First
                && self.missing(&RowSet::first(at), Some(at))?.is_none()
            {
                let what = "Rows above it take every case that fits it";
                checked.flaws.push(never(row, what, "Move it up, or take it out."));
            }
        }
        let is_told = self.table.is_complete || self.table.decides == TableUse::Route;
        if is_told && let Some(case) = self.missing(&RowSet::first(rows.len()), None)? {
            let gap = Flaw {
                line: 0,
                field: "row".to_owned(),
                what: format!("No row fits: {}.", self.words(&case)),
                hint: match self.table.decides {
                    TableUse::Route => "Such a case goes to Unrouted; add a row of - for the rest.",
                    TableUse::Classify | TableUse::Clocks | TableUse::Confidentiality => {
                        "Add a row for it."
                    }
                }
                .to_owned(),
            };
            if self.table.is_complete { &mut checked.flaws } else { &mut checked.warnings }
                .push(gap);
        }
        Ok(())
    }

    fn words(&self, case: &Combination) -> String {
        let words = self.dimensions.iter().zip(case).filter_map(|(dimension, class)| {
            dimension.classes.get(*class).map(|class| class.example.as_str())
        });
        let words: Vec<&str> = words.collect();
        if words.is_empty() { "any case".to_owned() } else { words.join(", ") }
    }

    fn step(&mut self, count: usize) -> Result<(), TooLong> {
        self.steps = self.steps.saturating_add(count);
        if self.steps <= STEPS_MAX { Ok(()) } else { Err(TooLong) }
    }

    /// A case that hits both rows.
    fn both(&mut self, one: usize, other: usize) -> Result<Option<Combination>, TooLong> {
        let mut case = Combination::new();
        for at in 0..self.dimensions.len() {
            let classes = self.dimensions.get(at).map_or(&[][..], |held| held.classes.as_slice());
            let tried = classes.len();
            let found =
                classes.iter().position(|class| class.rows.has(one) && class.rows.has(other));
            self.step(tried)?;
            match found {
                Some(class) => case.push(class),
                None => return Ok(None),
            }
        }
        Ok(Some(case))
    }

    /// A case that hits none of these rows, and that one if one is named.
    fn missing(
        &mut self,
        rows: &RowSet,
        hit: Option<usize>,
    ) -> Result<Option<Combination>, TooLong> {
        let mut reached: Vec<(RowSet, Combination)> = vec![(*rows, Combination::new())];
        for at in 0..self.dimensions.len() {
            let classes = self.dimensions.get(at).map_or(&[][..], |held| held.classes.as_slice());
            let fits = |row: &RowSet| hit.is_none_or(|hit| row.has(hit));
            let fitting: Vec<(usize, RowSet)> = classes
                .iter()
                .enumerate()
                .filter(|(_, class)| fits(&class.rows))
                .map(|(place, class)| (place, class.rows))
                .collect();
            self.step(reached.len().saturating_mul(fitting.len()))?;
            let mut next: Vec<(RowSet, usize, usize)> = Vec::new();
            for (from, (held, _)) in reached.iter().enumerate() {
                next.extend(fitting.iter().map(|(place, class)| (held.and(class), from, *place)));
            }
            reached = self.smallest(next, &reached)?;
        }
        let mut none = reached.into_iter().filter(|(held, _)| held.is_empty());
        Ok(none.next().map(|(_, case)| case))
    }

    /// Those among what was reached of which no part was reached as well: whatever the other facts are, a case that hits
    /// fewer rows so far hits fewer in the end.
    fn smallest(
        &mut self,
        mut next: Vec<(RowSet, usize, usize)>,
        before: &[(RowSet, Combination)],
    ) -> Result<Vec<(RowSet, Combination)>, TooLong> {
        next.sort_by_key(|(held, ..)| (held.count(), *held));
        next.dedup_by_key(|(held, ..)| *held);
        let mut smallest: Vec<(RowSet, Combination)> = Vec::new();
        for (held, from, place) in next {
            self.step(smallest.len())?;
            if smallest.iter().any(|(smaller, _)| smaller.is_within(&held)) {
                continue;
            }
            let mut case = before.get(from).map(|(_, case)| case.clone()).unwrap_or_default();
            case.push(place);
            smallest.push((held, case));
        }
        Ok(smallest)
    }
}

fn overlap(before: &TableRow, row: &TableRow, case: &str) -> Flaw {
    Flaw {
        line: row.line,
        field: format!("row {}", row.id),
        what: format!(
            "Rows {} (line {}) and {} (line {}) both fit: {case}.",
            before.id, before.line, row.id, row.line
        ),
        hint: "Make one of them narrower, or set policy F, under which the first one counts."
            .to_owned(),
    }
}

fn never(row: &TableRow, what: &str, hint: &str) -> Flaw {
    Flaw {
        line: row.line,
        field: format!("row {}", row.id),
        what: format!("Row {} can never fire. {what}.", row.id),
        hint: hint.to_owned(),
    }
}
