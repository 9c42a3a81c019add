//! The steps before a matter is routed: their queues, their keys, who may do them, and what closed cases suggest in them.

use std::sync::Arc;

use casedesk::desk::{
    AskBoard, AskCaseFile, AskCaseIds, AskFrequencies, AskSuggestion, AskWhy, CaseFileAnswer,
    Checks, Command, Desk, DeskError, Narrowing, View, ViewKind, WhyTopic,
};
use casedesk::domain::cases::filter::{Field, Filter};
use casedesk::domain::cases::{
    Case, CaseAct, CaseContext, CaseEvent, CasePlace, CasePlan, Class, Happened, Nature,
    OutcomeCode, PlanEvent, ReviewOutcome, ScreeningOutcome, Stage, Step, decide, general_type,
};
use casedesk::domain::office::{NewQueue, OrderingId, QueueKind, Role};
use casedesk::domain::rules::{CaseType, PublicationKind, PublicationName, Review, Steps};
use casedesk::domain::time::Calendar;
use casedesk::domain::{CaseId, CaseworkerId, EntityId, PersonId, QueueId, SubjectCode, UnitId};
use casedesk::link::{RemoteDesk, SignIn, serve};

use crate::harness::TestScreen;
use crate::office::{Office, Seat};

fn seat(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.sign_in(account).unwrap())
}

/// Which class was suggested for a case, in words.
fn class_of(desk: &dyn Desk, case: CaseId) -> Option<String> {
    let why = desk.ask(AskWhy { case }).unwrap();
    let said = why.sections.into_iter().find(|section| section.topic == WhyTopic::Class)?;
    said.lines.into_iter().find(|line| line.contains("was suggested"))
}

fn file(desk: &dyn Desk, case: CaseId) -> CaseFileAnswer {
    desk.ask(AskCaseFile { case, entries: 40 }).unwrap()
}

fn open_queue(office: &Office, kind: QueueKind, code: &str) {
    let new = NewQueue {
        code: format!("housing/{code}"),
        name: code.to_owned(),
        unit: UnitId(1),
        kind,
        ordering: OrderingId::DueFirst,
    };
    office.act(&office.karimi(), Command::OpenQueue(new)).unwrap();
}

fn define(office: &Office, code: &str, label: &str) {
    let command = Command::DefineSubject {
        code: SubjectCode(code.into()),
        label: label.to_owned(),
        synonyms: Vec::new(),
        parent: None,
    };
    office.act(&office.karimi(), command).unwrap();
}

/// Takes in a matter whose subject nobody has settled.
fn take_in(office: &Office, by: &Seat, person: Option<PersonId>, says: &str) -> CaseId {
    let mut intake = Office::intake(person, Nature::Complaint, "HOU-1", says, office.clock_now());
    intake.subject = None;
    let receipt = office.act(by, Command::RegisterCase(intake)).unwrap();
    match receipt.created.first() {
        Some(EntityId::Case(case)) => *case,
        other => unreachable!("a case was registered, and the receipt says {other:?}"),
    }
}

/// Closes so many cases of each of two subjects, each asked by somebody else.
fn closed_cases(office: &Office, of_each: u64) {
    define(office, "RENT-2", "Rent subsidy, late");
    define(office, "LIFT-1", "Lift out of order");
    let karimi = office.karimi();
    for number in 0..of_each * 2 {
        let (subject, nature, says) = if number % 2 == 0 {
            ("RENT-2", Nature::Complaint, "The rent subsidy has not come, says my landlord Brandt")
        } else {
            ("LIFT-1", Nature::Report, "The lift stands between two floors again")
        };
        let says = format!("{says} {}", if number == 0 { "zebra" } else { "" });
        let mut intake = Office::intake(None, nature, subject, &says, office.clock_now());
        intake.subject = Some(SubjectCode(subject.into()));
        let receipt = office.act(&karimi, Command::RegisterCase(intake)).unwrap();
        let Some(EntityId::Case(case)) = receipt.created.first() else { unreachable!() };
        office.on(&karimi, *case, CaseAct::Claim).unwrap();
        for index in 0..file(&karimi, *case).case.tasks.len() {
            let index = u32::try_from(index).unwrap();
            office.on(&karimi, *case, CaseAct::SetTask { index, is_done: true }).unwrap();
        }
        let close = CaseAct::Close {
            outcome: Some(OutcomeCode::Granted),
            reasons: String::new(),
            not_notified: None,
        };
        office.on(&karimi, *case, close).unwrap();
    }
}

