//! A character of UTF-8 that comes byte by byte.

/// The bytes of a character that is not complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Partial {
    bytes: [u8; 4],
    length: usize,
}

/// What a further byte makes of the bytes of a character.
pub(super) enum Grown {
    /// The character.
    Letter(char),
    /// More bytes are to come.
    Partial(Partial),
    /// The byte does not belong to it.
    Broken,
}

impl Partial {
    /// A character's first byte.
    pub(super) fn begun(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], length: 1 }
    }

    /// How many bytes are there.
    pub(super) fn length(self) -> usize {
        self.length
    }

    /// With one byte more.
    pub(super) fn with(mut self, byte: u8) -> Grown {
        let Some(place) = self.bytes.get_mut(self.length) else { return Grown::Broken };
        *place = byte;
        self.length += 1;
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => text.chars().next().map_or(Grown::Broken, Grown::Letter),
            Err(error) if error.error_len().is_none() => Grown::Partial(self),
            Err(_) => Grown::Broken,
        }
    }
}
