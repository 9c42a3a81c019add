//! Contacts: begun and ended with two keys, the purpose of what is done under them, and who may be told what.

use std::sync::Arc;

use casedesk::desk::{
    AskContact, AskContacts, AskPersonFile, AskPresence, AskVerification, Clock as _, Command,
    Desk, DeskError, MAY_NOT_ASK, NOT_VERIFIED, PromiseWish, Trail,
};
use casedesk::domain::cases::{
    CaseAct, Channel, ContactOutcome, Direction, Nature, NewContact, OutcomeCode, StartedContact,
    tasks_for,
};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Purpose, Role};
use casedesk::domain::people::{
    FamilyRole, NewHousehold, PersonChange, Relationship, RelationshipKind,
};
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{CaseId, ContactId, EntityId, EventRecord, PersonId, UnitId};
use casedesk::store::{MemoryStore, Store};
use tempfile::TempDir;

use crate::harness::TestScreen;
use crate::office::{Office, Seat};
use crate::store_laws;

fn call(telephone: Option<&str>) -> Command {
    Command::StartContact(StartedContact {
        channel: Channel::Telephone,
        direction: Direction::In,
        person: None,
        telephone: telephone.map(str::to_owned),
        ivr_path: None,
    })
}

fn end(outcome: ContactOutcome) -> Command {
    let contact = ContactId(2);
    Command::EndContact { contact, outcome, summary: String::new(), article: None }
}

fn open(person: PersonId) -> Command {
    Command::OpenPerson { person, purpose: Purpose::unasked() }
}

fn code(result: Result<impl std::fmt::Debug, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    }
}

/// Sara with her husband and her daughter, in one household, and a case of hers; it is the first contact of the office.
struct Family {
    office: Office,
    sara: PersonId,
    reza: PersonId,
    nika: PersonId,
    case: CaseId,
    data: Option<TempDir>,
}

impl Family {
    fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()))
    }

    /// With a journal, so that the trail can be read.
    fn recorded() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = store_laws::open(data.path());
        let family = Self::over(Arc::new(store));
        Self { data: Some(data), ..family }
    }

    fn over(store: Arc<dyn Store>) -> Self {
        let office = Office::over(store);
        let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
        let reza = office.person("Reza", "Mohammadi", "1984", "+47 912 34 568");
        let nika = office.person("Nika", "Mohammadi", "2020-05-01", "+47 912 34 569");
        let members =
            vec![(sara, FamilyRole::Head), (reza, FamilyRole::Partner), (nika, FamilyRole::Child)];
        let karimi = office.karimi();
        office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
        let case = office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
        Self { office, sara, reza, nika, case, data: None }
    }

    fn desk(&self) -> Seat {
        self.office.karimi()
    }

    fn act(&self, command: Command) -> Result<casedesk::desk::Receipt, DeskError> {
        self.office.act(&self.desk(), command)
    }

    fn screen(&self) -> TestScreen {
        TestScreen::open(Arc::new(self.desk()))
    }

    fn seconds_later(&self, seconds: i64) -> Instant {
        Instant::from_milliseconds(self.office.clock.now().milliseconds() + seconds * 1_000)
    }

    /// What the trail says of a record: each event with its purpose and reason.
    fn trail(&self, about: &EntityId) -> Vec<String> {
        let trail = Trail::open(self.data.as_ref().unwrap().path()).unwrap().map(Result::unwrap);
        let line = |record: EventRecord| {
            let purpose = record.purpose.map(|purpose| purpose.0).unwrap_or_default();
            let reason = record.reason.unwrap_or_default();
            format!("{}, {purpose}, {reason}", record.event.label())
        };
        trail.filter(|record| record.entity == *about).map(line).collect()
    }
}

