//! The picture of the find screen: the text, the hits in two lines each, and why the chosen one was found.
use crate::keymap::{self, Action};
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::desk::{CaseRow, FindAnswer, FindHit, Heard, RowPerson};
use crate::tui::text;

use super::super::Shared;
use super::super::field::case_line;
use super::super::header::header;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::plain::say;
use super::super::when::{date_and_time, day_in_column, due_in};
use super::screen::{FindScreen, Focus, HITS_SEEN, new_person};

/// What is said of a hit that somebody's change took away while it was chosen.
const GONE: &str = "gone: it is not found by this any more";

const HEADING_ROWS: usize = 4;
const NAME_COLUMN: usize = 3;
const NAME_CELLS: usize = 23;
const NAME_CELLS_MIN: usize = 18;
/// Below so many cells in all the area is left out: whether anything is open says more than where somebody lives.
const AREA_FROM_CELLS: usize = 70;
const AREA_CELLS: usize = 9;

/// What can be typed, for whoever has typed nothing yet.
const HINTS: [&str; 6] = [
    "Type what you know, in any order; it finds while you type:",
    "  a name as it sounded, or its beginnings    mohmdi s",
    "  a birth year or date                       86   1986   1986-03-02",
    "  a telephone number, or its end             4411",
    "  a number of the office                     P-4711   C-20931",
    "  an area, a street, a household member      W7   Azadi   Reza",
];

/// Where the lines below the hits begin, and whether each hit has room for its second line.
struct Layout {
    rows_of_hit: usize,
    hits: usize,
}

pub(super) fn draw(
    screen: &FindScreen,
    shared: &Shared,
    area: Rect,
    paper: &mut Paper<'_>,
) -> Position {
    let mut canvas = Canvas::new(area, paper);
    let bold = Meaning::Strong;
    let heading = format!("FIND  {}", date_and_time(shared.now, &shared.zone));
    let cells = canvas.width();
    canvas.put(0, 0, &header(&heading, "", shared, cells), bold);
    canvas.put(1, 0, "/ ", Meaning::Plain);
    let cells = canvas.width().saturating_sub(2);
    let cursor = screen.text.draw_in_row(&mut canvas, 1, 2, cells);
    let mut position = canvas.position(1, cursor);
    match (&screen.answer, &screen.refused) {
        (_, Some(refused)) => {
            canvas.line(3, refused);
            let refresh = shared.keymap.key(keymap::Context::Find, Action::Refresh);
            canvas.line(4, &format!("What you typed is kept; {refresh} asks again."));
        }
        (None, None) if screen.text.is_blank() => {
            for (row, hint) in HINTS.iter().enumerate() {
                canvas.line(3 + row, hint);
            }
            let key = |action| shared.keymap.key(keymap::Context::Find, action);
            let (open, down) = (key(Action::OpenRow), key(Action::ListDown));
            let hint = format!("{open} opens the first hit; {down} chooses another.");
            canvas.line(4 + HINTS.len(), &hint);
        }
        (None, None) => canvas.line(2, "looking ..."),
        (Some(answer), None) => {
            let row = draw_answer(screen, answer, shared, &mut canvas);
            if screen.focus == Focus::Hits {
                position = canvas.position(row, 0);
            }
        }
    }
    position
}

/// Draws what was found; returns the row of the chosen hit.
fn draw_answer(
    screen: &FindScreen,
    answer: &FindAnswer,
    shared: &Shared,
    canvas: &mut Canvas<'_>,
) -> usize {
    draw_summary(screen, answer, shared, canvas);
    if answer.hits.is_empty() {
        draw_nobody(screen, shared, canvas);
        return 4;
    }
    let header = format!(
        "   {} born       person    {} open   why",
        text::fit("name", name_cells(canvas.width())),
        text::fit("area", area_cells(canvas.width()))
    );
    canvas.put(3, 0, &header, Meaning::Faint);
    canvas.say(3, String::new);
    let layout = layout(canvas.height(), answer.hits.len().min(HITS_SEEN));
    let first = screen.choice.first_seen(answer.hits.len(), layout.hits);
    let chosen = screen.choice.at(answer.hits.len());
    let mut row = HEADING_ROWS;
    let mut cursor = row;
    for (place, hit) in answer.hits.iter().enumerate().skip(first).take(layout.hits) {
        if place == chosen {
            cursor = row;
        }
        // A digit counts from the first hit that the screen numbers, even where fewer have room.
        let digit = (place + 1).saturating_sub(screen.first_seen());
        let is_full = screen.is_full(shared);
        let marker = if place == chosen { '>' } else { ' ' };
        canvas.put(row, 0, &format!("{marker}{digit} "), Meaning::Plain);
        draw_hit(hit, is_full, shared, canvas, row);
        canvas.list(row, place, answer.hits.len());
        canvas.say(row, || say::hit(hit, shared));
        if screen.is_gone(hit) {
            canvas.put(row + layout.rows_of_hit - 1, NAME_COLUMN + 2, GONE, Meaning::Plain);
        } else if layout.rows_of_hit > 1 && is_full {
            draw_second_line(hit, shared, canvas, row + 1);
            canvas.say(row + 1, String::new);
        }
        row += layout.rows_of_hit;
    }
    draw_below(screen, shared.is_rested, shared, canvas, row);
    cursor
}

