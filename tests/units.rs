//! Units of a large office: the tree, clocks and sites, who covers which queue, and what somebody leaves to others.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use casedesk::desk::{
    Anchor, AskBoard, AskCaseFile, AskCases, AskColleagues, AskDrafts, AskHandover, AskNews,
    AskPersonFile, AskUnits, AskWho, Checks, Clock as _, Command, Desk, DeskError, Draft,
    DraftForm, DraftKey, HandTo, Handed, Narrowing, NewsKind, Receipt, UnitChange, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, Channel, GiveTo, HoldReason, Nature};
use casedesk::domain::office::{
    CaseworkerState, Confidentiality, Cover, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId,
    QueueKind, Role, Shift, Site, UnitProfile, WallTime,
};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, UnitId};
use casedesk::exchange::read_roster;

use crate::harness::{Dice, TestScreen};
use crate::office::Office;

const KARIMI: CaseworkerId = CaseworkerId(1);
const MOE: CaseworkerId = CaseworkerId(2);
const KAYA: CaseworkerId = CaseworkerId(3);
const HOUSING: UnitId = UnitId(1);
const WORKS: UnitId = UnitId(2);
const QUAY: UnitId = UnitId(3);

/// Housing, which Karimi leads, with Moe and Kaya; below it Works, and below that the Quay.
fn office() -> Office {
    let office = Office::new();
    office.enrol("moe", "T. Moe", &[Role::Caseworker, Role::Screener]);
    office.enrol("kaya", "M. Kaya", &[Role::Caseworker, Role::Screener]);
    let lead = Command::LeadUnit { unit: HOUSING, manager: Some(KARIMI), substitute: None };
    office.act(&office.karimi(), lead).unwrap();
    for (code, name, parent) in [("works", "Works", HOUSING), ("quay", "Quay", WORKS)] {
        let (code, name, parent) = (code.to_owned(), name.to_owned(), Some(parent));
        let unit = NewUnit { code: code.clone(), name, parent };
        let receipt = office.act(&office.karimi(), Command::OpenUnit(unit)).unwrap();
        let Some(EntityId::Unit(unit)) = receipt.created.first().cloned() else { unreachable!() };
        for (kind, end) in [(QueueKind::Screening, "screening"), (QueueKind::Inbox, "inbox")] {
            let (code, name) = (format!("{code}/{end}"), end.to_owned());
            let queue = NewQueue { code, name, unit, kind, ordering: OrderingId::DueFirst };
            office.act(&office.karimi(), Command::OpenQueue(queue)).unwrap();
        }
    }
    office
}

fn change(office: &Office, unit: UnitId, change: UnitChange) -> Result<Receipt, DeskError> {
    office.act(&office.karimi(), Command::ChangeUnit { unit, change })
}

fn by(office: &Office, account: &str, command: Command) -> Result<Receipt, DeskError> {
    office.act(&office.desk.sign_in(account, None).unwrap(), command)
}

fn on(office: &Office, account: &str, case: CaseId, act: CaseAct) -> Result<Receipt, DeskError> {
    by(office, account, Command::Case { case, version: None, act })
}

fn desk(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.desk.sign_in(account, None).unwrap())
}

fn refusal(result: Result<Receipt, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    }
}

/// Somebody's Friday, from one hour to another.
fn friday(caseworker: CaseworkerId, from: u16, to: u16) -> Shift {
    Shift { caseworker, weekday: 5, from_minute: from * 60, to_minute: to * 60 }
}

