//! Queues are fair by their structure: the next case is decided in the one order of commits, each claim says how its queue
//! stood, and whoever plays the trail back finds a claim that was not as it says.

use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, decode, encode, to_bytes};
use casedesk::desk::{
    Anchor, AskCaseFile, AskCasePreview, AskCases, AskColleagues, AskFairness, AskFind,
    AskMergeCandidates, AskPresence, Checks, Command, Desk, DeskError, Draft, DraftForm, DraftKey,
    FairnessAnswer, Narrowing, Query, Request, RowPerson, View, ViewKind,
};
use casedesk::domain::cases::{
    CaseAct, CaseEvent, Channel, ContactOutcome, Direction as ContactDirection, Nature, PassedOver,
    StartedContact, Turn,
};
use casedesk::domain::office::{Purpose, Role};
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, Event, EventRecord, QueueId, UnitId};
use casedesk::store::{
    Commit, CommitId, Direction, KeyRange, Latest, MemoryStore, Store as _, Write,
};

use crate::office::{Office, Seat};

const INBOX: View = View { kind: ViewKind::Inbox, unit: UnitId(1) };

#[expect(clippy::wildcard_enum_match_arm, reason = "anything else is no refusal")]
fn refusal(error: DeskError) -> (String, String) {
    match error {
        DeskError::Refused(refusal) => (refusal.code, refusal.what),
        other => unreachable!("not refused: {other:?}"),
    }
}

fn is_sound(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.is_sound(), "{:#?}", found.findings);
}

/// As many colleagues as are asked for, each with a desk of their own.
fn claimers(office: &Office, count: usize) -> Vec<Seat> {
    (0..count)
        .map(|number| {
            office.enrol(&format!("c{number}"), &format!("C. Number{number}"), &[Role::Caseworker])
        })
        .collect()
}

