//! What somebody may not see leaves no trace: with it and without it every question has the same answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use casedesk::desk::{
    Anchor, Answer, AskAccessReadings, AskAccesses, AskAlike, AskAttendance, AskBoard, AskCalendar,
    AskCall, AskCaseFile, AskCaseHeader, AskCaseIds, AskCasePreview, AskCases, AskCensus,
    AskClockMoves, AskClosedFiles, AskColleagues, AskContact, AskContacts, AskDay, AskDraft,
    AskDrafts, AskDuplicates, AskEscalationTargets, AskFairness, AskFilled, AskFind, AskForEach,
    AskFrequencies, AskGiveTargets, AskGrants, AskHandover, AskHealth, AskHistory, AskLedger,
    AskLibrary, AskLikely, AskLimitWords, AskMacros, AskMergeCandidates, AskMessage, AskModules,
    AskNews, AskOffice, AskOverdue, AskPersonFile, AskPersonMerge, AskPlaces, AskPresence,
    AskPromiseRates, AskPromises, AskPurposes, AskQueues, AskReach, AskReplyKit, AskRules,
    AskRulesText, AskSignings, AskSimilar, AskSubjects, AskSuggestion, AskTableCheck, AskTableTry,
    AskTrail, AskTrailCheck, AskUnits, AskVerification, AskViews, AskWho, AskWhy, Checks, Command,
    Desk, DeskError, DraftForm, DraftKey, LateAge, LocalDesk, Narrowing, PromiseFilter,
    PromiseWish, ProposedCalendar, Query, Session, TRAIL_PAGE_MAX, TrailPlace, View, ViewKind,
    Whose,
};
use casedesk::domain::cases::filter::{Field, Filter};
use casedesk::domain::cases::{
    CaseAct, Channel, EachAct, EscalationLevel, EscalationReason, GiveTo, HoldReason, Nature,
    OutcomeCode, PromiseAct, ReplyAddress, ScreeningOutcome, Step,
};
use casedesk::domain::money::DeliveredService;
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Purpose, Role};
use casedesk::domain::people::NewPerson;
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::time::Day;
use casedesk::domain::{
    AuditReading, CaseId, CaseworkerId, ContactId, EntityId, MessageId, PersonId, PromiseId,
    QueueId, SubjectCode, UnitId,
};
use casedesk::store::{
    Commit, CommitError, CommitId, Committed, Direction, Health, KeyRange, Latest, MemoryStore,
    Page, Sequence, Store, StoreError, Versioned, Write,
};

use crate::office::{Counted, Office, TestClock};

/// Complaints are confidential here; whatever else comes in is no more so than cases are by themselves.
const SECRECY: &str = "code,secrecy\nversion,1\nuse,confidentiality\npolicy,F\n\
    row,when nature,then confidentiality\nc,complaint,confidential\n";
/// Cases that everybody sees who sees cases; those that are hidden have the numbers after them.
pub(crate) const OPEN_TO_ALL: u64 = 12;

pub(crate) const ROLES: [Role; 8] = [
    Role::Clerk,
    Role::Screener,
    Role::Reviewer,
    Role::Caseworker,
    Role::Manager,
    Role::Auditor,
    Role::PrivacyOfficer,
    Role::Administrator,
];

/// An office with twelve cases, and with these many beyond them that whoever sees no more than `case` does not see.
pub(crate) fn office(hidden: u32) -> Office {
    office_over(Arc::new(MemoryStore::new()), hidden)
}

/// Publishes a table by which cases are secret.
pub(crate) fn publish_secrecy(office: &Office, text: &str) {
    let karimi = office.karimi();
    let (kind, code) = (PublicationKind::Table, "secrecy".to_owned());
    let text = text.to_owned();
    let proposed = Command::ProposeRules { kind, code: code.clone(), text, from: None };
    office.act(&karimi, proposed).unwrap();
    let name = PublicationName { kind, code, version: 1 };
    office.act(&karimi, Command::PublishRules { name }).unwrap();
}

