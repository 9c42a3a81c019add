//! Every preset drives the same story with its own keys, which are looked up from the live map and pressed as they are.

use std::sync::Arc;

use casedesk::desk::Desk;
use casedesk::keymap::{Action, Context, Key, KeyCode, Keymap, PRESETS, parse_sequence};

use crate::harness::{FakeDesk, TestScreen};
use crate::office::Office;
use crate::office::story::{ACCOUNT, HEARD, LEVEL_AND_REASON, NAME, NOTE, OUTCOME, Story};

/// Somebody who knows the keys of one map and nothing else.
struct Clerk {
    keymap: Keymap,
    screen: TestScreen,
}

impl Clerk {
    fn sit_down(desk: Arc<dyn Desk>, preset: &str) -> Self {
        let (keymap, problems) = Keymap::load(preset, None);
        assert_eq!(problems, [], "{preset}");
        let screen = TestScreen::open_keys(desk, keymap.clone(), (80, 24));
        Self { keymap, screen }
    }

    /// Does an action in a context by the first of its keys; with a digit, where the action takes one.
    fn does(&mut self, context: Context, action: Action, digit: Option<char>) -> &mut Self {
        let shown = self.keymap.keys_for(context, action);
        assert!(!shown.is_empty(), "no key for {}", action.info().name);
        let keys =
            parse_sequence(&shown[0]).unwrap().into_iter().map(|key| match (key.code(), digit) {
                (KeyCode::AnyDigit, Some(digit)) => Key::char(digit),
                _ => key,
            });
        self.screen.press(&keys.collect::<Vec<_>>());
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        let keys: Vec<Key> = text.chars().map(Key::char).collect();
        self.screen.press(&keys);
        self
    }

    fn sees(&mut self, words: &str) -> &mut Self {
        let text = self.screen.text();
        assert!(text.contains(words), "{words} is not on the screen:\n{text}");
        self
    }
}

/// Tells the story at a desk with the keys of a preset.
fn tell(story: &Story, desk: &Arc<dyn Desk>, preset: &str) {
    let mut clerk = Clerk::sit_down(Arc::clone(desk), preset);
    clerk.does(Context::Board, Action::OpenFind, None).types(HEARD).sees(NAME);
    clerk.does(Context::Find, Action::OpenRow, None).sees("MOHAMMADI, Sara");
    clerk.does(Context::Person, Action::HopOnPerson, Some('1')).sees("-- timeline");
    clerk.does(Context::Case, Action::AddNote, None).types(NOTE);
    clerk.does(Context::Editor, Action::Send, None).sees(NOTE);
    story.is_noted(&**desk);
    clerk.does(Context::Case, Action::Escalate, None).sees("ESCALATE");
    clerk.types(&String::from_iter(LEVEL_AND_REASON)).does(Context::Line, Action::Send, None);
    story.is_escalated(&**desk);
    clerk.does(Context::Case, Action::CloseCase, None).types(&OUTCOME.to_string());
    clerk.does(Context::Line, Action::Send, None);
    story.is_closed(&**desk);
    clerk.does(Context::Case, Action::GoBoard, None).does(Context::Board, Action::Quit, None);
    assert!(clerk.screen.has_ended(), "{preset}: {}", clerk.screen.text());
}

#[test]
fn every_preset_tells_the_story() {
    for (preset, _) in PRESETS {
        let office = Office::new();
        let story = Story::begin(&office);
        let desk: Arc<dyn Desk> = Arc::new(office.sign_in(ACCOUNT).unwrap());
        tell(&story, &desk, preset);
    }
}

/// The default keys with lines laid over them.
fn with(preset: &str, lines: &str) -> Keymap {
    let (keymap, problems) =
        Keymap::of_text(preset, Some(("mine.toml", &format!("format = 1\n{lines}"))));
    assert_eq!(problems, []);
    keymap
}

fn at_work(keymap: &Keymap, size: (u16, u16)) -> (Office, Story, TestScreen) {
    let office = Office::new();
    let story = Story::begin(&office);
    let desk: Arc<dyn Desk> = Arc::new(office.sign_in(ACCOUNT).unwrap());
    let screen = TestScreen::open_keys(desk, keymap.clone(), size);
    (office, story, screen)
}

