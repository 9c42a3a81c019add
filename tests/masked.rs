//! No answer holds a number that stands masked: its bytes are looked through, whoever asks whatever.

use casedesk::codec::{FRAME_BYTES_MAX, to_bytes};
use casedesk::desk::{AskCaseFile, AskSignings, Command, Desk};
use casedesk::domain::cases::{CaseAct, Channel, ClosedEdit, Nature, ReplyAddress};
use casedesk::domain::office::Role;
use casedesk::domain::people::{
    BirthDate, ContactPoint, ContactPointKind, Identity, Name, NameKind, NewPerson,
};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::{CaseId, EntityId, PersonId};

use crate::office::Office;
use crate::rights::BENEFIT;
use crate::visibility::{ROLES, office, questions, viewer};

/// A field that says who somebody is.
const PERSONAL: &str = "[[field]]\ncode = \"account\"\nname = \"Account\"\nkind = \"text\"\n\
    personal = true\n\n[[field]]\ncode = \"landlord\"\nname = \"Landlord\"\n\
    kind = \"telephone\"\npersonal = true\n\n[[outcome]]\ncode = \"paid\"";

/// What the office holds and shows to nobody who has not asked for it by name.
const HELD: [&str; 7] = [
    "NO9386011117947",
    "4792345671",
    "NO9386019998888",
    "4792345672",
    "02038612345",
    "4792345673",
    "nora.solberg",
];

/// An office with a case whose personal fields are filled in, and another that is closed and whose field is to be another one.
fn told() -> (Office, CaseId, CaseId) {
    let office = office(0);
    let karimi = office.karimi();
    let (kind, code) = (PublicationKind::Type, "benefit".to_owned());
    let text = BENEFIT.replacen("[[outcome]]\ncode = \"paid\"", PERSONAL, 1);
    let propose = Command::ProposeRules { kind, code: code.clone(), text, from: None };
    office.act(&karimi, propose).unwrap();
    let name = PublicationName { kind, code, version: 1 };
    office.act(&viewer(&office, Role::Administrator), Command::PublishRules { name }).unwrap();
    let nora = nora(&office);
    let fill = |case, account: &str, landlord: &str| {
        office.on(&karimi, case, CaseAct::Claim).unwrap();
        let typed = [("account", account), ("landlord", landlord)];
        let fields = typed.map(|(code, text)| (code.to_owned(), text.to_owned())).to_vec();
        office.on(&karimi, case, CaseAct::SetFields { fields }).unwrap();
    };
    let open = office.case(Some(nora), Nature::Request, "Help with the rent");
    fill(open, HELD[0], "+4792345671");
    let (to, text) =
        (ReplyAddress { addressee: nora, channel: Channel::Email }, "Soon.".to_owned());
    office.on(&karimi, open, CaseAct::Reply { to, template: None, text }).unwrap();
    let closed = office.case(Some(nora), Nature::Request, "Help with the rent again");
    fill(closed, HELD[0], "+4792345671");
    let close = CaseAct::CloseAs {
        outcome: "no".to_owned(),
        reasons: "she moved".to_owned(),
        not_notified: Some("she knows".to_owned()),
    };
    office.on(&karimi, closed, close).unwrap();
    let edit = ClosedEdit::Field { code: "account".to_owned(), value: HELD[2].to_owned() };
    let reason = "a digit was wrong".to_owned();
    office.act(&karimi, Command::EditClosed { case: closed, edit, reason }).unwrap();
    (office, open, closed)
}

fn nora(office: &Office) -> PersonId {
    let point = |kind, raw: &str| ContactPoint::parse(kind, raw).unwrap();
    let new = NewPerson {
        names: vec![Name {
            kind: NameKind::Official,
            given: "Nora".to_owned(),
            family: "Solberg".to_owned(),
        }],
        birth_date: BirthDate::parse("1986-03-02"),
        identities: vec![Identity { scheme: "national-id".to_owned(), value: HELD[4].to_owned() }],
        contact_points: vec![
            point(ContactPointKind::Telephone, "+4792345673"),
            point(ContactPointKind::Email, "nora.solberg@example.org"),
        ],
        source: "told by telephone".to_owned(),
        ..NewPerson::default()
    };
    let receipt = office.act(&office.karimi(), Command::RegisterPerson(new)).unwrap();
    match receipt.created.first() {
        Some(EntityId::Person(person)) => *person,
        other => unreachable!("a person was registered, and the receipt says {other:?}"),
    }
}

#[test]
fn no_answer_to_anybody_holds_what_stands_masked() {
    let (office, open, closed) = told();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case: open, entries: 9 }).unwrap();
    let shown = file.plan.fields.iter().find(|line| line.rule.code == "account").unwrap();
    assert_eq!(shown.value, "********947");
    let waiting = desk.ask(AskSignings {}).unwrap().lines;
    assert!(waiting.iter().any(|line| line.case == closed && line.what == "Account: ***"));
    let mut found = Vec::new();
    let sessions = ROLES.iter().map(|role| viewer(&office, *role));
    for session in sessions.chain([(*karimi).clone()]) {
        for query in questions() {
            let Ok(answer) = session.query(query.clone()) else { continue };
            let bytes = to_bytes(&answer, FRAME_BYTES_MAX).unwrap();
            for held in HELD {
                if bytes.windows(held.len()).any(|part| part == held.as_bytes()) {
                    found.push(format!("{held} in the answer to {query:?}"));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
