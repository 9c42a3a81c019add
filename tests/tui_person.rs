//! The person's file from the keyboard, at a real desk.

use casedesk::desk::{AskPersonFile, Command, Desk};
use casedesk::domain::PersonId;
use casedesk::domain::cases::Nature;
use casedesk::domain::office::Role;
use casedesk::domain::people::{Address, ContactPointState, Identity, PersonChange};

use crate::harness::TestScreen;
use crate::office::{Office, Seat};
use crate::tui_find::screen_at;

fn office() -> Office {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Nika", "Mohammadi", "2020-05-01", "+989121234412");
    office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    office
}

fn opened(office: &Office) -> TestScreen {
    let mut screen = screen_at(office);
    screen.keys("/p-1<enter>");
    assert!(screen.text().starts_with("P-1  MOHAMMADI, Sara"), "{}", screen.text());
    screen
}

#[test]
fn a_household_is_formed_and_its_members_are_a_digit_away() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<up>");
    for _ in 0..20 {
        screen.keys("<down>");
    }
    screen.keys("<enter>P-2 child<ctrl-d><esc>");
    assert!(screen.text().contains("1 child    Mohammadi, Nika"), "{}", screen.text());
    assert!(screen.keys("1").text().starts_with("P-2  MOHAMMADI, Nika"), "{}", screen.text());
    assert!(screen.text().contains("1 parent   Mohammadi, Sara"), "{}", screen.text());
    assert!(screen.keys("<").text().starts_with("P-1"));
    assert!(screen.keys("2").text().starts_with("C-1"), "{}", screen.text());
}

#[test]
fn a_wrong_number_is_marked_and_a_new_one_added_with_its_source() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<down><down><down><down>w");
    screen.keys("<down><enter>+47 40 00 00 03<enter><enter><esc>");
    let text = screen.text();
    assert!(text.contains("wrong") && text.contains("T2 "), "{text}");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskPersonFile { person: PersonId(1) }).unwrap();
    assert_eq!(file.contact_points[0].state, ContactPointState::Wrong);
    assert_eq!(file.contact_points.len(), 2);
    let sources: Vec<&str> = file.fields.iter().map(|field| field.source.as_str()).collect();
    assert!(sources.contains(&"told by telephone"), "{sources:?}");
}

#[test]
fn what_the_status_line_says_undoes_a_field_also_in_the_list_of_fields() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<down><down><down><down><enter>");
    assert!(screen.text().contains("Enter go on"), "{}", screen.text());
    screen.keys("<esc>w");
    assert!(screen.text().contains("u undoes"), "{}", screen.text());
    screen.keys("u");
    assert!(screen.text().contains("Undone"), "{}", screen.text());
    assert!(screen.text().contains("-- edit"), "{}", screen.text());
    screen.keys("<enter>u");
    assert!(!screen.text().contains("Undone"), "in an open field it is a letter");
}

#[test]
fn a_name_that_was_changed_is_said_as_it_is_now() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<enter><ctrl-u>Karimi<ctrl-d>");
    assert!(screen.status().contains("Karimi, Sara: kept."), "{}", screen.text());
}

#[test]
fn what_is_masked_is_shown_once_it_is_recorded_and_masked_again_on_return() {
    let office = office();
    let mut screen = opened(&office);
    assert!(!screen.text().contains("+98 912 123 4411"));
    screen.keys("z1");
    assert!(screen.text().contains("+98 912 123 4411"), "{}", screen.text());
    screen.keys("1<");
    assert!(!screen.text().contains("+98 912 123 4411"), "{}", screen.text());
}

#[test]
fn a_case_is_worked_from_the_file_without_leaving_it() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("a");
    screen.keys("She rang again<ctrl-d>");
    assert!(screen.text().starts_with("P-1  MOHAMMADI"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("She rang again"), "{}", screen.text());
}

fn told(office: &Office, change: PersonChange) {
    told_to(office, &office.karimi(), change);
}

