//! An anchor, its line of JSON, and the comparison of a chain with many of them.

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::text::hexadecimal;

/// Anchors that one comparison holds in memory, 56 bytes each.
pub const ANCHORS_MAX: usize = 1_000_000;

/// The hash that an event of the audit chain had at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainAnchor {
    /// The event's place in the chain.
    pub sequence: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// When the anchor was made, after the desk's clock.
    pub at: Instant,
}

/// An anchor as a line holds it.
#[derive(Serialize, Deserialize)]
struct Line {
    sequence: u64,
    hash: String,
    at: String,
}

impl ChainAnchor {
    /// The anchor as one line of JSON, without the line break: `{"sequence":N,"hash":"hex","at":"RFC 3339"}`.
    #[must_use]
    pub fn line(&self) -> String {
        let hash = hexadecimal(&self.hash);
        format!(
            r#"{{"sequence":{},"hash":"{hash}","at":"{}"}}"#,
            self.sequence,
            self.at.timestamp()
        )
    }

    /// The anchor in a line, whatever a system log has put around it.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let json = line.get(line.find('{')?..=line.rfind('}')?)?;
        let line: Line = serde_json::from_str(json).ok()?;
        let mut hash = [0; 32];
        if line.hash.len() != 2 * hash.len() {
            return None;
        }
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(line.hash.get(at..at + 2)?, 16).ok()?;
        }
        let at = Instant::from_timestamp(line.at.parse().ok()?);
        Some(Self { sequence: line.sequence, hash, at })
    }
}

/// Anchors in the order of their events, each with the line of the file that it came from, to be compared with a chain
/// that is read once.
#[derive(Debug, Clone, Default)]
pub struct AnchorSheet {
    /// Where they come from.
    file: String,
    anchors: Vec<(u64, ChainAnchor)>,
    /// How many of them were compared.
    next: usize,
}

impl AnchorSheet {
    /// A sheet of these anchors out of `file`, each with its line there.
    #[must_use]
    pub fn new(file: String, mut anchors: Vec<(u64, ChainAnchor)>) -> Self {
        anchors.sort_by_key(|(line, anchor)| (anchor.sequence, *line));
        Self { file, anchors, next: 0 }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.anchors.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// What anchors say against an event of the chain; events are shown in ascending order.
    pub fn compare(&mut self, sequence: u64, hash: &[u8; 32]) -> Vec<String> {
        let mut wrong = Vec::new();
        while let Some((line, anchor)) = self.anchors.get(self.next) {
            if anchor.sequence > sequence {
                break;
            }
            self.next += 1;
            let (at, file) = (anchor.at.timestamp(), &self.file);
            if anchor.sequence < sequence {
                wrong.push(format!(
                    "line {line} of {file} anchors event {} at {at}, and there is no such event",
                    anchor.sequence
                ));
            } else if anchor.hash != *hash {
                wrong.push(format!(
                    "event {sequence} has another hash than line {line} of {file} anchored at {at}, so that the chain \
                     was written anew from there or before"
                ));
            }
        }
        wrong
    }

    /// What the anchors that are left say once the chain has ended with the event `last`.
    pub fn finish(&mut self, last: u64) -> Option<String> {
        let (line, newest) = self.anchors.get(self.next..)?.last()?;
        let missing = self.anchors.len() - self.next;
        self.next = self.anchors.len();
        Some(format!(
            "the chain ends with event {last}, and line {line} of {} anchors event {} at {}, so that its tail was cut \
             ({missing} anchors have no event)",
            self.file,
            newest.sequence,
            newest.at.timestamp()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_reads_back_from_its_line_and_from_a_log_around_it() {
        let anchor =
            ChainAnchor { sequence: 12, hash: [0xab; 32], at: Instant::from_milliseconds(1_500) };
        let line = anchor.line();
        assert!(line.starts_with(r#"{"sequence":12,"hash":"abab"#), "{line}");
        assert!(line.ends_with(r#","at":"1970-01-01T00:00:01.5Z"}"#), "{line}");
        assert_eq!(ChainAnchor::parse(&line), Some(anchor));
        let logged = format!("Nov 22 01:55:51 host casedesk: anchor {line} of /data");
        assert_eq!(ChainAnchor::parse(&logged), Some(anchor));
        for wrong in ["", "}{", "{}", &line.replace("abab", "ab"), &line.replace("ab", "éa")] {
            assert_eq!(ChainAnchor::parse(wrong), None, "{wrong}");
        }
    }
}
