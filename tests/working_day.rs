//! A whole working day of one clerk, from logging in at eight to closing: keys in, and what the screen says.

use std::sync::Arc;

use casedesk::desk::{Checks, Clock as _, Command, Desk, Post};
use casedesk::domain::cases::{CaseAct, Channel, Intake, Message, Nature, ReplyAddress};
use casedesk::domain::office::Role;
use casedesk::domain::people::{FamilyRole, NewHousehold};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{CaseId, EntityId, PersonId};

use crate::harness::TestScreen;
use crate::office::Office;

/// Sara's complaint of July's subsidy.
const LATE_SUBSIDY: CaseId = CaseId(1);
/// Gareth's question, which was answered by letter on Friday.
const ANSWERED_BY_LETTER: CaseId = CaseId(2);
/// Rows that a list of a day like this one has at most.
const ROWS_MAX: usize = 12;

/// A day of August 2026 at a time, in the office's zone.
fn august(day: i8, hour: i8, minute: i8) -> Instant {
    let day = Day::from_parts(2026, 8, day).unwrap();
    Zone::named("Europe/Oslo").unwrap().instant(day, hour, minute)
}

/// A post that takes every letter.
struct PostOffice;

impl Post for PostOffice {
    fn hand_over(&self, _: &Message) -> Result<(), String> {
        Ok(())
    }
}

fn seat(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.sign_in(account).unwrap())
}

fn wait_until(office: &Office, then: Instant) {
    let passed = then.milliseconds() - office.clock.now().milliseconds();
    assert!(passed >= 0, "the day goes on, and not back");
    office.clock.pass_seconds(passed / 1_000);
}

/// Registers a matter that comes by telephone now: its subject, and what is said.
fn taken_in(office: &Office, of: Option<PersonId>, nature: Nature, what: (&str, &str)) -> CaseId {
    registered(office, Office::intake(of, nature, what.0, what.1, office.clock.now()))
}

fn registered(office: &Office, intake: Intake) -> CaseId {
    let receipt = office.act(&office.karimi(), Command::RegisterCase(intake)).unwrap();
    match receipt.created.first() {
        Some(EntityId::Case(case)) => *case,
        other => unreachable!("a case was registered, and the receipt says {other:?}"),
    }
}

/// The office as it is left on Friday: Rahimi's letter is on its way, five ask Moe the same, and after Rahimi has gone a
/// report turns up that lay in a tray for weeks.
fn friday() -> Office {
    let office = Office::new();
    let roles = [Role::Caseworker, Role::Screener, Role::Clerk];
    let rahimi = office.enrol("rahimi", "A. Rahimi", &roles);
    let moe = office.enrol("moe", "T. Moe", &roles);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let nika = office.person("Nika", "Mohammadi", "2020-05-01", "+47 912 34 568");
    office.person("Zara", "Mohamadi", "1990-11-30", "+47 912 34 569");
    let gareth = office.person("Gareth", "Whitlock", "1961-10-19", "+47 912 34 570");
    let members = vec![(sara, FamilyRole::Head), (nika, FamilyRole::Child)];
    office.act(&office.karimi(), Command::FormHousehold(NewHousehold { members })).unwrap();
    let july = ("HOU-1", "July subsidy not on her account");
    assert_eq!(taken_in(&office, Some(sara), Nature::Complaint, july), LATE_SUBSIDY);
    let hours = ("GEN-1", "When is the counter open?");
    assert_eq!(taken_in(&office, Some(gareth), Nature::Information, hours), ANSWERED_BY_LETTER);
    let to = ReplyAddress { addressee: gareth, channel: Channel::Letter };
    let text = "The counter is open from nine to three.".to_owned();
    office.on(&rahimi, ANSWERED_BY_LETTER, CaseAct::Claim).unwrap();
    office.on(&rahimi, ANSWERED_BY_LETTER, CaseAct::Reply { to, template: None, text }).unwrap();
    office.desk.deliver(&PostOffice).unwrap();
    for (given, family) in [
        ("Ayse", "Yildirim"),
        ("Dariush", "Rezaei"),
        ("Luz", "Hernandez"),
        ("Nora", "Solberg"),
        ("Mehmet", "Demir"),
    ] {
        let person = office.person(given, family, "1975-01-01", "+47 912 34 600");
        let grant = ("SOC-1", "When is the moving grant paid?");
        let case = taken_in(&office, Some(person), Nature::Information, grant);
        office.on(&moe, case, CaseAct::Claim).unwrap();
    }
    wait_until(&office, august(21, 15, 50));
    drop(TestScreen::open(seat(&office, "rahimi")));
    wait_until(&office, august(21, 15, 55));
    let lamp = Office::intake(None, Nature::Report, "STR-1", "Stair light broken", august(5, 9, 0));
    registered(&office, lamp);
    office.desk.hold_replies(2);
    office
}

