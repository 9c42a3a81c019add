//! What typing, pasting and moving do to a text.

use super::*;
use ratatui::layout::Rect;

use crate::tui::Sheet;
use crate::tui::look::Look;
use crate::tui::paint::Paper;

#[test]
fn a_line_takes_no_control_and_no_more_than_it_holds() {
    let mut field = TextField::line(4);
    assert_eq!(field.paste("a\nb"), Written::Changed);
    assert_eq!(field.text(), "a b");
    assert!(matches!(field.paste("\u{1b}"), Written::Refused(_)));
    assert!(matches!(field.paste("cd"), Written::Refused(_)));
    assert_eq!(field.key(Key::char('c')), Written::Changed);
    assert_eq!(field.text(), "a bc");
}

#[test]
fn an_undo_leaves_the_cursor_in_the_text() {
    let mut field = TextField::block(100);
    field.set("one\ntwo");
    field.set_cursor(2);
    for letter in "xyz".chars() {
        field.key(Key::char(letter));
    }
    for _ in 0..9 {
        field.key(Key::control('u'));
    }
    field.key(Key::char('!'));
    assert_eq!(field.text(), "on!e\ntwo");
}

#[test]
fn a_line_is_edited_in_the_middle_and_refuses_what_a_terminal_would_obey() {
    let mut line = TextField::line(8);
    line.paste_keepable("ab\u{1b}[d\n");
    assert_eq!(line.text(), "ab[d");
    line.key(Key::plain(KeyCode::Left));
    line.key(Key::plain(KeyCode::Backspace));
    line.key(Key::char('c'));
    assert_eq!(line.text(), "abcd");
    line.paste_keepable("efghij");
    assert_eq!(line.text().len(), 8, "no more than its bytes");
}

#[test]
fn a_long_line_shows_the_cursor_even_in_no_room_at_all() {
    let mut line = TextField::line(300);
    line.set("a very long line that is not in view");
    for width in 0..12 {
        let area = Rect::new(0, 0, width, 1);
        let mut sheet = Sheet::new(area);
        let mut paper = Paper::new(&mut sheet, Look::default());
        let mut canvas = Canvas::new(area, &mut paper);
        let cells = canvas.width();
        assert!(line.draw_in_row(&mut canvas, 0, 0, cells) <= cells);
    }
}

#[test]
fn a_text_moves_between_its_lines_and_leaves_at_its_ends() {
    let mut block = TextField::block(100);
    block.set("one\ntwo\nthree");
    assert_eq!(Handled::from(block.key(Key::plain(KeyCode::Down))), Handled::No);
    assert_eq!(Handled::from(block.key(Key::plain(KeyCode::Up))), Handled::Yes);
    block.key(Key::char('!'));
    assert_eq!(block.text(), "one\ntwo!\nthree");
    block.key(Key::plain(KeyCode::Up));
    assert_eq!(Handled::from(block.key(Key::plain(KeyCode::Up))), Handled::No);
}

#[test]
fn the_cursor_moves_over_whole_clusters_and_an_undo_gives_one_back() {
    let mut block = TextField::block(100);
    block.set("ae\u{301}\nb");
    block.set_cursor(3);
    block.key(Key::plain(KeyCode::Left));
    block.key(Key::char('x'));
    assert_eq!(block.text(), "axe\u{301}\nb");
    block.key(Key::plain(KeyCode::Delete));
    assert_eq!(block.text(), "ax\nb");
    block.key(Key::plain(KeyCode::Delete));
    assert_eq!(block.text(), "axb");
    block.key(Key::control('u'));
    block.key(Key::control('u'));
    assert_eq!(block.text(), "axe\u{301}\nb");
}

#[test]
fn control_u_clears_a_line_from_anywhere_in_it() {
    let mut line = TextField::line(100);
    line.set("sara mohamedi");
    line.set_cursor(4);
    assert_eq!(line.key(Key::control('u')), Written::Changed);
    assert_eq!(line.text(), "");
    assert_eq!(line.key(Key::control('u')), Written::Same);
    line.key(Key::char('x'));
    assert_eq!(line.text(), "x");
}
