//! Masking: a number shows enough to be recognised by whoever knows it, and too little to be learnt.

use crate::domain::cases::Channel;
use crate::text::country_digits;

/// An identity number: its first two and last three characters.
pub(super) fn identity(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() <= 6 {
        return "*".repeat(letters.len().max(4));
    }
    let tail = letters.len() - 3;
    letters
        .iter()
        .enumerate()
        .map(|(at, letter)| if at < 2 || at >= tail { *letter } else { '*' })
        .collect()
}

/// A telephone number: its country code, if it has one, and its last four digits.
pub(super) fn telephone(value: &str) -> String {
    let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    if digits.len() <= 6 {
        return format!("***{}", tail.chars().skip(2).collect::<String>());
    }
    match value.strip_prefix('+') {
        Some(rest) => {
            let rest: String = rest.chars().filter(char::is_ascii_digit).collect();
            format!("+{} ***{tail}", rest.get(..country_digits(&rest)).unwrap_or_default())
        }
        None => format!("***{tail}"),
    }
}

/// An e-mail address: the first letter of its local part, and its domain.
pub(super) fn email(value: &str) -> String {
    match value.split_once('@') {
        Some((local, domain)) => {
            format!("{}***@{domain}", local.chars().take(1).collect::<String>())
        }
        None => "***".to_owned(),
    }
}

/// Where something goes by a way: numbers and e-mail addresses masked, an address in the town as it is.
pub(super) fn address(channel: Channel, value: &str) -> String {
    match channel {
        _ if value.is_empty() => String::new(),
        Channel::Sms | Channel::Fax | Channel::Telephone => telephone(value),
        Channel::Email | Channel::Online => email(value),
        Channel::Letter | Channel::WalkIn | Channel::Kiosk | Channel::Audience => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_the_ends_and_nothing_of_a_short_number() {
        assert_eq!(identity("0012345312"), "00*****312");
        assert_eq!(identity("1234"), "****");
        assert_eq!(telephone("+989121234411"), "+98 ***4411");
        assert_eq!(telephone("07700900123"), "***0123");
        assert_eq!(telephone("12345"), "***45");
        assert_eq!(email("sara@example.org"), "s***@example.org");
    }
}
