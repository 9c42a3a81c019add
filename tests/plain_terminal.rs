//! The plain mode of the real program at a real terminal: pages, Ctrl-C, Ctrl-Z, a line that drops, letters that it lacks.

use std::sync::Arc;

use rustix::process::Signal;

use crate::pty_terminal::Pty;

/// A person whose name ASCII has not.
const PEOPLE: &str = r"id,given,family,birth_date,phone\n1,Åse,Ødegård,1986-03-02,91234567\n";

/// A script that registers them, and then this.
fn after_people(script: &str) -> String {
    format!(
        "printf '{PEOPLE}' > $HOME/people.csv; $casedesk import people $HOME/people.csv; {script}"
    )
}

/// Waits until this is asked on the last line.
fn wait_for_prompt(pty: &mut Pty, prompt: &str) {
    pty.wait(prompt, |screen| {
        let said = screen.contents();
        said.lines().last().is_some_and(|line| line.trim_end().ends_with(prompt))
    });
}

#[test]
fn a_terminal_that_can_do_no_more_gets_lines_and_is_told_why() {
    for (term, why) in [("TERM=dumb", "TERM is dumb, so"), ("unset TERM;", "TERM is not set, so")] {
        let mut pty = Pty::start(&format!("{term} exec $casedesk"));
        pty.wait_for(why);
        wait_for_prompt(&mut pty, "board>");
        pty.press("help all\n");
        wait_for_prompt(&mut pty, "more lines: Enter>");
        pty.press("\n");
        pty.wait("the next page", |screen| screen.contents().matches("more lines").count() > 1);
        pty.press("board\n");
        wait_for_prompt(&mut pty, "board>");
        pty.press("quit\n");
        assert!(pty.has_ended());
    }
}

#[test]
fn letters_that_the_locale_has_not_are_said_in_those_of_ascii_and_refused_where_they_are_no_text() {
    let mut pty = Pty::start(&after_people("exec $casedesk --plain"));
    wait_for_prompt(&mut pty, "board>");
    pty.press("find odegard\n");
    pty.wait_for("Odegard, Ase");
    pty.send(b"find \xd8deg\n");
    pty.wait_for("bytes that are no letter");
    pty.wait("only ASCII", |screen| screen.contents().is_ascii());
    pty.press("quit\n");
    assert!(pty.has_ended());
    let script = "LANG=nb_NO.UTF-8 exec $casedesk --plain";
    let mut pty = Pty::start(&after_people(script));
    wait_for_prompt(&mut pty, "board>");
    pty.press("find odegard\n");
    pty.wait_for("Ødegård, Åse");
}

#[test]
fn control_c_leaves_an_entry_and_twice_ends_with_the_draft_kept() {
    let mut pty = Pty::start("exec $casedesk --plain");
    wait_for_prompt(&mut pty, "board>");
    pty.press("new\nt\nc\n");
    wait_for_prompt(&mut pty, "subject>");
    pty.press("\x03");
    pty.wait_for("Ctrl-C once more ends casedesk.");
    wait_for_prompt(&mut pty, "board>");
    pty.press("drafts\n");
    pty.wait_for("intake");
    wait_for_prompt(&mut pty, "drafts>");
    pty.press("\x03");
    pty.wait("told again", |screen| screen.contents().matches("Ctrl-C once more").count() > 1);
    pty.press("\x03");
    assert!(pty.has_ended());
}

#[test]
fn whoever_comes_back_after_control_z_is_asked_again() {
    let mut pty = Pty::start(
        r#"set -m; $casedesk --plain; echo "stopped $?"; read go; fg; echo "ended $?"; read end"#,
    );
    wait_for_prompt(&mut pty, "board>");
    pty.press("\x1a");
    pty.wait_for("stopped 148");
    pty.press("\n");
    wait_for_prompt(&mut pty, "board>");
    pty.press("quit\n");
    pty.wait_for("ended 0");
}

#[test]
fn a_line_that_drops_ends_the_plain_mode_with_the_draft_kept() {
    let mut pty = Pty::start("exec $casedesk --plain");
    wait_for_prompt(&mut pty, "board>");
    pty.press("new\nt\nc\n");
    wait_for_prompt(&mut pty, "subject>");
    pty.signal(Signal::HUP);
    assert!(pty.has_ended());
    let home = pty.home();
    let place = home.path().join("data");
    drop(pty);
    let mut pty = Pty::start_on(Arc::clone(&home), &place, "exec $casedesk --plain");
    pty.wait_for("via: t tel, chosen");
}
