//! The statutory extension of a clock, told on a desk, over the socket and at the keyboard; and the watch of a case whose
//! clocks move.

use std::sync::Arc;

use casedesk::desk::{
    AskCaseFile, AskWhy, CaseFileAnswer, Checks, Command, Desk, DeskError, Request,
};
use casedesk::domain::cases::{CaseAct, Channel, MessageState, Nature, ReplyAddress, Telling};
use casedesk::domain::office::Role;
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::time::{AlsoCalendar, Clock, ClockKind};
use casedesk::domain::{CaseId, PersonId};

use crate::harness::TestScreen;
use crate::link_remote::Listening;
use crate::office::Office;

/// A complaint that is answered, decided within a term that can be extended once, and never after the legal limit.
const NOISE: &str = r#"format = 1
code = "noise"
version = 1
name = "Noise"
confidentiality = "case"
purpose = "casework"
legal_basis = "Public Order Act, section 4"
retention = { class = "2.7", years = 5 }
guard = { natures = ["complaint"] }

[[stage]]
code = "decide"
name = "Decision"
exits = [{ to = "end", on = ["decided", "notified"] }]

[[outcome]]
code = "fined"
name = "Warned and fined"
kind = "granted"
from_stage = "decide"

[[clock]]
kind = "answer"
term = "3 working days"
start = "received"
stop = "answered"
ground = "Service promise 2"

[[clock]]
kind = "decide"
term = "10 working days"
start = "received"
stop = "decided"
ground = "Public Order Act, section 9"
extension = { term = "5 working days", times = 2, ground = "Public Order Act, section 9(2)" }

[[clock]]
kind = "legal"
term = "18 working days"
start = "received"
stop = "decided"
ground = "Public Order Act, section 10"

[[rung]]
id = "remind"
clock = "decide"
at = "1 working days before"
to = "owner"
ask = "Decide it."
"#;

fn publish(office: &Office, kind: PublicationKind, code: &str, text: &str) {
    let dahl = office.sign_in("dahl").unwrap();
    let propose =
        Command::ProposeRules { kind, code: code.to_owned(), text: text.to_owned(), from: None };
    office.act(&office.karimi(), propose).unwrap();
    let name = PublicationName { kind, code: code.to_owned(), version: 1 };
    office.act(&dahl, Command::PublishRules { name }).unwrap();
}

/// An office with the type, and a claimed case of it.
fn prepared(office: &Office) -> (PersonId, CaseId) {
    office.enrol("dahl", "I. Dahl", &[Role::Administrator]);
    publish(office, PublicationKind::Type, "noise", NOISE);
    office.act(&office.karimi(), Command::SetRecallTime { minutes: Some(5) }).unwrap();
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "The bar below is loud.");
    office.on(&office.karimi(), case, CaseAct::Claim).unwrap();
    (person, case)
}

fn file(desk: &dyn Desk, case: CaseId) -> CaseFileAnswer {
    desk.ask(AskCaseFile { case, entries: 100 }).unwrap()
}

fn clock(desk: &dyn Desk, case: CaseId, kind: ClockKind) -> Clock {
    let clocks = file(desk, case).case.clocks;
    clocks.into_iter().find(|clock| clock.kind == kind).unwrap()
}

fn due(desk: &dyn Desk, case: CaseId) -> String {
    clock(desk, case, ClockKind::Decide).due_at.timestamp().to_string()
}

fn extend(person: PersonId) -> CaseAct {
    let to = ReplyAddress { addressee: person, channel: Channel::Letter };
    let reason = "the measuring takes longer".to_owned();
    CaseAct::Extend { clock: ClockKind::Decide, reason, told: Telling::By(to) }
}

fn code(refused: Result<(), DeskError>) -> String {
    match refused {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    }
}

