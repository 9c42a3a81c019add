//! A clock that jumps by ten years, either way: the order of what happened is the chain's, and no due date moves.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, Checks, Clock, Desk, Trail};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::time::Instant;

use crate::office::Office;
use crate::store_laws;

const TEN_YEARS_MINUTES: i64 = 10 * 365 * 24 * 60;

fn due(office: &Office, case: CaseId) -> Vec<Instant> {
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case, entries: 1 }).unwrap();
    file.case.clocks.iter().map(|clock| clock.due_at).collect()
}

#[test]
fn jumps_of_ten_years_lose_no_event_and_move_no_due_date() {
    let data = tempfile::tempdir().unwrap();
    let store = Arc::new(store_laws::open(data.path()));
    let office = Office::over(store.clone());
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let now = office.clock.now();
    let mut cases = vec![office.case(Some(sara), Nature::Complaint, "before the jumps")];
    let mut promised = vec![due(&office, cases[0])];
    let note = |case, text: &str| {
        office.on(&karimi, case, CaseAct::Note { text: text.to_owned() }).unwrap();
    };
    for (jump, says) in [(TEN_YEARS_MINUTES, "ahead"), (-2 * TEN_YEARS_MINUTES, "back")] {
        office.pass_minutes(jump);
        office.desk.return_held().unwrap();
        note(cases[0], says);
        let case = office.case(Some(sara), Nature::Complaint, says);
        cases.push(case);
        promised.push(due(&office, case));
        for (case, due_before) in cases.iter().zip(&promised) {
            assert_eq!(&due(&office, *case), due_before, "{case} after the jump {says}");
        }
    }
    office.pass_minutes(TEN_YEARS_MINUTES);
    assert_eq!(office.clock.now(), now);
    note(cases[0], "home");
    for (case, due_before) in cases.iter().zip(&promised) {
        assert_eq!(&due(&office, *case), due_before, "{case} at home again");
    }

    let events: Vec<_> = Trail::open(data.path()).unwrap().map(|event| event.unwrap()).collect();
    let sequences: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=events.len() as u64).collect::<Vec<_>>());
    assert!(!events.is_sorted_by_key(|event| event.at), "the clock did go back");
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case: cases[0], entries: 99 }).unwrap();
    let notes: Vec<&str> = file
        .timeline
        .iter()
        .filter(|entry| entry.kind == "note")
        .map(|entry| entry.text.as_str())
        .collect();
    assert_eq!(notes, ["home", "back", "ahead"], "the newest first, whatever the clock said");
    let trail = Some(Trail::open(data.path()).unwrap());
    let found = office.desk.verify(Checks { trail, ..Checks::deep() }, &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
}
