//! Who may do what, as one golden matrix: a change of a right shows here, and an action in no row fails.

use std::collections::BTreeMap;

use casedesk::domain::office::{
    Action, Caseworker, CaseworkerState, Confidentiality, Decision, Grant, GroupRights, Purpose,
    PurposeRegister, Resource, Rights, Role, ScopedGrant, Standing, Unit,
};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseworkerId, UnitId};

const MATRIX: &str = "
                clerk screener reviewer caseworker manager auditor privacy-officer administrator
RunOffice       -     -        -        -          y       -       -               y
ReadPerson      y     y        y        y          y       y       y               -
RevealPerson    r     r        r        r          r       r       r               -
RegisterPerson  y     y        y        y          y       -       -               -
ReadCase        y     y        y        y          y       y       y               -
RegisterCase    y     y        y        y          y       -       -               -
Import          -     -        -        -          y       -       -               y
Screen          -     y        y        -          y       -       -               -
Classify        -     y        y        y          y       -       -               -
WorkCase        -     -        -        y          y       -       -               -
Decide          -     -        -        y          y       -       -               -
Reopen          -     -        -        y          y       -       -               -
NoteCase        y     y        y        y          y       -       -               -
RecordService   -     -        -        y          y       -       -               -
ReadAudit       -     -        -        -          -       y       y               -
ComparePeople   -     y        y        y          y       -       y               -
Merge           -     y        y        y          y       -       -               -
Unmerge         -     y        y        y          y       -       y               -
ProposeRules    -     -        -        -          y       -       -               y
PublishRules    -     -        -        -          -       -       -               y
Review          -     -        y        -          y       -       -               -
ReviewAccess    -     -        -        -          -       -       y               -
ForceEdit       -     -        -        -          y       -       -               -
";

/// What somebody may do by their record alone.
fn permit(actor: &Caseworker, action: Action, resource: &Resource<'_>, today: Day) -> Decision {
    let (groups, units) = (BTreeMap::new(), BTreeMap::new());
    let standing = Standing { actor, rights: None, groups: &groups, units: &units };
    standing.permit(action, resource, today)
}

fn holder(role: Role, unit: Option<UnitId>, expires: Option<Day>) -> Caseworker {
    Caseworker {
        id: CaseworkerId(1),
        version: 1,
        account: "a".to_owned(),
        name: "A".to_owned(),
        unit: UnitId(1),
        grants: vec![Grant {
            role,
            unit,
            confidentiality_max: Confidentiality::CaseConfidential,
            expires,
        }],
        state: CaseworkerState::Active,
    }
}

#[test]
fn the_matrix_of_rights_is_this_one() {
    let today = Day::from_number(20_000);
    let mut lines = MATRIX.lines().filter(|line| !line.is_empty());
    let roles: Vec<Role> =
        lines.next().unwrap().split_whitespace().map(|name| Role::named(name).unwrap()).collect();
    assert_eq!(roles, Role::ALL);
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
    let named: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(named, Action::ALL.map(|action| format!("{action:?}")), "every action has its row");
    for (row, action) in rows.iter().zip(Action::ALL) {
        for (cell, role) in row[1..].iter().zip(&roles) {
            let answer =
                match permit(&holder(*role, None, None), action, &Resource::office(), today) {
                    Decision::Allow => "y",
                    Decision::AllowWithReason => "r",
                    Decision::Deny(_) => "-",
                };
            assert_eq!(answer, *cell, "{role:?} {action:?}");
        }
    }
}

#[test]
fn a_grant_ends_with_its_day_its_unit_and_its_confidentiality() {
    let today = Day::from_number(20_000);
    let case = |unit, confidentiality| Resource {
        unit: Some(UnitId(unit)),
        ..Resource::of_level(confidentiality)
    };
    let here = case(1, Confidentiality::Internal);
    let may = |caseworker: &Caseworker, resource: &Resource<'_>| {
        permit(caseworker, Action::WorkCase, resource, today)
    };
    assert_eq!(may(&holder(Role::Caseworker, None, Some(today)), &here), Decision::Allow);
    assert_eq!(
        may(&holder(Role::Caseworker, None, Some(today.plus_days(-1))), &here),
        Decision::Deny("no-grant")
    );
    let bound = holder(Role::Caseworker, Some(UnitId(1)), None);
    assert_eq!(may(&bound, &case(2, Confidentiality::Internal)), Decision::Deny("other-unit"));
    assert_eq!(may(&bound, &case(1, Confidentiality::Secret)), Decision::Deny("confidential"));
    let left = Caseworker { state: CaseworkerState::Left, ..bound };
    assert_eq!(may(&left, &here), Decision::Deny("left"));
}

/// A right to work cases as a caseworker, everywhere and on everything that is no secret.
fn right() -> ScopedGrant {
    ScopedGrant {
        role: Role::Caseworker,
        verbs: Vec::new(),
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: Vec::new(),
        from: None,
        expires: None,
    }
}

