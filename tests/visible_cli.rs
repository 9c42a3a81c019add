//! What the commands that list and export print for each role: no number, no name and no word of what it may not see.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use casedesk::desk::{Command, Desk};
use casedesk::domain::office::{Confidentiality, Purpose, Role};
use casedesk::domain::people::{PersonChange, Relationship, RelationshipKind};
use casedesk::domain::{AuditReading, CaseId, EntityId, Event, PersonId};
use casedesk::link::{SignIn, serve};
use serde_json::Value;

use crate::conflicts::who;
use crate::harness::program;
use crate::office::Office;
use crate::store_laws;
use crate::visibility::{OPEN_TO_ALL, ROLES, account, office_over};

/// Commands that list, show or export, none of which names what is hidden.
const COMMANDS: &[&[&str]] = &[
    &["find", "mohammadi sara"],
    &["find", "verborgen"],
    &["find", "grant"],
    &["duplicates"],
    &["call", "+989121234411"],
    &["case", "show", "C-1"],
    &["case", "why", "C-1"],
    &["person", "show", "P-1"],
    &["contact", "list"],
    &["contact", "list", "--person", "P-1"],
    &["promise", "list", "--all"],
    &["promise", "rates"],
    &["queue", "list"],
    &["queue", "show", "housing/inbox"],
    &["queue", "frequencies", "housing/inbox", "--by", "subject"],
    &["office", "show"],
    &["office", "grants"],
    &["fairness"],
    &["reconcile"],
    &["audit", "show"],
    &["types", "list"],
    &["tables", "list"],
    &["templates", "list"],
    &["calendar", "list"],
];

fn printed(home: &Path, role: Role, arguments: &[&str]) -> String {
    let output = program()
        .args(["--as", &account(role), "--json"])
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("CASEDESK_DATA", home.join("office"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap()
}

/// Whether a text tells of a hidden case or of the hidden person.
fn tells(text: &str) -> bool {
    let is_hidden = |part: &str| {
        let digits = part.chars().take_while(char::is_ascii_digit).collect::<String>();
        digits.parse::<u64>().is_ok_and(|number| number > OPEN_TO_ALL)
    };
    text.split("C-").skip(1).any(is_hidden)
        || ["somebody of this office", "Zuleika", "P-3"].iter().any(|word| text.contains(word))
}

/// Follows the chain from line to line, and gives the lines of hidden events, which say nothing more.
fn is_followed(exported: &str) -> usize {
    let lines: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (one, next) in lines.iter().zip(lines.iter().skip(1)) {
        assert_eq!(next["previous"], one["hash"]);
        assert_eq!(next["sequence"].as_u64(), one["sequence"].as_u64().map(|place| place + 1));
    }
    let hidden = lines.iter().filter(|line| line["what"] == "hidden");
    hidden.inspect(|line| assert_eq!(line.as_object().unwrap().len(), 7, "{line}")).count()
}

/// The event of a line, if it says one.
#[derive(serde::Deserialize)]
struct Told {
    event: Option<Event>,
}

/// What the events of an export name by their numbers of cases and people, those that say nothing left out; with how many
/// say nothing although their record may be seen.
fn named(exported: &str) -> (Vec<String>, usize) {
    let (mut named, mut mute) = (Vec::new(), 0);
    for line in exported.lines() {
        // Numbers of 128 bits are no values of JSON, so that the event is read from the text.
        let told: Told = serde_json::from_str(line).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        if line["event"].is_null() {
            mute += usize::from(line["what"] != "hidden");
            assert!(line["payload"].is_null() && line["salt"].is_null(), "{line}");
            continue;
        }
        let words = format!("{:?}", told.event);
        let numbers = |of: &str, over: u64| {
            let parts = words.split(of).skip(1).filter_map(|part| part.split(')').next());
            parts.filter(|part| part.parse::<u64>().unwrap() > over).count()
        };
        if numbers("CaseId(", OPEN_TO_ALL) + numbers("PersonId(", 2) > 0 {
            named.push(words);
        }
    }
    (named, mute)
}

/// Has a person whom everybody sees name a hidden one as a relative, and somebody read the trail of hidden records.
fn name_hidden(office: &Office, hidden: PersonId) {
    let karimi = office.karimi();
    let relationship = Relationship {
        to: hidden,
        kind: RelationshipKind::Parent,
        from: None,
        until: None,
        source: "told".to_owned(),
    };
    let change = Command::ChangePerson {
        person: PersonId(2),
        version: None,
        change: PersonChange::Relationship(relationship),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&karimi, change).unwrap();
    let by = who(&karimi);
    let of_hidden = [EntityId::Case(CaseId(OPEN_TO_ALL + 1)), EntityId::Person(hidden)];
    for about in of_hidden {
        let reading = AuditReading { about: Some(about), by: Some(by), is_export: false };
        let purpose = Purpose(Purpose::AUDIT.to_owned());
        office.act(&karimi, Command::ReadAudit { reading, purpose }).unwrap();
    }
}

#[test]
fn no_command_prints_anything_of_what_its_role_may_not_see() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("office");
    let office: Office = office_over(Arc::new(store_laws::open(&data)), 9);
    let hidden = office.person("Zuleika", "Verborgen", "1986-03-02", "+989121234433");
    let change = PersonChange::Confidentiality(Confidentiality::Confidential);
    let (source, is_verified) = ("told".to_owned(), false);
    let change =
        Command::ChangePerson { person: hidden, version: None, change, source, is_verified };
    office.act(&office.karimi(), change).unwrap();
    name_hidden(&office, hidden);
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |named| {
        Ok(Arc::new(desk.sign_in(named.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(&data, sign_in).unwrap();
    let mut told = Vec::new();
    for role in ROLES {
        for arguments in COMMANDS {
            let text = printed(home.path(), role, arguments);
            assert!(!text.is_empty(), "{role:?} {arguments:?}");
            if tells(&text) {
                told.push(format!("{role:?} {arguments:?}: {text}"));
            }
        }
        let file = home.path().join(account(role));
        let path = file.display().to_string();
        printed(home.path(), role, &["audit", "export", "--to", &path]);
        let exported = fs::read_to_string(&file).unwrap_or_default();
        if matches!(role, Role::Auditor | Role::PrivacyOfficer) {
            let of_hidden = printed(home.path(), role, &["audit", "show", "--case", "C-13"]);
            assert!(of_hidden.contains("there is no C-13"), "{of_hidden}");
            assert!(is_followed(&exported) > 0, "hidden events have their place in the chain");
        }
        let (named, mute) = named(&exported);
        if tells(&exported) || !named.is_empty() {
            told.push(format!("{role:?} audit export {named:?}"));
        }
        assert!(exported.is_empty() || mute > 0, "{role:?}: an event names what is hidden");
    }
    assert!(told.is_empty(), "{} tell:\n{}", told.len(), told.join("\n"));
}
