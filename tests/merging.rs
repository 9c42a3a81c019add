//! Merging cases and people, and taking it back: nothing is lost on the way there or on the way back.

use std::sync::Arc;

use casedesk::desk::{
    AskCaseFile, AskDraft, AskFilled, AskFind, AskLedger, AskMergeCandidates, AskPersonFile,
    AskPersonMerge, AskWhy, CaseFileAnswer, Checks, Clock, Command, Desk, DeskError, Draft,
    DraftForm, DraftKey, PersonFileAnswer, Post, Receipt, Request, RowResult,
};
use casedesk::domain::cases::{
    Case, CaseAct, Channel, Direction, EachAct, EscalationLevel, EscalationReason, HoldReason,
    Keeps, Message, MessageState, Nature, NewContact, OutcomeCode, ReplyAddress, Stage,
};
use casedesk::domain::office::{
    CaseworkerState, Confidentiality, Grant, NewCaseworker, Purpose, Role,
};
use casedesk::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, FamilyRole, Name, NameKind, NewHousehold,
    PersonChange, PersonField, PersonState, Relationship, RelationshipKind, Side,
};
use casedesk::domain::time::{ClockKind, Day, Instant};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, MergeId, MessageId, PersonId, UnitId};
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::store::MemoryStore;

use crate::harness::TestScreen;
use crate::office::{Office, Seat};

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        Err(DeskError::NotFound(_)) => "not found".to_owned(),
        other => format!("not refused: {other:?}"),
    }
}

fn into(other: CaseId, reason: &str) -> CaseAct {
    CaseAct::Merge { other, keeps: Keeps::Other, reason: reason.to_owned() }
}

fn file(desk: &Seat, case: CaseId) -> CaseFileAnswer {
    let desk: &dyn Desk = desk;
    desk.ask(AskCaseFile { case, entries: 100 }).unwrap()
}

fn case(desk: &Seat, id: CaseId) -> Case {
    file(desk, id).case
}

fn person(desk: &Seat, person: PersonId) -> PersonFileAnswer {
    let desk: &dyn Desk = desk;
    desk.ask(AskPersonFile { person }).unwrap()
}

fn found(desk: &Seat, text: &str) -> Vec<PersonId> {
    let desk: &dyn Desk = desk;
    let hits = desk.ask(AskFind { text: text.to_owned(), limit: 20 }).unwrap().hits;
    hits.into_iter().filter_map(|hit| hit.person).collect()
}

fn merge_people(survivor: PersonId, merged: PersonId, chosen: &[(PersonField, Side)]) -> Command {
    Command::MergePeople {
        survivor,
        merged,
        versions: None,
        chosen: chosen.to_vec(),
        reason: "same passport".to_owned(),
    }
}

fn unmerge(merge: u64) -> Command {
    Command::Unmerge { merge: MergeId(merge), reason: String::new() }
}

fn change(person: PersonId, change: PersonChange) -> Command {
    let source = "told by telephone".to_owned();
    Command::ChangePerson { person, version: None, change, source, is_verified: false }
}

fn other_name(given: &str, family: &str) -> PersonChange {
    let (kind, given, family) = (NameKind::Other, given.to_owned(), family.to_owned());
    PersonChange::Name { index: u32::MAX, name: Name { kind, given, family } }
}

fn sound(office: &Office) {
    let verification = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(verification.is_sound(), "{:#?}", verification.findings);
}

/// Two cases of one person about one thing, both claimed by Karimi: C-1 and C-2.
fn twice(office: &Office) -> (PersonId, CaseId, CaseId) {
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let karimi = office.karimi();
    let first = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    office.pass_minutes(3 * 24 * 60);
    let second = office.case(Some(sara), Nature::Complaint, "Still no rent subsidy");
    for case in [first, second] {
        office.on(&karimi, case, CaseAct::Claim).unwrap();
    }
    (sara, first, second)
}

#[test]
fn every_old_reference_leads_to_the_survivor_and_undo_restores_both() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, first, second) = twice(&office);
    office.on(&karimi, second, CaseAct::Note { text: "landlord wrote".to_owned() }).unwrap();
    let reply = CaseAct::Reply {
        to: ReplyAddress { addressee: sara, channel: Channel::Sms },
        template: None,
        text: "We look at it.".to_owned(),
    };
    office.on(&karimi, second, reply).unwrap();
    let before = (case(&karimi, first), case(&karimi, second));
    let receipt = office.on(&karimi, second, into(first, "")).unwrap();
    assert_eq!(receipt.label, "C-2 is part of C-1 now (G-1); both numbers lead there.");
    assert_eq!(receipt.subject, Some(EntityId::Case(first)));

    let opened = file(&karimi, second);
    assert_eq!(opened.case.id, first);
    assert_eq!(opened.merges[0].merged, EntityId::Case(second));
    let words: Vec<&str> = opened.timeline.iter().map(|entry| entry.words.as_str()).collect();
    assert!(words.contains(&"C-2: landlord wrote"), "{words:?}");
    assert_eq!(opened.messages.len(), 1, "the messages of both are read together");
    let desk: &dyn Desk = &karimi;
    let hit = desk.ask(AskFind { text: "C-2".to_owned(), limit: 3 }).unwrap().hits.remove(0);
    assert_eq!(hit.case.unwrap().id, first);
    assert_eq!(hit.evidence, "C-2 was merged into C-1");
    let open = office
        .act(&karimi, Command::OpenCase { case: second, purpose: Purpose("casework".to_owned()) });
    assert_eq!(open.unwrap().subject, Some(EntityId::Case(first)));
    assert_eq!(refusal(office.on(&karimi, second, CaseAct::Claim)), "case.merged");
    assert_eq!(refusal(office.on(&karimi, second, into(first, ""))), "case.merged");
    let ledger = desk.ask(AskLedger { after: 0 }).unwrap().ledger;
    assert!(ledger.is_whole());
    assert_eq!((ledger.open, ledger.ended[&OutcomeCode::Duplicate]), (1, 1));
    sound(&office);

    office.act(&karimi, Command::Undo).unwrap();
    let after = (case(&karimi, first), case(&karimi, second));
    assert_same(&before.0, &after.0);
    assert_same(&before.1, &after.1);
    sound(&office);
}

