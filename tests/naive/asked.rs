//! Every question of every kind, about everything that there is.

use std::collections::BTreeSet;

use casedesk::desk::{
    Anchor, AskAccessReadings, AskAccesses, AskAlike, AskAttendance, AskBoard, AskCalendar,
    AskCall, AskCaseFile, AskCaseHeader, AskCaseIds, AskCasePreview, AskCases, AskClockMoves,
    AskClosedFiles, AskContact, AskContacts, AskDraft, AskDuplicates, AskEscalationTargets,
    AskFairness, AskFilled, AskFind, AskForEach, AskFrequencies, AskGiveTargets, AskGrants,
    AskHandover, AskHistory, AskMergeCandidates, AskMessage, AskModules, AskPersonFile,
    AskPersonMerge, AskPromises, AskPurposes, AskReach, AskReplyKit, AskRules, AskRulesText,
    AskSignings, AskSimilar, AskSubjects, AskSuggestion, AskTableCheck, AskTableTry, AskTrail,
    AskTrailCheck, AskUnits, AskWho, AskWhy, DraftForm, DraftKey, LateAge, Narrowing,
    PromiseFilter, ProposedCalendar, Query, TRAIL_PAGE_MAX, TrailPlace, View, ViewKind, Whose,
};
use casedesk::domain::cases::filter::Field;
use casedesk::domain::cases::{CaseAct, Channel, EachAct, Nature, Step};
use casedesk::domain::people::{BirthDate, Name, NameKind, NewPerson};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::{
    AuditReading, CaseId, ContactId, EntityId, MessageId, PersonId, QueueId, SubjectCode, UnitId,
};

use crate::visibility::unnamed_questions;

use super::office::{HOUSING, PEOPLE, born, family, given, telephone};
use super::state::State;

const TABLE: &str = "code,secrecy\nversion,2\nuse,confidentiality\npolicy,F\n\
    row,when nature,then confidentiality\nc,complaint,confidential\n";

/// All questions, those about a record of each record, and of one more that is not there.
pub(crate) fn questions(state: &State) -> Vec<Query> {
    let mut all = of_the_office(state);
    all.extend(state.people.keys().flat_map(|person| of_person(*person)));
    all.extend(of_person(PersonId(PEOPLE + 1)));
    let last = u64::try_from(state.cases.len()).unwrap() + 1;
    all.extend((1..=last).flat_map(|number| of_case(CaseId(number))));
    let messages = u64::try_from(state.messages.len()).unwrap() + 1;
    all.extend((1..=messages).map(|it| Query::Message(AskMessage { message: MessageId(it) })));
    let contacts = u64::try_from(state.contacts.len()).unwrap() + 1;
    all.extend((1..=contacts).map(|it| Query::Contact(AskContact { contact: ContactId(it) })));
    for unit in state.units.keys() {
        all.push(Query::Board(AskBoard { unit: *unit }));
        let fairness = AskFairness { unit: Some(*unit), from: None, to: None };
        all.push(Query::Fairness(fairness));
        for kind in kinds(state, *unit) {
            all.extend(of_view(View { kind, unit: *unit }, state));
        }
        for filter in PromiseFilter::ALL {
            all.push(Query::Promises(AskPromises { whose: Whose::Unit(*unit), filter }));
        }
    }
    for filter in PromiseFilter::ALL {
        for whose in [Whose::Mine, Whose::All] {
            all.push(Query::Promises(AskPromises { whose, filter }));
        }
    }
    for caseworker in state.caseworkers.keys() {
        all.push(Query::Handover(AskHandover { caseworker: *caseworker, also: Vec::new() }));
    }
    all
}

