//! A case under a published type, told on a desk and over the socket.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, CaseFileAnswer, Checks, Command, Desk, DeskError, Request};
use casedesk::domain::cases::{
    CaseAct, Channel, Nature, OutcomeCode, ReplyAddress, Stage, TaskState, TypeVersion,
};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::{CaseId, PersonId};

use crate::harness::TestScreen;
use crate::link_remote::Listening;
use crate::office::Office;

/// A complaint about noise: checked, then decided and told.
fn text(version: u32) -> String {
    format!(
        r#"format = 1
code = "noise"
version = {version}
name = {{ en = "Noise", nb = "Støy" }}
confidentiality = "case"
purpose = "casework"
legal_basis = "Public Order Act, section 4"
retention = {{ class = "2.7", years = 5 }}
guard = {{ natures = ["complaint"] }}

[[stage]]
code = "check"
name = "Check"
exits = [{{ to = "decide", on = ["tasks"] }}]

[[stage]]
code = "decide"
name = "Decision"
exits = [{{ to = "end", on = ["decided", "notified"] }}]

[[task]]
code = "measure"
stage = "check"
name = "measure it"
required = true
satisfied_by = "decibels"

[[field]]
code = "decibels"
name = "Decibels"
kind = "number"
max = 200

[[field]]
code = "heard-on"
name = "Heard on"
kind = "date"
required_in = "check"

[[field]]
code = "neighbour"
name = "Neighbour"
kind = "telephone"
personal = true

[[outcome]]
code = "fined"
name = "Warned and fined"
kind = "granted"
from_stage = "decide"

[[outcome]]
code = "quiet"
name = "Nothing found"
kind = "refused"
from_stage = "decide"
appeal = "Within six weeks, to the court."

[[clock]]
kind = "decide"
term = "10 working days"
start = "received"
stop = "decided"
ground = "Public Order Act, section 9"
"#
    )
}

pub(crate) fn publish(office: &Office, version: u32) {
    let karimi = office.karimi();
    let (kind, code) = (PublicationKind::Type, "noise".to_owned());
    let propose =
        Command::ProposeRules { kind, code: code.clone(), text: text(version), from: None };
    office.act(&karimi, propose).unwrap();
    let name = PublicationName { kind, code, version };
    office.act(&karimi, Command::PublishRules { name }).unwrap();
}

fn file(desk: &dyn Desk, case: CaseId) -> CaseFileAnswer {
    desk.ask(AskCaseFile { case, entries: 100 }).unwrap()
}

fn stage(desk: &dyn Desk, case: CaseId) -> String {
    file(desk, case).plan.stage.english().to_owned()
}

fn fields(filled: &[(&str, &str)]) -> CaseAct {
    let filled = filled.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned()));
    CaseAct::SetFields { fields: filled.collect() }
}

fn reply(person: PersonId) -> CaseAct {
    CaseAct::Reply {
        to: ReplyAddress { addressee: person, channel: Channel::Letter },
        template: None,
        text: "It was measured, and it was too loud.".to_owned(),
    }
}

fn fined() -> CaseAct {
    CaseAct::Decide {
        outcome: "fined".to_owned(),
        reasons: String::new(),
        ground: "s. 4".to_owned(),
    }
}

/// From the claim to the closing; `execute` is one act, `desk` answers.
fn work(
    desk: &dyn Desk,
    case: CaseId,
    person: PersonId,
    act: &dyn Fn(CaseAct) -> Result<(), DeskError>,
) {
    assert_eq!(stage(desk, case), "Check");
    act(CaseAct::Claim).unwrap();
    let refused = act(fields(&[("decibels", "loud"), ("heard-on", "yesterday")])).unwrap_err();
    assert!(
        refused.to_string().contains("Decibels takes") && refused.to_string().contains("Heard on")
    );
    act(fields(&[("decibels", "88"), ("heard-on", "20.8.2026"), ("neighbour", "+47 912 34 567")]))
        .unwrap();
    assert_eq!(stage(desk, case), "Decision");
    let seen = file(desk, case);
    assert_eq!(seen.case.tasks[0].state, TaskState::Done, "the field satisfies the step");
    let neighbour = seen.plan.fields.iter().find(|line| line.rule.code == "neighbour").unwrap();
    assert!(neighbour.value.contains("***") && !neighbour.value.contains("91234"));
    assert!(!seen.timeline.iter().any(|entry| entry.words.contains("91234")), "masked there, too");
    let by_rule = seen.timeline.iter().find(|entry| entry.kind == "stage").unwrap();
    assert_eq!(by_rule.who, "system");
    act(fined()).unwrap();
    assert_eq!(file(desk, case).case.stage, Stage::Decided);
    act(reply(person)).unwrap();
    assert_eq!(file(desk, case).case.stage, Stage::Notified);
    let close = CaseAct::CloseAs {
        outcome: "fined".to_owned(),
        reasons: String::new(),
        not_notified: None,
    };
    act(close).unwrap();
    let closed = file(desk, case);
    assert_eq!(closed.case.outcome.unwrap().code, OutcomeCode::Granted);
    assert!(closed.timeline.iter().any(|entry| entry.words.contains("Warned and fined")));
    let sequences: Vec<u64> = closed.timeline.iter().map(|entry| entry.sequence).collect();
    assert!(sequences.is_sorted_by(|one, other| one > other), "newest first, case and plan");
}

