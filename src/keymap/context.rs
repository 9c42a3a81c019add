//! The places in which a key can mean something of its own.

/// Where the focus is, as far as keys are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere but in text.
    Everywhere,
    /// Any list.
    List,
    /// A case, or a row that stands for one, on whichever screen.
    Row,
    /// The board.
    Board,
    /// The case screen.
    Case,
    /// The person file.
    Person,
    /// The hits of a search, once the focus has moved into them.
    FindHits,
    /// People who are likely the same.
    Alike,
    /// The list of promises.
    Promises,
    /// The late cases by unit.
    Overdue,
    /// What must not stay overnight.
    Day,
    /// Who is here.
    Colleagues,
    /// The caseworker's drafts.
    Drafts,
    /// What a colleague has.
    Handover,
    /// Emergency accesses.
    Accesses,
    /// What waits for a second signature.
    Signings,
    /// A list over the screen, from which one row is picked.
    Picker,
    /// The help screen.
    Help,
    /// Everywhere in text, where letters and digits are typed.
    Text,
    /// The line of a search.
    Find,
    /// The palette's line.
    Palette,
    /// The intake form.
    Intake,
    /// An editor of several lines: reply, note.
    Editor,
    /// An inline editor that ends with one line: escalation, hold, close, give, screening.
    Line,
    /// The editor of letters on many cases.
    Letters,
    /// The line in which a limit is typed.
    Limit,
}

impl Context {
    /// Every context, outer ones before the ones within them.
    pub const ALL: [Self; 26] = [
        Self::Everywhere,
        Self::List,
        Self::Row,
        Self::Board,
        Self::Case,
        Self::Person,
        Self::FindHits,
        Self::Alike,
        Self::Promises,
        Self::Overdue,
        Self::Day,
        Self::Colleagues,
        Self::Drafts,
        Self::Handover,
        Self::Accesses,
        Self::Signings,
        Self::Picker,
        Self::Help,
        Self::Text,
        Self::Find,
        Self::Palette,
        Self::Intake,
        Self::Editor,
        Self::Line,
        Self::Letters,
        Self::Limit,
    ];

    /// The name in a keymap file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::List => "list",
            Self::Row => "row",
            Self::Board => "board",
            Self::Case => "case",
            Self::Person => "person",
            Self::FindHits => "find.hits",
            Self::Alike => "alike",
            Self::Promises => "promises",
            Self::Overdue => "overdue",
            Self::Day => "day",
            Self::Colleagues => "colleagues",
            Self::Drafts => "drafts",
            Self::Handover => "handover",
            Self::Accesses => "accesses",
            Self::Signings => "signatures",
            Self::Picker => "picker",
            Self::Help => "help",
            Self::Text => "text",
            Self::Find => "find",
            Self::Palette => "palette",
            Self::Intake => "intake",
            Self::Editor => "editor",
            Self::Line => "line",
            Self::Letters => "letters",
            Self::Limit => "limit",
        }
    }

    /// The context of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// Whether letters and digits are typed or pick a value here, so that no key of one letter may mean an action.
    #[must_use]
    pub const fn is_text(self) -> bool {
        match self {
            Self::Text
            | Self::Find
            | Self::Palette
            | Self::Intake
            | Self::Editor
            | Self::Line
            | Self::Letters
            | Self::Limit => true,
            Self::Everywhere
            | Self::List
            | Self::Row
            | Self::Board
            | Self::Case
            | Self::Person
            | Self::FindHits
            | Self::Alike
            | Self::Promises
            | Self::Overdue
            | Self::Day
            | Self::Colleagues
            | Self::Drafts
            | Self::Handover
            | Self::Accesses
            | Self::Signings
            | Self::Picker
            | Self::Help => false,
        }
    }
}
