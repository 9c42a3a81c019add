//! Carrying out commands: authorise, read, decide, and record what happened.

mod absence;
mod answers;
mod audit;
mod callers;
mod cases;
mod claims;
mod clocks;
mod closed;
mod compare;
mod contacts;
mod cover;
mod drafts;
mod duplicates;
mod each;
mod emergencies;
mod escalations;
mod extension;
mod fairness;
mod follow;
mod given_away;
mod handover;
mod here;
mod hidden;
mod histories;
mod imports;
mod leases;
mod macros;
mod merges;
mod office;
mod past;
mod people;
mod places;
mod plans;
mod promises;
mod purposes;
mod references;
mod register;
mod replies;
mod returned;
mod revealed;
mod rights;
mod routing;
mod rules;
mod seen;
mod signing;
mod steps;
mod terms;
mod undo;
mod undo_chain;
mod undo_many;
mod undo_pages;
mod units;
mod views;

pub(super) use absence::HANDED_OVER_MAX;
pub use absence::MORE_TO_HAND_OVER;
pub(super) use audit::{check_reads_all, check_trail_right};
pub use callers::{MAY_NOT_ASK, NOT_VERIFIED};
pub(super) use claims::RETURNED_MAX;
pub(super) use cover::WORK_LOOKED_AT_MAX;
pub(super) use drafts::draft_key;
pub(super) use each::each_label;
pub(super) use escalations::{SWEPT_MAX, watched_until};
pub(super) use fairness::check_fairness_right;
pub use histories::HISTORIES_MAX;
pub use imports::IMPORT_ROWS_MAX;
pub(super) use macros::MACROS_MAX;
pub(super) use promises::MARKED_MAX;
pub use purposes::PURPOSE_NEEDED;
pub(super) use signing::right_of;
pub(super) use steps::REMINDED_MAX;
pub use undo::UNDONE;
pub(super) use undo::is_of_undo;
pub(super) use undo::{undo_counter, undo_slot};
pub(super) use undo_many::keep_many;
pub(super) use undo_pages::{UndoAct, paged};

use crate::domain::cases::{CaseAct, EachAct};
use crate::domain::office::{
    Action, Caseworker, CaseworkerState, Confidentiality, Decision, Resource,
};
use crate::domain::time::{Day, Zone};
use crate::domain::{Entity, EntityId, Refusal, UnitId};

use super::answer::Disclosure;
use super::command::{Command, Receipt, RowResult, Undoable};
use super::directory::Directory;
use super::error::DeskError;
use super::records::Touched;
use super::sight::Sight;
use super::work::{Doer, Work};

/// What an act came to, before its commit has a place in the order.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) label: String,
    pub(super) created: Vec<EntityId>,
    pub(super) subject: Option<EntityId>,
    pub(super) undo: Undoable,
    pub(super) disclosed: Option<Disclosure>,
    pub(super) rows: Vec<RowResult>,
    /// Of an act on many cases: what it changed of each that can be put back.
    pub(super) touched: Vec<Touched>,
    /// The first commit of an act on many cases that is not undone to its end yet.
    pub(super) rest: Option<u64>,
    pub(super) text: Option<String>,
}

impl Done {
    /// An act that can be undone.
    fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            created: Vec::new(),
            subject: None,
            undo: Undoable::Yes,
            disclosed: None,
            rows: Vec::new(),
            touched: Vec::new(),
            rest: None,
            text: None,
        }
    }

    fn about(mut self, id: EntityId) -> Self {
        self.subject = Some(id);
        self
    }

    fn made(mut self, ids: Vec<EntityId>) -> Self {
        self.subject = self.subject.or_else(|| ids.first().cloned());
        self.created = ids;
        self
    }

    fn not_undoable(mut self, why: &str) -> Self {
        self.undo = Undoable::No(why.to_owned());
        self
    }

    fn leaves_nothing(mut self) -> Self {
        self.undo = Undoable::Nothing;
        self
    }

    /// The receipt, once the commit's place is known.
    pub(super) fn receipt(self, sequence: u64) -> Receipt {
        Receipt {
            sequence,
            label: self.label,
            created: self.created,
            subject: self.subject,
            undo: self.undo,
            disclosed: self.disclosed,
            rows: self.rows,
            text: self.text,
        }
    }
}

