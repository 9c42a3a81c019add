//! The identity numbers of Mexico and the United States.

use super::figures::{day, digits, invalid, pair, right_length, verdict, wrong_check};
use crate::domain::people::Verdict;
use crate::domain::time::Day;

/// Beginnings that the register changes to others (RENAPO, Instructivo Normativo, annex 2).
const CHANGED_WORDS: [&str; 81] = [
    "BACA", "BAKA", "BUEI", "BUEY", "CACA", "CACO", "CAGA", "CAGO", "CAKA", "CAKO", "COGE", "COGI",
    "COJA", "COJE", "COJI", "COJO", "COLA", "CULO", "FALO", "FETO", "GETA", "GUEI", "GUEY", "JETA",
    "JOTO", "KACA", "KACO", "KAGA", "KAGO", "KAKA", "KAKO", "KOGE", "KOGI", "KOJA", "KOJE", "KOJI",
    "KOJO", "KOLA", "KULO", "LILO", "LOCA", "LOCO", "LOKA", "LOKO", "MAME", "MAMO", "MEAR", "MEAS",
    "MEON", "MIAR", "MION", "MOCO", "MOKO", "MULA", "MULO", "NACA", "NACO", "PEDA", "PEDO", "PENE",
    "PIPI", "PITO", "POPO", "PUTA", "PUTO", "QULO", "RATA", "ROBA", "ROBE", "ROBO", "RUIN", "SENO",
    "TETA", "VACA", "VAGA", "VAGO", "VAKA", "VUEI", "VUEY", "WUEI", "WUEY",
];

/// The federal entities of birth; NE is abroad.
const ENTITIES: [&str; 33] = [
    "AS", "BC", "BS", "CC", "CH", "CL", "CM", "CS", "DF", "DG", "GR", "GT", "HG", "JC", "MC", "MN",
    "MS", "NE", "NL", "NT", "OC", "PL", "QR", "QT", "SL", "SP", "SR", "TC", "TL", "TS", "VZ", "YN",
    "ZS",
];

/// What each sign counts in the check of a CURP.
const CURP_SIGNS: &str = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
/// What each sign counts in the check of an RFC.
const RFC_SIGNS: &str = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
/// The check signs of an RFC.
const RFC_CHECKS: &str = "0123456789A";

/// The signs of a key, and parts of it by place.
struct Key(Vec<char>);

impl Key {
    fn part(&self, from: usize, to: usize) -> &[char] {
        self.0.get(from..to).unwrap_or_default()
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.part(from, to).iter().collect()
    }

    /// Year, month and day of the six digits at a place.
    fn date(&self, at: usize, name: &str) -> Result<(u32, u32, u32), Verdict> {
        let digits = digits::<6>(&self.text(at, at + 6), &format!("{name}'s date")).map_err(
            |_said_of_digits| invalid(format!("Six digits are missing where a {name} has a date.")),
        )?;
        Ok((pair(&digits, 0), pair(&digits, 2), pair(&digits, 4)))
    }
}

/// The sum of what signs count, the first with the largest weight; none where a sign counts nothing.
fn sum(signs: &[char], counts: &str, first_weight: usize) -> Option<usize> {
    let weights = (0..=first_weight).rev();
    let counted = signs.iter().zip(weights).map(|(sign, weight)| {
        counts.chars().position(|known| known == *sign).map(|count| count * weight)
    });
    counted.sum()
}

/// CURP: four letters of the names, the date of birth, sex, entity of birth, three letters, a sign that keeps two people
/// apart, and a check digit (RENAPO).
pub(super) fn curp(value: &str, _today: Day) -> Verdict {
    verdict(read_curp(value))
}

