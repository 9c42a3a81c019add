//! Lists under a limit and in another order than their own: every case of the list is looked at, up to a named number.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::codec::decode_record;
use crate::desk::answer::{
    CaseIdsAnswer, CasesAnswer, FrequenciesAnswer, Frequency, LimitWordsAnswer,
};
use crate::desk::command::SavedViews;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{Anchor, AskCaseIds, AskCases, AskFrequencies, Narrowing, View, ViewKind};
use crate::desk::work::broken;
use crate::domain::cases::filter::{
    CaseFacts, Field, Filter, Moment, Need, OwnerFacts, Sort, SortFacts, SortKey, Test, Value,
    groups,
};
use crate::domain::cases::{Case, EscalationState, Lane};
use crate::domain::office::{Action, CaseworkerState, Resource};
use crate::domain::{CaseId, Refusal, UnitId};
use crate::text::nearest;

use super::Reader;
use super::lists::ROWS_MAX;

/// Cases that one answer under a limit looks at, the most urgent ones of the list first.
const LOOKED_AT_MAX: usize = 20_000;
/// Cases after which it is asked whether the answer is still wanted.
const CANCEL_EVERY: usize = 256;
/// Numbers that one answer holds.
const IDS_MAX: usize = 10_000;
/// Values that a table of frequencies holds.
const VALUES_MAX: usize = 200;

/// The rows of a list under a limit.
struct Narrowed {
    /// Their places, in order.
    places: Vec<SortKey>,
    /// Cases of the list that the actor may see, as far as they were looked at.
    of: u64,
    /// Whether the list is longer than what was looked at.
    is_cut: bool,
}

impl Narrowed {
    fn total(&self) -> u64 {
        u64::try_from(self.places.len()).unwrap_or(u64::MAX)
    }
}

