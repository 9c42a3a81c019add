//! The picture of a person's file: who it is above, the sections below, side by side where there is room.
use crate::keymap::{self, Action};
use ratatui::layout::{Position, Rect};

use crate::desk::{ContactPointLine, PersonFileAnswer};
use crate::domain::office::Purpose;
use crate::domain::people::{ContactPointKind, ContactPointState, PersonState, grouped};
use crate::domain::time::Day;
use crate::domain::{EntityId, PersonId};
use crate::tui::text;

use super::super::Shared;
use super::super::field::Choice;
use super::super::header::header;
use super::super::others;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::plain::say;
use super::super::purposes;
use super::super::when::{day, day_in_column, due_in};
use super::call::{call_line, greeting};
use super::fields::{KNOWN_FIELDS, is_stale};
use super::screen::{Mode, PersonScreen};
use super::sections::{Kind, Section, Stop, sections, share, stops, what_of};

/// From this width on, two columns of sections stand side by side.
const WIDE_CELLS: u16 = 109;

/// Rows of the words that say why a file does not open.
const REFUSED_ROWS_MAX: usize = 3;
/// Rows that an inline editor and the file above it need at least, each.
const EDITOR_ROWS_MIN: u16 = 2;

/// Rows that say which other units know them.
const KNOWN_ROWS_MAX: usize = 2;
/// Rows for who it is: at most so many for numbers and addresses.
const IDENTITY_ROWS_MAX: usize = 4;

pub(super) fn draw(
    screen: &PersonScreen,
    shared: &Shared,
    area: Rect,
    paper: &mut Paper<'_>,
) -> Position {
    let mut canvas = Canvas::new(area, paper);
    let Some(file) = &screen.file else {
        let cells = canvas.width();
        canvas.line(0, &header(&screen.person.to_string(), "", shared, cells));
        let words = text::safe_line(screen.refused.as_deref().unwrap_or("opening ..."));
        let words = text::wrap(&words, cells, REFUSED_ROWS_MAX);
        for (row, line) in (1..).zip(&words) {
            canvas.line(row, line);
        }
        if let Mode::OpeningPurpose { is_in_spite } = screen.mode {
            let what = if is_in_spite { "open it all the same" } else { "open it" };
            return purposes::draw(what, shared, &mut canvas, words.len() + 2);
        }
        return canvas.position(0, 0);
    };
    let mut row = draw_identity(file, screen, shared, &mut canvas);
    if let Some(also) = others::words(shared, &EntityId::Person(file.person)) {
        canvas.line(row, &format!("open {also}"));
        row += 1;
    }
    if let Mode::Editing(editing) = &screen.mode {
        return editing.draw(&mut canvas, row, shared);
    }
    if let Some((purpose, shown)) = &screen.disclosed {
        row = draw_disclosed(purpose, &shown.fields, &mut canvas, row);
    }
    if matches!(screen.mode, Mode::Purpose) {
        return purposes::draw("show what is masked", shared, &mut canvas, row);
    }
    if !screen.casework.is_open() || area.height <= EDITOR_ROWS_MIN * 2 {
        return draw_sections(screen, file, shared, area, paper, row);
    }
    let about =
        screen.casework.case().map_or_else(|| screen.person.to_string(), |case| case.to_string());
    // The editor takes what it needs from below; the sections keep a third, so that the row stays in view.
    let height = area.height - area.height / 3;
    let editor_height = screen.casework.height(area.width).saturating_add(1).min(height);
    let above = Rect { height: area.height - editor_height, ..area };
    draw_sections(screen, file, shared, above, paper, row);
    let below = Rect { y: area.y + above.height, height: editor_height, ..area };
    Canvas::new(below, paper).rule(0, &format!("-- {about}"));
    let editor =
        Rect { y: below.y + below.height.min(1), height: below.height.saturating_sub(1), ..below };
    screen.casework.draw(shared, editor, paper)
}

