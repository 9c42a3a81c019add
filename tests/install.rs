//! What `casedesk install` prints is what systemd and sshd take, and writing it overwrites nothing.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::tempdir;

use crate::harness::{PROGRAM, program};

fn casedesk(arguments: &[&str]) -> Output {
    program().args(arguments).env_clear().env("HOME", "/nonexistent").output().unwrap()
}

fn printed(part: &str) -> String {
    let output = casedesk(&["install", "--print", "--only", part]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Names a test that is left out, and why, to whoever runs the tests: past what the runner keeps of a test that passes.
#[expect(
    clippy::explicit_write,
    reason = "what the runner keeps of a test is what the macros print"
)]
pub(crate) fn leave_out(test: &str, why: &str) {
    writeln!(std::io::stderr(), "left out: {test}, for {why}").unwrap();
}

/// Whether a tool of the system is here; its test is named as left out where it is not.
pub(crate) fn is_here(tool: &str, test: &str) -> bool {
    let is_found = Path::new(tool).exists();
    if !is_found {
        leave_out(test, &format!("there is no {tool}"));
    }
    is_found
}

#[test]
fn every_file_is_printed_below_its_path_and_one_alone_without() {
    let all = String::from_utf8(casedesk(&["install", "--print"]).stdout).unwrap();
    for path in ["casedesk.service", "casedesk.socket", "sysusers.d", "tmpfiles.d", "config.toml"] {
        assert!(
            all.lines().any(|line| line.starts_with("# ==== /") && line.contains(path)),
            "{path}"
        );
    }
    assert!(all.contains("DisableForwarding yes") && all.contains("/etc/shells (add this line)"));
    assert!(!printed("config").contains("# ===="));
    assert_eq!(printed("shells"), "/usr/bin/casedesk\n");
    let json = String::from_utf8(casedesk(&["install", "--print", "--json"]).stdout).unwrap();
    assert_eq!(json.lines().count(), 1);
    assert!(!casedesk(&["install"]).status.success(), "it wants to be told what to do");
}

#[test]
fn files_are_written_readable_for_all_and_never_over_others() {
    let root = tempdir().unwrap();
    let into = root.path().to_str().unwrap();
    let config = root.path().join("etc/casedesk/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::write(&config, "mode = \"desk\"\n").unwrap();
    let output = casedesk(&["install", "--into", into]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("config.toml is there already and stays as it is."), "{said}");
    assert_eq!(fs::read_to_string(&config).unwrap(), "mode = \"desk\"\n");
    let unit = root.path().join("usr/lib/systemd/system/casedesk.service");
    assert_eq!(fs::read_to_string(&unit).unwrap(), printed("service"));
    assert_eq!(fs::metadata(&unit).unwrap().permissions().mode() & 0o777, 0o644);
    assert!(!root.path().join("etc/shells").exists(), "that file belongs to everybody");
    assert!(said.contains("Next: systemd-sysusers, systemd-tmpfiles --create,"), "{said}");
    let one = casedesk(&["install", "--into", into, "--only", "config"]);
    let said = String::from_utf8(one.stdout).unwrap();
    assert!(said.contains("systemctl restart casedesk") && !said.contains("sysusers"), "{said}");
}

#[test]
fn the_group_that_may_call_is_the_same_everywhere_and_the_daemon_can_give_its_socket_to_it() {
    assert!(printed("config").lines().any(|line| line == "socket_group = \"casedesk-users\""));
    assert!(printed("socket").lines().any(|line| line == "SocketGroup=casedesk-users"));
    let accounts = printed("sysusers");
    for line in ["g casedesk-users -", "m casedesk casedesk-users"] {
        assert!(accounts.lines().any(|own| own == line), "{line}");
    }
}

#[test]
fn systemd_takes_the_units() {
    let tool = "/usr/bin/systemd-analyze";
    if !is_here(tool, "install::systemd_takes_the_units") {
        return;
    }
    let directory = tempdir().unwrap();
    let service = directory.path().join("casedesk.service");
    fs::write(&service, printed("service").replace("/usr/bin/casedesk", PROGRAM)).unwrap();
    fs::write(directory.path().join("casedesk.socket"), printed("socket")).unwrap();
    let verified = Command::new(tool).arg("verify").arg(&service).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    let about_ours: Vec<&str> = said.lines().filter(|line| line.contains("casedesk.")).collect();
    assert!(about_ours.is_empty(), "{about_ours:#?}");
}

#[test]
fn sshd_takes_its_part() {
    let tool = "/usr/sbin/sshd";
    if !is_here(tool, "install::sshd_takes_its_part") {
        return;
    }
    let directory = tempdir().unwrap();
    let key = directory.path().join("key");
    let mut maker = Command::new("ssh-keygen");
    let made = maker.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    assert!(made.unwrap().success());
    let config = directory.path().join("sshd_config");
    fs::write(&config, format!("HostKey {}\n{}", key.display(), printed("sshd"))).unwrap();
    let checked = Command::new(tool).arg("-t").arg("-f").arg(&config).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    // Where it lacks its own directory, it has read the configuration by then.
    assert!(checked.status.success() || said.contains("privilege separation"), "{said}");
}