/// The same case but for how many events it has had.
fn assert_same(before: &Case, after: &Case) {
    assert_eq!(Case { version: 0, ..before.clone() }, Case { version: 0, ..after.clone() });
}

#[test]
fn what_arrives_on_an_old_number_arrives_at_the_survivor() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, first, second) = twice(&office);
    office.on(&karimi, second, into(first, "")).unwrap();
    let contact = NewContact {
        channel: Channel::Telephone,
        direction: Direction::In,
        person: Some(sara),
        started_at: office.clock.now(),
        ended_at: office.clock.now(),
        summary: "asks about C-2".to_owned(),
        case: Some(second),
    };
    office.act(&karimi, Command::RecordContact(contact)).unwrap();
    assert_eq!(case(&karimi, first).contacts.len(), 2);
    let receipt = office.act(&karimi, unmerge(1)).unwrap();
    assert_eq!(
        receipt.label,
        "C-2 stands for itself again. Stays on C-1: 1 contact of the time in which they were one."
    );
    assert_eq!(case(&karimi, second).contacts.len(), 1);
    sound(&office);
}

#[test]
fn a_merge_that_would_lose_somebody_something_is_refused_with_what_to_do() {
    let office = Office::new();
    let (karimi, moe) = (office.karimi(), office.enrol("moe", "T. Moe", &[Role::Caseworker]));
    let (clerk, screener) = (
        office.enrol("clerk", "A. Clerk", &[Role::Clerk]),
        office.enrol("screen", "S. Creener", &[Role::Screener]),
    );
    let (_, first, second) = twice(&office);
    assert_eq!(refusal(office.on(&clerk, second, into(first, ""))), "permit.no-grant");
    assert_eq!(refusal(office.on(&moe, second, into(first, ""))), "case.taken");
    assert_eq!(refusal(office.on(&screener, second, into(first, ""))), "case.taken");
    assert_eq!(refusal(office.on(&karimi, second, into(second, ""))), "merge.self");
    assert_eq!(refusal(office.on(&karimi, second, into(CaseId(99), ""))), "not found");
    let anonymous = office.case(None, Nature::Complaint, "Neighbours wait, too");
    assert_eq!(refusal(office.on(&karimi, anonymous, into(first, ""))), "merge.anonymous");
    office.on(&karimi, anonymous, into(first, "same letter quoted")).unwrap();
    assert!(case(&karimi, first).roles.len() == 1, "nobody is linked to the anonymous report");
    office.act(&karimi, Command::Undo).unwrap();
    office.on(&karimi, first, into(anonymous, "same letter quoted")).unwrap();
    assert!(case(&karimi, anonymous).people().is_empty(), "nor gets a name by it");
    office.act(&karimi, Command::Undo).unwrap();

    let ask = "Rule on it".to_owned();
    let (level, reason) = (EscalationLevel::Supervisor, EscalationReason::Law);
    office.on(&karimi, first, CaseAct::Release).unwrap();
    office.on(&moe, first, CaseAct::Claim).unwrap();
    office.on(&moe, first, CaseAct::Escalate { level, reason, ask }).unwrap();
    assert_eq!(refusal(office.on(&moe, first, into(second, ""))), "merge.escalated");
    assert_eq!(case(&karimi, first).stage, Stage::Claimed, "a refused merge leaves nothing");
    office.on(&karimi, second, into(first, "")).unwrap();
    assert!(case(&karimi, first).open_escalation().is_some(), "a survivor's escalation goes on");
    office.act(&karimi, Command::Undo).unwrap();

    let not_notified = Some("no address".to_owned());
    let outcome = Some(OutcomeCode::Answered);
    let close = CaseAct::Close { outcome, reasons: String::new(), not_notified };
    for task in 0..u32::try_from(case(&karimi, second).tasks.len()).unwrap() {
        office.on(&karimi, second, CaseAct::SetTask { index: task, is_done: true }).unwrap();
    }
    office.on(&karimi, second, close).unwrap();
    assert_eq!(refusal(office.on(&karimi, anonymous, into(second, "x"))), "merge.closed");
    let closed = case(&karimi, second);
    let gone = CaseAct::Merge { other: second, keeps: Keeps::This, reason: String::new() };
    assert_eq!(refusal(office.on(&karimi, first, gone)), "merge.reason");
    office.on(&karimi, second, into(first, "the same letter")).unwrap();
    office.act(&karimi, unmerge(4)).unwrap();
    assert_same(&closed, &case(&karimi, second));
    sound(&office);
}

