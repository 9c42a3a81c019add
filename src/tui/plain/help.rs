//! What can be done here, in words with their keys.

use crate::keymap::Action;

use super::line::Reader;

/// What the plain mode itself knows, wherever one is.
const OWN: [&str; 4] = [
    "A number goes to the row of that number; a word and a number does it there: escalate 3.",
    "again, or Enter alone: reads the screen. help all: everything that means something here.",
    "find and words: looks for a person. C-20931 or P-4711: opens it. Keys of the full screen work, too.",
    "quit: ends casedesk; what is typed is kept.",
];

/// What is done most here.
pub(super) fn here(
    reader: &Reader<'_>,
    hints: &[Action],
    own_label: &dyn Fn(Action) -> Option<&'static str>,
) -> Vec<String> {
    let hints = hints.iter().filter(|action| **action != Action::OpenPalette).map(|action| {
        let word = reader.word(*action);
        let means = own_label(*action).filter(|label| *label != word);
        let means = means.map(|label| format!(" to {label}")).unwrap_or_default();
        format!("{word}{}{means}", key(reader, *action))
    });
    let mut lines = vec![format!("Here: {}.", hints.collect::<Vec<_>>().join(", "))];
    lines.extend(OWN.map(str::to_owned));
    lines
}

/// Everything that means something here, each with its sentence.
pub(super) fn all(reader: &Reader<'_>) -> Vec<String> {
    let line = |action: Action| {
        format!("{}{}: {}", reader.word(action), key(reader, action), action.info().help)
    };
    let actions = reader.actions().into_iter().map(|info| info.action);
    let actions =
        actions.filter(|action| !matches!(action, Action::OpenPalette | Action::OpenHelp));
    actions.map(line).chain(OWN.map(str::to_owned)).collect()
}

/// What can be entered in a form.
pub(super) fn of_entry() -> Vec<String> {
    [
        "A line is the text of the field that is asked; Enter alone goes to the next field.",
        "Where letters or digits are offered, one of them picks; several picks may stand in a line: 2 a.",
        ". alone sends or registers. A text of several lines goes on line by line until then.",
        "/leave leaves it, with the draft kept. /next and /back: another field. /again reads it.",
        "/2 takes the second row that is offered. /anew begins without the draft. /undo: as before the last line.",
        "/Ctrl-N or another key presses it; / and a word does it. Two dots or slashes begin a text with one.",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn key(reader: &Reader<'_>, action: Action) -> String {
    let mut contexts = reader.contexts.iter();
    let key =
        contexts.find_map(|context| reader.keymap.keys_for(*context, action).first().cloned());
    key.map(|key| format!(" ({key})")).unwrap_or_default()
}
