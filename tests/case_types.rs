//! What a case type's text may not say, and the proof that no case gets stuck in one that is accepted.

use std::fmt::Write as _;

use std::collections::{BTreeSet, VecDeque};

use casedesk::domain::cases::Nature;
use casedesk::domain::rules::{
    CaseType, Criterion, Fact, FieldValue, Flaw, StageRule, TaskRule, Trigger, read_type,
    shipped_types, type_difference,
};

use crate::harness::Dice;

const HEAD: &str = r#"format = 1
code = "made"
version = 1
name = "Made"
confidentiality = "case"
purpose = "casework"
legal_basis = "a by-law"
retention = { class = "1", years = 5 }
"#;

fn flaws(text: &str) -> Vec<Flaw> {
    read_type(text).err().unwrap_or_default()
}

/// Line, field and sentence of each flaw.
fn told(text: &str) -> Vec<String> {
    flaws(text).iter().map(|flaw| format!("{flaw}").trim_end().to_owned()).collect()
}

fn with(body: &str) -> String {
    format!("{HEAD}{body}")
}

const SOUND: &str = r#"
[[stage]]
code = "look"
name = { en = "Look", es = "Mirar" }
exits = [
  { to = "tell", on = ["tasks"], when = ["nature: complaint, report"] },
  { to = "end", on = ["decided"], when = ["nature: not complaint, report"] },
]

[[stage]]
code = "tell"
name = "Tell"
exits = [{ to = "end", on = ["notified"] }]

[[task]]
code = "see"
stage = "look"
name = "see it"
required = true

[[outcome]]
code = "done"
name = "done"
kind = "granted"

[[clock]]
kind = "decide"
term = "4 weeks"
start = "received"
stop = "decided"
ground = "a promise"

[[clock]]
kind = "legal"
term = "2 months"
start = "received"
stop = "decided"
ground = "a law"
"#;

#[test]
fn every_flaw_of_a_text_is_told_at_once_with_its_line_and_field() {
    assert_eq!(told(&with(SOUND)), Vec::<String>::new());
    let text = with(SOUND)
        .replace("on = [\"tasks\"]", "on = [\"taks see\"]")
        .replace("required = true", "requird = true")
        .replace("stage = \"look\"", "stage = \"lok\"")
        .replace("\"4 weeks\"", "\"4 fortnights\"")
        .replace("{ en = \"Look\", es = \"Mirar\" }", "{ es = \"Mirar\" }");
    let told = told(&text);
    for wanted in [
        "line 12: stage.look.name: English is missing. Add en = \"…\".",
        "line 14: stage.look.exits.1.on: `taks see` is nothing that happens.",
        "line 23: task.see: There is no stage `lok`. Did you mean `look`?",
        "line 27: task.see.requird: There is no such field. Did you mean `required`?",
        "line 36: clock.decide.term: `4 fortnights` is no term.",
    ] {
        assert!(told.iter().any(|told| told.starts_with(wanted)), "{wanted}\n{told:#?}");
    }
    assert_eq!(told.len(), 5, "{told:#?}");
}

#[test]
fn what_would_leave_a_case_stuck_is_refused_and_told_why() {
    let cases = [
        // No exit where the facts are others.
        (
            "not complaint, report",
            "not complaint, report, request",
            "No exit is open where nature is REQ.",
        ),
        (
            "exits = [{ to = \"end\", on = [\"notified\"] }]",
            "exits = []",
            "A case in it stays there for ever.",
        ),
        (
            "{ to = \"end\", on = [\"notified\"] }",
            "{ to = \"look\", on = [\"notified\"] }",
            "A case could go round in a circle by itself.",
        ),
        (
            "{ to = \"tell\", on = [\"tasks\"]",
            "{ to = \"end\", on = [\"tasks\"]",
            "No way leads to it from the first stage, look.",
        ),
        (
            "on = [\"notified\"]",
            "on = [\"task see\", \"stage tell\"]",
            "`stage tell` cannot happen here: not every way here leads through tell.",
        ),
        (
            "kind = \"granted\"",
            "kind = \"granted\"\nfrom_stage = \"tell\"",
            "`decided` cannot happen here: no outcome can be given in it yet.",
        ),
        (
            "when = [\"nature: complaint, report\"]",
            "when = [\"nature: complaint\", \"nature: report\"]",
            "Its guards on nature contradict each other.",
        ),
        (
            "\"4 weeks\"",
            "\"50 working days\"",
            "50 working days is longer than the legal limit of 2 months.",
        ),
        ("kind = \"granted\"", "kind = \"refused\"", "Whoever hears no hears how to appeal."),
        (
            "code = \"see\"",
            "code = \"see\"\ndiscretionary = true",
            "What somebody may add is not required.",
        ),
    ];
    for (from, to, wanted) in cases {
        let text = with(SOUND).replacen(from, to, 1);
        let told = told(&text);
        assert!(told.iter().any(|told| told.contains(wanted)), "{to}: {wanted}\n{told:#?}");
    }
}

