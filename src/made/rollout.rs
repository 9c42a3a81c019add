//! The day on which a made office begins to work under published rules: its queues, subjects, case types, tables and
//! calendar, each proposed by one person and published by another.

use crate::desk::{Act, Command, DeskError};
use crate::domain::SubjectCode;
use crate::domain::office::{NewQueue, OrderingId, QueueKind};
use crate::domain::rules::{Flaw, PublicationKind, PublicationName, RulesText, shipped_types};
use crate::domain::time::{Instant, OFFICE_CALENDAR, OfficeHours};

use super::branches::{self, ISLANDS};
use super::data::Home;
use super::office::{ACCOUNT, ADMINISTRATOR, Office};
use super::sender::{Sender, act};
use super::tables;

/// Texts of one commit: with their events they have to fit one frame of the journal.
const TEXTS_MAX: usize = 4;
/// Steps before a matter is routed for which each unit gets a queue.
const STEPS: [(QueueKind, &str, &str); 3] = [
    (QueueKind::Classification, "classification", "Classification"),
    (QueueKind::Review, "review", "Review"),
    (QueueKind::Indexing, "indexing", "Indexing"),
];
/// Subjects that the guards of the types name and that the office had no need of before, and one that no row of its
/// routing places: code, label, synonyms, the subject above it.
const SUBJECTS: [(&str, &str, &[&str], Option<&str>); 6] = [
    ("OBJ-1", "Objection to a decision on rent", &["objection", "appeal"], Some("RENT")),
    ("FOI-1", "Access to documents", &["open government", "disclosure"], Some("REG")),
    ("PRM-1", "Permit for works or an event", &["permit", "licence"], Some("PROP")),
    ("ENF-1", "Building without a permit", &["enforcement", "illegal building"], Some("PROP")),
    ("ICT-1", "Online counter does not work", &["login", "website"], Some("REG")),
    ("WAT-1", "Water bill", &["water", "meter"], None),
];
/// Days on which the office is closed, as its calendar names them: month, day, name.
const HOLIDAYS: [(i8, i8, &str); 4] = [
    (1, 1, "New Year's Day"),
    (5, 1, "Labour Day"),
    (12, 25, "Christmas Day"),
    (12, 26, "Second day of Christmas"),
];

/// Publishes the rules of the office, in force from this day on.
///
/// # Errors
/// As the sender's; or a text that comes with the program is not sound, which is a mistake of the making.
pub(super) fn publish(
    sender: &Sender<'_>,
    office: &Office,
    hours: &OfficeHours,
    at: Instant,
) -> Result<(), DeskError> {
    let (manager, administrator) = (office.person(ACCOUNT), office.person(ADMINISTRATOR));
    let by_head = |command| act(office.head, at, command);
    let mut opening: Vec<Act> = Home::ALL
        .map(Home::code)
        .into_iter()
        .chain(branches::codes())
        .flat_map(|unit| STEPS.map(|step| queue(office, unit, step)))
        .map(by_head)
        .collect();
    let unrouted = (QueueKind::Unrouted, "unrouted", "Unrouted");
    opening.push(by_head(queue(office, Home::Housing.code(), unrouted)));
    opening.extend(SUBJECTS.map(|(code, label, synonyms, parent)| {
        by_head(Command::DefineSubject {
            code: SubjectCode(code.into()),
            label: label.to_owned(),
            synonyms: synonyms.iter().map(|word| (*word).to_owned()).collect(),
            parent: parent.map(|code| SubjectCode(code.into())),
        })
    }));
    sender.send(opening)?;
    for some in texts(hours)?.chunks(TEXTS_MAX) {
        let acts = some.iter().flat_map(|(name, text)| {
            let PublicationName { kind, code, .. } = name.clone();
            let propose = Command::ProposeRules { kind, code, text: text.clone(), from: None };
            let publish = Command::PublishRules { name: name.clone() };
            [act(manager, at, propose), act(administrator, at, publish)]
        });
        sender.send(acts.collect())?;
    }
    Ok(())
}

fn queue(office: &Office, of: &str, (kind, code, name): (QueueKind, &str, &str)) -> Command {
    Command::OpenQueue(NewQueue {
        code: format!("{of}/{code}"),
        name: name.to_owned(),
        unit: office.unit(of),
        kind,
        ordering: OrderingId::DueFirst,
    })
}

/// What is published, in an order in which nothing names what is not there yet.
fn texts(hours: &OfficeHours) -> Result<Vec<(PublicationName, String)>, DeskError> {
    use PublicationKind::{Calendar, Table, Type};
    let types = shipped_types().iter().map(|(code, text)| (Type, *code, (*text).to_owned()));
    let tables = [("routing", tables::ROUTING), ("terms", tables::TERMS)];
    let tables = tables.into_iter().map(|(code, text)| (Table, code, text.to_owned()));
    let calendars = [
        (Calendar, OFFICE_CALENDAR, calendar(hours)),
        (Calendar, ISLANDS, tables::ISLANDS.to_owned()),
    ];
    calendars
        .into_iter()
        .chain(types)
        .chain(tables)
        .map(|(kind, code, text)| {
            let read = RulesText::read(kind, &text).map_err(|flaws| unsound(code, &flaws))?;
            Ok((PublicationName { kind, code: code.to_owned(), version: read.version() }, text))
        })
        .collect()
}

/// The hours that the office has had all along, with its closed days by their names.
fn calendar(hours: &OfficeHours) -> String {
    let zone = &hours.zone;
    let closed = hours.closed.iter().map(|day| {
        let date = day.date();
        let named =
            HOLIDAYS.iter().find(|(month, on, _)| (*month, *on) == (date.month(), date.day()));
        format!("{day} = \"{}\"", named.map_or("closed", |(_, _, name)| name))
    });
    let head = "# When Brightwater Town Hall is open.\nversion = 1";
    let week = "[week]\nmon-fri = \"08:00-16:00\"\n\n[feed.holidays]";
    let closed = closed.collect::<Vec<_>>().join("\n");
    format!("{head}\nzone = \"{zone}\"\n\n{week}\n{closed}\n")
}

fn unsound(code: &str, flaws: &[Flaw]) -> DeskError {
    let first =
        flaws.first().map_or_else(String::new, |flaw| format!("{}: {}", flaw.line, flaw.what));
    DeskError::Broken(format!("{code} is not sound: {first}"))
}
