//! Made offices: what the plan says is there, the same each time, and every row has a reason.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use casedesk::desk::{
    Anchor, AskAccesses, AskBoard, AskCaseFile, AskCaseHeader, AskCases, AskOffice, AskPersonFile,
    AskRules, AskUnits, AskWho, CaseFileAnswer, CaseRow, Checks, Clock, Desk, DeskError, Entropy,
    LocalDesk, Narrowing, Session, View, ViewKind,
};
use casedesk::domain::cases::Stage;
use casedesk::domain::office::{Cover, Role};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{CaseId, PersonId};
use casedesk::made::{ACCOUNT, Plan, ROLES, Summary, make};
use casedesk::store::MemoryStore;

struct Stopped(Instant);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        self.0
    }
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn draw(&self) -> [u8; 16] {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes()
    }
}

fn today() -> Instant {
    let zone = Zone::named("Europe/Brussels").unwrap();
    zone.instant(Day::from_parts(2026, 8, 21).unwrap(), 11, 2)
}

fn plan(people: u64, cases: u64, seed: u64) -> Plan {
    Plan { people, cases, seed, today: today() }
}

/// Makes an office in memory.
fn desk(plan: &Plan) -> (Arc<LocalDesk>, Summary) {
    let desk = LocalDesk::open(
        Arc::new(MemoryStore::new()),
        Arc::new(Stopped(plan.today)),
        Arc::new(Counted::default()),
    )
    .unwrap();
    let summary = make(&desk, plan, &|done, total| assert!(done <= total)).unwrap();
    (desk, summary)
}

/// Makes an office in memory, and signs in as the manager of Housing.
fn made(plan: &Plan) -> (Session, Summary) {
    let (desk, summary) = desk(plan);
    (desk.sign_in(ACCOUNT, None).unwrap(), summary)
}

fn counts(session: &Session) -> Vec<(ViewKind, u64)> {
    let desk: &dyn Desk = session;
    let unit = desk.ask(AskWho {}).unwrap().unit.id;
    let board = desk.ask(AskBoard { unit }).unwrap();
    board.views.iter().map(|(view, count)| (view.kind, *count)).collect()
}

fn count(session: &Session, kind: ViewKind) -> u64 {
    counts(session).iter().find(|(own, _)| *own == kind).unwrap().1
}

fn rows(session: &Session, kind: ViewKind) -> Vec<CaseRow> {
    let desk: &dyn Desk = session;
    let unit = desk.ask(AskWho {}).unwrap().unit.id;
    let view = View { kind, unit };
    desk.ask(AskCases {
        view,
        anchor: Anchor::First,
        before: 0,
        after: 200,
        narrowing: Narrowing::default(),
    })
    .unwrap()
    .rows
}

#[test]
fn a_small_plan_makes_what_it_says_and_the_same_each_time() {
    let (session, summary) = made(&plan(120, 90, 7));
    assert_eq!((summary.people, summary.cases), (120, 90));
    assert_eq!(summary.open, 11);
    assert!(summary.contacts > summary.cases && summary.services > 0 && summary.households > 20);
    let (again, same) = made(&plan(120, 90, 7));
    assert_eq!(summary, same);
    let (_, other) = made(&plan(120, 90, 8));
    assert_ne!(summary, other);
    assert_eq!(counts(&session), counts(&again));
    for (one, two) in rows(&session, ViewKind::Inbox).iter().zip(&rows(&again, ViewKind::Inbox)) {
        assert_eq!(one, two);
    }
}

#[test]
fn an_office_of_nobody_and_nothing_can_be_made() {
    for (people, cases) in [(0, 0), (1, 0), (1, 3), (0, 5)] {
        let (_, summary) = made(&plan(people, cases, 1));
        assert_eq!(summary.people, people);
    }
}

#[test]
fn the_default_plan_fills_the_board_of_housing() {
    let (session, summary) = made(&plan(2_000, 3_000, 1));
    assert_eq!((summary.people, summary.cases), (2_000, 3_000));
    assert!(summary.descriptions >= 200, "{summary:?}");
    assert!((300..=450).contains(&summary.open), "{summary:?}");
    assert!(summary.caseworkers >= 14 && summary.units >= 5);
    assert!(count(&session, ViewKind::Inbox) >= 60);
    assert!((14..=18).contains(&count(&session, ViewKind::Mine)));
    assert!(count(&session, ViewKind::Late) >= 3);
    assert!(count(&session, ViewKind::Today) >= 1);
    assert!(count(&session, ViewKind::Screening) >= 1);
    assert!(count(&session, ViewKind::Escalated) >= 3);
    assert!(count(&session, ViewKind::Waiting) >= 2);
    assert!((1..=12).contains(&rows(&session, ViewKind::Mail).len()));
    let desk: &dyn Desk = &session;
    assert!(desk.ask(AskOffice {}).unwrap().office.is_made);
    for row in rows(&session, ViewKind::Inbox) {
        let file = desk.ask(AskCaseFile { case: row.id, entries: 50 }).unwrap();
        assert!(!file.case.asks.is_empty() && !file.case.clocks.is_empty());
        assert!(file.timeline.iter().all(|entry| entry.at <= today()));
        assert!(file.timeline.windows(2).all(|pair| pair[0].at >= pair[1].at), "{}", row.id);
    }
    let ended =
        (1..=60).map(|number| desk.ask(AskCaseFile { case: CaseId(number), entries: 50 }).unwrap());
    let ended: Vec<_> = ended.filter(|file| !file.case.is_open()).collect();
    assert!(ended.len() > 40);
    assert!(ended.iter().all(|file| file.case.outcome.is_some() && file.timeline_total >= 2));
}

