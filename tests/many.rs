//! One act on many cases at the desk: as if each were alone, one undo, and nothing of what was refused.

use std::sync::Arc;

use casedesk::desk::{
    AskCaseFile, AskForEach, Checks, Command, Desk, DeskError, Receipt, RowResult, Undoable,
};
use casedesk::domain::cases::{CaseAct, Channel, EachAct, GiveTo, Keeps, Nature, OutcomeCode};
use casedesk::domain::limits::EACH_CASES_MAX;
use casedesk::domain::office::Role;
use casedesk::domain::{CaseId, CaseworkerId};
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::store::{MemoryStore, OpenOptions, SledStore, Store};

use crate::office::{Office, Seat};

fn file(desk: &dyn Desk, case: CaseId) -> casedesk::desk::CaseFileAnswer {
    desk.ask(AskCaseFile { case, entries: 50 }).unwrap()
}

fn owner(desk: &dyn Desk, case: CaseId) -> Option<CaseworkerId> {
    file(desk, case).case.owner
}

/// An office with Moe, and so many cases that nobody has.
fn office(cases: u64) -> (Office, Seat, Vec<CaseId>) {
    let office = Office::new();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let cases = (0..cases)
        .map(|number| office.case(None, Nature::Report, &format!("Lamp {number} is broken")));
    let cases = cases.collect();
    (office, moe, cases)
}

fn each(cases: &[CaseId], act: CaseAct) -> Command {
    let cases = cases.iter().map(|case| (*case, None)).collect();
    Command::ForEach { cases, act: EachAct::Acts(vec![act]) }
}

fn give(to: u64) -> CaseAct {
    CaseAct::Give { to: GiveTo::Caseworker(CaseworkerId(to)), words: String::new() }
}

fn note(text: &str) -> CaseAct {
    CaseAct::Note { text: text.to_owned() }
}

/// The codes of the refusals, in the order of the cases; empty for what was done.
fn codes(receipt: &Receipt) -> Vec<&str> {
    fn code(row: &RowResult) -> &str {
        if let RowResult::Refused(_, refusal) = row { &refusal.code } else { "" }
    }
    receipt.rows.iter().map(code).collect()
}

#[test]
fn ten_are_given_by_one_command_and_one_undo_takes_them_back() {
    let (office, moe, cases) = office(10);
    let karimi = office.karimi();
    let receipt = office.act(&karimi, each(&cases, give(2))).unwrap();
    assert_eq!((receipt.label.as_str(), receipt.undo), ("Gave 10 cases to Moe.", Undoable::Yes));
    assert!(cases.iter().all(|case| owner(&moe, *case) == Some(CaseworkerId(2))));
    let undone = office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(undone.label, "Undone: Gave 10 cases to Moe.");
    assert!(cases.iter().all(|case| owner(&moe, *case).is_none()));
}

#[test]
fn a_refused_case_leaves_nothing_behind_and_stops_nobody() {
    let (office, moe, cases) = office(4);
    let karimi = office.karimi();
    office.on(&moe, cases[1], CaseAct::Claim).unwrap();
    let clerk = office.enrol("lunde", "A. Lunde", &[Role::Caseworker]);
    let wanted = [cases[0], cases[1], CaseId(99), cases[2], cases[0]];
    let receipt = office.act(&clerk, each(&wanted, give(2))).unwrap();
    assert_eq!(codes(&receipt), ["", "give.taken", "each.gone", "", "each.twice"]);
    assert_eq!(receipt.label, "Gave 2 of 5 cases to Moe.");
    let kinds = file(&karimi, cases[1]).timeline.len();
    assert_eq!(kinds, file(&karimi, cases[3]).timeline.len() + 1, "the claim, and no give");
    let all_refused = office.act(&clerk, each(&[CaseId(99)], give(2))).unwrap();
    assert_eq!(codes(&all_refused), ["each.gone"]);
    assert_eq!(all_refused.undo, Undoable::Nothing);
}

