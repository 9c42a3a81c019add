//! The picture of the intake form.
use crate::keymap::{self, Action};
use ratatui::layout::{Position, Rect};

use crate::desk::SimilarCase;
use crate::domain::cases::{About, Channel, Nature, SameChoice};
use crate::tui::text;

use super::super::Shared;
use super::super::header::header;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::when::{date_and_time, day, due_in, weekday_and_time};
use super::fields::{Asker, Field};
use super::screen::IntakeScreen;

/// Where values begin.
const VALUE_COLUMN: usize = 11;
/// Where values begin in the two rows of letters, which need the room.
const LETTERS_COLUMN: usize = 8;
/// Rows that the words of the citizen get at least, and the rows below them.
const SAYS_ROWS_MIN: usize = 2;
const BELOW_ROWS: usize = 4;
/// Subjects shown below the line that is typed, at most.
const OPTIONS_ROWS: usize = 4;
/// Cells for the time of a promise.
const PROMISE_CELLS: usize = 16;
/// Cells for the letters of a subject.
const TYPED_CELLS: usize = 12;

/// The canvas and the row that is drawn next.
struct Page<'a> {
    canvas: Canvas<'a>,
    row: usize,
    cursor: (usize, usize),
}

impl Page<'_> {
    fn label(&mut self, field: Field, focus: Field) {
        let marker = if field == focus { ">" } else { " " };
        self.canvas.put(self.row, 0, &format!("{marker}{}", field.name()), Meaning::Plain);
        self.canvas.ask(self.row, field.name());
        if field == focus {
            self.cursor = (self.row, 0);
        }
    }

    fn value(&mut self, words: &str) {
        self.canvas.put(self.row, VALUE_COLUMN, words, Meaning::Plain);
        self.row += 1;
    }

    fn rule(&mut self, words: &str) {
        self.canvas.rule(self.row, words);
        self.row += 1;
    }

    fn line(&mut self, words: &str) {
        self.canvas.line(self.row, words);
        self.row += 1;
    }
}

pub(super) fn draw(
    screen: &IntakeScreen,
    shared: &Shared,
    area: Rect,
    paper: &mut Paper<'_>,
) -> Position {
    let mut page = Page { canvas: Canvas::new(area, paper), row: 0, cursor: (0, 0) };
    draw_heading(screen, shared, &mut page);
    draw_letters(screen, Field::Via, &mut page);
    draw_received(screen, shared, &mut page);
    draw_letters(screen, Field::Nature, &mut page);
    draw_subject(screen, shared, &mut page);
    draw_asker(screen, shared, &mut page);
    draw_about(screen, &mut page);
    draw_addressee(screen, &mut page);
    draw_place(screen, &mut page);
    draw_same(screen, shared, &mut page);
    draw_says(screen, shared, &mut page);
    page.canvas.position(page.cursor.0, page.cursor.1)
}

fn draw_heading(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    let who = match (screen.fields.asker, &screen.file) {
        (Asker::Person(person), Some(file)) => {
            format!("NEW for {person} {}", text::safe_line(&file.name))
        }
        (Asker::Person(person), None) => format!("NEW for {person}"),
        (Asker::Anonymous, _) => "NEW, anonymous".to_owned(),
        (Asker::Open, _) => "NEW".to_owned(),
    };
    let cells = page.canvas.width();
    page.canvas.put(0, 0, &header(&who, "", shared, cells), Meaning::Strong);
    if let Some(kept) = screen.keeper.label(&shared.zone) {
        let anew = shared.keymap.key(keymap::Context::Intake, Action::StartAnew);
        let line = format!("-- {kept}   {anew} starts anew");
        page.canvas.rule(1, &line);
    }
    page.row = 2;
}

