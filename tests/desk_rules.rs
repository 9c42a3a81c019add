//! What the desk refuses, and what it keeps whole while it does.

use casedesk::desk::{
    Act, AskCaseFile, AskEscalationTargets, AskGiveTargets, AskOffice, AskSubjects, Change, Checks,
    Clock, Command, Desk, DeskError, Post, Receipt, RowResult, View, ViewKind,
};
use casedesk::domain::cases::{
    CaseAct, CaseImport, CasePlace, Channel, EscalationLevel, EscalationReason, GiveTo, HoldReason,
    Message, Nature, OutcomeCode, ReplyAddress,
};
use casedesk::domain::office::{
    CaseworkerState, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId,
    QueueKind, Role,
};
use casedesk::domain::time::{ClockKind, Day, OfficeHours};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, MessageId, PersonId, SubjectCode, UnitId};

use crate::office::Office;

const KARIMI: CaseworkerId = CaseworkerId(1);
const MOE: CaseworkerId = CaseworkerId(2);

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("not refused: {other:?}"),
    }
}

fn escalate(level: EscalationLevel, ask: &str) -> CaseAct {
    CaseAct::Escalate { level, reason: EscalationReason::OverLimit, ask: ask.to_owned() }
}

fn close(outcome: OutcomeCode) -> CaseAct {
    let reasons = "told so".to_owned();
    CaseAct::Close { outcome: Some(outcome), reasons, not_notified: None }
}

fn absent(caseworker: CaseworkerId) -> Command {
    let until = Day::from_parts(2026, 9, 30).unwrap();
    Command::SetCaseworkerState {
        caseworker,
        state: CaseworkerState::Absent { until, substitute: None },
    }
}

/// A unit above Housing or beside it, with its queues, and somebody who works there and nowhere else.
fn second_unit(office: &Office, account: &str) -> (UnitId, CaseworkerId) {
    let karimi = office.karimi();
    let unit = NewUnit { code: "works".to_owned(), name: "Works".to_owned(), parent: None };
    office.act(&karimi, Command::OpenUnit(unit)).unwrap();
    let unit = UnitId(2);
    for (kind, code) in
        [(QueueKind::Screening, "works/screening"), (QueueKind::Inbox, "works/inbox")]
    {
        let (code, name) = (code.to_owned(), "Queue".to_owned());
        let queue = NewQueue { code, name, unit, kind, ordering: OrderingId::DueFirst };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    let grant = Grant {
        role: Role::Caseworker,
        unit: Some(unit),
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    };
    let (account, name) = (account.to_owned(), "A. Berg".to_owned());
    let new = NewCaseworker { account, name, unit, grants: vec![grant] };
    let receipt = office.act(&karimi, Command::Enrol(new)).unwrap();
    match receipt.created.first() {
        Some(EntityId::Caseworker(id)) => (unit, *id),
        other => unreachable!("a caseworker was enrolled, and the receipt says {other:?}"),
    }
}

#[test]
fn a_full_case_takes_no_more_and_can_still_be_closed() {
    let office = Office::new();
    let (karimi, moe) = (office.karimi(), office.enrol("moe", "T. Moe", &[Role::Caseworker]));
    let case = office.case(None, Nature::Report, &"x".repeat(4_000));
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let mut refused = String::new();
    for _ in 0..6 {
        let ask = escalate(EscalationLevel::Supervisor, &"y".repeat(4_000));
        match office.on(&moe, case, ask) {
            Ok(_) => {
                let answer = CaseAct::AnswerEscalation { answer: "z".repeat(4_000) };
                office.on(&karimi, case, answer).unwrap();
            }
            result => {
                refused = refusal(result);
                break;
            }
        }
    }
    assert_eq!(refused, "record.full");
    office.on(&moe, case, CaseAct::Note { text: "w".repeat(4_000) }).unwrap();
    office.on(&moe, case, close(OutcomeCode::Granted)).unwrap();
    office.act(&moe, Command::Undo).unwrap();
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
}

#[test]
fn a_refused_act_leaves_nothing_in_the_office_either() {
    let office = Office::new();
    let karimi = office.karimi();
    let subject = |code: &str, synonyms: usize| Command::DefineSubject {
        code: SubjectCode(code.into()),
        label: "Quayside".to_owned(),
        synonyms: vec!["s".repeat(300); synonyms],
        parent: None,
    };
    let at = office.clock.now();
    let acts = [subject("QUAY-1", 80), subject("QUAY-2", 1)];
    let acts = acts.map(|command| Act { actor: KARIMI, at, command });
    let results = office.desk.execute_all(acts.to_vec()).unwrap();
    assert_eq!(results.into_iter().map(|result| result.is_ok()).collect::<Vec<_>>(), [false, true]);
    let desk: &dyn Desk = &karimi;
    let found = desk.ask(AskSubjects { text: "quayside".to_owned(), limit: 9 }).unwrap();
    let codes: Vec<String> =
        found.subjects.into_iter().map(|subject| subject.code.to_string()).collect();
    assert_eq!(codes, ["QUAY-2"]);
    assert_eq!(refusal(office.act(&karimi, subject("QUAY-3", 80))), "record.full");
}

#[test]
fn a_retry_meets_its_own_first_try_and_not_a_refusal() {
    let office = Office::new();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Report, "Lamp");
    let version = Some(2);
    let request = office.request(Command::Case { case, version, act: CaseAct::Claim });
    let first = karimi.execute(request.clone()).unwrap();
    let second = karimi.execute(request).unwrap();
    assert_eq!(second, first);
    let intake = Office::intake(None, Nature::Report, "HOU-1", "Lift", office.clock.now());
    let request = office.request(Command::RegisterCase(intake));
    let first = karimi.execute(request.clone()).unwrap();
    let second = karimi.execute(request).unwrap();
    assert_eq!((second.created.first(), second.label), (first.created.first(), first.label));
    assert_eq!(refusal(office.on(&karimi, case, CaseAct::Claim)), "claim.yours");
}