#[test]
fn whoever_may_not_act_on_a_case_may_not_act_on_many() {
    let (office, _, cases) = office(2);
    let reader = office.enrol("lunde", "A. Lunde", &[Role::Auditor]);
    let receipt = office.act(&reader, each(&cases, note("I was here"))).unwrap();
    assert_eq!(codes(&receipt), ["permit.no-grant", "permit.no-grant"]);
    let stepped = Command::ForEachOn {
        cases: vec![(cases[0], None)],
        act: EachAct::Acts(vec![note("by the back door")]),
        first: 1,
    };
    assert!(office.act(&reader, stepped).is_err());
    assert!(office.act(&reader, Command::UndoOn { first: 1 }).is_err());
}

#[test]
fn more_than_a_frame_holds_goes_in_several_commits_and_comes_back_in_one_undo() {
    let (office, _, cases) = office(EACH_CASES_MAX as u64);
    let karimi = office.karimi();
    let long = "x".repeat(3_900);
    for _ in 0..2 {
        let receipt = office.act(&karimi, each(&cases, note(&long))).unwrap();
        assert_eq!(receipt.label, "Noted on 400 cases.");
    }
    let receipt = office.act(&karimi, each(&cases, give(2))).unwrap();
    assert!(codes(&receipt).iter().all(|code| code.is_empty()));
    let undone = office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(undone.label, "Undone: Gave 400 cases to Moe.");
    assert_eq!(undone.rows.len(), 400);
    assert!(cases.iter().all(|case| owner(&karimi, *case).is_none()));
    let one_more = [cases.as_slice(), &[CaseId(401)]].concat();
    let refused = office.act(&karimi, each(&one_more, give(2))).unwrap_err();
    assert!(refused.to_string().contains("400 cases, and these are 401"), "{refused}");
    assert!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings.is_empty());
}

#[test]
fn what_was_changed_since_stays_and_is_named_and_the_rest_is_taken_back() {
    let (office, moe, cases) = office(3);
    let karimi = office.karimi();
    office.act(&karimi, each(&cases, give(2))).unwrap();
    office.on(&moe, cases[1], note("Rang the landlord")).unwrap();
    let undone = office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(
        undone.label,
        "Undone: Gave 3 cases to Moe. 2 of 3 are back; 1 stay: C-2 was changed by Moe since."
    );
    let owners = cases.iter().map(|case| owner(&karimi, *case)).collect::<Vec<_>>();
    assert_eq!(owners, [None, Some(CaseworkerId(2)), None]);
}

#[test]
fn an_undo_of_which_nothing_can_be_taken_back_is_refused_and_the_act_stays() {
    let (office, moe, cases) = office(2);
    let karimi = office.karimi();
    office.act(&karimi, each(&cases, give(2))).unwrap();
    for case in &cases {
        office.on(&moe, *case, note("Looked at it")).unwrap();
    }
    for _ in 0..2 {
        let refused = office.act(&karimi, Command::Undo).unwrap_err();
        assert!(refused.to_string().contains("None of the 2 is as your act left it"), "{refused}");
    }
}

#[test]
fn an_act_on_many_survives_a_crash_and_is_undone_after_reopening() {
    let data = tempfile::tempdir().unwrap();
    let open = || -> Arc<dyn Store> {
        Arc::new(SledStore::open(data.path(), OpenOptions::default(), &|_| {}).unwrap())
    };
    let cases: Vec<CaseId> = {
        let office = Office::over(open());
        office.enrol("moe", "T. Moe", &[Role::Caseworker]);
        let cases: Vec<_> =
            (0..30).map(|_| office.case(None, Nature::Report, "Lamp is broken")).collect();
        office.act(&office.karimi(), each(&cases, give(2))).unwrap();
        cases
    };
    let office = Office::over(open());
    let karimi = office.karimi();
    assert!(cases.iter().all(|case| owner(&karimi, *case) == Some(CaseworkerId(2))));
    let command = casedesk::desk::Request { id: 7_000, command: Command::Undo };
    let undone = karimi.execute(command.clone()).unwrap();
    assert_eq!(undone.label, "Undone: Gave 30 cases to Moe.");
    assert!(cases.iter().all(|case| owner(&karimi, *case).is_none()));
    let kept = file(&karimi, cases[0]).timeline.len();
    karimi.execute(command).unwrap();
    assert_eq!(file(&karimi, cases[0]).timeline.len(), kept, "a retry undoes nothing else");
}