fn code(of: &Result<casedesk::desk::Receipt, DeskError>) -> String {
    match of {
        Err(DeskError::Refused(refusal)) => refusal.code.clone(),
        other => format!("{other:?}"),
    }
}

fn waiting(desk: &dyn Desk, kind: ViewKind) -> u64 {
    let board = desk.ask(AskBoard { unit: UnitId(1) }).unwrap();
    let view = View { kind, unit: UnitId(1) };
    let count = if let ViewKind::Step(step) = kind {
        board.steps.iter().find(|(known, _)| *known == step).map(|(_, count)| *count)
    } else {
        board.views.iter().find(|(known, _)| *known == view).map(|(_, count)| *count)
    };
    count.unwrap_or(0)
}

#[test]
fn what_is_accepted_without_a_subject_is_classified_in_a_step_of_its_own_and_each_step_is_undone() {
    let office = Office::new();
    open_queue(&office, QueueKind::Classification, "classify");
    closed_cases(&office, 12);
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    office.enrol("screener", "S. Screener", &[Role::Screener]);
    let case = take_in(&office, &clerk, None, "No rent subsidy from the landlord this month");
    let desk = seat(&office, "screener");
    let mut screen = TestScreen::open(desk.clone());

    screen.keys("3s1<enter>");
    assert_eq!(file(&*desk, case).case.stage, Stage::Classification, "{}", screen.text());
    screen.keys("u");
    assert_eq!(file(&*desk, case).case.stage, Stage::Screening, "{}", screen.text());
    screen.keys("s1<enter>");
    assert_eq!(file(&*desk, case).case.stage, Stage::Classification, "{}", screen.text());
    assert_eq!(waiting(&*desk, ViewKind::Screening), 1, "3 has all steps");
    assert!(screen.text().contains("[3Screen 1]"), "{}", screen.text());
    assert!(screen.text().contains("classify"), "the stage column says the step");
    screen.keys("3");
    assert!(screen.text().contains("[3classify 1]"), "{}", screen.text());

    screen.keys("s");
    let text = screen.text();
    assert!(text.contains("-- CLASSIFY C-25"), "{text}");
    assert!(text.contains("suggests RENT-2 Rent subsidy, late ("), "{text}");
    assert!(text.contains("landlord"), "{text}");
    screen.keys("<enter>");
    let classified = file(&*desk, case);
    assert_eq!(classified.case.stage, Stage::Queued, "{}", screen.text());
    assert_eq!(classified.case.subjects, [SubjectCode("RENT-2".into())]);
    let class = class_of(&*desk, case).unwrap();
    assert!(class.starts_with("RENT-2 was suggested") && class.ends_with("taken as it was."));
    assert_eq!(waiting(&*desk, ViewKind::Screening), 0);

    screen.keys("u");
    let back = file(&*desk, case);
    assert_eq!((back.case.stage, back.case.subjects.len()), (Stage::Classification, 0));
    assert!(class_of(&*desk, case).is_none(), "{}", screen.text());
    screen.keys("u");
    let stage = file(&*desk, case).case.stage;
    assert_eq!(stage, Stage::Screening, "the act before is undone, too: {}", screen.text());
}

#[test]
fn a_case_that_is_accepted_keeps_to_its_old_way_where_the_unit_has_no_further_step() {
    let office = Office::new();
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let screener = office.enrol("screener", "S. Screener", &[Role::Screener]);
    let case = take_in(&office, &clerk, None, "Something is wrong");
    let accept = || CaseAct::Screen(ScreeningOutcome::Accept);
    assert_eq!(code(&office.on(&screener, case, accept())), "screening.subject");
    let class = Class {
        nature: None,
        subject: Some(SubjectCode("HOU-1".into())),
        reason: String::new(),
        suggested: None,
    };
    office.on(&screener, case, CaseAct::Classify(class)).unwrap();
    office.on(&screener, case, accept()).unwrap();
    let accepted = file(&screener, case);
    assert_eq!(accepted.case.stage, Stage::Queued);
    assert!(accepted.kept.is_none(), "a case of the built-in type needs no plan");
}

