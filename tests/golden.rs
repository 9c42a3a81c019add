//! The bytes of every kind of record as they lie in databases that exist: a change that reads them otherwise fails here.
//!
//! To bring a new version of a record: keep its old line, give it the conversion, and add a line for the new version.

use std::fmt::Write as _;
use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, decode, decode_record, encode, encode_record, to_bytes};
use casedesk::desk::{Command, Draft, DraftForm, DraftKey};
use casedesk::domain::cases::{
    Brought, CaseAct, CaseEvent, Channel, Contact, ContactOutcome, ContactState, Direction,
    EscalationLevel, EscalationReason, HoldReason, Nature, NewPromise, Stage, Standing,
    StartedContact,
};
use casedesk::domain::event::{ContactEvent, PromiseEvent};
use casedesk::domain::money::{DeliveredService, Money};
use casedesk::domain::office::Role;
use casedesk::domain::people::{
    Distinction, DistinctionEvent, FamilyRole, NewHousehold, PersonEvent, PersonState,
};
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{
    AuditReading, CaseId, CaseMerge, CaseworkerId, ContactId, EntityId, Event, Joined, Merge,
    MergeEvent, MergeId, Past, PersonId, PromiseId, UnitId,
};
use casedesk::store::{Direction as Towards, KeyRange, MemoryStore, Store};

use crate::office::Office;

/// A small office in which every kind of record is there.
fn fill(store: &Arc<MemoryStore>) {
    let office = Office::over(store.clone());
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office
        .act(
            &karimi,
            Command::FormHousehold(NewHousehold { members: vec![(sara, FamilyRole::Head)] }),
        )
        .unwrap();
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let escalate = CaseAct::Escalate {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::OverLimit,
        ask: "May I?".to_owned(),
    };
    office.on(&moe, case, escalate).unwrap();
    let until = Day::from_parts(2026, 9, 1).unwrap();
    office
        .on(
            &moe,
            case,
            CaseAct::Hold { reason: HoldReason::Citizen, until, words: "lease".to_owned() },
        )
        .unwrap();
    let reply = CaseAct::Reply {
        to: casedesk::domain::cases::ReplyAddress { addressee: sara, channel: Channel::Sms },
        template: Some("done@1".to_owned()),
        text: "Done.".to_owned(),
    };
    office.on(&moe, case, reply).unwrap();
    let delivered = DeliveredService {
        service: "rent subsidy".to_owned(),
        recipient: sara,
        household: None,
        amount: Some(Money { minor: 420_000, currency: "NOK".to_owned() }),
        quantity: None,
        on: Day::from_parts(2026, 6, 1).unwrap(),
        unit: UnitId(1),
        case: Some(case),
    };
    office.act(&karimi, Command::RecordService(delivered)).unwrap();
    let draft = Draft {
        key: DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) },
        fields: vec![("text".to_owned(), "half a".to_owned())],
        focus: "text".to_owned(),
        base_version: 3,
        saved_at: Instant::default(),
    };
    office.act(&karimi, Command::SaveDraft(draft)).unwrap();
}