/// A row of letters with their words, the picked one marked.
fn draw_letters(screen: &IntakeScreen, field: Field, page: &mut Page<'_>) {
    let letters: Vec<(char, &str, bool)> = if field == Field::Via {
        let picked = |way| screen.fields.via == Some(way);
        Channel::ALL.iter().map(|way| (way.key(), way.label(), picked(*way))).collect()
    } else {
        let picked = |nature| screen.fields.nature == Some(nature);
        Nature::ALL.iter().map(|nature| (nature.key(), nature.label(), picked(*nature))).collect()
    };
    page.label(field, screen.focus);
    let cells: usize = letters.iter().map(|(_, label, _)| label.len() + 3).sum();
    let is_narrow = page.canvas.width() < VALUE_COLUMN + cells + letters.len();
    let mut column = if is_narrow { LETTERS_COLUMN } else { VALUE_COLUMN };
    page.canvas.say(page.row, || {
        let said = letters.iter().map(|(letter, label, is_picked)| {
            format!("{letter} {label}{}", if *is_picked { ", chosen" } else { "" })
        });
        format!("{}: {}", field.name(), said.collect::<Vec<_>>().join("; "))
    });
    for (letter, label, is_picked) in letters {
        let style = if is_picked { Meaning::Strong } else { Meaning::Plain };
        let marker = if is_picked { ">" } else { " " };
        // The marker stands in the space between two ways, so that picking moves nothing.
        page.canvas.put(page.row, column - 1, &format!("{marker}{letter} {label}"), style);
        column += label.len() + 3 + usize::from(!is_narrow);
    }
    page.row += 1;
}

fn draw_received(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    page.label(Field::Received, screen.focus);
    let at = screen.received_at(shared);
    let words = match at {
        Some(at) => date_and_time(at, &shared.zone),
        None => "? type 14.8, 2026-08-14, yesterday or 9:30".to_owned(),
    };
    let fields = &screen.fields;
    if screen.focus == Field::Received || !fields.received.is_blank() {
        let column = fields.received.draw_in_row(&mut page.canvas, page.row, VALUE_COLUMN, 20);
        if screen.focus == Field::Received {
            page.cursor = (page.row, column);
        }
        page.canvas.put(page.row, VALUE_COLUMN + 21, &words, Meaning::Plain);
        page.row += 1;
    } else {
        page.value(&format!("{words}   entered now; clocks start from received"));
    }
}

fn draw_subject(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    page.label(Field::Subject, screen.focus);
    let fields = &screen.fields;
    let is_focused = screen.focus == Field::Subject;
    if let Some((code, label)) = fields.subject.as_ref().filter(|_| !is_focused) {
        page.value(&format!("{code} {label}"));
        return;
    }
    let column =
        fields.subject_text.draw_in_row(&mut page.canvas, page.row, VALUE_COLUMN, TYPED_CELLS);
    if is_focused {
        page.cursor = (page.row, column);
    }
    let options_column = VALUE_COLUMN + TYPED_CELLS + 1;
    let settled = fields.subject.as_ref().map(|(code, label)| format!("{code} {label}"));
    let note = match settled {
        Some(settled) => settled,
        None if screen.asked_subjects.is_some() => "looking ...".to_owned(),
        None if !fields.subject_text.is_blank() => "nothing is like that".to_owned(),
        None => match &screen.suggested {
            Some(suggested) if is_focused => {
                format!("Enter takes {}", text::safe_line(&suggested.in_short()))
            }
            Some(suggested) => {
                let take = shared.keymap.key(keymap::Context::Intake, Action::TakeSuggested);
                format!("{take} takes {}", text::safe_line(&suggested.in_short()))
            }
            None => "letters of its code or words; empty: screening".to_owned(),
        },
    };
    if screen.options.is_empty() || !is_focused {
        page.canvas.put(page.row, options_column, &note, Meaning::Plain);
        page.row += 1;
        return;
    }
    let chosen = screen.option_choice.at(screen.options.len());
    let first = screen.option_choice.first_seen(screen.options.len(), OPTIONS_ROWS);
    let seen = screen.options.iter().enumerate().skip(first).take(OPTIONS_ROWS);
    for (place, subject) in seen {
        let marker = if place == chosen { ">" } else { " " };
        let line = format!("{marker}{} {}", subject.code, subject.label);
        page.canvas.put(page.row, options_column, &line, Meaning::Plain);
        page.canvas.say(page.row, || {
            if place == first { subjects_heard(screen, chosen) } else { String::new() }
        });
        page.row += 1;
    }
}

