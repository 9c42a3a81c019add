//! Four eyes: what is decided above its maker's limit, and every change of a closed case, takes effect once two people have
//! signed it, in the words of the first.

use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, encode_record, to_bytes};
use casedesk::desk::{
    AskCaseFile, AskNews, AskPresence, AskSignings, Checks, Command, DeskError, NewsKind,
};
use casedesk::domain::cases::{
    CaseAct, CaseDecision, ClosedEdit, GiveTo, Nature, OutcomeCode, Signature, SignedAct, Signing,
    SigningEvent, SigningState,
};
use casedesk::domain::money::Money;
use casedesk::domain::office::{
    AccessReview, Action, Behind, CaseworkerState, Confidentiality, EmergencyAccess,
    EmergencyEvent, NewUnit, Purpose, Role, ScopedGrant,
};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::time::Instant;
use casedesk::domain::{
    AccessId, CaseId, CaseworkerId, EntityId, Event, PersonId, SubjectCode, UnitId,
};

use crate::conflicts::{at, elsewhere, who};
use crate::harness::TestScreen;
use crate::office::{Office, Seat};
use crate::rights::BENEFIT;

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    }
}

/// An office whose Moe decides up to 25,000 alone, with a case of his about a little more.
struct Story {
    office: Office,
    karimi: Seat,
    moe: Seat,
    sara: PersonId,
    case: CaseId,
}

impl Story {
    fn new() -> Self {
        Self::of(BENEFIT)
    }

    fn of(text: &str) -> Self {
        let office = Office::new();
        let karimi = office.karimi();
        let (kind, code) = (PublicationKind::Type, "benefit".to_owned());
        let text = text.to_owned();
        let propose = Command::ProposeRules { kind, code: code.clone(), text, from: None };
        office.act(&karimi, propose).unwrap();
        let name = PublicationName { kind, code, version: 1 };
        office.act(&karimi, Command::PublishRules { name }).unwrap();
        let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
        let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
        let case = office.case(Some(sara), Nature::Request, "Help with the rent");
        let story = Self { office, karimi, moe, sara, case };
        story.limit(Some(2_500_000));
        story.office.on(&story.moe, case, CaseAct::Claim).unwrap();
        story.amount("25000.01");
        story
    }

    fn limit(&self, minor: Option<i64>) {
        let limit = Command::SetSigningLimit {
            caseworker: who(&self.moe),
            limit: minor.map(|minor| Money { minor, currency: "NOK".to_owned() }),
            reason: "first year".to_owned(),
        };
        self.office.act(&self.karimi, limit).unwrap();
    }

    fn amount(&self, typed: &str) {
        let fields = vec![("amount".to_owned(), typed.to_owned())];
        self.office.on(&self.moe, self.case, CaseAct::SetFields { fields }).unwrap();
    }

    fn sign(&self) -> casedesk::desk::Receipt {
        let act = CaseAct::Decide {
            outcome: "paid".to_owned(),
            reasons: "her rent is due on Monday".to_owned(),
            ground: String::new(),
        };
        self.office.on(&self.moe, self.case, act).unwrap()
    }

    fn second(&self) -> Command {
        Command::Countersign { case: self.case, version: None }
    }

    fn is_decided(&self) -> bool {
        let file = at(&self.karimi).ask(AskCaseFile { case: self.case, entries: 1 }).unwrap();
        file.plan.decision.is_some()
    }

    fn timeline(&self) -> Vec<String> {
        let file = at(&self.karimi).ask(AskCaseFile { case: self.case, entries: 99 }).unwrap();
        file.timeline.iter().map(|entry| format!("{} {}", entry.who, entry.words)).collect()
    }

    /// What somebody has on their list: the case, and whether they may sign.
    fn list(seat: &Seat) -> Vec<(CaseId, bool)> {
        let answer = at(seat).ask(AskSignings {}).unwrap();
        answer.lines.iter().map(|line| (line.case, line.may_sign)).collect()
    }