#[test]
fn a_made_office_works_under_published_rules_and_has_a_case_of_theirs_in_each_place() {
    let plan = plan(160, 300, 5);
    let (desk, summary) = desk(&plan);
    assert_eq!(summary.cases, 300);
    let karimi = desk.sign_in(ACCOUNT, None).unwrap();
    let session: &dyn Desk = &karimi;
    let rules = session.ask(AskRules { kind: None }).unwrap().lines;
    assert!(rules.len() >= 19 && rules.iter().all(|line| line.is_in_force && line.is_readable));
    assert!(rules.iter().all(|line| line.published_by.as_deref() == Some("V. Doyle")));

    let file = |number| session.ask(AskCaseFile { case: CaseId(number), entries: 50 }).ok();
    let files: Vec<CaseFileAnswer> = (1..=300).filter_map(file).collect();
    assert_eq!(
        files.len(),
        294,
        "three are secret, the others her own, her sister's and a colleague's"
    );
    let (older, newer) = files.split_at(266);
    assert!(older.iter().all(|file| file.case.case_type.code == "general"), "they keep their type");
    let typed = newer.iter().filter(|file| file.case.case_type.code != "general").count();
    assert!(typed >= 22, "all but what waits for its class: {typed}");
    for stage in [Stage::Screening, Stage::Classification, Stage::Review, Stage::Indexing] {
        assert!(newer.iter().any(|file| file.case.stage == stage), "{stage:?}");
    }
    let who = session.ask(AskWho {}).unwrap();
    let mine = newer.iter().filter(|file| file.case.owner == Some(who.caseworker.id));
    let stages: Vec<&str> = mine.map(|file| file.plan.stage.english()).collect();
    assert_eq!(stages, ["Check", "Handling", "Telling", "Handling"]);
    assert!(
        newer.iter().any(|file| file.case.stage == Stage::Decided && file.case.outcome.is_none())
    );
    assert_eq!(rows(&karimi, ViewKind::Unrouted).len(), 1);
    let is_raised = |file: &&CaseFileAnswer| !file.case.escalations.is_empty();
    assert_eq!(newer.iter().filter(is_raised).count(), 1);

    let found = desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.is_sound(), "{found:?}");
    shows_the_office(&desk);
}

/// It has a tree of units by two clocks, one that nobody covers, everybody whom an office needs, and files that are closed
/// to some.
fn shows_the_office(desk: &Arc<LocalDesk>) {
    let as_who = |account: &str| desk.sign_in(account, None).unwrap();
    let karimi = as_who(ACCOUNT);
    let units = (&karimi as &dyn Desk).ask(AskUnits {}).unwrap().units;
    assert_eq!(units.iter().map(|line| line.depth).max(), Some(2), "three levels");
    let zones: BTreeSet<&str> = units.iter().map(|line| line.zone.as_str()).collect();
    assert_eq!(zones, ["Atlantic/Azores", "Europe/Brussels"].into());
    let uncovered: Vec<&str> = units
        .iter()
        .filter(|line| line.uncovered_since.is_some() && line.cover == Cover::Nobody)
        .map(|line| line.unit.code.as_str())
        .collect();
    assert_eq!(uncovered, ["repairs"]);
    assert_eq!(units.iter().filter(|line| line.hides_names).count(), 1);
    assert_eq!(units.iter().filter(|line| line.known_contact.is_some()).count(), 1);

    let roles = ROLES.map(|(_, account)| {
        let who = (&as_who(account) as &dyn Desk).ask(AskWho {}).unwrap();
        who.caseworker.grants.iter().map(|grant| grant.role).collect::<Vec<_>>()
    });
    for role in Role::ALL {
        assert!(roles.iter().any(|held| held.contains(&role)), "{role:?}");
    }
    let islander = (&as_who("santos") as &dyn Desk).ask(AskWho {}).unwrap();
    assert_eq!((islander.unit.code.as_str(), islander.caseworker.grants.len()), ("islands", 0));
    assert_eq!(count(&as_who("holm"), ViewKind::Mine), 3);

    let seen = |account: &str| {
        let session = as_who(account);
        let desk: &dyn Desk = &session;
        // Whether a case may be known to be there; its file opens for a purpose.
        let sees = |number: &u64| desk.ask(AskCaseHeader { case: CaseId(*number) }).is_ok();
        (1..=300).filter(sees).count()
    };
    let (clerk, sheltering) = (seen("castillo"), seen("ferreira"));
    assert!((240..285).contains(&clerk), "debts and illness are Social's: {clerk}");
    assert!(sheltering > clerk - 20, "{sheltering}");
    assert_eq!(seen("doyle"), 0, "the administrator reads no case");
    let own = (&karimi as &dyn Desk).ask(AskPersonFile { person: PersonId(1) });
    assert!(matches!(own, Err(DeskError::NotFound(_) | DeskError::Closed(_))), "{own:?}");

    let nordby = as_who("nordby");
    let told = (&nordby as &dyn Desk).ask(AskAccesses {}).unwrap();
    assert!(told.may_review && told.attempts.iter().any(|attempt| attempt.by == "Lunde"));
    assert!(told.lines.len() == 1 && told.lines[0].access.review.is_none());
    assert!(!told.lines[0].is_open);
}
