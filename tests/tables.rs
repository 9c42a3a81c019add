//! Decision tables: read with every flaw, checked as if every case had been tried, and routing what nobody has to push.

use std::fmt::Write as _;

use std::process::{Output, Stdio};
use std::sync::Arc;

use casedesk::desk::{
    AskBoard, AskCaseFile, AskNews, AskTableCheck, AskTableTry, Command, Desk, DeskError, NewsKind,
    Receipt,
};
use casedesk::domain::cases::{CaseAct, Channel, GiveTo, Nature, ReplyAddress, ScreeningOutcome};
use casedesk::domain::office::{Confidentiality, NewQueue, NewUnit, OrderingId, QueueKind, Role};
use casedesk::domain::rules::{
    CaseFacts, Decision, DecisionTable, FieldValue, HitPolicy, Known, KnownType, PublicationKind,
    PublicationName, check_table, decide_table, fired, read_table,
};
use casedesk::domain::time::{ClockKind, Day, Instant};
use casedesk::domain::{CaseId, EntityId, SubjectCode, UnitId};
use casedesk::made::tables;

use crate::harness::{Dice, TestScreen, program};
use crate::office::{Office, Seat};

/// Subjects of the small tree of the random tables: with what stands above each, nearest first.
const TREE: [&[&str]; 4] = [&["A"], &["A-1", "A"], &["A-2", "A"], &["B"]];

fn chains() -> Vec<Vec<SubjectCode>> {
    let codes = |chain: &&[&str]| chain.iter().map(|code| SubjectCode((*code).into())).collect();
    TREE.iter().map(codes).collect()
}

fn facts() -> CaseFacts {
    CaseFacts {
        nature: Nature::Complaint,
        subjects: Vec::new(),
        case_type: "general".to_owned(),
        channel: Channel::Telephone,
        unit: "housing".to_owned(),
        area: String::new(),
        received: Day::from_parts(2026, 8, 21).unwrap(),
        confidentiality: Confidentiality::CaseConfidential,
        fields: std::collections::BTreeMap::new(),
    }
}

/// Every case that the random tables can tell apart: all natures, channels of four, subjects with up to two further terms,
/// and a number.
fn every_case() -> Vec<CaseFacts> {
    // None, or a first one with every set of up to two others.
    let mut subjects: Vec<Vec<Vec<SubjectCode>>> = vec![Vec::new()];
    for first in chains() {
        let others: Vec<_> = chains().into_iter().filter(|other| *other != first).collect();
        subjects.push(vec![first.clone()]);
        for (at, second) in others.iter().enumerate() {
            subjects.push(vec![first.clone(), second.clone()]);
            let thirds = others.iter().skip(at + 1);
            subjects.extend(thirds.map(|third| vec![first.clone(), second.clone(), third.clone()]));
        }
    }
    let mut cases = Vec::new();
    for nature in Nature::ALL {
        for channel in [Channel::Telephone, Channel::Letter, Channel::Online, Channel::Fax] {
            for subjects in &subjects {
                for sum in [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5), Some(6)] {
                    let mut case = facts();
                    case.nature = *nature;
                    case.channel = channel;
                    case.subjects.clone_from(subjects);
                    let sum = sum.map(|sum| ("sum".to_owned(), FieldValue::Number(sum)));
                    case.fields = sum.into_iter().collect();
                    cases.push(case);
                }
            }
        }
    }
    cases
}

fn cell(dice: &mut Dice, fact: &str) -> String {
    let cells: &[&str] = match fact {
        "nature" => &["-", "complaint", "report, request", "not complaint", "not report, request"],
        "channel" => &["-", "tel", "not letter", "letter, online"],
        "subject" => &["-", "A", "A-1", "not A", "not A-2", "A-1, B", "known", "unknown"],
        "term" => &["-", "A", "B", "not A-1", "A-2, B", "unknown"],
        _ => &["-", "1..3", ">= 4", "< 2", "2", "not 5", "known", "unknown", "> 1"],
    };
    cells[dice.roll(cells.len())].to_owned()
}

