//! The bytes of every move in every program, as a table.

use std::collections::BTreeMap;
use std::fmt;

/// A move that every program knows, or most of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Move {
    /// The first whole screen.
    FirstScreen,
    /// The cursor goes one row down, and no row scrolls.
    Cursor,
    /// What comes once one rests there.
    Rest,
    /// One row scrolls in.
    Scroll,
    /// A page down.
    Page,
    /// A character is typed into a search.
    Search,
    /// What lies under the cursor is opened.
    Open,
    /// The file of a person is opened.
    OpenPerson,
    /// Thirty rows down, all keys at once.
    Burst,
    /// A letter is typed, and one cell changes.
    Cell,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstScreen => "first screen",
            Self::Cursor => "cursor down",
            Self::Rest => "  and after a pause",
            Self::Scroll => "one row scrolls in",
            Self::Page => "page down",
            Self::Search => "a character of a search",
            Self::Open => "what is under the cursor opened",
            Self::OpenPerson => "person file opened",
            Self::Burst => "thirty rows down in one burst",
            Self::Cell => "a letter typed",
        })
    }
}

/// Bytes by move and program; programs stand in the order in which they came.
#[derive(Default)]
pub(crate) struct Table {
    programs: Vec<&'static str>,
    bytes: BTreeMap<Move, BTreeMap<usize, usize>>,
}

impl Table {
    /// Takes what moves of a kind cost in a program: their median counts.
    pub(crate) fn add(&mut self, program: &'static str, kind: Move, mut counts: Vec<usize>) {
        counts.sort_unstable();
        let Some(median) = counts.get(counts.len() / 2).copied() else { return };
        let known = self.programs.iter().position(|known| *known == program);
        let place = known.unwrap_or_else(|| {
            self.programs.push(program);
            self.programs.len() - 1
        });
        self.bytes.entry(kind).or_default().insert(place, median);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| bytes (median) | {} |", self.programs.join(" | "))?;
        writeln!(f, "|---|{}", "---:|".repeat(self.programs.len()))?;
        for (kind, bytes) in &self.bytes {
            let cell = |place: usize| {
                bytes.get(&place).map_or_else(|| "-".to_owned(), |bytes| grouped(*bytes))
            };
            let cells: Vec<String> = (0..self.programs.len()).map(cell).collect();
            writeln!(f, "| {kind} | {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// `61,008`.
fn grouped(number: usize) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    format!("{},{:03}", number / 1_000, number % 1_000)
}
