//! Nothing typed is lost: drafts of every form, the list of them, and the place on the screen.

use std::sync::Arc;

use casedesk::desk::{AskDrafts, AskPlaces, Command, Desk, Draft, DraftForm, DraftKey};
use casedesk::domain::cases::{Channel, Direction, Nature, StartedContact};
use casedesk::domain::{CaseId, EntityId};

use crate::harness::TestScreen;
use crate::office::Office;

fn office() -> Office {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.case(Some(sara), Nature::Complaint, "no heating");
    office
}

/// Karimi at a screen that keeps where she is.
fn session(office: &Office, number: u64) -> TestScreen {
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.remember(number);
    screen
}

/// Time passes at the desk and at the screen, a second at a time.
fn seconds(office: &Office, screen: &mut TestScreen, seconds: i64) {
    for _ in 0..seconds {
        office.clock.pass_seconds(1);
        screen.tick(casedesk::desk::Clock::now(office.clock.as_ref()));
    }
}

fn drafts(office: &Office) -> Vec<Draft> {
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    desk.ask(AskDrafts {}).unwrap().drafts
}

#[test]
fn every_form_comes_back_with_its_words_after_a_kill() {
    // What opens the form on the case, what is typed there, and what the screen shows of it again.
    let forms = [
        ("a", "asks again on Monday", "asks again on Monday"),
        ("r<enter>", "Your subsidy is late", "Your subsidy is late"),
        ("e2a", "Rule on it before Monday", "Rule on it before Monday"),
        ("h", "", "HOLD C-1"),
        ("x", "", "CLOSE C-1"),
        ("t<tab>", "for the heating", "for the heating"),
    ];
    for (keys, words, shown) in forms {
        let office = office();
        let mut screen = session(&office, 1);
        screen.keys("/c-1<enter>").keys(keys).keys(words);
        assert!(screen.text().contains(shown), "{keys}\n{}", screen.text());
        seconds(&office, &mut screen, 2);
        drop(screen);
        let mut screen = session(&office, 2);
        let text = screen.text();
        assert!(text.starts_with("C-1 COM"), "{keys}\n{text}");
        assert!(text.contains(shown), "{keys}\n{text}");
        if !words.is_empty() {
            // Whoever types on goes on in the same words.
            screen.keys("!!");
            assert!(screen.text().contains(&format!("{shown}!!")), "{keys}\n{}", screen.text());
        }
    }
}

#[test]
fn a_killed_intake_comes_back_where_it_was_with_the_contact_that_runs() {
    let office = office();
    let karimi = office.karimi();
    let contact = StartedContact {
        channel: Channel::Telephone,
        direction: Direction::In,
        person: None,
        telephone: None,
        ivr_path: None,
    };
    office.act(&karimi, Command::StartContact(contact)).unwrap();
    let mut screen = session(&office, 1);
    screen.keys("/mohmdi s<enter>nc<enter><enter><enter>nstill no hea");
    seconds(&office, &mut screen, 2);
    assert!(screen.text().contains("draft kept 09:14:02"), "{}", screen.text());
    drop(screen);
    let mut screen = session(&office, 2);
    let text = screen.text();
    assert!(text.starts_with("NEW for P-1 Mohammadi, Sara"), "{text}");
    assert!(text.contains("TEL in") && text.contains("still no hea"), "{text}");
    assert!(screen.status().contains("Back where you were"), "{}", screen.status());
    screen.keys("<esc>");
    assert!(screen.text().starts_with("P-1"), "the way back is there: {}", screen.text());
}

#[test]
fn a_hang_up_loses_nothing_at_all() {
    let office = office();
    let mut screen = session(&office, 1);
    screen.keys("/c-1<enter>atyped just now");
    screen.hang_up();
    let mut screen = session(&office, 2);
    assert!(screen.text().contains("typed just now"), "{}", screen.text());
}

#[test]
fn whoever_leaves_begins_on_the_board_and_leaves_no_place_behind() {
    let office = office();
    let mut screen = session(&office, 1);
    screen.keys("/c-1<enter>");
    seconds(&office, &mut screen, 3);
    screen.keys("qq");
    assert!(screen.has_ended());
    drop(screen);
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskPlaces {}).unwrap().places, []);
    assert!(session(&office, 2).text().starts_with("HOUSING"));
}

#[test]
fn on_another_day_the_board_comes_first_and_the_way_back_is_one_key() {
    let office = office();
    let mut screen = session(&office, 1);
    screen.keys("/c-1<enter>");
    seconds(&office, &mut screen, 3);
    drop(screen);
    office.pass_minutes(24 * 60);
    let mut screen = session(&office, 2);
    assert!(screen.text().starts_with("HOUSING"), "{}", screen.text());
    assert!(screen.status().contains("C-1: > goes there"), "{}", screen.status());
    screen.keys(">");
    assert!(screen.text().starts_with("C-1 COM"), "{}", screen.text());
}