#[test]
fn nobody_but_a_person_closes_for_want_of_an_answer_and_not_before_the_reminder_and_its_time() {
    let office = Office::new();
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let screener = office.enrol("screener", "S. Screener", &[Role::Screener]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = take_in(&office, &clerk, Some(sara), "It is broken");
    let ask = ScreeningOutcome::NeedInfo { ask: "what is broken?".to_owned() };
    office.on(&screener, case, CaseAct::Screen(ask)).unwrap();
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.is_sound(), "an index of what was asked is known: {found:?}");
    let no_response = || CaseAct::Screen(ScreeningOutcome::NoResponse);
    assert_eq!(code(&office.on(&screener, case, no_response())), "screening.waits");

    office.pass_minutes(8 * 24 * 60);
    office.desk.remind_asked().unwrap();
    office.desk.remind_asked().unwrap();
    let reminded = file(&screener, case);
    assert_eq!(reminded.case.tasks.iter().filter(|it| it.title.contains("remind")).count(), 1);
    assert_eq!(reminded.case.stage, Stage::NeedsInfo, "a rule closes nothing");
    assert!(reminded.next.contains("2026-09-04, reminded"), "{}", reminded.next);
    assert_eq!(code(&office.on(&screener, case, no_response())), "screening.waits");

    let desk = seat(&office, "screener");
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("3s");
    assert!(!screen.text().contains("no response"), "{}", screen.text());
    office.pass_minutes(7 * 24 * 60);
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("3s6<enter>");
    let closed = file(&*desk, case).case;
    assert_eq!(closed.outcome.unwrap().code, OutcomeCode::NoResponse, "{}", screen.text());
    screen.keys("u");
    assert_eq!(file(&*desk, case).case.stage, Stage::NeedsInfo, "{}", screen.text());
}