    fn is_sound(&self) {
        let found = self.office.desk.verify(Checks::deep(), &|_| {}).unwrap();
        assert!(found.findings.is_empty(), "{found:?}");
    }
}

#[test]
fn a_decision_above_the_limit_takes_effect_with_the_second_signature_in_the_words_of_the_first() {
    let story = Story::new();
    story.sign();
    assert!(!story.is_decided());
    let shown = &at(&story.karimi).ask(AskSignings {}).unwrap().lines[0];
    assert_eq!((shown.by.as_str(), shown.amount.as_str()), ("Moe", "25000.01 NOK"));
    assert_eq!(shown.reasons, "her rent is due on Monday");
    assert_eq!(at(&story.karimi).ask(AskPresence {}).unwrap().signings_due, 1);
    assert_eq!(Story::list(&story.moe), [(story.case, false)]);
    story.office.pass_minutes(5);
    story.office.act(&story.karimi, story.second()).unwrap();
    let file = at(&story.karimi).ask(AskCaseFile { case: story.case, entries: 9 }).unwrap();
    let decision = file.plan.decision.unwrap();
    assert_eq!(
        (decision.by, decision.reasons.as_str()),
        (who(&story.moe), "her rent is due on Monday")
    );
    let timeline = story.timeline();
    for told in ["Moe signed first: Paid, 25000.01 NOK", "Karimi signed second"] {
        assert!(timeline.iter().any(|entry| entry.contains(told)), "{told}: {timeline:#?}");
    }
    assert!(Story::list(&story.karimi).is_empty() && Story::list(&story.moe).is_empty());
    // What two people decided closes without a third.
    let close = CaseAct::CloseAs {
        outcome: "paid".to_owned(),
        reasons: String::new(),
        not_notified: Some("no address".to_owned()),
    };
    if let Err(DeskError::Refused(refusal)) = story.office.on(&story.moe, story.case, close) {
        assert_ne!(refusal.code, "decision.limit");
    }
    story.is_sound();
}

#[test]
fn nobody_signs_second_what_they_signed_first_whatever_right_or_account_they_have() {
    let story = Story::new();
    let office = &story.office;
    story.sign();
    // Neither a higher limit, nor a right of a manager, nor leading the unit makes another person of him.
    story.limit(None);
    let right = ScopedGrant {
        role: Role::Manager,
        verbs: vec![Action::Decide],
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: Vec::new(),
        from: None,
        expires: None,
    };
    let to = casedesk::desk::Holder::Caseworker(who(&story.moe));
    let give = Command::GiveRight { to, right: Box::new(right), reason: "stands in".to_owned() };
    office.act(&story.karimi, give).unwrap();
    let (manager, substitute) = (None, Some(who(&story.moe)));
    let lead = Command::LeadUnit { unit: UnitId(1), manager, substitute };
    office.act(&story.karimi, lead).unwrap();
    assert_eq!(refusal(office.act(&story.moe, story.second())), "signature.own");
    // Nor does a second account of the same citizen.
    let other = office.enrol("moe2", "T. Moe", &[Role::Manager]);
    let citizen = office.person("Tor", "Moe", "1970-01-02", "+989121234499");
    for seat in [&story.moe, &other] {
        let link = Command::LinkPerson {
            caseworker: who(seat),
            person: Some(citizen),
            reason: String::new(),
        };
        office.act(&story.karimi, link).unwrap();
    }
    assert_eq!(refusal(office.act(&other, story.second())), "signature.own");
    assert!(Story::list(&other).is_empty());
    // Whoever decides no such amount does not sign it second, either.
    let berg = office.enrol("berg", "I. Berg", &[Role::Caseworker]);
    let limit = Command::SetSigningLimit {
        caseworker: who(&berg),
        limit: Some(Money { minor: 100, currency: "NOK".to_owned() }),
        reason: "new".to_owned(),
    };
    office.act(&story.karimi, limit).unwrap();
    assert_eq!(refusal(office.act(&berg, story.second())), "signature.limit");
    assert!(Story::list(&berg).is_empty());
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    assert!(refusal(office.act(&clerk, story.second())).starts_with("permit."));
    assert!(!story.is_decided());
}

