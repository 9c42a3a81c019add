//! A day at the desk, told by its commands and answers.

use casedesk::desk::{
    Anchor, AskBoard, AskCaseFile, AskCases, AskFind, AskPersonFile, Checks, Command, Desk,
    DeskError, Narrowing, Undoable, View, ViewKind,
};
use casedesk::domain::cases::{
    CaseAct, Channel, EscalationLevel, EscalationReason, EscalationState, HoldReason, Nature,
    OutcomeCode, RejectionReason, ReplyAddress, ScreeningOutcome, Stage,
};
use casedesk::domain::office::{Purpose, Role};
use casedesk::domain::people::{FamilyRole, NewHousehold};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, EntityId, UnitId};

use crate::office::Office;

fn view(kind: ViewKind) -> View {
    View { kind, unit: UnitId(1) }
}

fn counts(desk: &dyn Desk) -> Vec<u64> {
    desk.ask(AskBoard { unit: UnitId(1) })
        .unwrap()
        .views
        .into_iter()
        .map(|(_, count)| count)
        .collect()
}

fn listed(desk: &dyn Desk, kind: ViewKind) -> Vec<CaseId> {
    let question = AskCases {
        view: view(kind),
        anchor: Anchor::First,
        before: 0,
        after: 50,
        narrowing: Narrowing::default(),
    };
    desk.ask(question).unwrap().rows.into_iter().map(|row| row.id).collect()
}

fn refusal(result: Result<casedesk::desk::Receipt, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("not refused: {other:?}"),
    }
}

#[test]
fn a_case_goes_from_the_telephone_to_its_answer() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    assert_eq!(case, CaseId(1));
    assert_eq!(counts(desk), [0, 1, 0, 1, 0, 0, 0, 0, 0]);

    let receipt = office.act(&karimi, Command::ClaimNext(view(ViewKind::Inbox))).unwrap();
    assert_eq!(receipt.label, "Claimed C-1 from Inbox, 1 of 1 in its order.");
    assert_eq!(counts(desk), [1, 1, 0, 0, 0, 0, 0, 0, 0]);

    let close = |outcome| CaseAct::Close { outcome, reasons: String::new(), not_notified: None };
    assert_eq!(refusal(office.on(&karimi, case, close(None))), "closing.outcome");
    assert_eq!(
        refusal(office.on(&karimi, case, close(Some(OutcomeCode::Refused)))),
        "closing.reasons"
    );
    assert_eq!(
        refusal(office.on(&karimi, case, close(Some(OutcomeCode::Granted)))),
        "closing.task"
    );
    office.on(&karimi, case, CaseAct::SetTask { index: 1, is_done: true }).unwrap();
    assert_eq!(
        refusal(office.on(&karimi, case, close(Some(OutcomeCode::Granted)))),
        "closing.notified"
    );

    let reply = |channel| CaseAct::Reply {
        to: ReplyAddress { addressee: sara, channel },
        template: None,
        text: "It is on its way.".to_owned(),
    };
    assert_eq!(refusal(office.on(&karimi, case, reply(Channel::Email))), "reply.address");
    let receipt = office.on(&karimi, case, reply(Channel::Sms)).unwrap();
    assert!(matches!(receipt.undo, Undoable::No(_)), "a reply says that it cannot be undone");
    assert_eq!(listed(&karimi, ViewKind::Mail), [case], "the message is queued");
    office.on(&karimi, case, close(Some(OutcomeCode::Granted))).unwrap();
    assert_eq!(counts(desk), [0; 9]);

    let file = desk.ask(AskCaseFile { case, entries: 50 }).unwrap();
    assert_eq!(file.case.stage, Stage::Closed);
    assert!(file.case.clocks.iter().all(|clock| clock.ended.is_some()));
    let kinds: Vec<&str> = file.timeline.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["closed", "S out", "step", "claim", "T in", "intake"]);

    assert_eq!(
        refusal(office.on(&karimi, case, CaseAct::Reopen { reason: String::new() })),
        "text.empty"
    );
    office.on(&karimi, case, CaseAct::Reopen { reason: "it came back".to_owned() }).unwrap();
    let file = desk.ask(AskCaseFile { case, entries: 50 }).unwrap();
    assert_eq!(
        (file.case.outcome, file.case.closed_at, file.case.owner),
        (None, None, Some(casedesk::domain::CaseworkerId(1)))
    );
}

