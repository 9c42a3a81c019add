//! Both machines as one: bytes and silences in, what was typed out.

use std::time::Duration;

use super::bursts::Bursts;
use super::scanner::Scanner;
use super::typed::Typed;

/// Understands what a terminal sends.
#[derive(Debug)]
pub(in crate::tui::driver) struct Decoder {
    scanner: Scanner,
    bursts: Bursts,
}

impl Decoder {
    /// A decoder that waits so long for what follows an Esc.
    pub(in crate::tui::driver) fn new(escape_delay: Duration) -> Self {
        Self { scanner: Scanner::new(escape_delay), bursts: Bursts::default() }
    }

    /// Takes bytes that came together.
    pub(in crate::tui::driver) fn take(&mut self, bytes: &[u8]) -> Vec<Typed> {
        let mut pieces = Vec::new();
        for byte in bytes {
            self.scanner.byte(*byte, &mut pieces);
        }
        let mut typed = Vec::new();
        self.bursts.take(&pieces, &mut typed);
        typed
    }

    /// How long nothing may come before [`Decoder::silence`] has something to say; nothing where it does not depend on time.
    pub(in crate::tui::driver) fn deadline(&self) -> Option<Duration> {
        [self.scanner.deadline(), self.bursts.deadline()].into_iter().flatten().min()
    }

    /// Nothing has come for so long since the last byte.
    pub(in crate::tui::driver) fn silence(&mut self, so_far: Duration) -> Vec<Typed> {
        let mut pieces = Vec::new();
        self.scanner.silence(so_far, &mut pieces);
        let mut typed = Vec::new();
        self.bursts.take(&pieces, &mut typed);
        self.bursts.silence(so_far, &mut typed);
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::super::bursts::PASTE_BYTES_MAX;
    use super::*;
    use crate::keymap::{Key, KeyCode, parse_sequence};

    const ESCAPE_DELAY: Duration = Duration::from_millis(25);

    /// Shorter than the delay of an Esc.
    const SHORT: Duration = Duration::from_millis(20);

    /// Longer than anything is waited for.
    const LONG: Duration = Duration::from_secs(60);

    fn decoder() -> Decoder {
        Decoder::new(ESCAPE_DELAY)
    }

    /// What comes of lots with these silences after each of them, and a long one in the end.
    fn decoded<'a>(lots: impl IntoIterator<Item = &'a [u8]>, silence: Duration) -> Vec<Typed> {
        let mut decoder = decoder();
        let mut typed = Vec::new();
        for lot in lots {
            typed.extend(decoder.take(lot));
            typed.extend(decoder.silence(silence));
        }
        typed.extend(decoder.silence(LONG));
        typed
    }

    fn at_once(bytes: &[u8]) -> Vec<Typed> {
        decoded([bytes], Duration::ZERO)
    }

    /// Keys in the spelling of keymaps.
    fn keys(spelling: &str) -> Vec<Typed> {
        if spelling.is_empty() {
            return Vec::new();
        }
        parse_sequence(spelling).unwrap().into_iter().map(Typed::Key).collect()
    }

    fn pasted(text: &str) -> Typed {
        Typed::Paste(text.to_owned())
    }

