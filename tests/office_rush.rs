//! Many at once at one desk: each case has one winner, and whoever comes too late hears who has it.

use std::collections::BTreeSet;
use std::process::Command as Process;
use std::sync::Barrier;

use casedesk::desk::{
    AskCaseFile, AskCaseHeader, Command, Desk, DeskError, RowResult, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, EachAct, Nature, Stage};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use casedesk::domain::{CaseId, EntityId, UnitId};

use crate::harness::{PROGRAM, program};
use crate::office::{Office, Seat};

const HOUSING: UnitId = UnitId(1);

/// Colleagues who all work the same queue.
fn colleagues(office: &Office) -> Vec<Seat> {
    let names =
        [("ada", "Ada"), ("bo", "Bo"), ("cy", "Cy"), ("dee", "Dee"), ("eva", "Eva"), ("fi", "Fi")];
    names.map(|(account, name)| office.enrol(account, name, &[Role::Caseworker])).into()
}

#[test]
fn who_races_for_one_named_case_gets_it_alone_and_the_others_hear_who_has_it() {
    let office = Office::new();
    let seats = colleagues(&office);
    for _ in 0..6 {
        let case = office.case(None, Nature::Report, "Lamp");
        let start = Barrier::new(seats.len());
        let claim = |seat: &Seat| {
            start.wait();
            office.on(seat, case, CaseAct::Claim)
        };
        let answers: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = seats.iter().map(|seat| scope.spawn(|| claim(seat))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        let desk: &dyn Desk = &seats[0];
        let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
        let (_, winner) = file.row.owner.unwrap();
        for error in answers.into_iter().filter_map(Result::err) {
            let DeskError::Refused(refusal) = error else { unreachable!("{error:?}") };
            assert!(refusal.what.starts_with(&format!("{winner} has {case} since")), "{refusal}");
        }
    }
}

#[test]
fn who_races_for_what_is_next_gets_a_case_of_their_own_until_none_is_left() {
    let office = Office::new();
    let seats = colleagues(&office);
    let cases: BTreeSet<CaseId> =
        (0..20).map(|_| office.case(None, Nature::Report, "Lamp")).collect();
    let next = Command::ClaimNext(View { kind: ViewKind::Inbox, unit: HOUSING });
    let claim_all = |seat: &Seat| {
        let mut claimed = Vec::new();
        loop {
            match office.act(seat, next.clone()) {
                Ok(receipt) => match receipt.subject {
                    Some(EntityId::Case(case)) => claimed.push(case),
                    other => unreachable!("a receipt about {other:?}"),
                },
                Err(DeskError::Refused(refusal)) if refusal.code == "claim.none" => return claimed,
                Err(error) => unreachable!("{error:?}"),
            }
        }
    };
    let claimed: Vec<CaseId> = std::thread::scope(|scope| {
        let racers: Vec<_> = seats.iter().map(|seat| scope.spawn(|| claim_all(seat))).collect();
        racers.into_iter().flat_map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(claimed.len(), cases.len(), "nobody got a case twice");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), cases);
}

#[test]
fn who_races_for_many_at_once_gets_each_alone_or_hears_who_has_it() {
    let office = Office::new();
    let seats = colleagues(&office);
    let cases: Vec<CaseId> = (0..24).map(|_| office.case(None, Nature::Report, "Lamp")).collect();
    let act = EachAct::Acts(vec![CaseAct::Claim]);
    let wanted = cases.iter().map(|case| (*case, None)).collect();
    let claim = Command::ForEach { cases: wanted, act };
    let start = Barrier::new(seats.len());
    let claim = |seat: &Seat| {
        start.wait();
        office.act(seat, claim.clone()).unwrap().rows
    };
    let rows: Vec<RowResult> = std::thread::scope(|scope| {
        let racers: Vec<_> = seats.iter().map(|seat| scope.spawn(|| claim(seat))).collect();
        racers.into_iter().flat_map(|racer| racer.join().unwrap()).collect()
    });
    let mut claimed: Vec<EntityId> = Vec::new();
    for row in rows {
        match row {
            RowResult::Updated(case) => claimed.push(case),
            RowResult::Refused(case, refusal) => {
                assert!(refusal.what.contains(&format!(" has {case} since")), "{refusal}");
            }
            other @ (RowResult::Created(_)
            | RowResult::Unchanged(_)
            | RowResult::Conflict(_)
            | RowResult::Rejected(_)) => unreachable!("{other:?}"),
        }
    }
    claimed.sort();
    assert_eq!(claimed, cases.into_iter().map(EntityId::Case).collect::<Vec<_>>());
}

#[test]
fn a_header_says_where_a_case_is_and_follows_it_and_tells_nobody_of_a_case_they_may_not_see() {
    let office = Office::new();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Complaint, "Damp");
    let desk: &dyn Desk = &karimi;
    let before = desk.ask(AskCaseHeader { case }).unwrap();
    assert_eq!((before.case, before.unit, before.owner), (case, HOUSING, None));
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let after = desk.ask(AskCaseHeader { case }).unwrap();
    assert!(after.version > before.version);
    let file = desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert_eq!((after.owner, after.stage), (file.owner, file.stage));
    assert_eq!(
        (after.due.map(|(_, at)| at), after.nature),
        (Some(file.due_at()), Nature::Complaint)
    );
    assert_ne!(after.stage, Stage::Closed);
    let grant = Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max: Confidentiality::Public,
        expires: None,
    };
    let low = NewCaseworker {
        account: "low".to_owned(),
        name: "L. Low".to_owned(),
        unit: HOUSING,
        grants: vec![grant],
    };
    office.act(&karimi, Command::Enrol(low)).unwrap();
    let low = office.sign_in("low").unwrap();
    let low: &dyn Desk = &low;
    let hidden = low.ask(AskCaseHeader { case }).unwrap_err().to_string();
    let missing = low.ask(AskCaseHeader { case: CaseId(99) }).unwrap_err().to_string();
    assert_eq!(hidden, missing.replace("C-99", &case.to_string()));
}

#[test]
fn an_office_is_measured_in_one_line_also_where_a_daemon_has_the_machine() {
    let configured = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(configured.path(), "mode = \"daemon\"\n").unwrap();
    let run = Process::new(PROGRAM)
        .arg("--config")
        .arg(configured.path())
        .args(["bench", "office", "--sessions", "6", "--rate", "5", "--seconds", "1"])
        .args(["--people", "60", "--cases", "120", "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["sessions"], &said["requests"]), (&6.into(), &30.into()), "{said}");
    assert_eq!(said["errors"], 0, "{said}");
    assert_eq!(said["mix"]["pages"]["percent"], 60, "{said}");
    assert!(said["daemon_mb"].is_number() && said["p99_ms"].is_number(), "{said}");
}

#[test]
fn what_a_session_takes_of_the_memory_is_counted_at_real_clients() {
    let run = program()
        .args(["bench", "office", "--memory", "--sessions", "2"])
        .args(["--people", "60", "--cases", "120", "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let figure = |name: &str| said[name].as_f64().unwrap();
    assert_eq!(said["sessions"], 2, "{said}");
    assert!(figure("client_mb") > figure("client_anonymous_mb"), "{said}");
    assert!(figure("session_mb") >= figure("client_mb"), "{said}");
}
