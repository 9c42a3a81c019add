//! What one person is to another: the words for it in several languages, and the token that stands for it in the index.

/// A relation, seen from the person who is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kinship {
    /// Mother or father.
    Parent,
    /// Daughter or son.
    Child,
    /// Wife, husband or partner.
    Spouse,
    /// Sister or brother.
    Sibling,
    /// Parent of a parent.
    Grandparent,
    /// Child of a child.
    Grandchild,
    /// Guardian.
    Guardian,
    /// Under somebody's guardianship.
    Ward,
    /// Other family, or of the same household.
    Kin,
}

/// What a word such as "mother" says beyond the relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// A mother, a daughter, a sister.
    Woman,
    /// A father, a son, a brother.
    Man,
}

use Gender::{Man, Woman};
use Kinship::{Child, Grandchild, Grandparent, Guardian, Kin, Parent, Sibling, Spouse, Ward};

impl Gender {
    /// Reads a gender as documents give it; nothing where the text is none of the usual words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const WOMEN: [&str; 14] = [
            "f", "w", "female", "woman", "weiblich", "frau", "kadin", "femme", "feminin",
            "femenino", "mujer", "زن", "مونث", "انثی",
        ];
        const MEN: [&str; 12] = [
            "m",
            "male",
            "man",
            "mannlich",
            "mann",
            "erkek",
            "homme",
            "masculin",
            "masculino",
            "hombre",
            "مرد",
            "ذکر",
        ];
        let folded = super::fold::normalise(text);
        let is_in = |words: &[&str]| words.contains(&folded.as_str());
        if is_in(&WOMEN) {
            Some(Woman)
        } else if is_in(&MEN) {
            Some(Man)
        } else {
            None
        }
    }
}

/// What the person of a document is to somebody: "the mother of".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role {
    /// The relation.
    pub kinship: Kinship,
    /// The gender of the person of the document, where it is known.
    pub gender: Option<Gender>,
}

const KINSHIPS: [Kinship; 9] =
    [Parent, Child, Spouse, Sibling, Grandparent, Grandchild, Guardian, Ward, Kin];
const GENDERS: [Option<Gender>; 3] = [None, Some(Woman), Some(Man)];
/// The first of the tokens: of private use, so that no folded name can hold one.
const TOKENS_FROM: u32 = 0xe000;

impl Role {
    /// Every role.
    fn all() -> impl Iterator<Item = Self> {
        KINSHIPS.into_iter().flat_map(|kinship| GENDERS.map(|gender| Self { kinship, gender }))
    }

    /// The word that stands for the role in the index, before the name of the other person; it never changes.
    pub(super) fn token(self) -> String {
        let place = Self::all().position(|role| role == self).unwrap_or_default();
        u32::try_from(place)
            .ok()
            .and_then(|place| char::from_u32(TOKENS_FROM + place))
            .map(String::from)
            .unwrap_or_default()
    }

    /// The role that a word of the index stands for.
    pub(super) fn of_token(word: &str) -> Option<Self> {
        let place = u32::from(word.chars().next()?).checked_sub(TOKENS_FROM)?;
        Self::all().nth(usize::try_from(place).ok()?)
    }

    /// The English word for the role.
    #[must_use]
    pub fn label(self) -> &'static str {
        match (self.kinship, self.gender) {
            (Parent, None) => "parent",
            (Parent, Some(Woman)) => "mother",
            (Parent, Some(Man)) => "father",
            (Child, None) => "child",
            (Child, Some(Woman)) => "daughter",
            (Child, Some(Man)) => "son",
            (Spouse, None) => "spouse",
            (Spouse, Some(Woman)) => "wife",
            (Spouse, Some(Man)) => "husband",
            (Sibling, None) => "sibling",
            (Sibling, Some(Woman)) => "sister",
            (Sibling, Some(Man)) => "brother",
            (Grandparent, None) => "grandparent",
            (Grandparent, Some(Woman)) => "grandmother",
            (Grandparent, Some(Man)) => "grandfather",
            (Grandchild, None) => "grandchild",
            (Grandchild, Some(Woman)) => "granddaughter",
            (Grandchild, Some(Man)) => "grandson",
            (Guardian, _) => "guardian",
            (Ward, _) => "ward",
            (Kin, _) => "kin",
        }
    }

    /// The roles of the index that somebody may have who is spoken of as `self`.
    pub(super) fn accepted(self) -> impl Iterator<Item = Self> {
        Self::all().filter(move |role| {
            let is_gender =
                self.gender.is_none() || role.gender.is_none() || self.gender == role.gender;
            is_gender && (self.kinship == role.kinship || self.kinship == Kin)
        })
    }
}

