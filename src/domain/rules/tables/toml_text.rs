//! Tables as TOML.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::domain::rules::Flaw;
use crate::text::{Lines, nearest};

use super::rows::{Said, SaidRow, SaidTable};

/// What a row has.
const OF_ROWS: [&str; 4] = ["id", "when", "then", "note"];

/// Reads it; what is no TOML is a flaw, and nothing of the table is taken.
pub(super) fn read(text: &str, flaws: &mut Vec<Flaw>) -> SaidTable {
    let mut reader = Reader { lines: Lines::of(text), flaws };
    match DeTable::parse(text) {
        Ok(table) => reader.table(table.get_ref()),
        Err(error) => {
            let line = error.span().map_or(0, |span| reader.line(span.start));
            let what = error.message().lines().next().unwrap_or("not TOML").to_owned();
            reader.flaw(line, "table", &format!("This is no TOML: {what}."), "");
            SaidTable::default()
        }
    }
}

struct Reader<'a> {
    lines: Lines,
    flaws: &'a mut Vec<Flaw>,
}

type Entry<'t, 'i> = (&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>);

impl Reader<'_> {
    fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.lines.at(byte)).unwrap_or(u32::MAX)
    }

    fn flaw(&mut self, line: u32, field: &str, what: &str, hint: &str) {
        let (field, what, hint) = (field.to_owned(), what.to_owned(), hint.to_owned());
        self.flaws.push(Flaw { line, field, what, hint });
    }

    fn table(&mut self, table: &DeTable<'_>) -> SaidTable {
        let mut said = SaidTable::default();
        for (key, value) in in_order(table) {
            let line = self.line(key.span().start);
            let name = key.get_ref().to_string();
            if name == "row" {
                let rows = value.get_ref().as_array();
                for row in rows.into_iter().flat_map(|rows| rows.iter()) {
                    said.rows.extend(self.row(row));
                }
                if rows.is_none() {
                    self.flaw(line, "row", "Rows are [[row]], one after the other.", "");
                }
                continue;
            }
            let words = self.words(&name, value);
            said.head.push((Said { text: name, line }, words));
        }
        said
    }

    fn row(&mut self, row: &Spanned<DeValue<'_>>) -> Option<SaidRow> {
        let line = self.line(row.span().start);
        let Some(table) = row.get_ref().as_table() else {
            self.flaw(line, "row", "A row is a table.", "Write [[row]] above it.");
            return None;
        };
        let mut said = SaidRow { line, ..SaidRow::default() };
        for (key, value) in in_order(table) {
            let name = key.get_ref().to_string();
            match name.as_str() {
                "id" => said.id = self.words("id", value),
                "note" => said.note = self.words("note", value),
                "when" => said.when = self.cells("when", value),
                "then" => said.then = self.cells("then", value),
                _ => {
                    let hint = nearest(&name, OF_ROWS).map_or_else(
                        || format!("A row has {}.", OF_ROWS.join(", ")),
                        |near| format!("Did you mean {near}?"),
                    );
                    let line = self.line(key.span().start);
                    self.flaw(line, &name, &format!("A row has no \"{name}\"."), &hint);
                }
            }
        }
        Some(said)
    }

    fn cells(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Vec<(Said, String)> {
        let Some(table) = value.get_ref().as_table() else {
            let line = self.line(value.span().start);
            let hint = "Write it as { subject = \"RENT\" }.";
            self.flaw(line, name, &format!("\"{name}\" is a table of names and cells."), hint);
            return Vec::new();
        };
        let mut cells = Vec::new();
        for (name, cell) in named(table, "") {
            let line = self.line(cell.span().start);
            let words = self.words(&name, cell);
            cells.push((Said { text: name, line }, words));
        }
        cells
    }

    /// A value in the language of cells: a list of values is one of these.
    fn words(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> String {
        let line = self.line(value.span().start);
        let value = value.get_ref();
        if let Some(list) = value.as_array() {
            let words: Vec<String> = list.iter().map(|value| self.words(name, value)).collect();
            return words.join(", ");
        }
        let yes_no = |is_so| if is_so { "yes" } else { "no" }.to_owned();
        let text = value.as_str().map(str::to_owned);
        let words = text
            .or_else(|| value.as_integer().map(ToString::to_string))
            .or_else(|| value.as_bool().map(yes_no))
            .or_else(|| value.as_datetime().map(ToString::to_string));
        words.unwrap_or_else(|| {
            self.flaw(line, name, "This is no cell.", "Write it in quotes, as \"4200.00\".");
            String::new()
        })
    }
}

/// Names and values; `field.sum` without quotes is a table within the table.
fn named<'t, 'i>(table: &'t DeTable<'i>, before: &str) -> Vec<(String, &'t Spanned<DeValue<'i>>)> {
    let mut found = Vec::new();
    for (key, value) in in_order(table) {
        let name = format!("{before}{}", key.get_ref());
        match value.get_ref().as_table() {
            Some(inner) if before.is_empty() => found.extend(named(inner, &format!("{name}."))),
            Some(_) | None => found.push((name, value)),
        }
    }
    found
}

/// The entries of a table in the order of the text.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Entry<'t, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