/// The lines that say who it is and how to reach them; returns the row after them.
fn draw_identity(
    file: &PersonFileAnswer,
    screen: &PersonScreen,
    shared: &Shared,
    canvas: &mut Canvas<'_>,
) -> usize {
    let today = shared.zone.day(shared.now);
    let born = match (&file.born, file.age) {
        (Some(born), Some(age)) => format!("b.{born} ({age})"),
        (Some(born), None) => format!("b.{born}"),
        (None, _) => "born unknown".to_owned(),
    };
    let channel = file.preferred_channel.map(|channel| channel.label().to_owned());
    let ways: Vec<String> = file.languages.iter().cloned().chain(channel).collect();
    let title = [
        file.person.to_string(),
        text::safe_line(&family_in_capitals(&file.name)).into_owned(),
        file.form_of_address.clone(),
        born,
        ways.join(", "),
    ];
    let title: Vec<String> = title.into_iter().filter(|part| !part.is_empty()).collect();
    let cells = canvas.width();
    canvas.put(0, 0, &header(&title.join("  "), "", shared, cells), Meaning::Strong);
    let facts = facts(file, today);
    let mut row = 1;
    for line in joined(&facts, cells, IDENTITY_ROWS_MAX) {
        canvas.line(row, &line);
        canvas.say(row, || say::facts(&line));
        row += 1;
    }
    let (mut state, mut meaning) = match file.state {
        PersonState::Provisional => {
            ("NOT IDENTIFIED, only what was told; ? is unchecked".to_owned(), Meaning::Heed)
        }
        PersonState::Identified => {
            ("identity not checked; ? is unchecked".to_owned(), Meaning::Plain)
        }
        PersonState::Verified => ("identity checked".to_owned(), Meaning::Done),
        PersonState::Annulled => {
            ("TAKEN BACK: this registration was a mistake".to_owned(), Meaning::Alarm)
        }
        PersonState::Merged(into) => (format!("MERGED: part of {into}"), Meaning::Alarm),
    };
    let open = file.cases.iter().filter(|case| case.stage.is_open());
    let worst = open.filter(|case| case.due_at.is_some_and(|due| due < shared.now));
    if let Some(case) = worst.min_by_key(|case| case.due_at) {
        let late = due_in(case.due_at, shared.now, &shared.zone);
        state = format!("! {} late {late}   {state}", case.id);
        meaning = Meaning::Alarm;
    }
    if let Some(refused) = &screen.refused {
        state = format!("as it was before: {refused}");
        meaning = Meaning::Alarm;
    }
    if let Some((line, meaning)) = call_line(file, shared) {
        canvas.put(row, 0, &line, meaning);
        row += 1;
    }
    canvas.put(row, 0, &state, meaning);
    row += 1;
    canvas.line(row, &greeting(file, shared));
    if let Some(merged) = merged(file, screen.person, shared) {
        row += 1;
        canvas.line(row, &merged);
    }
    if let Some(known) = also_known_to(file) {
        row += 1;
        for line in text::wrap(&text::safe_line(&known), cells, KNOWN_ROWS_MAX) {
            canvas.line(row, &line);
            row += 1;
        }
        row -= 1;
    }
    row + 1
}

/// Which other units know them: `also known to: Housing (housing desk, 12 34 56)`.
fn also_known_to(file: &PersonFileAnswer) -> Option<String> {
    let line = |(unit, contact): &(String, String)| format!("{unit} ({contact})");
    let units: Vec<String> = file.also_known_to.iter().map(line).collect();
    (!units.is_empty()).then(|| format!("also known to: {}", units.join("; ")))
}

/// What was merged into the record: `merged with P-90213 on 12 Nov by Rahimi: M takes it apart`.
fn merged(file: &PersonFileAnswer, asked: PersonId, shared: &Shared) -> Option<String> {
    let own = file.merges.iter().find(|line| line.merged == EntityId::Person(asked));
    let line = own.or(file.merges.first())?;
    let on = day(shared.zone.day(line.at), shared.zone.day(shared.now));
    let more = match file.merges.len() {
        1 => String::new(),
        merges => format!(", and {} more", merges - 1),
    };
    let (merged, by) = (&line.merged, &line.by);
    let key = shared.keymap.key(keymap::Context::Person, Action::Unmerge);
    Some(match own {
        Some(_) => {
            format!(
                "{asked} is part of {}: on {on} by {by}{more}: {key} takes it apart",
                file.person
            )
        }
        None => format!("merged with {merged} on {on} by {by}{more}: {key} takes it apart"),
    })
}