/// A person whom the person of a document belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// What the person of the document is to the other.
    pub role: Role,
    /// The other's name.
    pub name: String,
}

/// The roles that a folded word can name.
pub(super) fn named(word: &str) -> Option<Role> {
    WORDS.iter().find_map(|&(kinship, gender, words)| {
        words.split(' ').any(|known| known == word).then_some(Role { kinship, gender })
    })
}

/// Whether a word may stand between a role and the name: "mother of Nika".
pub(super) fn is_joint(word: &str) -> bool {
    matches!(word, "of" | "to" | "von" | "der" | "des" | "de" | "du" | "di" | "del" | "della" | "d")
}

/// Words for roles, folded, of English, German, French, Spanish, Italian, Turkish, Persian and Arabic. Words that many
/// people are called by (Anne, Baba, Ibn, Bint) are left out.
const WORDS: [(Kinship, Option<Gender>, &str); 22] = [
    (
        Parent,
        Some(Woman),
        "mother mum mom mummy mutter mere maman madre annesi annem مادر مامان والده",
    ),
    (Parent, Some(Man), "father dad daddy vater papa pere padre babasi babam پدر والد"),
    (Parent, None, "parent parents eltern elternteil genitore ebeveyn ebeveyni والدین"),
    (Child, Some(Woman), "daughter tochter fille hija figlia kizi دختر"),
    (Child, Some(Man), "son sohn fils hijo figlio oglu پسر"),
    (Child, None, "child children kid kind kinder enfant cocuk cocugu فرزند بچه طفل"),
    (Spouse, Some(Woman), "wife ehefrau gattin epouse femme esposa mujer moglie karisi زن زوجه"),
    (Spouse, Some(Man), "husband ehemann gatte epoux mari esposo marido marito kocasi شوهر زوج"),
    (Spouse, None, "spouse partner ehepartner partnerin conjoint conjointe coniuge esi همسر"),
    (Sibling, Some(Woman), "sister schwester soeur hermana sorella ablasi خواهر اخت شقیقه"),
    (Sibling, Some(Man), "brother bruder frere hermano fratello abisi agabeyi برادر شقیق"),
    (Sibling, None, "sibling siblings geschwister kardes kardesi"),
    (
        Grandparent,
        Some(Woman),
        "grandmother grandma granny grossmutter oma abuela nonna buyukannesi ninesi مادربزرگ جده",
    ),
    (
        Grandparent,
        Some(Man),
        "grandfather grandpa grandad grossvater opa abuelo nonno buyukbabasi dedesi پدربزرگ",
    ),
    (Grandparent, None, "grandparent grandparents grosseltern"),
    (Grandchild, Some(Woman), "granddaughter enkelin nieta حفیده"),
    (Grandchild, Some(Man), "grandson nieto حفید"),
    (Grandchild, None, "grandchild enkel torunu نوه"),
    (Guardian, None, "guardian vormund tuteur tutrice tutor tutora vasisi قیم وصی"),
    (Ward, None, "mundel pupille"),
    (Kin, None, "relative relatives family kin household verwandte familie famille familia"),
    (Kin, None, "famiglia akrabasi ailesi خانواده عایله"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::normalise;

    #[test]
    fn every_role_has_a_token_that_no_name_can_hold() {
        for role in Role::all() {
            let token = role.token();
            assert_eq!(Role::of_token(&token), Some(role));
            assert_eq!(normalise(&token), "");
        }
        assert_eq!(Role::of_token("sara"), None);
        assert_eq!(Role::of_token(""), None);
    }

    #[test]
    fn words_for_roles_are_folded_and_mean_one_role_each() {
        let words: Vec<&str> = WORDS.iter().flat_map(|(.., words)| words.split(' ')).collect();
        for word in &words {
            assert_eq!(normalise(word), *word);
            assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word}");
        }
        assert_eq!(Gender::parse("Weiblich"), Some(Woman));
        assert_eq!(Gender::parse("مرد"), Some(Man));
        assert_eq!(Gender::parse("not said"), None);
    }
}
