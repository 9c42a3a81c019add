//! What a case does by itself when its moment comes, and how it is shown upwards by hand: on this desk and across a socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use casedesk::desk::{
    Ask, AskBoard, AskCaseFile, CaseFileAnswer, Checks, Command, Desk, DeskError,
};
use casedesk::domain::cases::{
    Case, CaseAct, CaseEvent, CasePlan, Climb, Climbed, EscalateTo, Escalation, EscalationLevel,
    EscalationReason, EscalationState, GiveTo, Happened, HoldReason, Nature, PlanEvent,
    TypeVersion, answer_due, apply, apply_plan, climb, general_type, ladder_view, next_watch,
};
use casedesk::domain::office::{
    Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId, QueueKind, Role,
};
use casedesk::domain::rules::{CaseType, Lead, Rung, RungTo};
use casedesk::domain::time::{Calendar, ClockKind, ClockState, Day, Instant, Term, Zone};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, Event, EventRecord, UnitId};
use casedesk::store::{
    Commit, CommitError, Committed, Direction, KeyRange, MemoryStore, Page, Sequence, Store,
    StoreError, Versioned,
};

use crate::harness::{Dice, TestScreen};

use crate::office::{Office, Seat};

const HOUSING: UnitId = UnitId(1);
const WORKS: UnitId = UnitId(2);
const TOWN: UnitId = UnitId(3);
const KARIMI: CaseworkerId = CaseworkerId(1);
const OWNER: CaseworkerId = CaseworkerId(7);
const BOSS: CaseworkerId = CaseworkerId(8);
const HEAD: CaseworkerId = CaseworkerId(9);

fn ask<Q: Ask>(desk: &dyn Desk, question: Q) -> Q::Answer {
    desk.ask(question).unwrap()
}

fn file(desk: &dyn Desk, case: CaseId) -> CaseFileAnswer {
    ask(desk, AskCaseFile { case, entries: 50 })
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("a refusal was expected, and this came: {other:?}"),
    }
}

