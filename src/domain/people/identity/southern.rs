//! The identity numbers of Türkiye and Spain.

use super::figures::{digits, invalid, right_length, verdict, weighted, wrong_check};
use crate::domain::people::Verdict;
use crate::domain::time::Day;

/// T.C. Kimlik Numarası: eleven digits, the last two check the others (Nüfus ve Vatandaşlık İşleri).
pub(super) fn tckn(value: &str, _today: Day) -> Verdict {
    verdict(read_tckn(value))
}

fn read_tckn(value: &str) -> Result<Verdict, Verdict> {
    const NAME: &str = "T.C. Kimlik number";
    let digits = digits::<11>(value, NAME)?;
    if digits.first() == Some(&0) {
        return Err(invalid("A T.C. Kimlik number does not begin with 0."));
    }
    let odd = weighted(&digits, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(&digits, &[0, 1, 0, 1, 0, 1, 0, 1]);
    // 80 is a multiple of ten that is larger than the four even digits together.
    let tenth = (odd * 7 + 80 - even) % 10;
    let eleventh = digits.iter().take(10).sum::<u32>() % 10;
    let [.., given_tenth, given_eleventh] = digits;
    if (given_tenth, given_eleventh) != (tenth, eleventh) {
        return Err(wrong_check(NAME, "last two digits"));
    }
    Ok(Verdict::Valid)
}

/// The letters of the DNI, by the remainder of the number divided by 23.
const DNI_LETTERS: &str = "TRWAGMYFPDXBNJZSQVHLCKE";

/// Documento Nacional de Identidad: eight digits and the letter that checks them (Ministerio del Interior).
pub(super) fn dni(value: &str, _today: Day) -> Verdict {
    verdict(read_dni(value))
}

fn read_dni(value: &str) -> Result<Verdict, Verdict> {
    right_length(value, 9, "DNI", "signs, eight digits and a letter")?;
    let mut letters = value.chars();
    let last = letters.next_back();
    let digits = digits::<8>(letters.as_str(), "DNI before its letter")?;
    let number = digits.iter().fold(0, |number, digit| number * 10 + digit);
    let place = usize::try_from(number % 23).unwrap_or_default();
    match last {
        Some(letter) if !letter.is_ascii_uppercase() => {
            Err(invalid("A DNI ends with a letter, and this ends with another sign."))
        }
        letter if letter == DNI_LETTERS.chars().nth(place) => Ok(Verdict::Valid),
        _ => Err(wrong_check("DNI", "letter")),
    }
}
