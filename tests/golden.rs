//! The bytes of every kind of record as they lie in databases that exist: a change that reads them otherwise fails here.
//!
//! To bring a new version of a record: keep its old line, give it the conversion, and add a line for the new version.

use std::fmt::Write as _;
use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, decode, decode_record, encode, encode_record, to_bytes};
use casedesk::desk::{Command, Draft, DraftForm, DraftKey, KeptPlace, KeptScreen};
use casedesk::domain::answers::AnswerEvent;
use casedesk::domain::cases::{
    Brought, CaseAct, CaseEvent, CasePlace, CasePlan, Channel, Contact, ContactOutcome,
    ContactState, Direction, EscalationLevel, EscalationReason, EscalationState, HoldReason,
    MessageState, Nature, NewPromise, PlanEvent, Promise, PromiseState, Stage, Standing,
    StartedContact, Telling, TypeVersion, Verification,
};
use casedesk::domain::event::{ContactEvent, MessageEvent, PromiseEvent};
use casedesk::domain::money::{DeliveredService, Money};
use casedesk::domain::office::{
    Confidentiality, OfficeEvent, Role, Shift, Site, UnitProfile, UnitProfileEvent,
};
use casedesk::domain::people::{
    ContactPointState, Distinction, DistinctionEvent, FamilyRole, NewHousehold, PersonChange,
    PersonEvent, PersonState, RelationshipKind,
};
use casedesk::domain::rules::{
    Publication, PublicationEvent, PublicationKind, PublicationName, PublicationState,
};
use casedesk::domain::time::{ClockKind, Day, Instant};
use casedesk::domain::{
    AuditReading, CaseId, CaseMerge, CaseworkerId, ContactId, EntityId, Event, Joined, Merge,
    MergeEvent, MergeId, MessageId, Past, PersonId, PromiseId, QueueId, UnitId,
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
        // Timelines of plans, which were not there yet, come before those of subjects.
        let prefix = if tag == b't' { &b"tB"[..] } else { &[tag] };
        let page = store.scan(&KeyRange::prefix(prefix), 1, Towards::Forward).unwrap();
        for (key, value) in page.rows {
            write!(text, "{} ", char::from(tag)).unwrap();
            for byte in key {
                write!(text, "{byte:02x}").unwrap();
            }
            text.push(' ');
            for byte in value.value.iter() {
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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/layout-2.txt");
    if std::env::var_os("CASEDESK_GOLDEN").is_some() {
        std::fs::write(path, &rows).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    for (is, was) in rows.lines().zip(golden.lines()) {
        assert_eq!(is, was, "a record or key of layout 2 is written otherwise");
    }
    assert_eq!(rows.lines().count(), golden.lines().count());
    // The layout before has the same records, and the same keys of the indexes whose rows name a class since.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/layout-1.txt");
    let before = std::fs::read_to_string(path).unwrap();
    for (is, was) in rows.lines().zip(before.lines()) {
        let names_class = was.starts_with(['q', 'o', 'e', 'p', 'j']);
        assert!(is == was || names_class && is.starts_with(was.trim_end()), "{is} was {was}");
    }
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
fn answers_and_what_came_back_are_the_bytes_that_timelines_hold() {
    let bytes = |event: &Event| to_bytes(event, FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes(&Event::Answer(AnswerEvent::RecallSet(Some(5)))), [14, 2, 1, 5]);
    assert_eq!(bytes(&Event::SlipPrinted), [15]);
    assert_eq!(bytes(&Event::StatusAsked { is_right: true }), [16, 1]);
    let at = Instant::from_milliseconds(1_000);
    let state = |state| bytes(&Event::Message(MessageEvent::StateSet(state)));
    assert_eq!(state(MessageState::Waiting { until: at }), [5, 1, 4, 0xfb, 0xd0, 0x07]);
    let back = MessageState::Undelivered { at, why: "no".to_owned() };
    assert_eq!(state(back), [5, 1, 5, 0xfb, 0xd0, 0x07, 2, b'n', b'o']);
    let again = MessageState::Superseded { at, by: MessageId(9) };
    assert_eq!(state(again), [5, 1, 6, 0xfb, 0xd0, 0x07, 9]);
    let id = EntityId::Template("a/b/c".to_owned());
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [13, 5, b'a', b'/', b'b', b'/', b'c']);
    assert_eq!(to_bytes(&EntityId::RecallTime, FRAME_BYTES_MAX).unwrap(), [15]);
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
    let late = PromiseEvent::Breached { told: Some(CaseworkerId(2)) };
    assert_eq!(bytes(Event::Promise(late)), [13, 8, 1, 2]);
    let broken = PromiseEvent::Broken { why: "x".to_owned(), recovery: String::new() };
    assert_eq!(bytes(Event::Promise(broken)), [13, 3, 1, b'x', 0]);
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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/here-2.txt");
    if std::env::var_os("CASEDESK_GOLDEN").is_some() {
        std::fs::write(path, &rows).unwrap();
    }
    assert_eq!(rows, std::fs::read_to_string(path).unwrap());
    let passed = Event::Case(CaseEvent::EscalationPassed { to: CaseworkerId(3) });
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

#[test]
fn what_else_happens_to_contacts_promises_and_merged_records_is_the_bytes_that_timelines_hold() {
    let bytes = |event: Event| to_bytes(&event, FRAME_BYTES_MAX).unwrap();
    let contact = |event| bytes(Event::Contact(event));
    let at = Instant::from_milliseconds(1_000);
    assert_eq!(contact(ContactEvent::PersonSet(Some(PersonId(3)))), [4, 3, 1, 3]);
    let questions = vec![("address".to_owned(), true)];
    let verified = ContactEvent::Verified(Verification { questions, is_passed: false, at });
    let payload = [4, 5, 1, 7, b'a', b'd', b'd', b'r', b'e', b's', b's', 1, 0, 0xfb, 0xd0, 0x07];
    assert_eq!(contact(verified), payload);
    assert_eq!(contact(ContactEvent::SummarySet("x".to_owned())), [4, 9, 1, b'x']);

    let promise = |event| bytes(Event::Promise(event));
    assert_eq!(promise(PromiseEvent::Attempted), [13, 1]);
    assert_eq!(promise(PromiseEvent::Kept { contact: Some(ContactId(4)) }), [13, 2, 1, 4]);
    assert_eq!(promise(PromiseEvent::Released { words: "x".to_owned() }), [13, 4, 1, b'x']);
    let given = PromiseEvent::Given { owner: CaseworkerId(2), unit: UnitId(1) };
    assert_eq!(promise(given), [13, 5, 2, 1]);
    let before = Promise {
        id: PromiseId(5),
        version: 1,
        made_by: CaseworkerId(2),
        made_at: at,
        promised: NewPromise {
            what: String::new(),
            to: PersonId(3),
            case: None,
            made_in: None,
            channel: Channel::Telephone,
            due_at: at,
            owner: CaseworkerId(2),
            unit: UnitId(1),
        },
        attempts: vec![at],
        state: PromiseState::Made,
        is_annulled: false,
        breached_at: None,
    };
    // Number, version, by whom, when; what, to whom, and so on; one attempt, its state, that it counts, and not late.
    let payload = [
        13, 6, 5, 1, 2, 0xfb, 0xd0, 0x07, 0, 3, 0, 0, 0, 0xfb, 0xd0, 0x07, 2, 1, 1, 0xfb, 0xd0,
        0x07, 0, 0, 0,
    ];
    assert_eq!(promise(PromiseEvent::Reverted(Box::new(before))), payload);
    assert_eq!(promise(PromiseEvent::Annulled), [13, 7]);

    let case = |event: CaseEvent| to_bytes(&event, FRAME_BYTES_MAX).unwrap();
    let recalled = CaseEvent::ReplyRecalled { message: MessageId(9), clocks: Vec::new() };
    assert_eq!(case(recalled), [30, 9, 0]);
    let back = CaseEvent::MessageReturned { message: MessageId(9), why: "x".to_owned() };
    assert_eq!(case(back), [31, 9, 1, b'x']);
    let (merge, brought) = (MergeId(5), Box::new(Brought::default()));
    let gave = CaseEvent::GaveBack { merge, case: CaseId(7), brought };
    assert_eq!(case(gave), [35, 5, 7, 0, 0, 0, 0, 0]);
    let told = Some(CaseworkerId(3));
    let routed = CaseEvent::Routed { unit: UnitId(2), queue: QueueId(7), told };
    assert_eq!(case(routed), [36, 2, 7, 1, 3]);
    let (from, to) = (Confidentiality::CaseConfidential, Confidentiality::Confidential);
    assert_eq!(case(CaseEvent::ConfidentialitySet { from, to }), [37, 3, 4]);
    let out = PersonEvent::TakenOut { merge, state: PersonState::Identified };
    assert_eq!(to_bytes(&out, FRAME_BYTES_MAX).unwrap(), [6, 5, 1]);

    let person = |change: PersonChange| to_bytes(&change, FRAME_BYTES_MAX).unwrap();
    let on = Day::from_number(0);
    let ended = person(PersonChange::RelationshipEnded { index: 2, on });
    let marked = person(PersonChange::AddressState(ContactPointState::Wrong));
    assert_eq!((ended, marked), (vec![17, 2, 0], vec![16, 3]));
    let kinds = [RelationshipKind::Proxy, RelationshipKind::Principal];
    assert_eq!(kinds.map(|kind| to_bytes(&kind, FRAME_BYTES_MAX).unwrap()), [[7], [8]]);
}

#[test]
fn a_place_is_the_bytes_that_databases_hold() {
    let screen = KeptScreen {
        name: "board".to_owned(),
        about: vec!["a".to_owned()],
        view: None,
        row: Some(CaseId(7)),
        editing: None,
    };
    let kept_at = Instant::from_milliseconds(1_000);
    let place = KeptPlace { session: 3, screens: vec![screen], shown: 0, kept_at };
    let record = encode_record(&place).unwrap();
    assert_eq!(record[7..], *b"\x03\x01\x05board\x01\x01a\x00\x01\x07\x00\x00\xfb\xd0\x07");
    assert_eq!(record[..2], [b'w', 1]);
}

#[test]
fn texts_of_rules_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::Publication(event), FRAME_BYTES_MAX).unwrap();
    let name = PublicationName { kind: PublicationKind::Table, code: "to".to_owned(), version: 2 };
    let id = EntityId::Publication(name.clone());
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [17, 1, 2, b't', b'o', 2]);
    let from = Day::from_number(20_000);
    let proposed = PublicationEvent::Proposed { text: "a".to_owned(), from };
    assert_eq!(bytes(proposed), [18, 0, 1, b'a', 0xfb, 0x40, 0x9c]);
    assert_eq!(bytes(PublicationEvent::Published), [18, 1]);
    assert_eq!(bytes(PublicationEvent::Withdrawn), [18, 2]);
    let record = Publication {
        name,
        version: 2,
        text: "a".to_owned(),
        from,
        proposed_by: CaseworkerId(1),
        proposed_at: Instant::from_milliseconds(1_000),
        state: PublicationState::Published {
            by: CaseworkerId(2),
            at: Instant::from_milliseconds(1_000),
        },
    };
    let bytes = encode_record(&record).unwrap();
    assert_eq!(bytes[..2], [b'E', 1]);
    // Kind, code and version; events, text and day; by whom and when; that it is published, by whom and when.
    let payload = [
        1, 2, b't', b'o', 2, 2, 1, b'a', 0xfb, 0x40, 0x9c, 1, 0xfb, 0xd0, 0x07, 1, 2, 0xfb, 0xd0,
        0x07,
    ];
    assert_eq!(bytes[7..], payload);
}

#[test]
fn plans_of_cases_are_the_bytes_that_timelines_and_records_hold() {
    assert_eq!(to_bytes(&EntityId::Plan(CaseId(7)), FRAME_BYTES_MAX).unwrap(), [18, 7]);
    let case_type = TypeVersion { code: "to".to_owned(), version: 2 };
    let bytes = |event| to_bytes(&Event::Plan(event), FRAME_BYTES_MAX).unwrap();
    let begun = PlanEvent::Begun { case_type: case_type.clone() };
    assert_eq!(bytes(begun), [19, 0, 2, b't', b'o', 2]);
    assert_eq!(bytes(PlanEvent::StageEntered { stage: "a".to_owned() }), [19, 1, 1, b'a']);
    assert_eq!(bytes(PlanEvent::Screened), [19, 8]);
    assert_eq!(bytes(PlanEvent::Annulled), [19, 16]);
    assert_eq!(bytes(PlanEvent::InfoReminded), [19, 19]);
    assert_eq!(bytes(PlanEvent::InfoEnded), [19, 20]);
    let record = CasePlan::none_yet(CaseId(7), case_type);
    let bytes = encode_record(&record).unwrap();
    // Case, events, type; then nothing of all that it can hold.
    assert_eq!(bytes[7..13], [7, 0, 2, b't', b'o', 2]);
    assert_eq!(bytes[13..], [0; 17]);
}

#[test]
fn what_escalations_and_holds_may_be_is_the_bytes_that_cases_hold() {
    fn bytes<T: serde::Serialize>(value: T) -> Vec<u8> {
        to_bytes(&value, FRAME_BYTES_MAX).unwrap()
    }
    let lapsed = EscalationState::Lapsed(Instant::from_milliseconds(1));
    assert_eq!(bytes(lapsed), [4, 2]);
    let levels = [EscalationLevel::Substitute, EscalationLevel::Unit, EscalationLevel::Role];
    assert_eq!(bytes(levels), [3, 4, 5]);
    assert_eq!(bytes([EscalationReason::Clock, EscalationReason::Transferred]), [6, 7]);
    assert_eq!(bytes(HoldReason::NextOpening), [4]);
}

#[test]
fn steps_before_routing_are_the_bytes_that_timelines_hold() {
    let bytes = |event: CaseEvent| to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    let entered = CaseEvent::StepEntered { stage: Stage::Indexing, queue: QueueId(9) };
    assert_eq!(bytes(entered)[1..], [43, 18, 9]);
    let place = CasePlace { text: "a".to_owned(), area: String::new() };
    assert_eq!(bytes(CaseEvent::PlaceSet(place))[1..], [44, 1, b'a', 0]);
}

#[test]
fn clocks_that_move_or_are_extended_are_the_bytes_that_timelines_hold() {
    let bytes = |event: CaseEvent| to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes(CaseEvent::ClocksMoved { clocks: Vec::new() })[1..], [45, 0]);
    let not_told = Some("b".to_owned());
    let (clocks, clock, reason) = (Vec::new(), ClockKind::Legal, "a".to_owned());
    let extended = CaseEvent::Extended { clocks, clock, reason, not_told };
    assert_eq!(bytes(extended)[1..], [46, 0, 3, 1, b'a', 1, 1, b'b']);
    let cannot_be = Telling::CannotBe("c".to_owned());
    assert_eq!(to_bytes(&cannot_be, FRAME_BYTES_MAX).unwrap(), [1, 1, b'c']);
}