/// A state of a case in a type, for a simulation: what people did, and where the process stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct State {
    /// None at the end.
    stage: Option<String>,
    entered: Vec<String>,
    completed: BTreeSet<String>,
    planned: BTreeSet<String>,
    open: BTreeSet<String>,
    done: BTreeSet<String>,
    filled: BTreeSet<String>,
    milestones: BTreeSet<String>,
    claimed: bool,
    decided: bool,
    notified: bool,
}

/// Carries a type out as a stubborn office would: it may do anything that is open, in any order, under facts that it does
/// not choose.
struct Simulation<'t> {
    read: &'t CaseType,
    nature: Nature,
    urgent: bool,
}

impl Simulation<'_> {
    fn stage(&self, state: &State) -> Option<&StageRule> {
        self.read.stages.iter().find(|stage| Some(&stage.code) == state.stage.as_ref())
    }

    fn holds(&self, criterion: &Criterion, state: &State) -> bool {
        let has_happened = |trigger: &Trigger| match trigger {
            Trigger::Task(code) => state.done.contains(code),
            Trigger::RequiredTasks => !self.is_blocked(state),
            Trigger::Milestone(code) => state.milestones.contains(code),
            Trigger::Stage(code) => state.completed.contains(code),
            Trigger::Field(code) => state.filled.contains(code),
            Trigger::Claimed => state.claimed,
            Trigger::Decided => state.decided,
            Trigger::Notified => state.notified,
        };
        criterion.on.iter().all(has_happened)
            && criterion.when.iter().all(|asked| {
                let mut values = Vec::new();
                if asked.fact == Fact::Nature {
                    values.push(FieldValue::Choice(self.nature.code().to_owned()));
                }
                if let Fact::Field(code) = &asked.fact
                    && state.filled.contains(code)
                {
                    values.push(FieldValue::YesNo(self.urgent));
                }
                asked.test.holds(&values)
            })
    }

    fn tasks<'s>(&'s self, state: &'s State) -> impl Iterator<Item = &'s TaskRule> {
        self.read.tasks.iter().filter(|task| Some(&task.stage) == state.stage.as_ref())
    }

    fn is_blocked(&self, state: &State) -> bool {
        self.tasks(state).any(|task| task.is_required && state.open.contains(&task.code))
    }

    /// What follows by itself; false where it would never end.
    fn follow(&self, state: &mut State) -> bool {
        for _ in 0..200 {
            let before = state.clone();
            for milestone in &self.read.milestones {
                if self.holds(&milestone.criterion, state) {
                    state.milestones.insert(milestone.code.clone());
                }
            }
            let new: Vec<String> = self
                .tasks(state)
                .filter(|task| !task.is_discretionary && !state.planned.contains(&task.code))
                .filter(|task| self.holds(&task.criterion, state))
                .map(|task| task.code.clone())
                .collect();
            state.planned.extend(new.iter().cloned());
            state.open.extend(new);
            if *state == before && !self.is_blocked(state) {
                self.leave(state);
            }
            if *state == before {
                return true;
            }
        }
        false
    }

    fn leave(&self, state: &mut State) {
        let Some(active) = self.stage(state) else { return };
        let Some(exit) = active.exits.iter().find(|exit| self.holds(&exit.criterion, state)) else {
            return;
        };
        state.completed.insert(active.code.clone());
        state.stage.clone_from(&exit.to);
        if let Some(to) = &exit.to {
            if !state.entered.contains(to) {
                state.entered.push(to.clone());
            }
            // What is repeated comes up anew.
            let again = self.read.tasks.iter().filter(|task| task.stage == *to && task.is_repeated);
            for task in again {
                state.planned.remove(&task.code);
            }
        }
    }

    fn begin(&self) -> State {
        let first = self.read.stages[0].code.clone();
        State { stage: Some(first.clone()), entered: vec![first], ..State::default() }
    }

    /// All that anybody can do next.
    fn acts(&self, state: &State) -> Vec<State> {
        let mut next = Vec::new();
        let mut act = |change: &dyn Fn(&mut State)| {
            let mut changed = state.clone();
            change(&mut changed);
            if changed != *state {
                next.push(changed);
            }
        };
        for task in &state.open {
            act(&|state| {
                state.open.remove(task);
                state.done.insert(task.clone());
            });
        }
        for task in self.tasks(state).filter(|task| task.is_discretionary) {
            act(&|state| {
                if state.planned.insert(task.code.clone()) {
                    state.open.insert(task.code.clone());
                }
            });
        }
        for field in &self.read.fields {
            act(&|state| state.filled.extend([field.code.clone()]));
        }
        let place = |code: &String| self.read.stages.iter().position(|held| held.code == *code);
        let reached = state.entered.iter().filter_map(place).max();
        let is_given =
            self.read.outcomes.iter().any(|outcome| {
                outcome.from_stage.as_ref().is_none_or(|from| place(from) <= reached)
            });
        act(&|state| state.claimed = true);
        act(&|state| state.decided |= is_given);
        act(&|state| state.notified = true);
        next
    }

    /// A state that is reached and from which the end is not; or in which things happen for ever.
    fn stuck(&self) -> Option<State> {
        let mut begin = self.begin();
        if !self.follow(&mut begin) {
            return Some(begin);
        }
        let mut states = vec![begin.clone()];
        let mut known = BTreeSet::from([begin]);
        let mut leads: Vec<Vec<State>> = Vec::new();
        let mut next = VecDeque::from([0_usize]);
        while let Some(at) = next.pop_front() {
            let mut to = self.acts(&states[at]);
            for state in &mut to {
                if !self.follow(state) {
                    return Some(state.clone());
                }
                if known.insert(state.clone()) {
                    states.push(state.clone());
                    next.push_back(states.len() - 1);
                }
            }
            leads.push(to);
        }
        let mut ending: BTreeSet<State> =
            states.iter().filter(|state| state.stage.is_none()).cloned().collect();
        loop {
            let count = ending.len();
            for (state, to) in states.iter().zip(&leads) {
                if to.iter().any(|to| ending.contains(to)) {
                    ending.insert(state.clone());
                }
            }
            if ending.len() == count {
                return states.into_iter().find(|state| !ending.contains(state));
            }
        }
    }
}

