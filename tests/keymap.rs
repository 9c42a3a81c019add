//! Keys are data: presets say what the screens promise, a user's file is laid over them, and mistakes in it are named.

use casedesk::keymap::{
    ACTIONS, Action, Context, Continuation, Key, KeyCode, Keymap, Modifiers, PRESETS, Problem,
    ProblemKind, Resolution, parse_sequence, print_sequence,
};
use std::fs;

fn preset(name: &str) -> Keymap {
    let (keymap, problems) = Keymap::of_text(name, None);
    assert_eq!(problems, [], "{name}");
    keymap
}

/// The default keys with lines laid over them, which begin in line 2 of `mine.toml`.
fn with(lines: &str) -> (Keymap, Vec<Problem>) {
    Keymap::of_text("default", Some(("mine.toml", &format!("format = 1\n{lines}"))))
}

fn shown(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

/// What the keys mean when they are pressed one after the other.
fn press(keymap: &Keymap, context: Context, keys: &str) -> Resolution {
    let keys = parse_sequence(keys).unwrap();
    let (last, before) = keys.split_last().unwrap();
    keymap.resolve(context, before, *last)
}

fn action(keymap: &Keymap, context: Context, keys: &str) -> Option<Action> {
    match press(keymap, context, keys) {
        Resolution::Action(action) => Some(action),
        Resolution::Pending(_) | Resolution::Unbound => None,
    }
}

#[test]
fn every_preset_is_without_problems_and_reaches_every_action() {
    for (name, _) in PRESETS {
        let keymap = preset(name);
        for info in ACTIONS {
            let has_keys = |place: &Context| !keymap.keys_for(*place, info.action).is_empty();
            assert!(Context::ALL.iter().any(has_keys), "{name}: no key for {}", info.name);
        }
    }
}

#[test]
fn the_table_names_each_action_once_and_explains_it() {
    for (index, info) in ACTIONS.iter().enumerate() {
        assert_eq!(Action::named(info.name), Some(info.action));
        assert!(
            ACTIONS[..index].iter().all(|other| other.name != info.name),
            "{} is twice there",
            info.name
        );
        assert!(info.help.ends_with('.') && info.help.len() > 12, "{}", info.name);
        assert!(!info.label.is_empty() && info.label.len() <= 14, "{}", info.name);
    }
}

#[test]
fn the_default_keys_are_those_of_the_screens() {
    let keymap = preset("default");
    let promised = [
        (Context::Board, "/", Action::OpenFind),
        (Context::Board, ":", Action::OpenPalette),
        (Context::Case, "F1", Action::OpenHelp),
        (Context::Board, ".", Action::ClaimNext),
        (Context::Person, "n", Action::NewCase),
        (Context::Board, "u", Action::Undo),
        (Context::Board, "w", Action::Why),
        (Context::Person, "<", Action::Back),
        (Context::Board, "g o", Action::GoOverdue),
        (Context::Board, "3", Action::ChooseQueue),
        (Context::Board, "j", Action::ListDown),
        (Context::Board, "Enter", Action::OpenRow),
        (Context::Board, "e", Action::Escalate),
        (Context::Person, "e", Action::Escalate),
        (Context::Case, "x", Action::CloseCase),
        (Context::Case, "X", Action::ReopenCase),
        (Context::Case, "A", Action::Acknowledge),
        (Context::Case, "(", Action::PreviousCase),
        (Context::Case, "1", Action::HopOnCase),
        (Context::Person, "4", Action::HopOnPerson),
        (Context::Person, "z", Action::Reveal),
        (Context::Find, "Tab", Action::IntoHits),
        (Context::Find, "Ctrl-N", Action::ListDown),
        (Context::FindHits, "n", Action::NewPerson),
        (Context::FindHits, "2", Action::OpenHit),
        (Context::Alike, "x", Action::NotSame),
        (Context::Alike, "2", Action::OpenAlike),
        (Context::Intake, "F4", Action::ShowAlike),
        (Context::Intake, "Ctrl-D", Action::Register),
        (Context::Intake, "F2", Action::Register),
        (Context::Intake, "Enter", Action::NextField),
        (Context::Editor, "Ctrl-D", Action::Send),
        (Context::Line, "Enter", Action::Send),
        (Context::Line, "Esc", Action::Leave),
    ];
    for (context, keys, meant) in promised {
        assert_eq!(action(&keymap, context, keys), Some(meant), "{keys} in {}", context.name());
    }
    assert_eq!(
        press(&keymap, Context::Editor, "Enter"),
        Resolution::Unbound,
        "Enter is a new line there"
    );
}

#[test]
fn the_default_keys_need_no_special_keyboard() {
    let keymap = preset("default");
    let everywhere_there = "!()*+-./:<=>";
    for info in ACTIONS {
        for context in Context::ALL {
            let keys = keymap.keys_for(context, info.action);
            let can_be_typed = |keys: &String| {
                keys.split(' ').all(|key| match key.strip_prefix("Ctrl-") {
                    Some(letter) => "DNP".contains(letter),
                    None => {
                        key.len() > 1
                            || key
                                .chars()
                                .all(|c| c.is_ascii_alphanumeric() || everywhere_there.contains(c))
                    }
                })
            };
            assert!(keys.is_empty() || keys.iter().any(can_be_typed), "{keys:?} for {}", info.name);
        }
    }
}

#[test]
fn no_letter_or_digit_is_taken_from_text() {
    for (name, _) in PRESETS {
        let keymap = preset(name);
        for context in Context::ALL.into_iter().filter(|context| context.is_text()) {
            for character in (' '..='~').chain("آسارا۱۲".chars()) {
                let key = Key::char(character);
                assert_eq!(
                    keymap.resolve(context, &[], key),
                    Resolution::Unbound,
                    "{key} in {}",
                    context.name()
                );
            }
        }
    }
}

#[test]
fn persian_and_arabic_digits_are_digits() {
    let keymap = preset("default");
    for three in ['3', '۳', '٣'] {
        let key = Key::char(three);
        assert_eq!(key.digit(), Some(3));
        assert_eq!(
            keymap.resolve(Context::Board, &[], key),
            Resolution::Action(Action::ChooseQueue)
        );
    }
    assert_eq!(press(&keymap, Context::Board, "0"), Resolution::Unbound);
}

#[test]
fn a_key_is_the_same_however_a_terminal_spells_it() {
    let shift = Modifiers { shift: true, ..Modifiers::default() };
    assert_eq!(Key::new(KeyCode::Char('X'), shift), Key::char('X'));
    assert_eq!(Key::new(KeyCode::Tab, shift), Key::parse("Shift-Tab").unwrap());
    assert_eq!(Key::new(KeyCode::BackTab, shift), Key::parse("backtab").unwrap());
    assert_eq!(Key::control('D'), Key::parse("ctrl-d").unwrap());
    assert_eq!(Key::char(' '), Key::parse("Space").unwrap());
    assert_ne!(Key::char('x'), Key::char('X'));
}

#[test]
fn what_is_printed_is_parsed_again() {
    for spelling in [
        "g o",
        "Ctrl-D",
        "Shift-Tab",
        "PgDn",
        "1-9",
        "-",
        "+",
        "F12",
        "Space",
        "Ctrl--",
        "Shift-Up",
        "Alt-x",
        "ش",
    ] {
        assert_eq!(print_sequence(&parse_sequence(spelling).unwrap()), spelling);
    }
    for wrong in
        ["", "  ", "Entr", "F0", "F25", "F+3", "Ctrl-", "Hyper-x", "xy", "Shift-x", "\u{1b}"]
    {
        assert!(parse_sequence(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_key_that_begins_others_waits_and_names_them() {
    let keymap = preset("default");
    let continuation = |key, action| Continuation { keys: vec![Key::char(key)], action };
    let Resolution::Pending(ways) = press(&keymap, Context::Board, "g") else {
        panic!("g must wait")
    };
    for way in [
        continuation('b', Action::GoBoard),
        continuation('c', Action::GoColleagues),
        continuation('d', Action::GoDay),
        continuation('o', Action::GoOverdue),
    ] {
        assert!(ways.contains(&way), "{ways:?}");
    }
    assert_eq!(press(&keymap, Context::Board, "g y"), Resolution::Unbound);
    let Resolution::Pending(vim) = press(&preset("vim"), Context::Board, "g") else {
        panic!("g must wait")
    };
    assert_eq!(vim.len(), ways.len() + 1, "those of the list and those of everywhere: {vim:?}");
}

#[test]
fn vim_and_mainframe_add_their_keys_to_the_default_ones() {
    let vim = preset("vim");
    assert_eq!(action(&vim, Context::Board, "g g"), Some(Action::ListFirst));
    assert_eq!(action(&vim, Context::Board, "g o"), Some(Action::GoOverdue));
    assert_eq!(action(&vim, Context::Board, "e"), Some(Action::Escalate));
    assert_eq!(action(&vim, Context::Editor, "Ctrl-D"), Some(Action::Send));
    let mainframe = preset("mainframe");
    for (keys, meant) in [
        ("F1", Action::OpenHelp),
        ("F3", Action::Back),
        ("F5", Action::Refresh),
        ("F7", Action::PageUp),
        ("F8", Action::PageDown),
        ("F12", Action::Leave),
        ("Tab", Action::NextSection),
        ("e", Action::Escalate),
    ] {
        assert_eq!(action(&mainframe, Context::Case, keys), Some(meant), "{keys}");
    }
    assert_eq!(action(&mainframe, Context::Editor, "F12"), Some(Action::Leave));
}

#[test]
fn the_users_keys_come_first_and_none_unbinds() {
    let (keymap, problems) = with(
        "[row]\n\"E\" = \"case.escalate\"\n\"h\" = \"none\"\n[everywhere]\n\"g b\" = \"none\"",
    );
    assert_eq!(problems, []);
    assert_eq!(keymap.keys_for(Context::Board, Action::Escalate), ["E", "e"]);
    assert_eq!(press(&keymap, Context::Case, "h"), Resolution::Unbound);
    assert!(keymap.keys_for(Context::Case, Action::Hold).is_empty());
    let Resolution::Pending(left) = press(&keymap, Context::Board, "g") else {
        panic!("g o is left")
    };
    let Resolution::Pending(all) = press(&preset("default"), Context::Board, "g") else {
        panic!("g must wait")
    };
    assert_eq!(left.len(), all.len() - 1);
    assert!(left.iter().all(|way| way.action != Action::GoBoard), "{left:?}");
    let is_left = |action| left.iter().any(|way| way.action == action);
    assert!(is_left(Action::GoOverdue) && !is_left(Action::GoBoard), "{left:?}");
}

#[test]
fn none_in_a_nearer_context_hides_what_its_parents_say() {
    let (keymap, problems) = with("[board]\n\"x\" = \"none\"\n\"3\" = \"none\"");
    assert_eq!(problems, []);
    assert_eq!(press(&keymap, Context::Board, "x"), Resolution::Unbound);
    assert_eq!(press(&keymap, Context::Board, "3"), Resolution::Unbound);
    assert_eq!(action(&keymap, Context::Board, "4"), Some(Action::ChooseQueue));
    assert_eq!(action(&keymap, Context::Case, "x"), Some(Action::CloseCase));
    assert!(keymap.keys_for(Context::Board, Action::CloseCase).is_empty());
}

#[test]
fn footer_and_palette_read_the_live_map() {
    let keymap = preset("default");
    assert_eq!(keymap.keys_for(Context::Board, Action::ChooseQueue), ["1-9"]);
    assert_eq!(keymap.keys_for(Context::Board, Action::GoOverdue), ["g o"]);
    assert_eq!(keymap.keys_for(Context::Case, Action::OpenHelp), ["F1", "?"]);
    assert!(
        keymap.keys_for(Context::FindHits, Action::NewCase).is_empty(),
        "n is a new person there"
    );
    let on_board: Vec<_> = keymap.actions_in(Context::Board).map(|info| info.action).collect();
    assert!(on_board.contains(&Action::Escalate) && on_board.contains(&Action::Quit));
    assert!(!on_board.contains(&Action::EditPerson));
}

#[test]
fn a_bad_line_is_named_with_its_place_and_the_rest_loads() {
    let (keymap, problems) = with(concat!(
        "[row]\n",
        "\"E\" = \"case.escalat\"\n",
        "\"Entr\" = \"case.reply\"\n",
        "\"F6\" = case.reply\n",
        "\"F9\" = 3\n",
        "\"F10\" = \"case.hold\"\n",
        "[bord]\n",
        "\"F11\" = \"board.queue\"\n",
    ));
    assert_eq!(action(&keymap, Context::Case, "F10"), Some(Action::Hold), "the good line is there");
    assert_eq!(
        action(&keymap, Context::Case, "e"),
        Some(Action::Escalate),
        "so are the default keys"
    );
    let shown = shown(&problems);
    let expected = [
        "mine.toml:3: there is no action `case.escalat` (did you mean `case.escalate`?); the line is skipped",
        "mine.toml:4: `Entr` is no key: keys are single characters and names such as Enter, PgUp, F5, Ctrl-D, 1-9; \
         the line is skipped",
        "mine.toml:6: `F9` is not a setting of a keymap, or not of this kind; the line is skipped",
        "mine.toml:8: there is no context `bord` (did you mean `board`?); its lines are skipped",
    ];
    for problem in expected {
        assert!(shown.iter().any(|line| line == problem), "{problem}\nis not in {shown:#?}");
    }
    assert!(shown.iter().any(|line| line.starts_with("mine.toml:5: ")), "{shown:#?}");
}

#[test]
fn a_key_bound_twice_is_named_in_either_spelling() {
    let (keymap, problems) = with(
        "[row]\n\"Ctrl-E\" = \"case.escalate\"\n\"ctrl-e\" = \"case.hold\"\n\"F6\" = \"case.hold\"\n\"F6\" = \"case.give\"",
    );
    assert_eq!(problems.len(), 2, "{:#?}", shown(&problems));
    assert_eq!((problems[0].line, problems[1].line), (4, 6));
    assert_eq!(action(&keymap, Context::Case, "Ctrl-E"), Some(Action::Escalate));
    assert_eq!(action(&keymap, Context::Case, "F6"), Some(Action::Hold));
}

#[test]
fn a_key_that_ends_a_longer_one_too_soon_is_named() {
    let (_, problems) = with("[list]\n\"g\" = \"list.first\"");
    let said = "cannot be reached, for `g` is bound by itself; unbind one with \"none\"";
    let shown = shown(&problems);
    assert!(shown.iter().all(|line| line.ends_with(said)), "{shown:#?}");
    for keys in ["`g b`", "`g o`"] {
        assert!(shown.iter().any(|line| line.contains(keys)), "{shown:#?}");
    }
    let (_, problems) = with("[board]\n\"e e\" = \"case.hold\"");
    assert!(problems.is_empty(), "the nearer context decides, and its keys can be finished");
    let (_, problems) = with("[row]\n\"e e\" = \"case.hold\"");
    assert!(matches!(
        &problems[..],
        [Problem { line: 3, kind: ProblemKind::ShadowedPrefix { .. }, .. }]
    ));
}

#[test]
fn keys_that_a_terminal_cannot_send_are_named() {
    for never in ["Ctrl-I", "Ctrl-M", "Ctrl-H", "Ctrl-J", "F13", "Alt-x"] {
        let (_, problems) = with(&format!("[row]\n\"{never}\" = \"case.hold\""));
        assert!(
            matches!(problems[..], [Problem { kind: ProblemKind::Unsendable { .. }, .. }]),
            "{never}: {problems:?}"
        );
    }
    for held in ["Ctrl-S", "Ctrl-Q", "Ctrl-Z", "Ctrl-C"] {
        let (_, problems) = with(&format!("[row]\n\"{held}\" = \"case.hold\""));
        assert_eq!(problems, [], "{held} is fine beside h");
        let (_, problems) = with(&format!("[row]\n\"{held}\" = \"case.hold\"\n\"h\" = \"none\""));
        assert!(
            matches!(problems[..], [Problem { line: 3, kind: ProblemKind::Unsendable { .. }, .. }]),
            "{held} alone"
        );
    }
}

#[test]
fn a_letter_is_not_bound_where_it_is_typed() {
    let (keymap, problems) = with("[editor]\n\"x\" = \"editor.send\"\n[find]\nparent = \"list\"");
    assert!(matches!(
        &problems[..],
        [
            Problem { line: 3, kind: ProblemKind::TypedInText { .. }, .. },
            Problem { line: 5, kind: ProblemKind::TextParent { .. }, .. }
        ]
    ));
    assert_eq!(press(&keymap, Context::Editor, "x"), Resolution::Unbound);
    assert_eq!(press(&keymap, Context::Find, "j"), Resolution::Unbound);
}

#[test]
fn an_action_is_not_bound_where_it_means_nothing() {
    let (_, problems) =
        with("[help]\n\"e\" = \"case.escalate\"\n[board]\n\"F6\" = \"board.queue\"\n");
    let kinds: Vec<_> = problems.iter().map(|problem| (problem.line, &problem.kind)).collect();
    assert!(
        kinds
            .iter()
            .any(|(line, kind)| *line == 3 && matches!(kind, ProblemKind::Meaningless { .. })),
        "{kinds:?}"
    );
    assert!(
        kinds.iter().any(|(line, kind)| *line == 5 && matches!(kind, ProblemKind::NeedsDigit(_))),
        "{kinds:?}"
    );
}

#[test]
fn a_context_that_is_there_twice_is_named_and_keeps_the_lines_of_both() {
    let (keymap, problems) =
        with("[row]\n\"F6\" = \"case.hold\"\n[list]\n[row]\n\"F9\" = \"case.give\"");
    assert!(
        matches!(problems[..], [Problem { line: 5, kind: ProblemKind::Syntax(_), .. }]),
        "{problems:?}"
    );
    assert_eq!(action(&keymap, Context::Case, "F6"), Some(Action::Hold));
    assert_eq!(action(&keymap, Context::Case, "F9"), Some(Action::Give));
}

#[test]
fn a_file_of_any_bytes_is_survived() {
    let mut state = 0x005e_ed0f_u64;
    let mut roll = |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides as u64).unwrap()
    };
    let (_, text) = PRESETS[0];
    for _ in 0..200 {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=roll(8) {
            let place = roll(characters.len());
            characters[place] = ['"', '=', '[', ']', '\n', '\u{1b}', 'ش', '.', '#', '{'][roll(10)];
        }
        characters.truncate(1 + roll(characters.len()));
        let damaged: String = characters.into_iter().collect();
        let (keymap, _) = Keymap::of_text("default", Some(("mine.toml", &damaged)));
        for context in Context::ALL {
            let _ = keymap.resolve(context, &[Key::char('g')], Key::char('o'));
        }
    }
}

#[test]
fn a_context_is_never_within_itself() {
    let (keymap, problems) = with("[everywhere]\nparent = \"board\"");
    assert!(matches!(
        problems[..],
        [Problem { line: 3, kind: ProblemKind::ParentLoop("everywhere"), .. }]
    ));
    assert_eq!(press(&keymap, Context::Board, "Z"), Resolution::Unbound);
}

#[test]
fn a_file_chooses_its_preset_and_an_unknown_one_gives_the_default() {
    let (keymap, problems) = with("extends = \"vim\"");
    assert_eq!(problems, []);
    assert_eq!(action(&keymap, Context::Board, "g g"), Some(Action::ListFirst));
    let (keymap, problems) = Keymap::of_text("vmi", None);
    assert_eq!(shown(&problems), ["preferences: there is no preset `vmi` (did you mean `vim`?)"]);
    assert_eq!(action(&keymap, Context::Board, "e"), Some(Action::Escalate));
}

#[test]
fn a_file_of_another_format_or_none_at_all_leaves_the_default_keys() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.toml");
    let (keymap, problems) = Keymap::load("default", Some(&path));
    assert!(matches!(problems[..], [Problem { line: 0, kind: ProblemKind::Unreadable(_), .. }]));
    assert_eq!(action(&keymap, Context::Board, "e"), Some(Action::Escalate));
    fs::write(&path, "format = 2\n[row]\n\"e\" = \"none\"\n").unwrap();
    let (keymap, problems) = Keymap::load("default", Some(&path));
    assert!(matches!(
        problems[..],
        [Problem { line: 1, kind: ProblemKind::Format { expected: 1 }, .. }]
    ));
    assert_eq!(action(&keymap, Context::Board, "e"), Some(Action::Escalate));
    fs::write(&path, "format = 1\n[row]\n\"e\" = \"none\"\n").unwrap();
    let (keymap, problems) = Keymap::load("default", Some(&path));
    assert_eq!(problems, []);
    assert_eq!(press(&keymap, Context::Board, "e"), Resolution::Unbound);
}
