//! The same desk across a socket: every story of the local desk is told again by the same test function, in a run of this
//! binary of its own, in which whatever a screen or a seat asks and does is carried by `RemoteDesk`.

use std::process::Command;

use crate::harness::{OVER_SOCKET, is_over_socket};

/// What is not told again, by module or by name, each with the reason; everything else is told again across the socket.
const LEFT_OUT: &[(&str, &str)] = &[
    ("architecture", "reads the sources"),
    ("audit", "files and processes of one desk: trails, anchors, syslog"),
    ("backup", "files of the store"),
    ("bidi", "text and the real program's terminal"),
    ("case_types", "texts of types, without a desk"),
    ("cli_commands", "runs the real program"),
    ("clocks", "due dates, without a desk"),
    ("codec", "bytes, without a desk"),
    ("doctor", "runs the real program"),
    ("documents", "runs the real program"),
    ("eight_tasks", "runs the real program in a terminal"),
    ("evaluate", "runs the real program"),
    ("faults", "kills processes and meddles with disks"),
    ("golden", "bytes of records"),
    (
        "hostile::screens::piles_of_ten_thousand_marks_and_lines_of_a_mebibyte_come_to_every_screen_as_their_beginning",
        "answers of more than a mebibyte, which no frame holds",
    ),
    ("holding_out", "runs the real program, and breaks the socket itself"),
    ("identity", "rules of numbers"),
    ("input", "runs the real program in a terminal"),
    ("keymap", "keys as data, without a desk"),
    ("install", "runs the real program, and the system's own tools"),
    ("kill", "kills the real program, which is across a socket already"),
    ("line", "is across a socket already, and breaks it"),
    ("live::who_else_has_a_case_open_is_said_across_the_socket", "is across a socket already"),
    ("link_remote", "compares both sides of a socket itself"),
    ("made", "acts of many at once, which only the desk's own process makes"),
    ("over_socket", "this one"),
    (
        "office_rush::an_office_is_measured_in_one_line_also_where_a_daemon_has_the_machine",
        "runs the real program",
    ),
    ("naive::commands", "the commands of the program, without a desk"),
    ("naive::exports", "runs the real program, which is across a socket already"),
    ("open_ssh", "runs the real program, behind a real OpenSSH server"),
    ("permit", "the pure matrix of rights"),
    ("plain_terminal", "runs the real program in a terminal"),
    ("plan", "what a type makes of a case, without a desk"),
    ("pty_terminal", "runs the real program in a terminal"),
    ("replay", "opens the past of a data directory in one process"),
    ("serve", "runs the real program, and breaks the socket itself"),
    ("said_time", "words of time, without a desk"),
    ("search_any_text", "the index itself"),
    ("search_bulk", "the index itself"),
    ("search_find", "the index itself"),
    ("search_index", "the index itself"),
    ("search_kin", "the index itself"),
    ("search_reindex", "the index itself"),
    ("search_unseen", "the index itself"),
    (
        "sight::only_those_whose_sight_has_changed_read_everything_again",
        "is across a socket already",
    ),
    ("store_damage", "files of the store"),
    ("store_failing", "files of the store"),
    ("store_laws", "files of the store"),
    ("store_open", "files of the store"),
    ("store_seals", "files of the store"),
    ("suggest", "words of closed cases, without a desk"),
    ("text", "text, without a desk"),
    ("thin", "the terminal's bytes"),
    ("verify_faults", "meddles with the records behind the desk"),
    ("visible_cli", "runs the real program"),
    ("wire", "runs the real program in a terminal"),
];

#[test]
fn every_story_of_the_desk_is_the_same_across_a_socket() {
    assert!(!is_over_socket(), "this is the run across the socket");
    let binary = std::env::current_exe().unwrap();
    let listed = Command::new(&binary).args(["--list", "--format", "terse"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let is_meant = |left_out: &str, name: &str| {
        name.strip_prefix(left_out).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    for (left_out, why) in LEFT_OUT {
        let is_there = names.iter().any(|name| is_meant(left_out, name));
        assert!(is_there, "{left_out} ({why}) is not there");
    }
    let is_told = |name: &&&str| !LEFT_OUT.iter().any(|(left_out, _)| is_meant(left_out, name));
    let told: Vec<&str> = names.iter().filter(is_told).copied().collect();
    assert!(told.len() > 100, "only {} stories were found", told.len());
    let mut run = Command::new(&binary);
    run.arg("--exact").args(&told).env(OVER_SOCKET, "1");
    let run = run.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let result = |line: &str| line.strip_prefix("test ").map(str::to_owned);
    let failed: Vec<String> =
        said.lines().filter(|line| line.ends_with("FAILED")).filter_map(result).collect();
    assert!(run.status.success() && failed.is_empty(), "{failed:#?}\n{}", tail(&said));
    let passed = said.lines().filter(|line| line.ends_with("... ok")).count();
    assert_eq!(passed, told.len(), "every story was told:\n{}", tail(&said));
}

/// The end of what a run said, where the failures are.
fn tail(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(120)..].join("\n")
}
