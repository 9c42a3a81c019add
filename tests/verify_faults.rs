//! Every check of verify finds its fault: each is planted behind the desk's back, with sums and checksums made right again
//! where somebody would who wants to hide it, and is named.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::sync::{Arc, OnceLock};

use casedesk::codec::{decode, encode};
use casedesk::desk::{Checks, Command, Draft, DraftForm, DraftKey, Verification};
use casedesk::domain::cases::{
    Case, CaseAct, Channel, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode,
    ReplyAddress,
};
use casedesk::domain::money::DeliveredService;
use casedesk::domain::office::Role;
use casedesk::domain::people::{
    FamilyRole, Name, NameKind, NewHousehold, NewPerson, PersonChange, Relationship,
    RelationshipKind,
};
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{CaseId, EntityId, Event, EventRecord, UnitId};
use casedesk::store::{Commit, CommitId, Direction, KeyRange, Latest, MemoryStore, Store, Write};

use crate::office::Office;

type Row = (Vec<u8>, Vec<u8>);

/// An office in which every kind of record, index and state is there.
fn fill(office: &Office) {
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let reza = office.person("Reza", "Mohammadi", "1984-03-02", "+989121234412");
    let members = vec![(sara, FamilyRole::Head), (reza, FamilyRole::Partner)];
    office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
    let related = Command::ChangePerson {
        person: sara,
        version: None,
        change: PersonChange::Relationship(Relationship {
            to: reza,
            kind: RelationshipKind::Spouse,
            from: None,
            until: None,
            source: "told".to_owned(),
        }),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&karimi, related).unwrap();
    let known = NewPerson {
        names: vec![Name {
            kind: NameKind::Official,
            given: "Ada".to_owned(),
            family: "Berg".to_owned(),
        }],
        origin: Some(("register".to_owned(), "77".to_owned())),
        ..NewPerson::default()
    };
    office.act(&karimi, Command::RegisterPerson(known)).unwrap();
    let case = office.case(Some(sara), Nature::Complaint, "Lamp");
    office.case(None, Nature::Report, "Lift");
    let closed = office.case(Some(reza), Nature::Report, "Done soon");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let escalate = CaseAct::Escalate {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::OverLimit,
        ask: "May I?".to_owned(),
    };
    office.on(&moe, case, escalate).unwrap();
    let until = Day::from_parts(2026, 9, 1).unwrap();
    let hold = CaseAct::Hold { reason: HoldReason::Citizen, until, words: "lease".to_owned() };
    office.on(&moe, case, hold).unwrap();
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    office.on(&moe, case, CaseAct::Reply { to, template: None, text: "Soon.".to_owned() }).unwrap();
    office.on(&moe, closed, CaseAct::Claim).unwrap();
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: "said so".to_owned(),
        not_notified: Some("told by telephone".to_owned()),
    };
    office.on(&moe, closed, close).unwrap();
    let delivered = DeliveredService {
        service: "rent subsidy".to_owned(),
        recipient: sara,
        household: None,
        amount: None,
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

/// All rows of the filled office.
fn rows() -> &'static Vec<Row> {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let store = Arc::new(MemoryStore::new());
        fill(&Office::over(store.clone()));
        let all = KeyRange { from: Vec::new(), to: None };
        let page = store.scan(&all, usize::MAX - 1, Direction::Forward).unwrap();
        page.rows.into_iter().map(|(key, row)| (key, row.value.to_vec())).collect()
    })
}

fn write(store: &dyn Store, writes: Vec<Write>) {
    let id = CommitId(u128::MAX - u128::from(store.sequence().0));
    let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
    store.commit(Commit { id, reads: Vec::new(), stamp }).unwrap();
}

/// The filled office again, over a store of its own.
fn filled() -> (Arc<MemoryStore>, Office) {
    let store = Arc::new(MemoryStore::new());
    let puts = rows().iter().map(|(key, value)| Write::Put(key.clone(), value.clone()));
    write(store.as_ref(), puts.collect());
    let office = Office::over(store.clone());
    (store, office)
}

fn verify(office: &Office, checks: Checks) -> Verification {
    office.desk.verify(checks, &|_| {}).unwrap()
}

fn with_prefix(prefix: &[u8]) -> Vec<Row> {
    rows().iter().filter(|(key, _)| key.starts_with(prefix)).cloned().collect()
}

fn first(prefix: &[u8]) -> Row {
    with_prefix(prefix).into_iter().next().unwrap_or_else(|| panic!("no row {prefix:02x?}"))
}

fn put(row: Row) -> Vec<Write> {
    vec![Write::Put(row.0, row.1)]
}

fn gone(prefix: &[u8]) -> Vec<Write> {
    with_prefix(prefix).into_iter().map(|(key, _)| Write::Delete(key)).collect()
}

