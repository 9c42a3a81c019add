//! Identity and telephone numbers: every vector of the shared folder, the Norwegian rule of 2032, and what becomes of a
//! number that cannot be at the desk and in a file.

use std::fs;
use std::path::Path;

use casedesk::desk::Command;
use casedesk::domain::office::Purpose;
use casedesk::domain::people::identity::{SCHEMES, Scheme, canonical, check};
use casedesk::domain::people::{
    ContactPoint, ContactPointKind, Country, Identity, PersonChange, Telephone, Verdict,
    check_telephone, grouped,
};
use casedesk::domain::time::Day;

use crate::office::Office;

fn day(year: i16) -> Day {
    Day::from_parts(year, 11, 22).unwrap()
}

/// The rows of a shared table, or nothing where the folder is not there.
fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    let text = fs::read_to_string(&path).ok()?;
    let rows = text.lines().skip(1).map(|row| row.split('\t').map(str::to_owned).collect());
    Some(rows.collect())
}

/// What the vectors call a scheme, where that is not what we call it.
fn scheme(kind: &str) -> Scheme {
    let code = kind.replace('_', "-");
    Scheme::of(&code).unwrap()
}

#[test]
fn every_vector_of_the_shared_folder_is_judged_as_it_says() {
    let Some(rows) = rows("ids/vectors.tsv") else { return };
    assert_eq!(rows.len(), 74);
    for row in &rows {
        let (scheme, value, expected) = (scheme(&row[0]), &row[1], row[2].as_str());
        let verdict = scheme.check(value, day(2026));
        match (expected, scheme) {
            ("valid", _) => assert_eq!(verdict, Verdict::Valid, "{row:?}"),
            (_, Scheme::MexicoRfc) => {
                assert!(matches!(verdict, Verdict::Warn(_)), "{row:?}: {verdict:?}");
            }
            _ => assert!(matches!(verdict, Verdict::Invalid(_)), "{row:?}: {verdict:?}"),
        }
        // The fault that the vector names is the one that is said.
        let said = verdict.sentence().unwrap_or_default();
        let names = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let is_named = match row[3].split(' ').next().unwrap_or_default() {
            "InvalidLength" => names(&["and this has", "this has"]),
            "InvalidChecksum" => names(&["does not go with the rest"]),
            _ => true,
        };
        assert!(is_named, "{row:?}: {said}");
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        assert!(!said.contains(&digits), "a sentence does not repeat the number: {said}");
    }
}

#[test]
fn numbers_without_vectors_are_judged_by_their_own_rules() {
    let is = |scheme: &str, value: &str| check(scheme, value, day(2026));
    for (scheme, value) in [
        ("tckn", "17291716060"),
        ("tckn", "172 917 160 60"),
        ("tckn", "۱۷۲۹۱۷۱۶۰۶۰"),
        ("nino", "AB 12 34 56 C"),
        ("melli", "0499370899"),
        ("کد ملی", "۰۴۹۹۳۷۰۸۹۹"),
        ("rfc", "GODE 561231 GR8"),
        ("rfc", "MAB-930714-8T4"),
        ("a card of our own", "anything"),
    ] {
        assert_eq!(is(scheme, value), Verdict::Valid, "{scheme} {value}");
    }
    for (scheme, value, why) in [
        ("tckn", "17291716061", "last two digits"),
        ("tckn", "17291716O60", "digits only"),
        ("nino", "QQ 12 34 56 C", "No National Insurance number begins"),
        ("nino", "GB 12 34 56 C", "No National Insurance number begins"),
        ("nino", "AB 12 34 56 E", "ends with A, B, C or D"),
        ("melli", "0499370898", "last digit"),
        ("melli", "499370899", "the zeros at its front"),
        ("melli", "1111111111", "the same digit"),
        ("dni", "54362315-A", "letter"),
        ("curp", "PEGL890230MJCRMS08", "no such day of birth"),
        ("fnr", "15108695089", "check digit"),
        ("fnr", "31028695089", "no such day"),
    ] {
        let verdict = is(scheme, value);
        let is_said = matches!(&verdict, Verdict::Invalid(said) if said.contains(why));
        assert!(is_said, "{scheme} {value}: {verdict:?}");
    }
}

/// The examples of Skatteetaten's own page about the numbers from 2032 on.
#[test]
fn a_norwegian_number_of_the_new_rule_holds_from_2032_on_and_not_before() {
    let fnr = |value: &str, year| Scheme::NorwayFnr.check(value, day(year));
    for by_both in ["02013299997", "30108299920"] {
        assert_eq!(fnr(by_both, 2032), Verdict::Valid, "{by_both}");
    }
    assert_eq!(fnr("30108299939", 2032), Verdict::Valid);
    let before = fnr("30108299939", 2031);
    assert!(before.sentence().is_some_and(|why| why.contains("rule of 2032")), "{before:?}");
    // Somebody born in 1939 may get their number in 2033; until then these digits mean a child of 2039.
    let before = fnr("18103970861", 2026);
    assert!(matches!(before, Verdict::Invalid(_)), "{before:?}");
}