/// An extension from its offer to its second time, which the legal limit refuses.
fn extended(
    desk: &dyn Desk,
    case: CaseId,
    person: PersonId,
    act: &dyn Fn(CaseAct) -> Result<(), DeskError>,
) {
    assert_eq!(due(desk, case), "2026-09-04T14:00:00Z");
    let offers = file(desk, case).extensions;
    assert_eq!(offers.len(), 1, "{offers:?}");
    assert_eq!((offers[0].clock, offers[0].left), (ClockKind::Decide, 1));
    act(extend(person)).unwrap();
    let seen = file(desk, case);
    assert_eq!(due(desk, case), offers[0].due_at.timestamp().to_string());
    assert_eq!(due(desk, case), "2026-09-11T14:00:00Z");
    let notice = &seen.messages[0];
    assert!(matches!(notice.state, MessageState::Waiting { .. }), "{notice:?}");
    for said in ["11 September 2026", "the measuring takes longer", "section 9(2)"] {
        assert!(notice.text.contains(said), "{}", notice.text);
    }
    let answer = clock(desk, case, ClockKind::Answer);
    assert_eq!(answer.ended, None, "that it takes longer is no answer");
    let line = seen.timeline.iter().find(|line| line.words.contains("decide extended to"));
    assert!(line.is_some_and(|line| line.words.contains("section 9(2)")), "{:?}", seen.timeline);
    assert_eq!(file(desk, case).extensions, [], "the legal limit allows no second time");
    assert_eq!(code(act(extend(person))), "extend.limit");
    assert_eq!(file(desk, case).messages.len(), 1, "a refused act leaves nothing");
}

#[test]
fn a_clock_is_extended_and_its_citizen_told_on_the_desk() {
    let office = Office::new();
    let (person, case) = prepared(&office);
    let karimi = office.karimi();
    extended(&karimi, case, person, &|act| office.on(&karimi, case, act).map(drop));
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
    let close = CaseAct::CloseAs {
        outcome: "fined".to_owned(),
        reasons: String::new(),
        not_notified: None,
    };
    let refused = office.on(&karimi, case, close).map(drop);
    assert_eq!(code(refused), "closing.notified", "the notice is no decision");
}

#[test]
fn a_clock_is_extended_and_its_citizen_told_over_the_socket() {
    let listening = Listening::new();
    let office = &listening.office;
    let (person, case) = prepared(office);
    let far = listening.remote();
    let far: &dyn Desk = &far;
    extended(far, case, person, &|act| {
        let Request { id, command } = office.request(Command::Case { case, version: None, act });
        far.execute(Request { id, command }).map(drop)
    });
}

#[test]
fn an_extension_is_refused_where_no_law_lets_the_office_or_the_time_has_passed() {
    let office = Office::new();
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let general = office.case(Some(person), Nature::Complaint, "Before anything was published.");
    let karimi = office.karimi();
    office.on(&karimi, general, CaseAct::Claim).unwrap();
    let on = |case, act| office.on(&karimi, case, act).map(drop);
    assert_eq!(code(on(general, extend(person))), "extend.none", "general@1 has no such law");
    let (person, case) = prepared(&office);
    let CaseAct::Extend { told, .. } = extend(person) else { unreachable!() };
    let of = |clock, reason: &str, told: &Telling| CaseAct::Extend {
        clock,
        reason: reason.to_owned(),
        told: told.clone(),
    };
    assert_eq!(code(on(case, of(ClockKind::Answer, "why", &told))), "extend.none");
    assert_eq!(code(on(case, of(ClockKind::Decide, " ", &told))), "text.empty");
    let nobody = Telling::CannotBe(String::new());
    assert_eq!(code(on(case, of(ClockKind::Decide, "why", &nobody))), "text.empty");
    let fax = Telling::By(ReplyAddress { addressee: person, channel: Channel::Email });
    assert_eq!(code(on(case, of(ClockKind::Decide, "why", &fax))), "reply.address");
    let nobody = Telling::CannotBe("no address is known".to_owned());
    let before = due(&karimi, case);
    on(case, of(ClockKind::Decide, "why", &nobody)).unwrap();
    let seen = file(&karimi, case);
    assert!(seen.messages.is_empty() && due(&karimi, case) > before);
    assert!(seen.timeline.iter().any(|line| line.words.contains("not told: no address is known")));
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(due(&karimi, case), before);
    office.pass_minutes(30 * 24 * 60);
    assert_eq!(code(on(case, of(ClockKind::Decide, "why", &nobody))), "extend.late");
    assert!(file(&karimi, case).extensions.is_empty());
}