/// The first row of a prefix with its last byte changed.
fn bent(prefix: &[u8]) -> Vec<Write> {
    let (key, mut value) = first(prefix);
    *value.last_mut().unwrap() ^= 1;
    put((key, value))
}

fn numbered(tag: &[u8], number: u64) -> Vec<u8> {
    [tag, &number.to_be_bytes()].concat()
}

/// A page of a timeline with its events changed, under a right checksum.
fn page(prefix: &[u8], change: impl FnOnce(&mut Vec<EventRecord>)) -> Vec<Write> {
    let (key, value) = first(prefix);
    let mut records: Vec<EventRecord> = decode(b't', 1, &value).unwrap();
    change(&mut records);
    put((key, encode(b't', 1, &records).unwrap()))
}

fn case(number: u64, change: impl FnOnce(&mut Case)) -> Vec<Write> {
    let (key, value) = first(&numbered(b"C", number));
    let mut case: Case = decode(b'C', 1, &value).unwrap();
    change(&mut case);
    put((key, encode(b'C', 1, &case).unwrap()))
}

fn head(change: impl FnOnce(&mut (u64, [u8; 32]))) -> Vec<Write> {
    let (key, value) = first(&[b'c', 9]);
    let mut head: (u64, [u8; 32]) = decode(b'c', 1, &value).unwrap();
    change(&mut head);
    put((key, encode(b'c', 1, &head).unwrap()))
}

/// A fault: what is written, and what verify says of it.
type Fault = (&'static str, Vec<Write>, &'static str);

/// Faults that every check finds.
fn faults() -> Vec<Fault> {
    let timeline = numbered(b"tC", 1);
    vec![
        ("a record's byte", bent(b"C"), "C-1 cannot be read"),
        (
            "a record under another's key",
            put((numbered(b"C", 1), first(&numbered(b"C", 2)).1)),
            "C-2 lies where C-1 belongs",
        ),
        (
            "a key that names nothing",
            put((b"C123".to_vec(), first(b"C").1)),
            "key 43313233 names no record",
        ),
        (
            "a case that is open and has ended",
            case(1, |case| {
                let ended: Case = decode(b'C', 1, &first(&numbered(b"C", 3)).1).unwrap();
                case.outcome = ended.outcome;
            }),
            "C-1 is open and has an outcome",
        ),
        (
            "a case that ended in nothing",
            case(3, |case| case.outcome = None),
            "3 cases were received, and 2 are open and 0 have an outcome",
        ),
        ("a case gone", gone(&numbered(b"C", 1)), "and C-1 is not there"),
        (
            "a number passed over",
            put((vec![b'c', 0, b'C'], 9_u64.to_be_bytes().to_vec())),
            "numbers of C have gaps: 3 records, the last is 3, the counter says 9",
        ),
        (
            "a counter",
            put((b"c\x07\x03\x00general".to_vec(), 9_i64.to_be_bytes().to_vec())),
            "says 9, and records say 2",
        ),
        (
            "a counter of nothing",
            put(([&[b'c', 3][..], &77_u64.to_be_bytes()].concat(), 1_i64.to_be_bytes().to_vec())),
            "a counter of nothing, key 6303000000000000004d, says 1",
        ),
        (
            "an event rewritten",
            page(&timeline, |records| records[0].reason = Some("another".to_owned())),
            "of C-1 is not what was chained",
        ),
        (
            "a payload rewritten",
            page(&timeline, |records| records[1].event = Event::Opened),
            "of C-1 is not what was chained",
        ),
        ("an event removed", page(&timeline, |records| drop(records.remove(1))), "is missing"),
        ("a timeline removed", gone(&timeline), "of the audit chain are missing"),
        (
            "events in another order",
            page(&timeline, |records| records.swap(0, 1)),
            "stands behind event",
        ),
        (
            "an event twice",
            page(&timeline, |records| records.push(records[1].clone())),
            "is there twice",
        ),
        (
            "an event of somebody else's",
            page(&timeline, |records| records[1].entity = EntityId::Case(CaseId(2))),
            "of C-2 lies in another timeline",
        ),
        ("a page's byte", bent(&timeline), "of a timeline cannot be read"),
        ("the head's place", head(|head| head.0 += 1), "and its head says"),
        ("the head's hash", head(|head| head.1[0] ^= 1), "another hash than the head"),
        ("the head's byte", bent(&[b'c', 9]), "the head of the audit chain cannot be read"),
    ]
}

