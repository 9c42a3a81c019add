//! Answers to citizens: templates in their language, replies that can be recalled, messages that come back, and the status
//! for a reference and PIN.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use casedesk::desk::{
    Anchor, AskBoard, AskCaseFile, AskCases, AskDrafts, AskFilled, AskLibrary, AskMessage,
    AskModules, AskReplyKit, Checks, Clock as _, Command, Desk, DeskError, LocalDesk, Narrowing,
    Post, PromiseWish, Receipt, Undoable, View, ViewKind,
};
use casedesk::domain::answers::{
    Matter, Placeholder, Reader, SHIPPED_LANGUAGES, fill, read_answer_file, shipped, sms_length,
    writing_place,
};
use casedesk::domain::cases::{
    CaseAct, Channel, EachAct, Message, MessageState, Nature, OutcomeCode, ReplyAddress, Stage,
};
use casedesk::domain::office::{CaseworkerState, Role};
use casedesk::domain::people::{ContactPointState, PersonChange};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, MessageId, PersonId, UnitId};
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::store::MemoryStore;

use crate::office::{Counted, Office, Seat};

fn day(month: i8, day: i8) -> Day {
    Day::from_parts(2026, month, day).unwrap()
}

fn matter() -> Matter {
    Matter {
        case: CaseId(1_234_567),
        subject: "Rent subsidy late".to_owned(),
        caseworker: "L. Karimi".to_owned(),
        unit: "Housing".to_owned(),
        office: "Town of Testing".to_owned(),
        today: day(8, 21),
        received: day(8, 19),
        answer_by: Some(day(9, 4)),
        decide_by: Some(day(9, 18)),
        reasons: "income".to_owned(),
    }
}

fn reader(language: &str) -> Reader {
    let (given, family, form) = match language {
        "fa" => ("سارا", "محمدی", "خانم"),
        _ => ("Sara", "Mohammadi", "Mrs"),
    };
    Reader {
        given: given.to_owned(),
        family: family.to_owned(),
        form_of_address: form.to_owned(),
        postal_address: format!("{given} {family}\nAzadi 12\n0184 Oslo"),
        language: language.to_owned(),
    }
}

/// The last digits of what is typed by hand, as short as it is in a text message.
fn typed(language: &str, place: Placeholder) -> &'static str {
    match (language, place) {
        ("fa", _) => "اجاره‌نامه",
        ("tr", _) => "kira sözleşmesi",
        ("nb", _) => "leiekontrakten",
        ("es", _) => "contrato",
        _ => "the lease",
    }
}