pub(crate) fn office_over(store: Arc<dyn Store>, hidden: u32) -> Office {
    let office = Office::over(store);
    publish_secrecy(&office, SECRECY);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let omid = office.person("Omid", "Rahimi", "1979-11-20", "+989121234422");
    for role in ROLES {
        enrol_narrow(&office, role);
    }
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let worker = viewer(&office, Role::Caseworker);
    for number in 0..OPEN_TO_ALL {
        let person = if number >= 9 { omid } else { sara };
        office.case(Some(person), Nature::Request, "A moving grant, please");
        office.pass_minutes(5);
    }
    tell_stories(&office, &worker, sara, 1);
    for _ in 0..hidden {
        office.case(Some(sara), Nature::Complaint, "About somebody of this office, the grant");
    }
    if hidden > 0 {
        tell_stories(&office, &moe, sara, OPEN_TO_ALL + 1);
    }
    office
}

pub(crate) fn account(role: Role) -> String {
    format!("{role:?}").to_lowercase()
}

/// Enrols somebody with a role who sees cases up to what cases are by themselves.
pub(crate) fn enrol_narrow(office: &Office, role: Role) {
    let grant = Grant {
        role,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let (account, name) = (account(role), format!("A. {role:?}"));
    let new = NewCaseworker { account, name, unit: UnitId(1), grants: vec![grant] };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
}

pub(crate) fn viewer(office: &Office, role: Role) -> Session {
    office.desk.sign_in(&account(role), None).unwrap()
}

/// Has nine cases from `first` on stand everywhere where a case can stand: answered, on hold, escalated, given, promised,
/// with a service, closed, noted.
pub(crate) fn tell_stories(office: &Office, by: &Session, sara: PersonId, first: u64) {
    let case = |place: u64| CaseId(first + place);
    let on = |by: &Session, place, act| office.on(by, case(place), act).unwrap();
    for place in 0..7 {
        on(by, place, CaseAct::Claim);
    }
    let to = ReplyAddress { addressee: sara, channel: Channel::Letter };
    let text = "We look into it.".to_owned();
    on(by, 0, CaseAct::Reply { to, template: None, text });
    let until = Day::from_parts(2026, 9, 10).unwrap();
    on(by, 1, CaseAct::Hold { reason: HoldReason::Citizen, until, words: "papers".to_owned() });
    let ask = "May we?".to_owned();
    let (level, reason) = (EscalationLevel::Supervisor, EscalationReason::OverLimit);
    on(by, 2, CaseAct::Escalate { level, reason, ask });
    let to = GiveTo::Caseworker(CaseworkerId(1));
    on(by, 3, CaseAct::Give { to, words: "for you".to_owned() });
    let wish = PromiseWish {
        to: sara,
        case: Some(case(4)),
        what: "ring".to_owned(),
        channel: Channel::Telephone,
        due_at: office.clock_now().plus_minutes(90),
        owner: None,
    };
    office.act(by, Command::MakePromise(wish)).unwrap();
    let service = DeliveredService {
        service: "rent subsidy".to_owned(),
        recipient: sara,
        household: None,
        amount: None,
        quantity: Some(1),
        on: Day::from_parts(2026, 8, 21).unwrap(),
        unit: UnitId(1),
        case: Some(case(5)),
    };
    office.act(by, Command::RecordService(service)).unwrap();
    for index in 0..4 {
        // Another type has fewer steps.
        let _ = office.on(by, case(6), CaseAct::SetTask { index, is_done: true });
    }
    let (outcome, reasons) = (Some(OutcomeCode::Answered), "told so".to_owned());
    let not_notified = Some("rang".to_owned());
    on(by, 6, CaseAct::Close { outcome, reasons, not_notified });
    on(by, 7, CaseAct::Note { text: "ask again".to_owned() });
}

/// The questions that name nothing.
pub(crate) fn unnamed_questions() -> Vec<Query> {
    vec![
        Query::Overdue(AskOverdue {}),
        Query::Queues(AskQueues {}),
        Query::Office(AskOffice {}),
        Query::Drafts(AskDrafts {}),
        Query::Ledger(AskLedger { after: 0 }),
        Query::Health(AskHealth {}),
        Query::Census(AskCensus { place: None }),
        Query::Likely(AskLikely {}),
        Query::Macros(AskMacros {}),
        Query::Presence(AskPresence {}),
        Query::News(AskNews {}),
        Query::Day(AskDay {}),
        Query::Colleagues(AskColleagues {}),
        Query::Views(AskViews {}),
        Query::LimitWords(AskLimitWords {}),
        Query::Library(AskLibrary { language: None }),
        Query::PromiseRates(AskPromiseRates {}),
        Query::Places(AskPlaces {}),
        Query::Verification(AskVerification {}),
    ]
}

/// Every question, the ones about a record of everything that is hidden and of something that is not.
pub(crate) fn questions() -> Vec<Query> {
    let unit = UnitId(1);
    let mut all = vec![
        Query::Who(AskWho {}),
        Query::Grants(AskGrants { whose: None }),
        Query::Board(AskBoard { unit }),
        Query::Rules(AskRules { kind: None }),
        Query::Calendar(AskCalendar { unit: "housing".to_owned() }),
        Query::Subjects(AskSubjects { text: String::new(), limit: 50 }),
        Query::GiveTargets(AskGiveTargets { text: String::new() }),
        Query::Call(AskCall { number: "+989121234411".to_owned() }),
        Query::Alike(AskAlike { person: Box::new(NewPerson::default()), limit: 9 }),
        Query::Duplicates(AskDuplicates { person: None, after: 0, bits_min: Some(0) }),
        Query::TableCheck(AskTableCheck { text: SECRECY.to_owned() }),
        Query::Contacts(AskContacts { person: None, limit: 50 }),
        Query::Suggestion(AskSuggestion { case: None, text: "a moving grant".to_owned() }),
        Query::RulesText(AskRulesText {
            name: PublicationName {
                kind: PublicationKind::Table,
                code: "secrecy".to_owned(),
                version: 1,
            },
        }),
        Query::ClockMoves(AskClockMoves {
            proposed: ProposedCalendar {
                code: "office".to_owned(),
                text: String::new(),
                from: None,
            },
            after: None,
        }),
        trail(None, false),
        trail(None, true),
        Query::TrailCheck(AskTrailCheck {
            after: TrailPlace::default(),
            hash: [0; 32],
            most: TRAIL_PAGE_MAX,
        }),
        Query::PersonMerge(AskPersonMerge { survivor: PersonId(1), merged: PersonId(2) }),
    ];
    all.extend(unnamed_questions());
    all.extend((1..=3).flat_map(of_person));
    all.extend((1..=OPEN_TO_ALL + 10).flat_map(|number| of_case(CaseId(number))));
    all.extend(views().into_iter().flat_map(of_view));
    for number in 1..=30 {
        all.push(Query::Message(AskMessage { message: MessageId(number) }));
        all.push(Query::Contact(AskContact { contact: ContactId(number) }));
        let (case, message) = (CaseId(number), MessageId(number));
        let (contact, promise) = (ContactId(number), PromiseId(number));
        let records = [
            EntityId::Case(case),
            EntityId::Plan(case),
            EntityId::Message(message),
            EntityId::Contact(contact),
            EntityId::Promise(promise),
        ];
        all.extend(records.map(|record| trail(Some(record), false)));
    }
    for text in ["sara", "mohammadi", "C-13", "13", "C-1", "grant", "moving"] {
        all.push(Query::Find(AskFind { text: text.to_owned(), limit: 50 }));
    }
    for whose in [Whose::Mine, Whose::Unit(unit), Whose::All] {
        for filter in PromiseFilter::ALL {
            all.push(Query::Promises(AskPromises { whose, filter }));
        }
    }
    all
}

/// A page of the trail. This office lies in memory and has none: `visible_cli` reads that of one on a disk as each role.
fn trail(about: Option<EntityId>, is_export: bool) -> Query {
    let (after, most) = (TrailPlace::default(), TRAIL_PAGE_MAX);
    Query::Trail(AskTrail { reading: AuditReading { about, by: None, is_export }, after, most })
}

fn of_person(number: u64) -> Vec<Query> {
    let person = PersonId(number);
    let open = PromiseFilter::Open;
    vec![
        Query::PersonFile(AskPersonFile { person }),
        Query::Reach(AskReach { person }),
        Query::Contacts(AskContacts { person: Some(person), limit: 50 }),
        Query::Promises(AskPromises { whose: Whose::To(person), filter: open }),
        Query::Similar(AskSimilar {
            person: Some(person),
            nature: Some(Nature::Request),
            subject: Some(SubjectCode("HOU-1".into())),
            area: "W7".to_owned(),
            place: "Azadi 12".to_owned(),
        }),
    ]
}

fn of_case(case: CaseId) -> Vec<Query> {
    let template = "done@1/en".to_owned();
    let text = String::new();
    let open = PromiseFilter::Open;
    vec![
        Query::CasePreview(AskCasePreview { case }),
        Query::CaseFile(AskCaseFile { case, entries: 99 }),
        Query::EscalationTargets(AskEscalationTargets { case }),
        Query::Why(AskWhy { case }),
        Query::ReplyKit(AskReplyKit { case }),
        Query::History(AskHistory { case }),
        Query::Attendance(AskAttendance { about: EntityId::Case(case) }),
        Query::Fairness(AskFairness { unit: None, from: None, to: None }),
        Query::Units(AskUnits {}),
        Query::Handover(AskHandover { caseworker: CaseworkerId(1), also: Vec::new() }),
        Query::CaseHeader(AskCaseHeader { case }),
        Query::Accesses(AskAccesses {}),
        Query::AccessReadings(AskAccessReadings { access: casedesk::domain::AccessId(1) }),
        Query::Signings(AskSignings {}),
        Query::ClosedFiles(AskClosedFiles {}),
        Query::Purposes(AskPurposes {}),
        Query::Grants(AskGrants { whose: None }),
        Query::Promises(AskPromises { whose: Whose::On(case), filter: open }),
        Query::MergeCandidates(AskMergeCandidates { case, named: None }),
        Query::MergeCandidates(AskMergeCandidates { case: CaseId(1), named: Some(case) }),
        Query::Suggestion(AskSuggestion { case: Some(case), text: text.clone() }),
        Query::Filled(AskFilled {
            case,
            addressee: PersonId(1),
            channel: Channel::Letter,
            template,
        }),
        Query::Modules(AskModules {
            case: Some(case),
            subject: None,
            text: text.clone(),
            language: text,
        }),
        Query::TableTry(AskTableTry {
            text: SECRECY.to_owned(),
            case: Some(case),
            facts: Vec::new(),
        }),
        Query::Draft(AskDraft {
            key: DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) },
        }),
        Query::ForEach(AskForEach {
            cases: vec![case, CaseId(8)],
            act: EachAct::Acts(vec![CaseAct::Note { text: "n".to_owned() }]),
            letter: 0,
        }),
    ]
}