#[test]
fn two_accounts_of_people_who_are_one_citizen_since_do_not_sign_for_each_other() {
    let story = Story::new();
    let office = &story.office;
    let other = office.enrol("moe2", "T. Moe", &[Role::Manager]);
    let one = office.person("Tor", "Moe", "1970-01-02", "+989121234499");
    let same = office.person("Thor", "Moe", "1970-01-02", "+989121234498");
    for (seat, person) in [(&story.moe, one), (&other, same)] {
        let (caseworker, person, reason) = (who(seat), Some(person), String::new());
        office.act(&story.karimi, Command::LinkPerson { caseworker, person, reason }).unwrap();
    }
    // Somebody of another unit, to whom no colleague's file is closed.
    let unit = NewUnit { code: "roads".to_owned(), name: "Roads".to_owned(), parent: None };
    office.act(&story.karimi, Command::OpenUnit(unit)).unwrap();
    let far = elsewhere(office, "dahl", UnitId(2), Role::Manager);
    story.sign();
    assert_eq!(Story::list(&other), [(story.case, true)], "two people, for all that is known");
    let merge = Command::MergePeople {
        survivor: one,
        merged: same,
        versions: None,
        chosen: Vec::new(),
        reason: "same passport".to_owned(),
    };
    office.act(&far, merge).unwrap();
    assert_eq!(refusal(office.act(&other, story.second())), "signature.own");
    assert!(Story::list(&other).is_empty());
    // It is so, too, once one of the accounts is closed.
    let left = Command::SetAttendance {
        caseworker: who(&story.moe),
        state: CaseworkerState::Left,
        successor: None,
        why: String::new(),
    };
    office.act(&story.karimi, left).unwrap();
    assert_eq!(refusal(office.act(&other, story.second())), "signature.own");
    assert!(!story.is_decided());
}

#[test]
fn what_is_sent_back_is_told_with_its_reason_and_signed_anew() {
    let story = Story::new();
    let office = &story.office;
    office.act(&story.moe, Command::NoteHere).unwrap();
    story.sign();
    office.pass_minutes(1);
    let back = |reason: &str| Command::SendBackSignature {
        case: story.case,
        version: None,
        reason: reason.to_owned(),
    };
    assert_eq!(refusal(office.act(&story.karimi, back(" "))), "signature.reason");
    assert_eq!(refusal(office.act(&story.moe, back("no"))), "signature.own");
    office.act(&story.karimi, back("the lease is missing")).unwrap();
    let news = at(&story.moe).ask(AskNews {}).unwrap();
    let told = news.lines.iter().find(|line| line.kind == NewsKind::Ruling).unwrap();
    assert!(told.why.contains("the lease is missing"), "{}", told.why);
    assert_eq!(refusal(office.act(&story.karimi, story.second())), "signature.none");
    assert_eq!(Story::list(&story.moe), [(story.case, false)], "it lies with whoever signed");
    assert!(Story::list(&story.karimi).is_empty());
    story.sign();
    office.act(&story.karimi, story.second()).unwrap();
    assert!(story.is_decided());
    story.is_sound();
}

#[test]
fn a_first_signature_is_taken_back_by_undo_and_by_hand_until_the_second_is_there() {
    let story = Story::new();
    let office = &story.office;
    story.sign();
    office.act(&story.moe, Command::Undo).unwrap();
    assert_eq!(refusal(office.act(&story.karimi, story.second())), "signature.none");
    story.sign();
    let withdraw = Command::WithdrawSignature { case: story.case };
    assert_eq!(refusal(office.act(&story.karimi, withdraw.clone())), "signature.none");
    office.act(&story.moe, withdraw).unwrap();
    assert!(Story::list(&story.karimi).is_empty());
    story.sign();
    office.act(&story.karimi, story.second()).unwrap();
    assert!(matches!(office.act(&story.moe, Command::Undo), Err(DeskError::Changed { .. })));
    assert!(story.is_decided());
    story.is_sound();
}

