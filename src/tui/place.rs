//! The places that a caseworker can be at.

use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId};

/// A screen and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The board.
    Board,
    /// The late cases by unit.
    Overdue,
    /// The intake ledger.
    Ledger,
    /// The likely duplicates.
    Duplicates,
    /// Those of one person.
    DuplicatesOf(PersonId),
    /// Two people side by side: the one that goes on, and the one that goes into it.
    MergePeople(PersonId, PersonId),
    /// What was promised.
    Promises,
    /// The find screen, begun with this text.
    Find(String),
    /// A person's file.
    Person(PersonId),
    /// A case.
    Case(CaseId),
    /// The intake form, for this person, begun with these words.
    Intake(Option<PersonId>, String),
    /// What came since the caseworker left.
    News,
    /// What must not stay overnight.
    Day,
    /// Who is here.
    Colleagues,
    /// A new person's form, begun with these words, beside these candidates.
    NewPerson(String, Vec<PersonId>),
    /// The caseworker's drafts.
    Drafts,
    /// What a colleague has, with what was handed over just now.
    Handover(CaseworkerId, Vec<EntityId>),
    /// Emergency accesses and attempts on closed files.
    Accesses,
    /// What waits for a second signature.
    Signings,
}

impl Place {
    /// The place in a name and words, for whoever is to come back to it.
    pub(super) fn words(&self) -> (&'static str, Vec<String>) {
        match self {
            Self::Board => ("board", Vec::new()),
            Self::Overdue => ("overdue", Vec::new()),
            Self::Ledger => ("ledger", Vec::new()),
            Self::Duplicates => ("duplicates", Vec::new()),
            Self::DuplicatesOf(person) => ("duplicates of", vec![person.to_string()]),
            Self::MergePeople(survivor, merged) => {
                ("merge", vec![survivor.to_string(), merged.to_string()])
            }
            Self::Promises => ("promises", Vec::new()),
            Self::Drafts => ("drafts", Vec::new()),
            Self::Accesses => ("accesses", Vec::new()),
            Self::Signings => ("signatures", Vec::new()),
            Self::News => ("news", Vec::new()),
            Self::Day => ("day", Vec::new()),
            Self::Colleagues => ("colleagues", Vec::new()),
            Self::Handover(caseworker, _) => ("handover", vec![caseworker.to_string()]),
            Self::Find(text) => ("find", vec![text.clone()]),
            Self::Person(person) => ("person", vec![person.to_string()]),
            Self::Case(case) => ("case", vec![case.to_string()]),
            Self::Intake(person, words) => {
                let person = person.map(|person| person.to_string()).unwrap_or_default();
                ("intake", vec![person, words.clone()])
            }
            Self::NewPerson(words, shown) => {
                let shown = shown.iter().map(ToString::to_string);
                ("new person", std::iter::once(words.clone()).chain(shown).collect())
            }
        }
    }

    /// The place that a name and words mean; nothing for those of another casedesk.
    pub(super) fn of_words(name: &str, words: &[String]) -> Option<Self> {
        let first = words.first().map(String::as_str).unwrap_or_default();
        Some(match name {
            "overdue" => Self::Overdue,
            "ledger" => Self::Ledger,
            "duplicates" => Self::Duplicates,
            "duplicates of" => Self::DuplicatesOf(first.parse().ok()?),
            "merge" => Self::MergePeople(first.parse().ok()?, words.get(1)?.parse().ok()?),
            "promises" => Self::Promises,
            "drafts" => Self::Drafts,
            "accesses" => Self::Accesses,
            "signatures" => Self::Signings,
            "news" => Self::News,
            "day" => Self::Day,
            "colleagues" => Self::Colleagues,
            "handover" => Self::Handover(first.parse().ok()?, Vec::new()),
            "find" => Self::Find(first.to_owned()),
            "person" => Self::Person(first.parse().ok()?),
            "case" => Self::Case(first.parse().ok()?),
            "intake" => Self::Intake(first.parse().ok(), words.get(1).cloned().unwrap_or_default()),
            "new person" => {
                let shown = words.iter().skip(1).filter_map(|person| person.parse().ok());
                Self::NewPerson(first.to_owned(), shown.collect())
            }
            _ => return None,
        })
    }
}