#[test]
fn the_earlier_limit_of_the_law_holds_for_both_and_why_says_so() {
    let office = Office::new();
    let karimi = office.karimi();
    let (_, first, second) = twice(&office);
    let limit = |case: &Case| {
        case.clocks.iter().find(|clock| clock.kind == ClockKind::Legal).unwrap().due_at
    };
    let answer = |case: &Case| {
        case.clocks.iter().find(|clock| clock.kind == ClockKind::Answer).unwrap().clone()
    };
    let (one, two) = (case(&karimi, first), case(&karimi, second));
    assert!(limit(&one) < limit(&two));
    office.on(&karimi, first, into(second, "")).unwrap();
    let survivor = case(&karimi, second);
    assert_eq!(limit(&survivor), limit(&one));
    assert_eq!(answer(&survivor), answer(&two), "its own deadlines stay its own");
    let desk: &dyn Desk = &karimi;
    let why = desk.ask(AskWhy { case: first }).unwrap().lines().join("\n");
    assert!(why.contains("The legal limit is that of C-1, which was received first"), "{why}");
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(limit(&case(&karimi, second)), limit(&two));
}

#[test]
fn a_merge_can_be_taken_apart_after_others_have_changed_the_survivor() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let reza = office.person("Reza", "Mohammadi", "1984-01-01", "+47 912 34 568");
    let first = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    let second = office.case(Some(reza), Nature::Complaint, "Rent subsidy late");
    let step = |title: &str| CaseAct::AddTask { title: title.to_owned(), is_required: false };
    office.on(&karimi, second, CaseAct::Claim).unwrap();
    let until = Day::from_parts(2026, 9, 1).unwrap();
    let (reason, words) = (HoldReason::Citizen, "lease".to_owned());
    office.on(&karimi, second, step("ask the landlord")).unwrap();
    office.on(&karimi, second, step("ask the bank")).unwrap();
    office.on(&karimi, second, CaseAct::Hold { reason, until, words }).unwrap();
    let before = (case(&karimi, first), case(&karimi, second));
    assert_eq!(refusal(office.on(&karimi, second, into(first, ""))), "merge.strangers");
    office.on(&karimi, second, into(first, "one lease")).unwrap();
    let survivor = file(&karimi, first);
    let parties: Vec<_> = survivor.parties.iter().map(|party| party.role.as_str()).collect();
    assert_eq!(parties, ["asked", "asked too"]);
    assert!(person(&karimi, reza).cases.iter().any(|row| row.id == first), "and finds it");
    office.on(&moe, first, CaseAct::Claim).unwrap();
    let titles: Vec<String> = survivor.case.tasks.iter().map(|task| task.title.clone()).collect();
    let index = titles.iter().position(|title| title == "ask the bank").unwrap();
    let index = u32::try_from(index).unwrap();
    office.on(&moe, first, CaseAct::SetTask { index, is_done: true }).unwrap();
    office.on(&moe, first, CaseAct::Note { text: "called".to_owned() }).unwrap();
    assert!(office.act(&karimi, Command::Undo).is_ok(), "u takes it apart all the same");
    let after = (case(&karimi, first), case(&karimi, second));
    assert_same(&before.1, &after.1);
    assert_eq!(after.0.people(), [sara]);
    let titles: Vec<&str> = after.0.tasks.iter().map(|task| task.title.as_str()).collect();
    assert!(titles.contains(&"ask the bank") && !titles.contains(&"ask the landlord"));
    sound(&office);
    office.on(&karimi, second, into(first, "one lease")).unwrap();
    office.act(&karimi, unmerge(2)).unwrap();
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(case(&karimi, second).id, first, "taking it apart is undone as well");
    sound(&office);
}

#[test]
fn whoever_had_a_merged_case_and_has_left_does_not_get_it_back() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let first = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    let second = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    office.on(&moe, second, CaseAct::Claim).unwrap();
    office.on(&moe, second, into(first, "")).unwrap();
    let (caseworker, state) = (CaseworkerId(2), CaseworkerState::Left);
    let leaves = Command::SetCaseworkerState { caseworker, state };
    office.act(&karimi, leaves).unwrap();
    office.act(&karimi, unmerge(1)).unwrap();
    let back = case(&karimi, second);
    assert_eq!((back.owner, back.stage), (None, Stage::Queued));
    sound(&office);
}

/// Two records of one person: P-1 with a husband and a case, P-2 under another spelling with a checked id.
fn two_records(office: &Office) -> (PersonId, PersonId, PersonId) {
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let zara = office.person("Zara", "Karimzadeh", "1986", "+47 912 99 999");
    let reza = office.person("Reza", "Mohammadi", "1984-01-01", "+47 912 34 568");
    let members = vec![(zara, FamilyRole::Head), (reza, FamilyRole::Partner)];
    office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
    (sara, zara, reza)
}