#[test]
fn an_escalation_goes_up_and_its_answer_comes_back() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Report, "Lift out of order");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let escalate = CaseAct::Escalate {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::OverLimit,
        ask: "May I order the lift?".to_owned(),
    };
    office.on(&moe, case, escalate.clone()).unwrap();
    assert_eq!(refusal(office.on(&moe, case, escalate)), "escalation.open");
    assert_eq!(listed(&karimi, ViewKind::Escalated), [case]);
    assert_eq!(listed(&moe, ViewKind::Escalated), [case]);
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().escalations_unseen, 1);
    let answer = CaseAct::AnswerEscalation { answer: "Yes, today.".to_owned() };
    assert_eq!(refusal(office.on(&moe, case, answer.clone())), "escalation.receiver");
    office.on(&karimi, case, CaseAct::AcknowledgeEscalation).unwrap();
    office.on(&karimi, case, answer).unwrap();
    let desk: &dyn Desk = &moe;
    let board = desk.ask(AskBoard { unit: UnitId(1) }).unwrap();
    assert_eq!(board.answers, [(case, "Yes, today.".to_owned())]);
    let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
    assert!(matches!(file.case.escalations[0].state, EscalationState::Answered { .. }));
    assert!(file.row.is_answered);
}

#[test]
fn a_hold_pauses_the_clocks_and_returns_by_itself() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let case = office.case(None, Nature::Request, "Ramp at the front door");
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let due = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case.due_at();
    let until = Day::from_parts(2026, 8, 26).unwrap();
    let hold =
        |until| CaseAct::Hold { reason: HoldReason::Citizen, until, words: "the lease".to_owned() };
    assert_eq!(
        refusal(office.on(&karimi, case, hold(Day::from_parts(2026, 8, 21).unwrap()))),
        "hold.until"
    );
    office.on(&karimi, case, hold(until)).unwrap();
    assert_eq!(listed(&karimi, ViewKind::Waiting), [case]);
    office.desk.return_held().unwrap();
    assert_eq!(listed(&karimi, ViewKind::Waiting), [case]);
    office.pass_minutes(5 * 24 * 60);
    office.desk.return_held().unwrap();
    assert!(listed(&karimi, ViewKind::Waiting).is_empty());
    let now = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert_eq!(now.hold, None);
    assert_eq!(now.due_at().minutes_since(due), 5 * 24 * 60, "three working days, over a weekend");
}

#[test]
fn an_act_is_undone_unless_somebody_has_changed_the_case_since() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Report, "Lamp broken");
    let before = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let receipt = office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(receipt.label, "Undone: Claimed C-1.");
    let mut after = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    after.version = before.version;
    assert_eq!(after, before);

    office.on(&karimi, case, CaseAct::Claim).unwrap();
    office.on(&moe, case, CaseAct::Note { text: "seen it too".to_owned() }).unwrap();
    match office.act(&karimi, Command::Undo) {
        Err(DeskError::Changed { entity, by, .. }) => {
            assert_eq!((entity, by.as_str()), (EntityId::Case(case), "Moe"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn undoing_a_registration_leaves_its_number_with_an_outcome() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let case = office.case(None, Nature::Report, "Lamp broken");
    office.act(&karimi, Command::Undo).unwrap();
    let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
    assert_eq!(file.case.stage, Stage::Annulled);
    assert_eq!(file.case.outcome.unwrap().code, OutcomeCode::RegisteredInError);
    assert_eq!(counts(desk), [0; 9]);
    assert_eq!(
        office.case(None, Nature::Report, "Another"),
        CaseId(2),
        "numbers go on without a gap"
    );
}

#[test]
fn a_person_is_found_as_heard_and_shown_masked_until_revealed() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Gareth", "Whitlock", "1971-05-06", "+447700900123");
    for text in ["sara mohamedi 86", "mohmdi s", "1986 mohammadi", "4411", "P-1"] {
        let found = desk.ask(AskFind { text: text.to_owned(), limit: 8 }).unwrap();
        assert_eq!(found.hits.first().and_then(|hit| hit.person), Some(sara), "{text}");
    }
    let file = desk.ask(AskPersonFile { person: sara }).unwrap();
    assert_eq!(file.contact_points[0].value, "+98 ***4411");
    let reveal =
        |code: &str| Command::RevealPerson { person: sara, purpose: Purpose(code.to_owned()) };
    assert_eq!(refusal(office.act(&karimi, reveal("curiosity"))), "purpose.unknown");
    let receipt = office.act(&karimi, reveal("contact")).unwrap();
    assert_eq!(
        receipt.disclosed.unwrap().fields,
        [("telephone".to_owned(), "+989121234411".to_owned())]
    );
}

#[test]
fn a_command_asked_twice_is_done_once() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let intake = Office::intake(
        None,
        Nature::Report,
        "HOU-1",
        "Lamp",
        casedesk::desk::Clock::now(office.clock.as_ref()),
    );
    let request = office.request(Command::RegisterCase(intake));
    karimi.execute(request.clone()).unwrap();
    karimi.execute(request).unwrap();
    assert_eq!(listed(desk, ViewKind::Inbox).len(), 1);
}

#[test]
fn two_do_not_claim_one_case() {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Report, "Lamp");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    assert_eq!(refusal(office.on(&office.karimi(), case, CaseAct::Claim)), "claim.taken");
}

