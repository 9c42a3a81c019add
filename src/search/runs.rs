//! Sorted runs of entries in a scratch space, each written once from front to back, and all read back as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use super::SearchError;
use super::packing::{Packed, put_bytes, put_number};

const RECORD: &str = "scratch entry";
/// Bytes of a run that are written at once.
const WRITE_BYTES: usize = 64 * 1024;
/// The fewest and the most bytes of one run that are read at once.
const READ_BYTES_MIN: usize = 4 * 1024;
const READ_BYTES_MAX: usize = 256 * 1024;
/// The longest key and length before an entry's bytes.
const HEAD_BYTES_MAX: usize = 20;

/// Where a bulk build puts what does not fit into its memory: bytes that are appended once and read back.
///
/// What was appended need not outlive the build, so nothing has to be synced.
pub trait Scratch {
    /// Appends bytes behind everything that was appended before.
    ///
    /// # Errors
    /// If they cannot be written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Fills `into` with what was appended, from the byte `from` on.
    ///
    /// # Errors
    /// If so many bytes cannot be read.
    fn read(&mut self, from: u64, into: &mut [u8]) -> io::Result<()>;
}

/// Runs in a scratch space that nobody else uses.
pub(super) struct Runs<'s> {
    scratch: &'s mut dyn Scratch,
    /// Bytes that were appended.
    end: u64,
}

/// Where a run lies: its first byte, and the first after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    from: u64,
    to: u64,
}

/// A key, and what belongs to it.
pub(super) type Entry = (u64, Vec<u8>);

impl<'s> Runs<'s> {
    /// No run yet in an empty scratch space.
    pub(super) fn new(scratch: &'s mut dyn Scratch) -> Self {
        Self { scratch, end: 0 }
    }

    /// Writes a run. Keys must not descend; the same key may come several times.
    pub(super) fn write<B: AsRef<[u8]>>(
        &mut self,
        entries: impl Iterator<Item = (u64, B)>,
    ) -> Result<Run, SearchError> {
        let from = self.end;
        let mut buffer = Vec::with_capacity(WRITE_BYTES);
        let mut before = 0;
        for (key, bytes) in entries {
            put_number(&mut buffer, key - before);
            put_bytes(&mut buffer, bytes.as_ref());
            before = key;
            if buffer.len() >= WRITE_BYTES {
                self.append(&mut buffer)?;
            }
        }
        self.append(&mut buffer)?;
        Ok(Run { from, to: self.end })
    }

    fn append(&mut self, buffer: &mut Vec<u8>) -> Result<(), SearchError> {
        self.scratch.append(buffer)?;
        self.end += buffer.len() as u64;
        buffer.clear();
        Ok(())
    }
}

/// The entries of several runs in ascending order of keys; those of one key in the order of the runs.
pub(super) struct Merge {
    cursors: Vec<Cursor>,
    next: BinaryHeap<Reverse<(u64, usize)>>,
}

impl Merge {
    /// The entries of `runs`, of which `memory_bytes` are held at a time, or 4 KiB a run.
    pub(super) fn new(
        runs: &mut Runs<'_>,
        of: &[Run],
        memory_bytes: usize,
    ) -> Result<Self, SearchError> {
        let share = memory_bytes / of.len().max(1);
        let read_bytes = share.clamp(READ_BYTES_MIN, READ_BYTES_MAX);
        let mut cursors: Vec<Cursor> = of.iter().map(|run| Cursor::new(*run, read_bytes)).collect();
        let mut next = BinaryHeap::new();
        for (place, cursor) in cursors.iter_mut().enumerate() {
            if cursor.advance(runs)? {
                next.push(Reverse((cursor.head.0, place)));
            }
        }
        Ok(Self { cursors, next })
    }

    /// The next entry.
    pub(super) fn next(&mut self, runs: &mut Runs<'_>) -> Result<Option<Entry>, SearchError> {
        let Some(Reverse((_, place))) = self.next.pop() else { return Ok(None) };
        let Some(cursor) = self.cursors.get_mut(place) else { return Ok(None) };
        let entry = (cursor.head.0, std::mem::take(&mut cursor.head.1));
        if cursor.advance(runs)? {
            self.next.push(Reverse((cursor.head.0, place)));
        }
        Ok(Some(entry))
    }
}

