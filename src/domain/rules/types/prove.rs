//! The proof that no case gets stuck: every stage is reached and can be left, whatever the facts are, every way ends, and
//! nothing waits for what cannot happen.
//!
//! What people can do is taken to happen: tasks of the stage, fields, a decision. Guards are taken as facts that nobody
//! chooses, so that the exits of a stage have to cover them all.

use std::collections::BTreeSet;

use crate::domain::rules::{CaseType, Condition, Criterion, Exit, StageRule, Trigger};

use super::cover::{Facts, Picked, contradiction};
use super::part::Flaws;
use super::words::trigger_words;

/// How deep what waits for something that waits is followed; more names than a type can have.
const WAITS_MAX: usize = 64;

/// Notes what is wrong with the process of a type whose names are sound.
pub(super) fn check(read: &CaseType, flaws: &Flaws) {
    let process = Process::of(read);
    let first = process.first;
    let reached = process.reached_from(first, None, &|_| true);
    for stage in &read.stages {
        let path = format!("stage.{}", stage.code);
        if stage.exits.is_empty() {
            flaws.at(&path, "A case in it stays there for ever.", "Give it `exits`.");
        }
        process.exits(stage, flaws);
        if !reached.contains(stage.code.as_str()) {
            let what = format!("No way leads to it from the first stage, {first}.");
            flaws.at(&path, what, "Let an exit lead to it, or take it out.");
        }
    }
    if let Some(circle) = process.idle_circle() {
        let what = "A case could go round in a circle by itself.";
        let hint = "Give a stage of it a task that is `required` and `repeated`.";
        flaws.at(&format!("stage.{circle}"), what, hint);
    }
    process.others(&reached, flaws);
    if flaws.is_none() {
        process.ends(flaws);
    }
}

struct Process<'t> {
    read: &'t CaseType,
    /// The stage in which a case begins.
    first: &'t str,
    /// The stages through which every way to a stage leads, itself included; in the order of the stages.
    before: Vec<(&'t str, BTreeSet<&'t str>)>,
}

impl<'t> Process<'t> {
    fn of(read: &'t CaseType) -> Self {
        let first = read.stages.first().map(|stage| stage.code.as_str()).unwrap_or_default();
        let mut process = Self { read, first, before: Vec::new() };
        let codes: Vec<&str> = read.stages.iter().map(|stage| stage.code.as_str()).collect();
        let before = codes.iter().map(|stage| {
            let is_before = |other: &&&str| {
                **other == *stage
                    || !process.reached_from(first, Some(other), &|_| true).contains(stage)
            };
            (*stage, codes.iter().filter(is_before).copied().collect())
        });
        process.before = before.collect();
        process
    }

