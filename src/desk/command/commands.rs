//! Everything that can be done at a desk.

use serde::{Deserialize, Serialize};

use crate::desk::place::KeptPlace;
use crate::desk::query::View;
use crate::desk::units::{HandTo, Handed, UnitChange};
use crate::domain::answers::{Template, TextModule};
use crate::domain::cases::{
    CaseAct, CaseHistory, CaseImport, ClosedEdit, ContactOutcome, EachAct, Intake, NewContact,
    PromiseAct, StartedContact, TypeVersion,
};
use crate::domain::money::{DeliveredService, Money};
use crate::domain::office::{
    Behind, CaseworkerState, Grant, NewCaseworker, NewQueue, NewUnit, Purpose, ScopedGrant,
};
use crate::domain::people::{NewHousehold, NewPerson, PersonChange, PersonField, Side};
use crate::domain::rules::{Labels, PublicationKind, PublicationName};
use crate::domain::time::{Day, Instant, OfficeHours};
use crate::domain::{
    AccessId, AuditReading, CaseId, CaseworkerId, ContactId, EntityId, MergeId, MessageId, Past,
    PersonId, PromiseId, SubjectCode, UnitId,
};

use super::draft::{Draft, DraftForm, DraftKey};
use super::own::{Macro, SavedView};
use super::wishes::{FilledField, Holder, PromiseWish, TakeIn};

/// A command with its idempotency key: asked twice with the same key, it is done once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The key; random, and kept for a retry.
    pub id: u128,
    /// The command.
    pub command: Command,
}