/// What an act is carried out with.
pub(super) struct Run<'w> {
    pub(super) work: &'w mut Work,
    pub(super) doer: Doer,
    /// By which clock the unit of whoever acts works.
    pub(super) zone: Zone,
    /// The day by that clock.
    pub(super) today: Day,
}

/// Carries out one command. A refused one leaves nothing behind.
pub(super) fn run(work: &mut Work, doer: Doer, command: &Command) -> Result<Done, DeskError> {
    let mark = work.begin();
    let zone = work.directory.zone_of(doer.unit).unwrap_or_else(|_| Zone::utc());
    let today = zone.day(doer.at);
    let mut run = Run { work: &mut *work, doer, zone, today };
    let result = run.note_contact(command).and_then(|()| run.dispatch(command));
    let result = result.and_then(|done| run.watch_since(&mark).map(|()| done));
    let result = result.and_then(|done| run.check_touched(&mark, command).map(|()| done));
    let result = result.map_err(|error| run.told_from_missing(error));
    let result = result.and_then(|done| {
        work.check_sizes(&mark, is_ending(command))?;
        Ok(done)
    });
    match result {
        Ok(done) => {
            work.settle();
            Ok(done)
        }
        Err(error) => {
            work.roll_back(&mark);
            Err(error)
        }
    }
}

/// Whether a command acts on many cases, each of which is a part of the one act that is undone.
pub(super) fn is_on_many(command: &Command) -> bool {
    matches!(command, Command::ForEach { .. } | Command::ForEachOn { .. })
}

/// Whether a command brings a case nearer to its end, and so may use the room that is kept for that.
fn is_ending(command: &Command) -> bool {
    // Each case of many is checked alone.
    let is_of_many = matches!(
        command,
        Command::UndoOn { .. } | Command::ForEach { .. } | Command::ForEachOn { .. }
    );
    is_of_many
        || matches!(
            command,
            Command::Undo
                | Command::DeliverMessage { .. }
                | Command::ReturnHeld { .. }
                | Command::Sweep { .. }
                | Command::ReleaseMessage { .. }
                | Command::RecallMessage { .. }
                | Command::Unmerge { .. }
                // Handing a case over must not fail because it is full.
                | Command::SetAttendance { .. }
                | Command::HandOver { .. }
                | Command::ReturnWork { .. }
                | Command::Countersign { .. }
        )
        || matches!(command, Command::Case { act, .. } if is_ending_act(act))
}

/// Whether a command is a rule's or the outbox's. What somebody wrote leaves also when they have left, and cases come back
/// and promises are late whoever the desk does it as.
pub(in crate::desk) fn is_of_rule(command: &Command) -> bool {
    matches!(
        command,
        Command::DeliverMessage { .. }
            | Command::ReleaseMessage { .. }
            | Command::ReturnHeld { .. }
            | Command::MarkLate { .. }
            | Command::Sweep { .. }
            | Command::RemindAsked { .. }
            | Command::SignIn { .. }
            | Command::FlagAttempt(_)
            | Command::WatchCover
            | Command::ReturnWork { .. }
    )
}

/// Whether a command is decided over the newest state when its commit's turn has come: claims, so that of many who want a
/// case at once each gets the next one, and of one that they all name exactly one gets it and the others hear who.
pub(super) fn is_decided_in_turn(command: &Command) -> bool {
    matches!(command, Command::ClaimNext(_) | Command::Case { act: CaseAct::Claim, .. })
        || matches!(
            command,
            Command::ForEach { act: EachAct::Acts(acts), .. }
            | Command::ForEachOn { act: EachAct::Acts(acts), .. }
                if acts.contains(&CaseAct::Claim)
        )
}

