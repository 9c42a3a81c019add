//! Case types as text: published by a second person, and unchanged from then on.

use casedesk::desk::{Ask, AskRules, AskRulesText, Command, Desk, DeskError, Receipt};
use casedesk::domain::office::Role;
use casedesk::domain::rules::{PublicationKind, PublicationName, PublicationState};
use casedesk::domain::time::Day;

use crate::harness::program;
use crate::office::{Office, Seat};

fn ask<Q: Ask>(session: &Seat, question: Q) -> Q::Answer {
    let desk: &dyn Desk = session;
    desk.ask(question).unwrap()
}

fn named(version: u32) -> PublicationName {
    PublicationName { kind: PublicationKind::Type, code: "parking".to_owned(), version }
}

/// The smallest type that is sound.
fn text(version: u32) -> String {
    format!(
        r#"format = 1
code = "parking"
version = {version}
name = "Parking"
confidentiality = "internal"
purpose = "casework"
legal_basis = "Traffic Act 15"
retention = {{ class = "2.7", years = 5 }}

[[stage]]
code = "handle"
name = "Handling"
exits = [{{ to = "end", on = ["notified"] }}]

[[outcome]]
code = "done"
name = "done"
kind = "granted"
"#
    )
}

fn propose(
    office: &Office,
    session: &Seat,
    text: &str,
    from: Option<Day>,
) -> Result<Receipt, DeskError> {
    let (kind, code) = (PublicationKind::Type, "parking".to_owned());
    office.act(session, Command::ProposeRules { kind, code, text: text.to_owned(), from })
}

fn publish(office: &Office, session: &Seat, version: u32) -> Result<Receipt, DeskError> {
    office.act(session, Command::PublishRules { name: named(version) })
}

fn code(refused: Result<Receipt, DeskError>) -> String {
    match refused {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    }
}

#[test]
fn whoever_proposed_a_text_does_not_publish_it() {
    let office = Office::new();
    let berg = office.enrol("berg", "A. Berg", &[Role::Administrator]);
    let dahl = office.enrol("dahl", "I. Dahl", &[Role::Administrator]);
    propose(&office, &berg, &text(1), None).unwrap();
    assert_eq!(code(publish(&office, &berg, 1)), "rules.second-person");
    assert_eq!(code(publish(&office, &office.karimi(), 1)), "permit.no-grant");
    let lines = ask(&berg, AskRules { kind: None }).lines;
    assert_eq!(lines[0].state, PublicationState::Proposed);
    assert!(!lines[0].is_in_force, "what is proposed is in no force");
    publish(&office, &dahl, 1).unwrap();
    let lines = ask(&berg, AskRules { kind: Some(PublicationKind::Type) }).lines;
    assert_eq!(lines[0].published_by.as_deref(), Some("I. Dahl"));
    assert!(lines[0].is_in_force && lines[0].is_readable);
    assert_eq!(ask(&berg, AskRules { kind: Some(PublicationKind::Table) }).lines, []);
}

#[test]
fn an_office_of_one_publishes_and_the_trail_says_that_nobody_else_was_there() {
    let office = Office::new();
    let karimi = office.karimi();
    propose(&office, &karimi, &text(1), None).unwrap();
    let receipt = publish(&office, &karimi, 1).unwrap();
    assert!(receipt.label.contains("Nobody else was here"), "{}", receipt.label);
    // With a second manager, and still nobody whose task it is, the second one publishes.
    let dahl = office.enrol("dahl", "I. Dahl", &[Role::Manager]);
    propose(&office, &karimi, &text(2), None).unwrap();
    assert_eq!(code(publish(&office, &karimi, 2)), "rules.second-person");
    publish(&office, &dahl, 2).unwrap();
}

#[test]
fn a_published_version_never_changes() {
    let office = Office::new();
    let karimi = office.karimi();
    propose(&office, &karimi, &text(1), None).unwrap();
    let other = format!("{}# no longer as it was\n", text(1));
    propose(&office, &karimi, &other, None).unwrap();
    publish(&office, &karimi, 1).unwrap();
    let before = ask(&karimi, AskRulesText { name: named(1) });
    assert_eq!(before.text, other, "what is only proposed can be proposed again");
    assert_eq!(code(propose(&office, &karimi, &text(1), None)), "rules.published");
    assert_eq!(code(publish(&office, &karimi, 1)), "rules.published");
    let withdraw = Command::WithdrawRules { name: named(1) };
    assert_eq!(code(office.act(&karimi, withdraw)), "rules.published");
    let undo = office.act(&karimi, Command::Undo);
    assert_eq!(code(undo), "rules.published");
    assert_eq!(ask(&karimi, AskRulesText { name: named(1) }), before);
}