#[test]
fn what_is_the_desks_own_is_refused_to_sessions() {
    let office = Office::new();
    let karimi = office.karimi();
    let today = Day::from_parts(2026, 12, 1).unwrap();
    for command in [
        Command::ReturnHeld { today },
        Command::DeliverMessage { message: MessageId(1), failure: None },
    ] {
        assert_eq!(refusal(office.act(&karimi, command)), "permit.desk");
    }
}

#[test]
fn a_case_is_given_only_to_somebody_who_is_here_and_may_work_it() {
    let office = Office::new();
    let karimi = office.karimi();
    office.enrol("moe", "T. Moe", &[Role::Clerk]);
    let (unit, berg) = second_unit(&office, "berg");
    let case = office.case(None, Nature::Report, "Lamp");
    let give = |to| CaseAct::Give { to, words: String::new() };
    assert_eq!(refusal(office.on(&karimi, case, give(GiveTo::Caseworker(MOE)))), "give.right");
    assert_eq!(refusal(office.on(&karimi, case, give(GiveTo::Unit(UnitId(1))))), "give.same");
    office.act(&karimi, absent(berg)).unwrap();
    assert_eq!(refusal(office.on(&karimi, case, give(GiveTo::Caseworker(berg)))), "give.away");
    let back = CaseworkerState::Active;
    office.act(&karimi, Command::SetCaseworkerState { caseworker: berg, state: back }).unwrap();
    office.on(&karimi, case, give(GiveTo::Caseworker(berg))).unwrap();
    let desk: &dyn Desk = &karimi;
    let given = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert_eq!((given.unit, given.owner), (unit, Some(berg)));
    office.act(&karimi, Command::Undo).unwrap();
    let back = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert_eq!((back.unit, back.owner), (UnitId(1), None));
    let offered = desk.ask(AskGiveTargets { text: "berg".to_owned() }).unwrap().targets;
    assert_eq!(offered[0].0, GiveTo::Caseworker(berg));
}

#[test]
fn nobody_leaves_with_work_and_whoever_has_left_does_nothing_more() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let left = || Command::SetCaseworkerState { caseworker: MOE, state: CaseworkerState::Left };
    let case = office.case(None, Nature::Report, "Lamp");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    assert_eq!(refusal(office.act(&karimi, left())), "left.owner");
    office.on(&karimi, case, CaseAct::Release).unwrap();
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    office.on(&karimi, case, escalate(EscalationLevel::Colleague, "Is it yours?")).unwrap();
    assert_eq!(refusal(office.act(&karimi, left())), "left.escalation");
    office.on(&karimi, case, CaseAct::WithdrawEscalation).unwrap();
    office
        .on(&karimi, case, CaseAct::Give { to: GiveTo::Caseworker(MOE), words: String::new() })
        .unwrap();
    office.on(&karimi, case, CaseAct::Release).unwrap();
    office.act(&karimi, left()).unwrap();
    let note = CaseAct::Note { text: "still here".to_owned() };
    assert_eq!(refusal(office.on(&moe, case, note)), "account.left");
    let desk: &dyn Desk = &moe;
    assert_eq!(refusal(desk.ask(AskOffice {})), "account.left");
    assert_eq!(refusal(office.act(&karimi, Command::Undo)), "roster.left");
}