/// The first row of each tag, in hexadecimal.
fn first_rows(store: &MemoryStore) -> String {
    let mut text = String::new();
    for tag in *b"OUQWBPHCKMStfucqoejmpdvlx" {
        let page = store.scan(&KeyRange::prefix(&[tag]), 1, Towards::Forward).unwrap();
        for (key, value) in page.rows {
            write!(text, "{} ", char::from(tag)).unwrap();
            for byte in key {
                write!(text, "{byte:02x}").unwrap();
            }
            text.push(' ');
            for byte in value.value {
                write!(text, "{byte:02x}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

#[test]
fn records_and_keys_are_the_bytes_that_databases_hold() {
    let store = Arc::new(MemoryStore::new());
    fill(&store);
    let rows = first_rows(&store);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/layout-1.txt");
    if std::env::var_os("CASEDESK_GOLDEN").is_some() {
        std::fs::write(path, &rows).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    for (is, was) in rows.lines().zip(golden.lines()) {
        assert_eq!(is, was, "a record or key of layout 1 is written otherwise");
    }
    assert_eq!(rows.lines().count(), golden.lines().count());
}

#[test]
fn a_look_back_is_the_bytes_that_journals_hold() {
    let past = Past { commit: 3, event: 20, at: Instant::from_milliseconds(1_000) };
    let bytes = to_bytes(&Event::LookedBack(past), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes, [9, 3, 20, 0xfb, 0xd0, 0x07]);
}

#[test]
fn a_reading_of_the_audit_trail_is_the_bytes_that_timelines_hold() {
    let reading = AuditReading {
        about: Some(EntityId::Case(CaseId(12))),
        by: Some(CaseworkerId(3)),
        is_export: true,
    };
    let event = Event::AuditRead(reading);
    // The variant, then somebody's case, then somebody's acts, then that it was an export.
    let payload = [10, 1, 7, 12, 1, 3, 1];
    assert_eq!(encode(b't', 1, &event).unwrap()[7..], payload);
    assert_eq!(decode::<Event>(b't', 1, &encode(b't', 1, &event).unwrap()).unwrap(), event);
}

#[test]
fn people_told_apart_are_the_bytes_that_timelines_and_records_hold() {
    let told = Event::Distinction(DistinctionEvent::Told);
    assert_eq!(to_bytes(&told, FRAME_BYTES_MAX).unwrap(), [11, 0]);
    let withdrawn = Event::Distinction(DistinctionEvent::Withdrawn);
    assert_eq!(to_bytes(&withdrawn, FRAME_BYTES_MAX).unwrap(), [11, 1]);
    assert_eq!(to_bytes(&Event::DuplicatesListed, FRAME_BYTES_MAX).unwrap(), [12]);
    let id = EntityId::Distinction(PersonId(3), PersonId(4));
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [11, 3, 4]);
    let distinction = Distinction {
        people: (PersonId(3), PersonId(4)),
        version: 1,
        is_in_force: true,
        by: CaseworkerId(2),
        at: Instant::from_milliseconds(1_000),
        reason: "twins".to_owned(),
    };
    let record = encode_record(&distinction).unwrap();
    // People, version, that it holds, by whom, when, and why.
    let payload = [3, 4, 1, 1, 2, 0xfb, 0xd0, 0x07, 5, b't', b'w', b'i', b'n', b's'];
    assert_eq!(record[7..], payload);
    assert_eq!(record[..2], [b'D', 1]);
}

#[test]
fn a_contact_of_schema_1_is_read_as_one_that_has_ended() {
    // The row of layout 1 before contacts could run: C-1's call, with its words.
    let old = "4b0100a13d70d201010100000101fd80bd564640030000fd80bd5646400300001f4a756c79207375627369\
               6479206e6f74206f6e20686572206163636f756e74010100";
    let contact: Contact = decode_record(&from_hexadecimal(old)).unwrap();
    assert_eq!((contact.id, contact.state), (ContactId(1), ContactState::WrappedUp));
    assert_eq!(contact.cases, [CaseId(1)]);
    assert_eq!(contact.held.summary, "July subsidy not on her account");
}

#[test]
fn contacts_that_run_and_promises_are_the_bytes_that_timelines_hold() {
    let bytes = |event: Event| to_bytes(&event, FRAME_BYTES_MAX).unwrap();
    let started = ContactEvent::Started(StartedContact {
        channel: Channel::Telephone,
        direction: Direction::In,
        person: Some(PersonId(3)),
        telephone: None,
        ivr_path: None,
    });
    assert_eq!(bytes(Event::Contact(started)), [4, 2, 0, 0, 1, 3, 0, 0]);
    assert_eq!(bytes(Event::Contact(ContactEvent::CaseAdded(CaseId(9)))), [4, 4, 9]);
    let ended = ContactEvent::Ended {
        outcome: ContactOutcome::Answered,
        summary: "x".to_owned(),
        article: None,
    };
    assert_eq!(bytes(Event::Contact(ended)), [4, 7, 0, 1, b'x', 0]);
    let made = PromiseEvent::Made(NewPromise {
        what: "x".to_owned(),
        to: PersonId(3),
        case: Some(CaseId(9)),
        made_in: None,
        channel: Channel::Telephone,
        due_at: Instant::from_milliseconds(1_000),
        owner: CaseworkerId(2),
        unit: UnitId(1),
    });
    let payload = [13, 0, 1, b'x', 3, 1, 9, 0, 0, 0xfb, 0xd0, 0x07, 2, 1];
    assert_eq!(bytes(Event::Promise(made)), payload);
    let id = EntityId::Promise(PromiseId(5));
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [12, 5]);
}

fn from_hexadecimal(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

#[test]
fn what_came_for_somebody_is_the_bytes_that_databases_hold() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    office.act(&moe, Command::NoteHere).unwrap();
    let case = office.case(None, Nature::Report, "Lift");
    let to = casedesk::domain::cases::GiveTo::Caseworker(CaseworkerId(2));
    office.on(&karimi, case, CaseAct::Give { to, words: "yours".to_owned() }).unwrap();
    let mut rows = String::new();
    // The last sign of Moe and what came for them, then what Karimi did today; and the counters of what came.
    for prefix in [&b"h"[..], &b"c\x0a"[..], &b"c\x0c"[..]] {
        let page =
            store.scan(&KeyRange::prefix(prefix), 9, casedesk::store::Direction::Forward).unwrap();
        for (key, value) in page.rows {
            let hex = |bytes: &[u8]| {
                bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
            };
            writeln!(rows, "{} {}", hex(&key), hex(&value.value)).unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/here-1.txt");
    if std::env::var_os("CASEDESK_GOLDEN").is_some() {
        std::fs::write(path, &rows).unwrap();
    }
    assert_eq!(rows, std::fs::read_to_string(path).unwrap());
    let passed =
        Event::Case(casedesk::domain::cases::CaseEvent::EscalationPassed { to: CaseworkerId(3) });
    let bytes = to_bytes(&passed, FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes.first().copied(), Some(3), "an event of a case");
    assert_eq!(bytes[1..], [29, 3], "the variant after the annulment, and who answers now");
}

#[test]
fn saved_views_are_the_bytes_that_databases_hold() {
    let views = vec![casedesk::desk::SavedView {
        name: "a".to_owned(),
        list: "Inbox".to_owned(),
        limit: "late".to_owned(),
        sort: "due".to_owned(),
    }];
    let record = encode_record(&casedesk::desk::SavedViews { views }).unwrap();
    assert_eq!(record[7..], *b"\x01\x01a\x05Inbox\x04late\x03due");
    assert_eq!(record[..2], [b's', 1]);
}

#[test]
fn a_merge_is_the_bytes_that_timelines_and_records_hold() {
    let id = EntityId::Merge(MergeId(5));
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [16, 5]);
    let parted = Event::Merge(MergeEvent::Parted { stayed: vec!["a".to_owned()] });
    assert_eq!(to_bytes(&parted, FRAME_BYTES_MAX).unwrap(), [17, 1, 1, 1, b'a']);
    let merge = MergeId(5);
    let case = CaseEvent::MergedInto { merge, case: CaseId(7) };
    assert_eq!(to_bytes(&case, FRAME_BYTES_MAX).unwrap(), [32, 5, 7]);
    let brought = Box::new(Brought { is_linked: true, ..Brought::default() });
    let got = CaseEvent::MergedFrom { merge, case: CaseId(12), brought };
    assert_eq!(to_bytes(&got, FRAME_BYTES_MAX).unwrap(), [33, 5, 12, 1, 0, 0, 0, 0]);
    let person = PersonEvent::MergedInto { merge, person: PersonId(1) };
    assert_eq!(to_bytes(&person, FRAME_BYTES_MAX).unwrap(), [4, 5, 1]);
    let state = PersonState::Merged(PersonId(1));
    assert_eq!(to_bytes(&state, FRAME_BYTES_MAX).unwrap(), [4, 1]);
    let standing = Standing {
        stage: Stage::Queued,
        queue: None,
        owner: None,
        clocks: Vec::new(),
        hold: None,
        outcome: None,
        closed_at: None,
    };
    let joined = Joined::Cases(Box::new(CaseMerge {
        survivor: CaseId(7),
        merged: CaseId(12),
        standing,
        brought: Brought::default(),
        survivor_version: 3,
        had: (1, 2),
    }));
    let record = Merge {
        id: merge,
        version: 1,
        joined,
        by: CaseworkerId(2),
        at: Instant::from_milliseconds(1_000),
        reason: "twice".to_owned(),
        parted: None,
    };
    let bytes = encode_record(&record).unwrap();
    assert_eq!(bytes[..2], [b'G', 1]);
    // Number and version; that it is of cases, which, how the merged one stood, what it brought, the survivor's version and
    // what it had; by whom, when, why, and that it is in force.
    let payload = [
        5, 1, 0, 7, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 2, 0xfb, 0xd0, 0x07, 5, b't',
        b'w', b'i', b'c', b'e', 0,
    ];
    assert_eq!(bytes[7..], payload);
}