#[test]
fn a_call_is_begun_and_ended_with_two_keys_and_counts_in_every_first_row() {
    let family = Family::new();
    let mut screen = family.screen();
    assert!(screen.rows()[0].contains("no call"), "{}", screen.text());
    assert!(
        screen.keys("c").footer().starts_with("c ..  t tel in  o tel out"),
        "{}",
        screen.text()
    );
    screen.keys("t");
    assert!(screen.status().starts_with("K-2 runs: tel in."), "{}", screen.text());
    screen.tick(family.seconds_later(151));
    assert!(screen.rows()[0].ends_with("TEL in 02:31"), "{}", screen.text());
    for place in ["go", "gr", "/", "<esc>/sara<enter>", "n"] {
        screen.keys(place);
        let header = screen.rows()[0].clone();
        assert!(header.ends_with("TEL in 02:31"), "{place}: {}", screen.text());
        assert!(header.chars().count() <= 79, "column 80 stays empty: {header}");
    }
    screen.keys("<esc>gbc");
    let footer = screen.footer();
    for way in ["a answered", "k case", "p promise", "n take in", "t put through"] {
        assert!(footer.contains(way), "{way}: {footer}");
    }
    assert!(!footer.contains("again"), "there is no calling again later: {footer}");
    screen.keys("a");
    assert!(screen.status().starts_with("K-2 ended: answered."), "{}", screen.text());
    assert!(screen.rows()[0].contains("no call"), "{}", screen.text());
    screen.keys("u");
    assert!(screen.rows()[0].ends_with("TEL in 00:00") || screen.rows()[0].contains("TEL in"));
}

#[test]
fn whoever_is_opened_while_nobody_is_known_is_the_caller_until_one_says_it_is_not() {
    let family = Family::new();
    let mut screen = family.screen();
    screen.keys("ct/sara<enter>");
    assert!(screen.text().contains("CALLER NOT VERIFIED: V asks 2 of 4   purpose: this call"));
    let caller = || {
        let desk: Arc<dyn Desk> = Arc::new(family.desk());
        desk.ask(AskPresence {}).unwrap().contact.unwrap().person.map(|(person, _)| person)
    };
    assert_eq!(caller(), Some(family.sara));
    screen.keys("c-");
    assert_eq!(caller(), None);
    screen.keys("/nika<enter>");
    assert_eq!(caller(), Some(family.nika));
    assert!(screen.keys("c=").status().contains("Mohammadi, Nika"), "{}", screen.text());
}

#[test]
fn what_is_opened_and_done_in_a_contact_is_recorded_under_it_and_a_look_links_no_case() {
    let family = Family::recorded();
    family.act(call(None)).unwrap();
    family.act(open(family.sara)).unwrap();
    let person = EntityId::Person(family.sara);
    assert_eq!(family.trail(&person).last().unwrap(), "file opened, contact, K-2");
    let look = Command::OpenCase { case: family.case, purpose: Purpose::unasked() };
    family.act(look).unwrap();
    let linked = || {
        let desk: Arc<dyn Desk> = Arc::new(family.desk());
        let shown = desk.ask(AskContact { contact: ContactId(2) }).unwrap();
        shown.cases.into_iter().map(|(case, _)| case).collect::<Vec<_>>()
    };
    assert!(linked().is_empty(), "merely looking links nothing");
    assert_eq!(code(family.act(end(ContactOutcome::CaseWork))), "contact.outcome");
    let note = CaseAct::Note { text: "She asks who decides.".to_owned() };
    family.office.on(&family.desk(), family.case, note).unwrap();
    assert_eq!(linked(), [family.case]);
    let trail = family.trail(&EntityId::Case(family.case));
    let (opened, noted) = ("file opened, contact, K-2", "case noted on, contact, K-2");
    assert!(trail.iter().any(|event| event == opened), "{trail:?}");
    assert!(trail.iter().any(|event| event == noted), "{trail:?}");
    // Who the caller is was said after the call began, and the note can be undone all the same.
    family.act(Command::Undo).unwrap();
    assert!(linked().is_empty(), "the link goes with the note");
    family.act(end(ContactOutcome::Answered)).unwrap();
    family.act(open(family.sara)).unwrap();
    assert_eq!(family.trail(&person).last().unwrap(), "file opened, casework, ");
}

