//! What each question is answered to somebody, by the naive filter.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use casedesk::desk::{Answer, DeskError, EachLine, Query, View, Whose};
use casedesk::domain::office::{Confidentiality, Role};
use casedesk::domain::{CaseId, CaseworkerId, PersonId};

use super::state::{Sees, State};

/// The answers that somebody is to have.
pub(crate) struct Expected<'s> {
    pub(crate) sees: &'s Sees<'s>,
    /// Lists as they were made out.
    pub(crate) lists: RefCell<BTreeMap<View, Vec<CaseId>>>,
}

pub(crate) type Checked = Result<(), String>;

/// That something is as it is wanted.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, got: &T, wanted: &T) -> Checked {
    if got == wanted { Ok(()) } else { Err(format!("{what}: {got:?} instead of {wanted:?}")) }
}

/// What somebody has to hold for a question to be answered at all.
#[derive(PartialEq)]
enum Needs {
    /// Nothing: anybody may ask, or the desk decides by what is no matter of sight.
    Nothing,
    Cases,
    People,
    /// Cases, or the office to run.
    CasesOrOffice,
}

/// What a question is about.
enum About {
    /// No case and no person: that it names nothing hidden is all there is to say.
    Nobody,
    Case(CaseId),
    Person(PersonId),
    /// Figures and lists, compared one by one.
    Many,
}

/// What a question needs, and what it is about. A new one does not compile until that is decided here.
fn kind(query: &Query) -> (Needs, About) {
    use About as A;
    use Needs as N;
    match query {
        Query::Who(_)
        | Query::Draft(_)
        | Query::Drafts(_)
        | Query::Health(_)
        | Query::Census(_)
        | Query::Macros(_)
        | Query::Views(_)
        | Query::Places(_)
        | Query::Verification(_)
        | Query::Grants(_)
        | Query::Purposes(_)
        | Query::Rules(_)
        | Query::RulesText(_)
        | Query::TableCheck(_)
        | Query::Calendar(_)
        | Query::ClockMoves(_)
        | Query::GiveTargets(_)
        | Query::Subjects(_)
        | Query::LimitWords(_)
        | Query::Library(_)
        | Query::Trail(_)
        | Query::TrailCheck(_)
        | Query::Accesses(_)
        | Query::AccessReadings(_)
        | Query::Modules(_)
        | Query::TableTry(_)
        | Query::Attendance(_)
        | Query::Filled(_) => (N::Nothing, A::Nobody),
        Query::CasePreview(it) => (N::Cases, A::Case(it.case)),
        Query::CaseFile(it) => (N::Cases, A::Case(it.case)),
        Query::CaseHeader(it) => (N::Cases, A::Case(it.case)),
        Query::EscalationTargets(it) => (N::Cases, A::Case(it.case)),
        Query::Why(it) => (N::Cases, A::Case(it.case)),
        Query::ReplyKit(it) => (N::Cases, A::Case(it.case)),
        Query::History(it) => (N::Cases, A::Case(it.case)),
        Query::PersonFile(it) => (N::People, A::Person(it.person)),
        Query::Reach(it) => (N::People, A::Person(it.person)),
        Query::Board(_)
        | Query::ClosedFiles(_)
        | Query::Handover(_)
        | Query::ForEach(_)
        | Query::MergeCandidates(_)
        | Query::PersonMerge(_)
        | Query::Fairness(_)
        | Query::Likely(_)
        | Query::Duplicates(_)
        | Query::Alike(_)
        | Query::Presence(_) => (N::Nothing, A::Many),
        Query::Cases(_)
        | Query::CaseIds(_)
        | Query::Frequencies(_)
        | Query::Overdue(_)
        | Query::Queues(_)
        | Query::Ledger(_)
        | Query::Message(_)
        | Query::PromiseRates(_)
        | Query::Similar(_)
        | Query::News(_)
        | Query::Day(_)
        | Query::Suggestion(_)
        | Query::Signings(_) => (N::Cases, A::Many),
        Query::Find(_)
        | Query::Call(_)
        | Query::Contact(_)
        | Query::Contacts(_)
        | Query::Promises(_) => (N::People, A::Many),
        Query::Office(_) | Query::Units(_) | Query::Colleagues(_) => (N::CasesOrOffice, A::Many),
    }
}

fn is_denied(answer: &Result<Answer, DeskError>) -> bool {
    matches!(answer, Err(DeskError::Refused(refusal)) if refusal.code.starts_with("permit."))
}

/// Whether a file may be known to be there and does not open for who asks: it does for another purpose than casework alone.
fn opens_for_others(error: &DeskError) -> bool {
    matches!(error, DeskError::Refused(refusal) if refusal.code == "purpose.needed")
}

