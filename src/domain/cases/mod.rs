//! Cases: what a citizen asked for, what became of it, and the rules in between.

mod act;
mod apply;
mod case;
mod case_facts;
mod compare;
mod contact;
mod decide;
mod each;
mod escalate;
mod extension;
mod fields;
pub mod filter;
mod follow;
mod general;
mod history;
mod import;
mod intake;
mod kinds;
mod ladder;
mod ledger;
mod letter;
mod merge;
mod message;
mod moved;
mod ordering;
mod plan;
mod promise;
mod signing;
mod steps;
mod turn;
mod type_clocks;
mod typed;
mod verifying;

pub use act::{CaseAct, CaseEvent, EscalateTo, GiveTo, ReplyAddress, ScreeningOutcome};
pub use apply::{annulled, apply};
pub use case::{
    About, Case, CaseOrigin, CasePlace, Escalation, EscalationState, Hold, Outcome, Party,
    PartyRole, RoleOnCase, SameCheck, SameChoice, Task, TaskState, TypeVersion,
};
pub use case_facts::{case_facts, facts_of, subject_chain};
pub use compare::{CaseField, changed_fields, rests_on};
pub use contact::{
    Contact, ContactState, ContactV1, Direction, NewContact, StartedContact, Verification,
    apply_contact, is_first_contact,
};
pub(crate) use decide::resumed_clocks;
pub use decide::{CaseContext, Happened, check_text, decide, excerpt_of};
pub use each::EachAct;
pub use escalate::{ANSWER_MINUTES, answer_due};
pub use extension::{Extending, ExtensionOffer, Telling, extension_offers};
pub use fields::{masked, minor_units, read_field, typed_again};
pub use follow::{Block, FOLLOWED_MAX, Followed, Surroundings, blocks, follow};
pub use general::{GENERAL, clocks_for, general_type, outcomes, tasks_for};
pub use history::{ACTIVITIES_MAX, CaseHistory, Judgement, PastActivity, judge, take_over};
pub use import::{CaseImport, ImportChange, import_change, imported};
pub use intake::{Intake, register};
pub use kinds::{
    Channel, ContactOutcome, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode,
    RejectionReason, Stage,
};
pub use ladder::{
    ANSWER_RUNG, Asked, Climb, Climbed, LadderView, OPENING_RULE, TRANSFER_RULE, climb,
    is_watchable, ladder_view, next_watch, opens_at, rung_at,
};
pub use ledger::Ledger;
pub use letter::ways_to;
pub use merge::{Brought, Keeps, Standing, merge, part};
pub use message::{EXTENSION_NOTICE, Message, MessageState};
pub use moved::moved_clocks;
pub use ordering::{CaseOrderingView, Lane, OrderKey, order_key, ordering_view};
pub use plan::{
    CaseDecision, CasePlan, EARLIER_MAX, FIRED_MAX, FieldFact, InfoWait, PlanEvent, PlanItemState,
    PlannedStage, PlannedTask, STAGES_KEPT_MAX, Suggested, Watch, apply_plan,
};
pub use promise::{
    NewPromise, Promise, PromiseAct, PromiseState, RING_MINUTES, Recovery, Urgency, apply_promise,
    decide_promise, promised_words,
};
pub use signing::{
    ClosedEdit, Signature, SignedAct, Signing, SigningEvent, SigningState, amount_at_stake,
    amount_since, amount_words, apply_signing, check_second, nothing_waits,
};
pub use steps::{
    Class, INFO_DAYS, NextStep, ReviewOutcome, Step, TERMS_MAX, check_suggested, classified,
    next_step,
};
pub use turn::{PassedOver, Turn, claimed_as_next, claimed_by, standing};
pub use type_clocks::{TermSet, clocks_of};
pub use typed::{addable, ends_anyhow, is_given_now, is_published, type_change};
pub use verifying::{CallerFact, QUESTIONS_OF_TRY, TRIES_MAX, next_questions, tried};