    /// The stages that can be reached from one by exits that are open, without one of them.
    fn reached_from(
        &self,
        from: &'t str,
        without: Option<&str>,
        is_open: &dyn Fn(&Exit) -> bool,
    ) -> BTreeSet<&'t str> {
        let mut reached = BTreeSet::new();
        let mut next = vec![from];
        while let Some(code) = next.pop() {
            if Some(code) == without || !reached.insert(code) {
                continue;
            }
            let stage = self.read.stages.iter().find(|stage| stage.code == code);
            next.extend(
                stage.into_iter().flat_map(|stage| self.leads_to(stage, is_open)).flatten(),
            );
        }
        reached
    }

    /// Where the open exits of a stage lead; none for the end. One that holds whenever a later one does is taken before it.
    fn leads_to(
        &self,
        stage: &'t StageRule,
        is_open: &dyn Fn(&Exit) -> bool,
    ) -> Vec<Option<&'t str>> {
        let mut above: Vec<&Exit> = Vec::new();
        let mut leads = Vec::new();
        for exit in stage.exits.iter().filter(|exit| is_open(exit)) {
            let waits_for = self.waits_for(stage, exit);
            let is_taken_before =
                above.iter().any(|above| self.waits_for(stage, above).is_subset(&waits_for));
            if !is_taken_before {
                leads.push(exit.to.as_deref());
            }
            above.push(exit);
        }
        leads
    }

    /// What an exit waits for beside what has to be done before any exit of the stage.
    fn waits_for(&self, stage: &StageRule, exit: &Exit) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for trigger in &exit.criterion.on {
            let is_first = match trigger {
                Trigger::RequiredTasks => true,
                Trigger::Task(code) => self.read.tasks.iter().any(|task| {
                    let is_there = task.code == *code && task.stage == stage.code;
                    is_there && task.is_required && task.criterion.on.is_empty()
                }),
                Trigger::Milestone(_)
                | Trigger::Stage(_)
                | Trigger::Field(_)
                | Trigger::Claimed
                | Trigger::Decided
                | Trigger::Notified => false,
            };
            if !is_first {
                all.insert(trigger_words(trigger));
            }
        }
        all
    }

    /// Notes stages from which no way leads to the end, whatever the facts are, and exits that no facts open.
    fn ends(&self, flaws: &Flaws) {
        let mut guards: Vec<(&Exit, Vec<&Condition>)> = Vec::new();
        for exit in self.read.stages.iter().flat_map(|stage| &stage.exits) {
            let mut asked = Vec::new();
            self.asked_by(&exit.criterion, &mut asked, 0);
            guards.push((exit, asked));
        }
        let all: Vec<&Condition> = guards.iter().flat_map(|(_, asked)| asked).copied().collect();
        let facts = match Facts::asked_by(&all, &self.read.fields) {
            Ok(facts) => facts,
            Err(what) => return flaws.at("stage", what, "Ask less, or leave it to a table."),
        };
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut opened: BTreeSet<usize> = BTreeSet::new();
        for picked in facts.all() {
            let open = guards.iter().enumerate().filter(|(_, (_, asked))| picked.meet(asked));
            let open: Vec<(usize, &Exit)> = open.map(|(at, (exit, _))| (at, *exit)).collect();
            opened.extend(open.iter().map(|(at, _)| *at));
            let is_open = |exit: &Exit| open.iter().any(|(_, held)| std::ptr::eq(*held, exit));
            self.ways_back(&is_open, flaws);
            let ending = self.ending(&is_open);
            for code in self.reached_from(self.first, None, &is_open) {
                if !ending.contains(code) && told.insert(code) {
                    self.tell_of_no_end(code, &picked, &is_open, flaws);
                }
            }
        }
        for (at, (exit, _)) in guards.iter().enumerate().filter(|(at, _)| !opened.contains(at)) {
            let path = self.path_of(exit).unwrap_or_else(|| format!("stage.{at}"));
            let what = "It is never taken: its guards and those of what it waits for contradict each other.";
            flaws.at(&path, what, "");
        }
    }

    /// Notes exits that lead back and stand above another open one. What an exit waited for stays so, so that such an exit
    /// would be taken each time, and the one below it never.
    fn ways_back(&self, is_open: &dyn Fn(&Exit) -> bool, flaws: &Flaws) {
        for stage in &self.read.stages {
            let mut open = stage.exits.iter().filter(|exit| is_open(exit)).peekable();
            while let Some(exit) = open.next() {
                let Some(to) = exit.to.as_deref().filter(|_| open.peek().is_some()) else {
                    continue;
                };
                let is_back = self.reached_from(to, None, is_open).contains(stage.code.as_str());
                let path = self.path_of(exit).unwrap_or_default();
                let what = "It leads back, and would be taken before the exits below it for ever.";
                if is_back && !flaws.has(&path, what) {
                    flaws.at(&path, what, "Put it last.");
                }
            }
        }
    }

    fn path_of(&self, exit: &Exit) -> Option<String> {
        self.read.stages.iter().find_map(|stage| {
            let at = stage.exits.iter().position(|held| std::ptr::eq(held, exit))?;
            Some(format!("stage.{}.exits.{}", stage.code, at + 1))
        })
    }

    /// The guards of a criterion, with those of the tasks and milestones that it waits for.
    fn asked_by(&self, criterion: &'t Criterion, asked: &mut Vec<&'t Condition>, depth: usize) {
        asked.extend(&criterion.when);
        if depth > WAITS_MAX {
            return;
        }
        for trigger in &criterion.on {
            let inner = match trigger {
                Trigger::Task(code) => {
                    let task = self.read.tasks.iter().find(|task| task.code == *code);
                    task.map(|task| &task.criterion)
                }
                Trigger::Milestone(code) => {
                    let held = self.read.milestones.iter().find(|held| held.code == *code);
                    held.map(|held| &held.criterion)
                }
                Trigger::RequiredTasks
                | Trigger::Stage(_)
                | Trigger::Field(_)
                | Trigger::Claimed
                | Trigger::Decided
                | Trigger::Notified => None,
            };
            if let Some(inner) = inner {
                self.asked_by(inner, asked, depth + 1);
            }
        }
    }

    fn tell_of_no_end(
        &self,
        code: &str,
        picked: &Picked<'_>,
        is_open: &dyn Fn(&Exit) -> bool,
        flaws: &Flaws,
    ) {
        let Some(stage) = self.read.stages.iter().find(|stage| stage.code == code) else { return };
        let mut own = Vec::new();
        for exit in &stage.exits {
            self.asked_by(&exit.criterion, &mut own, 0);
        }
        let path = format!("stage.{code}");
        if self.leads_to(stage, is_open).is_empty() {
            let what = format!("No exit is open where {}.", picked.words(&own));
            flaws.at(&path, what, "Add an exit that has no guard as the last one.");
            return;
        }
        let facts = picked.words(&[]);
        let facts = if facts.is_empty() { facts } else { format!(" where {facts}") };
        let hint = "Let an exit of it, or of a stage after it, lead to \"end\".";
        flaws.at(&path, format!("No way leads from it to the end{facts}."), hint);
    }

    /// The stages from which the end can be reached.
    fn ending(&self, is_open: &dyn Fn(&Exit) -> bool) -> BTreeSet<&'t str> {
        let mut ending: BTreeSet<&str> = BTreeSet::new();
        loop {
            let count = ending.len();
            for stage in &self.read.stages {
                let mut leads = self.leads_to(stage, is_open).into_iter();
                if leads.any(|to| to.is_none_or(|to| ending.contains(to))) {
                    ending.insert(&stage.code);
                }
            }
            if ending.len() == count {
                return ending;
            }
        }
    }

    fn is_before(&self, stage: &str, other: &str) -> bool {
        let before = self.before.iter().find(|(code, _)| *code == stage);
        before.is_some_and(|(_, before)| before.contains(other))
    }

    /// Notes exits that can never be taken.
    fn exits(&self, stage: &'t StageRule, flaws: &Flaws) {
        let mut is_shadowed = false;
        for (index, exit) in stage.exits.iter().enumerate() {
            let path = format!("stage.{}.exits.{}", stage.code, index + 1);
            if is_shadowed {
                let hint = "Put it above the exit that always holds, or take it out.";
                flaws.at(&path, "It is never taken: an exit above it always holds.", hint);
            }
            is_shadowed |= exit.criterion.on.is_empty() && exit.criterion.when.is_empty();
            self.criterion(&path, &exit.criterion, &stage.code, flaws);
        }
    }

    /// Notes why a criterion can never hold in a stage.
    fn criterion(&self, path: &str, criterion: &Criterion, stage: &str, flaws: &Flaws) {
        for trigger in &criterion.on {
            if let Some(why) = self.why_not(trigger, stage, &mut Vec::new()) {
                let words = trigger_words(trigger);
                flaws.at(path, format!("`{words}` cannot happen here: {why}."), "");
            }
        }
        if let Some(fact) = contradiction(&criterion.when) {
            let what = format!("Its guards on {fact} contradict each other.");
            flaws.at(path, what, "Join them into one.");
        }
    }

    /// Why something can never have happened while a case is in a stage; nothing where it can.
    fn why_not(
        &self,
        trigger: &'t Trigger,
        stage: &str,
        above: &mut Vec<&'t Criterion>,
    ) -> Option<String> {
        match trigger {
            Trigger::Task(code) => {
                let task = self.read.tasks.iter().find(|task| task.code == *code)?;
                let was_done = task.is_required
                    && !task.is_discretionary
                    && task.criterion.on.is_empty()
                    && task.criterion.when.is_empty()
                    && self.is_before(stage, &task.stage);
                if was_done {
                    return None;
                }
                if task.stage != stage {
                    return Some(format!("it is a task of the stage {}", task.stage));
                }
                self.why_not_all(&task.criterion, code, stage, above)
            }
            Trigger::Milestone(code) => {
                let milestone = self.read.milestones.iter().find(|held| held.code == *code)?;
                self.why_not_all(&milestone.criterion, code, stage, above)
            }
            Trigger::Stage(code) => (code == stage || !self.is_before(stage, code))
                .then(|| format!("not every way here leads through {code}")),
            Trigger::Decided => {
                let mut outcomes = self.read.outcomes.iter();
                let can = outcomes.any(|outcome| {
                    outcome.from_stage.as_deref().is_none_or(|from| self.is_before(stage, from))
                });
                (!can).then(|| "no outcome can be given in it yet".to_owned())
            }
            Trigger::RequiredTasks | Trigger::Field(_) | Trigger::Claimed | Trigger::Notified => {
                None
            }
        }
    }

    fn why_not_all(
        &self,
        criterion: &'t Criterion,
        code: &'t str,
        stage: &str,
        above: &mut Vec<&'t Criterion>,
    ) -> Option<String> {
        if above.iter().any(|held| std::ptr::eq(*held, criterion)) {
            return Some(format!("{code} waits for itself"));
        }
        above.push(criterion);
        let why = criterion.on.iter().find_map(|trigger| self.why_not(trigger, stage, above));
        above.pop();
        why.map(|why| if why.contains(" waits for ") { why } else { format!("for {code}, {why}") })
    }

    /// A stage of a circle in which nothing has to be done anew.
    fn idle_circle(&self) -> Option<&'t str> {
        let mut left: Vec<&StageRule> =
            self.read.stages.iter().filter(|stage| !self.has_work_anew(stage)).collect();
        // A stage from which no other one of these follows is in no circle of them.
        loop {
            let count = left.len();
            let codes: Vec<&str> = left.iter().map(|stage| stage.code.as_str()).collect();
            left.retain(|stage| {
                let mut leads = stage.exits.iter().filter_map(|exit| exit.to.as_deref());
                leads.any(|to| codes.contains(&to))
            });
            if left.len() == count {
                return left.first().map(|stage| stage.code.as_str());
            }
        }
    }

    /// Whether a stage has something to do each time that it is entered.
    fn has_work_anew(&self, stage: &StageRule) -> bool {
        let mut tasks = self.read.tasks.iter().filter(|task| task.stage == stage.code);
        tasks.any(|task| {
            task.is_required
                && task.is_repeated
                && !task.is_discretionary
                && task.satisfied_by.is_none()
                && task.criterion == Criterion::default()
        })
    }

    /// Notes tasks, milestones and outcomes for which the moment never comes.
    fn others(&self, reached: &BTreeSet<&str>, flaws: &Flaws) {
        for task in &self.read.tasks {
            let path = format!("task.{}", task.code);
            self.criterion(&path, &task.criterion, &task.stage, flaws);
            if task.is_required && task.is_discretionary {
                let hint = "Let it be one of the two.";
                flaws.at(&path, "What somebody may add is not required.", hint);
            }
        }
        for milestone in &self.read.milestones {
            let path = format!("milestone.{}", milestone.code);
            let mut whys = reached.iter().map(|stage| {
                let criterion = &milestone.criterion;
                self.why_not_all(criterion, &milestone.code, stage, &mut Vec::new())
            });
            let is_reached = whys.any(|why| why.is_none());
            if let (false, Some(stage)) = (is_reached, reached.first()) {
                let criterion = &milestone.criterion;
                let why = self.why_not_all(criterion, &milestone.code, stage, &mut Vec::new());
                flaws.at(&path, format!("It is never reached: {}.", why.unwrap_or_default()), "");
            }
            if let Some(fact) = contradiction(&milestone.criterion.when) {
                flaws.at(&path, format!("Its guards on {fact} contradict each other."), "");
            }
        }
        for outcome in &self.read.outcomes {
            let from = outcome.from_stage.as_deref();
            if from.is_some_and(|from| !reached.contains(from)) {
                let path = format!("outcome.{}", outcome.code);
                flaws.at(&path, "It can never be given: its stage is never reached.", "");
            }
        }
    }
}