#[test]
fn a_case_is_worked_under_its_type_on_the_desk() {
    let office = Office::new();
    publish(&office, 1);
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "The bar below is loud.");
    let karimi = office.karimi();
    work(&karimi, case, person, &|act| office.on(&karimi, case, act).map(drop));
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.is_sound(), "{found:?}");
}

#[test]
fn a_case_is_worked_under_its_type_over_the_socket() {
    let listening = Listening::new();
    let office = &listening.office;
    publish(office, 1);
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "The bar below is loud.");
    let far = listening.remote();
    let far: &dyn Desk = &far;
    work(far, case, person, &|act| {
        let Request { id, command } = office.request(Command::Case { case, version: None, act });
        far.execute(Request { id, command }).map(drop)
    });
}

#[test]
fn a_running_case_keeps_its_version_and_a_new_one_gets_the_newest() {
    let office = Office::new();
    let before = office.case(None, Nature::Complaint, "Before anything was published.");
    publish(&office, 1);
    let first = office.case(None, Nature::Complaint, "The bar below is loud.");
    publish(&office, 2);
    let second = office.case(None, Nature::Complaint, "And the one above.");
    let karimi = office.karimi();
    office.on(&karimi, first, CaseAct::Claim).unwrap();
    let version = |case| file(&karimi, case).case.case_type;
    let noise = |version| TypeVersion { code: "noise".to_owned(), version };
    assert_eq!(version(before).code, "general");
    assert_eq!((version(first), version(second)), (noise(1), noise(2)));
    let reason = "it is no complaint".to_owned();
    let nature = CaseAct::SetNature { nature: Nature::Request, reason };
    office.on(&karimi, first, nature).unwrap();
    let now = file(&karimi, first);
    assert_eq!((now.case.case_type.code.as_str(), now.plan.stage.english()), ("general", ""));
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
}

#[test]
fn undo_takes_case_and_plan_back_together_but_not_a_signed_decision() {
    let office = Office::new();
    publish(&office, 1);
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "The bar below is loud.");
    let karimi = office.karimi();
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    office.on(&karimi, case, fields(&[("decibels", "88"), ("heard-on", "2026-08-20")])).unwrap();
    assert_eq!(stage(&karimi, case), "Decision");
    office.act(&karimi, Command::Undo).unwrap();
    let back = file(&karimi, case);
    assert_eq!(back.plan.stage.english(), "Check");
    assert!(back.plan.fields.iter().all(|line| line.value.is_empty()));
    assert_eq!(back.case.tasks[0].state, TaskState::Open);
    office.on(&karimi, case, fields(&[("decibels", "88"), ("heard-on", "2026-08-20")])).unwrap();
    office.on(&karimi, case, fined()).unwrap();
    assert!(office.act(&karimi, Command::Undo).is_err(), "what is signed is not taken back");
    assert_eq!(file(&karimi, case).case.stage, Stage::Decided);
    office.act(&karimi, Command::SetRecallTime { minutes: Some(2) }).unwrap();
    office.on(&karimi, case, reply(person)).unwrap();
    assert_eq!(file(&karimi, case).case.stage, Stage::Notified);
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(file(&karimi, case).case.stage, Stage::Decided, "the letter was recalled");
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().is_sound());
}

#[test]
fn the_form_the_checklist_and_the_decision_are_worked_at_the_keyboard() {
    let office = Office::new();
    publish(&office, 1);
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "The bar below is loud.");
    let karimi = office.karimi();
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("<enter>");
    assert!(screen.rows()[0].contains("Check"), "{}", screen.text());
    assert!(screen.text().contains("needs    measure it"), "{}", screen.text());
    screen.keys("s");
    assert!(screen.text().contains("goes on and closes once: measure it"), "{}", screen.text());
    screen.keys("<esc>i");
    assert!(screen.cursor_row().trim().is_empty(), "{}", screen.text());
    screen.keys("soon<f2>");
    assert!(screen.text().contains("it takes a day"), "{}", screen.text());
    assert_eq!(stage(&karimi, case), "Check", "nothing was kept");
    screen.keys("<ctrl-n>20.8.2026<up>88<f2>");
    assert_eq!(stage(&karimi, case), "Decision");
    screen.keys("d");
    assert!(screen.footer().contains("no undo"), "{}", screen.text());
    screen.keys("2");
    assert!(screen.text().contains("Within six weeks"), "{}", screen.text());
    screen.keys("It was quiet<enter>");
    let decided = file(&karimi, case);
    assert_eq!(decided.plan.decision.unwrap().outcome, "quiet");
    assert!(screen.text().contains("Nothing found"), "{}", screen.text());
    screen.keys("u");
    assert_eq!(file(&karimi, case).case.stage, Stage::Decided);
}