#[test]
fn nobody_signs_second_for_another_amount_than_the_first() {
    let story = Story::new();
    story.sign();
    story.amount("90000");
    assert_eq!(refusal(story.office.act(&story.karimi, story.second())), "signature.changed");
    assert!(!story.is_decided());
}

#[test]
fn an_amount_that_is_entered_after_the_decision_does_not_close_on_it() {
    let story = Story::new();
    let office = &story.office;
    story.amount("400");
    story.sign();
    assert!(story.is_decided(), "400 is within his limit");
    let close = |outcome: &str| CaseAct::CloseAs {
        outcome: outcome.to_owned(),
        reasons: "as agreed".to_owned(),
        not_notified: Some("no address".to_owned()),
    };
    office.pass_minutes(1);
    story.amount("50000");
    assert_eq!(refusal(office.on(&story.moe, story.case, close("paid"))), "decision.limit");
    // The same decision on another amount is another one, and takes a second person.
    story.sign();
    assert_eq!(Story::list(&story.karimi), [(story.case, true)]);
    office.pass_minutes(1);
    office.act(&story.karimi, story.second()).unwrap();
    office.pass_minutes(1);
    office.on(&story.moe, story.case, close("paid")).unwrap();
    let file = at(&story.karimi).ask(AskCaseFile { case: story.case, entries: 9 }).unwrap();
    assert!(!file.case.is_open());
    story.is_sound();
}

#[test]
fn what_two_people_signed_does_not_close_on_another_amount() {
    let story = Story::new();
    let office = &story.office;
    story.sign();
    office.pass_minutes(1);
    office.act(&story.karimi, story.second()).unwrap();
    office.pass_minutes(1);
    story.amount("90000");
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Granted),
        reasons: String::new(),
        not_notified: Some("no address".to_owned()),
    };
    assert_eq!(refusal(office.on(&story.moe, story.case, close.clone())), "decision.limit");
    // Whoever nothing bounds closes it.
    office.on(&story.karimi, story.case, CaseAct::Claim).unwrap_err();
    let give = CaseAct::Give { to: GiveTo::Caseworker(who(&story.karimi)), words: String::new() };
    office.on(&story.moe, story.case, give).unwrap();
    office.on(&story.karimi, story.case, close).unwrap();
    story.is_sound();
}

#[test]
fn a_decision_by_somebody_who_may_alone_ends_the_signature_that_waits_and_undo_of_nothing_else_does()
 {
    let story = Story::new();
    story.sign();
    let act = CaseAct::Decide {
        outcome: "no".to_owned(),
        reasons: "she moved".to_owned(),
        ground: String::new(),
    };
    story.office.on(&story.moe, story.case, act).unwrap();
    assert!(story.is_decided() && Story::list(&story.karimi).is_empty());
    assert!(story.timeline().iter().any(|entry| entry.contains("lapsed")));
    story.is_sound();
}

#[test]
fn whoever_may_not_see_the_case_has_no_signature_on_their_list() {
    let story = Story::new();
    let office = &story.office;
    story.sign();
    let link = Command::LinkPerson {
        caseworker: who(&story.karimi),
        person: Some(story.sara),
        reason: String::new(),
    };
    let lead = office.enrol("lead", "B. Lead", &[Role::Manager]);
    office.act(&lead, link).unwrap();
    assert!(Story::list(&story.karimi).is_empty());
    assert_eq!(at(&story.karimi).ask(AskPresence {}).unwrap().signings_due, 0);
    assert!(matches!(office.act(&story.karimi, story.second()), Err(DeskError::Closed(_))));
}

