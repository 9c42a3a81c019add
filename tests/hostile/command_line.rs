//! Every subcommand with hostile arguments, a hostile environment, hostile files and a hostile desk behind the socket: what
//! it prints is safe for a terminal.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use casedesk::cli::command_line;
use casedesk::desk::Desk;
use casedesk::link::{SignIn, serve};
use casedesk::store::{OpenOptions, SledStore};
use clap::builder::ValueParser;
use clap::{Arg, ArgAction};

use super::desk::{HostileDesk, full_desk_over};
use super::payload::{harm_in, pieces};
use super::rewriting::Words;
use crate::harness::{OWN_DESK, PROGRAM};

/// What is at once a control, a change of direction, a tag, an OSC sequence and a pile, as an argument may be: without NUL.
const HOSTILE: &str = "\u{1b}]0;t\u{7}\u{9b}2J\u{202e}\u{e0041}\u{200b}\u{7f}\n\u{fffe}Z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}";
/// The bytes of a lone surrogate, which are not UTF-8.
const SURROGATE: &[u8] = b"\xed\xa0\x80\x1b[2J";
/// What an argument that is neither text nor path may be.
const PLAIN: [&str; 9] =
    ["1", "C-1", "P-1", "R-1", "G-1", "2026-08-21", "+2h", "housing", "request"];
/// Subcommands that are left out: they measure for minutes, make what they need to ask nobody for, or wait for the database
/// that the test holds.
const LEFT_OUT: [&str; 4] = ["evaluate", "demo", "help", "probe"];

/// What no subcommand takes, however busy the machine is, and the code with which `timeout` says that one did.
const SECONDS_MAX: &str = "60";
const TIMED_OUT: i32 = 124;

/// How hostile the values of arguments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Every value is hostile, whatever it should be.
    Everywhere,
    /// Texts and paths are, and everything else is as it should be, so that the command gets to them.
    WhereItMay,
    /// As that, with paths that are not UTF-8.
    Bytes,
    /// Nothing is: what is hostile comes from the desk.
    Nowhere,
}

/// A subcommand by its names, and its arguments.
fn leaves() -> Vec<(Vec<String>, Vec<Arg>)> {
    let mut leaves = Vec::new();
    let mut waiting = vec![(Vec::new(), command_line())];
    while let Some((names, command)) = waiting.pop() {
        let below = command.get_subcommands().filter(|below| !LEFT_OUT.contains(&below.get_name()));
        let below: Vec<_> = below.cloned().collect();
        if below.is_empty() {
            leaves.push((names, command.get_arguments().cloned().collect()));
            continue;
        }
        for command in below {
            let names = [names.as_slice(), &[command.get_name().to_owned()]].concat();
            waiting.push((names, command));
        }
    }
    leaves
}

/// A value that the parser takes.
fn plain_value(parser: &ValueParser) -> OsString {
    if let Some(possible) = parser.possible_values().and_then(|mut values| values.next()) {
        return possible.get_name().into();
    }
    let takes = |value: &&&str| {
        let arg = Arg::new("value").value_parser(parser.clone());
        clap::Command::new("x").arg(arg).try_get_matches_from(["x", **value]).is_ok()
    };
    PLAIN.iter().find(takes).copied().unwrap_or("1").into()
}

fn value_of(arg: &Arg, how: How) -> OsString {
    let parser = arg.get_value_parser();
    let is_path = parser.type_id() == TypeId::of::<std::path::PathBuf>();
    let is_text = parser.type_id() == TypeId::of::<String>();
    match how {
        How::Everywhere => HOSTILE.into(),
        How::Bytes if is_path => OsString::from_vec(SURROGATE.to_vec()),
        How::WhereItMay if is_path || is_text => HOSTILE.into(),
        How::Bytes if is_text => HOSTILE.into(),
        How::WhereItMay | How::Bytes | How::Nowhere => plain_value(parser),
    }
}

/// The arguments of a subcommand. Options that are not asked for are left out where nothing is to be hostile.
fn arguments(names: &[String], args: &[Arg], how: How) -> Vec<OsString> {
    let mut line: Vec<OsString> = names.iter().map(OsString::from).collect();
    for arg in args {
        let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
        let is_left_out = how == How::Nowhere && !arg.is_required_set();
        let of_program = ["data", "acting_as", "json", "help", "version"];
        if !takes_value || is_left_out || of_program.contains(&arg.get_id().as_str()) {
            continue;
        }
        match arg.get_long() {
            Some(long) => {
                let mut option = OsString::from(format!("--{long}="));
                option.push(value_of(arg, how));
                line.push(option);
            }
            None => line.push(value_of(arg, how)),
        }
    }
    line
}

fn run(home: &Path, data: &OsStr, line: &[OsString]) -> Output {
    let is_own = |word: &OsString| word.as_encoded_bytes().starts_with(b"--config");
    let output = Command::new("timeout")
        .args([SECONDS_MAX, PROGRAM])
        .args(OWN_DESK.iter().filter(|_| !line.iter().any(is_own)))
        .args(line)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("CASEDESK_DATA", data)
        .env("USER", HOSTILE)
        .env("TERM", HOSTILE)
        .env("LANG", HOSTILE)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(TIMED_OUT), "{line:?} does not end");
    output
}