fn random_table(dice: &mut Dice, policy: char) -> String {
    let facts = ["nature", "channel", "subject", "term", "field.sum"];
    let asked: Vec<&str> = facts.into_iter().filter(|_| dice.roll(2) == 0).collect();
    let mut text = format!("code,t\nversion,1\nuse,route\npolicy,{policy}\nrow");
    for fact in &asked {
        write!(text, ",when {fact}").unwrap();
    }
    text.push_str(",then unit\n");
    for row in 0..=dice.roll(5) {
        write!(text, "r{row}").unwrap();
        for fact in &asked {
            write!(text, ",\"{}\"", cell(dice, fact)).unwrap();
        }
        text.push_str(",housing\n");
    }
    text
}

fn known() -> Known {
    Known { subjects: chains(), ..Known::default() }
}

fn holds(row: &casedesk::domain::rules::TableRow, case: &CaseFacts) -> bool {
    row.conditions.iter().all(|asked| asked.is_met(case))
}

#[test]
fn the_checker_finds_what_trying_every_case_finds() {
    let (cases, known) = (every_case(), known());
    let mut dice = Dice(20_261_122);
    let (mut overlapping, mut gaping, mut idle) = (0, 0, 0);
    for _ in 0..40 {
        for policy in ['U', 'F'] {
            let text = random_table(&mut dice, policy);
            let table = read_table(&text).unwrap_or_else(|flaws| panic!("{flaws:?}\n{text}"));
            let checked = check_table(&table, Some(&known));
            let hits: Vec<Vec<usize>> = cases
                .iter()
                .map(|case| {
                    let rows = table.rows.iter().enumerate();
                    rows.filter(|(_, row)| holds(row, case)).map(|(at, _)| at).collect()
                })
                .collect();
            let told = |words: &str| {
                let of = checked.flaws.iter().filter(|flaw| flaw.what.contains(words));
                of.map(|flaw| flaw.line).collect::<Vec<_>>()
            };
            let mut both = Vec::new();
            for later in 0..table.rows.len() {
                for earlier in 0..later {
                    let is_hit =
                        |rows: &Vec<usize>| rows.contains(&earlier) && rows.contains(&later);
                    if policy == 'U' && hits.iter().any(is_hit) {
                        both.push(table.rows[later].line);
                    }
                }
            }
            assert_eq!(told("both fit"), both, "{text}\n{checked:?}");
            let never: Vec<u32> = (0..table.rows.len())
                .filter(|row| {
                    let fires = |rows: &Vec<usize>| match policy {
                        'U' => rows.contains(row),
                        _ => rows.first() == Some(row),
                    };
                    !hits.iter().any(fires)
                })
                .map(|row| table.rows[row].line)
                .collect();
            assert_eq!(told("never fire"), never, "{text}\n{checked:?}");
            let has_gap = hits.iter().any(Vec::is_empty);
            assert_eq!(!checked.warnings.is_empty(), has_gap, "{text}\n{checked:?}");
            overlapping += both.len();
            idle += never.len();
            gaping += usize::from(has_gap);
        }
    }
    assert!(overlapping > 20 && gaping > 20 && idle > 10, "{overlapping} {gaping} {idle}");
}

#[test]
fn a_table_without_overlaps_says_the_same_under_both_policies() {
    let (cases, known) = (every_case(), known());
    let mut dice = Dice(7);
    let mut sound = 0;
    for _ in 0..100 {
        let table = read_table(&random_table(&mut dice, 'U')).unwrap();
        let is_sound = check_table(&table, Some(&known)).flaws.is_empty();
        if !is_sound {
            continue;
        }
        sound += 1;
        let first = DecisionTable { policy: HitPolicy::First, ..table.clone() };
        for case in &cases {
            assert_eq!(decide_table(&table, case), decide_table(&first, case));
        }
    }
    assert!(sound > 10, "{sound}");
}

