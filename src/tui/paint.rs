//! Puts text into the buffer: always made safe first, always cut to its room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::text::{clip, safe_line, width};

/// What is chosen or a heading: brighter, and always marked by something else, too.
pub(super) const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);

/// What is late or refused: always said in words or by a sign, too.
pub(super) const ALARM: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);

/// Puts text into a row of the area (counted from its top), from its left edge; nothing where the area has no such row.
/// Returns the cells that it took.
pub(super) fn line(buffer: &mut Buffer, area: Rect, row: u16, text: &str, style: Style) -> u16 {
    at(buffer, area, row, 0, text, style)
}

/// As [`line`], from a column of the area.
pub(super) fn at(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    column: u16,
    text: &str,
    style: Style,
) -> u16 {
    let area = area.intersection(*buffer.area());
    if row >= area.height || column >= area.width {
        return 0;
    }
    let safe = safe_line(text);
    let room = usize::from(area.width - column);
    let clipped = clip(&safe, room);
    buffer.set_stringn(area.x + column, area.y + row, &clipped, room, style);
    u16::try_from(width(&clipped)).unwrap_or(u16::MAX)
}
