//! Lays the board out and draws its rows.

use ratatui::layout::Rect;

use crate::desk::{CaseRow, ViewKind};
use crate::domain::cases::filter::Filter;
use crate::domain::office::Action as Right;
use crate::domain::time::Instant;
use crate::keymap::{self, Action};
use crate::tui::field::stage_word;
use crate::tui::paint::Meaning;
use crate::tui::text::{fit, fit_right, safe_line};

use super::super::rights;
use super::super::screen::Shared;
use super::super::status::key_of;
use super::super::when;
use super::preview;

/// Rows of the list that are kept however little room there is.
const LIST_ROWS_MIN: u16 = 3;

/// Lines below the list at 24 rows: two of the row, and five of the preview.
const LOWER_ROWS: u16 = 7;

/// The most lines below the list on a tall terminal.
const LOWER_ROWS_MAX: u16 = 20;

/// The fewest rows of news, used or not, so that the list does not move down when the first news comes.
pub(super) const NEWS_ROWS_MIN: u16 = 1;

/// The most lines of news.
pub(super) const NEWS_ROWS_MAX: u16 = 3;

/// Rows of the area at 24 rows.
const AREA_ROWS: u16 = 22;

const DUE_CELLS: usize = 5;

/// The columns of the due time, beside that of the marker.
pub(super) const DUE_COLUMNS: std::ops::Range<usize> = 1..1 + DUE_CELLS;
const CASE_CELLS: usize = 8;
const NATURE_CELLS: usize = 3;
const STAGE_CELLS: usize = 8;
const FLAG_CELLS: usize = 5;
const OWNER_CELLS: usize = 12;

/// With at least so many cells, rows say who has the case.
const OWNER_FROM_CELLS: usize = 99;

/// Below so many cells the stage gives its room to subject and person; the preview says what comes next.
const STAGE_FROM_CELLS: usize = 70;

/// How many rows each part of the board has, from the top: header, strip, news, calls, heading, list, lower part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) strip: u16,
    pub(super) news: u16,
    pub(super) flow: u16,
    pub(super) list: u16,
    pub(super) lower: u16,
}

impl Layout {
    /// Shares out the rows: so many lines of news are wanted, and perhaps one of charts; an editor below the list says how
    /// many it needs.
    pub(super) fn new(
        rows: u16,
        strip: usize,
        news: usize,
        has_flow: bool,
        editor: Option<u16>,
    ) -> Self {
        let strip = u16::try_from(strip).unwrap_or(u16::MAX);
        let more = rows.saturating_sub(AREA_ROWS) / 2;
        let wanted = editor.map_or((LOWER_ROWS + more).min(LOWER_ROWS_MAX), |rows| rows + 1);
        let has_room = rows > LIST_ROWS_MIN * 3;
        let news = if has_room {
            u16::try_from(news).unwrap_or(u16::MAX).clamp(NEWS_ROWS_MIN, NEWS_ROWS_MAX)
        } else {
            0
        };
        let flow = u16::from(has_room && has_flow);
        let above = 1 + strip + news + flow + 1;
        let left = rows.saturating_sub(above);
        let lower = wanted.min(left.saturating_sub(LIST_ROWS_MIN));
        Self { strip, news, flow, list: left.saturating_sub(lower), lower }
    }

    /// The list in an area, and what is below it.
    pub(super) fn list_and_lower(self, area: Rect) -> (Rect, Rect) {
        let y = area.y.saturating_add(self.heading() + 1);
        let list = Rect { y, height: self.list, ..area };
        (list, Rect { y: list.bottom(), height: self.lower, ..area })
    }

    /// The row of the heading.
    pub(super) fn heading(self) -> u16 {
        1 + self.strip + self.news + self.flow
    }
}

