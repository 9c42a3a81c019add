//! What a terminal sends, to the real program in a real terminal: every key arrives, no text is taken for keys, and the
//! program ends when the line does.

use std::fs;
use std::sync::Arc;

use casedesk::desk::ViewKind;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Action, tcflow};

use crate::harness::{FakeDesk, TestScreen, case_row};
use crate::pty_terminal::Pty;

/// One person, and a program in whose office they are.
const WITH_SARA: &str = r"printf 'id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n' > $HOME/people.csv; $casedesk import people $HOME/people.csv; exec $casedesk";

const NO_TEXT: &str = "That came like a paste, and no text is open: nothing was done.";

fn is_help(screen: &vt100::Screen) -> bool {
    screen.contents().starts_with("KEYS  board")
}

#[test]
fn function_keys_arrive_from_every_terminal_and_in_pieces() {
    // F1 and Esc as the Linux console, a vt220's PF1, PuTTY and tmux send them, and a vt220 of eight bits.
    let terminals: [(&str, [&[u8]; 3]); 4] = [
        ("linux", [b"\x1b[[A", b"\x1b[[A", b"\x1b[[A"]),
        ("vt220", [b"\x1bOP", b"\x8fP", b"\x1bOP"]),
        ("xterm", [b"\x1bOP", b"\x1b[11~", b"\x1b[P"]),
        ("tmux", [b"\x1bOP", b"\x1b[11~", b"\x1bOP"]),
    ];
    for (terminal, keys) in terminals {
        let mut pty = Pty::start(&format!("TERM={terminal}; export TERM; exec $casedesk"));
        pty.wait_for("You have no cases.");
        for key in keys {
            for byte in key {
                pty.send(&[*byte]);
            }
            pty.wait("the help", is_help);
            // What means nothing presses nothing, and Esc is a key after its delay.
            pty.send(b"\x1b[?62;1;6c\x1b[99~\x1b]11;rgb:0/0/0\x1b\\\x1b");
            pty.wait_for("You have no cases.");
        }
        pty.press("\x1b[15~q");
        assert!(pty.has_ended(), "{terminal}");
    }
}

#[test]
fn letters_that_are_no_utf8_are_refused_with_what_to_do() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    pty.send(b"\xe5");
    pty.wait_for("set the terminal to UTF-8");
    pty.press("q");
    assert!(pty.has_ended());
}

#[test]
fn a_paste_where_no_text_is_open_does_nothing_and_says_so() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    // As a terminal pastes that knows no brackets; one that has shown that it does is believed.
    pty.press("Dear office,\rthe heating is off.\rq\rq\r");
    pty.wait_for(NO_TEXT);
    pty.press("g\x1b");
    pty.wait("the refusal gone", |screen| !screen.contents().contains(NO_TEXT));
    pty.press("\x1b[200~q\x1b[201~");
    pty.wait_for(NO_TEXT);
    pty.press("q");
    assert!(pty.has_ended());
}

#[test]
fn a_mebibyte_of_hostile_text_is_cut_and_presses_nothing() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    let line = "q\rZ\x1b[A\x03\x1a\x1bOP:quit\r \u{202e} ص ";
    let text = line.repeat((1 << 20) / line.len());
    pty.send(b"/\x1b[200~");
    pty.send(text.as_bytes());
    pty.send(b"\x1b[201~");
    pty.wait("a refusal", |screen| {
        let contents = screen.contents();
        contents.contains("characters of the paste are left out") && contents.contains("FIND  ")
    });
    // With a false end at its beginning, all that follows it is left out.
    pty.send(b"\x1b");
    pty.wait_for_board();
    pty.send(b"\x1b[200~name\x1b[201~");
    pty.send(text.as_bytes());
    pty.send(b"\x1b[201~");
    pty.wait_for("pretended to end");
    // Without brackets, and with lines as long as a page.
    let page = format!("{}\r", "quite a long line ".repeat(100));
    pty.send(page.repeat((1 << 20) / page.len()).as_bytes());
    pty.wait_for(NO_TEXT);
    pty.press("q");
    assert!(pty.has_ended());
}