#[test]
fn a_day_at_the_desk_leaves_nothing_that_verify_objects_to() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let gareth = office.person("Gareth", "Whitlock", "1971-05-06", "+447700900123");
    let members = vec![(sara, FamilyRole::Head), (gareth, FamilyRole::Partner)];
    office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
    for (person, says) in [(Some(sara), "late"), (None, "lamp"), (Some(gareth), "damp")] {
        office.case(person, Nature::Complaint, says);
    }
    office.act(&karimi, Command::ClaimNext(view(ViewKind::Inbox))).unwrap();
    for number in 0..40 {
        let text = format!("note {number} {}", "long ".repeat(number * 5));
        office.on(&karimi, CaseId(1), CaseAct::Note { text }).unwrap();
    }
    office.act(&karimi, Command::Undo).unwrap();
    office.person("Nobody", "Wanted", "1990", "12345");
    office.act(&karimi, Command::Undo).unwrap();
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
    assert!(found.events > 60 && found.index_keys > 5, "{found:?}");
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskCaseFile { case: CaseId(1), entries: 99 }).unwrap().timeline_total, 44);
}

#[test]
fn a_case_that_screening_ends_says_that_nobody_has_been_told() {
    let office = Office::new();
    let karimi = office.karimi();
    let clerk = office.enrol("lunde", "A. Lunde", &[Role::Clerk]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let at = casedesk::desk::Clock::now(office.clock.as_ref());
    let intake = Office::intake(Some(sara), Nature::Complaint, "HOU-1", "an advertisement", at);
    office.act(&clerk, Command::RegisterCase(intake)).unwrap();
    let reject = CaseAct::Screen(ScreeningOutcome::Reject {
        reason: RejectionReason::Abuse,
        words: "an advertisement".to_owned(),
    });
    assert_eq!(refusal(office.on(&clerk, CaseId(1), reject.clone())), "permit.no-grant");
    office.on(&karimi, CaseId(1), reject).unwrap();
    let desk: &dyn Desk = &karimi;
    let case = desk.ask(AskCaseFile { case: CaseId(1), entries: 1 }).unwrap().case;
    assert_eq!(case.stage, Stage::Rejected);
    let outcome = case.outcome.unwrap();
    assert!(outcome.reasons.contains("abuse"), "{outcome:?}");
    assert_eq!(outcome.not_notified.as_deref(), Some("ended at screening, not told yet"));
}

#[test]
fn what_happened_to_a_case_is_found_however_often_it_was_opened() {
    let office = Office::new();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Complaint, "Damp walls");
    office.on(&karimi, case, CaseAct::Note { text: "Rang the landlord".to_owned() }).unwrap();
    let desk: &dyn Desk = &karimi;
    let timeline = |entries| desk.ask(AskCaseFile { case, entries }).unwrap().timeline;
    let before = timeline(9);
    for _ in 0..600 {
        let open = Command::OpenCase { case, purpose: Purpose::unasked() };
        office.act(&karimi, open).unwrap();
    }
    assert_eq!(timeline(9), before, "readings push nothing out");
    assert!(before.iter().any(|entry| entry.words == "Rang the landlord"), "{before:?}");
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
    assert!(found.events > 600, "each reading is an event: {found:?}");
}
