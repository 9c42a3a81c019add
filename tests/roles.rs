//! What a screen offers to each role: nothing that its rights never include, and no sentence that is untrue for its reader.

use std::sync::Arc;

use casedesk::domain::cases::Nature;
use casedesk::domain::office::Role;

use crate::harness::TestScreen;
use crate::office::{Office, Seat};

/// The screen of somebody who holds these roles, in an office with one free case.
fn screen_of(roles: &[Role]) -> (Office, Seat, TestScreen) {
    let office = Office::new();
    let seat = office.enrol("walsh", "A. Walsh", roles);
    office.case(None, Nature::Report, "The lift stands still");
    let screen = TestScreen::open(Arc::new(seat.clone()));
    (office, seat, screen)
}

/// All pages of the help, read on from the first.
fn help(screen: &mut TestScreen) -> String {
    let mut pages = screen.keys("<f1>").text();
    for _ in 0..12 {
        pages.push_str(&screen.keys("<pgdn>").text());
    }
    screen.keys("<esc>");
    pages
}

#[test]
fn help_footer_and_palette_offer_what_the_rights_include() {
    let (_, _, mut auditor) = screen_of(&[Role::Auditor]);
    let (_, _, mut caseworker) = screen_of(&[Role::Caseworker]);
    for words in ["Claims the next case", "Takes in a new case", "Writes a reply"] {
        assert!(help(&mut caseworker).contains(words), "{words}");
        assert!(!help(&mut auditor).contains(words), "{words}");
    }
    assert!(help(&mut auditor).contains("Finds a person or a case"));
    assert!(!auditor.keys(":claims").text().contains("Claims the next case"), "{}", auditor.text());
    assert!(caseworker.keys(":claims").text().contains("Claims the next case"));
    for (screen, may) in [(&mut auditor, false), (&mut caseworker, true)] {
        let footer = screen.keys("<esc>4").footer();
        assert_eq!(footer.contains(" escalate"), may, "{footer}");
    }
}

#[test]
fn an_empty_list_says_what_is_true_for_whoever_reads_it() {
    let (_, _, mut auditor) = screen_of(&[Role::Auditor]);
    let text = auditor.text();
    assert!(text.contains("You have no cases") && !text.contains("claims the next"), "{text}");
    let (_, _, mut caseworker) = screen_of(&[Role::Caseworker]);
    assert!(caseworker.text().contains("claims the next free one"), "{}", caseworker.text());
    caseworker.keys(".<esc>4");
    assert!(
        caseworker.text().contains("No case is free for you to claim"),
        "{}",
        caseworker.text()
    );
}

#[test]
fn a_refusal_says_the_right_in_words_and_who_gives_it() {
    let (_, _, mut auditor) = screen_of(&[Role::Auditor]);
    let said = auditor.keys("4.").text();
    assert!(said.contains("A. Walsh may not work cases here"), "{said}");
    assert!(said.contains("Ask whoever leads your unit"), "{said}");
    assert!(!said.contains("WorkCase") && !said.contains("casedesk office"), "{said}");
}

#[test]
fn the_administrator_begins_where_they_may_be_and_is_refused_nothing() {
    let (_, _, mut root) = screen_of(&[Role::Administrator]);
    let text = root.text();
    assert!(text.contains("Karimi") && text.contains("no cases"), "{text}");
    assert!(!text.contains("may not") && !text.contains("lift"), "{text}");
    let text = root.keys("gb").text();
    assert!(text.contains("Your rights include no cases"), "{text}");
    assert!(!text.contains("may not"), "{text}");
}

#[test]
fn whoever_reads_no_case_is_told_that_none_are_counted_and_sees_no_zeroes() {
    let (office, _, mut admin) = screen_of(&[Role::Administrator]);
    let shown = admin.keys("gc").text();
    assert!(shown.contains("You read no cases, so none are counted here"), "{shown}");
    let row = |words: &str, shown: &str| {
        let found = shown.lines().find(|line| line.contains(words));
        found.map(str::to_owned).unwrap_or_default()
    };
    let (unit, own) = (row("- Housing", &shown), row("A. Walsh", &shown));
    assert!(!unit.contains('0') && !unit.contains("free"), "{unit}");
    assert!(!own.contains('.') || own.contains("A. Walsh") && !own.contains("  ."), "{own}");
    assert!(own.contains(" -"), "{own}");
    let mut leader = TestScreen::open(Arc::new(office.karimi()));
    let shown = leader.keys("gc").text();
    assert!(row("- Housing", &shown).contains("1 free"), "{shown}");
    assert!(!shown.contains("You read no cases"), "{shown}");
}