#[test]
fn every_template_reads_well_in_every_language_with_every_place_filled_in() {
    let library = shipped();
    let mut golden = String::new();
    for language in SHIPPED_LANGUAGES {
        for template in library.templates.iter().filter(|held| held.language == language) {
            let words = library.language(language).unwrap();
            let filled = fill(template, words, &matter(), &reader(language));
            let mut text = filled.text;
            for place in filled.missing {
                text = text.replace(&place.to_string(), typed(language, place));
            }
            assert!(!text.contains(['{', '}']), "{}: {text}", template.key());
            if template.channels.contains(&Channel::Sms) {
                let sms = sms_length(&text);
                assert_eq!(sms.parts, 1, "{}: {sms:?} {text}", template.key());
                assert!(sms.is_gsm || sms.length <= 70, "{}: {text}", template.key());
            }
            writeln!(golden, "== {}\n{text}\n", template.key()).unwrap();
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers.txt");
    if std::env::var_os("CASEDESK_BLESS").is_some() {
        std::fs::write(&path, &golden).unwrap();
    }
    assert!(
        golden == std::fs::read_to_string(&path).unwrap(),
        "tests/answers.txt differs; read what CASEDESK_BLESS=1 makes of it"
    );
}

#[test]
fn somebody_is_addressed_as_their_language_has_it() {
    let library = shipped();
    let begins = |language: &str, form: &str| {
        let template = library.choose("done", language, Channel::Email).unwrap();
        let spoken = language.split('-').next().unwrap();
        let reader = Reader { form_of_address: form.to_owned(), ..reader(spoken) };
        let filled = fill(template, library.language(language).unwrap(), &matter(), &reader);
        filled.text.lines().next().unwrap().to_owned()
    };
    assert_eq!(begins("en", "Mrs."), "Dear Mrs Mohammadi,");
    assert_eq!(begins("en", ""), "Dear Sara Mohammadi,");
    assert_eq!(begins("en", "Dr"), "Dear Dr Mohammadi,");
    assert_eq!(begins("es", "Mrs"), "Estimada Sra. Mohammadi:");
    assert_eq!(begins("tr", "Mrs"), "Sayın Sara Mohammadi,");
    assert_eq!(begins("nb-NO", "Mrs"), "Kjære Sara Mohammadi");
    assert_eq!(begins("fa-IR", "خانم"), "سرکار خانم محمدی");
}

#[test]
fn a_value_that_looks_like_a_placeholder_stays_a_value() {
    let library = shipped();
    let template = library.choose("done", "en", Channel::Email).unwrap();
    let reader = Reader { family: "{case}".to_owned(), ..reader("en") };
    let filled = fill(template, library.language("en").unwrap(), &matter(), &reader);
    assert!(filled.text.starts_with("Dear Mrs {case},"), "{}", filled.text);
    assert_eq!(filled.missing, []);
}

#[test]
fn a_wrong_place_in_a_file_is_named_with_file_line_and_field() {
    let file = |text: &str| {
        let head = "format = 1\nlanguage = \"en\"\n[[template]]\ncode = \"mine\"\nchannels = [\"letter\"]\nlabel = \"mine\"\n";
        read_answer_file("mine.toml", &format!("{head}{text}")).map_err(|error| error.to_string())
    };
    assert_eq!(file("text = \"Dear {name}\"").unwrap().templates.len(), 1);
    let wrong = file("text = \"\"\"\nDear {name},\n\nabout {subjekt}\n\"\"\"").unwrap_err();
    assert!(
        wrong.starts_with("mine.toml:10: `text` is wrong: there is no placeholder {subjekt}"),
        "{wrong}"
    );
    assert!(wrong.contains("subject") && wrong.contains("appeal_until"), "{wrong}");
    let alone = file("text = \"half { open\"").unwrap_err();
    assert!(alone.starts_with("mine.toml:7: `text`"), "{alone}");
    let channel = read_answer_file(
        "a.toml",
        "format = 1\nlanguage = \"en\"\n[[template]]\ncode = \"a\"\nlabel = \"a\"\ntext = \"a\"\nchannels = [\"pigeon\"]\n",
    );
    assert!(channel.unwrap_err().to_string().starts_with("a.toml:7: `channels` has no `pigeon`"));
}

#[test]
fn a_text_message_is_measured_as_it_is_sent() {
    let measured = |text: &str| {
        let sms = sms_length(text);
        (sms.length, sms.parts, sms.is_gsm)
    };
    assert_eq!(measured(&"a".repeat(160)), (160, 1, true));
    assert_eq!(measured(&"a".repeat(161)), (161, 2, true));
    assert_eq!(measured(&"a".repeat(307)), (307, 3, true));
    assert_eq!(measured("10 €"), (5, 1, true), "an extended character counts two");
    assert_eq!(measured(&"س".repeat(70)), (70, 1, false));
    assert_eq!(measured(&"س".repeat(71)), (71, 2, false));
    assert_eq!(measured("😀"), (2, 1, false));
    // The escape and its character are never parted: 152 and one of two do not fit into 153.
    assert_eq!(measured(&format!("{}€{}", "a".repeat(152), "a".repeat(152))).1, 3);
}

/// Keeps what it is handed.
#[derive(Default)]
struct Tray(Mutex<Vec<Message>>);

impl Post for &Tray {
    fn hand_over(&self, message: &Message) -> Result<(), String> {
        self.0.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// Somebody with a claimed case who can be written to by letter and SMS.
fn at_work(office: &Office, nature: Nature) -> (Seat, PersonId, CaseId) {
    let rahimi = office.sign_in("rahimi").unwrap_or_else(|_| {
        office.enrol("rahimi", "A. Rahimi", &[Role::Caseworker, Role::Screener, Role::Clerk])
    });
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let case = office.case(Some(sara), nature, "Subsidy not paid");
    office.on(&rahimi, case, CaseAct::Claim).unwrap();
    (rahimi, sara, case)
}

fn reply_to(to: PersonId) -> CaseAct {
    let to = ReplyAddress { addressee: to, channel: Channel::Letter };
    let text = "It is done.".to_owned();
    CaseAct::Reply { to, template: Some("done@1/en".to_owned()), text }
}

fn reply(office: &Office, by: &Seat, case: CaseId, to: PersonId) -> Result<Receipt, DeskError> {
    office.on(by, case, reply_to(to))
}

fn assert_sound(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings;
    assert!(found.is_empty(), "{found:?}");
}

fn ask(session: &Seat) -> &dyn Desk {
    session
}

fn state(session: &Seat, message: u64) -> MessageState {
    ask(session).ask(AskMessage { message: MessageId(message) }).unwrap().state
}

#[test]
fn a_reply_is_recalled_until_its_time_has_come_and_the_case_is_as_it_was() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let before = ask(&rahimi).ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    let receipt = reply(&office, &rahimi, case, sara).unwrap();
    assert_eq!(receipt.undo, Undoable::Yes);
    assert!(receipt.label.contains("waits until 09:16"), "{}", receipt.label);
    let tray = Tray::default();
    office.desk.deliver(&&tray).unwrap();
    assert!(tray.0.lock().unwrap().is_empty(), "it waits");
    let waiting = ask(&rahimi).ask(AskBoard { unit: UnitId(1) }).unwrap().messages_waiting;
    assert_eq!(waiting, 1);
    office.act(&rahimi, Command::Undo).unwrap();
    let after = ask(&rahimi).ask(AskCaseFile { case, entries: 1 }).unwrap().case;
    assert!(matches!(state(&rahimi, 1), MessageState::Recalled(_)));
    assert_eq!((after.messages, after.stage), (before.messages, before.stage));
    assert_eq!(after.clocks, before.clocks, "the answer is owed again");
    office.pass_minutes(10);
    office.desk.deliver(&&tray).unwrap();
    assert!(tray.0.lock().unwrap().is_empty(), "what was recalled never leaves");
}

#[test]
fn what_has_left_is_not_recalled_and_the_desk_says_what_compensates() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    office.pass_minutes(3);
    let tray = Tray::default();
    office.desk.deliver(&&tray).unwrap();
    assert_eq!(tray.0.lock().unwrap().len(), 1);
    assert!(matches!(state(&rahimi, 1), MessageState::Sent(_)));
    let refusal = office.act(&rahimi, Command::Undo).unwrap_err().to_string();
    assert!(refusal.contains("M-1 was handed over at 09:17"), "{refusal}");
    assert!(refusal.contains("template `correction`"), "{refusal}");
    let refusal = office.act(&rahimi, Command::RecallMessage { message: MessageId(1) });
    assert!(refusal.unwrap_err().to_string().contains("was handed over"));
}

#[test]
fn a_waiting_reply_outlives_the_program_and_leaves_in_time() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    office.act(&office.karimi(), Command::SetRecallTime { minutes: Some(5) }).unwrap();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    let entropy = Arc::new(Counted::from(1_000));
    let later = LocalDesk::open(store, office.clock.clone(), entropy).unwrap();
    let tray = Tray::default();
    later.deliver(&&tray).unwrap();
    assert!(tray.0.lock().unwrap().is_empty(), "the time is kept with the message");
    office.pass_minutes(5);
    later.deliver(&&tray).unwrap();
    assert_eq!(tray.0.lock().unwrap().len(), 1);
    let found = later.verify(Checks::deep(), &|_| {}).unwrap().findings;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_case_closes_while_its_reply_waits_and_the_reply_is_recalled_only_once_it_is_open_again() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: None,
    };
    office.on(&rahimi, case, close).unwrap();
    let refusal = office.act(&rahimi, Command::RecallMessage { message: MessageId(1) });
    let refusal = refusal.unwrap_err().to_string();
    assert!(refusal.contains("is closed") && refusal.contains("Undo the closing"), "{refusal}");
    office.act(&rahimi, Command::Undo).unwrap();
    // Somebody else's note stands in the way of undoing the reply, and not of recalling it.
    let note = CaseAct::Note { text: "rang".to_owned() };
    office.on(&office.karimi(), case, note).unwrap();
    office.act(&rahimi, Command::Undo).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Recalled(_)));
    let file = ask(&rahimi).ask(AskCaseFile { case, entries: 1 }).unwrap();
    assert!(
        file.clocks.iter().any(|clock| clock.state == "running" && clock.kind.label() == "answer")
    );
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: None,
    };
    let refusal = office.on(&rahimi, case, close).unwrap_err().to_string();
    assert!(refusal.contains("has not been told"), "{refusal}");
}