#[test]
fn a_d_number_holds_and_one_that_was_made_for_tests_is_doubtful() {
    let with_checks = |front: &str| {
        let tries = (0..100).map(|checks| format!("{front}{checks:02}"));
        let mut verdicts = tries.map(|value| Scheme::NorwayFnr.check(&value, day(2026)));
        verdicts.find(|verdict| !matches!(verdict, Verdict::Invalid(_)))
    };
    // 15 October 1986 with forty more for its day, then eighty and forty more for its month.
    let d_numbers = (900..999).filter_map(|n| with_checks(&format!("551086{n}")));
    assert!(d_numbers.clone().count() > 50);
    assert!(d_numbers.into_iter().all(|verdict| verdict == Verdict::Valid));
    for (front, why) in [("159086", "made for tests"), ("155086", "help number")] {
        let made: Vec<Verdict> =
            (900..999).filter_map(|n| with_checks(&format!("{front}{n}"))).collect();
        assert!(!made.is_empty());
        for verdict in made {
            assert!(matches!(&verdict, Verdict::Warn(said) if said.contains(why)), "{verdict:?}");
        }
    }
}

#[test]
fn every_scheme_is_found_by_its_code_and_keeps_one_form_of_a_number() {
    for scheme in SCHEMES {
        assert_eq!(Scheme::of(scheme.code()), Some(scheme));
        assert_eq!(Scheme::of(&scheme.code().to_uppercase()), Some(scheme));
    }
    let kept = Identity { scheme: "no-fnr".to_owned(), value: "15108695088".to_owned() };
    assert_eq!(canonical("FNR", " 151086-950 88"), kept);
    let own = Identity { scheme: "library card".to_owned(), value: "a-1 2".to_owned() };
    assert_eq!(canonical("library card ", " a-1 2"), own);
}

#[test]
fn every_telephone_of_the_shared_folder_is_read_in_each_of_its_forms() {
    let Some(rows) = rows("phones/examples.tsv") else { return };
    assert_eq!(rows.len(), 80);
    for row in &rows {
        let [region, _, e164, international, national, rfc3966, is_valid] = row.as_slice() else {
            panic!("{row:?}")
        };
        let home = Country::of(region);
        assert!(home.is_some(), "{region}");
        if is_valid == "True" {
            for written in [e164, international, rfc3966] {
                assert_eq!(check_telephone(written, None), Verdict::Valid, "{row:?}");
                assert_eq!(&Telephone::read(written, None).unwrap().normalised(), e164);
            }
            assert_eq!(&Telephone::read(national, home).unwrap().normalised(), e164, "{row:?}");
            assert_eq!(&grouped(e164), international, "{row:?}");
        } else {
            let abroad = check_telephone(e164, None);
            assert!(matches!(abroad, Verdict::Invalid(_)), "{row:?}: {abroad:?}");
            assert_ne!(check_telephone(national, home), Verdict::Valid, "{row:?}");
        }
    }
}

#[test]
fn a_typed_number_is_refused_warned_about_or_kept_whole() {
    let office = Office::new();
    let karimi = office.karimi();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "912 34 567");
    let change = |change: PersonChange| {
        let source = "identity card".to_owned();
        let command = Command::ChangePerson {
            person: sara,
            version: None,
            change,
            source,
            is_verified: true,
        };
        office.act(&karimi, command)
    };
    let identity = |scheme: &str, value: &str| {
        change(PersonChange::Identity { index: u32::MAX, identity: canonical(scheme, value) })
    };
    let refused = identity("fnr", "15108695089").unwrap_err();
    assert!(refused.to_string().contains("check digit of this fødselsnummer"), "{refused}");
    let warned = identity("rfc", "VACE-460910-SX6").unwrap();
    assert!(warned.label.contains("does not go with the rest"), "{}", warned.label);
    let kept = identity("fnr", "151086 95088").unwrap();
    assert!(kept.label.ends_with("kept."), "{}", kept.label);

    let telephone = |raw: &str| {
        let point = ContactPoint::parse(ContactPointKind::Telephone, raw).unwrap();
        change(PersonChange::ContactPoint { index: u32::MAX, point })
    };
    let refused = telephone("+47 912 34 56").unwrap_err();
    assert!(refused.to_string().contains("it has 8 digits, and this has 7"), "{refused}");
    let warned = telephone("912 34 56").unwrap();
    assert!(warned.label.contains("should be a number of +47"), "{}", warned.label);
    assert!(ContactPoint::parse(ContactPointKind::Telephone, "ring Sara").is_err());

    let shown = office
        .act(
            &karimi,
            Command::RevealPerson { person: sara, purpose: Purpose("contact".to_owned()) },
        )
        .unwrap();
    let fields = shown.disclosed.unwrap().fields;
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(values, ["VACE460910SX6", "15108695088", "+4791234567", "9123456"]);
    let mut numbers = fields.iter().map(|(field, value)| (field.as_str(), value.as_str()));
    assert!(numbers.any(|number| number == ("no-fnr", "15108695088")));
}
