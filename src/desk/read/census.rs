//! Counts keys and their bytes by kind, a bounded part at a time.

use crate::codec::decode_record;
use crate::desk::answer::{CensusAnswer, CensusLine};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::local::lock;
use crate::desk::records::ChainHead;
use crate::desk::work::broken;
use crate::domain::Refusal;
use crate::domain::office::{Action, Resource};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Rows that one question counts.
const ROWS_MAX: usize = 50_000;
/// Rows read at once.
const PAGE_ROWS: usize = 1_000;
/// Censuses that can be under way at once; the oldest gives way.
const PLACES_MAX: usize = 8;

impl Reader<'_> {
    /// Counts the keys from a place on. The place itself stays here under a number: keys of the search hold words of names,
    /// and whoever asks may have no right to them.
    ///
    /// How many keys there are tells how many cases and people there are, hidden ones included: it is for whoever sets the
    /// whole office up, who reads none of them.
    pub(super) fn census(&self, place: Option<u64>) -> Result<CensusAnswer, DeskError> {
        self.authorise(Action::RunOffice, &Resource::whole_office())?;
        let mut from = match place {
            None => Vec::new(),
            Some(number) => self.take_place(number)?,
        };
        let mut lines: Vec<CensusLine> = Vec::new();
        let mut is_over = false;
        for _ in 0..ROWS_MAX / PAGE_ROWS {
            let range = KeyRange { from: from.clone(), to: None };
            let page = self.scan(&range, PAGE_ROWS, Direction::Forward)?;
            for (key, row) in &page.rows {
                count(&mut lines, key, row.value.len());
            }
            if let Some((last, _)) = page.rows.last() {
                from.clone_from(last);
                from.push(0);
            }
            is_over = !page.has_more;
            if is_over {
                break;
            }
        }
        let head: ChainHead = match self.get(&keys::chain_head())? {
            Some(bytes) => decode_record(&bytes).map_err(broken)?,
            None => ChainHead::default(),
        };
        Ok(CensusAnswer {
            lines,
            next: (!is_over).then(|| self.keep_place(from)),
            events: head.sequence,
            sequence: self.store.sequence().0,
        })
    }

    fn keep_place(&self, from: Vec<u8>) -> u64 {
        let mut places = lock(&self.desk.care.places);
        let number = places.back().map_or(1, |(last, _)| last + 1);
        if places.len() >= PLACES_MAX {
            places.pop_front();
        }
        places.push_back((number, from));
        number
    }

    fn take_place(&self, number: u64) -> Result<Vec<u8>, DeskError> {
        let places = lock(&self.desk.care.places);
        let known = places.iter().find(|(known, _)| *known == number);
        known.map(|(_, from)| from.clone()).ok_or_else(|| {
            Refusal::new(
                "census.place",
                "Too many others count at this desk, or it was closed meanwhile.",
                "Begin the count again.",
            )
            .into()
        })
    }
}

fn count(lines: &mut Vec<CensusLine>, key: &[u8], value_bytes: usize) {
    let (group, kind) = keys::family(key.first().copied().unwrap_or_default());
    // Rows come in the order of their tags, so that the line is nearly always the last one.
    let known = lines.iter().rposition(|line| line.group == group && line.kind == kind);
    let at = known.unwrap_or_else(|| {
        let kind = kind.into_owned();
        lines.push(CensusLine { group, kind, keys: 0, key_bytes: 0, value_bytes: 0 });
        lines.len() - 1
    });
    if let Some(line) = lines.get_mut(at) {
        line.keys += 1;
        line.key_bytes += key.len() as u64;
        line.value_bytes += value_bytes as u64;
    }
}
