//! What each command of the program is: whether it writes what is in the office, so that the filter has to check it.

use std::collections::BTreeSet;

use casedesk::cli::command_line;

/// Commands that write what is in the office: `exports` runs each of them.
pub(crate) const EXPORTS: &[&str] = &[
    "find",
    "duplicates",
    "call",
    "case show",
    "case why",
    "case signatures",
    "person show",
    "contact list",
    "contact show",
    "promise list",
    "promise rates",
    "queue list",
    "queue show",
    "queue frequencies",
    "office show",
    "office units",
    "office unit",
    "office people",
    "office work",
    "office grants",
    "office roster",
    "office accesses",
    "reconcile",
    "fairness",
    "replay",
    "audit show",
    "audit export",
    "audit verify",
    "tables try",
    "status",
];

/// Commands that do something, and say that they did.
const ACTS: &[&str] = &[
    "case merge",
    "case unmerge",
    "case sign",
    "case send-back",
    "case take-back",
    "case correct",
    "person register",
    "person merge",
    "person unmerge",
    "promise make",
    "promise kept",
    "promise tried",
    "promise broken",
    "promise release",
    "office set",
    "office open-unit",
    "office lead",
    "office open-queue",
    "office enrol",
    "office grant",
    "office revoke",
    "office group",
    "office limit",
    "office absent",
    "office recall-minutes",
    "office back",
    "office gone",
    "office link",
    "office unlink",
    "office names",
    "office site",
    "office zone",
    "office known-contact",
    "office move-unit",
    "office rename-unit",
    "office emergency",
    "office give-back",
    "office purposes add",
    "office purposes retire",
    "message recall",
    "message returned",
    "duplicates not-same",
    "receipt",
    "sweep",
    "reindex",
    "import requests",
    "import people",
    "import events",
    "types publish",
    "tables publish",
    "calendar publish",
    "calendar import",
    "templates add",
];

/// Commands about the machine, a file or an office of their own, or about rules and texts, in which there is no citizen.
/// Copies and checks of the whole data directory are for whoever owns its files.
const ELSEWHERE: &[&str] = &[
    "demo",
    "verify",
    "tutor",
    "doctor",
    "evaluate search",
    "evaluate measure",
    "bench office",
    "bench peers",
    "bench kills",
    "bench daemon",
    "backup",
    "restore",
    "keys check",
    "keys show",
    "keys press",
    "templates check",
    "templates list",
    "templates example",
    "types check",
    "types list",
    "types show",
    "types diff",
    "types evaluate",
    "tables check",
    "tables list",
    "tables show",
    "calendar check",
    "calendar preview",
    "calendar list",
    "calendar show",
    "calendar presets",
    "office purposes list",
    "clocks compare",
    "install",
    "serve",
    "completions",
    "probe",
];

/// The commands of the program that have none below them, or do something themselves.
fn commands() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![(String::new(), command_line())];
    while let Some((name, command)) = waiting.pop() {
        let mut below = command.get_subcommands().peekable();
        let is_both = command.get_arguments().any(clap::Arg::is_positional);
        if !name.is_empty() && (below.peek().is_none() || is_both) {
            found.insert(name.clone());
        }
        for command in below {
            waiting.push((
                format!("{name} {}", command.get_name()).trim().to_owned(),
                command.clone(),
            ));
        }
    }
    found
}

#[test]
fn every_command_of_the_program_is_known_as_an_export_or_as_none() {
    let known = [EXPORTS, ACTS, ELSEWHERE].concat();
    assert_eq!(known.len(), known.iter().collect::<BTreeSet<_>>().len(), "each once");
    let known: BTreeSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
    let found = commands();
    let (new, gone): (Vec<_>, Vec<_>) =
        (found.difference(&known).collect(), known.difference(&found).collect());
    assert!(new.is_empty() && gone.is_empty(), "not known: {new:?}; not there: {gone:?}");
}