/// The heading over the columns.
pub(super) fn heading(cells: usize) -> String {
    let (subject, person, owner) = columns(cells);
    let owner = if owner > 0 { format!("{} ", fit("who", owner)) } else { String::new() };
    format!(
        "{}  {} {} {} {} {owner}{} via flag",
        fit_right("due", DUE_CELLS + 1),
        fit("case", CASE_CELLS),
        fit("nat", NATURE_CELLS),
        fit("subject", subject),
        fit("person", person),
        fit("stage", stage_cells(cells)),
    )
}

/// A row that has left the list, without the cursor's marker, with what became of it.
pub(super) fn gone_row(row: &CaseRow, became: &str, cells: usize) -> String {
    let (subject, person, owner) = columns(cells);
    let owner_with_gap = if owner > 0 { owner + 1 } else { 0 };
    format!(
        "{}  {} {} {} {}",
        fit_right("gone", DUE_CELLS),
        fit(&row.id.to_string(), CASE_CELLS),
        fit(row.nature.code(), NATURE_CELLS),
        fit(&safe_line(&row.subject), subject),
        fit(&safe_line(became), person + owner_with_gap + STAGE_CELLS + FLAG_CELLS + 5),
    )
}

/// A row of the list without the cursor's marker, and how loud its due time is.
pub(super) fn row(
    row: &CaseRow,
    is_marked: bool,
    shared: &Shared,
    cells: usize,
) -> (String, Meaning) {
    let (subject, person, owner) = columns(cells);
    let (due, urgency) = due(row, shared.now, shared);
    // The sign stands in the room before the due time; where that has none, the gap after it gives way.
    let mut due = fit_right(&due, DUE_CELLS);
    due.push_str("  ");
    if is_marked {
        due = match due.strip_prefix(' ') {
            Some(rest) => format!("*{rest}"),
            None => format!("*{}", due.strip_suffix(' ').unwrap_or(&due)),
        };
    }
    let who = match &row.owner {
        _ if owner == 0 => String::new(),
        Some((_, name)) => format!("{} ", fit(&safe_line(name), owner)),
        None => fit("", owner + 1),
    };
    let name = preview::person(row);
    let line = format!(
        "{due}{} {} {} {} {who}{}  {} {}",
        fit(&row.id.to_string(), CASE_CELLS),
        fit(row.nature.code(), NATURE_CELLS),
        fit(&safe_line(&row.subject), subject),
        fit(&safe_line(&name), person),
        fit(&stage_word(row, shared.language()), stage_cells(cells)),
        row.channel.glyph(),
        flags(row),
    );
    (line, urgency)
}

/// Whether a row said something else of when it is due then.
pub(super) fn is_due_otherwise(row: &CaseRow, then: Instant, shared: &Shared) -> bool {
    due(row, then, shared) != due(row, shared.now, shared)
}

/// When a row is due, as of a moment, and how loud that is: a row of which all is loud hides who asks for what.
fn due(row: &CaseRow, now: Instant, shared: &Shared) -> (String, Meaning) {
    let zone = &shared.zone;
    let urgency = match row.due_at {
        Some(due) if due < now => Meaning::Alarm,
        Some(due) if zone.day(due) == zone.day(now) => Meaning::Heed,
        Some(_) | None => Meaning::Plain,
    };
    (when::due_in(row.due_at, now, zone), urgency)
}