fn stuck(read: &CaseType) -> Option<(Nature, bool, State)> {
    let natures = [Nature::Complaint, Nature::Request, Nature::Report];
    natures.into_iter().flat_map(|nature| [(nature, false), (nature, true)]).find_map(
        |(nature, urgent)| {
            let found = Simulation { read, nature, urgent }.stuck()?;
            Some((nature, urgent, found))
        },
    )
}

/// A small type that was thrown together.
fn thrown(dice: &mut Dice) -> String {
    const STAGES: [&str; 4] = ["a", "b", "c", "end"];
    const ON: [&str; 10] = [
        "[]",
        "[\"tasks\"]",
        "[\"task x\"]",
        "[\"task y\"]",
        "[\"decided\"]",
        "[\"notified\"]",
        "[\"milestone m\"]",
        "[\"stage a\"]",
        "[\"field urgent\"]",
        "[\"claimed\", \"task x\"]",
    ];
    const WHEN: [&str; 6] = [
        "[]",
        "[]",
        "[\"nature: complaint\"]",
        "[\"nature: not complaint\"]",
        "[\"field.urgent: yes\"]",
        "[\"field.urgent: no\"]",
    ];
    let stages = 1 + dice.roll(3);
    let mut text = HEAD.to_owned();
    text.push_str("[[field]]\ncode = \"urgent\"\nname = \"urgent\"\nkind = \"yes-no\"\n");
    let outcome = ["", "from_stage = \"a\"\n", "from_stage = \"b\"\n"][dice.roll(3)];
    write!(text, "[[outcome]]\ncode = \"o\"\nname = \"o\"\nkind = \"granted\"\n{outcome}").unwrap();
    for stage in &STAGES[..stages] {
        writeln!(text, "[[stage]]\ncode = \"{stage}\"\nname = \"s\"\nexits = [").unwrap();
        for _ in 0..=dice.roll(2) {
            let to = STAGES[(dice.roll(stages + 1) + 4 - stages) % 4].to_owned();
            let to = if STAGES[..stages].contains(&to.as_str()) { to } else { "end".to_owned() };
            let (on, when) = (ON[dice.roll(ON.len())], WHEN[dice.roll(WHEN.len())]);
            writeln!(text, "  {{ to = \"{to}\", on = {on}, when = {when} }},").unwrap();
        }
        text.push_str("]\n");
    }
    for task in ["x", "y"] {
        let stage = STAGES[dice.roll(stages)];
        let flags = [
            "",
            "required = true\n",
            "required = true\nrepeated = true\n",
            "discretionary = true\n",
        ];
        let (flags, on) = (flags[dice.roll(4)], ON[dice.roll(3)]);
        let on = if on.contains("task x") && task == "x" { "[]" } else { on };
        let when = WHEN[dice.roll(WHEN.len())];
        write!(text, "[[task]]\ncode = \"{task}\"\nname = \"t\"\nstage = \"{stage}\"\non = {on}\nwhen = {when}\n{flags}").unwrap();
    }
    let on = ON[dice.roll(ON.len())].replace("milestone m", "task y");
    writeln!(text, "[[milestone]]\ncode = \"m\"\nname = \"m\"\non = {on}").unwrap();
    text
}