/// The subjects that fit what was typed, for whoever hears them.
fn subjects_heard(screen: &IntakeScreen, chosen: usize) -> String {
    let options = screen.options.iter().enumerate().map(|(place, subject)| {
        let is_chosen = if place == chosen { ", chosen" } else { "" };
        format!("; {} {}{is_chosen}", subject.code, subject.label)
    });
    format!("subject: {}{}", screen.fields.subject_text.text(), options.collect::<String>())
}

fn draw_asker(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    page.label(Field::AskedBy, screen.focus);
    let name = screen.file.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    let refused = screen.file_refused.as_deref().unwrap_or_default();
    let known = match screen.fields.asker {
        Asker::Open => {
            let find = shared.keymap.key(keymap::Context::Intake, Action::NextField);
            format!("a anonymous, or type a name or number: {find} finds them")
        }
        Asker::Anonymous => "anonymous".to_owned(),
        Asker::Person(person) => {
            let is_verified = screen.contact(shared).is_some_and(|contact| {
                contact.is_verified
                    && contact.person.as_ref().is_some_and(|(with, _)| *with == person)
            });
            let verified = if is_verified { "  verified" } else { "" };
            format!("{person} {}{verified} {refused}", text::safe_line(&name))
        }
    };
    let cells = page.canvas.width().saturating_sub(VALUE_COLUMN);
    let (row, line) = (page.row, &screen.fields.asker_text);
    if line.is_blank() {
        page.value(&known);
    } else {
        line.draw_in_row(&mut page.canvas, row, VALUE_COLUMN, cells);
        page.row += 1;
    }
    if screen.focus == Field::AskedBy {
        page.cursor = (row, VALUE_COLUMN);
    }
}

fn draw_about(screen: &IntakeScreen, page: &mut Page<'_>) {
    page.label(Field::About, screen.focus);
    let about = &screen.fields.about;
    let mut words = vec![(matches!(about, About::Same), "s same".to_owned())];
    if let Some(file) = &screen.file {
        for (place, kin) in file.kin.iter().enumerate().take(9) {
            let given = kin.name.split_once(", ").map_or(kin.name.as_str(), |(_, given)| given);
            let is_picked = *about == About::Person(kin.person);
            words.push((is_picked, format!("{} {}", place + 1, text::safe_line(given))));
        }
        if file.household.is_some() {
            words.push((matches!(about, About::Household(_)), "h household".to_owned()));
        }
    }
    let other = match about {
        About::Person(person) if !words.iter().any(|(is_picked, _)| *is_picked) => {
            (true, person.to_string())
        }
        _ => (false, "/ other".to_owned()),
    };
    words.push(other);
    let shown: Vec<String> = words
        .into_iter()
        .map(|(is_picked, words)| format!("{}{words}", if is_picked { ">" } else { " " }))
        .collect();
    let row = page.row;
    if screen.fields.about_text.is_blank() {
        page.value(&shown.join(" "));
    } else {
        let line = &screen.fields.about_text;
        let column = line.draw_in_row(&mut page.canvas, row, VALUE_COLUMN, 20);
        if screen.focus == Field::About {
            page.cursor = (row, column);
        }
        page.row += 1;
    }
}

