//! The closed lists of casework: natures, channels, stages, outcomes and reasons, each with its key and its word.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have a key in editors, a code in files and a word on the screen.
macro_rules! listed {
    (
        $(#[$doc:meta])* $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident = ($key:literal, $code:literal, $label:literal), )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $( $(#[$variant_doc])* $variant, )+ }

        impl $name {
            /// Every one, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The key that picks it in an editor.
            #[must_use]
            pub fn key(self) -> char {
                match self { $( Self::$variant => $key, )+ }
            }

            /// The code in files and on the command line.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// The word or words on the screen.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $( Self::$variant => $label, )+ }
            }

            /// The one with this key.
            #[must_use]
            pub fn from_key(key: char) -> Option<Self> {
                Self::ALL.iter().copied().find(|listed| listed.key() == key)
            }

            /// The one with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|listed| listed.code() == code)
            }
        }
    };
}

listed! {
    /// What a citizen's matter is, in kind. The five are fixed.
    Nature {
        /// Something went wrong.
        Complaint = ('c', "COM", "complaint"),
        /// A service is asked for.
        Request = ('r', "REQ", "request"),
        /// Something could be better.
        Suggestion = ('s', "SUG", "suggestion"),
        /// Something is the matter in the town.
        Report = ('p', "RPT", "report"),
        /// A question.
        Information = ('i', "INF", "information"),
    }
}

listed! {
    /// The way a contact takes. The glyph on rows is the key in capitals.
    Channel {
        /// Telephone.
        Telephone = ('t', "tel", "tel"),
        /// In person, at the counter.
        WalkIn = ('w', "walk-in", "walk-in"),
        /// Paper.
        Letter = ('l', "letter", "letter"),
        /// E-mail.
        Email = ('e', "mail", "mail"),
        /// Text message.
        Sms = ('s', "sms", "sms"),
        /// Fax.
        Fax = ('f', "fax", "fax"),
        /// A kiosk of the office.
        Kiosk = ('k', "kiosk", "kiosk"),
        /// Web forms and online procedures.
        Online = ('o', "online", "online"),
        /// A manager's public audience day.
        Audience = ('a', "audience", "audience"),
    }
}

impl Channel {
    /// Whether the citizen is there while it is entered; what came by another way came earlier.
    #[must_use]
    pub fn is_live(self) -> bool {
        match self {
            Self::Telephone | Self::WalkIn | Self::Audience => true,
            Self::Letter | Self::Email | Self::Sms | Self::Fax | Self::Kiosk | Self::Online => {
                false
            }
        }
    }

    /// One letter for a column.
    #[must_use]
    pub fn glyph(self) -> char {
        self.key().to_ascii_uppercase()
    }
}

listed! {
    /// Where a case stands in its life. Hold and escalation lie over the stage; they do not replace it.
    Stage {
        /// Taken in, not yet looked at.
        Received = ('r', "received", "received"),
        /// Being screened.
        Screening = ('s', "screening", "screen"),
        /// The citizen was asked for something before the case can be accepted.
        NeedsInfo = ('n', "needs-info", "info?"),
        /// With an expert.
        Review = ('v', "review", "review"),
        /// Nature and subject are settled.
        Classified = ('k', "classified", "sorted"),
        /// Waiting in the unit's inbox.
        Queued = ('q', "queued", "free"),
        /// Somebody has taken it.
        Claimed = ('c', "claimed", "claimed"),
        /// Being worked.
        InProgress = ('w', "in-progress", "work"),
        /// There is a decision, not yet told.
        Decided = ('d', "decided", "decided"),
        /// The citizen was told.
        Notified = ('t', "notified", "told"),
        /// Ended with an outcome.
        Closed = ('x', "closed", "closed"),
        /// Taken up again.
        Reopened = ('o', "reopened", "again"),
        /// Not accepted, with a reason.
        Rejected = ('j', "rejected", "rejected"),
        /// The same as another case.
        DuplicateOf = ('u', "duplicate-of", "dup"),
        /// Another agency's matter.
        ReferredOut = ('f', "referred-out", "referred"),
        /// Taken back by the citizen.
        Withdrawn = ('b', "withdrawn", "withdrawn"),
        /// Registered by mistake and taken back.
        Annulled = ('a', "annulled", "annulled"),
        /// Accepted, with nature or subject still to settle.
        Classification = ('l', "classification", "classify"),
        /// Its subject is settled, and its index terms are not.
        Indexing = ('i', "indexing", "index"),
    }
}

impl Stage {
    /// Whether a case in this stage is work: it is in a queue, and its clocks may run.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::Screening
            | Self::NeedsInfo
            | Self::Review
            | Self::Classified
            | Self::Queued
            | Self::Claimed
            | Self::InProgress
            | Self::Decided
            | Self::Notified
            | Self::Reopened
            | Self::Classification
            | Self::Indexing => true,
            Self::Closed
            | Self::Rejected
            | Self::DuplicateOf
            | Self::ReferredOut
            | Self::Withdrawn
            | Self::Annulled => false,
        }
    }

    /// Whether a case in this stage is being worked, or waits in the inbox of whoever is to work it.
    #[must_use]
    pub fn is_worked(self) -> bool {
        matches!(
            self,
            Self::Queued
                | Self::Claimed
                | Self::InProgress
                | Self::Decided
                | Self::Notified
                | Self::Reopened
        )
    }

    /// Whether the case still waits for its screening.
    #[must_use]
    pub fn is_before_acceptance(self) -> bool {
        matches!(self, Self::Received | Self::Screening | Self::NeedsInfo)
    }

    /// Whether the case still waits for a step that comes before it is routed to whoever works it.
    #[must_use]
    pub fn is_before_routing(self) -> bool {
        self.is_before_acceptance()
            || matches!(self, Self::Review | Self::Classification | Self::Indexing)
    }
}