/// Rahimi's Monday.
struct Monday {
    office: Office,
    screen: TestScreen,
    sessions: u64,
}

impl Monday {
    /// Rahimi logs in at eight.
    fn begin(office: Office) -> Self {
        wait_until(&office, august(24, 8, 0));
        let mut screen = TestScreen::open(seat(&office, "rahimi"));
        screen.remember(1);
        Self { office, screen, sessions: 1 }
    }

    /// Lets it be that time; meanwhile the desk sends what has waited long enough, and marks what is late.
    fn at(&mut self, hour: i8, minute: i8) -> &mut Self {
        wait_until(&self.office, august(24, hour, minute));
        self.office.desk.deliver(&PostOffice).unwrap();
        self.office.desk.mark_late().unwrap();
        self.screen.tick(self.office.clock.now());
        self
    }

    /// Lets seconds pass, as the terminal tells them.
    fn seconds(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            self.office.clock.pass_seconds(1);
            self.screen.tick(self.office.clock.now());
        }
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        self.screen.keys(keys);
        self
    }

    /// Presses down until the row has these words.
    fn down_to(&mut self, down: &str, words: &str) -> &mut Self {
        for _ in 0..ROWS_MAX {
            if self.screen.cursor_row().contains(words) {
                return self;
            }
            self.press(down);
        }
        unreachable!("no row has {words}\n{}", self.screen.text());
    }

    #[track_caller]
    fn sees(&mut self, words: &str) -> &mut Self {
        let text = self.screen.text();
        assert!(text.contains(words), "{words} is not on\n{text}");
        self
    }

    #[track_caller]
    fn misses(&mut self, words: &str) -> &mut Self {
        let text = self.screen.text();
        assert!(!text.contains(words), "{words} is on\n{text}");
        self
    }

    /// The first row begins so.
    #[track_caller]
    fn is_at(&mut self, words: &str) -> &mut Self {
        let text = self.screen.text();
        assert!(text.starts_with(words), "{words} does not begin\n{text}");
        self
    }

    #[track_caller]
    fn first_row(&mut self, words: &str) -> &mut Self {
        let row = self.screen.rows()[0].clone();
        assert!(row.contains(words), "{words} is not in the first row of\n{}", self.screen.text());
        self
    }

    #[track_caller]
    fn has_no_contact(&mut self) -> &mut Self {
        let row = self.screen.rows()[0].clone();
        assert!(!row.contains("TEL"), "a contact runs in {row}");
        self
    }

    #[track_caller]
    fn is_told(&mut self, words: &str) -> &mut Self {
        let status = self.screen.status();
        assert!(status.contains(words), "{words} is not in {status}\n{}", self.screen.text());
        self
    }

    #[track_caller]
    fn row(&mut self, words: &str) -> &mut Self {
        let row = self.screen.cursor_row();
        assert!(row.contains(words), "{words} is not in {row}\n{}", self.screen.text());
        self
    }

    /// The line drops: the program is killed with what was typed, and begun again.
    fn line_drops(&mut self) -> &mut Self {
        self.sessions += 1;
        self.screen = TestScreen::open(seat(&self.office, "rahimi"));
        self.screen.remember(self.sessions);
        self
    }
}

fn log_in(day: &mut Monday) {
    day.is_at("HOUSING  Mon 24 Aug 2026 08:00  A. Rahimi").first_row("no call");
    day.sees("[1Mine 1]").sees("since Fri 15:50").sees("1 new");
    day.press("gn").is_at("SINCE YOU LEFT  Fri 21 Aug 15:50   1 new in Housing");
    day.press("gb").misses("since Fri 15:50");
}