fn sound(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

#[test]
fn a_unit_is_moved_and_renamed_with_undo_and_never_stands_below_itself() {
    let office = office();
    let circle = change(&office, HOUSING, UnitChange::Parent(Some(QUAY)));
    assert_eq!(refusal(circle), "unit.circle");
    assert_eq!(refusal(change(&office, WORKS, UnitChange::Parent(Some(WORKS)))), "unit.circle");
    change(&office, QUAY, UnitChange::Parent(Some(HOUSING))).unwrap();
    change(&office, QUAY, UnitChange::Name("Quayside".to_owned())).unwrap();
    let tree = || -> Vec<(String, u32)> {
        let units = office.karimi();
        let units = (&units as &dyn Desk).ask(AskUnits {}).unwrap().units;
        units.into_iter().map(|line| (line.unit.name, line.depth)).collect()
    };
    let named = |name: &str, depth| (name.to_owned(), depth);
    assert_eq!(tree(), [named("Housing", 0), named("Quayside", 1), named("Works", 1)]);
    office.act(&office.karimi(), Command::Undo).unwrap();
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert_eq!(tree(), [named("Housing", 0), named("Works", 1), named("Quay", 2)]);
    sound(&office);
}

#[test]
fn whoever_does_not_run_a_unit_changes_nothing_of_it() {
    let office = office();
    let command = Command::ChangeUnit { unit: WORKS, change: UnitChange::Name("Mine".to_owned()) };
    assert_eq!(refusal(by(&office, "moe", command)), "permit.no-grant");
}

#[test]
fn a_unit_works_by_its_own_clock_and_open_clocks_are_not_moved_behind_anybodys_back() {
    let office = office();
    change(&office, WORKS, UnitChange::Zone(Some("Pacific/Honolulu".to_owned()))).unwrap();
    let grant = Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    };
    let (account, name) = ("berg".to_owned(), "S. Berg".to_owned());
    let berg = NewCaseworker { account, name, unit: QUAY, grants: vec![grant] };
    office.act(&office.karimi(), Command::Enrol(berg)).unwrap();
    let session = desk(&office, "berg");
    let who = session.ask(AskWho {}).unwrap();
    // The Quay stands below Works, and goes by its clock.
    assert_eq!(who.calendar.zone_name(), "Pacific/Honolulu");
    let mut screen = TestScreen::open(session.clone());
    assert!(screen.rows()[0].contains("Thu 20 Aug 2026 21:14"), "{}", screen.text());
    let colleagues = desk(&office, "karimi").ask(AskColleagues {}).unwrap();
    let quay = colleagues.units.iter().find(|unit| unit.unit == QUAY).unwrap();
    assert_eq!(quay.other_clock.as_ref().unwrap().1, "Thu 21:14", "the mark of another clock");
    assert_eq!(quay.cover, Cover::By(CaseworkerId(4)));
    let case = office.case(None, Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(QUAY), words: String::new() };
    on(&office, "karimi", case, give).unwrap();
    let file = session.ask(AskCaseFile { case, entries: 1 }).unwrap();
    let due =
        file.case.clocks.iter().find_map(|clock| clock.ended.is_none().then_some(clock.due_at));
    let (hour, _) = Zone::named("Pacific/Honolulu").unwrap().hour_minute(due.unwrap());
    assert!((8..=16).contains(&hour), "its clocks end in the hours of its own zone: {hour}");
    assert_eq!(refusal(change(&office, WORKS, UnitChange::Zone(None))), "unit.clocks");
    assert_eq!(refusal(change(&office, QUAY, UnitChange::Parent(Some(HOUSING)))), "unit.clocks");
    sound(&office);
}

#[test]
fn a_gap_of_cover_is_told_once_and_cleared_once() {
    let office = office();
    office.case(None, Nature::Report, "Lamp");
    let told = || {
        let lines = desk(&office, "karimi").ask(AskNews {}).unwrap().lines;
        lines.into_iter().filter(|line| line.kind == NewsKind::Uncovered).count()
    };
    by(&office, "karimi", Command::NoteHere).unwrap();
    office.pass_minutes(1);
    let roster = vec![friday(MOE, 8, 9), friday(KAYA, 12, 16)];
    change(&office, HOUSING, UnitChange::Roster(roster)).unwrap();
    let view = View { kind: ViewKind::Free, unit: HOUSING };
    assert_eq!(refusal(by(&office, "moe", Command::ClaimNext(view))), "claim.uncovered");
    assert_eq!(told(), 0);
    office.desk.watch_cover().unwrap();
    office.desk.watch_cover().unwrap();
    assert_eq!(told(), 1);
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    assert!(screen.text().contains("NOBODY HERE: Housing, 1 open (g c)"), "{}", screen.text());
    screen.keys("gc");
    assert!(screen.text().contains("NOBODY HERE since 09:15"), "{}", screen.text());
    // Kaya's shift begins.
    office.pass_minutes(3 * 60);
    office.desk.watch_cover().unwrap();
    let housing = desk(&office, "karimi").ask(AskUnits {}).unwrap().units.remove(0);
    assert_eq!((housing.cover, housing.uncovered_since), (Cover::By(KAYA), None));
    // At night nobody is missed, and the next gap is told again.
    office.pass_minutes(8 * 60);
    office.desk.watch_cover().unwrap();
    assert_eq!(told(), 1);
    sound(&office);
}