#[test]
fn a_merged_person_leads_to_the_survivor_everywhere() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, zara, reza) = two_records(&office);
    let own = office.case(Some(sara), Nature::Request, "Ramp");
    let case = office.case(Some(zara), Nature::Complaint, "Rent subsidy late");
    let reading: &dyn Desk = &karimi;
    let beside = reading.ask(AskPersonMerge { survivor: sara, merged: zara }).unwrap();
    assert_eq!((beside.survivor.person, beside.merged.counts[0]), (sara, 1));
    let receipt = office.act(&karimi, merge_people(sara, zara, &[])).unwrap();
    assert_eq!(receipt.label, "P-2 is part of P-1 Mohammadi, Sara now (G-1).");
    sound(&office);

    for number in [sara, zara] {
        let file = person(&karimi, number);
        assert_eq!(file.person, sara);
        let mut cases: Vec<CaseId> = file.cases.iter().map(|row| row.id).collect();
        cases.sort_unstable();
        assert_eq!(cases, [own, case]);
        assert_eq!(file.contacts_total, 2);
        assert_eq!(file.contact_points.len(), 2, "both numbers are kept");
        assert_eq!(file.kin.iter().map(|kin| kin.person).collect::<Vec<_>>(), [reza]);
        assert_eq!(file.merges[0].merged, EntityId::Person(zara));
    }
    assert_eq!(person(&karimi, reza).kin[0].person, sara, "kin of others lead there, too");
    assert_eq!(found(&karimi, "zara karimzadeh")[0], sara, "found by the other name");
    assert_eq!(found(&karimi, "P-2"), [sara]);
    assert_eq!(file(&karimi, case).parties[0].person, sara);
    assert_eq!(file(&karimi, case).row.person, file(&karimi, own).row.person);

    let refused = office.act(&karimi, change(zara, PersonChange::Note("x".to_owned())));
    assert_eq!(refusal(refused), "person.merged");
    assert_eq!(refusal(office.act(&karimi, merge_people(reza, zara, &[]))), "person.merged");
    let late = office.case(Some(zara), Nature::Report, "Lamp");
    assert_eq!(file(&karimi, late).case.initiator(), Some(sara), "an intake on the old number");
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let reply = CaseAct::Reply {
        to: ReplyAddress { addressee: sara, channel: Channel::Sms },
        template: None,
        text: "We look at it.".to_owned(),
    };
    office.on(&karimi, case, reply).unwrap();
    sound(&office);

    office.act(&karimi, unmerge(1)).unwrap();
    assert_eq!(person(&karimi, zara).person, zara);
    assert_eq!(found(&karimi, "zara karimzadeh")[0], zara);
    assert_eq!(person(&karimi, sara).contact_points.len(), 1);
    assert_eq!(person(&karimi, reza).kin[0].person, zara);
    sound(&office);
}

#[test]
fn what_was_checked_goes_before_what_was_not_and_a_choice_before_both() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, zara, _) = two_records(&office);
    let address = |street: &str| {
        PersonChange::Address(Address {
            street: street.to_owned(),
            area: "W2".to_owned(),
            ..Address::default()
        })
    };
    let checked = |person, change| Command::ChangePerson {
        person,
        version: None,
        change,
        source: "identity card".to_owned(),
        is_verified: true,
    };
    office.act(&karimi, checked(zara, address("Park 1"))).unwrap();
    let day = BirthDate::parse("1986-02-03").unwrap();
    office.act(&karimi, checked(zara, PersonChange::BirthDate(day))).unwrap();
    let both = [(PersonField::Address, Side::Both)];
    assert_eq!(refusal(office.act(&karimi, merge_people(sara, zara, &both))), "merge.both");
    let own = [(PersonField::BirthDate, Side::Survivor), (PersonField::Name, Side::Merged)];
    office.act(&karimi, merge_people(sara, zara, &own)).unwrap();
    let file = person(&karimi, sara);
    assert!(file.address.starts_with("Park 1"));
    assert_eq!(file.born.as_deref(), Some("1986-03-02"));
    assert_eq!(file.name, "Karimzadeh, Zara");
    assert_eq!(file.other_names, [(NameKind::Other, "Sara Mohammadi".to_owned())]);
    assert_eq!(found(&karimi, "sara mohammadi")[0], sara);

    // Somebody corrects the address that the merge had brought: it stays, and is named.
    office.act(&karimi, change(sara, address("Park 7"))).unwrap();
    let label = office.act(&karimi, unmerge(1)).unwrap().label;
    assert_eq!(label, "P-2 stands for itself again. Stays on P-1: address, changed since.");
    let file = person(&karimi, sara);
    assert!(file.address.starts_with("Park 7"));
    assert_eq!((file.name.as_str(), file.other_names.len()), ("Mohammadi, Sara", 0));
    sound(&office);
}