fn read_curp(value: &str) -> Result<Verdict, Verdict> {
    right_length(value, 18, "CURP", "letters and digits")?;
    let key = Key(value.chars().collect());
    let is_letter = |letter: &char| letter.is_ascii_uppercase() || *letter == 'Ñ';
    if !key.part(0, 4).iter().all(is_letter) {
        return Err(invalid("A CURP begins with four letters of the names."));
    }
    if CHANGED_WORDS.contains(&key.text(0, 4).as_str()) {
        return Err(invalid(
            "A CURP does not begin with this word: the register puts an X for its second letter.",
        ));
    }
    let (year, month, day_of_month) = key.date(4, "CURP")?;
    let [apart, check] = key.part(16, 18) else {
        return Err(invalid("A CURP ends with two signs of its own."));
    };
    // Whoever was born before 2000 has a digit there, and a letter later.
    let century = if apart.is_ascii_digit() { 1900 } else { 2000 };
    if day(century + year, month, day_of_month).is_none() {
        return Err(invalid("There is no such day of birth as this CURP has at its fifth sign."));
    }
    if !matches!(key.part(10, 11), ['H' | 'M' | 'X']) {
        return Err(invalid("The eleventh sign of a CURP is H, M or X."));
    }
    if !ENTITIES.contains(&key.text(11, 13).as_str()) {
        return Err(invalid("The signs 12 and 13 of this CURP are no federal entity."));
    }
    if !key.part(13, 16).iter().all(is_letter) {
        return Err(invalid("The signs 14 to 16 of a CURP are letters."));
    }
    let counted = sum(key.part(0, 17), CURP_SIGNS, 18);
    let expected = counted.and_then(|sum| u32::try_from((10 - sum % 10) % 10).ok());
    if expected.is_none() || check.to_digit(10) != expected {
        return Err(wrong_check("CURP", "last digit"));
    }
    Ok(Verdict::Valid)
}

/// RFC: three or four letters, a date, and three signs of which the last checks the others (SAT). People may give theirs
/// without the three.
pub(super) fn rfc(value: &str, _today: Day) -> Verdict {
    verdict(read_rfc(value))
}

fn read_rfc(value: &str) -> Result<Verdict, Verdict> {
    let key = Key(value.chars().collect());
    let length = key.0.len();
    let letters = match length {
        10 | 13 => 4,
        12 => 3,
        _ => {
            return Err(invalid(format!(
                "An RFC has 13 signs, 12 for a company, or 10 without its end; this has {length}."
            )));
        }
    };
    let is_letter = |letter: &char| letter.is_ascii_uppercase() || "&Ñ".contains(*letter);
    if !key.part(0, letters).iter().all(is_letter) {
        return Err(invalid(format!("An RFC of this length begins with {letters} letters.")));
    }
    if CHANGED_WORDS.contains(&key.text(0, 4).as_str()) {
        return Err(invalid(
            "An RFC does not begin with this word: the register puts an X for its last letter.",
        ));
    }
    let (year, month, day_of_month) = key.date(letters, "RFC")?;
    if day(1900 + year, month, day_of_month).or(day(2000 + year, month, day_of_month)).is_none() {
        return Err(invalid("There is no such day as this RFC has behind its letters."));
    }
    if length == 10 {
        return Ok(Verdict::Valid);
    }
    let mut signs = vec![' '; 13_usize.saturating_sub(length)];
    signs.extend(key.part(0, length - 1));
    let expected =
        sum(&signs, RFC_SIGNS, 13).and_then(|sum| RFC_CHECKS.chars().nth((11 - sum % 11) % 11));
    if expected.is_none() || key.0.last() != expected.as_ref() {
        return Err(wrong_check("RFC", "last sign"));
    }
    Ok(Verdict::Valid)
}

/// Numbers that were printed in advertisements and given to thousands (Social Security Administration).
const PRINTED: [[u32; 9]; 3] =
    [[0, 7, 8, 0, 5, 1, 1, 2, 0], [2, 1, 9, 0, 9, 9, 9, 9, 9], [4, 5, 7, 5, 5, 5, 4, 6, 2]];

/// Social Security number: area, group and serial; it has no check digit (Social Security Administration).
pub(super) fn ssn(value: &str, _today: Day) -> Verdict {
    verdict(read_ssn(value))
}

fn read_ssn(value: &str) -> Result<Verdict, Verdict> {
    const NAME: &str = "Social Security number";
    let digits = digits::<9>(value, NAME)?;
    let number = |from: usize, to: usize| {
        digits.iter().take(to).skip(from).fold(0, |number, digit| number * 10 + digit)
    };
    if matches!(number(0, 3), 0 | 666 | 900..) {
        return Err(invalid(format!("No {NAME} begins with these three digits.")));
    }
    if number(3, 5) == 0 || number(5, 9) == 0 {
        return Err(invalid(format!("No {NAME} has a part that is all zeros.")));
    }
    if PRINTED.contains(&digits) {
        return Err(invalid(format!("This {NAME} was printed in advertisements and is nobody's.")));
    }
    Ok(Verdict::Valid)
}
