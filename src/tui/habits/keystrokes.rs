//! Keys as text and back: characters as they are, every other key by its name in angle brackets, as
//! `aRang the landlord<Ctrl-D>`.

use crate::keymap::{Key, KeyCode};

/// Keys of one macro.
pub(in crate::tui) const MACRO_KEYS_MAX: usize = 400;

/// What stands for the character that begins a name.
const LESS: &str = "lt";

/// The keys as text.
pub(in crate::tui) fn text_of(keys: &[Key]) -> String {
    let mut text = String::new();
    for key in keys {
        match key.typed() {
            Some('<') => text.push_str("<lt>"),
            Some(character) => text.push(character),
            None => text.push_str(&format!("<{key}>")),
        }
    }
    text
}

/// The keys that a text says.
///
/// # Errors
/// In a sentence: a name is none, or has no end, or there are none or too many.
pub(in crate::tui) fn keys_of(text: &str) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character != '<' {
            keys.push(Key::char(character));
            rest = rest.strip_prefix(character).unwrap_or_default();
            continue;
        }
        let named = rest.strip_prefix('<').and_then(|after| after.split_once('>'));
        let Some((name, after)) = named else {
            return Err(
                "A < begins a key's name, as <Enter>; the character itself is <lt>.".to_owned()
            );
        };
        let key = if name == LESS { Ok(Key::char('<')) } else { Key::parse(name) };
        let key = key.map_err(|error| error.to_string())?;
        if key.code() == KeyCode::AnyDigit {
            return Err("<1-9> is no key that is pressed: write the digit.".to_owned());
        }
        keys.push(key);
        rest = after;
    }
    if keys.is_empty() {
        return Err("There is no key in it.".to_owned());
    }
    if keys.len() > MACRO_KEYS_MAX {
        return Err(format!("It has {} keys, and {MACRO_KEYS_MAX} is the most.", keys.len()));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_text_and_the_same_keys_again() {
        let text = "aRang <lt>twice>, 5 <Backspace>6<Ctrl-D><F5><Shift-Tab>";
        let keys = keys_of(text).unwrap();
        assert_eq!(text_of(&keys), text);
        assert_eq!(keys.len(), 22);
        assert_eq!(keys_of("<Space>").unwrap(), [Key::char(' ')]);
        for wrong in ["", "a<Entre>", "a<b", "<1-9>", &"j".repeat(MACRO_KEYS_MAX + 1)] {
            assert!(keys_of(wrong).is_err(), "{wrong}");
        }
    }
}
