//! Digits: those of other scripts read as Latin ones, and where the country code of a telephone number ends.

/// The first digits of the Arabic, Persian and full-width rows (Unicode, decimal digits).
const ROWS: [u32; 3] = [0x0660, 0x06f0, 0xff10];

/// A text with the Arabic, Persian and full-width digits replaced by 0 to 9, and everything else as it was.
#[must_use]
pub fn latin_digits(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let code = u32::from(letter);
            let digit =
                ROWS.iter().find_map(|row| code.checked_sub(*row).filter(|digit| *digit < 10));
            digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter)
        })
        .collect()
}

/// How many digits the country code at the front of an international number has (ITU-T E.164: zones 1 and 7 have one
/// digit; the listed codes two; all others three).
#[must_use]
pub fn country_digits(digits: &str) -> usize {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    if digits.starts_with(['1', '7']) {
        1
    } else if TWO.iter().any(|code| digits.starts_with(code)) {
        2
    } else {
        3
    }
}