#[test]
fn nobody_learns_of_a_hidden_record_by_a_merge() {
    let office = Office::new();
    let karimi = office.karimi();
    let grant = |role| Grant {
        role,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let new = NewCaseworker {
        account: "moe".to_owned(),
        name: "T. Moe".to_owned(),
        unit: UnitId(1),
        grants: vec![grant(Role::Caseworker), grant(Role::PrivacyOfficer)],
    };
    office.act(&karimi, Command::Enrol(new)).unwrap();
    let moe = office.sign_in("moe").unwrap();
    let (sara, zara, _) = two_records(&office);
    let secret = PersonChange::Confidentiality(Confidentiality::Confidential);
    office.act(&karimi, change(zara, secret)).unwrap();
    let unknown = refusal(office.act(&moe, merge_people(sara, PersonId(99), &[])));
    assert_eq!(refusal(office.act(&moe, merge_people(sara, zara, &[]))), unknown);
    let desk: &dyn Desk = &moe;
    let beside = desk.ask(AskPersonMerge { survivor: sara, merged: zara });
    assert!(matches!(beside, Err(DeskError::NotFound(_))));
    office.act(&karimi, merge_people(sara, zara, &[])).unwrap();
    assert!(matches!(desk.ask(AskPersonFile { person: sara }), Err(DeskError::NotFound(_))));
    let seen = found(&moe, "sara mohammadi");
    assert!(!seen.contains(&sara), "the stricter of the two holds for both: {seen:?}");
    assert_eq!(refusal(office.act(&moe, unmerge(1))), "not found");
    sound(&office);
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(person(&moe, sara).person, sara);
    sound(&office);
}

#[test]
fn a_clerk_proposes_and_the_privacy_officer_undoes() {
    let office = Office::new();
    let karimi = office.karimi();
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let officer = office.enrol("dpo", "D. Officer", &[Role::PrivacyOfficer]);
    let (sara, zara, _) = two_records(&office);
    for session in [&clerk, &officer] {
        assert_eq!(refusal(office.act(session, merge_people(sara, zara, &[]))), "permit.no-grant");
    }
    office.act(&karimi, merge_people(sara, zara, &[])).unwrap();
    assert_eq!(refusal(office.act(&clerk, unmerge(1))), "permit.no-grant");
    office.act(&officer, unmerge(1)).unwrap();
    assert_eq!(person(&karimi, zara).person, zara);
    assert_eq!(refusal(office.act(&officer, unmerge(1))), "merge.parted");
    let (_, first, second) = twice(&office);
    office.on(&karimi, second, into(first, "")).unwrap();
    office.act(&officer, unmerge(2)).unwrap();
    assert_eq!(case(&karimi, second).id, second, "cases as well as people");
}

#[test]
fn merges_of_merges_are_followed_and_parted_from_the_outside_in() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, zara, reza) = two_records(&office);
    let third = office.person("Sarah", "Mohammady", "1986-03-02", "+47 911 11 111");
    office.act(&karimi, merge_people(zara, third, &[])).unwrap();
    office.act(&karimi, merge_people(sara, zara, &[])).unwrap();
    for number in [sara, zara, third] {
        assert_eq!(person(&karimi, number).person, sara);
    }
    assert_eq!(found(&karimi, "sarah mohammady")[0], sara);
    assert_eq!(refusal(office.act(&karimi, unmerge(1))), "merge.chain");
    sound(&office);
    office.act(&karimi, unmerge(2)).unwrap();
    assert_eq!(person(&karimi, third).person, zara, "it goes back with whom it came");
    office.act(&karimi, unmerge(1)).unwrap();
    assert_eq!(person(&karimi, third).person, third);
    let state = person(&karimi, reza).state;
    assert!(!matches!(state, PersonState::Merged(_)));
    sound(&office);
}

fn keep_draft(office: &Office, session: &Seat, case: CaseId, text: &str, base_version: u64) {
    let draft = Draft {
        key: DraftKey { form: DraftForm::Reply, target: Some(EntityId::Case(case)) },
        fields: vec![("text".to_owned(), text.to_owned())],
        focus: "text".to_owned(),
        base_version,
        saved_at: Instant::default(),
    };
    office.act(session, Command::SaveDraft(draft)).unwrap();
}

fn drafted(session: &Seat, case: CaseId) -> Option<String> {
    let desk: &dyn Desk = session;
    let key = DraftKey { form: DraftForm::Reply, target: Some(EntityId::Case(case)) };
    desk.ask(AskDraft { key }).unwrap().map(|draft| draft.fields[0].1.clone())
}

#[test]
fn drafts_of_a_merged_case_are_offered_on_the_survivor_and_none_is_lost() {
    let office = Office::new();
    let karimi = office.karimi();
    let (_, first, second) = twice(&office);
    keep_draft(&office, &karimi, second, "half a letter", 2);
    office.on(&karimi, second, into(first, "")).unwrap();
    assert_eq!(drafted(&karimi, first).as_deref(), Some("half a letter"));
    assert!(file(&karimi, first).row.has_draft);
    // An editor that was open on the survivor before the merge keeps its own words; the others wait.
    keep_draft(&office, &karimi, first, "own words", 1);
    assert_eq!(drafted(&karimi, first).as_deref(), Some("own words"));
    let key = DraftKey { form: DraftForm::Reply, target: Some(EntityId::Case(first)) };
    office.act(&karimi, Command::DropDraft(key.clone())).unwrap();
    assert_eq!(drafted(&karimi, first).as_deref(), Some("half a letter"));
    // Typed on from there, they are one draft.
    let version = file(&karimi, first).row.version;
    keep_draft(&office, &karimi, first, "half a letter, and the rest", version);
    office.act(&karimi, Command::DropDraft(key)).unwrap();
    assert_eq!(drafted(&karimi, first), None);
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(drafted(&karimi, second), None);
    keep_draft(&office, &karimi, second, "again", 9);
    office.on(&karimi, second, into(first, "")).unwrap();
    office.act(&karimi, unmerge(2)).unwrap();
    assert_eq!(drafted(&karimi, second).as_deref(), Some("again"), "it goes back with its case");
}