#[test]
fn a_letter_that_came_back_takes_told_back_until_another_one_is_written() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    let tray = Tray::default();
    office.desk.deliver(&&tray).unwrap();
    let back = CaseAct::CameBack { message: MessageId(1), why: "moved".to_owned() };
    let receipt = office.on(&rahimi, case, back.clone()).unwrap();
    assert!(
        receipt.label.contains("ask for the address (V, i), then reply (r)"),
        "{}",
        receipt.label
    );
    assert!(office.on(&rahimi, case, back).is_err(), "it came back already");
    let board = ask(&rahimi).ask(AskBoard { unit: UnitId(1) }).unwrap();
    assert_eq!(board.letters_returned, 1);
    let mail = View { kind: ViewKind::Mail, unit: UnitId(1) };
    let list = AskCases {
        view: mail,
        anchor: Anchor::First,
        before: 0,
        after: 10,
        narrowing: Narrowing::default(),
    };
    assert_eq!(ask(&rahimi).ask(list).unwrap().rows.len(), 1);
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: None,
    };
    let refusal = office.on(&rahimi, case, close.clone()).unwrap_err().to_string();
    assert!(refusal.contains("has not been told"), "{refusal}");
    reply(&office, &rahimi, case, sara).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Superseded { by: MessageId(2), .. }));
    assert_eq!(ask(&rahimi).ask(AskBoard { unit: UnitId(1) }).unwrap().letters_returned, 0);
    office.on(&rahimi, case, close).unwrap();
    assert_sound(&office);
}