#[test]
fn every_flaw_of_a_table_has_its_line_its_field_and_what_was_meant() {
    let text = "code = \"Routing\"\nversion = 1\nuse = \"route\"\npolicy = \"C\"\npolcy = \"U\"\n\n\
        [[row]]\nid = \"a\"\nwhen = { natur = \"complaint\", channel = \"leter\" }\n\
        then = { unit = \"housing\", qeue = \"inbox\" }\n\n[[row]]\nid = \"a\"\n\
        when = { received = \"soon\" }\nthen = {}\n";
    let flaws = read_table(text).unwrap_err();
    let told: Vec<(u32, &str, &str)> =
        flaws.iter().map(|flaw| (flaw.line, flaw.field.as_str(), flaw.hint.as_str())).collect();
    let wanted = [
        (1, "code", "The code of the table, as routing."),
        (4, "policy", "U where at most one row may hold, F where the first one counts."),
        (5, "polcy", "Did you mean policy?"),
        (9, "when.natur", "Did you mean nature?"),
        (9, "when.channel", "Did you mean letter?"),
        (10, "then.qeue", "Did you mean queue?"),
        (12, "id", "Each row has an id of its own."),
        (14, "when.received", "Write it as 2026-01-31."),
        (12, "then.unit", "Write it under then."),
    ];
    for flaw in wanted {
        assert!(told.contains(&flaw), "{flaw:?} is not among {told:#?}");
    }
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    assert_eq!(read_table("code = \n").unwrap_err()[0].line, 1);
}

#[test]
fn a_sheet_is_read_whatever_divides_its_cells() {
    let comma = "code,r,,\nversion,1,,\nuse,route,,\npolicy,F,,\n,,,\n\
        row,when subject,then unit,note\nrent,\"RENT, HOME\",housing,\"It is theirs, always.\"\n";
    let table = read_table(comma).unwrap();
    assert_eq!((table.rows[0].line, table.rows[0].note.as_str()), (7, "It is theirs, always."));
    let semicolon = "\u{feff}code;r\r\nversion;1\r\nuse;route\r\npolicy;F\r\n\
        row;when subject;then unit;note\r\nrent;RENT, HOME;housing;\"It is theirs, always.\"\r\n";
    let other = read_table(semicolon).unwrap();
    assert_eq!(other.rows[0].conditions, table.rows[0].conditions);
    assert_eq!(other.rows[0].line, 6);
    let flaws =
        read_table("code,r\nversion,1\nuse,route\npolicy,F\nrow,subject,then unit\na,-,x\n");
    assert_eq!(flaws.unwrap_err()[0].line, 5);
}

#[test]
fn a_table_that_is_too_wide_is_refused_with_what_to_do() {
    let mut text = "code,t\nversion,1\nuse,route\npolicy,F\nrow,when term,then unit\n".to_owned();
    for code in 0..40 {
        writeln!(text, "r{code},T-{code},housing").unwrap();
    }
    let checked = check_table(&read_table(&text).unwrap(), None);
    assert_eq!(checked.flaws[0].hint, "Ask fewer facts, or divide it into two tables.");
    let rows = "a,-,housing\n".repeat(300);
    let text = format!("code,t\nversion,1\nuse,route\npolicy,F\nrow,when term,then unit\n{rows}");
    assert!(read_table(&text).unwrap_err()[0].what.contains("256 is the most"));
}

#[test]
fn what_fired_says_the_facts_that_were_asked() {
    let table = read_table(tables::ROUTING).unwrap();
    let mut case = facts();
    let subjects = ["RENT-2", "RENT"].map(|code| SubjectCode(code.into()));
    case.subjects = vec![subjects.to_vec()];
    let decision = decide_table(&table, &case);
    let fired = fired(&table, decision, &case, Instant::from_milliseconds(0));
    assert_eq!(fired.rule(), "routing@1/housing");
    assert_eq!(fired.facts, [("subject".to_owned(), "RENT-2 under RENT".to_owned())]);
    assert!(matches!(decision, Decision::Row(row) if row.output("unit") == Some("housing")));
}

#[test]
fn the_tables_of_the_made_office_are_sound() {
    for text in [tables::ROUTING, tables::CLASSIFY, tables::TERMS] {
        let table = read_table(text).unwrap();
        assert_eq!(check_table(&table, None).flaws, [], "{}", table.code);
    }
}

// ---- in an office

const ROUTE: &str = "code,routing\nversion,1\nuse,route\npolicy,U\n\
    row,when nature,when subject,then unit,note\n\
    damp,complaint,HOU,property,Damp is the building's.\n\
    ask,information,HOU,housing,Questions stay.\n";

