//! Cases: what a citizen asked for, what became of it, and the rules in between.

mod act;
mod apply;
mod case;
mod contact;
mod decide;
mod each;
pub mod filter;
mod general;
mod import;
mod intake;
mod kinds;
mod ledger;
mod letter;
mod merge;
mod message;
mod ordering;
mod plan;
mod promise;
mod steps;
mod verifying;

pub use act::{
    CaseAct, CaseEvent, ClaimProof, GiveTo, ReplyAddress, ScreeningOutcome, claim_proof,
};
pub use apply::{annulled, apply};
pub use case::{
    About, Case, CaseOrigin, CasePlace, Escalation, EscalationState, Hold, Outcome, Party,
    PartyRole, RoleOnCase, SameCheck, SameChoice, Task, TaskState, TypeVersion,
};
pub use contact::{
    Contact, ContactState, ContactV1, Direction, NewContact, StartedContact, Verification,
    apply_contact, is_first_contact,
};
pub(crate) use decide::resumed_clocks;
pub use decide::{CaseContext, Happened, check_text, decide};
pub use each::EachAct;
pub use general::{GENERAL, clocks_for, general_type, outcomes, tasks_for};
pub use import::{CaseImport, ImportChange, import_change, imported};
pub use intake::{Intake, register};
pub use kinds::{
    Channel, ContactOutcome, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode,
    RejectionReason, Stage,
};
pub use ledger::Ledger;
pub use letter::ways_to;
pub use merge::{Brought, Keeps, Standing, merge, part};
pub use message::{Message, MessageState};
pub use ordering::{CaseOrderingView, Lane, ordering_view};
pub use plan::{
    CaseDecision, CasePlan, FIRED_MAX, FieldFact, InfoWait, PlanEvent, PlanItemState, PlannedStage,
    PlannedTask, Suggested, Watch, apply_plan,
};
pub use promise::{
    NewPromise, Promise, PromiseAct, PromiseState, RING_MINUTES, Recovery, Urgency, apply_promise,
    decide_promise, promised_words,
};
pub use steps::{Class, INFO_DAYS, NextStep, ReviewOutcome, Step, TERMS_MAX, next_step};
pub use verifying::{CallerFact, QUESTIONS_OF_TRY, TRIES_MAX, next_questions, tried};