#[test]
fn a_wrong_address_takes_told_back_from_what_relied_on_it_and_reopens_nothing() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    office.desk.deliver(&&Tray::default()).unwrap();
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: None,
    };
    office.on(&rahimi, case, close).unwrap();
    let mark = |state| Command::ChangePerson {
        person: sara,
        version: None,
        change: PersonChange::AddressState(state),
        source: "the postman".to_owned(),
        is_verified: false,
    };
    let receipt = office.act(&rahimi, mark(ContactPointState::Wrong)).unwrap();
    assert!(receipt.label.contains("1 message"), "{}", receipt.label);
    assert!(matches!(state(&rahimi, 1), MessageState::Undelivered { .. }));
    let file = ask(&rahimi).ask(AskCaseFile { case, entries: 1 }).unwrap();
    assert_eq!(file.case.stage, Stage::Closed, "no rule takes a case up again");
    assert!(file.row.has_mail, "and its row says that something came back");
    assert!(
        file.parties[0].reply.iter().all(|(way, _)| *way != Channel::Letter),
        "it is no way now"
    );
    office.act(&rahimi, Command::Undo).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Sent(_)));
    assert_sound(&office);
}

#[test]
fn a_status_is_told_for_the_pin_of_the_last_slip_alone() {
    let office = Office::new();
    let (rahimi, _, case) = at_work(&office, Nature::Complaint);
    let print = || office.act(&rahimi, Command::PrintSlip { case }).unwrap().text.unwrap();
    let pin_of = |slip: &str| {
        let line = slip.lines().find(|line| line.starts_with("PIN: ")).unwrap().to_owned();
        line.trim_start_matches("PIN: ").to_owned()
    };
    let (first, second) = (print(), print());
    assert!(second.lines().all(|line| line.chars().count() <= 40), "{second}");
    assert!(second.contains("Town of Testing") && second.contains("Subsidy not paid"), "{second}");
    assert!(!second.contains("Mohammadi"), "{second}");
    let status = |pin: &str| office.act(&rahimi, Command::AskStatus { case, pin: pin.to_owned() });
    assert_eq!(status(&pin_of(&first)).unwrap().text, None, "the old slip is worth nothing");
    let told = status(&pin_of(&second)).unwrap().text.unwrap();
    assert!(told.starts_with("We are working on your matter."), "{told}");
    assert!(!told.contains("Mohammadi") && !told.contains("Subsidy"), "{told}");
}