fn views() -> Vec<View> {
    let mut kinds = ViewKind::BOARD.to_vec();
    kinds.extend([ViewKind::Mail, ViewKind::Unrouted, ViewKind::Step(Step::Screening)]);
    kinds.extend((1..=4).map(|queue| ViewKind::Queue(QueueId(queue))));
    kinds.push(ViewKind::Aged(LateAge::Today));
    kinds.into_iter().map(|kind| View { kind, unit: UnitId(1) }).collect()
}

/// A list by pages of every size from its beginning, its end and around each of its cases, under a limit, and counted.
fn of_view(view: View) -> Vec<Query> {
    let mut all = Vec::new();
    let mut page = |anchor, before, after, limit: &str| {
        let narrowing = Narrowing { limit: limit.parse().unwrap(), ..Narrowing::default() };
        all.push(Query::Cases(AskCases { view, anchor, before, after, narrowing }));
    };
    for size in 1..=u32::try_from(OPEN_TO_ALL).unwrap() + 2 {
        page(Anchor::First, 0, size, "");
        page(Anchor::Last, size, 0, "");
    }
    for number in 1..=OPEN_TO_ALL + 10 {
        page(Anchor::Case(CaseId(number)), 2, 3, "");
        page(Anchor::Case(CaseId(number)), 2, 3, "grant");
    }
    let narrowing = Narrowing::default();
    all.push(Query::CaseIds(AskCaseIds { view, narrowing, most: 500 }));
    for field in Field::ALL {
        let limit = Filter::default();
        all.push(Query::Frequencies(AskFrequencies { view, limit, field: *field }));
    }
    all
}

