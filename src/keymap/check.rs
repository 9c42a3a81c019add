//! Finds what a keymap file says that cannot work.

use super::actions::Action;
use super::context::Context;
use super::key::{Key, KeyCode, print_sequence};
use super::map::{Binding, Keymap};
use super::problem::ProblemKind;

/// The highest function key that terminals agree on.
const FUNCTION_KEY_SENT_MAX: u8 = 12;

/// What becomes of a key between the keyboard and the program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sending {
    /// It arrives.
    Sure,
    /// It arrives in some set-ups: fine beside another key for the same.
    Unsure(&'static str),
    /// It cannot arrive as itself.
    Never(&'static str),
}

/// Why a context cannot have this parent, if it cannot.
pub(super) fn parent(keymap: &Keymap, context: Context, parent: Context) -> Option<ProblemKind> {
    if keymap.chain(parent).any(|level| level == context) {
        return Some(ProblemKind::ParentLoop(context.name()));
    }
    // Text that inherited the keys of lists could not be typed any more.
    (context.is_text() && !parent.is_text())
        .then_some(ProblemKind::TextParent { context: context.name(), parent: parent.name() })
}

/// Why a line cannot be bound, if it cannot.
pub(super) fn entry(
    keymap: &Keymap,
    context: Context,
    keys: &[Key],
    action: Option<Action>,
) -> Option<ProblemKind> {
    let action = action?.info();
    let first_is_typed =
        keys.first().is_some_and(|key| key.typed().is_some() || key.code() == KeyCode::AnyDigit);
    if context.is_text() && first_is_typed {
        let key = print_sequence(keys);
        return Some(ProblemKind::TypedInText { key, context: context.name() });
    }
    let is_within = |inner, outer| keymap.chain(inner).any(|level| level == outer);
    let means_something = action
        .contexts
        .iter()
        .any(|place| is_within(context, *place) || is_within(*place, context));
    if !means_something {
        return Some(ProblemKind::Meaningless { action: action.name, context: context.name() });
    }
    let ends_in_digit =
        keys.last().is_some_and(|key| key.digit().is_some() || key.code() == KeyCode::AnyDigit);
    (action.takes_digit && !ends_in_digit).then_some(ProblemKind::NeedsDigit(action.name))
}

/// The lines of a layer whose keys do not arrive at the program, or only in some terminals and alone.
pub(super) fn keys_that_never_arrive(keymap: &Keymap, layer: usize) -> Vec<(usize, ProblemKind)> {
    let mut problems = Vec::new();
    for (context, bindings) in &keymap.bindings {
        for binding in bindings.iter().filter(|binding| binding.layer == layer) {
            let Some(action) = binding.action else { continue };
            let why = match sending(&binding.keys) {
                Sending::Never(why) => why,
                Sending::Unsure(why) if !has_sure_keys(keymap, *context, action) => why,
                Sending::Sure | Sending::Unsure(_) => continue,
            };
            let key = print_sequence(&binding.keys);
            problems.push((binding.line, ProblemKind::Unsendable { key, why }));
        }
    }
    problems
}

/// Keys that a shorter binding of the same context, or of one nearer than theirs, ends too soon: the layer and line of
/// the newer of the two, and the problem.
pub(super) fn shadowed(keymap: &Keymap) -> Vec<(usize, usize, ProblemKind)> {
    let mut problems = Vec::new();
    for (context, bindings) in &keymap.bindings {
        for short in bindings.iter().filter(|binding| binding.action.is_some()) {
            let outer = keymap.chain(*context).flat_map(|level| keymap.level(level));
            for long in outer.filter(|long| ends_before(short, long)) {
                let newer = (short.layer, short.line).max((long.layer, long.line));
                let key = print_sequence(&short.keys);
                let longer = print_sequence(&long.keys);
                problems.push((newer.0, newer.1, ProblemKind::ShadowedPrefix { key, longer }));
            }
        }
    }
    problems
}

fn ends_before(short: &Binding, long: &Binding) -> bool {
    long.action.is_some()
        && short.keys.len() < long.keys.len()
        && short.keys.iter().zip(&long.keys).all(|(bound, press)| bound.is_pressed_by(*press))
}

fn has_sure_keys(keymap: &Keymap, context: Context, action: Action) -> bool {
    keymap.sequences_for(context, action).any(|keys| sending(keys) == Sending::Sure)
}

/// The worst of what becomes of the keys.
fn sending(keys: &[Key]) -> Sending {
    let mut worst = Sending::Sure;
    for key in keys {
        match sending_of(*key) {
            Sending::Sure => {}
            Sending::Unsure(why) => worst = Sending::Unsure(why),
            Sending::Never(why) => return Sending::Never(why),
        }
    }
    worst
}

fn sending_of(key: Key) -> Sending {
    let modifiers = key.modifiers();
    if modifiers.alt {
        return Sending::Never("Alt arrives as Esc and the key");
    }
    match key.code() {
        KeyCode::Char(character) if modifiers.control => match character {
            'i' => Sending::Never("it is Tab"),
            'm' => Sending::Never("it is Enter"),
            'j' => Sending::Never("it is Enter on some terminals"),
            'h' => Sending::Never("it is Backspace on some terminals"),
            '[' => Sending::Never("it is Esc"),
            's' | 'q' => Sending::Unsure("it stops and starts the output of some terminals"),
            'c' => Sending::Unsure("it interrupts"),
            'z' => Sending::Unsure("it suspends"),
            'a'..='z' | '\\' | ']' | '^' | '_' | '@' => Sending::Sure,
            _ => Sending::Never("there is no code for Ctrl with it"),
        },
        KeyCode::F(number) if number > FUNCTION_KEY_SENT_MAX => {
            Sending::Never("function keys above F12 differ from terminal to terminal")
        }
        KeyCode::Char(_) | KeyCode::AnyDigit => Sending::Sure,
        KeyCode::Space
        | KeyCode::Enter
        | KeyCode::Tab
        | KeyCode::BackTab
        | KeyCode::Esc
        | KeyCode::Backspace
        | KeyCode::Delete
        | KeyCode::Insert
        | KeyCode::Up
        | KeyCode::Down
        | KeyCode::Left
        | KeyCode::Right
        | KeyCode::PageUp
        | KeyCode::PageDown
        | KeyCode::Home
        | KeyCode::End
        | KeyCode::F(_) => {
            if modifiers.control || modifiers.shift {
                Sending::Unsure("not every terminal tells it from the key alone")
            } else {
                Sending::Sure
            }
        }
    }
}
