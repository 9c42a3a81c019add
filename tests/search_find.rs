//! People are found by what callers say and clerks type, and every reason given is true.

use casedesk::search::{
    BirthDate, Closeness, Dictionary, Document, Evidence, Field, Gender, Hit, Kinship, Relative,
    Role, normalise, words,
};

use crate::search_office::{Office, chances, person};

fn named(number: u64, name: &str, year: i16, telephone: &str) -> Document {
    Document {
        person: number,
        names: vec![name.to_owned()],
        birth_date: Some(BirthDate { year, month: Some(3), day: Some(12) }),
        ids: vec![format!("77{number:07}")],
        telephones: vec![telephone.to_owned()],
        addresses: vec!["14 Storgata, 0155 Lilleby".to_owned()],
        ..Document::default()
    }
}

/// A few people to find among five hundred others.
fn office() -> Office {
    let mut chance = chances(21);
    let mut others: Vec<Document> =
        (1_000..1_500).map(|number| person(number, &mut chance)).collect();
    others.extend([
        named(1, "Parisa Farrokhzad", 1986, "+989125550011"),
        named(2, "پریسا فرخزاد", 1991, "+989125550022"),
        named(3, "Şükrü Çağlayan", 1974, "+905325550033"),
        named(4, "Bjørg Ærøskøbing-Lønn", 1968, "+4791550044"),
        named(5, "Guadalupe Ximénez de la Torre", 1959, "+525555550055"),
        named(6, "Gwendolyn Featherstone", 2001, "+447700900066"),
        named(7, "Abdulrahman Nourbakhsh", 1949, "+989125550077"),
    ]);
    let mut office = Office::default();
    office.put_all(&others);
    office
}

fn first(office: &Office, text: &str) -> Option<u64> {
    office.find(text).hits.first().map(|hit| hit.person)
}

#[test]
fn each_way_of_saying_who_it_is_finds_the_person_first() {
    let office = office();
    for (text, person) in [
        ("parisa farrokhzad", 1),
        ("FARROKHZAD, Parisa", 1),
        ("farokzad 1986", 1),
        ("parisa farrok", 1),
        ("parisa 86 0011", 1),
        ("پریسا فرخزاد 1991", 2),
        ("پريسا فرخ زاد", 2),
        ("parisa farokhzad 1991", 2),
        ("پریسا ۱۹۸۶", 1),
        ("sukru caglayan", 3),
        ("ŞÜKRÜ ÇAĞLAYAN", 3),
        ("shukru chaglayan", 3),
        ("bjorg aeroskobing", 4),
        ("lonn bjoerg", 4),
        ("ximenez guadalupe", 5),
        ("guadelupe jimenez", 5),
        ("fetherstone gwendolin", 6),
        ("gwen feather 12.03.2001", 6),
        ("abdul rahman nourbaksh", 7),
        ("nurbakhsh 1949-03-12", 7),
        ("5550033", 3),
        ("0912 5550077", 7),
        ("770000006", 6),
        ("featherstone storgata", 6),
        ("Mrs Featherstone", 6),
        ("خانم فرخزاد 1991", 2),
        ("g. featherstone", 6),
        ("featherstone2001", 6),
        ("farrokhzad 12 march 1986", 1),
        ("farrokhzad born 1986", 1),
        ("parisa b. 1986", 1),
        ("parisa '86", 1),
        ("parisa 12/3/86", 1),
        ("parisa 1364/12/21", 1),
        ("parisa ۱۳۶۴", 1),
        ("parisa 1986/3", 1),
        ("+44 (0)7700 900 066", 6),
        ("0044 7700900066", 6),
        ("770-000 006", 6),
        ("nourbakhsh 077", 7),
    ] {
        assert_eq!(first(&office, text), Some(person), "{text}");
    }
}

#[test]
fn the_right_person_comes_up_while_the_name_is_still_being_typed() {
    let office = office();
    let found = |text: &str| office.find(text).hits.iter().any(|hit| hit.person == 6);
    assert!(found("gwe"));
    assert!(found("gwendo fea"));
    assert!(found("feathe"));
}

fn relative(kinship: Kinship, gender: Option<Gender>, name: &str) -> Relative {
    Relative { role: Role { kinship, gender }, name: name.to_owned() }
}