#[test]
fn a_substitute_covers_the_shift_of_whoever_is_away() {
    let office = office();
    office.case(None, Nature::Report, "Lamp");
    change(&office, HOUSING, UnitChange::Roster(vec![friday(MOE, 8, 16)])).unwrap();
    let until = Day::from_parts(2026, 8, 28).unwrap();
    let away = |substitute| Command::SetAttendance {
        caseworker: MOE,
        state: CaseworkerState::Absent { until, substitute },
        successor: None,
        why: "ill".to_owned(),
    };
    by(&office, "karimi", away(None)).unwrap();
    let cover = || desk(&office, "karimi").ask(AskUnits {}).unwrap().units.remove(0).cover;
    assert_eq!(cover(), Cover::Nobody);
    by(&office, "karimi", away(Some(KAYA))).unwrap();
    assert_eq!(cover(), Cover::By(KAYA));
    let view = View { kind: ViewKind::Free, unit: HOUSING };
    by(&office, "kaya", Command::ClaimNext(view)).unwrap();
}

#[test]
fn work_is_only_theirs_who_are_on_the_roster_and_comes_back_when_they_are_not() {
    let office = office();
    let (lamp, lift) =
        (office.case(None, Nature::Report, "Lamp"), office.case(None, Nature::Report, "Lift"));
    on(&office, "kaya", lamp, CaseAct::Claim).unwrap();
    let roster = UnitChange::Roster(vec![friday(MOE, 8, 16)]);
    by(&office, "karimi", Command::NoteHere).unwrap();
    office.pass_minutes(1);
    change(&office, HOUSING, roster).unwrap();
    assert_eq!(refusal(on(&office, "kaya", lift, CaseAct::Claim)), "roster.other");
    let give = CaseAct::Give { to: GiveTo::Caseworker(KAYA), words: String::new() };
    assert_eq!(refusal(on(&office, "karimi", lift, give)), "roster.other");
    office.desk.watch_cover().unwrap();
    let file = desk(&office, "karimi").ask(AskCaseFile { case: lamp, entries: 5 }).unwrap();
    assert_eq!(file.case.owner, None, "hard rule 5");
    let lines = desk(&office, "karimi").ask(AskNews {}).unwrap().lines;
    assert!(lines.iter().any(|line| line.kind == NewsKind::Returned), "{lines:?}");
    // The manager, who is on no shift, works there all the same.
    on(&office, "karimi", lamp, CaseAct::Claim).unwrap();
    office.desk.watch_cover().unwrap();
    sound(&office);
}

#[test]
fn what_an_absent_colleague_had_is_one_list_and_goes_on_with_one_key() {
    let office = office();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let first = office.case(Some(sara), Nature::Complaint, "Damp");
    let second = office.case(Some(sara), Nature::Request, "Ramp");
    for case in [first, second] {
        on(&office, "moe", case, CaseAct::Claim).unwrap();
    }
    let wish = casedesk::desk::PromiseWish {
        to: sara,
        case: Some(first),
        what: "ring back".to_owned(),
        channel: Channel::Telephone,
        due_at: office.clock_now().plus_minutes(60),
        owner: None,
    };
    by(&office, "moe", Command::MakePromise(wish)).unwrap();
    let key = DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(second)) };
    let draft = Draft {
        key: key.clone(),
        fields: vec![("text".to_owned(), "she told me a secret".to_owned())],
        focus: "text".to_owned(),
        base_version: 1,
        saved_at: office.clock_now(),
    };
    by(&office, "moe", Command::SaveDraft(draft)).unwrap();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    // Moe is the third row of the unit: ill, and nobody stands in.
    screen.keys("gcjja<ctrl-d>");
    assert!(screen.text().contains("WORK OF T. Moe  4"), "{}", screen.text());
    let rows = screen.rows();
    assert!(rows[2].contains("promise") && rows[2].contains("Karimi"), "{}", screen.text());
    assert!(rows[3].contains("C-") && rows[3].contains("in queue"), "{}", screen.text());
    assert!(!screen.text().contains("secret"), "{}", screen.text());
    // Both cases go to Kaya.
    screen.keys("j j t kay<enter>".replace(' ', "").as_str());
    assert!(screen.status().contains("1 of T. Moe went to M. Kaya"), "{}", screen.text());
    screen.keys("<up>tkay<enter>");
    let owner =
        |case| desk(&office, "karimi").ask(AskCaseFile { case, entries: 1 }).unwrap().case.owner;
    assert_eq!((owner(first), owner(second)), (Some(KAYA), Some(KAYA)), "{}", screen.text());
    screen.keys("u");
    assert_eq!([owner(first), owner(second)].iter().flatten().count(), 1, "{}", screen.text());
    // The draft is private until whoever leads the unit says why it has to be read.
    let read = |reason: &str| Command::TakeDraft {
        from: MOE,
        key: key.clone(),
        reason: reason.to_owned(),
    };
    assert_eq!(refusal(by(&office, "kaya", read("curious"))), "permit.no-grant");
    assert_eq!(refusal(by(&office, "karimi", read(" "))), "draft.reason");
    by(&office, "karimi", read("answer is due")).unwrap();
    let drafts = desk(&office, "karimi").ask(AskDrafts {}).unwrap().drafts;
    assert_eq!(drafts[0].first_words(), "she told me a secret");
    let lines = desk(&office, "moe").ask(AskNews {}).unwrap().lines;
    assert!(lines.is_empty() || lines.iter().any(|line| line.kind == NewsKind::DraftTaken));
    assert_eq!(desk(&office, "moe").ask(AskDrafts {}).unwrap().drafts.len(), 1, "Moe keeps it");
    sound(&office);
}