struct Town {
    property: UnitId,
    dahl: Seat,
}

/// The subject above the one that most tests take.
fn tree(office: &Office) {
    for (code, parent) in [("HOU", None), ("HOU-1", Some("HOU"))] {
        let define = Command::DefineSubject {
            code: SubjectCode(code.into()),
            label: "housing".to_owned(),
            synonyms: Vec::new(),
            parent: parent.map(|code| SubjectCode(code.into())),
        };
        office.act(&office.karimi(), define).unwrap();
    }
}

/// A second unit, whose people see what comes to it, and a table under which complaints go there.
fn town(office: &Office) -> Town {
    let karimi = office.karimi();
    let opened = office
        .act(
            &karimi,
            Command::OpenUnit(NewUnit {
                code: "property".to_owned(),
                name: "Property".to_owned(),
                parent: Some(UnitId(1)),
            }),
        )
        .unwrap();
    let Some(EntityId::Unit(property)) = opened.created.first().cloned() else { unreachable!() };
    for (kind, code) in [(QueueKind::Screening, "screening"), (QueueKind::Inbox, "inbox")] {
        let queue = NewQueue {
            code: format!("property/{code}"),
            name: code.to_owned(),
            unit: property,
            kind,
            ordering: OrderingId::DueFirst,
        };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    tree(office);
    let dahl = office.enrol("dahl", "I. Dahl", &[Role::Clerk, Role::Screener, Role::Caseworker]);
    publish(office, ROUTE).unwrap();
    Town { property, dahl }
}

fn publish(office: &Office, text: &str) -> Result<Receipt, DeskError> {
    let table = read_table(text).unwrap();
    let (kind, karimi) = (PublicationKind::Table, office.karimi());
    let (code, version) = (table.code, table.version);
    let proposed =
        Command::ProposeRules { kind, code: code.clone(), text: text.to_owned(), from: None };
    office.act(&karimi, proposed)?;
    office.act(&karimi, Command::PublishRules { name: PublicationName { kind, code, version } })
}

fn register(office: &Office, by: &Seat, nature: Nature, subject: Option<&str>) -> (CaseId, String) {
    let mut intake =
        Office::intake(None, nature, subject.unwrap_or("HOU-1"), "Damp", office.clock_now());
    if subject.is_none() {
        intake.subject = None;
    }
    let receipt = office.act(by, Command::RegisterCase(intake)).unwrap();
    let Some(EntityId::Case(case)) = receipt.created.first() else { unreachable!() };
    (*case, receipt.label)
}

#[test]
fn a_matter_that_a_screener_takes_in_goes_where_the_table_says() {
    let office = Office::new();
    let town = town(&office);
    let (case, said) = register(&office, &town.dahl, Nature::Complaint, Some("HOU-1"));
    assert!(said.contains("To Property, inbox (routing@1/damp)."), "{said}");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
    assert_eq!(file.case.unit, town.property);
    assert_eq!(file.fired[0].facts[1], ("subject".to_owned(), "HOU-1 under HOU".to_owned()));
    let routed = file.timeline.iter().find(|entry| entry.kind == "route").unwrap();
    assert_eq!(
        (routed.who.as_str(), routed.words.as_str()),
        ("system", "to Property, inbox (routing@1/damp)")
    );
    // What a clerk takes in waits for its screening, and goes the same way once it is accepted.
    let clerk = office.enrol("moe", "T. Moe", &[Role::Clerk]);
    let (case, _) = register(&office, &clerk, Nature::Complaint, Some("HOU-1"));
    assert_eq!(desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case.unit, UnitId(1));
    let accept = CaseAct::Screen(ScreeningOutcome::Accept);
    let receipt = office.on(&town.dahl, case, accept).unwrap();
    assert!(receipt.label.contains("routing@1/damp"), "{}", receipt.label);
    office.act(&town.dahl, Command::Undo).unwrap();
    let back = desk.ask(AskCaseFile { case, entries: 1 }).unwrap();
    assert_eq!((back.case.unit, back.fired.len()), (UnitId(1), 0), "undone with its route");
}

#[test]
fn what_no_row_places_is_unrouted_and_whoever_leads_there_hears_of_it() {
    let office = Office::new();
    let town = town(&office);
    office.act(&office.karimi(), Command::NoteHere).unwrap();
    office.pass_minutes(1);
    let (case, said) = register(&office, &town.dahl, Nature::Suggestion, Some("HOU-1"));
    assert!(
        said.contains("No rule fits: it is in Unrouted of Housing, and Karimi is told."),
        "{said}"
    );
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().unrouted, 1);
    let news = desk.ask(AskNews {}).unwrap();
    assert_eq!(
        (news.lines[0].kind, news.lines[0].why.as_str()),
        (NewsKind::Unrouted, "no rule fits")
    );
    let dahls: &dyn Desk = &town.dahl;
    assert_eq!(dahls.ask(AskBoard { unit: UnitId(1) }).unwrap().unrouted, 0, "not hers to place");

    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    let board = screen.text();
    assert!(board.contains("1 UNROUTED: no rule fits (g u)"), "{board}");
    let list = screen.keys("gu").text();
    assert!(list.contains("UNROUTED 1") && list.contains(&case.to_string()), "{list}");
    // Another subject may be one that a row places; another nature is here.
    let nature = CaseAct::SetNature { nature: Nature::Complaint, reason: "it is one".to_owned() };
    let receipt = office.on(&karimi, case, nature).unwrap();
    assert!(receipt.label.contains("routing@1/damp"), "{}", receipt.label);
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().unrouted, 0);
    let (other, _) = register(&office, &town.dahl, Nature::Suggestion, Some("HOU-1"));
    let give = CaseAct::Give { to: GiveTo::Unit(town.property), words: "yours".to_owned() };
    office.on(&karimi, other, give).unwrap();
    let file = desk.ask(AskCaseFile { case: other, entries: 9 }).unwrap();
    assert_eq!(file.timeline[0].kind, "give", "put right by hand, which is an event");
    assert_eq!(file.case.unit, town.property);
}

