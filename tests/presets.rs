//! Every preset drives the same story with its own keys, which are looked up from the live map and pressed as they are.

use std::sync::Arc;

use casedesk::desk::Desk;
use casedesk::keymap::{Action, Context, Key, KeyCode, Keymap, PRESETS, parse_sequence};
use casedesk::link::RemoteDesk;

use crate::harness::TestScreen;
use crate::link_remote::Listening;
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
        let shown = shown.first().unwrap_or_else(|| panic!("no key for {}", action.info().name));
        let keys =
            parse_sequence(shown).unwrap().into_iter().map(|key| match (key.code(), digit) {
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
        let desk: Arc<dyn Desk> = Arc::new(office.desk.sign_in(ACCOUNT, None).unwrap());
        tell(&story, &desk, preset);
    }
}

#[test]
fn every_preset_tells_the_story_over_the_socket() {
    for (preset, _) in PRESETS {
        let listening = Listening::new();
        let story = Story::begin(&listening.office);
        let desk: Arc<dyn Desk> =
            Arc::new(RemoteDesk::connect(listening.data(), Some(ACCOUNT)).unwrap());
        tell(&story, &desk, preset);
    }
}