#[test]
fn a_key_that_was_moved_is_the_moved_one_wherever_it_is_named() {
    let keymap = with(
        "default",
        "[row]\n\"x\" = \"none\"\n\"F8\" = \"case.close\"\n[everywhere]\n\"u\" = \"none\"\n\"F10\" = \"undo\"\n\
         \"F5\" = \"none\"\n\"F11\" = \"refresh\"\n[text]\n\"F5\" = \"none\"\n\"F11\" = \"refresh\"\n\"F6\" = \"none\"\n\
         [find]\n\"Tab\" = \"none\"\n\"F4\" = \"find.into-hits\"\n",
    );
    let (_office, story, mut screen) = at_work(&keymap, (80, 24));
    let says = |screen: &mut TestScreen, words: &str| {
        let text = screen.text();
        assert!(text.contains(words), "{words} is not on the screen:\n{text}");
    };
    screen.keys(&format!("/{}<enter>", story.case));
    says(&mut screen, "close it (F8)");
    assert!(screen.footer().contains("F8 close"), "{}", screen.footer());
    screen.keys("?");
    says(&mut screen, "F10             undo");
    let pages = |screen: &mut TestScreen| screen.keys("<pgdn>").text();
    assert!((0..6).any(|_| pages(&mut screen).contains("F8              close")));
    screen.keys("<esc>:close");
    says(&mut screen, "close           F8");
    screen.keys("<esc>aShe rang<ctrl-d>");
    assert!(screen.status().ends_with("F10 undoes"), "{}", screen.status());
    screen.keys("<f8>");
    says(&mut screen, "CLOSE");
    screen.keys("<esc>/zzzqqq<enter>");
    assert!(screen.status().contains("F4, then n registers"), "{}", screen.status());
    says(&mut screen, "F4, then n registers a new person");
}

#[test]
fn keys_in_headings_news_and_lessons_are_the_moved_ones_too() {
    let keymap = with(
        "no-letters",
        "[line]\n\"Ctrl-N\" = \"none\"\n\"F8\" = \"form.anew\"\n\"Enter\" = \"none\"\n\"F7\" = \"editor.send\"\n\
         [board]\n\"F9 f\" = \"none\"\n\"F10\" = \"list.limit\"\n[find]\n\"Enter\" = \"none\"\n\"F10\" = \"list.open\"\n",
    );
    let board = FakeDesk::new();
    board.set_board(|board| board.escalations_unseen = 2);
    let mut screen = TestScreen::open_keys(Arc::new(board), keymap.clone(), (80, 24));
    assert!(screen.text().contains("2 escalations for you to rule on (F9 7)"), "{}", screen.text());

    let (_office, _story, mut screen) = at_work(&keymap, (80, 24));
    let press =
        |screen: &mut TestScreen, keys: &str| screen.press(&parse_sequence(keys).unwrap()).text();
    let views = press(&mut screen, "F9 y");
    assert!(views.contains("limit it (F10) or sort it (F9 o)"), "{views}");
    press(&mut screen, "Esc");
    let hints = press(&mut screen, "Ctrl-F");
    assert!(hints.contains("F10 opens the first hit"), "{hints}");
    screen.keys(HEARD);
    press(&mut screen, "F10");
    let edit = press(&mut screen, "F9 i");
    assert!(edit.contains("-- edit   F7 opens;"), "{edit}");
    press(&mut screen, "F7");
    screen.keys("x");
    press(&mut screen, "Esc Esc");
    let edit = press(&mut screen, "F9 i");
    assert!(edit.contains("F7 on its field has its words; F8 drops it"), "{edit}");
}

#[test]
fn without_letters_a_matter_is_taken_in_with_arrows() {
    let (keymap, _) = Keymap::load("no-letters", None);
    let (_office, _story, mut screen) = at_work(&keymap, (80, 24));
    let new = parse_sequence("Ctrl-N").unwrap();
    screen.press(&parse_sequence("Ctrl-F").unwrap()).keys(&format!("{HEARD}<enter>")).press(&new);
    screen.keys("<right><right><left><enter><right><enter><enter>");
    assert!(
        screen.text().contains(">t tel") && screen.text().contains(">c complaint"),
        "{}",
        screen.text()
    );
    screen.keys("<right><left><enter><enter><right>");
    assert!(screen.text().contains("added to C-1"), "{}", screen.text());
    screen.keys("<right><enter>The lift has stopped<ctrl-d>");
    assert!(screen.status().contains("C-2"), "{}", screen.text());
    screen
        .press(&parse_sequence("F7").unwrap())
        .press(&new)
        .keys("<right><enter><right><enter><enter>");
    screen.keys("<right>");
    assert!(screen.text().contains("NEW, anonymous"), "{}", screen.text());
}

