//! The report of `casedesk doctor`, for people: 79 columns, and what wants attention last, where the eye stays.

use crate::text::{amount_of_bytes, fit, fit_right, grouped, width, wrap};

use super::premises::Thing;
use super::{KindAnswer, Report};

/// Columns of the report.
const COLUMNS: usize = 79;
/// Columns of what stands at the left of a line.
const LEFT: usize = 24;
/// Columns of each number.
const NUMBER: usize = 16;
/// Lines that one piece of advice takes at most.
const ADVICE_LINES_MAX: usize = 12;

/// The lines of a report.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("DATA  {}", report.data)];
    if let Some(holder) = &report.beside {
        lines.push(format!("open  {holder}; this was asked of it"));
    }
    lines.push(format!("state {}", report.state));
    if !report.kinds.is_empty() {
        lines.push(String::new());
        lines.extend(table(&report.kinds));
    }
    if let (Some(commits), Some(events)) = (report.commits, report.events) {
        lines.push(format!(
            "{} commits, {} events in the audit chain",
            grouped(commits),
            grouped(events)
        ));
    }
    lines.push(String::new());
    lines.extend(on_disk(report));
    lines.push(String::new());
    if report.attention.is_empty() {
        lines.push("Nothing wants attention.".to_owned());
    } else {
        lines.push("WANTS ATTENTION".to_owned());
    }
    for advice in &report.attention {
        let wrapped = wrap(advice, COLUMNS - 2, ADVICE_LINES_MAX);
        let marks = std::iter::once("- ").chain(std::iter::repeat("  "));
        lines.extend(marks.zip(wrapped).map(|(mark, line)| format!("{mark}{line}")));
    }
    lines
}

fn table(kinds: &[KindAnswer]) -> Vec<String> {
    let row = |left: &str, numbers: [String; 3]| {
        let numbers: String = numbers.iter().map(|number| fit_right(number, NUMBER)).collect();
        format!("{}{numbers}", fit(left, LEFT))
    };
    let mut lines = vec![row("KEYS", ["number", "key bytes", "value bytes"].map(str::to_owned))];
    let mut group = "";
    let (mut keys, mut key_bytes, mut value_bytes) = (0, 0, 0);
    for kind in kinds {
        if kind.group != group {
            group = kind.group;
            lines.push(group.to_owned());
        }
        keys += kind.keys;
        key_bytes += kind.key_bytes;
        value_bytes += kind.value_bytes;
        let sizes = [kind.key_bytes, kind.value_bytes].map(amount_of_bytes);
        let [key_size, value_size] = sizes;
        lines.push(row(&format!("  {}", kind.kind), [grouped(kind.keys), key_size, value_size]));
    }
    let sizes = [key_bytes, value_bytes].map(amount_of_bytes);
    let [key_size, value_size] = sizes;
    lines.push(row("all", [grouped(keys), key_size, value_size]));
    lines
}

fn on_disk(report: &Report) -> Vec<String> {
    let premises = &report.premises;
    let line = |left: &str, words: String| {
        let room = COLUMNS - LEFT / 2;
        let words = if width(&words) > room { fit(&words, room) } else { words };
        format!("{}{words}", fit(left, LEFT / 2))
    };
    let segments = match premises.segments {
        1 => "1 segment".to_owned(),
        many => format!("{many} segments"),
    };
    let checkpoint = report.checkpoint_age_seconds.map_or_else(
        || "no checkpoint yet".to_owned(),
        |seconds| format!("last checkpoint {} ago", age(seconds)),
    );
    let free = premises.free_bytes.map_or_else(|| "unknown".to_owned(), amount_of_bytes);
    let floor = amount_of_bytes(report.floor_bytes);
    let mut lines = vec![
        "ON DISK".to_owned(),
        line("journal", format!("{} in {segments}", amount_of_bytes(premises.journal_bytes))),
        line("database", format!("{}, {checkpoint}", amount_of_bytes(premises.database_bytes))),
        line("snapshots", snapshots(&premises.snapshots)),
    ];
    for aside in &premises.set_aside {
        lines.push(line("set aside", format!("{}, {}", aside.name, amount_of_bytes(aside.bytes))));
    }
    let ballast = premises.ballast.as_ref();
    let ballast = ballast.map_or_else(
        || "none".to_owned(),
        |found| format!("{}, to open on a full disk", amount_of_bytes(found.bytes)),
    );
    lines.push(line("ballast", ballast));
    lines.push(line("free", format!("{free}; changes are accepted down to {floor}")));
    let backup = report.backup.as_ref().map_or_else(
        || "none is known".to_owned(),
        |backup| format!("{} ago: {}", age(backup.age_seconds), backup.what),
    );
    lines.push(line("backup", backup));
    let anchors = premises.anchors.as_ref().map_or_else(
        || "none".to_owned(),
        |found| format!("last written {} ago", age(found.age_seconds.unwrap_or_default())),
    );
    let syslog = if premises.has_syslog { "/dev/log is there" } else { "there is no /dev/log" };
    lines.push(line("anchors", format!("{anchors}; {syslog}")));
    lines.push(String::new());
    let memory = report.memory_bytes.map_or_else(|| "unknown".to_owned(), amount_of_bytes);
    let cache = amount_of_bytes(report.cache_bytes);
    lines.push(line("memory", format!("{memory}; the page cache may take {cache}")));
    lines
}

fn snapshots(snapshots: &[Thing]) -> String {
    let Some(first) = snapshots.first() else { return "none".to_owned() };
    let bytes = snapshots.iter().map(|snapshot| snapshot.bytes).sum();
    let ages = || snapshots.iter().filter_map(|snapshot| snapshot.age_seconds);
    match (ages().min(), ages().max()) {
        (Some(newest), Some(oldest)) if snapshots.len() > 1 => format!(
            "{}, {}; the newest {} old, the oldest {} old",
            snapshots.len(),
            amount_of_bytes(bytes),
            age(newest),
            age(oldest)
        ),
        (Some(only), _) => format!("{}, {}, {} old", first.name, amount_of_bytes(bytes), age(only)),
        (None, _) => format!("{}, {}", snapshots.len(), amount_of_bytes(bytes)),
    }
}

/// How long something has been, in the unit that people would use.
pub(super) fn age(seconds: i64) -> String {
    let of =
        |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match seconds {
        ..60 => of(seconds.max(0), "second"),
        60..3_600 => of(seconds / 60, "minute"),
        3_600..86_400 => of(seconds / 3_600, "hour"),
        _ => of(seconds / 86_400, "day"),
    }
}