/// The place of a question in the list of all kinds of them. A new one does not compile until it has one here, and fails the
/// test until it is asked.
fn kind(query: &Query) -> usize {
    macro_rules! place {
        ($($kind:ident)+) => {{
            let names = [$(stringify!($kind)),+];
            let name = match query { $(Query::$kind(_) => stringify!($kind),)+ };
            names.iter().position(|known| *known == name).unwrap()
        }};
    }
    place!(Who Board Cases CasePreview CaseFile PersonFile Find Subjects Similar GiveTargets EscalationTargets
        CaseHeader Why Overdue Queues Ledger Office Draft Drafts Message Health Census Alike Duplicates Likely Call Macros
        ForEach Presence News Day Colleagues CaseIds Frequencies Views LimitWords ReplyKit Filled Modules
        Library Promises Reach PromiseRates Places Verification Contacts Contact MergeCandidates PersonMerge
        Rules RulesText TableCheck TableTry Suggestion Calendar ClockMoves History Grants Attendance Fairness
        Units Handover Accesses Signings Trail ClosedFiles Purposes TrailCheck AccessReadings)
}

/// How many kinds of questions there are.
pub(crate) const KINDS: usize = 69;

/// An answer without what is excepted: numbers are given without a gap, so that the last number of each kind, of the chain and
/// of the commits is known to whoever does something; and how many keys the database has.
pub(crate) fn comparable(answer: Result<Answer, DeskError>) -> String {
    match answer {
        Ok(Answer::Office(mut office)) => {
            (office.cases, office.contacts, office.events) = (0, 0, 0);
            format!("{office:?}")
        }
        Ok(Answer::Ledger(mut ledger)) => {
            (ledger.received, ledger.ledger.last) = (0, 0);
            format!("{ledger:?}")
        }
        Ok(Answer::Health(mut health)) => {
            health.sequence = 0;
            format!("{health:?}")
        }
        Ok(Answer::Census(_)) => String::new(),
        other => format!("{other:?}"),
    }
}

