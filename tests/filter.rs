//! Lists under a limit: the language, the desk, and the keys of the board.

use std::collections::BTreeSet;
use std::sync::Arc;

use casedesk::desk::{
    Anchor, AskCaseFile, AskCaseIds, AskCases, AskFrequencies, AskViews, Command, Desk, DeskError,
    LocalDesk, Narrowing, Request, SavedView, View, ViewKind,
};
use casedesk::domain::cases::filter::{
    DayWord, Field, Filter, Flag, Sort, Span, SpanUnit, Term, Test, TimeTest, Value, Vocabulary,
    complete,
};
use casedesk::domain::cases::{
    Case, CaseAct, Channel, EscalationLevel, EscalationReason, HoldReason, Nature, Stage,
};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit};
use casedesk::domain::office::{OrderingId, QueueKind, Role};
use casedesk::domain::people::PersonChange;
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, PersonId, SubjectCode, UnitId};
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::store::{MemoryStore, Store};

use crate::harness::TestScreen;
use crate::office::Office;

/// Chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()].clone()
    }

    fn several<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..=self.below(3)).map(|_| one(self)).collect()
    }
}

fn text(chance: &mut Chance) -> String {
    let words = [
        "rent",
        "stair light",
        "a,b",
        "say \"no\"",
        "-late",
        "late",
        "me",
        "none",
        "unit:x",
        "due<2d",
        "not:late",
        "14:30",
        "Ünal",
        "خانه",
        " x ",
        "NONE",
        "=",
        "x-y",
        "not",
    ];
    chance.pick(&words).to_owned()
}

fn value(chance: &mut Chance, reserved: &[Value]) -> Value {
    if !reserved.is_empty() && chance.below(3) == 0 {
        return chance.pick(reserved);
    }
    Value::Text(text(chance))
}

fn time(chance: &mut Chance) -> TimeTest {
    let amount = u32::try_from(chance.below(9_999)).unwrap();
    let units = [SpanUnit::Minutes, SpanUnit::Hours, SpanUnit::Days, SpanUnit::Weeks];
    let span = Span { amount, unit: chance.pick(&units) };
    let day = Day::from_number(i32::try_from(chance.below(40_000)).unwrap());
    match chance.below(5) {
        3 => TimeTest::Before(DayWord::On(day)),
        4 => TimeTest::After(DayWord::InYear { month: 2, day: 29 }),
        0 => TimeTest::Under(span),
        1 => TimeTest::Over(span),
        _ => TimeTest::On(chance.several(|chance| {
            let day = i32::try_from(chance.below(40_000)).unwrap();
            let words = [DayWord::Today, DayWord::Tomorrow, DayWord::Yesterday, DayWord::None];
            chance.pick(&[words.as_slice(), &[DayWord::On(Day::from_number(day))]].concat())
        })),
    }
}

fn filter(chance: &mut Chance) -> Filter {
    let none = [Value::None];
    let test = |chance: &mut Chance| match chance.below(12) {
        0 => Test::Words(chance.several(text)),
        1 => Test::Flags(chance.several(|chance| chance.pick(Flag::ALL))),
        2 => Test::Unit(chance.several(|chance| value(chance, &[]))),
        3 => Test::Owner(chance.several(|chance| value(chance, &[Value::None, Value::Me]))),
        4 => Test::Subject(chance.several(|chance| value(chance, &none))),
        5 => Test::Area(chance.several(|chance| value(chance, &none))),
        6 => Test::Nature(chance.several(|chance| chance.pick(Nature::ALL))),
        7 => Test::Stage(chance.several(|chance| chance.pick(Stage::ALL))),
        8 => Test::Channel(chance.several(|chance| chance.pick(Channel::ALL))),
        9 => Test::Due(time(chance)),
        10 => Test::Indexed(chance.several(|chance| value(chance, &none))),
        _ => Test::Received(time(chance)),
    };
    let terms =
        (0..chance.below(4)).map(|_| Term { is_not: chance.below(3) == 0, test: test(chance) });
    Filter { terms: terms.collect() }
}

#[test]
fn a_filter_reads_back_from_its_normal_form_as_itself() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..5_000 {
        let filter = filter(&mut chance);
        let printed = filter.to_string();
        if printed.len() <= 300 {
            assert_eq!(printed.parse().as_ref(), Ok(&filter), "{printed}");
        }
    }
}

