//! Says the rows of lists in words: nothing in them means anything by the column in which it stands.

use crate::desk::{
    CaseRow, ContactLine, FindHit, KinLine, PromiseRow, RowPerson, TimelineEntry, ViewKind,
};
use crate::domain::cases::{Channel, PromiseState, Stage};
use crate::domain::time::Instant;
use crate::tui::screen::Shared;
use crate::tui::when;

/// What stands between two things that a row says.
const BETWEEN: &str = "; ";

/// The parts that say something.
fn joined<const PARTS: usize>(parts: [String; PARTS]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(BETWEEN)
}

fn where_so(is_so: bool, words: &str) -> String {
    if is_so { words.to_owned() } else { String::new() }
}

fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// `due in 2 hours`, `late by 1 day`; nothing where nothing is due.
pub(in crate::tui) fn due(at: Option<Instant>, shared: &Shared) -> String {
    let short = when::due_in(at, shared.now, &shared.zone);
    far(&short).unwrap_or(short)
}

/// How far off something is, of its short form in a column: `-2d` is `late by 2 days`.
fn far(short: &str) -> Option<String> {
    let late = short.strip_prefix('-');
    let figure = late.unwrap_or(short);
    let unit = match figure.chars().next_back()? {
        'm' => "minute",
        'h' => "hour",
        'd' => "day",
        'y' => "year",
        _ => return None,
    };
    // `+2h` is what somebody typed.
    let figures = figure.strip_suffix(char::is_alphabetic)?;
    let count = figures.parse().ok().filter(|_| !figures.starts_with('+'))?;
    let far = counted(count, unit);
    Some(if late.is_some() { format!("late by {far}") } else { format!("due in {far}") })
}

/// What a queue or view of the board is called.
pub(in crate::tui) fn queue(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Screening => "Screening",
        ViewKind::Late => "Late",
        ViewKind::Escalated => "Escalated",
        ViewKind::Waiting => "Waiting",
        ViewKind::Unrouted => "Unrouted",
        _ => kind.label(),
    }
}

/// Things to be done, of which some are done.
pub(in crate::tui) fn steps<'a>(steps: impl IntoIterator<Item = (&'a str, bool)>) -> String {
    let said = steps
        .into_iter()
        .map(|(title, is_done)| format!("{title}, {}", if is_done { "done" } else { "open" }));
    said.collect::<Vec<_>>().join(BETWEEN)
}

/// A line of facts about a person, without its short signs.
pub(in crate::tui) fn facts(line: &str) -> String {
    let said = line.split("   ").map(|fact| {
        let words = fact.split_whitespace().map(|word| match word {
            "ok" => "checked",
            "?" => "not checked",
            "OLD" => "old, ask again",
            word => word,
        });
        numbered_way(&words.collect::<Vec<_>>().join(" "))
    });
    said.collect::<Vec<_>>().join(BETWEEN)
}

/// A line about clocks or letters without its short signs: `-3d (20 wd)` is `late by 3 days (20 working days)`.
pub(in crate::tui) fn unfolded(line: &str) -> String {
    let mut words = line.split(' ').peekable();
    let mut said: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or_default();
        said.push(match word {
            "wd)" => "working days)".to_owned(),
            "d)" => "days)".to_owned(),
            _ if next.starts_with("in") || next.starts_with("out") || next == "sent" => {
                by_glyph(word).map_or_else(|| word.to_owned(), |channel| way(channel).to_owned())
            }
            _ => far(word).unwrap_or_else(|| word.to_owned()),
        });
    }
    said.join(" ")
}

fn by_glyph(word: &str) -> Option<Channel> {
    Channel::ALL.iter().copied().find(|way| word == way.glyph().to_string())
}

/// `telephone 1` for `T1`.
fn numbered_way(fact: &str) -> String {
    let (first, rest) = fact.split_once(' ').unwrap_or((fact, ""));
    let number = first.get(1..).filter(|number| number.parse::<u8>().is_ok());
    match (first.chars().next(), number) {
        (Some('T'), Some(number)) => format!("telephone {number} {rest}"),
        (Some('E'), Some(number)) => format!("e-mail {number} {rest}"),
        _ => fact.to_owned(),
    }
}

fn whose(person: &RowPerson) -> String {
    match person {
        RowPerson::Person(_, name) => name.to_string(),
        RowPerson::Anonymous => "anonymous".to_owned(),
        RowPerson::From(source) => format!("from {source}"),
        RowPerson::Hidden => RowPerson::HIDDEN.to_owned(),
    }
}

