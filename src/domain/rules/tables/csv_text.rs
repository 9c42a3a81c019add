//! Tables as a spreadsheet writes them.

use crate::domain::rules::Flaw;
use crate::text::Lines;

use super::rows::{Said, SaidRow, SaidTable};

/// The first cell of a table that is CSV.
const FIRST: &str = "code";
/// What divides cells.
const DIVIDERS: [char; 3] = [',', ';', '\t'];

/// What divides the cells of a text, if it is CSV.
pub(super) fn divider(text: &str) -> Option<u8> {
    let first = text.lines().map(str::trim_start).find(|line| {
        let is_note = line.starts_with('#');
        !is_note && line.contains(|letter: char| !DIVIDERS.contains(&letter))
    })?;
    let first = first.replace('"', "");
    let next = first.strip_prefix(FIRST)?.chars().next()?;
    DIVIDERS.contains(&next).then(|| u8::try_from(next).ok()).flatten()
}

/// Reads it: rows of key and value up to the one that begins with `row`, which names the columns of those below.
pub(super) fn read(text: &str, divider: u8, flaws: &mut Vec<Flaw>) -> SaidTable {
    let mut said = SaidTable::default();
    let mut columns: Option<Vec<Column>> = None;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(divider)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let lines = Lines::of(text);
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |at| line_of(text, &lines, at.byte()));
                flaws.push(Flaw {
                    line,
                    field: "table".to_owned(),
                    what: "The row is no CSV in UTF-8.".to_owned(),
                    hint: "Save the sheet as CSV, UTF-8.".to_owned(),
                });
                continue;
            }
        };
        let line = record.position().map_or(0, |at| line_of(text, &lines, at.byte()));
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let first = cells.first().copied().unwrap_or_default();
        match &columns {
            None if first == "row" => columns = Some(headings(&cells, line, flaws)),
            None => {
                let value = cells.get(1).copied().unwrap_or_default();
                said.head.push((Said { text: first.to_owned(), line }, value.to_owned()));
            }
            Some(columns) => said.rows.push(row(columns, &cells, line)),
        }
    }
    said
}

/// The line of the first row from a byte on: before it may lie the end of the row above, empty rows, and rows that begin
/// with `#`, all of which the reader has passed over.
fn line_of(text: &str, lines: &Lines, byte: u64) -> u32 {
    let mut at = usize::try_from(byte).unwrap_or(usize::MAX);
    while let Some(rest) = text.get(at..) {
        let row = rest.trim_start_matches(['\r', '\n']);
        let is_note = row.starts_with('#');
        let note = if is_note { row.find('\n').unwrap_or(row.len()) } else { 0 };
        at += rest.len() - row.len() + note;
        if !is_note {
            break;
        }
    }
    u32::try_from(lines.at(at)).unwrap_or(u32::MAX)
}

/// What a column holds.
enum Column {
    Id,
    When(Said),
    Then(Said),
    Note,
    Nothing,
}

fn headings(cells: &[&str], line: u32, flaws: &mut Vec<Flaw>) -> Vec<Column> {
    let said = |text: &str| Said { text: text.trim().to_owned(), line };
    let heading = |cell: &&str| match (*cell, cell.split_once(' ')) {
        ("row", _) => Column::Id,
        ("note", _) => Column::Note,
        ("", _) => Column::Nothing,
        (_, Some(("when", fact))) => Column::When(said(fact)),
        (_, Some(("then", output))) => Column::Then(said(output)),
        (other, _) => {
            flaws.push(Flaw {
                line,
                field: other.to_owned(),
                what: format!("The heading \"{other}\" says neither when nor then."),
                hint: "Write it as \"when subject\", \"then unit\" or \"note\".".to_owned(),
            });
            Column::Nothing
        }
    };
    cells.iter().map(heading).collect()
}

fn row(columns: &[Column], cells: &[&str], line: u32) -> SaidRow {
    let mut row = SaidRow { line, ..SaidRow::default() };
    for (column, cell) in columns.iter().zip(cells) {
        let on_this_line = |said: &Said| Said { line, ..said.clone() };
        match column {
            Column::Id => (*cell).clone_into(&mut row.id),
            Column::Note => (*cell).clone_into(&mut row.note),
            Column::When(fact) => row.when.push((on_this_line(fact), (*cell).to_owned())),
            Column::Then(output) if !cell.is_empty() && *cell != "-" => {
                row.then.push((on_this_line(output), (*cell).to_owned()));
            }
            Column::Then(_) | Column::Nothing => {}
        }
    }
    row
}