#[test]
fn a_suggestion_names_no_word_that_few_people_used_and_says_nothing_when_it_knows_nothing() {
    let office = Office::new();
    closed_cases(&office, 12);
    let data = tempfile::tempdir().unwrap();
    let local = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |account| {
        Ok(Arc::new(local.sign_in(account.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(data.path(), sign_in).unwrap();
    let far = RemoteDesk::connect(data.path(), None).unwrap();
    let desks: [&dyn Desk; 2] = [&office.karimi(), &far];
    for desk in desks {
        let ask =
            |text: &str| desk.ask(AskSuggestion { case: None, text: text.to_owned() }).unwrap();
        let rent = ask("zebra: the subsidy for my rent\u{1b}[2J");
        let subject = rent.subject.unwrap();
        assert_eq!(subject.code.0, "RENT-2");
        assert!(subject.words.contains(&"subsidy".to_owned()), "{:?}", subject.words);
        assert!(!subject.words.contains(&"zebra".to_owned()), "one person used it");
        assert_eq!(ask("quite another thing").subject, None);
        assert_eq!(rent.cases, 24);
    }
}

#[test]
fn what_closed_cases_suggest_is_taken_from_the_text_of_an_intake_with_one_key_and_kept() {
    let office = Office::new();
    closed_cases(&office, 12);
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    let taken = |keys: &str, last: u64| {
        let mut screen = TestScreen::open(desk.clone());
        screen.keys("ntr<enter>a<enter><enter>").keys("No rent subsidy from my landlord");
        screen.tick(office.clock_now());
        let text = screen.text();
        assert!(text.contains("F8 takes RENT-2 (") && text.contains("landlord"), "{text}");
        screen.keys(keys);
        assert!(screen.text().starts_with(&format!("C-{last} ")), "{}", screen.text());
        file(&*desk, CaseId(last))
    };
    let accepted = taken("<f8> again<ctrl-d>", 25);
    assert_eq!(accepted.case.subjects, [SubjectCode("RENT-2".into())]);
    assert!(accepted.case.asks.ends_with("landlord again"), "the text keeps the focus");
    let class = class_of(&*desk, accepted.case.id).unwrap();
    assert!(class.starts_with("RENT-2 was suggested") && class.ends_with("taken as it was."));
    assert!(class_of(&*desk, taken("<ctrl-d>", 26).case.id).is_none());
}

#[test]
fn an_unsure_clerk_sees_the_steps_that_they_may_not_do_neither_listed_nor_counted() {
    let office = Office::new();
    for (kind, name) in [
        (QueueKind::Classification, "classify"),
        (QueueKind::Review, "review"),
        (QueueKind::Indexing, "index"),
    ] {
        open_queue(&office, kind, name);
    }
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let screener = office.enrol("screener", "S. Screener", &[Role::Screener]);
    let case = take_in(&office, &clerk, None, "Something");
    office.on(&screener, case, CaseAct::Screen(ScreeningOutcome::Accept)).unwrap();
    assert_eq!(waiting(&screener, ViewKind::Screening), 1);
    assert_eq!(waiting(&clerk, ViewKind::Screening), 0);
    let steps = |desk: &Seat| {
        let board = (desk as &dyn Desk).ask(AskBoard { unit: UnitId(1) }).unwrap();
        board.steps.into_iter().map(|(step, _)| step).collect::<Vec<_>>()
    };
    assert_eq!(steps(&clerk), [Step::Screening]);
    assert_eq!(steps(&screener), [Step::Screening, Step::Classification, Step::Indexing]);
    assert_eq!(steps(&office.karimi()), Step::ALL);
}

/// A type whose matters an expert reviews, and that are indexed.
fn reviewed_type(is_other_person: bool) -> Arc<CaseType> {
    let mut of_type = (*general_type(Nature::Complaint)).clone();
    of_type.steps = Steps {
        review: Review::Expert { is_other_person },
        is_classified: false,
        is_indexed: true,
    };
    Arc::new(of_type)
}

#[test]
fn the_reviewer_is_not_the_screener_where_the_type_says_so_and_writes_a_note() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "The damp is back");
    let karimi = office.karimi();
    let case = Case { stage: Stage::Review, ..file(&karimi, case).case };
    let calendar = Calendar::weekdays("Europe/Oslo");
    let (expert, screener) = (CaseworkerId(8), CaseworkerId(9));
    let mut plan = CasePlan::none_yet(case.id, case.case_type.clone());
    plan.screened = Some((screener, office.clock_now()));
    let context = |actor, is_other_person, next| CaseContext {
        actor,
        unit: case.unit,
        at: office.clock_now(),
        calendar: &calendar,
        may_screen: true,
        leads_unit: false,
        destination: Some((case.unit, QueueId(2))),
        receiver: None,
        message: None,
        subject: None,
        passed: None,
        is_notified: false,
        case_type: reviewed_type(is_other_person),
        plan: Box::new(plan.clone()),
        terms_set: Vec::new(),
        next,
        screening: Some(QueueId(1)),
        terms: Vec::new(),
    };
    let review = |outcome, note: &str| CaseAct::Review { outcome, note: note.to_owned() };
    let to_index = Some((Step::Indexing, QueueId(5)));
    let refused =
        |act: &CaseAct, context: &CaseContext<'_>| decide(&case, act, context).unwrap_err().code;
    let accept = review(ReviewOutcome::Accept, "sound");
    assert_eq!(refused(&accept, &context(screener, true, to_index)), "review.screener");
    assert!(decide(&case, &accept, &context(screener, false, to_index)).is_ok());
    let silent = review(ReviewOutcome::Accept, " ");
    assert_eq!(refused(&silent, &context(expert, true, to_index)), "text.empty");

    let reviewed = Happened::Plan(PlanEvent::Reviewed { note: "sound".to_owned() });
    let entered = CaseEvent::StepEntered { stage: Stage::Indexing, queue: QueueId(5) };
    let accepted = decide(&case, &accept, &context(expert, true, to_index)).unwrap();
    assert_eq!(accepted, [reviewed.clone(), Happened::Case(entered)]);
    let routed = decide(&case, &accept, &context(expert, true, None)).unwrap();
    assert_eq!(routed[1], Happened::Case(CaseEvent::Accepted { queue: QueueId(2) }));
    let back = review(ReviewOutcome::BackToScreening, "sound");
    let back = decide(&case, &back, &context(expert, true, None)).unwrap();
    let entered = CaseEvent::StepEntered { stage: Stage::Screening, queue: QueueId(1) };
    assert_eq!(back, [reviewed, Happened::Case(entered)]);
    let clerk_screens = Case { stage: Stage::Queued, ..case.clone() };
    let late = decide(&clerk_screens, &accept, &context(expert, true, None));
    assert_eq!(late.unwrap_err().code, "step.other");
}

#[test]
fn only_a_reviewer_reviews() {
    let office = Office::new();
    let screener = office.enrol("screener", "S. Screener", &[Role::Screener]);
    let reviewer = office.enrol("reviewer", "R. Reviewer", &[Role::Reviewer]);
    let case = office.case(None, Nature::Report, "A lamp is broken");
    let review =
        || CaseAct::Review { outcome: ReviewOutcome::Accept, note: "as reported".to_owned() };
    assert_eq!(code(&office.on(&screener, case, review())), "permit.no-grant");
    assert_eq!(code(&office.on(&reviewer, case, review())), "step.other");
}

#[test]
fn index_terms_are_the_offices_own_and_undone_with_place_and_object() {
    let office = Office::new();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Report, "A lamp is broken");
    define(&office, "LAMP-1", "Street lamp");
    let before = file(&karimi, case).case.place;
    let index = |term: &str| CaseAct::Index {
        terms: vec![SubjectCode(term.into()), SubjectCode(term.into())],
        object: "lamp 4711".to_owned(),
        place: Some(CasePlace { text: "Azadi 14".to_owned(), area: "W7".to_owned() }),
    };
    assert_eq!(code(&office.on(&karimi, case, index("NONE-1"))), "subject.unknown");
    office.on(&karimi, case, index("LAMP-1")).unwrap();
    let indexed = file(&karimi, case);
    assert_eq!(indexed.case.place.text, "Azadi 14");
    assert_eq!(indexed.case.stage, Stage::Queued, "it stays where it is");
    let plan = indexed.kept.unwrap();
    assert_eq!((plan.terms.len(), plan.object.as_str()), (1, "lamp 4711"));
    let inbox = View { kind: ViewKind::Inbox, unit: UnitId(1) };
    let left = |limit: &str| {
        let narrowing = Narrowing { limit: limit.parse().unwrap(), ..Narrowing::default() };
        (&karimi as &dyn Desk).ask(AskCaseIds { view: inbox, narrowing, most: 9 }).unwrap().ids
    };
    for found in ["term:LAMP-1", "term:street", "-term:none", "term:NONE-1,LAMP-1"] {
        assert_eq!(left(found), [case], "{found}");
    }
    assert!(left("term:none").is_empty() && left("term:lift").is_empty());
    let question = AskFrequencies { view: inbox, limit: Filter::default(), field: Field::Term };
    let counted = (&karimi as &dyn Desk).ask(question).unwrap().values;
    assert_eq!(counted.iter().map(|it| it.label.as_str()).collect::<Vec<_>>(), ["Street lamp"]);
    office.act(&karimi, Command::Undo).unwrap();
    let back = file(&karimi, case);
    assert_eq!(back.case.place, before);
    assert!(back.kept.is_none_or(|plan| plan.terms.is_empty()));
}

/// Publishes a type whose matters are reviewed by somebody else than their screener, and indexed.
fn publish_reviewed_type(office: &Office) {
    let text = r#"
format = 1
code = "damp"
version = 1
name = "Damp"
confidentiality = "internal"
purpose = "casework"
legal_basis = "Housing Act 4"
retention = { class = "2.7", years = 5 }

[guard]
subjects = ["HOU-1"]

[steps]
review = "other-expert"
index = true

[[stage]]
code = "handle"
name = "Handling"
exits = [{ to = "end", on = ["notified"] }]

[[outcome]]
code = "done"
name = "done"
kind = "granted"
"#;
    let karimi = office.karimi();
    let (kind, code) = (PublicationKind::Type, "damp".to_owned());
    let proposed = Command::ProposeRules { kind, code, text: text.to_owned(), from: None };
    office.act(&karimi, proposed).unwrap();
    let name = PublicationName { kind, code: "damp".to_owned(), version: 1 };
    office.act(&karimi, Command::PublishRules { name }).unwrap();
}

#[test]
fn a_matter_of_a_type_with_all_steps_goes_through_them_in_order_and_into_the_inbox() {
    let office = Office::new();
    publish_reviewed_type(&office);
    for (kind, name) in [(QueueKind::Review, "review"), (QueueKind::Indexing, "index")] {
        open_queue(&office, kind, name);
    }
    define(&office, "WALL-1", "Outer wall");
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    office.enrol("screener", "S. Screener", &[Role::Screener, Role::Reviewer]);
    office.enrol("expert", "E. Expert", &[Role::Reviewer]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let intake =
        Office::intake(Some(sara), Nature::Complaint, "HOU-1", "Damp again", office.clock_now());
    office.act(&clerk, Command::RegisterCase(intake)).unwrap();
    let case = CaseId(1);
    let desk = seat(&office, "screener");
    assert_eq!(file(&*desk, case).case.case_type.code, "damp");

    let mut screen = TestScreen::open(desk.clone());
    screen.keys("3s1<enter>");
    assert_eq!(file(&*desk, case).case.stage, Stage::Review, "{}", screen.text());
    screen.keys("s1Sound<enter>");
    let text = screen.text();
    assert!(text.contains("You screened C-1 yourself"), "{text}");
    assert!(text.contains("Sound"), "the words stay: {text}");

    let mut expert = TestScreen::open(seat(&office, "expert"));
    expert.keys("3s1<enter>");
    assert!(expert.text().contains("screened by Screener"), "{}", expert.text());
    assert!(expert.text().contains("A review takes a note"), "{}", expert.text());
    expert.keys("The wall is to be looked at<enter>");
    let reviewed = file(&*desk, case);
    assert_eq!(reviewed.case.stage, Stage::Indexing, "{}", expert.text());
    expert.keys("u");
    assert_eq!(file(&*desk, case).case.stage, Stage::Review, "{}", expert.text());
    expert.keys("s1The wall is to be looked at<enter>");

    expert.keys("swall<enter>");
    assert!(expert.text().contains("WALL-1"), "{}", expert.text());
    expert.keys("<tab>house 12<enter>");
    let indexed = file(&*desk, case);
    assert_eq!(indexed.case.stage, Stage::Queued, "{}", expert.text());
    let plan = indexed.kept.unwrap();
    assert_eq!(plan.terms, [SubjectCode("WALL-1".into())]);
    assert_eq!(plan.object, "house 12");
    assert!(plan.screened.is_some() && plan.reviewed.is_some());
    assert_eq!(waiting(&*desk, ViewKind::Screening), 0);

    expert.keys("u");
    assert_eq!(file(&*desk, case).case.stage, Stage::Indexing, "{}", expert.text());
    expert.keys("u");
    let reviewed = file(&*desk, case);
    assert_eq!(reviewed.case.stage, Stage::Review, "{}", expert.text());
    assert!(reviewed.kept.unwrap().reviewed.is_none());
    screen.keys("u");
    assert_eq!(
        file(&*desk, case).case.stage,
        Stage::Review,
        "what somebody else changed since is not undone: {}",
        screen.text()
    );
}

/// A case that waits for its class, with the editor open and a subject picked, while somebody else settles another one.
fn classified_by_two(office: &Office, chosen: &str) -> (CaseFileAnswer, String) {
    open_queue(office, QueueKind::Classification, "classify");
    define(office, "RENT-2", "Rent subsidy, late");
    define(office, "LIFT-1", "Lift out of order");
    let clerk = office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let screener = office.enrol("screener", "S. Screener", &[Role::Screener]);
    let case = take_in(office, &clerk, None, "Nothing came, and the lift stands");
    office.on(&screener, case, CaseAct::Screen(ScreeningOutcome::Accept)).unwrap();
    let desk = seat(office, "screener");
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("3srent-2");
    let subject = SubjectCode("LIFT-1".into());
    let settle = CaseAct::SetSubject { subject, reason: String::new() };
    office.on(&office.karimi(), case, settle).unwrap();
    screen.keys("<enter>");
    let text = screen.text();
    for words in ["1 current", "complaint, Lift out of order", "complaint, Rent subsidy, late"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains("complaint, no subject") && text.contains("Karimi"), "{text}");
    screen.keys("<enter>");
    assert_eq!(file(&*desk, case).case.stage, Stage::Classification, "it waits for a choice");
    screen.keys(chosen);
    (file(&*desk, case), screen.text())
}

#[test]
fn a_classification_that_somebody_else_changed_meanwhile_is_chosen_out_of_three() {
    let of = |code: &str| [SubjectCode(code.into())];
    let (theirs, text) = classified_by_two(&Office::new(), "1<enter>");
    assert_eq!(theirs.case.subjects, of("LIFT-1"), "{text}");
    assert_eq!(theirs.case.stage, Stage::Queued, "{text}");
    let (yours, text) = classified_by_two(&Office::new(), "2<enter>it is the money<enter>");
    assert_eq!(yours.case.subjects, of("RENT-2"), "{text}");
    assert_eq!(yours.case.stage, Stage::Queued, "{text}");
}