#[test]
fn every_way_on_from_a_begun_sequence_is_listed_for_whoever_hesitates() {
    let (keymap, _) = Keymap::load("no-letters", None);
    for size in [(80, 24), (60, 20)] {
        let (_office, story, mut screen) = at_work(&keymap, size);
        screen.press(&parse_sequence("Ctrl-F").unwrap()).keys(&format!("{}<enter>", story.case));
        screen.press(&parse_sequence("F9").unwrap());
        let hasty = screen.rows_at_once().join("\n");
        assert!(hasty.contains("\nF9 ..  "), "{hasty}");
        assert!(!hasty.contains("-- F9 .."), "only the footer changes at once:\n{hasty}");
        let text = screen.text();
        for way in ["-- F9 ..", "e escalate", "x close", "g ..", "Space mark", "K knowledge"] {
            assert!(text.contains(way), "{way} is not listed:\n{text}");
        }
        assert!(screen.rows().iter().all(|row| row.chars().count() < usize::from(size.0)));
        screen.keys("g");
        let text = screen.text();
        assert!(text.contains("-- F9 g ..") && text.contains("o overdue"), "{text}");
        screen.keys("<esc>");
        assert!(!screen.text().contains("-- F9"), "{}", screen.text());
        assert!(screen.cursor_row().starts_with('>'), "{}", screen.text());
    }
}

#[test]
fn choices_are_made_with_arrows_and_with_the_letters_of_another_script() {
    for keys in ["<left><right><down><right><down>", "<tab>ش", "۲ش"] {
        let (keymap, _) = Keymap::load("default", None);
        let (office, story, mut screen) = at_work(&keymap, (80, 24));
        let desk = office.sign_in(ACCOUNT).unwrap();
        screen.keys(&format!("/{}<enter>e{keys}<enter>", story.case));
        story.is_escalated(&desk);
    }
}

#[test]
fn on_a_persian_keyboard_the_story_is_told_with_the_keys_at_their_places() {
    let mut keymap = Keymap::load("default", None).0;
    assert!(keymap.choose_layout("fa"));
    let (office, story, mut screen) = at_work(&keymap, (80, 24));
    let desk = office.sign_in(ACCOUNT).unwrap();
    // The number is typed with the digits of the keyboard; e, 2, a are the keys at their places.
    screen.keys("/c-1<enter>").keys("شShe rang<ctrl-d>").keys("ث۲ش<enter>");
    story.is_escalated(&desk);
    assert!(screen.footer().contains("ث escalate") || screen.footer().contains("ق reply"));
    screen.keys("ط۱<enter>");
    story.is_closed(&desk);
}

#[test]
fn in_emacs_a_text_is_edited_with_its_motions_and_left_with_control_g() {
    let (keymap, _) = Keymap::load("emacs", None);
    let (_office, story, mut screen) = at_work(&keymap, (80, 24));
    screen.keys(&format!("/{}<enter>ashe rango<ctrl-b><ctrl-d><ctrl-a><ctrl-d>S", story.case));
    assert!(screen.text().contains("She rang"), "{}", screen.text());
    assert!(!screen.text().contains("rango"), "{}", screen.text());
    screen.keys("<ctrl-g>");
    assert!(screen.text().contains('"') || !screen.text().contains("-- NOTE"), "{}", screen.text());
    screen.keys("a");
    assert!(screen.text().contains("Ctrl-X Ctrl-K anew"), "{}", screen.text());
    screen.keys("<ctrl-x><ctrl-s>");
    assert!(screen.text().contains("note    Rahimi    She rang"), "{}", screen.text());
    screen.keys("<ctrl-x>").keys("u");
    assert!(screen.status().starts_with("Undone"), "{}", screen.status());
    screen.keys("<ctrl-x><ctrl-g>");
    assert!(!screen.status().contains("means nothing"), "{}", screen.status());
    screen.keys("<esc><esc>");
    assert!(screen.rows()[0].starts_with("FIND"), "{}", screen.text());
    screen.keys("<ctrl-x><ctrl-b>");
    assert!(screen.rows()[0].starts_with("HOUSING"), "{}", screen.text());
    screen.keys("<ctrl-x><ctrl-c>");
    assert!(screen.has_ended());
}
