//! Joins the letters of the Arabic script, for terminals that show each cell alone.
//!
//! The presentation forms of Unicode hold the joined shapes of each letter of Arabic, Persian, Urdu and their neighbours,
//! one character each, so that a letter keeps its cell. Lam and alef are not made one, for that would lose a cell.

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const TATWEEL: char = '\u{0640}';

/// Letters that join to both sides: the letter, and the first of its four forms, which stand in the order alone, last,
/// first, between.
const JOINING_BOTH_SIDES: [(char, char); 56] = [
    ('ئ', '\u{FE89}'),
    ('ب', '\u{FE8F}'),
    ('ت', '\u{FE95}'),
    ('ث', '\u{FE99}'),
    ('ج', '\u{FE9D}'),
    ('ح', '\u{FEA1}'),
    ('خ', '\u{FEA5}'),
    ('س', '\u{FEB1}'),
    ('ش', '\u{FEB5}'),
    ('ص', '\u{FEB9}'),
    ('ض', '\u{FEBD}'),
    ('ط', '\u{FEC1}'),
    ('ظ', '\u{FEC5}'),
    ('ع', '\u{FEC9}'),
    ('غ', '\u{FECD}'),
    ('ف', '\u{FED1}'),
    ('ق', '\u{FED5}'),
    ('ك', '\u{FED9}'),
    ('ل', '\u{FEDD}'),
    ('م', '\u{FEE1}'),
    ('ن', '\u{FEE5}'),
    ('ه', '\u{FEE9}'),
    ('ي', '\u{FEF1}'),
    ('ٹ', '\u{FB66}'),
    ('ٺ', '\u{FB5E}'),
    ('ٻ', '\u{FB52}'),
    ('پ', '\u{FB56}'),
    ('ٿ', '\u{FB62}'),
    ('ڀ', '\u{FB5A}'),
    ('ڃ', '\u{FB76}'),
    ('ڄ', '\u{FB72}'),
    ('چ', '\u{FB7A}'),
    ('ڇ', '\u{FB7E}'),
    ('ڤ', '\u{FB6A}'),
    ('ڦ', '\u{FB6E}'),
    ('ک', '\u{FB8E}'),
    ('ڭ', '\u{FBD3}'),
    ('گ', '\u{FB92}'),
    ('ڱ', '\u{FB9A}'),
    ('ڳ', '\u{FB96}'),
    ('ڻ', '\u{FBA0}'),
    ('ھ', '\u{FBAA}'),
    ('ہ', '\u{FBA6}'),
    ('ی', '\u{FBFC}'),
    ('ې', '\u{FBE4}'),
    // These have no forms of their own and are shown as typed; the letters beside them join to them.
    ('ځ', 'ځ'),
    ('څ', 'څ'),
    ('ښ', 'ښ'),
    ('ڵ', 'ڵ'),
    ('ێ', 'ێ'),
    ('ټ', 'ټ'),
    ('ګ', 'ګ'),
    ('ڼ', 'ڼ'),
    ('ڪ', 'ڪ'),
    ('ڠ', 'ڠ'),
    ('ڽ', 'ڽ'),
];

/// Letters that join to the one before them only, and the first of their two forms: alone, last.
const JOINING_BACKWARDS: [(char, char); 34] = [
    ('آ', '\u{FE81}'),
    ('أ', '\u{FE83}'),
    ('ؤ', '\u{FE85}'),
    ('إ', '\u{FE87}'),
    ('ا', '\u{FE8D}'),
    ('ة', '\u{FE93}'),
    ('د', '\u{FEA9}'),
    ('ذ', '\u{FEAB}'),
    ('ر', '\u{FEAD}'),
    ('ز', '\u{FEAF}'),
    ('و', '\u{FEED}'),
    ('ى', '\u{FEEF}'),
    ('ٱ', '\u{FB50}'),
    ('ڈ', '\u{FB88}'),
    ('ڌ', '\u{FB84}'),
    ('ڍ', '\u{FB82}'),
    ('ڎ', '\u{FB86}'),
    ('ڑ', '\u{FB8C}'),
    ('ژ', '\u{FB8A}'),
    ('ں', '\u{FB9E}'),
    ('ۀ', '\u{FBA4}'),
    ('ے', '\u{FBAE}'),
    ('ۓ', '\u{FBB0}'),
    ('ۅ', '\u{FBE0}'),
    ('ۆ', '\u{FBD9}'),
    ('ۇ', '\u{FBD7}'),
    ('ۈ', '\u{FBDB}'),
    ('ۉ', '\u{FBE2}'),
    ('ۋ', '\u{FBDE}'),
    // These have no forms of their own.
    ('ډ', 'ډ'),
    ('ړ', 'ړ'),
    ('ڕ', 'ڕ'),
    ('ږ', 'ږ'),
    ('ۃ', 'ۃ'),
];

