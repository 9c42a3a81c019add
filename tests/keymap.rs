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
    assert_eq!(*keymap.keys_for(Context::Board, Action::Escalate), ["E", "e"]);
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
    assert_eq!(*keymap.keys_for(Context::Board, Action::ChooseQueue), ["1-9"]);
    assert_eq!(*keymap.keys_for(Context::Board, Action::GoOverdue), ["g o"]);
    assert_eq!(*keymap.keys_for(Context::Case, Action::OpenHelp), ["F1", "?"]);
    assert!(
        keymap.keys_for(Context::FindHits, Action::NewCase).is_empty(),
        "n is a new person there"
    );
    let on_board: Vec<_> = keymap.actions_in(Context::Board).map(|info| info.action).collect();
    assert!(on_board.contains(&Action::Escalate) && on_board.contains(&Action::Quit));
    assert!(!on_board.contains(&Action::EditPerson));
}

#[test]
fn lines_that_are_no_toml_take_nothing_of_what_comes_after_them() {
    let (keymap, problems) = with(concat!(
        "[board]\n",
        "this is bad\n",
        "\"J\" = \"go.news\"\n",
        "\"W=\"go.day\"\n",
        "bad = = 3\n",
        "\"Z\" = \"go.day\"\r\n",
        "\"open\n",
        "[case]\n",
        "\"e\" = \"none\"\n",
        "\"Y\" = \"case.nte\"\n",
        "\"O\" = \"escalte\"\n",
    ));
    assert_eq!(action(&keymap, Context::Board, "J"), Some(Action::GoNews));
    assert_eq!(action(&keymap, Context::Board, "Z"), Some(Action::GoDay));
    assert_eq!(action(&keymap, Context::Case, "e"), None);
    let shown = shown(&problems);
    let named: Vec<&str> = shown.iter().filter_map(|line| line.split(": ").next()).collect();
    assert!(shown.iter().any(|line| line.contains("did you mean `case.escalate`?")), "{shown:#?}");
    let expected = ["mine.toml:3", "mine.toml:5", "mine.toml:6", "mine.toml:8", "mine.toml:11"];
    assert!(
        expected.iter().all(|line| named.iter().filter(|named| *named == line).count() == 1),
        "{shown:#?}"
    );
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

/// Presses that type a character: letters of either case, digits, signs, the space bar, and letters of other scripts.
fn characters() -> impl Iterator<Item = Key> {
    (' '..='~').chain("شآ۱۲жЖğİ".chars()).map(Key::char)
}

#[test]
fn no_letters_has_no_single_character_as_a_command_anywhere() {
    let mut keymap = preset("no-letters");
    assert!(keymap.promises_no_characters());
    for layout in ["auto", "fa", "tr-f", "ru"] {
        assert!(keymap.choose_layout(layout));
        for context in Context::ALL {
            for key in characters() {
                let (key, _) = keymap.meant(context, &[], key);
                let meaning = keymap.resolve(context, &[], key);
                assert_eq!(meaning, Resolution::Unbound, "{key} in {}", context.name());
            }
        }
    }
    let (keymap, problems) = Keymap::of_text(
        "no-letters",
        Some(("mine.toml", "format = 1\n[row]\n\"e\" = \"case.escalate\"")),
    );
    assert_eq!(problems, []);
    assert_eq!(
        shown(&keymap.advice()),
        [
            "mine.toml:3: `e` is a single character, and this keymap promises that none is a command; `F9 e` would keep that"
        ]
    );
}

#[test]
fn what_is_a_character_elsewhere_lies_behind_the_leader_and_digits_do_too() {
    let keymap = preset("no-letters");
    assert_eq!(action(&keymap, Context::Board, "F9 3"), Some(Action::ChooseQueue));
    assert_eq!(action(&keymap, Context::Case, "F9 e"), Some(Action::Escalate));
    assert_eq!(action(&keymap, Context::Case, "F9 g o"), Some(Action::GoOverdue));
    assert_eq!(action(&keymap, Context::Board, "F9 Space"), Some(Action::Mark));
    assert_eq!(*keymap.keys_for(Context::Case, Action::Escalate), ["Ctrl-E", "F9 e"]);
}

#[test]
fn every_preset_is_without_advice() {
    for (name, _) in PRESETS {
        assert_eq!(shown(&preset(name).advice()), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_sign_that_needs_alt_gr_is_named_unless_another_key_does_the_same() {
    let (keymap, problems) =
        with("[row]\n\"@\" = \"case.hold\"\n\"h\" = \"none\"\n\"{\" = \"case.give\"");
    assert_eq!(problems, []);
    assert_eq!(
        shown(&keymap.advice()),
        [
            "mine.toml:3: `@` needs AltGr or is missing on these keyboards, and no other key does the same: es, ir, no, tr-f, tr-q"
        ]
    );
}

#[test]
fn an_action_without_a_key_is_named() {
    let (keymap, _) = with("[row]\n\"h\" = \"none\"");
    assert_eq!(
        shown(&keymap.advice()),
        ["mine.toml: no key means `case.hold` any more; the palette has it as \"hold\""]
    );
}

#[test]
fn unbinding_a_prefix_unbinds_what_begins_with_it() {
    let (keymap, problems) = with("[everywhere]\n\"g\" = \"none\"\n\"g z\" = \"go.day\"");
    assert_eq!(problems, []);
    assert_eq!(press(&keymap, Context::Board, "g o"), Resolution::Unbound);
    assert_eq!(action(&keymap, Context::Board, "g z"), Some(Action::GoDay));
    let (keymap, _) = with("[board]\n\"g\" = \"none\"\n\"g z\" = \"go.day\"");
    assert_eq!(press(&keymap, Context::Board, "g o"), Resolution::Unbound);
    assert_eq!(action(&keymap, Context::Board, "g z"), Some(Action::GoDay));
    assert_eq!(action(&keymap, Context::Case, "g o"), Some(Action::GoOverdue));
    let (keymap, problems) = with("[everywhere]\n\"g\" = \"none\"\n[list]\n\"g\" = \"list.first\"");
    assert_eq!(problems, [], "nothing is left for it to shadow");
    assert_eq!(action(&keymap, Context::Board, "g"), Some(Action::ListFirst));
}

#[test]
fn a_key_is_looked_up_by_its_place_only_where_it_means_nothing_and_no_text_has_the_focus() {
    let mut keymap = preset("default");
    let pressed = |keymap: &Keymap, context, keys: &str| {
        let mut pending = Vec::new();
        let mut meaning = Resolution::Unbound;
        for character in keys.chars() {
            let (key, _) = keymap.meant(context, &pending, Key::char(character));
            meaning = keymap.resolve(context, &pending, key);
            pending.push(key);
        }
        meaning
    };
    // e, g o and > on a Persian keyboard; e, g o and > on a Russian one.
    for (keys, meant) in [
        ("ث", Action::Escalate),
        ("لخ", Action::GoOverdue),
        ("у", Action::Escalate),
        ("пщ", Action::GoOverdue),
        ("Ю", Action::Forward),
        ("Ч", Action::ReopenCase),
    ] {
        assert_eq!(pressed(&keymap, Context::Case, keys), Resolution::Action(meant), "{keys}");
        let first = Key::char(keys.chars().next().unwrap());
        assert_eq!(keymap.meant(Context::Editor, &[], first).0, first, "{keys} is typed in text");
    }
    assert_eq!(pressed(&keymap, Context::Case, "ğ"), Resolution::Unbound, "tr-f is not chosen");
    assert!(keymap.choose_layout("tr-f"));
    assert_eq!(pressed(&keymap, Context::Case, "ğ"), Resolution::Action(Action::Escalate));
    assert_eq!(pressed(&keymap, Context::Case, "e"), Resolution::Action(Action::Escalate));
    assert_eq!(pressed(&keymap, Context::Case, "ث"), Resolution::Unbound, "fa is not chosen");
    assert!(keymap.choose_layout("off") && !keymap.choose_layout("elvish"));
    assert_eq!(pressed(&keymap, Context::Case, "ğ"), Resolution::Unbound);
}

#[test]
fn a_chosen_keyboard_shows_its_own_keys() {
    let mut keymap = preset("default");
    assert!(keymap.choose_layout("fa"));
    assert_eq!(*keymap.keys_for(Context::Case, Action::Escalate), ["ث"]);
    assert_eq!(*keymap.keys_for(Context::Case, Action::GoOverdue), ["ل خ"]);
    assert_eq!(*keymap.keys_for(Context::Case, Action::ReopenCase), ["Shift-ط"]);
    assert_eq!(*keymap.keys_for(Context::Case, Action::ClaimNext), ["."]);
    assert_eq!(*keymap.keys_for(Context::Case, Action::OpenHelp), ["F1", "؟"]);
    assert!(keymap.choose_layout("ru"));
    assert_eq!(*keymap.keys_for(Context::Case, Action::ReopenCase), ["Ч"]);
    assert!(keymap.choose_layout("tr-f"));
    assert_eq!(*keymap.keys_for(Context::Case, Action::Escalate), ["e"]);
}

#[test]
fn a_file_brings_a_keyboard_of_its_own() {
    let (mut keymap, problems) = with("[layout.el]\n\"ε\" = \"e\"\n\"xy\" = \"e\"\n\"ω\" = \"ωω\"");
    assert_eq!(problems.len(), 2, "{:#?}", shown(&problems));
    assert_eq!((problems[0].line, problems[1].line), (4, 5));
    assert_eq!(keymap.meant(Context::Case, &[], Key::char('ε')).0, Key::char('e'));
    assert!(keymap.choose_layout("el"));
    assert_eq!(*keymap.keys_for(Context::Case, Action::Escalate), ["ε"]);
    assert_eq!(keymap.meant(Context::Case, &[], Key::char('ث')).0, Key::char('ث'));
}

#[test]
fn the_signs_free_of_alt_gr_are_those_of_the_design() {
    // The table of keyboards is data; this is what the design found by trying them.
    for sign in "!()*+-./:<=>".chars() {
        let (keymap, _) = with(&format!("[row]\n\"{sign}\" = \"case.hold\"\n\"h\" = \"none\""));
        assert!(shown(&keymap.advice()).iter().all(|line| !line.contains("AltGr")), "{sign}");
    }
    for sign in "?[]{}@\\~#$%&'\"^_`|;,".chars() {
        let line = format!("[row]\n'{sign}' = \"case.hold\"\n\"h\" = \"none\"");
        let line = if sign == '\'' { line.replace("'''", "\"'\"") } else { line };
        let (keymap, _) = with(&line);
        assert!(shown(&keymap.advice()).iter().any(|line| line.contains("AltGr")), "{sign}");
    }
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_default_keys_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let not_text = directory.path().join("bytes.toml");
    fs::write(&not_text, b"format = 1\n[row]\n\"\xff\" = \"case.hold\"\n").unwrap();
    let huge = directory.path().join("huge.toml");
    fs::write(&huge, format!("format = 1\n{}", "# much\n".repeat(60_000))).unwrap();
    let missing = directory.path().join("missing.toml");
    for path in [directory.path(), &not_text, &huge, &missing] {
        let (keymap, problems) = Keymap::load("vim", Some(path));
        assert!(
            matches!(problems[..], [Problem { line: 0, kind: ProblemKind::Unreadable(_), .. }]),
            "{problems:?}"
        );
        assert_eq!(action(&keymap, Context::Board, "g g"), Some(Action::ListFirst));
    }
}

#[test]
fn a_sentence_names_the_keys_as_they_are_now() {
    let sentence = "Reply first (r), or ask (V, i); it (all of it) is late (w).";
    assert_eq!(preset("default").in_words(sentence), sentence);
    assert_eq!(
        preset("no-letters").in_words(sentence),
        "Reply first (Ctrl-R), or ask (F9 V, Ctrl-B); it (all of it) is late (Ctrl-W)."
    );
    let (keymap, _) = with("[row]\n\"r\" = \"none\"\n\"x\" = \"none\"\n\"F8\" = \"case.close\"");
    assert_eq!(keymap.in_words("answer (r), then close (x)"), "answer (: reply), then close (F8)");
}
