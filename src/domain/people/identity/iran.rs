//! Iran's national code.

use super::figures::{digits, invalid, verdict, weighted, wrong_check};
use crate::domain::people::Verdict;
use crate::domain::time::Day;

/// Kod-e melli: ten digits, the last checks the others modulo 11 (Sabt-e Ahval).
pub(super) fn code(value: &str, _today: Day) -> Verdict {
    verdict(read(value))
}

fn read(value: &str) -> Result<Verdict, Verdict> {
    const NAME: &str = "national code";
    // The code of a province with a leading zero is often written without it.
    let short = value.chars().count();
    if (8..10).contains(&short) && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid(format!(
            "A {NAME} has 10 digits, and this has {short}: type the zeros at its front as well."
        )));
    }
    let digits = digits::<10>(value, NAME)?;
    if digits.iter().all(|digit| Some(digit) == digits.first()) {
        return Err(invalid("A national code is not ten times the same digit."));
    }
    if digits.starts_with(&[0, 0, 0]) {
        return Err(invalid("No place has the code 000, with which this national code begins."));
    }
    let remainder = weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let expected = if remainder < 2 { remainder } else { 11 - remainder };
    let [.., check] = digits;
    if check != expected {
        return Err(wrong_check(NAME, "last digit"));
    }
    Ok(Verdict::Valid)
}
