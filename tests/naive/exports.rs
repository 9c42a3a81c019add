//! Every command that writes lists, reports and exports out of the office, run as the program by everybody who asks, against
//! the naive filter: what is named, how many there are, and what they come to.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use casedesk::desk::{AskQueues, Desk, PromiseFilter, View, Whose};
use casedesk::domain::{CaseId, ContactId, PersonId, PromiseId, UnitId};
use casedesk::link::{SignIn, serve};
use casedesk::store::Store;
use serde_json::Value;

use crate::harness::program;
use crate::store_laws;

use super::asked::NARROWED;
use super::commands::EXPORTS;
use super::expected::{Checked, Expected, same};
use super::office::{self, CASES, PEOPLE, Viewer, family, telephone};
use super::state::{Sees, State};
use super::told::{Hidden, shortest};
use super::trails::compare_trails;

/// A command line that was run, and what it printed.
pub(crate) struct Printed {
    arguments: Vec<String>,
    text: String,
}

impl Printed {
    fn json(&self) -> Value {
        serde_json::from_str(self.text.lines().next().unwrap_or_default())
            .unwrap_or_else(|error| unreachable!("{:?}: {error}: {}", self.arguments, self.text))
    }

    /// Whether it was refused for want of a right, or of a purpose that the right is for.
    fn is_denied(&self) -> bool {
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        code.starts_with("permit.") || code == "purpose.needed"
    }

    fn is_refused(&self) -> bool {
        self.json()["ok"] == Value::Bool(false) && !self.json()["code"].is_null()
    }
}

/// The numbers of one kind in a list of objects.
fn ids<T: std::str::FromStr<Err: std::fmt::Debug>>(list: &Value, field: &str) -> Vec<T> {
    let rows = list.as_array().unwrap_or_else(|| unreachable!("no list: {list}"));
    rows.iter().filter_map(|row| row[field].as_str()).map(|id| id.parse().unwrap()).collect()
}

fn sorted<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    all.into_iter().collect()
}

/// One who runs the program.
pub(crate) struct Asker<'a> {
    pub(crate) home: &'a Path,
    place: usize,
    pub(crate) account: &'static str,
    pub(crate) hidden: Hidden,
    expected: &'a Expected<'a>,
    views: &'a [(String, View)],
    wrong: Vec<String>,
    /// The commands that were run.
    run: BTreeSet<String>,
}

