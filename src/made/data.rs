//! The words that a made office is made of: names of five cultures, a town, what its citizens ask and what is answered.

use std::collections::BTreeMap;

use crate::domain::cases::Nature;

/// Where a made citizen's name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Culture {
    Mexican,
    Turkish,
    Norwegian,
    Persian,
    British,
}

impl Culture {
    /// The language that its people speak first, after BCP 47.
    pub(super) fn language(self) -> &'static str {
        match self {
            Self::Mexican => "es",
            Self::Turkish => "tr",
            Self::Norwegian => "nb",
            Self::Persian => "fa",
            Self::British => "en",
        }
    }
}

/// A name in Latin letters, and in its own script where that is another one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spelling {
    pub(super) latin: &'static str,
    pub(super) own: &'static str,
}

/// The names of one culture, the common ones first.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) female: Vec<Spelling>,
    pub(super) male: Vec<Spelling>,
    pub(super) family: Vec<Spelling>,
}

/// An area of the town and its streets.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) name: &'static str,
    pub(super) streets: Vec<&'static str>,
}

/// The units whose work citizens bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Housing,
    Education,
    Property,
    Social,
    Registry,
}

impl Home {
    /// Every one, the demo's own first.
    pub(super) const ALL: [Self; 5] =
        [Self::Housing, Self::Education, Self::Property, Self::Social, Self::Registry];

    /// The code of the unit.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Housing => "housing",
            Self::Education => "education",
            Self::Property => "property",
            Self::Social => "social",
            Self::Registry => "registry",
        }
    }

    /// The name of the unit.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Housing => "Housing",
            Self::Education => "Education",
            Self::Property => "Property",
            Self::Social => "Social",
            Self::Registry => "Registry",
        }
    }
}

/// A way in which something is asked: a sentence with blanks.
#[derive(Debug)]
pub(super) struct Wording {
    pub(super) nature: Nature,
    /// `en` unless it is said in another language.
    pub(super) language: &'static str,
    pub(super) text: &'static str,
}

/// What is given when a matter is granted: a service, and the least and most it comes to in minor units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant {
    pub(super) service: &'static str,
    pub(super) minor_min: i64,
    pub(super) minor_max: i64,
}

/// A subject, whose work it is, and how it is asked for.
#[derive(Debug)]
pub(super) struct Matter {
    pub(super) code: &'static str,
    pub(super) home: Home,
    pub(super) label: &'static str,
    pub(super) synonyms: Vec<&'static str>,
    pub(super) parent: Option<&'static str>,
    pub(super) grant: Option<Grant>,
    pub(super) wordings: Vec<Wording>,
}

/// Everything, read once.
#[derive(Debug)]
pub(super) struct Data {
    names: [(Culture, Names); 5],
    pub(super) areas: Vec<Area>,
    pub(super) matters: Vec<Matter>,
    phrases: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Data {
    /// Reads the lists that are part of the program.
    pub(super) fn read() -> Self {
        Self {
            names: [
                (Culture::Mexican, names(include_str!("data/mexican.txt"))),
                (Culture::Turkish, names(include_str!("data/turkish.txt"))),
                (Culture::Norwegian, names(include_str!("data/norwegian.txt"))),
                (Culture::Persian, names(include_str!("data/persian.txt"))),
                (Culture::British, names(include_str!("data/british.txt"))),
            ],
            areas: include_str!("data/town.txt").lines().filter_map(area).collect(),
            matters: matters(include_str!("data/matters.txt")),
            phrases: phrases(include_str!("data/phrases.txt")),
        }
    }

    /// The cultures and their names.
    pub(super) fn cultures(&self) -> &[(Culture, Names); 5] {
        &self.names
    }

    /// The phrases of a section; none where there is no such section.
    pub(super) fn phrases(&self, section: &str) -> &[&'static str] {
        self.phrases.get(section).map_or(&[], Vec::as_slice)
    }
}

fn names(text: &'static str) -> Names {
    let mut names = Names::default();
    for (kind, list) in text.lines().filter_map(|line| line.split_once(": ")) {
        let spelt = list.split(", ").map(|name| {
            let (latin, own) = name.split_once('=').unwrap_or((name, ""));
            Spelling { latin, own }
        });
        match kind {
            "female" => names.female = spelt.collect(),
            "male" => names.male = spelt.collect(),
            _ => names.family = spelt.collect(),
        }
    }
    names
}

fn area(line: &'static str) -> Option<Area> {
    let (name, streets) = line.split_once(": ")?;
    Some(Area { name, streets: streets.split(", ").collect() })
}

/// A subject's line begins with `=` and has code, unit, label, synonyms, parent and service; its wordings follow.
fn matters(text: &'static str) -> Vec<Matter> {
    let mut matters: Vec<Matter> = Vec::new();
    for line in text.lines() {
        if let Some(fields) = line.strip_prefix("= ") {
            let mut fields = fields.split(" | ");
            let mut next = || fields.next().unwrap_or_default();
            let (code, unit, label) = (next(), next(), next());
            matters.push(Matter {
                code,
                home: Home::ALL
                    .into_iter()
                    .find(|home| home.code() == unit)
                    .unwrap_or(Home::Housing),
                label,
                synonyms: next().split("; ").filter(|word| !word.is_empty()).collect(),
                parent: Some(next()).filter(|code| !code.is_empty()),
                grant: grant(next()),
                wordings: Vec::new(),
            });
        } else if let (Some(matter), Some((kind, text))) =
            (matters.last_mut(), line.split_once(' '))
        {
            let (nature, language) = kind.split_once('/').unwrap_or((kind, "en"));
            let nature = Nature::from_code(nature).unwrap_or(Nature::Information);
            matter.wordings.push(Wording { nature, language, text });
        }
    }
    matters
}

/// `rent subsidy 18000 42000`: words, the least and the most.
fn grant(text: &'static str) -> Option<Grant> {
    let (rest, most) = text.rsplit_once(' ')?;
    let (service, least) = rest.rsplit_once(' ')?;
    Some(Grant { service, minor_min: least.parse().ok()?, minor_max: most.parse().ok()? })
}

fn phrases(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut sections: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    let mut section = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else {
            sections.entry(section).or_default().push(line);
        }
    }
    sections
}
