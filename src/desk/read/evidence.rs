//! Why a search found somebody, in words: short for the row, in full for the chosen hit, and as marked letters.

use crate::desk::answer::MarkedName;
use crate::domain::people::Person;
use crate::search::{self, Closeness, Evidence, Field};

use super::difference::difference;
use super::near::Near;

/// The marked letters of a name: the places of its characters that match what was typed.
pub(super) fn marked(name: &str, evidence: &[Evidence]) -> Vec<u32> {
    let words = search::words(name);
    let mut places = std::collections::BTreeSet::new();
    for found in evidence.iter().filter(|found| is_named(found) && words.contains(&found.matched)) {
        let is_other_script = found.closeness == Closeness::Script;
        let own = if is_other_script { Vec::new() } else { search::highlight(name, &found.typed) };
        // What only sounds alike, or is of another script, has no letters in common: the whole word is what matched.
        places.extend(if own.is_empty() { search::highlight(name, &found.matched) } else { own });
    }
    places.into_iter().filter_map(|place| u32::try_from(place).ok()).collect()
}

/// The other name that was matched, where what is shown does not say it all.
pub(super) fn also(person: &Person, evidence: &[Evidence]) -> Option<MarkedName> {
    let shown = person.name();
    if person.names.iter().all(|fact| fact.value == *shown) {
        return None;
    }
    let told = search::words(&shown.spoken());
    let untold: Vec<&Evidence> =
        evidence.iter().filter(|found| is_named(found) && !told.contains(&found.matched)).collect();
    let told_by = |name: &str| {
        let words = search::words(name);
        untold.iter().filter(|found| words.contains(&found.matched)).count()
    };
    let others = person.names.iter().map(|fact| &fact.value).filter(|name| **name != *shown);
    let best = others.map(crate::domain::people::Name::spoken).max_by_key(|name| told_by(name))?;
    (told_by(&best) > 0).then(|| MarkedName { marked: marked(&best, evidence), name: best })
}

fn is_named(evidence: &Evidence) -> bool {
    matches!(evidence.field, Field::Name | Field::OtherName)
}

/// Whether a relative's name has what was matched: a word of it, or, where a relation was named, all of it.
fn is_of(near: &Near, matched: &str) -> bool {
    let wanted = matched.rsplit_once(" of ").map_or(matched, |(_, name)| name);
    let mut names = near.person.names.iter().map(|fact| search::words(&fact.value.spoken()));
    names.any(|own| wanted.split(' ').all(|word| own.iter().any(|known| known == word)))
}

fn field_word(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::OtherName => "other name",
        Field::Related => "relative",
        Field::BirthYear => "year",
        Field::BirthDate => "date",
        Field::Telephone => "tel",
        Field::Id => "id",
        Field::Address => "address",
    }
}

fn closeness_word(closeness: Closeness) -> String {
    match closeness {
        Closeness::Exact => String::new(),
        Closeness::Start => "start".to_owned(),
        Closeness::StartOff(off) => format!("start {off} off"),
        Closeness::Begin(_) | Closeness::Part(_) => "short form".to_owned(),
        Closeness::End => "ending".to_owned(),
        Closeness::Inside => "inside".to_owned(),
        Closeness::Off(off) => format!("{off} off"),
        Closeness::Sound => "sound".to_owned(),
        Closeness::Script => "script".to_owned(),
        Closeness::Turned => "turned".to_owned(),
        Closeness::Years(years) => format!("{years:+}"),
        Closeness::Layout => "other keyboard layout".to_owned(),
    }
}

fn evidence_word(evidence: &Evidence) -> String {
    let closeness = closeness_word(evidence.closeness);
    if evidence.field == Field::Name {
        return if closeness.is_empty() { "exact".to_owned() } else { closeness };
    }
    format!("{} {closeness}", field_word(evidence.field)).trim_end().to_owned()
}