#[test]
fn profiles_of_units_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::UnitProfile(event), FRAME_BYTES_MAX).unwrap();
    let shift = Shift { caseworker: CaseworkerId(2), weekday: 5, from_minute: 8, to_minute: 9 };
    let site = Site { code: "n".to_owned(), name: "o".to_owned(), address: "p".to_owned() };
    let profile = UnitProfile {
        version: 3,
        zone: Some("z".to_owned()),
        sites: vec![site.clone()],
        roster: vec![shift],
        hides_names: true,
        known_contact: Some("k".to_owned()),
        ..UnitProfile::empty(UnitId(7))
    };
    let written = [7, 3, 1, 1, b'z', 1, 1, b'n', 1, b'o', 1, b'p', 1, 2, 5, 8, 9, 1, 1, 1, b'k'];
    assert_eq!(to_bytes(&EntityId::UnitProfile(UnitId(7)), FRAME_BYTES_MAX).unwrap(), [22, 7]);
    assert_eq!(bytes(UnitProfileEvent::ZoneSet(None)), [22, 0, 0]);
    assert_eq!(bytes(UnitProfileEvent::SitesSet(vec![site]))[..5], [22, 1, 1, 1, b'n']);
    assert_eq!(bytes(UnitProfileEvent::RosterSet(vec![shift])), [22, 2, 1, 2, 5, 8, 9]);
    assert_eq!(bytes(UnitProfileEvent::NamesHidden(true)), [22, 3, 1]);
    assert_eq!(bytes(UnitProfileEvent::KnownContactSet(Some("k".to_owned()))), [22, 4, 1, 1, b'k']);
    let reverted = bytes(UnitProfileEvent::Reverted(Box::new(profile.clone())));
    assert_eq!((&reverted[..2], &reverted[2..]), (&[22, 5][..], &written[..]));
    assert_eq!(bytes(UnitProfileEvent::Annulled), [22, 6]);
    let record = encode_record(&profile).unwrap();
    assert_eq!((&record[..2], &record[7..]), (&[b'F', 1][..], &written[..]));
}

#[test]
fn what_happens_to_units_is_the_bytes_that_timelines_hold() {
    let bytes = |event| to_bytes(&Event::Office(event), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes(OfficeEvent::UnitRenamed("a".to_owned())), [0, 8, 1, b'a']);
    assert_eq!(bytes(OfficeEvent::UnitMoved(Some(UnitId(3)))), [0, 9, 1, 3]);
    assert_eq!(bytes(OfficeEvent::CoverLost { told: vec![CaseworkerId(2)] }), [0, 10, 1, 2]);
    assert_eq!(bytes(OfficeEvent::CoverFound), [0, 11]);
    let returned = OfficeEvent::WorkReturned { from: CaseworkerId(2), cases: 4, told: Vec::new() };
    assert_eq!(bytes(returned), [0, 12, 2, 4, 0]);
    let about = Some(EntityId::Unit(UnitId(3)));
    let taken = OfficeEvent::DraftTaken { form: "a".to_owned(), about, by: CaseworkerId(5) };
    assert_eq!(bytes(taken), [0, 13, 1, b'a', 1, 1, 3, 5]);
}