#[test]
fn a_handing_over_goes_as_far_as_it_can_and_says_what_stayed() {
    let office = office();
    let case = office.case(None, Nature::Report, "Lamp");
    on(&office, "moe", case, CaseAct::Claim).unwrap();
    let lunde = office.enrol("lunde", "A. Lunde", &[Role::Clerk]);
    drop(lunde);
    let hand = |to| Command::HandOver {
        from: MOE,
        what: vec![Handed::Case(case)],
        to,
        why: String::new(),
    };
    let clerk = HandTo::Colleague(CaseworkerId(4));
    assert_eq!(refusal(by(&office, "karimi", hand(clerk))), "give.right");
    assert_eq!(refusal(by(&office, "karimi", hand(HandTo::Substitute))), "handover.nobody");
    assert_eq!(refusal(by(&office, "kaya", hand(HandTo::Queue))), "permit.no-grant");
    by(&office, "karimi", hand(HandTo::Queue)).unwrap();
    let answer =
        desk(&office, "karimi").ask(AskHandover { caseworker: MOE, also: Vec::new() }).unwrap();
    assert!(answer.lines.is_empty());
}

#[test]
fn a_person_file_tells_which_units_know_somebody_and_let_that_be_told() {
    let office = office();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(WORKS), words: String::new() };
    on(&office, "karimi", case, give).unwrap();
    let known = || {
        let desk = desk(&office, "karimi");
        desk.ask(AskPersonFile { person: sara }).unwrap().also_known_to
    };
    assert!(known().is_empty(), "nothing is told by default");
    let contact = "works desk, 12 34 56".to_owned();
    change(&office, WORKS, UnitChange::KnownContact(Some(contact.clone()))).unwrap();
    assert_eq!(known(), [("Works".to_owned(), contact)]);
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("/mohammadi<enter>");
    assert!(
        screen.text().contains("also known to: Works (works desk, 12 34 56)"),
        "{}",
        screen.text()
    );
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert!(known().is_empty());
}

#[test]
fn a_list_is_limited_by_the_site_at_which_units_work() {
    let office = office();
    let site = |code: &str, name: &str| Site {
        code: code.to_owned(),
        name: name.to_owned(),
        address: "Quay 3".to_owned(),
    };
    change(&office, WORKS, UnitChange::Sites(vec![site("north", "North hall")])).unwrap();
    change(&office, HOUSING, UnitChange::Sites(vec![site("centre", "Town hall")])).unwrap();
    office.case(None, Nature::Report, "Lamp");
    let bridge = office.case(None, Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(QUAY), words: String::new() };
    on(&office, "karimi", bridge, give).unwrap();
    let cases = |limit: &str| {
        let question = AskCases {
            view: View { kind: ViewKind::Inbox, unit: HOUSING },
            anchor: Anchor::First,
            before: 0,
            after: 10,
            narrowing: Narrowing { limit: limit.parse().unwrap(), ..Narrowing::default() },
        };
        let answer = desk(&office, "moe").ask(question);
        answer.map(|answer| answer.rows.iter().map(|row| row.id).collect::<Vec<_>>())
    };
    // The Quay has no sites of its own: it works at those of the unit above. It is found from another unit's list.
    assert_eq!(cases("site:north").unwrap(), [bridge]);
    assert_eq!(cases("site:cen").unwrap(), [CaseId(1)]);
    assert!(cases("site:south").is_err(), "a site that there is not");
    let mut screen = TestScreen::open(desk(&office, "moe"));
    screen.keys("2fsite:north<enter>");
    assert!(screen.text().contains("C-2") && !screen.text().contains("C-1 "), "{}", screen.text());
}