#[test]
fn the_sessions_of_one_account_keep_a_place_each() {
    let office = office();
    let mut one = session(&office, 1);
    let mut two = session(&office, 2);
    one.keys("/c-1<enter>");
    two.keys("go");
    seconds(&office, &mut one, 2);
    seconds(&office, &mut two, 2);
    // Whoever is still there is not taken for somebody who was cut off.
    let mut three = session(&office, 3);
    assert!(three.text().starts_with("HOUSING"), "{}", three.text());
    three.keys("q");
    drop(three);
    drop(one);
    drop(two);
    let mut first = session(&office, 4);
    let mut second = session(&office, 5);
    assert!(first.text().starts_with("OVERDUE"), "the newest first: {}", first.text());
    assert!(second.text().starts_with("C-1 COM"), "{}", second.text());
    assert!(session(&office, 6).text().starts_with("HOUSING"));
}

#[test]
fn the_board_comes_back_with_its_list_and_row() {
    let office = office();
    office.case(None, Nature::Report, "lift");
    let mut screen = session(&office, 1);
    screen.keys("2j");
    let row = screen.cursor_row();
    seconds(&office, &mut screen, 2);
    drop(screen);
    let mut screen = session(&office, 2);
    assert!(screen.text().contains("[2Inbox 2]"), "{}", screen.text());
    assert_eq!(screen.cursor_row(), row);
}

#[test]
fn the_list_of_drafts_leads_to_each_and_a_dropped_one_is_taken_back() {
    let office = office();
    let mut screen = session(&office, 1);
    screen.keys("/c-1<enter>awho decides<esc>");
    office.pass_minutes(90);
    seconds(&office, &mut screen, 1);
    screen.keys("gw");
    let text = screen.text();
    assert!(text.contains("DRAFTS  1"), "{text}");
    assert!(text.contains("1h note       C-1"), "{text}");
    assert!(text.contains("who decides"), "{text}");
    screen.keys("x");
    assert!(screen.text().contains("Nothing waits to be sent"), "{}", screen.text());
    assert_eq!(drafts(&office), []);
    screen.keys("u");
    assert!(screen.text().contains("who decides"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().starts_with("C-1 COM"), "{}", screen.text());
    screen.keys("?<ctrl-d>");
    assert!(screen.text().contains("who decides?"), "{}", screen.text());
    assert_eq!(drafts(&office), []);
}

#[test]
fn a_draft_of_thirty_days_is_shown_once_more_and_then_gone() {
    let office = office();
    let key = DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(CaseId(1))) };
    let draft = Draft {
        key,
        fields: vec![("text".to_owned(), "long ago".to_owned())],
        focus: "text".to_owned(),
        base_version: 1,
        saved_at: casedesk::desk::Clock::now(office.clock.as_ref()),
    };
    office.act(&office.karimi(), Command::SaveDraft(draft)).unwrap();
    office.pass_minutes(28 * 24 * 60);
    let mut screen = session(&office, 1);
    screen.keys("gw");
    assert!(screen.text().contains("2d left"), "{}", screen.text());
    screen.keys("<esc>");
    assert_eq!(drafts(&office).len(), 1);
    office.pass_minutes(3 * 24 * 60);
    seconds(&office, &mut screen, 1);
    screen.keys("gw");
    assert!(screen.text().contains("EXPIRED"), "{}", screen.text());
    screen.keys("<esc>");
    assert_eq!(drafts(&office), []);
}

#[test]
fn a_new_person_who_was_looked_for_comes_back_into_the_form_that_they_are_for() {
    let office = office();
    let mut screen = session(&office, 1);
    screen.keys("ntc<enter>");
    assert!(screen.cursor_row().contains("asked by"), "{}", screen.text());
    screen.keys("mrs. luz hernandez 2 mar 1986<enter><tab>n");
    let text = screen.text();
    for (label, words) in
        [("given names", "Luz"), ("family name", "Hernandez"), ("born", "1986-03-02")]
    {
        assert!(text.lines().any(|line| line.contains(label) && line.contains(words)), "{text}");
    }
    assert!(text.contains("Mrs"), "{text}");
    screen.keys("<ctrl-d>");
    assert!(screen.text().starts_with("NEW for P-2 Hernandez, Luz"), "{}", screen.text());
    screen.keys("<enter><enter>wants a form<ctrl-d>");
    assert!(screen.text().starts_with("C-2 COM"), "{}", screen.text());
}