#[test]
fn a_case_of_somebody_else_is_not_said_to_be_the_callers() {
    let family = Family::new();
    let other = family.office.person("Gareth", "Whitlock", "1970", "+47 400 00 000");
    let case = family.office.case(Some(other), Nature::Report, "Stair light broken");
    family.act(call(None)).unwrap();
    family.act(open(family.sara)).unwrap();
    let note = CaseAct::Note { text: "Looked at while she waited.".to_owned() };
    family.office.on(&family.desk(), case, note).unwrap();
    let desk: Arc<dyn Desk> = Arc::new(family.desk());
    let contacts = desk.ask(AskContacts { person: Some(family.sara), limit: 5 }).unwrap().contacts;
    let called = contacts.iter().find(|contact| contact.id == ContactId(3)).unwrap();
    assert!(called.cases.is_empty(), "{contacts:?}");
}

#[test]
fn a_caller_proves_who_they_are_with_two_answers_and_nothing_is_shown_to_one_who_failed() {
    let family = Family::recorded();
    let mut screen = family.screen();
    screen.keys("ct/sara<enter>z");
    assert!(screen.text().contains("The caller is not verified."), "{}", screen.text());
    assert!(!screen.text().contains("912 34 567"), "{}", screen.text());
    screen.keys("V");
    let text = screen.text();
    assert!(text.contains("VERIFY Mohammadi, Sara   question 1 of 2   try 1 of 2"), "{text}");
    assert!(!text.contains("912 34 567"), "a number is shown by its end alone: {text}");
    screen.keys("yn");
    assert!(screen.status().starts_with("Not verified; one more try"), "{}", screen.text());
    screen.keys("Vyy");
    assert!(screen.text().contains("caller verified 2 of 4"), "{}", screen.text());
    screen.keys("z");
    assert!(screen.text().contains("91 23 45 67"), "{}", screen.text());
    let trail = family.trail(&EntityId::Person(family.sara));
    assert_eq!(trail.last().unwrap(), "fields revealed, contact, K-2");
}

#[test]
fn a_failed_caller_is_shown_nothing_and_an_unverified_one_only_when_one_insists() {
    let family = Family::recorded();
    family.act(call(None)).unwrap();
    family.act(open(family.sara)).unwrap();
    let show = |is_confirmed| Command::RevealUnderContact { person: family.sara, is_confirmed };
    assert_eq!(code(family.act(show(false))), NOT_VERIFIED);
    family.act(show(true)).unwrap();
    let trail = family.trail(&EntityId::Person(family.sara));
    assert_eq!(trail.last().unwrap(), "fields revealed, contact, K-2; caller not verified");
    for _ in 0..2 {
        let desk: Arc<dyn Desk> = Arc::new(family.desk());
        let asked = desk.ask(AskVerification {}).unwrap();
        let questions = asked.questions.into_iter().map(|asked| (asked.fact, false)).collect();
        family.act(Command::VerifyCaller { contact: asked.contact, questions }).unwrap();
    }
    assert_eq!(code(family.act(show(true))), "verify.failed");
    let purpose = Purpose("casework".to_owned());
    let reveal = Command::RevealPerson { person: family.sara, purpose };
    assert_eq!(code(family.act(reveal.clone())), "verify.failed");
    family.act(end(ContactOutcome::BrokenOff)).unwrap();
    family.act(reveal).unwrap();
}