#[test]
fn a_roster_file_tells_every_wrong_row_with_line_and_field() {
    let rows =
        read_roster("account,days,hours\nmoe,mon-fri,08:00-16:00\nkaya,sat+sun,10:00-12:30\n");
    let rows = rows.unwrap();
    assert_eq!((rows.len(), rows[1].line, &rows[1].days), (2, 3, &vec![6, 7]));
    assert_eq!(rows[1].hours, (600, 750));
    let flaws =
        read_roster("moe,mon-fri,08-16\n\n# night\nkaya,day,22:00-24:00\n,mon,08:00-09:00\n");
    let told: Vec<String> = flaws.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("line 1, hours: `08-16`"), "{told:?}");
    assert!(told[1].starts_with("line 4, days: `day`"), "{told:?}");
    assert!(told[2].starts_with("line 5, account:"), "{told:?}");
}

/// A naive copy of the rule: whether any shift holds the hour and minute that the clock on the wall shows.
#[test]
fn a_shift_is_what_the_clock_on_the_wall_says_across_daylight_saving() {
    let mut dice = Dice(7);
    for name in ["Europe/Oslo", "Atlantic/Azores", "America/St_Johns", "Australia/Lord_Howe"] {
        let zone = Zone::named(name).unwrap();
        for _ in 0..400 {
            let begin = zone.instant(Day::from_parts(2026, 1, 1).unwrap(), 0, 0);
            let at = begin.plus_minutes(i64::try_from(dice.roll(365 * 24 * 60)).unwrap());
            let from = u16::try_from(dice.roll(1_400)).unwrap();
            let to = from + 1 + u16::try_from(dice.roll(39)).unwrap();
            let weekday = u8::try_from(dice.roll(7)).unwrap() + 1;
            let shift = Shift { caseworker: MOE, weekday, from_minute: from, to_minute: to };
            let wall = WallTime::of(at, &zone);
            let local = at.timestamp().to_zoned(jiff_zone(name)).datetime();
            let minute =
                u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap();
            let is_day = local.weekday().to_monday_one_offset() == i8::try_from(weekday).unwrap();
            let wanted = is_day && from <= minute && minute < to;
            let profile = UnitProfile { roster: vec![shift], ..UnitProfile::empty(HOUSING) };
            assert_eq!(profile.on_shift(wall) == [MOE], wanted, "{name} {at:?} {shift:?}");
        }
    }
}

fn jiff_zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap()
}

/// The hour that comes twice is worked twice, and the one that is left out is nobody's: no minute of the day is lost to a
/// unit that is rostered around the clock.
#[test]
fn a_unit_rostered_around_the_clock_is_covered_at_every_minute_of_the_longest_and_the_shortest_day()
{
    let zone = Zone::named("Europe/Oslo").unwrap();
    let roster =
        (1..=7).map(|weekday| Shift { caseworker: MOE, weekday, from_minute: 0, to_minute: 1_440 });
    let profile = UnitProfile { roster: roster.collect(), ..UnitProfile::empty(HOUSING) };
    for (month, day, minutes) in [(3, 29, 23 * 60), (10, 25, 25 * 60)] {
        let midnight: Instant = zone.instant(Day::from_parts(2026, month, day).unwrap(), 0, 0);
        for minute in 0..minutes {
            let wall = WallTime::of(midnight.plus_minutes(minute), &zone);
            assert_eq!(wall.day, Day::from_parts(2026, month, day).unwrap());
            assert_eq!(profile.on_shift(wall), [MOE], "{wall:?}");
        }
    }
}

#[test]
fn the_board_of_another_unit_is_a_key_away_wherever_somebody_sits() {
    let office = office();
    let bridge = office.case(None, Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(WORKS), words: String::new() };
    on(&office, "karimi", bridge, give).unwrap();
    let mut screen = TestScreen::open(desk(&office, "moe"));
    screen.keys("goj<enter>2");
    assert!(screen.rows()[0].contains("WORKS"), "{}", screen.text());
    assert!(screen.text().contains("C-1"), "{}", screen.text());
    let board = desk(&office, "moe").ask(AskBoard { unit: WORKS }).unwrap();
    assert_eq!(board.unit.name, "Works");
}

