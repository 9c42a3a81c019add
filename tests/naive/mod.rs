//! Every question of every kind of caseworker, against a naive filter of the full state.
//!
//! The filter reads all records from the store and decides by the words of the domain description who may see which of them
//! ([`state`]); it shares no line with the desk's own. What an answer lists, counts, orders and pages is compared with it.

mod asked;
mod commands;
mod day;
mod expected;
mod exports;
mod lists;
mod office;
mod state;
mod told;
mod trails;

use std::sync::Arc;

use casedesk::desk::Desk;
use casedesk::store::{MemoryStore, Store};

use expected::Expected;
use office::Viewer;
use state::{Sees, State};
use told::{Hidden, shortest};

/// Asks every question as each of these, and gathers what is answered otherwise than by the filter.
fn wrong_to(asks: impl Fn(&Viewer) -> bool) -> Vec<String> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let office = office::made(Arc::clone(&store));
    let state = State::read(store.as_ref(), office.clock_now());
    state.assert_varied();
    let all = asked::questions(&state);
    asked::assert_every_kind(&all);
    let mut wrong = Vec::new();
    for viewer in office::viewers().iter().filter(|viewer| asks(viewer)) {
        let session = office.desk.sign_in(viewer.account, None).unwrap();
        let sees = Sees::new(&state, state.account(viewer.account));
        let hidden = Hidden::of(&sees);
        let expected = Expected::new(&sees);
        for query in &all {
            let answer = session.query(query.clone());
            let mut complaints = hidden.told(query, &answer);
            complaints.extend(expected.check(query, &answer).err());
            let account = viewer.account;
            wrong.extend(complaints.iter().map(|it| format!("{account} {query:?}\n    {it}")));
        }
    }
    wrong
}

#[test]
fn every_answer_to_every_role_is_that_of_a_naive_filter_of_the_full_state() {
    let wrong = wrong_to(Viewer::is_of_role);
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), shortest(&wrong));
}

#[test]
fn every_answer_to_bounded_rights_and_relatives_is_that_of_a_naive_filter_of_the_full_state() {
    let wrong = wrong_to(|viewer| !viewer.is_of_role());
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), shortest(&wrong));
}
