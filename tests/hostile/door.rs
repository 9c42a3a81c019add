//! The door: what people type, import or set up is refused where it holds what a terminal would obey, in words that hold none
//! of it.

use casedesk::desk::{Clock as _, Command, Macro, PromiseWish, Receipt, RowResult, SavedView};
use casedesk::domain::cases::{
    CaseAct, Channel, Direction, EscalationLevel, EscalationReason, HoldReason, Nature, NewContact,
    ReplyAddress, StartedContact,
};
use casedesk::domain::office::{NewCaseworker, NewUnit};
use casedesk::domain::people::{Name, NameKind, NewPerson, PersonChange};
use casedesk::domain::time::{Day, OfficeHours};
use casedesk::domain::{CaseId, PersonId, SubjectCode, UnitId};
use casedesk::keymap::Keymap;
use casedesk::text::safe_line;

use super::payload::harm_in;
use super::rewriting::Words;
use crate::office::Office;

/// What no field keeps.
const REFUSED: [&str; 8] =
    ["\u{1b}[2J", "\u{7}", "\u{7f}", "\u{9b}31m", "\u{202e}", "\u{2066}", "\u{e0041}", "\u{fffe}"];

/// A command of each kind that brings words of somebody's own. Drafts keep what their fields took, and those refuse it.
fn commands(office: &Office, person: PersonId, case: CaseId) -> Vec<Command> {
    let at = office.clock.now();
    let until = Day::from_parts(2026, 8, 28).unwrap();
    let act = |act| Command::Case { case, version: None, act };
    let name = |given: &str| Name {
        kind: NameKind::Official,
        given: given.to_owned(),
        family: "Solberg".to_owned(),
    };
    let to = ReplyAddress { addressee: person, channel: Channel::Letter };
    let words = || "words".to_owned();
    vec![
        Command::RegisterPerson(NewPerson {
            names: vec![name("Nora")],
            source: words(),
            ..NewPerson::default()
        }),
        Command::ImportPeople(vec![NewPerson {
            names: vec![name("Ida")],
            source: words(),
            ..NewPerson::default()
        }]),
        Command::ChangePerson {
            person,
            version: None,
            change: PersonChange::Name { index: 0, name: name("Sara") },
            source: words(),
            is_verified: false,
        },
        Command::RegisterCase(Office::intake(Some(person), Nature::Request, "HOU-1", "Ramp", at)),
        act(CaseAct::Note { text: words() }),
        act(CaseAct::Hold { reason: HoldReason::Citizen, until, words: words() }),
        act(CaseAct::SetNature { nature: Nature::Report, reason: words() }),
        act(CaseAct::Escalate {
            level: EscalationLevel::Supervisor,
            reason: EscalationReason::OverLimit,
            ask: words(),
        }),
        act(CaseAct::Reply { to, template: None, text: words() }),
        Command::RecordContact(NewContact {
            channel: Channel::Telephone,
            direction: Direction::In,
            person: Some(person),
            started_at: at,
            ended_at: at,
            summary: words(),
            case: Some(case),
        }),
        Command::StartContact(StartedContact {
            channel: Channel::Telephone,
            direction: Direction::In,
            person: None,
            telephone: Some(words()),
            ivr_path: Some(words()),
        }),
        Command::MakePromise(PromiseWish {
            to: person,
            case: Some(case),
            what: words(),
            channel: Channel::Telephone,
            due_at: at.plus_minutes(120),
            owner: None,
        }),
        Command::Enrol(NewCaseworker {
            account: words(),
            name: words(),
            unit: UnitId(1),
            grants: Vec::new(),
        }),
        Command::OpenUnit(NewUnit { code: words(), name: words(), parent: None }),
        Command::DefineSubject {
            code: SubjectCode("ROAD-1".into()),
            label: words(),
            synonyms: vec![words()],
            parent: None,
        },
        Command::SetOffice {
            name: words(),
            calendar: OfficeHours::weekdays("Europe/Oslo"),
            currency: "NOK".to_owned(),
            is_made: false,
        },
        Command::SaveView(SavedView {
            name: words(),
            list: "inbox".to_owned(),
            limit: "late".to_owned(),
            sort: String::new(),
        }),
        Command::KeepMacro(Macro { name: words(), keys: "j".to_owned() }),
    ]
}

fn is_all_rejected(receipt: &Receipt) -> bool {
    let is_rejected = |row: &RowResult| matches!(row, RowResult::Rejected(_));
    !receipt.rows.is_empty() && receipt.rows.iter().all(is_rejected)
}

#[test]
fn no_command_brings_a_control_or_a_turn_of_direction_past_the_door_in_any_of_its_texts() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy");
    let (mut tried, mut accepted) = (0, Vec::new());
    for command in commands(&office, sara, case) {
        let counting = Words::of(vec![String::new()], 0);
        let _as_it_was = counting.spoil(&command);
        for place in 0..counting.used() {
            for hostile in REFUSED {
                let mut texts = vec![String::new(); place];
                texts.push(hostile.to_owned());
                texts.extend(vec![String::new(); counting.used() - place - 1]);
                let command = Words::of(texts, 0).spoil(&command);
                let result = office.act(&karimi, command.clone());
                tried += 1;
                match result {
                    // An import rejects row by row.
                    Ok(receipt) if is_all_rejected(&receipt) => {}
                    Ok(_) => accepted.push(format!("{command:?}")),
                    // Whoever is told makes the words safe once more; the words themselves quote a name at the most.
                    Err(refusal) => {
                        assert_eq!(harm_in(&safe_line(&refusal.to_string())), None, "{refusal}");
                    }
                }
            }
        }
    }
    assert!(accepted.is_empty(), "{} were accepted: {accepted:#?}", accepted.len());
    assert!(tried > 200, "{tried}");
}

#[test]
fn files_of_keys_say_what_is_wrong_with_a_hostile_line_in_safe_words() {
    let text =
        "[board]\n\"j\" = \"li\u{1b}[2Jst.down\"\n\"\u{202e}\" = \"list.up\"\n[bo\u{9b}ard]\n";
    let (_, problems) = Keymap::of_text("default", Some(("fi\u{1b}le", text)));
    assert!(!problems.is_empty());
    for problem in problems {
        assert_eq!(harm_in(&safe_line(&problem.to_string())), None, "{problem}");
    }
}