    /// What terminals send, and which keys that is.
    const SENT: &[(&[u8], &str)] = &[
        // Every terminal.
        (b"j", "j"),
        ("å".as_bytes(), "å"),
        ("س".as_bytes(), "س"),
        ("۵".as_bytes(), "5"),
        ("😀".as_bytes(), "😀"),
        (b"\r", "Enter"),
        (b"\n", "Enter"),
        (b"\r\n", "Enter"),
        (b"\r\0", "Enter"),
        (b"\t", "Tab"),
        (b"\x7f", "Backspace"),
        (b"\x08", "Backspace"),
        (b"\x04", "Ctrl-D"),
        (b"\x00", "Ctrl-Space"),
        (b"\x1f", "Ctrl-_"),
        (b"\x1b", "Esc"),
        (b"\x1b\x1b", "Esc Esc"),
        (b"\x1bq", "Alt-q"),
        (b"\x1b\r", "Alt-Enter"),
        ("\x1bå".as_bytes(), "Alt-å"),
        (b"\x1b\x1bq", "Esc Alt-q"),
        (b"\x1b[", "Alt-["),
        (b"\x1bO", "Alt-O"),
        (b"\x1bP", "Alt-P"),
        (b"\x1bPj", "Alt-P j"),
        (b"\x1bXj", "Alt-X j"),
        // Arrows and their like, with the cursor keys plain and in application mode, and what rxvt and PuTTY make of them.
        (b"\x1b[A", "Up"),
        (b"\x1bOB", "Down"),
        (b"\x1b[C", "Right"),
        (b"\x1bOD", "Left"),
        (b"\x1b\x1b[A", "Alt-Up"),
        (b"\x1b[1;5A", "Ctrl-Up"),
        (b"\x1b[1;2A", "Shift-Up"),
        (b"\x1b[1;9A", "Alt-Up"),
        (b"\x1b[1;3B", "Alt-Down"),
        (b"\x1b[1;6C", "Ctrl-Shift-Right"),
        (b"\x1bO5D", "Ctrl-Left"),
        (b"\x1b[a", "Shift-Up"),
        (b"\x1bOd", "Ctrl-Left"),
        (b"\x1b[Z", "Shift-Tab"),
        (b"\x1b[H", "Home"),
        (b"\x1bOH", "Home"),
        (b"\x1b[1~", "Home"),
        (b"\x1b[7~", "Home"),
        (b"\x1b[F", "End"),
        (b"\x1bOF", "End"),
        (b"\x1b[4~", "End"),
        (b"\x1b[8~", "End"),
        (b"\x1b[2~", "Insert"),
        (b"\x1b[3~", "Delete"),
        (b"\x1b[5~", "PgUp"),
        (b"\x1b[6~", "PgDn"),
        (b"\x1b[6;5~", "Ctrl-PgDn"),
        (b"\x1b[3$", "Shift-Delete"),
        (b"\x1b[5^", "Ctrl-PgUp"),
        (b"\x1b[6@", "Ctrl-Shift-PgDn"),
        // Function keys: xterm and vt220, PuTTY, the Linux console, PuTTY as a VT100+.
        (b"\x1bOP", "F1"),
        (b"\x1bOS", "F4"),
        (b"\x1b[1;2P", "Shift-F1"),
        (b"\x1b[11~", "F1"),
        (b"\x1b[14~", "F4"),
        (b"\x1b[[A", "F1"),
        (b"\x1b[[E", "F5"),
        (b"\x1b[15~", "F5"),
        (b"\x1b[17~", "F6"),
        (b"\x1b[21~", "F10"),
        (b"\x1b[23~", "F11"),
        (b"\x1b[24~", "F12"),
        (b"\x1b[26~", "F14"),
        (b"\x1b[28~", "F15"),
        (b"\x1b[29~", "F16"),
        (b"\x1b[34~", "F20"),
        (b"\x1b[15;5~", "Ctrl-F5"),
        (b"\x1bOT", "F5"),
        (b"\x1bO[", "F12"),
        // The keypad in application mode.
        (b"\x1bOq", "1"),
        (b"\x1bOn", "."),
        (b"\x1bOM", "Enter"),
        // Terminals that name keys by their characters.
        (b"\x1b[97;5u", "Ctrl-A"),
        (b"\x1b[27;5;100~", "Ctrl-D"),
        (b"\x1b[27u", "Esc"),
        // Eight bits.
        (b"\x9bA", "Up"),
        (b"\x9b15~", "F5"),
        (b"\x8fP", "F1"),
        // Answers, reports and what has no name: nothing, to the last letter.
        (b"\x1b[?62;c", ""),
        (b"\x1b[>41;354;0c", ""),
        (b"\x1b[24;80R", ""),
        (b"\x1b[?2026;1$y", ""),
        (b"\x1b[?2004;1$y", ""),
        (b"\x1b[I", ""),
        (b"\x1b[<0;10;20M", ""),
        (b"\x1b[M !!", ""),
        (b"\x1b[E", ""),
        (b"\x1b[99~", ""),
        (b"\x1b[201~", ""),
        (b"\x1b]11;rgb:0000/0000/0000\x07", ""),
        (b"\x1b]ltitle q\x1b\\", ""),
        ("\x1b]0;Ü q\x1b\\".as_bytes(), ""),
        (b"\x1bP>|XTerm(390)\x1b\\", ""),
        (b"\x1b_Gi=31;OK\x1b\\", ""),
        (b"\x901$r0m\x9c", ""),
    ];

    #[test]
    fn what_terminals_send_is_the_key_that_was_pressed() {
        for (bytes, meant) in SENT {
            assert_eq!(at_once(bytes), keys(meant), "{:?}", bytes.escape_ascii().to_string());
        }
    }

