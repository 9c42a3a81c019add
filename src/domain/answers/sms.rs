//! How long a text message is: septets of GSM 03.38, or units of UCS-2, and the parts that it is sent in.

/// The most parts that a message may have.
pub const SMS_PARTS_MAX: usize = 6;

/// Septets of a message in one part, and of each part of a longer one.
const SEPTETS: (usize, usize) = (160, 153);
/// UCS-2 units of a message in one part, and of each part of a longer one.
const UNITS: (usize, usize) = (70, 67);

/// The basic character set of GSM 03.38, without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: each of these takes two septets.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The length of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsLength {
    /// Septets or units.
    pub length: usize,
    /// What fits into as many parts as there are.
    pub room: usize,
    /// Parts.
    pub parts: usize,
    /// Whether it is written in GSM 03.38; else it is in UCS-2.
    pub is_gsm: bool,
}

/// Measures a text as a text message.
#[must_use]
pub fn sms_length(text: &str) -> SmsLength {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    let is_gsm = septets.is_some();
    let costs = septets.unwrap_or_else(|| text.chars().map(char::len_utf16).collect());
    let (single, each) = if is_gsm { SEPTETS } else { UNITS };
    let length: usize = costs.iter().sum();
    if length <= single {
        return SmsLength { length, room: single, parts: 1, is_gsm };
    }
    // A character is never cut in two: what does not fit into a part begins the next one.
    let (mut parts, mut used) = (1, 0);
    for cost in costs {
        if used + cost > each {
            parts += 1;
            used = 0;
        }
        used += cost;
    }
    SmsLength { length, room: parts * each, parts, is_gsm }
}

fn septets(letter: char) -> Option<usize> {
    if BASIC.contains(letter) {
        Some(1)
    } else if EXTENDED.contains(letter) {
        Some(2)
    } else {
        None
    }
}
