//! The sections of the file: what stands in each, and how they share the height.

use crate::desk::{CaseRow, ContactLine, KinLine, PersonFileAnswer, ServiceLine};
use crate::domain::time::{Instant, Zone};
use crate::tui::text;

use super::super::Go;
use super::super::field::case_line;
use super::super::money;
use super::super::stay;
use super::super::when::day_in_column;

/// Kin and cases that a digit opens.
const DIGITS: usize = 9;

/// What a section shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Kin,
    Cases,
    Services,
    Contacts,
    Next,
}

/// A section with its lines, the important ones first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kind: Kind,
    pub(super) heading: String,
    pub(super) lines: Vec<String>,
}

/// Rows that the cursor visits, in the order of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Kin(usize),
    Case(usize),
    Contact(usize),
}

/// The rows that the cursor can visit.
pub(super) fn stops(file: &PersonFileAnswer) -> Vec<Stop> {
    let kin = (0..file.kin.len()).map(Stop::Kin);
    let cases = (0..file.cases.len()).map(Stop::Case);
    let contacts = (0..file.contacts.len()).map(Stop::Contact);
    kin.chain(cases).chain(contacts).collect()
}

/// Has the cursor stay on its row in a file as it is now: the row that it is on then, which stays in the file though it has
/// left it.
pub(super) fn stay_on(before: &PersonFileAnswer, stop: Stop, file: &mut PersonFileAnswer) -> Stop {
    match stop {
        Stop::Kin(at) => {
            let is_same = |one: &KinLine, other: &KinLine| one.person == other.person;
            let now = std::mem::take(&mut file.kin);
            let (mut kin, at, is_gone) = stay::keep(&before.kin, at, now, is_same);
            if let Some(line) = kin.get_mut(at).filter(|_| is_gone) {
                "gone".clone_into(&mut line.relation);
            }
            file.kin = kin;
            Stop::Kin(at)
        }
        Stop::Case(at) => {
            let is_same = |one: &CaseRow, other: &CaseRow| one.id == other.id;
            let now = std::mem::take(&mut file.cases);
            let (mut cases, at, is_gone) = stay::keep(&before.cases, at, now, is_same);
            if let Some(row) = cases.get_mut(at).filter(|_| is_gone) {
                let subject = row.subject.trim_start_matches("gone: ");
                row.subject = format!("gone: {subject}").into();
            }
            file.cases = cases;
            Stop::Case(at)
        }
        Stop::Contact(at) => {
            let is_same = |one: &ContactLine, other: &ContactLine| {
                (one.at, one.channel) == (other.at, other.channel)
            };
            let now = std::mem::take(&mut file.contacts);
            let (contacts, at, _) = stay::keep(&before.contacts, at, now, is_same);
            file.contacts = contacts;
            Stop::Contact(at)
        }
    }
}

/// Where a row leads, if anywhere.
pub(super) fn target(file: &PersonFileAnswer, stop: Stop) -> Option<Go> {
    match stop {
        Stop::Kin(place) => file.kin.get(place).map(|kin| Go::Person(kin.person)),
        Stop::Case(place) => file.cases.get(place).map(|case| Go::Case(case.id)),
        Stop::Contact(place) => {
            file.contacts.get(place).and_then(|contact| contact.case).map(Go::Case)
        }
    }
}

/// The row of a digit: kin first, then open cases.
pub(super) fn stop_of_digit(file: &PersonFileAnswer, digit: usize) -> Option<Stop> {
    let place = digit.checked_sub(1).filter(|place| *place < DIGITS)?;
    let Some(case) = place.checked_sub(file.kin.len()) else { return Some(Stop::Kin(place)) };
    let row = file.cases.get(case)?;
    row.stage.is_open().then_some(Stop::Case(case))
}

/// The digit in front of a row, or a space.
fn digit(place: usize) -> String {
    if place < DIGITS { (place + 1).to_string() } else { " ".to_owned() }
}

/// Every section of a file, each line of so many cells.
pub(super) fn sections(
    file: &PersonFileAnswer,
    now: Instant,
    zone: &Zone,
    cells: usize,
) -> Vec<Section> {
    vec![
        kin(file),
        cases(file, now, zone, cells),
        services(file, now, zone, cells),
        contacts(file, now, zone),
        next(file, now, zone),
    ]
}

fn kin(file: &PersonFileAnswer) -> Section {
    let household = file.household.map(|id| format!(", household {id}")).unwrap_or_default();
    let elsewhere = file.kin.iter().filter(|kin| !kin.is_household).count();
    let elsewhere =
        if elsewhere > 0 { format!(", elsewhere ({elsewhere})") } else { String::new() };
    let home = file.kin.iter().filter(|kin| kin.is_household).count();
    let heading = format!("kin{household} ({home}){elsewhere}");
    let lines = file.kin.iter().enumerate().map(|(place, kin)| {
        let born = kin.born.map(|year| year.to_string()).unwrap_or_default();
        let age = kin.age.map(|age| format!("({age})")).unwrap_or_default();
        let home = if kin.is_household { "" } else { "  lives elsewhere" };
        format!(
            "{} {} {} {} {} open {}{home}",
            digit(place),
            text::fit(&text::safe_line(&kin.relation), 8),
            text::fit(&text::safe_line(&kin.name), 19),
            text::fit(&format!("{born} {age}"), 9),
            text::fit_right(&kin.open_cases.to_string(), 2),
            text::fit(&kin.may_ask, 28).trim_end(),
        )
    });
    Section { kind: Kind::Kin, heading, lines: lines.collect() }
}