fn misheard_name(day: &mut Monday) {
    day.at(8, 5).press("ct").is_told("runs: tel in");
    day.press("/sara mohamedi 86").sees(">1 Mohammadi, Sara").sees("86 = year");
    day.press("<enter>").is_at("P-1  MOHAMMADI, Sara").sees("CALLER NOT VERIFIED: V asks 2 of 4");
    day.press("Vyy").sees("caller verified 2 of 4");
    day.at(8, 7).first_row("TEL in 02:00");
}

fn daughters_case(day: &mut Monday) {
    day.sees("1 child    Mohammadi, Nika").sees("may ask: guardian");
    day.press("1").is_at("P-2  MOHAMMADI, Nika").first_row("TEL in");
    day.press("<").is_at("P-1  MOHAMMADI, Sara");
    day.press("n").is_at("NEW for P-1 Mohammadi, Sara").first_row("TEL in");
    day.press("redu<enter>1<enter>nNika has no seat on the school bus<ctrl-d>");
    day.is_at("C-9 REQ").is_told("Registered as C-9").sees("Nika");
}

fn late_subsidy(day: &mut Monday) {
    day.press("/mohmdi s<enter>").is_at("P-1  MOHAMMADI, Sara");
    day.press("nchou<enter><enter><enter>").sees("same person, same subject");
    day.sees("still needed: SAME?");
    day.press("1Still not there; the landlord's notice runs out on Friday<ctrl-d>");
    day.is_at("C-1 COM").sees("Still not there; the landlord's notice");
}

fn promise_and_claim(day: &mut Monday) {
    day.press("p14").sees("Mon 24 Aug 14:00").press("<enter>");
    day.is_told("Promised Mohammadi, Sara as R-1: Mon 24 Aug 14:00, you");
    day.sees("! ring 14:00 today (you)");
    day.press(".").first_row("you, Housing");
    day.at(8, 12).press("cp").is_told("ended: promised").has_no_contact();
    day.press("gb").sees("9Calls 1").sees("! 14:00 ring Mohammadi, Sara C-1");
    day.press(".").is_told("Claimed C-8 from Inbox, 1 of 2 in its order").is_at("C-8 RPT");
    day.press("gb").sees("[1Mine 3]");
}

fn letter_with_a_wrong_address(day: &mut Monday) {
    day.at(9, 0).press("/whitlock<enter>").is_at("P-4  WHITLOCK, Gareth");
    day.press("i").down_to("<down>", "address ").down_to("<down>", "Azadi 12");
    day.press("w").is_told("1 message").sees("wrong");
    // It is on the board once: what one marks oneself is no news.
    day.press("<esc>gb").sees("1 letter came back (g m)   since 08:00   1 new");
    day.press("gm").sees("C-2").sees("[Mail 1]");
    day.press("<enter>").is_at("C-2 INF").sees("answer (r), then close (x)");
    day.press("x1<enter>").is_told("has not been told");
    day.press("<esc>/whitlock<enter>i").down_to("<down>", "Azadi 12");
    day.press("<enter><ctrl-u>Quay 3<ctrl-d><esc>").sees("Quay 3");
    day.press("/c-2<enter>r1").sees("Quay 3").press("<ctrl-d>");
    day.is_told("to Whitlock, Gareth").is_told("waits until 09:02");
    day.press("x1<enter>").is_told("Closed C-2");
    day.at(9, 3).press("<f5>").sees("M-2 handed over");
    day.press("gb").misses("came back").press("1").sees("[1Mine 2]");
}

fn escalate_and_be_answered(day: &mut Monday) {
    day.at(9, 20).press("/c-1<enter>e2aMay I pay before the notice runs out?<enter>");
    day.is_told("C-1 is escalated to")
        .sees("you ask Karimi: May I pay before the notice runs out?");
    let mut leader = TestScreen::open(seat(&day.office, "karimi"));
    assert!(leader.text().contains("1 escalation for you to rule on (7)"), "{}", leader.text());
    leader.keys("7<enter>");
    assert!(leader.text().contains("Rahimi asks: May I pay before"), "{}", leader.text());
    leader.keys("AePay it today<enter>");
    day.at(9, 40).sees("Pay it today");
    day.press("gb").sees("1 ruling C-1").down_to("j", "C-1 ").row("^A");
}

