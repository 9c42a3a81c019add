//! Queues are fair by their structure: the next case is decided in the one order of commits, each claim says how its queue
//! stood, and whoever plays the trail back finds a claim that was not as it says.

use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, to_bytes};
use casedesk::desk::{
    AskCaseFile, Checks, Command, Desk, DeskError, Request, Session, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, CaseEvent, Nature, PassedOver, Turn};
use casedesk::domain::office::Role;
use casedesk::domain::time::Instant;
use casedesk::domain::{CaseId, CaseworkerId, EntityId, Event, QueueId, UnitId};
use casedesk::store::MemoryStore;

use crate::office::Office;

const INBOX: View = View { kind: ViewKind::Inbox, unit: UnitId(1) };

fn refusal(error: DeskError) -> (String, String) {
    match error {
        DeskError::Refused(refusal) => (refusal.code, refusal.what),
        other => unreachable!("not refused: {other:?}"),
    }
}

fn is_sound(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.is_sound(), "{:#?}", found.findings);
}

/// As many colleagues as are asked for, each with a desk of their own.
fn claimers(office: &Office, count: usize) -> Vec<Session> {
    (0..count)
        .map(|number| {
            office.enrol(&format!("c{number}"), &format!("C. Number{number}"), &[Role::Caseworker])
        })
        .collect()
}

/// Everybody does the same at once; what came of it, in the order of the commits, refusals last.
fn all_at_once(
    people: &[Session],
    command: &Command,
) -> Vec<Result<(u64, Option<EntityId>), DeskError>> {
    let begin = Arc::new(std::sync::Barrier::new(people.len()));
    let mut told: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (1_u128 << 64..)
            .zip(people)
            .map(|(id, session)| {
                let begin = Arc::clone(&begin);
                scope.spawn(move || {
                    begin.wait();
                    let request = Request { id, command: command.clone() };
                    let receipt = session.execute(request)?;
                    Ok((receipt.sequence, receipt.subject))
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    told.sort_by_key(|told| told.as_ref().map_or(u64::MAX, |(sequence, _)| *sequence));
    told
}

#[test]
fn of_many_who_want_the_next_case_each_gets_another_one_in_its_order() {
    for (people, cases) in [(24, 9), (9, 24), (12, 12), (2, 1)] {
        let office = Office::new();
        let everybody = claimers(&office, people);
        for number in 0..cases {
            office.case(None, Nature::Request, &format!("matter {number}"));
        }
        let told = all_at_once(&everybody, &Command::ClaimNext(INBOX));
        let won: Vec<EntityId> =
            told.iter().flatten().filter_map(|(_, subject)| subject.clone()).collect();
        let in_order: Vec<EntityId> =
            (1..=cases.min(people) as u64).map(|case| EntityId::Case(CaseId(case))).collect();
        assert_eq!(won, in_order, "{people} people, {cases} cases");
        for refused in told.into_iter().filter_map(Result::err) {
            assert_eq!(refusal(refused).0, "claim.none");
        }
        is_sound(&office);
    }
}

#[test]
fn a_named_case_has_one_winner_and_the_others_hear_who_has_it_and_since_when() {
    let office = Office::new();
    let everybody = claimers(&office, 12);
    let case = office.case(None, Nature::Request, "the only one");
    let version = Some(1);
    let told = all_at_once(&everybody, &Command::Case { case, version, act: CaseAct::Claim });
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let owner = desk.ask(AskCaseFile { case, entries: 5 }).unwrap();
    let owner = owner.case.owner.unwrap();
    let name = format!("Number{}", owner.0 - 2);
    for refused in told.into_iter().filter_map(Result::err) {
        let (code, what) = refusal(refused);
        assert_eq!(code, "claim.taken");
        assert_eq!(what, format!("{name} has {case} since 09:14."));
    }
    office.pass_minutes(24 * 60);
    let (_, what) = refusal(office.on(&office.karimi(), case, CaseAct::Claim).unwrap_err());
    assert_eq!(what, format!("{name} has {case} since Fri 21 Aug 09:14."));
}

#[test]
fn a_retry_of_a_claim_whose_answer_was_lost_is_the_same_claim() {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    office.case(None, Nature::Request, "one");
    office.case(None, Nature::Request, "two");
    let claim = Request { id: 77, command: Command::ClaimNext(INBOX) };
    let first = moe.execute(claim.clone()).unwrap();
    let again = moe.execute(claim).unwrap();
    assert_eq!((again.sequence, &again.subject), (first.sequence, &first.subject));
    let named = CaseAct::Claim;
    let named = Command::Case { case: CaseId(2), version: None, act: named };
    let named = Request { id: 78, command: named };
    let first = moe.execute(named.clone()).unwrap();
    assert_eq!(moe.execute(named).unwrap().sequence, first.sequence);
}

#[test]
fn the_sums_of_free_cases_are_those_of_the_records_whatever_is_done() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store);
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let cases: Vec<CaseId> =
        (0..4).map(|number| office.case(None, Nature::Report, &format!("{number}"))).collect();
    office.act(&moe, Command::ClaimNext(INBOX)).unwrap();
    office.on(&moe, cases[2], CaseAct::Claim).unwrap();
    office.act(&moe, Command::Undo).unwrap();
    office.on(&moe, cases[0], CaseAct::Release).unwrap();
    let claim = casedesk::domain::cases::EachAct::Acts(vec![CaseAct::Claim]);
    let all = cases.iter().map(|case| (*case, None)).collect();
    office.act(&moe, Command::ForEach { cases: all, act: claim }).unwrap();
    is_sound(&office);
}

#[test]
fn a_claim_is_the_bytes_that_timelines_hold() {
    let turn = Turn {
        queue: QueueId(2),
        due_at: Instant::from_milliseconds(1),
        size: 5,
        sum: [1; 16],
        rank: Some(3),
        passed: Some(vec![(PassedOver::Rights, 1), (PassedOver::Level, 1)]),
    };
    let event = CaseEvent::ClaimedInTurn { by: CaseworkerId(7), turn: Box::new(turn) };
    let bytes = to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    let sum = [1; 16];
    let wanted = [&[3, 47, 7, 2, 2, 5][..], &sum, &[1, 3, 1, 2, 0, 1, 1, 1]].concat();
    assert_eq!(bytes, wanted);
    let named = Turn::open(QueueId(2), Instant::default(), None);
    let event = CaseEvent::ClaimedInTurn { by: CaseworkerId(7), turn: Box::new(named) };
    let bytes = to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes, [&[3, 47, 7, 2, 0, 0][..], &[0; 16], &[0, 0]].concat());
    assert_eq!(to_bytes(&PassedOver::Conflict, 8).unwrap(), [2]);
}