#[test]
fn the_list_says_what_one_person_signed_and_one_key_signs_second() {
    let story = Story::new();
    let mut screen = TestScreen::open(Arc::new(story.karimi.clone()));
    screen.keys("gs");
    assert!(screen.text().contains("Nothing waits for a second signature"), "{}", screen.text());
    story.sign();
    screen.keys("<f5>");
    let shown = screen.text();
    assert!(shown.contains("signed first by Moe"), "{shown}");
    assert!(shown.contains("why   her rent is due on Monday"), "{shown}");
    screen.keys("x<enter>");
    assert!(screen.text().contains("with a reason"), "{}", screen.text());
    screen.keys("<esc>y");
    let shown = screen.text();
    assert!(shown.contains("is decided; tell the citizen"), "{shown}");
    assert!(shown.contains("Nothing waits for a second signature"), "{shown}");
    assert!(story.is_decided());
}

#[test]
fn a_closed_case_changes_with_the_right_a_reason_and_a_second_person_and_stays_closed() {
    let story = Story::new();
    let office = &story.office;
    story.amount("20000");
    let close = CaseAct::CloseAs {
        outcome: "no".to_owned(),
        reasons: "she moved".to_owned(),
        not_notified: Some("she knows".to_owned()),
    };
    let subject = Command::DefineSubject {
        code: SubjectCode("RENT-9".into()),
        label: "Rent arrears".to_owned(),
        synonyms: Vec::new(),
        parent: None,
    };
    office.act(&story.karimi, subject).unwrap();
    let edit = |reason: &str| Command::EditClosed {
        case: story.case,
        edit: ClosedEdit::Subject(SubjectCode("RENT-9".into())),
        reason: reason.to_owned(),
    };
    assert_eq!(refusal(office.act(&story.karimi, edit("wrong shelf"))), "edit.open");
    office.on(&story.moe, story.case, close).unwrap();
    assert!(refusal(office.act(&story.moe, edit("wrong shelf"))).starts_with("permit."));
    assert_eq!(refusal(office.act(&story.karimi, edit(" "))), "edit.reason");
    assert_eq!(refusal(office.act(&story.karimi, edit("wrong shelf"))), "signature.nobody");
    let lead = office.enrol("lead", "B. Lead", &[Role::Manager]);
    office.act(&story.karimi, edit("wrong shelf")).unwrap();
    assert_eq!(refusal(office.act(&story.karimi, story.second())), "signature.own");
    office.act(&lead, story.second()).unwrap();
    let file = at(&lead).ask(AskCaseFile { case: story.case, entries: 99 }).unwrap();
    assert_eq!(file.case.subject_label, "Rent arrears");
    assert!(!file.case.is_open() && file.case.closed_at.is_some());
    let timeline = story.timeline();
    assert!(timeline.iter().any(|entry| entry.contains("wrong shelf")), "{timeline:#?}");
    story.is_sound();
}

#[test]
fn a_closed_case_is_corrected_from_its_screen_and_waits_for_a_second_signature() {
    let story = Story::new();
    let office = &story.office;
    let lead = office.enrol("lead", "B. Lead", &[Role::Manager]);
    let mut first = TestScreen::open(Arc::new(story.karimi.clone()));
    first.keys("/c-1<enter>I");
    assert!(first.text().contains("the case is open"), "{}", first.text());
    first.keys("<esc>");
    let close = CaseAct::CloseAs {
        outcome: "no".to_owned(),
        reasons: "she moved".to_owned(),
        not_notified: Some("she knows".to_owned()),
    };
    office.on(&story.moe, story.case, close).unwrap();
    let mut clerk = TestScreen::open(Arc::new(story.moe.clone()));
    assert!(!clerk.keys("/c-1<enter>").footer().contains("correct"), "{}", clerk.footer());
    first.keys("<f5>");
    assert!(first.footer().contains("I correct"), "{}", first.footer());
    // A reason is asked for, and what the field does not take is said before anybody signs.
    first.keys("I2many<enter>");
    assert!(first.status().contains("That is not right: it takes"), "{}", first.text());
    first.keys("<backspace><backspace><backspace><backspace>2500<enter>");
    assert!(first.status().contains("with a reason only"), "{}", first.text());
    first.keys("a nought too many");
    let shown = first.text();
    assert!(shown.contains("-- CORRECT C-1") && shown.contains("until somebody else"), "{shown}");
    first.keys("<enter>");
    assert!(
        first.status().contains("Signed by you; it takes effect once Lead signs."),
        "{}",
        first.text()
    );
    let amount = || {
        let file = at(&story.karimi).ask(AskCaseFile { case: story.case, entries: 1 }).unwrap();
        assert!(!file.case.is_open());
        let mut fields = file.plan.fields.into_iter();
        fields.find(|line| line.rule.code == "amount").unwrap().value
    };
    assert_eq!(amount(), "25000.01", "one signature changes nothing");
    let mut second = TestScreen::open(Arc::new(lead));
    let list = second.keys("gs").text();
    assert!(list.contains("C-1") && list.contains("a nought too many"), "{list}");
    second.keys("y");
    assert_eq!(amount(), "2500.00");
    story.is_sound();
}