/// Nika with mother and father, and another Nika with a sibling.
fn office_of_families() -> Office {
    let nika = "Nika Rostami";
    let person = |number, name: &str, related_names| Document {
        related_names,
        ..named(number, name, 1980, "+989125550099")
    };
    let (woman, man) = (Some(Gender::Woman), Some(Gender::Man));
    let mut office = office();
    office.put_all(&[
        person(
            20,
            nika,
            vec![
                relative(Kinship::Child, woman, "Zahra Tavakoli"),
                relative(Kinship::Child, woman, "Kamran Rostami"),
            ],
        ),
        person(
            21,
            "Zahra Tavakoli",
            vec![
                relative(Kinship::Parent, woman, nika),
                relative(Kinship::Spouse, woman, "Kamran Rostami"),
            ],
        ),
        person(
            22,
            "Kamran Rostami",
            vec![
                relative(Kinship::Parent, man, nika),
                relative(Kinship::Spouse, man, "Zahra Tavakoli"),
            ],
        ),
        person(23, "Mina Ghasemi", vec![relative(Kinship::Sibling, None, "Nika Ghasemi")]),
    ]);
    office
}

#[test]
fn somebody_is_found_through_a_relative_in_several_languages() {
    let office = office_of_families();
    for (text, person) in [
        ("Nika's mother", 21),
        ("nika rostami’s mother", 21),
        ("mother of Nika Rostami", 21),
        ("nika mother", 21),
        ("nika's father", 22),
        ("Nikas Mutter", 21),
        ("Mutter von Nika", 21),
        ("mère de nika", 21),
        ("madre de Nika", 21),
        ("Nika'nın annesi", 21),
        ("مادر نیکا", 21),
        ("پدر نیکا رستمی", 22),
        ("daughter of zahra tavakoli", 20),
        ("wife of kamran rostami", 21),
        ("kamran's wife", 21),
        ("nika ghasemi's sister", 23),
        ("nika ghasemi's brother", 23),
        ("nika rostami", 20),
    ] {
        assert_eq!(first(&office, text), Some(person), "{text}");
    }
    let hit = office.find("Nika's mother").hits.into_iter().next().unwrap();
    let why = hit.evidence.iter().find(|why| why.typed == "mother").unwrap();
    assert_eq!((why.field, why.matched.as_str()), (Field::Related, "mother of nika rostami"));
}

#[test]
fn the_keyboard_may_have_been_set_to_another_layout() {
    let mut office = office();
    office.put_all(&[
        named(30, "Анна Иванова", 1980, "+79125550099"),
        named(31, "محمد جوادی", 1975, "+989125550098"),
    ]);
    for (text, person) in [
        ("mvdsh", 2),
        ("lpln [,hnd", 31),
        ("lpln [,hnd 1975", 31),
        ("حشقهسش بشققخناظشی", 1),
        ("bdfyjdf fyyf", 30),
        ("lpl", 31),
    ] {
        assert_eq!(first(&office, text), Some(person), "{text}");
    }
    let hit = office.find("lpln [,hnd").hits.into_iter().next().unwrap();
    assert!(hit.evidence.iter().all(|why| why.closeness == Closeness::Layout));
    assert!(hit.evidence.iter().any(|why| why.typed == "محمد"));
}

#[test]
fn a_relative_finds_the_household() {
    let mut office = office();
    office.put(&Document {
        person: 8,
        names: vec!["Zahra Ahmadpour".to_owned()],
        related_names: vec![relative(Kinship::Kin, None, "Nika Mohammadi")],
        ..Document::default()
    });
    let found = office.find("zahra nika");
    let hit = found.hits.first().unwrap();
    assert_eq!(hit.person, 8);
    assert!(hit.evidence.iter().any(|why| why.field == Field::Related && why.matched == "nika"));
}

#[test]
fn evidence_says_field_and_nearness() {
    let office = office();
    let hit = office.find("fetherstone 2002 0066").hits.into_iter().next().unwrap();
    let said = |field| hit.evidence.iter().find(|why: &&Evidence| why.field == field).unwrap();
    assert_eq!(said(Field::Name).closeness, Closeness::Off(1));
    assert_eq!(said(Field::Name).matched, "featherstone");
    assert_eq!(said(Field::BirthYear).closeness, Closeness::Years(-1));
    assert_eq!(said(Field::Telephone).closeness, Closeness::End);
}

#[test]
fn in_an_office_of_two_the_one_meant_is_first() {
    let mut office = Office::default();
    office.put(&named(1, "Ada Marrow", 1970, "+447700900001"));
    office.put(&named(2, "Ada Barrow", 1971, "+447700900002"));
    assert_eq!(first(&office, "ada marrow"), Some(1));
    assert_eq!(first(&office, "ada 1971"), Some(2));
    assert_eq!(first(&office, "ada 0002"), Some(2));
    assert_eq!(office.find("ada").hits.len(), 2);
}

#[test]
fn every_reason_given_is_true_of_the_person() {
    let mut chance = chances(31);
    let people: Vec<Document> = (1..400).map(|number| person(number, &mut chance)).collect();
    let mut office = Office::default();
    office.put_all(&people);
    for meant in people.iter().step_by(7) {
        let year = meant.birth_date.map_or(1950, |date| date.year);
        let telephone = &meant.telephones[0];
        let text =
            format!("{} {year} {}", meant.names[0], telephone.get(telephone.len() - 4..).unwrap());
        for hit in office.find(&text).hits {
            let is = people.iter().find(|is| is.person == hit.person).unwrap();
            assert_true_of(&hit, is);
        }
    }
}

