//! What changed between two versions of a case type, in words.

use crate::domain::rules::CaseType;

use super::said::{TypeEntry, labels, type_in_words};

/// Something that was added, taken away or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// An entry that only the later one has.
    Added(TypeEntry),
    /// An entry that only the earlier one has.
    Removed(TypeEntry),
    /// What is said of an entry of both.
    Changed {
        /// The entry, as `clock decide`; `type` for the type itself.
        entry: String,
        /// Of what, as `term`.
        fact: &'static str,
        /// What was said before; empty where nothing was.
        before: String,
        /// What is said now.
        after: String,
    },
}

impl TypeEntry {
    /// Its kind and code, as `clock decide`; `type` for the type itself.
    #[must_use]
    pub fn title(&self) -> String {
        if self.kind.is_empty() {
            "type".to_owned()
        } else {
            format!("{} {}", self.kind, self.code)
        }
    }
}

/// Everything in which a later version differs from an earlier one, in the order of the later one; what is gone last.
#[must_use]
pub fn type_difference(before: &CaseType, after: &CaseType) -> Vec<TypeChange> {
    // Names in another language than English are compared as well, since citizens and colleagues read them.
    let mut languages: Vec<&str> = vec!["en"];
    let labels = labels(before).into_iter().chain(labels(after));
    for tag in labels.flat_map(|labels| &labels.0).map(|(tag, _)| tag.as_str()) {
        if !languages.contains(&tag) {
            languages.push(tag);
        }
    }
    let mut changes = Vec::new();
    for (index, language) in languages.iter().enumerate() {
        let (old, new) = (type_in_words(before, language), type_in_words(after, language));
        for entry in &new {
            match counterpart(entry, &old) {
                None if index == 0 => changes.push(TypeChange::Added(entry.clone())),
                None => {}
                Some(held) => compare(held, entry, &mut changes),
            }
        }
        if index == 0 {
            let gone = old.iter().filter(|entry| counterpart(entry, &new).is_none());
            changes.extend(gone.cloned().map(TypeChange::Removed));
        }
    }
    changes
}

fn counterpart<'e>(entry: &TypeEntry, among: &'e [TypeEntry]) -> Option<&'e TypeEntry> {
    let is_same = |held: &&TypeEntry| {
        held.kind == entry.kind && (held.kind.is_empty() || held.code == entry.code)
    };
    among.iter().find(is_same)
}

fn compare(before: &TypeEntry, after: &TypeEntry, changes: &mut Vec<TypeChange>) {
    let entry = after.title();
    let mut note = |fact, before: &str, after: &str| {
        let (entry, before, after) = (entry.clone(), before.to_owned(), after.to_owned());
        let change = TypeChange::Changed { entry, fact, before, after };
        if !changes.contains(&change) {
            changes.push(change);
        }
    };
    if before.name != after.name {
        note("name", &before.name, &after.name);
    }
    let mut facts: Vec<&'static str> = after.facts.iter().map(|(fact, _)| *fact).collect();
    facts.extend(before.facts.iter().map(|(fact, _)| *fact));
    let mut told: Vec<&'static str> = Vec::new();
    for fact in facts {
        if told.contains(&fact) {
            continue;
        }
        told.push(fact);
        let (old, new) = (words(before, fact), words(after, fact));
        if old != new {
            note(fact, old, new);
        }
    }
}

fn words<'e>(entry: &'e TypeEntry, fact: &str) -> &'e str {
    entry.facts.iter().find(|(held, _)| *held == fact).map_or("", |(_, words)| words)
}