/// Where two texts begin to differ, with what stands around it.
pub(crate) fn first_difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let part =
        |text: &str| text.chars().skip(same.saturating_sub(160)).take(400).collect::<String>();
    format!("without: ...{}...\n   with: ...{}...", part(one), part(other))
}

#[test]
fn hidden_cases_change_no_byte_of_any_answer_to_whoever_may_not_see_them() {
    let (without, with) = (office(0), office(9));
    let all = questions();
    let asked: BTreeSet<usize> = all.iter().map(kind).collect();
    assert_eq!(asked, (0..KINDS).collect::<BTreeSet<_>>(), "every kind of question is asked");
    let mut differ = Vec::new();
    for role in ROLES {
        let (one, other) = (viewer(&without, role), viewer(&with, role));
        for query in &all {
            let is_same = comparable(one.query(query.clone()));
            let asked = comparable(other.query(query.clone()));
            if is_same != asked {
                let difference = first_difference(&is_same, &asked);
                differ.push(format!("{role:?} {query:?}\n{difference}"));
            }
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), shortest(&differ));
}

/// One of each kind of differences.
pub(crate) fn shortest(differ: &[String]) -> String {
    let mut told = BTreeSet::new();
    let kind = |text: &String| text.split(['(', ' ']).nth(1).unwrap_or_default().to_owned();
    let first = differ.iter().filter(|text| told.insert(kind(text)));
    first.cloned().collect::<Vec<_>>().join("\n\n")
}

#[test]
fn acts_on_what_is_hidden_are_refused_as_acts_on_what_is_not_there() {
    let (without, with) = (office(0), office(9));
    let case = |number, act| Command::Case { case: CaseId(number), version: None, act };
    let note = || CaseAct::Note { text: "n".to_owned() };
    let mut differ = Vec::new();
    for role in ROLES {
        for number in OPEN_TO_ALL + 1..=OPEN_TO_ALL + 9 {
            let promise = PromiseId(2);
            let acts = [
                case(number, note()),
                case(number, CaseAct::Claim),
                case(number, CaseAct::Release),
                case(number, CaseAct::Reopen { reason: "r".to_owned() }),
                case(number, CaseAct::AcknowledgeEscalation),
                case(number, CaseAct::Screen(ScreeningOutcome::Accept)),
                case(8, CaseAct::Screen(ScreeningOutcome::DuplicateOf(CaseId(number)))),
                Command::OpenCase { case: CaseId(number), purpose: Purpose("casework".to_owned()) },
                Command::PrintSlip { case: CaseId(number) },
                Command::Promise { promise, version: None, act: PromiseAct::Keep },
                Command::RecallMessage { message: MessageId(2) },
                Command::AddContactCase { contact: ContactId(1), case: CaseId(number) },
                Command::ForEach {
                    cases: vec![(CaseId(number), None)],
                    act: EachAct::Acts(vec![note()]),
                },
            ];
            for act in acts {
                let refused = |office: &Office| {
                    let result = office.act(&viewer(office, role), act.clone());
                    format!("{:?}", result.map(|receipt| (receipt.label, receipt.rows)))
                };
                let (one, other) = (refused(&without), refused(&with));
                if one != other {
                    differ.push(format!("{role:?} {act:?}\n{}", first_difference(&one, &other)));
                }
            }
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), shortest(&differ));
}

