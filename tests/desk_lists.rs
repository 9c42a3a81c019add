//! Lists, counts and what forms offer, as the desk answers them.

use casedesk::desk::{
    Anchor, AskBoard, AskCases, AskDraft, AskDrafts, AskOverdue, AskSimilar, Clock, Command, Desk,
    DeskError, Draft, DraftForm, DraftKey, Narrowing, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, Channel, Nature, ReplyAddress};
use casedesk::domain::office::{Purpose, Role};
use casedesk::domain::{CaseId, EntityId, SubjectCode, UnitId};

use crate::office::Office;

fn cases(desk: &dyn Desk, kind: ViewKind, anchor: Anchor, before: u32, after: u32) -> Shown {
    let view = View { kind, unit: UnitId(1) };
    let answer = desk
        .ask(AskCases { view, anchor, before, after, narrowing: Narrowing::default() })
        .unwrap();
    let ids = answer.rows.into_iter().map(|row| row.id.0).collect();
    Shown { ids, first: answer.first, total: answer.total }
}

/// The numbers of the rows, the place of the first of them, and how many there are.
#[derive(Debug, PartialEq)]
struct Shown {
    ids: Vec<u64>,
    first: u64,
    total: u64,
}

fn shown(ids: &[u64], first: u64, total: u64) -> Shown {
    Shown { ids: ids.to_vec(), first, total }
}

#[test]
fn a_list_is_paged_around_a_case_also_where_the_case_has_left_it() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    for _ in 0..9 {
        office.case(None, Nature::Report, "Lamp");
    }
    let around = |case: u64| Anchor::Case(CaseId(case));
    assert_eq!(cases(desk, ViewKind::Inbox, Anchor::First, 0, 3), shown(&[1, 2, 3], 0, 9));
    assert_eq!(cases(desk, ViewKind::Inbox, Anchor::Last, 3, 0), shown(&[7, 8, 9], 6, 9));
    assert_eq!(cases(desk, ViewKind::Inbox, around(5), 2, 3), shown(&[3, 4, 5, 6, 7], 2, 9));
    // A claimed case stands in another lane of the same queue, and in the same order.
    office.on(&karimi, CaseId(5), CaseAct::Claim).unwrap();
    assert_eq!(cases(desk, ViewKind::Inbox, around(5), 1, 2), shown(&[4, 5, 6], 3, 9));
    assert_eq!(cases(desk, ViewKind::Free, around(5), 1, 2), shown(&[4, 6, 7], 3, 8));
    assert_eq!(cases(desk, ViewKind::Mine, Anchor::First, 0, 5), shown(&[5], 0, 1));
}

#[test]
fn what_is_late_and_what_is_due_today_are_told_apart_to_the_minute() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    // An enquiry is answered within a working day: on Monday, by closing time.
    let case = office.case(None, Nature::Information, "When do you open?");
    office.case(None, Nature::Suggestion, "Open earlier");
    assert_eq!(cases(desk, ViewKind::Today, Anchor::First, 0, 9), shown(&[], 0, 0));
    office.pass_minutes(3 * 24 * 60);
    assert_eq!(cases(desk, ViewKind::Today, Anchor::First, 0, 9), shown(&[case.0], 0, 1));
    assert_eq!(cases(desk, ViewKind::Late, Anchor::First, 0, 9), shown(&[], 0, 0));
    office.pass_minutes(7 * 60);
    assert_eq!(cases(desk, ViewKind::Today, Anchor::First, 0, 9), shown(&[], 0, 0));
    assert_eq!(cases(desk, ViewKind::Late, Anchor::Case(case), 4, 9), shown(&[case.0], 0, 1));
    // On a later day it is counted by its day's counter, and listed all the same.
    office.pass_minutes(3 * 24 * 60);
    assert_eq!(cases(desk, ViewKind::Late, Anchor::Last, 9, 0), shown(&[case.0], 0, 1));
    let overdue = desk.ask(AskOverdue {}).unwrap().units;
    assert_eq!(
        overdue.into_iter().map(|(_, late, open)| (late, open)).collect::<Vec<_>>(),
        [(1, 2)]
    );
}

