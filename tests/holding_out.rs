//! What an office's daemon holds out against, in a small form of `casedesk bench`: hostile frames, peers that keep it
//! waiting, races, and kills. The full sizes are the commands' own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casedesk::desk::{AskWho, Desk};
use casedesk::link::{Entrance, Reception, RemoteDesk, Seated, ServerOptions, serve_at};
use serde_json::Value;

use crate::harness::program;
use crate::office::Office;
use crate::pty_terminal::Pty;

/// What a measurement prints, which is one line.
fn measured(arguments: &[&str]) -> Value {
    let mut run = program();
    let run = run.arg("bench").args(arguments).arg("--json").output().unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_str(&said).unwrap()
}

#[test]
fn hostile_frames_and_peers_that_keep_it_waiting_do_a_daemon_no_harm() {
    let said = measured(&[
        "peers", "--frames", "20000", "--sent", "3000", "--bad", "30", "--people", "60", "--cases",
        "120",
    ]);
    let (decoded, sent, bad) = (&said["decoded"], &said["sent"], &said["bad"]);
    assert_eq!((&decoded["frames"], &decoded["panics"]), (&20_000.into(), &0.into()), "{said}");
    assert!(decoded["kinds"].as_object().unwrap().len() == 6, "{said}");
    assert_eq!((&sent["frames"], &sent["errors"]), (&3_000.into(), &0.into()), "{said}");
    assert_eq!((&sent["panics"], &sent["honest_failed"]), (&0.into(), &0.into()), "{said}");
    assert_eq!((&bad["peers"], &bad["left_open"]), (&30.into(), &0.into()), "{said}");
    assert_eq!((&bad["panics"], &bad["honest_failed"]), (&0.into(), &0.into()), "{said}");
}

#[test]
fn nothing_that_a_killed_daemon_acknowledged_is_lost_or_done_twice() {
    let said = measured(&["kills", "--kills", "4", "--clients", "3"]);
    assert_eq!((&said["ok"], &said["kills"]), (&true.into(), &4.into()), "{said}");
    assert_eq!((&said["lost"], &said["found_twice"]), (&0.into(), &0.into()), "{said}");
    let (acknowledged, cases) = (said["acknowledged"].as_u64(), said["cases"].as_u64());
    assert!(acknowledged > Some(8) && cases > Some(2), "{said}");
}

#[test]
fn whoever_waits_for_a_long_measurement_sees_how_far_it_is() {
    let mut terminal = Pty::start("exec $casedesk bench kills --kills 4 --clients 2");
    terminal.wait_for("daemons killed");
    terminal.wait_for("4 kills");
    assert!(terminal.has_ended());
}

#[test]
fn sessions_that_race_have_one_winner_each_and_the_others_are_told() {
    let said =
        measured(&["office", "--sessions", "12", "--race", "--people", "60", "--cases", "240"]);
    assert_eq!(said["ok"], true, "{said}");
    for race in ["named", "next"] {
        let raced = &said[race];
        assert!(raced["cases"].as_u64() > Some(2) && raced["cases"] == raced["won"], "{said}");
    }
    assert_eq!(said["named"]["losers_told"], said["named"]["losers"], "{said}");
    let cases = said["named"]["cases"].as_u64().unwrap();
    assert_eq!(said["named"]["losers"], cases * 11, "{said}");
}

#[test]
fn a_session_that_panics_gives_its_place_back() {
    let office = Office::new();
    let data = tempfile::tempdir().unwrap();
    let (desk, is_first) = (Arc::clone(&office.desk), AtomicBool::new(true));
    let reception: Reception = Arc::new(move |_| {
        assert!(!is_first.swap(false, Ordering::SeqCst), "the first caller finds nobody in");
        let desk = Arc::new(desk.sign_in("karimi", None)?);
        Ok(Seated { desk, account: "karimi".to_owned(), sees_sessions: true })
    });
    let options =
        ServerOptions { sessions_max: 1, sessions_a_user_max: 1, ..ServerOptions::default() };
    let entrance = Entrance::of_data(data.path(), reception).unwrap();
    let _server = serve_at(vec![entrance], options).unwrap();
    assert!(RemoteDesk::connect(data.path(), None).is_err(), "its conversation ends");
    // It hangs up before it gives the place back.
    let next = std::iter::repeat_with(|| RemoteDesk::connect(data.path(), None))
        .take(1_000)
        .find_map(Result::ok);
    let next = next.expect("the only place is free again");
    assert!((&next as &dyn Desk).ask(AskWho {}).is_ok());
}
