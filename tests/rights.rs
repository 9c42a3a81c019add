//! Rights beside a caseworker's record: given and taken with a reason, brought by groups of the operating system, run by
//! whoever runs a unit and never beyond it.

use casedesk::desk::{AskGrants, Command, Desk, DeskError, Holder, RightSource, Session};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::money::Money;
use casedesk::domain::office::{
    Action, Confidentiality, Grant, NewCaseworker, NewUnit, Role, ScopedGrant,
};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseworkerId, UnitId};

use crate::office::Office;

fn right(role: Role) -> ScopedGrant {
    ScopedGrant {
        role,
        verbs: Vec::new(),
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: Vec::new(),
        from: None,
        expires: Some(Day::from_parts(2026, 12, 31).unwrap()),
    }
}

fn in_unit(role: Role, unit: u64) -> ScopedGrant {
    ScopedGrant { unit: Some(UnitId(unit)), ..right(role) }
}

fn give(to: Holder, right: ScopedGrant) -> Command {
    Command::GiveRight { to, right: Box::new(right), reason: "stands in".to_owned() }
}

fn take(from: Holder, right: ScopedGrant) -> Command {
    Command::TakeRight { from, right: Box::new(right), reason: "back again".to_owned() }
}

fn group(name: &str) -> Holder {
    Holder::Group(name.to_owned())
}

fn groups(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn id(session: &Session) -> CaseworkerId {
    let desk: &dyn Desk = session;
    desk.ask(casedesk::desk::AskWho {}).unwrap().caseworker.id
}

fn code<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    }
}

/// Housing (1), led by Karimi, with Roads (2) below it and Schools (3) beside it.
fn town() -> Office {
    let office = Office::new();
    for (code, name, parent) in [("roads", "Roads", Some(1)), ("schools", "Schools", None)] {
        let new =
            NewUnit { code: code.to_owned(), name: name.to_owned(), parent: parent.map(UnitId) };
        office.act(&office.karimi(), Command::OpenUnit(new)).unwrap();
    }
    office
}