/// Something to do. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Opens the office, or renames it and sets its calendar.
    SetOffice {
        /// The name.
        name: String,
        /// When it works.
        calendar: OfficeHours,
        /// ISO 4217 code.
        currency: String,
        /// Whether it is made by `demo`.
        is_made: bool,
    },
    /// Opens a unit.
    OpenUnit(NewUnit),
    /// Sets who leads a unit.
    LeadUnit {
        /// The unit.
        unit: UnitId,
        /// The manager.
        manager: Option<CaseworkerId>,
        /// The substitute.
        substitute: Option<CaseworkerId>,
    },
    /// Opens a queue.
    OpenQueue(NewQueue),
    /// Enrols a caseworker.
    Enrol(NewCaseworker),
    /// Sets a caseworker's grants.
    SetGrants {
        /// Whose.
        caseworker: CaseworkerId,
        /// Which.
        grants: Vec<Grant>,
    },
    /// Sets whether a caseworker is here.
    SetCaseworkerState {
        /// Whose.
        caseworker: CaseworkerId,
        /// The state.
        state: CaseworkerState,
    },
    /// Defines or changes a subject.
    DefineSubject {
        /// Its code.
        code: SubjectCode,
        /// The label shown.
        label: String,
        /// Words that mean it.
        synonyms: Vec<String>,
        /// The subject above.
        parent: Option<SubjectCode>,
    },
    /// Registers a person.
    RegisterPerson(NewPerson),
    /// Registers or updates people from another register, each by its source and reference there.
    ImportPeople(Vec<NewPerson>),
    /// Changes one field of a person's record.
    ChangePerson {
        /// Whose.
        person: PersonId,
        /// The version shown when it was typed; `None` skips the check.
        version: Option<u64>,
        /// The change.
        change: PersonChange,
        /// Where it comes from.
        source: String,
        /// Whether it was checked against a document.
        is_verified: bool,
    },
    /// Forms a household.
    FormHousehold(NewHousehold),
    /// Records that somebody opened a person's file, before it is shown.
    OpenPerson {
        /// Whose.
        person: PersonId,
        /// Why.
        purpose: Purpose,
    },
    /// Shows what is masked otherwise; the receipt carries it once the reading is recorded.
    RevealPerson {
        /// Whose.
        person: PersonId,
        /// Why.
        purpose: Purpose,
    },
    /// Records a delivered service.
    RecordService(DeliveredService),
    /// Records a contact, and adds it to its case where it has one.
    RecordContact(NewContact),
    /// Takes a matter in: makes the case and the contact that brought it.
    RegisterCase(Intake),
    /// Brings cases from another system; each row is judged alone.
    ImportCases(Vec<CaseImport>),
    /// Records that somebody opened a case, before it is shown.
    OpenCase {
        /// Which.
        case: CaseId,
        /// Why.
        purpose: Purpose,
    },
    /// Does something with a case.
    Case {
        /// Which.
        case: CaseId,
        /// The version shown when the act was chosen; `None` skips the check.
        version: Option<u64>,
        /// The act.
        act: CaseAct,
    },
    /// Claims the next free case of a queue or view, in its order.
    ClaimNext(View),
    /// Keeps what is being typed.
    SaveDraft(Draft),
    /// Drops a draft.
    DropDraft(DraftKey),
    /// Undoes the actor's last act that can be undone.
    Undo,
    /// Says what became of a message (the outbox's own command).
    DeliverMessage {
        /// Which.
        message: MessageId,
        /// Why not, where it failed.
        failure: Option<String>,
    },
    /// Returns cases whose hold has run out to their queues, at most so many (a rule's own command).
    ReturnHeld {
        /// The day that has come.
        today: Day,
    },
    /// Records that somebody looks at the office as it was, before anything of it is shown.
    LookBack {
        /// Until when.
        past: Past,
        /// Why.
        purpose: Purpose,
    },
    /// Records that somebody reads the audit trail, before any of it is shown.
    ReadAudit {
        /// Which part of it.
        reading: AuditReading,
        /// Why.
        purpose: Purpose,
    },
    /// Says that two people are not one, or takes that back.
    TellApart {
        /// Whom, in any order.
        people: (PersonId, PersonId),
        /// Why, where there is anything to say.
        reason: Option<String>,
        /// Whether it is taken back.
        is_withdrawn: bool,
    },
    /// Records that somebody lists who is likely the same, before anything of it is shown.
    ListDuplicates {
        /// As this person; as anybody without.
        person: Option<PersonId>,
    },
    /// Begins a contact, which runs until it is ended. Each caseworker has at most one that runs.
    StartContact(StartedContact),
    /// Says with whom a running contact is.
    SetContactPerson {
        /// Which.
        contact: ContactId,
        /// With whom; nobody where it was somebody else.
        person: Option<PersonId>,
    },
    /// Says that a running contact touched a case.
    AddContactCase {
        /// Which.
        contact: ContactId,
        /// Which case.
        case: CaseId,
    },
    /// Ends a contact that runs.
    EndContact {
        /// Which.
        contact: ContactId,
        /// How.
        outcome: ContactOutcome,
        /// What it was about; empty where its cases say it.
        summary: String,
        /// The text of the office's knowledge that was the answer, by its code.
        article: Option<String>,
    },
    /// Takes a matter in from the intake form: makes a case or adds the contact to one that exists, under the contact that
    /// runs if that is the same one, with the promise that was made.
    TakeIn(Box<TakeIn>),
    /// Promises something to a citizen.
    MakePromise(PromiseWish),
    /// Says that somebody is away, back or gone, and hands over what waits for them: cases, promises and escalations. Where
    /// there is more than fits into one commit, the same once more goes on with it.
    SetAttendance {
        /// Who.
        caseworker: CaseworkerId,
        /// Where they are.
        state: CaseworkerState,
        /// Who takes over from somebody who has left; whoever is away says it in their state.
        successor: Option<CaseworkerId>,
        /// Why, in a word or two: `ill`.
        why: String,
    },
    /// Notes that the actor is here, for what came since they left.
    NoteHere,
    /// Notes that the actor has looked at what came since they left.
    SeeNews,
    /// Adds templates and text modules to the office's own, or replaces those of the same name by a newer version.
    SetAnswers {
        /// Templates.
        templates: Vec<Template>,
        /// Text modules; a language that one does not bring stays as it was.
        modules: Vec<TextModule>,
    },
    /// Sets how long a reply waits before it is handed over.
    SetRecallTime {
        /// Minutes; nothing leaves it to the program's settings.
        minutes: Option<u32>,
    },
    /// Counts that a text module was used.
    CountUse {
        /// Its code.
        module: String,
    },
    /// Ends the time in which a message can be recalled (the outbox's own command).
    ReleaseMessage {
        /// Which.
        message: MessageId,
    },
    /// Takes a message back that still waits.
    RecallMessage {
        /// Which.
        message: MessageId,
    },
    /// Prints the receipt slip of a case, with a new PIN; the receipt carries its text.
    PrintSlip {
        /// Which.
        case: CaseId,
    },
    /// Asks with a reference and PIN how a case stands; the receipt carries the answer's text, if the PIN is right.
    AskStatus {
        /// Which.
        case: CaseId,
        /// The PIN.
        pin: String,
    },
    /// Does something with a promise that is open: the only ways in which one ends.
    Promise {
        /// Which.
        promise: PromiseId,
        /// The version shown when the act was chosen; `None` skips the check.
        version: Option<u64>,
        /// The act.
        act: PromiseAct,
    },
    /// Notes the promises whose time has passed, at most so many (a rule's own command). It ends none of them.
    MarkLate {
        /// The moment that has come.
        until: Instant,
    },
    /// Keeps where the session is on the screen.
    KeepPlace(KeptPlace),
    /// Forgets where a session was: it has ended as it should.
    ForgetPlace {
        /// Which.
        session: u64,
    },
    /// Keeps a view of the actor's own under its name, in the place of one that had the name.
    SaveView(SavedView),
    /// Drops the actor's view of this name.
    DropView(String),
    /// Does something with each of many cases, at most [`EACH_CASES_MAX`](crate::domain::limits::EACH_CASES_MAX): each is
    /// authorised and decided as if it were alone, a refused one leaves nothing behind and does not stop the others, and
    /// one undo takes back what was done. The receipt's rows say what became of each, in the order given.
    ForEach {
        /// Which, each with the version that was shown; `None` skips the check.
        cases: Vec<(CaseId, Option<u64>)>,
        /// What.
        act: EachAct,
    },
    /// Goes on with an act on many cases, which does not fit one commit (the desk's own command).
    ForEachOn {
        /// Which.
        cases: Vec<(CaseId, Option<u64>)>,
        /// What.
        act: EachAct,
        /// The sequence of the act's first commit.
        first: u64,
    },
    /// Goes on with undoing an act on many cases (the desk's own command).
    UndoOn {
        /// The sequence of the act's first commit.
        first: u64,
    },
    /// Keeps a macro of the actor's own under its name, in the place of one that had the name.
    KeepMacro(Macro),
    /// Drops the actor's macro of this name.
    DropMacro(String),
    /// Shows what is masked otherwise under the contact that runs, to tell its person; the receipt carries it once the
    /// reading is recorded.
    RevealUnderContact {
        /// Whose.
        person: PersonId,
        /// Whether it is shown although a caller has not proved who they are.
        is_confirmed: bool,
    },
    /// Records what a caller answered when asked who they are.
    VerifyCaller {
        /// In which contact.
        contact: ContactId,
        /// Each fact that was asked for, by its name, and whether the answer was right.
        questions: Vec<(String, bool)>,
    },
    /// Writes down what a running contact is about, before it ends.
    SetContactSummary {
        /// Which.
        contact: ContactId,
        /// What it is about.
        summary: String,
    },
    /// Makes one record of two of the same person.
    MergePeople {
        /// The record that goes on.
        survivor: PersonId,
        /// The record that goes into it.
        merged: PersonId,
        /// Their versions when they were compared; `None` skips the check.
        versions: Option<(u64, u64)>,
        /// The sides that were chosen; of every other field the default one is taken.
        chosen: Vec<(PersonField, Side)>,
        /// Why, where there is anything to say.
        reason: String,
    },
    /// Takes a merge of cases or of people apart.
    Unmerge {
        /// Which.
        merge: MergeId,
        /// Why, where there is anything to say.
        reason: String,
    },
    /// Proposes a text of rules. Its version is the one that the text gives itself; while nobody has published that, it
    /// can be proposed again.
    ProposeRules {
        /// What it is.
        kind: PublicationKind,
        /// Its code, as the text gives it.
        code: String,
        /// The text.
        text: String,
        /// The day from which it is to be in force; today without.
        from: Option<Day>,
    },
    /// Publishes what somebody else proposed: from then on it never changes.
    PublishRules {
        /// Which.
        name: PublicationName,
    },
    /// Takes a proposal back.
    WithdrawRules {
        /// Which.
        name: PublicationName,
    },
    /// Lets the cases whose moment has come by then escalate, lapse or return, at most so many (a rule's own command).
    Sweep {
        /// The moment that has come.
        until: Instant,
    },
    /// Has the citizens reminded who were asked for something and have not answered half way, at most so many (a rule's
    /// own command). It closes no case.
    RemindAsked {
        /// The moment that has come.
        until: Instant,
    },
    /// Counts the clocks of open cases with the calendars that are published now, a few hundred cases at a time.
    MoveClocks {
        /// The last case that was looked at, as the receipt of the act before says it; none to begin with.
        after: Option<CaseId>,
    },
    /// Brings cases with their past from another system, under a published type; each is judged alone.
    ImportHistories {
        /// The type, at its version.
        case_type: TypeVersion,
        /// The cases.
        rows: Vec<CaseHistory>,
    },
    /// Gives a right to a caseworker, or to whoever is in a group of the operating system.
    GiveRight {
        /// To whom.
        to: Holder,
        /// Which.
        right: Box<ScopedGrant>,
        /// Why; it is never empty.
        reason: String,
    },
    /// Takes a right back, of a caseworker's record or beside it, or of a group.
    TakeRight {
        /// From whom.
        from: Holder,
        /// Which, as it was given.
        right: Box<ScopedGrant>,
        /// Why; it is never empty.
        reason: String,
    },
    /// Sets in which unit somebody of a group is enrolled who signs in for the first time.
    SetGroupUnit {
        /// The group's name.
        group: String,
        /// The unit; nobody is enrolled without one.
        unit: Option<UnitId>,
        /// Why; it is never empty.
        reason: String,
    },
    /// Sets up to which amount somebody decides alone; above it, somebody else signs with them.
    SetSigningLimit {
        /// Whose.
        caseworker: CaseworkerId,
        /// The amount; without one nothing bounds it.
        limit: Option<Money>,
        /// Why; it is never empty.
        reason: String,
    },
    /// Notes the groups with which somebody signs in, and enrols a newcomer whose group has a unit (the desk's own command).
    SignIn {
        /// The account of the operating system.
        account: String,
        /// The name that it has there.
        name: String,
        /// The groups of the operating system, in order.
        groups: Vec<String>,
    },
    /// Says who a caseworker is as a citizen, so that their own file, their family's and, to their colleagues, theirs is
    /// closed.
    LinkPerson {
        /// Who.
        caseworker: CaseworkerId,
        /// Which person; nobody takes what was said back.
        person: Option<PersonId>,
        /// Why, where anything is to be said; may be empty.
        reason: String,
    },
    /// The desk's own: somebody was turned away from this record, which is closed to them.
    FlagAttempt(EntityId),
    /// Says what a session has open on the screen; it is known to others until the session ends, and kept nowhere.
    Attend {
        /// The number under which the session keeps its place.
        session: u64,
        /// The case or person; nothing where the session is elsewhere.
        about: Option<EntityId>,
        /// The form that is open on it.
        form: Option<DraftForm>,
    },
    /// Takes or renews the lease on composing a form on a case or person, for [`LEASE_SECONDS`](crate::desk::LEASE_SECONDS). One
    /// that another session holds stays theirs until it lapses.
    TakeLease {
        /// The case or person.
        about: EntityId,
        /// The form.
        form: DraftForm,
        /// The number under which the session keeps its place.
        session: u64,
    },
    /// Gives a lease back: the form is closed.
    ReleaseLease {
        /// The case or person.
        about: EntityId,
        /// The form.
        form: DraftForm,
        /// The number under which the session keeps its place.
        session: u64,
    },
    /// Fills in fields of a case's form, each compared with what it held when it was shown.
    FillIn {
        /// Which case.
        case: CaseId,
        /// The fields.
        fields: Vec<FilledField>,
    },
    /// Records that somebody reads how fair queues were.
    ReadFairness {
        /// Only of this unit and those below it.
        unit: Option<UnitId>,
    },
    /// Says whether the free cases of a unit are listed without the names of citizens.
    HideNames {
        /// Which unit.
        unit: UnitId,
        /// Whether names are hidden.
        hides: bool,
    },
    /// Sets one thing of a unit anew.
    ChangeUnit {
        /// Which.
        unit: UnitId,
        /// What.
        change: UnitChange,
    },
    /// Hands over what somebody has, or had until they were marked as away.
    HandOver {
        /// Whose it is or was.
        from: CaseworkerId,
        /// What: cases and promises.
        what: Vec<Handed>,
        /// To whom.
        to: HandTo,
        /// Why, in a word or two.
        why: String,
    },
    /// Takes over what a colleague began to write, with a reason that the audit trail keeps; they keep it, too.
    TakeDraft {
        /// Whose it is.
        from: CaseworkerId,
        /// Which.
        key: DraftKey,
        /// Why.
        reason: String,
    },
    /// Notes which units nobody covers in their hours, and which are covered again; each once (a rule's own command).
    WatchCover,
    /// Returns cases whose owner has left, or is not on the roster of the case's unit, at most so many (a rule's own
    /// command).
    ReturnWork {
        /// Who has them.
        from: CaseworkerId,
    },
    /// Opens a file or a case that is closed to the actor, for an hour; others are told, and it is reviewed.
    OpenEmergency {
        /// Which.
        behind: Behind,
        /// What the emergency is.
        reason: String,
    },
    /// Gives an emergency access back.
    EndEmergency(AccessId),
    /// Says what was found of somebody's emergency access.
    ReviewAccess {
        /// Which.
        access: AccessId,
        /// Whether it was right.
        is_justified: bool,
        /// Why, in words.
        words: String,
    },
    /// Signs second what somebody else signed on a case, so that it takes effect.
    Countersign {
        /// Which case.
        case: CaseId,
        /// The version of the signature that was shown; `None` skips the check.
        version: Option<u64>,
    },
    /// Does not sign second what somebody else signed on a case.
    SendBackSignature {
        /// Which case.
        case: CaseId,
        /// The version of the signature that was shown; `None` skips the check.
        version: Option<u64>,
        /// Why not.
        reason: String,
    },
    /// Takes the actor's own first signature on a case back.
    WithdrawSignature {
        /// Which case.
        case: CaseId,
    },
    /// Changes a closed case, once somebody else has signed that, too.
    EditClosed {
        /// Which case.
        case: CaseId,
        /// What of it.
        edit: ClosedEdit,
        /// Why; it is never empty.
        reason: String,
    },
    /// Shows the fields of a case's form that are masked otherwise; the receipt carries them once the reading is recorded.
    RevealFields {
        /// Which case.
        case: CaseId,
        /// Why.
        purpose: Purpose,
    },
    /// Adds a purpose to the office's register, says one otherwise, or takes up again one that was retired.
    SetPurpose {
        /// Its code.
        code: String,
        /// What it means, by language.
        words: Labels,
        /// What allows the office to read citizens' data for it.
        legal_basis: String,
        /// Why.
        reason: String,
    },
    /// Has nothing read for a purpose from a day on. It stays in the register, and the trail names it as before.
    RetirePurpose {
        /// Its code.
        code: String,
        /// The first day without it.
        from: Day,
        /// Why.
        reason: String,
    },
}