fn assert_true_of(hit: &Hit, is: &Document) {
    for why in &hit.evidence {
        let has_word = |texts: &[String]| {
            texts.iter().flat_map(|text| words(text)).any(|word| word == why.matched)
        };
        let has_number = |texts: &[String]| texts.iter().any(|text| normalise(text) == why.matched);
        let year = is.birth_date.map(|date| format!("{:04}", date.year)).unwrap_or_default();
        let holds = match why.field {
            Field::Name => has_word(&is.names),
            Field::OtherName => has_word(&is.other_names),
            Field::Related => is
                .related_names
                .iter()
                .any(|relative| has_word(std::slice::from_ref(&relative.name))),
            Field::Address => has_word(&is.addresses),
            Field::BirthYear | Field::BirthDate => why.matched.starts_with(&year),
            Field::Telephone => has_number(&is.telephones),
            Field::Id => has_number(&is.ids),
        };
        assert!(holds, "{why:?} of {is:?}");
        let is_near = match why.closeness {
            Closeness::Exact | Closeness::Start | Closeness::End | Closeness::Inside => {
                why.matched.contains(why.typed.trim_start_matches('0'))
            }
            Closeness::StartOff(_)
            | Closeness::Begin(_)
            | Closeness::Part(_)
            | Closeness::Off(_)
            | Closeness::Sound
            | Closeness::Script
            | Closeness::Turned
            | Closeness::Layout
            | Closeness::Years(_) => why.matched != why.typed,
        };
        assert!(is_near, "{why:?}");
    }
}

#[test]
fn any_text_answers() {
    let office = office();
    for text in [
        String::new(),
        " ".to_owned(),
        "\u{301}\u{302}\u{303}".to_owned(),
        "9".repeat(10_000),
        "a".repeat(10_000),
        "ab ".repeat(5_000),
        "محمد".repeat(3_000),
        "----....////".to_owned(),
        "\u{202e}\u{0}\u{1b}[31m".to_owned(),
        "99999-99-99 0/0/0 1-1-1".to_owned(),
        "🦀 🧑🏽‍🚀 日本語 한국어".to_owned(),
        "+".to_owned(),
        "0000".to_owned(),
        "1 2 3 4 5 6 7 8 9 0 1 2 3".to_owned(),
    ] {
        let _ = office.find(&text);
    }
    assert!(office.find("qqqqxxxx").hits.is_empty());
}

#[test]
fn a_number_is_found_among_many_that_begin_like_it() {
    let mut office = Office::default();
    let people = (0..1_200).map(|number| {
        let telephone = format!("+98912{:07}", 1_000_000 + number * 37);
        named(number, "Sara Karimi", 1970, &telephone)
    });
    office.put_all(&people.collect::<Vec<_>>());
    for number in [0, 600, 1_199] {
        let telephone = format!("+98912{:07}", 1_000_000 + number * 37);
        assert_eq!(first(&office, &telephone), Some(number), "{telephone}");
        let ending = telephone.get(telephone.len() - 7..).unwrap();
        assert_eq!(first(&office, ending), Some(number), "{ending}");
    }
}

#[test]
fn a_name_that_nobody_had_for_a_while_is_found_again() {
    let mut office = office();
    let zbigniew = named(900, "Zbigniew Quist", 1970, "+4790000900");
    office.put(&zbigniew);
    office.remove(900);
    let mut dictionary = Dictionary::load(&office).unwrap();
    office.put(&zbigniew);
    dictionary.refresh(&office).unwrap();
    let found = office.find_with(&dictionary, "zbigniew quist").hits;
    assert_eq!(found.first().map(|hit| hit.person), Some(900));
}

#[test]
fn a_form_of_address_and_a_postcode_without_its_blank_do_not_change_who_is_first() {
    let mut office = office();
    let mut smythe = named(901, "Will Smythe", 1961, "+447000000901");
    smythe.addresses = vec!["12 Mill Lane, W7 3AB".to_owned()];
    let samadi = named(902, "صمتی خزعلی", 1961, "+447000000902");
    let mr = named(903, "Smita Mersmith", 1961, "+447000000903");
    office.put_all(&[smythe, samadi, mr]);
    for text in ["smythe", "Mr Smythe", "Smythe, Mr", "dr smythe", "w73ab", "W7 3AB"] {
        assert_eq!(first(&office, text), Some(901), "{text}");
    }
    assert_eq!(office.find("99999999").considered, 0, "nobody is counted who has nothing of it");
}