/// Somebody of a unit with no role of their own.
fn newcomer(office: &Office, account: &str, unit: u64, grants: Vec<Grant>) -> Session {
    let new = NewCaseworker {
        account: account.to_owned(),
        name: format!("N. {account}"),
        unit: UnitId(unit),
        grants,
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    office.desk.sign_in(account, None).unwrap()
}

#[test]
fn a_right_is_given_with_a_reason_ends_with_its_day_and_is_undone() {
    let office = town();
    let karimi = office.karimi();
    let kaya = newcomer(&office, "kaya", 1, Vec::new());
    let case = office.case(None, Nature::Complaint, "Damp walls");
    assert_eq!(code(office.on(&kaya, case, CaseAct::Claim)), "permit.no-grant");
    let to = Holder::Caseworker(id(&kaya));
    let mut wordless = give(to.clone(), in_unit(Role::Caseworker, 1));
    if let Command::GiveRight { reason, .. } = &mut wordless {
        reason.clear();
    }
    assert_eq!(code(office.act(&karimi, wordless)), "right.reason");
    let today = Day::from_parts(2026, 8, 21).unwrap();
    let brief = ScopedGrant { expires: Some(today), ..in_unit(Role::Caseworker, 1) };
    office.act(&karimi, give(to.clone(), brief.clone())).unwrap();
    office.on(&kaya, case, CaseAct::Claim).unwrap();
    assert_eq!(code(office.act(&karimi, give(to.clone(), brief.clone()))), "right.held");
    let shown = (&kaya as &dyn Desk).ask(AskGrants { whose: None }).unwrap();
    assert_eq!(shown.rights.len(), 1);
    assert_eq!((&shown.rights[0].source, shown.rights[0].is_in_force), (&RightSource::Own, true));
    office.pass_minutes(24 * 60);
    assert_eq!(code(office.on(&kaya, case, CaseAct::Release)), "permit.no-grant", "it is over");
    let longer = in_unit(Role::Caseworker, 1);
    office.act(&karimi, give(to.clone(), longer.clone())).unwrap();
    office.on(&kaya, case, CaseAct::Release).unwrap();
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(code(office.on(&kaya, case, CaseAct::Claim)), "permit.no-grant", "it was undone");
    office.act(&karimi, take(to.clone(), brief.clone())).unwrap();
    assert_eq!(code(office.act(&karimi, take(to, brief))), "right.none");
}

#[test]
fn whoever_runs_a_unit_goes_never_beyond_it_nor_gives_themselves_anything() {
    let office = town();
    let lead = Grant {
        role: Role::Manager,
        unit: Some(UnitId(1)),
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let berg = newcomer(&office, "berg", 1, vec![lead.clone()]);
    let kaya = Holder::Caseworker(id(&newcomer(&office, "kaya", 1, Vec::new())));
    let roads = Holder::Caseworker(id(&newcomer(&office, "strand", 2, Vec::new())));
    let gives = |to: &Holder, right| code(office.act(&berg, give(to.clone(), right)));
    let own = Holder::Caseworker(id(&berg));
    assert_eq!(gives(&own, in_unit(Role::Caseworker, 1)), "right.self");
    assert_eq!(gives(&kaya, in_unit(Role::Caseworker, 2)), "right.beyond", "another unit");
    assert_eq!(gives(&kaya, right(Role::Caseworker)), "right.beyond", "everywhere");
    assert_eq!(gives(&kaya, in_unit(Role::Auditor, 1)), "right.beyond", "another role");
    assert_eq!(gives(&kaya, in_unit(Role::Administrator, 1)), "right.beyond", "another role");
    let below = ScopedGrant { with_units_below: true, ..in_unit(Role::Caseworker, 1) };
    assert_eq!(gives(&kaya, below), "right.beyond", "units below");
    let high = ScopedGrant {
        confidentiality_max: Confidentiality::Confidential,
        ..in_unit(Role::Caseworker, 1)
    };
    assert_eq!(gives(&kaya, high), "right.beyond", "another level");
    assert_eq!(gives(&roads, in_unit(Role::Caseworker, 1)), "permit.other-unit");
    office.act(&berg, give(kaya.clone(), in_unit(Role::Caseworker, 1))).unwrap();
    // The roles of records are held to the same.
    let enrol = |unit, grants: Vec<Grant>| {
        let new = NewCaseworker {
            account: format!("new{unit}{}", grants.len()),
            name: "N. New".to_owned(),
            unit: UnitId(unit),
            grants,
        };
        code(office.act(&berg, Command::Enrol(new)))
    };
    assert_eq!(enrol(2, Vec::new()), "permit.other-unit");
    assert_eq!(enrol(1, vec![Grant { unit: None, ..lead.clone() }]), "right.beyond");
    assert!(enrol(1, vec![lead]).starts_with("Ok"));
    // What is the whole office's is not the unit's.
    let subject = Command::DefineSubject {
        code: casedesk::domain::SubjectCode("X-1".to_owned()),
        label: "x".to_owned(),
        synonyms: Vec::new(),
        parent: None,
    };
    assert_eq!(code(office.act(&berg, subject)), "permit.other-unit");
    let root = Holder::Caseworker(id(&office.karimi()));
    let strips =
        office.act(&berg, Command::SetGrants { caseworker: CaseworkerId(1), grants: Vec::new() });
    assert_eq!(code(strips), "right.beyond", "nor is the manager of all brought down: {root:?}");
}

#[test]
fn a_group_of_the_system_brings_its_rights_and_enrols_a_newcomer() {
    let office = town();
    let karimi = office.karimi();
    let signs_in = |account: &str, names: &[&str]| {
        office.desk.sign_in_from_system(account, "Ada Ny", &groups(names), None)
    };
    assert_eq!(code(signs_in("ada", &["staff"]).map(drop)), "account.newcomer");
    let unit = Command::SetGroupUnit {
        group: "staff".to_owned(),
        unit: Some(UnitId(1)),
        reason: "they sit in Housing".to_owned(),
    };
    office.act(&karimi, unit).unwrap();
    office.act(&karimi, give(group("staff"), in_unit(Role::Caseworker, 1))).unwrap();
    let ada = signs_in("ada", &["staff", "lp"]).unwrap();
    let case = office.case(None, Nature::Complaint, "Damp walls");
    office.on(&ada, case, CaseAct::Claim).unwrap();
    let shown = (&ada as &dyn Desk).ask(AskGrants { whose: None }).unwrap();
    assert_eq!(shown.groups, ["lp", "staff"]);
    assert_eq!(shown.rights[0].source, RightSource::Group("staff".to_owned()));
    let events = || {
        let desk: &dyn Desk = &karimi;
        desk.ask(casedesk::desk::AskOffice {}).unwrap().events
    };
    let before = events();
    signs_in("ada", &["lp", "staff", "lp"]).unwrap();
    assert_eq!(events(), before, "the same groups are no event");
    let ada = signs_in("ada", &["lp"]).unwrap();
    assert_eq!(events(), before + 1);
    assert_eq!(code(office.on(&ada, case, CaseAct::Release)), "permit.no-grant");
    assert_eq!(
        code(office.act(
            &ada,
            Command::SignIn {
                account: "ada".to_owned(),
                name: String::new(),
                groups: groups(&["staff"]),
            }
        )),
        "permit.desk",
        "nobody says themselves in which groups they are"
    );
    // Whoever is in a group does not raise themselves by it.
    let _ = office.desk.sign_in_from_system("karimi", "", &groups(&["staff"]), None).unwrap();
    let more = give(group("staff"), right(Role::Administrator));
    assert_eq!(code(office.act(&karimi, more)), "right.self");
}

#[test]
fn a_right_names_only_what_its_role_includes() {
    let office = town();
    let kaya = Holder::Caseworker(id(&newcomer(&office, "kaya", 1, Vec::new())));
    let odd = ScopedGrant { verbs: vec![Action::Decide], ..right(Role::Clerk) };
    assert_eq!(code(office.act(&office.karimi(), give(kaya.clone(), odd))), "right.verb");
    let limit = |minor, currency: &str| Command::SetSigningLimit {
        caseworker: CaseworkerId(2),
        limit: Some(Money { minor, currency: currency.to_owned() }),
        reason: "first year".to_owned(),
    };
    assert_eq!(code(office.act(&office.karimi(), limit(1, "EUR"))), "limit.amount");
    office.act(&office.karimi(), limit(2_500_000, "NOK")).unwrap();
    let shown = (&office.karimi() as &dyn Desk).ask(AskGrants { whose: Some(kaya) }).unwrap();
    assert_eq!(shown.signing_limit.unwrap().minor, 2_500_000);
    office.act(&office.karimi(), Command::Undo).unwrap();
}