#[test]
fn an_extension_is_undone_with_its_notice_and_never_without_it() {
    let office = Office::new();
    let (person, case) = prepared(&office);
    let karimi = office.karimi();
    let before = due(&karimi, case);
    office.on(&karimi, case, extend(person)).unwrap();
    let message = file(&karimi, case).messages[0].id;
    let alone = office.act(&karimi, Command::RecallMessage { message });
    assert_eq!(code(alone.map(drop)), "recall.extension");
    office.act(&karimi, Command::Undo).unwrap();
    let seen = file(&karimi, case);
    assert_eq!(due(&karimi, case), before);
    assert!(seen.messages.is_empty(), "the notice is recalled, and the case is as it was");
    office.on(&karimi, case, extend(person)).unwrap();
    office.pass_minutes(60);
    let undone = office.act(&karimi, Command::Undo);
    assert_eq!(code(undone.map(drop)), "recall.left");
    assert!(due(&karimi, case) > before, "what left the office stands");
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
}

#[test]
fn a_clock_is_extended_at_the_keyboard() {
    let office = Office::new();
    let (_, case) = prepared(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("<enter>E");
    assert!(screen.text().contains("5 working days more: due"), "{}", screen.text());
    assert!(screen.text().contains("9(2); 1 more after that"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("has a reason"), "{}", screen.text());
    screen.keys("it is loud at night only<enter>");
    assert!(screen.text().contains("is extended to 2026-09-11"), "{}", screen.text());
    assert_eq!(due(&office.karimi(), case), "2026-09-11T14:00:00Z");
    screen.keys("E");
    assert!(screen.text().contains("lets nobody extend one now"), "{}", screen.text());
    screen.keys("still loud<enter>");
    assert!(screen.text().contains("after the legal limit"), "{}", screen.text());
    assert!(screen.text().contains("still loud"), "the words stay: {}", screen.text());
}

#[test]
fn why_gives_the_days_that_another_calendar_says_too() {
    let office = Office::new();
    let (_, case) = prepared(&office);
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let days = desk.ask(AskWhy { case }).unwrap().days;
    let said = AlsoCalendar::Jalali.line(&days);
    let expected = "received 30 Mordad 1405; answer 4 Shahrivar 1405; decide 13 Shahrivar 1405; \
                    legal 25 Shahrivar 1405";
    assert_eq!(said, expected);
    assert!(AlsoCalendar::Hijri.line(&days).ends_with(" 1448 (civil)"));
}

#[test]
fn a_clock_that_moves_is_watched_where_it_stands_then() {
    let office = Office::new();
    let (person, case) = prepared(&office);
    let karimi = office.karimi();
    let watched = || {
        let why = (&karimi as &dyn Desk).ask(AskWhy { case }).unwrap();
        let lines = why.sections.into_iter().flat_map(|section| section.lines);
        lines.into_iter().find(|line| line.starts_with("Next: ")).unwrap()
    };
    let first = watched();
    assert!(first.ends_with("not before 2026-09-03 16:00."), "{first}");
    office.on(&karimi, case, extend(person)).unwrap();
    assert_eq!(watched(), first, "too early is set right by whoever looks then");
    office.act(&karimi, Command::Undo).unwrap();
    // An office that works on Saturdays is done earlier.
    let calendar = "version = 1\nzone = \"Europe/Oslo\"\n[week]\nmon-sat = \"08:00-16:00\"\n";
    publish(&office, PublicationKind::Calendar, "office", calendar);
    office.act(&karimi, Command::MoveClocks { after: None }).unwrap();
    assert_eq!(due(&karimi, case), "2026-09-02T14:00:00Z");
    assert!(watched().ends_with("not before 2026-09-01 16:00."), "{}", watched());
}
