//! Takes numbers and runs of bytes off the front of a slice, and never reads past its end.

/// Takes a little-endian `u16`.
pub(super) fn take_u16(from: &mut &[u8]) -> Option<u16> {
    take_array(from).map(u16::from_le_bytes)
}

/// Takes a little-endian `u32`.
pub(super) fn take_u32(from: &mut &[u8]) -> Option<u32> {
    take_array(from).map(u32::from_le_bytes)
}

/// Takes a little-endian `u64`.
pub(super) fn take_u64(from: &mut &[u8]) -> Option<u64> {
    take_array(from).map(u64::from_le_bytes)
}

/// Takes a little-endian `u128`.
pub(super) fn take_u128(from: &mut &[u8]) -> Option<u128> {
    take_array(from).map(u128::from_le_bytes)
}

/// Takes a length in four bytes and as many bytes as it says.
pub(super) fn take_run<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_u32(from)?).ok()?;
    let (run, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(run)
}

/// Takes exactly `N` bytes.
pub(super) fn take_array<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (array, rest) = from.split_first_chunk::<N>()?;
    *from = rest;
    Some(*array)
}
