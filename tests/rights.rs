//! Rights beside a caseworker's record: given and taken with a reason, brought by groups of the operating system, run by
//! whoever runs a unit and never beyond it.

use casedesk::codec::{FRAME_BYTES_MAX, encode_record, to_bytes};
use casedesk::desk::{
    AskCaseFile, AskGrants, Command, Desk, DeskError, Holder, RightSource, Session,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::money::Money;
use casedesk::domain::office::{
    Action, Confidentiality, Grant, GroupRights, NewCaseworker, NewUnit, Purpose, Rights,
    RightsEvent, Role, ScopedGrant,
};
use casedesk::domain::rules::{PublicationKind, PublicationName};
use casedesk::domain::time::Day;
use casedesk::domain::{AuditReading, CaseworkerId, EntityId, Event, PersonId, UnitId};

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
        code: casedesk::domain::SubjectCode("X-1".into()),
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
fn whoever_runs_a_unit_says_of_nobody_else_who_they_are_as_a_citizen() {
    let office = town();
    let lead = Grant {
        role: Role::Manager,
        unit: Some(UnitId(1)),
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let berg = newcomer(&office, "berg", 1, vec![lead]);
    let (kaya, strand) =
        (newcomer(&office, "kaya", 1, Vec::new()), newcomer(&office, "strand", 2, Vec::new()));
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let link = |whom| {
        let (caseworker, person, reason) = (id(whom), Some(sara), String::new());
        office.act(&berg, Command::LinkPerson { caseworker, person, reason })
    };
    assert_eq!(code(link(&strand)), "permit.other-unit");
    link(&kaya).unwrap();
}

#[test]
fn a_group_of_the_system_brings_its_rights_and_enrols_a_newcomer() {
    let office = town();
    let karimi = office.karimi();
    let signs_in = |account: &str, names: &[&str]| {
        office.desk.sign_in_from_system(account, "Ada Ny", Some(&groups(names)), None)
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
    // While the system's directory does not answer, everybody has the groups of the last time, and nobody is enrolled.
    let unknown = |account: &str| office.desk.sign_in_from_system(account, "Ada Ny", None, None);
    let kept = unknown("ada").unwrap();
    let shown = (&kept as &dyn Desk).ask(AskGrants { whose: None }).unwrap();
    assert_eq!(shown.groups, ["lp", "staff"]);
    assert_eq!(shown.rights[0].source, RightSource::Group("staff".to_owned()));
    assert_eq!(code(unknown("bo").map(drop)), "account.groups");
    assert_eq!(events(), before);
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
    office
        .desk
        .sign_in_from_system("karimi", "", Some(&groups(&["staff"])), None)
        .map(drop)
        .unwrap();
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

/// A benefit that is decided at once, with the amount that is asked for.
pub(crate) const BENEFIT: &str = r#"format = 1
code = "benefit"
version = 1
name = "Benefit"
confidentiality = "case"
purpose = "casework"
legal_basis = "Benefits Act, section 1"
retention = { class = "1.1", years = 5 }
guard = { natures = ["request"] }

[[stage]]
code = "work"
name = "Work"
exits = [{ to = "end", on = ["decided"] }]

[[field]]
code = "amount"
name = "Amount"
kind = "money"
max = 100000000

[[outcome]]
code = "paid"
name = "Paid"
kind = "granted"
from_stage = "work"

[[outcome]]
code = "no"
name = "Not paid"
kind = "refused"
from_stage = "work"
appeal = "Within six weeks."

[[clock]]
kind = "decide"
term = "10 working days"
start = "received"
stop = "decided"
ground = "Benefits Act, section 2"
"#;

#[test]
fn a_decision_above_the_limit_takes_a_second_signature_and_a_refusal_takes_one() {
    let office = Office::new();
    let karimi = office.karimi();
    let (kind, code_of) = (PublicationKind::Type, "benefit".to_owned());
    let propose =
        Command::ProposeRules { kind, code: code_of.clone(), text: BENEFIT.to_owned(), from: None };
    office.act(&karimi, propose).unwrap();
    let name = PublicationName { kind, code: code_of, version: 1 };
    office.act(&karimi, Command::PublishRules { name }).unwrap();
    let moe = office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let limit = Command::SetSigningLimit {
        caseworker: id(&moe),
        limit: Some(Money { minor: 2_500_000, currency: "NOK".to_owned() }),
        reason: "first year".to_owned(),
    };
    office.act(&karimi, limit).unwrap();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let decide = |outcome: &str| CaseAct::Decide {
        outcome: outcome.to_owned(),
        reasons: "so it is".to_owned(),
        ground: String::new(),
    };
    let mut cases = Vec::new();
    for amount in ["25000", "25000.01", "25000.01"] {
        let case = office.case(Some(sara), Nature::Request, "Help with the rent");
        office.on(&moe, case, CaseAct::Claim).unwrap();
        let fields = vec![("amount".to_owned(), amount.to_owned())];
        office.on(&moe, case, CaseAct::SetFields { fields }).unwrap();
        cases.push(case);
    }
    office.on(&moe, cases[0], decide("paid")).unwrap();
    let asked = office.on(&moe, cases[1], decide("paid")).unwrap();
    assert!(asked.label.contains("you sign alone up to 25000.00 NOK"), "{}", asked.label);
    let file = (&karimi as &dyn Desk).ask(AskCaseFile { case: cases[1], entries: 9 }).unwrap();
    assert!(file.plan.decision.is_none(), "nothing is decided yet");
    assert!(asked.label.ends_with("it takes effect once Karimi signs."), "{}", asked.label);
    assert_eq!(
        code(office.on(&moe, cases[1], decide("paid"))),
        "signature.waits",
        "once is enough"
    );
    let closed = CaseAct::CloseAs {
        outcome: "paid".to_owned(),
        reasons: String::new(),
        not_notified: Some("no address".to_owned()),
    };
    assert_eq!(code(office.on(&moe, cases[1], closed)), "decision.limit");
    office.on(&karimi, cases[1], decide("paid")).unwrap();
    office.on(&moe, cases[2], decide("no")).unwrap();
}

#[test]
fn whoever_leads_a_unit_reads_the_trail_of_its_people_and_no_other() {
    let office = town();
    let lead = Grant {
        role: Role::Manager,
        unit: Some(UnitId(2)),
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let berg = newcomer(&office, "berg", 2, vec![lead]);
    let strand = newcomer(&office, "strand", 2, Vec::new());
    let leads = Command::LeadUnit { unit: UnitId(2), manager: Some(id(&berg)), substitute: None };
    office.act(&office.karimi(), leads).unwrap();
    let read = |by: Option<CaseworkerId>, is_export| {
        let reading = AuditReading { about: None, by, is_export };
        let purpose = Purpose("audit".to_owned());
        code(office.act(&berg, Command::ReadAudit { reading, purpose }))
    };
    assert!(read(Some(id(&strand)), false).starts_with("Ok"));
    assert_eq!(read(Some(id(&strand)), true), "permit.audit", "nothing of it leaves the office");
    assert_eq!(read(Some(id(&office.karimi())), false), "permit.audit");
    assert_eq!(read(None, false), "permit.audit");
}

#[test]
fn rights_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::Rights(event), FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes(RightsEvent::PersonLinked(Some(PersonId(3)))), [20, 0, 1, 3]);
    assert_eq!(bytes(RightsEvent::GroupsSeen(groups(&["ab"]))), [20, 1, 1, 2, b'a', b'b']);
    let grant = ScopedGrant {
        role: Role::Manager,
        verbs: vec![Action::WorkCase],
        unit: Some(UnitId(2)),
        with_units_below: true,
        case_types: vec!["b".to_owned()],
        confidentiality_max: Confidentiality::Secret,
        purposes: vec![Purpose("c".to_owned())],
        from: None,
        expires: Some(Day::from_number(20)),
    };
    // Role, verbs, unit, that units below are included, types, level, purposes, and the days.
    let granted = [4, 1, 9, 1, 2, 1, 1, 1, b'b', 6, 1, 1, b'c', 0, 1, 40];
    let set = bytes(RightsEvent::GrantsSet(vec![grant.clone()]));
    assert_eq!(set, [&[20, 2, 1][..], &granted].concat());
    let limit = Money { minor: 5, currency: "NOK".to_owned() };
    let limited = [1, 10, 3, b'N', b'O', b'K'];
    let set = bytes(RightsEvent::SigningLimitSet(Some(limit.clone())));
    assert_eq!(set, [&[20, 3][..], &limited].concat());
    assert_eq!(bytes(RightsEvent::GroupUnitSet(Some(UnitId(1)))), [20, 4, 1, 1]);
    let ids = [EntityId::Rights(CaseworkerId(2)), EntityId::Group("ab".to_owned())];
    let ids = ids.map(|id| to_bytes(&id, FRAME_BYTES_MAX).unwrap());
    assert_eq!(ids, [vec![19, 2], vec![20, 2, b'a', b'b']]);
    let rights = Rights {
        version: 1,
        signing_limit: Some(limit),
        grants: vec![grant.clone()],
        ..Rights::none(CaseworkerId(2))
    };
    let record = encode_record(&rights).unwrap();
    assert_eq!(record[..2], [b'V', 1]);
    assert_eq!(record[7..], [&[2, 1, 0, 0, 1][..], &granted, &limited].concat());
    let group = GroupRights {
        name: "ab".to_owned(),
        version: 1,
        unit: Some(UnitId(1)),
        grants: vec![grant],
    };
    let record = encode_record(&group).unwrap();
    assert_eq!(record[..2], [b'L', 1]);
    assert_eq!(record[7..], [&[2, b'a', b'b', 1, 1, 1, 1][..], &granted].concat());
}