/// Asserts that nothing was printed that a terminal would obey, and that nothing panicked.
fn assert_harmless(output: &Output, line: &[OsString]) {
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = std::str::from_utf8(bytes)
            .unwrap_or_else(|error| unreachable!("{line:?}: {stream} is no UTF-8: {error}"));
        for printed in text.lines() {
            let harm = harm_in(printed);
            assert_eq!(harm, None, "{line:?}: {stream}");
        }
        assert!(!text.contains("a fault of the program itself"), "{line:?}: {text}");
    }
}

#[test]
fn no_argument_and_no_variable_comes_to_the_terminal_as_it_was_given() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join(OsStr::from_bytes(b"of\x1b[2J\xffice"));
    for (names, args) in leaves() {
        for how in [How::Everywhere, How::WhereItMay, How::Bytes] {
            let mut line = arguments(&names, &args, how);
            assert_harmless(&run(place.path(), data.as_os_str(), &line), &line);
            if how == How::WhereItMay {
                line.push("--json".into());
                assert_harmless(&run(place.path(), data.as_os_str(), &line), &line);
            }
        }
    }
    for line in [&[HOSTILE][..], &["--data"], &["--json", HOSTILE], &["case", HOSTILE]] {
        let line: Vec<OsString> = line.iter().map(OsString::from).collect();
        assert_harmless(&run(place.path(), data.as_os_str(), &line), &line);
    }
}

#[test]
fn whatever_a_desk_answers_every_subcommand_prints_it_harmless() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("office");
    // Whoever holds the database answers for it.
    let store = Arc::new(SledStore::open(&data, OpenOptions::default(), &|_| {}).unwrap());
    let inner = full_desk_over(store.clone());
    let desk: Arc<dyn Desk> = Arc::new(HostileDesk::new(inner, Words::of(pieces(), 0)));
    let sign_in: SignIn = Arc::new(move |_account| Ok(Arc::clone(&desk)));
    let _server = serve(&data, sign_in).unwrap();
    let mut hostile = 0;
    // A bench asks a daemon of its own for as long as it is told to.
    let asking =
        leaves().into_iter().filter(|(names, _)| names.first().is_none_or(|name| name != "bench"));
    for (names, args) in asking {
        for is_json in [false, true] {
            let mut line = arguments(&names, &args, How::Nowhere);
            line.extend(is_json.then(|| "--json".into()));
            let output = run(place.path(), data.as_os_str(), &line);
            assert_harmless(&output, &line);
            let text = String::from_utf8_lossy(&output.stdout);
            hostile +=
                usize::from(text.contains("^[") || text.contains("\\u00") || text.contains('<'));
        }
    }
    assert!(hostile > 20, "only {hostile} answers had anything hostile in them");
}

#[test]
fn a_hostile_file_is_refused_in_safe_words_by_whoever_reads_it() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("office");
    let name = OsStr::from_bytes(b"fi\x1b[2Jle\xc2\x9b1m.toml");
    let file = place.path().join(name);
    let texts: [Vec<u8>; 5] = [
        format!("{HOSTILE} = \"{HOSTILE}\"\n[{HOSTILE}]\n").into_bytes(),
        format!("format = 1\nname = \"x\"\n[board]\n\"j\" = \"{HOSTILE}\"\n").into_bytes(),
        "[board]\n\"j\" = \"\u{202e}list\u{e0041}.down\"\n".as_bytes().to_vec(),
        format!("id,given,family,birth_date,phone,{HOSTILE}\n1,\"{HOSTILE}\",\"x\u{202e}\",{HOSTILE},{HOSTILE},\n")
            .into_bytes(),
        SURROGATE.to_vec(),
    ];
    let config = place.path().join(".config/casedesk");
    std::fs::create_dir_all(&config).unwrap();
    for text in texts {
        std::fs::write(&file, &text).unwrap();
        std::fs::write(config.join("config.toml"), "").unwrap();
        for command in [
            &["keys", "check"][..],
            &["import", "people"],
            &["import", "people", "--mapping"],
            &["import", "requests", "--mapping", "nyc-council"],
            &["templates", "check"],
            &["templates", "add"],
            &["office", "calendar", "set"],
            &["restore"],
            &["audit", "verify"],
        ] {
            for is_json in [false, true] {
                let mut line: Vec<OsString> = command.iter().map(OsString::from).collect();
                line.push(file.clone().into());
                line.extend(is_json.then(|| "--json".into()));
                assert_harmless(&run(place.path(), data.as_os_str(), &line), &line);
            }
        }
        // As preferences, which every command reads.
        std::fs::write(config.join("config.toml"), &text).unwrap();
        for line in [&["keys", "show"][..], &["find", "sara"]] {
            let line: Vec<OsString> = line.iter().map(OsString::from).collect();
            assert_harmless(&run(place.path(), data.as_os_str(), &line), &line);
        }
    }
}