#[test]
fn each_relatives_line_says_whether_the_caller_may_ask_and_opening_one_who_may_not_asks_why() {
    let family = Family::recorded();
    let mut screen = family.screen();
    screen.keys("ct/sara<enter>");
    let text = screen.text();
    assert!(text.contains("may not ask: no proxy") && text.contains("may ask: guardian"), "{text}");
    assert_eq!(code(family.act(open(family.reza))), MAY_NOT_ASK);
    // Reza is the first of the kin.
    screen.keys("1");
    let text = screen.text();
    assert!(text.contains("may not ask about Mohammadi, Reza: no proxy."), "{text}");
    assert!(text.contains("open it all the same: for which purpose?"), "{text}");
    assert_eq!(text.matches("no proxy.").count(), 1, "said once, and not over the footer: {text}");
    screen.keys("1");
    assert!(screen.text().contains("NOT THE CALLER, who is Mohammadi, Sara"), "{}", screen.text());
    let trail = family.trail(&EntityId::Person(family.reza));
    let reason = "file opened, casework, K-2; caller may not ask: no proxy";
    assert_eq!(trail.last().unwrap(), reason);
    screen.keys("<2");
    assert!(screen.text().contains("P-3"), "one's child is opened without a word");
    let proxy = |until: Option<Day>| Command::ChangePerson {
        person: family.reza,
        version: None,
        change: PersonChange::Relationship(Relationship {
            to: family.sara,
            kind: RelationshipKind::Proxy,
            from: None,
            until,
            source: "power of attorney 12/2026".to_owned(),
        }),
        source: "power of attorney 12/2026".to_owned(),
        is_verified: true,
    };
    assert_eq!(code(family.act(proxy(None))), "person.proxy");
    family.act(proxy(Day::from_parts(2026, 12, 31))).unwrap();
    family.act(open(family.reza)).unwrap();
    let desk: Arc<dyn Desk> = Arc::new(family.desk());
    let file = desk.ask(AskPersonFile { person: family.sara }).unwrap();
    let line = file.kin.iter().find(|kin| kin.person == family.reza).unwrap();
    assert_eq!(line.may_ask, "may ask: proxy to 2026-12-31");
}

#[test]
fn a_contact_that_runs_survives_the_program_and_says_since_when_it_has_run() {
    let store: Arc<MemoryStore> = Arc::new(MemoryStore::new());
    let family = Family::over(store.clone());
    family.act(call(Some("+47 912 34 567"))).unwrap();
    let summary = Command::SetContactSummary {
        contact: ContactId(2),
        summary: "asks who decides".to_owned(),
    };
    family.act(summary).unwrap();
    drop(family);
    let again = Office::over(store);
    again.pass_minutes(31);
    let mut screen = TestScreen::open(Arc::new(again.karimi()));
    let said = "A call of yours has been running since 09:14: c ends it.";
    assert_eq!(screen.status(), said, "{}", screen.text());
    assert!(screen.rows()[0].ends_with("TEL in +47 ***4567 31:00"), "{}", screen.text());
    assert!(screen.keys("c").text().contains("asks who decides"), "{}", screen.text());
    again.pass_minutes(13 * 60);
    screen.keys("<esc>").tick(again.clock.now());
    assert!(screen.rows()[0].ends_with("TEL in +47 ***4567 OPEN 13h"), "{}", screen.text());
    screen.keys("ca");
    let desk: Arc<dyn Desk> = Arc::new(again.karimi());
    let ended = desk.ask(AskContact { contact: ContactId(2) }).unwrap();
    assert_eq!(ended.summary, "asks who decides", "what was typed before is kept");
    assert_eq!(ended.outcome, Some(ContactOutcome::Answered));
}

#[test]
fn a_contact_that_is_over_is_entered_in_one_line_with_the_time_when_it_was() {
    let family = Family::new();
    let mut screen = family.screen();
    screen.keys("/sara<enter>cew 8:30 asked for a form<enter>");
    assert!(screen.status().starts_with("Recorded as K-2."), "{}", screen.text());
    let desk: Arc<dyn Desk> = Arc::new(family.desk());
    let listed = desk.ask(AskContacts { person: Some(family.sara), limit: 5 }).unwrap().contacts;
    let entered = listed.iter().find(|contact| contact.id == ContactId(2)).unwrap();
    assert_eq!((entered.channel, entered.summary.as_str()), (Channel::WalkIn, "asked for a form"));
    assert_eq!(family.office.clock.now().minutes_since(entered.started_at), 44);
}