/// Why a person matched, in a few words, each once.
pub(super) fn short(evidence: &[Evidence]) -> String {
    let mut words: Vec<String> = Vec::new();
    for found in evidence {
        let word = evidence_word(found);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.len() > 1 {
        words.retain(|word| word != "exact");
    }
    words.join(", ")
}

/// Why a person matched, word by word: what was typed, what it is, and how they differ. Numbers that are masked elsewhere
/// are named, not shown.
pub(super) fn full(evidence: &[Evidence], person: &Person, near: &[Near]) -> String {
    let part = |found: &Evidence| {
        let how = how(found);
        let how = if how.is_empty() { how } else { format!(" ({how})") };
        let is = match found.field {
            Field::Telephone | Field::Id => field_word(found.field).to_owned(),
            Field::Name => as_written(person, &found.matched),
            Field::OtherName => format!("other name {}", as_written(person, &found.matched)),
            Field::BirthYear if found.closeness == Closeness::Exact => "year".to_owned(),
            Field::Related => relative(near, &found.matched),
            Field::BirthYear | Field::BirthDate | Field::Address => {
                format!("{} {}", field_word(found.field), found.matched)
            }
        };
        format!("{} = {is}{how}", found.typed)
    };
    evidence.iter().map(part).collect::<Vec<_>>().join("   ")
}

/// How what was typed differs from what it matched.
fn how(evidence: &Evidence) -> String {
    let Evidence { typed, matched, closeness, .. } = evidence;
    match closeness {
        Closeness::Start => "beginning".to_owned(),
        Closeness::StartOff(off) => difference(typed, matched, true)
            .map_or_else(|| format!("beginning, {off} off"), |named| format!("beginning, {named}")),
        Closeness::Off(_)
            if matches!(evidence.field, Field::Telephone | Field::Id | Field::BirthDate) =>
        {
            "a digit off".to_owned()
        }
        Closeness::Off(off) => {
            difference(typed, matched, false).unwrap_or_else(|| format!("{off} letters off"))
        }
        Closeness::Sound => {
            difference(typed, matched, false).unwrap_or_else(|| "sounds alike".to_owned())
        }
        Closeness::Script => "sounds alike, other script".to_owned(),
        Closeness::Turned => "digits turned or one off".to_owned(),
        Closeness::Exact
        | Closeness::Begin(_)
        | Closeness::Part(_)
        | Closeness::Layout
        | Closeness::End
        | Closeness::Inside
        | Closeness::Years(_) => closeness_word(*closeness),
    }
}

/// A word of a person's names as it is written there, for it is folded in the index.
fn as_written(person: &Person, folded: &str) -> String {
    let names: Vec<String> = person.names.iter().map(|fact| fact.value.spoken()).collect();
    written_in(names.iter().map(String::as_str), folded).unwrap_or_else(|| folded.to_owned())
}

fn written_in<'n>(names: impl Iterator<Item = &'n str>, folded: &str) -> Option<String> {
    names
        .flat_map(|name| name.split([' ', '-', ',']))
        .find(|word| search::normalise(word) == folded)
        .map(str::to_owned)
}

/// The relative whose name was matched, with what they are.
fn relative(near: &[Near], folded: &str) -> String {
    near.iter().find(|near| is_of(near, folded)).map_or_else(
        || format!("relative {folded}"),
        |near| match folded.rsplit_once(" of ") {
            Some((relation, _)) => format!("{relation} of {}", near.person.name().spoken()),
            None => format!("{} {}", near.relation, near.person.name().spoken()),
        },
    )
}

/// How the text was understood, after the best hit: which words are names, which a year or a number.
pub(super) fn understanding(evidence: &[Evidence]) -> String {
    let mut names = Vec::new();
    let mut others = Vec::new();
    for found in evidence {
        match found.field {
            Field::Name | Field::OtherName | Field::Related => names.push(found.typed.clone()),
            Field::BirthYear | Field::BirthDate => others.push(format!("born {}", found.typed)),
            Field::Telephone => others.push(format!("tel {}", found.typed)),
            Field::Id => others.push(format!("id {}", found.typed)),
            Field::Address => others.push(format!("place {}", found.typed)),
        }
    }
    let mut parts = Vec::new();
    if !names.is_empty() {
        parts.push(format!("names {}", names.join(", ")));
    }
    parts.extend(others);
    parts.join("   ")
}