/// A row of its own wherever there is room for it, or letters go to somebody else or are about to.
fn draw_addressee(screen: &IntakeScreen, page: &mut Page<'_>) {
    let line = &screen.fields.addressee_text;
    let is_usual = screen.focus != Field::Addressee && line.is_blank();
    let cases = screen.similar.as_ref().map_or(0, |similar| similar.cases.len());
    // The row itself, place and SAME?, the cases that may be the same, and what the citizen says and hears.
    let needed = 3 + cases + 1 + SAYS_ROWS_MIN + BELOW_ROWS;
    if is_usual && page.canvas.height() < page.row + needed {
        return;
    }
    page.label(Field::Addressee, screen.focus);
    if is_usual {
        let words = "whoever asks   or go here and type a name or P-4711";
        page.canvas.put(page.row, VALUE_COLUMN + 1, words, Meaning::Plain);
        page.row += 1;
        return;
    }
    let column = line.draw_in_row(&mut page.canvas, page.row, VALUE_COLUMN + 1, 20);
    if screen.focus == Field::Addressee {
        page.cursor = (page.row, column);
    }
    page.canvas.put(
        page.row,
        VALUE_COLUMN + 22,
        "a name or P-4711; empty: to whoever asks",
        Meaning::Plain,
    );
    page.row += 1;
}

fn draw_place(screen: &IntakeScreen, page: &mut Page<'_>) {
    page.label(Field::Place, screen.focus);
    let cells = page.canvas.width().saturating_sub(VALUE_COLUMN + 16);
    let line = &screen.fields.place;
    let column = line.draw_in_row(&mut page.canvas, page.row, VALUE_COLUMN, cells);
    if screen.focus == Field::Place {
        page.cursor = (page.row, column);
    }
    let at = VALUE_COLUMN + text::width(&text::safe_line(&line.text())).min(cells) + 3;
    if screen.fields.place_of_file.is_some() && !line.is_blank() {
        page.canvas.put(page.row, at, "from the file", Meaning::Plain);
    } else if line.is_blank() {
        page.canvas.put(page.row, at, "street or object, area", Meaning::Plain);
    }
    page.row += 1;
}

fn draw_same(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    let cases = screen.similar.as_ref().map_or(&[][..], |similar| similar.cases.as_slice());
    let marker = if screen.focus == Field::Same { ">" } else { "-" };
    let heading = match (cases.is_empty(), screen.asked_similar.is_some()) {
        (_, true) => "looking whether it is here already ...".to_owned(),
        (true, false) => "nothing alike is here".to_owned(),
        (false, false) => match screen.fields.same {
            Some(SameChoice::New) => "a new one, although these are shown".to_owned(),
            Some(SameChoice::AddedTo(case)) => format!("added to {case}; n starts a new one"),
            Some(SameChoice::NothingShown) | None => {
                "digit adds this to that case, n starts a new one".to_owned()
            }
        },
    };
    if screen.focus == Field::Same {
        page.cursor = (page.row, 0);
    }
    page.line(&format!("-{marker} SAME?  {heading}"));
    let needed = 1 + SAYS_ROWS_MIN + BELOW_ROWS;
    let room = page.canvas.height().saturating_sub(page.row + needed);
    let seen = cases.len().min(room);
    for (place, case) in cases.iter().enumerate().take(seen) {
        let is_picked = screen.fields.same == Some(SameChoice::AddedTo(case.row.id));
        let marker = if is_picked { ">" } else { " " };
        let line = similar_line(case, shared, page.canvas.width().saturating_sub(4));
        page.line(&format!("{marker}{}  {line}", place + 1));
    }
}

/// The case, then why it may be the same; the reason is never cut, as the choice hangs on it.
fn similar_line(case: &SimilarCase, shared: &Shared, cells: usize) -> String {
    let why = text::safe_line(&case.why).into_owned();
    let row = &case.row;
    let due = if row.stage.is_open() {
        due_in(row.due_at, shared.now, &shared.zone)
    } else {
        String::new()
    };
    let me = shared.who.caseworker.id;
    let stage = match (&case.ended, row.closed_at, &row.owner) {
        (Some(ended), Some(at), _) => {
            let (on, today) = (shared.zone.day(at), shared.zone.day(shared.now));
            format!("ended {}, {ended}", day(on, today))
        }
        (Some(ended), None, _) => format!("ended, {ended}"),
        (None, _, Some((owner, _))) if *owner == me => format!("{}, you", row.stage.label()),
        (None, _, Some((_, owner))) => {
            format!("{}, {}", row.stage.label(), text::safe_line(owner))
        }
        (None, _, None) => format!("{}, nobody", row.stage.label()),
    };
    let front = format!(
        "{} {} {}",
        text::fit_right(&due, 4),
        text::fit(&row.id.to_string(), 8),
        row.nature.code()
    );
    let rest = text::width(&front) + text::width(&stage) + text::width(&why) + 5;
    let room = cells.saturating_sub(rest).clamp(8, 28);
    format!("{front} {}  {stage}  {why}", text::fit(&text::safe_line(&row.subject), room))
}

