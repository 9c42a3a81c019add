//! Commands and questions that no client of ours would send.

use casedesk::codec::{from_bytes, to_bytes};
use casedesk::desk::{Checks, Command, Desk, DeskError, Query};
use casedesk::domain::cases::{
    CaseAct, Channel, EscalationLevel, EscalationReason, HoldReason, Nature, ReplyAddress,
};
use casedesk::domain::office::{Purpose, Role};
use casedesk::domain::people::{FamilyRole, NewHousehold};
use casedesk::domain::time::{Day, OfficeHours};
use casedesk::domain::{AuditReading, CaseId, EntityId, PersonId};

use casedesk::desk::{
    Anchor, Ask, AskBoard, AskCaseFile, AskCases, AskFind, AskPersonFile, AskWhy, Clock, Narrowing,
    View, ViewKind,
};
use casedesk::domain::UnitId;

use crate::office::Office;

const BYTES_MAX: usize = 256 * 1024;
const ROUNDS: usize = 6_000;

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }

    /// The bytes with one to three of them changed.
    fn bend(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bent = bytes.to_vec();
        for _ in 0..=self.roll(3) {
            let at = self.roll(bent.len());
            let odd = [0, 1, 0xff, 0xfb, 0xfc, 0xfd, 2, 0x7f];
            bent[at] = if self.roll(2) == 0 {
                odd[self.roll(8)]
            } else {
                u8::try_from(self.roll(256)).unwrap()
            };
        }
        bent
    }
}

fn commands(office: &Office, person: PersonId, case: CaseId) -> Vec<Command> {
    let until = Day::from_parts(2026, 8, 28).unwrap();
    let act = |act| Command::Case { case, version: None, act };
    let purpose = || Purpose("casework".to_owned());
    let to = ReplyAddress { addressee: person, channel: Channel::Sms };
    let intake = Office::intake(Some(person), Nature::Request, "HOU-1", "Ramp", office.clock.now());
    vec![
        Command::RegisterCase(intake),
        Command::OpenCase { case, purpose: purpose() },
        Command::RevealPerson { person, purpose: purpose() },
        Command::FormHousehold(NewHousehold { members: vec![(person, FamilyRole::Head)] }),
        Command::ClaimNext(View { kind: ViewKind::Inbox, unit: UnitId(1) }),
        act(CaseAct::Claim),
        act(CaseAct::Hold { reason: HoldReason::Citizen, until, words: "w".to_owned() }),
        act(CaseAct::Resume),
        act(CaseAct::SetNature { nature: Nature::Report, reason: "r".to_owned() }),
        act(CaseAct::Escalate {
            level: EscalationLevel::Supervisor,
            reason: EscalationReason::OverLimit,
            ask: "a".to_owned(),
        }),
        act(CaseAct::Reply { to, template: None, text: "t".to_owned() }),
        act(CaseAct::SetTask { index: 0, is_done: true }),
        Command::ReadAudit {
            reading: AuditReading { about: Some(EntityId::Case(case)), by: None, is_export: false },
            purpose: purpose(),
        },
        Command::Undo,
        Command::SetOffice {
            name: "Town".to_owned(),
            calendar: OfficeHours { version: 2, ..OfficeHours::weekdays("Europe/Oslo") },
            currency: "NOK".to_owned(),
            is_made: false,
        },
    ]
}

fn queries(person: PersonId, case: CaseId) -> Vec<Query> {
    let view = View { kind: ViewKind::Inbox, unit: UnitId(1) };
    vec![
        AskBoard { unit: UnitId(1) }.into_query(),
        AskCases {
            view,
            anchor: Anchor::Case(case),
            before: 9,
            after: 9,
            narrowing: Narrowing::default(),
        }
        .into_query(),
        AskCaseFile { case, entries: 9 }.into_query(),
        AskPersonFile { person }.into_query(),
        AskFind { text: "sara 86".to_owned(), limit: 9 }.into_query(),
        AskWhy { case }.into_query(),
    ]
}

#[test]
fn bent_commands_and_questions_are_answered_without_a_panic_and_leave_the_office_sound() {
    let office = Office::new();
    let karimi = office.karimi();
    office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (commands, queries) = (commands(&office, sara, case), queries(sara, case));
    let mut done = 0;
    for round in 0..ROUNDS {
        let bytes = to_bytes(&commands[round % commands.len()], BYTES_MAX).unwrap();
        // Every fifth is sound, so that the cases have come somewhere when the next bent one meets them.
        let bytes = if round % 5 == 0 { bytes } else { dice.bend(&bytes) };
        if let Ok(command) = from_bytes::<Command>(&bytes, BYTES_MAX) {
            let result = office.act(&karimi, command.clone());
            done += usize::from(result.is_ok());
            assert!(!matches!(result, Err(DeskError::Broken(_))), "{command:?}: {result:?}");
        }
        let bytes = to_bytes(&queries[round % queries.len()], BYTES_MAX).unwrap();
        if let Ok(query) = from_bytes::<Query>(&dice.bend(&bytes), BYTES_MAX) {
            let answer = karimi.query(query.clone());
            assert!(!matches!(answer, Err(DeskError::Broken(_))), "{query:?}: {answer:?}");
        }
    }
    assert!(done > ROUNDS / 100, "{done} were done");
    assert_eq!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings, Vec::<String>::new());
}