/// What to do where nobody was found, and what a new person's form would begin with.
fn draw_nobody(screen: &FindScreen, shared: &Shared, canvas: &mut Canvas<'_>) {
    let typed = screen.text.text();
    let heard = Heard::of(&typed, shared.zone.day(shared.now));
    canvas.line(4, &format!("Nobody is found by \"{}\".", typed.trim()));
    canvas.line(5, "Try fewer letters, only a beginning, a birth year, or a telephone number.");
    let new = new_person(&shared.keymap);
    canvas.line(6, &format!("{new} registers a new person; words and number are kept:"));
    let fields = [
        ("given names", &heard.given),
        ("family name", &heard.family),
        ("address as", &heard.form_of_address),
        ("born", &heard.born),
        ("telephone", &heard.telephone),
        ("e-mail", &heard.email),
        ("postcode", &heard.postcode),
        ("area", &heard.area),
        ("note", &heard.rest),
    ];
    let filled = fields.iter().filter(|(_, words)| !words.is_empty());
    for (row, (label, words)) in filled.enumerate() {
        canvas.line(7 + row, &format!("  {}{words}", text::fit(label, 14)));
    }
}

/// Room for the hits between the heading and the three lines below them.
fn layout(height: usize, hits: usize) -> Layout {
    const BELOW_ROWS: usize = 2;
    let room = height.saturating_sub(HEADING_ROWS + BELOW_ROWS);
    if room >= hits * 2 || room >= 8 {
        Layout { rows_of_hit: 2, hits: hits.min(room / 2) }
    } else {
        Layout { rows_of_hit: 1, hits: hits.min(room) }
    }
}

fn draw_summary(
    screen: &FindScreen,
    answer: &FindAnswer,
    shared: &Shared,
    canvas: &mut Canvas<'_>,
) {
    let state = if screen.opens_when_answered {
        "opening ... "
    } else if screen.is_looking() && shared.is_rested {
        "looking ... "
    } else {
        ""
    };
    let understood = screen.alike.as_ref().map_or_else(
        || answer.understood.clone(),
        |alike| format!("like {} ({})", text::safe_line(&alike.name), alike.person),
    );
    let counts = format!(
        "{state}{} of {} shown, whole register of {}",
        answer.hits.len(),
        answer.matched,
        answer.people
    );
    let cells = canvas.width();
    let column = cells.saturating_sub(text::width(&counts));
    canvas.put_within(2, 0, column.saturating_sub(1), &understood, Meaning::Plain);
    canvas.put(2, column, &counts, Meaning::Plain);
}

/// Where there is no room for the area, the name gives some to why somebody is found.
fn name_cells(cells: usize) -> usize {
    if cells < AREA_FROM_CELLS { NAME_CELLS_MIN } else { NAME_CELLS }
}

fn area_cells(cells: usize) -> usize {
    if cells < AREA_FROM_CELLS { 0 } else { AREA_CELLS }
}

fn draw_hit(hit: &FindHit, is_full: bool, shared: &Shared, canvas: &mut Canvas<'_>, row: usize) {
    let cells = canvas.width().saturating_sub(NAME_COLUMN);
    if let Some(case) = &hit.case {
        let line = case_line(case, shared.now, &shared.zone, cells);
        canvas.put(row, NAME_COLUMN, &line, Meaning::Plain);
        return;
    }
    let name = name_cells(canvas.width());
    draw_marked((row, NAME_COLUMN), name, (&hit.name, &hit.marked), canvas);
    let person = hit.person.map(|person| person.to_string()).unwrap_or_default();
    let born = text::fit(&text::safe_line(&hit.born), 10);
    // Name, birth date and number tell hits apart while one types; where somebody lives and what is open come with a rest.
    let rest = if is_full {
        let due = due_in(hit.due_at, shared.now, &shared.zone);
        let open = if hit.is_closed { String::new() } else { format!("{} {due}", hit.open_cases) };
        let area = text::fit(&text::safe_line(&hit.area), area_cells(canvas.width()));
        let (open, why) = (text::fit(open.trim(), 6), text::safe_line(&hit.why));
        format!(" {area} {open} {why}")
    } else {
        String::new()
    };
    let rest = format!("{born} {}{rest}", text::fit(&person, 9));
    canvas.put(row, NAME_COLUMN + name + 1, &rest, Meaning::Plain);
}