/// The Quay has its own clock, and a case on hold until Monday, and one there is of Housing's.
#[test]
fn a_held_case_returns_at_the_midnight_of_its_own_unit() {
    let office = office();
    change(&office, QUAY, UnitChange::Zone(Some("Atlantic/Azores".to_owned()))).unwrap();
    let (here, there) =
        (office.case(None, Nature::Report, "Lamp"), office.case(None, Nature::Report, "Crane"));
    let give = CaseAct::Give { to: GiveTo::Unit(QUAY), words: String::new() };
    on(&office, "karimi", there, give).unwrap();
    let monday = Day::from_parts(2026, 8, 24).unwrap();
    for case in [here, there] {
        on(&office, "karimi", case, CaseAct::Claim).unwrap();
        let hold = CaseAct::Hold {
            reason: HoldReason::Citizen,
            until: monday,
            words: "papers".to_owned(),
        };
        on(&office, "karimi", case, hold).unwrap();
    }
    let held = || {
        office.desk.return_held().unwrap();
        let desk = desk(&office, "karimi");
        [here, there]
            .map(|case| desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case.hold.is_some())
    };
    assert_eq!(held(), [true, true]);
    let oslo = Zone::named("Europe/Oslo").unwrap();
    let until = |hour, minute| oslo.instant(monday, hour, minute).minutes_since(office.clock.now());
    office.pass_minutes(until(0, 1));
    assert_eq!(held(), [false, true], "it is Sunday still on the Azores");
    office.pass_minutes(until(1, 59));
    assert_eq!(held(), [false, true]);
    office.pass_minutes(until(2, 1));
    assert_eq!(held(), [false, false]);
    sound(&office);
}

#[test]
fn the_headers_of_board_and_case_say_what_the_clock_of_another_zone_says() {
    let office = office();
    change(&office, QUAY, UnitChange::Zone(Some("Atlantic/Azores".to_owned()))).unwrap();
    let crane = office.case(None, Nature::Report, "Crane");
    let give = CaseAct::Give { to: GiveTo::Unit(QUAY), words: String::new() };
    on(&office, "karimi", crane, give).unwrap();
    let lamp = office.case(None, Nature::Report, "Lamp");
    let head = |account: &str, keys: &str| {
        let mut screen = TestScreen::open(desk(&office, account));
        screen.keys(keys);
        screen.text().lines().next().unwrap_or_default().to_owned()
    };
    let opened = |case: CaseId| format!("/{case}<enter>");
    assert!(head("karimi", &opened(crane)).contains("07:14 Azores"));
    assert!(!head("karimi", &opened(lamp)).contains("Azores"));
    let islander = NewCaseworker {
        account: "silva".to_owned(),
        name: "M. Silva".to_owned(),
        unit: QUAY,
        grants: vec![Grant {
            role: Role::Caseworker,
            unit: None,
            confidentiality_max: Confidentiality::CaseConfidential,
            expires: None,
        }],
    };
    office.act(&office.karimi(), Command::Enrol(islander)).unwrap();
    assert!(head("silva", "").contains("QUAY  Fri 21 Aug 2026 07:14 Azores"));
    assert!(head("silva", &opened(lamp)).contains("09:14 Oslo"));
}

#[test]
fn work_is_handed_over_by_function_keys_and_without_letters() {
    for (preset, colleagues, give, mark) in
        [("mainframe", "gc", "<f4>", "<insert>"), ("no-letters", "<f9>gc", "<c-g>", "<insert>")]
    {
        let office = office();
        let cases = ["Lamp", "Bridge"].map(|says| {
            let case = office.case(None, Nature::Report, says);
            on(&office, "moe", case, CaseAct::Claim).unwrap();
            case
        });
        let mut screen = TestScreen::open_with(desk(&office, "karimi"), preset, (80, 24));
        screen.keys(colleagues).keys("<end><enter>");
        assert!(screen.text().contains("WORK OF T. Moe  2"), "{preset}: {}", screen.text());
        screen.keys(mark).keys(mark).keys(give).keys("kaya<enter>");
        let desk = desk(&office, "karimi");
        for case in cases {
            let held = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
            assert_eq!(held.owner, Some(KAYA), "{preset}: {}", screen.text());
        }
    }
}
