//! Calendars as text, and what publishing one does to the cases that run on it.

use casedesk::desk::{Ask, AskCaseFile, AskClockMoves, Command, Desk, ProposedCalendar};
use casedesk::domain::cases::{Case, CaseAct, GiveTo, Nature};
use casedesk::domain::office::{NewQueue, NewUnit, OrderingId, QueueKind, Role};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::time::{AlsoCalendar, ClockKind, Day, DayHours, Hours, read_calendar};
use casedesk::domain::{CaseId, EntityId, UnitId};

use crate::office::{Office, Seat};

const TEXT: &str = r#"version = 1
zone = "Europe/Oslo"
holidays = ["no"]
lunch = "12:00-12:30"

[week]
mon-fri = "08:00-16:00"
sat = ["09:00-11:00", "12:15-14:00"]

[exceptions]
2026-12-23 = { name = "Little Christmas Eve", until = "12:00" }
2026-12-31 = { name = "Stocktaking", hours = "08:00-10:00" }
2027-01-04 = "closed"
2026-05-01 = "open"

[feed.school]
2026-10-05 = "Autumn break"
"#;

fn day(year: i16, month: i8, on: i8) -> Day {
    Day::from_parts(year, month, on).unwrap()
}

#[test]
fn a_calendar_says_what_its_text_says() {
    let calendar = read_calendar(TEXT).unwrap();
    let hours = |on| {
        let hours = calendar.intervals(on).into_iter();
        hours.map(|Hours { open, close }| (open, close)).collect::<Vec<_>>()
    };
    assert_eq!(hours(day(2026, 11, 23)), [(480, 720), (750, 960)]);
    assert_eq!(hours(day(2026, 11, 28)), [(540, 660), (750, 840)], "lunch is taken out");
    assert_eq!(hours(day(2026, 12, 23)), [(480, 720)]);
    assert_eq!(hours(day(2026, 12, 31)), [(480, 600)]);
    assert_eq!(hours(day(2026, 5, 1)), [(480, 720), (750, 960)], "a holiday on which it works");
    let why = |on| calendar.closed_why(on).unwrap().label().to_owned();
    assert_eq!(why(day(2026, 11, 22)), "weekend");
    assert_eq!(why(day(2026, 12, 25)), "Christmas Day");
    assert_eq!(why(day(2026, 10, 5)), "Autumn break");
    assert_eq!(why(day(2027, 1, 4)), "closed");
    let eve = &calendar.exceptions()[&day(2026, 12, 23)];
    assert_eq!((eve.name.as_str(), &eve.hours), ("Little Christmas Eve", &DayHours::Until(720)));
}

#[test]
fn every_flaw_of_a_calendar_is_told_with_its_line_and_field() {
    let text = TEXT
        .replace("Europe/Oslo", "Europe/Olso")
        .replace("\"no\"", "\"xx\"")
        .replace("mon-fri = \"08:00-16:00\"", "mon-fry = \"08:00-16:00\"")
        .replace("2027-01-04 = \"closed\"", "2027-13-04 = \"closed\"\n2027-01-05 = \"9-10\"");
    let flaws = read_calendar(&text).unwrap_err();
    let told: Vec<(u32, &str)> =
        flaws.iter().map(|flaw| (flaw.line, flaw.field.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "zone"),
            (3, "holidays"),
            (7, "week.mon-fry"),
            (13, "exceptions.2027-13-04"),
            (14, "exceptions.2027-01-05"),
        ]
    );
    assert_eq!(read_calendar("holidays = \"no\"").unwrap_err()[0].field, "version");
    assert_eq!(read_calendar("version = 1\nversion = 2").unwrap_err()[0].line, 2);
    // A text that names a country and nothing else has its zone and its usual hours.
    let iran = read_calendar("version = 1\nholidays = \"ir\"").unwrap();
    assert_eq!(iran.zone_name(), "Asia/Tehran");
    assert!(iran.is_open_on(day(2026, 11, 21)) && !iran.is_open_on(day(2026, 11, 20)));
}

#[test]
fn a_newer_version_counts_from_its_day_on_and_the_older_one_before() {
    let older = read_calendar("version = 1\nholidays = \"no\"").unwrap();
    let newer = "version = 2\nholidays = \"no\"\n[week]\nmon-thu = \"09:00-17:00\"";
    let both = older.followed_by(read_calendar(newer).unwrap(), day(2026, 11, 25));
    assert_eq!(both.version, 2);
    assert_eq!(both.hours(day(2026, 11, 24)).unwrap().open, 480);
    assert_eq!(both.hours(day(2026, 11, 25)).unwrap().open, 540);
    assert!(both.is_open_on(day(2026, 11, 20)) && !both.is_open_on(day(2026, 11, 27)));
    assert!(both.closed_why(day(2026, 12, 25)).is_some());
}

