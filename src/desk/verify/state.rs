//! What lies outside the chain can be read, and every key is of a known kind.

use crate::codec::decode_record;
use crate::desk::attendance::Lease;
use crate::desk::command::{Draft, Macro, SavedViews};
use crate::desk::error::DeskError;
use crate::desk::here;
use crate::desk::keys::{self, tag};
use crate::desk::place::KeptPlace;
use crate::desk::records::{Attempt, Likely, ReferencePin, UndoEntry, UndoPart};
use crate::store::{Direction, KeyRange};
use crate::text::hexadecimal;

use super::indexes::INDEXES;
use super::records::RECORDS;
use super::{Check, REBUILD};

/// Kinds of keys that are of no record and of no index of one.
const OTHERS: [u8; 16] = [
    tag::LAYOUT,
    tag::DIRECTORY,
    tag::TIMELINE,
    tag::READING,
    tag::COUNTER,
    tag::SEARCH,
    tag::DRAFT,
    tag::UNDO,
    tag::LIKELY,
    tag::ATTEMPT,
    tag::HERE,
    tag::REFERENCE,
    tag::PLACE,
    tag::OWN,
    tag::LEASE,
    tag::GAP,
];

/// What to do about something that is only kept for convenience.
const DROP: &str = "it is typed or undone anew, and nothing of the office is lost";

impl Check<'_> {
    #[expect(clippy::too_many_lines, reason = "one part for each kind of key")]
    pub(super) fn state(&mut self) -> Result<(), DeskError> {
        self.rows(KeyRange::prefix(&[tag::DRAFT]), |check, key, value| {
            if let Err(error) = decode_record::<Draft>(value) {
                check.find(format!("draft {} cannot be read: {error}", hexadecimal(key)), DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::UNDO]), |check, key, value| {
            let caseworker = keys::number_at(key, 1);
            let wrong = match key.get(9..).unwrap_or_default() {
                [0] => (value.len() != 8).then(|| "it is no number".to_owned()),
                [1, _, _, _, _, _, _, _, _]
                | [3, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] => {
                    decode_record::<UndoEntry>(value).err().map(|error| error.to_string())
                }
                [2, rest @ ..] if rest.len() == 16 => {
                    decode_record::<UndoPart>(value).err().map(|error| error.to_string())
                }
                _ => Some("its key is of no known form".to_owned()),
            };
            if let Some(wrong) = wrong {
                let what =
                    format!("key {} of what W-{caseworker} can undo: {wrong}", hexadecimal(key));
                check.find(what, DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::LIKELY]), |check, key, value| {
            let is_formed = key.len() == 17 && keys::number_at(key, 1) < keys::last_number(key);
            if !is_formed || decode_record::<Likely>(value).is_err() {
                check.find(format!("key {} names no likely duplicate", hexadecimal(key)), DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::ATTEMPT]), |check, key, value| {
            let is_told =
                |attempt: &Attempt| keys::attempt(attempt.at, attempt.by, &attempt.on) == key;
            if !decode_record::<Attempt>(value).is_ok_and(|attempt| is_told(&attempt)) {
                check.find(
                    format!("key {} names no attempt on a closed file", hexadecimal(key)),
                    DROP,
                );
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::OWN]), |check, key, value| {
            let kept = match key.get(9) {
                Some(0) => decode_record::<SavedViews>(value).map(drop),
                _ => decode_record::<Macro>(value).map(drop),
            };
            if kept.is_err() {
                let caseworker = keys::number_at(key, 1);
                let what = format!("a saved view or macro of W-{caseworker} cannot be read");
                check.find(what, DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::HERE]), |check, key, value| {
            if !here::is_readable(key, value) {
                let what = format!("key {} tells nothing of who was here", hexadecimal(key));
                check.find(what, DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::REFERENCE]), |check, key, value| {
            let is_sound = match key.get(1) {
                Some(0) => key.len() == 10 && decode_record::<ReferencePin>(value).is_ok(),
                Some(1) => value.len() == 8,
                _ => false,
            };
            if !is_sound {
                let what = format!("key {} holds no PIN and no count", hexadecimal(key));
                check.find(what, "print the receipt slip again: casedesk receipt");
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::PLACE]), |check, key, value| {
            if let Err(error) = decode_record::<KeptPlace>(value) {
                check.find(format!("place {} cannot be read: {error}", hexadecimal(key)), DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::LEASE]), |check, key, value| {
            if let Err(error) = decode_record::<Lease>(value) {
                check.find(format!("lease {} cannot be read: {error}", hexadecimal(key)), DROP);
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::GAP]), |check, key, value| {
            if key.len() != 9 || value.len() != 8 {
                check.find(format!("key {} tells of no gap of cover", hexadecimal(key)), DROP);
            }
            Ok(())
        })?;
        let is_known = |kind: &u8| {
            RECORDS.contains(kind)
                || OTHERS.contains(kind)
                || INDEXES.iter().any(|(index, _)| index == kind)
        };
        for kind in (0..=u8::MAX).filter(|kind| !is_known(kind)) {
            let range = KeyRange::prefix(&[kind]);
            let page = self.store.scan(&range, 1, Direction::Forward);
            if let Some((key, _)) = page.map_err(crate::desk::work::broken)?.rows.first() {
                let what =
                    format!("key {} is of no kind that this program knows", hexadecimal(key));
                self.find(what, REBUILD);
            }
        }
        Ok(())
    }
}
