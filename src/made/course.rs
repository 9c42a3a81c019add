//! The courses that made cases take: from the desk that took them in to where they stand today.

use crate::domain::CaseworkerId;
use crate::domain::cases::{
    CaseAct, Direction, EscalationLevel, EscalationReason, GiveTo, HoldReason, Nature, OutcomeCode,
    RejectionReason, ScreeningOutcome, tasks_for,
};
use crate::domain::money::{DeliveredService, Money};
use crate::domain::time::ClockKind;

use super::axis::DAY;
use super::office::CURRENCY;
use super::story::{Doing, Telling, recipient};

/// How a case ends or where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Ended.
    Closed,
    /// Waits for its screening.
    Screening,
    /// Waits for what the citizen was asked before it can be accepted.
    NeedsInfo,
    /// Nobody has it.
    Free,
    /// Somebody has it and has not answered yet.
    Claimed,
    /// Somebody has answered and not decided yet.
    Answered,
    /// Somebody's message came back.
    MailFailed,
    /// Waits for somebody outside.
    Held,
    /// Shown upwards, not seen yet.
    Raised,
    /// Shown upwards and seen.
    Seen,
    /// Shown upwards and answered.
    Ruled,
}

impl Telling<'_> {
    /// Tells how the case was accepted, if it was not in the act of registering.
    pub(super) fn accept(&mut self, within: i64) {
        if self.story.standing.is_screened {
            return;
        }
        let screener = self.office.team(self.home).screener(&mut self.random);
        let at = self.now() + self.random.between(5, within.clamp(6, DAY));
        self.act(at, screener, CaseAct::Screen(ScreeningOutcome::Accept));
        self.story.standing.is_screened = true;
    }

    /// Tells how it was passed on by the unit that took it in by mistake.
    pub(super) fn pass_on(&mut self, from: super::data::Home) {
        let manager = self.office.team(from).manager;
        let to = GiveTo::Unit(self.office.team(self.home).unit);
        let at = self.now() + self.random.between(20, 200);
        self.act(at, manager, CaseAct::Give { to, words: "yours, by the subject".to_owned() });
    }

    /// Tells a whole life, from acceptance to the end.
    pub(super) fn close(&mut self) {
        let start = self.story.registered;
        let left = (self.axis.end() - start - 5).max(1);
        let (answer, decide) =
            (self.term(ClockKind::Answer) * DAY, self.term(ClockKind::Decide) * DAY);
        if !self.story.standing.is_screened && self.random.chance(22) {
            self.turn_away();
            return;
        }
        let is_quick = self.random.chance(52);
        let lead = if is_quick {
            self.random.between(60, answer * 8 / 10)
        } else if self.random.chance(93) {
            self.random.between(answer / 2, decide * 9 / 10)
        } else {
            self.random.between(decide, decide * 13 / 10)
        };
        let lead = lead.min(left);
        let moment = |permille: i64| start + lead * permille / 1_000;
        self.accept(lead / 6);
        let owner = self.worker(start + lead);
        self.act(moment(200), owner, CaseAct::Claim);
        if self.random.chance(9) {
            let note = self.phrase("note");
            self.act(moment(300), owner, CaseAct::Note { text: note });
        }
        if !is_quick {
            self.detour(owner, &moment);
        }
        if self.random.chance(7) && self.story.intake.asked_by.is_some() {
            let clerk = self.office.team(self.home).clerk(&mut self.random);
            let words = self.phrase("chase");
            self.contact(moment(700), clerk, Direction::In, words);
        }
        let outcome = self.outcome();
        self.steps_done(owner, moment(800), outcome == OutcomeCode::Withdrawn);
        let reasons = self.reasons(outcome);
        self.tell(owner, moment(900), is_quick, outcome, &reasons);
        self.act(
            moment(1_000),
            owner,
            CaseAct::Close { outcome: Some(outcome), reasons, not_notified: None },
        );
        self.deliver_service(owner, outcome);
        if outcome != OutcomeCode::Withdrawn
            && self.random.chance(1)
            && self.now() + 2 * DAY < self.axis.end()
        {
            self.again(owner);
        }
        self.story.standing.is_closed = true;
    }

    /// The screener ends it: not ours, not to be acted on.
    fn turn_away(&mut self) {
        let screener = self.office.team(self.home).screener(&mut self.random);
        let at = self.now() + self.random.between(15, 300);
        let outcome = if self.random.chance(55) {
            ScreeningOutcome::NotOurs { agency: self.phrase("agency") }
        } else {
            let reason = self.random.share(
                &[(50, RejectionReason::Unfounded), (30, RejectionReason::TooLate)],
                RejectionReason::Abuse,
            );
            let words = match reason {
                RejectionReason::TooLate => {
                    "It is about a decision that became final long ago.".to_owned()
                }
                RejectionReason::Unfounded | RejectionReason::Abuse | RejectionReason::Other => {
                    self.phrase("rejected")
                }
            };
            ScreeningOutcome::Reject { reason, words }
        };
        self.act(at, screener, CaseAct::Screen(outcome));
        self.story.standing.is_screened = true;
        self.story.standing.is_closed = true;
    }

    /// What makes some cases long: papers that are missing, a question to the supervisor.
    fn detour(&mut self, owner: CaseworkerId, moment: &dyn Fn(i64) -> i64) {
        if self.random.chance(14) && self.story.intake.asked_by.is_some() {
            self.hold(owner, moment(350), moment(360), 14);
            self.act(moment(550), owner, CaseAct::Resume);
            self.story.standing.is_held = false;
        }
        if self.random.chance(7) {
            self.escalate(owner, moment(600));
            self.acknowledge(moment(640));
            self.rule(moment(680));
        }
    }

    /// Asks for papers and waits for them.
    fn hold(&mut self, owner: CaseworkerId, asked: i64, held: i64, days: i64) {
        let paper = self.phrase("wait");
        let known = [("paper", paper.as_str())];
        let words = self.phrase_with("papers", &known);
        self.reply(asked, owner, "papers@1", &words);
        self.deliver(asked + 2, None);
        let reason = if paper.contains("court") {
            HoldReason::Legal
        } else if paper.contains("landlord")
            || paper.contains("company")
            || paper.contains("agency")
        {
            HoldReason::ThirdParty
        } else {
            HoldReason::Citizen
        };
        let from = self.axis.day(held.max(self.now()).min(self.axis.end()));
        let until = from.plus_days(i32::try_from(days).unwrap_or(14));
        self.act(held, owner, CaseAct::Hold { reason, until, words: paper });
        self.story.standing.is_held = true;
    }

    fn escalate(&mut self, owner: CaseworkerId, at: i64) {
        let ask = self.phrase("ask");
        let reason = if ask.contains("limit") {
            EscalationReason::OverLimit
        } else if ask.contains("date") {
            EscalationReason::Deadline
        } else if ask.contains("law") {
            EscalationReason::Law
        } else if ask.contains("hotel") {
            EscalationReason::Safety
        } else if ask.contains("conflict") {
            EscalationReason::Conflict
        } else {
            EscalationReason::Other
        };
        // Whoever leads the unit asks the head of the town hall; everybody else asks whoever leads the unit.
        let is_leader = owner == self.office.team(self.home).manager;
        let level = if is_leader { EscalationLevel::Head } else { EscalationLevel::Supervisor };
        self.act(at, owner, CaseAct::Escalate { level, reason, ask });
        self.story.standing.is_escalated = true;
    }

    /// Who received the escalation that was told last.
    fn receiver(&self) -> CaseworkerId {
        let head = self.story.steps.iter().any(|step| {
            matches!(
                &step.doing,
                Doing::Act(CaseAct::Escalate { level: EscalationLevel::Head, .. })
            )
        });
        if head { self.office.head } else { self.office.team(self.home).manager }
    }

    fn acknowledge(&mut self, at: i64) {
        self.act(at, self.receiver(), CaseAct::AcknowledgeEscalation);
    }

    fn rule(&mut self, at: i64) {
        let answer = self.phrase("answer");
        self.act(at, self.receiver(), CaseAct::AnswerEscalation { answer });
        self.story.standing.is_escalated = false;
    }

    /// Ticks off the steps that the type asks for, and some of the others.
    fn steps_done(&mut self, owner: CaseworkerId, at: i64, is_withdrawn: bool) {
        for (index, task) in (0_u32..).zip(tasks_for(self.coming.nature)) {
            if (task.is_required && !is_withdrawn) || self.random.chance(12) {
                self.act(at, owner, CaseAct::SetTask { index, is_done: true });
            }
        }
    }

    fn outcome(&mut self) -> OutcomeCode {
        use OutcomeCode as O;
        let table: &[(i64, O)] = match self.coming.nature {
            Nature::Information => &[(94, O::Answered), (4, O::Withdrawn)],
            Nature::Report => {
                &[(74, O::Granted), (10, O::Partly), (8, O::Refused), (5, O::NotOurs)]
            }
            Nature::Complaint => {
                &[(54, O::Granted), (20, O::Partly), (19, O::Refused), (5, O::Withdrawn)]
            }
            Nature::Request => {
                &[(62, O::Granted), (11, O::Partly), (19, O::Refused), (5, O::Withdrawn)]
            }
            Nature::Suggestion => &[(34, O::Granted), (34, O::Answered), (28, O::Refused)],
        };
        let rest = if self.coming.nature == Nature::Information {
            O::RegisteredInError
        } else {
            O::NoResponse
        };
        self.random.share(table, rest)
    }

    fn reasons(&mut self, outcome: OutcomeCode) -> String {
        match outcome {
            OutcomeCode::Partly => self.phrase("partly"),
            OutcomeCode::Refused => self.phrase("refused"),
            OutcomeCode::NotOurs => format!("Referred to {}.", self.phrase("agency")),
            OutcomeCode::Granted | OutcomeCode::Answered if self.random.chance(70) => {
                self.phrase("done")
            }
            OutcomeCode::Granted
            | OutcomeCode::Answered
            | OutcomeCode::Duplicate
            | OutcomeCode::Withdrawn
            | OutcomeCode::NoResponse
            | OutcomeCode::RegisteredInError => String::new(),
        }
    }

    /// Tells the citizen: by telephone where it was quick, in writing where it took its time.
    fn tell(
        &mut self,
        owner: CaseworkerId,
        at: i64,
        is_quick: bool,
        outcome: OutcomeCode,
        reasons: &str,
    ) {
        if self.story.intake.asked_by.is_none() {
            return;
        }
        if is_quick && self.random.chance(75) {
            let words = self.phrase("told");
            self.contact(at, owner, Direction::Out, words);
            return;
        }
        let (section, template) = match outcome {
            OutcomeCode::Granted => ("reply", "done@1"),
            OutcomeCode::Answered => ("reply-answered", "done@1"),
            OutcomeCode::Partly => ("reply-partly", "refused@1"),
            OutcomeCode::Refused | OutcomeCode::NotOurs => ("unfortunately", "refused@1"),
            OutcomeCode::Withdrawn => ("reply-withdrawn", "done@1"),
            OutcomeCode::Duplicate | OutcomeCode::NoResponse | OutcomeCode::RegisteredInError => {
                ("reply-ended", "done@1")
            }
        };
        let words = self.phrase_with(section, &[("reason", reasons)]);
        self.reply(at, owner, template, &words);
        self.deliver(at + 2, None);
    }

    fn deliver(&mut self, at: i64, failure: Option<&str>) {
        let has_reply = matches!(
            self.story.steps.last().map(|step| &step.doing),
            Some(Doing::Act(CaseAct::Reply { .. }))
        );
        if has_reply {
            let by = self.story.steps.last().map_or(self.office.head, |step| step.actor);
            self.step(at, by, Doing::Deliver(failure.map(str::to_owned)));
        }
    }

    /// What was granted is given, and stands under the case.
    fn deliver_service(&mut self, owner: CaseworkerId, outcome: OutcomeCode) {
        let is_granted = matches!(outcome, OutcomeCode::Granted | OutcomeCode::Partly);
        let Some(grant) = self
            .coming
            .matter
            .grant
            .filter(|_| is_granted && self.coming.nature == Nature::Request)
        else {
            return;
        };
        let Some(recipient) = recipient(&self.story.intake) else { return };
        let at = self.now() + self.random.between(1, 3);
        let minor = self.random.between(grant.minor_min / 100, grant.minor_max / 100) * 100;
        let service = DeliveredService {
            service: grant.service.to_owned(),
            recipient,
            household: self.bringer.family.household,
            amount: Some(Money { minor, currency: CURRENCY.to_owned() }),
            quantity: None,
            on: self.axis.day(at),
            unit: self.office.team(self.home).unit,
            case: None,
        };
        self.step(at, owner, Doing::Service(service));
    }

    /// It is taken up again, and ends a second time.
    fn again(&mut self, owner: CaseworkerId) {
        let reason = self.phrase("reopened");
        let at = self.now() + DAY;
        self.act(at, owner, CaseAct::Reopen { reason });
        let words = self.phrase("reply");
        self.reply(at + 200, owner, "done@1", &words);
        self.deliver(at + 202, None);
        let code = match self.coming.nature {
            Nature::Information => OutcomeCode::Answered,
            Nature::Complaint | Nature::Request | Nature::Suggestion | Nature::Report => {
                OutcomeCode::Granted
            }
        };
        let close = CaseAct::Close {
            outcome: Some(code),
            reasons: "Looked at again, and put right.".to_owned(),
            not_notified: None,
        };
        self.act(at + 260, owner, close);
    }

    /// Tells a case that is open today, owned by `owner` where it is anybody's.
    pub(super) fn stay_open(&mut self, fate: Fate, owner: CaseworkerId) {
        let start = self.story.registered;
        let span = (self.axis.end() - start).max(0);
        let moment = |permille: i64| start + span * permille / 1_000;
        match fate {
            Fate::Closed | Fate::Screening => return,
            Fate::NeedsInfo => {
                let screener = self.office.team(self.home).screener(&mut self.random);
                let ask = self.phrase("info");
                self.act(
                    moment(300),
                    screener,
                    CaseAct::Screen(ScreeningOutcome::NeedInfo { ask }),
                );
                self.story.standing.is_asked = true;
                return;
            }
            Fate::Free
            | Fate::Claimed
            | Fate::Answered
            | Fate::MailFailed
            | Fate::Held
            | Fate::Raised
            | Fate::Seen
            | Fate::Ruled => self.accept(span / 6),
        }
        if fate == Fate::Free {
            return;
        }
        self.act(moment(250), owner, CaseAct::Claim);
        if self.random.chance(45) {
            let note = self.phrase("note");
            self.act(moment(400), owner, CaseAct::Note { text: note });
        }
        if matches!(fate, Fate::Answered | Fate::Raised | Fate::Seen | Fate::Ruled) {
            let words = self.phrase("working");
            self.reply(moment(450), owner, "working@1", &words);
            self.deliver(moment(450) + 2, None);
            if self.random.chance(30) {
                self.steps_done(owner, moment(480), false);
            }
        }
        match fate {
            Fate::MailFailed => {
                let words = self.phrase("working");
                self.reply(moment(500), owner, "working@1", &words);
                self.deliver(moment(500) + 2, Some("the address does not exist"));
            }
            Fate::Held => {
                let days = 1 + span / DAY * 7 / 5 + self.random.between(4, 28);
                self.hold(owner, moment(500), moment(520), days.min(150));
            }
            Fate::Raised => self.escalate(owner, moment(900)),
            Fate::Seen => {
                self.escalate(owner, moment(700));
                self.acknowledge(moment(850));
            }
            Fate::Ruled => {
                self.escalate(owner, moment(600));
                self.acknowledge(moment(750));
                self.rule(moment(920));
            }
            Fate::Closed
            | Fate::Screening
            | Fate::NeedsInfo
            | Fate::Free
            | Fate::Claimed
            | Fate::Answered => {}
        }
        if self.random.chance(18) && self.story.intake.asked_by.is_some() {
            let clerk = self.office.team(self.home).clerk(&mut self.random);
            let words = self.phrase("chase");
            self.contact(moment(970), clerk, Direction::In, words);
        }
    }
}