fn of_the_office(state: &State) -> Vec<Query> {
    let name =
        PublicationName { kind: PublicationKind::Table, code: "secrecy".to_owned(), version: 1 };
    let (code, text) = ("office".to_owned(), String::new());
    let proposed = ProposedCalendar { code, text, from: None };
    let reading = AuditReading { about: None, by: None, is_export: true };
    let (after, most) = (TrailPlace::default(), TRAIL_PAGE_MAX);
    // The last one is not there.
    let cases = (1..=u64::try_from(state.cases.len()).unwrap() + 1).map(CaseId).collect();
    let act = EachAct::Acts(vec![CaseAct::Note { text: "n".to_owned() }]);
    let mut all = vec![
        Query::Who(AskWho {}),
        Query::Accesses(AskAccesses {}),
        Query::AccessReadings(AskAccessReadings { access: casedesk::domain::AccessId(1) }),
        Query::Signings(AskSignings {}),
        Query::ClosedFiles(AskClosedFiles {}),
        Query::Purposes(AskPurposes {}),
        Query::Units(AskUnits {}),
        Query::Grants(AskGrants { whose: None }),
        Query::Rules(AskRules { kind: None }),
        Query::RulesText(AskRulesText { name }),
        Query::Calendar(AskCalendar { unit: "housing".to_owned() }),
        Query::ClockMoves(AskClockMoves { proposed, after: None }),
        Query::Subjects(AskSubjects { text: String::new(), limit: 50 }),
        Query::GiveTargets(AskGiveTargets { text: String::new() }),
        Query::TableCheck(AskTableCheck { text: TABLE.to_owned() }),
        Query::Contacts(AskContacts { person: None, limit: 200 }),
        Query::Duplicates(AskDuplicates { person: None, after: 0, bits_min: Some(0) }),
        Query::Fairness(AskFairness { unit: None, from: None, to: None }),
        Query::Suggestion(AskSuggestion { case: None, text: "the grant".to_owned() }),
        Query::ForEach(AskForEach { cases, act, letter: 0 }),
        Query::Trail(AskTrail { reading, after, most }),
        Query::TrailCheck(AskTrailCheck { after, hash: [0; 32], most }),
        Query::Similar(AskSimilar {
            person: None,
            nature: Some(Nature::Request),
            subject: Some(SubjectCode("HOU-1".into())),
            area: "W7".to_owned(),
            place: "Azadi 12".to_owned(),
        }),
    ];
    all.extend(unnamed_questions());
    for text in ["sara", "omid", "the grant", "vuba", "azadi", "1986"] {
        all.push(Query::Find(AskFind { text: text.to_owned(), limit: 200 }));
    }
    all
}

fn of_person(person: PersonId) -> Vec<Query> {
    let number = person.0;
    let (text, limit) = (family(number).to_lowercase(), 50);
    let name = Name { kind: NameKind::Official, given: given(number), family: family(number) };
    let birth_date = BirthDate::parse(&born(number));
    let alike = NewPerson { names: vec![name], birth_date, ..NewPerson::default() };
    let one_after = PersonId(number % PEOPLE + 1);
    vec![
        Query::PersonFile(AskPersonFile { person }),
        Query::Reach(AskReach { person }),
        Query::Contacts(AskContacts { person: Some(person), limit: 200 }),
        Query::Promises(AskPromises { whose: Whose::To(person), filter: PromiseFilter::Open }),
        Query::Attendance(AskAttendance { about: EntityId::Person(person) }),
        Query::Find(AskFind { text: text.clone(), limit }),
        Query::Find(AskFind { text: text.chars().take(5).collect(), limit }),
        Query::Find(AskFind { text: format!("{text} {}", given(one_after.0)), limit }),
        Query::Find(AskFind { text: person.to_string(), limit }),
        Query::Call(AskCall { number: telephone(number) }),
        Query::Alike(AskAlike { person: Box::new(alike), limit: 9 }),
        Query::Duplicates(AskDuplicates { person: Some(person), after: 0, bits_min: Some(0) }),
        Query::PersonMerge(AskPersonMerge { survivor: person, merged: one_after }),
        Query::Similar(AskSimilar {
            person: Some(person),
            nature: None,
            subject: None,
            area: String::new(),
            place: String::new(),
        }),
    ]
}