/// Everybody does the same at once; what came of it, in the order of the commits, refusals last.
fn all_at_once(
    people: &[Seat],
    command: &Command,
) -> Vec<Result<(u64, Option<EntityId>), DeskError>> {
    let begin = Arc::new(std::sync::Barrier::new(people.len()));
    let mut told: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (1_u128 << 64..)
            .zip(people)
            .map(|(id, session)| {
                let begin = Arc::clone(&begin);
                scope.spawn(move || {
                    begin.wait();
                    let request = Request { id, command: command.clone() };
                    let receipt = session.execute(request)?;
                    Ok((receipt.sequence, receipt.subject))
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    told.sort_by_key(|told| told.as_ref().map_or(u64::MAX, |(sequence, _)| *sequence));
    told
}

#[test]
fn of_many_who_want_the_next_case_each_gets_another_one_in_its_order() {
    for (people, cases) in [(24, 9), (9, 24), (12, 12), (2, 1)] {
        let office = Office::new();
        let everybody = claimers(&office, people);
        for number in 0..cases {
            office.case(None, Nature::Request, &format!("matter {number}"));
        }
        let told = all_at_once(&everybody, &Command::ClaimNext(INBOX));
        let won: Vec<EntityId> =
            told.iter().flatten().filter_map(|(_, subject)| subject.clone()).collect();
        let in_order: Vec<EntityId> =
            (1..=cases.min(people) as u64).map(|case| EntityId::Case(CaseId(case))).collect();
        assert_eq!(won, in_order, "{people} people, {cases} cases");
        for refused in told.into_iter().filter_map(Result::err) {
            assert_eq!(refusal(refused).0, "claim.none");
        }
        is_sound(&office);
    }
}

#[test]
fn a_named_case_has_one_winner_and_the_others_hear_who_has_it_and_since_when() {
    let office = Office::new();
    let everybody = claimers(&office, 12);
    let case = office.case(None, Nature::Request, "the only one");
    let version = Some(1);
    let told = all_at_once(&everybody, &Command::Case { case, version, act: CaseAct::Claim });
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let owner = desk.ask(AskCaseFile { case, entries: 5 }).unwrap();
    let owner = owner.case.owner.unwrap();
    let name = format!("Number{}", owner.0 - 2);
    for refused in told.into_iter().filter_map(Result::err) {
        let (code, what) = refusal(refused);
        assert_eq!(code, "claim.taken");
        assert_eq!(what, format!("{name} has {case} since 09:14."));
    }
    office.pass_minutes(24 * 60);
    let (_, what) = refusal(office.on(&office.karimi(), case, CaseAct::Claim).unwrap_err());
    assert_eq!(what, format!("{name} has {case} since Fri 21 Aug 09:14."));
}

#[test]
fn a_retry_of_a_claim_whose_answer_was_lost_is_the_same_claim() {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    office.case(None, Nature::Request, "one");
    office.case(None, Nature::Request, "two");
    let claim = Request { id: 77, command: Command::ClaimNext(INBOX) };
    let first = moe.execute(claim.clone()).unwrap();
    let again = moe.execute(claim).unwrap();
    assert_eq!((again.sequence, &again.subject), (first.sequence, &first.subject));
    let named = CaseAct::Claim;
    let named = Command::Case { case: CaseId(2), version: None, act: named };
    let named = Request { id: 78, command: named };
    let first = moe.execute(named.clone()).unwrap();
    assert_eq!(moe.execute(named).unwrap().sequence, first.sequence);
}

#[test]
fn the_sums_of_free_cases_are_those_of_the_records_whatever_is_done() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store);
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let cases: Vec<CaseId> =
        (0..4).map(|number| office.case(None, Nature::Report, &format!("{number}"))).collect();
    office.act(&moe, Command::ClaimNext(INBOX)).unwrap();
    office.on(&moe, cases[2], CaseAct::Claim).unwrap();
    office.act(&moe, Command::Undo).unwrap();
    office.on(&moe, cases[0], CaseAct::Release).unwrap();
    let claim = casedesk::domain::cases::EachAct::Acts(vec![CaseAct::Claim]);
    let all = cases.iter().map(|case| (*case, None)).collect();
    office.act(&moe, Command::ForEach { cases: all, act: claim }).unwrap();
    is_sound(&office);
}

#[test]
fn the_next_case_is_found_behind_many_that_are_not_for_whoever_claims() {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Moe", "1986-03-02", "+989121234411");
    let cases = |count: usize, person| {
        let case = |_| office.case(person, Nature::Report, "stairs");
        (0..count).map(case).last().unwrap()
    };
    cases(60, Some(sara));
    let lamp = cases(1, None);
    cases(441, Some(sara));
    cases(1, None);
    // Moe is Sara as a citizen: none of her cases is his to take.
    let link = Command::LinkPerson {
        caseworker: crate::conflicts::who(&moe),
        person: Some(sara),
        reason: String::new(),
    };
    office.act(&office.karimi(), link).unwrap();
    let claimed = office.act(&moe, Command::ClaimNext(INBOX)).unwrap();
    assert_eq!(claimed.subject, Some(EntityId::Case(lamp)));
    let far = office.act(&moe, Command::ClaimNext(INBOX)).unwrap_err();
    assert_eq!(refusal(far).0, "claim.far");
}

#[test]
fn a_claim_is_the_bytes_that_timelines_hold() {
    let turn = Turn {
        queue: QueueId(2),
        due_at: Instant::from_milliseconds(1),
        size: 5,
        sum: [1; 16],
        rank: Some(3),
        passed: Some(vec![(PassedOver::Rights, 1), (PassedOver::Level, 1)]),
    };
    let event = CaseEvent::ClaimedInTurn { by: CaseworkerId(7), turn: Box::new(turn) };
    let bytes = to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    let sum = [1; 16];
    let wanted = [&[3, 47, 7, 2, 2, 5][..], &sum, &[1, 3, 1, 2, 0, 1, 1, 1]].concat();
    assert_eq!(bytes, wanted);
    let named = Turn::open(QueueId(2), Instant::default(), None);
    let event = CaseEvent::ClaimedInTurn { by: CaseworkerId(7), turn: Box::new(named) };
    let bytes = to_bytes(&Event::Case(event), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes, [&[3, 47, 7, 2, 0, 0][..], &[0; 16], &[0, 0]].concat());
    assert_eq!(to_bytes(&PassedOver::Conflict, 8).unwrap(), [2]);
}

fn fairness(session: &Seat, unit: Option<UnitId>) -> Result<FairnessAnswer, DeskError> {
    session.execute(Request { id: fresh(), command: Command::ReadFairness { unit } })?;
    let desk: &dyn Desk = session;
    desk.ask(AskFairness { unit, from: None, to: None })
}

fn fresh() -> u128 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1 << 40);
    u128::from(NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
}

/// Four free cases, of which Moe took the first as the next one, and Berg the last by its number, after opening it.
fn two_claims(office: &Office) {
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let berg = office.enrol("berg", "S. Berg", &[Role::Caseworker]);
    for number in 0..4 {
        office.case(None, Nature::Request, &format!("matter {number}"));
    }
    office.act(&moe, Command::ClaimNext(INBOX)).unwrap();
    let purpose = Purpose::known("casework").unwrap();
    office.act(&berg, Command::OpenCase { case: CaseId(4), purpose }).unwrap();
    office.on(&berg, CaseId(4), CaseAct::Claim).unwrap();
}

#[test]
fn claims_are_counted_again_and_skips_say_who_passed_over_what_and_why() {
    let office = Office::new();
    two_claims(&office);
    let auditor = office.enrol("audit", "A. Auditor", &[Role::Auditor]);
    let told = fairness(&auditor, None).unwrap();
    assert_eq!((told.claims, told.first, told.unproved), (2, 1, 0));
    assert_eq!(told.differing, []);
    let skips: Vec<_> = told
        .skips
        .iter()
        .map(|line| (line.by.as_str(), line.reason.as_str(), line.claims, line.passed))
        .collect();
    assert_eq!(skips, [("berg", "opened", 1, 2)]);
    assert_eq!(told.to_claim.cases, 2);
    assert!(told.to_claim.by_area.groups.is_empty(), "two cases make no group");
    let desk: &dyn Desk = &auditor;
    let later = Some(Day::from_parts(2026, 8, 22).unwrap());
    let none = desk.ask(AskFairness { unit: None, from: later, to: None }).unwrap();
    assert_eq!((none.claims, none.to_claim.cases), (0, 0));
}

#[test]
fn auditors_privacy_officers_and_whoever_leads_the_unit_read_how_fair_it_was_and_nobody_else() {
    let office = Office::new();
    two_claims(&office);
    let unit = Some(UnitId(1));
    assert_eq!(fairness(&office.karimi(), unit).unwrap().claims, 2);
    let officer = office.enrol("privacy", "P. Officer", &[Role::PrivacyOfficer]);
    assert_eq!(fairness(&officer, None).unwrap().claims, 2);
    let moe = office.sign_in("moe").unwrap();
    for who in [moe, office.enrol("clerk", "C. Clerk", &[Role::Clerk])] {
        assert_eq!(refusal(fairness(&who, unit).unwrap_err()).0, "permit.fairness");
        let desk: &dyn Desk = &who;
        let asked = desk.ask(AskFairness { unit: None, from: None, to: None });
        assert_eq!(refusal(asked.unwrap_err()).0, "permit.fairness");
    }
}

#[test]
fn one_count_of_all_claims_runs_at_a_time_and_the_next_hears_that_one_is_under_way() {
    let office = Office::new();
    two_claims(&office);
    let auditor = office.enrol("audit", "A. Auditor", &[Role::Auditor]);
    let asked = || AskFairness { unit: None, from: None, to: None };
    let told = std::cell::RefCell::new(Vec::new());
    // Somebody else asks in the midst of it; then whoever asked first hangs up.
    let given_up = auditor.query_unless(Query::Fairness(asked()), &|| {
        let desk: &dyn Desk = &auditor;
        told.borrow_mut().push(refusal(desk.ask(asked()).unwrap_err()).0);
        true
    });
    assert_eq!(given_up, Err(DeskError::GivenUp));
    assert_eq!(told.into_inner(), ["fairness.busy"]);
    assert_eq!(fairness(&auditor, None).unwrap().claims, 2, "what was given up keeps nobody");
}

/// Changes the claim in the timeline of a case, behind the desk's back.
fn forge(store: &MemoryStore, case: u64, change: impl Fn(&mut Turn)) {
    let prefix = [b"tC".as_slice(), &case.to_be_bytes()].concat();
    let page = store.scan(&KeyRange::prefix(&prefix), 1, Direction::Forward).unwrap();
    let (key, value) = page.rows.into_iter().next().unwrap();
    let mut records: Vec<EventRecord> = decode(b't', 1, &value.value).unwrap();
    for record in &mut records {
        if let Event::Case(CaseEvent::ClaimedInTurn { turn, .. }) = &mut record.event {
            change(turn);
        }
    }
    let writes = vec![Write::Put(key, encode(b't', 1, &records).unwrap())];
    let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
    store.commit(Commit { id: CommitId(fresh()), reads: Vec::new(), stamp }).unwrap();
}

#[test]
fn a_claim_that_is_not_as_it_says_is_found() {
    type Forged = fn(&mut Turn);
    let forgeries: [(u64, Forged, &str); 5] = [
        (1, |turn| turn.size = 3, "it says 3 cases stood free, and 4 did"),
        (1, |turn| turn.sum[0] ^= 1, "other cases stood free than it says"),
        (4, |turn| turn.rank = Some(1), "it says that it was 1 in the order, and it was 3"),
        (
            4,
            |turn| turn.passed = Some(Vec::new()),
            "it was taken as the next one, 2 were before it, and 0 say why",
        ),
        (
            4,
            |turn| turn.due_at = Instant::default(),
            "it did not stand free in that queue under that key",
        ),
    ];
    for (case, change, what) in forgeries {
        let store = Arc::new(MemoryStore::new());
        let office = Office::over(store.clone());
        two_claims(&office);
        forge(&store, case, change);
        let told = fairness(&office.karimi(), Some(UnitId(1))).unwrap();
        let found: Vec<_> = told.differing.iter().map(|claim| (claim.case, &*claim.what)).collect();
        assert_eq!(found, [(Some(CaseId(case)), what)]);
    }
}

#[test]
fn a_sum_that_is_not_that_of_the_records_is_found() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    two_claims(&office);
    let sums = KeyRange::prefix(&[b'c', 40]);
    let (key, value) = store.scan(&sums, 9, Direction::Forward).unwrap().rows.remove(0);
    let mut value = value.value.to_vec();
    value[20] ^= 1;
    let writes = vec![Write::Put(key, value)];
    let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
    store.commit(Commit { id: CommitId(fresh()), reads: Vec::new(), stamp }).unwrap();
    let found = office.desk.verify(Checks::default(), &|_| {}).unwrap().findings;
    assert!(found[0].contains("the sum of the free cases of"), "{found:?}");
}