#[test]
fn the_likeliest_case_is_offered_first() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, first, second) = twice(&office);
    let other = office.person("Reza", "Azadi", "1984-01-01", "+47 912 34 568");
    let near = office.case(Some(other), Nature::Complaint, "Rent subsidy late");
    let desk: &dyn Desk = &karimi;
    let answer = desk.ask(AskMergeCandidates { case: second, named: None }).unwrap();
    let ids: Vec<CaseId> = answer.candidates.iter().map(|known| known.row.id).collect();
    assert_eq!(ids, [first, near]);
    assert_eq!(answer.candidates[0].why, "same person, same subject");
    assert!(person(&karimi, sara).cases.len() == 2);
}

#[test]
fn a_case_of_other_people_is_merged_with_only_by_a_digit_and_with_a_reason() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let reza = office.person("Reza", "Azadi", "1984-01-01", "+47 912 34 568");
    let first = office.case(Some(reza), Nature::Complaint, "The lift is broken");
    let second = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("/C-2<enter>m");
    let text = screen.text();
    assert!(text.contains(" 1 C-1 Azadi, Reza   same subject"), "{text}");
    assert!(!text.contains(">1 C-1") && text.contains("Mohammadi, Sara; "), "{text}");
    screen.keys("<enter>");
    assert!(screen.status().contains("choose one by its digit"), "{}", screen.text());
    screen.keys("1");
    let text = screen.text();
    assert!(text.contains(">1 C-1") && text.contains("Azadi, Reza; "), "{text}");
    assert!(text.contains("The lift is broken") && text.contains("Rent subsidy late"), "{text}");
    screen.keys("<enter>");
    assert!(screen.status().contains("They are of different people"), "{}", screen.text());
    assert_eq!(case(&karimi, second).id, second);
    screen.keys("one house<enter>");
    assert_eq!(case(&karimi, second).id, first, "{}", screen.text());
}

#[test]
fn three_keys_merge_and_undo_on_the_board_and_the_number_leads_on() {
    let office = Office::new();
    let karimi: Arc<dyn Desk> = Arc::new(office.karimi());
    let (_, first, second) = twice(&office);
    let mut screen = TestScreen::open(karimi);
    screen.keys("1j");
    assert!(screen.cursor_row().contains("C-2"), "{}", screen.text());
    screen.keys("m");
    let text = screen.text();
    assert!(text.contains("-- MERGE C-2"), "{text}");
    assert!(text.contains(">1 C-1") && text.contains("same person, same subject"), "{text}");
    assert!(text.contains("Still no rent subsidy"), "{text}");
    screen.keys("<enter>");
    assert!(screen.status().contains("C-2 is part of C-1 now"), "{}", screen.status());
    assert!(!screen.cursor_row().contains("C-2"), "it has left the list: {}", screen.text());
    screen.keys("/C-2<enter>");
    let text = screen.text();
    assert!(text.contains("merged   with C-2 on 24 Aug by Karimi; M takes it apart"), "{text}");
    screen.keys("u");
    assert!(!screen.text().contains("merged   with"), "{}", screen.text());
    assert_eq!(case(&office.karimi(), second).id, second);
    screen.keys("gb1jm<enter>/C-1<enter>M");
    assert!(screen.status().contains("C-2 stands for itself again"), "{}", screen.text());
    assert_eq!(case(&office.karimi(), first).id, first);
}

#[test]
fn after_a_merge_the_cursor_stays_where_it_was_and_undo_brings_it_back() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    for number in 0..260 {
        office.case(Some(sara), Nature::Complaint, &format!("Rent subsidy {number}"));
    }
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("2jm<enter>");
    let text = screen.text();
    assert!(screen.status().contains("C-2 is part of"), "{text}");
    assert!(screen.cursor_row().contains("C-3") && text.contains("   2 of 259"), "{text}");
    screen.keys("u");
    assert!(screen.cursor_row().contains("C-2"), "{}", screen.text());
}

#[test]
fn a_typed_number_a_reason_and_the_other_way_round_are_a_key_away() {
    let office = Office::new();
    let (_, first, second) = twice(&office);
    let anonymous = office.case(None, Nature::Report, "Somebody told us");
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("1jm/3");
    let text = screen.text();
    assert!(text.contains(">1 C-3") && text.contains("as you typed"), "{text}");
    screen.keys("<enter>");
    assert!(screen.status().contains("Nobody is named on one of them"), "{}", screen.text());
    screen.keys("same letter<esc>");
    assert!(!screen.text().contains("-- MERGE"), "{}", screen.text());
    screen.keys("m/3<enter>");
    assert!(screen.status().contains("C-2 is part of C-3 now"), "kept: {}", screen.text());
    screen.keys("u1jmo");
    assert!(screen.text().contains("C-1 goes into C-2"), "{}", screen.text());
    screen.keys("<enter>");
    assert_eq!(case(&office.karimi(), first).id, second);
    assert_ne!(case(&office.karimi(), anonymous).id, second);
}

