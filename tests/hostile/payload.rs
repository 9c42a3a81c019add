//! What somebody would write who wants to act on a terminal or on its reader, and how it is recognised where it arrived.

use unicode_width::UnicodeWidthStr as _;

/// Marks that pile up on one base at the most.
const PILE: usize = 10_000;
/// Characters of a flood, and marks of a pile that is looked at again and again.
const FLOOD: usize = 200;
/// Bytes of the longest line.
const LONG_BYTES: usize = 1024 * 1024;

/// Every hostile text, each as short as it is still hostile; piles and floods are last.
pub(super) fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = (0x00..0x20)
        .chain(0x7F..0xA0)
        .chain([0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E])
        .chain(0x200B..=0x200F)
        .chain(0x2028..=0x202E)
        .chain(0x2060..=0x206F)
        .chain([0x2E3B, 0x3164, 0xE000, 0xFDD0, 0xFDFD, 0xFE0F, 0xFEFF, 0xFFA0])
        .chain(0xFFF9..=0xFFFC)
        .chain([0xFFFE, 0x1_D173, 0x1_F3FB, 0xE_0001, 0xE_0041, 0xE_0100, 0xF_0000, 0x10_FFFF])
        .filter_map(char::from_u32)
        .map(|character| format!("{character}x"))
        .collect();
    pieces.extend(
        [
            "\u{1b}[2J\u{1b}[H",
            "\u{1b}]0;title\u{7}",
            "\u{1b}]52;c;aGk=\u{1b}\\",
            "\u{1b}P$q\u{1b}\\",
            "\u{9b}31m\u{9d}0;x\u{9c}",
            "paid\rnot ",
            "one\r\ntwo\nthree\ttabs",
            "می\u{200c}خواهم",
            "سارا abc \u{202e}12",
            "-- ESCALATE C-1   draft kept\n> Enter raise  Esc leave",
            "Claimed C-1 from Free.   u undoes",
            "漢字かな",
            "\u{1100}\u{1161}\u{11a8}\u{1100}\u{1100}\u{1100}",
            "🇳🇴🇳🇴🇳",
            "e\u{301}\u{20dd}",
        ]
        .map(str::to_owned),
    );
    pieces.push(String::from_utf8_lossy(b"\xed\xa0\x80 half of a pair").into_owned());
    pieces.push(pile(FLOOD));
    pieces.push("👩\u{200d}".repeat(FLOOD));
    pieces.push("\u{200b}".repeat(FLOOD));
    pieces.push("\u{200c}".repeat(FLOOD));
    pieces.push(format!("👍{}b", "\u{1f3fb}".repeat(FLOOD)));
    pieces.push(format!("가{}b", "\u{1161}".repeat(FLOOD)));
    pieces
}

/// The texts that cost the most to show: they are looked at once in each place.
pub(super) fn heavy() -> [String; 2] {
    [pile(PILE), long_line()]
}

fn pile(marks: usize) -> String {
    format!("Z{}b", "\u{301}".repeat(marks))
}

/// A line of a mebibyte that is hostile from its beginning to its end.
fn long_line() -> String {
    let mut line = String::with_capacity(LONG_BYTES + 64);
    while line.len() < LONG_BYTES {
        line.push_str("Sara \u{202e}\u{1b}[31m Z\u{301}\u{301}\u{301}\u{301}\u{301} 漢");
    }
    line
}

/// What must never come to a terminal as a character, said again here on purpose rather than asked of the program: the
/// controls, Unicode's category Cf but for ZWNJ and ZWJ, the separators of lines and paragraphs, the invisible fillers, what
/// is private and what is no character.
pub(super) fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xAD | 0x034F | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x08E2 | 0x115F | 0x1160 | 0x17B4 | 0x17B5
            | 0x180B..=0x180F | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFD..=0xFFFF
            | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF | 0xF_0000..=0x10_FFFF)
}

/// What is wrong with a line that was written to a terminal, if anything.
pub(super) fn harm_in(line: &str) -> Option<String> {
    if let Some(harmful) = line.chars().find(|&character| is_harmful(character)) {
        return Some(format!("U+{:04X} in {line:?}", u32::from(harmful)));
    }
    let marks = unicode_normalization::char::is_combining_mark;
    let mut pile = 0;
    for character in line.chars() {
        let is_joined = marks(character) || character.to_string().width() == 0;
        pile = if is_joined { pile + 1 } else { 0 };
        if pile > 4 {
            return Some(format!("a pile of marks in {line:?}"));
        }
    }
    None
}
