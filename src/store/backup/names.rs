//! The names of a backup's files, and where each belongs in a data directory.

use std::path::PathBuf;

/// The file that says what a backup holds.
pub(super) const RECORD: &str = "backup.json";
/// What the name of an encrypted file ends with.
const ENCRYPTED: &str = ".age";

const JOURNAL: &str = "journal";
const SEGMENT_DIGITS: usize = 20;

/// The name in a backup of a file of the journal.
pub(super) fn of_journal(file: &str) -> String {
    format!("{JOURNAL}-{file}")
}

/// The name that a file of a backup is stored under.
pub(super) fn stored(name: &str, is_encrypted: bool) -> String {
    if is_encrypted { format!("{name}{ENCRYPTED}") } else { name.to_owned() }
}

/// Where a file of a backup belongs below a data directory; none for a name that no backup gives. A name is taken only
/// if it is one of ours to the letter, so that none leads out of the directory.
pub(super) fn place(name: &str) -> Option<PathBuf> {
    let (kind, file) = name.split_once('-')?;
    let is_segment = kind == JOURNAL
        && file.len() == SEGMENT_DIGITS
        && file.bytes().all(|byte| byte.is_ascii_digit());
    is_segment.then(|| PathBuf::from(JOURNAL).join(file))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn no_name_leads_out_of_the_directory() {
        let good = place("journal-00000000000000000001").unwrap();
        assert_eq!(good.to_str(), Some("journal/00000000000000000001"));
        for bad in [
            "",
            "journal",
            "journal-",
            "journal-1",
            "journal-../00000000000000000",
            "journal-0000000000000000000/",
            "journal-00000000000000000001.age",
            "sled-db",
            "../journal-00000000000000000001",
            "/etc/passwd",
        ] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