/// What is said where a list is empty: what to do next.
pub(super) fn invitation(kind: ViewKind, shared: &Shared) -> String {
    let key = |action| key_of(shared, keymap::Context::Board, action).unwrap_or_default();
    let (claim, new, escalate) =
        (key(Action::ClaimNext), key(Action::NewCase), key(Action::Escalate));
    let may = |action| rights::may(&shared.who, action);
    if !shared.who.may(Right::ReadCase) {
        let colleagues = key(Action::GoColleagues);
        return format!(
            "Your rights include no cases and no people's files. {colleagues} shows units and colleagues."
        );
    }
    match kind {
        ViewKind::Mine if may(Action::ClaimNext) => format!(
            "You have no cases. {claim} claims the next free one; 2 shows all that the unit has."
        ),
        ViewKind::Mine => {
            "You have no cases: your rights include no claiming. 2 shows what the unit has that you may see."
                .to_owned()
        }
        ViewKind::Inbox | ViewKind::Queue(_) if may(Action::NewCase) => {
            format!("Nothing is in here. {new} takes in a new case.")
        }
        ViewKind::Inbox | ViewKind::Queue(_) => {
            "Nothing is in here that you may see. 1 shows your cases.".to_owned()
        }
        ViewKind::Screening => {
            "Nothing waits for screening. 4 shows what is free.".to_owned()
        }
        ViewKind::Step(step) => {
            format!("Nothing waits here to {}. 3 shows the next step's queue.", step.label())
        }
        ViewKind::Free if may(Action::ClaimNext) => {
            format!("No case is free for you to claim. 2 shows the whole inbox, {new} takes in a case.")
        }
        ViewKind::Free => {
            "No case is free that you may see. 2 shows what is in the inbox for you to see.".to_owned()
        }
        ViewKind::Today => "Nothing more is due today. 6 shows what is late.".to_owned(),
        ViewKind::Aged(_) => {
            "Nothing has been late for so long. 6 shows all that is late.".to_owned()
        }
        ViewKind::Late => "Nothing is late. 5 shows what is due today.".to_owned(),
        ViewKind::Escalated => {
            format!("No escalation is open, to you or from you. On a case, {escalate} raises one.")
        }
        ViewKind::Waiting => {
            "Nothing is on hold or waits for a citizen. 1 shows your cases.".to_owned()
        }
        ViewKind::Calls => {
            let promise = key(Action::Promise);
            format!(
                "Nothing is promised. On a case or a person's file, {promise} promises something."
            )
        }
        ViewKind::Unrouted => {
            let give = key(Action::Give);
            format!(
                "A rule has placed every case. What none places comes here; {give} gives it on."
            )
        }
        ViewKind::Mail => "No message waits or has failed. 1 shows your cases.".to_owned(),
    }
}

/// What is said where a limit leaves nothing.
pub(super) fn invitation_under_limit(limit: &Filter, shared: &Shared) -> String {
    let key = |action| key_of(shared, keymap::Context::Board, action).unwrap_or_default();
    let (change, leave) = (key(Action::OpenLimit), key(Action::Leave));
    let meant = limit.meant().map(|term| format!(" Did you mean {term}?")).unwrap_or_default();
    format!("Nothing here fits the limit. {change} changes it, {leave} lifts it.{meant}")
}

/// Cells for subject, person, and owner (none on a narrow screen).
fn columns(cells: usize) -> (usize, usize, usize) {
    let owner = if cells >= OWNER_FROM_CELLS { OWNER_CELLS } else { 0 };
    let owner_with_gap = if owner > 0 { owner + 1 } else { 0 };
    let fixed = 1 + DUE_CELLS + 2 + CASE_CELLS + 1 + NATURE_CELLS + 1;
    let right = 1 + stage_cells(cells) + 2 + 1 + 1 + FLAG_CELLS;
    let left = cells.saturating_sub(fixed + owner_with_gap + right + 1);
    let person = left / 2;
    (left - person, person, owner)
}

fn stage_cells(cells: usize) -> usize {
    if cells >= STAGE_FROM_CELLS { STAGE_CELLS } else { 0 }
}

fn flags(row: &CaseRow) -> String {
    let mut flags = String::new();
    for (is_so, flag) in [
        (row.is_answered, "^A"),
        (row.is_escalated, "e"),
        (row.is_held, "h"),
        (row.has_draft, "\""),
        (row.has_mail, "m"),
        (row.has_promise, "!"),
    ] {
        if is_so {
            flags.push_str(flag);
        }
    }
    if row.alike > 0 {
        // All of them together, this one included.
        let together = row.alike.saturating_add(1).to_string();
        flags.extend(["=", together.as_str()]);
    }
    flags
}