/// How far a run was read.
struct Cursor {
    rest: Run,
    read_bytes: usize,
    buffer: Vec<u8>,
    used: usize,
    /// The entry that comes next.
    head: Entry,
}

impl Cursor {
    fn new(rest: Run, read_bytes: usize) -> Self {
        Self { rest, read_bytes, buffer: Vec::new(), used: 0, head: (0, Vec::new()) }
    }

    /// Reads the next entry; says whether there was one.
    fn advance(&mut self, runs: &mut Runs<'_>) -> Result<bool, SearchError> {
        self.fill(runs, HEAD_BYTES_MAX)?;
        if self.used == self.buffer.len() {
            return Ok(false);
        }
        let mut packed = Packed::new(self.unused(), RECORD);
        let (step, length) = (packed.number()?, packed.number()?);
        let head_bytes = self.unused().len() - packed.len();
        let length = usize::try_from(length).ok().filter(|&length| length as u64 <= runs.end);
        let length = length.ok_or(SearchError::Damaged { record: RECORD })?;
        self.used += head_bytes;
        self.fill(runs, length)?;
        let bytes = self.unused().get(..length).ok_or(SearchError::Damaged { record: RECORD })?;
        self.head = (self.head.0.wrapping_add(step), bytes.to_vec());
        self.used += length;
        Ok(true)
    }

    fn unused(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Reads on where fewer than `bytes` are in the buffer, as far as the run goes.
    fn fill(&mut self, runs: &mut Runs<'_>, bytes: usize) -> Result<(), SearchError> {
        let held = self.unused().len();
        if held >= bytes || self.rest.from == self.rest.to {
            return Ok(());
        }
        self.buffer.drain(..self.used);
        self.used = 0;
        let left = usize::try_from(self.rest.to - self.rest.from).unwrap_or(usize::MAX);
        let more = left.min(self.read_bytes.max(bytes - held));
        self.buffer.resize(held + more, 0);
        if let Some(into) = self.buffer.get_mut(held..) {
            runs.scratch.read(self.rest.from, into)?;
        }
        self.rest.from += more as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Memory(Vec<u8>);

    impl Scratch for Memory {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }

        fn read(&mut self, from: u64, into: &mut [u8]) -> io::Result<()> {
            let from = usize::try_from(from).unwrap();
            into.copy_from_slice(&self.0[from..from + into.len()]);
            Ok(())
        }
    }

    #[test]
    fn runs_are_read_back_as_one_in_the_order_of_keys_and_then_of_runs() {
        let mut memory = Memory(Vec::new());
        let mut runs = Runs::new(&mut memory);
        // Some entries are longer than what is read at once.
        let entry =
            |key: u64, run: u8| (key, vec![run; usize::try_from(key * 97 % 9_000).unwrap()]);
        let mut expected = Vec::new();
        let mut written = Vec::new();
        for run in 0..5_u8 {
            let keys = (0..400).filter(|key| key % (u64::from(run) + 1) == 0);
            let entries: Vec<Entry> =
                keys.flat_map(|key| [entry(key, run), (key, vec![run])]).collect();
            written.push(runs.write(entries.iter().map(|(key, bytes)| (*key, bytes))).unwrap());
            expected.extend(entries);
        }
        expected.sort_by_key(|(key, _)| *key);
        let mut merge = Merge::new(&mut runs, &written, 0).unwrap();
        let mut read = Vec::new();
        while let Some(entry) = merge.next(&mut runs).unwrap() {
            read.push(entry);
        }
        assert_eq!(read, expected);
    }

    #[test]
    fn a_run_that_reads_back_otherwise_is_an_error() {
        let mut memory = Memory(Vec::new());
        let run = Runs::new(&mut memory).write([(1, vec![7; 90])].into_iter()).unwrap();
        memory.0.fill(0xff);
        let mut runs = Runs { scratch: &mut memory, end: run.to };
        assert!(Merge::new(&mut runs, &[run], 0).is_err());
    }
}