#[test]
fn two_people_are_compared_side_by_side_merged_and_taken_apart_by_keys() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let zara = office.person("Sara", "Mohammady", "1986-03-02", "+47 912 34 567");
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("/P-1<enter>m");
    assert!(screen.text().contains("LIKELY DUPLICATES of P-1  1"), "{}", screen.text());
    screen.keys("m");
    let text = screen.text();
    assert!(text.starts_with("MERGE P-2 into P-1"), "{text}");
    assert!(text.contains(">name        *Mohammadi, Sara"), "{text}");
    assert!(screen.rows().iter().all(|row| row.chars().count() <= 79), "{text}");
    screen.keys("2");
    assert!(screen.text().contains("*Mohammady, Sara"), "{}", screen.text());
    screen.keys("b");
    assert!(screen.status().contains("There is one name only"), "{}", screen.status());
    screen.keys("<tab>same card<enter>");
    let text = screen.text();
    assert!(text.contains("MOHAMMADY, Sara"), "{text}");
    assert!(text.contains("merged with P-2 on 21 Aug by Karimi: M takes it apart"), "{text}");
    assert_eq!(found(&karimi, "sara mohammady")[0], sara);
    screen.keys("M");
    assert!(screen.status().contains("P-2 stands for itself again"), "{}", screen.text());
    assert!(screen.text().contains("MOHAMMADI, Sara"), "{}", screen.text());
    assert_eq!(person(&karimi, zara).person, zara);
}

#[test]
fn keys_typed_ahead_of_the_other_way_round_merge_the_other_way_round() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let zara = office.person("Sara", "Mohammady", "1986-03-02", "+47 912 34 567");
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("/P-1<enter>Dm<tab>same card<tab>");
    assert!(screen.text().starts_with("MERGE P-2 into P-1"), "{}", screen.text());
    screen.hold().keys("o<enter>").release();
    assert_eq!(person(&karimi, sara).person, zara, "{}", screen.text());
}

#[test]
fn a_merge_over_the_socket_survives_a_reopening() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let (_, first, second) = twice(&office);
    let (sara, zara, _) = two_records(&office);
    let data = tempfile::tempdir().unwrap();
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn =
        Arc::new(move |_| Ok(Arc::new(desk.sign_in("karimi", None)?) as Arc<dyn Desk>));
    let server = serve(data.path(), sign_in).unwrap();
    let remote = RemoteDesk::connect(data.path(), None).unwrap();
    let far: &dyn Desk = &remote;
    let did = |command| -> Receipt { far.execute(office.request(command)).unwrap() };
    let act = into(first, "");
    let receipt = did(Command::Case { case: second, version: None, act });
    assert_eq!(receipt.created, [EntityId::Merge(MergeId(1))]);
    did(merge_people(sara, zara, &[]));
    assert_eq!(far.ask(AskCaseFile { case: second, entries: 9 }).unwrap().case.id, first);
    drop(remote);
    drop(server);
    let again = Office::over(store);
    assert_eq!(case(&again.karimi(), second).id, first);
    assert_eq!(person(&again.karimi(), zara).person, sara);
    sound(&again);
    let request = Request { id: 1 << 70, command: unmerge(2) };
    again.karimi().execute(request).unwrap();
    assert_eq!(person(&again.karimi(), zara).person, zara);
    sound(&again);
}

/// Chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn some_change(chance: &mut Chance, people: u64) -> PersonChange {
    let word = format!("Word{}", chance.below(9));
    let index = u32::try_from(chance.below(4)).unwrap();
    match chance.below(9) {
        0 => other_name(&word, "Azadi"),
        1 => PersonChange::FormOfAddress(word),
        2 => PersonChange::Languages(vec![word, "en".to_owned()]),
        3 => PersonChange::Needs(vec![word]),
        4 => PersonChange::Note(word),
        5 => PersonChange::BirthDate(BirthDate::Year(1980 + i16::try_from(index).unwrap())),
        6 => PersonChange::ContactPoint {
            index,
            point: ContactPoint::parse(
                ContactPointKind::Telephone,
                &format!("+47 912 34 {:03}", chance.below(99)),
            )
            .unwrap(),
        },
        7 => PersonChange::Address(Address { street: word, ..Address::default() }),
        _ => PersonChange::Relationship(Relationship {
            to: PersonId(chance.below(people) + 1),
            kind: RelationshipKind::Sibling,
            from: None,
            until: None,
            source: "told".to_owned(),
        }),
    }
}