fn cases(file: &PersonFileAnswer, now: Instant, zone: &Zone, cells: usize) -> Section {
    let heading = format!("cases, {} open of {}", file.cases_open, file.cases_total);
    let line = |(place, case): (usize, &CaseRow)| {
        let digit = if case.stage.is_open() {
            digit(file.kin.len().saturating_add(place))
        } else {
            " ".to_owned()
        };
        let closed = case.closed_at.map_or_else(String::new, |at| {
            format!(" {}", day_in_column(zone.day(at), zone.day(now)))
        });
        let line = case_line(case, now, zone, cells.saturating_sub(2 + text::width(&closed)));
        format!("{digit} {line}{closed}")
    };
    Section { kind: Kind::Cases, heading, lines: file.cases.iter().enumerate().map(line).collect() }
}

fn services(file: &PersonFileAnswer, now: Instant, zone: &Zone, cells: usize) -> Section {
    let sums = file.services_year.iter().map(money::in_words).collect::<Vec<_>>().join(", ");
    let sums = if sums.is_empty() { "none".to_owned() } else { sums };
    let heading = format!("services, 12 months {sums}");
    let today = zone.day(now);
    let line = |service: &ServiceLine| {
        let amount = service.amount.as_ref().map(money::in_words);
        let quantity = service.quantity.map(|pieces| pieces.to_string());
        let what = amount.or(quantity).unwrap_or_default();
        let case = service.case.map(|case| format!("  {case}")).unwrap_or_default();
        let recipient = service
            .recipient
            .as_ref()
            .map(|name| format!("  ({})", text::safe_line(name)))
            .unwrap_or_default();
        let line = format!(
            "{} {}  {what}{case}{recipient}",
            day_in_column(service.on, today),
            text::safe_line(&service.service)
        );
        text::safe_row(&line).into_owned()
    };
    // Two services stand side by side where both fit, as most are short.
    let half = cells.saturating_sub(2) / 2;
    let mut lines: Vec<String> = Vec::new();
    let mut is_open = false;
    for service in file.services.iter().map(line) {
        let fits = text::width(&service) <= half;
        if let Some(last) = lines.last_mut().filter(|_| is_open && fits) {
            *last = format!("{}  {service}", text::fit(last, half));
            is_open = false;
        } else {
            lines.push(service);
            is_open = fits;
        }
    }
    Section { kind: Kind::Services, heading, lines }
}

fn contacts(file: &PersonFileAnswer, now: Instant, zone: &Zone) -> Section {
    let heading = match &file.last_handler {
        Some(name) => format!("contacts, {}; last served by {name}", file.contacts_total),
        None => format!("contacts, {}", file.contacts_total),
    };
    let today = zone.day(now);
    let line = |contact: &ContactLine| {
        let case = contact.case.map(|case| case.to_string()).unwrap_or_default();
        let more = match contact.cases_more {
            0 => String::new(),
            more => format!("+{more}"),
        };
        format!(
            "{} {} {} {} {} {}",
            text::fit(&day_in_column(zone.day(contact.at), today), 8),
            contact.channel.glyph(),
            text::fit(&contact.direction, 3),
            text::fit(&text::safe_line(&contact.handler), 10),
            text::fit(&format!("{case}{more}"), 8),
            what_of(contact),
        )
    };
    Section { kind: Kind::Contacts, heading, lines: file.contacts.iter().map(line).collect() }
}

/// How long it took, how it ended, and what it was about.
pub(super) fn what_of(contact: &ContactLine) -> String {
    let ended = match (contact.is_running, contact.outcome) {
        (true, _) => Some("runs now".to_owned()),
        (false, Some(outcome)) => Some(outcome.label().to_owned()),
        (false, None) => None,
    };
    let minutes = contact.minutes.map(|minutes| format!("{minutes} min"));
    let how: Vec<String> = minutes.into_iter().chain(ended).collect();
    let summary = text::safe_line(&contact.summary);
    match (how.is_empty(), summary.is_empty()) {
        (true, _) => summary.into_owned(),
        (false, true) => how.join(", "),
        (false, false) => format!("{}: {summary}", how.join(", ")),
    }
}

fn next(file: &PersonFileAnswer, now: Instant, zone: &Zone) -> Section {
    let today = zone.day(now);
    let steps = file.next.iter().map(|step| text::safe_line(step).into_owned());
    let notes = file.notes.iter().map(|(at, who, words)| {
        let on = day_in_column(zone.day(*at), today);
        format!("{} ({} {on})", text::safe_line(words), text::safe_line(who))
    });
    let needs = file.needs.iter().map(|need| format!("needs {}", text::safe_line(need)));
    Section {
        kind: Kind::Next,
        heading: format!("next {}, notes {}", file.next.len(), file.notes.len()),
        lines: needs.chain(steps).chain(notes).collect(),
    }
}

/// Rows of lines for each section within a height: one for each that has any, then one more to each in turn.
///
/// The headings come first, for an empty section says something, too; where not even they fit, the lower ones go.
pub(super) fn share(sections: &[Section], height: usize) -> Vec<usize> {
    let mut rows = vec![0_usize; sections.len()];
    let mut left = height.saturating_sub(sections.len());
    let mut is_growing = true;
    while left > 0 && is_growing {
        is_growing = false;
        for (given, section) in rows.iter_mut().zip(sections) {
            if left > 0 && *given < section.lines.len() {
                *given += 1;
                left -= 1;
                is_growing = true;
            }
        }
    }
    rows
}