#[test]
fn any_text_is_a_filter_or_is_refused_at_a_column_that_it_has() {
    let mut chance = Chance(0x0123_4567_89ab_cdef);
    let parts = [
        "unit",
        "due",
        "late",
        ":",
        "=",
        "<",
        ">",
        "-",
        "not:",
        "\"",
        ",",
        " ",
        "2d",
        "4h",
        "x",
        "ü",
        "۲",
        "خ",
        "\u{301}",
        "me",
        "nature",
        "complaint",
        "age",
        "\u{1b}",
        "\n",
        "99999999999d",
        "",
    ];
    let (mut read, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let typed: String = (0..chance.below(9)).map(|_| chance.pick(&parts)).collect();
        for cursor in 0..=typed.chars().count() {
            let completion = complete(&typed, cursor, &Vocabulary::default());
            assert!(completion.from <= cursor, "{typed:?} {cursor} {completion:?}");
        }
        match typed.parse::<Filter>() {
            Ok(filter) => {
                read += 1;
                let printed = filter.to_string();
                assert_eq!(printed.parse().as_ref(), Ok(&filter), "{typed:?} {printed:?}");
            }
            Err(error) => {
                refused += 1;
                let columns = 1..=typed.chars().count() + 1;
                assert!(columns.contains(&error.column), "{typed:?} {error}");
            }
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}

#[test]
fn what_cannot_be_read_is_said_with_its_column_and_what_is_possible() {
    for (typed, said) in [
        ("due<2x", "column 5: due<2x: a time like 2d, 4h or 30m"),
        ("late due<", "column 10: here belongs a time like 2d, 4h or 30m"),
        ("natur:complaint", "column 1: there is no field natur; did you mean nature:?"),
        ("late xyzzy:1", "column 6: there is no field xyzzy; there are subject, nature, unit,"),
        (
            "nature:complint",
            "column 8: nature:complint: one of complaint, request, suggestion, report, information",
        ),
        ("nature:re", "column 8: nature:re: one of complaint, request"),
        ("unit<3", "column 5: unit has no more and less: unit:, and then a value"),
        ("unit:", "column 6: here belongs the code or name of a unit"),
        ("owner:me,", "column 10: here belongs me, none, or a colleague's account or name"),
        ("\"stair light", "column 1: the quote has no end: add a \""),
        ("- late", "column 2: what is to be left out follows at once"),
        ("late,rent", "column 1: late is a flag and no word"),
        (
            "nature:complaint or late",
            "column 18: or is written as a comma, as in nature:complaint,",
        ),
        ("late AND hold", "column 6: and is not written: terms side by side must all hold"),
        ("not late", "column 1: not stands at its term, as in -late or not:late"),
        ("received>=1.11.", "column 11: received>= takes a date with its year"),
        ("received>31.2.", "column 10: received>31.2.: a time like 2d, 4h or 30m, or a date like"),
        ("due=soon", "column 5: due:soon: today, tomorrow, none or a date like 2026-08-24"),
    ] {
        let refused = typed.parse::<Filter>().unwrap_err().to_string();
        assert!(refused.starts_with(said), "{typed}: {refused}");
    }
    let refused = "-name".parse::<Sort>().unwrap_err().to_string();
    assert!(refused.contains("due, received, subject"), "{refused}");
}

#[test]
fn what_is_typed_in_many_ways_has_one_normal_form() {
    for (typed, normal) in [
        ("  not:LATE   Nature=com,REQ ", "-late nature:complaint,request"),
        ("age>10d", "received>10d"),
        ("received>2026-11-01 due<1.11.", "received>2026-11-01 due<1.11."),
        ("received>=1.11.2026 due<=2026-11-30", "received>2026-10-31 due<2026-12-01"),
        ("received>Yesterday received:24.8", "received>yesterday received=24.8."),
        ("\"or\" order", "\"or\" order"),
        ("due:<2d due<=۴h", "due<2d due<4h"),
        ("stage:free channel:tel", "stage:queued channel:tel"),
        ("flag:late,hold", "late,hold"),
        ("\"late\" \"rent\" 14:30", "\"late\" rent 14:30"),
        ("owner:ME,moe area:\"none\"", "owner:me,moe area:\"none\""),
    ] {
        assert_eq!(typed.parse::<Filter>().unwrap().to_string(), normal, "{typed}");
    }
    assert_eq!("age".parse::<Sort>().unwrap().to_string(), "received");
}

#[test]
fn what_is_begun_is_completed_by_what_the_office_has() {
    let words = Vocabulary {
        units: vec![
            ("water".to_owned(), "Water".to_owned()),
            ("waste".to_owned(), "Waste".to_owned()),
        ],
        owners: vec![("moe".to_owned(), "T. Moe".to_owned())],
        ..Vocabulary::default()
    };
    let offered = |typed: &str| {
        let completion = complete(typed, typed.chars().count(), &words);
        let offers: Vec<String> = completion.offers.into_iter().map(|offer| offer.text).collect();
        (completion.from, offers.join(" "))
    };
    assert_eq!(offered("na"), (0, "nature:".to_owned()));
    assert_eq!(offered("late -unit:wa"), (11, "water waste".to_owned()));
    assert_eq!(offered("owner:me,m"), (9, "me moe".to_owned()));
    assert_eq!(offered("not:esc"), (4, "escalated".to_owned()));
    assert_eq!(offered("nature:complaint,s"), (17, "suggestion".to_owned()));
    assert_eq!(offered("due<"), (4, "2h 1d 2d 1w today tomorrow none".to_owned()));
}

/// An office of two units with some hundred cases, and Moe beside Karimi.
fn town() -> Office {
    let office = Office::new();
    let karimi = office.karimi();
    let people: Vec<PersonId> = ["Mohammadi", "Whitlock", "Solberg"]
        .iter()
        .map(|family| office.person("Sara", family, "1986-03-02", "+989121234411"))
        .collect();
    for (code, label) in [("HOU-1", "Rent"), ("HOU-2", "Stair light"), ("WAT-1", "Water meter")] {
        let define = Command::DefineSubject {
            code: SubjectCode(code.into()),
            label: label.to_owned(),
            synonyms: Vec::new(),
            parent: None,
        };
        office.act(&karimi, define).unwrap();
    }
    for number in 0..240_u64 {
        let nature = Nature::ALL[usize::try_from(number % 5).unwrap()];
        let subject = ["HOU-1", "HOU-2", "WAT-1"][usize::try_from(number % 3).unwrap()];
        let person = people.get(usize::try_from(number % 4).unwrap()).copied();
        let mut intake = Office::intake(
            person,
            nature,
            subject,
            &format!("Matter {number} is not settled"),
            casedesk::desk::Clock::now(office.clock.as_ref()),
        );
        intake.place.area = format!("W{}", number % 7);
        intake.channel = Channel::ALL[usize::try_from(number % 4).unwrap()];
        if intake.channel == Channel::Letter {
            intake.registry_number = Some(format!("R{number}"));
        }
        office.act(&karimi, Command::RegisterCase(intake)).unwrap();
        office.pass_minutes(45);
    }
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    for number in (1..=240).step_by(6) {
        let who = if number % 4 == 1 { &karimi } else { &moe };
        office.on(who, CaseId(number), CaseAct::Claim).unwrap();
    }
    let until = Day::from_parts(2026, 9, 30).unwrap();
    for number in (1..=240).step_by(18) {
        let who = if number % 4 == 1 { &karimi } else { &moe };
        let hold = CaseAct::Hold { reason: HoldReason::Citizen, until, words: String::new() };
        office.on(who, CaseId(number), hold).unwrap();
    }
    office
}

fn inbox() -> View {
    View { kind: ViewKind::Inbox, unit: UnitId(1) }
}

fn narrowing(limit: &str, sort: &str) -> Narrowing {
    Narrowing { limit: limit.parse().unwrap(), sort: sort.parse().unwrap() }
}

fn ids(desk: &dyn Desk, view: View, limit: &str, sort: &str) -> Vec<u64> {
    let question = AskCaseIds { view, narrowing: narrowing(limit, sort), most: 10_000 };
    let answer = desk.ask(question).unwrap();
    assert_eq!(answer.ids.len() as u64, answer.total);
    answer.ids.into_iter().map(|id| id.0).collect()
}

/// What somebody who filters by hand looks for.
type Fits<'a> = &'a dyn Fn(&Case) -> bool;

/// The cases of the list, in its own order, with their records.
fn by_hand(desk: &dyn Desk) -> Vec<Case> {
    let all = ids(desk, inbox(), "", "due");
    all.into_iter()
        .map(|id| desk.ask(AskCaseFile { case: CaseId(id), entries: 1 }).unwrap().case)
        .collect()
}

#[test]
fn a_limit_leaves_what_filtering_by_hand_leaves_in_the_order_asked_for() {
    let office = town();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let cases = by_hand(desk);
    assert_eq!(cases.len(), 240);
    let now = casedesk::desk::Clock::now(office.clock.as_ref());
    let zone = casedesk::domain::time::Zone::named("Europe/Oslo").unwrap();
    let day = |at| zone.day(at).number();
    let left = |case: &Case| day(case.due_at()) - day(now);
    let the_23rd = Day::from_parts(2026, 8, 23).unwrap().number();
    let is_due = |case: &Case| case.due_kind().is_some();
    assert!(ids(desk, inbox(), "atter", "due").is_empty(), "words are found by their beginnings");
    let checks: [(&str, Fits<'_>); 18] = [
        ("received>23.8.", &|case| day(case.received_at) > the_23rd),
        ("due<=2026-08-28", &|case| is_due(case) && day(case.due_at()) <= the_23rd + 5),
        ("nature:complaint,request", &|case| {
            matches!(case.nature, Nature::Complaint | Nature::Request)
        }),
        ("late", &|case| is_due(case) && case.due_at() < now),
        ("-late", &|case| !(is_due(case) && case.due_at() < now)),
        ("due<4d", &|case| is_due(case) && left(case) < 4),
        ("due>3d", &|case| is_due(case) && left(case) > 3),
        ("received<2d", &|case| day(now) - day(case.received_at) < 2),
        ("age>3d", &|case| day(now) - day(case.received_at) > 3),
        ("subject:\"stair l\"", &|case| case.subjects[0].0 == "HOU-2"),
        ("subject:hou-1,WAT-1", &|case| case.subjects[0].0 != "HOU-2"),
        ("area:w3", &|case| case.place.area == "W3"),
        ("channel:mail", &|case| case.channel == Channel::Email),
        ("hold", &|case| case.hold.is_some()),
        ("owner:none", &|case| case.owner.is_none()),
        ("owner:moe", &|case| case.owner.is_some_and(|owner| owner.0 == 2)),
        ("MOHAMMADI", &|case| case.initiator() == Some(PersonId(1))),
        ("-anonymous \"matter 1\"", &|case| {
            case.initiator().is_some() && case.asks.starts_with("Matter 1")
        }),
    ];
    for (limit, fits) in checks {
        let wanted: Vec<u64> =
            cases.iter().filter(|case| fits(case)).map(|case| case.id.0).collect();
        assert!(!wanted.is_empty() && wanted.len() < 240, "{limit}: {}", wanted.len());
        assert_eq!(ids(desk, inbox(), limit, "due"), wanted, "{limit}");
    }
    let sorted = |key: &dyn Fn(&Case) -> i64| {
        let mut sorted: Vec<&Case> = cases.iter().collect();
        sorted.sort_by_key(|case| (key(case), case.due_at(), case.id));
        sorted.into_iter().map(|case| case.id.0).collect::<Vec<_>>()
    };
    let received = sorted(&|case| case.received_at.milliseconds());
    assert_eq!(ids(desk, inbox(), "", "age"), received);
    assert_eq!(
        ids(desk, inbox(), "", "-received"),
        sorted(&|case| -case.received_at.milliseconds())
    );
    let place = |case: &Case| Nature::ALL.iter().position(|nature| *nature == case.nature).unwrap();
    let nature = sorted(&|case| i64::try_from(place(case)).unwrap());
    assert_eq!(ids(desk, inbox(), "", "nature"), nature);
}

#[test]
fn paging_around_a_case_under_a_limit_is_a_window_of_the_whole_near_and_far() {
    let office = town();
    let karimi = office.karimi();
    let data = tempfile::tempdir().unwrap();
    let behind: Arc<LocalDesk> = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |account| {
        Ok(Arc::new(behind.sign_in(account.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(data.path(), sign_in).unwrap();
    let remote = RemoteDesk::connect(data.path(), None).unwrap();
    let (near, far): (&dyn Desk, &dyn Desk) = (&karimi, &remote);
    for (limit, sort) in [("nature:complaint -hold", "due"), ("owner:none", "-subject")] {
        let all = ids(near, inbox(), limit, sort);
        assert_eq!(all, ids(far, inbox(), limit, sort));
        let narrowing = narrowing(limit, sort);
        let ask = |anchor, before, after| {
            let view = inbox();
            AskCases { view, anchor, before, after, narrowing: narrowing.clone() }
        };
        for at in [0, 1, 7, all.len() / 2, all.len() - 1] {
            let question = ask(Anchor::Case(CaseId(all[at])), 3, 5);
            let answer = near.ask(question.clone()).unwrap();
            let shown: Vec<u64> = answer.rows.iter().map(|row| row.id.0).collect();
            let first = at.saturating_sub(3);
            assert_eq!(shown, all[first..all.len().min(at + 5)], "{limit} {at}");
            assert_eq!(answer.first, first as u64);
            assert_eq!((answer.total, answer.of), (all.len() as u64, 240));
            assert_eq!(far.ask(question).unwrap(), answer);
        }
        let last = near.ask(ask(Anchor::Last, 4, 1)).unwrap();
        assert_eq!(last.first, all.len() as u64 - 4);
        // Where a case does not fit, the window lies around the place that it would have.
        let left_out =
            ids(near, inbox(), "", sort).into_iter().find(|id| !all.contains(id)).unwrap();
        let around = near.ask(ask(Anchor::Case(CaseId(left_out)), 0, 1)).unwrap();
        let after: Vec<u64> = ids(near, inbox(), "", sort)
            .into_iter()
            .skip_while(|id| *id != left_out)
            .filter(|id| all.contains(id))
            .collect();
        assert_eq!(around.rows[0].id.0, after[0]);
    }
}

#[test]
fn counts_of_a_field_add_up_and_each_value_limits_to_its_count() {
    let office = town();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    for field in Field::ALL.iter().copied() {
        for limit in ["", "-hold nature:complaint,request"] {
            let limit: Filter = limit.parse().unwrap();
            let question = AskFrequencies { view: inbox(), limit: limit.clone(), field };
            let answer = desk.ask(question).unwrap();
            let sum: u64 = answer.values.iter().map(|value| value.count).sum();
            if !matches!(field, Field::Flag | Field::Term) {
                assert_eq!(sum, answer.total, "{field:?}");
            }
            for value in &answer.values {
                let drilled = limit.and(&value.drill).to_string();
                let found = ids(desk, inbox(), &drilled, "due").len() as u64;
                assert_eq!(found, value.count, "{field:?} {drilled}");
            }
        }
    }
}

#[test]
fn another_unit_is_looked_for_in_the_whole_office_and_a_wrong_name_is_refused() {
    let office = town();
    let karimi = office.karimi();
    let unit = NewUnit { code: "water".to_owned(), name: "Water".to_owned(), parent: None };
    office.act(&karimi, Command::OpenUnit(unit)).unwrap();
    for (code, kind) in [("water/inbox", QueueKind::Inbox), ("water/screen", QueueKind::Screening)]
    {
        let (code, name, unit) = (code.to_owned(), code.to_owned(), UnitId(2));
        let queue = NewQueue { code, name, unit, kind, ordering: OrderingId::DueFirst };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    let give = |case| {
        let to = casedesk::domain::cases::GiveTo::Unit(UnitId(2));
        office.on(&karimi, CaseId(case), CaseAct::Give { to, words: String::new() }).unwrap();
    };
    give(2);
    give(3);
    let desk: &dyn Desk = &karimi;
    let sorted =
        |limit: &str| ids(desk, inbox(), limit, "due").into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sorted("unit:wat"), BTreeSet::from([2, 3]));
    assert_eq!(sorted("unit:water,housing").len(), 240);
    assert_eq!(sorted("-unit:water").len(), 238);
    let refused = |limit: &str| {
        let question = AskCaseIds { view: inbox(), narrowing: narrowing(limit, "due"), most: 9 };
        match desk.ask(question) {
            Err(DeskError::Refused(refusal)) => refusal.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert!(refused("unit:watre").contains("water"), "{}", refused("unit:watre"));
    assert!(refused("owner:nobodyhere").contains("colleague"));
}

#[test]
fn what_somebody_may_not_see_is_neither_shown_nor_counted_nor_found_by_its_name() {
    let office = town();
    let karimi = office.karimi();
    let new = NewCaseworker {
        account: "low".to_owned(),
        name: "A. Low".to_owned(),
        unit: UnitId(1),
        grants: vec![Grant {
            role: Role::Caseworker,
            unit: None,
            confidentiality_max: Confidentiality::Internal,
            expires: None,
        }],
    };
    office.act(&karimi, Command::Enrol(new)).unwrap();
    let low = office.sign_in("low").unwrap();
    let low: &dyn Desk = &low;
    assert!(ids(low, inbox(), "nature:complaint", "due").is_empty());
    let narrowing = narrowing("nature:complaint", "due");
    let question =
        AskCases { view: inbox(), anchor: Anchor::First, before: 0, after: 9, narrowing };
    let answer = low.ask(question).unwrap();
    assert_eq!((answer.rows.len(), answer.total, answer.of), (0, 0, 0));
    let limit = Filter::default();
    let counted = low.ask(AskFrequencies { view: inbox(), limit, field: Field::Subject }).unwrap();
    assert_eq!((counted.values.len(), counted.total), (0, 0));
    // Somebody whom Karimi may not see is not found by a name that no row shows.
    let desk: &dyn Desk = &karimi;
    assert_eq!(ids(desk, inbox(), "whitlock", "due").len(), 60);
    let change = Command::ChangePerson {
        person: PersonId(2),
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "document".to_owned(),
        is_verified: true,
    };
    office.act(&karimi, change).unwrap();
    let moe = office.sign_in("moe").unwrap();
    let narrower = NewCaseworker {
        account: "mid".to_owned(),
        name: "B. Mid".to_owned(),
        unit: UnitId(1),
        grants: vec![Grant {
            role: Role::Caseworker,
            unit: None,
            confidentiality_max: Confidentiality::CaseConfidential,
            expires: None,
        }],
    };
    office.act(&karimi, Command::Enrol(narrower)).unwrap();
    let mid = office.sign_in("mid").unwrap();
    assert_eq!(ids(&moe, inbox(), "whitlock", "due").len(), 60);
    assert!(ids(&mid, inbox(), "whitlock", "due").is_empty());
    assert_eq!(ids(&mid, inbox(), "mohammadi", "due").len(), 60);
}

#[test]
fn rows_say_how_many_others_can_be_answered_with_them() {
    let office = Office::new();
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for _ in 0..5 {
        office.case(Some(sara), Nature::Request, "Moving grant");
    }
    office.case(Some(sara), Nature::Complaint, "Moving grant");
    office.case(None, Nature::Request, "Moving grant");
    office.on(&karimi, CaseId(1), CaseAct::Claim).unwrap();
    office.on(&moe, CaseId(2), CaseAct::Claim).unwrap();
    let alike = |desk: &dyn Desk| {
        let narrowing = narrowing("", "received");
        let question =
            AskCases { view: inbox(), anchor: Anchor::First, before: 0, after: 9, narrowing };
        let mut rows = desk.ask(question).unwrap().rows;
        rows.sort_by_key(|row| row.id);
        rows.iter().map(|row| row.alike).collect::<Vec<_>>()
    };
    assert_eq!(alike(&karimi), [3, 0, 3, 3, 3, 0, 0]);
    assert_eq!(alike(&moe), [0, 3, 3, 3, 3, 0, 0]);
    // What is kept of a subject ends with the next case of it that moves.
    office.on(&moe, CaseId(3), CaseAct::Claim).unwrap();
    assert_eq!(alike(&karimi), [2, 0, 0, 2, 2, 0, 0]);
    assert_eq!(alike(&moe), [0, 3, 3, 3, 3, 0, 0]);
}

#[test]
fn saved_views_are_ones_own_keep_their_order_and_survive_a_restart() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let office = Office::over(Arc::clone(&store));
    let karimi = office.karimi();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let view = |name: &str, limit: &str| SavedView {
        name: name.to_owned(),
        list: "Inbox".to_owned(),
        limit: limit.to_owned(),
        sort: "age".to_owned(),
    };
    office.act(&karimi, Command::SaveView(view("late", "late"))).unwrap();
    office.act(&karimi, Command::SaveView(view("W7", "area:W7"))).unwrap();
    office.act(&karimi, Command::SaveView(view("late", "not:hold late"))).unwrap();
    match office.act(&karimi, Command::SaveView(view("x", "due<2x"))) {
        Err(DeskError::Refused(refusal)) => assert!(refusal.to_string().contains("a time like 2d")),
        other => panic!("{other:?}"),
    }
    let again = Office::over(store);
    let (karimi, moe_again): (&dyn Desk, &dyn Desk) = (&again.karimi(), &moe);
    let kept = karimi.ask(AskViews {}).unwrap().views;
    let shown: Vec<_> = kept
        .iter()
        .map(|view| (view.name.as_str(), view.limit.as_str(), view.sort.as_str()))
        .collect();
    assert_eq!(shown, [("late", "-hold late", "received"), ("W7", "area:W7", "received")]);
    assert!(moe_again.ask(AskViews {}).unwrap().views.is_empty());
    let drop = |id| karimi.execute(Request { id, command: Command::DropView("late".to_owned()) });
    assert!(drop(901).is_ok());
    assert_eq!(karimi.ask(AskViews {}).unwrap().views.len(), 1);
    assert!(matches!(drop(902), Err(DeskError::NotFound(_))));
}

#[test]
fn the_list_is_limited_by_keys_and_the_cursor_stays_with_its_case() {
    let office = town();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    let cursor = |screen: &mut TestScreen| {
        let row = screen.cursor_row();
        row.split_whitespace().find(|word| word.starts_with("C-")).unwrap_or_default().to_owned()
    };
    screen.keys("2jjjjjjjjjjjj");
    let before = cursor(&mut screen);
    screen.keys("fna");
    assert!(screen.text().contains("-- LIMIT Inbox   0 of 240"), "{}", screen.text());
    screen.keys("<tab>");
    assert!(screen.cursor_row().starts_with("only     nature:"), "{}", screen.text());
    assert!(screen.text().contains("complaint   request   suggestion"), "{}", screen.text());
    screen.keys("com<tab> -hold owner:none");
    assert!(screen.text().contains("-- LIMIT Inbox   40 of 240"), "{}", screen.text());
    // Esc keeps what was there before.
    screen.keys("<esc>");
    assert_eq!(cursor(&mut screen), before);
    assert!(screen.text().contains("13 of 240"), "{}", screen.text());
    screen.keys("fnature:complaint<enter>");
    let text = screen.text();
    assert!(text.contains("48 of 240 only nature:complaint"), "{text}");
    // What cannot be read, and what nobody is called, keeps its words.
    screen.keys("fdue<2x<enter>");
    assert!(screen.status().contains("a time like 2d, 4h or 30m"), "{}", screen.text());
    screen.keys("<ctrl-u>unit:watre<enter>");
    assert!(screen.text().contains("only     unit:watre"), "{}", screen.text());
    assert!(screen.status().contains("No unit is called"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.text().contains("48 of 240 only nature:complaint"), "{}", screen.text());
    // Keys typed ahead mean the rows under the limit.
    screen.hold().keys("f<ctrl-u>owner:me<enter>jj").release();
    assert!(screen.text().contains("owner:me"), "{}", screen.text());
    // An empty line, or Esc, lifts it; the cursor stays with its case.
    let kept = cursor(&mut screen);
    screen.keys("f<ctrl-u><enter>");
    assert_eq!(cursor(&mut screen), kept);
    assert!(!screen.text().contains("only "), "{}", screen.text());
    screen.keys("f<up><enter>");
    assert!(screen.text().contains("only owner:me"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(!screen.text().contains("only "), "{}", screen.text());
    // A word that only is the name of a stage is not found, and what helps is not cut off.
    screen.keys("ffree");
    assert!(screen.text().contains("0 of 240; did you mean stage:free?"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("Did you mean"), "{}", screen.text());
    screen.keys("f<ctrl-u>nature:complaint or late");
    assert!(screen.text().contains("\"or\" is the word"), "{}", screen.text());
    screen.keys("<esc><esc>");
    screen.keys("fzzzz<enter>");
    assert!(
        screen.text().contains("Nothing here fits the limit. f changes it"),
        "{}",
        screen.text()
    );
    assert!(screen.text().contains("0 of 240 only zzzz"), "{}", screen.text());
}

#[test]
fn a_table_of_frequencies_drills_down_and_views_are_saved_by_keys() {
    let office = town();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("2F");
    let text = screen.text();
    assert!(text.contains("-- COUNT Inbox by subject: 240 cases"), "{text}");
    assert!(text.contains(" 80  33%  ####"), "{text}");
    screen.keys("n<down>");
    assert!(screen.cursor_row().starts_with(">information"), "{}", screen.text());
    screen.keys("<right><left><down><enter>");
    assert!(screen.text().contains("48 of 240 only nature:information"), "{}", screen.text());
    screen.keys("Ff");
    assert!(screen.text().contains(">late"), "{}", screen.text());
    screen.keys("<enter>os");
    assert!(screen.text().contains("by subject"), "{}", screen.text());
    screen.keys("os");
    let narrowed = "of 240 only nature:information late";
    assert!(screen.text().contains(narrowed), "{}", screen.text());
    assert!(screen.text().contains("by -subject   "), "{}", screen.text());
    screen.keys("y");
    assert!(screen.text().contains("no view yet: s saves the list"), "{}", screen.text());
    screen.keys("surgent answers<enter>");
    assert!(
        screen.status().contains("Saved: 1 in this list shows urgent answers"),
        "{}",
        screen.text()
    );
    assert!(screen.text().contains(">1 urgent answers"), "{}", screen.text());
    screen.keys("<esc>1y1");
    assert!(screen.text().contains(narrowed), "{}", screen.text());
    assert!(screen.text().contains("[2Inbox"), "{}", screen.text());
    screen.keys("yx");
    assert!(screen.text().contains("no view yet"), "{}", screen.text());
}

#[test]
fn plus_shows_what_is_alike_and_again_what_was_there() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for nature in [Nature::Request, Nature::Complaint, Nature::Request, Nature::Request] {
        office.case(Some(sara), nature, "Moving grant");
    }
    office.on(&karimi, CaseId(3), CaseAct::Claim).unwrap();
    let mut screen = TestScreen::open(Arc::new(karimi));
    assert!(screen.cursor_row().ends_with("=3"), "{}", screen.text());
    screen.keys("+");
    assert!(screen.cursor_row().contains("C-3"), "{}", screen.text());
    assert!(screen.text().contains("[2Inbox 4]"), "{}", screen.text());
    assert!(screen.text().contains("3 of 4 only "), "{}", screen.text());
    screen.keys("+");
    assert!(screen.text().contains("[1Mine 1]"), "{}", screen.text());
    assert!(screen.at().contains("C-3   1 of 1"), "{}", screen.text());
}

#[test]
fn a_limited_list_keeps_an_order_of_its_own() {
    let office = Office::new();
    let karimi = office.karimi();
    let ask = "Rule on it".to_owned();
    for _ in 0..4 {
        office.case(None, Nature::Suggestion, "Open earlier");
        office.case(None, Nature::Information, "When do you open?");
    }
    for case in 1..=8 {
        let (level, reason) = (EscalationLevel::Colleague, EscalationReason::Law);
        let moe = office.sign_in("moe");
        let _moe = moe.unwrap_or_else(|_| office.enrol("moe", "T. Moe", &[Role::Caseworker]));
        office.on(&karimi, CaseId(case), CaseAct::Claim).unwrap();
        let act = CaseAct::Escalate { level, reason, ask: ask.clone() };
        office.on(&karimi, CaseId(case), act).unwrap();
    }
    let view = View { kind: ViewKind::Escalated, unit: UnitId(1) };
    assert_eq!(ids(&karimi, view, "", "due"), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(ids(&karimi, view, "escalated -late", "due"), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(ids(&karimi, view, "", "nature"), [1, 3, 5, 7, 2, 4, 6, 8]);
}
