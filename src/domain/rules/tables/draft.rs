//! From what was written to the table that it means, or to all that is wrong with it.

use crate::domain::rules::{
    Column, Condition, DecisionTable, Fact, Flaw, HitPolicy, PUBLICATION_BYTES_MAX, TableRow,
    TableUse, Test,
};
use crate::text::nearest;

use super::cell::read_cell;
use super::rows::{Said, SaidRow, SaidTable};
use super::{csv_text, toml_text};

/// Rows of one table: as many as the checker compares with each other.
pub(super) const TABLE_ROWS_MAX: usize = 256;
/// Facts that one table asks.
const TABLE_INPUTS_MAX: usize = 12;
/// Bytes of a table's code and of a row's id.
const TABLE_CODE_BYTES_MAX: usize = 32;
/// Bytes of the sentence that says why a row is there.
const NOTE_BYTES_MAX: usize = 300;
/// Flaws that are told of one text; the rest follows once these are mended.
const FLAWS_MAX: usize = 50;

/// What the head of a table may say.
const HEAD: [&str; 5] = ["code", "version", "use", "policy", "complete"];

/// Reads a table from TOML or CSV; the form of both is described at [`crate::domain::rules::read_table`]'s module.
///
/// # Errors
/// Every flaw of the text with its line and field, at most fifty.
pub fn read_table(text: &str) -> Result<DecisionTable, Vec<Flaw>> {
    let mut drafting = Drafting { flaws: Vec::new() };
    if text.len() > PUBLICATION_BYTES_MAX {
        let what = format!("It has {} bytes, and {PUBLICATION_BYTES_MAX} is the most.", text.len());
        drafting.flaw(0, "table", what, "Divide it, or name subjects that stand above others.");
        return Err(drafting.flaws);
    }
    // A spreadsheet may write a byte order mark; a blank in its place would shift no line.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let said = match csv_text::divider(text) {
        Some(divider) => csv_text::read(text, divider, &mut drafting.flaws),
        None => toml_text::read(text, &mut drafting.flaws),
    };
    let table = if drafting.flaws.is_empty() { drafting.table(&said) } else { None };
    drafting.flaws.sort_by_key(|flaw| flaw.line);
    drafting.flaws.truncate(FLAWS_MAX);
    match table {
        Some(table) if drafting.flaws.is_empty() => Ok(table),
        Some(_) | None => Err(drafting.flaws),
    }
}

/// Whether something is a code: lower-case letters, digits and `-`.
fn is_code(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= TABLE_CODE_BYTES_MAX && text.bytes().all(fits)
}

struct Drafting {
    flaws: Vec<Flaw>,
}

impl Drafting {
    fn flaw(&mut self, line: u32, field: &str, what: impl Into<String>, hint: impl Into<String>) {
        let flaw = Flaw { line, field: field.to_owned(), what: what.into(), hint: hint.into() };
        self.flaws.push(flaw);
    }