#[test]
fn a_case_that_is_closed_in_the_call_that_brought_it_was_done_at_its_first_contact() {
    let family = Family::new();
    let close = |case| {
        let desk = family.desk();
        let on = |act| family.office.on(&desk, case, act).unwrap();
        on(CaseAct::Claim);
        for index in 0..tasks_for(Nature::Complaint).len() {
            on(CaseAct::SetTask { index: u32::try_from(index).unwrap(), is_done: true });
        }
        let close = CaseAct::Close {
            outcome: Some(OutcomeCode::Answered),
            reasons: String::new(),
            not_notified: Some("told on the telephone".to_owned()),
        };
        on(close);
    };
    close(family.case);
    let desk: Arc<dyn Desk> = Arc::new(family.desk());
    let first =
        |contact: u64| desk.ask(AskContact { contact: ContactId(contact) }).unwrap().cases[0].1;
    assert!(first(1), "closed on the day on which it came");
    let case = family.office.case(Some(family.sara), Nature::Complaint, "Once more");
    family.office.pass_minutes(24 * 60);
    close(case);
    assert!(!first(2), "closed on the day after");
}

#[test]
fn nobody_ends_or_reads_a_contact_of_somebody_whom_they_may_not_see() {
    let family = Family::new();
    family.act(call(None)).unwrap();
    let moe = family.office.enrol("moe", "T. Moe", &[Role::Clerk]);
    let refused = family.office.act(&moe, end(ContactOutcome::Answered));
    assert!(matches!(refused, Err(DeskError::NotFound(_))), "{refused:?}");
    let auditor = family.office.enrol("rees", "G. Rees", &[Role::Auditor]);
    assert_eq!(code(family.office.act(&auditor, call(None))), "permit.no-grant");
    assert_eq!(code(family.act(call(None))), "contact.running", "one runs at a time");
}

#[test]
fn a_contact_that_breaks_off_keeps_the_names_of_what_was_asked_and_no_answers() {
    let family = Family::new();
    let mut screen = TestScreen::open(Arc::new(family.desk()));
    screen.keys("ct/sara<enter>Vyy");
    assert!(screen.text().contains("caller verified 2 of 4"), "{}", screen.text());
    screen.keys("cb");
    let desk: Arc<dyn Desk> = Arc::new(family.desk());
    let ended = desk.ask(AskContact { contact: ContactId(2) }).unwrap();
    assert_eq!((ended.outcome, ended.is_verified), (Some(ContactOutcome::BrokenOff), true));
    assert!(ended.questions.iter().all(|(fact, _)| !fact.contains("1986")), "names alone are kept");
}

#[test]
fn nobody_learns_a_hidden_name_by_taking_it_for_a_caller() {
    let family = Family::new();
    let grant = Grant {
        role: Role::Clerk,
        unit: None,
        confidentiality_max: Confidentiality::Internal,
        expires: None,
    };
    let clerk = NewCaseworker {
        account: "lind".to_owned(),
        name: "O. Lind".to_owned(),
        unit: UnitId(1),
        grants: vec![grant],
    };
    family.act(Command::Enrol(clerk)).unwrap();
    let hide = Command::ChangePerson {
        person: family.sara,
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "told".to_owned(),
        is_verified: false,
    };
    family.act(hide).unwrap();
    let clerk = family.office.sign_in("lind").unwrap();
    family.office.act(&clerk, call(None)).unwrap();
    for (hidden, unknown) in [
        (
            Command::SetContactPerson { contact: ContactId(2), person: Some(family.sara) },
            Command::SetContactPerson { contact: ContactId(2), person: Some(PersonId(99)) },
        ),
        (contact_with(family.sara), contact_with(PersonId(99))),
    ] {
        let hidden = family.office.act(&clerk, hidden).unwrap_err().to_string();
        let unknown = family.office.act(&clerk, unknown).unwrap_err().to_string();
        assert_eq!(hidden, unknown.replace("P-99", &family.sara.to_string()));
    }
}