#[test]
fn whoever_was_asked_answers_also_from_another_unit() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let (unit, berg) = second_unit(&office, "berg");
    let lead = |unit, manager, substitute| Command::LeadUnit { unit, manager, substitute };
    office.act(&karimi, lead(UnitId(1), Some(KARIMI), Some(berg))).unwrap();
    office.act(&karimi, absent(KARIMI)).unwrap();
    let case = office.case(None, Nature::Report, "Lamp");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let desk: &dyn Desk = &moe;
    let targets = desk.ask(AskEscalationTargets { case }).unwrap().targets;
    assert_eq!(targets[1].receiver.as_ref().map(|(id, _)| *id), Some(berg));
    assert_eq!(targets[1].note, "Karimi out, so Berg");
    assert_eq!(targets[2].receiver, None, "there is no unit above");
    office.on(&moe, case, escalate(EscalationLevel::Supervisor, "May I?")).unwrap();
    let berg = office.sign_in("berg").unwrap();
    let claim = office.on(&berg, case, CaseAct::Note { text: "no".to_owned() });
    assert_eq!(refusal(claim), "permit.other-unit");
    office.on(&berg, case, CaseAct::AcknowledgeEscalation).unwrap();
    office.on(&berg, case, CaseAct::AnswerEscalation { answer: "Yes.".to_owned() }).unwrap();
    assert_eq!(unit, UnitId(2));
}

#[test]
fn a_reopened_case_is_answered_again_before_it_closes() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Report, "Lamp");
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    let reply = CaseAct::Reply { to, template: None, text: "It burns again.".to_owned() };
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    office.on(&karimi, case, reply.clone()).unwrap();
    office.on(&karimi, case, close(OutcomeCode::Granted)).unwrap();
    office.pass_minutes(3 * 24 * 60);
    office.on(&karimi, case, CaseAct::Reopen { reason: "dark again".to_owned() }).unwrap();
    assert_eq!(refusal(office.on(&karimi, case, close(OutcomeCode::Granted))), "closing.notified");
    office.on(&karimi, case, reply).unwrap();
    office.on(&karimi, case, close(OutcomeCode::Granted)).unwrap();
}

#[test]
fn a_registration_that_was_undone_is_nobody_to_write_to() {
    let office = Office::new();
    let karimi = office.karimi();
    let wrong = office.person("Nobody", "Wanted", "1990", "12345");
    office.act(&karimi, Command::Undo).unwrap();
    let intake = Office::intake(Some(wrong), Nature::Report, "HOU-1", "Lamp", office.clock.now());
    assert_eq!(refusal(office.act(&karimi, Command::RegisterCase(intake))), "person.annulled");
    assert_eq!(wrong, PersonId(1));
}

fn row(reference: &str, asks: &str, office: &Office) -> CaseImport {
    CaseImport {
        source: "nyc".to_owned(),
        reference: reference.to_owned(),
        nature: Nature::Report,
        subject: SubjectCode("LAMP".into()),
        subject_label: "Lamp".to_owned(),
        asks: asks.to_owned(),
        place: CasePlace { text: String::new(), area: "W7".to_owned() },
        channel: Channel::Online,
        received_at: office.clock.now(),
        due_at: Some(office.clock.now().plus_minutes(60)),
        ended: None,
    }
}

#[test]
fn a_row_is_one_case_however_often_it_comes() {
    let office = Office::new();
    let karimi = office.karimi();
    let import = |rows: Vec<CaseImport>| -> Vec<RowResult> {
        office.act(&karimi, Command::ImportCases(rows)).unwrap().rows
    };
    let case = EntityId::Case(CaseId(1));
    let rows = vec![row("7", "dark", &office), row("7", "dark", &office)];
    assert_eq!(
        import(rows),
        [RowResult::Created(case.clone()), RowResult::Unchanged(case.clone())]
    );
    assert_eq!(import(vec![row("7", "very dark", &office)]), [RowResult::Updated(case.clone())]);
    office.on(&karimi, CaseId(1), CaseAct::Claim).unwrap();
    let nature = CaseAct::SetNature { nature: Nature::Complaint, reason: "it is one".to_owned() };
    office.on(&karimi, CaseId(1), nature).unwrap();
    let desk: &dyn Desk = &karimi;
    let held = desk.ask(AskCaseFile { case: CaseId(1), entries: 1 }).unwrap().case;
    assert_eq!(held.clocks.iter().map(|clock| clock.kind).collect::<Vec<_>>(), [ClockKind::Source]);
    assert_eq!(import(vec![row("7", "pitch dark", &office)]), [RowResult::Conflict(case)]);
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
}

