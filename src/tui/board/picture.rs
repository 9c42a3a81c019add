//! What the board draws: counts and news above the list, the list, and the case under the cursor below it.
use std::ops::Range;

use ratatui::layout::{Position, Rect};

use crate::desk::ViewKind;
use crate::domain::EntityId;
use crate::domain::office::Action as Right;
use crate::tui::text::{fit_right, safe_line, wrap};

use super::super::header::header;
use super::super::others;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::plain::say;
use super::super::promises::PromiseList;
use super::super::screen::Shared;
use super::super::when;
use super::draw::{self, Layout};
use super::screen::{Board, Drawn};
use super::{flow, narrow, news, preview, strip};

/// The most lines that one line of the preview is wrapped to on a tall terminal.
const PREVIEW_WRAP_MAX: usize = 4;

/// What stands between header and heading.
pub(super) struct Above {
    pub(super) strip: Vec<String>,
    pub(super) news: Vec<(String, Meaning)>,
    flow: Option<String>,
}

impl Board {
    /// Draws the board, and says where the cursor stands.
    pub(super) fn picture(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let (layout, above) = self.layout(shared, area);
        self.note_drawn(layout, shared, area);
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &self.header(shared, cells), Meaning::Strong);
        for (row, line) in (1..).zip(&above.strip) {
            canvas.line(row, line);
        }
        let below = 1 + usize::from(layout.strip);
        for (row, (line, style)) in (below..).zip(&above.news).take(usize::from(layout.news)) {
            canvas.put(row, 0, line, *style);
        }
        if let Some(line) = above.flow.filter(|_| layout.flow > 0) {
            let row = below + usize::from(layout.news);
            canvas.line(row, &line);
            canvas.say(row, || self.strip.as_ref().map(flow::heard).unwrap_or_default());
        }
        let heading = layout.heading();
        let columns = match &self.calls {
            Some(_) => PromiseList::heading(cells),
            None => draw::heading(cells),
        };
        canvas.line(usize::from(heading), &columns);
        canvas.say(usize::from(heading), String::new);
        if !above.strip.is_empty() {
            canvas.say(1, || strip::said(&self.counts(), self.list.view().kind));
            for row in 2..=above.strip.len() {
                canvas.say(row, String::new);
            }
        }
        let (list, lower) = layout.list_and_lower(area);
        let cursor = self.draw_list(shared, list, paper);
        let Some(heading) = self.casework.heading() else {
            if self.narrow.is_open() {
                return self.narrow.draw(&self.list, lower, paper);
            }
            self.draw_lower(shared, lower, paper);
            return cursor;
        };
        Canvas::new(lower, paper).rule(0, &format!("-- {heading}"));
        let top = lower.y.saturating_add(1).min(lower.bottom());
        let editor = Rect { y: top, height: lower.bottom() - top, ..lower };
        self.casework.draw(shared, editor, paper)
    }

    /// Draws what a moved cursor leaves otherwise: the marker, the rows that came into view, and what is below the list; nothing
    /// where more than that may be another.
    pub(super) fn picture_of_cursor(
        &self,
        shared: &Shared,
        area: Rect,
        paper: &mut Paper<'_>,
    ) -> Option<Position> {
        let was = self.drawn_in(area).filter(|was| was.editor.is_none())?;
        if self.calls.is_some() || self.list.current().is_none() {
            return None;
        }
        let (list, lower) = was.layout.list_and_lower(area);
        let (rows, now) = self.list.visible(usize::from(list.height));
        // What is due goes by the time.
        if was.at != shared.now
            && rows.iter().any(|row| draw::is_due_otherwise(row, was.at, shared))
        {
            return None;
        }
        let number = rows.len();
        self.note_drawn(was.layout, shared, area);
        paper.renew(lower);
        self.draw_lower(shared, lower, paper);
        let before = self.list.position() - now as u64;
        if before != was.before {
            let by = before.cast_signed().saturating_sub(was.before.cast_signed());
            let by = isize::try_from(by).unwrap_or(isize::MAX);
            let fresh = paper.scroll(list, by);
            let places = |y: u16| usize::from(y - list.top());
            let fresh = places(fresh.top())..places(fresh.bottom());
            self.draw_cases(shared, list, fresh, paper);
        }
        // It moves on rows that stay, too.
        let mut canvas = Canvas::new(list, paper);
        for row in 0..number {
            canvas.marker(row, row == now);
        }
        Some(canvas.position(now, 0))
    }

    fn note_drawn(&self, layout: Layout, shared: &Shared, area: Rect) {
        let (_, cursor) = self.list.visible(usize::from(layout.list));
        self.drawn.set(Some(Drawn {
            at: shared.now,
            size: area.as_size(),
            editor: self.editor_height(area.width),
            layout,
            before: self.list.position() - cursor as u64,
        }));
    }

    /// The rows of each part, and what stands above the list.
    pub(super) fn layout(&self, shared: &Shared, area: Rect) -> (Layout, Above) {
        let above = self.above(shared, usize::from(area.width));
        let editor = self.editor_height(area.width);
        let (strip, news) = (above.strip.len(), above.news.len());
        (Layout::new(area.height, strip, news, above.flow.is_some(), editor), above)
    }

    /// The rows of what is open below the list, in so many cells.
    pub(super) fn editor_height(&self, cells: u16) -> Option<u16> {
        let editor = self.casework.is_open().then(|| self.casework.height(cells));
        editor.or_else(|| self.narrow.height(cells))
    }

    /// What stands above the list, in so many cells.
    pub(super) fn above(&self, shared: &Shared, cells: usize) -> Above {
        let mut strip = strip::rows(&self.counts(), self.list.view().kind, cells);
        let mut news =
            self.strip.as_ref().map(|board| news::lines(board, shared, cells)).unwrap_or_default();
        if let Some(words) = narrow::words(&self.list) {
            news::add_limit(&mut news, &words, cells);
        }
        if let Some((strip_rows, news_rows)) = self.head {
            strip.resize(strip.len().max(strip_rows), String::new());
            news::fit_into(&mut news, news_rows);
        }
        let flow = self.strip.as_ref().and_then(|board| flow::line(board, shared, cells));
        Above { strip, news, flow }
    }

    /// The lists of the strip, each with how many are in it, where that is known.
    pub(super) fn counts(&self) -> Vec<(ViewKind, Option<u64>)> {
        let known = |kind| {
            let views = &self.strip.as_ref()?.views;
            views.iter().find(|(view, _)| view.kind == kind).map(|(_, count)| *count)
        };
        let mut counts: Vec<_> =
            ViewKind::BOARD.into_iter().map(|kind| (kind, known(kind))).collect();
        let chosen = self.list.view().kind;
        // A step stands where its digit is.
        if let ViewKind::Step(step) = chosen {
            let waiting = self.strip.iter().flat_map(|strip| &strip.steps);
            let count = waiting.into_iter().find(|(known, _)| *known == step);
            let place = counts.iter_mut().find(|(kind, _)| *kind == ViewKind::Screening);
            if let Some(place) = place {
                *place = (chosen, count.map(|(_, count)| *count));
            }
        }
        if matches!(chosen, ViewKind::Mail | ViewKind::Unrouted) {
            counts.push((chosen, Some(self.list.total()).filter(|_| self.list.is_known())));
        }
        counts
    }

    fn rows_in_all(&self) -> usize {
        usize::try_from(self.list.total()).unwrap_or(usize::MAX)
    }

    fn header(&self, shared: &Shared, cells: usize) -> String {
        let unit = self.strip.as_ref().map_or(&shared.who.unit.name, |strip| &strip.unit.name);
        let zone = self.strip.as_ref().and_then(|strip| strip.zone.as_deref());
        let left = format!(
            "{}  {}  {}",
            unit.to_uppercase(),
            when::on_the_wall(zone, shared.now, &shared.zone),
            shared.who.caseworker.name,
        );
        let drafts = self.strip.as_ref().map_or(0, |strip| strip.drafts);
        let presence = &shared.presence;
        let made = if shared.who.office.is_made { "made office" } else { "" };
        let drafts = if drafts > 0 { news::counted(drafts, "draft") } else { String::new() };
        let call = if presence.contact.is_none() { "no call" } else { "" };
        let parts = [made, call, drafts.as_str()].into_iter().filter(|part| !part.is_empty());
        header(&left, &parts.collect::<Vec<_>>().join("  "), shared, cells)
    }

    /// Draws the cases on some rows of the list's area.
    fn draw_cases(&self, shared: &Shared, area: Rect, places: Range<usize>, paper: &mut Paper<'_>) {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let (rows, cursor) = self.list.visible(canvas.height());
        for (at, case) in rows.iter().enumerate().take(places.end).skip(places.start) {
            if self.list.gone() == Some(case.id) {
                let became = preview::gone(case, self.preview.as_ref(), shared);
                canvas.put(at, 1, &draw::gone_row(case, &became, cells), Meaning::Faint);
            } else {
                let (line, urgency) = draw::row(case, self.marks.has(case.id), shared, cells);
                canvas.put(at, 1, &line, Meaning::Plain);
                canvas.mean_cells(at, draw::DUE_COLUMNS, urgency);
            }
            // The marker is plain whatever its row is: that it moves on costs no more than itself.
            canvas.marker(at, at == cursor);
            let place = self.list.position() + at as u64 - cursor as u64;
            canvas.list(at, usize::try_from(place).unwrap_or(at), self.rows_in_all());
            canvas.say(at, || say::case(case, self.marks.has(case.id), shared));
        }
    }

    fn draw_list(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        if let Some(calls) = &self.calls {
            return calls.draw(shared, area, paper, &draw::invitation(ViewKind::Calls, shared));
        }
        self.draw_cases(shared, area, 0..usize::from(area.height), paper);
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        let (rows, cursor) = self.list.visible(canvas.height());
        if rows.is_empty() && (self.list.is_known() || !shared.who.may(Right::ReadCase)) {
            let words = match narrow::words(&self.list) {
                Some(_) => draw::invitation_under_limit(&self.list.narrowing().limit, shared),
                None => draw::invitation(self.list.view().kind, shared),
            };
            for (row, line) in (1..).zip(wrap(&words, cells.saturating_sub(6), 3)) {
                canvas.put(row, 3, &line, Meaning::Plain);
            }
        }
        canvas.position(cursor, 0)
    }

    fn draw_lower(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) {
        if let Some(calls) = &self.calls {
            let Some(row) = calls.current() else { return };
            let mut canvas = Canvas::new(area, paper);
            canvas.rule(0, &calls.title(row, shared, area.width));
            for (at, line) in (1..).zip(calls.detail(shared)) {
                canvas.line(at, &line);
            }
            return;
        }
        let mut canvas = Canvas::new(area, paper);
        let Some(row) = self.list.current() else { return };
        // A list that is none of the nine is named here.
        let list = match self.list.view().kind {
            ViewKind::Aged(age) => format!("   late {}", age.label()),
            _ => String::new(),
        };
        let all = self.list.is_whole().then(|| self.list.rows());
        let marks = self.marks.line(all, self.list.gone());
        let total = self.list.total().to_string();
        // No number follows the cursor: where it is is told once it rests.
        let position = (self.list.position() + 1).to_string();
        let is_told = shared.is_rested && self.list.gone().is_none();
        let position = if is_told { position.as_str() } else { "" };
        let position = fit_right(position, total.len());
        let of_list = format!("{position} of {total}{list}{marks}");
        canvas.rule(0, &preview::title(row, &of_list, canvas.width()));
        let mut lines = Vec::new();
        if let Some(why) = self.marks.why(row.id) {
            lines.push(format!("NOT   done: {why}"));
        }
        let shown = self.preview.as_ref().filter(|preview| preview.row.id == row.id);
        lines.push(if self.list.gone().is_some() {
            format!("gone  {}", preview::gone(row, shown, shared))
        } else {
            preview::having(row, shared)
        });
        let also = others::words(shared, &EntityId::Case(row.id));
        lines.extend(also.map(|also| format!("open  {also}")));
        let is_rested = shared.is_rested || self.list.gone().is_some();
        if let Some(shown) = shown.filter(|_| is_rested) {
            let spare = canvas.height().saturating_sub(1 + lines.len() + preview::LINES);
            // Where lines have rows to wrap into, none has to leave anything out.
            let cells = if spare > PREVIEW_WRAP_MAX { usize::MAX } else { canvas.width() };
            lines.extend(preview::lines(shown, shared, cells));
        }
        let room = canvas.height().saturating_sub(1);
        // Lines are wrapped only as far as every one of them still has its own row.
        let mut spare = room.saturating_sub(lines.len());
        let mut at = 1;
        for line in lines.iter().take(room) {
            let wrapped = wrap(&safe_line(line), canvas.width(), (spare + 1).min(PREVIEW_WRAP_MAX));
            spare = spare.saturating_sub(wrapped.len().saturating_sub(1));
            let first = at;
            for part in wrapped {
                canvas.line(at, &part);
                canvas.say(at, String::new);
                at += 1;
            }
            canvas.say(first, || preview::heard(shown, line));
        }
    }
}