fn contact_with(person: PersonId) -> Command {
    let at = Instant::from_milliseconds(0);
    Command::RecordContact(NewContact {
        channel: Channel::Letter,
        direction: Direction::In,
        person: Some(person),
        started_at: at,
        ended_at: at,
        summary: "asked".to_owned(),
        case: None,
    })
}

#[test]
fn a_contact_goes_on_with_the_record_that_its_person_was_merged_into() {
    let family = Family::new();
    let again = family.office.person("Sarah", "Mohammadi", "1986", "+47 912 34 500");
    family.act(call(None)).unwrap();
    family.act(Command::SetContactPerson { contact: ContactId(2), person: Some(again) }).unwrap();
    let merge = Command::MergePeople {
        survivor: family.sara,
        merged: again,
        versions: None,
        chosen: Vec::new(),
        reason: "said so".to_owned(),
    };
    family.act(merge).unwrap();
    family.act(open(family.sara)).unwrap();
    family.act(open(family.nika)).unwrap();
    let desk = family.desk();
    let running = (&desk as &dyn Desk).ask(AskPresence {}).unwrap().contact.unwrap();
    assert_eq!(running.person.map(|(person, _)| person), Some(family.sara));
}

/// The cases of the contact that runs.
fn linked(family: &Family) -> Vec<CaseId> {
    let desk = family.desk();
    let running = (&desk as &dyn Desk).ask(AskPresence {}).unwrap().contact;
    running.map_or_else(Vec::new, |contact| contact.cases)
}

fn ring_sara(family: &Family, minutes: i64, case: Option<CaseId>) -> Command {
    Command::MakePromise(PromiseWish {
        to: family.sara,
        case,
        what: String::new(),
        channel: Channel::Telephone,
        due_at: family.seconds_later(minutes * 60),
        owner: None,
    })
}

#[test]
fn a_promise_on_a_case_links_the_call_in_which_it_is_made_and_takes_the_link_back_with_it() {
    let family = Family::new();
    family.act(call(None)).unwrap();
    family.act(open(family.sara)).unwrap();
    family.act(ring_sara(&family, 60, None)).unwrap();
    assert!(linked(&family).is_empty(), "it is about no case");
    family.act(ring_sara(&family, 60, Some(family.case))).unwrap();
    assert_eq!(linked(&family), [family.case]);
    family.act(Command::Undo).unwrap();
    assert!(linked(&family).is_empty());
    family.act(ring_sara(&family, 60, Some(family.case))).unwrap();
    family.act(end(ContactOutcome::CaseWork)).unwrap();
}

#[test]
fn a_call_out_for_a_promise_that_rings_is_about_its_case() {
    let family = Family::new();
    let later = family.office.case(Some(family.sara), Nature::Complaint, "For tomorrow");
    family.act(ring_sara(&family, 5, Some(family.case))).unwrap();
    family.act(ring_sara(&family, 600, Some(later))).unwrap();
    let mut screen = family.screen();
    screen.keys("!co");
    let status = screen.status();
    assert!(status.contains(&format!("tel out. It is about {}.", family.case)), "{status}");
    assert_eq!(linked(&family), [family.case]);
    screen.keys("u");
    let desk = family.desk();
    assert!((&desk as &dyn Desk).ask(AskPresence {}).unwrap().contact.is_none());
}

#[test]
fn whoever_ends_a_call_at_a_case_is_told_in_whole_words_how_to_link_it() {
    let family = Family::new();
    let mut screen = family.screen();
    screen.keys("ct/sara<enter><esc>gb/").keys(&family.case.to_string()).keys("<enter>c");
    let text = screen.text();
    assert!(text.contains("+ about this case"), "{text}");
    screen.keys("+");
    assert_eq!(linked(&family), [family.case], "{}", screen.text());
    let text = screen.keys("c").text();
    assert!(!text.contains("+ about this case"), "{text}");
    screen.keys("+");
    let said = format!("is about {} already.", family.case);
    assert!(screen.text().contains(&said), "{}", screen.text());
}