#[test]
fn whatever_is_merged_is_given_back_as_it_was_and_no_reference_dangles() {
    for seed in 1..=6_u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let office = Office::new();
        let karimi = office.karimi();
        let people = 6;
        for at in 0..people {
            let id = office.person(&format!("Given{at}"), "Azadi", "1986", "+47 912 34 567");
            office.case(Some(id), Nature::Complaint, "Rent");
        }
        for step in 0..60 {
            let pick = |chance: &mut Chance| PersonId(chance.below(people) + 1);
            let one = pick(&mut chance);
            // Changes of merged records are refused, and so are merges of one with itself; that is part of it.
            let _ = match chance.below(5) {
                0 => office.act(&karimi, merge_people(one, pick(&mut chance), &[])),
                1 => {
                    let (case, other) = (CaseId(one.0), CaseId(pick(&mut chance).0));
                    office.on(&karimi, case, into(other, "x"))
                }
                2 => office.act(&karimi, unmerge(chance.below(8) + 1)),
                _ => office.act(&karimi, change(one, some_change(&mut chance, people))),
            };
            if step % 12 == 11 {
                sound(&office);
            }
            for number in 1..=people {
                assert!(person(&karimi, PersonId(number)).person.0 <= people);
                assert!(file(&karimi, CaseId(number)).case.id.0 <= people);
            }
        }
        for merge in (1..40).rev() {
            let _ = office.act(&karimi, unmerge(merge));
        }
        for merge in (1..40).rev() {
            let _ = office.act(&karimi, unmerge(merge));
        }
        for number in 1..=people {
            assert_eq!(person(&karimi, PersonId(number)).person, PersonId(number), "seed {seed}");
            assert_eq!(case(&karimi, CaseId(number)).id, CaseId(number), "seed {seed}");
            assert_eq!(found(&karimi, &format!("given{} azadi", number - 1))[0], PersonId(number));
        }
        sound(&office);
        // A merge with nothing in between gives back exactly what there was.
        let before = (person(&karimi, PersonId(1)), person(&karimi, PersonId(2)));
        let merged = office.act(&karimi, merge_people(PersonId(1), PersonId(2), &[]));
        if merged.is_ok() {
            office.act(&karimi, Command::Undo).unwrap();
            let after = (person(&karimi, PersonId(1)), person(&karimi, PersonId(2)));
            let plain = |mut file: PersonFileAnswer| {
                file.version = 0;
                file
            };
            assert_eq!(plain(before.0), plain(after.0));
            assert_eq!(plain(before.1), plain(after.1));
        }
    }
}

#[test]
fn the_pin_of_a_merged_case_tells_of_the_survivor_and_of_no_other_case() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, first, second) = twice(&office);
    let third = office.case(Some(sara), Nature::Complaint, "Rent subsidy, again");
    office.on(&karimi, third, into(second, "")).unwrap();
    let slip = office.act(&karimi, Command::PrintSlip { case: second }).unwrap().text.unwrap();
    let pin = slip.lines().find_map(|line| line.strip_prefix("PIN: ")).unwrap().to_owned();
    office.on(&karimi, second, into(first, "")).unwrap();
    let told = office.act(&karimi, Command::AskStatus { case: second, pin }).unwrap().text.unwrap();
    assert!(told.contains("We are working on your matter."), "{told}");
}

#[test]
fn a_case_writes_to_the_record_that_its_reader_was_merged_into() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _, second) = twice(&office);
    let zara = office.person("Zara", "Karimzadeh", "1986", "+47 912 99 999");
    let by_sms = |addressee| CaseAct::Reply {
        to: ReplyAddress { addressee, channel: Channel::Sms },
        template: None,
        text: "We look at it.".to_owned(),
    };
    office.on(&karimi, second, by_sms(sara)).unwrap();
    let back = CaseAct::CameBack { message: MessageId(1), why: "no such number".to_owned() };
    office.desk.deliver(&&Gone).unwrap();
    office.on(&karimi, second, back).unwrap();
    office.act(&karimi, merge_people(zara, sara, &[])).unwrap();
    let desk: &dyn Desk = &karimi;
    for addressee in [sara, zara] {
        let channel = Channel::Sms;
        let asked = AskFilled { case: second, addressee, channel, template: "done".to_owned() };
        desk.ask(asked).unwrap();
    }
    let text = Some("{salutation} It is done.".to_owned());
    let act = EachAct::Letter { template: None, text };
    let each = Command::ForEach { cases: vec![(second, None)], act };
    let receipt = office.act(&karimi, each).unwrap();
    assert_eq!(receipt.rows, [RowResult::Updated(EntityId::Case(second))]);
    let messages = file(&karimi, second).messages;
    let newest = messages.iter().find(|message| message.id == MessageId(2)).unwrap();
    let first = messages.iter().find(|message| message.id == MessageId(1)).unwrap();
    assert_eq!(newest.addressee, zara);
    assert!(matches!(first.state, MessageState::Superseded { .. }), "{:?}", first.state);
    sound(&office);
}

#[test]
fn a_letter_of_a_merged_case_comes_back_to_the_survivor_and_is_made_good_there() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, first, second) = twice(&office);
    let by_sms = CaseAct::Reply {
        to: ReplyAddress { addressee: sara, channel: Channel::Sms },
        template: None,
        text: "We look at it.".to_owned(),
    };
    office.on(&karimi, second, by_sms.clone()).unwrap();
    office.desk.deliver(&&Gone).unwrap();
    office.on(&karimi, second, into(first, "")).unwrap();
    let back = CaseAct::CameBack { message: MessageId(1), why: "no such number".to_owned() };
    let said = office.on(&karimi, first, back).unwrap().label;
    assert!(said.starts_with("M-1 came back, so C-1 is not told"), "{said}");
    office.on(&karimi, first, by_sms).unwrap();
    let messages = file(&karimi, first).messages;
    let state = &messages.iter().find(|message| message.id == MessageId(1)).unwrap().state;
    assert!(matches!(state, MessageState::Superseded { by: MessageId(2), .. }), "{state:?}");
    sound(&office);
    office.act(&karimi, unmerge(1)).unwrap();
    assert_eq!(case(&karimi, second).messages, [MessageId(1)]);
    sound(&office);
}

/// A post that takes everything.
struct Gone;

impl Post for &Gone {
    fn hand_over(&self, _: &Message) -> Result<(), String> {
        Ok(())
    }
}
