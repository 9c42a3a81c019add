//! Why a case is due, where it is and what it is: the same on the screen, at the desk and on the command line, and nothing of
//! a case that the actor may not see.

use casedesk::desk::{AskWhy, Command, Desk, View, ViewKind, WhySection, WhyTopic};
use casedesk::domain::cases::{CaseAct, HoldReason, Nature};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, UnitId};

use crate::office::{Office, Seat};

fn why(session: &Seat, case: CaseId) -> Vec<WhySection> {
    let desk: &dyn Desk = session;
    desk.ask(AskWhy { case }).unwrap().sections
}

fn said(sections: &[WhySection], topic: WhyTopic) -> String {
    let of_topic = sections.iter().filter(|section| section.topic == topic);
    of_topic.flat_map(|section| section.lines.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_clock_the_place_the_routing_and_the_type_are_explained() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let first = office.case(Some(sara), Nature::Request, "A ramp at the front door.");
    office.pass_minutes(60);
    let second = office.case(Some(sara), Nature::Request, "A rail in the bathroom.");
    let sections = why(&karimi, second);
    let due = said(&sections, WhyTopic::Due);
    assert!(due.contains("working days from 2026-08-21"), "{due}");
    assert!(due.contains("closed, weekend"), "{due}");
    assert!(due.contains("  = 5 d, due 2026-08-28 16:00"), "{due}");
    let queue = said(&sections, WhyTopic::Queue);
    assert!(queue.contains("Its place is 2 of 2 free cases"), "{queue}");
    assert!(queue.contains(&format!("before it: {first}, due 2026-")), "{queue}");
    let named: Vec<CaseId> = sections.iter().flat_map(|section| section.cases.clone()).collect();
    assert_eq!(named, [first]);
    assert!(said(&sections, WhyTopic::Routing).contains("No table routed it"));
    assert!(said(&sections, WhyTopic::Type).contains("general@1"));
    assert!(said(&sections, WhyTopic::Hold).is_empty());
}

#[test]
fn a_hold_says_who_until_when_and_which_clocks_stand_still() {
    let office = Office::new();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Request, "A ramp at the front door.");
    office
        .act(&karimi, Command::ClaimNext(View { kind: ViewKind::Free, unit: UnitId(1) }))
        .unwrap();
    let until = Day::from_parts(2026, 9, 1).unwrap();
    let (reason, words) = (HoldReason::Citizen, "the lease".to_owned());
    let hold = CaseAct::Hold { reason, until, words };
    office.act(&karimi, Command::Case { case, version: None, act: hold }).unwrap();
    let sections = why(&karimi, case);
    let waits = said(&sections, WhyTopic::Hold);
    assert!(waits.contains("the lease; it comes back by itself on 2026-09-01"), "{waits}");
    assert!(waits.contains("These clocks stand still: "), "{waits}");
    assert!(said(&sections, WhyTopic::Due).contains("It stands still now."));
    assert!(said(&sections, WhyTopic::Queue).contains("1 of 1 cases that wait"));
}