#[test]
fn what_waits_for_others_keeps_nothing_from_whoever_may_sign() {
    let story = Story::new();
    let office = &story.office;
    let sign = |seat: &Seat, amount: &str| {
        let case = office.case(Some(story.sara), Nature::Request, "Help with the rent");
        office.on(seat, case, CaseAct::Claim).unwrap();
        let fields = vec![("amount".to_owned(), amount.to_owned())];
        office.on(seat, case, CaseAct::SetFields { fields }).unwrap();
        let (reasons, ground) = ("her rent is due on Monday".to_owned(), String::new());
        office
            .on(seat, case, CaseAct::Decide { outcome: "paid".to_owned(), reasons, ground })
            .unwrap();
        case
    };
    // More than the count looks for, and all older than the one that is his to sign.
    for _ in 0..55 {
        sign(&story.moe, "25000.01");
    }
    let dal = office.enrol("dal", "O. Dal", &[Role::Caseworker]);
    let limit = Command::SetSigningLimit {
        caseworker: who(&dal),
        limit: Some(Money { minor: 1_000_000, currency: "NOK".to_owned() }),
        reason: "first year".to_owned(),
    };
    office.act(&story.karimi, limit).unwrap();
    let case = sign(&dal, "20000.00");
    assert_eq!(at(&story.moe).ask(AskPresence {}).unwrap().signings_due, 1);
    assert_eq!(Story::list(&story.moe)[0], (case, true));
}

#[test]
fn signatures_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::Signing(event), FRAME_BYTES_MAX).unwrap();
    let (by, at) = (CaseworkerId(2), Instant::from_milliseconds(4));
    let decision = CaseDecision {
        outcome: "a".to_owned(),
        kind: OutcomeCode::Granted,
        reasons: "b".to_owned(),
        ground: "c".to_owned(),
        by,
        at,
    };
    let kind = to_bytes(&OutcomeCode::Granted, FRAME_BYTES_MAX).unwrap();
    let money = Money { minor: 5, currency: "NOK".to_owned() };
    let what = SignedAct::Decision { decision: Box::new(decision), amount: money };
    // The decision's outcome, kind, reasons, ground, who and when, and the amount.
    let signed =
        [&[0, 1, b'a'][..], &kind, &[1, b'b', 1, b'c', 2, 8], &[10, 3, b'N', b'O', b'K']].concat();
    assert_eq!(bytes(SigningEvent::Signed(what.clone())), [&[24, 0][..], &signed].concat());
    assert_eq!(bytes(SigningEvent::Countersigned), [24, 1]);
    let reason = "d".to_owned();
    assert_eq!(bytes(SigningEvent::SentBack { reason: reason.clone() }), [24, 2, 1, b'd']);
    assert_eq!(bytes(SigningEvent::Withdrawn), [24, 3]);
    assert_eq!(bytes(SigningEvent::Lapsed), [24, 4]);
    let edit = ClosedEdit::Subject(SubjectCode("e".into()));
    let edited = SigningEvent::Signed(SignedAct::Edit { edit, reason: reason.clone() });
    assert_eq!(bytes(edited), [24, 0, 1, 0, 1, b'e', 1, b'd']);
    let edit = ClosedEdit::Field { code: "f".to_owned(), value: "g".to_owned() };
    let edited = SigningEvent::Signed(SignedAct::Edit { edit, reason: reason.clone() });
    assert_eq!(bytes(edited), [24, 0, 1, 1, 1, b'f', 1, b'g', 1, b'd']);
    let first = Signature { by, at };
    let state = SigningState::SentBack { by: first, reason };
    let signing = Signing { case: CaseId(7), version: 3, what, first, state };
    let held = [&[7, 3][..], &signed, &[2, 8], &[2, 2, 8, 1, b'd']].concat();
    let record = encode_record(&signing).unwrap();
    assert_eq!((&record[..2], &record[7..]), (&[b'4', 1][..], &held[..]));
    assert_eq!(bytes(SigningEvent::Reverted(Box::new(signing))), [&[24, 5][..], &held].concat());
    let id = to_bytes(&EntityId::Signing(CaseId(7)), FRAME_BYTES_MAX).unwrap();
    assert_eq!(id, [23, 7]);
}