#[test]
fn what_is_claimed_next_says_its_place_among_what_is_seen() {
    let claimed = |hidden| {
        let office = office(hidden);
        let view = View { kind: ViewKind::Inbox, unit: UnitId(1) };
        let worker = viewer(&office, Role::Caseworker);
        let next = || office.act(&worker, Command::ClaimNext(view)).map(|receipt| receipt.label);
        format!("{:?}", (0..5).map(|_| next()).collect::<Vec<_>>())
    };
    assert_eq!(claimed(0), claimed(9));
}

#[test]
fn whoever_watches_hears_of_nothing_that_they_may_not_see() {
    let office = office(9);
    let (moe, worker) =
        (office.desk.sign_in("moe", None).unwrap(), viewer(&office, Role::Caseworker));
    let (heard, unheard) = (moe.watch(), worker.watch());
    let note = || CaseAct::Note { text: "n".to_owned() };
    office.on(&moe, CaseId(OPEN_TO_ALL + 8), note()).unwrap();
    assert!(heard.next().is_some());
    assert_eq!(unheard.next(), None);
    office.on(&moe, CaseId(8), note()).unwrap();
    assert!(unheard.next().is_some());
    // What becomes hidden is told to whoever saw it until now.
    let (nature, reason) = (Nature::Complaint, "it is one".to_owned());
    office.on(&office.karimi(), CaseId(8), CaseAct::SetNature { nature, reason }).unwrap();
    let shown = worker.query(Query::CasePreview(AskCasePreview { case: CaseId(8) }));
    if shown.is_err() {
        assert!(unheard.next().is_some());
    }
}

/// The numbers of the cases of a list, by pages of a size.
fn paged(session: &Session, view: View, size: u32) -> Vec<u64> {
    let mut ids: Vec<u64> = Vec::new();
    loop {
        let anchor = ids.last().map_or(Anchor::First, |last| Anchor::Case(CaseId(*last)));
        let narrowing = Narrowing::default();
        let query = Query::Cases(AskCases { view, anchor, before: 0, after: size, narrowing });
        let Ok(Answer::Cases(page)) = session.query(query) else { return ids };
        let known = usize::from(!ids.is_empty());
        let new: Vec<u64> = page.rows.iter().skip(known).map(|row| row.id.0).collect();
        if new.is_empty() {
            assert_eq!(ids.len() as u64, page.total, "{view:?}");
            return ids;
        }
        ids.extend(new);
    }
}

#[test]
fn a_list_is_the_whole_list_without_what_is_hidden_at_every_page_size() {
    let office = office(9);
    let karimi = office.karimi();
    let worker = viewer(&office, Role::Caseworker);
    for view in views() {
        if matches!(view.kind, ViewKind::Mine | ViewKind::Escalated | ViewKind::Calls) {
            continue;
        }
        let whole = paged(&karimi, view, 50);
        let seen: Vec<u64> = whole.into_iter().filter(|id| *id <= OPEN_TO_ALL).collect();
        for size in 2..=u32::try_from(OPEN_TO_ALL).unwrap() + 1 {
            assert_eq!(paged(&worker, view, size), seen, "{view:?} by {size}");
        }
    }
    assert!(!paged(&worker, View { kind: ViewKind::Inbox, unit: UnitId(1) }, 4).is_empty());
}

#[test]
fn what_is_hidden_takes_no_place_among_what_is_handed_over() {
    let office = office(0);
    let moe = office.desk.sign_in("moe", None).unwrap();
    let own = |nature| {
        let case = office.case(None, nature, "The stairs are wet");
        office.on(&moe, case, CaseAct::Claim).unwrap();
        case
    };
    for _ in 0..401 {
        own(Nature::Complaint);
    }
    let seen = own(Nature::Request);
    let Ok(Answer::Who(who)) = moe.query(Query::Who(AskWho {})) else { unreachable!() };
    let ask = AskHandover { caseworker: who.caseworker.id, also: Vec::new() };
    let answer = viewer(&office, Role::Manager).query(Query::Handover(ask));
    let Ok(Answer::Handover(answer)) = answer else { unreachable!("{answer:?}") };
    let cases: Vec<_> = answer.lines.iter().filter_map(|line| line.case).collect();
    assert_eq!((cases, answer.has_more), (vec![seen], false));
}