    #[test]
    fn a_sequence_means_the_same_wherever_a_slow_line_takes_it_apart() {
        for (bytes, meant) in SENT {
            let mut all = bytes.to_vec();
            let mut meant = keys(meant);
            // What ends with the delay alone cannot be followed by a letter.
            if !meant.is_empty() && at_once(&[bytes, &b"j"[..]].concat()).len() > meant.len() {
                all.push(b'j');
                meant.push(Typed::Key(Key::char('j')));
            }
            // No line puts pauses between the two halves of an Enter.
            if bytes.starts_with(b"\r") {
                continue;
            }
            let name = all.escape_ascii().to_string();
            assert_eq!(decoded(all.chunks(1), SHORT), meant, "{name} byte by byte");
            for at in 0..all.len() {
                let (before, after) = all.split_at(at);
                assert_eq!(decoded([before, after], SHORT), meant, "{name} at {at}");
            }
        }
    }

    #[test]
    fn an_escape_alone_is_one_after_the_delay() {
        let mut decoder = decoder();
        assert_eq!(decoder.take(b"\x1b"), []);
        assert_eq!(decoder.deadline(), Some(ESCAPE_DELAY));
        assert_eq!(decoder.silence(SHORT), []);
        assert_eq!(decoder.silence(ESCAPE_DELAY), keys("Esc"));
        assert_eq!(decoder.take(b"[B"), keys("[ B"));
        assert_eq!(decoder.silence(LONG), []);
        assert_eq!(decoder.deadline(), None);
    }

    #[test]
    fn a_sequence_that_breaks_off_takes_no_key_with_it() {
        assert_eq!(at_once(b"\x1b[1;\rj"), keys("Enter j"));
        assert_eq!(at_once(b"\x1b[5\x1b[B"), keys("Down"));
        assert_eq!(at_once(b"\x1b]0;t\x1b[B"), keys("Down"));
        assert_eq!(decoded([&b"\x1b[1;5"[..], b"q"], LONG), keys("q"));
        assert_eq!(decoded([&b"\x1b]0;t"[..], b"q"], LONG), keys("q"));
        let long = [&b"\x1b["[..], &[b'1'; 5_000], b"Aj"].concat();
        assert_eq!(at_once(&long), keys("j"));
    }

    #[test]
    fn bytes_that_are_no_letters_are_counted_and_press_nothing() {
        // Blåbær in Latin-1, a letter whose second half is lost, controls of eight bits as UTF-8.
        assert_eq!(at_once(b"\xe5"), [Typed::NoLetters(1)]);
        assert_eq!(decoded([&b"\xd8"[..]], LONG), [Typed::NoLetters(1)]);
        let mut refused = keys("x");
        refused.push(Typed::NoLetters(1));
        assert_eq!(at_once(b"\xd8x"), refused);
        assert_eq!(at_once(b"\xc2\x9b"), [Typed::NoLetters(2)]);
        assert_eq!(at_once(b"\xed\xa0\x80"), [Typed::NoLetters(3)], "half a surrogate pair");
    }

    #[test]
    fn control_z_is_the_drivers_own() {
        assert_eq!(at_once(b"\x1a"), [Typed::Suspend]);
    }

    #[test]
    fn a_paste_is_one_text_with_line_breaks_of_one_kind() {
        let paste = b"\x1b[200~a\r\nb\rc\nd\x1b[2J\x1b[201\xc3\xa5\x1b[201~q";
        let mut meant = vec![pasted("a\nb\nc\nd\u{1b}[2J\u{1b}[201å")];
        meant.extend(keys("q"));
        assert_eq!(at_once(paste), meant);
        assert_eq!(decoded(paste.chunks(1), SHORT), meant);
    }

    #[test]
    fn a_paste_is_cut_where_it_is_too_long_and_says_so() {
        let bytes = [&b"\x1b[200~"[..], &vec![b'x'; 1 << 20], b"\x1b[201~"].concat();
        let typed = decoded(bytes.chunks(4_096), Duration::ZERO);
        let cut = (1 << 20) - PASTE_BYTES_MAX;
        assert_eq!(typed, [Typed::Cut(cut), pasted(&"x".repeat(PASTE_BYTES_MAX))]);
    }

    #[test]
    fn what_follows_a_false_end_of_a_paste_presses_nothing() {
        let hostile = b"\x1b[200~name\x1b[201~qq\rE\x1b[201~";
        let meant = [pasted("name"), Typed::FalseEnd];
        assert_eq!(at_once(hostile), meant);
        assert_eq!(decoded(hostile.chunks(1), SHORT), meant);
        let flood = [&hostile[..16], &vec![b'q'; 10_000], b"\x1b[201~"].concat();
        assert_eq!(decoded(flood.chunks(100), Duration::ZERO), meant);
    }

