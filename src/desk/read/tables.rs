//! Decision tables, before they are published and after: whether a text is sound here, and which row would fire.

use std::collections::BTreeMap;

use crate::desk::answer::{TableCheckAnswer, TableTryAnswer};
use crate::desk::case_facts::{case_facts, chain, known};
use crate::desk::error::DeskError;
use crate::desk::query::AskTableTry;
use crate::domain::cases::{Channel, GENERAL, Nature};
use crate::domain::office::{Action, Confidentiality, Resource};
use crate::domain::rules::{
    CaseFacts, Checked, Fact, Fired, Flaw, check_table, decide_table, fired, misnamed, read_table,
    said_fact,
};
use crate::domain::{CaseId, Refusal};

use super::Reader;

/// Facts that one trial may say.
const SAID_FACTS_MAX: usize = 32;

impl Reader<'_> {
    pub(super) fn table_check(&self, text: &str) -> TableCheckAnswer {
        let table = match read_table(text) {
            Ok(table) => table,
            Err(flaws) => {
                return TableCheckAnswer { flaws, warnings: Vec::new(), rows: 0 };
            }
        };
        let known = known(&self.directory, self.today);
        let mut flaws = misnamed(&table, &known);
        let mut checked = Checked::default();
        if flaws.is_empty() {
            checked = check_table(&table, Some(&known));
        }
        flaws.append(&mut checked.flaws);
        flaws.sort_by_key(|flaw| flaw.line);
        let rows = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
        TableCheckAnswer { flaws, warnings: checked.warnings, rows }
    }

    pub(super) fn table_try(&self, question: &AskTableTry) -> Result<TableTryAnswer, DeskError> {
        let table = read_table(&question.text).map_err(|flaws| {
            let first = flaws.first().map_or_else(String::new, Flaw::to_string);
            Refusal::new("rules.flaw", first, "casedesk tables check tells the rest.")
        })?;
        let mut facts = match question.case {
            Some(case) => self.table_facts(case)?,
            None => self.no_facts(),
        };
        let said = self.say(&mut facts, &question.facts)?;
        let is_asked = |fact: &Fact| table.inputs.iter().any(|column| column.fact == *fact);
        for fact in [Fact::Nature, Fact::Channel] {
            if question.case.is_none() && is_asked(&fact) && !said.contains(&fact) {
                let what = format!("The table asks for the {fact}.");
                let hint = format!("Say it: {fact}={}.", example(&fact));
                return Err(Refusal::new("tables.fact", what, hint).into());
            }
        }
        let decision = decide_table(&table, &facts);
        let fired = fired(&table, decision, &facts, self.at);
        let row = table.row(&fired.row);
        Ok(TableTryAnswer {
            line: row.map(|row| row.line),
            note: row.map(|row| row.note.clone()).unwrap_or_default(),
            fired,
        })
    }

    fn table_facts(&self, id: CaseId) -> Result<CaseFacts, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let plan = self.plan_of(&case)?;
        Ok(case_facts(&self.directory, &self.office_zone, &case, &plan))
    }

    /// The rows that fired on a case, oldest first.
    pub(super) fn fired_on(&self, id: CaseId) -> Result<Vec<Fired>, DeskError> {
        Ok(self.kept_plan(id)?.map(|plan| plan.fired.clone()).unwrap_or_default())
    }

    /// A matter of which nothing is known yet, that came in today to the actor's unit.
    fn no_facts(&self) -> CaseFacts {
        let unit = self.directory.units.get(&self.actor.unit);
        CaseFacts {
            nature: Nature::Information,
            subjects: Vec::new(),
            case_type: GENERAL.to_owned(),
            channel: Channel::Online,
            unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
            area: String::new(),
            received: self.today,
            confidentiality: Confidentiality::CaseConfidential,
            fields: BTreeMap::new(),
        }
    }

    /// Takes the facts that were said, and gives which.
    fn say(
        &self,
        facts: &mut CaseFacts,
        said: &[(String, String)],
    ) -> Result<Vec<Fact>, DeskError> {
        let mut named = Vec::new();
        for (word, value) in said.iter().take(SAID_FACTS_MAX) {
            let above = |code: &crate::domain::SubjectCode| {
                self.directory.subjects.contains_key(code).then(|| chain(&self.directory, code))
            };
            let fact = said_fact(facts, word, value, above)
                .map_err(|(what, hint)| Refusal::new("tables.fact", what, hint))?;
            named.push(fact);
        }
        Ok(named)
    }
}

/// What a fact can be, for a hint.
fn example(fact: &Fact) -> &'static str {
    if *fact == Fact::Nature { "complaint" } else { "letter" }
}
