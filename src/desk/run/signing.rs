//! Four eyes: what is above its maker's limit, and every edit of a closed case, takes effect with a second signature.
//!
//! The first signature is kept as it was given, beside the case. So two people have seen it, and the one who approves is
//! not the one who asks (hard rules 3 and 13).

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{
    self, Case, CaseAct, CaseDecision, CaseEvent, CasePlan, ClosedEdit, Happened, PlanEvent,
    Signature, SignedAct, Signing, SigningEvent, Stage, amount_at_stake, amount_since,
    amount_words, check_second, check_text, ends_anyhow, nothing_waits,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::money::Money;
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, Entity, EntityId, Event, Refusal};

use super::{Done, Run};

/// Names of people who may sign second that a status line tells.
const NAMED_MAX: usize = 2;

/// A decision, or a closing as decided, above what the actor signs alone.
pub(super) struct AboveLimit {
    /// The decision that is made; none where an earlier one is closed on.
    decision: Option<Box<CaseDecision>>,
    amount: Money,
    /// What the matter is, and what to do.
    refusal: Refusal,
}

impl Run<'_> {
    /// What is above what the actor signs alone, if this is. What is decided is about the largest amount of the case's fields;
    /// a closing as decided, about the largest that was entered since (an amount on which nobody decided); a refusal, about
    /// none.
    pub(super) fn above_limit(
        &self,
        case: &Case,
        plan: &CasePlan,
        happened: &[Happened],
    ) -> Option<AboveLimit> {
        let rights = self.work.directory.rights.get(&self.doer.actor)?;
        let limit = rights.signing_limit.as_ref()?;
        let made = happened.iter().find_map(|happened| match happened {
            Happened::Plan(PlanEvent::Decided(decision)) => Some(decision),
            Happened::Plan(_) | Happened::Case(_) => None,
        });
        let minor = match (made, plan.decision.as_ref().filter(|_| ends_as_decided(happened))) {
            (Some(made), _) if made.kind.is_refusal() => None,
            (Some(_), _) => amount_at_stake(plan),
            (None, Some(held)) => amount_since(plan, held, self.doer.actor),
            (None, None) => None,
        };
        let minor = minor.filter(|amount| *amount > limit.minor)?;
        let amount = Money { minor, currency: limit.currency.clone() };
        let refusal = Refusal::new(
            "decision.limit",
            format!(
                "{} is about {}; you sign alone up to {}.",
                case.id,
                amount_words(&amount),
                amount_words(limit)
            ),
            "Decide it (d), for somebody else to sign second; then it closes.",
        );
        Some(AboveLimit { decision: made.cloned(), amount, refusal })
    }

    /// Keeps the actor's signature under a decision above their limit; it takes effect with a second one. A closing is
    /// refused, and so is what nobody could sign second.
    pub(super) fn sign_first(
        &mut self,
        case: &Case,
        act: &CaseAct,
        above: AboveLimit,
    ) -> Result<Done, DeskError> {
        let AboveLimit { decision, amount, refusal } = above;
        let Some(decision) = decision.filter(|_| matches!(act, CaseAct::Decide { .. })) else {
            return Err(refusal.into());
        };
        let done = self.sign(case, SignedAct::Decision { decision, amount })?;
        Ok(Done { label: format!("{} {}", refusal.what, done.label), ..done })
    }

    /// Changes a closed case, once somebody else has signed it, too.
    pub(super) fn edit_closed(
        &mut self,
        id: CaseId,
        edit: &ClosedEdit,
        reason: &str,
    ) -> Result<Done, DeskError> {
        let case = self.authorise_case(Action::ForceEdit, id)?;
        let reason = reason.trim();
        check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        if reason.is_empty() {
            let what = "A closed case is changed with a reason only.";
            return Err(Refusal::new("edit.reason", what, "Say why it is changed.").into());
        }
        self.check_stands(id)?;
        self.edit_events(&case, edit, reason)?;
        let (edit, reason) = (edit.clone(), reason.to_owned());
        self.sign(&case, SignedAct::Edit { edit, reason })
    }

    /// What an edit of a closed case brings about: what the same act brought about while the case was open, without anything
    /// that follows from it, so that the case stays ended as it ended.
    fn edit_events(
        &mut self,
        case: &Case,
        edit: &ClosedEdit,
        reason: &str,
    ) -> Result<Vec<Happened>, DeskError> {
        if case.is_open() {
            let what = format!("{} is open.", case.id);
            return Err(Refusal::new("edit.open", what, "Change it as any open case.").into());
        }
        let calendar = self.calendar_of(case.unit)?;
        let mut context = self.context_on(&calendar, case)?;
        let open = Case { stage: Stage::InProgress, owner: Some(self.doer.actor), ..case.clone() };
        let act = match edit {
            ClosedEdit::Subject(code) => {
                context.subject = self.known(code);
                CaseAct::SetSubject { subject: code.clone(), reason: reason.to_owned() }
            }
            ClosedEdit::Field { code, value } => {
                CaseAct::SetFields { fields: vec![(code.clone(), value.clone())] }
            }
        };
        Ok(cases::decide(&open, &act, &context)?)
    }

    /// Keeps the first signature.
    fn sign(&mut self, case: &Case, what: SignedAct) -> Result<Done, DeskError> {
        let id = case.id;
        if let Some(held) = self.signing(id)?.filter(Signing::waits) {
            return Err(Refusal::new(
                "signature.waits",
                format!(
                    "{id} waits for a second signature; {} signed first.",
                    self.work.directory.short_name(held.first.by)
                ),
                "See what waits (g s): whoever signed first can take it back.",
            )
            .into());
        }
        let first = Signature { by: self.doer.actor, at: self.doer.at };
        let state = cases::SigningState::Waiting;
        let signing = Signing { case: id, version: 0, what, first, state };
        let seconds = self.who_may_sign(case, &signing);
        if seconds.is_empty() {
            return Err(Refusal::new(
                "signature.nobody",
                format!("Nobody else here may sign {id} second."),
                "Whoever runs the office gives somebody the right: casedesk office grant, limit.",
            )
            .into());
        }
        self.signing_happens(id, SigningEvent::Signed(signing.what), Why::default())?;
        let label = format!("Signed by you; it takes effect once {} signs.", seconds.join(" or "));
        Ok(Done::new(label).about(EntityId::Case(id)))
    }

    /// Signs second: what was signed takes effect.
    pub(super) fn countersign(
        &mut self,
        id: CaseId,
        version: Option<u64>,
    ) -> Result<Done, DeskError> {
        let (case, signing) = self.waiting_for_second(id, version)?;
        let name = self.work.directory.short_name(signing.first.by);
        self.signing_happens(id, SigningEvent::Countersigned, Why::default())?;
        let label = match &signing.what {
            SignedAct::Decision { decision, amount } => {
                let happened = self.decided_by_two(&case, &signing, decision, amount)?;
                let why = Why::reason(&format!("first signature: {name}"));
                self.happen_on(id, happened, &why)?;
                format!(
                    "Signed with {name}: {id} is decided; tell the citizen (r), then close (x)."
                )
            }
            SignedAct::Edit { edit, reason } => {
                let why = Why::reason(&format!("{reason} (first signature: {name})"));
                for happened in self.edit_events(&case, edit, reason)? {
                    self.record(id, happened, &why)?;
                }
                format!("Signed with {name}: {id} is changed, and stays closed.")
            }
        };
        Ok(Done::new(label).about(EntityId::Case(id)).not_undoable("two people have signed it"))
    }

    /// The decision that two people have signed, by the rules as they are now and in the first one's words.
    fn decided_by_two(
        &mut self,
        case: &Case,
        signing: &Signing,
        decision: &CaseDecision,
        amount: &Money,
    ) -> Result<Vec<Happened>, DeskError> {
        let calendar = self.calendar_of(case.unit)?;
        let mut context = self.context_on(&calendar, case)?;
        let now = amount_at_stake(&context.plan);
        if now != Some(amount.minor) {
            let now = now.map_or_else(
                || "nothing".to_owned(),
                |minor| amount_words(&Money { minor, ..amount.clone() }),
            );
            return Err(Refusal::new(
                "signature.changed",
                format!(
                    "{} was signed for {}, and is about {now} now.",
                    case.id,
                    amount_words(amount)
                ),
                "Send it back with a reason (x).",
            )
            .into());
        }
        // Whoever signs second need not work the case.
        context.leads_unit = true;
        let CaseDecision { outcome, reasons, ground, .. } = decision.clone();
        let act = CaseAct::Decide { outcome, reasons, ground };
        let mut happened = cases::decide(case, &act, &context)?;
        for one in &mut happened {
            if let Happened::Plan(PlanEvent::Decided(decided)) = one {
                decided.by = signing.first.by;
            }
        }
        Ok(happened)
    }

    /// Does not sign second, and says why.
    pub(super) fn send_back_signature(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        reason: &str,
    ) -> Result<Done, DeskError> {
        let (_, signing) = self.waiting_for_second(id, version)?;
        let reason = reason.trim();
        check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        if reason.is_empty() {
            let what = "What is sent back is sent back with a reason.";
            return Err(Refusal::new("signature.reason", what, "Say why you do not sign.").into());
        }
        let name = self.work.directory.short_name(signing.first.by);
        let event = SigningEvent::SentBack { reason: reason.to_owned() };
        self.signing_happens(id, event, Why::reason(reason))?;
        Ok(Done::new(format!("{id} went back to {name}."))
            .about(EntityId::Case(id))
            .not_undoable("they have been told"))
    }

    /// Takes the actor's own first signature back.
    pub(super) fn withdraw_signature(&mut self, id: CaseId) -> Result<Done, DeskError> {
        self.authorise_case(Action::ReadCase, id)?;
        let actor = self.doer.actor;
        let held = self.signing(id)?;
        if !held.is_some_and(|held| held.waits() && held.first.by == actor) {
            return Err(nothing_waits(id).into());
        }
        self.signing_happens(id, SigningEvent::Withdrawn, Why::default())?;
        Ok(Done::new(format!("Your signature on {id} is taken back."))
            .about(EntityId::Case(id))
            .not_undoable("sign it again instead"))
    }

    /// What waited for a second signature does so no more: the case was decided, ended, or was taken up again without it.
    pub(super) fn lapse_signing(&mut self, id: CaseId) -> Result<(), DeskError> {
        if self.signing(id)?.is_some_and(|held| held.waits()) {
            self.signing_happens(id, SigningEvent::Lapsed, Why::default())?;
        }
        Ok(())
    }

    /// What waits on a case, for whoever may sign it second.
    fn waiting_for_second(
        &mut self,
        id: CaseId,
        version: Option<u64>,
    ) -> Result<(Arc<Case>, Signing), DeskError> {
        let case = self.authorise_case(Action::Decide, id)?;
        let signing = self.signing(id)?.ok_or_else(|| nothing_waits(id))?;
        self.authorise_on(right_of(&signing.what), &case, &Resource::of_case(&case))?;
        let directory = &self.work.directory;
        check_second(
            &signing,
            self.doer.actor,
            directory.is_same_citizen(signing.first.by, self.doer.actor),
            directory.signing_limit(self.doer.actor),
        )?;
        let (name, entity) = (EntityId::Signing(id), Entity::Signing(Box::new(signing.clone())));
        self.check_version(&name, &entity, version)?;
        Ok((case, signing))
    }

    /// Who may sign second, by their short names: whoever leads the case's unit first, and the first few of the others.
    fn who_may_sign(&self, case: &Case, signing: &Signing) -> Vec<String> {
        let directory = &self.work.directory;
        let leader = directory.leader(case.unit, self.today);
        let may = directory.caseworkers.values().filter(|held| {
            directory.may_sign_second(held, case, signing, self.today)
                && directory.is_here(held.id, self.today)
        });
        let mut may: Vec<_> = may.map(|held| held.id).collect();
        may.sort_by_key(|held| Some(*held) != leader);
        may.into_iter().take(NAMED_MAX).map(|held| directory.short_name(held)).collect()
    }

    fn signing(&mut self, id: CaseId) -> Result<Option<Signing>, DeskError> {
        Ok(match self.work.entity(&EntityId::Signing(id))? {
            Some(Entity::Signing(signing)) => Some(*signing),
            _ => None,
        })
    }

    fn signing_happens(
        &mut self,
        id: CaseId,
        event: SigningEvent,
        why: Why,
    ) -> Result<(), DeskError> {
        let doer = self.doer.clone();
        self.work.happen(&doer, EntityId::Signing(id), Event::Signing(event), why)
    }
}

/// Whether a case ends by the decision that was made before: neither with a refusal, nor whatever was decided.
fn ends_as_decided(happened: &[Happened]) -> bool {
    happened.iter().any(|happened| match happened {
        Happened::Case(CaseEvent::Closed(outcome)) => {
            !outcome.code.is_refusal() && !ends_anyhow(outcome.code)
        }
        Happened::Case(_) | Happened::Plan(_) => false,
    })
}

/// The right that both signatures take.
pub(in crate::desk) fn right_of(what: &SignedAct) -> Action {
    match what {
        SignedAct::Decision { .. } => Action::Decide,
        SignedAct::Edit { .. } => Action::ForceEdit,
    }
}