#[test]
fn asked_twice_with_the_same_key_it_is_done_once() {
    let (office, _, cases) = office(30);
    let karimi = office.karimi();
    let request =
        casedesk::desk::Request { id: 8_000, command: each(&cases, note("Seen on the round")) };
    karimi.execute(request.clone()).unwrap();
    let again = karimi.execute(request).unwrap();
    assert_eq!(again.rows.len(), 30);
    for case in &cases {
        let notes = file(&karimi, *case).timeline;
        assert_eq!(notes.iter().filter(|entry| entry.kind == "note").count(), 1);
    }
}

#[test]
fn an_act_on_many_is_the_same_acts_one_by_one() {
    let acts = [
        CaseAct::Claim,
        note("a word"),
        CaseAct::Close {
            outcome: Some(OutcomeCode::Answered),
            reasons: String::new(),
            not_notified: None,
        },
        give(2),
        CaseAct::Release,
        note(""),
    ];
    let prepared = || {
        let (office, moe, cases) = office(5);
        office.on(&moe, cases[1], CaseAct::Claim).unwrap();
        office.on(&office.karimi(), cases[2], CaseAct::Claim).unwrap();
        (office, moe, cases)
    };
    let ((many, many_moe, cases), (single, single_moe, _)) = (prepared(), prepared());
    for act in acts {
        let receipt = many.act(&many_moe, each(&cases, act.clone())).unwrap();
        for (case, row) in cases.iter().zip(&receipt.rows) {
            let alone = single.on(&single_moe, *case, act.clone());
            match (row, alone) {
                (RowResult::Updated(_), Ok(_)) => {}
                (RowResult::Refused(_, refusal), Err(DeskError::Refused(alone))) => {
                    assert_eq!(*refusal, alone);
                }
                other => panic!("{act:?} on {case}: {other:?}"),
            }
        }
        for case in &cases {
            assert_eq!(file(&many_moe, *case).case, file(&single_moe, *case).case, "{act:?}");
        }
    }
}

#[test]
fn each_letter_is_filled_for_its_reader_and_whoever_has_no_address_gets_none() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let luz = office.person("Luz", "Hernandez", "1990-01-01", "+4791234567");
    let cases: Vec<_> = [Some(sara), Some(luz), None]
        .into_iter()
        .map(|person| office.case(person, Nature::Report, "Lamp is broken"))
        .collect();
    office.act(&karimi, each(&cases, CaseAct::Claim)).unwrap();
    let letter =
        |template: &str| EachAct::Letter { template: Some(template.to_owned()), text: None };
    let desk: &dyn Desk = &karimi;
    let events = |desk: &dyn Desk| file(desk, cases[0]).timeline_total;
    let before = events(desk);
    let ask = AskForEach { cases: cases.clone(), act: letter("done"), letter: 1 };
    let preview = desk.ask(ask).unwrap();
    let shown = preview.letter.unwrap();
    assert_eq!((shown.place, shown.of, shown.case), (1, 2, cases[1]));
    assert!(shown.text.contains("Dear Luz Hernandez,"), "{}", shown.text);
    assert_eq!(preview.lines[2].refused.as_ref().unwrap().code, "reply.nobody");
    assert_eq!(events(desk), before, "a preview changes nothing");
    let named = |act| {
        let cases = cases.iter().map(|case| (*case, None)).collect();
        office.act(&karimi, Command::ForEach { cases, act })
    };
    let receipt = named(letter("done")).unwrap();
    assert_eq!(codes(&receipt), ["", "", "reply.nobody"]);
    let sent = |case| file(desk, case).messages.remove(0);
    assert_eq!(sent(cases[1]).text, shown.text, "what was shown is what is sent");
    assert!(sent(cases[0]).text.contains("Dear Sara Mohammadi,"));
    assert_eq!((sent(cases[0]).channel, sent(cases[0]).state.tells()), (Channel::Letter, true));
    let own = |text: &str| EachAct::Letter { template: None, text: Some(text.to_owned()) };
    let receipt = named(own("{salutation} {case} is seen to.")).unwrap();
    assert_eq!(codes(&receipt), ["", "", "reply.nobody"]);
    let newest = |case| file(desk, case).messages.remove(0).text;
    assert_eq!(newest(cases[1]), "Dear Luz Hernandez, C-2 is seen to.");
    office.act(&karimi, Command::SetRecallTime { minutes: Some(2) }).unwrap();
    let ask = AskForEach { cases: cases.clone(), act: letter("done"), letter: 0 };
    assert_eq!(desk.ask(ask).unwrap().undo, Undoable::Yes);
    let letters = || file(desk, cases[1]).messages.len();
    let before = letters();
    named(letter("done")).unwrap();
    assert_eq!(letters(), before + 1);
    let wrong = named(own("Dear {nmae},")).unwrap();
    assert_eq!(codes(&wrong)[..1], ["letter.placeholder"], "{:?}", wrong.rows);
    let unfilled = named(own("{salutation} {papers}")).unwrap();
    assert_eq!(codes(&unfilled)[..1], ["letter.missing"], "{:?}", unfilled.rows);
    let unknown = named(letter("nothing")).unwrap();
    assert_eq!(codes(&unknown)[..1], ["template.unknown"]);
    let undone = office.act(&karimi, Command::Undo).unwrap();
    assert!(undone.label.contains("Undone: Letters on 2 cases"), "{}", undone.label);
    assert_eq!(letters(), before, "what waits in the outbox is recalled");
}

