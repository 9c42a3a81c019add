//! Lists, pages and counts as the naive filter has them.

use std::collections::{BTreeMap, BTreeSet};

use casedesk::desk::{
    Anchor, AskCases, AskFind, AskFrequencies, AskSimilar, BoardAnswer, CallAnswer, CaseFileAnswer,
    CasesAnswer, ColleaguesAnswer, FindAnswer, FrequenciesAnswer, Handed, HandoverAnswer, LateAge,
    OverdueAnswer, PersonFileAnswer, PromiseFilter, PromiseRatesAnswer, RATE_DAYS, SimilarAnswer,
    View, ViewKind, Whose,
};
use casedesk::domain::cases::filter::Field;
use casedesk::domain::cases::{Case, Lane, MessageState, Nature, PromiseState, Step};
use casedesk::domain::office::{Confidentiality, QueueKind};
use casedesk::domain::time::Instant;
use casedesk::domain::{CaseId, CaseworkerId, ContactId, PersonId, PromiseId, QueueId, UnitId};

use super::expected::{Checked, Expected, same, whose};
use super::office::ROADS;

/// Rows of which a similar list, and promises of which a file, shows no more.
const SIMILAR_MAX: usize = 9;

fn due(case: &Case) -> (Instant, CaseId) {
    (case.due_at(), case.id)
}

fn count<T>(all: impl Iterator<Item = T>) -> u64 {
    all.count() as u64
}