/// How a letter joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joining {
    Nothing,
    /// To both sides, with the first of four forms.
    Both(char),
    /// To the letter before it, with the first of two forms.
    Backwards(char),
    /// A stroke between letters.
    Stroke,
}

/// The clusters of a text in the shapes that they have beside each other, in the order in which they were typed.
pub(super) fn shaped(clusters: &[&str]) -> Vec<String> {
    let joinings: Vec<Joining> = clusters.iter().map(|cluster| joining(cluster)).collect();
    let mut shaped = Vec::with_capacity(clusters.len());
    let mut is_joined_before = false;
    for (at, cluster) in clusters.iter().enumerate() {
        let (own, next) = (joinings.get(at), joinings.get(at + 1));
        let own = own.copied().unwrap_or(Joining::Nothing);
        let next = next.copied().unwrap_or(Joining::Nothing);
        let is_joined_after = matches!(own, Joining::Both(_) | Joining::Stroke)
            && !cluster.contains(ZERO_WIDTH_NON_JOINER)
            && (next != Joining::Nothing || cluster.contains(ZERO_WIDTH_JOINER));
        let form = match (own, is_joined_before, is_joined_after) {
            (Joining::Both(first), before, after) => form(first, before, after),
            (Joining::Backwards(first), before, _) => form(first, before, false),
            (Joining::Nothing | Joining::Stroke, _, _) => None,
        };
        shaped.push(form.map_or_else(|| (*cluster).to_owned(), |form| with_base(cluster, form)));
        is_joined_before = is_joined_after;
    }
    shaped
}

fn joining(cluster: &str) -> Joining {
    let Some(letter) = cluster.chars().next() else { return Joining::Nothing };
    let first = |table: &[(char, char)]| {
        table.iter().find(|(other, _)| *other == letter).map(|(_, first)| *first)
    };
    if letter == TATWEEL {
        return Joining::Stroke;
    }
    if !('\u{0620}'..='\u{06FF}').contains(&letter) {
        return Joining::Nothing;
    }
    first(&JOINING_BOTH_SIDES)
        .map(Joining::Both)
        .or_else(|| first(&JOINING_BACKWARDS).map(Joining::Backwards))
        .unwrap_or(Joining::Nothing)
}

/// The form of a letter; nothing where it has none of its own.
fn form(first: char, is_joined_before: bool, is_joined_after: bool) -> Option<char> {
    let step = u32::from(is_joined_before) + 2 * u32::from(is_joined_after);
    let has_forms = first >= '\u{FB50}';
    has_forms.then(|| char::from_u32(u32::from(first) + step)).flatten()
}

/// The cluster with another base under its marks. A joiner has done its work: a terminal that shows cells alone would
/// draw it as a box.
fn with_base(cluster: &str, base: char) -> String {
    let marks = cluster.chars().skip(1);
    let marks = marks.filter(|mark| !matches!(*mark, ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER));
    std::iter::once(base).chain(marks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_segmentation::UnicodeSegmentation as _;

    fn shape(text: &str) -> String {
        shaped(&text.graphemes(true).collect::<Vec<_>>()).concat()
    }

    #[test]
    fn every_form_is_a_form_of_its_letter_and_no_letter_is_there_twice() {
        let both = JOINING_BOTH_SIDES.iter().map(|(letter, first)| (letter, first, 4));
        let backwards = JOINING_BACKWARDS.iter().map(|(letter, first)| (letter, first, 2));
        let mut seen = std::collections::BTreeSet::new();
        for (letter, first, forms) in both.chain(backwards) {
            assert!(seen.insert(letter), "{letter} twice");
            if first == letter {
                continue;
            }
            for step in 0..forms {
                let form = char::from_u32(u32::from(*first) + step).unwrap();
                assert_eq!(form.nfkc().collect::<String>(), letter.nfkc().collect::<String>());
            }
        }
    }

    #[test]
    fn letters_join_to_those_beside_them() {
        assert_eq!(shape("سارا"), "\u{FEB3}\u{FE8E}\u{FEAD}\u{FE8D}");
        assert_eq!(shape("پچژگکی"), "\u{FB58}\u{FB7D}\u{FB8B}\u{FB94}\u{FB91}\u{FBFD}");
        assert_eq!(shape("لا"), "\u{FEDF}\u{FE8E}", "two letters in two cells");
        assert_eq!(shape("ب"), "\u{FE8F}");
        assert_eq!(shape("abc 12 שלום"), "abc 12 שלום");
    }

    #[test]
    fn a_non_joiner_parts_two_letters_and_marks_part_none() {
        assert_eq!(shape("می\u{200C}خواهم").chars().nth(1), Some('\u{FBFD}'));
        assert_eq!(shape("بِب"), "\u{FE91}\u{0650}\u{FE90}");
        assert_eq!(shape("ه\u{200D}"), "\u{FEEB}");
        assert_eq!(shape("بـ"), "\u{FE91}ـ");
    }
}