#[test]
fn no_type_is_accepted_in_which_a_case_can_get_stuck() {
    let mut dice = Dice(0x5eed);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..3_000 {
        let text = thrown(&mut dice);
        let Ok(read) = read_type(&text) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        assert_eq!(stuck(&read), None, "{text}");
    }
    assert!(accepted > 30 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn no_case_gets_stuck_in_a_shipped_type_and_what_is_broken_in_it_is_found() {
    for (code, text) in shipped_types() {
        let read = read_type(text).unwrap();
        for stage in &read.stages {
            for (from, to) in [
                (format!("to = \"{}\"", stage.code), "to = \"nowhere\"".to_owned()),
                (
                    format!("[[stage]]\ncode = \"{}\"", stage.code),
                    "[[stage]]\ncode = \"gone\"".to_owned(),
                ),
            ] {
                if text.contains(&from) && !(read.stages.len() == 1 && to.contains("gone")) {
                    assert!(!flaws(&text.replace(&from, &to)).is_empty(), "{code}: {from}");
                }
            }
        }
        let broken = [
            ("en = ", "xx-english = "),
            ("to = \"end\"", "to = \"gone\""),
            ("legal_basis", "legal_bases"),
        ];
        for (from, to) in broken {
            assert!(!flaws(&text.replacen(from, to, 1)).is_empty(), "{code}: {from}");
        }
    }
}

#[test]
fn two_versions_are_compared_in_words() {
    let before = read_type(&with(SOUND)).unwrap();
    assert_eq!(type_difference(&before, &before), []);
    let text =
        with(SOUND).replace("\"4 weeks\"", "\"3 weeks\"").replace("es = \"Mirar\"", "es = \"Ver\"");
    let text = format!("{text}\n[[hold]]\nreason = \"citizen\"\ndays = 14\n");
    let after = read_type(&text).unwrap();
    let told: Vec<String> =
        type_difference(&before, &after).iter().map(|change| format!("{change:?}")).collect();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].contains("\"clock decide\"") && told[0].contains("21 days"), "{told:#?}");
    assert!(told[1].starts_with("Added") && told[1].contains("citizen"), "{told:#?}");
}
