//! Rules that hold whatever is done: random acts by several people, and what has to be true after each.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, Checks, Command, Desk, DeskError, View, ViewKind};
use casedesk::domain::cases::{
    CaseAct, EscalationLevel, EscalationReason, GiveTo, HoldReason, Nature, OutcomeCode,
    RejectionReason, ScreeningOutcome,
};
use casedesk::domain::office::Role;
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, UnitId};
use casedesk::store::MemoryStore;

use crate::office::{Office, Seat};

/// Acts of one run.
const ACTS: u32 = 600;

/// Chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

fn act(chance: &mut Chance, cases: u64) -> CaseAct {
    let words = chance.pick(&["", "a word", "several words of a longer kind"]).to_owned();
    match chance.below(16) {
        0 => CaseAct::Claim,
        1 => CaseAct::Release,
        2 => CaseAct::Give { to: GiveTo::Caseworker(CaseworkerId(chance.below(5))), words },
        3 => CaseAct::Give { to: GiveTo::Unit(UnitId(1)), words },
        4 => CaseAct::Note { text: words },
        5 => CaseAct::Hold {
            reason: chance.pick(HoldReason::ALL),
            until: Day::from_parts(2026, 8, 20)
                .unwrap()
                .plus_days(i32::try_from(chance.below(20)).unwrap()),
            words,
        },
        6 => CaseAct::Resume,
        7 => CaseAct::Escalate {
            level: chance.pick(EscalationLevel::ALL),
            reason: chance.pick(EscalationReason::ALL),
            ask: words,
        },
        8 => CaseAct::AnswerEscalation { answer: words },
        9 => CaseAct::WithdrawEscalation,
        10 => CaseAct::SetTask {
            index: u32::try_from(chance.below(3)).unwrap(),
            is_done: chance.below(3) > 0,
        },
        11 | 12 => CaseAct::Close {
            outcome: chance.pick(&[
                None,
                Some(OutcomeCode::Granted),
                Some(OutcomeCode::Refused),
                Some(OutcomeCode::Answered),
            ]),
            reasons: words,
            not_notified: None,
        },
        13 => CaseAct::Reopen { reason: words },
        14 => CaseAct::SetNature { nature: chance.pick(Nature::ALL), reason: words },
        _ => CaseAct::Screen(match chance.below(4) {
            0 => ScreeningOutcome::Accept,
            1 => ScreeningOutcome::NeedInfo { ask: words },
            2 => ScreeningOutcome::DuplicateOf(CaseId(1 + chance.below(cases))),
            _ => ScreeningOutcome::Reject { reason: chance.pick(RejectionReason::ALL), words },
        }),
    }
}

/// The hard rules that a single case shows.
fn check(desk: &dyn Desk, case: CaseId) {
    let case = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert_eq!(
        case.queue.is_some(),
        case.is_open(),
        "an open case is in one queue, and no other is: {case:?}"
    );
    assert_eq!(case.outcome.is_none(), case.is_open(), "a case ends with an outcome: {case:?}");
    assert_eq!(case.closed_at.is_none(), case.is_open(), "end data are derived: {case:?}");
    assert!(
        case.is_open()
            || case.owner.is_none() && case.hold.is_none() && case.open_escalation().is_none(),
        "{case:?}"
    );
    assert!(
        case.is_open() || case.clocks.iter().all(|clock| clock.ended.is_some()),
        "no clock runs on: {case:?}"
    );
    if let Some(outcome) = &case.outcome {
        assert!(
            !outcome.code.is_refusal() || !outcome.reasons.is_empty(),
            "a refusal has reasons: {case:?}"
        );
    }
    let open = case.escalations.iter().filter(|escalation| escalation.is_open()).count();
    assert!(open <= 1, "one escalation waits at a time: {case:?}");
}

#[test]
fn the_hard_rules_hold_whatever_is_done_and_in_whatever_order() {
    let office = Office::over(Arc::new(MemoryStore::new()));
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let people: Vec<Seat> = vec![
        office.karimi(),
        office.enrol("moe", "T. Moe", &[Role::Caseworker]),
        office.enrol("berg", "S. Berg", &[Role::Caseworker, Role::Screener]),
        office.enrol("lunde", "A. Lunde", &[Role::Clerk]),
    ];
    let (mut cases, mut done, mut refused) = (0_u64, 0_u32, 0_u32);
    for _ in 0..ACTS {
        office.pass_minutes(i64::try_from(chance.below(90)).unwrap());
        let who = &people[usize::try_from(chance.below(people.len() as u64)).unwrap()];
        let command = match chance.below(8) {
            0 => Command::RegisterCase(Office::intake(
                None,
                chance.pick(Nature::ALL),
                "HOU-1",
                "something",
                casedesk::desk::Clock::now(office.clock.as_ref()),
            )),
            1 => Command::ClaimNext(View { kind: chance.pick(&ViewKind::BOARD), unit: UnitId(1) }),
            2 => Command::Undo,
            _ if cases == 0 => continue,
            _ => Command::Case {
                case: CaseId(1 + chance.below(cases)),
                version: None,
                act: act(&mut chance, cases),
            },
        };
        let is_new = matches!(command, Command::RegisterCase(_));
        match office.act(who, command) {
            Ok(_) => {
                done += 1;
                cases += u64::from(is_new);
            }
            Err(DeskError::Refused(refusal)) => {
                refused += 1;
                assert!(!refusal.what.is_empty(), "{refusal:?}");
            }
            Err(DeskError::Changed { .. } | DeskError::NotFound(_)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
        for case in 1..=cases {
            check(&people[0], CaseId(case));
        }
    }
    assert!(
        done > ACTS / 4 && refused > ACTS / 10,
        "{done} done and {refused} refused say too little"
    );
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
}