/// `MOHAMMADI, Sara`: the family name stands out without any attribute.
fn family_in_capitals(name: &str) -> String {
    match name.split_once(", ") {
        Some((family, given)) => format!("{}, {given}", family.to_uppercase()),
        None => name.to_uppercase(),
    }
}

/// Numbers, contact points and address, each with its state and day.
fn facts(file: &PersonFileAnswer, today: Day) -> Vec<String> {
    let mut facts = Vec::new();
    let fields = |word: &'static str| file.fields.iter().filter(move |line| line.field == word);
    // An identity number is a field under the name of its scheme, which only the office knows.
    for line in file.fields.iter().filter(|line| !KNOWN_FIELDS.contains(&line.field.as_str())) {
        facts.push(format!(
            "{} {} {}",
            line.field,
            text::safe_line(&line.value),
            checked(line.is_verified)
        ));
    }
    for line in fields("died") {
        facts.insert(0, format!("DIED {}", line.value));
    }
    let (mut telephones, mut mails) = (0, 0);
    for point in &file.contact_points {
        let name = match point.kind {
            ContactPointKind::Telephone => {
                telephones += 1;
                format!("T{telephones}")
            }
            ContactPointKind::Email => {
                mails += 1;
                format!("E{mails}")
            }
        };
        facts.push(contact_point(&name, point, today));
    }
    if !file.address.is_empty() {
        let line = fields("address").next();
        let state = line.map_or_else(String::new, |line| {
            format!(" {} {}", checked(line.is_verified), dated(line.on, today))
        });
        facts.push(format!("{}{state}", text::safe_line(&file.address)));
    }
    for (_, name) in &file.other_names {
        facts.push(format!("also {}", text::safe_line(name)));
    }
    if let Some(origin) = &file.origin {
        facts.push(format!("from {origin}"));
    }
    facts
}

fn checked(is_verified: bool) -> &'static str {
    if is_verified { "ok" } else { "?" }
}

fn contact_point(name: &str, point: &ContactPointLine, today: Day) -> String {
    let state = match point.state {
        ContactPointState::Unverified => "?",
        ContactPointState::Verified
        | ContactPointState::Bounced
        | ContactPointState::Wrong
        | ContactPointState::Retired => point.state.label(),
    };
    format!("{name} {} {state} {}", point.value, dated(point.on, today))
}

/// The day of a fact, with a badge where it wants asking again.
fn dated(on: Day, today: Day) -> String {
    let old = if is_stale(on, today) { " OLD" } else { "" };
    format!("{}{old}", day_in_column(on, today))
}

/// The facts joined into lines of so many cells, none of them torn apart.
fn joined(facts: &[String], cells: usize, rows_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        let fact = text::safe_line(fact);
        let fits = |last: &&mut String| text::width(last) + 3 + text::width(&fact) <= cells;
        if let Some(last) = lines.last_mut().filter(fits) {
            last.push_str("   ");
            last.push_str(&fact);
        } else if lines.len() < rows_max {
            lines.push(fact.into_owned());
        }
    }
    lines
}

fn draw_disclosed(
    purpose: &Purpose,
    fields: &[(String, String)],
    canvas: &mut Canvas<'_>,
    row: usize,
) -> usize {
    let heading = format!("-- shown for {}, until you leave; the reading is recorded", purpose.0);
    canvas.rule(row, &heading);
    let said = |(field, value): &(String, String)| match field.as_str() {
        "telephone" => format!("{field} {}", text::safe_line(&grouped(value))),
        _ => format!("{field} {}", text::safe_line(value)),
    };
    let facts: Vec<String> = fields.iter().map(said).collect();
    let cells = canvas.width();
    let lines = joined(&facts, cells, canvas.height() / 2);
    for (place, line) in lines.iter().enumerate() {
        canvas.put(row + 1 + place, 0, line, Meaning::Strong);
    }
    row + 1 + lines.len()
}