fn colleague_ill(day: &mut Monday) {
    let mut leader = TestScreen::open(seat(&day.office, "karimi"));
    leader.keys("gc<end>a");
    assert!(leader.text().contains("-- AWAY T. Moe   5 open"), "{}", leader.text());
    leader.keys("<tab>rahimi<enter>");
    assert!(leader.status().contains("5 cases went to Rahimi"), "{}", leader.text());
    day.at(9, 45).sees("[1Mine 7]").sees("+5 yours (Moe ill)");
}

fn five_alike_answered_at_once(day: &mut Monday) {
    day.press("<home>").down_to("j", "=5").press("+").sees("only ").press("*").sees("5 marked");
    day.press("r1").sees("-- REPLY 5 cases").sees("1 of 5").sees("Dear Ayse Yildirim,");
    day.press("<ctrl-d>").is_told("Letters on 5 cases");
    day.press("*x1").sees("-- CLOSE 5 cases").press("<enter>").is_told("Closed 5 cases");
    day.at(9, 50).press("gb1").sees("[1Mine 2]");
    day.press("/c-7<enter>")
        .sees("M-7 L sent today 09:50")
        .press("jj")
        .sees("Mehmet Demir\nAzadi 12");
}

fn line_drops(day: &mut Monday) {
    day.at(11, 30).press("/c-1<enter>ct").first_row("TEL in");
    day.press("aThe landlord waits unt").seconds(2);
    day.line_drops().is_at("C-1 COM").first_row("TEL in").is_told("Back where you were");
    day.press("il Friday").sees("The landlord waits until Friday");
    day.press("<ctrl-d>").sees("The landlord waits until Friday").misses("-- NOTE");
    day.sees("K-10").misses("K-10:");
    day.press("ca").is_told("ended: answered").has_no_contact();
}

fn promise_kept(day: &mut Monday) {
    day.press("gb").at(13, 49);
    assert!(!day.screen.rows()[0].contains("! 14:00"), "{}", day.screen.text());
    day.at(13, 50).first_row("! 14:00 ring Mohammadi");
    day.press("!").is_at("C-1 COM").first_row("! 14:00 ring");
    day.press("co").first_row("TEL out").press("cn").is_told("R-1 stays open");
    day.at(13, 57).press("co").press("ca").is_told("P, then k");
    day.press("Pk").is_told("R-1 to Mohammadi, Sara is kept").sees("no promise open");
    day.press("s2").sees("x check the facts").press("r1<ctrl-d>").press("x1<enter>");
    day.is_told("Closed C-1").press("gb").misses("ruling C-1");
}

fn overdue_by_unit(day: &mut Monday) {
    day.at(15, 30).press("go").is_at("OVERDUE").sees("-- Housing   1 of 2 late");
    day.press("<enter>").sees("[6LATE 1]").row("C-8");
    day.press("aAsk the janit<esc>").row("\"");
}

fn close_the_day(day: &mut Monday) {
    day.at(15, 45).press("gd").is_at("MUST NOT STAY OVERNIGHT  2");
    day.sees("cases closed 7").sees("promises kept 1");
    day.row("> claim").press("x").is_told("C-8 is free again");
    day.row("draft").press("xx");
    day.sees("Nothing of yours stays overnight.");
    day.press("gbq");
    assert!(day.screen.has_ended());
    let found = day.office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_day_is_worked_from_logging_in_to_closing_with_nothing_left_overnight() {
    let mut day = Monday::begin(friday());
    log_in(&mut day);
    misheard_name(&mut day);
    daughters_case(&mut day);
    late_subsidy(&mut day);
    promise_and_claim(&mut day);
    letter_with_a_wrong_address(&mut day);
    escalate_and_be_answered(&mut day);
    colleague_ill(&mut day);
    five_alike_answered_at_once(&mut day);
    line_drops(&mut day);
    promise_kept(&mut day);
    overdue_by_unit(&mut day);
    close_the_day(&mut day);
}