fn ask<Q: Ask>(session: &Seat, question: Q) -> Q::Answer {
    let desk: &dyn Desk = session;
    desk.ask(question).unwrap()
}

fn held(session: &Seat, case: CaseId) -> Case {
    ask(session, AskCaseFile { case, entries: 20 }).case
}

fn due(session: &Seat, case: CaseId, kind: ClockKind) -> String {
    let case = held(session, case);
    let clock = case.clocks.iter().find(|clock| clock.kind == kind).unwrap();
    clock.due_at.timestamp().to_string()
}

/// The office is closed on Tuesday, 25 August 2026, and otherwise as it was founded.
fn closed_on_tuesday() -> String {
    "version = 1\nzone = \"Europe/Oslo\"\n[week]\nmon-fri = \"08:00-16:00\"\n[exceptions]\n\
     2026-08-25 = { name = \"Founding day\" }\n"
        .to_owned()
}

fn publish(office: &Office, code: &str, text: String) {
    let dahl = office.sign_in("dahl").unwrap();
    let kind = PublicationKind::Calendar;
    let (code, name) =
        (code.to_owned(), PublicationName { kind, code: code.to_owned(), version: 1 });
    let propose = Command::ProposeRules { kind, code, text, from: None };
    office.act(&office.karimi(), propose).unwrap();
    office.act(&dahl, Command::PublishRules { name }).unwrap();
}

#[test]
fn a_calendar_says_whom_it_moves_before_it_is_published_and_moves_them_after() {
    let office = Office::new();
    let karimi = office.karimi();
    office.enrol("dahl", "I. Dahl", &[Role::Administrator]);
    let case = office.case(None, Nature::Complaint, "The lift is out.");
    let before = due(&karimi, case, ClockKind::Answer);
    assert_eq!(before, "2026-08-28T14:00:00Z");
    let (code, text) = ("office".to_owned(), closed_on_tuesday());
    let proposed = ProposedCalendar { code, text: text.clone(), from: None };
    let moves = ask(&karimi, AskClockMoves { proposed: proposed.clone(), after: None });
    assert_eq!((moves.cases, moves.next), (1, None));
    let kinds: Vec<ClockKind> = moves.moves.iter().map(|moved| moved.kind).collect();
    assert_eq!(kinds, [ClockKind::Answer, ClockKind::Decide], "neither screening nor the law's");
    assert_eq!(moves.moves[0].new.timestamp().to_string(), "2026-08-31T14:00:00Z");
    assert_eq!(due(&karimi, case, ClockKind::Answer), before, "asking changes nothing");

    publish(&office, "office", text);
    let receipt = office.act(&karimi, Command::MoveClocks { after: None }).unwrap();
    assert_eq!(receipt.subject, None);
    assert_eq!(due(&karimi, case, ClockKind::Answer), "2026-08-31T14:00:00Z");
    let moves = ask(&karimi, AskClockMoves { proposed, after: None });
    assert_eq!(moves.moves, []);
    let lines = ask(&karimi, AskCaseFile { case, entries: 20 }).timeline;
    assert!(lines.iter().any(|line| line.words.contains("calendar office@1")), "{lines:?}");
    // What begins now is counted with it from the start.
    let next = office.case(None, Nature::Complaint, "The lift is out again.");
    assert_eq!(due(&karimi, next, ClockKind::Answer), "2026-08-31T14:00:00Z");
}

#[test]
fn a_case_that_goes_to_a_unit_with_another_calendar_is_counted_by_that() {
    let office = Office::new();
    let karimi = office.karimi();
    office.enrol("dahl", "I. Dahl", &[Role::Administrator]);
    let unit = NewUnit { code: "works".to_owned(), name: "Works".to_owned(), parent: None };
    office.act(&karimi, Command::OpenUnit(unit)).unwrap();
    for (code, kind) in [("works-in", QueueKind::Inbox), ("works-new", QueueKind::Screening)] {
        let queue = NewQueue {
            unit: UnitId(2),
            code: code.to_owned(),
            name: code.to_owned(),
            kind,
            ordering: OrderingId::DueFirst,
        };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    publish(&office, "works", closed_on_tuesday());
    let case = office.case(None, Nature::Complaint, "The lift is out.");
    let give = CaseAct::Give { to: GiveTo::Unit(UnitId(2)), words: String::new() };
    office.on(&karimi, case, give).unwrap();
    assert_eq!(due(&karimi, case, ClockKind::Answer), "2026-08-31T14:00:00Z");
    let receipt = office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(receipt.subject, Some(EntityId::Case(case)));
    assert_eq!(due(&karimi, case, ClockKind::Answer), "2026-08-28T14:00:00Z");
}

#[test]
fn a_day_is_said_in_other_calendars_too() {
    assert_eq!(AlsoCalendar::Jalali.words(day(2026, 11, 22)), "1 Azar 1405");
    assert_eq!(AlsoCalendar::Hijri.words(day(2000, 4, 6)), "1 Muharram 1421");
}