/// A name, with the letters that match what was typed in bold and underlined; returns the column after it.
fn draw_marked(
    (row, column): (usize, usize),
    cells: usize,
    (name, places): (&str, &[u32]),
    canvas: &mut Canvas<'_>,
) -> usize {
    let end = canvas.put_within(row, column, cells, name, Meaning::Plain);
    let marked = Meaning::Matched;
    let mut at = column;
    let mut character: u32 = 0;
    for grapheme in name.graphemes(true) {
        let characters = u32::try_from(grapheme.chars().count()).unwrap_or(u32::MAX);
        let past = character.saturating_add(characters);
        // A cluster is made safe alone as it is within the name, so its cells are those that were drawn.
        let width = text::width(&text::safe_line(grapheme));
        if at + width > end {
            break;
        }
        if places.iter().any(|place| (character..past).contains(place)) {
            for cell in 0..width {
                canvas.mean(row, at + cell, marked);
            }
        }
        at += width;
        character = past;
    }
    end
}

/// Who it is besides the name: another name that matched, the household, the last contact.
fn draw_second_line(hit: &FindHit, shared: &Shared, canvas: &mut Canvas<'_>, row: usize) {
    const BETWEEN: usize = 3;
    let dim = Meaning::Faint;
    let mut column = NAME_COLUMN + 2;
    if let Some(case) = &hit.case {
        canvas.put(row, column, &who_asked(case), dim);
        return;
    }
    if hit.is_closed {
        canvas.put(
            row,
            column,
            "your own file, your family's or a colleague's: nothing of it is shown",
            dim,
        );
        return;
    }
    if let Some(also) = &hit.also {
        column = canvas.put(row, column, "also ", dim);
        column = draw_marked((row, column), NAME_CELLS, (&also.name, &also.marked), canvas);
        column += BETWEEN;
    }
    let today = shared.zone.day(shared.now);
    let last = hit.last_contact.map_or_else(
        || "last: none".to_owned(),
        |(at, channel)| {
            format!("last: {} {}", day_in_column(shared.zone.day(at), today), channel.label())
        },
    );
    let household = if hit.household.is_empty() { "no household known" } else { &hit.household };
    let room = canvas.width().saturating_sub(column + BETWEEN + text::width(&last));
    let household = text::sentence(household);
    let column = canvas.put_within(row, column, room, &household, dim) + BETWEEN;
    canvas.put(row, column, &last, dim);
}

fn who_asked(case: &CaseRow) -> String {
    match &case.person {
        RowPerson::Person(person, name) => format!("{} {person}", text::safe_line(name)),
        RowPerson::Anonymous => "anonymous".to_owned(),
        RowPerson::From(source) => format!("from {source}"),
        RowPerson::Hidden => RowPerson::HIDDEN.to_owned(),
    }
}

/// What to do where none of the hits is the one, and, once one rests, why the chosen one was found.
fn draw_below(
    screen: &FindScreen,
    is_rested: bool,
    shared: &Shared,
    canvas: &mut Canvas<'_>,
    row: usize,
) {
    let new = shared.keymap.key(keymap::Context::FindHits, Action::NewPerson);
    let down = shared.keymap.key(keymap::Context::Find, Action::ListDown);
    let typed = screen.text.text();
    let typed = if is_rested { typed.trim() } else { "" };
    let more = format!("   {down} past the end: more");
    let more = if screen.has_more() { more.as_str() } else { "" };
    let none = format!(" {new} none of these: new person; words and number are kept: {typed}");
    let room = canvas.width().saturating_sub(text::width(more));
    let column = canvas.put_within(row, 0, room, &none, Meaning::Plain);
    canvas.put(row, column, more, Meaning::Faint);
    let Some(hit) = screen.chosen().filter(|_| is_rested) else { return };
    let name = match (&hit.case, hit.person) {
        (Some(case), _) => case.id.to_string(),
        (None, Some(person)) => person.to_string(),
        (None, None) => String::new(),
    };
    let room = canvas.height().saturating_sub(row + 1);
    let cells = canvas.width();
    if room > 1 {
        canvas.rule(row + 1, &format!("-- {name}"));
        let evidence = text::safe_line(&hit.evidence).into_owned();
        for (place, line) in text::wrap(&evidence, cells, room - 1).iter().enumerate() {
            canvas.put(row + 2 + place, 0, line, Meaning::Plain);
        }
    } else {
        canvas.rule(row + 1, &format!("-- {name}  {}", hit.evidence));
    }
}