#[test]
fn wrong_pins_are_counted_slowed_and_turned_away_with_a_time() {
    let office = Office::new();
    let (rahimi, _, case) = at_work(&office, Nature::Complaint);
    let slip = office.act(&rahimi, Command::PrintSlip { case }).unwrap().text.unwrap();
    let right = slip.lines().find_map(|line| line.strip_prefix("PIN: ")).unwrap().to_owned();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let status = |pin: &str| office.act(&rahimi, Command::AskStatus { case, pin: pin.to_owned() });
    for _ in 0..4 {
        assert_eq!(status(wrong).unwrap().text, None);
    }
    let refusal = status(&right).unwrap_err().to_string();
    assert!(refusal.contains("from 09:15 on"), "{refusal}");
    office.pass_minutes(2);
    let persian: String = right
        .chars()
        .map(|digit| char::from_u32(0x6f0 + digit.to_digit(10).unwrap()).unwrap())
        .collect();
    assert!(status(&persian).unwrap().text.is_some(), "digits of any kind");
    let unknown = office.act(&rahimi, Command::AskStatus { case: CaseId(9), pin: right });
    assert!(unknown.unwrap_err().to_string().contains("no matter with this reference"));
}

#[test]
fn an_offices_own_template_takes_the_place_of_the_shipped_one_and_its_version_goes_on() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let own = "format = 1\nlanguage = \"en\"\n[[template]]\ncode = \"done\"\nchannels = [\"letter\"]\nlabel = \"done, the way we say it\"\ntext = \"{salutation} Done. {caseworker}\"\n[[module]]\ncode = \"keys\"\ntitle = \"Keys of the flat\"\nsubjects = [\"HOU-1\"]\ntext = \"Fetch the keys at {office}.\"\n";
    let file = read_answer_file("own.toml", own).unwrap();
    let set = Command::SetAnswers { templates: file.templates, modules: file.modules };
    assert!(office.act(&rahimi, set.clone()).is_err(), "whoever runs the office does this");
    office.act(&office.karimi(), set).unwrap();
    let question = || AskFilled {
        case,
        addressee: sara,
        channel: Channel::Letter,
        template: "done".to_owned(),
    };
    let filled = ask(&rahimi).ask(question()).unwrap();
    assert_eq!(filled.template, "done@2/en");
    assert_eq!(filled.text, "Dear Sara Mohammadi, Done. A. Rahimi");
    let modules = AskModules {
        case: Some(case),
        subject: None,
        text: String::new(),
        language: String::new(),
    };
    office.act(&rahimi, Command::CountUse { module: "status".to_owned() }).unwrap();
    let lines = ask(&rahimi).ask(modules).unwrap().modules;
    assert_eq!((lines[0].code.as_str(), lines[0].is_of_subject), ("keys", true));
    assert_eq!(lines[0].text, "Fetch the keys at Town of Testing.");
    assert_eq!((lines[1].code.as_str(), lines[1].uses), ("status", 1));
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert_eq!(ask(&rahimi).ask(question()).unwrap().template, "done@1/en");
    let own = ask(&rahimi).ask(AskLibrary { language: Some("en".to_owned()) }).unwrap();
    assert!(own.templates.iter().all(|(_, is_own)| !is_own));
    assert_sound(&office);
}

#[test]
fn the_kit_of_a_reply_speaks_the_readers_language() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let change = |change| Command::ChangePerson {
        person: sara,
        version: None,
        change,
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&rahimi, change(PersonChange::Languages(vec!["fa-IR".to_owned()]))).unwrap();
    let kit = ask(&rahimi).ask(AskReplyKit { case }).unwrap();
    assert_eq!(kit.templates[0].code, "done");
    assert!(
        kit.texts.iter().all(|text| text.filled.language == "fa" && text.filled.wanted.is_none())
    );
    assert_eq!(kit.modules[0].1[0].language, "fa");
    office.act(&rahimi, change(PersonChange::Languages(vec!["so".to_owned()]))).unwrap();
    let kit = ask(&rahimi).ask(AskReplyKit { case }).unwrap();
    let filled = &kit.texts[0].filled;
    assert_eq!((filled.language.as_str(), filled.wanted.as_deref()), ("en", Some("so")));
}