    fn table(&mut self, said: &SaidTable) -> Option<DecisionTable> {
        self.head_is_known(said);
        let code = self.head(said, "code", "The code of the table, as routing.", |word| {
            is_code(word).then(|| word.to_owned())
        });
        let version = self.head(said, "version", "A number from 1.", |word| {
            word.parse().ok().filter(|version| *version >= 1)
        });
        let decides = self.head(
            said,
            "use",
            "What it decides: classify, route, clocks or confidentiality.",
            |word| TableUse::ALL.into_iter().find(|decides| decides.label() == word),
        );
        let policy = self.head(
            said,
            "policy",
            "U where at most one row may hold, F where the first one counts.",
            |word| match word {
                "U" => Some(HitPolicy::Unique),
                "F" => Some(HitPolicy::First),
                _ => None,
            },
        );
        let is_complete = self.optional(said, "complete", "yes or no.", |word| match word {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let decides = decides?;
        if said.rows.is_empty() {
            self.flaw(0, "row", "The table has no row.", "Write one: [[row]].");
        }
        if said.rows.len() > TABLE_ROWS_MAX {
            let what =
                format!("It has {} rows, and {TABLE_ROWS_MAX} is the most.", said.rows.len());
            self.flaw(0, "row", what, "Name subjects that stand above others.");
            return None;
        }
        let inputs = self.inputs(said);
        let mut rows: Vec<TableRow> = Vec::with_capacity(said.rows.len());
        for row in &said.rows {
            let row = self.row(row, &inputs, decides);
            if rows.iter().any(|known| known.id == row.id) {
                let what = format!("There is a row {} already.", row.id);
                self.flaw(row.line, "id", what, "Each row has an id of its own.");
            }
            rows.push(row);
        }
        let (outputs, _) = decides.outputs();
        let is_used = |output: &&str| {
            rows.iter().any(|row| row.outputs.iter().any(|(named, _)| named == *output))
        };
        Some(DecisionTable {
            code: code?,
            version: version?,
            decides,
            policy: policy?,
            is_complete: is_complete.ok()?.unwrap_or(false),
            outputs: outputs
                .iter()
                .filter(|output| is_used(output))
                .map(|o| (*o).to_owned())
                .collect(),
            inputs: inputs.into_iter().map(|fact| Column { fact }).collect(),
            rows,
        })
    }

    fn head_is_known(&mut self, said: &SaidTable) {
        for (at, (key, _)) in said.head.iter().enumerate() {
            if !HEAD.contains(&key.text.as_str()) {
                let hint = did_you_mean(&key.text, HEAD.into_iter(), "A table has");
                self.flaw(key.line, &key.text, format!("A table has no \"{}\".", key.text), hint);
            }
            if said.head.iter().take(at).any(|(earlier, _)| earlier.text == key.text) {
                self.flaw(key.line, &key.text, format!("\"{}\" is there twice.", key.text), "");
            }
        }
    }

    fn optional<T>(
        &mut self,
        said: &SaidTable,
        key: &str,
        hint: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ()> {
        let Some((at, words)) = said.head.iter().find(|(said, _)| said.text == key) else {
            return Ok(None);
        };
        let value = read(words);
        if value.is_none() {
            self.flaw(at.line, key, format!("\"{words}\" does not fit."), hint);
        }
        value.map(Some).ok_or(())
    }

    fn head<T>(
        &mut self,
        said: &SaidTable,
        key: &str,
        hint: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.optional(said, key, hint, read).ok()?;
        if value.is_none() {
            self.flaw(1, key, format!("\"{key}\" is missing."), hint);
        }
        value
    }

    /// The facts that any row asks, in the order in which they are first asked.
    fn inputs(&mut self, said: &SaidTable) -> Vec<Fact> {
        let mut inputs: Vec<Fact> = Vec::new();
        let mut unknown: Vec<&str> = Vec::new();
        for (word, _) in said.rows.iter().flat_map(|row| &row.when) {
            match Fact::named(&word.text) {
                Some(fact) if !inputs.contains(&fact) => inputs.push(fact),
                Some(_) => {}
                None if unknown.contains(&word.text.as_str()) => {}
                None => {
                    unknown.push(&word.text);
                    let what = format!("There is no fact \"{}\".", word.text);
                    let hint = did_you_mean(
                        &word.text,
                        Fact::words().chain(["field.CODE"]),
                        "A table can ask",
                    );
                    self.flaw(word.line, &format!("when.{}", word.text), what, hint);
                }
            }
        }
        if inputs.len() > TABLE_INPUTS_MAX {
            let what =
                format!("It asks {} facts, and {TABLE_INPUTS_MAX} is the most.", inputs.len());
            self.flaw(0, "when", what, "Divide it into tables of fewer facts.");
        }
        inputs
    }

    fn row(&mut self, said: &SaidRow, inputs: &[Fact], decides: TableUse) -> TableRow {
        if !is_code(&said.id) {
            let what = if said.id.is_empty() {
                "The row has no id.".to_owned()
            } else {
                format!("\"{}\" is no id.", said.id)
            };
            self.flaw(said.line, "id", what, "Lower-case letters, digits and -, as r1.");
        }
        if said.note.len() > NOTE_BYTES_MAX {
            let what = format!("The note has more than {NOTE_BYTES_MAX} bytes.");
            self.flaw(said.line, "note", what, "Shorten it.");
        }
        let conditions = inputs.iter().map(|fact| self.condition(said, fact)).collect();
        TableRow {
            id: said.id.clone(),
            line: said.line,
            conditions,
            outputs: self.outputs(said, decides),
            note: said.note.clone(),
        }
    }

    fn condition(&mut self, said: &SaidRow, fact: &Fact) -> Condition {
        let asked =
            said.when.iter().find(|(word, _)| Fact::named(&word.text).as_ref() == Some(fact));
        let test = asked.map_or(Ok(Test::Any), |(_, cell)| read_cell(fact, cell));
        let test = test.unwrap_or_else(|bad| {
            let line = asked.map_or(said.line, |(word, _)| word.line);
            self.flaw(line, &format!("when.{fact}"), bad.what, bad.hint);
            Test::Any
        });
        Condition { fact: fact.clone(), test }
    }

    fn outputs(&mut self, said: &SaidRow, decides: TableUse) -> Vec<(String, String)> {
        let (known, is_first_needed) = decides.outputs();
        for (word, value) in &said.then {
            let field = format!("then.{}", word.text);
            if !known.contains(&word.text.as_str()) {
                let what = format!("A table of use {} has no \"{}\".", decides.label(), word.text);
                let hint = did_you_mean(&word.text, known.iter().copied(), "It has");
                self.flaw(word.line, &field, what, hint);
            } else if value.trim().is_empty() {
                self.flaw(word.line, &field, "There is nothing in it.", "Write a value.");
            } else if let Some((what, hint)) = decides.fault_of(value.trim()) {
                self.flaw(word.line, &field, what, hint);
            }
        }
        let value = |output: &str| {
            let named = |(word, _): &&(Said, String)| word.text == output;
            said.then.iter().find(named).map(|(_, value)| value.trim().to_owned())
        };
        let outputs: Vec<(String, String)> = known
            .iter()
            .filter_map(|output| value(output).map(|value| ((*output).to_owned(), value)))
            .collect();
        let first = known.first().copied().unwrap_or_default();
        if is_first_needed && value(first).is_none() {
            let what = format!("The row says no {first}.");
            self.flaw(said.line, &format!("then.{first}"), what, "Write it under then.");
        } else if outputs.is_empty() {
            self.flaw(said.line, "then", "The row decides nothing.", "Write a clock and its term.");
        }
        outputs
    }
}

/// What was meant, or what there is.
pub(super) fn did_you_mean<'a>(
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    before: &str,
) -> String {
    nearest(word, known.clone()).map_or_else(
        || format!("{before}: {}.", known.collect::<Vec<_>>().join(", ")),
        |near| format!("Did you mean {near}?"),
    )
}