/// A case of a list.
pub(in crate::tui) fn case(row: &CaseRow, is_marked: bool, shared: &Shared) -> String {
    let me = shared.who.caseworker.id;
    let owner = match &row.owner {
        Some((owner, _)) if *owner == me => "with you".to_owned(),
        Some((_, name)) => format!("with {name}"),
        None => where_so(row.stage.is_open(), "nobody has it"),
    };
    let stage = match row.stage {
        _ if row.is_held => "on hold".to_owned(),
        Stage::Queued if row.owner.is_some() => format!("stage {}", Stage::Claimed.label()),
        stage => format!("stage {}", stage.label()),
    };
    let alike = match row.alike {
        0 => String::new(),
        others => format!("{} alike", others.saturating_add(1)),
    };
    joined([
        if row.stage.is_open() { due(row.due_at, shared) } else { String::new() },
        format!("case {}", row.id),
        row.nature.label().to_owned(),
        if row.subject.is_empty() { "no subject yet".to_owned() } else { row.subject.to_string() },
        whose(&row.person),
        stage,
        owner,
        format!("by {}", way(row.channel)),
        where_so(row.is_answered, "escalation answered"),
        where_so(row.is_escalated, "escalated"),
        where_so(row.has_draft, "you have a draft"),
        where_so(row.has_mail, "a message waits or failed"),
        where_so(row.has_promise, "something is promised"),
        alike,
        where_so(is_marked, "marked"),
    ])
}

/// A way in a word that is heard as one.
fn way(channel: Channel) -> &'static str {
    match channel.label() {
        "tel" => "telephone",
        "mail" => "e-mail",
        "online" => "online form",
        label => label,
    }
}

/// Somebody, or a case, who was found.
pub(in crate::tui) fn hit(hit: &FindHit, shared: &Shared) -> String {
    if let Some(row) = &hit.case {
        return case(row, false, shared);
    }
    if hit.is_closed {
        let person = hit.person.map(|person| person.to_string()).unwrap_or_default();
        return joined([hit.name.clone(), person, format!("found by {}", hit.why)]);
    }
    let today = shared.zone.day(shared.now);
    let last = hit.last_contact.map_or_else(
        || "no contact yet".to_owned(),
        |(at, channel)| {
            format!("last contact {} by {}", when::day(shared.zone.day(at), today), way(channel))
        },
    );
    let person = hit.person.map(|person| person.to_string()).unwrap_or_default();
    let also = hit.also.as_ref().map(|also| format!("also {}", also.name)).unwrap_or_default();
    let open = match hit.open_cases {
        0 => "no open case".to_owned(),
        count => format!("{}, {}", counted(count, "open case"), due(hit.due_at, shared)),
    };
    joined([
        hit.name.clone(),
        also,
        if hit.born.is_empty() { "born unknown".to_owned() } else { format!("born {}", hit.born) },
        person,
        if hit.area.is_empty() { String::new() } else { format!("lives in {}", hit.area) },
        open.trim_end_matches([',', ' ']).to_owned(),
        format!("found by {}", hit.why),
        hit.household.clone(),
        last,
    ])
}

/// A relative.
pub(in crate::tui) fn kin(kin: &KinLine) -> String {
    joined([
        kin.relation.clone(),
        kin.name.clone(),
        kin.person.to_string(),
        kin.born.map(|year| format!("born {year}")).unwrap_or_default(),
        kin.age.map(|age| format!("{age} years old")).unwrap_or_default(),
        counted(kin.open_cases, "open case"),
        kin.may_ask.clone(),
        where_so(!kin.is_household, "lives elsewhere"),
    ])
}

/// A contact of a person's file; `what` is how it ended and what it was about.
pub(in crate::tui) fn contact(contact: &ContactLine, what: &str, shared: &Shared) -> String {
    let today = shared.zone.day(shared.now);
    let case = contact.case.map(|case| format!("case {case}")).unwrap_or_default();
    let more = match contact.cases_more {
        0 => String::new(),
        more => format!("and {} more", counted(u64::from(more), "case")),
    };
    joined([
        when::day(shared.zone.day(contact.at), today),
        format!("{} {}", way(contact.channel), contact.direction),
        contact.handler.clone(),
        case,
        more,
        what.to_owned(),
    ])
}

/// What became of a promise, and of what.
pub(in crate::tui) fn promise(row: &PromiseRow, keeper: &str, shared: &Shared) -> String {
    let state = match &row.state {
        PromiseState::Made => due(Some(row.due_at), shared),
        PromiseState::Kept { at, .. } if *at > row.due_at => "kept late".to_owned(),
        PromiseState::Kept { .. } => "kept".to_owned(),
        PromiseState::Broken { .. } => "broken".to_owned(),
        PromiseState::Released { .. } => "released".to_owned(),
    };
    let tried = match row.attempts.0 {
        0 => String::new(),
        count => format!("tried {}", counted(u64::from(count), "time")),
    };
    joined([
        state,
        row.words().to_owned(),
        format!("{} {}", row.person.1, row.person.0),
        format!("by {}", when::weekday_and_time(row.due_at, shared.now, &shared.zone)),
        way(row.channel).to_owned(),
        row.case.map(|case| format!("case {case} {}", row.subject)).unwrap_or_default(),
        if keeper == "you" { "you keep it".to_owned() } else { format!("{keeper} keeps it") },
        tried,
    ])
}

/// An entry of a timeline.
pub(in crate::tui) fn entry(entry: &TimelineEntry, moment: &str) -> String {
    let kind = match entry.kind.split_once(' ') {
        Some((glyph, direction)) => {
            let channel = by_glyph(glyph);
            channel.map_or_else(|| entry.kind.clone(), |it| format!("{} {direction}", way(it)))
        }
        None => entry.kind.clone(),
    };
    joined([moment.to_owned(), kind, entry.who.clone(), entry.words.clone()])
}