#[test]
fn a_paste_without_brackets_goes_into_the_text_with_its_lines() {
    let mut pty = Pty::start(WITH_SARA);
    pty.wait_for_board();
    pty.press("/mohmdi\rntchou\r\r\r");
    pty.wait_for("what the citizen says");
    pty.press("The heating is off.\rSince Monday.\rq\r");
    pty.wait_for("Since Monday.");
    pty.wait("the lines", |screen| {
        let rows: Vec<String> = screen.rows(0, 80).collect();
        let first = rows.iter().position(|row| row.contains("The heating is off."));
        first.is_some_and(|first| rows[first + 1].contains("Since Monday."))
    });
    pty.signal(Signal::TERM);
    assert!(pty.has_ended());
}

#[test]
fn a_paste_that_is_refused_is_not_recorded_for_a_macro_either() {
    let rows = (1..5).map(|number| case_row(number, 1)).collect();
    let mut screen = TestScreen::open(Arc::new(FakeDesk::new().with_rows(ViewKind::Mine, rows)));
    screen.keys("R").paste("jj\njj");
    assert!(screen.status().starts_with(NO_TEXT), "{}", screen.status());
    assert!(screen.keys("jR").text().contains("\n keys  j\n"), "{}", screen.text());
}

#[test]
fn a_line_that_takes_no_bytes_keeps_nothing_from_ending() {
    for signal in [Signal::TERM, Signal::HUP] {
        let mut pty = Pty::start(WITH_SARA);
        pty.wait_for_board();
        pty.press("/mohmdi\rntchou\r\r\rThe heating is off");
        pty.wait_for("The heating is off");
        let line = pty.line();
        tcflow(&line, Action::OOff).unwrap();
        pty.press(&" since Monday".repeat(8));
        pty.signal(signal);
        assert!(pty.has_ended());
        tcflow(&line, Action::OOn).unwrap();
        let home = pty.home();
        let place = home.path().join("data");
        let mut pty = Pty::start_on(home, &place, "exec $casedesk");
        pty.wait_for("The heating is off");
    }
}

#[test]
fn whoever_stops_it_from_outside_gets_it_back_with_fg() {
    let mut pty = Pty::start(
        r#"set -m; sh -c 'echo $$ > $HOME/pid; exec $casedesk'; echo "stopped $?"; stty sane; read go; fg; echo "ended $?"; read end"#,
    );
    pty.wait_for_board();
    let id: i32 =
        fs::read_to_string(pty.home().path().join("pid")).unwrap().trim().parse().unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::STOP).unwrap();
    pty.wait_for("stopped 147");
    pty.press("\n");
    pty.wait("the board drawn anew", |screen| {
        let contents = screen.contents();
        contents.contains("You have no cases.") && !contents.contains("stopped")
    });
    // In raw mode again: a key needs no Enter.
    pty.press("g");
    pty.wait_for("b board");
    pty.press("\x1bq");
    pty.wait_for_words("ended 0");
}

#[test]
fn sizes_that_make_no_sense_and_storms_of_them_are_survived() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    for step in 0..200_u16 {
        pty.claim_size(40 + step, 10 + step % 40);
    }
    for (columns, rows) in [(u16::MAX, u16::MAX), (1, 1), (u16::MAX, 1), (2, 3), (0, 0)] {
        pty.claim_size(columns, rows);
    }
    // A terminal of no size is one of 80 columns and 24 rows.
    pty.wait("the footer on the last of 24 rows", |screen| {
        screen
            .rows(0, 80)
            .nth(23)
            .is_some_and(|row| row.contains("F1 help") || row.contains("? help"))
            && screen.contents().contains("You have no cases.")
    });
    pty.press("q");
    assert!(pty.has_ended());
}

#[test]
fn a_program_without_a_keyboard_says_so_and_ends() {
    let mut pty = Pty::start("$casedesk <&-; echo \"code $?\"; read end");
    pty.wait_for_words("The terminal program needs a terminal.");
    pty.wait_for_words("code 1");
}

#[test]
fn an_odd_terminal_can_be_asked_what_it_sends() {
    let mut pty = Pty::start("$casedesk keys press; echo \"code $?\"; read end");
    pty.wait_for("Esc twice ends it");
    pty.press("\x1b[[A");
    pty.wait_for("F1                        1b 5b 5b 41");
    pty.press("\x1b[31~");
    pty.wait_for("F17                       1b 5b 33 31 7e");
    pty.press("\x1b[?1;2c");
    pty.wait_for("nothing: an answer of the terminal");
    pty.press("\x1b\x1b");
    pty.wait_for_words("code 0");
}