#[test]
fn mail_that_waits_and_mail_that_failed_are_one_list() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Report, "Lamp");
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    let reply = CaseAct::Reply { to, template: None, text: "It burns.".to_owned() };
    office.on(&karimi, case, reply).unwrap();
    assert_eq!(cases(&karimi, ViewKind::Mail, Anchor::First, 0, 9), shown(&[1], 0, 1));
    assert_eq!(cases(&karimi, ViewKind::Mail, Anchor::Case(case), 3, 3), shown(&[1], 0, 1));
    let other = office.case(Some(sara), Nature::Report, "Lift");
    office.on(&karimi, other, CaseAct::Claim).unwrap();
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    for (case, text) in [(case, "Again."), (case, "Still."), (other, "It goes.")] {
        let reply = CaseAct::Reply { to: to.clone(), template: None, text: text.to_owned() };
        office.on(&karimi, case, reply).unwrap();
    }
    assert_eq!(cases(&karimi, ViewKind::Mail, Anchor::First, 0, 2), shown(&[1, 2], 0, 2));
}

#[test]
fn the_same_matter_is_offered_and_why() {
    let office = Office::new();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let gareth = office.person("Gareth", "Whitlock", "1971-05-06", "+447700900123");
    office.case(Some(sara), Nature::Report, "Lamp");
    office.case(Some(gareth), Nature::Report, "Lamp");
    let question = |subject: &str| AskSimilar {
        person: Some(sara),
        nature: Some(Nature::Report),
        subject: Some(SubjectCode(subject.into())),
        area: "W7".to_owned(),
        place: String::new(),
    };
    let answer = desk.ask(question("HOU-1")).unwrap();
    let why: Vec<(u64, &str)> =
        answer.cases.iter().map(|case| (case.row.id.0, case.why.as_str())).collect();
    assert_eq!(why, [(1, "same person, same subject"), (2, "same subject, W7")]);
    assert!(answer.answer_source.starts_with("general@1/answer: 3 working days"));
    let other = desk.ask(question("HOU-2")).unwrap();
    assert_eq!(other.cases.len(), 1);
}

#[test]
fn a_draft_is_its_authors_alone_and_comes_back_as_it_was() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Report, "Lamp");
    let key = DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) };
    let draft = |text: &str| Draft {
        key: key.clone(),
        fields: vec![("text".to_owned(), text.to_owned())],
        focus: "text".to_owned(),
        base_version: 2,
        saved_at: office.clock.now(),
    };
    office.act(&karimi, Command::SaveDraft(draft("half a sen"))).unwrap();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskDraft { key: key.clone() }).unwrap(), Some(draft("half a sen")));
    let others: &dyn Desk = &moe;
    assert_eq!(others.ask(AskDraft { key: key.clone() }).unwrap(), None);
    assert!(others.ask(AskDrafts {}).unwrap().drafts.is_empty());
    match office.act(&karimi, Command::SaveDraft(draft(&"x".repeat(13_000)))) {
        Err(DeskError::Refused(refusal)) => assert_eq!(refusal.code, "draft.long"),
        other => panic!("{other:?}"),
    }
    let empty = Draft { fields: vec![(String::new(), String::new()); 20_000], ..draft("") };
    assert!(matches!(office.act(&karimi, Command::SaveDraft(empty)), Err(DeskError::Refused(_))));
    office.act(&karimi, Command::DropDraft(key.clone())).unwrap();
    assert_eq!(desk.ask(AskDraft { key }).unwrap(), None);
}

#[test]
fn nothing_is_opened_without_a_purpose_that_the_office_knows() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Report, "Lamp");
    let purpose = || Purpose("curiosity".to_owned());
    for command in [
        Command::OpenCase { case, purpose: purpose() },
        Command::OpenPerson { person: sara, purpose: purpose() },
        Command::RevealPerson { person: sara, purpose: purpose() },
    ] {
        match office.act(&karimi, command) {
            Err(DeskError::Refused(refusal)) => assert_eq!(refusal.code, "purpose.unknown"),
            other => panic!("{other:?}"),
        }
    }
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().views.len(), 9);
}
