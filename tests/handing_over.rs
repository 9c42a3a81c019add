//! Handing over what somebody has: by whoever may, of what is theirs, to whoever may keep it, and told as far as may be seen.

use casedesk::desk::{
    AskCaseFile, AskHandover, AskWho, Checks, Command, DeskError, HandTo, Handed, PromiseWish,
    Receipt, RowResult, UnitChange,
};
use casedesk::domain::cases::{CaseAct, Channel, GiveTo, Nature};
use casedesk::domain::office::{
    CaseworkerState, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId,
    QueueKind, Role, Shift,
};
use casedesk::domain::people::{PersonChange, Relationship, RelationshipKind};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, EntityId, PersonId, PromiseId, UnitId};

use crate::conflicts::{at, who};
use crate::office::{Office, Seat};

const HOUSING: UnitId = UnitId(1);
const ROADS: UnitId = UnitId(2);

/// Housing, which Karimi leads, with Kaya and Moe; Roads beside it, which Lund leads, whose right ends there, with Ness, who
/// works anywhere.
struct Town {
    office: Office,
    karimi: Seat,
    kaya: Seat,
    moe: Seat,
    lund: Seat,
    ness: Seat,
}

fn town() -> Town {
    let office = Office::new();
    let karimi = office.karimi();
    let kaya = office.enrol("kaya", "M. Kaya", &[Role::Caseworker]);
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let unit = NewUnit { code: "roads".to_owned(), name: "Roads".to_owned(), parent: None };
    office.act(&karimi, Command::OpenUnit(unit)).unwrap();
    for (kind, code) in [(QueueKind::Screening, "screening"), (QueueKind::Inbox, "inbox")] {
        let queue = NewQueue {
            code: format!("roads/{code}"),
            name: code.to_owned(),
            unit: ROADS,
            kind,
            ordering: OrderingId::DueFirst,
        };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    let enrol = |account: &str, name: &str, unit| {
        let new = NewCaseworker {
            account: account.to_owned(),
            name: name.to_owned(),
            unit: ROADS,
            grants: vec![Grant {
                role: Role::Caseworker,
                unit,
                confidentiality_max: Confidentiality::Confidential,
                expires: None,
            }],
        };
        office.act(&karimi, Command::Enrol(new)).unwrap();
        office.sign_in(account).unwrap()
    };
    let (lund, ness) = (enrol("lund", "A. Lund", Some(ROADS)), enrol("ness", "B. Ness", None));
    for (unit, manager) in [(HOUSING, who(&karimi)), (ROADS, who(&lund))] {
        let lead = Command::LeadUnit { unit, manager: Some(manager), substitute: None };
        office.act(&karimi, lead).unwrap();
    }
    Town { office, karimi, kaya, moe, lund, ness }
}

impl Town {
    fn owner(&self, case: CaseId) -> Option<CaseworkerId> {
        at(&self.karimi).ask(AskCaseFile { case, entries: 1 }).unwrap().case.owner
    }

    fn promise(&self, by: &Seat, to: PersonId) -> PromiseId {
        let wish = PromiseWish {
            to,
            case: None,
            what: "ring back".to_owned(),
            channel: Channel::Telephone,
            due_at: self.office.clock_now().plus_minutes(60),
            owner: None,
        };
        let receipt = self.office.act(by, Command::MakePromise(wish)).unwrap();
        let Some(EntityId::Promise(promise)) = receipt.created.first() else { unreachable!() };
        *promise
    }

    /// Who has a promise, as whoever runs the office is told.
    fn keeper(&self, promise: PromiseId) -> CaseworkerId {
        let also = vec![EntityId::Promise(promise)];
        let question = AskHandover { caseworker: who(&self.moe), also };
        let lines = at(&self.karimi).ask(question).unwrap().lines;
        let line = lines.into_iter().find(|line| line.what == Handed::Promise(promise)).unwrap();
        line.with.unwrap().0
    }

    fn hand(
        &self,
        by: &Seat,
        from: &Seat,
        what: Vec<Handed>,
        to: &Seat,
    ) -> Result<Receipt, DeskError> {
        let (from, to) = (who(from), HandTo::Colleague(who(to)));
        self.office.act(by, Command::HandOver { from, what, to, why: String::new() })
    }

    fn away(&self, by: &Seat, whom: &Seat, substitute: Option<&Seat>) -> Receipt {
        let until = Day::from_parts(2026, 8, 28).unwrap();
        let away = Command::SetAttendance {
            caseworker: who(whom),
            state: CaseworkerState::Absent { until, substitute: substitute.map(who) },
            successor: None,
            why: "ill".to_owned(),
        };
        self.office.act(by, away).unwrap()
    }

    fn link(&self, seat: &Seat, person: PersonId) {
        let (caseworker, person, reason) = (who(seat), Some(person), String::new());
        let link = Command::LinkPerson { caseworker, person, reason };
        self.office.act(&self.karimi, link).unwrap();
    }

    /// Sara, whose brother one of the staff is.
    fn sister_of(&self, seat: &Seat) -> PersonId {
        let sara = self.office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
        let reza = self.office.person("Reza", "Mohammadi", "1984-01-02", "+989121234412");
        let change = Command::ChangePerson {
            person: reza,
            version: None,
            change: PersonChange::Relationship(Relationship {
                to: sara,
                kind: RelationshipKind::Sibling,
                from: None,
                until: None,
                source: "told".to_owned(),
            }),
            source: "told".to_owned(),
            is_verified: false,
        };
        self.office.act(&self.karimi, change).unwrap();
        self.link(seat, reza);
        sara
    }

    fn is_sound(&self) {
        let found = self.office.desk.verify(Checks::deep(), &|_| {}).unwrap();
        assert!(found.findings.is_empty(), "{found:?}");
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    }
}

#[test]
fn whoever_leads_one_unit_hands_over_nothing_of_another_that_was_not_their_colleagues() {
    let town = town();
    let office = &town.office;
    let (free, taken) =
        (office.case(None, Nature::Report, "Lamp"), office.case(None, Nature::Report, "Lift"));
    office.on(&town.moe, taken, CaseAct::Claim).unwrap();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let promise = town.promise(&town.moe, sara);
    for what in [Handed::Case(free), Handed::Case(taken), Handed::Promise(promise)] {
        let result = town.hand(&town.lund, &town.ness, vec![what.clone()], &town.kaya);
        assert_eq!(refusal(result), "handover.other", "{what:?}");
    }
    assert_eq!((town.owner(free), town.keeper(promise)), (None, who(&town.moe)));
    // What a colleague of theirs has, wherever it is, goes.
    let lent = office.case(None, Nature::Report, "Door");
    office.on(&town.ness, lent, CaseAct::Claim).unwrap();
    let owed = town.promise(&town.ness, sara);
    let what = vec![Handed::Case(lent), Handed::Promise(owed)];
    town.hand(&town.lund, &town.ness, what, &town.kaya).unwrap();
    assert_eq!((town.owner(lent), town.keeper(owed)), (Some(who(&town.kaya)), who(&town.kaya)));
    town.is_sound();
}

#[test]
fn what_an_absence_gave_away_goes_on_until_somebody_has_taken_it_up() {
    let town = town();
    let office = &town.office;
    let cases = ["Lamp", "Lift"].map(|says| office.case(None, Nature::Report, says));
    let [lamp, lift] = cases;
    for case in cases {
        office.on(&town.ness, case, CaseAct::Claim).unwrap();
    }
    town.away(&town.lund, &town.ness, None);
    assert_eq!((town.owner(lamp), town.owner(lift)), (None, None));
    office.on(&town.moe, lift, CaseAct::Claim).unwrap();
    let hand = |case| town.hand(&town.lund, &town.ness, vec![Handed::Case(case)], &town.kaya);
    assert_eq!(refusal(hand(lift)), "handover.other", "Moe has claimed it");
    hand(lamp).unwrap();
    assert_eq!(town.owner(lamp), Some(who(&town.kaya)));
    assert_eq!(
        refusal(town.hand(&town.lund, &town.ness, vec![Handed::Case(lamp)], &town.moe)),
        "handover.other",
        "it is Kaya's now"
    );
    // An undo makes it what the absence had given away.
    office.act(&town.lund, Command::Undo).unwrap();
    assert_eq!(town.owner(lamp), None);
    hand(lamp).unwrap();
    assert_eq!(town.owner(lamp), Some(who(&town.kaya)));
    town.is_sound();
}

#[test]
fn the_undo_of_an_absence_leaves_what_a_colleague_has_taken_on_since() {
    let town = town();
    let office = &town.office;
    let [lamp, lift] = ["Lamp", "Lift"].map(|says| office.case(None, Nature::Report, says));
    for case in [lamp, lift] {
        office.on(&town.ness, case, CaseAct::Claim).unwrap();
    }
    town.away(&town.lund, &town.ness, None);
    office.on(&town.moe, lift, CaseAct::Claim).unwrap();
    let undone = office.act(&town.lund, Command::Undo).unwrap();
    assert!(undone.label.contains("What has been worked on since stays."), "{}", undone.label);
    assert_eq!(town.owner(lamp), Some(who(&town.ness)), "it is theirs again, and they are here");
    assert_eq!(town.owner(lift), Some(who(&town.moe)));
    let state = at(&town.ness).ask(AskWho {}).unwrap().caseworker.state;
    assert_eq!(state, CaseworkerState::Active);
    town.is_sound();
}

#[test]
fn an_absence_is_undone_behind_the_return_from_it() {
    let town = town();
    let office = &town.office;
    let lamp = office.case(None, Nature::Report, "Lamp");
    office.on(&town.ness, lamp, CaseAct::Claim).unwrap();
    let said = |state, why: &str| {
        let (caseworker, why) = (who(&town.ness), why.to_owned());
        let set = Command::SetAttendance { caseworker, state, successor: None, why };
        office.act(&town.lund, set).unwrap();
    };
    let until = Day::from_parts(2026, 11, 27).unwrap();
    said(CaseworkerState::Absent { until, substitute: None }, "ill");
    said(CaseworkerState::Active, "");
    assert_eq!(town.owner(lamp), None);
    office.act(&town.lund, Command::Undo).unwrap();
    let away = || {
        let units = at(&town.lund).ask(casedesk::desk::AskColleagues {}).unwrap().units;
        let ness = units.into_iter().flat_map(|unit| unit.colleagues);
        ness.into_iter().find(|held| held.id == who(&town.ness)).unwrap()
    };
    assert_eq!((away().is_here, away().why.as_str()), (false, "ill"), "not that it was undone");
    office.act(&town.lund, Command::Undo).unwrap();
    assert_eq!(town.owner(lamp), Some(who(&town.ness)));
    assert!(away().is_here);
    town.is_sound();
}

#[test]
fn an_absence_of_which_all_was_worked_on_since_stays_as_it_was_said() {
    let town = town();
    let office = &town.office;
    let lamp = office.case(None, Nature::Report, "Lamp");
    office.on(&town.ness, lamp, CaseAct::Claim).unwrap();
    town.away(&town.lund, &town.ness, None);
    office.on(&town.moe, lamp, CaseAct::Claim).unwrap();
    let back = Command::SetAttendance {
        caseworker: who(&town.ness),
        state: CaseworkerState::Active,
        successor: None,
        why: String::new(),
    };
    office.act(&town.karimi, back).unwrap();
    let undo = office.act(&town.lund, Command::Undo);
    assert!(matches!(undo, Err(DeskError::Changed { .. })), "somebody else said they are back");
}

#[test]
fn one_that_is_out_of_sight_stays_and_the_others_go() {
    let town = town();
    let lamp = town.office.case(None, Nature::Report, "Lamp");
    town.office.on(&town.moe, lamp, CaseAct::Claim).unwrap();
    let gone = [Handed::Case(CaseId(999)), Handed::Promise(PromiseId(999))];
    let what = [gone.to_vec(), vec![Handed::Case(lamp)]].concat();
    let done = town.hand(&town.karimi, &town.moe, what, &town.kaya).unwrap();
    assert_eq!(town.owner(lamp), Some(who(&town.kaya)));
    assert!(matches!(
        &done.rows[..],
        [RowResult::Rejected(_), RowResult::Rejected(_), RowResult::Updated(_)]
    ));
    assert!(done.label.contains("2 stayed: One of them could not go"), "{}", done.label);
    let alone = town.hand(&town.karimi, &town.moe, gone.to_vec(), &town.kaya);
    assert!(matches!(alone, Err(DeskError::NotFound(_))), "{alone:?}");
}

#[test]
fn whoever_marks_somebody_as_away_is_told_no_number_of_what_they_may_not_see() {
    let town = town();
    let office = &town.office;
    let sara = town.sister_of(&town.lund);
    let (hers, lamp) = (
        office.case(Some(sara), Nature::Report, "Stairs"),
        office.case(None, Nature::Report, "Lamp"),
    );
    for case in [hers, lamp] {
        office.on(&town.ness, case, CaseAct::Claim).unwrap();
    }
    let promise = town.promise(&town.ness, sara);
    let done = town.away(&town.lund, &town.ness, Some(&town.kaya));
    assert_eq!(done.rows, [RowResult::Updated(EntityId::Case(lamp))]);
    assert!(
        done.label.ends_with(" 1 case went to Kaya. Work that you may not see went on, too."),
        "{}",
        done.label
    );
    let kaya = who(&town.kaya);
    assert_eq!((town.owner(hers), town.keeper(promise)), (Some(kaya), kaya));
    town.is_sound();
}

#[test]
fn a_promise_goes_to_nobody_who_may_not_know_to_whom_it_was_made() {
    let town = town();
    let sara = town.sister_of(&town.kaya);
    let promise = town.promise(&town.moe, sara);
    let what = vec![Handed::Promise(promise)];
    let given = town.hand(&town.karimi, &town.moe, what, &town.kaya);
    assert_eq!(refusal(given), "handover.keep");
    let done = town.away(&town.karimi, &town.moe, Some(&town.kaya));
    assert!(done.label.contains("1 promise went to whoever leads the unit"), "{}", done.label);
    assert_eq!(town.keeper(promise), who(&town.karimi));
}

#[test]
fn what_somebody_leaves_goes_to_no_successor_who_is_not_on_the_roster() {
    let town = town();
    let office = &town.office;
    let lamp = office.case(None, Nature::Report, "Lamp");
    office.on(&town.moe, lamp, CaseAct::Claim).unwrap();
    let shift = Shift { caseworker: who(&town.moe), weekday: 5, from_minute: 480, to_minute: 960 };
    let change = UnitChange::Roster(vec![shift]);
    office.act(&town.karimi, Command::ChangeUnit { unit: HOUSING, change }).unwrap();
    let leave = Command::SetAttendance {
        caseworker: who(&town.moe),
        state: CaseworkerState::Left,
        successor: Some(who(&town.kaya)),
        why: String::new(),
    };
    let done = office.act(&town.karimi, leave).unwrap();
    assert_eq!(town.owner(lamp), None);
    assert!(done.label.ends_with(" 1 case went back into their queues."), "{}", done.label);
}

#[test]
fn a_manager_who_is_replaced_keeps_no_case_of_a_unit_with_a_roster() {
    let town = town();
    let office = &town.office;
    let lamp = office.case(None, Nature::Report, "Lamp");
    let shift = Shift { caseworker: who(&town.moe), weekday: 5, from_minute: 480, to_minute: 960 };
    let change = UnitChange::Roster(vec![shift]);
    office.act(&town.karimi, Command::ChangeUnit { unit: HOUSING, change }).unwrap();
    office.on(&town.karimi, lamp, CaseAct::Claim).unwrap();
    office.desk.watch_cover().unwrap();
    assert_eq!(town.owner(lamp), Some(who(&town.karimi)));
    let lead = Command::LeadUnit { unit: HOUSING, manager: Some(who(&town.moe)), substitute: None };
    office.act(&town.karimi, lead).unwrap();
    office.desk.watch_cover().unwrap();
    assert_eq!(town.owner(lamp), None, "the same day");
    town.is_sound();
}

/// Karimi, as whom the rule acts, works in Honolulu, where it is Thursday still; the roster is that of Roads, on Friday.
#[test]
fn who_is_on_a_roster_is_decided_by_the_day_of_its_own_unit() {
    let town = town();
    let office = &town.office;
    let change = |unit, change| {
        office.act(&town.karimi, Command::ChangeUnit { unit, change }).unwrap();
    };
    change(ROADS, UnitChange::Zone(Some("Europe/Oslo".to_owned())));
    change(HOUSING, UnitChange::Zone(Some("Pacific/Honolulu".to_owned())));
    let shift = Shift { caseworker: who(&town.moe), weekday: 5, from_minute: 480, to_minute: 960 };
    change(ROADS, UnitChange::Roster(vec![shift]));
    let away = Command::SetAttendance {
        caseworker: who(&town.moe),
        state: CaseworkerState::Absent {
            until: Day::from_parts(2026, 8, 20).unwrap(),
            substitute: Some(who(&town.kaya)),
        },
        successor: None,
        why: "ill".to_owned(),
    };
    office.act(&town.karimi, away).unwrap();
    let case = office.case(None, Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(ROADS), words: String::new() };
    office.on(&town.karimi, case, give).unwrap();
    office.on(&town.kaya, case, CaseAct::Claim).unwrap();
    office.desk.watch_cover().unwrap();
    assert_eq!(town.owner(case), None, "in Roads, Moe is back, and nobody stands in");
    town.is_sound();
}
