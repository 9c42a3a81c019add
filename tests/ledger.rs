//! The intake ledger: what was received is in screening, open, or ended, and a case that is gone is named.

use std::sync::{Arc, Mutex};

use casedesk::desk::{AskLedger, Desk, Level, Log};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{Ledger, Nature, OutcomeCode};
use casedesk::domain::time::Instant;
use casedesk::store::{Direction, KeyRange, MemoryStore, Store, Write};

use crate::harness::TestScreen;
use crate::office::Office;
use crate::store_laws::writes;

fn ledger(desk: &dyn Desk) -> Ledger {
    let mut ledger = Ledger::default();
    loop {
        let answer = desk.ask(AskLedger { after: ledger.last }).unwrap();
        ledger.extend(answer.ledger);
        if ledger.last >= answer.received {
            return ledger;
        }
    }
}

#[test]
fn every_case_that_was_received_is_in_screening_open_or_ended() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for number in 0..5 {
        office.case(Some(sara), Nature::Complaint, &format!("Matter {number}"));
    }
    let karimi: Arc<dyn Desk> = Arc::new(office.sign_in("karimi").unwrap());
    let mut screen = TestScreen::open(Arc::clone(&karimi));
    screen.keys(".x7").keys("taken back by her<ctrl-d>");
    let counted = ledger(&*karimi);
    assert_eq!((counted.last, counted.screening, counted.open), (5, 0, 4), "{}", screen.text());
    assert_eq!(counted.ended.get(&OutcomeCode::Withdrawn), Some(&1));
    screen.keys("gr");
    let text = screen.text();
    assert!(
        text.contains("5 received = 0 in screening + 4 open + 1 ended: nothing is lost."),
        "{text}"
    );
    assert!(text.contains("1  withdrawn"), "{text}");
    screen.keys("<esc>:reconc<enter>");
    assert!(screen.text().contains("nothing is lost"), "{}", screen.text());
}

#[derive(Default)]
struct Heard(Mutex<Vec<(Level, String)>>);

impl Log for Heard {
    fn note(&self, _: Instant, level: Level, sentence: &str) {
        self.0.lock().unwrap().push((level, sentence.to_owned()));
    }
}

#[test]
fn the_log_has_the_sum_of_the_day() {
    let office = Office::new();
    office.case(None, Nature::Report, "Lift out of order");
    let heard = Arc::new(Heard::default());
    office.desk.keep_log(heard.clone());
    assert!(office.desk.note_ledger().unwrap().is_whole());
    let line = "ledger: 1 received = 0 in screening + 1 open + 0 ended: nothing is lost.";
    assert_eq!(*heard.0.lock().unwrap(), [(Level::Info, line.to_owned())]);
}

#[test]
fn a_case_that_is_gone_is_counted_and_named() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let office = Office::over(Arc::clone(&store));
    for number in 0..4 {
        office.case(None, Nature::Report, &format!("Matter {number}"));
    }
    let cases = store.scan(&KeyRange::prefix(b"C"), 9, Direction::Forward).unwrap().rows;
    for gone in [1, 3] {
        let key = cases[gone].0.clone();
        store.commit(writes(u128::MAX - gone as u128, vec![], vec![Write::Delete(key)])).unwrap();
    }
    let karimi = office.karimi();
    let counted = ledger(&karimi);
    assert_eq!((counted.last, counted.open, counted.astray), (4, 2, 2));
    assert_eq!(counted.named, [CaseId(2), CaseId(4)]);
    assert_eq!(counted.words(), "4 received = 0 in screening + 2 open + 0 ended + 2 ASTRAY.");
}