fn of_case(case: CaseId) -> Vec<Query> {
    let (template, text) = ("done@1/en".to_owned(), String::new());
    let (subject, language) = (None, String::new());
    let filled = AskFilled { case, addressee: PersonId(1), channel: Channel::Letter, template };
    let modules = AskModules { case: Some(case), subject, text: text.clone(), language };
    let key = DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) };
    let tried = AskTableTry { text: TABLE.to_owned(), case: Some(case), facts: Vec::new() };
    vec![
        Query::CasePreview(AskCasePreview { case }),
        Query::CaseFile(AskCaseFile { case, entries: 99 }),
        Query::CaseHeader(AskCaseHeader { case }),
        Query::EscalationTargets(AskEscalationTargets { case }),
        Query::Why(AskWhy { case }),
        Query::ReplyKit(AskReplyKit { case }),
        Query::History(AskHistory { case }),
        Query::Attendance(AskAttendance { about: EntityId::Case(case) }),
        Query::Promises(AskPromises { whose: Whose::On(case), filter: PromiseFilter::Open }),
        Query::MergeCandidates(AskMergeCandidates { case, named: None }),
        Query::MergeCandidates(AskMergeCandidates { case: CaseId(2), named: Some(case) }),
        Query::Suggestion(AskSuggestion { case: Some(case), text }),
        Query::Filled(filled),
        Query::Modules(modules),
        Query::TableTry(tried),
        Query::Draft(AskDraft { key }),
        Query::Find(AskFind { text: case.to_string(), limit: 5 }),
    ]
}

/// The lists of a unit, and with those of the first unit the ones that are of none.
fn kinds(state: &State, unit: UnitId) -> Vec<ViewKind> {
    let mut kinds = ViewKind::BOARD.to_vec();
    kinds.extend([ViewKind::Mail, ViewKind::Unrouted, ViewKind::Step(Step::Screening)]);
    kinds.extend(LateAge::ALL.map(ViewKind::Aged));
    let is_of_none = |kind: &ViewKind| {
        let of_none = [ViewKind::Mine, ViewKind::Escalated, ViewKind::Calls, ViewKind::Unrouted];
        of_none.contains(kind)
    };
    kinds.retain(|kind| unit == HOUSING || !is_of_none(kind));
    let queues = state.queues.iter().filter(|queue| queue.unit == unit);
    kinds.extend(queues.map(|queue| ViewKind::Queue(QueueId(queue.id.0))));
    kinds
}

/// A list by pages from its beginning, its end and around some of its cases, under a limit, and counted.
fn of_view(view: View, state: &State) -> Vec<Query> {
    let mut all = Vec::new();
    let mut page = |anchor, before, after, limit: &str| {
        let narrowing = Narrowing { limit: limit.parse().unwrap(), ..Narrowing::default() };
        all.push(Query::Cases(AskCases { view, anchor, before, after, narrowing }));
    };
    for size in [1, 4, 400] {
        page(Anchor::First, 0, size, "");
        page(Anchor::Last, size, 0, "");
    }
    page(Anchor::First, 0, 5, NARROWED);
    for case in state.cases.keys().filter(|case| case.0 % 23 == view.unit.0) {
        page(Anchor::Case(*case), 2, 3, "");
    }
    let narrowing = Narrowing::default();
    all.push(Query::CaseIds(AskCaseIds { view, narrowing, most: 500 }));
    for field in [Field::Nature, Field::Owner] {
        let limit = NARROWED.parse().unwrap();
        all.push(Query::Frequencies(AskFrequencies { view, limit, field }));
    }
    all
}

/// A limit that the lists are asked under.
pub(crate) const NARROWED: &str = "nature:request";

/// Fails where a kind of question is not asked.
pub(crate) fn assert_every_kind(all: &[Query]) {
    let name = |query: &Query| format!("{query:?}").split('(').next().unwrap().to_owned();
    let asked: BTreeSet<String> = all.iter().map(name).collect();
    assert_eq!(asked.len(), crate::visibility::KINDS, "every kind of question is asked: {asked:?}");
}