listed! {
    /// How a case of the built-in type can end.
    OutcomeCode {
        /// Everything asked for was done or granted.
        Granted = ('1', "granted", "done, granted"),
        /// A question was answered.
        Answered = ('2', "answered", "answered"),
        /// A part was granted.
        Partly = ('3', "partly", "partly granted"),
        /// Refused: takes reasons, and the citizen hears how to appeal.
        Refused = ('4', "refused", "refused"),
        /// Another agency's matter.
        NotOurs = ('5', "not-ours", "not ours, referred"),
        /// The same as another case.
        Duplicate = ('6', "duplicate", "duplicate"),
        /// The citizen took it back.
        Withdrawn = ('7', "withdrawn", "withdrawn"),
        /// The citizen was asked and did not answer.
        NoResponse = ('8', "no-response", "no response"),
        /// Registered by mistake.
        RegisteredInError = ('9', "registered-in-error", "registered in error"),
    }
}

impl OutcomeCode {
    /// Whether this outcome says no, and so takes reasons (hard rule 1).
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::Partly | Self::Refused | Self::NotOurs)
    }
}

listed! {
    /// Why a screener does not accept.
    RejectionReason {
        /// There is nothing to act on.
        Unfounded = ('1', "unfounded", "nothing to act on"),
        /// It came after the legal term.
        TooLate = ('2', "too-late", "after the legal term"),
        /// Abuse, advertising, test.
        Abuse = ('3', "abuse", "abuse or advertising"),
        /// Something else, in words.
        Other = ('4', "other", "other"),
    }
}

listed! {
    /// Why a case is on hold, and so which clocks pause.
    HoldReason {
        /// The citizen has to send or say something.
        Citizen = ('c', "citizen", "citizen"),
        /// A third party has to.
        ThirdParty = ('t', "third-party", "third party"),
        /// A court or law.
        Legal = ('l', "legal", "legal"),
        /// Nobody could.
        ForceMajeure = ('f', "force-majeure", "force majeure"),
        /// The unit has to open: what cannot be done now is done then (R58). No clock pauses for it.
        NextOpening = ('n', "next-opening", "next opening"),
    }
}

listed! {
    /// How high an escalation goes.
    EscalationLevel {
        /// A colleague of the unit.
        Colleague = ('1', "colleague", "colleague"),
        /// Whoever leads the unit.
        Supervisor = ('2', "supervisor", "supervisor"),
        /// Whoever leads the unit above.
        Head = ('3', "head", "head"),
        /// Whoever is named to stand in for the unit's leader.
        Substitute = ('4', "substitute", "substitute"),
        /// Whoever leads another unit.
        Unit = ('5', "unit", "unit"),
        /// Somebody of the unit with a role.
        Role = ('6', "role", "role"),
    }
}

impl EscalationLevel {
    /// How high it is. An escalation that is open gives way to a higher one only.
    #[must_use]
    pub fn height(self) -> u8 {
        match self {
            Self::Colleague | Self::Role => 1,
            Self::Supervisor | Self::Substitute | Self::Unit => 2,
            Self::Head => 3,
        }
    }

    /// The levels above it, the lowest first, to which an escalation goes that nobody answers.
    pub fn above(self) -> impl Iterator<Item = Self> {
        let levels = [Self::Supervisor, Self::Head];
        levels.into_iter().filter(move |level| level.height() > self.height())
    }
}

listed! {
    /// Why somebody escalates.
    EscalationReason {
        /// It takes more than one's own limit.
        OverLimit = ('a', "over-limit", "over my limit"),
        /// The deadline cannot be kept.
        Deadline = ('d', "deadline", "deadline"),
        /// A question of law.
        Law = ('l', "law", "law"),
        /// Somebody may come to harm.
        Safety = ('s', "safety", "safety"),
        /// One's own interest is touched.
        Conflict = ('x', "conflict", "conflict"),
        /// Something else, in words.
        Other = ('o', "other", "other"),
        /// A clock nears its end or has passed it: the ladder of the case's type.
        Clock = ('c', "clock", "its clock"),
        /// The case was passed on a second time (R59).
        Transferred = ('t', "second-transfer", "second transfer"),
    }
}

impl EscalationReason {
    /// Whether only a rule gives it; nobody chooses it by hand.
    #[must_use]
    pub fn is_of_rule(self) -> bool {
        matches!(self, Self::Clock | Self::Transferred)
    }

    /// Whether it is answered on the same day: a clock runs out, or somebody may come to harm.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Deadline | Self::Safety | Self::Clock)
    }
}

listed! {
    /// How a contact ends. "Call again later" is not among them: what cannot be done now is taken in or promised (R58).
    ContactOutcome {
        /// The question was answered there and then.
        Answered = ('a', "answered", "answered"),
        /// A case was taken in or touched.
        CaseWork = ('k', "case-work", "case taken in or worked"),
        /// Something was promised by a time.
        Promised = ('p', "promised", "promised"),
        /// Put through to whoever can help, with what was said.
        PassedOn = ('t', "passed-on", "put through"),
        /// Nobody answered; only for contacts that go out.
        NotReached = ('n', "not-reached", "nobody answered"),
        /// The line dropped, or the visitor left, before anything was settled.
        BrokenOff = ('b', "broken-off", "broken off"),
        /// Somebody else was meant: a wrong number, a wrong door.
        Misdirected = ('w', "misdirected", "wrong number"),
    }
}
