//! Encryption of a backup's files with age: to whom, and with what they are opened again.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use age::x25519;
use age::{Decryptor, Encryptor};

use super::super::files::failed_to;
use super::error::BackupError;
use super::limits::KEYS_BYTES_MAX;

/// To whom a backup is encrypted; to nobody, and the backup is plain.
#[derive(Debug, Clone, Default)]
pub struct Recipients(Vec<x25519::Recipient>);

impl Recipients {
    /// Adds a recipient, which is the public half of an identity and begins with `age1`.
    ///
    /// # Errors
    /// [`BackupError::Key`] for anything else.
    pub fn add(&mut self, recipient: &str) -> Result<(), BackupError> {
        self.add_from("--recipient", recipient)
    }

    /// Adds the recipients of a file, one a line; lines that are empty or begin with `#` are passed over.
    pub fn read(&mut self, file: &Path) -> Result<(), BackupError> {
        for (place, line) in lines(file)? {
            self.add_from(&place, &line)?;
        }
        Ok(())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add_from(&mut self, place: &str, recipient: &str) -> Result<(), BackupError> {
        // What stands there may be an identity, given by mistake: a secret that is not repeated.
        let parsed = recipient.trim().parse().map_err(|error: &str| BackupError::Key {
            place: place.to_owned(),
            what: format!("this is no recipient, which begins with age1: {error}"),
        })?;
        self.0.push(parsed);
        Ok(())
    }
}

/// What opens an encrypted backup.
#[derive(Default)]
pub struct Identities(Vec<x25519::Identity>);

impl Identities {
    /// Adds the identities of a file as `age-keygen` writes it, one a line; lines that are empty or begin with `#` are
    /// passed over. Files that a passphrase protects are opened with `age -d` first.
    pub fn read(&mut self, file: &Path) -> Result<(), BackupError> {
        for (place, line) in lines(file)? {
            // What stands there may be a secret with a slip in it, and is not repeated.
            let identity = line.trim().parse().map_err(|error: &str| BackupError::Key {
                place,
                what: format!("this is no identity, which begins with AGE-SECRET-KEY-1: {error}"),
            })?;
            self.0.push(identity);
        }
        Ok(())
    }

    /// An identity for one backup, and its recipient.
    pub(super) fn for_one_backup() -> (Self, Recipients) {
        let identity = x25519::Identity::generate();
        let recipient = identity.to_public();
        (Self(vec![identity]), Recipients(vec![recipient]))
    }

    /// What `stored` holds in plain.
    pub(super) fn open<R: Read>(
        &self,
        stored: R,
        file: &Path,
    ) -> Result<impl Read + use<R>, BackupError> {
        let file = || file.display().to_string();
        if self.0.is_empty() {
            let what = "it is encrypted, and no identity was given".to_owned();
            return Err(BackupError::Key { place: file(), what });
        }
        let decryptor = Decryptor::new_buffered(BufReader::new(stored))
            .map_err(|error| BackupError::Bad { file: file(), what: error.to_string() })?;
        let keys = self.0.iter().map(|identity| identity as &dyn age::Identity);
        decryptor.decrypt(keys).map_err(|error| BackupError::Key {
            place: file(),
            what: format!("none of the identities opens it: {error}"),
        })
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identities").field(&self.0.len()).finish()
    }
}

/// The encryption of one file to all of these recipients.
pub(super) fn encryptor(all: [&Recipients; 2], file: &Path) -> Result<Encryptor, BackupError> {
    let all = all.into_iter().flat_map(|recipients| &recipients.0);
    Encryptor::with_recipients(all.map(|recipient| recipient as &dyn age::Recipient)).map_err(
        |error| BackupError::Key { place: file.display().to_string(), what: error.to_string() },
    )
}

/// The lines of a file of keys, each with its place.
fn lines(file: &Path) -> Result<Vec<(String, String)>, BackupError> {
    let mut text = String::new();
    let opened = File::open(file).map_err(failed_to("open", file))?;
    opened.take(KEYS_BYTES_MAX).read_to_string(&mut text).map_err(failed_to("read", file))?;
    let found: Vec<_> = (1_u32..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (format!("{}:{number}", file.display()), line.to_owned()))
        .collect();
    if found.is_empty() {
        let what = "there is no key in it".to_owned();
        return Err(BackupError::Key { place: file.display().to_string(), what });
    }
    Ok(found)
}