#[test]
fn rows_and_counters_are_those_of_their_records() {
    let found = office(9).desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

/// Kinds of counters that have one for each class since layout 2, with where the class begins in their keys.
const COUNTERS: [(u8, usize); 7] = [(2, 11), (3, 10), (4, 18), (5, 10), (7, 2), (10, 18), (11, 18)];

/// Makes of a database what a program of layout 1 would have made of it.
fn as_of_layout_one(store: &dyn Store) {
    let rows =
        |tag: u8| store.scan(&KeyRange::prefix(&[tag]), 100_000, Direction::Forward).unwrap();
    let mut writes = Vec::new();
    for tag in *b"qoepj" {
        let old = rows(tag).rows.into_iter().map(|(key, _)| Write::Put(key, Vec::new()));
        writes.extend(old);
    }
    let mut sums = std::collections::BTreeMap::<Vec<u8>, i64>::new();
    for (key, found) in rows(b'c').rows {
        let Some((_, class_at)) = COUNTERS.iter().find(|(kind, _)| *kind == key[1]) else {
            continue;
        };
        let count = i64::from_be_bytes(found.value[..].try_into().unwrap());
        *sums.entry(key[..*class_at].to_vec()).or_default() += count;
        writes.push(Write::Delete(key));
    }
    writes.extend(sums.into_iter().map(|(key, sum)| Write::Put(key, sum.to_be_bytes().to_vec())));
    writes.push(Write::Put(vec![1], 1_u64.to_be_bytes().to_vec()));
    let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
    store.commit(Commit { id: CommitId(77), reads: Vec::new(), stamp }).unwrap();
}

/// All rows of a store but those that follow from how often it was opened.
fn dump(store: &dyn Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all = KeyRange { from: Vec::new(), to: None };
    let page = store.scan(&all, 1_000_000, Direction::Forward).unwrap();
    page.rows.into_iter().map(|(key, found)| (key, found.value.to_vec())).collect()
}

/// Opens a database; each opening draws other numbers.
fn opened(store: Arc<dyn Store>, draws: u64) -> Result<Arc<LocalDesk>, DeskError> {
    LocalDesk::open(
        store,
        Arc::new(TestClock::at(1_787_296_440_000)),
        Arc::new(Counted::from(draws)),
    )
}

#[test]
fn a_database_of_the_layout_before_is_made_anew_at_its_opening() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    office_over(Arc::clone(&store), 9);
    let fresh = dump(store.as_ref());
    as_of_layout_one(store.as_ref());
    assert_ne!(dump(store.as_ref()), fresh);
    let desk = opened(Arc::clone(&store), 9_000).unwrap();
    assert_eq!(dump(store.as_ref()), fresh);
    let found = desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

/// A store that keeps the first rows of a commit only: what is left where a program is killed between two of them.
struct Killed(Arc<dyn Store>, usize);

impl Store for Killed {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.0.get(key)
    }

    fn scan(&self, range: &KeyRange, limit: usize, way: Direction) -> Result<Page, StoreError> {
        self.0.scan(range, limit, way)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let Commit { id, reads, stamp } = commit;
        let most = self.1;
        let stamp = Box::new(move |latest: &dyn Latest| {
            Ok(stamp(latest)?.into_iter().take(most).collect::<Vec<Write>>())
        });
        self.0.commit(Commit { id, reads, stamp })?;
        Err(CommitError::Refused("killed".to_owned()))
    }

    fn sequence(&self) -> Sequence {
        self.0.sequence()
    }

    fn health(&self) -> Health {
        self.0.health()
    }
}

#[test]
fn an_opening_that_was_killed_while_it_made_rows_anew_is_finished_by_the_next() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    office_over(Arc::clone(&store), 9);
    let fresh = dump(store.as_ref());
    as_of_layout_one(store.as_ref());
    for rows in [1, 20, 60, 100] {
        let killed = opened(Arc::new(Killed(Arc::clone(&store), rows)), 8_000 + rows as u64);
        assert!(killed.is_err(), "an opening that cannot finish is none");
    }
    opened(Arc::clone(&store), 9_000).unwrap();
    assert_eq!(dump(store.as_ref()), fresh);
}