fn draw_sections(
    screen: &PersonScreen,
    file: &PersonFileAnswer,
    shared: &Shared,
    area: Rect,
    paper: &mut Paper<'_>,
    row: usize,
) -> Position {
    let top = u16::try_from(row).unwrap_or(u16::MAX).min(area.height);
    let below = Rect { y: area.y.saturating_add(top), height: area.height - top, ..area };
    let stop = screen.stop();
    if area.width < WIDE_CELLS {
        let cells = usize::from(area.width).saturating_sub(1);
        let all = sections(file, shared.now, &shared.zone, cells);
        let heard = |kind, place| heard(file, kind, place, shared);
        return draw_column(&all, stop, below, paper, &heard)
            .unwrap_or(Position::new(area.x, area.y));
    }
    let half = below.width / 2;
    let cells = usize::from(half).saturating_sub(2);
    let all = sections(file, shared.now, &shared.zone, cells);
    let (left, right): (Vec<Section>, Vec<Section>) = all
        .into_iter()
        .partition(|section| matches!(section.kind, Kind::Kin | Kind::Cases | Kind::Next));
    let left_area = Rect { width: half.saturating_sub(1), ..below };
    let right_area = Rect { x: below.x + half, width: below.width - half, ..below };
    let heard = |kind, place| heard(file, kind, place, shared);
    let at_left = draw_column(&left, stop, left_area, paper, &heard);
    let at_right = draw_column(&right, stop, right_area, paper, &heard);
    at_left.or(at_right).unwrap_or(Position::new(area.x, area.y))
}

/// A row of a section as it is heard: its words, and its place among the rows that the cursor visits.
struct Heard {
    words: String,
    place: usize,
    of: usize,
}

/// What is heard of a row in its section; nothing for one that the cursor passes by.
fn heard(file: &PersonFileAnswer, kind: Kind, place: usize, shared: &Shared) -> Option<Heard> {
    let (stop, words) = match kind {
        Kind::Kin => (Stop::Kin(place), say::kin(file.kin.get(place)?)),
        Kind::Cases => (Stop::Case(place), say::case(file.cases.get(place)?, false, shared)),
        Kind::Contacts => {
            let contact = file.contacts.get(place)?;
            (Stop::Contact(place), say::contact(contact, &what_of(contact), shared))
        }
        Kind::Services | Kind::Next => return None,
    };
    let stops = stops(file);
    let place = stops.iter().position(|known| *known == stop)?;
    Some(Heard { words, place, of: stops.len() })
}

/// Draws sections under each other; says where the chosen row is, if it is here.
fn draw_column(
    sections: &[Section],
    stop: Option<Stop>,
    area: Rect,
    paper: &mut Paper<'_>,
    heard: &dyn Fn(Kind, usize) -> Option<Heard>,
) -> Option<Position> {
    let mut canvas = Canvas::new(area, paper);
    let rows = share(sections, canvas.height());
    let mut cursor = None;
    let mut row = 0;
    for (section, rows) in sections.iter().zip(rows) {
        let chosen = stop.and_then(|stop| match (section.kind, stop) {
            (Kind::Kin, Stop::Kin(place))
            | (Kind::Cases, Stop::Case(place))
            | (Kind::Contacts, Stop::Contact(place)) => Some(place),
            _ => None,
        });
        let mut choice = Choice::default();
        choice.set(chosen.unwrap_or(0));
        let first = choice.first_seen(section.lines.len(), rows.max(1));
        let unseen = section.lines.len().saturating_sub(rows);
        let more = if unseen > 0 { format!("   +{unseen} more") } else { String::new() };
        let heading = format!("-- {}{more}", section.heading);
        canvas.rule(row, &heading);
        let is_seen = row < canvas.height();
        if chosen.is_some() && is_seen {
            cursor = Some(canvas.position(row, 0));
        }
        row += 1;
        for (place, line) in section.lines.iter().enumerate().skip(first).take(rows) {
            let is_chosen = chosen == Some(place);
            canvas.marker(row, is_chosen);
            canvas.put(row, 1, line, Meaning::Plain);
            if let Some(Heard { words, place, of }) = heard(section.kind, place) {
                canvas.list(row, place, of);
                canvas.say(row, || words);
            }
            if is_chosen && row < canvas.height() {
                cursor = Some(canvas.position(row, 0));
            }
            row += 1;
        }
    }
    cursor
}