fn draw_says(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    page.rule("-- what the citizen says");
    let rows = page.canvas.height().saturating_sub(page.row + BELOW_ROWS).max(1);
    let marker = if screen.focus == Field::Says { ">" } else { " " };
    page.canvas.put(page.row, 0, marker, Meaning::Plain);
    page.canvas.ask(page.row, Field::Says.name());
    let cursor = screen.fields.says.draw(&mut page.canvas, page.row, 2, rows);
    if screen.focus == Field::Says {
        page.cursor = cursor;
    }
    page.row += rows;
    page.rule("-- the citizen hears");
    page.line(&format!(" {}", hears(screen, shared, page.canvas.width())));
    draw_promise(screen, shared, page);
    let missing = screen.fields.missing(screen.similar.as_ref());
    if missing.is_empty() {
        let register = shared.keymap.key(keymap::Context::Intake, Action::Register);
        page.line(&format!(" nothing is missing: {register} registers"));
    } else {
        page.line(&format!(" still needed: {}", missing.join(", ")));
    }
}

/// What is told at the end: by when there is an answer, which way and in which language, and what proves the case.
fn hears(screen: &IntakeScreen, shared: &Shared, cells: usize) -> String {
    let by = screen.similar.as_ref().and_then(|similar| similar.answer_by);
    let Some(by) = by else {
        return "when the answer comes, once the nature is picked".to_owned();
    };
    let file = screen.file.as_ref();
    let channel = file.and_then(|file| file.preferred_channel);
    let channel = channel.map(|channel| format!("by {}", channel.label()));
    let language = file.and_then(|file| file.languages.first()).cloned();
    let way = [channel, language].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let parts = [
        format!("answer by {}", weekday_and_time(by, shared.now, &shared.zone)),
        text::safe_line(&way).into_owned(),
        "reference and PIN when registered".to_owned(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let told = parts.join("   ");
    let source = screen.similar.as_ref().map(|similar| similar.answer_source.as_str());
    let with_source = format!("{told}   {}", text::safe_line(source.unwrap_or_default()));
    if text::width(&with_source) < cells { with_source } else { told }
}

/// By when something is promised, as it was typed, and how it was understood.
fn draw_promise(screen: &IntakeScreen, shared: &Shared, page: &mut Page<'_>) {
    page.label(Field::Promise, screen.focus);
    let fields = &screen.fields;
    let words = match fields.promised(shared.now, &shared.who.calendar) {
        Ok(None) => "none   (a time: 14, fri 9, +2h)".to_owned(),
        Ok(Some(said)) => match said.closed {
            Some(closed) => format!("{}; {}", said.understood, closed.words),
            None => format!("{}, by telephone", said.understood),
        },
        Err(problem) => problem,
    };
    if screen.focus == Field::Promise || !fields.promise.is_blank() {
        let column =
            fields.promise.draw_in_row(&mut page.canvas, page.row, VALUE_COLUMN, PROMISE_CELLS);
        if screen.focus == Field::Promise {
            page.cursor = (page.row, column);
        }
        page.canvas.put(page.row, VALUE_COLUMN + PROMISE_CELLS + 1, &words, Meaning::Plain);
        page.row += 1;
    } else {
        page.value(&words);
    }
}