impl<'s> Expected<'s> {
    pub(crate) fn new(sees: &'s Sees<'s>) -> Self {
        Self { sees, lists: RefCell::default() }
    }
}

impl Expected<'_> {
    /// Whether an answer is what it is to be.
    pub(crate) fn check(&self, query: &Query, answer: &Result<Answer, DeskError>) -> Checked {
        let (needs, about) = kind(query);
        let may = match needs {
            Needs::Nothing => true,
            Needs::Cases => self.sees.reads_cases(),
            Needs::People => self.sees.reads_people(),
            Needs::CasesOrOffice => self.sees.reads_cases() || self.runs_the_office(),
        };
        if !may {
            return if is_denied(answer) { Ok(()) } else { Err(format!("answers {answer:?}")) };
        }
        let is_there = match about {
            About::Nobody => return Ok(()),
            About::Case(case) => self.sees.case(case).is_some(),
            About::Person(person) => self.sees.person(person).is_some(),
            About::Many => return self.check_many(query, answer),
        };
        Self::check_one(is_there, answer)?;
        self.check_many(query, answer)
    }

    pub(crate) fn runs_the_office(&self) -> bool {
        let held = &self.sees.state.caseworkers[&self.sees.who];
        held.grants.iter().any(|it| matches!(it.role, Role::Manager | Role::Administrator))
    }

    /// That a record is shown where it may be seen, and looks otherwise as if it were not there, or closed.
    fn check_one(is_there: bool, answer: &Result<Answer, DeskError>) -> Checked {
        match (is_there, answer) {
            (true, Ok(_)) | (false, Err(DeskError::NotFound(_) | DeskError::Closed(_))) => Ok(()),
            (true, Err(error)) if opens_for_others(error) => Ok(()),
            (true, other) => Err(format!("hides falsely: {other:?}")),
            (false, _) => Err("shows what is hidden".to_owned()),
        }
    }

    /// What an answer that came lists and counts.
    fn check_many(&self, query: &Query, answer: &Result<Answer, DeskError>) -> Checked {
        let sees = self.sees;
        match (query, answer) {
            (Query::Message(it), _) => Self::check_one(sees.message(it.message), answer),
            (Query::Contact(it), _) => Self::check_one(sees.contact(it.contact), answer),
            (Query::PersonMerge(it), Ok(_)) => {
                let both = [it.survivor, it.merged].map(|it| sees.person(it).is_some());
                same("both may be seen", &both, &[true, true])
            }
            (Query::MergeCandidates(it), Ok(Answer::MergeCandidates(answer))) => {
                same("the case may be seen", &sees.case(it.case).is_some(), &true)?;
                self.merge_candidates(it, answer)
            }
            (Query::Contacts(it), Err(error)) if !opens_for_others(error) => {
                same("there", &it.person.and_then(|it| sees.person(it)).is_some(), &false)
            }
            (_, Err(error)) => {
                // Who may do what is a matter of the matrix of rights; that it is not lost is one of this.
                let is_known = matches!(error, DeskError::Refused(_) | DeskError::NotFound(_));
                let is_known = is_known || matches!(error, DeskError::Closed(_));
                if is_known { Ok(()) } else { Err(format!("fails: {error}")) }
            }
            (_, Ok(answer)) => self.check_answer(query, answer),
        }
    }

    fn check_answer(&self, query: &Query, answer: &Answer) -> Checked {
        let sees = self.sees;
        match (query, answer) {
            (Query::Board(it), Answer::Board(answer)) => self.board(it.unit, answer),
            (Query::Cases(it), Answer::Cases(answer)) => self.page(it, answer),
            (Query::CaseIds(it), Answer::CaseIds(answer)) => {
                let list = self.list(it.view);
                same("numbers", &answer.ids, &list)?;
                same("total", &answer.total, &(list.len() as u64))
            }
            (Query::Frequencies(it), Answer::Frequencies(answer)) => self.frequencies(it, answer),
            (Query::Overdue(_), Answer::Overdue(answer)) => self.overdue(answer),
            (Query::Queues(_), Answer::Queues(answer)) => {
                answer.queues.iter().try_for_each(|line| {
                    same(&line.code, &line.cases, &(self.list(line.view).len() as u64))
                })
            }
            (Query::Units(_), Answer::Units(answer)) => answer.units.iter().try_for_each(|line| {
                same("open and free", &(line.open, line.free), &self.open_of(line.unit.id))
            }),
            (Query::Colleagues(_), Answer::Colleagues(answer)) => self.colleagues(answer),
            (Query::Office(_), Answer::Office(answer)) => {
                let open = sees.cases().filter(|case| case.is_open()).count() as u64;
                // Whoever runs the office and reads nobody hears how many there are whom every reader finds.
                let found = sees.state.people.values().filter(|person| State::is_found(person));
                let open_to_all =
                    found.filter(|person| person.confidentiality <= Confidentiality::Internal);
                let people = if sees.reads_people() {
                    sees.people().count() as u64
                } else {
                    open_to_all.count() as u64
                };
                same("people and open cases", &(answer.people, answer.cases_open), &(people, open))
            }
            (Query::Ledger(_), Answer::Ledger(answer)) => {
                let all = || sees.state.cases.values().filter(|it| sees.record(it));
                let open = all().filter(|case| case.is_open()).count() as u64;
                let got = &answer.ledger;
                same("open", &(got.screening + got.open), &open)?;
                same("ended", &got.ended(), &(all().count() as u64 - open))
            }
            (Query::Handover(it), Answer::Handover(answer)) => self.handover(it.caseworker, answer),
            (Query::CaseFile(_), Answer::CaseFile(answer)) => self.case_file(answer),
            (Query::PersonFile(_), Answer::PersonFile(answer)) => self.person_file(answer),
            (Query::Find(it), Answer::Find(answer)) => self.find(it, answer),
            (Query::Call(it), Answer::Call(answer)) => self.call(&it.number, answer),
            (Query::Alike(it), Answer::Alike(answer)) => {
                let wanted = sees.people().find(|person| *person.name() == it.person.names[0]);
                let listed =
                    answer.people.iter().any(|it| Some(it.side.person) == wanted.map(|it| it.id));
                same("lists the one", &listed, &wanted.is_some())
            }
            (Query::Duplicates(_), Answer::Duplicates(answer)) => {
                // Numbers are given without a gap, so that the last one is no secret.
                same("numbers", &answer.people, &(sees.state.people.len() as u64))
            }
            (Query::Contacts(it), Answer::Contacts(answer)) => {
                let got: BTreeSet<_> = answer.contacts.iter().map(|it| it.id).collect();
                same("contacts", &got, &self.contacts(it.person))
            }
            (Query::Promises(it), Answer::Promises(answer)) => {
                let got: BTreeSet<_> = answer.promises.iter().map(|it| it.id).collect();
                same("promises", &got, &self.promises(it.whose, it.filter))
            }
            (Query::PromiseRates(_), Answer::PromiseRates(answer)) => self.rates(answer),
            (Query::Similar(it), Answer::Similar(answer)) => self.similar(it, answer),
            (Query::ForEach(_), Answer::ForEach(answer)) => {
                let code = |line: &EachLine| line.refused.as_ref().map(|it| it.code.clone());
                let not_there = answer.lines.last().and_then(code);
                answer.lines.iter().try_for_each(|line| {
                    let is_hidden = sees.case(line.case).is_none();
                    let is_closed = code(line).as_deref() == Some("each.closed");
                    let is_gone = is_closed || code(line).as_deref() == Some("each.gone");
                    let is_as_if_gone = is_closed || code(line) == not_there;
                    let is_right = if is_hidden { is_as_if_gone } else { !is_gone };
                    same(&format!("right: {} {:?}", line.case, code(line)), &is_right, &true)
                })
            }
            (Query::ClosedFiles(_), Answer::ClosedFiles(answer)) => {
                let got: BTreeSet<PersonId> = answer.people.iter().copied().collect();
                same("closed", &got, &sees.closed)
            }
            (Query::Signings(_), Answer::Signings(answer)) => {
                let hidden = answer.lines.iter().find(|line| sees.case(line.case).is_none());
                same("hidden", &hidden.is_some(), &false)
            }
            (Query::News(_), Answer::News(answer)) => self.news(answer),
            (Query::Day(_), Answer::Day(answer)) => self.day(answer),
            (Query::Likely(_), Answer::Likely(answer)) => self.likely(answer),
            (Query::Suggestion(_), Answer::Suggestion(answer)) => self.suggestion(answer),
            (Query::Fairness(it), Answer::Fairness(answer)) => self.fairness(it.unit, answer),
            _ => Ok(()),
        }
    }
}

/// Who keeps an open promise in an office where nobody is away.
pub(crate) fn keeper(owner: CaseworkerId) -> CaseworkerId {
    owner
}

pub(crate) fn whose(
    state: &State,
    whose: Whose,
    who: CaseworkerId,
) -> impl Fn(&casedesk::domain::cases::Promise) -> bool {
    move |promise| match whose {
        Whose::Mine => keeper(promise.promised.owner) == who,
        Whose::Unit(unit) => promise.promised.unit == unit,
        Whose::All => true,
        Whose::To(person) => state.standing(promise.promised.to) == state.standing(person),
        Whose::On(case) => promise.promised.case == Some(case),
    }
}