#[test]
fn a_reply_with_an_open_place_is_refused_by_the_desk_too() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    let act = |text: String| CaseAct::Reply { to: to.clone(), template: None, text };
    let refusal = office.on(&rahimi, case, act("because {reasons}".to_owned())).unwrap_err();
    assert!(refusal.to_string().contains("{reasons}"), "{refusal}");
    let refusal = office.on(&rahimi, case, act("x".repeat(1_000))).unwrap_err();
    assert!(refusal.to_string().contains("7 text messages"), "{refusal}");
}

#[test]
fn across_the_socket_it_is_the_same() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let data = tempfile::tempdir().unwrap();
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |account| {
        Ok(Arc::new(desk.sign_in(account.unwrap_or("rahimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(data.path(), sign_in).unwrap();
    let remote = RemoteDesk::connect(data.path(), None).unwrap();
    let (near, far): (&dyn Desk, &dyn Desk) = (&rahimi, &remote);
    assert_eq!(near.ask(AskReplyKit { case }), far.ask(AskReplyKit { case }));
    assert_eq!(near.ask(AskLibrary { language: None }), far.ask(AskLibrary { language: None }));
    let act = |command| far.execute(office.request(command));
    act(Command::Case { case, version: None, act: reply_to(sara) }).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Waiting { .. }));
    act(Command::Undo).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Recalled(_)));
    let slip = act(Command::PrintSlip { case }).unwrap().text.unwrap();
    let pin = slip.lines().find_map(|line| line.strip_prefix("PIN: ")).unwrap().to_owned();
    assert!(act(Command::AskStatus { case, pin }).unwrap().text.is_some());
    assert!(act(Command::ReleaseMessage { message: MessageId(1) }).is_err(), "the desk's own");
}

#[test]
fn what_a_recalled_reply_would_have_made_good_is_undelivered_again() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    office.pass_minutes(5);
    office.desk.deliver(&&Tray::default()).unwrap();
    let back = CaseAct::CameBack { message: MessageId(1), why: "moved".to_owned() };
    office.on(&rahimi, case, back).unwrap();
    reply(&office, &rahimi, case, sara).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Superseded { .. }));
    office.act(&rahimi, Command::RecallMessage { message: MessageId(2) }).unwrap();
    assert!(matches!(state(&rahimi, 1), MessageState::Undelivered { .. }));
    assert_sound(&office);
}

#[test]
fn what_somebody_wrote_leaves_once_although_they_have_left_and_the_rules_go_on() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let boss = office.enrol("boss", "B. Boss", &[Role::Manager]);
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let case = office.case(Some(sara), Nature::Information, "Subsidy not paid");
    office.on(&karimi, case, CaseAct::Claim).unwrap();
    reply(&office, &karimi, case, sara).unwrap();
    let wish = PromiseWish {
        to: sara,
        case: None,
        what: String::new(),
        channel: Channel::Telephone,
        due_at: office.clock.now().plus_minutes(5),
        owner: Some(CaseworkerId(2)),
    };
    office.act(&boss, Command::MakePromise(wish)).unwrap();
    let gone = Command::SetAttendance {
        caseworker: CaseworkerId(1),
        state: CaseworkerState::Left,
        successor: None,
        why: String::new(),
    };
    office.act(&boss, gone).unwrap();
    office.pass_minutes(10);
    let tray = Tray::default();
    for _ in 0..2 {
        office.desk.deliver(&&tray).unwrap();
        office.desk.mark_late().unwrap();
        office.desk.return_held().unwrap();
    }
    assert_eq!(tray.0.lock().unwrap().len(), 1);
    assert!(matches!(state(&boss, 1), MessageState::Sent(_)));
    assert_sound(&office);
}
#[test]
fn a_template_promises_no_day_that_has_passed() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Request);
    let owed = || {
        let slip = office.act(&rahimi, Command::PrintSlip { case }).unwrap().text.unwrap();
        let line =
            slip.lines().find(|line| line.starts_with("You hear from us by")).map(str::to_owned);
        line.map(|line| line.split_once(": ").unwrap().1.to_owned())
    };
    let filled = || {
        let (channel, template) = (Channel::Letter, "working".to_owned());
        ask(&rahimi).ask(AskFilled { case, addressee: sara, channel, template }).unwrap()
    };
    let soon = owed().unwrap();
    assert!(filled().text.contains(&format!("hear from us by {soon}.")), "{}", filled().text);
    while owed().as_ref() == Some(&soon) {
        office.pass_minutes(60 * 24);
    }
    if let Some(next) = owed() {
        assert!(filled().text.contains(&format!("hear from us by {next}.")), "{}", filled().text);
    }
    office.pass_minutes(60 * 24 * 400);
    assert_eq!(owed(), None);
    let late = filled();
    assert!(late.text.contains("hear from us by {answer_by}."), "{}", late.text);
    assert_eq!(late.missing, ["answer_by"]);
    let act = EachAct::Letter { template: Some("working".to_owned()), text: None };
    let letters = Command::ForEach { cases: vec![(case, None)], act };
    let told = office.act(&rahimi, letters).unwrap();
    assert!(format!("{:?}", told.rows).contains("letter.missing"), "{:?}", told.rows);
}