#[test]
fn what_no_rule_places_is_counted_on_the_board_and_what_one_would_is_tried() {
    let office = Office::new();
    town(&office);
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    register(&office, &office.karimi(), Nature::Suggestion, Some("HOU-1"));
    let board = TestScreen::open(Arc::clone(&desk)).text();
    assert!(board.contains("1 UNROUTED: no rule fits (g u)"), "{board}");
    let facts = [("nature", "complaint"), ("subject", "HOU-1")];
    let facts = facts.map(|(word, value)| (word.to_owned(), value.to_owned())).to_vec();
    let ask = AskTableTry { text: ROUTE.to_owned(), case: None, facts };
    let tried = desk.ask(ask).unwrap();
    assert_eq!((tried.fired.row.as_str(), tried.line), ("damp", Some(6)));
    assert_eq!(tried.note, "Damp is the building's.");
}

#[test]
fn an_office_without_a_table_routes_nothing() {
    let office = Office::new();
    let case = office.case(None, Nature::Complaint, "Damp");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
    assert_eq!((file.case.unit, file.fired.len()), (UnitId(1), 0));
    assert!(file.timeline.iter().all(|entry| entry.kind != "route"));
}

#[test]
fn a_table_that_names_what_is_not_there_is_not_published() {
    let office = Office::new();
    tree(&office);
    let text = ROUTE.replace("property", "housin");
    let refused = publish(&office, &text).unwrap_err().to_string();
    assert!(refused.contains("Line 6, then.unit: There is no unit \"housin\"."), "{refused}");
    let text = ROUTE.replace("complaint,HOU,property", "complaint,HUO,housing");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let found = desk.ask(AskTableCheck { text }).unwrap();
    assert_eq!(found.flaws[0].hint, "Did you mean HOU?");
    // Two rows for one case: both lines, and a case.
    let text = ROUTE.replace("complaint,HOU,property", "-,HOU-1,housing");
    let found = desk.ask(AskTableCheck { text }).unwrap();
    let what = "Rows damp (line 6) and ask (line 7) both fit: subject HOU-1, nature information.";
    assert_eq!(found.flaws[0].what, what);
}

