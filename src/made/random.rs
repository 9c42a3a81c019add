//! The one source of chance in a made office: the same seed gives the same office on every machine.

/// A stream of random numbers: xoshiro256**, seeded by splitmix64, as their authors recommend.
#[derive(Debug, Clone)]
pub(super) struct Random([u64; 4]);

impl Random {
    /// The stream of one thing: whatever else is made, the thing with this number comes out the same.
    pub(super) fn of(seed: u64, kind: u64, number: u64) -> Self {
        let mut state = seed ^ kind.rotate_left(48) ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let mut word = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        Self([word(), word(), word(), word()])
    }

    fn word(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let word = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        word
    }

    /// A number below `bound`; 0 where `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        let word = self.word();
        usize::try_from(word.checked_rem(bound).unwrap_or(0)).unwrap_or(0)
    }

    /// A number from `low` up to and including `high`; `low` where `high` is smaller.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        let step = self.word().checked_rem(span.saturating_add(1)).unwrap_or(0);
        low.saturating_add(i64::try_from(step).unwrap_or(0))
    }

    /// True so many times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list, if there is any.
    pub(super) fn pick<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        list.get(self.below(list.len()))
    }

    /// One of a list, the first ones more often: names are not spread evenly in life either.
    pub(super) fn pick_common<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let place = self.below(list.len());
        let other = self.below(list.len());
        list.get(if self.chance(60) { place.min(other) } else { place })
    }

    /// One of a list of words; nothing where there is none.
    pub(super) fn words(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// One of a table of shares in a hundred; `rest` for what is left over.
    pub(super) fn share<T: Copy>(&mut self, table: &[(i64, T)], rest: T) -> T {
        let mut place = self.between(1, 100);
        for (share, thing) in table {
            place -= share;
            if place <= 0 {
                return *thing;
            }
        }
        rest
    }
}