fn told_to(office: &Office, by: &Seat, change: PersonChange) {
    let source = "identity card".to_owned();
    let command = Command::ChangePerson {
        person: PersonId(1),
        version: None,
        change,
        source,
        is_verified: true,
    };
    office.act(by, command).unwrap();
}

#[test]
fn a_field_that_somebody_else_changed_shows_theirs_yours_and_the_original() {
    let office = office();
    let ali = office.enrol("ali", "T. Ali", &[Role::Caseworker]);
    let mut screen = opened(&office);
    screen.keys("i<down><down><down><enter><ctrl-u>Park 9");
    let theirs = Address { street: "Quay 3".to_owned(), ..Address::default() };
    told_to(&office, &ali, PersonChange::Address(theirs));
    screen.keys("<f1><esc>");
    let text = screen.text();
    assert!(text.contains("  current  Quay 3   identity card"), "{text}");
    assert!(text.contains("  was      Azadi 12, 0184, Oslo, W7   told by telephone"), "{text}");
    assert!(text.contains("Park 9"), "the words are kept: {text}");
    assert!(screen.footer().contains("Enter who changed it"), "{text}");
    assert!(screen.keys(" 12").text().contains("Park 9 12"), "what is typed fast chooses nothing");
    screen.keys("<backspace><backspace><backspace>");
    for key in ["<ctrl-d>", "x<backspace><enter>", "<enter>"] {
        screen.keys(key);
        let text = screen.text();
        assert!(text.contains("1 current  Quay 3   identity card   Ali 09:14"), "{text}");
        assert!(
            text.contains("address was changed by Ali at 09:14. 1 leaves that, 2 sends"),
            "{text}"
        );
        assert!(text.contains("Park 9"), "nothing is sent before one has chosen: {text}");
    }
    screen.keys("2");
    assert!(
        screen.text().contains("Park 9"),
        "sent knowingly, it replaces theirs: {}",
        screen.text()
    );
    assert!(!screen.text().contains("1 current"), "{}", screen.text());
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let address = desk.ask(AskPersonFile { person: PersonId(1) }).unwrap().address;
    assert!(address.starts_with("Park 9"), "{address}");
}

#[test]
fn a_change_of_another_field_disturbs_nobody() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<down><down><enter>Mrs");
    told(&office, PersonChange::Languages(vec!["fa".to_owned()]));
    screen.keys("<ctrl-d>");
    let text = screen.text();
    assert!(text.contains("Mrs") && !text.contains("1 current"), "{text}");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskPersonFile { person: PersonId(1) }).unwrap().form_of_address, "Mrs");
}

#[test]
fn a_fact_older_than_two_years_says_so_and_a_number_that_came_back_too() {
    let office = office();
    office.pass_minutes(3 * 366 * 24 * 60);
    let mut screen = opened(&office);
    assert!(screen.text().contains("? 26-08-21 OLD"), "{}", screen.text());
    screen.keys("i<down><down><down><down>b");
    let text = screen.text();
    assert!(text.contains("bounced tried by"), "{text}");
    assert!(text.contains("26-08-21 OLD told"), "the address is old still: {text}");
}

#[test]
fn another_name_and_an_id_are_added_and_corrected() {
    let office = office();
    let number = |value: &str| Identity { scheme: "passport".to_owned(), value: value.to_owned() };
    told(&office, PersonChange::Identity { index: 9, identity: number("N1234567") });
    let mut screen = opened(&office);
    screen.keys("i");
    while !screen.cursor_row().contains("add other name") {
        screen.keys("<down>");
    }
    screen.keys("<enter>Karimi<ctrl-d>");
    while !screen.cursor_row().contains("passport") {
        screen.keys("<up>");
    }
    screen.keys("<enter><enter>N7654321<ctrl-d><esc>");
    let text = screen.text();
    assert!(text.contains("also Karimi"), "{text}");
    assert!(text.contains("passport") && text.contains("321"), "{text}");
    assert_eq!(text.matches("passport").count(), 1, "it was corrected, not added: {text}");
}