#[test]
fn emergency_accesses_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::Emergency(event), FRAME_BYTES_MAX).unwrap();
    let at = Instant::from_milliseconds;
    let opened = EmergencyEvent::Opened {
        behind: Behind::Case(CaseId(7)),
        reason: "a".to_owned(),
        until: at(4),
        told: vec![CaseworkerId(3)],
    };
    assert_eq!(bytes(opened), [21, 0, 1, 7, 1, b'a', 8, 1, 3]);
    assert_eq!(bytes(EmergencyEvent::Ended), [21, 1]);
    let reviewed = EmergencyEvent::Reviewed { is_justified: true, words: "b".to_owned() };
    assert_eq!(bytes(reviewed), [21, 2, 1, 1, b'b']);
    let review =
        AccessReview { by: CaseworkerId(3), at: at(6), is_justified: false, words: "c".to_owned() };
    let access = EmergencyAccess {
        id: AccessId(1),
        version: 3,
        by: CaseworkerId(2),
        behind: Behind::Person(PersonId(9)),
        reason: "a".to_owned(),
        at: at(2),
        until: at(4),
        ended_at: Some(at(3)),
        review: Some(review),
    };
    let record = encode_record(&access).unwrap();
    assert_eq!(record[..2], [b'X', 1]);
    // Number, version, who, behind what, why, from and until when, when given back, and what was found.
    let held = [1, 3, 2, 0, 9, 1, b'a', 4, 8, 1, 6, 1, 3, 12, 0, 1, b'c'];
    assert_eq!(record[7..], held);
    let id = to_bytes(&EntityId::Access(AccessId(1)), FRAME_BYTES_MAX).unwrap();
    assert_eq!(id, [21, 1]);
}

#[test]
fn a_masked_field_of_a_form_is_shown_for_a_purpose_and_stands_in_the_trail() {
    let story = Story::of(&format!(
        "{BENEFIT}\n[[field]]\ncode = \"account\"\nname = \"Account\"\nkind = \"text\"\npersonal = true\n"
    ));
    let office = &story.office;
    let show = |purpose: &str| Command::RevealFields {
        case: story.case,
        purpose: Purpose(purpose.to_owned()),
    };
    assert_eq!(refusal(office.act(&story.moe, show("casework"))), "reveal.nothing");
    let fields = vec![("account".to_owned(), "8601 11 17947".to_owned())];
    office.on(&story.moe, story.case, CaseAct::SetFields { fields }).unwrap();
    assert_eq!(refusal(office.act(&story.moe, show(""))), "purpose.unknown");
    let shown = office.act(&story.moe, show("casework")).unwrap().disclosed.unwrap();
    assert_eq!(shown.fields, [("Account".to_owned(), "8601 11 17947".to_owned())]);
    assert!(story.timeline().iter().any(|entry| entry == "Moe account"));
    let mut screen = TestScreen::open(Arc::new(story.moe.clone()));
    screen.keys(&format!("/{}<enter>z", story.case));
    let shown = screen.text();
    assert!(shown.contains("Account  8601 11 17947"), "{shown}");
}