impl Reader<'_> {
    /// Rows of a list around an anchor, under a limit or in another order.
    pub(super) fn narrowed_cases(
        &self,
        question: &AskCases,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<CasesAnswer, DeskError> {
        let sort = question.narrowing.sort;
        let narrowed = self.narrowed(question.view, &question.narrowing, is_cancelled)?;
        let wanted = |rows: u32| usize::try_from(rows).unwrap_or(ROWS_MAX).min(ROWS_MAX);
        let (before, after) = (wanted(question.before), wanted(question.after));
        let length = narrowed.places.len();
        let (first, end) = match question.anchor {
            Anchor::First => (0, after),
            Anchor::Last => (length.saturating_sub(before.max(after)), length),
            Anchor::Case(case) => {
                let at = self.narrowed_place(&narrowed.places, sort, case)?;
                (at.saturating_sub(before), at.saturating_add(after))
            }
        };
        let shown = narrowed.places.get(first.min(length)..end.min(length)).unwrap_or_default();
        let mut cases = Vec::with_capacity(shown.len());
        for place in shown {
            match self.visible_case(place.id()) {
                Ok(case) => cases.push(case),
                // It was hidden meanwhile.
                Err(DeskError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(CasesAnswer {
            rows: self.rows(&cases)?,
            first: u64::try_from(first).unwrap_or(u64::MAX),
            total: narrowed.total(),
            of: narrowed.of,
            is_cut: narrowed.is_cut,
        })
    }

    /// Where a case stands among the rows; where it is not among them, where it would stand.
    fn narrowed_place(
        &self,
        places: &[SortKey],
        sort: Sort,
        id: CaseId,
    ) -> Result<usize, DeskError> {
        if let Some(at) = places.iter().position(|place| place.id() == id) {
            return Ok(at);
        }
        match self.visible_case(id) {
            Ok(_) => {
                // Of a merged case its own place, which is where the cursor was, and not the survivor's.
                let key = self.sort_key(self.case(id)?.as_ref(), sort);
                Ok(places.partition_point(|place| sort.compare(place, &key).is_lt()))
            }
            Err(DeskError::NotFound(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }

    pub(super) fn case_ids(
        &self,
        question: &AskCaseIds,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<CaseIdsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let narrowed = self.narrowed(question.view, &question.narrowing, is_cancelled)?;
        let most = usize::try_from(question.most).unwrap_or(IDS_MAX).min(IDS_MAX);
        Ok(CaseIdsAnswer {
            ids: narrowed.places.iter().take(most).map(SortKey::id).collect(),
            total: narrowed.total(),
            is_cut: narrowed.is_cut,
        })
    }

    pub(super) fn frequencies(
        &self,
        question: &AskFrequencies,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<FrequenciesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let moment = self.moment();
        let mut counted: BTreeMap<(u8, Filter), (String, u64)> = BTreeMap::new();
        let mut total = 0;
        let (_, is_cut) =
            self.look_through(question.view, &question.limit, is_cancelled, |case| {
                total += 1;
                let mut facts = self.facts(case);
                if question.field == Field::Flag {
                    self.learn_flags(case, &mut facts)?;
                } else if question.field == Field::Term {
                    self.learn_terms(case, &mut facts)?;
                }
                for group in groups(question.field, &facts, &moment) {
                    counted.entry((group.rank, group.drill)).or_insert((group.label, 0)).1 += 1;
                }
                Ok(())
            })?;
        let mut values: Vec<(u8, Frequency)> = counted
            .into_iter()
            .map(|((rank, drill), (label, count))| (rank, Frequency { label, drill, count }))
            .collect();
        values.sort_by(|(rank, one), (other_rank, other)| {
            rank.cmp(other_rank)
                .then(other.count.cmp(&one.count))
                .then_with(|| one.label.cmp(&other.label))
        });
        let others = values.len().saturating_sub(VALUES_MAX);
        values.truncate(VALUES_MAX);
        Ok(FrequenciesAnswer {
            values: values.into_iter().map(|(_, value)| value).collect(),
            total,
            others: u64::try_from(others).unwrap_or(u64::MAX),
            is_cut,
        })
    }

    pub(super) fn limit_words(&self) -> Result<LimitWordsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let directory = &self.directory;
        let here = directory.caseworkers.values().filter(|it| it.state != CaseworkerState::Left);
        let in_use = directory.subjects.values().filter(|subject| !subject.is_retired);
        Ok(LimitWordsAnswer {
            units: directory.units.values().map(|it| (it.code.clone(), it.name.clone())).collect(),
            sites: {
                let sites = directory.profiles.values().flat_map(|profile| &profile.sites);
                let named: std::collections::BTreeSet<(String, String)> =
                    sites.map(|it| (it.code.clone(), it.name.clone())).collect();
                named.into_iter().collect()
            },
            owners: here.map(|it| (it.account.clone(), it.name.clone())).collect(),
            subjects: in_use.map(|it| (it.code.to_string(), it.label.clone())).collect(),
        })
    }

    pub(super) fn views(&self) -> Result<SavedViews, DeskError> {
        let kept = self.get(&keys::views_of(self.actor.id))?;
        let views = kept.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)?;
        Ok(views.unwrap_or_default())
    }

    fn narrowed(
        &self,
        view: View,
        narrowing: &Narrowing,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Narrowed, DeskError> {
        let sort = narrowing.sort;
        let mut places = Vec::new();
        // A list that is not in the order of due dates keeps its own, unless another one is asked for.
        let is_own_order = sort == Sort::default() && !self.is_by_due(view);
        let (of, is_cut) = self.look_through(view, &narrowing.limit, is_cancelled, |case| {
            places.push(if is_own_order {
                SortKey::at(places.len(), case.id)
            } else {
                self.sort_key(case, sort)
            });
            Ok(())
        })?;
        places.sort_by(|one, other| sort.compare(one, other));
        Ok(Narrowed { places, of, is_cut })
    }

    /// Hands on every case of a list that the actor may see and that fits a limit; how many there are without the limit,
    /// and whether the list is longer than what was looked at.
    fn look_through(
        &self,
        view: View,
        limit: &Filter,
        is_cancelled: &dyn Fn() -> bool,
        mut take: impl FnMut(&Case) -> Result<(), DeskError>,
    ) -> Result<(u64, bool), DeskError> {
        self.check_names(limit)?;
        let moment = self.moment();
        let places = self.places_under(view, limit)?;
        let is_cut = places.len() > LOOKED_AT_MAX;
        let mut of = 0;
        for (at, id) in places.into_iter().take(LOOKED_AT_MAX).enumerate() {
            if at % CANCEL_EVERY == 0 && is_cancelled() {
                return Err(DeskError::GivenUp);
            }
            // What left the list, or was never to be seen, is not counted either.
            let case = match self.visible_case(id) {
                Ok(case) => case,
                Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            of += 1;
            if self.fits(&case, limit, &moment)? {
                take(&case)?;
            }
        }
        Ok((of, is_cut))
    }

    /// The cases of the lists that are looked through, in their own order, one more than are looked at.
    fn places_under(&self, view: View, limit: &Filter) -> Result<Vec<CaseId>, DeskError> {
        if view.kind == ViewKind::Calls {
            return Ok(self.cases_of_calls()?.rows.into_iter().map(|row| row.id).collect());
        }
        let mut places = Vec::new();
        for view in self.views_under(view, limit) {
            places.extend(self.ahead(&self.lanes(view), None, LOOKED_AT_MAX + 1)?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places.into_iter().map(|(_, id)| CaseId(id)).collect())
    }

    fn is_by_due(&self, view: View) -> bool {
        view.kind != ViewKind::Calls && self.lanes(view).has_due
    }

    /// The lists that are looked through: another unit's than the view's own where the limit names units.
    fn views_under(&self, view: View, limit: &Filter) -> Vec<View> {
        let is_ones_own = matches!(
            view.kind,
            ViewKind::Mine
                | ViewKind::Escalated
                | ViewKind::Queue(_)
                | ViewKind::Calls
                | ViewKind::Unrouted
        );
        match limit.units() {
            Some(units) if !is_ones_own => {
                self.units_named(units).into_iter().map(|unit| View { unit, ..view }).collect()
            }
            Some(_) => vec![view],
            None => match limit.sites() {
                Some(sites) if !is_ones_own => {
                    self.units_at(sites).into_iter().map(|unit| View { unit, ..view }).collect()
                }
                Some(_) | None => vec![view],
            },
        }
    }

    /// The units that work at a site of such a name.
    fn units_at(&self, values: &[Value]) -> Vec<UnitId> {
        let is_at = |unit: &UnitId| {
            let sites = self.directory.sites_of(*unit);
            let is_this = |value: &Value| {
                let mut named = sites.iter();
                if *value == Value::None {
                    sites.is_empty()
                } else {
                    named.any(|it| value.begins(&it.code) || value.begins(&it.name))
                }
            };
            values.iter().any(is_this)
        };
        self.directory.units.keys().copied().filter(is_at).collect()
    }

    fn units_named(&self, values: &[Value]) -> Vec<UnitId> {
        let is_named = |value: &Value, unit: &crate::domain::office::Unit| {
            value.begins(&unit.code) || value.begins(&unit.name)
        };
        let units = self.directory.units.values();
        let named = units.filter(|unit| values.iter().any(|value| is_named(value, unit)));
        named.map(|unit| unit.id).collect()
    }

    /// Refuses a limit that names a unit or colleague whom the office does not have, for it would only look as if there
    /// were no case.
    fn check_names(&self, limit: &Filter) -> Result<(), DeskError> {
        for term in &limit.terms {
            if let Test::Unit(values) = &term.test {
                let units = self.directory.units.values();
                let names = units.flat_map(|it| [it.code.as_str(), &it.name]);
                check_known("unit", values, &names)?;
            }
            if let Test::Site(values) = &term.test {
                let sites = self.directory.profiles.values().flat_map(|profile| &profile.sites);
                let names = sites.flat_map(|it| [it.code.as_str(), it.name.as_str()]);
                check_known("site", values, &names)?;
            }
            if let Test::Owner(values) = &term.test {
                let all = self.directory.caseworkers.values();
                let names =
                    all.flat_map(|it| it.name.split_whitespace().chain([it.account.as_str()]));
                check_known("colleague", values, &names)?;
            }
        }
        Ok(())
    }

    /// Whether a case fits; what has to be read beside it is read last, and only where it is asked for.
    fn fits(&self, case: &Case, limit: &Filter, moment: &Moment) -> Result<bool, DeskError> {
        let mut facts = self.facts(case);
        let (cheap, dear): (Vec<_>, Vec<_>) =
            limit.terms.iter().partition(|term| term.need() == Need::Nothing);
        if !cheap.into_iter().all(|term| term.matches(&facts, moment)) {
            return Ok(false);
        }
        for term in dear {
            match term.need() {
                Need::Nothing => {}
                Need::Name => {
                    if let Some(person) = case.initiator().filter(|_| !self.hides_names_of(case)) {
                        facts.person = Cow::Owned(self.name_of(person)?);
                    }
                }
                Need::Flags => self.learn_flags(case, &mut facts)?,
                Need::Terms => self.learn_terms(case, &mut facts)?,
            }
            if !term.matches(&facts, moment) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn moment(&self) -> Moment {
        Moment { now: self.at, zone: self.zone.clone() }
    }

    /// A case as far as a filter may know it without reading anything beside it.
    fn facts<'a>(&'a self, case: &'a Case) -> CaseFacts<'a> {
        let owner = case.owner.and_then(|owner| self.directory.caseworkers.get(&owner));
        let unit = self.directory.units.get(&case.unit);
        let last = case.escalations.last();
        let subject = case.subjects.first();
        // What a list does not show is not found in it either.
        let told = |text: &'a str| if self.hides_names_of(case) { "" } else { text };
        CaseFacts {
            id: case.id,
            nature: case.nature,
            stage: case.stage,
            channel: case.channel,
            unit: unit.map_or(("", ""), |unit| (&unit.code, &unit.name)),
            sites: self
                .directory
                .sites_of(case.unit)
                .iter()
                .map(|site| (site.code.as_str(), site.name.as_str()))
                .collect(),
            owner: owner.map(|owner| OwnerFacts {
                account: &owner.account,
                name: &owner.name,
                is_actor: owner.id == self.actor.id,
            }),
            subject: subject.map(|code| (code.0.as_str(), case.subject_label.as_str())),
            terms: Vec::new(),
            place: told(&case.place.text),
            area: &case.place.area,
            asks: told(&case.asks),
            person: Cow::Borrowed(""),
            due_at: case.due_kind().map(|_| case.due_at()),
            received_at: case.received_at,
            is_held: case.lane() == Lane::Waiting,
            is_escalated: case.open_escalation().is_some(),
            is_answered: last
                .is_some_and(|last| matches!(last.state, EscalationState::Answered { .. })),
            is_reopened: case.reopened > 0,
            is_anonymous: case.initiator().is_none(),
            has_draft: false,
            has_mail: false,
            has_promise: false,
        }
    }

    fn sort_key(&self, case: &Case, sort: Sort) -> SortKey {
        let unit = self.directory.units.get(&case.unit);
        let owner = case.owner.and_then(|owner| self.directory.caseworkers.get(&owner));
        sort.key(&SortFacts {
            id: case.id,
            due_at: case.stood_due_at(),
            received_at: case.received_at,
            subject: &case.subject_label,
            nature: case.nature,
            unit: unit.map_or("", |unit| &unit.name),
            stage: case.stage,
            owner: owner.map_or("", |owner| &owner.name),
        })
    }

    /// Reads by which terms a case was indexed.
    fn learn_terms<'a>(&'a self, case: &Case, facts: &mut CaseFacts<'a>) -> Result<(), DeskError> {
        let plan = self.plan_of(case)?;
        let subjects = &self.directory.subjects;
        let kept = plan.terms.iter().filter_map(|term| subjects.get_key_value(term));
        facts.terms = kept.map(|(code, it)| (code.0.as_str(), it.label.as_str())).collect();
        Ok(())
    }

    /// Reads what is said of a case by other records.
    fn learn_flags(&self, case: &Case, facts: &mut CaseFacts<'_>) -> Result<(), DeskError> {
        facts.has_draft = case.owner == Some(self.actor.id) && self.has_draft(case)?;
        let beside = self.beside(case)?;
        facts.has_mail = beside.has_mail;
        facts.has_promise = self.has_promise(case.id, beside)?;
        Ok(())
    }
}

/// Refuses values that no name begins with.
fn check_known<'n>(
    what: &str,
    values: &[Value],
    names: &(impl Iterator<Item = &'n str> + Clone),
) -> Result<(), DeskError> {
    for value in values {
        let Value::Text(text) = value else { continue };
        if names.clone().any(|name| value.begins(name)) {
            continue;
        }
        let hint = nearest(text, names.clone()).map_or_else(
            || {
                "Tab in the limit's line shows what there is, and so does casedesk office show."
                    .to_owned()
            },
            |meant| format!("Did you mean {meant}?"),
        );
        let what = format!("No {what} is called `{text}`.");
        return Err(Refusal::new("limit.name", what, hint).into());
    }
    Ok(())
}