fn assert_whole(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

fn raise(level: EscalationLevel) -> CaseAct {
    CaseAct::Escalate { level, reason: EscalationReason::Law, ask: "May we?".to_owned() }
}

/// Housing with T. Moe, who works there and leads nobody, and a case of theirs. Karimi leads Housing.
fn at_work() -> (Office, Seat, CaseId) {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    office.enrol("rahimi", "M. Rahimi", &[Role::Caseworker]);
    let case = office.case(None, Nature::Complaint, "Rent subsidy late");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    (office, moe, case)
}

/// Opens another unit with its queues, and somebody who leads it.
fn open_unit(office: &Office, unit: UnitId, code: &str, account: &str) -> CaseworkerId {
    let karimi = office.karimi();
    let new = NewUnit { code: code.to_owned(), name: code.to_owned(), parent: None };
    office.act(&karimi, Command::OpenUnit(new)).unwrap();
    for (kind, queue) in [(QueueKind::Screening, "screening"), (QueueKind::Inbox, "inbox")] {
        let (code, name) = (format!("{code}/{queue}"), queue.to_owned());
        let queue = NewQueue { code, name, unit, kind, ordering: OrderingId::DueFirst };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    let grants = [Role::Caseworker, Role::Manager].map(|role| Grant {
        role,
        unit: None,
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    });
    let (account, name) = (account.to_owned(), account.to_owned());
    let new = NewCaseworker { account, name, unit, grants: grants.to_vec() };
    let receipt = office.act(&karimi, Command::Enrol(new)).unwrap();
    let Some(EntityId::Caseworker(manager)) = receipt.created.first().cloned() else {
        unreachable!("a caseworker was enrolled")
    };
    let lead = Command::LeadUnit { unit, manager: Some(manager), substitute: None };
    office.act(&karimi, lead).unwrap();
    manager
}

fn until(office: &Office, day: i8, hour: i8, minute: i8) {
    let zone = Zone::named("Europe/Oslo").unwrap();
    let then = zone.instant(Day::from_parts(2026, 8, day).unwrap(), hour, minute);
    let now = ask(&office.karimi(), casedesk::desk::AskWho {}).at;
    office.pass_minutes(then.minutes_since(now));
}

#[test]
fn an_escalation_that_nobody_answers_goes_up_by_itself_until_the_top_and_stays_there() {
    let (office, moe, case) = at_work();
    office.act(&moe, Command::NoteHere).unwrap();
    office.on(&moe, case, raise(EscalationLevel::Colleague)).unwrap();
    let first = file(&moe, case).case;
    let due = first.open_escalation().unwrap().due_at;
    let calendar = Calendar::weekdays("Europe/Oslo");
    let raised_at = first.escalations[0].raised_at;
    assert_eq!(due, answer_due(&calendar, raised_at, EscalationReason::Law));
    assert_eq!(office.desk.sweep().unwrap(), 0, "its answer is not due yet");

    until(&office, 24, 15, 59);
    assert_eq!(office.desk.sweep().unwrap(), 0);
    until(&office, 24, 16, 0);
    assert_eq!(office.desk.sweep().unwrap(), 1);
    let second = file(&moe, case);
    assert!(matches!(second.case.escalations[0].state, EscalationState::Lapsed(_)));
    let open = second.case.open_escalation().unwrap();
    assert_eq!((open.level, open.to), (EscalationLevel::Supervisor, KARIMI));
    assert_eq!(second.case.owner, first.owner, "it stays with whoever has it");
    let who: Vec<&str> = second.timeline.iter().take(2).map(|entry| &*entry.who).collect();
    assert_eq!(who, ["system", "system"], "{:?}", second.timeline);
    assert_eq!(office.desk.sweep().unwrap(), 0, "nobody is asked twice");

    // Nobody leads Karimi: it is told once more, and stays.
    until(&office, 25, 16, 1);
    assert_eq!(office.desk.sweep().unwrap(), 1);
    assert_eq!(office.desk.sweep().unwrap(), 0);
    let third = file(&moe, case).case;
    assert_eq!(third.escalations.len(), 2);
    assert!(third.open_escalation().is_some());
    let board = ask(&moe, AskBoard { unit: HOUSING });
    assert_eq!(board.since.unwrap().reminders, [case], "whoever has it is told");
    assert_whole(&office);
}

#[test]
fn an_escalation_goes_up_by_hand_and_never_down() {
    let (office, moe, case) = at_work();
    office.on(&moe, case, raise(EscalationLevel::Colleague)).unwrap();
    assert_eq!(
        refusal(office.on(&moe, case, raise(EscalationLevel::Colleague))),
        "escalation.open"
    );
    // Whoever sent it picks the higher level in place.
    let mut screen = TestScreen::open(Arc::new(office.sign_in("moe").unwrap()));
    screen.keys("1e");
    let shown = screen.text();
    assert!(shown.contains("it waits for Rahimi; 2 asks the supervisor"), "{shown}");
    screen.keys("2");
    let status = screen.status();
    assert!(status.contains("C-1 is escalated to Karimi"), "{status}");
    let raised = file(&moe, case).case;
    let open: Vec<bool> = raised.escalations.iter().map(Escalation::is_open).collect();
    assert_eq!(open, [false, true]);
    assert_eq!(raised.escalations[1].ask, "May we?", "the question is the same");
    assert_eq!(
        refusal(office.on(&moe, case, raise(EscalationLevel::Colleague))),
        "escalation.open"
    );
    let role = EscalateTo::Role(Role::Caseworker);
    let to_role = |ask: &str| CaseAct::EscalateTo {
        to: role,
        reason: EscalationReason::Law,
        ask: ask.to_owned(),
    };
    assert_eq!(refusal(office.on(&moe, case, to_role("May we?"))), "escalation.open");
    // One undo takes both back: what lapsed is open again.
    office.act(&moe, Command::Undo).unwrap();
    let back = file(&moe, case).case;
    assert_eq!(back.open_escalation().unwrap().level, EscalationLevel::Colleague);
    office.on(&moe, case, CaseAct::WithdrawEscalation).unwrap();
    office.on(&moe, case, to_role("May we?")).unwrap();
    assert_eq!(file(&moe, case).case.open_escalation().unwrap().level, EscalationLevel::Role);
    assert_whole(&office);
}

#[test]
fn a_unit_is_asked_by_its_letters_and_answers() {
    let (office, moe, case) = at_work();
    let berg = open_unit(&office, WORKS, "works", "berg");
    let mut screen = TestScreen::open(Arc::new(moe.clone()));
    screen.keys("1e5wor");
    let shown = screen.text();
    assert!(shown.contains(">works: berg"), "{shown}");
    screen.keys(" lIs the wall theirs?<enter>");
    assert!(screen.status().contains("C-1 is escalated to berg"), "{}", screen.status());
    let open = file(&moe, case).case.open_escalation().cloned().unwrap();
    assert_eq!((open.level, open.to), (EscalationLevel::Unit, berg));
    let answer = CaseAct::AnswerEscalation { answer: "It is.".to_owned() };
    office.on(&office.sign_in("berg").unwrap(), case, answer).unwrap();
    assert!(file(&moe, case).case.open_escalation().is_none());
    office.pass_minutes(5 * 24 * 60);
    office.desk.sweep().unwrap();
    assert_eq!(file(&moe, case).case.escalations.len(), 1, "what is answered lapses nowhere");
    assert_whole(&office);
}

#[test]
fn a_second_transfer_asks_whoever_leads_the_receiving_unit() {
    let (office, moe, case) = at_work();
    let berg = open_unit(&office, WORKS, "works", "berg");
    let holm = open_unit(&office, TOWN, "town", "holm");
    let give = |unit| CaseAct::Give { to: GiveTo::Unit(unit), words: "not ours".to_owned() };
    office.on(&moe, case, give(WORKS)).unwrap();
    let once = file(&office.karimi(), case);
    assert_eq!(once.passed_on.map(|(times, _)| times), Some(1));
    assert!(once.case.escalations.is_empty(), "one transfer is no wandering");
    let berg_here = office.sign_in("berg").unwrap();
    office.on(&berg_here, case, CaseAct::Claim).unwrap();
    office.on(&berg_here, case, give(TOWN)).unwrap();
    let twice = file(&office.karimi(), case);
    let open = twice.case.open_escalation().unwrap();
    assert_eq!((open.reason, open.to), (EscalationReason::Transferred, holm));
    assert_eq!((open.from, twice.passed_on.unwrap().0), (berg, 2));
    let taken_back = office.on(&berg_here, case, CaseAct::WithdrawEscalation);
    assert_eq!(refusal(taken_back), "escalation.rule");
    let mut screen = TestScreen::open(Arc::new(office.sign_in("holm").unwrap()));
    screen.keys("7<enter>");
    let shown = screen.text();
    assert!(shown.contains("from unit to unit 2 times; waits here since today 09:14"), "{shown}");
    assert!(shown.contains("second transfer asks: It was passed on 2 times"), "{shown}");
    office.act(&berg_here, Command::Undo).unwrap();
    let back = file(&office.karimi(), case);
    assert_eq!(back.passed_on.map(|(times, _)| times), Some(1));
    assert!(back.case.open_escalation().is_none());
    assert_whole(&office);
}

#[test]
fn a_case_is_parked_until_the_unit_opens_with_its_clocks_running() {
    let (office, moe, case) = at_work();
    until(&office, 21, 18, 30);
    let intake = office.act(
        &office.karimi(),
        Command::RegisterCase(Office::intake(
            None,
            Nature::Request,
            "HOU-1",
            "Cancel my parking place",
            ask(&moe, casedesk::desk::AskWho {}).at,
        )),
    );
    let label = intake.unwrap().label;
    assert!(label.ends_with("The unit opens Mon 24 Aug 08:00."), "{label}");
    let mut screen = TestScreen::open(Arc::new(office.sign_in("moe").unwrap()));
    screen.keys("1hnsystem is down<enter>");
    let status = screen.status();
    assert!(status.contains("C-1 is parked until the unit opens, 2026-08-24"), "{status}");
    let parked = file(&moe, case);
    assert!(parked.row.is_held);
    let clocks = || parked.case.clocks.iter().map(casedesk::domain::time::Clock::state);
    assert!(clocks().all(|state| state != ClockState::Paused), "closed hours pause nothing");
    until(&office, 24, 7, 59);
    office.desk.return_held().unwrap();
    assert_eq!(office.desk.sweep().unwrap(), 0, "not before it opens");
    until(&office, 24, 8, 0);
    assert_eq!(office.desk.sweep().unwrap(), 1);
    let back = file(&moe, case);
    assert!(back.case.hold.is_none());
    assert_eq!(back.case.owner, parked.case.owner);
    assert_eq!(back.timeline[0].who, "system");
    assert_eq!(office.desk.sweep().unwrap(), 0);
    assert_whole(&office);
}

#[test]
fn only_the_desk_itself_sweeps() {
    let (office, moe, _) = at_work();
    let until = ask(&moe, casedesk::desk::AskWho {}).at;
    assert_eq!(refusal(office.act(&moe, Command::Sweep { until })), "permit.desk");
}

/// A store that counts what is read of it.
struct Counting {
    store: MemoryStore,
    read: AtomicUsize,
}

impl Store for Counting {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.read.fetch_add(1, Ordering::SeqCst);
        self.store.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let page = self.store.scan(range, limit, direction)?;
        self.read.fetch_add(1 + page.rows.len(), Ordering::SeqCst);
        Ok(page)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        self.store.commit(commit)
    }

    fn sequence(&self) -> Sequence {
        self.store.sequence()
    }
}

#[test]
fn a_sweep_reads_what_is_due_and_nothing_else() {
    let reads = |waiting: usize| {
        let store = Arc::new(Counting { store: MemoryStore::new(), read: AtomicUsize::new(0) });
        let office = Office::over(Arc::clone(&store) as Arc<dyn Store>);
        let karimi = office.karimi();
        let parked = || {
            let case = office.case(None, Nature::Report, "Lamp");
            office.on(&karimi, case, CaseAct::Claim).unwrap();
            office.on(&karimi, case, CaseAct::Park { words: String::new() }).unwrap();
        };
        for _ in 0..3 {
            parked();
        }
        // On Monday the others are parked until Tuesday; the three of Friday are due.
        until(&office, 24, 8, 30);
        for _ in 0..waiting {
            parked();
        }
        let before = store.read.load(Ordering::SeqCst);
        assert_eq!(office.desk.sweep().unwrap(), 3);
        store.read.load(Ordering::SeqCst) - before
    };
    let (few, many) = (reads(2), reads(120));
    assert_eq!(few, many, "a sweep costs what is due, however many wait");
}

/// A type with a reminder, two rungs before and at the due date, and one after it.
fn objection() -> CaseType {
    let rung = |id: &str, clock, lead, to| Rung {
        id: id.to_owned(),
        clock,
        lead,
        to,
        ask: format!("See to {id}"),
    };
    let level = RungTo::Level;
    CaseType {
        id: TypeVersion { code: "objection".to_owned(), version: 2 },
        ladder: vec![
            rung("reminder", ClockKind::Decide, Lead::Share(80), RungTo::Owner),
            rung(
                "soon",
                ClockKind::Decide,
                Lead::Before(Term::WorkingDays(2)),
                RungTo::Role(Role::Reviewer),
            ),
            rung("due", ClockKind::Decide, Lead::AtDue, level(EscalationLevel::Supervisor)),
            rung(
                "late",
                ClockKind::Decide,
                Lead::After(Term::BusinessMinutes(240)),
                level(EscalationLevel::Head),
            ),
            rung("answer", ClockKind::Answer, Lead::AtDue, level(EscalationLevel::Supervisor)),
        ],
        ..(*general_type(Nature::Complaint)).clone()
    }
}

/// A case of that type in somebody's hands, without a desk.
struct Tale {
    case: Case,
    plan: CasePlan,
    case_type: CaseType,
    calendar: Calendar,
    now: Instant,
}

impl Tale {
    fn new() -> Self {
        let office = Office::new();
        let id = office.case(None, Nature::Complaint, "Objection");
        let mut case = file(&office.karimi(), id).case;
        let case_type = objection();
        case.case_type = case_type.id.clone();
        case.owner = Some(OWNER);
        let now = case.received_at;
        let plan = CasePlan::none_yet(id, case_type.id.clone());
        Self { case, plan, case_type, calendar: Calendar::weekdays("Europe/Oslo"), now }
    }

    fn record(&self, entity: EntityId, event: Event) -> EventRecord {
        let record = EventRecord::alone(entity, self.now, event);
        EventRecord { sequence: 1, actor: OWNER, unit: HOUSING, ..record }
    }

    fn happen(&mut self, happened: &Happened) {
        match happened {
            Happened::Case(event) => {
                let record = self.record(EntityId::Case(self.case.id), Event::Case(event.clone()));
                self.case = apply(Some(self.case.clone()), &record, event).unwrap();
            }
            Happened::Plan(event) => {
                let record = self.record(EntityId::Plan(self.case.id), Event::Plan(event.clone()));
                let plan = apply_plan(Some(self.plan.clone()), self.case.id, &record, event);
                self.plan = plan.unwrap();
            }
        }
    }

    fn next(&self) -> Option<Instant> {
        let next =
            next_watch(&ladder_view(&self.case, &self.plan), &self.case_type, &self.calendar);
        next.map(|watch| watch.at)
    }

    /// Climbs what has come, and checks what has to hold of every climb.
    fn climb(&mut self) -> Vec<Climbed> {
        let asks = |to: &RungTo| match to {
            RungTo::Level(EscalationLevel::Head) => Some((EscalationLevel::Head, HEAD)),
            RungTo::Level(level) => Some((*level, BOSS)),
            RungTo::Role(_) => Some((EscalationLevel::Role, CaseworkerId(6))),
            RungTo::Owner | RungTo::Unit(_) => None,
        };
        let context = Climb {
            at: self.now,
            calendar: &self.calendar,
            case_type: &self.case_type,
            asks: &asks,
        };
        let climbed = climb(&ladder_view(&self.case, &self.plan), &context);
        for step in &climbed {
            let before = self.case.clone();
            self.happen(&step.happened);
            let (open, was) = (self.case.open_escalation(), before.escalations.last());
            if let Happened::Case(CaseEvent::Escalated(raised)) = &step.happened {
                assert!(before.open_escalation().is_none(), "at most one is open");
                let lapsed = was.filter(|was| was.state == EscalationState::Lapsed(self.now));
                assert!(lapsed.is_none_or(|was| was.level.height() < raised.level.height()));
                assert!(open.is_some());
            }
            assert_eq!((before.owner, before.is_open()), (self.case.owner, self.case.is_open()));
        }
        let closed = self.case.escalations.iter().rev().skip(1).all(|one| !one.is_open());
        assert!(closed, "at most the last one is open");
        assert!(self.next().is_none_or(|next| next > self.now), "what has come was seen to");
        climbed
    }
}

#[test]
fn a_case_that_is_left_alone_climbs_every_rung_and_reaches_the_top() {
    let mut tale = Tale::new();
    let mut climbed = Vec::new();
    while let Some(next) = tale.next() {
        assert!(climbed.len() < 50, "it comes to an end: {climbed:?}");
        tale.now = next;
        climbed.extend(tale.climb());
    }
    let rungs: Vec<&str> = tale.plan.rungs.iter().map(|(rung, _)| &**rung).collect();
    let is_climbed = |rung: &str| rungs.contains(&rung);
    assert!(objection().ladder.iter().all(|rung| is_climbed(&rung.id)), "{rungs:?}");
    let open = tale.case.open_escalation().unwrap();
    assert_eq!((open.level, open.to), (EscalationLevel::Head, HEAD));
    let told = climbed.iter().filter_map(|step| step.reason.as_deref());
    assert!(told.into_iter().any(|why| why.starts_with("decide due")), "the owner is reminded");
    assert!(climbed.iter().any(|step| step.rule == "objection@2/ladder.due"));
}

#[test]
fn a_sweep_that_comes_late_asks_the_highest_at_once() {
    let mut tale = Tale::new();
    tale.now = tale.now.plus_minutes(60 * 24 * 60);
    let climbed = tale.climb();
    let raised = climbed
        .iter()
        .filter(|step| matches!(step.happened, Happened::Case(CaseEvent::Escalated(_))));
    assert_eq!(raised.count(), 1, "nobody is asked for the time of a sweep");
    assert_eq!(tale.case.open_escalation().unwrap().level, EscalationLevel::Head);
}

#[test]
fn a_case_whose_clocks_are_all_met_never_escalates() {
    let mut tale = Tale::new();
    let at = tale.now;
    tale.case.clocks.iter_mut().for_each(|clock| clock.stop(at));
    assert_eq!(tale.next(), None);
    tale.now = at.plus_minutes(400 * 24 * 60);
    assert_eq!(tale.climb(), []);
}

#[test]
fn a_ladder_keeps_its_laws_whatever_happens_to_the_case() {
    for seed in 1..=60 {
        let mut dice = Dice(seed);
        let mut tale = Tale::new();
        for _ in 0..60 {
            tale.now = tale.now.plus_minutes(i64::try_from(dice.roll(40)).unwrap() * 60);
            let watch = tale.next();
            match dice.roll(8) {
                0 if tale.case.hold.is_none() => {
                    let hold = casedesk::domain::cases::Hold {
                        reason: if dice.roll(2) == 0 {
                            HoldReason::Citizen
                        } else {
                            HoldReason::NextOpening
                        },
                        until: Day::from_parts(2026, 9, 30).unwrap(),
                        words: String::new(),
                        by: OWNER,
                        from: tale.now,
                    };
                    tale.happen(&Happened::Case(CaseEvent::Held(hold)));
                }
                1 if tale.case.hold.is_some() => {
                    let (now, calendar) = (tale.now, tale.calendar.clone());
                    let mut clocks = tale.case.clocks.clone();
                    for clock in &mut clocks {
                        clock.resume(now, &calendar);
                    }
                    let event = CaseEvent::Resumed { clocks, is_by_date: false };
                    tale.happen(&Happened::Case(event));
                }
                2 if tale.case.open_escalation().is_some() => {
                    let event = CaseEvent::EscalationAnswered { answer: "Yes".to_owned() };
                    tale.happen(&Happened::Case(event));
                }
                3 if watch.is_some_and(|at| at > tale.now) => {
                    // What is not due yet does nothing.
                    assert_eq!(tale.climb(), []);
                }
                _ => drop(tale.climb()),
            }
        }
    }
}

#[test]
fn a_reminder_comes_again_only_where_the_due_date_moved_away() {
    let mut tale = Tale::new();
    tale.now = tale.next().unwrap();
    let first = tale.climb();
    assert!(!first.is_empty());
    assert_eq!(tale.climb(), [], "a rung is climbed once");
    let climbed =
        |tale: &Tale, id: &str| tale.plan.rungs.iter().filter(|(rung, _)| rung == id).count();
    let reminder = |tale: &Tale| climbed(tale, "reminder");
    while reminder(&tale) == 0 {
        tale.now = tale.next().unwrap();
        tale.climb();
    }
    for clock in tale.case.clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Decide) {
        clock.due_at = clock.due_at.plus_minutes(30 * 24 * 60);
    }
    let event = PlanEvent::RungClimbed { rung: "elsewhere".to_owned() };
    tale.happen(&Happened::Plan(event));
    while reminder(&tale) == 1 {
        tale.now = tale.next().unwrap();
        tale.climb();
    }
    assert_eq!(reminder(&tale), 2);
}
