//! The one door to the office: everything that shows or scripts casedesk asks and acts here.
//!
//! A [`Desk`] authorises, reads, decides, commits with audit, and answers. It knows which record lives where; whoever
//! uses it knows only commands, queries and their answers.

mod affected;
mod anchors;
mod answer;
mod answers;
mod attendance;
mod behind;
mod beside;
mod case_facts;
mod chain;
mod class;
mod climbed;
mod command;
mod commit;
mod conflicts;
mod counters;
mod cover;
mod cover_watch;
mod daily;
mod derive;
mod directory;
mod each;
mod emergencies;
mod error;
mod feed;
mod finding;
mod flow;
mod founding;
mod health;
mod heard;
mod here;
mod kept;
mod keys;
mod kin;
mod local;
mod merge_answer;
mod of_subject;
mod one_scan;
mod opened;
mod outbox;
mod past;
mod place;
mod promised;
mod query;
mod read;
mod receivers;
mod records;
mod reindex;
mod renew;
mod restricted;
mod run;
mod scratch;
mod search_index;
mod session;
mod sight;
mod signing_in;
mod signings;
mod status_alone;
mod suggest;
mod timeline;
mod touched;
mod trail;
mod trails;
mod turn_check;
mod turns;
mod turnstile;
mod unit_news;
mod units;
mod verify;
mod work;

pub use anchors::{
    ANCHOR_FILE, ANCHORS_MAX, AnchorFile, AnchorSheet, AnchorSink, Anchors, ChainAnchor,
    SYSLOG_SOCKET, Syslog, read_anchors,
};
pub use answer::*;
pub use attendance::{AlsoOpen, AttendanceAnswer, LEASE_RENEWED_SECONDS, LEASE_SECONDS, LeaseLine};
pub use command::{
    Command, Draft, DraftForm, DraftKey, FilledField, Holder, IntakePromise, MACRO_BYTES_MAX,
    Macro, PromiseWish, Receipt, Request, RowResult, SavedView, SavedViews, TakeIn, Undoable,
};
pub use daily::{
    Colleague, ColleaguesAnswer, DayAnswer, DayFigures, FlowDay, LateAge, LeftOver, LeftOverLine,
    NewsAnswer, NewsLine, Since, UnitCover,
};
pub use error::{ChangedField, DeskError};
pub use feed::{Change, FEED_CHANGES_MAX, FEED_PAUSE, Feed, FeedSender};
pub use founding::Founding;
pub use health::{Condition, DISK_FULL, HealthAnswer, Level, Log, Notice};
pub use heard::Heard;
pub use here::NewsKind;
pub use keys::FAMILIES_IN_MEMORY;
pub use local::{Act, Clock, Entropy, LAYOUT, LocalDesk};
pub use merge_answer::{
    ComparedCase, InCommon, MergeCandidate, MergeCandidatesAnswer, MergeFieldLine, MergeLine,
    MergeSide, PersonMergeAnswer,
};
pub use outbox::{Folder, Outbox, Post};
pub use past::{Until, find_past, past_in_words};
pub use place::{KeptPlace, KeptScreen, PLACE_SCREENS_MAX};
pub use promised::*;
pub use query::{
    Anchor, Answer, Ask, AskAccessReadings, AskAccesses, AskAlike, AskAttendance, AskBoard,
    AskCalendar, AskCall, AskCaseFile, AskCaseHeader, AskCaseIds, AskCasePreview, AskCases,
    AskCensus, AskClockMoves, AskClosedFiles, AskColleagues, AskContact, AskContacts, AskDay,
    AskDraft, AskDrafts, AskDuplicates, AskEscalationTargets, AskFairness, AskFilled, AskFind,
    AskForEach, AskFrequencies, AskGiveTargets, AskGrants, AskHandover, AskHealth, AskHistory,
    AskLedger, AskLibrary, AskLikely, AskLimitWords, AskMacros, AskMergeCandidates, AskMessage,
    AskModules, AskNews, AskOffice, AskOverdue, AskPersonFile, AskPersonMerge, AskPlaces,
    AskPresence, AskPromiseRates, AskPromises, AskPurposes, AskQueues, AskReach, AskReplyKit,
    AskRules, AskRulesText, AskSignings, AskSimilar, AskSubjects, AskSuggestion, AskTableCheck,
    AskTableTry, AskTrail, AskTrailCheck, AskUnits, AskVerification, AskViews, AskWho, AskWhy,
    Narrowing, ProposedCalendar, Query, View, ViewKind,
};
pub use read::TRAIL_PAGE_MAX;
pub use reindex::{IndexProgress, IndexStep, Reindexed};
pub use renew::{Renewal, is_of_older_layout, renew};
pub use run::{
    HISTORIES_MAX, IMPORT_ROWS_MAX, MAY_NOT_ASK, MORE_TO_HAND_OVER, NOT_VERIFIED, PURPOSE_NEEDED,
    UNDONE,
};
pub use scratch::ScratchFile;
pub use search_index::SearchIndex;
pub use session::Session;
pub use signing_in::GROUPS_MAX;
pub use status_alone::StatusAlone;
pub use suggest::{SuggestedSubject, SuggestionAnswer, asked_words};
pub use trail::{ChainCheck, Trail, payload, record_key};
pub use units::{
    HandTo, Handed, HandoverAnswer, HandoverLine, UnitChange, UnitLine, UnitsAnswer, handed_ids,
};
pub use verify::{CheckedPart, Checks, Verification};

/// The door. A desk is already signed in: who acts is part of it, never of a request.
pub trait Desk: Send + Sync {
    /// Carries out a command; when it returns, what it did is durable.
    ///
    /// # Errors
    /// A refusal, a record changed meanwhile, or a store that cannot write.
    fn execute(&self, request: Request) -> Result<Receipt, DeskError>;

    /// Answers a query. Personal fields are masked in every answer but an export of the audit trail.
    ///
    /// # Errors
    /// A refusal, something that is not there, or a store that cannot read.
    fn query(&self, query: Query) -> Result<Answer, DeskError>;

    /// As [`Desk::query`], for whoever may stop wanting the answer while it is being looked for. A desk that cannot be
    /// interrupted answers all the same.
    ///
    /// # Errors
    /// As [`Desk::query`], and [`DeskError::GivenUp`] once `is_cancelled` says so.
    fn query_unless(
        &self,
        query: Query,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, DeskError> {
        if is_cancelled() { Err(DeskError::GivenUp) } else { self.query(query) }
    }

    /// What changes from now on: names and versions, never content.
    fn watch(&self) -> Feed;
}

impl dyn Desk + '_ {
    /// Asks a typed question: the table in `query` pairs it with its answer.
    ///
    /// # Errors
    /// As [`Desk::query`].
    pub fn ask<Q: Ask>(&self, question: Q) -> Result<Q::Answer, DeskError> {
        Q::expect(self.query(question.into_query())?)
    }
}