impl Asker<'_> {
    fn sees(&self) -> &Sees<'_> {
        self.expected.sees
    }

    /// Runs a command, the program's own way, and looks whether it tells of what is hidden.
    pub(crate) fn print(&mut self, words: &[&str], more: &[&str]) -> Printed {
        let output = program()
            .args(["--as", self.account])
            .args(words)
            .args(more)
            .env_clear()
            .env("HOME", self.home)
            .env("CASEDESK_DATA", self.home.join("office"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let arguments: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let named = EXPORTS.iter().filter(|name| arguments.join(" ").starts_with(**name));
        self.run.extend(named.map(|name| (*name).to_owned()));
        for told in self.hidden.told_by(&arguments.join(" "), &text) {
            // Whoever reviews accesses hears of each.
            if words != ["office", "accesses"] || !self.sees().reviews_accesses() {
                self.complain(words, &told);
            }
        }
        Printed { arguments, text }
    }

    fn json(&mut self, words: &[&str]) -> Printed {
        // What is said to people tells of nothing else either.
        if (self.place + words.len()).is_multiple_of(4) {
            self.print(words, &[]);
        }
        self.print(words, &["--json"])
    }

    pub(crate) fn complain(&mut self, words: &[&str], what: &str) {
        self.wrong.push(format!("{} {}\n    {what}", self.account, words.join(" ")));
    }

    /// Runs a command for which somebody needs a right, and checks what it prints.
    fn check(&mut self, words: &[&str], may: bool, is_right: impl Fn(&Self, &Value) -> Checked) {
        let printed = self.json(words);
        let checked = match (may, printed.is_denied()) {
            (true, true) => Err(format!("is denied: {}", printed.text)),
            (false, true) => Ok(()),
            (false, false) => Err(format!("answers: {}", printed.text)),
            (true, false) if printed.is_refused() => Err(format!("is refused: {}", printed.text)),
            (true, false) => is_right(self, &printed.json()),
        };
        if let Err(what) = checked {
            self.complain(words, &what);
        }
    }

    /// Runs a command that somebody may be refused by rules which are those of the matrix of rights.
    pub(crate) fn check_where_allowed(
        &mut self,
        words: &[&str],
        is_right: impl Fn(&Self, &Value) -> Checked,
    ) {
        let printed = self.json(words);
        if printed.is_denied() {
            return;
        }
        if let Err(what) = is_right(self, &printed.json()) {
            self.complain(words, &what);
        }
    }

    /// Runs a command about one record, which answers where that may be seen, and else as if it were not there.
    fn check_one(
        &mut self,
        words: &[&str],
        (may, is_there): (bool, bool),
        is_right: impl Fn(&Self, &Value) -> Checked,
    ) {
        let printed = self.json(words);
        let code = printed.json()["code"].as_str().map(str::to_owned);
        let checked = match (may, is_there, code.as_deref()) {
            (false, _, Some(code)) if code.starts_with("permit.") => Ok(()),
            // A right for some purposes opens for those.
            (true, true, Some("permit.other-purpose" | "purpose.needed"))
            | (true, false, Some("not-found" | "closed")) => Ok(()),
            (true, true, None) => is_right(self, &printed.json()),
            _ => Err(format!("may {may}, is there {is_there}: {}", printed.text)),
        };
        if let Err(what) = checked {
            self.complain(words, &what);
        }
    }

    fn everything(&mut self) {
        self.lists();
        self.office();
        self.promises();
        self.records();
        self.searches();
    }

    /// Whether a queue of a list of them has as many cases as it says.
    fn queue(&self, line: &Value) -> Checked {
        let code = line["code"].as_str().unwrap();
        let view = self.views.iter().find(|(known, _)| known == code).unwrap().1;
        let length = self.expected.list(view).len() as u64;
        same(code, &line["cases"].as_u64(), &Some(length))
    }

    fn lists(&mut self) {
        let reads = self.sees().reads_cases();
        self.check(&["queue", "list"], reads, |this, answer| {
            answer["queues"].as_array().unwrap().iter().try_for_each(|line| this.queue(line))
        });
        let views: Vec<(String, View)> =
            self.views.iter().skip(self.place % 5).step_by(5).cloned().collect();
        for (code, view) in views {
            self.check(&["queue", "show", &code, "--limit", "500"], reads, |this, answer| {
                let list = this.expected.list(view);
                same("rows", &ids::<CaseId>(&answer["rows"], "case"), &list)?;
                let counts = (answer["cases"].as_u64(), answer["fitting"].as_u64());
                let length = Some(list.len() as u64);
                same("counts", &counts, &(length, length))
            });
            let narrow = ["queue", "show", &code, "--where", NARROWED, "--sort", "-received"];
            self.check(&narrow, reads, |this, answer| {
                let list = this.expected.narrowed(view);
                let rows = sorted(ids::<CaseId>(&answer["rows"], "case"));
                same("rows", &rows, &sorted(list.iter().copied()))?;
                same("fitting", &answer["fitting"].as_u64(), &Some(list.len() as u64))
            });
            let counting = ["queue", "frequencies", &code, "--by", "owner"];
            self.check(&counting, reads, |this, answer| {
                let list = this.expected.list(view);
                same("cases", &answer["cases"].as_u64(), &Some(list.len() as u64))?;
                let values = answer["values"].as_array().unwrap();
                let sum = values.iter().filter_map(|value| value["cases"].as_u64()).sum::<u64>();
                same("sum", &sum, &(list.len() as u64))
            });
        }
        self.check(&["reconcile"], reads, |this, answer| {
            let state = this.sees().state;
            let seen = || state.cases.values().filter(|case| this.sees().record(case));
            let open = seen().filter(|case| case.is_open()).count() as u64;
            let ended = seen().count() as u64 - open;
            let got = |field: &str| answer[field].as_u64().unwrap();
            same("open", &(got("screening") + got("open")), &open)?;
            same("ended", &got("ended"), &ended)
        });
        self.check(&["case", "signatures"], reads, |this, answer| {
            let cases = ids::<CaseId>(&answer["signatures"], "case");
            let hidden = cases.into_iter().find(|case| this.sees().case(*case).is_none());
            same("hidden", &hidden, &None)
        });
    }

    fn office(&mut self) {
        let may = self.sees().reads_cases() || self.expected.runs_the_office();
        self.check(&["office", "show"], may, |this, answer| {
            let open = this.sees().cases().filter(|case| case.is_open()).count() as u64;
            same("open", &answer["cases_open"].as_u64(), &Some(open))?;
            if !this.sees().reads_people() {
                return Ok(());
            }
            let people = this.sees().people().count() as u64;
            same("people", &answer["people"].as_u64(), &Some(people))
        });
        self.check(&["office", "units"], may, |this, answer| {
            for line in answer["units"].as_array().unwrap() {
                let code = line["code"].as_str().unwrap();
                let counts = (line["open"].as_u64().unwrap(), line["free"].as_u64().unwrap());
                same(code, &counts, &this.expected.open_of(this.unit(code)))?;
            }
            Ok(())
        });
        for words in [
            &["office", "unit", "roads"][..],
            &["office", "people"],
            &["office", "grants"],
            &["office", "roster", "roads"],
            &["office", "accesses"],
            &["audit", "verify"],
            &["status"],
        ] {
            self.json(words);
        }
        for account in ["own", "worker2"] {
            self.check_where_allowed(&["office", "work", account], |this, answer| {
                let state = this.sees().state;
                let of = state.account(account);
                let open = this.sees().cases().filter(|case| case.is_open());
                let owned = open.filter(|case| case.owner == Some(of)).map(|case| case.id);
                let text = answer.to_string();
                let named = |id: CaseId| text.contains(&format!("\"{id}\""));
                let missed: Vec<CaseId> = owned.filter(|id| !named(*id)).collect();
                same("missed", &missed, &Vec::new())
            });
        }
        for unit in ["housing", "roads"] {
            self.check_where_allowed(&["fairness", "--unit", unit], |this, answer| {
                let (sees, state) = (this.sees(), this.sees().state);
                let of = this.unit(unit);
                let is_of = |case: &&casedesk::domain::cases::Case| {
                    state.is_below(case.unit, of) && sees.record(case)
                };
                let cases = || state.cases.values().filter(is_of);
                let most = cases().count() as u64;
                let claimed = answer["to_claim"]["cases"].as_u64().unwrap();
                same(&format!("claimed {claimed}"), &(claimed <= most), &true)
            });
        }
    }

    fn unit(&self, code: &str) -> UnitId {
        self.sees().state.units.values().find(|unit| unit.code == code).unwrap().id
    }

    fn promises(&mut self) {
        let reads_people = self.sees().reads_people();
        let roads = self.unit("roads");
        for (whose, of) in [
            (&["--all"][..], Whose::All),
            (&[][..], Whose::Mine),
            (&["--unit", "roads"][..], Whose::Unit(roads)),
        ] {
            for (state, filter) in [("open", PromiseFilter::Open), ("kept", PromiseFilter::Kept)] {
                let words = [&["promise", "list"][..], whose, &["--state", state]].concat();
                // Units are named by those who read the office.
                let office = self.sees().reads_cases() || self.expected.runs_the_office();
                let may = reads_people && (office || !whose.contains(&"--unit"));
                self.check(&words, may, |this, answer| {
                    let got = sorted(ids::<PromiseId>(&answer["promises"], "promise"));
                    same("promises", &got, &this.expected.promises(of, filter))?;
                    same("more", &answer["more"], &Value::Bool(false))
                });
            }
        }
        self.check(&["promise", "rates"], self.sees().reads_cases(), |this, answer| {
            for line in answer["units"].as_array().unwrap() {
                let year = line["spans"].as_array().unwrap().last().unwrap();
                let got = (year["kept"].as_u64().unwrap(), year["of"].as_u64().unwrap());
                let code = line["unit"].as_str().unwrap();
                same(code, &got, &this.expected.year_of(this.unit(code)))?;
            }
            Ok(())
        });
    }

    /// A share of the records, another one of each asker.
    fn some(&self, last: u64) -> Vec<u64> {
        (1..=last + 1).skip(self.place % 9).step_by(9).collect()
    }

    fn records(&mut self) {
        let (cases, people) = (self.sees().reads_cases(), self.sees().reads_people());
        for case in self.some(CASES).into_iter().map(CaseId) {
            let (number, seen) = (case.to_string(), self.sees().case(case).map(|case| case.id));
            let show = ["case", "show", &number, "--purpose", "casework"];
            self.check_one(&show, (cases, seen.is_some()), |this, answer| {
                same("case", &answer["case"].as_str(), &seen.map(|id| id.to_string()).as_deref())?;
                let case = this.sees().case(case).unwrap();
                let on_it = case.people();
                let wanted = on_it.iter().filter_map(|it| this.sees().person(*it)).map(|it| it.id);
                let parties = sorted(ids::<PersonId>(&answer["parties"], "person"));
                same("parties", &parties, &wanted.collect())
            });
            self.check_one(&["case", "why", &number], (cases, seen.is_some()), |_, _| Ok(()));
            let trial = ["tables", "try", "secrecy", "--case", &number];
            self.check_where_allowed(&trial, |_, answer| {
                let is_told = answer["code"].is_null();
                same("tried", &is_told, &seen.is_some())
            });
        }
        for person in self.some(PEOPLE).into_iter().map(PersonId) {
            let (number, is_there) = (person.to_string(), self.sees().person(person).is_some());
            let show = ["person", "show", &number, "--purpose", "casework"];
            self.check_one(&show, (people, is_there), |this, answer| {
                let (sees, state) = (this.sees(), this.sees().state);
                let numbers = state.numbers(person);
                let theirs = |case: &&casedesk::domain::cases::Case| {
                    case.people().iter().any(|it| numbers.contains(it))
                };
                let all = || state.cases.values().filter(theirs);
                let all = || all().filter(|case| sees.case(case.id).is_some());
                let got = sorted(ids::<CaseId>(&answer["cases"], "case"));
                same("cases", &got, &all().map(|case| case.id).collect())?;
                let open = all().filter(|case| case.is_open()).count() as u64;
                let counts = ["cases_open", "cases_total", "contacts_total"];
                let contacts = this.expected.contacts(Some(person)).len() as u64;
                let counts = counts.map(|field| answer[field].as_u64().unwrap());
                same("counts", &counts, &[open, all().count() as u64, contacts])?;
                let kin = sorted(ids::<PersonId>(&answer["kin"], "person"));
                let near = state.relatives(sees.person(person).unwrap().id);
                same(
                    "kin",
                    &kin,
                    &near.into_iter().filter(|it| sees.person(*it).is_some()).collect(),
                )
            });
            let list = ["contact", "list", "--person", &number, "--purpose", "casework"];
            self.check_one(&list, (people, is_there), |this, answer| {
                let got = sorted(ids::<ContactId>(&answer["contacts"], "contact"));
                same("contacts", &got, &this.expected.contacts(Some(person)))
            });
        }
        self.check(&["contact", "list"], people, |this, answer| {
            let got = sorted(ids::<ContactId>(&answer["contacts"], "contact"));
            same("contacts", &got, &this.expected.contacts(None))
        });
        for contact in self.some(self.sees().state.contacts.len() as u64) {
            let contact = ContactId(contact);
            let (number, seen) = (contact.to_string(), self.sees().contact(contact));
            let show = ["contact", "show", &number, "--purpose", "casework"];
            self.check_one(&show, (people, seen), |_, _| Ok(()));
        }
    }

    fn searches(&mut self) {
        let people = self.sees().reads_people();
        for person in self.some(PEOPLE - 1) {
            let text = family(person).to_lowercase();
            self.check(&["find", &text, "--limit", "200"], people, |this, answer| {
                let found = this.sees().people().count() as u64;
                same("people", &answer["people"].as_u64(), &Some(found))?;
                let hits = sorted(ids::<PersonId>(&answer["hits"], "person"));
                same("matched", &answer["matched"].as_u64(), &Some(hits.len() as u64))?;
                let named = |it: &&casedesk::domain::people::Person| {
                    it.names.iter().any(|name| name.value.family.to_lowercase() == text)
                };
                let named = this.sees().people().filter(named).map(|it| it.id);
                let missed: Vec<PersonId> = named.filter(|it| !hits.contains(it)).collect();
                same("missed", &missed, &Vec::new())
            });
        }
        self.check_where_allowed(&["duplicates", "--found"], |this, answer| {
            let pairs = answer["pairs"].as_array().unwrap();
            same("pairs", &answer["found"].as_u64(), &Some(pairs.len() as u64))?;
            let side = |pair: &Value, side: &str| -> PersonId {
                pair[side]["person"].as_str().unwrap().parse().unwrap()
            };
            let got: BTreeSet<[PersonId; 2]> = pairs
                .iter()
                .map(|pair| [side(pair, "one"), side(pair, "other")])
                .map(|[one, other]| [one.min(other), one.max(other)])
                .collect();
            same("found", &got, &this.expected.alike())
        });
        self.check_where_allowed(&["duplicates", "--min", "0"], |this, answer| {
            let pairs = answer["pairs"].as_array().unwrap();
            same("found", &answer["found"].as_u64(), &Some(pairs.len() as u64))?;
            let both = pairs.iter().flat_map(|pair| [&pair["one"], &pair["other"]]);
            let hidden = both
                .map(|side| side["person"].as_str().unwrap().parse::<PersonId>().unwrap())
                .find(|person| this.sees().person(*person).is_none());
            same("hidden", &hidden, &None)
        });
    }

    /// A call runs under the account from then on, so that it comes last.
    fn calls(&mut self) {
        let number = telephone(1 + (self.place as u64) % PEOPLE);
        self.check(&["call", &number], self.sees().reads_people(), |this, answer| {
            let mut got = sorted(ids::<PersonId>(&answer["candidates"], "person"));
            got.extend(answer["person"].as_str().map(|it| it.parse::<PersonId>().unwrap()));
            same("callers", &got, &this.expected.callers(&number))
        });
    }
}

#[test]
fn every_export_to_everybody_is_that_of_a_naive_filter_of_the_full_state() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("office");
    let store: Arc<dyn Store> = Arc::new(store_laws::open(&data));
    let office = office::made(Arc::clone(&store));
    let state = State::read(store.as_ref(), office.clock_now());
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn = Arc::new(move |named| {
        Ok(Arc::new(desk.sign_in(named.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
    });
    let _server = serve(&data, sign_in).unwrap();
    let karimi = office.karimi();
    let queues = (&karimi as &dyn Desk).ask(AskQueues {}).unwrap().queues;
    let views: Vec<(String, View)> = queues.into_iter().map(|it| (it.code, it.view)).collect();
    let (mut wrong, mut run, mut trails) = (Vec::new(), BTreeSet::new(), Vec::new());
    let viewers: Vec<Viewer> = office::viewers();
    for is_calling in [false, true] {
        for (place, viewer) in viewers.iter().enumerate() {
            let sees = Sees::new(&state, state.account(viewer.account));
            let expected = Expected::new(&sees);
            let mut asker = Asker {
                home: home.path(),
                place,
                account: viewer.account,
                hidden: Hidden::of(&sees),
                expected: &expected,
                views: &views,
                wrong: Vec::new(),
                run: BTreeSet::new(),
            };
            let lines = if is_calling {
                asker.calls();
                Vec::new()
            } else {
                asker.everything();
                asker.past();
                asker.trail()
            };
            asker.read_trail(&lines);
            wrong.append(&mut asker.wrong);
            run.append(&mut asker.run);
            if !lines.is_empty() {
                trails.push((viewer.account, Sees::new(&state, sees.who), lines));
            }
        }
    }
    assert!(trails.len() > 3, "auditors and privacy officers export the trail");
    wrong.extend(compare_trails(&trails));
    let exports = sorted(EXPORTS.iter().map(|name| (*name).to_owned()));
    assert_eq!(run, exports, "every export is run");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), shortest(&wrong));
}

impl Asker<'_> {
    /// The office as it was a moment ago, for a few: with the rights of today.
    fn past(&mut self) {
        if !["clerk", "own", "urgent", "requests"].contains(&self.account) {
            return;
        }
        let now = self.sees().state.at.timestamp().to_string();
        let words = ["replay", "--until", &now, "--purpose", "casework", "--", "queue", "list"];
        let printed = self.print(&words, &["--json"]);
        let answer = printed.json();
        let Some(queues) = answer["queues"].as_array() else {
            return self.complain(&words, &printed.text);
        };
        for line in queues {
            if let Err(what) = self.queue(line) {
                self.complain(&words, &what);
            }
        }
    }
}