#[test]
fn many_are_done_and_undone_across_the_socket() {
    let (office, _, cases) = office(30);
    let data = tempfile::tempdir().unwrap();
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |account| {
        Ok(Arc::new(desk.sign_in(account.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(data.path(), sign_in).unwrap();
    let far = RemoteDesk::connect(data.path(), None).unwrap();
    let ask = AskForEach { cases: cases.clone(), act: EachAct::Acts(vec![give(2)]), letter: 0 };
    let preview = (&far as &dyn Desk).ask(ask).unwrap();
    assert!(preview.lines.iter().all(|line| line.refused.is_none() && line.version > 0));
    let receipt = far.execute(office.request(each(&cases, give(2)))).unwrap();
    assert_eq!((receipt.label.as_str(), receipt.rows.len()), ("Gave 30 cases to Moe.", 30));
    assert_eq!(owner(&far, cases[29]), Some(CaseworkerId(2)));
    let undone = far.execute(office.request(Command::Undo)).unwrap();
    assert_eq!(undone.label, "Undone: Gave 30 cases to Moe.");
    assert_eq!(owner(&far, cases[29]), None);
}

#[test]
fn parts_of_an_act_go_when_its_place_in_the_ring_is_used_again() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let karimi = office.karimi();
    let cases: Vec<_> =
        (0..30).map(|_| office.case(None, Nature::Report, "Lamp is broken")).collect();
    office.act(&karimi, each(&cases, CaseAct::Claim)).unwrap();
    let parts = || {
        let range = casedesk::store::KeyRange::prefix(&[b'u', 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        store.scan(&range, 100, casedesk::store::Direction::Forward).unwrap().rows.len()
    };
    assert!(parts() > 1);
    for number in 0..50 {
        office.on(&karimi, cases[0], note(&format!("note {number}"))).unwrap();
    }
    assert_eq!(parts(), 0);
}

#[test]
fn a_merge_is_no_act_on_many_cases() {
    let (office, _, cases) = office(3);
    let merge = CaseAct::Merge { other: cases[0], keeps: Keeps::Other, reason: String::new() };
    let refused = office.act(&office.karimi(), each(&cases[1..], merge)).unwrap_err();
    assert!(refused.to_string().contains("no merge or letter to one person"), "{refused}");
}

#[test]
fn a_retry_says_what_the_first_try_did_and_does_nothing_twice() {
    let (office, moe, cases) = office(30);
    let karimi = office.karimi();
    office.on(&moe, cases[29], CaseAct::Claim).unwrap();
    let request = casedesk::desk::Request { id: 9_000, command: each(&cases, CaseAct::Claim) };
    let first = karimi.execute(request.clone()).unwrap();
    assert_eq!(first.label, "Claimed 29 of 30 cases.");
    let kept = file(&karimi, cases[0]).timeline.len();
    let again = karimi.execute(request).unwrap();
    assert_eq!(again.label, "Claimed 29 cases.");
    assert_eq!(again.sequence, first.sequence);
    assert_eq!(file(&karimi, cases[0]).timeline.len(), kept);
}