#[test]
fn a_table_lets_a_case_be_seen_more_narrowly_and_never_more_widely() {
    let office = Office::new();
    let text = "code,secrecy\nversion,1\nuse,confidentiality\npolicy,F\n\
        row,when nature,then confidentiality\nc,complaint,confidential\nr,report,public\n";
    publish(&office, text).unwrap();
    let narrow = office.case(None, Nature::Complaint, "About a colleague");
    let wide = office.case(None, Nature::Report, "A lamp");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let level = |case| desk.ask(AskCaseFile { case, entries: 1 }).unwrap().case.confidentiality;
    assert_eq!(level(narrow), Confidentiality::Confidential);
    assert_eq!(level(wide), Confidentiality::CaseConfidential);
}

#[test]
fn a_table_sets_the_terms_of_the_clocks_and_the_built_in_type_ends_them() {
    let office = Office::new();
    let text = "code,terms\nversion,1\nuse,clocks\npolicy,F\n\
        row,when nature,then answer\nquick,complaint,4 business hours\n";
    publish(&office, text).unwrap();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "No heating");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let answer = || {
        let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
        let of_kind = |clock: &&casedesk::domain::time::Clock| clock.kind == ClockKind::Answer;
        file.case.clocks.iter().find(of_kind).unwrap().clone()
    };
    let zone = casedesk::domain::time::Zone::named("Europe/Oslo").unwrap();
    // It came in on a Friday at 09:14, and the office is open until 16:00.
    assert_eq!(zone.hour_minute(answer().due_at), (13, 14));
    assert!(answer().explain().contains("terms@1/quick"), "{}", answer().explain());
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    let to = ReplyAddress { addressee: sara, channel: Channel::Letter };
    let text = "We come this afternoon.".to_owned();
    office.on(&karimi, case, CaseAct::Reply { to, template: None, text }).unwrap();
    assert!(answer().ended.is_some());
    let nature = CaseAct::SetNature { nature: Nature::Report, reason: "it is one".to_owned() };
    office.on(&karimi, case, nature).unwrap();
    assert!(
        !answer().explain().contains("terms@1"),
        "another nature has the type's own term again"
    );
}

#[test]
fn a_field_of_a_type_is_asked_as_it_is_written() {
    let text = "code,t\nversion,1\nuse,route\npolicy,F\nrow,when field.sum,then unit\n\
        a,> 4200.00,housing\n";
    let table = read_table(text).unwrap();
    let mut case = facts();
    let holds = |case: &CaseFacts| matches!(decide_table(&table, case), Decision::Row(_));
    for (value, is_hit) in [
        (FieldValue::Money(420_000), false),
        (FieldValue::Money(420_001), true),
        (FieldValue::Number(9_000_000), false),
    ] {
        case.fields.insert("sum".to_owned(), value);
        assert_eq!(holds(&case), is_hit);
    }
    let known = Known {
        units: vec!["housing".to_owned()],
        queues: vec![("housing/inbox".to_owned(), "housing".to_owned(), QueueKind::Inbox)],
        types: vec![KnownType {
            code: "subsidy".to_owned(),
            fields: vec![(
                "sum".to_owned(),
                casedesk::domain::rules::FieldKind::Number { min: 0, max: 9 },
            )],
        }],
        ..Known::default()
    };
    let flaws = casedesk::domain::rules::misnamed(&table, &known);
    assert_eq!(flaws[0].hint, "Write a whole number, as 42.");
}

fn casedesk(arguments: &[&str], home: &std::path::Path) -> Output {
    program()
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("CASEDESK_DATA", home.join("office"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_command_line_checks_publishes_and_tries() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("routing.csv");
    let place = file.display().to_string();
    let text = ROUTE.replace("property", "town");
    std::fs::write(&file, text.replace("complaint", "complant")).unwrap();
    let output = casedesk(&["tables", "check", &place, "--alone"], home.path());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("routing.csv:6: when.nature"), "{said}");
    assert!(said.contains("Did you mean complaint?"), "{said}");
    std::fs::write(&file, &text).unwrap();
    let output = casedesk(&["tables", "check", &place, "--alone", "--json"], home.path());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), said.matches('\n').count()), (Some(0), 1), "{said}");
    assert!(said.contains("No row fits"), "{said}");
}