/// A post office that takes nothing from one person.
struct Choosy(PersonId);

impl Post for Choosy {
    fn hand_over(&self, message: &Message) -> Result<(), String> {
        if message.addressee == self.0 { Err("unknown there".to_owned()) } else { Ok(()) }
    }
}

#[test]
fn a_message_that_fails_keeps_none_behind_it_and_the_case_as_it_was_shown() {
    let office = Office::new();
    let karimi = office.karimi();
    let mut shown = Vec::new();
    for given in ["Sara", "Gareth"] {
        let person = office.person(given, "Mohammadi", "1986-03-02", "+989121234411");
        let case = office.case(Some(person), Nature::Report, "Lamp");
        office.on(&karimi, case, CaseAct::Claim).unwrap();
        let to = ReplyAddress { addressee: person, channel: Channel::Sms };
        let reply = CaseAct::Reply { to, template: None, text: "It burns.".to_owned() };
        office.on(&karimi, case, reply).unwrap();
        let desk: &dyn Desk = &karimi;
        shown.push((case, desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case.version));
    }
    let feed = karimi.watch();
    assert_eq!(office.desk.deliver(&Choosy(PersonId(1))).unwrap(), 2);
    assert_eq!(
        office.desk.deliver(&Choosy(PersonId(1))).unwrap(),
        0,
        "what failed waits for a person"
    );
    assert!(
        matches!(feed.next(), Some(Change::Changed(ids)) if ids.contains(&EntityId::Case(shown[0].0)))
    );
    let (case, version) = shown[1];
    let act = close(OutcomeCode::Granted);
    let done: Receipt =
        office.act(&karimi, Command::Case { case, version: Some(version), act }).unwrap();
    assert_eq!(done.label, "Closed C-2: done, granted.");
}

#[test]
fn more_held_cases_than_one_command_returns_come_back_the_same_day() {
    let office = Office::new();
    let karimi = office.karimi();
    let at = office.clock.now();
    let until = Day::from_parts(2026, 8, 24).unwrap();
    let hold = CaseAct::Hold { reason: HoldReason::Citizen, until, words: String::new() };
    let mut acts = Vec::new();
    for number in 1..=230 {
        let intake = Office::intake(None, Nature::Report, "HOU-1", "Lamp", at);
        let case = |act| Command::Case { case: CaseId(number), version: None, act };
        acts.extend([Command::RegisterCase(intake), case(CaseAct::Claim), case(hold.clone())]);
    }
    let acts = acts.into_iter().map(|command| Act { actor: KARIMI, at, command }).collect();
    assert!(office.desk.execute_all(acts).unwrap().iter().all(Result::is_ok));
    office.pass_minutes(4 * 24 * 60);
    office.desk.return_held().unwrap();
    let desk: &dyn Desk = &karimi;
    let waiting = View { kind: ViewKind::Waiting, unit: UnitId(1) };
    let board = desk.ask(casedesk::desk::AskBoard { unit: UnitId(1) }).unwrap();
    assert!(board.views.contains(&(waiting, 0)), "{:?}", board.views);
}

#[test]
fn a_changed_calendar_is_a_new_version_and_hours_that_are_none_are_refused() {
    let office = Office::new();
    let karimi = office.karimi();
    let set = |week, closed| Command::SetOffice {
        name: "Town".to_owned(),
        calendar: OfficeHours { week, closed, ..OfficeHours::weekdays("Europe/Oslo") },
        currency: "NOK".to_owned(),
        is_made: false,
    };
    let version = || {
        let desk: &dyn Desk = &karimi;
        desk.ask(AskOffice {}).unwrap().office.calendar.version
    };
    let week = OfficeHours::weekdays("Europe/Oslo").week;
    office.act(&karimi, set(week, Vec::new())).unwrap();
    assert_eq!(version(), 1);
    office.act(&karimi, set([Some((9, 17)); 7], Vec::new())).unwrap();
    assert_eq!(version(), 2);
    let days = [24, 23].map(|day| Day::from_parts(2026, 12, day).unwrap());
    assert_eq!(refusal(office.act(&karimi, set(week, days.to_vec()))), "office.calendar");
    assert_eq!(
        refusal(office.act(&karimi, set([Some((16, 8)); 7], Vec::new()))),
        "office.calendar"
    );
}
