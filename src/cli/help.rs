//! How the help of subcommands is broken into lines: by the terminal, whatever the sources' lines are.

use clap::Command;

/// The same commands with help whose paragraphs are one line each, which clap then wraps to the terminal; examples, which
/// are set in, stay as they are.
pub(super) fn wrapping(command: Command) -> Command {
    let short = command.get_about().map(|text| joined(&text.to_string()));
    let long = command.get_long_about().map(|text| joined(&text.to_string()));
    let command = match short {
        Some(text) => command.about(text),
        None => command,
    };
    let command = match long {
        Some(text) => command.long_about(text),
        None => command,
    };
    command.mut_subcommands(wrapping)
}

/// A text with each paragraph on one line. A line that is set in, and an empty one, stands alone.
fn joined(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut is_open = false;
    for line in text.lines() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        if !whole.is_empty() {
            whole.push(if is_open && is_prose { ' ' } else { '\n' });
        }
        whole.push_str(line);
        is_open = is_prose;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paragraphs_are_joined_and_examples_stay() {
        let text = "One\ntwo.\n\nThree\nfour:\n\n  a b\n  c d\n\nFive";
        assert_eq!(joined(text), "One two.\n\nThree four:\n\n  a b\n  c d\n\nFive");
    }
}