fn listed(session: &Seat, limit: &str) -> Vec<RowPerson> {
    let desk: &dyn Desk = session;
    let narrowing = Narrowing { limit: limit.parse().unwrap(), ..Narrowing::default() };
    let question = AskCases { view: INBOX, anchor: Anchor::First, before: 0, after: 9, narrowing };
    desk.ask(question).unwrap().rows.into_iter().map(|row| row.person).collect()
}

#[test]
fn where_names_are_hidden_a_free_case_says_nothing_of_who_asked_until_it_is_claimed_or_opened() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Request, "Sara asks for a ramp");
    let named = RowPerson::Person(sara, "Mohammadi, Sara".into());
    assert_eq!(listed(&karimi, "mohammadi"), std::slice::from_ref(&named));
    let hide = |hides| Command::HideNames { unit: UnitId(1), hides };
    office.act(&karimi, hide(true)).unwrap();
    assert_eq!(listed(&karimi, ""), [RowPerson::Hidden]);
    for words in ["mohammadi", "ramp", "azadi"] {
        assert_eq!(listed(&karimi, words), [], "{words}");
    }
    let preview = format!("{:?}", desk.ask(AskCasePreview { case }).unwrap());
    assert!(!preview.contains("Sara") && !preview.contains("Azadi"), "{preview}");
    assert!(preview.contains("without names"), "{preview}");
    let found = |text: String| desk.ask(AskFind { text, limit: 9 }).unwrap().hits;
    for text in [case.to_string(), case.0.to_string()] {
        let hit = found(text).into_iter().find(|hit| hit.case.is_some()).unwrap();
        let row = hit.case.as_ref().map(|row| &row.person);
        assert_eq!((hit.person, row), (None, Some(&RowPerson::Hidden)), "found by its number");
    }
    let file = desk.ask(AskCaseFile { case, entries: 5 }).unwrap();
    assert_eq!(file.row.person, named, "a case that is opened shows it");
    office.act(&karimi, Command::ClaimNext(INBOX)).unwrap();
    assert_eq!(listed(&karimi, ""), std::slice::from_ref(&named), "one's own case shows it");
    assert_eq!(found(case.to_string())[0].person, Some(sara));
    office.on(&karimi, case, CaseAct::Release).unwrap();
    office.act(&karimi, hide(false)).unwrap();
    assert_eq!(listed(&karimi, ""), [named]);
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    assert_eq!(refusal(office.act(&moe, hide(true)).unwrap_err()).0, "permit.no-grant");
}