impl Expected<'_> {
    fn in_queue(&self, queue: Option<QueueId>, lanes: &[Lane]) -> Vec<&Case> {
        let open = self.sees.cases().filter(|case| case.is_open());
        let mut cases: Vec<&Case> = open
            .filter(|case| queue.is_some() && case.queue == queue && lanes.contains(&case.lane()))
            .collect();
        cases.sort_by_key(|case| due(case));
        cases
    }

    /// The cases of a list that somebody may see, in its order.
    pub(crate) fn list(&self, view: View) -> Vec<CaseId> {
        if let Some(known) = self.lists.borrow().get(&view) {
            return known.clone();
        }
        let list = self.made_list(view);
        self.lists.borrow_mut().insert(view, list.clone());
        list
    }

    fn made_list(&self, view: View) -> Vec<CaseId> {
        let (sees, state) = (self.sees, self.sees.state);
        let queue = |kind| state.queue(view.unit, kind).map(|queue| queue.id);
        let inbox = queue(QueueKind::Inbox);
        let working = [Lane::Free, Lane::Claimed];
        let due_in = |from: Option<Instant>, to: Instant| {
            let mut cases = self.in_queue(inbox, &working);
            cases
                .retain(|case| from.is_none_or(|from| case.due_at() >= from) && case.due_at() < to);
            cases
        };
        let start = |days: i32| state.zone.instant(sees.today.plus_days(days), 0, 0);
        let cases = match view.kind {
            ViewKind::Mine => {
                let open = sees.cases().filter(|case| case.is_open());
                let mut own: Vec<&Case> =
                    open.filter(|case| case.owner == Some(sees.who)).collect();
                own.sort_by_key(|case| due(case));
                own
            }
            ViewKind::Inbox => self.in_queue(inbox, &Lane::ALL),
            ViewKind::Free => self.in_queue(inbox, &[Lane::Free]),
            ViewKind::Waiting => self.in_queue(inbox, &[Lane::Waiting]),
            ViewKind::Queue(queue) => self.in_queue(Some(queue), &Lane::ALL),
            ViewKind::Screening | ViewKind::Step(Step::Screening) => {
                let screened = queue(QueueKind::Screening).filter(|_| sees.reads_in(view.unit));
                self.in_queue(screened, &Lane::ALL)
            }
            ViewKind::Step(_) => Vec::new(),
            ViewKind::Late => due_in(None, state.at),
            ViewKind::Today => due_in(Some(state.at), start(1)),
            ViewKind::Aged(LateAge::Today) => due_in(Some(start(0)), state.at),
            ViewKind::Aged(LateAge::More) => due_in(None, start(1 - LateAge::More.days().0)),
            ViewKind::Aged(age) => due_in(Some(start(-age.days().1)), start(1 - age.days().0)),
            ViewKind::Escalated => {
                let is_theirs = |case: &&Case| {
                    let open = case.open_escalation().filter(|_| case.is_open());
                    open.is_some_and(|open| open.to == sees.who || open.from == sees.who)
                };
                sees.cases().filter(is_theirs).collect()
            }
            ViewKind::Mail => {
                let waits = |state: &MessageState| {
                    !matches!(
                        state,
                        MessageState::Sent(_)
                            | MessageState::Recalled(_)
                            | MessageState::Superseded { .. }
                    )
                };
                let mail = state.messages.values();
                let mail = mail.filter(|it| it.unit == view.unit && waits(&it.state));
                let cases: BTreeSet<CaseId> = mail.map(|it| it.case).collect();
                cases.into_iter().filter_map(|case| sees.case(case)).collect()
            }
            ViewKind::Calls => {
                if !sees.reads_people() {
                    return Vec::new();
                }
                let ids = self.promises(Whose::Mine, PromiseFilter::Open);
                let mut open: Vec<_> = ids.iter().map(|id| &state.promises[id]).collect();
                open.sort_by_key(|promise| (promise.promised.due_at, promise.id));
                let mut cases: Vec<CaseId> = Vec::new();
                for case in open.iter().filter_map(|promise| promise.promised.case) {
                    if !cases.contains(&case) {
                        cases.push(case);
                    }
                }
                return cases;
            }
            ViewKind::Unrouted => {
                let is_theirs = |unit: UnitId| {
                    let leads = |unit: UnitId| state.units[&unit].manager;
                    let above = state.units[&unit].parent.and_then(leads);
                    leads(unit).is_none() || [leads(unit), above].contains(&Some(sees.who))
                };
                let queues = state
                    .queues
                    .iter()
                    .filter(|queue| queue.kind == QueueKind::Unrouted && is_theirs(queue.unit));
                let mut cases: Vec<&Case> =
                    queues.flat_map(|queue| self.in_queue(Some(queue.id), &Lane::ALL)).collect();
                cases.sort_by_key(|case| due(case));
                cases
            }
        };
        cases.into_iter().map(|case| case.id).collect()
    }

    /// The cases of a list that the limit of the questions leaves.
    pub(crate) fn narrowed(&self, view: View) -> Vec<CaseId> {
        let mut list = self.list(view);
        list.retain(|id| self.sees.state.cases[id].nature == Nature::Request);
        list
    }

    pub(crate) fn page(&self, question: &AskCases, answer: &CasesAnswer) -> Checked {
        let whole = self.list(question.view);
        let is_narrow = !question.narrowing.is_plain();
        let list = if is_narrow { self.narrowed(question.view) } else { whole.clone() };
        let got: Vec<CaseId> = answer.rows.iter().map(|row| row.id).collect();
        let alike: Vec<u32> = answer.rows.iter().map(|row| row.alike).collect();
        same("alike", &alike, &got.iter().map(|id| self.alike_to(*id)).collect())?;
        let counts = (answer.total, answer.of, answer.is_cut);
        same("counts", &counts, &(list.len() as u64, whole.len() as u64, false))?;
        if question.view.kind == ViewKind::Calls && !is_narrow {
            return same("rows", &got, &list);
        }
        let (before, after) = (question.before as usize, question.after as usize);
        let (first, end) = match question.anchor {
            Anchor::First => (0, after),
            Anchor::Last => (list.len().saturating_sub(before.max(after)), list.len()),
            Anchor::Case(case) => {
                let at = self.place(question.view, &list, case);
                (at.saturating_sub(before), at + after)
            }
        };
        same("rows", &got, &list[first.min(list.len())..end.min(list.len())].to_vec())?;
        same("first", &answer.first, &(first as u64))
    }

    /// How many others could be answered together with a case.
    fn alike_to(&self, id: CaseId) -> u32 {
        let case = &self.sees.state.cases[&id];
        let could_answer = |case: &&Case| {
            case.initiator().is_some() && case.owner.is_none_or(|owner| owner == self.sees.who)
        };
        let is_alike = |other: &&Case| {
            other.is_open()
                && !case.subjects.is_empty()
                && other.subjects.first() == case.subjects.first()
                && case.queue.is_some()
                && (other.queue, other.nature) == (case.queue, case.nature)
        };
        let alike = self.sees.cases().filter(|it| could_answer(it) && is_alike(it));
        let others = count(alike.filter(|other| other.id != id));
        if could_answer(&case) { u32::try_from(others).unwrap_or(u32::MAX) } else { 0 }
    }

    /// How many cases of a list stand before where one stands or stood; one that is hidden stands where one that is not
    /// there does.
    fn place(&self, view: View, list: &[CaseId], case: CaseId) -> usize {
        let state = self.sees.state;
        let is_by_due = !matches!(view.kind, ViewKind::Escalated | ViewKind::Mail);
        let stood = match state.cases.get(&case).filter(|case| self.sees.record(case)) {
            Some(case) if is_by_due => case.stood_due_at(),
            _ => Instant::from_milliseconds(0),
        };
        let is_before = |id: &&CaseId| {
            let at = if is_by_due { state.cases[id].due_at() } else { stood };
            (at, **id) < (stood, case)
        };
        list.iter().filter(is_before).count()
    }

    pub(crate) fn frequencies(
        &self,
        question: &AskFrequencies,
        answer: &FrequenciesAnswer,
    ) -> Checked {
        let list = self.narrowed(question.view);
        same("total", &answer.total, &(list.len() as u64))?;
        let counted = answer.values.iter().map(|value| value.count);
        if question.field == Field::Nature {
            let wanted: Vec<u64> =
                Some(list.len() as u64).filter(|it| *it > 0).into_iter().collect();
            return same("by nature", &counted.collect(), &wanted);
        }
        if question.field == Field::Owner {
            let mut by_owner: BTreeMap<Option<CaseworkerId>, u64> = BTreeMap::new();
            for case in &list {
                *by_owner.entry(self.sees.state.cases[case].owner).or_default() += 1;
            }
            let mut wanted: Vec<u64> = by_owner.into_values().collect();
            let mut counted: Vec<u64> = counted.collect();
            wanted.sort_unstable();
            counted.sort_unstable();
            return same("by owner", &counted, &wanted);
        }
        Ok(())
    }

    fn ages(&self, unit: UnitId) -> [u64; 6] {
        LateAge::ALL.map(|age| self.list(View { kind: ViewKind::Aged(age), unit }).len() as u64)
    }

    pub(crate) fn overdue(&self, answer: &OverdueAnswer) -> Checked {
        same("units", &answer.units.len(), &self.sees.state.units.len())?;
        for ((unit, late, open), ages) in answer.units.iter().zip(&answer.ages) {
            let wanted = self.ages(unit.id);
            let inbox = View { kind: ViewKind::Inbox, unit: unit.id };
            let of = (wanted.iter().sum::<u64>(), self.list(inbox).len() as u64);
            same(&unit.code, &(ages, (*late, *open)), &(&wanted, of))?;
        }
        Ok(())
    }

    /// Open cases of a unit, and how many of them nobody has.
    pub(crate) fn open_of(&self, unit: UnitId) -> (u64, u64) {
        let queues: Vec<Option<QueueId>> = self
            .sees
            .state
            .queues
            .iter()
            .filter(|queue| queue.unit == unit)
            .map(|queue| Some(queue.id))
            .collect();
        let open =
            || self.sees.cases().filter(|case| case.is_open() && queues.contains(&case.queue));
        (count(open()), count(open().filter(|case| case.lane() == Lane::Free)))
    }

    pub(crate) fn board(&self, unit: UnitId, answer: &BoardAnswer) -> Checked {
        let reads = self.sees.reads_cases();
        let length = |view| if reads { self.list(view).len() as u64 } else { 0 };
        for (view, cases) in &answer.views {
            same(view.kind.label(), cases, &length(*view))?;
        }
        let unrouted = length(View { kind: ViewKind::Unrouted, unit });
        same("unrouted", &answer.unrouted, &unrouted)?;
        let steps: Vec<u64> = answer.steps.iter().map(|(_, cases)| *cases).collect();
        let screening = View { kind: ViewKind::Step(Step::Screening), unit };
        if reads && self.sees.reads_in(unit) {
            let queue = self.sees.state.queue(unit, QueueKind::Screening);
            same("steps", &steps, &queue.map(|_| length(screening)).into_iter().collect())?;
        }
        let mail = |wanted: fn(&MessageState) -> bool| {
            let mail = self.sees.state.messages.values();
            count(
                mail.filter(|it| it.unit == unit && self.sees.message(it.id) && wanted(&it.state)),
            )
        };
        if reads {
            let failed = mail(|it| matches!(it, MessageState::Failed { .. }));
            let waiting = mail(|it| matches!(it, MessageState::Waiting { .. }));
            same("mail", &(answer.messages_failed, answer.messages_waiting), &(failed, waiting))?;
            let backlog = answer.flow.last().map(|day| day.backlog);
            same("backlog", &backlog.unwrap_or(0), &self.open_of(unit).0)?;
        }
        let calls = answer.calls.iter().map(|ring| ring.promise).collect::<BTreeSet<_>>();
        let end = self.sees.state.zone.instant(self.sees.today.plus_days(1), 0, 0);
        let mut due = if self.sees.reads_people() {
            self.promises(Whose::Mine, PromiseFilter::Open)
        } else {
            BTreeSet::new()
        };
        due.retain(|id| self.sees.state.promises[id].promised.due_at < end);
        same("calls", &(calls.len()), &due.len().min(SIMILAR_MAX))
    }

    pub(crate) fn colleagues(&self, answer: &ColleaguesAnswer) -> Checked {
        let state = self.sees.state;
        for unit in &answer.units {
            same(&unit.name, &(unit.open, unit.free), &self.open_of(unit.unit))?;
            for held in unit.colleagues.iter().filter(|held| held.has_load) {
                let owned = || {
                    let open = self.sees.cases().filter(|case| case.is_open());
                    open.filter(|case| case.owner == Some(held.id))
                };
                let late = count(owned().filter(|case| case.due_at() < state.at));
                let all = self.sees.reads_people();
                let open = |it: &&PromiseId| state.promises[it].promised.owner == held.id;
                let promises = self.promises(Whose::All, PromiseFilter::Open);
                let promises = if all { count(promises.iter().filter(open)) } else { 0 };
                let wanted = (count(owned()), late, promises);
                same(&held.name, &(held.open, held.late, held.promises), &wanted)?;
            }
        }
        Ok(())
    }

    pub(crate) fn handover(&self, of: CaseworkerId, answer: &HandoverAnswer) -> Checked {
        let mut got = BTreeSet::new();
        let mut promises = BTreeSet::new();
        for line in &answer.lines {
            match &line.what {
                Handed::Case(case) => _ = got.insert(*case),
                Handed::Promise(promise) => _ = promises.insert(*promise),
                Handed::Draft(_) => {}
            }
        }
        let open = self.sees.cases().filter(|case| case.is_open());
        let owned = open.filter(|case| case.owner == Some(of)).map(|case| case.id).collect();
        same("cases", &got, &owned)?;
        let mut made = self.promises(Whose::All, PromiseFilter::Open);
        made.retain(|id| self.sees.state.promises[id].promised.owner == of);
        same("promises", &promises, &made)
    }

    /// The promises of a list that somebody may see.
    pub(crate) fn promises(&self, of: Whose, filter: PromiseFilter) -> BTreeSet<PromiseId> {
        let state = self.sees.state;
        let is_whose = whose(state, of, self.sees.who);
        let fits = |promise: &casedesk::domain::cases::Promise| match filter {
            PromiseFilter::Open => promise.is_open(),
            PromiseFilter::Late => promise.is_open() && promise.promised.due_at < state.at,
            PromiseFilter::Kept => matches!(promise.state, PromiseState::Kept { .. }),
            PromiseFilter::Broken => matches!(promise.state, PromiseState::Broken { .. }),
            PromiseFilter::Released => matches!(promise.state, PromiseState::Released { .. }),
        };
        let all = state.promises.values().filter(|it| self.sees.promise(it.id));
        all.filter(|it| is_whose(it) && fits(it)).map(|it| it.id).collect()
    }

    pub(crate) fn rates(&self, answer: &PromiseRatesAnswer) -> Checked {
        answer.units.iter().try_for_each(|rate| {
            let year = rate.spans[RATE_DAYS.len() - 1];
            same(&rate.unit.code, &year, &self.year_of(rate.unit.id))
        })
    }

    /// The promises of a unit that were kept in time, of those that are over; all of these offices are younger than a year.
    pub(crate) fn year_of(&self, unit: UnitId) -> (u64, u64) {
        let state = self.sees.state;
        let over = || {
            state.promises.values().filter(|it| {
                let is_over = !it.is_open() || it.promised.due_at < state.at;
                it.promised.unit == unit && self.sees.promise(it.id) && is_over
            })
        };
        (count(over().filter(|it| it.is_kept_in_time())), count(over()))
    }

    /// The contacts of a person that somebody may know of; their own without.
    pub(crate) fn contacts(&self, person: Option<PersonId>) -> BTreeSet<ContactId> {
        let all = self.sees.state.contacts.values().filter(|it| match person {
            Some(person) => {
                let numbers = self.sees.state.numbers(person);
                it.held.person.is_some_and(|it| numbers.contains(&it))
                    && self.sees.cases_of_contact(it).is_some()
            }
            None => it.handler == self.sees.who,
        });
        all.filter(|it| !it.is_annulled).map(|it| it.id).collect()
    }

    pub(crate) fn case_file(&self, answer: &CaseFileAnswer) -> Checked {
        let people = answer.case.people();
        let seen = people.iter().filter_map(|it| self.sees.person(*it)).map(|it| it.id);
        let parties: BTreeSet<PersonId> = answer.parties.iter().map(|it| it.person).collect();
        same("parties", &parties, &seen.collect())?;
        let got: BTreeSet<_> = answer.messages.iter().map(|it| it.id).collect();
        let wanted = answer.case.messages.iter().copied().filter(|it| self.sees.message(*it));
        same("messages", &got, &wanted.collect())
    }

    pub(crate) fn person_file(&self, answer: &PersonFileAnswer) -> Checked {
        let (sees, state) = (self.sees, self.sees.state);
        let numbers = state.numbers(answer.person);
        let is_theirs = |case: &&Case| case.people().iter().any(|it| numbers.contains(it));
        let all = || state.cases.values().filter(is_theirs).filter(|it| sees.case(it.id).is_some());
        let got: BTreeSet<CaseId> = answer.cases.iter().map(|row| row.id).collect();
        same("cases", &got, &all().map(|it| it.id).collect())?;
        let open = count(all().filter(|case| case.is_open()));
        same("counts", &(answer.cases_open, answer.cases_total), &(open, count(all())))?;
        let kin: BTreeSet<PersonId> = answer.kin.iter().map(|it| it.person).collect();
        let near = state.relatives(answer.person);
        same("kin", &kin, &near.into_iter().filter(|it| sees.person(*it).is_some()).collect())?;
        for line in &answer.kin {
            let numbers = state.numbers(line.person);
            let theirs = sees.cases().filter(|case| case.is_open());
            let theirs = theirs.filter(|case| case.people().iter().any(|it| numbers.contains(it)));
            same("open cases of a relative", &line.open_cases, &count(theirs))?;
        }
        let contacts = self.contacts(Some(answer.person)).len() as u64;
        same("contacts", &answer.contacts_total, &contacts)?;
        let services = state.services.iter().filter(|it| {
            let case = it.delivered.case;
            numbers.contains(&it.delivered.recipient)
                && !it.is_reversed
                && case.is_none_or(|case| sees.case(case).is_some())
        });
        same("services", &(answer.services.len() as u64), &count(services))?;
        let promises = self.promises(Whose::To(answer.person), PromiseFilter::Open).len();
        same("promises", &answer.promises.len(), &promises)?;
        // A unit that says so publishes that it knows somebody, but for what is confidential (R39).
        let own = state.caseworkers[&sees.who].unit;
        let known = state.cases.values().filter(is_theirs).any(|case| {
            let is_told = case.unit == ROADS && own != ROADS;
            is_told && case.confidentiality < Confidentiality::Confidential
        });
        same("known elsewhere", &!answer.also_known_to.is_empty(), &known)
    }

    pub(crate) fn find(&self, question: &AskFind, answer: &FindAnswer) -> Checked {
        let (sees, state) = (self.sees, self.sees.state);
        same("people", &answer.people, &count(sees.people()))?;
        let hits: Vec<PersonId> =
            answer.hits.iter().filter(|it| it.case.is_none()).filter_map(|it| it.person).collect();
        let text = question.text.as_str();
        if let Ok(case) = text.parse::<CaseId>() {
            let hit = answer.hits.iter().find_map(|it| it.case.as_ref()).map(|row| row.id);
            return same("case", &hit, &sees.case(case).map(|case| case.id));
        }
        if let Ok(person) = text.parse::<PersonId>() {
            let found = sees.person(person).map(|person| person.id);
            let is_closed = found.is_none() && sees.closed.contains(&person);
            let by_number = answer.hits.iter().find(|it| it.why == "number");
            let hit = by_number.and_then(|it| it.person);
            return same("person", &hit.filter(|it| !is_closed || *it != person), &found);
        }
        let exact: BTreeSet<PersonId> = sees
            .people()
            .filter(|person| {
                let mut names = person.names.iter().map(|fact| &fact.value);
                names.any(|name| {
                    [&name.given, &name.family].iter().any(|it| it.to_lowercase() == text)
                })
            })
            .map(|person| person.id)
            .collect();
        let found: BTreeSet<PersonId> = hits.iter().copied().collect();
        let missed: Vec<_> = exact.difference(&found).collect();
        same("missed", &missed, &Vec::new())?;
        if answer.hits.len() < question.limit as usize {
            same("matched", &answer.matched, &(answer.hits.len() as u64))?;
        }
        for hit in answer.hits.iter().filter(|hit| hit.case.is_none()) {
            let numbers = state.numbers(hit.person.unwrap());
            let open = sees.cases().filter(|case| case.is_open());
            let open = open.filter(|case| case.people().iter().any(|it| numbers.contains(it)));
            same("open cases", &hit.open_cases, &count(open))?;
            let told = hit.evidence.split("   ").filter_map(|it| it.split_once(" = "));
            let told: Vec<&str> = told.map(|(_, matched)| matched).collect();
            let untold: Vec<&String> = self.untold_names().collect();
            let said = untold.into_iter().find(|name| told.iter().any(|it| it.contains(*name)));
            same("names of whom they may not see", &said, &None)?;
        }
        Ok(())
    }

    /// The family names that nobody has whom they may find.
    fn untold_names(&self) -> impl Iterator<Item = &String> {
        let families = |person: &casedesk::domain::people::Person| {
            person.names.iter().map(|fact| fact.value.family.clone()).collect::<Vec<_>>()
        };
        let seen: BTreeSet<String> = self.sees.people().flat_map(families).collect();
        let all = self.sees.state.people.values().flat_map(|person| &person.names);
        all.map(|fact| &fact.value.family).filter(move |name| !seen.contains(*name))
    }

    pub(crate) fn call(&self, number: &str, answer: &CallAnswer) -> Checked {
        let all = answer.candidates.iter().filter_map(|hit| hit.person).chain(answer.person);
        same("people of the number", &all.collect(), &self.callers(number))
    }

    /// Whoever has a number.
    pub(crate) fn callers(&self, number: &str) -> BTreeSet<PersonId> {
        let has_it = |person: &&casedesk::domain::people::Person| {
            person.contact_points.iter().any(|fact| fact.value.normalised == number)
        };
        self.sees.people().filter(has_it).map(|person| person.id).collect()
    }

    pub(crate) fn similar(&self, question: &AskSimilar, answer: &SimilarAnswer) -> Checked {
        let got: Vec<CaseId> = answer.cases.iter().map(|it| it.row.id).collect();
        let Some(person) = question.person.and_then(|it| self.sees.person(it)) else {
            return if question.person.is_some() {
                same("cases", &got, &Vec::new())
            } else {
                Ok(())
            };
        };
        let numbers = self.sees.state.numbers(person.id);
        let open = self.sees.cases().filter(|case| case.is_open());
        let open = open.filter(|case| case.people().iter().any(|it| numbers.contains(it)));
        let open: BTreeSet<CaseId> = open.map(|case| case.id).collect();
        let listed = got.iter().filter(|it| open.contains(it)).count();
        same("their open cases", &listed, &open.len().min(SIMILAR_MAX))
    }
}