/// Faults that only what is made again shows.
fn deep_faults() -> Vec<Fault> {
    let draft = first(b"f").0;
    let undo = with_prefix(b"u").into_iter().find(|(key, _)| key[9] == 1).unwrap().0;
    let mut stranger = first(&[b'i', 5]);
    stranger.0 = numbered(&[b'i', 5], 12);
    let texts = first(&[b'i', 3]);
    let mut posting = first(&[b'i', 6]);
    posting.1.push(1);
    vec![
        (
            "a record rewritten",
            case(2, |case| "another".clone_into(&mut case.asks)),
            "C-2 is not what its events make of it",
        ),
        ("a record without its subject", gone(b"BCIV-1"), "CIV-1 has a timeline and no record"),
        ("a record without events", gone(b"tBCIV-1"), "CIV-1 has a record and no events"),
        ("a document gone", gone(&[b'i', 5]), "person 1 has no document"),
        ("a document too many", put(stranger), "whom nobody can find"),
        ("a document's byte", put((numbered(&[b'i', 5], 0), vec![1, 200])), "is damaged"),
        ("postings gone", vec![Write::Delete(first(&[b'i', 6]).0)], "its postings name 0 people"),
        ("a posting too many", put(posting), "its postings name"),
        ("postings of a number gone", gone(&[b'i', 7, 0]), "its postings name 0 people"),
        (
            "postings nobody finds",
            {
                let (mut key, value) = first(&[b'i', 6]);
                let gone = Write::Delete(key.clone());
                let place = key.len() - 8;
                key.truncate(place);
                key.extend(9_u64.to_be_bytes());
                vec![gone, Write::Put(key, value[1..].to_vec())]
            },
            "have no last block",
        ),
        ("a frequency", put((first(&[b'i', 4]).0, vec![9])), "and its frequency is"),
        ("the words' numbers gone", gone(&[b'i', 2]), "a word of person 1 has no number"),
        ("the words' texts gone", vec![Write::Delete(texts.0)], "words, has 0 texts"),
        ("the counts", put((vec![b'i', 1], vec![9, 9])), "it counts 9 people and has 3"),
        ("a key of the index", put((vec![b'i', 9], vec![])), "a key of an unknown kind"),
        ("the format", put((vec![b'i', 0], vec![9])), "the search index has format 9"),
        ("a draft", put((draft, vec![1, 2, 3])), "draft "),
        ("an undo", put((undo, vec![1, 2, 3])), "can undo: "),
        ("a key of no kind", put((b"~zebra".to_vec(), vec![])), "key 7e7a65627261 is of no kind"),
    ]
}

fn assert_named(fault: Fault, is_deep: bool, window_events: u64) {
    let (name, writes, named) = fault;
    let (store, office) = filled();
    write(store.as_ref(), writes);
    let found = verify(&office, Checks { is_deep, window_events, ..Checks::default() });
    assert!(
        found.findings.iter().any(|told| told.contains(named)),
        "{name}: {:#?}",
        found.findings
    );
}

#[test]
fn an_office_that_nobody_touched_has_nothing_to_find() {
    let (_, office) = filled();
    for window_events in [0, 1, 7, 1_000_000] {
        let found = verify(&office, Checks { window_events, ..Checks::deep() });
        assert_eq!(found.findings, Vec::<String>::new());
        assert!(found.events > 30 && found.index_keys >= 11, "{found:?}");
    }
}

#[test]
fn each_fault_is_named_where_it_was_planted() {
    for fault in faults() {
        // The chain is the same whether all of it fits into one window or hardly any.
        assert_named(fault.clone(), false, 7);
        assert_named(fault, false, 1_000_000);
    }
}

#[test]
fn each_fault_that_only_shows_when_things_are_made_again_is_named() {
    for fault in deep_faults() {
        let (name, writes, _) = fault.clone();
        let (store, office) = filled();
        write(store.as_ref(), writes);
        let told = verify(&office, Checks::default()).findings;
        let is_of_the_chain = name.contains("events") || name.contains("subject");
        assert!(told.is_empty() || is_of_the_chain, "{name} shows without --deep: {told:?}");
        assert_named(fault, true, 1_000_000);
    }
}

#[test]
fn every_index_is_compared_with_its_records_both_ways() {
    for index in *b"qoempdrvljx" {
        let Some((key, value)) = with_prefix(&[index]).into_iter().next() else {
            panic!("no entry in index {}", char::from(index));
        };
        let letter = char::from(index);
        let (store, office) = filled();
        write(store.as_ref(), vec![Write::Delete(key.clone())]);
        let told = verify(&office, Checks::default()).findings;
        let named = format!("is missing from index {letter}");
        assert!(told.iter().any(|told| told.contains(&named)), "{letter}: {told:?}");
        // The same entry of somebody else, who has none such.
        let mut strange = key.clone();
        *strange.last_mut().unwrap() ^= 0x40;
        let (store, office) = filled();
        write(store.as_ref(), put((strange.clone(), value)));
        let told = verify(&office, Checks::default()).findings;
        let named = format!("of index {letter}");
        let is_named =
            |told: &&String| told.contains("no record explains key") && told.contains(&named);
        assert_eq!(told.iter().filter(is_named).count(), 1, "{letter}: {told:?}");
    }
}