#[test]
fn where_names_are_hidden_a_free_case_says_no_more_beside_one_that_it_may_be_merged_with() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let free = office.case(Some(sara), Nature::Request, "Sara asks for a ramp");
    let own = office.case(None, Nature::Request, "A lamp");
    office.on(&karimi, own, CaseAct::Claim).unwrap();
    let beside = || {
        let question = AskMergeCandidates { case: own, named: Some(free) };
        format!("{:?}", (&karimi as &dyn Desk).ask(question).unwrap().candidates)
    };
    assert!(beside().contains("ramp") && beside().contains("Azadi"), "{}", beside());
    office.act(&karimi, Command::HideNames { unit: UnitId(1), hides: true }).unwrap();
    let hidden = beside();
    for word in ["Sara", "ramp", "Azadi"] {
        assert!(!hidden.contains(word), "{hidden}");
    }
    assert!(hidden.contains("without names"), "no more than the preview says: {hidden}");
}

#[test]
fn load_is_told_of_oneself_and_of_whom_one_leads_with_what_interrupted_them() {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Request, "matter");
    office.on(&moe, case, CaseAct::Claim).unwrap();
    let call = |session: &Seat| {
        let started = StartedContact {
            channel: Channel::Telephone,
            direction: ContactDirection::In,
            person: None,
            telephone: None,
            ivr_path: None,
        };
        office.act(session, Command::StartContact(started)).unwrap();
        let presence: &dyn Desk = session;
        let running = presence.ask(AskPresence {}).unwrap().contact.unwrap().contact;
        let outcome = ContactOutcome::ALL[0];
        let summary = "asked about it".to_owned();
        let end = Command::EndContact { contact: running, outcome, summary, article: None };
        office.act(session, end).unwrap();
    };
    call(&moe);
    let draft = Draft {
        key: DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) },
        fields: vec![("text".to_owned(), "half a sent".to_owned())],
        focus: "text".to_owned(),
        base_version: 1,
        saved_at: casedesk::desk::Clock::now(office.clock.as_ref()),
    };
    office.act(&moe, Command::SaveDraft(draft)).unwrap();
    call(&moe);
    office.pass_minutes(30);
    call(&moe);
    let seen_by = |session: &Seat, account: &str| {
        let desk: &dyn Desk = session;
        let units = desk.ask(AskColleagues {}).unwrap().units;
        let held = units.into_iter().flat_map(|unit| unit.colleagues);
        let held = held.into_iter().find(|held| held.account == account).unwrap();
        (held.has_load, held.open, held.interruptions)
    };
    assert_eq!(seen_by(&moe, "moe"), (true, 1, 1), "only the call within the words counts");
    assert_eq!(seen_by(&office.karimi(), "moe"), (true, 1, 1));
    let berg = office.enrol("berg", "S. Berg", &[Role::Caseworker]);
    assert_eq!(seen_by(&berg, "moe"), (false, 0, 0));
    is_sound(&office);
    office.pass_minutes(24 * 60);
    assert_eq!(seen_by(&moe, "moe").2, 0, "each day begins at nothing");
}