/// Whether an act brings a case nearer to its end.
fn is_ending_act(act: &CaseAct) -> bool {
    matches!(
        act,
        CaseAct::AnswerEscalation { .. }
            | CaseAct::WithdrawEscalation
            | CaseAct::Resume
            | CaseAct::Release
            | CaseAct::Screen(_)
            | CaseAct::Review { .. }
            | CaseAct::CameBack { .. }
            | CaseAct::Merge { .. }
            | CaseAct::Close { .. }
            | CaseAct::CloseAs { .. }
            | CaseAct::Decide { .. }
    )
}

impl Run<'_> {
    #[expect(clippy::too_many_lines, reason = "a line or two for each command")]
    fn dispatch(&mut self, command: &Command) -> Result<Done, DeskError> {
        if !is_of_rule(command) {
            self.check_is_here()?;
        }
        let led = self.led_on(command)?;
        match led.as_ref().unwrap_or(command) {
            Command::SetOffice { name, calendar, currency, is_made } => {
                self.set_office(name, calendar, currency, *is_made)
            }
            Command::OpenUnit(new) => self.open_unit(new),
            Command::LeadUnit { unit, manager, substitute } => {
                self.lead_unit(*unit, *manager, *substitute)
            }
            Command::OpenQueue(new) => self.open_queue(new),
            Command::Enrol(new) => self.enrol(new),
            Command::SetGrants { caseworker, grants } => self.set_grants(*caseworker, grants),
            Command::SetCaseworkerState { caseworker, state } => {
                self.set_state(*caseworker, *state)
            }
            Command::DefineSubject { code, label, synonyms, parent } => {
                self.define_subject(code, label, synonyms, parent.as_ref())
            }
            Command::RegisterPerson(new) => self.register_person(new),
            Command::ImportPeople(rows) => self.import_people(rows),
            Command::ChangePerson { person, version, change, source, is_verified } => {
                self.change_person(*person, *version, change, source, *is_verified)
            }
            Command::FormHousehold(new) => self.form_household(new),
            Command::OpenPerson { person, purpose } => self.open_person(*person, purpose),
            Command::RevealPerson { person, purpose } => self.reveal_person(*person, purpose),
            Command::RecordService(delivered) => self.record_service(delivered),
            Command::RecordContact(new) => self.record_contact(new),
            Command::RegisterCase(intake) => self.register_case(intake),
            Command::ImportCases(rows) => self.import_cases(rows),
            Command::OpenCase { case, purpose } => self.open_case(*case, purpose),
            Command::Case { case, version, act } => {
                let done = self.case_act(*case, *version, act)?;
                self.touch_in_contact(*case, act)?;
                Ok(done)
            }
            Command::ClaimNext(view) => self.claim_next(*view),
            Command::SaveDraft(draft) => self.save_draft(draft),
            Command::DropDraft(key) => self.drop_draft(key),
            Command::Undo => self.undo(),
            Command::DeliverMessage { message, failure } => {
                self.deliver_message(*message, failure.as_deref())
            }
            Command::ReturnHeld { today } => self.return_held(*today),
            Command::LookBack { past, purpose } => self.look_back(*past, purpose),
            Command::ReadAudit { reading, purpose } => self.read_audit(reading, purpose),
            Command::TellApart { people, reason, is_withdrawn } => {
                self.tell_apart(*people, reason.as_deref(), *is_withdrawn)
            }
            Command::ListDuplicates { person } => self.list_duplicates(*person),
            Command::ForEach { cases, act } | Command::ForEachOn { cases, act, .. } => {
                self.for_each(cases, act)
            }
            Command::UndoOn { first } => self.undo_on(*first),
            Command::KeepMacro(kept) => self.keep_macro(kept),
            Command::DropMacro(name) => self.drop_macro(name),
            Command::SetAttendance { caseworker, state, successor, why } => {
                self.set_attendance(*caseworker, *state, *successor, why)
            }
            Command::NoteHere => self.note_here(),
            Command::SeeNews => self.see_news(),
            Command::StartContact(new) => self.start_contact(new),
            Command::SetContactPerson { contact, person } => {
                self.set_contact_person(*contact, *person)
            }
            Command::AddContactCase { contact, case } => self.add_contact_case(*contact, *case),
            Command::EndContact { contact, outcome, summary, article } => {
                self.end_contact(*contact, *outcome, summary, article.as_deref())
            }
            Command::TakeIn(matter) => self.take_in(matter),
            Command::MakePromise(wish) => self.make_promise(wish),
            Command::SetAnswers { templates, modules } => self.set_answers(templates, modules),
            Command::SetRecallTime { minutes } => self.set_recall_time(*minutes),
            Command::CountUse { module } => self.count_use(module),
            Command::ReleaseMessage { message } => self.release_message(*message),
            Command::RecallMessage { message } => self.recall_message(*message),
            Command::PrintSlip { case } => self.print_slip(*case),
            Command::AskStatus { case, pin } => self.ask_status(*case, pin),
            Command::Promise { promise, version, act } => self.promise_act(*promise, *version, act),
            Command::MarkLate { until } => self.mark_late(*until),
            Command::Sweep { until } => self.sweep(*until),
            Command::KeepPlace(place) => self.keep_place(place),
            Command::ForgetPlace { session } => Ok(self.forget_place(*session)),
            Command::SaveView(view) => self.save_view(view),
            Command::DropView(name) => self.drop_view(name),
            Command::RevealUnderContact { person, is_confirmed } => {
                self.reveal_under_contact(*person, *is_confirmed)
            }
            Command::VerifyCaller { contact, questions } => self.verify_caller(*contact, questions),
            Command::SetContactSummary { contact, summary } => {
                self.set_contact_summary(*contact, summary)
            }
            Command::MergePeople { survivor, merged, versions, chosen, reason } => {
                self.merge_people((*survivor, *merged), *versions, chosen, reason)
            }
            Command::Unmerge { merge, reason } => self.unmerge(*merge, reason),
            Command::ProposeRules { kind, code, text, from } => {
                self.propose_rules(*kind, code, text, *from)
            }
            Command::PublishRules { name } => self.publish_rules(name),
            Command::WithdrawRules { name } => self.withdraw_rules(name),
            Command::RemindAsked { until } => self.remind_asked(*until),
            Command::MoveClocks { after } => self.move_clocks(*after),
            Command::ImportHistories { case_type, rows } => self.import_histories(case_type, rows),
            Command::GiveRight { to, right, reason } => self.give_right(to, right, reason),
            Command::TakeRight { from, right, reason } => self.take_right(from, right, reason),
            Command::SetGroupUnit { group, unit, reason } => {
                self.set_group_unit(group, *unit, reason)
            }
            Command::SetPurpose { code, words, legal_basis, reason } => {
                self.set_purpose(code, words, legal_basis, reason)
            }
            Command::RetirePurpose { code, from, reason } => {
                self.retire_purpose(code, *from, reason)
            }
            Command::SetSigningLimit { caseworker, limit, reason } => {
                self.set_signing_limit(*caseworker, limit.as_ref(), reason)
            }
            Command::SignIn { account, name, groups } => {
                self.sign_in_from_system(account, name, groups)
            }
            // What a session has open is noted by the session itself, in memory.
            Command::Attend { .. } => Ok(Done::new(String::new()).leaves_nothing()),
            Command::TakeLease { about, form, session } => self.take_lease(about, *form, *session),
            Command::FillIn { case, fields } => {
                let done = self.fill_in(*case, fields)?;
                self.touch_in_contact(*case, &CaseAct::SetFields { fields: Vec::new() })?;
                Ok(done)
            }
            Command::ReleaseLease { about, form, session } => {
                self.release_lease(about, *form, *session)
            }
            Command::LinkPerson { caseworker, person, reason } => {
                let before = self.work.directory.rights.get(caseworker).and_then(|it| it.person);
                let mut done = self.link_person(*caseworker, *person, reason)?;
                done.label.push_str(&self.linked_before(before)?);
                Ok(done)
            }
            Command::FlagAttempt(on) => self.flag_attempt(on),
            Command::ReadFairness { unit } => self.read_fairness(*unit),
            Command::HideNames { unit, hides } => self.hide_names(*unit, *hides),
            Command::ChangeUnit { unit, change } => self.change_unit(*unit, change),
            Command::HandOver { from, what, to, why } => self.hand_over_some(*from, what, *to, why),
            Command::TakeDraft { from, key, reason } => self.take_draft(*from, key, reason),
            Command::WatchCover => self.watch_cover(),
            Command::ReturnWork { from } => self.return_work(*from),
            Command::OpenEmergency { behind, reason } => self.open_emergency(*behind, reason),
            Command::EndEmergency(access) => self.end_emergency(*access),
            Command::ReviewAccess { access, is_justified, words } => {
                self.review_access(*access, *is_justified, words)
            }
            Command::Countersign { case, version } => self.countersign(*case, *version),
            Command::SendBackSignature { case, version, reason } => {
                self.send_back_signature(*case, *version, reason)
            }
            Command::WithdrawSignature { case } => self.withdraw_signature(*case),
            Command::EditClosed { case, edit, reason } => self.edit_closed(*case, edit, reason),
            Command::RevealFields { case, purpose } => self.reveal_fields(*case, purpose),
        }
    }

    /// Whoever has left does nothing any more, also where they are still signed in.
    fn check_is_here(&self) -> Result<(), DeskError> {
        // Nobody is enrolled while an office is founded.
        if self.work.directory.caseworkers.is_empty() {
            return Ok(());
        }
        check_has_not_left(self.work.directory.actor(self.doer.actor)?)
    }

    fn actor(&self) -> Result<Caseworker, DeskError> {
        self.work.directory.actor(self.doer.actor).cloned()
    }

    /// What somebody may see and do today.
    fn sight_of<'a>(&'a self, caseworker: &'a Caseworker) -> Sight<'a> {
        Sight::new(&self.work.directory, caseworker, self.today, self.doer.at)
    }

    /// Refuses what the actor may not do; nothing has been read then.
    fn authorise(&self, action: Action, resource: &Resource<'_>) -> Result<(), DeskError> {
        authorise(&self.work.directory, &self.actor()?, action, resource, self.today)
    }

    fn may(&self, action: Action, unit: UnitId, confidentiality: Confidentiality) -> bool {
        let resource = Resource { unit: Some(unit), ..Resource::of_level(confidentiality) };
        self.actor().is_ok_and(|actor| self.sight_of(&actor).may(action, &resource))
    }

    /// Refuses an act on a record that was changed since it was shown.
    fn check_version(
        &self,
        id: &EntityId,
        entity: &Entity,
        shown: Option<u64>,
    ) -> Result<(), DeskError> {
        match shown {
            Some(version) if version != entity.version() => Err(DeskError::Changed {
                entity: id.clone(),
                by: "somebody".to_owned(),
                at: self.doer.at,
                fields: Vec::new(),
            }),
            _ => Ok(()),
        }
    }
}

/// Refuses what somebody may not do.
pub(super) fn authorise(
    directory: &Directory,
    actor: &Caseworker,
    action: Action,
    resource: &Resource<'_>,
    today: Day,
) -> Result<(), DeskError> {
    match directory.permit(actor, action, resource, today) {
        Decision::Allow | Decision::AllowWithReason => Ok(()),
        Decision::Deny(code) => Err(Refusal::new(
            &format!("permit.{code}"),
            match code {
                "confidential" => format!("{} may not see this.", actor.name),
                "other-unit" => format!("{} has this right in another unit only.", actor.name),
                "other-type" => format!("{} has this right on other case types only.", actor.name),
                "other-purpose" => {
                    format!("{} has this right for other purposes only.", actor.name)
                }
                _ => format!("{} may not {} here.", actor.name, action.words()),
            },
            "Ask whoever leads your unit.",
        )
        .into()),
    }
}

/// Refuses whoever has left.
pub(super) fn check_has_not_left(actor: &Caseworker) -> Result<(), DeskError> {
    if actor.state == CaseworkerState::Left {
        return Err(Refusal::new(
            "account.left",
            format!("{} has left.", actor.name),
            "Whoever runs the office can set it right: casedesk office.",
        )
        .into());
    }
    Ok(())
}