#[test]
fn words_go_before_the_closing_formula_in_every_language() {
    let place = |text: &str| text.chars().take(writing_place(text)).collect::<String>();
    assert_eq!(place("Dear A,\n\nIt is done.\n\nYours,\n\nB\nC"), "Dear A,\n\nIt is done.");
    assert_eq!(place("Dear A,\n\nIt is done.\n\nYours,\nB"), "Dear A,\n\nIt is done.");
    assert_eq!(place("C-1: it is done."), "C-1: it is done.");
    assert_eq!(place("Dear A,\n\nbecause {reasons}.\n\nYours,\nB"), "Dear A,\n\nbecause ");
    let library = shipped();
    for language in SHIPPED_LANGUAGES {
        let words = library.language(language).unwrap();
        for channel in [Channel::Letter, Channel::Email] {
            let template = library.choose("done", language, channel).unwrap();
            let text = fill(template, words, &matter(), &reader(language)).text;
            let after = text.chars().skip(writing_place(&text)).collect::<String>();
            assert!(after.starts_with("\n\n") && after.contains("L. Karimi"), "{text}");
            let before = place(&text);
            assert!(before.ends_with('.') && !before.contains("L. Karimi"), "{before}");
        }
    }
}

#[test]
fn a_recalled_reply_is_the_draft_of_the_next_one_unless_one_is_begun() {
    let office = Office::new();
    office.desk.hold_replies(2);
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let words = || {
        let drafts = ask(&rahimi).ask(AskDrafts {}).unwrap().drafts;
        let fields = drafts.into_iter().flat_map(|draft| draft.fields);
        fields.map(|(_, text)| text).collect::<Vec<_>>()
    };
    reply(&office, &rahimi, case, sara).unwrap();
    assert!(words().is_empty());
    office.act(&rahimi, Command::Undo).unwrap();
    let way = format!("{sara} {}", Channel::Letter.code());
    assert_eq!(words(), ["It is done.", "done@1/en", &way]);
    let to = ReplyAddress { addressee: sara, channel: Channel::Letter };
    let second = CaseAct::Reply { to, template: None, text: "Another.".to_owned() };
    office.on(&rahimi, case, second).unwrap();
    office.act(&rahimi, Command::RecallMessage { message: MessageId(2) }).unwrap();
    assert_eq!(words()[0], "It is done.", "what is begun stays");
    assert_sound(&office);
}

#[test]
fn what_came_back_cannot_come_back_again_and_is_told_so_in_a_sentence() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    reply(&office, &rahimi, case, sara).unwrap();
    let back = || CaseAct::CameBack { message: MessageId(1), why: "moved".to_owned() };
    let refusal = || office.on(&rahimi, case, back()).unwrap_err().to_string();
    assert!(refusal().starts_with("M-1 is queued, and has not left yet."), "{}", refusal());
    office.desk.deliver(&&Tray::default()).unwrap();
    office.on(&rahimi, case, back()).unwrap();
    assert!(refusal().starts_with("M-1 has come back already."), "{}", refusal());
}

#[test]
fn a_fax_goes_only_to_whoever_prefers_one() {
    let office = Office::new();
    let (rahimi, sara, case) = at_work(&office, Nature::Information);
    let has_fax = || {
        let file = ask(&rahimi).ask(AskCaseFile { case, entries: 1 }).unwrap();
        file.parties[0].reply.iter().any(|(way, _)| *way == Channel::Fax)
    };
    assert!(!has_fax());
    let change = Command::ChangePerson {
        person: sara,
        version: None,
        change: PersonChange::PreferredChannel(Channel::Fax),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&rahimi, change).unwrap();
    assert!(has_fax());
}