    #[test]
    fn a_paste_whose_end_is_lost_does_not_take_the_keyboard_with_it() {
        let lots: [&[u8]; 2] = [b"\x1b[200~half", b"q"];
        let mut meant = vec![Typed::Unfinished, pasted("half")];
        meant.extend(keys("q"));
        assert_eq!(decoded(lots, LONG), meant);
    }

    #[test]
    fn a_paste_without_brackets_is_one_text_too() {
        let text = "Dear office,\rthe heating is off.\rq\r";
        let meant = [pasted(&text.replace('\r', "\n"))];
        assert_eq!(at_once(text.as_bytes()), meant);
        let numbers = b"C-20931\r\nC-20932\r\nC-20933\r\n";
        assert_eq!(at_once(numbers), [pasted("C-20931\nC-20932\nC-20933\n")]);
        // However many lots it takes, with an Esc in it or not.
        let large = "line of a letter\x1b[A\r".repeat(60_000);
        let typed = decoded(large.as_bytes().chunks(4_096), Duration::ZERO);
        assert!(matches!(typed.as_slice(), [Typed::Cut(_), Typed::Paste(_)]), "{}", typed.len());
    }

    #[test]
    fn what_was_typed_ahead_on_a_line_that_stood_still_stays_keys() {
        let is_typed =
            |bytes: &[u8]| at_once(bytes).iter().all(|typed| matches!(typed, Typed::Key(_)));
        assert!(is_typed(&[b'j'; 300]), "a held key");
        assert!(is_typed(b"/mohmdi\rntchou\r\r\rThe heating is off"), "a search and its request");
        assert!(is_typed(b"i\rn2\rx"), "a few keys with Enter among them");
        assert!(is_typed(b"The heating is off since Monday"), "a sentence");
        assert!(is_typed(b"jjj\x1b[B\x1b[Bnote\x04kk\x1bqjj\rxx"), "keys that no text has");
    }

    #[test]
    fn where_a_terminal_puts_pastes_in_brackets_no_burst_is_taken_for_one() {
        let ahead = "cttHeating is off since Monday\r\r.r2\rcall them at nine\r";
        let is_typed = |before: &[u8]| {
            let typed = decoded([before, ahead.as_bytes()], LONG);
            typed.ends_with(&ahead.chars().map(typed_key).collect::<Vec<_>>())
        };
        assert!(!is_typed(b""), "nothing is known of the terminal");
        assert!(!is_typed(b"\x1b[?2004;0$y"), "it knows no brackets");
        assert!(is_typed(b"\x1b[?2004;1$y"), "it answered");
        assert!(is_typed(b"\x1b[200~x\x1b[201~"), "it has put one in brackets");
        // What is no answer, but a part of a paste, does not count, and a flood is no typing.
        let hostile = ["\x1b[?2004;1$y", ahead].concat();
        assert!(decoded([hostile.as_bytes()], LONG).contains(&pasted(&ahead.replace('\r', "\n"))));
        let flood = b"line\r".repeat(100);
        let typed = decoded([&b"\x1b[?2004;1$y"[..], &flood], LONG);
        assert!(matches!(typed.as_slice(), [Typed::Paste(_)]));
    }

    fn typed_key(letter: char) -> Typed {
        Typed::Key(if letter == '\r' { Key::plain(KeyCode::Enter) } else { Key::char(letter) })
    }

    #[test]
    fn any_bytes_are_decoded_and_nothing_grows() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        // The bytes that mean most come most often.
        let likely = b"\x1b\x1b[[O]P_~;0123456789ABMZu$^\r\n\x07\\\x9b\x90\x9c\xc3\xa5\xe2\x80";
        for _ in 0..200 {
            let mut decoder = decoder();
            for _ in 0..200 {
                let length = usize::try_from(next() % 40).unwrap();
                let lot: Vec<u8> = (0..length)
                    .map(|_| match usize::try_from(next() % 64).unwrap() {
                        place if place < likely.len() => likely[place],
                        _ => u8::try_from(next() % 256).unwrap(),
                    })
                    .collect();
                for typed in decoder.take(&lot) {
                    assert!(
                        !matches!(typed, Typed::Key(key) if key.typed().is_some_and(char::is_control))
                    );
                    assert!(!matches!(typed, Typed::Paste(text) if text.len() > PASTE_BYTES_MAX));
                }
                decoder.silence(Duration::from_millis(next() % 200));
            }
            decoder.silence(LONG);
            assert_eq!(decoder.deadline(), None);
            assert_eq!(decoder.take(b"j"), keys("j"), "a key after it is a key");
        }
    }
}