#[test]
fn versions_follow_one_another_and_begin_in_their_order() {
    let office = Office::new();
    let karimi = office.karimi();
    let today = Day::from_parts(2026, 8, 21).unwrap();
    propose(&office, &karimi, &text(2), Some(today.plus_days(10))).unwrap();
    publish(&office, &karimi, 2).unwrap();
    assert_eq!(code(propose(&office, &karimi, &text(1), None)), "rules.older");
    assert_eq!(code(propose(&office, &karimi, &text(3), Some(today))), "rules.earlier");
    propose(&office, &karimi, &text(3), Some(today.plus_days(20))).unwrap();
    publish(&office, &karimi, 3).unwrap();
    let in_force = || {
        let lines = ask(&karimi, AskRules { kind: None }).lines.into_iter();
        lines.filter(|line| line.is_in_force).map(|line| line.name.version).collect::<Vec<_>>()
    };
    assert_eq!(in_force(), [0; 0]);
    office.pass_minutes(12 * 24 * 60);
    assert_eq!(in_force(), [2]);
    office.pass_minutes(12 * 24 * 60);
    assert_eq!(in_force(), [3]);
}

#[test]
fn undoing_a_proposal_takes_it_back() {
    let office = Office::new();
    let karimi = office.karimi();
    propose(&office, &karimi, &text(1), None).unwrap();
    office.act(&karimi, Command::Undo).unwrap();
    let held = ask(&karimi, AskRulesText { name: named(1) });
    assert_eq!(held.state, PublicationState::Withdrawn);
    assert_eq!(code(publish(&office, &karimi, 1)), "rules.withdrawn");
    propose(&office, &karimi, &text(1), None).unwrap();
    publish(&office, &karimi, 1).unwrap();
}

/// The program in a directory of its own.
fn run(home: &std::path::Path, arguments: &[&str]) -> (String, String, i32) {
    let output = program()
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("CASEDESK_DATA", home.join("office"))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn from_the_command_line_a_type_is_checked_published_by_two_and_compared() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let file = |name: &str, text: &str| {
        std::fs::write(home.join(name), text).unwrap();
        home.join(name).display().to_string()
    };
    let bad = file("bad.toml", &text(1).replace("kind = ", "kin = "));
    let (said, _, code) = run(home, &["types", "check", &bad]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("bad.toml:18: outcome.done.kin: There is no such field."), "{said}");

    let moe = ["office", "enrol", "moe", "T. Moe", "--unit", "office", "--role", "manager"];
    assert_eq!(run(home, &moe).2, 0);
    let good = file("good.toml", &text(1));
    let (said, errors, code) = run(home, &["types", "publish", &good]);
    assert_eq!(code, 0, "{errors}");
    assert!(said.contains("is proposed") && said.contains("T. Moe can publish it"), "{said}");
    let (said, errors, code) = run(home, &["--as", "moe", "types", "publish", &good]);
    assert!(code == 0 && said.contains("is published, in force from"), "{said}{errors}");
    let (said, ..) = run(home, &["types", "publish", &good]);
    assert!(said.contains("is published already"), "{said}");
    let changed = file("good.toml", &text(1).replace("\"done\"", "\"finished\""));
    let (_, errors, code) = run(home, &["types", "publish", &changed]);
    assert!(code == 1 && errors.contains("a published version never changes"), "{errors}");

    let (said, _, code) = run(home, &["types", "diff", "parking@1", &changed]);
    assert_eq!(code, 1, "they differ: {said}");
    assert!(
        said.contains("added       outcome finished") && said.contains("taken away  outcome done"),
        "{said}"
    );
    let (said, ..) = run(home, &["types", "list", "--json"]);
    assert_eq!(said.lines().count(), 1);
    assert!(said.contains("\"code\":\"parking\"") && said.contains("\"in force\""), "{said}");
    let (said, ..) = run(home, &["types", "show", "permit@shipped", "--language", "fa"]);
    assert!(said.contains("مجوز یا معافیت"), "{said}");
    let shipped = run(home, &["types", "publish", "--shipped", "all"]);
    assert_eq!(shipped.2, 0, "{}", shipped.1);
    assert_eq!(shipped.0.lines().count(), casedesk::domain::rules::shipped_types().len());
}
