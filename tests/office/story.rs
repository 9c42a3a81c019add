//! The story that every keymap and every mode tells: a caseworker hears a name, finds whoever has it, opens the file, notes
//! what was said, escalates, and closes the case. Here are the office that it begins with and what is true after each part;
//! how it is typed is the teller's part.

use casedesk::desk::{AskCaseFile, CaseFileAnswer, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{
    CaseAct, Channel, EscalationLevel, EscalationReason, Nature, OutcomeCode, ReplyAddress, Stage,
};
use casedesk::domain::office::Role;

use super::Office;

/// Whose desk the story is told at: a caseworker who leads nobody.
pub(crate) const ACCOUNT: &str = "rahimi";

/// What is heard of Sara Mohammadi's name.
pub(crate) const HEARD: &str = "mohmdi s";

/// How she is shown once she is found.
pub(crate) const NAME: &str = "Mohammadi, Sara";

/// What is noted.
pub(crate) const NOTE: &str = "She rang, and asks who decides";

/// What picks the level and the reason of the escalation: the supervisor, over the limit.
pub(crate) const LEVEL_AND_REASON: [char; 2] = ['2', 'a'];

/// What picks the outcome: done, granted.
pub(crate) const OUTCOME: char = '1';

/// Who is in the story.
pub(crate) struct Story {
    /// Her case, which the caseworker has claimed and answered, so that it can be closed.
    pub(crate) case: CaseId,
}

impl Story {
    /// Puts into an office whom the story needs: her, somebody of nearly her name, and the caseworker.
    pub(crate) fn begin(office: &Office) -> Self {
        let caseworker = office.enrol(ACCOUNT, "M. Rahimi", &[Role::Caseworker]);
        let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
        office.person("Zara", "Mohamadi", "1990-11-30", "+4791234569");
        let case = office.case(Some(person), Nature::Information, "Who decides on her subsidy?");
        office.on(&caseworker, case, CaseAct::Claim).unwrap();
        let to = ReplyAddress { addressee: person, channel: Channel::Letter };
        let text = "Your supervisor decides on it.".to_owned();
        office.on(&caseworker, case, CaseAct::Reply { to, template: None, text }).unwrap();
        Self { case }
    }

    fn file(&self, desk: &dyn Desk) -> CaseFileAnswer {
        desk.ask(AskCaseFile { case: self.case, entries: 20 }).unwrap()
    }

    /// The note is the newest of the case's timeline.
    pub(crate) fn is_noted(&self, desk: &dyn Desk) {
        assert_eq!(self.file(desk).timeline[0].text, NOTE);
    }

    /// The case waits for the supervisor, for the reason that was picked.
    pub(crate) fn is_escalated(&self, desk: &dyn Desk) {
        let file = self.file(desk);
        let escalation = file.case.open_escalation().unwrap();
        assert_eq!(escalation.level, EscalationLevel::Supervisor);
        assert_eq!(escalation.reason, EscalationReason::from_key('a').unwrap());
    }

    /// The case is closed with the outcome that was picked.
    pub(crate) fn is_closed(&self, desk: &dyn Desk) {
        let file = self.file(desk);
        assert_eq!(file.case.stage, Stage::Closed);
        assert_eq!(file.case.outcome.unwrap().code, OutcomeCode::Granted);
    }
}