/// Somebody with no role, who is asked with this right of their own or of their group, where Roads (2) lies below the
/// town (1) and Housing (3) beside it.
fn with_right(right: ScopedGrant, of_group: bool, action: Action, on: &Resource<'_>) -> Decision {
    let nobody = Caseworker { grants: Vec::new(), ..holder(Role::Clerk, None, None) };
    let mut rights = Rights::none(nobody.id);
    let mut groups = BTreeMap::new();
    if of_group {
        rights.groups = vec!["strangers".to_owned(), "staff".to_owned()];
        let name = "staff".to_owned();
        let group = GroupRights { name: name.clone(), version: 1, unit: None, grants: vec![right] };
        groups.insert(name, group);
    } else {
        rights.grants = vec![right];
    }
    let unit = |id, parent: Option<u64>| Unit {
        id: UnitId(id),
        version: 1,
        code: id.to_string(),
        name: id.to_string(),
        parent: parent.map(UnitId),
        manager: None,
        substitute: None,
    };
    let units = [unit(1, None), unit(2, Some(1)), unit(3, None)];
    let units = units.into_iter().map(|unit| (unit.id, unit)).collect();
    let standing =
        Standing { actor: &nobody, rights: Some(&rights), groups: &groups, units: &units };
    standing.permit(action, on, Day::from_number(20_000))
}

#[test]
fn a_narrower_right_holds_for_its_days_units_types_level_and_purposes_and_for_nothing_else() {
    let today = Day::from_number(20_000);
    let benefit = "benefit".to_owned();
    let (complaint, casework) = (Purpose("complaint".to_owned()), Purpose("casework".to_owned()));
    let here = |unit| Resource::of_unit(UnitId(unit));
    let of_type = |code| Resource { case_type: Some(code), ..here(1) };
    let work = |right: &ScopedGrant, on: &Resource<'_>| {
        let own = with_right(right.clone(), false, Action::WorkCase, on);
        let of_group = with_right(right.clone(), true, Action::WorkCase, on);
        assert_eq!(own, of_group, "a group's right is as good as one's own");
        own
    };
    assert_eq!(work(&right(), &here(1)), Decision::Allow);
    let days = [(-2, -1, false), (-1, 0, true), (0, 0, true), (0, 1, true), (1, 2, false)];
    for (from, until, holds) in days {
        let (from, expires) = (Some(today.plus_days(from)), Some(today.plus_days(until)));
        let answer = work(&ScopedGrant { from, expires, ..right() }, &here(1));
        assert_eq!(answer == Decision::Allow, holds, "{from:?} {expires:?}");
        assert!(holds || answer == Decision::Deny("no-grant"));
    }
    let bound = |below| ScopedGrant { unit: Some(UnitId(1)), with_units_below: below, ..right() };
    assert_eq!(work(&bound(false), &here(1)), Decision::Allow);
    assert_eq!(work(&bound(false), &here(2)), Decision::Deny("other-unit"));
    assert_eq!(work(&bound(true), &here(2)), Decision::Allow, "Roads lies below the town");
    assert_eq!(work(&bound(true), &here(3)), Decision::Deny("other-unit"));
    assert_eq!(work(&bound(true), &Resource::whole_office()), Decision::Deny("other-unit"));
    let typed = ScopedGrant { case_types: vec![benefit.clone()], ..right() };
    assert_eq!(work(&typed, &of_type("benefit")), Decision::Allow);
    assert_eq!(work(&typed, &of_type("permit")), Decision::Deny("other-type"));
    let only = ScopedGrant { verbs: vec![Action::Decide], ..right() };
    assert_eq!(work(&only, &here(1)), Decision::Deny("no-grant"));
    assert_eq!(with_right(only, true, Action::Decide, &here(1)), Decision::Allow);
    let purposed = ScopedGrant { purposes: vec![complaint.clone()], ..right() };
    assert_eq!(work(&purposed, &here(1)), Decision::AllowWithReason, "it is asked for");
    assert_eq!(work(&purposed, &here(1).for_purpose(&complaint)), Decision::AllowWithReason);
    let other = work(&purposed, &here(1).for_purpose(&casework));
    assert_eq!(other, Decision::Deny("other-purpose"));
}

#[test]
fn there_is_no_wildcard_with_secrecy() {
    let today = Day::from_number(20_000);
    let last = Some(today.plus_days(30));
    let secret = |unit: Option<u64>, types: &[&str]| ScopedGrant {
        unit: unit.map(UnitId),
        case_types: types.iter().map(|code| (*code).to_owned()).collect(),
        confidentiality_max: Confidentiality::Secret,
        expires: last,
        ..right()
    };
    let on = |unit, level| Resource {
        unit: Some(UnitId(unit)),
        case_type: Some("benefit"),
        ..Resource::of_level(level)
    };
    let read =
        |right: ScopedGrant, on: &Resource<'_>| with_right(right, false, Action::ReadCase, on);
    let file = on(1, Confidentiality::Secret);
    assert_eq!(read(secret(None, &[]), &file), Decision::Deny("confidential"), "it names nothing");
    assert_eq!(read(secret(None, &[]), &on(1, Confidentiality::Confidential)), Decision::Allow);
    assert_eq!(read(secret(Some(1), &[]), &file), Decision::Allow);
    assert_eq!(read(secret(None, &["benefit"]), &file), Decision::Allow);
    let person = Resource::of_level(Confidentiality::Secret);
    let of_person = with_right(secret(None, &["benefit"]), false, Action::ReadPerson, &person);
    assert_eq!(of_person, Decision::Deny("confidential"), "a person is no case of that type");
    let register = PurposeRegister::default();
    let code = |right: ScopedGrant| right.check(&register, today).map_err(|refusal| refusal.code);
    assert_eq!(code(secret(None, &[])), Err("right.unnamed".to_owned()));
    assert_eq!(code(secret(Some(1), &[])), Ok(()));
    let lasting = |confidentiality_max| ScopedGrant {
        confidentiality_max,
        expires: None,
        ..secret(Some(1), &[])
    };
    assert_eq!(code(lasting(Confidentiality::Confidential)), Err("right.lasting".to_owned()));
    assert_eq!(code(lasting(Confidentiality::CaseConfidential)), Ok(()));
}
