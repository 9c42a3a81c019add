//! Who may do what, as one golden matrix: a change of a right shows here, and an action in no row fails.

use casedesk::domain::office::{
    Action, Caseworker, CaseworkerState, Confidentiality, Decision, Grant, Resource, Role, permit,
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
";

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
